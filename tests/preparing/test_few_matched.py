"""Where hardly any name is on the class list, the message says what is wrong: the name field, or the list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mssw.cli.prepare import print_prepare_report
from mssw.core.page import Box, Mark, MarkKind
from mssw.core.response import Response
from mssw.names.student import Roster, Student
from mssw.preparing.blank_task import BlankTask
from mssw.preparing.inputs import Inputs
from mssw.preparing.match_responses import NAMES_AROUND, WRONG_FIELD, WRONG_ROSTER, hold_for_roster
from mssw.preparing.matches import MatchCounts
from mssw.preparing.prepare_options import PrepareReport
from mssw.workset.folder import WorkSet
from mssw.workset.settings import Settings
from support.sightings import FIELD, sighting

ELSEWHERE = Mark(Box(0.1, 0.5, 0.3, 0.04), MarkKind.TEXT, "reading", 0.9)


@pytest.mark.parametrize(
    ("seen", "why", "note"),
    [
        ({}, WRONG_ROSTER, "the class list"),
        ({"empty_field": True}, WRONG_FIELD, "it is empty on 6 of 6 responses; say where names are"),
        ({"covers": (ELSEWHERE,)}, WRONG_FIELD, "names of the class list are beside it on 6"),
    ],
)
def test_the_field_is_named_where_it_is_wrong_and_else_the_list(seen, why, note):
    pages = {page.page.id: page for page in (replace(sighting(number), **seen) for number in range(1, 7))}
    responses = [Response((page_id,), alias=page_id) for page_id in pages]
    task = BlankTask(Path(), ((612.0, 792.0),), (FIELD,), (), "recipe")
    inputs = Inputs(WorkSet(Path()), Settings(), roster=Roster((Student("Ana", "Lopez"),)), task=task)

    on_hold, found = hold_for_roster(inputs, responses, pages, MatchCounts(0, 6, 1, 0))

    assert all(one.held == (why,) for one in on_hold)
    assert note in found


@pytest.mark.parametrize(
    ("matched", "empty", "why", "note"),
    [
        (3, 0, NAMES_AROUND, "only 3 of 6 responses have a name that is clearly on the class list. The name"),
        (2, 1, NAMES_AROUND, "filled in on 5, and names of the list stand outside it on 6"),
        (1, 0, WRONG_FIELD, "at the wrong place"),
        (2, 3, WRONG_FIELD, "it is empty on 3 of 6 responses and names of the class list are beside it on 6"),
    ],
)
def test_a_field_in_which_names_of_the_class_stand_is_not_at_the_wrong_place(matched, empty, why, note):
    seen = [{"covers": (ELSEWHERE,), "empty_field": number < empty} for number in range(6)]
    pages = {page.page.id: page for page in (sighting(number, **more) for number, more in enumerate(seen, 1))}
    responses = [Response((page_id,), alias=page_id) for page_id in pages]
    task = BlankTask(Path(), ((612.0, 792.0),), (FIELD,), (), "recipe")
    inputs = Inputs(WorkSet(Path()), Settings(), roster=Roster((Student("Ana", "Lopez"),)), task=task)

    on_hold, found = hold_for_roster(inputs, responses, pages, MatchCounts(matched, 6 - matched, 1, 0))

    assert all(one.held == (why,) for one in on_hold)
    assert note in found
    assert ("--field" in found) == (why == WRONG_FIELD)


EMPTY, NO_SHEET = {"empty_field": True}, {"task_page": 2}


@pytest.mark.parametrize(
    ("silent", "of", "matched", "is_doubted"),
    [
        ([], 10, 5, True),
        ([EMPTY] * 3, 10, 5, False),  # each of them waits by itself
        ([NO_SHEET] * 3, 10, 5, False),  # the sheet with the name is missing
        ([EMPTY], 6, 1, True),
        ([NO_SHEET] * 2, 6, 1, True),
        ([EMPTY], 3, 0, True),
        ([NO_SHEET] * 8, 10, 1, True),
        ([EMPTY, EMPTY, *[NO_SHEET] * 4], 10, 4, True),
    ],
)
def test_a_response_in_which_no_name_can_stand_tells_nothing_of_the_list(silent, of, matched, is_doubted):
    more = [*silent, *[{}] * (of - len(silent))]
    pages = {page.page.id: page for page in (sighting(number, **seen) for number, seen in enumerate(more, 1))}
    responses = [Response((page_id,), alias=page_id) for page_id in pages]
    task = BlankTask(Path(), ((612.0, 792.0),) * 2, (FIELD,), (), "recipe")
    inputs = Inputs(WorkSet(Path()), Settings(), roster=Roster((Student("Ana", "Lopez"),)), task=task)

    on_hold, doubt = hold_for_roster(inputs, responses, pages, MatchCounts(matched, of - matched, 1, 0))

    assert bool(doubt) == any(one.held for one in on_hold) == is_doubted


def test_a_list_that_seems_to_be_another_classs_is_said_first_and_once(tmp_path, capsys):
    doubt = "only 0 of 6 responses have a name that is clearly on the class list"
    counts = {"scanned": 12, "kept": 0, "blank": 0, "set aside": 0, "held": 12}
    on_hold = tuple((f"A{number}", (WRONG_ROSTER,)) for number in range(6))
    done = PrepareReport(counts, (), on_hold, (), (FIELD,), (doubt,), 0, roster_doubt=doubt)

    print_prepare_report(done, tmp_path / "set")

    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith(f"Check this first: {doubt}.")
    assert said.count(doubt) == 1
