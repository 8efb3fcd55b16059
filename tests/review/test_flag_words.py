"""What a flagged place says: the word that was read there and the name that it may be, and what becomes of a flag."""

from __future__ import annotations

import json
import shutil

import pytest

from mssw.core.page import Box
from mssw.errors import UsageError
from mssw.review import acts
from mssw.review.apply_decisions import list_responses
from mssw.review.reviewed_set import count_looked_at, open_flags, read_flag_words, read_reviewed_set
from mssw.workset.decisions import keep_decisions
from mssw.workset.folder import WorkSet
from support.commands import copied
from support.flagged_class import flag_word

pytestmark = pytest.mark.pages


@pytest.fixture
def folder(small_class, tmp_path):
    return copied(small_class, tmp_path / "set")


def words(folder):
    workset = WorkSet.open(folder)
    return read_flag_words(workset, read_reviewed_set(workset))


@pytest.mark.parametrize("word", ["takes", "space", "because"])
def test_a_flag_says_what_was_read_and_the_name_that_it_may_be(folder, word):
    places = flag_word(folder, word)

    found = words(folder)

    assert set(found) == set(places)
    said = [one for of_page in found.values() for one in of_page]
    assert {one.name for one in said} == {word.capitalize()}
    assert all(word[1:-1] in one.read.lower() for one in said)
    assert {one.of for one in said} == {("a word on your list",)}
    assert word not in repr(said)


def test_a_flag_whose_reading_is_gone_is_still_shown(folder):
    places = flag_word(folder, "takes")
    shutil.rmtree(folder / "private" / "reading")

    found = words(folder)

    assert {page: [one.box for one in of_page] for page, of_page in found.items()} == places
    assert {(one.read, one.name) for of_page in found.values() for one in of_page} == {("", "")}


def test_what_names_nobody_stays_readable_and_is_asked_no_more(folder):
    places = flag_word(folder, "takes")
    workset = WorkSet.open(folder)
    before = read_reviewed_set(workset)
    page_id, [box, *_] = next(iter(places.items()))

    after = acts.dismiss_flags(before, page_id, [Box(*box)])
    keep_decisions(workset, after.decisions)

    again = read_reviewed_set(workset)
    assert Box(*box) not in {flag.place for flag in open_flags(again, page_id)}
    assert Box(*box) not in acts.cover_flagged(again, page_id).drawn(page_id)
    assert not count_looked_at(again).waiting
    listed = [tuple(flag["box"]) for row in list_responses(workset) for flag in row["flagged"]]
    assert box not in listed
    with pytest.raises(UsageError, match="not flagged"):
        acts.dismiss_flags(again, page_id, [Box(*box)])


def test_a_page_that_is_covered_in_another_way_is_asked_about_again(folder):
    places = flag_word(folder, "takes")
    workset = WorkSet.open(folder)
    page_id, boxes = next(iter(places.items()))
    keep_decisions(
        workset, acts.dismiss_flags(read_reviewed_set(workset), page_id, [Box(*box) for box in boxes]).decisions
    )
    state = json.loads(workset.state.read_text(encoding="utf-8"))
    next(page for page in state["pages"] if page["id"] == page_id)["base"] = "another"
    workset.state.write_text(json.dumps(state), encoding="utf-8")

    assert [flag.box for flag in open_flags(read_reviewed_set(workset), page_id)] == boxes
