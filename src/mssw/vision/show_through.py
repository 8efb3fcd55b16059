"""Make the writing that shows through from the other side of a sheet readable."""

from __future__ import annotations

import cv2
import numpy as np

from mssw.vision.ink import Grey, measure_ink_depth

FRONT = 36  # grey levels darker than the paper: surely a stroke of this side
RIM_MM = 1.2  # around a stroke of this side, where its own blur is
GRAIN_MM = 0.34  # of the paper, blurred away
PAPER_MM = 2.0  # wider than any stroke
OVER_GRAIN, LEAST = 3.0, 2.0  # times the paper's grain, and grey levels
PIECE_MM2 = (0.8, 40.0)  # of a letter or a word
PIECES = 80  # clean pages have up to 74; a back page at 3 % of its strength 100, at 6 % 400
STRETCHED = 9  # times the contrast


def find_show_through(page: Grey, dpi: float) -> Grey | None:
    """What shines through, turned so that it reads the right way; None where there is no writing of it.

    Args:
        page: as it goes out, (height, width) uint8.
        dpi: of it.
    """
    mm = dpi / 25.4
    dark = measure_ink_depth(np.asarray(cv2.GaussianBlur(page, (0, 0), 0.8), np.uint8), reach=round(dpi / 5) | 1)
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
    _, _, stats, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8))
    size = stats[1:, cv2.CC_STAT_AREA] / mm**2
    if int(((size > PIECE_MM2[0]) & (size < PIECE_MM2[1])).sum()) < PIECES:
        return None
    seen = 255 - np.clip(faint * STRETCHED, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(seen[:, ::-1])


def _median(page: Grey) -> float:
    """The median of a page's grey levels, by counting them: a tenth of the time that sorting takes."""
    upto = np.cumsum(cv2.calcHist([page], [0], None, [256], [0, 256]).ravel().astype(np.int64))
    middle = np.searchsorted(upto, ((page.size - 1) // 2, page.size // 2), side="right")
    return float(middle.mean())
