"""A page that was photographed instead of scanned: laid flat and evenly lit, and then a page like any other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from mssw.core.page import Tone
from mssw.formats.photos import Picture, as_picture
from mssw.formats.scans import is_pdf
from mssw.vision.ink import Matrix, Pixels
from mssw.vision.lighting import even_lighting, is_uneven
from mssw.vision.photo import flatten_photo
from mssw.vision.registration import measure_share_shown

LETTER, LEGAL, LEDGER, A4 = (612.0, 792.0), (612.0, 1008.0), (792.0, 1224.0), (595.276, 841.89)
PHOTOGRAPHED = (LETTER, A4)  # what a sheet in a photo is taken for if there is no task
SAME_PROPORTIONS = 0.015  # to which scanners keep to those of the paper; a phone's frame is 3 to 4
SHOWN = 0.95  # of the task's page: if less is on the photo, something that the student wrote may be missing
PARTLY_OUTSIDE = "part of the page lies outside the photo"

Size = tuple[float, float]


def as_sheet(source: Path, picture: Picture, sizes: Sequence[Size] = ()) -> Picture:
    """Lay the sheet of paper that a photo shows flat and light it evenly; the very same picture if it is no photo.

    A page of a PDF is taken for a photo only if it does not have the proportions of paper, as scanners' pages do.

    Args:
        source: the file that the picture comes from.
        picture: as decoded.
        sizes: width and height in points of the pages of the task; none for US Letter or A4.
    """
    if picture.tone is Tone.BITONAL or (is_pdf(source) and _has_paper_proportions(picture.points)):
        return picture
    papers = list(dict.fromkeys(sizes)) or list(PHOTOGRAPHED)
    ratios = {round(min(size) / max(size), 2) for size in papers}
    # the proportions of the task's only size help to find the sheet; else the nearer of Letter and A4 is taken
    flat = flatten_photo(picture.pixels, min(papers[0]) / max(papers[0]) if len(ratios) == 1 else None)
    if flat is not None:
        return _fit_paper(flat, picture.tone, papers)
    if is_uneven(picture.pixels):
        return as_picture(even_lighting(picture.pixels), picture.dpi, picture.tone, picture.points)
    return picture


def is_cut_off(source: Path, matrix: Matrix, blank: tuple[int, ...], seen: tuple[int, ...]) -> bool:
    """Whether a photo shows too little of the page.

    Args:
        source: the file that it comes from; pages of a PDF count as whole.
        matrix: from the blank's pixels to the picture's.
        blank: shape of the blank, (height, width).
        seen: shape of the picture.
    """
    return not is_pdf(source) and measure_share_shown(matrix, blank, seen) < SHOWN


def _fit_paper(pixels: Pixels, tone: Tone, papers: Sequence[Size]) -> Picture:
    """Flattened pixels as a picture of the paper with the nearest proportions."""
    height, width = pixels.shape[:2]
    upright = [tuple(sorted(size)) for size in papers]
    short, long = min(upright, key=lambda size: abs(size[0] / size[1] - min(width, height) / max(width, height)))
    points = (long, short) if width > height else (short, long)
    return as_picture(pixels, max(width, height) / long * 72, tone, points)


def _has_paper_proportions(points: Size) -> bool:
    seen = max(points) / min(points)
    return any(abs(math.log(seen * min(size) / max(size))) < SAME_PROPORTIONS for size in (LETTER, LEGAL, LEDGER, A4))
