"""Without a blank task an empty side is counted to find where a response ends, and is then a blank page."""

from __future__ import annotations

import pytest

from support.sightings import NOTHING, fates, group, sighting, workset

__all__ = ["workset"]


def side(number, *, empty=False):
    return sighting(number, None, ink=0.5 if empty else 900.0, written=0.0)


@pytest.mark.parametrize(
    ("each", "empty", "responses", "said"),
    [
        (2, {2, 4}, [(1,), (3,)], ["held", "blank", "held", "blank"]),
        (2, {2}, [(1,), (3, 4)], ["held", "blank", "held", "held"]),
        (1, {2}, [(1,), (3,), (4,)], ["held", "blank", "held", "held"]),
        (2, {3, 4}, [(1, 2)], ["held", "held", "blank", "blank"]),
    ],
)
def test_an_empty_side_is_blank_and_moves_no_other_page_to_another_student(workset, each, empty, responses, said):
    grouping = group(workset, [side(n, empty=n in empty) for n in range(1, 5)], None, each, NOTHING)

    assert [tuple(int(page[-4:]) for page in one.pages) for one in grouping.responses] == responses
    assert fates(grouping) == said
