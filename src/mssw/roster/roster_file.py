"""A class list as a file: which sheet of it is read, its students, and a report of what was read and what was not.

``check_roster`` says how a list would be read, with all that is wrong with it, before a stack is read with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mssw.core.shell_words import command_line, quote_word
from mssw.errors import UnreadableError, UsageError
from mssw.formats.workbooks import TableFile, read_sheets, workbook_bytes
from mssw.names.student import Roster, fold, list_name_words
from mssw.roster.columns import ColumnChoices, is_like_a_person, parse_columns
from mssw.roster.doubts import Gravity, RosterRemark
from mssw.roster.table import (
    Column,
    RosterReading,
    SkippedRow,
    class_letters,
    read_rows,
    roster_of,
    roster_rows,
    rows_of_section,
    sections_of,
)

_MOST_SHOWN = 12  # classes, in a message
_TWO_WAYS = (
    "its letters with accents can be read in two ways, as it is not saved as UTF-8; save it as “CSV UTF-8” or as .xlsx"
)


@dataclass(frozen=True, slots=True)
class OpenRoster:
    """The table of a class list that is read, out of all that a file holds.

    Attributes:
        rows: its rows.
        read_as: in words, how the file was read.
        sheet: the title of the sheet; empty where the file has none.
        sheets: titles of all sheets that hold anything; one that is a student's name is shown by its number.
        remarks: what there is to say of sheets and letters.
    """

    rows: list[list[str]]
    read_as: str
    sheet: str
    sheets: tuple[str, ...]
    remarks: tuple[RosterRemark, ...]


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What was read of a class list and what was not. It names no student.

    Attributes:
        file: its name.
        sheet: the sheet that was read; empty where it has none.
        sheets: all sheets that hold anything.
        students: how many were read.
        rows: how many rows hold data: those of students and the skipped ones.
        skipped: rows that are no student's, with the reason.
        doubts: what should be looked at, in clauses.
        check: the command that shows how it was read.
    """

    file: str
    sheet: str
    sheets: tuple[str, ...]
    students: int
    rows: int
    skipped: tuple[SkippedRow, ...]
    doubts: tuple[str, ...]
    check: str = ""

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "sheets": list(self.sheets),
            "students": self.students,
            "rows": self.rows,
            "skipped": skipped_as_json(self.skipped),
            "doubts": list(self.doubts),
        }


def skipped_as_json(skipped: Sequence[SkippedRow]) -> list[dict[str, Any]]:
    """Skipped rows for ``--json``."""
    return [{"row": one.row, "columns": one.columns, "reason": one.reason} for one in skipped]


def read_roster(path: Path, section: str = "", *, columns: Sequence[str] = (), sheet: str = "") -> Roster:
    """Read a class's roster from any spreadsheet or text file that we know.

    Args:
        path: the file.
        section: of a roster of several classes, the one that is meant; empty for all of it.
        columns: what its columns hold, as a person gave it; see ``parse_columns``.
        sheet: of a workbook of several sheets, the title or number of the one that is meant; empty for the first.

    Raises:
        UnreadableError: with every problem of the file in one sentence, by row, naming no student.
        UsageError: the columns or the sheet cannot be understood.
    """
    return read_and_report(path, section, columns=columns, sheet=sheet)[0]


def read_and_report(
    path: Path, section: str = "", *, columns: Sequence[str] = (), sheet: str = ""
) -> tuple[Roster, RosterReport]:
    """The roster as ``read_roster`` gives it, and what was read of the file.

    Raises:
        UnreadableError: as for ``read_roster``.
        UsageError: the columns or the sheet cannot be understood.
    """
    choices = check_columns(columns)
    opened = open_roster(path, sheet, choices)
    reading = read_rows(_of_section(path, opened.rows, section, choices) if section else opened.rows, choices)
    problems = [str(one) for one in (*opened.remarks, *reading.remarks) if one.gravity is Gravity.PROBLEM]
    if problems:
        raise UnreadableError(
            f"{path.name} cannot be used as a roster: {'; '.join(problems)}. Fix this in the file and run "
            f"this again; `mssw roster check {quote_word(path)}` shows how it is read."
        )
    doubts = tuple(str(one) for one in (*opened.remarks, *reading.remarks) if one.gravity is Gravity.DOUBT)
    chosen = [word for column in columns for word in ("--columns", column)] + (["--sheet", sheet] if sheet else [])
    check = command_line("mssw", "roster", "check", path, *chosen)
    report = RosterReport(
        path.name, opened.sheet, opened.sheets, len(reading.students), reading.rows, reading.skipped, doubts, check
    )
    return roster_of(reading), report


def _of_section(path: Path, rows: list[list[str]], section: str, choices: ColumnChoices) -> list[list[str]]:
    """The table with the rows of one class alone."""
    found = rows_of_section(rows, section)
    if found is None:
        classes = ", ".join(sections_of(rows).values[:_MOST_SHOWN])
        raise UnreadableError(
            f"{path.name} has no student of class {section}; "
            + (
                f"its classes are {classes}."
                if classes
                else "it has no column (Section, Class …) that tells classes apart."
            )
        )
    columns = [index for index, _ in sections_of(rows).columns]
    for row, _ in read_rows(rows, choices).students:
        cells = rows[row - 1]
        if not any(index < len(cells) and cells[index].strip() for index in columns):
            raise UnreadableError(
                f"{path.name}, row {row} has a student without a class, who would be in none of the classes; fill in "
                "the class there and run this again."
            )
    return found


def check_columns(columns: Sequence[str]) -> ColumnChoices:
    """Parse the columns that a person gave for a roster.

    Raises:
        UsageError: they cannot be understood.
    """
    try:
        return parse_columns(columns)
    except ValueError as error:
        raise UsageError(f"--columns cannot be understood: {error}.") from None


def open_roster(path: Path, sheet: str = "", choices: ColumnChoices = ()) -> OpenRoster:
    """The sheet of a class list to read, with remarks on the others.

    Args:
        path: the file.
        sheet: the title of the sheet that is meant, or its number from 1; empty for the first that has students.
        choices: the columns that a person gave.

    Raises:
        UnreadableError: it is no table.
        UsageError: it has no such sheet.
    """
    file = read_sheets(path)
    remarks = [] if file.is_sure else [RosterRemark((), _TWO_WAYS)]
    if len(file.sheets) == 1:
        return _only_sheet(path, file, sheet, remarks, choices)
    readings = [read_rows(one.rows, choices) for one in file.sheets]
    titles = _titles_to_show(file, readings)
    place = _named(file, sheet) if sheet else _first_with_students(file, readings)
    if place is None:
        raise _no_such_sheet(path, sheet, titles)
    remarks += _other_sheets(file, readings, titles, place, is_chosen=bool(sheet))
    return OpenRoster(file.sheets[place].rows, file.read_as, titles[place], titles, tuple(remarks))


def _only_sheet(
    path: Path, file: TableFile, sheet: str, remarks: Sequence[RosterRemark], choices: ColumnChoices
) -> OpenRoster:
    """The one table of a file."""
    only = file.sheets[0]
    if sheet and not file.is_workbook:
        raise UsageError(f"{path.name} is a text file and has no sheets; leave --sheet {sheet} out.")
    titles = _titles_to_show(file, [read_rows(only.rows, choices)]) if only.title else ()
    if sheet and only.title and _named(file, sheet) is None:
        raise _no_such_sheet(path, sheet, titles)
    return OpenRoster(only.rows, file.read_as, "".join(titles), titles, tuple(remarks))


def _no_such_sheet(path: Path, sheet: str, titles: Sequence[str]) -> UsageError:
    shown = ", ".join(f"“{title}”" for title in titles[:_MOST_SHOWN])
    return UsageError(f"{path.name} has no sheet “{sheet}”; its sheets with content are {shown}.")


def _named(file: TableFile, sheet: str) -> int | None:
    """The place of the sheet of that title or number."""
    titles = [fold(one.title) for one in file.sheets]
    if fold(sheet) in titles:
        return titles.index(fold(sheet))
    if sheet.isdecimal() and 0 < int(sheet) <= len(titles):
        return int(sheet) - 1
    return None


def _first_with_students(file: TableFile, readings: Sequence[RosterReading]) -> int:
    """The first visible sheet that reads as a class list; the first of all where none does."""
    visible = [place for place, sheet in enumerate(file.sheets) if sheet.is_visible]
    return next((place for place in visible or range(len(readings)) if _is_class_list(readings[place])), 0)


def _is_class_list(reading: RosterReading) -> bool:
    names = [student.last_first for _, student in reading.students]
    return bool(names) and (reading.header is not None or 2 * sum(map(is_like_a_person, names)) > len(names))


def _titles_to_show(file: TableFile, readings: Sequence[RosterReading]) -> tuple[str, ...]:
    """The sheets' titles; a number in place of one that is a student's name."""
    words = {fold(word) for reading in readings for _, student in reading.students for word in list_name_words(student)}
    return tuple(
        f"sheet {place}" if words & set(fold(sheet.title).replace(",", " ").split()) else sheet.title
        for place, sheet in enumerate(file.sheets, 1)
    )


def _other_sheets(
    file: TableFile, readings: Sequence[RosterReading], titles: Sequence[str], place: int, *, is_chosen: bool
) -> list[RosterRemark]:
    """What there is to say of the sheets that are not read."""
    ours = {fold(student.name) for _, student in readings[place].students}

    def has_others(other: int) -> bool:
        reading = readings[other]
        return _is_class_list(reading) and any(fold(student.name) not in ours for _, student in reading.students)

    others = [other for other in range(len(titles)) if other != place]
    unread = ", ".join(f"“{titles[other]}”" for other in others)
    if is_chosen or not any(map(has_others, others)):
        return [RosterRemark((), f"sheet “{titles[place]}” is read, and not {unread}", Gravity.NOTE)]
    if any(has_others(other) and file.sheets[other].is_visible for other in others):
        classes = [titles[place], *(titles[other] for other in others if has_others(other))]
        shown = ", ".join(f"“{title}”" for title in classes[:_MOST_SHOWN])
        what = (
            f"it has students on several sheets ({shown}), and only “{titles[place]}” is read; say which is this "
            f'class\'s, as in --sheet "{titles[place]}"'
        )
        return [RosterRemark((), what)]
    what = f"sheet “{titles[place]}” is read; a hidden sheet has other students, who are not looked for"
    return [RosterRemark((), what, Gravity.DOUBT)]


def sheet_like(sheets: Sequence[str], name: str) -> str:
    """The sheet that goes by the name of a class: “Period 1” for "period-1"; empty where none or several do."""
    key = class_letters(name)
    same = [title for title in sheets if class_letters(title) == key]
    near = [title for title in sheets if key in {class_letters(word) for word in title.split()}]
    return next((found[0] for found in (same, near) if len(found) == 1), "")


def roster_bytes(roster: Roster) -> bytes:
    """A workbook of the roster with only the columns we need; ``read_roster`` reads it back equal."""
    return workbook_bytes({"Roster": roster_rows(roster)})


@dataclass(frozen=True, slots=True)
class RosterCheck:
    """How a file is read as a roster. It names no student: rows and columns only.

    Attributes:
        file: its name.
        read_as: what kind of file it is, in words.
        system: the school system that it looks like; empty if it looks like none that we know.
        header: the row of the header, from 1; None for a bare list.
        students: how many there are.
        columns: all columns that hold anything, from the left; those without a meaning are not read.
        remarks: problems, doubts and notes on rows, in the order of rows.
        choices: the columns that a person gave.
        sheet: the sheet that is read; empty where the file has none.
        sheets: all sheets that hold anything.
        rows: how many rows hold data: those of students and the skipped ones. Where students are side by side, each
            part of a row counts.
        skipped: rows that are no student's, each with the reason.
    """

    file: str
    read_as: str
    system: str
    header: int | None
    students: int
    columns: tuple[Column, ...]
    remarks: tuple[RosterRemark, ...]
    choices: tuple[str, ...] = ()
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    rows: int = 0
    skipped: tuple[SkippedRow, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong and nothing doubtful."""
        return all(remark.gravity is Gravity.NOTE for remark in self.remarks)

    @property
    def is_usable(self) -> bool:
        """Whether ``prepare`` would take it."""
        return all(remark.gravity is not Gravity.PROBLEM for remark in self.remarks)

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return {
            "file": self.file,
            "read_as": self.read_as,
            "system": self.system,
            "header_row": self.header,
            "sheet": self.sheet,
            "sheets": list(self.sheets),
            "students": self.students,
            "rows": self.rows,
            "skipped": skipped_as_json(self.skipped),
            "columns": [
                {"column": c.letter, "title": c.title, "read_as": None if c.meaning is None else str(c.meaning)}
                for c in self.columns
            ],
            "remarks": [{"rows": list(r.rows), "what": r.what, "gravity": str(r.gravity)} for r in self.remarks],
            "clean": self.is_clean,
            "usable": self.is_usable,
        }


def check_roster(path: Path, columns: Sequence[str] = (), *, sheet: str = "") -> RosterCheck:
    """Read a file as ``prepare`` would, and say how, with everything that is wrong.

    Args:
        path: any export, or a plain list of names.
        columns: what a person says of its columns, as ``last=Surname``.
        sheet: of a workbook of several sheets, the title or number of the one that is meant.

    Raises:
        UnreadableError: it is no table at all.
        UsageError: the columns or the sheet cannot be understood.
    """
    choices = check_columns(columns)
    opened = open_roster(path, sheet, choices)
    reading = read_rows(opened.rows, choices)
    remarks = sorted((*opened.remarks, *reading.remarks), key=lambda remark: (remark.rows[:1] or (0,), remark.rows))
    return RosterCheck(
        file=path.name,
        read_as=opened.read_as,
        system=reading.system,
        header=reading.header,
        students=len(reading.students),
        columns=reading.columns,
        remarks=tuple(remarks),
        choices=tuple(columns),
        sheet=opened.sheet,
        sheets=opened.sheets,
        rows=reading.rows,
        skipped=reading.skipped,
    )
