"""`mssw sheets`: prints a coded copy of the task for each student, so that nobody has to write a name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, Into, Language, Sheet
from mssw.core.paper import Paper
from mssw.core.sheet_code import NamePlacement
from mssw.core.shell_words import quote_word
from mssw.core.wording import count_noun

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
            metavar="TASK", help="The blank task, as PDF or image; by default the set's own.", show_default=False
        ),
    ] = None,
    *,
    into: Into,
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="ROSTER",
            help="Your class list: an export from your school's system, or a plain list of names.",
            show_default=False,
        ),
    ] = None,
    sheet: Sheet = "",
    anonymous: Annotated[
        int, typer.Option(metavar="N", help="How many coded copies to make without a class list.", show_default=False)
    ] = 0,
    blank_copies: Annotated[
        int, typer.Option(metavar="N", help="How many spare copies to add, for new students.", show_default=False)
    ] = 0,
    names: Annotated[
        NamePlace | None,
        typer.Option(
            help="Where the student's name goes: on a strip to tear off, or on a sheet on top.", show_default="strip"
        ),
    ] = None,
    paper: Annotated[Paper | None, typer.Option(help="The paper to print on.", show_default="the task's own")] = None,
    one_sided: Annotated[bool, typer.Option("--one-sided", help="Print on one side only.")] = False,
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", help="Draw the same codes each time. Not for real classes.", show_default=False),
    ] = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="The set's title.", show_default=False)] = "",
    grade: Annotated[str, typer.Option(metavar="TEXT", help="The grade.", show_default=False)] = "",
    language: Language = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every input and show what would be printed; write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a copy of the task for each student, with a code on each side and the name on a strip to tear off.

    Without the strips, the student work has no names on it, and `mssw prepare` recognizes each page by its code: in any
    order, upside down, even with several classes in one stack. The codes are random. Only the set's private folder
    knows which code belongs to which student; the file to print is there too. Run it again for new students: codes
    never change.

    For example, a class with two spare copies; then again when a student has joined:

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
        language=language,
        seed=seed,
        dry_run=dry_run,
    )
    done = make_sheets(into, options)
    report.log_event("sheets", copies=done.students + done.spares, pages=done.pages, sheets=done.sheets)
    report.print_json(done.as_json(), "sheets") if as_json else _show(done, into)


def _show(done: SheetsReport, directory: Path) -> None:
    """The report for a person."""
    who = [count_noun(done.students, "copy", "copies") + " with a student's name"] if done.students else []
    who += [count_noun(done.spares, "spare copy", "spare copies")] if done.spares else []
    on = "two-sided, flipped on the long edge" if done.two_sided else "one-sided"
    report.print_line(
        f"{' and '.join(who)}: {count_noun(done.pages, 'page')} on {count_noun(done.sheets, 'sheet')} of "
        f"{'A4' if done.paper == 'a4' else 'US Letter'}."
    )
    if done.only_new:
        report.print_line("The file has only the new students' sheets. To print all of them, run this again.")
    if done.known:
        report.print_line(f"{count_noun(done.known, 'copy', 'copies')} already had codes, which stay the same.")
    if done.scale < 0.995:  # noqa: PLR2004 - less cannot be seen
        report.print_line(f"The task is printed at {done.scale:.0%} so that the code does not cover any of it.")
    if not done.written:
        report.print_line("Nothing was written.")
        return
    report.print_line()
    report.print_line(f"Print {done.file} at actual size, {on}.")
    if done.names == NamePlacement.STRIP:
        report.print_line(
            "Hand out the sheets by the names on the strips. Students tear off the strip before they hand in."
        )
    elif done.names == NamePlacement.SHEET:
        report.print_line("Hand out the copies by the names on the top sheets. Do not scan the top sheets.")
    report.print_line(f"After the lesson:  mssw prepare STACK.pdf --into {quote_word(directory)}")
