"""Letters without their accents, the same way wherever names are compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.model.letters import without_accents


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Zoë", "Zoe"),
        ("Đặng", "Dang"),
        ("Łukasz", "Lukasz"),
        ("Søren", "Soren"),
        ("ﬁn", "fin"),
        ("민준", "민준"),
        ("王小明", "王小明"),
        ("Anna", "Anna"),
    ],
)
def test_accents_and_strokes_go_and_other_scripts_stay(text, plain):
    assert without_accents(text) == plain


@given(st.text())
def test_it_does_not_matter_how_an_accent_was_typed(text):
    assert without_accents(unicodedata.normalize("NFD", text)) == without_accents(unicodedata.normalize("NFC", text))


@given(st.text())
def test_doing_it_twice_changes_nothing(text):
    assert without_accents(without_accents(text)) == without_accents(text)
