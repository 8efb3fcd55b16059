"""Letters without their accents, so that two ways of writing one word are equal."""

from __future__ import annotations

import re
import unicodedata

# a stroke through a letter is no accent to Unicode, but people leave it out just as well
_STROKES = {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O"}

# Where accents that stand alone can be; between are Chinese and Korean, of which there may be much to look through.
_MAY_BE_ACCENTS = re.compile("[\u0300-\u30ff\ua600-\uabff\ufb00-\U0010ffff]")


def without_accents(text: str) -> str:
    """The text with accents and strokes taken off its letters, and ligatures and wide forms as plain letters.

    >>> without_accents("Zoë Łukasz ﬁt")
    'Zoe Lukasz fit'
    """
    if text.isascii():
        return text
    whole = unicodedata.normalize("NFC", text)
    for letter, plain in _STROKES.items():
        whole = whole.replace(letter, plain)
    taken_apart = unicodedata.normalize("NFKD", whole)
    bare = _MAY_BE_ACCENTS.sub(lambda one: "" if unicodedata.combining(one[0]) else one[0], taken_apart)
    return unicodedata.normalize("NFC", bare)  # puts Korean syllables together again
