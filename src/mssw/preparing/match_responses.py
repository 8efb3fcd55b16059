"""Who wrote which work: the class's name fields against its roster, and what a teacher said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mssw.core.response import Response
from mssw.core.sheet_code import PageCode, Sheets, shown
from mssw.errors import UnreadableError
from mssw.names.student import Roster
from mssw.preparing.inputs import Inputs
from mssw.preparing.matches import MatchCounts, MatchedPerson, Matching, MatchState, ResponseMatch, Twice, place_of
from mssw.roster.key_table import BY_CODE, BY_NAME, BY_TEACHER, KeyEntry
from mssw.roster.name_files import key_bytes, read_key
from mssw.vision.assignment import MARGIN, OPEN, Match, combine_pages, find_clear_student, has_two_names, match_names
from mssw.workset.folder import WorkSet, read_json, write_bytes, write_json
from mssw.workset.state import Sighting

Costs = NDArray[np.float64]
BY = {MatchState.MATCHED: BY_NAME, MatchState.CODED: BY_CODE}
LEFT_OPEN = "you left it open"
NOTHING_READ = "no name was read in its name field"
ILLEGIBLE = "the name does not read like anyone of the roster"
TWO_NAMES = "its pages name two students: are they of one work?"
SAID_TWICE = "another work says the same name"
SEVERAL = "several students come near"
UNSURE = "its name is hard to read"
SPARE = "it is on a spare copy, {code}: on whose strip does that code stand?"
NOT_LISTED = "its code is of a student who is not on the roster any more"
TWO_COPIES = "its pages carry the codes of two copies: are they of one work?"
GIVEN = "its code is of a student to whom you gave another work"
CODE_TWICE = "another work carries the same code"
OTHER_NAME = "its code is one student's and the name on it is another's: were sheets swapped?"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of one work in the key, by hand or with ``mssw key --assign``.

    Attributes:
        person: whose it is; None to leave it open.
        place: hers in the roster; None where she is not in it, or nobody is meant.
    """

    person: MatchedPerson | None
    place: int | None


def match_responses(inputs: Inputs, responses: Sequence[Response], pages: Mapping[str, Sighting]) -> MatchCounts | None:
    """Write into the key who wrote each response, as far as its name field or its codes tell beyond doubt.

    Args:
        inputs: roster and coded sheets; their set holds the key.
        responses: all of them, also those that are on hold or set aside, each with its alias.
        pages: by id.

    Returns:
        How many are matched; None without a roster.
    """
    workset, roster = inputs.workset, inputs.roster
    if roster is None:
        return None
    entries = read_key(workset.key)
    by_teacher = said_by_hand(entries, read_matching(workset), roster)
    costs = {one.alias: costs_of([pages[page_id].whose for page_id in one.pages], roster) for one in responses}
    codes = {one.alias: [pages[page_id].code for page_id in one.pages] for one in responses}
    matching = matched(roster, costs, by_teacher, told_by_codes(inputs.sheets, codes, roster))
    write_matching(workset, entries, matching, by_teacher)
    return matching.counts


def costs_of(pages: Sequence[Sequence[float]], roster: Roster) -> Costs:
    """What the pages of a work say of each student: (pages that say something, students)."""
    rows = [page for page in pages if page]
    return np.array(rows, np.float64).reshape(len(rows), len(roster.students))


def said_by_hand(entries: Sequence[KeyEntry], before: Matching | None, roster: Roster) -> dict[str, Said]:
    """What a teacher said, by alias: with ``--assign``, or by writing into the key where a match stood or nothing.

    What she gave to a student who is no longer on the roster is open again. A name that was never on it stays as she
    wrote it.
    """
    said: dict[str, Said] = {}
    for entry in entries:
        if entry.alias in said or _is_ours(entry, before):
            continue
        person = MatchedPerson(entry.student, entry.number) if entry.student else None
        place = place_of(roster, person) if person else None
        if person is None or place is not None or entry.matched_by != BY_TEACHER:
            said[entry.alias] = Said(person, place)
    return said


def _is_ours(entry: KeyEntry, before: Matching | None) -> bool:
    """Whether a row of the key is as we wrote it, and so may be written anew."""
    if entry.matched_by not in BY.values():
        return not entry.student and not entry.matched_by
    known = before.of(entry.alias) if before else None
    written = MatchedPerson(entry.student, entry.number)
    return known is None or written in {known.student, known.earlier}


def told_by_codes(sheets: Sheets | None, codes: Mapping[str, Sequence[str]], roster: Roster) -> dict[str, int | str]:
    """Whose sheets a work was written on, by alias: a place in the roster, or why the codes do not tell.

    Args:
        sheets: the set's coded sheets; None where there are none.
        codes: by alias, what the code of each of its pages says; empty for a page without one.
        roster: the class list.

    Returns:
        Works with codes alone.
    """
    told: dict[str, int | str] = {}
    for alias, texts in codes.items() if sheets else ():
        copies = {sheets.of(code) if sheets else None for text in texts if (code := PageCode.read(text))}
        copy = copies.pop() if len(copies) == 1 else None
        if copies:
            told[alias] = TWO_COPIES
        elif copy is not None and not copy.student:
            told[alias] = SPARE.format(code=shown(copy.code))
        elif copy is not None:
            place = place_of(roster, MatchedPerson(copy.student, copy.number))
            told[alias] = NOT_LISTED if place is None else place
    works = Counter(told.values())
    return {alias: said if isinstance(said, str) or works[said] == 1 else CODE_TWICE for alias, said in told.items()}


def matched(
    roster: Roster, costs: Mapping[str, Costs], said: Mapping[str, Said], coded: Mapping[str, int | str]
) -> Matching:
    """Solve the whole class.

    Args:
        roster: the class list.
        costs: by alias, what each page says; see ``costs_of``.
        said: by alias, what a teacher said.
        coded: by alias, whose sheets it was written on; see ``told_by_codes``.
    """
    aliases = sorted(costs)
    people = [MatchedPerson.of(student) for student in roster.students]
    table = np.array([combine_pages(costs[alias]) for alias in aliases], np.float64).reshape(len(aliases), len(people))
    sure, swapped = _by_code(aliases, table, coded, said)
    fixed: dict[int, int | None] = {
        place: said[alias].place if alias in said else None if alias in swapped else sure.get(alias)
        for place, alias in enumerate(aliases)
        if alias in said or alias in sure or has_two_names(costs[alias])
    }
    found = match_names(table, fixed)
    twice = _twice(aliases, people, table, fixed)
    doubled = {alias for one in twice for alias in one.works}
    works = []
    for alias, result in zip(aliases, found, strict=True):
        guesses = tuple(people[place] for place in result.guesses)
        work = ResponseMatch(alias, MatchState.OPEN, None, result.margin, guesses=guesses)
        person = said[alias].person if alias in said else None
        if person is not None:
            work = replace(work, state=MatchState.TEACHER, student=_as_listed(person, said[alias].place, people))
        elif alias in swapped:
            work = replace(work, why=OTHER_NAME)
        elif alias in sure:
            work = replace(work, state=MatchState.CODED, student=people[sure[alias]], guesses=())
        elif result.student is not None:
            work = replace(work, state=MatchState.MATCHED, student=people[result.student])
        elif alias in said:
            work = replace(work, why=LEFT_OPEN)
        else:
            told = GIVEN if isinstance(told := coded.get(alias), int) else told
            why = told or _why_open(costs[alias], result, table, doubled=alias in doubled)
            work = replace(work, why=why)
        works.append(work)
    have = {work.student for work in works}
    return Matching(tuple(works), tuple(person for person in people if person not in have), twice)


def _by_code(
    aliases: Sequence[str], table: Costs, coded: Mapping[str, int | str], said: Mapping[str, Said]
) -> tuple[dict[str, int], set[str]]:
    """The works whose code tells whose they are, and those of them on which another student's name is written."""
    given = {one.place for one in said.values()}
    sure = {
        alias: told
        for alias, told in coded.items()
        if isinstance(told, int) and alias not in said and told not in given
    }
    named = {alias: find_clear_student(table[row]) for row, alias in enumerate(aliases)}
    return sure, {alias for alias, place in sure.items() if named[alias] not in {None, place}}


def _as_listed(person: MatchedPerson, place: int | None, people: Sequence[MatchedPerson]) -> MatchedPerson:
    return person if place is None else people[place]


def _twice(
    aliases: Sequence[str], people: Sequence[MatchedPerson], table: Costs, fixed: Mapping[int, int | None]
) -> tuple[Twice, ...]:
    """The students whom two works or more clearly name, or were given by hand."""
    claims: dict[int, list[str]] = {}
    for work, alias in enumerate(aliases):
        student = fixed[work] if fixed.get(work) is not None else find_clear_student(table[work])
        if student is not None:
            claims.setdefault(student, []).append(alias)
    return tuple(Twice(people[student], tuple(works)) for student, works in sorted(claims.items()) if len(works) > 1)


def _why_open(pages: Costs, result: Match, table: Costs, *, doubled: bool) -> str:
    """Why nothing is believed of a work, in a clause that names nobody."""
    row = table[result.response]
    if not np.isfinite(row).any():
        return NOTHING_READ
    if has_two_names(pages):
        return TWO_NAMES
    if row.min() >= OPEN:
        return ILLEGIBLE
    if doubled:
        return SAID_TWICE
    return SEVERAL if (row < row.min() + MARGIN).sum() > 1 else UNSURE


def read_matching(workset: WorkSet) -> Matching | None:
    """What was known when the set was last matched; None where it never was.

    Raises:
        UnreadableError: the file is damaged.
    """
    if not workset.matches.is_file():
        return None
    try:
        return Matching.from_json(read_json(workset.matches))
    except (KeyError, TypeError, ValueError):
        raise UnreadableError(_damaged(workset.matches)) from None


def _damaged(path: Path) -> str:
    return f"{path} is damaged; delete it and run `mssw prepare` again, which makes it anew."


def write_matching(workset: WorkSet, entries: Sequence[KeyEntry], matching: Matching, said: Mapping[str, Said]) -> None:
    """Write ``key.xlsx`` and ``matches.json``, so that a run cut off in between takes no row for a teacher's word."""
    data = key_bytes(rewritten(entries, matching, said))
    if workset.key.read_bytes() != data:
        was = {
            entry.alias: MatchedPerson(entry.student, entry.number)
            for entry in entries
            if entry.matched_by in BY.values()
        }
        ahead = tuple(replace(work, earlier=was.get(work.alias)) for work in matching.works)
        write_json(workset.matches, replace(matching, works=ahead).to_json(), private=True)
        write_bytes(workset.key, data, private=True)
    write_json(workset.matches, matching.to_json(), private=True)


def rewritten(entries: Sequence[KeyEntry], matching: Matching, said: Mapping[str, Said]) -> list[KeyEntry]:
    """The key's rows with whose each work is."""
    rows = []
    for entry in entries:
        work = matching.of(entry.alias)
        if work is None:
            rows.append(entry)
            continue
        person, by = work.student or MatchedPerson(""), ""
        if work.state in BY:
            by = BY[work.state]
        elif entry.alias in said:  # a name that is not on the roster keeps whatever stands beside it
            strange = said[entry.alias].person is not None and said[entry.alias].place is None
            by = entry.matched_by if strange else BY_TEACHER
        rows.append(replace(entry, student=person.name, number=person.number, matched_by=by))
    return rows
