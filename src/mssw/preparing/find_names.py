"""One page of the stack: decoded, laid upright on the blank task, and its name found.

In: a ``PageJob``. Out: a ``Sighting``, or one for each page of the task on the scan; they and the pages' images are
also kept in ``private/pages``. Runs in a worker.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box, Mark, MarkKind, Page, Tone, id_of_part
from mssw.errors import UnreadableError
from mssw.formats.images import private_image, suffix_for
from mssw.formats.scans import OUTPUT_DPI, PageText, Picture, read_page, read_text
from mssw.names.own_name_words import OwnNameWay
from mssw.preparing.blank_task import ANALYSIS_DPI, BlankSheets, at_analysis_size, blank_pages
from mssw.preparing.class_places import ClassPlaces, cover_own_name
from mssw.preparing.coded_pages import (
    CodedTask,
    CodeRead,
    code_covers,
    coded_places,
    cover_code,
    mask_boxes,
    paper_over,
    read_code,
)
from mssw.preparing.essays import cover_head
from mssw.preparing.kept_readings import PageReading, find_sentences, read_lines
from mssw.preparing.name_reading import READING, FoundNames, SearchTerms, find_terms
from mssw.preparing.photographed import PARTLY_OUTSIDE, as_sheet, is_cut_off
from mssw.preparing.typed_pages import agrees, find_named_in_head, has_text_in, join_found, place_text, without_print
from mssw.vision.assignment import find_clear_student
from mssw.vision.blank_page import BlankPage, compute_once, measure_missing_print
from mssw.vision.ink import NOTHING_MM2, Grey, Mask, Matrix, Pixels, measure_strong_ink, remove_ruling
from mssw.vision.letter_boxes import cut_letter_rows, find_letter_rows, lift_writing
from mssw.vision.lighting import take_off_stripes
from mssw.vision.name_field import NameField, select_own
from mssw.vision.name_place import find_likely_places, propose_places
from mssw.vision.name_trace import (
    INK_OF_A_NAME_MM2,
    STRAYS,
    find_stray_writing,
    measure_speckle,
    measure_written,
    trace_name,
)
from mssw.vision.orientation import stand_upright
from mssw.vision.registration import (
    SOMETHING_MM2,
    WHOLE_SCAN,
    Registration,
    find_pages_beside,
    ink_beside_pages,
    is_laid_surely,
    register_scan,
    share_of_scan,
    straighten_page,
    warp_mask,
    warp_scan,
)
from mssw.vision.same_sheet import make_signature
from mssw.vision.writing import (
    InkViews,
    Pieces,
    find_drawn_rules,
    find_ink,
    find_ink_beside,
    find_new_ink,
    find_print,
    find_printed_words,
    find_streaks,
)
from mssw.workset.folder import write_bytes
from mssw.workset.sightings import Sighting, read_sightings, recipe_of, turned_recipe, write_sightings
from mssw.workset.stack import StackPage

MORE_PAGES = "more than one task page is on this sheet; scan or cut the pages apart, one page of the task on each"
BESIDE_PAGE = "something is written or printed beside the task's page, and colleagues would not get it"
LITTLE_MM2 = 150.0  # of ink: a name, a class and a date, and no answer
LIKELY_PLACE = 0.3  # how much writing at the head or the foot is worth as a name
SURE_ENOUGH = 0.5  # of a field; below it every page waits
LIKELY = 0.45  # the lowest score of a fit at which print can be compared
ROOM_BESIDE = 0.55  # of a photo: if the sheet that was found takes up more, there is no room for another one
ROOM_FOR_DOTS = 0.006  # of the page, around a line that is a name
NO_TASK = "no task"
UNSURE_FIELD = "where the name is written was only guessed from its label"
LOOK_ALIKE = "two pages of the task look alike and it fits both"
EMPTY = "nothing was found on this page to read, so no place for a name could be proposed"


@dataclass(frozen=True)
class ClassSearch:
    """What a worker has to know to look at any page of a class.

    Attributes:
        pages: the folder ``private/pages``.
        readings: the folder ``private/reading``.
        terms: names and numbers to look for in what is written.
        blank: the blank task's pages; None where there is none.
        blank_recipe: the blank task's recipe; empty where there is none.
        sizes: points of each page of the blank.
        fields: all name fields.
        is_printed: whether the blank is a sheet as printed; a class's own has ghosts of writing in it.
        labels: further labels for a name, for a page that has to be looked at without a blank.
        turns: the pages that a person turned, by identity, with the degrees clockwise.
        coded: the sheets that were printed for the set; None where there are none.
        trusts_task: whether the teacher says that the task is blank: pages may then lack some of its print.
        splits_essays: whether the stack is split at the pages that carry a name at their head.
        places: where the class writes its names without being asked.
    """

    pages: Path
    readings: Path
    terms: SearchTerms
    blank: BlankSheets | None = None
    blank_recipe: str = ""
    sizes: Sequence[tuple[float, float]] = ()
    fields: Sequence[NameField] = ()
    is_printed: bool = True
    labels: Sequence[str] = ()
    turns: Mapping[str, int] = dataclasses.field(default_factory=dict)
    coded: CodedTask | None = None
    trusts_task: bool = False
    splits_essays: bool = False
    places: ClassPlaces = dataclasses.field(default_factory=ClassPlaces)

    def fields_on(self, task_page: int | None) -> list[NameField]:
        """The name fields on one page of the task."""
        return [field for field in self.fields if field.task_page == task_page]

    def own_fields_on(self, task_page: int | None) -> list[NameField]:
        """Those of them that must be filled in before a page counts as named."""
        return [field for field in select_own(self.fields) if field.task_page == task_page]


@dataclass(frozen=True)
class PageJob:
    """One page to look at.

    Attributes:
        page: where it is in the stack.
        recipe: a hash of all that its sighting depends on.
        search: what to look for, and where.
        first: the same hash, before the class has shown where it writes its names; empty for ``recipe``.
        position: which page of its response it is, where no task tells.
        picture: the page, decoded, where its scan is not at hand.
    """

    page: StackPage
    recipe: str
    search: ClassSearch
    first: str = ""
    position: int = 1
    picture: Picture | None = None


def find_names(job: PageJob) -> tuple[Sighting, ...]:
    """Look at a page, or take what an earlier run saw on it. Writes images first, then sidecars.

    Returns:
        What was seen, in reading order where several pages of the task are on the scan.
    """
    seen = read_sightings(job.search.pages, job.page.id, job.recipe, job.search.turns)
    if not seen:
        seen = _look_with_places(job) if job.search.places else _look(job)
        write_sightings(job.search.pages, seen)
    return seen


def _look_with_places(job: PageJob) -> tuple[Sighting, ...]:
    """Cover the class's own places on a page, which is looked at first if it was not before."""
    search = job.search
    first = read_sightings(search.pages, job.page.id, job.first, search.turns) or _look(replace(job, recipe=job.first))
    blanks = blank_pages(search.blank, search.blank_recipe) if search.blank is not None else ()
    seen = []
    for one in first:
        number = one.page.task_page
        blank = blanks[number - 1] if number else None
        kind = number if search.blank is not None else job.position
        done = cover_own_name(one, kind, search.places, search.terms, (search.pages, search.readings), blank)
        seen.append(replace(done, recipe=turned_recipe(job.recipe, search.turns.get(one.page.sha256, 0))))
    return tuple(seen)


def unreadable_page(page: StackPage, recipe: str, fault: str) -> Sighting:
    """The sighting of a page that could not be decoded."""
    return Sighting(Page(page.id, page.source.name, page.number, (0, 0), 0.0, Tone.GREY, ""), recipe, fault=fault)


@dataclass(frozen=True)
class _Scan:
    """A scan as it is laid on the blank: decoded, as grey at the analysis' resolution, what its code and text say."""

    picture: Picture
    grey: Grey
    dirt: Mask
    read: CodeRead
    text: PageText | None = None


def _look(job: PageJob) -> tuple[Sighting, ...]:
    """Decode a page and lay it on the blank task, as far as that is possible."""
    search, source = job.search, job.page.source
    try:
        picture = job.picture or read_page(source, job.page.number)
        text = None if job.picture else read_text(source, job.page.number)
    except UnreadableError as error:
        return (unreadable_page(job.page, job.recipe, f"it could not be read ({error})"),)
    size, dpi, sha256 = (picture.pixels.shape[1], picture.pixels.shape[0]), picture.dpi, picture.sha256()
    blanks = blank_pages(search.blank, search.blank_recipe) if search.blank is not None else ()
    is_all_text = text is not None and text.is_all
    sheet = picture if is_all_text else as_sheet(source, picture, search.sizes)
    views = [sheet] if sheet is picture else [sheet, picture]
    read = read_code(search.coded, views)
    likely = () if read.is_foreign(search.coded) else read.printed_from(blanks)
    picture, place = _lay_on_blank(likely, views)
    if place.accepted and picture is not views[-1]:
        picture, place = _take_whole_photo(blanks, picture, views[-1], place)
    page = Page(job.page.id, source.name, job.page.number, size, dpi, picture.tone, sha256)
    recipe = turned_recipe(job.recipe, search.turns.get(sha256, 0))
    sighting = Sighting(page, recipe, points=picture.points, way=search.blank_recipe or NO_TASK)
    grey = at_analysis_size(picture)
    dirt = find_streaks(grey)
    grey = take_off_stripes(grey)
    if search.blank is None:
        return (_keep_unaided(job, sighting, picture, grey, dirt, text),)
    sighting = replace(sighting, score=place.score, code=read.text)
    if is_all_text and not place.accepted:  # typed from the beginning, and not on the task's page
        return (_keep_unaided(job, sighting, picture, grey, dirt, text),)
    if place.task_page is None or place.matrix is None or place.score < LIKELY:
        return (_keep_unmatched(job, sighting, picture, dirt, read),)
    scan = _Scan(picture, grey, dirt, read, text if sheet is picture else None)
    if not place.accepted:
        sighting = _with_nearest(sighting, scan, place, blanks)
        if not (search.trusts_task and is_laid_surely(blanks[place.task_page - 1], grey, place.matrix)):
            return (_keep_unmatched(job, sighting, picture, dirt, read),)
        sighting = replace(sighting, way=recipe_of(sighting.way, "trusted"))
    places, doubts = _find_all_pages(search, scan, place, blanks)
    parts = [sighting] if len(places) == 1 else [_part_of_scan(sighting, part) for part in range(1, len(places) + 1)]
    return tuple(_keep_page(job, one, scan, at, doubts) for one, at in zip(parts, places, strict=True))


def _find_all_pages(
    search: ClassSearch, scan: _Scan, place: Registration, blanks: Sequence[BlankPage]
) -> tuple[list[Registration], list[str]]:
    """Find all pages of the task on a scan, and say if it holds more, which would be cut off with whatever it says."""
    pages = [place]
    if place.matrix is None or place.task_page is None:
        return pages, []
    if share_of_scan(place.matrix, blanks[place.task_page - 1].shape, scan.grey.shape) >= WHOLE_SCAN:
        return pages, []
    if ink_beside_pages(blanks, scan.grey, pages, ANALYSIS_DPI, scan.dirt) < SOMETHING_MM2:
        return pages, []
    pages = find_pages_beside(blanks, scan.grey, place)
    if len(pages) > 1 and search.coded is not None:  # a code tells of one sheet alone
        return [place], [MORE_PAGES]
    left = ink_beside_pages(blanks, scan.grey, pages, ANALYSIS_DPI, scan.dirt)
    return pages, [BESIDE_PAGE] if left >= SOMETHING_MM2 else []


def _part_of_scan(sighting: Sighting, part: int) -> Sighting:
    """The sighting of one of several pages of the task on a scan: its id and its identity are its own."""
    page = sighting.page
    own = hashlib.sha256(f"{page.sha256} {part}".encode()).hexdigest()
    return replace(sighting, page=replace(page, id=id_of_part(page.id, part), sha256=own))


def _with_nearest(sighting: Sighting, scan: _Scan, place: Registration, blanks: Sequence[BlankPage]) -> Sighting:
    """Add to a sighting how much of the print of the page that comes nearest is missing on the scan."""
    if place.task_page is None or place.matrix is None:
        return sighting
    blank = blanks[place.task_page - 1]
    flat = warp_scan(scan.grey, place.matrix, blank.shape)
    lacking = measure_missing_print(flat, blank, ANALYSIS_DPI)
    return replace(sighting, nearest=place.task_page, lacking=lacking, score=place.score)


def _keep_page(job: PageJob, sighting: Sighting, scan: _Scan, place: Registration, doubts: Sequence[str]) -> Sighting:
    """Lay a page of the task that is on a scan straight, and find the name on it."""
    search = job.search
    blanks = blank_pages(search.blank, search.blank_recipe) if search.blank is not None else ()
    if place.task_page is None or place.matrix is None:
        raise ValueError("a page that matches no page of the task cannot be laid on it")
    blank = blanks[place.task_page - 1]
    flat = warp_scan(scan.grey, place.matrix, blank.shape)
    lacking = measure_missing_print(flat, blank, ANALYSIS_DPI)
    sighting = replace(sighting, nearest=place.task_page, lacking=lacking, score=place.score)
    code_and_strip = mask_boxes(coded_places(search.coded, blank.number), blank.shape)
    ink = find_new_ink(flat, blank, ANALYSIS_DPI, code_and_strip | warp_mask(scan.dirt, place.matrix, blank.shape))
    grow = min(scan.picture.dpi, OUTPUT_DPI) / ANALYSIS_DPI
    upright = straighten_page(scan.picture.pixels, place.matrix, scan.grey.shape, blank.shape, grow=grow)
    sighting = replace(sighting, page=replace(sighting.page, task_page=blank.number, turn=place.turn))
    named = cover_code(add_names(search, sighting, blank, ink), search.coded, scan.read, UNSURE_FIELD)
    alike = [LOOK_ALIKE] if place.doubtful else []
    cut_off = [PARTLY_OUTSIDE] if is_cut_off(job.page.source, place.matrix, blank.shape, scan.grey.shape) else []
    named = replace(named, doubts=(*named.doubts, *alike, *cut_off, *doubts))
    typed = place_text(scan.text, scan.grey.shape, place.matrix, blank.shape) if scan.text else None
    return _keep_image(job, add_words(search, named, blank, paper_over(flat, code_and_strip), ink, typed), upright)


def _lay_on_blank(blanks: Sequence[BlankPage], views: Sequence[Picture]) -> tuple[Picture, Registration]:
    """Lay views of a page on the blank, and take the first that fits, else the first: a photo may be cut wrongly."""
    places = []
    for view in views:
        places.append(register_scan(blanks, at_analysis_size(view)) if blanks else Registration(None, None, 0.0))
        if places[-1].accepted:
            return view, places[-1]
    return views[0], places[0]


def _take_whole_photo(
    blanks: Sequence[BlankPage], sheet: Picture, photo: Picture, place: Registration
) -> tuple[Picture, Registration]:
    """Take the whole photo instead of the sheet that was cut out of it, if another page of the task is beside that."""
    if sheet.pixels.shape[0] * sheet.pixels.shape[1] > ROOM_BESIDE * photo.pixels.shape[0] * photo.pixels.shape[1]:
        return sheet, place
    grey = at_analysis_size(photo)
    whole = register_scan(blanks, grey)
    has_more = whole.accepted and len(find_pages_beside(blanks, grey, whole)) > 1
    return (photo, whole) if has_more else (sheet, place)


def add_names(search: ClassSearch, sighting: Sighting, blank: BlankPage, ink: Mask) -> Sighting:
    """Add to the sighting of a page that lies on its blank what is written on it, and where its name is.

    Args:
        search: the fields.
        sighting: of the page.
        blank: the page of the task that it lies on.
        ink: its new ink, of the same shape.
    """
    fields, own = search.fields_on(blank.number), search.own_fields_on(blank.number)
    views = InkViews(ink, ANALYSIS_DPI, find_print(blank, ANALYSIS_DPI))
    covers, doubts = _trace_names(views, fields, own)
    empty = bool(own) and not any(_is_filled_in(field, views, ink) for field in own)
    flags = places_beside_blank(ink, blank, [field.box for field in fields]) if empty or not own else ()
    return replace(
        sighting,
        points=search.sizes[blank.number - 1],
        written=round(float(ink.sum()) / (ANALYSIS_DPI / 25.4) ** 2, 2),
        covers=tuple(covers),
        doubts=tuple(doubts),
        empty_field=empty,
        flags=flags,
        signature=make_signature(ink),
    )


def _is_filled_in(field: NameField, views: InkViews, ink: Mask) -> bool:
    """Whether a name may be written in a field: there is more ink in it than a worn copier leaves on bare paper."""
    written = measure_written(views.turned(field.turn), field.inner.turned(field.turn))
    left, top, right, bottom = field.inner.to_pixels(ink.shape[1], ink.shape[0])
    area = (right - left) * (bottom - top) / (ANALYSIS_DPI / 25.4) ** 2
    return written - measure_speckle(ink, ANALYSIS_DPI) * area >= INK_OF_A_NAME_MM2


def places_beside_blank(ink: Mask, blank: BlankPage, fields: Sequence[Box]) -> tuple[Mark, ...]:
    """Propose where a name may be on a page whose name field is empty, or on which none is printed.

    Args:
        ink: the page's new ink.
        blank: the blank page that it lies on.
        fields: the name fields on it.
    """
    pieces = Pieces(ink, ANALYSIS_DPI, find_print(blank, ANALYSIS_DPI))
    return _marks(find_likely_places(pieces, fields, _rules_of(blank)))


@compute_once
def _rules_of(blank: BlankPage) -> Mask:
    """The rules that are printed on a page of the task."""
    return find_drawn_rules(find_ink(blank.grey), ANALYSIS_DPI, ())


def add_words(
    search: ClassSearch, sighting: Sighting, blank: BlankPage, flat: Grey, ink: Mask, typed: PageReading | None
) -> Sighting:
    """Add to the sighting what the page's words say: names in the text, and which student's name is in its field.

    Args:
        search: what to look for.
        sighting: of the page, with what is covered in its fields.
        blank: the page of the task that it lies on.
        flat: the page, of the same shape.
        ink: its new ink, of the same shape.
        typed: what its text says; None for a scan.

    Raises:
        EngineError: a model is missing or is another.
        NotWrittenError: the disk is full.
    """
    words = find_printed_words(blank, ANALYSIS_DPI) if search.is_printed else np.zeros(ink.shape, bool)
    read = read_lines(search.readings, flat, ink, words, ANALYSIS_DPI)
    fields = search.fields_on(sighting.page.task_page)
    hidden = [mark.box for mark in sighting.covers]
    own = [field for field in fields if field.holds_name]
    cut = {field: _cut_alone(search, field, blank, flat, ink) for field in own}
    inner = [field.inner for field in own if not cut[field]]
    others = [field.inner for field in fields if not field.holds_name]
    alone = [writing for rows in cut.values() for writing in rows]
    found = find_terms(search.terms, read, ink, ANALYSIS_DPI, inner, hidden, others=others, alone=alone)
    if typed is not None:
        answers = without_print(typed, find_printed_words(blank, ANALYSIS_DPI))
        level = [field.inner for field in own if not field.turn]  # typed letters are read in boxes too
        of_text = find_terms(search.terms, answers, ink, ANALYSIS_DPI, level, hidden, others=others)
        found = join_found(of_text, found, is_all=False)
    doubts = sighting.doubts
    if STRAYS.intersection(doubts):
        views = InkViews(ink, ANALYSIS_DPI, find_print(blank, ANALYSIS_DPI))
        found, doubts = _explain_strays(search, sighting, views, found, find_sentences(read, ink))
    way = recipe_of(sighting.way, found.covers, found.flags) if found.covers or found.flags else sighting.way
    return replace(
        sighting,
        covers=(*sighting.covers, *found.covers),
        flags=(*sighting.flags, *found.flags),
        doubts=(*doubts, *found.doubts),
        name_costs=found.name_costs,
        own_names=found.own_names,
        read=read.digest,
        way=way,
    )


def _explain_strays(
    search: ClassSearch, sighting: Sighting, views: InkViews, found: FoundNames, sentences: Sequence[Box]
) -> tuple[FoundNames, tuple[str, ...]]:
    """What was found on a page, and its doubts without writing near its fields that turned out to be no stray.

    That is an answer, or the student's own name that was read there: its whole line is covered then.
    """
    own = search.own_fields_on(sighting.page.task_page)
    hidden = [*(mark.box for mark in sighting.covers), *sentences]
    names = _names_at_head(found)
    read = [*names, *(mark.box for mark in found.covers)] if names else []
    still = _find_strays(views, own, hidden)
    named = _find_strays(views, own, hidden, read) if read else still
    if set(named) != set(still):
        lines = tuple(Mark(box, MarkKind.RUNOVER, READING, 0.9) for box in names)
        found = replace(found, covers=(*found.covers, *lines))
    return found, tuple(doubt for doubt in sighting.doubts if doubt not in STRAYS or doubt in named)


def _names_at_head(found: FoundNames) -> list[Box]:
    """The lines that are nothing but an own name; none where names of two students were read, here or in the fields."""
    alone = [name for name in found.own_names if name.way is OwnNameWay.ALONE]
    in_field = find_clear_student(np.array(found.name_costs, np.float64))
    students = {name.student for name in alone} | ({in_field} - {None})
    return [_with_dots(name.box) for name in alone] if len(students) == 1 else []


def _with_dots(line: Box) -> Box:
    """A line with room for the dots and accents over its letters."""
    left, top = max(0.0, line.x - ROOM_FOR_DOTS), max(0.0, line.y - ROOM_FOR_DOTS)
    return Box(left, top, min(1.0, line.right + ROOM_FOR_DOTS) - left, min(1.0, line.bottom + ROOM_FOR_DOTS) - top)


def _cut_alone(search: ClassSearch, field: NameField, blank: BlankPage, flat: Grey, ink: Mask) -> list[Grey]:
    """What is written in a field that cannot be read as lines of the page, level and row by row; else nothing.

    That is a field that runs up or down the page, or one with a box for each letter.
    """
    if field.turn:
        return [_rotate(lift_writing(flat, ink, field.inner)[0], field.turn)]
    rows = find_letter_rows(blank, ANALYSIS_DPI, is_printed=search.is_printed)
    return cut_letter_rows(flat, ink, field.inner, rows)


def _trace_names(
    views: InkViews, fields: Sequence[NameField], own: Sequence[NameField]
) -> tuple[list[Mark], list[str]]:
    """Trace the names in a page's fields: what to cover, and what is doubtful."""
    covers = [Mark(field.box, MarkKind.FIELD, field.found_by, field.confidence) for field in fields]
    doubts = []
    for field in fields:
        others = [other.box.turned(field.turn) for other in fields if other is not field]
        trace = trace_name(views.turned(field.turn), field.box.turned(field.turn), others)
        runs = [run.turned(-field.turn % 360) for run in trace.runs]
        covers += [Mark(run, MarkKind.RUNOVER, "ink", field.confidence) for run in runs]
        doubts.append(trace.doubt)
    doubts += _find_strays(views, own, [mark.box for mark in covers])
    doubts += [UNSURE_FIELD for field in fields if field.confidence < SURE_ENOUGH]
    return covers, [doubt for doubt in dict.fromkeys(doubts) if doubt]


def _find_strays(
    views: InkViews, own: Sequence[NameField], covered: Sequence[Box], names: Sequence[Box] = ()
) -> list[str]:
    """Why writing near the own fields makes a page doubtful; ``names`` are covers of names that were read there."""
    return [
        doubt
        for field in own
        for doubt in find_stray_writing(
            views.turned(field.turn),
            field.box.turned(field.turn),
            [box.turned(field.turn) for box in covered],
            fields=[other.box.turned(field.turn) for other in own if other is not field],
            names=[box.turned(field.turn) for box in names],
        )
    ]


# A page for which there is no blank


def _keep_unaided(
    job: PageJob, sighting: Sighting, picture: Picture, grey: Grey, dirt: Mask, text: PageText | None
) -> Sighting:
    """Look at a page for which there is no blank: turn it upright, propose where its name is, read print and hand."""
    ink = measure_strong_ink(grey, ANALYSIS_DPI, dirt)
    found = look_unaided(picture, grey, dirt, ink, job.search.labels)
    sighting = replace(
        sighting,
        page=replace(sighting.page, turn=found.turn),
        points=found.points,
        ink=round(ink, 2),
        covers=found.covers,
        doubts=(found.doubt,),
        way=recipe_of(sighting.way, found.covers, found.turn),
    )
    turn = job.search.turns.get(sighting.page.sha256, 0)
    typed = place_text(text, grey.shape, found.matrix, found.flat.shape) if text and not turn else None
    sighting, pixels = _turn(sighting, found.pixels, turn)
    flat, streaked = (_rotate(image, turn) for image in (found.flat, found.dirt))
    own = [box.turned(turn) for box in found.own]
    if job.search.splits_essays:
        flat, _ = remove_ruling(flat, ANALYSIS_DPI)
        sighting = replace(sighting, ink=round(measure_strong_ink(flat, ANALYSIS_DPI, streaked), 2))
    written = writing_without_blank(flat, streaked)
    is_all = text is not None and text.is_all
    sighting = _with_all_words(job, sighting, flat, written, own, typed, is_all=is_all)
    return _keep_image(job, sighting, pixels)


def _with_all_words(
    job: PageJob,
    sighting: Sighting,
    flat: Grey,
    written: Mask,
    own: Sequence[Box],
    typed: PageReading | None,
    *,
    is_all: bool,
) -> Sighting:
    """Add to the sighting of a page without a blank what its words say, print and hand alike."""
    search = job.search
    read = read_lines(search.readings, flat, written, np.zeros_like(written), ANALYSIS_DPI)
    if typed is not None and is_all and agrees(typed, read):
        sighting = _as_typed(sighting, typed, own, flat.shape)
    if search.splits_essays:
        reading = typed if typed is not None and sighting.is_typed else read
        sighting, own = cover_head(sighting, reading, search.terms, flat, written), ()
    # a place that was only guessed may be taken off again, and then the names that it hid would be in sight
    hidden = [mark.box for mark in sighting.covers if mark.kind is not MarkKind.PLACE]
    others = [mark.box for mark in sighting.covers if mark.kind is MarkKind.FIELD and mark.box not in own]
    found = find_terms(search.terms, read, written, ANALYSIS_DPI, own, hidden, others=others)
    if typed is not None:
        of_text = find_terms(search.terms, typed, written, ANALYSIS_DPI, own, hidden, others=others)
        head = find_named_in_head(search.terms, typed, flat.shape[0], is_first=job.page.number == 1)
        found = join_found(replace(of_text, name_costs=head), found, is_all=sighting.is_typed)
    return replace(
        sighting,
        covers=(*sighting.covers, *found.covers),
        flags=found.flags,
        doubts=(*sighting.doubts, *found.doubts),
        name_costs=sighting.name_costs or found.name_costs,
        own_names=found.own_names,
        read=read.digest,
        way=recipe_of(sighting.way, found.covers, found.flags),
    )


def _as_typed(sighting: Sighting, typed: PageReading, own: Sequence[Box], shape: tuple[int, int]) -> Sighting:
    """The sighting of a page on which its text is all there is: nothing on it has to be guessed."""
    covers = tuple(mark for mark in sighting.covers if mark.kind is not MarkKind.PLACE)
    return replace(
        sighting,
        covers=covers,
        doubts=(),
        is_typed=True,
        empty_field=bool(own) and not has_text_in(typed, own, shape),
        way=recipe_of(sighting.way, "typed"),
    )


@dataclass(frozen=True)
class Unaided:
    """A page as it was found without a blank.

    Attributes:
        pixels: upright and straight.
        flat: the same as grey at the resolution of the analysis.
        dirt: where the scanner drew streaks of its own, of the shape of ``flat``.
        points: its size.
        turn: degrees clockwise that it was turned by.
        covers: what is proposed.
        doubt: how that was found.
        own: those of the places that are fields for the student's own name.
        matrix: from the pixels of ``flat`` to those of the page as it was decoded, at the same resolution.
    """

    pixels: Pixels
    flat: Grey
    dirt: Mask
    points: tuple[float, float]
    turn: int
    covers: tuple[Mark, ...]
    doubt: str
    own: tuple[Box, ...]
    matrix: Matrix


def look_unaided(picture: Picture, grey: Grey, dirt: Mask, ink: float, labels: Sequence[str]) -> Unaided:
    """Turn a page upright and propose where its name is.

    Args:
        picture: the page as scanned.
        grey: the same at the resolution of the analysis.
        dirt: where the scanner drew streaks of its own, of the shape of ``grey``.
        ink: mm² of strong ink on it.
        labels: further labels for a name, as the teacher wrote them.

    Raises:
        EngineError: the model that reads is missing or is another.
    """
    upright = stand_upright(grey)
    if not upright.lines and ink < NOTHING_MM2:
        return Unaided(picture.pixels, grey, dirt, picture.points, 0, (), EMPTY, (), upright.matrix)
    flat = warp_scan(grey, upright.matrix, upright.shape)
    streaks = warp_mask(dirt, upright.matrix, upright.shape)
    places = propose_places(flat, ANALYSIS_DPI, upright.lines, more=labels, dirt=streaks)
    pixels, points = picture.pixels, picture.points
    if upright.turn in {90, 270}:
        points = points[::-1]
    if upright.shape not in {grey.shape, grey.shape[::-1]}:  # it grew, so that nothing is cut off
        points = (upright.shape[1] / ANALYSIS_DPI * 72, upright.shape[0] / ANALYSIS_DPI * 72)
    if not np.array_equal(upright.matrix, np.eye(3)):
        grow = min(picture.dpi, OUTPUT_DPI) / ANALYSIS_DPI
        pixels = straighten_page(pixels, upright.matrix, grey.shape, upright.shape, grow=grow)
    return Unaided(pixels, flat, streaks, points, upright.turn, places.covers, places.doubt, places.own, upright.matrix)


# A page that matches no page of the task


def _keep_unmatched(job: PageJob, sighting: Sighting, picture: Picture, dirt: Mask, read: CodeRead) -> Sighting:
    """Keep a page that lies on no page of the task as it was scanned, with how much is on it."""
    grey, boxes = at_analysis_size(picture), read.boxes_on(picture)
    dirt = dirt | mask_boxes(boxes, grey.shape)
    ink = measure_strong_ink(grey, ANALYSIS_DPI, dirt)
    flags = places_on_stray(grey, dirt) if NOTHING_MM2 <= ink < LITTLE_MM2 else ()
    sighting = replace(sighting, ink=round(ink, 2), flags=flags, covers=code_covers(boxes), doubts=read.doubts)
    turn = job.search.turns.get(sighting.page.sha256, 0)
    return _keep_image(job, *_turn(sighting, picture.pixels, turn))


def places_on_stray(grey: Grey, dirt: Mask) -> tuple[Mark, ...]:
    """Propose where a name may be on a page that matches nothing and has little writing, like the back of a sheet."""
    nothing = np.zeros(grey.shape, bool)
    strong = cv2.morphologyEx(find_ink(grey).astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)) > 0
    ink = writing_without_blank(grey, dirt) & (cv2.dilate(strong.astype(np.uint8), np.ones((5, 5))) > 0)
    return _marks(find_likely_places(Pieces(ink, ANALYSIS_DPI, nothing), (), nothing, anywhere=True))


# What they share


def _turn(sighting: Sighting, pixels: Pixels, turn: int) -> tuple[Sighting, Pixels]:
    """Turn a page that lies on no blank, with its places, as a person did: clockwise by so many degrees.

    Who approved it before has to look again.
    """
    if not turn:
        return sighting, pixels
    wide, tall = sighting.points
    turned = replace(
        sighting,
        points=(tall, wide) if turn % 180 else (wide, tall),
        covers=tuple(replace(mark, box=mark.box.turned(turn)) for mark in sighting.covers),
        flags=tuple(replace(mark, box=mark.box.turned(turn)) for mark in sighting.flags),
        way=turned_recipe(sighting.way, turn),
    )
    return turned, _rotate(pixels, turn)


def _rotate(image: NDArray[Any], turn: int) -> NDArray[Any]:
    """Turn an image clockwise by so many degrees."""
    return np.ascontiguousarray(np.rot90(image, -turn // 90))


def _marks(boxes: Sequence[Box]) -> tuple[Mark, ...]:
    return tuple(Mark(box, MarkKind.PLACE, "ink", LIKELY_PLACE) for box in boxes)


def writing_without_blank(grey: Grey, dirt: Mask) -> Mask:
    """Find all that is dark on a page, print and hand alike, without the scanner's own streaks."""
    return find_ink_beside(grey, np.zeros(grey.shape, bool), ANALYSIS_DPI, dirt)


def _keep_image(job: PageJob, sighting: Sighting, pixels: Pixels) -> Sighting:
    """Write the page's image beside the place of its sidecar."""
    name = sighting.page.id + suffix_for(sighting.page.tone)
    write_bytes(job.search.pages / name, private_image(pixels, sighting.page.tone), private=True)
    return replace(sighting, image=name)
