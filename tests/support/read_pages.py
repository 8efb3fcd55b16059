"""Pages as if they had been read: lines of text below each other, and what is found on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mssw.names.student import Roster
from mssw.preparing.kept_readings import PageReading
from mssw.preparing.name_reading import FoundNames, SearchTerms, find_terms
from mssw.vision.ink import Mask
from mssw.vision.text_lines import Line
from support.read_lines import reading_of

SHAPE = (1600, 1600)
LEFT, TOP, PITCH, WIDE, HIGH = 100, 100, 60, 20, 30  # pixels: margins, and the sizes of lines and letters


def line_at(row: int, letters: int) -> Line:
    """The line of that many letters in a row of the page."""
    width = float(WIDE * letters)
    return Line(LEFT + width / 2, float(TOP + PITCH * row), width, float(HIGH), 0.0)


def read_and_find(
    roster: Roster, *texts: str, printed: Sequence[str] = (), fields: int = 0
) -> tuple[PageReading, Mask, FoundNames]:
    """What is read on a page with those lines, its ink, and the names that are found."""
    lines = tuple(line_at(row, max(1, len(text))) for row, text in enumerate(texts))
    ink = np.zeros(SHAPE, bool)
    for line in lines:
        ink[int(line.y) - 8 : int(line.y) + 8, LEFT : LEFT + int(line.width)] = True
    read = PageReading("", lines, tuple(map(reading_of, texts)), too_many=False)
    terms = SearchTerms.of(roster, (), (), printed)
    others = [line.box(0, line.width, SHAPE) for line in lines[:fields]]
    return read, ink, find_terms(terms, read, ink, 100, (), (), others=others)


def find_on_page(
    roster: Roster, *texts: str, printed: Sequence[str] = (), fields: int = 0
) -> tuple[list[str], list[str]]:
    """What is covered and what is flagged on a page with those lines, in their order.

    Args:
        roster: the class.
        texts: the lines.
        printed: what the task prints.
        fields: how many of the lines, from the first one, stand where the task asks for a partner's name.
    """
    _, _, found = read_and_find(roster, *texts, printed=printed, fields=fields)
    return tuple(
        [text_under(mark.box, texts) for mark in sorted(marks, key=_place)] for marks in (found.covers, found.flags)
    )


def text_under(box, texts):
    """What of those lines of a page stands in a place."""
    row = round(((box.y + box.bottom) / 2 * SHAPE[0] - TOP) / PITCH)
    first, last = (round((x * SHAPE[1] - LEFT) / WIDE) for x in (box.x, box.right))
    return texts[row][max(0, first) : last].strip()


def _place(mark):
    return round(mark.box.y * SHAPE[0] / PITCH), mark.box.x
