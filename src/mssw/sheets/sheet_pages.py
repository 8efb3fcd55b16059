"""Set coded sheets: each side of each copy with its code, its strip, and the task's page under them.

``find_room`` looks for a free place for the code on the printed page, and says how far the page must shrink or move
where there is none. All lengths are in millimetres from the upper left corner of a page or sheet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.core.paper import PAPERS
from mssw.core.sheet_code import NAME_SHEET, Copy, NamePlacement, PageCode, PrintedSide, Sheets, shown
from mssw.core.wording import PrintWords
from mssw.preparing.blank_task import at_analysis_size
from mssw.preparing.inputs import task_pictures
from mssw.preparing.photographed import as_sheet
from mssw.printing.binding import Placed, lay_pictures_under, qr_svg
from mssw.printing.template_files import choose_family
from mssw.printing.typeset import typeset
from mssw.vision.ink import Grey, Mask, normalise_ink

EDGE_MM = 7.6  # from a sheet's edge to a code's own white, so that the code itself keeps 12 mm
PRINT_EDGE_MM = 8.0  # a task's own print may come this near to the sheet's edge
STEP_MM = 0.5  # of a pixel in the map of the print
SMALLEST = 0.7  # scale of the task
CLEAR_MM = 0.5  # between a code's own white and the nearest print
TORN_MM = 3.0  # between a strip and the nearest print: nobody tears quite straight
SHIFT_MM, MOST_ASIDE_MM, MOST_DOWN_MM = 2.0, 20.0, 40.0
SHRINKING, ASIDE, DOWN = 100.0, 0.6, 0.03  # the cost: 1 for a hundredth of the size; for a millimetre aside, and down

Area = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True, slots=True)
class PagePosition:
    """Where a page of the task is on its sheet: a point p of it goes to ``scale * p + (x, y)``."""

    scale: float
    x: float
    y: float

    def on_task(self, area: Area) -> Area:
        """An area of the sheet as an area of the task's page."""
        left, top, width, height = area
        return (left - self.x) / self.scale, (top - self.y) / self.scale, width / self.scale, height / self.scale


@dataclass(frozen=True, slots=True)
class Room:
    """Where the code goes, and where each page of the task is.

    Attributes:
        code: the code's area on each sheet, with its own white.
        pages: the position of each page of the task.
    """

    code: tuple[Area, ...]
    pages: tuple[PagePosition, ...]


class PrintedArea:
    """The map of what is printed on a page of the task.

    Args:
        grey: the page, (height, width) uint8.
        size: its width and height.
    """

    def __init__(self, grey: Grey, size: tuple[float, float]) -> None:
        self.size = size
        columns, rows = (max(1, round(side / STEP_MM)) for side in size)
        dark = (normalise_ink(grey, reach=41) > 40).astype(np.uint8)
        ink = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))  # a scanned blank has dust
        share = cv2.resize(ink.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
        mask = np.asarray(share > 0.02)
        self._sums: NDArray[np.int32] = np.asarray(cv2.integral(mask.astype(np.uint8)))
        self.left, self.right = _find_extent(np.asarray(mask.any(axis=0)))
        self.top, self.bottom = _find_extent(np.asarray(mask.any(axis=1)))

    def is_free(self, area: Area) -> bool:
        """Whether nothing is printed in an area; outside the page all is free."""
        left, top, width, height = area
        rows, columns = self._sums.shape
        x0, x1 = (int(np.clip(x / STEP_MM, 0, columns - 1)) for x in (left, left + width + STEP_MM))
        y0, y1 = (int(np.clip(y / STEP_MM, 0, rows - 1)) for y in (top, top + height + STEP_MM))
        sums = self._sums
        return int(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]) == 0


def _find_extent(row: Mask) -> tuple[float, float]:
    """The first and last place with print; the middle if there is none."""
    places = np.flatnonzero(row)
    if not len(places):
        return len(row) * STEP_MM / 2, len(row) * STEP_MM / 2
    return float(places[0]) * STEP_MM, float(places[-1] + 1) * STEP_MM


def find_room(
    pages: Sequence[PrintedArea], sheets: Sequence[tuple[float, float]], code: tuple[float, float], strip: float
) -> Room | None:
    """Place a code in the same corner of every sheet, clear of the print, and shrink the task as little as possible.

    The upper right corner is tried first, because answers run downwards. The upper left one is left to staples.

    Args:
        pages: the pages of the task.
        sheets: width and height of each page's sheet.
        code: width and height of the code with its own white.
        strip: height of a free strip along each sheet's upper edge; 0 for none.

    Returns:
        The room with the lowest cost, by how far the task shrinks and moves; None if there is none even at
        ``SMALLEST``.
    """
    pairs = list(zip(pages, sheets, strict=True))
    most = min(1.0, *(min(sheet[0] / page.size[0], sheet[1] / page.size[1]) for page, sheet in pairs))
    best, least = None, np.inf
    for scale in np.arange(most, SMALLEST, -0.01):
        if SHRINKING * (most - scale) >= least:
            break
        for place, (right, low) in enumerate(((True, False), (True, True), (False, True))):
            areas = [_corner_area(sheet, code, strip, right=right, low=low) for sheet in sheets]
            for across, down in _list_shifts():
                cost = SHRINKING * (most - scale) + ASIDE * abs(across) + DOWN * abs(down) + place
                if cost >= least:
                    break
                lies = [
                    PagePosition(
                        float(scale),
                        (sheet[0] - scale * page.size[0]) / 2 + across,
                        (sheet[1] - scale * page.size[1]) / 2 + down,
                    )
                    for page, sheet in pairs
                ]
                if all(
                    _has_room(page, sheet, one, area, strip, moved=(across, down))
                    for (page, sheet), one, area in zip(pairs, lies, areas, strict=True)
                ):
                    best, least = Room(tuple(areas), tuple(lies)), cost
    return best


def _corner_area(
    sheet: tuple[float, float], code: tuple[float, float], strip: float, *, right: bool, low: bool
) -> Area:
    """The code's area in one corner of a sheet."""
    left = sheet[0] - EDGE_MM - code[0] if right else EDGE_MM
    top = sheet[1] - EDGE_MM - code[1] if low else strip + EDGE_MM  # a torn edge is an edge too
    return left, top, *code


def _has_room(
    page: PrintedArea,
    sheet: tuple[float, float],
    lies: PagePosition,
    code: Area,
    strip: float,
    *,
    moved: tuple[float, float],
) -> bool:
    """Whether the print of a page at that position is clear of the code, the strip and the edge."""
    keep = (code[0] - CLEAR_MM, code[1] - CLEAR_MM, code[2] + 2 * CLEAR_MM, code[3] + 2 * CLEAR_MM)
    return _fits(page, sheet, lies, strip, moved=moved) and page.is_free(lies.on_task(keep))


def _fits(
    page: PrintedArea, sheet: tuple[float, float], lies: PagePosition, strip: float, *, moved: tuple[float, float]
) -> bool:
    """Whether the print is clear of the strip, and inside the part of the sheet that a printer reaches."""
    left, right = lies.scale * page.left + lies.x, lies.scale * page.right + lies.x
    top, bottom = lies.scale * page.top + lies.y, lies.scale * page.bottom + lies.y
    if strip and top < strip + TORN_MM:
        return False
    across, down = moved
    near = [
        (across < 0 and left < PRINT_EDGE_MM),
        (across > 0 and right > sheet[0] - PRINT_EDGE_MM),
        (down < 0 and top < PRINT_EDGE_MM),
        (down > 0 and bottom > sheet[1] - PRINT_EDGE_MM),
    ]
    return not any(near)


@cache
def _list_shifts() -> tuple[tuple[float, float], ...]:
    """Ways to move a page, the cheapest first."""
    across, down = (np.arange(-most, most + 1, SHIFT_MM) for most in (MOST_ASIDE_MM, MOST_DOWN_MM))
    ways = [(float(x), float(y)) for x in across for y in down]
    return tuple(sorted(ways, key=lambda way: (ASIDE * abs(way[0]) + DOWN * abs(way[1]), way)))


SIDE_MM = 18.0  # the code itself
QUIET_MM = 4.4  # the paper around it: four of its 25 modules are 2.9, and a scribble over it may run out a little
TYPE_MM = 0.6  # the line under the code is this much below that
CODE_MM = (SIDE_MM + 2 * QUIET_MM, SIDE_MM + 2 * QUIET_MM + TYPE_MM)
STRIP_MM = 15.0
POINTS_A_MM = 72 / 25.4


def lay_out_task(task: Path, asked: str | None, usual: str, strip: float) -> tuple[str, tuple[PrintedSide, ...]]:
    """Choose the paper, and how each page of the task is printed; no pages if there is no room for a code. In a worker.

    Args:
        task: its file.
        asked: the paper from the options; None takes the one that the task is made for.
        usual: the paper if the task is made for neither.
        strip: height of the strip, in millimetres; 0 for none.
    """
    pictures = [as_sheet(task, picture) for picture in task_pictures(task)]
    paper = asked or _find_paper(pictures[0].points) or usual
    pages, sheets = [], []
    for picture in pictures:
        size = (picture.points[0] / POINTS_A_MM, picture.points[1] / POINTS_A_MM)
        across, down = (side / POINTS_A_MM for side in PAPERS[paper])
        pages.append(PrintedArea(at_analysis_size(picture), size))
        sheets.append((across, down) if size[0] <= size[1] else (down, across))
    room = find_room(pages, sheets, CODE_MM, strip)
    if room is None:
        return paper, ()
    return paper, tuple(
        PrintedSide(
            (round(sheet[0], 3), round(sheet[1], 3)),
            round(lies.scale, 5),
            round(lies.x, 3),
            round(lies.y, 3),
            Box(code[0] / sheet[0], code[1] / sheet[1], code[2] / sheet[0], code[3] / sheet[1]),
            Box(0.0, 0.0, 1.0, (strip + 1) / sheet[1]) if strip else None,
        )
        for sheet, lies, code in zip(sheets, room.pages, room.code, strict=True)
    )


def _find_paper(points: tuple[float, float]) -> str:
    """The paper that a page of that size is made for; empty where it is another."""
    width, height = sorted(points)
    return next((name for name, own in PAPERS.items() if abs(own[0] - width) + abs(own[1] - height) < 8), "")


def sheets_pdf(
    sheets: Sheets,
    copies: Sequence[Copy],
    pictures: bytes,
    title: str,
    words: PrintWords,
    *,
    has_name_line: bool = False,
) -> bytes:
    """The file to print: all copies one after the other, each beginning on a sheet of its own.

    Args:
        sheets: how they are printed.
        copies: which of them.
        pictures: a PDF of the task's pages, one image each.
        title: of the set, for sheets with a name.
        words: of the students' language.
        has_name_line: whether the task itself asks for a name, so that no strip forbids to write one.
    """
    drawn: list[dict[str, Any]] = []
    under: list[Placed | None] = []
    names = find_printed_names(copies)
    for copy, name in zip(copies, names, strict=True):
        for side, place in _set_sides(sheets, copy, name, title, words, "_named" if has_name_line else ""):
            drawn.append(side)
            under.append(place)
    values = {"sheets": drawn, "strip": STRIP_MM, "side": SIDE_MM, "quiet": QUIET_MM}
    text = typeset("sheets", values, paper=sheets.paper, tagged=False, words=words)
    return lay_pictures_under(text, pictures, "the task", under, two_sided=sheets.two_sided)


def find_printed_names(copies: Sequence[Copy]) -> list[str]:
    """What stands on each copy for its student: the name, and the number where two share one."""
    times = Counter(copy.student for copy in copies)
    return [
        f"{copy.student} · {copy.number}" if copy.student and times[copy.student] > 1 and copy.number else copy.student
        for copy in copies
    ]


def _set_sides(
    sheets: Sheets, copy: Copy, name: str, title: str, words: PrintWords, named: str
) -> Iterator[tuple[dict[str, Any], Placed | None]]:
    """Every side of one copy, in the order of printing; ``named`` ends the key of a student's hint."""
    plain = {"kind": "page", "strip": False, "svg": "", "name": name, "hint": "", "label": "", "title": title}
    plain["family"] = choose_family(name)
    if sheets.names is NamePlacement.SHEET:
        hint = words.text(f"sheets.keep{named}" if copy.student else "sheets.keep_spare", code=shown(copy.code))
        first = sheets.printed[0]
        yield {**plain, "kind": "name", "hint": hint, **_code(sheets, copy, NAME_SHEET, first)}, None
        if sheets.two_sided:
            yield {**plain, "kind": "bare", **_sized(first)}, None
    for number in range(1, sheets.sides + 1):
        side = sheets.printed[min(number, len(sheets.printed)) - 1]
        has_strip = sheets.names is NamePlacement.STRIP and (number % 2 == 1 or not sheets.two_sided)
        hint = words.text(f"sheets.tear{named}" if copy.student else "sheets.spare", code=shown(copy.code))
        drawn = {**plain, "strip": has_strip, "hint": hint, **_code(sheets, copy, number, side)}
        yield drawn, _under(number, side) if number <= len(sheets.printed) else None


def _sized(side: PrintedSide) -> dict[str, Any]:
    return {"width": side.size[0], "height": side.size[1], "x": 0.0, "y": 0.0}


def _code(sheets: Sheets, copy: Copy, number: int, side: PrintedSide) -> dict[str, Any]:
    """What the template needs to draw a side's code."""
    text = PageCode(sheets.batch, copy.code, number).text
    label = f"{shown(copy.code)} · {number}" if number != NAME_SHEET else shown(copy.code)
    place = {"x": side.code.x * side.size[0], "y": side.code.y * side.size[1]}
    return {**_sized(side), **place, "svg": qr_svg(text), "label": label}


def _under(number: int, side: PrintedSide) -> Placed:
    """Where the task's page lies under a side, in points from its upper left corner."""
    return number, side.scale, side.x * POINTS_A_MM, side.y * POINTS_A_MM
