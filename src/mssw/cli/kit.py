"""`mssw kit`: prints what a session with colleagues needs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.asking import do_with_words
from mssw.cli.options import AsJson, Templates, Words, kits
from mssw.core.paper import Paper
from mssw.errors import UsageError

if TYPE_CHECKING:
    from mssw.kit.print_kit import KitReport


def kit(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="KIT",
            help="A, B, C, D or E, or coassess, feedback, task-check, atlas, tuning, cac.",
            show_default=False,
            autocompletion=kits,
        ),
    ] = None,
    *,
    listed: Annotated[bool, typer.Option("--list", help="List the kits and what each is for.")] = False,
    start: Annotated[
        str,
        typer.Option(
            metavar="TIME", help="When the session starts (15:30 or 3:30pm); without it, times count from 0:00."
        ),
    ] = "",
    teachers: Annotated[
        int, typer.Option(metavar="N", help="Plan changing small groups for 3 to 24 teachers.", show_default=False)
    ] = 0,
    times: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Use the minutes in this file (see --write-times).", show_default=False),
    ] = None,
    write_times: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the minutes to a new file that you can edit.", show_default=False),
    ] = None,
    work_set: Annotated[
        Path | None,
        typer.Option(
            "--set",
            metavar="DIR",
            help="A work set, to print its title, date, teachers and aliases.",
            show_default=False,
        ),
    ] = None,
    copies: Annotated[int, typer.Option(metavar="N", help="How many copies the file has.")] = 1,
    paper: Annotated[
        Paper | None,
        typer.Option(
            help="The paper to print on; by default the set's, or letter.", show_default=False, case_sensitive=False
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder for the PDF; by default the current one.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A name of your own for the PDF.", show_default=False)
    ] = None,
    words: Words = None,
    templates: Templates = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a different PDF of the same name.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the agenda and what would be written; write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print what a session needs: an agenda with clock times, role cards, charts, and pages for notes.

    Sessions A to E take two hours, and three of you act as Reader, Timekeeper and Recorder. The other kits are for
    other ways to look at student work together: see `mssw kit --list`. You do not need a work set.

    The PDF goes into the current folder, as kit-B-letter.pdf, and is easy to read in black and white. A different file
    of that name is not replaced unless you add --replace.

    You can change how long each part takes: write the minutes to a file, edit it, and use it. mssw checks that they
    add up.

    For example:

    \b
        mssw kit B --start 15:30 --teachers 8
        mssw kit B --write-times my-times.toml
        mssw kit B --start 15:30 --times my-times.toml
    """  # noqa: D301 - the backspace keeps an example on its line
    if listed:
        _list_kits(templates, as_json=as_json)
        return
    if name is None:
        raise UsageError("choose a kit, for example `mssw kit B`; `mssw kit --list` shows what each is for.")
    if write_times is not None:
        _write_times(name, write_times, templates, dry_run=dry_run, as_json=as_json)
        return
    from mssw.kit.print_kit import KitOptions, make_kit  # noqa: PLC0415 - heavy libraries load only when they are used

    if words and work_set is None:
        raise UsageError("--words is about the title and date of a set; give the set with --set, or leave it out.")
    options = KitOptions(
        kit=name,
        start=start,
        teachers=teachers,
        times=times,
        templates=templates,
        workset=work_set,
        copies=copies,
        paper=paper.value if paper else None,
        into=into,
        out=out,
        replace=replace,
        dry_run=dry_run,
    )
    make = partial(make_kit, options)
    made = make() if work_set is None else do_with_words(work_set, words or (), make, dry_run=dry_run)
    report.log_event("kit", copies=made.copies, pages=made.pages[1], minutes=made.minutes)
    if as_json:
        report.print_json(made.as_json(), "kit")
    else:
        _print_kit_report(made)


def _list_kits(templates: Path | None, *, as_json: bool) -> None:
    from mssw.kit.print_kit import list_kits  # noqa: PLC0415

    kits = list_kits(templates)
    if as_json:
        keys = ("name", "title", "purpose", "minutes")
        report.print_json({"kits": [{key: getattr(one, key) for key in keys} for one in kits]}, "kit-list")
        return
    rows = [(one.name, f"{one.title}. {one.purpose}", str(one.minutes or "–")) for one in kits]
    report.print_table([("Kit", "What it is for", "Minutes"), *rows], asked=True)


def _write_times(name: str, place: Path, templates: Path | None, *, dry_run: bool, as_json: bool) -> None:
    from mssw.kit.print_kit import write_times  # noqa: PLC0415

    session = write_times(name, place, templates, dry_run=dry_run)
    if as_json:
        value = {"kit": session.name, "minutes": session.minutes, "file": str(place), "written": not dry_run}
        report.print_json(value, "kit-times")
        return
    would = "would have" if dry_run else "has"
    report.print_line(
        f"{place} {would} the minutes of kit {session.name}, {session.minutes} in all. Change them, then run "
        f"`mssw kit {session.name} --times {place}`."
    )


def _print_kit_report(made: KitReport) -> None:
    if made.dry_run and made.steps:
        rows = [
            (step.begins, str(step.number), step.title, ", ".join(step.roles), str(step.minutes)) for step in made.steps
        ]
        end = (made.ends, "", "End", "", str(made.minutes))
        report.print_table([("Time", "Step", "What we do", "Roles", "Min"), *rows, end], title=made.title, asked=True)
    state = "would be written" if made.dry_run else "is ready" if made.written else "is already up to date"
    pages = f"{made.pages[1]} pages, {made.paper.capitalize()}"
    each = f" ({made.copies} copies of {made.pages[0]})" if made.copies > 1 else ""
    report.print_line(f"{made.file} {state}: {pages}{each}.")
    for remark in made.remarks:
        report.print_line(remark)
