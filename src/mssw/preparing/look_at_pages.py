"""Look at every page of the stack.

In: the inputs. Out: what was seen on each page, by its id. It is also kept as a sidecar beside the page's image, and
what an earlier run saw is taken as it is. Several workers look at pages at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mssw.core.page import BY_CLASS, Box, Mark, MarkKind
from mssw.errors import MsswError, UnreadableError
from mssw.preparing.bled_pages import look_past_other_sides
from mssw.preparing.class_words import settle_flags
from mssw.preparing.coded_pages import CodedTask
from mssw.preparing.find_names import ClassSearch, PageJob, find_names, unreadable_page
from mssw.preparing.inputs import Inputs
from mssw.preparing.kept_readings import VERSION as READING_VERSION
from mssw.preparing.prepare_options import PrepareOptions, Progress
from mssw.preparing.scan_names import shown_files
from mssw.vision.recogniser import check_models
from mssw.workers import WorkerLostError, run_all
from mssw.workset.folder import NotWrittenError, delete_others, make_folder
from mssw.workset.sightings import WAY_OF_LOOKING, Sighting, read_sightings, recipe_of, write_sightings
from mssw.workset.stack import StackPage, pages_of

NEXT_UNREAD = 0.9  # heights of a line to the next one of its block, at most
MOST_LOST = 3  # pages of one file that may kill their workers before the file is refused


def look_at_pages(inputs: Inputs, options: PrepareOptions, progress: Progress) -> dict[str, Sighting]:
    """Look at every page of the stack.

    Args:
        inputs: all of them; a class without a task has made its own by now, if it can.
        options: who looks at pages.
        progress: called with how many pages are done.

    Returns:
        What was seen on each page, by id, in the order of the stack; on a scan with several pages of the task, on each
        of them.

    Raises:
        UnreadableError: one file ended several workers, or the disk cannot be written.
    """
    check_models()
    make_folder(inputs.workset.pages, private=True)
    pages = pages_of(inputs.workset, inputs.stack)
    recipes = _recipes(inputs, pages)
    firsts = first_recipes(inputs, pages)
    found: dict[str, tuple[Sighting, ...]] = {}
    for page in pages:
        if kept := _read_kept(inputs, page, recipes[page.id]):
            found[page.id] = kept
    progress("find", len(found), len(pages))
    new = [page for page in pages if page.id not in found]
    for page, sightings in _look_at(inputs, new, recipes, firsts, options):
        found[page.id] = sightings
        progress("find", len(found), len(pages))
    seen = {one.page.id: one for page in pages for one in found[page.id]}
    reads = {sighting.read for sighting in seen.values()}
    seen = look_past_other_sides(inputs, _class_search(inputs) if inputs.has_printed_task else None, seen, options)
    delete_others(inputs.workset.pages, seen)
    delete_others(inputs.workset.reading, reads | {sighting.read for sighting in seen.values()})
    shown = shown_files(inputs.stack, inputs.spellings)
    seen = settle_flags(inputs.workset.reading, seen, inputs.terms, inputs.settings.title)
    return {
        page_id: replace(one, flags=join_unread(one.flags)).with_file_shown_as(shown[one.page.source])
        for page_id, one in seen.items()
    }


def join_unread(flags: Sequence[Mark]) -> tuple[Mark, ...]:
    """The flags of a page with one for each block of lines that could not be read, so that you look there once.

    Args:
        flags: of the page.
    """
    blocks: list[Mark] = []
    for flag in sorted((flag for flag in flags if flag.kind is MarkKind.UNREAD), key=lambda flag: flag.box.y):
        block, height = flag, flag.box.h
        near = [one for one in blocks if _is_near(one.box, flag.box, NEXT_UNREAD * height)]
        if near:
            block = replace(near[0], box=Box.around([flag.box, *(one.box for one in near)]))
        blocks = [*(one for one in blocks if one not in near), block]
    return (*(flag for flag in flags if flag.kind is not MarkKind.UNREAD), *blocks)


def _is_near(block: Box, line: Box, most: float) -> bool:
    """Whether a line follows a block of lines, or lies in it."""
    return line.y - block.bottom <= most and min(block.right, line.right) > max(block.x, line.x)


def _recipes(inputs: Inputs, pages: Sequence[StackPage]) -> dict[str, str]:
    """A hash for each page of all that its sighting depends on."""
    firsts = first_recipes(inputs, pages)
    if not inputs.places:
        return firsts
    return {page_id: recipe_of(first, inputs.places.recipe) for page_id, first in firsts.items()}


def first_recipes(inputs: Inputs, pages: Sequence[StackPage]) -> dict[str, str]:
    """The same, of what is seen before the class has shown where it writes its names."""
    hashes = {inputs.workset.stack / file.name: file.sha256 for file in inputs.stack.files}
    task_recipe = inputs.task.recipe if inputs.task else ""
    trusted = ("trusted",) if inputs.settings.task_is_blank else ()
    essays = ("essays",) if inputs.splits_essays else ()
    search = (inputs.terms.recipe, READING_VERSION, _labels(inputs), *trusted, *essays)
    return {
        page.id: recipe_of(WAY_OF_LOOKING, page.id, page.number, hashes[page.source], task_recipe, search)
        for page in pages
    }


def _labels(inputs: Inputs) -> tuple[str, ...]:
    """Further labels for a name: with a task they are looked for on its blank, and not on each page."""
    return () if inputs.task else inputs.settings.labels


def _read_kept(inputs: Inputs, page: StackPage, recipe: str) -> tuple[Sighting, ...]:
    """What an earlier run saw on the page, if nothing that it depends on has changed; else nothing."""
    return read_sightings(inputs.workset.pages, page.id, recipe, inputs.decisions.turns)


def _look_at(
    inputs: Inputs,
    pages: Sequence[StackPage],
    recipes: dict[str, str],
    firsts: dict[str, str],
    options: PrepareOptions,
) -> Iterator[tuple[StackPage, tuple[Sighting, ...]]]:
    """Look at pages in workers, and yield each page with what was seen on it."""
    if not pages:
        return
    search = _class_search(inputs)
    each = inputs.settings.pages_per_student
    jobs = [PageJob(page, recipes[page.id], search, firsts[page.id], position_of(page, each)) for page in pages]
    lost: Counter[str] = Counter()
    for job, result in (options.run_pages or run_all)(find_names, jobs, workers=options.workers):
        page = job.page
        if isinstance(result, NotWrittenError):  # the disk's fault, not the page's
            raise result
        lost[page.source.name] += isinstance(result, WorkerLostError)
        if lost[page.source.name] >= MOST_LOST:
            raise UnreadableError(f"{page.source.name}, page {page.number} and others: {result}")
        if isinstance(result, MsswError):
            # no recipe: the next run tries again
            sightings: tuple[Sighting, ...] = (unreadable_page(page, "", str(result)),)
            write_sightings(inputs.workset.pages, sightings)
        else:  # read back, so that a run that goes on from here sees just what this one sees
            sightings = _read_kept(inputs, page, job.recipe) or result
        yield page, sightings


def _class_search(inputs: Inputs) -> ClassSearch:
    """What workers have to know. A blank that the class makes itself is made here: only once a page needs it."""
    workset, task = inputs.workset, inputs.task
    return ClassSearch(
        pages=workset.pages,
        readings=workset.reading,
        terms=inputs.terms,
        blank=task.sheets if task else None,
        blank_recipe=task.recipe if task else "",
        sizes=task.sizes if task else (),
        fields=[field for field in task.fields if field.found_by != BY_CLASS] if task else (),
        places=inputs.places,
        is_printed=task is None or inputs.has_printed_task,
        labels=_labels(inputs),
        turns=inputs.decisions.turns,
        coded=CodedTask.of(inputs.sheets),
        trusts_task=inputs.settings.task_is_blank,
        splits_essays=inputs.splits_essays,
    )


def position_of(page: StackPage, each: int | None) -> int:
    """Which page of its response a page is where no task tells, counted in its file."""
    return (page.number - 1) % (each or 1) + 1
