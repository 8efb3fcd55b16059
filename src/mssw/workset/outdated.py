"""Takes packets, cards and sort sheets out of ``shared/`` when the responses that they show have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from mssw.errors import UnreadableError
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.manifest import is_made_by_prepare, read_manifest
from mssw.workset.sort_memory import OWN, WrittenSheet, read_memory


def remove_outdated_files(workset: WorkSet, files: Mapping[str, str]) -> list[str]:
    """Take away packet, cards and sheets that show responses as they were. The caller holds the set's lock.

    A sheet in which a teacher typed something that was not read yet goes to ``private/``: her words are kept, and
    the pictures in it are not shared any more.

    Args:
        workset: the set, its manifest still the one before.
        files: the SHA-256 of each file that ``prepare`` made now, by its name in ``shared/``.

    Returns:
        What the teacher should know, each in a sentence without its full stop.
    """
    if _files_before(workset) == dict(files):
        return []
    packets = workset.packets()
    for packet in packets:
        packet.unlink()
    workset.sort_cards.unlink(missing_ok=True)
    gone = f"the packet showed the works as they were, so it is gone; `mssw packet {workset.root}` prints it anew"
    return [*([gone] if packets else []), *_drop_sheets(workset)]


def _files_before(workset: WorkSet) -> dict[str, str] | None:
    """The hashes of what ``prepare`` made before; None where a damaged manifest does not say."""
    if not workset.manifest.is_file():
        return {}
    try:
        return {row.path: row.sha256 for row in read_manifest(workset).files if is_made_by_prepare(row.path)}
    except UnreadableError:
        return None


def _drop_sheets(workset: WorkSet) -> Iterator[str]:
    records = read_memory(workset).sheets
    for sheet in sorted(workset.shared.glob("sort*.xlsx")):
        data = sheet.read_bytes()
        sha = hashlib.sha256(data).hexdigest()
        known = records.get(OWN if sheet == workset.sort_sheet else sheet.stem.removeprefix("sort-"), WrittenSheet())
        if sha != known.sha256:
            kept = kept_sheet_path(workset, sheet, sha)
            write_bytes(kept, data, private=True)
            yield (
                f"the works in shared/{sheet.name} are not the same any more, so the sheet as you filled it in is now "
                f"{kept}; `mssw sort {workset.root} --read {kept}` takes in what you wrote"
            )
        sheet.unlink()


def kept_sheet_path(workset: WorkSet, sheet: Path, sha256: str) -> Path:
    """Where a sheet is kept as it was typed."""
    return workset.private / "sort-sheets" / f"{sheet.stem}-{sha256[:8]}.xlsx"
