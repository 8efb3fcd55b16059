"""A person's decisions are kept with the page that was looked at, and come back as they were."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from mssw.core.decision import Decisions, PageDecision
from mssw.core.page import Box
from support.examples import examples

FRACTIONS = st.floats(0, 1, allow_nan=False)
BOXES = st.builds(Box, FRACTIONS, FRACTIONS, FRACTIONS, FRACTIONS)
HASHES = st.text("0123456789abcdef", max_size=64)
SAID = st.builds(PageDecision, st.lists(BOXES).map(tuple), HASHES, st.text())
IDENTITIES = st.from_regex(r"s\d\d-p\d{4}|[0-9a-f]{64}", fullmatch=True)


@examples(25)
@given(st.dictionaries(IDENTITIES, SAID))
def test_decisions_come_back_from_json_as_they_were(pages):
    written = json.dumps(Decisions(pages).to_json())

    assert Decisions.from_json(json.loads(written)) == Decisions(pages)


def test_what_was_said_of_another_page_does_not_count():
    decisions = Decisions().with_change("hash 1", cleared_as="recipe", covers=[Box(0, 0, 1, 1)], aside="why")

    assert decisions.cleared("hash 1", "recipe")
    assert not decisions.cleared("hash 2", "recipe")
    assert decisions.of("hash 2") == PageDecision((), "", "")


def test_a_page_cleared_under_one_recipe_is_not_cleared_under_another_and_its_covers_stand():
    box = Box(0, 0, 1, 1)
    decisions = Decisions().with_change("hash", cleared_as="before", covers=[box])

    assert not decisions.cleared("hash", "after")
    assert decisions.of("hash").covers == (box,)

    again = decisions.with_change("hash", cleared_as="after")

    assert again.cleared("hash", "after")
    assert not again.cleared("hash", "before")
    assert again.of("hash").covers == (box,)


def test_a_page_without_a_recipe_is_never_cleared():
    assert not Decisions().cleared("hash", "")
    assert not Decisions().with_change("hash", cleared_as="", aside="why").cleared("hash", "")
    assert not Decisions().with_change("hash", cleared_as="recipe").cleared("hash", "")


def test_covers_are_added_to_those_that_stand_and_each_stands_once():
    one, two = Box(0, 0, 0.1, 0.1), Box(0.5, 0.5, 0.1, 0.1)

    decisions = Decisions().with_change("hash", covers=[one]).with_change("hash", covers=[two, one])

    assert decisions.of("hash").covers == (one, two)


def test_what_is_not_changed_stays_as_it_was_said():
    decisions = Decisions().with_change("hash", cleared_as="recipe").with_change("hash", aside="a story about home")

    assert decisions.of("hash") == PageDecision((), "recipe", "a story about home")
    assert decisions.with_change("hash", aside="").of("hash") == PageDecision((), "recipe", "")


def test_a_change_leaves_the_decisions_before_it_and_other_pages_alone():
    before = Decisions().with_change("one", aside="why")

    after = before.with_change("two", cleared_as="recipe")

    assert set(before.pages) == {"one"}
    assert after.of("one") == before.of("one")
