"""Threat: a command waits without end because a file that it is given is a pipe, or writes over a device.

Tried: a pipe in place of each file that a command takes, from the command line and from Python; a device as the file
to write. Result: refused at once in a sentence, and nothing is written.
"""

from __future__ import annotations

import os
import signal

import pytest

from mssw.errors import ExitCode, UnreadableError
from mssw.formats.scans import count_pages
from mssw.preparing.input_checks import refuse_folder
from mssw.roster.roster_file import read_roster
from mssw.roster.words_file import colleagues, read_words
from support.commands import mssw
from support.prepared_class import ROSTER, STACK, TASK
from support.sealed_set import sealed_set

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes")

COMMANDS = {
    "a stack": ("prepare", "PIPE", "--task", TASK, "--into", "NEW"),
    "a task": ("prepare", STACK, "--task", "PIPE", "--into", "NEW"),
    "a class list": ("prepare", STACK, "--task", TASK, "--roster", "PIPE", "--into", "NEW"),
    "further words": ("prepare", STACK, "--task", TASK, "--also", "PIPE", "--into", "NEW"),
    "a list to check": ("roster", "check", "PIPE"),
    "an introduction": ("intro", "SET", "--from", "PIPE"),
    "standards": ("intro", "SET", "--standards", "PIPE"),
    "a sorted sheet": ("sort", "SET", "--read", "PIPE"),
    "a record": ("record", "SET", "--merge", "PIPE"),
    "colleagues": ("packet", "SET", "--per-teacher", "PIPE"),
    "times": ("kit", "B", "--times", "PIPE"),
    "a schedule": ("schedule", "print", "PIPE"),
    "piles": ("trends", "SET", "--piles", "PIPE"),
    "a plan": ("batch", "PIPE"),
    "a zip": ("receive", "PIPE", "--into", "NEW"),
    "a list for the audit": ("audit", "SET", "--roster", "PIPE"),
    "a task for sheets": ("sheets", "PIPE", "--roster", ROSTER, "--into", "NEW"),
    "a file to write": ("share", "SET", "--to", "PIPE"),
}


@pytest.fixture(autouse=True)
def _in_time():
    """A command that waits is ended, so that the others are tried."""

    def end(*_):
        raise TimeoutError("it waits for the pipe")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    return tmp_path / "pipe.txt"


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_pipe_is_refused_at_once(tmp_path, pipe, words, capsys):
    places = {"PIPE": pipe, "SET": sealed_set(tmp_path / "set").root, "NEW": tmp_path / "new"}

    assert mssw(*(places.get(word, word) for word in words)) == ExitCode.UNREADABLE

    assert "is a pipe, socket or device, not a file" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "new").exists()
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    "read", [count_pages, read_roster, read_words, refuse_folder, lambda path: colleagues(str(path))]
)
def test_the_library_refuses_it_too(pipe, read):
    with pytest.raises(UnreadableError, match="is a pipe, socket or device, not a file"):
        read(pipe)


def test_the_log_may_be_a_device(tmp_path):
    assert mssw("status", sealed_set(tmp_path / "set").root, "--log", "/dev/null") == ExitCode.DONE
