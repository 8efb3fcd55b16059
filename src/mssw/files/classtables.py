"""The class's own tables: its roster, in any shape that schools export, and the key of the aliases."""

from collections.abc import Sequence
from pathlib import Path

from mssw.errors import UnreadableError, UsageError
from mssw.formats.workbooks import read_table, workbook_bytes
from mssw.model.columntold import Told, parse_columns
from mssw.model.key import KeyEntry, KeyTableError, key_from_rows, key_rows
from mssw.model.roster import Roster, RosterError, roster_from_rows, roster_rows
from mssw.model.section import rows_of_section, sections_of

_MOST_SHOWN = 12  # classes, in a message


def read_roster(path: Path, section: str = "", *, columns: Sequence[str] = ()) -> Roster:
    """Read a class's roster from any spreadsheet or text file that we know.

    Args:
        path: the file.
        columns: what a person said of its columns, see ``columntold.parse_columns``.
        section: of a roster of several classes, the one that is meant; empty for all of it.

    Raises:
        UnreadableError: with every problem of the file in one sentence, by row, naming no student.
        UsageError: what was said of the columns cannot be understood.
    """
    told = told_columns(columns)
    rows = read_table(path)
    mine = rows_of_section(rows, section) if section else rows
    if mine is None:
        known = ", ".join(sections_of(rows).values[:_MOST_SHOWN])
        raise UnreadableError(
            f"{path.name} has no student of class {section}; "
            + (
                f"its classes are {known}."
                if known
                else "it has no column (Section, Class …) that tells classes apart."
            )
        )
    try:
        return roster_from_rows(mine, told)
    except RosterError as error:
        raise UnreadableError(
            f"{path.name} cannot be used as a roster: {error}. Put it right there and run this again; "
            f"`mssw roster check {path.name}` shows how it is read."
        ) from None


def told_columns(columns: Sequence[str]) -> Told:
    """What a person said of a roster's columns.

    Raises:
        UsageError: it cannot be understood.
    """
    try:
        return parse_columns(columns)
    except ValueError as error:
        raise UsageError(f"--columns cannot be understood: {error}.") from None


def roster_bytes(roster: Roster) -> bytes:
    """A workbook of the roster with only the columns we need; ``read_roster`` reads it back equal."""
    return workbook_bytes({"Roster": roster_rows(roster)})


def read_key(path: Path) -> tuple[KeyEntry, ...]:
    """Read ``key.xlsx``.

    Raises:
        UnreadableError: a person's edit left it so that it cannot be read; with every problem, by row.
    """
    try:
        return key_from_rows(read_table(path))
    except KeyTableError as error:
        raise UnreadableError(
            f"{path.name} cannot be read as a key: {error}. Put it right in the file, or undo the last edit."
        ) from None


def key_bytes(entries: Sequence[KeyEntry]) -> bytes:
    """The workbook ``key.xlsx``."""
    return workbook_bytes({"Key": key_rows(entries)})
