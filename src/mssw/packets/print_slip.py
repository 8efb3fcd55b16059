"""The print slip: what the person at the printer needs to know, and nothing about the contents."""

from __future__ import annotations

from dataclasses import dataclass

from mssw.core.imposition import Flip, Layout, usual_flip
from mssw.core.wording import counted

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


def print_slip(run: PrintRun) -> tuple[tuple[str, str], ...]:
    """The lines of the slip: (label, text) each."""
    total = run.copies * run.sheets
    many = (
        f"{counted(run.copies, 'copy', 'copies')} of {counted(run.sheets, 'sheet')}: {counted(total, 'sheet')} in all"
    )
    if total > _REAM // 2:
        many += f", {counted(-(-total // _REAM), 'ream')} of paper"
    return (
        ("Files", ", ".join(run.files)),
        ("Paper", f"{run.paper.capitalize()}. {many}. The file has all the copies: set the printer to one copy."),
        ("Size", "Actual size (100%), not fitted to the page."),
        ("Sides", _sides(run)),
        ("Ink", _ink(run)),
        ("Staples", _staples(run)),
        ("Time", f"About {counted(run.minutes, 'minute')}, at {SIDES_A_MINUTE} sides a minute."),
    )


def _sides(run: PrintRun) -> str:
    if not run.two_sided:
        return "One-sided."
    flip = run.flip or usual_flip(run.layout)
    if not run.by_hand:
        return f"Two-sided, flipped on the {flip} edge."
    order = "last sheet first" if run.turned else "in the same order"
    return (
        f"By hand: print the odd pages, flip the whole stack on its {flip} edge, put it back in, then print the even "
        f"pages ({order}). Try one sheet first."
    )


def _ink(run: PrintRun) -> str:
    if not run.colour:
        return "Black only."
    return f"Black is enough. In each copy, {counted(run.colour, 'page has', 'pages have')} color."


def _staples(run: PrintRun) -> str:
    if run.layout is Layout.BOOKLET:
        where = (
            f"{counted(2 * run.copies, 'staple')}, two per copy on the fold; then fold each copy once across the middle"
        )
    else:
        where = f"{counted(run.copies, 'staple')}, one per copy, in the upper left corner"
    if run.sheets > _MANY_SHEETS:
        where += f". A copy has {counted(run.sheets, 'sheet')}: use a large stapler or clips"
    return where + "."
