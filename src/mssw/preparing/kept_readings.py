"""Read the lines of a page once: what the recogniser read is kept under a hash of the page's pixels.

In: a page with its new ink. Out: a ``PageReading``, its lines and what they say. Readings lie in ``private/reading``,
so that no page is read twice, also not by the steps that come later.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from mssw.core.page import Box
from mssw.vision.ink import Grey, Mask
from mssw.vision.recogniser import PINNED, Frames, LineReading, recogniser
from mssw.vision.text_lines import Line, find_written_lines
from mssw.workset.folder import write_bytes

VERSION = 11  # of how lines are found and read; another one reads again
DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error)
WORDS, PLAIN = 5, 0.85  # no name has so many words, nor a signature so plain ones
NO_FRAMES: Frames = np.zeros((0, 28), np.float32)


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
