"""The words before a student's own name, where she writes it without being asked: "My name is", "Sincerely,".

Takes the text of a line as it was read, returns where a name may begin in it. The words are in lists by language
(``lists/own_name_openings.txt`` and ``lists/letter_closings.txt``). A word may have one letter wrong. ``OwnName`` is a
name as it was found; ``mssw.vision.own_name_places`` finds them on a page. What a letter begins with ("Dear Mayor,") is
known here too (``lists/letter_greetings.txt``): no student who hands it in is named there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from mssw.core.page import Box
from mssw.names.label_words import SENDERS, Asks, find_label_at_start, is_one_letter_off, reads_as
from mssw.names.letters import remove_accents
from mssw.names.word_lists import read_phrases

AT_START, WITH_COMMA = "at start:", "with comma:"
LEAST_MENDED = 5  # letters of a word in which one may be wrong
LEAST_GREETING = 4  # the same, of a greeting with its comma
WHOLE_GREETING = 4  # words of a greeting that needs nobody's name behind it
LEAST_GLUED = 8  # letters of a closing of which words are read as one
_POSTSCRIPT = re.compile(r"\s*(?:P\.?\s?S|P\.?\s?D|N\.?\s?B)(?:\.|:|,|\b)", re.IGNORECASE)
_WORD = re.compile(r"[^\s,;:.!?]*[,;:.!?]+|[^\s,;:.!?]+")  # the space behind "Hello," is often lost
_NO_LETTER = re.compile(r"[^a-z]+")
_SENTENCE_END = re.compile(r"[.!?]+\s+")
_I_AM = re.compile(r"\bI(?: am|['\u2019]?m) $")
_APOSTROPHES, _BETWEEN = ("'", "\u2019"), " ,.:;!-\u2013\u2014"
MOST_BEHIND = 1  # words behind a signature: a last name


class OwnNameWay(StrEnum):
    """How a student's own name stands on a page."""

    ALONE = "alone"  # on a line at the head or the foot of the page
    LAST = "last"  # on the last line that is written
    AFTER = "after"  # words like "my name is"
    UNDER = "under"  # the closing of a letter


@dataclass(frozen=True, slots=True)
class OwnName:
    """A name of the class list that was read at such a place.

    Attributes:
        way: how it was written, for example alone or under a closing.
        box: where it is, in fractions of the page.
        anchor: the words that say so; None for a name that stands alone.
        student: who has that name, as a place in the roster.
        cost: a letter.
    """

    way: OwnNameWay
    box: Box
    anchor: Box | None
    student: int = field(repr=False)
    cost: float

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> OwnName:
        """Read it back from what ``dataclasses.asdict`` made of it."""
        anchor = Box(**value["anchor"]) if value["anchor"] else None
        return cls(OwnNameWay(value["way"]), Box(**value["box"]), anchor, int(value["student"]), float(value["cost"]))


@dataclass(frozen=True, slots=True)
class OwnNameWords:
    """Words on a line that say that a student's own name follows.

    Attributes:
        start: index of their first character in the line's text.
        end: index after their last one.
        is_closing: whether they close a letter, so that the name may also be on the next line.
    """

    start: int
    end: int
    is_closing: bool = False


def find_own_name_words(text: str) -> OwnNameWords | None:
    """Find words on a line after which the writer's own name comes; None where there are none.

    >>> text = "Hello, my name is Maria"
    >>> found = find_own_name_words(text)
    >>> text[found.end :].strip(), found.is_closing
    ('Maria', False)
    >>> find_own_name_words("Sincerely,").is_closing, find_own_name_words("Love, Maria").is_closing
    (True, True)
    >>> find_own_name_words("I love my name") is None
    True
    """
    places, words = _split_words(text)
    first = next((n for n, word in enumerate(words) if word), None)
    if first is None:
        return None
    label = find_label_at_start([text[start:end] for start, end in places])
    if label is not None and label.asks is Asks.NAME and ":" in text[: places[label.words - 1][1]]:
        return OwnNameWords(places[0][0], places[label.words - 1][1])
    if _is_glued_closing([word for word in words if word]):
        return OwnNameWords(places[first][0], places[-1][1], is_closing=True)
    for phrase in _closings():
        count = len(phrase)
        if _says(words[first : first + count], phrase) and _ends_closing(text, places, first + count, len(words)):
            return OwnNameWords(places[first][0], places[first + count - 1][1], is_closing=True)
    return next(_find_openings(places, words), None)


def find_all_own_name_words(text: str) -> list[OwnNameWords]:
    """All such words on a line, those that ``find_own_name_words`` finds first: a nickname may come after a name.

    >>> text = "I'm William but they call me Bo"
    >>> sorted(text[found.end :].split()[0] for found in find_all_own_name_words(text))
    ['Bo', 'William']
    """
    first = find_own_name_words(text)
    if first is None:
        return []
    found = [first]
    for opening in _find_openings(*_split_words(text)):
        if all(opening.end <= other.start or other.end <= opening.start for other in found):
            found.append(opening)
    return found


def is_signed(text: str, start: int, end: int) -> bool:
    """Whether a name in a line stands where its writer names herself, also behind the end of a sentence.

    >>> text = "it is not fair. Love, Grace"
    >>> is_signed(text, 22, 27), is_signed("From Maya", 5, 9), is_signed("I won. My name is Sam", 18, 21)
    (True, True, True)
    >>> is_signed("From Maya to Sam", 5, 9), is_signed("This is Maya's", 8, 12), is_signed("I love Maya", 7, 11)
    (False, False, False)
    """
    if text[end : end + 1] in _APOSTROPHES:
        return False
    begins = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start)), default=0)
    before = text[begins:start]
    if _I_AM.search(before):
        return True
    right_before = [one for one in find_all_own_name_words(before) if not before[one.end :].strip(_BETWEEN)]
    is_all = len(text[end:].split()) <= MOST_BEHIND
    return any(is_all or not one.is_closing for one in right_before)


def _split_words(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    """Where each word of a line begins and ends, and its letters from a to z."""
    places = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    return places, [keep_plain_letters(text[start:end]) for start, end in places]


def _find_openings(places: Sequence[tuple[int, int]], words: Sequence[str]) -> Iterator[OwnNameWords]:
    """Every opening on a line, such as "my name is", the longest first."""
    given = [n for n, word in enumerate(words) if word]
    for phrase, at_start in _openings():
        for n in given[:1] if at_start else given:
            if _says(words[n : n + len(phrase)], phrase):
                yield OwnNameWords(places[n][0], places[n + len(phrase) - 1][1])


def keep_plain_letters(text: str) -> str:
    """The letters of a word from a to z, without accents and case."""
    return _NO_LETTER.sub("", remove_accents(text).casefold().replace("ß", "ss"))


def _is_glued_closing(words: Sequence[str]) -> bool:
    """Whether a line is a closing of which words were read as one."""
    letters = "".join(words)
    return any(
        len(words) < len(phrase) and len(letters) >= LEAST_GLUED and is_one_letter_off(letters, "".join(phrase))
        for phrase in _closings()
    )


def is_greeting(text: str, called: Collection[str] = ()) -> bool:
    """Whether a line greets whom a letter is to, so that nobody who hands it in is named there.

    A line that says who it is from, too, is none.

    Args:
        text: the line as it was read.
        called: what students are called, as letters from a to z: none of these greets.

    >>> is_greeting("Dear Mayor Ellison,"), is_greeting("To Jonah,"), is_greeting("To Kill a Mockingbird")
    (True, True, False)
    >>> is_greeting("Dean Ellison"), is_greeting("Dear Maria from Jonah")
    (False, False)
    """
    words = [word for _, word in zip(*_split_words(text), strict=True) if word]
    if not SENDERS.isdisjoint(words[1:]) or not words or words[0] in called:
        return False
    has_comma = text.rstrip().endswith((",", ":", "!"))
    for phrase, needs_comma in _greetings():
        begins = words[: len(phrase)]
        is_mended = has_comma and _begins_alike(begins, phrase)
        if (has_comma or not needs_comma) and (tuple(begins) == phrase or is_mended):
            return len(words) > len(phrase) or has_comma or len(phrase) >= WHOLE_GREETING
    return False


def is_postscript(text: str) -> bool:
    """Whether a line is written after the signature of a letter, as "P.S. Naomi says hi".

    >>> is_postscript("P.S. Naomi says hi"), is_postscript("PS: bye"), is_postscript("Psalm")
    (True, True, False)
    """
    return _POSTSCRIPT.match(text) is not None


def _begins_alike(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether words are a greeting's, with one letter wrong in a word of some length."""
    return len(words) == len(phrase) and all(
        reads_as(read, listed, LEAST_GREETING) for read, listed in zip(words, phrase, strict=True)
    )


def _ends_closing(text: str, places: Sequence[tuple[int, int]], after: int, count: int) -> bool:
    """Whether a closing is all that is on its line, or a comma parts it from the rest."""
    return after == count or text[: places[after - 1][1]].rstrip().endswith((",", "!", ":", "-", ";", "."))


def _says(words: Sequence[str], phrase: Sequence[str]) -> bool:
    return len(words) == len(phrase) and all(map(_is_word, words, phrase))


def _is_word(read: str, listed: str) -> bool:
    return reads_as(read, listed, LEAST_MENDED)


@cache
def _closings() -> tuple[tuple[str, ...], ...]:
    """The closings as words, the longest first."""
    phrases = {_as_words(line) for line in read_phrases("letter_closings")}
    return tuple(sorted(phrases, key=lambda words: (-len(words), words)))


@cache
def _greetings() -> tuple[tuple[tuple[str, ...], bool], ...]:
    """The greetings as words, each with whether it counts only before a comma; the longest first."""
    lines = read_phrases("letter_greetings")
    phrases = {(_as_words(line.removeprefix(WITH_COMMA)), line.startswith(WITH_COMMA)) for line in lines}
    return tuple(sorted(phrases, key=lambda phrase: (-len(phrase[0]), phrase)))


def read_greetings() -> tuple[tuple[str, ...], ...]:
    """What a letter begins with, each as its words from a to z."""
    return tuple(phrase for phrase, _ in _greetings())


@cache
def _openings() -> tuple[tuple[tuple[str, ...], bool], ...]:
    """The openings as words, each with whether it counts only at the start of a line; the longest first."""
    lines = read_phrases("own_name_openings")
    phrases = {(_as_words(line.removeprefix(AT_START)), line.startswith(AT_START)) for line in lines}
    return tuple(sorted(phrases, key=lambda phrase: (-len(phrase[0]), phrase)))


def _as_words(line: str) -> tuple[str, ...]:
    return tuple(keep_plain_letters(word) for word in line.split())
