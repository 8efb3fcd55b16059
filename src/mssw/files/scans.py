"""Any scan or photo in, page images out: PDF through PyMuPDF, pictures through Pillow.

Meant to run in a worker process with limits (see ``workers``): what a stranger's file does stays there. Sizes are
checked before anything is decoded.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from mssw.errors import UnreadableError
from mssw.model.page import Box, Tone

MOST_PAGES = 2000
OUTPUT_DPI = 300.0
DRAWN_DPI = 200.0  # a page of text and lines has no pixels of its own
LARGEST_PAGE_PT = 14_400.0  # the PDF standard's own limit
SMALLEST_PAGE_PT = 72.0
LARGEST_RASTER = 40_000_000  # pixels in one page's image: A3 at 450 dpi
LARGEST_SOURCE_BYTES = 300_000_000  # of one decoded picture inside a PDF
PAPER_INCHES = 11.0  # the long side that a picture without a believable resolution is taken to show
GREY_SPREAD = 24  # channels that differ by less than this show no colour, only the scanner's tint


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


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page's text, with its place in fractions of the page."""

    text: str
    box: Box


def count_pages(path: Path) -> int:
    """How many pages a file holds.

    Raises:
        UnreadableError: it is missing, empty, locked, damaged, too long, or no scan at all.
    """
    if _is_pdf(path):
        with _open_pdf(path) as document:
            count = len(document)
    else:
        with _open_picture(path) as picture:
            count = sum(1 for _ in ImageSequence.Iterator(picture)) if _may_hold_pages(picture) else 1
    if count == 0:
        raise UnreadableError(f"{path.name} has no pages; scan the stack again.")
    if count > MOST_PAGES:
        raise UnreadableError(
            f"{path.name} has {count} pages, more than the {MOST_PAGES} that one file may hold; split it and give the parts."
        )
    return count


def read_page(path: Path, number: int, *, most_dpi: float = OUTPUT_DPI) -> Picture:
    """Page ``number`` (from 1) of a file as pixels, at its own resolution up to ``most_dpi``.

    Raises:
        UnreadableError: the page is too large, too small, or damaged.
    """
    if _is_pdf(path):
        with _open_pdf(path) as document:
            return _render(path, document, number, most_dpi)
    with _open_picture(path) as picture:
        return _decode(path, picture, number, most_dpi)


def read_words(path: Path, number: int) -> list[Word]:
    """The words of a PDF page's own text layer; none for a picture.

    Raises:
        UnreadableError: the file can't be read.
    """
    if not _is_pdf(path):
        return []
    with _open_pdf(path) as document:
        page = document[number - 1]
        width, height = page.rect.width, page.rect.height
        turn = page.rotation_matrix
        words = []
        for left, top, right, bottom, text, *_ in page.get_text("words"):
            spot = pymupdf.Rect(left, top, right, bottom) * turn
            words.append(Word(text, Box.from_pixels(spot.x0, spot.y0, spot.x1, spot.y1, width, height)))
        return words


def _is_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except FileNotFoundError:
        raise UnreadableError(f"{path} is not there; check the name and the folder.") from None
    except OSError as error:
        raise UnreadableError(f"{path} cannot be opened: {error.strerror}; check that you may read it.") from None
    if not head:
        raise UnreadableError(f"{path.name} is empty (0 bytes); scan the stack again or copy the file once more.")
    return b"%PDF-" in head


@contextmanager
def _open_pdf(path: Path) -> Iterator[Any]:
    pymupdf.TOOLS.mupdf_display_errors(False)  # noqa: FBT003 - the library's own signature
    pymupdf.TOOLS.mupdf_display_warnings(False)  # noqa: FBT003
    try:
        document = pymupdf.open(path, filetype="pdf")
    except (pymupdf.FileDataError, pymupdf.EmptyFileError, RuntimeError, ValueError):
        raise UnreadableError(
            f"{path.name} is damaged and cannot be read as a PDF; scan the stack again or copy the file once more."
        ) from None
    with document:
        if document.needs_pass:
            raise UnreadableError(
                f"{path.name} is locked with a password; open it, save a copy without one, and give that."
            )
        yield document


def _render(path: Path, document: Any, number: int, most_dpi: float) -> Picture:
    try:
        page = document[number - 1]
        width, height = float(page.rect.width), float(page.rect.height)
        _check_page_size(path, number, width, height)
        pictures = page.get_image_info()
        dpi, tone = _native(path, number, pictures, width, height)
        paper_dpi, points = _believable(dpi, width, height)
        zoom = dpi / 72 * min(1.0, most_dpi / paper_dpi)
        grey = tone is not Tone.COLOUR
        pixmap = page.get_pixmap(
            matrix=pymupdf.Matrix(zoom, zoom),
            colorspace=pymupdf.csGRAY if grey else pymupdf.csRGB,
            alpha=False,
        )
    except (RuntimeError, ValueError, IndexError, pymupdf.mupdf.FzErrorBase):
        raise UnreadableError(f"{path.name}, page {number}, is damaged; scan that sheet again.") from None
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, -1)
    return _finish(pixels[..., 0] if grey else pixels, min(paper_dpi, most_dpi), tone, points)


def _check_page_size(path: Path, number: int, width: float, height: float) -> None:
    if max(width, height) > LARGEST_PAGE_PT or min(width, height) < SMALLEST_PAGE_PT:
        raise UnreadableError(
            f"{path.name}, page {number}, says it is {width / 72:.0f} × {height / 72:.0f} inches, "
            "which no scanned sheet is; scan it again at its real size."
        )


def _native(path: Path, number: int, pictures: list[Any], width: float, height: float) -> tuple[float, Tone]:
    """The resolution and tone of a PDF page, told by the pictures that it is made of."""
    dpi, tone, shown = 0.0, Tone.BITONAL, 0.0
    for picture in pictures:
        if (
            picture["width"] * picture["height"] * max(1, picture["colorspace"]) * picture["bpc"] / 8
            > LARGEST_SOURCE_BYTES
        ):
            raise UnreadableError(
                f"{path.name}, page {number}, holds a picture of {picture['width']} × {picture['height']} pixels, "
                "more than any scanner makes; scan that sheet again at 300 dpi or less."
            )
        left, top, right, bottom = picture["bbox"]
        area = max(0.0, right - left) * max(0.0, bottom - top) / (width * height)
        if area < 0.02:  # a logo says nothing about the scan
            continue
        across = max(abs(right - left), abs(bottom - top))
        dpi = max(dpi, max(picture["width"], picture["height"]) / across * 72)
        shown += area
        if picture["bpc"] > 1:
            tone = Tone.GREY if picture["colorspace"] == 1 and tone is not Tone.COLOUR else Tone.COLOUR
    if shown < 0.5:
        return DRAWN_DPI, Tone.COLOUR
    return max(dpi, 36.0), tone


def _believable(dpi: float, width: float, height: float) -> tuple[float, tuple[float, float]]:
    """The true resolution and size of the paper: phone apps write a page of 1,700 × 2,200 points for a letter sheet."""
    if max(width, height) <= 2 * PAPER_INCHES * 72:
        return dpi, (width, height)
    shrink = PAPER_INCHES * 72 / max(width, height)
    return dpi / shrink, (width * shrink, height * shrink)


@contextmanager
def _open_picture(path: Path) -> Iterator[Image.Image]:
    if path.suffix.lower() in {".heic", ".heif"}:
        import pillow_heif  # noqa: PLC0415 - slow to load, and only iPhones need it

        pillow_heif.register_heif_opener()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which we never use
        try:
            picture = Image.open(path)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
            raise UnreadableError(
                f"{path.name} is neither a PDF nor a picture that can be read (JPEG, PNG, TIFF, HEIC); "
                "scan the stack to PDF and give that."
            ) from None
        except Image.DecompressionBombError:
            raise UnreadableError(
                f"{path.name} has more pixels than any scanner makes; scan it again at 300 dpi or less."
            ) from None
        with picture:
            yield picture


def _may_hold_pages(picture: Image.Image) -> bool:
    return (
        picture.format in {"TIFF", "MPO", "HEIF"} and getattr(picture, "n_frames", 1) > 1 and picture.format == "TIFF"
    )


def _decode(path: Path, picture: Image.Image, number: int, most_dpi: float) -> Picture:
    if _may_hold_pages(picture):
        picture.seek(number - 1)
    width, height = picture.size
    if width * height > LARGEST_RASTER or min(width, height) < 100:
        raise UnreadableError(
            f"{path.name}, page {number}, has {width} × {height} pixels, which no scanned sheet has; "
            "scan it again at 200 or 300 dpi."
        )
    try:
        tone = _tone_of(picture)
        upright = ImageOps.exif_transpose(picture)
        flat = (
            upright.convert("RGB" if tone is Tone.COLOUR else "L")
            if not _has_alpha(upright)
            else _on_white(upright, tone)
        )
    except (OSError, ValueError, SyntaxError, MemoryError):
        raise UnreadableError(f"{path.name}, page {number}, is damaged; scan that sheet again.") from None
    dpi = _dpi_of(picture, flat.size)
    shrink = min(1.0, most_dpi / dpi)
    if shrink < 1:
        flat = flat.resize((round(flat.width * shrink), round(flat.height * shrink)), Image.Resampling.BOX)
    points = (flat.width / (dpi * shrink) * 72, flat.height / (dpi * shrink) * 72)
    return _finish(np.asarray(flat, np.uint8), dpi * shrink, tone, points)


def _tone_of(picture: Image.Image) -> Tone:
    if picture.mode == "1":
        return Tone.BITONAL
    return Tone.GREY if picture.mode in {"L", "LA", "I", "I;16", "F"} else Tone.COLOUR


def _has_alpha(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def _on_white(picture: Image.Image, tone: Tone) -> Image.Image:
    layer = picture.convert("RGBA")
    sheet = Image.new("RGBA", layer.size, "white")
    sheet.alpha_composite(layer)
    return sheet.convert("RGB" if tone is Tone.COLOUR else "L")


def _dpi_of(picture: Image.Image, size: tuple[int, int]) -> float:
    """The resolution that a picture states, if a sheet of paper of that size is believable; else that of a letter sheet."""
    stated = float(picture.info.get("dpi", (0, 0))[0] or 0)
    long_side = max(size)
    if stated and 5 <= long_side / stated <= 18:
        return stated
    return long_side / PAPER_INCHES


def _finish(pixels: NDArray[np.uint8], dpi: float, tone: Tone, points: tuple[float, float]) -> Picture:
    if tone is Tone.COLOUR and _shows_no_colour(pixels):
        pixels, tone = np.asarray(Image.fromarray(pixels).convert("L"), np.uint8), Tone.GREY
    elif tone is Tone.BITONAL:
        pixels = np.where(pixels < 128, 0, 255).astype(np.uint8)
    return Picture(np.ascontiguousarray(pixels), dpi, tone, points)


def _shows_no_colour(pixels: NDArray[np.uint8]) -> bool:
    """Whether hardly a pixel's channels differ: a grey page that was saved as colour."""
    few = pixels[::3, ::3].astype(np.int16)
    spread = few.max(axis=2) - few.min(axis=2)
    return bool((spread > GREY_SPREAD).mean() < 0.0002)
