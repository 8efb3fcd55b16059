"""Asking a person in the terminal, also whether a word is a student's name, and opening a text in her own editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from mssw.errors import UnreadableError, UsageError

if TYPE_CHECKING:
    from mssw.workset.allowed_names import WordInDoubt

Result = TypeVar("Result")

PASSWORD_VARIABLE = "MSSW_ZIP_PASSWORD"  # noqa: S105 - the name of what holds one
_EDITORS = ("nano", "micro", "vim", "vi")


class QuitError(Exception):
    """The person wants to stop, or there is nothing more to read."""


def ask_or_quit(question: str, sign: str = ": ") -> str:
    """An answer, without spaces around it.

    Args:
        question: what is asked; several lines are possible.
        sign: what goes between question and answer.

    Raises:
        QuitError: the person typed ``q``, or there is nothing more to read.
    """
    line = ask(f"{question}{sign}")
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
            import readline  # noqa: F401, PLC0415 - lines of any length, and paste in one piece; Windows does not need it
        try:
            return input(prompt)
        except EOFError:
            return None
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.rstrip("\r\n") if line else None


def ask_about_words(words: Sequence[WordInDoubt]) -> bool:
    """Ask of each word whether it is a word and names no student; False as soon as one may be a name.

    The word itself is not repeated: it may be a name. Where there is nobody to ask, the answer is no.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    for word in words:
        sys.stderr.write(f"{word.place[0].upper()}{word.place[1:]} may be a student's name: “{word.around}”\n")
        answer = ask("Is it a word here, and no student? (y/n) ")
        if (answer or "").strip().lower() not in {"y", "yes"}:
            return False
    return True


def do_with_words(
    directory: Path, words: Sequence[str], do: Callable[[], Result], *, may_ask: bool = True, dry_run: bool = False
) -> Result:
    """Do something with what a person typed; where a word may be a student's name, ask her in a terminal.

    Args:
        directory: the work set.
        words: those that are meant as words, as the command line says.
        do: what to do. It is done again once she said that they are words.
        may_ask: whether she may be asked.
        dry_run: whether nothing may be written.

    Raises:
        WordsInDoubtError: a word may be a name, and nobody says that it is none.
    """
    from mssw.workset.allowed_names import WordsInDoubtError, take_words  # noqa: PLC0415 - reads files: not for --help
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    workset = WorkSet.open(directory) if words else WorkSet(directory)
    try:
        with take_words(workset, words, dry_run=dry_run):
            return do()
    except WordsInDoubtError as error:
        if not (may_ask and ask_about_words(error.words)):
            raise
        allowed = (*words, *(word.word for word in error.words))
    return do_with_words(directory, allowed, do, may_ask=may_ask, dry_run=dry_run)


def take_zip_password(file: Path | None, *, no_input: bool, is_new: bool = False) -> str:
    """The password of a zip: from a file, from the environment, or typed without being shown.

    Args:
        file: its first line is the password; None if none was given.
        no_input: whether nobody may be asked.
        is_new: whether it is typed twice, so that a slip is noticed.

    Raises:
        UnreadableError: the file cannot be read.
        UsageError: nobody can be asked.
    """
    if file is not None:
        try:
            with file.open(encoding="utf-8-sig") as text:
                return text.readline().rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise UnreadableError(f"{file} cannot be read as text; its first line must be the password.") from None
    given = os.environ.get(PASSWORD_VARIABLE, "")
    if given:
        return given
    if no_input or not sys.stdin.isatty():
        raise UsageError(
            f"the password cannot be typed here; write it into a file for --password-file, or set {PASSWORD_VARIABLE}."
        )
    again = "Type it again" if is_new else False
    typed: str = typer.prompt("Password for the zip", hide_input=True, confirmation_prompt=again, err=True)
    return typed


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
