"""The plan of a packet: its sections in order, and which page comes on which side of a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Width and height in points of the papers that a packet is printed on.
PAPERS = {"letter": (612.0, 792.0), "a4": (595.276, 841.89)}
#: Fewer samples than this rarely show the ways of thinking in a class.
FEWEST_SAMPLES = 9
#: More works than this are not printed unless they were chosen, or all are asked for.
MOST_WITHOUT_A_CHOICE = 12


class Part(StrEnum):
    """The kinds of section, in the order in which a colleague meets them."""

    COVER = "cover"
    INTRODUCTION = "introduction"
    TASK = "task"
    SAMPLE = "sample"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class Section:
    """A run of pages that belong together.

    Attributes:
        part: what it is.
        pages: how many sides it fills.
        alias: whose work, for a sample.
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


def sections_of(samples: Sequence[tuple[str, int]], *, cover: int, intro: int, task: int, notes: int) -> list[Section]:
    """The sections of a packet in their order; what has no pages is left out.

    Args:
        samples: alias and number of pages of each, in the order in which they are printed.
        cover: pages of the cover.
        intro: pages of the introduction.
        task: pages of the blank task; 0 where there is none.
        notes: pages for notes.
    """
    sections = [
        Section(Part.COVER, cover),
        Section(Part.INTRODUCTION, intro),
        Section(Part.TASK, task),
        *(Section(Part.SAMPLE, pages, alias) for alias, pages in samples),
        Section(Part.NOTES, notes),
    ]
    return [section for section in sections if section.pages]


def plan_packet(sections: Sequence[Section], *, two_sided: bool) -> list[PlannedSide]:
    """Every side of one copy, in printing order.

    Two-sided, each section starts on a right-hand page, and the copy ends on a back, so that the next copy
    starts on a sheet of its own; backs left over are blank.
    """
    sides: list[PlannedSide] = []
    for section in sections:
        for page in range(1, section.pages + 1):
            sides.append(PlannedSide(len(sides) + 1, section, page))
        if two_sided and len(sides) % 2:
            sides.append(PlannedSide(len(sides) + 1))
    return sides


def first_pages(sides: Sequence[PlannedSide]) -> dict[tuple[Part, str], int]:
    """The number on which each section starts, by part and alias."""
    return {(side.section.part, side.section.alias): side.number for side in sides if side.section and side.page == 1}


def sheets(sides: int, *, two_sided: bool) -> int:
    """How many sheets of paper one copy takes.

    >>> sheets(26, two_sided=True), sheets(26, two_sided=False)
    (13, 26)
    """
    return -(-sides // 2) if two_sided else sides
