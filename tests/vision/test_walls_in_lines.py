"""The walls of a table's cells, which the recogniser reads as letters of the word beside them."""

from __future__ import annotations

import numpy as np
import pytest

from mssw.names.student import Roster, Student
from mssw.preparing import name_reading
from mssw.preparing.kept_readings import PageReading
from mssw.preparing.name_reading import SearchTerms, find_terms
from mssw.vision.letter_boxes import without_printed_walls
from mssw.vision.recogniser import recogniser
from mssw.vision.text_lines import Line
from support.handwritten import blank_page, draw
from support.read_lines import reading_of

LEFT, TOP, A_FRAME = 100, 40, 6


def seen(text: str, walls: set[int], *, aside: int = 0) -> str:
    """What a line says where nothing is written at those signs; strokes lie that many pixels beside their frames."""
    reading = reading_of(text)
    width = A_FRAME * len(reading.letters)
    ink = np.zeros((120, 900), bool)
    for n, (sign, at) in enumerate(zip(reading.text, reading.at, strict=True)):
        if n not in walls and not sign.isspace():
            start = LEFT + A_FRAME * at + aside
            ink[TOP : TOP + 30, start : start + 2 * A_FRAME] = True
    line = Line(LEFT + width / 2, TOP + 15, float(width), 40.0, 0.0)
    return without_printed_walls(reading, line, ink).text


@pytest.mark.parametrize(
    ("text", "walls", "said"),
    [
        ("lOmar", {0}, "Omar"),
        ("IWill", {0}, "Will"),
        ("|Martina|", {0, 8}, "Martina"),
        ("Omarl", {4}, "Omar"),
        ("lOmar IKim", {0, 6}, "Omar  Kim"),
        ("| Omar", {0}, "Omar"),
    ],
)
def test_a_wall_on_which_nobody_wrote_is_no_letter(text, walls, said):
    assert seen(text, walls).strip() == said


@pytest.mark.parametrize("aside", [-3, 0, 3])
@pytest.mark.parametrize("text", ["lily", "Ian", "all", "I am", "Will I", "it will"])
def test_a_letter_that_was_written_stays(text, aside):
    assert seen(text, set(), aside=aside) == text


@pytest.mark.parametrize("font", ["caveat", "architects-daughter", "patrick-hand"])
@pytest.mark.parametrize("text", ["then lena and emil did it", "I told Nil", "I think Emil is right", "like Isabel"])
def test_no_name_is_lost_where_a_letter_was_read_beside_its_stroke(text, font, monkeypatch):
    roster = Roster(tuple(Student(*name.split()) for name in ("Lena Paul", "Emil Lund", "Nil Yi", "Isabel Moll")))
    page = blank_page()
    left, top, right, bottom = draw(page, text, 150, 400, size=30, font=font)
    line = Line((left + right) / 2, (top + bottom) / 2, right - left + 20.0, bottom - top + 14.0, 0.0)
    read = PageReading("", (line,), (recogniser().read(line.crop(page)),), too_many=False)

    def covers():
        return {mark.box for mark in find_terms(SearchTerms.of(roster, (), ()), read, page < 140, 150, (), ()).covers}

    found = covers()
    monkeypatch.setattr(name_reading, "without_printed_walls", lambda reading, *_: reading)
    assert found >= covers()
    assert found
