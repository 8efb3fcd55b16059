"""Take the ruling off a page of an exercise book: lines, squares and margins, so that only the writing is read.

In: a straight grey page. Out: the same page with the paper's colour where its ruling was, and its ruling as a mask.
Strokes that cross a line stay whole.
"""

from __future__ import annotations

import cv2
import numpy as np

from mssw.vision.ink import Grey, Mask, measure_ink_depth

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
        lines = _find_lines(page, dpi / 25.4)
        if lines.any():
            page = _paint_over(page, lines)
            out = np.ascontiguousarray(page.T) if turned else page
            found |= lines.T if turned else lines
    return out, found


def _find_lines(page: Grey, mm: float) -> Mask:
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
