"""A code finds a free corner of the task, and is read off a copier's scan that is askew, coarse, struck through."""

from __future__ import annotations

import numpy as np
import pytest

from mssw.core.page import Tone
from mssw.demo.copier import Copier
from mssw.sheets.sheet_pages import PrintedArea, find_room
from mssw.vision.ink import to_grey
from mssw.vision.qr_codes import read_codes
from support import coded_class as coded
from support import printed

pytestmark = pytest.mark.pages

PREFIX = "MSSW1:"
LETTER = (215.9, 279.4)
CODE = (27.0, 27.0)


def empty():
    return np.full((printed.HEIGHT, printed.WIDTH), 255, np.uint8)


def block(*areas):
    """A page with print in those places: left, top, right, bottom in millimetres."""
    page = empty()
    for area in areas:
        left, top, right, bottom = (round(side * printed.MM) for side in area)
        page[top:bottom, left:right] = 20
    return page


def room_for(*pages, strip=0.0, paper=LETTER):
    return find_room([PrintedArea(page, LETTER) for page in pages], [paper] * len(pages), CODE, strip)


def test_a_task_with_a_free_corner_is_printed_at_its_own_size_where_it_lies():
    room = room_for(block((25, 40, 190, 250)), block((25, 25, 100, 60)))

    assert {(lies.scale, lies.x, lies.y) for lies in room.pages} == {(1.0, 0.0, 0.0)}
    assert len(set(room.code)) == 1


def test_the_code_goes_to_the_same_corner_of_every_page_which_is_free_on_all():
    upper_right, lower_right = (160, 10, 205, 45), (160, 240, 205, 270)

    room = room_for(block(upper_right), block(lower_right))

    left, top, *_ = room.code[0]
    assert (left < 60, top > 200) == (True, True)


def test_the_code_never_takes_the_corner_where_staples_go():
    room = room_for(block((60, 10, 205, 45), (10, 235, 205, 270)))

    left, top, *_ = room.code[0]
    assert (left, top) != (pytest.approx(7.6), pytest.approx(7.6))


@pytest.mark.parametrize("strip", [0.0, 15.0])
@pytest.mark.parametrize("paper", [LETTER, (210.0, 297.0)])
def test_a_full_page_shrinks_until_nothing_lies_under_code_or_strip(strip, paper):
    full = (15, 15, 201, 265)

    room = room_for(block(full), strip=strip, paper=paper)

    [lies], [(left, top, wide, tall)] = room.pages, room.code
    x0, y0 = lies.scale * full[0] + lies.x, lies.scale * full[1] + lies.y
    x1, y1 = lies.scale * full[2] + lies.x, lies.scale * full[3] + lies.y
    assert 0.8 < lies.scale < 1
    assert y0 > strip
    assert x1 < left or y1 < top or y0 > top + tall or x0 > left + wide
    assert x0 > 5
    assert y1 < paper[1] - 5


def test_a_code_below_a_strip_keeps_off_the_torn_edge():
    room = room_for(block((25, 60, 190, 200)), strip=15.0)

    assert room.code[0][1] >= 15 + 7.5


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    """A set's folder, and one side of its sheets as a printer prints it at each resolution."""
    root, _ = coded.make_room(tmp_path_factory.mktemp("sheet"), "5b", seed=1, students=6)
    return root, {dpi: coded.tear_off(next(coded.rendered(root, dpi)), dpi) for dpi in (150, 200, 300)}


def scans(sheet, tone, dpi, *, skew=1.5, damage=None, count=5):
    root, pages = sheet
    page = pages[dpi]
    page = page if damage is None else damage(page, coded.code_box(root, 1, page.shape))
    copier = Copier(tone, dpi, seed=2, skew=skew)
    return [
        to_grey(copier.scan(page, np.random.default_rng(place), upside_down=bool(place % 2)).image)
        for place in range(count)
    ]


@pytest.mark.parametrize(
    ("tone", "dpi", "skew"),
    [
        (Tone.GREY, 200, 1.5),
        (Tone.GREY, 150, 4.0),
        (Tone.COLOUR, 150, 1.5),
        (Tone.BITONAL, 150, 1.5),
        (Tone.BITONAL, 300, 2.0),
    ],
)
def test_a_code_is_read_off_any_scan(sheet, tone, dpi, skew):
    read = [read_codes(scan, PREFIX) for scan in scans(sheet, tone, dpi, skew=skew)]

    assert [len(codes) for codes in read] == [1] * len(read)
    assert {code.text[-2:] for codes in read for code in codes} == {"01"}


@pytest.mark.parametrize("damage", [coded.struck, coded.stapled])
@pytest.mark.parametrize("tone", [Tone.GREY, Tone.BITONAL])
def test_a_code_that_a_pen_or_a_staple_went_through_is_read(sheet, tone, damage):
    assert all(read_codes(scan, PREFIX) for scan in scans(sheet, tone, 200, damage=damage))


@pytest.mark.parametrize("damage", [coded.scratched, coded.torn_corner])
def test_of_a_code_that_is_gone_nothing_is_made_up(sheet, damage):
    assert [read_codes(scan, PREFIX) for scan in scans(sheet, Tone.GREY, 150, damage=damage, count=3)] == [[]] * 3


def test_other_codes_on_a_task_are_none_of_ours(sheet):
    assert read_codes(scans(sheet, Tone.GREY, 200, count=1)[0], "https://") == []


def test_the_place_of_a_read_code_holds_all_of_it(sheet):
    root, pages = sheet
    page = to_grey(pages[200])
    left, top, right, bottom = coded.code_box(root, 1, page.shape)

    [code] = read_codes(page, PREFIX)

    found = code.box.to_pixels(page.shape[1], page.shape[0])
    assert found[0] < left
    assert found[1] < top
    assert found[2] > right
    assert found[3] > bottom
