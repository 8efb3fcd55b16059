"""Whom a card or a letter is for: "Dear", "To", "Thank you", "Happy birthday". That person never handed it in.

Takes the text of a line as it was read, returns whether a name on it, or on the next line, is the addressee's. The
words are in ``lists/letter_greetings.txt`` and ``lists/letter_wishes.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from mssw.names.label_words import reads_as
from mssw.names.own_name_words import keep_plain_letters, read_greetings
from mssw.names.word_lists import read_phrases

FILLER = "filler:"
LEAST_MENDED = 4  # letters of a word in which one may be wrong
LEAST_GLUED = 4  # letters of a greeting that was read as one word with the name behind it
_WORD = re.compile(r"[A-ZÀ-Þ]?[^\W\d_A-ZÀ-Þ]+|[^\W\d_]+")  # the space in "HiVera" is often lost
_CALLS = re.compile(r"(\w{2,})\s*[,!]+\s*$")


def addresses_somebody(text: str, called: Collection[str] = ()) -> bool:
    """Whether a line begins with words to the person whom it names, so that this is not who wrote it.

    Where the sender stands on the same line, it is not sure who is who either.

    Args:
        text: the line as it was read.
        called: what students are called, as letters from a to z: none of these is such a word.

    >>> [addresses_somebody(text) for text in ("Thank you Jared!", "To Jared", "Happy birthday, Jared", "Jared Finch")]
    [True, True, True, False]
    >>> addresses_somebody("Dearjared", {"jared"}), addresses_somebody("To Minh", {"to", "minh"})
    (True, False)
    """
    words = _split(text)
    if not words:
        return False
    found = _find_phrase(words, called)
    return (found is not None and len(words) > found) or _is_glued(words[0], called)


def opens_address(text: str, called: Collection[str] = ()) -> bool:
    """Whether a line is nothing but such words: then the name of the addressee comes next.

    Args:
        text: the line as it was read.
        called: see ``addresses_somebody``.

    >>> [opens_address(text) for text in ("Thank you", "Happy birthday to my friend", "To Kill a Mockingbird", "Dear")]
    [True, True, False, True]
    """
    words = _split(text)
    found = _find_phrase(words, called)
    return found is not None and all(word in _fillers() and word not in called for word in words[found:])


def calls_somebody(text: str) -> bool:
    """Whether a line that is a name calls the person who has it: "Jared!", "Jared,".

    >>> calls_somebody("Jared!"), calls_somebody("Maria L."), calls_somebody("Maria L,"), calls_somebody("Finch, Jared")
    (True, False, False, False)
    """
    return _CALLS.search(text) is not None


def _split(text: str) -> list[str]:
    return [
        letters
        for word in _WORD.findall(text.replace("'", "").replace("’", ""))
        if (letters := keep_plain_letters(word))
    ]


def _find_phrase(words: Sequence[str], called: Collection[str]) -> int | None:
    """How many words at the start of a line are a greeting or a wish; None where they are none."""
    for phrase in _phrases():
        begins = words[: len(phrase)]
        if called and not set(begins).isdisjoint(called):
            continue
        if len(begins) == len(phrase) and all(map(_is_word, begins, phrase)):
            return len(phrase)
    glued = words[0] if words else ""
    return 1 if glued not in called and glued in {"".join(phrase) for phrase in _phrases()} else None


def _is_word(read: str, listed: str) -> bool:
    return reads_as(read, listed, LEAST_MENDED)


def _is_glued(word: str, called: Collection[str]) -> bool:
    """Whether a word is a greeting and the name of somebody, read as one."""
    if word in called:
        return False
    for phrase in _phrases():
        start = "".join(phrase)
        name = word.removeprefix(start)
        if len(start) >= LEAST_GLUED and name != word and any(_is_word(name, one) for one in called):
            return True
    return False


@cache
def _phrases() -> tuple[tuple[str, ...], ...]:
    """Greetings and wishes as words, the longest first."""
    wishes = [line for line in read_phrases("letter_wishes") if not line.startswith(FILLER)]
    found = {tuple(map(keep_plain_letters, line.split())) for line in wishes} | set(read_greetings())
    return tuple(sorted(found, key=lambda words: (-len(words), words)))


@cache
def _fillers() -> frozenset[str]:
    lines = [line for line in read_phrases("letter_wishes") if line.startswith(FILLER)]
    return frozenset(keep_plain_letters(word) for line in lines for word in line.removeprefix(FILLER).split())
