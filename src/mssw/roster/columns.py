"""Which columns of a class list are read, and as what.

What a person says counts first (``last=Surname``, ``id=C``), then the headers, then what is in the columns. A list may
have two or more students side by side on a row. So columns come in blocks: each block is the columns of one student of
a row, and most lists have one block.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeVar

from mssw.core.cell_names import column_letters
from mssw.names.student import fold
from mssw.roster.headers import (
    MAIN_NAMES,
    NAMES,
    Meaning,
    header_key,
    may_count_rows,
    meaning_of,
    rank_of_number,
    words,
)

Row = Sequence[str]
_NUMBER = re.compile(r"#?[A-Za-z]{0,3}[-.]?\d[\d.-]{2,}")
_ENOUGH_TO_BE_SORTED = 6  # names: by chance one list in 720 is in order
_SECOND_LAST = frozenset({"apellidomaterno", "segundoapellido", "segoncognom", "apellido2"})
_MOST_WORDS = 5
_NAME_SIGNS = frozenset(" ,.'’‘`´ʼ-‐‑–()\"“”·")
_LONGEST_COUNT = 3  # digits of a number that may only count rows
_SIDES = 2


@dataclass(frozen=True, slots=True)
class Block:
    """The columns of one student of a row.

    Attributes:
        start: index of its first column, from 0.
        stop: index after its last.
        meanings: what is read, by index.
    """

    start: int
    stop: int
    meanings: Mapping[int, Meaning] = field(default_factory=dict)

    def cells(self, row: Row) -> list[str]:
        """The row's cells in this block that hold anything."""
        return [cell for cell in row[self.start : self.stop] if cell]


def read_header(cells: Row) -> dict[int, Meaning]:
    """Which of a header's columns are read, by index from 0.

    Of several columns with student numbers the likeliest is *the* number and the rest are other identifiers;
    of several with one name (a legal one beside the one in use) the rest are further names. "Name" beside a
    first name is the last name, and the other way round. Empty where no cell is known.
    """
    columns = {index: meaning for index, cell in enumerate(cells) if (meaning := meaning_of(cell))}
    keys = {index: header_key(cells[index]) for index in columns}
    found = set(columns.values())
    for index, meaning in columns.items():
        if meaning is Meaning.WHOLE and keys[index] in words("just_a_name"):
            if Meaning.FIRST in found and Meaning.LAST not in found:
                columns[index] = Meaning.LAST
            elif Meaning.LAST in found and Meaning.FIRST not in found:
                columns[index] = Meaning.FIRST
    numbers = sorted((rank_of_number(cells[i]), i) for i, meaning in columns.items() if meaning is Meaning.NUMBER)
    columns |= {index: Meaning.OTHER for _, index in numbers[1:]}
    for name in (Meaning.FIRST, Meaning.LAST, Meaning.MIDDLE):
        same = [i for i, meaning in columns.items() if meaning is name and keys[i] not in _SECOND_LAST]
        in_use = sorted(same, key=lambda i: (fold(cells[i]).startswith("legal"), i))
        columns |= dict.fromkeys(in_use[1:], Meaning.PREFERRED)
    return columns


def blocks_of_header(cells: Row, rows: Sequence[Row]) -> tuple[list[str], tuple[Block, ...]]:
    """The header and its blocks.

    One "Name" may be over two columns: the header was merged over both; or "Last, First" was written into a text file
    without quotation marks, so that each row is one cell longer than its header, which then gets a cell more.

    Args:
        cells: the header.
        rows: those below it.
    """
    names = list(cells)
    width = max([len(names), *map(len, rows)])
    starts = _starts(names)
    if len(starts) > 1:
        stops = [*starts[1:], width]
        blocks = [_block_of_header(names, start, stop) for start, stop in zip([0, *starts[1:]], stops, strict=True)]
    else:
        if _is_one_cell_longer(names, rows):
            whole = _only_whole_name(read_header(names))
            names.insert(whole + 1 if whole is not None else len(names), "")
            meanings = read_header(names)
            if whole is not None:
                meanings |= {whole: Meaning.LAST, whole + 1: Meaning.FIRST}
            return names, (Block(0, max(width, len(names)), meanings),)
        blocks = [Block(0, width, read_header(names))]
    split = [part for block in blocks for part in _with_merged_header(names, block, rows)]
    return names, tuple(without_row_counts(names, block, rows) for block in split)


def _only_whole_name(columns: Mapping[int, Meaning]) -> int | None:
    """The one column of whole names, where there are no others of names."""
    whole = [index for index, meaning in columns.items() if meaning is Meaning.WHOLE]
    return whole[0] if len(whole) == 1 and not {Meaning.FIRST, Meaning.LAST} & set(columns.values()) else None


def _is_one_cell_longer(names: Row, rows: Sequence[Row]) -> bool:
    if _only_whole_name(read_header(names)) is None:
        return False
    return 2 * sum(_width(row) == _width(names) + 1 for row in rows) > len(rows)


def _starts(names: Row) -> list[int]:
    """Where each block of a header starts, if its columns repeat; else one start."""
    keys = [header_key(cell) for cell in names]
    for index, key in enumerate(keys):
        if not key or meaning_of(names[index]) not in MAIN_NAMES:
            continue
        places = [at for at, other in enumerate(keys) if other == key]
        if len(places) < _SIDES:
            continue
        lead, step = 0, min(later - at for at, later in pairwise(places))
        while lead + 1 < step and places[0] - lead - 1 >= 0:
            before = {keys[at - lead - 1] for at in places}
            if len(before) > 1 or before == {""}:
                break
            lead += 1
        return [at - lead for at in places]
    return [0]


def _block_of_header(names: Row, start: int, stop: int) -> Block:
    meanings = read_header(names[start:stop])
    return Block(start, stop, {start + index: meaning for index, meaning in meanings.items()})


def _with_merged_header(names: Row, block: Block, rows: Sequence[Row]) -> list[Block]:
    """The block, or two of them, where its one "Name" is over two columns and the second has no header of its own."""
    left = _only_whole_name(block.meanings)
    right = block.stop if left is None else left + 1
    if left is None or right >= block.stop or (right < len(names) and names[right]):
        return [block]
    filled = [row for row in rows if len(row) > left and row[left]]
    lefts = [row[left] for row in filled]
    rights = [row[right] for row in filled if len(row) > right and row[right]]
    if 2 * sum(any(map(str.isalpha, cell)) for cell in rights) <= len(filled):
        return [block]
    if _mostly(lefts, is_whole_name) and _mostly(rights, is_whole_name):
        there = {index: meaning for index, meaning in block.meanings.items() if index < right}
        return [Block(block.start, right, there), Block(right, block.stop, {right: Meaning.WHOLE})]
    return [replace(block, meanings={**block.meanings, **pair_of_names(rows, left, right)})]


def without_row_counts(names: Row, block: Block, rows: Sequence[Row]) -> Block:
    """The block without a column "No." that only counts its rows."""
    kept = dict(block.meanings)
    for index, meaning in block.meanings.items():
        cells = cells_of(rows, index)
        title = names[index] if index < len(names) else ""
        if meaning in {Meaning.NUMBER, Meaning.OTHER} and may_count_rows(title) and cells and are_counts(cells):
            del kept[index]
    if Meaning.NUMBER in block.meanings.values() and Meaning.NUMBER not in kept.values():
        others = sorted((rank_of_number(names[i]), i) for i, meaning in kept.items() if meaning is Meaning.OTHER)
        numbers = [i for _, i in others if meaning_of(names[i]) is Meaning.NUMBER]
        kept |= dict.fromkeys(numbers[:1], Meaning.NUMBER)
    return replace(block, meanings=kept)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the cells of a column without a header look like: ``name``, ``whole``, ``number``, ``email`` or nothing."""

    index: int
    kind: str


def guess_blocks(rows: Sequence[Row]) -> tuple[Block, ...]:
    """Which columns of a list without a header are read, by what is in them.

    Numbers are student numbers unless they only count the rows. Columns that come again, or several columns of whole
    names, are students side by side.
    """
    width = max((len(row) for row in rows), default=0)
    seen = [_Seen(index, _kind(cells_of(rows, index))) for index in range(width)]
    names = [one.index for one in seen if one.kind in {"name", "whole"}]
    wholes = [one.index for one in seen if one.kind == "whole"]
    groups = _groups(seen)
    if len(groups) > 1:
        stops = [*(group[0].index for group in groups[1:]), width]
        starts = [0, *stops[:-1]]
    elif len(wholes) > 1 and wholes == names:
        starts = [0, *wholes[1:]]
        stops = [*wholes[1:], width]
    else:
        starts, stops = [0], [width]
    return tuple(
        Block(start, stop, _guess_one(seen[start:stop], rows)) for start, stop in zip(starts, stops, strict=True)
    )


def _kind(cells: Sequence[str]) -> str:
    if _mostly(cells, lambda cell: "@" in cell):
        return "email"
    if _mostly(cells, lambda cell: bool(_NUMBER.fullmatch(cell))) and not are_counts(cells):
        return "number"
    if _mostly(cells, _like_a_name) and len(cells) <= 2 * len(set(cells)):
        return "whole" if _mostly(cells, is_whole_name) else "name"
    return "count" if cells and are_counts(cells) else "" if cells else "blank"


def _groups(seen: Sequence[_Seen]) -> list[list[_Seen]]:
    """The columns in groups that each look alike, as students side by side do; one group where they do not."""
    filled = [one for one in seen if one.kind != "blank"]
    for size in range(2, len(filled) // 2 + 1):
        groups = [filled[start : start + size] for start in range(0, len(filled), size)]
        kinds = {tuple("name" if one.kind == "whole" else one.kind for one in group) for group in groups}
        if len(kinds) == 1 and {"number", "email"} & (kind := set(kinds.pop())) and "name" in kind:
            return groups
    shapes: list[list[_Seen]] = [[]]
    for one in seen:
        has_name = any(other.kind in {"name", "whole"} for other in shapes[-1])
        starts_with = [group[0].kind for group in shapes if group]
        begins_again = one.kind in {"count", "number"} and starts_with and starts_with[0] == one.kind
        if one.kind == "blank" and has_name:
            shapes.append([])
        elif one.kind != "blank":
            if has_name and begins_again:
                shapes.append([])
            shapes[-1].append(one)
    shapes = [group for group in shapes if group]
    counts = {sum(one.kind in {"name", "whole"} for one in group) for group in shapes}
    return shapes if len(shapes) > 1 and counts <= {1, 2} and len(counts) == 1 else [list(seen)]


def _guess_one(seen: Sequence[_Seen], rows: Sequence[Row]) -> dict[int, Meaning]:
    """What the columns of one block hold."""
    columns: dict[int, Meaning] = {}
    for one in seen:
        if one.kind == "email":
            columns[one.index] = Meaning.EMAIL
        elif one.kind == "number":
            columns[one.index] = Meaning.OTHER if Meaning.NUMBER in columns.values() else Meaning.NUMBER
    names = [one for one in seen if one.kind in {"name", "whole"}]
    has_comma = bool(names) and _mostly(cells_of(rows, names[0].index), lambda cell: "," in cell)
    if len(names) == 1 or has_comma:
        columns[names[0].index] = Meaning.WHOLE
    elif names:
        columns |= pair_of_names(rows, names[0].index, names[1].index)
    return columns


def pair_of_names(rows: Sequence[Row], left: int, right: int) -> dict[int, Meaning]:
    """Which of two columns holds the last names: the left one, unless only the right one is sorted."""
    lefts, rights = ([fold(row[i]) for row in rows if len(row) > max(left, right) and row[i]] for i in (left, right))
    if len(rights) >= _ENOUGH_TO_BE_SORTED and rights == sorted(rights) and lefts != sorted(lefts):
        return {left: Meaning.FIRST, right: Meaning.LAST}
    return {left: Meaning.LAST, right: Meaning.FIRST}


def cells_of(rows: Sequence[Row], index: int) -> list[str]:
    """The cells of a column that hold anything."""
    return [row[index] for row in rows if index < len(row) and row[index]]


def are_counts(cells: Sequence[str]) -> bool:
    """Whether the cells only count the rows, also from 14 on or in words like "3.".

    >>> are_counts(["4", "5", "6"]), are_counts(["50012", "50013"])
    (True, False)
    """
    digits = [cell.rstrip(".)") for cell in cells]
    if not all(one.isdecimal() and len(one) <= _LONGEST_COUNT for one in digits):
        return False
    numbers = [int(one) for one in digits]
    return all(later == number + 1 for number, later in pairwise(numbers))


def is_whole_name(cell: str) -> bool:
    """Whether a cell holds a first and a last name."""
    return len(cell.replace(",", ", ").split()) > 1


def is_like_a_person(cell: str) -> bool:
    """Whether a cell may be a person's name: up to five words with a capital each, and no digit.

    >>> is_like_a_person("Ana de Souza"), is_like_a_person("our science group"), is_like_a_person("F")
    (True, False, False)
    """
    parts = cell.replace(",", " ").split()
    if not 0 < len(parts) <= _MOST_WORDS or fold(cell) in words("no_person"):
        return False
    if not all(c.isalpha() or unicodedata.category(c)[0] == "M" or c in _NAME_SIGNS for c in cell):
        return False
    letters = sum(map(str.isalpha, cell))
    if letters < (2 if cell.isascii() else 1):
        return False
    return not parts[0].islower() and all(not part[0].islower() or fold(part) in words("particles") for part in parts)


_T = TypeVar("_T")


def _mostly(cells: Sequence[_T], test: Callable[[_T], bool]) -> bool:
    return bool(cells) and 2 * sum(map(test, cells)) > len(cells)


def _width(row: Row) -> int:
    return max((index + 1 for index, cell in enumerate(row) if cell), default=0)


def _like_a_name(cell: str) -> bool:
    return sum(c.isalpha() for c in cell) > (cell.isascii() and 1) and not any(c.isdigit() for c in cell)


WORDS = {
    "first": Meaning.FIRST,
    "last": Meaning.LAST,
    "middle": Meaning.MIDDLE,
    "preferred": Meaning.PREFERRED,
    "name": Meaning.WHOLE,
    "id": Meaning.NUMBER,
    "email": Meaning.EMAIL,
    "other": Meaning.OTHER,
    "role": Meaning.ROLE,
    "skip": None,
}
"""What may be before the =; ``skip`` keeps a column from being read."""
HOW = "say columns as last=Surname,first=B,id=Number: a column's header or its letter"
_PART = re.compile(rf"\s*({'|'.join(WORDS)})\s*=\s*(.*?)\s*(?=,\s*(?:{'|'.join(WORDS)})\s*=|$)", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{1,2}")

ColumnChoices = tuple[tuple[Meaning | None, str], ...]
"""What each column holds, None for one that is not to be read, and the column's header or letter."""


def parse_columns(texts: Iterable[str]) -> ColumnChoices:
    """Parse the columns that a person gave. A header may contain commas.

    >>> parse_columns(["last=Name, as in passport,first=B"])
    ((<Meaning.LAST: 'Last name'>, 'Name, as in passport'), (<Meaning.FIRST: 'First name'>, 'B'))

    Raises:
        ValueError: it cannot be understood; its text says how to say it.
    """
    choices: list[tuple[Meaning | None, str]] = []
    for text in texts:
        at = 0
        while at < len(text):
            found = _PART.match(text, at)
            if found is None or not found[2]:
                raise ValueError(f"{HOW}; the words before the = are {', '.join(WORDS)}")
            choices.append((WORDS[found[1].casefold()], found[2]))
            at = found.end() + 1  # behind the comma
    once = [meaning for meaning, _ in choices if meaning in MAIN_NAMES | {Meaning.NUMBER}]
    if len(once) != len(set(once)):
        raise ValueError("name, first, last and id can each be one column only")
    return tuple(choices)


def find_row_with_titles(table: Sequence[Row], choices: ColumnChoices, within: int) -> int | None:
    """The index of the row that holds every header that was given; None where only letters were, or none does."""
    titles = {fold(title) for _, title in choices if not _LETTERS.fullmatch(title)}
    for index, row in enumerate(table[:within]):
        if titles and titles <= {fold(cell) for cell in row}:
            return index
    return None


def apply_choices(blocks: Sequence[Block], header: Row, choices: ColumnChoices) -> tuple[Block, ...]:
    """The blocks with a person's word before ours.

    Raises:
        ValueError: a column that was given is not there; its text says which ones are.
    """
    given: dict[int, Meaning | None] = {}
    for meaning, title in choices:
        place = _place(header, title)
        if place in given:
            raise ValueError(f"column “{title}” is listed twice; use it only once")
        given[place] = meaning
    changed = tuple(_with_choices(block, given) for block in blocks)
    if not any(NAMES & set(block.meanings.values()) for block in changed):
        raise ValueError("with the columns as told, no column of names is left")
    return changed


def _with_choices(block: Block, everywhere: dict[int, Meaning | None]) -> Block:
    """One block, with the columns that a person gave."""
    given = {index: meaning for index, meaning in everywhere.items() if block.start <= index < block.stop}
    replaced = {meaning for meaning in given.values() if meaning is not None}
    if replaced & {Meaning.FIRST, Meaning.LAST}:
        replaced.add(Meaning.WHOLE)
    if Meaning.WHOLE in given.values():
        replaced |= {Meaning.FIRST, Meaning.LAST}
    kept = {
        index: Meaning.OTHER if meaning is Meaning.NUMBER and meaning in replaced else meaning
        for index, meaning in block.meanings.items()
        if index not in given and (meaning not in replaced or meaning is Meaning.NUMBER)
    }
    kept |= {index: meaning for index, meaning in given.items() if meaning is not None}
    return replace(block, meanings=dict(sorted(kept.items())))


def choose_places(header: Row, choices: ColumnChoices) -> set[int]:
    """The indices of the columns that a person spoke of, where they can be found."""
    places = set()
    for _, title in choices:
        try:
            places.add(_place(header, title))
        except ValueError:
            continue
    return places


def _place(header: Row, title: str) -> int:
    """The index of the column of that header or letter."""
    key = fold(title)
    for index, cell in enumerate(header):
        if fold(cell) == key:
            return index
    at = _index_of(title)
    if at is not None and at < len(header):
        return at
    columns = ", ".join(
        f"{column_letters(index)} ({cell})" if cell else column_letters(index) for index, cell in enumerate(header)
    )
    raise ValueError(f"it has no column “{title}”; its columns are {columns or 'not to be told apart'}")


def _index_of(letters: str) -> int | None:
    if not _LETTERS.fullmatch(letters):
        return None
    index = 0
    for letter in letters.upper():
        index = 26 * index + ord(letter) - ord("A") + 1
    return index - 1
