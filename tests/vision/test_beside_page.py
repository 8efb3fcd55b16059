"""What lies beside the task's page on a scan is noticed: a second page, or writing that would be cut off."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.vision.registration import SOMETHING_MM2, WHOLE_SCAN, ink_outside, share_of_scan, without_page

DPI = 150
PAGE = (1650, 1275)  # US Letter


def scan_of(shape: tuple[int, int], *, left: int = 0, top: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Paper of that size, and where the page lies on it."""
    return np.full(shape, 245, np.uint8), np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64)


def write(scan: np.ndarray, x: int, y: int, words: str = "it takes up space") -> None:
    cv2.putText(scan, words, (x, y), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.2, 60, 2)


def beside(scan: np.ndarray, matrix: np.ndarray) -> float:
    return ink_outside(scan, [(matrix, PAGE)], DPI, np.zeros(scan.shape, bool))


def test_a_page_that_fills_its_scan_has_nothing_beside_it():
    scan, matrix = scan_of(PAGE)
    write(scan, 200, 400)

    assert share_of_scan(matrix, PAGE, scan.shape) >= WHOLE_SCAN
    assert beside(scan, matrix) == 0


@pytest.mark.parametrize(("left", "x"), [(0, 1500), (1275, 150)])
def test_writing_on_the_other_half_of_a_wide_scan_is_noticed(left, x):
    scan, matrix = scan_of((1650, 2550), left=left)
    for y in range(300, 900, 120):
        write(scan, x, y)

    assert share_of_scan(matrix, PAGE, scan.shape) < WHOLE_SCAN
    assert beside(scan, matrix) > SOMETHING_MM2


def test_writing_below_the_foot_of_a_shorter_page_is_noticed():
    scan, matrix = scan_of((2100, 1275))
    write(scan, 200, 1850)
    write(scan, 200, 1950)

    assert beside(scan, matrix) > SOMETHING_MM2


def test_the_edge_of_a_sheet_and_the_rim_of_the_glass_are_no_writing():
    scan, matrix = scan_of((1754, 1400))
    scan[:, 1285:1288] = 120  # where the sheet ends
    scan[1658:1661] = 120
    scan[-12:] = 30

    assert beside(scan, matrix) < SOMETHING_MM2


def test_the_scan_without_the_page_keeps_what_lies_beside_it():
    scan, matrix = scan_of((1650, 2550))
    write(scan, 200, 400)
    write(scan, 1500, 400)

    rest = without_page(scan, matrix, PAGE)

    assert (rest[:, :1270] == 255).all()
    assert (rest[:, 1290:] == scan[:, 1290:]).all()
