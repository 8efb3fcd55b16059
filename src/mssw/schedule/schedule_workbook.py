"""The workbook of a schedule: written, always with the same bytes, read cell by cell, and changed in one row only."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from mssw.errors import UnreadableError
from mssw.formats.workbooks import cell_text, check_parts, read_table, without_clock, write_cell
from mssw.schedule.schedule_rows import DATE, HEAD, LETTERS, START, TEACHER, Schedule, SheetRows, Slot

_TITLE = "Schedule"
_HEAD_LINE = 4
_HOW = (
    "A row for each session: date like 2027-03-12, start like 15:30. Up to three teachers present, all with the same "
    "task. B to D are settled at the end of session A."
)
_WIDTHS = (11.0, 14.0, 9.0, 24.0, 24.0, 24.0, 24.0, 44.0)
_MOST_LINES, _MOST_COLUMNS = 500, 40
_QUIET = PatternFill("solid", start_color="FFEDEDED")
_LINE = Side(style="thin", color="FF8A8A8A")


def make_schedule_book(schedule: Schedule) -> bytes:
    """Make the workbook of a schedule, with a row for each of the five sessions."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _TITLE
    write_cell(sheet["A1"], _TITLE, bold=True)
    write_cell(sheet["B1"], schedule.title, bold=True)
    write_cell(sheet["A2"], _HOW, bold=False)
    sheet["A2"].alignment = Alignment(vertical="top")
    for column, (name, width) in enumerate(zip(HEAD, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(_HEAD_LINE, column)
        write_cell(cell, name, bold=True)
        cell.fill, cell.border, cell.alignment = (
            _QUIET,
            Border(bottom=_LINE),
            Alignment(vertical="center", wrap_text=True),
        )
        sheet.column_dimensions[cell.column_letter].width = width
    for line, letter in enumerate(LETTERS, start=_HEAD_LINE + 1):
        for column, value in enumerate(_values(schedule.of(letter))):
            _write(sheet.cell(line, column + 1), column, value)
        sheet.row_dimensions[line].height = 32
    last = _HEAD_LINE + 40
    only = DataValidation("list", formula1=f'"{",".join(LETTERS)}"', allow_blank=True, showErrorMessage=True)
    only.errorTitle, only.error = "Not a session", "Choose A, B, C, D or E."
    only.add(f"A{_HEAD_LINE + 1}:A{last}")
    sheet.add_data_validation(only)
    sheet.freeze_panes = f"B{_HEAD_LINE + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    written = io.BytesIO()
    book.save(written)
    return without_clock(written)


def read_schedule_sheet(path: Path) -> SheetRows:
    """A schedule's sheet, from a workbook or from a text file with separators.

    Raises:
        UnreadableError: it is neither, or damaged, locked or too large.
    """
    data = _data(path)
    if not data.startswith(b"PK"):
        return SheetRows(read_table(path))
    sheet = _sheet(_book(path.name, data))
    lines, columns = min(sheet.max_row, _MOST_LINES), min(sheet.max_column, _MOST_COLUMNS)
    rows, formulas = [], set()
    for line, cells in enumerate(sheet.iter_rows(1, lines, 1, columns), start=1):
        rows.append([cell_text(cell) for cell in cells])
        formulas |= {(line, place) for place, cell in enumerate(cells) if cell.data_type == "f"}
    return SheetRows(rows, frozenset(formulas), tuple(sorted(str(area) for area in sheet.merged_cells.ranges)))


def change_schedule_book(path: Path, line: int, columns: Mapping[int, int], slot: Slot) -> bytes:
    """The workbook with one session's row as given, and all else as a person left it.

    Args:
        path: the workbook.
        line: of the session's row, from 1.
        columns: in which column of the sheet each of ours stands, from 0.
        slot: what the row says now.

    Raises:
        UnreadableError: it is no workbook.
    """
    data = _data(path)
    if not data.startswith(b"PK"):
        raise UnreadableError(f"{path.name} is not an Excel workbook; save it as .xlsx, then run this again.")
    book = _book(path.name, data)
    sheet = _sheet(book)
    for place, value in enumerate(_values(slot)):
        if place in columns:
            _write(sheet.cell(line, columns[place] + 1), place, value)
    written = io.BytesIO()
    book.save(written)
    return without_clock(written)


def _values(slot: Slot) -> list[str | dt.date | dt.time | None]:
    """What the cells of a session's row hold."""
    teachers = [*slot.teachers, "", "", ""][:3]
    return [slot.session, slot.date, slot.start, slot.place, *teachers, slot.task]


def _write(cell: Any, place: int, value: str | dt.date | dt.time | None) -> None:
    """Write a value; dates and times as a spreadsheet knows them, so that it sorts them."""
    if place in {DATE, START}:
        cell.value = value
        cell.number_format = "yyyy-mm-dd" if place == DATE else "hh:mm"
    elif value:
        write_cell(cell, str(value), bold=place == 0)
    else:
        cell.value = None
    cell.alignment = Alignment(vertical="center", wrap_text=place >= TEACHER - 1, horizontal="left")
    cell.border = Border(bottom=_LINE)


def _data(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            f"{path} could not be read: {error.strerror or 'unknown cause'}. Check its name and place; "
            f"`mssw schedule new {path}` makes a new one."
        ) from None


def _book(name: str, data: bytes) -> Any:
    check_parts(name, data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of charts and rules that it does not read; nor do we
            return openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    except Exception:  # noqa: BLE001 - a damaged workbook can raise anything in openpyxl
        raise UnreadableError(
            f"{name} is damaged and cannot be read as a workbook; open it in your spreadsheet program and save it as "
            ".xlsx."
        ) from None


def _sheet(book: Any) -> Any:
    """The sheet that is called Schedule, else the first."""
    named = (sheet for sheet in book.worksheets if sheet.title.strip().casefold() == _TITLE.casefold())
    return next(named, book.worksheets[0])
