"""A name at the beginning of a line that goes on with a sentence has its own capital."""

from __future__ import annotations

import numpy as np
import pytest

from mssw.preparing.kept_readings import PageReading
from mssw.preparing.name_reading import find_terms
from mssw.vision.mentions import find_continuations
from mssw.vision.text_lines import Line
from support.handwritten import DPI, blank_page, draw
from support.read_lines import WANTED, reading_of

MM = DPI / 25.4


def line(number: int, wide: float, left: float = 20.0) -> Line:
    """A line of a paragraph: 10 mm under the one before, that many mm wide, from that many on."""
    return Line((left + wide / 2) * MM, (50 + 10 * number) * MM, wide * MM, 8 * MM, 0.0)


@pytest.mark.parametrize(
    ("above", "wide", "going"),
    [
        ("I worked with my friend", 158.0, [2]),
        ("I worked with my friend.", 158.0, []),
        ("why did it float?", 158.0, []),
        ("the ball", 60.0, []),  # ended early, as in a list
        ("", 158.0, []),
    ],
)
def test_a_line_goes_on_where_the_one_above_is_full_and_ends_no_sentence(above: str, wide: float, going: list[int]):
    lines = [line(0, 160), line(1, wide), line(2, 100)]
    said = [reading_of("We put it on the scale."), reading_of(above), reading_of("Stone and then we saw it")]
    assert [n for n, goes_on in enumerate(find_continuations(lines, said, DPI)) if goes_on is not None] == going


def test_the_word_that_would_still_have_fitted_was_not_wrapped():
    said = [reading_of("a line as wide as the paper"), reading_of("we measured"), reading_of("Stone floats")]
    assert find_continuations([line(0, 160), line(1, 110), line(2, 100)], said, DPI)[2] is None
    assert find_continuations([line(0, 160), line(1, 125), line(2, 100)], said, DPI)[2] == 1


def test_a_doubtful_line_a_far_one_and_another_column_are_no_beginning():
    full, rest = reading_of("a line as wide as the paper"), reading_of("Stone floats")
    doubtful = reading_of("a line as wide as the paper")
    doubtful.letters[:] = np.where(doubtful.letters > 0.5, 0.8, doubtful.letters)
    assert find_continuations([line(0, 160), line(1, 90)], [full, rest], DPI) == [None, 0]
    assert find_continuations([line(0, 160), line(1, 90)], [doubtful, rest], DPI) == [None, None]
    assert find_continuations([line(0, 160), line(4, 90)], [full, rest], DPI) == [None, None]
    assert find_continuations([line(0, 160), line(1, 60, left=90)], [full, rest], DPI) == [None, None]
    assert find_continuations([line(0, 40), line(1, 38)], [full, rest], DPI) == [None, None]  # cells of a table
    assert find_continuations([], [], DPI) == []


@pytest.mark.parametrize(("above", "sure"), [("I asked him and then my friend", 1), ("I asked him, my friend.", 0)])
def test_an_everyday_word_that_begins_a_line_in_mid_sentence_is_a_name(above: str, sure: int):
    page = blank_page()
    draw(page, "I asked her about it", 180, 300)
    lines = (line(0, 160), line(1, 100))
    read = PageReading("", lines, (reading_of(above), reading_of("Stone and he did not know")), too_many=False)
    found = find_terms(WANTED, read, page < 200, DPI, (), ())
    assert len(found.covers) == sure
    assert found.covers or found.flags
