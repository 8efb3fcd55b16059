from __future__ import annotations

import doctest
from collections import Counter
from functools import cache
from itertools import combinations

import pytest

from mssw.kit import session as module
from mssw.kit.session import FEWEST_PEOPLE, MOST_PEOPLE, Role, group_sizes, rotate_groups

PEOPLE = range(FEWEST_PEOPLE, MOST_PEOPLE + 1)

rotation_of = cache(rotate_groups)


def meetings(people) -> Counter:
    return Counter(
        frozenset(pair) for one in rotation_of(people) for group in one.groups for pair in combinations(group, 2)
    )


def test_examples_in_the_words():
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("people", PEOPLE)
def test_everybody_is_in_one_group_of_two_or_three_each_time(people):
    for one in rotation_of(people):
        assert sorted(person for group in one.groups for person in group) == list(range(1, people + 1))
        assert sorted(map(len, one.groups)) == sorted(group_sizes(people))


@pytest.mark.parametrize("people", range(16, MOST_PEOPLE + 1))
def test_in_large_groups_nobody_meets_the_same_colleague_twice(people):
    assert max(meetings(people).values()) == 1


@pytest.mark.parametrize("people", range(7, 16))
def test_in_middling_groups_nobody_meets_a_colleague_a_third_time(people):
    assert max(meetings(people).values()) <= 2


@pytest.mark.parametrize("people", [4, 7, 8, 9])
def test_in_small_groups_everybody_meets_everybody(people):
    assert len(meetings(people)) == people * (people - 1) / 2


@pytest.mark.parametrize("people", PEOPLE)
def test_roles_are_three_people_and_go_round(people):
    """Two share the three roles between them."""
    assert all(len(set(one.roles.values())) == min(people, 3) for one in rotation_of(people))
    for role in Role:
        assert len({one.roles[role] for one in rotation_of(people)}) == min(people, 5)


@pytest.mark.parametrize("people", [1, 25])
def test_other_numbers_are_no_session(people):
    with pytest.raises(ValueError, match=str(people)):
        rotate_groups(people)
