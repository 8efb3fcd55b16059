"""Scans that print with less ink: in grey, or with the paper made white and faint strokes a little stronger."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from mssw.core.page import Tone
from mssw.formats.images import encode
from mssw.vision.lighting import whiten_paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mssw.printing.pdf_writer import ScannedPage


def save_ink(pages: Sequence[ScannedPage], *, grey: bool, white: bool) -> list[ScannedPage]:
    """The pages as they are printed. A page in black and white stays as it is.

    Args:
        pages: the scans.
        grey: without colours.
        white: with the paper white, and strokes at least as dark as they are.
    """
    saved = []
    for page in pages:
        tone = page.image.tone
        if tone is Tone.BITONAL or (tone is Tone.GREY and not white):
            saved.append(page)
            continue
        with Image.open(io.BytesIO(page.image.data)) as picture:
            pixels = np.array(picture.convert("L" if grey else picture.mode), np.uint8)
        pixels = whiten_paper(pixels) if white else pixels
        saved.append(replace(page, image=encode(pixels, Tone.GREY if grey else tone)))
    return saved
