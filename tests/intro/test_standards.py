"""Standards out of any table, and found again by a word or a code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.errors import UnreadableError
from mssw.intro.standards import (
    Standard,
    StandardsError,
    find_by_code,
    read_standards,
    search_standards,
    standards_from_rows,
)

FOUND = (Standard("A.1", "Air has mass"), Standard("A.2", "Air takes up space"))


@pytest.mark.parametrize(
    "rows",
    [
        [["code", "text"], ["A.1", "Air has mass"], ["A.2", "Air takes up space"]],
        [["Full Statement", "Human Coding Scheme"], ["Air has mass", "A.1"], ["Air  takes up\nspace", " A.2"]],
        [
            ["Our science standards"],
            [],
            ["Standard", "Description"],
            ["A.1", "Air has mass"],
            ["A.2", "Air takes up space"],
        ],
        [["Standard ID", "Standard"], ["A.1", "Air has mass"], ["A.2", "Air takes up space"]],
        [["A.1", "Air has mass"], ["A.2", "Air takes up space"]],
        [
            ["Código", "Descripción"],
            ["A.1", "Air has mass"],
            ["", ""],
            ["A.2", "Air takes up space"],
            ["A.1", "Air has mass"],
        ],
        [["statementCode", "statement", "uuid"], ["A.1", "Air has mass", "x"], ["A.2", "Air takes up space", "y"]],
        [["text", "code"], ["Air has mass", "A.1"], ["A heading without text"[:0], "A"], ["Air takes up space", "A.2"]],
    ],
)
def test_columns_are_known_by_their_usual_names(rows):
    assert standards_from_rows(rows) == FOUND


def test_a_grade_is_read_and_searched():
    found = standards_from_rows([["Grade", "Code", "Text"], ["5", "A", "air"], ["6", "B", "air"]])
    assert search_standards(found, "6 air") == (Standard("B", "air", "6"),)


def test_a_bare_list_of_objectives_is_a_list_without_codes():
    assert standards_from_rows([["Air has mass"], ["Air takes up space"]]) == (
        Standard("", "Air has mass"),
        Standard("", "Air takes up space"),
    )


@pytest.mark.parametrize("rows", [[["a"], ["b"]], [["code"], ["A.1"]], [["code", "text"], ["A.1", ""]], [[]]])
def test_a_table_without_texts_is_told(rows):
    with pytest.raises(StandardsError, match="text"):
        standards_from_rows(rows)


def test_any_kind_of_table_is_read(tmp_path):
    (tmp_path / "a.csv").write_bytes("Kode;Beschreibung\r\nA.1;Luft füllt Raum\r\n".encode("cp1252"))
    assert read_standards(tmp_path / "a.csv") == (Standard("A.1", "Luft füllt Raum"),)
    (tmp_path / "b.csv").write_text("x\ny\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"no standards could be read in b\.csv: .* name that column “text”"):
        read_standards(tmp_path / "b.csv")


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("mass", ["5-PS1-2", "MS-PS1-4"]),
        ("ps1", ["5-PS1-2", "MS-PS1-4"]),
        ("MS-PS1", ["MS-PS1-4"]),
        ("ms ps1 4", ["MS-PS1-4"]),
        ("weight mass", ["5-PS1-2"]),
        ("EQUAL", ["5-PS1-2"]),
        ("zebra", []),
    ],
)
def test_a_standard_is_found_by_words_or_code(words, codes):
    some = (Standard("5-PS1-2", "Equal weight and mass"), Standard("MS-PS1-4", "Mass of gases"), Standard("X", "Other"))
    assert [one.code for one in search_standards(some, words)] == codes


def test_a_code_is_known_however_it_is_spelt_and_never_guessed():
    some = (Standard("5-PS1-2", "a"), Standard("B", "b"), Standard("b", "c"))
    assert find_by_code(some, "5.ps1.2") == some[0]
    assert find_by_code(some, "B") is None
    assert find_by_code(some, "5-PS1") is None


@given(st.lists(st.lists(st.text(max_size=12), max_size=4), max_size=6), st.text(max_size=12))
def test_no_table_and_no_words_are_too_strange(rows, words):
    try:
        found = standards_from_rows(rows)
    except StandardsError:
        return
    assert all(one.text for one in found)
    assert set(search_standards(found, words)) <= set(found)
