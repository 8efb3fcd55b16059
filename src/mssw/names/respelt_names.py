"""Find names that are not written or read quite as the class list has them: "Elicould", "liams", "ZOEEE", "I33y".

In goes the text of a line and what people are called. Out come the places of the names in it. Only a word that is no
everyday one is looked at: its letters are those of a name, and only a space, a sign or a repeated letter is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from mssw.names.letters import remove_accents
from mssw.names.word_lists import (
    CALENDAR_WORDS,
    ENGLISH_GRAMMAR,
    EVERYDAY_WORDS,
    FUNCTION_WORDS,
    STUCK_VERBS,
    UNENDING_WORDS,
    WORDS_LIKE_NAMES,
)

SHORTEST = 3  # letters of a name that has a capital, and something stuck to it
SHORTEST_SMALL = 4  # the same of one that is written small
CUT_OFF = 2  # letters that a short form of a name lacks, at least
LONG = 6  # letters of a name in which a doubled letter counts although it is written small
_WORD = re.compile(r"[^\W_]+")
_STRETCHED = re.compile(r"(.)\1{2}")
_REPEATED = re.compile(r"(.)\1+")
_MEASURE = re.compile(
    r"\d+(?:am|pm|[cdkm]?m|k?g|mg|m?l|in|ft|yd|mi|lbs?|oz|min|sec|hrs?|th|st|nd|rd|[sx])", re.IGNORECASE
)
_TEAM = re.compile(r"#\s?team\s?", re.IGNORECASE)
_DIGITS = {"0": "o", "1": "il", "2": "z", "3": "ze", "4": "a", "5": "s", "6": "bg", "7": "t", "8": "b", "9": "g"}
_PLUS = "t"  # what a plus between two names is read as: Ben+me
_BESIDE_PLUS = frozenset({"me", "i", "mom", "dad", "you"})
_OWNERS = "s"
_AND_STUCK = re.compile(r"and(?:i|me|mom|mum|dad|[A-Z].*)\b")
_NO_NAMES = EVERYDAY_WORDS | ENGLISH_GRAMMAR | FUNCTION_WORDS | UNENDING_WORDS | WORDS_LIKE_NAMES


@dataclass(frozen=True, slots=True)
class RespeltName:
    """A name in the text of a line. Its repr does not show it.

    Attributes:
        start: index of its first character.
        end: index after the last one.
        letters: the name that it is, from a to z.
    """

    start: int
    end: int
    letters: str = field(repr=False)


def find_respelt_names(text: str, called: Collection[str], words: Collection[str] = ()) -> list[RespeltName]:
    """Find the names in a line that are stuck to another word, stretched, or have a digit for a letter.

    Args:
        text: the line, as it was read.
        called: what people are called, as letters from a to z.
        words: those of them that are everyday words, too.

    >>> text = "Elicould ask ZOEEE and I33y for liams hat"
    >>> [text[one.start : one.end] for one in find_respelt_names(text, {"eli", "zoe", "izzy", "liam"})]
    ['Eli', 'ZOEEE', 'I33y', 'liams']
    """
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        for start, end, letters in _find_in_word(word, called, words):
            found.append(RespeltName(match.start() + start, match.start() + end, letters))
    return found + _find_team(text, called)


def _find_team(text: str, called: Collection[str]) -> list[RespeltName]:
    """The name behind "#Team", also with a gap in it: "#TeamL iam"."""
    team = _TEAM.search(text)
    if team is None:
        return []
    for name in sorted(called, key=lambda name: (-len(name), name)):
        match = re.compile(" ?".join(name) + r"\b", re.IGNORECASE).match(text, team.end())
        if match is not None and len(name) >= SHORTEST:
            return [RespeltName(match.start(), match.end(), name)]
    return []


def find_shortened_names(text: str, firsts: Collection[str], called: Collection[str]) -> list[RespeltName]:
    """Find words with a capital that a student's first name begins with: a short form that no list has.

    Args:
        text: the line, as it was read.
        firsts: the first names, as letters from a to z.
        called: what people are called: these words are found by themselves.

    >>> text = "so Theod and The pack"
    >>> [text[one.start : one.end] for one in find_shortened_names(text, {"theodora"}, {"theodora", "theo"})]
    ['Theod']
    """
    found = []
    for match in _WORD.finditer(text):
        word, plain = match.group(), _fold(match.group())
        if len(plain) < SHORTEST or not word.istitle() or plain in called or plain in _NO_NAMES:
            continue
        longs = [name for name in firsts if name.startswith(plain) and len(name) >= len(plain) + CUT_OFF]
        found += [RespeltName(match.start(), match.end(), name) for name in sorted(longs)[:1]]
    return found


def find_named_words(text: str) -> list[str]:
    """The words with a capital in what is written where a name is asked for, which are no everyday ones.

    >>> find_named_words("Teddy Pikes"), find_named_words("The red team"), find_named_words("Monday")
    (['Teddy', 'Pikes'], [], [])
    """
    return [
        word
        for word in _WORD.findall(text)
        if len(word) >= SHORTEST and word.istitle() and _fold(word) not in _NO_NAMES | CALENDAR_WORDS
    ]


def find_words_again(text: str, words: Collection[str]) -> list[RespeltName]:
    """Where some words stand in a line, with a capital.

    Args:
        text: the line, as it was read.
        words: in small letters, without accents.
    """
    return [
        RespeltName(match.start(), match.end(), _fold(match.group()))
        for match in _WORD.finditer(text)
        if match.group()[0].isupper() and _fold(match.group()) in words
    ]


def _find_in_word(word: str, called: Collection[str], words: Collection[str]) -> list[tuple[int, int, str]]:
    """The names in one word, each with where it begins and ends there."""
    plain = _fold(word)
    if len(plain) != len(word) or plain in called or plain in _NO_NAMES:
        return []
    if not word.isalpha():
        return [(0, len(word), name) for name in called if name not in words and _has_digits_of(word, name)][:1]
    found = [(start, end, plain[start:end]) for start, end in _find_stuck(word, plain, called)]
    if not found and _is_owner(word, plain, called, words):
        found = [(0, len(word), plain[:-1])]
    return found or [(0, len(word), name) for name in called if name not in words and _is_stretched(word, name)][:1]


def _find_stuck(word: str, plain: str, called: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where a name in a word begins and ends that has a verb, "and me", or a plus stuck to it."""
    for start in [n for n, sign in enumerate(word) if n == 0 or (sign.isupper() and word[n - 1].islower())]:
        for end in range(len(word) - 1, start + SHORTEST - 1, -1):
            if plain[start:end] not in called:
                continue
            has_capital = word[start].isupper()
            is_verb = has_capital and (plain[end:] in STUCK_VERBS or _AND_STUCK.fullmatch(word[end:]))
            if is_verb or _has_plus(word[end:], called):
                yield start, end
                break


def _has_plus(rest: str, called: Collection[str]) -> bool:
    """Whether what is behind a name is a plus, and what a plus joins to it."""
    if rest[:1] != _PLUS:
        return False
    plain = _fold(rest[1:])
    return plain in _BESIDE_PLUS or (
        rest[1:2].isupper() and any(plain.startswith(name) for name in called if len(name) >= SHORTEST)
    )


def _is_owner(word: str, plain: str, called: Collection[str], words: Collection[str]) -> bool:
    """Whether a name is written small with the s of an owner, or of a family: "thats liams hat", "all the moores"."""
    name = plain[:-1]
    return (
        word.islower() and plain[-1] == _OWNERS and len(name) >= SHORTEST_SMALL and name in called and name not in words
    )


def _is_stretched(word: str, name: str) -> bool:
    """Whether a word is a name but for letters that are repeated more often: "ZOEEE", "Cammila".

    A letter three times in a row is in no word. One that is doubled may be, so that the name must be longer.
    """
    plain = _fold(word)
    if len(plain) <= len(name) or len(name) < SHORTEST or _squeeze(plain) != _squeeze(name):
        return False
    if _STRETCHED.search(plain):
        return not word.islower() or len(name) > SHORTEST
    return len(name) >= (SHORTEST_SMALL if word[0].isupper() else LONG)


def _has_digits_of(word: str, name: str) -> bool:
    """Whether a word with digits is a name, also a stretched one: "2OEEE"."""
    if _is_in_digits(word, name):
        return True
    letters = "".join(_DIGITS.get(sign, sign)[:1] for sign in word)
    return any(map(str.isalpha, word)) and _STRETCHED.search(word) is not None and _is_stretched(letters, name)


def _is_in_digits(word: str, name: str) -> bool:
    """Whether a word is a name with digits for some of its letters: "I33y"."""
    if len(word) != len(name) or not any(sign.isalpha() for sign in word) or _MEASURE.fullmatch(word):
        return False
    least = SHORTEST if word[0].isalpha() else SHORTEST_SMALL
    return len(name) >= least and all(
        letter in _DIGITS.get(sign, _fold(sign)) or (sign in "Il" and letter in "il")
        for sign, letter in zip(word, name, strict=True)
    )


def _fold(text: str) -> str:
    return remove_accents(text).casefold()


def _squeeze(text: str) -> str:
    """A word without repeated letters."""
    return _REPEATED.sub(r"\1", text)
