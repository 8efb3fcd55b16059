"""Children's handwriting: a font bent to one child's hand, letter by letter."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from mssw.fiction.ink import Ink, Pen

# Letters are cut this much finer than the page and then turned, sheared and shrunk into it.
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
class Written:
    """Where something was written, in pixels.

    Attributes:
        end: where the next letter would begin.
        around: the edges (left, top, right, bottom) of a place that holds all its ink, generously.
    """

    end: float
    around: tuple[float, float, float, float]


def make_hands(count: int, rng: np.random.Generator) -> list[Hand]:
    """So many hands, no two alike: every font is used before one is used again, and then bent otherwise."""
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
        self._cut = _Cut(hand.font, round(self.height * _FINER, 1), round(pen.width * dpi / 25.4 * _FINER, 1))
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
    ) -> Written:
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
        return Written(x, around)

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


class _Cut:
    """A font's letters at one size, their strokes as wide as the pen's."""

    def __init__(self, font: str, height: float, stroke: float) -> None:
        self._font, self._widen = _sized(font, height, stroke)
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
            self._letters[letter] = _cut(self._font, letter, self._widen)
        return self._letters[letter]


def _cut(font: ImageFont.FreeTypeFont, letter: str, widen: int) -> tuple[NDArray[np.uint8], tuple[float, float]]:
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
def _sized(font: str, height: float, stroke: float) -> tuple[ImageFont.FreeTypeFont, int]:
    """The font at the size where a small x is so high, and how much its strokes grow on each side."""
    path = resources.files("mssw.fiction").joinpath(f"fonts/{font}.ttf")
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
    mask, _ = _cut(font, "n", 0)
    inked = (mask >= _HALF).astype(np.uint8)
    depth = cv2.distanceTransform(inked, cv2.DIST_L2, 5)
    # Across a stroke of width w the distance to its edge is w/4 on average.
    own = 4 * float(depth[inked > 0].mean())
    return round((stroke - own) / 2)
