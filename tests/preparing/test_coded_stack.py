"""What becomes of coded pages that are no plain page of this set's works, and whose the works are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from mssw.core.decision import Decisions, PageDecision
from mssw.core.page import Box, Fate, Page, Tone
from mssw.core.sheet_code import Copy, NamePlacement, PageCode, PrintedSide, Sheets
from mssw.names.student import Roster, Student
from mssw.preparing.blank_task import BlankTask
from mssw.preparing.coded_pages import A_NAME_SHEET, NEVER_PRINTED, WRITTEN_BACK, free_copied_sheets, keep_own_pages
from mssw.preparing.coded_rules import NO_CODE, PLACED, TWICE
from mssw.preparing.match_responses import (
    GIVEN,
    NOT_LISTED,
    OTHER_NAME,
    SAME_CODE,
    TWO_COPIES,
    TeacherEntry,
    match_class,
    match_codes,
)
from mssw.preparing.matches import MatchedPerson, Matching, MatchState, ResponseMatch
from mssw.vision.same_sheet import Sameness
from mssw.workset.folder import WorkSet
from mssw.workset.sightings import Sighting
from support.fed_stack import fed
from support.sightings import group

SIDE = PrintedSide((215.9, 279.4), 1.0, 0.0, 0.0, Box(0.8, 0.8, 0.1, 0.1), None)
ANA, BO, CY = (Student(name, "Lopez", number=str(1001 + n)) for n, name in enumerate(("Ana", "Bo", "Cy")))
ROSTER = Roster((ANA, BO, CY))
COPIES = tuple(Copy(letter * 8, one.name, one.number) for letter, one in zip("BCD", ROSTER.students, strict=True))
SHEETS = Sheets("K7QF", "sha", 2, "letter", True, NamePlacement.STRIP, (SIDE, SIDE), (*COPIES, Copy("FFFFFFFF")))  # noqa: FBT003
SHEETS = replace(SHEETS, others={"W2WW": "5c"})
FAR = 2.5


def page(number, code="", task_page=None, *, batch="K7QF", **more):
    """A page of the stack; its code is written like ``B1``: the copy's letter and the side."""
    text = PageCode(batch, code[0] * 8, int(code[1])).text if code else ""
    found = Page(f"s01-p{number:04d}", "stack.pdf", number, (1275, 1650), 150.0, Tone.GREY, f"hash {number}", task_page)
    known = {"image": f"s01-p{number:04d}.jpg", "ink": 900.0, "written": 300.0, "score": 1.0, "way": "recipe"}
    return Sighting(found, "recipe", **(known | more), code=text)


@pytest.fixture
def grouped(tmp_path):
    task = BlankTask(tmp_path, ((612.0, 792.0),) * 2, (), (), "known")

    def run(*pages, sheets=SHEETS, decisions=None):
        return group(WorkSet(tmp_path), pages, task, None, decisions or Decisions(), sheets=sheets)

    return run


def told(grouping):
    return [(str(page.page.fate), page.page.reason) for page in grouping.pages]


def test_a_field_that_is_empty_or_missing_holds_no_coded_work(grouped):
    done = grouped(page(1, "B1", 1), page(2, "B2", 2))

    assert told(done) == [("kept", ""), ("kept", "")]


def test_a_page_of_another_set_is_told_and_named_where_that_is_known(grouped):
    done = grouped(
        page(1, "B1", 1),
        page(2, "B2", 2),
        page(3, "G1", batch="W2WW"),
        page(4, "G2", batch="W2WW"),
        page(5, "H1", batch="X999"),
    )

    assert told(done)[2:] == [
        ("set aside", "it is a sheet of 5c: prepare this stack into that set too"),
        ("set aside", "it is a sheet of 5c: prepare this stack into that set too"),
        ("set aside", "it is a sheet of another set: prepare this stack into that one too"),
    ]
    [note] = done.notes
    assert note == (
        "the stack also holds sheets of other sets: 2 pages of 5c; 1 page of a set that was not named with --codes; "
        "prepare it into those sets too"
    )


def test_a_scratched_page_of_another_set_goes_with_the_other_face_of_its_sheet(grouped):
    done = grouped(page(1, "B1", 1), page(2, "B2", 2), page(3, "G1", batch="W2WW"), page(4, "", 2))

    assert [fate for fate, _ in told(done)] == ["kept", "kept", "set aside", "set aside"]


def test_a_page_is_only_said_to_be_anothers_by_its_code_where_that_was_read(grouped):
    done = grouped(page(1, "B1", 1), page(2, "B2", 2), page(3, "G1", batch="W2WW"), page(4, "", 2))

    assert told(done)[2][1].startswith("it is a sheet of 5c")
    assert told(done)[3][1].startswith("its code cannot be read; by what lies beside it, it is a sheet of 5c")


def test_a_page_beside_a_sheet_that_was_never_printed_is_not_put_away_with_it(grouped):
    done = grouped(page(1, "B1", 1), page(2, "B2", 2), page(3, "Z1", 1), page(4, "", 2))

    assert told(done)[2:] == [("set aside", NEVER_PRINTED), ("held", NO_CODE)]


@given(fed())
def test_whatever_the_feeder_did_no_page_without_a_code_goes_unseen_and_none_is_lost(case):
    pages, whose, sides, two_sided = case
    letter = dict(zip("ABCDEFGH", "BCDFGHJK", strict=True))  # those that a code may hold
    copies = tuple(Copy(letter[who] * 8) for who in "ABCDEF")
    sheets = replace(SHEETS, sides=sides, two_sided=two_sided, printed=(SIDE,) * sides, copies=copies)
    task = BlankTask(Path("none"), ((612.0, 792.0),) * sides, (), (), "known")
    seen = []
    for number, one in enumerate(pages, 1):
        code = f"{letter[whose[one.id]]}{one.task_page}" if one.code else ""
        batch = one.code.batch if one.code else sheets.batch
        seen.append(page(number, code, one.task_page, batch=batch, written=0.0))

    done = group(WorkSet(Path("none")), seen, task, None, Decisions(), sheets=sheets)

    student = {one.page.id: whose[was.id] for one, was in zip(seen, pages, strict=True) if was.code}
    assert [one.page.id for one in done.pages] == [one.page.id for one in seen]
    assert all(one.page.fate for one in done.pages)
    assert {one.page.id for one in done.pages if one.page.fate is Fate.KEPT} <= set(student)
    assert all(len({student[one] for one in work.pages if one in student}) <= 1 for work in done.responses)


def approved(done, *places):
    """What was decided once a person let those pages go as they are."""
    pages = [done.pages[place - 1] for place in places]
    return Decisions({one.page.identity: PageDecision(cleared_as=one.way) for one in pages})


def test_a_page_that_was_placed_by_what_lies_beside_it_goes_once_a_person_looked_at_it(grouped):
    stack = [page(1, "B1", 1), page(2, "", 2), page(3, "C1", 1), page(4, "C2", 2)]
    done = grouped(*stack)
    assert [work.pages for work in done.responses] == [("s01-p0001", "s01-p0002"), ("s01-p0003", "s01-p0004")]
    assert [work.held for work in done.responses] == [(f"stack.pdf, page 2: {PLACED}",), ()]

    done = grouped(*stack, decisions=approved(done, 2))

    assert all(work.released for work in done.responses)


def test_a_page_that_was_let_go_in_one_work_waits_again_in_another(grouped):
    """B2 was found later, so the page that had been taken for it is somebody else's."""
    stack = [page(1, "B1", 1), page(2, "", 2), page(3, "C1", 1), page(4, "C2", 2)]
    said = approved(grouped(*stack), 2)

    done = grouped(*stack, page(5, "B2", 2), decisions=said)

    alone = next(work for work in done.responses if "s01-p0002" in work.pages)
    assert alone.pages == ("s01-p0002",)
    assert f"stack.pdf, page 2: {NO_CODE}" in alone.held


def test_a_code_that_was_never_printed_is_told(grouped):
    done = grouped(page(1, "B1", 1), page(2, "B2", 2), page(3, "Z1", 1), page(4, "B9"))

    assert told(done)[2:] == [("set aside", NEVER_PRINTED)] * 2


def test_a_sheet_with_a_name_that_was_left_in_the_stack_is_set_aside(grouped):
    done = grouped(page(1, "B0"), page(2, "B1", 1), page(3, "B2", 2))

    assert told(done)[0] == ("set aside", A_NAME_SHEET)
    assert told(done)[1] == ("kept", "")


def test_bare_backs_on_which_nothing_stands_are_blank(grouped):
    done = grouped(page(1, "B3", ink=0.0), page(2, "B1", 1), page(3, "B2", 2), sheets=replace(SHEETS, sides=4))

    assert [fate for fate, _ in told(done)] == ["blank", "kept", "kept"]


def test_writing_on_a_bare_back_is_held_with_its_reason(tmp_path):
    task = BlankTask(tmp_path, ((612.0, 792.0),), (), (), "known")
    pages = [page(1, "B1", 1), page(2, "B2")]

    done = group(WorkSet(tmp_path), pages, task, None, Decisions(), sheets=SHEETS)

    assert [work.pages for work in done.responses] == [("s01-p0001", "s01-p0002")]
    assert done.responses[0].held == (f"stack.pdf, page 2: {WRITTEN_BACK}",)


def test_a_coded_page_that_does_not_match_is_held_and_not_said_to_be_missing(grouped):
    done = grouped(page(1, "B1", 1), page(2, "B2"))

    assert done.responses[0].held == ("stack.pdf, page 2: it matches no page of the blank task",)


def test_two_works_that_look_alike_are_no_second_scans_if_their_codes_differ(grouped, monkeypatch):
    monkeypatch.setattr("mssw.preparing.grouping.is_alike", lambda *_: True)
    monkeypatch.setattr("mssw.preparing.grouping.compare_strokes", lambda *_: Sameness.SAME)
    monkeypatch.setattr("mssw.preparing.grouping._ink", lambda *_: np.zeros((1, 1), bool))

    assert [
        fate for fate, _ in told(grouped(page(1, "B1", 1), page(2, "B2", 2), page(3, "C1", 1), page(4, "C2", 2)))
    ] == ["kept"] * 4


def test_a_second_scan_of_one_code_is_set_aside_and_a_copy_of_it_with_other_writing_held(grouped, monkeypatch):
    pages = [page(1, "B1", 1), page(2, "B2", 2), page(3, "B1", 1), page(4, "B2", 2)]
    monkeypatch.setattr("mssw.preparing.grouping._ink", lambda *_: np.zeros((1, 1), bool))
    monkeypatch.setattr("mssw.preparing.grouping.compare_strokes", lambda *_: Sameness.SAME)
    assert [fate for fate, _ in told(grouped(*pages))] == ["kept", "kept", "set aside", "set aside"]

    monkeypatch.setattr("mssw.preparing.grouping.compare_strokes", lambda *_: Sameness.OTHER)
    assert [work.held for work in grouped(*pages).responses] == [(TWICE,), (TWICE,)]


def written_by(**students):
    """What the teacher named as writers, by alias."""
    return Matching(
        tuple(ResponseMatch(alias, MatchState.TEACHER, MatchedPerson.of(one)) for alias, one in students.items())
    )


def with_aliases(done):
    return [replace(one, alias=alias) for one, alias in zip(done.responses, ("Emery", "Kai"), strict=True)]


@pytest.mark.parametrize(
    ("writers", "waits"),
    [
        ({"Emery": ANA, "Kai": BO}, False),
        ({"Kai": BO}, True),
        ({"Emery": ANA}, True),
        ({"Emery": ANA, "Kai": ANA}, True),
        ({}, True),
    ],
)
def test_a_copied_sheet_is_free_once_each_of_its_writers_is_named(grouped, monkeypatch, writers, waits):
    monkeypatch.setattr("mssw.preparing.grouping._find_second_scans", lambda *_: ({}, {}))
    done = grouped(page(1, "B1", 1), page(2, "B2", 2), page(3, "B1", 1), page(4, "B2", 2))

    free = free_copied_sheets(with_aliases(done), done.by_id, written_by(**writers))

    assert [bool(one.held) for one in free] == [waits, waits]
    assert told(done.with_fates_of(free))[0][0] == ("held" if waits else "kept")


def test_copied_sheets_whose_pages_lie_between_each_other_wait_whoever_wrote_them(grouped, monkeypatch):
    monkeypatch.setattr("mssw.preparing.grouping._find_second_scans", lambda *_: ({}, {}))
    done = grouped(page(1, "B1", 1), page(2, "B1", 1), page(3, "B2", 2), page(4, "B2", 2))

    free = free_copied_sheets(with_aliases(done), done.by_id, written_by(Emery=ANA, Kai=BO))

    assert [one.held for one in free] == [(TWICE,), (TWICE,)]


@pytest.mark.parametrize("lost", [0, 1, 2, 3])
def test_copied_sheets_of_which_a_page_is_lost_wait_whoever_wrote_them(grouped, monkeypatch, lost):
    monkeypatch.setattr("mssw.preparing.grouping._find_second_scans", lambda *_: ({}, {}))
    whole = [page(1, "B1", 1), page(2, "B2", 2), page(3, "B1", 1), page(4, "B2", 2)]
    done = grouped(*whole[:lost], *whole[lost + 1 :])

    free = free_copied_sheets(with_aliases(done), done.by_id, written_by(Emery=ANA, Kai=BO))

    assert all(one.held for one in free)


def test_another_doubt_about_a_copied_sheet_is_not_taken_off_with_it(grouped, monkeypatch):
    monkeypatch.setattr("mssw.preparing.grouping._find_second_scans", lambda *_: ({}, {}))
    done = grouped(page(1, "B1", 1), page(2, "B2", 2), page(3, "B1", 1), page(4, "B2", 2, doubts=("it is torn",)))

    free = free_copied_sheets(with_aliases(done), done.by_id, written_by(Emery=ANA, Kai=BO))

    assert [one.held for one in free] == [(), ("stack.pdf, page 4: it is torn",)]


def test_a_page_without_a_code_waits_until_a_person_puts_it_into_its_work(grouped):
    pages = [page(1, "B1", 1), page(2, "C1", 1), page(3, "C2", 2), page(4, "", 2)]
    assert f"stack.pdf, page 4: {NO_CODE}" in grouped(*pages).responses[-1].held

    moved = Decisions({"hash 4": PageDecision(joins="hash 1")})
    done = grouped(*pages, decisions=moved)

    assert [work.pages for work in done.responses] == [("s01-p0001", "s01-p0004"), ("s01-p0002", "s01-p0003")]
    assert all(work.released for work in done.responses)


def test_a_stack_of_another_class_alone_is_no_stack_of_a_wrong_task():
    pages = [page(1, "G1", batch="W2WW"), page(2, "B1", 1), page(3)]

    assert keep_own_pages(SHEETS, pages) == pages[1:]
    assert keep_own_pages(None, pages) == pages


def whose(codes, costs=None, said=None):
    """State, student's number and why, by alias, for works with those codes."""
    texts = {
        alias: [PageCode("K7QF", c[0] * 8, int(c[1])).text if c else "" for c in row] for alias, row in codes.items()
    }
    table = {alias: np.array([(costs or {}).get(alias, (np.inf,) * 3)], np.float64) for alias in codes}
    found = match_class(ROSTER, table, said or {}, match_codes(SHEETS, texts, ROSTER))
    return {work.alias: (work.state, work.student and work.student.number, work.why) for work in found.responses}


def test_the_code_tells_whose_a_work_is_also_where_one_of_its_pages_has_none():
    assert whose({"Andrea": ["B1", "B2"], "Boaz": ["", "C2"]}) == {
        "Andrea": (MatchState.CODED, "1001", ""),
        "Boaz": (MatchState.CODED, "1002", ""),
    }


def test_a_teachers_word_counts_more_than_a_code():
    said = {"Andrea": TeacherEntry(MatchedPerson.of(BO), 1)}

    found = whose({"Andrea": ["B1", "B2"], "Boaz": ["C1", "C2"]}, said=said)

    assert found["Andrea"][:2] == (MatchState.TEACHER, "1002")
    assert found["Boaz"] == (MatchState.OPEN, None, GIVEN)


def test_a_name_on_it_that_is_clearly_anothers_leaves_a_work_open():
    found = whose(
        {"Andrea": ["B1", "B2"], "Boaz": ["C1", "C2"]}, costs={"Andrea": (FAR, 0.1, FAR), "Boaz": (FAR, 0.1, FAR)}
    )

    assert found["Andrea"] == (MatchState.OPEN, None, OTHER_NAME)
    assert found["Boaz"][:2] == (MatchState.CODED, "1002")


def test_a_spare_copy_is_matched_by_its_name_or_its_strip_is_asked_for():
    assert whose({"Andrea": ["F1", "F2"]}, costs={"Andrea": (FAR, FAR, 0.1)})["Andrea"][:2] == (
        MatchState.MATCHED,
        "1003",
    )
    assert "FFFF FFFF" in whose({"Andrea": ["F1", "F2"]})["Andrea"][2]


def test_codes_that_do_not_tell_leave_a_work_open_and_say_why():
    assert whose({"Andrea": ["B1", "C2"]})["Andrea"] == (MatchState.OPEN, None, TWO_COPIES)
    assert {why for _, _, why in whose({"Andrea": ["B1"], "Boaz": ["B2"]}).values()} == {SAME_CODE}
    left = match_codes(SHEETS, {"Andrea": [PageCode("K7QF", "B" * 8, 1).text]}, Roster((BO,)))
    assert left == {"Andrea": NOT_LISTED}
