"""Which scans of a stack are looked at to tell what is printed on it: all of a class, some of a whole grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mssw.errors import UnreadableError
from mssw.formats.scans import read_page
from mssw.steps.blank import ANALYSIS_DPI, at_analysis_size
from mssw.steps.photo import as_sheet
from mssw.vision.blank_page import Sheet
from mssw.vision.common_print import ENOUGH
from mssw.vision.ink import NOTHING_MM2, Grey, strong_ink
from mssw.workset.stack import StackPage

SMALL_CLASS = 18  # works: all of them are looked at


@dataclass(frozen=True)
class Sample:
    """What was looked at.

    Attributes:
        scans: the pages, at the analysis' resolution.
        index: of each, its index in the whole stack, from 0.
        empty: indices of the scans on which nothing stands.
        runs: indices of the scans, in the runs in which they follow each other.
    """

    scans: Sequence[Sheet]
    index: Sequence[int]
    empty: frozenset[int]
    runs: Sequence[Sequence[int]]


def looked_at(count: int, each: int) -> list[range]:
    """Which pages to look at, as runs of pages that follow each other: all of a class, some of a whole grade."""
    if count <= SMALL_CLASS * max(each, 2):
        return [range(count)]
    starts = [round(place) for place in np.linspace(0, count - each, ENOUGH)]
    return [range(start, start + each) for start in starts]


def scan_of(page: StackPage) -> Grey:
    """The scan at the analysis' resolution.

    Raises:
        UnreadableError: it cannot be read.
    """
    return at_analysis_size(as_sheet(page.source, read_page(page.source, page.number)))


def sampled(pages: Sequence[StackPage], each: int) -> Sample:
    """Read the pages of a stack that are looked at, one after the other; one that cannot be read is left out.

    Args:
        pages: the whole stack, in order.
        each: pages a student.
    """
    scans: list[Sheet] = []
    index: list[int] = []
    empty: set[int] = set()
    runs: list[list[int]] = []
    for run in looked_at(len(pages), each):
        runs.append([])
        for place in run:
            try:
                grey = scan_of(pages[place])
            except UnreadableError:  # its work will be held for it
                continue
            if strong_ink(grey, ANALYSIS_DPI, np.zeros(grey.shape, bool)) < NOTHING_MM2:
                empty.add(len(scans))
            runs[-1].append(len(scans))
            scans.append(Sheet(grey))
            index.append(place)
    return Sample(scans, index, frozenset(empty), runs)
