"""Find names that are parted at the end of a line: "Benj-" and, on the next line, "amin".

In go the lines of a page and what they say. Out come the two parts of each name, each on its line.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mssw.names.student import Spelling
from mssw.vision.ink import Mask
from mssw.vision.mentions import LONG, SURE, Mention, place_frames
from mssw.vision.name_spotting import NameLetters, Spot, find_spots
from mssw.vision.recogniser import LineReading
from mssw.vision.text_lines import Line

HYPHENS = "-\u2010\u2011\u2013=~"  # what the stroke at the end of a line is read as
NEXT_LINE = 2.6  # heights of a line to the next one, at most
LEAST_LETTERS = 4  # of a name that is parted
LOW = 0.5  # heights of a line: what is less far below is on the same line
STUCK = 2.0  # above this cost of its edge, a name is inside another word


def find_parted_names(
    lines: Sequence[Line],
    readings: Sequence[LineReading],
    names: NameLetters,
    spellings: Sequence[Spelling],
    ink: Mask,
    dpi: float,
) -> list[tuple[int, Mention]]:
    """The two parts of each name that begins at the end of a line and ends on the next one.

    Args:
        lines: where they lie.
        readings: what they say, in the same order.
        names: the spellings, ready to be searched for.
        spellings: what they are, in the same order.
        ink: the page's new ink.
        dpi: of the page.

    Returns:
        Each part with the index of its line.
    """
    found = []
    for here, reading in enumerate(readings):
        text = reading.text.rstrip()
        if len(text) < 2 or text[-1] not in HYPHENS or not text[-2].isalpha():
            continue
        after = _line_below(here, lines)
        if after is None or not readings[after].text[:1].isalpha():
            continue
        upto = reading.at[len(text) - 1]
        spot = _find_across(reading, readings[after], upto, names, spellings)
        if spot is None:
            continue
        letters = len(spellings[spot.name].letters)
        for n, frames in ((here, (spot.first, upto)), (after, (0, spot.last - upto))):
            cut = lines[n].crop(ink.astype(np.uint8) * 255, 0) > 127
            box = place_frames(lines[n], readings[n], frames, letters, cut, ink.shape, dpi)
            found.append((n, Mention(box, sure=True, cost=round(spot.cost, 3), name=spot.name)))
    return found


def _find_across(
    reading: LineReading, following: LineReading, upto: int, names: NameLetters, spellings: Sequence[Spelling]
) -> Spot | None:
    """The name that is surely parted between a line, up to that frame, and the next one; None where none is."""
    letters = np.concatenate((reading.letters[:upto], following.letters))
    whole = LineReading(letters, np.concatenate((reading.upper[:upto], following.upper)), "", ())
    spots = [spot for spot in find_spots(whole, names) if spot.first < upto <= spot.last]
    best = min(spots, key=lambda spot: (spot.cost, spot.name), default=None)
    length = len(spellings[best.name].letters) if best is not None else 0
    if best is None or length < LEAST_LETTERS or best.cost > SURE[min(length, LONG)]:
        return None
    return best if max(best.left_cost, best.right_cost) <= STUCK else None


def _line_below(here: int, lines: Sequence[Line]) -> int | None:
    """The line on which the text goes on: the first one from the left among those right below."""
    line = lines[here]
    below = [n for n, other in enumerate(lines) if LOW * line.height < other.y - line.y < NEXT_LINE * line.height]
    nearest = min((lines[n].y for n in below), default=0.0)
    level = [n for n in below if lines[n].y - nearest < LOW * line.height]
    return min(level, key=lambda n: lines[n].left, default=None)
