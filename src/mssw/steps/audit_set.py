"""What only a whole work set can show: files against the manifest, aliases against the roster, pages under covers."""

from __future__ import annotations

import os
from collections.abc import Mapping

from mssw.errors import MsswError
from mssw.files.classtables import read_key
from mssw.files.workset import WorkSet, read_json
from mssw.model.finding import Finding
from mssw.names.name_search import NameSearch, whose
from mssw.steps.audit_file import audit_pages
from mssw.steps.audit_source import Names, before, contents, modes, state

_NOT_PRIVATE = 0o077
_MANIFEST = "manifest.json"


def manifest_findings(workset: WorkSet, seen: Mapping[str, str], names: Names) -> list[Finding]:
    """Hold the manifest against the files: each named, and none changed since.

    Args:
        workset: the set.
        seen: the SHA-256 of each file in ``shared/``, by its name there.
        names: the roster's.
    """
    if not seen:
        return []
    try:
        listed = {str(entry["path"]): str(entry["sha256"]) for entry in read_json(workset.manifest)["files"]}
    except (MsswError, KeyError, TypeError):
        return [Finding(_MANIFEST, None, "the manifest is missing or damaged; run `mssw prepare` again")]
    unnamed = sorted(seen.keys() - listed.keys() - {_MANIFEST})
    found = [Finding(names.shown(name), None, "the manifest does not name this file") for name in unnamed]
    for name in sorted(listed):
        if name not in seen:
            what = "the manifest names this file, but it is not there"
        elif seen[name] != listed[name]:
            what = "the file is not the one that the manifest names; it was changed since"
        else:
            continue
        found.append(Finding(names.shown(name), None, what))
    return found


def alias_findings(workset: WorkSet, names: Names) -> list[Finding]:
    """Hold every alias against the roster."""
    search = NameSearch(names.spellings)
    found = []
    given = {"private/state.json": {str(work.get("alias", "")) for work in state(workset, "works")}}
    if workset.key.is_file():
        try:
            given["private/key.xlsx"] = {entry.alias for entry in read_key(workset.key)}
        except MsswError:
            found.append(Finding("private/key.xlsx", None, "the key cannot be read"))
    for name, aliases in given.items():
        for alias in sorted(aliases):
            hits = search.hits(alias, ordinary=True)
            if hits:
                what = f"an alias is also a roster name ({whose(hits, names.students)})"
                found.append(Finding(name, None, what))
    return found


def cover_findings(workset: WorkSet, names: Names) -> tuple[list[Finding], dict[str, int]]:
    """Look under the covers of every work in ``shared/work``.

    Returns:
        The findings, and how many covers were looked under, by file as it may be shown.
    """
    pages = {str(page.get("id")): page for page in state(workset, "pages")}
    works = {str(work.get("alias")): work for work in state(workset, "works")}
    found: list[Finding] = []
    looked: dict[str, int] = {}
    for path in sorted(workset.work.glob("*.pdf")) if workset.work.is_dir() else ():
        shown = names.shown(f"work/{path.name}")
        data, _ = contents(path)
        work = works.get(path.stem)
        if work is None:
            what = "no work of this set is known by this alias, so its covers cannot be checked"
            found.append(Finding(shown, None, what))
            continue
        if work.get("held"):
            found.append(Finding(shown, None, "the work is held, yet it stands in shared/"))
        try:
            befores = [before(workset, pages[str(key)]) for key in work["pages"]]
        except (KeyError, TypeError, ValueError, OSError):
            what = "a page before covering is missing or damaged, so its covers cannot be checked"
            found.append(Finding(shown, None, what))
            continue
        found += audit_pages(shown, data, befores) if data else []
        looked[shown] = sum(len(covers) for _, covers in befores)
    return found, looked


def permission_findings(workset: WorkSet) -> list[Finding]:
    """Check that nobody else on this computer can read ``private/``."""
    if os.name != "posix":
        return []
    open_to_others = sum(1 for mode in modes(workset.private) if mode & _NOT_PRIVATE)
    if not open_to_others:
        return []
    what = (
        f"{open_to_others} of its files and folders can be read by others on this computer; "
        f"`chmod -R go= {workset.private}` closes them"
    )
    return [Finding("private", None, what)]
