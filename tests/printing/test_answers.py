"""Answers on cards: cut out at the question, on white paper, with all that is written, and as large as fits."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import Box
from mssw.printing.answer_pictures import GRIDS, READABLE, AnswerSheet, choose_layout, paste_answers
from mssw.printing.template_files import label_font_path
from mssw.vision.answer_places import cut_answers, find_print

DPI = 100
SIZE = (850, 1100)
PLACE = Box(0.0, 0.25, 1.0, 0.4)  # a question with lines to write on


def page(*written, shade=235, rules=range(340, 700, 40), shadow=False):
    """A page with a choice, and a question with lines; ``written`` is words at places."""
    image = Image.new("L", SIZE, shade)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(label_font_path()), 20)
    for y, text in ((200, "1. Does air weigh something?   Yes   No"), (290, "2. How do you know?")):
        draw.text((80, y), text, fill=20, font=font)
    for y in rules:
        draw.line((80, y, 770, y), fill=120, width=2)
    for at, text in written:
        draw.text(at, text, fill=90, font=font)
    if shadow:
        for x in range(30):
            draw.line((x, 0, x, SIZE[1]), fill=80 + 4 * x)
    return np.asarray(image, np.uint8)


PRINT = find_print(page(), DPI)


def cut(picture):
    return cut_answers(picture, PRINT, [PLACE], DPI)


def test_lines_that_stayed_empty_are_left_out_and_the_paper_is_white():
    (short,) = cut(page(((90, 318), "it gets heavier")))
    (long,) = cut(page(((90, 318), "it gets heavier"), ((90, 518), "when you pump")))

    assert 40 < short.shape[0] < 150 < long.shape[0] < 330
    assert np.median(short) == 255


@pytest.mark.parametrize("shade", [235, 200])
def test_faint_writing_is_not_cut_off(shade):
    picture = page(shade=shade).copy()
    faint = Image.fromarray(picture)
    font = ImageFont.truetype(str(label_font_path()), 20)
    ImageDraw.Draw(faint).text((90, 598), "and harder", fill=shade - 35, font=font)

    (answer,) = cut(np.asarray(faint, np.uint8))

    assert answer.shape[0] > 330


def test_what_is_written_between_the_questions_is_shown_with_its_question():
    choice, answer = cut(page(((380, 222), "YES!!"), ((90, 318), "it gets heavier")))
    (joined,) = cut(page(((380, 262), "look here"), ((90, 318), "it gets heavier")))

    assert (choice[:30] < 100).any(), "the print above it is shown with it"
    assert joined.shape[0] > answer.shape[0] + 20


def test_a_covered_name_is_no_answer_and_a_shadow_makes_no_answer_longer():
    signed = page(((90, 60), "Andrea"), ((90, 318), "it gets heavier"), shadow=True)
    cover = Box(0.08, 0.05, 0.3, 0.03)

    answers = cut_answers(signed, PRINT, [PLACE], DPI, [cover])

    assert [one.shape[0] < 150 for one in answers] == [True]
    assert answers[0].min(axis=0)[:5].mean() > 200


def test_a_page_without_a_question_is_shown_from_its_first_to_its_last_line():
    (whole,) = cut_answers(page(((90, 318), "it gets heavier")), None, [], DPI)

    assert 100 < whole.shape[0] < 250


def test_answers_stand_in_their_order_as_large_as_fits():
    sizes = [(800, 100), (800, 300), (800, 200)]
    wide, tall = choose_layout(sizes, (1620, 420), 20, 1.0), choose_layout(sizes, (420, 1000), 20, 1.0)

    assert (wide.scale, wide.columns) == (1.0, ((0, 1), (2,)))
    assert tall.columns == ((0, 1, 2),)
    assert tall.scale == pytest.approx(420 / 800)
    sheet = Image.new("L", (1620, 420), 255)
    paste_answers(sheet, [Image.new("L", size, 0) for size in sizes], wide, (0, 0), 20)
    assert np.asarray(sheet)[:, :800].any(axis=1).sum() == 20
    assert np.asarray(sheet)[:200, 820:].max() == 0


@pytest.mark.parametrize("room", [(50, 50), (2000, 30), (30, 2000)])
def test_every_answer_is_shown_however_little_room_there_is(room):
    layout = choose_layout([(800, 1000)] * 9, room, 4, 1.0)

    assert sorted(place for column in layout.columns for place in column) == list(range(9))
    assert layout.scale > 0


@pytest.mark.parametrize("heights", [(100,), (200, 150, 250), (300, 300, 400), (500, 900, 700)])
def test_a_sheet_has_as_many_responses_as_can_be_read(heights):
    sheet = AnswerSheet.of((612, 792), 150, 100)
    sizes = [(720, height) for height in heights]
    grid = sheet.choose_grid([sizes] * 9)
    larger = GRIDS[: GRIDS.index(grid)]

    assert grid == GRIDS[-1] or sheet.lay_out(sizes, grid).scale >= READABLE * 150 / 100
    assert all(sheet.lay_out(sizes, one).scale < READABLE * 150 / 100 for one in larger)


def test_aliases_are_beside_answers_on_a_broad_card_and_above_them_on_a_narrow_one():
    sheet, sizes = AnswerSheet.of((576, 756), 200, 150), [(900, 220)] * 7
    broad, narrow = (sheet.place_aliases(["Sheridan", "Bo"], [sizes], grid) for grid in ((1, 3), (2, 3)))

    assert broad.lay_out(sizes, (1, 3)).scale > 1.05 * sheet.lay_out(sizes, (1, 3)).scale
    assert narrow == sheet
    drawn = np.asarray(broad.draw([("Sheridan", [Image.new("RGB", size) for size in sizes])], (1, 3)).convert("L"))
    right = np.flatnonzero((drawn[: drawn.shape[0] // 3] < 100).any(axis=0)).max()
    assert 0.85 * drawn.shape[1] < right < drawn.shape[1] - 4 / 25.4 * 200 + 1


def test_one_long_response_does_not_make_a_sheet_for_each_of_the_others():
    sheet = AnswerSheet.of((612, 792), 150, 100)
    short, long = [(720, 150)] * 2, [(720, 900)] * 8

    assert sheet.choose_grid([short] * 9 + [long]) == sheet.choose_grid([short] * 10)


def test_the_answer_to_one_question_is_the_same_with_or_without_the_others():
    picture = page(((90, 318), "it gets heavier"), ((90, 860), "my teacher said so"))
    places = [PLACE, Box(0.0, 0.72, 1.0, 0.15)]

    first, second = cut_answers(picture, PRINT, places, DPI)
    (alone,) = cut_answers(picture, PRINT, places, DPI, only=1)

    assert first.shape != second.shape
    assert np.array_equal(alone, second)
