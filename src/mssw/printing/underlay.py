"""Lay pictures under text pages, with pikepdf, and draw the square codes for them, with segno.

Pages that show the same picture share it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
import segno
from pikepdf import Dictionary, Name

from mssw.printing.pdf_writer import append_page, format_number, image_object, read_scanned_pages, save_pdf

Placed = tuple[int, float, float, float]  # 1-based page of the pictures, scale, left and top on the sheet in points


def lay_pictures_under(
    text: bytes, pictures: bytes, name: str, places: Sequence[Placed | None], *, two_sided: bool
) -> bytes:
    """Lay each text page over its picture.

    Only page content, fonts and images are kept: no tags, bookmarks, names or metadata.

    Args:
        text: the text pages from Typst, without a background.
        pictures: a PDF of one image a page that mssw wrote.
        name: its file name, for messages.
        places: for each text page the picture under it, and where; None for no picture.
        two_sided: whether the file asks for both sides.

    Raises:
        UnreadableError: mssw did not write the pictures.
    """
    scans = read_scanned_pages(pictures, name)
    with pikepdf.open(io.BytesIO(text)) as pdf:
        images = [(pdf.make_indirect(image_object(pdf, scan.image)), scan.size) for scan in scans]
        over = [(_size(page), page.as_form_xobject()) for page in pdf.pages]
        del pdf.pages[:]
        for key in set(pdf.Root.keys()) - {"/Type", "/Pages"}:
            del pdf.Root[key]
        for (size, form), place in zip(over, places, strict=True):
            content, shown = b"q /Over Do Q", Dictionary(Over=form)
            if place is not None:
                image, own = images[place[0] - 1]
                shown.Im0 = image
                content = _under(place, own, size[1]) + content
            append_page(pdf, size, content=pdf.make_stream(content), resources=Dictionary(XObject=shown))
        pdf.Root.ViewerPreferences = Dictionary(
            Duplex=Name.DuplexFlipLongEdge if two_sided else Name.Simplex,
            PrintScaling=Name("/None"),
            PickTrayByPDFSize=True,
        )
        return save_pdf(pdf)


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(side) for side in page.mediabox)
    return right - left, top - bottom


def _under(place: Placed, own: tuple[float, float], height: float) -> bytes:
    """The content that draws a picture of that size on a sheet of that height."""
    _, scale, left, top = place
    wide, tall = own[0] * scale, own[1] * scale
    numbers = " ".join(map(format_number, (wide, 0, 0, tall, left, height - top - tall)))
    return f"q {numbers} cm /Im0 Do Q\n".encode()


def qr_svg(text: str) -> str:
    """A square code as SVG, without the white around it. With a third of it damaged it can still be read.

    Args:
        text: in capitals and digits, which pack best.
    """
    code = segno.make_qr(text, error="h", boost_error=False)
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", border=0, xmldecl=False, svgns=True, nl=False, omitsize=True)
    return drawing.getvalue().decode("ascii")
