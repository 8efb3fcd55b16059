"""`mssw key`: who is behind an alias. Private: for the class's own teacher."""

from __future__ import annotations

from typing import Annotated

import typer

from mssw.cli import report
from mssw.cli.options import AsJson, WorkSetFolder
from mssw.model.key import HEADER


def key(
    directory: WorkSetFolder,
    wanted: Annotated[
        str | None,
        typer.Argument(metavar="WHO", help="An alias or a student to look up; all where left out.", show_default=False),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Look up whose work an alias is, and where it lies in the stack.

    What is printed names students: it is for the class's own teacher. Until somebody has said whose work it is, the
    pages tell where to look in the stack.

    For example:

    \b
        mssw key massive-air Andrea
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.files.workset import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.steps.key import look_up  # noqa: PLC0415

    rows = look_up(WorkSet.open(directory), wanted)
    if as_json:
        report.give(rows)
    else:
        report.table([list(HEADER), *([row[head] for head in HEADER] for row in rows)], asked=True)
