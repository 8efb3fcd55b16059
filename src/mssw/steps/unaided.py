"""A page beside which no blank lies: turned upright by its own text, and the name's place proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mssw.core.page import Box, Mark, MarkKind
from mssw.formats.scans import OUTPUT_DPI, Picture
from mssw.steps.blank import ANALYSIS_DPI
from mssw.vision.blank_page import BlankPage, once
from mssw.vision.ink import NOTHING_MM2, Grey, Mask, Pixels
from mssw.vision.name_place import likely_places, places_without_blank
from mssw.vision.orientation import stand_upright
from mssw.vision.printed_labels import ink_on, rules_on
from mssw.vision.registration import laid_on, mask_laid_on, straightened
from mssw.vision.writing import Pieces, ink_beside, print_of

LITTLE_MM2 = 150.0  # of ink: a name, a class and a date, and no answer
LIKELY_PLACE = 0.3  # how much writing at the head or the foot is worth as a name
EMPTY = "nothing was found on this page to read, so no place for a name could be proposed"


@dataclass(frozen=True)
class Unaided:
    """A page as it was found without a blank.

    Attributes:
        pixels: upright and straight.
        flat: the same as grey at the resolution of the analysis.
        dirt: where the scanner drew streaks of its own, of the shape of ``flat``.
        points: its size.
        turn: degrees clockwise that it was turned by.
        covers: what is proposed.
        doubt: how that was found.
    """

    pixels: Pixels
    flat: Grey
    dirt: Mask
    points: tuple[float, float]
    turn: int
    covers: tuple[Mark, ...]
    doubt: str


def look_unaided(picture: Picture, grey: Grey, dirt: Mask, ink: float, labels: Sequence[str]) -> Unaided:
    """Turn a page upright and propose where its name stands.

    Args:
        picture: the page as scanned.
        grey: the same at the resolution of the analysis.
        dirt: where the scanner drew streaks of its own, of the shape of ``grey``.
        ink: mm² of strong ink on it.
        labels: further labels for a name, as the teacher wrote them.

    Raises:
        EngineError: the model that reads is missing or is another.
    """
    stands = stand_upright(grey)
    if not stands.lines and ink < NOTHING_MM2:
        return Unaided(picture.pixels, grey, dirt, picture.points, 0, (), EMPTY)
    flat = laid_on(grey, stands.matrix, stands.shape)
    streaks = mask_laid_on(dirt, stands.matrix, stands.shape)
    places = places_without_blank(flat, ANALYSIS_DPI, stands.lines, more=labels, dirt=streaks)
    pixels, points = picture.pixels, picture.points
    if stands.turn in {90, 270}:
        points = points[::-1]
    if not np.array_equal(stands.matrix, np.eye(3)):
        grow = min(picture.dpi, OUTPUT_DPI) / ANALYSIS_DPI
        pixels = straightened(pixels, stands.matrix, grey.shape, stands.shape, grow=grow)
    return Unaided(pixels, flat, streaks, points, stands.turn, places.covers, places.doubt)


def places_beside_blank(ink: Mask, blank: BlankPage, fields: Sequence[Box]) -> tuple[Mark, ...]:
    """Where a name may stand on a page whose name field is empty, or on which none is printed.

    Args:
        ink: the page's new ink.
        blank: the blank page that it lies on.
        fields: the name fields on it.
    """
    pieces = Pieces(ink, ANALYSIS_DPI, print_of(blank, ANALYSIS_DPI))
    return _marks(likely_places(pieces, fields, _rules_of(blank)))


@once
def _rules_of(blank: BlankPage) -> Mask:
    """The rules that are printed on a page of the task."""
    return rules_on(ink_on(blank.grey), ANALYSIS_DPI, ())


def places_on_stray(grey: Grey, dirt: Mask) -> tuple[Mark, ...]:
    """Where a name may stand on a page that matches nothing and on which little is written, as on a sheet's back."""
    nothing = np.zeros(grey.shape, bool)
    strong = cv2.morphologyEx(ink_on(grey).astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)) > 0
    ink = writing_without_blank(grey, dirt) & (cv2.dilate(strong.astype(np.uint8), np.ones((5, 5))) > 0)
    return _marks(likely_places(Pieces(ink, ANALYSIS_DPI, nothing), (), nothing, anywhere=True))


def writing_without_blank(grey: Grey, dirt: Mask) -> Mask:
    """All that is dark on a page, print and hand alike, but for the scanner's own streaks."""
    return ink_beside(grey, np.zeros(grey.shape, bool), ANALYSIS_DPI, dirt)


def _marks(boxes: Sequence[Box]) -> tuple[Mark, ...]:
    return tuple(Mark(box, MarkKind.PLACE, "ink", LIKELY_PLACE) for box in boxes)
