"""`mssw status`: how far a set has come, step by step and page by page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, WorkSetFolder
from mssw.core.page import Fate


def status(
    directory: WorkSetFolder,
    *,
    pages: Annotated[bool, typer.Option("--pages", help="List every page of the stack and what became of it.")] = False,
    checklist: Annotated[
        bool,
        typer.Option("--checklist", help="Show the presenting teacher's checklist, and audit every file for it."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show how far a work set has come, step by step.

    For example, with every page; then what is left to do before you print the packet:

    \b
        mssw status massive-air --pages
        mssw status massive-air --checklist
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw import api as library  # noqa: PLC0415 - heavy libraries load only when they are used

    found = library.status(directory, audit=checklist)
    if as_json:
        report.print_json(found.as_json(), "status")
        report.remind_of_key(directory)
        return
    report.print_table(
        [["Step", "status"], *([one.step, one.state] for one in found.steps)], title=found.title, asked=True
    )
    if found.pages:
        fates = " + ".join(f"{number} {Fate(fate).words}" for fate, number in found.pages.items() if fate != "scanned")
        typer.echo(f"\nPages scanned: {found.pages['scanned']} = {fates}")
    if checklist:
        _show_checklist(found.checklist, directory)
    if pages:
        typer.echo()
        rows = [[page.where, Fate(page.fate).words, page.alias, page.reason] for page in found.each_page]
        report.print_table([["Page", "status", "response", "reason"], *rows], asked=True)
    report.print_next_step(directory)
    report.remind_of_key(directory)


def _show_checklist(groups: Sequence[dict[str, Any]], directory: Path) -> None:
    """What is done and what is not, as on the printed checklist, each command as it can be typed."""
    for group in groups:
        typer.echo(f"\n{group['heading']}")
        for item in group["items"]:
            what, remark = (item[key].replace(" DIR", f" {directory}") for key in ("what", "remark"))
            typer.echo(f"  [{'x' if item['done'] else ' '}] {what}")
            if remark:
                typer.echo(f"      {remark}")
