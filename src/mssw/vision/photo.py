"""A photo of a sheet on a desk, laid flat and evened out."""

from __future__ import annotations

import math

import cv2
import numpy as np

from mssw.vision.ink import Pixels
from mssw.vision.light import evened
from mssw.vision.paperedges import Floats
from mssw.vision.paperfinder import FOCALS, find_sheet, proportions

LETTER, A4 = 8.5 / 11, 210 / 297
LONGEST = 3300  # pixels: a letter sheet at 300 dpi
PAPER = (255, 255, 255)


def flattened(pixels: Pixels, ratio: float | None = None) -> Pixels | None:
    """The sheet of paper in a photo as a straight rectangle, evenly lit.

    Args:
        pixels: the photo, (h, w) or (h, w, 3) uint8 in RGB order.
        ratio: width over height of the paper, either way up; None takes the nearer of US Letter and A4.

    Returns:
        The page alone, of as many channels; None where no sheet is clearly seen on something else: a scan, a page that
        fills the frame, a sheet of other proportions.
    """
    colour = pixels if pixels.ndim == 3 else np.dstack([pixels] * 3)
    ratios = (LETTER, A4) if ratio is None else (ratio,)
    corners = find_sheet(colour, ratios)
    if corners is None:
        return None
    seen = proportions(corners, pixels.shape, FOCALS[1])
    wanted = min((way for ratio in ratios for way in (ratio, 1 / ratio)), key=lambda way: abs(math.log(seen / way)))
    return evened(_laid_flat(pixels, corners, wanted))


def _laid_flat(pixels: Pixels, corners: Floats, ratio: float) -> Pixels:
    """The sheet between its corners, its long side as long as in the photo."""
    lengths = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    across, down = max(lengths[0], lengths[2]), max(lengths[1], lengths[3])
    long = min(LONGEST, round(max(across, down)))
    width, height = (long, round(long / ratio)) if ratio > 1 else (round(long * ratio), long)
    edge = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - np.float32(0.5)
    matrix = cv2.getPerspectiveTransform(edge, corners.astype(np.float32))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(pixels, matrix, (width, height), flags=flags, borderValue=PAPER), np.uint8)
