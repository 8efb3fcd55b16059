"""A class's roster: read from the rows of any export we know, or from a bare list of names."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mssw.model.columns import NAMES, Meaning, guess_columns, pair_of_names, read_header
from mssw.model.student import Student, fold, name_words, spellings, split_name, take_nickname

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

_HEADER_WITHIN = 30  # rows; titles, dates and the school's name stand above it in printed reports
_STUDENT_ROLES = frozenset({"", "student", "students", "learner", "pupil", "studentenrollment", "s"})
# Canvas puts a row of points and a made-up student into its export; reports end in totals and dates.
_NOTE = re.compile(
    r"points possible|student, test|test student|(grand )?totals?\b|(total )?(number of|count\b)|printed"
    r"|generated|report\b|as of\b|end of|page \d"
    r"|(class|course|period|room|home ?room|section|school|grade|teacher|term|year|date)( list)?( ?\d|:|$)"
)
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u00ad\u2060"))


class RosterError(ValueError):
    """A roster cannot be used as it is.

    Attributes:
        problems: all that is wrong, each with its row and never with a student's name.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Roster:
    """The students of a class, and how they were read. Two rosters of the same students are equal.

    Attributes:
        students: in the order of the roster.
        read: names of the columns that were kept.
        unread: names of the columns that were dropped on reading.
        mapping: each column that was kept, and what it was taken for.
        skipped: rows (from 1) that were not taken for students, such as totals, points or staff.
    """

    students: tuple[Student, ...] = field(repr=False)
    read: tuple[str, ...] = field(default=(), compare=False)
    unread: tuple[str, ...] = field(default=(), compare=False)
    mapping: Mapping[str, str] = field(default_factory=dict, compare=False)
    skipped: tuple[int, ...] = field(default=(), compare=False)


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


def roster_from_rows(rows: Sequence[Sequence[str]]) -> Roster:
    """Read a roster from the rows of a table.

    Args:
        rows: every row of the sheet, blank ones too, so that row numbers are those that a person sees.

    Raises:
        RosterError: with every problem at once.
    """
    table = [[clean_cell(cell) for cell in row] for row in rows]
    header = find_header(table)
    body = list(enumerate(table))[0 if header is None else header + 1 :]
    if header is None:
        body = _without_title(body)
        names: list[str] = []
        columns = guess_columns([row for _, row in body if not _is_note(row)])
    else:
        names = table[header]
        names, columns = _settle_pair(names, [row for _, row in body if any(row) and not _is_note(row)])
    if not NAMES & set(columns.values()):
        raise RosterError(["it has no column of names (a column headed Name, or Last name and First name)"])
    found, skipped, problems = _read_students(columns, body)
    problems += _duplicates(found)
    if not found and not problems:
        problems.append("it has a header but no students below it")
    if problems:
        raise RosterError(problems)
    width = max([len(names), *(len(row) for _, row in body)])
    titles = {i: (names[i] if i < len(names) else "") or f"column {i + 1}" for i in range(width)}
    unread = [i for i in range(width) if i not in columns and any(len(row) > i and row[i] for _, row in body)]
    return Roster(
        students=tuple(student for _, student in found),
        read=tuple(titles[i] for i in sorted(columns)),
        unread=tuple(titles[i] for i in unread),
        mapping={titles[i]: str(columns[i]) for i in sorted(columns)},
        skipped=tuple(skipped),
    )


Numbered = list[tuple[int, list[str]]]
"""Rows with their index from 0."""


def clean_cell(cell: str) -> str:
    """A cell in one line, composed, without what cannot be seen."""
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in cell.translate(_INVISIBLE))
    return " ".join(unicodedata.normalize("NFC", text).split())


def find_header(table: Sequence[Sequence[str]]) -> int | None:
    """The index of the row that names the most columns, a name among them; None where there is none."""
    best, score = None, 0
    for index, row in enumerate(table[:_HEADER_WITHIN]):
        columns = read_header(row)
        if len(columns) > score and {Meaning.LAST, Meaning.FIRST, Meaning.WHOLE} & set(columns.values()):
            best, score = index, len(columns)
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
) -> tuple[list[tuple[int, Student]], list[int], list[str]]:
    """The students with their row numbers from 1, the rows passed over, and the problems."""
    found: list[tuple[int, Student]] = []
    skipped: list[int] = []
    problems: list[str] = []
    for index, row in body:
        said: dict[Meaning, list[str]] = {}
        for column, meaning in sorted(columns.items()):
            if column < len(row) and row[column]:
                said.setdefault(meaning, []).append(row[column])
        role = "".join(fold(" ".join(said.pop(Meaning.ROLE, []))).split())
        names = [cell for meaning, cells in said.items() if meaning in NAMES for cell in cells]
        if role not in _STUDENT_ROLES or _is_note(names):
            skipped.append(index + 1)
        elif not names and said:
            problems.append(f"row {index + 1} has a number or an address but no name")
        elif any(c.isdigit() or c in ":@" for cell in names for c in cell):
            problems.append(f"row {index + 1} has a digit or a sign where a name should stand")
        elif names and any(map(str.isalpha, (student := _student(said)).first + student.last)):
            found.append((index + 1, student))
        elif names:
            problems.append(f"row {index + 1} has no letter where a name should stand")
        elif any(row):
            skipped.append(index + 1)
    return found, skipped, problems


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


def _duplicates(found: Sequence[tuple[int, Student]]) -> Iterator[str]:
    """Students that stand there twice. Of one name there may be two, told apart by their numbers."""
    by_name: dict[tuple[str, ...], list[tuple[int, str]]] = {}
    by_number: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for row, student in found:
        name = tuple(fold(part) for part in (student.first, student.middle, student.last))
        number = fold(student.number)
        for earlier, other in by_name.setdefault(name, []):
            if not number or not other or number == other:
                yield f"rows {earlier} and {row} hold the same name, and no number tells them apart"
        by_name[name].append((row, number))
        for earlier, other_name in by_number.setdefault(number, []) if number else ():
            if name != other_name:
                yield f"rows {earlier} and {row} hold one student number for two names"
        by_number.setdefault(number, []).append((row, name))
