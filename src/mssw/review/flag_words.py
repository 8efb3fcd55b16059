"""What a flagged place says: the word that was read there, and the name that it may be.

In: a page's flags and its reading, which ``prepare`` keeps in ``private/reading``. Out: a ``FlagWord`` for each flag,
for the teacher's own screen. Nothing is read anew, so a whole class takes well under a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from mssw.core.page import Box, MarkKind
from mssw.errors import UnreadableError
from mssw.names.student import SpellingKind
from mssw.preparing.name_reading import (
    ReadPage,
    SearchTerms,
    name_letters,
    place_in_line,
    read_between,
    read_kept_page,
)
from mssw.review.reviewed_set import ReviewedSet, open_flags
from mssw.vision.mentions import find_name_between
from mssw.workset.class_list import read_also, read_class_list
from mssw.workset.folder import WorkSet
from mssw.workset.settings import read_settings
from mssw.workset.state import sidecar
from mssw.workset.typed_json import read_typed

OF_NOBODY = {SpellingKind.TEACHER: "a teacher", SpellingKind.ALSO: "a word on your list"}


@dataclass(frozen=True, slots=True)
class FlagWord:
    """What one flagged place says. Its repr shows no name.

    Attributes:
        box: the place, as the state has it.
        read: what was read there; empty where nothing was.
        name: the name that it may be, as letters with a capital; empty where no name was found.
        of: who is called that: students as the roster has them, or what kind of word it is.
    """

    box: tuple[float, float, float, float]
    read: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    of: tuple[str, ...] = field(default=(), repr=False)

    def to_json(self) -> dict[str, Any]:
        """For the local page."""
        return {"box": list(self.box), "read": self.read, "name": self.name, "of": list(self.of)}


class _Read(Struct, frozen=True):
    """What we need of a page's sidecar: under which name its reading is kept."""

    read: str = ""


def read_flag_words(workset: WorkSet, reviewed: ReviewedSet) -> dict[str, list[FlagWord]]:
    """What each open flag says, by the page's id. A page whose reading is gone has its flags without words."""
    roster, also = read_class_list(workset), read_also(workset)
    terms = SearchTerms.of(roster, read_settings(workset.settings).presenting_teachers, also)
    people = [student.name for student in roster.students] if roster else []
    found = {}
    for page_id in reviewed.pages:
        flags = open_flags(reviewed, page_id)
        if flags:
            page = _read_page(workset, page_id)
            found[page_id] = [_read_flag(page, flag.box, flag.kind, terms, people) for flag in flags]
    return found


def _read_page(workset: WorkSet, page_id: str) -> ReadPage | None:
    try:
        digest = read_typed(sidecar(workset, page_id), _Read).read
    except UnreadableError:
        return None
    return read_kept_page(workset.reading, digest) if digest else None


def _read_flag(
    page: ReadPage | None,
    numbers: tuple[float, float, float, float],
    kind: MarkKind,
    terms: SearchTerms,
    people: Sequence[str],
) -> FlagWord:
    """What was read at a place, and the name that fits best there."""
    place = place_in_line(page, Box(*numbers)) if page else None
    if place is None:
        return FlagWord(numbers)
    reading, first, last = place
    read, _ = read_between(reading, first, last)
    found = None
    if kind is MarkKind.TEXT:
        found = find_name_between(reading, name_letters(terms), terms.spellings, first, last)
    if found is None:
        return FlagWord(numbers, read)
    spelling = terms.spellings[found]
    of = tuple(people[student] for student in spelling.students) or tuple(
        text for kind_of, text in OF_NOBODY.items() if kind_of is spelling.kind
    )
    return FlagWord(numbers, read, spelling.letters.capitalize(), of)
