"""Every page of the task on a scan is found, however the pages lie on it, in the order in which people read them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.vision.blank_page import BlankPage
from mssw.vision.registration import SOMETHING_MM2, find_pages_beside, ink_beside_pages, register_scan
from support.printed import DPI, HEIGHT, WIDTH, handwriting, printed_page

pytestmark = pytest.mark.pages
SHEETS = [printed_page(3, lines=14), printed_page(4, lines=14)]
BLANKS = [BlankPage(number, sheet) for number, sheet in enumerate(SHEETS, 1)]


def filled(number: int, seed: int, *, size: float = 1.0, turn: int = 0) -> np.ndarray:
    page = handwriting(SHEETS[number - 1], seed, lines=4, area=(150, 1100, 1100, 1450))
    if size != 1.0:
        page = cv2.resize(page, None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(np.rot90(page, -turn // 90))


def glass(height: int, width: int, *pages: tuple[np.ndarray, int, int], skew: float = 0.0) -> np.ndarray:
    """A scan with pages on it, each with its left and top edge there; all askew by so many degrees."""
    scan = np.full((height, width), 243, np.uint8)
    for page, left, top in pages:
        part = scan[top : top + page.shape[0], left : left + page.shape[1]]
        part[:] = np.minimum(part, page[: part.shape[0], : part.shape[1]])
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    return np.asarray(cv2.warpAffine(scan, turn, (width, height), borderValue=243), np.uint8)


def pages_on(scan: np.ndarray, blanks: list[BlankPage] = BLANKS) -> tuple[list[int | None], float]:
    first = register_scan(blanks, scan)
    assert first.accepted
    found = find_pages_beside(blanks, scan, first)
    return [page.task_page for page in found], ink_beside_pages(blanks, scan, found, DPI, np.zeros(scan.shape, bool))


def half(seed: int) -> np.ndarray:
    return filled(1, seed, size=0.62, turn=90)


FOUR = ((filled(1, 5), 0, 0), (filled(2, 6), WIDTH, 0), (filled(1, 7), 0, HEIGHT), (filled(2, 8), WIDTH, HEIGHT))
SCANS = {
    "a spread": ([1, 2], glass(HEIGHT, 2 * WIDTH, (filled(1, 5), 0, 0), (filled(2, 6), WIDTH, 0))),
    "askew, page 2 first": ([2, 1], glass(HEIGHT, 2 * WIDTH, (filled(2, 5), 0, 0), (filled(1, 6), WIDTH, 0), skew=1.0)),
    "two sheets": ([1, 1], glass(HEIGHT, 2 * WIDTH + 60, (filled(1, 5), 0, 0), (filled(1, 6), WIDTH + 60, 0))),
    "sideways": ([1, 2], glass(2 * WIDTH, HEIGHT, (filled(1, 5, turn=90), 0, 0), (filled(2, 6, turn=90), 0, WIDTH))),
    "one upside down": ([1, 1], glass(HEIGHT, 2 * WIDTH, (filled(1, 5), 0, 0), (filled(1, 6, turn=180), WIDTH, 0))),
    "half size": ([1, 1], glass(HEIGHT, WIDTH, (half(5), 60, 0), (half(6), 60, 850))),
    "four": ([1, 2, 1, 2], glass(2 * HEIGHT, 2 * WIDTH, *FOUR)),
}


@pytest.mark.parametrize("how", SCANS)
def test_all_pages_on_a_scan_are_found_in_reading_order(how):
    expected, scan = SCANS[how]

    pages, left = pages_on(scan)

    assert pages == expected
    assert left < SOMETHING_MM2


def test_another_sheet_beside_the_page_is_no_page_of_the_task_and_is_noticed():
    other = handwriting(printed_page(9, lines=14), 3)

    pages, left = pages_on(glass(HEIGHT, 2 * WIDTH, (filled(1, 5), 0, 0), (other, WIDTH, 0)))

    assert pages == [1]
    assert left > SOMETHING_MM2
