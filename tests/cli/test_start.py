"""`mssw start`: what is dragged into the terminal is understood, and each step is offered when it is next."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from mssw.cli.start import GivenClass, keep_purpose, prepare_words, suggest_step, wants_purpose
from mssw.core.shell_words import read_dropped
from mssw.exchange.receive_set import ReceivedFrom
from mssw.kit.purpose import find_purpose
from mssw.next_step import NextStep, find_open_steps, list_sets
from mssw.record.kept_record import RecordKeeper
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Level, Pile, Placing, Sorting
from mssw.workset.folder import write_typed
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.settings import read_settings
from support.commands import mssw, typed
from support.prepared_class import ROSTER, TASK, cut
from support.published import held_to
from support.released_set import ALIASES, released_set

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


def test_an_answer_that_will_not_do_is_asked_for_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    scan = cut(tmp_path / "Ann's scan.pdf", [1])
    (tmp_path / "notes.docx").write_bytes(b"PK\x03\x04 no scan")
    answers = ("nothing.pdf", "notes.docx", f"'{tmp_path}/Ann'\\''s scan.pdf'", scan, TASK, ROSTER, "Massive Air", "")
    typed(monkeypatch, "1", "songs", "3", "", *answers)

    assert mssw("start", "--dry-run") == 0

    shown = capsys.readouterr().err
    assert "What is the meeting for?" in shown
    assert "Plan next steps for students: session C" in shown
    assert "an answer is needed here" in shown
    assert "nothing.pdf is not there" in shown
    assert "File > Save As > PDF" in shown
    assert "that is the scan of the student work" in shown
    assert "students on the list" in shown
    assert f"$ mssw prepare '{tmp_path}/Ann'\"'\"'s scan.pdf' --task {TASK} --roster {ROSTER}" in shown
    assert "--title 'Massive Air' --into massive-air" in shown
    assert not (tmp_path / "massive-air").exists()


def a_received_set(folder):
    """A set that needs no scans, so that its steps can be offered at once."""
    workset = released_set(folder, ALIASES[:3], pages=1)
    write_typed(workset.received, ReceivedFrom(sha256="0" * 64, mssw="0.2.0", searched=True), private=True)
    return workset


def test_what_the_meeting_is_for_is_kept_and_asked_for_once(tmp_path, monkeypatch, capsys):
    workset = a_received_set(tmp_path / "air")
    typed(monkeypatch, "1", "2")
    assert mssw("start", tmp_path, "--dry-run") == 0  # as a rehearsal, it keeps nothing
    assert wants_purpose(workset)
    typed(monkeypatch, "1", "", "q")
    assert mssw("start", tmp_path) == 0
    assert wants_purpose(workset)
    typed(monkeypatch, "1", "thinking", "q")
    assert mssw("start", tmp_path) == 0
    settings = read_settings(workset.settings)
    assert (settings.purpose, settings.session) == ("thinking", "A")

    capsys.readouterr()
    typed(monkeypatch, "1", "q")
    assert mssw("start", tmp_path) == 0
    assert "What is the meeting for?" not in capsys.readouterr().err


def test_a_session_of_the_teachers_own_stays(tmp_path):
    workset = a_received_set(tmp_path / "air")
    text = workset.settings.read_text(encoding="utf-8").replace('session = ""', 'session = "our second"  # with Lee')
    workset.settings.write_text(text, encoding="utf-8")
    keep_purpose(workset, find_purpose("task"))

    assert read_settings(workset.settings).session == "our second"
    assert "# with Lee" in workset.settings.read_text(encoding="utf-8")


def test_after_the_packet_come_the_kit_and_then_the_record(tmp_path, capsys):
    workset = a_received_set(tmp_path / "air")
    keep_purpose(workset, find_purpose("thinking"))
    keep_sorting(workset, Sorting("", "", (Pile("air"),), {a: Placing("air", Level.LOW) for a in ALIASES[:3]}))
    assert [one.step for one in find_open_steps(workset)] == ["packet"]
    workset.packet.write_bytes(b"%PDF")

    kit, record = find_open_steps(workset)
    assert kit.words == ("mssw", "kit", "A", "--set", str(workset.root))
    assert record.words == ("mssw", "record", str(workset.root))
    with workset.locked():
        note_handed_out(workset, Handing.KIT, ["Andrea"], files=["kit-A-letter.pdf"], copies=8)
    assert find_open_steps(workset) == (record,)
    assert mssw("status", workset.root) == 0
    said = capsys.readouterr()
    assert "nothing yet; after the session" in said.out
    assert f"Next:  {record.command}" in said.err

    keeper = RecordKeeper(workset, "MR")
    keeper.add("claims", {"text": "Most see air as nothing"})
    keeper.add("steps", {"step": "Weigh a ball", "chosen": "yes"})
    assert find_open_steps(workset) == ()  # a received set has no key, so there are no slips
    workset.key.write_bytes(b"x")
    assert [one.step for one in find_open_steps(workset)] == ["slips"]
    workset.key.unlink()
    assert mssw("status", workset.root, "--json") == 0
    report = held_to(capsys.readouterr().out, "status")
    assert report["purpose"] == "thinking"
    assert report["record"] == {
        "claims": 1, "patterns": 0, "gaps": 0, "steps": 1, "reflections": 0, "without_evidence": ["C1"]
    }  # fmt: skip
    assert {"step": "record", "state": "1 claim, 1 next step; no evidence yet for C1"} in report["steps"]


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
        answer(child, master, "1 to 5: ", "1")
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
        assert read_settings(home / "my-stack" / "set.toml").session == "A"
        assert (home / "my-stack" / "shared" / "work").is_dir()
    finally:
        child.kill()
        child.wait()
        os.close(master)
