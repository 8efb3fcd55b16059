"""The ink of a packet: scans in grey, and on white paper, where a teacher asks for it."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from mssw.core.page import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mssw.printing.pdf_writer import ScannedPage


def inked(pages: Sequence[ScannedPage], *, grey: bool, save_ink: bool) -> list[ScannedPage]:
    """The pages as they are to be printed. What is black and white already stays as it is.

    Args:
        pages: the scans.
        grey: without colours.
        save_ink: the paper white, strokes at least as dark as they are.
    """
    if not (grey or save_ink):
        return list(pages)
    return [_inked(page, grey=grey, save_ink=save_ink) for page in pages]


def _inked(page: ScannedPage, *, grey: bool, save_ink: bool) -> ScannedPage:
    tone = page.image.tone
    if tone is Tone.BITONAL or (tone is Tone.GREY and not save_ink):
        return page
    import numpy as np  # noqa: PLC0415 - only here, since a plain packet needs neither pixels nor their libraries
    from PIL import Image  # noqa: PLC0415

    from mssw.formats.images import encode  # noqa: PLC0415
    from mssw.vision.saveink import ink_saved  # noqa: PLC0415

    with Image.open(io.BytesIO(page.image.data)) as picture:
        pixels = np.array(picture.convert("L" if grey else picture.mode), np.uint8)
    pixels = ink_saved(pixels) if save_ink else pixels
    return replace(page, image=encode(pixels, Tone.GREY if grey else tone))
