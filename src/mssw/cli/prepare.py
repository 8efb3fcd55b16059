"""`mssw prepare`: the main job.

The command first, then its report: as JSON for a script, as numbers for the log, in sentences for a person.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.asking import ask
from mssw.cli.command import AsJson, Columns, Into, Sheet, declared
from mssw.core.page import BY_CLASS
from mssw.core.shell_words import quote_word
from mssw.core.wording import count_noun
from mssw.errors import ExitCode, UsageError
from mssw.preparing.prepare_options import Backs, Cover, PrepareOptions

START_OVER = "start over"

if TYPE_CHECKING:
    from mssw.core.page import Box
    from mssw.preparing.matches import MatchCounts
    from mssw.preparing.prepare_options import PrepareReport
    from mssw.roster.roster_file import RosterReport
    from mssw.vision.name_field import NameField


def prepare(
    stack: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="STACK",
            help="Your scans: PDF, JPEG, PNG, TIFF, HEIC, folders of them, or the download of a learning system.",
            show_default=False,
        ),
    ] = None,
    *,
    into: Into,
    task: Annotated[Path | None, declared(PrepareOptions, "task")] = None,
    task_is_blank: Annotated[bool, declared(PrepareOptions, "task_is_blank")] = False,
    roster: Annotated[Path | None, declared(PrepareOptions, "roster")] = None,
    columns: Columns = None,
    sheet: Sheet = "",
    fronts_backs: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="FRONTS BACKS",
            help="Two scans of the same sheets: one of the fronts, one of the backs.",
            show_default=False,
        ),
    ] = None,
    backs: Annotated[Backs, declared(PrepareOptions, "backs")] = Backs.AUTO,
    pages_per_student: Annotated[int | None, declared(PrepareOptions, "pages_per_student")] = None,
    field: Annotated[list[str] | None, declared(PrepareOptions, "fields")] = None,
    also: Annotated[Path | None, declared(PrepareOptions, "also")] = None,
    cover: Annotated[Cover | None, declared(PrepareOptions, "cover")] = None,
    codes: Annotated[list[Path] | None, declared(PrepareOptions, "codes")] = None,
    seed: Annotated[int | None, declared(PrepareOptions, "seed")] = None,
    aliases: Annotated[str | None, declared(PrepareOptions, "aliases")] = None,
    beside: Annotated[list[Path] | None, declared(PrepareOptions, "beside")] = None,
    same_aliases_as: Annotated[Path | None, declared(PrepareOptions, "same_aliases_as")] = None,
    title: Annotated[str, declared(PrepareOptions, "title")] = "",
    grade: Annotated[str, declared(PrepareOptions, "grade")] = "",
    workers: Annotated[int | None, declared(PrepareOptions, "workers")] = None,
    start_over: Annotated[bool, declared(PrepareOptions, "start_over")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every input and show what would be done; write nothing.")
    ] = False,
    no_input: Annotated[
        bool,
        typer.Option("--no-input", help="Never ask questions, for scripts. (Only --start-over asks one.)"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Turn a scanned stack into student work with names covered and aliases on.

    Each page is matched to the blank task and turned upright, the name is covered with an alias, and the pages of each
    student's response are put together. Anything uncertain is put on hold, with the reason, and stays private.

    It is safe to run again: it picks up where it stopped. The exit code is 0, or 1 if any response is on hold.

    For example, a whole stack, then what students handed in online, then one with fronts and backs scanned separately:

    \b
        mssw prepare stack.pdf --task task.pdf --roster class.xlsx --into set
        mssw prepare submissions.zip --roster class.xlsx --into set
        mssw prepare --fronts-backs odd.pdf even.pdf --task task.pdf --into set
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw import api as library  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.preparing.run_prepare import plan  # noqa: PLC0415

    if fronts_backs and stack:
        raise typer.BadParameter("give either a stack or --fronts-backs, not both.")
    given: dict[str, Any] = {
        "task": task,
        "task_is_blank": task_is_blank,
        "roster": roster,
        "columns": columns or (),
        "sheet": sheet,
        "pages_per_student": pages_per_student,
        "fields": field or (),
        "also": also,
        "codes": codes or (),
        "cover": cover,
        "seed": seed,
        "aliases": aliases,
        "beside": beside or (),
        "same_aliases_as": same_aliases_as,
        "title": title,
        "grade": grade,
        "workers": workers,
        "start_over": start_over,
    }
    if dry_run:
        stacks = tuple(fronts_backs or stack or ())
        planned = plan(into, PrepareOptions(stacks, fronts_backs=fronts_backs is not None, backs=backs, **given))
        report.print_json(planned, "prepare-plan") if as_json else report.print_line(_plan_sentence(planned, into))
        return
    if start_over:
        _confirm_start_over(into, may_ask=not no_input)
    with report.show_progress(shown=not as_json) as tell:
        done = library.prepare(
            stack or (),
            into=into,
            fronts_backs=fronts_backs,
            backs_reversed=backs.are_reversed,
            progress=tell,
            **given,
        )
    log_counts(done)
    report.print_json(prepare_as_json(done), "prepare") if as_json else print_prepare_report(done, into)
    report.remind_of_key(into)
    if done.held:
        raise typer.Exit(int(ExitCode.FINDINGS))


def _confirm_start_over(into: Path, *, may_ask: bool) -> None:
    """Have a person type that what was decided may be forgotten.

    Raises:
        UsageError: they did not, or may not be asked.
    """
    if not may_ask:
        raise UsageError("--start-over asks you to type a confirmation; run it yourself, without --no-input.")
    report.print_line(
        f"What was decided in {into} and is not in its private files any more will be forgotten: covers that you drew, "
        "responses that you set aside, approvals, aliases. A response that you took out may be shared again."
    )
    typed = ask(f"Type “{START_OVER}” to go on: ")
    if typed is None or typed.strip().casefold() != START_OVER:
        raise UsageError(f"you did not type “{START_OVER}”, so nothing was changed.")


def _plan_sentence(planned: dict[str, Any], into: Path) -> str:
    files = ", ".join(f"{name} ({count_noun(pages, 'page')})" for name, pages in planned["files"].items())
    students = planned["students"]
    who = count_noun(students, "student") if students else "no roster"
    return f"Would read {files}, {who}, and write the work set {into}. Nothing was written."


def _roster_sentence(roster: RosterReport) -> str:
    """What was read of the class list, where not all of it was."""
    sheet = f", sheet “{roster.sheet}”" if len(roster.sheets) > 1 else ""
    skipped = f", {count_noun(len(roster.skipped), 'row')} skipped" if roster.skipped else ""
    students = count_noun(roster.students, "student")
    return f"{roster.file}{sheet}: {students}{skipped}. See how it was read: `{roster.check}`"


def prepare_as_json(done: PrepareReport) -> dict[str, Any]:
    """The report for scripts."""
    return {
        "pages": done.counts,
        "released": list(done.released),
        "held": [{"alias": alias, "reasons": list(reasons)} for alias, reasons in done.held],
        "other_pages": [{"where": where, "fate": fate, "reason": reason} for where, fate, reason in done.other],
        "fields": [
            {"task_page": f.task_page, "label": f.label, "box": list(f.box.numbers), "found_by": f.found_by}
            for f in done.fields
        ],
        "notes": list(done.notes),
        "audited_files": done.audited,
        "named_in_text": done.named,
        "flagged": done.flagged,
        "whose": asdict(done.whose) if done.whose else None,
        "roster": done.roster.as_json() if done.roster else None,
    }


def log_counts(done: PrepareReport) -> None:
    """The report for the log: numbers alone."""
    report.log_event("pages", **{fate.replace(" ", "_"): number for fate, number in done.counts.items()})
    report.log_event(
        "works",
        released=len(done.released),
        held=len(done.held),
        named=done.named,
        flagged=done.flagged,
        audited_files=done.audited,
    )


def print_prepare_report(done: PrepareReport, root: Path) -> None:
    """The report for a person. A list or field that seems to be wrong comes first: all below depends on it."""
    first = [f"Check this first: {done.roster_doubt}.", ""] if done.roster_doubt else []
    for line in (*first, *_field_lines(done, root)):
        report.print_line(line)
    report.print_line()
    fates = ("kept", "blank", "set aside", "held")
    report.print_table(
        [
            ["Pages scanned", "=", "kept", "+ blank", "+ set aside", "+ on hold"],
            [str(done.counts["scanned"]), "", *(str(done.counts[fate]) for fate in fates)],
        ]
    )
    report.print_line()
    released = count_noun(len(done.released), "response")
    where = root / "shared" / "work"
    if done.released:
        report.print_line(f"{released} released to {where}, names covered, each under an alias.")
    else:
        report.print_line("No responses are released yet.")
    if done.named or done.flagged:
        report.print_line(_names_sentence(done, root))
    if done.roster and (done.roster.skipped or len(done.roster.sheets) > 1):
        report.print_line(_roster_sentence(done.roster))
    if done.whose:
        report.print_line(_matches_sentence(done.whose, root))
    if done.other:
        report.print_line()
        report.print_table([["Page", "is", "because"], *(list(row) for row in done.other)])
    if done.held:
        report.print_line()
        stays = "is on hold and stays private" if len(done.held) == 1 else "are on hold and stay private"
        report.print_line(f"{count_noun(len(done.held), 'response')} {stays}:")
        report.print_table([["Response", "because"], *([alias, "\n".join(reasons)] for alias, reasons in done.held)])
    for note in (one for one in done.notes if one != done.roster_doubt):
        report.print_line()
        report.print_line(f"Note: {note}.")
    report.print_line()
    report.print_line(f"All {done.audited} files in {root / 'shared'} passed the privacy check.")
    report.print_line()
    report.print_next_step(root)


def _names_sentence(done: PrepareReport, root: Path) -> str:
    """How many names were found in what students wrote."""
    named = f"{count_noun(done.named, 'name')} in what students wrote {'is' if done.named == 1 else 'are'} covered"
    if not done.flagged:
        return f"{named}."
    if not done.named:
        places = count_noun(done.flagged, "place")
        return f"{places} in what students wrote may be a name. Check with `mssw review {quote_word(root)} --list`."
    places = count_noun(done.flagged, "more place")
    return f"{named}. {places} may be a name; check with `mssw review {quote_word(root)} --list`."


def _matches_sentence(counts: MatchCounts, root: Path) -> str:
    """How many responses are matched to a student. Only ``mssw key`` shows who."""
    responses = counts.matched + counts.open
    verb = "is" if responses == 1 else "are"
    matched = f"{counts.matched} of {count_noun(responses, 'response')} {verb} matched to a student"
    if counts.open:
        are = "is" if counts.open == 1 else "are"
        return f"{matched}; {counts.open} {are} not. See which: `mssw key {quote_word(root)}`"
    if counts.without_work:
        without = count_noun(counts.without_work, "student has", "students have")
        return f"{matched}; {without} no response. See who: `mssw key {quote_word(root)}`"
    return f"{matched}. See who is who: `mssw key {quote_word(root)}`"


def _field_lines(done: PrepareReport, root: Path) -> list[str]:
    if done.fields:
        return ["Names are covered on:", *map(_field_line, done.fields)]
    if done.shows_places:  # a note says where
        return []
    if not (root / "shared" / "task.pdf").is_file():
        return [
            "Without a blank task, the place of the name is a guess on each page. Check every page with `mssw review`."
        ]
    if (root / "private" / "sheets.json").is_file():
        return ["The task has no name field and needs none: the codes show which student each page belongs to."]
    found = done.common_place
    if found is None:
        return [
            "No name field was found on the blank task, and names were read at different places on the pages.",
            f"Mark the place on a page in `mssw review {quote_word(root)}`, or give it with --field.",
        ]
    return [
        "No name field was found on the blank task.",
        f"On {found.pages} of {found.of} scans of page {found.task_page}, a name was read at one place.",
        "If students write their names there, cover it on every page:",
        f"  mssw prepare --into {quote_word(root)} --field {found.option}",
    ]


def _numbers(box: Box) -> str:
    return ",".join(f"{number:.3f}" for number in box.numbers)


def _field_line(field: NameField) -> str:
    chosen = "where the class writes its names" if field.found_by == BY_CLASS else "where you chose"
    position = f"beside “{field.label}”" if field.label else chosen
    return f"  page {field.task_page} of the task, {position} (--field {field.task_page}:{_numbers(field.box)})"
