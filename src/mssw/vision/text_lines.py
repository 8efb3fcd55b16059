"""Lines of text on a page: where they are, how they lean, and each cut out straight.

Names are looked for on lines of handwriting, found on the new ink alone (``find_written_lines``) or on a page as it
is. Print is found whichever way the page lies (``find_quads``). The detector is the one that ``rapidocr`` carries: a
page goes in, leaning boxes around lines come out, in the pixels of the smaller picture that the model saw. Names and
print need different looks at a page, and each was measured: a ``Look`` says how.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.vision.ink import Grey, Mask
from mssw.vision.recogniser import DETECTOR, session

IS_TEXT = 0.3  # what the detector thinks of a pixel, 0 to 1: above this it is text, as it was trained
TILE = 32  # pixels: the sides of the model's pictures are multiples of this

RotatedRect = tuple[tuple[float, float], tuple[float, float], float]  # OpenCV's: middle, (width, height), degrees


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is shown to the detector, and which of its findings count.

    Attributes:
        long_side: pixels of the page's long side, at most.
        mean: of each colour, 0 to 1, taken off before the model sees it.
        deviation: of each colour, which it is divided by.
        is_padded: whether white is added up to the next tile; else the page is stretched to it.
        outlines: which outlines OpenCV follows.
        most: outlines that are looked at; more are a picture.
        thinnest: pixels of a core's short side, at least.
        least_peak: what the detector thinks of a core's likeliest pixel, at least.
        least_mean: what it thinks of a core's pixels on average, at least.
        growth: the detector finds the core of a line; its area over half its outline, times this, is what is missing.
    """

    long_side: int
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]
    is_padded: bool
    outlines: int
    most: int
    thinnest: float
    least_peak: float
    least_mean: float
    growth: float


HANDWRITING = Look(
    long_side=800,  # letters of 2 mm are 6 pixels
    mean=(0.485, 0.456, 0.406),
    deviation=(0.229, 0.224, 0.225),
    is_padded=True,
    outlines=cv2.RETR_EXTERNAL,
    most=3000,
    thinnest=0.0,
    least_peak=0.45,  # faint writing is sure in few places
    least_mean=0.0,
    growth=1.7,
)
PRINT = Look(
    long_side=960,  # print of 7 points is still seen, in 0.8 s
    mean=(0.5, 0.5, 0.5),
    deviation=(0.5, 0.5, 0.5),
    is_padded=False,
    outlines=cv2.RETR_LIST,
    most=600,
    thinnest=3.0,
    least_peak=0.0,
    least_mean=0.5,  # as it was trained
    growth=1.6,
)


@dataclass(frozen=True, slots=True)
class TextBoxes:
    """Lines of text as the detector found them.

    Attributes:
        boxes: in the pixels of what it saw.
        scale: of what it saw over the page: across, down.
    """

    boxes: tuple[RotatedRect, ...]
    scale: tuple[float, float]


def detect_text(grey: Grey, look: Look, long_side: int | None = None) -> TextBoxes:
    """Find the lines of text on a page, or on a part of one.

    Args:
        grey: what is looked at, (height, width) uint8.
        look: how.
        long_side: of the whole page in pixels, where ``grey`` is only a part of it.

    Raises:
        EngineError: the model is missing or is another.
    """
    shown, inside, scale = _prepare(grey, min(1.0, look.long_side / (long_side or max(grey.shape))), look)
    model = session(DETECTOR)
    likely = np.asarray(model.run(None, {model.get_inputs()[0].name: shown})[0][0, 0], np.float32)[inside]
    cores, _ = cv2.findContours((likely > IS_TEXT).astype(np.uint8), look.outlines, cv2.CHAIN_APPROX_SIMPLE)
    if len(cores) > look.most:  # hundreds of circles to fill in must not crowd out a heading
        longest = sorted(range(len(cores)), key=lambda n: (-len(cores[n]), n))[: look.most]
        cores = [cores[n] for n in sorted(longest)]
    boxes = (_grow_core(core, likely, look) for core in cores)
    return TextBoxes(tuple(box for box in boxes if box is not None), scale)


def _prepare(
    grey: Grey, scale: float, look: Look
) -> tuple[NDArray[np.float32], tuple[slice, slice], tuple[float, float]]:
    """The picture for the model, which part of it shows the page, and its scale over the page."""
    height, width = grey.shape
    if look.is_padded:
        small = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        shown = np.full([-(-side // TILE) * TILE for side in small.shape], 255, np.uint8)
        shown[: small.shape[0], : small.shape[1]] = small
        scales = scale, scale
    else:
        size = [max(TILE, round(side * scale / TILE) * TILE) for side in (width, height)]
        small = shown = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
        scales = size[0] / width, size[1] / height
    colours = [(shown / np.float32(255) - mean) / dev for mean, dev in zip(look.mean, look.deviation, strict=True)]
    inside = slice(0, small.shape[0]), slice(0, small.shape[1])
    return np.stack(colours)[None].astype(np.float32), inside, scales


def _grow_core(core: NDArray[Any], likely: NDArray[np.float32], look: Look) -> RotatedRect | None:
    """The whole line around a core; None where it is none."""
    middle, (width, height), angle = cv2.minAreaRect(core)
    if min(width, height) < look.thinnest:
        return None
    left, top, w, h = cv2.boundingRect(core)
    inside = likely[top : top + h, left : left + w]
    if float(np.max(inside)) < look.least_peak:
        return None
    if look.least_mean:
        mask = np.zeros((h, w), np.uint8)
        cv2.fillPoly(mask, [core.reshape(-1, 2) - (left, top)], 1)
        if float(cv2.mean(inside, mask)[0]) < look.least_mean:
            return None
    missing = look.growth * width * height / max(1.0, width + height)  # on both sides together
    return (middle[0], middle[1]), (width + missing, height + missing), angle


SHORTEST_MM, LOWEST_MM = 2.5, 1.6
TALLEST_MM = 22.0
RIM_MM = 0.6
LEANING = 1.2  # a word so much longer than tall has a slope that can be measured
STANDING = 1.6  # a line so much taller than wide is written up or down the page
LEAST_UPRIGHT_MM = 9.0  # of a short word up or down the page, which is higher than a number then
UPRIGHT = 80.0  # degrees from which a line is upright
LEVEL = 1.0  # degrees within which a line is level
MOST = 60  # lines of one page that are read
LEAST_INK_MM2 = 0.8
WHITE_MM = 6.0  # around what is written
DRAWN_MM = (6.0, 12.0)  # the short and the long side of a drawing that is connected, at least
MOST_DRAWINGS = 4  # places with drawings on a page that are looked at from nearer
NEARER, LEAST_NEARER = 2.5, 1.4  # times, at most and at least
LARGEST = 1000  # pixels of the long side of what the detector sees of a drawing, at most
SAME_LINE = 0.6  # of two lines, in one another
GAP_MM = 9.0  # between two pieces of one faint line

Span = tuple[int, int, int, int]  # left, top, right, bottom in pixels
Quad = NDArray[np.float32]  # (4, 2): upper left, upper right, lower right, lower left, in pixels


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
    def left(self) -> float:
        """Where a level line begins."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Where a level line ends."""
        return self.x + self.width / 2

    @property
    def to_page(self) -> NDArray[np.float64]:
        """2 × 3, from the pixels of its crop to those of the page."""
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        left, top = -self.width / 2, -self.height / 2
        return np.array(
            [[cos, -sin, self.x + cos * left - sin * top], [sin, cos, self.y + sin * left + cos * top]], np.float64
        )

    def column_at(self, x: float, y: float) -> float:
        """The column of the line's crop in which a pixel of the page lies; it may be outside."""
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        return (x - self.x) * cos + (y - self.y) * sin + self.width / 2

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


def find_written_lines(page: Grey, ink: Mask, dpi: float) -> tuple[list[Line], bool]:
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
    text = detect_text(alone, HANDWRITING, max(page.shape))
    found = [replace(line, x=line.x + left, y=line.y + top) for line in _as_lines(text, mm)]
    found += _in_drawings(alone, (left, top), ink, found, mm)
    found += _left_over(ink, found, mm)
    inked = [line for line in found if (line.crop(ink.astype(np.uint8), 0) > 0).sum() >= LEAST_INK_MM2 * mm**2]
    inked.sort(key=lambda line: (line.y, line.x))
    places = list(dict.fromkeys((line.x, line.y) for line in inked))  # what may be read up or down is one place
    some = set(places[:MOST])
    return [line for line in inked if (line.x, line.y) in some], len(places) > MOST


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


def find_lines(page: Grey, dpi: float) -> list[Line]:
    """All lines of text on a page as the detector sees them, print and writing, from the top down."""
    found = _as_lines(detect_text(page, HANDWRITING), dpi / 25.4)
    found.sort(key=lambda line: (line.y, line.x))
    return found[: 2 * MOST]


def _as_lines(text: TextBoxes, mm: float) -> list[Line]:
    """The detector's boxes that have the size of writing."""
    found = []
    for middle, (width, height), angle in text.boxes:
        if width < height:
            found += _sized(middle, (height, width), angle - 90, text.scale[0], mm)
        else:
            found += _sized(middle, (width, height), angle, text.scale[0], mm)
    return found


def _sized(middle: tuple[float, float], size: tuple[float, float], angle: float, scale: float, mm: float) -> list[Line]:
    """A line in pixels of the page, if it has the size of writing; steep writing in each way that it may be read."""
    angle = (angle + 90) % 180 - 90
    rim = 2 * RIM_MM * mm
    width, height = (side / scale + rim for side in size)
    if width < SHORTEST_MM * mm + rim or not LOWEST_MM * mm + rim <= height <= TALLEST_MM * mm:
        return []
    x, y = (place / scale for place in middle)
    slope = abs(angle)
    steep = (
        [Line(x, y, width, height, angle)] if width > LEANING * height and slope < UPRIGHT else []
    )  # under a graph's bars
    if slope > 60 and width > STANDING * height:
        return [*steep, *(Line(x, y, width, height, turn) for turn in (90.0, -90.0))]
    if slope > 60 and width > LEANING * height and width > LEAST_UPRIGHT_MM * mm:  # short, or level and one high letter
        steep += [Line(x, y, width, height, turn) for turn in (90.0, -90.0)]
    if slope > 30:  # a short word, whose slope may be measured wrong
        radians = math.radians(slope)
        across = width * math.cos(radians) + height * math.sin(radians)
        upright = width * math.sin(radians) + height * math.cos(radians)
        return [*steep, Line(x, y, across, min(upright, TALLEST_MM * mm), 0.0)]
    return [Line(x, y, width, height, 0.0 if abs(angle) < LEVEL else angle)]


def _in_drawings(alone: Grey, corner: tuple[int, int], ink: Mask, found: list[Line], mm: float) -> list[Line]:
    """Writing in and at drawings, which is small and touches their strokes: the detector sees it from nearer.

    Args:
        alone: what is written on the page, without the rest.
        corner: where that begins on the page: left, top.
        ink: the page's new ink.
        found: the lines that were seen from afar.
        mm: in pixels.
    """
    rest = cv2.dilate(_beside(ink, found), np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(rest)
    rim = round(WHITE_MM * mm)
    large = [
        (x - rim, y - rim, x + w + rim, y + h + rim)
        for x, y, w, h, _ in (tuple(map(int, row)) for row in stats[1:])
        if min(w, h) >= DRAWN_MM[0] * mm and max(w, h) >= DRAWN_MM[1] * mm
    ]
    seen: list[Line] = []
    for left, top, right, bottom in _merge(large)[:MOST_DRAWINGS]:
        x0, y0 = max(0, left - corner[0]), max(0, top - corner[1])
        part = alone[y0 : max(y0, bottom - corner[1]), x0 : max(x0, right - corner[0])]
        nearer = max(max(ink.shape) / NEARER, max(part.shape) * HANDWRITING.long_side / LARGEST)
        if not part.size or nearer > max(ink.shape) / LEAST_NEARER:
            continue  # most of the page, as ruled paper is: it would be seen no better
        lines = _as_lines(detect_text(np.ascontiguousarray(part), HANDWRITING, round(nearer)), mm)
        seen += [replace(line, x=line.x + x0 + corner[0], y=line.y + y0 + corner[1]) for line in lines]
    boxes = [line.box(0, line.width, ink.shape) for line in found]
    new = [(line, line.box(0, line.width, ink.shape)) for line in seen]
    return [line for line, box in new if not any(min(box.shared(old), old.shared(box)) > SAME_LINE for old in boxes)]


def _merge(spans: list[Span]) -> list[Span]:
    """Spans of which no two meet, the largest first."""
    merged: list[Span] = []
    for span in spans:
        left, top, right, bottom = span
        while meets := [one for one in merged if left < one[2] and one[0] < right and top < one[3] and one[1] < bottom]:
            merged = [one for one in merged if one not in meets]
            lefts, tops, rights, bottoms = zip((left, top, right, bottom), *meets, strict=True)
            left, top, right, bottom = min(lefts), min(tops), max(rights), max(bottoms)
        merged.append((left, top, right, bottom))
    return sorted(merged, key=lambda one: (one[2] - one[0]) * (one[1] - one[3]))


def _beside(ink: Mask, found: list[Line]) -> NDArray[np.uint8]:
    """The ink that lies on none of those lines."""
    taken = np.zeros(ink.shape, np.uint8)
    for line in found:
        corners = (
            line.to_page
            @ np.array([[0, 0, 1], [line.width, 0, 1], [line.width, line.height, 1], [0, line.height, 1]], float).T
        )
        cv2.fillConvexPoly(taken, np.round(corners.T).astype(np.int32), 1)
    return np.asarray(ink & (taken == 0), np.uint8)


def _left_over(ink: Mask, found: list[Line], mm: float) -> list[Line]:
    """Writing that the detector passed over: ink of letters' size beside its lines, joined along the line."""
    rest = _beside(ink, found)
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


def find_quads(grey: Grey) -> list[Quad]:
    """The lines of text on a page, whichever way it lies, as leaning boxes.

    Args:
        grey: the page, (height, width) uint8.

    Raises:
        EngineError: the model is missing or is another.
    """
    text = detect_text(grey, PRINT)
    to_page = np.array([1 / scale for scale in text.scale], np.float32)
    quads = [_ordered(cv2.boxPoints(box)) * to_page for box in text.boxes]
    return sorted(quads, key=lambda quad: (float(quad[:, 1].min()), float(quad[:, 0].min())))


def _ordered(corners: NDArray[Any]) -> Quad:
    """The corners from the upper left one on, clockwise, for a box that leans by less than 45 degrees."""
    start = int(np.argmin(corners.sum(axis=1)))
    turned = np.roll(corners, -start, axis=0)
    if turned[1, 0] - turned[0, 0] < abs(turned[1, 1] - turned[0, 1]):
        turned = np.roll(turned[::-1], 1, axis=0)
    return np.asarray(turned, np.float32)


def measure_sides(quad: Quad) -> tuple[float, float]:
    """Width and height of a leaning box, in pixels."""
    return float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[3] - quad[0]))


def cut_out(grey: Grey, quad: Quad) -> Grey:
    """The line in a leaning box, laid straight."""
    wide, tall = (max(1, round(side)) for side in measure_sides(quad))
    corners = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, corners)
    how = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpPerspective(grey, matrix, (wide, tall), borderMode=how), np.uint8)
