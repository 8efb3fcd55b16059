"""A student as the roster lists them, and every spelling that gives them away.

In a shared file each whole name, word and number counts (``list_student_spellings``). In handwriting single words are
looked for, as letters from a to z, with what else people are called (``list_spellings``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from mssw.names.letters import remove_accents, transcribe
from mssw.names.word_lists import EVERYDAY_WORDS, INSTITUTION_WORDS, NAMELESS_WORDS, PARTICLES, TITLES, find_other_forms

SHORTEST_NUMBER = 4
"""A student number of fewer characters ("7") stands on every worksheet, so it is no spelling to look for."""

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_NICKNAME = re.compile(r"""\(([^()]+)\)|\[([^\[\]]+)\]|["\u201c\u201d]([^"\u201c\u201d]+)["\u201c\u201d]""")
_APOSTROPHES = re.compile("['\u2019\u2018\u02bc`\u00b4]")
_HYPHENS = re.compile(r"[-\u2010-\u2014]")

SHORTEST_SPELLING = 3
"""Letters of the shortest spelling; two are enough for a whole first or preferred name and for a teacher's own list."""

LONGEST_SPELLING = 40
"""Letters after which a spelling is cut: no one writes a longer word by hand."""

_SHORTEST_WHOLE = 2
_MOST_JOINED = 3  # words of a compound name that people write as one: Mary Ann, María José, De la Cruz
_DOUBLED = re.compile(r"(.)\1")
_NO_LETTER = re.compile("[^a-z]+")
_APART = re.compile(r"[\s,;/&+.]+")
_PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h", "ŋ": "n", "ə": "e", "ŧ": "t", "ƒ": "f"}
)


@dataclass(frozen=True, slots=True)
class Student:
    """One student of a roster. Its repr shows nothing of them.

    Attributes:
        first: the given name; where a roster has only one name, that one.
        last: the family name, with its particles and suffix.
        middle: the middle name or initial.
        preferred: the name she goes by.
        number: the school's student number.
        email: her address.
        others: further identifiers of the roster, such as a login or a state number.
    """

    first: str = field(repr=False)
    last: str = field(default="", repr=False)
    middle: str = field(default="", repr=False)
    preferred: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    others: tuple[str, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """First, middle and last name as one reads them aloud."""
        return " ".join(part for part in (self.first, self.middle, self.last) if part)

    @property
    def last_first(self) -> str:
        """The name as lists sort it: ``Last, First Middle``."""
        given = " ".join(part for part in (self.first, self.middle) if part)
        return f"{self.last}, {given}" if self.last and given else self.last or given


def fold(text: str) -> str:
    """Text without accents, case and doubled spaces, so that two ways of writing one name are equal."""
    return " ".join(_APOSTROPHES.sub("'", remove_accents(text)).casefold().split())


def list_name_words(student: Student) -> tuple[str, ...]:
    """Every word of the student's names, and the parts of a hyphenated one.

    Initials, particles and suffixes are left out: they name nobody.
    """
    words: dict[str, None] = {}
    for part in (student.first, student.preferred, student.middle, student.last):
        wholes = part.replace(",", " ").split()
        may_have_particles = part is student.last and len(wholes) > 1  # but Ben and Do are names on their own
        for whole in wholes:
            if may_have_particles and _bare(whole) in PARTICLES:
                continue
            words |= dict.fromkeys(word for word in (whole, *_HYPHENS.split(whole)) if _is_name(word))
    return tuple(words)


@lru_cache(maxsize=8192)  # many steps of one run ask for them
def list_student_spellings(student: Student) -> tuple[str, ...]:
    """Every spelling of the student that must not stand in a shared file, longest first.

    Whole names in both orders, each name, each word and each part of a hyphenated name, the same without
    accents and apostrophes and with ae for ä, the student number (of ``SHORTEST_NUMBER`` characters or more), the
    e-mail address and its part before the @, and the roster's other identifiers. A lone initial is no spelling.
    """
    found: dict[str, None] = {}
    for name in (*_whole_names(student), *list_name_words(student)):
        for spelling in (
            name,
            remove_accents(name),
            transcribe(name),
            _APOSTROPHES.sub("", name),
            _APOSTROPHES.sub("\u2019", name),
        ):
            if _is_name(spelling):
                found[spelling] = None
    login = student.email.partition("@")[0]
    for identifier in (student.number, student.email, login, *student.others):
        if len(identifier) >= SHORTEST_NUMBER:
            found[identifier] = None
    return tuple(sorted(found, key=lambda spelling: (-len(spelling), spelling)))


def split_name(text: str) -> Student:
    """A whole name, "Last, First Middle" or "First Middle Last", taken to its parts.

    A name in brackets or double quotes is the one she goes by. Particles (de la, van) and suffixes (Jr.)
    belong to the last name.
    """
    text, preferred = take_nickname(text)
    head, comma, tail = (part.strip() for part in text.partition(","))
    if comma and tail and _bare(tail) not in _SUFFIXES:
        suffix, comma, rest = (part.strip() for part in tail.partition(","))
        if comma and rest and _bare(suffix) in _SUFFIXES:  # "Smith, Jr., John"
            head, tail = f"{head} {suffix}", rest
        elif comma and _bare(rest) in _SUFFIXES:  # "Smith, John, Jr."
            head, tail = f"{head} {rest}", suffix
        first, _, middle = tail.replace(",", " ").partition(" ")
        return Student(first, head, " ".join(middle.split()), preferred)
    words = [word.strip(",") for word in text.split() if word.strip(",")]
    start = _start_of_last(words)
    return Student(
        " ".join(words[:1]),
        " ".join(words[start:]),
        " ".join(words[1:start]),
        preferred,
    )


def take_nickname(text: str) -> tuple[str, str]:
    """A name without the parts in brackets or double quotes, and those parts."""
    nicknames = [" ".join("".join(parts).split()) for parts in _NICKNAME.findall(text)]
    return " ".join(_NICKNAME.sub(" ", text).split()), " ".join(name for name in nicknames if name)


def _start_of_last(words: list[str]) -> int:
    """The index of the first word of the last name in "First Middle de la Last Jr."."""
    start = len(words) - 1
    while start > 1 and _bare(words[start]) in _SUFFIXES:
        start -= 1
    while start > 1 and _bare(words[start - 1]) in PARTICLES:
        start -= 1
    return max(1, start)


def _whole_names(student: Student) -> Iterator[str]:
    """The names as lists write them whole, in both orders."""
    yield from (student.name, student.last_first)
    for given in (student.first, student.preferred):
        if given and student.last:
            yield from (f"{given} {student.last}", f"{student.last}, {given}", f"{student.last} {given}")
    yield from (student.first, student.preferred, student.middle, student.last)


def _is_name(text: str) -> bool:
    """Whether it can name someone: not a lone initial or suffix."""
    bare = _bare(text)
    letters = sum(c.isalpha() for c in bare)
    ideograph = letters == 1 and len(bare) == 1 and not bare.isascii() and bare.upper() == bare.lower()
    return (letters > 1 or ideograph) and bare not in _SUFFIXES


def _bare(word: str) -> str:
    return word.strip(" .,").casefold()


@dataclass(frozen=True, slots=True)
class Roster:
    """The students of a class, and how they were read. Two rosters of the same students are equal.

    Attributes:
        students: in the order of the roster.
        read: names of the columns that were kept.
        unread: names of the columns that were dropped on reading.
        mapping: each column that was kept, and what it was taken for.
        skipped: rows (from 1) that were not taken for students, such as totals, points or staff.
    """

    students: tuple[Student, ...] = field(repr=False)
    read: tuple[str, ...] = field(default=(), compare=False)
    unread: tuple[str, ...] = field(default=(), compare=False)
    mapping: Mapping[str, str] = field(default_factory=dict, compare=False)
    skipped: tuple[int, ...] = field(default=(), compare=False)


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
        plain = remove_accents(transcribe(plain) if transcribed else plain).casefold().translate(_PLAIN_LETTERS)
    return _NO_LETTER.sub("", plain)[:LONGEST_SPELLING]


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
            if SHORTEST_SPELLING <= len(single) < len(whole):  # a doubled letter is often read as one
                yield Spelling(single, (index,), True, kind)  # noqa: FBT003 - it needs a capital, as a word does
    for kind, words in ((SpellingKind.TEACHER, _list_teacher_words(teachers)), (SpellingKind.ALSO, _list_extras(also))):
        shortest = _SHORTEST_WHOLE if kind is SpellingKind.ALSO else SHORTEST_SPELLING
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
    return len(letters) < SHORTEST_SPELLING or letters in EVERYDAY_WORDS


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
        shortest = _SHORTEST_WHOLE if len(wholes) == 1 and kind is not SpellingKind.MIDDLE else SHORTEST_SPELLING
        for word in list_name_words(Student(part)):
            if word == wholes[0] or keep_letters(word) not in NAMELESS_WORDS:
                yield kind, word, shortest if word == wholes[0] else SHORTEST_SPELLING
    for word in list_name_words(Student("", student.last)):
        yield SpellingKind.LAST, word, _SHORTEST_WHOLE if word == student.last else SHORTEST_SPELLING
    yield from ((kind, word, SHORTEST_SPELLING) for kind, word in _join_compounds(student))
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
