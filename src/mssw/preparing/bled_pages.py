"""Pages through which the other side of their sheet shows, looked at again without it.

In: what was seen on every page, in the order of the stack. Out: the same, but that on a page through which the page
before or behind it shows as a whole, names were looked for beside what shows. Else that would count as writing near the
name field, hide the writer's name, and be read as names. Only pages of a printed task with such trouble are compared.
What was seen is kept in ``private/bled``, so that no page is looked at twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from mssw.core.page import BY_CLASS, Mark, MarkKind
from mssw.errors import MsswError
from mssw.formats.images import read_small_grey
from mssw.preparing.blank_task import ANALYSIS_DPI, blank_pages
from mssw.preparing.find_names import ClassSearch, add_names, add_words
from mssw.preparing.inputs import Inputs
from mssw.preparing.name_reading import TOO_MUCH_TO_READ
from mssw.preparing.prepare_options import PrepareOptions
from mssw.vision.assignment import find_clear_student
from mssw.vision.blank_page import BlankPage
from mssw.vision.ink import Grey, Mask, resize_to_shape
from mssw.vision.name_trace import STRAYS, UNCLEAR
from mssw.vision.other_side import OtherSide, find_other_side
from mssw.vision.writing import Pieces, find_new_ink, find_print, find_streaks
from mssw.workers import run_all
from mssw.workset.folder import NotWrittenError, make_folder, write_json
from mssw.workset.sightings import Sighting, recipe_of

FOLDER = "bled"  # in private/
OF_WRITING = STRAYS | UNCLEAR | {TOO_MUCH_TO_READ}  # doubts that what shows through may raise
MANY_UNREAD = 3  # places that could not be read
BLED = 0.85  # of a piece of ink, or of the ink under a cover, that is only the other side's
JOINED = 0.3  # of a piece: strokes of both sides cross in it
DRAWN_AGAIN = 0.9  # of a cover that lies under another one of its kind
PAPER_MM = 3.0  # around what is painted over, where the paper's colour is taken


@dataclass(frozen=True)
class BledJob:
    """A page to look at again.

    Attributes:
        page: what was seen on it.
        recipe: a hash of all that the result depends on.
        behind: the pages that may be its other side, each with its image.
        search: what to look for, and where.
        kept: the file for the result.
    """

    page: Sighting
    recipe: str
    behind: tuple[tuple[str, Path], ...]
    search: ClassSearch
    kept: Path


def look_past_other_sides(
    inputs: Inputs, search: ClassSearch, seen: Mapping[str, Sighting], options: PrepareOptions
) -> dict[str, Sighting]:
    """Look again at the pages through which another page seems to show.

    Args:
        inputs: the set.
        search: what workers have to know.
        seen: every page by id, in the order of the stack.
        options: who looks.

    Raises:
        NotWrittenError: the disk is full.
    """
    folder = inputs.workset.private / FOLDER
    jobs = _list_jobs(inputs, search, list(seen.values()), folder)
    pages = dict(seen)
    new = []
    for job in jobs:
        kept = _read_kept(job)
        if kept is None:
            new.append(job)
        else:
            pages[job.page.page.id] = kept
    if new:
        make_folder(folder, private=True)
    for job, result in (options.run_pages or run_all)(look_past_other_side, new, workers=options.workers):
        if isinstance(result, NotWrittenError):
            raise result
        if not isinstance(result, MsswError):  # else what was seen before holds, doubts and all
            pages[job.page.page.id] = result
    known = {job.kept.name for job in jobs}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in known:
            path.unlink(missing_ok=True)
    return pages


def _list_jobs(inputs: Inputs, search: ClassSearch, pages: Sequence[Sighting], folder: Path) -> list[BledJob]:
    """The pages with trouble that another side would explain, each with the page before it and the one behind it."""
    if search.coded is not None:
        return []
    jobs = []
    for here, page in enumerate(pages):
        if not _is_troubled(search, page):
            continue
        behind = [pages[n] for n in (here - 1, here + 1) if 0 <= n < len(pages) and pages[n].image]
        if behind:
            recipe = recipe_of("bled", page.recipe, page.way, [(one.page.id, one.recipe, one.way) for one in behind])
            images = tuple((one.page.id, inputs.workset.pages / one.image) for one in behind)
            jobs.append(BledJob(page, recipe, images, search, folder / f"{page.page.id}.json"))
    return jobs


def _is_troubled(search: ClassSearch, page: Sighting) -> bool:
    """Whether a page of the task has ink near its name field, no clear name in it, or much that was not read."""
    if page.page.task_page is None or not page.image or page.is_typed:
        return False
    unread = sum(flag.kind is MarkKind.UNREAD for flag in page.flags)
    names = bool(search.own_fields_on(page.page.task_page)) and not page.empty_field
    unclear = names and find_clear_student(np.array(page.name_costs, np.float64)) is None
    return bool(OF_WRITING.intersection(page.doubts)) or unclear or unread >= MANY_UNREAD


def _read_kept(job: BledJob) -> Sighting | None:
    """What an earlier run saw; None asks for another look."""
    try:
        kept = json.loads(job.kept.read_text(encoding="utf-8"))
        if kept["of"] != job.recipe:
            return None
        seen = Sighting.from_json(kept["seen"]) if kept["seen"] else job.page
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    is_read = not seen.read or (job.search.readings / f"{seen.read}.npz").is_file()
    return seen if is_read else None


def look_past_other_side(job: BledJob) -> Sighting:
    """Look at a page again, without what shows of another one; as it was where none shows. Runs in a worker.

    Raises:
        EngineError: a model is missing or is another.
        NotWrittenError: the disk is full.
    """
    page, search = job.page, job.search
    if page.page.task_page is None or search.blank is None:
        return page
    blank = blank_pages(search.blank, search.blank_recipe)[page.page.task_page - 1]
    grey, *others = (
        resize_to_shape(read_small_grey(path, max(blank.shape)), blank.shape)
        for path in (search.pages / page.image, *(path for _, path in job.behind))
    )
    printed = find_print(blank, ANALYSIS_DPI)
    pieces = Pieces(find_new_ink(grey, blank, ANALYSIS_DPI, find_streaks(grey)), ANALYSIS_DPI, printed)
    sides = [
        _Bled.of(page_id, pieces, side)
        for (page_id, _), other in zip(job.behind, others, strict=True)
        if (side := find_other_side(grey, printed, other, ANALYSIS_DPI)) is not None
    ]
    # a classmate's page has the same print, and her handwriting does not show
    bled = max(sides, key=lambda one: one.share, default=None)
    seen = _look_without(page, search, blank, grey, bled) if bled is not None else None
    write_json(job.kept, {"of": job.recipe, "seen": seen.to_json() if seen else None}, private=True)
    return seen or page


@dataclass(frozen=True)
class _Bled:
    """What shows of another page.

    Attributes:
        page: which one.
        other: pieces of ink that are only the other side's.
        own: the page's new ink without them.
        paper: what counts as paper: these pieces, and strokes of the other side in pieces with strokes of both.
        share: see ``OtherSide``.
    """

    page: str
    other: Mask
    own: Mask
    paper: Mask
    share: float

    @classmethod
    def of(cls, page: str, pieces: Pieces, side: OtherSide) -> _Bled:
        """What shows of a page.

        Args:
            page: which one.
            pieces: the new ink of the page through which it shows.
            side: what of that page is only the other one.
        """
        shares = np.bincount(pieces.labels[side.shown], minlength=pieces.count) / np.maximum(pieces.area, 1)
        shares[0] = 0
        is_other = (shares >= BLED)[pieces.labels]
        own = (pieces.labels > 0) & ~is_other
        joined = (shares >= JOINED)[pieces.labels] & side.shown
        return cls(page, is_other, own, _grow(is_other) | joined, side.share)


def _look_without(page: Sighting, search: ClassSearch, blank: BlankPage, grey: Grey, bled: _Bled) -> Sighting:
    """What is seen on a page where what shows through counts as paper."""
    bare = replace(page, covers=(), flags=(), doubts=(), own_names=(), name_costs=())
    named = add_names(search, bare, blank, bled.own)
    seen = add_words(search, named, blank, _paint_over(grey, bled.paper), bled.own, None)
    covers = (*seen.covers, *(mark for mark in page.covers if _is_own(mark, seen.covers, bled)))
    return replace(
        seen,
        covers=covers,
        doubts=tuple(dict.fromkeys((*_list_lasting(page.doubts, seen.doubts), *_list_new(page.doubts, seen.doubts)))),
        way=recipe_of(page.way, "bled", covers, seen.flags),
        other_side=bled.page,
    )


def _list_lasting(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """The doubts of the first look that last: those about what is written only where it is still there."""
    return [doubt for doubt in before if doubt in now or doubt not in OF_WRITING]


def _list_new(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Doubts that came up only now; but none about ink near the field, which are the scanner's streaks."""
    return [doubt for doubt in now if doubt not in before and doubt not in STRAYS]


def _is_own(mark: Mark, covers: Sequence[Mark], bled: _Bled) -> bool:
    """Whether a cover of the first look is still needed: it is not drawn again, and hides ink of this side."""
    if any(one.kind is mark.kind and mark.box.shared(one.box) >= DRAWN_AGAIN for one in covers):
        return False
    if mark.kind not in {MarkKind.TEXT, MarkKind.RUNOVER} or mark.found_by == BY_CLASS:
        return True
    left, top, right, bottom = mark.box.to_pixels(bled.own.shape[1], bled.own.shape[0])
    of_own, of_other = (float(mask[top:bottom, left:right].sum()) for mask in (bled.own, bled.other))
    return of_own > (1 - BLED) * (of_own + of_other)


def _grow(mask: Mask) -> Mask:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _paint_over(grey: Grey, ink: Mask) -> Grey:
    """The page with that ink painted over in the colour of the paper around it."""
    reach = round(PAPER_MM * ANALYSIS_DPI / 25.4) | 1
    paper = cv2.blur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)), (reach, reach))
    return np.asarray(np.where(ink, paper, grey), np.uint8)
