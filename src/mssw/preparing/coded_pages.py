"""Pages of coded sheets: their code is read, code and strip are covered, and the code tells which copy a page is of.

First what a worker does with one page, then what grouping needs of the whole stack.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from mssw.core.page import Box, Mark, MarkKind
from mssw.core.response import Leaf, Response
from mssw.core.sheet_code import NAME_SHEET, PREFIX, PageCode, PrintedSide, Sheets
from mssw.formats.scans import Picture
from mssw.preparing.coded_rules import TWICE, Coded, Owner, doubt_owners, find_owners, group_by_code
from mssw.preparing.matches import Matching, MatchState
from mssw.vision.blank_page import BlankPage
from mssw.vision.ink import Grey, Mask, to_grey
from mssw.vision.qr_codes import SeenCode, read_codes
from mssw.workset.sightings import Sighting, recipe_of

TWO_CODES = "it has two codes: are two sheets on top of each other?"
BY_SHEETS = "sheets"

NEVER_PRINTED = "its code is on no sheet that was printed for this set"
A_NAME_SHEET = "it is the sheet with a name from the top of a student's copy, not student work"
WRITTEN_BACK = (
    "there is something on the back of its sheet, which should be empty; check it, and approve the response "
    "if it is fine"
)


@dataclass(frozen=True)
class CodedTask:
    """What a worker has to know of a set's coded sheets. It names nobody.

    Attributes:
        batch: of their codes.
        printed: how each page of the task is printed on them.
    """

    batch: str
    printed: tuple[PrintedSide, ...]

    @classmethod
    def of(cls, sheets: Sheets | None) -> CodedTask | None:
        """What to know of those sheets; None if there are none."""
        return cls(sheets.batch, sheets.printed) if sheets else None


@dataclass(frozen=True)
class CodeRead:
    """What the codes on a page say.

    Attributes:
        code: the one that counts; None if none could be read, or if two were.
        seen: all of them.
        view: the picture that they were read on.
    """

    code: PageCode | None
    seen: tuple[SeenCode, ...]
    view: Picture

    @property
    def text(self) -> str:
        """What the code says that counts; empty if none does."""
        return self.code.text if self.code else ""

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why the page must wait for a person."""
        return (TWO_CODES,) if len(self.seen) > 1 else ()

    def is_foreign(self, coded: CodedTask | None) -> bool:
        """Whether the page is of another set's sheets."""
        return coded is not None and self.code is not None and self.code.batch != coded.batch

    def printed_from(self, blanks: Sequence[BlankPage]) -> Sequence[BlankPage]:
        """The page of the task that the code names, none on a bare back; all of them if there is no code."""
        return [blank for blank in blanks if self.code is None or blank.number == self.code.page]

    def boxes_on(self, picture: Picture) -> list[Box]:
        """Where codes are on a picture of the page."""
        seen = self.seen if picture is self.view or not self.seen else read_codes(to_grey(picture.pixels), PREFIX)
        return [one.box for one in seen]


def read_code(coded: CodedTask | None, views: Sequence[Picture]) -> CodeRead:
    """Read the code of a page, on the first view of it that shows one. Without coded sheets nothing is read."""
    for view in views if coded is not None else ():
        seen = tuple(one for one in read_codes(to_grey(view.pixels), PREFIX) if PageCode.read(one.text))
        if seen:
            return CodeRead(PageCode.read(seen[0].text) if len(seen) == 1 else None, seen, view)
    return CodeRead(None, (), views[0])


def mask_boxes(boxes: Sequence[Box], shape: tuple[int, ...]) -> Mask:
    """Make a mask of those places on a page of that shape."""
    mask = np.zeros(shape[:2], bool)
    for box in boxes:
        left, top, right, bottom = box.to_pixels(shape[1], shape[0])
        mask[top:bottom, left:right] = True
    return mask


def paper_over(flat: Grey, mask: Mask) -> Grey:
    """Put bare paper over those places, so that nothing is read there."""
    return np.where(mask, np.uint8(np.median(flat[::4, ::4])), flat).astype(np.uint8)


def coded_places(coded: CodedTask | None, task_page: int | None) -> list[Box]:
    """Where a sheet of that page of the task carries its code and its strip."""
    if coded is None or task_page is None:
        return []
    side = coded.printed[task_page - 1]
    return [side.code, side.strip] if side.strip else [side.code]


def cover_code(sighting: Sighting, coded: CodedTask | None, read: CodeRead, guessed: str) -> Sighting:
    """Cover code and strip of a page that lies on its blank, if its sheet is coded; no name is expected on it.

    Args:
        sighting: the page.
        coded: the set's sheets; None leaves the page as it is.
        read: what its codes say.
        guessed: the doubt that its name field was only guessed, which no longer matters.
    """
    if coded is None:
        return sighting
    code, *strip = coded_places(coded, sighting.page.task_page)
    strips = (Mark(box, MarkKind.STRIP, BY_SHEETS, 1.0) for box in strip)
    return replace(
        sighting,
        covers=(*sighting.covers, *code_covers([code]), *strips),
        doubts=(*(doubt for doubt in sighting.doubts if doubt != guessed), *read.doubts),
        empty_field=False,
        flags=tuple(mark for mark in sighting.flags if mark.kind is not MarkKind.PLACE),
    )


def code_covers(boxes: Sequence[Box]) -> tuple[Mark, ...]:
    """Covers for codes, where they were read."""
    return tuple(Mark(box, MarkKind.CODE, BY_SHEETS, 1.0) for box in boxes)


def free_copied_sheets(
    responses: Sequence[Response], pages: Mapping[str, Sighting], matching: Matching | None
) -> list[Response]:
    """Take the doubt off responses that share a code, once the teacher named a different writer for each of them.

    Where their pages lie between each other in the stack, or one has fewer than another, nothing shows which belong
    together: those stay on hold.

    Args:
        responses: all of them, each with its alias.
        pages: by id, in the order of the stack.
        matching: who wrote which response; None where nobody was matched.
    """
    by_teacher = [one for one in (matching.responses if matching else ()) if one.state is MatchState.TEACHER]
    writers = {one.alias: one.student for one in by_teacher}
    sharing: dict[Owner, dict[str, str]] = {}  # by page id, the alias of its response
    for response in responses:
        for owner in {code.owner for page in response.pages if (code := PageCode.read(pages[page].code))}:
            sharing.setdefault(owner, {}).update(dict.fromkeys(response.pages, response.alias))
    in_doubt: set[str] = set()
    for alias_of in sharing.values():
        aliases = set(alias_of.values())
        runs = [alias for alias, _ in groupby(alias_of[page] for page in pages if page in alias_of)]
        sizes = set(Counter(alias_of.values()).values())
        named = {writers[alias] for alias in aliases if alias in writers}
        if len(sizes) > 1 or len(named) < len(aliases) or len(runs) > len(aliases):
            in_doubt |= aliases
    return [one if TWICE not in one.held or one.alias in in_doubt else one.without_doubt(TWICE) for one in responses]


def keep_own_pages(sheets: Sheets | None, pages: Sequence[Sighting]) -> list[Sighting]:
    """Leave out the pages with a code of another set."""
    codes = [(page, PageCode.read(page.code)) for page in pages]
    return [page for page, code in codes if sheets is None or code is None or code.batch == sheets.batch]


@dataclass(frozen=True)
class CodedStack:
    """A stack of coded sheets: which copy each page is of.

    Attributes:
        sheets: the set's.
        owners: by page id, the batch and the copy, as far as anything tells.
        doubts: by page id, why a person must look at a page without a readable code.
    """

    sheets: Sheets
    owners: dict[str, Owner]
    doubts: dict[str, str]

    @classmethod
    def of(cls, sheets: Sheets | None, pages: Sequence[Sighting]) -> CodedStack | None:
        """The stack of a set with coded sheets; None for any other set."""
        if sheets is None:
            return None
        coded = [Coded(p.page.id, p.page.source, p.page.number, PageCode.read(p.code), p.page.task_page) for p in pages]
        owners = find_owners(coded, sides=sheets.sides, two_sided=sheets.two_sided)
        for page in coded:  # a page beside a sheet that was never printed proves nothing
            owner = owners.get(page.id)
            if page.code is None and owner and owner[0] == sheets.batch and sheets.of(PageCode(*owner, 1)) is None:
                del owners[page.id]
        return cls(sheets, owners, doubt_owners(coded, owners))

    def as_placed(self, page: Sighting) -> Sighting:
        """The page where it was placed: whoever approved it in one place has not approved it in another."""
        owner = self.owners.get(page.page.id)
        if owner is None or page.page.id not in self.doubts:
            return page
        return replace(page, way=recipe_of(page.way, "placed", owner))

    def why_set_aside(self, page: Sighting) -> str:
        """Why a page belongs to no response of this set; empty if it may."""
        owner, code = self.owners.get(page.page.id), PageCode.read(page.code)
        if owner is None:
            return ""
        if owner[0] != self.sheets.batch:
            placed = "its code cannot be read; by what lies beside it, " if page.page.id in self.doubts else ""
            return f"{placed}{self._another(owner[0])}"
        if self.sheets.of(code or PageCode(*owner, 1)) is None:
            return NEVER_PRINTED
        return A_NAME_SHEET if code and code.page == NAME_SHEET else ""

    def _another(self, batch: str) -> str:
        folder = self.sheets.others.get(batch)
        if folder:
            return f"it is a sheet of {folder}: prepare this stack into that set too"
        return "it is a sheet of another set: prepare this stack into that one too"

    def task_page(self, page: Sighting, expected: Sequence[int]) -> int | None:
        """Which page of the task it is, by its print or by its code."""
        code = PageCode.read(page.code)
        if page.page.task_page is not None or code is None:
            return page.page.task_page
        return code.page if code.page in expected else None

    def is_bare_back(self, page: Sighting, expected: Sequence[int]) -> bool:
        """Whether nothing of the task is printed on that side."""
        code = PageCode.read(page.code)
        return code is not None and code.page not in {*expected, NAME_SHEET}

    def group(self, leaves: Sequence[Leaf], expected: Sequence[int]) -> list[Response]:
        """Group the pages into responses by their codes."""
        return group_by_code(leaves, self.owners, expected)

    @property
    def note(self) -> str:
        """A sentence on how many pages are of other sets; empty if none is."""
        others = Counter(batch for batch, _ in self.owners.values() if batch != self.sheets.batch)
        if not others:
            return ""
        folders = {batch: self.sheets.others.get(batch, "") for batch in others}
        parts = [f"{_count_pages(others[batch])} of {folder}" for batch, folder in sorted(folders.items()) if folder]
        unknown = [_count_pages(others[batch]) for batch, folder in sorted(folders.items()) if not folder]
        parts += [f"{pages} of a set that was not named with --codes" for pages in unknown]
        return f"the stack also holds sheets of other sets: {'; '.join(parts)}; prepare it into those sets too"


def _count_pages(count: int) -> str:
    return f"{count} page{'s' * (count != 1)}"
