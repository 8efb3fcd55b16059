"""Whether two pages are scans of one sheet: the very same strokes, part by part, or only writing in the same places.

Takes the ink of two pages as it lies on one page of the task. The quick look at whole pages comes first; then parts of
them are laid on each other. Writing on the same ruled lines lies on other writing by chance, for two thirds of its
strokes and more. So all parts must agree, and each is laid where it fits best: then two scans of one stroke lie within
a third of a millimetre, and two hands do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.ink import EDGE_MM, Mask

SIGNATURE = (48, 64)
SAME_LOOK = 0.8
LETTER_MM2 = 0.6  # of ink: a piece of a name that tells it from another
LETTER_REACH_MM = 0.5
PART_MM = 16.0  # the side of a part, about two lines of writing
STRAY_MM = 1.0  # by how much a part may lie apart: no sheet lies quite flat
STROKE_MM = 0.35  # around a stroke: two scans draw it so far apart, or so much bolder
LEAST_MM2, ENOUGH_MM2 = 2.0, 4.0  # of ink: less is no part, and of a part with less, each speck would count for much
STREAK_MM, STREAK_SHARE = 2.0, 0.5  # how wide a scanner's streak is at most, and how much of a part it runs along
# Of 96 pairs of scans of one sheet, in another tone and size, askew, blurred, with a streak, the part that fitted worst
# had 0.9 and more; where two streaks crossed, one or two parts had 0.5 to 0.8. Of two students' pages in one bold hand,
# on the same lines, a quarter of the parts and more had less than 0.85.
PART_AGREES, MOST_PARTS = 0.85, 0.76
SPOILT, SPOILT_TIMES = 2, 2  # parts that may be spoilt on a short page, and times as many that must agree


class Sameness(Enum):
    """Whether the same strokes are on two pages."""

    SAME = "same"
    UNSURE = "unsure"  # nearly all of them: an alike page of another student, or the same one after more was written
    OTHER = "other"


def make_signature(ink: Mask) -> NDArray[np.uint8]:
    """New ink at a size at which two scans of one sheet look the same: uint8 (64, 48)."""
    small = cv2.resize(ink.astype(np.float32), SIGNATURE, interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(cv2.GaussianBlur(small, (0, 0), 0.8) * 1000, 0, 255), np.uint8)


def is_alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Whether two signatures may be of the same sheet: quick, to be followed by ``compare_strokes``."""
    first, second = one.astype(np.float32).ravel(), other.astype(np.float32).ravel()
    if first.std() < 1 or second.std() < 1:
        return False
    return bool(np.corrcoef(first, second)[0, 1] > SAME_LOOK)


def compare_strokes(one: Mask, other: Mask, dpi: float) -> Sameness:
    """Whether two pages carry the very same strokes, in each of their parts and both ways.

    Args:
        one: new ink of a page.
        other: of another one that lies on the same page of the task, the same shape.
        dpi: of both.
    """
    agreement = list(_measure_parts(one, other, dpi / 25.4))
    agreeing = sum(share >= PART_AGREES for share in agreement)
    if agreement and agreeing == len(agreement):
        return Sameness.SAME
    # a hair or a spot on the glass lies in some parts, which may be much of a short page
    apart = len(agreement) - agreeing
    is_unsure = agreeing >= SPOILT_TIMES * apart and apart <= max(SPOILT, (1 - MOST_PARTS) * len(agreement))
    return Sameness.UNSURE if is_unsure else Sameness.OTHER


def _measure_parts(one: Mask, other: Mask, mm: float) -> Iterator[float]:
    """For each part with writing, the share of strokes that are on both pages: of the page that has more alone."""
    edge, stray, side = round(EDGE_MM * mm), round(STRAY_MM * mm), round(PART_MM * mm)
    inner = [ink[edge : ink.shape[0] - edge, edge : ink.shape[1] - edge].astype(np.uint8) for ink in (one, other)]
    here, there = (np.pad(ink, stray) for ink in inner)
    wide = 2 * round(STROKE_MM * mm) + 1
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    near_here, near_there = cv2.dilate(here, around), cv2.dilate(there, around)
    for top in range(stray, here.shape[0] - stray, side):
        for left in range(stray, here.shape[1] - stray, side):
            bottom, right = min(top + side, here.shape[0] - stray), min(left + side, here.shape[1] - stray)
            part, theirs = here[top:bottom, left:right], there[top:bottom, left:right]
            if max(part.sum(), theirs.sum()) < LEAST_MM2 * mm**2:
                continue
            x, y = _find_stray(part, there[top - stray : bottom + stray, left - stray : right + stray], stray)
            moved = np.s_[top + y : bottom + y, left + x : right + x]
            yield min(
                _share_on_both(part > 0, near_there[moved] > 0, mm),
                _share_on_both(there[moved] > 0, near_here[top:bottom, left:right] > 0, mm),
            )


def _find_stray(part: NDArray[np.uint8], theirs: NDArray[np.uint8], stray: int) -> tuple[int, int]:
    """By how many pixels a part lies apart on the other page: x and y; nothing where only one page is written on."""
    if not part.any() or not theirs.any():
        return 0, 0
    fits = cv2.matchTemplate(theirs.astype(np.float32), part.astype(np.float32), cv2.TM_CCORR_NORMED)
    _, _, _, (x, y) = cv2.minMaxLoc(fits)
    return x - stray, y - stray


def _share_on_both(ink: Mask, near: Mask, mm: float) -> float:
    """The share of a part's ink that is on both pages, a scanner's streak left out.

    Args:
        ink: of one page.
        near: where the other page has ink, or has some beside it.
        mm: pixels of a millimetre.
    """
    alone = np.asarray(ink & ~near)
    streak = max(_measure_streak(alone, mm), _measure_streak(alone.T, mm))
    return 1 - (int(alone.sum()) - streak) / max(int(ink.sum()) - streak, ENOUGH_MM2 * mm**2)


def _measure_streak(alone: Mask, mm: float) -> int:
    """Pixels of the narrow upright strip in which most of it is, if it runs along there as no letter does."""
    wide = round(STREAK_MM * mm)
    if alone.shape[1] < wide:
        return 0
    strips = np.convolve(alone.sum(axis=0), np.ones(wide, np.int64), "valid")
    at = int(strips.argmax())
    runs_along = alone[:, at : at + wide].any(axis=1).mean() >= STREAK_SHARE
    return int(strips[at]) if runs_along else 0


def measure_worst_letter(one: Mask, other: Mask, dpi: float) -> float:
    """How much of the letter that fits worst has strokes on the other page, within half a millimetre: 0 to 1.

    Short names in one hand cover each other well, and what is left of the print fits on every page. One letter that
    does not fit tells them apart. Two scans of one sheet measure 0.95 to 1, two names 0.3 to 0.9.
    """

    def shares(ink: Mask, of: Mask) -> Iterator[float]:
        reach = round(LETTER_REACH_MM * dpi / 25.4)
        near = cv2.dilate(of.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
        _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
        fitting = np.bincount(np.asarray(labels)[near].ravel(), minlength=len(stats))
        for piece in range(1, len(stats)):
            size = int(stats[piece, cv2.CC_STAT_AREA])
            if size >= LETTER_MM2 * (dpi / 25.4) ** 2:
                yield float(fitting[piece]) / size

    return min((*shares(one, other), *shares(other, one)), default=0.0)
