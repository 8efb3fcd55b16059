"""Inputs are checked before anything is written, then kept in the set; what is left out comes from the set."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from mssw.core.sheet_code import Sheets
from mssw.errors import MsswError, StepMissingError, UnreadableError, UsageError, WouldOverwriteError
from mssw.intro.questions import intro_text
from mssw.roster.doubts import Gravity, doubts
from mssw.roster.name_files import read_roster, read_words, roster_bytes, told_columns
from mssw.roster.table import Roster
from mssw.steps.blank import parse_field, read_blank
from mssw.steps.decided import read_decisions
from mssw.steps.ingest import check_scans, check_task_file, kept_task, pages_of_task, take_in
from mssw.steps.prepared import Known, PrepareOptions
from mssw.steps.wanted import Wanted
from mssw.workset.coded_sheets import check_task_of_sheets, keep_sheets, neighbours, read_sheets, with_neighbours
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.manifest import is_made_up
from mssw.workset.settings import Settings, misspelt, read_settings, settings_text, updated
from mssw.workset.stack import ORDER, Stack, known_stack


def check_inputs(root: Path, options: PrepareOptions) -> Stack | None:
    """Look at every input before anything is written, so that a mistake leaves nothing behind.

    Returns:
        The stack that is given; None where the set's own is meant.

    Raises:
        MsswError: one sentence on the first input that will not do.
    """
    workset, sides = WorkSet(root), check_asked(root, options)
    _check_files(workset, options, sides)
    if not options.stacks:
        return None
    stack = check_scans(options.stacks, known_stack(workset), fronts_backs=options.fronts_backs)
    return replace(stack, backs_reversed=options.backs_reversed)


def check_asked(root: Path, options: PrepareOptions) -> int | None:
    """Whether what is asked makes sense for that folder, before any file is opened.

    Returns:
        The pages that a student handed in, where no blank task tells.

    Raises:
        MsswError: it does not.
    """
    WorkSet.check_place(root)
    workset = WorkSet(root)
    if is_made_up(workset):
        raise WouldOverwriteError(f"{root} is a made-up set, to be printed as it is; choose a new folder for a stack.")
    if workset.is_final:
        raise WouldOverwriteError(
            f"the private part of {root} was deleted, so what it shares is final; choose a new folder for a new stack."
        )
    if not options.stacks and not workset.stack.is_dir():
        raise StepMissingError(f"there is no stack yet: give the scans, as in `mssw prepare STACK.pdf --into {root}`.")
    if options.pages_per_student is not None and options.pages_per_student < 1:
        raise UsageError("--pages-per-student must be 1 or more.")
    told_columns(options.columns)
    if options.workers is not None and options.workers < 1:
        raise UsageError("--workers must be 1 or more.")
    settings = read_settings(workset.settings) if workset.settings.is_file() else None
    told = options.pages_per_student or (settings.pages_per_student if settings else None)
    blank = options.task is not None or workset.task_given.is_dir()
    if not blank and not told:
        raise UsageError(
            "give the blank task with --task TASK.pdf, so that names can be found; without one, say how many pages "
            "each student handed in with --pages-per-student N (fewer than eight works then wait for your review)."
        )
    return None if blank else told


def columns_told(workset: WorkSet, options: PrepareOptions) -> tuple[str, ...]:
    """What was said of the class list's columns: now, or else when the set was prepared before."""
    if options.columns or not workset.settings.is_file():
        return tuple(options.columns)
    return read_settings(workset.settings).columns


def _check_files(workset: WorkSet, options: PrepareOptions, sides: int | None) -> None:
    """Look at all that is given but the stack; for ``sides`` see ``check_asked``."""
    if options.roster is not None:
        read_roster(options.roster, options.section, columns=columns_told(workset, options))
    if options.also is not None:
        read_words(options.also)
    if options.task is not None:
        check_task_file(workset, options.task)
        check_task_of_sheets(workset, options.task)
    check_codes(workset, options)
    check_fields(workset, options, sides)


def check_fields(workset: WorkSet, options: PrepareOptions, sides: int | None) -> None:
    """Whether the fields that are given lie on the task; for ``sides`` see ``check_asked``.

    Raises:
        UsageError: one does not.
    """
    for text in options.fields:
        parse_field(text, sides or pages_of_task(workset, options.task))


def check_codes(workset: WorkSet, options: PrepareOptions) -> None:
    """Look at what is said of other sets' coded sheets.

    Raises:
        MsswError: no sheets were printed for the set, or for another that is named.
    """
    if read_sheets(workset) is None and options.codes:
        raise UsageError(
            "codes name the sets of other classes in the stack, and this set has no coded sheets of its own; "
            "give as its folder (into) the set that its sheets were printed for."
        )
    neighbours(options.codes)


def taken_in(workset: WorkSet, options: PrepareOptions, stack: Stack | None) -> Known:
    """Keep the inputs in the set, and read what the set knows already.

    Args:
        workset: the set.
        options: what to do.
        stack: what ``check_inputs`` said of it.
    """
    if stack is not None:
        take_in(workset, stack, options.stacks)
    if options.refused is not None:
        _write_changed(workset.refused, "".join(f"{one}\n" for one in sorted(options.refused)).encode(), private=True)
    if options.also is not None:
        _write_changed(workset.also, ("\n".join(read_words(options.also)) + "\n").encode(), private=True)
    given = kept_task(workset, options.task)
    sheets = _sheets(workset, options)
    settings = _settings(workset, options, given)
    notes = []
    if options.roster is not None:
        read = read_roster(options.roster, options.section, columns=settings.columns)
        _write_changed(workset.roster, roster_bytes(read), private=True)
        notes += _roster_doubts(options.roster, read)
    roster = read_roster(workset.roster) if workset.roster.is_file() else None
    decisions = read_decisions(workset)
    also = read_words(workset.also) if workset.also.is_file() else ()
    wanted = Wanted.of(roster, settings.presenting_teachers, also)
    refused = frozenset(workset.refused.read_text("ascii").split()) if workset.refused.is_file() else frozenset()
    known = Known(workset, settings, roster, None, decisions, wanted, refused, sheets)
    if given is not None:
        known.task = read_blank(workset, given, settings.fields, settings.labels, sheets.printed if sheets else ())
        if not known.task.wanted:
            raise UnreadableError(
                f"{given.name} is empty: nothing is printed on any of its pages; give the blank task."
            )
    known.notes += [*notes, *misspelt(workset.settings)]
    if roster is None:
        known.notes.append("no roster was given, so aliases and files could not be held against your students' names")
    return known


def _roster_doubts(path: Path, roster: Roster) -> list[str]:
    """A note where names on the class list look wrong, as they then are not found in the work."""
    if all(remark.gravity is Gravity.NOTE for remark in doubts(list(enumerate(roster.students)))):
        return []
    shown = f"`mssw roster check {path.name}` shows them"
    return [f"some rows of {path.name} look wrong, and a name misspelt there is not found in the work: {shown}"]


def _sheets(workset: WorkSet, options: PrepareOptions) -> Sheets | None:
    """The set's coded sheets, with the other sets that are named now."""
    sheets = read_sheets(workset)
    if sheets is not None and options.codes:
        sheets = with_neighbours(sheets, options.codes)
        keep_sheets(workset, sheets)
    return sheets


def _settings(workset: WorkSet, options: PrepareOptions, task: Path | None) -> Settings:
    """The set's settings, with what was asked for now."""
    said = {
        **options.told,
        "title": options.title or options.told.get("title"),
        "grade": options.grade or options.told.get("grade"),
        "task": task.name if task else None,
        "pages_per_student": options.pages_per_student,
        "fields": tuple(options.fields) or None,
        "columns": tuple(options.columns) or None,
        "seed": options.seed,
        "cover": None if options.cover_likely is None else "likely" if options.cover_likely else "sure",
    }
    changes = {key: value for key, value in said.items() if value is not None}
    title = changes.get("title") or workset.root.resolve().name.replace("-", " ").replace("_", " ").capitalize()
    if workset.settings.is_file():
        text = updated(workset.settings.read_text(encoding="utf-8"), **changes) if changes else ""
        if text:
            _write_changed(workset.settings, text.encode(), private=False)
    else:
        text = settings_text(Settings(**{**changes, "title": title}))
        write_bytes(workset.settings, text.encode(), private=False)
    if not workset.intro.is_file():
        write_bytes(workset.intro, intro_text().encode(), private=False)
    return read_settings(workset.settings)


def _write_changed(path: Path, data: bytes, *, private: bool) -> None:
    """Write a file unless it says the same already."""
    if not path.is_file() or path.read_bytes() != data:
        write_bytes(path, data, private=private)


@contextmanager
def all_or_nothing(workset: WorkSet, *, was_there: bool) -> Iterator[None]:
    """Leave a set's inputs as they were where what is done with them ends in an error; a new set is not left at all.

    Killed or stopped by hand, the set stays as it is: the next run goes on from there.

    Args:
        workset: held alone.
        was_there: whether its folder was there before.
    """
    is_new = not workset.settings.exists() and not workset.stack.exists()
    inputs = [
        workset.settings,
        workset.intro,
        workset.roster,
        workset.also,
        workset.refused,
        workset.sheets,
        workset.stack / ORDER,
        *_files(workset.task_given),
    ]
    before = {path: path.read_bytes() for path in inputs if path.is_file()}
    scans = _files(workset.stack)
    try:
        yield
    except Exception:
        with suppress(OSError, MsswError):  # the first error is the one to tell
            if is_new:
                _take_away(workset, but=before)
                if not was_there:
                    workset.root.rmdir()
            else:
                _put_back(workset, before, scans)
        raise


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.iterdir() if path.is_file()} if folder.is_dir() else set()


def _take_away(workset: WorkSet, but: dict[Path, bytes]) -> None:
    shutil.rmtree(workset.private, ignore_errors=True)
    shutil.rmtree(workset.shared, ignore_errors=True)
    for path in {workset.settings, workset.intro} - set(but):
        path.unlink(missing_ok=True)


def _put_back(workset: WorkSet, before: dict[Path, bytes], scans: set[Path]) -> None:
    for path in (_files(workset.stack) - scans) | (_files(workset.task_given) - set(before)):
        path.unlink(missing_ok=True)
    for path, data in before.items():
        _write_changed(path, data, private=path.is_relative_to(workset.private))
