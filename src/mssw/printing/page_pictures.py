"""Pages as pictures for a screen, a card or a spreadsheet.

The covered pages of a response are drawn from its PDF in any size, by PyMuPDF. Private page images are shrunk for the
review page.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image

from mssw.errors import UnreadableError
from mssw.formats.images import SHARED_QUALITY
from mssw.formats.photos import measure_spread
from mssw.formats.scan_pdf import PDF_FAULTS

COLOURED = 30  # grey levels between a pixel's channels: more than the tint of a scanner
SHARE_COLOURED = 0.0005  # of the page: a line of coloured pencil
_LARGEST_SIDE = 4000  # pixels
_ONE_AT_A_TIME = threading.Lock()  # MuPDF must not be entered twice
_lib = cast("Any", pymupdf)  # publishes no usable types

SIZES = {"thumb": 220, "page": 1500, "full": 2800}  # pixels of the long side
QUALITY = 82


def draw_pages(data: bytes, name: str, room: tuple[int, int] | None = None, *, dpi: int = 0) -> list[Image.Image]:
    """Draw each page as large as fits into that room, or with so many pixels an inch; in colour if it has any.

    Args:
        data: the PDF of a response.
        name: of the file, for messages.
        room: width and height in pixels; without one, ``dpi`` counts.
        dpi: pixels an inch.

    Raises:
        UnreadableError: it cannot be drawn.
    """
    with _ONE_AT_A_TIME:
        document = _open_pdf(data, name)
        try:
            return [_draw_page(document, place, name, room, dpi) for place in range(len(document))]
        finally:
            document.close()


def draw_page(data: bytes, name: str, page: int, room: tuple[int, int]) -> Image.Image:
    """Draw one page, counted from 1, as large as fits into that room.

    Raises:
        UnreadableError: there is no such page, or it cannot be drawn.
    """
    with _ONE_AT_A_TIME:
        document = _open_pdf(data, name)
        try:
            return _draw_page(document, page - 1, name, room)
        finally:
            document.close()


def page_sizes(data: bytes, name: str) -> list[tuple[float, float]]:
    """Width and height of each page in points.

    Raises:
        UnreadableError: it cannot be read.
    """
    with _ONE_AT_A_TIME:
        document = _open_pdf(data, name)
        try:
            return [(float(page.rect.width), float(page.rect.height)) for page in document]
        except PDF_FAULTS:
            raise _damaged(name) from None
        finally:
            document.close()


def _open_pdf(data: bytes, name: str) -> Any:
    try:
        return _lib.open(stream=data, filetype="pdf")
    except PDF_FAULTS:
        raise _damaged(name) from None


def _draw_page(document: Any, place: int, name: str, room: tuple[int, int] | None, dpi: int = 0) -> Image.Image:
    if not 0 <= place < len(document):
        raise UnreadableError(f"{name} has no page {place + 1}; run `mssw prepare` again to make a new one.")
    try:
        page = document[place]
        wide, tall = room or (page.rect.width / 72 * dpi, page.rect.height / 72 * dpi)
        zoom = min(min(wide, _LARGEST_SIDE) / page.rect.width, min(tall, _LARGEST_SIDE) / page.rect.height)
        grey = all(picture["colorspace"] == 1 for picture in page.get_image_info())
        space = _lib.csGRAY if grey else _lib.csRGB
        drawn = page.get_pixmap(matrix=_lib.Matrix(zoom, zoom), colorspace=space, alpha=False)
    except (ZeroDivisionError, *PDF_FAULTS):
        raise _damaged(name) from None
    return Image.frombytes("L" if grey else "RGB", (drawn.width, drawn.height), drawn.samples)


def shows_colour(pixels: NDArray[np.uint8]) -> bool:
    """Whether a picture, (height, width, 3), has more colour than the tint of a scanner."""
    return bool((measure_spread(pixels) > COLOURED).mean() > SHARE_COLOURED)


def join_side_by_side(pictures: Sequence[Image.Image], gap: int) -> Image.Image:
    """Pictures in a row on white, their tops in line."""
    mode = "RGB" if any(picture.mode == "RGB" for picture in pictures) else "L"
    width = sum(picture.width for picture in pictures) + gap * (len(pictures) - 1)
    row = Image.new(mode, (width, max(picture.height for picture in pictures)), "white")
    at = 0
    for picture in pictures:
        row.paste(picture, (at, 0))
        at += picture.width + gap
    return row


def encode_jpeg(picture: Image.Image, quality: int = SHARED_QUALITY) -> bytes:
    """The picture's pixels and nothing else."""
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    buffer = io.BytesIO()
    clean.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _damaged(name: str) -> UnreadableError:
    return UnreadableError(f"{name} cannot be shown; run `mssw prepare` again to make a new one.")


def shrink_for_screen(path: Path, kind: str) -> tuple[bytes, str]:
    """Shrink a page image; returns it as JPEG, and its media type.

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
