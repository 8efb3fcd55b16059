"""Is anything on this page? And are two pages scans of the same sheet?"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.ink import Grey, Mask, depth

EDGE_MM = 10.0  # shadows and punch holes live there
STRONG = 45  # grey levels: the back's show-through stays under this, a pen does not
NOTHING_MM2 = 8.0
SIGNATURE = (48, 64)
SAME_LOOK = 0.8
SAME_STROKES = 0.85  # two scans of one sheet measure 0.99, two students' pages up to 0.6


def strong_ink(scan: Grey, dpi: float, dirt: Mask) -> float:
    """mm² of clear ink on a page, its edges left out.

    Args:
        scan: the page, (height, width) uint8.
        dpi: of the page.
        dirt: where the scanner drew streaks of its own, the same shape.
    """
    dark = depth(scan, reach=round(dpi / 5) | 1)
    edge = round(EDGE_MM * dpi / 25.4)
    clear = np.asarray((dark > STRONG) & ~dirt)[edge:-edge, edge:-edge].astype(np.uint8)
    strokes = cv2.morphologyEx(clear, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return float(strokes.sum()) / (dpi / 25.4) ** 2


def signature(ink: Mask) -> NDArray[np.uint8]:
    """New ink at a size at which two scans of one sheet look the same: uint8 (64, 48)."""
    small = cv2.resize(ink.astype(np.float32), SIGNATURE, interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(cv2.GaussianBlur(small, (0, 0), 0.8) * 1000, 0, 255), np.uint8)


def look_alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Whether two signatures may be of the same sheet: quick, to be followed by ``same_strokes``."""
    first, second = one.astype(np.float32).ravel(), other.astype(np.float32).ravel()
    if first.std() < 1 or second.std() < 1:
        return False
    return bool(np.corrcoef(first, second)[0, 1] > SAME_LOOK)


def same_strokes(one: Mask, other: Mask, dpi: float) -> bool:
    """Whether two pages carry the very same strokes, each within half a millimetre of the other's."""
    reach, edge = round(0.5 * dpi / 25.4), round(EDGE_MM * dpi / 25.4)
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    one, other = one[edge:-edge, edge:-edge], other[edge:-edge, edge:-edge]

    def share(ink: Mask, of: Mask) -> float:
        near = cv2.dilate(of.astype(np.uint8), kernel) > 0
        return float((ink & near).sum()) / max(1, int(ink.sum()))

    return min(share(one, other), share(other, one)) > SAME_STROKES
