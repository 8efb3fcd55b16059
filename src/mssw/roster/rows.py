"""What one row of a class list is: a student, a row to pass over, or a row that keeps the list from being used.

``clean_cell`` first makes a cell text to read: in one line, composed, without invisible characters, entities decoded.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mssw.names.student import Student, fold, list_name_words, split_name, take_nickname
from mssw.roster.columns import Block, is_like_a_person
from mssw.roster.doubts import Gravity
from mssw.roster.headers import NAMES, Meaning, is_header_word, words
from mssw.roster.layout import is_note, is_title

# Learning systems add a made-up student to each class, for a teacher's view.
_MADE_UP = frozenset(
    {"student, test", "test student", "test, student", "student, demo", "demo student", "student test"}
)
_PREVIEW = "_previewuser"
_SIGNS_OF_NO_NAME = frozenset(":@&;/\\=<>|%_[]{}*+^~$")
SIGNS_OF_NO_KEPT_NAME = frozenset(":@")
"""In the roster of a set, which an older version may have written."""
_SHORTEST_NUMBER = 4  # signs of a number that is surely a student's
_NAME_AND_NUMBER = re.compile(
    r"(\D*[^\W\d_]\D*?)\s*(?:\(\s*#?(\w*\d{5}\w*)\s*\)|\[\s*#?(\w*\d{5}\w*)\s*\]|[-–#]\s*(\d{5,}))"
)
_LIST_NUMBER = re.compile(r"\A\(?\d{1,3}(?:[.):]\s*|\s*[-–]\s+)(?=[^\W\d_])")
_BARE_NUMBER = re.compile(r"\A(\d{1,3})\s+(?=[^\W\d_])")

Cells = Mapping[Meaning, Sequence[str]]

NO_NAME = "has a number or an address but no name"
ABOUT_THE_LIST = "says something about the list (points, a total, a title) and is passed over"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a row is.

    Attributes:
        student: who is in it; None where nobody is.
        reason: why nobody is, or what is doubtful, in a clause that follows "row 3"; empty where all is well.
        gravity: how much the reason weighs.
    """

    student: Student | None
    reason: str = ""
    gravity: Gravity = Gravity.NOTE


@dataclass(frozen=True, slots=True)
class Habits:
    """What most rows of a list are like.

    Attributes:
        numbered: whether most rows have a number or an address.
        lengths: how many signs their numbers have.
    """

    numbered: bool
    lengths: frozenset[int]


def habits_of(rows: Sequence[Cells]) -> Habits:
    """What most rows of a list are like."""
    numbers = [cells[Meaning.NUMBER][0] for cells in rows if cells.get(Meaning.NUMBER)]
    named = [cells for cells in rows if _names_in(cells)]
    numbered = sum(_has_identifier(cells) for cells in named)
    return Habits(2 * numbered > len(named), frozenset(map(len, numbers)))


def cells_by_meaning(block: Block, row: Sequence[str]) -> Cells:
    """A row's cells that are read, by what they hold. A number in the cell of a name counts as a number."""
    cells: dict[Meaning, list[str]] = {}
    for index, meaning in sorted(block.meanings.items()):
        if index >= len(row) or not row[index]:
            continue
        name, number = _split_number(row[index]) if meaning in NAMES else (row[index], "")
        cells.setdefault(meaning, []).append(name)
        if number:
            cells.setdefault(Meaning.NUMBER, []).append(number)
    return cells


def _split_number(cell: str) -> tuple[str, str]:
    """A name, and the student number that some systems write behind it.

    >>> _split_number("Lopez, Ana (12345)"), _split_number("Lopez, Ana")
    (('Lopez, Ana', '12345'), ('Lopez, Ana', ''))
    """
    found = _NAME_AND_NUMBER.fullmatch(cell)
    return (found[1].strip(), found[2] or found[3] or found[4]) if found else (cell, "")


def drop_list_numbers(table: Sequence[Sequence[str]]) -> list[list[str]]:
    """A table without the numbers of a numbered list (``1. Ana Lopez``), where most cells of a column have one.

    Numbers without a sign (``1 Ana Lopez``) may be rooms, days or student numbers: they must count up from 1.
    """
    rows = [list(row) for row in table]
    for index in range(max(map(len, rows), default=0)):
        cells = [row[index] for row in rows if index < len(row) and row[index]]
        kind = _BARE_NUMBER if _counts_up(cells) else _LIST_NUMBER
        if 2 * sum(bool(kind.match(cell)) for cell in cells) <= len(cells):
            continue
        for row in rows:
            if index < len(row):
                row[index] = kind.sub("", row[index], count=1)
    return rows


def _counts_up(cells: Sequence[str]) -> bool:
    """Whether the bare numbers before words are 1, 2, 3 and so on."""
    numbers = [int(found[1]) for cell in cells if (found := _BARE_NUMBER.match(cell))]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))


def judge_row(block: Block, row: Sequence[str], habits: Habits) -> Judged:
    """What one student's part of a row is. It holds something."""
    cells = cells_by_meaning(block, row)
    role = "".join(fold(" ".join(cells.get(Meaning.ROLE, ()))).split())
    names = _names_in(cells)
    if role and role not in words("student_roles"):
        return Judged(None, "is not a student's (its role says so) and is passed over")
    if _is_made_up(names):
        return Judged(None, "is the made-up student of a learning system and is passed over")
    if not names:
        return _without_name(cells, block.cells(row))
    if is_note(names):
        return _judge_note(cells, names, habits)
    return judge_names(cells)


def judge_names(cells: Cells, *, signs: frozenset[str] = _SIGNS_OF_NO_NAME) -> Judged:
    """What a row is that has a name and says nothing about the list.

    Args:
        cells: of the row.
        signs: those that are in no name.
    """
    doubtful = [cell for cell in _names_in(cells) if any(c.isdigit() or c in signs for c in cell)]
    if any(c.isdigit() or c in signs for cell in doubtful for part in take_nickname(cell) for c in part):
        return Judged(None, "has a digit or a sign where a name should stand", Gravity.PROBLEM)
    student = _student(cells)
    if not any(map(str.isalpha, student.first + student.last)):
        return Judged(None, "has no letter where a name should stand", Gravity.PROBLEM)
    return Judged(student)


def _names_in(cells: Cells) -> list[str]:
    return [cell for meaning, found in cells.items() if meaning in NAMES for cell in found]


def _has_identifier(cells: Cells) -> bool:
    return bool(cells.get(Meaning.NUMBER) or cells.get(Meaning.EMAIL) or cells.get(Meaning.OTHER))


def _is_made_up(names: Sequence[str]) -> bool:
    wholes = {fold(", ".join(names[:2])), *(fold(name) for name in names)}
    return bool(wholes & _MADE_UP) or any(fold(name).endswith(_PREVIEW) for name in names)


def _without_name(cells: Cells, everything: Sequence[str]) -> Judged:
    """What a row is that has nothing in a column of names."""
    if is_note(everything):
        return Judged(None, ABOUT_THE_LIST)
    if {meaning for meaning in cells if meaning is not Meaning.ROLE}:
        return Judged(None, NO_NAME, Gravity.PROBLEM)
    may_name = any(is_like_a_person(cell) and not is_title(cell) and not is_header_word(cell) for cell in everything)
    if may_name:
        what = "has no name in a column of names, but a text in another column that may be one; move or delete it"
        return Judged(None, what, Gravity.PROBLEM)
    return Judged(None, "holds no name and no number and is passed over")


def _judge_note(cells: Cells, names: Sequence[str], habits: Habits) -> Judged:
    """Judge a row with words that may be about the list, such as "Class" or "Total". They can be surnames too."""
    is_plain = all(is_like_a_person(name) for name in names)
    is_full = Meaning.LAST in cells and Meaning.FIRST in cells and is_plain
    number = "".join(cells.get(Meaning.NUMBER, ())[:1])
    if is_plain and len(number) >= _SHORTEST_NUMBER and len(number) in habits.lengths:
        return judge_names(cells)
    if is_full and _has_identifier(cells):
        return judge_names(cells)
    if is_full and not habits.numbered:
        judged = judge_names(cells)
        what = "may be about the list and is read as a student; delete it where it is no student's"
        return replace(judged, reason=what, gravity=Gravity.DOUBT) if judged.student else judged
    return Judged(None, ABOUT_THE_LIST)


def _student(cells: Cells) -> Student:
    """The student of one row."""
    first, middle, last, nicknames = "", "", "", []
    for meaning in (Meaning.FIRST, Meaning.MIDDLE, Meaning.LAST):
        name, nickname = take_nickname(" ".join(cells.get(meaning, ())))
        nicknames.append(nickname)
        if meaning is Meaning.FIRST:
            first = name
        elif meaning is Meaning.MIDDLE:
            middle = name
        else:
            last = name
    student = Student(first, last, middle)
    wholes = cells.get(Meaning.WHOLE, ())
    if not (first and last) and wholes:
        parts = split_name(wholes[0])
        student = Student(first or parts.first, last or parts.last, middle or parts.middle)
        nicknames.append(parts.preferred)
        wholes = wholes[1:]
    nicknames += [_new_in(whole, student) for whole in wholes]
    ours = {fold(student.first), fold(student.last), fold(student.middle), ""}
    further = dict.fromkeys(n for n in (*cells.get(Meaning.PREFERRED, ()), *nicknames) if fold(n) not in ours)
    others = (one.strip().lstrip("#").strip() for cell in cells.get(Meaning.OTHER, ()) for one in cell.split(";"))
    return replace(
        student,
        preferred=" ".join(further),
        number="".join(cells.get(Meaning.NUMBER, [])[:1]).lstrip("# "),
        email="".join(cells.get(Meaning.EMAIL, [])[:1]),
        others=tuple(dict.fromkeys(one for one in others if one)),
    )


def _new_in(whole: str, student: Student) -> str:
    """The words of another whole name that the student's names lack: a name in use beside the legal one."""
    parts = split_name(whole)
    ours = {fold(word) for word in list_name_words(student)}
    ours |= set(fold(f"{student.first} {student.middle} {student.last}").split())
    words = [word for word in list_name_words(parts) if fold(word) not in ours]
    return " ".join(words)


_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u00ad\u2060"))
_ENTITY = re.compile(r"&(?:#\d+;?|#[xX][\da-fA-F]+;|[A-Za-z][A-Za-z\d]+;)")
_MOST_TIMES = 4  # that a text was encoded on its way through web pages


def clean_cell(cell: str) -> str:
    """A cell in one line, composed, without what cannot be seen; HTML entities as the letters that they stand for.

    >>> clean_cell(" Pe&ntilde;a,  O&amp;#39;Neil ")
    "Peña, O'Neil"
    """
    text = decode_entities(cell).translate(_INVISIBLE)
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def decode_entities(text: str) -> str:
    """HTML entities as the letters that they stand for, also where they were encoded more than once."""
    for _ in range(_MOST_TIMES):
        if "&" not in text:
            break
        decoded = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        if decoded == text:
            break
        text = decoded
    return text
