"""Bind a packet: what colleagues hold in their hands, from the cover to the pages for notes."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from mssw.errors import FindingsError, UsageError
from mssw.files.binding import bind, page_count
from mssw.files.spreadsheet import read_roster
from mssw.files.typeset import typeset
from mssw.files.workset import WorkSet, make_folder, write_bytes, write_json
from mssw.model.checklist import State, checklist
from mssw.model.intro import FACTS, QUESTIONS
from mssw.model.namesearch import NameSearch
from mssw.model.packet import PAPERS, PlannedSide, sheets
from mssw.model.roster import all_spellings
from mssw.steps.audit_file import audit_file
from mssw.steps.contents import Contents, gather
from mssw.steps.packettext import set_text, side_of
from mssw.steps.templates import template_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_COPIES = 200

_SESSIONS = {
    "A": "A · mental models",
    "B": "B · learning gaps",
    "C": "C · next steps",
    "D": "D · analysing tasks",
    "E": "E · changing tasks",
}


@dataclass(frozen=True, slots=True)
class PacketOptions:
    """How a packet is asked for.

    Attributes:
        copies: how often it stands in the file.
        paper: ``letter`` or ``a4``; None takes the set's own.
        two_sided: whether sections start on right-hand pages.
        all_works: print every work, chosen or not.
        without_held: print although works are held.
        unreviewed: print although no person has looked at some works; the cover then says so.
        session: for the cover; None takes the set's own.
        date: for the cover; None takes the set's own.
        templates: a folder of the school's own; None takes the set's own.
        dry_run: do all but write.
    """

    copies: int = 1
    paper: str | None = None
    two_sided: bool = True
    all_works: bool = False
    without_held: bool = False
    unreviewed: bool = False
    session: str | None = None
    date: str | None = None
    templates: Path | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class PacketReport:
    """What was bound. It names works by alias only.

    Attributes:
        packet: the file.
        written: whether it was written, or only tried.
        copies: in the file.
        pages: sides of one copy, backs left blank among them.
        sheets: sheets of paper of one copy.
        paper: ``letter`` or ``a4``.
        two_sided: how it is to be printed.
        samples: aliases in the packet.
        unseen: those of them whose pages no person has looked at.
        held: works that are held and so left out.
        task_pages: pages of the blank task.
        unanswered: headings of the introduction's questions that have no answer.
        remarks: what the user should know, each in a sentence.
    """

    packet: str
    written: bool
    copies: int
    pages: int
    sheets: int
    paper: str
    two_sided: bool
    samples: tuple[str, ...]
    unseen: tuple[str, ...]
    held: int
    task_pages: int
    unanswered: tuple[str, ...]
    remarks: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return asdict(self)


def bind_packet(workset: WorkSet, options: PacketOptions) -> PacketReport:
    """Bind the packet and the presenter's checklist of a set.

    Raises:
        StepMissingError: no work is prepared, works are held, samples have to be chosen first, or nobody has looked at
            works that would be printed.
        UnreadableError: a file of the set cannot be read, or changed since it passed the audit.
        UsageError: an option makes no sense.
        FindingsError: the packet names a student; nothing is written.
    """
    if not 1 <= options.copies <= MOST_COPIES:
        raise UsageError(f"--copies takes a number from 1 to {MOST_COPIES}; print the file again for more.")
    if options.paper not in {None, *PAPERS}:
        raise UsageError(f"--paper {options.paper} is not known; take {' or '.join(PAPERS)}.")
    if options.dry_run:
        return _bind(workset, options)
    make_folder(workset.private, private=True)  # someone may have deleted it, and the lock stands there
    with workset.locked():
        return _bind(workset, options)


def _bind(workset: WorkSet, options: PacketOptions) -> PacketReport:
    contents = gather(
        workset,
        all_works=options.all_works,
        without_held=options.without_held,
        unreviewed=options.unreviewed,
    )
    contents = _settled(workset, contents, options)
    spellings = _spellings(workset, contents)
    _check_words(contents, spellings)
    packet, plan, task_pages = _packet(contents, options)
    findings = audit_file("packet.pdf", packet, spellings)
    if findings:
        raise FindingsError(
            f"the packet did not pass the audit and was not written: {'; '.join(map(str, findings[:3]))}. "
            "Take it out of set.toml or intro.md, or run `mssw prepare` again."
        )
    report = _report(workset, contents, options, plan, task_pages)
    checks = typeset("checklist", _checklist_values(contents, report), paper=report.paper, folder=contents.templates)
    if not options.dry_run:
        write_bytes(workset.packet, packet, private=False)
        write_json(workset.manifest, _listed(contents.manifest, packet, report), private=False)
        write_bytes(workset.checklist, checks, private=True)
    return report


def _settled(workset: WorkSet, contents: Contents, options: PacketOptions) -> Contents:
    """The contents, with the set's settings where the options say nothing else."""
    settings = contents.settings
    session = settings.session if options.session is None else " ".join(options.session.split())
    date = settings.date if options.date is None else " ".join(options.date.split())
    return replace(
        contents,
        settings=replace(
            settings,
            title=settings.title or "Student work",
            paper=options.paper or settings.paper,
            session=_SESSIONS.get(session.upper(), session),
            date=date,
        ),
        templates=template_folder(workset, settings, options.templates),
    )


def _spellings(workset: WorkSet, contents: Contents) -> tuple[str, ...]:
    """What the packet must not hold: the roster's spellings, but for what the presenting teachers are called.

    A teacher may share a name with a student, and her own stands on the cover.
    """
    if not workset.roster.is_file():
        return ()
    own = {word.casefold() for name in contents.settings.presenting_teachers for word in name.split()}
    return tuple(one for one in all_spellings(read_roster(workset.roster)) if one.casefold() not in own)


def _check_words(contents: Contents, spellings: Sequence[str]) -> None:
    """Say where a teacher's own words name a student; the audit could only say that they do.

    Raises:
        FindingsError: they do.
    """
    names, settings, introduction = NameSearch(spellings), contents.settings, contents.introduction
    answers = zip((*QUESTIONS, *FACTS), (*introduction.answers, *introduction.facts), strict=True)
    places = [(f"intro.md under “{question.heading}”", text) for question, text in answers]
    places += [(f"the {key}", getattr(settings, key)) for key in ("title", "grade", "session", "date")]
    found = [place for place, text in places if names.hits(text)]
    if found:
        raise FindingsError(
            f"a name from the roster stands in {' and '.join(found)}; say it without the name, then run this again."
        )


def _packet(contents: Contents, options: PacketOptions) -> tuple[bytes, list[PlannedSide], int]:
    """The packet's bytes, the plan of one copy, and how many pages the blank task has."""
    images = {f"work/{alias}.pdf": data for alias, data in contents.works.items()}
    samples = [(one.alias, page_count(images[f"work/{one.alias}.pdf"], one.alias)) for one in contents.samples]
    task = page_count(contents.task, "task.pdf") if contents.task else 0
    if contents.task:
        images["task.pdf"] = contents.task
    text, plan, labels = set_text(contents, samples, task=task, two_sided=options.two_sided)
    packet = bind(
        text,
        images,
        [side_of(planned, labels) for planned in plan],
        paper=PAPERS[contents.settings.paper],
        copies=options.copies,
        two_sided=options.two_sided,
    )
    return packet, plan, task


def _report(
    workset: WorkSet, contents: Contents, options: PacketOptions, plan: Sequence[PlannedSide], task_pages: int
) -> PacketReport:
    answers = zip(QUESTIONS, contents.introduction.answers, strict=True)
    return PacketReport(
        packet=str(workset.packet),
        written=not options.dry_run,
        copies=options.copies,
        pages=len(plan),
        sheets=sheets(len(plan), two_sided=options.two_sided),
        paper=contents.settings.paper,
        two_sided=options.two_sided,
        samples=tuple(sample.alias for sample in contents.samples),
        unseen=contents.unseen,
        held=contents.held,
        task_pages=task_pages,
        unanswered=tuple(question.heading for question, answer in answers if not answer),
        remarks=contents.remarks,
    )


def _checklist_values(contents: Contents, report: PacketReport) -> dict[str, object]:
    """What ``checklist.typ.j2`` prints."""
    settings = contents.settings
    state = State(
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
        blanks_on_cover=tuple(key for key in ("grade", "session", "date") if not getattr(settings, key)),
    )
    return {
        "title": settings.title,
        "groups": [(heading, [asdict(item) for item in items]) for heading, items in checklist(state)],
    }


def _listed(manifest: dict[str, Any], packet: bytes, report: PacketReport) -> dict[str, Any]:
    """The manifest with the packet in its list of files."""
    entry = {
        "path": "packet.pdf",
        "sha256": hashlib.sha256(packet).hexdigest(),
        "pages": report.pages * report.copies,
    }
    others = [file for file in manifest.get("files", []) if file.get("path") != entry["path"]]
    return manifest | {"files": sorted([*others, entry], key=lambda file: str(file["path"]))}
