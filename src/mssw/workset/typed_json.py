"""JSON files with a type: a file goes in, a checked row comes out, and the other way round.

A row is a ``msgspec.Struct`` or a frozen dataclass. It has the keys of the file as its fields. Keys that a row does not
have are ignored, and a field that is ``UNSET`` is left out of the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from mssw.errors import UnreadableError
from mssw.workset.folder import PREPARE_AGAIN, read_json, write_json

Row = TypeVar("Row")


def read_typed(path: Path, kind: type[Row], way_on: str = PREPARE_AGAIN) -> Row:
    """Read a JSON file that mssw wrote.

    Args:
        path: the file.
        kind: what it holds.
        way_on: what to do where it is damaged; it ends the sentence.

    Raises:
        UnreadableError: it is damaged.
        NewerVersionError: it was made by a newer mssw.
    """
    try:
        return msgspec.convert(read_json(path, way_on), kind)
    except msgspec.ValidationError:  # its text may quote the file, and so a name
        raise UnreadableError(f"{path} is damaged; {way_on}") from None


def write_typed(path: Path, row: object, *, private: bool) -> None:
    """Write a row as ``write_json`` writes a value."""
    write_json(path, msgspec.to_builtins(row), private=private)
