"""``shared/manifest.json``: which files are shared, each with its hash, and which responses they hold.

The manifest is read and written here alone. A step that adds files to ``shared/`` or takes some away hands over the
new rows and the names that are gone, and writes what it gets back. When responses change, ``remove_outdated_files``
takes the packets, cards and sort sheets that show them out of ``shared/``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from mssw.core.paper import Flip
from mssw.core.shell_words import quote_word
from mssw.errors import MsswError, StepMissingError, UnreadableError
from mssw.workset.folder import WorkSet, read_typed, write_bytes, write_typed
from mssw.workset.seal import Seal
from mssw.workset.sort_memory import OWN, WrittenSheet, read_memory

REMAKE = "run `mssw prepare` again, which makes it anew."


class ListedFile(Struct, frozen=True):
    """A file in ``shared/`` that passed the audit.

    Attributes:
        path: below ``shared/``, with forward slashes.
        sha256: of its bytes.
        pages: how many it has; unset where it has no pages.
    """

    path: str
    sha256: str
    pages: int | UnsetType = UNSET

    @classmethod
    def of(cls, path: str, data: bytes, pages: int | None = None) -> ListedFile:
        """The row of a file with those bytes."""
        return cls(path, hashlib.sha256(data).hexdigest(), UNSET if pages is None else pages)


class ReleasedResponse(Struct, frozen=True):
    """A response that may be shown.

    Attributes:
        alias: the name that it goes by.
        pages: how many pages it has.
        seen: whether a person looked at each of its pages.
    """

    alias: str
    pages: int
    seen: bool = False


class PrintedRun(Struct, frozen=True):
    """How the packet was printed last, and what it was made of.

    Attributes:
        copies: how many.
        sheets: of paper, for one copy.
        paper: ``letter`` or ``a4``.
        two_sided: whether both sides are printed.
        edge: over which the printer turns a sheet.
        by_hand: whether fronts and backs are printed one after the other.
        folded: whether a copy is a booklet.
        made_from: a hash of all that went into it; another hash now means that the packet is out of date.
        parts: what is in it, as ``core.paper`` names the parts; unset in sets of early versions.
        left_out: what the teacher left out of it; unset in sets of early versions.
    """

    copies: int
    sheets: int
    paper: str
    two_sided: bool = True
    edge: str = Flip.LONG.value
    by_hand: bool = False
    folded: bool = False
    made_from: str = ""
    parts: tuple[str, ...] | UnsetType = UNSET
    left_out: tuple[str, ...] | UnsetType = UNSET


class AuditRecord(Struct, frozen=True):
    """That the files of ``prepare`` passed the audit, and how many they were."""

    passed: bool
    files: int


class Manifest(Struct, frozen=True, kw_only=True):
    """What a set shares.

    Attributes:
        version: of the file's form.
        mssw: the version of mssw that prepared the set.
        files: all files in ``shared/`` but the manifest itself, in the order of their paths.
        works: the responses that may be shown, in the order of their aliases.
        held_works: how many are on hold.
        counts: how many pages have each fate, and ``scanned`` for all.
        audit: of the files that ``prepare`` made.
        packet: how the packet was printed; unset before.
        fiction: whether the set is made up: no child wrote it, and no name was ever on it.
        seal: of what was decided, without its parts.
    """

    version: int = 1
    mssw: str | UnsetType = UNSET
    files: tuple[ListedFile, ...]
    works: tuple[ReleasedResponse, ...] = ()
    held_works: int = 0
    counts: dict[str, int] | UnsetType = UNSET
    audit: AuditRecord | UnsetType = UNSET
    packet: PrintedRun | UnsetType = UNSET
    fiction: bool | UnsetType = UNSET
    seal: Seal | UnsetType = UNSET

    @property
    def is_fiction(self) -> bool:
        """Whether the set is made up."""
        return self.fiction is True

    def file(self, path: str) -> ListedFile | None:
        """The row of a file; None where the manifest does not list it."""
        return next((row for row in self.files if row.path == path), None)

    def with_files(self, rows: Iterable[ListedFile] = (), *, without: Collection[str] = ()) -> Manifest:
        """The manifest with other files.

        Args:
            rows: new ones; each takes the place of the row with its path.
            without: the paths of files that are gone.
        """
        kept = {row.path: row for row in self.files if row.path not in without}
        kept |= {row.path: row for row in rows}
        return replace(self, files=tuple(kept[path] for path in sorted(kept)))

    def with_packet(self, run: PrintedRun) -> Manifest:
        """The manifest with what is kept of the last printing."""
        return replace(self, packet=run)

    def as_fiction(self) -> Manifest:
        """The manifest of a set that is made up."""
        return replace(self, fiction=True)


def read_manifest(workset: WorkSet) -> Manifest:
    """``manifest.json`` of a set.

    Raises:
        StepMissingError: nothing is prepared yet.
        UnreadableError: it is damaged.
    """
    if not workset.manifest.is_file():
        if workset.stack.is_dir():  # prepare was stopped before its last file
            raise StepMissingError(
                f"{workset.root} is not fully prepared; run `mssw prepare --into {workset.typed}` first."
            )
        raise StepMissingError(
            f"nothing is prepared in {workset.root} yet; run `mssw prepare STACK --task TASK "
            f"--roster ROSTER --into {workset.typed}` first."
        )
    return read_typed(workset.manifest, Manifest, REMAKE)


def write_manifest(workset: WorkSet, manifest: Manifest) -> None:
    """Write it, responses in the order of their aliases, whoever made it. The caller holds the set's lock."""
    works = tuple(sorted(manifest.works, key=lambda row: row.alias))
    write_typed(workset.manifest, replace(manifest, works=works), private=False)


def is_made_up(workset: WorkSet) -> bool:
    """Whether a set is made up. One that is unprepared or damaged is taken for a real one."""
    try:
        return read_manifest(workset).is_fiction
    except MsswError:
        return False


def read_audited_file(workset: WorkSet, manifest: Manifest, path: Path) -> bytes:
    """The bytes of a file below ``shared/``, as it passed the audit.

    Raises:
        UnreadableError: it is gone, or is another file now.
    """
    row = manifest.file(path.relative_to(workset.shared).as_posix())
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            f"{path} cannot be read: {error.strerror}; run `mssw prepare` again, which makes it anew."
        ) from None
    if row is None or hashlib.sha256(data).hexdigest() != row.sha256:
        raise UnreadableError(
            f"{path} is not the file that passed the audit; run `mssw prepare` again, which remakes it."
        )
    return data


def read_audited_response(workset: WorkSet, manifest: Manifest, alias: str) -> bytes:
    """The PDF of a released response, as it passed the audit.

    Raises:
        UnreadableError: it is gone, or is another file now.
    """
    return read_audited_file(workset, manifest, workset.work / f"{alias}.pdf")


def find_shown_version(workset: WorkSet, alias: str) -> tuple[int, int] | None:
    """Which version of a response is in ``shared/`` now; None where it was taken out.

    Whoever keeps pictures of a response asks each time before showing one: it may have been covered anew since.
    """
    try:
        there = (workset.work / f"{alias}.pdf").stat()
    except OSError:
        return None
    return there.st_ino, there.st_ctime_ns


def is_made_by_prepare(name: str) -> bool:
    """Whether ``prepare`` makes the file of that name in ``shared/``."""
    return name in {"task.pdf", "contact-sheet.pdf"} or name.startswith("work/")


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
    return list(remove_prints(workset))


def remove_prints(workset: WorkSet) -> Iterator[str]:
    """Take away every packet, cards, sort sheets and the printed record; yields what the teacher should know."""
    packets = workset.packets()
    for packet in packets:
        packet.unlink()
    for shown in (workset.sort_cards, workset.record_print, workset.record_reading):
        shown.unlink(missing_ok=True)
    if packets:
        yield (f"responses have changed, so the old packet was deleted; `mssw packet {workset.typed}` makes a new one")
    yield from _drop_sheets(workset)


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
                f"the responses in shared/{sheet.name} have changed, so your filled-in sheet is now "
                f"{kept}; `mssw sort {workset.typed} --read {quote_word(kept)}` reads what you wrote"
            )
        sheet.unlink()


def kept_sheet_path(workset: WorkSet, sheet: Path, sha256: str) -> Path:
    """Where a sheet is kept as it was typed."""
    return workset.private / "sort-sheets" / f"{sheet.stem}-{sha256[:8]}.xlsx"
