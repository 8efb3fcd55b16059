"""A name's ink is followed out of its field; other writing is left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.core.page import Box
from mssw.vision.blank_page import BlankPage
from mssw.vision.name_trace import (
    INK_OF_A_NAME_MM2,
    OUTWARDS,
    InkTrace,
    find_stray_writing,
    measure_speckle,
    measure_written,
    trace_name,
)
from mssw.vision.writing import Pieces, find_new_ink, find_print, find_streaks

DPI = 150.0
WIDTH, HEIGHT = 1275, 1650
FIELD = Box(180 / WIDTH, 60 / HEIGHT, 500 / WIDTH, 80 / HEIGHT)  # pixels 180 to 680, 60 to 140


def blank() -> np.ndarray:
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    cv2.line(page, (190, 125), (665, 125), 0, 2)
    cv2.putText(page, "Date", (760, 122), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 2)
    cv2.line(page, (830, 125), (1150, 125), 0, 2)
    for y in range(300, 700, 60):
        cv2.line(page, (150, y), (1100, y), 90, 1)
    return page


def write(page: np.ndarray, text: str, x: int, y: int, size: float = 1.1) -> None:
    cv2.putText(page, text, (x, y), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, size, 40, 2, cv2.LINE_AA)


def traced(page: np.ndarray) -> InkTrace:
    sheet = BlankPage(1, blank())
    return trace_name(Pieces(find_new_ink(page, sheet, DPI), DPI, find_print(sheet, DPI)), FIELD)


def left_uncovered(page: np.ndarray, trace: InkTrace, name: np.ndarray) -> int:
    """Pixels of the name's ink that no cover hides."""
    covered = np.zeros(page.shape, bool)
    for box in (FIELD, *trace.runs):
        left, top, right, bottom = box.to_pixels(WIDTH, HEIGHT)
        covered[top:bottom, left:right] = True
    return int((name & ~covered).sum())


@pytest.mark.parametrize(
    "words",
    [
        [("Mira", 200, 118)],
        [("Konstantinopoulou Anastasia", 330, 118)],
        [("Mira", 450, 118), ("Tall", 700, 118)],
        [("Mira", 300, 75)],
        [("gjy", 300, 138)],
        [("Featherstonehaugh", 560, 118)],
    ],
    ids=["inside", "runs out", "gap", "over the top", "tails below", "into the next label"],
)
def test_every_stroke_of_a_name_is_covered(words: list[tuple[str, int, int]]) -> None:
    page, bare = blank(), np.full((HEIGHT, WIDTH), 255, np.uint8)
    for text, x, y in words:
        write(page, text, x, y)
        write(bare, text, x, y)
    trace = traced(page)
    assert trace.doubt == ""
    assert left_uncovered(page, trace, bare < 200) == 0


def test_an_answer_near_the_field_and_a_date_on_its_line_stay() -> None:
    page = blank()
    write(page, "Mira", 200, 118)
    write(page, "21.4.", 860, 118)
    write(page, "because air is heavy", 170, 290)
    assert traced(page).runs == ()


def test_an_empty_field_holds_no_name_although_the_scan_is_noisy() -> None:
    noisy = np.clip(blank() + np.random.default_rng(1).normal(0, 6, (HEIGHT, WIDTH)), 0, 255).astype(np.uint8)
    assert traced(noisy).written < 1


def test_writing_that_runs_from_the_field_far_down_the_page_is_a_doubt() -> None:
    page = blank()
    write(page, "Mira", 200, 118)
    cv2.line(page, (300, 66), (325, 290), 30, 4)
    assert "far into the page" in traced(page).doubt


def test_a_streak_of_the_scanner_is_not_ink_and_a_drawn_line_is() -> None:
    scan = np.full((HEIGHT, WIDTH), 245, np.uint8)
    scan[:, 400:402] = 200
    cv2.line(scan, (800, 300), (800, 600), 60, 3)
    found = find_streaks(scan)
    assert found[:, 400].all()
    assert not found[:, 800].any()


def test_letters_of_a_label_that_shifted_are_no_name_and_a_name_beside_it_is():
    print_ = np.zeros((300, 900), np.uint8)
    cv2.putText(print_, "Name of student", (20, 150), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 1, 2)
    grown = cv2.dilate(print_, np.ones((7, 7), np.uint8)) > 0
    shifted = np.roll(print_, (6, 5), axis=(0, 1)) > 0
    written = print_.copy() * 0
    cv2.putText(written, "Maria", (420, 150), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.4, 1, 3)
    field = Box(0, 0.2, 1, 0.5)

    assert measure_written(Pieces(shifted & ~grown, 150.0, grown), field) < INK_OF_A_NAME_MM2
    assert measure_written(Pieces((shifted | (written > 0)) & ~grown, 150.0, grown), field) > INK_OF_A_NAME_MM2


UNDER_A_NAME = Box(180 / WIDTH, 160 / HEIGHT, 500 / WIDTH, 80 / HEIGHT)
READ = Box(190 / WIDTH, 85 / HEIGHT, 180 / WIDTH, 70 / HEIGHT)  # pixels 190 to 370, 85 to 155


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([("Mira", 220, 135)], ""),
        ([("Mira", 220, 135), ("Stone", 400, 135)], OUTWARDS),
        ([("Mirabella", 300, 135)], OUTWARDS),
        ([("Mira", 220, 100)], OUTWARDS),
    ],
    ids=["wholly under its cover", "more beside it", "runs out of its cover", "half over its cover"],
)
def test_a_name_over_its_field_is_no_stray_once_it_was_read_and_all_of_it_is_covered(words, reason) -> None:
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for text, x, y in words:
        write(page, text, x, y)
    pieces = Pieces(page < 150, DPI, np.zeros(page.shape, bool))

    assert find_stray_writing(pieces, UNDER_A_NAME, [UNDER_A_NAME]) == (OUTWARDS,)
    assert find_stray_writing(pieces, UNDER_A_NAME, [UNDER_A_NAME], names=[READ]) == ((reason,) if reason else ())


LINES = [Box(180 / WIDTH, y / HEIGHT, 300 / WIDTH, 40 / HEIGHT) for y in (100, 145, 190)]


@pytest.mark.parametrize(
    ("x", "y", "doubted"), [(550, 130, False), (550, 175, False), (250, 85, True), (550, 75, True)]
)
def test_what_stands_beside_the_first_of_several_lines_is_not_over_the_last(x, y, doubted) -> None:
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    write(page, "Nov 3", x, y)
    pieces = Pieces(page < 150, DPI, np.zeros(page.shape, bool))

    for field in LINES:
        others = [other for other in LINES if other is not field]
        assert find_stray_writing(pieces, field, LINES, fields=others) == ((OUTWARDS,) if doubted else ())


def speckled(share: float) -> np.ndarray:
    """A mask of a page with so much of it speckled, evenly."""
    return np.random.default_rng(5).random((HEIGHT, WIDTH)) < share


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0.0, 0.0), (0.001, 0.0007, 0.0013), (0.05, 0.003, 0.003)])
def test_the_speckles_of_a_worn_copier_are_measured(share: float, least: float, most: float) -> None:
    assert least <= measure_speckle(speckled(share), DPI) <= most


def test_writing_on_less_than_half_of_a_page_is_no_speckle() -> None:
    ink = speckled(0.0)
    ink[: HEIGHT // 3] = speckled(0.1)[: HEIGHT // 3]
    assert measure_speckle(ink, DPI) == 0
    assert measure_speckle(ink[:20, :20], DPI) == 0
