"""Separate what was written on a page from what was printed on it: by its blank, or by how print looks.

Takes a page and its blank, returns the new ink in pieces; or a page alone, and returns its ``Layers``: rules, lines of
type, and the rest. What was written with which pen tells whether a front and a back can belong to one sheet, where
nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.blank_page import BlankPage, compute_once
from mssw.vision.ink import Grey, Mask, measure_ink_depth, normalise_ink
from mssw.vision.orientation import Place

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


# Without a blank: what looks like print

RULE_MM = 9.0
WALL_MM = 5.5  # an upright stroke so long that also meets a rule is a box's side
MEETS_MM = 1.2
SMALL_GAP_MM = 1.0  # in a box's border, as copiers leave
THICKEST = 7  # pixels of a rule at 150 dpi
LEANS = 0.008  # of its length, a rule may lean: no page is quite straight, no feed quite even
FLUSH = 1.0  # pixels by which type can be off its line
# measured on 1,429 printed and 1,132 written lines: 90 % of the first pass as type, 25 % of the others
ON_THE_LINE, ONE_HEIGHT = 0.6, 0.7
LEAST_LETTERS = 2
PAPER = 255


def find_drawn_rules(ink: Mask, dpi: float, lines: Sequence[Place]) -> Mask:
    """Find straight rules, dotted ones too, and the sides of boxes.

    Args:
        ink: of the page, straightened.
        dpi: of it.
        lines: where text is: its letters look like dots in a row.
    """
    mm = dpi / 25.4
    text = np.zeros(ink.shape, np.uint8)
    for left, top, right, bottom in lines:
        text[top:bottom, left:right] = 1
    flat = _lines(ink, round(RULE_MM * mm)) | _lines(_bridged(ink), round(RULE_MM * mm), unlike=text > 0)
    wall = _lines(ink.T, round(WALL_MM * mm)).T
    return np.asarray(flat | _between_rules(wall, flat, round(MEETS_MM * mm)))


def _between_rules(wall: Mask, flat: Mask, reach: int) -> Mask:
    """The upright lines that end at a rule both above and below: not the stem of a large letter."""
    near = cv2.dilate(flat.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(wall.astype(np.uint8))
    keep = np.zeros(count, bool)
    for number, (left, top, wide, tall, _) in enumerate(stats[1:], 1):
        columns = slice(left, left + wide)
        keep[number] = near[top : top + reach, columns].any() and near[top + tall - reach : top + tall, columns].any()
    return np.asarray(keep[labels])


def find_cells(rules: Mask, points: Sequence[tuple[int, int]], dpi: float) -> list[Place | None]:
    """Find the drawn boxes around points (x, y); None for a point in no box.

    Args:
        rules: of the page.
        points: in pixels.
        dpi: of the page.
    """
    gaps = round(SMALL_GAP_MM * dpi / 25.4) | 1
    closed = cv2.morphologyEx(rules.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((gaps, gaps), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(1 - closed, connectivity=4)
    height, width = rules.shape
    cells: list[Place | None] = []
    for x, y in points:
        left, top, wide, tall, _ = (int(v) for v in stats[labels[y, x]])
        inside = left > 0 and top > 0 and left + wide < width and top + tall < height and not closed[y, x]
        cells.append((left, top, left + wide, top + tall) if inside else None)
    return cells


def _bridged(ink: Mask) -> Mask:
    """Dots in a row as one line."""
    return np.asarray(cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8)) > 0)


def _lines(ink: Mask, length: int, unlike: Mask | None = None) -> Mask:
    """Thin level lines of that many pixels or more, those that lie wholly on ``unlike`` left out."""
    drawn = cv2.morphologyEx(np.ascontiguousarray(ink, np.uint8), cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(drawn)
    keep = stats[:, 3] <= THICKEST + LEANS * stats[:, 2]
    if unlike is not None:
        beyond = np.bincount(labels[~unlike], minlength=count)
        keep &= beyond > 0.3 * stats[:, 4]
    keep[0] = False
    return np.asarray(keep[labels])


def is_typed(ink: Mask, place: Place) -> bool:
    """Whether a line is typed: only type keeps its letters on one line, in one or two heights.

    Args:
        ink: of the page without its rules, straightened.
        place: of the line.
    """
    left, top, right, bottom = place
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink[top:bottom, left:right].astype(np.uint8))
    stats = stats[1:][stats[1:, 4] >= 6]
    if not len(stats):
        return False
    usual = float(np.percentile(stats[:, 3], 80))
    fits = (stats[:, 3] >= 0.45 * usual) & (stats[:, 3] < 1.6 * usual) & (stats[:, 2] < 3 * usual)
    letters = stats[fits]
    if len(letters) < LEAST_LETTERS:
        return False
    heads, feet = letters[:, 1].astype(float), (letters[:, 1] + letters[:, 3]).astype(float)
    middle = letters[:, 0] + letters[:, 2] / 2
    flush = max(_largest(feet - slope * middle) for slope in np.linspace(-0.03, 0.03, 13))
    return flush >= ON_THE_LINE and _two_largest(heads) >= ONE_HEIGHT


def _near(values: NDArray[np.float64]) -> Mask:
    """Which values lie within a pixel of each value."""
    return np.asarray(np.abs(values[:, None] - values[None]) <= FLUSH)


def _largest(values: NDArray[np.float64]) -> float:
    """The share of values that are as good as one."""
    return float(_near(values).mean(axis=1).max())


def _two_largest(values: NDArray[np.float64]) -> float:
    """The share of values that are as good as one of two: capitals and small letters."""
    near = _near(values)
    first = near[int(near.sum(axis=1).argmax())]
    return float((near | first).mean(axis=1).max())


def draw_blank(grey: Grey, rules: Mask, words: Iterable[Place]) -> Grey:
    """Draw the page as it may have been printed: its rules, and the ink in the places of printed words; else paper.

    Args:
        grey: the page, straightened, (height, width) uint8.
        rules: its rules.
        words: where something is printed.
    """
    kept = cv2.dilate(rules.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    for left, top, right, bottom in words:
        kept[top:bottom, left:right] = True
    out = np.full(grey.shape, PAPER, np.uint8)
    drawn = kept & find_ink(grey)
    out[drawn] = grey[drawn]
    return out


def find_ink(grey: Grey) -> Mask:
    """Find where a page has any ink."""
    return np.asarray(normalise_ink(grey, reach=31) > 90)


def clear_rules(ink: Mask, rules: Mask) -> Mask:
    """Clear the rules out of the ink, with the rim that a rule leaves."""
    return np.asarray(ink & ~(cv2.dilate(rules.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0))


@dataclass(frozen=True, slots=True)
class Layers:
    """A page taken apart.

    Attributes:
        grey: the page, upright and straight.
        dpi: of it.
        rules: its straight rules.
        ink: all else that is inked.
        lines: where its text is.
        typed: those of the lines that are print.
    """

    grey: Grey
    dpi: float
    rules: Mask
    ink: Mask
    lines: tuple[Place, ...]
    typed: tuple[Place, ...]

    @property
    def mm(self) -> float:
        """Pixels a millimetre."""
        return self.dpi / 25.4


def separate_layers(grey: Grey, dpi: float, lines: Sequence[Place]) -> Layers:
    """Separate a page into its layers.

    Args:
        grey: upright and straight, (height, width) uint8.
        dpi: of it.
        lines: where its text is, from the top down.
    """
    inked = find_ink(grey)
    rules = find_drawn_rules(inked, dpi, lines)
    ink = clear_rules(inked, rules)
    return Layers(grey, dpi, rules, ink, tuple(lines), tuple(line for line in lines if is_typed(ink, line)))
