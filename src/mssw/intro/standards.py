"""Learning objectives, in a teacher's own words or from a list of standards.

``read_standards`` reads the list from a table of any kind; ``find_objectives`` and ``search_standards`` look one up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mssw.errors import UnreadableError, UsageError
from mssw.formats.workbooks import read_table
from mssw.intro.questions import join_lines
from mssw.names.letters import fold_letters, remove_accents

# Headers without case, accents, spaces and signs. The first of each row that a table has is taken.
_HEADERS = {
    "text": "text fullstatement statement standardtext statementtext description standarddescription objective "
    "learningobjective learningtarget outcome learningoutcome performanceexpectation expectation descriptor wording "
    "contentdescription indicator title name standard texto descripcion beschreibung texte",
    "code": "code standardcode shortcode statementcode statementnotation humancodingscheme notation identifier "
    "standardid standardnumber objectivecode outcomecode ref reference number nr no id pe codigo kode standard",
    "grade": "grade grades gradelevel gradelevels educationlevel year yearlevel class stage keystage",
}
_HEAD_LINES = 15  # the head is looked for in these, because people put lines above it
_LONGEST_CODE = 40
LONGEST_TEXT = 600


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard or objective.

    Attributes:
        code: its number in the list; empty if it has none.
        text: what it asks for, on one line.
        grade: as in the table; empty if it has none.
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
    """A table without standards; the text says what is missing."""


def standards_from_rows(rows: Sequence[Sequence[str]]) -> tuple[Standard, ...]:
    """The standards of a table. Its columns are named by a head, or guessed from what is in them.

    Rows without a text are headings, and are left out; so are repetitions.

    Raises:
        StandardsError: no column has texts.
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
    """The standards with all the words, or beginnings of words, in code, grade or text; the best match first.

    If none has all, those that have the most. Equal ones stay in the order of the list.
    """
    search_words = _fold_words(words).split()
    if not search_words:
        return tuple(standards)
    scored = [(one, _score(one, search_words)) for one in standards]
    most = max((matched for _, (matched, _) in scored), default=0)
    if not most:
        return ()
    best = [(one, near) for one, (matched, near) in scored if matched == most]
    return tuple(one for one, _ in sorted(best, key=lambda pair: -pair[1]))


def find_by_code(standards: Sequence[Standard], code: str) -> Standard | None:
    """The standard of that code, however it is written; None if there is none, or more than one."""
    same = [one for one in standards if one.code and fold_letters(one.code) == fold_letters(code)]
    return same[0] if len(same) == 1 else None


def _score(one: Standard, search_words: Sequence[str]) -> tuple[int, int]:
    """How many of the words a standard has, and how well: a match in the code counts more than one in the text."""
    code, words = fold_letters(one.code), _fold_words(f"{one.code} {one.grade} {one.text}").split()
    starts = [any(word.startswith(start) for word in words) or fold_letters(start) in code for start in search_words]
    together = fold_letters("".join(search_words))
    near = 2 * bool(code and together and code.startswith(together)) + bool(code and code == together)
    whole = sum(word in words for word in search_words)
    return max(sum(starts), len(search_words) * bool(near)), 100 * near + whole


def _read_columns(row: Sequence[str]) -> dict[str, int] | None:
    """The columns that a head names; None if the row is not a head."""
    keys = [fold_letters(cell) for cell in row]
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
        raise StandardsError("no column looks like the texts; name that column “text”, and the one with codes “code”")
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
    return re.sub(r"[^\w.\-]+", " ", remove_accents(text).casefold())


def read_standards(path: Path) -> tuple[Standard, ...]:
    """Read the standards in a table of any kind.

    Raises:
        UnreadableError: there are none in it.
    """
    try:
        return standards_from_rows(read_table(path))
    except StandardsError as error:
        raise UnreadableError(f"no standards could be read in {path.name}: {error}.") from None


def find_objectives(texts: Sequence[str], standards: Sequence[Standard]) -> tuple[str, ...]:
    """Objectives in a teacher's own words, or by the codes of a list of standards.

    Raises:
        UsageError: a text reads like a code, but the list does not have it.
    """
    found = []
    for text in map(join_lines, texts):
        one = find_by_code(standards, text) if standards else None
        if one is None and standards and re.fullmatch(r"[\w.\-/]*\d[\w.\-/]*", text):
            near = ", ".join(str(other.code) for other in search_standards(standards, text)[:3] if other.code)
            raise UsageError(
                f"no standard has the code {text}"
                + (f"; similar codes are {near}." if near else "; search for one with --find.")
            )
        found.append(str(one) if one else text)
    return tuple(dict.fromkeys(text for text in found if text))
