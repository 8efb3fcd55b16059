"""Forms of one page that ask for the name in ways of their own: other languages, letter boxes, bubbles, landscape.

`draw_form` draws a kind of form; `fill_form` writes the name, and what else this kind has: a name that was crossed out
and written again, a teacher's red note that names the student, a number in boxes with its bubbles filled in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pymupdf
import typst
from name_people import Pupil
from real_ink import write_digits
from real_students import MENTION, NAME, Leaf, write_name
from real_tasks import MM, Line, Sheet

FONTS = Path(__file__).resolve().parents[2] / "templates" / "fonts"
LABELS = {"dutch": "Naam:", "spanish": "Nombre y apellidos:", "french": "Nom et prénom :", "vietnamese": "Họ và tên:"}
DATES = {"dutch": "Datum:", "spanish": "Fecha:", "french": "Date :", "vietnamese": "Ngày:"}
BOX, BOXES = 7.4, 20  # mm of a letter box, and how many there are
BUBBLE = 4.2  # mm across
DIGITS = 6
RED = (190, 40, 45)


def draw_form(kind: str) -> tuple[bytes, list[Sheet]]:
    """The blank form of that kind as PDF bytes, and where students write on it."""
    doc = pymupdf.open()
    width, height = (842, 595) if kind == "landscape" else (612, 792)
    doc.new_page(width=width, height=height)
    sheet = Sheet(doc[0])
    top = _HEADS.get(kind, _draw_label)(sheet, kind)
    right, low = width / MM - 20, height / MM - 18
    sheet.text(19, top, "Why do some things float?", 16, "hebo")
    sheet.text(19, top + 9, "1.  Say in your own words what happens, and how you know.")
    count = int((low - top - 20) / 9)
    sheet.ruled(24, right, top + 19, count)
    return doc.tobytes(garbage=3, deflate=True, no_new_id=True), [sheet]


def _draw_label(sheet: Sheet, kind: str) -> float:
    """A label with its line, and a date; where the text may begin."""
    label, date = LABELS.get(kind, "Name:"), DATES.get(kind, "Date:")
    start = 19 + _set(sheet, label, 19, 21) + 2
    sheet.rule(start, 128, 21.5)
    at = 134 + _set(sheet, date, 134, 21) + 2
    sheet.rule(at, 192, 21.5)
    sheet.names, sheet.others = [Line(start + 1, 128, 21)], [Line(at + 1, 190, 21)]
    return 40


def _draw_from_right(sheet: Sheet, _kind: str) -> float:
    """A label in Arabic at the right, with its line on the left."""
    _set(sheet, "الاسم:", 180, 21)
    sheet.rule(95, 178, 21.5)
    sheet.names = [Line(96, 178, 21)]
    return 40


def _draw_letter_boxes(sheet: Sheet, _kind: str) -> float:
    """A box for each letter of the name."""
    sheet.text(19, 18, "NAME")
    for n in range(BOXES):
        sheet.box(19 + BOX * n, 21, 19 + BOX * (n + 1), 21 + BOX + 0.8)
    sheet.names = [Line(19, 19 + BOX * BOXES, 21 + BOX - 1)]
    return 46


def _draw_bubbles(sheet: Sheet, kind: str) -> float:
    """A label with its line, and below a number in boxes over bubbles."""
    _draw_label(sheet, kind)
    sheet.text(19, 34, "Student ID Number")
    for column in range(DIGITS):
        x = 19 + 8 * column
        sheet.box(x, 37, x + 8, 45)
        for digit in range(10):
            middle = ((x + 4) * MM, (50 + 6 * digit) * MM)
            sheet.page.draw_circle(middle, BUBBLE / 2 * MM, width=0.7)
            sheet.page.insert_text((middle[0] - 2, middle[1] + 2.4), str(digit), fontsize=7)
    return 122


_HEADS: dict[str, Callable[[Sheet, str], float]] = {
    "arabic": _draw_from_right,
    "boxes": _draw_letter_boxes,
    "bubbles": _draw_bubbles,
}


def _set(sheet: Sheet, words: str, x: float, y: float) -> float:
    """Sets words in a font that has all their letters; how wide they are, in mm."""
    source = f'#set page(width: auto, height: auto, margin: 0pt)\n#set text(11pt, top-edge: 1em)\n#"{words}"'
    with pymupdf.open(stream=typst.compile(source.encode(), font_paths=[str(FONTS)])) as made:
        wide, tall = made[0].rect.width, made[0].rect.height
        place = pymupdf.Rect(x * MM, y * MM - tall, x * MM + wide, y * MM)
        sheet.page.show_pdf_page(place, made, 0)
    return wide / MM


def fill_form(leaf: Leaf, sheet: Sheet, who: Pupil, kind: str, rng: np.random.Generator) -> list[dict[str, object]]:
    """Writes the name as this kind of form asks for it.

    Returns:
        What is planted beside it, as name_pages.py notes it.
    """
    if "no name" not in who.habits:
        if kind == "boxes":
            _write_in_boxes(leaf, sheet, who, rng)
        elif kind == "crossed":
            _cross_out(leaf, sheet, who, rng)
        else:
            write_name(leaf, sheet, who, rng)
    if kind == "bubbles":
        _write_number(leaf, who, rng)
    return _note_in_red(leaf, who, rng) if kind == "rednote" else []


def _write_in_boxes(leaf: Leaf, sheet: Sheet, who: Pupil, rng: np.random.Generator) -> None:
    """Capital letters, one a box, with a box free between first and last name."""
    text = f"{who.first.text} {who.last.text}".upper()[:BOXES]
    for n, letter in enumerate(text):
        if letter != " ":
            alpha, base = who.hand.write(letter, leaf.px(3.0), rng)
            x = leaf.px(19 + BOX * (n + 0.5)) - alpha.shape[1] / 2 + rng.normal(0, leaf.px(0.4))
            leaf.put(alpha, x, leaf.px(sheet.names[0].baseline) - base, who, NAME)


def _cross_out(leaf: Leaf, sheet: Sheet, who: Pupil, rng: np.random.Generator) -> None:
    """The last name, struck through; then first and last name after it, or over the line."""
    line = sheet.names[0]
    alpha, base = who.last.write(leaf.px(min(who.x_height, 2.4)))
    x, y = leaf.px(line.x0 + 1), leaf.px(line.baseline) - base
    leaf.put(alpha, x, y, who, NAME)
    strike = np.zeros(alpha.shape, np.float32)
    for step in range(int(rng.integers(1, 4))):
        at = alpha.shape[0] // 2 + 5 * step
        cv2.line(strike, (0, at + 3), (alpha.shape[1], at - 3), 1.0, max(2, round(leaf.px(0.4))))
    leaf.put(strike, x, y, who, NAME)
    end = line.x0 + 1 + alpha.shape[1] / leaf.px(1) + 3
    again = Line(end, max(end + 40, line.x1), line.baseline) if rng.random() < 0.7 else replace(line, baseline=13.5)
    tidy = replace(who, habits=who.habits & {"pencil", "small"})
    write_name(leaf, replace(sheet, names=[again]), tidy, rng)


def _write_number(leaf: Leaf, who: Pupil, rng: np.random.Generator) -> None:
    """The student's number into its boxes, each digit's bubble filled in."""
    for column, digit in enumerate(who.id[:DIGITS]):
        x = 19 + 8 * column
        alpha, base = write_digits(digit, leaf.px(4), leaf.px(0.4), rng)
        leaf.put(alpha, leaf.px(x + 2.5), leaf.px(43.5) - base, who, NAME)
        blob = np.zeros((round(leaf.px(4)),) * 2, np.float32)
        cv2.circle(blob, (blob.shape[1] // 2, blob.shape[0] // 2), round(leaf.px(1.7)), 1.0, -1)
        leaf.put(blob, leaf.px(x + 4 - 2), leaf.px(50 + 6 * int(digit) - 2), who, NAME)


def _note_in_red(leaf: Leaf, who: Pupil, rng: np.random.Generator) -> list[dict[str, object]]:
    """A teacher's note at the foot or in the margin that calls the student by name."""
    teacher = replace(who, ink=RED, strength=0.9)
    words = [("Good", ""), ("work,", ""), (who.first.text, "classmate"), ("- see me after class!", "")]
    x, y = float(rng.uniform(30, 70)), float(rng.choice([31.0, leaf.label.shape[0] / leaf.px(1) - 12]))
    found: list[dict[str, object]] = []
    for text, kind in words:
        alpha, base = who.hand.write(text, leaf.px(2.6), rng)
        left, top = round(leaf.px(x)), round(leaf.px(y) - base)
        leaf.put(alpha, left, top, teacher, MENTION if kind else 3)
        if kind:
            zoom = 200 / leaf.dpi
            box = [round(v * zoom) for v in (left, top, alpha.shape[1], alpha.shape[0])]
            what = {"text": text, "kind": kind, "box": box, "student": who.number}
            found.append({**what, "form": "red note", "ink": "font"})
        x += alpha.shape[1] / leaf.px(1) + 2.2
    return found
