"""The print that filled-in copies have in common holds nothing of what is written on them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.vision.common_print import Lying, combine_scans

SHAPE = (500, 1100)
DPI = 150
TITLE, ROW = slice(40, 100), slice(190, 262)
RULES = (265, 345, 425)


def printed():
    page = np.full(SHAPE, 255, np.uint8)
    cv2.putText(page, "Which things float? Why?", (60, 90), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 0, 2)
    for y in RULES:
        cv2.line(page, (60, y), (1040, y), 0, 2)
    return page


def fill_in(page, rng, lines):
    """Write on a copy, thick, at the same height as on all others."""
    letters = "abcdehkmnoprstuvwxz"
    written = page.copy()
    for y in lines:
        text = "".join(rng.choice(list(letters), 40))
        cv2.putText(written, text, (62 + int(rng.integers(0, 9)), y), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.2, 40, 4)
    return written


@pytest.mark.parametrize("copies", [8, 12, 16])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_every_copy_is_written_on_hardly_anything_is_print(copies, seed):
    rng = np.random.default_rng(seed)
    page = printed()
    scans = {n: fill_in(page, rng, [RULES[0] - 12]) for n in range(copies)}
    common = combine_scans(scans, [Lying(n, np.eye(3), 1.0) for n in scans], SHAPE, DPI)

    assert (common[ROW] < 200).mean() < 0.01  # 0.06 and more without the comparison
    assert (common[TITLE] < 100).sum() > 0.8 * (page[TITLE] < 100).sum()
    assert all((common[y - 1 : y + 2, 70:1030].min(axis=0) < 100).mean() > 0.95 for y in RULES)


def test_print_stays_where_some_have_written_over_it():
    rng = np.random.default_rng(4)
    page = printed()
    scans = {n: fill_in(page, rng, [88] if n < 3 else []) for n in range(8)}
    common = combine_scans(scans, [Lying(n, np.eye(3), 1.0) for n in scans], SHAPE, DPI)

    assert (common[TITLE] < 100).sum() > 0.8 * (page[TITLE] < 100).sum()
