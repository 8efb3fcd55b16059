"""Page images on their way to the disk: encoded as what they are, and with nothing but their pixels."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, TiffImagePlugin

from mssw.core.page import EncodedImage, Tone

KEPT_QUALITY = 93  # JPEG, for the private copy of a registered page
SHARED_QUALITY = 82  # for what is printed and shared
HALF_GREY = 128


def encode(pixels: NDArray[np.uint8], tone: Tone, *, quality: int = SHARED_QUALITY) -> EncodedImage:
    """Encode a page's pixels as they go into a PDF: G4 for bitonal, else JPEG.

    Args:
        pixels: uint8, (height, width) or (height, width, 3) in RGB order.
        tone: to write in; a bitonal page is cut at half grey.
        quality: JPEG quality, 1 to 95.
    """
    height, width = pixels.shape[:2]
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    if tone is Tone.BITONAL:
        return EncodedImage(_fax(picture), width, height, tone)
    if tone is Tone.GREY and picture.mode != "L":
        picture = picture.convert("L")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return EncodedImage(buffer.getvalue(), width, height, tone)


def _cut(picture: Image.Image, *, ink: int) -> Image.Image:
    """The picture in two levels, cut at half grey: what is darker becomes ``ink``, 0 or 255."""
    table = [ink if level < HALF_GREY else 255 - ink for level in range(256)]
    return picture.convert("L").point(table).convert("1", dither=Image.Dither.NONE)


def _fax(picture: Image.Image) -> bytes:
    """A bare CCITT group 4 stream with black runs as ink."""
    bitonal = _cut(picture, ink=255)  # Pillow writes the white of a mode "1" image as a fax's black
    buffer = io.BytesIO()
    usual = TiffImagePlugin.STRIP_SIZE
    TiffImagePlugin.STRIP_SIZE = 2**31 - 1  # Pillow would cut the page into strips, and a PDF image holds one
    try:
        bitonal.save(buffer, "TIFF", compression="group4")
    finally:
        TiffImagePlugin.STRIP_SIZE = usual
    buffer.seek(0)
    with Image.open(buffer) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined] # Pillow types open() as the base class
        start, count = tags[273][0], tags[279][0]
    return buffer.getvalue()[start : start + count]


def suffix_for(tone: Tone) -> str:
    """The suffix of a private page image."""
    return ".png" if tone is Tone.BITONAL else ".jpg"


def private_image(pixels: NDArray[np.uint8], tone: Tone) -> bytes:
    """Encode a registered page as it is kept in ``private/pages``, nearly or wholly without loss."""
    buffer = io.BytesIO()
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    if tone is Tone.BITONAL:
        _cut(picture, ink=0).save(buffer, "PNG", compress_level=1)
    else:
        picture.save(buffer, "JPEG", quality=KEPT_QUALITY)
    return buffer.getvalue()


def read_image(path: Path) -> NDArray[np.uint8]:
    """Read a page image that mssw wrote: uint8, (height, width) or (height, width, 3)."""
    with Image.open(path) as picture:
        flat = picture.convert("L") if picture.mode == "1" else picture
        return np.array(flat, np.uint8)


def read_small_grey(path: Path, long_side: int) -> NDArray[np.uint8]:
    """Read a page image that mssw wrote as grey, with so many pixels on its longer side: uint8, (height, width)."""
    with Image.open(path) as picture:
        scale = long_side / max(picture.size)
        size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
        picture.draft("L", (2 * size[0], 2 * size[1]))  # a JPEG is decoded at half its size or less
        grey = picture.convert("L").resize(size, Image.Resampling.BOX)
        return np.array(grey, np.uint8)


def to_png(grey: NDArray[np.uint8]) -> bytes:
    """Encode a page in few bytes and without loss, for what must stay in memory: uint8, (height, width)."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(grey)).save(buffer, "PNG")
    return buffer.getvalue()


def from_png(data: bytes) -> NDArray[np.uint8]:
    """Decode what ``to_png`` gave."""
    with Image.open(io.BytesIO(data)) as picture:
        return np.array(picture, np.uint8)


def lettering(font: Path, text: str, height: int) -> NDArray[np.uint8]:
    """Draw a line of type as coverage, 0 to 255, cut close to the letters.

    Args:
        font: a TrueType file.
        text: the words.
        height: of a capital with its descender, in pixels.
    """
    face = ImageFont.truetype(str(font), max(6, round(height * 0.8)))
    left, top, right, bottom = face.getbbox(text)
    sheet = Image.new("L", (int(right - left) + 2, int(bottom - top) + 2), 0)
    ImageDraw.Draw(sheet).text((1 - left, 1 - top), text, font=face, fill=255)
    return np.array(sheet, np.uint8)


def break_lines(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, wide: float) -> list[str]:
    """The words of a text in lines that are no wider than that, in pixels; a longer word has a line of its own."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font) <= wide or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
