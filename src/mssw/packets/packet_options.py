"""The options of a packet, checked together, and the report of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from mssw.core.option import option, read_flag, read_number, read_texts
from mssw.core.paper import LEAVABLE, Flip, Layout, Paper, Part
from mssw.errors import UsageError

MOST_COPIES = 200


@dataclass(frozen=True, slots=True)
class PacketOptions:
    """The options of ``packet``.

    Attributes:
        colleagues: the names on the covers of the first copies.
        layout: how pages lie on a sheet.
    """

    copies: int | None = field(
        default=None,
        metadata=option(
            "How many copies the file has, one after the other.",
            metavar="N",
            shown_default="1",
            plan_key="copies",
            read=partial(read_number, most=MOST_COPIES),
        ),
    )
    colleagues: tuple[str, ...] = ()
    separate: bool = field(default=False, metadata=option("Write each copy to its own file.", "--separate"))
    paper: Paper | None = field(
        default=None,
        metadata=option("The paper to print on; by default what set.toml says.", plan_key="paper", read=Paper.read),
    )
    name_paper: bool = field(
        default=False, metadata=option("Add the paper to the file's name, as in packet-a4.pdf.", "--name-paper")
    )
    two_sided: bool = field(
        default=True,
        metadata=option(
            "Print on both sides; each sample starts on a new sheet.",
            "--two-sided/--one-sided",
            shown_default=True,
            plan_key="two_sided",
            read=read_flag,
        ),
    )
    layout: Layout = Layout.SINGLE
    flip: Flip | None = field(
        default=None,
        metadata=option("The edge your printer flips sheets on.", shown_default="long; short for landscape sheets"),
    )
    by_hand: bool = field(
        default=False,
        metadata=option("For printers that print one side only: odd and even pages in two files.", "--by-hand"),
    )
    evens_last_first: bool = field(
        default=False, metadata=option("With --by-hand: put the even pages in reverse order.", "--evens-last-first")
    )
    grey: bool = field(default=False, metadata=option("Print scans in black and grey only.", "--grey"))
    save_ink: bool = field(
        default=False,
        metadata=option("Whiten the paper in scans, and make faint pencil a little darker.", "--save-ink"),
    )
    full_size: bool = field(
        default=False,
        metadata=option(
            "Keep large scans as they are; by default they are made smaller, so that the packet stays under 8 MB.",
            "--full-size",
            plan_key="full_size",
            read=read_flag,
        ),
    )
    all_works: bool = field(
        default=False,
        metadata=option(
            "Print every response, no matter what was chosen or how many there are.",
            "--all",
            plan_key="all",
            read=read_flag,
        ),
    )
    without_held: bool = field(
        default=False,
        metadata=option(
            "Print even if some responses are on hold; those are left out.",
            "--without-held",
            plan_key="without_held",
            read=read_flag,
        ),
    )
    unreviewed: bool = field(
        default=False,
        metadata=option(
            "Print even if nobody has checked some responses; the cover says so.",
            "--unreviewed",
            plan_key="unreviewed",
            read=read_flag,
        ),
    )
    without: tuple[Part, ...] = field(
        default=(),
        metadata=option(
            f"Leave out a part: {', '.join(LEAVABLE)}. Can be repeated.",
            "--without",
            metavar="PART",
            plan_key="without",
            read=lambda value: read_parts(read_texts(value, "a part")),
        ),
    )
    language: str | None = field(
        default=None,
        metadata=option(
            "The language of the print: us, uk or es; by default what set.toml says.",
            metavar="LANGUAGE",
        ),
    )
    session: str | None = field(
        default=None,
        metadata=option("The session to print on the cover: a letter or any words.", metavar="A-E", plan_key="session"),
    )
    date: str | None = field(
        default=None,
        metadata=option("The date to print on the cover, in any words.", metavar="TEXT", plan_key="date"),
    )
    templates: Path | None = field(
        default=None,
        metadata=option(
            "Your own print templates (see `mssw templates export`); by default what set.toml says.",
            "--templates",
            metavar="DIR",
        ),
    )
    dry_run: bool = field(default=False, metadata=option("Show what would be printed; write nothing.", "--dry-run"))

    @property
    def names(self) -> tuple[str, ...]:
        """The name on the cover of each copy, in order; empty for a copy without one."""
        copies = max(1, len(self.colleagues)) if self.copies is None else self.copies
        return (*self.colleagues, *[""] * (copies - len(self.colleagues)))


def read_parts(names: Iterable[str]) -> tuple[Part, ...]:
    """The parts to leave out, in the packet's order.

    Raises:
        ValueError: one is none that may be left out; the text lists them.
    """
    found = {name.strip().casefold() for name in names}
    if found - set(LEAVABLE):
        raise ValueError(" or ".join(LEAVABLE))
    return tuple(part for part in LEAVABLE if part in found)


def choose_parts(names: Iterable[str]) -> tuple[Part, ...]:
    """The parts to leave out, as an option names them.

    Raises:
        UsageError: one is none that may be left out.
    """
    try:
        return read_parts(names)
    except ValueError as error:
        raise UsageError(f"--without takes {error}; the cover and the samples cannot be left out.") from None


def check_options(options: PacketOptions) -> None:
    """Make sure that the options make sense together.

    Raises:
        UsageError: they do not.
    """
    if options.paper is not None:
        Paper(options.paper)
    copies, named = len(options.names), len(options.colleagues)
    if not 1 <= copies <= MOST_COPIES or (options.copies is not None and not 1 <= options.copies <= MOST_COPIES):
        raise UsageError(f"--copies takes a number from 1 to {MOST_COPIES}; for more, print the file again.")
    if options.copies is not None and options.copies < named:
        raise UsageError(
            f"--copies {options.copies} is fewer than the {named} names of --per-teacher. Leave out --copies for "
            "one copy each, or give a larger number for extra copies without a name."
        )
    if not options.two_sided and (options.layout is Layout.BOOKLET or options.by_hand or options.flip):
        what = "--booklet" if options.layout is Layout.BOOKLET else "--by-hand" if options.by_hand else "--flip"
        raise UsageError(f"{what} needs both sides of the paper; leave out --one-sided.")
    if options.evens_last_first and not options.by_hand:
        raise UsageError("--evens-last-first only works with --by-hand; add --by-hand or leave it out.")


@dataclass(frozen=True, slots=True)
class PacketReport:
    """What was bound. It names responses by alias only.

    Attributes:
        packet: the file, or the first of several.
        files: all that is to be printed.
        reading: the file to be read on a screen; empty where it could not be made.
        written: whether they were written, or only tried.
        copies: in all files together.
        colleagues: the names on the covers.
        pages: of one copy, blank ones among them.
        sheets: sheets of paper of one copy.
        minutes: that printing takes, about.
        paper: ``letter`` or ``a4``.
        two_sided: how it is to be printed.
        layout: how pages lie on a sheet.
        colour: pages of a copy that are in colour.
        samples: aliases in the packet.
        unseen: those of them that no person has looked at.
        held: responses that are on hold and so left out.
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
