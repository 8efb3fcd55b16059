"""A page as pixels, and what no scanned page can be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mssw.errors import UnreadableError
from mssw.model.page import Tone

MOST_PAGES = 2000
OUTPUT_DPI = 300.0
PAPER_INCHES = 11.0  # the long side that a picture without a believable resolution is taken to show
NARROWEST = 8  # times as long as it is wide: a till receipt, not a sheet
GREY_SPREAD = 24  # channels that differ by less than this show no colour, only the scanner's tint
COLOURED_SHARE = 0.0002  # of the pixels: a few stray ones are the scanner's too
MIDDLE_GREY = 128


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as pixels.

    Attributes:
        pixels: uint8, (height, width) or (height, width, 3) in RGB order; bitonal ones hold 0 and 255 only.
        dpi: pixels an inch of paper.
        tone: bitonal, grey or colour.
        points: the page's width and height in points.
    """

    pixels: NDArray[np.uint8]
    dpi: float
    tone: Tone
    points: tuple[float, float]

    def sha256(self) -> str:
        """The hash of the pixels and their shape."""
        digest = hashlib.sha256(repr(self.pixels.shape).encode())
        digest.update(np.ascontiguousarray(self.pixels).data)
        return digest.hexdigest()


def finished(pixels: NDArray[np.uint8], dpi: float, tone: Tone, points: tuple[float, float]) -> Picture:
    """The picture in the plainest tone that loses nothing: colour that shows none is grey."""
    if tone is Tone.COLOUR and _shows_no_colour(pixels):
        pixels, tone = (pixels @ np.array([0.299, 0.587, 0.114]) + 0.5).astype(np.uint8), Tone.GREY
    elif tone is Tone.BITONAL:
        pixels = np.where(pixels < MIDDLE_GREY, 0, 255).astype(np.uint8)
    return Picture(np.ascontiguousarray(pixels), dpi, tone, points)


def damaged(name: str, number: int) -> UnreadableError:
    """What to say of a page that cannot be decoded whole."""
    return UnreadableError(f"{name}, page {number}, is damaged; scan that sheet again.")


def check_shape(name: str, number: int, width: float, height: float) -> None:
    """Refuse what has no page's proportions.

    Raises:
        UnreadableError: it is a strip.
    """
    if max(width, height) > NARROWEST * min(width, height):
        raise UnreadableError(
            f"{name}, page {number}, is a strip of {width:.0f} × {height:.0f}, which no sheet is; scan it again."
        )


def _shows_no_colour(pixels: NDArray[np.uint8]) -> bool:
    """Whether hardly a pixel's channels differ: a grey page that was saved as colour."""
    few = pixels[::3, ::3].astype(np.int16)
    spread = few.max(axis=2) - few.min(axis=2)
    return bool((spread > GREY_SPREAD).mean() < COLOURED_SHARE)
