"""`mssw key`: who is behind an alias. Private: for the class's own teacher."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mssw.cli import report


def key(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The work set.", show_default=False)],
    wanted: Annotated[
        str | None,
        typer.Argument(metavar="[ALIAS or STUDENT]", help="Whom to look up; all where left out.", show_default=False),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON on stdout.")] = False,
) -> None:
    """Look up an alias or a student in the key, with the pages of the stack where the work lies.

    What is printed names students: it is for the class's own teacher. Until somebody has said whose work it is, the pages
    tell where to look in the stack.

    For example:

        mssw key massive-air Andrea
    """
    from mssw.files.workset import WorkSet  # noqa: PLC0415
    from mssw.steps.key import look_up  # noqa: PLC0415

    rows = look_up(WorkSet.open(directory), wanted)
    if as_json:
        report.give(rows)
        return
    heads = ["Alias", "Student", "Student ID", "Source file", "Source pages", "Matched by"]
    widths = [max(len(row[head]) for row in [dict(zip(heads, heads, strict=True)), *rows]) for head in heads]
    for row in [dict(zip(heads, heads, strict=True)), *rows]:
        typer.echo("  ".join(row[head].ljust(width) for head, width in zip(heads, widths, strict=True)).rstrip())
