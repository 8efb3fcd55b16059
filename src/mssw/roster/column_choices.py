"""What a person says of a class list's columns, as ``last=Surname`` or ``id=C``: it counts before what mssw sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mssw.core.cell_names import column_letters
from mssw.names.student import fold
from mssw.roster.columns import Block, Row
from mssw.roster.headers import MAIN_NAMES, NAMES, Meaning

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
            raise ValueError(f"column “{title}” was told twice; it can hold one thing only")
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
