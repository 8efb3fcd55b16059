"""A page that matches no blank is turned upright and straightened, and nothing on it is cut off."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.vision.orientation import find_turns, stand_upright
from support import printed


def bubble_page():
    """An answer sheet: a line or two of words, and columns of circles with one letter each."""
    page = np.full((printed.HEIGHT, printed.WIDTH), 255, np.uint8)
    cv2.putText(page, "Answer sheet for the winter test", (120, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 0, 3)
    cv2.putText(page, "Fill in one circle for each question", (120, 200), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    for column in range(8):
        for row in range(24):
            x, y = 150 + 120 * column, 320 + 52 * row
            cv2.circle(page, (x, y), 18, 0, 2)
            cv2.putText(page, "ABCD"[column % 4], (x - 9, y + 9), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 90, 2)
    return page


@pytest.mark.pages
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_columns_of_circles_do_not_lay_an_answer_sheet_on_its_side(quarters):
    page = np.ascontiguousarray(np.rot90(bubble_page(), quarters))
    assert stand_upright(page).turn == 90 * quarters
    assert find_turns(page) == quarters


@pytest.mark.pages
@pytest.mark.parametrize("degrees", [-18.0, 4.0, 14.0])
def test_a_skewed_page_is_straightened_and_nothing_is_cut_off(degrees):
    page = printed.printed_page(3, lines=22)
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.8)
    skewed = cv2.warpAffine(page, turn, (width, height), borderValue=255)
    skewed[10:60, 10:22] = skewed[10:22, 10:60] = 0  # something in the corner, which the old frame would lose

    upright = stand_upright(skewed)

    lean = np.degrees(np.arctan2(upright.matrix[1, 0], upright.matrix[0, 0]))
    assert abs(lean + degrees) < 0.5
    corner = np.linalg.inv(upright.matrix) @ [30.0, 30.0, 1.0]
    assert 0 <= corner[0] < upright.shape[1]
    assert 0 <= corner[1] < upright.shape[0]
