"""What is written at the head and the foot of a page that has no name field: whose name, which page, how the text goes.

In: the lines of a page with what they say, and the names of the class. Out: a ``PageHead``, the cost of each student as
the one who is named there, and the places of names. Essays are split by it where a class hands in no task.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import cv2
import numpy as np

from mssw.core.essay_rules import PageHead
from mssw.core.page import Box
from mssw.names.addressee_words import addresses_somebody, opens_address
from mssw.names.label_words import is_heading_word
from mssw.names.own_name_words import find_own_name_words, is_greeting
from mssw.names.student import Spelling, keep_letters
from mssw.names.word_lists import CHAPTER_WORDS, TITLES
from mssw.vision.ink import Grey, Mask, measure_ink_depth
from mssw.vision.mentions import Mention, find_mentions, is_unread
from mssw.vision.name_spotting import NameLetters, measure_student_costs
from mssw.vision.own_name_places import find_addressed
from mssw.vision.recogniser import BLANK, SIGN, LineReading
from mssw.vision.text_lines import Line

NAMED = 1.35  # cost a letter up to which a heading names a student, as for a name field
POSSIBLE = 1.55  # the cost that is noted where a name is likely and hard to read
EDGE = 0.015  # of the page's height, where a scanner draws shadows
PLAIN = 0.8  # how sure the recogniser is of words that say nothing of a name
HEAD_ENDS, FOOT_BEGINS = 0.4, 0.9  # of the page's height
FEW_ROWS = 8  # of a title page, on which a name may stand anywhere
LEVEL = 0.45  # of the lower of two lines: so much of it beside the other, and they are one row
TEXT_WIDTH = 0.6  # of the usual row: so wide a row is text
NARROWEST = 0.35  # of the page: so wide a row is text even if others are wider
SENTENCE = 3  # words from which a short row may be the end of a sentence
PAD_MM, OVER_MM = 3.4, 1.6  # of a cover beside a name, and above and below it
OWN = 0.35  # of a stroke: so much of it inside a name's row, and it belongs to the name
TALLEST_STROKE_MM = 16.0
TITLE_ROWS = 2  # of a title that is as wide as text
FULL_LINE = 0.85  # of the widest row of a page: so wide a row is no title
LARGE_GAP = 0.2  # of the height: text below such a gap is a remark of its own
FULL_PAGE = 0.78  # of the height: writing that ends lower goes on over the page
LEAST_STROKES = 30
CENTRED = 0.15  # of the text's width: how far from its middle a centred name may be, and from its left edge at least
MOST_PAGES = 12  # of one text: 9/14 is a date, and so is 9/4
_PAGE = re.compile(r"(?:p|pg|page|seite|s)?\.?[-–—(]*(\d{1,2})[)\-–—.]*(?:/(\d{1,2}))?", re.IGNORECASE)
_OF = frozenset({"of", "/", "von", "de", "sur", "di", "van", "av", "af", "z"})  # how many pages there are
_PAGE_WORD = re.compile(r"(?:p|pg|page|seite)\.?", re.IGNORECASE)
_PARTS = re.compile(r"\d+|[^\W\d_]+")  # the space in "May 4" is often lost
_IN_DATES = frozenset({"of", "the", "de", "del", "du", "le", "den", "der"})
_MISREAD = {"z": "2", "Z": "2", "l": "1", "I": "1", "|": "1", "S": "5", "?": "2"}


class RowKind(StrEnum):
    """What a row of writing at the head of a page is."""

    TEXT = "text"
    NAME = "name"
    NUMBER = "number"
    HEADING = "heading"  # a date or the like, which is nobody's name
    OPENING = "opening"  # of a card, such as "Thank you": the name of the addressee comes next
    ADDRESSED = "addressed"  # the name of the person whom it is for
    WORDS = "words"  # short, read plainly, and no name
    UNREAD = "unread"


_GREETS = {RowKind.OPENING, RowKind.ADDRESSED}
_NAMELESS = {RowKind.HEADING, RowKind.WORDS, RowKind.UNREAD}


@dataclass(frozen=True)
class HeadRow:
    """Lines of writing side by side.

    Attributes:
        lines: their places among the page's lines, from the left.
        left: in pixels, as the next three.
        top: see ``left``.
        right: see ``left``.
        bottom: see ``left``.
        inked: width of its lines together.
    """

    lines: tuple[int, ...]
    left: float
    top: float
    right: float
    bottom: float
    inked: float


@dataclass(frozen=True)
class FoundHead:
    """What the head of a page says.

    Attributes:
        head: what grouping needs.
        costs: for each student, the cost of reading her name there; infinite where no name is.
        names: places of names, in fractions of the page.
        unread: places of what may be a name and could not be read.
        words: places of what was read plainly and names nobody on the class list, such as a title.
        addressed: places of the names of whom a letter or a card is for.
    """

    head: PageHead
    costs: tuple[float, ...]
    names: tuple[Box, ...]
    unread: tuple[Box, ...]
    words: tuple[Box, ...]
    addressed: tuple[Box, ...] = ()


def read_head(
    lines: Sequence[Line],
    readings: Sequence[LineReading],
    names: NameLetters,
    spellings: Sequence[Spelling],
    students: int,
    page: Grey,
    ink: Mask,
    dpi: float,
) -> FoundHead:
    """Read the head and the foot of a page.

    Args:
        lines: the page's lines.
        readings: what they say, in the same order.
        names: the class's spellings, ready to be searched for.
        spellings: what they are, in the same order.
        students: how many the class list has.
        page: the page without its ruling, (height, width) uint8.
        ink: what is written on it, the same shape.
        dpi: of both.
    """
    reader = _HeadReader(readings, lines, names, spellings, students, ink, dpi)
    rows = [row for row in _rows(lines) if reader.says_something(row)]
    head, text = reader.sort_rows(rows, page.shape)
    named = [row for row, kind in head if kind is RowKind.NAME]
    numbers = [number for row, kind in head if (number := reader.number_of(row, kind)) is not None]
    shown = [kind for _, kind in head]
    greets = any(kind in _GREETS for kind in shown) or (bool(text) and reader.greets(text[0]))
    found = PageHead(
        named=bool(named),
        number=numbers[0] if numbers and len(set(numbers)) == 1 else None,
        is_headed=greets or any(kind in _NAMELESS for row, kind in head if row.top < page.shape[0] / 2),
        is_unread=RowKind.UNREAD in shown,
        goes_on=bool(text) and not greets and reader.begins_small(text[0]),
        is_full=_runs_to_foot(text, page.shape[0]),
        pen=describe_strokes(page, ink, dpi),
        greets=greets,
        stands_alone=bool(named) and all(kind is RowKind.NAME or reader.is_chapter(row) for row, kind in head),
        is_centred=bool(named) and _is_centred(named[0], text, page.shape[1]),
        is_one_word=bool(named) and reader.count_name_words(named[0]) == 1,
    )
    return FoundHead(
        found,
        reader.costs_of(named),
        tuple(_cover(row, ink, dpi) for row in named),
        tuple(_cover(row, ink, dpi) for row, kind in head if kind is RowKind.UNREAD),
        tuple(_cover(row, ink, dpi) for row, kind in head if kind is RowKind.WORDS),
        tuple(box for row, kind in head if kind is RowKind.ADDRESSED for box in reader.cover_names(row)),
    )


class _HeadReader:
    """Reads rows of a page for names and numbers."""

    def __init__(
        self,
        readings: Sequence[LineReading],
        lines: Sequence[Line],
        names: NameLetters,
        spellings: Sequence[Spelling],
        students: int,
        ink: Mask,
        dpi: float,
    ) -> None:
        self.readings, self.lines = readings, lines
        self.names, self.spellings, self.students = names, spellings, students
        self.ink, self.dpi = ink, dpi
        self.called = {spelling.letters for spelling in spellings}
        self.addressed = find_addressed(lines, readings, self.called, ink.shape)

    def says_something(self, row: HeadRow) -> bool:
        """Whether a row is writing, read or not, and no shadow at the sheet's edge or rest of a ruled line."""
        height = self.ink.shape[0]
        if not EDGE < (row.top + row.bottom) / 2 / height < 1 - EDGE:
            return False
        return any(
            any(map(str.isalnum, self.readings[n].text))
            or is_unread(self.lines[n], self.readings[n], self.ink, self.dpi)
            for n in row.lines
        )

    def sort_rows(
        self, rows: Sequence[HeadRow], shape: tuple[int, ...]
    ) -> tuple[list[tuple[HeadRow, RowKind]], list[HeadRow]]:
        """Sort the rows of a page of that shape into those of its head and foot, each with its kind, and its text."""
        usual = _usual_width(rows, shape[1])
        head: list[tuple[HeadRow, RowKind]] = []
        text: list[HeadRow] = []
        for row in rows:
            if text and not _has_name(head) and row.bottom < HEAD_ENDS * shape[0] and self._is_byline(row, text, rows):
                head += [(title, RowKind.WORDS) for title in text]
                head.append((row, RowKind.NAME))
                text.clear()
                continue
            in_head = not text and (row.bottom < HEAD_ENDS * shape[0] or len(rows) <= FEW_ROWS)
            in_foot = row.top > FOOT_BEGINS * shape[0]
            kind = self.kind_of(row, usual, shape[1]) if in_head or in_foot else RowKind.TEXT
            if kind is RowKind.TEXT:
                text.append(row)
            else:
                head.append((row, kind))
        return head, text

    def _is_byline(self, row: HeadRow, above: Sequence[HeadRow], rows: Sequence[HeadRow]) -> bool:
        """Whether a row names who wrote the text, below a title as wide as text: "by Mia", "Mia Tran"."""
        widest = max(one.inked for one in rows)
        if len(above) > TITLE_ROWS or row.inked > TEXT_WIDTH * widest or not self._is_name(row):
            return False
        begins = find_own_name_words(self.readings[row.lines[0]].text)
        if begins is not None and begins.start == 0:
            return True
        return self.count_name_words(row) > 1 and all(one.inked < FULL_LINE * widest for one in above)

    def kind_of(self, row: HeadRow, usual: float, width: int) -> RowKind:
        """What a row is: a name as soon as one explains most of it, whatever its width."""
        words = [word for line in row.lines for word in self.readings[line].text.split()]
        if words and not self.is_greeting(row) and keep_letters(words[0]) not in TITLES and self._is_name(row):
            return RowKind.ADDRESSED if self._is_addressed(row) else RowKind.NAME
        is_wide = row.inked > max(TEXT_WIDTH * usual, NARROWEST * width)
        if is_wide or self.is_greeting(row) or self._is_sentence(words):
            return RowKind.TEXT
        if all(_is_number(word) for word in words) and words:
            return RowKind.NUMBER
        return self._kind_of_short(row, words)

    def _kind_of_short(self, row: HeadRow, words: Sequence[str]) -> RowKind:
        """What a short row is that no name explains."""
        if self._is_plain_heading(row, words):
            return RowKind.HEADING
        if all(opens_address(self.readings[line].text, self.called) for line in row.lines):
            return RowKind.OPENING
        if self._is_addressed(row) and (self._likely_in(row) or (len(words) == 1 and self._begins_address(row))):
            return RowKind.ADDRESSED
        if self._begins_address(row):
            return RowKind.OPENING
        if self._likely_in(row) and words and keep_letters(words[0]) not in TITLES:
            return RowKind.NAME
        sure = [self.readings[line].confidence for line in row.lines]
        return RowKind.UNREAD if min(sure, default=0.0) < PLAIN else RowKind.WORDS

    def _is_sentence(self, words: Sequence[str]) -> bool:
        """Whether a short row is the end of a sentence that began above or on the page before."""
        if not words or not words[0][:1].isalpha():
            return False
        small = words[0][:1].islower() and not is_heading_word(keep_letters(words[0]))
        ended = words[-1].endswith((".", "!", "?")) and len(words) >= SENTENCE
        return (small and (len(words) >= SENTENCE or words[-1].endswith((".", "!", "?")))) or ended

    def is_greeting(self, row: HeadRow) -> bool:
        """Whether a row greets whom a letter is to: nobody who hands it in is named there."""
        return len(row.lines) == 1 and is_greeting(self.readings[row.lines[0]].text, self.called)

    def greets(self, row: HeadRow) -> bool:
        """Whether a row of the text begins a letter or a card."""
        return self.is_greeting(row) or (self._is_addressed(row) and bool(self._likely_in(row)))

    def _is_addressed(self, row: HeadRow) -> bool:
        """Whether whom a row names is the person that a letter or a card is for."""
        return not self.addressed.isdisjoint(row.lines)

    def _begins_address(self, row: HeadRow) -> bool:
        """Whether a row begins with words to the person whom it names."""
        return addresses_somebody(self.readings[row.lines[0]].text, self.called)

    def _is_name(self, row: HeadRow) -> bool:
        """Whether a name explains most of a row."""
        return min(self._costs_of_row(row), default=NAMED + 1) <= NAMED

    def cover_names(self, row: HeadRow) -> list[Box]:
        """The covers of the names in a row; of all of it where it is nothing else, or they cannot be told apart."""
        found = [] if self._is_name(row) else self._find_mentions(row)
        return [cover_place(mention.box, self.ink, self.dpi) for mention in found] or [_cover(row, self.ink, self.dpi)]

    def _is_plain_heading(self, row: HeadRow, words: Sequence[str]) -> bool:
        """Whether a row was read plainly and is nothing but a date or the like: May 4, 4th of May, Period 3, Draft 2.

        A lone word is not enough: somebody may be called April.
        """
        if any(self.readings[line].confidence < PLAIN for line in row.lines):
            return False
        parts = [part for word in words for part in _PARTS.findall(word)]
        letters = [plain for part in parts if (plain := keep_letters(part))]
        if len(parts) < 2 or self.called.intersection(letters):
            return False
        return all(part in _IN_DATES or is_heading_word(part) for part in letters)

    def _likely_in(self, row: HeadRow) -> set[int]:
        """The students who are likely named in a row, though it is hard to read."""
        return {student for mention in self._find_mentions(row) for student in self.spellings[mention.name].students}

    def _find_mentions(self, row: HeadRow) -> list[Mention]:
        """The names in a row."""
        return [
            mention
            for n in row.lines
            for mention in find_mentions(
                self.lines[n], self.readings[n], self.names, self.spellings, self.ink, self.dpi
            )
        ]

    def _costs_of_row(self, row: HeadRow) -> tuple[float, ...]:
        return self._costs([self._bare(self.readings[line]) for line in row.lines])

    def is_date(self, row: HeadRow) -> bool:
        """Whether all words of a row are words of headings, as May in a date, though somebody is called so too."""
        words = [keep_letters(word) for line in row.lines for word in self.readings[line].text.split()]
        return all(is_heading_word(word) for word in words if word)

    def _bare(self, reading: LineReading) -> LineReading:
        """A reading without what headings have beside a name: dates, classes, page numbers, ``Name:``, ``by``."""
        letters, at, text = reading.letters.copy(), [], []
        for match in re.finditer(r"\S+", reading.text):
            word = match.group()
            plain = keep_letters(word)
            keeps = bool(plain) and (plain in self.called or not (is_heading_word(plain) or _is_number(word)))
            frames = reading.at[match.start() : match.end()]
            if keeps:
                text += [*word, " "]
                at += [*frames, frames[-1]]
            else:
                letters[frames[0] : frames[-1] + 1] = 0
                letters[frames[0] : frames[-1] + 1, SIGN] = 1
        return replace(reading, letters=letters, text="".join(text), at=tuple(at))

    def _costs(self, readings: Sequence[LineReading]) -> tuple[float, ...]:
        some = [reading for reading in readings if (reading.letters.argmax(axis=1) < BLANK).any()]
        if not some or not self.students:
            return ()
        ways = [some, *([one] for one in some)] if len(some) > 1 else [some]
        every = [measure_student_costs(way, self.names, self.spellings, self.students) for way in ways]
        return tuple(map(min, zip(*every, strict=True)))

    def costs_of(self, rows: Sequence[HeadRow]) -> tuple[float, ...]:
        """For each student, the cost of reading her name in these rows; empty where there are none."""
        telling = [row for row in rows if not self.is_date(row)] or list(rows)
        every = [costs for row in telling if (costs := self._costs_of_row(row))]
        if not every:
            return ()
        best = list(map(min, zip(*every, strict=True)))
        for student in {student for row in telling for student in self._likely_in(row)}:
            best[student] = min(best[student], POSSIBLE)
        return tuple(best)

    def is_chapter(self, row: HeadRow) -> bool:
        """Whether a row numbers a part of a text, as "Chapter 2" does: that heads no text of its own."""
        words = [keep_letters(word) for line in row.lines for word in self.readings[line].text.split()]
        return bool(words) and words[0] in CHAPTER_WORDS

    def count_name_words(self, row: HeadRow) -> int:
        """How many words a name has, without what headings have beside it."""
        return sum(len(self._bare(self.readings[line]).text.split()) for line in row.lines)

    def number_of(self, row: HeadRow, kind: RowKind) -> int | None:
        """The page number that stands alone or behind a name; None where there is none."""
        if kind not in {RowKind.NUMBER, RowKind.NAME, RowKind.UNREAD}:
            return None
        return read_page_number([word for line in row.lines for word in self.readings[line].text.split()])

    def begins_small(self, row: HeadRow) -> bool:
        """Whether the text begins with a small letter: a sentence goes on."""
        text = self.readings[row.lines[0]].text.lstrip()
        return text[:1].islower()


def read_page_number(words: Sequence[str]) -> int | None:
    """The page number with which words end; None where they end with none, or with a date.

    >>> read_page_number(["Tran", "2"]), read_page_number(["1", "of", "2"]), read_page_number(["Tran", "9/14"])
    (2, 1, None)
    """
    if not words:
        return None
    if len(words) > 2 and words[-2].casefold() in _OF and words[-3].isdigit():
        words = [*words[:-3], f"{words[-3]}/{words[-1]}"]
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    match = _PAGE.fullmatch(_MISREAD.get(last, last))
    if match is None or (is_heading_word(keep_letters(before)) and not _PAGE_WORD.fullmatch(before)):
        return None
    number, of = int(match.group(1)), int(match.group(2) or 0)
    return None if of and not number <= of <= MOST_PAGES else number


def _is_number(word: str) -> bool:
    return (
        _PAGE.fullmatch(word) is not None or _PAGE_WORD.fullmatch(word) is not None or not any(map(str.isalpha, word))
    )


def _rows(lines: Sequence[Line]) -> list[HeadRow]:
    """Lines side by side joined to rows, from the top down; what is written up or down the page is left out."""
    rows: list[list[int]] = []
    for n in sorted((n for n, line in enumerate(lines) if abs(line.angle) < 45), key=lambda n: lines[n].y):
        line = lines[n]
        for row in rows[-4:]:
            if any(_beside(line, lines[other]) for other in row):
                row.append(n)
                break
        else:
            rows.append([n])
    made = []
    for row in rows:
        ordered = sorted(row, key=lambda n: lines[n].x)
        own = [lines[n] for n in ordered]
        left, right = min(one.x - one.width / 2 for one in own), max(one.x + one.width / 2 for one in own)
        top, bottom = min(one.y - one.height / 2 for one in own), max(one.y + one.height / 2 for one in own)
        made.append(HeadRow(tuple(ordered), left, top, right, bottom, sum(one.width for one in own)))
    return sorted(made, key=lambda row: row.top + row.bottom)


def _beside(one: Line, other: Line) -> bool:
    down = min(one.y + one.height / 2, other.y + other.height / 2) - max(
        one.y - one.height / 2, other.y - other.height / 2
    )
    across = min(one.right, other.right) - max(one.left, other.left)
    return down > LEVEL * min(one.height, other.height) and across < 0.5 * min(one.width, other.width)


def _is_centred(row: HeadRow, text: Sequence[HeadRow], width: int) -> bool:
    """Whether a row stands in the middle of the text below it, or of the page."""
    left, right = min((one.left for one in text), default=0.0), max((one.right for one in text), default=float(width))
    aside = CENTRED * max(1.0, right - left)
    return row.left > left + aside and abs(row.left + row.right - left - right) / 2 < aside


def _has_name(head: Sequence[tuple[HeadRow, RowKind]]) -> bool:
    return any(kind is RowKind.NAME for _, kind in head)


def _runs_to_foot(text: Sequence[HeadRow], height: int) -> bool:
    """Whether text runs down to the foot of a page of that height without a large gap before its last rows."""
    gaps = [below.top - above.bottom for above, below in pairwise(text)]
    return bool(text) and text[-1].bottom > FULL_PAGE * height and max(gaps, default=0.0) < LARGE_GAP * height


def _usual_width(rows: Sequence[HeadRow], width: int) -> float:
    """How wide a row of the page's text is."""
    wide = sorted(row.inked for row in rows)
    return wide[round(0.7 * (len(wide) - 1))] if len(wide) > FEW_ROWS / 2 else 0.6 * width


def _cover(row: HeadRow, ink: Mask, dpi: float) -> Box:
    """The place of a row with the strokes that belong to it, and paper around them."""
    mm = dpi / 25.4
    height, width = ink.shape
    left, top = max(0, round(row.left - PAD_MM * mm)), max(0, round(row.top - OVER_MM * mm))
    right, bottom = min(width, round(row.right + PAD_MM * mm)), min(height, round(row.bottom + OVER_MM * mm))
    reach = round(TALLEST_STROKE_MM * mm)
    high, low = max(0, top - reach), min(height, bottom + reach)
    start, end = max(0, left - reach), min(width, right + reach)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink[high:low, start:end].astype(np.uint8))
    inside = np.bincount(labels[top - high : bottom - high, left - start : right - start].ravel(), minlength=len(stats))
    own = inside > OWN * stats[:, cv2.CC_STAT_AREA]
    own &= (stats[:, cv2.CC_STAT_HEIGHT] < reach) & (stats[:, cv2.CC_STAT_WIDTH] < 4 * reach)
    own[0] = False
    rim = round(mm)
    for x, y, w, h, _ in stats[own]:
        left, right = min(left, start + int(x) - rim), max(right, start + int(x + w) + rim)
        top, bottom = min(top, high + int(y) - rim), max(bottom, high + int(y + h) + rim)
    return Box.from_pixels(max(0, left), max(0, top), min(width, right), min(height, bottom), width, height)


def cover_place(box: Box, ink: Mask, dpi: float) -> Box:
    """The cover of a name at a place: with the strokes that belong to it, and paper around them.

    Args:
        box: where its line is, in fractions of the page.
        ink: what is written on the page.
        dpi: of it.
    """
    left, top, right, bottom = box.to_pixels(ink.shape[1], ink.shape[0])
    return _cover(HeadRow((), left, top, right, bottom, right - left), ink, dpi)


def describe_strokes(page: Grey, ink: Mask, dpi: float) -> tuple[float, float, float]:
    """How dark, how wide (mm) and how tall (mm) the strokes on a page are; zeros where too little is written.

    Args:
        page: without its ruling, (height, width) uint8.
        ink: what is written on it, the same shape.
        dpi: of both.
    """
    mm = dpi / 25.4
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    tall, wide = stats[:, cv2.CC_STAT_HEIGHT] / mm, stats[:, cv2.CC_STAT_WIDTH] / mm
    strokes = (tall > 1.0) & (tall < TALLEST_STROKE_MM) & (wide < 3 * TALLEST_STROKE_MM)
    strokes[0] = False
    if int(strokes.sum()) < LEAST_STROKES:
        return 0.0, 0.0, 0.0
    drawn = strokes[labels]
    dark = measure_ink_depth(page, reach=round(dpi / 5) | 1)
    outlines, _ = cv2.findContours(drawn.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    around = max(1, sum(len(outline) for outline in outlines))
    measures = (
        float(np.percentile(dark[drawn], 75)),
        2 * float(drawn.sum()) / around / mm,
        float(np.median(tall[strokes])),
    )
    return tuple(0.0 if math.isnan(one) else round(one, 3) for one in measures)  # type: ignore[return-value] # three
