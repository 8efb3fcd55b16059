"""A filled copy given as the blank task is told by the ink that no other page of the class has."""

from __future__ import annotations

import numpy as np
import pytest

from mssw.vision.blank_page import (
    CELLS,
    TOO_MUCH,
    BlankPage,
    measure_missing_print,
    measure_own_share,
    measure_print_by_cell,
)
from support import printed

TASK = printed.printed_page(1)
COPIES = [printed.scan_of(printed.handwriting(TASK, seed), seed=seed)[0] for seed in range(2, 7)]


def own_share(given, copies=COPIES):
    blank = BlankPage(1, given)
    grids = [measure_missing_print(copy, blank, printed.DPI) for copy in copies]
    return measure_own_share(grids, measure_print_by_cell(blank, printed.DPI))


def test_a_blank_task_has_hardly_any_ink_of_its_own():
    assert own_share(TASK) < TOO_MUCH / 10


def test_a_filled_copy_has_too_much_ink_of_its_own():
    assert own_share(printed.handwriting(TASK, 99, lines=12, tone=30)) > TOO_MUCH


@pytest.mark.parametrize(("dash", "gap"), [(2, 4), (5, 5), (10, 8)], ids=["dots", "dashes", "long dashes"])
def test_dashed_lines_that_a_copier_dropped_are_nobodys_writing(dash, gap):
    given = TASK.copy()
    free = [row for row in range(100, TASK.shape[0] - 100, 40) if TASK[row - 9 : row + 9].min() > 200]
    for row in free:
        for left in range(150, TASK.shape[1] - 150, dash + gap):
            given[row : row + 2, left : left + dash] = 120
    assert len(free) > 5
    assert own_share(given) < TOO_MUCH / 10


@pytest.mark.parametrize("pages", [1, 2, 3])
def test_few_pages_tell_as_well(pages):
    assert own_share(TASK, COPIES[:pages]) < TOO_MUCH / 10
    assert own_share(printed.handwriting(TASK, 99, lines=12, tone=30), COPIES[:pages]) > TOO_MUCH


def test_what_one_page_lacks_is_told_cell_by_cell():
    blank = BlankPage(1, TASK)
    upper = TASK.copy()
    upper[printed.HEIGHT // 2 :] = 255

    grid = measure_missing_print(upper, blank, printed.DPI)
    weight = measure_print_by_cell(blank, printed.DPI)

    assert grid.shape == weight.shape == CELLS[::-1]
    assert weight.sum() == pytest.approx(1)
    printed_cells = weight > 0.0005
    half = CELLS[1] // 2
    assert np.all(grid[: half - 1][printed_cells[: half - 1]] < 0.1)
    assert np.all(grid[half + 1 :][printed_cells[half + 1 :]] > 0.9)
