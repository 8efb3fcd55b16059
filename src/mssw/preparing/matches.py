"""The values that ``matches.json`` holds: which response is matched, which is open, and what does not add up.

Also how a person's text is understood as a student of the roster. ``match_responses`` finds who wrote which response.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from mssw.names.student import Roster, Student, fold, list_student_spellings
from mssw.roster.table import find_students

VERSION = 1


class MatchState(StrEnum):
    """How far it is known who wrote a response."""

    MATCHED = "matched"
    CODED = "by code"
    OPEN = "open"
    TEACHER = "by teacher"


@dataclass(frozen=True, slots=True)
class MatchedPerson:
    """A student as written in the key. Its repr names nobody."""

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
        """The value for ``matches.json``."""
        return {"student": self.name, "number": self.number}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> MatchedPerson:
        """Read it back."""
        return cls(str(value["student"]), str(value["number"]))


@dataclass(frozen=True, slots=True)
class ResponseMatch:
    """The match of one response.

    Attributes:
        alias: of the response.
        state: how far it is known who wrote it.
        student: who wrote it; None while it is open.
        margin: by how much the name speaks for that student (or the first guess) over all others, in cost a letter.
        why: why it is open, naming nobody; empty if it is not.
        guesses: the students that come nearest, best first.
        earlier: whom we had written into the key before, while the key is being written; else None.
    """

    alias: str
    state: MatchState
    student: MatchedPerson | None = None
    margin: float = 0.0
    why: str = ""
    guesses: tuple[MatchedPerson, ...] = ()
    earlier: MatchedPerson | None = None


@dataclass(frozen=True, slots=True)
class DoubleClaim:
    """A student whose name is clearly written on two or more responses."""

    student: MatchedPerson
    responses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchCounts:
    """How many responses are matched: what a report may say that names nobody."""

    matched: int
    open: int
    without_work: int
    twice: int


@dataclass(frozen=True, slots=True)
class Matching:
    """The matches of a whole class.

    Attributes:
        responses: in the order of aliases.
        without_response: students of the roster to whom none is matched.
        double_claims: students whom several responses clearly name.
    """

    responses: tuple[ResponseMatch, ...] = ()
    without_response: tuple[MatchedPerson, ...] = ()
    double_claims: tuple[DoubleClaim, ...] = ()

    @property
    def counts(self) -> MatchCounts:
        """How many of each."""
        matched = sum(one.student is not None for one in self.responses)
        return MatchCounts(matched, len(self.responses) - matched, len(self.without_response), len(self.double_claims))

    def of(self, alias: str) -> ResponseMatch | None:
        """The match of that response; None if there is none."""
        return next((one for one in self.responses if one.alias == alias), None)

    def under_new_aliases(self, before: Mapping[str, str]) -> Matching:
        """The same matches where responses have other aliases now.

        Args:
            before: the alias that each had in this matching, by its alias now; those without an entry keep theirs.
        """
        if not before:
            return self
        now = {old: new for new, old in before.items()}
        moved = tuple(replace(one, alias=now.get(one.alias, one.alias)) for one in self.responses)
        return replace(self, responses=moved)

    def to_json(self) -> dict[str, Any]:
        """The value for ``private/matches.json``."""
        return {
            "version": VERSION,
            "works": [
                {
                    "alias": one.alias,
                    "state": str(one.state),
                    "student": one.student.to_json() if one.student else None,
                    "margin": round(one.margin, 3),
                    "why": one.why,
                    "guesses": [guess.to_json() for guess in one.guesses],
                    "earlier": one.earlier.to_json() if one.earlier else None,
                }
                for one in self.responses
            ],
            "students_without_work": [person.to_json() for person in self.without_response],
            "two_works": [one.student.to_json() | {"works": list(one.responses)} for one in self.double_claims],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Matching:
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is not what ``to_json`` wrote.
        """
        responses = (
            ResponseMatch(
                str(one["alias"]),
                MatchState(one["state"]),
                MatchedPerson.from_json(one["student"]) if one["student"] else None,
                float(one["margin"]),
                str(one["why"]),
                tuple(map(MatchedPerson.from_json, one["guesses"])),
                MatchedPerson.from_json(one["earlier"]) if one["earlier"] else None,
            )
            for one in value["works"]
        )
        return cls(
            tuple(responses),
            tuple(map(MatchedPerson.from_json, value["students_without_work"])),
            tuple(
                DoubleClaim(MatchedPerson.from_json(one), tuple(map(str, one["works"]))) for one in value["two_works"]
            ),
        )


def find_meant_students(roster: Roster, text: str) -> tuple[int, ...]:
    """Find the students whom a person means by that text: their places in the roster.

    A number or an address counts first, then a whole spelling, and only then a name cut short.
    """
    meant = fold(text)
    if not meant:
        return ()
    numbers = [{fold(one) for one in (s.number, s.email, *s.others) if one} for s in roster.students]
    spelt = [{fold(one) for one in list_student_spellings(s)} for s in roster.students]
    for words in (numbers, spelt):
        found = tuple(place for place, own in enumerate(words) if meant in own)
        if found:
            return found
    students = find_students(roster, text)
    return tuple(place for place, student in enumerate(roster.students) if student in students)


def find_place(roster: Roster, person: MatchedPerson) -> int | None:
    """Find a person of the key in the roster: their place; None if they are not in it, or could be several.

    A name that clearly is another student's counts more than the number beside it: people correct the name they see.
    """
    by_name = _places_by_name(roster.students, person.name)
    by_number = [p for p, s in enumerate(roster.students) if person.number and fold(s.number) == fold(person.number)]
    both = set(by_name) & set(by_number)
    if len(both) == 1:
        return both.pop()
    if len(by_name) == 1:
        return by_name[0]
    return by_number[0] if len(by_number) == 1 and not by_name else None


def _places_by_name(students: Sequence[Student], name: str) -> list[int]:
    """The places of the students whose whole name is that, first name first or last name first."""
    written = fold(name)

    def names(student: Student) -> set[str]:
        given = {one for one in (student.first, student.preferred) if one}
        whole = {f"{one} {student.last}".strip() for one in given} | {f"{student.last}, {one}" for one in given}
        return {fold(one) for one in (student.name, student.last_first, *whole)}

    return [place for place, student in enumerate(students) if written and written in names(student)]
