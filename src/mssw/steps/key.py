"""What the key says: of one work, of one student, of the whole class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mssw.errors import StepMissingError, UsageError
from mssw.model.matching import Matching, Person, State, WorkMatch, place_of
from mssw.names.student import fold
from mssw.roster.key_table import HEADER, KeyEntry, joined_rows
from mssw.roster.name_files import read_key, read_roster
from mssw.roster.table import find_students
from mssw.steps.match import read_matching
from mssw.workset.folder import WorkSet


@dataclass(frozen=True, slots=True)
class KeyTable:
    """Everything that the key says.

    Attributes:
        entries: a row for each work and file.
        matching: what is known of each work.
        told: sentences on what an assignment changed elsewhere, naming nobody.
    """

    entries: tuple[KeyEntry, ...]
    matching: Matching
    told: tuple[str, ...] = ()


def look_up(workset: WorkSet, wanted: str) -> list[dict[str, str]]:
    """The key's rows for an alias or a student, one for each work.

    Raises:
        StepMissingError: there is no key yet.
        UsageError: nobody goes by that.
    """
    entries = found_entries(workset, wanted)
    return [dict(zip(HEADER, row, strict=True)) for row in joined_rows(entries)]


def whole_table(workset: WorkSet) -> KeyTable:
    """All of the key, with what is open and what does not add up.

    Raises:
        StepMissingError: there is no key yet.
    """
    entries = entries_of(workset)
    before = read_matching(workset)
    return KeyTable(tuple(entries), _as_it_stands(workset, entries, before))


def entries_of(workset: WorkSet) -> list[KeyEntry]:
    """The key's rows.

    Raises:
        StepMissingError: there is no key yet.
    """
    if not workset.key.is_file():
        if workset.is_final:
            raise StepMissingError(
                f"the key of {workset.root} was destroyed with its private part: nobody can tell any more whose work "
                "is whose."
            )
        raise StepMissingError(f"{workset.root} has no key yet; run `mssw prepare --into {workset.root}` first.")
    return list(read_key(workset.key))


def found_entries(workset: WorkSet, wanted: str) -> list[KeyEntry]:
    """The key's rows for an alias or a student.

    Raises:
        StepMissingError: there is no key yet.
        UsageError: nobody goes by that.
    """
    entries = entries_of(workset)
    said = fold(wanted)
    found = [entry for entry in entries if said == fold(entry.alias)]
    found = found or [entry for entry in entries if entry.student and said in fold(f"{entry.student} {entry.number}")]
    if found:
        return found
    if workset.roster.is_file() and find_students(read_roster(workset.roster), wanted):
        raise UsageError(
            "that student is on the roster, but nobody has said yet which work is theirs; "
            "`mssw key` without a name lists the pages of each work in the stack."
        )
    raise UsageError("no alias and no student in the key goes by that; `mssw key` without a name lists them all.")


def _as_it_stands(workset: WorkSet, entries: Sequence[KeyEntry], before: Matching | None) -> Matching:
    """What was matched, with what a teacher has written into the key since."""
    works: dict[str, WorkMatch] = {}
    for entry in entries:
        if entry.alias in works:
            continue
        known = (before.of(entry.alias) if before else None) or WorkMatch(entry.alias, State.OPEN)
        person = Person(entry.student, entry.number) if entry.student else None
        if person != known.student:
            state = State.TEACHER if person else State.OPEN
            known = replace(known, state=state, student=person, why="")
        works[entry.alias] = known
    missing: tuple[Person, ...] = ()
    if workset.roster.is_file():
        roster = read_roster(workset.roster)
        have = {place_of(roster, work.student) for work in works.values() if work.student}
        missing = tuple(Person.of(one) for place, one in enumerate(roster.students) if place not in have)
    return Matching(tuple(works[alias] for alias in sorted(works)), missing, before.twice if before else ())
