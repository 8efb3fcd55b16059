"""What is on a scan beside the task's page that was found on it: a second page, or writing that would be cut off.

A scan and where the page lies on it come in; how much ink lies outside comes out, and the scan without that page, so
that a second one can be looked for.
"""

from __future__ import annotations

import cv2
import numpy as np

from mssw.vision.ink import STRONG, Grey, Mask, Matrix, measure_ink_depth

#: Of the scan's area. Where the page takes up as much, only the rim of the glass is left beside it.
WHOLE_SCAN = 0.97
#: Of ink. A student's name takes about 15; the shadow of a sheet's edge is a straight line and does not count.
SOMETHING_MM2 = 12.0
RIM_MM = 4.0  # of the glass: shadows live there
AROUND_MM = 2.5  # of the page: a sheet a little larger than the task's, and print on its very edge
LONG_MM, THIN_MM = 8.0, 0.8  # a mark that is longer and thinner is the edge of a sheet, straight or askew


def share_of_scan(matrix: Matrix, blank: tuple[int, ...], seen: tuple[int, ...]) -> float:
    """How much of a scan the page takes up; a little over 1 where it reaches over the scan's edge.

    Args:
        matrix: 3 × 3, from the blank's pixels to the scan's.
        blank: shape of the blank page, (height, width).
        seen: shape of the scan.
    """
    return float(cv2.contourArea(_corners(matrix, blank)) / (seen[0] * seen[1]))


def ink_beside_page(scan: Grey, matrix: Matrix, blank: tuple[int, ...], dpi: float, dirt: Mask) -> float:
    """mm² of clear ink on a scan outside of the page that was found on it.

    Args:
        scan: (height, width) uint8.
        matrix: 3 × 3, from the blank's pixels to the scan's.
        blank: shape of the blank page.
        dpi: of the scan.
        dirt: where the scanner drew streaks of its own, of the scan's shape.
    """
    mm = dpi / 25.4
    dark = (
        (measure_ink_depth(scan, reach=round(dpi / 5) | 1) > STRONG)
        & ~dirt
        & ~_page(scan, matrix, blank, around=AROUND_MM * mm)
    )
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
