"""Inputs are checked before anything is written, then kept in the set; what is left out comes from the set."""

from __future__ import annotations

from pathlib import Path

from mssw.errors import StepMissingError, UnreadableError, UsageError
from mssw.files.settings import Settings, read_settings, settings_text, updated
from mssw.files.spreadsheet import read_roster, roster_bytes
from mssw.files.workers import run_alone
from mssw.files.workset import WorkSet, read_json, write_bytes
from mssw.model.decision import Decisions
from mssw.model.intro import intro_text
from mssw.steps import ingest
from mssw.steps.blank import parse_field, read_blank
from mssw.steps.prepared import Known, PrepareOptions


def check_inputs(root: Path, options: PrepareOptions) -> None:
    """Look at every input before anything is written, so that a mistake leaves nothing behind."""
    workset = WorkSet(root)
    if not options.stacks and not workset.stack.is_dir():
        raise StepMissingError(f"there is no stack yet: give the scans, as in `mssw prepare STACK.pdf --into {root}`.")
    if options.pages_per_student is not None and options.pages_per_student < 1:
        raise UsageError("--pages-per-student must be 1 or more.")
    for path in (*ingest.files_of(options.stacks), *([options.task] if options.task else [])):
        run_alone(ingest.checked, path)
    if options.roster is not None:
        read_roster(options.roster)
    kept = workset.task_given.is_dir()
    if options.task is None and not kept and options.pages_per_student is None:
        raise UsageError(
            "give the blank task with --task TASK.pdf, so that names can be found; without one, say how many pages each "
            "student handed in with --pages-per-student N (every page then waits for your review)."
        )


def taken_in(workset: WorkSet, options: PrepareOptions) -> Known:
    """Keep the inputs in the set, and read what the set knows already."""
    if options.stacks:
        ingest.take_in(workset, options.stacks)
    if options.roster is not None:
        write_bytes(workset.roster, roster_bytes(read_roster(options.roster)), private=True)
    given = ingest.kept_task(workset, options.task)
    settings = _settings(workset, options, given)
    roster = read_roster(workset.roster) if workset.roster.is_file() else None
    decisions = Decisions.from_json(read_json(workset.decisions)) if workset.decisions.is_file() else Decisions()
    known = Known(workset, settings, roster, None, decisions)
    if given is not None:
        known.task = read_blank(workset, given, settings.fields)
        if not known.task.wanted:
            raise UnreadableError(
                f"{given.name} is empty: nothing is printed on any of its pages; give the blank task."
            )
    if roster is None:
        known.notes.append("no roster was given, so aliases and files could not be held against your students' names")
    return known


def _settings(workset: WorkSet, options: PrepareOptions, task: Path | None) -> Settings:
    """The set's settings, with what was asked for now."""
    said = {
        "title": options.title or None,
        "grade": options.grade or None,
        "task": task.name if task else None,
        "pages_per_student": options.pages_per_student,
        "fields": tuple(options.fields) or None,
        "seed": options.seed,
    }
    changes = {key: value for key, value in said.items() if value is not None}
    for text in options.fields:
        parse_field(text, 10_000)
    if workset.settings.is_file():
        text = updated(workset.settings.read_text(encoding="utf-8"), **changes) if changes else ""
        if text and text != workset.settings.read_text(encoding="utf-8"):
            write_bytes(workset.settings, text.encode(), private=False)
    else:
        title = options.title or workset.root.resolve().name.replace("-", " ").replace("_", " ").capitalize()
        text = settings_text(Settings(**{**changes, "title": title}))  # type: ignore[arg-type] # keys are checked above
        write_bytes(workset.settings, text.encode(), private=False)
    if not workset.intro.is_file():
        write_bytes(workset.intro, intro_text().encode(), private=False)
    return read_settings(workset.settings)
