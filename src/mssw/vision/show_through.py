"""Make the writing that shows through from the other side of a sheet readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.vision.ink import Grey, Mask, find_rules, measure_ink_depth
from mssw.vision.text_lines import Line

FRONT = 36  # grey levels darker than the paper: surely a stroke of this side
RIM_MM = 1.2  # around a stroke of this side, where its own blur is
GRAIN_MM = 0.34  # of the paper, blurred away
PAPER_MM = 2.0  # wider than any stroke
OVER_GRAIN, LEAST = 3.0, 2.0  # times the paper's grain, and grey levels
PIECE_MM2 = (0.8, 40.0)  # of a letter or a word
PIECES = 80  # clean pages have up to 74; a back page at 3 % of its strength 100, at 6 % 400
BETWEEN_MM = (5.0, 1.6)  # letters of a word, across and down
WORD_MM = (7.0, 16.0)  # wide and tall: of a word that bleeds alone, at least and at most
LEAST_PIECES, MOST_WORDS = 3, 12
STRETCHED = 9  # times the contrast


@dataclass(frozen=True, slots=True)
class Through:
    """What shines through a page.

    Attributes:
        seen: turned so that it reads the right way, at the page's resolution.
        words: where single words of it are; empty where there is so much that lines have to be found first.
    """

    seen: Grey
    words: tuple[Line, ...]


def find_show_through(page: Grey, dpi: float) -> Through | None:
    """What shines through, turned so that it reads the right way; None where there is no writing of it.

    Args:
        page: as it goes out, (height, width) uint8.
        dpi: of it.
    """
    mm = dpi / 25.4
    dark = measure_ink_depth(
        np.asarray(cv2.GaussianBlur(page, (0, 0), 0.8), np.uint8),
        reach=round(dpi / 5) | 1,
    )
    rim = round(2 * RIM_MM * mm) | 1
    front = cv2.dilate((dark > FRONT).astype(np.uint8), np.ones((rim, rim), np.uint8)) > 0
    if front.all():
        return None
    bare = np.where(front, _median(page), page).astype(np.float32)
    wide = round(2 * PAPER_MM * mm) | 1
    paper = cv2.blur(cv2.blur(bare, (wide, wide)), (wide, wide))
    smooth = cv2.GaussianBlur(np.where(front, paper, page).astype(np.float32), (0, 0), GRAIN_MM * mm)
    faint = np.where(front, 0, paper - smooth)
    grain = 1.48 * float(np.median(np.abs(faint[~front][::7])))
    strokes = faint > max(LEAST, OVER_GRAIN * grain)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8))
    size = stats[:, cv2.CC_STAT_AREA] / mm**2
    is_letter = (size > PIECE_MM2[0]) & (size < PIECE_MM2[1])
    is_letter[0] = False
    words = () if int(is_letter.sum()) >= PIECES else _words(is_letter[labels], np.asarray(labels, np.int32), mm)
    if words or int(is_letter.sum()) >= PIECES:
        seen = 255 - np.clip(faint * STRETCHED, 0, 255).astype(np.uint8)
        return Through(np.ascontiguousarray(seen[:, ::-1]), words)
    return None


def _words(letters: Mask, labels: NDArray[np.int32], mm: float) -> tuple[Line, ...]:
    """Where some faint pieces are side by side like the letters of a word, on the page as it is seen from behind."""
    kernel = np.ones((round(BETWEEN_MM[1] * mm) | 1, round(BETWEEN_MM[0] * mm) | 1), np.uint8)
    joined = cv2.morphologyEx(letters.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for x, y, w, h, _ in (tuple(map(int, row)) for row in stats[1:]):
        pieces = np.unique(labels[y : y + h, x : x + w][letters[y : y + h, x : x + w]])
        if len(pieces) >= LEAST_PIECES and w > WORD_MM[0] * mm and h < WORD_MM[1] * mm and w > h:
            rim = mm
            found.append(Line(letters.shape[1] - x - w / 2, y + h / 2, w + 2 * rim, h + 2 * rim, 0.0))
    return tuple(found[:MOST_WORDS])


def _median(page: Grey) -> float:
    """The median of a page's grey levels, by counting them: a tenth of the time that sorting takes."""
    upto = np.cumsum(cv2.calcHist([page], [0], None, [256], [0, 256]).ravel().astype(np.int64))
    middle = np.searchsorted(upto, ((page.size - 1) // 2, page.size // 2), side="right")
    return float(middle.mean())


# The other side of the sheet is known

NEAR_MM = 10.0  # by how much fronts and backs may lie apart, print and feed together
BORDER_MM = 1.0  # of all shifts: what fits best there would fit better beyond, and is chance
CLOSE_DPI = 75.0
LONG_RULE_MM = 12.0  # straight: print, which bleeds less than a pen
INKED = 30  # grey levels darker than the paper: a stroke that may bleed
LEAST_STROKE_MM2 = 1.5  # of a name: less tells nothing
GRAIN_TIMES, DARKER = 3.0, 1.6  # of the paper's grain, and grey levels: what counts as darker than the paper
# What bleeds is about as dark everywhere. So it is looked for between two levels, beside all that is darker.
LEVELS = ((0, 9), (5, 22), (14, 50), (35, 110), (80, 255))
LEAST_IN_SIGHT = 0.35  # of a name's strokes: so much of them is not under darker ink or print
SHOWS, CLEARLY = 0.5, 7.5  # of the strokes, more than of the paper beside them; times as STANDS_OUT
STANDS_OUT = 8.5  # times the usual difference between two shifts: by chance up to 8 on clean pages, 8 to 15 for a bleed
LEAST_SHARE = 0.25  # of the strokes: fewer are chance, even where they stand out


@dataclass(frozen=True, slots=True)
class Bleed:
    """A place of the other side that shows on a page.

    Attributes:
        box: on the page, in its fractions.
        share: how much more of its strokes shows than of the paper beside them, 0 to 1.
    """

    box: Box
    share: float


@dataclass(frozen=True, slots=True)
class _Level:
    """What of a page is about so dark, and where darker ink or print hides what would be.

    Attributes:
        dark: 1 where it is, else 0.
        free: 1 where it can be seen, else 0.
    """

    dark: NDArray[np.float32]
    free: NDArray[np.float32]


def find_bleeding(page: Grey, printed: Mask | None, other: Grey, places: Sequence[Box]) -> list[Bleed]:
    """Find which places of the other side of a sheet show on a page.

    The sheet may be turned over its long edge or its short one: then the other side is seen mirrored, or upside down.

    Args:
        page: upright, (height, width) uint8, at ``CLOSE_DPI``.
        printed: its print, the same shape; None where that is not known.
        other: the other side, upright, at the same resolution.
        places: of names on the other side, in its fractions.
    """
    levels = _levels(page, printed)
    ink = np.asarray(cv2.resize(other, page.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    inked = np.asarray(measure_ink_depth(ink, reach=round(CLOSE_DPI / 5) | 1) > INKED)
    rules = find_rules(inked, round(LONG_RULE_MM * CLOSE_DPI / 25.4))
    inked &= cv2.dilate(rules.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0
    found: list[Bleed] = []
    for axis in (1, 0):
        turned = np.ascontiguousarray(np.flip(inked, axis))
        for place in places:
            box = replace(place, x=1 - place.right) if axis == 1 else replace(place, y=1 - place.bottom)
            bleed = _find_shift(levels, turned, box)
            found += [bleed] if bleed is not None else []
    return found


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


def _find_shift(levels: Sequence[_Level], other: Mask, box: Box) -> Bleed | None:
    """Where a part of the other side shows; None where it does not, or where too little is written on it."""
    height, width = other.shape
    left, top, right, bottom = box.to_pixels(width, height)
    strokes = other[top:bottom, left:right].astype(np.float32)
    if strokes.sum() < LEAST_STROKE_MM2 * (CLOSE_DPI / 25.4) ** 2:
        return None
    near = round(NEAR_MM * CLOSE_DPI / 25.4)
    best: tuple[float, int, int] | None = None
    for level in levels:
        dark = _around(level.dark, (left, top, right, bottom), near)
        if dark.sum() < LEAST_SHARE * strokes.sum():
            continue  # bare paper, as on most pages
        share = _share_by_shift(dark, _around(level.free, (left, top, right, bottom), near), strokes)
        _, most, _, (x, y) = cv2.minMaxLoc(share)
        if max(abs(x - near), abs(y - near)) > near - BORDER_MM * CLOSE_DPI / 25.4:
            continue
        out = (most - float(share.mean())) / max(1e-3, float(share.std()))
        is_found = out >= CLEARLY if most >= SHOWS else out >= STANDS_OUT and most >= LEAST_SHARE
        if is_found and (best is None or most > best[0]):
            best = most, x - near, y - near
    if best is None:
        return None
    x0, y0 = (
        min(1.0, max(0.0, box.x + best[1] / width)),
        min(1.0, max(0.0, box.y + best[2] / height)),
    )
    place = Box(x0, y0, max(0.0, min(1.0, x0 + box.w) - x0), max(0.0, min(1.0, y0 + box.h) - y0))
    return Bleed(place, best[0])


def _around(mask: NDArray[np.float32], area: tuple[int, int, int, int], near: int) -> NDArray[np.float32]:
    """A part of a page with so many pixels around it; nothing is beyond the page."""
    left, top, right, bottom = area
    padded = cv2.copyMakeBorder(mask, near, near, near, near, cv2.BORDER_CONSTANT, value=0.0)
    return np.ascontiguousarray(padded[top : bottom + 2 * near, left : right + 2 * near])


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
