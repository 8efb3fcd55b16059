"""Searches every byte of a file for a roster's spellings, in each way that a name can be written there.

Bytes that are text are searched for every spelling. Compressed pictures spell short words by chance, so there only
spellings count that are too long for chance. Names of one or two letters are not searched for in bytes at all.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
import string
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from mssw.auditing.pdf_layout import PdfLayout, PdfLayoutError, unpacked
from mssw.auditing.pdf_words import PDF_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mssw.names.name_search import NameSearch

_PRINTABLE = string.printable.encode() + b"\0"
_MOSTLY = 0.7  # of the bytes of a text are printable; of random bytes, 39 %
_SAMPLE = 65536
_UTF16 = ("utf-16-le", "utf-16-be")
_LETTERS = rb"[A-Za-z][A-Za-z ,.'_-]{2,}[A-Za-z]"
_RUNS = re.compile(_LETTERS)
_LETTERS_AS_A = bytes(ord("a") if chr(byte) in string.ascii_letters + " ,.'_-" else 0 for byte in range(256))
_RUNS_UTF16 = re.compile(rb"\0[A-Za-z ,.'_-](?:\0[A-Za-z ,.'_-]){2,}")
_HEX_STRING = re.compile(rb"<([0-9A-Fa-f\s]{6,})>")
_OCTAL = re.compile(rb"\\([0-3]?[0-7]{1,2})")
_NAME_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_JSON_HEX = re.compile(rb"\\u([0-9A-Fa-f]{4})")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_DIGEST = re.compile(rb"\b[0-9A-Fa-f]{32,}\b")
_FILE_ID = re.compile(rb"\[\s*<([0-9A-Fa-f]{32})>\s*<([0-9A-Fa-f]{32})>\s*\]")  # PDF names may be gone from the text
BEYOND_CHANCE = 5  # letters, in sixteen random bytes
_SPOKEN = re.compile(rb"/ActualText\s*(?:\(((?:\\.|[^\\()])*)\)|<([0-9A-Fa-f\s]*)>)", re.DOTALL)
_PDF_NAME = re.compile(rb"/[A-Za-z][A-Za-z0-9*]*")
_OWN_NAMES = dict.fromkeys((f"/{name}".encode() for name in PDF_NAMES), b"/ ")


def search_bytes(data: bytes, names: NameSearch, *, numbers: bool = False) -> set[int]:
    """Find spellings in bytes, text or not; gives their indexes.

    Args:
        data: the bytes.
        names: the spellings to find.
        numbers: whether spellings with digits count too; not among a format's own numbers.
    """
    if not names or not data:
        return set()
    if not is_text(data):
        return search_compressed(data, names)
    found: set[int] = set()
    for digests in _FILE_ID.findall(data):  # chance writes three letters into every few of them
        found |= search_compressed(b"\n".join(map(_unhex, digests)), names, at_least=BEYOND_CHANCE)
    for text in set(texts_in(_FILE_ID.sub(b" ", data))):
        found |= names.hits(text, numbers=numbers)
    return found


def search_compressed(data: bytes, names: NameSearch, *, at_least: int = 0) -> set[int]:
    """Find spellings in compressed bytes, where only what is beyond chance counts; gives their indexes.

    Args:
        data: the bytes.
        names: the spellings to find.
        at_least: a spelling needs at least as many letters, whatever chance says.
    """
    if not names:
        return set()
    floor = max(at_least, names.letters_beyond_chance(len(data)))
    runs = [run for stretch in _letter_stretches(data, floor) for run in _RUNS.findall(stretch) if len(run) >= floor]
    for wide in _RUNS_UTF16.finditer(data):  # the letter before the first zero belongs to it in little-endian
        run = data[max(0, wide.start() - 1) : wide.end()].replace(b"\0", b"")
        runs += [run, run[1:]]
    return names.hits("\n".join(run.decode("latin-1") for run in runs), numbers=False, at_least=floor)


def _letter_stretches(data: bytes, length: int) -> Iterator[bytes]:
    """The stretches of at least that length that hold only letters and what may stand between them."""
    same = data.translate(_LETTERS_AS_A)  # an "a" for each such byte: a plain search for "aaaa" finds them fastest
    for stretch in re.finditer(b"a" * length + b"a*", same):
        yield data[stretch.start() : stretch.end()]


def is_text(data: bytes) -> bool:
    """Whether bytes are text in some encoding, and not compressed."""
    sample = data[:_SAMPLE]
    if len(sample.translate(None, _PRINTABLE)) <= (1 - _MOSTLY) * len(sample):
        return True
    try:
        sample[: len(sample) - 4].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def texts_in(data: bytes) -> Iterator[str]:
    """The texts that bytes can be read as: in several encodings, and with the escapes of several formats."""
    plain = _DIGEST.sub(b" ", data)
    yield from _decode(plain)
    if b"%" in plain:
        yield from _decode(unquote_to_bytes(plain))
    if b"#" in plain:
        yield from _decode(_NAME_HEX.sub(lambda match: bytes((int(match.group(1), 16),)), plain))
    if b"&" in plain:
        yield html.unescape(plain.decode("utf-8", "replace"))
    if b"\\" in plain:
        yield from _decode(_OCTAL.sub(lambda match: bytes((int(match.group(1), 8) & 255,)), plain))
        yield from _decode(_JSON_HEX.sub(_json_letter, plain))
    hexed = b"\n".join(_unhex(match) for match in _HEX_STRING.findall(data))
    if hexed:
        yield from _decode(hexed)
    based = b"\n".join(_unbase64(match) for match in _BASE64.findall(plain))
    if based:
        yield "\n".join(run.decode("ascii") for run in _RUNS.findall(based))


def _decode(data: bytes) -> Iterator[str]:
    """Bytes as UTF-8, as Latin-1, and where zeros stand in them as UTF-16 from either side."""
    try:
        yield data.decode("utf-8")
    except UnicodeDecodeError:
        yield data.decode("latin-1")
        yield data.decode("utf-8", "ignore")
    if b"\0" in data or b"\xfe\xff" in data or b"\xff\xfe" in data:
        for code in _UTF16:
            yield data.decode(code, "ignore")
            yield data[1:].decode(code, "ignore")


def _json_letter(match: re.Match[bytes]) -> bytes:
    return chr(int(match.group(1), 16)).encode("utf-8", "ignore")


def _unhex(digits: bytes) -> bytes:
    packed = b"".join(digits.split())
    return bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode("ascii"))


def _unbase64(run: bytes) -> bytes:
    """A run of base64 letters, decoded as far as it goes."""
    whole = run[: len(run) // 4 * 4]
    try:
        return base64.b64decode(whole, altchars=b"-_" if b"-" in whole or b"_" in whole else None)
    except (binascii.Error, ValueError):
        return b""


def search_pdf(layout: PdfLayout, names: NameSearch, clean: set[bytes] | None = None) -> set[int]:
    """Indexes of the spellings that stand anywhere in a PDF's bytes, its streams packed and unpacked.

    Args:
        layout: the PDF cut into plain bytes and streams.
        names: the spellings to find.
        clean: hashes of streams in which none of these names stands, as an earlier search found; this one adds its own.
    """
    found = search_bytes(without_pdf_names(layout.plain), names)
    clean = set() if clean is None else clean
    for payload in layout.streams:
        digest = hashlib.sha256(payload).digest()
        if digest not in clean:
            hits = _search_stream(payload, names)
            found |= hits
            clean |= set() if hits else {digest}
    return found


def search_spelled_out(layout: PdfLayout, names: NameSearch) -> set[int]:
    """Indexes of the spellings that a PDF says letter by letter, in place of what is drawn (``/ActualText``)."""
    pieces = list(_SPOKEN.finditer(layout.plain))
    for payload in layout.streams:
        with suppress(PdfLayoutError):
            plain = unpacked(payload)
            pieces += _SPOKEN.finditer(payload if plain is None else plain)
    letters = "".join(_spoken(piece[1], piece[2]) for piece in pieces)
    return names.hits_inside(letters) if letters else set()


def _spoken(literal: bytes | None, digits: bytes | None) -> str:
    """A string of a PDF, as a reader says it."""
    data = _unhex(digits) if digits is not None else literal or b""
    if digits is None:
        data = _OCTAL.sub(lambda match: bytes((int(match.group(1), 8) & 255,)), data).replace(b"\\", b"")
    return data[2:].decode("utf-16-be", "ignore") if data.startswith(b"\xfe\xff") else data.decode("latin-1")


def _search_stream(payload: bytes, names: NameSearch) -> set[int]:
    """Indexes of the spellings that stand in a stream, packed and unpacked."""
    try:
        plain = unpacked(payload)
    except PdfLayoutError:
        plain = None  # the structure says so; its bytes are searched as they are
    found = search_compressed(payload, names)
    if plain is None:
        plain = payload if is_text(payload) else b""
    return found | search_bytes(without_pdf_names(plain) if is_text(plain) else plain, names)


def without_pdf_names(source: bytes) -> bytes:
    """PDF source without the names of its own language, so that ``/Page`` accuses no student called Page."""
    return _PDF_NAME.sub(lambda match: _OWN_NAMES.get(match[0], match[0]), source)
