"""What is on a scan beside the task's page that was found on it: more pages, or writing that would be cut off.

A scan and where a page lies on it come in. Out come all pages of the task on it, and how much ink lies outside of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from mssw.vision.blank_page import BlankPage
from mssw.vision.ink import STRONG, Grey, Mask, Matrix, measure_ink_depth
from mssw.vision.registration import Registration, register_scan

#: Of the scan's area. Where the page takes up as much, only the rim of the glass is left beside it.
WHOLE_SCAN = 0.97
#: Of ink. A student's name takes about 15; the shadow of a sheet's edge is a straight line and does not count.
SOMETHING_MM2 = 12.0
RIM_MM = 4.0  # of the glass: shadows live there
AROUND_MM = 2.5  # of the page: a sheet a little larger than the task's, and print on its very edge
MOST_ON_SCAN = 8  # pages of the task
SHARED = 0.1  # of a page: if more of it lies on another one, it is the same page, found again
LONG_MM, THIN_MM = 8.0, 0.8  # a mark that is longer and thinner is the edge of a sheet, straight or askew


def find_pages_beside(blanks: Sequence[BlankPage], scan: Grey, first: Registration) -> list[Registration]:
    """Find all pages of the task on a scan: spreads, two sheets on the glass, half sheets, two sheets in a photo.

    Args:
        blanks: the pages of the blank task.
        scan: (height, width) uint8.
        first: the page that was found on it; accepted.

    Returns:
        That page and the others, in reading order.
    """
    found, rest = [first], scan
    while len(found) < MOST_ON_SCAN:
        rest = without_page(rest, *_lies(blanks, found[-1]))
        another = register_scan(blanks, rest)
        if not another.accepted or any(_share_on(blanks, another, one) > SHARED for one in found):
            break
        found.append(another)
    return _in_reading_order(blanks, found)


def _lies(blanks: Sequence[BlankPage], page: Registration) -> tuple[Matrix, tuple[int, ...]]:
    """How an accepted page lies on the scan, and the shape of its blank."""
    if page.task_page is None or page.matrix is None:
        raise ValueError("a page that was not found lies nowhere")
    return page.matrix, blanks[page.task_page - 1].shape


def _share_on(blanks: Sequence[BlankPage], page: Registration, other: Registration) -> float:
    """How much of a page lies on another one."""
    one, two = (_corners(*_lies(blanks, place)) for place in (page, other))
    return float(cv2.intersectConvexConvex(one, two)[0] / max(1.0, cv2.contourArea(one)))


def _in_reading_order(blanks: Sequence[BlankPage], found: Sequence[Registration]) -> list[Registration]:
    """Sort pages row by row as they are read when the first of them is upright."""
    corners = [_corners(*_lies(blanks, page)) for page in found]
    across, down = corners[0][1] - corners[0][0], corners[0][3] - corners[0][0]
    height = float(np.linalg.norm(down))
    middles = [outline.mean(axis=0) for outline in corners]
    rows = [round(float((middle - middles[0]) @ down) / height**2) for middle in middles]
    order = sorted(range(len(found)), key=lambda at: (rows[at], float(middles[at] @ across)))
    return [found[at] for at in order]


def share_of_scan(matrix: Matrix, blank: tuple[int, ...], seen: tuple[int, ...]) -> float:
    """How much of a scan the page takes up; a little over 1 where it reaches over the scan's edge.

    Args:
        matrix: 3 × 3, from the blank's pixels to the scan's.
        blank: shape of the blank page, (height, width).
        seen: shape of the scan.
    """
    return float(cv2.contourArea(_corners(matrix, blank)) / (seen[0] * seen[1]))


def ink_beside_pages(
    blanks: Sequence[BlankPage], scan: Grey, pages: Sequence[Registration], dpi: float, dirt: Mask
) -> float:
    """mm² of clear ink on a scan outside of the pages that were found on it; arguments as for ``ink_outside``."""
    return ink_outside(scan, [_lies(blanks, page) for page in pages], dpi, dirt)


def ink_outside(scan: Grey, places: Sequence[tuple[Matrix, tuple[int, ...]]], dpi: float, dirt: Mask) -> float:
    """mm² of clear ink on a scan outside of some places.

    Args:
        scan: (height, width) uint8.
        places: of each page, the 3 × 3 matrix from the blank's pixels to the scan's, and the shape of the blank.
        dpi: of the scan.
        dirt: where the scanner drew streaks of its own, of the scan's shape.
    """
    mm = dpi / 25.4
    dark = (measure_ink_depth(scan, reach=round(dpi / 5) | 1) > STRONG) & ~dirt
    for matrix, blank in places:
        dark &= ~_page(scan, matrix, blank, around=AROUND_MM * mm)
    rim = round(RIM_MM * mm)
    inner = np.zeros_like(dark)
    inner[rim:-rim, rim:-rim] = dark[rim:-rim, rim:-rim]
    strokes = cv2.morphologyEx(inner.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    _, _, marks, _ = cv2.connectedComponentsWithStats(strokes)
    lengths = np.hypot(marks[1:, cv2.CC_STAT_WIDTH], marks[1:, cv2.CC_STAT_HEIGHT]) / mm
    areas = marks[1:, cv2.CC_STAT_AREA] / mm**2
    is_edge = (lengths > LONG_MM) & (areas < THIN_MM * lengths)
    return float(areas[~is_edge].sum())


def without_page(scan: Grey, matrix: Matrix, blank: tuple[int, ...]) -> Grey:
    """The scan with white paper where the page lies."""
    return np.where(_page(scan, matrix, blank, around=0.0), np.uint8(255), scan)


def _page(scan: Grey, matrix: Matrix, blank: tuple[int, ...], *, around: float) -> Mask:
    """The pixels of a scan that the page covers, and so many more around it."""
    page = np.zeros(scan.shape[:2], np.uint8)
    cv2.fillConvexPoly(page, np.round(_corners(matrix, blank)).astype(np.int32), 1)
    if around:
        size = 2 * round(around) + 1
        page = np.asarray(cv2.dilate(page, np.ones((size, size), np.uint8)), np.uint8)
    return np.asarray(page > 0)


def _corners(matrix: Matrix, blank: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """The page's corners on the scan, (4, 2) as x, y."""
    height, width = blank[:2]
    page = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)
    return np.asarray(cv2.perspectiveTransform(page, matrix)[0], np.float32)
