"""A phone above the desk: a page in perspective under a lamp, with shadows, as a JPEG that may lie on its side."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

SIZE = (2250, 3000)  # width and height of the upright photo
TURNS = {1: 0, 6: 90, 3: 180, 8: 270}  # EXIF orientation, and degrees clockwise that show it upright


def desk(rng: np.random.Generator) -> np.ndarray:
    """Wood, or a plain table: RGB."""
    w, h = SIZE
    colour = np.array(((134, 96, 62), (92, 70, 52), (150, 150, 146), (64, 78, 92))[int(rng.integers(4))], np.float32)
    grain = cv2.resize(rng.normal(0, 1, (h // 6, 12)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    grain = grain.T.copy() if rng.random() < 0.5 else grain
    grain = cv2.resize(grain, (w, h))
    return colour + 9 * grain[..., None] + rng.normal(0, 3, (h, w, 1)).astype(np.float32)


def stand(shape: tuple[int, int], rng: np.random.Generator, *, upside_down: bool) -> np.ndarray:
    """The homography from the page's pixels to the photo's: the camera is never quite above the page."""
    (h, w), (wide, high) = shape, SIZE
    scale = min(wide / w, high / h) * rng.uniform(0.8, 0.92)
    turn = np.deg2rad(rng.normal(0, 2.5))
    cross = np.array([[-w, -h], [w, -h], [w, h], [-w, h]]) * scale / 2
    cross = cross @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    tilt = 1 + rng.uniform(-0.055, 0.055) * cross[:, 1] / cross[:, 1].max()
    cross[:, 0] *= tilt
    tilt = 1 + rng.uniform(-0.035, 0.035) * cross[:, 0] / cross[:, 0].max()
    cross[:, 1] *= tilt
    free = np.minimum(np.array([wide, high]) / 2 - np.abs(cross).max(axis=0), 60)
    there = cross + np.array([wide, high]) / 2 + rng.uniform(-0.7, 0.7, 2) * np.maximum(free, 0)
    here = np.array([[0, 0], [w, 0], [w, h], [0, h]])
    if upside_down:
        here = np.roll(here, 2, axis=0)
    return cv2.getPerspectiveTransform(here.astype(np.float32), there.astype(np.float32)).astype(np.float64)


def light(rng: np.random.Generator) -> np.ndarray:
    """A lamp at one side, and the shadow of an arm or a phone; 1 is full light."""
    w, h = SIZE
    x, y = np.meshgrid(np.linspace(-1, 1, w, dtype=np.float32), np.linspace(-1, 1, h, dtype=np.float32))
    way = rng.uniform(0, 2 * np.pi)
    lamp = 1 - rng.uniform(0.05, 0.17) * (1 + x * np.cos(way) + y * np.sin(way))
    if rng.random() < 0.7:
        side = rng.uniform(0, 2 * np.pi)
        edge = x * np.cos(side) + y * np.sin(side) + 0.2 * np.sin(3 * (x * np.sin(side) - y * np.cos(side)))
        soft = rng.uniform(0.02, 0.12)
        shade = 1 / (1 + np.exp(-np.clip((edge - rng.uniform(0.0, 0.7)) / soft, -30, 30)))
        lamp *= 1 - rng.uniform(0.15, 0.4) * shade
    return lamp


def photograph(page: np.ndarray, rng: np.random.Generator, *, upside_down: bool) -> tuple[np.ndarray, np.ndarray]:
    """The page (RGB, 0 to 255) as a phone sees it, upright, and the homography from page to photo."""
    way = stand(page.shape[:2], rng, upside_down=upside_down)
    view = desk(rng)
    flat = cv2.warpPerspective(page.astype(np.float32), way, SIZE, flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.ones(page.shape[:2], np.float32), way, SIZE)
    view *= 1 - 0.35 * cv2.GaussianBlur(np.roll(cover, (8, 10), (0, 1)), (0, 0), 9)[..., None]
    view = view * (1 - cover[..., None]) + flat * cover[..., None]
    tint = np.array([1, rng.uniform(0.96, 1), rng.uniform(0.86, 1.0)], np.float32)
    view = view * light(rng)[..., None] * tint * rng.uniform(0.86, 0.98)
    view = cv2.GaussianBlur(view, (0, 0), rng.uniform(0.5, 1.0))
    view += rng.normal(0, rng.uniform(2, 4.5), view.shape[:2]).astype(np.float32)[..., None]
    return np.clip(view, 0, 255).astype(np.uint8), way


def save_photo(path: Path, view: np.ndarray, way: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Writes the photo as the camera stores it, on its side for some; the homography to the stored pixels."""
    tag = int(rng.choice(list(TURNS), p=[0.6, 0.2, 0.1, 0.1]))
    back = {0: None, 90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}[TURNS[tag]]
    w, h = SIZE
    turned = {
        0: np.eye(3),
        90: np.array([[0, 1, 0], [-1, 0, w - 1], [0, 0, 1]]),
        180: np.array([[-1, 0, w - 1], [0, -1, h - 1], [0, 0, 1]]),
        270: np.array([[0, -1, h - 1], [1, 0, 0], [0, 0, 1]]),
    }[TURNS[tag]]
    picture = Image.fromarray(view if back is None else cv2.rotate(view, back))
    exif = picture.getexif()
    exif[0x0112], exif[0x010F], exif[0x0110], exif[0x0132] = tag, "Phone", "Model 7", "2024:03:05 10:12:31"
    picture.save(path, "JPEG", quality=int(rng.integers(72, 90)), exif=exif)
    return turned @ way
