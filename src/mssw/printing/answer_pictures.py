"""Answers to the questions of a task: where the questions are, and answers side by side at a size that can be read.

In: a work set's shared files. Out: places on the task; pictures of answers, laid out in columns in a given room; and
sheets of paper that show several responses by their answers, as sort cards and the contact sheet do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import Box
from mssw.printing.page_pictures import draw_page, draw_pages, page_sizes
from mssw.printing.template_files import label_font_path
from mssw.vision.answer_places import cut_answers, find_print, find_question_places
from mssw.vision.ink import Mask
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import Manifest, read_audited_file
from mssw.workset.question_file import MOST_QUESTIONS, PlacedPage, QuestionPlace, read_kept_questions

WHOLE = (0.0, 0.0, 1.0, 1.0)
STEPS = 80  # in which the largest scale is found

GRIDS = ((2, 3), (2, 2), (1, 3), (1, 2))  # responses across and down; the first on which writing can be read
READABLE = 0.4  # of its size on the paper
MOST_OF_THEM = 0.75  # of the responses must be readable: a long one must not make all of them large
LARGEST = 0.8
LOOKED_AT = 40  # responses, to choose a grid
PAD_MM = 4.0  # between a cell's edge and what is in it
ALIAS_MM = 8.0
ALIAS_SIZE_MM = 5.2
ALIAS_GAP_MM = 4.0  # between an alias and the answers on its right
GAP_MM = 2.0
Size = tuple[int, int]


def find_questions(pages: Sequence[Image.Image], sizes: Sequence[tuple[float, float]]) -> tuple[QuestionPlace, ...]:
    """The places of the questions that the task's own print shows; a page without any is one place.

    Args:
        pages: of the blank task.
        sizes: of each, in points.
    """
    found: list[QuestionPlace] = []
    for number, (picture, size) in enumerate(zip(pages, sizes, strict=True), start=1):
        places = find_question_places(np.asarray(picture.convert("L"), np.uint8), size) or [Box(*WHOLE)]
        found += [QuestionPlace(number, box.numbers) for box in places]
    return tuple(found[:MOST_QUESTIONS])


def cut_place(page: Image.Image, question: QuestionPlace) -> Image.Image:
    """The part of a page where a question is answered, as it is."""
    x, y, w, h = question.box
    left, top = round(x * page.width), round(y * page.height)
    right, bottom = round((x + w) * page.width), round((y + h) * page.height)
    return page.crop((left, top, max(left + 1, right), max(top + 1, bottom)))


def find_prints(blanks: Sequence[Image.Image], dpi: int) -> tuple[Mask, ...]:
    """What is printed on each page of the task, as it was drawn in so many dots an inch."""
    return tuple(find_print(np.asarray(page.convert("L"), np.uint8), dpi) for page in blanks)


def choose_print(prints: Sequence[Mask], page: PlacedPage) -> Mask | None:
    """The print that lies under a page of a response; None if it lies on no page of the task."""
    return prints[page.task_page - 1] if 0 < page.task_page <= len(prints) else None


def read_task(workset: WorkSet, manifest: Manifest) -> bytes | None:
    """The PDF of a set's blank task; None where it has none.

    Raises:
        UnreadableError: it is not the file that passed the audit.
    """
    return read_audited_file(workset, manifest, workset.task) if manifest.file("task.pdf") is not None else None


@dataclass(frozen=True)
class AnswerCutter:
    """Cuts the answers out of a set's responses.

    Attributes:
        prints: what is printed on each page of the task; none without a task.
        questions: where they are asked.
        dpi: in which pages are drawn.
    """

    prints: tuple[Mask, ...] = field(repr=False)
    questions: tuple[QuestionPlace, ...]
    dpi: int

    @classmethod
    def of(cls, task: bytes | None, kept: Sequence[QuestionPlace] | None, dpi: int) -> AnswerCutter:
        """The cutter of a set.

        Args:
            task: the PDF of the blank task; None without one.
            kept: the places that a person chose; None where nobody did.
            dpi: in which pages are drawn.

        Raises:
            UnreadableError: the task cannot be drawn.
        """
        blanks = [] if task is None else draw_pages(task, "task.pdf", dpi=dpi)
        if kept is None:
            kept = find_questions(blanks, page_sizes(task, "task.pdf")) if task is not None else ()
        return cls(find_prints(blanks, dpi), tuple(kept), dpi)

    def cut(self, response: bytes, name: str, pages: Sequence[PlacedPage]) -> list[Image.Image]:
        """The answers of a response, in the order of its pages; a page without a question is one of them.

        Args:
            response: its PDF.
            name: of the file, for messages.
            pages: which page of the task each of its pages is.

        Raises:
            UnreadableError: it cannot be drawn.
        """
        answers: list[Image.Image] = []
        for picture, page in zip(draw_pages(response, name, dpi=self.dpi), pages, strict=True):
            answers += self._cut_page(picture, page, [one for one in self.questions if one.page == page.task_page])
        return answers

    def cut_question(
        self, response: bytes, name: str, pages: Sequence[PlacedPage], question: QuestionPlace
    ) -> Image.Image | None:
        """The answer to one question; None where the response lacks that page.

        Args:
            response: its PDF.
            name: of the file, for messages.
            pages: which page of the task each of its pages is.
            question: one of the set's.

        Raises:
            UnreadableError: it cannot be drawn.
        """
        at = next((number for number, page in enumerate(pages, start=1) if page.task_page == question.page), None)
        if at is None:
            return None
        wide, tall = page_sizes(response, name)[at - 1]
        picture = draw_page(response, name, at, (round(wide / 72 * self.dpi), round(tall / 72 * self.dpi)))
        beside = [one for one in self.questions if one.page == question.page]
        return self._cut_page(picture, pages[at - 1], beside, only=beside.index(question))[0]

    def _cut_page(
        self, picture: Image.Image, page: PlacedPage, questions: Sequence[QuestionPlace], only: int | None = None
    ) -> list[Image.Image]:
        places = [Box(*one.box) for one in questions]
        on_blank = choose_print(self.prints, page)
        cut = cut_answers(np.asarray(picture, np.uint8), on_blank, places, self.dpi, page.covers, only)
        return [Image.fromarray(np.ascontiguousarray(one)) for one in cut]


def make_cutter(workset: WorkSet, manifest: Manifest, dpi: int) -> AnswerCutter:
    """The cutter of a set whose task is the file that passed the audit.

    Raises:
        UnreadableError: it is another file.
    """
    return AnswerCutter.of(read_task(workset, manifest), read_kept_questions(workset), dpi)


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """How pictures stand in columns.

    Attributes:
        scale: by which they are shrunk.
        columns: the pictures of each, by their place in the row that was given.
    """

    scale: float
    columns: tuple[tuple[int, ...], ...]


def choose_layout(sizes: Sequence[tuple[int, int]], room: tuple[int, int], gap: int, most: float) -> AnswerColumns:
    """The columns in which pictures are as large as can be, one below the other in their order.

    Args:
        sizes: width and height of each.
        room: width and height.
        gap: between them.
        most: the largest scale.
    """
    wide = max(width for width, _ in sizes)
    best = AnswerColumns(0.0, ())
    for count in range(1, len(sizes) + 1):
        largest = min(most, (room[0] - gap * (count - 1)) / count / wide)
        for step in range(STEPS):
            scale = largest * (1 - step / STEPS)
            if scale <= best.scale:
                break
            columns = _fill(sizes, room[1], gap, scale)
            if len(columns) <= count:
                best = AnswerColumns(scale, columns)
    return best


def _fill(sizes: Sequence[tuple[int, int]], height: int, gap: int, scale: float) -> tuple[tuple[int, ...], ...]:
    """Columns filled one after the other; a picture that is higher than a column makes them too many."""
    columns: list[list[int]] = [[]]
    used = 0.0
    for place, (_, tall) in enumerate(sizes):
        if tall * scale > height:
            return ((),) * (len(sizes) + 1)
        if columns[-1] and used + gap + tall * scale > height:
            columns.append([])
            used = 0.0
        used += (gap if columns[-1] else 0) + tall * scale
        columns[-1].append(place)
    return tuple(map(tuple, columns))


def paste_answers(
    sheet: Image.Image, answers: Sequence[Image.Image], layout: AnswerColumns, corner: tuple[int, int], gap: int
) -> None:
    """Put pictures on a sheet, in their columns.

    Args:
        sheet: to draw on.
        answers: the pictures.
        layout: how they stand.
        corner: left and top of their room.
        gap: between them.
    """
    wide = round(max(answer.width for answer in answers) * layout.scale)
    for number, column in enumerate(layout.columns):
        y = float(corner[1])
        for place in column:
            answer = answers[place]
            size = max(1, round(answer.width * layout.scale)), max(1, round(answer.height * layout.scale))
            sheet.paste(answer.resize(size, Image.Resampling.LANCZOS), (corner[0] + number * (wide + gap), round(y)))
            y += answer.height * layout.scale + gap


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """A sheet that shows several responses in a grid, each under its alias.

    Attributes:
        size: width and height in pixels.
        dpi: of the sheet.
        source_dpi: of the answers.
        beside: pixels across that aliases take on the left of their answers; 0 if they are above them.
    """

    size: Size
    dpi: int
    source_dpi: int
    beside: int = 0

    @classmethod
    def of(cls, points: tuple[float, float], dpi: int, source_dpi: int) -> AnswerSheet:
        """A sheet of so many points."""
        return cls((round(points[0] / 72 * dpi), round(points[1] / 72 * dpi)), dpi, source_dpi)

    def choose_grid(self, responses: Iterable[Sequence[Size]]) -> tuple[int, int]:
        """As many responses across and down as leave the answers of most of them readable.

        Args:
            responses: the sizes of the answers of each, at least of one.
        """
        given = list(responses)
        for grid in GRIDS:
            scales = sorted(self.lay_out(sizes, grid).scale for sizes in given)
            if scales[int((1 - MOST_OF_THEM) * len(scales))] >= READABLE * self.dpi / self.source_dpi:
                return grid
        return GRIDS[-1]

    def lay_out(self, sizes: Sequence[Size], grid: tuple[int, int]) -> AnswerColumns:
        """How the answers of a response stand in a cell of that grid."""
        mm = self.dpi / 25.4
        left, top = self._alias_room
        wide = self.size[0] / grid[0] - 2 * PAD_MM * mm - left
        tall = self.size[1] / grid[1] - 2 * PAD_MM * mm - top
        return choose_layout(sizes, (int(wide), int(tall)), round(GAP_MM * mm), LARGEST * self.dpi / self.source_dpi)

    @property
    def _alias_room(self) -> tuple[int, int]:
        """What an alias takes from the left and from the top of its cell."""
        return (self.beside, 0) if self.beside else (0, round(ALIAS_MM * self.dpi / 25.4))

    @property
    def _font(self) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(str(label_font_path()), round(ALIAS_SIZE_MM * self.dpi / 25.4))

    def place_aliases(
        self, aliases: Sequence[str], responses: Sequence[Sequence[Size]], grid: tuple[int, int]
    ) -> AnswerSheet:
        """The same sheet with aliases on the left of their answers, if that makes the answers larger.

        Args:
            aliases: all that will be drawn.
            responses: the sizes of the answers of some of them.
            grid: how many are across and down.
        """
        widest = max((self._font.getlength(alias) for alias in aliases), default=0.0)
        other = replace(self, beside=round(widest + ALIAS_GAP_MM * self.dpi / 25.4))
        if other.beside > self.size[0] / grid[0] / 2:
            return self
        here, there = (sum(one.lay_out(sizes, grid).scale for sizes in responses) for one in (self, other))
        return other if there > here else self

    def draw(self, responses: Sequence[tuple[str, Sequence[Image.Image]]], grid: tuple[int, int]) -> Image.Image:
        """The sheet, in colour.

        Args:
            responses: at most as many as the grid has cells: the alias of each, and its answers.
            grid: how many are across and down.
        """
        mm = self.dpi / 25.4
        sheet = Image.new("RGB", self.size, "white")
        draw = ImageDraw.Draw(sheet)
        left, top = self._alias_room
        wide, tall = sheet.width / grid[0], sheet.height / grid[1]
        for place, (alias, answers) in enumerate(responses):
            x, y = place % grid[0] * wide + PAD_MM * mm, place // grid[0] * tall + PAD_MM * mm
            draw.text((x, y), alias, font=self._font, fill=(20, 20, 20))
            layout = self.lay_out([answer.size for answer in answers], grid)
            paste_answers(sheet, answers, layout, (round(x + left), round(y + top)), round(GAP_MM * mm))
        return sheet
