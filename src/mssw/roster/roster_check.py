"""How a class list would be read, and all that is wrong with it, before a stack is read with it. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mssw.roster.doubts import Gravity, RosterRemark
from mssw.roster.roster_file import check_columns, open_roster, skipped_as_json
from mssw.roster.table import Column, SkippedRow, read_rows


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
