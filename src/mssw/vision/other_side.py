"""Compare a page with the other side of its sheet: which places show through, and what of the page is only that.

In: a page and another one, which may be the other side, both as grey. Out: the places of the other side that show on
the page; or, where all of it shows, what of the page is dark only because of it. Sides are turned over here: the other
one is seen mirrored, or upside down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.vision.ink import Grey, Mask, find_rules, measure_ink_depth, resize_to_shape

NEAR_MM = 10.0  # by how much fronts and backs may lie apart, print and feed together
BORDER_MM = 1.0  # of all shifts: what fits best there would fit better beyond, and is chance
CLOSE_DPI = 75.0
NEAR = round(NEAR_MM * CLOSE_DPI / 25.4)  # the same in pixels
TOUCHING = 0.01  # of the page, between two places of one name
LONG_RULE_MM = 12.0  # straight: print, which bleeds less than a pen
INKED = 30  # grey levels darker than the paper: a stroke that may bleed
FAINT, SPECK = 15, 3  # grey levels of the faintest stroke that may bleed in sight, and pixels of a speck
AROUND_MM = 2.0  # of paper around what is written in a place
LEAST_STROKE_MM2 = 1.5  # of a name: less tells nothing
GRAIN_TIMES, DARKER = 3.0, 1.6  # of the paper's grain, and grey levels: what counts as darker than the paper
# What bleeds is about as dark everywhere. So it is looked for between two levels, beside all that is darker.
LEVELS = ((0, 9), (5, 22), (14, 50), (35, 110), (80, 255))
LEAST_IN_SIGHT = 0.35  # of a name's strokes: so much of them is not under darker ink or print
SHOWS, CLEARLY = 0.5, 7.5  # of the strokes, more than of the paper beside them; times as STANDS_OUT
STANDS_OUT = 8.5  # times the usual difference between two shifts: by chance up to 8 on clean pages, 8 to 15 for a bleed
LEAST_SHARE = 0.25  # of the strokes: fewer are chance, even where they stand out
# Where both sides lie so straight on each other, as few shifts do, less tells: of 520 places on clean pages none
# had as much by chance.
STRAIGHT_MM, FAINTEST, STRAIGHT_OUT = 2.0, 0.1, 6.0
# What shows through is weaker than the pen behind it; what is as dark was written here, and lies there by chance, as
# writing on the same rules does. Of 188 names that bled by 5 to 60 % none had more than 0.62 of the darkness behind it;
# 30 by chance had 0.66 and more, and a third of the strokes at most. Where more of them show, darkness tells nothing:
# in a black-and-white scan all that bleeds is as dark as the pen.
AS_DARK, MOST_IN_SIGHT = 0.65, 0.4
# What shows through and nothing else
ACROSS, DOWN = 6, 8  # parts of a page
AGREED = 0.007  # of the page: how far apart the shifts of its parts may be
LEAST_AGREED = 5  # of the parts
FINE_MM = 1.5  # by how much a part lies apart from the whole
DARKEST = 36  # grey levels: darker strokes of this side count no more when a part is laid on the other side
SOFT_MM = 0.15  # by which what shows through is blurred
BLUR_MM = 0.45  # that what shows through spreads
WEAKER = 0.85  # of its darkness that ink may have on the page through which it shows
GHOST, SLACK = 0.5, 8  # of its darkness and grey levels: more beside what shows was written on this side


@dataclass(frozen=True, slots=True)
class Bleed:
    """A place of the other side that shows on a page.

    Attributes:
        box: on the page, in its fractions.
        share: how much more of its strokes shows than of the paper beside them, 0 to 1.
        is_straight: whether both sides lie straight on each other, which is seldom chance.
    """

    box: Box
    share: float
    is_straight: bool = False


@dataclass(frozen=True, slots=True)
class _Shift:
    """By how much the other side lies apart from a page, in fractions of the page, and how surely it shows."""

    x: float
    y: float
    share: float

    def move(self, box: Box) -> Box:
        """A place of the other side as it lies on the page."""
        x, y = min(1.0, max(0.0, box.x + self.x)), min(1.0, max(0.0, box.y + self.y))
        return Box(x, y, max(0.0, min(1.0, x + box.w) - x), max(0.0, min(1.0, y + box.h) - y))


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both sides of a sheet as they are compared.

    Attributes:
        here: how dark the strokes of the page are.
        there: the same of the other side, as it is seen from the page.
    """

    here: NDArray[np.uint8]
    there: NDArray[np.uint8]

    @property
    def strokes(self) -> Mask:
        """Those of the other side that may bleed."""
        return np.asarray(self.there > INKED)

    def bleeds(self, box: Box, shift: _Shift, level: _Level) -> bool:
        """Whether what fits the strokes in a place shows through; else it was written on this side.

        It does where it is most of them, which no writing fits by chance, and where it is weaker than they are.

        Args:
            box: the place, before the shift.
            shift: at which they fit.
            level: of darkness, at which they do.
        """
        height, width = self.here.shape
        there = _move(self.there, round(shift.x * width), round(shift.y * height))
        left, top, right, bottom = shift.move(box).to_pixels(width, height)
        place = np.s_[top:bottom, left:right]
        here, there = self.here[place], there[place]
        strokes = there > INKED
        fitting = strokes & (level.dark[place] > 0)
        if not fitting.any():
            return True
        if shift.share * float(np.mean(level.free[place][strokes])) >= MOST_IN_SIGHT:
            return True
        return float(np.percentile(here[fitting], 75)) < AS_DARK * float(np.percentile(there[fitting], 75))


@dataclass(frozen=True, slots=True)
class _Level:
    """What of a page is about so dark, and where darker ink or print hides what would be.

    Attributes:
        dark: 1 where it is, else 0.
        free: 1 where it can be seen, else 0.
    """

    dark: NDArray[np.float32]
    free: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well the strokes of a place fit what of a page is about so dark.

    Attributes:
        level: of darkness.
        share: for every shift, the share of the strokes that shows.
    """

    level: _Level
    share: NDArray[np.float32]


def find_bleeding(
    page: Grey, printed: Mask | None, other: Grey, places: Sequence[Box], *, shows_wholly: bool = False
) -> list[Bleed]:
    """Find which places of the other side of a sheet show on a page.

    The sheet may be turned over its long edge or its short one: then the other side is seen mirrored, or upside down.
    Where the whole other side shows, so does each of its places; and what touches a place that shows, as the rest of a
    name does that runs out of its field, shows with it.

    Args:
        page: upright, (height, width) uint8, at ``CLOSE_DPI``.
        printed: its print, the same shape; None where that is not known: then its long rules are taken for print.
        other: the other side, upright, at the same resolution.
        places: of names on the other side, in its fractions.
        shows_wholly: whether the whole other side may show though no single place does surely.
    """
    levels = _levels(page, _find_long_rules(_measure_depth(page), FAINT) if printed is None else printed)
    here, behind = _measure_strokes(page, page.shape), _measure_strokes(other, page.shape)
    found: list[Bleed] = []
    for axis in (1, 0):
        sides = _Sides(here, np.ascontiguousarray(np.flip(behind, axis)))
        boxes = [_turn_over(place, axis) for place in places]
        fits = [_measure_fits(levels, sides.strokes, box) for box in boxes]
        shifts = [_find_shift(fit, box, sides) for fit, box in zip(fits, boxes, strict=True)]
        if shows_wholly or any(shifts):
            agreed = _find_agreed(levels, sides.strokes)
            sure = [(box, shift) for box, shift in zip(boxes, shifts, strict=True) if shift]
            shifts = [
                shift or _shift_with(box, fit, agreed, sure)
                for box, fit, shift in zip(boxes, fits, shifts, strict=True)
            ]
        if any(shifts):
            found += [
                Bleed(_tighten(box, shift, sides), shift.share, _is_straight(shift.x, shift.y, page.shape))
                for box, shift in zip(boxes, shifts, strict=True)
                if shift
            ]
    return found


def _turn_over(place: Box, axis: int) -> Box:
    """A place of the other side as it is seen from this one."""
    return replace(place, x=1 - place.right) if axis == 1 else replace(place, y=1 - place.bottom)


def _tighten(box: Box, shift: _Shift, sides: _Sides) -> Box:
    """The part of a place that is written on, as it lies on the page, with some paper around it.

    What is darker on the page than behind it was written or printed on the page.

    Args:
        box: the place, before the shift.
        shift: of the other side.
        sides: both.
    """
    height, width = sides.here.shape
    x, y = round(shift.x * width), round(shift.y * height)
    here = cv2.dilate(sides.here, np.ones((5, 5), np.uint8))
    there = _move(sides.there, x, y)
    left, top, right, bottom = shift.move(box).to_pixels(width, height)
    count, _, stats, _ = cv2.connectedComponentsWithStats(
        ((there > here) & (there > FAINT))[top:bottom, left:right].astype(np.uint8)
    )
    parts = np.array([row for row in stats[1:count] if row[4] >= SPECK]).reshape(-1, 5)
    if not len(parts):
        return shift.move(box)
    rim = round(AROUND_MM * CLOSE_DPI / 25.4)
    first, last = parts[:, :2].min(axis=0) - rim, (parts[:, :2] + parts[:, 2:4]).max(axis=0) + rim
    return Box.from_pixels(
        max(left, left + int(first[0])),
        max(top, top + int(first[1])),
        min(right, left + int(last[0])),
        min(bottom, top + int(last[1])),
        width,
        height,
    )


def _measure_strokes(side: Grey, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """How dark the strokes of a side are, at that shape, without long rules, which bleed less than a pen."""
    depth = _measure_depth(np.asarray(cv2.resize(side, shape[::-1], interpolation=cv2.INTER_AREA), np.uint8))
    return np.where(_find_long_rules(depth, INKED), 0, depth).astype(np.uint8)


def _measure_depth(side: Grey) -> NDArray[np.uint8]:
    return measure_ink_depth(side, reach=round(CLOSE_DPI / 5) | 1)


def _find_long_rules(depth: NDArray[np.uint8], darker: int) -> Mask:
    """Long rules, with their rims, which are so much darker than the paper."""
    rules = find_rules(np.asarray(depth > darker), round(LONG_RULE_MM * CLOSE_DPI / 25.4))
    return np.asarray(cv2.dilate(rules.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _levels(page: Grey, printed: Mask | None) -> list[_Level]:
    smooth = np.asarray(cv2.GaussianBlur(page, (0, 0), 0.7), np.uint8)
    wide = round(CLOSE_DPI / 2.5) | 1
    closed = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, np.ones((wide // 3 | 1, wide // 3 | 1), np.uint8))
    depth = cv2.blur(closed, (wide, wide)).astype(np.float32) - smooth
    usual = float(np.median(depth))
    grain = 1.48 * float(np.median(np.abs(depth - usual)))
    hidden = np.zeros(page.shape, bool) if printed is None else printed
    made = []
    for low, high in LEVELS:
        least = max(float(low), DARKER, GRAIN_TIMES * grain)
        if high > least:
            darker = cv2.dilate((depth - usual > high).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
            free = ~(darker | hidden)
            made.append(
                _Level(
                    ((depth - usual > least) & free).astype(np.float32),
                    free.astype(np.float32),
                )
            )
    return made


def _measure_fits(levels: Sequence[_Level], other: Mask, box: Box) -> list[_Fit]:
    """For levels of darkness, the share of a place's strokes that shows at each shift; none where little is written."""
    area = box.to_pixels(other.shape[1], other.shape[0])
    strokes = other[area[1] : area[3], area[0] : area[2]].astype(np.float32)
    if strokes.sum() < LEAST_STROKE_MM2 * (CLOSE_DPI / 25.4) ** 2:
        return []
    darks = [(_around(level.dark, area, NEAR), level) for level in levels]
    return [
        _Fit(level, _share_by_shift(dark, _around(level.free, area, NEAR), strokes))
        for dark, level in darks
        if dark.sum() >= FAINTEST * strokes.sum()  # else it is bare paper, as on most pages
    ]


def _find_shift(fits: Sequence[_Fit], box: Box, sides: _Sides) -> _Shift | None:
    """Where a place of the other side surely shows; None where it does not."""
    best: _Shift | None = None
    shape = sides.here.shape
    for fit in fits:
        share = fit.share
        _, most, _, (x, y) = cv2.minMaxLoc(share)
        if max(abs(x - NEAR), abs(y - NEAR)) > NEAR - BORDER_MM * CLOSE_DPI / 25.4:
            continue
        shift = _Shift((x - NEAR) / shape[1], (y - NEAR) / shape[0], most)
        out = (most - float(share.mean())) / max(1e-3, float(share.std()))
        is_straight = _is_straight(shift.x, shift.y, shape)
        least, stands_out = (FAINTEST, STRAIGHT_OUT) if is_straight else (LEAST_SHARE, STANDS_OUT)
        is_found = out >= min(stands_out, CLEARLY) if most >= SHOWS else out >= stands_out and most >= least
        if is_found and (best is None or most > best.share) and sides.bleeds(box, shift, fit.level):
            best = shift
    return best


def _is_straight(x: float, y: float, shape: tuple[int, ...]) -> bool:
    """Whether a shift, in fractions of a page of that shape, is hardly any."""
    return max(abs(x) * shape[1], abs(y) * shape[0]) <= STRAIGHT_MM * CLOSE_DPI / 25.4


def _shift_with(
    box: Box,
    fits: Sequence[_Fit],
    agreed: Sequence[tuple[Box, _Shift]],
    sure: Sequence[tuple[Box, _Shift]],
) -> _Shift | None:
    """The shift of a place that does not surely show by itself: that of the page beside it, or of what it touches."""
    touching = [shift for other, shift in sure if _touch(box, other)]
    nearest = min(agreed, key=lambda one: math.dist(_middle(one[0]), _middle(box)), default=None)
    return nearest[1] if nearest and fits else next(iter(touching), None)


def _touch(one: Box, other: Box) -> bool:
    return (
        min(one.right, other.right) - max(one.x, other.x) > -TOUCHING
        and min(one.bottom, other.bottom) - max(one.y, other.y) > -TOUCHING
    )


def _middle(box: Box) -> tuple[float, float]:
    return box.x + box.w / 2, box.y + box.h / 2


def _around(mask: NDArray[np.float32], area: tuple[int, int, int, int], near: int) -> NDArray[np.float32]:
    """A part of a page with so many pixels around it; nothing is beyond the page."""
    (left, top, right, bottom), (height, width) = area, mask.shape
    inside = mask[max(0, top - near) : bottom + near, max(0, left - near) : right + near]
    beyond = (max(0, near - top), max(0, bottom + near - height), max(0, near - left), max(0, right + near - width))
    return np.asarray(cv2.copyMakeBorder(inside, *beyond, cv2.BORDER_CONSTANT, value=0.0), np.float32)


def _share_by_shift(
    dark: NDArray[np.float32], free: NDArray[np.float32], strokes: NDArray[np.float32]
) -> NDArray[np.float32]:
    """For every shift, the share of the strokes in sight that are dark, less that of the paper beside them."""
    inner = cv2.dilate(strokes, np.ones((3, 3), np.uint8))
    ring = ((cv2.dilate(strokes, np.ones((7, 7), np.uint8)) - inner) > 0).astype(np.float32)
    on, seen = (cv2.matchTemplate(one, strokes, cv2.TM_CCORR) for one in (dark, free))
    beside, seen_beside = (cv2.matchTemplate(one, ring, cv2.TM_CCORR) for one in (dark, free))
    in_sight = (seen > LEAST_IN_SIGHT * strokes.sum()) & (seen_beside > LEAST_IN_SIGHT * ring.sum())
    share = on / np.maximum(seen, 1) - beside / np.maximum(seen_beside, 1)
    return np.where(in_sight, share, 0).astype(np.float32)


# Where a page shows nothing but the other side


@dataclass(frozen=True, slots=True)
class OtherSide:
    """What of a page is only the other side, which shows through.

    Attributes:
        shown: where the page is as dark as the other side makes it, and no darker.
        darkness: grey levels by which it makes the page darker.
        share: of the other side's strokes, where the page has no print, that show, 0 to 1: nearly all of them do where
            it is the sheet's own other side; of another copy of the same print, the print alone.
    """

    shown: Mask
    darkness: NDArray[np.uint8]
    share: float


def find_other_side(page: Grey, printed: Mask, other: Grey, dpi: float) -> OtherSide | None:
    """Find where a page is dark only because the other side of its sheet shows through; None where nothing shows.

    The whole side must show, so that parts of the page agree on how the two sides lie on each other. What is darker
    than the other side would make it was written on this side, and is not found.

    Args:
        page: upright, (height, width) uint8.
        printed: its print, the same shape.
        other: another page, upright, of any shape.
        dpi: of the page.
    """
    close = round(page.shape[1] * CLOSE_DPI / dpi), round(page.shape[0] * CLOSE_DPI / dpi)
    levels = _levels(
        np.asarray(cv2.resize(page, close, interpolation=cv2.INTER_AREA), np.uint8),
        np.asarray(cv2.resize(printed.astype(np.uint8), close, interpolation=cv2.INTER_AREA) > 0),
    )
    strokes = _measure_strokes(other, close[::-1]) > INKED
    for axis in (1, 0):  # turned over its long edge, or its short one
        agreed = _find_agreed(levels, np.ascontiguousarray(np.flip(strokes, axis)))
        if agreed:
            reach = round(dpi / 5) | 1
            depth = measure_ink_depth(page, reach=reach)
            behind = measure_ink_depth(resize_to_shape(other, page.shape), reach=reach)
            x, y = (float(np.median([getattr(shift, name) for _, shift in agreed])) for name in ("x", "y"))
            behind = _move(
                np.ascontiguousarray(np.flip(behind, axis)), round(x * page.shape[1]), round(y * page.shape[0])
            )
            return _explain(depth, behind, printed, dpi / 25.4)
    return None


def _tiles() -> list[Box]:
    """The parts of a page."""
    return [Box(x / ACROSS, y / DOWN, 1 / ACROSS, 1 / DOWN) for y in range(DOWN) for x in range(ACROSS)]


def _find_agreed(levels: Sequence[_Level], other: Mask) -> list[tuple[Box, _Shift]]:
    """The parts of the other side that show at about the same shift; none where too few agree, as by chance."""
    found = [(tile, shift) for tile in _tiles()[::2] if (shift := _fit_best(levels, other, tile))]
    groups = [
        [pair for pair in found if math.dist((pair[1].x, pair[1].y), (one.x, one.y)) <= AGREED] for _, one in found
    ]
    best = max(groups, key=lambda group: (len(group), sum(shift.share for _, shift in group)), default=[])
    return best if len(best) >= LEAST_AGREED else []


def _fit_best(levels: Sequence[_Level], other: Mask, tile: Box) -> _Shift | None:
    """The shift at which a part of the other side shows best, however sure that is; None where it shows nowhere."""
    best = _Shift(0.0, 0.0, 0.0)
    for fit in _measure_fits(levels, other, tile):
        _, most, _, (x, y) = cv2.minMaxLoc(fit.share)
        if most > best.share:
            best = _Shift((x - NEAR) / other.shape[1], (y - NEAR) / other.shape[0], most)
    return best if best.share >= LEAST_SHARE else None


def _explain(depth: NDArray[np.uint8], behind: NDArray[np.uint8], printed: Mask, mm: float) -> OtherSide | None:
    """How dark a page is because of what is behind it, and where that is all.

    Args:
        depth: of the page's ink, in grey levels.
        behind: the same of the other side, as it lies on the page but for a small shift.
        printed: the page's print.
        mm: pixels of it.
    """
    other = _lay_on(np.where(printed, 0, np.minimum(depth, DARKEST)).astype(np.float32), behind, mm)
    # what is darker on the page shows on the other side, and is its own there no more than here
    strokes = (other > INKED) & (other * WEAKER > depth) & ~printed
    if not strokes.any():
        return None
    through = float(np.median(depth[strokes] / other[strokes]))
    darkness = through * cv2.GaussianBlur(other, (0, 0), SOFT_MM * mm)
    blur = round(2 * BLUR_MM * mm) | 1
    most = cv2.dilate(other, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (blur, blur)))
    shown = (most > INKED) & (depth - darkness <= GHOST * through * most + SLACK)
    share = float(np.mean(depth[strokes] > SLACK))
    return OtherSide(np.asarray(shown), np.asarray(np.round(darkness), np.uint8), share)


def _lay_on(faint: NDArray[np.float32], behind: NDArray[np.uint8], mm: float) -> NDArray[np.float32]:
    """The other side as it lies on a page, part by part, since sheets lean.

    Args:
        faint: the page's ink, as far as it is not too dark to show through.
        behind: the other side, but for a small shift.
        mm: pixels of it.
    """
    height, width = faint.shape
    near = round(FINE_MM * mm)
    dark, other = behind.astype(np.float32), np.zeros(faint.shape, np.float32)
    for tile in _tiles():
        left, top, right, bottom = area = tile.to_pixels(width, height)
        likely = (behind[top:bottom, left:right] > INKED).astype(np.float32)
        if likely.sum() >= LEAST_STROKE_MM2 * mm**2:
            fits = cv2.matchTemplate(_around(faint, area, near), likely, cv2.TM_CCOEFF)
            x, y = _find_peak(np.asarray(fits, np.float32))
            onto = np.array([[1, 0, x - 2 * near], [0, 1, y - 2 * near]], np.float32)
            there = _around(dark, area, near)
            other[top:bottom, left:right] = cv2.warpAffine(there, onto, (right - left, bottom - top))
    return other


def _find_peak(fits: NDArray[np.float32]) -> tuple[float, float]:
    """Where something fits best, in parts of a pixel: x and y."""
    _, _, _, (x, y) = cv2.minMaxLoc(fits)
    return x + _vertex(fits[y, x - 1 : x + 2]), y + _vertex(fits[y - 1 : y + 2, x])


def _vertex(fits: NDArray[np.float32]) -> float:
    """Where a parabola through three neighbours is highest, in pixels from the middle one; 0 at an edge."""
    if len(fits) < 3 or (bend := float(fits[0] - 2 * fits[1] + fits[2])) >= 0:
        return 0.0
    return float(fits[0] - fits[2]) / (2 * bend)


def _move(image: NDArray[np.uint8], x: int, y: int) -> NDArray[np.uint8]:
    """The image moved by so many pixels, with paper where it came from."""
    onto = np.array([[1, 0, x], [0, 1, y]], np.float32)
    return np.asarray(cv2.warpAffine(image, onto, image.shape[1::-1]), np.uint8)
