"""Which words to search for in handwriting: everything that names a student or a teacher, as letters from a to z.

Takes the roster, the teachers' names and further words, returns each spelling once, with the students it belongs to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from mssw.names.letters import remove_accents, transcribe
from mssw.names.student import Roster, Student, list_name_words
from mssw.names.word_lists import EVERYDAY_WORDS, INSTITUTION_WORDS, NAMELESS_WORDS, TITLES, find_other_forms

SHORTEST = 3
"""Letters of the shortest spelling; two are enough for a whole first or preferred name and for a teacher's own list."""

LONGEST = 40
"""Letters after which a spelling is cut: no one writes a longer word by hand."""

_SHORTEST_WHOLE = 2
_MOST_JOINED = 3  # words of a compound name that people write as one: Mary Ann, María José, De la Cruz
_DOUBLED = re.compile(r"(.)\1")
_NO_LETTER = re.compile("[^a-z]+")
_APART = re.compile(r"[\s,;/&+.]+")
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h", "ŋ": "n", "ə": "e", "ŧ": "t", "ƒ": "f"}
)


class SpellingKind(StrEnum):
    """Which name a spelling comes from, the most telling first."""

    FIRST = "first name"
    LAST = "last name"
    PREFERRED = "preferred name"
    MIDDLE = "middle name"
    SHORT = "short form"
    TEACHER = "teacher"
    ALSO = "also"


_RANK = {kind: rank for rank, kind in enumerate(SpellingKind)}


@dataclass(frozen=True, slots=True)
class Spelling:
    """One word to look for in handwriting. Its repr shows no name.

    Attributes:
        letters: a to z only: no accents, case, hyphens, apostrophes or spaces.
        students: who is called that, as indexes from 0 into the roster; empty for teachers' and further words.
        is_word: whether it is also an everyday word, so that it counts only with a capital.
        kind: which name it comes from; where several are spelt alike, the most telling.
        as_last: those of the students whose last name it is, or a word of it.
    """

    letters: str = field(repr=False)
    students: tuple[int, ...]
    is_word: bool
    kind: SpellingKind
    as_last: tuple[int, ...] = ()


def keep_letters(text: str, *, transcribed: bool = False) -> str:
    """Keep the letters of a name from a to z; empty where it has none.

    Args:
        text: any text.
        transcribed: write ä, ö, ü as ae, oe, ue, as German does without its dots.

    >>> keep_letters("Müller-Łoś"), keep_letters("Müller", transcribed=True)
    ('mullerlos', 'mueller')
    """
    plain = unicodedata.normalize("NFC", text).casefold()
    if not plain.isascii():
        plain = remove_accents(transcribe(plain) if transcribed else plain).casefold().translate(_LETTERS)
    return _NO_LETTER.sub("", plain)[:LONGEST]


def list_spellings(roster: Roster | None, teachers: Sequence[str], also: Sequence[str]) -> tuple[Spelling, ...]:
    """List every word to search for in handwriting, each once, the longest first.

    Of each student every word of her names, hyphenated and compound names also as one word, and what else
    people with her first name are called. Initials, particles and suffixes name nobody and are left out; so are
    names that hold no letter from a to z.

    Args:
        roster: the class; None where there is none.
        teachers: their names as colleagues write them, with or without a title (Ms. Rivera).
        also: further words or names, one each, that a teacher wants found. One written small (the river) counts
            small too.
    """
    found: dict[str, list[Spelling]] = {}
    for spelling in _list_all(roster.students if roster else (), teachers, also):
        found.setdefault(spelling.letters, []).append(spelling)
    merged = (_merge_spellings(alike) for alike in found.values())
    return tuple(sorted(merged, key=lambda spelling: (-len(spelling.letters), spelling.letters)))


def _list_all(students: Sequence[Student], teachers: Sequence[str], also: Sequence[str]) -> Iterator[Spelling]:
    for index, student in enumerate(students):
        for kind, word, shortest in _list_words(student):
            for letters in _list_readings(word):
                if len(letters) >= shortest:
                    yield Spelling(letters, (index,), is_everyday(letters), kind)
            single = _DOUBLED.sub(r"\1", whole := keep_letters(word))
            if SHORTEST <= len(single) < len(whole):  # a doubled letter is often read as one
                yield Spelling(single, (index,), True, kind)  # noqa: FBT003 - it needs a capital, as a word does
    for kind, words in ((SpellingKind.TEACHER, _list_teacher_words(teachers)), (SpellingKind.ALSO, _list_extras(also))):
        shortest = _SHORTEST_WHOLE if kind is SpellingKind.ALSO else SHORTEST
        for word in words:
            for letters in _list_readings(word):
                if len(letters) >= shortest:
                    meant_small = kind is SpellingKind.ALSO and word[:1].islower()
                    yield Spelling(letters, (), is_everyday(letters) and not meant_small, kind)


def _list_readings(word: str) -> tuple[str, ...]:
    """The ways in which a word may be read: as it is, transcribed, and ß as one letter, which looks like s or B."""
    ways = [keep_letters(word)] if word.isascii() else [keep_letters(word), keep_letters(word, transcribed=True)]
    if "ß" in word:
        ways += [keep_letters(word.replace("ß", one)) for one in "sb"]
    return tuple(dict.fromkeys(ways))


def is_everyday(letters: str) -> bool:
    """Whether a spelling says nothing when it is written small: an everyday word, or only two letters."""
    return len(letters) < SHORTEST or letters in EVERYDAY_WORDS


def _merge_spellings(alike: Sequence[Spelling]) -> Spelling:
    """One spelling for all that are spelt alike."""
    return Spelling(
        alike[0].letters,
        tuple(sorted({index for spelling in alike for index in spelling.students})),
        all(spelling.is_word for spelling in alike),
        min((spelling.kind for spelling in alike), key=_RANK.__getitem__),
        tuple(sorted({i for spelling in alike if spelling.kind is SpellingKind.LAST for i in spelling.students})),
    )


def _list_words(student: Student) -> Iterator[tuple[SpellingKind, str, int]]:
    """Each word of a student's names: its kind, the word, and the fewest letters that it may have."""
    for kind, part in (
        (SpellingKind.FIRST, student.first),
        (SpellingKind.PREFERRED, student.preferred),
        (SpellingKind.MIDDLE, student.middle),
    ):
        wholes = part.replace(",", " ").split()
        shortest = _SHORTEST_WHOLE if len(wholes) == 1 and kind is not SpellingKind.MIDDLE else SHORTEST
        for word in list_name_words(Student(part)):
            if word == wholes[0] or keep_letters(word) not in NAMELESS_WORDS:
                yield kind, word, shortest if word == wholes[0] else SHORTEST
    for word in list_name_words(Student("", student.last)):
        yield SpellingKind.LAST, word, _SHORTEST_WHOLE if word == student.last else SHORTEST
    yield from ((kind, word, SHORTEST) for kind, word in _join_compounds(student))
    for name in _list_first_names(student):
        yield from ((SpellingKind.SHORT, form, _SHORTEST_WHOLE) for form in find_other_forms(name))


def _join_compounds(student: Student) -> Iterator[tuple[SpellingKind, str]]:
    """Compound names as people write them in one word: MaryAnn, DelaCruz. Two last names are never written so."""
    first, last = (part.replace(",", " ").split() for part in (student.first, student.last))
    if 1 < len(first) <= _MOST_JOINED and all(len(keep_letters(word)) > 1 for word in first):
        yield SpellingKind.FIRST, "".join(first)
    if 1 < len(last) <= _MOST_JOINED and all(keep_letters(word) in NAMELESS_WORDS for word in last[:-1]):
        yield SpellingKind.LAST, "".join(last)


def _list_first_names(student: Student) -> Iterator[str]:
    """The first names, as letters, that short forms may be made of: each word, and compounds as one."""
    for part in (student.first, student.preferred):
        yield from map(keep_letters, list_name_words(Student(part)))
    yield keep_letters(student.first)
    yield keep_letters(student.first + student.middle)


def _list_teacher_words(teachers: Sequence[str]) -> Iterator[str]:
    for teacher in teachers:
        words = [word for word in _APART.split(teacher) if word]
        while len(words) > 1 and keep_letters(words[0]) in TITLES:
            words = words[1:]
        yield from list_name_words(Student("", " ".join(words)))


def _list_extras(also: Sequence[str]) -> Iterator[str]:
    """The words of each line, and a line of several as one word. Lincoln High School names nothing by its "High"."""
    for line in also:
        words = list_name_words(Student("", line))
        lone = len(line.split()) == 1
        yield from (word for word in words if lone or keep_letters(word) not in TITLES | INSTITUTION_WORDS)
        if not lone:
            yield line
