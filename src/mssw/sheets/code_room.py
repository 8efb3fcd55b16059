"""Find room for a code on a printed page, and how far the page must shrink or move to make room.

All lengths are in millimetres from the upper left corner of a page or sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

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
