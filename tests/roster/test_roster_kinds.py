"""Class lists as schools have them: no student is left out silently, and what is not understood stops."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.errors import ExitCode, UnreadableError, UsageError
from mssw.formats.text_files import decode
from mssw.names.student import fold
from mssw.roster.doubts import Gravity
from mssw.roster.headers import Meaning, is_never_read, meaning_of
from mssw.roster.roster_file import check_roster, read_and_report, read_roster, sheet_like
from mssw.roster.rows import clean_cell, drop_list_numbers
from mssw.roster.table import all_spellings, read_rows, roster_from_rows, roster_rows
from support.commands import mssw
from support.examples import examples
from support.roster_kinds import KINDS, read, table

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_each_list_gives_its_students_and_says_which_rows_hold_none(kind, tmp_path):
    found = check_roster(kind.write(tmp_path))

    assert found.students == kind.students
    assert tuple(one.row for one in found.skipped) == kind.skipped
    assert found.rows == found.students + len(found.skipped)
    assert all(one.reason for one in found.skipped)
    assert found.system == kind.system


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_each_list_is_used_with_every_name_or_stops(kind, tmp_path):
    file = kind.write(tmp_path)
    if kind.stops:
        with pytest.raises(UnreadableError) as refused:
            read_roster(file)
        assert kind.stops in str(refused.value)
        assert "roster check" in str(refused.value)
        return
    found = all_spellings(read_roster(file))
    assert [name for name in kind.names if name not in found] == []


def test_the_guide_shows_the_table_of_kinds():
    assert len(KINDS) >= 40
    assert table() in (ROOT / "docs" / "guides" / "rosters.md").read_text("utf-8"), "run tests/support/roster_kinds.py"


def test_no_name_is_in_a_message_about_any_kind(capsys, tmp_path):
    for place, kind in enumerate(KINDS):
        (tmp_path / str(place)).mkdir()
        mssw("roster", "check", kind.write(tmp_path / str(place)), "--no-input")
        said = capsys.readouterr()
        words = {fold(word) for name in kind.names for word in name.split()} - {"class", "total", "page", "student"}
        assert not words & set(fold(f"{said.out} {said.err}").replace('"', " ").split()), kind.name


def test_the_sheet_of_a_class_is_chosen_by_title_or_number(tmp_path):
    kind = next(kind for kind in KINDS if kind.name == "several sheets with students")
    file = kind.write(tmp_path)

    assert [one.first for one in read_roster(file, sheet="period 2").students] == ["Dmitri"]
    assert [one.first for one in read_roster(file, sheet="2").students] == ["Dmitri"]
    roster, report = read_and_report(file, sheet="Period 1")
    assert (len(roster.students), report.sheet, report.sheets) == (1, "Period 1", ("Period 1", "Period 2"))
    with pytest.raises(UsageError, match="has no sheet “Period 3”; its sheets with content are “Period 1”, “Period 2”"):
        read_roster(file, sheet="Period 3")
    assert sheet_like(report.sheets, "period-2") == "Period 2"
    assert sheet_like(report.sheets, "5a") == ""


def test_a_text_file_has_no_sheets(tmp_path):
    (tmp_path / "class.csv").write_text("Last,First\nLopes,Ana\n", "utf-8")
    with pytest.raises(UsageError, match="is a text file and has no sheets; leave --sheet Period 1 out"):
        read_roster(tmp_path / "class.csv", sheet="Period 1")


def test_roster_check_takes_the_sheet_and_says_which_was_read(tmp_path, capsys):
    kind = next(kind for kind in KINDS if kind.name == "several sheets with students")
    file = kind.write(tmp_path)

    assert mssw("roster", "check", file, "--no-input") == ExitCode.FINDINGS
    assert mssw("roster", "check", file, "--sheet", "Period 2", "--no-input") == ExitCode.DONE
    said = capsys.readouterr()
    assert "class.xlsx: a workbook, sheet “Period 2”" in said.out
    assert "Sheet “Period 2” is read, and not “Period 1”." in said.out
    assert "--sheet 'Period 2' --into DIR" in said.err


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Roll No", Meaning.NUMBER),
        ("Enrolment No.", Meaning.NUMBER),
        ("Adno", Meaning.NUMBER),
        ("Matrikelnummer", Meaning.NUMBER),
        ("N° étudiant", Meaning.NUMBER),
        ("Nº de matrícula", Meaning.NUMBER),
        ("Aadhaar No", Meaning.NUMBER),
        ("Student #", Meaning.NUMBER),
        ("学号", Meaning.NUMBER),
        ("Mã số học sinh", Meaning.NUMBER),
        ("Stu Pref First Nm", Meaning.PREFERRED),
        ("Student's Legal Surname", Meaning.LAST),
        ("Prénom de l'élève", Meaning.FIRST),
        ("Apellidos del alumno", Meaning.LAST),
        ("ФИО", Meaning.WHOLE),
        ("Họ và tên", Meaning.WHOLE),
        ("Tilltalsnamn", Meaning.PREFERRED),
        ("Student School Email", Meaning.EMAIL),
        ("Guardian Last Name", None),
        ("Homeroom Teacher", None),
        ("Mother's First Name", None),
        ("Phone Number", None),
        ("Lunch Status", None),
    ],
)
def test_a_header_says_what_its_column_holds(header, meaning):
    assert meaning_of(header) == meaning
    assert is_never_read(header) is (meaning is None)


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Pe&ntilde;a", "Peña"),
        ("O&#39;Brien", "O'Brien"),
        ("O&#x27;Brien", "O'Brien"),
        ("Zo&amp;euml;", "Zoë"),
        ("Robert &quot;Bo&quot; Li", 'Robert "Bo" Li'),
        ("Ana&nbsp;Lopes", "Ana Lopes"),
    ],
)
def test_entities_are_read_as_the_letters_that_they_stand_for(text, letters):
    assert clean_cell(text) == letters


@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252", "cp850"])
@pytest.mark.parametrize(
    "names",
    [
        "García, Lucía\nPeña, Toñi\nNúñez, Raúl\n",
        "Lefèvre, Hélène\nFrançois, Zoé\nBenoît, Anaïs\n",
        "Müller, Jürgen\nSchröder, Jörg\nGärtner, Käthe\n",
        "Gonçalves, João\nSimões, Conceição\nLeitão, Inês\n",
        "Åberg, Malin\nSjöström, Åsa\nHägg, Börje\n",
    ],
)
def test_old_encodings_are_told_apart_by_the_names(names, encoding):
    decoded = decode("class.csv", names.encode(encoding))

    assert (decoded.text, decoded.encoding) == (names, encoding)


def test_letters_that_can_be_read_in_two_ways_stop(tmp_path):
    (tmp_path / "class.csv").write_bytes("Name\nИванов Пётр\nСидорова Анна\n".encode("cp1251"))

    with pytest.raises(UnreadableError, match="can be read in two ways, as it is not saved as UTF-8; save it as"):
        read_roster(tmp_path / "class.csv")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["Last", "First"], ["Pe&foo;a", "Ana"]], "odd characters|a digit or a sign"),
        ([["Name"], ["Ana Lopes & Ben Ortega"]], "a digit or a sign"),
        ([["Lopes", "Ana", "Pavlov", "Dmitri"], ["Voss", "Cara", "Roe", "Mina"]], "column C may hold names"),
        ([["Last", "First", ""], ["Lopes", "Ana", "Nita"], ["Voss", "Cara", "Caz"]], "column C may hold names"),
        ([["Lopes", "Ana", "50011"], ["Last", "First", "ID"], ["Voss", "Cara", "50012"]], "row 1 is above the header"),
    ],
)
def test_what_may_hold_an_unread_name_is_a_problem(rows, words):
    problems = " ".join(read_rows(rows).problems)
    assert any(word in problems for word in words.split("|")), problems


def test_a_column_that_holds_no_names_is_left_out_by_a_word():
    from mssw.roster.columns import parse_columns  # noqa: PLC0415

    rows = [["Last", "First", "Qqq"], ["Smithers", "Jonathan", "Jojo"], ["Nakagawa", "Elizabeth", "Bee"]]
    assert roster_from_rows(rows, parse_columns(["skip=C"])).students[0].preferred == ""
    assert roster_from_rows(rows, parse_columns(["preferred=Qqq"])).students[0].preferred == "Jojo"


@pytest.mark.parametrize(
    ("text", "students"),
    [
        ("Lopes,Ana,50011,Pavlov,Dmitri,50014\nOrtega,Ben,50012,Lindholm,Eva,50015\n", 4),
        ("Lopes,Ana,,Pavlov,Dmitri\nOrtega,Ben,,Lindholm,Eva\n", 4),
        ("No,Student,No,Student,No,Student\n1,Ana Lopes,3,Ben Ortega,5,Cara Voss\n2,Dmitri Roe,4,Eva Holm,,\n", 5),
        ("Ana Lopes,a@s.org,Ben Ortega,b@s.org\nCara Voss,c@s.org,Eva Holm,e@s.org\n", 4),
    ],
)
def test_students_side_by_side_are_read_however_they_are_set_out(text, students):
    found = read_rows([line.split(",") for line in text.splitlines()])
    assert (len(found.students), found.problems) == (students, ())


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["1. Ana Lopez", "2) Bo Li", "Cy Day 3. B"], ["Ana Lopez", "Bo Li", "Cy Day 3. B"]),
        (["(1) Ana Lopez", "(2) Bo Li", "Room 12: Cy Day"], ["Ana Lopez", "Bo Li", "Room 12: Cy Day"]),
        (["1 Ana Lopez", "2 Bo Li", "3 Cy 4 Day", "Di 5 Eng"], ["Ana Lopez", "Bo Li", "Cy 4 Day", "Di 5 Eng"]),
    ],
)
def test_only_the_number_before_a_name_is_taken_off(cells, names):
    assert drop_list_numbers([[cell] for cell in cells]) == [[name] for name in names]


@pytest.mark.parametrize(
    "text",
    [
        "Name,ID,,\nLopes Ana,50011,Pavlov Dmitri,50014\nOrtega Ben,50012,Lindholm Eva,50015\n",
        "Boys,Girls\nBen Ortega,Ana Lopes\nDmitri Pavlov,Cara Voss\n",
        "Lopes,Ana,Pavlov\nOrtega,Ben,Lindholm\n",
    ],
)
def test_students_side_by_side_that_are_not_understood_stop(text):
    assert read_rows([line.split(",") for line in text.splitlines()]).problems


def test_a_student_without_a_class_is_in_none_and_stops(tmp_path):
    (tmp_path / "all.csv").write_text("Name,Section\nAna Lopes,5A\nBen Ortega,5B\nCara Voss,\n", "utf-8")
    with pytest.raises(UnreadableError, match="row 4 has a student without a class"):
        read_roster(tmp_path / "all.csv", "5A")


def seconds_to_check(place, students, *, first=10_000):
    names = [str(n).translate(str.maketrans("0123456789", "bcdfglmrst")) for n in range(first, first + students)]
    rows = [f"A{name}a,Name{name},{n}" for n, name in enumerate(names, first)]
    place.write_text("\n".join(["First,Last,ID", *rows]), "utf-8")
    began = time.process_time()
    assert check_roster(place).students == students
    return time.process_time() - began


def test_a_list_that_is_five_times_as_long_takes_no_more_than_about_five_times_as_long(tmp_path):
    place = tmp_path / "class.csv"
    seconds_to_check(place, 50)  # loads what reading needs
    short = min(seconds_to_check(place, 400, first=first) for first in (20_000, 30_000, 40_000))  # each name is new
    assert seconds_to_check(place, 2000) < 12 * short  # 25 times as long if each row looked at all others


def test_names_are_written_whatever_encoding_the_system_has(tmp_path):
    (tmp_path / "class.csv").write_text("Prénom\tNom\tŁx\nÁnh\tNguyễn\tRoom 4\n", "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "mssw", "roster", "check", str(tmp_path / "class.csv"), "--json"],
        capture_output=True,
        check=False,
        env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(ROOT / "src")},
    )
    assert run.returncode == ExitCode.DONE, run.stderr
    assert "Łx" in run.stdout.decode("utf-8")


FIRSTS = [
    "Ana",
    "Ben",
    "Cara",
    "Dmitri",
    "Eva",
    "Femi",
    "Zoë",
    "José",
    "Ngọc",
    "Łukasz",
    "Siân",
    "Class",
    "Page",
    "Grace",
]
LASTS = [
    "Lopes",
    "Ortega",
    "Voss",
    "Pavlov",
    "Student",
    "Total",
    "O'Neil",
    "García",
    "Nguyễn",
    "Żak",
    "Grade",
    "Section",
]
HEADERS = [
    ("Last Name", "First Name", "Student ID"),
    ("Stu Last Name", "Stu First Name", "Other ID"),
    ("Apellidos", "Nombre", "Matrícula"),
    ("Nom", "Prénom", "N° étudiant"),
    ("Nachname", "Vorname", "Matrikelnummer"),
    ("Họ", "Tên", "Mã học sinh"),
    ("Nazwisko", "Imię", "Nr albumu"),
    ("Фамилия", "Имя", "Номер ученика"),
    ("姓", "名", "学号"),
]
JUNK = ["Total students: 9", "Printed on 3/4/2026", "Page 2", "Points Possible", "End of report"]
STUDENTS = st.lists(st.tuples(st.sampled_from(LASTS), st.sampled_from(FIRSTS)), min_size=1, max_size=9, unique=True)


@examples(60)
@given(
    students=STUDENTS,
    header=st.sampled_from(HEADERS),
    order=st.permutations([0, 1, 2]),
    junk=st.lists(st.tuples(st.integers(0, 12), st.sampled_from([*JUNK, "header", ""])), max_size=4),
    side_by_side=st.booleans(),
    title=st.booleans(),
)
def test_no_row_with_a_name_disappears(students, header, order, junk, side_by_side, title):
    cells = [[last, first, str(50_000 + n)] for n, (last, first) in enumerate(students)]
    people = [[row[place] for place in order] for row in cells]
    head = [header[place] for place in order]
    rows = people
    if side_by_side:
        half = (len(people) + 1) // 2
        rows = [
            left + (people[half + n] if half + n < len(people) else ["", "", ""])
            for n, left in enumerate(people[:half])
        ]
        head += head
    for place, what in junk:
        rows = [*rows[:place], list(head) if what == "header" else [what], *rows[place:]]
    table_rows = [*([["Lincoln Middle School"]] if title else []), head, *rows]

    found = read_rows(table_rows)

    assert found.problems == ()
    assert sorted((one.last, one.first) for _, one in found.students) == sorted(students)
    assert all(one.number for _, one in found.students)
    parts = 2 if side_by_side else 1
    width = len(head) // parts
    filled = [row for row in table_rows if any(row) and row is not head]
    with_data = 0
    for row in filled:
        is_part = len(row) == len(head) and row != head
        with_data += sum(any(row[n * width : (n + 1) * width]) for n in range(parts)) if is_part else 1
    assert found.rows == with_data == len(found.students) + len(found.skipped)
    assert all(remark.gravity is not Gravity.PROBLEM for remark in found.remarks)
    kept = roster_from_rows(roster_rows(roster_from_rows(table_rows)))
    assert len(kept.students) == len(students)


def test_a_set_of_an_older_version_with_an_odd_name_still_opens():
    header = [
        "Last name",
        "First name",
        "Middle name",
        "Preferred name",
        "Student number",
        "E-mail",
        "Other identifiers",
    ]
    found = read_rows([header, ["Lee", "Jos?", "", "", "501", "", ""], ["Total", "Ana", "", "", "", "", ""]])

    assert (len(found.students), found.problems) == (2, ())


def test_reading_each_kind_twice_is_the_same():
    assert all(read(kind) == read(kind) for kind in KINDS[:3])
