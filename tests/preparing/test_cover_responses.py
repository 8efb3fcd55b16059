"""A page that leaves the set says once which response it belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from mssw.core.page import Box, Mark, MarkKind, Tone
from mssw.preparing.blank_task import BlankTask
from mssw.preparing.cover_responses import CoverJob, PageToCover, _covered_rules, _edge_label
from mssw.preparing.inputs import Inputs
from mssw.workset.folder import WorkSet
from mssw.workset.settings import Settings
from support.sightings import sighting

FIELD = Box(0.1, 0.05, 0.4, 0.05)


def job_of(*signed: bool) -> CoverJob:
    """A response with that many pages, some with a name field."""
    pages = [
        PageToCover(Path("page.jpg"), (612.0, 792.0), Tone.GREY, (), FIELD if has_field else None)
        for has_field in signed
    ]
    return CoverJob("Andrea", pages, Path("Andrea.pdf"), Path("receipt.json"), (), "recipe")


@pytest.mark.parametrize(
    ("signed", "labels"),
    [
        ((True,), [""]),
        ((False,), ["Andrea"]),
        ((True, False), ["", "Andrea · 2/2"]),
        ((False, True), ["Andrea · 1/2", "2/2"]),
        ((True, True, True), ["", "2/3", "3/3"]),
    ],
)
def test_alias_and_number_stand_at_the_edge_where_the_field_does_not_say_them(signed, labels):
    job = job_of(*signed)

    assert [_edge_label(job, number) for number in range(1, len(signed) + 1)] == labels


LINE = Box(0.12, 0.085, 0.6, 0.002)


def lines_on(*covers: Mark, rules: tuple[Box, ...] = (LINE,)) -> list[Box]:
    """The lines to draw again on page 1 of a task that prints those, where that is covered."""
    task = BlankTask(None, ((612.0, 792.0),), (), (), "known", rules=tuple((1, rule) for rule in rules))
    return _covered_rules(Inputs(WorkSet(Path("set")), Settings(), task=task), sighting(1, covers=covers))


def cover_of(kind: MarkKind, *numbers: float) -> Mark:
    return Mark(Box(*numbers), kind, "text", 0.9)


NAME = cover_of(MarkKind.FIELD, 0.1, 0.05, 0.4, 0.05)


def test_the_line_for_the_name_is_drawn_again_as_far_as_it_is_covered():
    [line] = lines_on(NAME)

    assert line == Box(0.12, 0.085, pytest.approx(0.38), pytest.approx(0.002))


def test_of_several_lines_in_a_field_only_the_lowest_is_drawn():
    rows = tuple(Box(0.12, y, 0.6, 0.002) for y in (0.06, 0.072, 0.085))

    assert [line.y for line in lines_on(NAME, rules=rows)] == [0.085]


@pytest.mark.parametrize(
    "covers",
    [
        (cover_of(MarkKind.FIELD, 0.1, 0.05, 0.85, 0.05), cover_of(MarkKind.RUNOVER, 0.5, 0.05, 0.3, 0.05)),
        (NAME, cover_of(MarkKind.RUNOVER, 0.35, 0.06, 0.3, 0.05)),
        (NAME, cover_of(MarkKind.TEXT, 0.1, 0.06, 0.2, 0.05), cover_of(MarkKind.TEXT, 0.4, 0.06, 0.2, 0.05)),
        (cover_of(MarkKind.TEXT, 0.1, 0.05, 0.4, 0.05),),
        (),
    ],
)
def test_no_line_is_drawn_where_a_name_ran_out_of_its_field_or_none_is_covered(covers):
    assert lines_on(*covers) == []
