"""Bind a packet: from a work set to the files that colleagues hold in their hands, and the presenter's two leaves.

``bind_packet`` is the story of the job. It reads what a packet is made of, refuses a student's name in it, prints and
audits the files, and writes them. Only when all of them have passed does anything change on the disk.
"""

from __future__ import annotations

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from mssw.core.page import Tone
from mssw.core.paper import PAPERS, sheets
from mssw.errors import FindingsError, UnreadableError
from mssw.names.name_search import NameSearch
from mssw.packets.checklist import SetState, checklist, still_open
from mssw.packets.checklist_state import as_groups, printed_run, printing_state
from mssw.packets.contents import Contents, check_colleagues, check_words, join_contents, read_contents
from mssw.packets.packet_options import PacketOptions, PacketReport, check_options
from mssw.packets.print_slip import PrintRun, print_slip
from mssw.packets.text_pages import TextPages, introduction_values, set_reading_text, set_text
from mssw.printing.binding import Press, Sides, bind_copies, make_reading_file
from mssw.printing.print_words import REFERENCE, read_words
from mssw.printing.typeset import typeset
from mssw.workset.allowed_names import keep_cover_names, read_cover_names
from mssw.workset.folder import WorkSet, make_folder, write_bytes
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.manifest import ListedFile, Manifest, write_manifest
from mssw.workset.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path


_MINUTES_TO_SPEAK = 8  # of the step in which a session gets to know the task
_LONGEST_NAME = 40
_NO_GLYPH = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed')


def bind_packet(workset: WorkSet, options: PacketOptions, others: Sequence[WorkSet] = ()) -> PacketReport:
    """Bind the packet and the presenter's checklist of a set.

    Args:
        workset: the set; the files go there.
        options: how it is printed.
        others: sets of other teachers who present in the same session; their samples are in the packet too.

    Raises:
        StepMissingError: nothing is prepared, responses are on hold, samples have to be chosen first, or nobody has
            looked at responses that would be printed.
        UnreadableError: a file of the set cannot be read, or changed since it passed the audit.
        UsageError: an option makes no sense.
        FindingsError: the packet names a student; nothing is written.
    """
    check_options(options)
    with ExitStack() as lock:
        if not options.dry_run:
            make_folder(workset.private, private=True)  # someone may have deleted it, and the lock is a file in it
            lock.enter_context(workset.locked())
        each = [read_contents(one, options) for one in (workset, *others)]
        folders = [one.root for one in (workset, *others)]
        contents = join_contents(each, any_number=options.all_works, folders=folders)
        for one, other in product(each, each):  # no class's students in another teacher's words either
            check_words(replace(one, typed_names=other.typed_names))
        check_colleagues(contents, options.colleagues)
        printed = _print(contents, options)
        gone = [] if options.dry_run else _write(workset, contents, options, printed)
    return _report(workset, contents, options, printed, gone)


@dataclass(frozen=True, slots=True)
class PacketFile:
    """One file: its name in ``shared/``, its bytes, and how many pages it has."""

    name: str
    data: bytes = field(repr=False)
    pages: int


class Leaves(NamedTuple):
    """The presenting teacher's own pages, each a PDF."""

    checklist: bytes
    slip: bytes
    card: bytes


@dataclass(frozen=True, slots=True)
class _Printed:
    """All files of a packet: audited, not yet written.

    Attributes:
        files: for the printer.
        reading: for a screen; None if it cannot be made.
        leaves: what is the presenting teacher's alone: checklist, print slip and the card to speak from.
        run: how the files are printed.
        state: what the checklist says of the set.
        parts: what is in the packet.
        remarks: what the user should know, each in a sentence.
    """

    files: tuple[PacketFile, ...]
    reading: PacketFile | None
    leaves: Leaves = field(repr=False)
    run: PrintRun
    state: SetState
    parts: tuple[str, ...]
    remarks: tuple[str, ...]


def _print(contents: Contents, options: PacketOptions) -> _Printed:
    """Set the text, bind it with the scans, and audit each file.

    Raises:
        FindingsError: the audit found something.
    """
    # Typst leaves Python free while it sets text. It works through its jobs in a thread of its own, and meanwhile
    # Python loads the audit, searches the scans' bytes for names, and binds and audits what is set already.
    typst = ThreadPoolExecutor(1)
    try:
        text_job = typst.submit(set_text, contents, options, tuple(dict.fromkeys((*options.names, ""))))
        from mssw.auditing.one_file import clean_streams  # noqa: PLC0415 - loads while Typst works

        images = [scan.image.data for pages in contents.scans.values() for scan in pages]
        clean = clean_streams(images, contents.student_names)
        text = text_job.result()
        reading_job = typst.submit(set_reading_text, contents, options, text)
        files = _bind_files(contents, options, text)
        run = _plan_run(contents, options, text, files)
        state = printing_state(contents, run)
        leaves_job = typst.submit(_set_leaves, contents, run, state)
        _audit_files(files, contents, options.colleagues, clean)
        reading, remarks = _bind_reading_file(contents, options, text, reading_job)
        _audit_files([reading] if reading else [], contents, options.colleagues, clean)
        leaves = leaves_job.result()
    finally:
        typst.shutdown(cancel_futures=True)
    parts = tuple(dict.fromkeys(side.section.part.value for side in text.plan if side.section))
    return _Printed(tuple(files), reading, leaves, run, state, parts, remarks)


def _plan_run(contents: Contents, options: PacketOptions, text: TextPages, files: Sequence[PacketFile]) -> PrintRun:
    pages = len(text.plan)
    return PrintRun(
        files=tuple(file.name for file in files),
        copies=len(options.names),
        pages=pages,
        sheets=sheets(pages, two_sided=options.two_sided, layout=options.layout),
        paper=contents.settings.paper,
        two_sided=options.two_sided,
        layout=options.layout,
        flip=options.flip,
        by_hand=options.by_hand,
        turned=options.evens_last_first,
        colour=sum(image.tone is Tone.COLOUR for image, _ in text.scans.values()),
    )


def _set_leaves(contents: Contents, run: PrintRun, state: SetState) -> Leaves:
    """What the presenting teacher keeps: the checklist, the slip that says how to print, and the card to speak from."""
    title, words = contents.settings.title, contents.words

    def leaf(template: str, values: dict[str, object]) -> bytes:
        shown = {"title": title, **values}
        return typeset(template, shown, paper=contents.settings.paper, folder=contents.templates, words=words)

    spoken = introduction_values(contents.introduction, words)
    return Leaves(
        leaf("checklist", {"groups": as_groups(checklist(state, words))}),
        leaf("print-slip", {"lines": print_slip(run, words)}),
        leaf("card", {"questions": spoken["questions"], "facts": spoken["facts"], "minutes": _MINUTES_TO_SPEAK}),
    )


def _write(workset: WorkSet, contents: Contents, options: PacketOptions, printed: _Printed) -> list[str]:
    """Write all files, and say which ones of an earlier printing are gone. The caller holds the set's lock."""
    manifest = contents.manifest.with_packet(printed_run(workset, contents.manifest, printed.state, printed.parts))
    on_covers = {*options.colleagues, *(contents.settings.presenting_teachers if contents.presenters else ())}
    if on_covers:
        own = read_settings(workset.settings).presenting_teachers
        names = sorted({*read_cover_names(workset), *on_covers} - {*own})
        keep_cover_names(workset, names)
    files = [*printed.files, *([printed.reading] if printed.reading else [])]
    gone = _replace_files(workset, manifest, files, paper=contents.settings.paper if options.name_paper else "")
    write_bytes(workset.checklist, printed.leaves.checklist, private=True)
    write_bytes(workset.print_slip, printed.leaves.slip, private=True)
    write_bytes(workset.speaking_card, printed.leaves.card, private=True)
    aliases = [sample.alias for sample in contents.samples]
    names = [file.name for file in files]
    note_handed_out(
        workset, Handing.PACKET, aliases, files=names, copies=printed.run.copies, receivers=options.colleagues
    )
    were = "was" if len(gone) == 1 else "were"
    return [f"{' and '.join(gone)} from an earlier packet {were} deleted."] if gone else []


def _report(
    workset: WorkSet, contents: Contents, options: PacketOptions, printed: _Printed, gone: Sequence[str]
) -> PacketReport:
    files = tuple(str(workset.shared / file.name) for file in printed.files)
    run = printed.run
    return PacketReport(
        packet=files[0],
        files=files,
        reading=str(workset.shared / printed.reading.name) if printed.reading else "",
        written=not options.dry_run,
        copies=run.copies,
        colleagues=options.colleagues,
        pages=run.pages,
        sheets=run.sheets,
        minutes=run.minutes,
        paper=run.paper,
        two_sided=run.two_sided,
        layout=run.layout,
        colour=run.colour,
        samples=tuple(sample.alias for sample in contents.samples),
        unseen=contents.unseen,
        held=contents.held,
        task_pages=contents.task_pages,
        unanswered=contents.introduction.unanswered,
        remarks=(*contents.remarks, *printed.remarks, *gone),
        open=tuple(item.what for item in still_open(printed.state, read_words(REFERENCE))),
    )


# The files: bound from text and scans, named, audited, and put in the place of those of an earlier printing


def _bind_files(contents: Contents, options: PacketOptions, text: TextPages) -> list[PacketFile]:
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


def _bind_reading_file(
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


def _audit_files(files: Sequence[PacketFile], contents: Contents, colleagues: Sequence[str], clean: set[bytes]) -> None:
    """Audit files of the packet before they are written.

    Args:
        files: the files.
        contents: what the packet is made of.
        colleagues: the names on the covers.
        clean: hashes of streams that hold no student's name; grows, so that files which share streams have each
            searched once.

    Raises:
        FindingsError: the audit found something.
    """
    from mssw.auditing.one_file import audit_file  # noqa: PLC0415 - loads while Typst works

    on_covers = (*contents.settings.presenting_teachers, *colleagues)
    for file in files:
        findings = audit_file(
            file.name, file.data, contents.student_names, own=on_covers, clean=clean, typed=contents.typed_names
        )
        if findings:
            raise FindingsError(
                "the packet did not pass its privacy check and was not written: "
                f"{'; '.join(map(str, findings[:3]))}. Remove this from set.toml, intro.md or your own "
                "templates (which cannot have links, and only .svg pictures), or run `mssw prepare` "
                "again."
            )


def _replace_files(workset: WorkSet, manifest: Manifest, files: Sequence[PacketFile], *, paper: str) -> list[str]:
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
