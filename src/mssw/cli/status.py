"""`mssw status`: where each page and each step stands."""

from __future__ import annotations

from typing import Annotated

import typer

from mssw.cli import report
from mssw.cli.options import AsJson, WorkSetFolder
from mssw.cli.reminder import remind


def status(
    directory: WorkSetFolder,
    *,
    pages: Annotated[bool, typer.Option("--pages", help="Every page of the stack with its fate.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say where each page and each step of a work set stands.

    For example:

    \b
        mssw status massive-air --pages
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw import library  # noqa: PLC0415 - heavy libraries load only when they are used

    found = library.status(directory)
    if as_json:
        report.give(found.as_json(), "status")
        remind(directory)
        return
    report.table(
        [["Step", "stands at"], *([one.step, one.state] for one in found.steps)], title=found.title, asked=True
    )
    if found.pages:
        fates = " + ".join(f"{number} {fate}" for fate, number in found.pages.items() if fate != "scanned")
        typer.echo(f"\nPages scanned: {found.pages['scanned']} = {fates}")
    if pages:
        typer.echo()
        rows = [[page.where, page.fate, page.alias, page.reason] for page in found.each_page]
        report.table([["Page", "fate", "work", "reason"], *rows], asked=True)
    remind(directory)
