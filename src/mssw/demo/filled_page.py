"""A child fills in the task: name, date, circles, answers on the lines, and a drawing.

Inside a ball, children draw dots, arrows, swirls or nothing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from mssw.demo.answers import chance, one_of
from mssw.demo.handwriting import Ink, Pencil, Writer, wrap
from mssw.demo.people import CLASSMATE
from mssw.demo.task import PITCH, Area, AreaKind, task_areas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mssw.demo.handwriting import Ink, Pencil, Writer


@dataclass(frozen=True, slots=True)
class Ball:
    """Where a ball was drawn, in pixels."""

    x: float
    y: float
    radius: float


def draw(name: str, ink: Ink, place: tuple[float, float, float, float], writer: Writer, pencil: Pencil) -> None:
    """Draw what that way of thinking sees inside the ball, with its words.

    Args:
        name: of the drawing, as ``answers.toml`` has it.
        ink: the layer that is drawn on.
        place: the drawing box as pixel edges (left, top, right, bottom).
        writer: writes the labels.
        pencil: draws the lines on the same layer; its chance decides everything else.
    """
    _DRAWINGS[name](_Scene(pencil, ink, place, writer))


class _Scene:
    """The drawing box, and what is used in more than one drawing."""

    def __init__(self, pencil: Pencil, ink: Ink, place: tuple[float, float, float, float], writer: Writer) -> None:
        self.pencil, self.ink, self.writer = pencil, ink, writer
        self.left, self.top, self.right, self.bottom = place
        self.rng = pencil.rng
        self.unit = ink.unit

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def ball(self, across: float, size: float) -> Ball:
        """Draw a ball: where across the box, 0 to 1, and its diameter against the box's height."""
        radius = self.height * size / 2 * self.rng.uniform(0.92, 1.06)
        y = self.top + self.height * self.rng.uniform(0.49, 0.55)
        ball = Ball(self.left + (self.right - self.left) * across, y, radius)
        self.pencil.ring(ball.x, ball.y, radius * self.rng.uniform(0.96, 1.07), radius)
        return ball

    def spots(self, ball: Ball, count: int) -> list[tuple[float, float]]:
        """So many places inside the ball, not too near one another."""
        spots: list[tuple[float, float]] = []
        apart = 1.15 * ball.radius / math.sqrt(count)
        for _ in range(count * 30):
            reach, way = 0.86 * ball.radius * math.sqrt(self.rng.random()), self.rng.uniform(0, 2 * math.pi)
            spot = (ball.x + reach * math.cos(way), ball.y + reach * math.sin(way))
            if len(spots) < count and all(math.dist(spot, other) > apart for other in spots):
                spots.append(spot)
        return spots

    def dots(self, ball: Ball, count: int) -> list[tuple[float, float]]:
        """Draw air as dots, or as little rings; one child always draws the same kind."""
        spots, size = self.spots(ball, count), self.height * self.rng.uniform(0.009, 0.016)
        rings = chance(self.rng, 0.35)
        for x, y in spots:
            if rings:
                self.pencil.ring(x, y, size * 1.3, size * 1.3)
            else:
                self.pencil.dot(x, y, size * self.rng.uniform(0.8, 1.2))
        return spots

    def word(self, text: str, x: float, y: float, scale: float = 0.95) -> None:
        """Write a label centred there, kept inside the box."""
        long = self.writer.length(text, scale)
        begin = min(max(x - long / 2, self.left + 12 * self.unit), self.right - long - 20 * self.unit)
        self.writer.write(self.ink, text, begin, min(y, self.bottom - 14 * self.unit), scale=scale, climb=0.0)

    def beside(self, text: str, ball: Ball, side: int) -> int:
        """Write a label right (1) or left (-1) of the ball, with a line into it, or where there is room.

        Returns:
            the side that it was written on.
        """
        free = {1: self.right - ball.x, -1: ball.x - self.left}
        needed = self.writer.length(text, 0.95) + 60 * self.unit
        if free[side] - ball.radius < needed and free[-side] > free[side]:
            side = -side
        scale = min(0.95, 0.95 * (free[side] - ball.radius * 1.1) / needed)
        room = self.writer.length(text, scale)
        clear = ball.radius * 1.35 + room / 2 + 20 * self.unit
        x = ball.x + side * min(clear, free[side] - room / 2 - 16 * self.unit)
        y = ball.y + ball.radius * self.rng.uniform(-0.7, 0.5)
        self.word(text, x, y, scale)
        near = x - side * (room / 2 + 14 * self.unit)
        self.pencil.straight(
            (near, y - 10 * self.unit), (ball.x + side * ball.radius * 0.5, ball.y + (y - ball.y) * 0.4)
        )
        return side

    def cloud(self, x: float, y: float) -> None:
        """A cloud, so that one sees where the sky is."""
        angle = np.linspace(0, 2.05 * math.pi, 70) + self.rng.uniform(0, 6)
        size = self.unit * (0.72 + 0.28 * np.abs(np.sin(2.5 * angle)))
        self.pencil.line(np.column_stack([x + 92 * size * np.cos(angle), y + 46 * size * np.sin(angle)]))

    def pump(self, ball: Ball, side: int) -> None:
        """A pump beside the ball, with its hose."""
        x, foot = ball.x + side * (ball.radius + self.height * 0.33), self.bottom - self.height * 0.12
        top, half = foot - self.height * 0.36, self.height * 0.045
        for dx in (-half, half):
            self.pencil.straight((x + dx, foot), (x + dx, top))
        self.pencil.straight((x - half * 2, foot), (x + half * 2, foot))
        self.pencil.straight((x - half, top), (x + half, top))
        self.pencil.straight((x, top), (x, top - self.height * 0.14))
        self.pencil.straight((x - half * 1.8, top - self.height * 0.14), (x + half * 1.8, top - self.height * 0.14))
        begin, end = (
            np.array([x - side * half, foot - 20 * self.unit]),
            np.array([ball.x + side * ball.radius * 0.92, ball.y + 20 * self.unit]),
        )
        sag = np.array([(begin[0] + end[0]) / 2, self.bottom - 30 * self.unit])
        t = np.linspace(0, 1, 16)[:, None]
        self.pencil.line((1 - t) ** 2 * begin + 2 * t * (1 - t) * sag + t**2 * end)


def _before_and_after(scene: _Scene) -> None:
    """Few dots, then many in the same ball."""
    few, many = int(scene.rng.integers(6, 11)), int(scene.rng.integers(22, 36))
    size = scene.rng.uniform(0.56, 0.66)
    for across, count, word in ((0.27, few, "before"), (0.72, many, "after")):
        ball = scene.ball(across, size)
        scene.dots(ball, count)
        scene.word(word, ball.x, ball.y - ball.radius - 22 * scene.unit)
    words = one_of(scene.rng, ("more air = more weight", "same ball, more air", "more air in it"))
    scene.word(words, (scene.left + scene.right) / 2, scene.bottom - 24 * scene.unit)


def _packed_particles(scene: _Scene) -> None:
    """Many particles close together, some with an arrow that says they move."""
    ball = scene.ball(scene.rng.uniform(0.36, 0.5), scene.rng.uniform(0.72, 0.84))
    spots = scene.dots(ball, int(scene.rng.integers(34, 48)))
    for x, y in spots[:: int(scene.rng.integers(4, 7))]:
        way, far = scene.rng.uniform(0, 2 * math.pi), 34 * scene.unit
        scene.pencil.arrow((x, y), (x + far * math.cos(way), y + far * math.sin(way)))
    scene.beside(one_of(scene.rng, ("air particles", "particles close together", "particles")), ball, 1)
    if chance(scene.rng, 0.5):
        scene.word("they bump", ball.x - ball.radius * 1.5, ball.y + ball.radius * 0.7)


def _some_dots(scene: _Scene) -> None:
    """One ball with some air in it, or shaded full."""
    ball = scene.ball(scene.rng.uniform(0.34, 0.62), scene.rng.uniform(0.6, 0.8))
    if chance(scene.rng, 0.4):
        scene.pencil.hatch(ball.x, ball.y, ball.radius)
    else:
        scene.dots(ball, int(scene.rng.integers(9, 17)))
    side = 1 if ball.x < (scene.left + scene.right) / 2 else -1
    side = scene.beside(one_of(scene.rng, ("air", "full of air", "the air")), ball, side)
    if chance(scene.rng, 0.5):
        scene.pump(ball, -side)


def _arrows_push(scene: _Scene) -> None:
    """Arrows from the middle against the wall."""
    ball = scene.ball(scene.rng.uniform(0.38, 0.58), scene.rng.uniform(0.66, 0.82))
    count, turn = int(scene.rng.integers(6, 11)), scene.rng.uniform(0, 1)
    for way in turn + np.arange(count) * 2 * math.pi / count:
        near, far = 0.25 * ball.radius, ball.radius * scene.rng.uniform(0.78, 0.98)
        scene.pencil.arrow(
            (ball.x + near * math.cos(way), ball.y + near * math.sin(way)),
            (ball.x + far * math.cos(way), ball.y + far * math.sin(way)),
        )
    scene.beside(one_of(scene.rng, ("pressure", "air pushes", "air pushes out")), ball, 1)
    if chance(scene.rng, 0.5):
        scene.word("hard!", ball.x - ball.radius * 1.45, ball.y - ball.radius * 0.5)


def _floating_up(scene: _Scene) -> None:
    """A ball that rises, with wavy air."""
    ball = scene.ball(scene.rng.uniform(0.4, 0.6), scene.rng.uniform(0.5, 0.62))
    for row in np.linspace(-0.5, 0.5, int(scene.rng.integers(2, 6))):
        half = 0.6 * ball.radius * math.sqrt(1 - row**2) * scene.rng.uniform(0.8, 1.1)
        along = np.linspace(-half, half, 28)
        wave = np.sin(along / ball.radius * scene.rng.uniform(8, 14) + scene.rng.uniform(0, 6)) * 0.07
        scene.pencil.line(np.column_stack([ball.x + along, ball.y + (row + wave) * ball.radius]))
    for side in (-1.35, 1.35, -1.7, 1.7)[: int(scene.rng.integers(1, 5))]:
        x, long = ball.x + side * ball.radius, ball.radius * scene.rng.uniform(0.5, 1.1)
        foot = ball.y + ball.radius * scene.rng.uniform(0.1, 0.7)
        scene.pencil.arrow((x, foot), (x + scene.rng.normal(0, 10) * scene.unit, foot - long))
    word = one_of(scene.rng, ("it goes up", "air goes up", "light air"))
    scene.word(word, ball.x + 2.6 * ball.radius, ball.y + ball.radius * scene.rng.uniform(-0.4, 0.8))
    if chance(scene.rng, 0.5):
        scene.cloud(scene.left + scene.rng.uniform(110, 260) * scene.unit, scene.top + 95 * scene.unit)


def _nothing_inside(scene: _Scene) -> None:
    """A ball with its seams, and nothing in it."""
    ball = scene.ball(scene.rng.uniform(0.35, 0.6), scene.rng.uniform(0.55, 0.78))
    side = 1
    if chance(scene.rng, 0.5):
        scene.word(one_of(scene.rng, ("nothing", "empty")), ball.x, ball.y + 10 * scene.unit)
    else:
        side = scene.beside(one_of(scene.rng, ("nothing", "empty", "nothing in here")), ball, side)
    if chance(scene.rng, 0.6):
        scene.pump(ball, -side)


def _swirls_of_wind(scene: _Scene) -> None:
    """Spirals of wind, a ball that is hard."""
    ball = scene.ball(scene.rng.uniform(0.36, 0.6), scene.rng.uniform(0.62, 0.84))
    for x, y in scene.spots(ball, int(scene.rng.integers(3, 7))):
        inside = ball.x + (x - ball.x) * 0.75, ball.y + (y - ball.y) * 0.75
        scene.pencil.swirl(*inside, ball.radius * scene.rng.uniform(0.16, 0.24))
    side = 1 if ball.x < (scene.left + scene.right) / 2 else -1
    scene.beside(one_of(scene.rng, ("wind", "wind power", "the force")), ball, side)


_DRAWINGS: dict[str, Callable[[_Scene], None]] = {
    "before and after": _before_and_after,
    "packed particles": _packed_particles,
    "some dots": _some_dots,
    "arrows push": _arrows_push,
    "floating up": _floating_up,
    "nothing inside": _nothing_inside,
    "swirls of wind": _swirls_of_wind,
}


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


def fill(
    child: Child,
    page: int,
    blank: NDArray[np.uint8],
    dpi: int,
    rng: np.random.Generator,
    areas: Sequence[Area] | None = None,
) -> FilledPage:
    """Fill one page in.

    Args:
        child: who does it.
        page: 1-based page of the task.
        blank: that page as printed, grey (height, width).
        dpi: its pixels an inch.
        rng: decides what the hand does.
        areas: the places of the task; None for those of the demo's own.
    """
    work = _Work(child, blank, dpi, rng)
    for place in task_areas() if areas is None else areas:
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
        room, needed = right - left, self.writer.length(self.child.name)
        start = left + self.rng.uniform(4, 14) * self.ink.unit
        if self.child.runs_out:  # it began too large, and bends the end up over what is printed there
            scale, climb = _RUNS_OUT * room / needed, 0.022
        else:
            scale, climb = min(self.rng.uniform(1.0, 1.15), 0.92 * room / needed), self.rng.normal(0.0, 0.006)
            start += self.rng.uniform(0, 0.5) * max(0.0, 0.9 * room - scale * needed)
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
