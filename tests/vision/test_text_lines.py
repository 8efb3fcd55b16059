"""Lines of writing where they are hard to see: small words in drawings, and words on a slope."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.vision.recogniser import recogniser
from mssw.vision.text_lines import find_written_lines
from support.handwritten import DPI, blank_page, draw

pytestmark = pytest.mark.pages


def read(page: np.ndarray) -> set[str]:
    """What the lines on a page say, as letters."""
    lines, _ = find_written_lines(page, page < 200, DPI)
    texts = (recogniser().read_closely(line.crop(page)).text for line in lines)
    return {"".join(sign for sign in text.casefold() if sign.isalpha()) for text in texts}


@pytest.mark.parametrize(("font", "size"), [("architects-daughter", 19), ("patrick-hand", 22), ("indie-flower", 21)])
def test_small_words_in_and_at_drawings_are_found(font, size):
    page = blank_page()
    for n, name in enumerate(("Leah", "Maya", "Aisha", "Mina")):
        x = 220 + 240 * n
        cv2.circle(page, (x, 1220), 52, 140, 4)
        cv2.line(page, (x, 1272), (x, 1400), 140, 4)
        draw(page, name, x - 54, 1206, size=size, ink=150, font=font)
    draw(page, "We read a story about a fox and a hen.", 130, 250, size=36, ink=140)
    found = read(page)
    assert [name for name in ("leah", "maya", "aisha", "mina") if not any(name[1:] in text for text in found)] == []


def test_words_under_the_bars_of_a_graph_are_read_along_their_slope():
    for degrees in (40, 50, 62, 70):
        page = blank_page()
        for n, name in enumerate(("Kiara", "Maya", "Omar")):
            word = blank_page(400, 400)
            draw(word, name, 150, 180, size=40, font="architects-daughter")
            turn = cv2.getRotationMatrix2D((200, 200), degrees, 1)
            page[900:1300, 100 + 380 * n : 500 + 380 * n] = cv2.warpAffine(word, turn, (400, 400), borderValue=255)
        assert {"kiara", "maya", "omar"} <= read(page), degrees


def test_a_level_line_is_found_once():
    page = blank_page()
    draw(page, "The ball is heavier with more air", 130, 400)
    assert len(find_written_lines(page, page < 200, DPI)[0]) == 1
