"""``private/sort-memory.json``: what mssw itself remembers of sorting, beside the sorts that people made."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from mssw.workset.folder import WorkSet, read_typed, write_typed

OWN = "sort"
"""What the presenting teacher's own sort is called, in files and with ``--compare``."""
WAY_ON = "rename it and run this again: your sorts are in other files, and only how far you had read them is lost."


class WrittenSheet(Struct, frozen=True, kw_only=True):
    """A sort sheet as mssw wrote it last. What differs from it now was typed by a person.

    Attributes:
        sha256: of the file; empty where none was written.
        works: the aliases on it.
        sorting: the sort that it showed, as its own file has it.
    """

    sha256: str = ""
    works: tuple[str, ...] = ()
    sorting: dict[str, Any] = {}


class SortPlace(Struct, frozen=True, kw_only=True, rename={"step": "pass"}):
    """Where a teacher is on the local page for sorting.

    Attributes:
        step: which pass over the responses: reading, piles, levels or pairs.
        at: the alias at which she is; may be empty.
        read: the aliases that she has read.
        pairs: the pairs of her last sitting at the boundaries.
        levels: which level each response of those pairs had then.
    """

    step: str | UnsetType = UNSET
    at: str | UnsetType = UNSET
    read: tuple[str, ...] | UnsetType = UNSET
    pairs: tuple[tuple[str, str], ...] | UnsetType = UNSET
    levels: dict[str, str] | UnsetType = UNSET

    def to_json(self) -> dict[str, Any]:
        """For the local page: the pass, the alias, and what was read; null where she never was."""
        given = {"pass": self.step, "at": self.at, "read": self.read}
        return {name: None if value is UNSET else value for name, value in given.items()}


class SortMemory(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that mssw remembers of sorting.

    Attributes:
        seed: from which the order of the responses is drawn; empty before it was drawn.
        sheets: by the name of the sort, the sheet that was written for it.
        places: by the name of the sort, where its teacher is.
    """

    seed: str = ""
    sheets: dict[str, WrittenSheet] = {}
    places: dict[str, SortPlace] = {}

    def with_seed(self, seed: str) -> SortMemory:
        """The memory with the seed that was drawn."""
        return replace(self, seed=seed)

    def with_sheet(self, name: str, sheet: WrittenSheet) -> SortMemory:
        """The memory with another sheet for a sort."""
        return replace(self, sheets={**self.sheets, name: sheet})

    def with_place(self, name: str, **changes: object) -> SortMemory:
        """The memory with those parts of a teacher's place changed."""
        return replace(self, places={**self.places, name: replace(self.places.get(name, SortPlace()), **changes)})


def read_memory(workset: WorkSet) -> SortMemory:
    """What is remembered; nothing if nobody has sorted yet.

    Raises:
        UnreadableError: the file is damaged.
    """
    return read_typed(workset.sort_memory, SortMemory, WAY_ON) if workset.sort_memory.is_file() else SortMemory()


def write_memory(workset: WorkSet, memory: SortMemory) -> None:
    """Remember it. The caller holds the set's lock."""
    write_typed(workset.sort_memory, memory, private=True)
