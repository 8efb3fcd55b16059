"""Find a roster's spellings in text, however they are written there.

In goes text: of a PDF, of file names, of a page that was typeset, or any bytes read as text. Out come the indexes of
the spellings that it contains. The audit and the checks before printing rely on this search.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from mssw.names.letters import keep_plain_letters, remove_accents
from mssw.names.word_lists import EVERYDAY_WORDS, ORDINARY_WORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


SHORTEST_WORD = 3
"""Letters of the shortest single word that is searched for; shorter ones stand in every text."""

_SHORTEST_FULL_NAME = 4
_SHORTEST_JOINED = 6
_SHORTEST_NUMBER = 4
_WORD = re.compile(r"[^\W\d_]+|\d+")
_SPACED_OUT = re.compile(
    r"(?<!\w)(?:\w[ \u00a0]){2,}\w(?!\w)|(?<![^\W_])(?:[^\W\d_][.\-\u2010\u00b7_*]){2,}[^\W\d_](?![^\W_])"
)
_DIGIT_GROUPS = re.compile(r"(?<!\d)\d+(?:[ \u00a0\-\u2010]\d+)+(?!\d)")
_SHORTEST_GROUPED = 6  # digits: shorter numbers are met by chance, as in 12-50
_MOST_GROUPS = 4  # of one number
_BREAK_IN_A_WORD = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|[-\u2010\x02\ufffe]\\s*\\n\\s*|\x02|\ufffe"
)
_FIRST_WIDE = "\u2e80"
_FAR = re.compile("[\u2e80-\ua63f\uac00-\uf8ff]+")  # what chance spells where bytes are read as UTF-16
_WIDEST_GAP = 3
_WIDEST_KERN = 2
_MOST_SHOWN = 5


_GREEK_OR_CYRILLIC = re.compile("[\u0370-\u052f]")
LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁһӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧνοα",
    "ABESIJKMHOPCTYXaesijopcyxdhlABEZHIKMNOPTYXvoa",
)
"""Letters of other scripts that look like ours, in which a name could be written to be read and not found."""


def fold_text(text: str) -> str:
    r"""Text without case, accents, ligatures and invisible breaks inside words.

    >>> fold_text("Zoë O'Nei\u00adl")
    "zoe o'neil"
    """
    return remove_accents(remove_breaks(text)).casefold()


def _fold_and_close_up(text: str) -> str:
    """The text folded, and after it each word that is spaced out, closed up."""
    plain = fold_text(text)
    spaced_out = _SPACED_OUT.findall(plain)
    return "\n".join((plain, *map(_join_letters, spaced_out))) if spaced_out else plain


def _join_letters(run: str) -> str:
    return "".join(_WORD.findall(run))


def close_up(text: str) -> str:
    """The text with each word that is spaced out, or has a sign between its letters, in one piece.

    >>> close_up("M a y a and J.o.n")
    'Maya and Jon'
    """
    return _SPACED_OUT.sub(lambda run: _join_letters(run[0]), text)


def remove_breaks(text: str) -> str:
    """The text without what breaks a word and is not seen, and with words in one piece that a line cuts in two."""
    return text if text.isalnum() else _BREAK_IN_A_WORD.sub("", text)  # most texts are one word


def _list_grouped_numbers(plain: str) -> Iterator[str]:
    """Numbers that are written in groups, as 4711-003, in one piece."""
    for run in _DIGIT_GROUPS.findall(plain):
        groups = re.findall(r"\d+", run)
        for start in range(len(groups)):
            for end in range(start + 2, min(start + _MOST_GROUPS, len(groups)) + 1):
                if len(number := "".join(groups[start:end])) >= _SHORTEST_GROUPED:
                    yield number


def _list_capitals(text: str) -> set[str]:
    """The words of a text that begin with a capital, folded, also those that are spaced out."""
    plain = remove_accents(remove_breaks(text))
    spaced_out = map(_join_letters, _SPACED_OUT.findall(plain))
    return {word.casefold() for word in (*_WORD.findall(plain), *spaced_out) if word[0].isupper()}


@dataclass(frozen=True, slots=True)
class _Text:
    """A text cut into words: where each is, and which words are where."""

    folded: str
    words: list[str]
    spans: list[tuple[int, int]]
    places: dict[str, list[int]]

    @classmethod
    def of(cls, plain: str) -> _Text:
        matches = list(_WORD.finditer(plain))
        places: dict[str, list[int]] = {}
        for index, match in enumerate(matches):
            places.setdefault(match.group(), []).append(index)
        return cls(plain, [match.group() for match in matches], [match.span() for match in matches], places)

    def holds_in_a_row(self, row: tuple[str, ...]) -> bool:
        """Whether the words stand one after the other with at most three other characters between."""
        return any(
            self.words[at : at + len(row)] == list(row)
            and all(self.gap(index) <= _WIDEST_GAP for index in range(at, at + len(row) - 1))
            for at in self.places.get(row[0], ())
        )

    def halves(self) -> Iterator[str]:
        """Each two neighbours as one word, which is how wide kerning cuts a word for a machine."""
        for index in range(len(self.words) - 1):
            if self.gap(index) <= _WIDEST_KERN:
                yield self.words[index] + self.words[index + 1]

    def gap(self, index: int) -> int:
        """Characters between a word and the next one."""
        return self.spans[index + 1][0] - self.spans[index][1]


@dataclass
class _Spellings:
    """The words and numbers to search for, each with the indexes of its spellings."""

    words: dict[str, set[int]] = field(default_factory=dict)
    numbers: dict[str, set[int]] = field(default_factory=dict)
    rows: dict[tuple[str, ...], set[int]] = field(default_factory=dict)
    rows_with_numbers: dict[tuple[str, ...], set[int]] = field(default_factory=dict)
    halved: dict[str, set[int]] = field(default_factory=dict)
    wide: dict[str, set[int]] = field(default_factory=dict)

    def add(self, index: int, words: tuple[str, ...]) -> None:
        """Add a spelling, cut into its folded words."""
        whole = "".join(words)
        digits = sum(letter.isdigit() for letter in whole)
        if digits:
            if digits >= _SHORTEST_NUMBER and len(words) > 1:
                self.rows_with_numbers.setdefault(words, set()).add(index)
            elif digits >= _SHORTEST_NUMBER:
                self.numbers.setdefault(whole, set()).add(index)
            return
        if len(whole) > 1 and any(letter >= _FIRST_WIDE for letter in whole):
            self.wide.setdefault(whole, set()).add(index)
        if len(words) > 1 and len(whole) >= _SHORTEST_FULL_NAME:
            self.rows.setdefault(words, set()).add(index)
        if len(whole) >= (_SHORTEST_JOINED if len(words) > 1 else SHORTEST_WORD):
            self.words.setdefault(whole, set()).add(index)
        if len(words) == 1 and len(whole) >= _SHORTEST_JOINED:
            self.halved.setdefault(whole, set()).add(index)

    def may_stand_in(self, text: str) -> bool:
        """Whether a spelling's letters follow each other in the text, whatever is between them: a quick no.

        However a spelling is found, its words are neighbours in the text.
        """
        letters = keep_plain_letters(text)
        if any(word in letters for word in self.joined):
            return True
        if not self.joined_beyond or text.isascii():
            return False
        plain = fold_text(text)
        letters_beyond = "".join(_WORD.findall(plain))
        return any(word in letters_beyond or word in plain for word in self.joined_beyond)

    @cached_property
    def joined(self) -> tuple[bytes, ...]:
        """What to search for among letters from a to z, each without what is between its words."""
        return tuple(word.encode() for word in self._all_joined if word.isascii())

    @cached_property
    def joined_beyond(self) -> tuple[str, ...]:
        """The same for what has other letters."""
        return tuple(word for word in self._all_joined if not word.isascii())

    @property
    def _all_joined(self) -> dict[str, None]:
        rows = map("".join, (*self.rows, *self.rows_with_numbers))
        return dict.fromkeys((*self.words, *self.halved, *self.numbers, *rows, *self.wide))


class NameSearch:
    """A roster's spellings, ready to be searched for.

    A single word counts where it has at least three letters and is no ordinary word; another everyday word only
    where it has a capital. A full name counts from four letters on; a number from four digits on. Whole words only,
    in any case, with or without accents.
    What the scripts of East Asia write without spaces counts anywhere.
    """

    def __init__(self, spellings: Sequence[str]) -> None:
        """Prepare the search.

        Args:
            spellings: names and identifiers as the roster knows them, in its order.
        """
        self._count = len(spellings)
        self._spellings = _Spellings()
        for index, spelling in enumerate(spellings):
            self._spellings.add(index, tuple(_WORD.findall(fold_text(spelling))))

    def __repr__(self) -> str:
        return f"NameSearch of {self._count} spellings"

    def __bool__(self) -> bool:
        return self._count > 0

    def hits(
        self, text: str, *, numbers: bool = True, at_least: int = 0, ordinary: bool = False, everyday: bool = True
    ) -> set[int]:
        """Find the indexes of the spellings that the text contains.

        Args:
            text: where to search.
            numbers: whether spellings with digits count; not among a format's own numbers.
            at_least: spellings of fewer letters do not count; for bytes that spell words by chance.
            ordinary: whether an ordinary word alone counts too.
            everyday: whether other everyday words count where they have a capital.
        """
        if not self._count:
            return set()
        spellings = self._spellings
        text = text if spellings.wide or text.isascii() else _FAR.sub(" ", text)
        looks = text.translate(LOOKALIKES) if _GREEK_OR_CYRILLIC.search(text) else text
        found = set()
        for one in {text, looks}:
            found |= self._hits(one, numbers=numbers, at_least=at_least, ordinary=ordinary, everyday=everyday)
        return found

    def _hits(self, text: str, *, numbers: bool, at_least: int, ordinary: bool, everyday: bool) -> set[int]:
        spellings = self._spellings
        if not spellings.may_stand_in(text):
            return set()
        cut = _Text.of(_fold_and_close_up(text))
        found = {word: spellings.words[word] for word in spellings.words.keys() & cut.places.keys()}
        found |= {word: spellings.halved[word] for word in spellings.halved.keys() & set(cut.halves())}
        if not ordinary:
            capitals = _list_capitals(text) if everyday and found.keys() & EVERYDAY_WORDS else set()
            may_count = capitals - ORDINARY_WORDS
            found = {word: at for word, at in found.items() if word not in EVERYDAY_WORDS or word in may_count}
        for row, indexes in spellings.rows.items():
            if row[0] in cut.places and cut.holds_in_a_row(row):
                found["".join(row)] = indexes | found.get("".join(row), set())
        if not cut.folded.isascii():
            found |= {word: indexes for word, indexes in spellings.wide.items() if word in cut.folded}
        if numbers:
            written = cut.places.keys() | set(_list_grouped_numbers(cut.folded))
            found |= {word: spellings.numbers[word] for word in spellings.numbers.keys() & written}
            for row, indexes in spellings.rows_with_numbers.items():
                if cut.holds_in_a_row(row):
                    found["".join(row)] = indexes
        return {index for word, indexes in found.items() if len(word) >= at_least for index in indexes}

    def hits_inside(self, letters: str, at_least: int = _SHORTEST_FULL_NAME) -> set[int]:
        """Find the indexes of the spellings whose letters follow each other, whatever else is before and after.

        Args:
            letters: as they come out of pieces that were joined.
            at_least: spellings of fewer letters do not count.
        """
        joined = "".join(_WORD.findall(fold_text(letters)))
        rows = {"".join(row): indexes for row, indexes in self._spellings.rows.items()}
        found = (self._spellings.words | rows).items()
        return {index for word, indexes in found if len(word) >= at_least and word in joined for index in indexes}

    def letters_beyond_chance(self, size: int) -> int:
        """Letters that a spelling needs before finding it in so many random bytes means anything.

        A word of n letters, in any case, stands at a given place of random bytes with a chance of (2/256)^n.
        The answer keeps the chance of one false alarm in the whole stretch under one in a million.
        """
        tries = max(1, size) * max(1, self._count) * 1e6
        return max(SHORTEST_WORD + 1, math.ceil(math.log(tries) / math.log(256 / 2)))


def describe_students(hits: set[int], rows: Sequence[int]) -> str:
    """Say which students the spellings belong to, for a message: ``student 3 of the roster``, in the roster's order.

    Args:
        hits: indexes of spellings.
        rows: the student of each spelling, from 1; empty where that is not known.
    """
    return describe_rows({rows[index] for index in hits if index < len(rows)})


def describe_rows(rows: Collection[int]) -> str:
    """Say which students are meant, by their rows in the roster, from 1."""
    known = sorted(rows)
    if not known:
        return "a spelling of the roster"
    if len(known) == 1:
        return f"student {known[0]} of the roster"
    shown = ", ".join(map(str, known[:_MOST_SHOWN]))
    return f"students {shown}{' and more' if len(known) > _MOST_SHOWN else ''} of the roster"
