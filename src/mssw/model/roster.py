"""A class's roster: read from the rows of any export we know, or from a bare list of names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mssw.model.columns import Meaning
from mssw.model.columntold import Told
from mssw.model.rostertable import read_rows
from mssw.names.student import Student, fold, name_words, spellings

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
