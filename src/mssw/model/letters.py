"""Letters without their accents, so that two ways of writing one word are equal."""

from __future__ import annotations

import unicodedata

# a stroke through a letter is no accent to Unicode, but people leave it out just as well
_STROKES = str.maketrans({"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O"})


def without_accents(text: str) -> str:
    """The text with accents and strokes taken off its letters, and ligatures and wide forms as plain letters.

    >>> without_accents("Zoë Łukasz ﬁt")
    'Zoe Lukasz fit'
    """
    if text.isascii():
        return text
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_STROKES))
    bare = "".join(letter for letter in taken_apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)  # puts Korean syllables together again
