"""Cells among names: a column or a row of names has a name in each of its cells."""

from __future__ import annotations

import numpy as np
import pytest

from mssw.preparing.kept_readings import PageReading
from mssw.preparing.name_reading import SearchTerms, find_terms
from mssw.vision.names_in_columns import find_cells_among_names
from mssw.vision.text_lines import Line
from support.read_lines import CLASS, reading_of

SHAPE = (1400, 1000)


def at(x: float, y: float, letters: int = 5) -> Line:
    return Line(x + 10.0 * letters, float(y), 20.0 * letters, 30.0, 0.0)


COLUMN = [at(100, 100 + 60 * n) for n in range(5)]
ROW = [at(100 + 150 * n, 100) for n in range(5)]


@pytest.mark.parametrize("lines", [COLUMN, ROW])
def test_what_stands_in_a_column_or_row_of_names_is_found(lines):
    assert find_cells_among_names(lines, [True, True, False, True, True]) == {2: 1.0}


def test_a_plan_of_seats_has_names_beside_and_below():
    seats = [at(100 + 150 * x, 100 + 60 * y) for y in range(2) for x in range(3)]
    assert find_cells_among_names(seats, [True, False, True, False, True, False]) == {1: 1.0}


def test_labels_up_the_page_are_a_row_too():
    bars = [Line(100.0 + 80 * n, 500.0, 100.0, 30.0, -90.0) for n in range(4)]
    assert find_cells_among_names(bars, [True, True, False, True]) == {2: 1.0}


@pytest.mark.parametrize(
    ("lines", "are_names"),
    [
        (COLUMN, [True, False, False, False, True]),  # two names among five answers
        (COLUMN[:3], [True, True, False]),
        ([*COLUMN[:3], at(400, 160)], [True, True, True, False]),  # another column
        ([*COLUMN[:3], at(100, 600)], [True, True, True, False]),  # far below
        ([*COLUMN[:3], at(100, 280, letters=40)], [True, True, True, False]),  # a sentence
    ],
)
def test_a_few_names_make_no_column(lines, are_names):
    assert find_cells_among_names(lines, are_names) == {}


def look_for(*texts: str) -> tuple[list[float], list[float]]:
    """The rows, from 0, in which something is covered and flagged."""
    lines = tuple(at(100, 100 + 60 * n, max(1, len(text))) for n, text in enumerate(texts))
    ink = np.zeros(SHAPE, bool)
    for line in lines:
        left, top = int(line.x - line.width / 2), int(line.y)
        ink[top - 8 : top + 8, left : left + int(line.width)] = True
    read = PageReading("", lines, tuple(map(reading_of, texts)), too_many=False)
    found = find_terms(SearchTerms.of(CLASS, (), ()), read, ink, 100, (), ())
    return tuple(
        sorted(round(((mark.box.y + mark.box.bottom) / 2 * SHAPE[0] - 100) / 60) for mark in marks)
        for marks in (found.covers, found.flags)
    )


def test_a_name_that_is_a_word_or_hard_to_read_is_covered_among_names():
    assert look_for("Maria", "Aisha", "stone", "Lopez", "Okafor") == ([0, 1, 2, 3, 4], [])
    assert look_for("Maria", "Aisha", "Mrixa", "Lopez", "Okafor") == ([0, 1, 2, 3, 4], [])
    assert look_for("Maria", "Aisha", "Zubq", "Lopez", "Okafor") == ([0, 1, 2, 3, 4], [])
    assert look_for("Maria", "Zubq", "Aisha", "Zubq", "Lopez", "Zubq") == ([0, 2, 4], [1, 3, 5])


@pytest.mark.parametrize("answer", ["so we won", "we planted it", "My group"])
def test_an_answer_among_names_is_flagged_and_not_covered(answer):
    assert look_for("Maria", "Aisha", "Lopez", "Okafor", answer) == ([0, 1, 2, 3], [4])


def test_of_an_answer_among_names_only_the_name_is_covered():
    assert look_for("Maria", "Aisha", "Lopez", "so Okafor won") == ([0, 1, 2, 3], [])
    assert look_for("Maria", "Aisha", "Lopez", "A. Okafar") == ([0, 1, 2, 3], [])


def test_a_word_among_answers_is_none_and_numbers_among_names_stay():
    assert look_for("apple", "stone", "pear", "Maria", "plum") == ([3], [])
    assert look_for("Maria", "Aisha", "12", "Lopez", "Okafor") == ([0, 1, 3, 4], [])
