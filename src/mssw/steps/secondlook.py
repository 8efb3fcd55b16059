"""A second look at what goes out: the covered page is read again, and through its paper, and must name nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from mssw.files.pdftext import reading
from mssw.model.finding import Finding
from mssw.model.page import Box
from mssw.steps.blank import ANALYSIS_DPI
from mssw.steps.reading import kept_ink
from mssw.steps.wanted import Wanted, names_of
from mssw.vision.ghost import shining_through
from mssw.vision.ink import Grey, Mask, depth, sized
from mssw.vision.lines import lines_on
from mssw.vision.mentions import mentions
from mssw.vision.recogniser import recogniser

READABLE = 0.3  # cost a letter under which anybody would read the name
OWN_INK = 0.5  # of a name's strokes that are the student's and not the task's print
WRITTEN = 0.15  # of a line's strokes from which it is worth reading
BOLD = 22  # grey levels darker than the paper that make a stroke


@dataclass(frozen=True)
class SecondLook:
    """What to look for on a page that goes out.

    Attributes:
        reading: the page's reading of the first look, which knows what of the page is the student's own ink.
        wanted: names and numbers.
    """

    reading: Path
    wanted: Wanted


def look_again(path_name: str, data: bytes, looks: Sequence[SecondLook | None]) -> list[Finding]:
    """Read the pages of a work's file as they go out.

    Args:
        path_name: where the file goes.
        data: the PDF, one image a page.
        looks: what to look for on each of its pages; None for a page that needs no second look.
    """
    found: list[Finding] = []
    with reading(data) as reader:
        for index, look in enumerate(looks):
            own = None if look is None or not look.wanted.spellings else kept_ink(look.reading)
            if look is None or own is None:
                continue
            grey = sized(reader.grey(index, own.shape[1]), own.shape)
            found += [Finding(path_name, index + 1, what) for what in _still_named(grey, own, look.wanted)]
    return found


def _still_named(grey: Grey, own: Mask, wanted: Wanted) -> list[str]:
    """What can be read on a covered page, in words that name nobody."""
    found = [f"a name can still be read {_where(box)}" for box in _readable(grey, own, wanted)]
    through = shining_through(grey, ANALYSIS_DPI)
    if through is not None and _readable(through, np.ones(through.shape, bool), wanted):
        found.append("a name shines through from the other side")
    return list(dict.fromkeys(found))


def _readable(grey: Grey, own: Mask, wanted: Wanted) -> list[Box]:
    """Where names can be read that are the student's own writing, not the task's print."""
    dark = depth(grey, reach=round(ANALYSIS_DPI / 5) | 1) > BOLD
    near = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    names = names_of(wanted)
    found = []
    for line in lines_on(grey, ANALYSIS_DPI):
        box = line.box(0, line.width, grey.shape)
        if _share(dark, near, box) < WRITTEN:
            continue
        said = recogniser().read(line.crop(grey))
        found += [
            mention.box
            for mention in mentions(line, said, names, wanted.spellings, dark, ANALYSIS_DPI)
            if mention.sure and mention.cost <= READABLE and _share(dark, near, mention.box) >= OWN_INK
        ]
    return found


def _share(dark: Mask, own: Mask, box: Box) -> float:
    """How much of a place's ink is the student's own."""
    left, top, right, bottom = box.to_pixels(dark.shape[1], dark.shape[0])
    ink = dark[top:bottom, left:right]
    return float((ink & own[top:bottom, left:right]).sum()) / max(1, int(ink.sum()))


def _where(box: Box) -> str:
    """A place as a person finds it."""
    x, y = box.x + box.w / 2, box.y + box.h / 2
    up = ("at the top", "in the upper half", "in the lower half", "at the foot")[min(3, int(y * 4))]
    across = ("on the left", "in the middle", "on the right")[min(2, int(x * 3))]
    return f"{up}, {across}"
