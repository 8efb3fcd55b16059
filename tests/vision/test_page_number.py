"""Which number at the head of a page is a page number, and which is a date."""

from __future__ import annotations

import pytest

from mssw.vision.page_head import read_page_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Tran 2", 2),
        ("Tran p. 3", 3),
        ("- 2 -", None),
        ("-2-", 2),
        ("2/3", 2),
        ("page 4/5", 4),
        ("Tran z", 2),
        ("English 9 - Kofi Asante - page 1 of 2", 1),
        ("Tran 2 von 3", 2),
        ("Seite 2 / 3", 2),
        ("2 of the", None),
        ("Maya Z 2", 2),
        ("Tran Van 2", 2),
        ("Anna De 3", 3),
        ("Ana Lopez 9/14", None),
        ("Ana Lopez 9/4", None),
        ("Ana Lopez 11/30", None),
        ("Period 3", None),
        ("Ana Lopez", None),
        ("", None),
    ],
)
def test_a_page_number_is_told_from_a_date(text, number):
    assert read_page_number(text.split()) == number
