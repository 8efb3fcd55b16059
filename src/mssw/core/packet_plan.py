"""The plan of a packet: its sections in order, and which page comes on which side of a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mssw.core.imposition import Layout, pages_a_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Part(StrEnum):
    """The kinds of section, in the order in which a colleague meets them."""

    COVER = "cover"
    INTRODUCTION = "introduction"
    TASK = "task"
    SAMPLE = "sample"
    NOTES = "notes"
    CHART = "chart"
    AGENDA = "agenda"
    NORMS = "norms"


#: What each part is called: on the cover, in the foot of its pages, and among the bookmarks.
TITLES = {
    Part.COVER: "Cover",
    Part.INTRODUCTION: "Introduction",
    Part.TASK: "The blank task",
    Part.SAMPLE: "Samples",
    Part.NOTES: "Notes",
    Part.CHART: "Chart",
    Part.AGENDA: "Agenda",
    Part.NORMS: "Norms",
}


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
        section: what it shows; None for a back left blank on purpose.
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


def plan_packet(sections: Sequence[Section], *, two_sided: bool, layout: Layout = Layout.SINGLE) -> list[PlannedSide]:
    """Every page of one copy, in reading order, with the blank ones that are needed.

    Two-sided, each section starts on a right-hand page. Where two pages lie side by side (two-up, and in an open
    booklet) a section of several pages starts on the left one. A copy ends with its sheet, so that the next one
    starts on a sheet of its own.
    """
    sides: list[PlannedSide] = []

    def leave_blank() -> None:
        sides.append(PlannedSide(len(sides) + 1))

    for section in sections:
        while sides and not _may_start(len(sides) + 1, section, layout, two_sided=two_sided):
            leave_blank()
        sides += [PlannedSide(len(sides) + page, section, page) for page in range(1, section.pages + 1)]
    while len(sides) % pages_a_sheet(layout, two_sided=two_sided):
        leave_blank()
    return sides


def _may_start(number: int, section: Section, layout: Layout, *, two_sided: bool) -> bool:
    """Whether a section may start on the page of that number."""
    if layout is Layout.SINGLE:
        return number % 2 == 1 or not two_sided
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
