"""Points of a page that can be found again on a scan of it: ORB, and SIFT where ORB is not enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.ink import Grey

MOST = 3000
RATIO = 0.8  # Lowe's: the best match must be that much nearer than the next
Points = NDArray[np.float32]


@dataclass(frozen=True)
class Features:
    """Points (n, 2) as x, y in pixels, the strongest first, and what each looks like."""

    points: Points
    looks: NDArray[Any] | None


def orb(image: Grey) -> Features:
    """Quick features: good to some degrees of turn and any right angle."""
    return _strongest_first(*cv2.ORB.create(MOST, fastThreshold=7).detectAndCompute(image, None))


def sift(image: Grey) -> Features:
    """Slow features, for a page that the quick ones cannot place."""
    return _strongest_first(*cv2.SIFT.create(MOST).detectAndCompute(image, None))


def _strongest_first(points: Sequence[Any], looks: NDArray[Any] | None) -> Features:
    order = sorted(range(len(points)), key=lambda i: -points[i].response)
    places = np.array([points[i].pt for i in order], np.float32).reshape(-1, 2)
    return Features(places, None if looks is None else looks[order])


def matches(known: Features, seen: Features, most: int) -> tuple[Points, Points] | None:
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


def agreeing(pair: tuple[Points, Points] | None) -> int:
    """How many of the matches lie as one turned, shifted and scaled sheet."""
    if pair is None:
        return 0
    found: tuple[Any, Any] = cv2.estimateAffinePartial2D(
        *pair, method=cv2.RANSAC, ransacReprojThreshold=6, maxIters=2000
    )
    return 0 if found[0] is None else int(found[1].sum())
