"""Spreadsheets: any table that a teacher has is read, and workbooks are written with the same bytes each time.

The library that reads any workbook takes longer to load than most commands to run, and each of them reads the class's
roster. So a workbook that is as we wrote it is read with the standard library; one that somebody saved is not ours.

A workbook can be locked with a password as Excel does it: AES-256 with 100,000 rounds of SHA-512 (ECMA-376, agile).
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from mssw.errors import EngineError, UnreadableError
from mssw.formats.file_kinds import refuse_pipe
from mssw.formats.text_files import read_delimited

if TYPE_CHECKING:
    from collections.abc import Iterable

Cell = str | int | float | None
"""What may be written into a cell. Text stays text, also where it looks like a formula."""

MOST_ROWS = 20_000
MOST_SHEETS = 100
_MOST_CELLS = 4_000_000
_MOST_BYTES = 50_000_000  # of a file, and of a workbook unpacked: 20,000 students with 60 columns take less
_MOST_PARTS = 2_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "open it in your spreadsheet program and save it as .xlsx or .csv"
_ONLY_THE_CLASS = "give a roster of the class only."
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_NO_CLOCK = (1980, 1, 1, 0, 0, 0)
_SHEET = "xl/worksheets/sheet1.xml"
_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TEXT = f"{_SPACE}is/{_SPACE}t"
_PLACE = re.compile("([A-Z])([1-9][0-9]{0,4})")  # no table of ours is wider or longer


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """A table of a file.

    Attributes:
        title: of the sheet; empty in a text file and in a workbook of ours.
        rows: from the first to the last that has content, blank ones too. Never empty.
        is_visible: whether the workbook shows it.
    """

    title: str
    rows: list[list[str]]
    is_visible: bool = True


@dataclass(frozen=True, slots=True)
class TableFile:
    """The tables of a file.

    Attributes:
        sheets: those with content, visible ones first. Never empty.
        read_as: in words, how the file was read.
        is_workbook: whether it can have several sheets.
        is_sure: whether its letters can be read in one way only.
    """

    sheets: tuple[WorkbookSheet, ...]
    read_as: str
    is_workbook: bool
    is_sure: bool = True


def read_table(path: Path) -> list[list[str]]:
    """Read the cells of a spreadsheet or of a text file with separators, as text.

    Of a workbook, the first visible sheet with content. Its bytes show what kind of file it is, not its name.

    Returns:
        Every row from the first one to the last that has content, blank ones too. Never empty.

    Raises:
        UnreadableError: there is no such file, it is no table, locked, empty or too large.
    """
    return _read_file(path, most_sheets=1).sheets[0].rows


def read_sheets(path: Path) -> TableFile:
    """All sheets of a spreadsheet that hold anything, or the one table of a text file.

    Raises:
        UnreadableError: as for ``read_table``.
    """
    return _read_file(path, most_sheets=MOST_SHEETS)


def _read_file(path: Path, *, most_sheets: int) -> TableFile:
    data = _bytes_of(path)
    if data.startswith(b"PK"):
        found = TableFile(tuple(_workbook_sheets(path.name, data, most_sheets)), "a workbook", is_workbook=True)
    else:
        table = read_delimited(path.name, data)
        sheet = WorkbookSheet("", table.rows)
        found = TableFile((sheet,), table.read_as, is_workbook=False, is_sure=table.is_sure)
    for sheet in found.sheets:
        while sheet.rows and not any(cell.strip() for cell in sheet.rows[-1]):
            sheet.rows.pop()
        if len(sheet.rows) > MOST_ROWS:
            raise UnreadableError(f"{path.name} has more than {MOST_ROWS:,} rows; {_ONLY_THE_CLASS}")
    filled = tuple(sheet for sheet in found.sheets if sheet.rows)
    if not filled:
        raise UnreadableError(f"{path.name} has no row with anything in it; export it again.")
    return replace(found, sheets=filled)


def _bytes_of(path: Path) -> bytes:
    """The bytes of what may be a table.

    Raises:
        UnreadableError: there is no such file, or it is empty, far too large, or a workbook that cannot be opened.
    """
    try:
        if path.is_dir():
            raise UnreadableError(f"{path} is a folder, not a spreadsheet; give the file itself.")
        refuse_pipe(path)
        if path.stat().st_size > _MOST_BYTES:
            raise UnreadableError(f"{path.name} is larger than {_MOST_BYTES // 1_000_000} MB; {_ONLY_THE_CLASS}")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            f"{path.name} could not be read: {error.strerror or 'unknown cause'}. Check its name and place."
        ) from None
    if not data.strip(b"\x00 \r\n\t"):
        raise UnreadableError(f"{path.name} is empty; export it again.")
    if data.startswith(_OLE):
        raise UnreadableError(_old_or_locked(path.name, data))
    return data


def without_clock(written: io.BytesIO) -> bytes:
    """The workbook without who made it when: fixed dates on its parts, no properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, date_time=_NO_CLOCK)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3  # else Windows writes another number than the others
            part.external_attr = 0o600 << 16
            new.writestr(part, _CORE if name == "docProps/core.xml" else old.read(name))
    return out.getvalue()


def workbook_bytes(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    widths: Mapping[str, Sequence[float]] | None = None,
    *,
    is_report: bool = False,
) -> bytes:
    """A workbook of tables, each with a bold header row that stays in view. Same tables, same bytes.

    Args:
        sheets: by title (at most 31 characters), the rows of each with the header first.
        widths: by title, of the columns in characters; from the longest cell where not given.
        is_report: whether it is for reading: long text wraps, each column can be filtered, and it prints across the
            page with its head on each; the last row sums up, so it is not filtered.
    """
    import openpyxl  # noqa: PLC0415 - takes longer to load than many a command to run
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if value not in {None, ""}:
                    write_cell(sheet.cell(line, column), value, bold=line == 1)
        sheet.freeze_panes = "A2"
        given = (widths or {}).get(title) or _widths(rows)
        for column, width in enumerate(given, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        if is_report:
            _set_for_reading(sheet, len(rows), len(rows[0]))
    written = io.BytesIO()
    book.save(written)
    return without_clock(written)


def _set_for_reading(sheet: Any, rows: int, columns: int) -> None:
    """Wrap long text, let columns be filtered, and print on sheets that lie across."""
    from openpyxl.styles import Alignment  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{max(1, rows - 1)}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.right.text = "&P / &N"


def write_cell(cell: Any, value: str | float, *, bold: bool) -> None:
    """Write a value into a cell of openpyxl; text stays text."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    if isinstance(value, str):
        cell.value = _NOT_IN_XML.sub("\ufffd", value)
        cell.data_type = "s"  # "=1+1" and "#N/A" are text too
        cell.number_format = "@"  # so that "5-6" stays what it is when a person types it again
        cell.alignment = Alignment(vertical="top", wrap_text="\n" in value)
    else:
        cell.value = value
    if bold:
        cell.font = Font(bold=True)


def _widths(rows: Sequence[Sequence[Cell]]) -> list[float]:
    """Widths in characters that show most cells whole."""
    columns = max((len(row) for row in rows), default=0)
    longest = [max((len(str(row[i] or "")) for row in rows if i < len(row)), default=0) for i in range(columns)]
    return [float(min(max(length + 2, 8), 60)) for length in longest]


def _workbook_sheets(name: str, data: bytes, most: int) -> list[WorkbookSheet]:
    """The sheets with content, at most so many: visible ones first."""
    check_parts(name, data)
    if (ours := own_rows(data)) is not None:
        return [WorkbookSheet("", ours)]
    found: list[WorkbookSheet] = []
    with _opened(name, data, _SAVE_AS, read_only=True, data_only=True) as book:
        for sheet in sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible"):
            if rows := _sheet_rows(name, sheet):
                found.append(WorkbookSheet(sheet.title, rows, sheet.sheet_state == "visible"))
            if len(found) == most:
                break
    return found


def own_rows(data: bytes) -> list[list[str]] | None:
    """The rows of a workbook of one table of texts, as we wrote it; None for any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            sheets = [part.filename for part in parts if part.filename.startswith("xl/worksheets/")]
            if not _is_untouched(archive) or sheets != [_SHEET]:
                return None
            cells = ET.fromstring(archive.read(_SHEET)).iter(f"{_SPACE}c")  # noqa: S314 - its size is known
            return _table(cells)
    except Exception:  # noqa: BLE001 - damaged in whatever way: the library that reads any workbook says so
        return None


def is_as_written(data: bytes) -> bool:
    """Whether a workbook is as we wrote it: nobody saved it since, and it is not somebody else's."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _is_untouched(archive)
    except Exception:  # noqa: BLE001 - damaged in whatever way: it is not ours
        return False


def _is_untouched(archive: zipfile.ZipFile) -> bool:
    dates = {part.date_time for part in archive.infolist()}
    return dates == {_NO_CLOCK} and archive.read("docProps/core.xml") == _CORE


def _table(cells: Iterable[ET.Element]) -> list[list[str]] | None:
    """Cells in their order as rows, with what is empty before them; None where one is no text."""
    rows: list[list[str]] = []
    for cell in cells:
        place, text = _PLACE.fullmatch(cell.get("r", "")), cell.find(_TEXT)
        if place is None or text is None or cell.get("t") != "inlineStr":
            return None
        rows += [[] for _ in range(int(place[2]) - len(rows))]
        rows[-1] += [""] * (ord(place[1]) - ord("A") - len(rows[-1]))
        rows[-1].append(text.text or "")
    return rows


def _sheet_rows(name: str, sheet: Any) -> list[list[str]]:
    """The rows of a sheet up to the last that has content."""
    sheet.reset_dimensions()  # some exports state a size that is wrong
    rows: list[list[str]] = []
    filled = seen = 0
    for cells in sheet.iter_rows():  # up to each row's own last cell
        seen += len(cells)
        row = [cell_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        if seen > _MOST_CELLS or (row and len(rows) >= MOST_ROWS):
            raise UnreadableError(f"{name} has more than {MOST_ROWS:,} rows or far too many cells; {_ONLY_THE_CLASS}")
        if len(rows) < MOST_ROWS:
            rows.append(row)
        filled = len(rows) if row else filled
    return rows[:filled]


def cell_text(cell: Any) -> str:
    """A cell's value as the sheet shows it: 00123 where its format says so, no .0 behind whole numbers."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - exact up to there
        value = int(value)
    if isinstance(value, int) and re.fullmatch("0+", cell.number_format or ""):
        return str(value).zfill(len(cell.number_format))
    return str(value)


def read_filled(path: Path) -> bytes:
    """Read the bytes of a sheet that a person filled in, for ``open_workbook``.

    Raises:
        UnreadableError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            f"{path.name} could not be read: {error.strerror or 'unknown cause'}. Check the file's name and folder."
        ) from None


@contextmanager
def open_workbook(name: str, data: bytes) -> Iterator[Any]:
    """Open a workbook with openpyxl, within the limits of a stranger's file, and read it inside the ``with`` block.

    Raises:
        UnreadableError: it is no workbook, is damaged, locked or too large, or cannot be read in the block.
    """
    check_parts(name, data)
    with _opened(name, data, "open it in your spreadsheet program and save it as .xlsx") as book:
        yield book


@contextmanager
def _opened(name: str, data: bytes, way_on: str, **how: bool) -> Iterator[Any]:
    import openpyxl  # noqa: PLC0415 - takes longer to load than most commands to run

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of charts and rules that it does not read; nor do we
            yield openpyxl.load_workbook(io.BytesIO(data), keep_links=False, **how)
    except UnreadableError:
        raise
    except Exception:  # noqa: BLE001 - a damaged workbook can raise anything in openpyxl
        raise UnreadableError(f"{name} is damaged and cannot be read as a workbook; {way_on}.") from None


@dataclass(frozen=True, slots=True)
class SheetCells:
    """The cells of a sheet that a person filled in. Places count from 1 for lines and from 0 for columns.

    Attributes:
        rows: the texts, line by line.
        formulas: line and column of each cell with a formula.
        merged: ranges of merged cells, as ``C5:C7``.
    """

    rows: list[list[str]]
    formulas: frozenset[tuple[int, int]]
    merged: tuple[str, ...]


def read_cells(sheet: Any, most_lines: int, most_columns: int) -> SheetCells:
    """Read the cells of a sheet of an open workbook, at most so many lines and columns."""
    lines, columns = min(sheet.max_row, most_lines), min(sheet.max_column, most_columns)
    rows, formulas = [], set()
    for line, cells in enumerate(sheet.iter_rows(1, lines, 1, columns), start=1):
        rows.append([cell_text(cell) for cell in cells])
        formulas |= {(line, place) for place, cell in enumerate(cells) if cell.data_type == "f"}
    return SheetCells(rows, frozenset(formulas), tuple(sorted(str(area) for area in sheet.merged_cells.ranges)))


def check_parts(name: str, data: bytes) -> None:
    """Look at a zip's list of parts before anything is unpacked.

    Raises:
        UnreadableError: it is not a workbook, is locked, or would unpack to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise UnreadableError(f"{name} is cut off or damaged; export it again, or {_SAVE_AS}.") from None
    if sum(part.file_size for part in parts) > _MOST_BYTES or len(parts) > _MOST_PARTS:
        raise UnreadableError(f"{name} unpacks to more than {_MOST_BYTES // 1_000_000} MB; {_ONLY_THE_CLASS}")
    if not any(part.filename.endswith("workbook.xml") for part in parts):
        raise UnreadableError(f"{name} is not an Excel workbook; {_SAVE_AS}.")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError(f"{name} is locked with a password; {_SAVE_AS} without one.")


def _old_or_locked(name: str, data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return f"{name} is locked with a password; {_SAVE_AS} without one."
    return f"{name} is in the format of Excel before 2007; {_SAVE_AS}."


def lock_workbook(workbook: bytes, password: str) -> bytes:
    """Lock a workbook, so that it opens with that password alone. Its salts are random, so no two are the same.

    Raises:
        EngineError: it does not open again.
    """
    from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415 - most workbooks have no password

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook)).encrypt(password, out)
    data = out.getvalue()
    if unlock_workbook(data, password) != workbook:
        raise EngineError("the locked workbook did not open again with its password, so it was not written.")
    return data


def unlock_workbook(data: bytes, password: str) -> bytes:
    """Unlock a workbook.

    Raises:
        UnreadableError: the password is not the one it was locked with, or the file was changed.
    """
    import msoffcrypto  # noqa: PLC0415 - most workbooks have no password
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError  # noqa: PLC0415

    out = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        file.load_key(password=password, verify_password=True)
        file.decrypt(out, verify_integrity=True)
    except InvalidKeyError:
        raise UnreadableError("the password is not the one that the workbook was locked with.") from None
    except DecryptionError:
        raise UnreadableError("the locked workbook is damaged; export it again.") from None
    return out.getvalue()
