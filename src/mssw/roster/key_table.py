"""The key: which alias stands for which student, and where her pages lie in the stack."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mssw.core.page import PageLabel, page_ranges
from mssw.errors import UnusableTableError

HEADER = ("Alias", "Student", "Student ID", "Source file", "Source pages", "Matched by")
BY_NAME = "name field"
BY_CODE = "code"
BY_TEACHER = "teacher"
_PART = re.compile(r"[1-9]\d{0,5}\.[1-9]\d?")


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One line of the key. Its repr names no student.

    Attributes:
        alias: of the response.
        student: who wrote it, as the roster has the name; empty while that is open.
        number: her student number; may be empty.
        source: the stack's file name as given.
        pages: 1-based pages of the stack as given, in the order of the pages of the alias's file; ``5.2`` is the
            second page of the task on page 5.
        matched_by: how the student was found (``BY_NAME``, ``BY_CODE``, ``BY_TEACHER``); empty if nothing is known.
            ``BY_TEACHER`` without a student means that the response stays open.
    """

    alias: str
    student: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    source: str = field(default="", repr=False)  # a file is often named after its only student
    pages: tuple[PageLabel, ...] = ()
    matched_by: str = ""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """Who wrote a response. Its repr names no student.

    Attributes:
        alias: of the response.
        student: who wrote it; empty while that is open.
        number: her student number; may be empty.
        source: the stack's file as given; several are joined by semicolons.
        pages: of that file, from 1, as ``5-6``; those of several files are joined by semicolons.
        matched_by: how the student was found; empty if nothing is known.
    """

    alias: str
    student: str = field(repr=False)
    number: str = field(repr=False)
    source: str = field(repr=False)
    pages: str
    matched_by: str


def parse_pages(text: str) -> tuple[PageLabel, ...]:
    """The page numbers that ``page_ranges`` wrote, in their order.

    >>> parse_pages("6,5,7-9")
    (6, 5, 7, 8, 9)
    >>> parse_pages("5.1,5.2")
    ('5.1', '5.2')

    Raises:
        ValueError: the text is not a list of pages.
    """
    pages: list[PageLabel] = []
    for part in text.replace("\u2013", "-").split(",") if text.strip() else ():
        if _PART.fullmatch(part.strip()):
            pages.append(part.strip())
            continue
        start, dash, end = part.strip().partition("-")
        first = int(start)
        last = int(end) if dash else first
        if not 0 < first <= last <= first + 10_000:
            raise ValueError("pages run upwards from 1")
        pages.extend(range(first, last + 1))
    return tuple(pages)


def key_rows(entries: Sequence[KeyEntry]) -> list[list[str]]:
    """The key as a table with its header."""
    return [list(HEADER)] + [
        [e.alias, e.student, e.number, e.source, page_ranges(list(e.pages)), e.matched_by] for e in entries
    ]


def joined_rows(entries: Sequence[KeyEntry]) -> list[list[str]]:
    """The key's rows without a header, one for each response: several files of one response are joined."""
    works: dict[str, list[KeyEntry]] = {}
    for entry in entries:
        works.setdefault(entry.alias, []).append(entry)
    rows = []
    for alias, group in works.items():
        row = next((entry for entry in group if entry.student or entry.matched_by), group[0])
        files = "; ".join(entry.source for entry in group)
        pages = "; ".join(page_ranges(list(entry.pages)) for entry in group)
        rows.append([alias, row.student, row.number, files, pages, row.matched_by])
    return rows


def key_from_rows(rows: Sequence[Sequence[str]]) -> tuple[KeyEntry, ...]:
    """Read a key back, though a person may have moved its columns, sorted its rows or added columns.

    Raises:
        UnusableTableError: with every problem at once.
    """
    if not rows:
        raise UnusableTableError(["it is empty"])
    titles = [cell.strip().casefold() for cell in rows[0]]
    missing = [name for name in HEADER if name.casefold() not in titles]
    if missing:
        raise UnusableTableError([f"it has no column {' nor '.join(missing)}"])
    places = [titles.index(name.casefold()) for name in HEADER]
    entries: list[KeyEntry] = []
    problems: list[str] = []
    lines: list[int] = []
    for line, row in enumerate(rows[1:], start=2):
        alias, student, number, source, pages, by = (row[i].strip() if i < len(row) else "" for i in places)
        if not any((alias, student, number, source, pages, by)):
            continue
        if not alias:
            problems.append(f"row {line} has no alias")
        try:
            entries.append(KeyEntry(alias, student, number, source, parse_pages(pages), by))
            lines.append(line)
        except ValueError:
            problems.append(f"row {line} has source pages that are not like 5-6 or 6,5")
    # a response with pages from two files has a row for each
    named = sorted(((e.alias.casefold(), e.source), line) for e, line in zip(entries, lines, strict=True))
    problems += [f"rows {a[1]} and {b[1]} hold one alias" for a, b in pairwise(named) if a[0] == b[0] and a[0][0]]
    if problems:
        raise UnusableTableError(problems)
    return tuple(entries)
