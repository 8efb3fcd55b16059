"""No number that is kept back can be computed from all tables of a run: bounds by linear programming."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import block_diag

from mssw.trends.suppression import CountTable, ShownTable, keep_back, merge_small_groups
from support.ten_classes import dice

SETS = 1000
THRESHOLDS = (3, 5, 10, 10)
AT_ONCE = 50  # sets in one linear program
AIMS = 10


def random_set(rng, threshold):
    """The tables of one run: they share their columns, so what one shows could give away a number of another."""
    columns = rng.randint(1, 5)
    first = random_table(rng, "thinking", rng.randint(2, 7), columns)
    totals = first.column_totals
    tables = [first, split(rng, "levels", totals, rng.randint(2, 4))]
    tables += [split(rng, f"gap {number}", totals, 2) for number in range(rng.randint(0, 3))]
    return tables if min(totals) >= threshold else random_set(rng, threshold)


def random_table(rng, title, rows, columns):
    counts = tuple(tuple(rng.choice([0, 1, 2, 4, 7, 9, 12, 20, 35]) for _ in range(columns)) for _ in range(rows))
    return table(title, counts)


def split(rng, title, totals, rows):
    """A table with those totals of columns."""
    columns = []
    for total in totals:
        cuts = sorted(rng.randint(0, total) for _ in range(rows - 1))
        columns.append([high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)])
    return table(title, tuple(zip(*columns, strict=True)))


def table(title, counts):
    rows, columns = len(counts), len(counts[0])
    return CountTable(title, tuple(f"row {i}" for i in range(rows)), tuple(f"g{j}" for j in range(columns)), counts)


def unsafe(shown, threshold, rng):
    """The numbers kept back that could not be found to lie as far apart as the threshold, over all those tables.

    All tables are one linear program. Each solution is a set of tables that shows the same; solved for many aims, the
    solutions show how far each number can lie apart. A number that is still too close is solved for by itself.
    """
    blocks, rights, cells = [], [], []
    for one in shown:
        unknown = [(i, j) for i, row in enumerate(one.counts) for j, count in enumerate(row) if count is None]
        unknown += [(i, -1) for i, total in enumerate(one.row_totals) if total is None]
        if unknown:
            lines, right = equations_of(one, {cell: number for number, cell in enumerate(unknown)})
            blocks.append(lines)
            rights.append(right)
            cells += [(one.title, cell) for cell in unknown]
    equations, right = block_diag(blocks, format="csr"), np.concatenate(rights)

    def solve(aim):
        done = linprog(aim, A_eq=equations, b_eq=right, bounds=(0, None), method="highs")
        assert done.status == 0, done.message
        return done.x

    random_aims = (np.array([rng.choice((-1, 1)) for _ in cells]) for _ in range(AIMS))
    solutions = np.array([solve(way * aim) for aim in random_aims for way in (1, -1)])
    apart = solutions.max(axis=0) - solutions.min(axis=0)
    for place in np.flatnonzero(apart < threshold - 1e-6):
        aim = np.zeros(len(cells))
        aim[place] = 1
        apart[place] = solve(-aim)[place] - solve(aim)[place]
    return len(cells), [cells[place] for place in np.flatnonzero(apart < threshold - 1e-6)]


def equations_of(one, place):
    """What the shown numbers say of the unknown ones: a line for each row and each column, and one for all."""
    lines, rights = [], []

    def add(cells, total):
        line = np.zeros(len(place))
        for cell, sign in cells:
            line[place[cell]] = sign
        lines.append(line)
        rights.append(total)

    for i, (row, total) in enumerate(zip(one.counts, one.row_totals, strict=True)):
        cells = [((i, j), 1) for j, count in enumerate(row) if count is None]
        cells += [((i, -1), -1)] if total is None else []
        add(cells, (total or 0) - sum(count or 0 for count in row))
    for j, total in enumerate(one.column_totals):
        column = [row[j] for row in one.counts]
        add([((i, j), 1) for i, count in enumerate(column) if count is None], total - sum(c or 0 for c in column))
    totals = [((i, -1), 1) for i, total in enumerate(one.row_totals) if total is None]
    add(totals, one.total - sum(total or 0 for total in one.row_totals))
    return np.array(lines), np.array(rights)


@pytest.mark.parametrize("sets", [80, pytest.param(SETS, marks=pytest.mark.pages)])
def test_no_number_that_is_kept_back_can_be_computed(sets):
    rng = dice(18)
    checked = 0
    for threshold in THRESHOLDS:
        runs = [random_set(rng, threshold) for _ in range(sets // len(THRESHOLDS))]
        for start in range(0, len(runs), AT_ONCE):
            shown = []
            for tables in runs[start : start + AT_ONCE]:
                own = [keep_back(one, threshold) for one in tables]
                check_shown(tables, own, threshold)
                shown += own
            count, found = unsafe(shown, threshold, rng)
            assert found == []
            checked += count
    assert checked > sets


def test_the_bounds_find_what_can_be_computed():
    """A lone number that is kept back, and two that can only be a little apart."""
    lone = ShownTable("lone", ("a", "b"), ("x", "y"), ((None, 20), (30, 25)), (23, 55), (33, 45))
    pair = ShownTable("pair", ("a", "b"), ("x", "y"), ((None, None), (None, None)), (3, 55), (33, 25))

    assert len(unsafe([lone], 10, dice(1))[1]) == 1
    assert len(unsafe([pair], 10, dice(1))[1]) == 4


def check_shown(tables, shown, threshold):
    """What is shown is true, all totals of columns are there, and no small number is shown."""
    for before, after in zip(tables, shown, strict=True):
        assert after.column_totals == before.column_totals
        for row, seen in zip((*before.counts, before.row_totals), (*after.counts, after.row_totals), strict=True):
            assert all(count in {None, true} for true, count in zip(row, seen, strict=True))
            assert not any(0 < (count or 0) < threshold for count in seen)


def test_a_withheld_table_gives_nothing_away_but_its_totals():
    shown = keep_back(table("small", ((1, 20), (30, 2))), 40)

    assert shown.is_withheld
    assert shown.column_totals == (31, 22)


def test_where_nothing_is_small_everything_is_shown():
    shown = keep_back(table("large", ((12, 20), (30, 0))), 10)

    assert shown.hidden == 0
    assert shown.row_totals == (32, 30)


def test_one_small_number_is_never_alone():
    shown = keep_back(table("one", ((3, 20, 40), (30, 25, 50), (60, 70, 80))), 10)

    assert shown.counts[0][0] is None
    assert shown.hidden >= 4


@pytest.mark.parametrize(
    ("sizes", "teachers", "columns"),
    [
        ([(30,), (40,), (50,)], [{1, 2}, {3, 4}, {5, 6}], ((0,), (1,), (2,))),
        ([(30,), (4,), (50,)], [{1, 2}, {3, 4}, {5, 6}], ((0, 1), (2,))),
        ([(30,), (40,), (50,)], [{1, 2}, {3}, {5, 6}], ((0, 1), (2,))),
        ([(30,), (40,), (50,)], [{1}, {1}, {2, 3}], ((0, 1, 2),)),
        ([(4,), (3,), (50,)], [{1, 2}, {3, 4}, {5, 6}], ((0, 1, 2),)),
        ([(30, 5), (40, 30), (50, 40)], [{1, 2}, {3, 4}, {5, 6}], ((0, 1), (2,))),
        ([(5,), (4,)], [{1}, {2}], ((0, 1),)),
    ],
)
def test_small_groups_and_those_of_one_teacher_are_merged(sizes, teachers, columns):
    names = [f"g{number}" for number in range(len(sizes))]

    assert merge_small_groups(names, sizes, teachers, 10) == columns
