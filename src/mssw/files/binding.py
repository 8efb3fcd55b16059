"""Binding by pikepdf: text pages and page images become one file to print; its copies share everything."""

from __future__ import annotations

import contextlib
import io
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name

from mssw.errors import UnreadableError
from mssw.files.pdf import append_page, number, saved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Printers cut the outer edge of a sheet, so page images keep this far from it.
MARGIN_PT = 6 / 25.4 * 72

_MARKS = (b"BDC", b"BMC", b"EMC", b"DP", b"MP")
_IMAGE_PAGE = re.compile(rb"q [\d.]+ 0 0 [\d.]+ 0 0 cm /Im0 Do Q\s*")


# Size in points, content and resources of a page.
_Shown: TypeAlias = tuple[tuple[float, float], pikepdf.Object, pikepdf.Object]


@dataclass(frozen=True, slots=True)
class Side:
    """What is printed on one side of a sheet.

    Attributes:
        source: the name of a PDF of page images; empty for the text pages.
        page: 1-based page of it.
    """

    source: str
    page: int


def page_count(data: bytes, name: str) -> int:
    """How many pages a PDF of page images has.

    Raises:
        UnreadableError: it is not a PDF.
    """
    with _opened(data, name) as pdf:
        return len(pdf.pages)


def label_pages(data: bytes) -> dict[str, int]:
    """The 1-based page of each label that a template set on a heading."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        order = {page.obj.objgen: place for place, page in enumerate(pdf.pages, start=1)}
        names = list(pdf.Root.Names.Dests.Names)
        return {str(label): order[target[0].objgen] for label, target in zip(names[::2], names[1::2], strict=True)}


def bind(
    text: bytes,
    images: Mapping[str, bytes],
    sides: Sequence[Side],
    *,
    paper: tuple[float, float],
    copies: int = 1,
    two_sided: bool = True,
) -> bytes:
    """One file for the printer: the copies follow each other and share all that they show.

    Nothing is taken over but page content, fonts and images: no tags, bookmarks, names or metadata. Black is
    the printer's black, not a mix of colours.

    Args:
        text: the text pages as Typst wrote them.
        images: PDFs of one image a page by name.
        sides: one copy, side by side.
        paper: width and height in points; a landscape image gets its page in landscape.
        copies: how often the whole is repeated.
        two_sided: what the file tells the printer.

    Raises:
        UnreadableError: a PDF of page images is not one that mssw wrote.
    """
    with pikepdf.open(io.BytesIO(text)) as pdf:
        shown = {Side("", place): _text_page(pdf, page) for place, page in enumerate(pdf.pages, start=1)}
        for name, data in images.items():
            shown.update(_image_pages(pdf, name, data, paper))
        del pdf.pages[:]
        for key in set(pdf.Root.keys()) - {"/Type", "/Pages"}:
            del pdf.Root[key]
        for _ in range(copies):
            for side in sides:
                size, content, resources = shown[side]
                append_page(pdf, size, content=content, resources=resources)
        pdf.Root.ViewerPreferences = Dictionary(
            Duplex=Name.DuplexFlipLongEdge if two_sided else Name.Simplex,
            PrintScaling=Name("/None"),
            PickTrayByPDFSize=True,
        )
        return saved(pdf)


def _text_page(pdf: pikepdf.Pdf, page: pikepdf.Page) -> _Shown:
    left, bottom, right, top = (float(side) for side in page.mediabox)
    resources = page.obj.Resources
    _grey_only(resources)
    return (right - left, top - bottom), _unmarked(pdf, page), resources


def _unmarked(pdf: pikepdf.Pdf, page: pikepdf.Page) -> pikepdf.Object:
    """The page's content without marks, which a machine would read in place of what is seen."""
    content = page.obj.Contents
    source = content.read_bytes()
    if not any(mark in source for mark in _MARKS):
        return content
    kept = [one for one in pikepdf.parse_content_stream(page) if str(one.operator).encode() not in _MARKS]
    packed = zlib.compress(pikepdf.unparse_content_stream(kept))
    return pikepdf.Stream(pdf, packed, Filter=Name.FlateDecode)


def _grey_only(resources: pikepdf.Object) -> None:
    """Turn grey by profile into plain grey, so that a colour printer spends black ink alone."""
    spaces = resources.get("/ColorSpace", Dictionary())
    for name, space in list(spaces.items()):
        if isinstance(space, Array) and space[0] == Name.ICCBased and int(space[1].N) == 1:
            spaces[name] = Name.DeviceGray


def _image_pages(pdf: pikepdf.Pdf, name: str, data: bytes, paper: tuple[float, float]) -> dict[Side, _Shown]:
    """Each page of a PDF of page images, placed on the paper, its image copied once."""
    placed: dict[Side, _Shown] = {}
    with _opened(data, name) as source:
        for place, page in enumerate(source.pages, start=1):
            image, size = only_image(page, name, place)
            sheet = paper if size[0] <= size[1] else (paper[1], paper[0])
            content = pdf.make_stream(_placing(size, sheet))
            resources = pdf.make_indirect(Dictionary(XObject=Dictionary(Im0=copied_image(pdf, image))))
            placed[Side(name, place)] = (sheet, content, resources)
    return placed


def _placing(size: tuple[float, float], sheet: tuple[float, float]) -> bytes:
    """The content that draws an image of that size in the middle of a sheet, never larger than it is."""
    room = [side - 2 * MARGIN_PT for side in sheet]
    scale = min(1.0, room[0] / size[0], room[1] / size[1])
    width, height = size[0] * scale, size[1] * scale
    left, bottom = (sheet[0] - width) / 2, (sheet[1] - height) / 2
    matrix = f"{number(width)} 0 0 {number(height)} {number(left)} {number(bottom)}"
    return f"q {matrix} cm /Im0 Do Q".encode()


def copied_image(pdf: pikepdf.Pdf, image: pikepdf.Stream) -> pikepdf.Object:
    """The image as an object of that PDF: its bytes as they are, and only the keys that draw it."""
    keys = ("/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter")
    copy = pikepdf.Stream(pdf, image.read_raw_bytes(), {key: image[key] for key in keys})
    if "/DecodeParms" in image:
        parms = image.DecodeParms
        copy.DecodeParms = Dictionary({key: int(parms[key]) for key in ("/K", "/Columns", "/Rows")})
    return copy


def only_image(page: pikepdf.Page, name: str, place: int) -> tuple[pikepdf.Stream, tuple[float, float]]:
    """The one image of a page and the page's size, if the page is what we write and nothing more."""
    keys = {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
    with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError, pikepdf.PdfError):
        image = page.obj.Resources.XObject.Im0
        ours = set(page.obj.keys()) == keys and _IMAGE_PAGE.fullmatch(page.obj.Contents.read_bytes())
        if ours and isinstance(image, pikepdf.Stream):
            left, bottom, right, top = (float(side) for side in page.mediabox)
            return image, (right - left, top - bottom)
    raise UnreadableError(f"{name}, page {place}, is not a page that mssw wrote; run `mssw prepare` again.")


def _opened(data: bytes, name: str) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(data))
    except pikepdf.PdfError:
        raise UnreadableError(f"{name} is damaged; run `mssw prepare` again, which makes it anew.") from None
