"""Whether anything is on a page."""

from __future__ import annotations

import numpy as np
import pytest

from mssw.vision.ink import EDGE_MM, NOTHING_MM2, measure_strong_ink
from support import printed

PAPER = np.full((printed.HEIGHT, printed.WIDTH), 255, np.uint8)
CLEAN = np.zeros(PAPER.shape, bool)


def ink_of(page):
    return measure_strong_ink(page, printed.DPI, CLEAN)


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
