"""`mssw schedule`: who presents in which session, when and where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, PrintPaper, Templates, command, sessions
from mssw.core.paper import Paper
from mssw.errors import ExitCode

if TYPE_CHECKING:
    from mssw.schedule.schedule_rows import Schedule

app = typer.Typer(
    name="schedule",
    help=(
        "Plan who presents in sessions A to E and other meetings, when and where.\n\n"
        "For example:\n\n"
        "\b\n"
        '    mssw schedule new science.xlsx --start 15:30 --place "Room 12"\n'
        '    mssw schedule add science.xlsx --session B --date 2027-03-12 --teacher "M. Rivera" --task "Massive Air"\n'
        "    mssw schedule print science.xlsx"
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)

File = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The schedule.", show_default=False)]
Start = Annotated[
    str, typer.Option(metavar="TIME", help="When the session starts: 15:30 or 3:30 pm.", show_default=False)
]
Place = Annotated[str, typer.Option(metavar="TEXT", help="Where you meet.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything; write nothing.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="The file to write; by default beside the schedule.", show_default=False
    ),
]
Reader = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="LANGUAGE",
        help="Dates and times as your readers write them: us, uk or es; by default us.",
        show_default=False,
    ),
]
Replace = Annotated[bool, typer.Option("--replace", help="Replace a file that mssw did not make.")]


def new(
    file: File,
    *,
    title: Annotated[
        str, typer.Option(metavar="TEXT", help="The title; by default the file's name.", show_default=False)
    ] = "",
    start: Start = "",
    place: Place = "",
    session: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SESSION",
            help="Only this session: A to E, coassess, feedback, atlas, tuning or cac. Can be repeated.",
            show_default=False,
            autocompletion=sessions,
        ),
    ] = None,
    language: Reader = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make a new schedule: the five sessions, or only those that you name.

    It is a workbook that you can share. Fill it in by hand or with `mssw schedule add`.

    For example, the five sessions; then a schedule of two meetings for co-assessing:

    \b
        mssw schedule new science.xlsx --title "Science, spring" --start 3:30pm --place "Room 12"
        mssw schedule new grade-5.xlsx --session coassess --session "coassess 2"
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.schedule.keep_schedule import new_schedule, read_slot  # noqa: PLC0415 - heavy libraries load only when used

    given = read_slot("", "", start, place, (), "")
    made = new_schedule(file, title, given, sessions=session or (), language=language, dry_run=dry_run)
    _print_schedule(made, language, as_json=as_json)
    if not as_json:
        report.print_line("Nothing was written." if dry_run else f"{file} is ready to fill in.")


def add(
    file: File,
    *,
    session: Annotated[
        str,
        typer.Option(
            metavar="SESSION",
            help="Which session: A to E, coassess, feedback, atlas, tuning or cac; a second one is 'coassess 2'.",
            show_default=False,
            autocompletion=sessions,
        ),
    ],
    date: Annotated[
        str,
        typer.Option(metavar="DATE", help="The day: March 12, 2027, 12 March 2027 or 2027-03-12.", show_default=False),
    ] = "",
    start: Start = "",
    place: Place = "",
    teacher: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A presenting teacher. Can be repeated, up to three.", show_default=False),
    ] = None,
    task: Annotated[str, typer.Option(metavar="TEXT", help="The task that they all bring.", show_default=False)] = "",
    language: Reader = "",
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite what is already filled in.")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Fill in what you know about a session; everything else in the workbook stays as it is.

    Everyone presenting in a session brings the same task, so a second task is refused. A session that has no row yet
    gets one.

    For example, a presenting teacher with a task, then a second teacher for the same session, then another meeting:

    \b
        mssw schedule add science.xlsx --session B --date 2027-03-12 --teacher "M. Rivera" --task "Massive Air"
        mssw schedule add science.xlsx --session B --teacher "J. Okafor"
        mssw schedule add science.xlsx --session coassess --date "April 9, 2027" --start 3:30pm
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.schedule.keep_schedule import add_to_schedule as add_to  # noqa: PLC0415 - heavy libraries load only when used
    from mssw.schedule.keep_schedule import read_slot  # noqa: PLC0415

    slot = read_slot(session, date, start, place, teacher or (), task)
    with _problems_for_scripts(as_json=as_json):
        changed = add_to(file, slot, language=language, replaced=replace, dry_run=dry_run)
    _print_schedule(changed, language, as_json=as_json)
    if dry_run and not as_json:
        report.print_line("Nothing was written.")


def show(file: File, *, language: Reader = "", as_json: AsJson = False) -> None:
    """Show a schedule and what is still open. Problems are listed by cell, all at once.

    For example:

    \b
        mssw schedule show science.xlsx
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.schedule.keep_schedule import load_schedule  # noqa: PLC0415 - heavy libraries load only when used

    with _problems_for_scripts(as_json=as_json):
        schedule = load_schedule(file)
    _print_schedule(schedule, language, as_json=as_json)


def print_(
    file: File,
    *,
    out: Out = None,
    paper: PrintPaper = Paper.LETTER,
    language: Annotated[
        str,
        typer.Option(
            metavar="LANGUAGE",
            help="The language of the print: us, uk or es; by default us on Letter, uk on A4.",
            show_default=False,
        ),
    ] = "",
    templates: Templates = None,
    replace: Replace = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make a one-page table of the schedule to print, with lines to write on for anything open.

    For example:

    \b
        mssw schedule print science.xlsx --paper a4
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.schedule.keep_schedule import print_schedule  # noqa: PLC0415 - heavy libraries load only when used

    with _problems_for_scripts(as_json=as_json):
        done = print_schedule(
            file,
            out,
            paper=paper.value,
            templates=templates,
            replaced=replace,
            dry_run=dry_run,
            language=language,
        )
    if as_json:
        report.print_json({"file": done.file, "written": done.written}, "schedule-print")
    else:
        report.print_line(f"{done.file} {'is' if done.written else 'would be'} ready to print.")


def ics(
    file: File,
    *,
    out: Out = None,
    zone: Annotated[
        str,
        typer.Option(
            "--zone",
            metavar="ZONE",
            help="Your school's time zone, like America/New_York; without it, each reader's local time.",
            show_default=False,
        ),
    ] = "",
    minutes: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=5,
            max=600,
            help="How long a session takes; by default what its kit says.",
            show_default=False,
        ),
    ] = None,
    language: Annotated[
        str,
        typer.Option(
            metavar="LANGUAGE", help="The language of the events: us, uk or es; by default us.", show_default=False
        ),
    ] = "",
    replace: Replace = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Write a calendar file with an event for each session that has a date.

    If the schedule changes, write the file again: your calendar updates the same events instead of adding new ones.

    For example:

    \b
        mssw schedule ics science.xlsx --zone America/New_York
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.schedule.keep_schedule import write_calendar  # noqa: PLC0415 - heavy libraries load only when used

    with _problems_for_scripts(as_json=as_json):
        done = write_calendar(
            file, out, zone=zone, minutes=minutes, replaced=replace, dry_run=dry_run, language=language
        )
    if as_json:
        report.print_json(asdict(done), "schedule-ics")
        return
    report.print_line(f"{done.file} {'is' if done.written else 'would be'} ready for your calendar.")
    if done.left_out:
        report.print_line(f"Left out, because they have no date yet: {', '.join(done.left_out)}.")


@contextmanager
def _problems_for_scripts(*, as_json: bool) -> Iterator[None]:
    """Print what is wrong in a schedule as JSON, if that was asked for."""
    from mssw.schedule.keep_schedule import ScheduleProblemsError  # noqa: PLC0415

    try:
        yield
    except ScheduleProblemsError as error:
        if not as_json:
            raise
        report.print_json({"problems": list(error.problems)}, "schedule-problems")
        raise typer.Exit(int(ExitCode.UNREADABLE)) from None


def _print_schedule(schedule: Schedule, language: str, *, as_json: bool) -> None:
    """Print a schedule: for a script, or for a person, who reads dates and times in their own way."""
    from mssw.schedule.keep_schedule import as_rows, rows_to_read, words_of_reader  # noqa: PLC0415
    from mssw.schedule.schedule_rows import list_reminders  # noqa: PLC0415

    words = words_of_reader(language)
    reminders = list_reminders(schedule, words)
    if as_json:
        found = {"title": schedule.title, "sessions": as_rows(schedule), "reminders": list(reminders)}
        report.print_json(found, "schedule")
        return
    head = ["Session", "Date", "Start", "Place", "Presenting", "Task"]
    report.print_table([head, *rows_to_read(schedule, words)], title=schedule.title, asked=True)
    report.print_line()
    for one in reminders:
        report.print_line(one)


app.command()(command(new, "schedule new"))
app.command()(command(add, "schedule add"))
app.command()(command(show, "schedule show"))
app.command("print")(command(print_, "schedule print"))
app.command()(command(ics, "schedule ics"))
