"""From the rows of any class list to its students, and what can be asked about them.

Each row with data ends as a student or as a row that was passed over with its reason: none is left out silently.

One roster may be for many classes: which of its columns holds the class is seen from its header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mssw.core.cell_names import column_letters
from mssw.errors import UnusableTableError
from mssw.names.student import Roster, Student, fold, list_name_words, list_student_spellings
from mssw.roster.columns import Block, ColumnChoices
from mssw.roster.doubts import Gravity, RosterRemark, doubts
from mssw.roster.headers import Meaning, is_header_word, system_of
from mssw.roster.layout import (
    Numbered,
    RosterLayout,
    find_header,
    find_layout,
    has_sure_titles,
    repeated_header,
    unread_names,
)
from mssw.roster.rows import (
    NO_NAME,
    SIGNS_OF_NO_KEPT_NAME,
    Judged,
    cells_by_meaning,
    clean_cell,
    drop_list_numbers,
    habits_of,
    judge_names,
    judge_row,
)

_KEPT = (
    Meaning.LAST,
    Meaning.FIRST,
    Meaning.MIDDLE,
    Meaning.PREFERRED,
    Meaning.NUMBER,
    Meaning.EMAIL,
    Meaning.OTHER,
)
_OWN_HEADER = [str(meaning) for meaning in _KEPT]
_NOBODY = "it has a header but no students below it"
_NO_COLUMN = "it has no column of names (a column headed Name, or Last name and First name)"

# The earlier a header is listed, the likelier its column holds the classes that a teacher means.
_SECTION_HEADERS = (
    "section sections coursesection classsection sectionname class classes classname classcode course coursename "
    "period homeroom homeroomname registration registrationgroup form tutorgroup group groupname grupo gruppe groupe "
    "klasse classe clase turma curso lop reggroup reg registrationform klas osztaly sinif kelas luokka trida trieda"
)
_SECTION_RANK = {header: rank for rank, header in enumerate(_SECTION_HEADERS.split())}
_BETWEEN_SECTIONS = re.compile(r"\s*[;|/]\s*|,\s+|\s+and\s+|\s+&\s+")
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a roster.

    Attributes:
        letter: as a spreadsheet shows it.
        title: its header; empty where it has none.
        meaning: what it is read as; None where it is not read.
    """

    letter: str
    title: str
    meaning: Meaning | None


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row with data in which no student was read.

    Attributes:
        row: from 1, as a spreadsheet shows it.
        columns: letters of the part that is meant, where students are side by side, as ``D-F`` or ``D``; else empty.
        reason: why, in a clause that follows "row 3".
    """

    row: int
    columns: str
    reason: str


@dataclass(frozen=True, slots=True)
class RosterReading:
    """How a table was read as a roster. Its rows with data are the students and the skipped rows together.

    Attributes:
        system: the school system that it looks like; empty where none.
        header: the header's row, from 1; None for a bare list.
        columns: those that hold anything, from the left.
        students: each with its row, from 1.
        skipped: rows that were not taken for students, such as totals, points or staff.
        remarks: all that there is to say of rows and columns.
    """

    system: str
    header: int | None
    columns: tuple[Column, ...]
    students: tuple[tuple[int, Student], ...] = field(repr=False)
    skipped: tuple[SkippedRow, ...]
    remarks: tuple[RosterRemark, ...]

    @property
    def rows(self) -> int:
        """How many rows hold data below or above the header; each student's part of a row counts."""
        return len(self.students) + len(self.skipped)

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps it from being used, each in a clause."""
        return tuple(str(remark) for remark in self.remarks if remark.gravity is Gravity.PROBLEM)


def read_rows(rows: Sequence[Sequence[str]], choices: ColumnChoices = ()) -> RosterReading:
    """Read students from the rows of a table. Whatever is wrong is in the remarks.

    Args:
        rows: every row of the sheet, blank ones too, so that row numbers are those that a person sees.
        choices: the columns that a person gave.
    """
    table = [[clean_cell(cell) for cell in row] for row in rows]
    found = _Found()
    if table and table[0] == _OWN_HEADER and not choices:
        layout = _own_layout(table)
        _read_own(layout, found)
    else:
        layout = find_layout(drop_list_numbers(table), choices)
        _read_all(layout, choices, found)
    has_problem = any(remark.gravity is Gravity.PROBLEM for remark in found.remarks)
    if not found.students and not has_problem:
        found.remarks.append(RosterRemark((), _NOBODY if layout.header is not None else _NO_COLUMN))
    return RosterReading(
        system=system_of(layout.names),
        header=None if layout.header is None else layout.header + 1,
        columns=_columns(layout),
        students=tuple(found.students),
        skipped=tuple(sorted(found.skipped, key=lambda one: (one.row, one.columns))),
        remarks=tuple(found.remarks),
    )


@dataclass
class _Found:
    """What is found while a table is read."""

    students: list[tuple[int, Student]] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)
    remarks: list[RosterRemark] = field(default_factory=list)

    def add(self, index: int, columns: str, judged: Judged) -> None:
        """Keep what a row is."""
        if judged.student is not None:
            self.students.append((index + 1, judged.student))
        else:
            self.skipped.append(SkippedRow(index + 1, columns, judged.reason))
        if judged.reason:
            where = f"(column{'s' if '-' in columns else ''} {columns}) " if columns else ""
            self.remarks.append(RosterRemark((index + 1,), where + judged.reason, judged.gravity))


def _own_layout(table: Sequence[list[str]]) -> RosterLayout:
    """The layout of the roster that a set keeps."""
    block = Block(0, len(_KEPT), dict(enumerate(_KEPT)))
    return RosterLayout(0, list(table[0]), (block,), [], list(enumerate(table))[1:])


def _read_own(layout: RosterLayout, found: _Found) -> None:
    """Read the roster that a set keeps. Its rows were looked at when they were written, so each is a student's."""
    for index, row in layout.body:
        cells = cells_by_meaning(layout.blocks[0], row)
        if not cells:
            continue
        has_name = any(meaning in _KEPT[:4] for meaning in cells)
        judged = judge_names(cells, signs=SIGNS_OF_NO_KEPT_NAME)
        found.add(index, "", judged if has_name else Judged(None, NO_NAME, Gravity.PROBLEM))
    found.remarks += [*_duplicates(found.students), *_gaps(layout.body)]
    for remark in doubts(found.students):  # a set that was made with it can be opened
        is_problem = remark.gravity is Gravity.PROBLEM
        found.remarks.append(replace(remark, gravity=Gravity.DOUBT) if is_problem else remark)


def _read_all(layout: RosterLayout, choices: ColumnChoices, found: _Found) -> None:
    """Read any other roster."""
    for index, what in layout.above:
        found.add(index, "", Judged(None, f"{what} and is passed over"))
    found.remarks += layout.remarks
    if not layout.has_names:
        if not any(remark.gravity is Gravity.PROBLEM for remark in layout.remarks):
            found.remarks.append(RosterRemark((), _NO_COLUMN))
        found.skipped += [SkippedRow(index + 1, "", _NO_COLUMN) for index, row in layout.body if any(row)]
        return
    read = _read_body(layout, found)
    found.remarks += [*_duplicates(found.students), *_gaps(layout.body), *doubts(found.students)]
    found.remarks += unread_names(layout, choices, read)


def _read_body(layout: RosterLayout, found: _Found) -> list[tuple[list[str], str]]:
    """Read the rows below the header, block after block, as a list is numbered.

    Returns:
        The rows with a student, each with the student's names.
    """
    parts: list[list[tuple[int, list[str], Block]]] = [[] for _ in layout.blocks]
    blocks = layout.blocks
    for index, row in layout.body:
        if not any(row):
            continue
        if (again := repeated_header(row, layout)) is not None:
            is_same = again == layout.blocks
            what = "repeats the header and is passed over" if is_same else "is another header and is passed over"
            found.add(index, "", Judged(None, what, Gravity.NOTE if is_same else Gravity.DOUBT))
            blocks = again
            parts += [[] for _ in blocks]
            continue
        for place, block in enumerate(blocks, len(parts) - len(blocks)):
            if block.cells(row):
                parts[place].append((index, row, block))
    read, width = [], layout.width
    for part in parts:
        habits = habits_of([cells_by_meaning(block, row) for _, row, block in part])
        for index, row, block in part:
            judged = judge_row(block, row, habits)
            letters = [column_letters(block.start), column_letters(min(block.stop, width) - 1)]
            columns = "-".join(dict.fromkeys(letters)) if len(layout.blocks) > 1 else ""
            found.add(index, columns, judged)
            if judged.student is not None:
                student = judged.student
                names = fold(f"{student.first} {student.middle} {student.last} {student.preferred}")
                read.append(([*[""] * block.start, *row[block.start : block.stop]], names))
    return read


def _columns(layout: RosterLayout) -> tuple[Column, ...]:
    """The columns that are read or hold anything, each with its header."""
    meanings: dict[int, Meaning] = {}
    for block in layout.blocks:
        meanings |= block.meanings
    filled = {index for _, row in layout.body for index, cell in enumerate(row) if cell}

    def title(index: int) -> str:
        name = layout.names[index] if index < len(layout.names) else ""
        return name if index in meanings or has_sure_titles(layout) or is_header_word(name) else ""

    return tuple(
        Column(column_letters(index), title(index), meanings.get(index)) for index in sorted({*filled, *meanings})
    )


def _duplicates(found: Sequence[tuple[int, Student]]) -> Iterator[RosterRemark]:
    """Students that are listed twice. Two may share a name if a number, an address or a login tells them apart."""
    by_name: dict[tuple[str, ...], list[tuple[int, Student]]] = {}
    by_number: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for row, student in found:
        name = tuple(fold(part) for part in (student.first, student.middle, student.last))
        number = fold(student.number)
        for earlier, other in by_name.setdefault(name, []):
            yield _of_one_name((earlier, row), other, student)
        by_name[name].append((row, student))
        for earlier, other_name in by_number.setdefault(number, []) if number else ():
            if name != other_name:
                yield RosterRemark((earlier, row), "hold one student number for two names")
        by_number.setdefault(number, []).append((row, name))


def _of_one_name(rows: tuple[int, int], one: Student, other: Student) -> RosterRemark:
    """What there is to say of two students of one name."""
    if one.number and other.number:
        if fold(one.number) != fold(other.number):
            return RosterRemark(rows, "hold the same name; their numbers tell them apart", Gravity.NOTE)
    elif one.number or other.number:
        return RosterRemark(rows, "hold the same name, and no number tells them apart")
    elif one.email and other.email and fold(one.email) != fold(other.email):
        return RosterRemark(rows, "hold the same name; their e-mail addresses tell them apart", Gravity.NOTE)
    elif one.others and other.others and not set(one.others) & set(other.others):
        return RosterRemark(rows, "hold the same name; their logins tell them apart", Gravity.NOTE)
    return RosterRemark(rows, "hold the same name, and no number tells them apart")


def _gaps(body: Numbered) -> Iterator[RosterRemark]:
    """The empty rows among the others."""
    filled = [index for index, row in body if any(row)]
    empty = [index + 1 for index, row in body if filled and filled[0] < index < filled[-1] and not any(row)]
    if empty:
        yield RosterRemark(tuple(empty), "is empty" if len(empty) == 1 else "are empty", Gravity.NOTE)


def all_spellings(roster: Roster) -> tuple[str, ...]:
    """Every spelling of every student that must not stand in a shared file, longest first, each once."""
    found = {spelling for student in roster.students for spelling in list_student_spellings(student)}
    return tuple(sorted(found, key=lambda spelling: (-len(spelling), spelling)))


def find_students(roster: Roster, text: str) -> tuple[Student, ...]:
    """The students that a person may mean by that text, whatever its case and accents.

    A number, an e-mail address or another identifier counts whole. Of a name, each word may be cut short.
    """
    meant = fold(text)
    words = meant.replace(",", " ").split()

    def is_meant(student: Student) -> bool:
        if meant in {fold(one) for one in (student.number, student.email, *student.others) if one}:
            return True
        names = fold(" ".join((student.name, student.preferred, *list_name_words(student)))).split()
        return all(any(name.startswith(word) for name in names) for word in words)

    return tuple(student for student in roster.students if words and is_meant(student))


def roster_rows(roster: Roster) -> list[list[str]]:
    """The roster with only the columns we need; ``roster_from_rows`` reads it back the same."""
    return [list(_OWN_HEADER)] + [
        [s.last, s.first, s.middle, s.preferred, s.number, s.email, "; ".join(s.others)] for s in roster.students
    ]


def roster_from_rows(rows: Sequence[Sequence[str]], choices: ColumnChoices = ()) -> Roster:
    """Read a roster from the rows of a table.

    Args:
        rows: every row of the sheet, blank ones too, so that row numbers are those that a person sees.
        choices: the columns that a person gave; see ``parse_columns``.

    Raises:
        UnusableTableError: with every problem at once.
    """
    return roster_of(read_rows(rows, choices))


def roster_of(reading: RosterReading) -> Roster:
    """The roster that was read.

    Raises:
        UnusableTableError: with every problem at once.
    """
    if reading.problems:
        raise UnusableTableError(reading.problems)
    titles = [(column.title or f"column {column.letter}", column.meaning) for column in reading.columns]
    return Roster(
        students=tuple(student for _, student in reading.students),
        read=tuple(title for title, meaning in titles if meaning is not None),
        unread=tuple(title for title, meaning in titles if meaning is None),
        mapping={title: str(meaning) for title, meaning in titles if meaning is not None},
        skipped=tuple(dict.fromkeys(one.row for one in reading.skipped)),
    )


@dataclass(frozen=True, slots=True)
class Sections:
    """The columns of a roster that tell classes apart.

    Attributes:
        columns: index (from 0) and title of each, the likeliest first; empty where there is none.
        values: the classes in the likeliest column, in the order of the roster.
    """

    columns: tuple[tuple[int, str], ...]
    values: tuple[str, ...]


def sections_of(rows: Rows) -> Sections:
    """Which classes a roster is of.

    A column of one class only, or of none, is left out.

    Args:
        rows: every row of the table.
    """
    table = [[clean_cell(cell) for cell in row] for row in rows]
    header = find_header(table)
    if header is None:
        return Sections((), ())
    titles = enumerate(map(class_letters, table[header]))
    ranked = sorted((_SECTION_RANK[title], index) for index, title in titles if title in _SECTION_RANK)
    body = table[header + 1 :]
    columns = [(index, table[header][index]) for _, index in ranked if len(_section_values(body, index)) > 1]
    return Sections(tuple(columns), _section_values(body, columns[0][0]) if columns else ())


def section_like(sections: Sections, rows: Rows, name: str) -> str:
    """The class of the roster that goes by a name: 5A for "5a" and for "Math 5A"; empty where none or several do."""
    key = class_letters(name)
    for index, _ in sections.columns:
        values = dict.fromkeys(
            part for cell in _section_values(rows, index) for part in (cell, *_BETWEEN_SECTIONS.split(cell))
        )
        same = [value for value in values if class_letters(value) == key]
        single = [value for value in values if not _BETWEEN_SECTIONS.search(value)]
        near = [value for value in single if key in {class_letters(word) for word in value.split()}]
        for found in (same, near):
            if len({class_letters(value) for value in found}) == 1:
                return found[0]
    return ""


def rows_of_section(rows: Rows, name: str) -> list[list[str]] | None:
    """The table with the rows of other classes emptied, so that row numbers stay; None where no row is of that class.

    A student in several classes, as Canvas writes them ("5A and 5B"), is in each of them.
    """
    sections, key = sections_of(rows), class_letters(name)
    first = (find_header([[clean_cell(cell) for cell in row] for row in rows]) or 0) + 1
    for index, _ in sections.columns:
        mine = [n >= first and _is_in_section(row, index, key) for n, row in enumerate(rows)]
        if any(mine):
            return [list(row) if n < first or mine[n] else [] for n, row in enumerate(rows)]
    return None


def _is_in_section(row: Sequence[str], index: int, key: str) -> bool:
    cell = clean_cell(row[index]) if index < len(row) else ""
    return key in {class_letters(cell), *(class_letters(part) for part in _BETWEEN_SECTIONS.split(cell))} - {""}


def _section_values(rows: Rows, index: int) -> tuple[str, ...]:
    cells = (clean_cell(row[index]) for row in rows if index < len(row))
    return tuple(dict.fromkeys(cell for cell in cells if cell))


def class_letters(text: str) -> str:
    """The name of a class without case, accents, spaces and signs: "5-A" is "5 a"."""
    return "".join(c for c in fold(text) if c.isalnum())
