"""Names in a word search that a student drew, and capitals that are no grid."""

from __future__ import annotations

import pytest

from mssw.vision.letter_grids import find_names_in_rows

CALLED = frozenset({"noah", "layla", "oscar", "mia", "ben"})
GRID = ("QWEBBVVBJ", "U E B Z Z E W", "XQVWTKZZ")


@pytest.mark.parametrize(
    ("row", "name"), [("XQUBENOAH", "NOAH"), ("UZOSCARUW", "OSCAR"), ("U V L A Y L A Q W", "L A Y L A")]
)
def test_a_name_in_a_row_of_letters_is_found(row, name):
    assert [row[one.start : one.end] for one in find_names_in_rows((row, *GRID), CALLED)] == [name]


def test_a_short_name_is_found_only_in_a_large_grid():
    assert find_names_in_rows(("WMIAQ", *GRID), CALLED) == []
    assert len(find_names_in_rows(("WMIAQ", *GRID, *GRID), CALLED)) == 1


@pytest.mark.parametrize(
    "texts",
    [
        ("XQUBENOAH", "then it ended", "we won"),  # one row alone
        ("A BENOAH IS", "THE END", "IT IS SO", "WE WON"),  # a text in capitals
        ("benoah", *GRID),
        ("NOAH", *GRID),  # a name of its own, which is found as one
    ],
)
def test_capitals_that_are_no_grid_name_nobody(texts):
    assert find_names_in_rows(texts, CALLED) == []
