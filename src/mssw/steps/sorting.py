"""The sorts of a set as kept in ``private/sorts``."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

from mssw.errors import UnreadableError, UsageError
from mssw.files.workset import WorkSet, write_json
from mssw.model.sorting import Sorting

OWN = "sort"


def sort_name(by: str) -> str:
    """The name of the file of a teacher's sort, without suffix.

    Raises:
        UsageError: the name has no letter.
    """
    if not by:
        return OWN
    plain = unicodedata.normalize("NFKC", by).casefold()
    name = "-".join("".join(c if c.isalnum() else " " for c in plain).split())
    if not name:
        raise UsageError("--as takes a name or initials with letters; for example `--as MR`.")
    return name


def sort_path(workset: WorkSet, by: str = "") -> Path:
    """Where a teacher's sort is kept."""
    return workset.sorts / f"{sort_name(by)}.json"


def read_sorting(workset: WorkSet, by: str = "") -> Sorting:
    """A teacher's sort; an empty one where none is kept.

    Raises:
        UnreadableError: the file is damaged.
    """
    path = sort_path(workset, by)
    if not path.is_file():
        return Sorting(by=by)
    try:
        return Sorting.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableError(f"{path} is damaged; put back a copy of it, or delete it to sort anew.") from None


def keep_sorting(workset: WorkSet, sorting: Sorting) -> None:
    """Keep a sort under its teacher's name, whole or not at all. The caller holds the set's lock."""
    write_json(sort_path(workset, sorting.by), sorting.to_json(), private=True)
