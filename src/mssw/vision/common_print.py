"""Make the blank of a task that a whole class filled in, where nobody gave one.

Scans of a class go in. They are sorted into groups that show the same printed page, whatever is written on them;
groups are then split or joined, as pages of one task can share their layout, and one page can turn up as two groups.
Out comes the print that the scans of a page share. A pixel is print if nearly every page is dark near it; it then
takes the grey that most pages have. Handwriting differs from page to page, so it disappears; where it lies thick, what
is left of it goes because the pages do not look alike there. The image is only for finding things: a name may still
shine through faintly. The words of such a page are read here too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.vision.blank_page import BlankPage, Sheet, match_features
from mssw.vision.ink import Grey, Mask, Matrix, find_rules
from mssw.vision.recogniser import place_words, read_words
from mssw.vision.registration import ACCEPTED, register_on_page, warp_scan
from mssw.vision.same_sheet import Sameness, compare_strokes, is_alike, make_signature
from mssw.vision.text_lines import find_quads

FEWEST = 8  # pages of different students: with fewer, what they share may not be print
ENOUGH = 16  # more pages make it no better
MOST = 0.6  # of the pages are at most as light as the print is drawn
NEARLY_ALL = 0.85  # of the pages are dark where there is print
DARK = 20  # grey levels darker than the paper
RIM_MM = 4.0  # printers leave it empty, and copiers leave shadows there
PAPER_MM = 17.0  # wider than any stroke, narrower than a shadow
LAID = 0.45  # from this score on another student's page on, the position can be right
STEEPEST = 2.5  # degrees by which a class's pages may lie askew on the whole
INKY = 60  # of 255: writing at the scoring size
OFTEN = 0.5  # of the pages have ink at one place: it is print, beside where it should be
SPECK_MM2 = 0.8
RULE_MM = 9.0  # longer than any letter's stroke
CLOSE_MM = 1.5  # between letters, and between the dots of a leader
SOFT_MM = 0.2  # by which letters are blurred before pages are compared: they lie a pixel apart
SAME_LETTERS = 0.45  # correlation of two pages where something is printed, at least
LEAST_COMPARED = 3  # pages
SAME_LETTER = 0.6  # the same for a single letter, of which chance shows more
LEAST_LETTER, AROUND_LETTER = 8, 3  # pixels of a letter at least, and of paper around it
SHARP = 0.6  # of the pages' own sharpness

# Reading the words of such a page
PAPER = 160  # grey levels that are lighter than print
ROOM = 0.3  # of a word's height, over and under it, as a text layer has it


@dataclass(frozen=True)
class Lying:
    """A scan and how it lies.

    Attributes:
        index: of the scan among all.
        matrix: 3 × 3, from the common frame's pixels to the scan's.
        score: of its registration, 0 to 1.
    """

    index: int
    matrix: Matrix
    score: float


@dataclass(frozen=True)
class Common:
    """What scans of one printed page have in common.

    Attributes:
        image: the print, (height, width) uint8.
        lying: the scans of different sheets that it was made of.
    """

    image: Grey
    lying: tuple[Lying, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return self.image.shape[0], self.image.shape[1]


def find_common_print(scans: Sequence[Sheet], members: Sequence[Lying], dpi: float) -> Common | None:
    """Find what scans of one printed page have in common, straight, and the way up that most of the scans are.

    Args:
        scans: all scans.
        members: those that show the page, and about how they lie on the first of them.
        dpi: of the scans.

    Returns:
        None where it cannot be trusted: fewer than ``FEWEST`` sheets fit it well, or it is blurred.
    """
    reference = BlankPage(1, scans[members[0].index].grey)
    lying = _register_members(reference, scans, members, LAID)
    if len(lying) < FEWEST:
        return None
    flat = {one.index: flatten_page(scans[one.index].grey, dpi) for one in lying}
    lying, shape = _as_most_lie(lying, scans, reference.shape)
    lying = _level_frame(lying, measure_slope(combine_scans(flat, _spread_choice(lying), shape, dpi)), shape)
    for _ in range(2):
        blank = BlankPage(1, combine_scans(flat, _spread_choice(lying), shape, dpi))
        lying = _drop_duplicates(blank, scans, _register_members(blank, scans, lying, ACCEPTED), dpi)
        if len(lying) < FEWEST:
            return None
    lying = _spread_choice(lying)
    found = Common(combine_scans(flat, lying, shape, dpi), tuple(lying))
    return found if _is_sharp(found, flat) else None


def rebuild_print(scans: Mapping[int, Grey], lying: Sequence[Lying], shape: tuple[int, int], dpi: float) -> Grey:
    """The print that scans have in common, from the scans as they are; arguments as for ``combine_scans``."""
    return combine_scans({one.index: flatten_page(scans[one.index], dpi) for one in lying}, lying, shape, dpi)


def flatten_page(grey: Grey, dpi: float) -> Grey:
    """Flatten a page to white paper without shadows.

    Args:
        grey: the scan, (height, width) uint8.
        dpi: of it.
    """
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = round(PAPER_MM * dpi / 25.4 / 4) | 1
    paper = cv2.blur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)), (reach, reach))
    paper = cv2.resize(np.maximum(paper, 40), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, paper, scale=255.0), np.uint8)


def combine_scans(flat: Mapping[int, Grey], lying: Iterable[Lying], shape: tuple[int, int], dpi: float) -> Grey:
    """The print that registered scans have in common.

    Args:
        flat: the scans by index, flattened.
        lying: how they lie.
        shape: of the common frame, (height, width).
        dpi: of the common frame.
    """
    pages = np.stack([warp_scan(flat[one.index], one.matrix, shape) for one in lying])
    near = np.ones((3, 3), np.uint8)
    dark = np.zeros(shape, np.uint8)
    for page in pages:
        dark += cv2.erode(page, near) < 255 - DARK
    printed = cv2.dilate((dark > round(NEARLY_ALL * (len(pages) - 1))).astype(np.uint8), near) > 0
    out = np.full(shape, 255, np.uint8)
    rank = round(MOST * (len(pages) - 1))
    out[printed] = np.partition(pages[:, printed], rank, axis=0)[rank]
    rim = round(RIM_MM * dpi / 25.4)
    out[:rim], out[-rim:], out[:, :rim], out[:, -rim:] = 255, 255, 255, 255
    return _remove_ghosts(remove_specks(out, dpi, SPECK_MM2), pages, dpi)


def remove_specks(grey: Grey, dpi: float, least: float) -> Grey:
    """Remove small isolated things from the print: where names begin at the same place, their strokes coincide.

    Args:
        grey: the print on white paper.
        dpi: of it.
        least: mm² of ink that letters standing close together have.
    """
    groups = _group_letters(grey, dpi)
    small = np.bincount(groups.label[groups.text], minlength=groups.count) < least * (dpi / 25.4) ** 2
    return _without(grey, groups, small)


def _remove_ghosts(grey: Grey, pages: NDArray[np.uint8], dpi: float) -> Grey:
    """Remove what is no print: where all pages are written on, ink of most lies under any place, each time another.

    What is printed looks the same on all pages: two of them correlate by 0.9, and by less than 0.5 where it is writing.
    A label is written on, too, or the writing reaches up to it: of such a group, the letters that agree stay.
    """
    if len(pages) < LEAST_COMPARED:
        return grey
    groups = _group_letters(grey, dpi)
    soft = np.stack([cv2.GaussianBlur(page, (0, 0), SOFT_MM * dpi / 25.4) for page in pages])
    gone = np.zeros(grey.shape, bool)
    for group, place in enumerate(groups.places[1:], 1):
        is_in = (groups.label[place] == group) & ~groups.lines[place]
        is_text = is_in & groups.text[place]
        if is_text.any() and _measure_agreement(soft[:, *place], is_in, grey[place][is_text]) < SAME_LETTERS:
            gone[place] |= is_in & ~_find_letters_that_agree(soft, grey, is_text, place)
    return remove_specks(np.asarray(np.where(gone, 255, grey), np.uint8), dpi, SPECK_MM2)


def _find_letters_that_agree(
    soft: NDArray[np.uint8], grey: Grey, text: Mask, place: tuple[slice, slice]
) -> NDArray[np.bool_]:
    """The letters of a group that look the same on all pages, with some paper around them."""
    found = np.zeros(text.shape, bool)
    _, label, boxes, _ = cv2.connectedComponentsWithStats(text.astype(np.uint8))
    top, left = place[0].start, place[1].start
    for letter, (x, y, w, h, area) in enumerate(boxes[1:].tolist(), 1):
        if area < LEAST_LETTER:
            continue
        rows = slice(max(0, top + y - AROUND_LETTER), top + y + h + AROUND_LETTER)
        columns = slice(max(0, left + x - AROUND_LETTER), left + x + w + AROUND_LETTER)
        patch = soft[:, rows, columns]
        ink = grey[place][label == letter]
        if _measure_agreement(patch, np.ones(patch.shape[1:], bool), ink) >= SAME_LETTER:
            found |= label == letter
    return np.asarray(cv2.dilate(found.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _measure_agreement(patches: NDArray[np.uint8], where: Mask, print_ink: NDArray[np.uint8]) -> float:
    """How much the same patch of two pages correlates: more so in a quarter of all pairs of pages.

    Pens that are darker than the print are cut off at its grey, or they would count most.

    Args:
        patches: of each page, (pages, height, width).
        where: pixels of it that count.
        print_ink: the grey of what seems to be print there.
    """
    from_mean = np.maximum(patches[:, where], np.uint8(np.median(print_ink))).astype(np.float32)
    from_mean -= from_mean.mean(axis=1, keepdims=True)
    from_mean /= np.maximum(np.linalg.norm(from_mean, axis=1, keepdims=True), 1e-6)
    return float(np.quantile((from_mean @ from_mean.T)[np.triu_indices(len(patches), 1)], 0.75))


@dataclass(frozen=True)
class _Groups:
    """Letters of a page that stand close together.

    Attributes:
        text: ink that is no rule, (height, width).
        lines: rules.
        label: the number of the group around each pixel, from 1; 0 outside them.
        places: of each group, its rows and columns; the first is what lies outside all groups.
    """

    text: Mask
    lines: Mask
    label: NDArray[np.int32]
    places: tuple[tuple[slice, slice], ...]

    @property
    def count(self) -> int:
        """How many numbers there are, with 0."""
        return len(self.places)


def _group_letters(grey: Grey, dpi: float) -> _Groups:
    mm = dpi / 25.4
    ink = grey < 255 - 2 * DARK
    lines = cv2.dilate(find_rules(ink, round(RULE_MM * mm)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    text = ink & ~lines
    reach = 2 * round(CLOSE_MM * mm / 2) + 1
    near = cv2.dilate(text.astype(np.uint8), np.ones((reach, reach), np.uint8))
    _, label, boxes, _ = cv2.connectedComponentsWithStats(near)
    places = tuple((slice(y, y + h), slice(x, x + w)) for x, y, w, h, _ in boxes.tolist())
    return _Groups(text, lines, np.asarray(label, np.int32), places)


def _without(grey: Grey, groups: _Groups, which: NDArray[np.bool_]) -> Grey:
    """A page without some of its groups of letters."""
    chosen = which.copy()
    chosen[0] = False
    return np.asarray(np.where(chosen[groups.label] & ~groups.lines, 255, grey), np.uint8)


def turn_frame(common: Common, quarters: int) -> list[Lying]:
    """Turn the common frame clockwise by so many right angles: how the scans lie in it then."""
    height, width = common.shape
    back = np.eye(3)
    for _ in range(quarters % 4):  # a pixel (x, y) of the turned frame is (y, height - 1 - x) of the one before
        back = back @ np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, height - 1.0], [0.0, 0.0, 1.0]])
        height, width = width, height
    return [replace(one, matrix=one.matrix @ back) for one in common.lying]


def measure_slope(grey: Grey) -> float:
    """By how many degrees clockwise the lines of a page run askew, within ``STEEPEST``."""
    rows, columns = np.nonzero(BlankPage(1, grey).print)
    best = 0.0
    for step in (0.25, 0.03):
        reach = round(STEEPEST / step) if step > 0.1 else 8
        around = [best + step * n for n in range(-reach, reach + 1)]
        best = max(around, key=lambda degrees: _evenness(rows, columns, degrees))
    return best


def _evenness(rows: NDArray[np.int64], columns: NDArray[np.int64], degrees: float) -> float:
    """How much a page's ink gathers in few rows once it is turned back by that angle."""
    level = np.round(rows - columns * math.tan(math.radians(degrees))).astype(np.int64)
    counts = np.bincount(level - level.min()) if len(level) else np.zeros(1)
    return float((counts.astype(np.float64) ** 2).sum())


def _register_members(blank: BlankPage, scans: Sequence[Sheet], members: Iterable[Lying], enough: float) -> list[Lying]:
    """Those scans that lie on a page well enough, pulled into place from about where they lie."""
    found = []
    for one in members:
        place = register_on_page(blank, scans[one.index], one.matrix)
        if place.matrix is not None and place.score >= enough:
            found.append(Lying(one.index, place.matrix, place.score))
    return found


def _as_most_lie(
    lying: Sequence[Lying], scans: Sequence[Sheet], shape: tuple[int, int]
) -> tuple[list[Lying], tuple[int, int]]:
    """How scans lie in a frame of their usual size, in which they lie straight and upright on the average.

    Args:
        lying: how they lie in the frame of one of them.
        scans: all scans.
        shape: of that frame.
    """
    turns = [_count_quarter_turns(one.matrix) for one in lying]
    usual = max(sorted(set(turns)), key=turns.count)
    upright = [one for one, turn in zip(lying, turns, strict=True) if turn == usual]
    sizes = np.array([scans[one.index].shape for one in upright])
    height, width = (round(float(side)) for side in np.median(sizes, axis=0))
    corners = np.array([[0, 0], [shape[1], 0], [shape[1], shape[0]], [0, shape[0]]], np.float64)
    placed = []
    for one in upright:  # a scan's own size goes with it: a corner is a share of the page
        tall, wide = scans[one.index].shape
        placed.append(cv2.perspectiveTransform(corners[None], one.matrix)[0] * [width / wide, height / tall])
    to_frame = _similar(corners, np.median(np.array(placed), axis=0))
    back = np.linalg.inv(to_frame)
    return [replace(one, matrix=one.matrix @ back) for one in lying], (height, width)


def _count_quarter_turns(matrix: Matrix) -> int:
    return round(math.degrees(math.atan2(matrix[1, 0], matrix[0, 0])) / 90) % 4


def _similar(here: NDArray[np.float64], there: NDArray[np.float64]) -> Matrix:
    """The turn, shift and scale (3 × 3) that take points nearest to others, by least squares."""
    one, other = here[:, 0] + 1j * here[:, 1], there[:, 0] + 1j * there[:, 1]
    ones = one - one.mean()
    factor = complex((ones.conj() * (other - other.mean())).sum() / (abs(ones) ** 2).sum())
    shift = complex(other.mean() - factor * one.mean())
    a, b = factor.real, factor.imag
    return np.array([[a, -b, shift.real], [b, a, shift.imag], [0.0, 0.0, 1.0]])


def _level_frame(lying: Sequence[Lying], degrees: float, shape: tuple[int, int]) -> list[Lying]:
    """How scans lie once the frame is turned about its middle, so that what ran askew by that angle runs level."""
    turn = np.vstack([cv2.getRotationMatrix2D((shape[1] / 2, shape[0] / 2), -degrees, 1.0), [0.0, 0.0, 1.0]])
    return [replace(one, matrix=one.matrix @ turn) for one in lying]


def _drop_duplicates(blank: BlankPage, scans: Sequence[Sheet], lying: Sequence[Lying], dpi: float) -> list[Lying]:
    """The scans without second scans of the same sheet: its handwriting would count twice."""
    near = np.ones((5, 5), np.uint8)
    printed = cv2.dilate(blank.print.astype(np.uint8), near) > 0
    inks = [np.asarray((blank.laid_on(scans[one.index], one.matrix) > INKY) & ~printed) for one in lying]
    often = np.sum([cv2.dilate(ink.astype(np.uint8), near) for ink in inks], axis=0) >= max(3, OFTEN * len(inks))
    kept: list[tuple[Lying, NDArray[np.uint8], Mask]] = []
    for one, ink in zip(lying, inks, strict=True):
        written = np.asarray(ink & ~often)  # print that a curled sheet in a photo has beside its place is on many
        look = make_signature(written)
        if not any(
            is_alike(look, other) and compare_strokes(written, its, dpi * blank.score_scale) is not Sameness.OTHER
            for _, other, its in kept
        ):
            kept.append((one, look, written))
    return [one for one, _, _ in kept]


def _spread_choice(lying: Sequence[Lying]) -> list[Lying]:
    """So many as are enough, spread over the stack."""
    ordered = sorted(lying, key=lambda one: one.index)
    if len(ordered) <= ENOUGH:
        return ordered
    return [ordered[round(place)] for place in np.linspace(0, len(ordered) - 1, ENOUGH)]


def _is_sharp(found: Common, flat: Mapping[int, Grey]) -> bool:
    """Whether the print's edges are about as steep as on the pages that it comes from."""
    edges = _steepest(found.image)
    border = edges > 60
    if not border.any():
        return False
    own = float(edges[border].mean())
    others = [_steepest(warp_scan(flat[one.index], one.matrix, found.shape))[border].mean() for one in found.lying]
    return own >= SHARP * float(np.median(others))


def _steepest(grey: Grey) -> NDArray[np.float32]:
    """How much each pixel differs from its neighbours, at the steepest within a pixel."""
    change = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return np.asarray(cv2.dilate(change, np.ones((3, 3), np.uint8)), np.float32)


def read_clean_words(image: Grey, dpi: float) -> list[tuple[str, Box]]:
    """Read the words of a page that has only print, with their places, line by line.

    Args:
        image: upright and straight, (height, width) uint8.
        dpi: of it.
    """
    words = []
    for quad in find_quads(image):
        (left, top), (right, bottom) = np.floor(quad.min(axis=0)), np.ceil(quad.max(axis=0))
        place = (max(0, int(left)), max(0, int(top)), min(image.shape[1], int(right)), min(image.shape[0], int(bottom)))
        words += read_words(image, place)
    ink = np.asarray(image < PAPER)
    lines = cv2.dilate(find_rules(ink, round(RULE_MM * dpi / 25.4)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    text = np.asarray(ink & ~lines)
    return place_words([replace(word, box=_tight(text, word.box)) for word in words], image.shape)


def _tight(text: Mask, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """A word's place without the rules beside it, and with a little paper over and under it."""
    left, top, right, bottom = box
    rows, columns = np.nonzero(text[top:bottom, left:right])
    if not len(rows):
        return box
    first, last = top + int(rows.min()), top + int(rows.max()) + 1
    room = round(ROOM * (last - first))
    return left + int(columns.min()), max(top, first - room), left + int(columns.max()) + 1, min(bottom, last + room)


# Which scans show the same page

STRONGEST = 900  # features: print is stronger than handwriting, so most of the strongest are print
SAME_PRINT = 40  # features that two scans of one page share; measured 70 and more, and up to 25 of two pages
PATCH = (20, 36)  # height and width in pixels at the scoring size, a few letters
LIKE = 0.7  # correlation of two scans of the same few letters; handwriting differs more
SOME = (0.25, 0.75)  # share of the pages that have the letters of one of two printed pages
PARTNERS = 0.2  # share of the pages that have the same letters as a page
DARKER = 12.0  # spread of the ink in a patch that has any
AGREED = 0.8  # of the pages are put on the same side by one patch and by all patches
LEAST_PATCHES = 4  # they overlap: one word has as many
SURE = 0.5  # share by which the patches agree on a page

# The words in which two pages of one layout differ
DIFFERENT_MM2 = 1.2  # of ink that only one of two pages has: less is what handwriting left
STRAY_MM = 0.5  # between the same print on two pages
JOINED_MM = (1.5, 5.0)  # down and across: the letters of a word, and its neighbours
AROUND_MM = 2.5


def group_like_pages(scans: Sequence[Sheet], inked: Iterable[int]) -> list[list[Lying]]:
    """Sort scans by the printed page that they show.

    Args:
        scans: all scans.
        inked: indices of those with something on them.

    Returns:
        The scans of each printed page, and about how they lie on the first, which has the least ink.
    """
    left = sorted(inked, key=lambda i: (int((scans[i].ink > 89).sum()), i))
    groups = []
    while left:
        first, *rest = left
        near = [one for i in rest if (one := _lying_on(scans[first], scans[i], i)) is not None]
        groups.append([Lying(first, np.eye(3), 1.0), *near])
        taken = {one.index for one in near}
        left = [i for i in rest if i not in taken]
    return groups


def split_group(scans: Sequence[Sheet], group: Sequence[Lying]) -> tuple[list[Lying], list[Lying]] | None:
    """Split a group in two by print that only some of its pages have: pages of a task that share their layout.

    Args:
        scans: all scans.
        group: those that look alike, and how they lie on the first.

    Returns:
        Both parts in the group's order, lying as before; None where nothing clearly separates them.
    """
    first = BlankPage(1, scans[group[0].index].grey)
    placed = [_or_as_before(register_on_page(first, scans[one.index], one.matrix).matrix, one) for one in group]
    inks = np.array([first.laid_on(scans[one.index], at) for one, at in zip(group, placed, strict=True)])
    votes = _votes(np.array([cv2.GaussianBlur(ink, (0, 0), 1.0) for ink in inks]))
    side = _side(votes)
    if side is None:
        return None
    parts = [[one for one, at in zip(group, side, strict=True) if at == which] for which in (1, -1)]
    return _on_its_first(parts[0]), _on_its_first(parts[1])


def _votes(inks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """For each place where some pages have the same letters and the others have not: 1 or -1 for each page."""
    high, wide = PATCH
    votes = []
    for y in range(0, inks.shape[1] - high, high // 2):
        for x in range(0, inks.shape[2] - wide, wide // 2):
            looks = inks[:, y : y + high, x : x + wide].reshape(len(inks), -1).astype(np.float32)
            spread = looks.std(axis=1)
            if (spread > DARKER).mean() < SOME[0]:
                continue
            looks = (looks - looks.mean(axis=1, keepdims=True)) / (np.maximum(spread, DARKER)[:, None])
            same = looks @ looks.T / looks.shape[1] > LIKE
            inked = spread > DARKER
            same |= ~inked & ~inked[:, None]
            partners = same[int(same.sum(axis=1).argmax())]
            # of print, every page has its partners; of handwriting, those who left the place empty have them
            if SOME[0] <= partners.mean() <= SOME[1] and (same.mean(axis=1) >= PARTNERS).mean() >= AGREED:
                votes.append(np.where(partners, 1.0, -1.0))
    return np.array(votes, np.float32).reshape(-1, len(inks))


def _side(votes: NDArray[np.float32]) -> NDArray[np.int64] | None:
    """On which of two sides each page is, 1 or -1, where enough places tell the same of nearly every page."""
    if len(votes) < LEAST_PATCHES:
        return None
    # the place that most others agree with, either way round, names the sides
    agree = np.abs(votes @ votes.T) / votes.shape[1]
    leader = votes[int((agree > 2 * AGREED - 1).sum(axis=1).argmax())]
    for _ in range(3):
        agreement = votes @ leader / votes.shape[1]
        follow = np.abs(agreement) > 2 * AGREED - 1
        if follow.sum() < LEAST_PATCHES:
            return None
        mean = (votes[follow] * np.sign(agreement[follow])[:, None]).mean(axis=0)
        leader = np.where(mean >= 0, 1.0, -1.0).astype(np.float32)
    sure = np.abs(mean) >= SURE
    return leader.astype(np.int64) if sure.mean() >= AGREED else None


def _on_its_first(part: list[Lying]) -> list[Lying]:
    """The same scans, and how they lie on the first of them."""
    to_group = np.linalg.inv(part[0].matrix) if part else np.eye(3)
    return [replace(one, matrix=one.matrix @ to_group) for one in part]


def _or_as_before(matrix: Matrix | None, one: Lying) -> Matrix:
    return one.matrix if matrix is None else matrix


def _lying_on(first: Sheet, other: Sheet, index: int) -> Lying | None:
    """About how a scan lies on another one; None where they show different pages."""
    pair = match_features(first.features, other.features, STRONGEST)
    if pair is None:
        return None
    cv2.setRNGSeed(0)
    here, there = (points / sheet.feature_scale for points, sheet in zip(pair, (first, other), strict=True))
    reach = 6 / first.feature_scale
    found: Any = cv2.estimateAffinePartial2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=reach, maxIters=2000)
    if found[0] is None or int(found[1].sum()) < SAME_PRINT:
        return None
    return Lying(index, np.vstack([found[0], [0.0, 0.0, 1.0]]), 0.0)


def place_over(one: Common, other: Common) -> list[Lying]:
    """How the scans of another page lie in the frame of this one, by the print that the two share."""
    place = register_on_page(BlankPage(1, one.image), Sheet(other.image))
    if place.matrix is None or place.score < LAID:
        return list(other.lying)
    return [replace(scan, matrix=scan.matrix @ place.matrix) for scan in other.lying]


def has_same_print(one: Common, other: Common) -> bool:
    """Whether two averaged pages (``Common``) show the same printed page, each with the print of the other."""
    there = register_on_page(BlankPage(1, one.image), Sheet(other.image)).score
    return there >= ACCEPTED and register_on_page(BlankPage(1, other.image), Sheet(one.image)).score >= ACCEPTED


def find_shared_print(one: Grey, other: Grey, dpi: float) -> Grey | None:
    """Another page with the first one's pixels, but for the words that only one of the two has.

    Where they differ tells such pages apart, so they must not differ in the traces of handwriting.

    Args:
        one: the first page.
        other: the other one, laid over it.
        dpi: of both.

    Returns:
        None where they have the same words.
    """
    mm = dpi / 25.4
    near = np.ones((2 * round(STRAY_MM * mm) + 1,) * 2, np.uint8)
    first, second = ((grey < 255 - 2 * DARK).astype(np.uint8) for grey in (one, other))
    single = np.asarray(((first > 0) & ~_grown(second, near)) | ((second > 0) & ~_grown(first, near)))
    joined = cv2.dilate(single.astype(np.uint8), np.ones([round(side * mm) | 1 for side in JOINED_MM], np.uint8))
    count, label = cv2.connectedComponents(joined)
    words = np.bincount(label[single], minlength=count) >= DIFFERENT_MM2 * mm**2
    words[0] = False
    if not words.any():
        return None
    around = np.ones((2 * round(AROUND_MM * mm / 2) + 1,) * 2, np.uint8)
    apart = cv2.dilate(words[label].astype(np.uint8), around) > 0
    return np.asarray(np.where(apart, other, one), np.uint8)


def _grown(ink: Grey, by: Grey) -> Mask:
    return np.asarray(cv2.dilate(ink, by) > 0)
