"""Children's handwriting and drawing: pens and their ink, letters from a font bent to one child's hand, and lines.

A ``Pen`` leaves ``Ink`` on a page. A ``Writer`` writes with one hand and one pen; a ``Pencil`` draws lines that wobble,
do not quite close, and are pressed on unevenly. The same random generator gives the same ink.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


_INKED = 60
_GRAIN_TILE = 512

_SHIFT = 4  # cv2's fractional bits
_ONE = 1 << _SHIFT


@dataclass(frozen=True, slots=True)
class Pen:
    """What a child writes with.

    Attributes:
        name: e.g. ``pencil``.
        colour: RGB of the ink at its darkest.
        darkness: how much of the paper it hides, 0 to 1.
        grain: how much the paper's tooth shows through, 0 for ink to about 0.6 for pencil.
        width: of the stroke, in millimetres.
    """

    name: str
    colour: tuple[int, int, int]
    darkness: float
    grain: float
    width: float


_PENS = (
    (0.50, Pen("pencil", (62, 62, 66), 0.74, 0.50, 0.55)),
    (0.12, Pen("soft pencil", (48, 48, 52), 0.86, 0.42, 0.72)),
    (0.18, Pen("blue ballpoint", (34, 56, 150), 0.93, 0.10, 0.46)),
    (0.12, Pen("black pen", (26, 26, 30), 0.96, 0.03, 0.50)),
    (0.05, Pen("purple gel pen", (104, 48, 150), 0.92, 0.03, 0.58)),
    (0.03, Pen("green felt pen", (28, 112, 76), 0.90, 0.05, 0.74)),
)


def choose_pen(rng: np.random.Generator) -> Pen:
    """A pen as a class has them: mostly pencils, each pressed on differently."""
    share = np.array([part for part, _ in _PENS])
    pen = _PENS[rng.choice(len(_PENS), p=share / share.sum())][1]
    return Pen(
        pen.name,
        pen.colour,
        min(0.98, pen.darkness * rng.uniform(0.84, 1.12)),
        pen.grain * rng.uniform(0.7, 1.2),
        pen.width * rng.uniform(0.85, 1.15),
    )


class Ink:
    """How much of each pixel of a page one pen has covered.

    Attributes:
        cover: (height, width), 0 to 255.
        dpi: pixels an inch.
        unit: 1/200 inch in pixels, which is what the eye sees as one step of a shaky hand.
    """

    def __init__(self, shape: tuple[int, ...], dpi: int) -> None:
        self.cover: NDArray[np.uint8] = np.zeros(shape[:2], np.uint8)
        self.dpi = dpi
        self.unit = dpi / 200

    def pixels(self, millimetres: float) -> float:
        """A length on paper in pixels."""
        return millimetres * self.dpi / 25.4

    def stamp(self, patch: NDArray[np.uint8], left: int, top: int) -> None:
        """Lay a patch of coverage on the page, its upper left corner there; what is off the page is lost."""
        height, width = self.cover.shape
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(width, left + patch.shape[1]), min(height, top + patch.shape[0])
        if x0 < x1 and y0 < y1:
            here = self.cover[y0:y1, x0:x1]
            np.maximum(here, patch[y0 - top : y1 - top, x0 - left : x1 - left], out=here)

    def wobble(self, amount: float, rng: np.random.Generator) -> None:
        """Bend everything a little, here one way and there another, so that no two letters are the same.

        Args:
            amount: the standard deviation of the shift, in millimetres.
            rng: where it bends.
        """
        height, width = self.cover.shape
        cell = self.pixels(3.2)
        grid = (int(height / cell) + 3, int(width / cell) + 3)
        bends = rng.standard_normal((2, *grid)).astype(np.float32) * np.float32(1.6 * self.pixels(amount))
        across, down = (cv2.resize(bend, (width, height), interpolation=cv2.INTER_CUBIC) for bend in bends)
        across += np.arange(width, dtype=np.float32)
        down += np.arange(height, dtype=np.float32)[:, None]
        self.cover = cv2.remap(self.cover, across, down, cv2.INTER_LINEAR).astype(np.uint8, copy=False)

    def tight(self, place: tuple[float, float, float, float]) -> Box | None:
        """The box of the ink within a place given by pixel edges; None where there is none."""
        height, width = self.cover.shape
        left, top = max(0, int(place[0])), max(0, int(place[1]))
        part = self.cover[top : int(place[3]) + 1, left : int(place[2]) + 1] > _INKED
        rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        if not rows.size:
            return None
        right, bottom = left + int(columns[-1]) + 1, top + int(rows[-1]) + 1
        return Box.from_pixels(left + int(columns[0]), top + int(rows[0]), right, bottom, width, height)

    def draw_on(self, page: NDArray[np.uint8], pen: Pen, rng: np.random.Generator) -> None:
        """Put the ink on a page, in place.

        Args:
            page: RGB (height, width, 3).
            pen: the pen that left it.
            rng: where the pen was pressed harder, and the paper's tooth.
        """
        rows, columns = np.nonzero(self.cover)
        if not rows.size:
            return
        height, width = self.cover.shape
        cell = round(90 * self.unit)
        soft = rng.uniform(0.72, 1.08, (height // cell + 2, width // cell + 2)).astype(np.float32)
        press = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)[rows, columns]
        tooth = _tooth(rng)[rows % _GRAIN_TILE, columns % _GRAIN_TILE]
        hidden = self.cover[rows, columns].astype(np.float32) / 255
        hidden *= pen.darkness * np.minimum(press, 1.05) * (1 - pen.grain * tooth)
        hidden = np.clip(hidden, 0, 1)[:, None]
        was = page[rows, columns].astype(np.float32)
        ink = was * np.array(pen.colour, np.float32) / 255
        page[rows, columns] = (was * (1 - hidden) + ink * hidden).astype(np.uint8)


def _tooth(rng: np.random.Generator) -> NDArray[np.float32]:
    """A tile of the paper's roughness, 0 to 1, most of it low."""
    noise = rng.standard_normal((_GRAIN_TILE, _GRAIN_TILE)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 0.9).astype(np.float32, copy=False)
    smooth /= smooth.std()
    rough: NDArray[np.float32] = np.clip(0.35 + 0.45 * smooth, 0, 1).astype(np.float32)
    return rough


# Letters are drawn this much finer than the page, and then turned, sheared and shrunk into it.
_FINER = 3
_HALF = 128
_COMMON = "etaoinshrdlu"
_USUAL_WIDTH = 0.88  # of the common letters, in x-heights, over our fonts
#: Font, and whether its letters are joined. Each is under the SIL Open Font License or the Apache License.
_FONTS = (
    ("indie-flower", False),
    ("patrick-hand", False),
    ("reenie-beanie", False),
    ("schoolbell", False),
    ("shadows-into-light", False),
    ("architects-daughter", False),
    ("gloria-hallelujah", False),
    ("swanky-and-moo-moo", False),
    ("the-girl-next-door", False),
    ("annie-use-your-telescope", False),
    ("kalam", False),
    ("caveat", False),
    ("cedarville-cursive", True),
)


@dataclass(frozen=True, slots=True)
class Hand:
    """How one child writes.

    Attributes:
        font: the font that its letters come from.
        joined: whether letters are joined, and so may not be pushed apart.
        height: of a small x, in millimetres.
        slant: shear; 0.2 leans to the right by about 11 degrees.
        width: of the letters against the font's.
        gap: between letters, in x-heights.
        space: between words, in x-heights.
        untidy: 0.4 for a neat hand to 1.6 for a wild one.
        climb: rise of a line per length; children's lines seldom keep to the rule.
    """

    font: str
    joined: bool
    height: float
    slant: float
    width: float
    gap: float
    space: float
    untidy: float
    climb: float


@dataclass(frozen=True, slots=True)
class WrittenText:
    """Where something was written, in pixels.

    Attributes:
        end: where the next letter would begin.
        around: the edges (left, top, right, bottom) of a place that holds all its ink, generously.
    """

    end: float
    around: tuple[float, float, float, float]


def make_hands(count: int, rng: np.random.Generator) -> list[Hand]:
    """That many hands, no two alike: every font is used before one is used again, and then bent in another way."""
    order = [int(index) for _ in range(math.ceil(count / len(_FONTS))) for index in rng.permutation(len(_FONTS))]
    hands = []
    for turn, index in enumerate(order[:count]):
        font, joined = _FONTS[index]
        # The second child with a font leans to the other side and is larger or smaller than the first.
        upright = (turn // len(_FONTS)) % 2 == 0
        hands.append(
            Hand(
                font=font,
                joined=joined,
                height=rng.uniform(2.5, 2.95) if upright else rng.uniform(2.7, 3.3),
                slant=rng.uniform(-0.02, 0.2) if upright else rng.uniform(-0.2, 0.02),
                width=rng.uniform(0.9, 1.02) if upright else rng.uniform(0.98, 1.14),
                gap=0.0 if joined else rng.uniform(0.0, 0.12),
                space=rng.uniform(0.75, 1.35),
                untidy=rng.uniform(0.45, 1.45),
                climb=rng.normal(0, 0.005),
            )
        )
    return hands


class Writer:
    """Writes with one hand and one pen at one resolution."""

    def __init__(self, hand: Hand, pen: Pen, dpi: int, rng: np.random.Generator) -> None:
        self.hand = hand
        self.height = hand.height * dpi / 25.4
        self._cut = _LetterShapes(hand.font, round(self.height * _FINER, 1), round(pen.width * dpi / 25.4 * _FINER, 1))
        self._rng = rng

    def length(self, text: str, scale: float = 1.0) -> float:
        """How long the text will be, in pixels, within a few per cent."""
        words = text.split(" ")
        letters = sum(self._cut.advance(letter) for letter in text if letter != " ") / _FINER * self.hand.width
        gaps = self.hand.gap * self.height * sum(len(word) for word in words)
        return scale * (letters + gaps + (len(words) - 1) * self.hand.space * self.height)

    def write(
        self,
        ink: Ink,
        text: str,
        x: float,
        baseline: float,
        *,
        scale: float = 1.0,
        climb: float | None = None,
    ) -> WrittenText:
        """Write a line, or a word of it.

        Args:
            ink: the layer that it is written on.
            text: without line breaks.
            x: where it begins, in pixels.
            baseline: what it stands on, in pixels from the top.
            scale: against the hand's usual size.
            climb: how much the line rises, per length; the hand's own where None.
        """
        rng, hand = self._rng, self.hand
        start, rise = x, hand.climb if climb is None else climb
        sway, phase = rng.uniform(0, 0.06) * hand.untidy * self.height, rng.uniform(0, 2 * math.pi)
        for letter in text:
            if letter == " ":
                x += hand.space * self.height * scale * rng.uniform(0.8, 1.25)
                continue
            y = baseline - rise * (x - start) + sway * math.sin(phase + (x - start) / (6 * self.height))
            loose = 0.3 if hand.joined else 1.0
            y += rng.normal(0, 0.035) * hand.untidy * loose * self.height
            self._letter(ink, letter, (x, y), scale, loose)
            step = self._cut.advance(letter) / _FINER * hand.width + hand.gap * self.height
            x += scale * step * (1 if hand.joined else rng.normal(1, 0.03 * hand.untidy))
        reach = 2.2 * self.height * scale
        highest = max(0.0, rise * (x - start))
        around = (
            start - 0.6 * reach,
            baseline - highest - 1.2 * reach,
            x + 0.6 * reach,
            baseline + 0.8 * reach,
        )
        return WrittenText(x, around)

    def _letter(self, ink: Ink, letter: str, at: tuple[float, float], scale: float, loose: float) -> None:
        """Put one letter down, turned and stretched a little differently each time."""
        rng, untidy = self._rng, self.hand.untidy * loose
        mask, origin = self._cut.letter(letter)
        angle = math.radians(rng.normal(0, 1.8) * untidy)
        wide = scale * self.hand.width * rng.normal(1, 0.025 * untidy) / _FINER
        high = scale * rng.normal(1, 0.045 * untidy) / _FINER
        lean = self.hand.slant + rng.normal(0, 0.03) * untidy
        # Columns: the page's shift for one step across and one step down in the finely cut letter.
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        shape = turn @ np.array([[wide, -lean * high], [0, high]])
        rows, columns = mask.shape
        corners = shape @ (np.array([[0, columns, columns, 0], [0, 0, rows, rows]]) - np.array(origin)[:, None])
        left, top = math.floor(corners[0].min() + at[0]), math.floor(corners[1].min() + at[1])
        size = (int(np.ptp(corners[0])) + 3, int(np.ptp(corners[1])) + 3)
        shift = np.array([at[0] - left, at[1] - top]) - shape @ np.array(origin)
        matrix = np.hstack([shape, shift[:, None]])
        patch = cv2.warpAffine(mask, matrix, size, flags=cv2.INTER_LINEAR).astype(np.uint8, copy=False)
        ink.stamp(patch, left, top)


def wrap(writer: Writer, words: Sequence[str], width: float, scale: float) -> list[list[str]]:
    """The words as lines no longer than ``width`` pixels."""
    lines: list[list[str]] = [[]]
    for word in words:
        if lines[-1] and writer.length(" ".join([*lines[-1], word]), scale) > width:
            lines.append([])
        lines[-1].append(word)
    return lines


class _LetterShapes:
    """A font's letters at one size, their strokes as wide as the pen's."""

    def __init__(self, font: str, height: float, stroke: float) -> None:
        self._font, self._widen = _font_at_size(font, height, stroke)
        self._letters: dict[str, tuple[NDArray[np.uint8], tuple[float, float]]] = {}
        self._advances: dict[str, float] = {}

    def advance(self, letter: str) -> float:
        """How far the next letter is, in fine pixels."""
        if letter not in self._advances:
            self._advances[letter] = self._font.getlength(letter)
        return self._advances[letter]

    def letter(self, letter: str) -> tuple[NDArray[np.uint8], tuple[float, float]]:
        """The letter's coverage, softened for shrinking, and the point of its origin in it."""
        if letter not in self._letters:
            self._letters[letter] = _draw_letter(self._font, letter, self._widen)
        return self._letters[letter]


def _draw_letter(
    font: ImageFont.FreeTypeFont, letter: str, widen: int
) -> tuple[NDArray[np.uint8], tuple[float, float]]:
    left, top, right, bottom = font.getbbox(letter, anchor="ls")
    pad = max(0, widen) + _FINER
    image = Image.new("L", (int(right - left) + 2 * pad, int(bottom - top) + 2 * pad))
    origin = (pad - int(left), pad - int(top))
    ImageDraw.Draw(image).text(origin, letter, fill=255, font=font, anchor="ls", stroke_width=max(0, widen))
    mask = np.asarray(image)
    if widen < 0:
        mask = cv2.erode(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (1 - 2 * widen, 1 - 2 * widen)))
    soft = cv2.blur(mask, (_FINER, _FINER)).astype(np.uint8, copy=False)
    return soft, (float(origin[0]), float(origin[1]))


@functools.lru_cache(maxsize=256)
def _font_at_size(font: str, height: float, stroke: float) -> tuple[ImageFont.FreeTypeFont, int]:
    """The font at the size where a small x is so high, and how much its strokes grow on each side."""
    path = resources.files("mssw.demo").joinpath(f"fonts/{font}.ttf")
    with resources.as_file(path) as file:
        sample = ImageFont.truetype(file, 200, layout_engine=ImageFont.Layout.BASIC)
        box = sample.getbbox("x", anchor="ls")
        tall = box[3] - box[1]
        # A narrow font as high as a wide one looks tiny, so it is written larger, and a wide one smaller.
        narrow = _USUAL_WIDTH * tall * len(_COMMON) / sample.getlength(_COMMON)
        height *= min(1.28, max(0.88, math.sqrt(narrow)))
        size = 200 * height / tall
        sized = ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)
    return sized, _growth(sized, min(stroke, 0.3 * height))


def _growth(font: ImageFont.FreeTypeFont, stroke: float) -> int:
    """Half of what the font's stroke lacks to that stroke, in fine pixels; negative where it is too fat."""
    mask, _ = _draw_letter(font, "n", 0)
    inked = (mask >= _HALF).astype(np.uint8)
    depth = cv2.distanceTransform(inked, cv2.DIST_L2, 5)
    # Across a stroke of width w the distance to its edge is w/4 on average.
    own = 4 * float(depth[inked > 0].mean())
    return round((stroke - own) / 2)


class Pencil:
    """Draws lines as a child's hand does.

    Args:
        ink: the layer that is drawn on.
        width: of the stroke, in pixels.
        rng: how it wobbles.
    """

    def __init__(self, ink: Ink, width: float, rng: np.random.Generator) -> None:
        self._ink = ink
        self._unit = ink.unit
        self._width = max(1, round(0.85 * width))
        self.rng = rng

    def line(self, points: NDArray[np.float64], *, wobble: float = 1.0, press: float = 1.0) -> None:
        """A line through the points (n, 2), shaken by so many pixels and pressed so hard, 0 to 1."""
        shaken = points + _smooth(self.rng.standard_normal(points.shape), 7) * wobble * self._unit
        layer = np.zeros_like(self._ink.cover) if press < 1 else self._ink.cover
        whole = np.round(shaken * _ONE).astype(np.int32)
        cv2.polylines(
            layer,
            [whole],
            isClosed=False,
            color=int(255 * press),
            thickness=self._width,
            lineType=cv2.LINE_AA,
            shift=_SHIFT,
        )
        if press < 1:
            np.maximum(self._ink.cover, layer, out=self._ink.cover)

    def straight(self, start: tuple[float, float], end: tuple[float, float], *, wobble: float = 1.0) -> None:
        """A line that means to be straight."""
        steps = max(4, int(math.dist(start, end) / (12 * self._unit)))
        self.line(np.linspace(start, end, steps), wobble=wobble)

    def ring(self, x: float, y: float, across: float, down: float) -> None:
        """An oval that does not quite close, or goes round a little too far."""
        rng = self.rng
        begin, turn = rng.uniform(0, 2 * math.pi), 2 * math.pi * rng.uniform(0.98, 1.08)
        steps = max(18, int((across + down) * 0.12 / self._unit))
        angle = begin + np.linspace(0, turn, steps)
        lumps = (
            1
            + sum(rng.normal(0, 0.028) / k * np.cos(k * angle + rng.uniform(0, 6)) for k in (2, 3, 4))
            + np.linspace(0, rng.normal(0, 0.03), steps)
        )
        self.line(np.column_stack([x + across * lumps * np.cos(angle), y + down * lumps * np.sin(angle)]))

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A line with a head."""
        self.straight(start, end)
        way = math.atan2(end[1] - start[1], end[0] - start[0]) + self.rng.normal(0, 0.12)
        barb = min(24.0 * self._unit, 0.35 * math.dist(start, end)) * self.rng.uniform(0.8, 1.3)
        for side in (0.5, -0.5):
            back = way + math.pi + side
            self.straight(end, (end[0] + barb * math.cos(back), end[1] + barb * math.sin(back)), wobble=0.5)

    def dot(self, x: float, y: float, size: float) -> None:
        """A dot, scribbled full."""
        angle = np.linspace(0, 4 * math.pi, 14) + self.rng.uniform(0, 6)
        reach = np.linspace(size, size * 0.2, 14) * self.rng.uniform(0.8, 1.2)
        self.line(np.column_stack([x + reach * np.cos(angle), y + reach * np.sin(angle)]), wobble=0.5)

    def swirl(self, x: float, y: float, size: float) -> None:
        """A spiral, for wind."""
        turn = np.linspace(0, self.rng.choice((-1, 1)) * self.rng.uniform(3, 5) * math.pi, 46)
        reach = np.linspace(size * 0.08, size, 46)
        self.line(np.column_stack([x + reach * np.cos(turn), y + reach * np.sin(turn) * 0.8]))

    def hatch(self, x: float, y: float, radius: float) -> None:
        """Shade a circle with slanting strokes, lightly."""
        edge = np.arange(-0.85, 0.86, self.rng.uniform(0.07, 0.11))
        points = []
        for index, offset in enumerate(edge):
            half = math.sqrt(1 - offset**2) * 0.92
            ends = [(offset - 0.3 * half, half), (offset + 0.3 * half, -half)]
            points += ends if index % 2 else ends[::-1]
        zigzag = np.array(points) * radius * 0.93 + (x, y)
        fine = np.concatenate([np.linspace(a, b, 8) for a, b in pairwise(zigzag)])
        self.line(fine, wobble=1.5, press=0.4)


def _smooth(noise: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Noise (n, 2) averaged along the line, so that it bends and does not jag."""
    kernel = np.hanning(reach + 2)[1:-1]
    kernel /= np.sqrt((kernel**2).sum())
    padded = np.pad(noise, ((reach // 2, reach // 2), (0, 0)), mode="edge")
    return np.column_stack([np.convolve(padded[:, k], kernel, mode="valid") for k in (0, 1)])
