"""`mssw demo`: takes a made-up class from stack to packet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mssw.cli import report
from mssw.cli.command import AsJson
from mssw.cli.prepare import print_prepare_report
from mssw.core.option import Choice
from mssw.core.paper import Paper
from mssw.core.shell_words import quote_word
from mssw.errors import UsageError


class ReadyTaskName(Choice):
    """Which task a ready set is made of."""

    SCIENCE = "science"
    MATHEMATICS = "mathematics"
    ENGLISH = "english"


def demo(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the demo.")] = Path("demo-class"),
    *,
    ready: Annotated[
        bool,
        typer.Option("--set", help="Make only a set of made-up student work, sorted and chosen, ready to print."),
    ] = False,
    task: Annotated[
        ReadyTaskName,
        typer.Option(help="With --set: science for grade 5, mathematics for grade 3, or English for grade 8."),
    ] = ReadyTaskName.SCIENCE,
    students: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=6,
            max=60,
            help="How many students; by default 26, or 18 with --set (12 in mathematics and English).",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="A different number makes a different class.")] = 7,
    paper: Annotated[Paper, typer.Option(help="The paper to print on.")] = Paper.LETTER,
    as_json: AsJson = False,
) -> None:
    """Try everything on a made-up class, from stack to packet.

    mssw invents students, writes their answers to a science task, and scans the sheets the way a school copier would,
    faults and all. Then it takes the stack all the way to a packet. A made-up teacher sorts, and nobody checks the
    pages. You need no data of your own.

    With --set, you get a set for a session when nobody has brought student work: blank task, introduction, and sorted
    responses with 12 samples. It takes seconds. The work is made up, and the packet says so.

    For example, the whole demo; then a set that you can print at once:

    \b
        mssw demo trial
        mssw demo ready-set --set
        mssw demo essays --set --task english
    """  # noqa: D301 - the backspace keeps an example on its line
    if ready:
        _make_ready_set(directory, task.value, students, seed, paper.value, as_json=as_json)
        return
    if task is not ReadyTaskName.SCIENCE:
        raise UsageError("--task is for a ready set; add --set, or leave it out.")
    from mssw.demo.run_demo import run_demo  # noqa: PLC0415 - heavy libraries load only when they are used

    say = (lambda _text: None) if as_json else report.print_line
    with report.show_progress(shown=not as_json) as tell:
        done = run_demo(directory, students=students or 26, seed=seed, paper=paper.value, progress=tell, say=say)
    if as_json:
        released, held = list(done.prepared.released), len(done.prepared.held)
        value = {"packet": str(done.packet), "released": released, "held": held, "samples": done.samples}
        report.print_json(value, "demo")
        return
    print_prepare_report(done.prepared, done.workset)
    report.print_line()
    for line in done.ends_with:
        report.print_line(line)


def _make_ready_set(directory: Path, task: str, responses: int | None, seed: int, paper: str, *, as_json: bool) -> None:
    """Make the set that can be printed at once."""
    from mssw.demo.ready_set import make_ready_set  # noqa: PLC0415 - heavy libraries load only when they are used

    with report.show_progress(shown=not as_json) as tell:
        done = make_ready_set(directory, task=task, works=responses, seed=seed, paper=paper, progress=tell)
    if as_json:
        report.print_json({"set": str(done.workset), "works": done.works, "samples": list(done.samples)}, "demo-set")
        return
    report.print_line(
        f"{done.workset} is ready: {done.works} sorted responses and {len(done.samples)} samples, all made up."
    )
    report.print_line(
        f"Edit the introduction in {done.workset / 'intro.md'}, and the title and date in {done.workset / 'set.toml'}."
    )
    report.print_line(f"Next:  mssw packet {quote_word(done.workset)} --copies 8")
