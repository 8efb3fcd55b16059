"""The exit codes and the one small family of errors that a user can meet.

Each error carries its exit code and one sentence that says what is wrong, where, and what to do. No message holds a
student's name: files are named as the teacher gave them, pages by number, responses by alias.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit code says. Scripts rely on these numbers."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    UNREADABLE = 3
    STEP_MISSING = 4
    WOULD_OVERWRITE = 5
    BUG = 70
    INTERRUPTED = 130


class MsswError(Exception):
    """An expected error: its text is the one sentence that a user reads."""

    code = ExitCode.BUG


class UsageError(MsswError):
    """What was asked makes no sense as asked."""

    code = ExitCode.USAGE


class UnreadableError(MsswError):
    """A file or folder cannot be read, written or understood."""

    code = ExitCode.UNREADABLE


class ListedProblemsError(UnreadableError):
    """A table that a person filled in has problems; the message lists them all.

    Attributes:
        advice: what to do about them, as part of a sentence; ``{them}`` becomes "it" for a single problem.
        problems: each with its cell.
    """

    advice = "please fix this and run the command again"

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count, them = (f"{len(problems)} problems", "them") if len(problems) > 1 else ("one problem", "it")
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"{name} has {count}; {self.advice.format(them=them)}:{lines}")


class UnusableTableError(ValueError):
    """The rows of a class list or of a key cannot be used. Where the file is known, a user reads a sentence with them.

    Attributes:
        problems: all that is wrong, each with its row and never with a student's name.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class StepMissingError(MsswError):
    """An earlier step has to be done first."""

    code = ExitCode.STEP_MISSING


class WouldOverwriteError(MsswError):
    """Going on would destroy something that a person may want."""

    code = ExitCode.WOULD_OVERWRITE


class FindingsError(MsswError):
    """A check found something that a person must see before going on."""

    code = ExitCode.FINDINGS


class EngineError(MsswError):
    """A part that mssw came with is missing or was changed."""

    code = ExitCode.BUG
