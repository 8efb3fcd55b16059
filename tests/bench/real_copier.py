"""A school copier of our own: what happens to a filled page between the glass and the file.

Independent of the package's own simulator, so that neither proves itself.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
import pikepdf
from PIL import Image, TiffImagePlugin

TiffImagePlugin.STRIP_SIZE = 1 << 30  # one strip, so that the whole page is one G4 stream


@dataclass(frozen=True)
class Pass:
    """One pass through the feeder: frame pixels to scan pixels, an affine after a wavering of the feed.

    Attributes:
        matrix: 2 by 3, from the blank's frame (at the scan's dpi) to the scan.
        feed: height (pixels), period (pixels) and phase of the wavering.
    """

    matrix: np.ndarray
    feed: tuple[float, float, float]

    def forward(self, xy: np.ndarray) -> np.ndarray:
        """Frame points (n by 2) to scan points."""
        height, period, phase = self.feed
        y = xy[:, 1] + height * np.sin(2 * np.pi * xy[:, 1] / period + phase)
        return np.stack([xy[:, 0], y], 1) @ self.matrix[:, :2].T + self.matrix[:, 2]

    def scan(self, frame: np.ndarray, border: tuple[int, ...]) -> np.ndarray:
        """The frame as the scanner sees it, the same size."""
        h, w = frame.shape[:2]
        back = cv2.invertAffineTransform(self.matrix)
        x, y = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
        fx = back[0, 0] * x + back[0, 1] * y + back[0, 2]
        fy = back[1, 0] * x + back[1, 1] * y + back[1, 2]
        height, period, phase = self.feed
        level = np.arange(-200, h + 200, dtype=np.float64)
        fy = np.interp(fy, level + height * np.sin(2 * np.pi * level / period + phase), level)
        return cv2.remap(frame, fx.astype(np.float32), fy.astype(np.float32), cv2.INTER_CUBIC, borderValue=border)


def feed(shape: tuple[int, int], dpi: float, rng: np.random.Generator, *, upside_down: bool) -> Pass:
    """A pass with 2° of skew at most, 6 mm of shift, 3 % of scale, a little shear; by 180° when asked."""
    h, w = shape
    skew = np.deg2rad(float(np.clip(rng.normal(0, 0.8), -2, 2)) + (180 if upside_down else 0))
    scale, stretch, shear = rng.uniform(0.97, 1.03), rng.uniform(0.996, 1.004), rng.normal(0, 0.002)
    turn = np.array([[np.cos(skew), -np.sin(skew)], [np.sin(skew), np.cos(skew)]])
    linear = scale * turn @ np.array([[1, shear], [0, stretch]])
    shift = np.clip(rng.normal(0, 2.5, 2), -6, 6) * dpi / 25.4
    centre = np.array([w / 2, h / 2])
    matrix = np.hstack([linear, (centre - linear @ centre + shift)[:, None]])
    return Pass(matrix, (rng.uniform(0, 0.25) * dpi / 25.4, h * rng.uniform(0.5, 1.5), rng.uniform(0, 6.28)))


def _shade(shape: tuple[int, int], dpi: float, rng: np.random.Generator) -> np.ndarray:
    """Shadow at an edge, uneven lamp, and now and then a streak from dirt on the glass; 1 is untouched."""
    h, w = shape
    x, y = np.linspace(0, 1, w, dtype=np.float32), np.linspace(0, 1, h, dtype=np.float32)
    light = 1 - 0.04 * rng.random() * np.abs(x - rng.random())[None] - 0.03 * rng.random() * y[:, None]
    reach = rng.uniform(1, 5) * dpi / 25.4
    edge = np.exp(-np.arange(w, dtype=np.float32) / reach) * rng.uniform(0.1, 0.5)
    light *= 1 - (edge if rng.random() < 0.5 else edge[::-1])[None]
    if rng.random() < 0.3:
        low = np.exp(-np.arange(h, dtype=np.float32) / reach)[::-1] * rng.uniform(0.1, 0.5)
        light *= 1 - low[:, None]
    if rng.random() < 0.15:
        streak = int(rng.uniform(0.05, 0.95) * w)
        light[:, streak : streak + 2] *= rng.uniform(0.8, 0.93)
    return light


def scan_page(frame: np.ndarray, way: Pass, tone: str, dpi: float, rng: np.random.Generator) -> np.ndarray:
    """The filled page (RGB, 0 to 255) as the copier gives it: RGB, grey, or 0/255 for bitonal."""
    lid = (248, 248, 247) if rng.random() < 0.6 else (205, 205, 205)
    image = way.scan(frame, lid).astype(np.float32)
    image *= _shade(image.shape[:2], dpi, rng)[..., None]
    image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.45, 0.85) * dpi / 200)
    noise = rng.normal(0, rng.uniform(2, 6), image.shape[:2]).astype(np.float32)
    image += noise[..., None]
    for _ in range(rng.integers(5, 60)):
        x, y = rng.integers(0, image.shape[1]), rng.integers(0, image.shape[0])
        cv2.circle(image, (int(x), int(y)), int(rng.integers(0, 2)), (rng.uniform(40, 170),) * 3, -1)
    image = np.clip(image, 0, 255)
    if tone == "colour":
        return image.astype(np.uint8)
    grey = image @ np.array([0.3, 0.59, 0.11], np.float32)
    if tone == "grey":
        return grey.astype(np.uint8)
    return np.where(grey < rng.uniform(150, 188), 0, 255).astype(np.uint8)


def encode(image: np.ndarray, tone: str, quality: int) -> tuple[bytes, dict[str, object]]:
    """The image as a PDF stream and the entries of its dictionary."""
    h, w = image.shape[:2]
    memory = io.BytesIO()
    if tone == "bitonal":
        Image.fromarray(image).convert("1").save(memory, "TIFF", compression="group4")
        with Image.open(memory) as tiff:
            start, size = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
            black_is_1 = tiff.tag_v2[262] == 0
        parms = pikepdf.Dictionary(K=-1, Columns=w, Rows=h, BlackIs1=not black_is_1)
        kind = {"BitsPerComponent": 1, "ColorSpace": pikepdf.Name.DeviceGray, "DecodeParms": parms}
        return memory.getvalue()[start : start + size], {**kind, "Filter": pikepdf.Name.CCITTFaxDecode}
    Image.fromarray(image).save(memory, "JPEG", quality=quality)
    space = pikepdf.Name.DeviceRGB if tone == "colour" else pikepdf.Name.DeviceGray
    return memory.getvalue(), {"BitsPerComponent": 8, "ColorSpace": space, "Filter": pikepdf.Name.DCTDecode}


class StackWriter:
    """The copier's file: one image a page, all pages in one PDF."""

    def __init__(self, tone: str, dpi: float):
        self.pdf, self.tone, self.dpi = pikepdf.new(), tone, dpi

    def add(self, image: np.ndarray, quality: int) -> None:
        """Adds one page."""
        data, kind = encode(image, self.tone, quality)
        h, w = image.shape[:2]
        entries = {f"/{key}": value for key, value in kind.items()}
        picture = pikepdf.Stream(
            self.pdf,
            data,
            {
                "/Type": pikepdf.Name.XObject,
                "/Subtype": pikepdf.Name.Image,
                "/Width": w,
                "/Height": h,
                **entries,
            },
        )
        self.pdf.add_blank_page(page_size=(w * 72 / self.dpi, h * 72 / self.dpi))
        page = self.pdf.pages[-1]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        size = f"{w * 72 / self.dpi:.3f} 0 0 {h * 72 / self.dpi:.3f}"
        page.Contents = self.pdf.make_stream(f"q {size} 0 0 cm /Im0 Do Q".encode())

    def save(self, path: str) -> None:
        """Writes the file."""
        self.pdf.save(path, static_id=True)
