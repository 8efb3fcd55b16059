"""Separate what was written on a page from what was printed on it.

Takes a page and its blank, returns the new ink in pieces. What was written with which pen tells whether a front and a
back can belong to one sheet, where nothing else does.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.blank_page import BlankPage, compute_once
from mssw.vision.ink import Grey, Mask, measure_ink_depth, normalise_ink

STRAY_MM = 0.5  # how far a scan's print may lie beside the blank's
FAINTEST = 16  # grey levels darker than the paper that still count as ink
CLOSE_MM, DENSE = 4.0, 0.45  # print, with its rim, takes up half of a printed word, and a quarter of a ruled line
STREAK_LEVELS = 5  # grey levels darker than both neighbours
STREAK_SHARE = 0.45  # of the page's length
STREAK_BESIDE = 5  # pixels between a streak and the paper beside it

# What a page was written with
EDGE_MM = 12.0  # the scanner's shadows are not ink
LEAST_INK_MM2 = 6.0  # less says nothing of the pen
ROUNDS = 4000
CHANCE = 0.002  # how often chance may pair pens as well as this, for it to count
FEWEST_SHEETS = 8
DARK_PRINT = 150  # of 255: the middle of a printed stroke

Pen = tuple[float, float, float]


def find_new_ink(page: Grey, blank: BlankPage, dpi: float, dirt: Mask | None = None) -> Mask:
    """Ink on the registered page that the blank does not have.

    Args:
        page: the scan warped into the blank's frame, (height, width) uint8.
        blank: the blank page, of the same shape.
        dpi: of both.
        dirt: where the scanner drew streaks of its own, the same shape.
    """
    return find_ink_beside(page, find_print(blank, dpi), dpi, dirt)


def find_ink_beside(page: Grey, printed: Mask, dpi: float, dirt: Mask | None = None) -> Mask:
    """Ink on a page that is no print, whichever way it is known what is printed there.

    Args:
        page: upright, (height, width) uint8.
        printed: its print, grown by what a scan may stray, the same shape.
        dpi: of both.
        dirt: where the scanner drew streaks of its own, the same shape.
    """
    reach = round(dpi / 5) | 1
    dark = measure_ink_depth(page, reach=reach)
    noise = float(np.median(dark[::4, ::4])) * 1.48
    ink = (dark > max(FAINTEST, 3.5 * noise)).astype(np.uint8)
    if dirt is not None:
        ink[dirt] = 0
    new = np.asarray((ink > 0) & ~printed)
    # strokes that cross a printed rule are one stroke: join them over the print, and nowhere else
    gap = round(1.9 * dpi / 25.4) | 1
    joined = cv2.morphologyEx(new.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8))
    across = cv2.morphologyEx(new.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    joined = cv2.bitwise_or(joined, across)
    return _without_specks(np.asarray(new | ((joined > 0) & printed & (ink > 0))), dpi)


@compute_once
def find_print(blank: BlankPage, dpi: float) -> Mask:
    """The blank's print, grown by what a scan may stray; made once a page of the task."""
    return find_print_on(blank.grey, dpi)


def find_print_on(grey: Grey, dpi: float) -> Mask:
    """What is printed on a page that holds nothing else, grown by what a scan may stray."""
    stray = round(STRAY_MM * dpi / 25.4)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * stray + 1, 2 * stray + 1))
    ink = (normalise_ink(grey, reach=round(dpi / 5) | 1) > 40).astype(np.uint8)
    return np.asarray(cv2.dilate(ink, kernel) > 0)


@compute_once
def find_printed_words(blank: BlankPage, dpi: float) -> Mask:
    """The words that are printed on a page of the task; see ``keep_words``."""
    return keep_words(find_print(blank, dpi), dpi)


def keep_words(printed: Mask, dpi: float) -> Mask:
    """The print that makes words and not ruled lines: what is read there is the task's own text.

    Args:
        printed: see ``find_print``.
        dpi: of it.
    """
    reach = round(CLOSE_MM * dpi / 25.4) | 1
    return np.asarray(printed & (cv2.blur(printed.astype(np.float32), (reach, reach)) > DENSE))


def _without_specks(ink: Mask, dpi: float) -> Mask:
    """Drop the dust: ink with less than 0.1 mm² of ink around it."""
    least = max(3, round(0.1 * (dpi / 25.4) ** 2))
    reach = round(0.4 * dpi / 25.4)
    around = cv2.boxFilter(ink.astype(np.uint8), -1, (2 * reach + 1, 2 * reach + 1), normalize=False)
    return np.asarray(ink & (around >= least))


def find_streaks(scan: Grey) -> Mask:
    """Lines that the scanner drew: dust on its glass makes them run straight along the whole feed.

    Args:
        scan: the page as scanned, before it is straightened, (height, width) uint8.
    """
    found = np.zeros(scan.shape, bool)
    for turned in (False, True):
        page = scan.T if turned else scan
        for column in _darker_columns(page):
            beside = np.minimum(_median_of(page, column - STREAK_BESIDE), _median_of(page, column + STREAK_BESIDE))
            darker = beside.astype(np.int16) - page[:, column] > STREAK_LEVELS
            if darker.mean() > STREAK_SHARE:
                (found.T if turned else found)[:, column - 2 : column + 3] = True
    return found


def _darker_columns(page: Grey) -> list[int]:
    """Columns that are darker on the whole than those beside them: the few that are worth a closer look."""
    whole = page.mean(axis=0, dtype=np.float32)
    rim = STREAK_BESIDE + 3
    beside = np.minimum(np.roll(whole, STREAK_BESIDE), np.roll(whole, -STREAK_BESIDE))
    darkest = (whole <= np.roll(whole, 1)) & (whole <= np.roll(whole, -1))
    candidates = np.flatnonzero(darkest & (beside - whole > 0.9 * STREAK_LEVELS * STREAK_SHARE))
    return [int(x) for x in candidates if rim <= x < page.shape[1] - rim]


def _median_of(page: Grey, column: int) -> Grey:
    """The middle of five neighbouring columns, row by row."""
    return np.asarray(np.median(page[:, column - 2 : column + 3], axis=1), np.uint8)


class Pieces:
    """The connected pieces of a page's new ink.

    Args:
        ink: new ink.
        dpi: its resolution.
        print_: the blank's print, the same shape.
    """

    def __init__(self, ink: Mask, dpi: float, print_: Mask) -> None:
        self.mm = dpi / 25.4
        self.print = print_
        self.height, self.width = ink.shape
        closed = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        _, self.labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
        self.left, self.top = stats[:, 0], stats[:, 1]
        self.right, self.bottom = stats[:, 0] + stats[:, 2], stats[:, 1] + stats[:, 3]
        self.tall, self.area = stats[:, 3], stats[:, 4]
        self.count = len(stats)

    def inside(self, area: tuple[int, int, int, int]) -> NDArray[np.int64]:
        """How many pixels of each piece lie in (left, top, right, bottom)."""
        left, top, right, bottom = area
        counts = np.bincount(self.labels[top:bottom, left:right].ravel(), minlength=self.count)
        counts[0] = 0
        return counts.astype(np.int64)


class InkViews:
    """A page's new ink in pieces, as it is and turned, for what is written up or down the page.

    Args:
        ink: new ink.
        dpi: its resolution.
        print_: the blank's print, the same shape.
    """

    def __init__(self, ink: Mask, dpi: float, print_: Mask) -> None:
        self.ink, self.dpi, self.print = ink, dpi, print_
        self._made: dict[int, Pieces] = {}

    def turned(self, degrees: int) -> Pieces:
        """The pieces of the page turned clockwise by so many degrees, a multiple of 90."""
        if degrees not in self._made:
            ink, printed = (np.ascontiguousarray(np.rot90(mask, -degrees // 90)) for mask in (self.ink, self.print))
            self._made[degrees] = Pieces(ink, self.dpi, printed)
        return self._made[degrees]


def describe_pen(page: Grey, ink: Mask, blank: BlankPage, dpi: float) -> Pen | None:
    """How dark, how wide and how tall a page's strokes are; None where too little is written.

    Darkness is taken against the page's own print, so that the scanner's setting does not count.

    Args:
        page: the registered page, (height, width) uint8.
        ink: what was written on it, the same shape.
        blank: the page of the task that it was printed from, of the same shape.
        dpi: of all.
    """
    edge = round(EDGE_MM * dpi / 25.4)
    inner = np.s_[edge:-edge, edge:-edge]
    dark = measure_ink_depth(page, reach=round(dpi / 5) | 1)[inner]
    written = ink[inner].astype(np.uint8)
    printed = (normalise_ink(blank.grey, reach=round(dpi / 5) | 1) > DARK_PRINT)[inner]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(written)
    strokes = stats[:, cv2.CC_STAT_AREA] > (0.25 * dpi / 25.4) ** 2 * 4
    strokes[0] = False
    drawn = strokes[labels]
    if drawn.sum() < LEAST_INK_MM2 * (dpi / 25.4) ** 2 or not printed.any():
        return None
    outlines, _ = cv2.findContours(drawn.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    around = sum(len(outline) for outline in outlines)
    darkness = float(np.percentile(dark[drawn], 75)) / max(1.0, float(np.percentile(dark[printed], 75)))
    return darkness, 2 * float(drawn.sum()) / around, float(np.median(stats[strokes, cv2.CC_STAT_HEIGHT]))


def pairs_fit(fronts: Sequence[Pen | None], backs: Sequence[Pen | None]) -> bool:
    """Whether fronts and backs, one by one, were written with the same pens, beyond what chance would give."""
    both = [(one, other) for one, other in zip(fronts, backs, strict=True) if one is not None and other is not None]
    if len(both) < FEWEST_SHEETS:
        return False
    first, second = (_scaled(np.array(side, float)) for side in zip(*both, strict=True))
    chance = np.random.default_rng(0)
    shuffled = [_apart(first, chance.permutation(second)) for _ in range(ROUNDS)]
    return bool(np.mean(np.array(shuffled) <= _apart(first, second)) < CHANCE)


def _scaled(pens: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each measure by its rank, so that one odd pen decides nothing."""
    return np.asarray(pens.argsort(axis=0).argsort(axis=0) / len(pens))


def _apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(np.abs(one - other).sum())
