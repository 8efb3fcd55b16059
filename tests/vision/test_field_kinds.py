"""Where names, numbers and signatures are written on the worksheets of many schools: each kind with its siblings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pymupdf
import pytest

from mssw.core.page import Box
from mssw.names.label_words import Asks
from mssw.vision.blank_page import BlankPage
from mssw.vision.name_field import NameField, find_fields, name_by_signature, select_own
from mssw.vision.name_trace import INK_OF_A_NAME_MM2, measure_written, trace_name
from mssw.vision.writing import InkViews, find_new_ink, find_print
from support.handwritten import draw

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.pages

WIDTH, HEIGHT = 612, 792
DPI = 150
NAMES = ("Maria Lopez", "Tyrell Carter", "Minh Anh Nguyen", "Jo Kim", "Aisha Okafor", "Lakshmi Iyer", "4711088")
FONTS = ("patrick-hand", "caveat", "indie-flower", "architects-daughter")
Strip = tuple[float, float, float, float]  # left, top, right, bottom in points


@dataclass
class Sheet:
    """A worksheet as it is drawn, with where students write.

    Attributes:
        page: in points.
        names: where something identifying is written; all of it must be covered.
        free: what must not be covered.
        words: labels that the page's font does not have, with their places.
        grey: its pixels, once it is drawn.
    """

    page: pymupdf.Page
    names: list[Strip] = field(default_factory=list)
    free: list[Strip] = field(default_factory=list)
    words: list[tuple[str, Box]] = field(default_factory=list)
    grey: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8))

    def text(self, x: float, y: float, text: str, size: float = 11) -> float:
        """Writes; gives where it ends."""
        self.page.insert_text((x, y), text, fontsize=size)
        return x + pymupdf.get_text_length(text, fontsize=size)

    def rule(self, left: float, right: float, y: float, *, name: bool = True) -> None:
        """A line to write on."""
        self.page.draw_line((left, y), (right, y), width=0.7)
        (self.names if name else self.free).append((left + 4, y - 12, right - 4, y - 1))

    def box(self, left: float, top: float, right: float, bottom: float, *, name: bool | None = True) -> None:
        """A box to write in; None for one that holds a label."""
        self.page.draw_rect((left, top, right, bottom), width=0.7)
        if name is not None:
            (self.names if name else self.free).append((left + 3, top + 3, right - 3, bottom - 3))

    def label(self, text: str, left: float, top: float, right: float, bottom: float) -> None:
        """A label in another script: something dark, and its words as a PDF has them."""
        for x in np.arange(left, right - 3, 6):
            self.page.draw_rect((x, top + 2, x + 3.5, bottom - 2), fill=(0, 0, 0))
        self.words.append((text, Box(left / WIDTH, top / HEIGHT, (right - left) / WIDTH, (bottom - top) / HEIGHT)))


def fields_of(draw: Callable[[Sheet], None]) -> tuple[list[NameField], Sheet]:
    """The fields of a worksheet that has questions below what was drawn."""
    document = pymupdf.open()
    sheet = Sheet(document.new_page(width=WIDTH, height=HEIGHT))
    draw(sheet)
    sheet.text(72, 420, "1. Name two gases that are in air. Explain.")
    for line in range(4):
        sheet.rule(72, 540, 446 + 22 * line, name=False)
    sheet.text(72, 540, "2. What does a partner need to know? Tell the group.")
    sheet.rule(72, 540, 566, name=False)
    pixmap = sheet.page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
    sheet.grey = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width].copy()
    words = [
        (text, Box(x0 / WIDTH, y0 / HEIGHT, (x1 - x0) / WIDTH, (y1 - y0) / HEIGHT))
        for x0, y0, x1, y1, text, *_ in sheet.page.get_text("words")
    ]
    return find_fields(1, sheet.grey, DPI, [*words, *sheet.words], "text"), sheet


def covered(strip: Strip, fields: list[NameField]) -> float:
    """The share of a strip that the fields cover."""
    hidden = np.zeros((HEIGHT * 2, WIDTH * 2), bool)
    for one in fields:
        left, top, right, bottom = one.box.to_pixels(WIDTH * 2, HEIGHT * 2)
        hidden[top:bottom, left:right] = True
    left, top, right, bottom = (round(2 * value) for value in strip)
    return float(hidden[top:bottom, left:right].mean())


def filled(sheet: Sheet, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The sheet with names written in all its places, some of them too large; and where their ink is."""
    rng = np.random.default_rng(seed)
    page, ink = sheet.grey.copy(), np.zeros(sheet.grey.shape, bool)
    for strip in sheet.names:
        left, top, right, bottom = (value * DPI / 72 for value in strip)
        is_tall, is_letter = bottom - top > max(150, 2 * (right - left)), right - left < 60
        layer = np.full((90, 900), 255, np.uint8)
        box = draw(layer, str(rng.choice(NAMES)), 10, 10, font=str(rng.choice(FONTS)), size=int(rng.integers(30, 46)))
        crop = layer[int(box[1]) - 2 : int(box[3]) + 2, 8 : int(box[2]) + 4]
        if is_letter and not is_tall:
            crop = crop[:, : int(right - left + 6)]
        crop = np.rot90(crop) if is_tall else crop
        x = int((left + right) / 2 - crop.shape[1] / 2) if is_tall else int(left + rng.uniform(-4, 25))
        y = int(bottom - crop.shape[0] + (0 if is_tall else rng.uniform(-3, 6)))
        x, y = max(0, x), max(0, y)
        place = np.s_[y : y + crop.shape[0], x : min(page.shape[1], x + crop.shape[1])]
        crop = crop[:, : page[place].shape[1]]
        page[place] = np.minimum(page[place], crop)
        ink[place] |= crop < 140
    return page, ink


def left_over(page: np.ndarray, name: np.ndarray, blank: BlankPage, fields: list[NameField]) -> float:
    """The name's ink in mm² that neither a field nor what runs out of it covers."""
    views = InkViews(find_new_ink(page, blank, DPI), DPI, find_print(blank, DPI))
    shown = name.copy()
    for one in fields:
        others = [other.box.turned(one.turn) for other in fields if other is not one]
        trace = trace_name(views.turned(one.turn), one.box.turned(one.turn), others)
        for box in (one.box, *(run.turned(-one.turn % 360) for run in trace.runs)):
            left, top, right, bottom = box.to_pixels(page.shape[1], page.shape[0])
            shown[top:bottom, left:right] = False
    return float(shown.sum()) / (DPI / 25.4) ** 2


def written(page: np.ndarray, blank: BlankPage, own: list[NameField]) -> float:
    """The ink in mm² in the fields that must be filled in."""
    views = InkViews(find_new_ink(page, blank, DPI), DPI, find_print(blank, DPI))
    return sum(measure_written(views.turned(one.turn), one.inner.turned(one.turn)) for one in own)


# One label, several places


def members_beside(label: str) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        end = sheet.text(72, 60, label) + 8
        wide = (540 - end) / 3
        for n in range(3):
            sheet.rule(end + n * wide, end + (n + 1) * wide - 12, 62)

    return draw


def two_partners(sheet: Sheet) -> None:
    sheet.text(72, 60, "Partners:")
    sheet.rule(125, 300, 62)
    sheet.text(306, 60, "and")
    sheet.rule(332, 500, 62)


def numbered_below(sheet: Sheet) -> None:
    sheet.text(72, 60, "Name:")
    sheet.rule(110, 330, 62)
    sheet.text(72, 86, "Team members:")
    for n in range(4):
        sheet.text(90, 110 + 22 * n, f"{n + 1}.")
        sheet.rule(106, 300, 112 + 22 * n)


def rows_below(sheet: Sheet) -> None:
    sheet.text(72, 60, "Names:")
    for n in range(3):
        sheet.rule(120, 340, 62 + 22 * n)
    sheet.text(72, 150, "Read the story.")


def with_commas(sheet: Sheet) -> None:
    sheet.text(72, 60, "Group members: __________________, __________________, __________________")
    for left in (165, 290, 410):
        sheet.names.append((left, 48, left + 60, 59))


def members_in_table(sheet: Sheet) -> None:
    for top, bottom in ((40, 58), (58, 84), (84, 110), (110, 136)):
        sheet.box(72, top, 300, bottom, name=None if top == 40 else True)
        sheet.box(300, top, 420, bottom, name=None)
    sheet.text(76, 53, "Group members")
    sheet.text(304, 53, "What each did")
    sheet.free += [(306, 62, 414, 80), (306, 88, 414, 106)]


def partners_in_row(sheet: Sheet) -> None:
    sheet.box(72, 40, 150, 64, name=None)
    sheet.text(76, 56, "Partners")
    for n in range(3):
        sheet.box(150 + 120 * n, 40, 270 + 120 * n, 64)


def named_by_number(sheet: Sheet) -> None:
    for n in range(3):
        end = sheet.text(72, 60 + 24 * n, f"Student {n + 1}:")
        sheet.rule(end + 6, 320, 62 + 24 * n)


# Rows of labels


def rows(*labels: str) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        for n, label in enumerate(labels):
            sheet.text(60, 50 + 23 * n, label)
            sheet.rule(180, 400, 52 + 23 * n)

    return draw


def rows_in_table(sheet: Sheet) -> None:
    for n, label in enumerate(("Nachname", "Vorname", "Matrikel-Nr.", "Unterschrift")):
        sheet.box(60, 40 + 26 * n, 160, 66 + 26 * n, name=None)
        sheet.text(64, 57 + 26 * n, label)
        sheet.box(160, 40 + 26 * n, 420, 66 + 26 * n)


def rows_of_boxes(sheet: Sheet) -> None:
    for n, label in enumerate(("Candidate name", "Candidate number", "Signature")):
        sheet.text(60, 55 + 32 * n, label)
        sheet.box(170, 40 + 32 * n, 430, 64 + 32 * n)


def high_heading(height: int, fill: float | None) -> Callable[[Sheet], None]:
    """A table's heading that is as high as the row below it, on white or on a shade."""

    def draw_sheet(sheet: Sheet) -> None:
        edges = (54, 300, 400, 480, 560)
        for label, left, right in zip(("Name", "Class", "Date", "Marks"), edges, edges[1:], strict=False):
            sheet.page.draw_rect((left, 40, right, 40 + height), width=0.7, fill=fill and (fill,) * 3)
            middle = (left + right - pymupdf.get_text_length(label, fontsize=11)) / 2
            sheet.text(middle, 44 + height / 2, label)
            sheet.box(left, 40 + height, right, 68 + height, name=True if label == "Name" else None)

    return draw_sheet


def line_close_above_a_table(sheet: Sheet) -> None:
    sheet.text(56, 56, "Name:")
    sheet.rule(90, 300, 58)
    for column, heading in enumerate(("Word", "Meaning", "My sentence")):
        left = 54 + 170 * column
        sheet.box(left, 62, left + 170, 88, name=None)
        sheet.text(left + 60, 78, heading)
        for row in range(3):
            sheet.box(left, 88 + 60 * row, left + 170, 148 + 60 * row, name=False)


def caption_in_brackets(gap: float, size: float) -> Callable[[Sheet], None]:
    """Two lines side by side, with what they are for under them."""

    def draw_sheet(sheet: Sheet) -> None:
        captions = ("(first name)", "(last name)") if size == 8 else ("(first and last name)", "(date)")
        for left, right, caption in zip((60, 360), (330, 540), captions, strict=True):
            name = "name" in caption
            sheet.rule(left, right, 70, name=name)
            middle = (left + right - pymupdf.get_text_length(caption, fontsize=size)) / 2
            sheet.text(middle, 70 + gap + size * 0.75, caption, size)

    return draw_sheet


# One box a letter


def letters_beside(sheet: Sheet) -> None:
    sheet.text(60, 56, "Name")
    for n in range(22):
        sheet.box(100 + 18 * n, 42, 118 + 18 * n, 62)


def letters_below(sheet: Sheet) -> None:
    sheet.text(60, 50, "Surname")
    for n in range(18):
        sheet.box(60 + 20 * n, 56, 80 + 20 * n, 80)
    sheet.text(60, 104, "First name")
    for n in range(18):
        sheet.box(60 + 20 * n, 110, 80 + 20 * n, 134)


def letters_apart(sheet: Sheet) -> None:
    sheet.text(60, 56, "Nombre:")
    for n in range(10):
        sheet.box(112 + 24 * n, 42, 130 + 24 * n, 62)
    for n in range(7):
        sheet.box(376 + 24 * n, 42, 394 + 24 * n, 62)


def letters_by_ticks(sheet: Sheet) -> None:
    sheet.text(60, 56, "Name:")
    sheet.rule(100, 460, 60)
    for n in range(21):
        sheet.page.draw_line((100 + 18 * n, 50), (100 + 18 * n, 60), width=0.7)


def number_in_boxes(sheet: Sheet) -> None:
    sheet.text(60, 56, "Name:")
    sheet.rule(100, 330, 58)
    sheet.text(350, 56, "Student number")
    for n in range(7):
        sheet.box(440 + 18 * n, 42, 458 + 18 * n, 62)


def short_number(count: int, side: int, *, below: bool, gap: int = 0) -> Callable[[Sheet], None]:
    """A number of so few digits that its boxes could not hold a name."""

    def draw_sheet(sheet: Sheet) -> None:
        sheet.text(60, 56, "Name:")
        sheet.rule(100, 330, 58)
        end = sheet.text(380, 56, "Student no." if below else "Roll No.")
        left, top = (380, 62) if below else (end + 8, 42)
        for n in range(count):
            sheet.box(left + (side + gap) * n, top, left + (side + gap) * n + side, top + 24)

    return draw_sheet


def score_boxes(sheet: Sheet) -> None:
    sheet.text(60, 56, "Name:")
    sheet.rule(100, 330, 58)
    sheet.text(380, 56, "Points")
    for n in range(3):
        sheet.box(380 + 26 * n, 62, 406 + 26 * n, 86, name=False)


# Numbers in bubbles


def bubbles(sheet: Sheet, left: float, top: float, across: int, down: int, *, name: bool) -> None:
    for column in range(across):
        for row in range(down):
            x, y = left + 20 * column, top + 15 * row
            sheet.page.draw_circle((x, y), 5.2, width=0.6)
            sheet.text(x - 2, y + 2.5, str(row % 10), 6.5)
    (sheet.names if name else sheet.free).append((left - 5, top - 5, left + 20 * across - 15, top + 15 * down - 10))


def number_over_bubbles(sheet: Sheet) -> None:
    sheet.text(60, 50, "Name:")
    sheet.rule(100, 330, 52)
    sheet.text(350, 50, "Student ID Number")
    for n in range(9):
        sheet.box(350 + 20 * n, 58, 370 + 20 * n, 80)
    bubbles(sheet, 360, 92, 9, 10, name=True)


def number_with_bubbles_alone(sheet: Sheet) -> None:
    sheet.text(60, 60, "Name:")
    sheet.rule(100, 330, 62)
    sheet.text(400, 60, "Roll No.")
    bubbles(sheet, 406, 76, 6, 10, name=True)


def bubbles_of_answers(sheet: Sheet) -> None:
    sheet.text(60, 50, "Name:")
    sheet.rule(100, 330, 52)
    sheet.text(350, 50, "Class")
    for row in range(12):
        sheet.text(70, 90 + 15 * row, f"{row + 1}.", 9)
    bubbles(sheet, 100, 87, 5, 12, name=False)


# Directions


def up_the_margin(sheet: Sheet) -> None:
    sheet.page.insert_text((34, 740), "Name", fontsize=11, rotate=90)
    sheet.page.draw_line((36, 705), (36, 440), width=0.7)
    sheet.page.insert_text((34, 430), "Class", fontsize=11, rotate=90)
    sheet.page.draw_line((36, 395), (36, 300), width=0.7)
    sheet.names.append((24, 445, 35, 700))
    sheet.free += [(72, 730, 540, 760), (24, 310, 35, 390)]


def down_the_margin(sheet: Sheet) -> None:
    sheet.page.insert_text((578, 60), "Student name:", fontsize=11, rotate=270)
    sheet.page.draw_line((576, 140), (576, 380), width=0.7)
    sheet.names.append((578, 145, 588, 375))
    sheet.free.append((72, 60, 540, 90))


def boxed_up_the_margin(sheet: Sheet) -> None:
    sheet.page.draw_rect((20, 400, 48, 740), width=0.7)
    sheet.page.insert_text((40, 730), "Nombre:", fontsize=11, rotate=90)
    sheet.names.append((24, 405, 44, 670))
    sheet.free.append((72, 600, 540, 760))


def from_the_right(label: str) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        sheet.label(label, 490, 48, 540, 64)
        sheet.rule(280, 484, 62)
        sheet.label("التاريخ:", 200, 48, 250, 64)
        sheet.rule(80, 194, 62, name=False)

    return draw


def boxed_from_the_right(sheet: Sheet) -> None:
    sheet.box(440, 40, 540, 66, name=None)
    sheet.label("اسم الطالب", 450, 44, 534, 62)
    sheet.box(200, 40, 440, 66)


# Below a label, or above one


def line_below(sheet: Sheet) -> None:
    sheet.text(72, 50, "Full name")
    sheet.rule(72, 320, 76)
    sheet.text(360, 50, "Date")
    sheet.rule(360, 480, 76, name=False)


def label_below_its_line(sheet: Sheet) -> None:
    sheet.rule(72, 300, 560 + 100)
    sheet.text(72, 672, "Student signature", 9)
    sheet.rule(330, 540, 660)
    sheet.text(330, 672, "Parent/Guardian signature", 9)


def labels_below_short_lines(*labels: str, gap: float = 14) -> Callable[[Sheet], None]:
    """A row of lines with their labels under them; the last line is short, and free paper is beside it."""

    def draw(sheet: Sheet) -> None:
        left = 50.0
        for label, wide in zip(labels, (230, 80, 60)[-len(labels) :], strict=True):
            sheet.rule(left, left + wide, 50, name=label != "Class")
            sheet.text(left + 4, 61, label, 7.5)
            left += wide + gap
        sheet.free.append((left + 15, 52, 560, 70))

    return draw


def number_below_another_line(sheet: Sheet) -> None:
    sheet.text(60, 46, "Name:")
    sheet.rule(95, 330, 48)
    sheet.text(345, 46, "Class:")
    sheet.rule(384, 444, 48, name=False)
    sheet.text(384, 66, "Roll No.")
    sheet.names.append((436, 58, 520, 68))


def box_below_a_wide_line(sheet: Sheet) -> None:
    sheet.text(72, 50, "Matrikelnummer")
    for n in range(8):
        sheet.box(72 + 22 * n, 56, 94 + 22 * n, 80)


def column_of_names(sheet: Sheet) -> None:
    for n, head in enumerate(("Name", "Points", "Remarks")):
        sheet.box(72 + 150 * n, 200, 222 + 150 * n, 218, name=None)
        sheet.text(78 + 150 * n, 213, head)
        for row in range(4):
            sheet.box(72 + 150 * n, 218 + 26 * row, 222 + 150 * n, 244 + 26 * row, name=n == 0)


def column_beside_a_name_line(sheet: Sheet) -> None:
    sheet.text(60, 56, "Name:")
    sheet.rule(100, 330, 58)
    sheet.box(72, 200, 222, 218, name=None)
    sheet.text(78, 213, "Name")
    for row in range(4):
        sheet.page.draw_rect((72, 218 + 26 * row, 222, 244 + 26 * row), width=0.7)
    sheet.free += [(80, 248 + 26 * row, 210, 266 + 26 * row) for row in range(3)]


# Frames, column lines and bands, which are no cells; and what is one


def answer_rules(sheet: Sheet, left: float, right: float, top: float) -> None:
    """A question and the lines to answer it on, near the head of a page."""
    sheet.text(left, top, "What did you learn today?")
    for line in range(4):
        sheet.rule(left, right, top + 30 + 26 * line, name=False)


def page_frame(sheet: Sheet) -> None:
    sheet.page.draw_rect((20, 20, 592, 772), width=1.2)
    sheet.text(230, 50, "My name:")
    sheet.rule(285, 450, 52)
    answer_rules(sheet, 40, 570, 90)


def page_frame_and_date(sheet: Sheet) -> None:
    sheet.page.draw_rect((20, 20, 592, 772), width=1.2)
    sheet.text(40, 50, "Name")
    sheet.rule(80, 350, 52)
    sheet.text(370, 50, "Date")
    sheet.rule(400, 570, 52, name=False)
    answer_rules(sheet, 40, 570, 90)


def ticket_with_rules_up_to_its_frame(sheet: Sheet) -> None:
    sheet.page.draw_rect((20, 20, 592, 396), width=1.2)
    sheet.text(40, 50, "EXIT TICKET", 14)
    sheet.text(230, 50, "My name:")
    sheet.rule(285, 450, 52)
    answer_rules(sheet, 21, 591, 90)


def column_line_beside_a_box(sheet: Sheet) -> None:
    sheet.page.draw_line((40, 46), (555, 46))
    sheet.page.draw_line((297, 46), (297, 400), width=0.4)
    sheet.text(310, 70, "Student", 10)
    sheet.box(355, 56, 555, 78)
    answer_rules(sheet, 310, 555, 110)


def column_line_beside_a_rule(sheet: Sheet) -> None:
    sheet.page.draw_line((40, 40), (572, 40))
    sheet.page.draw_line((300, 40), (300, 400), width=0.7)
    sheet.page.draw_line((572, 40), (572, 400), width=0.7)
    sheet.text(310, 66, "Name:", 10)
    sheet.rule(345, 560, 68)
    answer_rules(sheet, 310, 560, 110)


def page_frame_around_a_box(sheet: Sheet) -> None:
    sheet.page.draw_rect((20, 20, 575, 772), width=1)
    sheet.text(40, 50, "Name", 10)
    sheet.box(80, 36, 280, 58)
    answer_rules(sheet, 40, 555, 110)


def dark_band(color: float, radius: float | None) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        ink = (0, 0, 0) if color > 0.6 else (1, 1, 1)  # a pale band has dark letters
        sheet.page.draw_rect((40, 34, 572, 94), fill=(color,) * 3, radius=radius)
        sheet.page.insert_text((56, 72), "Solar System", fontsize=20, color=ink)
        for label, top, bottom in (("Name", 44, 66), ("Date", 70, 88)):
            sheet.page.insert_text((330, bottom - 7), label, fontsize=10, color=ink)
            sheet.page.draw_rect((365, top, 558, bottom), fill=(1, 1, 1), width=0.7, radius=radius)
        sheet.names.append((370, 48, 552, 65))
        sheet.free += [(372, 76, 552, 86), (60, 56, 170, 74)]

    return draw


def round_box_around_label_and_name(sheet: Sheet) -> None:
    sheet.page.draw_rect((300, 30, 570, 62), width=1, radius=0.4)
    sheet.text(312, 50, "Name:")
    sheet.names.append((350, 36, 556, 58))
    answer_rules(sheet, 40, 570, 90)


def box_with_lines_that_nearly_meet(sheet: Sheet) -> None:
    for start, end in (((302, 30), (568, 30)), ((302, 62), (568, 62)), ((300, 32), (300, 60)), ((570, 32), (570, 60))):
        sheet.page.draw_line(start, end, width=0.8)
    sheet.text(308, 50, "Name:")
    sheet.names.append((345, 36, 564, 58))
    answer_rules(sheet, 40, 570, 90)


def box_with_a_broken_floor(sheet: Sheet) -> None:
    for left, right in ((300, 400), (402, 490), (491.5, 570)):
        sheet.page.draw_line((left, 62), (right, 62), width=0.8)
    for start, end in (((300, 30), (570, 30)), ((300, 30), (300, 62)), ((570, 30), (570, 62))):
        sheet.page.draw_line(start, end, width=0.8)
    sheet.text(308, 50, "Name:")
    sheet.names.append((345, 34, 564, 58))
    answer_rules(sheet, 40, 570, 90)


def rules_in_a_box(sheet: Sheet) -> None:
    sheet.page.draw_rect((60, 30, 552, 110), width=0.8)
    for n, label in enumerate(("Name:", "Class:", "Date:")):
        sheet.text(70, 52 + 24 * n, label)
        sheet.rule(115, 400, 54 + 24 * n, name=n == 0)


def question_in_the_box_of_a_name(sheet: Sheet) -> None:
    sheet.page.draw_rect((60, 30, 552, 130), width=0.8)
    sheet.text(70, 52, "Name:")
    sheet.names.append((110, 36, 540, 56))
    sheet.text(70, 92, "What did you learn today? Tell it in one sentence and give a reason for it here.")
    sheet.free += [(110, 94, 540, 126), (64, 94, 100, 126)]


def box_in_a_box(sheet: Sheet) -> None:
    sheet.page.draw_rect((60, 30, 552, 96), width=0.8)
    sheet.text(76, 58, "Name")
    sheet.box(112, 42, 330, 66)
    sheet.text(350, 58, "Class")
    sheet.box(390, 42, 540, 66, name=False)


KINDS = {
    "members, English": members_beside("Group members:"),
    "members, Spanish": members_beside("Miembros del grupo:"),
    "members, French": members_beside("Membres du groupe :"),
    "members, Dutch": members_beside("Groepsleden:"),
    "two partners": two_partners,
    "numbered lines": numbered_below,
    "lines below each other": rows_below,
    "underscores with commas": with_commas,
    "members in a table": members_in_table,
    "partners in a row": partners_in_row,
    "students by number": named_by_number,
    "rows, English": rows("Last name", "First name", "No."),
    "rows, Polish": rows("Nazwisko", "Imie", "Nr indeksu"),
    "rows, Turkish": rows("Ad Soyad", "Ogrenci No", "Imza"),
    "rows, Indian English": rows("Name", "Roll No.", "Enrolment No."),
    "rows in a table": rows_in_table,
    "rows of boxes": rows_of_boxes,
    "letter boxes beside": letters_beside,
    "letter boxes below": letters_below,
    "letter boxes apart": letters_apart,
    "letters between ticks": letters_by_ticks,
    "number in boxes": number_in_boxes,
    "four digits below": short_number(4, 30, below=True),
    "three digits below": short_number(3, 22, below=True, gap=4),
    "two digits beside": short_number(2, 18, below=False),
    "four digits beside": short_number(4, 20, below=False, gap=3),
    "boxes for points": score_boxes,
    "number over bubbles": number_over_bubbles,
    "bubbles alone": number_with_bubbles_alone,
    "bubbles of answers": bubbles_of_answers,
    "up the margin": up_the_margin,
    "down the margin": down_the_margin,
    "box up the margin": boxed_up_the_margin,
    "Arabic": from_the_right("الاسم:"),
    "Hebrew": from_the_right("שם:"),
    "Hebrew as it looks": from_the_right(":םש"),
    "Persian": from_the_right("نام:"),
    "Arabic in a table": boxed_from_the_right,
    "line below its label": line_below,
    "label below its line": label_below_its_line,
    "short lines, number": labels_below_short_lines("Student name", "Class", "No"),
    "short lines, two names": labels_below_short_lines("Surname", "First name"),
    "short line, signature": labels_below_short_lines("Signature", gap=40),
    "number below another line": number_below_another_line,
    "boxes below their label": box_below_a_wide_line,
    "caption in brackets": caption_in_brackets(3, 7),
    "caption in brackets, apart": caption_in_brackets(7, 8),
    "caption in brackets that touches": caption_in_brackets(0.3, 8),
    "high heading": high_heading(28, None),
    "high heading, shaded": high_heading(26, 0.85),
    "line close above a table": line_close_above_a_table,
    "column of names": column_of_names,
    "column beside a name line": column_beside_a_name_line,
    "page frame": page_frame,
    "page frame and date": page_frame_and_date,
    "rules up to a frame": ticket_with_rules_up_to_its_frame,
    "column line and box": column_line_beside_a_box,
    "column line and rule": column_line_beside_a_rule,
    "page frame and box": page_frame_around_a_box,
    "dark band": dark_band(0.2, None),
    "dark band, round": dark_band(0.2, 0.2),
    "grey band": dark_band(0.7, 0.2),
    "round box": round_box_around_label_and_name,
    "lines that nearly meet": box_with_lines_that_nearly_meet,
    "broken floor": box_with_a_broken_floor,
    "rules in a box": rules_in_a_box,
    "question in a box": question_in_the_box_of_a_name,
    "box in a box": box_in_a_box,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_place_to_write_a_name_is_covered_and_nothing_else(kind: str) -> None:
    fields, sheet = fields_of(KINDS[kind])

    assert [(strip, covered(strip, fields)) for strip in sheet.names if covered(strip, fields) < 0.99] == []
    assert [(strip, covered(strip, fields)) for strip in sheet.free if covered(strip, fields) > 0.12] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_ink_of_a_name_is_left_and_a_sheet_without_writing_is_empty(kind: str) -> None:
    fields, sheet = fields_of(KINDS[kind])
    blank = BlankPage(1, sheet.grey)
    page, name = filled(sheet, seed=len(kind))
    own = select_own(fields)

    assert left_over(page, name, blank, fields) < 0.5
    assert not own or written(page, blank, own) > INK_OF_A_NAME_MM2
    assert written(sheet.grey, blank, own) == 0


@pytest.mark.parametrize("kind", ["column of names", "members in a table", "rows in a table", "page frame and date"])
@pytest.mark.parametrize("angle", [-0.6, -0.3, 0.3, 0.6])
def test_a_blank_that_was_scanned_askew_has_the_same_fields(kind: str, angle: float) -> None:
    _, sheet = fields_of(KINDS[kind])
    height, width = sheet.grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)

    def turned(strip: Strip) -> Strip:
        left, top, right, bottom = strip
        x, y = turn @ ((left + right) / 2 * width / WIDTH, (top + bottom) / 2 * height / HEIGHT, 1)
        x, y = float(x) * WIDTH / width, float(y) * HEIGHT / height
        wide, tall = (right - left) / 2, (bottom - top) / 2
        return x - wide, y - tall, x + wide, y + tall

    words = []
    for x0, y0, x1, y1, text, *_ in sheet.page.get_text("words"):
        left, top, right, bottom = turned((x0, y0, x1, y1))
        words.append((text, Box(left / WIDTH, top / HEIGHT, (right - left) / WIDTH, (bottom - top) / HEIGHT)))
    scan = cv2.warpAffine(sheet.grey, turn, (width, height), flags=cv2.INTER_AREA, borderValue=255)
    fields = find_fields(1, cv2.GaussianBlur(scan, (0, 0), 0.7), DPI, words, "ocr")

    assert [strip for strip in sheet.names if covered(turned(strip), fields) < 0.97] == []
    assert [strip for strip in sheet.free if covered(turned(strip), fields) > 0.15] == []


@pytest.mark.parametrize("kind", ["rows, English", "rows, Polish", "rows, Turkish", "two partners", "rows in a table"])
def test_a_field_is_empty_though_all_others_are_filled_in(kind: str) -> None:
    fields, sheet = fields_of(KINDS[kind])
    own = select_own(fields)
    sheet.names = [strip for strip in sheet.names if covered(strip, own) < 0.5]
    page, _ = filled(sheet, seed=1)

    assert kind == "two partners" or sheet.names
    assert written(page, BlankPage(1, sheet.grey), own) < INK_OF_A_NAME_MM2


def test_partners_and_teachers_are_covered_and_are_not_the_students_own_name() -> None:
    fields, _ = fields_of(rows("Name", "Lab partner", "Teacher", "Student ID", "Signature"))

    assert [one.asks for one in fields] == [Asks.NAME, Asks.PERSON, Asks.TEACHER, Asks.NUMBER, Asks.SIGNATURE]
    assert [one.holds_name for one in fields] == [True, False, False, False, False]


def for_and_from(one: str, other: str, *, name: bool = False) -> Callable[[Sheet], None]:
    """A line for whoever gets a page, and one for whoever wrote it; perhaps a line for the name over them."""

    def draw(sheet: Sheet) -> None:
        if name:
            sheet.rule(sheet.text(72, 60, "Name:") + 4, 300, 62)
        middle = sheet.text(72, 100, one) + 4
        sheet.rule(middle, middle + 130, 102)
        end = sheet.text(middle + 140, 100, other) + 4
        sheet.rule(end, end + 130, 102)

    return draw


@pytest.mark.parametrize(
    ("one", "other"),
    [("Feedback for", "from"), ("Peer feedback to", "by"), ("To:", "From:"), ("Para:", "De:")],
)
def test_who_a_page_is_from_is_its_student_and_not_who_it_is_for(one: str, other: str) -> None:
    fields, sheet = fields_of(for_and_from(one, other))

    assert [(field.asks, field.holds_name) for field in fields] == [(Asks.PERSON, False), (Asks.NAME, True)]
    assert [strip for strip in sheet.names if covered(strip, fields) < 0.99] == []
    assert [field.asks for field in fields_of(for_and_from(one, other, name=True))[0]] == [
        Asks.NAME,
        Asks.PERSON,
        Asks.PERSON,
    ]


@pytest.mark.parametrize(("one", "other"), [("The train goes to", "from"), ("To", "From"), ("From:", "To:")])
def test_answers_that_say_to_and_from_are_no_names(one: str, other: str) -> None:
    assert fields_of(for_and_from(one, other))[0] == []


def test_a_signature_names_the_student_only_where_nothing_else_asks_for_a_name() -> None:
    alone, _ = fields_of(rows("Signed (student)", "Checked by teacher"))
    beside, _ = fields_of(rows("Name", "Signature"))
    parent, _ = fields_of(rows("Parent signature"))

    assert [one.holds_name for one in name_by_signature(alone)] == [True, False]
    assert [one.holds_name for one in name_by_signature(beside)] == [True, False]
    assert [one.holds_name for one in name_by_signature(parent)] == [False]
    for other in ("Signature", "Initials", "Signature (parent/guardian)", "Family signature"):
        fields, _ = fields_of(rows(other, "Teacher"))
        assert not any(one.holds_name for one in name_by_signature(fields)), other


@pytest.mark.parametrize("label", ["Interviewer:", "Interviewed by", "Writer:", "Investigator"])
def test_who_a_page_is_by_is_its_student_where_nothing_else_asks_for_a_name(label: str) -> None:
    alone, _ = fields_of(rows(label, "Date"))
    beside, _ = fields_of(rows("Name", label))

    assert [one.holds_name for one in alone] == [True]
    assert [one.label for one in beside] == ["Name"]


@pytest.mark.parametrize(
    ("role", "other"),
    [
        ("Scientist", "Lab partner"),
        ("Artist:", "Partner:"),
        ("Lead detective", "Teammates"),
        ("Mathematician", "Teacher"),
        ("Científica:", "Compañera:"),
        ("Author", "Partner"),
    ],
)
def test_a_role_is_the_students_own_beside_a_label_for_somebody_else(role: str, other: str) -> None:
    fields, sheet = fields_of(for_and_from(role, other))
    named, _ = fields_of(for_and_from(role, other, name=True))
    alone, _ = fields_of(rows(role, "Date"))

    assert [field.holds_name for field in fields] == [True, False]
    assert [strip for strip in sheet.names if covered(strip, fields) < 0.99] == []
    assert [field.label for field in select_own(named)] == ["Name"]
    assert alone == []


@pytest.mark.parametrize(
    ("own", "other"),
    [("Reviewer:", "Author:"), ("Peer editor", "Writer"), ("Evaluator's name:", "Presenter:"), ("Critic", "Author")],
)
def test_on_a_peer_review_the_reviewer_hands_in_and_the_author_is_another_student(own: str, other: str) -> None:
    for one, two in ((own, other), (other, own)):
        fields, sheet = fields_of(for_and_from(one, two))

        assert [field.label for field in fields if field.holds_name] == [own.strip(":")]
        assert [field.label for field in select_own(fields)] == [own.strip(":")]
        assert [strip for strip in sheet.names if covered(strip, fields) < 0.99] == []


@pytest.mark.parametrize(
    "labels",
    [
        ("Scientist 1", "Scientist 2", "Teacher"),
        ("Artist", "Inventor", "Partner"),
        ("Engineer", "Recorder", "Timekeeper"),
        ("Title", "Author", "Partner"),
        ("Book title", "Author", "Reviewer"),
    ],
)
def test_a_role_among_others_or_that_of_a_books_author_is_nobodys_own(labels: tuple[str, ...]) -> None:
    fields, _ = fields_of(rows(*labels))

    assert not any(field.holds_name for field in fields)


def test_a_role_on_one_page_is_not_the_students_own_where_another_page_asks_for_the_name() -> None:
    first, _ = fields_of(rows("Name", "Date"))
    second, _ = fields_of(for_and_from("Scientist", "Lab partner"))
    fields = name_by_signature([*first, *(replace(field, task_page=2) for field in second)])

    assert [(field.label, field.holds_name) for field in fields] == [
        ("Name", True),
        ("Scientist", False),
        ("Lab partner", False),
    ]


def test_a_teacher_without_a_line_beside_is_no_field() -> None:
    fields, _ = fields_of(lambda sheet: sheet.text(72, 60, "Teacher"))

    assert fields == []


@pytest.mark.parametrize(
    "friend",
    ["My friend", "My reading buddy is", "Student observed", "Name of my helper:", "Today I worked with", "Player A",
     "Mi amigo / My pal:"],
)  # fmt: skip
@pytest.mark.parametrize("own", ["Handed in by", "Sheet filled in by"])
def test_what_asks_for_a_friend_never_tells_who_hands_in(friend: str, own: str) -> None:
    fields, sheet = fields_of(rows(friend, own))
    labels = {field.label: field.asks for field in fields}

    assert labels == {friend.strip(" :"): Asks.PERSON, own: Asks.NAME}
    assert [strip for strip in sheet.names if covered(strip, fields) < 0.99] == []


def test_whose_report_is_reviewed_does_not_hand_in() -> None:
    fields, _ = fields_of(rows("Author of the report:", "Reviewed by:"))

    assert not any(one.holds_name for one in fields)


@pytest.mark.parametrize("text", ["My favorite animal is", "Compare with a friend", "My answer:", "My new pencil is"])
def test_what_is_no_friend_is_no_field(text: str) -> None:
    assert fields_of(rows(text))[0] == []
