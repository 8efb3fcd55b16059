"""What is released in a set, and what its students may be called.

What later steps made of works that are others by now: it must not lie about in ``shared/`` as if it were true.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mssw.errors import MsswError, StepMissingError, UnreadableError
from mssw.roster.name_files import read_roster
from mssw.roster.table import all_spellings
from mssw.workset.folder import WorkSet, read_json, write_bytes
from mssw.workset.memory import OWN, read_memory
from mssw.workset.settings import read_settings


def read_manifest(workset: WorkSet) -> dict[str, Any]:
    """``manifest.json`` of a set.

    Raises:
        StepMissingError: nothing is prepared yet.
        UnreadableError: it is damaged.
    """
    if not workset.manifest.is_file():
        raise StepMissingError(
            f"nothing is prepared in {workset.root} yet; run `mssw prepare STACK --task TASK "
            f"--roster ROSTER --into {workset.root}` first."
        )
    manifest = read_json(workset.manifest)
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), list):
        raise UnreadableError(f"{workset.manifest} is damaged; run `mssw prepare` again, which makes it anew.")
    return manifest


def is_fiction(manifest: Mapping[str, Any]) -> bool:
    """Whether a set is made up: no child wrote it, and no name was ever on it."""
    return manifest.get("fiction") is True


def is_made_up(workset: WorkSet) -> bool:
    """The same of a set that may be unprepared or damaged, and is then taken for a real one."""
    try:
        return is_fiction(read_manifest(workset))
    except MsswError:
        return False


def released_responses(workset: WorkSet) -> dict[str, int]:
    """The pages of each work that may be shown, by alias, in the order of the aliases.

    Raises:
        StepMissingError: nothing is prepared yet, or nothing is released.
        UnreadableError: the manifest is damaged.
    """
    manifest = read_manifest(workset)
    try:
        works = {str(work["alias"]): int(work["pages"]) for work in manifest["works"]}
    except (KeyError, TypeError, ValueError):
        raise UnreadableError(
            f"{workset.manifest} is damaged; run `mssw prepare` again, which makes it anew."
        ) from None
    if not works:
        raise StepMissingError(
            f"no work in {workset.root} may be shown yet; clear what is held with `mssw review {workset.root} --list`."
        )
    return dict(sorted(works.items()))


def sealed_file(workset: WorkSet, manifest: Mapping[str, Any], path: Path) -> bytes:
    """The bytes of a file below ``shared/``, as it passed the audit.

    Raises:
        UnreadableError: it is gone, or is another file now.
    """
    name = path.relative_to(workset.shared).as_posix()
    hashes = {file["path"]: file["sha256"] for file in manifest.get("files", []) if {"path", "sha256"} <= set(file)}
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            f"{path} cannot be read: {error.strerror}; run `mssw prepare` again, which makes it anew."
        ) from None
    if hashlib.sha256(data).hexdigest() != hashes.get(name):
        raise UnreadableError(
            f"{path} is not the file that passed the audit; run `mssw prepare` again, which remakes it."
        )
    return data


def sealed_response(workset: WorkSet, manifest: Mapping[str, Any], alias: str) -> bytes:
    """The PDF of a released work, as it passed the audit.

    Raises:
        UnreadableError: it is gone, or is another file now.
    """
    return sealed_file(workset, manifest, workset.work / f"{alias}.pdf")


def roster_spellings(workset: WorkSet) -> tuple[str, ...]:
    """What a student of the set may be called: what a teacher writes is held against all of it."""
    return all_spellings(read_roster(workset.roster)) if workset.roster.is_file() else ()


def beside_teachers(workset: WorkSet, spellings: Sequence[str]) -> tuple[str, ...]:
    """The spellings but for what the set's presenting teachers are called too: their names may stand in a file."""
    return without_words_of(read_settings(workset.settings).presenting_teachers, spellings)


def without_words_of(teachers: Sequence[str], spellings: Sequence[str]) -> tuple[str, ...]:
    """The spellings that are no word of a teacher's name: she may share one with a student, and hers is printed."""
    own = {word.casefold() for name in teachers for word in name.split()}
    return tuple(one for one in spellings if one.casefold() not in own)


def on_covers(workset: WorkSet) -> tuple[str, ...]:
    """Whose names stand on the covers of the set's packets: the presenting teachers', and colleagues' as printed."""
    names: list[str] = []
    with suppress(MsswError):  # settings that cannot be read name no teacher
        names += read_settings(workset.settings).presenting_teachers
    if workset.on_covers.is_file():
        with suppress(MsswError, KeyError, TypeError):
            names += map(str, read_json(workset.on_covers)["colleagues"])
    return tuple(names)


def is_prepared(name: str) -> bool:
    """Whether ``prepare`` makes the file of that name in ``shared/``."""
    return name in {"task.pdf", "contact-sheet.pdf"} or name.startswith("work/")


def drop_stale(workset: WorkSet, files: Mapping[str, str]) -> list[str]:
    """Take away packet, cards and sheets that show works as they were. The caller holds the set's lock.

    A sheet in which a teacher typed something that was not read yet goes to ``private/``: her words are kept, and
    the pictures in it are not shared any more.

    Args:
        workset: the set, its manifest still the one before.
        files: the SHA-256 of each file that ``prepare`` made now, by its name in ``shared/``.

    Returns:
        What the teacher should know, each in a sentence without its full stop.
    """
    try:
        before = read_json(workset.manifest)["files"] if workset.manifest.is_file() else []
        if {row["path"]: row["sha256"] for row in before if is_prepared(row["path"])} == dict(files):
            return []
    except (UnreadableError, KeyError, TypeError):
        pass  # the manifest is damaged, so nothing tells that they are the same
    packets = workset.packets()
    for packet in packets:
        packet.unlink()
    workset.sort_cards.unlink(missing_ok=True)
    gone = f"the packet showed the works as they were, so it is gone; `mssw packet {workset.root}` prints it anew"
    return [*([gone] if packets else []), *_drop_sheets(workset)]


def _drop_sheets(workset: WorkSet) -> Iterator[str]:
    records = read_memory(workset).get("sheets", {})
    for sheet in sorted(workset.shared.glob("sort*.xlsx")):
        data = sheet.read_bytes()
        sha = hashlib.sha256(data).hexdigest()
        known = records.get(OWN if sheet == workset.sort_sheet else sheet.stem.removeprefix("sort-"), {})
        if sha != known.get("sha256"):
            kept = kept_sheet(workset, sheet, sha)
            write_bytes(kept, data, private=True)
            yield (
                f"the works in shared/{sheet.name} are not the same any more, so the sheet as you filled it in is now "
                f"{kept}; `mssw sort {workset.root} --read {kept}` takes in what you wrote"
            )
        sheet.unlink()


def kept_sheet(workset: WorkSet, sheet: Path, sha256: str) -> Path:
    """Where a sheet is kept as it was typed."""
    return workset.private / "sort-sheets" / f"{sheet.stem}-{sha256[:8]}.xlsx"
