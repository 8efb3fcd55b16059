"""Bind a packet: from a work set to the files that colleagues hold in their hands, and the presenter's two leaves.

``bind_packet`` is the story of the job. It reads what a packet is made of, refuses a student's name in it, prints and
audits the files, and writes them. Only when all of them have passed does anything change on the disk.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from mssw.core.page import Tone
from mssw.core.paper import sheets
from mssw.packets.checklist import SetState, checklist, still_open
from mssw.packets.checklist_state import as_groups, printed_run, printing_state
from mssw.packets.contents import Contents, join_contents, read_contents
from mssw.packets.packet_files import PacketFile, bind_files, bind_reading_file, replace_files
from mssw.packets.packet_options import PacketOptions, PacketReport, check_options
from mssw.packets.print_slip import PrintRun, print_slip
from mssw.packets.student_names import audit_files, check_colleagues, check_words
from mssw.packets.text_pages import TextPages, introduction_values, set_reading_text, set_text
from mssw.printing.print_words import REFERENCE, read_words
from mssw.printing.typeset import typeset
from mssw.workset.allowed_names import keep_cover_names, read_cover_names
from mssw.workset.folder import WorkSet, make_folder, write_bytes
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence


_MINUTES_TO_SPEAK = 8  # of the step in which a session gets to know the task


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
        files = bind_files(contents, options, text)
        run = _plan_run(contents, options, text, files)
        state = printing_state(contents, run)
        leaves_job = typst.submit(_set_leaves, contents, run, state)
        audit_files(files, contents, options.colleagues, clean)
        reading, remarks = bind_reading_file(contents, options, text, reading_job)
        audit_files([reading] if reading else [], contents, options.colleagues, clean)
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
    gone = replace_files(workset, manifest, files, paper=contents.settings.paper if options.name_paper else "")
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
