"""Use the ledger: read which students' responses were used lately, and write which are used now.

This is the only part of choosing that reads the key. It returns nothing but sentences under this set's aliases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mssw.errors import MsswError, UnreadableError
from mssw.workset.allowed_names import find_typed_names
from mssw.workset.class_list import read_sealed_key
from mssw.workset.folder import WorkSet
from mssw.workset.ledger import LedgerFolder, LedgerTrace, Use, keyed, shown_before, trace, with_use
from mssw.workset.settings import read_settings

_AGO = {1: "the last choice before this one", 2: "two choices ago", 3: "three choices ago"}


def find_recent_use(worksets: Sequence[WorkSet]) -> tuple[dict[tuple[Path, str], str], tuple[str, ...]]:
    """Find the responses of students of whom one was chosen from another set not long ago.

    Args:
        worksets: the sets that are being chosen from; earlier choices from them do not count.

    Returns:
        By set's folder and alias, where the student's response was used: ``“Massive air” (session B), two choices
        ago``; and remarks on what could not be read.
    """
    used: dict[tuple[Path, str], str] = {}
    remarks: list[str] = []
    for workset in worksets:
        folder = LedgerFolder(workset)
        try:
            if not folder.is_kept or not folder.is_apart:
                continue
            key, uses = folder.read_key(), _read_uses(folder)
            own = {_set_trace(key, one) for one in worksets}
            for alias, student in _read_students(workset, key).items():
                found = shown_before(uses, own, student)
                if found:
                    used[workset.root, alias] = " and ".join(f"{use.shown}, {_AGO[ago]}" for use, ago in found)
        except (MsswError, OSError) as error:
            remarks.append(f"mssw cannot tell which students were chosen lately: {error}")
    return used, tuple(dict.fromkeys(remarks))


def remember_use(chosen: Mapping[WorkSet, Sequence[str]]) -> tuple[str, ...]:
    """Write to the ledger which students' responses were chosen. A new choice from a set replaces its last one.

    Args:
        chosen: the chosen aliases of each set.

    Returns:
        Remarks, if no ledger could be kept. The choice is valid without it.
    """
    remarks = []
    for workset, aliases in chosen.items():
        folder = LedgerFolder(workset)
        try:
            if not folder.is_apart:
                remarks.append(f"{folder.above} is itself a work set, so it keeps no record of who was chosen.")
                continue
            begun = not folder.is_kept
            with folder.locked() as key:
                uses = _read_uses(folder) if folder.ledger.is_file() else ()
                students = _read_students(workset, key)
                traces = {students[alias] for alias in aliases if alias in students}
                use = _make_use(workset, key, tuple(sorted(traces, key=lambda one: (one.name, one.number))))
                folder.write({"version": 1, "uses": [one.to_json() for one in with_use(uses, use)]})
            if begun:
                remarks.append(
                    f"{folder.ledger} now remembers, without names or aliases, which students were chosen, so that the "
                    "next choice can be different. To keep no record, add --no-ledger."
                )
        except (MsswError, OSError) as error:
            remarks.append(f"mssw could not record which students were chosen: {error}")
    return tuple(dict.fromkeys(remarks))


def _read_uses(folder: LedgerFolder) -> tuple[Use, ...]:
    try:
        return tuple(Use.from_json(use) for use in folder.read()["uses"])
    except (KeyError, TypeError, AttributeError):
        raise UnreadableError(
            f"{folder.ledger} is damaged: restore a copy, or rename it to start a new record."
        ) from None


def _set_trace(key: bytes, workset: WorkSet) -> str:
    return keyed(key, "set", workset.root.resolve().name)


def _read_students(workset: WorkSet, key: bytes) -> dict[str, LedgerTrace]:
    """Who wrote each response, as the ledger writes it; without responses that have no student in the key."""
    if not workset.key.is_file():
        return {}
    return {e.alias: trace(key, e.student, e.number) for e in read_sealed_key(workset) if e.student}


def _make_use(workset: WorkSet, key: bytes, students: tuple[LedgerTrace, ...]) -> Use:
    """The choice for the ledger, without a title or date that names a student."""
    settings, names = read_settings(workset.settings), find_typed_names(workset)
    title, session, date = (
        "" if names.hits(text) else text for text in (settings.title, settings.session, settings.date)
    )
    return Use(_set_trace(key, workset), title, session, date, students)
