"""Read the lines of a page, and find in them the names and numbers that are looked for.

In: a page with its new ink, and the ``SearchTerms`` of the class. Out: ``FoundNames``. What the recogniser read is kept
in ``private/reading`` under a hash of the page's pixels, so that no page is read twice.

A typed page says what its text is, so its lines get readings as the recogniser would give them if it never erred: one
search finds names in handwriting and in type. A text may lie about what is seen, so it is held against the reading of
the page's pixels.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box, Mark, MarkKind
from mssw.formats.scans import PageText, TypedLine
from mssw.names.identifiers import find_identifiers
from mssw.names.letters import remove_accents
from mssw.names.name_context import NameContext
from mssw.names.own_name_words import OwnName, OwnNameWay, is_greeting
from mssw.names.respelt_names import (
    find_named_words,
    find_respelt_names,
    find_shortened_names,
    find_words_again,
)
from mssw.names.student import (
    SHORTEST_NUMBER,
    Roster,
    Spelling,
    SpellingKind,
    is_everyday,
    keep_letters,
    list_spellings,
)
from mssw.names.word_lists import (
    ENGLISH_GRAMMAR,
    FOREIGN_GRAMMAR,
    FOREIGN_WORDS,
    FUNCTION_WORDS,
    UNENDING_WORDS,
)
from mssw.vision.acrostics import find_acrostics
from mssw.vision.ink import Grey, Mask, Matrix
from mssw.vision.letter_boxes import without_walls
from mssw.vision.letter_grids import find_names_in_rows
from mssw.vision.mentions import (
    Mention,
    find_continuations,
    find_listed_name,
    find_mentions,
    is_unread,
    locate_text,
)
from mssw.vision.name_spotting import NameLetters, measure_student_costs
from mssw.vision.names_across_lines import find_parted_names
from mssw.vision.names_in_columns import find_cells_among_names
from mssw.vision.own_name_places import NameReader, find_addressed, find_own_names, readings_in
from mssw.vision.recogniser import BLANK, LETTERS, LIKE, PINNED, SIGN, Frames, LineReading, recogniser
from mssw.vision.text_lines import Line, find_written_lines
from mssw.workset.folder import write_bytes
from mssw.workset.sightings import recipe_of

VERSION = 11  # of how lines are found and read; another one reads again
DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error)
WORDS, PLAIN = 5, 0.85  # no name has so many words, nor a signature so plain ones
NO_FRAMES: Frames = np.zeros((0, 28), np.float32)
READING = "reading"
TOO_MUCH_TO_READ = "there is more writing on it than could be read for names"
EDGE = 0.03  # of the page, where a scanner draws shadows
LEAST_ALONE = 12  # pixels of what is read by itself
LEAST_ENGLISH, MOSTLY_ENGLISH = 3, 3  # small words of English on a page, and times those of other languages
LEAST_SMALL = 2  # letters of a small word that is no initial
LEAST_FOREIGN = 4  # letters of such a word: a shorter one is soon found in anything
AMONG_NAMES = 0.7  # of the cells beside one that cannot be read: it is a name, too
SURELY_READ = 0.9  # confidence of a line on which a part of a name may be a short form
CALLED_IN_FULL = frozenset({SpellingKind.FIRST, SpellingKind.PREFERRED})
HALF = 0.5  # of a line inside a field: the line is the name
MOSTLY = 0.6  # of a place under a cover: there is nothing more to say of it
WHOLLY = 0.98  # of a sure name under a cover: if less is covered, what sticks out can be read


@dataclass(frozen=True)
class SearchTerms:
    """What to look for. Its repr does not show it.

    Attributes:
        spellings: words that name somebody.
        numbers: the roster's student numbers and other identifiers.
        students: how many the roster has.
        printed: the words of the task, as letters from a to z.
        story: those of them that may be names of people of whom the task tells.
    """

    spellings: tuple[Spelling, ...] = field(default=(), repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    students: int = 0
    printed: frozenset[str] = frozenset()
    story: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, roster: Roster | None, teachers: Sequence[str], also: Sequence[str], printed: Iterable[str] = ()
    ) -> SearchTerms:
        """What to look for in a class with that roster, those teachers and that list of further words.

        Args:
            roster: the class.
            teachers: their names.
            also: further words.
            printed: the task's words, in its order.
        """
        students = roster.students if roster else ()
        every = [number for student in students for number in (student.number, *student.others)]
        numbers = tuple(dict.fromkeys(number for number in every if len(number) >= SHORTEST_NUMBER))
        words = [word for text in printed for word in text.split()]
        return cls(
            list_spellings(roster, teachers, also),
            numbers,
            len(students),
            frozenset(map(keep_letters, words)) - {""},
            frozenset(_list_story_names(words)),
        )

    @cached_property
    def recipe(self) -> str:
        """A hash of all of it: other terms ask for another look."""
        words = [(word.letters, word.students, word.is_word, word.kind) for word in self.spellings]
        return recipe_of(words, self.numbers, self.students, sorted(self.printed), sorted(self.story))


def _list_story_names(words: Sequence[str]) -> Iterator[str]:
    """Words with a capital, as letters; an everyday word only inside a sentence ("Mark your answer" names nobody)."""
    begins = True
    for word in words:
        letters = keep_letters(word)
        if word.strip("\"'(\u201c\u2018")[:1].isupper() and not (begins and is_everyday(letters)):
            yield letters.removesuffix("s") if word.endswith(("'s", "\u2019s")) else letters
        begins = word.endswith((".", "!", "?", ":"))


@dataclass(frozen=True)
class FoundNames:
    """What was found on a page.

    Attributes:
        covers: sure names.
        flags: likely names, and identifiers, the likeliest first.
        name_costs: see ``Sighting.name_costs``.
        doubts: why the page must wait for a person.
        own_names: those that stand where a student writes her own.
    """

    covers: tuple[Mark, ...] = ()
    flags: tuple[Mark, ...] = ()
    name_costs: tuple[float, ...] = ()
    doubts: tuple[str, ...] = ()
    own_names: tuple[OwnName, ...] = ()


@dataclass(frozen=True)
class PageReading:
    """The lines of a page, read.

    Attributes:
        digest: of what was read: the name under which it is kept.
        lines: where they lie.
        readings: what they say, in the same order.
        too_many: whether there was more writing than was read.
    """

    digest: str
    lines: tuple[Line, ...]
    readings: tuple[LineReading, ...]
    too_many: bool


def read_lines(folder: Path, page: Grey, ink: Mask, words: Mask, dpi: float) -> PageReading:
    """Read a page, or take what an earlier run read of the same pixels.

    Args:
        folder: where readings are kept.
        page: upright, (height, width) uint8.
        ink: its new ink, the same shape.
        words: the task's own printed words, the same shape; they are not read.
        dpi: of all.

    Raises:
        EngineError: a model is missing or is another.
    """
    parts = (
        repr((VERSION, dpi, page.shape, sorted(PINNED.values()))).encode(),
        page.tobytes(),
        np.packbits(ink).tobytes(),
        np.packbits(words).tobytes(),
    )
    digest = hashlib.sha256(b"".join(parts)).hexdigest()[:32]
    path = folder / f"{digest}.npz"
    kept = _read_kept(path, digest)
    if kept is not None:
        return kept
    page = np.where(words, 255, page).astype(np.uint8)
    lines, too_many = find_written_lines(page, ink, dpi)
    readings = [recogniser().read_closely(line.crop(page)) for line in lines]
    write_bytes(path, _pack(lines, readings, words, too_many=too_many), private=True)
    kept = _read_kept(path, digest)  # read back, since it is kept rounded
    return kept or PageReading(digest, tuple(lines), tuple(readings), too_many)


def find_sentences(read: PageReading, ink: Mask) -> list[Box]:
    """Find lines that say so much, and so plainly, that they can be no name: their places in fractions of the page."""
    return [
        line.box(0, line.width, ink.shape)
        for line, reading in zip(read.lines, read.readings, strict=True)
        if reading.confidence >= PLAIN and sum(word.isalpha() for word in reading.text.split()) >= WORDS
    ]


def read_kept_lines(path: Path) -> tuple[tuple[Line, ...], Mask] | None:
    """Read back the lines and the task's printed words of a page; None if no reading is kept there."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            shape = tuple(map(int, kept["shape"]))
            words = np.asarray(np.unpackbits(kept["words"], count=shape[0] * shape[1]).reshape(shape) > 0)
            return tuple(Line(*map(float, row)) for row in kept["lines"]), words
    except DAMAGED:
        return None


@dataclass(frozen=True)
class ReadPage:
    """A page's kept reading, with the (height, width) in pixels of the page that was read."""

    reading: PageReading
    shape: tuple[int, int]


def read_kept_page(folder: Path, digest: str) -> ReadPage | None:
    """Read back what was read on a page; None if no reading is kept under that name."""
    path = folder / f"{digest}.npz"
    reading = _read_kept(path, digest)
    if reading is None:
        return None
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            height, width = map(int, kept["shape"])
    except DAMAGED:
        return None
    return ReadPage(reading, (height, width))


def place_in_line(page: ReadPage, box: Box) -> tuple[LineReading, int, int] | None:
    """The reading of the line on which most of a place lies, with the frames under it; None where no line does.

    Args:
        page: the page's reading.
        box: the place, in fractions of the page.

    Returns:
        The reading, and the first and last frame.
    """
    lines = page.reading.lines
    shares = [box.shared(line.box(0, line.width, page.shape)) for line in lines]
    if not max(shares, default=0):
        return None
    best = shares.index(max(shares))
    line, reading = lines[best], page.reading.readings[best]
    first, last = find_frames(line, reading, box, page.shape)
    return reading, round(first), round(last)


def find_frames(line: Line, reading: LineReading, box: Box, shape: tuple[int, int]) -> tuple[float, float]:
    """The first and the last frame of a line under a place of a page of that (height, width), in parts of a frame."""
    columns = [line.column_at(x * shape[1], y * shape[0]) for x in (box.x, box.right) for y in (box.y, box.bottom)]
    a_frame = line.width / max(1, len(reading.letters))
    return min(columns) / a_frame, max(columns) / a_frame


def read_between(reading: LineReading, first: int, last: int) -> tuple[str, str, str]:
    """What was read on a part of a line, and the words before and after it, in small letters."""
    signs = list(zip(reading.text, reading.at, strict=True))
    before = "".join(sign for sign, at in signs if at < first)
    here = "".join(sign for sign, at in signs if first <= at <= last)
    after = "".join(sign for sign, at in signs if at > last)
    preceding = before.rsplit(maxsplit=1) if here[:1].isspace() or before[-1:].isspace() else []
    following = after.split(maxsplit=1) if here[-1:].isspace() or after[:1].isspace() else []
    last_word, next_word = preceding[-1] if preceding else "", following[0] if following else ""
    return here.strip(), last_word.casefold(), next_word.strip(",.:").casefold()


def _pack(lines: Sequence[Line], readings: Sequence[LineReading], words: Mask, *, too_many: bool) -> bytes:
    """A page's reading as bytes; likelihoods are kept to a part in a thousand."""
    memory = io.BytesIO()
    np.savez_compressed(
        memory,
        lines=np.array([astuple(line) for line in lines], np.float64).reshape(-1, 5),
        frames=np.array([len(reading.letters) for reading in readings], np.int64),
        letters=np.concatenate([reading.letters for reading in readings] or [NO_FRAMES]).astype(np.float16),
        upper=np.concatenate([reading.upper for reading in readings] or [NO_FRAMES[:, 0]]).astype(np.float16),
        texts=np.frombuffer("\n".join(reading.text for reading in readings).encode(), np.uint8),
        at=np.array([frame for reading in readings for frame in reading.at], np.int64),
        too_many=np.array(too_many),
        words=np.packbits(words),
        shape=np.array(words.shape, np.int64),
    )
    return memory.getvalue()


def _read_kept(path: Path, digest: str) -> PageReading | None:
    """Read back what is kept in a file; None if there is nothing that can be read."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            lines = tuple(Line(*map(float, row)) for row in kept["lines"])
            cuts = np.cumsum(kept["frames"])[:-1]
            letters = np.split(kept["letters"].astype(np.float32), cuts)
            upper = np.split(kept["upper"].astype(np.float32), cuts)
            texts = kept["texts"].tobytes().decode().split("\n")
            places = np.split(kept["at"], np.cumsum([len(text) for text in texts])[:-1])
            too_many = bool(kept["too_many"])
        if not lines:
            return PageReading(digest, (), (), too_many)
        parts = zip(letters, upper, texts, places, strict=True)
        return PageReading(
            digest, lines, tuple(LineReading(a, b, c, tuple(map(int, d))) for a, b, c, d in parts), too_many
        )
    except DAMAGED:
        return None


def find_terms(
    terms: SearchTerms,
    read: PageReading,
    ink: Mask,
    dpi: float,
    fields: Sequence[Box],
    hidden: Sequence[Box],
    *,
    others: Sequence[Box] = (),
    alone: Sequence[Grey] = (),
) -> FoundNames:
    """Look for names and identifiers in what a page says.

    Args:
        terms: what to look for.
        read: the page's lines.
        ink: its new ink.
        dpi: of it.
        fields: its fields for the name of the student who hands it in.
        hidden: what is covered anyway.
        others: its other fields; what is written in them never tells whose page it is.
        alone: what is written in own fields that cannot be read as lines of the page, each row by itself.
    """
    names = name_letters(terms)
    covers: list[Mark] = []
    flags: list[Mark] = []
    named, strangers = _find_in_lines(terms, read, ink, dpi)
    for n, (line, reading) in enumerate(zip(read.lines, read.readings, strict=True)):
        for mention in named[n]:
            mark = Mark(mention.box, MarkKind.TEXT, READING, round(max(0.0, 1 - mention.cost / 2), 3))
            (covers if mention.sure else flags).append(mark)
        is_odd = is_unread(line, reading, ink, dpi) and _is_inside(line.x / ink.shape[1], line.y / ink.shape[0])
        if is_odd or n in strangers:
            kind = MarkKind.TEXT if n in strangers else MarkKind.UNREAD
            mark = Mark(line.box(0, line.width, ink.shape), kind, READING, 0.1)
            (covers if strangers.get(n) else flags).append(mark)
        for found in find_identifiers(reading.text, terms.numbers):
            box = locate_text(line, reading, found.start, found.end, ink, dpi)
            flags.append(Mark(box, found.kind, READING, 0.5))
    again = _find_named_in_fields(terms, read, ink, dpi, (*fields, *others))
    covers += [mark for mark in again if not _lies_under(mark.box, [one.box for one in covers])]
    covers = [mark for mark in covers if not _lies_under(mark.box, hidden, WHOLLY)]
    own_names = find_own_names(read.lines, read.readings, list(map(bool, named)), name_reader(terms), ink.shape, dpi)
    covers += [flag for flag in flags if _is_signed(flag, own_names)]
    covered = [*hidden, *(mark.box for mark in covers)]
    flags = sorted((m for m in flags if not _lies_under(m.box, covered)), key=lambda mark: -mark.confidence)
    doubts = (TOO_MUCH_TO_READ,) if read.too_many else ()
    own = _own_readings(read, ink.shape, fields, others)
    own += [recogniser().read(writing) for writing in alone if min(writing.shape) > LEAST_ALONE]
    return FoundNames(tuple(covers), tuple(flags), _student_costs(terms, names, own), doubts, tuple(own_names))


def _find_in_lines(
    terms: SearchTerms, read: PageReading, ink: Mask, dpi: float
) -> tuple[list[list[Mention]], dict[int, bool]]:
    """The names on each line of a page, and the short lines among names that say none, each with whether it is one."""
    names, is_english = name_letters(terms), _is_english(read.readings)
    spellings = _english_spellings(terms) if is_english else terms.spellings
    wrapped = find_continuations(read.lines, read.readings, dpi)
    readings = [without_walls(reading) or reading for reading in read.readings]
    below = {above: readings[n].text for n, above in enumerate(wrapped) if above is not None}
    found = [
        find_mentions(
            line,
            reading,
            names,
            terms.spellings if _is_foreign(reading.text) else spellings,
            ink,
            dpi,
            goes_on=wrapped[n] is not None,
            following=below.get(n, ""),
            story=terms.story,
        )
        for n, (line, reading) in enumerate(zip(read.lines, readings, strict=True))
    ]
    found = [[replace(one, sure=one.sure or _is_named_elsewhere(one, found)) for one in line] for line in found]
    parts = [
        *find_parted_names(read.lines, read.readings, names, spellings, ink, dpi),
        *_find_spelt(read.lines, readings, spellings, ink, dpi),
    ]
    for n, part in (*parts, *_find_respelt(terms, read.lines, readings, spellings, ink, dpi)):
        found[n] = _with_part(found[n], part)
    are_names = [bool(mentions) and all(one.sure and one.alone for one in mentions) for mentions in found]
    strangers: dict[int, bool] = {}
    for n, share in find_cells_among_names(read.lines, are_names).items():
        letters = keep_letters(read.readings[n].text)
        if not letters or letters in terms.printed | FUNCTION_WORDS:
            continue
        if _says_something(read.readings[n].text, spellings):
            strangers |= {} if any(one.sure for one in found[n]) else {n: False}
        else:
            listed = find_listed_name(read.lines[n], read.readings[n], names, spellings, ink, dpi)
            found[n] = [listed] if listed else []
            strangers |= {} if listed else {n: share >= AMONG_NAMES}
    return found, strangers


def _find_named_in_fields(
    terms: SearchTerms, read: PageReading, ink: Mask, dpi: float, fields: Sequence[Box]
) -> list[Mark]:
    """The words of a page, with a capital, that are written where it asks for somebody's name: also nicknames."""
    inside = [any(line.box(0, line.width, ink.shape).shared(field) >= HALF for field in fields) for line in read.lines]
    texts = [(one.text, is_in) for one, is_in in zip(read.readings, inside, strict=True) if one.confidence >= PLAIN]
    named = {keep_letters(word) for text, is_in in texts if is_in for word in find_named_words(text)} - terms.printed
    small = {keep_letters(word) for text, _ in texts for word in text.split() if word.islower()}
    found = []
    for line, reading, is_in in zip(read.lines, read.readings, inside, strict=True):
        for one in () if is_in else find_words_again(reading.text, named - small):
            box = locate_text(line, reading, one.start, one.end, ink, dpi)
            found.append(Mark(box, MarkKind.TEXT, READING, 1.0))
    return found


def _is_signed(flag: Mark, own_names: Sequence[OwnName]) -> bool:
    """Whether a name stands under "Love,": there the task's story has nobody."""
    places = [one.box for one in own_names if one.way is OwnNameWay.UNDER]
    return flag.kind is MarkKind.TEXT and _lies_under(flag.box, places)


def _find_respelt(
    terms: SearchTerms,
    lines: Sequence[Line],
    readings: Sequence[LineReading],
    spellings: Sequence[Spelling],
    ink: Mask,
    dpi: float,
) -> Iterator[tuple[int, Mention]]:
    """The names on a page that are stuck to another word, stretched, or owners written small, each with its line."""
    index = {one.letters: n for n, one in enumerate(spellings)}
    words = frozenset(one.letters for one in spellings if one.is_word)
    firsts = frozenset(one.letters for one in spellings if one.students and one.kind in CALLED_IN_FULL)
    for n, (line, reading) in enumerate(zip(lines, readings, strict=True)):
        for one in find_respelt_names(reading.text, index.keys(), words):
            box = locate_text(line, reading, one.start, one.end, ink, dpi)
            yield n, Mention(box, one.letters not in terms.story, cost=0.0, name=index[one.letters])
        for one in (
            find_shortened_names(reading.text, firsts, index.keys()) if reading.confidence >= SURELY_READ else ()
        ):
            context = NameContext(reading.text, one.start, one.end)
            if not context.begins_sentence(in_new_cell=False, goes_on=False):
                box = locate_text(line, reading, one.start, one.end, ink, dpi)
                yield n, Mention(box, sure=False, cost=0.0, name=index[one.letters])


def _with_part(found: list[Mention], part: Mention) -> list[Mention]:
    """The names on a line with one more, unless a surer or a longer one is in its place."""
    apart = [one for one in found if one.box.shared(part.box) < HALF]
    there = [one for one in found if part.box.shared(one.box) >= HALF]
    is_there = any(one.sure and part.box.shared(one.box) >= one.box.shared(part.box) for one in there)
    return found if is_there or (there and not part.sure) else [*apart, part]


def _find_spelt(
    lines: Sequence[Line], readings: Sequence[LineReading], spellings: Sequence[Spelling], ink: Mask, dpi: float
) -> Iterator[tuple[int, Mention]]:
    """The first letters of lines that spell a name from above to below, and names in a word search, with their line."""
    index = {one.letters: n for n, one in enumerate(spellings)}
    for one in find_acrostics(lines, readings, index.keys()):
        box = locate_text(lines[one.line], readings[one.line], one.at, one.at + 1, ink, dpi)
        yield one.line, Mention(box, sure=True, cost=0.0, name=index[one.name])
    for row in find_names_in_rows([reading.text for reading in readings], index.keys()):
        box = locate_text(lines[row.line], readings[row.line], row.start, row.end, ink, dpi)
        yield row.line, Mention(box, sure=True, cost=0.0, name=index[row.name])


def _own_readings(
    read: PageReading, shape: tuple[int, ...], fields: Sequence[Box], others: Sequence[Box]
) -> list[LineReading]:
    """What was read in the fields for the student's own name; of a line that runs on into a date, the name's words."""
    found = []
    for line, reading in zip(read.lines, read.readings, strict=True):
        box = line.box(0, line.width, shape)
        if _is_own(box, fields, others):
            found.append(reading)
        elif not any(box.shared(other) > 0 for other in others):
            begun = [field for field in fields if field.x <= box.x < field.right]
            found += [part for field in begun for part in readings_in(field, [line], [reading], shape)]
    return found


def _says_something(text: str, spellings: Sequence[Spelling]) -> bool:
    """Whether a short line has small words in it, or so many words, that it is an answer and no name: so we won."""
    words = [letters for word in text.split() if (letters := keep_letters(word))]
    small = (ENGLISH_GRAMMAR | FUNCTION_WORDS | UNENDING_WORDS) - {one.letters for one in spellings}
    return len(words) >= WORDS or any(len(word) >= LEAST_SMALL and word in small for word in words)


def _is_named_elsewhere(mention: Mention, found: Sequence[Sequence[Mention]]) -> bool:
    """Whether a name that may be a word surely names somebody on another line of the page."""
    return mention.may_be_word and any(one.sure and one.name == mention.name for line in found for one in line)


def _is_english(readings: Sequence[LineReading]) -> bool:
    """Whether what a page says is English, by the small words in it."""
    words = Counter(keep_letters(word) for reading in readings for word in reading.text.split())
    english, foreign = (sum(words[word] for word in grammar) for grammar in (ENGLISH_GRAMMAR, FOREIGN_GRAMMAR))
    return english >= LEAST_ENGLISH and english > MOSTLY_ENGLISH * foreign


def _is_foreign(text: str) -> bool:
    """Whether a line is in another language, as in a Spanish lesson, by the small words in it."""
    words = {keep_letters(word) for word in text.split()}
    return not words & ENGLISH_GRAMMAR and bool(words & FOREIGN_GRAMMAR)


@lru_cache(maxsize=4)
def _english_spellings(terms: SearchTerms) -> tuple[Spelling, ...]:
    """The spellings, of which those that are words of another language only are names in English: Rosa, Noor."""
    return tuple(
        replace(one, is_word=False) if one.letters in FOREIGN_WORDS and len(one.letters) >= LEAST_FOREIGN else one
        for one in terms.spellings
    )


@lru_cache(maxsize=4)
def name_letters(terms: SearchTerms) -> NameLetters:
    """The spellings, prepared for the search once a worker."""
    return NameLetters([spelling.letters for spelling in terms.spellings])


def name_reader(terms: SearchTerms) -> NameReader:
    """The students' names, ready to be read at a place."""
    return NameReader(name_letters(terms), terms.spellings, terms.students)


def _student_costs(terms: SearchTerms, names: NameLetters, readings: Sequence[LineReading]) -> tuple[float, ...]:
    """For each student, the cost of reading her name in the page's own fields."""
    if not readings or not terms.students:
        return ()
    return measure_student_costs(readings, names, terms.spellings, terms.students)


def _is_own(line: Box, fields: Sequence[Box], others: Sequence[Box]) -> bool:
    """Whether a line is the name in a field for the student's own name, and not what another field asks for."""
    share = max(map(line.shared, fields), default=0.0)
    return share >= HALF and share >= max(map(line.shared, others), default=0.0)


def _is_inside(x: float, y: float) -> bool:
    """Whether a place is not at the sheet's edge."""
    return EDGE < x < 1 - EDGE and EDGE < y < 1 - EDGE


def _lies_under(box: Box, others: Iterable[Box], share: float = MOSTLY) -> bool:
    """Whether that share of a place lies under one of the others."""
    return any(box.shared(other) >= share for other in others)


# Typed pages: what a PDF says of its own text, searched like writing that was read, but with certainty

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
