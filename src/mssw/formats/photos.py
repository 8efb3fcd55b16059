"""Pages of picture files as pixels, through Pillow.

Also ``Picture``, a page as pixels whatever file it comes from, and the limits that every page is held to.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from mssw.core.page import Tone
from mssw.errors import UnreadableError
from mssw.formats.file_kinds import PILLOW_FORMATS, READABLE, FileKind, describe_unreadable, find_kind

MOST_PAGES = 2000
OUTPUT_DPI = 300.0
PAPER_INCHES = 11.0  # the long side that a picture without a believable resolution is taken to show
NARROWEST = 8  # times as long as it is wide: a till receipt, not a sheet
GREY_SPREAD = 24  # channels that differ by less than this show no colour, only the scanner's tint
COLOURED_SHARE = 0.0002  # of the pixels: a few stray ones are the scanner's too
MANY_TINTED = 0.25  # of the pixels
MIDDLE_GREY = 128

LARGEST_RASTER = 40_000_000  # pixels: A3 at 450 dpi; a larger picture has more than any text needs, and is reduced
LARGEST_PHOTO = 64_000_000  # pixels that are decoded whole and then reduced: phones of 48 and 50 megapixels
LARGEST_JPEG = 178_000_000  # a JPEG can be decoded smaller than it is: phones of 108 megapixels
FEWEST_PIXELS = 100  # across: less is an icon
UNEQUAL = 1.02  # resolutions across and down that differ by more, as a fax's do, are made equal
TURNED = range(5, 9)  # notes of the camera that swap width and height
ORIENTATION = 0x0112  # the note's tag
PAPER_RANGE = (5.0, 18.0)  # inches that the long side of a sheet may have
SCREENS = {72, 96}  # dpi that software writes if it knows no resolution
_FAULTS = (OSError, ValueError, SyntaxError, EOFError, TypeError)
_TURNED_BY_FRAMES = {"GIF", "PNG", "WEBP"}
_APPLE = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as pixels.

    Attributes:
        pixels: uint8, (height, width) or (height, width, 3) in RGB order; bitonal ones hold 0 and 255 only.
        dpi: pixels an inch of paper.
        tone: bitonal, grey or colour.
        points: the page's width and height in points.
    """

    pixels: NDArray[np.uint8]
    dpi: float
    tone: Tone
    points: tuple[float, float]

    def sha256(self) -> str:
        """The hash of the pixels and their shape."""
        digest = hashlib.sha256(repr(self.pixels.shape).encode())
        digest.update(np.ascontiguousarray(self.pixels).data)
        return digest.hexdigest()


def as_picture(pixels: NDArray[np.uint8], dpi: float, tone: Tone, points: tuple[float, float]) -> Picture:
    """Make a picture in the plainest tone that loses nothing: a colour page without colours is grey."""
    if tone is Tone.COLOUR and _has_equal_channels(pixels):
        pixels, tone = pixels[:, :, 0], Tone.GREY
    elif tone is Tone.COLOUR and _shows_no_colour(pixels):
        pixels, tone = _weigh_channels(pixels), Tone.GREY
    elif tone is Tone.BITONAL:
        pixels = np.where(pixels < MIDDLE_GREY, 0, 255).astype(np.uint8)
    return Picture(np.ascontiguousarray(pixels), dpi, tone, points)


def damaged_error(name: str, number: int) -> UnreadableError:
    """The error for a page that cannot be decoded whole."""
    return UnreadableError(f"{name}, page {number}, is damaged; scan that sheet again.")


def check_shape(name: str, number: int, width: float, height: float) -> None:
    """Refuse a picture that does not have the proportions of a page.

    Raises:
        UnreadableError: it is a strip.
    """
    if max(width, height) > NARROWEST * min(width, height):
        raise UnreadableError(
            f"{name}, page {number}, is a strip of {width:.0f} × {height:.0f}, which no sheet is; scan it again."
        )


def _has_equal_channels(pixels: NDArray[np.uint8]) -> bool:
    """Whether red, green and blue are the same everywhere: most grey pages come so, and need no weighing of colours."""
    red, green, blue = (pixels[:, :, channel] for channel in range(3))
    return np.array_equal(red, green) and np.array_equal(green, blue)


def _weigh_channels(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The grey of each pixel. One whose channels are the same has it already, as most of a drawn page have."""
    red, green, blue = (pixels[:, :, channel] for channel in range(3))
    tinted = (red != green) | (green != blue)
    if np.count_nonzero(tinted) > MANY_TINTED * tinted.size:
        return _weighed(pixels)  # to pick them out would take longer
    grey = red.copy()
    grey[tinted] = _weighed(pixels[tinted])
    return grey


def _weighed(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray((pixels @ np.array([0.299, 0.587, 0.114]) + 0.5).astype(np.uint8))


def _shows_no_colour(pixels: NDArray[np.uint8]) -> bool:
    """Whether hardly a pixel's channels differ: a grey page that was saved as colour."""
    few = np.ascontiguousarray(pixels[::3, ::3])
    return bool((measure_spread(few) > GREY_SPREAD).mean() < COLOURED_SHARE)


def measure_spread(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How far the channels of each pixel are apart, (height, width).

    Channel by channel: to reduce the last axis takes NumPy 30 times as long.
    """
    red, green, blue = (pixels[:, :, channel] for channel in range(3))
    most = np.maximum(np.maximum(red, green), blue)
    return most - np.minimum(np.minimum(red, green), blue)


def count_pages(path: Path) -> int:
    """Count the pages of a file: the frames of a TIFF, else one.

    Raises:
        UnreadableError: it is no picture, or an animated one.
    """
    with _open(path) as picture:
        if picture.format == "TIFF":
            return _frames(picture)
        if picture.format in _TURNED_BY_FRAMES and getattr(picture, "n_frames", 1) > 1:
            raise UnreadableError(f"{path.name} is a moving picture; scan the stack to PDF and give that.")
        return 1


def read_page(path: Path, number: int, most_dpi: float = OUTPUT_DPI) -> Picture:
    """Read page ``number`` (from 1) as pixels, turned upright if the camera noted how it was held.

    Raises:
        UnreadableError: the page is too large, too small, or damaged.
    """
    with _open(path) as picture:
        try:
            picture.seek(number - 1)
            width, height = picture.size
            most = LARGEST_JPEG if picture.format == "JPEG" else LARGEST_PHOTO
            if width * height > most or min(width, height) < FEWEST_PIXELS:
                raise UnreadableError(
                    f"{path.name}, page {number}, has {width} × {height} pixels, which no scanned sheet has; "
                    "scan it again at 200 or 300 dpi, or take the photo at 12 megapixels."
                )
            across, down = _dpi_of(picture)
            check_shape(path.name, number, width, height * across / down)
            return _decoded(picture, (across, down), most_dpi)
        except _FAULTS:
            raise damaged_error(path.name, number) from None


def _frames(picture: Image.Image) -> int:
    """Count the frames of a TIFF, no further than is needed to refuse it."""
    count = 1
    try:
        while count <= MOST_PAGES:
            picture.seek(count)
            count += 1
    except _FAULTS:  # its end
        pass
    return count


@contextmanager
def _open(path: Path) -> Iterator[Image.Image]:
    with path.open("rb") as file:
        if file.read(12)[8:] in _APPLE:
            import pi_heif  # noqa: PLC0415 - slow to load, and only phones need it

            pi_heif.register_heif_opener()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which we never use
        Image.init()
        try:
            picture = Image.open(path, formats=[one for one in PILLOW_FORMATS if one in Image.OPEN])
        except Image.DecompressionBombError:
            raise UnreadableError(
                f"{path.name} has more pixels than any scanner makes; scan it again at 300 dpi or less."
            ) from None
        except (UnidentifiedImageError, *_FAULTS):
            raise UnreadableError(_describe_no_picture(path)) from None
        with picture:
            yield picture


def _describe_no_picture(path: Path) -> str:
    """Say what a file is that is no picture, and how to make a PDF of it."""
    kind = find_kind(path)
    if kind in {*READABLE, FileKind.EMPTY, FileKind.OTHER}:
        return (
            f"{path.name} is neither a PDF nor a picture that can be read (JPEG, PNG, TIFF, HEIC); "
            "scan it, or save it as PDF, and give that."
        )
    what, way = describe_unreadable([(path.name, kind)])
    return f"{what}; {way}, and give that."


def _decoded(picture: Image.Image, resolution: tuple[float, float], most_dpi: float) -> Picture:
    tone, (width, height) = _tone_of(picture), picture.size
    flat = _on_white(ImageOps.exif_transpose(_reduced(picture)), "RGB" if tone is Tone.COLOUR else "L")
    if picture.getexif().get(ORIENTATION, 1) in TURNED:
        width, height, resolution = height, width, resolution[::-1]
    across, down = resolution[0] * flat.width / width, resolution[1] * flat.height / height
    dpi = max(across, down)
    if dpi > UNEQUAL * min(across, down):
        size = round(flat.width * dpi / across), round(flat.height * dpi / down)
        flat = flat.resize(size, Image.Resampling.BILINEAR)
    shrink = min(1.0, most_dpi / dpi)
    if shrink < 1:
        flat = flat.resize((round(flat.width * shrink), round(flat.height * shrink)), Image.Resampling.BOX)
    points = (flat.width / (dpi * shrink) * 72, flat.height / (dpi * shrink) * 72)
    return as_picture(np.asarray(flat, np.uint8), dpi * shrink, tone, points)


def _reduced(picture: Image.Image) -> Image.Image:
    """A very large picture at half of its size or less, a JPEG without ever being decoded whole; else as it is."""
    pixels = picture.width * picture.height
    if pixels > LARGEST_RASTER and picture.format == "JPEG":
        by = 2 if pixels <= 4 * LARGEST_RASTER else 4
        picture.draft(None, (picture.width // by, picture.height // by))
    if picture.width * picture.height <= LARGEST_RASTER or _is_deep(picture):
        return picture
    if picture.mode == "1":
        return picture.convert("L").reduce(2)
    plain = "RGBA" if picture.has_transparency_data else "RGB"
    return (picture.convert(plain) if picture.mode in {"P", "PA"} else picture).reduce(2)


def _tone_of(picture: Image.Image) -> Tone:
    if picture.mode == "1":
        return Tone.BITONAL
    return Tone.GREY if picture.mode in {"L", "LA", "La"} or _is_deep(picture) else Tone.COLOUR


def _is_deep(picture: Image.Image) -> bool:
    """Whether a grey pixel has more than eight bits."""
    return picture.mode in {"I", "F"} or picture.mode.startswith("I;")


def _on_white(picture: Image.Image, mode: str) -> Image.Image:
    """Put the picture on white paper, with eight bits a channel."""
    if _is_deep(picture):
        return _to_eight_bits(picture)
    if not picture.has_transparency_data:
        return picture.convert(mode)
    layer = picture.convert("RGBA")
    sheet = Image.new("RGBA", layer.size, "white")
    sheet.alpha_composite(layer)
    return sheet.convert(mode)


def _to_eight_bits(picture: Image.Image) -> Image.Image:
    """Turn deep grey into eight bits, scaled by its brightest pixel: Pillow itself would clip it all to white."""
    values = np.nan_to_num(np.asarray(picture, np.float64)).clip(0)
    brightest = float(values.max())
    if picture.mode == "F" and brightest <= 1:
        return Image.fromarray((values * 255).astype(np.uint8))
    bits = max(8, int(brightest).bit_length())
    return Image.fromarray((values.astype(np.uint64) >> np.uint64(bits - 8)).clip(0, 255).astype(np.uint8))


def _dpi_of(picture: Image.Image) -> tuple[float, float]:
    """The resolution of a picture as stored, across and down.

    It is the stated one if a sheet of that size is plausible; else that of a letter sheet.
    """
    noted: Any = picture.info.get("dpi")
    stated = [float(value) for value in noted[:2]] if isinstance(noted, tuple) and len(noted) > 1 else [0.0, 0.0]
    width, height = picture.size
    if min(stated) > 0:
        sides = width / stated[0], height / stated[1]
        screen = all(round(value) in SCREENS for value in stated)
        if not screen and PAPER_RANGE[0] <= max(sides) <= PAPER_RANGE[1] and NARROWEST * min(sides) >= max(sides):
            return stated[0], stated[1]
    return (max(width, height) / PAPER_INCHES,) * 2
