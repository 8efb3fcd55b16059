"""Writing close to a name field that belongs to nothing there: it may be the rest of a name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mssw.model.page import Box
from mssw.vision.trace import Run
from mssw.vision.writing import Pieces

HEAD, FOOT = 0.25, 0.85  # fields beyond these stand at the page's edge, with nothing to answer between
EDGE_MM = 7.0  # shadows, holes and the copier's own marks
REACH_MM = 11.0  # a second line of a name
LONG_EDGE_MM = 40.0  # no word that runs off the page is so long
LEAST_MM2 = 4.0  # less is a dot or a slip of the pen
SMALL_MM = 1.5
LEAST_PIECE = 6  # pixels
SHORT_MM = 18.0  # initials, or a short first name
FULL = 0.85  # of the field's width

OUTWARDS = "something is written between the name field and the edge of the page, perhaps the rest of a name"
UNDER = "something is written right under the name field, perhaps the rest of a name"
STRAYS = frozenset({OUTWARDS, UNDER})


def stray_writing(pieces: Pieces, field: Box, covered: Sequence[Box], *, alone: bool) -> str:
    """Why writing near a field makes its page doubtful; empty where nothing does.

    Args:
        pieces: the page's new ink.
        field: the cover's fixed place.
        covered: all covers of the page; what they hide is no stray.
        alone: whether it is the page's only field for a name: beside a second one it is short anyway.
    """
    area = field.to_pixels(pieces.width, pieces.height)
    edge, reach = round(EDGE_MM * pieces.mm), round(REACH_MM * pieces.mm)
    middle = (field.y + field.bottom) / 2
    if middle < HEAD and _written(pieces, (edge, edge, pieces.width - edge, area[1]), covered):
        return OUTWARDS
    if middle > FOOT and _written(pieces, (edge, area[3], pieces.width - edge, pieces.height - edge), covered):
        return OUTWARDS
    under = (area[0], area[3], area[2], min(pieces.height - edge, area[3] + reach))
    room = _room_to_answer(pieces, under)
    if alone and middle < HEAD and not room and _short_or_full(pieces, area) and _written(pieces, under, covered):
        return UNDER
    return ""


def _written(pieces: Pieces, zone: Run, covered: Sequence[Box]) -> bool:
    """Whether there is writing with its middle in a zone and not under a cover."""
    x, y = (pieces.left + pieces.right) / 2, (pieces.top + pieces.bottom) / 2
    inside = (x > zone[0]) & (x < zone[2]) & (y > zone[1]) & (y < zone[3]) & (pieces.tall >= SMALL_MM * pieces.mm)
    for box in covered:
        left, top, right, bottom = box.to_pixels(pieces.width, pieces.height)
        inside &= ~((x >= left) & (x <= right) & (y >= top) & (y <= bottom))
    inside[0] = False
    inside &= ~_edges(pieces)
    return float(pieces.area[inside].sum()) >= LEAST_MM2 * pieces.mm**2


def _edges(pieces: Pieces) -> NDArray[np.bool_]:
    """Pieces that are the edge of the sheet: long, and at the border of the page."""
    wide = pieces.right - pieces.left
    at_border = (pieces.left <= 1) | (pieces.top <= 1)
    at_border |= (pieces.right >= pieces.width - 1) | (pieces.bottom >= pieces.height - 1)
    return np.asarray(at_border & (np.maximum(wide, pieces.tall) > LONG_EDGE_MM * pieces.mm))


def _short_or_full(pieces: Pieces, area: Run) -> bool:
    """Whether the field holds so little, or so much, that a name would go on in a second line."""
    inside = pieces.inside(area) >= LEAST_PIECE
    if not inside.any():
        return False
    left, right = int(pieces.left[inside].min()), int(pieces.right[inside].max())
    return right - left < SHORT_MM * pieces.mm or right > area[0] + FULL * (area[2] - area[0])


def _room_to_answer(pieces: Pieces, zone: Run) -> bool:
    """Whether a printed line runs through a zone: something else is asked for there."""
    left, top, right, bottom = zone
    printed = pieces.print[top:bottom, left:right]
    return bool(printed.size) and bool((np.mean(printed, axis=1) > 0.5).any())
