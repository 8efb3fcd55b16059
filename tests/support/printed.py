"""Printed sheets, handwriting and scans of them, made of numbers: the pages that the vision's tests look at."""

from __future__ import annotations

import math

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mssw.printing.template_files import label_font_path

DPI = 150
WIDTH, HEIGHT = 1275, 1650  # US Letter
MM = DPI / 25.4
TEXT = (
    "air matter weigh ball balance scale heavier lighter pump empty full space gas solid water measure explain draw "
    "show because think table graph number count each side point line angle shape area sum half third equal plant "
    "light shadow sound sink float boil freeze melt move push pull force energy heat cold warm rain cloud river"
)
WORDS = TEXT.split()


def printed_page(seed, *, title="", lines=26):
    """A page of print: (HEIGHT, WIDTH) uint8. Another seed is another text."""
    rng = np.random.default_rng(seed)
    sheet = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(sheet)
    large, small = (ImageFont.truetype(str(label_font_path()), size) for size in (40, 24))
    draw.text((130, 90), title or " ".join(rng.choice(WORDS, 3)).capitalize(), font=large, fill=10)
    y = 220
    for _ in range(lines):
        text = " ".join(rng.choice(WORDS, rng.integers(5, 10)))
        draw.text((130 + int(rng.integers(0, 60)), y), text, font=small, fill=20)
        y += int(rng.integers(40, 62))
        if y > HEIGHT - 160:
            break
    return np.asarray(sheet)


def frame_page(words):
    """A page that shares its frame with its lookalikes, and has only a few words of its own."""
    sheet = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(sheet)
    large, small = (ImageFont.truetype(str(label_font_path()), size) for size in (40, 26))
    draw.text((130, 90), "The same head on every page", font=large, fill=10)
    draw.text((130, 1520), "Remember to explain how you think in words and pictures", font=small, fill=20)
    for row in range(5):
        draw.text((130, 240 + 250 * row), f"Part {row + 1}. Work it out and write what you find", font=small, fill=20)
        draw.rectangle((130, 290 + 250 * row, 1145, 450 + 250 * row), outline=30, width=3)
    for row, text in enumerate(words):
        draw.text((760, 240 + 250 * row), text, font=small, fill=20)
    return np.asarray(sheet)


def handwriting(page, seed, *, lines=8, area=(150, 300, 1100, 1450), tone=60):
    """A copy of the page with scribbles in an area (left, top, right, bottom)."""
    rng = np.random.default_rng(seed)
    out = page.copy()
    left, top, right, bottom = area
    for row in np.linspace(top, bottom, lines):
        x = left + rng.integers(0, 80)
        end = min(right, x + rng.integers(200, 800))
        steps = np.arange(x, end, 7)
        heights = row + rng.normal(0, 9, len(steps))
        stroke = np.stack([steps, heights], axis=1).round().astype(np.int32)
        cv2.polylines(out, [stroke], isClosed=False, color=tone, thickness=3, lineType=cv2.LINE_AA)
    return out


def scan_of(page, *, degrees=0.0, shift=(0.0, 0.0), stretch=1.0, seed=0, noise=3.0):
    """A copier's scan of a sheet, and the matrix (3, 3) from the sheet's pixels to the scan's.

    Args:
        page: what is laid in.
        degrees: clockwise turn of the sheet; by a right angle, the scan stands as the sheet does.
        shift: in pixels.
        stretch: how much larger it comes out.
        seed: of the noise.
        noise: standard deviation in grey levels.
    """
    height, width = page.shape
    out_width, out_height = (height, width) if round(degrees / 90) % 2 else (width, height)
    turn = math.radians(degrees)
    cos, sin = stretch * math.cos(turn), stretch * math.sin(turn)
    linear = np.array([[cos, -sin], [sin, cos]])
    move = np.array([out_width / 2, out_height / 2]) + shift - linear @ [width / 2, height / 2]
    matrix = np.vstack([np.column_stack([linear, move]), [0, 0, 1]])
    moved = cv2.warpPerspective(page, matrix, (out_width, out_height), flags=cv2.INTER_LINEAR, borderValue=225)
    grain = np.random.default_rng(seed).normal(0, noise, moved.shape)
    return np.clip(moved * 0.92 + 8 + grain, 0, 255).astype(np.uint8), matrix


def farthest(found, true):
    """How far off, in pixels, the worst corner of a page lies by the matrix that was found."""
    corners = np.array([[0, 0, 1], [WIDTH, 0, 1], [WIDTH, HEIGHT, 1], [0, HEIGHT, 1]], float).T
    here, there = found @ corners, true @ corners
    return float(np.linalg.norm(here[:2] / here[2] - there[:2] / there[2], axis=0).max())
