"""Pens, and the layer of ink that they leave on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from mssw.core.page import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INKED = 60
_GRAIN_TILE = 512


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
            pen: whose ink it is.
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
