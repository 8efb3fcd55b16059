"""All the released work at a glance, to be sorted on paper: each work's pages small, under its alias."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import EncodedImage, Tone
from mssw.core.paper import PAPERS
from mssw.formats.images import encode
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.templates import label_font_path

DPI = 150
MARGIN_MM = 12
ACROSS, DOWN = 2, 4
EACH = ACROSS * DOWN  # works on a sheet
GAP_MM = 6
WORDS_MM = 6
COLOURED = 30  # grey levels between a pixel's channels: more than a scanner's tint
SHARE_COLOURED = 0.0005  # of the sheet: a line of coloured pencil on one of its pages


def contact_sheet(strips: Sequence[tuple[str, Path]], paper: str) -> bytes:
    """A PDF of one image a page, eight works on each.

    Args:
        strips: each alias with the picture of its pages side by side.
        paper: ``letter`` or ``a4``.
    """
    points = PAPERS[paper]
    sheets = [strips[start : start + EACH] for start in range(0, len(strips), EACH)]
    return image_pdf([(_sheet(sheet, points), points) for sheet in sheets])


def _sheet(strips: Sequence[tuple[str, Path]], points: tuple[float, float]) -> EncodedImage:
    mm = DPI / 25.4
    page = Image.new("RGB", (round(points[0] / 72 * DPI), round(points[1] / 72 * DPI)), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(label_font_path()), round(4.2 * mm))
    wide = (page.width - 2 * MARGIN_MM * mm - (ACROSS - 1) * GAP_MM * mm) / ACROSS
    tall = (page.height - 2 * MARGIN_MM * mm - (DOWN - 1) * GAP_MM * mm) / DOWN
    for place, (alias, file) in enumerate(strips):
        x = MARGIN_MM * mm + place % ACROSS * (wide + GAP_MM * mm)
        y = MARGIN_MM * mm + place // ACROSS * (tall + GAP_MM * mm)
        draw.text((x, y), alias, font=font, fill=(20, 20, 20))
        with Image.open(file) as strip:
            room = (round(wide), round(tall - WORDS_MM * mm))
            shrink = min(room[0] / strip.width, room[1] / strip.height)
            size = (max(1, round(strip.width * shrink)), max(1, round(strip.height * shrink)))
            small = strip.resize(size, Image.Resampling.LANCZOS)
        corner = (round(x), round(y + WORDS_MM * mm))
        page.paste(small, corner)
        draw.rectangle((*corner, corner[0] + size[0] - 1, corner[1] + size[1] - 1), outline=(150, 150, 150))
    pixels = np.asarray(page, np.uint8)
    return encode(pixels, _tone(pixels), quality=80)


def _tone(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Tone:
    spread = pixels.astype(np.int16).max(axis=2) - pixels.astype(np.int16).min(axis=2)
    return Tone.COLOUR if (spread > COLOURED).mean() > SHARE_COLOURED else Tone.GREY
