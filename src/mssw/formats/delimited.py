"""Tables in text files: whatever encoding and separator an export chose."""

import csv
import io
import re
from collections import Counter

from mssw.errors import UnreadableError

_SEPARATORS = "\t;,|"
_SEPARATED = {
    "\t": "separated by tabs",
    ";": "separated by semicolons",
    ",": "separated by commas",
    "|": "separated by bars",
    "": "one name a line",
}
_ENCODINGS = {
    "utf-8-sig": "UTF-8 text",
    "cp1252": "text in Windows' Western encoding (it is no UTF-8; look at names with accents)",
    "utf-16": "UTF-16 text",
    "utf-16-le": "UTF-16 text",
    "utf-16-be": "UTF-16 text",
}
_LOOKED_AT = 50  # lines
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_AS_TEXT = re.compile(r'="?([^"]*)"?')  # ="00123" keeps Excel from eating zeros
_NO_TEXT = "is neither a spreadsheet nor a text file with separators; give a roster as .xlsx, .csv or .txt."


def read_delimited(name: str, data: bytes) -> list[list[str]]:
    """The rows of a text file with separators, told from its content: tab, semicolon, comma, bar or none.

    Args:
        name: of the file, for messages.
        data: all of it: UTF-8 or UTF-16 with or without a mark, or else Windows' own encoding.

    Raises:
        UnreadableError: it is not text, or a quotation mark in it is never closed.
    """
    text = decode(name, data).replace("\r\n", "\n").replace("\r", "\n")
    if re.match(r"\s*<(!doctype|html|\?xml|table)", text, re.IGNORECASE):
        raise UnreadableError(
            f"{name} is a web page by another name; open it in your spreadsheet program and save it as .xlsx."
        )
    if stated := re.match(r"sep=(.)\n", text):  # Excel's own way of saying it
        separator, text = stated[1], "\n" + text[stated.end() :]
    else:
        separator = find_separator(text)
    try:
        if not separator:
            return [[line.strip().strip('"')] for line in text.split("\n")]
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False))
    except csv.Error:
        raise UnreadableError(
            f"{name} has a quotation mark that is never closed, or a cell without end; export it again."
        ) from None
    return [[_plain(cell) for cell in row] for row in rows]


def decode(name: str, data: bytes) -> str:
    """Bytes to text.

    Raises:
        UnreadableError: they are no text.
    """
    return decoded(name, data)[0]


def decoded(name: str, data: bytes) -> tuple[str, str]:
    """Bytes to text, and the encoding that they were read in.

    Raises:
        UnreadableError: they are no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data[:2000]:
        encodings = ["utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(c < " " and c not in "\t\n\r\x0c\x1a" for c in text)
        if strange == 0 and not data.startswith(b"%PDF"):
            return text.replace("\x1a", "").replace("\x0c", "\n"), encoding
    raise UnreadableError(f"{name} {_NO_TEXT}")


def told_as(name: str, data: bytes) -> str:
    """How a text file with separators is read, in words; for a person who wonders at what she sees.

    Raises:
        UnreadableError: it is not text.
    """
    text, encoding = decoded(name, data)
    as_ascii = data.removeprefix(b"\xef\xbb\xbf").isascii()
    kind = "plain text" if as_ascii and encoding == "utf-8-sig" else _ENCODINGS.get(encoding, encoding)
    stated = re.match(r"sep=(.)\r?\n", text)
    separator = stated[1] if stated else find_separator(text)
    return f"{kind}, {_SEPARATED.get(separator, 'separated by ' + repr(separator))}"


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


def _plain(cell: str) -> str:
    as_text = _AS_TEXT.fullmatch(cell.strip())
    return as_text[1] if as_text else cell
