"""`mssw demo`: a fictional class goes the whole way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mssw.cli import report
from mssw.cli.options import AsJson
from mssw.cli.prepare import print_prepare_report
from mssw.core.paper import Paper


def demo(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for it.")] = Path("demo-class"),
    *,
    ready: Annotated[
        bool,
        typer.Option("--set", help="Only a ready set of made-up work, sorted and chosen, to print for a session."),
    ] = False,
    students: Annotated[
        int | None,
        typer.Option(metavar="N", min=6, max=60, help="How many students; else 26, with --set 18.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Another seed, another class.")] = 7,
    paper: Annotated[Paper, typer.Option(help="The printer's paper.")] = Paper.LETTER,
    as_json: AsJson = False,
) -> None:
    """Try everything on a fictional class, from stack to packet.

    It invents students, lets them answer a science task by hand, scans their sheets as a school copier would (with its
    faults), and takes the stack all the way; a made-up teacher sorts, and no person looks. Nobody's data is needed.

    With --set it makes a set for a session for which nobody brought work, in seconds: blank task, introduction, works
    sorted and twelve of them chosen. No child wrote it, and it says so.

    For example, the whole way; then a set that is printed at once:

    \b
        mssw demo trial
        mssw demo ready-set --set
    """  # noqa: D301 - the backspace keeps an example on its line
    if ready:
        _make_ready_set(directory, students or 18, seed, paper.value, as_json=as_json)
        return
    from mssw.demo.run_demo import run_demo  # noqa: PLC0415 - heavy libraries load only when they are used

    say = (lambda _text: None) if as_json else report.print_line
    with report.show_progress(shown=not as_json) as tell:
        done = run_demo(directory, students=students or 26, seed=seed, paper=paper.value, progress=tell, say=say)
    if as_json:
        released, held = list(done.prepared.released), len(done.prepared.held)
        told = {"packet": str(done.packet), "released": released, "held": held, "samples": done.samples}
        report.print_json(told, "demo")
        return
    print_prepare_report(done.prepared, done.workset)
    report.print_line()
    for line in done.ends_with:
        report.print_line(line)


def _make_ready_set(directory: Path, works: int, seed: int, paper: str, *, as_json: bool) -> None:
    """The set that is printed at once."""
    from mssw.demo.ready_set import make_ready_set  # noqa: PLC0415 - heavy libraries load only when they are used

    with report.show_progress(shown=not as_json) as tell:
        done = make_ready_set(directory, works=works, seed=seed, paper=paper, progress=tell)
    if as_json:
        report.print_json({"set": str(done.workset), "works": done.works, "samples": list(done.samples)}, "demo-set")
        return
    report.print_line(
        f"{done.workset} is ready: {done.works} works, sorted, {len(done.samples)} of them chosen. All made up."
    )
    report.print_line(
        f"What colleagues are told before: {done.workset / 'intro.md'}. Title and date: {done.workset / 'set.toml'}."
    )
    report.print_line(f"Next:  mssw packet {done.workset} --copies 8")
