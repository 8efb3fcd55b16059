"""Lines and pages written in handwriting fonts, for tests of reading."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from support.project import ROOT

FONTS = ROOT / "src" / "mssw" / "demo" / "fonts"
DPI = 150.0


def draw(page: np.ndarray, text: str, x: int, y: int, *, font: str = "patrick-hand", size: int = 40, ink: int = 40):
    """Writes on a page, in place, with the text's upper left corner there; its (left, top, right, bottom)."""
    image = Image.fromarray(page)
    face = ImageFont.truetype(str(FONTS / f"{font}.ttf"), size)
    pen = ImageDraw.Draw(image)
    pen.text((x, y), text, font=face, fill=ink)
    page[:] = np.asarray(image)
    return pen.textbbox((x, y), text, font=face)


def place_of(text: str, part: str, x: int, y: int, *, font: str = "patrick-hand", size: int = 40):
    """Where a part of a text stands that ``draw`` wrote there."""
    face = ImageFont.truetype(str(FONTS / f"{font}.ttf"), size)
    start = text.index(part)
    left = x + face.getlength(text[:start])
    _, top, _, bottom = face.getbbox(part)
    return left, y + top, left + face.getlength(part), y + bottom


def blank_page(height: int = 1650, width: int = 1275) -> np.ndarray:
    """White paper."""
    return np.full((height, width), 255, np.uint8)


def line_of(text: str, **how) -> np.ndarray:
    """A line's crop."""
    page = blank_page(70, 1600)
    left, top, right, bottom = draw(page, text, 8, 4, **how)
    return np.ascontiguousarray(page[max(0, int(top) - 5) : int(bottom) + 6, max(0, int(left) - 6) : int(right) + 8])
