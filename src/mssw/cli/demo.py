"""`mssw demo`: a fictional class goes the whole way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mssw.cli import report
from mssw.cli.options import AsJson, Paper
from mssw.cli.prepared import show


def demo(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for it.")] = Path("demo-class"),
    *,
    students: Annotated[int, typer.Option(metavar="N", min=6, max=60, help="How many students.")] = 26,
    seed: Annotated[int, typer.Option(metavar="N", help="Another seed, another class.")] = 7,
    paper: Annotated[Paper, typer.Option(help="The printer's paper.")] = Paper.LETTER,
    as_json: AsJson = False,
) -> None:
    """Try everything on a fictional class, from stack to packet.

    It invents students, lets them answer a science task by hand, scans their sheets as a school copier would (with its
    faults), and takes the stack all the way. Nobody's data is needed.

    For example:

    \b
        mssw demo trial
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.steps.demo import run_demo  # noqa: PLC0415 - heavy libraries load only when they are used

    say = (lambda _text: None) if as_json else report.say
    with report.progress(shown=not as_json) as tell:
        done = run_demo(directory, students=students, seed=seed, paper=paper.value, progress=tell, say=say)
    if as_json:
        released, held = list(done.prepared.released), len(done.prepared.held)
        report.give({"packet": str(done.packet), "released": released, "held": held}, "demo")
        return
    show(done.prepared, done.workset)
    report.say()
    for line in done.ends_with:
        report.say(line)
