"""What a worker has to know to look at one page of the stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mssw.formats.scans import Picture
from mssw.steps.blank import Sheets
from mssw.steps.coded import CodedTask
from mssw.steps.wanted import Wanted
from mssw.vision.name_field import NameField


@dataclass(frozen=True)
class FindJob:
    """One page to look at.

    Attributes:
        page_id: e.g. ``s01-p0005``.
        source: the file, as kept in ``private/stack``.
        number: 1-based page in it.
        pages: the folder ``private/pages``.
        blank: the blank task's pages; None where there is none.
        known: the blank task's recipe.
        sizes: points of each page of the blank.
        fields: all name fields.
        recipe: of the whole job.
        wanted: names and numbers to look for in what is written.
        readings: the folder ``private/reading``.
        labels: further labels for a name, where a page has to be looked at without a blank.
        turns: the pages that a person turned, by identity, with the degrees clockwise.
        printed: whether the blank is a sheet as printed; a class's own has ghosts of writing in it.
        picture: the page, decoded, where its scan is not at hand.
        coded: the sheets that were printed for the set; None where there are none.
    """

    page_id: str
    source: Path
    number: int
    pages: Path
    blank: Sheets | None
    known: str
    sizes: Sequence[tuple[float, float]]
    fields: Sequence[NameField]
    recipe: str
    wanted: Wanted
    readings: Path
    labels: Sequence[str] = ()
    turns: Mapping[str, int] | None = None
    printed: bool = True
    picture: Picture | None = None
    coded: CodedTask | None = None

    def turn_of(self, identity: str) -> int:
        """The degrees by which a person turned that page."""
        return (self.turns or {}).get(identity, 0)
