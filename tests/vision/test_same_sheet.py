"""Whether two pages are scans of one sheet: the very same strokes everywhere, and not writing on the same lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.vision.blank_page import BlankPage
from mssw.vision.same_sheet import Sameness, compare_strokes, is_alike, make_signature, measure_worst_letter
from mssw.vision.writing import find_new_ink
from support import handwritten, printed

PAPER = np.full((printed.HEIGHT, printed.WIDTH), 255, np.uint8)
BOLD = 4  # pixels by which a felt pen draws a stroke wider
FIRST = [
    "the warm air rises because it is lighter",
    "and the cold air sinks to the floor",
    "we saw the paper turn above the lamp",
    "so the heat must push it from below",
    "when the lamp was off it did not turn",
    "I think it would turn on a stove too",
]
SECOND = [
    "when the bottle gets hot the balloon grows",
    "since there is more room in the air",
    "our group put it into a bowl of ice",
    "then it went small and hung at the side",
    "this shows that heat makes things bigger",
    "my question is what happens to water",
]


def strokes(seed, **how):
    return printed.handwriting(PAPER, seed, **how) < 128


def written(lines, *, font="patrick-hand", shift=0, bold=BOLD):
    """A page of answers in one bold hand, on lines 65 pixels apart, as every student has them."""
    page = handwritten.blank_page()
    for row, text in enumerate(lines * 2):
        handwritten.draw(page, text, 140 + shift, 330 + 65 * row, font=font, size=56)
    return cv2.erode(page, np.ones((bold, bold), np.uint8))


def seen(page, **how):
    """The ink of a scan of a page, laid straight again, as far as a scan can be."""
    scan, matrix = printed.scan_of(page, **how)
    straight = cv2.warpPerspective(scan, np.linalg.inv(matrix), page.shape[::-1], borderValue=240)
    return find_new_ink(straight, BlankPage(1, PAPER), printed.DPI)


def test_two_scans_of_one_sheet_are_the_same_sheet():
    once, again = strokes(5), np.roll(strokes(5), (2, -1), axis=(0, 1))

    assert is_alike(make_signature(once), make_signature(again))
    assert compare_strokes(once, again, printed.DPI) is Sameness.SAME


@pytest.mark.parametrize(
    "how",
    [{"degrees": 2.0, "seed": 3}, {"stretch": 0.97, "degrees": -1.0}, {"noise": 7.0, "seed": 8}, {"shift": (4.0, 3.0)}],
    ids=["askew", "smaller", "noisy", "apart"],
)
@pytest.mark.parametrize("tone", [1.0, 0.6])
def test_a_second_scan_is_known_however_the_sheet_lay_and_in_another_tone(how, tone):
    page = written(FIRST)
    paler = np.asarray(255 - tone * (255.0 - page), np.uint8)

    assert compare_strokes(seen(page), seen(paler, **how), printed.DPI) is Sameness.SAME


@pytest.mark.parametrize("lean", [0, 30], ids=["straight", "leaning"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_streak_of_the_scanner_makes_no_other_sheet(lean, turned):
    page = written(FIRST)
    streaked = np.ascontiguousarray(page.T if turned else page)
    cv2.line(streaked, (500, 0), (500 + lean, streaked.shape[0]), 200, 2)
    again = streaked.T if turned else streaked

    assert compare_strokes(seen(page), seen(np.ascontiguousarray(again)), printed.DPI) is Sameness.SAME


@pytest.mark.parametrize(
    "other",
    [
        written(SECOND),
        written([*FIRST[:3], *SECOND[3:]]),
        written(SECOND, bold=7),
        written(FIRST, font="caveat"),
        written(FIRST, shift=25),
    ],
    ids=[
        "other answers",
        "half of them other",
        "in a broad pen",
        "the same in another hand",
        "the same beside it",
    ],
)
def test_bold_writing_on_the_same_lines_is_another_sheet(other):
    assert compare_strokes(seen(written(FIRST)), seen(other), printed.DPI) is Sameness.OTHER


@pytest.mark.parametrize("row", [330, 720, 1040])
def test_one_line_that_is_on_one_page_alone_leaves_it_unsure(row):
    page = written(FIRST)
    more = page.copy()
    handwritten.draw(more, "and no", 900, row, size=56)

    assert compare_strokes(seen(page), seen(more), printed.DPI) is Sameness.UNSURE


def short_answers(*, spot=(0, 0), lost=False):
    """A page with a name and three short answers, with a spot on the glass, or the last sign lost."""
    page = handwritten.blank_page()
    for row, text in enumerate(("Maria Lopez", "12 cm", "x = 7", "4/5"[: 2 if lost else 3])):
        handwritten.draw(page, text, 300, 100 + 300 * row, size=50)
    if any(spot):
        cv2.circle(page, spot, 12, 80, -1)
    return page


@pytest.mark.parametrize("spoilt", [{"spot": (900, 1200)}, {"spot": (420, 700)}, {"lost": True}])
def test_a_spot_or_a_lost_sign_on_a_short_page_leaves_it_unsure(spoilt):
    again = seen(short_answers(**spoilt), degrees=0.7, seed=4)

    assert compare_strokes(seen(short_answers()), again, printed.DPI) is Sameness.UNSURE


def test_two_students_pages_are_two_sheets_though_they_write_in_one_place():
    assert compare_strokes(strokes(5), strokes(6), printed.DPI) is Sameness.OTHER


def test_a_page_with_more_on_it_is_another_sheet():
    one = strokes(5)

    assert compare_strokes(one, one | strokes(9, lines=6), printed.DPI) is Sameness.OTHER


@pytest.mark.parametrize(
    ("name", "other"),
    [("Maya Okafor", "Luis Romero"), ("Ana Petrov", "Ana Petrik"), ("Jo Li", "Bo Li"), ("Max", "May")],
)
def test_one_letter_that_fits_nowhere_tells_two_names_in_one_hand_apart(name, other):
    def in_a_field(name):
        page = handwritten.blank_page(120, 600)
        handwritten.draw(page, name, 20, 30, font="swanky-and-moo-moo", size=36)
        ink = page < 128
        ink[100:112, 500:580] = True  # what is left of the print is on every page
        return ink

    once, again = in_a_field(name), np.roll(in_a_field(name), (2, -1), axis=(0, 1))

    assert measure_worst_letter(once, again, handwritten.DPI) >= 0.95
    assert measure_worst_letter(once, in_a_field(other), handwritten.DPI) < 0.95


def test_empty_pages_look_like_nothing():
    nothing = make_signature(np.zeros(PAPER.shape, bool))

    assert nothing.shape == (64, 48)
    assert not is_alike(nothing, nothing)
    assert compare_strokes(np.zeros(PAPER.shape, bool), np.zeros(PAPER.shape, bool), printed.DPI) is Sameness.UNSURE
