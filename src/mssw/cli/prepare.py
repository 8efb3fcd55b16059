"""`mssw prepare`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.errors import ExitCode

if TYPE_CHECKING:
    from mssw.steps.prepared import PrepareReport


def prepare(
    stack: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="STACK...",
            help="The scans: PDF, JPEG, PNG, TIFF, HEIC, or folders of them.",
            show_default=False,
        ),
    ] = None,
    *,
    into: Annotated[
        Path,
        typer.Option(
            "--into",
            metavar="DIR",
            help="The work set's folder; made if it is not there.",
            show_default=False,
        ),
    ],
    task: Annotated[
        Path | None,
        typer.Option(metavar="TASK", help="The blank task, as PDF or picture.", show_default=False),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="ROSTER", help="The class list: any export, or a plain list of names.", show_default=False
        ),
    ] = None,
    fronts_backs: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="FRONTS BACKS",
            help="Two stacks of the same sheets, one of each side.",
            show_default=False,
        ),
    ] = None,
    backs: Annotated[
        str, typer.Option(metavar="auto|same|reversed", help="The order in which the backs were fed.")
    ] = "auto",
    pages_per_student: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Where there is no blank task: pages each student handed in.",
            show_default=False,
        ),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PAGE:X,Y,W,H",
            help="Where names are written, in fractions of the task's page, instead of what is found.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="The same aliases each time; leave it out for real classes.", show_default=False),
    ] = None,
    title: Annotated[str, typer.Option(help="The set's title, for the packet.", show_default=False)] = "",
    grade: Annotated[str, typer.Option(help="The grade, for the packet.", show_default=False)] = "",
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", help="Processes at a time; the cores where left out.", show_default=False),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every input and say what would be done; write nothing.")
    ] = False,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Never ask. (Nothing is asked here; for scripts.)")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Take a scanned stack to covered, aliased work.

    Each page is laid upright on the blank task, the name field is covered and carries an alias, and pages are grouped into
    works. What is not sure is held and stays private, with its reason. Run it again without fear: it goes on where it was.
    It ends with 0, or with 1 where works are held.

    For example:

        mssw prepare stack.pdf --task task.pdf --roster class.xlsx --into massive-air

        mssw prepare --fronts-backs fronts.pdf backs.pdf --task task.pdf --into massive-air
    """
    from mssw.steps.prepare import prepare as run  # noqa: PLC0415
    from mssw.steps.prepared import PrepareOptions  # noqa: PLC0415 - heavy libraries load only when they are used

    if backs not in {"auto", "same", "reversed"}:
        raise typer.BadParameter("--backs is auto, same or reversed")
    if fronts_backs and stack:
        raise typer.BadParameter("give either a stack or --fronts-backs, not both")
    del no_input
    options = PrepareOptions(
        stacks=tuple(fronts_backs or stack or ()),
        task=task,
        roster=roster,
        fronts_backs=fronts_backs is not None,
        backs_reversed={"auto": None, "same": False, "reversed": True}[backs],
        pages_per_student=pages_per_student,
        fields=tuple(field or ()),
        seed=seed,
        title=title,
        grade=grade,
        workers=workers,
    )
    if dry_run:
        from mssw.steps.prepare import plan  # noqa: PLC0415

        planned = plan(into, options)
        report.give(planned) if as_json else report.say(_planned(planned, into))
        return
    with report.progress(shown=not (quiet or as_json)) as tell:
        done = run(into, options, tell)
    if as_json:
        report.give(plain(done))
    elif not quiet:
        show(done, into)
    if done.held:
        raise typer.Exit(int(ExitCode.FINDINGS))


def _planned(planned: dict[str, Any], into: Path) -> str:
    files = ", ".join(f"{name} ({pages} pages)" for name, pages in planned["files"].items())
    students = planned["students"]
    who = f"{students} students" if students else "no roster"
    return f"Would read {files}, {who}, and write the work set {into}. Nothing was written."


def plain(done: PrepareReport) -> dict[str, Any]:
    """The report for scripts."""
    return {
        "version": 1,
        "pages": done.counts,
        "released": list(done.released),
        "held": [{"alias": alias, "reasons": list(reasons)} for alias, reasons in done.held],
        "other_pages": [{"where": where, "fate": fate, "reason": reason} for where, fate, reason in done.other],
        "fields": [
            {
                "task_page": f.task_page,
                "label": f.label,
                "box": [f.box.x, f.box.y, f.box.w, f.box.h],
                "found_by": f.found_by,
            }
            for f in done.fields
        ],
        "notes": list(done.notes),
        "audited_files": done.audited,
    }


def show(done: PrepareReport, root: Path) -> None:
    """The report for a person."""
    for line in _fields(done, root):
        report.say(line)
    counts = done.counts
    report.say()
    report.table(
        [
            ["Pages scanned", "=", "kept", "+ blank", "+ set aside", "+ held"],
            [
                str(counts["scanned"]),
                "",
                *(str(counts[fate]) for fate in ("kept", "blank", "set aside", "held")),
            ],
        ]
    )
    report.say()
    report.say(
        f"{len(done.released)} works released to {root / 'shared' / 'work'}, names covered, each under its alias."
    )
    if done.other:
        report.say()
        report.table([["Page", "is", "because"], *(list(row) for row in done.other)])
    if done.held:
        report.say()
        report.table(
            [["Held", "because"], *([alias, "\n".join(reasons)] for alias, reasons in done.held)],
            title=f"{len(done.held)} works are held and stay private:",
        )
    for note in done.notes:
        report.say()
        report.say(f"Note: {note}.")
    report.say()
    report.say(f"The audit passed all {done.audited} files in {root / 'shared'}.")
    report.say()
    for line in _next(done, root):
        report.say(line)


def _fields(done: PrepareReport, root: Path) -> list[str]:
    if not done.fields:
        return [
            "No name field was found on the blank task. Say where names are written, for example the top right corner of page 1:",
            f"  mssw prepare --into {root} --field 1:0.5,0.03,0.45,0.06",
        ]
    lines = ["Names are covered on:"]
    for f in done.fields:
        what = f"beside “{f.label}”" if f.label else "where you said"
        lines.append(
            f"  page {f.task_page} of the task, {what} (--field {f.task_page}:{f.box.x:.3f},{f.box.y:.3f},{f.box.w:.3f},{f.box.h:.3f})"
        )
    return lines


def _next(done: PrepareReport, root: Path) -> list[str]:
    lines = ["Next:"]
    if done.held:
        lines.append(f"  mssw review {root} --list          what is held, and how to clear it")
    lines.append(
        f"  look at {root / 'shared' / 'contact-sheet.pdf'}: names may also stand in the answers, and only a person sees those"
    )
    without = " --without-held" if done.held else ""
    many = " --all" if len(done.released) > 12 else ""  # noqa: PLR2004
    lines.append(f"  mssw packet {root} --copies 8{without}{many}")
    return lines
