"""Letters without their accents, so that two ways of writing one word are equal."""

from __future__ import annotations

import re
import string
import unicodedata

# a stroke through a letter is no accent to Unicode, but people leave it out just as well
_STROKES = {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O"}

_TRANSCRIBED = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
_TRANSCRIBING = str.maketrans(_TRANSCRIBED | {one.upper(): two.capitalize() for one, two in _TRANSCRIBED.items()})

# Where accents that stand alone can be; between are Chinese and Korean, of which there may be much to look through.
_MAY_BE_ACCENTS = re.compile("[\u0300-\u30ff\ua600-\uabff\ufb00-\U0010ffff]")

_SHARP_S = {"ß": "ss", "ẞ": "ss"}  # the only letter that becomes plain ones by its case alone
_LOWER = bytes(range(128)).lower() + bytes(range(128, 256))
_NO_LETTER = bytes(set(range(128)) - set(f"{string.ascii_letters}{string.digits}".encode()))


def remove_accents(text: str) -> str:
    """The text with accents and strokes taken off its letters, and ligatures and wide forms as plain letters.

    >>> remove_accents("Zoë Łukasz ﬁt")
    'Zoe Lukasz fit'
    """
    if text.isascii():
        return text
    taken_apart = unicodedata.normalize("NFKD", text)
    for letter, plain in _STROKES.items():
        taken_apart = taken_apart.replace(letter, plain)
    bare = _MAY_BE_ACCENTS.sub(lambda one: "" if unicodedata.combining(one[0]) else one[0], taken_apart)
    return unicodedata.normalize("NFC", bare)  # puts Korean syllables together again


def fold_letters(text: str) -> str:
    """The letters and digits of a text, without accents and case. Texts that are then equal mean the same to people.

    >>> fold_letters("Übung 3-A."), fold_letters("ubung 3a")
    ('ubung3a', 'ubung3a')
    """
    return "".join(sign for sign in remove_accents(text).casefold() if sign.isalnum())


def keep_plain_letters(text: str) -> bytes:
    """The letters a to z and the digits that are left of a text without accents and case, and nothing between them.

    Far quicker than taking the accents off, for where only these letters matter.

    >>> keep_plain_letters("Zoë: Straße 7, Łódź")
    b'zoestrasse7lodz'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        for letter, plain in (_STROKES | _SHARP_S).items():
            text = text.replace(letter, plain)
    return text.encode("ascii", "ignore").translate(_LOWER, _NO_LETTER)


def transcribe(text: str) -> str:
    """The text with ä, ö, ü, ø and å in two letters each, as passports and addresses write them.

    >>> transcribe("Jürgen Øster")
    'Juergen Oester'
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_TRANSCRIBING)
