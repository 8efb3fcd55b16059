"""From the contents of a packet to its files: set, bound, and named, but neither audited nor written.

The files of a packet: what they are called, which ones a new printing replaces, how the manifest lists them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mssw.core.paper import PAPERS
from mssw.errors import UnreadableError
from mssw.names.name_search import NameSearch
from mssw.packets.text_pages import Ask, Text, set_reading, set_text
from mssw.printing.binding import Press, Sides, bind
from mssw.printing.pdf_writer import scanned_pages
from mssw.printing.reading_file import reading_file
from mssw.workset.folder import WorkSet, write_bytes, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from mssw.packets.contents import Contents
    from mssw.packets.packet_options import PacketOptions
    from mssw.printing.pdf_writer import ScannedPage


_LONGEST_NAME = 40
_PAPERS = ("letter", "a4")


@dataclass(frozen=True, slots=True)
class PacketFile:
    """One file: its name in ``shared/``, its bytes, and how many pages it has."""

    name: str
    data: bytes = field(repr=False)
    pages: int


def file_name(*marks: str) -> str:
    """The name of a packet's file.

    >>> file_name(), file_name("a4", "", "reading")
    ('packet.pdf', 'packet-a4-reading.pdf')
    """
    return "-".join(["packet", *(mark for mark in marks if mark)]) + ".pdf"


def in_a_name(colleague: str) -> str:
    """A colleague's name as a part of a file's name.

    >>> in_a_name("M. Rivera-Núñez")
    'm-rivera-nunez'
    """
    plain = unicodedata.normalize("NFKD", colleague).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_NAME].strip("-")


def put(workset: WorkSet, manifest: dict[str, Any], files: Sequence[PacketFile], *, paper: str) -> list[str]:
    """Write the files, take away those of an earlier printing, and list what is there.

    Args:
        workset: the set; the caller holds its lock.
        manifest: as it stands.
        files: all that was printed now.
        paper: what stands in the files' names for the paper; empty where nothing does. A printing on another paper
            that bears its name stays.

    Returns:
        The names of the files of an earlier printing that were taken away.
    """
    names = {file.name for file in files}
    for file in files:
        write_bytes(workset.shared / file.name, file.data, private=False)
    rows = {
        file.name: {"path": file.name, "sha256": hashlib.sha256(file.data).hexdigest(), "pages": file.pages}
        for file in files
    }
    gone = [path for path in workset.packets() if path.name not in names and _is_of(path, paper)]
    others = [row for row in manifest.get("files", []) if row.get("path") not in names | {path.name for path in gone}]
    listed = sorted([*others, *rows.values()], key=lambda row: str(row["path"]))
    for path in gone:
        path.unlink(missing_ok=True)
    write_json(workset.manifest, manifest | {"files": listed}, private=False)
    return [path.name for path in gone]


def _is_of(path: Path, paper: str) -> bool:
    """Whether a packet's file bears that paper in its name; none, where that is empty."""
    mark = path.stem.split("-")[1:2]
    return mark == [paper] if paper else mark[:1] not in [[one] for one in _PAPERS]


_NO_GLYPH = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed')


@dataclass(frozen=True, slots=True)
class PrintedPacket:
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

    def printed(self, spellings: Sequence[str]) -> PrintedPacket:
        """Make all files of the packet.

        Args:
            spellings: what no file may be called; a colleague who is called that has a number on her file alone.
        """
        contents, options, ask, text = self._contents, self._options, self._ask, self._text.result()
        tagged = self._threads.submit(set_reading, contents, self._scans, text, ask)
        job = _Job(contents, options, text, {name: text.copy(at) for at, name in enumerate(ask.colleagues)})
        return PrintedPacket(
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
    if not (options.grey or options.save_ink):
        return scans
    from mssw.packets.less_ink import inked  # noqa: PLC0415 - needs numpy and OpenCV, and a plain packet neither

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
