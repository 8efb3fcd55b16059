"""Which lines go on with the sentence of the line above: there the first word has no capital but its own."""

from __future__ import annotations

from collections.abc import Sequence

from mssw.vision.lines import Line
from mssw.vision.recogniser import Reading

FLUSH_MM = 14.0  # within which the lines of a paragraph begin
SPACED = 2.4  # heights of a line to the next one, at most
SPACE_MM = 4.0  # between two words
FULL_MM = 50.0  # that a line has at least which ended for want of room: cells of a table hold short answers
READ = 0.9  # confidence of a line that surely ends without a full stop
ENDS = ".!?:"


def going_on(lines: Sequence[Line], readings: Sequence[Reading], dpi: float) -> list[bool]:
    """For each line whether it was begun because the one above was full, in the middle of a sentence.

    A line that ends early was ended on purpose, as in a list, and the next one may begin with any capital.

    Args:
        lines: of a page.
        readings: what they say, in the same order.
        dpi: of the page.
    """
    return [_goes_on(here, lines, readings, dpi / 25.4) for here in range(len(lines))]


def _goes_on(here: int, lines: Sequence[Line], readings: Sequence[Reading], mm: float) -> bool:
    line = lines[here]
    column = [n for n, other in enumerate(lines) if abs(_left(other) - _left(line)) <= FLUSH_MM * mm]
    over = [n for n in column if line.height / 2 < line.y - lines[n].y <= SPACED * max(line.height, lines[n].height)]
    if not over or not readings[here].at:
        return False
    above = max(over, key=lambda n: lines[n].y)
    text = readings[above].text.rstrip()
    if not text or text[-1] in ENDS or readings[above].confidence < READ or lines[above].width < FULL_MM * mm:
        return False
    margin = max(_left(lines[n]) + lines[n].width for n in column)
    return _left(lines[above]) + lines[above].width + _first_word(line, readings[here]) + SPACE_MM * mm > margin


def _left(line: Line) -> float:
    return line.x - line.width / 2


def _first_word(line: Line, reading: Reading) -> float:
    """How wide the first word of a line is, in pixels."""
    ends = next((at for sign, at in zip(reading.text, reading.at, strict=True) if sign.isspace()), reading.at[-1] + 1)
    return (ends - reading.at[0]) * line.width / len(reading.letters)
