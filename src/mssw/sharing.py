"""The gate to ``shared/``: how a file that a later step makes gets there. It is audited, written whole, and listed."""

from __future__ import annotations

from collections.abc import Sequence

from mssw.auditing.one_file import audit_file
from mssw.errors import FindingsError
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.manifest import ListedFile, read_manifest, write_manifest


def share(workset: WorkSet, name: str, data: bytes, spellings: Sequence[str], *, pages: int | None = None) -> None:
    """Write a file into ``shared/`` and list it, where the audit lets it through. The caller holds the set's lock.

    Args:
        workset: the set.
        name: of the file, relative to ``shared/`` with forward slashes.
        data: all of it.
        spellings: what must not stand in it.
        pages: how many it has, where it has pages.

    Raises:
        FindingsError: the audit found something; nothing is written.
        StepMissingError: nothing is prepared yet.
    """
    check(name, data, spellings)
    manifest = read_manifest(workset)
    write_bytes(workset.shared / name, data, private=False)
    write_manifest(workset, manifest.with_files([ListedFile.of(name, data, pages)]))


def check(name: str, data: bytes, spellings: Sequence[str]) -> None:
    """Audit a file.

    Raises:
        FindingsError: it found something.
    """
    found = audit_file(name, data, spellings)
    if found:
        raise FindingsError(
            f"{found[0].file} did not pass its privacy check and was not written: "
            f"{'; '.join(map(str, found[:3]))}. Take the name out of what you wrote, then run this again."
        )
