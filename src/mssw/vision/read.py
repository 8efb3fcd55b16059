"""Read printed words from an image, with the OCR models that are bundled in ``rapidocr``; nothing is downloaded."""

from __future__ import annotations

import logging
from typing import Any

import cv2
import numpy as np

from mssw.model.page import Box
from mssw.vision.ink import Grey

SURE = 0.5


def printed_words(grey: Grey) -> list[tuple[str, Box]]:
    """The printed words of a page with their places, in reading order.

    Args:
        grey: the page, (height, width) uint8; 150 dpi or more.
    """
    from rapidocr import RapidOCR  # noqa: PLC0415 - a second to load, and only tasks without text need it

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    engine = RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False})
    result: Any = engine(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), return_word_box=True)
    height, width = grey.shape[:2]
    words = [word for line in result.word_results or () for word in line]
    return [(str(text), _box(corners, width, height)) for text, score, corners in words if score > SURE]


def _box(corners: Any, width: int, height: int) -> Box:
    points = np.asarray(corners, float).reshape(-1, 2)
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return Box.from_pixels(left, top, right, bottom, width, height)
