"""Where a task's questions are answered, and the answers cut out of a page.

A page of the blank goes in first; places come out, in fractions of the page, from top to bottom. Print is what is left
when long lines are taken off, since those are what students write on. A block of print that has room below it asks
something; the place reaches from its first line to the next block of print.

Then a page that lies on the blank goes in with these places; a picture of each answer comes out, on white paper and
without the room that a student left empty. Everything that is not on the blank counts as written, however faint; where
nothing is written, the question's own print stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.vision.ink import Grey, Mask, Pixels, find_rules, resize_to_shape, to_grey
from mssw.vision.lighting import whiten_paper

RULE_MM = 18.0  # a longer straight stroke is a line to write on or a frame, never a letter
DARK = 150  # grey levels: print is darker, the tint of a page is not
PAGE_EDGE_MM = 5.0  # of a page are left out, where scans have shadows
LINE_MM = 4.5  # lines of print that are nearer belong to one block
LOWEST_MM = 1.2  # lower print is a speck
ROOM_MM = 22.0  # below a block: more than what sets a title off
RULED_ROOM_MM = 11.0  # the same where there are lines to write on, or a frame
ABOVE_MM = 9.0  # a block that is so near above belongs to the question: its text over a figure
HIGHEST_MM = 45.0  # so much print above its last block is taken along, not more
AS_FAR = 0.7  # of the widest gap between blocks: a question may begin below such a gap
INDENT_MM = 4.0  # a line that is set in farther, such as choices, belongs to the line at the margin above it
IN_A_LINE_MM = 1.0  # higher gaps are between lines
PLACE_RIM_MM = 2.0  # around a place
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
    end = page.shape[0] - PAGE_EDGE_MM * mm
    for number, (first, last) in enumerate(blocks):
        below = blocks[number + 1][0] if number + 1 < len(blocks) else end
        asked = _shorten([*asked, (first, last)], HIGHEST_MM * mm)
        is_ruled = bool(rules[last + 1 : int(below)].any())
        if below - last >= (RULED_ROOM_MM if is_ruled else ROOM_MM) * mm:
            above = blocks[number - len(asked)] if number >= len(asked) else None
            begin = _begin_at_margin(asked, above, print_alone, mm)
            upper, lower = _find_upper(begin, ink, mm), min(end, below - PLACE_RIM_MM * mm / 2)
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
    rim = PLACE_RIM_MM * mm
    start, stop = max(0, round(begin - rim)), max(0, round(begin - mm / 2))  # not the tops of its own letters
    rows = np.flatnonzero(ink[start:stop].sum(axis=1) >= FEWEST_DARK * mm)
    return max(0.0, begin - rim) if not rows.size else (start + int(rows[-1]) + begin) / 2


def _find_blocks(print_alone: Mask, mm: float) -> list[Rows]:
    """The first and last row of each block of print."""
    edge = round(PAGE_EDGE_MM * mm)
    print_alone[:edge], print_alone[-edge:], print_alone[:, :edge], print_alone[:, -edge:] = False, False, False, False
    rows = np.flatnonzero(print_alone.sum(axis=1) >= FEWEST_DARK * mm)
    blocks: list[Rows] = []
    for row in rows.tolist():
        if blocks and row - blocks[-1][1] <= LINE_MM * mm:
            blocks[-1] = (blocks[-1][0], row)
        else:
            blocks.append((row, row))
    return [(first, last) for first, last in blocks if last - first >= LOWEST_MM * mm]


# Answers, cut out

INK = 232  # grey levels on white paper: darker is ink
EDGE_MM = 4.0  # of a page are shadow
SHADOW_MM = 14.0  # from a side, what begins at the edge is shadow too, if it is no wider, or tall
TALL_MM = 40.0
CONTEXT_MM = 11.0  # of print above what is written between the questions
APART_MM = 8.0  # rows of writing between the questions that are farther apart are two
COVER_MM = 3.0  # around a cover are its frame and what is beside a name
TOUCHING_MM = 3.0  # what is written so near above a question belongs to it
FOOT_MM = 15.0  # of a page have its number and its alias
PRINT_MM = 1.5  # so far around the blank's print, ink is taken for that print
STROKE_MM = 0.3  # around ink is the soft edge of its stroke
TOGETHER_MM = 0.7  # strokes that are nearer belong together
SPECK_MM2 = 0.8  # of ink that stands alone is a speck, not writing
RIM_MM = 2.5  # of paper around what is kept
LEAST_MM = 8.0  # high is every answer
WHOLE_PAGE = Box(0.0, 0.0, 1.0, 1.0)


def cut_answers(
    page: Pixels,
    on_blank: Mask | None,
    places: Sequence[Box],
    dpi: float,
    covers: Sequence[Box] = (),
    only: int | None = None,
) -> list[Pixels]:
    """Each answer of a page, from the question's first line to the last thing that is written there.

    What is written between the questions is an answer too, such as a choice that has no room of its own.

    Args:
        page: (h, w) or (h, w, 3) uint8, laid on the blank.
        on_blank: the print of the task's page, as ``find_print`` gives it; None without a task.
        places: where the questions are on it; without one, the whole page is an answer.
        dpi: of the page.
        covers: what is covered on it: no answer is beside a covered name field.
        only: which of the places is cut out, from 0; None for all of them and what is written between them.
    """
    white = whiten_paper(page)
    mm = dpi / 25.4
    ink = _without_edges(to_grey(white) < INK, mm)
    written, printed, drawn = _tell_apart(ink, on_blank, mm)
    across = _span(written | drawn, 0) or (0, white.shape[1])
    frames = _find_upright(drawn, mm)
    if places:
        between, touching = _find_between(written, places, covers, mm), TOUCHING_MM * mm / white.shape[0]
        joined = [_join_above(place, between, touching) for place in places]
        places = _with_those_apart(joined, between) if only is None else [joined[only]]
    return [_cut(white, place, written | printed, frames, across, mm) for place in places or [WHOLE_PAGE]]


def find_written(page: Pixels, on_blank: Mask | None, dpi: float, covers: Sequence[Box] = ()) -> tuple[Grey, Mask]:
    """The page on white paper without the words of the task, and what is written on it outside the covers.

    Args:
        page: (h, w) or (h, w, 3) uint8, laid on the blank.
        on_blank: the print of the task's page, as ``find_print`` gives it; None without a task.
        dpi: of the page.
        covers: what is covered on it; an alias may be printed there.
    """
    white = to_grey(whiten_paper(page))
    mm = dpi / 25.4
    written, printed, _ = _tell_apart(_without_edges(white < INK, mm), on_blank, mm)
    height, width = written.shape
    rim = COVER_MM * mm
    for box in covers:
        top, left = max(0, round(box.y * height - rim)), max(0, round(box.x * width - rim))
        written[top : round(box.bottom * height + rim), left : round(box.right * width + rim)] = False
    words = _spread(printed, STROKE_MM * mm) & ~_spread(written, STROKE_MM * mm)
    # The lines to write on stay: without them, what hangs below a line would be cut off.
    return (white if on_blank is None else np.where(words, 255, white).astype(np.uint8)), written


def find_print(blank: Grey, dpi: float) -> Mask:
    """All print of a page of the task: bool (h, w).

    Args:
        blank: (h, w) uint8.
        dpi: of the page.
    """
    return _without_edges(whiten_paper(blank) < INK, dpi / 25.4)


def _find_between(written: Mask, places: Sequence[Box], covers: Sequence[Box], mm: float) -> list[Box]:
    """Where something is written that is in no place, with the print above it."""
    height = written.shape[0]
    is_free = np.ones(height, np.bool_)
    for box, rim in (*((place, 0) for place in places), *((cover, round(COVER_MM * mm)) for cover in covers)):
        is_free[max(0, round(box.y * height) - rim) : round(box.bottom * height) + rim] = False
    is_free[-round(FOOT_MM * mm) :] = False
    rows = np.flatnonzero(written.any(axis=1) & is_free)
    found: list[Box] = []
    for run in np.split(rows, np.flatnonzero(np.diff(rows) > APART_MM * mm) + 1) if rows.size else ():
        top = int(run[0])
        while top > 0 and run[0] - top < CONTEXT_MM * mm and is_free[top - 1]:
            top -= 1
        found.append(Box(0.0, top / height, 1.0, (int(run[-1]) + 1 - top) / height))
    return found


def _join_above(place: Box, between: Sequence[Box], touching: float) -> Box:
    """A question's place with what is written right above it."""
    above = next((one for one in between if place.y - touching <= one.bottom <= place.y + touching), None)
    return Box(place.x, above.y, place.w, place.bottom - above.y) if above else place


def _with_those_apart(joined: Sequence[Box], between: Sequence[Box]) -> list[Box]:
    """All places in their order: those of the questions, and those between them that belong to none."""
    apart = [one for one in between if not any(place.y <= one.y < place.bottom for place in joined)]
    return sorted([*joined, *apart], key=lambda place: (place.y, place.x))


def _tell_apart(ink: Mask, on_blank: Mask | None, mm: float) -> tuple[Mask, Mask, Mask]:
    """What is written, what is printed beside lines to write on, and all that is printed."""
    length = round(RULE_MM * mm)
    if on_blank is None:
        alone = _without_specks(ink & ~_spread(find_rules(ink, length), 0.2 * mm), mm)
        return alone, alone, alone
    on_blank = resize_to_shape(on_blank.astype(np.uint8), ink.shape) > 0
    printed = on_blank & ~_spread(find_rules(on_blank, length), 0.2 * mm)
    new = _without_shadow(ink & ~_spread(on_blank, PRINT_MM * mm), mm)
    return _without_specks(new, mm), _without_specks(printed, mm), on_blank


def _without_shadow(ink: Mask, mm: float) -> Mask:
    """The ink without the shadows that a lid or a fold leaves along the edges of a scan."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(_spread(ink, TOGETHER_MM * mm).astype(np.uint8))
    labels, stats = np.asarray(labels), np.asarray(stats)
    near, deep = (EDGE_MM + 2 * TOGETHER_MM) * mm, SHADOW_MM * mm
    shadow = np.zeros_like(ink)
    for start, size, across in (
        (cv2.CC_STAT_LEFT, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT),
        (cv2.CC_STAT_TOP, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH),
    ):
        side = ink.shape[1] if start == cv2.CC_STAT_LEFT else ink.shape[0]
        is_at_edge = (stats[:, start] < near) | (stats[:, start] + stats[:, size] > side - near)
        is_shadow = is_at_edge & ((stats[:, across] > TALL_MM * mm) | (stats[:, size] < deep))
        is_shadow[0] = False
        beside = np.ones_like(ink)
        inner = slice(round(deep), -round(deep))
        beside[(slice(None), inner) if start == cv2.CC_STAT_LEFT else (inner, slice(None))] = False
        shadow |= np.asarray(is_shadow[labels], np.bool_) & beside
    return ink & ~shadow


def _without_specks(ink: Mask, mm: float) -> Mask:
    """The ink without specks: pieces apart from others and too small to be writing."""
    near = _spread(ink, TOGETHER_MM * mm).astype(np.uint8)
    count, labels = cv2.connectedComponents(near, connectivity=8)
    area = np.bincount(labels[ink], minlength=count)
    return ink & np.asarray(area[labels] >= SPECK_MM2 * mm * mm, np.bool_)


def _find_upright(drawn: Mask, mm: float) -> NDArray[np.bool_]:
    """Which rows of a page have an upright line, as frames do: bool (h,)."""
    tall = np.ones((round(RULE_MM * mm), 1), np.uint8)
    return np.asarray(cv2.morphologyEx(drawn.astype(np.uint8), cv2.MORPH_OPEN, tall).any(axis=1), np.bool_)


def _cut(
    white: Pixels, place: Box, counting: Mask, frames: NDArray[np.bool_], across: tuple[int, int], mm: float
) -> Pixels:
    """The part of a page between the first and the last row that count, and between the page's own margins."""
    height, width = white.shape[:2]
    top, bottom = round(place.y * height), max(round(place.y * height) + 1, round(place.bottom * height))
    left, right = round(place.x * width), max(round(place.x * width) + 1, round(place.right * width))
    kept = _span(counting[top:bottom, left:right], 1) or (0, 0)
    rim = round(RIM_MM * mm)
    first, last = top + max(0, kept[0] - rim), top + kept[1]
    while last < bottom and frames[last]:  # a frame is not cut in two
        last += 1
    last = min(bottom, max(last + rim, first + round(LEAST_MM * mm)))
    start, stop = max(left, across[0] - rim), min(right, across[1] + rim)
    if start >= stop:  # the place is beside all that is printed or written
        start, stop = left, right
    return white[first:last, start:stop]


def _span(mask: Mask, axis: int) -> tuple[int, int] | None:
    """The first and last row (axis 1) or column (axis 0) with ink; None without any."""
    rows = np.flatnonzero(mask.any(axis=axis))
    return (int(rows[0]), int(rows[-1]) + 1) if rows.size else None


def _without_edges(ink: Mask, mm: float) -> Mask:
    edge = round(EDGE_MM * mm)
    inner = np.zeros_like(ink)
    inner[edge:-edge, edge:-edge] = ink[edge:-edge, edge:-edge]
    return inner


def _spread(mask: Mask, reach: float) -> Mask:
    size = 2 * max(1, round(reach)) + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((size, size), np.uint8)) > 0)
