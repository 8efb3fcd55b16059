"""Cover names on the pixels themselves, draw the line for the name again, and write the alias where the name was."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.vision.ink import Pixels

Lettering = Callable[[str, int], NDArray[np.uint8]]  # words and height in pixels to coverage, 0 to 255

PAPER, OUTLINE, TYPE = 255, 110, 20
TALL = 2.0  # times its width: in a field so tall the alias runs upwards
ALIAS_MM = 5.0
LABEL_MM = 3.2
RULE_MM = 0.25
ABOVE_RULE_MM = 0.7  # from the letters' lowest part down to the line: touching it, they are harder to read
SMALLEST = 8  # pixels of an alias's height that can still be read
EDGE_MM = 9.0  # printers cut the outer 4 to 6 mm


def cover(pixels: Pixels, boxes: Sequence[Box]) -> Pixels:
    """A copy with the boxes painted as plain paper."""
    out = pixels.copy()
    _paint(out, boxes)
    return out


def _paint(pixels: Pixels, boxes: Sequence[Box]) -> None:
    """Paint places as plain paper, in place."""
    height, width = pixels.shape[:2]
    for box in boxes:
        left, top, right, bottom = box.to_pixels(width, height)
        pixels[top:bottom, left:right] = PAPER


def draw_rules(pixels: Pixels, rules: Sequence[Box], dpi: float, *, beside: Sequence[Box] = ()) -> None:
    """Draw in place the straight lines of the blank that a field's cover took away, level and where the blank has them.

    Nothing is taken from the scan, on which a copier may have moved them: alias and audit go by the blank's place.

    Args:
        pixels: the covered page, (height, width) or (height, width, 3) uint8.
        rules: the lines, each as far as it is covered.
        dpi: of the page.
        beside: other covers, which stay plain.
    """
    height, width = pixels.shape[:2]
    thick = max(1, round(RULE_MM * dpi / 25.4))
    for rule in rules:
        left, _, right, _ = rule.to_pixels(width, height)
        top = round((rule.y + rule.h / 2) * height - thick / 2)
        pixels[max(0, top) : top + thick, left:right] = OUTLINE
    _paint(pixels, beside)


def sign(
    pixels: Pixels,
    box: Box,
    alias: str,
    dpi: float,
    lettering: Lettering,
    *,
    beside: Sequence[Box] = (),
    rule: Box | None = None,
) -> None:
    """Write the alias into a covered name field in place, as if the student had: on its line, or else in an outline.

    Args:
        pixels: the covered page, (height, width) or (height, width, 3) uint8.
        box: the field.
        alias: what to write.
        dpi: of the page.
        lettering: sets the words.
        beside: other covers; where one overlaps the field, the name ran out there, and no outline is drawn on it.
        rule: the field's line, which is drawn already; None where it has none.
    """
    height, width = pixels.shape[:2]
    left, top, right, bottom = box.to_pixels(width, height)
    mm = dpi / 25.4
    if rule is None:
        _outline(pixels, box, beside, mm)
    is_tall = bottom - top > TALL * (right - left)
    along, across = (bottom - top, right - left) if is_tall else (right - left, bottom - top)
    inset = round(min(2 * mm, along / 10))
    tall = min(round(ALIAS_MM * mm), round(across * 0.62))
    words = _fit(alias, tall, along - 2 * inset, lettering)
    if is_tall:  # a field up the margin
        words = np.rot90(words)
        _write(pixels, words, left + (across - words.shape[1]) // 2, bottom - inset - words.shape[0])
        return
    y = top + (across - words.shape[0]) // 2
    if rule is not None:
        floor = round(rule.y * height - ABOVE_RULE_MM * mm)
        y = max(top, min(floor, bottom) - words.shape[0])
    _write(pixels, words, left + inset, y)


def _outline(pixels: Pixels, box: Box, beside: Sequence[Box], mm: float) -> None:
    """Draw a frame around a covered field in place, but not where another cover overlaps it."""
    height, width = pixels.shape[:2]
    left, top, right, bottom = box.to_pixels(width, height)
    cv2.rectangle(pixels, (left, top), (right - 1, bottom - 1), (OUTLINE,) * 3, max(1, round(0.18 * mm)))
    _paint(pixels, beside)


def label(pixels: Pixels, ink: NDArray[np.bool_], text: str, dpi: float, lettering: Lettering) -> None:
    """Write alias and page number in place at the page's edge, where least is written.

    Args:
        pixels: the covered page.
        ink: where anything is printed or written, the same height and width.
        text: what to write.
        dpi: of both.
        lettering: sets the words.
    """
    height, width = pixels.shape[:2]
    mm = dpi / 25.4
    words = lettering(text, round(LABEL_MM * mm))
    tall, wide = words.shape
    edge = round(EDGE_MM * mm)
    low, high = height - edge - tall, edge
    places = [(x, y) for y in (low, high) for x in (width - edge - wide, edge, (width - wide) // 2)]
    pad = round(1.0 * mm)
    taken = [int(ink[max(0, y - pad) : y + tall + pad, max(0, x - pad) : x + wide + pad].sum()) for x, y in places]
    x, y = places[int(np.argmin(taken))]
    _write(pixels, words, x, y)


def _fit(text: str, tall: int, room: int, lettering: Lettering) -> NDArray[np.uint8]:
    """The words at that height, or as much smaller as they must be for the room."""
    words = lettering(text, tall)
    while words.shape[1] > room and tall > SMALLEST:
        tall = max(SMALLEST, min(tall - 1, int(tall * room / words.shape[1])))
        words = lettering(text, tall)
    return words


def _write(pixels: Pixels, words: NDArray[np.uint8], x: int, y: int) -> None:
    """Ink the words onto the page, as far as they fall on it."""
    height, width = pixels.shape[:2]
    x, y = max(0, x), max(0, y)
    words = words[: height - y, : width - x]
    place = pixels[y : y + words.shape[0], x : x + words.shape[1]]
    strength = words.astype(np.float32) / 255
    if pixels.ndim == 3:
        strength = strength[..., None]
    place[:] = (place * (1 - strength) + TYPE * strength).astype(np.uint8)
