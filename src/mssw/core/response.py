"""Responses: which pages of the stack belong to one student, and what keeps a response from being released.

Leaves come in, in the order of the stack, each with the page of the task that it was printed from and with the student
whose name is on it, if one clearly is. Responses come out. Where order, page numbers and names contradict each other,
the responses that may be wrong are on hold with that reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby

OUT_OF_ORDER = "its pages came out of order"
UNSURE_ORDER = "the stack does not begin with page 1 of the task, so its order is not sure"
UNSURE_NOTE = (
    "the stack does not start with page 1 of the task and a page is missing, so the order does not show "
    "which pages belong together. Every response is on hold; put the stack in order, first pages up, and "
    "scan it again"
)
FRONTS_FIRST = "the fronts of the stack come first, then the backs, so its pages are not side by side"
FRONTS_NOTE = (
    "the fronts come first, then the backs, so every response is on hold; run this again with --fronts-backs, and "
    "give the file twice if both are in one"
)
SLIPPED = "a page beside it in the stack is out of place, so one of its own may be another student's"
MUDDLED = "several pages of the stack are out of place, so its pages may be two students'"
MUDDLED_NOTE = (
    "several pages of the stack are out of order, so responses are on hold unless every page has a name. "
    "Put the stack in order and scan it again, or move pages to their response in `mssw review`"
)
TWO_ON_A_SCAN = (
    "two students' pages were on one scan, and nothing shows which fronts and backs belong together; put each page to "
    "its response in `mssw review`"
)
BY_NAMES_NOTE = "the stack is in no order; its pages were put together by the names on them"
FRONTS_BY_NAMES_NOTE = "the fronts come first, then the backs; they were put together by the names on them"
NO_NAME = "the stack is in no order and no name was read on it, so nobody can tell which response it belongs to"
OF_THE_ORDER = (
    OUT_OF_ORDER,
    UNSURE_ORDER,
    SLIPPED,
    MUDDLED,
    TWO_ON_A_SCAN,
)  # what moving a page to a response does not answer
SOME_UNNAMED = 0.2  # of the pages: so many may lack a clear name, and names still tell the order
MANY_SLIPPED = 0.1  # of the responses, and more than two: the stack is in no order
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
        writer: the student whose name is clearly on it, as a place in the roster; None where no name tells.
        scan: what it was scanned on, together with other pages of the task; empty where it has its scan to itself.
    """

    id: str
    task_page: int | None
    where: str
    fault: str = ""
    document: str = ""
    writer: int | None = None
    scan: str = ""


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

    def without_doubt(self, reason: str) -> Response:
        """The same response without that reason to put it on hold."""
        return replace(self, held=tuple(one for one in self.held if one != reason))

    def but_held(self, *reasons: str) -> Response:
        """The same response with more reasons to put it on hold."""
        return replace(self, held=tuple(dict.fromkeys((*self.held, *reasons))))


def group_by_task(leaves: Sequence[Leaf], expected: Sequence[int]) -> tuple[list[Response], str]:
    """Group a stack into responses: a new one starts where the task's first page comes again.

    If the feeder swallows a page, one response goes on hold, and the rest does not shift. A stack that was fed back to
    front, or a single response with its pages in any order, is recognised because all responses are whole that way. A
    stack in no order is put together by names, if there is one on nearly every page.

    Args:
        leaves: the stack's pages in feed order, blank ones and doubles left out.
        expected: the task's pages that a response should have, e.g. (1, 2).

    Returns:
        The responses in stack order, and a sentence if the order was not the usual one.
    """
    forward = _cut(leaves, expected)
    readings = [
        (_count_contradictions(groups), groups, note)
        for groups, note in _readings(leaves, forward, expected)
        if all(_is_whole(group, expected) for group in groups)
    ]
    contradictions, groups, note = min(readings, key=lambda one: one[0], default=(0, [], ""))
    if readings and not contradictions:
        return [response_of(group, expected) for group in groups], note
    if (by_names := _group_by_names(leaves, forward, expected)) is not None:
        return by_names, FRONTS_BY_NAMES_NOTE if _fronts_come_first(leaves, expected) else BY_NAMES_NOTE
    if readings and contradictions <= _few(groups):  # a page went astray, or somebody wrote another's name
        return [response_of(group, expected) for group in groups], note
    return _hold_unsure(leaves, forward, expected)


def _hold_unsure(
    leaves: Sequence[Leaf], groups: Sequence[Sequence[Leaf]], expected: Sequence[int]
) -> tuple[list[Response], str]:
    """Make responses of a stack that is not whole in any order, and put those on hold whose pages may be another's."""
    responses = [
        _out_of_order(response_of(group, expected, _strays(groups, group, expected)), group) for group in groups
    ]
    if shared := _scans_of_two(leaves):
        return [
            response.but_held(TWO_ON_A_SCAN) if any(leaf.scan in shared for leaf in group) else response
            for response, group in zip(responses, groups, strict=True)
        ], ""
    if _fronts_come_first(leaves, expected):
        fronts = [response_of(group, ()) for group in groups]  # no page is missing, it only comes later
        return [response.but_held(FRONTS_FIRST) for response in fronts], FRONTS_NOTE
    if _begins_wrong(leaves, expected) and not all(_is_whole(group, expected) for group in groups):
        return [response.but_held(UNSURE_ORDER) for response in responses], UNSURE_NOTE
    return _doubt_neighbors(responses, groups, expected)


def _readings(
    leaves: Sequence[Leaf], forward: list[list[Leaf]], expected: Sequence[int]
) -> Iterator[tuple[list[list[Leaf]], str]]:
    """The ways in which a stack can have been fed, the usual one first, each with a sentence if it is not that one."""
    if all(_in_order(group) for group in forward):
        yield forward, ""
    if leaves:
        yield [list(leaves)], "the pages came in another order; they are one whole response"
    backward = _cut(leaves[::-1], expected)
    if all(_in_order(group) for group in backward):
        yield backward[::-1], "the stack was fed back to front; the pages were put in order"
    sheets = _split_evenly(leaves, len(expected))
    if all(_has_sides_swapped(group, expected) for group in sheets):
        yield sheets, "each sheet came back side first; the pages were put in order"
    if any(leaf.scan for leaf in leaves) and all(_is_booklet(group, expected) for group in sheets):
        yield sheets, "two pages of a booklet were on each scan; they were put in order"


def _split_evenly(leaves: Sequence[Leaf], size: int) -> list[list[Leaf]]:
    return [list(leaves[start : start + size]) for start in range(0, len(leaves), size or 1)]


def _is_booklet(group: Sequence[Leaf], expected: Sequence[int]) -> bool:
    """Whether pages come as in a folded booklet, scan by scan from the outside: 4 and 1, then 2 and 3."""
    if len(group) != len(expected) or len(group) % 4:
        return False
    order: list[int] = []
    for first in range(0, len(group) // 2, 2):
        order += [expected[-1 - first], expected[first], expected[first + 1], expected[-2 - first]]
    scans = [leaf.scan for leaf in group]
    two_by_two = all(one and one == other for one, other in zip(scans[::2], scans[1::2], strict=True))
    return two_by_two and [leaf.task_page for leaf in group] == order


def _scans_of_two(leaves: Sequence[Leaf]) -> set[str]:
    """The scans that have the same page of the task twice, so that two students' responses lie side by side."""
    times = Counter((leaf.scan, leaf.task_page) for leaf in leaves if leaf.scan)
    return {scan for (scan, page), count in times.items() if page is not None and count > 1}


def _has_sides_swapped(group: Sequence[Leaf], expected: Sequence[int]) -> bool:
    """Whether the two sides of each sheet changed places: pages 2, 1, 4, 3."""
    swapped = [page for start in range(0, len(expected), 2) for page in reversed(expected[start : start + 2])]
    return [leaf.task_page for leaf in group] == swapped


def _writers(group: Sequence[Leaf]) -> set[int]:
    """The students whose names are clearly on the pages."""
    return {leaf.writer for leaf in group if leaf.writer is not None}


def _count_contradictions(groups: Sequence[Sequence[Leaf]]) -> int:
    """How many groups have pages with the names of two students."""
    return sum(len(_writers(group)) > 1 for group in groups)


def _few(groups: Sequence[Sequence[Leaf]]) -> float:
    """How many of the responses may be wrong before the whole stack is."""
    return max(2, MANY_SLIPPED * len(groups))


def _group_by_names(
    leaves: Sequence[Leaf], forward: Sequence[Sequence[Leaf]], expected: Sequence[int]
) -> list[Response] | None:
    """Put a stack in no order together by the names on its pages; None where names do not tell more than the order.

    A page without a clear name is a response of its own, on hold.
    """
    unnamed = [leaf for leaf in leaves if leaf.writer is None]
    if len(expected) < 2 or len(unnamed) > SOME_UNNAMED * len(leaves):  # noqa: PLR2004 - pages that can be apart
        return None
    by_writer: dict[int, list[Leaf]] = {}
    for leaf in leaves:
        if leaf.writer is not None:
            by_writer.setdefault(leaf.writer, []).append(leaf)
    groups = list(by_writer.values())
    in_order = sum(_is_whole(group, expected) and len(_writers(group)) == 1 for group in forward)
    if sum(_is_whole(group, expected) for group in groups) <= in_order:
        return None
    alone = [replace(leaf, fault="; ".join(filter(None, (leaf.fault, NO_NAME)))) for leaf in unnamed]
    parts = sorted([*groups, *([leaf] for leaf in alone)], key=lambda group: min(leaf.id for leaf in group))
    return [response_of(part, expected, _strays(parts, part, expected)).but_held(*list_twice(part)) for part in parts]


def _doubt_neighbors(
    responses: Sequence[Response], groups: Sequence[Sequence[Leaf]], expected: Sequence[int]
) -> tuple[list[Response], str]:
    """Put whole responses on hold that may have a page of their neighbor's, because one is out of place.

    A page that is lost leaves one response that is not whole. A page that slipped to another place leaves two, which
    have no page in common: the one that it came from, and the one that has it or whose own page it took. A response
    that it mixed up is beside one of them.
    """
    numbers = [{leaf.task_page for leaf in group} - {None} for group in groups]
    broken = [place for place, group in enumerate(groups) if numbers[place] and len(group) < len(expected)]
    apart = [pair for pair in combinations(broken, 2) if not numbers[pair[0]] & numbers[pair[1]]]
    slipped = sorted({place for pair in apart for place in pair})
    if len(slipped) + _count_contradictions(groups) > _few(groups):
        doubted, why, note = set(range(len(groups))), MUDDLED, MUDDLED_NOTE
    else:
        before = {place - 1 for place in slipped if expected[0] not in numbers[place]}
        after = {place + 1 for place in slipped if expected[-1] not in numbers[place]}
        doubted, why, note = before | after, SLIPPED, ""
    result = []
    for place, (response, group) in enumerate(zip(responses, groups, strict=True)):
        is_named = len(_writers(group)) == 1 and all(leaf.writer is not None for leaf in group)
        is_doubtful = place in doubted and response.released and len(group) > 1 and not is_named
        result.append(response.but_held(why) if is_doubtful else response)
    return result, note


def _fronts_come_first(leaves: Sequence[Leaf], expected: Sequence[int]) -> bool:
    """Whether the fronts of all sheets come before the backs: such a stack has pages of two students side by side."""
    numbers = [leaf.task_page for leaf in leaves]
    fronts, backs = set(expected[0::2]), set(expected[1::2])
    first_back = next((place for place, number in enumerate(numbers) if number in backs), len(numbers))
    many = min(first_back, len(numbers) - first_back) > 1  # else a single page was lost
    return many and set(numbers[:first_back]) <= fronts and set(numbers[first_back:]) <= backs


def part_at_files(responses: Sequence[Response], leaves: Sequence[Leaf], expected: Sequence[int]) -> list[Response]:
    """Split responses with pages from several files, or put them on hold.

    A file that ends with a whole response is never joined with the next one. A stack may have been scanned in two
    files in the middle of a response. So parts that make a whole only together stay together, on hold for a person to
    check, unless the same student's name is on pages from each file.

    Args:
        responses: as they were cut from the stack.
        leaves: all pages.
        expected: the task's pages that a response should have.
    """
    by_id = {leaf.id: leaf for leaf in leaves}
    result: list[Response] = []
    for response in responses:
        pages = [by_id[page] for page in sorted(response.pages)]
        parts = [list(part) for _, part in groupby(pages, key=lambda leaf: leaf.document)]
        names = [_writers(part) for part in parts]
        has_one_name = len(set.union(*names)) == 1 and all(names)
        if len(parts) == 1 or has_one_name:
            result.append(response)
        elif any(_is_whole(part, expected) for part in parts):
            result += [_out_of_order(response_of(part, expected), part) for part in parts]
        else:
            result.append(response.but_held(FROM_TWO_FILES))
    return result


def _begins_wrong(leaves: Sequence[Leaf], expected: Sequence[int]) -> bool:
    """Whether a stack begins with a page that no response begins with."""
    matched = [leaf.task_page for leaf in leaves if leaf.task_page is not None]
    return len(expected) > 1 and bool(matched) and matched[0] != expected[0]


def _in_order(group: Sequence[Leaf]) -> bool:
    """Whether the pages came as they are numbered."""
    numbers = [leaf.task_page for leaf in group if leaf.task_page is not None]
    return numbers == sorted(numbers)


def _out_of_order(response: Response, group: Sequence[Leaf]) -> Response:
    """Put a response on hold if a page came at the wrong place: it may be another student's."""
    return response if _in_order(group) else response.but_held(f"{OUT_OF_ORDER} (from {group[0].where})")


def group_by_count(leaves: Sequence[Leaf], count: int) -> list[Response]:
    """Group a stack without a task: so many pages a student, in feed order, and never across the end of a file."""
    responses: list[Response] = []
    for _, document in groupby(leaves, key=lambda leaf: leaf.document):
        pages = list(document)
        groups = [pages[start : start + count] for start in range(0, len(pages), count)]
        responses += [Response(tuple(leaf.id for leaf in group), list_faults(group)) for group in groups]
        if (rest := len(groups[-1])) < count:
            responses[-1] = responses[-1].but_held(f"the stack ends after {rest} of {count} pages of this response")
    return responses


def _cut(leaves: Sequence[Leaf], expected: Sequence[int]) -> list[list[Leaf]]:
    """Cut at each first page, and at each page that the response has already."""
    groups: list[list[Leaf]] = []
    for leaf in leaves:
        seen = {other.task_page for other in groups[-1]} if groups else set()
        first = expected and leaf.task_page == expected[0]
        again = leaf.task_page is not None and leaf.task_page in seen
        full = leaf.task_page is None and groups and len(groups[-1]) >= len(expected)
        if not groups or first or again or full:
            groups.append([])
        groups[-1].append(leaf)
    return groups


def _is_whole(group: Sequence[Leaf], expected: Sequence[int]) -> bool:
    return sorted(leaf.task_page or 0 for leaf in group) == sorted(expected)


def response_of(group: Sequence[Leaf], expected: Sequence[int], strays: Sequence[Leaf] = ()) -> Response:
    """Make a response of those pages in the order of the task, on hold if pages are missing or did not match.

    Args:
        group: its pages.
        expected: the task's pages that it should have.
        strays: pages of other responses that may be one of its own.
    """
    places = {number: place for place, number in enumerate(expected)}
    ordered = sorted(group, key=lambda leaf: places.get(leaf.task_page or 0, len(places)))
    return Response(tuple(leaf.id for leaf in ordered), (*_missing(group, expected, strays), *list_faults(group)))


def _strays(groups: Sequence[Sequence[Leaf]], group: Sequence[Leaf], expected: Sequence[int]) -> list[Leaf]:
    """The pages of responses that do not begin with a first page, the nearest one behind this response first."""
    place = next(at for at, other in enumerate(groups) if other is group)
    others = [*groups[place + 1 :], *groups[:place][::-1]]
    return [leaf for other in others if not {*expected[:1]} & {leaf.task_page for leaf in other} for leaf in other]


def _missing(group: Sequence[Leaf], expected: Sequence[int], strays: Sequence[Leaf]) -> tuple[str, ...]:
    """Say which pages of the task a response lacks, and where they may be."""
    lost = sorted(set(expected) - {leaf.task_page for leaf in group})
    if not lost:
        return ()
    around = group[0].where if len(group) == 1 else f"{group[0].where}, to {group[-1].where}"
    pages = "page" if len(lost) == 1 else "pages"
    unmatched = [leaf.where for leaf in group if leaf.task_page is None]
    if len(unmatched) == len(group) == len(lost) and all(leaf.fault for leaf in group):
        return ()  # nothing is missing: these pages are on hold, since they match no page of the task
    elsewhere = [leaf.where for leaf in strays if leaf.task_page in lost]
    if unmatched:
        hint = f"perhaps it is {unmatched[0]}, which matches no page of the task"
    elif elsewhere:
        hint = f"perhaps it is {elsewhere[0]}"
    else:
        hint = "look for the sheet in the stack"
    return (f"{pages} {' and '.join(map(str, lost))} of the task missing (it holds {around}): {hint}",)


def list_faults(group: Sequence[Leaf]) -> tuple[str, ...]:
    """List what is wrong with single pages of a response."""
    return tuple(f"{leaf.where}: {leaf.fault}" for leaf in group if leaf.fault)


def move_pages(
    responses: Sequence[Response],
    leaves: Sequence[Leaf],
    moved: Mapping[str, str | None],
    expected: Sequence[int],
    gone: str,
) -> list[Response]:
    """Move pages from one response to another; where pages changed, the reasons to put it on hold are found anew.

    Args:
        responses: as they were.
        leaves: all pages.
        moved: by page, a page of the response that it now belongs to: its own id for a response of its own; None if
            that page is gone: then it stays where it is, and its response goes on hold.
        expected: the task's pages that a response should have; none if there is no task.
        gone: the reason to put that response on hold.
    """
    by_id = {leaf.id: leaf for leaf in leaves}
    rest = {one.id: [page for page in one.pages if moved.get(page) is None] for one in responses}
    home = {page: one.id for one in responses for page in one.pages}
    ends = {
        page: f"own {anchor}" if moved.get(anchor) == anchor else home[anchor]
        for page, anchor in moved.items()
        if anchor
    }
    groups = dict(rest)
    for page, end in ends.items():
        groups.setdefault(end, []).append(page)
    before = {one.id: one for one in responses}
    result = []
    for name, pages in groups.items():
        was = before.get(name)
        if was is not None and tuple(pages) == was.pages:
            result.append(was)
        elif pages:
            made = response_of([by_id[page] for page in pages], expected)
            made = replace(made, brought=tuple(page for page in pages if page in ends))
            doubts = [why for why in was.held if why.startswith(OF_THE_ORDER)] if was else []
            result.append(made.but_held(*doubts, *list_twice([by_id[page] for page in pages])))
    lost = {page for page, anchor in moved.items() if anchor is None}
    return [one.but_held(gone) if lost & set(one.pages) else one for one in result]


def list_twice(group: Sequence[Leaf]) -> tuple[str, ...]:
    """List the pages of the task that a response has twice."""
    counts = Counter(leaf.task_page for leaf in group if leaf.task_page is not None)
    return tuple(f"page {number} of the task is in it twice" for number, count in sorted(counts.items()) if count > 1)
