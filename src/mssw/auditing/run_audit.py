"""The audit of a work set, a folder or a file, by code that wrote none of it.

A path goes in, an ``AuditReport`` comes out; nothing is written. A whole work set shows more than its files one by
one: files against the manifest, aliases against the roster, pages under their covers.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from mssw.auditing.one_file import LARGEST_FILE, Finding, audit_file, audit_pages, typed_texts
from mssw.core.page import Box
from mssw.errors import MsswError, UnreadableError, UsageError
from mssw.names.name_search import NameSearch, describe_rows, describe_students
from mssw.names.student import fold, list_student_spellings
from mssw.names.typed_names import TypedNames, count_short_names
from mssw.roster.roster_file import read_roster
from mssw.workset.allowed_names import read_cover_names, read_kept_words
from mssw.workset.class_list import read_class_list, read_key
from mssw.workset.decisions import waiting_responses
from mssw.workset.entries import entry_aliases
from mssw.workset.folder import WorkSet, read_typed
from mssw.workset.manifest import read_manifest
from mssw.workset.settings import read_settings

if TYPE_CHECKING:
    from mssw.auditing.cover_residue import Pixels

_NOT_PRIVATE = 0o077
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class NamesToFind:
    """A roster's spellings, and the student of each.

    Attributes:
        spellings: without the words that a person said are words.
        students: the number of the student of each spelling, from 1.
        typed: the same names, to be looked for in sentences.
        count: how many students there are.
        short: how many of them have a name that is too short to be searched for in bytes.
        words: how many have a name that is an everyday word.
    """

    spellings: tuple[str, ...] = field(default=(), repr=False)
    students: tuple[int, ...] = ()
    typed: TypedNames | None = None
    count: int = 0
    short: int = 0
    words: int = 0

    @classmethod
    def of(cls, roster: Path | None, columns: Sequence[str] = (), words: Sequence[str] = ()) -> NamesToFind:
        """The names of a roster, see ``read_roster``; none where there is no roster.

        Args:
            roster: the class list.
            columns: what its columns hold.
            words: those that a person said are words, and name nobody.
        """
        if roster is None:
            return cls()
        students = read_roster(roster, columns=columns).students
        meant = {fold(word) for word in words}
        found = [
            (spelling, number)
            for number, student in enumerate(students, start=1)
            for spelling in list_student_spellings(student)
            if fold(spelling) not in meant
        ]
        left_out = count_short_names(students)
        return cls(
            tuple(spelling for spelling, _ in found),
            tuple(number for _, number in found),
            TypedNames(students, words),
            len(students),
            left_out["short"],
            left_out["word"],
        )

    @property
    def note(self) -> str:
        """What is not searched for everywhere, by number; empty where all is."""
        parts = []
        if self.short:
            parts.append(f"{self.short} {'name is' if self.short == 1 else 'names are'} too short to search bytes for")
        if self.words:
            are = "is an everyday word" if self.words == 1 else "are everyday words"
            parts.append(f"{self.words} {are} that bytes are searched for only beside the rest of the name")
        if not parts:
            return ""
        return f"of {self.count} students, {' and '.join(parts)}; typed text was searched for all"

    def shown(self, name: str) -> str:
        """A file's name as it may be shown: not where it is a student's."""
        found = audit_file(name, b"", self.spellings)
        return found[0].file if found else name


def read_file(path: Path) -> tuple[bytes | None, str]:
    """A file's bytes, or None and why not."""
    try:
        entry = path.lstat()
        if stat.S_ISLNK(entry.st_mode):
            return None, "it is a link, not a file, and may lead anywhere"
        if not stat.S_ISREG(entry.st_mode):
            return None, "it is not a file"
        if entry.st_size > LARGEST_FILE:
            return None, "it is larger than anything that mssw shares"
        return path.read_bytes(), ""
    except OSError as error:
        return None, f"it cannot be read: {error.strerror or 'unknown cause'}"


def holds_picture(suffix: str, data: bytes) -> bool:
    """Whether a file is a picture, or a PDF that shows one: a picture's own entries are never packed."""
    return suffix.lower() in {".png", ".jpg", ".jpeg"} or re.search(rb"/Subtype\s*/Image\b", data) is not None


def file_modes(root: Path) -> Iterator[int]:
    """The mode of a folder and of everything in it, links not followed."""
    if not root.is_dir():
        return
    yield root.lstat().st_mode
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            mode = Path(folder, name).lstat().st_mode
            if not stat.S_ISLNK(mode):
                yield mode


class CoverToCheck(Struct, frozen=True):
    """A cover, of which the audit needs the place alone: left, top, width and height in fractions of the page."""

    box: tuple[float, float, float, float]


class PageToCheck(Struct, frozen=True):
    """What the audit needs of a page in ``private/state.json``: its image before covering, and its covers."""

    id: str
    image: str
    covers: tuple[CoverToCheck, ...] = ()


class ResponseToCheck(Struct, frozen=True):
    """What the audit needs of a response in ``private/state.json``: its pages, and why it is on hold."""

    alias: str
    pages: tuple[str, ...]
    held: tuple[str, ...] = ()


class StateToCheck(Struct, frozen=True):
    """What the audit needs of ``private/state.json``. It has rows of its own, and shares none with what writes."""

    pages: tuple[PageToCheck, ...] = ()
    works: tuple[ResponseToCheck, ...] = ()


def read_state_to_check(workset: WorkSet) -> StateToCheck:
    """The rows of ``private/state.json``; none where it is missing or damaged, and then no file passes."""
    try:
        return read_typed(workset.state, StateToCheck)
    except MsswError:
        return StateToCheck()


def page_before_covering(workset: WorkSet, page: PageToCheck) -> tuple[Pixels, list[Box]]:
    """A page as it was before covering, and its covers.

    Raises:
        ValueError: the image or a box is damaged.
    """
    import cv2  # noqa: PLC0415 - a packet's audit looks under no cover, and needs no pixels
    import numpy as np  # noqa: PLC0415

    packed = np.frombuffer((workset.pages / Path(page.image).name).read_bytes(), np.uint8)
    try:
        pixels = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise ValueError("the image is damaged")
    return np.asarray(pixels, np.uint8), [Box(*cover.box) for cover in page.covers]


def _why_unnamed(name: str) -> str:
    """Why a file does not belong there; a spreadsheet that is open leaves one that goes when it is closed."""
    last = name.rpartition("/")[2]
    if last.startswith(("~$", ".~lock.")):
        return "a spreadsheet or document is open there and left this; close it, then this file is gone"
    return "the manifest does not name this file"


def manifest_findings(workset: WorkSet, seen: Mapping[str, str], names: NamesToFind) -> list[Finding]:
    """Compare the manifest with the files: it must name each, and none may have changed since.

    Args:
        workset: the set.
        seen: the SHA-256 of each file in ``shared/``, by its name there.
        names: the roster's.
    """
    if not seen:
        return []
    try:
        listed = {row.path: row.sha256 for row in read_manifest(workset).files}
    except MsswError:
        return [Finding(_MANIFEST, None, "the manifest is missing or damaged; run `mssw prepare` again")]
    unnamed = sorted(seen.keys() - listed.keys() - {_MANIFEST})
    found = [Finding(names.shown(name), None, _why_unnamed(name)) for name in unnamed]
    for name in sorted(listed):
        if name not in seen:
            what = "the manifest names this file, but it is not there"
        elif seen[name] != listed[name]:
            what = "the file is not the one that the manifest names; it was changed since"
        else:
            continue
        found.append(Finding(names.shown(name), None, what))
    return found


def alias_findings(workset: WorkSet, names: NamesToFind) -> list[Finding]:
    """Compare every alias with the roster."""
    search = NameSearch(names.spellings)
    found = []
    aliases_by_file = {"private/state.json": {work.alias for work in read_state_to_check(workset).works}}
    aliases_by_file["private/entries.json"] = set(_entries_of(workset))
    if workset.key.is_file():
        try:
            aliases_by_file["private/key.xlsx"] = {entry.alias for entry in read_key(workset.key)}
        except MsswError:
            found.append(Finding("private/key.xlsx", None, "the key cannot be read"))
    for name, aliases in aliases_by_file.items():
        for alias in sorted(aliases):
            hits = search.hits(alias, ordinary=True)
            if hits:
                what = f"an alias is also a roster name ({describe_students(hits, names.students)})"
                found.append(Finding(name, None, what))
    return found


def _entries_of(workset: WorkSet) -> frozenset[str]:
    """The aliases of student work by reference; none where the file is damaged, and then no page of it passes."""
    try:
        return entry_aliases(workset)
    except MsswError:
        return frozenset()


def cover_findings(workset: WorkSet, names: NamesToFind) -> tuple[list[Finding], dict[str, int]]:
    """Look under the covers of every response in ``shared/work``.

    Returns:
        The findings, and how many covers were checked, by file as it may be shown.
    """
    state = read_state_to_check(workset)
    pages = {page.id: page for page in state.pages}
    works = {work.alias: work for work in state.works}
    entries = _entries_of(workset)
    found: list[Finding] = []
    covers_checked: dict[str, int] = {}
    for path in sorted(workset.work.glob("*.pdf")) if workset.work.is_dir() else ():
        shown = names.shown(f"work/{path.name}")
        data, _ = read_file(path)
        work = works.get(path.stem)
        if work is None and path.stem in entries:
            continue  # a page of our own words: no cover is on it
        if work is None:
            what = "no response in this set has this alias, so its covers cannot be checked"
            found.append(Finding(shown, None, what))
            continue
        if work.held:
            found.append(Finding(shown, None, "the response is on hold, but it is in shared/"))
        try:
            pages_before = [page_before_covering(workset, pages[page_id]) for page_id in work.pages]
        except (KeyError, ValueError, OSError):
            what = "a page before covering is missing or damaged, so its covers cannot be checked"
            found.append(Finding(shown, None, what))
            continue
        found += audit_pages(shown, data, pages_before) if data else []
        covers_checked[shown] = sum(len(covers) for _, covers in pages_before)
    return found, covers_checked


def waiting_findings(workset: WorkSet) -> list[Finding]:
    """Find responses in ``shared/`` about which a person decided something since that they do not show."""
    try:
        read_class_list(workset)
        waiting = waiting_responses(workset)
    except MsswError as error:
        return [Finding("private", None, str(error).rstrip("."))]
    what = "what you decided about it is saved, but not applied yet; `mssw prepare` applies it"
    return [Finding(f"work/{alias}.pdf", None, what) for alias in waiting if (workset.work / f"{alias}.pdf").exists()]


def typed_findings(workset: WorkSet, names: NamesToFind) -> list[Finding]:
    """Look for names in what the teacher typed and later files will show: introduction, title, piles, notes."""
    if names.typed is None:
        return []
    places: list[tuple[str, str]] = []
    for path in (workset.intro, *sorted(workset.sorts.glob("*.json") if workset.sorts.is_dir() else ())):
        data, _ = read_file(path) if path.is_file() else (b"", "")
        places += [(path.relative_to(workset.root).as_posix(), text) for text in typed_texts(data or b"", path.suffix)]
    with suppress(MsswError):
        settings = read_settings(workset.settings)
        keys = ("title", "grade", "session", "date", "subject", "school", "time")
        places += [("set.toml", getattr(settings, key)) for key in keys]
    found: dict[Finding, None] = {}
    for file, text in places:
        for one in names.typed.find(text):
            whom = describe_rows([student + 1 for student in one.students])
            what = (
                f"a roster name is in what you typed ({whom})"
                if one.sure
                else f"a word may be a student's name ({whom})"
            )
            found[Finding(names.shown(file), None, what)] = None
    return list(found)


def permission_findings(workset: WorkSet) -> list[Finding]:
    """Check that nobody else on this computer can read ``private/``."""
    if os.name != "posix":
        return []
    open_to_others = sum(1 for mode in file_modes(workset.private) if mode & _NOT_PRIVATE)
    if not open_to_others:
        return []
    what = (
        f"{open_to_others} of its files and folders can be read by others on this computer; "
        f"`chmod -R go= {workset.private}` closes them"
    )
    return [Finding("private", None, what)]


@dataclass(frozen=True, slots=True)
class AuditedFile:
    """One file that was audited.

    Attributes:
        name: relative to what was audited; withheld where it is a roster name.
        findings: how many it has.
        covers: how many covers were checked for what is under them.
    """

    name: str
    findings: int
    covers: int = 0


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit checked and what it found.

    Attributes:
        files: every file, in the order of their names.
        findings: everything that was found, by file and page.
        students: how many students' names were searched for; 0 where there was no roster.
        notes: what was not checked, and why.
    """

    files: tuple[AuditedFile, ...]
    findings: tuple[Finding, ...]
    students: int
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def audit_path(path: Path, roster: Path | None = None, columns: Sequence[str] = ()) -> AuditReport:
    """Audit a work set, a folder or a single file. Nothing is written.

    In a work set, everything in ``shared/`` is checked against the roster, the manifest, and the pages as they were
    before covering; for ``private/``, it is checked who may read it.

    Args:
        path: the work set, folder or file.
        roster: the class list with the names to search for; None takes a work set's own.
        columns: what its columns hold, as ``last=Surname``.

    Raises:
        UnreadableError: there is nothing at that place, or the roster cannot be read.
        UsageError: the columns cannot be understood, or are given without a roster.
    """
    if not path.exists() and not path.is_symlink():
        raise UnreadableError(f"there is nothing at {path}; give a work set, a folder or a file to audit.")
    workset = WorkSet(path)
    if columns and roster is None:
        raise UsageError("--columns tells how a roster is read; give it with --roster.")
    is_set = path.is_dir() and workset.settings.is_file()
    if roster is None and is_set and workset.roster.is_file():
        roster = workset.roster
    names = NamesToFind.of(roster, columns, read_kept_words(workset) if is_set else ())
    walk = _Walk(names)
    if is_set:
        walk.workset(workset)
    elif path.is_dir() and not path.is_symlink():
        walk.folder(path)
    else:
        walk.file(path, path.name)
    notes = [names.note] if names.note else []
    if not names.spellings:
        notes.append("no roster was given, so no names were searched for")
    if walk.pictures and not is_set:
        notes.append("what is written or drawn in pictures, such as scanned pages, was not read: look at them yourself")
    findings = tuple(sorted(walk.findings, key=lambda found: (found.file, found.page or 0, found.what)))
    return AuditReport(tuple(walk.files), findings, names.count, tuple(notes + walk.notes))


class _Walk:
    """A walk through everything that is audited."""

    def __init__(self, names: NamesToFind) -> None:
        self.names = names
        self.own: dict[str, Sequence[str]] = {}  # by file: the teachers named on its covers
        self.files: list[AuditedFile] = []
        self.findings: list[Finding] = []
        self.notes: list[str] = []
        self.pictures = False  # whether any file holds one

    def folder(self, root: Path) -> dict[str, str]:
        """Audit every file of a folder; gives the SHA-256 of each by its name there."""
        seen: dict[str, str] = {}

        def unread(_: OSError) -> None:
            self.findings.append(Finding(root.name, None, "cannot be read"))

        for folder, folders, files in os.walk(root, onerror=unread):
            folders.sort()
            self.findings += _folder_findings(root, Path(folder), self.names)
            for name in sorted((*files, *(one for one in folders if Path(folder, one).is_symlink()))):
                path = Path(folder, name)
                relative = path.relative_to(root).as_posix()
                data = self.file(path, relative)
                if data is not None:
                    seen[relative] = hashlib.sha256(data).hexdigest()
        return seen

    def file(self, path: Path, name: str) -> bytes | None:
        """Audit a file; gives its bytes, or None if they cannot be read."""
        data, problem = read_file(path)
        unread = [Finding(self.names.shown(name), None, problem)]
        self.pictures |= data is not None and holds_picture(path.suffix, data)
        found = unread if data is None else _audit_guarded(name, data, self.names, self.own.get(name, ()))
        self.files.append(AuditedFile(found[0].file if found else name, len(found)))
        self.findings += found
        return data

    def workset(self, workset: WorkSet) -> None:
        """Audit a whole work set."""
        self.own = dict.fromkeys((path.name for path in workset.packets()), read_cover_names(workset))
        seen = self.folder(workset.shared)
        if not seen:
            self.notes.append("nothing has been shared yet")
        found = manifest_findings(workset, seen, self.names) + alias_findings(workset, self.names)
        under: list[Finding] = []
        covers_checked: dict[str, int] = {}
        if workset.is_final and not workset.state.is_file() and not workset.pages.is_dir():
            self.notes.append(
                "the set was received without its scans, so nobody can look under the covers here"
                if workset.is_received
                else "the private folder was deleted, so nobody can look under the covers any more"
            )
        else:
            under, covers_checked = cover_findings(workset, self.names)
        found += under + permission_findings(workset) + waiting_findings(workset) + typed_findings(workset, self.names)
        self.findings += found
        more = Counter(finding.file for finding in found)
        self.files = [
            replace(one, findings=one.findings + more[one.name], covers=covers_checked.get(one.name, 0))
            for one in self.files
        ]


def _folder_findings(root: Path, folder: Path, names: NamesToFind) -> Iterator[Finding]:
    """Look at a folder's own name, and at attributes that the file system keeps beside its files."""
    if folder != root:
        found = audit_file(f"{folder.name}.folder", b"", names.spellings, students=names.students)
        yield from (
            replace(one, what=one.what.replace("the file's", "a folder's")) for one in found if "name" in one.what
        )
    if not hasattr(os, "listxattr"):
        return
    for entry in folder.iterdir():
        with suppress(OSError):
            if any(name.startswith("user.") for name in os.listxattr(entry, follow_symlinks=False)):
                shown = names.shown(entry.relative_to(root).as_posix())
                yield Finding(shown, None, "the file system keeps attributes with it, which go along with a copy")


def _audit_guarded(name: str, data: bytes, names: NamesToFind, own: Sequence[str]) -> list[Finding]:
    """The audit of a file that may be made to break it: whatever happens ends as a finding."""
    try:
        return audit_file(
            name, data, names.spellings, students=names.students, own=own, typed=names.typed, thorough=True
        )
    except Exception as error:  # noqa: BLE001 - a file that breaks the audit must not pass, nor end the run
        what = f"the audit could not finish on it ({type(error).__name__}), so it may not be shared"
        return [Finding(names.shown(name), None, what)]
