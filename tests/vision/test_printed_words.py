"""Words of a printed line stand where they are drawn, also where the line was spread out or leaves the page."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.vision.recogniser import read_words, recogniser

CROWDED = "Unlikelyilliterateillnesswillstillfillfillfillilll"
HEIGHT, WIDTH = 60, 1200


@pytest.fixture(scope="module")
def line():
    """A line that is read spread out, since its letters are narrow, and where its last word begins and ends."""
    grey = np.full((HEIGHT, WIDTH), 255, np.uint8)
    cv2.putText(grey, CROWDED, (5, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    end = int(np.flatnonzero(grey.min(axis=0) < 255)[-1])
    cv2.putText(grey, "name", (end + 25, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    last = np.flatnonzero(grey.min(axis=0) < 255)
    return grey, int(last[last > end][0]), int(last[-1])


def test_the_words_of_a_line_that_is_spread_out_stand_where_they_are_drawn(line):
    grey, begins, ends = line
    reading = recogniser().read_closely(grey)
    assert len(reading.letters) > WIDTH * 48 / HEIGHT / 8 + 1  # it is spread out, or this proves nothing
    word = read_words(grey, (0, 0, WIDTH, HEIGHT))[-1]
    assert word.text == "name"
    assert (word.box[0], word.box[2]) == pytest.approx((begins, ends), abs=6)


@pytest.mark.parametrize(
    "place", [(-40, -10, WIDTH, HEIGHT), (0, 0, WIDTH + 300, HEIGHT + 20), (WIDTH - 2, 0, WIDTH + 90, HEIGHT)]
)
def test_a_line_that_leaves_the_page_is_read_as_far_as_it_is_on_it(line, place):
    for word in read_words(line[0], place):
        left, top, right, bottom = word.box
        assert 0 <= left < right <= WIDTH
        assert 0 <= top < bottom <= HEIGHT
