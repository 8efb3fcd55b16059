"""`mssw start`: what is dragged into the terminal is understood, and each step is offered when it is next."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time

import pytest

from mssw.cli.start import GivenClass, prepare_words, suggest_step
from mssw.core.shell_words import read_dropped
from mssw.next_step import NextStep, list_sets
from support.commands import mssw
from support.prepared_class import ROSTER, TASK, cut

ON_A_MAC = "/Volumes/Ann\\'s\\ class/scan\\ 1.pdf "
ON_LINUX = "'/media/Ann'\\''s class/scan 1.pdf'"
PATH = "/Ann's class/scan 1.pdf"


@pytest.mark.parametrize(
    ("line", "windows", "paths"),
    [
        (ON_A_MAC, False, ("/Volumes/Ann's class/scan 1.pdf",)),
        (ON_LINUX, False, ("/media/Ann's class/scan 1.pdf",)),
        (PATH, False, (PATH,)),
        (f'"{PATH}"', False, (PATH,)),
        (f"“{PATH}”", False, (PATH,)),
        ("file:///Ann%27s%20class/scan%201.pdf", False, (PATH,)),
        ("file://localhost/Ann%27s%20class/scan%201.pdf\r", False, (PATH,)),
        ("a.pdf b.pdf", False, ("a.pdf", "b.pdf")),
        (r'"C:\Users\Ann Lee\a.pdf"', True, (r"C:\Users\Ann Lee\a.pdf",)),
        (r"& 'C:\Ann''s class\a.pdf'", True, (r"C:\Ann's class\a.pdf",)),
        (r'"C:\a b.pdf" C:\c.pdf', True, (r"C:\a b.pdf", r"C:\c.pdf")),
        ("file:///C:/Ann%20Lee/a.pdf", True, ("C:/Ann Lee/a.pdf",)),
    ],
)
def test_a_file_that_is_dragged_into_the_terminal_is_understood(line, windows, paths):
    assert paths in read_dropped(line, windows=windows)


def test_the_answers_become_a_command_and_what_is_left_out_is_not_in_it(tmp_path):
    scan = tmp_path / "a scan.pdf"

    assert prepare_words(GivenClass((scan,), into=tmp_path / "new")) == (
        "prepare", str(scan), "--into", str(tmp_path / "new"),
    )  # fmt: skip
    assert "--task" in prepare_words(GivenClass((scan,), task=scan, title="Air", into=tmp_path))


def test_what_was_done_in_this_sitting_is_not_offered_first_again():
    steps = [NextStep(name, "", ("mssw", name)) for name in ("review", "sort")]

    assert suggest_step(steps, ()) == 0
    assert suggest_step(steps, {"review"}) == 1
    assert suggest_step(steps, {"review", "sort"}) is None


def test_sets_are_found_here_and_in_a_departments_folder(tmp_path):
    for name in ("b", "a", "dept/sets", "dept/7c", ".hidden", "no set"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("b", "a", "dept/7c", ".hidden"):
        (tmp_path / name / "set.toml").write_text("", encoding="utf-8")

    assert [path.relative_to(tmp_path).as_posix() for path in list_sets(tmp_path)] == ["a", "b", "dept/7c"]
    assert list_sets(tmp_path / "a") == [tmp_path / "a"]
    assert list_sets(tmp_path / "gone") == []


def typed(monkeypatch, *lines):
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_an_answer_that_will_not_do_is_asked_for_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    scan = cut(tmp_path / "Ann's scan.pdf", [1])
    (tmp_path / "notes.docx").write_bytes(b"PK\x03\x04 no scan")
    answers = ("nothing.pdf", "notes.docx", f"'{tmp_path}/Ann'\\''s scan.pdf'", scan, TASK, ROSTER, "Massive Air", "")
    typed(monkeypatch, "1", "", *answers)

    assert mssw("start", "--dry-run") == 0

    shown = capsys.readouterr().err
    assert "an answer is needed here" in shown
    assert "nothing.pdf is not there" in shown
    assert "File > Save As > PDF" in shown
    assert "that is the scan of the student work" in shown
    assert "students on the list" in shown
    assert f"$ mssw prepare '{tmp_path}/Ann'\"'\"'s scan.pdf' --task {TASK} --roster {ROSTER}" in shown
    assert "--title 'Massive Air' --into massive-air" in shown
    assert not (tmp_path / "massive-air").exists()


def test_without_a_terminal_mssw_prints_its_help_and_start_lists_what_is_next(tmp_path, capsys):
    assert mssw() == 2
    assert "Usage: mssw" in capsys.readouterr().err
    assert mssw("--no-input") == 2
    assert "Usage: mssw" in capsys.readouterr().err
    assert mssw("start", tmp_path, "--no-input") == 4
    assert "no class in this folder" in capsys.readouterr().err


def answer(child, screen, prompt, line, seconds=400):
    """Wait until a prompt stands at the end of what was printed, then type a line."""
    seen = b""
    end = time.monotonic() + seconds
    while prompt.encode() not in seen:
        assert time.monotonic() < end, (prompt, seen.decode())
        assert child.poll() is None, (prompt, seen.decode())
        seen += os.read(screen, 4096)
    os.write(screen, f"{line}\n".encode())
    return seen.decode()


@pytest.mark.pages
@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a thing of Unix")
def test_mssw_alone_in_a_terminal_leads_from_the_scan_to_the_next_step(tmp_path):
    import pty  # noqa: PLC0415 - not on Windows

    home = tmp_path / "Ann's classes"
    home.mkdir()
    cut(home / "my stack.pdf", range(1, 3))
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "mssw"], cwd=home, stdin=slave, stdout=slave, stderr=slave, close_fds=True
    )
    os.close(slave)
    try:
        assert "A new class" in answer(child, master, "Number [1]", "")
        answer(child, master, "Your scan", f"file://{str(home).replace(' ', '%20')}/my%20stack.pdf")
        answer(child, master, "The blank task", TASK)
        answer(child, master, "The class list", ROSTER)
        answer(child, master, "A title", "")
        assert "my-stack" in answer(child, master, "A new folder", "")
        shown = answer(child, master, "Number [1]", "q")
        assert "$ mssw prepare" in shown
        assert "1  review:" in shown
        assert "introduction:" in shown
        assert child.wait(20) == 0
        assert (home / "my-stack" / "shared" / "work").is_dir()
    finally:
        child.kill()
        child.wait()
        os.close(master)
