"""One roster for many classes: which of its columns holds the class, and which rows are of one class."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mssw.names.student import fold
from mssw.roster.layout import find_header
from mssw.roster.rows import clean_cell

# The earlier a header is listed, the likelier its column holds the classes that a teacher means.
_HEADERS = (
    "section sections coursesection classsection sectionname class classes classname classcode course coursename "
    "period homeroom homeroomname registration registrationgroup form tutorgroup group groupname grupo gruppe groupe "
    "klasse classe clase turma curso lop reggroup reg registrationform klas osztaly sinif kelas luokka trida trieda"
)
_RANK = {header: rank for rank, header in enumerate(_HEADERS.split())}
_SEPARATORS = re.compile(r"\s*[;|/]\s*|,\s+|\s+and\s+|\s+&\s+")
Rows = Sequence[Sequence[str]]


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
    ranked = sorted((_RANK[title], index) for index, title in titles if title in _RANK)
    body = table[header + 1 :]
    columns = [(index, table[header][index]) for _, index in ranked if len(_values(body, index)) > 1]
    return Sections(tuple(columns), _values(body, columns[0][0]) if columns else ())


def section_like(sections: Sections, rows: Rows, name: str) -> str:
    """The class of the roster that goes by a name: 5A for "5a" and for "Math 5A"; empty where none or several do."""
    key = class_letters(name)
    for index, _ in sections.columns:
        values = dict.fromkeys(part for cell in _values(rows, index) for part in (cell, *_SEPARATORS.split(cell)))
        same = [value for value in values if class_letters(value) == key]
        single = [value for value in values if not _SEPARATORS.search(value)]
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
        mine = [n >= first and _is_of(row, index, key) for n, row in enumerate(rows)]
        if any(mine):
            return [list(row) if n < first or mine[n] else [] for n, row in enumerate(rows)]
    return None


def _is_of(row: Sequence[str], index: int, key: str) -> bool:
    cell = clean_cell(row[index]) if index < len(row) else ""
    return key in {class_letters(cell), *(class_letters(part) for part in _SEPARATORS.split(cell))} - {""}


def _values(rows: Rows, index: int) -> tuple[str, ...]:
    cells = (clean_cell(row[index]) for row in rows if index < len(row))
    return tuple(dict.fromkeys(cell for cell in cells if cell))


def class_letters(text: str) -> str:
    """The name of a class without case, accents, spaces and signs: "5-A" is "5 a"."""
    return "".join(c for c in fold(text) if c.isalnum())
