"""Hands: people who write any text, from the package's handwriting fonts made uneven like a pen on paper."""

from __future__ import annotations

import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parents[2] / "src" / "mssw" / "demo" / "fonts"
CLEAR = (  # those that a teacher reads without effort, the joined one last
    "architects-daughter",
    "patrick-hand",
    "caveat",
    "indie-flower",
    "schoolbell",
    "kalam",
    "gloria-hallelujah",
    "shadows-into-light",
    "annie-use-your-telescope",
    "the-girl-next-door",
    "cedarville-cursive",
)
FINE = 2  # times the page's pixels at which letters are drawn


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size)


@cache
def _x_height(name: str) -> float:
    """Of the small letters, as a share of the font's size."""
    heights = [-_font(name, 400).getbbox(letter, anchor="ls")[1] for letter in "nrsuvxz"]
    return float(np.median(heights)) / 400


def writable(name: str, text: str) -> str:
    """The text as this font can write it: a letter it lacks loses its accents, as many leave them out by hand."""
    lacking = bytes(_font(name, 40).getmask("\U0010ffff"))
    out = []
    for sign in unicodedata.normalize("NFC", text):
        known = bytes(_font(name, 40).getmask(sign)) != lacking or sign == " "
        plain = unicodedata.normalize("NFD", sign.replace("đ", "d").replace("Đ", "D"))
        out.append(sign if known else "".join(c for c in plain if not unicodedata.combining(c)))
    return "".join(out)


@dataclass(frozen=True)
class Hand:
    """One person's writing.

    Attributes:
        font: its letters' shapes.
        slant: columns a row that it leans to the right.
        uneven: how restless: 1 is a child's hand.
        wide: stretch of the letters.
        pen: width of the stroke beside the font's own, in x-heights.
    """

    font: str
    slant: float
    uneven: float
    wide: float
    pen: float

    def write(self, text: str, x_height: float, rng: np.random.Generator) -> tuple[np.ndarray, int]:
        """One word with small letters of that many pixels: its transparency and the row of its baseline."""
        text = writable(self.font, text)
        size = max(8, round(FINE * x_height / _x_height(self.font)))
        font, tall = _font(self.font, size), FINE * x_height
        room = round(2.6 * tall) + 8
        width = round(font.getlength(text) + 2 * room)
        canvas = np.zeros((round(6.5 * tall) + 8, width), np.float32)
        base = round(4.0 * tall)
        drift = 0.0
        for n, sign in enumerate(text):
            x = room + font.getlength(text[: n + 1]) - font.getlength(sign)
            drift = 0.7 * drift + rng.normal(0, 0.035 * self.uneven * tall)
            letter = Image.new("L", (width, canvas.shape[0]), 0)
            place = (x + rng.normal(0, 0.02 * self.uneven * tall), base + drift)
            ImageDraw.Draw(letter).text(place, sign, font=font, fill=255, anchor="ls")
            canvas = np.maximum(canvas, self._turned(np.asarray(letter), place, tall, rng))
        return _cut(self._penned(canvas, tall, rng), base)

    def _turned(
        self, letter: np.ndarray, place: tuple[float, float], tall: float, rng: np.random.Generator
    ) -> np.ndarray:
        """One letter, a little larger or smaller than the last, and a little turned."""
        centre = (place[0] + 0.4 * tall, place[1] - 0.5 * tall)
        turn = cv2.getRotationMatrix2D(centre, rng.normal(0, 1.6 * self.uneven), 1 + rng.normal(0, 0.03 * self.uneven))
        return cv2.warpAffine(letter, turn, letter.shape[::-1], flags=cv2.INTER_LINEAR).astype(np.float32) / 255

    def _penned(self, canvas: np.ndarray, tall: float, rng: np.random.Generator) -> np.ndarray:
        """The whole word slanted, its strokes bent as no two are the same, in this pen's width and pressure."""
        h, w = canvas.shape
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        bend = [_smooth((h, w), 0.9 * tall, rng) * 0.045 * self.uneven * tall for _ in range(2)]
        across = (x - w / 2) / self.wide + w / 2 + self.slant * (y - 0.62 * h)
        canvas = cv2.remap(canvas, across + bend[0], y + bend[1], cv2.INTER_LINEAR)
        soft = cv2.GaussianBlur(canvas, (0, 0), max(0.6, 0.05 * tall))
        full = float(np.percentile(soft[soft > 0.1], 85)) if (soft > 0.1).any() else 1.0  # thin letters never reach 1
        level = float(np.clip(0.5 - 2.2 * self.pen, 0.22, 0.7)) * min(1.0, full)
        stroke = np.clip((soft - level) * 3.2 + 0.5, 0, 1)
        pressure = 0.86 + 0.14 * _smooth((h, w), 0.5 * tall, rng)
        return np.clip(stroke * pressure, 0, 1)


def _smooth(shape: tuple[int, int], reach: float, rng: np.random.Generator) -> np.ndarray:
    """Gentle hills between about -1 and 1, that far apart (pixels)."""
    few = (max(2, round(shape[0] / reach) + 1), max(2, round(shape[1] / reach) + 1))
    hills = rng.normal(0, 0.6, few).astype(np.float32)
    return np.clip(cv2.resize(hills, shape[::-1], interpolation=cv2.INTER_CUBIC), -1.5, 1.5)


def _cut(canvas: np.ndarray, base: int) -> tuple[np.ndarray, int]:
    """The page's pixels, without the empty rim."""
    small = cv2.resize(canvas, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    ys, xs = np.nonzero(small > 0.06)
    if not len(ys):
        return np.zeros((2, 2), np.float32), 1
    return small[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1], round(base / FINE) - int(ys.min())


def make_hands(count: int, rng: np.random.Generator) -> list[Hand]:
    """That many people; the same font is never the same hand."""
    order = [CLEAR[int(n)] for _ in range(count // len(CLEAR) + 1) for n in rng.permutation(len(CLEAR))]
    return [
        Hand(
            font,
            float(rng.normal(0.02, 0.09)),
            float(rng.uniform(0.5, 1.2)),
            float(rng.uniform(0.9, 1.12)),
            float(rng.uniform(-0.02, 0.05)),
        )
        for font in order[:count]
    ]


@dataclass(frozen=True)
class HandWord:
    """A name that somebody writes in such a hand: takes the place of a word in real ink."""

    text: str
    hand: Hand

    def write(self, x_height: float) -> tuple[np.ndarray, int]:
        """Its transparency and the row of its baseline, every time the same."""
        return self.hand.write(self.text, x_height, np.random.default_rng(zlib.crc32(self.text.encode())))
