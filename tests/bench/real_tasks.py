"""Blank tasks to be filled in with real ink: two pages each, drawn as vectors with a text layer.

Lengths are millimetres from the upper left corner of the page. A baseline is where writing stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pymupdf

MM = 72 / 25.4


@dataclass(frozen=True)
class Line:
    """A place to write: from x0 to x1 on a baseline, with that much room above it."""

    x0: float
    x1: float
    baseline: float
    room: float = 8.0


@dataclass
class Sheet:
    """One page of the task: where it is drawn and where students write."""

    page: pymupdf.Page
    names: list[Line] = field(default_factory=list)  # first and last name apart: two lines
    others: list[Line] = field(default_factory=list)  # date, class
    answers: list[Line] = field(default_factory=list)
    drawings: list[tuple[float, float, float, float]] = field(default_factory=list)  # x0, y0, x1, y1
    numbers: list[Line] = field(default_factory=list)
    near: list[Line] = field(default_factory=list)  # free places close to the name field

    def text(self, x: float, y: float, words: str, size: float = 11, font: str = "helv") -> None:
        """Sets words with their baseline's left end there."""
        self.page.insert_text((x * MM, y * MM), words, fontsize=size, fontname=font)

    def rule(self, x0: float, x1: float, y: float, width: float = 0.8, dashes: str = "") -> None:
        """Draws a level rule."""
        self.page.draw_line((x0 * MM, y * MM), (x1 * MM, y * MM), width=width, dashes=dashes or None)

    def post(self, x: float, y0: float, y1: float, width: float = 0.8) -> None:
        """Draws an upright rule."""
        self.page.draw_line((x * MM, y0 * MM), (x * MM, y1 * MM), width=width)

    def box(self, x0: float, y0: float, x1: float, y1: float, *, grey: float | None = None) -> None:
        """Draws a box, filled with a grey when one is given."""
        fill = None if grey is None else (grey,) * 3
        self.page.draw_rect((x0 * MM, y0 * MM, x1 * MM, y1 * MM), width=1, fill=fill)

    def ruled(self, x0: float, x1: float, first: float, count: int, *, step: float = 9.0, dashes: str = "") -> None:
        """Draws ruled lines to answer on."""
        for n in range(count):
            self.rule(x0, x1, first + n * step, 0.5, dashes)
            self.answers.append(Line(x0, x1, first + n * step, step - 1))

    def table(self, x: list[float], y: list[float], heads: list[str]) -> None:
        """Draws a grid whose first row carries heads; every other cell is to be filled in."""
        self.box(x[0], y[0], x[-1], y[1], grey=0.88)
        for level in y:
            self.rule(x[0], x[-1], level, 0.8)
        for place in x:
            self.post(place, y[0], y[-1], 0.8)
        for n, head in enumerate(heads):
            self.text(x[n] + 2, y[1] - 2.5, head, 10, "hebo")
        for row in range(1, len(y) - 1):
            for column in range(len(x) - 1):
                self.answers.append(Line(x[column] + 1.5, x[column + 1] - 1.5, y[row + 1] - 2, y[row + 1] - y[row] - 2))


def _two_pages(doc: pymupdf.Document, width: float, height: float) -> list[Sheet]:
    """Two empty pages of that size in points; a new page would orphan the handle of an earlier one."""
    for _ in range(2):
        doc.new_page(width=width, height=height)
    return [Sheet(doc[0]), Sheet(doc[1])]


def _circuit(sheet: Sheet, x: float, y: float) -> None:
    """A lamp, a switch and a cell in a ring of wire."""
    page = sheet.page
    sheet.box(x, y, x + 60, y + 34)
    page.draw_circle(((x + 30) * MM, y * MM), 5 * MM, width=1, fill=(1, 1, 1))
    for side in (-1, 1):
        page.draw_line(((x + 26.5) * MM, (y - 3.5 * side) * MM), ((x + 33.5) * MM, (y + 3.5 * side) * MM))
    for n, height in enumerate((4, 8, 4, 8)):
        sheet.post(x + 24 + 4 * n, y + 34 - height / 2, y + 34 + height / 2, 1.5)
    sheet.text(x + 36, y - 5, "lamp", 9)
    sheet.text(x + 40, y + 39.5, "battery", 9)
    sheet.text(x + 62, y + 18, "switch", 9)


def _air(sheet: Sheet, x: float, y: float) -> None:
    """A balance with two balls."""
    page = sheet.page
    page.draw_polyline([((x + a) * MM, (y + b) * MM) for a, b in ((40, 0), (33, 30), (47, 30), (40, 0))], width=1.2)
    sheet.rule(x, x + 80, y, 2)
    for side, radius in ((4, 8), (76, 6)):
        sheet.post(x + side, y, y + 12)
        page.draw_circle(((x + side) * MM, (y + 12 + radius) * MM), radius * MM, width=1.2)
    sheet.text(x - 4, y + 34, "Ball A", 10)
    sheet.text(x + 72, y + 34, "Ball B", 10)


def _top(doc: pymupdf.Document) -> list[Sheet]:
    """Letter. `Name ____ Date ____` as rules on top of page 1."""
    one, two = _two_pages(doc, 612, 792)
    one.text(19, 21, "Name")
    one.rule(32, 122, 21.5)
    one.text(132, 21, "Date")
    one.rule(143, 192, 21.5)
    one.names, one.others = [Line(33, 122, 21)], [Line(145, 190, 21)]
    one.near = [Line(34, 100, 30.5, 5)]
    one.text(19, 41, "Does air have mass?", 17, "hebo")
    for n, words in enumerate(
        (
            "Two balls hang from a stick and balance. Ball B has a small hole. Its air escapes slowly.",
            "Read each question with care, then explain your thinking with words and with drawings.",
        )
    ):
        one.text(19, 49 + 5.5 * n, words, 10.5)
    _air(one, 66, 66)
    one.text(19, 112, "1.  What happens to the stick when the air has left Ball B? Tell why you think so.")
    one.ruled(24, 194, 122, 4)
    one.text(19, 160, "2.  A friend says that air weighs nothing because we cannot see it. Do you agree?")
    one.ruled(24, 194, 170, 4)
    one.text(19, 208, "3.  Draw what is inside of each ball, before and after.")
    one.box(24, 213, 104, 258)
    one.box(114, 213, 194, 258)
    one.drawings = [(24, 213, 104, 258), (114, 213, 194, 258)]
    one.text(26, 218, "before", 9, "heit")
    one.text(116, 218, "after", 9, "heit")
    one.text(100, 270, "Page 1 of 2", 9)
    two.text(19, 22, "4.  Fill in the table: what would you measure, with what, and what do you expect?")
    two.table([24, 70, 130, 194], [28, 37, 50, 63, 76], ["What I measure", "What I use", "What I expect"])
    two.text(19, 90, "5.  The mass of an empty ball is 410 g. Pumped up it is 418 g. Mark both on the line.")
    _number_line(two, 24, 194, 108)
    two.text(19, 128, "6.  Explain the 8 g of difference to somebody who was not in class today.")
    two.ruled(24, 194, 139, 6)
    two.text(19, 196, "7.  What would you like to find out next?")
    two.ruled(24, 194, 207, 5, step=10)
    two.text(100, 270, "Page 2 of 2", 9)
    return [one, two]


def _number_line(sheet: Sheet, x0: float, x1: float, y: float) -> None:
    """A number line with eleven marks."""
    sheet.rule(x0, x1, y, 1.2)
    for n in range(11):
        place = x0 + (x1 - x0) * n / 10
        sheet.post(place, y - 2, y + 2)
        sheet.text(place - 3, y + 6.5, str(400 + 2 * n), 9)
    sheet.numbers.append(Line(x0, x1, y - 3))


def _boxed(doc: pymupdf.Document) -> list[Sheet]:
    """A4. A bordered box for the name, its label inside, class and date in cells beside it."""
    one, two = _two_pages(doc, 595, 842)
    one.text(18, 22, "Electric circuits", 18, "hebo")
    one.text(18, 29, "Science, grade 6", 10)
    one.box(74, 13, 152, 28)
    one.box(152, 13, 170, 28)
    one.box(170, 13, 196, 28)
    for x, label in ((75, "Name:"), (153, "Class:"), (171, "Date:")):
        one.text(x, 16.6, label, 8)
    one.names, one.others = [Line(77, 151, 25.5)], [Line(154, 169, 25.5), Line(172, 195, 25.5)]
    one.near = [Line(120, 185, 36.5, 5)]
    one.text(18, 44, "1.  Tick what is needed to make the lamp light up.", 11)
    for n, words in enumerate(("a closed ring of wire", "two batteries", "a switch that is open", "a lamp that works")):
        one.box(24 + 88 * (n % 2), 49 + 8 * (n // 2), 28 + 88 * (n % 2), 53 + 8 * (n // 2))
        one.text(31 + 88 * (n % 2), 52.5 + 8 * (n // 2), words)
    one.text(18, 73, "2.  Look at the drawing. Which way does the current flow? Mark it and explain.", 11)
    _circuit(one, 30, 86)
    one.ruled(108, 196, 88, 5, step=9.5, dashes="[1 2] 0")
    one.text(18, 140, "3.  Say in your own words what each part is for.", 11)
    one.table([24, 62, 196], [146, 155, 168, 181, 194], ["Part", "What it does"])
    one.text(18, 206, "4.  Draw a circuit with two lamps in which one lamp can be off and the other on.", 11)
    one.box(24, 211, 196, 274)
    one.drawings = [(24, 211, 196, 274)]
    one.text(176, 286, "1 / 2", 9)
    two.text(18, 20, "5.  Why does the second lamp stay dark in Mia's circuit?", 11)
    _circuit(two, 120, 34)
    two.ruled(24, 108, 32, 6, step=9)
    two.text(18, 90, "6.  Which of these sentences are true? Correct those that are not.", 11)
    for n, words in enumerate(
        ("Current is used up in the lamp.", "Wires must be made of metal.", "A battery stores light.")
    ):
        two.box(24, 95.5 + 18 * n, 28, 99.5 + 18 * n)
        two.text(31, 99 + 18 * n, words)
        two.ruled(31, 196, 109 + 18 * n, 1)
    two.text(18, 156, "7.  What was hard for you? What helped?", 11)
    two.ruled(24, 196, 167, 5, step=9)
    two.text(18, 215, "8.  Sketch your own experiment.", 11)
    two.box(24, 220, 196, 276)
    two.drawings = [(24, 220, 196, 276)]
    two.text(176, 286, "2 / 2", 9)
    return [one, two]


def _split(doc: pymupdf.Document) -> list[Sheet]:
    """Letter. First and last name on both pages, and the two pages look alike."""
    pages = _two_pages(doc, 612, 792)
    for number, (title, asked) in enumerate(
        (("Reading log: Monday", "morning"), ("Reading log: Friday", "evening")), 1
    ):
        sheet = pages[number - 1]
        sheet.text(16, 19, "First name", 10)
        sheet.rule(36, 92, 19.5)
        sheet.text(97, 19, "Last name", 10)
        sheet.rule(117, 173, 19.5)
        sheet.text(177, 19, "No.", 10)
        sheet.rule(184, 199, 19.5)
        sheet.names, sheet.others = [Line(37, 92, 19), Line(118, 173, 19)], [Line(186, 199, 19)]
        sheet.near = [Line(120, 190, 28, 5)]
        sheet.text(16, 33, title, 15, "tibo")
        sheet.text(
            16,
            40,
            f"Write down what you read in the {asked}, where, and what you thought of it.",
            10.5,
            "tiro",
        )
        sheet.table([16, 60, 104, 199], [46, 55, 67, 79, 91, 103, 115], ["Book", "Place", "What I thought"])
        sheet.text(16, 127, "What surprised you? Copy one sentence and say why you chose it.", 10.5, "tiro")
        sheet.ruled(16, 199, 137, 5, step=8.5)
        sheet.text(16, 182, "How does the story go on? Use at least three new words.", 10.5, "tiro")
        sheet.ruled(16, 132, 192, 8, step=8.5)
        sheet.box(140, 185, 199, 252)
        sheet.text(142, 190, "Draw a scene.", 9, "tiit")
        sheet.drawings = [(140, 190, 199, 252)]
        sheet.text(16, 268, f"Lindenhof School   Reading log   {number}", 8, "tiro")
    return pages


def _foot(doc: pymupdf.Document) -> list[Sheet]:
    """A4. `Student: ....` on a dotted line at the foot of page 1."""
    one, two = _two_pages(doc, 595, 842)
    one.box(16, 14, 194, 27, grey=0.9)
    one.text(20, 23, "Fractions on the number line", 16, "hebo")
    one.text(16, 38, "1.  Shade three quarters of each shape.")
    for n in range(4):
        one.box(20 + 44 * n, 44, 54 + 44 * n, 66)
        for part in range(1, 4):
            one.post(20 + 44 * n + 8.5 * part, 44, 66, 0.5)
    one.text(16, 80, "2.  Which is more, three quarters or five eighths? Show two ways to tell.")
    one.ruled(20, 194, 91, 7)
    one.text(16, 158, "3.  Mark 1/2, 3/4 and 5/8 on the line.")
    _number_line(one, 22, 190, 174)
    one.text(16, 196, "4.  Sam says that 5/8 is more because 8 is more than 4. Write to Sam.")
    one.ruled(20, 194, 207, 6)
    one.text(16, 279, "Student:")
    one.rule(34, 124, 279.5, 1.0, "[1 2] 0")
    one.text(140, 279, "Date:")
    one.rule(152, 194, 279.5, 1.0, "[1 2] 0")
    one.names, one.others = [Line(35, 124, 279)], [Line(154, 194, 279)]
    one.near = [Line(36, 110, 266, 5)]
    two.text(16, 22, "5.  Make up a story in which somebody needs to add 1/2 and 1/4.")
    two.ruled(20, 194, 33, 7)
    two.text(16, 102, "6.  Fill in.")
    two.table([20, 78, 136, 194], [107, 116, 128, 140, 152, 164], ["Fraction", "Is it more than 1/2?", "How I know"])
    two.text(16, 178, "7.  Draw it.")
    two.box(20, 183, 194, 258)
    two.drawings = [(20, 183, 194, 258)]
    two.text(182, 284, "page 2", 9)
    return [one, two]


LAYOUTS = {"top": _top, "box": _boxed, "split": _split, "foot": _foot}


def draw_task(layout: str) -> tuple[bytes, list[Sheet]]:
    """The blank task of that layout as PDF bytes, and where students write on each of its pages."""
    doc = pymupdf.open()
    sheets = LAYOUTS[layout](doc)
    return doc.tobytes(garbage=3, deflate=True, no_new_id=True), sheets
