"""Under a cover nothing is left; on it stands the alias, and the label stands where least is written."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.core.page import Box
from mssw.formats.images import lettering
from mssw.printing.template_files import label_font_path
from mssw.vision.cover import OUTLINE, PAPER, cover, draw_rules, label, sign
from mssw.vision.writing_places import find_name_rules
from support import printed
from support.examples import examples

FIELD = Box(0.15, 0.05, 0.45, 0.045)
SET_TYPE = partial(lettering, label_font_path())
PAGE = printed.handwriting(printed.printed_page(1), 3, area=(200, 60, 800, 150), lines=4)
FRACTIONS = st.floats(0, 1)


def inside(page, box):
    left, top, right, bottom = box.to_pixels(page.shape[1], page.shape[0])
    return page[top:bottom, left:right]


def outside(page, box):
    left, top, right, bottom = box.to_pixels(page.shape[1], page.shape[0])
    rest = page.copy()
    rest[top:bottom, left:right] = 0
    return rest


def in_colour(page):
    return np.stack([page, page // 2 + 100, page], axis=2)


@pytest.mark.parametrize("page", [PAGE, in_colour(PAGE)])
def test_nothing_is_left_under_a_cover_and_nothing_changes_beside_it(page):
    done = cover(page, [FIELD])

    assert (inside(page, FIELD) < 100).any()
    assert (inside(done, FIELD) == PAPER).all()
    assert np.array_equal(outside(done, FIELD), outside(page, FIELD))


def test_the_page_that_is_covered_is_left_as_it_was():
    before = PAGE.copy()

    cover(PAGE, [FIELD])

    assert np.array_equal(PAGE, before)


@examples(30)
@given(st.lists(st.tuples(FRACTIONS, FRACTIONS, FRACTIONS, FRACTIONS), max_size=4))
def test_covers_may_lie_anywhere_also_over_each_other_and_off_the_page(places):
    page = np.zeros((60, 50), np.uint8)

    done = cover(page, [Box(*place) for place in places])

    assert all((inside(done, Box(*place)) == PAPER).all() for place in places)


@pytest.mark.parametrize("page", [PAGE, in_colour(PAGE)])
def test_the_alias_can_be_read_in_place(page):
    done = cover(page, [FIELD])

    sign(done, FIELD, "Andrea", printed.DPI, SET_TYPE)

    seen = inside(done, FIELD).reshape(*inside(done, FIELD).shape[:2], -1).max(axis=2)
    rows, columns = np.nonzero(seen[4:-4, 4:-4] < 128)
    words = 255 - seen[4:-4, 4:-4][rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    height = round(min(5.0 * printed.MM, seen.shape[0] * 0.62))
    wanted = SET_TYPE("Andrea", height)[1:-1, 1:-1]
    tall, wide = np.minimum(words.shape, wanted.shape)
    assert np.abs(np.subtract(words.shape, wanted.shape)).max() <= 2
    assert np.corrcoef(words[:tall, :wide].ravel(), wanted[:tall, :wide].ravel())[0, 1] > 0.8


def test_signing_writes_inside_the_field_only():
    done = cover(PAGE, [FIELD])

    sign(done, FIELD, "Andrea", printed.DPI, SET_TYPE)

    assert np.array_equal(outside(done, FIELD), outside(PAGE, FIELD))


@pytest.mark.parametrize("box", [FIELD, Box(0.1, 0.05, 0.12, 0.02), Box(0.3, 0.5, 0.06, 0.015)])
@pytest.mark.parametrize("alias", ["Bo", "Maximiliana-Konstanze"])
def test_a_long_alias_is_set_small_enough_for_its_field(box, alias):
    page = np.full(PAGE.shape, 255, np.uint8)

    sign(page, box, alias, printed.DPI, SET_TYPE)

    field = inside(page, box)
    assert (outside(page, box)[outside(page, box) > 0] == 255).all()
    if box is FIELD or alias == "Bo":
        rim = 3
        assert (field[rim:-rim, -2 * rim : -rim] > 200).all()
        assert (field[rim:-rim, rim:-rim] < 128).any()


@pytest.mark.parametrize("dpi", [100, 150, 200, 300])
def test_the_outline_and_the_alias_keep_their_size_on_paper(dpi):
    page = np.full((round(11 * dpi), round(8.5 * dpi)), 255, np.uint8)

    sign(page, FIELD, "Andrea", dpi, SET_TYPE)

    rows = np.nonzero((inside(page, FIELD)[5:-5, 5:-5] < 80).any(axis=1))[0]
    assert 2.4 < (rows.max() - rows.min()) / dpi * 25.4 < 5.2


def ruled_page(*heights):
    """A page with a line for the name at each of these heights of the page, in pixels."""
    page = np.full(PAGE.shape, 255, np.uint8)
    for y in heights:
        page[y : y + 2, 210:740] = 40
    return page


@pytest.mark.parametrize("alias", ["Andrea", "Quimby", "Jo"])
def test_a_line_for_the_name_is_kept_and_the_alias_stands_on_it(alias):
    page = ruled_page(140)
    page[95:150, 300:305] = 0  # a stroke of the name, across the line
    [rule] = find_name_rules(ruled_page(140), printed.DPI, [FIELD])
    done = cover(page, [FIELD])

    draw_rules(done, [rule.common(FIELD)], printed.DPI)
    sign(done, FIELD, alias, printed.DPI, SET_TYPE, rule=rule)

    line = inside(done, FIELD)[140 - int(FIELD.y * done.shape[0])]
    assert np.unique(line[line < 200]).tolist() in ([OUTLINE], sorted({int(line.min()), OUTLINE}))
    assert (done[140, 215:735] < 200).all()
    letters = np.nonzero((done[:, 215:300] < 90).any(axis=1))[0]
    assert letters.min() > FIELD.y * done.shape[0]
    assert 0 < 140 - letters.max() < 1.5 * printed.MM
    assert not (inside(done, FIELD)[:3] < 200).any()  # no outline


def test_a_cover_beside_the_field_stays_plain_where_the_line_would_run_into_it():
    done = cover(ruled_page(140), [FIELD])
    other = Box(0.4, 0.06, 0.1, 0.05)

    draw_rules(done, find_name_rules(ruled_page(140), printed.DPI, [FIELD]), printed.DPI, beside=[other])

    assert (inside(done, other) == PAPER).all()
    assert (done[138:144, 215:500] == OUTLINE).any(axis=0).all()


def test_all_lines_of_a_field_are_found_but_no_line_beside_it():
    found = find_name_rules(ruled_page(100, 140, 400), printed.DPI, [FIELD])

    assert [round((rule.y + rule.h / 2) * PAGE.shape[0]) for rule in found] == [101, 141]
    assert find_name_rules(ruled_page(100), printed.DPI, []) == []


def places_of_ink(page):
    rows, columns = np.nonzero(page < 128)
    return columns.mean() / page.shape[1], rows.mean() / page.shape[0]


def test_the_label_stands_at_the_foot_of_an_empty_page_off_the_printers_edge():
    page = np.full(PAGE.shape, 255, np.uint8)

    label(page, page < 128, "Andrea · page 1 of 2", printed.DPI, SET_TYPE)

    rows, columns = np.nonzero(page < 128)
    assert places_of_ink(page)[1] > 0.9
    for far in (rows.min(), columns.min(), page.shape[0] - 1 - rows.max(), page.shape[1] - 1 - columns.max()):
        assert far / printed.MM > 8


@pytest.mark.parametrize(
    ("written", "where"),
    [((0.85, 1.0, 0.4, 1.0), "left"), ((0.85, 1.0, 0.0, 1.0), "top"), ((0.0, 0.1, 0.0, 1.0), "foot")],
)
def test_the_label_keeps_off_what_is_written(written, where):
    page = np.full(PAGE.shape, 255, np.uint8)
    ink = np.zeros(page.shape, bool)
    top, bottom, left, right = (
        round(part * side) for part, side in zip(written, (*[page.shape[0]] * 2, *[page.shape[1]] * 2), strict=True)
    )
    ink[top:bottom, left:right] = True

    label(page, ink, "Andrea · page 1 of 2", printed.DPI, SET_TYPE)

    across, down = places_of_ink(page)
    assert {"left": across < 0.3 and down > 0.9, "top": down < 0.1, "foot": down > 0.9}[where]
    assert not (ink & (page < 128)).any()
