"""Spreadsheets: any table a teacher has is read, a hostile file gets one sentence, ours never vary."""

import io
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from unittest.mock import patch

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.core.page import page_ranges
from mssw.errors import ExitCode, UnreadableError
from mssw.formats import workbooks as spreadsheet
from mssw.formats.workbooks import own_rows, read_table, workbook_bytes
from mssw.names.student import Roster, Student
from mssw.roster.key_table import HEADER, KeyEntry, key_from_rows, key_rows, parse_pages
from mssw.roster.roster_file import read_roster, roster_bytes
from mssw.workset.class_list import key_bytes, read_key
from support.examples import examples

ROWS = [["Last", "First"], ["García", "Zoë"], ["Lee", "Ann"]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def given_file(tmp_path):
    def write(data, name="roster.csv"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def sentence(path):
    with pytest.raises(UnreadableError) as caught:
        read_table(path)
    assert caught.value.code is ExitCode.UNREADABLE
    assert path.name in str(caught.value)
    assert str(caught.value).endswith(".")
    return str(caught.value)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_is_read_in_every_encoding_and_with_every_separator(given_file, encoding, separator):
    text = "".join(separator.join(row) + "\r\n" for row in ROWS)
    assert read_table(given_file(text.encode(encoding))) == ROWS


def test_a_list_with_a_comma_here_and_there_has_one_column(given_file):
    rows = read_table(given_file(b"Maria Garcia\nAnn Lee\nJohn Smith, Jr.\n", "names.txt"))
    assert rows == [["Maria Garcia"], ["Ann Lee"], ["John Smith, Jr."]]


def test_quoted_cells_hold_separators_and_blank_rows_keep_their_place(given_file):
    data = b'Student;ID\n\n"Garcia; Lopez, Maria";="00123"\n\n\n'
    assert read_table(given_file(data)) == [["Student", "ID"], [], ["Garcia; Lopez, Maria", "00123"]]


def test_a_separator_that_the_file_states_is_taken(given_file):
    assert read_table(given_file(b"sep=;\nName,x;ID\nAnn,y;1\n"))[1:] == [["Name,x", "ID"], ["Ann,y", "1"]]


def test_cells_of_a_workbook_are_read_as_they_are_shown(given_file):
    book = openpyxl.Workbook()
    for value in (
        "Ann",
        123.0,
        1.5,
        True,
        datetime(2026, 3, 4, tzinfo=UTC).replace(tzinfo=None),
        None,
        "end",
    ):
        book.active.append([value])
    book.active["B1"] = 123
    book.active["B1"].number_format = "000000"
    rows = read_table(given_file(saved(book), "x.xlsx"))
    assert rows == [["Ann", "000123"], ["123"], ["1.5"], ["TRUE"], ["2026-03-04T00:00:00"], [], ["end"]]


def test_the_first_visible_sheet_with_content_is_read(given_file):
    book = openpyxl.Workbook()
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet("blank")
    book.create_sheet("names").append(["Name"])
    assert read_table(given_file(saved(book), "x.xlsm")) == [["Name"]]


def test_merged_cells_and_titles_do_not_hide_the_names(given_file):
    book = openpyxl.Workbook()
    for row in (
        ["Lincoln School"],
        [],
        ["Student", None, "ID"],
        ["Garcia", "Maria", 50012],
        ["Lee", "Ann", 50013],
    ):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("A3:B3")
    roster = read_roster(given_file(saved(book), "x.xlsx"))
    assert [(s.name, s.number) for s in roster.students] == [("Maria Garcia", "50012"), ("Ann Lee", "50013")]


def test_a_file_is_told_by_its_bytes_not_by_its_name(given_file):
    assert read_table(given_file(workbook_bytes({"A": ROWS}), "roster.csv")) == ROWS
    assert read_table(given_file(b"Last,First\nLee,Ann\n", "roster.xlsx")) == [
        ["Last", "First"],
        ["Lee", "Ann"],
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (b",,\n,,\n", "no row with anything in it"),
        (b"%PDF-1.7\n%text", "neither a spreadsheet nor a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "neither a spreadsheet nor a text file"),
        (b"\xff\xfe\x00", "neither a spreadsheet nor a text file"),
        (b"<html><table><tr><td>Ann</td></tr></table>", "a web page"),
        (OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (OLE + b"\x00" * 600 + "Workbook".encode("utf-16-le"), "before 2007"),
        (b"PK\x03\x04 cut off", "cut off or damaged"),
        (b"Name\n" + b"a," * 9 + b'"' + b"x" * 140_000, "quotation mark"),
        (b"Name\n" + b"Ann\n" * 20_001, "more than 20,000 rows"),
    ],
)
def test_what_is_no_table_gets_one_sentence(given_file, data, words):
    assert words in sentence(given_file(data))


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_another_kind_of_zip_is_no_workbook(given_file):
    assert "not an Excel workbook" in sentence(given_file(zipped(mimetype="opendocument"), "x.ods"))


def test_a_bomb_is_refused_before_it_is_unpacked(given_file):
    data = zipped(**{"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 60_000_000})
    assert len(data) < 100_000
    assert "unpacks to more than 50 MB" in sentence(given_file(data, "x.xlsx"))


def sheet_with(xml, head=""):
    whole = io.BytesIO(workbook_bytes({"A": ROWS}))
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'{head}<worksheet xmlns="{space}"><sheetData>{xml}</sheetData></worksheet>'
    return zipped(**(parts | {"xl/worksheets/sheet1.xml": text.encode()}))


def test_very_wide_rows_are_refused_in_little_time(given_file):
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 2000))
    assert "far too many cells" in sentence(given_file(sheet_with(rows), "x.xlsx"))


def test_a_row_at_the_foot_of_the_sheet_is_too_far_down(given_file):
    row = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert "more than 20,000 rows" in sentence(given_file(sheet_with(row), "x.xlsx"))


def test_entities_that_multiply_are_refused(given_file):
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    cell = '<row r="1"><c r="A1" t="str"><v>&a9;</v></c></row>'
    data = sheet_with(cell, f"<!DOCTYPE worksheet [{entities}]>")
    assert "damaged" in sentence(given_file(data, "x.xlsx"))


def test_a_truncated_workbook_is_refused(given_file):
    data = workbook_bytes({"A": ROWS})
    assert "cut off or damaged" in sentence(given_file(data[: len(data) // 2], "x.xlsx"))


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    assert "is a folder" in sentence(tmp_path)
    assert "could not be read" in sentence(tmp_path / "gone.xlsx")


def test_a_file_that_is_too_large_is_not_read(given_file, monkeypatch):
    monkeypatch.setattr(spreadsheet, "_MOST_BYTES", 10)
    assert "is larger than" in sentence(given_file(b"Name\nMaria Garcia\n"))


def test_a_roster_with_problems_names_all_of_them_and_no_student(given_file):
    path = given_file(b"Last name,First name,ID\nGarcia,Maria,\n,,55\nGarcia,Maria,\n")
    with pytest.raises(UnreadableError) as caught:
        read_roster(path)
    text = str(caught.value)
    assert "row 3 has a number" in text
    assert "rows 2 and 4 hold the same name" in text
    assert f"mssw roster check {path}" in text
    assert not any(name in text for name in ("Maria", "Garcia"))


NAME = st.text(st.characters(codec="utf-8", exclude_categories=["C", "N", "Z"]), min_size=1, max_size=9)


@given(st.lists(st.tuples(NAME, NAME), min_size=1, max_size=6))
@examples(40)
def test_a_roster_that_is_written_is_read_back_equal(tmp_path_factory, names):
    path = tmp_path_factory.mktemp("roster") / "given.csv"
    text = "".join(f'"{last}"\t"{first}"\t{50_000 + i}\n' for i, (last, first) in enumerate(names))
    path.write_text("Last name\tFirst name\tID\n" + text.replace('"""', '"'), encoding="utf-8")
    try:
        roster = read_roster(path)
    except UnreadableError:
        return  # refused, which has its own tests
    again = path.with_suffix(".xlsx")
    again.write_bytes(roster_bytes(roster))
    assert read_roster(again) == roster


def test_a_roster_keeps_only_the_columns_we_need(given_file):
    path = given_file(b"Last name,First name,Student ID,Email,Race,IEP\nGarcia,Maria,0012,m@x.org,H,Y\n")
    roster = read_roster(path)
    assert roster == Roster((Student("Maria", "Garcia", number="0012", email="m@x.org"),))
    kept = read_table(given_file(roster_bytes(roster), "roster.xlsx"))
    names = ["Last name", "First name", "Middle name", "Preferred name"]
    assert kept[0] == [*names, "Student number", "E-mail", "Other identifiers"]
    assert kept[1] == ["Garcia", "Maria", "", "", "0012", "m@x.org"]


ENTRIES = (
    KeyEntry("Andrea", "Maria García", "0012", "stack.pdf", (5, 6), "position"),
    KeyEntry("Bohdan", "", "", "stack.pdf", (8, 7), ""),
    KeyEntry("Chidi", "=1+1", "+4", "-a.pdf", (1,), "@person"),
)


def test_a_key_is_read_back_as_it_was_written(given_file):
    path = given_file(key_bytes(ENTRIES), "key.xlsx")
    assert read_table(path)[0] == list(HEADER)
    assert [row[4] for row in read_table(path)[1:]] == ["5-6", "8,7", "1"]
    assert read_key(path) == ENTRIES


def test_a_key_may_have_its_columns_moved_and_rows_left_blank():
    rows = [[*row[::-1], "my note"] for row in key_rows(ENTRIES)]
    rows.insert(2, [])
    assert key_from_rows(rows) == ENTRIES


def test_a_damaged_key_says_where_and_names_nobody(given_file):
    text = "\t".join(HEADER) + "\nAndrea\tMaria\t1\ts.pdf\t5-\t\n\tAnn\t2\ts.pdf\t1\t\nBo\t\t\t\t2\t\nbo\t\t\t\t3\t\n"
    with pytest.raises(UnreadableError) as caught:
        read_key(given_file(text.encode(), "key.xlsx"))
    assert "row 2 has source pages" in str(caught.value)
    assert "row 3 has no alias" in str(caught.value)
    assert "rows 4 and 5 hold one alias" in str(caught.value)
    assert "Maria" not in str(caught.value)
    with pytest.raises(UnreadableError, match="no column Student nor Student ID"):
        read_key(given_file(b"Alias,Source file,Source pages,Matched by\nA,b,1,c\n", "key.xlsx"))


def test_a_key_entry_shows_no_student_in_its_repr():
    assert not any(secret in repr(ENTRIES[0]) for secret in ("Maria", "García", "0012", "stack"))


@given(st.lists(st.integers(1, 500), max_size=12))
def test_pages_are_read_as_they_are_written(pages):
    assert parse_pages(page_ranges(pages)) == tuple(pages)


@pytest.mark.parametrize("text", ["5-", "a", "7-5", "0", "1,,2", "1-999999999"])
def test_what_is_no_list_of_pages_is_refused(text):
    with pytest.raises(ValueError, match=r"invalid literal|run upwards"):
        parse_pages(text)


def test_a_workbook_is_the_same_bytes_each_time_and_tells_no_time_or_author():
    one = workbook_bytes({"A": ROWS, "B": [["x"], [1], [2.5], [None]]})
    assert one == workbook_bytes({"A": ROWS, "B": [["x"], [1], [2.5], [None]]})
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"openpyxl" not in b"".join(archive.read(name) for name in archive.namelist())
        assert b"created" not in archive.read("docProps/core.xml")


def test_a_workbook_has_a_bold_header_that_stays_and_columns_as_wide_as_their_text():
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes({"A": [["Name", "Note"], ["Ann", "x" * 200]]})))
    sheet = book["A"]
    assert sheet.freeze_panes == "A2"
    assert [sheet["A1"].font.bold, sheet["A2"].font.bold] == [True, False]
    assert [sheet.column_dimensions[c].width for c in "AB"] == [8, 60]
    given = workbook_bytes({"A": ROWS}, widths={"A": [30, 12]})
    sheet = openpyxl.load_workbook(io.BytesIO(given))["A"]
    assert [sheet.column_dimensions[c].width for c in "AB"] == [30, 12]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "#N/A", "=cmd|' /C calc'!A0", "5-6", "0012", "a\nb"])
def test_text_stays_text_and_is_never_a_formula(text):
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes({"A": [["x"], [text]]})))
    cell = book["A"]["A2"]
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")


def test_what_xml_cannot_hold_is_replaced():
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes({"A": [["a\x00b\ud800c\x1b"]]})))
    assert book["A"]["A1"].value == "a\ufffdb\ufffdc\ufffd"


CELL = st.text(max_size=12) | st.none()


@given(st.lists(st.lists(CELL, max_size=5), min_size=1, max_size=6))
@examples(60)
def test_our_own_workbook_is_read_by_the_quick_way_as_by_the_slow_one(table):
    data = workbook_bytes({"A": table})
    quick = own_rows(data)
    with patch.object(spreadsheet, "own_rows", return_value=None):
        slow = [row for sheet in spreadsheet._workbook_sheets("x.xlsx", data, 1) for row in sheet.rows]
    assert quick is not None
    assert [row for row in quick if any(row)] == [row for row in slow if any(row)]
    assert [bool(row) for row in quick] == [any(row) for row in slow]


@pytest.mark.parametrize(
    "change", ["a cell", "a number", "a formula", "a sheet", "nothing but saved", "a number of ours"]
)
def test_a_workbook_that_somebody_saved_or_wrote_otherwise_is_read_the_slow_way(change):
    data = workbook_bytes({"A": ROWS} | ({"B": ROWS} if change == "a sheet" else {}))
    if change == "a number of ours":
        data = workbook_bytes({"A": [*ROWS, ["Lee", 7]]})
    elif change != "a sheet":
        book = openpyxl.load_workbook(io.BytesIO(data))
        book["A"]["A2"] = {"a cell": "Lee", "a number": 7, "a formula": "=1+1"}.get(change, "García")
        data = saved(book)
    assert own_rows(data) is None


def test_a_roster_of_ours_is_read_without_the_library_that_reads_any(given_file):
    path = given_file(roster_bytes(Roster((Student("Maria", "Garcia"),))), "roster.xlsx")
    code = (
        "import sys; from pathlib import Path; from mssw.roster.roster_file import read_roster; "
        f"assert len(read_roster(Path({str(path)!r})).students) == 1; print('openpyxl' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@given(st.integers(0, 10**6), st.integers(1, 255))
@examples(60)
def test_a_damaged_workbook_of_ours_gets_one_sentence_or_is_read(tmp_path_factory, place, change):
    data = bytearray(roster_bytes(Roster(tuple(Student(f"Maria {letter}", "Garcia") for letter in "abcdefgh"))))
    data[place % len(data)] ^= change
    path = tmp_path_factory.mktemp("damaged") / "roster.xlsx"
    path.write_bytes(data)
    try:
        said = str(read_table(path))
    except UnreadableError as error:
        said = str(error)
    assert said.startswith("[[") or "roster.xlsx" in said
