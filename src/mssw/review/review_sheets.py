"""All pages on paper, for those who would rather look with a pen: what will be covered outlined, and boxes to tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import Box, EncodedImage, Tone
from mssw.core.paper import PAPERS
from mssw.core.wording import PrintWords
from mssw.formats.images import break_lines, encode, read_image
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.print_words import words_of_set
from mssw.printing.template_files import label_font_path
from mssw.review.reviewed_set import describe_page, order_pages, read_reviewed_set
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.settings import read_settings

DPI = 130
MM = DPI / 25.4
MARGIN = round(12 * MM)
HEAD, FOOT = round(17 * MM), round(15 * MM)
LINES, LINE = 2, round(4.2 * MM)  # of reasons
QUALITY = 70
COVER, FLAG = (29, 92, 99), (163, 86, 10)


def write_review_sheets(workset: WorkSet) -> int:
    """Write ``private/review.pdf``, one page of a response a sheet, in the order of the local page.

    Returns:
        How many pages it has.

    Raises:
        StepMissingError: nothing is prepared yet.
    """
    reviewed = read_reviewed_set(workset)
    settings = read_settings(workset.settings)
    points, words = PAPERS[settings.paper], words_of_set(settings, settings.paper)
    pages = [
        (_sheet(workset, describe_page(reviewed, page), reviewed.pages[page].image, points, words), points)
        for page in order_pages(reviewed)
    ]
    with workset.locked():
        write_bytes(workset.review_sheets, image_pdf(pages), private=True)
    return len(pages)


def _sheet(
    workset: WorkSet, row: dict[str, Any], image: str, points: tuple[float, float], words: PrintWords
) -> EncodedImage:
    paper = Image.new("RGB", (round(points[0] / 72 * DPI), round(points[1] / 72 * DPI)), "white")
    draw = ImageDraw.Draw(paper)
    large, small = (ImageFont.truetype(str(label_font_path()), round(size * MM)) for size in (5.2, 3.2))
    alias = row["alias"] or words.text("review.no_response")
    title = words.text("review.page", alias=alias, n=row["number"], all=row["of"])
    draw.text((MARGIN, MARGIN), title, font=large, fill=(20, 20, 20))
    why = "; ".join((words.text(f"review.{row['state']}"), *map(words.reason, row["reasons"])))
    for number, line in enumerate(_wrap(draw, why, small, paper.width - 2 * MARGIN)):
        draw.text((MARGIN, MARGIN + round(7 * MM) + number * LINE), line, font=small, fill=(70, 70, 70))
    if image:
        _place(paper, Image.fromarray(read_image(workset.pages / image)).convert("RGB"), row)
    _ticks(draw, words.texts("review.boxes"), small, paper.height - MARGIN - round(5 * MM), paper.width - 2 * MARGIN)
    return encode(np.asarray(paper, np.uint8), Tone.COLOUR, quality=QUALITY)


def _place(paper: Image.Image, picture: Image.Image, row: dict[str, Any]) -> None:
    """The page with its outlines, as large as there is room."""
    wide, tall = paper.width - 2 * MARGIN, paper.height - 2 * MARGIN - HEAD - FOOT
    shrink = min(wide / picture.width, tall / picture.height)
    small = picture.resize(
        (max(1, int(picture.width * shrink)), max(1, int(picture.height * shrink))), reducing_gap=2.0
    )
    left, top = MARGIN + (wide - small.width) // 2, MARGIN + HEAD
    draw = ImageDraw.Draw(small)
    for cover in row["covers"]:
        draw.rectangle(_edges(cover["box"], small), outline=COVER, width=max(2, round(0.5 * MM)))
    for flag in row["flags"]:
        _dashed(draw, _edges(flag["box"], small))
    paper.paste(small, (left, top))
    frame = (left - 1, top - 1, left + small.width, top + small.height)
    ImageDraw.Draw(paper).rectangle(frame, outline=(170, 170, 170))


def _edges(box: list[float], picture: Image.Image) -> tuple[int, int, int, int]:
    left, top, right, bottom = Box(*box).to_pixels(picture.width, picture.height)
    return left, top, max(left, right - 1), max(top, bottom - 1)


def _dashed(draw: ImageDraw.ImageDraw, edges: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = edges
    dash, thick = round(1.4 * MM), max(2, round(0.5 * MM))
    for x in range(left, right, 2 * dash):
        for y in (top, bottom):
            draw.line((x, y, min(x + dash, right), y), fill=FLAG, width=thick)
    for y in range(top, bottom, 2 * dash):
        for x in (left, right):
            draw.line((x, y, x, min(y + dash, bottom)), fill=FLAG, width=thick)


def _ticks(draw: ImageDraw.ImageDraw, boxes: Sequence[str], font: ImageFont.FreeTypeFont, y: int, wide: int) -> None:
    """Boxes to tick, evenly over the foot of the sheet."""
    side = round(3.6 * MM)
    widths = [side + round(1.6 * MM) + draw.textlength(words, font) for words in boxes]
    gap = (wide - sum(widths)) / (len(boxes) - 1)
    x = float(MARGIN)
    for words, width in zip(boxes, widths, strict=True):
        draw.rectangle((x, y, x + side, y + side), outline=(60, 60, 60), width=2)
        draw.text((x + side + 1.6 * MM, y - 0.2 * MM), words, font=font, fill=(20, 20, 20))
        x += width + gap


def _wrap(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, wide: int) -> list[str]:
    """The text in lines of that width; what does not fit on the last one is cut."""
    lines = break_lines(draw, text, font, wide)
    if len(lines) <= LINES:
        return lines
    return [*lines[: LINES - 1], _cut(draw, " ".join(lines[LINES - 1 :]), font, wide)]


def _cut(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, wide: int) -> str:
    """The text as far as it fits on one line."""
    if draw.textlength(text, font) <= wide:
        return text
    while text and draw.textlength(f"{text} …", font) > wide:
        text = text[:-1]
    return f"{text.rstrip()} …"
