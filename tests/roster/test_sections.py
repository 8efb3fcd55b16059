"""One roster for many classes is told apart by its column of classes, and never guessed."""

from __future__ import annotations

import pytest

from mssw.errors import UnreadableError
from mssw.roster.roster_file import read_roster
from mssw.roster.table import rows_of_section, section_like, sections_of

CANVAS = [
    ["Student", "ID", "SIS User ID", "Section"],
    ["    Points Possible", "", "", ""],
    ["Quill, Ada", "1", "100001", "Math 5A"],
    ["Birch, Tom", "2", "100002", "Math 5B"],
    ["Moss, Ivy", "3", "100003", "Math 5A and Math 5B"],
    ["Student, Test", "", "", "Math 5A"],
]


def written(folder, rows):
    place = folder / "all.csv"
    place.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows), encoding="utf-8")
    return place


@pytest.mark.parametrize(("name", "meant"), [("5a", "Math 5A"), ("math-5b", "Math 5B"), ("5C", ""), ("Math", "")])
def test_a_class_finds_its_section_by_name_where_only_one_is_like_it(name, meant):
    assert section_like(sections_of(CANVAS), CANVAS, name) == meant


def test_a_student_of_two_classes_is_in_both_and_row_numbers_stay(tmp_path):
    place = written(tmp_path, CANVAS)

    assert [student.last for student in read_roster(place, "Math 5A").students] == ["Quill", "Moss"]
    assert [student.last for student in read_roster(place, "math 5b").students] == ["Birch", "Moss"]
    rows = rows_of_section(CANVAS, "Math 5B")
    assert [n for n, row in enumerate(rows) if row] == [0, 3, 4]


def test_a_mistake_in_another_class_is_not_this_ones_and_its_own_is_told_by_its_row(tmp_path):
    place = written(tmp_path, [*CANVAS, ["N0body, X", "9", "100009", "Math 5B"]])

    assert len(read_roster(place, "Math 5A").students) == 2
    with pytest.raises(UnreadableError, match="row 7 has a digit"):
        read_roster(place, "Math 5B")


def test_an_unknown_section_is_refused_with_those_that_are_known(tmp_path):
    with pytest.raises(UnreadableError, match=r"no student of class 6; its classes are Math 5A, Math 5B"):
        read_roster(written(tmp_path, CANVAS), "6")


@pytest.mark.parametrize(
    "rows",
    [
        [["Name", "Section"], ["Quill, Ada", "5A"], ["Birch, Tom", "5A"]],
        [["Name", "Lunch"], ["Quill, Ada", "P"], ["Birch, Tom", "F"]],
        [["Ada Quill"], ["Tom Birch"]],
    ],
)
def test_a_roster_of_one_class_or_without_such_a_column_tells_nothing_apart(rows, tmp_path):
    assert sections_of(rows).columns == ()
    with pytest.raises(UnreadableError, match="tells classes apart"):
        read_roster(written(tmp_path, rows), "5B")
