"""Pages on white paper: the grey of the scan is taken off, and faint strokes are made a little stronger.

In: the pixels of a page. Out: the same page, with its paper white.
"""

from __future__ import annotations

import cv2
import numpy as np

from mssw.vision.ink import Pixels
from mssw.vision.photo import even_lighting

WHITE = 250  # grey level that evened() gives to paper
LEAST = 4  # grey levels below the paper: the unevenness of a clean scan
GRAINS = 2.5  # times the paper's grain; anything lighter is not a stroke
STRONGER = 0.75  # exponent of a stroke's depth: 20 levels become 38, 200 become 213
NEIGHBOURS = 3  # pixels; a stroke is larger than this, a speck of grain is not


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
