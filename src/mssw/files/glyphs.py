"""Text as our fonts can show it: a letter that none of them has is printed as a white square, and can be told."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from mssw.files.fonts import fonts_folder

REPLACEMENT = "□"
# What the fonts are known to have, so that most text needs no font to be opened.
_PLAIN = re.compile(r"[\n\t\x20-\x7e\xa1-\xac\xae-\u017f‘’“”„–—…•]*")
_MARK = "\ufeff"  # a byte order mark in the middle of a text
# Direction marks, joiners, soft hyphens and breaks: they ask for no letter.
_INVISIBLE = re.compile(r"[\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f]")
_NEVER = {"Co", "Cn", "Cs"}  # private and unassigned: nothing that a person wrote
_LEFT_OUT = {"Cc", "Cf", "Mn"}  # stands for no letter of its own


def printable(text: str) -> str:
    """The text composed (NFC, as fonts hold accented letters), and a square for each letter that no font has.

    Control characters, which stand for no letter, are left out.
    """
    whole = _composed(text)
    return whole if _PLAIN.fullmatch(whole) else "".join(_shown(letter) for letter in whole)


def unprintable(texts: Iterable[str]) -> list[str]:
    """The letters in those texts that are printed as a square, each once, in their order."""
    rare = (letter for text in map(_composed, texts) if not _PLAIN.fullmatch(text) for letter in text)
    return [letter for letter in dict.fromkeys(rare) if letter != REPLACEMENT == _shown(letter)]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())


def _shown(letter: str) -> str:
    kind = unicodedata.category(letter)
    if letter in "\n\t" or _INVISIBLE.match(letter):
        return letter
    if kind not in _NEVER and kind != "Cc" and letter != _MARK and ord(letter) in _held():
        return letter
    if kind == "Zs":
        return " "
    return "" if kind in _LEFT_OUT else REPLACEMENT


@functools.cache
def _held() -> frozenset[int]:
    """Every code point that one of our fonts has."""
    import pymupdf  # noqa: PLC0415 - slow to load, and only rare letters need it

    font: Any = pymupdf.Font  # it publishes no usable types
    fonts = (font(fontfile=str(path)) for path in sorted(fonts_folder().glob("*.ttf")))
    return frozenset(point for held in fonts for point in held.valid_codepoints())
