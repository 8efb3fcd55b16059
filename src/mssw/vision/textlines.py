"""Where lines of text stand on a page that no blank is known of, print and handwriting alike, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.model.page import Box
from mssw.vision.ink import Grey
from mssw.vision.recogniser import DETECTOR, HEIGHT, recogniser, session

Quad = NDArray[np.float32]  # (4, 2): upper left, upper right, lower right, lower left, in pixels

LONG_SIDE = 960  # pixels at which lines are looked for: print of 7 points is still seen, in 0.8 s
TEXT, SURE = 0.3, 0.5  # of the detector, as it was trained
GROW = 1.6  # the detector gives the core of a line; its area over its outline, times this, is what it left out
SMALLEST = 3  # pixels of the core
MOST_LINES = 600  # on one page; more is a picture
FRAME = 8  # pixels of a line 48 high that one of the recogniser's frames sees
CHUNK = 22.0  # heights of a line that are read at a time; a longer one is read in parts


@dataclass(frozen=True)
class Word:
    """A word as it was read. Its repr shows nothing of it.

    Attributes:
        text: its letters.
        box: its place in pixels: left, top, right, bottom.
    """

    text: str
    box: tuple[int, int, int, int]

    def __repr__(self) -> str:
        return f"Word at {self.box}"


def text_quads(grey: Grey) -> list[Quad]:
    """The lines of text on a page, whichever way it lies, as leaning boxes.

    Args:
        grey: the page, (height, width) uint8.

    Raises:
        EngineError: the model is missing or is another.
    """
    height, width = grey.shape[:2]
    scale = min(1.0, LONG_SIDE / max(height, width))
    size = [max(32, round(side * scale / 32) * 32) for side in (width, height)]
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 127.5 - 1
    model = session(DETECTOR)
    seen = model.run(None, {model.get_inputs()[0].name: np.repeat(small[None, None], 3, axis=1)})[0][0, 0]
    cores, _ = cv2.findContours((seen > TEXT).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    to_page = np.array([width / size[0], height / size[1]], np.float32)
    found = [quad * to_page for core in cores[:MOST_LINES] if (quad := _quad(core, seen)) is not None]
    return sorted(found, key=lambda quad: (float(quad[:, 1].min()), float(quad[:, 0].min())))


def _quad(core: NDArray[Any], seen: NDArray[np.float32]) -> Quad | None:
    """The whole line around a core; None where it is none."""
    (x, y), (wide, tall), _ = rect = cv2.minAreaRect(core)
    if min(wide, tall) < SMALLEST:
        return None
    left, top, w, h = cv2.boundingRect(core)
    inside = np.zeros((h, w), np.uint8)
    cv2.fillPoly(inside, [core.reshape(-1, 2) - (left, top)], 1)
    if float(cv2.mean(seen[top : top + h, left : left + w], inside)[0]) < SURE:
        return None
    more = GROW * wide * tall / (wide + tall)  # on both sides together
    corners = cv2.boxPoints(((x, y), (wide + more, tall + more), rect[2]))
    return _ordered(corners)


def _ordered(corners: NDArray[Any]) -> Quad:
    """The corners from the upper left one on, clockwise, for a box that leans by less than 45 degrees."""
    start = int(np.argmin(corners.sum(axis=1)))
    turned = np.roll(corners, -start, axis=0)
    if turned[1, 0] - turned[0, 0] < abs(turned[1, 1] - turned[0, 1]):
        turned = np.roll(turned[::-1], 1, axis=0)
    return np.asarray(turned, np.float32)


def sides(quad: Quad) -> tuple[float, float]:
    """Width and height of a leaning box, in pixels."""
    return float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[3] - quad[0]))


def cut_out(grey: Grey, quad: Quad) -> Grey:
    """The line in a leaning box, laid straight."""
    wide, tall = (max(1, round(side)) for side in sides(quad))
    corners = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, corners)
    how = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpPerspective(grey, matrix, (wide, tall), borderMode=how), np.uint8)


def read_words(grey: Grey, place: tuple[int, int, int, int]) -> list[Word]:
    """The words of one line of an upright page, cut at spaces and at wide gaps.

    Args:
        grey: the page.
        place: of the line, in pixels: left, top, right, bottom.
    """
    left, top, right, bottom = place
    longest = max(1, round(CHUNK * (bottom - top)))
    words: list[Word] = []
    while left < right:
        end = right if right - left <= longest else _gap_before(grey, (left, top, left + longest, bottom))
        words += _read(grey, (left, top, end, bottom))
        left = end
    return words


def _gap_before(grey: Grey, place: tuple[int, int, int, int]) -> int:
    """Where to cut a line that is too long to be read at once: in the lightest columns of its last third."""
    left, top, right, bottom = place
    first = left + 2 * (right - left) // 3
    columns = cv2.blur(grey[top:bottom, first:right].mean(axis=0, dtype=np.float32)[None], (9, 1))[0]
    return first + int(np.argmax(columns))


def _read(grey: Grey, place: tuple[int, int, int, int]) -> list[Word]:
    left, top, right, bottom = place
    if right - left < 4 or bottom - top < 4:
        return []
    line = grey[top:bottom, left:right]
    reading = recogniser().read(line)
    step = FRAME * (bottom - top) / HEIGHT
    places = [left + (frame + 0.5) * step for frame in reading.at]
    words: list[Word] = []
    text, begins = "", float(left)
    for number, sign in enumerate(reading.text):
        last = number + 1 == len(places)
        if not sign.isspace():
            text += sign
        parts = last or reading.text[number + 1].isspace() or (sign == ":" and text != ":")
        if text and not sign.isspace() and parts:
            until = number + 1
            while until < len(places) and reading.text[until].isspace():
                until += 1
            ends = float(right) if until >= len(places) else _between(line, places[number] - left, places[until] - left)
            ends = ends if until >= len(places) else left + ends
            words.append(Word(text, _tight(grey, (round(begins), top, round(ends), bottom))))
            text, begins = "", ends
    return words


def _between(line: Grey, one: float, other: float) -> float:
    """The middle of the widest gap in the ink between two letters' places."""
    first, last = max(0, round(one)), min(line.shape[1], round(other) + 1)
    if last - first < 3:
        return (one + other) / 2
    inked = line[:, first:last].min(axis=0) < _threshold(line)
    best, start = (0, (last - first) // 2), None
    for x, dark in enumerate([*inked, True]):
        if not dark and start is None:
            start = x
        if dark and start is not None:
            best, start = max(best, (x - start, (x + start) // 2)), None
    return float(first + best[1])


def _threshold(line: Grey) -> float:
    paper, dark = float(np.percentile(line, 90)), float(line.min())
    return paper - 0.35 * (paper - dark)


def _tight(grey: Grey, place: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """A word's place without the paper at its sides."""
    left, top, right, bottom = place
    if right - left < 3:
        return place
    crop = grey[top:bottom, left:right]
    inked = np.flatnonzero(crop.min(axis=0) < _threshold(crop))
    return (left + int(inked[0]), top, left + int(inked[-1]) + 1, bottom) if len(inked) else place


def as_words(words: list[Word], shape: tuple[int, ...]) -> list[tuple[str, Box]]:
    """Words with their places in fractions of a page of that (height, width)."""
    return [(word.text, Box.from_pixels(*word.box, shape[1], shape[0])) for word in words]
