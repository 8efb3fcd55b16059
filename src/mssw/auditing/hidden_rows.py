"""Rows of a picture that stand below the height it says: in the file, and on no screen.

In go a page's picture as it is kept in a PDF and the size that it says. The picture is drawn once more with room below,
by another reader than the one that wrote it; whatever shows there was hidden.
"""

from __future__ import annotations

import struct

from mssw.auditing.pdf_text import PdfTextError, reading

_ROOM = 2  # times the height
_WIDTH = 800  # pixels that it is drawn wide
_PADDING = 36  # rows of two blocks: the last one of a JPEG is filled up, and the one after it is noise
_SHOWS = 40  # grey levels between what is darkest and lightest
_FRAMES = (0xC0, 0xC1, 0xC2)


def has_hidden_rows(data: bytes, width: int, height: int, colours: str, parameters: str = "") -> bool:
    """Whether more of a picture can be drawn than its height says.

    Args:
        data: the picture as the PDF keeps it.
        width: in pixels.
        height: in pixels, as it says.
        colours: the PDF's name of its colours, such as ``/DeviceGray``.
        parameters: of a fax image, without its rows, as PDF source; empty for a JPEG.
    """
    room = min(_ROOM * height, 0xFFFF)
    source = data if parameters else _with_height(data, room)
    filters = f"/CCITTFaxDecode /DecodeParms <<{parameters} /Rows {room}>>" if parameters else "/DCTDecode"
    bits = 1 if parameters else 8
    picture = f"/Width {width} /Height {room} /ColorSpace {colours} /BitsPerComponent {bits} /Filter {filters}"
    try:
        with reading(_one_page(source, picture, width, room)) as reader:
            page = reader.grey(0, min(_WIDTH, width))
    except PdfTextError:
        return False
    below = page[-(-page.shape[0] * (height + _PADDING) // room) + 1 :]
    return below.size > 0 and int(below.max()) - int(below.min()) > _SHOWS


def _with_height(data: bytes, height: int) -> bytes:
    """A JPEG that says another height."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - begins each segment
        if data[at + 1] in _FRAMES:
            return data[: at + 5] + struct.pack(">H", height) + data[at + 7 :]
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return data


def _one_page(data: bytes, picture: str, width: int, height: int) -> bytes:
    """A PDF of one page that the picture fills."""
    draw = f"q {width} 0 0 {height} 0 0 cm /I Do Q".encode()
    size = f"/MediaBox [0 0 {width} {height}] /Resources <</XObject <</I 4 0 R>>>>"
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        f"<</Type /Page /Parent 2 0 R {size} /Contents 5 0 R>>".encode(),
        f"<</Type /XObject /Subtype /Image {picture} /Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream",
        f"<</Length {len(draw)}>>\nstream\n".encode() + draw + b"\nendstream",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer <</Root 1 0 R /Size {len(objects) + 1}>>\n"
    return out + f"{tail}startxref\n{start}\n%%EOF\n".encode()
