"""A scan laid into the blank task's frame, and so straight, upright and in its place."""

from __future__ import annotations

import cv2
import numpy as np

from mssw.vision.ink import Mask, Matrix, Pixels

PAPER = (255, 255, 255)
_FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


def laid_on(grey: Pixels, matrix: Matrix, shape: tuple[int, ...]) -> Pixels:
    """The scan in the blank's frame; what lies off the scan goes on as its edge does.

    Args:
        grey: the scan, (height, width) uint8.
        matrix: 3 × 3, from the blank's pixels to the scan's.
        shape: of the blank, (height, width).
    """
    how = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpPerspective(grey, matrix, shape[1::-1], flags=_FLAGS, borderMode=how), np.uint8)


def mask_laid_on(mask: Mask, matrix: Matrix, shape: tuple[int, ...]) -> Mask:
    """A mask of the scan in the blank's frame, nothing of it lying off the scan; arguments as for ``laid_on``."""
    return np.asarray(cv2.warpPerspective(mask.astype(np.uint8) * 255, matrix, shape[1::-1], flags=_FLAGS) > 0)


def straightened(
    pixels: Pixels, matrix: Matrix, seen: tuple[int, ...], blank: tuple[int, ...], *, grow: float
) -> Pixels:
    """The page at its own resolution in the blank's frame; what lies off the scan is paper.

    Args:
        pixels: the page as decoded, (height, width) or (height, width, 3) uint8.
        matrix: from the blank to the scan, both at the analysis' resolution.
        seen: shape of the scan at that resolution.
        blank: shape of the blank at that resolution.
        grow: the resolution of what is wanted over that of the analysis.
    """
    width, height = round(blank[1] * grow), round(blank[0] * grow)
    to_scan = np.diag([pixels.shape[1] / seen[1], pixels.shape[0] / seen[0], 1.0])
    from_wanted = np.diag([blank[1] / width, blank[0] / height, 1.0])
    whole = to_scan @ matrix @ from_wanted
    return np.asarray(cv2.warpPerspective(pixels, whole, (width, height), flags=_FLAGS, borderValue=PAPER), np.uint8)


def share_shown(matrix: Matrix, blank: tuple[int, ...], seen: tuple[int, ...]) -> float:
    """How much of the blank's page lies within the picture, 0 to 1.

    Args:
        matrix: 3 × 3, from the blank's pixels to the picture's.
        blank: shape of the blank, (height, width).
        seen: shape of the picture.
    """
    page, frame = (np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32) for h, w in (blank[:2], seen[:2]))
    lies = np.asarray(cv2.perspectiveTransform(page[None], matrix)[0], np.float32)
    return float(cv2.intersectConvexConvex(lies, frame)[0] / max(1.0, cv2.contourArea(lies)))
