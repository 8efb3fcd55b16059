"""Tables in text files, whatever encoding and separator an export chose: from bytes to rows of cells."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from dataclasses import dataclass

from mssw.errors import UnreadableError
from mssw.formats.text_encoding import Decoded, decode

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
