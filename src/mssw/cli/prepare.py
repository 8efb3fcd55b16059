"""`mssw prepare`: the main job."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from mssw.cli import report
from mssw.cli.options import AsJson, Columns
from mssw.cli.prepared import log_counts, plain, show
from mssw.cli.reminder import remind
from mssw.errors import ExitCode


class Cover(StrEnum):
    """Which names in the text are covered without asking."""

    SURE = "sure"
    LIKELY = "likely"


class Backs(StrEnum):
    """The order in which a stack's backs were fed."""

    AUTO = "auto"
    SAME = "same"
    REVERSED = "reversed"

    @property
    def turned(self) -> bool | None:
        """Whether they run from the last sheet to the first; None where the pages are to tell."""
        return None if self is Backs.AUTO else self is Backs.REVERSED


def prepare(
    stack: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="STACK", help="The scans: PDF, JPEG, PNG, TIFF, HEIC, or folders of them.", show_default=False
        ),
    ] = None,
    *,
    into: Annotated[
        Path,
        typer.Option(
            "--into", metavar="DIR", help="The work set's folder; made if it is not there.", show_default=False
        ),
    ],
    task: Annotated[
        Path | None, typer.Option(metavar="TASK", help="The blank task, as PDF or picture.", show_default=False)
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="ROSTER", help="The class list: any export, or a plain list of names.", show_default=False
        ),
    ] = None,
    columns: Columns = None,
    fronts_backs: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="FRONTS BACKS", help="Two stacks of the same sheets, one of each side.", show_default=False
        ),
    ] = None,
    backs: Annotated[Backs, typer.Option(help="The order in which the backs were fed.")] = Backs.AUTO,
    pages_per_student: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Where there is no blank task: pages each student handed in.", show_default=False
        ),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PAGE:X,Y,W,H",
            help="Where names are written, in fractions of the task's page, instead of what is found.",
            show_default=False,
        ),
    ] = None,
    also: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Further names to look for in the text, one a line.",
            show_default=False,
        ),
    ] = None,
    cover: Annotated[
        Cover | None,
        typer.Option(
            help="Names in the text: cover the sure ones, or the likely ones too, as for batches.",
            show_default="sure",
        ),
    ] = None,
    codes: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            help="Another class's set whose coded sheets may lie in this stack (see `mssw sheets`).",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", help="The same aliases each time; not for real classes.", show_default=False),
    ] = None,
    title: Annotated[
        str, typer.Option(metavar="TEXT", help="The set's title, for the packet.", show_default=False)
    ] = "",
    grade: Annotated[str, typer.Option(metavar="TEXT", help="The grade, for the packet.", show_default=False)] = "",
    workers: Annotated[
        int | None, typer.Option(metavar="N", help="Processes at a time; else one a core.", show_default=False)
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every input and say what would be done; write nothing.")
    ] = False,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Never ask. (Nothing is asked here; for scripts.)")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take a scanned stack to covered, aliased work.

    Each page is laid upright on the blank task, the name field is covered and carries an alias, and pages are grouped
    into works. What is not sure is held and stays private, with its reason. Run it again without fear: it goes on where
    it was. It ends with 0, or with 1 where works are held.

    For example, a whole stack, then one whose fronts and backs were scanned apart:

    \b
        mssw prepare stack.pdf --task task.pdf --roster class.xlsx --into set
        mssw prepare --fronts-backs odd.pdf even.pdf --task task.pdf --into set
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw import library  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.prepare.options import PrepareOptions  # noqa: PLC0415
    from mssw.prepare.prepare import plan  # noqa: PLC0415

    if fronts_backs and stack:
        raise typer.BadParameter("give either a stack or --fronts-backs, not both")
    del no_input
    if dry_run:
        checked = PrepareOptions(
            stacks=tuple(fronts_backs or stack or ()),
            task=task,
            roster=roster,
            columns=tuple(columns or ()),
            fronts_backs=fronts_backs is not None,
            pages_per_student=pages_per_student,
            fields=tuple(field or ()),
            also=also,
            codes=tuple(codes or ()),
            workers=workers,
        )
        planned = plan(into, checked)
        report.give(planned, "prepare-plan") if as_json else report.say(_planned(planned, into))
        return
    with report.progress(shown=not as_json) as tell:
        done = library.prepare(
            stack or (),
            into=into,
            task=task,
            roster=roster,
            columns=columns or (),
            fronts_backs=fronts_backs,
            backs_reversed=backs.turned,
            pages_per_student=pages_per_student,
            fields=field or (),
            also=also,
            codes=codes or (),
            cover=_cover(cover),
            seed=seed,
            title=title,
            grade=grade,
            workers=workers,
            progress=tell,
        )
    log_counts(done)
    report.give(plain(done), "prepare") if as_json else show(done, into)
    remind(into)
    if done.held:
        raise typer.Exit(int(ExitCode.FINDINGS))


def _cover(cover: Cover | None) -> Literal["sure", "likely"] | None:
    return None if cover is None else "likely" if cover is Cover.LIKELY else "sure"


def _planned(planned: dict[str, Any], into: Path) -> str:
    files = ", ".join(f"{name} ({report.count(pages, 'page')})" for name, pages in planned["files"].items())
    students = planned["students"]
    who = report.count(students, "student") if students else "no roster"
    return f"Would read {files}, {who}, and write the work set {into}. Nothing was written."
