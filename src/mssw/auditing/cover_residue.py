"""Finds what is left of a page under its covers, by comparing the page before with the page that goes out.

It knows nothing of how covers are painted. It checks for an even tone, for the old strokes, and for anything that
follows the old page, however faint, straight or mirrored. A thin straight line without gaps, as of a name line, says
nothing about what was written there, and is left out. Thresholds were measured on simulated covers, JPEG q80:

====================================  =============  ==============================
measure, at 100 dpi                   honest covers  leaks
====================================  =============  ==============================
spread of the cover's even part       up to 0.4      2 %: 2.0, 3 %: 3.3, 6 %: 7.3
correlation with the page before      up to 0.02     from 0.84 at 2 %
pixels of old strokes                 0              from 37 where 15 % lies bare
correlation of the box with its type  up to 0.16     0.99 where nothing is covered
====================================  =============  ==============================
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mssw.core.page import Box

Pixels = NDArray[np.uint8]
_Grey = NDArray[np.float32]
_Mask = NDArray[np.bool_]

LONG_SIDE = 1100
"""Pixels of a page's longer side at which it is looked at: about 100 dpi on letter paper."""

_EDGE = 3  # pixels of a cover's rim that are its outline
_BLOCK = 8  # pixels of a JPEG block, as far as ringing reaches
_COLOUR_BLOCK = 20  # and of a block of colour, which is kept at half the resolution (4:2:0) and smoothed when read
_TYPE = 24  # grey levels off the cover's tone that make type or outline
_INK = 60  # grey levels off the paper that make a stroke
_DETAIL = 25  # pixels; slower changes are paper and light, not writing
_SAME_STROKE = 0.75  # overlap of a stroke before and after; of letters that meet by chance it is up to 0.69
_STROKES = 14  # pixels of such strokes
_WRITTEN = 4.0  # grey levels, root mean square, of a place on which something is written; bare paper has up to 2
_SAME_PLACE = 0.45  # correlation of the whole cover, type included
_FEW = 60  # pixels; fewer say nothing
_LINE, _LINE_LONG = 4, 12  # pixels: a line on which one writes is no thicker, and no shorter
_LINE_ACROSS = 0.5  # of the cover's width, at least
_LINE_WHOLE = 0.75  # of the smallest rectangle around a line is dark
_LINE_STRAY = 0.3  # of a line's length: so much of an outer row may be dark where the line is not quite level


class _Limits(NamedTuple):
    """From these values on, a cover's even part shows the old page."""

    spread: float  # grey levels from its lightest to its darkest place
    share: float  # of the old contrast
    together: float  # correlation with the old page


_FAR = _Limits(spread=1.7, share=0.006, together=0.3)
_NEAR = _Limits(spread=12.0, share=0.018, together=0.5)  # where JPEG's ringing from beside a small cover reaches


@dataclass(frozen=True, slots=True)
class Residue:
    """Something that is left under a cover.

    Attributes:
        box: index of the cover in the list given.
        what: what is left, in a few words.
        strength: its measure: a share of the old page, grey levels or pixels, as ``what`` says.
    """

    box: int
    what: str
    strength: float


def audit_covers(before: Pixels, after: Pixels, boxes: Sequence[Box]) -> list[Residue]:
    """Find what is left under covers.

    Args:
        before: the registered page before covering, (height, width) grey or (height, width, 3) RGB, uint8.
            Its size should be that of the image that goes out, since it tells how far JPEG blocks reach.
        after: the page as it goes out, rendered at any size, in the same frame.
        boxes: the covers, in fractions of the page.

    Returns:
        At most one finding a cover, in the order of the covers; empty where nothing is left.
    """
    if not boxes:
        return []
    old = _grey_page(before, None)
    new = _grey_page(after, (old.shape[1], old.shape[0]))
    scale = max(old.shape) / max(before.shape[:2])
    block = _BLOCK if before.ndim == 2 else _COLOUR_BLOCK
    reach = math.ceil(block * min(scale, 1.0)) + 1
    found = (_residue(index, _Cover.of(old, new, box, reach)) for index, box in enumerate(boxes))
    return [residue for residue in found if residue is not None]


def _grey_page(pixels: Pixels, size: tuple[int, int] | None) -> _Grey:
    """A page as grey at the size for the comparison; (width, height) if that is given."""
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    if size is None:
        scale = LONG_SIDE / max(height, width)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if (width, height) != size:
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, np.float32)


@dataclass(frozen=True, slots=True)
class _Cover:
    """The inside of one cover, before and after, and the part of it that should be of one even tone."""

    old: _Grey
    mirrored: _Grey
    new: _Grey
    even: _Mask
    lines: _Mask
    is_far: bool  # whether the even part lies beyond the reach of JPEG's ringing, else as far as there is room

    @classmethod
    def of(cls, old: _Grey, new: _Grey, box: Box, reach: int) -> _Cover:
        """Cut the cover out of both pages, without its rim.

        Args:
            old: the page before.
            new: the page after, of the same size.
            box: the cover.
            reach: pixels around type and within the edge that JPEG may have touched.
        """
        height, width = new.shape
        left, top = round(box.x * width), round(box.y * height)
        right, bottom = round(box.right * width), round(box.bottom * height)
        rim = min(_EDGE, max(1, (min(right - left, bottom - top) - 4) // 3))
        rows = slice(max(0, top + rim), max(0, bottom - rim))
        columns = slice(max(0, left + rim), max(0, right - rim))
        inside = new[rows, columns]
        if inside.size == 0:
            nothing = np.zeros(inside.shape, np.bool_)
            return cls(inside, inside, inside, nothing, nothing, is_far=False)
        whole = new[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
        marks = np.abs(whole - np.median(inside)) > _TYPE
        within = slice(rows.start - max(0, top), rows.stop - max(0, top))
        across = slice(columns.start - max(0, left), columns.stop - max(0, left))
        even = _far_from(marks, reach, edge=True)[within, across]
        is_far = bool(even.sum() >= _FEW)
        if not is_far:
            even = _far_from(marks, 2, edge=False)[within, across]
        lines = _find_straight_lines(marks)[within, across]
        return cls(old[rows, columns], old[:, ::-1][rows, columns], inside, even, lines, is_far)


def _far_from(marks: _Mask, reach: int, *, edge: bool) -> _Mask:
    """The pixels of a cover that have no mark, and where asked no edge of it, within that many pixels."""
    framed = np.pad(marks.astype(np.uint8), 1, constant_values=int(edge))
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return np.asarray(cv2.dilate(framed, kernel)[1:-1, 1:-1] == 0, np.bool_)


def _find_straight_lines(marks: _Mask) -> _Mask:
    """Thin level lines that touch nothing else, with the pixels around them, if they go through most of the cover.

    Strokes of writing bend or have joints. A piece of a line where the rest of it is covered was left bare.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(marks.astype(np.uint8))
    lines = [
        (int(x), int(y), int(width), int(height))
        for label, (x, y, width, height, _) in enumerate(stats)
        if label
        and width >= _LINE_LONG
        and height <= _LINE
        and _is_whole(labels[y : y + height, x : x + width] == label)
    ]
    around = np.zeros(marks.shape, np.bool_)
    if sum(width for _, _, width, _ in lines) >= _LINE_ACROSS * marks.shape[1]:
        for x, y, width, height in lines:
            around[max(0, y - 2) : y + height + 2, max(0, x - 2) : x + width + 2] = True
    return around


def _is_whole(strip: _Mask) -> bool:
    """Whether a line fills the smallest rectangle around it, but for an outer row into which a few pixels reach."""
    rows = strip.sum(axis=1)
    if len(rows) > 1 and min(rows[0], rows[-1]) <= _LINE_STRAY * strip.shape[1]:
        strip = strip[1:] if rows[0] < rows[-1] else strip[:-1]
    return bool(strip.mean() >= _LINE_WHOLE)


def _residue(index: int, cover: _Cover) -> Residue | None:
    """The plainest residue under one cover; None if there is none."""
    if cover.new.size < _FEW:
        return None
    strokes = _old_strokes(cover)
    if strokes >= _STROKES:
        return Residue(index, "strokes of what was under the cover are left", strokes)
    limits = _FAR if cover.is_far else _NEAR
    if cover.even.sum() >= _FEW:
        for page, how in ((cover.old, "shows through the cover"), (cover.mirrored, "shows through mirrored")):
            share, together = _contrast_left(_fine_detail(page)[cover.even], cover.new[cover.even])
            if share >= limits.share and together >= limits.together:
                return Residue(index, f"what was under it {how}", share)
        smooth = cv2.blur(cover.new, (3, 3))[cover.even]
        spread = float(smooth.max() - smooth.min())
        if spread > limits.spread:
            return Residue(index, "the cover is not of one even tone", spread)
    details = (_fine_detail(_without_lines(page, cover.lines)) for page in (cover.old, cover.new))
    share, together = _contrast_left(*(detail[~cover.lines] for detail in details))
    if together >= _SAME_PLACE and share >= _NEAR.share:
        return Residue(index, "what is on the cover follows what was under it", together)
    return None


def _without_lines(grey: _Grey, lines: _Mask) -> _Grey:
    """The page with lines to write on as light as the rest of it."""
    return np.where(lines, np.median(grey), grey).astype(np.float32)


def _fine_detail(grey: _Grey) -> _Grey:
    """The page without slow changes, which are paper and light."""
    return np.asarray(grey - cv2.blur(grey, (_DETAIL, _DETAIL)), np.float32)


def _contrast_left(was: _Grey, is_now: _Grey) -> tuple[float, float]:
    """The share of the old contrast that is there now, and how well the two go together (0 to 1).

    Both are without sign, since a cover may also show the old page as a negative.
    """
    if was.size < _FEW:
        return 0.0, 0.0
    was, is_now = was - was.mean(), is_now - is_now.mean()
    energy, energy_now = float(was @ was), float(is_now @ is_now)
    if energy < _WRITTEN**2 * was.size or energy_now < 1:  # nothing was there, or nothing is
        return 0.0, 0.0
    common = abs(float(was @ is_now))
    return common / energy, common / math.sqrt(energy * energy_now)


def _old_strokes(cover: _Cover) -> int:
    """Pixels of strokes on the cover that are the same strokes as before: same place, same shape."""
    was = cover.old < np.percentile(cover.old, 90) - _INK
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        ((cover.new < np.median(cover.new) - _INK) & ~cover.lines).astype(np.uint8)
    )
    same = 0
    for label in range(1, count):
        x, y, w, h, area = (int(number) for number in stats[label])
        window = slice(max(0, y - 2), y + h + 2), slice(max(0, x - 2), x + w + 2)
        stroke = labels[window] == label
        near = cv2.dilate(stroke.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        old = was[window] & near
        if area >= 4 and (stroke & old).sum() >= _SAME_STROKE * (stroke | old).sum():
            same += area
    return same
