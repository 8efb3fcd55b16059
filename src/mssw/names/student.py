"""A student as the roster lists them, and every spelling that must not be shared."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mssw.names.letters import remove_accents, transcribe
from mssw.names.word_lists import PARTICLES

SHORTEST_NUMBER = 4
"""A student number of fewer characters ("7") stands on every worksheet, so it is no spelling to look for."""

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_NICKNAME = re.compile(r"""\(([^()]+)\)|\[([^\[\]]+)\]|["\u201c\u201d]([^"\u201c\u201d]+)["\u201c\u201d]""")
_APOSTROPHES = re.compile("['\u2019\u2018\u02bc`\u00b4]")
_HYPHENS = re.compile(r"[-\u2010-\u2014]")


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
