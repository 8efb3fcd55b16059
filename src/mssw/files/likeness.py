"""How like two names look or sound. Wraps jellyfish."""

from collections.abc import Sequence
from functools import lru_cache

import jellyfish

from mssw.model.alias import SHORT, begins_alike, name_parts, plain_letters

_JARO_WINKLER = 0.90
_LETTER_A = ord("a")


class Likeness:
    """Tells whether a name in the letters A to Z may be mistaken for one of many, which are prepared once."""

    def __init__(self, spellings: Sequence[str]) -> None:
        words = name_parts(spellings)
        self._words = frozenset(words)
        self._sounds = frozenset(sound for word in words if (sound := _sound(word)))
        self._letters = [(word, _letter_set(word)) for word in words]

    def has_one_like(self, name: str) -> bool:
        """Whether any of them begins, sounds or is written like the name."""
        letters = plain_letters(name)
        if _sound(letters) in self._sounds:
            return True
        if any(letters[:end] in self._words for end in range(2, len(letters) + 1)):
            return True
        # Of two names written alike, each lacks few letters of the other: two where two changes part them,
        # half where Jaro-Winkler makes up for it by a common beginning. So only few words need measuring.
        mine, lacks = _letter_set(letters), max(2, len(letters) // 2)
        near = (word for word, theirs in self._letters if (mine & ~theirs).bit_count() <= lacks)
        return any(_written_alike(letters, word) for word in near)


def alike(one: str, other: str) -> bool:
    """Whether two names begin, sound or are written so alike that one may be mistaken for the other."""
    a, b = plain_letters(one), plain_letters(other)
    return (bool(_sound(a)) and _sound(a) == _sound(b)) or _written_alike(a, b)


def _written_alike(a: str, b: str) -> bool:
    """Whether one begins the other, or few changes part them, or Jaro-Winkler finds them alike (from 0.90).

    Few are one Damerau-Levenshtein change for names of up to 5 letters, else two.
    """
    if begins_alike(a, b) or jellyfish.jaro_winkler_similarity(a, b) >= _JARO_WINKLER:
        return True
    changes = 1 if max(len(a), len(b)) <= SHORT else 2
    return abs(len(a) - len(b)) <= changes and jellyfish.damerau_levenshtein_distance(a, b) <= changes


def _letter_set(letters: str) -> int:
    """One bit for each of the letters a to z that occur."""
    return sum(1 << (ord(c) - _LETTER_A) for c in set(letters) if "a" <= c <= "z")


@lru_cache(maxsize=4096)
def _sound(letters: str) -> str:
    """The Metaphone code; empty for a script that it does not know."""
    return jellyfish.metaphone(letters) if letters.isascii() else ""
