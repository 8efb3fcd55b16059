"""Who wrote which work, as far as it is known: what is matched, what is open, and what does not add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mssw.names.student import Roster, Student, fold, spellings
from mssw.roster.table import find_students

VERSION = 1


class MatchState(StrEnum):
    """How far it is known whose a work is."""

    MATCHED = "matched"
    CODED = "by code"
    OPEN = "open"
    TEACHER = "by teacher"


@dataclass(frozen=True, slots=True)
class MatchedPerson:
    """A student as the key writes her. Its repr names nobody."""

    name: str = field(repr=False)
    number: str = field(default="", repr=False)

    @classmethod
    def of(cls, student: Student) -> MatchedPerson:
        """The person that a student of the roster is."""
        return cls(student.name, student.number)

    @property
    def shown(self) -> str:
        """Name and number, which tell two students of one name apart."""
        return f"{self.name} ({self.number})" if self.number else self.name

    def to_json(self) -> dict[str, str]:
        """As it stands in ``matches.json``."""
        return {"student": self.name, "number": self.number}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> MatchedPerson:
        """Read it back."""
        return cls(str(value["student"]), str(value["number"]))


@dataclass(frozen=True, slots=True)
class ResponseMatch:
    """What is known of one work.

    Attributes:
        alias: the work's.
        state: how far it is known whose it is.
        student: whose; None where it is open.
        margin: by how much the name speaks for that student (or the first guess) over all else, in cost a letter.
        why: why it is open, naming nobody; empty where it is not.
        guesses: the students that come nearest, best first.
        earlier: whose it was before, while the key is being written; else None.
    """

    alias: str
    state: MatchState
    student: MatchedPerson | None = None
    margin: float = 0.0
    why: str = ""
    guesses: tuple[MatchedPerson, ...] = ()
    earlier: MatchedPerson | None = None


@dataclass(frozen=True, slots=True)
class Twice:
    """A student whom two works or more claim to be by."""

    student: MatchedPerson
    works: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchCounts:
    """What may be told where no name may stand."""

    matched: int
    open: int
    without_work: int
    twice: int


@dataclass(frozen=True, slots=True)
class Matching:
    """What is known of a whole class.

    Attributes:
        works: in the order of aliases.
        without_work: students of the roster to whom no work is matched.
        twice: students whom several works clearly name.
    """

    works: tuple[ResponseMatch, ...] = ()
    without_work: tuple[MatchedPerson, ...] = ()
    twice: tuple[Twice, ...] = ()

    @property
    def counts(self) -> MatchCounts:
        """How many of each."""
        matched = sum(work.student is not None for work in self.works)
        return MatchCounts(matched, len(self.works) - matched, len(self.without_work), len(self.twice))

    def of(self, alias: str) -> ResponseMatch | None:
        """What is known of that work; None where nothing is."""
        return next((work for work in self.works if work.alias == alias), None)

    def to_json(self) -> dict[str, Any]:
        """As it stands in ``private/matches.json``."""
        return {
            "version": VERSION,
            "works": [
                {
                    "alias": work.alias,
                    "state": str(work.state),
                    "student": work.student.to_json() if work.student else None,
                    "margin": round(work.margin, 3),
                    "why": work.why,
                    "guesses": [guess.to_json() for guess in work.guesses],
                    "earlier": work.earlier.to_json() if work.earlier else None,
                }
                for work in self.works
            ],
            "students_without_work": [person.to_json() for person in self.without_work],
            "two_works": [one.student.to_json() | {"works": list(one.works)} for one in self.twice],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Matching:
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is not what ``to_json`` wrote.
        """
        works = (
            ResponseMatch(
                str(work["alias"]),
                MatchState(work["state"]),
                MatchedPerson.from_json(work["student"]) if work["student"] else None,
                float(work["margin"]),
                str(work["why"]),
                tuple(map(MatchedPerson.from_json, work["guesses"])),
                MatchedPerson.from_json(work["earlier"]) if work["earlier"] else None,
            )
            for work in value["works"]
        )
        return cls(
            tuple(works),
            tuple(map(MatchedPerson.from_json, value["students_without_work"])),
            tuple(Twice(MatchedPerson.from_json(one), tuple(map(str, one["works"]))) for one in value["two_works"]),
        )


def students_meant(roster: Roster, text: str) -> tuple[int, ...]:
    """The places in the roster of the students that a person means by that text.

    A number or an address counts first, then a whole spelling, and only then a name cut short.
    """
    wanted = fold(text)
    if not wanted:
        return ()
    known = [{fold(one) for one in (s.number, s.email, *s.others) if one} for s in roster.students]
    spelt = [{fold(one) for one in spellings(s)} for s in roster.students]
    for sets in (known, spelt):
        found = tuple(place for place, said in enumerate(sets) if wanted in said)
        if found:
            return found
    meant = find_students(roster, text)
    return tuple(place for place, student in enumerate(roster.students) if student in meant)


def place_of(roster: Roster, person: MatchedPerson) -> int | None:
    """Where a person of the key stands in the roster; None where she is not there, or could be several.

    A name that clearly is another student's counts more than the number beside it: people correct the name they see.
    """
    by_name = _places(roster.students, person.name)
    by_number = [p for p, s in enumerate(roster.students) if person.number and fold(s.number) == fold(person.number)]
    both = set(by_name) & set(by_number)
    if len(both) == 1:
        return both.pop()
    if len(by_name) == 1:
        return by_name[0]
    return by_number[0] if len(by_number) == 1 and not by_name else None


def _places(students: Sequence[Student], name: str) -> list[int]:
    """Who is written like that, whole, first name first or last name first."""
    wanted = fold(name)

    def names(student: Student) -> set[str]:
        given = {one for one in (student.first, student.preferred) if one}
        whole = {f"{one} {student.last}".strip() for one in given} | {f"{student.last}, {one}" for one in given}
        return {fold(one) for one in (student.name, student.last_first, *whole)}

    return [place for place, student in enumerate(students) if wanted and wanted in names(student)]
