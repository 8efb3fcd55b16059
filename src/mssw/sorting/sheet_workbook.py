"""The workbook on which a class is sorted: written, always with the same bytes, and read back cell by cell."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.datavalidation import DataValidation

from mssw.errors import UnreadableError
from mssw.formats.workbooks import cell_text, check_parts, read_table, without_clock, write_cell
from mssw.sorting.piles import REASONS, UNSURE, is_same_name
from mssw.sorting.sheet_rows import HEAD, LEVELS, OBJECTIVE, Grid
from mssw.sorting.sort_values import Sorting

SORT, PILES = "Sort", "Piles"
_HEAD_LINE = 2
_MOST_LINES, _MOST_COLUMNS = 5_000, 26
_PILE_LINES = 41  # on the sheet of piles, its head included
_WIDTHS = (13.0, 0.0, 30.0, 10.0, 21.0, 44.0)  # in characters; the pictures' own follows from them
_PIXELS_A_CHARACTER = 7
_POINTS_A_PIXEL = 0.75
_EDGE = 5  # pixels between a picture and its cell
_LEAST_HEIGHT = 36.0
_QUIET = PatternFill("solid", fgColor="F1F1EE")
_LINE = Side(style="thin", color="B8B8B0")
_HOW = (
    "How to sort on this sheet",
    "1. Look through all the works first. The files in full size are in the folder work.",
    "2. Give each work a pile: a way of thinking, in your own words. Take a name from the list or type a new one.",
    "3. Where you cannot say, put “not sure”.",
    "4. Then go through once more and give each a level against the learning objective.",
    "5. What takes no part is set aside, with the reason; “other” asks for a note.",
    "6. Write no student's name anywhere. Save, then run the same command again: it reads what you wrote.",
)


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """The pages of a response side by side, as a JPEG.

    Attributes:
        data: the JPEG.
        size: width and height in which it is shown, in pixels of the sheet.
    """

    data: bytes
    size: tuple[int, int]


def make_sort_book(sorting: Sorting, order: Sequence[str], pictures: Mapping[str, Thumbnail]) -> bytes:
    """Make the workbook of a sort. The same sort gives the same bytes.

    Args:
        sorting: the sort so far.
        order: the aliases, one row each.
        pictures: of each response, by alias.
    """
    book = openpyxl.Workbook()
    sheet, piles = book.active, book.create_sheet(PILES)
    sheet.title = SORT
    _write_head(sheet, sorting, max(one.size[0] for one in pictures.values()))
    for line, alias in enumerate(order, start=_HEAD_LINE + 1):
        _write_row(sheet, line, alias, sorting, pictures[alias])
    _write_choices(sheet, _HEAD_LINE + len(order))
    _set_printing(sheet)
    _write_piles(piles, sorting)
    written = io.BytesIO()
    book.save(written)
    return without_clock(written)


def _write_head(sheet: Any, sorting: Sorting, widest: int) -> None:
    write_cell(sheet["A1"], f"{OBJECTIVE}:", bold=True)
    sheet["A1"].alignment = Alignment(vertical="center")
    write_cell(sheet["C1"], sorting.objective, bold=False)
    sheet["C1"].alignment = Alignment(vertical="center")
    sheet.row_dimensions[1].height = 30
    for column, (title, width) in enumerate(zip(HEAD, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(_HEAD_LINE, column)
        write_cell(cell, title, bold=True)
        cell.fill, cell.border = _QUIET, Border(bottom=_LINE)
        letter = cell.column_letter
        sheet.column_dimensions[letter].width = width or (widest + 2 * _EDGE) / _PIXELS_A_CHARACTER
    sheet.freeze_panes = f"B{_HEAD_LINE + 1}"


def _write_row(sheet: Any, line: int, alias: str, sorting: Sorting, picture: Thumbnail) -> None:
    placing = sorting.of(alias)
    pile = UNSURE if placing.unsure else placing.pile
    said = (alias, "", pile, str(placing.level or ""), placing.aside, placing.note)
    for column, text in enumerate(said, start=1):
        cell = sheet.cell(line, column)
        write_cell(cell, text, bold=column == 1)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.border = Border(bottom=_LINE)
    width, height = picture.size
    sheet.row_dimensions[line].height = max(_LEAST_HEIGHT, (height + 2 * _EDGE) * _POINTS_A_PIXEL)
    image = SheetImage(io.BytesIO(picture.data))
    edge = pixels_to_EMU(_EDGE)
    image.anchor = OneCellAnchor(
        _from=AnchorMarker(col=1, colOff=edge, row=line - 1, rowOff=edge),
        ext=XDRPositiveSize2D(pixels_to_EMU(width), pixels_to_EMU(height)),
    )
    sheet.add_image(image)


def _write_choices(sheet: Any, last: int) -> None:
    """The lists to choose from. The list of piles takes other words too."""
    first = _HEAD_LINE + 1
    for column, words in (("D", LEVELS), ("E", REASONS)):
        only = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True)
        only.errorTitle, only.error = "Not on the list", f"Choose {', '.join(words[:-1])} or {words[-1]}."
        only.add(f"{column}{first}:{column}{last}")
        sheet.add_data_validation(only)
    free = DataValidation("list", formula1=f"{PILES}!$A$2:$A${_PILE_LINES}", allow_blank=True, showErrorMessage=False)
    free.add(f"C{first}:C{last}")
    sheet.add_data_validation(free)


def _set_printing(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"1:{_HEAD_LINE}"
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.oddFooter.right.text = "&P / &N"


def _write_piles(sheet: Any, sorting: Sorting) -> None:
    for line, name in enumerate((PILES, UNSURE, *(pile.name for pile in sorting.piles)), start=1):
        write_cell(sheet.cell(line, 1), name, bold=line == 1)
    for line, words in enumerate(_HOW, start=1):
        write_cell(sheet.cell(line, 3), words, bold=line == 1)
        sheet.cell(line, 3).alignment = Alignment(vertical="top", wrap_text=True)
    sheet["A1"].fill = sheet["C1"].fill = _QUIET
    sheet.column_dimensions["A"].width = _WIDTHS[2]
    sheet.column_dimensions["C"].width = 84.0
    sheet.freeze_panes = "A2"


def read_grid(path: Path) -> Grid:
    """Read a filled sheet, from a workbook or from a text file with separators.

    Raises:
        UnreadableError: it is neither, or damaged, locked or too large.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            f"{path.name} could not be read: {error.strerror or 'unknown cause'}. Check its name and place."
        ) from None
    if not data.startswith(b"PK"):
        return Grid(read_table(path))
    check_parts(path.name, data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of charts and rules that it does not read; nor do we
            book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
            return _read_cells(book)
    except UnreadableError:
        raise
    except Exception:  # noqa: BLE001 - a damaged workbook can raise anything in openpyxl
        raise UnreadableError(
            f"{path.name} is damaged and cannot be read as a workbook; open it in your spreadsheet program and save "
            "it as .xlsx."
        ) from None


def _read_cells(book: Any) -> Grid:
    named = {name: next((s for s in book.worksheets if is_same_name(s.title, name)), None) for name in (SORT, PILES)}
    sheet = named[SORT] or book.worksheets[0]
    lines, columns = min(sheet.max_row, _MOST_LINES), min(sheet.max_column, _MOST_COLUMNS)
    rows, formulas = [], set()
    for line, cells in enumerate(sheet.iter_rows(1, lines, 1, columns), start=1):
        rows.append([cell_text(cell) for cell in cells])
        formulas |= {(line, place) for place, cell in enumerate(cells) if cell.data_type == "f"}
    piles: list[str] = []
    if (other := named[PILES]) is not None:
        last = min(other.max_row, _MOST_LINES)
        piles = [cell_text(row[0]) for row in other.iter_rows(2, max(2, last), 1, 1)]
    joined = tuple(sorted(str(area) for area in sheet.merged_cells.ranges))
    return Grid(rows, frozenset(formulas), joined, tuple(name for name in piles if name.strip()))
