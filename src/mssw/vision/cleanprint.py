"""The words of a page on which nothing but print stands."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mssw.model.page import Box
from mssw.vision.consensus import RULE_MM
from mssw.vision.ink import Grey, Mask, rules
from mssw.vision.textlines import as_words, read_words, text_quads

PAPER = 160  # grey levels that are lighter than print
ROOM = 0.3  # of a word's height, over and under it, as a text layer has it


def clean_words(image: Grey, dpi: float) -> list[tuple[str, Box]]:
    """The words of a page with their places, line by line.

    Args:
        image: upright and straight, (height, width) uint8.
        dpi: of it.
    """
    words = []
    for quad in text_quads(image):
        (left, top), (right, bottom) = np.floor(quad.min(axis=0)), np.ceil(quad.max(axis=0))
        place = (max(0, int(left)), max(0, int(top)), min(image.shape[1], int(right)), min(image.shape[0], int(bottom)))
        words += read_words(image, place)
    ink = np.asarray(image < PAPER)
    lines = cv2.dilate(rules(ink, round(RULE_MM * dpi / 25.4)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    text = np.asarray(ink & ~lines)
    return as_words([replace(word, box=_tight(text, word.box)) for word in words], image.shape)


def _tight(text: Mask, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """A word's place without the rules beside it, and with a little paper over and under it."""
    left, top, right, bottom = box
    rows, columns = np.nonzero(text[top:bottom, left:right])
    if not len(rows):
        return box
    first, last = top + int(rows.min()), top + int(rows.max()) + 1
    room = round(ROOM * (last - first))
    return left + int(columns.min()), max(top, first - room), left + int(columns.max()) + 1, min(bottom, last + room)
