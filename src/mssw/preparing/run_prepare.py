"""The main job: a stack goes in, covered and aliased work comes out. Safe to repeat, and to kill at any moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mssw import __version__
from mssw.errors import MsswError, UnreadableError
from mssw.preparing.aliases import give_aliases
from mssw.preparing.backs import check_stack, check_task, paired
from mssw.preparing.coded_pages import CodedTask, of_this_set
from mssw.preparing.find_names import FindJob, find_names, unreadable
from mssw.preparing.grouping import Grouping, group
from mssw.preparing.inputs import all_or_nothing, check_inputs, columns_told, taken_in
from mssw.preparing.matching import match_responses
from mssw.preparing.name_reading import VERSION as READ_AS
from mssw.preparing.own_blank import own_blank
from mssw.preparing.prepare_options import Known, PrepareOptions, PrepareReport, Progress, quiet
from mssw.preparing.release import finish, only_readable, write_responses
from mssw.roster.name_files import read_roster
from mssw.vision.recogniser import check_models
from mssw.workers.crew import WorkerLostError, cores, crewed
from mssw.workset.folder import NotWrittenError, WorkSet, make_folder, write_json
from mssw.workset.stack import Stack, StackPage, note, pages_of, remembered
from mssw.workset.state import Sighting, read_sighting, recipe_of, sidecar

MOST_LOST = 3  # pages of one file that may kill their workers before the file is refused


def prepare(root: Path, options: PrepareOptions, progress: Progress = quiet) -> PrepareReport:
    """Take a class from its stack to released work.

    Args:
        root: the work set's folder; made where it is not there.
        options: what to do.
        progress: told of each stage, how many pages or works are done, and of how many.

    Raises:
        UnreadableError: an input cannot be read; nothing was released.
        UsageError: the options do not fit together.
        WouldOverwriteError: the folder holds something else.
    """
    stack = check_inputs(root, options)
    was_there = root.exists()
    workset = WorkSet.create(root)
    with workset.locked(), all_or_nothing(workset, was_there=was_there):
        return _prepared(workset, options, stack, progress)


def _prepared(workset: WorkSet, options: PrepareOptions, given: Stack | None, progress: Progress) -> PrepareReport:
    """All of it, in a set that is held alone."""
    known = taken_in(workset, options, given)
    stack = given or remembered(workset)
    if given is None and options.backs_reversed is not None:
        stack = replace(stack, backs_reversed=options.backs_reversed)
        note(workset, stack)
    pages = sum(file.pages for file in stack.files)
    with crewed(min(options.workers or cores(), max(1, pages))):
        return _released(known, stack, options, progress)


def _released(known: Known, stack: Stack, options: PrepareOptions, progress: Progress) -> PrepareReport:
    """The stack's pages looked at, put together as works, covered and shared."""
    if known.task is None:
        known.task = own_blank(known, stack, progress)
    seen = _seen(known, stack, options, progress)
    grouping = _grouped(known, stack, seen)
    pages = {page.page.id: page for page in grouping.pages}
    readable = only_readable(grouping.works, pages)
    works = give_aliases(known.workset, readable, pages, _not_like(known), known.settings.seed, known.refused)
    whose = match_responses(known, works, pages)
    progress("cover", 0, len(works))
    covered = write_responses(known, works, pages, options, progress)
    done = replace(finish(known, grouping, pages, works, covered), whose=whose)
    return replace(done, notes=(*done.notes, done.roster_doubt)) if done.roster_doubt else done


def _seen(known: Known, stack: Stack, options: PrepareOptions, progress: Progress) -> dict[str, Sighting]:
    """Look at every page, several at a time; what an earlier run saw is taken as it is."""
    check_models()
    make_folder(known.workset.pages, private=True)
    jobs = _jobs(known, stack)
    seen = {job.page_id: sighting for job in jobs if (sighting := _noted(known, job)) is not None}
    progress("find", len(seen), len(jobs))
    lost: Counter[str] = Counter()
    sheets = known.task.sheets if known.task and len(seen) < len(jobs) else None
    waiting = [replace(job, blank=sheets) for job in jobs if job.page_id not in seen]
    for job, result in options.run_pages(find_names, waiting, workers=options.workers):
        if isinstance(result, NotWrittenError):  # the disk's fault, not the page's
            raise result
        lost[job.source.name] += isinstance(result, WorkerLostError)
        if lost[job.source.name] >= MOST_LOST:
            raise UnreadableError(f"{job.source.name}, page {job.number} and others: {result}")
        if isinstance(result, MsswError):
            seen[job.page_id] = unreadable(replace(job, recipe=""), str(result))  # no recipe: the next run tries again
            write_json(sidecar(known.workset, job.page_id), seen[job.page_id].to_json(), private=True)
        else:  # read back, so that a run that goes on from here sees just what this one sees
            seen[job.page_id] = _noted(known, job) or result
        progress("find", len(seen), len(jobs))
    _clear_away(known.workset.pages, set(seen))
    _clear_away(known.workset.reading, {sighting.read for sighting in seen.values()})
    return seen


def _noted(known: Known, job: FindJob) -> Sighting | None:
    """What stands in the page's sidecar, where it is of this very job."""
    return read_sighting(sidecar(known.workset, job.page_id), job.recipe, job.turns)


def _jobs(known: Known, stack: Stack) -> list[FindJob]:
    """What to look at, page by page."""
    task = known.task
    hashes = {known.workset.stack / file.name: file.sha256 for file in stack.files}
    recipe = task.recipe if task else ""
    alone = () if task else known.settings.labels
    looked_for = (known.wanted.recipe, READ_AS, alone)
    return [
        FindJob(
            page.id,
            page.source,
            page.number,
            known.workset.pages,
            None,  # see _seen: a blank that the class makes itself is made only where a page needs it
            recipe,
            task.sizes if task else (),
            task.fields if task else (),
            recipe_of(__version__, page.id, page.number, hashes[page.source], recipe, looked_for),
            known.wanted,
            known.workset.reading,
            alone,
            known.decisions.turns,
            task is None or task.folder is not None,
            coded=CodedTask.of(known.sheets),
        )
        for page in pages_of(known.workset, stack)
    ]


def _clear_away(folder: Path, wanted: set[str]) -> None:
    """Take away what is kept of pages that the stack no longer has."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stem not in wanted and not path.is_dir():
            path.unlink(missing_ok=True)


def _grouped(known: Known, stack: Stack, seen: dict[str, Sighting]) -> Grouping:
    """Group the pages; refuse a task that is not the blank task of this stack."""
    check_stack(list(seen.values()))
    if known.task is not None and known.task.folder is not None:
        ours = of_this_set(known.sheets, list(seen.values()))
        check_task(known.settings.task or "the blank task", known.task, ours)

    def grouped(pages: Sequence[StackPage]) -> Grouping:
        return group(
            known.workset,
            [seen[p.id] for p in pages],
            known.task,
            known.settings.pages_per_student,
            known.decisions,
            cover_likely=known.settings.cover == "likely",
            sheets=known.sheets,
        )

    pages = pages_of(known.workset, stack)
    if stack.fronts_backs and known.sheets is None:  # codes tell which sides belong together
        result = paired(known, grouped, pages, seen, backs_reversed=stack.backs_reversed)
    else:
        result = grouped(pages)
    if result.note:
        known.notes.append(result.note)
    return result


def _not_like(known: Known) -> tuple[str, ...]:
    """Names that no alias may be like: the students' and the teachers'."""
    return (*known.spellings, *known.settings.presenting_teachers)


def plan(root: Path, options: PrepareOptions) -> dict[str, Any]:
    """What ``prepare`` would read, after every input has been checked; nothing is written.

    Raises:
        MsswError: as ``prepare`` would, for the same inputs.
    """
    workset = WorkSet(root)
    stack = check_inputs(root, options) or remembered(workset)
    students = 0
    if options.roster:
        columns = columns_told(workset, options)
        students = len(read_roster(options.roster, options.section, columns=columns).students)
    elif workset.roster.is_file():
        students = len(read_roster(workset.roster).students)
    return {"files": {file.name: file.pages for file in stack.files}, "students": students}
