"""A name in a sentence that only the second look could read is covered, once, and stays so in later runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssw.core.page import Box, Mark, MarkKind
from mssw.core.response import Response
from mssw.preparing.inputs import Inputs
from mssw.preparing.second_look import FOUND_BY, KEPT, cover_read_again, keep_read_again
from mssw.workset.folder import WorkSet
from mssw.workset.settings import Settings
from support.sightings import sighting

FIELD = Mark(Box(0.1, 0.05, 0.4, 0.05), MarkKind.FIELD, "text", 0.95)
NAME, OTHER = Box(0.3, 0.5, 0.1, 0.03), Box(0.2, 0.7, 0.1, 0.03)


@pytest.fixture
def inputs(tmp_path):
    (tmp_path / "private").mkdir()
    return Inputs(WorkSet(tmp_path), Settings())


def pages(count=2):
    """Pages of one response each, with a name field."""
    seen = [sighting(number, covers=(FIELD,)) for number in range(1, count + 1)]
    return {page.page.id: page for page in seen}


def responses(seen):
    return [Response((page_id,), alias=f"Alias{n}") for n, page_id in enumerate(seen)]


def refused(alias, *names):
    return {alias: tuple((1, box) for box in names)}


def covers_of(page):
    return [mark.box for mark in page.covers if mark.found_by == FOUND_BY]


def test_it_is_covered_on_its_page_alone_and_in_every_later_run(inputs):
    seen = pages()
    first, second = seen

    assert keep_read_again(inputs, seen, responses(seen), refused("Alias0", NAME, OTHER))

    again = [cover_read_again(inputs, seen) for _ in range(2)]
    assert covers_of(again[0][first]) == [NAME, OTHER]
    assert again[0][second] == seen[second]
    assert again[0][first].way == again[1][first].way != seen[first].way


def test_what_is_found_after_that_puts_the_response_on_hold(inputs):
    seen = pages()
    keep_read_again(inputs, seen, responses(seen), refused("Alias0", NAME))

    assert not keep_read_again(inputs, seen, responses(seen), refused("Alias0", OTHER))
    assert covers_of(cover_read_again(inputs, seen)[next(iter(seen))]) == [NAME]
    assert keep_read_again(inputs, seen, responses(seen), refused("Alias1", OTHER))


@pytest.mark.parametrize(
    "name",
    [Box(0.3, 0.06, 0.1, 0.03), Box(0.45, 0.105, 0.1, 0.03), Box(0.505, 0.07, 0.1, 0.03)],
    ids=["in the field", "under it", "behind it"],
)
def test_a_name_beside_the_place_for_the_name_may_be_the_students_and_is_for_a_person(inputs, name):
    seen = pages()

    assert not keep_read_again(inputs, seen, responses(seen), refused("Alias0", NAME, name))
    assert not (inputs.workset.private / KEPT).exists()


def test_a_page_that_was_looked_at_anew_is_covered_by_what_is_found_then(inputs):
    seen = pages()
    keep_read_again(inputs, seen, responses(seen), refused("Alias0", NAME))

    changed = {page_id: replace(page, recipe="another") for page_id, page in seen.items()}

    assert not any(covers_of(page) for page in cover_read_again(inputs, changed).values())
    assert keep_read_again(inputs, changed, responses(changed), refused("Alias0", OTHER))


def test_a_damaged_file_is_as_good_as_none(inputs):
    seen = pages()
    (inputs.workset.private / KEPT).write_text("{", encoding="utf-8")

    assert cover_read_again(inputs, seen) == seen
    assert keep_read_again(inputs, seen, responses(seen), refused("Alias0", NAME))
