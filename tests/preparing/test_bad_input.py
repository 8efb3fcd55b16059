"""Bad input gets one sentence, the right exit code, bounded memory, and leaves nothing half-written."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import sys

import pymupdf
import pytest

from mssw.errors import ExitCode, UnreadableError
from mssw.workset import folder as workset_files
from mssw.workset.folder import NotWrittenError, WorkSet, write_bytes
from support import hostile
from support.commands import copied, mssw
from support.prepared_class import ROSTER, TASK, cut, everything, leaves, manifest, measured, run

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

USAGE, UNREADABLE, MISSING, OVERWRITE = (
    ExitCode.USAGE,
    ExitCode.UNREADABLE,
    ExitCode.STEP_MISSING,
    ExitCode.WOULD_OVERWRITE,
)


@pytest.fixture
def stack(small_class):
    """A stack of three works that is good."""
    return small_class.parent / "stack.pdf"


@pytest.fixture
def refused(capsys):
    """Runs `mssw`, which must refuse with that code; gives the one sentence that it says."""

    def refuse(code, *words):
        assert mssw(*words) == code
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("mssw: ")
        assert said.err.endswith(".\n")
        assert said.err.count("\n") == 1
        assert "Traceback" not in said.err
        return said.err

    return refuse


STACKS = {  # what else a file can be is in test_scans
    "empty.pdf": (lambda _: b"", "empty.pdf is empty (0 bytes)"),
    "letter.pdf": (lambda _: b"Dear parents,\n" * 99, "letter.pdf is neither a PDF nor a picture"),
    "cut-off.pdf": (
        lambda good: good.read_bytes()[: good.stat().st_size // 2],
        "cut-off.pdf is cut off before its end",
    ),
    "locked.pdf": (hostile.locked, "locked.pdf is locked with a password"),
    "huge.pdf": (lambda _: hostile.huge_page(), "huge.pdf, page 1, says it is 2778 × 2778 inches"),
    "wide.png": (lambda _: hostile.claiming_png(30_000, 30_000), "wide.png has more pixels than any scanner makes"),
    "endless.pdf": (lambda _: hostile.many_pages(), "endless.pdf has 20000 pages"),
}


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_that_will_not_do_is_named_with_what_to_do_and_no_set_is_made(refused, stack, tmp_path, name):
    make, said = STACKS[name]
    (tmp_path / name).write_bytes(make(stack))
    place = tmp_path / "set"

    assert said in refused(UNREADABLE, "prepare", tmp_path / name, "--task", TASK, "--into", place)
    assert not place.exists()


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("empty.pdf", lambda _: b"", "empty.pdf is empty (0 bytes)"),
        ("locked.pdf", hostile.locked, "locked.pdf is locked with a password"),
        ("huge.pdf", lambda _: hostile.huge_page(), "huge.pdf, page 1, says it is 2778 × 2778 inches"),
        ("paper.pdf", lambda _: hostile.dot_pdf(), "paper.pdf is empty: nothing is printed on any of its pages"),
    ],
)
def test_a_task_that_will_not_do_is_named_with_what_to_do_and_no_set_is_made(
    refused, stack, tmp_path, name, make, said
):
    (tmp_path / name).write_bytes(make(stack))
    place = tmp_path / "set"

    assert said in refused(UNREADABLE, "prepare", stack, "--task", tmp_path / name, "--into", place)
    assert not place.exists()


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("task.docx", "save it as PDF (Word: File > Save As > PDF)"),
        ("task.odt", "save it as PDF (LibreOffice: File > Export As PDF)"),
        ("task.pages", "save it as PDF (Pages: File > Export To > PDF)"),
        ("task.pptx", "save it as PDF (PowerPoint or Keynote: File > Export > PDF)"),
        ("task.txt", "save it as PDF (open it, then print to PDF)"),
    ],
)
def test_a_task_that_is_a_document_is_to_be_saved_as_pdf(refused, stack, tmp_path, name, way):
    (tmp_path / name).write_bytes(b"1. What do you think?" if name.endswith("txt") else b"PK\x03\x04 a document")

    assert way in refused(UNREADABLE, "prepare", stack, "--task", tmp_path / name, "--into", tmp_path / "set")


def test_a_task_of_more_pages_than_the_stack_is_taken_for_the_stack(refused, stack, tmp_path):
    (tmp_path / "endless.pdf").write_bytes(hostile.many_pages(40))
    place = tmp_path / "set"

    said = refused(ExitCode.USAGE, "prepare", stack, "--task", tmp_path / "endless.pdf", "--into", place)
    assert "they seem to be swapped" in said
    assert not place.exists()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("content.pdf", lambda: hostile.content_bomb(120)),
        ("picture.pdf", lambda: hostile.image_bomb(400)),
    ],
)
def test_a_file_that_swells_when_opened_stays_under_a_gigabyte_and_a_minute(tmp_path, name, make):
    (tmp_path / name).write_bytes(make())

    code, _, said, megabytes, seconds = measured("prepare", tmp_path / name, "--task", TASK, "--into", tmp_path / "set")

    assert code == UNREADABLE, said
    assert megabytes < 1024
    assert seconds < 60
    assert not (tmp_path / "set").exists()


def test_what_is_not_there_is_said_to_be_missing(refused, stack, tmp_path):
    place = tmp_path / "set"
    (tmp_path / "scans").mkdir()

    assert "none.pdf is not there" in refused(
        UNREADABLE, "prepare", tmp_path / "none.pdf", "--task", TASK, "--into", place
    )
    assert "none.pdf is not there" in refused(
        UNREADABLE, "prepare", stack, "--task", tmp_path / "none.pdf", "--into", place
    )
    assert "scans holds no scans" in refused(UNREADABLE, "prepare", tmp_path / "scans", "--task", TASK, "--into", place)
    assert "scans is a folder" in refused(UNREADABLE, "prepare", stack, "--task", tmp_path / "scans", "--into", place)
    assert "none.csv could not be read" in refused(
        UNREADABLE, "prepare", stack, "--task", TASK, "--roster", tmp_path / "none.csv", "--into", place
    )
    assert "there is no stack yet" in refused(MISSING, "prepare", "--into", place)
    assert "give the blank task with --task" in refused(USAGE, "prepare", stack, "--into", place)
    assert not place.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--field", "name"), "page:x,y,w,h"),
        (("--field", "3:0.1,0.1,0.2,0.1"), "which has 2 pages"),
        (("--field", "1:0.9,0.1,0.2,0.1"), "which has 2 pages"),
        (("--field", "1:nan,0.1,0.2,0.1"), "which has 2 pages"),
        (("--workers", "0"), "--workers must be 1 or more"),
        (("--pages-per-student", "0"), "--pages-per-student must be 1 or more"),
    ],
)
def test_an_option_that_makes_no_sense_ends_with_2(refused, stack, tmp_path, words, said):
    assert said in refused(USAGE, "prepare", stack, "--task", TASK, "--into", tmp_path / "set", *words)
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(("name", "number"), [("own.pdf", 3), ("another.pdf", 1)])
def test_a_filled_copy_is_no_blank_task_whether_it_is_in_the_stack_or_not(refused, tmp_path, name, number):
    work, task, place = cut(tmp_path / "stack.pdf", (3,)), cut(tmp_path / name, (number,)), tmp_path / "set"

    field = ("--field", "1:0.15,0.045,0.44,0.047")
    said = refused(UNREADABLE, "prepare", work, "--task", task, "--roster", ROSTER, "--into", place, *field)

    assert f"{name} is just like it" in said or f"of {name} looks like a filled copy" in said
    assert not place.exists()


def test_a_task_that_matches_no_page_is_said_to(refused, tmp_path):
    minutes, place = tmp_path / "minutes.pdf", tmp_path / "set"
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        for line in range(45):
            page.insert_text((72, 72 + 14 * line), f"Minutes, item {line}: the library's budget and the roof")
        document.save(minutes)

    said = refused(UNREADABLE, "prepare", cut(tmp_path / "few.pdf", (1,)), "--task", minutes, "--into", place)

    assert "no page of the stack matches minutes.pdf" in said
    assert not place.exists()


def test_a_refused_task_leaves_the_inputs_of_a_prepared_set_as_they_were(refused, small_class, tmp_path):
    place = copied(small_class, tmp_path / "set")
    (tmp_path / "paper.pdf").write_bytes(hostile.dot_pdf())
    before = everything(place)

    refused(UNREADABLE, "prepare", "--task", tmp_path / "paper.pdf", "--title", "Another", "--into", place)

    assert everything(place) == before


ROSTERS = {
    "rooms.csv": (b"Period,Room\n1,204\n", "rooms.csv cannot be used as a roster: it has no column of names"),
    "twice.csv": (b"Name,Student ID\nAda Quill,1\nAda Quill,1\n", "rows 2 and 3 hold the same name"),
    "empty.csv": (b"", "empty.csv is empty"),
    "broken.xlsx": (b"PK\x03\x04 no more", "broken.xlsx is cut off or damaged"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n\0\0\0", "picture.csv is neither a spreadsheet nor a text file"),
}


@pytest.mark.parametrize("name", ROSTERS)
def test_a_roster_that_will_not_do_is_named_and_repeats_no_name(refused, stack, tmp_path, name):
    data, said = ROSTERS[name]
    (tmp_path / name).write_bytes(data)

    message = refused(
        UNREADABLE, "prepare", stack, "--task", TASK, "--roster", tmp_path / name, "--into", tmp_path / "set"
    )

    assert said in message
    assert "Quill" not in message
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    "data",
    [
        "Last name;First name\nMüller;Jörg\nQuill;Ada\n".encode("cp1252"),
        "Science, period 2;;\n;;\nLast name;First name;Student ID\nMüller;Jörg;1\nQuill;Ada;2\n".encode(),
        "\ufeffName\nQuill, Ada\nMüller, Jörg\n".encode(),
        b"Last name,First name,Student ID\nQuill,Ada,1\nQuill,Ada,2\n",
    ],
)
def test_rosters_as_schools_export_them_are_read(stack, tmp_path, capsys, data):
    (tmp_path / "roster.csv").write_bytes(data)

    words = ("prepare", stack, "--task", TASK, "--roster", tmp_path / "roster.csv", "--dry-run", "--into")
    assert mssw(*words, tmp_path / "set") == ExitCode.DONE
    assert "2 students" in capsys.readouterr().err


def test_an_output_folder_with_something_else_in_it_is_left_alone(refused, stack, tmp_path):
    full, file = tmp_path / "full", tmp_path / "file"
    full.mkdir()
    (full / "thesis.txt").write_text("mine", encoding="utf-8")
    file.write_text("mine", encoding="utf-8")

    words = ("prepare", stack, "--task", TASK, "--into")
    assert "full is not empty and not a work set" in refused(OVERWRITE, *words, full)
    assert "file is a file" in refused(OVERWRITE, *words, file)
    assert "could not be made: Not a directory" in refused(UNREADABLE, *words, file / "set")
    assert [path.name for path in full.iterdir()] == ["thesis.txt"]
    assert file.read_text(encoding="utf-8") == "mine"


def test_another_stack_does_not_replace_the_one_of_the_set(refused, small_class, tmp_path):
    place = copied(small_class, tmp_path / "set")
    other = cut(tmp_path / "stack.pdf", (7, 8))
    before = everything(place)

    for given in (other, cut(tmp_path / "late.pdf", (7, 8))):
        assert "holds another stack already" in refused(OVERWRITE, "prepare", given, "--into", place)
    assert everything(place) == before


def test_a_set_in_use_is_not_touched(refused, small_class, tmp_path, monkeypatch):
    monkeypatch.setattr("mssw.workset.folder.WAITS", 0.05)
    place = copied(small_class, tmp_path / "set")

    with WorkSet(place).locked():
        assert "another mssw command is at work" in refused(OVERWRITE, "prepare", "--into", place)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has a /proc in which nobody may write")
def test_a_place_that_may_not_be_written_is_named(refused, stack):
    said = refused(UNREADABLE, "prepare", stack, "--task", TASK, "--into", "/proc/my-class")

    assert "/proc/my-class could not be made" in said


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_is_named(refused, stack, tmp_path):
    (tmp_path / "mine").mkdir(mode=0o500)

    said = refused(UNREADABLE, "prepare", stack, "--task", TASK, "--into", tmp_path / "mine" / "set")

    assert "could not be made: Permission denied" in said


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_file_that_may_not_be_written_is_named_with_what_to_do(monkeypatch, tmp_path, number):
    def denied(**_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(workset_files.tempfile, "mkstemp", denied)

    with pytest.raises(NotWrittenError, match=r"key.xlsx could not be written into .*" + os.strerror(number)):
        write_bytes(tmp_path / "key.xlsx", b"new", private=True)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file_whole_and_no_part_of_the_new_one(monkeypatch, tmp_path):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "key.xlsx").write_bytes(b"old")
    monkeypatch.setattr(workset_files.os, "fsync", full)

    with pytest.raises(UnreadableError, match=r"No space left on device\. Free some space"):
        write_bytes(tmp_path / "key.xlsx", b"new", private=True)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("key.xlsx", b"old")]


def _room(kilobytes):
    """In the new process: no file may grow over this size, as on a disk that is full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024,) * 2)


def test_a_disk_that_is_too_full_for_the_stack_leaves_no_set(stack, tmp_path):
    place = tmp_path / "set"

    done = run("prepare", stack, "--task", TASK, "--into", place, preexec_fn=_room(150))

    assert (done.returncode, done.stderr.count("\n")) == (UNREADABLE, 1), done.stderr
    assert "could not be copied" in done.stderr
    assert not place.exists()


def test_a_disk_that_fills_up_on_the_way_shares_nothing_and_room_lets_it_end_the_same(small_class, tmp_path):
    place = copied(small_class, tmp_path / "set")
    for folder in ("private/pages", "private/work", "shared"):
        shutil.rmtree(place / folder)

    done = run("prepare", "--into", place, preexec_fn=_room(100))

    assert (done.returncode, done.stderr.count("\n")) == (UNREADABLE, 1), done.stderr
    assert "could not be written" in done.stderr
    assert [path for path in (place / "shared").rglob("*") if path.is_file()] == []
    assert not list(place.rglob(".writing-*"))
    assert mssw("prepare", "--into", place, "-q") == ExitCode.FINDINGS
    assert leaves(place) == leaves(small_class)


def test_one_damaged_page_holds_its_work_alone_and_the_counts_add_up(tmp_path, capsys):
    whole = cut(tmp_path / "whole.pdf", (1, 2, 3, 4))
    (tmp_path / "stack.pdf").write_bytes(hostile.with_damaged_page(whole, 3))
    place = tmp_path / "set"

    words = ("prepare", tmp_path / "stack.pdf", "--task", TASK, "--roster", ROSTER, "--into", place, "--json")
    assert mssw(*words) == ExitCode.FINDINGS

    assert '"scanned": 4,\n  "kept": 2,\n  "blank": 0,\n  "set aside": 0,\n  "held": 2' in capsys.readouterr().out
    assert len(list((place / "shared" / "work").iterdir())) == 1
    assert manifest(place)["counts"] == {"scanned": 4, "kept": 2, "blank": 0, "set aside": 0, "held": 2}
