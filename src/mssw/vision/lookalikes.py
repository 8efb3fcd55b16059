"""Pages of a task that share their layout, told apart by the little that they do not share."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from mssw.vision.ink import Grey, Matrix, normalised, sized
from mssw.vision.sheets import BlankPage, Sheet, once

Patch = tuple[int, int, int, int]
GIVE = 8  # pixels to and fro that a patch may lie beside its place
MOST_PATCHES = 12


def lead_over(one: BlankPage, at_one: Matrix, other: BlankPage, at_other: Matrix, scan: Sheet) -> float:
    """How much better the first blank fits the scan in the places where the two blanks differ.

    Returns:
        A difference of correlations, -2 to 2; 0 where the blanks do not differ.
    """
    patches = _differing(one, other)
    if not patches:
        return 0.0
    weights = [math.sqrt(width * height) for _, _, width, height in patches]
    to_other = np.diag([other.shape[1] / one.shape[1], other.shape[0] / one.shape[0], 1.0])
    rivals = (one.grey, at_one), (sized(other.grey, one.shape), at_other @ to_other)
    pairs = [[_likeness(grey, matrix, patch, scan) for grey, matrix in rivals] for patch in patches]
    gains = [here - there for here, there in pairs]
    return sum(weight * gain for weight, gain in zip(weights, gains, strict=True)) / sum(weights)


@once
def _differing(one: BlankPage, other: BlankPage) -> Sequence[Patch]:
    """Where the print of two blanks differs, as (left, top, width, height) in the first one's pixels, largest first."""
    first = (normalised(one.grey, reach=21) > 89).astype(np.uint8)
    second = (normalised(sized(other.grey, one.shape), reach=21) > 89).astype(np.uint8)
    near = np.ones((3, 3), np.uint8)
    differ = np.maximum(
        first * (1 - np.asarray(cv2.dilate(second, near), np.uint8)),
        second * (1 - np.asarray(cv2.dilate(first, near), np.uint8)),
    )
    joined = cv2.dilate(differ, np.ones((9, 15), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    patches = [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[1:]]
    patches = [(x, y, w, h) for x, y, w, h in patches if differ[y : y + h, x : x + w].sum() >= 4]
    return sorted(patches, key=lambda patch: -patch[2] * patch[3])[:MOST_PATCHES]


def _likeness(blank: Grey, matrix: Matrix, patch: Patch, scan: Sheet) -> float:
    """Correlation (-1 to 1) of a patch of the blank with the scan around that place."""
    x, y, width, height = patch
    place = matrix @ np.array([[1, 0, x - GIVE], [0, 1, y - GIVE], [0, 0, 1.0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (width + 2 * GIVE, height + 2 * GIVE)
    seen = np.asarray(cv2.warpPerspective(scan.grey, place, size, flags=flags, borderValue=255), np.uint8)
    wanted = blank[y : y + height, x : x + width]
    if wanted.std() < 3:  # nothing is printed here: an empty place on the scan fits it best
        return 1.0 - 2.0 * min(1.0, float(seen.std()) / 40)
    return float(cv2.matchTemplate(seen, wanted, cv2.TM_CCOEFF_NORMED).max())
