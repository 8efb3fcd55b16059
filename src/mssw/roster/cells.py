"""A cell of a class list as text to read: in one line, composed, without what cannot be seen, entities decoded."""

from __future__ import annotations

import html
import re
import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u00ad\u2060"))
_ENTITY = re.compile(r"&(?:#\d+;?|#[xX][\da-fA-F]+;|[A-Za-z][A-Za-z\d]+;)")
_MOST_TIMES = 4  # that a text was encoded on its way through web pages


def clean_cell(cell: str) -> str:
    """A cell in one line, composed, without what cannot be seen; HTML entities as the letters that they stand for.

    >>> clean_cell(" Pe&ntilde;a,  O&amp;#39;Neil ")
    "Peña, O'Neil"
    """
    text = decode_entities(cell).translate(_INVISIBLE)
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def decode_entities(text: str) -> str:
    """HTML entities as the letters that they stand for, also where they were encoded more than once."""
    for _ in range(_MOST_TIMES):
        if "&" not in text:
            break
        decoded = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        if decoded == text:
            break
        text = decoded
    return text
