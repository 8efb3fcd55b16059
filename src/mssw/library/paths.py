"""Folders and files, as a script gives them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mssw.workset.folder import WorkSet

AnyPath = str | os.PathLike[str]


def as_path(path: AnyPath | None) -> Path | None:
    """The path, where one is given."""
    return None if path is None else Path(path)


def as_paths(given: AnyPath | Sequence[AnyPath]) -> tuple[Path, ...]:
    """One path or several."""
    return (Path(given),) if isinstance(given, str | os.PathLike) else tuple(map(Path, given))


def as_set(folder: AnyPath) -> WorkSet:
    """The work set in a folder.

    Raises:
        StepMissingError: there is none.
    """
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    return WorkSet.open(Path(folder))
