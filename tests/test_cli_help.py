"""What the commands say about themselves, and how little they load to say it."""

from __future__ import annotations

import inspect
import json
import shlex
import subprocess
import sys
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from typer.testing import CliRunner

import mssw
from mssw.cli import app
from support.command_table import COMMANDS, GROUP, HEAVY, SINGLE

run = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}).invoke


def _said(command: Any) -> str:
    """All that we wrote for a command's help: Typer's own layout of it changes with its versions."""
    lines = [inspect.cleandoc(command.help or ""), ""]
    for param in command.params:
        names = " / ".join(", ".join(some) for some in (param.opts, param.secondary_opts) if some)
        metavar = f" {param.metavar}" if param.metavar else ""
        default = "" if param.default in (None, False, (), "") or param.required else f" [default: {param.default}]"
        lines.append(f"{names}{metavar}: {getattr(param, 'help', '') or ''}{default}")
    return "\n".join(lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_described_as_agreed(name: str, snapshot: SnapshotAssertion) -> None:
    assert _said(COMMANDS[name]) == snapshot


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_every_option_and_the_example(name: str) -> None:
    shown = run(app, [*name.split(), "--help"])

    assert shown.exit_code == 0
    command = COMMANDS[name]
    missing = [
        opt for param in command.params for opt in param.opts if opt.startswith("--") and opt not in shown.output
    ]
    assert missing == []
    assert f"mssw {name.removesuffix(' show')}" in " ".join(shown.output.split())


def _called(line: str) -> str:
    """The command that a line calls; a group that may do without a word shows something."""
    ways = {name: (name, name.removesuffix(" show")) for name in SINGLE}
    fits = [(len(way), name) for name, both in ways.items() for way in both if f"{line} ".startswith(f"{way} ")]
    assert fits, line
    return max(fits)[1]


@pytest.mark.parametrize("name", SINGLE)
def test_each_command_has_an_example_that_it_understands(name: str) -> None:
    _, _, example = inspect.cleandoc(COMMANDS[name].help).partition("For example")
    lines = [line.strip() for line in example.splitlines() if line.startswith("    mssw ")]

    assert lines, f"mssw {name} --help has no example"
    called = [_called(line.removeprefix("mssw ")) for line in lines]
    assert name in called
    for line, one in zip(lines, called, strict=True):  # an example may go on with another command
        known = {opt for param in COMMANDS[one].params for opt in (*param.opts, *param.secondary_opts)}
        assert {word for word in shlex.split(line) if word.startswith("-")} <= known


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_says_what_it_is_for(name: str) -> None:
    silent = [param.opts for param in COMMANDS[name].params if not getattr(param, "help", "")]

    assert silent == []


def test_help_of_mssw_names_every_command() -> None:
    shown = run(app, ["--help"])

    assert shown.exit_code == 0
    assert [name for name in GROUP.commands if f"\n  {name} " not in shown.output] == []


# Asks for the help of every command, one after the other: what one of them loads stays loaded, and is seen at once.
ASKED_FOR_HELP = """
import contextlib, io, json, runpy, sys
commands, heavy = json.loads(sys.argv[1])
for words in commands:
    sys.argv = ["mssw", *words, "--help"]
    shown = io.StringIO()
    try:
        with contextlib.redirect_stdout(shown):
            runpy.run_module("mssw", run_name="__main__")
    except SystemExit as end:
        assert not end.code, (words, end.code)
    assert "Usage:" in shown.getvalue(), words
    loaded = {name.partition(".")[0] for name in sys.modules} & set(heavy)
    assert not loaded, (words, loaded)
print(len(commands))
"""


def test_help_loads_no_heavy_library() -> None:
    asked = json.dumps([[[], *(name.split() for name in COMMANDS)], sorted(HEAVY)])

    done = subprocess.run([sys.executable, "-c", ASKED_FOR_HELP, asked], capture_output=True, text=True, check=False)

    assert done.stdout == f"{1 + len(COMMANDS)}\n", done.stderr


def test_version_is_that_of_the_package() -> None:
    done = subprocess.run([sys.executable, "-m", "mssw", "--version"], capture_output=True, text=True, check=True)

    assert done.stdout == f"mssw {mssw.__version__}\n"


def test_no_arguments_show_the_help() -> None:
    shown = run(app, [])

    assert "Usage:" in shown.output


@pytest.mark.parametrize("words", [["sing"], ["prepare", "--loud"], ["packet"], ["packet", ".", "--paper", "a5"]])
def test_what_makes_no_sense_ends_with_2(words: list[str]) -> None:
    assert run(app, words).exit_code == 2
