"""Read printed words from a page, with the OCR models that ``rapidocr`` carries; nothing is downloaded.

Takes a page and where its lines stand, or the page alone, returns words with their places.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from mssw.core.page import Box
from mssw.vision.ink import Grey
from mssw.vision.recogniser import HEIGHT, recogniser

FRAME = 8  # pixels of a line 48 high that one of the recogniser's frames sees
CHUNK = 22.0  # heights of a line that are read at a time; a longer one is read in parts
LEAST_TALL = 3  # letters: a single digit is tall too
TALL = 1.5  # times its width: a line so tall runs up or down the page
SURE_WORD = 0.5  # confidence of a word that counts, where rapidocr itself reads the page


@dataclass(frozen=True)
class ReadWord:
    """A word as it was read. Its repr shows nothing of it.

    Attributes:
        text: its letters.
        box: its place in pixels: left, top, right, bottom.
    """

    text: str
    box: tuple[int, int, int, int]

    def __repr__(self) -> str:
        return f"Word at {self.box}"


def read_words(grey: Grey, place: tuple[int, int, int, int]) -> list[ReadWord]:
    """The words of one line of an upright page, cut at spaces and at wide gaps.

    Args:
        grey: the page.
        place: of the line, in pixels: left, top, right, bottom.
    """
    left, top, right, bottom = place
    longest = max(1, round(CHUNK * (bottom - top)))
    words: list[ReadWord] = []
    while left < right:
        end = right if right - left <= longest else _gap_before(grey, (left, top, left + longest, bottom))
        words += _read(grey, (left, top, end, bottom))
        left = end
    return words


def _gap_before(grey: Grey, place: tuple[int, int, int, int]) -> int:
    """Where to cut a line that is too long to be read at once: in the lightest columns of its last third."""
    left, top, right, bottom = place
    first = left + 2 * (right - left) // 3
    columns = cv2.blur(grey[top:bottom, first:right].mean(axis=0, dtype=np.float32)[None], (9, 1))[0]
    return first + int(np.argmax(columns))


def _read(grey: Grey, place: tuple[int, int, int, int]) -> list[ReadWord]:
    left, top, right, bottom = place
    if right - left < 4 or bottom - top < 4:
        return []
    line = grey[top:bottom, left:right]
    reading = recogniser().read(line)
    step = FRAME * (bottom - top) / HEIGHT
    places = [left + (frame + 0.5) * step for frame in reading.at]
    words: list[ReadWord] = []
    text, begins = "", float(left)
    for number, sign in enumerate(reading.text):
        last = number + 1 == len(places)
        if not sign.isspace():
            text += sign
        parts = last or reading.text[number + 1].isspace() or (sign == ":" and text != ":")
        if text and not sign.isspace() and parts:
            until = number + 1
            while until < len(places) and reading.text[until].isspace():
                until += 1
            ends = float(right) if until >= len(places) else _between(line, places[number] - left, places[until] - left)
            ends = ends if until >= len(places) else left + ends
            words.append(ReadWord(text, _tight(grey, (round(begins), top, round(ends), bottom))))
            text, begins = "", ends
    return words


def _between(line: Grey, one: float, other: float) -> float:
    """The middle of the widest gap in the ink between two letters' places."""
    first, last = max(0, round(one)), min(line.shape[1], round(other) + 1)
    if last - first < 3:
        return (one + other) / 2
    inked = line[:, first:last].min(axis=0) < _threshold(line)
    best, start = (0, (last - first) // 2), None
    for x, dark in enumerate([*inked, True]):
        if not dark and start is None:
            start = x
        if dark and start is not None:
            best, start = max(best, (x - start, (x + start) // 2)), None
    return float(first + best[1])


def _threshold(line: Grey) -> float:
    paper, dark = float(np.percentile(line, 90)), float(line.min())
    return paper - 0.35 * (paper - dark)


def _tight(grey: Grey, place: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """A word's place without the paper at its sides."""
    left, top, right, bottom = place
    if right - left < 3:
        return place
    crop = grey[top:bottom, left:right]
    inked = np.flatnonzero(crop.min(axis=0) < _threshold(crop))
    return (left + int(inked[0]), top, left + int(inked[-1]) + 1, bottom) if len(inked) else place


def place_words(words: list[ReadWord], shape: tuple[int, ...]) -> list[tuple[str, Box]]:
    """Words with their places in fractions of a page of that (height, width)."""
    return [(word.text, Box.from_pixels(*word.box, shape[1], shape[0])) for word in words]


def read_page_words(grey: Grey) -> list[tuple[str, Box]]:
    """The printed words of a page with their places, in reading order.

    Args:
        grey: the page, (height, width) uint8; 150 dpi or more.
    """
    from rapidocr import RapidOCR  # noqa: PLC0415 - a second to load, and only tasks without text need it

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    engine = RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False})
    result: Any = engine(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), return_word_box=True)
    height, width = grey.shape[:2]
    # on a page without text the engine gives a line that is no line: empty words, or words that are nowhere
    lines = [[word for word in line if isinstance(word, tuple | list)] for line in result.word_results or ()]
    found: list[tuple[str, Box]] = []
    for line in filter(None, lines):
        whole = _box([point for _, _, corners in line for point in np.reshape(corners, (-1, 2))], width, height)
        tall = _read_tall(grey, whole) if sum(len(str(text)) for text, _, _ in line) >= LEAST_TALL else None
        read = [tall] if tall else [(str(text), _box(corners, width, height), score) for text, score, corners in line]
        found += [(text, box) for text, box, score in read if score > SURE_WORD]
    return found


def _read_tall(grey: Grey, box: Box) -> tuple[str, Box, float] | None:
    """Read a line that runs up or down the page both ways: the engine turns it one way only. None for a level line."""
    left, top, right, bottom = box.to_pixels(grey.shape[1], grey.shape[0])
    if bottom - top < TALL * (right - left):
        return None
    pad = (right - left) // 6
    word = grey[max(0, top - pad) : bottom + pad, max(0, left - pad) : right + pad]
    both = (recogniser().read(np.ascontiguousarray(np.rot90(word, turn))) for turn in (1, 3))
    best = max(both, key=lambda reading: reading.confidence)
    return best.text.strip(), box, best.confidence


def _box(corners: Any, width: int, height: int) -> Box:
    points = np.asarray(corners, float).reshape(-1, 2)
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return Box.from_pixels(left, top, right, bottom, width, height)
