"""Makes the README's picture from what `mssw demo` left behind.

    mssw demo trial
    python examples/make_picture.py trial examples/picture.png

It shows the response with the name that runs out of its field: as scanned, as colleagues get it, and the packet.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import openpyxl
import pymupdf
from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont

FONTS = Path(__file__).resolve().parents[1] / "templates" / "fonts"
SIZE = (1680, 812)
GROUND, INK, QUIET, ACCENT = "#e8e3d8", "#22282b", "#5d666a", "#b4532a"
PAGE = 420  # pixels, the width of a page
CENTRES = (285, 815, 1355)
TOP = 168
NAME_LINE = (0.08, 0.036, 0.668, 0.092)  # left, top, right, bottom: the strip under the glass, as page fractions
GLASS = 486  # pixels, the width of that strip, enlarged
GREYS = 64  # few enough for a small file; the paper keeps its grain


def main(demo: Path, target: Path) -> None:
    """Draw the picture of a demo's folder."""
    canvas = Image.new("RGB", SIZE, GROUND)
    number, alias = _the_long_name(demo)
    scanned = _page(demo / "class" / "stack.pdf", number)
    shared = _page(demo / "set" / "shared" / "work" / f"{alias}.pdf", 1)
    _caption(canvas, CENTRES[0], "The page as scanned", "as the copier made it, with a name on it")
    _caption(canvas, CENTRES[1], "The page as colleagues get it", "upright, the name gone, an alias in its place")
    _caption(canvas, CENTRES[2], "The packet", "the task and the samples, one for each colleague")
    for centre, page in zip(CENTRES, (scanned, shared), strict=False):
        _lay(canvas, page, centre)
        _under_glass(canvas, page, centre)
    packet = demo / "set" / "shared" / "packet.pdf"
    for sheet, turn in ((7, -9), (3, -4.5), (1, 0)):
        _lay(canvas, _page(packet, sheet), CENTRES[2] - 20, turn)
    for left, right in pairwise(CENTRES):
        _arrow(canvas, (left + right) // 2)
    canvas.quantize(palette=_palette(), dither=Image.Dither.NONE).save(target, optimize=True)


def _the_long_name(demo: Path) -> tuple[int, str]:
    """The page in the stack on which a name runs out of its field, and the alias of its work."""
    truth = json.loads((demo / "class" / "truth.json").read_text(encoding="utf-8"))
    number = next(p["number"] for p in truth["pages"] if "name runs out of its field" in p["faults"])
    rows = openpyxl.load_workbook(demo / "set" / "private" / "key.xlsx").active.iter_rows(values_only=True)
    aliases = {str(row[4]).split("-")[0]: row[0] for row in rows}
    return number, aliases[str(number)]


def _palette() -> Image.Image:
    """Greys from ink to paper, the ground and its shadows, and the type fading into the ground."""
    greys = [(round(255 * n / (GREYS - 1)),) * 3 for n in range(GREYS)]
    shades = [_between("#3a3428", GROUND, n / 90) for n in range(54, 91)]
    type_ = [_between(colour, GROUND, n / 5) for colour in (INK, QUIET, ACCENT) for n in range(5)]
    image = Image.new("P", (1, 1))
    image.putpalette([value for colour in (*greys, *shades, *type_) for value in colour])
    return image


def _between(one: str, other: str, share: float) -> tuple[int, ...]:
    """The colour that lies that share of the way from one to the other."""
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return tuple(round(a + (b - a) * share) for a, b in pairs)


def _page(file: Path, number: int) -> Image.Image:
    """A page of a PDF, large enough to be enlarged."""
    with pymupdf.open(file) as document:
        pixels = document[number - 1].get_pixmap(dpi=150)
        return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


def _lay(canvas: Image.Image, page: Image.Image, centre: int, turn: float = 0.0) -> None:
    """Put a page on the ground, with its shadow, turned about its lower left corner."""
    height = round(PAGE * page.height / page.width)
    sheet = page.resize((PAGE, height), Image.Resampling.LANCZOS).convert("RGBA")
    layer = Image.new("RGBA", SIZE)
    layer.paste(sheet, (centre - PAGE // 2, TOP))
    corner = (centre - PAGE // 2, TOP + height)
    layer = layer.rotate(turn, Image.Resampling.BICUBIC, center=corner)
    _drop(canvas, layer)


def _drop(canvas: Image.Image, layer: Image.Image) -> None:
    """Paste a layer over a soft shadow of itself."""
    shape = layer.getchannel("A")
    shadow = Image.new("L", SIZE)
    shadow.paste(shape, (0, 5))
    shadow = shadow.filter(ImageFilter.GaussianBlur(9)).point(lambda value: value * 34 // 100)
    canvas.paste("#3a3428", (0, 0), shadow)
    canvas.paste(layer, (0, 0), shape)


def _under_glass(canvas: Image.Image, page: Image.Image, centre: int) -> None:
    """Enlarge the line of the name, over the place where it stands."""
    left, top, right, bottom = NAME_LINE
    w, h = page.size
    strip = page.crop((round(left * w), round(top * h), round(right * w), round(bottom * h)))
    height = round(GLASS * strip.height / strip.width)
    strip = strip.resize((GLASS, height), Image.Resampling.LANCZOS)
    layer = Image.new("RGBA", SIZE)
    x, y = centre - GLASS // 2, TOP - 10
    shape = Image.new("L", SIZE)
    ImageDraw.Draw(shape).rounded_rectangle((x, y, x + GLASS, y + height), 10, fill=255)
    layer.paste(strip, (x, y))
    layer.putalpha(shape)
    ImageDraw.Draw(layer).rounded_rectangle((x, y, x + GLASS, y + height), 10, outline=ACCENT, width=3)
    _drop(canvas, layer)


def _caption(canvas: Image.Image, centre: int, title: str, below: str) -> None:
    draw = ImageDraw.Draw(canvas)
    large = ImageFont.truetype(FONTS / "Literata-SemiBold.ttf", 31)
    small = ImageFont.truetype(FONTS / "AtkinsonHyperlegibleNext-Regular.ttf", 21)
    draw.text((centre, 56), title, INK, large, anchor="mm")
    draw.text((centre, 96), below, QUIET, small, anchor="mm")


def _arrow(canvas: Image.Image, x: int) -> None:
    draw = ImageDraw.Draw(canvas)
    y = TOP + 300
    draw.line((x - 17, y, x + 8, y), ACCENT, 5)
    draw.polygon(((x + 20, y), (x + 4, y - 11), (x + 4, y + 11)), ACCENT)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
