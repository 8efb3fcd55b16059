"""The exit codes and the one small family of errors that a user can meet.

Each error carries its exit code and one sentence that says what is wrong, where, and what to do. No message holds a
student's name: files are named as the teacher gave them, pages by number, responses by alias.
"""

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
