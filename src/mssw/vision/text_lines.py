"""Lines of writing on a page: found by the detector bundled in ``rapidocr`` on new ink alone, cut out straight.

Where lines of text stand on a page that no blank is known of, print and handwriting alike, and what they say.

Read printed words from an image, with the OCR models that are bundled in ``rapidocr``; nothing is downloaded.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.vision.ink import Grey, Mask
from mssw.vision.recogniser import DETECTOR, HEIGHT, recogniser, session

SIDE = 800  # pixels of the long side that the detector sees: letters of 2 mm are 6 pixels
IS_TEXT, IS_SURE = 0.3, 0.45
GROWN = 1.7  # the detector finds the heart of a line; measured in areas over outlines, as it was trained
SHORTEST_MM, LOWEST_MM = 2.5, 1.6
TALLEST_MM = 22.0
RIM_MM = 0.6
STANDING = 1.6  # a line so much taller than wide is written up or down the page
LEVEL = 1.0  # degrees within which a line is level
MOST = 60  # lines of one page that are read
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
LEAST_INK_MM2 = 0.8
WHITE_MM = 6.0  # around what is written
GAP_MM = 9.0  # between two pieces of one faint line

Span = tuple[int, int, int, int]  # left, top, right, bottom in pixels


@dataclass(frozen=True, slots=True)
class Line:
    """Where a line of writing lies.

    Attributes:
        x: of its middle, in pixels of the page.
        y: of its middle.
        width: along the writing.
        height: across it.
        angle: degrees clockwise by which it leaves the level; 90 and -90 for writing down and up the page.
    """

    x: float
    y: float
    width: float
    height: float
    angle: float

    @property
    def to_page(self) -> NDArray[np.float64]:
        """2 × 3, from the pixels of its crop to those of the page."""
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        left, top = -self.width / 2, -self.height / 2
        return np.array(
            [[cos, -sin, self.x + cos * left - sin * top], [sin, cos, self.y + sin * left + cos * top]], np.float64
        )

    def crop(self, page: NDArray[np.uint8], paper: int = 255) -> NDArray[np.uint8]:
        """The line cut out of a page, (height, width) uint8."""
        size = max(1, round(self.width)), max(1, round(self.height))
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(page, self.to_page, size, flags=flags, borderValue=paper), np.uint8)

    def box(self, left: float, right: float, shape: tuple[int, ...], *, rows: tuple[float, float] | None = None) -> Box:
        """The part of the line between two columns of its crop, upright, in fractions of a page of that shape."""
        top, bottom = rows or (0.0, self.height)
        corners = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]], float)
        xs, ys = self.to_page @ corners.T
        height, width = shape[:2]
        x0, y0 = max(0.0, float(xs.min())), max(0.0, float(ys.min()))
        x1, y1 = min(float(width), float(xs.max())), min(float(height), float(ys.max()))
        return Box.from_pixels(x0, y0, max(x0, x1), max(y0, y1), width, height)


class Detector:
    """The model that tells where text stands."""

    def __init__(self) -> None:
        self._session = session(DETECTOR)
        self._input = self._session.get_inputs()[0].name

    def likely(self, grey: Grey, scale: float) -> tuple[NDArray[np.float32], float]:
        """How likely each place is text, at that many pixels a pixel of the page, and the scale again."""
        scale = min(1.0, scale)
        small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        height, width = (-(-side // 32) * 32 for side in small.shape)
        padded = np.full((height, width), 255, np.uint8)
        padded[: small.shape[0], : small.shape[1]] = small
        colours = [(padded / np.float32(255) - mean) / dev for mean, dev in zip(MEAN, DEVIATION, strict=True)]
        found = self._session.run(None, {self._input: np.stack(colours)[None].astype(np.float32)})[0]
        return np.asarray(found[0, 0], np.float32)[: small.shape[0], : small.shape[1]], scale


@lru_cache(maxsize=1)
def detector() -> Detector:
    """The detector, loaded once a worker."""
    return Detector()


def lines_of(page: Grey, ink: Mask, dpi: float) -> tuple[list[Line], bool]:
    """The lines of writing on a page, from the top down, and whether there were more than can be read.

    Args:
        page: (height, width) uint8.
        ink: its new ink, the same shape.
        dpi: of both.
    """
    mm = dpi / 25.4
    if ink.sum() < LEAST_INK_MM2 * mm**2:
        return [], False
    near = cv2.dilate(ink.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    left, top, right, bottom = _around(ink, round(WHITE_MM * mm))
    alone = np.where(near, page, 255).astype(np.uint8)[top:bottom, left:right]
    likely, scale = detector().likely(alone, SIDE / max(page.shape))
    found = [replace(line, x=line.x + left, y=line.y + top) for line in _detected(likely, scale, mm)]
    found += _left_over(ink, found, mm)
    inked = [line for line in found if (line.crop(ink.astype(np.uint8), 0) > 0).sum() >= LEAST_INK_MM2 * mm**2]
    inked.sort(key=lambda line: (line.y, line.x))
    return inked[:MOST], len(inked) > MOST


def _around(ink: Mask, white: int) -> Span:
    """The part of a page on which anything is written, with some white around it: the detector need see no more."""
    height, width = ink.shape
    inner = ink[white : height - white, white : width - white]  # without the shadows at a scan's edges
    ys, xs = np.flatnonzero(inner.any(axis=1)) + white, np.flatnonzero(inner.any(axis=0)) + white
    if not len(ys):
        return 0, 0, width, height
    return (
        max(0, int(xs[0]) - white),
        max(0, int(ys[0]) - white),
        min(width, int(xs[-1]) + 1 + white),
        min(height, int(ys[-1]) + 1 + white),
    )


def lines_on(page: Grey, dpi: float) -> list[Line]:
    """All lines of text on a page as the detector sees them, print and writing, from the top down."""
    likely, scale = detector().likely(page, SIDE / max(page.shape))
    found = _detected(likely, scale, dpi / 25.4)
    found.sort(key=lambda line: (line.y, line.x))
    return found[: 2 * MOST]


def _detected(likely: NDArray[np.float32], scale: float, mm: float) -> list[Line]:
    """The detector's lines, grown from their hearts to their full size."""
    outlines, _ = cv2.findContours((likely > IS_TEXT).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines[: 50 * MOST]:
        x, y, w, h = cv2.boundingRect(outline)
        if min(w, h) < 2 or float(np.max(likely[y : y + h, x : x + w])) < IS_SURE:
            continue
        (cx, cy), (width, height), angle = cv2.minAreaRect(outline)
        if width < height:
            width, height, angle = height, width, angle - 90
        grow = GROWN * width * height / max(1.0, width + height)
        found += _sized((cx, cy), (width + grow, height + grow), angle, scale, mm)
    return found


def _sized(middle: tuple[float, float], size: tuple[float, float], angle: float, scale: float, mm: float) -> list[Line]:
    """A line in pixels of the page, if it has the size of writing; writing up or down the page as both."""
    angle = (angle + 90) % 180 - 90
    rim = 2 * RIM_MM * mm
    width, height = (side / scale + rim for side in size)
    if width < SHORTEST_MM * mm + rim or not LOWEST_MM * mm + rim <= height <= TALLEST_MM * mm:
        return []
    x, y = (place / scale for place in middle)
    stands = abs(angle) > 60
    if stands and width > STANDING * height:
        return [Line(x, y, width, height, turn) for turn in (90.0, -90.0)]
    if abs(angle) > 30:  # a short word, of which no slope can be told
        radians = math.radians(abs(angle))
        across = width * math.cos(radians) + height * math.sin(radians)
        upright = width * math.sin(radians) + height * math.cos(radians)
        return [Line(x, y, across, min(upright, TALLEST_MM * mm), 0.0)]
    return [Line(x, y, width, height, 0.0 if abs(angle) < LEVEL else angle)]


def _left_over(ink: Mask, found: list[Line], mm: float) -> list[Line]:
    """Writing that the detector passed over: ink of letters' size beside its lines, joined along the line."""
    taken = np.zeros(ink.shape, np.uint8)
    for line in found:
        corners = (
            line.to_page
            @ np.array([[0, 0, 1], [line.width, 0, 1], [line.width, line.height, 1], [0, line.height, 1]], float).T
        )
        cv2.fillConvexPoly(taken, np.round(corners.T).astype(np.int32), 1)
    rest = (ink & (taken == 0)).astype(np.uint8)
    reach = round(2.0 * mm)
    joined = cv2.dilate(rest, np.ones((max(1, round(0.5 * mm)), reach | 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    rim, slack = 2 * RIM_MM * mm, reach // 2
    pieces = [
        (x + slack, y, x + w - slack, y + h)
        for x, y, w, h, _ in (tuple(map(int, row)) for row in stats[1 : 20 * MOST])
        if 1.5 * mm <= h <= 14 * mm and w - reach <= 180 * mm
    ]
    rows = _rows(pieces, GAP_MM * mm)
    return [
        Line((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0 + rim, y1 - y0 + rim, 0.0)
        for x0, y0, x1, y1 in rows
        if x1 - x0 >= 4 * mm and x1 - x0 > 0.8 * (y1 - y0)
    ]


def _rows(pieces: list[Span], gap: float) -> list[Span]:
    """Pieces of writing that stand side by side, joined: a faint line falls into many."""
    rows: list[Span] = []
    for piece in sorted(pieces):
        for index, row in enumerate(rows):
            shared = min(row[3], piece[3]) - max(row[1], piece[1])
            if piece[0] - row[2] <= gap and shared > 0.4 * min(row[3] - row[1], piece[3] - piece[1]):
                rows[index] = (row[0], min(row[1], piece[1]), max(row[2], piece[2]), max(row[3], piece[3]))
                break
        else:
            rows.append(piece)
    return rows


Quad = NDArray[np.float32]  # (4, 2): upper left, upper right, lower right, lower left, in pixels

LONG_SIDE = 960  # pixels at which lines are looked for: print of 7 points is still seen, in 0.8 s
TEXT, SURE = 0.3, 0.5  # of the detector, as it was trained
GROW = 1.6  # the detector gives the core of a line; its area over its outline, times this, is what it left out
SMALLEST = 3  # pixels of the core
MOST_LINES = 600  # on one page; more is a picture
FRAME = 8  # pixels of a line 48 high that one of the recogniser's frames sees
CHUNK = 22.0  # heights of a line that are read at a time; a longer one is read in parts


@dataclass(frozen=True)
class ReadWord:
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


def read_words(grey: Grey, place: tuple[int, int, int, int]) -> list[ReadWord]:
    """The words of one line of an upright page, cut at spaces and at wide gaps.

    Args:
        grey: the page.
        place: of the line, in pixels: left, top, right, bottom.
    """
    left, top, right, bottom = place
    longest = max(1, round(CHUNK * (bottom - top)))
    words: list[ReadWord] = []
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


def _read(grey: Grey, place: tuple[int, int, int, int]) -> list[ReadWord]:
    left, top, right, bottom = place
    if right - left < 4 or bottom - top < 4:
        return []
    line = grey[top:bottom, left:right]
    reading = recogniser().read(line)
    step = FRAME * (bottom - top) / HEIGHT
    places = [left + (frame + 0.5) * step for frame in reading.at]
    words: list[ReadWord] = []
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
            words.append(ReadWord(text, _tight(grey, (round(begins), top, round(ends), bottom))))
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


def as_words(words: list[ReadWord], shape: tuple[int, ...]) -> list[tuple[str, Box]]:
    """Words with their places in fractions of a page of that (height, width)."""
    return [(word.text, Box.from_pixels(*word.box, shape[1], shape[0])) for word in words]


SURE_WORD = 0.5


def printed_words(grey: Grey) -> list[tuple[str, Box]]:
    """The printed words of a page with their places, in reading order.

    Args:
        grey: the page, (height, width) uint8; 150 dpi or more.
    """
    from rapidocr import RapidOCR  # noqa: PLC0415 - a second to load, and only tasks without text need it

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    engine = RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False})
    result: Any = engine(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), return_word_box=True)
    height, width = grey.shape[:2]
    words = [word for line in result.word_results or () for word in line]
    return [(str(text), _box(corners, width, height)) for text, score, corners in words if score > SURE_WORD]


def _box(corners: Any, width: int, height: int) -> Box:
    points = np.asarray(corners, float).reshape(-1, 2)
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return Box.from_pixels(left, top, right, bottom, width, height)
