"""A recipe decides whether a page is looked at again and an approval still counts: values alone may change it."""

from __future__ import annotations

from dataclasses import make_dataclass

import pytest

from mssw.core.page import Box
from mssw.workset.sightings import recipe_of


def test_a_class_that_is_renamed_changes_no_recipe():
    now, later = (make_dataclass(name, ["page", "box"]) for name in ("Mark", "CoveredPlace"))

    assert recipe_of([now(1, Box(0, 0, 1, 1))]) == recipe_of([later(1, Box(0, 0, 1, 1))])
    assert recipe_of([now(1, Box(0, 0, 1, 1))]) != recipe_of([now(1, Box(0, 0, 1, 0.5))])


@pytest.mark.parametrize(
    ("one", "other"), [({"a", "b"}, {"b", "a"}), ({"x": 1, "y": 2}, {"y": 2, "x": 1}), ((1, "2"), [1, "2"])]
)
def test_the_order_in_which_values_were_collected_changes_no_recipe(one, other):
    assert recipe_of(one) == recipe_of(other)


def test_one_value_that_differs_changes_it():
    assert len({recipe_of(1), recipe_of("1"), recipe_of(1, ()), recipe_of([1]), recipe_of(None)}) == 5
