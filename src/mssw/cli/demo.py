"""`mssw demo`: a fictional class goes the whole way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mssw.cli import report
from mssw.cli.prepare import show


def demo(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="A new folder for it.")] = Path("demo-class"),
    *,
    students: Annotated[int, typer.Option(min=6, max=60, help="How many students.")] = 26,
    seed: Annotated[int, typer.Option(help="Another seed, another class.")] = 7,
    paper: Annotated[str, typer.Option(metavar="letter|a4", help="The paper.")] = "letter",
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON on stdout.")] = False,
) -> None:
    """Try everything on a fictional class: from its scanned stack to a printable packet.

    It invents students, lets them answer a science task by hand, scans their sheets as a school copier would (with its
    faults), and takes the stack all the way. Nobody's data is needed.

    For example:

        mssw demo trial
    """
    from mssw.steps.demo import run_demo  # noqa: PLC0415

    if paper not in {"letter", "a4"}:
        raise typer.BadParameter("--paper is letter or a4")
    with report.progress(shown=not as_json) as tell:
        done = run_demo(
            directory,
            students=students,
            seed=seed,
            paper=paper,
            progress=tell,
            say=(lambda _text: None) if as_json else report.say,
        )
    if as_json:
        report.give(
            {
                "version": 1,
                "packet": str(done.packet),
                "released": list(done.prepared.released),
                "held": len(done.prepared.held),
            }
        )
        return
    show(done.prepared, done.workset)
    report.say()
    for line in done.ends_with:
        report.say(line)
