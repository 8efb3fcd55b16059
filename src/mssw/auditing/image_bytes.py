"""Image files byte by byte: nothing in them but the picture, and nothing of the picture that no screen shows.

Every walker reads its format to the last byte and knows each part that may stand there; whatever else it meets raises
``ImageBytesError``. It says nothing about what the picture shows.

A picture may also hold rows below the height that it says. To find them, it is drawn once more with room below, by
another reader than the one that wrote it (``has_hidden_rows``).
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mssw.auditing.pdf_text import PdfTextError, reading

if TYPE_CHECKING:
    from collections.abc import Callable

_SOI, _EOI, _SOS, _APP0, _DQT, _DHT, _DRI = 0xD8, 0xD9, 0xDA, 0xE0, 0xDB, 0xC4, 0xDD
_FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended, progressive
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)
_JFIF = re.compile(rb"JFIF\x00\x01.[\x00-\x02]....\x00\x00", re.DOTALL)  # its last two: no thumbnail
_BYTE = 8
_JFIF_BYTES, _FIRST_WIDE_TABLE = 14, 16
_END_OF_FAX = "000000000001" * 2
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"pHYs", b"IDAT", b"IEND"})
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_MOST_PIXELS = 60_000_000
_LONGEST_SIDE = 20_000

# to find hidden rows
_ROOM = 2  # times the height
_DRAWN_WIDE = 800  # pixels
_PADDING = 36  # rows of two blocks: the last one of a JPEG is filled up, and the one after it is noise
_SHOWS = 40  # grey levels between what is darkest and lightest


class ImageBytesError(ValueError):
    """Something stands in an image file that no picture needs; the text says what."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What a walk through an image found.

    Attributes:
        width: in pixels.
        height: in pixels.
        channels: 1 for grey, 3 for colour; a PNG may have 2 or 4.
        noise: (start, end) of each stretch of compressed picture, in bytes.
    """

    width: int
    height: int
    channels: int
    noise: tuple[tuple[int, int], ...]


def jpeg_facts(data: bytes) -> ImageFacts:
    """Walk a JPEG from its first byte to its last, every scan of a progressive one included.

    Raises:
        ImageBytesError: it has EXIF, a comment, a profile, a thumbnail, bytes after its end, or is damaged.
    """
    if data[:2] != bytes((0xFF, _SOI)):
        raise ImageBytesError("the JPEG has no start marker")
    at, frames, noise = 2, [], []
    while (segment := _jpeg_segment(data, at)) is not None:
        marker, body = segment
        at += 4 + len(body)
        if marker in _FRAMES:
            frames.append(_jpeg_frame(body))
        else:
            _check_jpeg_segment(marker, body)
        if marker == _SOS:
            found = _AFTER_SCAN.search(data, at)
            if found is None:
                raise ImageBytesError("the JPEG has no end marker")
            noise.append((at, found.start()))
            at = found.start()
    if at + 2 != len(data):
        raise ImageBytesError("bytes stand after the end of the JPEG")
    if len(frames) != 1 or not noise:
        raise ImageBytesError("the JPEG holds no picture, or more than one")
    return ImageFacts(*frames[0], noise=tuple(noise))


def _jpeg_segment(data: bytes, at: int) -> tuple[int, bytes] | None:
    """The marker and content of the segment that begins there; None at the end marker."""
    if data[at : at + 1] != b"\xff" or at + 1 >= len(data):
        raise ImageBytesError("the JPEG has bytes between its segments or breaks off")
    if data[at + 1] == _EOI:
        return None
    length = int.from_bytes(data[at + 2 : at + 4])
    body = data[at + 4 : at + 2 + length]
    if length < 2 or len(body) != length - 2:  # noqa: PLR2004 - a length counts its own two bytes
        raise ImageBytesError("the JPEG breaks off")
    return data[at + 1], body


def _jpeg_frame(body: bytes) -> tuple[int, int, int]:
    if len(body) < 6 or body[0] != _BYTE or len(body) != 6 + 3 * body[5] or body[5] not in (1, 3):  # noqa: PLR2004 - its layout
        raise ImageBytesError("the JPEG is neither grey nor RGB with 8 bits")
    height, width = struct.unpack(">HH", body[1:5])
    _check_size(width, height)
    return width, height, body[5]


def _check_jpeg_segment(marker: int, body: bytes) -> None:
    """Check that a plain JPEG needs that segment, and that what it should hold fills it exactly."""
    exact = {
        _APP0: lambda: len(body) == _JFIF_BYTES and _JFIF.fullmatch(body) is not None,
        _DQT: lambda: _tables_fill(body, lambda rest: 65 if rest[0] < _FIRST_WIDE_TABLE else 129),
        _DHT: lambda: _tables_fill(body, lambda rest: 17 + sum(rest[1:17])),
        _DRI: lambda: len(body) == 2,  # noqa: PLR2004 - one number
        _SOS: lambda: bool(body) and len(body) == 4 + 2 * body[0],
    }
    if marker not in exact:
        raise ImageBytesError(f"the JPEG has a segment FF{marker:02X} (EXIF, comment, profile or the like)")
    if not exact[marker]():
        raise ImageBytesError(f"the JPEG's segment FF{marker:02X} holds more or less than it should")


def _tables_fill(body: bytes, size: Callable[[bytes], int]) -> bool:
    """Whether tables, each of the size that its own first bytes tell, fill the segment exactly."""
    rest = body
    while rest:
        length = size(rest)
        if length > len(rest):
            return False
        rest = rest[length:]
    return bool(body)


def fax_facts(data: bytes, width: int, height: int) -> ImageFacts:
    """Check a bare CCITT group 4 image, which does not hold its own size: nothing may come after its end code.

    Raises:
        ImageBytesError: it has no end code, or bytes after it.
    """
    _check_size(width, height)
    if not data:
        raise ImageBytesError("the fax image is empty")
    bits = bin(int.from_bytes(b"\x01" + data))[3:]
    end = bits.find(_END_OF_FAX)
    if end < 0:
        raise ImageBytesError("the fax image has no end code")
    rest = bits[end + len(_END_OF_FAX) :]
    if len(rest) >= 2 * _BYTE or "1" in rest:
        raise ImageBytesError("bytes stand after the end of the fax image")
    return ImageFacts(width, height, 1, ((0, len(data)),))


def png_facts(data: bytes) -> ImageFacts:
    """Walk a PNG from its first byte to its last and unpack its picture.

    Raises:
        ImageBytesError: it has text, a profile, a time, EXIF, bytes after its end, or is damaged.
    """
    if not data.startswith(_PNG_SIGNATURE):
        raise ImageBytesError("the PNG has no signature")
    at, noise = len(_PNG_SIGNATURE), []
    chunks: list[tuple[bytes, bytes]] = []
    while not chunks or chunks[-1][0] != b"IEND":
        head = data[at : at + 8]
        if len(head) < _BYTE:
            raise ImageBytesError("the PNG breaks off")
        length, kind = struct.unpack(">I4s", head)
        body, check = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if kind not in _PNG_CHUNKS:
            raise ImageBytesError("the PNG has a chunk of text, time, profile or the like")
        if check != struct.pack(">I", zlib.crc32(kind + body)):
            raise ImageBytesError("the PNG is damaged")
        if kind == b"IDAT":
            noise.append((at + 8, at + 8 + length))
        chunks.append((kind, body))
        at += 12 + length
    if at != len(data):
        raise ImageBytesError("bytes stand after the end of the PNG")
    return _png_frame(chunks, tuple(noise))


def _png_frame(chunks: list[tuple[bytes, bytes]], noise: tuple[tuple[int, int], ...]) -> ImageFacts:
    kind, header = chunks[0]
    if kind != b"IHDR" or len(header) != 13:  # noqa: PLR2004 - its layout
        raise ImageBytesError("the PNG has no header")
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    _check_size(width, height)
    if colour not in _PNG_CHANNELS or interlaced:
        raise ImageBytesError("the PNG is of a kind that mssw does not write")
    expected = height * (1 + (width * depth * _PNG_CHANNELS[colour] + 7) // 8)
    unpacker = zlib.decompressobj()
    try:
        pixels = unpacker.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"), expected + 1)
    except zlib.error:
        raise ImageBytesError("the PNG is damaged") from None
    if len(pixels) != expected or unpacker.unused_data or unpacker.unconsumed_tail:
        raise ImageBytesError("the PNG holds more or less than its picture")
    return ImageFacts(width, height, _PNG_CHANNELS[colour], noise)


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE and width * height <= _MOST_PIXELS):
        raise ImageBytesError(f"the image of {width} by {height} pixels is no page")


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
            page = reader.grey(0, min(_DRAWN_WIDE, width))
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
