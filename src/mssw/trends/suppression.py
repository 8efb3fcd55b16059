"""Keep small numbers back, so that nobody can compute them from what is shown.

In: tables of counts, a row for each finding and a column for each group. The totals of the columns and the sum of
all are always shown. Out: the same tables with some counts kept back.

A count under the threshold is kept back, and with it as many others as are needed: every number that is kept back is
the corner of a rectangle of such numbers. Around a rectangle, one count can rise while its neighbors fall and all
totals stay as they are. So each could be any of at least ``threshold`` + 1 values, whatever the other tables say. Pure
rules: the tests compute the bounds by linear programming.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

_Cell = tuple[int, int]
_TOTAL_COSTS = 3  # a row's total says more than one of its counts, so it is kept back later


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts of responses that add up: each response is in one row and one column.

    Attributes:
        title: what is counted.
        rows: the heading of each row.
        columns: the heading of each column.
        counts: by row, then by column.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def row_totals(self) -> tuple[int, ...]:
        """The sum of each row."""
        return tuple(map(sum, self.counts))

    @property
    def column_totals(self) -> tuple[int, ...]:
        """The sum of each column."""
        return tuple(map(sum, zip(*self.counts, strict=True))) if self.counts else (0,) * len(self.columns)


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as it may be shown.

    Attributes:
        title: what is counted.
        rows: the heading of each row.
        columns: the heading of each column.
        counts: by row, then by column; None for what is kept back.
        row_totals: None for what is kept back.
        column_totals: all of them.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int, ...]

    @property
    def total(self) -> int:
        """The sum of all."""
        return sum(self.column_totals)

    @property
    def hidden(self) -> int:
        """How many counts and totals are kept back."""
        return sum(count is None for row in (*self.counts, self.row_totals) for count in row)

    @property
    def is_withheld(self) -> bool:
        """Whether nothing but the totals of the columns is left to show."""
        return all(count is None for row in (*self.counts, self.row_totals) for count in row)


def keep_back(table: CountTable, threshold: int) -> ShownTable:
    """Keep back what is under the threshold, and what would give it away.

    The totals of the columns must not be under the threshold: merge such groups first.

    Args:
        table: the counts.
        threshold: counts from 1 up to one less are kept back; 0 is shown, since it is nobody.
    """
    values = [[*row, total] for row, total in zip(table.counts, table.row_totals, strict=True)]
    hidden = {(i, j) for i, row in enumerate(values) for j, count in enumerate(row) if 0 < count < threshold}
    waiting = sorted(hidden, key=lambda cell: (values[cell[0]][cell[1]], cell))
    while waiting:
        cell = waiting.pop(0)
        corners = _cheapest_rectangle(values, hidden, cell, threshold)
        if corners is None:
            hidden = set(product(range(len(values)), range(len(table.columns) + 1)))
            break
        new = set(corners) - hidden
        hidden |= new
        waiting += sorted(new)
    return ShownTable(
        table.title,
        table.rows,
        table.columns,
        tuple(
            tuple(None if (i, j) in hidden else count for j, count in enumerate(row))
            for i, row in enumerate(table.counts)
        ),
        tuple(None if (i, len(table.columns)) in hidden else total for i, total in enumerate(table.row_totals)),
        table.column_totals,
    )


def _cheapest_rectangle(
    values: Sequence[Sequence[int]], hidden: set[_Cell], cell: _Cell, threshold: int
) -> tuple[_Cell, ...] | None:
    """The corners of the rectangle around a cell that keeps back least beyond what is hidden; None if none is wide."""
    last = len(values[0]) - 1

    def cost(corners: tuple[_Cell, ...]) -> tuple[int, tuple[_Cell, ...]]:
        new = [one for one in corners if one not in hidden]
        return sum((values[i][j] + 1) * (_TOTAL_COSTS if j == last else 1) for i, j in new), corners

    return min((one for one in _rectangles(values, cell) if _width(values, one) >= threshold), key=cost, default=None)


def _rectangles(values: Sequence[Sequence[int]], cell: _Cell) -> Iterator[tuple[_Cell, ...]]:
    """Every rectangle with that cell as its first corner; each next corner is beside the one before."""
    i, j = cell
    for other_i, other_j in product(range(len(values)), range(len(values[0]))):
        if other_i != i and other_j != j:
            yield (i, j), (i, other_j), (other_i, other_j), (other_i, j)


def _width(values: Sequence[Sequence[int]], corners: tuple[_Cell, ...]) -> int:
    """How far the first corner can rise and fall around the rectangle while all totals stay and no count is negative.

    Around the rectangle, counts rise and fall by turns. The total of a row moves with the row's count instead.
    """
    counts = [values[i][j] for i, j in corners]
    has_totals = len(values[0]) - 1 in {j for _, j in corners}
    rising = (0, 1) if has_totals else (0, 2)
    falling = [count for place, count in enumerate(counts) if place not in rising]
    return min(falling) + min(counts[place] for place in rising)


def merge_small_groups(
    groups: Sequence[str], sizes: Sequence[Sequence[int]], teachers: Sequence[Collection[int]], threshold: int
) -> tuple[tuple[int, ...], ...]:
    """Which groups are shown as one, so that none is too small and none is of a single teacher.

    Args:
        groups: their names, in the order in which they are shown.
        sizes: for each group how many responses it has, one number for each kind of table.
        teachers: for each group which teachers' classes are in it, as numbers.
        threshold: the fewest responses of a group that is shown, in every kind of table.

    Returns:
        The places of the groups in each column. One column where all have to be merged.
    """
    columns: list[tuple[int, ...]] = [(place,) for place in range(len(groups))]

    def is_small(column: tuple[int, ...]) -> bool:
        kinds = zip(*(sizes[place] for place in column), strict=True)
        many = len({teacher for place in column for teacher in teachers[place]})
        return many < 2 or any(sum(kind) < threshold for kind in kinds)  # noqa: PLR2004

    while len(columns) > 1:
        small = [column for column in columns if is_small(column)]
        if not small:
            break
        # A small group goes to another small one where there is one, else to the smallest of all.
        first = min(small, key=lambda column: sum(sizes[place][0] for place in column))
        others = [column for column in columns if column != first]
        near = min(others, key=lambda column: (not is_small(column), sum(sizes[place][0] for place in column)))
        columns = [column for column in columns if column not in {first, near}] + [tuple(sorted((*first, *near)))]
    return tuple(sorted(columns))
