"""Read the lines of a page, and find in them the names and numbers that are looked for.

In: a page with its new ink, and the ``SearchTerms`` of the class. Out: ``FoundNames``. What the recogniser read is kept
in ``private/reading`` under a hash of the page's pixels, so that no page is read twice.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from mssw.core.page import Box, Mark, MarkKind
from mssw.names.identifiers import find_identifiers
from mssw.names.spelling import Spelling, list_spellings
from mssw.names.student import SHORTEST_NUMBER, Roster
from mssw.vision.ink import Grey, Mask
from mssw.vision.mentions import find_continuations, find_mentions, is_unread, locate_text
from mssw.vision.name_spotting import NameLetters, measure_student_costs
from mssw.vision.recogniser import PINNED, Frames, LineReading, recogniser
from mssw.vision.text_lines import Line, find_written_lines
from mssw.workset.folder import write_bytes
from mssw.workset.state import recipe_of

VERSION = 9  # of how lines are found and read; another one reads again
DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error)
WORDS, PLAIN = 5, 0.85  # no name has so many words, nor a signature so plain ones
NO_FRAMES: Frames = np.zeros((0, 28), np.float32)
READING = "reading"
EDGE = 0.03  # of the page, where a scanner draws shadows
LEAST_TURNED = 12  # pixels of a field that is read by itself
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
    """

    spellings: tuple[Spelling, ...] = field(default=(), repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    students: int = 0

    @classmethod
    def of(cls, roster: Roster | None, teachers: Sequence[str], also: Sequence[str]) -> SearchTerms:
        """What to look for in a class with that roster, those teachers and that list of further words."""
        students = roster.students if roster else ()
        every = [number for student in students for number in (student.number, *student.others)]
        numbers = tuple(dict.fromkeys(number for number in every if len(number) >= SHORTEST_NUMBER))
        return cls(list_spellings(roster, teachers, also), numbers, len(students))

    @cached_property
    def recipe(self) -> str:
        """A hash of all of it: other terms ask for another look."""
        words = [(word.letters, word.students, word.is_word, word.kind) for word in self.spellings]
        return recipe_of(words, self.numbers, self.students)


@dataclass(frozen=True)
class FoundNames:
    """What was found on a page.

    Attributes:
        covers: sure names.
        flags: likely names, and identifiers, the likeliest first.
        whose: see ``Sighting.whose``.
        doubts: why the page must wait for a person.
    """

    covers: tuple[Mark, ...] = ()
    flags: tuple[Mark, ...] = ()
    whose: tuple[float, ...] = ()
    doubts: tuple[str, ...] = ()


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
    readings = [recogniser().read(line.crop(page)) for line in lines]
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
    turned: Sequence[Grey] = (),
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
        turned: what is written in own fields that run up or down the page, each turned level.
    """
    names = name_letters(terms)
    covers: list[Mark] = []
    flags: list[Mark] = []
    wrapped = find_continuations(read.lines, read.readings, dpi)
    for line, reading, goes_on in zip(read.lines, read.readings, wrapped, strict=True):
        for mention in find_mentions(line, reading, names, terms.spellings, ink, dpi, goes_on=goes_on):
            mark = Mark(mention.box, MarkKind.TEXT, READING, round(max(0.0, 1 - mention.cost / 2), 3))
            (covers if mention.sure else flags).append(mark)
        if is_unread(line, reading, ink, dpi) and _is_inside(line.x / ink.shape[1], line.y / ink.shape[0]):
            flags.append(Mark(line.box(0, line.width, ink.shape), MarkKind.UNREAD, READING, 0.1))
        for found in find_identifiers(reading.text, terms.numbers):
            box = locate_text(line, reading, found.start, found.end, ink, dpi)
            flags.append(Mark(box, found.kind, READING, 0.5))
    covers = [mark for mark in covers if not _lies_under(mark.box, hidden, WHOLLY)]
    covered = [*hidden, *(mark.box for mark in covers)]
    flags = sorted((m for m in flags if not _lies_under(m.box, covered)), key=lambda mark: -mark.confidence)
    doubts = ("there is more writing on it than could be read for names",) if read.too_many else ()
    own = [
        reading
        for line, reading in zip(read.lines, read.readings, strict=True)
        if _is_own(line.box(0, line.width, ink.shape), fields, others)
    ]
    own += [recogniser().read(writing) for writing in turned if min(writing.shape) > LEAST_TURNED]
    return FoundNames(tuple(covers), tuple(flags), _student_costs(terms, names, own), doubts)


@lru_cache(maxsize=4)
def name_letters(terms: SearchTerms) -> NameLetters:
    """The spellings, prepared for the search once a worker."""
    return NameLetters([spelling.letters for spelling in terms.spellings])


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
