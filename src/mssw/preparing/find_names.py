"""One page of the stack: decoded, laid upright on the blank task, and its name found. Runs in a worker.

What a worker has to know to look at one page of the stack.

A page beside which no blank lies: turned upright by its own text, and the name's place proposed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box, Mark, MarkKind, Page, Tone
from mssw.errors import UnreadableError
from mssw.formats.images import private_image, suffix_for
from mssw.formats.scans import OUTPUT_DPI, Picture, read_page
from mssw.preparing.blank_task import ANALYSIS_DPI, Sheets, at_analysis_size, blank_pages
from mssw.preparing.coded_pages import CodedTask, CodeRead, as_coded, code_covers, code_on, inside, papered, places_of
from mssw.preparing.name_reading import SearchTerms, find_terms, read_lines, sentences
from mssw.preparing.photographed import PARTLY_OUTSIDE, as_sheet, is_cut_off
from mssw.vision.blank_page import BlankPage, lacking, once
from mssw.vision.ink import NOTHING_MM2, Grey, Mask, Pixels, signature, strong_ink
from mssw.vision.name_field import NameField
from mssw.vision.name_place import likely_places, places_without_blank
from mssw.vision.name_trace import INK_OF_A_NAME_MM2, STRAYS, InkTrace, stray_writing, trace_name
from mssw.vision.orientation import stand_upright
from mssw.vision.printed_labels import ink_on, rules_on
from mssw.vision.registration import Registration, laid_on, mask_laid_on, register, straightened
from mssw.vision.writing import Pieces, ink_beside, new_ink, print_of, streaks, words_of
from mssw.workset.folder import write_bytes, write_json
from mssw.workset.state import Sighting, read_sighting, recipe_of, turned_recipe


@dataclass(frozen=True)
class FindJob:
    """One page to look at.

    Attributes:
        page_id: e.g. ``s01-p0005``.
        source: the file, as kept in ``private/stack``.
        number: 1-based page in it.
        pages: the folder ``private/pages``.
        blank: the blank task's pages; None where there is none.
        known: the blank task's recipe.
        sizes: points of each page of the blank.
        fields: all name fields.
        recipe: of the whole job.
        wanted: names and numbers to look for in what is written.
        readings: the folder ``private/reading``.
        labels: further labels for a name, where a page has to be looked at without a blank.
        turns: the pages that a person turned, by identity, with the degrees clockwise.
        printed: whether the blank is a sheet as printed; a class's own has ghosts of writing in it.
        picture: the page, decoded, where its scan is not at hand.
        coded: the sheets that were printed for the set; None where there are none.
    """

    page_id: str
    source: Path
    number: int
    pages: Path
    blank: Sheets | None
    known: str
    sizes: Sequence[tuple[float, float]]
    fields: Sequence[NameField]
    recipe: str
    wanted: SearchTerms
    readings: Path
    labels: Sequence[str] = ()
    turns: Mapping[str, int] | None = None
    printed: bool = True
    picture: Picture | None = None
    coded: CodedTask | None = None

    def turn_of(self, identity: str) -> int:
        """The degrees by which a person turned that page."""
        return (self.turns or {}).get(identity, 0)


LITTLE_MM2 = 150.0  # of ink: a name, a class and a date, and no answer
LIKELY_PLACE = 0.3  # how much writing at the head or the foot is worth as a name
EMPTY = "nothing was found on this page to read, so no place for a name could be proposed"


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
    """

    pixels: Pixels
    flat: Grey
    dirt: Mask
    points: tuple[float, float]
    turn: int
    covers: tuple[Mark, ...]
    doubt: str


def look_unaided(picture: Picture, grey: Grey, dirt: Mask, ink: float, labels: Sequence[str]) -> Unaided:
    """Turn a page upright and propose where its name stands.

    Args:
        picture: the page as scanned.
        grey: the same at the resolution of the analysis.
        dirt: where the scanner drew streaks of its own, of the shape of ``grey``.
        ink: mm² of strong ink on it.
        labels: further labels for a name, as the teacher wrote them.

    Raises:
        EngineError: the model that reads is missing or is another.
    """
    stands = stand_upright(grey)
    if not stands.lines and ink < NOTHING_MM2:
        return Unaided(picture.pixels, grey, dirt, picture.points, 0, (), EMPTY)
    flat = laid_on(grey, stands.matrix, stands.shape)
    streaks = mask_laid_on(dirt, stands.matrix, stands.shape)
    places = places_without_blank(flat, ANALYSIS_DPI, stands.lines, more=labels, dirt=streaks)
    pixels, points = picture.pixels, picture.points
    if stands.turn in {90, 270}:
        points = points[::-1]
    if not np.array_equal(stands.matrix, np.eye(3)):
        grow = min(picture.dpi, OUTPUT_DPI) / ANALYSIS_DPI
        pixels = straightened(pixels, stands.matrix, grey.shape, stands.shape, grow=grow)
    return Unaided(pixels, flat, streaks, points, stands.turn, places.covers, places.doubt)


def places_beside_blank(ink: Mask, blank: BlankPage, fields: Sequence[Box]) -> tuple[Mark, ...]:
    """Where a name may stand on a page whose name field is empty, or on which none is printed.

    Args:
        ink: the page's new ink.
        blank: the blank page that it lies on.
        fields: the name fields on it.
    """
    pieces = Pieces(ink, ANALYSIS_DPI, print_of(blank, ANALYSIS_DPI))
    return _marks(likely_places(pieces, fields, _rules_of(blank)))


@once
def _rules_of(blank: BlankPage) -> Mask:
    """The rules that are printed on a page of the task."""
    return rules_on(ink_on(blank.grey), ANALYSIS_DPI, ())


def places_on_stray(grey: Grey, dirt: Mask) -> tuple[Mark, ...]:
    """Where a name may stand on a page that matches nothing and on which little is written, as on a sheet's back."""
    nothing = np.zeros(grey.shape, bool)
    strong = cv2.morphologyEx(ink_on(grey).astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)) > 0
    ink = writing_without_blank(grey, dirt) & (cv2.dilate(strong.astype(np.uint8), np.ones((5, 5))) > 0)
    return _marks(likely_places(Pieces(ink, ANALYSIS_DPI, nothing), (), nothing, anywhere=True))


def writing_without_blank(grey: Grey, dirt: Mask) -> Mask:
    """All that is dark on a page, print and hand alike, but for the scanner's own streaks."""
    return ink_beside(grey, np.zeros(grey.shape, bool), ANALYSIS_DPI, dirt)


def _marks(boxes: Sequence[Box]) -> tuple[Mark, ...]:
    return tuple(Mark(box, MarkKind.PLACE, "ink", LIKELY_PLACE) for box in boxes)


UNSURE_FIELD = "where the name is written was only guessed from its label"
SURE_ENOUGH = 0.5  # of a field; below it every page waits
NO_TASK = "no task"
LIKELY = 0.45  # a score over which the fit is near enough to compare print


def find_names(job: FindJob) -> Sighting:
    """Look at a page, or take what an earlier run saw of it. Writes its image first, then its sidecar."""
    path = job.pages / f"{job.page_id}.json"
    known = read_sighting(path, job.recipe, job.turns)
    if known is not None:
        return known
    sighting = _look(job)
    write_json(path, sighting.to_json(), private=True)
    return sighting


def unreadable(job: FindJob, fault: str) -> Sighting:
    """The sighting of a page that could not be decoded."""
    page = Page(job.page_id, job.source.name, job.number, (0, 0), 0.0, Tone.GREY, "")
    return Sighting(page, job.recipe, fault=fault)


def _look(job: FindJob) -> Sighting:
    """Decode a page and lay it on the blank task, as far as that goes."""
    try:
        picture = job.picture or read_page(job.source, job.number)
    except UnreadableError as error:
        return unreadable(job, f"it could not be read ({error})")
    size, dpi, sha256 = (picture.pixels.shape[1], picture.pixels.shape[0]), picture.dpi, picture.sha256()
    turn = job.turn_of(sha256)
    blanks = blank_pages(job.blank, job.known) if job.blank is not None else ()
    sheet = as_sheet(job.source, picture, job.sizes)
    views = [sheet] if sheet is picture else [sheet, picture]
    read = code_on(job.coded, views)
    picture, place = _placed(() if read.is_foreign(job.coded) else read.printed_from(blanks), views)
    page = Page(job.page_id, job.source.name, job.number, size, dpi, picture.tone, sha256)
    grey = at_analysis_size(picture)
    dirt = streaks(grey)
    sighting = Sighting(page, turned_recipe(job.recipe, turn), points=picture.points, way=job.known or NO_TASK)
    if job.blank is None:
        return _unaided(job, sighting, picture, grey, dirt)
    sighting = replace(sighting, score=place.score, code=read.text)
    if place.task_page is None or place.matrix is None or place.score < LIKELY:
        return _unmatched(job, sighting, picture, dirt, read)
    blank = blanks[place.task_page - 1]
    flat = laid_on(grey, place.matrix, blank.shape)
    sighting = replace(sighting, nearest=place.task_page, lacking=lacking(flat, blank, ANALYSIS_DPI))
    if not place.accepted:
        return _unmatched(job, sighting, picture, dirt, read)
    brought = inside(places_of(job.coded, blank.number), blank.shape)
    ink = new_ink(flat, blank, ANALYSIS_DPI, brought | mask_laid_on(dirt, place.matrix, blank.shape))
    grow = min(picture.dpi, OUTPUT_DPI) / ANALYSIS_DPI
    upright = straightened(picture.pixels, place.matrix, grey.shape, blank.shape, grow=grow)
    named = as_coded(_named(job, sighting, place, blank, ink), job.coded, read, UNSURE_FIELD)
    if is_cut_off(job.source, place.matrix, blank.shape, grey.shape):
        named = replace(named, doubts=(*named.doubts, PARTLY_OUTSIDE))
    return _kept(job, _read(job, named, blank, papered(flat, brought), ink), upright)


def _placed(blanks: Sequence[BlankPage], views: Sequence[Picture]) -> tuple[Picture, Registration]:
    """The first view of a page that lies on the blank, and how; else the first view: a photo may be cut wrongly."""
    places = []
    for view in views:
        places.append(register(blanks, at_analysis_size(view)) if blanks else Registration(None, None, 0.0))
        if places[-1].accepted:
            return view, places[-1]
    return views[0], places[0]


def _named(job: FindJob, sighting: Sighting, place: Registration, blank: BlankPage, ink: Mask) -> Sighting:
    """The sighting of a page that lies on its blank: what is written on it, and where its name stands."""
    fields = [field for field in job.fields if field.task_page == blank.number]
    covers, doubts, empty = _name_on(ink, print_of(blank, ANALYSIS_DPI), fields)
    named = [field.box for field in fields if field.holds_name]
    flags = places_beside_blank(ink, blank, [field.box for field in fields]) if empty or not named else ()
    if place.doubtful:
        doubts.append("two pages of the task look alike and it fits both")
    return replace(
        sighting,
        page=replace(sighting.page, task_page=blank.number, turn=place.turn),
        points=job.sizes[blank.number - 1],
        written=round(float(ink.sum()) / (ANALYSIS_DPI / 25.4) ** 2, 2),
        covers=tuple(covers),
        doubts=tuple(doubts),
        empty_field=empty,
        flags=flags,
        signature=signature(ink),
    )


def _read(job: FindJob, sighting: Sighting, blank: BlankPage, flat: Grey, ink: Mask) -> Sighting:
    """The sighting with what the page's own words say: names in the text, and whose name stands in its field."""
    words = np.zeros(ink.shape, bool)
    if job.printed:
        words = words_of(blank, ANALYSIS_DPI)
    read = read_lines(job.readings, flat, ink, words, ANALYSIS_DPI)
    fields = [f.box for f in job.fields if f.task_page == sighting.page.task_page and f.holds_name]
    hidden = [mark.box for mark in sighting.covers]
    found = find_terms(job.wanted, read, ink, ANALYSIS_DPI, fields, hidden)
    answered = [*hidden, *sentences(read, ink)]
    doubts = _but_answers(sighting.doubts, ink, print_of(blank, ANALYSIS_DPI), fields, answered)
    way = recipe_of(sighting.way, found.covers, found.flags) if found.covers or found.flags else sighting.way
    return replace(
        sighting,
        covers=(*sighting.covers, *found.covers),
        flags=(*sighting.flags, *found.flags),
        doubts=(*doubts, *found.doubts),
        whose=found.whose,
        read=read.digest,
        way=way,
    )


def _but_answers(
    doubts: Sequence[str], ink: Mask, printed: Mask, fields: Sequence[Box], hidden: Sequence[Box]
) -> Sequence[str]:
    """The doubts without the one that something near a field may be a name, where it is an answer."""
    if not STRAYS.intersection(doubts):
        return doubts
    pieces = Pieces(ink, ANALYSIS_DPI, printed)
    still = {stray_writing(pieces, box, hidden, alone=len(fields) == 1) for box in fields}
    return [doubt for doubt in doubts if doubt not in STRAYS or doubt in still]


def _name_on(ink: Mask, printed: Mask, fields: Sequence[NameField]) -> tuple[list[Mark], list[str], bool]:
    """What to cover on a page, what is doubtful, and whether its name fields are all empty."""
    if not fields:
        return [], [], False
    pieces = Pieces(ink, ANALYSIS_DPI, printed)
    boxes = [field.box for field in fields]
    traces: list[InkTrace] = [trace_name(pieces, box, [b for b in boxes if b is not box]) for box in boxes]
    covers = [Mark(field.box, MarkKind.FIELD, field.found_by, field.confidence) for field in fields]
    for field, trace in zip(fields, traces, strict=True):
        covers += [Mark(run, MarkKind.RUNOVER, "ink", field.confidence) for run in trace.runs]
    doubts = [trace.doubt for trace in traces]
    holding = [trace for field, trace in zip(fields, traces, strict=True) if field.holds_name]
    hidden = [mark.box for mark in covers]
    names = [field.box for field in fields if field.holds_name]
    doubts += [stray_writing(pieces, box, hidden, alone=len(names) == 1) for box in names]
    doubts += [UNSURE_FIELD for field in fields if field.confidence < SURE_ENOUGH]
    empty = bool(holding) and all(trace.written < INK_OF_A_NAME_MM2 for trace in holding)
    return covers, [doubt for doubt in dict.fromkeys(doubts) if doubt], empty


def _unaided(job: FindJob, sighting: Sighting, picture: Picture, grey: Grey, dirt: Mask) -> Sighting:
    """A page for which there is no blank at all: turned upright, its name's place proposed, and print and hand read."""
    ink = strong_ink(grey, ANALYSIS_DPI, dirt)
    found = look_unaided(picture, grey, dirt, ink, job.labels)
    sighting = replace(
        sighting,
        page=replace(sighting.page, turn=found.turn),
        points=found.points,
        ink=round(ink, 2),
        covers=found.covers,
        doubts=(found.doubt,),
        way=recipe_of(sighting.way, found.covers, found.turn),
    )
    sighting, pixels = _turned(job, sighting, found.pixels)
    flat, streaked = (_rotated(image, job.turn_of(sighting.page.sha256)) for image in (found.flat, found.dirt))
    return _kept(job, _all_read(job, sighting, flat, writing_without_blank(flat, streaked)), pixels)


def _all_read(job: FindJob, sighting: Sighting, flat: Grey, written: Mask) -> Sighting:
    """The sighting of a page without a blank with what its words say, print and hand alike."""
    read = read_lines(job.readings, flat, written, np.zeros_like(written), ANALYSIS_DPI)
    hidden = [mark.box for mark in sighting.covers]
    fields = [mark.box for mark in sighting.covers if mark.kind is MarkKind.FIELD]
    found = find_terms(job.wanted, read, written, ANALYSIS_DPI, fields, hidden)
    return replace(
        sighting,
        covers=(*sighting.covers, *found.covers),
        flags=found.flags,
        doubts=(*sighting.doubts, *found.doubts),
        whose=found.whose,
        read=read.digest,
        way=recipe_of(sighting.way, found.covers, found.flags),
    )


def _unmatched(job: FindJob, sighting: Sighting, picture: Picture, dirt: Mask, read: CodeRead) -> Sighting:
    """A page that lies on no page of the task: kept as it was scanned, with how much is on it."""
    grey, boxes = at_analysis_size(picture), read.boxes_on(picture)
    dirt = dirt | inside(boxes, grey.shape)
    ink = strong_ink(grey, ANALYSIS_DPI, dirt)
    flags = places_on_stray(grey, dirt) if NOTHING_MM2 <= ink < LITTLE_MM2 else ()
    sighting = replace(sighting, ink=round(ink, 2), flags=flags, covers=code_covers(boxes), doubts=read.doubts)
    return _kept(job, *_turned(job, sighting, picture.pixels))


def _turned(job: FindJob, sighting: Sighting, pixels: Pixels) -> tuple[Sighting, Pixels]:
    """A page that lies on no blank, with its places, as a person turned what she was shown. It is another one then."""
    turn = job.turn_of(sighting.page.sha256)
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
    return turned, _rotated(pixels, turn)


def _rotated(image: NDArray[Any], turn: int) -> NDArray[Any]:
    """An image turned clockwise by so many degrees."""
    return np.ascontiguousarray(np.rot90(image, -turn // 90))


def _kept(job: FindJob, sighting: Sighting, pixels: Pixels) -> Sighting:
    """Write the page's image beside its sidecar to be."""
    name = job.page_id + suffix_for(sighting.page.tone)
    write_bytes(job.pages / name, private_image(pixels, sighting.page.tone), private=True)
    return replace(sighting, image=name)
