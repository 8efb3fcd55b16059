"""The proof that nothing leaks: a work set, a folder or a file, checked by code that wrote none of it."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from mssw.errors import MsswError, UnreadableError
from mssw.files.spreadsheet import read_key, read_roster
from mssw.files.workset import WorkSet, read_json
from mssw.model.finding import Finding
from mssw.model.namesearch import NameSearch, whose
from mssw.model.page import Box
from mssw.model.roster import spellings
from mssw.steps.audit_file import LARGEST_FILE, audit_file, audit_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mssw.vision.residue import Pixels

__all__ = ["AuditReport", "AuditedFile", "audit_file", "audit_pages", "audit_path"]

_NOT_PRIVATE = 0o077
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class AuditedFile:
    """One file that was looked at.

    Attributes:
        name: relative to what was audited; withheld where it is a roster name.
        findings: how many it has.
        covers: how many covers were looked under.
    """

    name: str
    findings: int
    covers: int = 0


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit looked at and what it found.

    Attributes:
        files: every file, in the order of their names.
        findings: everything that was found, by file and page.
        students: how many students' names were searched for; 0 where there was no roster.
        notes: what was not looked at, and why.
    """

    files: tuple[AuditedFile, ...]
    findings: tuple[Finding, ...]
    students: int
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class _Names:
    """A roster's spellings, and the student of each."""

    spellings: tuple[str, ...] = field(default=(), repr=False)
    students: tuple[int, ...] = ()

    @classmethod
    def of(cls, roster: Path | None) -> _Names:
        if roster is None:
            return cls()
        found = [
            (spelling, number)
            for number, student in enumerate(read_roster(roster).students, start=1)
            for spelling in spellings(student)
        ]
        return cls(tuple(spelling for spelling, _ in found), tuple(number for _, number in found))


def audit_path(path: Path, roster: Path | None = None) -> AuditReport:
    """Audit a work set, a folder or a single file. Nothing is written.

    Of a work set everything in ``shared/`` is checked against the roster in ``private/``, the manifest, and
    the pages as they were before covering; of ``private/``, who may read it.

    Args:
        path: the work set, folder or file.
        roster: the roster whose names are searched for; a work set's own where None.

    Raises:
        UnreadableError: there is nothing at that place, or the roster cannot be read.
    """
    if not path.exists() and not path.is_symlink():
        raise UnreadableError(f"there is nothing at {path}; give a work set, a folder or a file to audit.")
    workset = WorkSet(path)
    is_set = path.is_dir() and workset.settings.is_file()
    if roster is None and is_set and workset.roster.is_file():
        roster = workset.roster
    names = _Names.of(roster)
    walk = _Walk(names)
    if is_set:
        walk.workset(workset)
    elif path.is_dir() and not path.is_symlink():
        walk.folder(path)
    else:
        walk.file(path, path.name)
    notes = [] if names.spellings else ["no roster was given, so no names were searched for"]
    findings = tuple(sorted(walk.findings, key=lambda found: (found.file, found.page or 0, found.what)))
    return AuditReport(tuple(walk.files), findings, len(set(names.students)), tuple(notes + walk.notes))


class _Walk:
    """One way through everything that is audited."""

    def __init__(self, names: _Names) -> None:
        self.names = names
        self.files: list[AuditedFile] = []
        self.findings: list[Finding] = []
        self.notes: list[str] = []

    def say(self, name: str, what: str) -> None:
        self.findings.append(Finding(name, None, what))

    def folder(self, root: Path) -> dict[str, bytes]:
        """Audit every file of a folder; gives the files' bytes' SHA-256 by name in place of the bytes."""
        seen: dict[str, bytes] = {}
        for folder, folders, files in os.walk(root, onerror=lambda _: self.say(root.name, "cannot be read")):
            folders.sort()
            for name in sorted((*files, *(one for one in folders if Path(folder, one).is_symlink()))):
                path = Path(folder, name)
                relative = path.relative_to(root).as_posix()
                data = self.file(path, relative)
                if data is not None:
                    seen[relative] = hashlib.sha256(data).digest()
        return seen

    def file(self, path: Path, name: str) -> bytes | None:
        """Audit a file; gives its bytes, or None where they could not be had."""
        data, problem = _contents(path)
        if data is None:
            found = [Finding(_shown(name, self.names), None, problem)]
        else:
            found = _guarded(name, data, self.names)
        shown = found[0].file if found else name
        self.files.append(AuditedFile(shown, len(found)))
        self.findings += found
        return data

    def workset(self, workset: WorkSet) -> None:
        """Audit a whole work set."""
        seen = self.folder(workset.shared)
        if not seen:
            self.notes.append("nothing has been shared yet")
        self.manifest(workset, seen)
        self.aliases(workset)
        self.covers(workset)
        self.permissions(workset)

    def manifest(self, workset: WorkSet, seen: dict[str, bytes]) -> None:
        """Hold the manifest against the files: each named, and none changed since."""
        if not seen:
            return
        try:
            listed = {str(entry["path"]): str(entry["sha256"]) for entry in read_json(workset.manifest)["files"]}
        except (MsswError, KeyError, TypeError):
            self.say(_MANIFEST, "the manifest is missing or damaged; run `mssw prepare` again")
            return
        for name in sorted(seen.keys() - listed.keys() - {_MANIFEST}):
            self.say(_shown(name, self.names), "the manifest does not name this file")
        for name in sorted(listed):
            shown = _shown(name, self.names)
            if name not in seen:
                self.say(shown, "the manifest names this file, but it is not there")
            elif seen[name].hex() != listed[name]:
                self.say(shown, "the file is not the one that the manifest names; it was changed since")

    def aliases(self, workset: WorkSet) -> None:
        """Hold every alias against the roster."""
        search = NameSearch(self.names.spellings)
        given: dict[str, set[str]] = {"private/state.json": set(), "private/key.xlsx": set()}
        given["private/state.json"] = {str(work.get("alias", "")) for work in _state(workset, "works")}
        if workset.key.is_file():
            try:
                given["private/key.xlsx"] = {entry.alias for entry in read_key(workset.key)}
            except MsswError:
                self.say("private/key.xlsx", "the key cannot be read")
        for name, aliases in given.items():
            for alias in sorted(aliases):
                hits = search.hits(alias, ordinary=True)
                if hits:
                    self.say(name, f"an alias is also a roster name ({whose(hits, self.names.students)})")

    def covers(self, workset: WorkSet) -> None:
        """Look under the covers of every work in ``shared/work``."""
        pages = {str(page.get("id")): page for page in _state(workset, "pages")}
        works = {str(work.get("alias")): work for work in _state(workset, "works")}
        for path in sorted(workset.work.glob("*.pdf")) if workset.work.is_dir() else ():
            name = f"work/{path.name}"
            shown = _shown(name, self.names)
            data, _ = _contents(path)
            if path.stem not in works:
                self.say(shown, "no work of this set is known by this alias, so its covers cannot be checked")
                continue
            if works[path.stem].get("held"):
                self.say(shown, "the work is held, yet it stands in shared/")
            try:
                befores = [_before(workset, pages[str(key)]) for key in works[path.stem]["pages"]]
            except (KeyError, TypeError, ValueError, OSError, cv2.error):
                self.say(shown, "a page before covering is missing or damaged, so its covers cannot be checked")
                continue
            found = audit_pages(shown, data, befores) if data else []
            self.findings += found
            self.count(shown, len(found), sum(len(covers) for _, covers in befores))

    def count(self, shown: str, findings: int, covers: int) -> None:
        """Add to a file's line in the report."""
        self.files = [
            AuditedFile(one.name, one.findings + findings, covers) if one.name == shown else one for one in self.files
        ]

    def permissions(self, workset: WorkSet) -> None:
        """Check that nobody else on this computer can read ``private/``."""
        if os.name != "posix":
            return
        open_to_others = sum(1 for mode in _modes(workset.private) if mode & _NOT_PRIVATE)
        if open_to_others:
            self.say(
                "private",
                f"{open_to_others} of its files and folders can be read by others on this computer; "
                f"`chmod -R go= {workset.private}` closes them",
            )


def _modes(root: Path) -> Iterator[int]:
    """The mode of a folder and of everything in it, links not followed."""
    if not root.is_dir():
        return
    yield root.lstat().st_mode
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            mode = Path(folder, name).lstat().st_mode
            if not stat.S_ISLNK(mode):
                yield mode


def _contents(path: Path) -> tuple[bytes | None, str]:
    """A file's bytes, or None and why not."""
    try:
        told = path.lstat()
        if stat.S_ISLNK(told.st_mode):
            return None, "it is a link, not a file, and may lead anywhere"
        if not stat.S_ISREG(told.st_mode):
            return None, "it is not a file"
        if told.st_size > LARGEST_FILE:
            return None, "it is larger than anything that mssw shares"
        return path.read_bytes(), ""
    except OSError as error:
        return None, f"it cannot be read: {error.strerror or 'unknown cause'}"


def _guarded(name: str, data: bytes, names: _Names) -> list[Finding]:
    """The audit of a file that may be made to break it: whatever happens ends as a finding."""
    try:
        return audit_file(name, data, names.spellings, students=names.students)
    except Exception as error:  # noqa: BLE001 - a file that breaks the audit must not pass, nor end the run
        what = f"the audit could not finish on it ({type(error).__name__}), so it may not be shared"
        return [Finding(_shown(name, names), None, what)]


def _shown(name: str, names: _Names) -> str:
    """A file's name as it may be shown: not where it is a student's."""
    found = audit_file(name, b"", names.spellings)
    return found[0].file if found else name


def _state(workset: WorkSet, part: str) -> list[dict[str, Any]]:
    """A list of ``private/state.json``; empty where there is none."""
    try:
        value = read_json(workset.state).get(part, []) if workset.state.is_file() else []
    except (MsswError, AttributeError):
        return []
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _before(workset: WorkSet, page: dict[str, Any]) -> tuple[Pixels, list[Box]]:
    """A page as it was before covering, and its covers.

    Raises:
        ValueError: the image or a box is damaged.
    """
    packed = np.frombuffer((workset.pages / Path(str(page["image"])).name).read_bytes(), np.uint8)
    pixels = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise ValueError("the image is damaged")
    covers = [Box(*(float(number) for number in cover["box"])) for cover in page.get("covers", [])]
    return np.asarray(pixels, np.uint8), covers
