"""Sheets of paper: their sizes, the edges that stay free, and where a scanned page is printed on one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mssw.core.option import Choice

if TYPE_CHECKING:
    from mssw.core.imposition import Size


class Paper(Choice):
    """The papers that are printed on."""

    LETTER = "letter"
    A4 = "a4"


#: Width and height in points of the papers that a packet is printed on.
PAPERS = {"letter": (612.0, 792.0), "a4": (595.276, 841.89)}
#: Points that a scanned page keeps from the edge of the sheet, which printers cut.
EDGE = 6 / 25.4 * 72
#: Points from the foot of the sheet up to a scanned page: the line with its number stands below it.
FOOT = 17 / 25.4 * 72
#: The side of the square in a corner of the sheet, in points, that is kept free for a staple.
STAPLE = 10 / 25.4 * 72


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a scan is printed: the page's size, and the scan's lower left corner and size on it, in points."""

    page: Size
    left: float
    bottom: float
    width: float
    height: float


def frame_of(scan: Size, paper: Size, *, staple: str = "") -> Frame:
    """Where to print a scanned page: as large as it is, if it fits between edge, foot and staple.

    Args:
        scan: its size. A scan that lies across gets a page that lies across.
        paper: the sheet, upright.
        staple: the upper corner that holds the staple: ``left``, ``right``, or empty for either.
    """
    across = scan[0] > scan[1]
    page = (paper[1], paper[0]) if across else paper
    beside = EDGE if staple and not across else STAPLE
    room = (page[0] - STAPLE - beside, page[1] - STAPLE - FOOT)
    scale = min(1.0, room[0] / scan[0], room[1] / scan[1])
    width, height = scan[0] * scale, scan[1] * scale
    inner = max(STAPLE, (page[0] - width) / 2)
    left = page[0] - inner - width if staple == "right" and not across else inner
    return Frame(page, left, FOOT + (room[1] - height) / 2, width, height)
