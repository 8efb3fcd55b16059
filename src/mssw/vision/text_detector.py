"""Find where text stands on a page, print and handwriting alike, with the detector that ``rapidocr`` carries.

In goes a page, out come leaning boxes around lines of text, in the pixels of the smaller picture that the model saw.
What reads names and what reads print look at a page differently, and each was measured as it is: a ``Look`` says how.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.ink import Grey
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
    boxes = (_grow_core(core, likely, look) for core in cores[: look.most])
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
