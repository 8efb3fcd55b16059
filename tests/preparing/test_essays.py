"""Essays without a task: split at the pages that carry a name, and what a person decides about a boundary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssw.core.decision import Decisions, PageDecision
from mssw.core.essay_rules import PageHead
from mssw.names.student import Roster, Student
from mssw.review import acts
from mssw.review.reviewed_set import ReviewedSet, describe_page
from mssw.workset.decisions import changed_responses
from mssw.workset.prepared_state import prepared_state
from mssw.workset.sightings import Sighting, write_state
from support.sightings import fates, group, sighting, workset

assert workset  # a fixture
CLASS = Roster((Student("Maya", "Tran"), Student("Zoe", "Diaz"), Student("Will", "Okafor")), ())
HEAD = PageHead(named=False, number=None, is_headed=False, is_unread=False, goes_on=False, is_full=True)


def page(at, writer=None, **more):
    costs = tuple(0.1 if place == writer else 2.5 for place in range(3)) if writer is not None else ()
    head = replace(HEAD, named=writer is not None, **more)
    return sighting(at, None, name_costs=costs, head=head)


STACK = [page(1, 0), page(2, 0, number=2), page(3, is_headed=True), page(4), page(5, 1)]


def grouped(workset, decisions=None, stack=STACK):
    return group(workset, stack, None, None, decisions or Decisions(), roster=CLASS)


def pages_of(done):
    return [one.pages for one in done.responses]


def test_a_stack_is_split_where_a_page_carries_a_name(workset):
    done = grouped(workset)
    assert pages_of(done) == [("s01-p0001", "s01-p0002"), ("s01-p0003", "s01-p0004"), ("s01-p0005",)]
    assert fates(done) == ["held", "held", "held", "held", "kept"]
    assert [page.boundary for page in done.pages] == ["sure", "sure", "unsure", "sure", "sure"]
    assert "3 responses; 1 place is not sure" in done.notes[0]


def test_a_page_that_could_not_be_read_holds_its_response(workset):
    lost = Sighting(replace(sighting(2, None).page, sha256=""), "", fault="it could not be read")
    done = grouped(workset, stack=[STACK[0], lost, STACK[4]])
    assert fates(done) == ["held", "held", "kept"]


@pytest.mark.parametrize(("cut", "pages"), [("join", 4), ("split", 2)])
def test_what_a_person_decided_is_applied_and_survives(workset, cut, pages):
    decisions = Decisions({"hash 3": PageDecision(cut=cut)})
    done = grouped(workset, Decisions.from_json(decisions.to_json()))
    assert len(done.responses[0].pages) == pages
    assert fates(done)[:2] == ["kept", "kept"]
    assert done.pages[2].boundary == "sure"


def test_a_decision_is_kept_only_where_it_says_something():
    assert "cut" not in PageDecision().to_json()
    with pytest.raises(ValueError, match="joined with the one before"):
        PageDecision.from_json(PageDecision().to_json() | {"cut": "tear"})


def reviewed_set(workset):
    done = grouped(workset)
    works = [replace(one, alias=alias) for one, alias in zip(done.responses, ("Ada", "Bo", "Cy"), strict=True)]
    workset.private.mkdir(exist_ok=True)
    write_state(workset, done.pages, works, ())
    (workset.root / "set.toml").write_text('version = 1\ntitle = "Essays"\n')
    state = prepared_state(workset)
    return ReviewedSet(state, Decisions(), state.page_by_id, {one: work for work in state.works for one in work.pages})


def test_review_shows_both_pages_and_one_act_joins_splits_and_leaves_open(workset):
    reviewed = reviewed_set(workset)
    shown = describe_page(reviewed, "s01-p0003")["boundary"]
    assert shown == {"before": "s01-p0002", "starts": True, "sure": False, "cut": ""}
    assert describe_page(reviewed, "s01-p0001")["boundary"] is None
    joined = acts.cut_before(reviewed, "s01-p0003", "join")
    assert describe_page(joined, "s01-p0003")["boundary"]["cut"] == "join"
    assert changed_responses(joined.state, joined.decisions) == {"Ada", "Bo"}
    again = acts.cut_before(joined, "s01-p0003", "")
    assert changed_responses(again.state, again.decisions) == set()
