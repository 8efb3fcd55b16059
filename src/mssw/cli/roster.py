"""`mssw roster`: shows how a class list is read, and what is wrong with it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, Columns, NoInput, Sheet, command
from mssw.core.shell_words import quote_word
from mssw.core.wording import count_noun
from mssw.errors import ExitCode

if TYPE_CHECKING:
    from mssw.roster.roster_file import RosterCheck

app = typer.Typer(
    help="Check a class list before you use it.\n\n\b\n    mssw roster check class.csv",
    no_args_is_help=True,
)
_ASKED = {"last": "last names", "first": "first names", "name": "full names, if they share a column", "id": "numbers"}


def check(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="An export from your school's system, or a plain list of names.",
            show_default=False,
        ),
    ],
    *,
    columns: Columns = None,
    sheet: Sheet = "",
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Show how a class list is read: which system it comes from, and what each column is read as.

    You also see which columns are ignored: race, lunch, special education and birth dates never get into a set. All
    problems are listed at once, by row and without names. The exit code is 0, or 1 if something is wrong or doubtful.

    In a terminal, you are asked whether the columns are right. If not, you can choose them, and you see which options
    to give to `mssw prepare`.

    For example, an export as it is; then one with columns that mssw does not recognize:

    \b
        mssw roster check class.csv
        mssw roster check class.csv --columns last=Sukunimi,first=Etunimi,id=C
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw import api as library  # noqa: PLC0415 - heavy libraries load only when they are used

    found = library.roster_check(file, columns=columns or (), sheet=sheet)
    if as_json:
        report.print_json(found.as_json(), "roster-check")
    else:
        _show(found)
        if not no_input and sys.stdin.isatty() and sys.stderr.isatty():
            found = _confirmed(found, file, sheet)
        _advise(found, file, sheet)
    report.log_event("roster check", students=found.students, columns=len(found.columns), remarks=len(found.remarks))
    if not found.is_clean:
        raise typer.Exit(int(ExitCode.FINDINGS))


app.command("check")(command(check, "roster check"))


def _show(found: RosterCheck) -> None:
    """The mapping, then the remarks."""
    looks = f"looks like an export from {found.system}" if found.system else "does not look like an export mssw knows"
    header = f"the header is row {found.header}" if found.header else "it has no header"
    sheet = f", sheet “{found.sheet}”" if len(found.sheets) > 1 else ""
    typer.echo(f"{found.file}: {found.read_as}{sheet}. It {looks}; {header}.\n")
    read = [column for column in found.columns if column.meaning is not None]
    if read:
        rows = [[column.letter, column.title, str(column.meaning)] for column in read]
        report.print_table([["Column", "header", "is read as"], *rows], asked=True)
    unread = [column.title or f"column {column.letter}" for column in found.columns if column.meaning is None]
    typer.echo(f"\nIgnored, and never saved: {', '.join(unread)}." if unread else "\nEvery column is read.")
    skipped = f"; {count_noun(len(found.skipped), 'row')} with data skipped" if found.skipped else ""
    typer.echo(f"Students: {found.students:,}{skipped}.")
    for gravity, title in (("problem", "Please fix"), ("doubt", "Please check"), ("note", "Good to know")):
        remarks = [str(remark) for remark in found.remarks if remark.gravity == gravity]
        if remarks:
            typer.echo(f"\n{title}:")
            for remark in remarks:
                typer.echo(f"  {remark[0].upper()}{remark[1:]}.")


def _confirmed(found: RosterCheck, file: Path, sheet: str) -> RosterCheck:
    """Ask whether the columns are right, and read the list again until they are."""
    from mssw import api as library  # noqa: PLC0415

    while not typer.confirm("\nAre the columns right?", default=True, err=True):
        chosen = []
        for word, what in _ASKED.items():
            column = typer.prompt(f"Column with {what} (letter or header; Enter for none)", default="", err=True)
            chosen += [f"{word}={column.strip()}"] if column.strip() else []
        found = library.roster_check(file, columns=chosen, sheet=sheet)
        _show(found)
    return found


def _advise(found: RosterCheck, file: Path, sheet: str) -> None:
    """What to do next."""
    report.print_line()
    chosen = "".join(f" --columns {quote_word(text)}" for text in found.choices)
    chosen += f" --sheet {quote_word(sheet)}" if sheet else ""
    if found.is_usable:
        report.print_line(f"Next:  mssw prepare STACK --task TASK --roster {quote_word(file)}{chosen} --into DIR")
    else:
        report.print_line(
            "Fix the file and check it again. If a column is read wrong, add for example --columns last=B,first=C."
        )
