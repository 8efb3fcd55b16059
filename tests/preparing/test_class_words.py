"""What the words of the whole class say of a flag on one page."""

from __future__ import annotations

import numpy as np
import pytest

from mssw.names.student import Roster, Student
from mssw.preparing.class_words import settle_flags
from mssw.preparing.kept_readings import _pack
from mssw.preparing.name_reading import SearchTerms
from support.read_pages import read_and_find, text_under
from support.sightings import sighting

CLASS = Roster(tuple(Student(*name.split()) for name in ("Dawn Summers", "Will Banks", "Maria Lopez")))


def settled(folder, pages: list[tuple[str, ...]]) -> tuple[list[str], list[str]]:
    """What is covered and what is flagged on the last page of a class."""
    seen = {}
    for number, texts in enumerate(pages, 1):
        read, ink, found = read_and_find(CLASS, *texts)
        kept = _pack(read.lines, read.readings, np.zeros(ink.shape, bool), too_many=False)
        (folder / f"page{number}.npz").write_bytes(kept)
        seen[str(number)] = sighting(number, read=f"page{number}", covers=found.covers, flags=found.flags)
    last = settle_flags(folder, seen, SearchTerms.of(CLASS, (), ()), "")[str(len(pages))]
    return tuple([text_under(mark.box, pages[-1]) for mark in marks] for marks in (last.covers, last.flags))


SURE = ("I asked Dawn to help",)


def test_a_word_that_surely_names_somebody_on_other_pages_is_covered(tmp_path):
    assert settled(tmp_path, [SURE, SURE, ("Dawn is here",)]) == (["Dawn"], [])


@pytest.mark.parametrize(
    "others",
    [
        [],
        [SURE],  # one page is few
        [SURE, SURE, ("at dawn it is cold", "the dawn is red")],  # as often a word
    ],
)
def test_it_stays_flagged_where_the_class_does_not_say_so(others, tmp_path):
    covered, flagged = settled(tmp_path, [*others, ("Dawn is here",)])
    assert (covered, flagged) == ([], ["Dawn"])


def test_what_is_used_as_a_word_and_modals_are_never_covered_for_the_class(tmp_path):
    assert settled(tmp_path, [SURE, SURE, ("Dawn the light is red",)])[0] == []
    asked = ("I asked Will to help",)
    assert settled(tmp_path, [asked, asked, ("Will soon be here",)])[0] == []


@pytest.mark.parametrize(("text", "flagged"), [("Dawn hopes so too", ["Dawn"]), ("Dawn light is red", [])])
def test_a_word_of_the_class_stays_flagged_where_it_may_do_something(text, flagged, tmp_path):
    small = ("at dawn it is cold",)
    assert settled(tmp_path, [small, small, small, (text,)]) == ([], flagged)
