"""Runs a command as a person would, in this process, and tells its exit code."""

from __future__ import annotations

import shutil
import sys
from unittest.mock import patch

import pytest

from mssw.cli import main


def mssw(*words):
    """The exit code of ``mssw WORDS``; what it says goes to pytest's ``capsys``."""
    with patch.object(sys, "argv", ["mssw", *map(str, words)]), pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def copied(workset, place):
    """A copy of a set, to be changed."""
    shutil.copytree(workset, place)
    return place
