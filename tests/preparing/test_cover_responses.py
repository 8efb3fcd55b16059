"""A page that leaves the set says once which response it belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from mssw.core.page import Box, Tone
from mssw.preparing.cover_responses import CoverJob, PageToCover, _edge_label

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
