"""What in a roster can be read and still looks wrong: signs in names, teachers among the students, half a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mssw.names.letters import remove_accents
from mssw.names.student import Student, fold

LARGE = 100
"""More students than that are hardly one class: aliases and covers then go by names of children who are not in it."""

# What UTF-8 looks like where it was read as Windows' encoding, as "JosÃ©".
_TWICE = re.compile("[\u00c2\u00c3\u00c4\u00c5][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u2013-\u203a]")
_LOST = re.compile(r"[^\W\d_]\?|\?[^\W\d_]|\ufffd")  # "Jos?": a letter that an export could not write
# A capital inside a name, unless behind Mc, La and the like: "JosŽ" is a Mac's "José", read as Windows'.
_ODD_CASE = re.compile(r"[a-z](?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bLa)(?<!\bLe)(?<!\bDi)([^\W\d_a-zA-Z])(?![A-Z])")
_TITLE = re.compile(r"(mr|mrs|ms|miss|mx|dr|prof|herr|frau|sr|sra|srta|senor|senora|mme|mlle|madame|monsieur)\.? ")
_STAFF = re.compile(r"\b(teachers?|instructors?|staff|para|aide|counsell?or|principal|co-?teacher|sub|substitute)\b")
_SIGNS = frozenset({"So", "Sm", "Sc", "Pe", "Ps", "Cn", "Co"})
_ENTITY = re.compile(r"&#?\w+;?")  # one that no browser knows


_ODD = "has odd characters in a name; if the file was saved in another encoding, save it as UTF-8"


class Gravity(StrEnum):
    """How much a remark weighs."""

    PROBLEM = "problem"
    """The roster cannot be used before it is put right."""
    DOUBT = "doubt"
    """It can be used; a person should look first."""
    NOTE = "note"
    """Nothing needs to be done."""


@dataclass(frozen=True, slots=True)
class RosterRemark:
    """Something to say about some rows of a roster, never with a student's name.

    Attributes:
        rows: from 1, as a spreadsheet shows them; empty where it is about the whole.
        what: a clause that follows "row 3" or "rows 3 and 4".
        gravity: how much it weighs.
    """

    rows: tuple[int, ...]
    what: str
    gravity: Gravity = Gravity.PROBLEM

    def __str__(self) -> str:
        return f"{rows_in_words(self.rows)} {self.what}".lstrip()


def rows_in_words(rows: Sequence[int]) -> str:
    """Rows as a person reads them.

    >>> rows_in_words([3]), rows_in_words([3, 7]), rows_in_words([3, 4, 5, 9])
    ('row 3', 'rows 3 and 7', 'rows 3-5 and 9')
    """
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    parts: list[str] = []
    for run in runs:
        parts += [f"{run[0]}-{run[-1]}"] if len(run) > 2 else map(str, run)  # noqa: PLR2004 - two are listed one by one
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
    return f"row{'s' * (len(rows) > 1)} {listed}" if rows else ""


def doubts(found: Sequence[tuple[int, Student]]) -> Iterator[RosterRemark]:
    """What looks wrong among students that could be read.

    Args:
        found: each with its row.
    """
    halves = any(student.first for _, student in found) and any(student.last for _, student in found)
    numbered = sum(bool(student.number) for _, student in found)
    by_email: dict[str, list[int]] = {}
    for row, student in found:
        if any(map(is_odd, (student.first, student.middle, student.last, student.preferred))):
            yield RosterRemark((row,), _ODD)
        yield from (RosterRemark((row,), what, Gravity.DOUBT) for what in _doubtful_in(student))
        if halves and not (student.first and student.last):
            yield RosterRemark((row,), "has only one of first and last name", Gravity.DOUBT)
        if 2 * numbered > len(found) and not student.number:
            yield RosterRemark((row,), "has no student number, though most rows have", Gravity.DOUBT)
        if student.email:
            by_email.setdefault(fold(student.email), []).append(row)
    for rows in by_email.values():
        if len(rows) > 1:
            yield RosterRemark(tuple(rows), "hold one e-mail address", Gravity.DOUBT)
    if len(found) > LARGE:
        what = f"it has {len(found):,} students, more than a class; a roster of the class alone gives better aliases"
        yield RosterRemark((), what, Gravity.NOTE)


def _doubtful_in(student: Student) -> Iterator[str]:
    """What may be wrong in a student's names by themselves."""
    names = (student.first, student.middle, student.last, student.preferred)
    if not any(letter.isascii() and letter.isalpha() for letter in remove_accents("".join(names))):
        yield "is in a script that mssw cannot read in handwriting: look for this name yourself on every page"
    if _is_staff(student):
        yield "looks like a teacher, not a student"


def is_odd(name: str) -> bool:
    """Whether a name holds what no name is written with: lost letters, letters read in the wrong encoding, signs.

    >>> is_odd("José"), is_odd("Jos\u00c3\u00a9"), is_odd("Jos?"), is_odd("Nuñez-O'Neil")
    (False, True, True, False)
    """
    if _TWICE.search(name) or _LOST.search(name) or _ENTITY.search(name):
        return True
    if any(match[1].isupper() for match in _ODD_CASE.finditer(name)):
        return True
    return any(unicodedata.category(sign) in _SIGNS for sign in name)


def _is_staff(student: Student) -> bool:
    name = fold(f"{student.first} {student.middle} {student.last}")
    return bool(_TITLE.match(name) or _TITLE.match(fold(f"{student.last} ")) or _STAFF.search(fold(student.preferred)))
