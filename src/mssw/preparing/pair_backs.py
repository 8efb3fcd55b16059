"""Fronts and backs that were scanned as two stacks: which back belongs to which front?

In: what was seen on every page. Out: the pages grouped into responses, with a note on how the sides were paired.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mssw.core.page import scan_of
from mssw.core.response import OUT_OF_ORDER
from mssw.errors import UsageError
from mssw.preparing.grouping import Grouping, group_pages, read_pen
from mssw.preparing.inputs import Inputs
from mssw.vision.writing import pairs_fit
from mssw.workset.stack import StackPage, pages_of, reversed_backs
from mssw.workset.state import Sighting

TOLD_BY_PENS = (
    "fronts and backs were paired by the pens used on them. Compare the two sides of a few sheets; if "
    "they do not belong together, use --backs same or --backs reversed"
)
FOUND_BY_PENS = (
    "the fronts came first, then the backs; they were paired by the pens with which they were written; compare the two "
    "sides of a few responses"
)
FOUND_BY_NUMBERS = "the fronts came first, then the backs; they were paired by the page numbers"
TURNED = "the backs were fed from the last sheet to the first; they were paired that way"


def pair_backs(inputs: Inputs, seen: Mapping[str, Sighting]) -> Grouping:
    """Group fronts with their backs, whichever way the backs were fed.

    The pages' numbers tell if a response has more than one sheet. Else the pens with which both sides were written do,
    if they clearly differ. If nothing tells, a person has to: a wrong pairing would mix two children's work.

    Args:
        inputs: their stack holds the fronts, then the backs.
        seen: what was seen on each page, by id.

    Raises:
        UsageError: the pages do not show it, and nobody said.
    """
    straight = pages_of(inputs.workset, inputs.stack)
    turned = reversed_backs(straight)
    if inputs.stack.backs_reversed is not None:
        return _group(inputs, seen, turned if inputs.stack.backs_reversed else straight)
    groupings = (_group(inputs, seen, straight), _group(inputs, seen, turned))
    if _pages_together(groupings[0]) == _pages_together(groupings[1]):
        return groupings[0]
    if inputs.task is not None:
        if len(inputs.task.expected) > 2:  # noqa: PLR2004 - of one sheet, every front fits every back
            odd = [_oddness(grouping, inputs.task.expected) for grouping in groupings]
            if odd[0] != odd[1]:
                return _choose(groupings, reverse=odd[1] < odd[0])
        fits = [_do_pens_fit(inputs, _on_scans(seen, order)) for order in (straight, turned)]
        if fits[0] != fits[1]:
            return _choose(groupings, TOLD_BY_PENS, reverse=fits[1])
    raise UsageError(
        "fronts and backs fit together in either order, and the wrong one would mix two students' work. "
        "Use --backs same if the first back belongs to the first front. Use --backs reversed if the "
        "whole stack was turned over in between."
    )


def pair_found_backs(inputs: Inputs, seen: Mapping[str, Sighting], grouping: Grouping) -> Grouping | None:
    """Pair the fronts of a stack with the backs that come after them, though nobody said that it is fed that way.

    Only where page numbers, and for responses of one sheet the pens, show one order of the backs and not the other.

    Args:
        inputs: all of them.
        seen: what was seen on each page, by id.
        grouping: the stack in the order of its scans, every response on hold because its fronts come first.

    Returns:
        The stack grouped anew; None where nothing tells, so that everything stays on hold.
    """
    task = inputs.task
    if task is None:
        return None
    home = {page_id for response in grouping.responses for page_id in response.pages}
    sides = [page for page_id, page in seen.items() if page_id in home]
    others = [page for page_id, page in seen.items() if page_id not in home]
    half = len(sides) // 2
    fronts, backs = sides[:half], sides[half:]
    if len(sides) % 2 or {page.page.task_page for page in fronts} & {page.page.task_page for page in backs}:
        return None
    inputs = replace(inputs, stack=replace(inputs.stack, fronts_backs=True))  # no response ends where a file does
    orders = [[page for pair in zip(fronts, row, strict=True) for page in pair] for row in (backs, backs[::-1])]
    if len(task.expected) > 2:  # noqa: PLR2004 - of one sheet, every front fits every back
        fits = [_has_whole_responses(order, task.expected) for order in orders]
        note = FOUND_BY_NUMBERS
    else:
        fits = [_do_pens_fit(inputs, order) for order in orders]
        note = FOUND_BY_PENS
    if fits[0] == fits[1]:
        return None
    return group_pages(inputs, [*orders[fits[1]], *others]).with_notes_before(note, *([TURNED] if fits[1] else []))


def _has_whole_responses(order: Sequence[Sighting], expected: Sequence[int]) -> bool:
    """Whether pages come as in a stack in order: all of the task's pages, again and again."""
    numbers = [page.page.task_page for page in order]
    size = len(expected)
    return all(numbers[at : at + size] == list(expected) for at in range(0, len(numbers), size))


def _group(inputs: Inputs, seen: Mapping[str, Sighting], order: Sequence[StackPage]) -> Grouping:
    return group_pages(inputs, _on_scans(seen, order))


def _on_scans(seen: Mapping[str, Sighting], order: Sequence[StackPage]) -> list[Sighting]:
    """The pages in the order of their scans, of which some have several."""
    on_scan: dict[str, list[Sighting]] = {}
    for page in seen.values():
        on_scan.setdefault(scan_of(page.page.id), []).append(page)
    return [page for scan in order for page in on_scan[scan.id]]


def _choose(groupings: tuple[Grouping, Grouping], *notes: str, reverse: bool) -> Grouping:
    """Choose the first grouping, or the one with the backs reversed, with a note on why."""
    chosen = groupings[1] if reverse else groupings[0]
    return chosen.with_notes_before(*notes, *([TURNED] if reverse else []))


def _pages_together(grouping: Grouping) -> set[frozenset[str]]:
    """Which pages are together, whatever their order."""
    return {frozenset(response.pages) for response in grouping.responses}


def _oddness(grouping: Grouping, expected: Sequence[int]) -> tuple[int, bool]:
    """Count the responses that are not whole by their page numbers, and say whether the order needed a note."""
    numbers = {page.page.id: page.page.task_page for page in grouping.pages}
    broken = [
        [numbers[page] for page in response.pages] != list(expected)
        or any(why.startswith(OUT_OF_ORDER) for why in response.held)
        for response in grouping.responses
    ]
    return sum(broken), bool(grouping.notes)


def _do_pens_fit(inputs: Inputs, order: Sequence[Sighting]) -> bool:
    """Whether both sides of the sheets were written with the same pens, if the pages come front, back, front, back."""
    pens = [read_pen(inputs, page) for page in order]
    return len(pens) % 2 == 0 and pairs_fit(pens[0::2], pens[1::2])
