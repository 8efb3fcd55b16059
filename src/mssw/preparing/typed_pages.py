"""Find names on typed pages: what a PDF says of its own text, searched like writing that was read, but with certainty.

A typed page says what its text is, so its lines get readings as the recogniser would give them if it never erred: one
search finds names in handwriting and in type. A text may lie about what is seen, so it is held against the reading of
the page's pixels.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.formats.scans import PageText, TypedLine
from mssw.names.letters import remove_accents
from mssw.names.own_name_words import is_greeting
from mssw.names.student import keep_letters
from mssw.preparing.kept_readings import PageReading
from mssw.preparing.name_reading import FoundNames, SearchTerms
from mssw.vision.ink import Mask, Matrix
from mssw.vision.own_name_places import find_addressed
from mssw.vision.recogniser import BLANK, LETTERS, LIKE, SIGN, LineReading
from mssw.vision.text_lines import Line

FRAME_PX = 2.5  # of a page at the resolution of the analysis
APART = 2  # frames from one sign to the next, at least: a doubled letter needs one between
TALLER = 1.25  # times a sign's box, which fonts make too tight for accents
AGREED = 0.7  # of the words, that have to be read from the pixels too
MORE = 1.3  # times the letters of the text: if more are read, something is on the page that is not in its text
SAME = 0.8  # of a place: so much of it under another, and it is the same name
HEAD, HEAD_LINES = 0.35, 8  # of the first page's height and lines, where its writer is named
RUNNING_HEAD = 0.12  # of any page's height
WHOLE_NAME, ONE_NAME = 0.1, 0.9  # cost a letter, as ``measure_student_costs`` has it
_WORD = re.compile(r"[^\W\d_]+")


def place_text(text: PageText, seen: tuple[int, int], matrix: Matrix, shape: tuple[int, int]) -> PageReading:
    """Place the text of a page where it lies once the page is upright.

    Args:
        text: the page's.
        seen: height and width of the page as it was decoded, at the resolution of the analysis.
        matrix: from the upright page's pixels to those.
        shape: height and width of the upright page.
    """
    to_upright = np.linalg.inv(np.asarray(matrix, np.float64))
    placed = [one for line in text.lines if (one := _place_line(line, seen, to_upright, shape)) is not None]
    placed.sort(key=lambda one: (round(one[0].y), one[0].x))
    return PageReading("", tuple(line for line, _ in placed), tuple(reading for _, reading in placed), too_many=False)


def _place_line(
    line: TypedLine, seen: tuple[int, int], to_upright: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[Line, LineReading] | None:
    """A line of text on the upright page, and its reading; None if it is not on it."""
    height, width = seen
    boxes = np.array([one.numbers for one in line.boxes], np.float64) * (width, height, width, height)
    middles = boxes[:, :2] + boxes[:, 2:] / 2
    flat = np.column_stack((middles, np.ones(len(middles)))) @ to_upright.T
    points = flat[:, :2] / flat[:, 2:]
    scale = math.sqrt(abs(float(np.linalg.det(to_upright[:2, :2]))))
    along = points[-1] - points[0]
    level = abs(along[0]) >= abs(along[1])
    direction = along / np.linalg.norm(along) if np.linalg.norm(along) > 1 else np.array([1.0, 0.0])
    wide, high = (boxes[:, 2], boxes[:, 3]) if level else (boxes[:, 3], boxes[:, 2])
    places = (points - points[0]) @ direction
    start, end = float(places[0] - wide[0] * scale / 2), float(places[-1] + wide[-1] * scale / 2)
    middle = points[0] + direction * (start + end) / 2
    if end - start < 1 or not (0 <= middle[0] < shape[1] and 0 <= middle[1] < shape[0]):
        return None
    angle = math.degrees(math.atan2(direction[1], direction[0]))
    where = Line(float(middle[0]), float(middle[1]), end - start, float(high.max()) * scale * TALLER, angle)
    return where, _as_reading(line.text, (places - start) / (end - start), end - start)


def _as_reading(text: str, places: NDArray[np.float64], width: float) -> LineReading:
    """The reading of a line whose text is known: each sign is sure, at its place along the line from 0 to 1."""
    frames = max(2, round(width / FRAME_PX))
    at: list[int] = []
    for place in places:
        at.append(max(int(place * frames), at[-1] + APART if at else 0))
    frames = max(frames, at[-1] + 1)
    letters = np.zeros((frames, SIGN + 1), np.float32)
    letters[:, BLANK] = 1
    upper = np.zeros(frames, np.float32)
    for sign, frame in zip(text, at, strict=True):
        plain = LIKE.get(sign) or remove_accents(sign).casefold()[:1]
        letters[frame] = 0
        letters[frame, LETTERS.index(plain) if plain and plain in LETTERS else SIGN] = 1
        upper[frame] = sign.isupper()
    return LineReading(letters, upper, text, tuple(at))


def without_print(read: PageReading, words: Mask) -> PageReading:
    """The lines of a reading without those that the task's own print says.

    Args:
        read: the page's text.
        words: the task's printed words.
    """
    kept = [
        place
        for place, line in enumerate(read.lines)
        if not words[min(max(0, round(line.y)), words.shape[0] - 1), min(max(0, round(line.x)), words.shape[1] - 1)]
    ]
    return replace(
        read, lines=tuple(read.lines[one] for one in kept), readings=tuple(read.readings[one] for one in kept)
    )


def agrees(typed: PageReading, read: PageReading) -> bool:
    """Whether the text of a page says what is seen on it: its words can be read, and hardly anything else."""
    words = [keep_letters(word) for line in typed.readings for word in _WORD.findall(line.text)]
    words = [word for word in words if len(word) > 2]  # noqa: PLR2004 - shorter ones are in every text
    seen = "".join(keep_letters_of(line.text) for line in read.readings)
    if not words or sum(word in seen for word in words) < AGREED * len(words):
        return False
    return len(seen) <= MORE * sum(len(keep_letters_of(line.text)) for line in typed.readings) + MORE


def keep_letters_of(text: str) -> str:
    """Keep the letters from a to z of a whole line, however long."""
    return "".join(map(keep_letters, text.split()))


def join_found(typed: FoundNames, read: FoundNames, *, is_all: bool) -> FoundNames:
    """Join what was found in a page's text with what was read from its pixels.

    Args:
        typed: found in the text.
        read: found in the pixels.
        is_all: whether the text is all that is seen, so that what pixels only seem to say counts for nothing.
    """
    more = [mark for mark in read.covers if not any(mark.box.shared(one.box) > SAME for one in typed.covers)]
    return FoundNames(
        (*typed.covers, *more),
        typed.flags if is_all else (*typed.flags, *read.flags),
        typed.name_costs or read.name_costs,
        () if is_all else read.doubts,
        () if is_all else read.own_names,
    )


def find_named_in_head(terms: SearchTerms, typed: PageReading, height: int, *, is_first: bool) -> tuple[float, ...]:
    """Find whom the head of a typed page names: for each student, the cost as ``Sighting.name_costs`` has it.

    Whom a letter or card is for, as in "Dear Aisha", did not write it.

    Args:
        terms: the class's names.
        typed: the page's text.
        height: of the page, in pixels.
        is_first: whether it is the first page of its file.
    """
    spelt = {spelling.letters: spelling for spelling in terms.spellings}
    costs = [math.inf] * terms.students
    addressed = find_addressed(typed.lines, typed.readings, spelt.keys(), (height, 1))
    for place, (line, reading) in enumerate(zip(typed.lines, typed.readings, strict=True)):
        if place in addressed or is_greeting(reading.text, spelt.keys()):
            continue
        is_head = line.y < RUNNING_HEAD * height or (is_first and place < HEAD_LINES and line.y < HEAD * height)
        words = {keep_letters(word): word for word in _WORD.findall(reading.text)} if is_head else {}
        named = [spelt[letters] for letters in words if letters in spelt and words[letters][:1].isupper()]
        for student in {student for spelling in named for student in spelling.students}:
            own = [spelling for spelling in named if student in spelling.students]
            cost = WHOLE_NAME if len(own) > 1 else math.inf if own[0].is_word else ONE_NAME
            costs[student] = min(costs[student], cost)
    return tuple(costs) if any(map(math.isfinite, costs)) else ()


def has_text_in(typed: PageReading, fields: Sequence[Box], shape: tuple[int, int]) -> bool:
    """Whether something is typed in one of the name fields."""
    height, width = shape
    boxes = [box.to_pixels(width, height) for box in fields]
    for line, reading in zip(typed.lines, typed.readings, strict=True):
        for sign, frame in zip(reading.text, reading.at, strict=True):
            x = line.x - line.width / 2 + (frame + 0.5) / len(reading.letters) * line.width
            if sign.isalnum() and any(left < x < right and top < line.y < low for left, top, right, low in boxes):
                return True
    return False
