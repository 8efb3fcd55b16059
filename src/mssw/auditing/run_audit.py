"""The audit of a work set, a folder or a file, by code that wrote none of it.

A path goes in, an ``AuditReport`` comes out; nothing is written.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mssw.auditing.one_file import Finding, audit_file, audit_pages
from mssw.auditing.whole_set import (
    NamesToFind,
    alias_findings,
    cover_findings,
    holds_picture,
    manifest_findings,
    permission_findings,
    read_file,
)
from mssw.errors import UnreadableError, UsageError
from mssw.workset.allowed_names import read_cover_names
from mssw.workset.folder import WorkSet

__all__ = ["AuditReport", "AuditedFile", "audit_file", "audit_pages", "audit_path"]


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
    names = NamesToFind.of(roster, columns)
    walk = _Walk(names)
    if is_set:
        walk.workset(workset)
    elif path.is_dir() and not path.is_symlink():
        walk.folder(path)
    else:
        walk.file(path, path.name)
    notes = [] if names.spellings else ["no roster was given, so no names were searched for"]
    if walk.pictures and not is_set:
        notes.append("what is written or drawn in pictures, such as scanned pages, was not read: look at them yourself")
    findings = tuple(sorted(walk.findings, key=lambda found: (found.file, found.page or 0, found.what)))
    return AuditReport(tuple(walk.files), findings, len(set(names.students)), tuple(notes + walk.notes))


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
            self.notes.append("the private part was deleted, so nobody can look under the covers any more")
        else:
            under, covers_checked = cover_findings(workset, self.names)
        found += under + permission_findings(workset)
        self.findings += found
        more = Counter(finding.file for finding in found)
        self.files = [
            replace(one, findings=one.findings + more[one.name], covers=covers_checked.get(one.name, 0))
            for one in self.files
        ]


def _audit_guarded(name: str, data: bytes, names: NamesToFind, own: Sequence[str]) -> list[Finding]:
    """The audit of a file that may be made to break it: whatever happens ends as a finding."""
    try:
        return audit_file(name, data, names.spellings, students=names.students, own=own)
    except Exception as error:  # noqa: BLE001 - a file that breaks the audit must not pass, nor end the run
        what = f"the audit could not finish on it ({type(error).__name__}), so it may not be shared"
        return [Finding(names.shown(name), None, what)]
