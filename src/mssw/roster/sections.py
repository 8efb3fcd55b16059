"""One roster for many classes: which of its columns tells the class, and whose rows are one class's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mssw.names.student import fold
from mssw.roster.table import clean_cell, find_header

# The earlier a header stands, the likelier its column tells the classes apart that a teacher means.
_HEADERS = (
    "section sections coursesection classsection sectionname class classes classname classcode course coursename "
    "period homeroom homeroomname registration registrationgroup form tutorgroup group groupname grupo gruppe groupe "
    "klasse classe clase turma curso lop"
)
_RANK = {header: rank for rank, header in enumerate(_HEADERS.split())}
_SEPARATORS = re.compile(r"\s*[;|/]\s*|,\s+|\s+and\s+|\s+&\s+")
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sections:
    """The columns of a roster that tell classes apart.

    Attributes:
        columns: index (from 0) and title of each, the likeliest first; empty where there is none.
        values: the classes that the likeliest names, in the order of the roster.
    """

    columns: tuple[tuple[int, str], ...]
    values: tuple[str, ...]


def sections_of(rows: Rows) -> Sections:
    """Which classes a roster is of.

    A column that names one class only, or none, tells nothing apart and is left out.

    Args:
        rows: every row of the table.
    """
    table = [[clean_cell(cell) for cell in row] for row in rows]
    header = find_header(table)
    if header is None:
        return Sections((), ())
    ranked = sorted((_RANK[key], i) for i, cell in enumerate(table[header]) if (key := _letters(cell)) in _RANK)
    body = table[header + 1 :]
    columns = [(index, table[header][index]) for _, index in ranked if len(_values(body, index)) > 1]
    return Sections(tuple(columns), _values(body, columns[0][0]) if columns else ())


def section_like(sections: Sections, rows: Rows, name: str) -> str:
    """The class of the roster that goes by a name: 5A for "5a" and for "Math 5A"; empty where none or several do."""
    wanted = _letters(name)
    for index, _ in sections.columns:
        values = dict.fromkeys(part for cell in _values(rows, index) for part in (cell, *_SEPARATORS.split(cell)))
        same = [value for value in values if _letters(value) == wanted]
        single = [value for value in values if not _SEPARATORS.search(value)]
        near = [value for value in single if wanted in {_letters(word) for word in value.split()}]
        for found in (same, near):
            if len({_letters(value) for value in found}) == 1:
                return found[0]
    return ""


def rows_of_section(rows: Rows, name: str) -> list[list[str]] | None:
    """The table with the rows of other classes emptied, so that row numbers stay; None where no row is of that class.

    A student in several classes, as Canvas writes them ("5A and 5B"), is in each of them.
    """
    sections, wanted = sections_of(rows), _letters(name)
    first = (find_header([[clean_cell(cell) for cell in row] for row in rows]) or 0) + 1
    for index, _ in sections.columns:
        mine = [n >= first and _is_of(row, index, wanted) for n, row in enumerate(rows)]
        if any(mine):
            return [list(row) if n < first or mine[n] else [] for n, row in enumerate(rows)]
    return None


def _is_of(row: Sequence[str], index: int, wanted: str) -> bool:
    cell = clean_cell(row[index]) if index < len(row) else ""
    return wanted in {_letters(cell), *(_letters(part) for part in _SEPARATORS.split(cell))} - {""}


def _values(rows: Rows, index: int) -> tuple[str, ...]:
    cells = (clean_cell(row[index]) for row in rows if index < len(row))
    return tuple(dict.fromkeys(cell for cell in cells if cell))


def _letters(text: str) -> str:
    """A name of a class without case, accents, spaces and signs: "5-A" is "5 a"."""
    return "".join(c for c in fold(text) if c.isalnum())
