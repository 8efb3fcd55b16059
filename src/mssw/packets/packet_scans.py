"""Make the scans of a packet lighter: with less ink, or small enough to be mailed.

With less ink they are grey, or the paper is white and faint strokes are a little stronger. Where together they are too
large, each grey and colored one gets fewer pixels and a lower JPEG quality, with nothing lost that the eye would miss
on paper. Black-and-white scans are small, and stay. Wraps Pillow.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from PIL import Image

from mssw.core.page import EncodedImage, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mssw.printing.pdf_writer import ScannedPage

#: Dots an inch and JPEG quality, from hardly smaller to smallest. Below the last, pencil begins to suffer.
STEPS = ((300, 74), (250, 72), (220, 70), (200, 68), (200, 60), (180, 58), (170, 52))
_TRIED = 4  # pages, the largest ones, that show which step will do


def shrink_scans(scans: Mapping[str, list[ScannedPage]], most: int) -> dict[str, list[ScannedPage]]:
    """The scans, made smaller where together they have more bytes than a packet may have.

    Args:
        scans: pages by alias.
        most: bytes for all of them.
    """
    pages = sorted((page for some in scans.values() for page in some), key=_bytes, reverse=True)
    total, shrinking = sum(map(_bytes, pages)), [page for page in pages if page.image.tone is not Tone.BITONAL]
    if total <= most or not shrinking:
        return dict(scans)
    room = most - (total - sum(map(_bytes, shrinking)))
    step = _find_step(shrinking, room)
    return {alias: [_shrink(page, step) for page in some] for alias, some in scans.items()}


def _bytes(page: ScannedPage) -> int:
    return len(page.image.data)


def _find_step(pages: list[ScannedPage], room: int) -> tuple[int, int]:
    """The first step with which the pages fit, judged by the largest ones."""
    tried = pages[:_TRIED]
    before = sum(map(_bytes, tried))
    for step in STEPS:
        after = sum(_bytes(_shrink(page, step)) for page in tried)
        if sum(map(_bytes, pages)) * after <= room * before:
            return step
    return STEPS[-1]


def _shrink(page: ScannedPage, step: tuple[int, int]) -> ScannedPage:
    """A page with that many dots an inch at most, and that quality; the page itself if it would not be smaller."""
    dpi, quality = step
    image = page.image
    if image.tone is Tone.BITONAL:
        return page
    with Image.open(io.BytesIO(image.data)) as picture:
        flat = picture.convert("L" if image.tone is Tone.GREY else "RGB")
    scale = min(1.0, dpi * page.size[0] / 72 / flat.width)
    if scale < 1:
        size = (max(1, round(flat.width * scale)), max(1, round(flat.height * scale)))
        flat = flat.resize(size, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    flat.save(buffer, "JPEG", quality=quality, optimize=True)
    if buffer.tell() >= len(image.data):
        return page
    return replace(page, image=EncodedImage(buffer.getvalue(), flat.width, flat.height, image.tone))


def save_ink(pages: Sequence[ScannedPage], *, grey: bool, white: bool) -> list[ScannedPage]:
    """The pages as they are printed. A page in black and white stays as it is.

    Args:
        pages: the scans.
        grey: without colours.
        white: with the paper white, and strokes at least as dark as they are.
    """
    import numpy as np  # noqa: PLC0415 - with OpenCV slow to load, and most packets print as they are

    from mssw.formats.images import encode  # noqa: PLC0415
    from mssw.vision.lighting import whiten_paper  # noqa: PLC0415

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
