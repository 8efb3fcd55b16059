"""How a packet comes onto paper: the sheets, the sections in order, and which page is printed where on which side.

Nothing here draws. Lengths are in points, corners are counted from the lower left, as PDF does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations
from typing import TYPE_CHECKING

from mssw.core.option import Choice
from mssw.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Size = tuple[float, float]
"""Width and height in points."""
Matrix = tuple[float, float, float, float, float, float]
"""The six numbers of PDF's ``cm``."""

_HALVES = 2
_A_FOLDED_SHEET = 4


class Paper(Choice):
    """The papers that are printed on."""

    LETTER = "letter"
    A4 = "a4"


#: Width and height in points of the papers that a packet is printed on.
PAPERS = {"letter": (612.0, 792.0), "a4": (595.276, 841.89)}
#: Points that a scanned page keeps from the edge of the sheet, which printers cut.
EDGE = 6 / 25.4 * 72
#: Points from the foot of the sheet up to a scanned page: the line with its number stands below it.
FOOT = 17 / 25.4 * 72
#: The side of the square in a corner of the sheet, in points, that is kept free for a staple.
STAPLE = 10 / 25.4 * 72


def check_paper(paper: str | None) -> None:
    """Refuse a paper that mssw does not print on; None stands for the set's own.

    Raises:
        UsageError: it is neither letter nor A4.
    """
    if paper is not None and paper not in PAPERS:
        raise UsageError(f"--paper must be {' or '.join(PAPERS)}, not {paper}.")


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a scan is printed: the page's size, and the scan's lower left corner and size on it, in points."""

    page: Size
    left: float
    bottom: float
    width: float
    height: float


def frame_of(scan: Size, paper: Size, *, staple: str = "") -> Frame:
    """Where to print a scanned page: as large as it is, if it fits between edge, foot and staple.

    Args:
        scan: its size. A scan that lies across gets a page that lies across.
        paper: the sheet, upright.
        staple: the upper corner that holds the staple: ``left``, ``right``, or empty for either.
    """
    across = scan[0] > scan[1]
    page = (paper[1], paper[0]) if across else paper
    beside = EDGE if staple and not across else STAPLE
    room = (page[0] - STAPLE - beside, page[1] - STAPLE - FOOT)
    scale = min(1.0, room[0] / scan[0], room[1] / scan[1])
    width, height = scan[0] * scale, scan[1] * scale
    inner = max(STAPLE, (page[0] - width) / 2)
    left = page[0] - inner - width if staple == "right" and not across else inner
    return Frame(page, left, FOOT + (room[1] - height) / 2, width, height)


class Layout(Choice):
    """How pages lie on a sheet."""

    SINGLE = "single"
    TWO_UP = "two-up"
    BOOKLET = "booklet"


class Flip(Choice):
    """The edge over which the printer turns a sheet to print its back."""

    LONG = "long"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one page lies on a side.

    Attributes:
        page: 0-based place of the page in its copy.
        left: of the page's lower left corner, as it lies there.
        bottom: of the same corner.
        scale: 1 is the page's own size.
        turn: clockwise, in degrees: 0, 90, 180 or 270.
    """

    page: int
    left: float = 0.0
    bottom: float = 0.0
    scale: float = 1.0
    turn: int = 0

    def matrix(self, size: Size) -> Matrix:
        """What moves a page of that size to its place."""
        scale, (width, height) = self.scale, (size[0] * self.scale, size[1] * self.scale)
        return {
            0: (scale, 0.0, 0.0, scale, self.left, self.bottom),
            90: (0.0, -scale, scale, 0.0, self.left, self.bottom + width),
            180: (-scale, 0.0, 0.0, -scale, self.left + width, self.bottom + height),
            270: (0.0, scale, -scale, 0.0, self.left + height, self.bottom),
        }[self.turn]


@dataclass(frozen=True, slots=True)
class SheetSide:
    """One side of a sheet: its size, and the pages on it."""

    size: Size
    places: tuple[Place, ...]


def usual_flip(layout: Layout) -> Flip:
    """The edge over which sheets turn like the leaves of a book: landscape sheets flip on the short edge."""
    return Flip.LONG if layout is Layout.SINGLE else Flip.SHORT


def pages_a_sheet(layout: Layout, *, two_sided: bool) -> int:
    """How many pages one sheet of paper takes; a copy's pages are filled up to a multiple of it."""
    if layout is Layout.BOOKLET:
        return _A_FOLDED_SHEET
    return (1 if layout is Layout.SINGLE else _HALVES) * (2 if two_sided else 1)


def impose(pages: Sequence[Size], *, paper: Size, layout: Layout, flip: Flip | None = None) -> list[SheetSide]:
    """The sides of the sheets of one copy, in printing order; two-sided, fronts and backs take turns.

    Args:
        pages: the size of each page in reading order; for a booklet a multiple of four.
        paper: the sheet, upright.
        layout: how pages lie on it. A booklet is for folding once across the middle, all sheets in one another.
        flip: the edge over which the printer turns; None takes the usual one. Only a booklet depends on it: its
            reader always turns over the fold, so the backs stand on their heads where the printer turns otherwise.

    Raises:
        ValueError: a booklet's pages do not fill its sheets.
    """
    if layout is Layout.SINGLE:
        return [SheetSide(size, (Place(at),)) for at, size in enumerate(pages)]
    across = (paper[1], paper[0])
    sides = [
        SheetSide(across, tuple(_in_half(page, pages[page], across, half) for half, page in enumerate(both)))
        for both in _pairs(len(pages), layout)
    ]
    if layout is Layout.BOOKLET and (flip or usual_flip(layout)) is Flip.LONG:
        sides = [_turn_upside_down(side, pages) if at % 2 else side for at, side in enumerate(sides)]
    return sides


def _pairs(count: int, layout: Layout) -> list[tuple[int, ...]]:
    """The pages on the left and right half of each side; an odd one at the end lies alone."""
    if layout is Layout.TWO_UP:
        return [tuple(range(at, min(at + _HALVES, count))) for at in range(0, count, _HALVES)]
    if count % _A_FOLDED_SHEET:
        raise ValueError(f"{count} pages do not fill the sheets of a booklet")
    pairs: list[tuple[int, ...]] = []
    for sheet in range(count // _A_FOLDED_SHEET):
        first, last = 2 * sheet, count - 1 - 2 * sheet
        pairs += [(last, first), (first + 1, last - 1)]
    return pairs


def _in_half(page: int, size: Size, sheet: Size, half: int) -> Place:
    """A page in the middle of the left (0) or right (1) half of a sheet; one that lies across is turned upright."""
    room = (sheet[0] / _HALVES, sheet[1])
    turn = 90 if size[0] > size[1] else 0
    width, height = size if not turn else (size[1], size[0])
    scale = min(room[0] / width, room[1] / height, 1.0)
    left = half * room[0] + (room[0] - width * scale) / 2
    return Place(page, left, (room[1] - height * scale) / 2, scale, turn)


def _turn_upside_down(side: SheetSide, pages: Sequence[Size]) -> SheetSide:
    """The side turned by half a turn."""
    turned = []
    for place in side.places:
        width, height = pages[place.page] if place.turn % 180 == 0 else pages[place.page][::-1]
        left = side.size[0] - place.left - width * place.scale
        bottom = side.size[1] - place.bottom - height * place.scale
        turned.append(Place(place.page, left, bottom, place.scale, (place.turn + 180) % 360))
    return SheetSide(side.size, tuple(turned))


def by_hand(sides: Sequence[SheetSide]) -> tuple[list[int], list[int]]:
    """For a printer that prints one side at a time: the numbers, from 0, of the fronts, and of the backs."""
    return list(range(0, len(sides), 2)), list(range(1, len(sides), 2))


class Part(StrEnum):
    """The kinds of section, in the order in which a colleague meets them."""

    COVER = "cover"
    INTRODUCTION = "introduction"
    TASK = "task"
    SAMPLE = "sample"
    TRANSCRIPTS = "transcripts"
    NOTES = "notes"
    CHART = "chart"
    AGENDA = "agenda"
    NORMS = "norms"


#: Parts that a teacher may leave out. The cover says what protects students, and the samples are what it is all for.
LEAVABLE = (Part.INTRODUCTION, Part.TASK, Part.TRANSCRIPTS, Part.NOTES, Part.CHART, Part.AGENDA, Part.NORMS)
#: Parts that colleagues may keep. They hold no student work, so they come last and begin on a sheet of their own.
OWN_TO_KEEP = (Part.NOTES, Part.CHART, Part.AGENDA, Part.NORMS)


@dataclass(frozen=True, slots=True)
class Section:
    """A run of pages that belong together.

    Attributes:
        part: what it is.
        pages: how many sides it fills.
        alias: of the sample; empty for other parts.
    """

    part: Part
    pages: int
    alias: str = ""


@dataclass(frozen=True, slots=True)
class PlannedSide:
    """One side of a sheet of one copy.

    Attributes:
        number: 1-based place in the copy; odd numbers are right-hand pages.
        section: what it shows; None for an empty back.
        page: 1-based page of the section; 0 for a blank back.
    """

    number: int
    section: Section | None = None
    page: int = 0


def sections_of(samples: Sequence[tuple[str, int]], lengths: Mapping[Part, int]) -> list[Section]:
    """The sections of a packet in their order; what has no pages is left out.

    Args:
        samples: alias and number of pages of each, in the order in which they are printed.
        lengths: how many pages each other part has.
    """
    sections: list[Section] = []
    for part in Part:
        if part is Part.SAMPLE:
            sections += [Section(part, pages, alias) for alias, pages in samples]
        elif lengths.get(part):
            sections.append(Section(part, lengths[part]))
    return sections


def arrange_sections(sections: Sequence[Section], *, two_sided: bool, layout: Layout = Layout.SINGLE) -> list[Section]:
    """The sections in the order that takes the least paper; if it makes no difference, in their own order.

    What colleagues may keep can come in any order after the samples. A single page of norms may come before or after
    the introduction instead, if that saves a sheet. Everything else stays where it is.
    """
    own = [section for section in sections if section.part in OWN_TO_KEEP]
    rest = [section for section in sections if section.part not in OWN_TO_KEEP]
    norms = next((section for section in own if section.part is Part.NORMS and section.pages == 1), None)
    orders = [(False, [*rest, *last]) for last in permutations(own)]
    if norms is not None:
        others = [section for section in own if section is not norms]
        places = [at for at, section in enumerate(rest, 1) if section.part in {Part.COVER, Part.INTRODUCTION}]
        orders += [
            (True, [*rest[:at], norms, *rest[at:], *last]) for at in reversed(places) for last in permutations(others)
        ]

    def measure(order: tuple[bool, list[Section]]) -> tuple[int, bool, int]:
        plan = plan_packet(order[1], two_sided=two_sided, layout=layout)
        end = max((side.number for side in plan if side.section), default=0)
        return len(plan), order[0], sum(side.section is None for side in plan[:end])

    return min(orders, key=measure)[1]  # the first of the best, so their own order before any other


def find_kept(sides: Sequence[PlannedSide]) -> int:
    """The number of the page with which the part begins that colleagues may keep; 0 if there is none."""
    last = max((side.number for side in sides if side.section and side.section.part not in OWN_TO_KEEP), default=0)
    return next((side.number for side in sides[last:] if side.section), 0)


def plan_packet(sections: Sequence[Section], *, two_sided: bool, layout: Layout = Layout.SINGLE) -> list[PlannedSide]:
    """Every page of one copy, in reading order, with the blank ones that are needed.

    Two-sided, the task and each sample start on a right-hand page, so that they can be laid side by side; the
    introduction may be on the cover's back. Where two pages lie side by side (two-up, and in an open booklet) a section
    of several pages starts on the left one. What colleagues may keep starts on a sheet of its own, if the sheets can be
    taken apart. A copy ends with its sheet, so that the next one starts on a sheet of its own.
    """
    sides: list[PlannedSide] = []
    others = [place for place, section in enumerate(sections) if section.part not in OWN_TO_KEEP]
    kept = next(iter(sections[max(others, default=-1) + 1 :]), None)  # norms may be beside the introduction
    a_sheet = pages_a_sheet(layout, two_sided=two_sided) if layout is not Layout.BOOKLET else 1

    def leave_blank() -> None:
        sides.append(PlannedSide(len(sides) + 1))

    for section in sections:
        while sides and (
            (section is kept and len(sides) % a_sheet)
            or not _may_start(len(sides) + 1, section, layout, two_sided=two_sided)
        ):
            leave_blank()
        sides += [PlannedSide(len(sides) + page, section, page) for page in range(1, section.pages + 1)]
    while len(sides) % pages_a_sheet(layout, two_sided=two_sided):
        leave_blank()
    return sides


#: Two-sided, these start on a right-hand page.
_ON_THE_RIGHT = (Part.COVER, Part.TASK, Part.SAMPLE, Part.TRANSCRIPTS, Part.NOTES)


def _may_start(number: int, section: Section, layout: Layout, *, two_sided: bool) -> bool:
    """Whether a section may start on the page of that number."""
    if layout is Layout.SINGLE:
        return number % 2 == 1 or not two_sided or section.part not in _ON_THE_RIGHT
    left = 1 if layout is Layout.TWO_UP else 0
    return section.pages == 1 or number % 2 == left


def first_pages(sides: Sequence[PlannedSide]) -> dict[tuple[Part, str], int]:
    """The number on which each section starts, by part and alias."""
    return {(side.section.part, side.section.alias): side.number for side in sides if side.section and side.page == 1}


def sheets(pages: int, *, two_sided: bool, layout: Layout = Layout.SINGLE) -> int:
    """How many sheets of paper one copy takes.

    >>> sheets(26, two_sided=True), sheets(26, two_sided=False), sheets(28, two_sided=True, layout=Layout.BOOKLET)
    (13, 26, 7)
    """
    return -(-pages // pages_a_sheet(layout, two_sided=two_sided))
