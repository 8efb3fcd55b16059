"""A name that shows through is found by what is known of the other side of the sheet."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.core.page import Box
from mssw.vision.ink import measure_ink_depth
from mssw.vision.other_side import CLOSE_DPI, find_bleeding, find_other_side
from mssw.vision.writing import Pieces
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


def written(page: np.ndarray, place: Box) -> Box:
    """What is written in a place."""
    left, top, right, bottom = place.to_pixels(page.shape[1], page.shape[0])
    rows, columns = np.nonzero(page[top:bottom, left:right] < 200)
    inked = left + columns.min(), top + rows.min(), left + columns.max() + 1, top + rows.max() + 1
    return Box.from_pixels(*map(int, inked), page.shape[1], page.shape[0])


def printed() -> np.ndarray:
    page = blank_page()
    draw(page, "What do you think happens next? Say why.", 120, 70, ink=30, size=36)
    return cv2.dilate((small(page) < 200).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize(("strength", "ink"), [(0.08, 20), (0.2, 20), (0.4, 20), (0.6, 20), (0.2, 110), (0.5, 110)])
def test_a_bleeding_name_is_found_where_it_shows(strength: float, ink: int, *, alone: bool):
    found = find_bleeding(small(shown(strength, alone=alone, ink=ink)), printed(), small(front(ink)), [NAME])
    assert found
    best = max(found, key=lambda one: one.share).box
    name = written(front(ink), NAME)
    left, right, top = 1 - name.right + 9 / 1275, 1 - name.x + 9 / 1275, name.y - 6 / 1650
    assert left - 0.02 < best.x < left + 0.001  # all of the name, and not all of its field
    assert right - 0.001 < best.right < right + 0.02
    assert top - 0.02 < best.y < top + 0.001


@pytest.mark.parametrize("strength", [0.06, 0.2, 0.5])
def test_a_name_is_found_though_most_of_what_is_in_its_place_does_not_bleed(strength: float):
    place = Box(0.05, 0.03, 0.9, 0.3)  # with answers, a fifth of the strokes is the name
    found = find_bleeding(small(shown(strength, alone=True)), printed(), small(front()), [place])
    name = written(front(), NAME)
    assert any(one.box.x < 1 - name.right and one.box.right > 1 - name.x and one.box.y < name.y for one in found)


@pytest.mark.parametrize(("height", "seed"), [(0.4, 5), (0.4, 6), (0.45, 5)])
def test_a_name_is_found_in_still_more_ink_where_both_sides_lie_straight_on_each_other(height: float, seed: int):
    noise = np.random.default_rng(seed).normal(0, 2, front().shape)
    through = 255.0 - front()
    through[200:] = 0
    page = np.clip(back() - 4 - 0.1 * np.flip(cv2.GaussianBlur(through, (0, 0), 1.2), 1) + noise, 0, 255)
    (found,) = find_bleeding(small(page.astype(np.uint8)), printed(), small(front()), [Box(0.05, 0.03, 0.9, height)])
    assert found.is_straight


def test_a_sheet_that_was_turned_over_its_short_edge_is_looked_at_too():
    found = find_bleeding(small(shown(0.3, alone=True, flip=0)), printed(), small(front()), [NAME])
    bottom = 1 - written(front(), NAME).y - 6 / 1650
    assert any(abs(one.box.bottom - bottom) < 0.02 for one in found)


def test_a_page_through_which_nothing_shows_is_left_alone():
    assert find_bleeding(small(shown(0.0, alone=True)), printed(), small(front()), [NAME]) == []


OWN = [
    "We went there to see it and to look",
    "because it is heavy it will sink first",
    "she checked. Then he weighed it twice",
]
CHANCE = Box(0.1, 0.3, 0.5, 0.05)


def answers(lines: list[str], *, rules: bool, ink: int = 40, size: int = 44) -> np.ndarray:
    """A page of answers, on lines that are all at one place, as every page of a class has them."""
    page = blank_page()
    for row in range(12):
        if rules:
            cv2.line(page, (100, 370 + 60 * row), (1175, 370 + 60 * row), 120, 2)
        draw(page, lines[row % 3], 140, 325 + 60 * row, ink=ink, size=size)
    return page


def scanned(page: np.ndarray, seed: int = 3) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 2, page.shape)
    return small(np.clip(page - 4 + noise, 0, 255).astype(np.uint8))


def by_chance(other: np.ndarray, page: np.ndarray) -> np.ndarray:
    """The page with strokes of its own pen in a third of the places where a name of the other side would show."""
    kept = np.where(np.arange(page.shape[1]) % 60 < 20, other, 255)
    return np.minimum(page, np.flip(kept, 1)).astype(np.uint8)


@pytest.mark.parametrize("ink", [40, 90, 130], ids=["felt pen", "pen", "pencil"])
@pytest.mark.parametrize("rules", [False, True], ids=["bare paper", "ruled paper"])
def test_own_writing_that_lies_by_chance_where_a_name_would_show_is_no_bleed(ink: int, *, rules: bool):
    other = blank_page()
    draw(other, "Nadia Okonkwo-Bell", 150, 500, ink=ink, size=48)
    page = by_chance(other, answers(OWN[:1] * 3, rules=rules, ink=ink))
    page[560:] = 255
    assert find_bleeding(scanned(page), None, scanned(other), [CHANCE]) == []


@pytest.mark.parametrize("ink", [40, 130], ids=["pen", "pencil"])
@pytest.mark.parametrize("strength", [0.2, 0.4, 0.6])
@pytest.mark.parametrize("rules", [False, True], ids=["bare paper", "ruled paper"])
def test_a_name_that_bleeds_across_own_writing_and_rules_is_found(strength: float, ink: int, *, rules: bool):
    other = blank_page()
    draw(other, "Nadia Okonkwo-Bell", 150, 500, ink=40, size=48)
    through = np.flip(cv2.GaussianBlur(255.0 - other, (0, 0), 1.2), 1)
    page = np.clip(answers(OWN, rules=rules, ink=ink, size=34) - strength * through, 0, 255)
    found = find_bleeding(scanned(page.astype(np.uint8)), None, scanned(other), [CHANCE])
    name = written(other, CHANCE)
    assert any(one.box.x < 1 - name.right + 0.01 and one.box.right > 1 - name.x - 0.01 for one in found)


@pytest.mark.parametrize("strength", [0.7, 0.8, 0.9])
def test_a_marker_that_bleeds_nearly_as_dark_as_it_is_is_found_on_bare_paper(strength: float):
    other = blank_page()
    draw(other, "Nadia Okonkwo-Bell", 150, 500, ink=20, size=48)
    through = np.flip(cv2.GaussianBlur(255.0 - other, (0, 0), 1.2), 1)
    page = np.clip(back() - strength * through, 0, 255).astype(np.uint8)
    page[470:580] = np.clip(255 - strength * through, 0, 255).astype(np.uint8)[470:580]
    assert find_bleeding(scanned(page), printed(), scanned(other), [CHANCE])


@pytest.mark.parametrize("own", [False, True], ids=["bare paper", "answers"])
@pytest.mark.parametrize(("strength", "threshold"), [(0.4, 200), (0.6, 200), (0.6, 170), (0.8, 128)])
def test_a_name_that_bleeds_in_a_black_and_white_scan_is_found(strength: float, threshold: int, *, own: bool):
    other = blank_page()
    draw(other, "Nadia Okonkwo-Bell", 150, 500, ink=20, size=48)
    through = np.flip(cv2.GaussianBlur(255.0 - other, (0, 0), 1.2), 1)
    paper = answers(OWN, rules=False, ink=60, size=34) if own else blank_page()
    page = np.where(paper - strength * through < threshold, 0, 255).astype(np.uint8)
    other = np.where(other < threshold, 0, 255).astype(np.uint8)
    assert find_bleeding(small(page), None, small(other), [CHANCE])


def test_an_empty_name_field_bleeds_nothing():
    assert find_bleeding(small(shown(0.3, alone=True)), printed(), small(blank_page()), [NAME]) == []


# Where the whole other side shows


def found_on(page: np.ndarray) -> np.ndarray | None:
    found = find_other_side(page, cv2.resize(printed().astype(np.uint8), (1275, 1650)) > 0, front(), DPI)
    return None if found is None else found.shown


@pytest.mark.parametrize("strength", [0.2, 0.4, 0.6])
@pytest.mark.parametrize("flip", [0, 1], ids=["turned over its short edge", "turned over its long edge"])
def test_what_shows_of_the_whole_other_side_is_told_from_what_is_written_here(flip: int, strength: float):
    found = found_on(shown(strength, alone=False, flip=flip))
    assert found is not None
    other = np.flip(front() < 200, flip)
    other = cv2.warpAffine(other.astype(np.uint8), np.array([[1, 0, 9], [0, 1, -6]], float), (1275, 1650)) > 0
    own = back() < 200
    near_own = cv2.dilate(own.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert np.mean(found[other & ~near_own]) > 0.9
    assert np.mean(found[own & ~other]) < 0.05


@pytest.mark.parametrize("ink", [60, 130], ids=["pen", "pencil"])
@pytest.mark.parametrize("y", [70, 100, 130])
def test_a_name_that_is_written_over_what_shows_stays_this_sides_own(y: int, ink: int):
    page = shown(0.3, alone=False)
    written = blank_page()
    draw(written, "Jonathan Fairweather", 400, y, ink=ink, size=44)
    page = np.minimum(page, np.where(written < 250, written, 255)).astype(np.uint8)
    found = found_on(page)
    assert found is not None
    pieces = Pieces(np.asarray(measure_ink_depth(page, reach=31) > 16), DPI, np.zeros(page.shape, bool))
    strokes = pieces.labels[written < 200]
    shares = np.bincount(pieces.labels[found], minlength=pieces.count) / np.maximum(pieces.area, 1)
    assert np.mean(shares[strokes[strokes > 0]] < 0.85) > 0.9  # of the name: it is in pieces that count as written here


def test_a_page_through_which_only_a_name_or_nothing_shows_has_no_other_side():
    assert found_on(shown(0.4, alone=True)) is None
    assert found_on(shown(0.0, alone=False)) is None


def test_another_page_than_the_one_behind_does_not_show():
    stranger = blank_page()
    for row in range(9):
        draw(stranger, "we put the second lamp beside the first", 90, 350 + 85 * row, ink=50, font="kalam")
    page = shown(0.4, alone=False)
    print_ = cv2.resize(printed().astype(np.uint8), (1275, 1650)) > 0
    assert find_other_side(page, print_, stranger, DPI) is None


def test_of_two_pages_with_the_same_print_the_one_behind_shows_more():
    page = shown(0.4, alone=False)
    print_ = cv2.resize(printed().astype(np.uint8), (1275, 1650)) > 0
    classmate = front()
    classmate[420:900] = 255  # her lines lie elsewhere
    for row in range(5):
        draw(classmate, "she put the lamp beside it", 180, 445 + 90 * row, ink=60)
    own, other = (find_other_side(page, print_, one, DPI) for one in (front(), classmate))
    assert own is not None
    assert own.share > 0.9
    assert other is None or other.share < own.share - 0.1


@pytest.mark.parametrize("strength", [0.3, 0.6])
def test_what_is_written_here_and_shows_on_the_other_side_in_turn_is_this_sides_own(strength: float):
    page = shown(strength, alone=False)
    draw(page, "Mira Ostrander", 300, 230, ink=70, size=44)
    name = page.copy()
    there = 255.0 - cv2.GaussianBlur(np.minimum(page, back()), (0, 0), 1.2)[:, ::-1]
    moved = cv2.warpAffine(there, np.array([[1, 0, 9], [0, 1, 6]], float), there.shape[::-1])
    other = np.clip(front() - strength * moved, 0, 255).astype(np.uint8)
    print_ = cv2.resize(printed().astype(np.uint8), (1275, 1650)) > 0
    found = find_other_side(page, print_, other, DPI)
    assert found is not None
    own = (back() < 150) | (name < 90)
    assert np.mean(found.shown[own]) < 0.05
