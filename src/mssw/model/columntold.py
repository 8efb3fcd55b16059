"""A person's word on a roster's columns, ``last=Surname`` or ``id=C``: which column holds what, where mssw is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from mssw.model.columns import NAMES, Meaning
from mssw.names.student import fold

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
"""What may stand before the =; ``skip`` keeps a column from being read."""
HOW = "say columns as last=Surname,first=B,id=Number: a column's header or its letter"
_PART = re.compile(rf"\s*({'|'.join(WORDS)})\s*=\s*(.*?)\s*(?=,\s*(?:{'|'.join(WORDS)})\s*=|$)", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{1,2}")

Told = tuple[tuple[Meaning | None, str], ...]
"""What each column holds, None for one that is not to be read, and the column's header or letter."""


def parse_columns(texts: Iterable[str]) -> Told:
    """What a person said of the columns. A header may hold commas.

    >>> parse_columns(["last=Name, as in passport,first=B"])
    ((<Meaning.LAST: 'Last name'>, 'Name, as in passport'), (<Meaning.FIRST: 'First name'>, 'B'))

    Raises:
        ValueError: it cannot be understood; its text says how to say it.
    """
    told: list[tuple[Meaning | None, str]] = []
    for text in texts:
        at = 0
        while at < len(text):
            found = _PART.match(text, at)
            if found is None or not found[2]:
                raise ValueError(f"{HOW}; the words before the = are {', '.join(WORDS)}")
            told.append((WORDS[found[1].casefold()], found[2]))
            at = found.end() + 1  # behind the comma
    once = [meaning for meaning, _ in told if meaning in {Meaning.FIRST, Meaning.LAST, Meaning.WHOLE, Meaning.NUMBER}]
    if len(once) != len(set(once)):
        raise ValueError("name, first, last and id can each be one column only")
    return tuple(told)


def told_row(table: Sequence[Sequence[str]], told: Told, within: int) -> int | None:
    """The index of the row that holds every header that was told; None where only letters were, or none does."""
    titles = {fold(title) for _, title in told if not _LETTERS.fullmatch(title)}
    for index, row in enumerate(table[:within]):
        if titles and titles <= {fold(cell) for cell in row}:
            return index
    return None


def settled(columns: Mapping[int, Meaning], header: Sequence[str], told: Told) -> dict[int, Meaning]:
    """The columns that are read, with a person's word before ours.

    Raises:
        ValueError: a column that was told is not there; its text says which ones are.
    """
    given: dict[int, Meaning | None] = {}
    for meaning, title in told:
        place = _place(header, title)
        if place in given:
            raise ValueError(f"column “{title}” was told twice; it can hold one thing only")
        given[place] = meaning
    said = {meaning for meaning in given.values() if meaning is not None}
    if said & {Meaning.FIRST, Meaning.LAST}:
        said.add(Meaning.WHOLE)
    if Meaning.WHOLE in {meaning for meaning, _ in told}:
        said |= {Meaning.FIRST, Meaning.LAST}
    kept = {
        index: Meaning.OTHER if meaning is Meaning.NUMBER and meaning in said else meaning
        for index, meaning in columns.items()
        if index not in given and (meaning not in said or meaning is Meaning.NUMBER)
    }
    result = kept | {index: meaning for index, meaning in given.items() if meaning is not None}
    if not NAMES & set(result.values()):
        raise ValueError("with the columns as told, no column of names is left")
    return dict(sorted(result.items()))


def _place(header: Sequence[str], title: str) -> int:
    """The index of the column of that header or letter."""
    wanted = fold(title)
    for index, cell in enumerate(header):
        if fold(cell) == wanted:
            return index
    at = _index_of(title)
    if at is not None and at < len(header):
        return at
    known = ", ".join(f"{letter_of(index)} ({cell})" if cell else letter_of(index) for index, cell in enumerate(header))
    raise ValueError(f"it has no column “{title}”; its columns are {known or 'not to be told apart'}")


def letter_of(index: int) -> str:
    """A column's letter as a spreadsheet shows it.

    >>> letter_of(0), letter_of(27)
    ('A', 'AB')
    """
    first, last = divmod(index, 26)
    return (letter_of(first - 1) if first else "") + chr(ord("A") + last)


def _index_of(letters: str) -> int | None:
    if not _LETTERS.fullmatch(letters):
        return None
    index = 0
    for letter in letters.upper():
        index = 26 * index + ord(letter) - ord("A") + 1
    return index - 1
