"""Write PDF files of one image a page, and read their images back, with pikepdf.

A file has nothing that such a page does not need. Its images come back byte for byte.
"""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name

from mssw.core.page import EncodedImage, Tone
from mssw.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLOUR_SPACE = {Tone.BITONAL: Name.DeviceGray, Tone.GREY: Name.DeviceGray, Tone.COLOUR: Name.DeviceRGB}

_KEYS = {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
_IMAGE_PAGE = re.compile(rb"q [\d.]+ 0 0 [\d.]+ 0 0 cm /Im0 Do Q\s*")


def image_pdf(pages: Sequence[tuple[EncodedImage, tuple[float, float]]]) -> bytes:
    """A new PDF with one image a page, each filling its page.

    The same pages give the same bytes: no clock, no Info, no XMP, and an ID that follows from the content.

    Args:
        pages: each image with its page's width and height in points.

    Raises:
        ValueError: there are no pages.
    """
    if not pages:
        raise ValueError("a PDF needs a page")
    with pikepdf.new() as pdf:
        for image, (width, height) in pages:
            content = f"q {format_number(width)} 0 0 {format_number(height)} 0 0 cm /Im0 Do Q"
            append_page(
                pdf,
                (width, height),
                content=pdf.make_stream(content.encode()),
                resources=Dictionary(XObject=Dictionary(Im0=image_object(pdf, image))),
            )
        return save_pdf(pdf)


def image_object(pdf: pikepdf.Pdf, image: EncodedImage) -> pikepdf.Object:
    """The image as an object of that PDF, with its bytes unchanged."""
    stream = pikepdf.Stream(
        pdf,
        image.data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=_COLOUR_SPACE[image.tone],
        BitsPerComponent=1 if image.tone is Tone.BITONAL else 8,
    )
    if image.tone is Tone.BITONAL:
        stream.Filter = Name.CCITTFaxDecode
        stream.DecodeParms = Dictionary(K=-1, Columns=image.width, Rows=image.height)
    else:
        stream.Filter = Name.DCTDecode
    return stream


def use_plain_grey(resources: pikepdf.Object) -> None:
    """Replace grey with a colour profile by plain grey, so that a colour printer uses black ink alone."""
    spaces = resources.get("/ColorSpace", Dictionary())
    for name, space in list(spaces.items()):
        if isinstance(space, Array) and space[0] == Name.ICCBased and int(space[1].N) == 1:
            spaces[name] = Name.DeviceGray


def append_page(
    pdf: pikepdf.Pdf, size: tuple[float, float], *, content: pikepdf.Object, resources: pikepdf.Object
) -> None:
    """Append a page with a size in points, its content, its resources, and nothing else."""
    box = Array([0, 0, *(pikepdf.Object.parse(format_number(side).encode()) for side in size)])
    page = Dictionary(Type=Name.Page, MediaBox=box, Resources=resources, Contents=content)
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def save_pdf(pdf: pikepdf.Pdf, *, title: str = "") -> bytes:
    """The PDF's bytes: one revision, streams unchanged, an ID that follows from the content.

    Args:
        pdf: the document.
        title: all that its information says; empty for none.
    """
    if "/Info" in pdf.trailer:
        del pdf.trailer.Info
    if title:
        pdf.docinfo["/Title"] = title
    buffer = io.BytesIO()
    pdf.save(
        buffer,
        deterministic_id=True,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        compress_streams=False,
    )
    return buffer.getvalue()


def format_number(value: float) -> str:
    """A number as PDF writes it, to a ten-thousandth.

    >>> format_number(612.0), format_number(841.89)
    ('612', '841.89')
    """
    return f"{value:.4f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page: its image, and its width and height in points."""

    image: EncodedImage
    size: tuple[float, float]


def read_scanned_pages(data: bytes, name: str) -> list[ScannedPage]:
    """Read the pages of a PDF of one image a page.

    Args:
        data: the file.
        name: of the file, for messages.

    Raises:
        UnreadableError: it is not a PDF that mssw wrote.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return [_read_scan(page, name, place) for place, page in enumerate(pdf.pages, start=1)]
    except pikepdf.PdfError:
        raise UnreadableError(f"{name} is damaged; run `mssw prepare` again to make a new one.") from None


def _read_scan(page: pikepdf.Page, name: str, place: int) -> ScannedPage:
    """Read a page, if it is what ``image_pdf`` writes and nothing more."""
    with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError, pikepdf.PdfError):
        image = page.obj.Resources.XObject.Im0
        ours = set(page.obj.keys()) == _KEYS and _IMAGE_PAGE.fullmatch(page.obj.Contents.read_bytes())
        if ours and isinstance(image, pikepdf.Stream):
            left, bottom, right, top = (float(side) for side in page.mediabox)
            encoded = EncodedImage(image.read_raw_bytes(), int(image.Width), int(image.Height), _read_tone(image))
            return ScannedPage(encoded, (right - left, top - bottom))
    raise UnreadableError(f"{name}, page {place}, is not a page that mssw wrote; run `mssw prepare` again.")


def _read_tone(image: pikepdf.Stream) -> Tone:
    """The tone of an image.

    Raises:
        ValueError: mssw does not write such images.
    """
    kind = (str(image.Filter), str(image.ColorSpace), int(image.BitsPerComponent))
    if kind == ("/CCITTFaxDecode", "/DeviceGray", 1) and int(image.DecodeParms.K) == -1:
        return Tone.BITONAL
    if kind[0] != str(Name.DCTDecode) or kind[2] != 8:  # noqa: PLR2004 - bits
        raise ValueError(kind[0])
    return {"/DeviceGray": Tone.GREY, "/DeviceRGB": Tone.COLOUR}[kind[1]]
