"""``private/entries.json``: student work that is not in the stack, such as a video or a portfolio, by reference.

Each entry says what it is and where it is kept; the thing itself is never copied. Its page in ``shared/work`` has an
alias, so that it can be sorted, chosen and printed like a response.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from mssw.errors import MsswError
from mssw.workset.folder import WorkSet, read_typed, write_typed
from mssw.workset.manifest import ListedFile, read_manifest

WAY_ON = "put a copy of it back, or rename it and add the entries again with `mssw entry`."


class EntryKind(StrEnum):
    """What an entry leads to."""

    VIDEO = "video"
    AUDIO = "audio"
    PORTFOLIO = "portfolio"
    MODEL = "model"
    OTHER = "other"


class StudentEntry(Struct, frozen=True, kw_only=True):
    """An entry.

    Attributes:
        alias: the name that it goes by.
        kind: what it is.
        what: a description for colleagues.
        minutes: how long it takes to look at; 0 where nobody said.
        kept: where it is, for the presenting teacher; it may name a student, so that it stays here.
    """

    alias: str
    kind: EntryKind
    what: str
    minutes: int = 0
    kept: str = ""


class StudentEntries(Struct, frozen=True, kw_only=True):
    """All entries of a set, in the order of their aliases."""

    version: int = 1
    entries: tuple[StudentEntry, ...] = ()


def read_entries(workset: WorkSet) -> tuple[StudentEntry, ...]:
    """The entries of a set; none where it has none.

    Raises:
        UnreadableError: the file is damaged.
    """
    return read_typed(workset.entries, StudentEntries, WAY_ON).entries if workset.entries.is_file() else ()


def keep_entries(workset: WorkSet, entries: tuple[StudentEntry, ...]) -> None:
    """Write them. The caller holds the set's lock."""
    ordered = tuple(sorted(entries, key=lambda one: one.alias))
    write_typed(workset.entries, StudentEntries(entries=ordered), private=True)


def entry_aliases(workset: WorkSet) -> frozenset[str]:
    """The aliases of the entries."""
    return frozenset(one.alias for one in read_entries(workset))


def list_entry_pages(workset: WorkSet) -> tuple[ListedFile, ...]:
    """The manifest's rows of the entries' pages that are there, so that ``prepare`` leaves them as they are."""
    paths = {f"work/{alias}.pdf" for alias in entry_aliases(workset)}
    try:
        rows = read_manifest(workset).files if workset.manifest.is_file() else ()
    except MsswError:
        return ()
    return tuple(row for row in rows if row.path in paths and (workset.shared / row.path).is_file())
