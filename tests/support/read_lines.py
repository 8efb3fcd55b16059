"""Lines of handwriting as if they had been read, and the class whose names are looked for in them."""

from __future__ import annotations

import numpy as np

from mssw.names.student import Roster, Student
from mssw.preparing.name_reading import SearchTerms
from mssw.vision import recogniser as engine
from mssw.vision.recogniser import LineReading

CLASS = Roster(
    (
        Student("Maria", "Lopez", number="500101"),
        Student("William", "Stone", number="500102"),
        Student("Aisha", "Okafor", number="500103"),
        Student("Nguyễn", "Trần", number="500104"),
        Student("Gänsefuß", "Döschütz", number="500105"),
    ),
    read=(), unread=(), mapping={}, skipped=(),
)  # fmt: skip


WANTED = SearchTerms.of(CLASS, ("Ms. Rivera",), ("Biscuit",))


def reading_of(text: str) -> LineReading:
    """A reading in which every letter is certain, two frames each, with a gap between them."""
    rows, at = [], []
    for sign in text:
        column = engine.LETTERS.find(sign.lower()) if sign.isalpha() else engine.SIGN
        at.append(len(rows))
        rows += [column, column, engine.BLANK]
    letters = np.full((max(1, len(rows)), 28), 1e-6, np.float32)
    letters[np.arange(len(rows)), rows] = 1
    upper = np.array([float(c.isupper()) for c in text for _ in range(3)] or [0.0], np.float32)
    return LineReading(letters, upper, text, tuple(at))
