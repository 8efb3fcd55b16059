"""Read the lines of a page, once: what the recogniser thought is kept by the page's pixels."""

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
from mssw.vision.recogniser import PINNED, Frames, Reading, recogniser
from mssw.vision.text_lines import Line, lines_of
from mssw.workset.folder import write_bytes

VERSION = 9  # of how lines are found and read; another one reads again
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
    readings: tuple[Reading, ...]
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
    known = _kept(path, digest)
    if known is not None:
        return known
    page = np.where(words, 255, page).astype(np.uint8)
    lines, too_many = lines_of(page, ink, dpi)
    readings = [recogniser().read(line.crop(page)) for line in lines]
    write_bytes(path, _packed(lines, readings, words, too_many=too_many), private=True)
    again = _kept(path, digest)  # read back, since it is kept rounded
    return again or PageReading(digest, tuple(lines), tuple(readings), too_many)


def sentences(read: PageReading, ink: Mask) -> list[Box]:
    """Where lines stand that say so much, and so plainly, that they can be no name, in fractions of the page."""
    return [
        line.box(0, line.width, ink.shape)
        for line, said in zip(read.lines, read.readings, strict=True)
        if said.confidence >= PLAIN and sum(word.isalpha() for word in said.text.split()) >= WORDS
    ]


def lines_and_words(path: Path) -> tuple[tuple[Line, ...], Mask] | None:
    """The lines and the task's printed words of a page whose reading is kept there; None where none is."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            shape = tuple(map(int, kept["shape"]))
            words = np.asarray(np.unpackbits(kept["words"], count=shape[0] * shape[1]).reshape(shape) > 0)
            return tuple(Line(*map(float, row)) for row in kept["lines"]), words
    except DAMAGED:
        return None


def _packed(lines: Sequence[Line], readings: Sequence[Reading], words: Mask, *, too_many: bool) -> bytes:
    """A page's reading as bytes: likelihoods are kept to a part in a thousand."""
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


def _kept(path: Path, digest: str) -> PageReading | None:
    """The reading in a file; None where there is none that can be read."""
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
        return PageReading(digest, lines, tuple(Reading(a, b, c, tuple(map(int, d))) for a, b, c, d in parts), too_many)
    except DAMAGED:
        return None
