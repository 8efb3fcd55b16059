"""The files of a packet: bound from text and scans, named, and put in the place of those of an earlier printing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mssw.core.paper import PAPERS
from mssw.errors import UnreadableError
from mssw.names.name_search import NameSearch
from mssw.printing.binding import Press, Sides, bind_copies, make_reading_file
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.manifest import ListedFile, Manifest, write_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from mssw.packets.contents import Contents
    from mssw.packets.packet_options import PacketOptions
    from mssw.packets.text_pages import TextPages


_LONGEST_NAME = 40
_NO_GLYPH = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed')


@dataclass(frozen=True, slots=True)
class PacketFile:
    """One file: its name in ``shared/``, its bytes, and how many pages it has."""

    name: str
    data: bytes = field(repr=False)
    pages: int


def bind_files(contents: Contents, options: PacketOptions, text: TextPages) -> list[PacketFile]:
    """The files to print: one for all copies or one for each copy, and each whole or as odds and evens."""
    paper = contents.settings.paper
    sides = (Sides.ODDS, Sides.EVENS) if options.by_hand else (Sides.ALL,)
    bookmarks = text.bookmarks(blanks=True)
    files = []
    for names, marks in _split_copies(options, contents.student_names):
        copies = [text.copy(name) for name in names]
        for side in sides:
            press = Press(
                PAPERS[paper], options.layout, options.two_sided, options.flip, side, options.evens_last_first
            )
            data, pages = bind_copies(text.pdf, text.scans, copies, press, bookmarks)
            name = file_name(paper if options.name_paper else "", *marks, "" if side is Sides.ALL else side.value)
            files.append(PacketFile(name, data, pages))
    return files


def _split_copies(
    options: PacketOptions, student_names: Sequence[str]
) -> Iterator[tuple[Sequence[str], tuple[str, ...]]]:
    """The copies of each file, by the name on each cover, with the marks that tell the file from the others.

    A copy's own file is marked with its number and its colleague; with the number alone if a student may have that
    name, because more people read a file's name than its cover.
    """
    if not options.separate:
        yield options.names, ()
        return
    students = NameSearch(student_names)
    width = len(str(len(options.names)))
    for number, name in enumerate(options.names, start=1):
        colleague = name_mark(name)
        hidden = students.hits(colleague.replace("-", " "), ordinary=True)
        yield (name,), (f"{number:0{width}}", "" if hidden else colleague)


def bind_reading_file(
    contents: Contents, options: PacketOptions, text: TextPages, tagged: Future[tuple[bytes, set[str]]]
) -> tuple[PacketFile | None, tuple[str, ...]]:
    """The file for a screen or a screen reader.

    Args:
        contents: what the packet is made of.
        options: how it is printed.
        text: the text pages for the printer, in the same order.
        tagged: gives what ``set_reading_text`` returns.

    Returns:
        The file, and remarks; None, and a sentence that says why, if it cannot be made.
    """
    try:
        pages, descriptions = tagged.result()
        images = [picture.scan.image for picture in text.pictures]
        data = make_reading_file(pages, images, contents.settings.title, text.bookmarks(blanks=False), descriptions)
    except UnreadableError as error:
        missing = _NO_GLYPH.search(str(error))
        why = f"none of the fonts has “{missing['text']}”" if missing else str(error).rstrip(".")
        return None, (f"packet-reading.pdf, for a screen or a screen reader, could not be made: {why}.",)
    name = file_name(contents.settings.paper if options.name_paper else "", "reading")
    return PacketFile(name, data, sum(1 for side in text.plan if side.section)), ()


def file_name(*marks: str) -> str:
    """The name of a packet's file.

    >>> file_name(), file_name("a4", "", "reading")
    ('packet.pdf', 'packet-a4-reading.pdf')
    """
    return "-".join(["packet", *(mark for mark in marks if mark)]) + ".pdf"


def name_mark(colleague: str) -> str:
    """A colleague's name as a part of a file's name.

    >>> name_mark("M. Rivera-Núñez")
    'm-rivera-nunez'
    """
    plain = unicodedata.normalize("NFKD", colleague).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_NAME].strip("-")


def replace_files(workset: WorkSet, manifest: Manifest, files: Sequence[PacketFile], *, paper: str) -> list[str]:
    """Write the files, delete those of an earlier printing, and list what is there now in the manifest.

    Args:
        workset: the set; the caller holds its lock.
        manifest: its manifest.
        files: the files of this printing.
        paper: the paper, if it is in the files' names; else empty. Files that name another paper stay.

    Returns:
        The names of the files that were deleted.
    """
    names = {file.name for file in files}
    for file in files:
        write_bytes(workset.shared / file.name, file.data, private=False)
    rows = [ListedFile.of(file.name, file.data, file.pages) for file in files]
    gone = [path for path in workset.packets() if path.name not in names and _has_paper(path, paper)]
    for path in gone:
        path.unlink(missing_ok=True)
    write_manifest(workset, manifest.with_files(rows, without={path.name for path in gone}))
    return [path.name for path in gone]


def _has_paper(path: Path, paper: str) -> bool:
    """Whether a packet's file has that paper in its name; if it is empty, whether it has none."""
    mark = next(iter(path.stem.split("-")[1:2]), "")
    return mark == paper if paper else mark not in PAPERS
