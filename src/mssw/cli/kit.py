"""`mssw kit`: prints what a session with colleagues needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.asking import do_with_words
from mssw.cli.command import AsJson, Language, NoInput, Templates, Words, kits
from mssw.core.paper import Paper
from mssw.core.shell_words import quote_word
from mssw.core.wording import count_noun
from mssw.errors import UsageError

if TYPE_CHECKING:
    from mssw.kit.print_kit import KitOptions, KitReport
    from mssw.kit.purpose import MeetingPurpose


KitName = Annotated[
    str | None,
    typer.Argument(
        metavar="KIT",
        help=(
            "A to E, coassess, feedback, task-check, atlas, tuning, cac; or sheets to fill in: cer, vision. "
            "With --set, what the set's purpose or session asks for."
        ),
        show_default=False,
        autocompletion=kits,
    ),
]
Listed = Annotated[bool, typer.Option("--list", help="List the kits and what each is for.")]
Purpose = Annotated[
    str,
    typer.Option(
        metavar="WHAT",
        help="What the meeting is for: thinking, quality, next-steps, task or classes; `ask` asks you.",
        show_default=False,
    ),
]
Support = Annotated[
    str | None,
    typer.Option(metavar="full|some|none", help="For cer: how much support a sheet gives.", show_default=False),
]
TaskTitle = Annotated[
    str | None, typer.Option(metavar="TEXT", help="For cer: the task, printed at the top.", show_default=False)
]
SessionStart = Annotated[
    str,
    typer.Option(metavar="TIME", help="When the session starts (15:30 or 3:30pm); without it, times count from 0:00."),
]
Teachers = Annotated[
    str,
    typer.Option(
        metavar="N|NAMES",
        help="Plan changing small groups for 2 to 24 teachers: how many, or their names with commas.",
        show_default=False,
    ),
]
Times = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Use the minutes in this file (see --write-times).", show_default=False),
]
WriteTimes = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the minutes to a new file that you can edit.", show_default=False),
]
TitledSet = Annotated[
    Path | None,
    typer.Option(
        "--set",
        metavar="DIR",
        help="A work set, to print its title, date, teachers and aliases.",
        show_default=False,
    ),
]
Copies = Annotated[int, typer.Option(metavar="N", help="How many copies there are of the pages for each of you.")]
KitPaper = Annotated[
    Paper | None,
    typer.Option(
        help="The paper to print on; by default the set's, or letter.", show_default=False, case_sensitive=False
    ),
]
PdfFolder = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="The folder for the PDF; by default the current one.", show_default=False),
]
PdfName = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A name of your own for the PDF.", show_default=False)
]
Replace = Annotated[bool, typer.Option("--replace", help="Replace a different PDF of the same name.")]
AgendaOnly = Annotated[
    bool, typer.Option("--dry-run", help="Show the agenda and what would be written; write nothing.")
]


def kit(
    name: KitName = None,
    *,
    listed: Listed = False,
    purpose: Purpose = "",
    support: Support = None,
    task_title: TaskTitle = None,
    start: SessionStart = "",
    teachers: Teachers = "",
    times: Times = None,
    write_times: WriteTimes = None,
    work_set: TitledSet = None,
    copies: Copies = 1,
    paper: KitPaper = None,
    into: PdfFolder = None,
    out: PdfName = None,
    words: Words = None,
    language: Language = None,
    templates: Templates = None,
    replace: Replace = False,
    dry_run: AgendaOnly = False,
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Print what a session needs: an agenda with clock times, role cards, charts, and pages for notes.

    Sessions A to E take two hours, and three of you act as Reader, Timekeeper and Recorder. The other kits are for
    other ways to look at student work together: see `mssw kit --list`. You do not need a work set.

    Not sure which kit? --purpose takes what the meeting is for, and proposes a session, samples and a kit. Two kits are
    sheets to fill in: cer is for students (claim, evidence, reasoning, with full, some or no support), and vision is
    for your team.

    The PDF goes into the current folder, as kit-B-letter.pdf, and is easy to read in black and white. First comes what
    the table needs once; then what each of you needs, as often as you say with --copies. With --set, pages that are in
    the packet already are left out. A different file of that name is not replaced unless you add --replace.

    You can change how long each part takes: write the minutes to a file, edit it, and use it. mssw checks that they
    add up.

    For example:

    \b
        mssw kit B --start 15:30 --teachers 8 --copies 8
        mssw kit B --teachers "M. Rivera, J. Okafor, L. Tran" --language es
        mssw kit B --write-times my-times.toml
        mssw kit B --start 15:30 --times my-times.toml
        mssw kit --purpose thinking --set massive-air
        mssw kit cer --support some --task-title "Why is the balloon heavier?" --copies 30
    """  # noqa: D301 - the backspace keeps an example on its line
    if listed:
        _list_kits(templates, as_json=as_json)
        return
    if purpose:
        _propose(purpose, work_set, no_input=no_input, as_json=as_json)
        return
    name = name or _find_usual_kit(work_set)
    if write_times is not None:
        _write_times(name, write_times, templates, dry_run=dry_run, as_json=as_json)
        return
    from mssw.kit.print_kit import KitOptions  # noqa: PLC0415 - heavy libraries load only when they are used

    is_sheet = _check_kind(name, (support, task_title), start or teachers or times or work_set or words)
    count, names = _read_teachers(teachers)
    options = KitOptions(
        kit=name,
        start=start,
        teachers=count,
        names=names,
        times=times,
        templates=templates,
        workset=work_set,
        copies=copies,
        paper=paper.value if paper else None,
        language=language,
        into=into,
        out=out,
        replace=replace,
        dry_run=dry_run,
    )
    if is_sheet:
        _print_sheets(options, support, task_title, as_json=as_json)
    else:
        _print_session(options, words or (), may_ask=not no_input, as_json=as_json)


def _find_usual_kit(work_set: Path | None) -> str:
    """The kit that the set's purpose or session asks for.

    Raises:
        UsageError: no kit is known.
    """
    from mssw.next_step import find_kit  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    name = "" if work_set is None else find_kit(WorkSet.open(work_set))
    if not name:
        raise UsageError("choose a kit, for example `mssw kit B`; `mssw kit --list` shows what each is for.")
    return name


def _check_kind(name: str, for_sheets: Sequence[str | None], for_sessions: object) -> bool:
    """Whether the kit is sheets to fill in. Options that do not go with a kit's kind are refused.

    Args:
        name: of the kit.
        for_sheets: what was given that only sheets take.
        for_sessions: what was given that only sessions take.

    Raises:
        UsageError: something was given that has no effect.
    """
    from mssw.kit.kit_words import FILL_IN  # noqa: PLC0415

    is_sheet = name.casefold() in FILL_IN
    if is_sheet and for_sessions:
        raise UsageError(
            f"{name} is a sheet to fill in, so --start, --teachers, --times, --set and --words do not apply."
        )
    if not is_sheet and any(one is not None for one in for_sheets):
        raise UsageError("--support and --task-title are only for the kit cer; leave out what you gave.")
    return is_sheet


def _read_teachers(given: str) -> tuple[int, tuple[str, ...]]:
    """How many teachers there are, or their names."""
    from mssw.roster.words_file import colleagues  # noqa: PLC0415

    if given.isdecimal() or not given:
        return int(given or 0), ()
    return 0, colleagues(given)


def _print_session(options: KitOptions, words: Sequence[str], *, may_ask: bool, as_json: bool) -> None:
    """Print the kit of a session."""
    from mssw.kit.print_kit import make_kit  # noqa: PLC0415

    make = partial(make_kit, options)
    if options.workset is not None:
        made = do_with_words(options.workset, words, make, may_ask=may_ask, dry_run=options.dry_run)
    elif words:
        raise UsageError("--words is about the title and date of a set; give the set with --set, or leave it out.")
    else:
        made = make()
    report.log_event("kit", copies=made.copies, pages=made.pages.every, minutes=made.minutes)
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


def _propose(purpose: str, work_set: Path | None, *, no_input: bool, as_json: bool) -> None:
    """Propose a meeting for a purpose, or ask for the purpose first."""
    from mssw.kit.purpose import PURPOSES, find_purpose, proposal_as_json  # noqa: PLC0415

    names = ", ".join(one.name for one in PURPOSES)
    is_asked = purpose.casefold() == "ask"
    if is_asked and no_input:
        raise UsageError(f"give the purpose itself: {names}.")
    found = ask_purpose("") if is_asked else find_purpose(purpose)
    if found is None:
        why = "no purpose was chosen; give one:" if is_asked else "--purpose must be ask or one of"
        raise UsageError(f"{why} {names}.")
    commands = _list_commands(found, work_set)
    if as_json:
        report.print_json(proposal_as_json(found, commands), "kit-purpose")
        return
    for line in describe_meeting(found):
        typer.echo(line)
    typer.echo("\nThe commands:")
    for line in commands:
        typer.echo(f"    {line}")


def _list_commands(purpose: MeetingPurpose, work_set: Path | None) -> list[str]:
    """What to run for a purpose; without a set, how to begin with one, and the kit alone."""
    from mssw.core.shell_words import command_line  # noqa: PLC0415
    from mssw.next_step import plan_meeting  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    if work_set is None:
        return [command_line("mssw", "start"), command_line("mssw", "kit", purpose.kit)]
    return [step.command for step in plan_meeting(WorkSet.open(work_set), purpose)]


def describe_meeting(purpose: MeetingPurpose) -> Iterator[str]:
    """What is proposed for a purpose, a line for each part."""
    which = f"session {purpose.session}" if purpose.session else f"the kit {purpose.kit}"
    yield f"{purpose.title}: {which}. {purpose.why}"
    yield f"Student work: {purpose.samples}"
    for other, when in purpose.also:
        yield f"Also: the kit {other}, {when}."


def ask_purpose(skip: str) -> MeetingPurpose | None:
    """Ask what the meeting is for; None if the person skips the question, or wants to stop.

    Args:
        skip: how to skip it, for the end of the question; empty if Enter alone is no answer.

    Raises:
        QuitError: the person wants to stop, where the question could be skipped.
    """
    from mssw.cli.asking import QuitError, ask  # noqa: PLC0415
    from mssw.kit.purpose import PURPOSES, find_purpose  # noqa: PLC0415

    report.print_line(f"What is the meeting for?{f' ({skip})' if skip else ''}")
    for number, one in enumerate(PURPOSES, 1):
        report.print_line(f"  {number}  {one.title}")
    while True:
        answer = ask(f"1 to {len(PURPOSES)}: ")
        if answer is None or answer.strip().casefold() == "q":
            if skip:
                raise QuitError
            return None
        found = find_purpose(answer)
        if found is not None or (skip and not answer.strip()):
            return found


#: Sheets to fill in have one English for all.
_ENGLISH = {"us": "en", "uk": "en", "en-us": "en", "en-gb": "en"}


def _print_sheets(options: KitOptions, support: str | None, task_title: str | None, *, as_json: bool) -> None:
    """Print sheets to fill in."""
    from mssw.kit.fill_in_sheets import FillInOptions, make_fill_in  # noqa: PLC0415

    kind = options.kit.casefold()
    if kind != "cer" and (support is not None or task_title is not None):
        raise UsageError(f"--support and --task-title are only for the kit cer, not for {kind}.")
    language = (options.language or "en").casefold()
    made = make_fill_in(
        FillInOptions(
            kind,
            support=(support or "full").casefold(),
            task_title=task_title or "",
            language=_ENGLISH.get(language, language),
            copies=options.copies,
            paper=options.paper or "letter",
            templates=options.templates,
            into=options.into,
            out=options.out,
            replace=options.replace,
            dry_run=options.dry_run,
        )
    )
    report.log_event("kit", copies=made.copies, pages=made.pages)
    if as_json:
        report.print_json(made.as_json(), "kit-fill-in")
        return
    state = "would be written" if options.dry_run else "is ready" if made.written else "is already up to date"
    each = f" ({made.copies} copies of {made.pages_a_copy})" if made.copies > 1 else ""
    report.print_line(f"{made.file} {state}: {count_noun(made.pages, 'page')}, {made.paper.capitalize()}{each}.")
    for remark in made.remarks:
        report.print_line(remark)


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
        f"`mssw kit {quote_word(session.name)} --times {quote_word(place)}`."
    )


def _print_kit_report(made: KitReport) -> None:
    if made.dry_run and made.steps:
        rows = [
            (step.begins, str(step.number), step.title, ", ".join(step.roles), str(step.minutes)) for step in made.steps
        ]
        end = (made.ends, "", "End", "", str(made.minutes))
        report.print_table([("Time", "Step", "What we do", "Roles", "Min"), *rows, end], title=made.title, asked=True)
    state = "would be written" if made.dry_run else "is ready" if made.written else "is already up to date"
    count = count_noun(made.pages.every, "page")
    copies = count_noun(made.copies, "copy", "copies")
    each = f" ({made.pages.table} for the table, and {copies} of {made.pages.each} for each of you)"
    report.print_line(f"{made.file} {state}: {count}, {made.paper.capitalize()}{each if made.pages.each else ''}.")
    for remark in made.remarks:
        report.print_line(remark)
