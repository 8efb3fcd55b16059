"""The main job: a stack goes in, covered and aliased work comes out. Safe to repeat, and to kill at any moment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mssw import __version__
from mssw.errors import MsswError
from mssw.files.spreadsheet import read_roster
from mssw.files.workers import cores, run_all, run_alone
from mssw.files.workset import WorkSet, make_folder
from mssw.steps import ingest
from mssw.steps.alias import give_aliases
from mssw.steps.find import FindJob, find_names, unreadable
from mssw.steps.group import Grouping, group
from mssw.steps.intake import check_inputs, taken_in
from mssw.steps.prepared import Known, PrepareOptions, PrepareReport, Progress, quiet
from mssw.steps.record import Sighting, recipe_of
from mssw.steps.release import finish, write_works
from mssw.steps.suit import check_task


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
    check_inputs(root, options)
    workset = WorkSet.create(root)
    with workset.locked():
        known = taken_in(workset, options)
        stack = _stack(workset, options)
        seen = _seen(known, stack, options, progress)
        grouping = _grouped(known, stack, seen, options)
        pages = {page.page.id: page for page in grouping.pages}
        works = give_aliases(workset, grouping.works, pages, _not_like(known), known.settings.seed)
        progress("cover", 0, len(works))
        covered = write_works(known, works, pages, options.workers, progress)
        return finish(known, grouping, pages, works, covered)


def _stack(workset: WorkSet, options: PrepareOptions) -> list[ingest.StackPage]:
    """The pages of the stack, in the order in which they were handed in."""
    order = ingest.Order.remembered(workset, options.stacks, fronts_backs=options.fronts_backs)
    return ingest.pages_of([workset.stack / name for name in order.files], fronts_backs=order.fronts_backs)


def _seen(
    known: Known, stack: Sequence[ingest.StackPage], options: PrepareOptions, progress: Progress
) -> dict[str, Sighting]:
    """Look at every page, several at a time; what an earlier run saw is taken as it is."""
    make_folder(known.workset.pages, private=True)
    task = known.task
    jobs = [
        FindJob(
            page.id,
            page.source,
            page.number,
            known.workset.pages,
            task.folder if task else None,
            task.recipe if task else "",
            task.sizes if task else (),
            task.fields if task else (),
            recipe_of(__version__, page.id, page.number, _hash(page.source), task.recipe if task else ""),
        )
        for page in stack
    ]
    seen: dict[str, Sighting] = {}
    progress("find", 0, len(jobs))
    for job, result in run_all(find_names, jobs, workers=options.workers or cores()):
        seen[job.page_id] = unreadable(job, str(result)) if isinstance(result, MsswError) else result
        progress("find", len(seen), len(jobs))
    _clear_away(known.workset, set(seen))
    return seen


_hashes: dict[tuple[Path, int], str] = {}


def _hash(path: Path) -> str:
    """The file's hash, taken once a run."""
    key = (path, path.stat().st_mtime_ns)
    if key not in _hashes:
        with path.open("rb") as file:
            _hashes[key] = hashlib.file_digest(file, "sha256").hexdigest()
    return _hashes[key]


def _clear_away(workset: WorkSet, wanted: set[str]) -> None:
    """Take away page images and sidecars of pages that the stack no longer has."""
    for path in workset.pages.iterdir():
        if path.stem not in wanted:
            path.unlink(missing_ok=True)


def _grouped(
    known: Known, stack: Sequence[ingest.StackPage], seen: dict[str, Sighting], options: PrepareOptions
) -> Grouping:
    """Group the pages; refuse a task that is not the blank task of this stack."""
    if known.task is not None:
        check_task(known.task, list(seen.values()))

    def grouped(pages: Sequence[ingest.StackPage]) -> Grouping:
        return group(
            known.workset,
            [seen[p.id] for p in pages],
            known.task,
            known.settings.pages_per_student,
            known.decisions,
        )

    order = ingest.Order.remembered(known.workset, options.stacks, fronts_backs=options.fronts_backs)
    if not order.fronts_backs:
        result = grouped(stack)
    else:
        result = _paired(known, grouped, stack, options.backs_reversed)
    if result.note:
        known.notes.append(result.note)
    return result


def _paired(
    known: Known,
    grouped: Callable[[Sequence[ingest.StackPage]], Grouping],
    stack: Sequence[ingest.StackPage],
    backs_reversed: bool | None,
) -> Grouping:
    """Fronts with their backs, whichever way the backs were fed."""
    straight, turned = (None if backs_reversed else grouped(stack)), None
    if backs_reversed is not False:
        turned = grouped(ingest.reversed_backs(stack))
    if straight is None or turned is None:
        result = straight or turned
        assert result is not None
        return result
    faults = [sum(bool(work.held) for work in one.works) for one in (straight, turned)]
    if faults[0] == faults[1]:
        known.notes.append(
            "the first front was paired with the first back; if the whole stack was turned over before its backs were "
            "scanned, run this again with --backs reversed"
        )
    elif faults[1] < faults[0]:
        known.notes.append("the backs were fed from the last sheet to the first; they were paired that way")
    return turned if faults[1] < faults[0] else straight


def _not_like(known: Known) -> tuple[str, ...]:
    """Names that no alias may be like: the students' and the teachers'."""
    return (*known.spellings, *known.settings.presenting_teachers)


def plan(root: Path, options: PrepareOptions) -> dict[str, Any]:
    """What ``prepare`` would read, after every input has been checked; nothing is written.

    Raises:
        MsswError: as ``prepare`` would, for the same inputs.
    """
    check_inputs(root, options)
    WorkSet.check_place(root)
    files = {path.name: int(run_alone(ingest.checked, path)) for path in ingest.files_of(options.stacks)}
    students = len(read_roster(options.roster).students) if options.roster else 0
    return {"version": 1, "files": files, "students": students}
