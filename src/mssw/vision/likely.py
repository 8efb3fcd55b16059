"""Where a name may stand that is not in its field: writing at the head or the foot of a page that answers nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mssw.model.page import Box
from mssw.vision.ink import Mask
from mssw.vision.printed import cells_of
from mssw.vision.writing import Pieces

MOST = 3
HEAD, FOOT = 0.17, 0.88  # of the page's height
EDGE_MM = 4.0  # shadows, holes and the copier's own marks
APART_MM, OVER_MM = 9.0, 1.6  # between two words of a name, and between two lines
LEAST_MM2 = 1.6  # of ink: less is a tick
LEAST_PIECE_MM = 1.2
NARROWEST_MM, WIDEST_MM, TALLEST_MM = 6.0, 125.0, 24.0
ANSWER_RULE_MM = 22.0  # a printed rule so long under writing was drawn to be written on
UNDER_MM = 4.5
SPANNED = 0.6  # of a line of writing that stands on a rule
PAD_MM = 2.0
LARGEST_CELL = 0.25  # of the page; a larger box is its border


@dataclass(frozen=True, slots=True)
class _Cluster:
    """A line of writing: left, top, right, bottom in pixels, and its ink in mm²."""

    left: int
    top: int
    right: int
    bottom: int
    ink: float


def likely_places(pieces: Pieces, fields: Sequence[Box], rules: Mask, *, anywhere: bool = False) -> list[Box]:
    """Lines of writing that may be a name, the likeliest first, three at most.

    Args:
        pieces: the page's new ink.
        fields: name fields; what stands in them is found already.
        rules: the page's straight printed rules, of the shape of the ink: what stands on them is an answer.
        anywhere: also between head and foot, for a page on which nothing is asked.

    Returns:
        Boxes in fractions of the page.
    """
    found = []
    for cluster in _clusters(pieces, fields):
        worth = _worth(pieces, cluster, anywhere=anywhere)
        if worth and not _answers(pieces, cluster, rules):
            found.append((worth, cluster))
    found.sort(key=lambda one: (-one[0], one[1].top, one[1].left))
    return [_box(pieces, cluster) for _, cluster in found[:MOST]]


def _clusters(pieces: Pieces, fields: Sequence[Box]) -> list[_Cluster]:
    """Writing joined to lines, without what lies in a name field and without the page's edge."""
    edge = round(EDGE_MM * pieces.mm)
    letters = pieces.tall >= LEAST_PIECE_MM * pieces.mm
    for field in fields:
        letters &= pieces.inside(field.to_pixels(pieces.width, pieces.height)) < 0.5 * pieces.area
    letters &= (pieces.right > edge) & (pieces.left < pieces.width - edge)
    letters &= (pieces.bottom > edge) & (pieces.top < pieces.height - edge)
    letters[0] = False
    ink = letters[pieces.labels]
    across, over = round(APART_MM * pieces.mm) | 1, round(OVER_MM * pieces.mm) | 1
    joined = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((over, across), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    inked = np.bincount(labels[ink], minlength=count) / pieces.mm**2
    return [
        _Cluster(int(x), int(y), int(x + w), int(y + h), float(area))
        for (x, y, w, h, _), area in zip(stats[1:], inked[1:], strict=True)
    ]


def _worth(pieces: Pieces, cluster: _Cluster, *, anywhere: bool) -> float:
    """How much a line of writing looks like a name by its size and place; 0 for one that does not."""
    wide, tall = (cluster.right - cluster.left) / pieces.mm, (cluster.bottom - cluster.top) / pieces.mm
    if cluster.ink < LEAST_MM2 or not NARROWEST_MM <= wide <= WIDEST_MM or tall > min(TALLEST_MM, 1.5 * wide):
        return 0.0
    middle = (cluster.top + cluster.bottom) / 2 / pieces.height
    where = 1.0 if middle < HEAD else 0.7 if middle > FOOT else 0.4 if anywhere else 0.0
    return where * min(1.0, wide / 25) * min(1.0, cluster.ink / 6)


def _answers(pieces: Pieces, cluster: _Cluster, rules: Mask) -> bool:
    """Whether writing stands on a rule or in a box that was printed for an answer."""
    x, y = (cluster.left + cluster.right) // 2, (cluster.top + cluster.bottom) // 2
    [cell] = cells_of(rules, [(x, y)], pieces.mm * 25.4)
    if cell is not None:
        share = (cell[2] - cell[0]) * (cell[3] - cell[1]) / (pieces.width * pieces.height)
        return float(share) < LARGEST_CELL
    under = rules[y : cluster.bottom + round(UNDER_MM * pieces.mm), cluster.left : cluster.right]
    if not under.size or not (under.any(axis=0).mean() > SPANNED):
        return False
    rows = np.flatnonzero(under.mean(axis=1) > 0.3)
    if not len(rows):
        return False
    whole = rules[y + rows[0] : y + rows[-1] + 1].any(axis=0)
    return int(whole.sum()) > ANSWER_RULE_MM * pieces.mm


def _box(pieces: Pieces, cluster: _Cluster) -> Box:
    pad = round(PAD_MM * pieces.mm)
    return Box.from_pixels(
        max(0, cluster.left - pad),
        max(0, cluster.top - pad),
        min(pieces.width, cluster.right + pad),
        min(pieces.height, cluster.bottom + pad),
        pieces.width,
        pieces.height,
    )
