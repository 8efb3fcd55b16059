"""Where on a printed page is room for a code, and how far must the page shrink or move to make some?

All lengths are in millimetres from the upper left corner of a page or sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.ink import Grey, Mask, normalised

EDGE_MM = 7.6  # from a sheet's edge to a code's own white, so that the code itself keeps 12 mm
PRINT_EDGE_MM = 8.0  # a task's own print may come as near to the sheet's edge
STEP_MM = 0.5  # a pixel of the map of what is printed
SMALLEST = 0.7  # of the task's size
CLEAR_MM = 0.5  # between a code's own white and the nearest print
TORN_MM = 3.0  # between a strip and the nearest print: nobody tears quite straight
SHIFT_MM, MOST_ASIDE_MM, MOST_DOWN_MM = 2.0, 20.0, 40.0
SHRINKING, ASIDE, DOWN = 100.0, 0.6, 0.03  # what a hundredth of the size costs is 1; a millimetre aside, and down

Area = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True, slots=True)
class Lies:
    """How a page of the task lies on its sheet: a point p of it goes to ``scale * p + (x, y)``."""

    scale: float
    x: float
    y: float

    def on_task(self, area: Area) -> Area:
        """A place on the sheet as it is on the task's page."""
        left, top, width, height = area
        return (left - self.x) / self.scale, (top - self.y) / self.scale, width / self.scale, height / self.scale


@dataclass(frozen=True, slots=True)
class Room:
    """Where the code goes, and how each page of the task lies.

    Attributes:
        code: the code's place on each sheet with its own white.
        pages: for each page of the task.
    """

    code: tuple[Area, ...]
    pages: tuple[Lies, ...]


class PrintedArea:
    """What is printed on a page of the task.

    Args:
        grey: the page, (height, width) uint8.
        size: its width and height.
    """

    def __init__(self, grey: Grey, size: tuple[float, float]) -> None:
        self.size = size
        columns, rows = (max(1, round(side / STEP_MM)) for side in size)
        dark = (normalised(grey, reach=41) > 40).astype(np.uint8)
        ink = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))  # a scanned blank has dust
        share = cv2.resize(ink.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
        mask = np.asarray(share > 0.02)
        self._sums: NDArray[np.int32] = np.asarray(cv2.integral(mask.astype(np.uint8)))
        self.left, self.right = _extent(np.asarray(mask.any(axis=0)))
        self.top, self.bottom = _extent(np.asarray(mask.any(axis=1)))

    def is_free(self, area: Area) -> bool:
        """Whether nothing is printed in a place; what lies off the page is free."""
        left, top, width, height = area
        rows, columns = self._sums.shape
        x0, x1 = (int(np.clip(x / STEP_MM, 0, columns - 1)) for x in (left, left + width + STEP_MM))
        y0, y1 = (int(np.clip(y / STEP_MM, 0, rows - 1)) for y in (top, top + height + STEP_MM))
        sums = self._sums
        return int(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]) == 0


def _extent(row: Mask) -> tuple[float, float]:
    """From where to where something is printed; a point in the middle where nothing is."""
    places = np.flatnonzero(row)
    if not len(places):
        return len(row) * STEP_MM / 2, len(row) * STEP_MM / 2
    return float(places[0]) * STEP_MM, float(places[-1] + 1) * STEP_MM


def find_room(
    pages: Sequence[PrintedArea], sheets: Sequence[tuple[float, float]], code: tuple[float, float], strip: float
) -> Room | None:
    """Place a code in the same corner of every sheet, off what is printed; the task shrinks as little as it can.

    The upper right corner is tried first, since answers run downwards; never the upper left one, where staples go.

    Args:
        pages: the task's.
        sheets: width and height of the sheet of each.
        code: its width and height, its own white included.
        strip: height of a strip along each sheet's upper edge that is to stay free; 0 for none.

    Returns:
        The room that costs least, by how far the task shrinks and moves; None where not even a page of ``SMALLEST``
        leaves any.
    """
    pairs = list(zip(pages, sheets, strict=True))
    most = min(1.0, *(min(sheet[0] / page.size[0], sheet[1] / page.size[1]) for page, sheet in pairs))
    best, least = None, np.inf
    for scale in np.arange(most, SMALLEST, -0.01):
        if SHRINKING * (most - scale) >= least:
            break
        for place, (right, low) in enumerate(((True, False), (True, True), (False, True))):
            areas = [_corner(sheet, code, strip, right=right, low=low) for sheet in sheets]
            for across, down in _shifts():
                cost = SHRINKING * (most - scale) + ASIDE * abs(across) + DOWN * abs(down) + place
                if cost >= least:
                    break
                lies = [
                    Lies(
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


def _corner(sheet: tuple[float, float], code: tuple[float, float], strip: float, *, right: bool, low: bool) -> Area:
    """The code's place in one corner of a sheet."""
    left = sheet[0] - EDGE_MM - code[0] if right else EDGE_MM
    top = sheet[1] - EDGE_MM - code[1] if low else strip + EDGE_MM  # a torn edge is an edge as well
    return left, top, *code


def _has_room(
    page: PrintedArea, sheet: tuple[float, float], lies: Lies, code: Area, strip: float, *, moved: tuple[float, float]
) -> bool:
    """Whether nothing of a page that lies so is under the code or the strip, or where no printer reaches."""
    keep = (code[0] - CLEAR_MM, code[1] - CLEAR_MM, code[2] + 2 * CLEAR_MM, code[3] + 2 * CLEAR_MM)
    return _fits(page, sheet, lies, strip, moved=moved) and page.is_free(lies.on_task(keep))


def _fits(
    page: PrintedArea, sheet: tuple[float, float], lies: Lies, strip: float, *, moved: tuple[float, float]
) -> bool:
    """Whether what is printed stays off the strip, and on that part of the sheet which a printer reaches."""
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
def _shifts() -> tuple[tuple[float, float], ...]:
    """Ways to move a page, the cheapest first."""
    across, down = (np.arange(-most, most + 1, SHIFT_MM) for most in (MOST_ASIDE_MM, MOST_DOWN_MM))
    ways = [(float(x), float(y)) for x in across for y in down]
    return tuple(sorted(ways, key=lambda way: (ASIDE * abs(way[0]) + DOWN * abs(way[1]), way)))
