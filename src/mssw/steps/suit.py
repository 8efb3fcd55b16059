"""Is anything on the stack, and is the task that was given its blank task?"""

from __future__ import annotations

from collections.abc import Sequence

from mssw.errors import UnreadableError
from mssw.steps.blank import ANALYSIS_DPI, BlankTask, blank_pages
from mssw.steps.record import Sighting
from mssw.vision.blankness import NOTHING_MM2
from mssw.vision.filled import TOO_MUCH, print_by_cell, share_of_its_own
from mssw.vision.trace import INK_OF_A_NAME_MM2


def check_stack(seen: Sequence[Sighting]) -> None:
    """Refuse a stack of empty pages: it was fed with its backs up.

    Raises:
        UnreadableError: nothing is on any of its pages.
    """
    if all(not page.fault and page.page.task_page is None and page.ink < NOTHING_MM2 for page in seen):
        raise UnreadableError(
            "every page of the stack is empty; scan it again with the written sides where the copier looks."
        )


def check_task(name: str, task: BlankTask, seen: Sequence[Sighting]) -> None:
    """Refuse a task that matches nothing, or that is a filled copy: its own writing would count as print.

    Args:
        name: of its file.
        task: as it was read.
        seen: every page of the stack.

    Raises:
        UnreadableError: it is one of the two.
    """
    written_on = [page for page in seen if not page.fault and page.ink >= NOTHING_MM2]
    if written_on and not any(page.page.task_page for page in written_on):
        best = max(page.score for page in written_on)
        raise UnreadableError(
            f"no page of the stack matches {name} (at best {best:.0%} of its print is found); check that --task is "
            "the blank copy of this very task, with nothing written on it."
        )
    blanks = blank_pages(task.folder, task.recipe)
    for blank in blanks:
        pages = [page for page in seen if page.nearest == blank.number]
        own = share_of_its_own([page.lacking for page in pages], print_by_cell(blank, ANALYSIS_DPI))
        if own > TOO_MUCH:
            raise UnreadableError(
                f"page {blank.number} of {name} looks like a filled copy: {own:.0%} of its ink is on hardly any page "
                "of the class; give a blank one with --task and run this again."
            )
        alike = [page for page in pages if page.page.task_page and page.written < INK_OF_A_NAME_MM2]
        fields = [field for field in task.fields if field.task_page == blank.number]
        if fields and len(pages) >= 4 and len(alike) > len(pages) / 2:  # noqa: PLR2004
            raise UnreadableError(
                f"most pages differ in nothing from page {blank.number} of {name}, so nothing seems to be written "
                "on them; check that the stack is the students' work and --task the blank copy."
            )
