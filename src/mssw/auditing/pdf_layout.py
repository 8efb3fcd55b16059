"""A PDF's bytes as they lie in the file, read without a PDF library.

A file of ours is one header, objects one after the other, one table, one trailer, and the end. Read that way,
no byte can stand outside what is accounted for: no earlier revision, no comment, nothing after the end.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

_HEADER = re.compile(rb"%PDF-1\.[3-7]\n%[\x80-\xff]{4}\n")
_OBJECT = re.compile(rb"(\d+) 0 obj\n")
_BODY_END = re.compile(rb"\nstream\n|\nendobj\n")
_LENGTH = re.compile(rb"/Length (\d+)(?![\d ]* R)")
_STREAM_END = re.compile(rb"\n?endstream\nendobj\n")
_TAIL = re.compile(rb"xref\n0 (\d+)\n((?:\d{10} \d{5} [nf] \n)+)trailer (<<[^\n]*>>)\nstartxref\n(\d+)\n%%EOF\n")
_ANY_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)", re.DOTALL)
_STRING_PART = re.compile(rb"\\.|[()]", re.DOTALL)

MOST_UNPACKED = 64 * 2**20
"""Bytes that one stream may unpack to; no page of ours comes near it."""


class PdfLayoutError(ValueError):
    """The file is not laid out as ours are; the text says how."""


@dataclass(frozen=True, slots=True)
class PdfLayout:
    """A PDF cut in two kinds of bytes.

    Attributes:
        plain: everything that is no stream: header, dictionaries, table, trailer.
        streams: the bytes of each stream as they lie in the file.
    """

    plain: bytes
    streams: tuple[bytes, ...]


def strict_layout(data: bytes) -> PdfLayout:
    """Read a file of ours, byte for byte.

    Raises:
        PdfLayoutError: a byte of it belongs to nothing.
    """
    header = _HEADER.match(data)
    if header is None:
        raise PdfLayoutError("it does not begin as a PDF of ours does")
    if data.count(b"%%EOF") != 1 or data.count(b"startxref") != 1:
        raise PdfLayoutError("it has more or fewer ends than one: an earlier revision may be in it")
    at, offsets, streams, plain = header.end(), {}, [], [header.group()]
    while (start := _OBJECT.match(data, at)) is not None:
        offsets[int(start.group(1))] = at
        end = _BODY_END.search(data, start.end() - 1)
        if end is None:
            raise PdfLayoutError("an object has no end")
        body = data[start.end() : end.start()]
        if has_comment(body):
            raise PdfLayoutError("it has a comment in it")
        plain += [start.group(), body]
        at = end.end()
        if end.group() == b"\nstream\n":
            lengths = _LENGTH.findall(body)
            if len(lengths) != 1:
                raise PdfLayoutError("a stream does not say how long it is")
            payload = data[at : at + int(lengths[0])]
            streams.append(payload)
            stop = _STREAM_END.match(data, at + len(payload))
            if stop is None:
                raise PdfLayoutError("a stream is longer or shorter than it says")
            at = stop.end()
    plain.append(_checked_tail(data, at, offsets))
    return PdfLayout(b"\n".join(plain), tuple(streams))


def _checked_tail(data: bytes, at: int, offsets: dict[int, int]) -> bytes:
    """The table and trailer, once they agree with where the objects stand."""
    tail = _TAIL.fullmatch(data, at)
    if tail is None:
        raise PdfLayoutError("bytes stand between its objects or after its end")
    entries = tail.group(2).splitlines()
    count = int(tail.group(1))
    listed = {number: int(entry[:10]) for number, entry in enumerate(entries) if entry[17:18] == b"n"}
    if len(entries) != count or listed != offsets or int(tail.group(4)) != at or has_comment(tail.group(3)):
        raise PdfLayoutError("its table of objects does not agree with the objects in it")
    return tail.group()


def loose_layout(data: bytes) -> PdfLayout:
    """Cut any PDF, however it was written, earlier revisions and lost objects included."""
    streams, plain, at = [], [], 0
    for match in _ANY_STREAM.finditer(data):
        plain.append(data[at : match.start(1)])
        streams.append(match.group(1))
        at = match.end(1)
    plain.append(data[at:])
    return PdfLayout(b"\n".join(plain), tuple(streams))


def unpacked(payload: bytes) -> bytes | None:
    """A deflated stream as it was before; None where it is not deflated.

    Raises:
        PdfLayoutError: it swells beyond ``MOST_UNPACKED``, is deflated twice, or holds bytes after its end.
    """
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(payload, MOST_UNPACKED)
    except zlib.error:
        return None
    if unpacker.unconsumed_tail:
        raise PdfLayoutError("a stream swells beyond all measure when it is unpacked")
    if unpacker.unused_data.strip(b"\r\n"):
        raise PdfLayoutError("bytes stand after the end of a packed stream")
    if plain[:1] == b"\x78" and _inflates(plain):
        raise PdfLayoutError("a stream is packed twice")
    return plain


def _inflates(data: bytes) -> bool:
    try:
        return len(zlib.decompressobj().decompress(data, 64)) > 0
    except zlib.error:
        return False


def has_comment(source: bytes) -> bool:
    """Whether PDF source (a dictionary, a page's content) has a comment; ``%`` inside a string is none."""
    if b"%" not in _STRING.sub(b"", source):  # strings with brackets in them stay, and are taken apart below
        return False
    depth, outside, at = 0, [], 0
    for part in _STRING_PART.finditer(source):
        if depth == 0:
            outside.append(source[at : part.start()])
        token = part.group()
        depth += (token == b"(") - (token == b")" and depth > 0)
        at = part.end()
    if depth == 0:
        outside.append(source[at:])
    return any(b"%" in stretch for stretch in outside)
