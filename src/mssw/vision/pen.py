"""With what was a page written? Tells whether a front and a back may be of one sheet where nothing else does."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.ink import Grey, Mask, depth, normalised
from mssw.vision.sheets import BlankPage

EDGE_MM = 12.0  # the scanner's shadows are not ink
LEAST_INK_MM2 = 6.0  # less says nothing of the pen
ROUNDS = 4000
CHANCE = 0.002  # how often chance may pair pens as well as this, for it to count
FEWEST_SHEETS = 8
DARK_PRINT = 150  # of 255: the middle of a printed stroke

Pen = tuple[float, float, float]


def pen_of(page: Grey, ink: Mask, blank: BlankPage, dpi: float) -> Pen | None:
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
    dark = depth(page, reach=round(dpi / 5) | 1)[inner]
    written = ink[inner].astype(np.uint8)
    printed = (normalised(blank.grey, reach=round(dpi / 5) | 1) > DARK_PRINT)[inner]
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
