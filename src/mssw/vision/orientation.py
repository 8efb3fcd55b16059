"""Which way up a page is, judged by its own lines of text.

Takes a page that matches no blank, returns how to turn it. Letters upside down or on their side can hardly be read, so
a few lines are read each way: those that run across the page both ways up, and those that run up or down it too. Only
lines with several different letters count: answer sheets have columns of circles, which look like lines of text that
run down the page. A student's page is turned the likelier way where letters leave a doubt, and straightened
(``stand_upright``); a blank that was made from the class's pages is then not turned at all (``find_turns``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mssw.vision.ink import STRONG, Grey, Matrix, measure_ink_depth
from mssw.vision.recogniser import BLANK, SIGN, recogniser
from mssw.vision.text_lines import Quad, cut_out, find_quads, measure_sides

LONG = 1.8  # times as wide as it is tall: such a line shows by its shape which way it runs
LEAST_LEAN = 0.1  # degrees; less is not worth a page's sharpness
MOST_LEAN = 12.0  # degrees; more is a photograph or a drawing, unless nearly all lines lean alike
STEEPEST_LEAN = 40.0
ALIKE = 2.0  # degrees within which lines lean alike
NEARLY_ALL = 0.7  # of the lines, by their length
CUT_OFF = 2e-4  # of a page's pixels: so much ink in the corners that straightening would cut off is kept
READ = 4  # lines that are read both ways up
PART = 10.0  # line heights: how much of each line is read
CLEARLY = 1.15  # how many times better it must read upside down: copiers seldom turn a page

Place = tuple[int, int, int, int]  # left, top, right, bottom in pixels

# What letters say
LINES = 12  # of a blank: the longest say enough
SURE = 0.9  # of a letter
DIFFERENT = 4  # letters in a line that counts: "Name" has as many, a column of circles has one
FEWEST = 4  # sure letters: "Name" and nothing else
TIMES = 3  # as many sure letters one way up as any other; measured ten times as many and more
PLENTY = 12  # letters that are read across a page, and hardly upside down: nothing else needs to be read

WAYS = ((0, 180), (90, 270))  # degrees clockwise: to turn a page whose lines run across it, or up and down


@dataclass(frozen=True, slots=True)
class UprightPage:
    """A page laid upright.

    Attributes:
        turn: degrees clockwise that it had to be turned by: 0, 90, 180 or 270.
        matrix: 3 × 3, from the upright page's pixels to the scan's; the identity where it stood straight.
        shape: of the upright page, (height, width).
        lines: where lines of text are on it, from the top down.
    """

    turn: int
    matrix: Matrix
    shape: tuple[int, int]
    lines: tuple[Place, ...]


def stand_upright(grey: Grey) -> UprightPage:
    """Find how to turn and straighten a page so that its text can be read.

    Args:
        grey: the page as scanned, (height, width) uint8.

    Raises:
        EngineError: the model that reads is missing or is another.
    """
    quads = find_quads(grey)
    turn = _turn_by_letters(_count_letters(grey, quads, READ))
    if turn is None:
        turn = _turn_by_shape(grey, quads)
    matrix, shape = _turn_frame(grey.shape, turn, _lean(quads, sideways=turn in WAYS[1]))
    if _cuts_off_ink(grey, matrix, shape):
        matrix, shape = _widen_frame(grey.shape, matrix)
    places = [_place(quad, matrix, shape) for quad in quads]
    lines = sorted((p for p in places if p[2] - p[0] > 2 and p[3] - p[1] > 2), key=lambda p: (p[1], p[0]))
    return UprightPage(turn, matrix, shape, tuple(lines))


def _turn_by_shape(grey: Grey, quads: Sequence[Quad]) -> int:
    """The likelier turn of a page on which too few letters are sure: by the shape of its lines, and how they read."""
    shapes = [measure_sides(quad) for quad in quads]
    wide = sum(w for w, h in shapes if w > LONG * h)
    tall = sum(h for w, h in shapes if h > LONG * w)
    sideways = tall > wide
    lean = _lean(quads, sideways=sideways)
    turns = WAYS[sideways]
    ways = [_turn_frame(grey.shape, turn, lean) for turn in turns]
    read = [_measure_legibility(grey, quads, matrix, shape) for matrix, shape in ways]
    return turns[int(read[1] > (1.0 if sideways else CLEARLY) * read[0])]


def _lean(quads: Sequence[Quad], *, sideways: bool) -> float:
    """By how many degrees the lines lean, clockwise: their median, weighted by length."""
    found = []
    for quad in quads:
        w, h = measure_sides(quad)
        along, length = (quad[3] - quad[0], h) if sideways else (quad[1] - quad[0], w)
        if length > 2 * LONG * min(w, h):
            across, forth = (-along[0], along[1]) if sideways else (along[1], along[0])
            found.append((float(np.degrees(np.arctan2(across, forth))), length))
    found.sort()
    if not found:
        return 0.0
    so_far = np.cumsum([length for _, length in found])
    middle = found[int(np.searchsorted(so_far, so_far[-1] / 2))][0]
    if not LEAST_LEAN < abs(middle) < STEEPEST_LEAN:
        return 0.0
    alike = sum(length for degrees, length in found if abs(degrees - middle) < ALIKE)
    return middle if abs(middle) < MOST_LEAN or alike >= NEARLY_ALL * so_far[-1] else 0.0


def _turn_frame(scan: tuple[int, ...], turn: int, lean: float) -> tuple[Matrix, tuple[int, int]]:
    """From the upright page to the scan, and the upright page's shape."""
    height, width = scan[:2]
    shape = (width, height) if turn in {90, 270} else (height, width)
    angle = np.radians(lean - turn)
    cos, sin = np.cos(angle), np.sin(angle)
    if lean == 0.0:
        cos, sin = round(cos), round(sin)
    turned = np.array([[cos, -sin], [sin, cos]], np.float64)
    from_middle = turned @ np.array([(shape[1] - 1) / 2, (shape[0] - 1) / 2])
    shift = np.array([(width - 1) / 2, (height - 1) / 2]) - from_middle
    matrix = np.eye(3)
    matrix[:2, :2], matrix[:2, 2] = turned, shift
    return matrix, shape


def _cuts_off_ink(grey: Grey, matrix: Matrix, shape: tuple[int, int]) -> bool:
    """Whether something stands in those corners of the scan that are not on the upright page."""
    if abs(matrix[0, 0] * matrix[0, 1]) < CUT_OFF:  # by right angles alone, nothing is lost
        return False
    page = np.ones(shape, np.uint8)
    on_page = cv2.warpPerspective(page, matrix, grey.shape[1::-1], flags=cv2.INTER_NEAREST)
    dark = (measure_ink_depth(grey, reach=round(max(grey.shape) / 50) | 1) > STRONG) & (on_page == 0)
    strokes = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return bool(strokes.sum() > CUT_OFF * grey.size)


def _widen_frame(scan: tuple[int, ...], matrix: Matrix) -> tuple[Matrix, tuple[int, int]]:
    """The upright page so large that the whole scan is on it: the matrix to the scan, and the page's shape."""
    height, width = scan[:2]
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], float)
    x, y, _ = np.linalg.inv(matrix) @ corners.T
    left, top = np.floor(x.min()), np.floor(y.min())
    shift = np.array([[1.0, 0.0, left], [0.0, 1.0, top], [0.0, 0.0, 1.0]])
    return matrix @ shift, (math.ceil(y.max() - top), math.ceil(x.max() - left))


def _on_page(quad: Quad, matrix: Matrix) -> Quad:
    """A leaning box of the scan on the upright page, its corners from the upper left one on."""
    back = np.linalg.inv(matrix)
    points = quad @ back[:2, :2].T + back[:2, 2]
    start = int(np.argmin(points.sum(axis=1)))
    return np.asarray(np.roll(points, -start, axis=0), np.float32)


def _place(quad: Quad, matrix: Matrix, shape: tuple[int, int]) -> Place:
    """The upright box around a line."""
    points = _on_page(quad, matrix)
    left, top = np.floor(points.min(axis=0))
    right, bottom = np.ceil(points.max(axis=0))
    return max(0, int(left)), max(0, int(top)), min(shape[1], int(right)), min(shape[0], int(bottom))


def _measure_legibility(grey: Grey, quads: Sequence[Quad], matrix: Matrix, shape: tuple[int, int]) -> float:
    """How much can be read on the longest lines, that way up."""
    long = [quad for quad in quads if max(measure_sides(quad)) > LONG * min(measure_sides(quad))]
    longest = sorted(long, key=lambda quad: -max(measure_sides(quad)))
    total = 0.0
    for quad in longest[:READ]:
        page = _on_page(quad, matrix)
        w, h = measure_sides(page)
        if w < h or not shape[0]:
            continue
        share = min(1.0, PART * h / w) / 2
        middle, half = (page[0] + page[1]) / 2, (page[1] - page[0]) * share
        down = page[3] - page[0]
        part = np.array([middle - half, middle + half, middle + half + down, middle - half + down], np.float32)
        on_scan = np.asarray(part @ matrix[:2, :2].T + matrix[:2, 2], np.float32)
        reading = recogniser().read(cut_out(grey, on_scan))
        letters = reading.letters[list(reading.at), :SIGN]
        total += float((letters.max(axis=1) ** 2).sum()) if len(letters) else 0.0
    return total


def find_turns(grey: Grey) -> int | None:
    """Find by how many right angles to turn a page clockwise so that it is upright.

    Args:
        grey: the page, straight, (height, width) uint8.

    Returns:
        0 to 3; None where its letters leave a doubt.
    """
    turn = _turn_by_letters(_count_letters(grey, find_quads(grey), LINES))
    return None if turn is None else turn // 90


def _turn_by_letters(counts: Mapping[int, int]) -> int | None:
    """The turn in which far more letters are sure than in any other; None where there is none."""
    best = max(counts, key=counts.__getitem__)
    rest = max(count for turn, count in counts.items() if turn != best)
    return best if counts[best] >= FEWEST and counts[best] >= TIMES * rest else None


def _count_letters(grey: Grey, quads: Sequence[Quad], lines: int) -> dict[int, int]:
    """Count for each turn the letters that are sure on the longest lines, if the page is turned clockwise by it.

    Args:
        grey: the page.
        quads: its lines of text.
        lines: how many are read, of those that run across and of those that run up or down.
    """
    counts = dict.fromkeys((0, 90, 180, 270), 0)
    shapes = [measure_sides(quad) for quad in quads]
    across = [quad for quad, (w, h) in zip(quads, shapes, strict=True) if w > LONG * h]
    along = [quad for quad, (w, h) in zip(quads, shapes, strict=True) if h > LONG * w]
    for group, turns in zip((across, along), WAYS, strict=True):
        for quad in sorted(group, key=lambda quad: -max(measure_sides(quad)))[:lines]:
            line = cut_out(grey, quad)
            for turn in turns:
                counts[turn] += _count_sure_letters(np.ascontiguousarray(np.rot90(line, -turn // 90)))
        if len(across) > len(along) and max(counts[0], counts[180]) >= max(PLENTY, TIMES * min(counts[0], counts[180])):
            break
    return counts


def _count_sure_letters(line: Grey) -> int:
    """Count the sure letters at a line's beginning; none where it repeats the same few."""
    reading = recogniser().read(line[:, : max(1, round(PART * line.shape[0]))])
    letters = reading.letters[list(reading.at), :BLANK]
    sure = letters[letters.max(axis=1) > SURE].argmax(axis=1) if len(letters) else np.zeros(0, int)
    return len(sure) if len(set(sure.tolist())) >= DIFFERENT else 0
