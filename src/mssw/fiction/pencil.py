"""Lines as a child draws them: they wobble, do not quite close, and are pressed on unevenly."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mssw.fiction.ink import Ink

_SHIFT = 4  # cv2's fractional bits
_ONE = 1 << _SHIFT


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
