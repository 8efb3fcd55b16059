"""``private/sheets.json``: which coded sheet belongs to which student, and which other sets' sheets to expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mssw.core.sheet_code import Sheets
from mssw.errors import StepMissingError, UnreadableError, UsageError
from mssw.workset.folder import DamagedFileError, WorkSet, hash_file, read_json, write_json


def read_sheets(workset: WorkSet) -> Sheets | None:
    """The sheets that were printed for a set; None where there are none.

    Raises:
        UnreadableError: the table is damaged, or of a later mssw.
    """
    return _read(workset.sheets) if workset.sheets.is_file() else None


def _read(path: Path) -> Sheets:
    try:
        return Sheets.from_json(read_json(path))
    except (DamagedFileError, KeyError, TypeError, ValueError, AttributeError):
        raise UnreadableError(
            f"{path} cannot be understood: it is damaged, or was written by a later mssw. Only this file "
            "knows which student each sheet belongs to, so put a copy of it back."
        ) from None


def keep_sheets(workset: WorkSet, sheets: Sheets) -> None:
    """Write the table, unless it says the same already."""
    if not workset.sheets.is_file() or read_json(workset.sheets) != sheets.to_json():
        write_json(workset.sheets, sheets.to_json(), private=True)


def read_neighbors(given: Sequence[Path]) -> dict[str, str]:
    """Which other sets' sheets may lie in a stack: by batch, the set's folder.

    Args:
        given: folders of sets that sheets were printed for.

    Raises:
        StepMissingError: no sheets were printed for one of them.
        UnreadableError: its table is damaged.
    """
    found: dict[str, str] = {}
    for folder in given:
        sheets = read_sheets(WorkSet(folder))
        if sheets is None:
            raise StepMissingError(
                f"codes of {folder}: no sheets were printed for it; give the folder of a set that "
                "`mssw sheets` was run for."
            )
        found[sheets.batch] = folder.resolve().name
    return found


def add_neighbors(sheets: Sheets, given: Sequence[Path]) -> Sheets:
    """The sheets with these other sets too; those that were named before stay."""
    others = read_neighbors(given)
    others.pop(sheets.batch, None)  # the set itself is no neighbor
    return replace(sheets, others={**sheets.others, **others})


def check_same_task(sheets: Sheets, task: Path) -> None:
    """Refuse a task that the sheets were not printed from: its fields are in other places.

    Raises:
        UsageError: the sheets were printed from another task.
    """
    if hash_file(task) != sheets.task:
        raise UsageError(
            f"{task.name} is not the task that this set's sheets were printed from. Give that one (with "
            "`mssw prepare` and in a plan you can leave it out), or use a new folder for another task."
        )


def check_task_of_sheets(workset: WorkSet, task: Path) -> None:
    """Refuse a task that the set's coded sheets, if it has any, were not printed from.

    Raises:
        UsageError: the sheets were printed from another task.
        UnreadableError: the table of the sheets is damaged.
    """
    sheets = read_sheets(workset)
    if sheets is not None:
        check_same_task(sheets, task)
