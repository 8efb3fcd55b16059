"""Asking a person in the terminal, and opening a text in her own editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from mssw.errors import UsageError

_EDITORS = ("nano", "micro", "vim", "vi")


class QuitError(Exception):
    """The person wants to stop, or there is nothing more to read."""


def ask_or_quit(question: str) -> str:
    """An answer, without spaces around it.

    Raises:
        QuitError: the person typed ``q``, or there is nothing more to read.
    """
    line = ask(f"{question}: ")
    if line is None or line.strip().lower() == "q":
        raise QuitError
    return line.strip()


def ask(prompt: str) -> str | None:
    """A line that a person types; None where there is nothing more to read.

    On a terminal it can be edited, and several lines that are pasted come as one. The prompt never goes to where data
    goes.
    """
    if sys.stdin.isatty() and sys.stdout.isatty():
        with suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - lines of any length, and paste in one piece; Windows needs it not
        try:
            return input(prompt)
        except EOFError:
            return None
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.rstrip("\r\n") if line else None


def edit(path: Path) -> None:
    """Let a person change a file in $VISUAL, $EDITOR or what the system has; returns when she closed it.

    Raises:
        UsageError: there is no editor, or it did not end well.
    """
    words = _editor()
    try:
        done = subprocess.run([*words, str(path)], check=False)  # noqa: S603 - the person's own choice
    except OSError as error:
        raise UsageError(
            f"the editor “{words[0]}” could not be started: {error.strerror}. Set EDITOR to an editor you have."
        ) from None
    if done.returncode:
        raise UsageError(
            f"the editor “{words[0]}” ended with an error ({done.returncode}), so nothing was saved. Please try again."
        )


def _editor() -> list[str]:
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    words = shlex.split(named, posix=os.name != "nt")
    if words:
        return words
    if os.name == "nt":
        return ["notepad"]
    found = next((path for name in _EDITORS if (path := shutil.which(name))), None)
    if found is None:
        raise UsageError("no editor was found. Set EDITOR to yours, or edit intro.md in any plain-text editor.")
    return [found]
