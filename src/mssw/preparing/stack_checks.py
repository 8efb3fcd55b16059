"""Is the stack what it should be? Its pages are not all empty, and the task that was given is their blank copy.

In: what was seen on every page. Out: notes for the teacher, or an error that says what to give instead. With
``--task-is-blank``, the teacher has looked at the task: what would be an error is then a note.
"""

from __future__ import annotations

from collections.abc import Sequence

from mssw.errors import UnreadableError
from mssw.preparing.blank_task import ANALYSIS_DPI, BlankTask, blank_pages
from mssw.vision.blank_page import (
    TOO_MUCH,
    TOO_MUCH_MM2,
    BlankPage,
    measure_own_ink,
    measure_own_share,
    measure_print_by_cell,
)
from mssw.vision.ink import NOTHING_MM2
from mssw.vision.name_trace import INK_OF_A_NAME_MM2
from mssw.workset.state import Sighting

SAME_SHEET_MM2 = 40.0  # of ink: a scan that is laid on itself differs by its faintest strokes; an answer has more
FEWEST_ALIKE = 4  # untouched pages: fewer may be students who handed in nothing
ENOUGH_PAGES = 3  # a little ink that one or two pages lack may have been torn off; that all lack, it is somebody's
SOME_PRINT = 0.45  # of a task's print is found on a page: less is another task
MANY = 1 / 3  # of the pages lack print

SAY_SO = "or, if nothing is written on it, say so with --task-is-blank"


def check_stack_is_written(seen: Sequence[Sighting]) -> None:
    """Refuse a stack of empty pages: it was fed with its backs up.

    Raises:
        UnreadableError: nothing is on any of its pages.
    """
    if all(not page.fault and page.page.task_page is None and page.ink < NOTHING_MM2 for page in seen):
        raise UnreadableError(
            "every page of the stack is empty; scan it again with the written sides where the copier looks."
        )


def check_task_is_blank(
    name: str, task: BlankTask, seen: Sequence[Sighting], *, trusted: bool = False
) -> tuple[str, ...]:
    """Refuse a task that no page matches, or that is a filled copy: its own writing would count as print.

    Args:
        name: of its file.
        task: the task.
        seen: every page of the stack.
        trusted: whether the teacher says that the task is blank.

    Returns:
        What she should know, in sentences.

    Raises:
        UnreadableError: it is one of the two.
    """
    written_on = [
        page
        for page in seen
        if page.page.task_page or (not page.fault and not page.is_typed and page.ink >= NOTHING_MM2)
    ]
    matched = [page for page in written_on if page.page.task_page]
    if written_on and not matched:
        raise UnreadableError(_why_none_matches(name, max(page.score for page in written_on), trusted=trusted))
    if matched and not trusted and all(page.written < SAME_SHEET_MM2 for page in matched):
        raise UnreadableError(
            f"every page of the stack that matches {name} is just like it, {matched[0].where} for one; give the blank "
            "copy with --task, and the students' work as the stack."
        )
    notes: list[str] = []
    blanks = blank_pages(task.sheets, task.recipe)
    for blank in blanks:
        pages = [page for page in seen if page.nearest == blank.number]
        if len(pages) > 1 or (pages and len(seen) <= len(blanks)):  # one of many may be torn, and lack what is printed
            notes += _check_page(name, task, blank, pages, trusted=trusted)
    return (*notes, *_note_lacking_print(name, written_on, trusted=trusted))


def _why_none_matches(name: str, best: float, *, trusted: bool) -> str:
    """Say why no page matches the task, and what to do."""
    found = f"no page of the stack matches {name} (at best {best:.0%} of its print is found)"
    if trusted:
        return f"{found}, not even where much of its print is missing; give the task that this class did with --task."
    check = f"{found}; check that --task is the blank copy of this very task, with nothing written on it"
    if best < SOME_PRINT:
        return f"{check}."
    return f"{check}. If it is, the copier may have dropped light print: say so with --task-is-blank."


def _note_lacking_print(name: str, written_on: Sequence[Sighting], *, trusted: bool) -> list[str]:
    """A note where many pages match nothing, but show a good part of the task's print."""
    lacking = [page for page in written_on if not page.page.task_page and page.score >= SOME_PRINT]
    if trusted or len(lacking) <= MANY * len(written_on):
        return []
    found = f"{len(lacking)} pages show only a part of the print of {name}"
    return [f"{found}; if it is their task's blank copy, and the copier dropped light print, add --task-is-blank"]


def _check_page(name: str, task: BlankTask, blank: BlankPage, pages: Sequence[Sighting], *, trusted: bool) -> list[str]:
    """Refuse a page of the task that has its own writing, or that most of the class handed in untouched."""
    which = f"page {blank.number} of {name}"
    lacking = [page.lacking for page in pages]
    own = measure_own_share(lacking, measure_print_by_cell(blank, ANALYSIS_DPI))
    ink = measure_own_ink(lacking, blank, ANALYSIS_DPI)
    if own > TOO_MUCH or (len(pages) >= ENOUGH_PAGES and ink > TOO_MUCH_MM2):
        found = f"{max(own, 0.01):.0%} of its ink is on hardly any page of the class"
        if not trusted:
            raise UnreadableError(f"{which} looks like a filled copy: {found}; give a blank one with --task, {SAY_SO}.")
        writing = "what is written there would be taken for print, and colleagues get it as it is"
        return [f"you say that {which} is blank, and {found}: {writing}"]
    alike = [page for page in pages if _is_like_the_blank(page)]
    fields = [field for field in task.fields if field.task_page == blank.number]
    if fields and not trusted and len(pages) >= FEWEST_ALIKE and len(alike) > len(pages) / 2:
        raise UnreadableError(
            f"most pages differ in nothing from {which}, so nothing seems to be written on them; check that the stack "
            f"is the students' work and --task the blank copy, {SAY_SO}."
        )
    return []


def _is_like_the_blank(page: Sighting) -> bool:
    """Whether less is written on a matched page than a name takes."""
    return page.page.task_page is not None and page.written < INK_OF_A_NAME_MM2
