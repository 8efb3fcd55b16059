"""The options of a packet, checked together, and the report of one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mssw.core.imposition import Flip, Layout
from mssw.core.paper import PAPERS
from mssw.errors import UsageError

MOST_COPIES = 200


@dataclass(frozen=True, slots=True)
class PacketOptions:
    """How a packet is asked for.

    Attributes:
        copies: how many there are in all; None takes one for each colleague, or one.
        colleagues: whose names stand on the covers of the first copies.
        separate: whether each copy is a file of its own.
        paper: ``letter`` or ``a4``; None takes the set's own.
        name_paper: whether the files' names say the paper.
        two_sided: whether both sides are printed.
        layout: how pages lie on a sheet.
        flip: over which edge the printer turns a sheet; None takes the usual one.
        by_hand: whether odds and evens are files of their own, for a printer that prints one side at a time.
        turned: whether the evens come last sheet first.
        grey: whether colours are taken out.
        save_ink: whether paper is made white.
        all_works: print every work, chosen or not.
        without_held: print although works are held.
        unreviewed: print although no person has looked at some works; the cover then says so.
        session: for the cover; None takes the set's own.
        date: for the cover; None takes the set's own.
        templates: a folder of the school's own; None takes the set's own.
        dry_run: do all but write.
    """

    copies: int | None = None
    colleagues: tuple[str, ...] = ()
    separate: bool = False
    paper: str | None = None
    name_paper: bool = False
    two_sided: bool = True
    layout: Layout = Layout.SINGLE
    flip: Flip | None = None
    by_hand: bool = False
    turned: bool = False
    grey: bool = False
    save_ink: bool = False
    all_works: bool = False
    without_held: bool = False
    unreviewed: bool = False
    session: str | None = None
    date: str | None = None
    templates: Path | None = None
    dry_run: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Whose name stands on each copy, in order; empty where none does."""
        copies = max(1, len(self.colleagues)) if self.copies is None else self.copies
        return (*self.colleagues, *[""] * (copies - len(self.colleagues)))


def check_options(options: PacketOptions) -> None:
    """Make sure that the options make sense together.

    Raises:
        UsageError: they do not.
    """
    copies, named = len(options.names), len(options.colleagues)
    if not 1 <= copies <= MOST_COPIES or (options.copies is not None and not 1 <= options.copies <= MOST_COPIES):
        raise UsageError(f"--copies takes a number from 1 to {MOST_COPIES}; print the file again for more.")
    if options.copies is not None and options.copies < named:
        raise UsageError(
            f"--copies {options.copies} is fewer than the {named} names of --per-teacher; leave --copies out for "
            "one copy each, or give a larger number for further copies without a name."
        )
    if options.paper not in {None, *PAPERS}:
        raise UsageError(f"--paper {options.paper} is not known; take {' or '.join(PAPERS)}.")
    if not options.two_sided and (options.layout is Layout.BOOKLET or options.by_hand or options.flip):
        what = "--booklet" if options.layout is Layout.BOOKLET else "--by-hand" if options.by_hand else "--flip"
        raise UsageError(f"{what} is for both sides of the paper; leave out --one-sided.")
    if options.turned and not options.by_hand:
        raise UsageError("--evens-last-first is for printing by hand; give --by-hand too, or leave it out.")


@dataclass(frozen=True, slots=True)
class PacketReport:
    """What was bound. It names works by alias only.

    Attributes:
        packet: the file, or the first of several.
        files: all that is to be printed.
        reading: the file to be read on a screen; empty where it could not be made.
        written: whether they were written, or only tried.
        copies: in all files together.
        colleagues: whose names stand on covers.
        pages: of one copy, blank ones among them.
        sheets: sheets of paper of one copy.
        minutes: that printing takes, about.
        paper: ``letter`` or ``a4``.
        two_sided: how it is to be printed.
        layout: how pages lie on a sheet.
        colour: pages of a copy that are in colour.
        samples: aliases in the packet.
        unseen: those of them whose pages no person has looked at.
        held: works that are held and so left out.
        task_pages: pages of the blank task.
        unanswered: headings of the introduction's questions that have no answer.
        remarks: what the user should know, each in a sentence.
        open: what the presenter's checklist leaves to be done before it is printed.
    """

    packet: str
    files: tuple[str, ...]
    reading: str
    written: bool
    copies: int
    colleagues: tuple[str, ...]
    pages: int
    sheets: int
    minutes: int
    paper: str
    two_sided: bool
    layout: str
    colour: int
    samples: tuple[str, ...]
    unseen: tuple[str, ...]
    held: int
    task_pages: int
    unanswered: tuple[str, ...]
    remarks: tuple[str, ...]
    open: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return asdict(self)
