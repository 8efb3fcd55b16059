"""Text files that any program wrote: from bytes to text, TOML, or rows of cells.

Some programs still write the old encodings of Windows, of a Mac or of DOS: Excel offers "CSV (Macintosh)" and "CSV
(MS-DOS)". They give the same bytes to different letters. Which one it was is judged by what the letters look like:
"JosŽ" and "Garc’a" are no names, "José" and "García" are. The separator of a table is the one that most of its lines
hold equally often.
"""

from __future__ import annotations

import csv
import html
import io
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mssw.errors import UnreadableError

NO_TEXT = "is neither a spreadsheet nor a text file with separators; give a roster as .xlsx, .csv or .txt."
_SINGLE = ("cp1252", "mac_roman", "cp850", "cp1250", "cp1254")
_IN_WORDS = {
    "utf-8-sig": "UTF-8 text",
    "utf-16": "UTF-16 text",
    "utf-16-le": "UTF-16 text",
    "utf-16-be": "UTF-16 text",
    "cp1252": "text in Windows' Western encoding (it is no UTF-8; look at names with accents)",
    "mac_roman": "text in a Mac's old encoding (it is no UTF-8; look at names with accents)",
    "cp850": "text in the encoding of MS-DOS (it is no UTF-8; look at names with accents)",
    "cp1250": "text in Windows' Central European encoding (it is no UTF-8; look at names with accents)",
    "cp1254": "text in Windows' Turkish encoding (it is no UTF-8; look at names with accents)",
}
# How well a letter fits in a name, roughly by how often European names have it.
_COMMON = "áéíóúñüöäãÁÉÓÖÜÄÑ"
_USUAL = "çèßåŁłşŞ"
_RARE = "àêëîïôûâìòùõøæœÀÈÊÇÅØÍÚÎÔàýÿčćěřšžůňďťŘČŠŽąęńśźżćŚŹŻĆőűăâîșțğĞıİĄĘŃÝ"
_CZECH = frozenset("čřěůňČŘŇ")
_ICELANDIC = frozenset("þðÞÐýÝ")
_APART = 0.4  # of the scores a letter, below which two ways to read it are equally good
_QUOTES = frozenset("’‘`´")
_BETWEEN = frozenset("–—…“”«»\xa0 º°ª")
_MAC_LINES = 3.0

_SEPARATORS = "\t;,|"
_SEPARATED = {
    "\t": "separated by tabs",
    ";": "separated by semicolons",
    ",": "separated by commas",
    "|": "separated by bars",
    "": "one name a line",
}
_LOOKED_AT = 50  # lines
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_AS_TEXT = re.compile(r'="?([^"]*)"?')  # ="00123" keeps Excel from eating zeros
_ONE_CELL = re.compile(r'"((?:[^"]|"")*)"')
_STATED = re.compile(r"sep=(.)\r?\n")  # Excel's own way of saying it
_ENTITY = re.compile(r"&(?:#\d+|#[xX][\da-fA-F]+|[A-Za-z][A-Za-z\d]+);")
# An entity of a separator or quotation mark is hidden while the text is split, and shown again in its cell.
_HIDDEN = {ord(sign): chr(0xE000 + ord(sign)) for sign in f'{_SEPARATORS}"\n\r'}
_SHOWN = {ord(hidden): chr(sign) for sign, hidden in _HIDDEN.items()}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was read.

    Attributes:
        text: without the marks of old systems at its end.
        encoding: Python's name of the encoding.
        is_sure: whether no other encoding gives names that look as good.
    """

    text: str
    encoding: str
    is_sure: bool = True

    @property
    def in_words(self) -> str:
        """How it was read, for a person who wonders at what is shown."""
        if self.text.isascii() and self.encoding == "utf-8-sig":
            return "plain text"
        return _IN_WORDS[self.encoding]


def decode(name: str, data: bytes) -> Decoded:
    """Bytes to text.

    Args:
        name: of the file, for messages.
        data: all of it.

    Raises:
        UnreadableError: they are no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Sequence[str] = ["utf-16"]
    elif b"\x00" in data[:2000]:
        encodings = ["utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig"]
    for encoding in encodings:
        text = _text(data, encoding)
        if text is not None:
            return Decoded(text, encoding)
    if encodings == ["utf-8-sig"] and (found := _single_byte(data)) is not None:
        return found
    raise UnreadableError(f"{name} {NO_TEXT}")


def _text(data: bytes, encoding: str) -> str | None:
    """The text; None where it is none in that encoding."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    if data.startswith(b"%PDF") or any(c < " " and c not in "\t\n\r\x0c\x1a" for c in text):
        return None
    return text.replace("\x1a", "").replace("\x0c", "\n")


def _single_byte(data: bytes) -> Decoded | None:
    """The text in the old encoding that gives the likeliest names; None where none gives text."""
    texts = {encoding: text for encoding in _SINGLE if (text := _text(data, encoding)) is not None}
    if not texts:
        return None
    is_mac = b"\r" in data and b"\n" not in data
    scores = {
        encoding: _score(text) + _MAC_LINES * (is_mac and encoding == "mac_roman") for encoding, text in texts.items()
    }
    best = max(texts, key=lambda encoding: (scores[encoding], -_SINGLE.index(encoding)))
    text = texts[best]
    strange = sum(not c.isascii() for c in text)
    letters = sum(map(str.isalpha, text))
    rivals = [
        other
        for other in texts
        if texts[other] != text
        and scores[best] - scores[other] < _APART * strange
        and not {best, other} & {"cp1250", "cp1254"}
    ]
    is_sure = not rivals and 2 * sum(c.isalpha() and not c.isascii() for c in text) <= letters
    return Decoded(text, best, is_sure and (scores[best] > 0 or not strange))


def _score(text: str) -> float:
    """How much the letters beyond ASCII look like those of names."""
    score = 0.0
    is_turkish = bool(set("ğışĞŞİ") & set(text)) and not set("áíéúæ") & set(text)
    is_czech = bool(set("šžŠŽ") & set(text))
    for index, c in enumerate(text):
        if c.isascii():
            continue
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        score += _fit(c, before, after)
        if is_czech and c in _CZECH:
            score += 1.0
        if is_turkish and c in "ğışĞŞİ":
            score += 1.5
    return score


def _fit(c: str, before: str, after: str) -> float:
    """How well one sign fits between its neighbours."""
    if not c.isalpha():
        return _fit_of_sign(c, is_in_word=before.isalpha() and after.isalpha(), is_before_capital=after.isupper())
    if c.isupper() and before.isalpha() and (before.islower() or after.islower()):
        return -3.0  # a capital in a word
    if c.islower() and before.isupper() and after.isupper():
        return -2.0
    fits = ((_ICELANDIC, 0.5), (_COMMON, 2.0), (_USUAL, 1.5), (_RARE, 1.0))
    return next((fit for letters, fit in fits if c in letters), -2.0)


def _fit_of_sign(c: str, *, is_in_word: bool, is_before_capital: bool) -> float:
    """How well a sign that is no letter fits: an apostrophe is in a word, a dash between words, others in no name."""
    if c in _QUOTES and is_in_word:
        return 2.0 if is_before_capital else -1.0
    return 0.0 if c in _BETWEEN and not is_in_word else -4.0


def read_text_file(path: Path, way_on: str, *, save_as: str = "UTF-8") -> str:
    """Read a text that a person wrote.

    Args:
        path: the file.
        way_on: what to do where it cannot be read; it ends the sentence.
        save_as: in which form to save it again where it is no UTF-8.

    Raises:
        UnreadableError: it cannot be read, or is not UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(f"{path} is not UTF-8 text; save it again as {save_as}.") from None
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror or 'unknown cause'}; {way_on}") from None


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML that a person wrote.

    Raises:
        TOMLDecodeError: it is no TOML, or nests deeper or has a longer number than anybody writes, where ``tomllib``
            alone gives up with an error of another kind.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise tomllib.TOMLDecodeError("it has brackets in brackets, far too deep") from None
    except ValueError:
        raise tomllib.TOMLDecodeError("it has a number that is far too long") from None


@dataclass(frozen=True, slots=True)
class DelimitedTable:
    """A table in a text file.

    Attributes:
        rows: its cells.
        read_as: encoding and separator, in words.
        is_sure: whether its letters can be read in one way only.
    """

    rows: list[list[str]]
    read_as: str
    is_sure: bool


def read_delimited(name: str, data: bytes) -> DelimitedTable:
    """The rows of a text file with separators, which its content shows: tab, semicolon, comma, bar or none.

    Args:
        name: of the file, for messages.
        data: all of it: UTF-8 or UTF-16 with or without a mark, or else an old encoding.

    Raises:
        UnreadableError: it is not text, or a quotation mark in it is never closed.
    """
    decoded = decode(name, data)
    text = _without_entities(decoded.text.replace("\r\n", "\n").replace("\r", "\n"))
    if re.match(r"\s*<(!doctype|html|\?xml|table)", text, re.IGNORECASE):
        raise UnreadableError(
            f"{name} is a web page by another name; open it in your spreadsheet program and save it as .xlsx."
        )
    if stated := _STATED.match(text):
        separator, text = stated[1], "\n" + text[stated.end() :]
    else:
        separator = find_separator(text)
    return DelimitedTable(_rows(name, text, separator), _in_words(decoded, separator), decoded.is_sure)


def _rows(name: str, text: str, separator: str) -> list[list[str]]:
    try:
        if not separator:
            return [[_unquoted(line.strip()).translate(_SHOWN)] for line in text.split("\n")]
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False))
    except csv.Error:
        raise UnreadableError(
            f"{name} has a quotation mark that is never closed, or a cell without end; export it again."
        ) from None
    return [[_plain(cell).translate(_SHOWN) for cell in row] for row in rows]


def _in_words(decoded: Decoded, separator: str) -> str:
    return f"{decoded.in_words}, {_SEPARATED.get(separator, 'separated by ' + repr(separator))}"


def _without_entities(text: str) -> str:
    """The text with its HTML entities as letters, so that their semicolons separate nothing."""
    if "&" not in text:
        return text

    def letter(found: re.Match[str]) -> str:
        return html.unescape(found[0]).translate(_HIDDEN)

    once = _ENTITY.sub(letter, text)
    return once if once == text or "&" not in once else _ENTITY.sub(letter, once)


def find_separator(text: str) -> str:
    """The separator that most lines hold equally often; empty where no line, or only a few, hold any."""
    lines = [_QUOTED.sub("", line) for line in _QUOTED.sub('""', text).split("\n") if line.strip()]
    lines = lines[:_LOOKED_AT]
    best, most = "", len(lines) / 2
    for separator in _SEPARATORS:
        counts = Counter(count for line in lines if (count := line.count(separator)))
        agreeing = counts.most_common(1)[0][1] if counts else 0
        if agreeing > most or (agreeing == most and not best):
            best, most = separator, agreeing
    return best


def _unquoted(line: str) -> str:
    """A line that is one cell, without the quotation marks around it.

    >>> _unquoted('"Ortega, ""Ben"" Benjamin"'), _unquoted('Benjamin "Ben" Ortega')
    ('Ortega, "Ben" Benjamin', 'Benjamin "Ben" Ortega')
    """
    quoted = _ONE_CELL.fullmatch(line)
    return quoted[1].replace('""', '"') if quoted else line


def _plain(cell: str) -> str:
    as_text = _AS_TEXT.fullmatch(cell.strip())
    return as_text[1] if as_text else cell
