"""The word lists of this package: words that are names too, titles, particles, and what else people are called.

Each list is a text file in ``lists``, with its remarks and sources. Each is read once: most when this module is
imported, the other forms of first names when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from mssw.names.letters import remove_accents


def _read_lines(name: str) -> list[str]:
    """The lines of a list, without its comments and blank lines."""
    lines = files("mssw.names").joinpath("lists", f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _read_words(name: str) -> frozenset[str]:
    return frozenset(word for line in _read_lines(name) for word in line.split())


def _read_section(name: str, *, first: bool) -> frozenset[str]:
    """The words of a list's first section, which is English, or of all others. Each begins with a remark of its own."""
    text = files("mssw.names").joinpath("lists", f"{name}.txt").read_text(encoding="utf-8")
    _, _, sections = text.partition("\n\n")
    english, _, others = sections.partition("\n\n")
    lines = (english if first else others).splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def read_label_words(name: str) -> frozenset[str]:
    """The words of one of the lists of labels, without accents; see ``label_words``."""
    return frozenset(word for line in _read_lines(name) for word in remove_accents(line).casefold().split())


def read_phrases(name: str) -> list[str]:
    """The lines of a list, each a phrase."""
    return _read_lines(name)


def read_marked_words(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """The lines of a list, each a mark, a colon and words: the mark, and the words without accents."""
    lines = [line.partition(":") for line in _read_lines(name)]
    return [(mark, tuple(remove_accents(words).casefold().split())) for mark, _, words in lines]


PARTICLES = _read_words("particles")
"""Words that join the parts of a name and name nobody (van, de la), as letters from a to z."""

ORDINARY_WORDS = _read_words("ordinary_words")
"""Names that mean nothing on a typeset page unless the rest of a full name stands beside them."""

NAMELESS_WORDS = PARTICLES | {"a", "d", "les", "li"}
"""Words in a name that nobody is called by: the particles, and others that are too short or common in handwriting."""

_NAMES_FIRST = frozenset({"ben"})  # a particle in some names, but far more often a boy

EVERYDAY_WORDS = (ORDINARY_WORDS | NAMELESS_WORDS | _read_words("everyday_words")) - _NAMES_FIRST
"""Names that count in handwriting only with a capital, as letters from a to z."""

FOREIGN_WORDS = _read_section("everyday_words", first=False) - _read_section("everyday_words", first=True)
"""Those of them that are words in other languages only: in an English sentence Rivera is a name."""

_BY_LANGUAGE = read_marked_words("words_by_language")


def _of_languages(kind: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for mark, words in _BY_LANGUAGE:
        language, what = mark.split()
        if what == kind:
            found[language] = found.get(language, frozenset()).union(words)
    return found


WORDS_OF_LANGUAGE = _of_languages("words")
"""By language, the names that are everyday words on a page that is written in it."""

GRAMMAR_OF_LANGUAGE = _of_languages("grammar")
"""By language, small words that show that a page is written in it."""

FUNCTION_WORDS = _read_words("function_words")
"""Words that name nobody in handwriting, even with a capital, as letters from a to z."""

SPEAKING_WORDS = _read_words("speaking_words")
"""What only people do: after one of these words the first word of a sentence is a name."""

_ACTING_WORDS = SPEAKING_WORDS | _read_words("acting_words")
_SHORTEST_PAST = 4  # letters of a word in -ed


def is_acting(word: str) -> bool:
    """Whether a word, in small letters, says what a person does: after the first word of a sentence, that is a name."""
    return word in _ACTING_WORDS or (word.endswith("ed") and len(word) >= _SHORTEST_PAST)


_NOT_FINITE = frozenset({"just", "usually", "put", "read", "shed"})  # what may follow "may" and "will", too


def is_finite(word: str) -> bool:
    """Whether a word, in small letters, says what somebody does or did, and cannot follow "may" or "will"."""
    return is_acting(word) and word not in _NOT_FINITE and not word.endswith("eed")


_DOING_WORDS = _read_section("doing_words", first=True)
_WITH_OBJECT = _read_section("doing_words", first=False)
_OBJECT_BEGINS = frozenset(
    {"a", "an", "the", "it", "him", "her", "his", "them", "their", "our", "my", "me", "us", "two", "three"}
)


def is_doing(word: str, following: str) -> bool:
    """Whether a word, in small letters, surely says what a person does, so that a name stands before it.

    A form that is a participle too ("Rose used …") is only sure where the next word begins an object.

    >>> is_doing("drew", "roses"), is_doing("used", "the"), is_doing("used", "in")
    (True, True, False)
    """
    if word in _DOING_WORDS:
        return True
    is_past = word in _WITH_OBJECT or (word.endswith("ed") and len(word) > _SHORTEST_PAST)
    return is_past and (following in _OBJECT_BEGINS or following.isdecimal())


AFTER_WORDS = _read_words("after_words")
"""Words after which an everyday word that begins a sentence names nobody: Will it, Mark the, Hope you."""

_DEFINING = {("is", "when"), ("is", "where"), ("is", "if"), ("means", "that")}


def follows_a_word(following: str, third: str) -> bool:
    """Whether the next two words, in small letters, show that what begins the sentence is a word and names nobody.

    >>> follows_a_word("it", "work"), follows_a_word("is", "when"), follows_a_word("is", "here")
    (True, True, False)
    """
    return following in AFTER_WORDS or (following, third) in _DEFINING


BEFORE_NAMES = _read_words("before_names")
"""Words after which somebody's name stands, in small letters."""

TELLING_WORDS = _read_section("before_names", first=True)
"""Those of them that say what is done to people and to nothing else, in English."""

STUCK_VERBS = _read_words("stuck_verbs")
"""What people do, in words to which a name gets stuck."""

WORDS_LIKE_NAMES = _read_words("words_like_names")
"""Words that look like a name with an s behind it, or with a letter doubled, as letters from a to z."""

UNENDING_WORDS = _read_words("unending_words")
"""Words that end no sentence, in small letters. English."""

DETERMINERS = _read_words("determiners")
"""What stands before a noun but before no name, in small letters."""

NAME_ENDINGS = frozenset(remove_accents(word).casefold() for word in _read_words("name_endings"))
"""What a name may end in inside a sentence, in languages that inflect names, without accents."""

PLAIN_GRAMMAR = _read_words("plain_grammar")
"""Small words of languages that do not, without accents."""

FOREIGN_GRAMMAR = _read_section("plain_grammar", first=False)
"""Those of them that are not English."""

ENGLISH_GRAMMAR = PLAIN_GRAMMAR - FOREIGN_GRAMMAR
"""Those of them that are English alone."""

CALENDAR_WORDS = _read_words("calendar_words")
"""Months and days, which have a capital wherever they stand."""

DATE_WORDS = _read_words("date_words")
"""What stands before them in a date."""

SHORT_WORDS = _read_words("short_words")
"""Words of two letters that may begin a sentence; others of that length are names where they have a capital."""

TITLES = _read_words("titles")
"""Titles in front of a teacher's name, as letters from a to z."""

ABBREVIATED_TITLES = _read_section("titles", first=True)
"""Those of them that may end in a full stop."""

INSTITUTION_WORDS = _read_words("institution_words")
"""Words of a school's or street's name, which name nothing alone, as letters from a to z."""


CHAPTER_WORDS = _read_words("chapter_words")
"""What a part of a longer text is called, as letters from a to z."""


def find_other_forms(name: str) -> tuple[str, ...]:
    """Find what else the bearer of a first name may be called.

    The short forms of a long name; the long names that a short one stands for, but not what else these are
    shortened to; and other ways of spelling it. Each once, in alphabetical order.

    Args:
        name: its letters from a to z.

    >>> find_other_forms("bill")
    ('william',)
    """
    return _read_forms().get(name, ())


@cache
def _read_forms() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for one, other in _pair_names():
        if one != other:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {name: tuple(sorted(others)) for name, others in found.items()}


def _pair_names() -> Iterator[tuple[str, str]]:
    for line in _read_lines("short_forms"):
        longs, _, shorts = line.partition(":")
        yield from ((long, short) for long in longs.split() for short in shorts.split())
    for line in _read_lines("spelling_variants"):
        names = line.split()
        yield from ((one, other) for one in names for other in names)
