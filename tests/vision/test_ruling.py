"""The ruling of an exercise book is taken off a page, and what is written on it stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.vision.ink import remove_ruling
from support.handwritten import DPI, blank_page, draw

pytestmark = pytest.mark.pages


def written() -> np.ndarray:
    page = blank_page()
    for row in range(6):
        draw(page, "The water went up because of the stone", 150, 300 + 94 * row)
    return page


def ruled(page: np.ndarray, kind: str) -> np.ndarray:
    """The page on paper of that kind, a little noisy, as a scan is."""
    lines = np.full(page.shape, 255, np.uint8)
    level = 120 if kind == "dark" else 200
    for y in range(150, 1600, 47):
        cv2.line(lines, (0, y), (1274, y + 2), level, 2)
    if kind == "squared":
        for x in range(40, 1270, 47):
            cv2.line(lines, (x, 0), (x, 1649), level, 1)
    if kind == "margin":
        cv2.line(lines, (120, 0), (120, 1649), level, 2)
    noise = np.random.default_rng(2).normal(0, 2.0, page.shape)
    return np.clip(np.minimum(page, lines) - 4 + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("kind", ["lines", "dark", "margin", "squared"])
def test_lines_go_and_letters_stay(kind: str):
    page = written()
    clean, found = remove_ruling(ruled(page, kind), DPI)
    assert found.any()
    ink, paper = page < 100, cv2.erode(page, np.ones((9, 9), np.uint8)) > 250
    assert (clean[ink] < 160).mean() > 0.9
    assert (clean[paper & found] > 225).mean() > 0.95


def test_a_page_that_is_not_ruled_stays_as_it_is():
    page = written()
    clean, found = remove_ruling(page, DPI)
    assert not found.any()
    assert clean is page
