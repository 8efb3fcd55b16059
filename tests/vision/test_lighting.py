"""Grey stripes that a dirty roller draws, and what they must not be taken for."""

from __future__ import annotations

import numpy as np
import pytest

from mssw.vision.lighting import take_off_stripes
from mssw.vision.writing import find_ink
from support import printed
from support.handwritten import draw

STRIPES = ((90, 14, 0.8), (300, 6, 0.7), (420, 40, 0.85), (470, 5, 0.62), (900, 25, 0.75), (1180, 35, 0.8))
NAME_AT = (290, 120)


def a_page():
    page = printed.handwriting(printed.printed_page(5), 3)
    draw(page, "Maria Lopez", *NAME_AT)
    return printed.scan_of(page, degrees=0.6, noise=2.0)[0]


def striped(page, stripes=STRIPES, *, rows=slice(None)):
    out = page.astype(np.float32)
    for left, wide, tone in stripes:
        out[rows, left : left + wide] *= tone
    return out.round().astype(np.uint8)


@pytest.mark.parametrize("stripes", [STRIPES, STRIPES[1:2], STRIPES[3:]])
def test_stripes_down_the_page_are_taken_off_and_all_ink_stays_on_it(stripes):
    page = a_page()

    clean = take_off_stripes(striped(page, stripes))

    assert np.abs(clean.astype(int) - page)[page > 200].mean() < 2.5
    written = find_ink(page)
    assert (find_ink(clean) & written).sum() > 0.98 * written.sum()
    assert (find_ink(clean) & ~written).sum() < 0.02 * written.sum()


def test_a_clean_scan_and_one_in_black_and_white_stay_as_they_are():
    page = a_page()
    two_tones = np.where(page < 140, 0, 255).astype(np.uint8)

    assert take_off_stripes(page) is page
    assert take_off_stripes(two_tones) is two_tones


@pytest.mark.parametrize("rows", [slice(60, None), slice(0, 1400), slice(100, 900)])
def test_what_does_not_run_from_edge_to_edge_is_no_stripe(rows):
    page = striped(a_page(), rows=rows)

    assert take_off_stripes(page) is page


def test_a_line_as_dark_as_ink_a_shadow_and_grey_paper_stay():
    page = a_page()
    line, shadow = page.copy(), page * np.linspace(0.8, 1, page.shape[1])
    line[:, 600:605] = 60

    for one in (line, shadow.astype(np.uint8), (page * 0.8).astype(np.uint8)):
        assert take_off_stripes(one) is one


def test_a_name_written_up_the_page_over_its_whole_height_stays():
    page = a_page()
    up = np.full((200, page.shape[0]), 255, np.uint8)
    for n in range(6):
        draw(up, "Maria Lopez", 20 + 270 * n, 40, size=54)
    page[:, :200] = np.minimum(page[:, :200], np.rot90(up))

    assert take_off_stripes(page) is page


@pytest.mark.parametrize("stripes", [((0, 30, 0.8),), ((1240, 35, 0.75),), ((0, 12, 0.6), (1255, 20, 0.9))])
def test_the_lid_beside_a_sheet_stays(stripes):
    page = striped(a_page(), stripes)

    assert take_off_stripes(page) is page


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (11, 3000), (12, 1), (40, 20)])
def test_a_picture_that_is_only_a_strip_has_no_stripes(shape):
    scan = np.full(shape, 200, np.uint8)
    assert (take_off_stripes(scan) == scan).all()
