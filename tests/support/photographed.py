"""Phone photos of a sheet on a desk, made of numbers: perspective, desk, lamp, shadows, thumb, blur and noise.

Independent of the package: it knows nothing of how a page is found again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

LETTER_MM = (215.9, 279.4)
A4_MM = (210.0, 297.0)
DESKS = ("dark wood", "light wood", "grey", "light grey", "blue cloth", "black", "tiles")
THINGS = ("thumb", "folded corner", "round corners", "half shadow", "soft shadow", "other sheet", "curl")


@dataclass(frozen=True)
class Scene:
    """How a photo was taken.

    Attributes:
        desk: one of ``DESKS``.
        things: which of ``THINGS`` there are.
        share: of the frame that the page fills, as far as it fits.
        roll: degrees that the page is turned in the picture.
        tilt: degrees that the camera is off the vertical.
        outside: whether one corner lies a little outside the frame.
        turned: quarter turns of the whole photo.
        focal: length of the lens, in long sides of the picture.
    """

    desk: str = "dark wood"
    things: frozenset[str] = frozenset()
    share: float = 0.6
    roll: float = 5.0
    tilt: float = 10.0
    outside: bool = False
    turned: int = 0
    focal: float = 0.75


@dataclass(frozen=True)
class Photo:
    """A photo and the truth of it: its pixels (h, w, 3) in RGB, and where the page's four corners lie in them."""

    pixels: np.ndarray = field(repr=False)
    corners: np.ndarray
    scene: Scene


def random_scene(seed):
    """A scene as they come."""
    rng = np.random.default_rng([11, seed])
    things = frozenset(str(thing) for thing in rng.permutation(THINGS)[: rng.integers(0, 4)])
    return Scene(
        desk=str(rng.choice(DESKS)),
        things=things,
        share=float(rng.uniform(0.35, 0.95)),
        roll=float(rng.uniform(-25, 25) if rng.random() < 0.5 else rng.normal(0, 4)),
        tilt=float(rng.uniform(0, 25)),
        outside=bool(rng.random() < 0.08),
        turned=int(rng.choice([0, 0, 0, 1, 2, 3])),
        focal=float(rng.uniform(0.66, 0.81)),
    )


def photo_of(page, scene, seed=0, *, size=(1500, 2000), paper_mm=LETTER_MM):
    """A photo of a sheet, (h, w) or (h, w, 3) uint8, that lies upright in its pixels."""
    rng = np.random.default_rng([12, seed])
    page = page if page.ndim == 3 else np.dstack([page] * 3)
    corners = _placed(scene, paper_mm, size, rng)
    picture, alpha = _sheet_in_frame(page, corners, scene, size, rng)
    frame = _desk(scene.desk, size, rng)
    if "other sheet" in scene.things:
        frame = _with_other_sheet(frame, corners, rng)
    frame *= 1 - 0.45 * _dropped_shadow(alpha, size, rng)[..., None]
    frame = frame * (1 - alpha[..., None]) + picture * alpha[..., None]
    frame *= _light(scene, size, corners, rng)
    if "thumb" in scene.things:
        frame = _with_thumb(frame, corners, rng)
    pixels = _taken(frame, rng)
    for _ in range(scene.turned):
        pixels = np.ascontiguousarray(np.rot90(pixels))
        corners = np.stack([corners[:, 1], size[0] - 1 - corners[:, 0]], 1)
        size = size[::-1]
    return Photo(pixels, corners, scene)


def _placed(scene, paper_mm, size, rng):
    """The corners in the frame: upper left, upper right, lower right, lower left."""
    for share in np.arange(scene.share, 0.2, -0.02):
        corners = _seen(scene, paper_mm, size, share, rng.uniform(0, 2 * math.pi))
        room = np.array(size) - np.ptp(corners, axis=0)
        margin = 0.012 * np.array(size)
        if (room > 2 * margin).all():
            corners = corners - corners.min(axis=0) + margin + (room - 2 * margin) * rng.uniform(0.1, 0.9, 2)
            return _pushed_out(corners, size) if scene.outside else corners
    raise AssertionError("the page does not fit the frame")


def _pushed_out(corners, size):
    """The page moved so that its leftmost corner lies a little off the frame, where the others allow it."""
    first, second = np.sort(corners[:, 0])[:2]
    wanted = 0.025 * size[0]
    if second - first < 1.5 * wanted:
        return corners
    return corners - np.array([first + wanted, 0])


def _seen(scene, paper_mm, size, share, towards):
    """The corners around the middle of the frame as a phone sees them."""
    width, height = np.array(paper_mm) / 2
    sheet = np.array([[-width, -height, 0], [width, -height, 0], [width, height, 0], [-width, height, 0]])
    roll, tilt = math.radians(scene.roll), math.radians(scene.tilt)
    turn = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    axis = np.array([math.cos(towards), math.sin(towards), 0.0])
    lean = cv2.Rodrigues(axis * tilt)[0]
    there = sheet @ (lean @ turn).T
    focal = scene.focal * max(size)
    near, far = 120.0, 3000.0
    for _ in range(40):
        middle = (near + far) / 2
        seen = focal * there[:, :2] / (there[:, 2:] + middle)
        if cv2.contourArea(seen.astype(np.float32)) > share * size[0] * size[1]:
            near = middle
        else:
            far = middle
    return seen + np.array(size) / 2


def _sheet_in_frame(page, corners, scene, size, rng):
    """The sheet as it lies in the frame, and how much of each pixel it covers."""
    height, width = page.shape[:2]
    cover = _outline((height, width), scene, rng)
    if "curl" in scene.things:
        bow = width / 216 * rng.uniform(0.5, 1.6)
        x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        along = np.sin(math.pi * x / width).astype(np.float32)
        page = cv2.remap(page, x, y + bow * along, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        cover = cv2.remap(cover, x, y + bow * along, cv2.INTER_LINEAR, borderValue=0)
    paper = np.array([1.0, 0.995, 0.975], np.float32) * rng.uniform(225, 245)
    colours = np.maximum(page.astype(np.float32), 25) / 255 * paper
    here = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(here, corners.astype(np.float32))
    lie = {"dsize": size, "flags": cv2.INTER_AREA if width > size[0] else cv2.INTER_LINEAR}
    picture = cv2.warpPerspective(colours, matrix, **lie, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.warpPerspective(cover, matrix, **lie).astype(np.float32)
    return picture, alpha


def _outline(shape, scene, rng):
    """Where the sheet is, in its own pixels: 1, and 0 where a corner is folded or rounded away."""
    height, width = shape
    cover = np.ones(shape, np.float32)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    ways = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    if "folded corner" in scene.things:
        k = int(rng.integers(0, 4))
        size = rng.uniform(0.03, 0.07, 2) * width
        legs = [corners[k] + ways[k] * [size[0], 0], corners[k] + ways[k] * [0, size[1]]]
        cv2.fillPoly(cover, [np.array([corners[k], *legs]).astype(np.int32)], 0)
    if "round corners" in scene.things:
        radius = int(0.03 * width)
        for corner, way in zip(corners, ways, strict=True):
            x, y = sorted((corner[0], corner[0] + way[0] * radius)), sorted((corner[1], corner[1] + way[1] * radius))
            patch = np.zeros(shape, np.uint8)
            cv2.circle(patch, tuple(int(v) for v in corner + way * radius), radius, 1, -1)
            part = np.s_[y[0] : y[1], x[0] : x[1]]
            cover[part] = np.minimum(cover[part], patch[part])
    return cover


def _grain(size, scale, rng, *, stretch=1.0):
    """Smooth noise from -1 to 1 that varies over ``scale`` pixels, ``stretch`` times as slowly downwards."""
    width, height = size
    small = rng.normal(0, 1, (max(2, int(height / scale / stretch)), max(2, int(width / scale))))
    large = cv2.resize(small.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    return np.clip(large / 2, -1, 1)


def _desk(kind, size, rng):
    """The desk's colours, (h, w, 3) float32."""
    unit = max(size) / 2000
    flat = {
        "dark wood": (96, 62, 40),
        "light wood": (205, 170, 125),
        "grey": (128, 128, 130),
        "light grey": (190, 190, 188),
        "blue cloth": (58, 84, 130),
        "black": (34, 34, 36),
        "tiles": (160, 150, 140),
    }[kind]
    frame = np.ones((size[1], size[0], 3), np.float32) * np.array(flat, np.float32)
    if "wood" in kind:
        rings = _grain(size, 9 * unit, rng, stretch=60) * 0.12 + _grain(size, 45 * unit, rng, stretch=25) * 0.14
        frame *= (1 + rings)[..., None]
        for x in np.arange(rng.uniform(0, 1), 6, rng.uniform(0.8, 1.6)):  # joints between boards
            at = int(x * size[0] / 5)
            frame[:, at : at + max(1, int(3 * unit))] *= 0.6
    else:
        frame *= (1 + 0.05 * _grain(size, 3 * unit, rng) + 0.04 * _grain(size, 150 * unit, rng))[..., None]
    if kind == "tiles":
        step = int(rng.uniform(260, 500) * unit)
        for start in (int(rng.integers(0, step)),):
            frame[start::step] *= 0.7
            frame[:, start::step] *= 0.7
    return frame


def _with_other_sheet(frame, corners, rng):
    """Another sheet that peeps out at one side of the page."""
    side = int(rng.integers(0, 4))
    one, other = corners[side], corners[(side + 1) % 4]
    out = (one + other) / 2 - corners.mean(axis=0)
    out /= np.linalg.norm(out)
    gap = rng.uniform(-0.02, 0.06) * max(frame.shape)
    skew = np.deg2rad(rng.uniform(-12, 12))
    along = (other - one) @ np.array([[math.cos(skew), math.sin(skew)], [-math.sin(skew), math.cos(skew)]])
    start = one + out * gap + along * rng.uniform(-0.3, 0.5)
    away = np.array([along[1], -along[0]])
    away *= np.sign(away @ out)
    sheet = np.array([start, start + along, start + along + away, start + away])
    mask = cv2.fillPoly(np.zeros(frame.shape[:2], np.float32), [sheet.round().astype(np.int32)], 1)
    mask = cv2.GaussianBlur(mask, (0, 0), 1)[..., None]
    return frame * (1 - mask) + np.array([232, 231, 226], np.float32) * mask


def _dropped_shadow(alpha, size, rng):
    """The thin shadow that a sheet throws on what it lies on."""
    unit = max(size) / 2000
    moved = cv2.warpAffine(
        alpha, np.float32([[1, 0, rng.uniform(-5, 5) * unit], [0, 1, rng.uniform(-5, 5) * unit]]), size
    )
    return cv2.GaussianBlur(moved, (0, 0), 4 * unit)


def _light(scene, size, corners, rng):
    """What the lamp, the window and the hand leave of the light, (h, w, 3) float32."""
    width, height = size
    x, y = np.meshgrid(np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32))
    angle = rng.uniform(0, 2 * math.pi)
    light = 1 - rng.uniform(0.02, 0.3) * (0.5 + 0.5 * (math.cos(angle) * x + math.sin(angle) * y))
    light *= 1 - 0.08 * (x**2 + y**2)
    middle = corners.mean(axis=0) / np.array(size) * 2 - 1
    if "half shadow" in scene.things:
        way = rng.uniform(0, 2 * math.pi)
        beyond = math.cos(way) * (x - middle[0]) + math.sin(way) * (y - middle[1]) + rng.uniform(-0.2, 0.2)
        soft = rng.uniform(0.008, 0.06)
        light *= 1 - rng.uniform(0.25, 0.5) / (1 + np.exp(-np.clip(beyond / soft, -30, 30)))
    if "soft shadow" in scene.things:
        spot = middle + rng.uniform(-0.6, 0.6, 2)
        apart = (x - spot[0]) ** 2 + (y - spot[1]) ** 2
        light *= 1 - rng.uniform(0.2, 0.45) * np.exp(-apart / rng.uniform(0.1, 0.5))
    tint = np.array([1.0, rng.uniform(0.9, 1.0), rng.uniform(0.75, 1.02)], np.float32)
    return light[..., None] * tint * np.float32(rng.uniform(0.75, 1.02))


def _with_thumb(frame, corners, rng):
    """A thumb that holds the page down at one of its sides."""
    side = int(rng.integers(0, 4))
    one, other = corners[side], corners[(side + 1) % 4]
    at = one + (other - one) * rng.uniform(0.25, 0.75)
    out = at - corners.mean(axis=0)
    out /= np.linalg.norm(out)
    unit = np.linalg.norm(corners[1] - corners[0]) / 216
    angle = math.degrees(math.atan2(out[1], out[0])) + rng.uniform(-20, 20)
    mask = np.zeros(frame.shape[:2], np.float32)
    centre = at + out * 22 * unit
    cv2.ellipse(mask, (tuple(centre), (70 * unit, 22 * unit), angle), 1, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), max(1.0, unit / 2))[..., None]
    skin = np.array([200, 150, 122], np.float32) * rng.uniform(0.45, 1.05)
    shade = cv2.GaussianBlur(mask, (0, 0), 6 * unit)[..., None] * 0.3
    return frame * (1 - shade) * (1 - mask) + skin * mask


def _taken(frame, rng):
    """What the camera makes of it: lens, noise, tone curve, JPEG."""
    sharp = cv2.GaussianBlur(frame, (0, 0), rng.uniform(0.5, 1.3) * max(frame.shape) / 2000)
    noise = rng.normal(0, 1, (*frame.shape[:2], 1)) * 0.7 + rng.normal(0, 1, frame.shape) * 0.4
    pixels = np.clip(sharp + rng.uniform(1, 5) * noise, 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(75, 93))])[1]
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1].copy()
