"""The print slip: what the person at the printer needs to know, and nothing about the contents."""

from __future__ import annotations

from dataclasses import dataclass

from mssw.core.paper import Flip, Layout, usual_flip
from mssw.core.wording import PrintWords

#: Sides that an office printer prints in a minute.
SIDES_A_MINUTE = 30
_REAM = 500
_MANY_SHEETS = 20  # in a copy; more are hard to staple or fold


@dataclass(frozen=True, slots=True)
class PrintRun:
    """How the files of a packet are printed.

    Attributes:
        files: the names of the files, in their order.
        copies: in all files together.
        pages: of one copy, blank ones among them.
        sheets: of paper in one copy.
        paper: ``letter`` or ``a4``.
        two_sided: whether both sides are printed.
        layout: how pages lie on a sheet.
        flip: over which edge sheets turn; None for the usual one.
        by_hand: whether odds and evens are files of their own.
        turned: whether the evens come last sheet first.
        colour: pages of a copy that are in colour.
    """

    files: tuple[str, ...]
    copies: int
    pages: int
    sheets: int
    paper: str
    two_sided: bool
    layout: Layout
    flip: Flip | None
    by_hand: bool
    turned: bool
    colour: int

    @property
    def sides(self) -> int:
        """How many sides the printer prints in all."""
        return self.copies * self.sheets * (2 if self.two_sided else 1)

    @property
    def minutes(self) -> int:
        """About how many minutes it takes."""
        return -(-self.sides // SIDES_A_MINUTE)


def print_slip(run: PrintRun, words: PrintWords) -> tuple[tuple[str, str], ...]:
    """The lines of the slip in the reader's language: (label, text) each."""
    total = run.copies * run.sheets
    many = {
        "paper": words.text(f"common.paper_{run.paper}"),
        "copies": words.count("count.copy", run.copies),
        "sheets": words.count("count.sheet", run.sheets),
        "total": words.count("count.sheet", total),
        "reams": words.count("count.ream", -(-total // _REAM)),
    }
    minutes = words.text("slip.minutes", minutes=words.count("count.minute", run.minutes), n=SIDES_A_MINUTE)
    lines = {
        "files": ", ".join(run.files),
        "paper": words.text("slip.paper_reams" if total > _REAM // 2 else "slip.paper_text", **many),
        "size": words.text("slip.size_text"),
        "sides": _sides(run, words),
        "ink": words.count("slip.colour", run.colour) if run.colour else words.text("slip.black"),
        "staples": _staples(run, words),
        "time": minutes,
    }
    return tuple((words.text(f"slip.{label}"), text) for label, text in lines.items())


def _sides(run: PrintRun, words: PrintWords) -> str:
    if not run.two_sided:
        return words.text("slip.one_sided")
    flip = run.flip or usual_flip(run.layout)
    if not run.by_hand:
        return words.text(f"slip.{flip}_edge")
    order = words.text("slip.last_first" if run.turned else "slip.same_order")
    return words.text(f"slip.hand_{flip}", order=order)


def _staples(run: PrintRun, words: PrintWords) -> str:
    folded = run.layout is Layout.BOOKLET
    staples = words.count("count.staple", run.copies * (2 if folded else 1))
    where = words.text("slip.fold" if folded else "slip.corner", staples=staples)
    if run.sheets > _MANY_SHEETS:
        where += words.text("slip.large", sheets=words.count("count.sheet", run.sheets))
    return where + "."
