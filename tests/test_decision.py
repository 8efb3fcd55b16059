"""A person's decisions are kept with the page that was looked at, and come back as they were."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from mssw.model.decision import Decisions, PageDecision
from mssw.model.page import Box

FRACTIONS = st.floats(0, 1, allow_nan=False)
BOXES = st.builds(Box, FRACTIONS, FRACTIONS, FRACTIONS, FRACTIONS)
SAID = st.builds(PageDecision, st.text("0123456789abcdef"), st.lists(BOXES).map(tuple), st.booleans(), st.text())


@settings(max_examples=25)
@given(st.dictionaries(st.from_regex(r"s\d\d-p\d{4}", fullmatch=True), SAID))
def test_decisions_come_back_from_json_as_they_were(pages):
    written = json.dumps(Decisions(pages).to_json())

    assert Decisions.from_json(json.loads(written)) == Decisions(pages)


def test_what_was_said_of_another_scan_of_the_page_does_not_count():
    decisions = Decisions().with_change("p1", "hash-before", cleared=True, covers=[Box(0, 0, 1, 1)])

    assert decisions.cleared("p1", "hash-before")
    assert not decisions.cleared("p1", "hash-after")
    assert decisions.of("p1", "hash-after") is None
    assert decisions.of("p2", "hash-before") is None


def test_a_change_to_a_page_scanned_anew_starts_from_nothing():
    decisions = Decisions().with_change("p1", "before", cleared=True).with_change("p1", "after", aside="why")

    assert decisions.of("p1", "after") == PageDecision("after", (), cleared=False, aside="why")


def test_covers_are_added_to_those_that_stand_and_each_stands_once():
    one, two = Box(0, 0, 0.1, 0.1), Box(0.5, 0.5, 0.1, 0.1)

    decisions = Decisions().with_change("p", "h", covers=[one]).with_change("p", "h", covers=[two, one])

    assert decisions.of("p", "h").covers == (one, two)


def test_what_is_not_changed_stays_as_it_was_said():
    decisions = Decisions().with_change("p", "h", cleared=True).with_change("p", "h", aside="a story about home")

    assert decisions.of("p", "h") == PageDecision("h", (), cleared=True, aside="a story about home")
    assert decisions.with_change("p", "h", aside="").of("p", "h").aside == ""


def test_a_change_leaves_the_decisions_before_it_alone():
    before = Decisions()

    before.with_change("p", "h", cleared=True)

    assert before.pages == {}
