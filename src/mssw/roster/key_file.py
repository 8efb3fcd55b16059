"""The file ``key.xlsx``: which alias stands for which student."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mssw.errors import UnreadableError
from mssw.formats.workbooks import read_table, workbook_bytes
from mssw.roster.key_table import KeyEntry, KeyTableError, key_from_rows, key_rows


def read_key(path: Path) -> tuple[KeyEntry, ...]:
    """Read ``key.xlsx``.

    Raises:
        UnreadableError: a person's edit left it so that it cannot be read; with every problem, by row.
    """
    try:
        return key_from_rows(read_table(path))
    except KeyTableError as error:
        raise UnreadableError(
            f"{path.name} cannot be read as a key: {error}. Fix this in the file, or undo the last edit."
        ) from None


def key_bytes(entries: Sequence[KeyEntry]) -> bytes:
    """The workbook ``key.xlsx``."""
    return workbook_bytes({"Key": key_rows(entries)})
