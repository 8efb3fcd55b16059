"""Whom to pair with whom, so that all pairs together are worth the most."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf


def best_pairs(worth: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    """Pair rows with columns, each at most once, so that the sum of what the pairs are worth is the highest.

    The Hungarian method with potentials (Kuhn 1955, Munkres 1957), exact, in O(rows² × columns).

    Args:
        worth: of each row with each column, none below zero.

    Returns:
        (row, column) of each pair that is worth anything, by row.
    """
    if not worth or not worth[0]:
        return ()
    if len(worth) > len(worth[0]):
        turned = best_pairs([list(column) for column in zip(*worth, strict=True)])
        return tuple(sorted((row, column) for column, row in turned))
    row_of = _matched([[-value for value in row] for row in worth])
    pairs = ((row - 1, column) for column, row in enumerate(row_of) if row)
    return tuple(sorted(pair for pair in pairs if worth[pair[0]][pair[1]] > 0))


def _matched(cost: Sequence[Sequence[int]]) -> list[int]:
    """For each column its row counted from 1, or 0 where it has none; no fewer columns than rows."""
    rows, columns = len(cost), len(cost[0])
    of_row = [0.0] * (rows + 1)
    of_column = [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)  # place 0 stands for the row that is being matched
    for row in range(1, rows + 1):
        row_of[0] = row
        before = _shortest_path(cost, of_row, of_column, row_of)
        column = before[0]
        while column:  # the path is walked back, and each column on it takes the row before
            row_of[column] = row_of[before[column]]
            column = before[column]
    return row_of[1:]


def _shortest_path(
    cost: Sequence[Sequence[int]], of_row: list[float], of_column: list[float], row_of: Sequence[int]
) -> list[int]:
    """The cheapest way from the new row to a free column; potentials are moved as it grows.

    Returns:
        For each column the one before it on the way; at place 0 the free column that was reached.
    """
    columns = len(of_column)
    slack = [inf] * columns
    before = [0] * columns
    done = [False] * columns
    column = 0
    while row_of[column]:
        done[column] = True
        row = row_of[column]
        for other in range(1, columns):
            reduced = cost[row - 1][other - 1] - of_row[row] - of_column[other]
            if not done[other] and reduced < slack[other]:
                slack[other], before[other] = reduced, column
        nearest = min((place for place in range(1, columns) if not done[place]), key=slack.__getitem__)
        step = slack[nearest]
        for other in range(columns):
            if done[other]:
                of_row[row_of[other]] += step
                of_column[other] -= step
            else:
                slack[other] -= step
        column = nearest
    before[0] = column
    return before
