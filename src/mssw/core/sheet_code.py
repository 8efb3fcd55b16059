"""Coded sheets: what a sheet's code says, and the table that links codes to students."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mssw.core.page import Box

VERSION = 1
PREFIX = "MSSW1:"
LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels, so that no code is a word; nothing that looks like another
SET_LENGTH, COPY_LENGTH = 4, 8
NAME_SHEET = 0  # the page number of the sheet with a name that lies on top of a copy
_CODE = re.compile(rf"{PREFIX}([{LETTERS}]{{{SET_LENGTH}}})([{LETTERS}]{{{COPY_LENGTH}}})([0-9]{{2}})")


class NamePlacement(StrEnum):
    """Where a printed copy shows its student's name."""

    STRIP = "strip"
    SHEET = "sheet"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class PageCode:
    """What stands in the code of one side.

    Attributes:
        batch: the sheets that were printed for one class and task; random.
        copy: one student's copy of them; random.
        page: 1-based page of the task, ``NAME_SHEET`` for a sheet with a name; for a back
            without print, the number of the last page plus one.
    """

    batch: str
    copy: str
    page: int

    @property
    def text(self) -> str:
        """As the code holds it: 20 characters, as many as the smallest code that survives a pen stroke has room for.

        >>> PageCode("K7QF", "9XJ4M2PQ", 2).text
        'MSSW1:K7QF9XJ4M2PQ02'
        """
        return f"{PREFIX}{self.batch}{self.copy}{self.page:02d}"

    @classmethod
    def read(cls, text: str) -> PageCode | None:
        """The code in a text; None where it is no code of ours.

        >>> PageCode.read("MSSW1:K7QF9XJ4M2PQ02")
        PageCode(batch='K7QF', copy='9XJ4M2PQ', page=2)
        """
        found = _CODE.fullmatch(text)
        return cls(found[1], found[2], int(found[3])) if found else None

    @property
    def owner(self) -> tuple[str, str]:
        """What all pages of one copy share."""
        return self.batch, self.copy


def shown(copy: str) -> str:
    """A copy's code as people read it.

    >>> shown("9XJ4M2PQ")
    '9XJ4 M2PQ'
    """
    return f"{copy[: COPY_LENGTH // 2]} {copy[COPY_LENGTH // 2 :]}"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of the task. Its repr names nobody.

    Attributes:
        code: random.
        student: who gets it; empty for a spare one.
        number: her student number; may be empty.
    """

    code: str
    student: str = field(default="", repr=False)
    number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PrintedSide:
    """How a page of the task is printed on its sheet.

    Attributes:
        size: width and height of the sheet in millimetres.
        scale: by how much the task's page is shrunk, 0 to 1.
        x: where its left edge lies on the sheet, in millimetres.
        y: where its upper edge lies, likewise.
        code: where the code stands with the paper around it, in fractions of the sheet.
        strip: where the strip with the name is; None where there is none.
    """

    size: tuple[float, float]
    scale: float
    x: float
    y: float
    code: Box
    strip: Box | None

    def on_sheet(self, box: Box, page: tuple[float, float]) -> Box:
        """A place on the task's page, whose size is given in millimetres, as it is on the sheet."""
        across, down = (self.scale * own / side for own, side in zip(page, self.size, strict=True))
        x, y = self.x / self.size[0], self.y / self.size[1]
        return Box(x + across * box.x, y + down * box.y, across * box.w, down * box.h)

    def to_json(self) -> dict[str, Any]:
        """As it stands in ``private/sheets.json``."""
        strip = list(self.strip.numbers) if self.strip else None
        lies = {"size": list(self.size), "scale": self.scale, "x": self.x, "y": self.y}
        return {**lies, "code": list(self.code.numbers), "strip": strip}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PrintedSide:
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is not what ``to_json`` wrote.
        """
        wide, tall = map(float, value["size"])
        strip = _box(value["strip"]) if value["strip"] else None
        scale, x, y = (float(value[name]) for name in ("scale", "x", "y"))
        return cls((wide, tall), scale, x, y, _box(value["code"]), strip)


@dataclass(frozen=True, slots=True)
class Sheets:
    """All sheets of one set. It links codes to students: as private as the key.

    Attributes:
        batch: of every code.
        task: the SHA-256 of the blank task's file that they were printed from.
        sides: coded sides of a copy: the task's pages, and a bare back where there is one.
        paper: ``letter`` or ``a4``.
        two_sided: whether they are printed on both sides.
        names: where a copy shows its student's name.
        printed: for each page of the task, how it is printed.
        copies: in the order in which they were first printed.
        others: by batch, the folders of other sets that may have sheets in the same stack.
    """

    batch: str
    task: str
    sides: int
    paper: str
    two_sided: bool
    names: NamePlacement
    printed: tuple[PrintedSide, ...]
    copies: tuple[Copy, ...]
    others: Mapping[str, str] = field(default_factory=dict)

    def of(self, code: PageCode) -> Copy | None:
        """The copy that a code is of; None where no such side was printed."""
        if code.batch != self.batch or not NAME_SHEET <= code.page <= self.sides:
            return None
        return next((copy for copy in self.copies if copy.code == code.copy), None)

    def to_json(self) -> dict[str, Any]:
        """As it stands in ``private/sheets.json``."""
        return {
            "version": VERSION,
            "batch": self.batch,
            "task": self.task,
            "sides": self.sides,
            "paper": self.paper,
            "two_sided": self.two_sided,
            "names": str(self.names),
            "printed": [side.to_json() for side in self.printed],
            "copies": [{"code": c.code, "student": c.student, "number": c.number} for c in self.copies],
            "others": dict(sorted(self.others.items())),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Sheets:
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is not what ``to_json`` wrote.
        """
        if value["version"] != VERSION:
            raise ValueError("it is of a later version")
        return cls(
            str(value["batch"]),
            str(value["task"]),
            int(value["sides"]),
            str(value["paper"]),
            bool(value["two_sided"]),
            NamePlacement(value["names"]),
            tuple(map(PrintedSide.from_json, value["printed"])),
            tuple(Copy(str(c["code"]), str(c["student"]), str(c["number"])) for c in value["copies"]),
            {str(batch): str(folder) for batch, folder in value["others"].items()},
        )


def _box(numbers: Sequence[float]) -> Box:
    x, y, w, h = map(float, numbers)
    return Box(x, y, w, h)
