"""Pages that a class made itself and that share print: the same page twice, or two pages in one layout."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mssw.vision.consensus import DARK, LAID, Common, Lying
from mssw.vision.ink import Grey, Mask
from mssw.vision.register import ACCEPTED, lay
from mssw.vision.sheets import BlankPage, Sheet

DIFFERENT_MM2 = 1.2  # of ink that only one of two pages has: less is what handwriting left
STRAY_MM = 0.5  # between the same print on two pages
JOINED_MM = (1.5, 5.0)  # down and across: the letters of a word, and its neighbours
AROUND_MM = 2.5


def laid_over(one: Common, other: Common) -> list[Lying]:
    """How the scans of another page lie in the frame of this one, by the print that the two share."""
    place = lay(BlankPage(1, one.image), Sheet(other.image))
    if place.matrix is None or place.score < LAID:
        return list(other.lying)
    return [replace(scan, matrix=scan.matrix @ place.matrix) for scan in other.lying]


def same_print(one: Common, other: Common) -> bool:
    """Whether two commons show one printed page, each having the other's print."""
    there = lay(BlankPage(1, one.image), Sheet(other.image)).score
    return there >= ACCEPTED and lay(BlankPage(1, other.image), Sheet(one.image)).score >= ACCEPTED


def sharing(one: Grey, other: Grey, dpi: float) -> Grey | None:
    """Another page with the first one's pixels, but for the words that only one of the two has.

    Where they differ tells such pages apart, so they must not differ in the traces of handwriting.

    Args:
        one: the first page.
        other: the other one, laid over it.
        dpi: of both.

    Returns:
        None where they have the same words.
    """
    mm = dpi / 25.4
    near = np.ones((2 * round(STRAY_MM * mm) + 1,) * 2, np.uint8)
    first, second = ((grey < 255 - 2 * DARK).astype(np.uint8) for grey in (one, other))
    single = np.asarray(((first > 0) & ~_grown(second, near)) | ((second > 0) & ~_grown(first, near)))
    joined = cv2.dilate(single.astype(np.uint8), np.ones([round(side * mm) | 1 for side in JOINED_MM], np.uint8))
    count, label = cv2.connectedComponents(joined)
    words = np.bincount(label[single], minlength=count) >= DIFFERENT_MM2 * mm**2
    words[0] = False
    if not words.any():
        return None
    around = np.ones((2 * round(AROUND_MM * mm / 2) + 1,) * 2, np.uint8)
    apart = cv2.dilate(words[label].astype(np.uint8), around) > 0
    return np.asarray(np.where(apart, other, one), np.uint8)


def _grown(ink: Grey, by: Grey) -> Mask:
    return np.asarray(cv2.dilate(ink, by) > 0)
