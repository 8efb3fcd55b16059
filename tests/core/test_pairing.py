"""Rows are paired with columns so that all together are worth the most; what each pair is worth is measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.core.pairing import find_best_pairs, measure_best_pairs

tables = st.integers(1, 4).flatmap(
    lambda wide: st.lists(st.lists(st.integers(0, 9), min_size=wide, max_size=wide), min_size=1, max_size=5)
)


def highest_sum(worth, taken=()):
    """What the best pairs are worth together, by trying all of them: the first row with each column, or alone."""
    if not worth:
        return 0
    first, *rest = worth
    paired = [
        first[column] + highest_sum(rest, (*taken, column)) for column in range(len(first)) if column not in taken
    ]
    return max([highest_sum(rest, taken), *paired])


@given(tables)
def test_pairs_are_worth_as_much_as_any_can_be(worth):
    pairs = find_best_pairs(worth)

    assert sum(worth[row][column] for row, column in pairs) == highest_sum(worth)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)


@given(tables)
def test_a_pair_is_worth_what_is_lost_when_it_is_not_allowed(worth):
    best = highest_sum(worth)
    measured = measure_best_pairs(worth)

    assert tuple(measured) == find_best_pairs(worth)
    for (row, column), loss in measured.items():
        without = [list(values) for values in worth]
        without[row][column] = 0
        assert loss == best - highest_sum(without)


@given(st.randoms(use_true_random=False), st.integers(1, 12), st.integers(1, 12))
def test_in_a_larger_class_too_a_pair_is_worth_what_is_lost_without_it(rng, tall, wide):
    """Larger than all ways can be tried: the table without the pair is solved anew."""
    worth = [[max(0.0, rng.uniform(-1, 1.6)) for _ in range(wide)] for _ in range(tall)]
    best = sum_of(worth)

    for (row, column), loss in measure_best_pairs(worth).items():
        without = [list(values) for values in worth]
        without[row][column] = 0.0
        assert loss == pytest.approx(best - sum_of(without), abs=1e-9)


def sum_of(worth):
    return sum(worth[row][column] for row, column in find_best_pairs(worth))


@pytest.mark.parametrize("worth", [[], [[]], [[], []], [[0, 0]], [[0], [0]]])
def test_where_nothing_is_worth_anything_nothing_is_paired(worth):
    assert find_best_pairs(worth) == ()
    assert measure_best_pairs(worth) == {}
