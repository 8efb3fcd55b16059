"""Every command that a person can type, those of a group among them."""

from __future__ import annotations

from typing import Any

from typer.main import get_command

from mssw.cli import app


def commands() -> dict[str, Any]:
    """Each command by all of its words: ``packet``, ``templates export``."""
    found: dict[str, Any] = {}

    def walk(group: Any, words: tuple[str, ...]) -> None:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                walk(command, (*words, name))
            else:
                found[" ".join((*words, name))] = command

    walk(get_command(app), ())
    return dict(sorted(found.items()))


def split(words: list[str]) -> tuple[str, list[str]]:
    """A line's words after ``mssw`` as (command, the rest of the words)."""
    known = commands()
    for count in (2, 1):
        name = " ".join(words[:count])
        if name in known:
            return name, words[count:]
    raise AssertionError(f"there is no such command: mssw {' '.join(words)}")
