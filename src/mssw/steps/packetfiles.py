"""The files of a packet: what they are called, which ones a new printing replaces, how the manifest lists them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mssw.workset.folder import WorkSet, write_bytes, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LONGEST_NAME = 40
_PAPERS = ("letter", "a4")


@dataclass(frozen=True, slots=True)
class PacketFile:
    """One file: its name in ``shared/``, its bytes, and how many pages it has."""

    name: str
    data: bytes = field(repr=False)
    pages: int


def file_name(*marks: str) -> str:
    """The name of a packet's file.

    >>> file_name(), file_name("a4", "", "reading")
    ('packet.pdf', 'packet-a4-reading.pdf')
    """
    return "-".join(["packet", *(mark for mark in marks if mark)]) + ".pdf"


def in_a_name(colleague: str) -> str:
    """A colleague's name as a part of a file's name.

    >>> in_a_name("M. Rivera-Núñez")
    'm-rivera-nunez'
    """
    plain = unicodedata.normalize("NFKD", colleague).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_NAME].strip("-")


def put(workset: WorkSet, manifest: dict[str, Any], files: Sequence[PacketFile], *, paper: str) -> list[str]:
    """Write the files, take away those of an earlier printing, and list what is there.

    Args:
        workset: the set; the caller holds its lock.
        manifest: as it stands.
        files: all that was printed now.
        paper: what stands in the files' names for the paper; empty where nothing does. A printing on another paper
            that bears its name stays.

    Returns:
        The names of the files of an earlier printing that were taken away.
    """
    names = {file.name for file in files}
    for file in files:
        write_bytes(workset.shared / file.name, file.data, private=False)
    rows = {
        file.name: {"path": file.name, "sha256": hashlib.sha256(file.data).hexdigest(), "pages": file.pages}
        for file in files
    }
    gone = [path for path in workset.packets() if path.name not in names and _is_of(path, paper)]
    others = [row for row in manifest.get("files", []) if row.get("path") not in names | {path.name for path in gone}]
    listed = sorted([*others, *rows.values()], key=lambda row: str(row["path"]))
    for path in gone:
        path.unlink(missing_ok=True)
    write_json(workset.manifest, manifest | {"files": listed}, private=False)
    return [path.name for path in gone]


def _is_of(path: Path, paper: str) -> bool:
    """Whether a packet's file bears that paper in its name; none, where that is empty."""
    mark = path.stem.split("-")[1:2]
    return mark == [paper] if paper else mark[:1] not in [[one] for one in _PAPERS]
