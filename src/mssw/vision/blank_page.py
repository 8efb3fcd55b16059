"""The two pages that registration compares: a page of the blank task, and a scan.

In goes a page as grey pixels. Its features (ORB, and SIFT where ORB is not enough), its ink and its print are found
when they are first needed, and kept. The module also measures how much print of a blank is missing on a scan: a blank
that was filled in before it was scanned has ink that no other page of the class has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.ink import (
    Grey,
    Mask,
    Matrix,
    find_dashed_rules,
    find_rules,
    measure_ink_depth,
    normalise_ink,
    remove_rules,
    resize_to,
)

P = ParamSpec("P")
T = TypeVar("T")
Points = NDArray[np.float32]
Grid = NDArray[np.float32]

MOST = 3000  # features of a page
RATIO = 0.8  # Lowe's: the best match must be that much nearer than the next
FEATURE_SIDE = 1400  # pixels of the long side on which features are found
SCORE_SIDE = 1000  # pixels of the long side on which print is compared: 0.28 mm a pixel on a letter sheet
LONG_RULE = 40  # pixels at the scoring size: longer than any letter's stroke
MUCH_TEXT = 2500  # pixels at the scoring size: about two lines of bold print
TEXT_REACHES = 0.35  # of the page's height, from its first line of text to its last
RULE_MM = 11.0  # the same on paper

# Print that is missing on a scan
CELLS = (24, 32)  # across and down
ABSENT = 0.6  # of a cell's print, for the cell to count as absent
SOME_MM2 = 0.5  # in a cell; less is the edge of a stroke
TOO_MUCH_MM2 = 8.0  # of ink that nearly no page has: the least that a name takes
TOO_MUCH = 0.02  # of the blank's print absent from nearly every page; a blank task measures 0.000, also on few pages


@dataclass(frozen=True)
class Features:
    """Points (n, 2) as x, y in pixels, the strongest first, and what each looks like."""

    points: Points
    looks: NDArray[Any] | None


def find_orb_features(image: Grey) -> Features:
    """Quick features: good to some degrees of turn and any right angle."""
    return _strongest_first(*cv2.ORB.create(MOST, fastThreshold=7).detectAndCompute(image, None))


def find_sift_features(image: Grey) -> Features:
    """Slow features, for a page that the quick ones cannot place."""
    return _strongest_first(*cv2.SIFT.create(MOST).detectAndCompute(image, None))


def _strongest_first(points: Sequence[Any], looks: NDArray[Any] | None) -> Features:
    order = sorted(range(len(points)), key=lambda i: -points[i].response)
    places = np.array([points[i].pt for i in order], np.float32).reshape(-1, 2)
    return Features(places, None if looks is None else looks[order])


def match_features(known: Features, seen: Features, most: int) -> tuple[Points, Points] | None:
    """Points of two images that look like each other and like nothing else.

    Args:
        known: of the blank page.
        seen: of the scan.
        most: how many of the strongest known points are compared (twice as many seen ones): the cost is their product.

    Returns:
        Two (n, 2) arrays, point by point; None where fewer than five were found.
    """
    if known.looks is None or seen.looks is None or min(len(known.points), len(seen.points)) < 8:
        return None
    norm = cv2.NORM_HAMMING if known.looks.dtype == np.uint8 else cv2.NORM_L2
    found = [
        pair[0]
        for pair in cv2.BFMatcher(norm).knnMatch(known.looks[:most], seen.looks[: 2 * most], k=2)
        if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance
    ]
    if len(found) < 5:
        return None
    return known.points[[m.queryIdx for m in found]], seen.points[[m.trainIdx for m in found]]


def count_agreeing(pair: tuple[Points, Points] | None) -> int:
    """How many of the matches lie as one turned, shifted and scaled sheet."""
    if pair is None:
        return 0
    found: tuple[Any, Any] = cv2.estimateAffinePartial2D(
        *pair, method=cv2.RANSAC, ransacReprojThreshold=6, maxIters=2000
    )
    return 0 if found[0] is None else int(found[1].sum())


class Sheet:
    """A page as grey, (height, width) uint8, with what registration looks at, each made once and when first needed."""

    def __init__(self, grey: Grey) -> None:
        self.grey = grey
        self.shape = grey.shape[:2]
        self.feature_scale = FEATURE_SIDE / max(self.shape)
        self.score_scale = SCORE_SIDE / max(self.shape)

    @cached_property
    def _for_features(self) -> Grey:
        return resize_to(self.grey, FEATURE_SIDE)

    @cached_property
    def features(self) -> Features:
        """ORB features of the page as it is."""
        return find_orb_features(self._for_features)

    @cached_property
    def bare_features(self) -> Features:
        """ORB features with the ruled lines taken out."""
        return find_orb_features(remove_rules(self._for_features))

    @cached_property
    def slow_features(self) -> Features:
        """SIFT features."""
        return find_sift_features(self._for_features)

    @cached_property
    def ink(self) -> NDArray[np.uint8]:
        """Ink at the scoring size, 0 for paper to 255 for the darkest print."""
        return normalise_ink(resize_to(self.grey, SCORE_SIDE))


class BlankPage(Sheet):
    """One page of the blank task, ready to be matched against many scans.

    Args:
        number: its 1-based page number.
        grey: the page.
    """

    def __init__(self, number: int, grey: Grey) -> None:
        super().__init__(grey)
        self.number = number
        self.known: dict[tuple[Any, ...], Any] = {}  # what was worked out of it, by what and how; see ``compute_once``

    @cached_property
    def landmarks(self) -> NDArray[np.int32]:
        """Corners in the print, (n, 2) as x, y at the scoring size: places that can lie in one way only."""
        found: Any = cv2.goodFeaturesToTrack(self.ink, 140, 0.05, 26, blockSize=7)
        return np.zeros((0, 2), np.int32) if found is None else np.asarray(found.reshape(-1, 2), np.int32)

    @cached_property
    def print(self) -> Mask:
        """All print, at the scoring size."""
        return np.asarray(self.ink > 89)

    @cached_property
    def print_to_find(self) -> list[tuple[Mask, Mask]]:
        """What a scan is searched for: all print, and print without ruled lines; each with its neighbourhood."""
        lines = cv2.dilate(find_rules(self.print, LONG_RULE).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        text = np.asarray(self.print & ~lines)
        masks = [self.print, text] if text.sum() > 150 else [self.print]
        return [(mask, np.asarray(cv2.blur(mask.astype(np.float32), (41, 41)) > 0)) for mask in masks]

    @cached_property
    def tells_by_text(self) -> bool:
        """Whether so much text stands in so many places of the page that no other page has all of it where it is."""
        if len(self.print_to_find) == 1:
            return False
        rows = np.flatnonzero(self.print_to_find[-1][0].any(axis=1))
        text = int(self.print_to_find[-1][0].sum())
        return bool(text >= MUCH_TEXT and np.ptp(np.percentile(rows, (5, 95))) >= TEXT_REACHES * self.ink.shape[0])

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing printed to match: the blank back of a one-sided task."""
        return bool(self.print.sum() < 150)

    def laid_on(self, scan: Sheet, matrix: Matrix) -> NDArray[np.uint8]:
        """The scan's ink in this page's frame at the scoring size.

        Args:
            scan: the scanned page.
            matrix: 3 × 3, from this page's pixels to the scan's.
        """
        at = scale_matrix(scan.score_scale) @ matrix @ scale_matrix(1 / self.score_scale)
        height, width = self.ink.shape
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpPerspective(scan.ink, at, (width, height), flags=flags, borderValue=0), np.uint8)


def compute_once(work: Callable[Concatenate[BlankPage, P], T]) -> Callable[Concatenate[BlankPage, P], T]:
    """What depends on a page of the blank alone is worked out once and kept with it: it goes when the page goes.

    Args:
        work: takes the page, and what has a hash; another page of the same task counts by its number.
    """

    @wraps(work)
    def known(blank: BlankPage, /, *how: P.args, **more: P.kwargs) -> T:
        by = (part.number if isinstance(part, BlankPage) else part for part in (*how, *more.values()))
        key = (work, *by)
        if key not in blank.known:
            blank.known[key] = work(blank, *how, **more)
        found: T = blank.known[key]
        return found

    return known


def scale_matrix(factor: float) -> Matrix:
    """The matrix that scales by that factor."""
    return np.diag([factor, factor, 1.0])


def measure_missing_print(page: Grey, blank: BlankPage, dpi: float) -> Grid:
    """For each cell of the page, the share of the blank's print that is not on the scan; (rows, columns).

    Args:
        page: the registered scan.
        blank: the blank page, of the same shape.
        dpi: of both.
    """
    reach = round(dpi / 5) | 1
    ink = (measure_ink_depth(page, reach=reach) > 20).astype(np.uint8)
    near = cv2.dilate(ink, np.ones((7, 7), np.uint8)) > 0
    printed, cells = _printed(blank, dpi)
    return np.asarray(_cells(printed & ~near) / np.maximum(cells, 1e-6), np.float32)


@compute_once
def _printed(blank: BlankPage, dpi: float) -> tuple[Mask, Grid]:
    """The blank's print, sharp, and how much of it stands in each cell; made once a page of the task."""
    printed = np.asarray(normalise_ink(blank.grey, reach=round(dpi / 5) | 1) > 89)
    # rules are nobody's writing, and a copier that knows only black and white drops the light ones
    rules = find_rules(printed, round(RULE_MM * dpi / 25.4)) | find_dashed_rules(printed, dpi)
    printed &= cv2.dilate(rules.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    return printed, _cells(printed)


def measure_print_by_cell(blank: BlankPage, dpi: float) -> Grid:
    """How much of the blank's print stands in each cell; sums to 1."""
    _, cells = _printed(blank, dpi)
    return np.asarray(cells / max(1e-6, float(cells.sum())), np.float32)


def measure_own_share(grids: Sequence[Grid], weight: Grid) -> float:
    """Share of the blank's print that nearly no page of the class has.

    Args:
        grids: see ``measure_missing_print``; one for each page, at least one.
        weight: of the blank; see ``measure_print_by_cell``.
    """
    nearly_all = np.sum([grid > ABSENT for grid in grids], axis=0) >= _nearly_all(len(grids))
    return float(weight[nearly_all].sum())


def measure_own_ink(grids: Sequence[Grid], blank: BlankPage, dpi: float) -> float:
    """mm² of the blank's print that nearly no page of the class has, its edge left out.

    This also finds a few words between printed lines, which are a small share of all that is on the page: in each cell
    it is taken how much nearly every page lacks. A blank task measures 0.1 and less, a sheet with a name 15 and more.

    Args:
        grids: see ``measure_missing_print``; one for each page, at least one.
        blank: the blank page.
        dpi: at which it was looked at.
    """
    printed, _ = _printed(blank, dpi)
    mm2 = measure_print_by_cell(blank, dpi) * float(printed.sum()) / (dpi / 25.4) ** 2
    common = np.sort(np.array(grids), axis=0)[len(grids) - _nearly_all(len(grids))]
    own = (common * mm2)[1:-1, 1:-1]  # at the edge are shadows, staples and punched holes
    return float(own[own > SOME_MM2].sum())


def _nearly_all(pages: int) -> int:
    """How many of so many pages are nearly all. All but one at most: the sheet itself may be among them."""
    return max(1, min(pages * 3 // 4 + 1, pages - 1))


def _cells(mask: NDArray[np.bool_]) -> Grid:
    return np.asarray(cv2.resize(mask.astype(np.float32), CELLS, interpolation=cv2.INTER_AREA), np.float32)
