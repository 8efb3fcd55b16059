"""What is looked for in what students wrote, and what of it was found on one page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from mssw.core.page import Box, Mark, MarkKind
from mssw.names.identifiers import identifiers
from mssw.names.spelling import Spelling, spellings_to_read
from mssw.names.student import SHORTEST_NUMBER
from mssw.roster.table import Roster
from mssw.steps.reading import PageReading
from mssw.vision.ink import Mask
from mssw.vision.mentions import going_on, is_unread, mentions, place_of_text
from mssw.vision.name_spotting import Names, costs_of_students
from mssw.workset.state import recipe_of

EDGE = 0.03  # of the page
HALF = 0.5  # of a line inside a field: it is the name
MOSTLY = 0.6  # of a place under a cover that is there anyway: nothing more to say of it
WHOLLY = 0.98  # of a sure name: less, and what looks out can be read
READING = "reading"


@dataclass(frozen=True)
class Wanted:
    """What to look for. Its repr shows nothing of it.

    Attributes:
        spellings: words that name somebody.
        numbers: the roster's student numbers and other identifiers.
        students: how many the roster has.
    """

    spellings: tuple[Spelling, ...] = field(default=(), repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    students: int = 0

    @classmethod
    def of(cls, roster: Roster | None, teachers: Sequence[str], also: Sequence[str]) -> Wanted:
        """What a class's roster, its teachers and a list of further words say."""
        students = roster.students if roster else ()
        told = [number for student in students for number in (student.number, *student.others)]
        numbers = tuple(dict.fromkeys(number for number in told if len(number) >= SHORTEST_NUMBER))
        return cls(spellings_to_read(roster, teachers, also), numbers, len(students))

    @cached_property
    def recipe(self) -> str:
        """A hash of all of it."""
        words = [(word.letters, word.students, word.is_word, word.kind) for word in self.spellings]
        return recipe_of(words, self.numbers, self.students)


@dataclass(frozen=True)
class Found:
    """What was found on a page.

    Attributes:
        covers: sure names.
        flags: likely names, and identifiers, the likeliest first.
        whose: see ``Sighting.whose``.
        doubts: why the page must wait for a person.
    """

    covers: tuple[Mark, ...] = ()
    flags: tuple[Mark, ...] = ()
    whose: tuple[float, ...] = ()
    doubts: tuple[str, ...] = ()


def find_wanted(
    wanted: Wanted, read: PageReading, ink: Mask, dpi: float, fields: Sequence[Box], hidden: Sequence[Box]
) -> Found:
    """Look for names and identifiers in what a page says.

    Args:
        wanted: what to look for.
        read: the page's lines.
        ink: its new ink.
        dpi: of it.
        fields: its name fields.
        hidden: what is covered anyway.
    """
    names = names_of(wanted)
    covers: list[Mark] = []
    flags: list[Mark] = []
    wrapped = going_on(read.lines, read.readings, dpi)
    for line, reading, goes_on in zip(read.lines, read.readings, wrapped, strict=True):
        for mention in mentions(line, reading, names, wanted.spellings, ink, dpi, goes_on=goes_on):
            mark = Mark(mention.box, MarkKind.TEXT, READING, round(max(0.0, 1 - mention.cost / 2), 3))
            (covers if mention.sure else flags).append(mark)
        if is_unread(line, reading, ink, dpi) and _is_inside(line.x / ink.shape[1], line.y / ink.shape[0]):
            flags.append(Mark(line.box(0, line.width, ink.shape), MarkKind.UNREAD, READING, 0.1))
        for found in identifiers(reading.text, wanted.numbers):
            box = place_of_text(line, reading, found.start, found.end, ink, dpi)
            flags.append(Mark(box, found.kind, READING, 0.5))
    covers = [mark for mark in covers if not _lies_under(mark.box, hidden, WHOLLY)]
    known = [*hidden, *(mark.box for mark in covers)]
    flags = sorted((m for m in flags if not _lies_under(m.box, known)), key=lambda mark: -mark.confidence)
    doubts = ("there is more writing on it than could be read for names",) if read.too_many else ()
    return Found(tuple(covers), tuple(flags), _whose(wanted, names, read, ink, fields), doubts)


@lru_cache(maxsize=4)
def names_of(wanted: Wanted) -> Names:
    """The spellings ready to be looked for, made once a worker."""
    return Names([spelling.letters for spelling in wanted.spellings])


def _whose(wanted: Wanted, names: Names, read: PageReading, ink: Mask, fields: Sequence[Box]) -> tuple[float, ...]:
    """What each student would cost as the one whose name stands in the page's fields."""
    inside = [
        reading
        for line, reading in zip(read.lines, read.readings, strict=True)
        if _lies_under(line.box(0, line.width, ink.shape), fields, HALF)
    ]
    if not inside or not wanted.students:
        return ()
    return costs_of_students(inside, names, wanted.spellings, wanted.students)


def _is_inside(x: float, y: float) -> bool:
    """Whether a place is not at the sheet's edge, where a scanner draws shadows."""
    return EDGE < x < 1 - EDGE and EDGE < y < 1 - EDGE


def _lies_under(box: Box, others: Iterable[Box], share: float = MOSTLY) -> bool:
    """Whether one of the other places takes up that much of a place."""
    return any(box.shared(other) >= share for other in others)
