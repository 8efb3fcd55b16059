"""Add student work by reference: a description goes in, a page with an alias comes out, and nothing is copied.

The page is made like that of a response, one image, so that everything that sorts, chooses, prints and audits responses
takes it too. Where the thing is kept may name a student: then it is not printed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from msgspec.structs import replace

from mssw.core.page import EncodedImage, Tone
from mssw.core.paper import PAPERS
from mssw.errors import StepMissingError, UsageError, WouldOverwriteError
from mssw.intro.questions import intro_text
from mssw.names.name_search import NameSearch
from mssw.preparing.aliases import draw_aliases
from mssw.preparing.release import draw_contact_sheet
from mssw.printing.page_pictures import draw_pages, encode_jpeg
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.print_words import words_of_set
from mssw.printing.template_files import template_folder
from mssw.printing.typeset import typeset
from mssw.sharing import check, share
from mssw.workset.allowed_names import check_typed, drop_teachers_names, find_typed_names, roster_spellings
from mssw.workset.decisions import withdraw_responses
from mssw.workset.entries import EntryKind, StudentEntry, keep_entries, read_entries
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.manifest import (
    ListedFile,
    Manifest,
    ReleasedResponse,
    read_audited_file,
    read_audited_response,
    read_manifest,
    write_manifest,
)
from mssw.workset.prepared_state import read_state
from mssw.workset.question_file import find_placed_pages
from mssw.workset.settings import Settings, read_settings, settings_text

_LONGEST = 600  # letters of a description
_LONGEST_PLACE = 200
_MOST_MINUTES = 600
_DPI = 200
SEEN_AND_HEARD = (EntryKind.VIDEO, EntryKind.AUDIO)


@dataclass(frozen=True, slots=True)
class EntryReport:
    """The entries of a set, and what was done.

    Attributes:
        added: the alias of the new entry; empty where none was added.
        removed: the alias of the entry that is gone; empty where none is.
        entries: all of them now.
        remarks: what the teacher should know, each in a sentence.
        written: whether anything was changed.
    """

    added: str
    removed: str
    entries: tuple[StudentEntry, ...]
    remarks: tuple[str, ...]
    written: bool

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``. Where a thing is kept is left out: it may name a student."""
        rows = [
            {"alias": one.alias, "kind": str(one.kind), "what": one.what, "minutes": one.minutes}
            for one in self.entries
        ]
        return {**asdict(self), "entries": rows}


def list_entries(workset: WorkSet) -> EntryReport:
    """The entries of a set."""
    return EntryReport("", "", read_entries(workset), (), written=False)


def add_entry(
    workset: WorkSet, what: str, kind: str, *, minutes: int = 0, kept: str = "", dry_run: bool = False
) -> EntryReport:
    """Add an entry, with an alias and a page in ``shared/work``. A set that is not there yet is made.

    Args:
        workset: the set.
        what: a description for colleagues.
        kind: one of ``EntryKind``.
        minutes: how long it takes to look at; 0 to leave it open.
        kept: where it is, such as a folder or a shelf.
        dry_run: check it, and write nothing.

    Raises:
        UsageError: something makes no sense.
        FindingsError: the description names a student.
        WordsInDoubtError: a word of it may be a student's name.
        WouldOverwriteError: the set is final, or the folder is no set.
    """
    entry = _checked(workset, " ".join(what.split()), kind, minutes, " ".join(kept.split()))
    if dry_run:
        return EntryReport("", "", read_entries(workset), _remarks(workset, entry), written=False)
    _make_set(workset)
    with workset.locked():
        before = read_entries(workset)
        same = next((one for one in before if replace(one, alias="") == entry), None)
        if same is not None and (workset.work / f"{same.alias}.pdf").is_file():
            return EntryReport("", "", before, (f"{same.alias} is this very entry already.",), written=False)
        entry = replace(entry, alias=same.alias if same else _draw_alias(workset, before))
        data, pages = _page_of(workset, entry)
        check(f"work/{entry.alias}.pdf", data, roster_spellings(workset))
        after = (*(one for one in before if one.alias != entry.alias), entry)
        keep_entries(workset, after)
        _release(workset, entry, data, pages)
        _renew_contact_sheet(workset)
    return EntryReport(entry.alias, "", read_entries(workset), _remarks(workset, entry), written=True)


def remove_entry(workset: WorkSet, alias: str, *, dry_run: bool = False) -> EntryReport:
    """Take an entry away, with everything that shows it. The thing itself is where it was.

    Raises:
        UsageError: no entry has that alias.
    """
    found = next((one.alias for one in read_entries(workset) if one.alias.casefold() == alias.strip().casefold()), "")
    if not found:
        raise UsageError(f"no entry has that alias; `mssw entry {workset.typed}` lists them.")
    if not dry_run:
        with workset.locked():
            keep_entries(workset, tuple(one for one in read_entries(workset) if one.alias != found))
            withdraw_responses(workset, [found])
            _renew_contact_sheet(workset)
    return EntryReport("", found, read_entries(workset), (), written=not dry_run)


def _checked(workset: WorkSet, what: str, kind: str, minutes: int, kept: str) -> StudentEntry:
    if not what or len(what) > _LONGEST:
        raise UsageError(f"describe the student work in 1 to {_LONGEST} letters, for colleagues who have not seen it.")
    if kind not in list(EntryKind):
        raise UsageError(f"--kind must be one of {', '.join(EntryKind)}.")
    if not 0 <= minutes <= _MOST_MINUTES:
        raise UsageError(f"--minutes must be from 0 to {_MOST_MINUTES}.")
    if len(kept) > _LONGEST_PLACE:
        raise UsageError(f"--kept can have at most {_LONGEST_PLACE} letters.")
    if workset.is_final and not workset.roster.is_file():
        raise WouldOverwriteError(f"{workset.final_because}, so nothing can be added to it.")
    if workset.settings.is_file():
        check_typed(find_typed_names(workset), [("the description", what)], "please take it out, then run this again.")
    return StudentEntry(alias="", kind=EntryKind(kind), what=what, minutes=minutes, kept=kept)


def _make_set(workset: WorkSet) -> None:
    """Make a set where there is none, for a class whose work is not on paper."""
    if workset.settings.is_file():
        return
    WorkSet.create(workset.root)
    write_bytes(workset.settings, settings_text(Settings()).encode(), private=False)
    write_bytes(workset.intro, intro_text().encode(), private=False)


def _draw_alias(workset: WorkSet, entries: Sequence[StudentEntry]) -> str:
    """An alias that nobody in the set has, unlike every name of the class list."""
    state, settings = read_state(workset), read_settings(workset.settings)
    taken = {one.alias for one in entries} | {row.alias for row in _manifest(workset).works}
    taken |= {one.alias for one in state.works} if state else set()
    spellings = (*roster_spellings(workset), *settings.presenting_teachers)
    refused = frozenset(workset.refused.read_text("ascii").split()) if workset.refused.is_file() else frozenset()
    [alias] = draw_aliases(1, spellings, sorted(taken), settings.seed, refused)
    return alias


def _manifest(workset: WorkSet) -> Manifest:
    try:
        return read_manifest(workset)
    except StepMissingError:
        return Manifest(files=())


def _page_of(workset: WorkSet, entry: StudentEntry) -> tuple[bytes, int]:
    """The entry's page, one image as a response's, and how many there are where a description is long."""
    settings = read_settings(workset.settings)
    folder = template_folder(workset, settings, None)
    words = words_of_set(settings, settings.paper, folder)
    values = {
        "alias": entry.alias,
        "kind": words.text(f"entry.{entry.kind}"),
        "what": entry.what,
        "minutes": entry.minutes,
        "kept": entry.kept if _may_be_printed(workset, entry.kept) else "",
        "seen": entry.kind in SEEN_AND_HEARD,
    }
    points = PAPERS[settings.paper]
    pdf = typeset("entry", values, paper=settings.paper, tagged=False, folder=folder, words=words)
    room = (round(points[0] / 72 * _DPI), round(points[1] / 72 * _DPI))
    pages = draw_pages(pdf, "entry.pdf", room)
    images = [(EncodedImage(encode_jpeg(page), page.width, page.height, Tone.GREY), points) for page in pages]
    return image_pdf(images), len(images)


def _may_be_printed(workset: WorkSet, kept: str) -> bool:
    """Whether the place names nobody: a file is often called after its student."""
    plain = kept.replace("_", " ").replace("-", " ").replace("/", " ").replace("\\", " ").replace(".", " ")
    names = NameSearch(drop_teachers_names(workset, roster_spellings(workset)))
    return not (names.hits(kept, ordinary=True) or names.hits(plain, ordinary=True))


def _release(workset: WorkSet, entry: StudentEntry, data: bytes, pages: int) -> None:
    """Write the page and list it; all files of responses keep one time, which tells no order."""
    path = workset.work / f"{entry.alias}.pdf"
    write_bytes(path, data, private=False)
    now = time.time_ns()
    for one in workset.work.glob("*.pdf"):
        os.utime(one, ns=(now, now))
    manifest = _manifest(workset)
    works = {row.alias: row for row in manifest.works} | {entry.alias: ReleasedResponse(entry.alias, pages, seen=True)}
    manifest = replace(manifest, works=tuple(works[alias] for alias in sorted(works)))
    write_manifest(workset, manifest.with_files([ListedFile.of(f"work/{entry.alias}.pdf", data, pages)]))


def _renew_contact_sheet(workset: WorkSet) -> None:
    """Draw the contact sheet anew, so that it shows every entry that is there, and none that is gone."""
    manifest = _manifest(workset)
    placed = find_placed_pages(workset, {row.alias: row.pages for row in manifest.works})
    if placed:
        names = roster_spellings(workset)
        task = workset.task if manifest.file("task.pdf") is not None else None
        for alias in placed:  # pixels cannot be searched for names, so only what passed the audit is drawn
            read_audited_response(workset, manifest, alias)
        if task is not None:
            read_audited_file(workset, manifest, task)
        data, pages = draw_contact_sheet(workset, read_settings(workset.settings), placed, task, names)
        share(workset, workset.contact_sheet.name, data, names, pages=pages)


def _remarks(workset: WorkSet, entry: StudentEntry) -> tuple[str, ...]:
    remarks = []
    if entry.kind in SEEN_AND_HEARD:
        remarks.append(
            "Faces and voices identify students, and nothing here can cover them. Show it only where families have "
            "allowed that, watch it together, and pass no copy on."
        )
    else:
        remarks.append("Look for names, photos and signatures in it before you show it: mssw does not look inside.")
    with_list = workset.settings.is_file() and roster_spellings(workset)
    if entry.kept and with_list and not _may_be_printed(workset, entry.kept):
        remarks.append("Where it is kept may name a student, so it is not printed; only you see it.")
    if not with_list:
        remarks.append("There is no class list in private/, so mssw did not search your words for names.")
    return tuple(remarks)
