"""Where a blank task leaves room to answer: each question with the space below it.

In: a page of the blank as grey pixels. Out: places in fractions of the page, from top to bottom. Print is what is left
when long lines are taken off, since those are what students write on. A block of print that has room below it asks
something; the place reaches from its first line to the next block of print.
"""

from __future__ import annotations

import cv2
import numpy as np

from mssw.core.page import Box
from mssw.vision.ink import Grey, Mask, find_rules

DARK = 150  # grey levels: print is darker, the tint of a page is not
RULE_MM = 18.0  # a longer straight stroke is a line to write on or a frame, never a letter
EDGE_MM = 5.0  # of a page are left out, where scans have shadows
LINE_MM = 4.5  # lines of print that are nearer belong to one block
LOWEST_MM = 1.2  # lower print is a speck
ROOM_MM = 22.0  # below a block: more than what sets a title off
RULED_ROOM_MM = 11.0  # the same where there are lines to write on, or a frame
ABOVE_MM = 9.0  # a block that is so near above belongs to the question: its text over a figure
HIGHEST_MM = 45.0  # so much print above its last block is taken along, not more
AS_FAR = 0.7  # of the widest gap between blocks: a question may begin below such a gap
INDENT_MM = 4.0  # a line that is set in farther, such as choices, belongs to the line at the margin above it
IN_A_LINE_MM = 1.0  # higher gaps are between lines
RIM_MM = 2.0  # around a place
FEWEST_DARK = 0.4  # mm of print in a row, for the row to count

Rows = tuple[int, int]


def find_question_places(page: Grey, points: tuple[float, float]) -> list[Box]:
    """The places of a page where a question is asked and answered.

    Args:
        page: of the blank, (height, width) uint8.
        points: its width and height.
    """
    mm = page.shape[0] / (points[1] / 72 * 25.4)  # pixels
    ink = page < DARK
    rules = cv2.dilate(find_rules(ink, round(RULE_MM * mm)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    print_alone = ink & ~rules
    blocks = _find_blocks(print_alone, mm)
    places: list[Box] = []
    asked: list[Rows] = []  # the blocks above that belong to the next question
    end = page.shape[0] - EDGE_MM * mm
    for number, (first, last) in enumerate(blocks):
        below = blocks[number + 1][0] if number + 1 < len(blocks) else end
        asked = _shorten([*asked, (first, last)], HIGHEST_MM * mm)
        is_ruled = bool(rules[last + 1 : int(below)].any())
        if below - last >= (RULED_ROOM_MM if is_ruled else ROOM_MM) * mm:
            above = blocks[number - len(asked)] if number >= len(asked) else None
            begin = _begin_at_margin(asked, above, print_alone, mm)
            upper, lower = _find_upper(begin, ink, mm), min(end, below - RIM_MM * mm / 2)
            places.append(Box(0.0, upper / page.shape[0], 1.0, (lower - upper) / page.shape[0]))
            asked = []
        elif below - last > ABOVE_MM * mm:
            asked = []
    return places


def _shorten(blocks: list[Rows], most: float) -> list[Rows]:
    """The last of the blocks, at most so high above the last one; the first is set off from what is above it."""
    start = next(place for place, block in enumerate(blocks) if blocks[-1][0] - block[0] <= most)
    if not start:
        return blocks
    gaps = [blocks[place][0] - blocks[place - 1][1] for place in range(start, len(blocks))]
    return blocks[start + next(place for place, gap in enumerate(gaps) if gap >= AS_FAR * max(gaps)) :]


def _begin_at_margin(asked: list[Rows], above: Rows | None, print_alone: Mask, mm: float) -> int:
    """The first row of a question. Where that is set in, it is the line at the margin above: the choices' own question.

    Args:
        asked: the blocks of the question.
        above: the block above them, if there is one.
        print_alone: the page's print, as ``_find_blocks`` leaves it.
        mm: in pixels.
    """
    lefts = [int(np.flatnonzero(print_alone[first : last + 1].any(axis=0))[0]) for first, last in asked]
    first, margin = asked[0][0], min(lefts)
    if above is None or lefts[0] - margin <= INDENT_MM * mm or first - above[1] > ABOVE_MM * mm:
        return first
    strip = print_alone[above[0] : above[1] + 1, max(0, round(margin - mm)) : round(margin + INDENT_MM * mm)]
    rows = np.flatnonzero(strip.any(axis=1))
    if not rows.size:
        return first
    line = np.split(rows, np.flatnonzero(np.diff(rows) > IN_A_LINE_MM * mm) + 1)[-1]
    return above[0] + int(line[0])


def _find_upper(begin: int, ink: Mask, mm: float) -> float:
    """Where a place begins: a rim above its first row, or half of it where something is printed so near above."""
    rim = RIM_MM * mm
    start, stop = max(0, round(begin - rim)), max(0, round(begin - mm / 2))  # not the tops of its own letters
    rows = np.flatnonzero(ink[start:stop].sum(axis=1) >= FEWEST_DARK * mm)
    return max(0.0, begin - rim) if not rows.size else (start + int(rows[-1]) + begin) / 2


def _find_blocks(print_alone: Mask, mm: float) -> list[Rows]:
    """The first and last row of each block of print."""
    edge = round(EDGE_MM * mm)
    print_alone[:edge], print_alone[-edge:], print_alone[:, :edge], print_alone[:, -edge:] = False, False, False, False
    rows = np.flatnonzero(print_alone.sum(axis=1) >= FEWEST_DARK * mm)
    blocks: list[Rows] = []
    for row in rows.tolist():
        if blocks and row - blocks[-1][1] <= LINE_MM * mm:
            blocks[-1] = (blocks[-1][0], row)
        else:
            blocks.append((row, row))
    return [(first, last) for first, last in blocks if last - first >= LOWEST_MM * mm]
