"""A page of a coded sheet as it is looked at: its code is read, and what the sheets bring along is no writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mssw.core.page import Box, Mark, MarkKind
from mssw.core.sheet_code import PREFIX, PageCode, PrintedSide, Sheets
from mssw.formats.scans import Picture
from mssw.vision.blank_page import BlankPage
from mssw.vision.ink import Grey, Mask, to_grey
from mssw.vision.qr_codes import Seen, read_codes
from mssw.workset.state import Sighting

TWO_CODES = "two codes stand on it: do two sheets lie on each other?"
BY_SHEETS = "sheets"


@dataclass(frozen=True)
class CodedTask:
    """What a worker has to know of a set's coded sheets: nothing that names anybody.

    Attributes:
        batch: of their codes.
        printed: how each page of the task is printed on them.
    """

    batch: str
    printed: tuple[PrintedSide, ...]

    @classmethod
    def of(cls, sheets: Sheets | None) -> CodedTask | None:
        """What to know of those sheets; None where there are none."""
        return cls(sheets.batch, sheets.printed) if sheets else None


@dataclass(frozen=True)
class CodeRead:
    """What the codes on a page say.

    Attributes:
        code: the one that counts; None where none could be read, or two were.
        seen: all of them.
        view: the picture that they were read on.
    """

    code: PageCode | None
    seen: tuple[Seen, ...]
    view: Picture

    @property
    def text(self) -> str:
        """What the code says that counts; empty where none does."""
        return self.code.text if self.code else ""

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why the page must wait for a person."""
        return (TWO_CODES,) if len(self.seen) > 1 else ()

    def is_foreign(self, coded: CodedTask | None) -> bool:
        """Whether the page is of another set's sheets."""
        return coded is not None and self.code is not None and self.code.batch != coded.batch

    def printed_from(self, blanks: Sequence[BlankPage]) -> Sequence[BlankPage]:
        """The page of the task that the code tells of, none on a bare back; all of them where there is no code."""
        return [blank for blank in blanks if self.code is None or blank.number == self.code.page]

    def boxes_on(self, picture: Picture) -> list[Box]:
        """Where codes stand on a picture of the page."""
        seen = self.seen if picture is self.view or not self.seen else read_codes(to_grey(picture.pixels), PREFIX)
        return [one.box for one in seen]


def code_on(coded: CodedTask | None, views: Sequence[Picture]) -> CodeRead:
    """Read the code of a page, on the first view of it that shows one. Without coded sheets nothing is looked for."""
    for view in views if coded is not None else ():
        seen = tuple(one for one in read_codes(to_grey(view.pixels), PREFIX) if PageCode.read(one.text))
        if seen:
            return CodeRead(PageCode.read(seen[0].text) if len(seen) == 1 else None, seen, view)
    return CodeRead(None, (), views[0])


def inside(boxes: Sequence[Box], shape: tuple[int, ...]) -> Mask:
    """A mask of those places on a page of that shape."""
    mask = np.zeros(shape[:2], bool)
    for box in boxes:
        left, top, right, bottom = box.to_pixels(shape[1], shape[0])
        mask[top:bottom, left:right] = True
    return mask


def papered(flat: Grey, mask: Mask) -> Grey:
    """A page with bare paper in those places, so that nothing is read there."""
    return np.where(mask, np.uint8(np.median(flat[::4, ::4])), flat).astype(np.uint8)


def places_of(coded: CodedTask | None, task_page: int | None) -> list[Box]:
    """Where a sheet of that page of the task carries its code and its strip."""
    if coded is None or task_page is None:
        return []
    side = coded.printed[task_page - 1]
    return [side.code, side.strip] if side.strip else [side.code]


def as_coded(sighting: Sighting, coded: CodedTask | None, read: CodeRead, guessed: str) -> Sighting:
    """A page that lies on its blank, where its sheet is coded: code and strip are covered, and no name is expected.

    Args:
        sighting: the page.
        coded: the set's sheets; None leaves the page as it is.
        read: what its codes say.
        guessed: the doubt that its name field was only guessed, which matters no more.
    """
    if coded is None:
        return sighting
    code, *strip = places_of(coded, sighting.page.task_page)
    strips = (Mark(box, MarkKind.STRIP, BY_SHEETS, 1.0) for box in strip)
    return replace(
        sighting,
        covers=(*sighting.covers, *code_covers([code]), *strips),
        doubts=(*(doubt for doubt in sighting.doubts if doubt != guessed), *read.doubts),
        empty_field=False,
        flags=tuple(mark for mark in sighting.flags if mark.kind is not MarkKind.PLACE),
    )


def code_covers(boxes: Sequence[Box]) -> tuple[Mark, ...]:
    """The covers of codes, where they were read."""
    return tuple(Mark(box, MarkKind.CODE, BY_SHEETS, 1.0) for box in boxes)
