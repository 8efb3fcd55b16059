"""From the contents of a packet to its files: set, bound, and named, but neither audited nor written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mssw.core.paper import PAPERS
from mssw.errors import UnreadableError
from mssw.names.name_search import NameSearch
from mssw.printing.binding import Press, Sides, bind
from mssw.printing.pdf_writer import scanned_pages
from mssw.printing.reading_file import reading_file
from mssw.steps.packetfiles import PacketFile, file_name, in_a_name
from mssw.steps.packetink import inked
from mssw.steps.packettext import Ask, Text, set_reading, set_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor, Future

    from mssw.printing.pdf_writer import ScannedPage
    from mssw.steps.contents import Contents
    from mssw.steps.packetoptions import PacketOptions


_NO_GLYPH = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed')


@dataclass(frozen=True, slots=True)
class Printed:
    """A packet, made but not written.

    Attributes:
        files: what goes to the printer.
        reading: waits for what is read on a screen; None, and a sentence that says why, where it cannot be made.
        text: its text pages and the plan of a copy.
        task_pages: pages of the blank task.
    """

    files: tuple[PacketFile, ...] = field(repr=False)
    reading: Callable[[], tuple[PacketFile | None, str]] = field(repr=False)
    text: Text = field(repr=False)
    task_pages: int


class Printing:
    """A packet while it is made. Typst works in a thread of its own, since it leaves Python free meanwhile."""

    def __init__(self, contents: Contents, options: PacketOptions, threads: Executor) -> None:
        """Have the text set.

        Args:
            contents: what the packet is made of.
            options: how.
            threads: for Typst.
        """
        self._contents, self._options, self._threads = contents, options, threads
        self._scans = _scans(contents, options)
        self._ask = Ask(options.layout, options.two_sided, tuple(dict.fromkeys((*options.names, ""))))
        self._text = threads.submit(set_text, contents, self._scans, self._ask)

    @property
    def images(self) -> list[bytes]:
        """Every image of the packet as it will stand in its files."""
        return [scan.image.data for pages in self._scans.values() for scan in pages]

    def printed(self, spellings: Sequence[str]) -> Printed:
        """Make all files of the packet.

        Args:
            spellings: what no file may be called; a colleague who is called that has a number on her file alone.
        """
        contents, options, ask, text = self._contents, self._options, self._ask, self._text.result()
        tagged = self._threads.submit(set_reading, contents, self._scans, text, ask)
        job = _Job(contents, options, text, {name: text.copy(at) for at, name in enumerate(ask.colleagues)})
        return Printed(
            files=tuple(job.files(spellings)),
            reading=lambda: _reading(contents, options, text, tagged),
            text=text,
            task_pages=len(self._scans[""]),
        )


def _reading(
    contents: Contents, options: PacketOptions, text: Text, tagged: Future[tuple[bytes, set[str]]]
) -> tuple[PacketFile | None, str]:
    """The file for a screen; or None, and a sentence that says why."""
    try:
        pages, said = tagged.result()
        images = [scan.image for _, (scan, _) in sorted(text.scans.items())]
        data = reading_file(pages, images, contents.settings.title, text.bookmarks(blanks=False), said)
    except UnreadableError as error:
        missing = _NO_GLYPH.search(str(error))
        why = f"none of the fonts has “{missing['text']}”" if missing else str(error).rstrip(".")
        return None, f"there is no packet-reading.pdf, for a screen or a screen reader: {why}."
    paper = contents.settings.paper if options.name_paper else ""
    return PacketFile(file_name(paper, "reading"), data, sum(1 for side in text.plan if side.section)), ""


def _scans(contents: Contents, options: PacketOptions) -> dict[str, list[ScannedPage]]:
    """The scanned pages of each work by its alias, and of the blank task by an empty one."""
    scans = {alias: scanned_pages(data, f"{alias}.pdf") for alias, data in contents.works.items()}
    scans[""] = scanned_pages(contents.task, "task.pdf") if contents.task else []
    return {alias: inked(pages, grey=options.grey, save_ink=options.save_ink) for alias, pages in scans.items()}


@dataclass(frozen=True, slots=True)
class _Job:
    """What is to be bound: the text, and the pages of a copy by the name on its cover."""

    contents: Contents
    options: PacketOptions
    text: Text
    copies: dict[str, list[int]]

    def files(self, spellings: Sequence[str]) -> list[PacketFile]:
        """The files to print: one for all copies or one each, and each whole or as odds and evens."""
        options = self.options
        sides = (Sides.ODDS, Sides.EVENS) if options.by_hand else (Sides.ALL,)
        if not options.separate:
            return [self.file(options.names, side) for side in sides]
        names = NameSearch(spellings)
        each = [(name, _own_name(options, at, names)) for at, name in enumerate(options.names)]
        return [self.file([name], side, *marks) for name, marks in each for side in sides]

    def file(self, names: Sequence[str], sides: Sides, *marks: str) -> PacketFile:
        """A file of the copies with those names on their covers."""
        options, paper = self.options, self.contents.settings.paper
        press = Press(PAPERS[paper], options.layout, options.two_sided, options.flip, sides, options.turned)
        scans = {at: (scan.image, frame) for at, (scan, frame) in self.text.scans.items()}
        copies = [self.copies[name] for name in names]
        data, pages = bind(self.text.pdf, scans, copies, press, self.text.bookmarks(blanks=True))
        side = "" if sides is Sides.ALL else sides.value
        return PacketFile(file_name(paper if options.name_paper else "", *marks, side), data, pages)


def _own_name(options: PacketOptions, at: int, names: NameSearch) -> tuple[str, ...]:
    """What tells a copy's own file: its number, and its colleague, unless a student may be called that."""
    number = f"{at + 1:0{len(str(len(options.names)))}}"
    colleague = in_a_name(options.names[at])
    return (number,) if names.hits(colleague.replace("-", " "), ordinary=True) else (number, colleague)
