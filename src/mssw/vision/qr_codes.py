"""Read the square codes on a page, whichever way it lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import zxingcpp

from mssw.core.page import Box
from mssw.vision.ink import Grey, resize_to

AROUND = 0.2  # of a code's side: the paper around it, and the line of type under it
FINE = 1.5  # times the resolution, for a code that did not read at once
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
COARSE_SIDE = 1400  # pixels of a page's long side: grain and broken edges go


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A code that was read.

    Attributes:
        text: what it says.
        box: where it stands, the paper around it included, in fractions of the page as given.
    """

    text: str
    box: Box


def read_codes(grey: Grey, prefix: str, *, quick: bool = False) -> list[SeenCode]:
    """The square codes on a page with a text that begins with ``prefix``; each text once.

    A page as it is comes first. Only where nothing is read, it is looked at larger and then smaller, which finds codes
    that a copier has broken up.

    Args:
        grey: the page, (height, width) uint8, in any turn.
        prefix: of the texts to look for.
        quick: only look at the page as it is, to know that nothing can be read there by anybody.
    """
    long = max(grey.shape)
    for side in (long,) if quick else (long, round(long * FINE), COARSE_SIDE):
        page = grey if side == long else resize_to(grey, side)
        found = _read(page, prefix)
        if found:
            return found
    return []


def _read(page: Grey, prefix: str) -> list[SeenCode]:
    height, width = page.shape
    found = zxingcpp.read_barcodes(np.ascontiguousarray(page), formats=_QR)
    seen: dict[str, SeenCode] = {}
    for code in found:
        if not (code.valid and code.text.startswith(prefix)):
            continue
        corners = (
            code.position.top_left,
            code.position.top_right,
            code.position.bottom_right,
            code.position.bottom_left,
        )
        xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
        around = AROUND * max(max(xs) - min(xs), max(ys) - min(ys))
        left, top = max(0.0, min(xs) - around), max(0.0, min(ys) - around)
        right, bottom = min(width, max(xs) + around), min(height, max(ys) + around)
        seen.setdefault(code.text, SeenCode(code.text, Box.from_pixels(left, top, right, bottom, width, height)))
    return list(seen.values())
