"""Pages of PDF files as pixels, through PyMuPDF. A page that the reader warns of counts as damaged.

A page that seems blank is looked at by a second reader, pdfium: a damaged JBIG2 or JPEG 2000 picture comes out white in
one reader and whole in another, and such a page is no blank one.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import pymupdf
import pypdfium2
from numpy.typing import NDArray

from mssw.core.page import Box, Tone
from mssw.errors import UnreadableError
from mssw.formats.photos import OUTPUT_DPI, PAPER_INCHES, Picture, as_picture, check_shape, damaged_error

DRAWN_DPI = 200.0  # a page of text and lines has no pixels of its own
_SHARP_DPI = 400.0  # as it is printed, in two tones
_INK, _PAPER = 110, 225  # grey levels: what is between them is the rim of a letter, or a shade
_FEW_SHADES = 0.0005  # of a page: less is letters alone
COARSEST_DPI = 36.0
LARGEST_PAGE_PT = 14_400.0  # the PDF standard's own limit
SMALLEST_PAGE_PT = 72.0
LARGEST_SOURCE_BYTES = 300_000_000  # of one decoded picture
LOGO = 0.02  # of the page: so small a picture says nothing about the scan
MOST_OF_A_PAGE = 0.5
_WHITE = 250
RULE_LEANS_PT = 0.5  # from one end of a straight rule to the other
TAIL_BYTES = 2048  # the end of a file, where a complete one has its end mark

_lib = cast("Any", pymupdf)  # publishes no usable types
_SERIOUS = re.compile(r"error|premature|truncated|corrupt|cannot", re.IGNORECASE)
_PAINTED = 16 | 32  # flags of a span whose signs are filled, or drawn as outlines
_OF_TEXT = {"fill-text", "stroke-text", "ignore-text", "fill-path", "stroke-path"}
# What PyMuPDF raises for a damaged file; the last three from its own Python code, where MuPDF gives it something odd.
PDF_FAULTS = (RuntimeError, ValueError, IndexError, pymupdf.mupdf.FzErrorBase, TypeError, AttributeError, KeyError)
GLANCE_DPI = 50  # at which it draws
_DARK = 200  # of 255: darker is ink for the second reader
_LEAST_INK = 3  # pixels of it


@dataclass(frozen=True, slots=True)
class PdfWord:
    """A word of a page's text, with its place in fractions of the page."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line of a page's text that can be seen.

    Attributes:
        text: its signs. A repr shows none of them.
        boxes: the place of each sign, in fractions of the page.
    """

    text: str = field(repr=False)
    boxes: tuple[Box, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page, as it was typed.

    Attributes:
        lines: those that can be seen.
        is_all: whether nothing else can be seen on the page but straight rules: no picture, no stroke of a pen.
    """

    lines: tuple[TypedLine, ...]
    is_all: bool


def count_pages(path: Path) -> int:
    """Count the pages that the file says it has.

    Raises:
        UnreadableError: it is locked, cut off, or no PDF inside.
    """
    with _open(path) as document:
        try:
            return len(document)
        except PDF_FAULTS:
            raise _unreadable(path) from None


def read_page(path: Path, number: int, most_dpi: float = OUTPUT_DPI) -> Picture:
    """Read page ``number`` (from 1) as pixels.

    Raises:
        UnreadableError: the page is too large, too small, or damaged.
    """
    with _open(path) as document:
        try:
            _lib.TOOLS.reset_mupdf_warnings()
            page = document[number - 1]
            picture = _render(path.name, page, number, most_dpi)
            sound = _is_empty(document, page) or not _SERIOUS.search(_lib.TOOLS.mupdf_warnings())
            sound = sound and not (_is_all_white(picture) and page.get_images() and has_ink(path, number))
        except PDF_FAULTS:
            raise damaged_error(path.name, number) from None
        if not sound:
            raise damaged_error(path.name, number)
        return picture


def draw_sharp_page(path: Path, number: int, shown: Picture) -> Picture:
    """Draw a page of text and lines anew for print; a page with pictures, or of another size, stays as it is.

    Without shades it has two tones and more dots an inch, as print has; with shades or colors it has their tones.

    Args:
        path: the file.
        number: of the page, from 1.
        shown: the page as it was read.
    """
    with _open(path) as document:
        try:
            page = document[number - 1]
            size = (float(page.rect.width), float(page.rect.height))
            if page.get_image_info() or max(abs(a - b) for a, b in zip(size, shown.points, strict=True)) > 1:
                return shown
            two_tones = shown.tone is not Tone.COLOUR and _share_of_shades(shown.pixels) < _FEW_SHADES
            dpi = _SHARP_DPI if two_tones else OUTPUT_DPI
            space = _lib.csRGB if shown.tone is Tone.COLOUR else _lib.csGRAY
            pixmap = page.get_pixmap(matrix=_lib.Matrix(dpi / 72, dpi / 72), colorspace=space, alpha=False)
        except PDF_FAULTS:
            return shown
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, -1)
    flat = pixels if shown.tone is Tone.COLOUR else pixels[..., 0]
    return as_picture(flat, dpi, Tone.BITONAL if two_tones else shown.tone, shown.points)


def _share_of_shades(grey: NDArray[np.uint8]) -> float:
    """The share of pixels inside a shade: as dark as their neighbors, and neither ink nor paper."""
    middle = (grey > _INK) & (grey < _PAPER)
    inside = middle[1:-1, 1:-1] & middle[:-2, 1:-1] & middle[2:, 1:-1] & middle[1:-1, :-2] & middle[1:-1, 2:]
    return float(inside.mean())


def read_words(path: Path, number: int) -> list[PdfWord]:
    """Read the words of the page's own text layer.

    Raises:
        UnreadableError: the page is damaged.
    """
    with _open(path) as document:
        try:
            page = document[number - 1]
            width, height = page.rect.width, page.rect.height
            found = [(text, _lib.Rect(*box) * page.rotation_matrix) for *box, text, _, _, _ in page.get_text("words")]
        except PDF_FAULTS:
            raise damaged_error(path.name, number) from None
        return [
            PdfWord(text, Box.from_pixels(spot.x0, spot.y0, spot.x1, spot.y1, width, height)) for text, spot in found
        ]


def read_text(path: Path, number: int) -> PageText:
    """Read the text of a page, with what was typed into forms and notes. Hidden text is left out.

    Raises:
        UnreadableError: the page is damaged.
    """
    with _open(path) as document:
        try:
            page = document[number - 1]
            blocks = page.get_text("rawdict", flags=pymupdf.TEXT_PRESERVE_WHITESPACE)["blocks"]
            typed = [_typed_line(page, line) for block in blocks for line in block.get("lines", ())]
            lines = tuple(line for line in typed if line is not None)
            return PageText(lines, bool(lines) and _has_only_text(page))
        except PDF_FAULTS:
            raise damaged_error(path.name, number) from None


def _typed_line(page: Any, line: Any) -> TypedLine | None:
    """A line as ``read_text`` gives it; None if nothing of it can be seen."""
    width, height, turn = page.rect.width, page.rect.height, page.rotation_matrix
    signs: list[str] = []
    boxes: list[Box] = []
    for span in line["spans"]:
        if not (span["char_flags"] & _PAINTED and span["alpha"]):
            continue
        for sign in span["chars"]:
            spot = _lib.Rect(*sign["bbox"]) * turn
            signs.append(sign["c"])
            boxes.append(Box.from_pixels(spot.x0, spot.y0, spot.x1, spot.y1, width, height))
    return TypedLine("".join(signs), tuple(boxes)) if "".join(signs).strip() else None


def _has_only_text(page: Any) -> bool:
    """Whether a page shows text and straight rules and nothing else."""
    if {kind for kind, _ in page.get_bboxlog()} - _OF_TEXT:
        return False
    items = [item for drawing in page.get_drawings() for item in drawing["items"]]
    return all(item[0] == "re" or (item[0] == "l" and _is_level(item[1], item[2])) for item in items)


def _is_level(start: Any, end: Any) -> bool:
    """Whether a line runs along the page or across it: a rule, and no stroke of a pen."""
    return bool(min(abs(start.x - end.x), abs(start.y - end.y)) < RULE_LEANS_PT)


@contextmanager
def _open(path: Path) -> Iterator[Any]:
    _lib.TOOLS.mupdf_display_errors(False)  # noqa: FBT003 - the library's own signature
    _lib.TOOLS.mupdf_display_warnings(False)  # noqa: FBT003
    try:
        document = _lib.open(path, filetype="pdf")
    except (pymupdf.FileDataError, pymupdf.EmptyFileError, *PDF_FAULTS):
        raise _unreadable(path) from None
    with document:
        if document.needs_pass:
            raise UnreadableError(
                f"{path.name} is locked with a password; open it, save a copy without one, and give that."
            )
        if document.is_repaired and not _has_its_end(path):
            raise UnreadableError(f"{path.name} is cut off before its end; copy the file once more or scan it again.")
        try:
            yield document
        finally:
            _lib.TOOLS.store_shrink(100)  # MuPDF would keep every picture that it decoded, page after page


def _unreadable(path: Path) -> UnreadableError:
    return UnreadableError(
        f"{path.name} is damaged and cannot be read as a PDF; scan the stack again or copy the file once more."
    )


def _has_its_end(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
        return b"%%EOF" in file.read()


def _render(name: str, page: Any, number: int, most_dpi: float) -> Picture:
    width, height = float(page.rect.width), float(page.rect.height)
    if max(width, height) > LARGEST_PAGE_PT or min(width, height) < SMALLEST_PAGE_PT:
        raise UnreadableError(
            f"{name}, page {number}, says it is {width / 72:.0f} × {height / 72:.0f} inches, "
            "which no scanned sheet is; scan it again at its real size."
        )
    check_shape(name, number, width, height)
    dpi, tone = _resolution_and_tone(name, number, page, width * height)
    paper_dpi, points = _true_size(dpi, width, height)
    zoom = dpi / 72 * min(1.0, most_dpi / paper_dpi)
    grey = tone is not Tone.COLOUR
    pixmap = page.get_pixmap(
        matrix=_lib.Matrix(zoom, zoom), colorspace=_lib.csGRAY if grey else _lib.csRGB, alpha=False
    )
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, -1)
    return as_picture(pixels[..., 0] if grey else pixels, min(paper_dpi, most_dpi), tone, points)


def _is_all_white(picture: Picture) -> bool:
    """Whether not one pixel is darker than another, as no scanner sees a blank sheet."""
    pixels = picture.pixels
    return int(pixels.min()) >= _WHITE and int(pixels.max()) - int(pixels.min()) <= 1


def _is_empty(document: Any, page: Any) -> bool:
    """Whether nothing is drawn on the page: MuPDF warns that an empty stream ends too soon."""
    return all(not document.xref_stream_raw(number) for number in page.get_contents())


def _resolution_and_tone(name: str, number: int, page: Any, area: float) -> tuple[float, Tone]:
    """The resolution and tone of a page, from the pictures that it is made of."""
    masks = _masks(page)
    pictures = page.get_image_info() or masks
    for picture in (*pictures, *masks):
        depth = max(1, picture["colorspace"]) * picture["bpc"]
        if picture["width"] * picture["height"] * depth / 8 > LARGEST_SOURCE_BYTES:
            raise UnreadableError(
                f"{name}, page {number}, holds a picture of {picture['width']} × {picture['height']} pixels, "
                "more than any scanner makes; scan that sheet again at 300 dpi or less."
            )
    shares = [abs(p["bbox"][2] - p["bbox"][0]) * abs(p["bbox"][3] - p["bbox"][1]) / area for p in pictures]
    if sum(shares) < MOST_OF_A_PAGE:
        return DRAWN_DPI, Tone.COLOUR
    large = [p for p, share in zip(pictures, shares, strict=True) if share >= LOGO] or pictures
    tones = {_tone(picture) for picture in large}
    tone = next(tone for tone in (Tone.COLOUR, Tone.GREY, Tone.BITONAL) if tone in tones)
    if tone is not Tone.COLOUR and _is_drawn_over(page):
        tone = Tone.COLOUR
    dpi = max(COARSEST_DPI, *(_dpi(picture) for picture in (*large, *masks)))
    return dpi, Tone.COLOUR if pictures is masks else tone


def _masks(page: Any) -> list[dict[str, Any]]:
    """The stencils and soft masks of the page's pictures, as pictures of one bit or one tone.

    A scan in layers (MRC) keeps the strokes in a fine mask and their colours in a coarse picture, so the mask's
    resolution is the scan's. See ISO 32000-1, 8.9.6.
    """
    document, masks = page.parent, []
    for item in page.get_images(full=True):
        xref, soft = item[0], item[1]
        kind, mask = document.xref_get_key(xref, "Mask")
        layers = [soft] if soft else [int(mask.split()[0])] if kind == "xref" else []
        places = [tuple(rect) for rect in page.get_image_rects(item)] if layers else []
        if document.xref_get_key(xref, "ImageMask")[1] == "true":
            layers, places = [xref], [box for kind, box in page.get_bboxlog() if kind == "fill-imgmask"]
        for layer in layers:
            width, height = (int(document.xref_get_key(layer, side)[1]) for side in ("Width", "Height"))
            size = {"width": width, "height": height, "bpc": 1, "colorspace": 1}
            masks += [{**size, "bbox": place} for place in places]
    return masks


def _tone(picture: Any) -> Tone:
    if picture["colorspace"] > 1 or str(picture.get("cs-name", "")).startswith("Indexed"):
        return Tone.COLOUR
    return Tone.BITONAL if picture["bpc"] == 1 else Tone.GREY


def _dpi(picture: Any) -> float:
    """A picture's pixels an inch: the finer of its two directions, as a fax has 204 across and 98 down.

    A picture may lie on its side; then its width runs down the page. Where nobody says how it lies, that way is taken
    which makes its pixels squarer.
    """
    if "transform" in picture:
        a, b, c, d, _, _ = picture["transform"]
        sides = math.hypot(a, b), math.hypot(c, d)
        return float(max(picture["width"] / max(sides[0], 1e-6), picture["height"] / max(sides[1], 1e-6)) * 72)
    left, top, right, bottom = picture["bbox"]
    across, down = max(abs(right - left), 1e-6), max(abs(bottom - top), 1e-6)
    wide, tall = picture["width"], picture["height"]
    straight, turned = (wide / across, tall / down), (wide / down, tall / across)
    best = min((straight, turned), key=lambda found: max(found) / max(min(found), 1e-6))
    return float(max(best) * 72)


def _is_drawn_over(page: Any) -> bool:
    """Whether text, lines or notes lie over the scan, in any colour. The hidden text of an OCR layer does not count."""
    if page.first_annot is not None or page.first_widget is not None:
        return True
    kinds = [kind for kind, _ in page.get_bboxlog()]
    first = next((place for place, kind in enumerate(kinds) if "image" in kind or "imgmask" in kind), 0)
    return any(kind in {"fill-path", "stroke-path", "fill-text", "stroke-text", "fill-shade"} for kind in kinds[first:])


def _true_size(dpi: float, width: float, height: float) -> tuple[float, tuple[float, float]]:
    """The true resolution and size of the paper: phone apps write 1,700 × 2,200 points for a letter sheet."""
    if max(width, height) <= 2 * PAPER_INCHES * 72:
        return dpi, (width, height)
    shrink = PAPER_INCHES * 72 / max(width, height)
    return dpi / shrink, (width * shrink, height * shrink)


def has_ink(path: Path, number: int) -> bool:
    """Whether pdfium draws anything dark on a page; also where it cannot read the page at all.

    Args:
        path: a PDF.
        number: of the page, from 1.
    """
    try:
        with pypdfium2.PdfDocument(path) as document:
            page = document[number - 1].render(scale=GLANCE_DPI / 72, grayscale=True).to_numpy()
    except (pypdfium2.PdfiumError, ValueError, IndexError, MemoryError):
        return True
    return int(np.count_nonzero(np.asarray(page) < _DARK)) >= _LEAST_INK
