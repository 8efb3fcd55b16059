"""Which way up a page without a blank is, judged by its own lines of text.

Takes a page that matches no blank, returns how to turn it. (A page that matches one is turned by ``registration``.)
Letters upside down can hardly be read, so a few lines are read both ways up. A student's page is always turned the
likelier way, and straightened (``stand_upright``). A blank made from the class's pages is turned only if its letters
leave no doubt (``find_turns``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mssw.vision.ink import Grey, Matrix
from mssw.vision.printed_words import CHUNK
from mssw.vision.recogniser import BLANK, SIGN, recogniser
from mssw.vision.text_lines import Quad, cut_out, find_quads, measure_sides

LONG = 1.8  # times as wide as it is tall: such a line shows by its shape which way it runs
LEAST_LEAN = 0.1  # degrees; less is not worth a page's sharpness
MOST_LEAN = 12.0  # degrees; more is a photograph or a drawing
READ = 4  # lines that are read both ways up
PART = 10.0  # line heights: how much of each line is read
CLEARLY = 1.15  # how many times better it must read upside down: copiers seldom turn a page

Place = tuple[int, int, int, int]  # left, top, right, bottom in pixels

# How to turn a blank that was made from the class's pages
LINES = 12  # the widest say enough
SURE = 0.9  # of a letter
FEWEST = 4  # sure letters: "Name" and nothing else
TIMES = 3  # as many sure letters one way up as the other; measured ten times as many and more
UPRIGHT_LINE = 1.5  # a line's height over its width: it runs up or down the page


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
    shapes = [measure_sides(quad) for quad in quads]
    wide = sum(w for w, h in shapes if w > LONG * h)
    tall = sum(h for w, h in shapes if h > LONG * w)
    sideways = tall > wide
    lean = _lean(quads, sideways=sideways)
    turns = (90, 270) if sideways else (0, 180)
    ways = [_turn_frame(grey.shape, turn, lean) for turn in turns]
    read = [_measure_legibility(grey, quads, matrix, shape) for matrix, shape in ways]
    best = int(read[1] > (1.0 if sideways else CLEARLY) * read[0])
    matrix, shape = ways[best]
    places = [_place(quad, matrix, shape) for quad in quads]
    lines = sorted((p for p in places if p[2] - p[0] > 2 and p[3] - p[1] > 2), key=lambda p: (p[1], p[0]))
    return UprightPage(turns[best], matrix, shape, tuple(lines))


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
    return middle if LEAST_LEAN < abs(middle) < MOST_LEAN else 0.0


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
    for start in (0, 1):
        page = np.ascontiguousarray(np.rot90(grey, -start))
        quads = find_quads(page)
        if quads and not _is_sideways(quads):
            here, there = _count_both_ways(page, quads)
            if max(here, there) >= FEWEST and max(here, there) >= TIMES * min(here, there):
                return start + (0 if here > there else 2)
            return None
    return None


def _is_sideways(quads: Sequence[Quad]) -> bool:
    """Whether most of the lines, by their length, run up or down the page."""
    shapes = [measure_sides(quad) for quad in quads]
    lengths = [(max(shape), shape[1] > UPRIGHT_LINE * shape[0]) for shape in shapes]
    return sum(length for length, tall in lengths if tall) > 0.5 * sum(length for length, _ in lengths)


def _count_both_ways(page: Grey, quads: Sequence[Quad]) -> tuple[int, int]:
    """Count the letters that are surely read in the widest lines, as they are and upside down."""
    here = there = 0
    for quad in sorted(quads, key=lambda quad: -measure_sides(quad)[0])[:LINES]:
        line = cut_out(page, quad)
        line = line[:, : max(1, round(CHUNK * line.shape[0]))]
        here += _count_sure_letters(line)
        there += _count_sure_letters(np.ascontiguousarray(line[::-1, ::-1]))
    return here, there


def _count_sure_letters(line: Grey) -> int:
    return int((recogniser().read(line).letters[:, :BLANK].max(axis=1) > SURE).sum())
