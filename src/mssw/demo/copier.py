"""A school copier: the scan that comes out is never quite the page that went in.

It writes all pages into one PDF: a JPEG each, or a fax image if it scans in black and white.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from mssw.core.page import EncodedImage, Tone
from mssw.demo.answers import chance
from mssw.formats import images
from mssw.printing.pdf_writer import image_pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


_LID = 214
_DARKEST = 38
_SPARE = 96  # the pool of noise is this much larger than a page, so that each page gets another part of it


@dataclass(frozen=True, slots=True)
class Scan:
    """A page as it left the copier.

    Attributes:
        image: (height, width) for bitonal (0 and 255) and grey, RGB (height, width, 3) for colour.
        matrix: 3 by 3, from pixels of the page laid in to pixels of the scan.
    """

    image: NDArray[np.uint8]
    matrix: NDArray[np.float64]


class Copier:
    """One copier with one setting.

    Args:
        tone: bitonal, grey or colour.
        dpi: pixels an inch of what is laid in and of what comes out.
        seed: of this copier's own noise and dust.
        skew: most that a sheet is turned, in degrees.
        shift: most that it is moved, in millimetres.
        stretch: most that it is enlarged or shrunk, as a fraction.
        paper: how light the paper comes out, 0 to 255.
        noise: standard deviation in grey levels at 200 dpi; larger pixels have less of it.
        specks: of dust, on an average page.
        quality: of its JPEG files, 0 to 100.
    """

    def __init__(
        self,
        tone: Tone = Tone.GREY,
        dpi: int = 200,
        *,
        seed: int = 0,
        skew: float = 1.5,
        shift: float = 2.5,
        stretch: float = 0.008,
        paper: float = 238.0,
        noise: float = 2.4,
        specks: float = 9.0,
        quality: int = 75,
    ) -> None:
        self.tone, self.dpi, self.quality = tone, dpi, quality
        self._skew, self._shift, self._stretch = skew, shift, stretch
        self._paper, self._noise, self._specks = paper, noise * (dpi / 200) ** 0.5, specks
        self._seed = seed
        self._pool: NDArray[np.int16] | None = None

    def scan(
        self,
        page: NDArray[np.uint8],
        rng: np.random.Generator,
        *,
        upside_down: bool = False,
        back: NDArray[np.uint8] | None = None,
    ) -> Scan:
        """Scan one side of a sheet.

        Args:
            page: RGB (height, width, 3), white where there is no ink.
            rng: how this sheet lay.
            upside_down: whether it was laid in the wrong way round.
            back: RGB of the sheet's other side, which then shows through, mirrored and faint.
        """
        paper = page if self.tone is Tone.COLOUR else cv2.cvtColor(page, cv2.COLOR_RGB2GRAY).astype(np.uint8)
        if back is not None:
            paper = self._shine_through(paper, back)
        height, width = paper.shape[:2]
        matrix = self._lie(height, width, rng, upside_down=upside_down)
        lid = (_LID,) * 3
        moved = cv2.warpAffine(
            self._with_edge(paper), matrix[:2], (width, height), flags=cv2.INTER_LINEAR, borderValue=lid
        )
        light = self._seen(cv2.GaussianBlur(moved, (0, 0), 0.55 * self.dpi / 200).astype(np.uint8, copy=False), rng)
        if self.tone is Tone.BITONAL:
            light = np.where(light < self._paper * 0.81, 0, 255).astype(np.uint8)
        return Scan(self._dusty(light, rng), matrix)

    def _lie(self, height: int, width: int, rng: np.random.Generator, *, upside_down: bool) -> NDArray[np.float64]:
        """How the sheet lies on the glass: turned about its middle, moved, and stretched a little."""
        angle = math.radians(float(np.clip(rng.normal(0, self._skew / 2), -self._skew, self._skew)))
        if upside_down:
            angle += math.pi
        size = 1 + rng.uniform(-self._stretch, self._stretch / 2)
        across = size * (1 + rng.uniform(-0.0015, 0.0015))
        move = rng.uniform(-self._shift, self._shift, 2) * self.dpi / 25.4
        cos, sin = math.cos(angle), math.sin(angle)
        turn = np.array([[across * cos, -size * sin], [across * sin, size * cos]])
        middle = np.array([width / 2, height / 2])
        matrix = np.eye(3)
        matrix[:2, :2] = turn
        matrix[:2, 2] = middle + move - turn @ middle
        return matrix

    def _seen(self, moved: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
        """What the sensor makes of it: paper that is not white, ink that is not black, shadow, noise."""
        height, width = moved.shape[:2]
        blotches = rng.normal(0, 1.2, (height // 160 + 2, width // 160 + 2)).astype(np.float32)
        light = cv2.resize(blotches, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
        light -= self._shadow(height, width, rng)
        light += self._noise_part(height, width, rng)
        scale = (self._paper - _DARKEST) / 255
        if self.tone is not Tone.COLOUR:
            light += moved * np.float32(scale) + np.float32(_DARKEST)
            return np.clip(light, 0, 255).astype(np.uint8)
        warm = np.array([1.012, 1.0, 0.968], np.float32)  # cheap lamps and cheap paper are yellowish
        colour = moved * (np.float32(scale) * warm) + np.float32(_DARKEST) + light[..., None]
        seen: NDArray[np.uint8] = np.clip(colour, 0, 255).astype(np.uint8)
        return seen

    def _shadow(self, height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """The dark along one long edge, where the lid does not close, and a little along a short one."""
        deep = self.dpi / 25.4
        columns, rows = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
        side = columns if chance(rng, 0.5) else columns[::-1]
        end = rows if chance(rng, 0.5) else rows[::-1]
        strong, weak = np.float32(rng.uniform(25, 80)), np.float32(rng.uniform(0, 30))
        along = strong * np.exp(-side / np.float32(rng.uniform(0.6, 2.2) * deep))
        shadow: NDArray[np.float32] = along + weak * np.exp(-end / np.float32(rng.uniform(0.5, 1.2) * deep))[:, None]
        return shadow

    def _noise_part(self, height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """A page's part of the copier's noise. The pool is made once, which is ten times as fast."""
        if self._pool is None or self._pool.shape < (height + _SPARE, width + _SPARE):
            own = np.random.default_rng([self._seed, 5])
            noise = own.standard_normal((height + _SPARE, width + _SPARE), dtype=np.float32)
            noise = cv2.GaussianBlur(noise, (0, 0), 0.6).astype(np.float32, copy=False)
            self._pool = np.round(noise * (256 * self._noise / noise.std())).astype(np.int16)
        top, left = rng.integers(0, _SPARE, 2)
        part = self._pool[top : top + height, left : left + width]
        return part.astype(np.float32) / np.float32(256)

    def _with_edge(self, paper: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The sheet with the thin shadow that its edge throws on the lid."""
        edged = paper.copy()
        thick = max(1, round(self.dpi / 120))
        for index, value in enumerate((150, 205)):
            inner = index * thick
            for part in (
                edged[inner : inner + thick],
                edged[-inner - thick : -inner or None],
                edged[:, inner : inner + thick],
                edged[:, -inner - thick : -inner or None],
            ):
                np.minimum(part, value, out=part)
        return edged

    def _dusty(self, light: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
        """Specks of dust and toner."""
        height, width = light.shape[:2]
        dusty = np.ascontiguousarray(light)
        for _ in range(rng.poisson(self._specks)):
            spot = int(rng.integers(width)), int(rng.integers(height))
            shade = 0 if self.tone is Tone.BITONAL else int(rng.integers(60, 190))
            reach = (int(rng.integers(0, 2)), int(rng.integers(0, 3)))
            cv2.ellipse(dusty, spot, reach, float(rng.uniform(0, 180)), 0, 360, (shade,) * 3, -1)
        return dusty

    def _shine_through(self, paper: NDArray[np.uint8], back: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The sheet with the other side's ink showing through: mirrored, blurred, at a few per cent."""
        other = back if paper.ndim == back.ndim else cv2.cvtColor(back, cv2.COLOR_RGB2GRAY)
        dark = 255.0 - cv2.GaussianBlur(cv2.flip(other, 1), (0, 0), 2.2 * self.dpi / 200).astype(np.float32)
        return np.clip(paper - 0.07 * dark, 0, 255).astype(np.uint8)


def encode(image: NDArray[np.uint8], tone: Tone, quality: int) -> EncodedImage:
    """Encode a scanned page.

    Args:
        image: as ``Scan.image`` has it.
        tone: bitonal becomes CCITT group 4, the others JPEG.
        quality: of the JPEG, 0 to 100.
    """
    height, width = image.shape[:2]
    if tone is Tone.BITONAL:
        return images.encode(image, tone)
    pixels = image if tone is Tone.GREY else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("cv2 made no JPEG of the page")
    return EncodedImage(data.tobytes(), width, height, tone)


def stack_pdf(pages: Sequence[EncodedImage], dpi: int) -> bytes:
    """All pages as one PDF, in the size that they have on paper."""
    return image_pdf([(page, (page.width * 72 / dpi, page.height * 72 / dpi)) for page in pages])
