"""Letters without their accents, the same way wherever names are compared."""

from __future__ import annotations

import unicodedata
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.names.letters import keep_plain_letters, remove_accents
from mssw.names.name_search import NameSearch, fold_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Zoë", "Zoe"),
        ("Đặng", "Dang"),
        ("Łukasz", "Lukasz"),
        ("Søren", "Soren"),
        ("Sǿren", "Soren"),
        ("ﬁn", "fin"),
        ("민준", "민준"),
        ("王小明", "王小明"),
        ("Anna", "Anna"),
    ],
)
def test_accents_and_strokes_go_and_other_scripts_stay(text, plain):
    assert remove_accents(text) == plain


@given(st.text())
def test_it_does_not_matter_how_an_accent_was_typed(text):
    assert remove_accents(unicodedata.normalize("NFD", text)) == remove_accents(unicodedata.normalize("NFC", text))


@given(st.text())
def test_doing_it_twice_changes_nothing(text):
    assert remove_accents(remove_accents(text)) == remove_accents(text)


def test_every_accent_that_stands_alone_is_taken_off():
    alone = [letter for point in range(0x110000) if unicodedata.combining(letter := chr(point))]
    kept = [
        letter for letter in alone if remove_accents(f"a{letter}") not in {"a", *unicodedata.normalize("NFKD", "a")}
    ]
    assert len(alone) > 800
    assert kept == []


def as_folded(text):
    return "".join(letter for letter in fold_text(text) if letter.isascii() and letter.isalnum()).encode()


@pytest.mark.pages
def test_plain_letters_are_those_of_the_folded_text_for_every_letter_that_there_is():
    assert [hex(point) for point in range(0x110000) if keep_plain_letters(chr(point)) != as_folded(chr(point))] == []


@given(st.text())
def test_plain_letters_are_those_of_the_folded_text(text):
    assert keep_plain_letters(text) == as_folded(text)


@given(st.text(max_size=60), st.lists(st.sampled_from(["Ana", "Anna Lee", "O'Neil", "Łukasz", "小明", "4711", "Li"])))
def test_the_quick_no_of_a_search_is_never_wrong(text, spelled):
    search = NameSearch(["Ana", "Anna Lee", "O'Neil", "Łukasz", "小明", "4711", "Li Wei"])
    for written in (text, f"{text} {' '.join(spelled)}", f"{text[:9]}{'-'.join(spelled)}{text[9:]}", " ".join("Anna")):
        quick = search.hits(written)
        with patch.object(type(search._spellings), "may_stand_in", return_value=True):
            assert search.hits(written) == quick
