"""Pages, boxes in fractions, and page numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.core.page import Box, Fate, Mark, MarkKind, Page, Tone, page_ranges
from mssw.roster.key_table import parse_pages

PAGE = Page("s01-p0005", "stack.pdf", 5, (1700, 2200), 200.0, Tone.GREY, "abc")
EDGES = st.floats(0, 0.99)


@given(EDGES, EDGES, st.floats(0.001, 1), st.floats(0.001, 1), st.integers(1, 4000), st.integers(1, 4000))
def test_a_box_in_pixels_covers_all_of_it_and_stays_on_the_page(x, y, w, h, width, height):
    box = Box(x, y, min(w, 1 - x), min(h, 1 - y))

    left, top, right, bottom = box.to_pixels(width, height)

    assert 0 <= left <= box.x * width + 1e-6
    assert 0 <= top <= box.y * height + 1e-6
    assert min(width, box.right * width) - 1e-6 <= right <= width
    assert min(height, box.bottom * height) - 1e-6 <= bottom <= height


@given(st.integers(0, 90), st.integers(0, 90), st.integers(1, 9), st.integers(1, 9))
def test_whole_pixels_come_back_as_they_were_but_for_rounding_outwards(left, top, wide, tall):
    box = Box.from_pixels(left, top, left + wide, top + tall, 100, 100)

    pixels = box.to_pixels(100, 100)

    assert all(abs(got - want) <= 1 for got, want in zip(pixels, (left, top, left + wide, top + tall), strict=True))
    assert pixels[0] <= left
    assert pixels[2] >= left + wide


def test_a_box_off_the_page_is_cut_to_it():
    assert Box(-0.1, 0.9, 0.3, 0.3).to_pixels(100, 200) == (0, 180, 20, 200)


def test_edges_follow_from_corner_and_size():
    box = Box(0.25, 0.5, 0.5, 0.125)

    assert (box.right, box.bottom) == (0.75, 0.625)
    assert box.numbers == (0.25, 0.5, 0.5, 0.125)


@pytest.mark.parametrize("fate", [Fate.BLANK, Fate.SET_ASIDE, Fate.HELD])
def test_every_fate_but_kept_needs_a_reason(fate):
    with pytest.raises(ValueError, match=f"a page that is {fate} needs a reason"):
        PAGE.with_fate(fate)

    assert PAGE.with_fate(fate, "it says so").reason == "it says so"


def test_a_kept_page_needs_no_reason_and_nothing_else_of_it_changes():
    kept = PAGE.with_fate(Fate.KEPT)

    assert (kept.fate, kept.reason, kept.id, kept.number) == (Fate.KEPT, "", "s01-p0005", 5)
    assert PAGE.fate is None


@pytest.mark.parametrize(
    ("pages", "text"),
    [([5, 6], "5-6"), ([6, 5], "6,5"), ([5, 6, 7, 9], "5-7,9"), ([1], "1"), ([], ""), ([3, 3], "3,3")],
)
def test_page_numbers_are_written_in_the_order_given(pages, text):
    assert page_ranges(pages) == text


@given(st.lists(st.integers(1, 300), min_size=1, max_size=12))
def test_written_page_numbers_can_be_read_back(pages):
    assert list(parse_pages(page_ranges(pages))) == pages


def test_a_cover_says_why_it_is_there_and_comes_back_from_json():
    drawn = Mark.drawn(Box(0.1, 0.2, 0.3, 0.4))

    assert (drawn.kind, drawn.found_by, drawn.confidence) == (MarkKind.HAND, "teacher", 1.0)
    assert str(drawn.kind) == "drawn by a person"
    value = {
        "box": {"x": 0.1, "y": 0.2, "w": 0.3, "h": 0.4},
        "kind": "name field",
        "found_by": "ocr",
        "confidence": 0.7,
    }
    assert Mark.from_json(value) == Mark(Box(0.1, 0.2, 0.3, 0.4), MarkKind.FIELD, "ocr", 0.7)


def test_a_box_around_boxes_touches_the_outermost_edge_on_every_side():
    boxes = [Box(0.25, 0.5, 0.25, 0.125), Box(0.125, 0.75, 0.125, 0.125)]
    assert Box.around(boxes) == Box(0.125, 0.5, 0.375, 0.375)
    assert Box.around(boxes[:1]) == boxes[0]
