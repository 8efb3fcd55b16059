"""Is the stack what it should be? Its pages are not all empty, and the task that was given is their blank copy.

In: what was seen on every page. Out: nothing, or an error that says what to give instead.
"""

from __future__ import annotations

from collections.abc import Sequence

from mssw.errors import UnreadableError
from mssw.preparing.blank_task import ANALYSIS_DPI, BlankTask, blank_pages
from mssw.vision.blank_page import TOO_MUCH, BlankPage, measure_own_share, measure_print_by_cell
from mssw.vision.ink import NOTHING_MM2
from mssw.vision.name_trace import INK_OF_A_NAME_MM2
from mssw.workset.state import Sighting

SAME_SHEET_MM2 = 40.0  # of ink: a scan that is laid on itself differs by its faintest strokes; an answer has more
FEWEST_ALIKE = 4  # untouched pages: fewer may be students who handed in nothing


def check_stack_is_written(seen: Sequence[Sighting]) -> None:
    """Refuse a stack of empty pages: it was fed with its backs up.

    Raises:
        UnreadableError: nothing is on any of its pages.
    """
    if all(not page.fault and page.page.task_page is None and page.ink < NOTHING_MM2 for page in seen):
        raise UnreadableError(
            "every page of the stack is empty; scan it again with the written sides where the copier looks."
        )


def check_task_is_blank(name: str, task: BlankTask, seen: Sequence[Sighting]) -> None:
    """Refuse a task that no page matches, or that is a filled copy: its own writing would count as print.

    Args:
        name: of its file.
        task: the task.
        seen: every page of the stack.

    Raises:
        UnreadableError: it is one of the two.
    """
    written_on = [page for page in seen if page.page.task_page or (not page.fault and page.ink >= NOTHING_MM2)]
    matched = [page for page in written_on if page.page.task_page]
    if written_on and not matched:
        best = max(page.score for page in written_on)
        raise UnreadableError(
            f"no page of the stack matches {name} (at best {best:.0%} of its print is found); check that --task is "
            "the blank copy of this very task, with nothing written on it."
        )
    if matched and all(page.written < SAME_SHEET_MM2 for page in matched):
        raise UnreadableError(
            f"every page of the stack that matches {name} is just like it, {matched[0].where} for one; give the blank "
            "copy with --task, and the students' work as the stack."
        )
    blanks = blank_pages(task.sheets, task.recipe)
    for blank in blanks:
        pages = [page for page in seen if page.nearest == blank.number]
        if len(pages) > 1 or (pages and len(seen) <= len(blanks)):  # one of many may be torn, and lack what is printed
            _check_page(name, task, blank, pages)


def _check_page(name: str, task: BlankTask, blank: BlankPage, pages: Sequence[Sighting]) -> None:
    """Refuse a page of the task that has its own writing, or that most of the class handed in untouched."""
    alike = [page for page in pages if _is_like_the_blank(page)]
    own = measure_own_share([page.lacking for page in pages], measure_print_by_cell(blank, ANALYSIS_DPI))
    if own > TOO_MUCH:
        raise UnreadableError(
            f"page {blank.number} of {name} looks like a filled copy: {own:.0%} of its ink is on hardly any page "
            "of the class; give a blank one with --task and run this again."
        )
    fields = [field for field in task.fields if field.task_page == blank.number]
    if fields and len(pages) >= FEWEST_ALIKE and len(alike) > len(pages) / 2:
        raise UnreadableError(
            f"most pages differ in nothing from page {blank.number} of {name}, so nothing seems to be written "
            "on them; check that the stack is the students' work and --task the blank copy."
        )


def _is_like_the_blank(page: Sighting) -> bool:
    """Whether less is written on a matched page than a name takes."""
    return page.page.task_page is not None and page.written < INK_OF_A_NAME_MM2
