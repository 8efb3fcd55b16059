"""What was written on a page, and how the ink of a name runs out of its field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.model.page import Box
from mssw.vision.ink import Grey, Mask, depth, normalised

STRAY_MM = 0.5  # how far a scan's print may lie beside the blank's
FAINTEST = 16  # grey levels darker than the paper that still count as ink
CORE_MM = 2.4  # the rim of a cover, where other writing may reach in
GAP_LETTERS = 1.5  # letters' heights between two pieces of one line of writing
STREAK_LEVELS = 5  # grey levels darker than both neighbours
STREAK_SHARE = 0.45  # of the page's length
HIDDEN_LETTERS = 0.9  # letters' heights that may hide in print where a name runs into it
TALLEST_RUN_MM = 15.0
WIDEST_RUN_MM = 110.0
INK_OF_A_NAME_MM2 = 1.2  # less than the ink of two letters is no name


@dataclass(frozen=True, slots=True)
class Trace:
    """What stands in a name field and where it runs to.

    Attributes:
        written: mm² of new ink inside the field.
        runs: places outside the field that belong to the name, in fractions of the page.
        doubt: why the extent of the name is not sure; empty where it is.
    """

    written: float
    runs: tuple[Box, ...]
    doubt: str


def new_ink(page: Grey, blank: Grey, dpi: float, dirt: Mask | None = None) -> Mask:
    """Ink on the registered page that the blank does not have.

    Args:
        page: the scan warped into the blank's frame, (height, width) uint8.
        blank: the blank page, the same shape.
        dpi: of both.
        dirt: where the scanner drew streaks of its own, the same shape.
    """
    reach = round(dpi / 5) | 1
    dark = depth(page, reach=reach)
    noise = float(np.median(dark[::4, ::4])) * 1.48
    ink = (dark > max(FAINTEST, 3.5 * noise)).astype(np.uint8)
    if dirt is not None:
        ink[dirt] = 0
    printed = print_of(blank, dpi)
    new = np.asarray((ink > 0) & ~printed)
    # strokes that cross a printed rule are one stroke: join them over the print, and nowhere else
    gap = round(1.9 * dpi / 25.4) | 1
    joined = cv2.morphologyEx(new.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8))
    joined |= cv2.morphologyEx(new.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    return _without_specks(np.asarray(new | ((joined > 0) & printed & (ink > 0))), dpi)


def print_of(blank: Grey, dpi: float) -> Mask:
    """The blank's print, grown by what a scan may stray."""
    stray = round(STRAY_MM * dpi / 25.4)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * stray + 1, 2 * stray + 1))
    ink = (normalised(blank, reach=round(dpi / 5) | 1) > 40).astype(np.uint8)
    return np.asarray(cv2.dilate(ink, kernel) > 0)


def _without_specks(ink: Mask, dpi: float) -> Mask:
    """Drop the dust: pieces under 0.1 mm² with nothing near."""
    least = max(3, round(0.1 * (dpi / 25.4) ** 2))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    keep = stats[:, cv2.CC_STAT_AREA] >= least
    keep[0] = False
    return np.asarray(keep[labels]) if count > 1 else ink


def streaks(scan: Grey) -> Mask:
    """Lines that the scanner drew: dust on its glass makes them run straight along the whole feed.

    Args:
        scan: the page as scanned, before it is straightened, (height, width) uint8.
    """
    found = np.zeros(scan.shape, bool)
    for turned in (False, True):
        page = scan.T if turned else scan
        beside = cv2.medianBlur(np.ascontiguousarray(page), 5) if page.shape[1] > 5 else page
        beside = np.minimum(np.roll(beside, 5, axis=1), np.roll(beside, -5, axis=1))
        darker = (beside.astype(np.int16) - page) > STREAK_LEVELS
        columns = np.flatnonzero(darker.mean(axis=0) > STREAK_SHARE)
        columns = columns[(columns > 5) & (columns < page.shape[1] - 6)]
        for column in columns:
            (found.T if turned else found)[:, column - 2 : column + 3] = True
    return found


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


def trace_name(pieces: Pieces, field: Box, others: Sequence[Box] = ()) -> Trace:
    """Follow the ink of a name out of its field.

    Args:
        pieces: the page's new ink.
        field: the cover's fixed place.
        others: other name fields of the page; what runs into one of them needs no following there.
    """
    area = field.to_pixels(pieces.width, pieces.height)
    inside = pieces.inside(area)
    rim = round(CORE_MM * pieces.mm)
    core = pieces.inside((area[0], area[1] + rim, area[2] - rim // 2, area[3] - rim))
    written = float(inside.sum()) / pieces.mm**2
    if written < INK_OF_A_NAME_MM2:
        return Trace(written, (), "")
    name = _pieces_of_the_name(pieces, inside, core)
    chained = _along_the_line(pieces, name, area)
    taken = name | chained
    taken |= _dots_of(pieces, taken)
    runs = _one_a_side(_outside(pieces, taken, area) + _into_print(pieces, taken, area), area)
    doubt = _doubt(pieces, runs, area)
    boxes = tuple(_box(pieces, run) for run in runs)
    return Trace(written, tuple(b for b in boxes if not any(_within(b, other) for other in others)), doubt)


Chosen = NDArray[np.bool_]


def _pieces_of_the_name(pieces: Pieces, inside: NDArray[np.int64], core: NDArray[np.int64]) -> Chosen:
    """Pieces mostly in the field, or that reach its core: not an answer's tall letter that touches the rim."""
    enough = inside >= 3
    mostly = inside >= 0.3 * pieces.area
    reaches = core >= np.maximum(4, 0.08 * pieces.area)
    return np.asarray(enough & (mostly | reaches))


def _letter_height(pieces: Pieces, name: Chosen) -> float:
    """The usual height of the name's letters, in pixels, within what people write."""
    tall = pieces.tall[name & (pieces.tall >= 1.2 * pieces.mm)]
    usual = float(np.median(tall)) if len(tall) else 4 * pieces.mm
    return float(np.clip(usual, 2.8 * pieces.mm, 9 * pieces.mm))


def _along_the_line(pieces: Pieces, name: Chosen, area: tuple[int, int, int, int]) -> Chosen:
    """Pieces that go on where the name leaves the field, to the right or the left, on its own line."""
    letter = _letter_height(pieces, name)
    chosen = np.zeros(pieces.count, bool)
    for step in (1, -1):
        chosen |= _chain(pieces, name, area, letter, step)
    return chosen


def _chain(pieces: Pieces, name: Chosen, area: tuple[int, int, int, int], letter: float, step: int) -> Chosen:
    chosen = np.zeros(pieces.count, bool)
    head, tail = (pieces.left, pieces.right) if step > 0 else (-pieces.right, -pieces.left)
    edge = area[2] if step > 0 else -area[0]
    if not name.any():
        return chosen
    end = float(tail[name].max())
    if edge - end > GAP_LETTERS * letter:
        return chosen
    middle = (pieces.top + pieces.bottom) / 2
    while True:
        line = (name | chosen) & (tail > end - 12 * letter) & (pieces.tall > 0.4 * letter)
        if not line.any():
            return chosen
        top, bottom = (
            float(np.percentile(pieces.top[line], 25)),
            float(np.percentile(pieces.bottom[line], 75)),
        )
        slack = 0.6 * letter
        follows = (
            (head <= end + GAP_LETTERS * letter)
            & (tail > edge - 0.5 * letter)
            & (middle > top - slack)
            & (middle < bottom + slack)
            & (pieces.tall < 2.6 * letter)
            & ~name
            & ~chosen
        )
        follows[0] = False
        if not follows.any():
            return chosen
        chosen |= follows
        end = max(end, float(tail[follows].max()))


def _dots_of(pieces: Pieces, taken: Chosen) -> Chosen:
    """Dots and accents that stand close over the ink that was taken."""
    near = np.zeros((pieces.height, pieces.width), np.uint8)
    for i in np.flatnonzero(taken):
        pad = round(1.2 * pieces.mm)
        near[
            max(0, pieces.top[i] - 2 * pad) : pieces.bottom[i],
            max(0, pieces.left[i] - pad) : pieces.right[i] + pad,
        ] = 1
    small = (pieces.tall < 2.2 * pieces.mm) & ((pieces.right - pieces.left) < 3.5 * pieces.mm)
    touched = np.bincount(pieces.labels[near > 0], minlength=pieces.count) > 0
    touched[0] = False
    return np.asarray(small & touched)


def _outside(pieces: Pieces, taken: Chosen, area: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """Boxes around what was taken beyond the field, neighbours joined."""
    left, top, right, bottom = area
    beyond = np.asarray(taken[pieces.labels])
    beyond[top:bottom, left:right] = False
    if not beyond.any():
        return []
    grow = round(1.0 * pieces.mm)
    grown = cv2.dilate(beyond.astype(np.uint8), np.ones((2 * grow + 1, 2 * grow + 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(grown)
    return [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]


def _into_print(pieces: Pieces, taken: Chosen, area: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """Where the name runs into printed words, its last letter may hide in them: cover one letter more."""
    letter = _letter_height(pieces, taken)
    ends = []
    for step in (1, -1):
        end = int(pieces.right[taken].max()) if step > 0 else int(pieces.left[taken].min())
        edge = area[2] if step > 0 else area[0]
        if step * (end - edge) < -0.35 * letter:
            continue
        last = taken & (step * (pieces.right if step > 0 else pieces.left) >= step * end - 1.5 * letter)
        top, bottom = int(pieces.top[last].min()), int(pieces.bottom[last].max())
        top, bottom = max(top, area[1] - round(letter)), min(bottom, area[3] + round(letter))
        reach = end + step * round(HIDDEN_LETTERS * letter)
        left, right = sorted((end - step * 2, reach))
        if bottom > top and pieces.print[top:bottom, max(0, left) : max(0, right)].any():
            ends.append((left, top - 2, right, bottom + 2))
    return ends


Run = tuple[int, int, int, int]


def _one_a_side(runs: list[Run], area: Run) -> list[Run]:
    """What runs out to the right, or to the left, as one box that joins the field; the rest as it is."""
    right = [run for run in runs if run[0] >= area[2] - 2]
    left = [run for run in runs if run[2] <= area[0] + 2 and run not in right]
    rest = [run for run in runs if run not in right and run not in left]
    for side in (right, left):
        if side:
            edges = (
                (*side, (area[2], side[0][1], area[2], side[0][3]))
                if side is right
                else (*side, (area[0], side[0][1], area[0], side[0][3]))
            )
            rest.append(
                (
                    min(r[0] for r in edges),
                    min(r[1] for r in edges),
                    max(r[2] for r in edges),
                    max(r[3] for r in edges),
                )
            )
    return rest


def _doubt(pieces: Pieces, runs: Iterable[tuple[int, int, int, int]], area: tuple[int, int, int, int]) -> str:
    for left, top, right, bottom in runs:
        above, below = area[1] - top, bottom - area[3]
        if max(above, below) > TALLEST_RUN_MM * pieces.mm or right - left > WIDEST_RUN_MM * pieces.mm:
            return "writing runs from the name field far into the page"
    return ""


def _box(pieces: Pieces, run: tuple[int, int, int, int]) -> Box:
    left, top, right, bottom = run
    return Box.from_pixels(
        max(0, left),
        max(0, top),
        min(pieces.width, right),
        min(pieces.height, bottom),
        pieces.width,
        pieces.height,
    )


def _within(one: Box, other: Box) -> bool:
    return other.x <= one.x and other.y <= one.y and one.right <= other.right and one.bottom <= other.bottom
