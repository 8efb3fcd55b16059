"""A stack of coded sheets: whose each page is, and what becomes of pages that are no work of this set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mssw.core.response import Leaf, Work
from mssw.core.sheet_code import NAME_SHEET, PageCode, Sheets
from mssw.model.codedwork import Coded, Owner, doubts_of, group_by_code, owners_of
from mssw.workset.state import Sighting, recipe_of

NEVER_PRINTED = "its code is on no sheet that was printed for this set"
A_NAME_SHEET = "it is the sheet with a name that lay on top of a student's copy, and no work"
WRITTEN_BACK = "something stands on the bare back of its sheet; look at it, and approve its work if it may go"


def of_this_set(sheets: Sheets | None, pages: Sequence[Sighting]) -> list[Sighting]:
    """The pages whose code is of no other set."""
    codes = [(page, PageCode.read(page.code)) for page in pages]
    return [page for page, code in codes if sheets is None or code is None or code.batch == sheets.batch]


@dataclass(frozen=True)
class CodedStack:
    """The pages of a stack with who they are of.

    Attributes:
        sheets: the set's.
        owners: by page id, the batch and the copy, as far as anything tells.
        doubts: by page id, why a person must look at a page whose code cannot be read.
    """

    sheets: Sheets
    owners: dict[str, Owner]
    doubts: dict[str, str]

    @classmethod
    def of(cls, sheets: Sheets | None, pages: Sequence[Sighting]) -> CodedStack | None:
        """The stack of a set with coded sheets; None for any other."""
        if sheets is None:
            return None
        coded = [Coded(p.page.id, p.page.source, p.page.number, PageCode.read(p.code), p.page.task_page) for p in pages]
        owners = owners_of(coded, sides=sheets.sides, two_sided=sheets.two_sided)
        for page in coded:  # beside a sheet that was never printed nothing is told
            owner = owners.get(page.id)
            if page.code is None and owner and owner[0] == sheets.batch and sheets.of(PageCode(*owner, 1)) is None:
                del owners[page.id]
        return cls(sheets, owners, doubts_of(coded, owners))

    def as_placed(self, page: Sighting) -> Sighting:
        """The page as it is to be looked at: whoever let it go in one place has not let it go in another."""
        owner = self.owners.get(page.page.id)
        if owner is None or page.page.id not in self.doubts:
            return page
        return replace(page, way=recipe_of(page.way, "placed", owner))

    def why_no_work(self, page: Sighting) -> str:
        """Why a page is no work of this set; empty where it may be."""
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

    def task_page(self, page: Sighting, wanted: Sequence[int]) -> int | None:
        """The page of the task that it is, by its print or by its code."""
        code = PageCode.read(page.code)
        if page.page.task_page is not None or code is None:
            return page.page.task_page
        return code.page if code.page in wanted else None

    def is_bare_back(self, page: Sighting, wanted: Sequence[int]) -> bool:
        """Whether nothing of the task is printed on that side."""
        code = PageCode.read(page.code)
        return code is not None and code.page not in {*wanted, NAME_SHEET}

    def works(self, leaves: Sequence[Leaf], wanted: Sequence[int]) -> list[Work]:
        """The works, by their codes."""
        return group_by_code(leaves, self.owners, wanted)

    @property
    def note(self) -> str:
        """How many pages are of other sets; empty where none is."""
        others = Counter(batch for batch, _ in self.owners.values() if batch != self.sheets.batch)
        if not others:
            return ""
        known = {batch: self.sheets.others.get(batch, "") for batch in others}
        told = [f"{_pages(others[batch])} of {folder}" for batch, folder in sorted(known.items()) if folder]
        unknown = [_pages(others[batch]) for batch, folder in sorted(known.items()) if not folder]
        told += [f"{pages} of a set that was not named with --codes" for pages in unknown]
        return f"the stack also holds sheets of other sets: {'; '.join(told)}; prepare it into those sets too"


def _pages(count: int) -> str:
    return f"{count} page{'s' * (count != 1)}"
