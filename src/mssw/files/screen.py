"""Private page images as a screen shows them: smaller, and quick to make."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

SIZES = {"thumb": 220, "page": 1500, "full": 2800}  # pixels of the long side
QUALITY = 82


def for_screen(path: Path, kind: str) -> tuple[bytes, str]:
    """The page as JPEG and its media type.

    Args:
        path: an image that mssw wrote.
        kind: a name of ``SIZES``.
    """
    most = SIZES[kind]
    with Image.open(path) as picture:
        mode = "RGB" if picture.mode == "RGB" else "L"
        picture.draft(mode, (most, most))  # a JPEG is decoded no larger than it is needed
        flat = picture.convert(mode)
    flat.thumbnail(
        (most, most), Image.Resampling.BOX if kind == "thumb" else Image.Resampling.BICUBIC, reducing_gap=2.0
    )
    buffer = io.BytesIO()
    flat.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue(), "image/jpeg"
