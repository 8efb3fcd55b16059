"""Pair rows with columns, each at most once, so that all pairs together are worth the most.

Takes a table of what each row is worth with each column, returns the pairs, and what would be lost if one of them were
not allowed. Responses are paired with students in this way, and one teacher's piles with another's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf

Worth = Sequence[Sequence[float]]
Pair = tuple[int, int]  # row, column


def find_best_pairs(worth: Worth) -> tuple[Pair, ...]:
    """Pair rows with columns, each at most once, so that the sum of what the pairs are worth is the highest.

    Args:
        worth: of each row with each column, none below zero. Zero is worth no more than being left alone.

    Returns:
        Each pair that is worth anything, by row.
    """
    return tuple(_Pairing(worth).pairs())


def measure_best_pairs(worth: Worth) -> dict[Pair, float]:
    """Find the best pairs, and what each of them is worth to the whole.

    Args:
        worth: as for ``find_best_pairs``.

    Returns:
        For each pair that is worth anything, by row: by how much the highest sum would drop without that pair.
    """
    pairing = _Pairing(worth)
    return {pair: pairing.loss_without(pair) for pair in pairing.pairs()}


class _Pairing:
    """The Hungarian method (Kuhn 1955, Munkres 1957), exact, one search for each row; and each loss by one search more.

    Each row and each column has a potential. What a pair costs (its worth, negative) less both potentials is never
    below zero, and it is zero for a pair of the solution. So the cheapest change to the solution is a shortest path.

    A row can also be left alone: it then takes one last column, which costs nothing and which any number of rows can
    take. That column and all that no row has taken belong to nobody, an imaginary last row.
    """

    def __init__(self, worth: Worth) -> None:
        columns = len(worth[0]) if worth else 0
        self._nobody, self._alone = len(worth), columns
        self._cost = [{at: -value for at, value in enumerate(row) if value > 0} | {columns: 0.0} for row in worth]
        self._of_row = [0.0] * (len(worth) + 1)
        self._of_column = [0.0] * (columns + 1)
        self._row_of = [self._nobody] * (columns + 1)
        for row in range(len(worth)):
            self._add(row)
        self._cost.append(self._costs_of_nobody())

    def pairs(self) -> list[Pair]:
        """The pairs that are worth anything, by row."""
        return sorted((row, column) for column, row in enumerate(self._row_of) if row != self._nobody)

    def loss_without(self, pair: Pair) -> float:
        """By how much the sum drops when a pair of the solution is not allowed, and its row finds another way."""
        row, column = pair
        costs = self._cost[row] | {column: 0.0}  # worth nothing any more
        return self._search(row, costs, column).distance

    def _add(self, row: int) -> None:
        """Give a further row a column. Rows on the way to it move on to another one."""
        way = self._search(row, self._cost[row], None)
        self._of_row[row] += way.distance
        for passed, distance in way.passed.items():
            self._of_row[self._row_of[passed]] += way.distance - distance
            self._of_column[passed] -= way.distance - distance
        column = way.end
        while (previous := way.before[column]) is not None:
            if column != self._alone:
                self._row_of[column] = self._row_of[previous]
            column = previous
        if column != self._alone:
            self._row_of[column] = row

    def _costs_of_nobody(self) -> dict[int, float]:
        """What it costs to take back a column: zero for the imaginary row, negative for a row that has no partner."""
        costs = dict.fromkeys(range(self._alone), 0.0)
        for row in set(range(self._nobody)).difference(self._row_of):
            for column, cost in self._cost[row].items():
                costs[column] = min(costs.get(column, 0.0), cost)
        return costs

    def _search(self, row: int, costs: Mapping[int, float], goal: int | None) -> _Way:
        """Find the shortest way from a row that has no column to one column (Dijkstra 1959).

        Args:
            row: where the way begins.
            costs: of its columns.
            goal: the column where the way ends; None for the nearest that belongs to nobody.
        """
        passed: dict[int, float] = {}
        before: dict[int, int | None] = {}
        nearest: dict[int, float] = {}
        heap: list[tuple[float, int]] = []
        here, so_far, last = row, 0.0, None
        while True:
            so_far -= self._of_row[here]
            worst = inf if goal is None else nearest.get(goal, inf)  # what is no nearer than the goal is no way to it
            for column, cost in costs.items():
                distance = so_far + cost - self._of_column[column]
                if distance < worst and column not in passed and distance < nearest.get(column, inf):
                    nearest[column], before[column] = distance, last
                    heappush(heap, (distance, column))
            while heap[0][1] in passed:
                heappop(heap)
            so_far, last = heappop(heap)
            here = self._row_of[last]
            if goal is not None and so_far >= nearest[goal]:
                return _Way(nearest[goal], goal, before, passed)
            if goal is None and here == self._nobody:
                return _Way(so_far, last, before, passed)
            passed[last] = so_far
            costs = self._cost[here]


@dataclass(frozen=True, slots=True)
class _Way:
    """A shortest way through the table.

    Attributes:
        distance: its length.
        end: the column that it ends at.
        before: by column, the one before it on the way; None for the first.
        passed: by column, how far away each is that is nearer than the end.
    """

    distance: float
    end: int
    before: Mapping[int, int | None]
    passed: Mapping[int, float]
