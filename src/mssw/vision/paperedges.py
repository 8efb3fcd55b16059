"""Straight edges of paper in a photo: along which lines is it paper on one side and something else on the other?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.ink import Grey, Pixels

Floats = NDArray[np.float64]

SHORTEST = 0.03  # of the picture's long side: segments shorter than this belong to letters
SAME_LINE = 0.005  # of the long side, to which the segments of one edge agree
MOST_LINES = 14  # of one direction
BANDS = (0.004, 0.008)  # of the long side: how far beside an edge the paper and the desk are looked at
PAPER_LEADS = 0.035  # by which the paper must be brighter, as a share of its brightness; noise stays under this
ENOUGH_LEAD = 0.3  # more says no more
THICKEST_STROKE = 0.011  # of the long side: print and writing thinner than this are painted over
COLOUR_COUNTS = 0.6  # how many levels of brightness a level of colour is worth: light wood is as bright as paper


@dataclass(frozen=True)
class Edges:
    """Lines of one direction, and what they part.

    Attributes:
        normals: (n, 2), unit vectors across each line, all pointing the same way.
        offsets: (n,), so that normal · point = offset on the line.
        start: place along each line, in pixels, of its first sample; then one sample a pixel.
        inside: (n, samples), how many of the samples up to each one lie in the picture.
        parted: (2, n, samples), likewise how many have paper on the side of the normal, and on the other side.
        lead: (n, samples), likewise the sum of how much brighter it is there on the side of the normal, in shares.
    """

    normals: Floats
    offsets: Floats
    start: int
    inside: Floats
    parted: Floats
    lead: Floats


def white_of(pixels: Pixels) -> Floats:
    """The colour of white paper under this light, (3,): that of what is bright in the middle of the picture."""
    down, right = pixels.shape[0] // 5, pixels.shape[1] // 5
    inner = pixels[down:-down, right:-right].reshape(-1, 3)
    light = inner.max(axis=1)
    return np.asarray(np.maximum(np.median(inner[light >= np.percentile(light, 75)], axis=0), 1.0), np.float64)


def paperness(pixels: Pixels, white: Floats) -> NDArray[np.float32]:
    """How much each pixel looks like paper, 0 to 255: bright, and of no colour of its own under this light.

    Args:
        pixels: (h, w, 3) uint8.
        white: see ``white_of``.
    """
    flat = pixels.astype(np.float32) * (white.max() / white).astype(np.float32)
    light = flat @ np.array([0.299, 0.587, 0.114], np.float32)
    colour = flat.max(axis=2) - flat.min(axis=2)
    return np.asarray(np.clip(light - COLOUR_COUNTS * colour, 0, 255), np.float32)


def without_strokes(paper: NDArray[np.float32]) -> Grey:
    """A picture's paperness with print and writing painted over."""
    side = round(max(paper.shape) * THICKEST_STROKE) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    soft = cv2.GaussianBlur(paper, (0, 0), 1.0)
    return np.asarray(cv2.morphologyEx(soft, cv2.MORPH_CLOSE, kernel), np.uint8)


def edges_of(paper: Grey) -> tuple[Edges, Edges]:
    """The straight lines of a picture in its two main directions: those that lie flatter, and those across them.

    Args:
        paper: paperness without strokes, (h, w).
    """
    segments = _segments(paper)
    ways = segments[:, 2:] - segments[:, :2]
    angles = np.arctan2(ways[:, 1], ways[:, 0])
    main = float(np.angle((np.linalg.norm(ways, axis=1) * np.exp(4j * angles)).sum())) / 4
    across = np.abs(np.sin(angles - main)) > math.sqrt(0.5)
    down, right = np.array([-math.sin(main), math.cos(main)]), np.array([math.cos(main), math.sin(main)])
    return _lines(paper, segments[~across], down), _lines(paper, segments[across], right)


def _segments(paper: Grey) -> Floats:
    """Straight segments, (n, 4) as x, y, x, y, the longest first."""
    found: Any = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(paper)[0]
    if found is None:
        return np.zeros((0, 4))
    segments = np.asarray(found, np.float64).reshape(-1, 4)
    lengths = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    order = np.argsort(-lengths, kind="stable")
    return segments[order[: int((lengths > SHORTEST * max(paper.shape)).sum())]]


def _lines(paper: Grey, left: Floats, towards: Floats) -> Edges:
    """The lines that most of the segments lie on, their normals pointing the given way."""
    give = SAME_LINE * max(paper.shape)
    found: list[tuple[float, Floats, float]] = []
    while len(left):
        normal, offset = _line_through(left[:1])
        near = np.zeros(len(left), bool)
        for _ in range(2):
            near = _distance(left, normal, offset) < give
            near[0] = True
            normal, offset = _line_through(left[near])
        found.append((float(_lengths(left[near]).sum()), normal, offset))
        left = left[~near]
    found = sorted(found, key=lambda line: -line[0])[:MOST_LINES]
    normals = np.array([normal for _, normal, _ in found]).reshape(-1, 2)
    way = np.where(normals @ towards < 0, -1.0, 1.0)
    return _measured(paper, normals * way[:, None], np.array([offset for _, _, offset in found]) * way)


def _lengths(segments: Floats) -> Floats:
    return np.asarray(np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1]))


def _distance(segments: Floats, normal: Floats, offset: float) -> Floats:
    """How far the farther end of each segment is from a line."""
    ends = np.abs(segments.reshape(-1, 2, 2) @ normal - offset)
    return np.asarray(ends.max(axis=1))


def _line_through(segments: Floats) -> tuple[Floats, float]:
    """The line that fits segments best, the long ones counting more."""
    weight = np.repeat(_lengths(segments), 2)
    return line_through(segments.reshape(-1, 2), weight)


def line_through(points: Floats, weight: Floats) -> tuple[Floats, float]:
    """The line (normal, offset) nearest to weighted points, (n, 2)."""
    middle = (points * weight[:, None]).sum(axis=0) / weight.sum()
    spread = ((points - middle) * weight[:, None]).T @ (points - middle)
    normal = np.asarray(np.linalg.eigh(spread)[1][:, 0])
    return normal, float(normal @ middle)


def _measured(paper: Grey, normals: Floats, offsets: Floats) -> Edges:
    """The lines with what lies on both sides of them, sampled at each pixel along them."""
    height, width = paper.shape
    reach = math.ceil(math.hypot(height, width))
    along = np.stack([-normals[:, 1], normals[:, 0]], axis=1)
    places = np.arange(-reach, reach + 1)
    on = (normals * offsets[:, None])[:, None] + along[:, None] * places[None, :, None]
    inside = (on >= 0).all(axis=2) & (on[..., 0] < width) & (on[..., 1] < height)
    here, there = (
        sum(_levels(paper, on + normals[:, None] * (way * band * max(paper.shape))) for band in BANDS) / len(BANDS)
        for way in (1, -1)
    )
    lead = (here - there) / (np.maximum(here, there) + 20)
    parted = np.stack([inside & (lead > PAPER_LEADS), inside & (lead < -PAPER_LEADS)])
    strong = (np.clip(lead, -ENOUGH_LEAD, ENOUGH_LEAD) * inside).cumsum(axis=1)
    return Edges(normals, offsets, -reach, inside.cumsum(axis=1) * 1.0, parted.cumsum(axis=2) * 1.0, strong)


def _levels(paper: Grey, points: Floats) -> Floats:
    """The picture's values at points, (n, samples, 2); beyond its edge those of the edge."""
    if not len(points):
        return np.zeros(points.shape[:2])
    where = points.astype(np.float32)
    read = cv2.remap(paper, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(read, np.float64)
