"""The places where a class writes its names without being asked, covered on each of its pages.

In: ``ClassPlaces``, which ``learn_places`` learned of the whole class, and a page as it was looked at before. Out: the
page with these places covered, and with whose name is there. A page on which no name is found there waits, with the
reason. Runs in a worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import BY_CLASS, Box, Mark, MarkKind
from mssw.formats.images import read_image
from mssw.names.own_name_words import OwnNameWay
from mssw.preparing.blank_task import ANALYSIS_DPI
from mssw.preparing.kept_readings import ReadPage, read_kept_page
from mssw.preparing.name_reading import SearchTerms, find_terms, name_reader
from mssw.vision.assignment import Costs, combine_pages, find_clear_student, has_two_names
from mssw.vision.blank_page import BlankPage
from mssw.vision.ink import Grey, Mask, find_rules, resize_to_shape, to_grey
from mssw.vision.name_field import NameField
from mssw.vision.name_place import BY_BAND, BY_LABEL
from mssw.vision.name_trace import INK_OF_A_NAME_MM2, measure_written, trace_name
from mssw.vision.own_name_places import (
    OwnNamePlace,
    count_words,
    find_anchored_places,
    find_last_line,
    read_place,
    readings_in,
)
from mssw.vision.recogniser import LineReading
from mssw.vision.text_lines import Line
from mssw.vision.writing import Pieces, find_ink_beside, find_print, find_streaks, is_typed
from mssw.workset.sightings import Sighting, recipe_of

LONG_LINE = 0.4  # of the page
RULE_PX = 60  # pixels of a printed rule, at least: 10 mm

WHOLLY = 0.9999  # of a name's cover under another one: it would only show how long the name is
COVERED = 0.6  # of a line under covers: there is nothing more to say of it
SHORT_WORDS, SHORT_MM = 3, 90.0  # a line that may be a name
LEAST_LETTERS = 3
BEHIND_MM = 12.0  # from the end of a line to what is written behind it
LEAST_STROKE = 0.2  # of a stroke inside a place: it begins there
LONGEST_STROKE_MM, STROKE_RIM_MM = 14.0, 0.6
PLAIN = 0.8  # confidence of a line that was read for sure
LONG_WORDS = 5  # of a sentence
WHOLE_NAME = 2  # words, at least
HIDES = {MarkKind.FIELD, MarkKind.RUNOVER}  # names under such a cover have none of their own
SURELY_READ = 1.1  # the highest cost a letter of a name that releases a page
SIGNATURE_RIM_MM = 1.0  # around a signature that was read, where the words of the letter are near
LETTER_MM = 1.2  # tall: less is a dot, and goes with what is under it
NEXT_MM = 2.5  # behind a closing: what is nearer was read with it
COMMA_MM = (5.0, 2.5, 4.5)  # a comma behind a closing: how far at most, how wide and how tall

NOT_READ = "no name of the class list could be read where the class writes its names"
NOTHING_THERE = "nothing is written where the class writes its names, so the name may be somewhere else on the page"
ELSEWHERE = "its name is not where the class writes its names, so it waits to be looked at"
TWO_THERE = "two names of the class list are where the class writes its names"
OTHER_SIGNED = "another student than the one named where the class writes its names signs it"
MAY_BE_NAME = "something short that could not be read for sure is at the edge of its text, and may be a name"


@dataclass(frozen=True)
class AnchoredPlace:
    """A place beside words that every student writes herself, such as "Sincerely,".

    Attributes:
        way: which words.
        left: of the place, from where it is anchored, in fractions of the page; also the next three.
        top: of it.
        right: of it.
        bottom: of it.
        share: of the class's pages that have a name there.
    """

    way: OwnNameWay
    left: float
    top: float
    right: float
    bottom: float
    share: float

    def at(self, corner: tuple[float, float]) -> Box:
        """The place on a page where the words that anchor it are at that corner."""
        x, y = corner
        left, top = max(0.0, x + self.left), max(0.0, y + self.top)
        return Box(left, top, min(1.0, x + self.right) - left, min(1.0, y + self.bottom) - top)


@dataclass(frozen=True)
class ClassPlaces:
    """Where a class writes its names without being asked.

    Attributes:
        fixed: places on the page; ``task_page`` is the page of the task, or without a task of the response.
        anchored: places beside words, on any page.
        named: on how many pages a name was read there, and of how many.
    """

    fixed: tuple[NameField, ...] = ()
    anchored: tuple[AnchoredPlace, ...] = ()
    named: tuple[int, int] = (0, 0)

    def __bool__(self) -> bool:
        return bool(self.fixed or self.anchored)

    @cached_property
    def recipe(self) -> str:
        """A hash of all of it."""
        return recipe_of("places", self.fixed, self.anchored)

    def on(self, kind: int) -> list[NameField]:
        """The places on pages of that kind."""
        return [field for field in self.fixed if field.task_page == kind]

    @property
    def sentence(self) -> str:
        """What was learned, for a person."""
        where = [_describe_place(field) for field in self.fixed]
        where += dict.fromkeys(WAYS_IN_WORDS[place.way] for place in self.anchored)
        pages, of = self.named
        covered = "That place is" if len(where) == 1 else "These places are"
        return (
            f"the class itself shows where it writes names: on {pages} of {of} pages {' or '.join(where)}. "
            f"{covered} covered on every page"
        )


WAYS_IN_WORDS = {
    OwnNameWay.LAST: "at the end of the text",
    OwnNameWay.AFTER: "after words like “My name is”",
    OwnNameWay.UNDER: "under the closing of a letter",
}


def _describe_place(field: NameField) -> str:
    """A place on the page in words."""
    middle = field.box.x + field.box.w / 2
    across = "left" if middle < 0.36 else "right" if middle > 0.64 else "middle"  # noqa: PLR2004 - thirds of the page
    return f"at the {'top' if field.box.y < 0.5 else 'bottom'} {across} of page {field.task_page}"  # noqa: PLR2004


# Cover


@dataclass(frozen=True)
class _Here:
    """One of the class's places on a page: its cover, what was read in it, and whether a name may run out of it.

    Of a signature that was read, also where it is; so, too, of a name behind words like "my name is".
    """

    box: Box
    readings: tuple[LineReading, ...]
    is_followed: bool = True
    signed: OwnNamePlace | None = None
    name: Box | None = None


@dataclass(frozen=True)
class _Look:
    """A page as it is looked at once more: what was read on it, its ink in pieces, and its lines of print."""

    page: Sighting
    read: ReadPage
    pieces: Pieces
    typed: frozenset[int]

    @property
    def lines(self) -> Sequence[Line]:
        return self.read.reading.lines

    @property
    def readings(self) -> Sequence[LineReading]:
        return self.read.reading.readings

    @property
    def shape(self) -> tuple[int, int]:
        return self.read.shape


def cover_own_name(
    page: Sighting,
    kind: int | None,
    places: ClassPlaces,
    terms: SearchTerms,
    folders: tuple[Path, Path],
    blank: BlankPage | None,
) -> Sighting:
    """Cover the places where the class writes its names on one page, and read whose name is there. Runs in a worker.

    Args:
        page: as it was looked at before.
        kind: which page of the task it is, or of its response.
        places: of the class.
        terms: names to look for.
        folders: of the pages' images, and of what was read on them.
        blank: the page of the task that it lies on; None where there is none.
    """
    read = read_kept_page(folders[1], page.read) if page.read else None
    if kind is None or page.is_typed or page.fault or read is None:
        return page
    here = _find_here(read, places, kind, terms)
    written = [*(place.box for place in here), *(name.box for name in page.own_names)]
    look = _look_again(page, read, folders[0], blank, written)
    here = [_without_text(look, place) for place in here]
    row, has_two = _read_names(here, terms)
    student = find_clear_student(row)
    is_denied = student is not None and _is_signed_by_another(page, student)
    is_named = student is not None and float(row[student]) <= SURELY_READ and not is_denied
    covers, doubts = _cover_here(look, here)
    elsewhere = [
        name for name in page.own_names if not _is_under(name.box, covers) and (not is_named or name.student == student)
    ]
    covers += _cover_here(look, [_Here(name.box, ()) for name in elsewhere])[0]
    doubts += [OTHER_SIGNED] if is_denied else []
    doubts += [TWO_THERE] if has_two else [ELSEWHERE] if elsewhere and not is_named else []
    covers = _with_earlier_covers(look, covers, terms, is_named=is_named and blank is None)
    strays = _find_strays(look, covers)
    doubts += [MAY_BE_NAME] if strays else []
    return replace(
        page,
        covers=tuple(covers),
        flags=_open_flags(page, covers, strays),
        doubts=tuple(dict.fromkeys(doubt for doubt in (*page.doubts, *doubts) if doubt not in {BY_BAND, BY_LABEL})),
        name_costs=() if is_denied else _costs_of(row) or page.name_costs,
        empty_field=_is_empty(look, here) if places.on(kind) or here else False,
        is_placed=True,
        is_named=is_named,
        way=recipe_of(page.way, "own places", covers),
    )


def _is_signed_by_another(page: Sighting, student: int) -> bool:
    """Whether a letter or a card is signed by another student than the one whom the class's place names."""
    signed = {name.student for name in page.own_names if name.way is OwnNameWay.UNDER and name.cost <= SURELY_READ}
    return bool(signed - {student})


def _costs_of(row: Costs) -> tuple[float, ...]:
    """The costs as a page keeps them; empty where nobody may be named."""
    return tuple(round(float(cost), 3) for cost in row) if np.isfinite(row).any() else ()


def _open_flags(page: Sighting, covers: Sequence[Mark], strays: Sequence[Box]) -> tuple[Mark, ...]:
    """The flags of a page that are not covered, with those of what may be a name."""
    rest = (flag for flag in page.flags if not any(flag.box.shared(mark.box) >= COVERED for mark in covers))
    return (*rest, *(Mark(box, MarkKind.UNREAD, "class", 0.1) for box in strays))


def _is_empty(look: _Look, here: Sequence[_Here]) -> bool:
    """Whether no more than a stroke is written at the places of a page."""
    return all(measure_written(look.pieces, place.box) < INK_OF_A_NAME_MM2 for place in here)


def _with_earlier_covers(look: _Look, covers: Sequence[Mark], terms: SearchTerms, *, is_named: bool) -> list[Mark]:
    """The covers of the class's places, and of those that the page had before the ones that still say something.

    Without a blank, a label is found on the page itself. On one whose name was read, words of a sentence ("my partner")
    are none.
    """
    earlier = [mark for mark in look.page.covers if not mark.is_guess]
    if is_named:
        earlier = [mark for mark in earlier if not (mark.found_by == "ocr" and _is_in_sentence(look, mark.box))]
        has_label = any(mark.found_by == "ocr" for mark in earlier)
        earlier = [mark for mark in earlier if has_label or mark.kind is not MarkKind.RUNOVER]
    kept = [*covers, *(mark for mark in earlier if not any(mark.box.shared(one.box) >= WHOLLY for one in covers))]
    return [*kept, *_names_in_sight(look, kept, terms)]


def _names_in_sight(look: _Look, covers: Sequence[Mark], terms: SearchTerms) -> list[Mark]:
    """Covers of the names that only a cover hid which was taken off, as on what follows the words "my partner"."""
    off = [mark.box for mark in look.page.covers if mark.kind in HIDES and mark not in covers]
    if not off:
        return []
    ink = look.pieces.labels > 0
    hidden = [mark.box for mark in covers]
    found = find_terms(terms, look.read.reading, ink, ANALYSIS_DPI, (), hidden).covers
    return [mark for mark in found if any(mark.box.shared(box) > 0 for box in off)]


def _is_in_sentence(look: _Look, field: Box) -> bool:
    """Whether a field begins in a line of several words, or right behind one."""
    for line, reading in zip(look.lines, look.readings, strict=True):
        box = line.box(0, line.width, look.shape)
        is_level = box.y < field.y + field.h / 2 < box.bottom
        begins = box.x < field.x < box.right + BEHIND_MM / width_mm(look.page)
        if is_level and begins and count_words(reading.text) > SHORT_WORDS:
            return True
    return False


def _read_names(here: Sequence[_Here], terms: SearchTerms) -> tuple[Costs, bool]:
    """For each student, the cost of her name at the places of a page; and whether two of them name two students."""
    reader = name_reader(terms)
    rows = [costs for place in here if (costs := reader.costs(place.readings))]
    table = np.array(rows, np.float64).reshape(len(rows), terms.students)
    return combine_pages(table), has_two_names(table)


def _look_again(page: Sighting, read: ReadPage, images: Path, blank: BlankPage | None, written: Sequence[Box]) -> _Look:
    """Take a page's ink from its kept image; what is in those places is written, even if it looks like type."""
    flat = resize_to_shape(to_grey(read_image(images / page.image)), read.shape)
    lines = read.reading.lines
    if blank is not None:
        printed, typed = find_print(blank, ANALYSIS_DPI), frozenset[int]()
    else:
        printed, typed = _find_print_beside(flat, lines, written)
    dirt = find_streaks(flat)  # where straightening the page has tilted one, it is a long straight line
    ink = find_ink_beside(flat, printed, ANALYSIS_DPI, dirt | _find_long_lines(flat))
    return _Look(page, read, Pieces(ink, ANALYSIS_DPI, printed), typed)


def _find_long_lines(flat: Grey) -> Mask:
    """Straight lines along a good part of a page: no pen draws them."""
    everything = find_ink_beside(flat, np.zeros(flat.shape, bool), ANALYSIS_DPI)
    found = np.zeros(flat.shape, np.uint8)
    for side, across in ((flat.shape[0], False), (flat.shape[1], True)):
        run = (1, RULE_PX) if across else (RULE_PX, 1)
        straight = cv2.morphologyEx(everything.astype(np.uint8), cv2.MORPH_OPEN, np.ones(run, np.uint8))
        joined = cv2.dilate(straight, np.ones((3, RULE_PX) if across else (RULE_PX, 3), np.uint8))
        _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
        long = stats[:, cv2.CC_STAT_WIDTH if across else cv2.CC_STAT_HEIGHT] > LONG_LINE * side
        long[0] = False
        found |= straight & long[labels]
    return np.asarray(cv2.dilate(found, np.ones((3, 3), np.uint8)) > 0)


def _find_print_beside(flat: Grey, lines: Sequence[Line], written: Sequence[Box]) -> tuple[Mask, frozenset[int]]:
    """What seems to be printed on a page without a blank: its rules and its lines of type, these also by index."""
    everything = find_ink_beside(flat, np.zeros(flat.shape, bool), ANALYSIS_DPI)
    rules = find_rules(everything, RULE_PX)
    printed = cv2.dilate(rules.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    bare = everything & ~printed
    typed = set()
    for n, line in enumerate(lines):
        box = line.box(0, line.width, flat.shape)
        if any(box.shared(place) > 0 for place in written):
            continue
        left, top, right, bottom = box.to_pixels(flat.shape[1], flat.shape[0])
        if right > left and bottom > top and is_typed(bare, (left, top, right, bottom)):
            typed.add(n)
            printed[top:bottom, left:right] |= everything[top:bottom, left:right]
    return np.asarray(printed), frozenset(typed)


def _find_here(read: ReadPage, places: ClassPlaces, kind: int, terms: SearchTerms) -> list[_Here]:
    """The class's places on a page."""
    lines, readings, shape = read.reading.lines, read.reading.readings, read.shape
    here = [_Here(field.box, tuple(readings_in(field.box, lines, readings, shape))) for field in places.on(kind)]
    ways = {place.way: place for place in places.anchored}
    anchored = list(find_anchored_places(lines, readings, shape, ANALYSIS_DPI))
    for at, one in anchored:
        if one.way in ways and one.anchor is not None:
            here.append(_anchored_here(read, at, one, ways[one.way], terms))
    last = find_last_line(lines)
    if OwnNameWay.LAST in ways and last is not None and all(at != last for at, _ in anchored):
        box = lines[last].box(0, lines[last].width, shape)
        if count_words(readings[last].text) <= SHORT_WORDS and not any(_share(box, one.box) for one in here):
            here.append(_Here(Box.around([box, ways[OwnNameWay.LAST].at((box.x, box.y))]), (readings[last],)))
    return here


def _anchored_here(read: ReadPage, at: int, one: OwnNamePlace, way: AnchoredPlace, terms: SearchTerms) -> _Here:
    """A place beside the words on a line; of a sentence that goes on, only the name."""
    line, reading = read.reading.lines[at], read.reading.readings[at]
    box = way.at(corner_of(one.way, one.anchor or one.box))
    named = read_place(one, line, reading, name_reader(terms), read.shape)
    if one.way is not OwnNameWay.AFTER:
        is_read = named is not None and named.cost <= SURELY_READ
        return _Here(Box.around([box, one.box]), one.readings, signed=one if is_read else None)
    if named is None:
        return _Here(box, one.readings, is_followed=False)
    goes_on = one.box.right > named.box.right + 2 / read.shape[1]
    pad = 1.0 / 25.4 * ANALYSIS_DPI / read.shape[1]
    right = named.box.right + pad if goes_on else max(box.right, named.box.right + pad)
    top, bottom = min(box.y, named.box.y), max(box.bottom, named.box.bottom)
    whole = Box(box.x, top, right - box.x, bottom - top)
    there = tuple(readings_in(named.box, [line], [reading], read.shape))
    return _Here(whole, there, is_followed=False, name=named.box)


def _without_next_line(look: _Look, place: _Here, name: Box) -> _Here:
    """The place of a name that was read, without the sentence on the next line, but with all strokes of the name.

    Where only one word of the name is there, the other may begin the next line.
    """
    bottom = _end_above_sentence(look, place.box, name)
    if bottom >= place.box.bottom or sum(count_words(reading.text) for reading in place.readings) < WHOLE_NAME:
        return place
    begun = _find_begun(look.pieces, name)
    lowest = (float(look.pieces.bottom[begun].max(initial=0)) + STROKE_RIM_MM * look.pieces.mm) / look.pieces.height
    bottom = min(place.box.bottom, max(bottom, lowest))
    return replace(place, box=Box(place.box.x, place.box.y, place.box.w, bottom - place.box.y))


def _end_above_sentence(look: _Look, whole: Box, name: Box) -> float:
    """Where the cover of a name may end so that a sentence under the name stays readable."""
    rim = SIGNATURE_RIM_MM / 25.4 * ANALYSIS_DPI / look.shape[0]
    bottom = whole.bottom
    for line, reading in zip(look.lines, look.readings, strict=True):
        box = line.box(0, line.width, look.shape)
        if count_words(reading.text) >= LONG_WORDS and name.bottom < box.y + box.h / 2 and _is_above(whole, box):
            bottom = min(bottom, max(name.bottom + rim, box.y))
    return bottom


def _without_text(look: _Look, place: _Here) -> _Here:
    """A place without the writer's text around it, where a name was read there."""
    if place.signed:
        return _without_letter(look, place, place.signed)
    return _without_next_line(look, place, place.name) if place.name else place


def _without_letter(look: _Look, place: _Here, signed: OwnNamePlace) -> _Here:
    """The place of a signature that was read, without the closing above it and the sentence that follows it.

    Other pages of the class have their signatures nearer to the closing, or further down.
    """
    whole, name, closing = place.box, signed.box, signed.anchor or signed.box
    free = _find_free_row(look.pieces, whole, closing, _find_first_line(look, name))
    top = whole.y if free is None else max(whole.y, free)
    bottom = _end_above_sentence(look, whole, name)
    return replace(place, box=Box(whole.x, top, whole.w, bottom - top))


def _find_first_line(look: _Look, name: Box) -> Box:
    """The upper line of a signature: first and last name may stand one above the other."""
    boxes = [line.box(0, line.width, look.shape) for line in look.lines]
    return min((box for box in boxes if name.y < box.y + box.h / 2 < name.bottom), key=lambda box: box.y, default=name)


def _find_free_row(pieces: Pieces, whole: Box, closing: Box, name: Box) -> float | None:
    """The first row between a closing and the first line under it that no letter of either crosses; None without one.

    None, too, where something is written beside the closing: a name that rises may end there.
    """
    left, top, right, bottom = Box.around([closing, name]).to_pixels(pieces.width, pieces.height)
    letters = (pieces.tall >= LETTER_MM * pieces.mm) & (pieces.right > left) & (pieces.left < right)
    letters[0] = False
    crossed = letters[pieces.labels[top:bottom, left:right]].any(axis=1)
    first, last = (round((box.y + box.h / 2) * pieces.height) - top for box in (closing, name))
    free = np.flatnonzero(~crossed[first:last])
    if not len(free):
        return None
    row = top + first + int(free[0])
    x, y = (pieces.left + pieces.right) / 2 / pieces.width, (pieces.top + pieces.bottom) / 2
    mm = pieces.mm / pieces.width
    far, wide, tall = COMMA_MM
    is_comma = (pieces.right - pieces.left <= wide * pieces.mm) & (pieces.tall <= tall * pieces.mm)
    is_comma &= x < closing.right + far * mm
    beside = (x < closing.x - NEXT_MM * mm) | ((x > closing.right + NEXT_MM * mm) & ~is_comma)
    beside &= (x > whole.x) & (x < whole.right)
    beside &= (pieces.tall >= LETTER_MM * pieces.mm) & (y > closing.y * pieces.height) & (y < row)
    beside[0] = False
    return None if beside.any() else row / pieces.height


def _is_above(place: Box, line: Box) -> bool:
    """Whether a line runs along under a place."""
    return min(place.right, line.right) > max(place.x, line.x)


def _cover_here(look: _Look, here: Sequence[_Here]) -> tuple[list[Mark], list[str]]:
    """The covers of places, with the ink that runs out of them, and what is doubtful."""
    boxes = [place.box if place.is_followed else _with_whole_strokes(look.pieces, place.box) for place in here]
    covers = [Mark(box, MarkKind.FIELD, BY_CLASS, 0.9) for box in boxes]
    doubts = []
    for place in here:
        if place.is_followed:
            others = [other.box for other in here if other is not place]
            trace = trace_name(look.pieces, place.box, others)
            covers += [Mark(run, MarkKind.RUNOVER, BY_CLASS, 0.9) for run in trace.runs]
            doubts += [trace.doubt] if trace.doubt else []
    return covers, doubts


def _with_whole_strokes(pieces: Pieces, box: Box) -> Box:
    """A place with the whole of the last strokes that begin in it, as far as a word goes."""
    _, _, right, _ = box.to_pixels(pieces.width, pieces.height)
    begun = _find_begun(pieces, box) & (pieces.right > right)
    begun &= pieces.right < right + LONGEST_STROKE_MM * pieces.mm
    if not begun.any():
        return box
    end = (float(pieces.right[begun].max()) + STROKE_RIM_MM * pieces.mm) / pieces.width
    return Box(box.x, box.y, min(1.0, end) - box.x, box.h)


def _find_begun(pieces: Pieces, box: Box) -> NDArray[np.bool_]:
    """The strokes that begin in a place: so much of them is in it."""
    inside = pieces.inside(box.to_pixels(pieces.width, pieces.height))
    begun = (inside >= LEAST_STROKE * pieces.area) & (inside >= LEAST_LETTERS)
    begun[0] = False  # the paper
    return np.asarray(begun)


def _find_strays(look: _Look, covers: Sequence[Mark]) -> list[Box]:
    """The short lines at the edge of a page's text that were not read for sure, and so may be a name."""
    boxes = [line.box(0, line.width, look.shape) for line in look.lines]
    open_lines = [n for n in range(len(boxes)) if n not in look.typed and not _is_under(boxes[n], covers)]
    long = [boxes[n].y for n in open_lines if count_words(look.readings[n].text) >= LONG_WORDS]
    flags = [mark.box for mark in look.page.flags if mark.kind is MarkKind.TEXT]
    head, foot = min(long, default=1.0), max(long, default=0.0)
    strays: list[Box] = []
    for n in open_lines:
        box, reading = boxes[n], look.readings[n]
        if head < box.y < foot or box.w * width_mm(look.page) > SHORT_MM or count_words(reading.text) > SHORT_WORDS:
            continue
        letters = sum(sign.isalpha() for sign in reading.text)
        is_likely = any(flag.shared(box) > COVERED for flag in flags)
        if letters >= LEAST_LETTERS and (is_likely or reading.confidence < PLAIN):
            strays.append(box)
    return strays


def _is_under(box: Box, covers: Sequence[Mark]) -> bool:
    """Whether a place lies under covers for the most part."""
    return sum(box.shared(mark.box) for mark in covers) >= COVERED


def corner_of(way: OwnNameWay, anchor: Box) -> tuple[float, float]:
    """Where a place is anchored: at the end of an opening, at the foot of a closing, at the head of the last line."""
    if way is OwnNameWay.AFTER:
        return anchor.right, anchor.y
    return anchor.x, anchor.bottom if way is OwnNameWay.UNDER else anchor.y


def width_mm(page: Sighting) -> float:
    """How wide a page is."""
    return page.points[0] / 72 * 25.4


def height_mm(page: Sighting) -> float:
    """How high a page is."""
    return page.points[1] / 72 * 25.4


def _share(one: Box, other: Box) -> bool:
    half = 0.5
    return one.shared(other) > half
