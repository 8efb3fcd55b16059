"""Bind a packet: what colleagues hold in their hands, from the cover to the pages for notes.

The audit of a packet's files before they are written: of names, only the teachers' own may stand on its covers.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from mssw.core.imposition import Layout, usual_flip
from mssw.core.packet_plan import sheets
from mssw.core.page import Tone
from mssw.core.paper import PAPERS
from mssw.errors import FindingsError, UsageError
from mssw.intro.questions import QUESTIONS
from mssw.names.name_search import NameSearch
from mssw.packets.checklist import SetState, still_open
from mssw.packets.checklist_state import checklist_values, packet_record
from mssw.packets.contents import Contents, gather, session_parts
from mssw.packets.packet_options import PacketOptions, PacketReport
from mssw.packets.print_packet import PrintedPacket, Printing, put
from mssw.packets.print_slip import PrintRun, print_slip
from mssw.printing.template_files import template_folder
from mssw.printing.typeset import typeset
from mssw.workset.folder import WorkSet, make_folder, write_bytes, write_json
from mssw.workset.manifest import on_covers, roster_spellings, without_words_of
from mssw.workset.settings import misspelt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mssw.packets.print_packet import PacketFile


__all__ = ["MOST_COPIES", "PacketOptions", "PacketReport", "bind_packet"]


def audited(
    made: PrintedPacket, spellings: Sequence[str], own: Sequence[str], clean: set[bytes]
) -> tuple[PacketFile | None, str]:
    """Hold every file of a packet against the audit; what they share is searched once.

    Args:
        made: the packet.
        spellings: what must not stand in it.
        own: the names of teachers that its covers bear.
        clean: hashes of streams in which none of the spellings stands.

    Returns:
        The reading file; or None, and a sentence that says why there is none.

    Raises:
        FindingsError: the audit found something.
    """
    _audit(made.files, spellings, own, clean)
    reading, remark = made.reading()
    _audit([reading] if reading else [], spellings, own, clean)
    return reading, remark


def _audit(files: Sequence[PacketFile], spellings: Sequence[str], own: Sequence[str], clean: set[bytes]) -> None:
    """Hold the files against the audit.

    Raises:
        FindingsError: it found something.
    """
    from mssw.auditing.one_file import audit_file  # noqa: PLC0415 - loads while Typst is at work

    for file in files:
        findings = audit_file(file.name, file.data, spellings, own=own, clean=clean)
        if findings:
            raise FindingsError(
                f"the packet did not pass the audit and was not written: {'; '.join(map(str, findings[:3]))}. "
                "Take it out of set.toml, intro.md or your own templates, where pictures are to be .svg and links are "
                "not printed; or run `mssw prepare` again."
            )


MOST_COPIES = 200

_NO_LIST = "there is no class list in private/, so no name was looked for: read your own words in the packet once more."
_SESSIONS = {
    "A": "A · mental models",
    "B": "B · learning gaps",
    "C": "C · next steps",
    "D": "D · analysing tasks",
    "E": "E · changing tasks",
}


def bind_packet(workset: WorkSet, options: PacketOptions) -> PacketReport:
    """Bind the packet and the presenter's checklist of a set.

    Raises:
        StepMissingError: no work is prepared, works are held, samples have to be chosen first, or nobody has looked at
            works that would be printed.
        UnreadableError: a file of the set cannot be read, or changed since it passed the audit.
        UsageError: an option makes no sense.
        FindingsError: the packet names a student; nothing is written.
    """
    _check_options(options)
    if options.dry_run:
        return _bind(workset, options)
    make_folder(workset.private, private=True)  # someone may have deleted it, and the lock stands there
    with workset.locked():
        return _bind(workset, options)


def _check_options(options: PacketOptions) -> None:
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


def _bind(workset: WorkSet, options: PacketOptions) -> PacketReport:
    contents = gather(
        workset,
        all_works=options.all_works,
        without_held=options.without_held,
        unreviewed=options.unreviewed,
    )
    contents = _settled(workset, contents, options)
    roster = roster_spellings(workset)
    teachers = contents.settings.presenting_teachers
    _check_words(contents, roster)
    _check_people(teachers, options.colleagues, without_words_of((*teachers, *options.colleagues), roster))
    if not roster and not contents.fiction:
        contents = replace(contents, remarks=(*contents.remarks, _NO_LIST))
    contents = replace(contents, remarks=(*contents.remarks, *(f"{one}." for one in misspelt(workset.settings))))
    threads = ThreadPoolExecutor(1)
    try:
        printing = Printing(contents, options, threads)
        # While Typst takes its time, Python loads the audit, and searches what is known already.
        from mssw.auditing.one_file import clean_streams  # noqa: PLC0415

        clean = clean_streams(printing.images, roster)
        made = printing.printed(roster)
        report = _report(workset, contents, options, made)
        state = _state(contents, report, options)
        leaves = threads.submit(_own_leaves, contents, _run(made, report, options), state)
        reading, remark = audited(made, roster, (*teachers, *options.colleagues), clean)
        own, files = leaves.result(), [*made.files, *([reading] if reading else [])]
    finally:
        threads.shutdown(cancel_futures=True)
    remarks = [*report.remarks, *([remark] if remark else [])]
    if not options.dry_run:
        manifest = contents.manifest | {"packet": packet_record(workset, contents.manifest, state)}
        if options.colleagues:
            told = sorted({*on_covers(workset), *options.colleagues} - {*teachers})
            write_json(workset.on_covers, {"version": 1, "colleagues": told}, private=True)
        gone = put(workset, manifest, files, paper=contents.settings.paper if options.name_paper else "")
        remarks += [f"of an earlier printing, {' and '.join(gone)} {_was(gone)} taken away."] if gone else []
        for path, data in zip((workset.checklist, workset.print_slip), own, strict=True):
            write_bytes(path, data, private=True)
    return replace(
        report,
        reading=str(workset.shared / reading.name) if reading else "",
        open=tuple(item.what for item in still_open(state)),
        remarks=tuple(remarks),
    )


def _was(names: Sequence[str]) -> str:
    return "was" if len(names) == 1 else "were"


def _own_leaves(contents: Contents, errand: PrintRun, state: SetState) -> tuple[bytes, bytes]:
    """What the presenter keeps: the checklist, and how to print."""
    title, paper, folder = contents.settings.title, contents.settings.paper, contents.templates
    return (
        typeset("checklist", checklist_values(title, state), paper=paper, folder=folder),
        typeset("print-slip", {"title": title, "lines": print_slip(errand)}, paper=paper, folder=folder),
    )


def _settled(workset: WorkSet, contents: Contents, options: PacketOptions) -> Contents:
    """The contents, with the set's settings where the options say nothing else."""
    settings = contents.settings
    session = settings.session if options.session is None else " ".join(options.session.split())
    date = settings.date if options.date is None else " ".join(options.date.split())
    folder = template_folder(workset, settings, options.templates)
    return replace(
        contents,
        session=session_parts(session.upper(), folder),
        templates=folder,
        settings=replace(
            settings,
            title=settings.title or "Student work",
            paper=options.paper or settings.paper,
            session=_SESSIONS.get(session.upper(), session),
            date=date,
        ),
    )


def _check_words(contents: Contents, spellings: Sequence[str]) -> None:
    """Say where a teacher's own words name a student; the audit could only say that they do.

    Raises:
        FindingsError: they do.
    """
    names, settings = NameSearch(spellings), contents.settings
    places = [(f"intro.md under “{heading}”", text) for heading, text in contents.introduction.places()]
    places += [(f"the {key}", getattr(settings, key)) for key in ("title", "grade", "session", "date")]
    found = list(dict.fromkeys(place for place, text in places if names.hits(text)))
    if found:
        raise FindingsError(
            f"a name from the roster stands in {' and '.join(found)}; say it without the name, then run this again."
        )


def _check_people(teachers: Sequence[str], colleagues: Sequence[str], spellings: Sequence[str]) -> None:
    """Say which colleague is called, in full, as a student is; a word of a name alone they may share.

    Raises:
        FindingsError: one of them is.
        UsageError: one of them is several names.
    """
    names = NameSearch(spellings)
    for where, people in (("presenting_teachers in set.toml", teachers), ("--per-teacher", colleagues)):
        for at, name in enumerate(people, 1):
            if names.hits(name) and "," in name:
                raise UsageError(
                    f"name {at} of {where} is a student's full name, or several names in one; write each for itself, "
                    "in quotes of its own."
                )
            if names.hits(name):
                raise FindingsError(
                    f"name {at} of {where} is a student's full name; write it in another way, such as with initials."
                )


def _report(workset: WorkSet, contents: Contents, options: PacketOptions, made: PrintedPacket) -> PacketReport:
    """What is known before the reading file is there."""
    answers = zip(QUESTIONS, contents.introduction.answers, strict=True)
    pages = len(made.text.plan)
    files = tuple(str(workset.shared / file.name) for file in made.files)
    report = PacketReport(
        packet=files[0],
        files=files,
        reading="",
        written=not options.dry_run,
        copies=len(options.names),
        colleagues=options.colleagues,
        pages=pages,
        sheets=sheets(pages, two_sided=options.two_sided, layout=options.layout),
        minutes=0,
        paper=contents.settings.paper,
        two_sided=options.two_sided,
        layout=options.layout,
        colour=sum(scan.image.tone is Tone.COLOUR for scan, _ in made.text.scans.values()),
        samples=tuple(sample.alias for sample in contents.samples),
        unseen=contents.unseen,
        held=contents.held,
        task_pages=made.task_pages,
        unanswered=tuple(question.heading for question, answer in answers if not answer),
        remarks=contents.remarks,
    )
    return replace(report, minutes=_run(made, report, options).minutes)


def _run(made: PrintedPacket, report: PacketReport, options: PacketOptions) -> PrintRun:
    """The errand to the printer."""
    return PrintRun(
        files=tuple(file.name for file in made.files),
        copies=report.copies,
        pages=report.pages,
        sheets=report.sheets,
        paper=report.paper,
        two_sided=report.two_sided,
        layout=options.layout,
        flip=options.flip,
        by_hand=options.by_hand,
        turned=options.turned,
        colour=report.colour,
    )


def _state(contents: Contents, report: PacketReport, options: PacketOptions) -> SetState:
    """What is true of the set while its packet is printed."""
    settings = contents.settings
    return SetState(
        samples=len(report.samples),
        chosen=contents.chosen,
        unseen=report.unseen,
        held=report.held,
        task_pages=report.task_pages,
        unanswered=tuple(heading.casefold() for heading in report.unanswered),
        copies=report.copies,
        sheets=report.sheets,
        paper=report.paper.capitalize(),
        two_sided=report.two_sided,
        edge=options.flip or usual_flip(options.layout),
        by_hand=options.by_hand,
        folded=options.layout is Layout.BOOKLET,
        blanks_on_cover=tuple(key for key in ("grade", "session", "date") if not getattr(settings, key)),
        printing=True,
        fiction=contents.fiction,
    )
