"""Names that show through from the other side of a sheet, which is a page of the stack, so that its names are known.

In: what was seen on every page, in the order of the stack. Out: the same pages, with covers where a name of the page
before or behind shows through. What was found is kept in ``private/through.json``, so that no page is compared twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from msgspec import Struct

from mssw.core.page import Box, Mark, MarkKind
from mssw.errors import MsswError
from mssw.formats.images import read_small_grey
from mssw.preparing.blank_task import ANALYSIS_DPI, BlankSheets, blank_pages
from mssw.preparing.inputs import Inputs
from mssw.preparing.prepare_options import PrepareOptions
from mssw.vision.ink import Mask
from mssw.vision.show_through import CLOSE_DPI, find_bleeding
from mssw.vision.writing import find_print
from mssw.workers.crew import run_all
from mssw.workset.folder import NotWrittenError, WorkSet
from mssw.workset.state import WAY_OF_LOOKING, Sighting, recipe_of
from mssw.workset.typed_json import read_typed, write_typed

KEPT = "through.json"  # in private/
TOGETHER = 12  # pages that one job compares, so that few are read twice
FOUND_BY = "other side"
PAD = 0.006  # of the page, around what shows
UNDER = 0.95  # of a place under one cover: nothing of it is left to cover
NOT_COMPARED = "it could not be compared with the other side of its sheet, so a name may show through"


class _KeptRun(Struct, frozen=True):
    """What was found on a run of pages.

    Attributes:
        recipe: a hash of what it depends on.
        places: by page, what shows through.
    """

    recipe: str
    places: dict[str, tuple[tuple[float, float, float, float], ...]]


class _KeptFile(Struct, frozen=True):
    """``private/through.json``: the runs of pages that were compared."""

    runs: tuple[_KeptRun, ...] = ()
    version: int = 1


@dataclass(frozen=True)
class Side:
    """A page as it is compared.

    Attributes:
        id: of the page.
        image: its file.
        names: places of names on it, in its fractions.
        inches: its longer side.
        task_page: the page of the task that it lies on; None where it lies on none.
    """

    id: str
    image: Path
    names: tuple[Box, ...]
    inches: float
    task_page: int | None = None


@dataclass(frozen=True)
class RunOfSides:
    """Pages that follow each other in the stack.

    Attributes:
        sides: the pages.
        recipe: a hash of all that the result depends on.
        blank: the blank task's pages; None where there is none.
        blank_recipe: the blank task's recipe; empty where there is none.
    """

    sides: tuple[Side, ...]
    recipe: str
    blank: BlankSheets | None = None
    blank_recipe: str = ""


def compare_sides(run: RunOfSides) -> dict[str, tuple[Box, ...]]:
    """Find on each of some pages what shows through from the page before it or after it. Runs in a worker."""
    images = [read_small_grey(side.image, round(side.inches * CLOSE_DPI)) for side in run.sides]
    found: dict[str, tuple[Box, ...]] = {}
    for here, side in enumerate(run.sides):
        for there in (here - 1, here + 1):
            if 0 <= there < len(run.sides) and run.sides[there].names:
                printed = _printed(run, side, images[here].shape)
                bleeds = find_bleeding(images[here], printed, images[there], run.sides[there].names)
                found[side.id] = (
                    *found.get(side.id, ()),
                    *(_padded(bleed.box) for bleed in bleeds),
                )
    return found


def _printed(run: RunOfSides, side: Side, shape: tuple[int, ...]) -> Mask | None:
    """What the task prints on a page, at that shape; None where that is not known."""
    if run.blank is None or side.task_page is None:
        return None
    blank = blank_pages(run.blank, run.blank_recipe)[side.task_page - 1]
    printed = find_print(blank, ANALYSIS_DPI).astype(np.uint8)
    return np.asarray(cv2.resize(printed, shape[1::-1], interpolation=cv2.INTER_AREA) > 0)


def _padded(box: Box) -> Box:
    left, top = max(0.0, box.x - PAD), max(0.0, box.y - PAD)
    return Box(left, top, min(1.0, box.right + PAD) - left, min(1.0, box.bottom + PAD) - top)


def cover_other_sides(inputs: Inputs, seen: Mapping[str, Sighting], options: PrepareOptions) -> dict[str, Sighting]:
    """Cover on every page what shows through of the names on the other side of its sheet.

    Args:
        inputs: the set, and what a person covered.
        seen: every page by id, in the order of the stack.
        options: who compares them.

    Raises:
        NotWrittenError: the disk is full.
    """
    runs = _runs(inputs, list(seen.values()))
    kept = {run.recipe: run for run in _read_kept(inputs.workset).runs}
    new = [run for run in runs if run.recipe not in kept]
    if new and inputs.task:  # only now: a blank that was worked out from the class is made when it is needed
        new = [replace(run, blank=inputs.task.sheets, blank_recipe=inputs.task.recipe) for run in new]
    pages = dict(seen)
    for run, result in (options.run_pages or run_all)(compare_sides, new, workers=options.workers):
        if isinstance(result, NotWrittenError):
            raise result
        if isinstance(result, MsswError):
            for side in run.sides:
                page = pages[side.id]
                pages[side.id] = replace(page, doubts=(*page.doubts, NOT_COMPARED))
            continue
        places = {page_id: tuple(box.numbers for box in boxes) for page_id, boxes in result.items()}
        kept[run.recipe] = _KeptRun(run.recipe, places)
    done = tuple(kept[run.recipe] for run in runs if run.recipe in kept)
    if new:
        write_typed(inputs.workset.private / KEPT, _KeptFile(done), private=True)
    for found in done:
        for page_id, numbers in found.places.items():
            pages[page_id] = _with_covers(pages[page_id], [Box(*one) for one in numbers])
    return pages


def _with_covers(page: Sighting, places: Sequence[Box]) -> Sighting:
    """The page with those places covered, but for what lies under a cover anyway."""
    hidden = [mark.box for mark in page.covers]
    more = [
        Mark(box, MarkKind.SHOWN, FOUND_BY, 0.8)
        for box in dict.fromkeys(places)
        if not any(box.shared(other) >= UNDER for other in hidden)
    ]
    if not more:
        return page
    return replace(
        page,
        covers=(*page.covers, *more),
        way=recipe_of(page.way, "shows through", more),
    )


def _runs(inputs: Inputs, pages: Sequence[Sighting]) -> list[RunOfSides]:
    """Cut the stack into runs of pages that overlap by one, without those beside which no name is."""
    sides = [_side(inputs, page) for page in pages]
    rows: list[list[Side]] = [[]]
    for side in sides:
        if side is None:
            rows.append([])
            continue
        if len(rows[-1]) == TOGETHER:
            rows.append(rows[-1][-1:])
        rows[-1].append(side)
    ways = {page.page.id: (page.recipe, page.page.sha256, page.page.turn) for page in pages}
    runs = []
    for row in rows:
        if len(row) > 1 and any(side.names for side in row):
            what = [(side.id, ways[side.id], side.names) for side in row]
            recipe = recipe_of(
                WAY_OF_LOOKING,
                "through",
                what,
                inputs.task.recipe if inputs.task else "",
            )
            runs.append(RunOfSides(tuple(row), recipe))
    return runs


def _side(inputs: Inputs, page: Sighting) -> Side | None:
    """A page as it is compared; None for one without a picture.

    What a person covers by hand is not among its names: she sees both sides, and what she approved must stay approved.
    """
    if not page.image:
        return None
    names = tuple(dict.fromkeys(mark.box for mark in page.covers))
    inches = max(page.points) / 72
    return Side(
        page.page.id,
        inputs.workset.pages / page.image,
        names,
        inches,
        page.page.task_page,
    )


def _read_kept(workset: WorkSet) -> _KeptFile:
    """What an earlier run found; nothing where it is missing or damaged: then pages are compared again."""
    path = workset.private / KEPT
    try:
        return read_typed(path, _KeptFile) if path.is_file() else _KeptFile()
    except MsswError:
        return _KeptFile()
