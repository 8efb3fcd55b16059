"""Whether anything is on a page, and whether two pages are scans of one sheet."""

from __future__ import annotations

import numpy as np
import pytest

from mssw.vision.ink import (
    EDGE_MM,
    NOTHING_MM2,
    has_same_strokes,
    is_alike,
    make_signature,
    measure_strong_ink,
    measure_worst_letter,
)
from support import handwritten, printed

PAPER = np.full((printed.HEIGHT, printed.WIDTH), 255, np.uint8)
CLEAN = np.zeros(PAPER.shape, bool)


def ink_of(page):
    return measure_strong_ink(page, printed.DPI, CLEAN)


def strokes(seed, **how):
    return printed.handwriting(PAPER, seed, **how) < 128


def test_an_empty_sheet_has_no_ink_though_the_copier_is_noisy_and_its_edge_dark():
    sheet, _ = printed.scan_of(PAPER, degrees=1.0, shift=(12, 5), noise=5)

    assert ink_of(sheet) < NOTHING_MM2


def test_the_back_that_shines_through_is_not_ink():
    shine = printed.handwriting(PAPER, 1, lines=20, tone=225)

    assert ink_of(printed.scan_of(shine)[0]) < NOTHING_MM2


@pytest.mark.parametrize("page", [printed.handwriting(PAPER, 2, lines=1), printed.printed_page(1, lines=1)])
def test_one_line_of_writing_or_print_is_ink(page):
    assert ink_of(printed.scan_of(page)[0]) > NOTHING_MM2


def test_punch_holes_and_shadows_at_the_edge_are_not_ink():
    sheet = PAPER.copy()
    edge = round((EDGE_MM - 1) * printed.MM)
    sheet[:, :edge] = sheet[-edge:] = 0

    assert ink_of(sheet) == 0


def test_a_streak_of_the_copier_is_not_ink():
    sheet, dirt = PAPER.copy(), CLEAN.copy()
    sheet[:, 600:604] = 40
    dirt[:, 596:608] = True

    assert ink_of(sheet) > NOTHING_MM2
    assert measure_strong_ink(sheet, printed.DPI, dirt) == 0


def test_two_scans_of_one_sheet_are_the_same_sheet():
    once, again = strokes(5), np.roll(strokes(5), (2, -1), axis=(0, 1))

    assert is_alike(make_signature(once), make_signature(again))
    assert has_same_strokes(once, again, printed.DPI)


def test_two_students_pages_are_two_sheets_though_they_write_in_one_place():
    one, other = strokes(5), strokes(6)

    assert not has_same_strokes(one, other, printed.DPI)


@pytest.mark.parametrize(
    ("name", "other"),
    [("Maya Okafor", "Luis Romero"), ("Ana Petrov", "Ana Petrik"), ("Jo Li", "Bo Li"), ("Max", "May")],
)
def test_one_letter_that_fits_nowhere_tells_two_names_in_one_hand_apart(name, other):
    def written(name):
        page = handwritten.blank_page(120, 600)
        handwritten.draw(page, name, 20, 30, font="swanky-and-moo-moo", size=36)
        ink = page < 128
        ink[100:112, 500:580] = True  # what is left of the print is on every page
        return ink

    once, again = written(name), np.roll(written(name), (2, -1), axis=(0, 1))

    assert measure_worst_letter(once, again, handwritten.DPI) >= 0.95
    assert measure_worst_letter(once, written(other), handwritten.DPI) < 0.95


def test_a_page_with_more_on_it_is_another_sheet():
    one = strokes(5)

    assert not has_same_strokes(one, one | strokes(9, lines=6), printed.DPI)


def test_empty_pages_look_like_nothing():
    nothing = make_signature(CLEAN)

    assert nothing.shape == (64, 48)
    assert not is_alike(nothing, nothing)
