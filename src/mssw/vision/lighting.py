"""Even out the light on a page, and make its paper white.

In: the pixels of a page. Out: the same page as a scanner with an even lamp and clean rollers would see it; or on white
paper, with the grey of the scan taken off and faint strokes a little stronger.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.ink import Grey, Pixels

SMALL_SIDE = 440  # pixels of the long side on which the light is looked at: 0.6 mm each on a letter sheet
WIDEST_STROKE = 21  # of those pixels, 13 mm: what is dark and narrower is ink, what is wider is shadow
WIDEST_PICTURE = 55  # 35 mm: for the question whether there is any shadow at all
WHITE = 250  # grey level that the paper gets
OTHER_COLOUR = 0.1  # by which a printed colour's channels differ from those of the paper
RING = (0.04, 0.09)  # of the page, from its edge: its margin, where nothing is printed and no scanner throws a shadow
UNEVEN = 0.8  # darkest over brightest paper; a scanner's lamp gives 0.9 and more

# Stripes
BANDS = 12  # of the height: in each of them a stripe is seen
BARE_PAPER = 75  # percentile: a quarter of a column is bare in each band
WIDEST_STRIPE = 0.1  # of the width; a shadow is wider
FAINTEST_STRIPE, DARKEST_STRIPE = 0.03, 0.5  # of the paper's brightness; a clean scan has 0.01
LIGHT_PAPER, BESIDE_STRIPE = 0.9, 0.01  # of a band's usual brightness, and of the width: so near is bare paper

# White paper
LEAST = 4  # grey levels below the paper: the unevenness of a clean scan
GRAINS = 2.5  # times the paper's grain; anything lighter is not a stroke
STRONGER = 0.75  # exponent of a stroke's depth: 20 levels become 38, 200 become 213
NEIGHBOURS = 3  # pixels; a stroke is larger than this, a speck of grain is not


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


def take_off_stripes(scan: Grey) -> Grey:
    """Take off the grey stripes that a dirty roller draws from the top edge of a scan to its bottom edge.

    A column is a stripe's if its paper is darker all the way down. It becomes as light as the paper beside it, and ink
    on it stays ink: nothing that somebody wrote is dark over the whole height. Lines that are as dark as ink stay too.

    Args:
        scan: the page as scanned, before it is straightened, (height, width) uint8.

    Returns:
        The page without them; the very same one where there are none.
    """
    if scan.shape[0] < BANDS:
        return scan
    edges = np.linspace(0, scan.shape[0], BANDS + 1).astype(int)
    bands = (scan[top:bottom] for top, bottom in pairwise(edges))
    columns = np.stack([np.percentile(band[::3], BARE_PAPER, axis=0) for band in bands]).astype(np.float32)
    widest = round(WIDEST_STRIPE * scan.shape[1]) | 1
    paper = cv2.morphologyEx(columns, cv2.MORPH_CLOSE, np.ones((1, widest), np.uint8))
    darker = (1 - columns / np.maximum(paper, 1)).min(axis=0)
    darker[(darker < FAINTEST_STRIPE) | (darker > DARKEST_STRIPE)] = 0
    darker[~_has_paper_beside(darker > 0, columns)] = 0
    if not darker.any():
        return scan
    return np.asarray(np.clip(scan / (1 - darker), 0, 255), np.uint8)


def _has_paper_beside(dark: NDArray[np.bool_], columns: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which dark columns have paper on their left and on their right: the scanner's lid beside a sheet has not.

    Args:
        dark: (width,) the columns that are darker all the way down.
        columns: (bands, width) how light the paper is.
    """
    is_paper = np.all(columns > LIGHT_PAPER * np.median(columns, axis=1, keepdims=True), axis=0)
    near = max(1, round(BESIDE_STRIPE * len(dark)))
    kept = np.zeros_like(dark)
    edges = np.flatnonzero(np.diff(dark, prepend=False, append=False))
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        around = is_paper[max(0, first - near) : first], is_paper[end : end + near]
        kept[first:end] = all(side.any() for side in around)
    return kept


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


def whiten_paper(pixels: Pixels) -> Pixels:
    """The page on white paper: what is lighter than any stroke is white, what is a stroke is at least as dark.

    Args:
        pixels: (h, w) or (h, w, 3) uint8, in RGB order.
    """
    even = even_lighting(pixels)
    grey = even if even.ndim == 2 else np.asarray(cv2.cvtColor(even, cv2.COLOR_RGB2GRAY), np.uint8)
    depth = np.clip(WHITE - grey.astype(np.int16), 0, WHITE).astype(np.float32)
    least = max(LEAST, GRAINS * _grain(grey))
    # A stroke is dark over its whole width, so the mean of its neighbours tells it from a speck of grain.
    around = cv2.blur(depth, (NEIGHBOURS, NEIGHBOURS))
    kept = np.clip((np.maximum(around, depth / 2) - least / 2) / (least / 2), 0, 1)
    stronger = WHITE * (depth / WHITE) ** STRONGER * kept
    if even.ndim == 2:
        return np.asarray(255 - stronger, np.uint8)
    # Colours keep their hue: each channel is moved as far as the grey is.
    factor = (stronger / np.maximum(depth, 1))[..., None]
    channels = 255 - np.clip(WHITE - even.astype(np.float32), 0, WHITE) * factor
    return np.asarray(np.clip(channels, 0, 255), np.uint8)


def _grain(grey: Pixels) -> float:
    """The standard deviation of the paper's grain in grey levels, by the median of the differences of neighbours."""
    differences = np.abs(np.diff(grey[::3, ::2].astype(np.int16), axis=1))
    return float(np.median(differences)) / 0.954  # of a normal grain's differences of two pixels
