"""`mssw status`: where each page and each step stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mssw.cli import report


def status(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The work set.", show_default=False)],
    *,
    pages: Annotated[bool, typer.Option("--pages", help="Every page of the stack with its fate.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON on stdout.")] = False,
) -> None:
    """Say where each page and each step of a work set stands.

    For example:

        mssw status massive-air --pages
    """
    from mssw.files.workset import WorkSet  # noqa: PLC0415
    from mssw.steps.status import read_status  # noqa: PLC0415

    found = read_status(WorkSet.open(directory))
    if as_json:
        report.give(found)
        return
    report.table(
        [["Step", "stands at"], *([step["step"], step["state"]] for step in found["steps"])],
        title=found["title"],
    )
    report.say()
    counts: dict[str, int] = found["pages"]
    if counts:
        report.say(
            "Pages scanned "
            + f"{counts['scanned']} = "
            + " + ".join(f"{n} {fate}" for fate, n in counts.items() if fate != "scanned")
        )
    if pages:
        report.say()
        report.table([["Page", "fate", "work", "reason"], *map(_row, found["each_page"])])


def _row(page: dict[str, Any]) -> list[str]:
    return [page["where"], page["fate"], page["alias"], page["reason"]]
