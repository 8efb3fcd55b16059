"""The command that comes next, printed so that it can be pasted as it is."""

from __future__ import annotations

from pathlib import Path

from mssw.cli import report


def print_next_step(root: Path, *, reviewed: bool = False) -> None:
    """Print the set's next command and why; nothing where all is done or cannot be read.

    Args:
        root: the set.
        reviewed: whether the review was just closed, so that the step after it is wanted.
    """
    from mssw.errors import MsswError  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.next_step import find_next_step  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    try:
        step = find_next_step(WorkSet(root), reviewed=reviewed)
    except MsswError:  # the command that is asked for next says what is wrong
        return
    if step is not None:
        report.print_line(f"Next:  {step.command}   ({step.why})")
