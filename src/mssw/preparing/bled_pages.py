"""Pages through which the other side of their sheet shows, looked at again without it.

In: what was seen on every page, in the order of the stack. Out: the same, but that on a page through which the page
before or after it shows as a whole, names were looked for without what shows. Else that would count as writing near the
name field, hide the writer's name, and be read as names. Only pages of a printed task with such trouble are compared.
What was seen is kept in ``private/bled``, so that no page is looked at twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from mssw.core.page import Box, Mark, MarkKind
from mssw.errors import MsswError
from mssw.formats.images import read_small_grey
from mssw.preparing.blank_task import ANALYSIS_DPI, blank_pages
from mssw.preparing.find_names import ClassSearch, add_names, add_words
from mssw.preparing.inputs import Inputs
from mssw.preparing.kept_readings import PLAIN, find_frames, read_kept_page
from mssw.preparing.name_reading import TOO_MUCH_TO_READ, name_letters
from mssw.preparing.prepare_options import PrepareOptions
from mssw.vision.assignment import find_clear_student
from mssw.vision.blank_page import BlankPage
from mssw.vision.ink import Grey, Mask, resize_to_shape
from mssw.vision.mentions import LIKELY, LONG
from mssw.vision.name_spotting import NameLetters, find_spots
from mssw.vision.name_trace import STRAYS, UNCLEAR
from mssw.vision.other_side import OtherSide, find_other_side
from mssw.vision.recogniser import LineReading
from mssw.vision.text_lines import Line
from mssw.vision.writing import Pieces, find_new_ink, find_print, find_streaks
from mssw.workers import run_all
from mssw.workset.folder import KeptWork, NotWrittenError, delete_others, make_folder, read_kept, write_typed
from mssw.workset.sightings import BLED_PAGES, Sighting, recipe_of

OF_WRITING = STRAYS | UNCLEAR | {TOO_MUCH_TO_READ}  # doubts that what shows through may raise
MANY_UNREAD = 3  # places that could not be read
BLED = 0.85  # of a piece of ink that shows through: what is left of the piece may be the rim of the same stroke
STROKE_MM2 = 0.6  # of ink: as much is no rim
LEAST_SHOWN, CLEARER = 0.7, 0.05  # of the strokes of the page that shows; a classmate's page had up to 0.69 alone
LEAST_OWN = 0.05  # of the ink under a cover: as much is left at the rims of what shows
SAME_PLACE = 0.8  # of a flag or of the mark of the second look, in the other one
PLAINLY = 0.95  # confidence of what was read under a cover: lines that are read have as much and more
PAPER_MM = 3.0  # around what is painted over, where the paper's colour is taken


class _KeptPage(KeptWork, frozen=True, kw_only=True):
    """A file in ``private/bled``: what was seen, as in a sidecar; None where no other side shows."""

    seen: dict[str, Any] | None


@dataclass(frozen=True)
class BledJob:
    """A page to look at again.

    Attributes:
        page: what was seen on it.
        recipe: a hash of all that the result depends on.
        behind: the pages before and after it, of which one may be its other side, each with its id and its image.
        search: what to look for, and where.
        kept: the file for the result.
        is_known: whether the one page behind it is its other side for sure: there this page shows.
    """

    page: Sighting
    recipe: str
    behind: tuple[tuple[str, Path], ...]
    search: ClassSearch
    kept: Path
    is_known: bool = False

    def with_known(self, page_id: str) -> BledJob:
        """The same page, to be looked at without that page, which is on the other side of its sheet."""
        behind = tuple(one for one in self.behind if one[0] == page_id)
        return replace(self, recipe=recipe_of(self.recipe, page_id), behind=behind, is_known=True)


def look_past_other_sides(
    inputs: Inputs, search: ClassSearch | None, seen: Mapping[str, Sighting], options: PrepareOptions
) -> dict[str, Sighting]:
    """Look again at the pages through which another page seems to show.

    Args:
        inputs: the set.
        search: what workers have to know; None without a printed task, where no page is compared.
        seen: every page by id, in the order of the stack.
        options: who looks.

    Raises:
        NotWrittenError: the disk is full.
    """
    folder = inputs.workset.private / BLED_PAGES
    jobs = _list_jobs(inputs, search, list(seen.values()), folder) if search else []
    pages = dict(seen)
    if jobs:
        make_folder(folder, private=True)
        pages |= _look(jobs, options)
        on_back_of = {page.other_side: page_id for page_id, page in pages.items() if page.other_side}
        unclear = [job for job in jobs if not pages[job.page.page.id].other_side and job.page.page.id in on_back_of]
        pages |= _look([job.with_known(on_back_of[job.page.page.id]) for job in unclear], options)
    delete_others(folder, {job.page.page.id for job in jobs})
    return pages


def _look(jobs: Sequence[BledJob], options: PrepareOptions) -> dict[str, Sighting]:
    """What is seen on each page now, or was seen in an earlier run."""
    pages = {job.page.page.id: kept for job in jobs if (kept := _read_kept(job)) is not None}
    new = [job for job in jobs if job.page.page.id not in pages]
    for job, result in (options.run_pages or run_all)(look_past_other_side, new, workers=options.workers):
        if isinstance(result, NotWrittenError):
            raise result
        # where it failed, what was seen before holds, doubts and all
        pages[job.page.page.id] = job.page if isinstance(result, MsswError) else result
    return pages


def _list_jobs(inputs: Inputs, search: ClassSearch, pages: Sequence[Sighting], folder: Path) -> list[BledJob]:
    """The pages with trouble that another side would explain, each with the page before it and the one after it."""
    if search.coded is not None:
        return []
    jobs = []
    for here, page in enumerate(pages):
        if not _is_troubled(search, page):
            continue
        behind = [pages[n] for n in (here - 1, here + 1) if 0 <= n < len(pages) and pages[n].image]
        if behind:
            near = pages[max(0, here - 2) : here + 3]  # what is behind its neighbours tells what is behind it
            recipe = recipe_of("bled", page.recipe, page.way, [(one.page.id, one.recipe, one.way) for one in near])
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
    recipes = [job.recipe, *(job.with_known(page_id).recipe for page_id, _ in job.behind if not job.is_known)]
    kept = next(filter(None, (read_kept(job.kept, _KeptPage, recipe) for recipe in recipes)), None)
    if kept is None:
        return None
    try:
        seen = Sighting.from_json(kept.seen) if kept.seen else job.page
    except (ValueError, KeyError, TypeError):
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
    found = (find_other_side(grey, printed, other, ANALYSIS_DPI) for other in others)
    sides = [(page_id, side) for (page_id, _), side in zip(job.behind, found, strict=True) if side is not None]
    seen = None
    if side := next(iter(sides), None) if job.is_known else _choose_side(sides):
        ink = find_new_ink(grey, blank, ANALYSIS_DPI, find_streaks(grey))
        lighter = np.asarray(cv2.add(grey, side[1].darkness), np.uint8)
        seen = _look_without(page, search, blank, lighter, _part_ink(ink, side[1].shown, printed))
        seen = replace(seen, other_side=side[0])
    write_typed(job.kept, _KeptPage(known=job.recipe, seen=seen.to_json() if seen else None), private=True)
    return seen or page


def _choose_side(sides: Sequence[tuple[str, OtherSide]]) -> tuple[str, OtherSide] | None:
    """The page that shows; None where none does clearly more than another, which may be a classmate's of one print."""
    order = sorted(sides, key=lambda one: one[1].share, reverse=True)
    if not order or order[0][1].share < LEAST_SHOWN:
        return None
    rival = max((side.share for _, side in order[1:]), default=LEAST_SHOWN)
    return order[0] if order[0][1].share - rival >= CLEARER else None


@dataclass(frozen=True)
class _PartedInk:
    """The new ink of a page through which another one shows.

    Attributes:
        ink: all of it.
        own: what was written on this side.
        other: what only shows, and counts as paper.
    """

    ink: Mask
    own: Mask
    other: Mask


def _part_ink(ink: Mask, shown: Mask, printed: Mask) -> _PartedInk:
    """Part the ink of both sides, pixel by pixel: what shows may touch a name that is written on this side.

    Args:
        ink: the page's new ink.
        shown: where that is no darker than the other side makes it.
        printed: the page's print.
    """
    rest = Pieces(ink & ~shown, ANALYSIS_DPI, printed)
    whole = Pieces(ink, ANALYSIS_DPI, printed)
    shares = np.bincount(whole.labels[shown], minlength=whole.count) / np.maximum(whole.area, 1)
    # crumbs of strokes that show are left at their rims: what is left of such a piece counts from the size of a stroke
    strokes = rest.area >= STROKE_MM2 * rest.mm**2
    strokes[0] = False
    own = ink & ~shown & (strokes[rest.labels] | (shares < BLED)[whole.labels])
    rims = cv2.dilate((ink & ~own).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return _PartedInk(ink, own, np.asarray(rims & ~own))


def _look_without(page: Sighting, search: ClassSearch, blank: BlankPage, grey: Grey, parted: _PartedInk) -> Sighting:
    """What is seen on a page where what shows through counts as paper.

    Of the first look, no cover or flag goes but what it read in what shows, or in a mix that now reads otherwise.
    """
    bare = replace(page, covers=(), flags=(), doubts=(), own_names=(), name_costs=())
    named = add_names(search, bare, blank, parted.own)
    seen = add_words(search, named, blank, _paint_over(grey, parted.other), parted.own, None)
    drawn = {(mark.kind, mark.box) for mark in seen.covers}
    kept = read_kept_page(search.readings, seen.read)
    names = name_letters(search.terms)
    rows = zip(kept.reading.lines, kept.reading.readings, strict=True) if kept else ()
    read = [_ReadLine(line, reading, names) for line, reading in rows]
    before = [mark for mark in page.covers if (mark.kind, mark.box) not in drawn]
    covers = (*seen.covers, *(mark for mark in before if _still_counts(mark, parted, read, sure=True)))
    unmarked = [mark for mark in page.flags if not _is_marked(mark, (*seen.covers, *seen.flags))]
    flags = (*seen.flags, *(mark for mark in unmarked if _still_counts(mark, parted, read, sure=False)))
    # the scanner's streaks are in all of the ink too: a doubt that they raise is no new one
    streaks = add_names(search, bare, blank, parted.ink).doubts if STRAYS.intersection(seen.doubts) else ()
    new = [doubt for doubt in seen.doubts if doubt not in STRAYS or doubt not in streaks]
    lasting = [doubt for doubt in page.doubts if doubt in seen.doubts or doubt not in OF_WRITING]
    return replace(
        seen,
        covers=covers,
        flags=flags,
        doubts=tuple(dict.fromkeys((*lasting, *new))),
        way=recipe_of(page.way, "bled", covers, flags),
    )


def _is_marked(flag: Mark, marks: Sequence[Mark]) -> bool:
    """Whether one of those marks says the same of the same place, so that nobody has to look there twice.

    With the ink of the other side, the place of a name was larger. What could not be read must lie in the mark itself.
    """
    is_whole = flag.kind is MarkKind.UNREAD
    same = [mark.box for mark in marks if mark.kind is flag.kind]
    return any(
        flag.box.shared(box) >= SAME_PLACE or (not is_whole and box.shared(flag.box) >= SAME_PLACE) for box in same
    )


def _still_counts(mark: Mark, parted: _PartedInk, read: Sequence[_ReadLine], *, sure: bool) -> bool:
    """Whether what the first look found still counts, though the second did not find it again.

    It does not where it is on ink that only shows, nor where the ink of this side plainly reads as something else.

    Args:
        mark: what was found.
        parted: the page's ink.
        read: the page's lines without the other side.
        sure: whether it is a cover, which takes more to go.
    """
    if sure and mark.kind is not MarkKind.TEXT:
        return True
    height, width = parted.own.shape
    left, top, right, bottom = mark.box.to_pixels(width, height)
    own, ink = (float(mask[top:bottom, left:right].sum()) for mask in (parted.own, parted.ink))
    if not ink:
        return True
    if own <= (LEAST_OWN if sure else 1 - BLED) * ink:
        return False
    if mark.kind not in {MarkKind.TEXT, MarkKind.UNREAD}:
        return True
    unread = parted.own[top:bottom, left:right].copy()
    least = PLAINLY if sure else PLAIN
    for line in read:
        # what could not be read and now is says what it says: a name in it has a mark of its own
        plain = line.find_plain_part(mark.box, (height, width), least=least, or_names=mark.kind is MarkKind.UNREAD)
        if plain is not None:
            x0, y0, x1, y1 = plain.to_pixels(width, height)
            unread[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)] = False
    return float(unread.sum()) > LEAST_OWN * ink


@dataclass(frozen=True)
class _ReadLine:
    """A line of a page, as it was read without the other side.

    Attributes:
        line: where it lies.
        reading: what it says.
        names: the class's spellings, ready to be searched for.
    """

    line: Line
    reading: LineReading
    names: NameLetters

    @cached_property
    def like_names(self) -> list[tuple[int, int]]:
        """The first and last frame of each part that is like a name."""
        most = [LIKELY[min(LONG, int(length))] for length in self.names.lengths]
        found = find_spots(self.reading, self.names)
        return [(spot.first, spot.last) for spot in found if spot.cost <= most[spot.name]]

    def find_plain_part(self, box: Box, shape: tuple[int, int], *, least: float, or_names: bool) -> Box | None:
        """The part in a place of a page of that shape, if it was read so surely there.

        It must say nothing like a name, unless names may be there.
        """
        part = self.line.box(0, self.line.width, shape).common(box)
        if part is None:
            return None
        frames = find_frames(self.line, self.reading, part, shape)
        first, last = frames[0] - 1, frames[1] + 1
        here = [at for at in self.reading.at if first <= at <= last]
        if not here or float(self.reading.letters[here].max(axis=1).mean()) < least:
            return None
        is_name = not or_names and any(begins <= last and ends >= first for begins, ends in self.like_names)
        return None if is_name else part


def _paint_over(grey: Grey, ink: Mask) -> Grey:
    """The page with that ink painted over in the colour of the paper around it."""
    reach = round(PAPER_MM * ANALYSIS_DPI / 25.4) | 1
    paper = cv2.blur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)), (reach, reach))
    return np.asarray(np.where(ink, paper, grey), np.uint8)
