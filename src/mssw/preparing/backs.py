"""Fronts and backs that were scanned as two stacks: which back belongs to which front?

Is anything on the stack, and is the task that was given its blank task?
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mssw.core.response import OUT_OF_ORDER
from mssw.errors import UnreadableError, UsageError
from mssw.preparing.blank_task import ANALYSIS_DPI, BlankTask, blank_pages
from mssw.preparing.grouping import Grouping, written_with
from mssw.preparing.prepare_options import Known
from mssw.vision.blank_page import TOO_MUCH, BlankPage, print_by_cell, share_of_its_own
from mssw.vision.ink import NOTHING_MM2
from mssw.vision.name_trace import INK_OF_A_NAME_MM2
from mssw.vision.writing import pairs_fit
from mssw.workset.stack import StackPage, reversed_backs
from mssw.workset.state import Sighting

Group = Callable[[Sequence[StackPage]], Grouping]
TOLD_BY_PENS = (
    "fronts and backs were paired by the pens with which they were written; compare the two sides of a few works, "
    "and say --backs same or --backs reversed if they do not belong together"
)
TURNED = "the backs were fed from the last sheet to the first; they were paired that way"


def paired(
    known: Known, group: Group, stack: Sequence[StackPage], seen: dict[str, Sighting], *, backs_reversed: bool | None
) -> Grouping:
    """Fronts with their backs, whichever way the backs were fed.

    The pages' numbers tell where a work has more than one sheet; else the pens with which both sides were written do,
    where they clearly do. Where nothing tells, a person has to: a wrong pairing would mix two children's work.

    Raises:
        UsageError: nothing tells, and nobody said.
    """
    if backs_reversed is not None:
        return group(reversed_backs(stack) if backs_reversed else stack)
    straight, turned = group(stack), group(reversed_backs(stack))
    if _pairs(straight) == _pairs(turned):
        return straight
    if known.task is not None:
        if len(known.task.wanted) > 2:  # noqa: PLR2004 - of one sheet, every front fits every back
            odd = [_oddness(grouping, known.task.wanted) for grouping in (straight, turned)]
            if odd[0] != odd[1]:
                return _chosen(known, straight, turned, reverse=odd[1] < odd[0])
        fits = [_pens_fit(known, known.task, order, seen) for order in (stack, reversed_backs(stack))]
        if fits[0] != fits[1]:
            known.notes.append(TOLD_BY_PENS)
            return _chosen(known, straight, turned, reverse=fits[1])
    raise UsageError(
        "fronts and backs fit together in either order, and a wrong one would mix two students' work; say "
        "--backs same if the first back belongs to the first front, or --backs reversed if the whole stack "
        "was turned over in between."
    )


def _chosen(known: Known, straight: Grouping, turned: Grouping, *, reverse: bool) -> Grouping:
    if reverse:
        known.notes.append(TURNED)
    return turned if reverse else straight


def _pairs(grouping: Grouping) -> set[frozenset[str]]:
    """Which pages are together, whatever their order."""
    return {frozenset(work.pages) for work in grouping.works}


def _oddness(grouping: Grouping, wanted: Sequence[int]) -> tuple[int, bool]:
    """How many works are not whole by their page numbers, and whether the order needed a note."""
    numbers = {page.page.id: page.page.task_page for page in grouping.pages}
    broken = [
        [numbers[page] for page in work.pages] != list(wanted) or any(why.startswith(OUT_OF_ORDER) for why in work.held)
        for work in grouping.works
    ]
    return sum(broken), bool(grouping.note)


def _pens_fit(known: Known, task: BlankTask, order: Sequence[StackPage], seen: dict[str, Sighting]) -> bool:
    pens = [written_with(known.workset, task, seen[page.id]) for page in order]
    return pairs_fit(pens[0::2], pens[1::2])


SAME_SHEET_MM2 = 40.0  # a scan laid on itself differs by its faintest strokes; an answer has more
FEWEST_ALIKE = 4


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
    own = share_of_its_own([page.lacking for page in pages], print_by_cell(blank, ANALYSIS_DPI))
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
