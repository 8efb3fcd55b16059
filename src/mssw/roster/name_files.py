"""The class's own tables: its roster, in any shape that schools export, and the key of the aliases.

A teacher's own list of words and names to look for: a text file, one a line.

The colleagues who each get a copy, as a teacher gives them: in words, or in a file of one name a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mssw.errors import UnreadableError, UsageError
from mssw.formats.delimited import decode
from mssw.formats.workbooks import read_table, workbook_bytes
from mssw.names.spelling import letters_of
from mssw.names.student import Roster
from mssw.roster.columns import Told, parse_columns
from mssw.roster.key_table import KeyEntry, KeyTableError, key_from_rows, key_rows
from mssw.roster.sections import rows_of_section, sections_of
from mssw.roster.table import RosterError, roster_from_rows, roster_rows

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


LARGEST = 100_000
"""Bytes; every word is looked for on every page, and this is more than a school has names."""

_SHORTEST = 2  # letters


def read_words(path: Path) -> tuple[str, ...]:
    """The words and names of a list, each once, in its order.

    Empty lines are passed over, and so is what stands after a ``#``.

    Args:
        path: a text file in UTF-8, UTF-16 or Windows' own encoding.

    Raises:
        UnreadableError: it is missing, no text, too large or holds no word, or a line of it holds none that can be
            looked for. The message tells the line's number and not what stands there.
    """
    if path.is_dir():
        raise UnreadableError(f"{path} is a folder; give a text file with one word or name a line.")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise UnreadableError(f"{path} is not there; give a text file with one word or name a line.") from None
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(data) > LARGEST:
        raise UnreadableError(
            f"{path} is larger than {LARGEST // 1000} kB; every word is looked for on every page, so shorten the list."
        )
    try:
        text = decode(path.name, data)
    except UnreadableError:
        raise UnreadableError(
            f"{path} is not a text file; save the list as plain text, one word or name a line."
        ) from None
    words = _words(path, text)
    if not words:
        raise UnreadableError(f"{path} holds no word; write one word or name a line.")
    return words


def _words(path: Path, text: str) -> tuple[str, ...]:
    words: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        word = " ".join(line.partition("#")[0].split())
        if not word:
            continue
        if len(letters_of(word)) < _SHORTEST:
            raise UnreadableError(
                f"{path}, line {number}: handwriting is searched for letters from a to z, and it has fewer than two."
            )
        words[word] = None
    return tuple(words)


_FILES = {".txt", ".csv", ".md", ".text"}
_LONGEST = 80


def colleagues(given: str) -> tuple[str, ...]:
    """The names, each once, in their order.

    Args:
        given: names with commas or semicolons between them, or the path of a text file.

    Raises:
        UsageError: there is no name, or one is no name at all.
        UnreadableError: the file cannot be read.
    """
    path = Path(given)
    is_file = path.suffix.lower() in _FILES or (len(given) < 200 and path.is_file())  # noqa: PLR2004 - a path's letters
    found = _lines(path) if is_file else given.replace(";", ",").split(",")
    names = tuple(dict.fromkeys(name for name in (" ".join(line.split()) for line in found) if name))
    if not names:
        raise UsageError('--per-teacher has no names; give them as "M. Rivera, J. Okafor", or a file with one a line.')
    if max(map(len, names)) > _LONGEST:
        raise UsageError(f"--per-teacher has a name of more than {_LONGEST} letters; put commas between the names.")
    return names


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UnreadableError(f"{path} is not UTF-8 text; save it again as plain text, one name a line.") from None
    except OSError as error:
        raise UnreadableError(
            f"{path} cannot be read: {error.strerror or 'unknown cause'}; check where the file is."
        ) from None
