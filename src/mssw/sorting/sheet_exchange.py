"""Sort in a spreadsheet: write ``shared/sort.xlsx``, and read what a teacher filled in.

The workbook always has the same bytes for the same class and language. It is read back cell by cell; all mistakes are
listed at once.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.utils import quote_sheetname
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.datavalidation import DataValidation

from mssw.core.cell_names import cell_name
from mssw.core.wording import PrintWords
from mssw.errors import ListedProblemsError, UnreadableError, UsageError, WouldOverwriteError
from mssw.formats.workbooks import (
    cell_text,
    open_workbook,
    read_cells,
    read_filled,
    read_table,
    without_clock,
    write_cell,
)
from mssw.names.typed_names import TypedNames
from mssw.printing.page_pictures import draw_pages, encode_jpeg, join_side_by_side
from mssw.printing.print_words import list_languages, read_words, words_of_set
from mssw.printing.template_files import template_folder
from mssw.sharing import check, share
from mssw.sorting.kept_sorts import Tally, count_sorting, keep_sorting, read_order, read_sorting, sort_name
from mssw.sorting.piles import UNSURE, Sorting, collapse_spaces, keep_released
from mssw.sorting.sheet_rows import ALIAS, COLUMNS, PILE, Grid, is_own_word, merge_sheet, read_sheet
from mssw.sorting.sheet_words import (
    ENGLISH,
    SheetWords,
    find_sheet_words,
    is_same_word,
    shorten_levels,
)
from mssw.workset.allowed_names import (
    WordInDoubt,
    WordsInDoubtError,
    check_typed,
    drop_teachers_names,
    find_typed_names,
    find_words_in_doubt,
    roster_spellings,
)
from mssw.workset.decisions import released_responses
from mssw.workset.folder import WorkSet, hash_file, make_folder, write_bytes
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.manifest import kept_sheet_path, read_audited_response, read_manifest
from mssw.workset.settings import read_settings
from mssw.workset.sort_memory import OWN, WAY_ON, WrittenSheet, read_memory, write_memory

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


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """The pages of a response side by side, as a JPEG.

    Attributes:
        data: the JPEG.
        size: width and height in which it is shown, in pixels of the sheet.
    """

    data: bytes
    size: tuple[int, int]


def make_sort_book(
    sorting: Sorting, order: Sequence[str], pictures: Mapping[str, Thumbnail], words: PrintWords
) -> bytes:
    """Make the workbook of a sort. The same sort gives the same bytes in the same language.

    Args:
        sorting: the sort so far.
        order: the aliases, one row each.
        pictures: of each response, by alias.
        words: of the language.

    Raises:
        UnreadableError: the language's own file has words that cannot be in a sheet.
    """
    ours = find_sheet_words(words).beside(pile.name for pile in sorting.piles)
    book = openpyxl.Workbook()
    sheet, piles = book.active, book.create_sheet(ours.piles)
    sheet.title = ours.sort
    _write_head(sheet, sorting, max(one.size[0] for one in pictures.values()), ours)
    for line, alias in enumerate(order, start=_HEAD_LINE + 1):
        _write_row(sheet, line, alias, sorting, pictures[alias], ours)
    _write_choices(sheet, _HEAD_LINE + len(order), ours, words)
    _set_printing(sheet)
    _write_piles(piles, sorting, ours, words)
    written = io.BytesIO()
    book.save(written)
    return without_clock(written)


def _write_head(sheet: Any, sorting: Sorting, widest: int, ours: SheetWords) -> None:
    write_cell(sheet["A1"], f"{ours.objective}:", bold=True)
    sheet["A1"].alignment = Alignment(vertical="center")
    write_cell(sheet["C1"], sorting.objective, bold=False)
    sheet["C1"].alignment = Alignment(vertical="center")
    sheet.row_dimensions[1].height = 30
    for column, (title, width) in enumerate(zip(ours.head, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(_HEAD_LINE, column)
        write_cell(cell, title, bold=True)
        cell.fill, cell.border = _QUIET, Border(bottom=_LINE)
        letter = cell.column_letter
        sheet.column_dimensions[letter].width = width or (widest + 2 * _EDGE) / _PIXELS_A_CHARACTER
    sheet.freeze_panes = f"B{_HEAD_LINE + 1}"


def _write_row(sheet: Any, line: int, alias: str, sorting: Sorting, picture: Thumbnail, ours: SheetWords) -> None:
    placing = sorting.of(alias)
    pile = ours.unsure if placing.unsure else placing.pile
    said = (alias, "", pile, ours.level(placing.level), ours.reason(placing.aside), placing.note)
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


def _write_choices(sheet: Any, last: int, ours: SheetWords, words: PrintWords) -> None:
    """The lists to choose from. The list of piles takes other words too."""
    first = _HEAD_LINE + 1
    for column, choices, is_free in (("D", ours.levels, True), ("E", ours.reasons, False)):  # an H, M or L will do too
        only = DataValidation("list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=not is_free)
        only.errorTitle = words.text("sort_sheet.not_listed")
        only.error = words.text("sort_sheet.choose", words=", ".join(choices[:-1]), last=choices[-1])
        only.add(f"{column}{first}:{column}{last}")
        sheet.add_data_validation(only)
    # Bytes stay as they were: the English title has no quotation marks, which any other may need.
    title = ours.piles if ours.piles == ENGLISH.piles else quote_sheetname(ours.piles)
    free = DataValidation("list", formula1=f"{title}!$A$2:$A${_PILE_LINES}", allow_blank=True, showErrorMessage=False)
    free.add(f"C{first}:C{last}")
    sheet.add_data_validation(free)


def _set_printing(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"1:{_HEAD_LINE}"
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.oddFooter.right.text = "&P / &N"


def _write_piles(sheet: Any, sorting: Sorting, ours: SheetWords, words: PrintWords) -> None:
    for line, name in enumerate((ours.piles, ours.unsure, *(pile.name for pile in sorting.piles)), start=1):
        write_cell(sheet.cell(line, 1), name, bold=line == 1)
    values = {"not_sure": ours.unsure, "other": ours.reasons[-1], **shorten_levels(ours)}
    for line, text in enumerate(words.texts("sort_sheet.how", **values), start=1):
        write_cell(sheet.cell(line, 3), text, bold=line == 1)
        sheet.cell(line, 3).alignment = Alignment(vertical="top", wrap_text=True)
    sheet["A1"].fill = sheet["C1"].fill = _QUIET
    sheet.column_dimensions["A"].width = _WIDTHS[2]
    sheet.column_dimensions["C"].width = 84.0
    sheet.freeze_panes = "A2"


def read_grid(path: Path, languages: Sequence[SheetWords] = (ENGLISH,)) -> Grid:
    """Read a filled sheet, from a workbook or from a text file with separators.

    Args:
        path: the file.
        languages: in which the titles of its sheets may be.

    Raises:
        UnreadableError: it is neither, or damaged, locked or too large.
    """
    data = read_filled(path)
    if not data.startswith(b"PK"):
        return Grid(read_table(path))
    with open_workbook(path.name, data) as book:
        return _read_cells(book, languages)


def _read_cells(book: Any, languages: Sequence[SheetWords]) -> Grid:
    sheet = _find_titled(book, [words.sort for words in languages]) or book.worksheets[0]
    cells = read_cells(sheet, _MOST_LINES, _MOST_COLUMNS)
    other = _find_titled(book, [words.piles for words in languages])
    if other is None:
        return Grid(cells.rows, cells.formulas, cells.merged)
    last = min(other.max_row, _MOST_LINES)
    piles = [cell_text(row[0]) for row in other.iter_rows(2, max(2, last), 1, 1)]
    named = tuple(name for name in piles if name.strip())
    return Grid(cells.rows, cells.formulas, cells.merged, named, other.title)


def _find_titled(book: Any, titles: Sequence[str]) -> Any:
    """The sheet with the first of those titles that one has; None if there is none."""
    return next((sheet for title in titles for sheet in book.worksheets if is_same_word(sheet.title, title)), None)


_SHOWN = (270, 150)  # pixels on the sheet for the pages of a response, side by side
_SHARPER = 1.8  # pixels of the picture for each pixel on the sheet
_GAP = 6
_QUALITY = 62
_NAMED = "this includes a name from the class list; please take it out"


class SheetProblemsError(ListedProblemsError):
    """A filled sheet has problems, which the message lists; nothing was taken from it."""

    advice = "please fix {them}, then run this again. Nothing was read from it"


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What happened to a sheet.

    Attributes:
        sheet: the file.
        read: the file that was read; empty if there was nothing new to read.
        taken: aliases with changed rows.
        kept: the copy of the sheet as the teacher filled it in; empty if nothing was replaced.
        written: whether the sheet was written again, or only tried.
        tally: how far the sort is now.
    """

    sheet: str
    read: str
    taken: tuple[str, ...]
    kept: str
    written: bool
    tally: Tally


def sheet_path(workset: WorkSet, by: str = "") -> Path:
    """The file of a teacher's sheet.

    Raises:
        UsageError: her name has no letter.
    """
    name = sort_name(by)
    return workset.sort_sheet if name == OWN else workset.shared / f"sort-{name}.xlsx"


def exchange_sheet(
    workset: WorkSet,
    by: str = "",
    *,
    objective: str | None = None,
    read: Path | None = None,
    templates: Path | None = None,
    dry_run: bool = False,
) -> SheetReport:
    """Read a filled sheet if there is one, then write the sheet with the sort as it is now.

    Args:
        workset: the set.
        by: the teacher who sorts; empty for the presenting teacher.
        objective: a new learning objective; None keeps the old one.
        read: a filled sheet from elsewhere; None reads the one in ``shared/`` if it was changed.
        templates: a school's own templates; None for those that ``set.toml`` names, if any.
        dry_run: do all but write.

    Raises:
        SheetProblemsError: the sheet has problems; nothing was taken.
        WouldOverwriteError: ``read`` is another sheet, but the one in ``shared/`` was changed and not read yet.
        UnreadableError: a file is not a table, or damaged.
        FindingsError: the teacher's words name a student.
    """
    if not dry_run:
        make_folder(workset.private, private=True)
    with nullcontext() if dry_run else workset.locked():
        return _Exchange(workset, by, templates, dry_run=dry_run).run(objective, read)


class _Exchange:
    """One reading and writing of a sheet."""

    def __init__(self, workset: WorkSet, by: str, templates: Path | None, *, dry_run: bool) -> None:
        self.workset = workset
        settings = read_settings(workset.settings)
        self.templates = template_folder(workset, settings, templates)
        self.language = words_of_set(settings, settings.paper, self.templates)
        self.by = "" if sort_name(by) == OWN else by
        self.dry_run = dry_run
        self.path = sheet_path(workset, by)
        self.works = released_responses(workset)
        self.names = find_typed_names(workset)
        self.spellings = drop_teachers_names(workset, roster_spellings(workset))
        self.record = read_memory(workset).sheets.get(sort_name(by), WrittenSheet())

    def run(self, objective: str | None, read: Path | None) -> SheetReport:
        """Read what is new, then write."""
        sorting = read_sorting(self.workset, self.by)
        source = self._find_source(read)
        taken: Sequence[str] = ()
        if source:
            sorting, taken = self._take_in(source, sorting)
        if objective is not None:
            sorting = replace(sorting, objective=collapse_spaces(objective))
        check_words(sorting, self.names)
        order = read_order(self.workset, self.by, dry_run=self.dry_run)
        data = self._make_book(sorting, order)
        kept = self._keep_typed(source) if source == self.path else ""
        if self.dry_run:
            check(self.path.name, data, self.spellings)
        else:
            keep_sorting(self.workset, sorting)
            share(self.workset, self.path.name, data, self.spellings)
            note_handed_out(self.workset, Handing.SORT_SHEET, order, files=[self.path.name])
            self._remember(data, sorting)
        told = count_sorting(self.workset, sorting)
        return SheetReport(str(self.path), str(source or ""), tuple(taken), kept, not self.dry_run, told)

    def _find_source(self, read: Path | None) -> Path | None:
        """The sheet to read; None if there is nothing new."""
        changed = self.path.exists() and hash_file(self.path) != self.record.sha256
        if read is None:
            return self.path if changed else None
        if changed and read.resolve() != self.path.resolve():
            raise WouldOverwriteError(
                f"{self.path} has entries that were not read yet, and would be overwritten. Read it first "
                f"with `mssw sort {self.workset.typed} --sheet`, or move it away."
            )
        return self.path if changed else read

    def _take_in(self, source: Path, sorting: Sorting) -> tuple[Sorting, Sequence[str]]:
        """The sort with the sheet's changes, and the aliases that they are for."""
        languages = list_sheet_words(self.language, self.templates)
        grid, base = read_grid(source, languages), self._sorting_written()
        # Where its list has the English name beside it, a pile is called as its language calls the "not sure" pile.
        piles = (*(pile.name for pile in base.piles), *(grid.piles if UNSURE in grid.piles else ()))
        languages = [words.beside(piles) for words in languages]
        said, lines, problems = read_sheet(grid, tuple(self.works), self.record.works, languages)
        named, doubts = find_named_cells(grid, self.names, languages, known=set(self.works))
        problems += named
        if doubts and not problems:
            raise WordsInDoubtError(doubts)
        if not problems:
            merged, taken, problems = merge_sheet(said, lines, base, sorting)
        if problems:
            raise SheetProblemsError(source.name, problems)
        return merged, taken

    def _make_book(self, sorting: Sorting, order: Sequence[str]) -> bytes:
        manifest = read_manifest(self.workset)
        pictures = {
            alias: draw_thumbnail(read_audited_response(self.workset, manifest, alias), f"{alias}.pdf")
            for alias in order
        }
        return make_sort_book(keep_released(sorting, order), order, pictures, self.language)

    def _sorting_written(self) -> Sorting:
        """The sort as the sheet showed it when it was written."""
        try:
            return Sorting.from_json(self.record.sorting) if self.record.sorting else Sorting()
        except (KeyError, TypeError, ValueError, AttributeError):
            raise UnreadableError(f"{self.workset.sort_memory} is damaged; {WAY_ON}") from None

    def _keep_typed(self, source: Path) -> str:
        """Keep a copy of the sheet as the teacher filled it in, in case mssw did not read all of it."""
        data = source.read_bytes()
        path = kept_sheet_path(self.workset, source, hashlib.sha256(data).hexdigest())
        if not self.dry_run:
            write_bytes(path, data, private=True)
        return str(path)

    def _remember(self, data: bytes, sorting: Sorting) -> None:
        sheet = WrittenSheet(
            sha256=hashlib.sha256(data).hexdigest(), works=tuple(sorted(self.works)), sorting=sorting.to_json()
        )
        write_memory(self.workset, read_memory(self.workset).with_sheet(sort_name(self.by), sheet))


def list_sheet_words(words: PrintWords, templates: Path | None) -> list[SheetWords]:
    """The words that a sheet may have, of every language: a set's may have changed after its sheet was written.

    Args:
        words: of the set's language, which comes first; English is next.
        templates: a school's own, where languages may be added; None if there are none.

    Raises:
        UnreadableError: the set's own language has words that cannot be in a sheet.
    """
    found = [find_sheet_words(words), ENGLISH]
    for folder in dict.fromkeys((templates, None)):
        for language in list_languages(folder):
            with suppress(UnreadableError, UsageError):  # one that has a fault is not the one that a sheet was made of
                found.append(find_sheet_words(read_words(language, folder)))
    return list(dict.fromkeys(found))


def draw_thumbnail(data: bytes, name: str) -> Thumbnail:
    """Draw the pages of a response side by side, small.

    Args:
        data: its PDF.
        name: of the file, for messages.
    """
    room = (round(_SHOWN[0] * _SHARPER), round(_SHOWN[1] * _SHARPER))
    row = join_side_by_side(draw_pages(data, name, room), round(_GAP * _SHARPER))
    if row.width > room[0]:
        row = row.resize((room[0], max(1, round(row.height * room[0] / row.width))))
    shown = (max(1, round(row.width / _SHARPER)), max(1, round(row.height / _SHARPER)))
    return Thumbnail(encode_jpeg(row, _QUALITY), shown)


def find_named_cells(
    grid: Grid, names: TypedNames, languages: Sequence[SheetWords], *, known: set[str]
) -> tuple[list[str], list[WordInDoubt]]:
    """Name the cells with a student's name, without repeating it, and those with a word that may be one."""

    def is_ours(column: int, text: str) -> bool:
        return (column == ALIAS and text in known) or is_own_word(column, text, languages)

    cells = [
        (cell_name(line, column), text)
        for line, row in enumerate(grid.rows, start=1)
        for column in range(min(len(row), len(COLUMNS)))
        if (text := grid.cell(line, column)) and not is_ours(column, text)
    ]
    cells += [
        (f"the sheet “{grid.piles_title}”, name {place}", name)
        for place, name in enumerate(grid.piles, start=1)
        if not is_ours(PILE, name)
    ]
    problems, doubts = [], []
    for where, text in cells:
        is_sure, words = find_words_in_doubt(names, where, text)
        problems += [f"{where}: {_NAMED}"] if is_sure else []
        doubts += words
    return problems, doubts


def check_words(sorting: Sorting, names: TypedNames) -> None:
    """Make sure that no words of a sort bring a student's name into ``shared/``.

    Raises:
        FindingsError: they do; the message says where.
    """
    places = [("the learning objective", sorting.objective)]
    places += [(f"the name of pile {place}", pile.name) for place, pile in enumerate(sorting.piles, start=1)]
    places += [(f"the note on {alias}", placing.note) for alias, placing in sorted(sorting.works.items())]
    check_typed(names, places, "please take it out, then run this again.")
