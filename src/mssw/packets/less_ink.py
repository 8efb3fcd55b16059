"""The ink of a packet: scans in grey, and on white paper, where a teacher asks for it.

Pages that print with little ink: paper made white, strokes kept, faint ones a little stronger than they were.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from mssw.core.page import Tone
from mssw.formats.images import encode
from mssw.vision.ink import Pixels
from mssw.vision.photo import evened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mssw.printing.pdf_writer import ScannedPage


WHITE = 250  # what evened() makes of paper
LEAST = 4  # grey levels below the paper: a clean scan's own unevenness
GRAINS = 2.5  # times the paper's grain: what is lighter is no stroke
STRONGER = 0.75  # exponent of a stroke's depth: 20 levels become 38, 200 become 213
NEIGHBOURS = 3  # pixels; a stroke goes on beyond one of them, grain does not


def ink_saved(pixels: Pixels) -> Pixels:
    """The page on white paper: what is lighter than any stroke is white, what is a stroke is at least as dark.

    Args:
        pixels: (h, w) or (h, w, 3) uint8, in RGB order.
    """
    even = evened(pixels)
    grey = even if even.ndim == 2 else np.asarray(cv2.cvtColor(even, cv2.COLOR_RGB2GRAY), np.uint8)
    depth = np.clip(WHITE - grey.astype(np.int16), 0, WHITE).astype(np.float32)
    least = max(LEAST, GRAINS * _grain(grey))
    # A stroke is dark over its whole width: the mean of its neighbours tells it from a speck of grain.
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


def inked(pages: Sequence[ScannedPage], *, grey: bool, save_ink: bool) -> list[ScannedPage]:
    """The pages as they are to be printed. What is black and white already stays as it is.

    Args:
        pages: the scans.
        grey: without colours.
        save_ink: the paper white, strokes at least as dark as they are.
    """
    return [_inked(page, grey=grey, save_ink=save_ink) for page in pages]


def _inked(page: ScannedPage, *, grey: bool, save_ink: bool) -> ScannedPage:
    tone = page.image.tone
    if tone is Tone.BITONAL or (tone is Tone.GREY and not save_ink):
        return page
    with Image.open(io.BytesIO(page.image.data)) as picture:
        pixels = np.array(picture.convert("L" if grey else picture.mode), np.uint8)
    pixels = ink_saved(pixels) if save_ink else pixels
    return replace(page, image=encode(pixels, Tone.GREY if grey else tone))
