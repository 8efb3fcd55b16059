"""A download goes all the way with one command: scanned and typed, of different lengths, from each system."""

from __future__ import annotations

import json

import pytest

from mssw.errors import ExitCode
from mssw.preparing.grouping import EARLIER, NOT_IN_TEXT
from mssw.preparing.match_responses import OTHER_FILE
from mssw.preparing.prepare_options import PrepareOptions
from mssw.preparing.run_prepare import prepare
from mssw.workset.class_list import read_key
from support.commands import mssw
from support.downloads import ROSTER, SYSTEMS, TASK, TYPED_LINES, photo, scanned, students, typed, zipped

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]


def name_of(place):
    first, last, _, _ = students()[place]
    return f"{first} {last}"


def key_of(folder):
    """The student of each response, by its first file."""
    return {entry.source: entry.student for entry in read_key(folder / "private" / "key.xlsx")}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_download_of_each_system_is_released_with_one_command(tmp_path, capsys, system):
    work = {
        0: [("work.pdf", scanned(0))],
        1: [("IMG_1.jpg", photo(1))],
        3: [("essay.pdf", typed(name_of(3), "Period 3", *TYPED_LINES, f"I asked {students()[0][0]} too.", pages=2))],
    }
    path = zipped(tmp_path / "hw.zip", SYSTEMS[system](work))

    code = mssw("prepare", path, "--task", TASK, "--roster", ROSTER, "--into", tmp_path / "set", "--seed", 7, "--json")

    said = capsys.readouterr()
    done = json.loads(said.out)
    assert (code, done["held"]) == (ExitCode.DONE, [])
    assert len(done["released"]) == 3
    assert set(key_of(tmp_path / "set").values()) == {name_of(place) for place in work}
    spelt = [part.casefold() for place in work for part in students()[place][:3]]
    assert not any(part in f"{said.out}{said.err}".casefold() for part in spelt)
    if system == "teams":
        assert {page["reason"] for page in done["other_pages"]} == {EARLIER}


def test_a_file_that_is_named_after_another_student_is_on_hold_until_a_person_looked(tmp_path):
    work = {
        0: [("a.pdf", scanned(1))],
        2: [("b.pdf", scanned(2, pages=[0]))],
        3: [("c.pdf", typed(name_of(4), "Air is."))],
    }
    path = zipped(tmp_path / "hw.zip", SYSTEMS["canvas"](work))

    done = prepare(tmp_path / "set", PrepareOptions((path,), task=TASK, roster=ROSTER, seed=7))

    assert len(done.released) == 1
    assert [reasons for _, reasons in done.held] == [(OTHER_FILE,), (OTHER_FILE,)]
    assert sorted(key_of(tmp_path / "set").values()) == sorted(["", "", name_of(2)])


def test_typed_documents_need_no_task_and_wait_where_nobody_is_named(tmp_path):
    work = {
        0: [("a.pdf", typed(f"{students()[0][1]}, {students()[0][0]}", *TYPED_LINES))],
        1: [("b.pdf", typed(*TYPED_LINES))],
        2: [("c.pdf", typed("by " + name_of(2), *TYPED_LINES, pages=3))],
    }
    path = zipped(tmp_path / "hw.zip", SYSTEMS["moodle"](work))

    done = prepare(tmp_path / "set", PrepareOptions((path,), roster=ROSTER, seed=7))

    assert len(done.released) == 2
    assert [reasons for _, reasons in done.held] == [(NOT_IN_TEXT,)]
    assert done.named == 4

    again = prepare(tmp_path / "set", PrepareOptions(seed=7))
    assert (again.released, again.held) == (done.released, done.held)


def test_typed_documents_without_a_class_list_are_on_hold(tmp_path):
    work = {0: [("a.pdf", typed(name_of(0), *TYPED_LINES))]}
    path = zipped(tmp_path / "hw.zip", SYSTEMS["moodle"](work))

    assert prepare(tmp_path / "set", PrepareOptions((path,), seed=7)).released == ()
