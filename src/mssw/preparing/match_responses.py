"""Who wrote which response: name fields, sheet codes and names of files against the roster, and the teacher's own word.

In: what was read on the pages, the files of a download, and the key as it is. Out: the key and ``matches.json``, with
each response matched or left open, and a reason where it is open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mssw.core.page import MarkKind
from mssw.core.response import Response
from mssw.core.sheet_code import PageCode, Sheets, shown
from mssw.errors import UnreadableError
from mssw.names.student import Roster
from mssw.preparing.inputs import Inputs
from mssw.preparing.learn_places import find_common_own_place
from mssw.preparing.matches import (
    DoubleClaim,
    MatchCounts,
    MatchedPerson,
    Matching,
    MatchState,
    ResponseMatch,
    find_place,
)
from mssw.preparing.prepare_options import CommonPlace, are_few_matched
from mssw.preparing.scan_names import find_writer
from mssw.roster.key_table import BY_CODE, BY_NAME, BY_TEACHER, KeyEntry
from mssw.vision.assignment import (
    MARGIN,
    MOST_GUESSES,
    OPEN,
    Match,
    combine_pages,
    find_clear_student,
    has_two_names,
    match_names,
)
from mssw.vision.name_field import NameField
from mssw.workset.class_list import key_bytes, read_key, seal_rows_by_hand
from mssw.workset.folder import WorkSet, read_json, write_bytes, write_json
from mssw.workset.sightings import Sighting
from mssw.workset.stack import Stack

Costs = NDArray[np.float64]
BY = {MatchState.MATCHED: BY_NAME, MatchState.CODED: BY_CODE}
FIELD_READS = 0.25  # of the responses: if so many have a name of the list, its field is at the right place
LEFT_OPEN = "you left it open"
NOTHING_READ = "no name was read in its name field"
ILLEGIBLE = "the name does not read like anyone of the roster"
WRONG_FIELD = "names seem to be written beside the name field that was found, so they may be readable"
NAMES_AROUND = "few names in the name field are on the class list, and others stand outside it, so one may be readable"
WRONG_ROSTER = "hardly any name of the class is on the class list, so names in the answers may have been missed"
TWO_NAMES = "its pages name two students: do they belong to one response?"
SAME_NAME = "another response has the same name"
SEVERAL = "several students come near"
UNSURE = "its name is hard to read"
SPARE = "it is on a spare copy, {code}: which student has the strip with that code?"
NOT_LISTED = "its code is of a student who is not on the roster any more"
TWO_COPIES = "its pages have the codes of two copies: do they belong to one response?"
GIVEN = "its code belongs to a student you gave another response"
SAME_CODE = "another response has the same code"
OTHER_FILE = "the name on its pages is one student's and the name of its file is another's: which student is it?"
FILE_ALONE = "only the name of its file says who wrote it: say so with --assign"
OTHER_NAME = "its code is one student's and the name on it is another's: were sheets swapped?"

SUPPORT = 2 * MARGIN  # cost a letter that the name of a file takes off that student's cost


@dataclass(frozen=True, slots=True)
class TeacherEntry:
    """What the teacher wrote into the key about one response, by hand or with ``mssw key --assign``.

    Attributes:
        person: who wrote it; None to leave it open.
        place: the person's place in the roster; None if they are not in it, or if nobody is meant.
    """

    person: MatchedPerson | None
    place: int | None


def match_responses(
    inputs: Inputs,
    responses: Sequence[Response],
    pages: Mapping[str, Sighting],
    aliases_before: Mapping[str, str] = MappingProxyType({}),
) -> MatchCounts | None:
    """Write into the key who wrote each response, as far as its name field or its codes tell beyond doubt.

    Args:
        inputs: roster and coded sheets; their set holds the key.
        responses: all of them, also those that are on hold or set aside, each with its alias.
        pages: by id.
        aliases_before: the alias that a response had when it was matched last, by its alias now, where they differ.

    Returns:
        How many are matched; None without a roster.
    """
    workset, roster = inputs.workset, inputs.roster
    if roster is None:
        return None
    entries, before = read_key(workset.key), read_matching(workset)
    by_teacher = find_teacher_entries(entries, before and before.under_new_aliases(aliases_before), roster)
    matching = match_by_pages(inputs, roster, {one.alias: one for one in responses}, pages, by_teacher)
    write_matching(workset, entries, matching, by_teacher)
    return matching.counts


def match_by_pages(
    inputs: Inputs,
    roster: Roster,
    responses: Mapping[str, Response],
    pages: Mapping[str, Sighting],
    by_teacher: Mapping[str, TeacherEntry],
) -> Matching:
    """Match responses by what their pages, codes and files say of their writers; nothing is written.

    Args:
        inputs: the stack and the coded sheets.
        roster: the class list.
        responses: by alias, or by anything else that the matching is to call them.
        pages: by id.
        by_teacher: what the teacher wrote, by alias.
    """
    costs = {
        name: collect_costs([pages[page_id].name_costs for page_id in one.pages], roster)
        for name, one in responses.items()
    }
    codes = {name: [pages[page_id].code for page_id in one.pages] for name, one in responses.items()}
    writers = find_file_writers(inputs.stack, roster)
    by_file = {
        name: find_file_writer([pages[page_id] for page_id in one.pages], writers) for name, one in responses.items()
    }
    return match_class(roster, costs, by_teacher, match_codes(inputs.sheets, codes, roster), by_file)


def hold_for_roster(
    inputs: Inputs, responses: Sequence[Response], pages: Mapping[str, Sighting], matched: MatchCounts | None
) -> tuple[list[Response], str]:
    """Put every response on hold if hardly any name is on the class list, but for those that a person approved.

    The list may be another class's: names in the answers were looked for by it. Or the name field may be at the wrong
    place, and names are readable beside it. So nothing may go before someone has looked.

    Args:
        inputs: all of them.
        responses: all of them, each with its alias.
        pages: by id.
        matched: how many are matched to a student; None without a roster.

    Returns:
        The responses, and a sentence on what seems to be wrong; empty if nothing is.
    """
    taking_part = [one for one in responses if not one.aside]
    fields = inputs.task.fields if inputs.task else ()
    seen = [[pages[page_id] for page_id in one.pages] for one in taking_part]
    if matched is None or not are_few_matched(matched, len(seen), fields, _count_telling(seen, fields)):
        return list(responses), ""
    task_pages = inputs.task.expected if inputs.task else ()
    place = find_common_own_place(pages.values(), task_pages)
    why, note = _doubt_field_or_list(seen, matched, place)
    open_ids = {page.page.id for page in pages.values() if not inputs.has_approved(page)}
    return [one.but_held(why) if one.released and open_ids & set(one.pages) else one for one in responses], note


def _count_telling(responses: Sequence[Sequence[Sighting]], fields: Sequence[NameField]) -> int:
    """How many responses can tell whether the list and the field are right.

    One without the sheet that asks for the name, or with an empty field, waits by itself and tells nothing. Where half
    of the class is so, something is wrong, and all of them count.
    """
    asked = {field.task_page for field in fields if field.holds_name}
    telling = sum(
        any(page.page.task_page in asked for page in one) and not any(page.empty_field for page in one)
        for one in responses
    )
    return telling if telling > len(responses) / 2 else len(responses)


def _doubt_field_or_list(
    responses: Sequence[Sequence[Sighting]], matched: MatchCounts, place: CommonPlace | None
) -> tuple[str, str]:
    """Tell why hardly any name is matched: the reason to put responses on hold, and a sentence on what to do.

    Args:
        responses: the pages of each that takes part.
        matched: how many are matched to a student.
        place: where most of the class has its own name, beside the field; None if that is no one place.
    """
    empty = sum(any(page.empty_field for page in one) for one in responses)
    beside = sum(any(_has_name_beside_field(page) for page in one) for one in responses)
    of = len(responses)
    if max(empty, beside) < of / 2:
        return WRONG_ROSTER, (
            f"only {matched.matched} of {of} responses have a name that is clearly on the class list. If it is another "
            "class's list, give the right one and run this again: names in the answers are found by it"
        )
    if place is None and empty < of / 2 and matched.matched >= FIELD_READS * of:
        return NAMES_AROUND, (
            f"only {matched.matched} of {of} responses have a name that is clearly on the class list. The name field "
            f"is filled in on {of - empty}, and names of the list stand outside it on {beside}. Where a name was "
            "crossed out, the right one may stand above or below its line: look at each page in the review"
        )
    seen = [f"it is empty on {empty} of {of} responses"] if empty else []
    seen += [f"names of the class list are beside it on {beside}"] if beside else []
    where = (
        f"on {place.pages} of {place.of} scans of page {place.task_page} a name was read at one place; if students "
        f"write it there, run this again with --field {place.option}"
        if place
        else "say where names are written with --field PAGE:X,Y,W,H and run this again"
    )
    return WRONG_FIELD, f"the name field that was found seems to be at the wrong place: {' and '.join(seen)}; {where}"


def _has_name_beside_field(page: Sighting) -> bool:
    """Whether a name of the class list was read outside of the name fields."""
    fields = [mark.box for mark in page.covers if mark.kind is MarkKind.FIELD]
    names = [mark.box for mark in (*page.covers, *page.flags) if mark.kind is MarkKind.TEXT]
    return any(not any(name.shared(field) > 0.5 for field in fields) for name in names)  # noqa: PLR2004 - half


def collect_costs(pages: Sequence[Sequence[float]], roster: Roster) -> Costs:
    """Stack what the pages of a response say of each student: (pages that say something, students)."""
    rows = [page for page in pages if page]
    return np.array(rows, np.float64).reshape(len(rows), len(roster.students))


def find_teacher_entries(
    entries: Sequence[KeyEntry], before: Matching | None, roster: Roster
) -> dict[str, TeacherEntry]:
    """Find what the teacher wrote into the key, by alias: with ``--assign``, or over what we had written.

    A response that she gave to a student who is no longer on the roster is open again. A name that was never on the
    roster stays as she wrote it.
    """
    found: dict[str, TeacherEntry] = {}
    for entry in entries:
        if entry.alias in found or _is_written_by_us(entry, before):
            continue
        person = MatchedPerson(entry.student, entry.number) if entry.student else None
        place = find_place(roster, person) if person else None
        if person is None or place is not None or entry.matched_by != BY_TEACHER:
            found[entry.alias] = TeacherEntry(person, place)
    return found


def _is_written_by_us(entry: KeyEntry, before: Matching | None) -> bool:
    """Whether a row of the key is as we wrote it, so that we may write it anew."""
    if entry.matched_by not in BY.values():
        return not entry.student and not entry.matched_by
    match_before = before.of(entry.alias) if before else None
    person = MatchedPerson(entry.student, entry.number)
    return match_before is None or person in {match_before.student, match_before.earlier}


def match_codes(sheets: Sheets | None, codes: Mapping[str, Sequence[str]], roster: Roster) -> dict[str, int | str]:
    """Match responses by the codes of their sheets: by alias, a place in the roster, or why the codes do not tell.

    Args:
        sheets: the set's coded sheets; None where there are none.
        codes: by alias, what the code of each page says; empty for a page without one.
        roster: the class list.

    Returns:
        Responses with codes alone.
    """
    found: dict[str, int | str] = {}
    for alias, texts in codes.items() if sheets else ():
        copies = {sheets.of(code) if sheets else None for text in texts if (code := PageCode.read(text))}
        copy = copies.pop() if len(copies) == 1 else None
        if copies:
            found[alias] = TWO_COPIES
        elif copy is not None and not copy.student:
            found[alias] = SPARE.format(code=shown(copy.code))
        elif copy is not None:
            place = find_place(roster, MatchedPerson(copy.student, copy.number))
            found[alias] = NOT_LISTED if place is None else place
    times = Counter(found.values())
    return {alias: one if isinstance(one, str) or times[one] == 1 else SAME_CODE for alias, one in found.items()}


def match_class(
    roster: Roster,
    costs: Mapping[str, Costs],
    by_teacher: Mapping[str, TeacherEntry],
    by_code: Mapping[str, int | str],
    by_file: Mapping[str, int | None] = MappingProxyType({}),
) -> Matching:
    """Match all responses of a class to its students at once.

    Args:
        roster: the class list.
        costs: by alias, what each page says; see ``collect_costs``.
        by_teacher: by alias, what the teacher wrote.
        by_code: by alias, who was given the sheets; see ``match_codes``.
        by_file: by alias, whom the names of its files mean; see ``find_file_writer``.
    """
    aliases = sorted(costs)
    people = [MatchedPerson.of(student) for student in roster.students]
    table = _make_table(costs, by_file, len(people))
    torn = {alias for alias in aliases if _is_torn(costs[alias], by_file.get(alias))}
    sure, swapped = _sort_codes(aliases, table, by_code, by_teacher)
    fixed: dict[int, int | None] = {
        row: by_teacher[alias].place if alias in by_teacher else None if alias in swapped else sure.get(alias)
        for row, alias in enumerate(aliases)
        if alias in by_teacher or alias in sure or alias in torn
    }
    found = match_names(table, fixed)
    claims = _find_double_claims(aliases, people, table, fixed)
    claimed = {alias for claim in claims for alias in claim.responses}
    matches = []
    for alias, result in zip(aliases, found, strict=True):
        guesses = tuple(people[place] for place in result.guesses)
        one = ResponseMatch(alias, MatchState.OPEN, None, result.margin, guesses=guesses)
        swap = alias in swapped
        settled = _settle_match(one, result.student, people, by_teacher.get(alias), sure.get(alias), is_swapped=swap)
        if settled is None:
            by_its_code = by_code.get(alias)
            why = GIVEN if isinstance(by_its_code, int) else by_its_code
            why = why or _why_open(costs[alias], result, table, is_claimed=alias in claimed)
            settled = _propose_by_file(replace(one, why=why), costs[alias], by_file.get(alias), people)
        matches.append(settled)
    matched = {one.student for one in matches}
    return Matching(tuple(matches), tuple(person for person in people if person not in matched), claims)


def _settle_match(
    one: ResponseMatch,
    named: int | None,
    people: Sequence[MatchedPerson],
    entry: TeacherEntry | None,
    by_code: int | None,
    *,
    is_swapped: bool,
) -> ResponseMatch | None:
    """The match of a response by the teacher, else by its code, else by its name; None if none of them tells."""
    if entry is not None and entry.person is not None:
        student = entry.person if entry.place is None else people[entry.place]
        return replace(one, state=MatchState.TEACHER, student=student)
    if is_swapped:
        return replace(one, why=OTHER_NAME)
    if by_code is not None:
        return replace(one, state=MatchState.CODED, student=people[by_code], guesses=())
    if named is not None:
        return replace(one, state=MatchState.MATCHED, student=people[named])
    return None if entry is None else replace(one, why=LEFT_OPEN)


# What the names of files say: evidence beside the name on the page, which never decides alone


def find_file_writers(stack: Stack, roster: Roster | None) -> dict[str, int]:
    """Find the students whom the names of files mean: by file, the place in the roster.

    Files that tell nobody are left out, and so are those of two submissions that name the same student.
    """
    if roster is None:
        return {}
    by_submission = {file.submission: find_writer(file.student, roster) for file in stack.files if file.submission}
    times = Counter(by_submission.values())
    found = {file.name: by_submission.get(file.submission) for file in stack.files}
    return {name: writer for name, writer in found.items() if writer is not None and times[writer] == 1}


def find_file_writer(pages: Sequence[Sighting], writers: Mapping[str, int]) -> int | None:
    """Find the one student whom the names of the files of these pages mean; None where they tell nobody, or two."""
    found = {writers.get(page.page.source) for page in pages}
    return found.pop() if len(found) == 1 else None


def contradicts(pages: Costs, writer: int | None) -> bool:
    """Whether pages clearly name another student than the name of their file does.

    Args:
        pages: (pages, students), cost a letter.
        writer: the student whom the file's name means; None where it tells nobody.
    """
    if writer is None or not len(pages):
        return False
    return any(find_clear_student(row) not in {None, writer} for row in (*pages, combine_pages(pages)))


def support(row: Costs, writer: int | None) -> Costs:
    """Add what the name of a file says to what was read: the student whom both may mean costs less.

    Args:
        row: (students,), cost per letter.
        writer: the student whom the file's name means; None where it tells nobody.
    """
    if writer is None or row[writer] >= OPEN:
        return row
    cheaper = min(SUPPORT, float(row[writer]))
    supported = row + (SUPPORT - cheaper)  # a cost is never below 0, so the rest of the discount is added to all others
    supported[writer] = row[writer] - cheaper
    return supported


def _is_torn(pages: Costs, writer: int | None) -> bool:
    """Whether two students are named: on two pages, or on a page and by the name of its file."""
    return has_two_names(pages) or contradicts(pages, writer)


def _make_table(costs: Mapping[str, Costs], by_file: Mapping[str, int | None], students: int) -> Costs:
    """One row of costs for each response, in the order of aliases, with what the names of its files add."""
    rows = [support(combine_pages(costs[alias]), by_file.get(alias)) for alias in sorted(costs)]
    return np.array(rows, np.float64).reshape(len(rows), students)


def _propose_by_file(
    one: ResponseMatch, pages: Costs, writer: int | None, people: Sequence[MatchedPerson]
) -> ResponseMatch:
    """Propose the student whom the names of its files mean for a response that is open."""
    if writer is None:
        return one
    guesses = (people[writer], *(guess for guess in one.guesses if guess != people[writer]))
    if contradicts(pages, writer):
        return replace(one, why=OTHER_FILE, guesses=guesses[:MOST_GUESSES])
    why = FILE_ALONE if one.why in {NOTHING_READ, ILLEGIBLE} else one.why
    return replace(one, why=why, guesses=guesses[:MOST_GUESSES])


def _sort_codes(
    aliases: Sequence[str], table: Costs, by_code: Mapping[str, int | str], by_teacher: Mapping[str, TeacherEntry]
) -> tuple[dict[str, int], set[str]]:
    """Sort out which codes count: places by alias, and the aliases on whose pages another student's name is written."""
    given = {entry.place for entry in by_teacher.values()}
    sure = {
        alias: place
        for alias, place in by_code.items()
        if isinstance(place, int) and alias not in by_teacher and place not in given
    }
    named = {alias: find_clear_student(table[row]) for row, alias in enumerate(aliases)}
    return sure, {alias for alias, place in sure.items() if named[alias] not in {None, place}}


def _find_double_claims(
    aliases: Sequence[str], people: Sequence[MatchedPerson], table: Costs, fixed: Mapping[int, int | None]
) -> tuple[DoubleClaim, ...]:
    """Find the students whom two responses or more clearly name, or were given by hand."""
    claims: dict[int, list[str]] = {}
    for row, alias in enumerate(aliases):
        student = fixed[row] if fixed.get(row) is not None else find_clear_student(table[row])
        if student is not None:
            claims.setdefault(student, []).append(alias)
    return tuple(DoubleClaim(people[student], tuple(by)) for student, by in sorted(claims.items()) if len(by) > 1)


def _why_open(pages: Costs, result: Match, table: Costs, *, is_claimed: bool) -> str:
    """Why a response is matched to nobody, in a clause that names nobody."""
    row = table[result.response]
    if not np.isfinite(row).any():
        return NOTHING_READ
    if has_two_names(pages):
        return TWO_NAMES
    if row.min() >= OPEN:
        return ILLEGIBLE
    if is_claimed:
        return SAME_NAME
    return SEVERAL if (row < row.min() + MARGIN).sum() > 1 else UNSURE


def read_matching(workset: WorkSet) -> Matching | None:
    """Read how the set was last matched; None if it never was.

    Raises:
        UnreadableError: the file is damaged.
    """
    if not workset.matches.is_file():
        return None
    try:
        return Matching.from_json(read_json(workset.matches))
    except (KeyError, TypeError, ValueError):
        raise UnreadableError(
            f"{workset.matches} is damaged; put a copy of it back, or rename it and run `mssw prepare` again, "
            "which makes it anew."
        ) from None


def write_matching(
    workset: WorkSet, entries: Sequence[KeyEntry], matching: Matching, by_teacher: Mapping[str, TeacherEntry]
) -> None:
    """Write ``key.xlsx`` and ``matches.json``.

    A run that is cut off between the two must not take one of our rows for the teacher's. So before the key changes,
    ``matches.json`` says what we wrote before and what we write now.
    """
    rows = rewrite_entries(entries, matching, by_teacher)
    data = key_bytes(rows)
    if workset.key.read_bytes() != data:
        written = {
            entry.alias: MatchedPerson(entry.student, entry.number)
            for entry in entries
            if entry.matched_by in BY.values()
        }
        ahead = tuple(replace(one, earlier=written.get(one.alias)) for one in matching.responses)
        write_json(workset.matches, replace(matching, responses=ahead).to_json(), private=True)
        write_bytes(workset.key, data, private=True)
    seal_rows_by_hand(workset, rows)  # also after a run that was cut off before it could
    write_json(workset.matches, matching.to_json(), private=True)


def rewrite_entries(
    entries: Sequence[KeyEntry], matching: Matching, by_teacher: Mapping[str, TeacherEntry]
) -> list[KeyEntry]:
    """The key's rows with the student who wrote each response."""
    rows = []
    for entry in entries:
        one = matching.of(entry.alias)
        if one is None:
            rows.append(entry)
            continue
        person, by = one.student or MatchedPerson(""), ""
        if one.state in BY:
            by = BY[one.state]
        elif entry.alias in by_teacher:  # beside a name that is not on the roster, what the teacher wrote stays
            teacher = by_teacher[entry.alias]
            by = entry.matched_by if teacher.person is not None and teacher.place is None else BY_TEACHER
        rows.append(replace(entry, student=person.name, number=person.number, matched_by=by))
    return rows
