"""The record as a workbook: ``shared/record.xlsx`` is written, filled in by people, and read back.

A sheet for each kind of row. Evidence takes one line for each place: further places of a row follow on lines of their
own, with nothing but the place. The same record gives the same bytes. All mistakes are listed at once, by cell.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mssw.core.cell_names import cell_name
from mssw.errors import ListedProblemsError, UnreadableError, UsageError, WouldOverwriteError
from mssw.formats.workbooks import SheetCells, open_workbook, read_cells, read_filled, without_clock, write_cell
from mssw.names.typed_names import TypedNames
from mssw.record.kept_record import WAY_ON, RecordKeeper, check_rows, parse_place
from mssw.record.record_rows import (
    AGAINST,
    FOR,
    KINDS,
    QUESTIONS,
    Citation,
    Difference,
    Kind,
    RecordError,
    RecordRow,
    RecordRows,
    add_row,
    collapse,
    make_row,
    merge_records,
    name_gap,
)
from mssw.sharing import share
from mssw.sorting.kept_sorts import sort_name
from mssw.workset.allowed_names import (
    WordInDoubt,
    WordsInDoubtError,
    drop_teachers_names,
    find_words_in_doubt,
    roster_spellings,
)
from mssw.workset.folder import WorkSet, hash_file, make_folder, read_typed, write_bytes, write_typed
from mssw.workset.manifest import kept_sheet_path

SIDE, ALIAS, PAGE, PLACE, SEEN, BY, ID = "For or against", "Alias", "Page", "Place", "What you see", "By", "Row"
_EVIDENCE = (SIDE, ALIAS, PAGE, PLACE, SEEN)
_WIDTHS = {SIDE: 13.0, ALIAS: 13.0, PAGE: 7.0, PLACE: 15.0, SEEN: 40.0, BY: 9.0, ID: 13.0}
LISTS = "How to and lists"
_MOST_LINES, _MOST_COLUMNS = 2_000, 30
_MOST_PAGES = 10_000
_ROOM = 40  # empty lines with drop-downs below what is recorded
_NAMED = "this includes a name from the class list; please take it out"
_HOW = (
    "How to fill in this workbook",
    "1. One row for each claim, pattern, learning gap and next step. Choose from the lists where a cell has one.",
    "2. Evidence: choose an alias, type the page, and say what you see. For a second place, leave the rest empty.",
    "3. A place on the page, if you want one: left, top, width and height in percent, like 10 20 40 15.",
    "4. A claim without evidence is kept, and marked.",
    "5. Leave the column “Row” as it is. To remove a row, delete its whole line.",
    "6. Write aliases only, never a student's name. Save, then run the same command again to read it.",
)


class RecordProblemsError(ListedProblemsError):
    """A filled workbook has problems, which the message lists; nothing was taken from it."""

    advice = "please fix {them}, then run this again. Nothing was read from it"


class WrittenRecord(Struct, frozen=True, kw_only=True):
    """A workbook as mssw wrote it last. What differs from it now was typed by a person."""

    version: int = 1
    sha256: str = ""
    rows: RecordRows = RecordRows()


@dataclass(frozen=True, slots=True)
class BookReport:
    """What happened to a workbook.

    Attributes:
        sheet: the file.
        read: the file that was read; empty if there was nothing new to read.
        kept: the copy of the workbook as it was typed; empty if nothing was replaced.
        written: whether it was written again, or only tried.
        rows: the record as it is now, or would be.
    """

    sheet: str
    read: str
    kept: str
    written: bool
    rows: RecordRows


def make_record_book(rows: RecordRows, aliases: Sequence[str], kinds: Sequence[str] = tuple(KINDS)) -> bytes:
    """Make the workbook of a record. The same record gives the same bytes.

    Args:
        rows: the record.
        aliases: the responses that evidence can be in.
        kinds: which sheets it has.
    """
    import openpyxl  # noqa: PLC0415 - takes longer to load than most commands to run

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in kinds:
        _write_kind(book.create_sheet(KINDS[name].title), KINDS[name], rows.of(name), len(aliases))
    _write_lists(book.create_sheet(LISTS), aliases)
    written = io.BytesIO()
    book.save(written)
    return without_clock(written)


def columns_of(kind: Kind) -> tuple[str, ...]:
    """The headings of a kind's sheet."""
    evidence = _EVIDENCE if kind.has_sides else _EVIDENCE[1:] if kind.cites else ()
    return (*(one.title for one in kind.fields), *evidence, BY, ID)


def _write_kind(sheet: Any, kind: Kind, rows: Sequence[RecordRow], aliases: int) -> None:
    from openpyxl.styles import Alignment, Border, PatternFill, Side  # noqa: PLC0415

    quiet, line = PatternFill("solid", fgColor="F1F1EE"), Side(style="thin", color="B8B8B0")
    titles = columns_of(kind)
    widths = [*(one.width for one in kind.fields), *(_WIDTHS[title] for title in titles[len(kind.fields) :])]
    for column, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        cell = sheet.cell(1, column)
        write_cell(cell, title, bold=True)
        cell.fill, cell.border = quiet, Border(bottom=line)
        sheet.column_dimensions[cell.column_letter].width = width
    lines = [values for row in rows for values in _lines_of(kind, row)]
    if kind.name == "reflections":
        answered = {str(getattr(row, "question", "")) for row in rows}
        lines += [[question, ""] for question in QUESTIONS.values() if question not in answered]
    for number, values in enumerate(lines, start=2):
        for column, text in enumerate(values, start=1):
            if text:
                write_cell(sheet.cell(number, column), text, bold=False)
    for number in range(2, len(lines) + 2 + _ROOM):
        for column in range(1, len(titles) + 1):
            cell = sheet.cell(number, column)
            cell.alignment, cell.border = Alignment(vertical="top", wrap_text=True), Border(bottom=line)
    _write_choices(sheet, kind, titles, len(lines) + 1 + _ROOM, aliases)
    sheet.freeze_panes = "B2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.right.text = "&P / &N"


def _lines_of(kind: Kind, row: RecordRow) -> Iterator[list[str]]:
    """The lines of a row: the first one has its words, and each has one place."""
    words = [str(getattr(row, one.key)) for one in kind.fields]
    for number, cite in enumerate(row.cites or (None,)):
        place: list[str] = []
        if kind.cites:
            box = " ".join(f"{100 * value:g}" for value in cite.box) if cite else ""
            place = [cite.side, cite.alias, str(cite.page or ""), box, cite.note] if cite else [""] * len(_EVIDENCE)
            place = place if kind.has_sides else place[1:]
        yield [
            *(words if number == 0 else [""] * len(words)),
            *place,
            *((row.by, row.uid) if number == 0 else ("", "")),
        ]


def _write_choices(sheet: Any, kind: Kind, titles: Sequence[str], last: int, aliases: int) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    lists = {one.title: f'"{",".join(one.choices)}"' for one in kind.fields if one.choices}
    lists |= {SIDE: f'"{FOR},{AGAINST}"', ALIAS: f"'{LISTS}'!$A$2:$A${aliases + 1}"}
    for column, title in enumerate(titles, start=1):
        if title in lists:
            only = DataValidation("list", formula1=lists[title], allow_blank=True, showErrorMessage=True)
            only.errorTitle, only.error = "Not on the list", "Choose from the list, or leave the cell empty."
            only.add(f"{get_column_letter(column)}2:{get_column_letter(column)}{last}")
            sheet.add_data_validation(only)


def _write_lists(sheet: Any, aliases: Sequence[str]) -> None:
    from openpyxl.styles import Alignment  # noqa: PLC0415

    for line, alias in enumerate(("Alias", *aliases), start=1):
        write_cell(sheet.cell(line, 1), alias, bold=line == 1)
    for line, words in enumerate(_HOW, start=1):
        write_cell(sheet.cell(line, 3), words, bold=line == 1)
        sheet.cell(line, 3).alignment = Alignment(vertical="top", wrap_text=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["C"].width = 16.0, 90.0


@dataclass
class _Reading:
    """What is found in a workbook: rows, and what is wrong with it."""

    pages: Mapping[str, int]
    names: TypedNames
    by: str
    rows: RecordRows = field(default_factory=RecordRows)
    doubts: list[WordInDoubt] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_record_book(
    path: Path, pages: Mapping[str, int], names: TypedNames, *, by: str = "", kinds: Sequence[str] = tuple(KINDS)
) -> RecordRows:
    """Read a filled workbook.

    Args:
        path: the workbook.
        pages: how many pages each released response has, by alias.
        names: the students' names.
        by: who typed rows that do not say so.
        kinds: which sheets are read; a sheet that is missing has no rows.

    Raises:
        RecordProblemsError: it has problems; the message lists all of them by cell, and repeats no name.
        WordsInDoubtError: it has none, but a word may be a student's name.
        UnreadableError: it is not a workbook, or has none of the sheets.
    """
    data = read_filled(path)
    found = _Reading(pages, names, by)
    with open_workbook(path.name, data) as book:
        sheets = {sheet.title.strip().casefold(): sheet for sheet in book.worksheets}
        known = [KINDS[name] for name in kinds if KINDS[name].title.casefold() in sheets]
        cells = {one.name: read_cells(sheets[one.title.casefold()], _MOST_LINES, _MOST_COLUMNS) for one in known}
    if not known:
        raise UnreadableError(
            f"{path.name} has none of the sheets {', '.join(KINDS[name].title for name in kinds)}; write a new one "
            "with `mssw record DIR --sheet`, and copy your words into it."
        )
    for kind in known:
        _read_kind(kind, cells[kind.name], found)
    if found.problems:
        raise RecordProblemsError(path.name, found.problems)
    if found.doubts:
        raise WordsInDoubtError(found.doubts)
    return found.rows


def _read_kind(kind: Kind, cells: SheetCells, found: _Reading) -> None:
    titles = {collapse(text).casefold(): place for place, text in enumerate(cells.rows[0] if cells.rows else [])}
    columns = {title: titles[title.casefold()] for title in columns_of(kind) if title.casefold() in titles}
    sheet = kind.title
    found.problems += [f"{sheet}, {area}: split these merged cells" for area in cells.merged]
    found.problems += [
        f"{sheet}, {cell_name(line, column)}: this is a formula; please type the words instead"
        for line, column in sorted(cells.formulas)
    ]
    if kind.fields[0].title not in columns:
        found.problems.append(f"{sheet}, row 1: the heading “{kind.fields[0].title}” is missing")
        return
    read = set(columns.values())
    for line, row in enumerate(cells.rows[1:], start=2):
        for column, text in enumerate(row):
            if text.strip() and column not in read:
                found.problems.append(f"{sheet}, {cell_name(line, column)}: no column of ours is here; move this")
            elif text.strip() and not _is_ours(kind, columns, column, text, found):
                where = f"{sheet}, {cell_name(line, column)}"
                words = f"by {text}" if column == columns.get(BY) else text
                is_sure, doubts = find_words_in_doubt(found.names, where, words)
                found.problems += [f"{where}: {_NAMED}"] if is_sure else []
                found.doubts += doubts
    _read_lines(kind, cells, columns, found)


def _is_ours(kind: Kind, columns: Mapping[str, int], column: int, text: str, found: _Reading) -> bool:
    """Whether a cell has an alias, a question or a number of ours, and no words of a person."""
    is_alias = column == columns.get(ALIAS) and text.strip() in found.pages
    is_question = kind.name == "reflections" and collapse(text) in QUESTIONS.values()
    return is_alias or is_question or column in {columns.get(ID), columns.get(PAGE), columns.get(PLACE)}


def _read_lines(kind: Kind, cells: SheetCells, columns: Mapping[str, int], found: _Reading) -> None:
    """Take the lines together to rows: one without words of its own adds a place to the row above."""
    groups: list[tuple[int, dict[str, str], list[Citation]]] = []
    for line, row in enumerate(cells.rows[1:], start=2):
        texts = {title: collapse(row[place]) if place < len(row) else "" for title, place in columns.items()}
        words = {one.key: texts.get(one.title, "") for one in kind.fields}
        if kind.name == "reflections" and not words["answer"]:
            continue
        if any(words.values()):
            groups.append((line, words | {BY: texts.get(BY, ""), ID: texts.get(ID, "")}, []))
        elif any(texts.get(title) for title in (ALIAS, PAGE, PLACE, SEEN)) and not groups:
            found.problems.append(f"{kind.title}, row {line}: this place belongs to no row above it")
            continue
        cite = _read_place(kind, line, texts, columns, found) if kind.cites else None
        if cite is not None and groups:
            groups[-1][2].append(cite)
    taken: dict[str, int] = {}
    for line, words, cites in groups:
        _take_row(kind, line, words, cites, taken, found)


def _read_place(
    kind: Kind, line: int, cells: Mapping[str, str], columns: Mapping[str, int], found: _Reading
) -> Citation | None:
    """The place on a line; None if there is none, or it is wrong."""
    alias, side = cells.get(ALIAS, ""), cells.get(SIDE, "") or FOR
    if not alias:
        if any(cells.get(title) for title in (PAGE, PLACE, SEEN)):
            found.problems.append(
                f"{kind.title}, {cell_name(line, columns[ALIAS])}: the alias of this place is missing"
            )
        return None
    if side.casefold() not in {FOR, AGAINST}:
        found.problems.append(f"{kind.title}, {cell_name(line, columns[SIDE])}: this must be {FOR} or {AGAINST}")
        return None
    page = cells.get(PAGE, "")
    if page and not page.isdecimal():
        found.problems.append(f"{kind.title}, {cell_name(line, columns[PAGE])}: the page must be a whole number")
        return None
    box = f" [{cells[PLACE]}]" if cells.get(PLACE) else ""
    try:
        return parse_place(f"{alias} {page}{box}: {cells.get(SEEN, '')}", found.pages, side=side.casefold())
    except UsageError as error:
        where = f"{kind.title}, {cell_name(line, columns[ALIAS])}: "
        if not any(problem.startswith(where) for problem in found.problems):
            found.problems.append(f"{where}{str(error).partition(';')[0]}")
        return None


def _take_row(
    kind: Kind, line: int, words: Mapping[str, str], cites: Sequence[Citation], taken: dict[str, int], found: _Reading
) -> None:
    try:
        row = name_gap(found.rows, make_row(kind, words, cites, words[BY] or found.by))
    except RecordError as error:
        found.problems.append(f"{kind.title}, row {line}: {error}")
        return
    uid = words[ID]
    if uid and (not uid.isdecimal() or uid in taken):
        why = f"is already in row {taken[uid]}" if uid in taken else f"is not one of ours; leave “{ID}” empty"
        found.problems.append(f"{kind.title}, row {line}: its number {why}")
        return
    if not uid:
        before = found.rows
        try:
            found.rows = add_row(before, kind.name, row)
        except RecordError as error:
            found.problems.append(f"{kind.title}, row {line}: {error}")
        return
    taken[uid] = line
    rows = found.rows.of(kind.name)
    found.rows = found.rows.with_rows(kind.name, (*rows, replace(row, uid=uid)))


def book_path(workset: WorkSet, by: str = "", *, alone: bool = False) -> Path:
    """The workbook of the record, or of the claims that a teacher writes alone."""
    return workset.record_history / f"claims-{sort_name(by)}.xlsx" if alone else workset.record_sheet


def exchange_book(keeper: RecordKeeper, *, read: Path | None = None, prefer: str = "") -> BookReport:
    """Read a filled workbook if there is one, then write it with the record as it is now.

    Args:
        keeper: of the record, or of the claims that a teacher writes alone.
        read: a filled workbook from elsewhere; None reads our own if it was changed.
        prefer: ``here`` or ``file`` where both were changed since the workbook was written.

    Raises:
        RecordProblemsError: it has problems; nothing was taken.
        WouldOverwriteError: ``read`` is another workbook, but ours was changed and not read yet.
        UnreadableError: a file is not a workbook, or damaged.
    """
    if not keeper.dry_run:
        make_folder(keeper.workset.private, private=True)
    with nullcontext() if keeper.dry_run else keeper.workset.locked():
        return _Exchange(keeper).run(read, prefer)


class _Exchange:
    """One reading and writing of a workbook."""

    def __init__(self, keeper: RecordKeeper) -> None:
        self.keeper, self.workset = keeper, keeper.workset
        self.path = book_path(self.workset, keeper.by, alone=keeper.alone)
        self.kinds = ("claims",) if keeper.alone else tuple(KINDS)
        self.memory_path = self.workset.record_history / f"{self.path.stem}-sheet.json"
        self.memory = (
            read_typed(self.memory_path, WrittenRecord, WAY_ON) if self.memory_path.is_file() else WrittenRecord()
        )

    def run(self, read: Path | None, prefer: str) -> BookReport:
        """Read what is new, then write."""
        before = self.keeper.rows
        rows, source = before, self._find_source(read)
        if source is not None:
            rows = self._take_in(source, before, prefer)
        data = make_record_book(rows, tuple(self.keeper.pages), self.kinds)
        kept = self._keep_typed(source) if source == self.path else ""
        if not self.keeper.dry_run:
            if rows != before:
                self.keeper.write(rows, f"read {self.path.name}")
            self._write_book(data)
            row = WrittenRecord(sha256=hashlib.sha256(data).hexdigest(), rows=rows)
            write_typed(self.memory_path, row, private=True)
        return BookReport(str(self.path), str(source or ""), kept, not self.keeper.dry_run, rows)

    def _find_source(self, read: Path | None) -> Path | None:
        """The workbook to read; None if there is nothing new."""
        changed = self.path.exists() and hash_file(self.path) != self.memory.sha256
        if read is None or read.resolve() == self.path.resolve():
            return self.path if changed else None
        if changed:
            raise WouldOverwriteError(
                f"{self.path} has entries that were not read yet, and would be overwritten. Read it first with "
                f"`mssw record {self.workset.typed} --sheet`, or move it away."
            )
        return read

    def _take_in(self, source: Path, before: RecordRows, prefer: str) -> RecordRows:
        keeper = self.keeper
        # Places in responses that were withdrawn since are left as they are: nobody typed them now.
        noted = {cite.alias: _MOST_PAGES for kind in KINDS for row in before.of(kind) for cite in row.cites}
        found = read_record_book(source, noted | dict(keeper.pages), keeper.names, by=keeper.by, kinds=self.kinds)
        # Our own workbook lacks a row because somebody deleted it; one from elsewhere because nobody wrote it there.
        base = self.memory.rows if source == self.path else None
        merged, differences = merge_records(before, found, base, prefer=prefer)
        if differences:
            raise RecordProblemsError(source.name, list(map(say_difference, differences)))
        check_rows(merged, before, keeper.names, keeper.pages)
        return merged

    def _write_book(self, data: bytes) -> None:
        if self.keeper.alone:
            write_bytes(self.path, data, private=True)
        else:
            spellings = drop_teachers_names(self.workset, roster_spellings(self.workset))
            share(self.workset, self.path.name, data, spellings)

    def _keep_typed(self, source: Path) -> str:
        """Keep a copy of the workbook as it was typed, in case mssw did not read all of it."""
        data = source.read_bytes()
        path = kept_sheet_path(self.workset, source, hashlib.sha256(data).hexdigest())
        if not self.keeper.dry_run:
            write_bytes(path, data, private=True)
        return str(path)


def say_difference(one: Difference) -> str:
    """A difference between two records, for a person."""
    where = f"{one.label}, “{one.field}”" if one.field else one.label
    return f"{where}: here “{one.here}”, there “{one.there}”; make both the same"
