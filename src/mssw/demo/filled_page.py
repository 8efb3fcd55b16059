"""A child fills in the task: name, date, circles, answers on the lines, and the drawing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from mssw.demo.answers import chance
from mssw.demo.drawing import draw
from mssw.demo.handwriting import Ink, Pencil, Writer, wrap
from mssw.demo.people import CLASSMATE
from mssw.demo.task import PITCH, Area, AreaKind, task_areas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mssw.core.page import Box
    from mssw.demo.people import Child

_STRUCK = re.compile(r"^~(.+)~$")
_SHAKE = 0.1  # millimetres, for an untidy hand of 1
_RUNS_OUT = 1.13
_RUBBED_OUT = 0.3
_PENCIL = 0.25  # the grain of what an eraser takes off


@dataclass(frozen=True, slots=True)
class FilledPage:
    """A page of the task as a child hands it in.

    Attributes:
        image: RGB (height, width, 3).
        name_ink: the box of the ink of its name, in fractions of the page; None where there is none.
        classmate_ink: the same of a classmate's name in an answer.
    """

    image: NDArray[np.uint8]
    name_ink: Box | None
    classmate_ink: Box | None


def fill(child: Child, page: int, blank: NDArray[np.uint8], dpi: int, rng: np.random.Generator) -> FilledPage:
    """Fill one page in.

    Args:
        child: who does it.
        page: 1-based page of the task.
        blank: that page as printed, grey (height, width).
        dpi: its pixels an inch.
        rng: decides what the hand does.
    """
    work = _Work(child, blank, dpi, rng)
    for place in task_areas():
        if place.page == page:
            work.fill(place)
    return work.done()


class _Work:
    """One page under the pen."""

    def __init__(self, child: Child, blank: NDArray[np.uint8], dpi: int, rng: np.random.Generator) -> None:
        self.child, self.rng = child, rng
        self.image = cv2.cvtColor(blank, cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)
        self.height, self.width = blank.shape
        self.ink, self.rubbed = Ink(blank.shape, dpi), Ink(blank.shape, dpi)
        self.writer = Writer(child.hand, child.pen, dpi, rng)
        self.pencil = Pencil(self.ink, self.ink.pixels(child.pen.width), rng)
        self.name_at: tuple[float, float, float, float] | None = None
        self.classmate_at: tuple[float, float, float, float] | None = None

    def fill(self, place: Area) -> None:
        """Fill one place in, whatever it asks for."""
        thinking = self.child.thinking
        match place.kind:
            case AreaKind.NAME if self.child.name:
                self._name(place)
            case AreaKind.DATE:
                left, _, right, rule = self._edges(place)
                scale = min(1.1, 0.8 * (right - left) / self.writer.length(self.child.date))
                x = left + (right - left) * self.rng.uniform(0.05, 0.2)
                self.writer.write(self.ink, self.child.date, x, self._above(rule), scale=scale, climb=0.0)
            case AreaKind.CHOICE if place.question in (
                f"scale:{thinking.scale}",
                f"matter:{thinking.matter}",
            ):
                left, top, right, bottom = self._edges(place)
                reach = (
                    (right - left) * self.rng.uniform(0.48, 0.56),
                    (bottom - top) * self.rng.uniform(0.6, 0.85),
                )
                drift = self.rng.normal(0, 4, 2) * self.ink.unit
                self.pencil.ring((left + right) / 2 + drift[0], (top + bottom) / 2 + drift[1], *reach)
            case AreaKind.LINES:
                self._answer(place)
            case AreaKind.DRAWING:
                draw(thinking.drawing, self.ink, self._edges(place), self.writer, self.pencil)
            case _:
                pass

    def done(self) -> FilledPage:
        """The page with all ink on it."""
        shake = _SHAKE * self.child.hand.untidy
        self.ink.wobble(shake, self.rng)
        if self.rubbed.cover.any():
            self.rubbed.cover = cv2.GaussianBlur(self.rubbed.cover, (0, 0), 1.6 * self.ink.unit).astype(
                np.uint8, copy=False
            )
            self.rubbed.draw_on(self.image, replace(self.child.pen, darkness=0.2), self.rng)
        self.ink.draw_on(self.image, self.child.pen, self.rng)
        found = [at and self.ink.tight(at) for at in (self.name_at, self.classmate_at)]
        return FilledPage(self.image, found[0], found[1])

    def _name(self, place: Area) -> None:
        left, _, right, rule = self._edges(place)
        room, wanted = right - left, self.writer.length(self.child.name)
        start = left + self.rng.uniform(4, 14) * self.ink.unit
        if self.child.runs_out:  # it began too large, and bends the end up over what is printed there
            scale, climb = _RUNS_OUT * room / wanted, 0.022
        else:
            scale, climb = min(self.rng.uniform(1.0, 1.15), 0.92 * room / wanted), self.rng.normal(0.0, 0.006)
            start += self.rng.uniform(0, 0.5) * max(0.0, 0.9 * room - scale * wanted)
        written = self.writer.write(self.ink, self.child.name, start, self._above(rule), scale=scale, climb=climb)
        self.name_at = written.around

    def _answer(self, place: Area) -> None:
        left, _, right, last = self._edges(place)
        words = self.child.answers[place.question].split()
        shown = [self._as_written(word) for word in words]
        scale, lines = 1.0, wrap(self.writer, shown, 0.97 * (right - left), 1.0)
        while len(lines) > place.lines:
            scale *= 0.95
            lines = wrap(self.writer, shown, 0.97 * (right - left), scale)
        pitch = PITCH * self.height
        remaining = iter(words)
        for number, line in enumerate(lines):
            rule = last - (place.lines - 1 - number) * pitch
            self._line([next(remaining) for _ in line], left + self.rng.uniform(0, 14) * self.ink.unit, rule, scale)
        if self.child.pen.grain > _PENCIL and chance(self.rng, _RUBBED_OUT):
            self._rub_out(shown, left, last - (place.lines - 1 - int(self.rng.integers(len(lines)))) * pitch)

    def _line(self, words: list[str], x: float, rule: float, scale: float) -> None:
        """Write one line, word by word; strike out what is struck, and note where the classmate stands."""
        begin, base = x, self._above(rule)
        climb = self.child.hand.climb + self.rng.normal(0, 0.003)
        space = self.child.hand.space * self.writer.height * scale
        for word in words:
            at = base - climb * (x - begin) + self.rng.normal(0, 0.05) * self.writer.height
            written = self.writer.write(self.ink, self._as_written(word), x, at, scale=scale, climb=climb)
            if _STRUCK.match(word):
                self._strike(x, written.end, at)
            if CLASSMATE in word:
                self.classmate_at = written.around
            x = written.end + space * self.rng.uniform(0.8, 1.25)

    def _as_written(self, word: str) -> str:
        """A word without our own signs in it."""
        word = _STRUCK.sub(r"\1", word)
        return word.replace(CLASSMATE, self.child.classmate.first) if self.child.classmate else word

    def _strike(self, start: float, end: float, base: float) -> None:
        """Strike a word out, by a line or two or by a scribble."""
        middle = base - 0.5 * self.writer.height
        if chance(self.rng, 0.5):
            for _ in range(int(self.rng.integers(1, 3))):
                left, right = (middle + self.rng.normal(0, 0.15) * self.writer.height for _ in range(2))
                self.pencil.straight((start - 4 * self.ink.unit, left), (end + 4 * self.ink.unit, right))
            return
        across = np.linspace(start, end, max(8, int((end - start) / (7 * self.ink.unit))))
        zigzag = 0.55 * self.writer.height * np.where(np.arange(across.size) % 2, 1, -1)
        self.pencil.line(np.column_stack([across, middle + zigzag]), wobble=2)

    def _rub_out(self, words: list[str], left: float, rule: float) -> None:
        """Leave a trace of words that were rubbed out before others were written there."""
        few = " ".join(words[: int(self.rng.integers(2, 5))])
        x = left + self.rng.uniform(5, 120) * self.ink.unit
        self.writer.write(self.rubbed, few, x, self._above(rule) + self.rng.normal(0, 4) * self.ink.unit)

    def _above(self, rule: float) -> float:
        """A baseline on a rule, or a little above it."""
        return rule - self.ink.pixels(max(0.1, self.rng.normal(0.6, 0.3)))

    def _edges(self, place: Area) -> tuple[float, float, float, float]:
        """A place's edges in pixels (left, top, right, bottom)."""
        box = place.box
        return box.x * self.width, box.y * self.height, box.right * self.width, box.bottom * self.height
