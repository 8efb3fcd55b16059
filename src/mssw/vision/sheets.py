"""The two sheets that registration compares: a page of the blank task, and a scan."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.features import Features, orb, sift
from mssw.vision.ink import Grey, Mask, Matrix, normalised, resized, rules, without_rules

FEATURE_SIDE = 1400  # pixels of the long side on which features are found
LONG_RULE = 40  # pixels at the scoring size: longer than any letter's stroke
SCORE_SIDE = 1000  # and on which print is compared: 0.28 mm a pixel on a letter sheet


P = ParamSpec("P")
T = TypeVar("T")


class Sheet:
    """A page as grey, (height, width) uint8, with what registration looks at, each made once and when first needed."""

    def __init__(self, grey: Grey) -> None:
        self.grey = grey
        self.shape = grey.shape[:2]
        self.feature_scale = FEATURE_SIDE / max(self.shape)
        self.score_scale = SCORE_SIDE / max(self.shape)

    @cached_property
    def _for_features(self) -> Grey:
        return resized(self.grey, FEATURE_SIDE)

    @cached_property
    def features(self) -> Features:
        """ORB features of the page as it is."""
        return orb(self._for_features)

    @cached_property
    def bare_features(self) -> Features:
        """ORB features with the ruled lines taken out."""
        return orb(without_rules(self._for_features))

    @cached_property
    def slow_features(self) -> Features:
        """SIFT features."""
        return sift(self._for_features)

    @cached_property
    def ink(self) -> NDArray[np.uint8]:
        """Ink at the scoring size, 0 for paper to 255 for the darkest print."""
        return normalised(resized(self.grey, SCORE_SIDE))


class BlankPage(Sheet):
    """One page of the blank task, ready to be matched against many scans.

    Args:
        number: its 1-based page number.
        grey: the page.
    """

    def __init__(self, number: int, grey: Grey) -> None:
        super().__init__(grey)
        self.number = number
        self.known: dict[tuple[Any, ...], Any] = {}  # what was worked out of it, by what and how; see ``once``

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
    def wanted(self) -> list[tuple[Mask, Mask]]:
        """What a scan is searched for: all print, and print without ruled lines; each with its neighbourhood."""
        lines = cv2.dilate(rules(self.print, LONG_RULE).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        text = np.asarray(self.print & ~lines)
        masks = [self.print, text] if text.sum() > 150 else [self.print]
        return [(mask, np.asarray(cv2.blur(mask.astype(np.float32), (41, 41)) > 0)) for mask in masks]

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
        at = scaled(scan.score_scale) @ matrix @ scaled(1 / self.score_scale)
        height, width = self.ink.shape
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpPerspective(scan.ink, at, (width, height), flags=flags, borderValue=0), np.uint8)


def once(work: Callable[Concatenate[BlankPage, P], T]) -> Callable[Concatenate[BlankPage, P], T]:
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


def scaled(factor: float) -> Matrix:
    """The matrix that scales by that factor."""
    return np.diag([factor, factor, 1.0])
