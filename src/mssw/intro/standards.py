"""A list of standards or objectives: which column holds what, and how one is found in it.

Learning objectives out of a list of standards, or in a teacher's own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mssw.errors import UnreadableError, UsageError
from mssw.formats.workbooks import read_table
from mssw.intro.questions import join_lines
from mssw.names.letters import without_accents

# Headers without case, accents, spaces and signs. The first of each row that a table has is taken.
_HEADERS = {
    "text": "text fullstatement statement standardtext statementtext description standarddescription objective "
    "learningobjective learningtarget outcome learningoutcome performanceexpectation expectation descriptor wording "
    "contentdescription indicator title name standard texto descripcion beschreibung texte",
    "code": "code standardcode shortcode statementcode statementnotation humancodingscheme notation identifier "
    "standardid standardnumber objectivecode outcomecode ref reference number nr no id pe codigo kode standard",
    "grade": "grade grades gradelevel gradelevels educationlevel year yearlevel class stage keystage",
}
_HEAD_LINES = 15  # in which the head is looked for, should somebody have put lines above it
_LONGEST_CODE = 40
LONGEST_TEXT = 600


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard or objective.

    Attributes:
        code: as its makers number it; empty where they do not.
        text: what it asks for, on one line.
        grade: as the table says it; empty where it does not.
    """

    code: str
    text: str
    grade: str = ""

    def __str__(self) -> str:
        """As it is printed.

        >>> str(Standard("5-PS1-3", "Observe and identify materials."))
        '5-PS1-3: Observe and identify materials.'
        """
        return f"{self.code}: {self.text}" if self.code else self.text


class StandardsError(ValueError):
    """A table in which no standards are found; its text says what is missing."""


def standards_from_rows(rows: Sequence[Sequence[str]]) -> tuple[Standard, ...]:
    """The standards of a table: a head with a column for the text, or columns that tell by what is in them.

    Rows without a text are headings of the table and left out, as is what stands twice.

    Raises:
        StandardsError: no column holds texts.
    """
    tidy = [[" ".join(cell.split()) for cell in row] for row in rows]
    head = next((at for at, row in enumerate(tidy[:_HEAD_LINES]) if _read_columns(row)), None)
    if head is not None:
        columns, body = _read_columns(tidy[head]) or {}, tidy[head + 1 :]
    else:
        columns, body = _guess_columns(tidy), tidy
    found = (
        Standard(_cell(row, columns.get("code")), _cell(row, columns["text"]), _cell(row, columns.get("grade")))
        for row in body
    )
    standards = tuple(dict.fromkeys(one for one in found if one.text and one.text != one.code))
    if not standards:
        raise StandardsError("no row has a text")
    return standards


def search_standards(standards: Sequence[Standard], words: str) -> tuple[Standard, ...]:
    """The standards that hold all the words, or beginnings of words, in code, grade or text; the nearest first.

    Where none holds all, those that hold the most. Order within equals is the list's own.
    """
    wanted = _fold_words(words).split()
    if not wanted:
        return tuple(standards)
    scored = [(one, _score(one, wanted)) for one in standards]
    most = max((held for _, (held, _) in scored), default=0)
    if not most:
        return ()
    best = [(one, near) for one, (held, near) in scored if held == most]
    return tuple(one for one, _ in sorted(best, key=lambda pair: -pair[1]))


def find_by_code(standards: Sequence[Standard], code: str) -> Standard | None:
    """The standard of that code, however it is spelt; None where there is none, or more than one."""
    same = [one for one in standards if one.code and _fold_code(one.code) == _fold_code(code)]
    return same[0] if len(same) == 1 else None


def _score(one: Standard, wanted: Sequence[str]) -> tuple[int, int]:
    """How many of the words it holds, and how near: a code that is meant goes before a word in a text."""
    code, words = _fold_code(one.code), _fold_words(f"{one.code} {one.grade} {one.text}").split()
    starts = [any(word.startswith(start) for word in words) or _fold_code(start) in code for start in wanted]
    together = _fold_code("".join(wanted))
    near = 2 * bool(code and together and code.startswith(together)) + bool(code and code == together)
    whole = sum(word in words for word in wanted)
    return max(sum(starts), len(wanted) * bool(near)), 100 * near + whole


def _read_columns(row: Sequence[str]) -> dict[str, int] | None:
    """The columns that a head names; None where the row is no head."""
    keys = [_fold_code(cell) for cell in row]
    columns: dict[str, int] = {}
    for what, names in _HEADERS.items():
        free = (keys.index(name) for name in names.split() if name in keys and keys.index(name) not in columns.values())
        at = next(free, None)
        if at is not None:
            columns[what] = at
    return columns if "text" in columns else None


def _guess_columns(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Columns of a table without a head: the longest texts are the texts, short ones with a number the codes.

    Raises:
        StandardsError: nothing reads like a text.
    """
    width = max((len(row) for row in rows), default=0)
    filled = [[cell for row in rows if (cell := _cell(row, at))] for at in range(width)]
    lengths = [sum(map(len, cells)) / len(cells) if cells else 0.0 for cells in filled]
    if not lengths or not any(" " in cell for cells in filled for cell in cells):
        raise StandardsError(
            "no column is headed as a text, and none reads like one; head it “text”, and the other “code”"
        )
    text = lengths.index(max(lengths))
    columns = {"text": text}
    for at, cells in enumerate(filled):
        coded = sum(any(c.isdigit() for c in cell) and len(cell) <= _LONGEST_CODE for cell in cells)
        if at != text and cells and 2 * coded > len(cells):
            columns["code"] = at
            break
    return columns


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at][:LONGEST_TEXT].strip() if at is not None and at < len(row) else ""


def _fold_words(text: str) -> str:
    return re.sub(r"[^\w.\-]+", " ", without_accents(text).casefold())


def _fold_code(text: str) -> str:
    return "".join(c for c in without_accents(text).casefold() if c.isalnum())


def read_standards(path: Path) -> tuple[Standard, ...]:
    """The standards in a table of any kind.

    Raises:
        UnreadableError: it holds none.
    """
    try:
        return standards_from_rows(read_table(path))
    except StandardsError as error:
        raise UnreadableError(f"{path.name} has no standards that could be read: {error}.") from None


def find_objectives(wanted: Sequence[str], standards: Sequence[Standard]) -> tuple[str, ...]:
    """Objectives in a teacher's own words, or by the codes of a list of standards.

    Raises:
        UsageError: what reads like a code is none of the list's.
    """
    found = []
    for text in map(join_lines, wanted):
        one = find_by_code(standards, text) if standards else None
        if one is None and standards and re.fullmatch(r"[\w.\-/]*\d[\w.\-/]*", text):
            near = ", ".join(str(other.code) for other in search_standards(standards, text)[:3] if other.code)
            raise UsageError(
                f"no standard has the code {text}"
                + (f"; near it are {near}." if near else "; look one up with --find.")
            )
        found.append(str(one) if one else text)
    return tuple(dict.fromkeys(text for text in found if text))
