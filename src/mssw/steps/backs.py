"""Fronts and backs that were scanned as two stacks: which back belongs to which front?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mssw.core.response import OUT_OF_ORDER
from mssw.errors import UsageError
from mssw.steps.blank import BlankTask
from mssw.steps.group import Grouping, written_with
from mssw.steps.prepared import Known
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
