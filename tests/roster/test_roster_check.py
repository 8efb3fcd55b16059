"""`mssw roster check`: how a class list is read, every problem at once, and nobody named."""

from __future__ import annotations

import json
from unittest.mock import patch

import openpyxl
import pytest

from mssw.errors import ExitCode, UnreadableError, UsageError
from mssw.roster.doubts import is_odd
from mssw.roster.roster_file import check_roster, read_roster, roster_bytes
from support.commands import copied, mssw

pytestmark = pytest.mark.usefixtures("warm_crew")

STUDENTS = [
    ("Maria", "Garcia Lopez", "500123", "mg@school.org", "2014-03-04"),
    ("Zoë", "Nuñez", "500124", "zn@school.org", "2014-05-06"),
    ("Ann Marie", "O'Neil", "500125", "ao@school.org", "2013-11-30"),
]
SENSITIVE = ("2014-03-04", "2014-05-06", "2013-11-30", "Hispanic", "Free", "IEP-speech")
EXTRA = ("Hispanic", "Free", "IEP-speech")


def powerschool():
    names = "Student_Number,State_StudentNumber,Last_Name,First_Name,Middle_Name,LastFirst"
    yield f"{names},Grade_Level,Home_Room,DOB,Race,Lunch_Status,SpEd".split(",")
    for first, last, number, _, born in STUDENTS:
        yield [number, f"99{number}", last, first, "", f"{last}, {first}", "5", "B12", born, *EXTRA]


def canvas():
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Quiz 1"]
    yield ["    Points Possible", "", "", "", "", "10"]
    for first, last, number, mail, _ in STUDENTS:
        yield [f"{last}, {first}", f"8{number}", number, mail.partition("@")[0], "P3", "7"]
    yield ["Student, Test", "99", "", "", "P3", ""]


def gradescope():
    yield ["First Name", "Last Name", "SID", "Email", "Role", "Section"]
    for first, last, number, mail, _ in STUDENTS:
        yield [first, last, number, mail, "Student", "3"]
    yield ["Rosa", "Ortiz", "77", "ro@school.org", "Instructor", "3"]


def d2l():
    yield ["OrgDefinedId", "Username", "Last Name", "First Name", "Email", "Final Grade", "End-of-Line Indicator"]
    for first, last, number, mail, _ in STUDENTS:
        yield [f"#{number}", f"#{mail.partition('@')[0]}", last, first, mail, "88", "#"]


def oneroster():
    names = "givenName,familyName,middleName"
    yield f"sourcedId,status,role,username,{names},identifier,email,grades,birthDate".split(",")
    for first, last, number, mail, born in STUDENTS:
        yield [f"u-{number}", "active", "student", mail[:2], first, last, "", number, mail, "05", born]
    yield ["u-9", "active", "teacher", "ro", "Rosa", "Ortiz", "", "77", "ro@school.org", "", ""]


def clever():
    names = "Last_name,Middle_name,First_name"
    yield f"Student_id,Student_number,State_id,{names},Grade,Student_email,DOB,Race,Frl_status,Iep_status".split(",")
    for first, last, number, mail, born in STUDENTS:
        yield [f"c{number}x", number, f"99{number}", last, "", first, "5", mail, born, *EXTRA]


def campus():
    keys = ("stateID", "lastName", "firstName", "studentNumber", "birthdate", "raceEthnicity")
    yield [f"student.{key}" for key in keys]
    for first, last, number, _, born in STUDENTS:
        yield [f"99{number}", last, first, number, born, "Hispanic"]


def google():
    yield ["Last Name", "First Name", "Email Address"]
    for first, last, _, mail, _ in STUDENTS:
        yield [last, first, mail]


def last_first():
    for first, last, *_ in STUDENTS:
        yield [f"{last}, {first}"]


EXPORTS = {
    "PowerSchool": powerschool,
    "Canvas": canvas,
    "Gradescope": gradescope,
    "D2L Brightspace": d2l,
    "OneRoster": oneroster,
    "Clever": clever,
    "Infinite Campus": campus,
    "Google Classroom": google,
    "": last_first,
}


def text_of(rows, separator=","):
    """The rows as a text file writes them."""
    cells = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in rows]
    return "\r\n".join(separator.join(row) for row in cells) + "\r\n"


def workbook(path, rows, *, titled=False):
    """The rows as a workbook; with titles above and headers merged over two columns, as printed reports have them."""
    book = openpyxl.Workbook()
    sheet = book.active
    if titled:
        sheet.append(["Lincoln Elementary"])
        sheet.append(["Class list, printed 3/4/2026"])
        sheet.append([])
        sheet.merge_cells("A1:C1")
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def saved(path, rows, encoding="utf-8", separator=","):
    path.write_bytes(text_of(rows, separator).encode(encoding))
    return path


WAYS = {
    "commas": lambda path, rows: saved(path / "class.csv", rows),
    "a mark in front": lambda path, rows: saved(path / "class.csv", rows, "utf-8-sig"),
    "Windows' encoding and semicolons": lambda path, rows: saved(path / "class.csv", rows, "cp1252", ";"),
    "UTF-16 and tabs": lambda path, rows: saved(path / "class.txt", rows, "utf-16", "\t"),
    "tabs": lambda path, rows: saved(path / "class.txt", rows, "utf-8", "\t"),
    "a workbook": lambda path, rows: workbook(path / "class.xlsx", rows),
    "a workbook with titles": lambda path, rows: workbook(path / "class.xlsx", rows, titled=True),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("system", EXPORTS)
def test_each_export_is_recognised_and_clean_however_it_was_saved(system, way, tmp_path):
    found = check_roster(WAYS[way](tmp_path, list(EXPORTS[system]())))

    assert (found.system, found.students, found.is_clean) == (system, len(STUDENTS), True), found.remarks


@pytest.mark.parametrize("system", EXPORTS)
def test_each_student_is_read_with_her_names_and_number(system, tmp_path):
    roster = read_roster(saved(tmp_path / "class.csv", EXPORTS[system](), "utf-8"))

    assert [(one.first, one.last) for one in roster.students][1:2] == [("Zoë", "Nuñez")]
    if system not in {"Google Classroom", ""}:
        assert [one.number for one in roster.students] == [number for _, _, number, *_ in STUDENTS]


@pytest.mark.parametrize("system", EXPORTS)
def test_no_birth_date_race_lunch_or_special_education_gets_into_a_set(system, tmp_path):
    given = saved(tmp_path / "class.csv", EXPORTS[system]())
    kept = tmp_path / "roster.xlsx"
    kept.write_bytes(roster_bytes(read_roster(given)))

    cells = [str(cell) for row in openpyxl.load_workbook(kept).active.iter_rows(values_only=True) for cell in row]
    assert not [cell for cell in cells for secret in SENSITIVE if secret in cell]
    unread = {column.title for column in check_roster(given).columns if column.meaning is None}
    dropped = ("DOB", "Race", "Lunch", "SpEd", "Frl", "Iep", "birth", "raceEth")
    header = next(iter(EXPORTS[system]()))
    assert {title for title in header if any(word in title for word in dropped)} <= unread


def test_a_header_merged_over_two_columns_of_a_workbook_is_both_names(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Student", None, "Room"], ["Garcia", "Maria", "4"], ["Lee", "Ann", "4"]):
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    book.save(tmp_path / "class.xlsx")

    assert [one.name for one in read_roster(tmp_path / "class.xlsx").students] == ["Maria Garcia", "Ann Lee"]
    assert check_roster(tmp_path / "class.xlsx").is_clean


def test_rows_that_are_no_students_are_told_and_harmless(tmp_path):
    found = check_roster(saved(tmp_path / "class.csv", canvas()))
    assert [(remark.rows, str(remark.gravity)) for remark in found.remarks] == [((2,), "note"), ((6,), "note")]

    found = check_roster(saved(tmp_path / "class.csv", gradescope()))
    assert [str(remark) for remark in found.remarks] == [
        "row 5 is not a student's (its role says so) and is passed over"
    ]


def test_names_in_a_script_that_is_not_read_are_told(tmp_path):
    rows = [["Last name", "First name"], ["Гонсалес", "Мария"], ["Nguyễn", "Ánh"], ["王", "小明"], ["Kim", "민준"]]
    found = check_roster(saved(tmp_path / "class.csv", rows))
    told = [remark for remark in found.remarks if "in a script that mssw cannot read" in remark.what]
    assert [remark.rows for remark in told] == [(2,), (4,)]


def test_all_that_is_wrong_comes_at_once_by_row_and_names_nobody(tmp_path, capsys):
    rows = [
        ["Last name", "First name", "ID", "Email"],
        ["Garcia", "Maria", "1001", "same@school.org"],
        ["", "", "1002", ""],
        ["Garcia", "Maria", "", "b@school.org"],
        [],
        ["Lee", "Jos\u00c3\u00a9", "1004", "same@school.org"],
        ["Cho", "Mia", "1001", ""],
        ["Ortiz", "Ms. Rosa", "1007", ""],
        ["Kim", "", "1008", ""],
        ["Ad4ms", "Zoe", "1009", ""],
    ]
    file = saved(tmp_path / "class.csv", rows)

    assert mssw("roster", "check", file) == ExitCode.FINDINGS

    said = capsys.readouterr()
    for line in (
        "Row 3 has a number or an address but no name.",
        "Rows 2 and 4 hold the same name, and no number tells them apart.",
        "Row 5 is empty.",
        "Row 6 has odd characters in a name",
        "Rows 2 and 6 hold one e-mail address.",
        "Rows 2 and 7 hold one student number for two names.",
        "Row 8 looks like a teacher, not a student.",
        "Row 9 has only one of first and last name.",
        "Row 10 has a digit or a sign where a name should stand.",
    ):
        assert line in said.out
    everything = said.out + said.err
    assert not [name for name in ("Garcia", "Maria", "Cho", "Mia", "Rosa", "Kim", "Zoe", "same@") if name in everything]


def test_two_students_of_one_name_are_told_apart_by_their_numbers(tmp_path):
    found = check_roster(saved(tmp_path / "class.csv", [["Name", "ID"], ["Ann Lee", "5001"], ["Ann Lee", "5002"]]))

    assert (found.students, found.is_clean) == (2, True)
    assert [str(one) for one in found.remarks] == ["rows 2 and 3 hold the same name; their numbers tell them apart"]


def test_two_thousand_students_are_read_and_said_to_be_more_than_a_class(tmp_path):
    rows = [
        ["Name", "ID"],
        *([f"A{'bcdefghij'[n % 9]}a Name{'klmnopqrst'[n // 9 % 10]}", f"{n + 10_000}"] for n in range(2000)),
    ]
    found = check_roster(saved(tmp_path / "class.csv", rows))

    assert (found.students, found.is_usable) == (2000, True)
    assert "it has 2,000 students" in str(found.remarks[0])


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("José", False),
        ("Nuñez-O'Neil", False),
        ("van der Berg", False),
        ("McÉlroy", False),
        ("Đặng Thị Hoa", False),
        ("王小明", False),
        ("Łukasz", False),
        ("Jos\u00c3\u00a9", True),
        ("Jos?", True),
        ("Jos\ufffd", True),
        ("Jos\u017d", True),
        ("Ann ☺", True),
    ],
)
def test_odd_characters_are_those_that_no_name_is_written_with(name, odd):
    assert is_odd(name) is odd


def test_names_that_a_mac_wrote_are_read_as_it_wrote_them(tmp_path):
    file = saved(tmp_path / "class.csv", [["Name"], ["José Lee"], ["Ann Ray"]], "mac-roman")

    assert [one.name for one in read_roster(file).students] == ["José Lee", "Ann Ray"]
    assert "Mac" in check_roster(file).read_as


FINNISH = [["Sukunimi", "Etunimi", "Nro"], ["Korhonen", "Aino", "501"], ["Nieminen", "Eino", "502"]]


@pytest.mark.parametrize(
    "told",
    [["last=Sukunimi,first=Etunimi,id=Nro"], ["last=Sukunimi", "first=b", "id=C"], ["LAST = sukunimi, first=B,id=C"]],
)
def test_columns_that_are_not_known_can_be_told(told, tmp_path):
    file = saved(tmp_path / "class.csv", FINNISH)

    students = read_roster(file, columns=told).students

    assert [(one.first, one.last, one.number) for one in students] == [
        ("Aino", "Korhonen", "501"),
        ("Eino", "Nieminen", "502"),
    ]


def test_a_column_that_was_taken_for_a_name_can_be_left_out(tmp_path):
    rows = [["Name", "First", "Last"], ["Room 4", "Ann", "Lee"], ["Room 4", "Bo", "Ng"]]
    file = saved(tmp_path / "class.csv", rows)

    assert [one.name for one in read_roster(file, columns=["skip=Name"]).students] == ["Ann Lee", "Bo Ng"]


def test_a_column_that_is_not_there_is_said_with_those_that_are(tmp_path):
    file = saved(tmp_path / "class.csv", FINNISH)

    with pytest.raises(
        UnreadableError, match=r"no column “Surname”; its columns are A \(Sukunimi\), B \(Etunimi\)"
    ) as refused:
        read_roster(file, columns=["last=Surname"])
    assert "Korhonen" not in str(refused.value)
    known = saved(tmp_path / "known.csv", google())
    with pytest.raises(UnreadableError, match=r"its columns are A \(Last Name\), B \(First Name\)"):
        read_roster(known, columns=["last=Surname"])
    with pytest.raises(UnreadableError, match="column “B” is listed twice"):
        read_roster(known, columns=["last=First Name,first=B"])
    with pytest.raises(UsageError, match="say columns as last=Surname"):
        read_roster(file, columns=["surname is B"])


def test_the_mapping_is_shown_and_what_is_not_read_is_named(tmp_path, capsys):
    assert mssw("roster", "check", saved(tmp_path / "class.csv", powerschool()), "--no-input") == ExitCode.DONE

    said = capsys.readouterr()
    assert "looks like an export from PowerSchool; the header is row 1" in said.out
    assert "C        Last_Name             Last name" in said.out
    assert "Ignored, and never saved: Grade_Level, Home_Room, DOB, Race, Lunch_Status, SpEd." in said.out
    assert "Next:  mssw prepare" in said.err


def test_a_person_at_a_terminal_confirms_or_corrects_the_columns(tmp_path, capsys):
    file = saved(tmp_path / "class.csv", [["Name", "First", "Last"], ["Lion", "Ann", "Lee"], ["Hare", "Bo", "Ng"]])
    with (
        patch("sys.stdin.isatty", return_value=True),
        patch("sys.stderr.isatty", return_value=True),
        patch("typer.confirm", side_effect=[False, True]),
        patch("typer.prompt", side_effect=["C", "B", "", ""]),
    ):
        assert mssw("roster", "check", file) == ExitCode.DONE

    said = capsys.readouterr()
    assert "--columns last=C --columns first=B" in said.err


def test_a_script_is_never_asked(tmp_path):
    file = saved(tmp_path / "class.csv", google())
    with (
        patch("sys.stdin.isatty", return_value=True),
        patch("sys.stderr.isatty", return_value=True),
        patch("typer.confirm", side_effect=AssertionError("asked")),
    ):
        assert mssw("roster", "check", file, "--no-input") == ExitCode.DONE
        assert mssw("roster", "check", file, "--json") == ExitCode.DONE


def test_as_json_it_says_all_of_it(tmp_path, capsys):
    assert mssw("roster", "check", saved(tmp_path / "class.csv", clever()), "--json") == ExitCode.DONE

    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["system"], told["students"], told["clean"]) == (
        "mssw.roster-check/2",
        "Clever",
        3,
        True,
    )
    assert {"column": "D", "title": "Last_name", "read_as": "Last name"} in told["columns"]
    assert {"column": "I", "title": "DOB", "read_as": None} in told["columns"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 \x00\x01", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old"])
def test_what_is_no_table_ends_with_3(data, tmp_path, capsys):
    (tmp_path / "class.csv").write_bytes(data)

    assert mssw("roster", "check", tmp_path / "class.csv") == ExitCode.UNREADABLE
    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture
def small_set(small_class, tmp_path):
    return copied(small_class, tmp_path / "set")


def rows_of(small_set, *more):
    """Its own class list with more rows: one that lacks a name of it is refused."""
    students = read_roster(small_set / "private" / "roster.xlsx").students
    return [[one.last, one.first, one.number, *one.others] for one in students] + [[*row, ""] for row in more]


@pytest.mark.pages
def test_columns_told_to_prepare_are_kept_and_used_again(small_set, tmp_path, capsys):
    before = [one.name for one in read_roster(small_set / "private" / "roster.xlsx").students]
    file = saved(tmp_path / "luokka.csv", [[*FINNISH[0], "Muu"], *rows_of(small_set, *FINNISH[1:])])
    told = ("--columns", "last=Sukunimi,first=Etunimi", "--columns", "id=Nro,other=Muu")

    assert mssw("prepare", "--into", small_set, "--roster", file, *told) == ExitCode.FINDINGS
    assert 'columns = ["last=Sukunimi,first=Etunimi", "id=Nro,other=Muu"]' in (small_set / "set.toml").read_text(
        "utf-8"
    )
    assert [one.name for one in read_roster(small_set / "private" / "roster.xlsx").students] == [
        *before,
        "Aino Korhonen",
        "Eino Nieminen",
    ]
    assert mssw("prepare", "--into", small_set, "--roster", file, "--dry-run") == ExitCode.DONE
    assert f"{len(before) + 2} students" in capsys.readouterr().err


def test_prepare_stops_where_a_name_could_not_be_looked_for(small_set, tmp_path, capsys):
    rows = [["Name", "ID"], ["Jos? Lee", "501"], ["Ann Ray", "502"]]
    before = (small_set / "private" / "roster.xlsx").read_bytes()

    assert mssw("prepare", "--into", small_set, "--roster", saved(tmp_path / "class.csv", rows)) == ExitCode.UNREADABLE

    said = " ".join(capsys.readouterr().err.split())
    assert "class.csv cannot be used as a roster: row 2 has odd characters in a name" in said
    assert f"`mssw roster check {tmp_path / 'class.csv'}` shows how it is read" in said
    assert "Lee" not in said
    assert (small_set / "private" / "roster.xlsx").read_bytes() == before


@pytest.mark.pages
def test_prepare_says_where_a_class_list_looks_doubtful(small_set, tmp_path, capsys):
    header = ["Student_Number", "State_StudentNumber", "Last_Name", "First_Name"]
    more = ("Ray", "Bo", "502"), ("Cher", "", "503")
    rows = [header, *([number, other, last, first] for last, first, number, other in rows_of(small_set, *more))]

    mssw("prepare", "--into", small_set, "--roster", saved(tmp_path / "class.csv", rows))

    said = " ".join(capsys.readouterr().err.split())
    assert "some rows of class.csv look wrong" in said
    assert "Cher" not in said


def test_what_is_said_of_columns_without_sense_ends_with_2(small_set, capsys):
    assert mssw("prepare", "--into", small_set, "--columns", "surname: B") == ExitCode.USAGE

    assert "--columns cannot be understood" in capsys.readouterr().err


@pytest.mark.parametrize(
    "rows", ["Grade,Lunch Status\n5,Free\n5,Paid\n4,Reduced\n", "Race\nWhite\nBlack\n", "Student ID,IEP\n1001,Yes\n"]
)
def test_a_table_without_names_is_no_list_of_students_whatever_stands_in_it(tmp_path, capsys, rows):
    (tmp_path / "class.csv").write_text(rows, encoding="utf-8")

    assert mssw("roster", "check", tmp_path / "class.csv", "--json") == ExitCode.FINDINGS

    report = json.loads(capsys.readouterr().out)
    assert (report["students"], report["clean"]) == (0, False)
    assert "no column of names" in json.dumps(report["remarks"])


def test_a_list_whose_first_student_is_called_like_a_column_keeps_her(tmp_path, capsys):
    (tmp_path / "class.csv").write_text("Race,Ann\nNg,Bo\nOrtiz,Zoe\n", encoding="utf-8")

    mssw("roster", "check", tmp_path / "class.csv", "--json")

    assert json.loads(capsys.readouterr().out)["students"] == 3
