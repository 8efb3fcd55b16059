"""A download of a learning system, as it is: a zip, or a folder with a file or a folder for each student.

How each system names its files is in ``scan_names``; the files themselves are opened and copied here.

In: a path that a person gave, and the class list. Out: ``StagedDownload``, its scans in a folder of their own under
neutral names (``file-01.pdf``), each with the submission that it is part of. The names as they were stay with
it; they are evidence of the writer, and private.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from mssw.errors import UnreadableError
from mssw.formats.file_kinds import (
    FileKind,
    describe_unreadable,
    find_kind_of,
    is_scan,
    plain_ending,
    read_head,
)
from mssw.formats.zip_files import MOST_FILES, is_zip, list_zip, unpack
from mssw.names.student import Roster
from mssw.preparing.scan_names import Download, order_paths, read_download
from mssw.workers.crew import run_alone

UNPACK_SECONDS = 300.0
LONGEST_NAME = 100
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
        return _stage(path, given, here, download, folder)
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


def _stage(
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
    return re.sub(r"[^\w .()+-]", "_", PurePosixPath(path).name).strip(". ")[-LONGEST_NAME:]
