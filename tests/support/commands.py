"""Run a command as a person would, in this process: its exit code, and what is typed."""

from __future__ import annotations

import functools
import io
import shutil
import sys
from unittest.mock import patch

import pytest
import typer.main

from mssw.cli import main

# A person's process makes the options of all commands once, which never change; here thousands of commands share one.
typer.main.get_command = functools.cache(typer.main.get_command)


def mssw(*words):
    """The exit code of ``mssw WORDS``; what it says goes to pytest's ``capsys``."""
    with patch.object(sys, "argv", ["mssw", *map(str, words)]), pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def copied(workset, place):
    """A copy of a set, to be changed."""
    shutil.copytree(workset, place)
    return place


def typed(monkeypatch, *lines):
    """A person types these lines."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
