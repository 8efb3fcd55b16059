"""A covered page is read again before it goes out, and through its paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mssw.auditing.one_file import Finding
from mssw.core.page import Box, Tone
from mssw.formats.images import encode
from mssw.preparing.kept_readings import read_lines
from mssw.preparing.second_look import SecondLook, _is_read, _is_telling, look_again
from mssw.printing.pdf_writer import image_pdf
from mssw.vision.mentions import Mention
from mssw.vision.show_through import _median, find_show_through
from support.handwritten import DPI, blank_page, draw
from support.read_lines import WANTED, reading_of

pytestmark = pytest.mark.pages


def found_again(page: np.ndarray, tmp_path: Path, written: np.ndarray | None = None) -> list[Finding]:
    """What the second look finds on a page on which that was written by hand."""
    own = (page if written is None else written) < 200
    read = read_lines(tmp_path, page, own, (page < 200) & ~own, DPI)
    data = image_pdf([(encode(page, Tone.GREY), (612.0, 792.0))])
    return look_again("work/Ada.pdf", data, [SecondLook(tmp_path / f"{read.digest}.npz", WANTED)])


def looked(page: np.ndarray, tmp_path: Path, written: np.ndarray | None = None) -> list[str]:
    """The same in words."""
    return [str(found) for found in found_again(page, tmp_path, written)]


def test_a_name_that_can_still_be_read_is_found_and_not_told(tmp_path: Path):
    page = blank_page()
    draw(page, "I asked Aisha about it", 150, 700)
    found = looked(page, tmp_path)
    assert found == ["work/Ada.pdf, page 1: a name can still be read in the upper half, on the left"]


def test_only_a_name_among_other_words_can_be_covered_without_a_person(tmp_path: Path):
    page = blank_page()
    texts = ("I asked Aisha about it", "We saw that Okafor had two", "Aisha Okafor", "I asked Aisha Brown about it")
    for row, text in enumerate(texts):
        draw(page, text, 150, 300 + 300 * row)
    names = found_again(page, tmp_path)
    rows = {round((name.box.y + name.box.h / 2) * len(page) / 300) - 1: name.is_in_sentence for name in names}
    assert rows == {0: True, 1: True, 2: False, 3: False}


def test_a_page_whose_name_is_covered_passes(tmp_path: Path):
    page = blank_page()
    draw(page, "I asked Aisha about it", 150, 700)
    written = page.copy()
    page[690:760, 280:400] = 255
    assert looked(page, tmp_path, written) == []


@pytest.mark.parametrize("names", ["Ines", "Tran"])  # as in lines and train
def test_a_few_small_letters_met_by_chance_hold_no_work(names: str):
    spelling = replace(WANTED.spellings[0], letters=names.lower(), is_word=False)
    small, capital = (Mention(Box(0, 0, 0.1, 0.1), sure=True, cost=0.0, name=0, capital=c) for c in (False, True))
    assert not _is_telling(spelling, small)
    assert _is_telling(spelling, capital)
    assert _is_telling(replace(spelling, letters="wilhelmina"), small)


def test_a_name_in_the_tasks_own_print_is_no_students(tmp_path: Path):
    page = blank_page()
    draw(page, "Maria has three apples. How many", 150, 400)
    written = blank_page()
    draw(written, "she has three", 150, 700)
    both = np.minimum(page, written)
    assert looked(both, tmp_path, written) == []


@pytest.mark.parametrize("strength", [0.06, 0.1])
def test_a_name_that_shines_through_from_the_back_is_found(strength: float, tmp_path: Path):
    rng = np.random.default_rng(3)
    back = blank_page()
    for row in range(14):
        draw(back, "Aisha Okafor and Maria Lopez did it", 120, 100 + 100 * row, size=48, ink=20)
    front = blank_page()
    draw(front, "it is lighter now", 150, 1500)
    through = strength * (255 - cv2.GaussianBlur(back[:, ::-1], (0, 0), 1.0).astype(float))
    page = np.clip(front - through - 4 + rng.normal(0, 1.0, front.shape), 0, 255).astype(np.uint8)
    found = looked(page, tmp_path, front)
    assert found == ["work/Ada.pdf, page 1: a name shines through from the other side"]


def bled(strength: float) -> np.ndarray:
    """A page on which nothing but a name of the other side shows."""
    back, front = blank_page(), blank_page()
    draw(back, "Aisha Okafor", 500, 300, size=56, ink=20)
    draw(front, "it is lighter now", 150, 1500)
    through = strength * (255 - cv2.GaussianBlur(back[:, ::-1], (0, 0), 1.0).astype(float))
    grain = np.random.default_rng(3).normal(0, 1.0, front.shape)
    return np.clip(front - through - 4 + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("strength", [0.06, 0.12, 0.3, 0.6])
def test_a_name_that_bleeds_alone_is_found_however_strong(strength: float, tmp_path: Path):
    page = bled(strength)
    own = blank_page()
    draw(own, "it is lighter now", 150, 1500)
    found = looked(page, tmp_path, own if strength < 0.1 else page)
    assert found == ["work/Ada.pdf, page 1: a name shines through from the other side"]


def test_the_tasks_own_words_are_not_taken_for_writing_that_shines_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    looked_through: list[int] = []
    monkeypatch.setattr("mssw.preparing.second_look.find_lines", lambda *_: looked_through.append(1) or [])
    printed, own = blank_page(), blank_page()
    for row in range(20):
        draw(printed, "Draw all the ways that you can think of and say why", 120, 100 + 70 * row, size=48, ink=20)
    draw(own, "she has three", 150, 1550)
    page = (np.minimum(printed, own).astype(int) * 235 // 255).astype(np.uint8)
    read = read_lines(tmp_path, page, own < 200, cv2.dilate((printed < 200).astype(np.uint8), np.ones((9, 9))) > 0, DPI)
    data = image_pdf([(encode(page, Tone.GREY), (612.0, 792.0))])
    assert look_again("work/Ada.pdf", data, [SecondLook(tmp_path / f"{read.digest}.npz", WANTED)]) == []
    assert not looked_through


def test_clean_and_noisy_paper_shows_nothing_through():
    rng = np.random.default_rng(4)
    noisy = np.clip(245 + rng.normal(0, 5, (1650, 1275)), 0, 255).astype(np.uint8)
    assert find_show_through(noisy, DPI) is None
    assert find_show_through(blank_page(), DPI) is None
    assert find_show_through(np.zeros((1650, 1275), np.uint8), DPI) is None


@pytest.mark.parametrize(
    ("text", "doubt", "is_read"),
    [("DARTW", 0.55, False), ("Mh", 0.65, False), ("maria", 0.55, True), ("assha", 0.3, True), ("Aisha it", 0.0, True)],
)
def test_a_smudge_of_stretched_paper_is_no_name_unless_it_says_its_letters(text, doubt, is_read):
    reading = reading_of(text)
    letters = reading.letters * (1 - doubt)
    letters[:, :26] += doubt / 26
    name = next(one for one in WANTED.spellings if one.letters == "maria")
    assert _is_read(replace(reading, letters=letters), name) is is_read


@given(arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30))))
def test_the_median_of_a_page_is_counted_as_it_would_be_sorted(page):
    assert _median(page) == np.median(page)
