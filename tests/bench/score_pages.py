"""Measures one released page against the truth: strokes of the name still there, answers that are gone.

Arrays only. All images are grey uint8 in the blank task's frame at 200 dpi; labels as in real_class.py.
Nothing here knows how covers are made; it looks at what a reader would see.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

NAME, ANSWER, OTHER = 1, 2, 3
TILE = 12  # pixels: 1.5 mm, about half a small letter
SEEN = 18.0  # mean darkness, in grey levels, from which ink counts as visible
SEEN_BITONAL = 55.0
LEFT = 0.3  # share of a tile's darkness from which it counts as still there
GONE = 0.35  # share of a tile's darkness under which it counts as lost
GHOST = 1.2  # grey levels that a whole name may shine through


@dataclass
class PageScore:
    """What one page shows. Boxes are x, y, w, h in pixels of the frame.

    Attributes:
        name_tiles: tiles of name ink that could be seen on the scan.
        name_left: those that can still be seen.
        ghost: grey levels by which the name as a whole is darker than places beside it.
        shines: whether that is more than chance and more than allowed.
        answer_tiles: tiles of answers that could be seen on the scan.
        answers_lost: those that cannot be seen any more.
        drift: how far, in pixels, the page lies from where the truth says, at its worst.
        aligned: the released page, moved onto the truth's frame.
    """

    name_tiles: int = 0
    name_left: list[tuple[int, int, int, int]] = field(default_factory=list)
    ghost: float = 0.0
    shines: bool = False
    answer_tiles: int = 0
    answers_lost: list[tuple[int, int, int, int]] = field(default_factory=list)
    drift: float = 0.0
    aligned: np.ndarray | None = field(default=None, repr=False)

    @property
    def leaks(self) -> bool:
        """Whether anything of the name is left."""
        return bool(self.name_left) or self.shines


def darkness(grey: np.ndarray) -> np.ndarray:
    """How much darker each pixel is than the paper around it, in grey levels (float32)."""
    paper = cv2.medianBlur(cv2.copyMakeBorder(grey, 30, 30, 30, 30, cv2.BORDER_REFLECT), 61)[30:-30, 30:-30]
    return np.maximum(paper.astype(np.float32) - grey, 0)


def _pairs(before: np.ndarray, after: np.ndarray, reach: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Middles of blocks of the truth's frame, and where they are found on the released page."""
    block, here, there = 96, [], []
    h, w = before.shape
    small = cv2.GaussianBlur(before, (0, 0), 1.2), cv2.GaussianBlur(after, (0, 0), 1.2)
    for y in range(reach, h - block - reach, 72):
        for x in range(reach, w - block - reach, 72):
            patch = small[0][y : y + block, x : x + block]
            if patch.std() < 6:
                continue
            area = small[1][y - reach : y + block + reach, x - reach : x + block + reach]
            match = cv2.matchTemplate(area, patch, cv2.TM_CCOEFF_NORMED)
            _, best, _, (dx, dy) = cv2.minMaxLoc(match)
            if best > 0.75 and 0 < dx < 2 * reach and 0 < dy < 2 * reach:
                here.append((x + block / 2, y + block / 2))
                there.append((x + block / 2 + dx - reach, y + block / 2 + dy - reach))
    return np.float32(here).reshape(-1, 2), np.float32(there).reshape(-1, 2)


def align(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, float]:
    """The released page moved onto the truth's frame, and how far (pixels) it was off at its worst corner.

    A copier feeds unevenly: so after the page as a whole each row is moved as the blocks around it are.
    """
    here, there = _pairs(before, after)
    way = np.float64([[1, 0, 0], [0, 1, 0]])
    if len(here) >= 8:
        found, _ = cv2.estimateAffine2D(here, there, ransacReprojThreshold=2.0)
        way = way if found is None else found
    h, w = before.shape
    corners = np.float64([[0, 0, 1], [w, 0, 1], [0, h, 1], [w, h, 1]])
    off = float(np.abs(corners @ way.T - corners[:, :2]).max())
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    at = [row[0] * x + row[1] * y + row[2] for row in way.astype(np.float32)]
    rest = there - (np.c_[here, np.ones(len(here))] @ way.T)
    rows = [row for row in np.unique(here[:, 1]) if (here[:, 1] == row).sum() >= 3]
    if rows:
        for axis in (0, 1):
            moved = [float(np.median(rest[here[:, 1] == row, axis])) for row in rows]
            at[axis] += np.interp(np.arange(h), rows, moved).astype(np.float32)[:, None]
    return cv2.remap(after, at[0], at[1], cv2.INTER_LINEAR, borderValue=255), off


def _strokes(dark: np.ndarray, floor: float) -> np.ndarray:
    """Where a stroke is, without its blurred rim: dark, and not much lighter than the darkest nearby."""
    peak = cv2.dilate(cv2.GaussianBlur(dark, (0, 0), 0.7), np.ones((9, 9), np.uint8))
    return (dark > np.maximum(floor, 0.45 * peak)).astype(np.uint8)


def _added(dark: np.ndarray, dark_before: np.ndarray, floor: float) -> np.ndarray:
    """Where the released page carries ink that the scan did not: the alias in type, outlines, a footer."""
    solid, was = _strokes(dark, floor), _strokes(dark_before, floor)
    known = cv2.dilate(was, np.ones((3, 3), np.uint8))
    added = np.zeros(dark.shape, np.uint8)
    for run in ((1, 31), (31, 1)):  # outlines pixel by pixel: a stroke that crosses one is not part of it
        lines = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones(run, np.uint8))
        fresh = cv2.morphologyEx(lines & (1 - known), cv2.MORPH_CLOSE, np.ones(run, np.uint8)) & lines
        added |= cv2.morphologyEx(fresh, cv2.MORPH_OPEN, np.ones(run, np.uint8))
    added = cv2.dilate(added, np.ones((3, 3), np.uint8))
    count, stats, label = _components(solid & (1 - added))
    new = np.zeros(count, np.uint8)
    for n in range(1, count):
        x, y, w, h = stats[n]
        area = np.s_[max(0, y - 5) : y + h + 5, max(0, x - 5) : x + w + 5]
        part = (label[area] == n).astype(np.uint8)
        grown = cv2.dilate(solid[area], np.ones((3, 3), np.uint8))
        kept, alike = int((part & known[area]).sum()), 0.0
        for reach in ((1, 9), (9, 1)):  # a cover's edge may have cut it off lengthwise: one way is enough
            near = cv2.dilate(part, np.ones(reach, np.uint8)) & was[area]
            alike = max(alike, (kept + int((near & grown).sum())) / (part.sum() + int(near.sum())))
        old = cv2.dilate(dark_before[area], np.ones((3, 3), np.uint8))[part > 0].mean()
        # A stroke that was left stands as it stood; type hits old strokes and misses others beside them.
        elsewhere = kept < 0.8 * part.sum() or alike < 0.75
        new[n] = elsewhere or dark[area][part > 0].mean() > 1.4 * old + 20
    for _ in range(3):
        new |= _beside_type(stats, new)
    return cv2.dilate(added | new[label], np.ones((3, 3), np.uint8)) > 0


def _beside_type(stats: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Which letter-sized parts stand within 1.5 mm of new ones: an `l` that hit an old stroke."""
    more = np.zeros_like(new)
    x, y, w, h = stats.T
    letters = (w <= 40) & (h <= 40)
    type_set = np.flatnonzero(letters & (new > 0) & (w * h >= 40))
    for n in np.flatnonzero(letters & (new == 0)):
        gap_x = np.maximum(x[type_set] - x[n] - w[n], x[n] - x[type_set] - w[type_set])
        gap_y = np.maximum(y[type_set] - y[n] - h[n], y[n] - y[type_set] - h[type_set])
        more[n] = bool(((gap_x <= TILE) & (gap_y <= 4)).any())
    return more


def _components(mask: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
    """One more than the number of connected parts, each part's box (x, y, w, h), and the label image."""
    count, label, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return count, stats[:, :4], label


@dataclass(frozen=True)
class Strips:
    """Small strips of ink: each stroke's part in each cell of a grid.

    Attributes:
        ys: row of every pixel.
        xs: column of every pixel.
        strip: the strip that the pixel belongs to.
        boxes: x, y, w, h of each strip.
    """

    ys: np.ndarray
    xs: np.ndarray
    strip: np.ndarray
    boxes: list[tuple[int, int, int, int]]

    def darkest(self, dark: np.ndarray, reach: int) -> np.ndarray:
        """Each strip's mean darkness at its best place within reach pixels: registration is never exact."""
        h, w = dark.shape
        best = np.zeros(len(self.boxes))
        size = np.maximum(np.bincount(self.strip, minlength=len(best)), 1)
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                values = dark[np.clip(self.ys + dy, 0, h - 1), np.clip(self.xs + dx, 0, w - 1)]
                best = np.maximum(best, np.bincount(self.strip, values, len(best)) / size)
        return best


def strips_of(mask: np.ndarray, least: int = 10) -> Strips:
    """Cuts a mask into strips of at least that many pixels."""
    grid = mask.astype(np.uint8)
    grid[::TILE] = 0  # a one-pixel cut between cells parts the strokes at their borders
    grid[:, ::TILE] = 0
    count, label, stats, _ = cv2.connectedComponentsWithStats(grid, connectivity=8)
    large = stats[:, 4] >= least
    large[0] = False
    number = np.cumsum(large) - 1
    ys, xs = np.nonzero(large[label])
    boxes = [tuple(int(v) for v in stats[n][:4]) for n in range(1, count) if large[n]]
    return Strips(ys, xs, number[label[ys, xs]], boxes)


def _ghost(dark: np.ndarray, name: np.ndarray) -> tuple[float, bool]:
    """How much darker the name is than the same shape laid beside it, and whether that is no chance."""
    ys, xs = np.nonzero(name)
    h, w = dark.shape
    steps = range(-16, 17, 4)
    around = [(dy, dx) for dy in steps for dx in steps if max(abs(dx), abs(dy)) >= 8]
    beside = [float(dark[np.clip(ys + dy, 0, h - 1), np.clip(xs + dx, 0, w - 1)].mean()) for dy, dx in around]
    here = max(
        float(dark[np.clip(ys + dy, 0, h - 1), np.clip(xs + dx, 0, w - 1)].mean())
        for dy in (-1, 0, 1)
        for dx in (-1, 0, 1)
    )
    more = here - float(np.mean(beside))
    return more, more > max(GHOST, 5 * float(np.std(beside)))


def measure_page(
    before: np.ndarray, after: np.ndarray, label: np.ndarray, blank: np.ndarray, *, bitonal: bool = False
) -> PageScore:
    """Compares the scan (moved into the frame by the true way) with the released page.

    Args:
        before: the scan in the blank's frame.
        after: the released page, near enough in the same frame (10 pixels).
        label: the truth of each pixel.
        blank: the blank task: its print is left out of every measure.
        bitonal: whether the scan is black and white only.
    """
    after, drift = align(before, after)
    score = PageScore(drift=drift, aligned=after)
    dark, was = darkness(after), darkness(before)
    seen = SEEN_BITONAL if bitonal else SEEN
    printed = cv2.dilate((darkness(blank) > 40).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    others = cv2.dilate((label > NAME).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    name = (label == NAME) & ~printed & ~others
    clean = np.where(_added(dark, was, 0.6 * seen), 0, dark)
    strips = strips_of(name)
    visible, left = strips.darkest(was, 1), strips.darkest(clean, 2)
    score.name_tiles = int((visible >= seen).sum())
    bad = (visible >= seen) & (left > np.maximum(0.6 * seen, LEFT * visible))
    score.name_left = [strips.boxes[n] for n in np.flatnonzero(bad)]
    if name.any():
        score.ghost, shines = _ghost(clean, name)
        score.shines = shines and not bitonal
    near_name = cv2.dilate((label == NAME).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    strips = strips_of((label == ANSWER) & ~printed & ~near_name)
    visible, left = strips.darkest(was, 1), strips.darkest(dark, 3)
    score.answer_tiles = int((visible >= seen).sum())
    score.answers_lost = [strips.boxes[n] for n in np.flatnonzero((visible >= seen) & (left < GONE * visible))]
    return score
