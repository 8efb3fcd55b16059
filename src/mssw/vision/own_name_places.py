"""The places on a page where a student writes her own name: alone on a line, after "my name is", under "Sincerely,".

Takes the lines of a page and what the recogniser read on them, returns which student's name is at each such place. A
classmate's name in a sentence is none of these. The words that say so are in ``mssw.names.own_name_words``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mssw.core.page import Box
from mssw.names.addressee_words import addresses_somebody, calls_somebody, opens_address
from mssw.names.own_name_words import OwnName, OwnNameWay, find_all_own_name_words, is_postscript
from mssw.names.student import Spelling
from mssw.vision.assignment import OPEN, find_clear_student
from mssw.vision.name_spotting import NameLetters, measure_student_costs
from mssw.vision.recogniser import LineReading
from mssw.vision.text_lines import Line

MOST_ALONE = 5  # words of a line that is only a name, with a date or a number beside it
MOST_BELOW = 8  # words below a signature, in all
MOST_IN_NAME = 4  # words of a name in a sentence
AS_GOOD = 0.15  # by how much a longer name may read worse than a shorter one at the same place
UNDER_MM = 26.0  # from a closing down to its signature
LEFT_OF_CLOSING_MM = 45.0  # how far left of its closing a signature may begin
RIGHT_OF_CLOSING_MM = 90.0
LETTER_HEAD = 0.5  # of the page's height: above it, a card says whom it is for
SOME_TEXT = 3  # words of a line of a letter's text
MOST_IN_ADDRESS = 8  # words of a line that does
HEAD, FOOT = 0.2, 0.88  # of the page's height: between them, a name alone on a line is a name in the text
HALF = 0.5  # of a line in a place
STEEP = 30.0  # degrees
SURELY_SIGNED = 1.1  # the highest cost a letter of a signature that says whose a letter is
BESIDE_MM = 40.0  # from the words that say so to a name on the same line
RIGHT_UNDER = 1.8  # times a line's height: from its middle to that of the next one
LEVEL = 0.6  # of a line's height: by so much the two may be out of line


@dataclass(frozen=True, slots=True)
class OwnNamePlace:
    """A place at which a student may have written her own name. Its repr shows no name.

    Attributes:
        way: how it was written, for example alone or under a closing.
        box: what is written there, in fractions of the page.
        anchor: the words that say so; None for a line that stands alone.
        readings: what was read there.
        closes: whether these words close a letter, so that it is a signature.
    """

    way: OwnNameWay
    box: Box
    anchor: Box | None
    readings: tuple[LineReading, ...]
    closes: bool = False


class NameReader:
    """The names of a class, ready to be read at a place.

    Args:
        names: the spellings, ready to be searched for.
        spellings: what they are, in the same order.
        students: how many the roster has.
    """

    def __init__(self, names: NameLetters, spellings: Sequence[Spelling], students: int) -> None:
        self._names, self._spellings, self._students = names, spellings, students
        self.called = frozenset(spelling.letters for spelling in spellings)

    def costs(self, readings: Sequence[LineReading]) -> tuple[float, ...]:
        """For each student, the cost of reading her name there; empty where nobody can be meant."""
        if not readings or not self._students:
            return ()
        return measure_student_costs(readings, self._names, self._spellings, self._students)

    def read(self, readings: Sequence[LineReading]) -> tuple[int, float] | None:
        """The one student whose name is clearly read there, and its cost a letter."""
        costs = np.array(self.costs(readings), np.float64)
        student = find_clear_student(costs)
        return None if student is None else (student, float(costs[student]))


def find_own_names(
    lines: Sequence[Line],
    readings: Sequence[LineReading],
    has_name: Sequence[bool],
    reader: NameReader,
    shape: tuple[int, ...],
    dpi: float,
) -> list[OwnName]:
    """Find the names of the class list that stand where students write their own.

    Args:
        lines: of the page.
        readings: what they say, in the same order.
        has_name: of each, whether any name was found on it.
        reader: the names of the class.
        shape: of the page, (height, width).
        dpi: of it.
    """
    if not any(has_name):
        return []
    found: list[OwnName] = []
    anchored = set()
    addressed = find_addressed(lines, readings, reader.called, shape)
    for here, place in find_anchored_places(lines, readings, shape, dpi):
        anchored |= {here, *_lines_in(place.box, lines, shape)}
        text = readings[here].text
        is_wish = opens_address(text, reader.called) or addresses_somebody(text, reader.called)
        if place.closes and is_wish and _goes_on_below(place.box, lines, readings, shape):
            continue  # "Thanks, Viktor!" in the middle of a page thanks somebody
        best = read_place(place, lines[here], readings[here], reader, shape)
        if best is not None:
            found.append(best)
    anchored |= addressed
    last = find_last_line(lines)
    for n, (line, reading) in enumerate(zip(lines, readings, strict=True)):
        is_edge = not HEAD < line.y / shape[0] < FOOT
        if n in anchored or not has_name[n] or not (is_edge or n == last) or count_words(reading.text) > MOST_ALONE:
            continue
        named = reader.read([reading])
        if named is not None:
            way = OwnNameWay.ALONE if is_edge else OwnNameWay.LAST
            found.append(OwnName(way, line.box(0, line.width, shape), None, *named))
    return found


def find_addressed(
    lines: Sequence[Line], readings: Sequence[LineReading], called: Collection[str], shape: tuple[int, ...]
) -> set[int]:
    """Find the lines at the head of a page that name whom it is for: behind "To" or under "Thank you", and "Jared!".

    Args:
        lines: of the page.
        readings: what they say, in the same order.
        called: what students are called, as letters from a to z.
        shape: of the page, (height, width).
    """
    found: set[int] = set()
    opened: int | None = None
    for n in sorted(range(len(lines)), key=lambda n: (lines[n].y, lines[n].x)):
        text = readings[n].text
        if lines[n].y / shape[0] > LETTER_HEAD or count_words(text) > MOST_IN_ADDRESS:
            break
        if not any(sign.isalpha() for sign in text) or abs(lines[n].angle) > STEEP:
            continue
        is_opening = opens_address(text, called)
        if not is_opening and (opened is not None or addresses_somebody(text, called) or calls_somebody(text)):
            found.add(n)
        if is_opening:
            opened = n
        elif opened is not None and lines[n].y > lines[opened].y + LEVEL * lines[opened].height:
            opened = None
    return found


def _only_greets(closing: str, line: Line, lines: Sequence[Line], readings: Sequence[LineReading]) -> bool:
    """Whether words that may close a letter begin one: "Thank you", with no text above it, or with text below."""
    if not opens_address(closing):
        return False
    words = [count_words(reading.text) for reading in readings]
    if not any(
        count >= SOME_TEXT and other.y < line.y - line.height / 2 for count, other in zip(words, lines, strict=True)
    ):
        return True
    below = [n for n, other in enumerate(lines) if words[n] > MOST_IN_NAME and other.y > line.y + line.height / 2]
    return bool(below) and not is_postscript(readings[min(below, key=lambda n: lines[n].y)].text)


@dataclass(frozen=True, slots=True)
class Signature:
    """What a page is signed with.

    Attributes:
        box: where it is.
        costs: for each student, the cost of reading her name there.
        student: who clearly signs a letter that ends there; None where nobody does for sure.
    """

    box: Box
    costs: tuple[float, ...] = field(repr=False)
    student: int | None = field(repr=False)

    def may_be(self, student: int) -> bool:
        """Whether it may be the name of that student."""
        if self.student is not None:
            return self.student == student
        return bool(self.costs) and self.costs[student] < OPEN


def find_signature(
    lines: Sequence[Line],
    readings: Sequence[LineReading],
    reader: NameReader,
    shape: tuple[int, ...],
    dpi: float,
) -> Signature | None:
    """Find the name with which a letter or a card is signed.

    Args:
        lines: of the page.
        readings: what they say, in the same order.
        reader: the names of the class.
        shape: of the page, (height, width).
        dpi: of it.

    Returns:
        The name under the closing of a letter. Where two students are named there, or it is hard to read, it tells
        nobody. Without a closing, a student's name that is all that stands on the last line; this tells nobody either.
        None where nothing is signed, or where the text goes on below: then these words closed no letter.
    """
    clear: list[Signature] = []
    unclear: list[Signature] = []
    for _, place in find_anchored_places(lines, readings, shape, dpi):
        words = sum(count_words(reading.text) for reading in place.readings)
        if not place.closes or not words or _goes_on_below(place.box, lines, readings, shape):
            continue
        costs = np.array(reader.costs(place.readings), np.float64)
        student = find_clear_student(costs)
        if student is not None and costs[student] <= SURELY_SIGNED and words <= MOST_IN_NAME:
            clear.append(Signature(place.box, tuple(map(float, costs)), student))
        elif words <= MOST_IN_NAME:
            unclear.append(Signature(place.box, tuple(map(float, costs)), None))
    if len({one.student for one in clear}) == 1:
        return replace(min(clear, key=lambda one: min(one.costs)), box=Box.around([one.box for one in clear]))
    if clear or unclear:
        costs_of = unclear[0].costs if len(unclear) == 1 and not clear else ()
        return Signature(Box.around([one.box for one in (*clear, *unclear)]), costs_of, None)
    return _find_bare_signature(lines, readings, reader, shape)


def _find_bare_signature(
    lines: Sequence[Line], readings: Sequence[LineReading], reader: NameReader, shape: tuple[int, ...]
) -> Signature | None:
    """A student's name that is all that stands on the last line of a page, under its text."""
    words = [count_words(reading.text) for reading in readings]
    level = [n for n, line in enumerate(lines) if words[n] and line.y > shape[0] / 2 and abs(line.angle) < STEEP]
    last = max(level, key=lambda n: lines[n].y, default=None)
    for n in level:
        if last is None or words[n] > MOST_IN_NAME or lines[n].y < lines[last].y - lines[last].height:
            continue
        has_text = any(count >= SOME_TEXT and line.y < lines[n].y for count, line in zip(words, lines, strict=True))
        costs = reader.costs([readings[n]])
        student = find_clear_student(np.array(costs, np.float64))
        if has_text and student is not None and costs[student] <= SURELY_SIGNED:
            return Signature(lines[n].box(0, lines[n].width, shape), costs, None)
    return None


def _goes_on_below(name: Box, lines: Sequence[Line], readings: Sequence[LineReading], shape: tuple[int, ...]) -> bool:
    """Whether a sentence, or much in pieces, stands below a name and is no postscript.

    What follows a postscript is part of it. The bubbles of a comic have few words each: "Thanks, Ana!" ends no letter.
    """
    below = [n for n, line in enumerate(lines) if line.y / shape[0] > name.bottom and abs(line.angle) < STEEP]
    words = 0
    for n in sorted(below, key=lambda n: lines[n].y):
        if is_postscript(readings[n].text):
            return False
        words += count_words(readings[n].text)
        if count_words(readings[n].text) > MOST_ALONE or words > MOST_BELOW:
            return True
    return False


def find_last_line(lines: Sequence[Line]) -> int | None:
    """The lowest line of writing on a page, by its index; None where nothing is written."""
    return max(range(len(lines)), key=lambda n: lines[n].y, default=None)


def readings_in(
    box: Box, lines: Sequence[Line], readings: Sequence[LineReading], shape: tuple[int, ...]
) -> list[LineReading]:
    """What was read in a place: of a line that goes on beyond it, the words that begin or end in it."""
    found = []
    for line, reading in zip(lines, readings, strict=True):
        whole = line.box(0, line.width, shape)
        if whole.shared(box) > HALF:
            found.append(reading)
            continue
        middle = whole.y + whole.h / 2
        if not (box.y < middle < box.bottom and whole.x < box.right and box.x < whole.right) or abs(line.angle) > STEEP:
            continue
        step = line.width / max(1, len(reading.letters)) / shape[1]
        inside = [n for n, frame in enumerate(reading.at) if box.x <= whole.x + frame * step <= box.right]
        if inside:
            start, end = inside[0], inside[-1] + 1
            while start and not reading.text[start - 1].isspace():
                start -= 1
            while end < len(reading.text) and not reading.text[end].isspace():
                end += 1
            found.append(_cut(reading, start, end))
    return found


def find_anchored_places(
    lines: Sequence[Line], readings: Sequence[LineReading], shape: tuple[int, ...], dpi: float
) -> Iterator[tuple[int, OwnNamePlace]]:
    """Find the places beside words after which a student's own name comes, whatever is written there.

    Yields:
        The index of the line with the name, or over it, and the place.
    """
    for n, (line, reading) in enumerate(zip(lines, readings, strict=True)):
        for words in find_all_own_name_words(reading.text) if reading.at else ():
            if words.is_closing and _only_greets(reading.text[words.start : words.end], line, lines, readings):
                continue
            begins, ends = _column(line, reading, words.start), _column(line, reading, words.end - 1, after=True)
            anchor = line.box(begins, ends, shape)
            rest = _cut(reading, words.end)
            named: int | None = n
            if not any(sign.isalpha() for sign in rest.text):
                named = _line_beside(n, lines, readings, dpi)
                if named is None and not words.is_closing and not reading.text[: words.start].strip():
                    named = _line_right_under(n, lines, readings)
                rest, ends = (rest, ends) if named is None else (readings[named], 0.0)
            if named is not None:
                box = lines[named].box(ends, lines[named].width, shape)
                yield named, OwnNamePlace(OwnNameWay.AFTER, box, anchor, (rest,), closes=words.is_closing)
            if words.is_closing and named != n:
                under = _signature_under(n, lines, readings, dpi)
                if under:
                    box = Box.around([lines[at].box(0, lines[at].width, shape) for at in under])
                    there = tuple(readings[at] for at in under)
                    yield n, OwnNamePlace(OwnNameWay.UNDER, box, anchor, there, closes=True)


def _line_beside(here: int, lines: Sequence[Line], readings: Sequence[LineReading], dpi: float) -> int | None:
    """The line that goes on with another one after a wide gap; None where nothing is written there."""
    line = lines[here]
    end, gap = line.right, BESIDE_MM / 25.4 * dpi
    beside = [
        n
        for n, other in enumerate(lines)
        if n != here
        and abs(other.y - line.y) < LEVEL * min(line.height, other.height)
        and abs(other.angle) < STEEP
        and line.x < other.left < end + gap
        and readings[n].at
        and any(sign.isalpha() for sign in readings[n].text)
    ]
    return min(beside, key=lambda n: lines[n].left, default=None)


def _line_right_under(here: int, lines: Sequence[Line], readings: Sequence[LineReading]) -> int | None:
    """The short line right under one that says no more than whose name comes, as in the middle of a title page."""
    line = lines[here]
    below = [
        n
        for n, other in enumerate(lines)
        if LEVEL * line.height < other.y - line.y < RIGHT_UNDER * line.height
        and min(other.right, line.right) > max(other.left, line.left)
        and abs(other.angle) < STEEP
        and 0 < count_words(readings[n].text) <= MOST_IN_NAME
    ]
    return min(below, key=lambda n: lines[n].y, default=None)


def _signature_under(closing: int, lines: Sequence[Line], readings: Sequence[LineReading], dpi: float) -> list[int]:
    """The line under a closing, and the next one where the two are parts of one name."""
    mm, line = dpi / 25.4, lines[closing]
    left = line.left
    below = [
        n
        for n, other in enumerate(lines)
        if 0.4 * line.height < other.y - line.y < UNDER_MM * mm
        and abs(other.angle) < STEEP
        and left - LEFT_OF_CLOSING_MM * mm < other.x < left + RIGHT_OF_CLOSING_MM * mm
        and count_words(readings[n].text) <= MOST_ALONE
        and not is_postscript(readings[n].text)
    ]
    below.sort(key=lambda n: lines[n].y)
    if not below:
        return []
    first = lines[below[0]]
    return [n for n in below if lines[n].y - first.y < 1.3 * max(first.height, lines[n].height)][:3]


def read_place(
    place: OwnNamePlace, line: Line, reading: LineReading, reader: NameReader, shape: tuple[int, ...]
) -> OwnName | None:
    """The name at a place; of a sentence that goes on, as many words as belong to it."""
    if place.way is OwnNameWay.UNDER:
        named = reader.read(place.readings)
        return None if named is None else OwnName(place.way, place.box, place.anchor, *named)
    rest = place.readings[0]
    best: tuple[int, float, int] | None = None
    for count, end in enumerate(_word_ends(rest.text)[:MOST_IN_NAME], 1):
        named = reader.read([_cut(rest, 0, end)])
        if named is None or (best is not None and (named[0] != best[0] or named[1] > best[1] + AS_GOOD)):
            continue
        best = (*named, end) if count == 1 or best is None or named[1] <= best[1] + AS_GOOD else best
    if best is None:
        return None
    student, cost, end = best
    skipped = len(reading.text) - len(rest.text)
    begins, ends = _column(line, reading, skipped), _column(line, reading, skipped + end - 1, after=True)
    return OwnName(place.way, line.box(begins, ends, shape), place.anchor, student, cost)


def _word_ends(text: str) -> list[int]:
    """The index after each word of a text."""
    return [n for n in range(1, len(text) + 1) if not text[n - 1].isspace() and (n == len(text) or text[n].isspace())]


def count_words(text: str) -> int:
    """How many words with a letter a text has."""
    return sum(any(sign.isalpha() for sign in word) for word in text.split())


def _column(line: Line, reading: LineReading, sign: int, *, after: bool = False) -> float:
    """The column of a line's crop where a character of its text begins, or ends."""
    step = line.width / max(1, len(reading.letters))
    at = reading.at[min(sign, len(reading.at) - 1)]
    following = reading.at[sign + 1] if sign + 1 < len(reading.at) else len(reading.letters)
    return (min(at + 1, following) if after else at) * step


def _cut(reading: LineReading, start: int, end: int | None = None) -> LineReading:
    """The part of a reading between two characters of its text."""
    end = len(reading.text) if end is None else end
    while start < end and not reading.text[start].isalnum():
        start += 1
    if start >= end:
        return replace(reading, letters=reading.letters[:0], upper=reading.upper[:0], text="", at=())
    first = (reading.at[start - 1] + reading.at[start] + 1) // 2 if start else reading.at[start]
    last = (reading.at[end - 1] + reading.at[end]) // 2 + 1 if end < len(reading.at) else len(reading.letters)
    return LineReading(
        reading.letters[first:last],
        reading.upper[first:last],
        reading.text[start:end],
        tuple(frame - first for frame in reading.at[start:end]),
    )


def _lines_in(box: Box, lines: Sequence[Line], shape: tuple[int, ...]) -> set[int]:
    """The lines that lie in a place for the most part."""
    half = 0.5
    return {n for n, line in enumerate(lines) if line.box(0, line.width, shape).shared(box) > half}
