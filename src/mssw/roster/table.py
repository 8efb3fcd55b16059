"""A class's roster: read from the rows of any export we know, or from a bare list of names.

Which school system a table came from, told by the headers that it alone uses. For a person to confirm, no more.

From the rows of any export to students: where the header is, what each column holds, what each row is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mssw.core.cell_names import column_letters
from mssw.names.student import Roster, Student, fold, name_words, spellings, split_name, take_nickname
from mssw.roster.columns import (
    NAMES,
    Meaning,
    Told,
    guess_columns,
    is_all_headers,
    pair_of_names,
    read_header,
    settled,
    told_row,
)
from mssw.roster.doubts import Gravity, RosterRemark, doubts

__all__ = [
    "Roster",
    "RosterError",
    "Student",
    "all_spellings",
    "find_students",
    "name_words",
    "roster_from_rows",
    "roster_rows",
    "spellings",
]


@dataclass(frozen=True, slots=True)
class Export:
    """How the class list of one system is recognised.

    Attributes:
        system: the system's name.
        all_of: headers that each of its lists has, without case, spaces and signs.
        any_of: of these it has one at least; empty where the others tell.
        alone: whether it has no further header.
    """

    system: str
    all_of: frozenset[str]
    any_of: frozenset[str] = frozenset()
    alone: bool = False


def _export(system: str, all_of: str, any_of: str = "", *, alone: bool = False) -> Export:
    return Export(system, frozenset(all_of.split()), frozenset(any_of.split()), alone)


# The first that fits is taken, so those with the rarest headers stand first.
_EXPORTS = (
    _export("D2L Brightspace", "orgdefinedid", "username lastname firstname endoflineindicator"),
    _export("OneRoster", "sourcedid givenname familyname"),
    _export("Canvas", "student id section", "sisuserid sisloginid"),
    _export("Canvas", "student sisloginid"),
    _export("Gradescope", "sid", "role section sections email"),
    _export("Clever", "studentid lastname firstname", "stateid studentemail schoolid frlstatus iepstatus"),
    _export(
        "PowerSchool",
        "studentnumber",
        "statestudentnumber homeroom lastfirst gradelevel dob firstname",
    ),
    _export("Google Classroom", "lastname firstname emailaddress", alone=True),
)
_CAMPUS = "student."
"""Infinite Campus puts the table's name before each header of an ad hoc export."""


def system_of(header: Sequence[str]) -> str:
    """The system that a header looks like; empty where it looks like none that we know.

    >>> system_of(["Last Name", "First Name", "Email Address"])
    'Google Classroom'
    >>> system_of(["Name", "Number"])
    ''
    """
    if sum(cell.strip().casefold().startswith(_CAMPUS) for cell in header) > 1:
        return "Infinite Campus"
    keys = {"".join(c for c in fold(cell) if c.isalnum()) for cell in header if cell.strip()}
    for export in _EXPORTS:
        fits = export.all_of <= keys and (not export.any_of or export.any_of & keys)
        if fits and not (export.alone and keys - export.all_of):
            return export.system
    return ""


_HEADER_WITHIN = 30  # rows; titles, dates and the school's name stand above it in printed reports
_STUDENT_ROLES = frozenset({"", "student", "students", "learner", "pupil", "studentenrollment", "s"})
# Canvas puts a row of points and a made-up student into its export; reports end in totals and dates.
_NOTE = re.compile(
    r"points possible|student, test|test student|(grand )?totals?\b|(total )?(number of|count\b)|printed"
    r"|generated|report\b|as of\b|end of|page \d"
    r"|(class|course|period|room|home ?room|section|school|grade|teacher|term|year|date)( list)?( ?\d|:|$)"
)
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u00ad\u2060"))

Numbered = list[tuple[int, list[str]]]
"""Rows with their index from 0."""


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
class RosterReading:
    """How a table was read as a roster.

    Attributes:
        system: the school system that it looks like; empty where none.
        header: the header's row, from 1; None for a bare list.
        columns: those that hold anything, from the left.
        students: each with its row, from 1.
        skipped: rows from 1 that were not taken for students, such as totals, points or staff.
        remarks: all that there is to say, in the order of rows.
    """

    system: str
    header: int | None
    columns: tuple[Column, ...]
    students: tuple[tuple[int, Student], ...] = field(repr=False)
    skipped: tuple[int, ...]
    remarks: tuple[RosterRemark, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps it from being used, each in a clause."""
        return tuple(str(remark) for remark in self.remarks if remark.gravity is Gravity.PROBLEM)


def read_rows(rows: Sequence[Sequence[str]], told: Told = ()) -> RosterReading:
    """Read students from the rows of a table. Whatever is wrong is in the remarks.

    Args:
        rows: every row of the sheet, blank ones too, so that row numbers are those that a person sees.
        told: what a person said of the columns.
    """
    table = [[clean_cell(cell) for cell in row] for row in rows]
    header = told_row(table, told, _HEADER_WITHIN)
    header = find_header(table) if header is None else header
    body = list(enumerate(table))[0 if header is None else header + 1 :]
    if header is None:
        body = _without_title(body)
        names: list[str] = []
        columns = guess_columns([row for _, row in body if not _is_note(row)])
    else:
        names, columns = _settle_pair(table[header], [row for _, row in body if any(row) and not _is_note(row)])
    width = max([len(names), *(len(row) for _, row in body)])
    remarks: list[RosterRemark] = []
    try:
        columns = settled(columns, [*names, *[""] * (width - len(names))], told) if told else columns
    except ValueError as error:
        remarks.append(RosterRemark((), str(error)))
    if not remarks and not NAMES & set(columns.values()):
        remarks.append(
            RosterRemark((), "it has no column of names (a column headed Name, or Last name and First name)")
        )
    found, skipped, said = _read_students(columns, body) if not remarks else ([], [], [])
    if not remarks:
        remarks += [*said, *_duplicates(found), *_gaps(body), *doubts(found)]
    if not found and not any(remark.gravity is Gravity.PROBLEM for remark in remarks):
        remarks.append(RosterRemark((), "it has a header but no students below it"))
    return RosterReading(
        system=system_of(names),
        header=None if header is None else header + 1,
        columns=_told_columns(names, columns, body, width),
        students=tuple(found),
        skipped=tuple(skipped),
        remarks=tuple(remarks),
    )


def _told_columns(
    names: Sequence[str], columns: Mapping[int, Meaning], body: Numbered, width: int
) -> tuple[Column, ...]:
    """The columns that are read or hold anything, each with its header."""
    filled = [index for index in range(width) if any(len(row) > index and row[index] for _, row in body)]
    return tuple(
        Column(column_letters(index), names[index] if index < len(names) else "", columns.get(index))
        for index in sorted({*filled, *columns})
    )


def clean_cell(cell: str) -> str:
    """A cell in one line, composed, without what cannot be seen."""
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in cell.translate(_INVISIBLE))
    return " ".join(unicodedata.normalize("NFC", text).split())


def find_header(table: Sequence[Sequence[str]]) -> int | None:
    """The index of the row that names the most columns, a name among them; None where there is none.

    Failing that, it is the first row that holds headers of other columns alone, so that lunch is no one's name.
    """
    best, score = None, 0
    for index, row in enumerate(table[:_HEADER_WITHIN]):
        columns = read_header(row)
        if len(columns) > score and {Meaning.LAST, Meaning.FIRST, Meaning.WHOLE} & set(columns.values()):
            best, score = index, len(columns)
    if best is None:
        best = next((index for index, row in enumerate(table[:_HEADER_WITHIN]) if is_all_headers(row)), None)
    return best


def _without_title(body: Numbered) -> Numbered:
    """A list without the one or two lines that stand apart above it."""
    filled = [any(row) for _, row in body]
    if True not in filled:
        return body
    start = filled.index(True)
    gap = filled.index(False, start) if False in filled[start:] else len(filled)
    if gap - start <= 2 < sum(filled[gap:]):  # noqa: PLR2004 - the two lines that the docstring speaks of
        return body[gap:]
    return body


def _settle_pair(names: list[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], dict[int, Meaning]]:
    """The header and its columns, where one "Name" may stand over two columns of names.

    Either the header was merged over both, or "Last, First" was written into a text file without quotation
    marks, so that each row is one cell longer than its header.
    """
    columns = read_header(names)
    whole = [index for index, meaning in columns.items() if meaning is Meaning.WHOLE]
    if len(whole) != 1 or {Meaning.FIRST, Meaning.LAST} & set(columns.values()):
        return names, columns
    left, right = whole[0], whole[0] + 1
    if 2 * sum(_width(row) == _width(names) + 1 for row in rows) > len(rows):
        names = [*names[:right], "", *names[right:]]
        return names, read_header(names) | {left: Meaning.LAST, right: Meaning.FIRST}
    is_blank = right < len(names) and not names[right]
    if is_blank and 2 * sum(len(row) > right and any(map(str.isalpha, row[right])) for row in rows) > len(rows):
        return names, columns | pair_of_names(rows, left, right)
    return names, columns


def _width(row: Sequence[str]) -> int:
    return max((index + 1 for index, cell in enumerate(row) if cell), default=0)


def _is_note(row: Sequence[str]) -> bool:
    """Whether the row says something about the list and names nobody."""
    filled = [cell for cell in row if cell]
    return bool(filled) and bool(_NOTE.match(fold(filled[0])) or _NOTE.match(fold(", ".join(filled[:2]))))


def _read_students(
    columns: Mapping[int, Meaning], body: Numbered
) -> tuple[list[tuple[int, Student]], list[int], list[RosterRemark]]:
    """The students with their row numbers from 1, the rows passed over, and what there is to say of rows."""
    found: list[tuple[int, Student]] = []
    skipped: list[int] = []
    remarks: list[RosterRemark] = []
    for index, row in body:
        said: dict[Meaning, list[str]] = {}
        for column, meaning in sorted(columns.items()):
            if column < len(row) and row[column]:
                said.setdefault(meaning, []).append(row[column])
        role = "".join(fold(" ".join(said.pop(Meaning.ROLE, []))).split())
        names = [cell for meaning, cells in said.items() if meaning in NAMES for cell in cells]
        what, gravity = _no_student(role, names, said, row)
        if gravity is Gravity.NOTE:
            skipped.append(index + 1)
        elif not what and names:
            found.append((index + 1, _student(said)))
        if what:
            remarks.append(RosterRemark((index + 1,), what, gravity))
    return found, skipped, remarks


def _no_student(
    role: str, names: Sequence[str], said: Mapping[Meaning, Sequence[str]], row: Sequence[str]
) -> tuple[str, Gravity]:
    """Why a row is not read as a student, and how much that weighs; empty where it is one, or is empty."""
    if role not in _STUDENT_ROLES:
        return "is not a student's (its role says so) and is passed over", Gravity.NOTE
    if _is_note(names):
        return "says something about the list (points, a total, a title) and is passed over", Gravity.NOTE
    if names or not any(row):
        return _no_name(names, said) if names else "", Gravity.PROBLEM
    if said:
        return "has a number or an address but no name", Gravity.PROBLEM
    return "holds no name and no number and is passed over", Gravity.NOTE


def _no_name(names: Sequence[str], said: Mapping[Meaning, Sequence[str]]) -> str:
    """Why what stands in the columns of names is no name; empty where it is one."""
    if any(c.isdigit() or c in ":@" for cell in names for c in cell):
        return "has a digit or a sign where a name should stand"
    student = _student(said)
    return "" if any(map(str.isalpha, student.first + student.last)) else "has no letter where a name should stand"


def _student(said: Mapping[Meaning, Sequence[str]]) -> Student:
    """The student of one row."""
    first, middle, last, nicknames = "", "", "", []
    for meaning in (Meaning.FIRST, Meaning.MIDDLE, Meaning.LAST):
        name, nickname = take_nickname(" ".join(said.get(meaning, ())))
        nicknames.append(nickname)
        if meaning is Meaning.FIRST:
            first = name
        elif meaning is Meaning.MIDDLE:
            middle = name
        else:
            last = name
    student = Student(first, last, middle)
    if not (first and last):
        for whole in said.get(Meaning.WHOLE, ()):
            parts = split_name(whole)
            student = Student(first or parts.first, last or parts.last, middle or parts.middle)
            nicknames.append(parts.preferred)
    known = {fold(student.first), fold(student.last), fold(student.middle), ""}
    further = dict.fromkeys(n for n in (*said.get(Meaning.PREFERRED, ()), *nicknames) if fold(n) not in known)
    others = (one.strip().lstrip("#").strip() for cell in said.get(Meaning.OTHER, ()) for one in cell.split(";"))
    return replace(
        student,
        preferred=" ".join(further),
        number="".join(said.get(Meaning.NUMBER, [])[:1]).lstrip("# "),
        email="".join(said.get(Meaning.EMAIL, [])[:1]),
        others=tuple(dict.fromkeys(one for one in others if one)),
    )


def _duplicates(found: Sequence[tuple[int, Student]]) -> Iterator[RosterRemark]:
    """Students that stand there twice. Of one name there may be two, told apart by their numbers."""
    by_name: dict[tuple[str, ...], list[tuple[int, str]]] = {}
    by_number: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for row, student in found:
        name = tuple(fold(part) for part in (student.first, student.middle, student.last))
        number = fold(student.number)
        for earlier, other in by_name.setdefault(name, []):
            if not number or not other or number == other:
                yield RosterRemark((earlier, row), "hold the same name, and no number tells them apart")
            else:
                yield RosterRemark((earlier, row), "hold the same name; their numbers tell them apart", Gravity.NOTE)
        by_name[name].append((row, number))
        for earlier, other_name in by_number.setdefault(number, []) if number else ():
            if name != other_name:
                yield RosterRemark((earlier, row), "hold one student number for two names")
        by_number.setdefault(number, []).append((row, name))


def _gaps(body: Numbered) -> Iterator[RosterRemark]:
    """The empty rows among the others."""
    filled = [index for index, row in body if any(row)]
    empty = [index + 1 for index, row in body if filled and filled[0] < index < filled[-1] and not any(row)]
    if empty:
        yield RosterRemark(tuple(empty), "is empty" if len(empty) == 1 else "are empty", Gravity.NOTE)


class RosterError(ValueError):
    """A roster cannot be used as it is.

    Attributes:
        problems: all that is wrong, each with its row and never with a student's name.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def all_spellings(roster: Roster) -> tuple[str, ...]:
    """Every spelling of every student that must not stand in a shared file, longest first, each once."""
    found = {spelling for student in roster.students for spelling in spellings(student)}
    return tuple(sorted(found, key=lambda spelling: (-len(spelling), spelling)))


def find_students(roster: Roster, text: str) -> tuple[Student, ...]:
    """The students that a person may mean by that text, whatever its case and accents.

    A number, an e-mail address or another identifier counts whole. Of a name, each word may be cut short.
    """
    wanted = fold(text)
    words = wanted.replace(",", " ").split()

    def is_meant(student: Student) -> bool:
        if wanted in {fold(one) for one in (student.number, student.email, *student.others) if one}:
            return True
        names = fold(" ".join((student.name, student.preferred, *name_words(student)))).split()
        return all(any(name.startswith(word) for name in names) for word in words)

    return tuple(student for student in roster.students if words and is_meant(student))


def roster_rows(roster: Roster) -> list[list[str]]:
    """The roster with only the columns we need; ``roster_from_rows`` reads it back the same."""
    names = [Meaning.LAST, Meaning.FIRST, Meaning.MIDDLE, Meaning.PREFERRED]
    header = [str(meaning) for meaning in (*names, Meaning.NUMBER, Meaning.EMAIL, Meaning.OTHER)]
    return [header] + [
        [s.last, s.first, s.middle, s.preferred, s.number, s.email, "; ".join(s.others)] for s in roster.students
    ]


def roster_from_rows(rows: Sequence[Sequence[str]], told: Told = ()) -> Roster:
    """Read a roster from the rows of a table.

    Args:
        rows: every row of the sheet, blank ones too, so that row numbers are those that a person sees.
        told: what a person said of the columns, see ``parse_columns``.

    Raises:
        RosterError: with every problem at once.
    """
    reading = read_rows(rows, told)
    if reading.problems:
        raise RosterError(reading.problems)
    titles = [(column.title or f"column {column.letter}", column.meaning) for column in reading.columns]
    return Roster(
        students=tuple(student for _, student in reading.students),
        read=tuple(title for title, meaning in titles if meaning is not None),
        unread=tuple(title for title, meaning in titles if meaning is None),
        mapping={title: str(meaning) for title, meaning in titles if meaning is not None},
        skipped=reading.skipped,
    )
