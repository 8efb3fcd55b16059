"""A name that shows through is found by what is known of the other side of the sheet."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.core.page import Box
from mssw.vision.show_through import CLOSE_DPI, find_bleeding
from support.handwritten import DPI, blank_page, draw

pytestmark = pytest.mark.pages

NAME = Box(0.1, 0.05, 0.4, 0.05)


def front(ink: int = 20) -> np.ndarray:
    page = blank_page()
    draw(page, "Aisha Okafor", 170, 95, ink=ink, size=48)
    for row in range(8):
        draw(page, "the air makes it heavier than before", 150, 400 + 90 * row, ink=60)
    return page


def back() -> np.ndarray:
    page = blank_page()
    draw(page, "What do you think happens next? Say why.", 120, 70, ink=30, size=36)
    for row in range(6):
        draw(page, "because nobody can see it but it is there", 150, 320 + 90 * row, ink=50)
    return page


def shown(strength: float, *, alone: bool, ink: int = 20, flip: int = 1) -> np.ndarray:
    """The back as it is scanned: the front bleeds through, out of place by the feed, with the grain of a scan."""
    other = front(ink)
    through = 255.0 - other
    if alone:
        through[200:] = 0
    through = np.flip(cv2.GaussianBlur(through, (0, 0), 1.2), flip)
    moved = cv2.warpAffine(through, np.array([[1, 0, 9], [0, 1, -6]], float), through.shape[::-1])
    noise = np.random.default_rng(5).normal(0, 2, through.shape)
    return np.clip(back() - 4 - strength * moved + noise, 0, 255).astype(np.uint8)


def small(page: np.ndarray) -> np.ndarray:
    scale = CLOSE_DPI / DPI
    return cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def printed() -> np.ndarray:
    page = blank_page()
    draw(page, "What do you think happens next? Say why.", 120, 70, ink=30, size=36)
    return cv2.dilate((small(page) < 200).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize(("strength", "ink"), [(0.08, 20), (0.2, 20), (0.4, 20), (0.6, 20), (0.2, 110), (0.5, 110)])
def test_a_bleeding_name_is_found_where_it_shows(strength: float, ink: int, *, alone: bool):
    found = find_bleeding(small(shown(strength, alone=alone, ink=ink)), printed(), small(front(ink)), [NAME])
    assert found
    best = max(found, key=lambda one: one.share)
    assert abs(best.box.x - (1 - NAME.right + 9 / 1275)) < 0.01
    assert abs(best.box.y - (NAME.y - 6 / 1650)) < 0.01


def test_a_sheet_that_was_turned_over_its_short_edge_is_looked_at_too():
    found = find_bleeding(small(shown(0.3, alone=True, flip=0)), printed(), small(front()), [NAME])
    assert any(abs(one.box.y - (1 - NAME.bottom - 6 / 1650)) < 0.01 for one in found)


def test_a_page_through_which_nothing_shows_is_left_alone():
    assert find_bleeding(small(shown(0.0, alone=True)), printed(), small(front()), [NAME]) == []


def test_an_empty_name_field_bleeds_nothing():
    assert find_bleeding(small(shown(0.3, alone=True)), printed(), small(blank_page()), [NAME]) == []
