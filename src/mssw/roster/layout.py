"""How a class list is laid out: where its header is, which columns hold what, and which rows are about the list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mssw.core.cell_names import column_letters
from mssw.names.student import fold
from mssw.roster.columns import (
    Block,
    ColumnChoices,
    apply_choices,
    blocks_of_header,
    cells_of,
    choose_places,
    find_row_with_titles,
    guess_blocks,
    is_like_a_person,
    read_header,
)
from mssw.roster.doubts import Gravity, RosterRemark
from mssw.roster.headers import MAIN_NAMES, Meaning, is_all_headers, is_header_word, is_never_read, meaning_of, words

Table = Sequence[list[str]]
Numbered = list[tuple[int, list[str]]]
"""Rows with their index from 0."""

_HEADER_WITHIN = 30  # rows; titles, dates and the school's name are above it in printed reports
# Reports end in totals and dates, and gradebooks have rows of points and settings.
_NOTE = re.compile(
    r"points possible|manual posting"
    r"|(grand |class )?totals?(:|$| \d| (students?|pupils?|learners?|enrol\w*|number|count)\b)"
    r"|(total )?(number of\b|count(:|$| \d| of\b))|printed(:|$| (on|at|by|for)\b| \d)"
    r"|generated(:|$| (on|at|by)\b| \d)|report(:|$| date| \d)|as of\b|end of\b|page \d"
    r"|(class|course|period|room|home ?room|section|school|grade|teacher|term|year|date)( list)?( ?\d|:|$)"
    r"|(boys|girls|males?|females?|filles|garcons|jungen|madchen|ninos|ninas|chicos|chicas)\W*\d"
    r"|(gesamt|insgesamt|summe|anzahl|effectif|totale|totaal|razem|suma|celkem|ukupno|toplam|jumlah|tong so)(:|$| \d)"
)
UNKNOWN_HEADER = (
    "looks like a header with words mssw does not know; name the columns, as in --columns last=A,first=B,id=C"
)
NO_NAMES = "has no name beside the e-mail addresses, nor has any other row; add the students' names in a column"
_NUMBER_CELL = re.compile(r"#?[A-Za-z]{0,3}-?\d{4,}")
_YEAR = re.compile(r"(19|20)\d\d")
_FEWEST_SORTED = 6
_TITLE_LINES = 2
_FEWEST_TO_COMPARE = 3
_A_LIST = 3  # names above the header: a school and a teacher are two


@dataclass
class RosterLayout:
    """How a table is laid out.

    Attributes:
        header: index of the header's row; None for a bare list.
        names: the header's cells; empty for a bare list.
        blocks: the columns of each student of a row.
        above: rows above the list, with what they are.
        body: the rows of the list.
        remarks: what is wrong or doubtful.
    """

    header: int | None
    names: list[str]
    blocks: tuple[Block, ...]
    above: list[tuple[int, str]]
    body: Numbered
    remarks: list[RosterRemark] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max([len(self.names), *(len(row) for _, row in self.body)])

    @property
    def has_names(self) -> bool:
        """Whether any column is of names."""
        return any(MAIN_NAMES & set(block.meanings.values()) for block in self.blocks)


def find_layout(table: Table, choices: ColumnChoices) -> RosterLayout:
    """How a table is laid out.

    Args:
        table: its rows, with clean cells.
        choices: the columns that a person gave.
    """
    header = find_row_with_titles(table, choices, _HEADER_WITHIN)
    header = find_header(table) if header is None else header
    layout = _without_header(table, choices) if header is None else _with_header(table, header)
    if choices:
        try:
            names = [*layout.names, *[""] * (layout.width - len(layout.names))]
            layout.blocks = apply_choices(layout.blocks, names, choices)
        except ValueError as error:
            layout.remarks.append(RosterRemark((), str(error)))
    return layout


def _with_header(table: Table, header: int) -> RosterLayout:
    body = list(enumerate(table))[header + 1 :]
    rows = [row for _, row in body if any(row) and not is_note(row)]
    names, blocks = blocks_of_header(table[header], rows)
    layout = RosterLayout(header, names, blocks, [], body)
    alone = [index for index, row in enumerate(table[:header]) if _is_name_alone(row, blocks)]
    for index, row in enumerate(table[:header]):
        if any(row):
            layout.above.append((index, "is above the header"))
            if _is_student_above(row, blocks) or (len(alone) >= _A_LIST and index in alone):
                what = "is above the header and looks like a student's; put the header above it"
                layout.remarks.append(RosterRemark((index + 1,), what))
    return layout


def _is_name_alone(row: list[str], blocks: Sequence[Block]) -> bool:
    """Whether all that a row above the header has is what may be a name, in a column of whole names."""
    filled = [index for index, cell in enumerate(row) if cell]
    wholes = {index for block in blocks for index, meaning in block.meanings.items() if meaning is Meaning.WHOLE}
    return (
        len(filled) == 1
        and filled[0] in wholes
        and is_like_a_person(row[filled[0]])
        and not is_note(row)
        and not is_title(row[filled[0]])
    )


def _is_student_above(row: list[str], blocks: Sequence[Block]) -> bool:
    """Whether a row above the header has a name and a number or address in just the columns for them."""
    for block in blocks:
        cells = {meaning: row[i] for i, meaning in block.meanings.items() if i < len(row) and row[i]}
        names = [cell for meaning, cell in cells.items() if meaning in MAIN_NAMES and is_like_a_person(cell)]
        number = cells.get(Meaning.NUMBER, "")
        if names and (_NUMBER_CELL.fullmatch(number) or "@" in cells.get(Meaning.EMAIL, "")):
            return True
        if len(names) > 1 and not is_note(row) and not any(map(is_title, row)):
            return True
    return False


def _without_header(table: Table, choices: ColumnChoices) -> RosterLayout:
    layout = RosterLayout(None, [], (), [], list(enumerate(table)))
    _take_off_title(layout)
    numbered = [(index, row) for index, row in layout.body if any(row) and not is_note(row)]
    rows = [row for _, row in numbered]
    if _starts_with_unknown_header(rows):
        layout.header = numbered[0][0]
        layout.body = [(index, row) for index, row in layout.body if index > numbered[0][0]]
        rows = rows[1:]
        if not choices:
            what = NO_NAMES if _has_addresses_alone(rows) else UNKNOWN_HEADER
            layout.remarks.append(RosterRemark((layout.header + 1,), what))
    elif _is_out_of_order(rows):
        what = "is out of the list's order: where it is a header, say which columns hold what, as in --columns last=A"
        layout.remarks.append(RosterRemark((numbered[0][0] + 1,), what, Gravity.DOUBT))
    layout.blocks = guess_blocks(rows)
    if len(layout.blocks) > 1 and all(block.stop - block.start == 1 for block in layout.blocks):
        letters = " and ".join(column_letters(block.start) for block in layout.blocks)
        what = (
            f"columns {letters} are each read as whole names, of students side by side; where they are not, say "
            "--columns last=A,first=B"
        )
        layout.remarks.append(RosterRemark((), what, Gravity.DOUBT))
    return layout


def _take_off_title(layout: RosterLayout) -> None:
    """Take off the one or two lines that are apart above a list, where they are no names."""
    filled = [any(row) for _, row in layout.body]
    if True not in filled:
        return
    start = filled.index(True)
    gap = filled.index(False, start) if False in filled[start:] else len(filled)
    if not gap - start <= _TITLE_LINES < sum(filled[gap:]):
        return
    for index, row in layout.body[start:gap]:
        cells = [cell for cell in row if cell]
        if any(map(is_like_a_person, cells)) and not any(map(is_title, cells)) and not is_note(row):
            what = "is apart above the list and is read as a student; delete it where it is a title"
            layout.remarks.append(RosterRemark((index + 1,), what, Gravity.DOUBT))
            return
    layout.above += [(index, "is above the list") for index, row in layout.body[start:gap] if any(row)]
    layout.body = layout.body[gap:]


def is_title(cell: str) -> bool:
    """Whether a cell is about a school or a class by one of its words, and so no name.

    >>> is_title("Lincoln Elementary"), is_title("Maria Garcia")
    (True, False)
    """
    return bool(words("titles") & set(fold(cell).replace(",", " ").split()))


def _starts_with_unknown_header(rows: Table) -> bool:
    """Whether the first row of a list has a word where all others have a number or an address."""
    if len(rows) < _FEWEST_TO_COMPARE:
        return False
    first, rest = rows[0], rows[1:]
    for index, cell in enumerate(first):
        below = cells_of(rest, index)
        if not any(map(str.isalpha, cell)) or any(map(str.isdigit, cell)) or "@" in cell or len(below) < len(rest):
            continue
        if all("@" in other or (any(map(str.isdigit, other)) and " " not in other) for other in below):
            return True
    return False


def _has_addresses_alone(rows: Table) -> bool:
    """Whether a list has e-mail addresses and nothing else."""
    return all("@" in cell for row in rows for cell in row if cell)


def _is_out_of_order(rows: Table) -> bool:
    """Whether all rows of a list but the first are in order, and the first is not."""
    lefts = [fold(row[0]) for row in rows if row]
    return len(lefts) > _FEWEST_SORTED and lefts[1:] == sorted(lefts[1:]) and lefts[0] > lefts[1]


def find_header(table: Table) -> int | None:
    """The index of the row that names the most columns, a name among them; None where there is none.

    Of two with a list between them, the first: what is below the second is another class's part of the list. Failing
    that, it is the first row that holds headers of other columns alone, so that lunch is no one's name.
    """
    best, score = None, 0
    for index, row in enumerate(table[:_HEADER_WITHIN]):
        columns = _header_of(row)
        if len(columns) > score and (best is None or not _has_students_between(table, best, index)):
            best, score = index, len(columns)
    if best is None:
        best = next((index for index, row in enumerate(table[:_HEADER_WITHIN]) if is_all_headers(row)), None)
    return best


def _header_of(row: list[str]) -> Mapping[int, Meaning]:
    """The columns that a row names as a header; none where it is a student's, or names no name."""
    filled = [cell for cell in row if cell]
    if not any(map(is_header_word, filled)):
        return {}
    has_numbers = any("@" in cell or (_NUMBER_CELL.fullmatch(cell) and not _YEAR.fullmatch(cell)) for cell in filled)
    columns = read_header(row)
    return {} if has_numbers or not MAIN_NAMES & set(columns.values()) else columns


def _has_students_between(table: Table, header: int, later: int) -> bool:
    """Whether rows between two headers hold names below the first."""
    names = [i for i, meaning in read_header(table[header]).items() if meaning in MAIN_NAMES]
    rows = [row for row in table[header + 1 : later] if any(row) and not is_note(row)]
    return any(is_like_a_person(row[i]) and not is_title(row[i]) for row in rows for i in names if i < len(row))


def is_note(row: Sequence[str]) -> bool:
    """Whether a row says something about the list and names nobody."""
    filled = [cell for cell in row if cell]
    return bool(filled) and bool(_NOTE.match(fold(filled[0])) or _NOTE.match(fold(", ".join(filled[:2]))))


def repeated_header(row: list[str], layout: RosterLayout) -> tuple[Block, ...] | None:
    """What a row below the header makes of the columns, where it is a header too; else None."""
    filled = [cell for cell in row if cell]
    if layout.header is None or not filled or not is_header_word(filled[0]):
        return None
    if [fold(cell) for cell in row if cell] == [fold(cell) for cell in layout.names if cell]:
        return layout.blocks
    columns = _header_of(row)
    if len(columns) < min(2, len([name for name in layout.names if name])) or not all(map(is_header_word, filled)):
        return None
    return blocks_of_header(row, [])[1]


def unread_names(
    layout: RosterLayout, choices: ColumnChoices, rows: Sequence[tuple[list[str], str]]
) -> list[RosterRemark]:
    """Columns that are not read and may hold names: a name in one of them would stay readable.

    Args:
        layout: of the list.
        choices: the columns that a person gave; those that they skipped raise no doubt.
        rows: those with a student, each with the student's names.
    """
    read = {index for block in layout.blocks for index in block.meanings}
    width = layout.width
    spoken_of = choose_places([*layout.names, *[""] * (width - len(layout.names))], choices)
    remarks = []
    for index in range(width):
        title = layout.names[index] if index < len(layout.names) else ""
        is_replaced = bool(choices) and meaning_of(title) is not None
        if index in read | spoken_of or is_replaced or (title and is_never_read(title)):
            continue
        cells = [(row[index], names) for row, names in rows if index < len(row) and row[index]]
        new = [cell for cell, names in cells if is_like_a_person(cell) and not _is_in(cell, names)]
        if new and 2 * len(new) >= len(cells) and 2 * len(set(new)) > len(new):
            column = column_letters(index)
            shown = f"{column} (“{title}”)" if title and has_sure_titles(layout) else column
            what = (
                f"column {shown} may hold names and is not read; say --columns preferred={column} where it does, else "
                f"--columns skip={column}"
            )
            remarks.append(RosterRemark((), what))
    return remarks


def has_sure_titles(layout: RosterLayout) -> bool:
    """Whether the header is surely one, so that its cells can be shown: no student's name is among them."""
    return len([name for name in layout.names if name and is_header_word(name)]) > 1


def _is_in(cell: str, names: str) -> bool:
    """Whether each word of a cell is in a student's names."""
    return set(fold(cell).replace(",", " ").split()) <= set(names.split())
