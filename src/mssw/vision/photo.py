"""Flatten the photo of a sheet on a desk, and even out its light.

Takes the photo's pixels, returns the page as a scanner would see it.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from mssw.vision.ink import Pixels
from mssw.vision.paper_finder import FOCALS, Floats, find_sheet, measure_proportions

SMALL_SIDE = 440  # pixels of the long side on which the light is looked at: 0.6 mm each on a letter sheet
WIDEST_STROKE = 21  # of those pixels, 13 mm: what is dark and narrower is ink, what is wider is shadow
WIDEST_PICTURE = 55  # 35 mm: for the question whether there is any shadow at all
WHITE = 250
OTHER_COLOUR = 0.1  # by which a printed colour's channels differ from those of the paper
RING = (0.04, 0.09)  # of the page, from its edge: its margin, where nothing is printed and no scanner throws a shadow
UNEVEN = 0.8  # darkest over brightest paper; a scanner's lamp gives 0.9 and more

LETTER, A4 = 8.5 / 11, 210 / 297
LONGEST = 3300  # pixels: a letter sheet at 300 dpi
PAPER = (255, 255, 255)


def even_lighting(pixels: Pixels) -> Pixels:
    """The page with an even light: paper nearly white, ink as strong against it as it was, colours kept.

    Args:
        pixels: (h, w) or (h, w, 3) uint8.
    """
    height, width = pixels.shape[:2]
    small = _paper_under(pixels)
    if small.ndim == 3:
        small = _without_colours(small)
    soft = cv2.GaussianBlur(small, (0, 0), 2.0)
    paper = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(pixels, np.maximum(paper, 1), scale=WHITE), np.uint8)


def is_uneven(pixels: Pixels) -> bool:
    """Whether a page that fills its picture lies partly in shadow, as none on a scanner does."""
    grey = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    paper = _paper_under(grey, WIDEST_PICTURE)
    inner, outer = (
        np.pad(
            np.ones([round(side * (1 - 2 * part)) for side in paper.shape], bool),
            [(round(side * part), side - round(side * part) - round(side * (1 - 2 * part))) for side in paper.shape],
        )
        for part in RING[::-1]
    )
    darkest, brightest = np.percentile(paper[outer & ~inner], (10, 90))
    return bool(darkest < UNEVEN * brightest)


def _paper_under(pixels: Pixels, widest: int = WIDEST_STROKE) -> Pixels:
    """The page at a small size with all ink painted over."""
    scale = SMALL_SIDE / max(pixels.shape[:2])
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (widest, widest))
    closed = cv2.morphologyEx(cv2.GaussianBlur(small, (0, 0), 0.8), cv2.MORPH_CLOSE, kernel)
    return np.asarray(cv2.medianBlur(closed, 5), np.uint8)


def _without_colours(paper: Pixels) -> Pixels:
    """The paper with large areas of another colour (a printed field, a thumb) replaced by what lies around them."""
    levels = paper.astype(np.float32) + 1
    shares = levels / levels.sum(axis=2, keepdims=True)
    usual = np.median(shares.reshape(-1, 3), axis=0)
    plain = (np.abs(shares / usual - 1).max(axis=2) < OTHER_COLOUR).astype(np.float32)
    if plain.mean() < 0.3:
        return paper
    near = cv2.GaussianBlur(levels * plain[..., None], (0, 0), 12)
    weight = cv2.GaussianBlur(plain, (0, 0), 12)[..., None]
    middle = np.median(levels[plain > 0], axis=0)
    around = (near + 1e-4 * middle) / (weight + 1e-4)
    return np.asarray(np.clip(np.where(plain[..., None] > 0, levels, around) - 1, 0, 255), np.uint8)


def flatten_photo(pixels: Pixels, ratio: float | None = None) -> Pixels | None:
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
    seen = measure_proportions(corners, pixels.shape, FOCALS[1])
    wanted = min((way for ratio in ratios for way in (ratio, 1 / ratio)), key=lambda way: abs(math.log(seen / way)))
    return even_lighting(_laid_flat(pixels, corners, wanted))


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
