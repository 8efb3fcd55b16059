"""The scans that are given: which files they are, in which order, and whether each can be read.

Takes paths as a person gives them: files, folders and downloads of a learning system. Returns the ``GivenStack``, which
names each file by its hash, its pages and, in a download, by its student; or one sentence on the first file that will
not do. Nothing is written, but a download is unpacked into a folder of its own, under neutral names (``file-01.pdf``).
The names as they were stay with its files: they are evidence of the writer, and private. ``scan_names`` says what names
mean.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from mssw.errors import MsswError, UnreadableError, UsageError
from mssw.formats.file_kinds import (
    SCAN_ENDINGS,
    FileKind,
    describe_unreadable,
    find_kind,
    find_kind_of,
    is_scan,
    plain_ending,
    read_head,
)
from mssw.formats.scans import count_pages, read_page
from mssw.formats.zip_files import MOST_FILES, is_zip, list_zip, unpack
from mssw.names.student import Roster
from mssw.preparing.scan_names import Download, order_paths, order_scans, read_download
from mssw.workers import run_all, run_alone
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
    staged = [None if fronts_backs else _stage_if_download(path, roster) for path in given]
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


def _stage_if_download(path: Path, roster: Roster | None) -> StagedDownload | None:
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


# A download of a learning system: a zip, or a folder with a file or a folder for each student

UNPACK_SECONDS = 300.0
LONGEST_SAFE_NAME = 100
SYSTEM_FILES = {"thumbs.db", "desktop.ini", "icon\r"}
SYSTEM_FOLDERS = {"__macosx"}
BESIDE_SCANS = {FileKind.TEXT, FileKind.TABLE}  # a list or a note that a teacher keeps beside her scans


@dataclass(frozen=True)
class StagedFile:
    """A scan of a download.

    Attributes:
        path: where it is now, under a name that names nobody.
        given: its path in the download.
        submission: the number of the submission that it is part of, from 1; 0 where files are not by student.
        student: the words of its name that name the writer.
        is_earlier: whether the student handed in a later one.
    """

    path: Path
    given: str = field(repr=False)
    submission: int = 0
    student: str = field(default="", repr=False)
    is_earlier: bool = False


@dataclass(frozen=True)
class StagedDownload:
    """The scans of a download in a folder of their own.

    Attributes:
        folder: theirs; it goes when this is discarded.
        files: in order.
        notes: what was passed over, in sentences that name nobody.
    """

    folder: TemporaryDirectory[str]
    files: tuple[StagedFile, ...]
    notes: tuple[str, ...] = ()

    def discard(self) -> None:
        """Take the folder away."""
        self.folder.cleanup()


def may_be_download(path: Path) -> bool:
    """Whether a path may be a download: a zip or a folder."""
    try:
        return path.is_dir() or (path.is_file() and is_zip(path) and path.suffix.casefold() in {".zip", ""})
    except OSError:
        return False


def list_files_below(folder: Path) -> list[str]:
    """List the paths of all files in a folder, in order, with ``/`` between folders, without the system's own.

    Raises:
        UnreadableError: it cannot be read, or holds more than a class hands in.
    """
    found: list[str] = []

    def stop(error: OSError) -> None:
        raise UnreadableError(f"{folder} cannot be opened: {error.strerror}; check that you may read it.") from None

    for place, folders, names in os.walk(folder, onerror=stop):
        folders[:] = [name for name in folders if not is_of_system(name)]
        found += [(Path(place) / name).relative_to(folder).as_posix() for name in names if not is_of_system(name)]
        if len(found) > MOST_FILES:
            raise UnreadableError(
                f"{folder} holds more than {MOST_FILES} files; give the folder of one assignment of one class."
            )
    return order_paths(found)


def is_of_system(name: str) -> bool:
    """Whether a file or folder is hidden, or one that the operating system puts beside a person's files."""
    folded = name.casefold()
    return name.startswith((".", "~$")) or folded in SYSTEM_FILES or folded in SYSTEM_FOLDERS


def stage_download(path: Path, roster: Roster | None) -> StagedDownload | None:
    """Put the scans of a download into a folder of their own.

    Args:
        path: a zip or a folder.
        roster: the class list.

    Returns:
        None for a folder whose names do not show which files are one student's: it is a folder of scans.

    Raises:
        UnreadableError: a file in it is no scan, or the zip is no download that can be opened.
    """
    if path.is_dir():
        given = list_files_below(path)
        download = read_download(given, roster)
        if download is None:
            return None
    else:
        given = order_paths([name for name in run_alone(list_zip, path) if not _is_hidden(name)])
        download = read_download(given, roster)
    folder = TemporaryDirectory(prefix="mssw-")
    try:
        here = _fetch(path, given, Path(folder.name))
        return _stage_files(path, given, here, download, folder)
    except BaseException:
        folder.cleanup()
        raise


def _is_hidden(path: str) -> bool:
    return any(map(is_of_system, PurePosixPath(path).parts))


def _fetch(path: Path, given: Sequence[str], folder: Path) -> dict[str, Path]:
    """Bring the files into the folder, under numbers; by their paths in the download."""
    here = {name: folder / f"{number:04d}" for number, name in enumerate(given, 1)}
    if not path.is_dir():
        run_alone(unpack, path, here, seconds=UNPACK_SECONDS)
        return here
    for number, (name, target) in enumerate(here.items(), 1):
        _link_or_copy(path / name, target, f"file {number} of {path.name} (counted by name, folder by folder)")
    return here


def _link_or_copy(source: Path, target: Path, words: str) -> None:
    """Bring one file to its new place. Its name is not for messages, so ``words`` say which it is."""
    try:
        source = source.resolve(strict=True)
        if not source.is_file():
            raise UnreadableError(f"{words} is a pipe, socket or device, not a file; take it out, then run this again.")
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
    except (OSError, RuntimeError) as error:  # a loop of links is a RuntimeError in older versions of Python
        why = getattr(error, "strerror", None) or "its link leads nowhere"
        raise UnreadableError(f"{words} cannot be copied: {why}; check it, then run this again.") from None


def _stage_files(
    path: Path,
    given: Sequence[str],
    here: Mapping[str, Path],
    download: Download | None,
    folder: TemporaryDirectory[str],
) -> StagedDownload:
    """Separate scans from other files, and give the scans their names."""
    heads = {name: read_head(here[name]) for name in given}
    kinds = {name: find_kind_of(heads[name], PurePosixPath(name).name) for name in given}
    numbers = {name: str(number) for number, name in enumerate(given, 1)}
    scans = [name for name in given if is_scan(kinds[name], name)]
    if download is not None:
        scans = [name for name in scans if name not in set(download.passed_over)]
    passed_over = {name for name in given if name not in scans and _may_pass_over(name, kinds[name], download)}
    if download is not None:
        passed_over |= set(download.passed_over)
        passed_over |= {name for one in download.submissions for name in one.earlier if name not in scans}
    refused = [name for name in given if name not in scans and name not in passed_over]
    if refused:
        what, way = describe_unreadable([(numbers[name], kinds[name]) for name in refused], "file")
        raise UnreadableError(
            f"in {path.name}, {what}, so its pages would be missing; {way}, put that in its place, then run this again "
            "(files are counted by name, folder by folder)."
        )
    if not scans:
        raise UnreadableError(f"{path} holds no scans (PDF, JPEG, PNG, TIFF, HEIC); check the folder.")
    if download is not None and download.several_tasks:
        raise UnreadableError(
            f"{path.name} holds several assignments of a student, each in a folder of its own; keep the folders of one "
            "assignment, and give that."
        )
    files = _name_files(scans, heads, here, download)
    return StagedDownload(
        folder, tuple(files), _note_passed_over([numbers[name] for name in given if name in passed_over])
    )


def _may_pass_over(name: str, kind: FileKind, download: Download | None) -> bool:
    """Whether a file that is no scan is no student's work: a list or a note beside the students' folders."""
    if download is None:
        return kind in BESIDE_SCANS
    by_student = any(name in (*one.files, *one.earlier) and one.student for one in download.submissions)
    return not by_student and kind in {*BESIDE_SCANS, FileKind.WEB}


def _note_passed_over(numbers: Sequence[str]) -> tuple[str, ...]:
    if not numbers:
        return ()
    files = f"file {numbers[0]} was" if len(numbers) == 1 else f"files {', '.join(numbers)} were"
    return (f"{files} passed over, as receipts, lists or copies that were not handed in (files counted by name)",)


def _name_files(
    scans: Sequence[str],
    heads: Mapping[str, bytes],
    here: Mapping[str, Path],
    download: Download | None,
) -> list[StagedFile]:
    """Give each scan a name that names nobody, and the submission that it is part of."""
    parts: dict[str, tuple[int, str, bool]] = {}
    number = 0
    for one in download.submissions if download else ():
        paths = [name for name in (*one.files, *one.earlier) if name in set(scans)]
        number += bool(paths)
        parts |= {name: (number, one.student, name in one.earlier) for name in paths}
    order = list(parts) if download else scans
    wide = max(2, len(str(len(order))))
    files = []
    for place, name in enumerate(order, 1):
        numbered = f"file-{place:0{wide}d}{plain_ending(heads[name])}"
        target = here[name].parent / f"{place}" / (numbered if download else _safe_name(name) or numbered)
        target.parent.mkdir(mode=0o700)
        here[name].rename(target)
        submission, student, is_earlier = parts.get(name, (0, "", False))
        files.append(StagedFile(target, name, submission, student, is_earlier))
    return files


def _safe_name(path: str) -> str:
    """The last part of a path out of a zip, as a name that every system takes."""
    return re.sub(r"[^\w .()+-]", "_", PurePosixPath(path).name).strip(". ")[-LONGEST_SAFE_NAME:]
