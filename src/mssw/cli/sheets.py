"""`mssw sheets`: a copy of the task for each student, so that no name need be written at all."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.options import AsJson, Sheet
from mssw.core.paper import Paper
from mssw.core.sheet_code import NamePlacement

if TYPE_CHECKING:
    from mssw.sheets.make_sheets import SheetsReport


class NamePlace(StrEnum):
    """Where a copy shows its student's name."""

    STRIP = NamePlacement.STRIP
    SHEET = NamePlacement.SHEET


def sheets(
    task: Annotated[
        Path | None,
        typer.Argument(
            metavar="TASK", help="The blank task, as PDF or picture; else the set's own.", show_default=False
        ),
    ] = None,
    *,
    into: Annotated[
        Path,
        typer.Option(
            "--into", metavar="DIR", help="The work set's folder; made if it is not there.", show_default=False
        ),
    ],
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="ROSTER", help="The class list: any export, or a plain list of names.", show_default=False
        ),
    ] = None,
    sheet: Sheet = "",
    anonymous: Annotated[
        int, typer.Option(metavar="N", help="So many coded copies without a class list.", show_default=False)
    ] = 0,
    blank_copies: Annotated[
        int, typer.Option(metavar="N", help="Spare copies beside the class, for new students.", show_default=False)
    ] = 0,
    names: Annotated[
        NamePlace | None,
        typer.Option(
            help="Where a copy says whose it is: a strip to tear off, or a sheet on top.", show_default="strip"
        ),
    ] = None,
    paper: Annotated[Paper | None, typer.Option(help="What it is printed on.", show_default="the task's own")] = None,
    one_sided: Annotated[bool, typer.Option("--one-sided", help="Print on one side of each sheet only.")] = False,
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", help="The same codes each time; not for real classes.", show_default=False),
    ] = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="The set's title.", show_default=False)] = "",
    grade: Annotated[str, typer.Option(metavar="TEXT", help="The grade.", show_default=False)] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every input and say what would be printed; write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a copy of the task for each student, with a code on each side and the name on a strip to tear off.

    Once the strips are off, no name is on the work, and `mssw prepare` knows every page by its code: in any order,
    upside down, several classes in one stack. The codes are drawn by chance. Which code is whose stands in the set's
    private folder alone, and there lies the file to print. Run it again for new students: codes once drawn stay.

    For example, a class with two spare copies, then again when a student has come:

    \b
        mssw sheets task.pdf --roster class.csv --blank-copies 2 --into set
        mssw sheets --roster class-now.csv --into set
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.sheets.make_sheets import SheetsOptions, make_sheets  # noqa: PLC0415 - heavy libraries load only when used

    options = SheetsOptions(
        task=task,
        roster=roster,
        sheet=sheet,
        anonymous=anonymous,
        spares=blank_copies,
        names=NamePlacement(names) if names else None,
        two_sided=False if one_sided else None,
        paper=str(paper) if paper else None,
        title=title,
        grade=grade,
        seed=seed,
        dry_run=dry_run,
    )
    done = make_sheets(into, options)
    report.log_event("sheets", copies=done.students + done.spares, pages=done.pages, sheets=done.sheets)
    report.print_json(done.as_json(), "sheets") if as_json else _show(done, into)


def _show(done: SheetsReport, directory: Path) -> None:
    """The report for a person."""
    who = [report.count_noun(done.students, "copy", "copies") + " with a student's name"] if done.students else []
    who += [report.count_noun(done.spares, "copy", "copies") + " for anybody"] if done.spares else []
    on = "two-sided, turned over on the long edge" if done.two_sided else "one-sided"
    report.print_line(
        f"{' and '.join(who)}: {report.count_noun(done.pages, 'page')} on {report.count_noun(done.sheets, 'sheet')} of "
        f"{'A4' if done.paper == 'a4' else 'US Letter'}."
    )
    if done.known:
        report.print_line(
            f"The codes of {report.count_noun(done.known, 'copy', 'copies')} were drawn before and are the same."
        )
    if done.scale < 0.995:  # noqa: PLR2004 - less cannot be seen
        report.print_line(f"The task is printed at {done.scale:.0%} of its size, so that the code stands on nothing.")
    if not done.written:
        report.print_line("Nothing was written.")
        return
    report.print_line()
    report.print_line(f"Print {done.file} at actual size, {on}.")
    if done.names == NamePlacement.STRIP:
        report.print_line(
            "Hand the sheets out by the strips, and have each strip torn off before the sheet is handed in."
        )
    elif done.names == NamePlacement.SHEET:
        report.print_line("Hand the copies out by the sheets on top, and keep those out of the stack that is scanned.")
    report.print_line(f"After the lesson:  mssw prepare STACK.pdf --into {directory}")
