"""Which pages of the blank task a scan shows, how they lie on it, and what else is on it.

Takes the pages of the blank and a scan, returns the page and the matrix from one to the other. Features find the page
and its rough position; small patches of print then pull it into place. The score is the share of the blank's print
that is found on the scan within 2 px at 1000 px, corrected for chance. Pages that share their layout are told apart by
the print that they do not share. With the matrix, a scan is warped into the blank's frame: straight and upright.
Beside that page, a scan may show more pages of the task, or writing that would be cut off.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.blank_page import (
    MOST,
    BlankPage,
    Features,
    Points,
    Sheet,
    compute_once,
    count_agreeing,
    match_features,
    scale_matrix,
)
from mssw.vision.ink import STRONG, Grey, Mask, Matrix, Pixels, measure_ink_depth, normalise_ink, resize_to_shape

Patch = tuple[int, int, int, int]

SURE = 0.9
ACCEPTED = 0.8
PERFECT = 0.985
SMALLEST = 0.12  # of the scan's area: four pages may share a scan, with a rim around them
FEW = 900  # features: enough to distinguish pages and to start a fit
ALL_TEXT = 0.98  # of the text: nothing but rules is missing
DROPPED_RULES = 0.1  # how much missing rules count then
RICHER_WINS_BY = 0.02
ALIKE = 0.12  # pages that score within this of the best are compared by the print that they do not share
TOO_CLOSE = 0.04  # a smaller lead in correlation could be chance
FOUND = 34  # of 255: thin grey rules come out of a scanner much lighter than print
PATCH = 40  # pixels at the scoring size, 11 mm on a letter sheet
PAPER = (255, 255, 255)

# Patches of print that show that a page lies where it should
STILL = 6  # pixels to and fro that are searched
STILL_WITHIN = 2
SHARE_STILL = 0.8
MANY_PATCHES = 15

# Patches of text: words that another page has at the same place cover them, but do not look like them
WORDS = 24  # pixels at the scoring size, two or three letters
LOOKS_ALIKE = 0.5
SHARE_ALIKE = 0.9
FEW_WORDS = 12  # patches; fewer tell nothing

# Patches in which two blanks differ
GIVE = 8  # pixels to and fro that a patch may lie beside its place
MOST_PATCHES = 12

_FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


def measure_lead(one: BlankPage, at_one: Matrix, other: BlankPage, at_other: Matrix, scan: Sheet) -> float:
    """Measure how much better the first blank fits the scan in the places where the two blanks differ.

    Returns:
        A difference of correlations, -2 to 2; 0 where the blanks do not differ.
    """
    patches = _find_differences(one, other)
    if not patches:
        return 0.0
    weights = [math.sqrt(width * height) for _, _, width, height in patches]
    to_other = np.diag([other.shape[1] / one.shape[1], other.shape[0] / one.shape[0], 1.0])
    rivals = (one.grey, at_one), (resize_to_shape(other.grey, one.shape), at_other @ to_other)
    pairs = [[_likeness(grey, matrix, patch, scan) for grey, matrix in rivals] for patch in patches]
    gains = [here - there for here, there in pairs]
    return sum(weight * gain for weight, gain in zip(weights, gains, strict=True)) / sum(weights)


@compute_once
def _find_differences(one: BlankPage, other: BlankPage) -> Sequence[Patch]:
    """Where the print of two blanks differs, as (left, top, width, height) in the first one's pixels, largest first."""
    first = (normalise_ink(one.grey, reach=21) > 89).astype(np.uint8)
    second = (normalise_ink(resize_to_shape(other.grey, one.shape), reach=21) > 89).astype(np.uint8)
    near = np.ones((3, 3), np.uint8)
    differ = np.maximum(
        first * (1 - np.asarray(cv2.dilate(second, near), np.uint8)),
        second * (1 - np.asarray(cv2.dilate(first, near), np.uint8)),
    )
    joined = cv2.dilate(differ, np.ones((9, 15), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    patches = [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[1:]]
    patches = [(x, y, w, h) for x, y, w, h in patches if differ[y : y + h, x : x + w].sum() >= 4]
    return sorted(patches, key=lambda patch: -patch[2] * patch[3])[:MOST_PATCHES]


def _likeness(blank: Grey, matrix: Matrix, patch: Patch, scan: Sheet) -> float:
    """Correlation (-1 to 1) of a patch of the blank with the scan around that place."""
    x, y, width, height = patch
    place = matrix @ np.array([[1, 0, x - GIVE], [0, 1, y - GIVE], [0, 0, 1.0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (width + 2 * GIVE, height + 2 * GIVE)
    seen = np.asarray(cv2.warpPerspective(scan.grey, place, size, flags=flags, borderValue=255), np.uint8)
    printed = blank[y : y + height, x : x + width]
    if printed.std() < 3:  # nothing is printed here: an empty place on the scan fits it best
        return 1.0 - 2.0 * min(1.0, float(seen.std()) / 40)
    return float(cv2.matchTemplate(seen, printed, cv2.TM_CCOEFF_NORMED).max())


@dataclass(frozen=True)
class Registration:
    """How a scan lies.

    Attributes:
        task_page: 1-based page of the blank that fits best; None where none fits at all.
        matrix: 3 × 3, from the blank's pixels (as given to ``BlankPage``) to the scan's.
        score: 0 to 1, share of the blank's print that is found.
        doubtful: whether another page of the blank fits as well.
    """

    task_page: int | None
    matrix: Matrix | None
    score: float
    doubtful: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the fit is good enough to rely on."""
        return self.matrix is not None and self.score >= ACCEPTED

    @property
    def turn(self) -> int:
        """Degrees clockwise (0, 90, 180, 270) by which the scan has to be turned to stand upright."""
        if self.matrix is None:
            return 0
        angle = math.degrees(math.atan2(self.matrix[1, 0], self.matrix[0, 0]))
        return round(-angle / 90) % 4 * 90


@dataclass(frozen=True)
class _Fit:
    blank: BlankPage
    matrix: Matrix
    score: float


def register_scan(blanks: Sequence[BlankPage], grey: Grey) -> Registration:
    """Find the blank page that a scan was printed from.

    Args:
        blanks: the pages of the blank task.
        grey: the scanned page, (height, width) uint8.

    Returns:
        The best fit; use it only if it is accepted.
    """
    cv2.setRNGSeed(0)
    scan = Sheet(grey)
    printed = [blank for blank in blanks if not blank.is_empty]
    ways: list[tuple[float, Callable[[Sheet], Features], int]] = [
        (SURE, lambda sheet: sheet.features, FEW),
        (SURE, lambda sheet: sheet.bare_features, MOST),
        (ACCEPTED, lambda sheet: sheet.slow_features, MOST),
    ]
    best = Registration(None, None, 0.0)
    for enough, features, most in ways:
        if best.score < enough:
            found = _place(printed, scan, features, most)
            best = found if found.score > best.score + RICHER_WINS_BY else best
    return best


def register_on_page(blank: BlankPage, scan: Sheet, start: Matrix | None = None) -> Registration:
    """Register a scan on one given page, by quick means alone. The page need not be blank: it can be another scan.

    Args:
        blank: the page to register on.
        scan: the scanned page.
        start: roughly how it lies, from the blank's pixels to the scan's; None to find that by its features.
    """
    cv2.setRNGSeed(0)
    if start is not None:
        fit: _Fit | None = _pull_into_place(blank, scan, start)
    else:
        pair = match_features(blank.features, scan.features, FEW)
        fit = _fit(blank, pair, scan) if pair else None
    return Registration(None, None, 0.0) if fit is None else Registration(blank.number, fit.matrix, fit.score)


def _place(blanks: Sequence[BlankPage], scan: Sheet, features: Callable[[Sheet], Features], most: int) -> Registration:
    """Fit the likely blanks; among lookalikes the print that only one of them has decides."""
    pairs = [match_features(features(blank), features(scan), most) for blank in blanks]
    votes = [count_agreeing(pair) for pair in pairs]
    enough = max(8, max(votes, default=0) * 0.35)
    likely = [(blank, pair) for blank, pair, vote in zip(blanks, pairs, votes, strict=True) if vote >= enough]
    fits = [fit for blank, pair in likely if pair and (fit := _fit(blank, pair, scan))]
    if not fits:
        return Registration(None, None, 0.0)
    best = max(fits, key=lambda fit: fit.score)
    # if a lookalike's own features failed, it starts from where the best one lies
    fits = [
        fit if fit.score >= SURE else _pick_better(fit, _pull_into_place(fit.blank, scan, best.matrix)) for fit in fits
    ]
    return _choose_rival([fit for fit in fits if fit.score > best.score - ALIKE], scan)


def _choose_rival(rivals: Sequence[_Fit], scan: Sheet) -> Registration:
    best = max(rivals, key=lambda fit: fit.score)
    leads = []
    for rival in rivals:
        if rival is best:
            continue
        lead = measure_lead(best.blank, best.matrix, rival.blank, rival.matrix, scan)
        leads.append(abs(lead))
        best = rival if lead < 0 else best
    doubtful = bool(leads) and min(leads) < TOO_CLOSE
    return Registration(best.blank.number, best.matrix, best.score, doubtful)


def _pick_better(one: _Fit, other: _Fit, by: float = RICHER_WINS_BY) -> _Fit:
    return other if other.score > one.score + by else one


def _fit(blank: BlankPage, pair: tuple[Points, Points], scan: Sheet) -> _Fit | None:
    """A similarity from the features, or else a homography; then the print itself pulls the page into place."""
    best: _Fit | None = None
    for model in (_similarity, _homography):
        found = model(*pair)
        if found is None:
            continue
        matrix = scale_matrix(1 / scan.feature_scale) @ found @ scale_matrix(blank.feature_scale)
        if not _is_plausible(matrix, blank, scan):
            continue
        fit = _pull_into_place(blank, scan, matrix)
        best = fit if best is None else _pick_better(best, fit)
        if best.score >= SURE:
            break
    return best


def _similarity(here: Points, there: Points) -> Matrix | None:
    found = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=5, maxIters=5000, confidence=0.999
    )
    return _to_matrix(found[0])


def _homography(here: Points, there: Points) -> Matrix | None:
    found = cv2.findHomography(here, there, cv2.USAC_MAGSAC, 4.0, maxIters=10_000, confidence=0.9999)
    return _to_matrix(found[0])


def _to_matrix(found: Any) -> Matrix | None:
    """What OpenCV found as a 3 × 3 matrix; None where it found nothing, which its types do not tell."""
    if found is None:
        return None
    return np.asarray(found if len(found) == 3 else np.vstack([found, [0.0, 0.0, 1.0]]), np.float64)


def _pull_into_place(blank: BlankPage, scan: Sheet, matrix: Matrix) -> _Fit:
    """The fit after two rounds of matching small patches of print around where it puts them."""
    best = _Fit(blank, matrix, _score(blank, blank.laid_on(scan, matrix)))
    for reach in (14, 6):
        moves = _patch_moves(blank, blank.laid_on(scan, best.matrix), reach)
        if moves is None:
            continue
        start = best.matrix
        for model in (_affine_move, _homography_move):
            step = model(*moves)
            if step is None:
                continue
            # the step is known at the scoring size, the matrix in the blank's own pixels
            trial = start @ scale_matrix(1 / blank.score_scale) @ step @ scale_matrix(blank.score_scale)
            if _is_plausible(trial, blank, scan):
                best = _pick_better(best, _Fit(blank, trial, _score(blank, blank.laid_on(scan, trial))), by=0.0)
        if best.score >= PERFECT:
            break
    return best


def _patch_moves(blank: BlankPage, ink: NDArray[np.uint8], reach: int) -> tuple[Points, Points] | None:
    """Where print stands on the blank and where it is found on the scan laid over it, at the scoring size."""
    height, width = ink.shape
    half = PATCH // 2
    here, there = [], []
    for x, y in blank.landmarks:
        if not (half + reach <= x < width - half - reach and half + reach <= y < height - half - reach):
            continue
        patch = blank.ink[y - half : y + half, x - half : x + half]
        around = ink[y - half - reach : y + half + reach, x - half - reach : x + half + reach]
        _, likeness, _, peak = cv2.minMaxLoc(cv2.matchTemplate(around, patch, cv2.TM_CCOEFF_NORMED))
        if likeness > 0.6:
            here.append((x, y))
            there.append((x + peak[0] - reach, y + peak[1] - reach))
    if len(here) < 6:
        return None
    return np.array(here, np.float32), np.array(there, np.float32)


def is_laid_surely(blank: BlankPage, grey: Grey, matrix: Matrix) -> bool:
    """Whether a scan surely lies as a matrix says, however much of the print it lacks.

    Small patches of print all over the page must be found where they should be: a copier that drops light print moves
    nothing, and another page has its print elsewhere.

    Args:
        blank: the blank page.
        grey: the scan.
        matrix: from the blank's pixels to the scan's.
    """
    moves = _patch_moves(blank, blank.laid_on(Sheet(grey), matrix), STILL)
    if moves is None or len(moves[0]) < MANY_PATCHES:
        return False
    here, there = moves
    still = here[np.abs(there - here).max(axis=1) <= STILL_WITHIN]
    height, width = blank.ink.shape
    return bool(len(still) >= SHARE_STILL * len(here) and (np.ptp(still, axis=0) > np.array([width, height]) / 3).all())


def _affine_move(here: Points, there: Points) -> Matrix | None:
    return _to_matrix(cv2.estimateAffine2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=2.5, maxIters=3000)[0])


def _homography_move(here: Points, there: Points) -> Matrix | None:
    if len(here) < 12:
        return None
    return _to_matrix(cv2.findHomography(here, there, cv2.RANSAC, 2.5, maxIters=3000)[0])


def _is_plausible(matrix: Matrix, blank: BlankPage, scan: Sheet) -> bool:
    """Whether the blank's corners land as a convex sheet that may be on the scan, alone or as one of a few."""
    height, width = blank.shape
    corners = matrix @ np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], float).T
    if (corners[2] <= 1e-6).any():
        return False
    outline = np.asarray((corners[:2] / corners[2]).T, np.float32)
    whole = scan.shape[0] * scan.shape[1]
    return bool(cv2.isContourConvex(outline)) and SMALLEST * whole < cv2.contourArea(outline) < 2.0 * whole


def _score(blank: BlankPage, ink: NDArray[np.uint8]) -> float:
    """Share of the blank's print found, 0 for chance and 1 for all; the worse of all print and bare text.

    Copiers drop thin grey rules, or blur them. So where the text is found, missing rules count half, and hardly where
    all of it is found on a page that has much: in black and white, a pale rule falls into dashes.
    """
    found = np.asarray(cv2.dilate((ink > FOUND).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
    shares = [_found_share(mask, near, found) for mask, near in blank.print_to_find]
    worst, text = min(shares), shares[-1]
    if worst < ACCEPTED and len(shares) > 1 and text >= SURE:
        rules = DROPPED_RULES if text >= ALL_TEXT and blank.tells_by_text and _keeps_text(blank, ink) else 0.5
        return rules * worst + (1 - rules) * text
    return worst


def _keeps_text(blank: BlankPage, ink: NDArray[np.uint8]) -> bool:
    """Whether the blank's words themselves stand on the scan, all over the page, and not others in their places."""
    text = blank.print_to_find[-1][0]
    half, height, width = WORDS // 2, *text.shape
    around = half + STILL_WITHIN
    looks = []
    for x, y in blank.landmarks:
        inside = around <= x < width - around and around <= y < height - around
        if not inside or not text[y - 3 : y + 4, x - 3 : x + 4].any():
            continue
        patch = blank.ink[y - half : y + half, x - half : x + half]
        there = ink[y - around : y + around, x - around : x + around]
        looks.append(float(cv2.matchTemplate(there, patch, cv2.TM_CCOEFF_NORMED).max()))
    return len(looks) >= FEW_WORDS and sum(look > LOOKS_ALIKE for look in looks) >= SHARE_ALIKE * len(looks)


def _found_share(printed: Mask, near: Mask, found: Mask) -> float:
    chance = float(found[near].mean()) if near.any() else 0.0
    hit = float((printed & found).sum()) / max(1, int(printed.sum()))
    return (hit - chance) / (1 - chance + 1e-6)


def warp_scan(grey: Pixels, matrix: Matrix, shape: tuple[int, ...]) -> Pixels:
    """Warp a scan into the blank's frame; beyond the scan, its edge is repeated.

    Args:
        grey: the scan, (height, width) uint8.
        matrix: 3 × 3, from the blank's pixels to the scan's.
        shape: of the blank, (height, width).
    """
    how = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpPerspective(grey, matrix, shape[1::-1], flags=_FLAGS, borderMode=how), np.uint8)


def warp_mask(mask: Mask, matrix: Matrix, shape: tuple[int, ...]) -> Mask:
    """Warp a mask of the scan into the blank's frame, empty beyond the scan; arguments as for ``warp_scan``."""
    return np.asarray(cv2.warpPerspective(mask.astype(np.uint8) * 255, matrix, shape[1::-1], flags=_FLAGS) > 0)


def straighten_page(
    pixels: Pixels, matrix: Matrix, seen: tuple[int, ...], blank: tuple[int, ...], *, grow: float
) -> Pixels:
    """Straighten a page at its own resolution, in the blank's frame; beyond the scan there is paper.

    Args:
        pixels: the page as decoded, (height, width) or (height, width, 3) uint8.
        matrix: from the blank to the scan, both at the analysis' resolution.
        seen: shape of the scan at that resolution.
        blank: shape of the blank at that resolution.
        grow: the resolution of the result over that of the analysis.
    """
    width, height = round(blank[1] * grow), round(blank[0] * grow)
    to_scan = np.diag([pixels.shape[1] / seen[1], pixels.shape[0] / seen[0], 1.0])
    from_result = np.diag([blank[1] / width, blank[0] / height, 1.0])
    whole = to_scan @ matrix @ from_result
    return np.asarray(cv2.warpPerspective(pixels, whole, (width, height), flags=_FLAGS, borderValue=PAPER), np.uint8)


def measure_share_shown(matrix: Matrix, blank: tuple[int, ...], seen: tuple[int, ...]) -> float:
    """Measure how much of the blank's page is within the picture, 0 to 1.

    Args:
        matrix: 3 × 3, from the blank's pixels to the picture's.
        blank: shape of the blank, (height, width).
        seen: shape of the picture.
    """
    page, frame = (np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32) for h, w in (blank[:2], seen[:2]))
    lies = np.asarray(cv2.perspectiveTransform(page[None], matrix)[0], np.float32)
    return float(cv2.intersectConvexConvex(lies, frame)[0] / max(1.0, cv2.contourArea(lies)))


# What else is on the scan

#: Of the scan's area. Where the page takes up as much, only the rim of the glass is left beside it.
WHOLE_SCAN = 0.97
#: Of ink. A student's name takes about 15; the shadow of a sheet's edge is a straight line and does not count.
SOMETHING_MM2 = 12.0
RIM_MM = 4.0  # of the glass: shadows live there
AROUND_MM = 2.5  # of the page: a sheet a little larger than the task's, and print on its very edge
MOST_ON_SCAN = 8  # pages of the task
SHARED = 0.1  # of a page: if more of it lies on another one, it is the same page, found again
LONG_MM, THIN_MM = 8.0, 0.8  # a mark that is longer and thinner is the edge of a sheet, straight or askew


def find_pages_beside(blanks: Sequence[BlankPage], scan: Grey, first: Registration) -> list[Registration]:
    """Find all pages of the task on a scan: spreads, two sheets on the glass, half sheets, two sheets in a photo.

    Args:
        blanks: the pages of the blank task.
        scan: (height, width) uint8.
        first: the page that was found on it; accepted.

    Returns:
        That page and the others, in reading order.
    """
    found, rest = [first], scan
    while len(found) < MOST_ON_SCAN:
        rest = without_page(rest, *_lies(blanks, found[-1]))
        another = register_scan(blanks, rest)
        if not another.accepted or any(_share_on(blanks, another, one) > SHARED for one in found):
            break
        found.append(another)
    return _in_reading_order(blanks, found)


def _lies(blanks: Sequence[BlankPage], page: Registration) -> tuple[Matrix, tuple[int, ...]]:
    """How an accepted page lies on the scan, and the shape of its blank."""
    if page.task_page is None or page.matrix is None:
        raise ValueError("a page that was not found lies nowhere")
    return page.matrix, blanks[page.task_page - 1].shape


def _share_on(blanks: Sequence[BlankPage], page: Registration, other: Registration) -> float:
    """How much of a page lies on another one."""
    one, two = (_corners(*_lies(blanks, place)) for place in (page, other))
    return float(cv2.intersectConvexConvex(one, two)[0] / max(1.0, cv2.contourArea(one)))


def _in_reading_order(blanks: Sequence[BlankPage], found: Sequence[Registration]) -> list[Registration]:
    """Sort pages row by row as they are read when the first of them is upright."""
    corners = [_corners(*_lies(blanks, page)) for page in found]
    across, down = corners[0][1] - corners[0][0], corners[0][3] - corners[0][0]
    height = float(np.linalg.norm(down))
    middles = [outline.mean(axis=0) for outline in corners]
    rows = [round(float((middle - middles[0]) @ down) / height**2) for middle in middles]
    order = sorted(range(len(found)), key=lambda at: (rows[at], float(middles[at] @ across)))
    return [found[at] for at in order]


def share_of_scan(matrix: Matrix, blank: tuple[int, ...], seen: tuple[int, ...]) -> float:
    """How much of a scan the page takes up; a little over 1 where it reaches over the scan's edge.

    Args:
        matrix: 3 × 3, from the blank's pixels to the scan's.
        blank: shape of the blank page, (height, width).
        seen: shape of the scan.
    """
    return float(cv2.contourArea(_corners(matrix, blank)) / (seen[0] * seen[1]))


def ink_beside_pages(
    blanks: Sequence[BlankPage], scan: Grey, pages: Sequence[Registration], dpi: float, dirt: Mask
) -> float:
    """mm² of clear ink on a scan outside of the pages that were found on it; arguments as for ``ink_outside``."""
    return ink_outside(scan, [_lies(blanks, page) for page in pages], dpi, dirt)


def ink_outside(scan: Grey, places: Sequence[tuple[Matrix, tuple[int, ...]]], dpi: float, dirt: Mask) -> float:
    """mm² of clear ink on a scan outside of some places.

    Args:
        scan: (height, width) uint8.
        places: of each page, the 3 × 3 matrix from the blank's pixels to the scan's, and the shape of the blank.
        dpi: of the scan.
        dirt: where the scanner drew streaks of its own, of the scan's shape.
    """
    mm = dpi / 25.4
    dark = (measure_ink_depth(scan, reach=round(dpi / 5) | 1) > STRONG) & ~dirt
    for matrix, blank in places:
        dark &= ~_page(scan, matrix, blank, around=AROUND_MM * mm)
    rim = round(RIM_MM * mm)
    inner = np.zeros_like(dark)
    inner[rim:-rim, rim:-rim] = dark[rim:-rim, rim:-rim]
    strokes = cv2.morphologyEx(inner.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    _, _, marks, _ = cv2.connectedComponentsWithStats(strokes)
    lengths = np.hypot(marks[1:, cv2.CC_STAT_WIDTH], marks[1:, cv2.CC_STAT_HEIGHT]) / mm
    areas = marks[1:, cv2.CC_STAT_AREA] / mm**2
    is_edge = (lengths > LONG_MM) & (areas < THIN_MM * lengths)
    return float(areas[~is_edge].sum())


def without_page(scan: Grey, matrix: Matrix, blank: tuple[int, ...]) -> Grey:
    """The scan with white paper where the page lies."""
    return np.where(_page(scan, matrix, blank, around=0.0), np.uint8(255), scan)


def _page(scan: Grey, matrix: Matrix, blank: tuple[int, ...], *, around: float) -> Mask:
    """The pixels of a scan that the page covers, and so many more around it."""
    page = np.zeros(scan.shape[:2], np.uint8)
    cv2.fillConvexPoly(page, np.round(_corners(matrix, blank)).astype(np.int32), 1)
    if around:
        size = 2 * round(around) + 1
        page = np.asarray(cv2.dilate(page, np.ones((size, size), np.uint8)), np.uint8)
    return np.asarray(page > 0)


def _corners(matrix: Matrix, blank: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """The page's corners on the scan, (4, 2) as x, y."""
    height, width = blank[:2]
    page = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)
    return np.asarray(cv2.perspectiveTransform(page, matrix)[0], np.float32)
