"""`mssw status` and `mssw key`: where everything stands, and who is behind an alias."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from mssw.errors import ExitCode
from mssw.roster.roster_file import read_roster
from mssw.workset.class_list import key_bytes, read_key
from support.commands import copied, mssw

HEAD = ["Alias", "Student", "Student ID", "Source file", "Source pages", "Matched by"]


@pytest.fixture
def keyed(small_class, tmp_path):
    """The set, after a teacher wrote into the key whose the first work is."""
    workset = copied(small_class, tmp_path / "set")
    key = workset / "private" / "key.xlsx"
    bare = [replace(entry, student="", number="", matched_by="") for entry in read_key(key)]
    student = read_roster(workset / "private" / "roster.xlsx").students[0]
    key.write_bytes(key_bytes([replace(bare[0], student=student.name, number=student.number), *bare[1:]]))
    first = bare[0]
    return workset, first.alias, student


def test_status_says_where_each_step_stands_and_the_numbers_add_up(small_class, capsys):
    assert mssw("status", small_class) == ExitCode.DONE

    said = capsys.readouterr().out
    assert "2 responses released, 1 on hold" in said
    assert "0 of 3 responses checked by a person" in said
    assert "0 of 4 questions answered" in said
    assert "Pages scanned: 7 = 4 kept + 1 blank + 0 set aside + 2 on hold" in said


def test_what_was_made_final_is_not_said_to_be_unprepared(small_class, tmp_path, capsys):
    workset = copied(small_class, tmp_path / "set")
    shutil.rmtree(workset / "private")
    assert mssw("review", workset, "--list") == ExitCode.STEP_MISSING
    assert "private folder" in capsys.readouterr().err


def test_status_lists_every_page_with_its_fate_and_reason(small_class, capsys):
    assert mssw("status", small_class, "--pages") == ExitCode.DONE

    lines = capsys.readouterr().out.splitlines()
    pages = [line for line in lines if line.startswith("stack.pdf, page ")]
    assert len(pages) == 7
    assert "nothing is printed or written on it" in pages[6]
    assert "name field is empty" in pages[2]


def test_status_as_json_is_whole_and_names_no_student(small_class, capsys):
    assert mssw("status", small_class, "--json") == ExitCode.DONE

    text = capsys.readouterr().out
    told = json.loads(text)
    assert told["pages"] == {"scanned": 7, "kept": 4, "blank": 1, "set aside": 0, "held": 2}
    assert [page["turn"] for page in told["each_page"]] == [0, 0, 0, 0, 180, 180, 0]
    assert [page["task_page"] for page in told["each_page"]] == [1, 2, 1, 2, 1, 2, None]
    students = read_roster(small_class / "private" / "roster.xlsx").students
    assert not [student for student in students if student.last in text]


def test_status_of_a_set_whose_first_prepare_was_cut_off_says_how_to_go_on(tmp_path, capsys):
    (tmp_path / "set.toml").write_text('title = "Air"\n', encoding="utf-8")

    assert mssw("status", tmp_path) == ExitCode.DONE

    assert f"mssw prepare --into {tmp_path}" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["status", "key"])
def test_what_is_no_work_set_ends_with_4(tmp_path, capsys, command):
    assert mssw(command, tmp_path) == ExitCode.STEP_MISSING

    assert "is not a work set" in capsys.readouterr().err


def test_the_key_lists_every_work_with_its_pages(small_class, capsys):
    assert mssw("key", small_class, "--json") == ExitCode.DONE

    works = json.loads(capsys.readouterr().out)["works"]
    assert sorted(place["pages"] for work in works for place in work["pages"]) == ["1-2", "3-4", "5-6"]
    assert {place["file"] for work in works for place in work["pages"]} == {"stack.pdf"}


def test_an_alias_is_looked_up_whatever_its_case(small_class, capsys):
    alias = read_key(small_class / "private" / "key.xlsx")[1].alias

    assert mssw("key", small_class, alias.upper()) == ExitCode.DONE

    head, row = capsys.readouterr().out.splitlines()
    assert head.split("   ")[0] == "Alias"
    assert row.startswith(alias)
    assert "stack.pdf" in row


def test_a_student_is_looked_up_by_name_or_number(keyed, capsys):
    workset, alias, student = keyed

    for said in (student.name, student.last.upper(), student.number):
        assert mssw("key", workset, said, "--json") == ExitCode.DONE
        rows = json.loads(capsys.readouterr().out)["rows"]
        assert alias in [row["Alias"] for row in rows]
        assert [list(row) for row in rows] == [HEAD] * len(rows)


def test_a_student_whose_work_nobody_has_named_yet_is_said_to_be_so_without_the_name(keyed, capsys):
    workset, _, _ = keyed
    other = read_roster(workset / "private" / "roster.xlsx").students[1]

    assert mssw("key", workset, other.name) == ExitCode.USAGE

    message = capsys.readouterr().err
    assert "is not matched to a response yet" in message
    assert other.last not in message


def test_somebody_unknown_ends_with_2_and_is_not_repeated(small_class, capsys):
    assert mssw("key", small_class, "Quentin Nobody") == ExitCode.USAGE

    message = capsys.readouterr().err
    assert "the key has no alias or student of that name" in message
    assert "Quentin" not in message


def test_a_set_without_a_key_asks_for_prepare(tmp_path, capsys):
    (tmp_path / "set.toml").write_text('title = "Air"\n', encoding="utf-8")

    assert mssw("key", tmp_path) == ExitCode.STEP_MISSING

    assert "has no key yet" in capsys.readouterr().err
