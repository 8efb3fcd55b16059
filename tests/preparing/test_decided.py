"""What a person decides of pages becomes of them, and nothing is lost or let go by it unseen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from mssw.core.decision import Decisions, Everywhere, PageDecision
from mssw.core.page import Box, Mark, MarkKind
from mssw.errors import UnreadableError
from mssw.preparing.decided_pages import BARED_NAME, shows_a_name, way_without
from mssw.preparing.inputs import Inputs
from mssw.preparing.second_look import second_look_at
from mssw.workset.decisions import keep_decisions, read_decisions
from mssw.workset.folder import WorkSet
from mssw.workset.settings import Settings
from support.sightings import NOTHING, fates, group, sighting, task, workset

__all__ = ["task", "workset"]  # fixtures
FIELD = Box(0.1, 0.05, 0.4, 0.05)
NAME = Mark(FIELD, MarkKind.FIELD, "text", 0.95)
WORD = Mark(Box(0.3, 0.5, 0.1, 0.02), MarkKind.TEXT, "reading", 0.9)


def class_of_two():
    return [replace(sighting(n, 1 + (n + 1) % 2), covers=(NAME,) if n % 2 else (WORD,)) for n in (1, 2, 3, 4)]


def said(**what):
    return Decisions({"hash 1": PageDecision(**what)})


def grouped(workset, task, decisions, pages=None):
    return group(workset, pages or class_of_two(), task, None, decisions)


def test_a_page_whose_names_cover_was_taken_away_waits_until_it_is_approved_as_it_is_now(workset, task):
    before = NOTHING.with_change("hash 1", cleared_as="recipe")
    dropped = before.with_page("hash 1", replace(before.of("hash 1"), dropped=(FIELD,), dropped_as="recipe"))

    done = grouped(workset, task, dropped)

    assert fates(done) == ["held", "held", "kept", "kept"]
    assert BARED_NAME in done.pages[0].page.reason
    assert done.pages[0].covers == ()
    assert shows_a_name(done.pages[0])

    approved = dropped.with_change("hash 1", cleared_as=way_without("recipe", (FIELD,)))
    done = grouped(workset, task, approved)
    assert fates(done) == ["kept"] * 4
    assert shows_a_name(done.pages[0])  # so that the second look reads it all the same


def test_under_another_recipe_a_cover_that_was_taken_away_stands_again(workset, task):
    done = grouped(workset, task, said(dropped=(FIELD,), dropped_as="another field's"))

    assert fates(done) == ["kept"] * 4
    assert done.pages[0].covers == (NAME,)


def test_a_cover_that_was_only_made_larger_bares_nothing(workset, task):
    larger = Box(0.05, 0.02, 0.6, 0.1)

    done = grouped(workset, task, said(dropped=(FIELD,), dropped_as="recipe", covers=(larger,)))

    assert fates(done) == ["kept"] * 4
    assert done.pages[0].covers == (Mark.drawn(larger),)
    assert not shows_a_name(done.pages[0])


def test_a_word_that_was_uncovered_waits_but_is_no_name_field(workset, task):
    decisions = Decisions({"hash 2": PageDecision(dropped=(WORD.box,), dropped_as="recipe")})

    done = grouped(workset, task, decisions)

    assert fates(done)[1] == "held"
    assert not shows_a_name(done.pages[1])


def test_a_place_on_every_page_is_covered_on_all_of_that_task_page_and_of_no_other(workset, task):
    rule = Everywhere(2, Box(0.7, 0.9, 0.2, 0.05))

    done = grouped(workset, task, Decisions(everywhere=(rule,)))

    assert [Mark.drawn(rule.box) in page.covers for page in done.pages] == [False, True, False, True]


def test_a_page_that_was_moved_is_with_the_others_and_the_work_that_lost_it_waits(workset, task):
    pages = [sighting(1, 1), sighting(2, 1), sighting(3, 2)]
    assert "missing" in grouped(workset, task, NOTHING, pages).responses[0].held[0]

    done = grouped(workset, task, Decisions({"hash 3": PageDecision(joins="hash 1")}), pages)

    assert [work.pages for work in done.responses] == [("s01-p0001", "s01-p0003"), ("s01-p0002",)]
    assert [bool(work.held) for work in done.responses] == [False, True]
    assert done.responses[0].brought == ("s01-p0003",)
    assert Counter(fates(done)) == {"kept": 2, "held": 1}


def test_a_page_twice_in_a_work_holds_it(workset, task):
    done = grouped(workset, task, Decisions({"hash 3": PageDecision(joins="hash 1")}))

    first = next(work for work in done.responses if "s01-p0001" in work.pages)
    assert "page 1 of the task is in it twice" in first.held
    assert sum(len(work.pages) for work in done.responses) == 4


def test_a_page_can_have_a_work_of_its_own_and_others_can_join_it(workset, task):
    own = Decisions({"hash 2": PageDecision(joins="hash 2"), "hash 4": PageDecision(joins="hash 2")})

    done = grouped(workset, task, own)

    assert sorted(work.pages for work in done.responses) == [("s01-p0001",), ("s01-p0002", "s01-p0004"), ("s01-p0003",)]


@pytest.mark.parametrize("decisions", [
    {"hash 1": PageDecision(joins="hash 3"), "hash 3": PageDecision(joins="hash 1")},
    {f"hash {n}": PageDecision(joins=f"hash {n % 3 + 1}") for n in (1, 2, 3)},
    {f"hash {n}": PageDecision(joins="hash 4") for n in (1, 2, 3, 4)},
    {f"hash {n}": PageDecision(blank=True) for n in (1, 2, 3, 4)},
])  # fmt: skip
def test_whatever_is_moved_where_each_page_has_one_fate(workset, task, decisions):
    done = grouped(workset, task, Decisions(decisions))

    placed = [page for work in done.responses for page in work.pages]
    assert len(placed) == len(set(placed))
    assert all(page.page.fate is not None for page in done.pages)
    assert len(placed) + fates(done).count("blank") == 4


def test_a_page_put_to_one_that_is_gone_stays_and_holds_its_work(workset, task):
    done = grouped(workset, task, said(joins="hash of a page that is gone"))

    assert fates(done) == ["held", "held", "kept", "kept"]


def test_a_page_marked_blank_leaves_its_work_and_says_who_said_so(workset, task):
    done = grouped(workset, task, Decisions({"hash 2": PageDecision(blank=True)}))

    assert fates(done) == ["kept", "blank", "kept", "kept"]
    assert "a person" in done.pages[1].page.reason


def test_turning_turns_what_was_drawn_and_asks_again():
    before = PageDecision((Box(0.1, 0.2, 0.3, 0.4),), "recipe")

    once = before.turned(90)

    assert once.turn == 90
    assert once.cleared_as == ""
    assert once.covers[0].numbers == pytest.approx((0.4, 0.1, 0.4, 0.3))
    back = once.turned(270)
    assert back.turn == 0
    assert back.covers[0].numbers == pytest.approx((0.1, 0.2, 0.3, 0.4))


def test_decisions_of_the_first_version_are_read(tmp_path):
    workset = WorkSet(tmp_path)
    workset.private.mkdir()
    old = '{"version": 1, "pages": {"hash": {"covers": [[0, 0, 1, 1]], "cleared_as": "way", "aside": "why"}}}'
    workset.decisions.write_text(old, encoding="utf-8")

    decisions = read_decisions(workset)

    assert decisions.of("hash") == PageDecision((Box(0, 0, 1, 1),), "way", "why")
    keep_decisions(workset, decisions)
    assert read_decisions(workset) == decisions


@pytest.mark.parametrize("text", ['{"version": 4, "pages": {}}', "{", "[]", '{"version": 2, "pages": {"a": {}}}'])
def test_decisions_that_cannot_be_understood_stop_everything_rather_than_be_forgotten(tmp_path, text):
    workset = WorkSet(tmp_path)
    workset.private.mkdir()
    workset.decisions.write_text(text, encoding="utf-8")

    with pytest.raises(UnreadableError, match=r"decisions.json (cannot be understood|was made by a newer mssw)"):
        read_decisions(workset)


def test_a_page_with_a_bared_name_is_read_again_though_it_was_approved(workset):
    page = sighting(1, 1, read="reading")
    approved = NOTHING.with_change("hash 1", cleared_as="recipe")
    inputs = Inputs(workset, Settings(), decisions=approved)

    assert second_look_at(inputs, page) is None
    assert second_look_at(inputs, replace(page, bared=(NAME,))) is not None
    assert second_look_at(inputs, replace(page, bared=(WORD,))) is None
