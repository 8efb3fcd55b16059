"""Names that are written one letter a box, or between ticks: cut out so that the recogniser reads them as words.

In: a page of the blank task, and what is written on a scan of it. Out: where the rows of boxes are, and the letters of
each row in a field, side by side. In a line of the page the walls would be read as letters. Elsewhere than in a field,
as in a crossword, they are: such a line is read without every other sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np

from mssw.core.page import Box
from mssw.vision.blank_page import BlankPage, compute_once
from mssw.vision.ink import Grey, Mask
from mssw.vision.recogniser import BLANK, SIGN, LineReading
from mssw.vision.text_lines import Line
from mssw.vision.writing import find_printed_words
from mssw.vision.writing_places import PrintedLayout

LEAST_RIM = 4  # pixels of paper above and below letters
BETWEEN_LETTERS, BETWEEN_WORDS = 0.25, 6  # heights between letters, and times that between words
FEW_GAPS, WORD_GAP = 3, 1.6  # times the usual gap between letters: there a word ends
OF_WORDS = 0.5  # of a rule with ticks: it is a line of print
WALLS, LEAST_BOXES = frozenset("|Il1!/[](){}"), 3  # what a wall between two boxes is read as, and boxes of a row
ASIDE = 0.75  # of a frame: how far beside where it was read a stroke may lie
MOSTLY_INSIDE = 0.6  # of a row of letter boxes: it belongs to the field


def without_walls(reading: LineReading) -> LineReading | None:
    """What a row of letter boxes says where its walls were read as signs, as in "M|A|RI|A"; None for any other line.

    Args:
        reading: of the line.
    """
    signs = [(sign, at) for sign, at in zip(reading.text, reading.at, strict=True) if not sign.isspace()]
    letters, walls = signs[::2], signs[1::2]
    is_row = len(letters) >= LEAST_BOXES and len(signs) % 2 and all(sign.isalpha() for sign, _ in letters)
    if not is_row or any(sign not in WALLS for sign, _ in walls):
        return None
    shares = reading.letters.copy()
    for _, at in walls:
        inside = [frame for frame in _frames_of_sign(reading, at) if frame not in {there for _, there in letters}]
        shares[inside] = 0
        shares[inside, BLANK] = 1
    return LineReading(shares, reading.upper, "".join(sign for sign, _ in letters), tuple(at for _, at in letters))


def without_printed_walls(reading: LineReading, line: Line, ink: Mask) -> LineReading:
    """A line without what may be walls of table cells, read as letters of the words beside them: "lOmar", "Iwill".

    A wall is print, so there is no writing at its place. The recogniser may place a letter a little beside its stroke,
    which then looks like a wall. So names that are found this way come on top of those of the line as it was read.

    Args:
        reading: of the line.
        line: where it lies.
        ink: what is written on the page.
    """
    walls = [n for n, sign in enumerate(reading.text) if sign in WALLS]
    if not walls:
        return reading
    inked = [bool(column.any()) for column in line.crop(ink.astype(np.uint8), 0).T]
    a_frame = line.width / max(1, len(reading.letters))
    walls = [n for n in walls if any(_is_bare(inked, a_frame, span) for span in _list_spans(reading, n))]
    if not walls:
        return reading
    shares = reading.letters.copy()
    for n in walls:
        inside = [frame for frame in _frames_of_sign(reading, reading.at[n]) if frame not in _other_frames(reading, n)]
        shares[inside] = 0
        shares[inside, SIGN] = 1
    text = "".join(" " if n in walls else sign for n, sign in enumerate(reading.text))
    return LineReading(shares, reading.upper, text, reading.at)


def _other_frames(reading: LineReading, place: int) -> set[int]:
    return {at for n, at in enumerate(reading.at) if n != place}


def _list_spans(reading: LineReading, place: int) -> Iterator[tuple[float, float]]:
    """The frames in which nothing is written if a sign that begins or ends a word is a wall."""
    signs = f" {reading.text} "
    at = (-ASIDE, *reading.at, len(reading.letters) + ASIDE)
    if signs[place].isspace():
        yield at[place] + ASIDE, at[place + 1] + ASIDE
    if signs[place + 2].isspace():
        yield at[place + 1] + 1 - ASIDE, at[place + 2] + 1 - ASIDE


def _is_bare(inked: Sequence[bool], a_frame: float, span: tuple[float, float]) -> bool:
    """Whether nothing is written between two frames of a line."""
    return not any(inked[max(0, round(span[0] * a_frame)) : max(0, round(span[1] * a_frame))])


def _frames_of_sign(reading: LineReading, at: int) -> range:
    """The frames in which a sign was seen that was read at one of them."""
    best = reading.letters.argmax(axis=1)
    first = last = at
    while first > 0 and best[first - 1] == best[at]:
        first -= 1
    while last + 1 < len(best) and best[last + 1] == best[at]:
        last += 1
    return range(first, last + 1)


@compute_once
def find_letter_rows(blank: BlankPage, dpi: float, *, is_printed: bool) -> tuple[Box, ...]:
    """The rows of places for single letters that are printed on a page of the task.

    Args:
        blank: the page.
        dpi: of it.
        is_printed: whether it is a sheet as printed, so that its words are known; words may look like such rows.
    """
    height, width = blank.grey.shape
    layout = PrintedLayout(blank.grey, dpi)
    combs = layout.combs
    if is_printed:
        words = find_printed_words(blank, dpi)
        combs = [comb for comb in combs if words[comb.top : comb.bottom, comb.left : comb.right].mean() < OF_WORDS]
    rows = (*layout.letter_rows, *combs)
    return tuple(Box.from_pixels(row.left, row.top, row.right, row.bottom, width, height) for row in rows)


def lift_writing(page: Grey, ink: Mask, box: Box) -> tuple[Grey, Mask]:
    """What is written at a place, on bare paper, and a mask of it.

    Args:
        page: (height, width) uint8.
        ink: what is written on it, the same shape.
        box: the place, in fractions of the page.
    """
    left, top, right, bottom = box.to_pixels(page.shape[1], page.shape[0])
    near = cv2.dilate(ink[top:bottom, left:right].astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return np.where(near, page[top:bottom, left:right], np.uint8(255)), near


def cut_letter_rows(page: Grey, ink: Mask, field: Box, rows: Sequence[Box]) -> list[Grey]:
    """The letters in each row of a field, moved together; nothing for a row that is empty, or a field without rows.

    Args:
        page: (height, width) uint8.
        ink: what is written on it, the same shape.
        field: in fractions of the page.
        rows: of letter boxes on the page.
    """
    inside = sorted((row for row in rows if row.shared(field) > MOSTLY_INSIDE), key=_middle)
    if not inside:
        return []
    paper, near = lift_writing(page, ink, field)
    height = page.shape[0]
    top = field.to_pixels(page.shape[1], height)[1]
    below = [(one, two) for one, two in pairwise(inside) if two.y >= _middle(one)]
    cuts = [round((0.75 * one.bottom + 0.25 * two.y) * height) - top for one, two in below]  # letters stand tall
    bands = [slice(*edges) for edges in pairwise([0, *cuts, len(paper)])]
    return [_close_up(paper[band], near[band]) for band in bands if near[band].any()]


def _close_up(row: Grey, ink: Mask) -> Grey:
    """Letters that stand apart, side by side as in words and as large as their row; a box left free parts two words."""
    inked = np.flatnonzero(ink.any(axis=1))
    upper, lower = max(0, inked[0] - LEAST_RIM), inked[-1] + 1 + LEAST_RIM
    letter = round(BETWEEN_LETTERS * (lower - upper))
    columns = np.flatnonzero(ink.any(axis=0))
    gaps = np.diff(columns, prepend=columns[0] - 1) - 1
    wide = gaps[gaps > letter]
    usual = np.median(wide) if wide.size >= FEW_GAPS else lower - upper  # joined writing shows no usual gap
    is_word = gaps > WORD_GAP * usual
    room = np.minimum(gaps, np.where(is_word, BETWEEN_WORDS * letter, letter))
    kept = np.concatenate([np.arange(at - before, at + 1) for at, before in zip(columns, room, strict=True)])
    return np.pad(row[upper:lower, kept], ((0, 0), (letter, letter)), constant_values=255)


def _middle(box: Box) -> float:
    return box.y + box.h / 2
