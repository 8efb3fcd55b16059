"""The key: look up a response, a student or the whole class, and assign a response to a student by hand.

After an assignment the rest of the class is matched anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mssw.errors import StepMissingError, UnreadableError, UsageError
from mssw.names.student import Roster, fold
from mssw.preparing.match_responses import (
    Costs,
    TeacherEntry,
    collect_costs,
    find_teacher_entries,
    match_class,
    match_codes,
    read_matching,
    rewrite_entries,
    write_matching,
)
from mssw.preparing.matches import MatchedPerson, Matching, MatchState, ResponseMatch, find_meant_students, find_place
from mssw.roster.key_table import HEADER, KeyEntry, joined_rows
from mssw.roster.table import find_students
from mssw.workset.class_list import read_class_list, read_sealed_key, refuse_lost_key
from mssw.workset.coded_sheets import read_sheets
from mssw.workset.folder import WorkSet
from mssw.workset.prepared_state import read_state
from mssw.workset.sightings import read_page_measures

HOW = "write ALIAS=STUDENT with the student's number or name, for example Andrea=551555"


@dataclass(frozen=True, slots=True)
class KeyTable:
    """Everything that the key says.

    Attributes:
        entries: a row for each response and file.
        matching: the match of each response.
        changes: what an assignment changed elsewhere, in sentences that name nobody.
    """

    entries: tuple[KeyEntry, ...]
    matching: Matching
    changes: tuple[str, ...] = ()


def look_up(workset: WorkSet, who: str) -> list[dict[str, str]]:
    """The key's rows for an alias or a student, one for each response.

    Raises:
        StepMissingError: there is no key yet.
        UsageError: it is no alias and no student.
    """
    entries = found_entries(workset, who)
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
        if workset.is_received:
            raise StepMissingError(f"{workset.final_because}, who has its key.")
        if workset.is_ready_made:
            raise StepMissingError(f"{workset.final_because}, so there is no student behind an alias.")
        if workset.is_final:
            raise StepMissingError(
                f"the key of {workset.root} was destroyed with its private folder, so aliases can no "
                "longer be traced to students."
            )
        refuse_lost_key(workset)
        raise StepMissingError(f"{workset.root} has no key yet; run `mssw prepare --into {workset.typed}` first.")
    return list(read_sealed_key(workset))


def found_entries(workset: WorkSet, who: str) -> list[KeyEntry]:
    """The key's rows for an alias or a student.

    Raises:
        StepMissingError: there is no key yet.
        UsageError: it is no alias and no student.
    """
    entries = entries_of(workset)
    folded = fold(who)
    found = [entry for entry in entries if folded == fold(entry.alias)]
    found = found or [entry for entry in entries if entry.student and folded in fold(f"{entry.student} {entry.number}")]
    if found:
        return found
    roster = read_class_list(workset)
    if roster is not None and find_students(roster, who):
        raise UsageError(
            "that student is on the class list, but is not matched to a response yet; `mssw key` without "
            "a name lists every response and its pages."
        )
    raise UsageError("the key has no alias or student of that name; `mssw key` without a name lists them all.")


def _as_it_stands(workset: WorkSet, entries: Sequence[KeyEntry], before: Matching | None) -> Matching:
    """What was matched, with what a teacher has written into the key since."""
    works: dict[str, ResponseMatch] = {}
    for entry in entries:
        if entry.alias in works:
            continue
        known = (before.of(entry.alias) if before else None) or ResponseMatch(entry.alias, MatchState.OPEN)
        person = MatchedPerson(entry.student, entry.number) if entry.student else None
        if person != known.student:
            state = MatchState.TEACHER if person else MatchState.OPEN
            known = replace(known, state=state, student=person, why="")
        works[entry.alias] = known
    missing: tuple[MatchedPerson, ...] = ()
    roster = read_class_list(workset)
    if roster is not None:
        have = {find_place(roster, work.student) for work in works.values() if work.student}
        missing = tuple(MatchedPerson.of(one) for place, one in enumerate(roster.students) if place not in have)
    return Matching(tuple(works[alias] for alias in sorted(works)), missing, before.double_claims if before else ())


def assign(workset: WorkSet, texts: Sequence[str], *, dry_run: bool = False) -> KeyTable:
    """Assign responses to students by hand, and match the others anew.

    Args:
        workset: the set.
        texts: each ``ALIAS=STUDENT``. Without a student, an assignment by hand is removed and the name field counts
            again; a response that the name field matched is left open.
        dry_run: report what would change, and write nothing.

    Raises:
        StepMissingError: there is no key or no roster yet, or the set was not prepared with it.
        UsageError: one of them is not of that form, or names nobody, or several.
    """
    with workset.locked():
        entries = entries_of(workset)
        roster = read_class_list(workset)
        if roster is None:
            raise StepMissingError(
                f"{workset.root} has no class list; add it with `mssw prepare --roster ROSTER --into {workset.typed}`."
            )
        costs, codes = _costs(workset, roster)
        coded = match_codes(read_sheets(workset), codes, roster)
        by_teacher = find_teacher_entries(entries, read_matching(workset), roster)
        was = match_class(roster, costs, by_teacher, coded)
        asked = _asked(texts, {entry.alias.casefold(): entry.alias for entry in entries}, roster)
        if not set(asked) <= set(costs):
            raise StepMissingError(
                f"{workset.root} is not completely prepared; run `mssw prepare --into {workset.typed}`, "
                "then run this again."
            )
        after = _with(by_teacher, asked, roster, was)
        now = match_class(roster, costs, after, coded)
        rows = tuple(rewrite_entries(entries, now, after))
        if not dry_run:
            write_matching(workset, entries, now, after)
    return KeyTable(rows, now, tuple(_changes(was, now, set(asked))))


def _costs(workset: WorkSet, roster: Roster) -> tuple[dict[str, Costs], dict[str, list[str]]]:
    """What the name fields and the codes of each response say, as ``prepare`` left it."""
    again = f"run `mssw prepare --into {workset.typed}`, then run this again."
    state = read_state(workset)
    if state is None:
        raise StepMissingError(f"{workset.root} is not completely prepared; {again}")
    costs: dict[str, Costs] = {}
    codes: dict[str, list[str]] = {}
    named_by = {page.id: page.named_by for page in state.pages}
    for work in state.works:
        try:
            pages = [read_page_measures(workset, page_id) for page_id in work.pages]
            rows = [page.costs_by(named_by[page_id]) for page_id, page in zip(work.pages, pages, strict=True)]
            costs[work.alias] = collect_costs(rows, roster)
            codes[work.alias] = [page.code for page in pages]
        except (UnreadableError, ValueError):
            raise StepMissingError(
                f"what was read on {work.alias}'s pages is gone, or belongs to another class list; {again}"
            ) from None
    return costs, codes


def _asked(texts: Sequence[str], aliases: Mapping[str, str], roster: Roster) -> dict[str, int | None]:
    """What is asked for, by alias: a student's place in the roster, or None to take an assignment away."""
    asked: dict[str, int | None] = {}
    for text in texts:
        name, equals, student = text.partition("=")
        if not equals:
            raise UsageError(f"{HOW}.")
        alias = aliases.get(name.strip().casefold())
        if alias is None:
            raise UsageError(
                f"the word before the = is not an alias of this set; {HOW}. The key alone lists all aliases."
            )
        if alias in asked:
            raise UsageError(f"{alias} is given twice; give each alias once.")
        asked[alias] = _student(alias, student, roster) if student.strip() else None
    given = [place for place in asked.values() if place is not None]
    if len(given) != len(set(given)):
        raise UsageError(
            "a student cannot have two responses; give each student one, and leave the other without a student."
        )
    return asked


def _student(alias: str, text: str, roster: Roster) -> int:
    """The one student whom that text means."""
    meant = find_meant_students(roster, text)
    if len(meant) == 1:
        return meant[0]
    if not meant:
        raise UsageError(
            f"what you wrote for {alias} fits nobody on the class list; give the name as on the list, or "
            "the student number."
        )
    raise UsageError(
        f"what you wrote for {alias} fits {len(meant)} students on the class list; give the full name, or "
        "the student number."
    )


def _with(
    by_teacher: Mapping[str, TeacherEntry], asked: Mapping[str, int | None], roster: Roster, was: Matching
) -> dict[str, TeacherEntry]:
    """The assignments by hand, with the new ones: a student who gets a response loses the one she had."""
    given = {place for place in asked.values() if place is not None}
    after = {alias: one for alias, one in by_teacher.items() if one.place is None or one.place not in given}
    for alias, place in asked.items():
        known = was.of(alias)
        if place is not None:
            after[alias] = TeacherEntry(MatchedPerson.of(roster.students[place]), place)
        elif alias in by_teacher or (known is not None and known.state is MatchState.TEACHER):
            after.pop(alias, None)  # what the name field says counts again
        else:
            after[alias] = TeacherEntry(None, None)
    return after


def _changes(was: Matching, now: Matching, asked: set[str]) -> list[str]:
    """What is different now, in sentences that name nobody."""
    given = {work.student for work in now.responses if work.alias in asked}
    changes = []
    for work in now.responses:
        before = was.of(work.alias)
        if before is None or (work.student == before.student and work.alias not in asked):
            continue
        if work.state is MatchState.TEACHER:
            changes.append(f"{work.alias} is matched as you asked.")
        elif work.student is not None:
            what = "code" if work.state is MatchState.CODED else "name field"
            changes.append(f"{work.alias} is now matched by its {what}.")
        elif work.alias in asked:
            changes.append(f"{work.alias} is not matched to anyone.")
        elif before.student in given:
            changes.append(f"{work.alias} is no longer matched: you gave its student another response.")
        else:
            changes.append(f"{work.alias} is no longer matched: after your change, its name is not certain any more.")
    return changes
