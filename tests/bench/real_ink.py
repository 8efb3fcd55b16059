"""Real pen ink: word images of 15 writers as transparency, and digits and doodles in the same pen."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
HANDWRITING = SHARED / "handwriting"

# Each digit as strokes in a box 1 wide and 2 high, y downwards.
_DIGITS = {
    "0": [[(0.5, 0), (0.1, 0.5), (0.1, 1.5), (0.5, 2), (0.9, 1.5), (0.9, 0.5), (0.5, 0)]],
    "1": [[(0.2, 0.5), (0.6, 0), (0.6, 2)]],
    "2": [[(0.1, 0.5), (0.4, 0), (0.9, 0.3), (0.8, 0.9), (0.1, 2), (1, 2)]],
    "3": [[(0.1, 0.2), (0.6, 0), (0.9, 0.5), (0.4, 0.9), (0.9, 1.4), (0.6, 2), (0.1, 1.8)]],
    "4": [[(0.6, 0), (0.1, 1.2), (1, 1.2)], [(0.7, 0.8), (0.7, 2)]],
    "5": [[(0.9, 0), (0.3, 0), (0.2, 0.9), (0.8, 1), (0.9, 1.6), (0.5, 2), (0.1, 1.8)]],
    "6": [[(0.8, 0), (0.2, 1), (0.2, 1.7), (0.6, 2), (0.9, 1.5), (0.5, 1.1), (0.2, 1.5)]],
    "7": [[(0.1, 0), (0.9, 0), (0.4, 2)], [(0.3, 1), (0.9, 1)]],
    "8": [[(0.5, 0.9), (0.1, 0.5), (0.5, 0), (0.9, 0.5), (0.1, 1.5), (0.5, 2), (0.9, 1.5), (0.5, 0.9)]],
    "9": [[(0.9, 0.5), (0.5, 0), (0.1, 0.5), (0.5, 1), (0.9, 0.5), (0.8, 2)]],
    ".": [[(0.3, 1.9), (0.4, 2)]],
    "/": [[(0.9, -0.2), (0.1, 2.2)]],
}


@dataclass(frozen=True)
class Word:
    """One written word: what it says, by whom, and its image."""

    text: str
    writer: str
    file: str

    def write(self, x_height: float) -> tuple[np.ndarray, int]:
        """See `write_word`."""
        return write_word(self, x_height)


@cache
def words_by_writer() -> dict[str, list[Word]]:
    """All words, by writer, in the order of the list."""
    found: dict[str, list[Word]] = {}
    with (HANDWRITING / "words.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found.setdefault(row["writer"], []).append(Word(row["text"], row["writer"], row["file"]))
    return found


def _drop_form(dark: np.ndarray) -> np.ndarray:
    """Takes out the thin straight lines of the form that the words were written on."""
    solid = (dark > 0.18).astype(np.uint8)
    for run, thick in (((1, 41), (5, 1)), ((41, 1), (1, 5))):
        lines = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones(run, np.uint8))
        lines &= 1 - cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones(thick, np.uint8))  # a bold stroke stays
        grown = cv2.dilate(lines, np.ones((5, 15) if run[0] == 1 else (15, 5), np.uint8))
        lines = cv2.dilate(lines, np.ones((3, 3), np.uint8)) | (grown & (dark < 0.3))
        if lines.any():
            dark = np.where(lines > 0, 0, dark)
    return dark


def _body(alpha: np.ndarray) -> tuple[int, int]:
    """First and last row of the small letters: where most of the ink is."""
    rows = np.convolve(alpha.sum(axis=1), np.ones(3) / 3, "same")
    body = np.flatnonzero(rows > 0.45 * np.percentile(rows, 96))
    return int(body.min()), int(body.max())


def _drop_specks(alpha: np.ndarray) -> np.ndarray:
    """Takes out what is too far from the writing to belong to it; the dots of i and ü stay."""
    top, bottom = _body(alpha)
    tall = max(bottom - top, 8)
    solid = (alpha > 0.15).astype(np.uint8)
    _, label, stats, centre = cv2.connectedComponentsWithStats(solid, connectivity=8)
    large = [n for n in range(1, len(stats)) if stats[n][4] > 0.5 * tall]
    for n in range(1, len(stats)):
        x, _, w, h, area = stats[n]
        outside = not top - 1.7 * tall < centre[n][1] < bottom + (0.3 if area < tall else 1.2) * tall
        apart = [max(stats[m][0] - x - w, x - stats[m][0] - stats[m][2]) for m in large if m != n]
        lone = area < tall and (not apart or min(apart) > 0.7 * tall)
        bar = h > 2.2 * tall and w < 0.25 * tall
        flat = h < 0.2 * tall and w > h and not top - 0.4 * tall < centre[n][1] < bottom + 0.3 * tall
        if area < 4 or outside or lone or bar or (flat and area > 0.3 * tall):
            alpha[label == n] = 0
    return alpha


@cache
def _ink_of(file: str) -> tuple[np.ndarray, int, float]:
    """The word's transparency at its own size, its baseline (row) and its x-height (rows)."""
    rgba = cv2.imread(str(HANDWRITING / file), cv2.IMREAD_UNCHANGED).astype(np.float32)
    see = rgba[..., 3:] / 255 if rgba.shape[2] == 4 else 1.0
    grey = (rgba[..., :3] * see + 255 * (1 - see)).mean(axis=2)
    paper = np.maximum(cv2.GaussianBlur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((21, 21))), (0, 0), 6), 1)
    dark = _drop_form(np.clip((paper - grey) / paper, 0, 1))
    alpha = np.clip((dark - 0.06) / max(np.percentile(dark[dark > 0.18], 55) - 0.06, 0.1), 0, 1)
    alpha = _drop_specks(alpha)
    first, last = _body(alpha)
    ys, xs = np.nonzero(alpha > 0.2)
    top, left = ys.min(), xs.min()
    cut = alpha[top : ys.max() + 1, left : xs.max() + 1]
    return cut, int(last - top), float(max(last - first, 8))


def write_word(word: Word, x_height: float) -> tuple[np.ndarray, int]:
    """The word with an x-height of that many pixels: its transparency and the row of its baseline."""
    alpha, baseline, own = _ink_of(word.file)
    scale = float(np.clip(x_height / own, 0.45, 2.6))
    size = (max(4, round(alpha.shape[1] * scale)), max(4, round(alpha.shape[0] * scale)))
    grown = cv2.resize(alpha, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
    if scale > 1:  # enlarging blurs the pen's edge: make it crisp again
        grown = (grown - 0.3) * min(scale, 1.6) + 0.3
    return np.clip(grown, 0, 1), round(baseline * scale)


def strokes(paths: list[np.ndarray], shape: tuple[int, int], width: float) -> np.ndarray:
    """Pen strokes through points (pixels; x, y) as a transparency of that shape (rows, columns)."""
    canvas = np.zeros(shape, np.uint8)
    for path in paths:
        points = [np.round(path * 8).astype(np.int32)]  # in eighths of a pixel: that is what shift says
        pen = max(1, round(width))
        cv2.polylines(canvas, points, isClosed=False, color=255, thickness=pen, lineType=cv2.LINE_AA, shift=3)
    return canvas.astype(np.float32) / 255


def write_digits(text: str, height: float, width: float, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Digits of that height (pixels), never quite the same: transparency and the row of its baseline."""
    paths, x = [], height * 0.2
    for sign in text:
        for stroke in _DIGITS[sign]:
            points = np.array(stroke) + rng.normal(0, 0.05, (len(stroke), 2))
            smooth = cv2.resize(points.astype(np.float32), (2, len(stroke) * 5), interpolation=cv2.INTER_LINEAR)
            smooth = cv2.GaussianBlur(smooth, (1, 5), 0, borderType=cv2.BORDER_REPLICATE)
            paths.append(smooth * height / 2 + (x, height * 0.3))
        x += height * (0.35 if sign == "." else 0.68) * rng.uniform(0.9, 1.1)
    return strokes(paths, (round(height * 1.6), round(x + height * 0.3)), width), round(height * 1.3)


def doodle(width: int, height: int, pen: float, rng: np.random.Generator) -> np.ndarray:
    """A quick drawing: some loops, circles and arrows."""
    paths = []
    for _ in range(rng.integers(2, 6)):
        centre = rng.uniform((0.2 * width, 0.2 * height), (0.8 * width, 0.8 * height))
        turn = np.linspace(0, 2 * np.pi * rng.uniform(0.8, 1.05), 40)
        wobble = 1 + 0.06 * np.sin(turn * rng.integers(2, 6) + rng.uniform(0, 6))
        size = min(width, height) * rng.uniform(0.08, 0.2)
        paths.append(
            centre + size * np.stack([np.cos(turn), rng.uniform(0.7, 1.2) * np.sin(turn)], 1) * wobble[:, None]
        )
        far = rng.uniform((0.1 * width, 0.1 * height), (0.9 * width, 0.9 * height))
        way = np.linspace(centre, far, 20)
        paths.append(way + np.cumsum(rng.normal(0, 0.4, way.shape), axis=0))
    return strokes(paths, (height, width), pen)
