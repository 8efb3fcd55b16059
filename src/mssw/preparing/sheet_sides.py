"""The two sides of a sheet, both pages of the stack: which belong together, and what shows through.

In: what was seen on every page, in the order of the stack. Where fronts and backs were scanned as two stacks, the pages
come out grouped into responses, with a note on how the sides were paired. Where a name of the page before or behind
shows through, the same pages come out with covers on it; what was found is kept in ``private/through.json``, so that no
page is compared twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from msgspec import Struct

from mssw.core.page import Box, Mark, MarkKind, scan_of
from mssw.core.response import OUT_OF_ORDER
from mssw.errors import MsswError, UsageError
from mssw.formats.images import read_small_grey
from mssw.preparing.blank_task import ANALYSIS_DPI, BlankSheets, blank_pages
from mssw.preparing.grouping import Grouping, group_pages, read_pen
from mssw.preparing.inputs import Inputs
from mssw.preparing.prepare_options import PrepareOptions
from mssw.vision.assignment import find_clear_student
from mssw.vision.ink import Mask
from mssw.vision.other_side import CLOSE_DPI, Bleed, find_bleeding
from mssw.vision.writing import find_print, pairs_fit
from mssw.workers import run_all
from mssw.workset.folder import NotWrittenError, WorkSet, read_typed, write_typed
from mssw.workset.sightings import WAY_OF_LOOKING, Sighting, recipe_of
from mssw.workset.stack import StackPage, pages_of, reversed_backs

# Which back belongs to which front

PAIRED_BY_PENS = (
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
            return _choose(groupings, PAIRED_BY_PENS, reverse=fits[1])
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


# Names that show through from the other side

KEPT = "through.json"  # in private/
TOGETHER = 12  # pages that one job compares, so that few are read twice
FOUND_BY = "other side"
CHANCE = 0.5  # of what shows of the likelier side: real sides had 0.6 of it and more, others by chance up to 0.46
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
        is_whole: whether it is a response by itself.
        student: who is named on it, as a place in the roster; None where that is not clear.
        other: the page that shows through as a whole; empty where none does.
    """

    id: str
    image: Path
    names: tuple[Box, ...]
    inches: float
    task_page: int | None = None
    is_whole: bool = False
    student: int | None = field(default=None, repr=False)
    other: str = ""

    def can_be_behind(self, other: Side) -> bool:
        """Whether both may be sides of one sheet: not if each is another student's whole response."""
        are_same = self.student is not None and self.student == other.student
        return are_same or not (self.is_whole and other.is_whole)


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
        near = [n for n in (here - 1, here + 1) if 0 <= n < len(run.sides) and _may_show(side, run.sides[n])]
        printed = _printed(run, side, images[here].shape) if near else None
        by_page = [
            find_bleeding(
                images[here],
                printed,
                images[there],
                run.sides[there].names,
                shows_wholly=run.sides[there].id == side.other or run.sides[there].other == side.id,
            )
            for there in near
        ]
        if any(by_page):
            found[side.id] = tuple(_padded(bleed.box) for bleed in _drop_chance(by_page))
    return found


def _may_show(side: Side, other: Side) -> bool:
    """Whether names of another page may show on one: both may be one sheet, and no third page is known to be on it."""
    is_known = other.other in {"", side.id} and side.other in {"", other.id}
    return bool(other.names) and side.can_be_behind(other) and is_known


def _drop_chance(by_page: Sequence[Sequence[Bleed]]) -> list[Bleed]:
    """What shows of the pages beside one, without those of which much less shows: a sheet has one other side."""
    best = max((bleed.share for bleeds in by_page for bleed in bleeds), default=0.0)
    return [
        bleed
        for bleeds in by_page
        if any(one.is_straight or one.share >= CHANCE * best for one in bleeds)
        for bleed in bleeds
    ]


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
            what = [(side.id, ways[side.id], side.names, side.is_whole, side.student, side.other) for side in row]
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
        _is_whole(inputs, page),
        find_clear_student(np.array(page.name_costs, np.float64)),
        page.other_side,
    )


def _is_whole(inputs: Inputs, page: Sighting) -> bool:
    """Whether a page is surely the one page of a response: by the task's print, or by the name that was read on it.

    What bleeds through to an empty back shows neither.
    """
    if inputs.stack.fronts_backs or inputs.splits_essays:
        return False
    if inputs.task is not None and inputs.has_printed_task:
        return len(inputs.task.expected) == 1 and page.page.task_page in inputs.task.expected
    return inputs.settings.pages_per_student == 1 and page.is_named


def _read_kept(workset: WorkSet) -> _KeptFile:
    """What an earlier run found; nothing where it is missing or damaged: then pages are compared again."""
    path = workset.private / KEPT
    try:
        return read_typed(path, _KeptFile) if path.is_file() else _KeptFile()
    except MsswError:
        return _KeptFile()
