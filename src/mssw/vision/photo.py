"""Find the sheet of paper in a photo, and lay it flat.

In go the photo's pixels. First its straight edges are found, with paper on one side and something else on the other;
then the four of them that best fit a sheet of a known shape, seen at an angle. Out comes the page as a scanner would
see it, with an even light.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.ink import Grey, Mask, Pixels
from mssw.vision.lighting import even_lighting

Floats = NDArray[np.float64]

SHORTEST = 0.03  # of the picture's long side: segments shorter than this belong to letters
SAME_LINE = 0.005  # of the long side, to which the segments of one edge agree
MOST_LINES = 14  # of one direction
BANDS = (0.004, 0.008)  # of the long side: how far beside an edge the paper and the desk are looked at
PAPER_LEADS = 0.035  # by which the paper must be brighter, as a share of its brightness; noise stays under this
ENOUGH_LEAD = 0.3  # more says no more
THICKEST_STROKE = 0.011  # of the long side: print and writing thinner than this are painted over
COLOUR_COUNTS = 0.6  # how many levels of brightness a level of colour is worth: light wood is as bright as paper

# A sheet made of four edges
LOOK_SIDE = 800  # pixels of the long side on which a sheet is looked for
FOCALS = (0.66, 0.735, 0.81)  # of the picture's long side: what phones' main cameras have
SMALLEST = 0.2  # of the frame
OFF_FRAME = 0.06  # of the long side: how far a corner may lie outside the picture
MOST_IN_FRAME = 0.6  # of each side at least is in the picture
CLEAR = 0.6  # of a side that is seen to part paper from desk; no more than one may have less
WEAK = 0.45  # less is no edge of its own
SUPPORT = 0.7  # of all four sides
FITS, FITS_WELL = 0.09, 0.04  # natural logarithm of proportions that are off
FILLS = 0.04  # of the frame: a page whose corners are all as near to the frame's fills it
BEYOND = (0.02, 0.12)  # of a side's length: where beyond its ends it must have ended
UNSEEN = 0.78  # of what lies beyond the ends: sheets on a desk measure up to 0.75, scans from 0.88
UNSEEN_RUNNING_ON = 0.6
UNSEEN_BESIDE = 0.85
SEARCH = 0.008  # of the long side, across an edge, where it is looked for once more at full size


@dataclass(frozen=True)
class Edges:
    """Lines of one direction, and what they part.

    Attributes:
        normals: (n, 2), unit vectors across each line, all pointing the same way.
        offsets: (n,), so that normal · point = offset on the line.
        start: place along each line, in pixels, of its first sample; then one sample a pixel.
        inside: (n, samples), how many of the samples up to each one lie in the picture.
        parted: (2, n, samples), in the same way how many have paper on the side of the normal, and on the other side.
        lead: (n, samples), and the sum of how much brighter it is there on the side of the normal, in shares.
    """

    normals: Floats
    offsets: Floats
    start: int
    inside: Floats
    parted: Floats
    lead: Floats


def estimate_white(pixels: Pixels) -> Floats:
    """The colour of white paper under this light, (3,): that of what is bright in the middle of the picture."""
    down, right = pixels.shape[0] // 5, pixels.shape[1] // 5
    inner = pixels[down:-down, right:-right].reshape(-1, 3)
    light = inner.max(axis=1)
    return np.asarray(np.maximum(np.median(inner[light >= np.percentile(light, 75)], axis=0), 1.0), np.float64)


def measure_paperness(pixels: Pixels, white: Floats) -> NDArray[np.float32]:
    """How much each pixel looks like paper, 0 to 255: bright, and of no colour of its own under this light.

    Args:
        pixels: (h, w, 3) uint8.
        white: see ``estimate_white``.
    """
    flat = pixels.astype(np.float32) * (white.max() / white).astype(np.float32)
    light = flat @ np.array([0.299, 0.587, 0.114], np.float32)
    one, two, three = cv2.split(flat)
    colour = cv2.max(cv2.max(one, two), three) - cv2.min(cv2.min(one, two), three)
    return np.asarray(np.clip(light - COLOUR_COUNTS * colour, 0, 255), np.float32)


def remove_strokes(paper: NDArray[np.float32]) -> Grey:
    """A picture's paperness with print and writing painted over."""
    side = round(max(paper.shape) * THICKEST_STROKE) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    soft = cv2.GaussianBlur(paper, (0, 0), 1.0)
    return np.asarray(cv2.morphologyEx(soft, cv2.MORPH_CLOSE, kernel), np.uint8)


def find_edges(paper: Grey) -> tuple[Edges, Edges]:
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
    return fit_line(segments.reshape(-1, 2), weight)


def fit_line(points: Floats, weight: Floats) -> tuple[Floats, float]:
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


def find_sheet(pixels: Pixels, ratios: Sequence[float]) -> Floats | None:
    """The corners of a sheet that lies on something else.

    Args:
        pixels: the photo, (h, w, 3) uint8.
        ratios: width over height that the sheet may have, either way up.

    Returns:
        (4, 2) as x, y in pixels, clockwise from the upper left; None where no sheet is clearly seen, or it fills the
        frame.
    """
    scale = LOOK_SIDE / max(pixels.shape[:2])
    small = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    white = estimate_white(small)
    paper = remove_strokes(measure_paperness(small, white))
    flat, upright = find_edges(paper)
    if len(flat.offsets) < 2 or len(upright.offsets) < 2:
        return None
    rough = _best(_quads(flat, upright, paper.shape), paper.shape, ratios)
    if rough is None:
        return None
    corners = _refined(pixels, (rough + 0.5) / scale - 0.5, white)
    return None if _fills(corners, pixels.shape) else corners


def measure_misfit(corners: Floats, shape: tuple[int, ...], ratio: float, focals: Sequence[float] = FOCALS) -> float:
    """How far a sheet's proportions are from the given ones, either way up, for the camera that fits best.

    Args:
        corners: (4, 2), clockwise from the upper left.
        shape: of the photo.
        ratio: width over height.
        focals: focal lengths that the camera may have, in long sides of the photo.

    Returns:
        The absolute natural logarithm of the quotient.
    """
    seen = [measure_proportions(corners, shape, focal) for focal in focals]
    return min(abs(math.log(one / proportions)) for one in seen for proportions in (ratio, 1 / ratio))


def measure_proportions(corners: Floats, shape: tuple[int, ...], focal: float) -> float:
    """Width over height of the rectangle that a camera of this focal length sees with these corners.

    The columns of the homography from the unit square, in units of the focal length, are the rectangle's sides in
    space up to one factor: Zhang, "A flexible new technique for camera calibration", 2000.
    """
    seen = ((corners - np.array(shape[1::-1]) / 2) / (focal * max(shape[:2]))).astype(np.float32)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    matrix = cv2.getPerspectiveTransform(square, seen)
    width, height = np.linalg.norm(matrix[:, :2], axis=0)
    return float(np.clip(width / max(height, 1e-9), 1e-3, 1e3))


_Side = tuple[Edges, int, NDArray[np.int_]]  # lines, on which side of them the paper lies, and which of them


@dataclass(frozen=True)
class _Quads:
    """Fours of lines that might be a sheet.

    Attributes:
        corners: (n, 4, 2), clockwise.
        support: (n, 4), how much of each side parts paper from desk; the sides follow the corners.
        lead: (n, 4), by how much each side's paper is brighter than the desk, as a share.
        overrun: (n, 4), how much of that lead still stands beyond the worse of each side's ends, 0 to 1.
        unseen: (n, 4), how much of what lies beyond each side's ends is not in the picture, 0 to 1.
    """

    corners: Floats
    support: Floats
    lead: Floats
    overrun: Floats
    unseen: Floats


def _best(quads: _Quads, shape: tuple[int, ...], ratios: Sequence[float]) -> Floats | None:
    """The corners of the four that most looks like a sheet."""
    best, found = -math.inf, None
    for n, corners in enumerate(quads.corners):
        apart = min(measure_misfit(corners, shape, proportions) for proportions in ratios)
        if apart > (FITS_WELL if quads.support[n].min() <= WEAK else FITS) or not _ends(quads, n):
            continue
        area = cv2.contourArea(corners.astype(np.float32)) / (shape[0] * shape[1])
        edge = float((quads.support[n] + quads.lead[n] - quads.overrun[n]).mean())
        score = edge - apart + 0.3 * math.sqrt(area)
        if score > best:
            best, found = score, corners
    return found


def _ends(quads: _Quads, n: int) -> bool:
    """Whether the sheet is seen to end at its corners: where a shadow or a printed field cuts it, two sides go on."""
    support = quads.support[n]
    running_on = int((quads.overrun[n] > WEAK).sum())
    if running_on + int((support < CLEAR).sum()) > 1:
        return False
    if quads.unseen[n].mean() > (UNSEEN_RUNNING_ON if running_on else UNSEEN):
        return False
    weakest = int(support.argmin())
    beside = [(weakest + 1) % 4, (weakest + 3) % 4]  # one side may touch another sheet: these must end there
    return bool(support[weakest] > WEAK or (quads.unseen[n, beside] < UNSEEN_BESIDE).all())


def _quads(flat: Edges, upright: Edges, shape: tuple[int, ...]) -> _Quads:
    """The fours of lines that might be a sheet."""
    points = _crossings(flat, upright)
    top_bottom, left_right = _supports(flat, points), _supports(upright, points.swapaxes(0, 1))
    i, j, k, m = (way.ravel() for way in np.indices((len(flat.offsets),) * 2 + (len(upright.offsets),) * 2))
    support = np.stack([top_bottom[0, i, k, m], left_right[1, m, i, j], top_bottom[1, j, k, m], left_right[0, k, i, j]])
    ranked = np.sort(support, axis=0)
    likely = np.flatnonzero((ranked[1] > WEAK) & (ranked.mean(axis=0) > SUPPORT))
    i, j, k, m = i[likely], j[likely], k[likely], m[likely]
    corners = np.stack([points[i, k], points[i, m], points[j, m], points[j, k]], axis=1)
    good = _rectangular(corners, shape)
    i, j, k, m, corners = i[good], j[good], k[good], m[good], corners[good]
    sides = [(flat, 0, i), (upright, 1, m), (flat, 1, j), (upright, 0, k)]
    along = [_along(sides[n], corners[:, n], corners[:, (n + 1) % 4]) for n in range(4)]
    return _Quads(corners, support[:, likely[good]].T, *(np.stack(each, axis=1) for each in zip(*along, strict=True)))


def _rectangular(corners: Floats, shape: tuple[int, ...]) -> Mask:
    """Which fours of corners are convex, clockwise from the upper left, large enough, and nearly all in the picture."""
    frame, give = np.array(shape[1::-1]), OFF_FRAME * max(shape)
    seen = ((corners > -give) & (corners < frame + give)).all(axis=(1, 2))
    x, y = np.moveaxis(np.roll(corners, -1, axis=1) - corners, 2, 0)
    convex = (x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1) > 0).all(axis=1)
    x, y = np.moveaxis(corners, 2, 0)
    area = (x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1) / 2
    upright = (corners[:, 0, 0] < corners[:, 1, 0]) & (corners[:, 0, 1] < corners[:, 3, 1])
    return np.asarray(seen & convex & upright & (area > SMALLEST * frame.prod()))


def _along(side: _Side, one: Floats, other: Floats) -> tuple[Floats, Floats, Floats]:
    """Of a side of each four between two corners: its lead, overrun, and what is unseen (see ``_Quads``)."""
    edges, way, lines = side
    along = np.stack([-edges.normals[lines, 1], edges.normals[lines, 0]], axis=1)
    ends = np.sort(np.stack([(one * along).sum(axis=1), (other * along).sum(axis=1)], axis=1), axis=1)
    length = ends[:, 1:] - ends[:, :1]

    def total(sums: Floats, places: Floats) -> Floats:
        index = np.clip(np.round(places) - edges.start, 0, sums.shape[1] - 1).astype(int)
        return np.asarray(np.diff(np.take_along_axis(sums[lines], index, axis=1), axis=1)[:, 0])

    def lead(places: Floats) -> Floats:
        return total(edges.lead, places) * (1 if way == 0 else -1) / np.maximum(total(edges.inside, places), 8)

    mean = lead(ends)
    overrun, unseen = np.zeros(len(lines)), np.zeros(len(lines))
    for places in (ends[:, :1] - np.array(BEYOND[::-1]) * length, ends[:, 1:] + np.array(BEYOND) * length):
        overrun = np.maximum(overrun, np.clip(lead(places) / np.maximum(mean, 0.02), 0, 1))
        unseen += (1 - total(edges.inside, places) / (np.ptp(places, axis=1) + 1)) / 2
    return mean, overrun, unseen


def _crossings(flat: Edges, upright: Edges) -> Floats:
    """Where each line crosses each of the others, (n, m, 2)."""
    a, b = flat.normals[:, None], upright.normals[None]
    cross = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    cross = np.where(np.abs(cross) < 1e-6, np.nan, cross)
    p, q = flat.offsets[:, None], upright.offsets[None]
    points = np.stack([(p * b[..., 1] - q * a[..., 1]) / cross, (q * a[..., 0] - p * b[..., 0]) / cross], axis=2)
    return np.nan_to_num(points, nan=1e6)


def _supports(edges: Edges, points: Floats) -> Floats:
    """How much of each line between each two of its crossings parts paper from desk, (2, n, m, m), 0 to 1.

    First with the paper on the normal's side, then with the paper on the other; 0 where too little is in the picture.
    """
    along = np.stack([-edges.normals[:, 1], edges.normals[:, 0]], axis=1)
    places = np.einsum("nmc,nc->nm", points, along)
    index = np.clip(np.round(places) - edges.start, 0, edges.inside.shape[1] - 1).astype(int)
    lengths = np.abs(places[:, :, None] - places[:, None])
    inside = _between(edges.inside, index)
    enough = inside > MOST_IN_FRAME * lengths
    return np.stack([np.where(enough, _between(part, index) / np.maximum(inside, 1), 0) for part in edges.parted])


def _between(sums: Floats, index: NDArray[np.int_]) -> Floats:
    """Differences of running sums between each two places of a line, (n, m, m)."""
    at = np.take_along_axis(sums, index, axis=1)
    return np.asarray(np.abs(at[:, :, None] - at[:, None]))


def _fills(corners: Floats, shape: tuple[int, ...]) -> bool:
    """Whether the sheet fills the frame as a scan does."""
    size = np.array(shape[1::-1])
    frame = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * size
    return bool((np.abs(corners - frame) < FILLS * size).all())


def _refined(pixels: Pixels, corners: Floats, white: Floats) -> Floats:
    """The corners after each side was looked for once more at full size; a corner that leaps away stays."""
    sides = [_refined_side(pixels, corners[n], corners[(n + 1) % 4], white) for n in range(4)]
    found = corners.copy()
    for n, ((one, p), (other, q)) in enumerate(zip([sides[-1], *sides[:-1]], sides, strict=True)):
        if abs(one[0] * other[1] - one[1] * other[0]) > 0.2:
            place = np.linalg.solve(np.array([one, other]), np.array([p, q]))
            near = np.abs(place - corners[n]).max() < 3 * SEARCH * max(pixels.shape)
            found[n] = place if near else corners[n]
    return found


def _refined_side(pixels: Pixels, one: Floats, other: Floats, white: Floats) -> tuple[Floats, float]:
    """The line (normal, offset) along which paper ends, near to where two corners put it; the paper is to its right."""
    long = float(np.linalg.norm(other - one))
    along = (other - one) / long
    inwards = np.array([-along[1], along[0]])
    reach = max(3, round(SEARCH * max(pixels.shape)))
    at = np.linspace(0.04, 0.96, 400) * long
    across = np.arange(-reach, reach + 1)
    points = one + along * at[:, None, None] + inwards * across[None, :, None]
    where = points.astype(np.float32)
    strip = cv2.remap(pixels, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    level = cv2.GaussianBlur(measure_paperness(np.asarray(strip, np.uint8), white), (0, 0), sigmaX=reach / 12, sigmaY=3)
    rise = np.gradient(level, axis=1)
    place = rise.argmax(axis=1)
    height, width = pixels.shape[:2]
    on = points[np.arange(len(at)), place]
    inside = (on >= 0).all(axis=1) & (on[:, 0] < width - 1) & (on[:, 1] < height - 1)
    sure = inside & (rise.max(axis=1) > 0.35 * np.median(rise.max(axis=1)[inside] if inside.any() else 1))
    return _robust_line(on[sure], one, inwards, reach)


def _robust_line(points: Floats, start: Floats, normal: Floats, reach: int) -> tuple[Floats, float]:
    """The line that most of the points agree on; as it was where they do not."""
    was = normal, float(normal @ start)
    if len(points) < 40:
        return was
    line = was
    shift = float(np.median(points @ normal)) - was[1]
    line = (normal, was[1] + shift)
    for give in np.geomspace(reach / 2, reach / 8, 6):
        apart = points @ line[0] - line[1]
        weight = np.maximum(0, 1 - (apart / give) ** 2) ** 2
        if (weight > 0).sum() < 0.4 * len(points):
            return was
        line = fit_line(points, weight)
    return line


# The sheet laid flat

LETTER, A4 = 8.5 / 11, 210 / 297
LONGEST = 3300  # pixels: a letter sheet at 300 dpi
PAPER = (255, 255, 255)


def flatten_photo(pixels: Pixels, ratio: float | None = None) -> Pixels | None:
    """The sheet of paper in a photo as a straight rectangle, evenly lit.

    Args:
        pixels: the photo, (h, w) or (h, w, 3) uint8 in RGB order.
        ratio: width over height of the paper, either way up; None takes the nearer of US Letter and A4.

    Returns:
        The page alone, of as many channels; None where no sheet is clearly seen on something else: a scan, a page that
        fills the frame, a sheet of other proportions.
    """
    colour = pixels if pixels.ndim == 3 else np.dstack([pixels] * 3)
    ratios = (LETTER, A4) if ratio is None else (ratio,)
    corners = find_sheet(colour, ratios)
    if corners is None:
        return None
    seen = measure_proportions(corners, pixels.shape, FOCALS[1])
    proportions = min(
        (way for ratio in ratios for way in (ratio, 1 / ratio)), key=lambda way: abs(math.log(seen / way))
    )
    return even_lighting(_laid_flat(pixels, corners, proportions))


def _laid_flat(pixels: Pixels, corners: Floats, ratio: float) -> Pixels:
    """The sheet between its corners, its long side as long as in the photo."""
    lengths = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    across, down = max(lengths[0], lengths[2]), max(lengths[1], lengths[3])
    long = min(LONGEST, round(max(across, down)))
    width, height = (long, round(long / ratio)) if ratio > 1 else (round(long * ratio), long)
    edge = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - np.float32(0.5)
    matrix = cv2.getPerspectiveTransform(edge, corners.astype(np.float32))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(pixels, matrix, (width, height), flags=flags, borderValue=PAPER), np.uint8)
