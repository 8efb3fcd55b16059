"""Where on the blank task a student writes their name: beside, above or under a label, on a rule or in a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mssw.core.page import Box
from mssw.names.label_words import (
    Phrase,
    asks_for_a_name,
    asks_for_a_number,
    is_number_label,
    is_same_line,
    join_phrases,
    split_word,
)
from mssw.vision.ink import Grey, Mask, normalise_ink

UP_MM = 9.0  # tall writing over the rule; measured, see the README of the benchmark
PAD_MM = 3.4
MARGIN_MM = 6.0
LEANS = 0.008  # of a rule's length: a scan is never quite straight
SHORTEST_RULE_MM = 9.0
TALLEST_BOX_MM = 45.0
BORDER_MM = 0.9
LOWEST_CELL_MM = 8.0  # a lower cell is a table's head, and its field is the cell below
OF_LETTERS = 0.7  # of a line that is only a row of letters
NARROWEST_MM = 18.0  # room for a name beside its label


@dataclass(frozen=True, slots=True)
class NameField:
    """A place on the blank task for a name.

    Attributes:
        task_page: 1-based page of the blank.
        box: what is covered on every page of the class, in fractions.
        label: the printed words that ask for it; empty where a person gave the place.
        found_by: ``text``, ``ocr`` or ``teacher``.
        confidence: 0 to 1; below 0.5 the class should be looked at.
        holds_name: False for a student's number, which is covered too but tells nothing of where the name is.
    """

    task_page: int
    box: Box
    label: str
    found_by: str
    confidence: float
    holds_name: bool = True


@dataclass(frozen=True, slots=True)
class _Area:
    """Pixels: left, top, right, bottom."""

    left: int
    top: int
    right: int
    bottom: int


class _Layout:
    """The print of a blank page, as lines, boxes and the rest."""

    def __init__(self, grey: Grey, dpi: float, words: Sequence[tuple[str, Box]] = ()) -> None:
        self.height, self.width = grey.shape[:2]
        self.mm = dpi / 25.4
        self.ink: Mask = np.asarray(normalise_ink(grey, reach=21) > 76)
        letters = self._letters(words)
        flat = _segments(self.ink, round(SHORTEST_RULE_MM * self.mm), across=True)
        self.flat = [a for a in flat if letters[a.top : a.bottom, a.left : a.right].mean() < OF_LETTERS]
        self.upright = _segments(self.ink, round(4 * self.mm), across=False)
        lines = np.zeros(self.ink.shape, np.uint8)
        for area in (*self.flat, *self.upright):
            lines[area.top : area.bottom, area.left : area.right] = 1
        self.lines: Mask = np.asarray(cv2.dilate(lines, np.ones((5, 5), np.uint8)) > 0)
        self.text: Mask = self.ink & ~self.lines

    def _letters(self, words: Sequence[tuple[str, Box]]) -> Mask:
        """Where words stand, their leaders left out: small letters in a row look like a dotted line."""
        mask = np.zeros(self.ink.shape, bool)
        for text, box in (piece for word in words for piece in split_word(*word)):
            left, top, right, bottom = box.to_pixels(self.width, self.height)
            mask[top:bottom, left : right if text else left] = True
        return mask


def find_fields(
    page: int, grey: Grey, dpi: float, words: Sequence[tuple[str, Box]], found_by: str, more: Sequence[str] = ()
) -> list[NameField]:
    """Every name field of one page of the blank task.

    Args:
        page: its 1-based number.
        grey: the blank page, (height, width) uint8.
        dpi: of ``grey``.
        words: its printed words with their places, from the text layer or by OCR.
        found_by: which of the two it was.
        more: further labels for a name, as the teacher wrote them.
    """
    layout = _Layout(grey, dpi, words)
    printed = join_phrases(words, layout.width / layout.height)
    fields = []
    names = [phrase for phrase in printed if asks_for_a_name(phrase.text, more)]
    numbers = [p for p in printed if asks_for_a_number(p.text) and any(is_same_line(p.box, name.box) for name in names)]
    for phrase in (*names, *numbers):
        area, confidence = _writing_area(layout, phrase, printed)
        box = Box.from_pixels(area.left, area.top, area.right, area.bottom, layout.width, layout.height)
        asks_name = not is_number_label(phrase.text)
        fields.append(NameField(page, box, phrase.text.strip(" :"), found_by, confidence, asks_name))
    return _without_doubles(fields)


def make_given_field(page: int, box: Box) -> NameField:
    """The field that a teacher drew."""
    return NameField(page, box, "", "teacher", 1.0)


def _segments(ink: Mask, length: int, *, across: bool) -> list[_Area]:
    """Straight thin lines, also dotted and dashed ones."""
    binary = ink.astype(np.uint8)
    bridge = np.ones((1, 9) if across else (9, 1), np.uint8)
    kernel = np.ones((1, length) if across else (length, 1), np.uint8)
    drawn = cv2.morphologyEx(cv2.morphologyEx(binary, cv2.MORPH_CLOSE, bridge), cv2.MORPH_OPEN, kernel)
    _, _, stats, _ = cv2.connectedComponentsWithStats(drawn)
    areas = [_Area(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]
    sides = [sorted((a.right - a.left, a.bottom - a.top)) for a in areas]
    return [a for a, (thin, long) in zip(areas, sides, strict=True) if thin <= 7 + LEANS * long]


def _writing_area(layout: _Layout, label: Phrase, printed: Sequence[Phrase]) -> tuple[_Area, float]:
    """The area that belongs to a label, padded for large writing as far as nothing printed is in the way."""
    left, top, right, bottom = label.box.to_pixels(layout.width, layout.height)
    place = _Area(left, top, right, bottom)
    limit = _next_on_line(layout, label, printed)
    cell = _cell_of(layout, place, limit)
    if cell is not None:
        return cell, 0.95
    rule = _rule_beside(layout, place, limit)
    under = _cell_under(layout, place)
    if under is not None and (rule is None or abs(rule.bottom - under.top) <= 2 * round(BORDER_MM * layout.mm)):
        return _with_border(layout, under), 0.9
    if rule is not None:
        line = _Area(max(place.right, rule.left), rule.top - 1, min(rule.right, limit), rule.bottom + 1)
        return _padded(layout, line, up=UP_MM, label=place, limit=limit), 0.95
    rule = _rule_above(layout, place)
    if rule is not None:
        line = _Area(rule.left, rule.top - 1, rule.right, rule.bottom + 1)
        return _padded(layout, line, up=UP_MM, label=place, limit=layout.width), 0.9
    if limit - place.right > 25 * layout.mm:
        bare = _Area(place.right, place.top, limit, place.bottom)
        return _padded(layout, bare, up=PAD_MM, label=place, limit=limit), 0.7
    under = _Area(place.left, place.bottom, min(layout.width, place.left + round(90 * layout.mm)), place.bottom + 2)
    return _padded(layout, under, up=0, down=UP_MM + PAD_MM, label=place, limit=layout.width), 0.4


def _next_on_line(layout: _Layout, label: Phrase, printed: Sequence[Phrase]) -> int:
    """The left edge of the next printed words on the label's line, or the page's margin."""
    edge = layout.width - round(MARGIN_MM * layout.mm)
    beside = [
        other.box.x * layout.width
        for other in printed
        if other.box.x >= label.box.right - 1e-6
        and min(other.box.bottom, label.box.bottom) - max(other.box.y, label.box.y)
        > 0.3 * min(other.box.h, label.box.h)
    ]
    return int(min(edge, round(min(beside, default=edge)) - 2))


def _enclosing_box(layout: _Layout, place: _Area) -> _Area | None:
    """The inside of the drawn box that a place stands in, if it stands in one that is not too tall."""
    y, x = (place.top + place.bottom) // 2, (place.left + place.right) // 2
    walls = [a for a in layout.upright if a.top <= y <= a.bottom]
    floors = [a for a in layout.flat if a.left <= x <= a.right]
    left = max((a.right for a in walls if a.right <= place.left + 2), default=None)
    right = min((a.left for a in walls if a.left >= place.right - 2), default=None)
    top = max((a.bottom for a in floors if a.bottom <= place.top + 3), default=None)
    bottom = min((a.top for a in floors if a.top >= place.bottom - 3), default=None)
    if left is None or right is None or top is None or bottom is None:
        return None
    if bottom - top > TALLEST_BOX_MM * layout.mm:
        return None
    return _Area(left, top, right, bottom)


def _cell_of(layout: _Layout, place: _Area, limit: int) -> _Area | None:
    """The box or the table's cell that a label belongs to: around it, at its right, or under it in a table."""
    boxed = _enclosing_box(layout, place)
    if boxed is None:
        middle = (place.top + place.bottom) // 2
        at_right = _empty_cell(layout, place.right + round(5 * layout.mm), middle)
        near = at_right is not None and at_right.left - place.right < 5 * layout.mm and at_right.left < limit
        return _with_border(layout, at_right) if at_right is not None and near else None
    step = round(3 * layout.mm)
    middle = (boxed.top + boxed.bottom) // 2
    below = _empty_cell(layout, (boxed.left + boxed.right) // 2, boxed.bottom + step)
    if boxed.bottom - boxed.top < LOWEST_CELL_MM * layout.mm and below is not None and _as_wide(layout, below, boxed):
        return _with_border(layout, _Area(boxed.left, place.bottom, boxed.right, below.bottom))
    inside = _inside(layout, boxed, place, limit)
    if inside is not None:
        return inside
    beyond = _empty_cell(layout, boxed.right + step, middle) or below
    return _with_border(layout, beyond) if beyond is not None else None


def _empty_cell(layout: _Layout, x: int, y: int) -> _Area | None:
    """The drawn box around a point, if nothing is printed in it."""
    cell = _enclosing_box(layout, _Area(x, y, x, y))
    if cell is None or cell.right - cell.left < SHORTEST_RULE_MM * layout.mm:
        return None
    rim = round(BORDER_MM * layout.mm)
    return None if layout.text[cell.top + rim : cell.bottom - rim, cell.left + rim : cell.right - rim].any() else cell


def _cell_under(layout: _Layout, place: _Area) -> _Area | None:
    """The empty box that begins right under a label."""
    tall = place.bottom - place.top
    cell = _empty_cell(layout, place.left + round(4 * layout.mm), place.bottom + round(1.2 * tall))
    if cell is None or cell.top - place.bottom > 1.2 * tall or cell.bottom - cell.top > TALLEST_BOX_MM / 2 * layout.mm:
        return None
    return cell


def _as_wide(layout: _Layout, one: _Area, other: _Area) -> bool:
    """Whether two cells stand in one column."""
    return abs(one.left - other.left) < 2 * layout.mm and abs(one.right - other.right) < 2 * layout.mm


def _with_border(layout: _Layout, box: _Area) -> _Area:
    """A box with its border, since strokes that touch the border go with it."""
    rim = round(BORDER_MM * layout.mm)
    return _Area(box.left - rim, box.top - rim, box.right + rim, box.bottom + 2 * rim)


def _inside(layout: _Layout, box: _Area, place: _Area, limit: int) -> _Area | None:
    """The part of a box to write in: beside the label, or under it too where the label is a small caption."""
    whole = _with_border(layout, box)
    right = whole.right if limit >= box.right else limit
    beside = _Area(place.right + 2, whole.top, right, whole.bottom)
    wide_enough = beside.right - beside.left > NARROWEST_MM * layout.mm
    tall = box.bottom - place.bottom > 6 * layout.mm
    if tall and (not wide_enough or place.top - box.top < 2 * layout.mm):
        # a small caption in the corner: people write under it and beside it; the caption itself is only print
        return whole
    return beside if wide_enough else None


def _rule_beside(layout: _Layout, place: _Area, limit: int) -> _Area | None:
    """The rule that starts at the label's right, or that runs under the label and beyond it."""
    tall = place.bottom - place.top
    found = [
        a
        for a in layout.flat
        if place.top + 0.2 * tall <= a.top <= place.bottom + 0.9 * tall
        and a.left <= place.right + 12 * layout.mm
        and min(a.right, limit) - max(a.left, place.right) >= SHORTEST_RULE_MM * layout.mm
    ]
    return min(found, key=lambda a: (abs(a.top - place.bottom), a.left), default=None)


def _rule_above(layout: _Layout, place: _Area) -> _Area | None:
    """The rule that has its label under it."""
    tall = place.bottom - place.top
    found = [
        a
        for a in layout.flat
        if 0 <= place.top - a.bottom <= 1.0 * tall
        and a.left - 3 * layout.mm <= place.left <= a.right
        and a.right - a.left >= 30 * layout.mm
    ]
    return max(found, key=lambda a: a.top, default=None)


def _padded(layout: _Layout, area: _Area, *, up: float, label: _Area, limit: int, down: float = PAD_MM) -> _Area:
    """The area grown by so many millimetres, each side only until something is printed there."""
    step = 1
    left, top, right, bottom = area.left, area.top, area.right, area.bottom
    for _ in range(round(PAD_MM * layout.mm)):
        if left - step > label.right or (left > 0 and left <= label.left):
            left -= step if not layout.text[top:bottom, max(0, left - 2) : left].any() else 0
        if right + 2 < min(layout.width, limit) and not layout.text[top:bottom, right : right + 2].any():
            right += step
    for _ in range(round(up * layout.mm)):
        if top > 2 and not layout.text[top - 2 : top, left:right].any():
            top -= step
    for _ in range(round(down * layout.mm)):
        if bottom + 2 < layout.height and not layout.text[bottom : bottom + 2, left:right].any():
            bottom += step
    return _Area(max(0, left), max(0, top), min(layout.width, right), min(layout.height, bottom))


def _without_doubles(fields: list[NameField]) -> list[NameField]:
    """One field a place: two labels for one area (as in two languages) leave the surer."""
    kept: list[NameField] = []
    for field in sorted(fields, key=lambda f: -f.confidence):
        if not any(_share(field.box, other.box) > 0.5 for other in kept):
            kept.append(field)
    return sorted(kept, key=lambda f: (f.box.y, f.box.x))


def _share(one: Box, other: Box) -> float:
    wide = max(0.0, min(one.right, other.right) - max(one.x, other.x))
    high = max(0.0, min(one.bottom, other.bottom) - max(one.y, other.y))
    return wide * high / max(1e-9, min(one.w * one.h, other.w * other.h))
