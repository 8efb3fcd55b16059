"""The class list and the key of a set, as they were when it was prepared: what does not match the seal is refused.

A name that was looked for before must be looked for again, or words that are covered now could be read. So a class list
that lacks one is another list, whether it is given anew or was changed in the set. The key is the file ``key.xlsx``,
which a person may edit; its rows are those of ``roster.key_table``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from mssw.errors import UnreadableError, UnusableTableError
from mssw.formats.workbooks import read_table, workbook_bytes
from mssw.names.student import Roster
from mssw.roster.key_table import BY_TEACHER, KeyEntry, key_from_rows, key_rows
from mssw.roster.roster_file import read_roster
from mssw.roster.table import all_spellings
from mssw.roster.words_file import read_words
from mssw.workset.folder import NewerVersionError, WorkSet
from mssw.workset.seal import (
    Seal,
    SealBrokenError,
    SealedFile,
    Stamp,
    broken,
    read_seal,
    read_under_seal,
    start_over,
    write_seal,
)

ROSTER, ALSO, KEY = "private/roster.xlsx", "private/also.txt", "private/key.xlsx"
_HOLDS = {
    ROSTER: "the names that were looked for",
    ALSO: "further names that were looked for",
    KEY: "which alias stands for which student",
    "private/sheets.json": "which student each printed sheet belongs to",
    "private/refused-aliases.txt": "the aliases that are like a student of another class",
    "set.toml": "where names are written, and what is covered",
}


def read_class_list(workset: WorkSet, also: Sequence[str] = ()) -> Roster | None:
    """The class list of a set; None where it has none.

    Args:
        workset: the set.
        also: further names that are about to be looked for, instead of the set's own.

    Raises:
        SealBrokenError: it is missing, damaged or another one, and the set's seal says so.
        UnreadableError: it is damaged.
    """
    return read_under_seal(workset, lambda seal: _read_roster_under(workset, seal, also))


def _read_roster_under(workset: WorkSet, seal: Seal | None, also: Sequence[str]) -> Roster | None:
    if not workset.roster.is_file():
        if (ROSTER in seal.files) if seal else workset.matches.is_file() and workset.state.is_file():
            raise broken(workset, ROSTER, "is missing", _HOLDS[ROSTER])
        return None
    try:
        roster = read_roster(workset.roster)
    except NewerVersionError:
        raise
    except UnreadableError as error:
        if seal is None:
            raise
        raise broken(workset, ROSTER, f"cannot be read: {str(error).rstrip('.')}", _HOLDS[ROSTER]) from None
    check_names(workset, seal, roster, also or read_also(workset))
    return roster


def read_also(workset: WorkSet) -> tuple[str, ...]:
    """The further names to look for.

    Raises:
        SealBrokenError: the file is missing, and the set's seal says so.
        UnreadableError: it is damaged.
    """
    if workset.also.is_file():
        return read_words(workset.also)
    seal = read_seal(workset)
    if seal is not None and ALSO in seal.files:
        raise broken(workset, ALSO, "is missing", _HOLDS[ALSO])
    return ()


def check_names(workset: WorkSet, seal: Seal | None, roster: Roster | None, also: Sequence[str]) -> None:
    """Refuse names to look for that lack one that was looked for before.

    Raises:
        SealBrokenError: they do.
    """
    if seal is None or not seal.names.digests:
        return
    now = sealed_names(workset, roster, also)
    # where the state is gone, there is only the manifest's seal, which has no parts
    is_whole = set(seal.names.parts) <= set(now.parts) if seal.names.parts else seal.names.digests == now.digests
    if not is_whole:
        raise SealBrokenError(
            f"the class list lacks names that were looked for when {workset.root} was prepared (it had "
            f"{seal.names.count} students), so words that are covered now could be read. They are in "
            f"{workset.root / ROSTER}: put a copy of it back, or give a list that has all of them with --roster, and "
            f"spellings that were corrected since with --also. {start_over(workset)}"
        )


def sealed_names(workset: WorkSet, roster: Roster | None, also: Sequence[str]) -> SealedFile:
    """What is kept of the names that are looked for."""
    spellings = (*(all_spellings(roster) if roster else ()), *also)
    if not spellings:
        return SealedFile()  # a class list may come later
    return Stamp(workset).of_names(spellings, len(roster.students) if roster else 0)


def sealed_key(workset: WorkSet, entries: Iterable[KeyEntry]) -> SealedFile:
    """What is kept of the key: which alias has which pages, and how many rows a teacher wrote."""
    rows = sorted(entries, key=lambda entry: (entry.alias, entry.source, entry.pages))
    digest = Stamp(workset).of([(entry.alias, entry.source, entry.pages) for entry in rows])
    return SealedFile(len(rows), (digest,), by_hand=sum(entry.matched_by == BY_TEACHER for entry in rows))


def read_sealed_key(workset: WorkSet) -> tuple[KeyEntry, ...]:
    """The key of a set; no rows where it has none, or lost one that can be drawn again.

    Raises:
        SealBrokenError: it is missing, damaged, or gives pages other aliases, and the set's seal says so.
        UnreadableError: a person's edit left it so that it cannot be read.
    """
    return read_under_seal(workset, lambda seal: _read_key_under(workset, seal))


def _read_key_under(workset: WorkSet, seal: Seal | None) -> tuple[KeyEntry, ...]:
    if not workset.key.is_file():
        if seal is not None and seal.key.by_hand:
            raise broken(workset, KEY, "is missing", _HOLDS[KEY])
        return ()
    try:
        entries = read_key(workset.key)
    except UnreadableError as error:
        if seal is None:
            raise
        raise broken(workset, KEY, f"cannot be read: {str(error).rstrip('.')}", _HOLDS[KEY]) from None
    if seal is not None and seal.key.digests:
        check_key(workset, seal, entries, "gives pages other aliases than they have")
    return entries


def refuse_lost_key(workset: WorkSet) -> None:
    """Refuse a set whose key went missing.

    Raises:
        SealBrokenError: it did.
    """
    seal = read_seal(workset)
    if seal is not None and KEY in seal.files and not workset.key.is_file():
        raise broken(workset, KEY, "is missing", _HOLDS[KEY])


def check_key(workset: WorkSet, seal: Seal, entries: Iterable[KeyEntry], why: str) -> None:
    """Refuse a key that gives pages other aliases than the sealed one.

    Raises:
        SealBrokenError: it does.
    """
    if seal.key.digests and sealed_key(workset, entries).digests[0] not in seal.key.digests:
        raise broken(workset, KEY, why, _HOLDS[KEY])


def announce_key(workset: WorkSet, before: Iterable[KeyEntry], coming: Iterable[KeyEntry]) -> None:
    """Note that another key is about to be written, so that a run that is killed then can go on.

    Args:
        workset: the set; the caller holds its lock.
        before: the rows that are on disk.
        coming: the rows that will be.
    """
    seal = read_seal(workset)
    if seal is None:
        return
    kept = sealed_key(workset, before).digests if workset.key.is_file() else seal.key.digests
    digests = tuple(dict.fromkeys((*kept, *sealed_key(workset, coming).digests)))
    write_seal(workset, replace(seal, key=replace(seal.key, digests=digests)))


def seal_rows_by_hand(workset: WorkSet, entries: Iterable[KeyEntry]) -> None:
    """Seal how many rows of the key a teacher wrote, so that they are missed when the key goes missing."""
    seal = read_seal(workset)
    count = sum(entry.matched_by == BY_TEACHER for entry in entries)
    if seal is not None:
        write_seal(workset, replace(seal, key=replace(seal.key, by_hand=count)))


def check_files(workset: WorkSet, given: Iterable[str] = ()) -> None:
    """Refuse a set that lacks a private file that was there when it was prepared.

    Args:
        workset: the set.
        given: files that are given anew.

    Raises:
        SealBrokenError: it does.
    """
    seal = read_seal(workset)
    for name in seal.files if seal else ():
        if name != KEY and name not in given and not (workset.root / name).is_file():
            raise broken(workset, name, "is missing", _HOLDS.get(name, "what the set was prepared with"))


def sealed_files(workset: WorkSet) -> tuple[str, ...]:
    """The files that must not go missing, as far as the set has them."""
    return tuple(name for name in _HOLDS if (workset.root / name).is_file())


def read_key(path: Path) -> tuple[KeyEntry, ...]:
    """Read ``key.xlsx``.

    Raises:
        UnreadableError: a person's edit left it so that it cannot be read; with every problem, by row.
    """
    try:
        return key_from_rows(read_table(path))
    except UnusableTableError as error:
        raise UnreadableError(
            f"{path.name} cannot be read as a key: {error}. Fix this in the file, or undo the last edit."
        ) from None


def key_bytes(entries: Sequence[KeyEntry]) -> bytes:
    """The workbook ``key.xlsx``."""
    return workbook_bytes({"Key": key_rows(entries)})
