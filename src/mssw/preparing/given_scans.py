"""The scans that are given: which files they are, in which order, and whether each can be read.

Takes paths as a person gives them: files, folders and downloads. Returns the ``GivenStack``, which names each file by
its hash, its pages and, in a download, by its student; or one sentence on the first file that will not do. Nothing is
written, but a download is unpacked into a folder of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mssw.errors import MsswError, UnreadableError, UsageError
from mssw.formats.file_kinds import SCAN_ENDINGS, describe_unreadable, find_kind, is_scan
from mssw.formats.scans import count_pages, read_page
from mssw.names.student import Roster
from mssw.preparing.downloads import (
    BESIDE_SCANS,
    StagedDownload,
    StagedFile,
    is_of_system,
    list_files_below,
    may_be_download,
    stage_download,
)
from mssw.preparing.scan_names import order_scans
from mssw.workers.crew import run_all
from mssw.workset.folder import hash_file
from mssw.workset.stack import Stack, StackFile

GLANCE_DPI = 50.0  # enough to tell whether a page can be read at all
GLANCE_SECONDS = 20.0
LONGEST_NAME = 240  # bytes of a file's name; most systems take 255


@dataclass(frozen=True)
class GivenStack:
    """The stack as it was when it was checked. The folders are listed once: a file that comes later is not part of it.

    Attributes:
        stack: what the set will have.
        paths: where each of its files is now, in the same order.
        downloads: those that were unpacked to be looked at; ``discard`` takes them away.
    """

    stack: Stack
    paths: tuple[Path, ...]
    downloads: tuple[StagedDownload, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was passed over, in sentences that name nobody."""
        return tuple(note for one in self.downloads for note in one.notes)

    def discard(self) -> None:
        """Take away what was unpacked. It is not needed once the set has its copies."""
        for one in self.downloads:
            one.discard()


def check_scans(
    given: Sequence[Path], kept: Stack, *, fronts_backs: bool = False, roster: Roster | None = None
) -> GivenStack:
    """List the scans that are given, open every file and glance at it. Nothing is written, but what has to be unpacked.

    Args:
        given: files, folders and downloads.
        kept: the stack that the set has; its files were glanced at before.
        fronts_backs: whether they are the fronts and the backs of the same sheets.
        roster: the class list, by which the names in a download are understood.

    Raises:
        UnreadableError: a file is missing, locked, empty, cut off, or no scan.
        UsageError: fronts and backs are not two files of equally many pages, or a download is given beside scans.
    """
    staged = [None if fronts_backs else _stage(path, roster) for path in given]
    downloads = tuple(one for one in staged if one is not None)
    try:
        paths = [path for one, place in zip(staged, given, strict=True) for path in _scans_of(one, place)]
        if fronts_backs:
            paths = list(dict.fromkeys(paths))  # one file that has both is given twice
        stack = Stack(_check_files(paths, kept, downloads), fronts_backs)
        if fronts_backs:
            _check_pairs(stack)
        _check_is_alone(stack)
    except BaseException:
        for one in downloads:
            one.discard()
        raise
    return GivenStack(stack, tuple(paths), downloads)


def _check_is_alone(stack: Stack) -> None:
    """Refuse scans beside a download in which each file is one student's.

    Raises:
        UsageError: there are some.
    """
    if stack.is_by_student and not all(file.submission for file in stack.files):
        raise UsageError("a download with each student's files is given alone; make a set of its own for the scans.")


def _stage(path: Path, roster: Roster | None) -> StagedDownload | None:
    """Unpack a download; None for a file or a folder of scans."""
    return stage_download(path, roster) if may_be_download(path) else None


def _scans_of(staged: StagedDownload | None, path: Path) -> list[Path]:
    return list_scans([path]) if staged is None else [file.path for file in staged.files]


def _check_files(paths: Sequence[Path], kept: Stack, downloads: Sequence[StagedDownload]) -> tuple[StackFile, ...]:
    """Glance at every file that the set does not have yet, and describe them all."""
    hashes = {path: hash_file(path) for path in paths}
    counts = {file.sha256: file.pages for file in kept.files}
    faults: dict[str, str] = {}
    new = {digest: path for path, digest in hashes.items() if digest not in counts}
    for path, result in run_all(glance_at, new.values(), seconds=GLANCE_SECONDS, named=lambda path: path.name):
        if isinstance(result, MsswError):
            raise result
        counts[hashes[path]], faults[path.name] = result
    if faults and all(faults.values()) and len(faults) == len(set(hashes.values())):
        # if some can be read, the others' pages are put on hold like any damaged page
        raise UnreadableError(next(iter(faults.values())))
    files = [
        StackFile(name, hashes[path], counts[hashes[path]])
        for name, path in zip(_names_in_set(paths), paths, strict=True)
    ]
    staged: dict[Path, StagedFile] = {}
    before = 0
    for one in downloads:
        staged |= {f.path: replace(f, submission=f.submission and f.submission + before) for f in one.files}
        before = max((file.submission for file in staged.values()), default=0)
    return tuple(
        file if path not in staged else _in_download(file, staged[path])
        for file, path in zip(files, paths, strict=True)
    )


def _in_download(file: StackFile, staged: StagedFile) -> StackFile:
    return replace(
        file,
        given=staged.given,
        submission=staged.submission,
        student=staged.student,
        is_earlier=staged.is_earlier,
    )


def list_given_files(given: Sequence[Path]) -> list[Path]:
    """List every file that is given: files as they are, and all files in folders.

    Raises:
        UnreadableError: a folder cannot be read.
    """
    return [
        file
        for path in given
        for file in ([path / name for name in list_files_below(path)] if path.is_dir() else [path])
    ]


def list_scans(given: Sequence[Path]) -> list[Path]:
    """List the scans that are given: files as they are, folders in natural order.

    Raises:
        UnreadableError: one is missing or no scan, or a folder holds no scan.
    """
    found: list[Path] = []
    for path in given:
        try:
            found += _scans_in_folder(path) if path.is_dir() else [_check_is_scan(path)]
        except OSError as error:
            raise UnreadableError(f"{path} cannot be opened: {error.strerror}; check that you may read it.") from None
    return found


def _check_is_scan(path: Path) -> Path:
    kind = find_kind(path)
    if not is_scan(kind, path.name):
        what, way = describe_unreadable([(path.name, kind)])
        raise UnreadableError(f"{what}; {way}, and give that.")
    return path


def _scans_in_folder(folder: Path) -> list[Path]:
    """The scans in a folder, in natural order; a list or a note beside them is passed over."""
    inside = [path for path in folder.iterdir() if not is_of_system(path.name)]
    kinds = {path: find_kind(path) for path in inside if not path.is_dir()}
    scans = [path for path, kind in kinds.items() if is_scan(kind, path.name)]
    left = [path for path, kind in kinds.items() if path not in scans and kind not in BESIDE_SCANS]
    if left:
        what, way = describe_unreadable([(path.name, kinds[path]) for path in sorted(left)])
        raise UnreadableError(f"in {folder}, {what}, so its pages would be missing; {way}, or move it out.")
    folders = [path.name for path in inside if path.is_dir() and _holds_scans(path)]
    if folders:
        raise UnreadableError(
            f"{folder} has the folder {folders[0]} in it, which is not a scan, so its pages would be "
            "missing. Give the folders one after the other, or a folder for each student with --roster."
        )
    if not scans:
        raise UnreadableError(f"{folder} holds no scans (PDF, JPEG, PNG, TIFF, HEIC); check the folder.")
    return [folder / name for name in order_scans(scan.name for scan in scans)]


def _holds_scans(path: Path) -> bool:
    return any(Path(inner).suffix.casefold() in SCAN_ENDINGS for inner in list_files_below(path))


def glance_at(path: Path) -> tuple[int, str]:
    """Count a file's pages, and say what is wrong if neither its first, middle nor last page can be read.

    Runs in a worker.

    Raises:
        UnreadableError: it can't be opened.
    """
    count = count_pages(path)
    faults = []
    for number in dict.fromkeys((1, (count + 1) // 2, count)):
        try:
            read_page(path, number, most_dpi=GLANCE_DPI)
        except UnreadableError as error:
            faults.append(str(error))
        else:
            return count, ""
    return count, faults[0]


def _names_in_set(paths: Sequence[Path]) -> list[str]:
    """File names as given; a name that comes twice, whatever its capitals, gets its number in front.

    A name that is too long to be written with a number is cut, and letters that no encoding has become question marks.
    """
    names = [writable_name(path.name.lstrip(".") or "stack") for path in paths]
    while len({name.casefold() for name in names}) < len(names):
        folded = [name.casefold() for name in names]
        names = [
            name if folded.count(name.casefold()) == 1 else f"{place:02d}-{name}" for place, name in enumerate(names, 1)
        ]
    return names


def writable_name(name: str) -> str:
    """A file's name as any system can write it: not too long, and question marks for letters that no encoding has."""
    plain = name.encode("utf-8", "replace")
    if len(plain) > LONGEST_NAME:
        suffix = Path(name).suffix.encode("utf-8", "replace")[:8]
        digest = hashlib.sha256(plain).hexdigest()[:8].encode()
        plain = plain[: LONGEST_NAME - len(suffix) - 9] + b"-" + digest + suffix
    return plain.decode("utf-8", "ignore")


def _check_pairs(stack: Stack) -> None:
    if len(stack.files) == 1:
        if stack.files[0].pages % 2:
            raise UsageError(
                f"{stack.files[0].name} has {stack.files[0].pages} pages; fronts and backs must be equally many, so "
                "that none goes to another student. Scan the missing side again."
            )
        return
    if len(stack.files) != 2:  # noqa: PLR2004 - fronts and backs
        raise UsageError(
            "--fronts-backs takes two stacks: the fronts, then the backs; give one file twice if it has both."
        )
    fronts, backs = stack.files
    if fronts.pages != backs.pages:
        raise UsageError(
            f"{fronts.name} has {fronts.pages} pages and {backs.name} has {backs.pages}; fronts and backs must be "
            "equally many, so that none goes to another student. Scan the missing side again."
        )
