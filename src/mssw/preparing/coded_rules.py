"""Responses by the codes of their pages, whatever the order of the stack; and the pages whose code cannot be read.

The rules alone, on values: no file and no image.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mssw.core.response import Leaf, Response, response_of
from mssw.core.sheet_code import PageCode

TWICE = (
    "another page with different writing has the same code: was a coded sheet copied? Assign each of them to "
    "its student"
)
NO_CODE = (
    "its code cannot be read, and nothing else shows which student it belongs to; move it to its response in "
    "`mssw review`"
)
PLACED = (
    "its code cannot be read; by its place in the stack it belongs to this response. Check that the "
    "handwriting is the same, then approve it, or move it in `mssw review`"
)

Owner = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Coded:
    """A page of the stack, with what its code says.

    Attributes:
        id: of the page.
        source: its file in the stack.
        number: 1-based page in it.
        code: what its code says; None if none could be read.
        task_page: 1-based page of the task that it was found to be; None if that is not known.
    """

    id: str
    source: str
    number: int
    code: PageCode | None
    task_page: int | None = None

    @property
    def side(self) -> int | None:
        """Which side of a copy it is, by its code or else by what is printed on it."""
        return self.code.page if self.code else self.task_page


@dataclass
class _Stack:
    """Which owner has which sides so far, and which pages have no owner."""

    pages: Sequence[Coded]
    sides: int
    owners: dict[str, Owner] = field(default_factory=dict)  # by page id
    has: dict[Owner, set[int]] = field(default_factory=dict)

    def give(self, page: Coded, owner: Owner, side: int) -> None:
        self.owners[page.id] = owner
        self.has.setdefault(owner, set()).add(side)

    def fits(self, page: Coded, face: Coded) -> bool:
        """Whether a page without a code may be the other face of a sheet with an owner."""
        owner = self.owners.get(face.id)
        if owner is None or face.side is None or not 1 <= face.side <= self.sides:
            return False
        side = other_side(face.side)
        return side <= self.sides and page.task_page in {side, None} and side not in self.has[owner]

    def beside(self, place: int) -> list[tuple[Coded, bool]]:
        """The pages right before and after that place, each with whether it comes before."""
        around = ((place - 1, True), (place + 1, False))
        return [(self.pages[at], is_before) for at, is_before in around if 0 <= at < len(self.pages)]


def find_owners(pages: Sequence[Coded], *, sides: int, two_sided: bool) -> dict[str, Owner]:
    """Find which copy each page is of: by its code, or if that cannot be read, by what lies beside it in the stack.

    The latter is a proposal (see ``doubt_owners``). If the feeder lost the back of one sheet and the front of the
    next, the two sides that are left look like one sheet, and nothing in the stack tells.

    Args:
        pages: the whole stack in feed order, also pages of other sets and bare backs.
        sides: coded sides of a copy.
        two_sided: whether the sheets were printed on both sides.

    Returns:
        By page id the batch and the copy. Pages for which nothing tells are left out.
    """
    stack = _Stack(pages, sides)
    for page in pages:
        if page.code is not None:
            stack.give(page, page.code.owner, page.code.page)
    if two_sided:
        _give_by_other_side(stack)
    _give_by_run(stack)
    return stack.owners


def doubt_owners(pages: Sequence[Coded], owners: Mapping[str, Owner]) -> dict[str, str]:
    """Why a person must look at the pages without a readable code before they are released, by page id."""
    return {page.id: PLACED if page.id in owners else NO_CODE for page in pages if page.code is None}


def other_side(side: int) -> int:
    """The side on the other face of a two-sided sheet.

    >>> other_side(1), other_side(4)
    (2, 3)
    """
    return side + 1 if side % 2 else side - 1


def _give_by_other_side(stack: _Stack) -> None:
    """Give a page without a code to the owner of the other face of its sheet, if both were scanned together.

    That is believed only if all sheets with two codes lie in the stack face by face, and in the same order of faces
    as one of them: a stack that lost a side on the way is out of step, and would mix two students' pages.
    """
    pairs = list(_faces(stack.pages))
    with_codes = [(a.code, b.code) for a, b in pairs if a.code and b.code]
    if any(a.owner != b.owner or b.page != other_side(a.page) for a, b in with_codes):
        return
    front_first = {a.page < b.page for a, b in with_codes}
    for first, second in pairs:
        for page, face in ((first, second), (second, first)):
            if page.id in stack.owners or not stack.fits(page, face):
                continue
            side = other_side(face.side or 0)
            if ((side < other_side(side)) is (page is first)) in front_first:
                stack.give(page, stack.owners[face.id], side)


def _faces(pages: Sequence[Coded]) -> Iterator[tuple[Coded, Coded]]:
    """The two pages of each sheet, as a copier writes them: first and second, third and fourth."""
    length = Counter(page.source for page in pages)
    for one, other in pairwise(pages):
        if one.source == other.source and one.number % 2 and other.number == one.number + 1:
            yield one, other
    singles = [page for page in pages if length[page.source] == 1]
    yield from zip(singles[::2], singles[1::2], strict=False)


def _give_by_run(stack: _Stack) -> None:
    """In a stack whose copies lie together, give a page without a code to the one copy beside it that lacks that page.

    Its page has to come in the order in which the pages of the other copies come.
    """
    row = [(stack.owners[page.id], page.side or 0) for page in stack.pages if page.id in stack.owners]
    runs = [owner for place, (owner, _) in enumerate(row) if not place or row[place - 1][0] != owner]
    upwards = {side < after for (owner, side), (other, after) in pairwise(row) if owner == other}
    if len(runs) > len(set(runs)):
        return
    for place, page in enumerate(stack.pages):
        if page.id in stack.owners or page.side is None:
            continue
        fits = {
            owner: ((other.side or 0) < page.side) is is_before
            for other, is_before in stack.beside(place)
            if (owner := stack.owners.get(other.id)) is not None and page.side not in stack.has[owner]
        }
        if len(fits) == 1 and set(fits.values()) <= upwards:
            stack.give(page, next(iter(fits)), page.side)


def group_by_code(
    leaves: Sequence[Leaf],
    owners: Mapping[str, Owner],
    expected: Sequence[int],
) -> list[Response]:
    """Group pages into responses, in the order in which their first pages come.

    A page that comes twice with other writing was copied: both responses wait. A page without an owner is a response
    of its own, and the pages of an unreadable sheet that lie side by side are one.

    Args:
        leaves: the stack's pages in feed order, their doubts among their faults; blank ones, second scans and pages of
            other sets left out.
        owners: see ``find_owners``.
        expected: the task's pages that a response should have.
    """
    groups: dict[tuple[Owner | None, int], list[Leaf]] = {}
    times: Counter[tuple[Owner, int | None]] = Counter()
    before: Leaf | None = None
    for leaf in leaves:
        owner = owners.get(leaf.id)
        key: tuple[Owner | None, int]
        if owner is not None:
            key = (owner, times[owner, leaf.task_page])
            times[owner, leaf.task_page] += 1
        else:
            strays = sum(1 for other, _ in groups if other is None)
            continues = strays and before is not None and before.id not in owners and _continues(before, leaf)
            key = (None, strays - 1 if continues else strays)
        groups.setdefault(key, []).append(leaf)
        before = leaf
    copied = {owner for (owner, _), count in times.items() if count > 1}
    responses = [response_of(group, expected) for group in groups.values()]
    return [
        response.but_held(TWICE) if owner in copied else response
        for (owner, _), response in zip(groups, responses, strict=True)
    ]


def _continues(before: Leaf, leaf: Leaf) -> bool:
    """Whether a page is a later one of the task than the page before it."""
    return before.task_page is not None and leaf.task_page is not None and before.task_page < leaf.task_page
