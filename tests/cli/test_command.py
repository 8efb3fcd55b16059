"""What every command has: --quiet, a log without names, and a shell that completes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from unittest.mock import patch

import pytest
from typer.main import get_command

from mssw import MsswError
from mssw import api as library
from mssw.cli import app
from mssw.errors import ExitCode
from mssw.roster.roster_file import read_roster
from mssw.roster.table import all_spellings
from mssw.schedule.schedule_rows import LETTERS, OTHERS
from mssw.workset.folder import WorkSet, read_json
from support.command_table import COMMANDS, SINGLE
from support.commands import copied, mssw

pytestmark = pytest.mark.usefixtures("warm_crew")

CANARY = "Quetzalcoatl"


@pytest.fixture
def workset(small_class, tmp_path):
    """A set whose folder, files and titles carry the name of a child, as teachers name them."""
    return WorkSet(copied(small_class, tmp_path / f"{CANARY}-5b"))


def lines_of(log):
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


# --quiet and --log ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SINGLE)
def test_every_command_has_quiet_and_log(name):
    options = {opt for param in COMMANDS[name].params for opt in param.opts}

    assert {"--quiet", "-q", "--log"} <= options


@pytest.mark.pages
@pytest.mark.parametrize(
    "words",
    [
        "status SET",
        "audit SET",
        "key SET",
        "packet SET --without-held --unreviewed",
        "key remind SET never",
        "intro SET --show",
        "kit --list",
        "kit B --into FOLDER",
        "schedule show SCHEDULE",
        "schedule print SCHEDULE --out FOLDER/s.pdf",
        "templates export FOLDER/own packet",
    ],
)
def test_quiet_leaves_out_messages_and_keeps_what_was_asked_for(workset, words, tmp_path, capsys):
    (tmp_path / "s.csv").write_text("Session,Date,Start,Place,Presenting teacher 1,Task\nB,,,,,Air\n", encoding="utf-8")
    places = {"SET": workset.root, "FOLDER": tmp_path, "SCHEDULE": tmp_path / "s.csv"}
    line = [re.sub("|".join(places), lambda found: str(places[found[0]]), word) for word in words.split()]
    assert mssw(*line) == ExitCode.DONE
    asked = capsys.readouterr().out

    assert mssw(*line, "--quiet") == ExitCode.DONE

    said = capsys.readouterr()
    assert said.err == ""
    assert said.out == asked


def test_errors_are_told_quiet_or_not(tmp_path, capsys):
    assert mssw("status", tmp_path, "--quiet") == ExitCode.STEP_MISSING

    assert "is not a work set" in capsys.readouterr().err


@pytest.mark.pages
def test_a_person_is_asked_quiet_or_not(workset, capsys):
    with patch("sys.stdin", io.StringIO("q\n")):
        assert mssw("intro", workset.root, "--quiet") == ExitCode.DONE

    said = capsys.readouterr().err
    assert "What is the task" in said
    assert "Saved in" not in said


@pytest.mark.pages
def test_quiet_ends_with_its_command(workset, capsys):
    assert mssw("audit", workset.root, "--quiet") == ExitCode.DONE
    assert mssw("audit", workset.root) == ExitCode.DONE

    assert "files checked" in capsys.readouterr().err


@pytest.mark.pages
def test_the_log_tells_steps_counts_seconds_and_fates(workset, tmp_path):
    log = tmp_path / "run.log"
    assert mssw("prepare", "--into", workset.root, "--log", log) == ExitCode.FINDINGS
    assert mssw("audit", workset.root, "--log", log) == ExitCode.DONE

    lines = lines_of(log)
    assert [(one["command"], one["event"]) for one in lines if one["event"] in {"begin", "end"}] == [
        ("prepare", "begin"),
        ("prepare", "end"),
        ("audit", "begin"),
        ("audit", "end"),
    ]
    told = {one["event"]: one for one in lines if one["command"] == "prepare"}
    assert told["stage find done"]["of"] == 7
    pages = {key: value for key, value in told["pages"].items() if key not in {"at", "command", "event"}}
    assert pages == {"scanned": 7, "kept": 4, "blank": 1, "set_aside": 0, "held": 2}
    assert (told["works"]["released"], told["works"]["held"]) == (2, 1)
    assert told["end"]["exit"] == ExitCode.FINDINGS
    assert told["end"]["seconds"] >= 0
    assert os.name != "posix" or log.stat().st_mode & 0o077 == 0


@pytest.mark.pages
def test_the_log_can_be_asked_for_by_the_environment(workset, tmp_path, monkeypatch):
    monkeypatch.setenv("MSSW_LOG", str(tmp_path / "run.log"))

    assert mssw("status", workset.root) == ExitCode.DONE

    assert [one["event"] for one in lines_of(tmp_path / "run.log")] == ["begin", "end"]


@pytest.mark.pages
def test_a_log_that_cannot_be_written_is_said_before_anything_is_done(workset, tmp_path, capsys):
    assert mssw("packet", workset.root, "--log", tmp_path) == ExitCode.UNREADABLE

    assert "Give --log another file" in capsys.readouterr().err
    assert not workset.packet.exists()


@pytest.mark.pages
def test_no_name_gets_into_a_log_whatever_happens(workset, tmp_path, capsys):
    log = tmp_path / "run.log"
    names = [*all_spellings(read_roster(workset.roster)), CANARY]
    roster = tmp_path / f"{CANARY}.csv"
    roster.write_text(f"Name,ID\n{CANARY} Lee,12\n{CANARY} Lee,12\n4{CANARY},13\n", encoding="utf-8")
    alias = read_json(workset.state)["works"][0]["alias"]
    told, table, schedule = tmp_path / "told.md", tmp_path / "standards.csv", tmp_path / f"{CANARY}.xlsx"
    told.write_text(
        f"## The task\nThe weak one is {CANARY}.\n\n## Focus questions\nWhy {names[0]}?\n", encoding="utf-8"
    )
    table.write_text(f"Code,Text\nQ-1,Say {CANARY}.\n", encoding="utf-8")
    for line in (
        ("prepare", "--into", workset.root, "--title", CANARY),
        ("prepare", "--into", workset.root, "--roster", roster),
        ("prepare", roster, "--task", roster, "--into", tmp_path / CANARY),
        ("roster", "check", roster),
        ("key", workset.root, CANARY),
        ("key", workset.root, names[0]),
        ("key", workset.root, "--assign", f"{alias}={CANARY}"),
        ("review", workset.root, "--set-aside", alias, "--reason", f"shows {names[0]}"),
        ("choose", workset.root, "--lock", CANARY),
        ("audit", workset.root),
        ("status", workset.root),
        ("intro", workset.root, "--from", told),
        ("intro", workset.root, "--standards", table, "--objective", "Q-1", "--focus", f"Why {CANARY}?"),
        ("intro", workset.root, "--standards", table, "--find", CANARY),
        ("packet", workset.root, "--without-held", "--unreviewed"),
        ("kit", "B", "--set", workset.root, "--into", tmp_path),
        ("kit", CANARY),
        ("sheets", workset.shared / "task.pdf", "--roster", workset.roster, "--into", tmp_path / f"{CANARY}-coded"),
        ("schedule", "new", schedule, "--title", CANARY, "--place", CANARY),
        ("schedule", "add", schedule, "--session", "B", "--teacher", CANARY, "--task", CANARY, "--date", "2027-03-12"),
        ("schedule", "show", schedule),
        ("schedule", "print", schedule),
        ("schedule", "ics", schedule, "--zone", CANARY),
        ("schedule", "show", roster),
        ("templates", "export", tmp_path / f"{CANARY}-own", CANARY),
        ("key", "export", workset.root, tmp_path / f"{CANARY}.xlsx", "--encrypt", "--dry-run"),
        ("key", "destroy", workset.root, "--yes"),
    ):
        assert mssw(*line, "--log", log) != ExitCode.BUG, line
    capsys.readouterr()

    assert len(lines_of(log)) > 56
    assert [name for name in names if name.casefold() in log.read_text(encoding="utf-8").casefold()] == []


@pytest.mark.pages
@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        (MsswError(f"{CANARY} is wrong"), ExitCode.BUG, "MsswError"),
        (KeyError(CANARY), ExitCode.BUG, "KeyError"),
        (KeyboardInterrupt(CANARY), ExitCode.INTERRUPTED, None),
    ],
)
def test_a_crash_is_logged_by_its_kind_and_place_without_its_words(workset, tmp_path, error, code, kind):
    log = tmp_path / "run.log"
    with patch.object(library, "status", side_effect=error):
        assert mssw("status", workset.root, "--log", log) == code

    last = lines_of(log)[-1]
    assert (last["event"], last["exit"], last.get("error")) == ("end", code, kind)
    assert CANARY not in log.read_text(encoding="utf-8")


# Completion -------------------------------------------------------------------------------------------


def completed(line, place):
    """What bash is offered behind that line, and what was loaded for it."""
    words = line.split(" ")
    code = (
        "import runpy, sys\nsys.argv = ['mssw']\n"
        "try:\n    runpy.run_module('mssw', run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        "sys.stderr.write(' '.join({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=place,
        env={**os.environ, "_MSSW_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
    )
    return done.stdout.split(), set(done.stderr.split())


@pytest.mark.pages
@pytest.mark.parametrize(
    "line", ["mssw key {} ", "mssw key show {} ", "mssw review {} --approve ", "mssw choose {} --lock "]
)
def test_aliases_are_completed_held_ones_too_and_no_student(workset, line):
    offered, loaded = completed(line.format(workset.root.name), workset.root.parent)

    assert set(offered) >= {work["alias"] for work in read_json(workset.state)["works"]}
    assert not set(offered) & {one.last for one in read_roster(workset.roster).students}
    assert loaded & {"numpy", "cv2", "pymupdf", "openpyxl", "tomlkit", "rich"} == set()


def test_commands_and_reports_are_completed(tmp_path):
    assert completed("mssw ro", tmp_path)[0] == ["roster"]
    assert completed("mssw schema rev", tmp_path)[0] == ["review-list"]
    assert completed("mssw kit ta", tmp_path)[0] == ["task-check"]
    assert completed("mssw schedule add s.xlsx --session ", tmp_path)[0] == [*LETTERS, *OTHERS]
    assert completed("mssw templates export own prin", tmp_path)[0] == ["print-slip"]
    assert {"check"} <= set(completed("mssw roster ", tmp_path)[0])


def test_completion_can_be_installed():
    options = {opt for param in get_command(app).params for opt in param.opts}

    assert {"--install-completion", "--show-completion"} <= options
