"""New PDF files by pikepdf: one image a page, and nothing that such a page does not need."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name

from mssw.core.page import EncodedImage, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLOUR_SPACE = {Tone.BITONAL: Name.DeviceGray, Tone.GREY: Name.DeviceGray, Tone.COLOUR: Name.DeviceRGB}


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
            content = f"q {number(width)} 0 0 {number(height)} 0 0 cm /Im0 Do Q"
            append_page(
                pdf,
                (width, height),
                content=pdf.make_stream(content.encode()),
                resources=Dictionary(XObject=Dictionary(Im0=image_object(pdf, image))),
            )
        return saved(pdf)


def image_object(pdf: pikepdf.Pdf, image: EncodedImage) -> pikepdf.Object:
    """The image as an object of that PDF, its bytes as they are."""
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


def plain_grey(resources: pikepdf.Object) -> None:
    """Turn grey by profile into plain grey, so that a colour printer spends black ink alone."""
    spaces = resources.get("/ColorSpace", Dictionary())
    for name, space in list(spaces.items()):
        if isinstance(space, Array) and space[0] == Name.ICCBased and int(space[1].N) == 1:
            spaces[name] = Name.DeviceGray


def append_page(
    pdf: pikepdf.Pdf, size: tuple[float, float], *, content: pikepdf.Object, resources: pikepdf.Object
) -> None:
    """Append a page that has a size in points, its content and its resources, and nothing else."""
    box = Array([0, 0, *(pikepdf.Object.parse(number(side).encode()) for side in size)])
    page = Dictionary(Type=Name.Page, MediaBox=box, Resources=resources, Contents=content)
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def saved(pdf: pikepdf.Pdf, *, title: str = "") -> bytes:
    """The PDF's bytes: one revision, streams as they are, an ID that follows from the content.

    Args:
        pdf: the document.
        title: all that its information says; where empty, there is none.
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


def number(value: float) -> str:
    """A number as PDF writes it, to a ten-thousandth.

    >>> number(612.0), number(841.89)
    ('612', '841.89')
    """
    return f"{value:.4f}".rstrip("0").rstrip(".")
