"""Responses: which pages of the stack belong to one student, and what keeps a response from being released."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

OUT_OF_ORDER = "its pages came out of order"
UNSURE_ORDER = "the stack does not begin with page 1 of the task, so its order is not sure"
UNSURE_NOTE = (
    "the stack does not begin with page 1 of the task and lacks a page, so nobody can tell by the order which pages "
    "belong together, and every work is held; lay the stack in order, first pages up, and scan it again"
)
FRONTS_FIRST = "the fronts of the stack come first, then the backs, so its pages are not side by side"
FRONTS_NOTE = (
    "the fronts come first, then the backs, so every response is on hold; run this again with --fronts-backs, and "
    "give the file twice if both are in one"
)
FROM_TWO_FILES = "its pages come from two files, and nothing shows that they belong together"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the stack as grouping sees it.

    Attributes:
        id: of the page.
        task_page: 1-based page of the task; None where it matched none.
        where: the page as people find it, e.g. ``stack.pdf, page 5``.
        fault: why it did not match; empty where it did.
        document: the file of several pages that it is in; empty for a photo or a scan of one page.
    """

    id: str
    task_page: int | None
    where: str
    fault: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """One student's response.

    Attributes:
        pages: ids, in the order of the task's pages.
        held: why it is on hold; empty if it may be released.
        aside: why a person set it aside; empty where nobody did.
        alias: its alias; empty until it has one.
        brought: those of its pages that a person put into it.
    """

    pages: tuple[str, ...]
    held: tuple[str, ...] = ()
    aside: str = ""
    alias: str = ""
    brought: tuple[str, ...] = ()

    @property
    def released(self) -> bool:
        """Whether colleagues may have it."""
        return not self.held and not self.aside

    @property
    def id(self) -> str:
        """Its first page's id in stack order: stable as long as the stack is."""
        return min(self.pages)

    def but_held(self, *reasons: str) -> Response:
        """The same response with more reasons to put it on hold."""
        return replace(self, held=tuple(dict.fromkeys((*self.held, *reasons))))


def group_by_task(leaves: Sequence[Leaf], wanted: Sequence[int]) -> tuple[list[Response], str]:
    """Group a stack into responses: a new one starts where the task's first page comes again.

    If the feeder swallows a page, one response goes on hold, and the rest does not shift. A stack that was fed back to
    front, or a single response with its pages in any order, is recognised because all responses are whole that way.

    Args:
        leaves: the stack's pages in feed order, blank ones and doubles left out.
        wanted: the task's pages that a response should have, e.g. (1, 2).

    Returns:
        The responses in stack order, and a sentence if the order was not the usual one.
    """
    forward = _cut(leaves, wanted)
    if all(_is_whole(group, wanted) and _in_order(group) for group in forward):
        return _works(forward, wanted), ""
    if _is_whole(leaves, wanted):
        return _works([list(leaves)], wanted), "the pages came in another order; they are one whole work"
    backward = [group[::-1] for group in _cut(leaves[::-1], wanted)][::-1]
    if all(_is_whole(group, wanted) for group in backward):
        return _works(backward, wanted), "the stack was fed back to front; the pages were put in order"
    turned = _cut_at_the_end(leaves, wanted)
    if all(_is_whole(group, wanted) for group in turned):
        return _works(turned, wanted), "in each work the last page came first; the pages were put in order"
    works = [_out_of_order(response_of(group, wanted), group) for group in forward]
    if _fronts_come_first(leaves, wanted):
        reason, note = FRONTS_FIRST, FRONTS_NOTE
    elif _begins_wrong(leaves, wanted):
        reason, note = UNSURE_ORDER, UNSURE_NOTE
    else:
        return works, ""
    return [work.but_held(reason) for work in works], note


def _fronts_come_first(leaves: Sequence[Leaf], wanted: Sequence[int]) -> bool:
    """Whether the fronts of all sheets come before the backs: such a stack has pages of two students side by side."""
    numbers = [leaf.task_page for leaf in leaves]
    fronts, backs = set(wanted[0::2]), set(wanted[1::2])
    first_back = next((place for place, number in enumerate(numbers) if number in backs), len(numbers))
    many = min(first_back, len(numbers) - first_back) > 1  # else a single page was lost
    return many and set(numbers[:first_back]) <= fronts and set(numbers[first_back:]) <= backs


def part_at_files(
    responses: Sequence[Response],
    leaves: Sequence[Leaf],
    wanted: Sequence[int],
    has_one_name: Callable[[Response], bool],
) -> list[Response]:
    """Split responses with pages from several files, or put them on hold.

    A file that ends with a whole response is never joined with the next one. A stack may have been scanned in two
    files in the middle of a response. So parts that make a whole only together stay together, on hold for a person to
    check.

    Args:
        responses: as they were cut from the stack.
        leaves: all pages.
        wanted: the task's pages that a response should have.
        has_one_name: whether the pages of a response clearly have one student's name in every file.
    """
    by_id = {leaf.id: leaf for leaf in leaves}
    result: list[Response] = []
    for response in responses:
        pages = [by_id[page] for page in sorted(response.pages)]
        parts = [list(part) for _, part in groupby(pages, key=lambda leaf: leaf.document)]
        if len(parts) == 1 or has_one_name(response):
            result.append(response)
        elif any(_is_whole(part, wanted) for part in parts):
            result += [_out_of_order(response_of(part, wanted), part) for part in parts]
        else:
            result.append(response.but_held(FROM_TWO_FILES))
    return result


def _begins_wrong(leaves: Sequence[Leaf], wanted: Sequence[int]) -> bool:
    """Whether a stack that is not whole either way begins with a page that no response begins with."""
    matched = [leaf.task_page for leaf in leaves if leaf.task_page is not None]
    return len(wanted) > 1 and bool(matched) and matched[0] != wanted[0]


def _in_order(group: Sequence[Leaf]) -> bool:
    """Whether the pages came as they are numbered."""
    numbers = [leaf.task_page for leaf in group if leaf.task_page is not None]
    return numbers == sorted(numbers)


def _out_of_order(work: Response, group: Sequence[Leaf]) -> Response:
    """Put a response on hold if a page came at the wrong place: it may be another student's."""
    return work if _in_order(group) else work.but_held(f"{OUT_OF_ORDER} (from {group[0].where})")


def group_by_count(leaves: Sequence[Leaf], count: int) -> list[Response]:
    """Group a stack without a task: so many pages a student, in feed order, and never across the end of a file."""
    works: list[Response] = []
    for _, document in groupby(leaves, key=lambda leaf: leaf.document):
        pages = list(document)
        groups = [pages[start : start + count] for start in range(0, len(pages), count)]
        works += [Response(tuple(leaf.id for leaf in group), _faults(group)) for group in groups]
        if len(groups[-1]) < count:
            works[-1] = works[-1].but_held(f"the stack ends after {len(groups[-1])} of {count} pages of this work")
    return works


def _cut(leaves: Sequence[Leaf], wanted: Sequence[int]) -> list[list[Leaf]]:
    """Cut at each first page, and at each page that the response has already."""
    groups: list[list[Leaf]] = []
    for leaf in leaves:
        seen = {other.task_page for other in groups[-1]} if groups else set()
        first = wanted and leaf.task_page == wanted[0]
        again = leaf.task_page is not None and leaf.task_page in seen
        full = leaf.task_page is None and groups and len(groups[-1]) >= len(wanted)
        if not groups or first or again or full:
            groups.append([])
        groups[-1].append(leaf)
    return groups


def _cut_at_the_end(leaves: Sequence[Leaf], wanted: Sequence[int]) -> list[list[Leaf]]:
    """Cut after each first page: for sheets that were scanned back side first."""
    groups: list[list[Leaf]] = [[]]
    for leaf in leaves:
        groups[-1].append(leaf)
        if wanted and leaf.task_page == wanted[0]:
            groups.append([])
    return [group for group in groups if group]


def _is_whole(group: Sequence[Leaf], wanted: Sequence[int]) -> bool:
    return sorted(leaf.task_page or 0 for leaf in group) == sorted(wanted)


def _works(groups: Sequence[Sequence[Leaf]], wanted: Sequence[int]) -> list[Response]:
    return [response_of(group, wanted) for group in groups]


def response_of(group: Sequence[Leaf], wanted: Sequence[int]) -> Response:
    """A response of those pages in the order of the task, on hold if pages are missing or did not match."""
    places = {number: place for place, number in enumerate(wanted)}
    ordered = sorted(group, key=lambda leaf: places.get(leaf.task_page or 0, len(places)))
    return Response(tuple(leaf.id for leaf in ordered), (*_missing(group, wanted), *_faults(group)))


def _missing(group: Sequence[Leaf], wanted: Sequence[int]) -> tuple[str, ...]:
    counts = Counter(leaf.task_page for leaf in group)
    lost = [str(number) for number in wanted if not counts[number]]
    if not lost:
        return ()
    around = group[0].where if len(group) == 1 else f"{group[0].where}, to {group[-1].where}"
    pages = "page" if len(lost) == 1 else "pages"
    return (f"{pages} {' and '.join(lost)} of the task missing (it holds {around}): look for the sheet in the stack",)


def _faults(group: Sequence[Leaf]) -> tuple[str, ...]:
    return tuple(f"{leaf.where}: {leaf.fault}" for leaf in group if leaf.fault)


def brought_together(
    works: Sequence[Response], leaves: Sequence[Leaf], moved: Mapping[str, str | None], wanted: Sequence[int], gone: str
) -> list[Response]:
    """The responses with pages moved from one to another; where pages changed, the reasons to hold are found anew.

    Args:
        works: as they were.
        leaves: all pages.
        moved: by page, a page of the response that it now belongs to: its own id for a response of its own; None if
            that page is gone: then it stays where it is, and its response goes on hold.
        wanted: the task's pages that a response should have; none if there is no task.
        gone: the reason to put that response on hold.
    """
    known = {leaf.id: leaf for leaf in leaves}
    rest = {work.id: [page for page in work.pages if moved.get(page) is None] for work in works}
    home = {page: work.id for work in works for page in work.pages}
    ends = {
        page: f"own {anchor}" if moved.get(anchor) == anchor else home[anchor]
        for page, anchor in moved.items()
        if anchor
    }
    groups = dict(rest)
    for page, end in ends.items():
        groups.setdefault(end, []).append(page)
    before = {work.id: work for work in works}
    result = []
    for name, pages in groups.items():
        was = before.get(name)
        if was is not None and tuple(pages) == was.pages:
            result.append(was)
        elif pages:
            made = response_of([known[page] for page in pages], wanted)
            made = replace(made, brought=tuple(page for page in pages if page in ends))
            doubts = [why for why in was.held if why.startswith((OUT_OF_ORDER, UNSURE_ORDER))] if was else []
            result.append(made.but_held(*doubts, *_twice([known[page] for page in pages])))
    lost = {page for page, anchor in moved.items() if anchor is None}
    return [work.but_held(gone) if lost & set(work.pages) else work for work in result]


def _twice(group: Sequence[Leaf]) -> tuple[str, ...]:
    counts = Counter(leaf.task_page for leaf in group if leaf.task_page is not None)
    return tuple(f"page {number} of the task is in it twice" for number, count in sorted(counts.items()) if count > 1)
