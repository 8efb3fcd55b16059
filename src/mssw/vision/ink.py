"""Where a page is dark: its ink measured against its own paper, however the scanner rendered the paper.

Takes a grey page, returns masks of ink and of straight rules. From the ink follows whether anything is on a page. The
ruling of an exercise book is taken off here too: the paper's colour comes where a line was, and strokes that cross a
line stay whole.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # grey or colour, (height, width) or (height, width, 3)
Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Matrix = NDArray[np.float64]

# Whether anything is on a page
EDGE_MM = 10.0  # shadows and punch holes live there
STRONG = 45  # grey levels: the back's show-through stays under this, a pen does not
NOTHING_MM2 = 8.0


def to_grey(pixels: Grey) -> Grey:
    """A page as grey, (height, width) uint8, whatever it was."""
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def resize_to(grey: Grey, long_side: int) -> Grey:
    """The page scaled so that its longer side has that many pixels."""
    scale = long_side / max(grey.shape[:2])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how), np.uint8)


def resize_to_shape(grey: Grey, shape: tuple[int, ...]) -> Grey:
    """The page at exactly that (height, width)."""
    if grey.shape[:2] == shape[:2]:
        return grey
    return np.asarray(cv2.resize(grey, (shape[1], shape[0]), interpolation=cv2.INTER_AREA), np.uint8)


def measure_ink_depth(grey: Grey, *, reach: int) -> NDArray[np.uint8]:
    """How much darker each pixel is than the paper around it, in grey levels.

    Args:
        grey: the page.
        reach: in pixels, wider than any stroke; the paper is what a closing of that size leaves.
    """
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (reach // 2 | 1, reach // 2 | 1))
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    paper = cv2.blur(paper, (reach // 2 | 1, reach // 2 | 1))
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.subtract(paper, grey), np.uint8)


def normalise_ink(grey: Grey, *, reach: int = 15) -> NDArray[np.uint8]:
    """Ink as 0 (paper) to 255 (the page's darkest print)."""
    dark = measure_ink_depth(grey, reach=reach)
    counts = np.bincount(dark[::2, ::2].ravel(), minlength=256).cumsum()
    full = max(20.0, float(np.searchsorted(counts, 0.995 * counts[-1])))
    return np.asarray(cv2.convertScaleAbs(dark, alpha=255.0 / full), np.uint8)


def remove_rules(grey: Grey) -> Grey:
    """The page with its long straight lines painted over: ruled and squared paper matches itself everywhere."""
    binary = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    lines = find_rules(binary > 0, 60)
    out = grey.copy()
    out[cv2.dilate(lines.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 255
    return out


def find_rules(ink: Mask, length: int) -> Mask:
    """The pixels of straight horizontal and vertical lines at least ``length`` pixels long."""
    binary = ink.astype(np.uint8)
    flat = cv2.morphologyEx(binary, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(binary, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return np.asarray(cv2.bitwise_or(flat, upright) > 0)


def find_dashed_rules(ink: Mask, dpi: float) -> Mask:
    """The places of level lines of dots or dashes, as a form has them to write on.

    Args:
        ink: of a page, (height, width).
        dpi: of it.
    """
    mm = dpi / 25.4
    joined = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, round(DASHES_APART_MM * mm) | 1)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    is_rule = (stats[:, cv2.CC_STAT_HEIGHT] <= THICKEST_MM * mm) & (stats[:, cv2.CC_STAT_WIDTH] >= DASHED_MM * mm)
    is_rule[0] = False
    return np.asarray(is_rule[labels])


def measure_strong_ink(scan: Grey, dpi: float, dirt: Mask) -> float:
    """mm² of clear ink on a page, its edges left out.

    Args:
        scan: the page, (height, width) uint8.
        dpi: of the page.
        dirt: where the scanner drew streaks of its own, the same shape.
    """
    dark = measure_ink_depth(scan, reach=round(dpi / 5) | 1)
    edge = round(EDGE_MM * dpi / 25.4)
    clear = np.asarray((dark > STRONG) & ~dirt)[edge:-edge, edge:-edge].astype(np.uint8)
    strokes = cv2.morphologyEx(clear, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return float(strokes.sum()) / (dpi / 25.4) ** 2


DASHES_APART_MM, DASHED_MM = 2.5, 25.0  # between two dots or dashes at most, and of their line at least


# The ruling of an exercise book

FAINTEST = 7  # grey levels darker than the paper: pale blue lines have 20 and more, a pale copy 10
PIECE_MM = 12.0  # a line is seen in straight pieces at least so long, wherever writing does not cross it
SPANNED = 0.45  # of the page, by the pieces of one line: nothing that is written is so long and straight
THICKEST_MM = 0.9
DRIFT_MM = 0.7  # up or down over the page's width, after it was straightened
RIM = 2  # pixels beside a line, where its own blur is
DARKER = 18  # grey levels: a stroke beside a line is at least so dark


def remove_ruling(grey: Grey, dpi: float) -> tuple[Grey, Mask]:
    """The page without its ruling, and where that was; the page itself where it is not ruled.

    Args:
        grey: upright and straight, (height, width) uint8.
        dpi: of it.
    """
    found = np.zeros(grey.shape, bool)
    out = grey
    for turned in (False, True):
        page = np.ascontiguousarray(out.T) if turned else out
        lines = _find_ruling(page, dpi / 25.4)
        if lines.any():
            page = _paint_over(page, lines)
            out = np.ascontiguousarray(page.T) if turned else page
            found |= lines.T if turned else lines
    return out, found


def _find_ruling(page: Grey, mm: float) -> Mask:
    """Level lines that run through most of the page."""
    dark = measure_ink_depth(page, reach=round(5 * mm) | 1)
    ink = (dark > FAINTEST).astype(np.uint8)
    piece = round(PIECE_MM * mm)
    runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, piece), np.uint8))
    thick = round(THICKEST_MM * mm) + 1
    bold = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8))
    runs[bold > 0] = 0  # a shadow or a drawing
    drift = round(DRIFT_MM * mm) | 1
    bands = cv2.dilate(runs, np.ones((drift, piece), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bands)
    lines = np.zeros(page.shape, bool)
    inked = runs > 0
    for n in range(1, count):
        x, y, w, h, _ = map(int, stats[n])
        if w < SPANNED * page.shape[1] or h > 4 * drift:
            continue
        area = np.s_[y : y + h, x : x + w]
        own = inked[area] & (labels[area] == n)
        if own.any(axis=0).sum() >= SPANNED * page.shape[1]:
            lines[area] |= own
    return lines


def _paint_over(page: Grey, lines: Mask) -> Grey:
    """Paint lines over with the paper beside them, but for the strokes that cross them."""
    grown = cv2.dilate(lines.astype(np.uint8), np.ones((2 * RIM + 1, 1), np.uint8)) > 0
    tall = 4 * RIM + 5
    paper = cv2.morphologyEx(page, cv2.MORPH_CLOSE, np.ones((tall, 1), np.uint8))
    # a stroke that crosses the line goes on above and below it: there the closing leaves it dark
    line_level = cv2.blur(np.where(grown, page, 0).astype(np.float32), (61, 1))
    share = cv2.blur(grown.astype(np.float32), (61, 1))
    usual = line_level / np.maximum(share, 1e-3)
    crossing = grown & (page.astype(np.float32) < usual - DARKER)
    out = page.copy()
    clean = grown & ~crossing
    out[clean] = paper[clean]
    return out
