"""Which pages of a stack may be the two sides of one sheet, so that a name of one may show through on the other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from mssw.core.page import Box
from mssw.preparing.blank_task import BlankTask
from mssw.preparing.inputs import Inputs
from mssw.preparing.sheet_sides import Side, _drop_chance, _is_whole, _may_show
from mssw.vision.other_side import Bleed
from mssw.workset.folder import WorkSet
from mssw.workset.settings import Settings
from support.sightings import FIELD, sighting

SIZE = (612.0, 792.0)


def side(*, is_whole: bool, student: int | None = None) -> Side:
    return Side("s01-p0001", Path("page.png"), (Box(0.1, 0.1, 0.2, 0.05),), 11.0, 1, is_whole, student)


def test_two_students_whole_responses_are_no_two_sides_of_a_sheet_and_all_else_may_be():
    whole, part = side(is_whole=True, student=1), side(is_whole=False)

    assert not whole.can_be_behind(side(is_whole=True, student=2))
    assert not whole.can_be_behind(side(is_whole=True))
    assert whole.can_be_behind(side(is_whole=True, student=1))
    assert whole.can_be_behind(part)
    assert part.can_be_behind(whole)
    assert part.can_be_behind(part)
    assert side(is_whole=True).can_be_behind(part)


@pytest.mark.parametrize(
    ("other", "its_other", "may"),
    [
        ("", "", True),
        ("s01-p0002", "", True),
        ("", "s01-p0001", True),
        ("s01-p0003", "", False),
        ("", "s01-p0003", False),
    ],
    ids=["unknown", "this one", "known from there", "another page is behind", "it is behind another page"],
)
def test_a_page_that_is_behind_another_one_is_not_compared(other, its_other, may):
    here = replace(side(is_whole=False), other=other)
    there = replace(side(is_whole=False), id="s01-p0002", other=its_other)
    assert _may_show(here, there) == may


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [([0.7], [0.3], [0.7]), ([0.3], [0.7, 0.2], [0.7, 0.2]), ([0.6], [0.4], [0.6, 0.4]), ([], [0.3], [0.3])],
    ids=["chance after", "chance before", "either may be behind it", "one alone"],
)
def test_where_both_pages_beside_one_seem_to_show_the_much_likelier_one_does(before, after, kept):
    box = Box(0.1, 0.1, 0.2, 0.05)
    found = _drop_chance([[Bleed(box, share) for share in shares] for shares in (before, after)])
    assert [bleed.share for bleed in found] == kept


def test_what_lies_straight_on_a_page_is_kept_however_faint():
    box = Box(0.1, 0.1, 0.2, 0.05)
    found = _drop_chance([[Bleed(box, 0.13, is_straight=True)], [Bleed(box, 0.7)]])
    assert [bleed.share for bleed in found] == [0.13, 0.7]


def inputs(*, pages: int = 1, each: int | None = None, given: bool = True, **stack) -> Inputs:
    task = BlankTask(Path("task"), (SIZE,) * pages, (FIELD,), (), "known") if given else None
    ways = {"fronts_backs": False, **stack}
    return Inputs(WorkSet(Path()), Settings(pages_per_student=each), task=task, stack=SimpleNamespace(**ways))


@pytest.mark.parametrize(
    ("told", "page", "is_whole"),
    [
        (inputs(), sighting(1), True),
        (inputs(), sighting(1, None), False),
        (inputs(pages=2), sighting(1), False),
        (inputs(fronts_backs=True), sighting(1), False),
        (inputs(given=False, each=1), sighting(1, None, is_named=True), True),
        (inputs(given=False, each=1), sighting(1, None), False),
        (inputs(given=False, each=2), sighting(1, None, is_named=True), False),
    ],
    ids=[
        "on a task of one page",
        "on no page of it, as a back",
        "on a task of two",
        "fronts and backs apart",
        "named, without a task",
        "not named, as a back",
        "named, one of two",
    ],
)
def test_a_page_is_a_whole_response_only_where_that_is_sure(told, page, is_whole):
    assert _is_whole(told, page) is is_whole
