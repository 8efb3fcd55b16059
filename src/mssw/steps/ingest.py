"""What is given, stack and blank task, is checked where it stands and then copied into the set."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from natsort import natsorted

from mssw.errors import MsswError, UnreadableError, UsageError, WouldOverwriteError
from mssw.formats.scans import Picture, count_pages, read_page
from mssw.workers.crew import run_all, run_alone
from mssw.workset.folder import PART, NotWrittenError, WorkSet, make_folder
from mssw.workset.stack import Stack, StackFile, note, sha256

SCANS = {".pdf", ".jpg", ".jpeg", ".jfif", ".avif", ".png", ".tif", ".tiff", ".heic", ".heif", ".webp", ".bmp"}
MOST_TASK_PAGES = 24
GLANCE_DPI = 50.0  # enough to tell whether a page can be read at all
GLANCE_SECONDS = 20.0


SYSTEM = {"thumbs.db", "desktop.ini"}
NOT_READ = {".gif", ".psd", ".raw", ".dng", ".cr2", ".nef", ".zip", ".docx", ".pages", ".svg", ".mov", ".mp4"}


def files_of(given: Sequence[Path]) -> list[Path]:
    """The scan files that are meant: files as given, folders in natural order.

    Raises:
        UnreadableError: one is missing, or a folder holds no scan.
    """
    found: list[Path] = []
    for path in given:
        try:
            if not path.is_dir():
                path.stat()
                found.append(path)
                continue
            everything = [p for p in path.iterdir() if not p.name.startswith(".")]
            inside = [p for p in everything if p.suffix.lower() in SCANS and p.is_file()]
            left = [p.name for p in everything if p.suffix.lower() in NOT_READ or _holds_scans(p)]
        except FileNotFoundError:
            raise UnreadableError(f"{path} is not there; check the name and the folder.") from None
        except OSError as error:
            raise UnreadableError(f"{path} cannot be opened: {error.strerror}; check that you may read it.") from None
        if left:
            raise UnreadableError(
                f"{path} holds {left[0]}, which cannot be taken as a scan, so its pages would be missing; move it out, "
                "or save it as PDF or JPEG."
            )
        if not inside:
            raise UnreadableError(f"{path} holds no scans (PDF, JPEG, PNG, TIFF, HEIC); check the folder.")
        found += natsorted(inside, key=lambda p: (p.name.casefold(), p.name))
    return found


def _holds_scans(path: Path) -> bool:
    return path.is_dir() and any(inner.suffix.lower() in SCANS for inner in path.iterdir())


def check_scans(given: Sequence[Path], known: Stack, *, fronts_backs: bool = False) -> Stack:
    """The stack that is given, once every file of it has been opened and glanced at. Nothing is written.

    Args:
        given: files and folders.
        known: the stack that the set has; files that are in it were glanced at before.
        fronts_backs: whether they are the fronts and the backs of the same sheets.

    Raises:
        UnreadableError: a file is missing, locked, empty, cut off, or no scan.
        UsageError: fronts and backs are not two files of equally many pages.
    """
    files = files_of(given)
    hashes = {path: sha256(path) for path in files}
    counts = {file.sha256: file.pages for file in known.files}
    faults: dict[str, str] = {}
    waiting = {sha: path for path, sha in hashes.items() if sha not in counts}
    for path, result in run_all(glanced, waiting.values(), seconds=GLANCE_SECONDS, named=lambda path: path.name):
        if isinstance(result, MsswError):
            raise result
        counts[hashes[path]], faults[path.name] = result
    if faults and all(faults.values()) and len(faults) == len(set(hashes.values())):
        # where some can be read, the others' pages are held like any damaged page
        raise UnreadableError(next(iter(faults.values())))
    names = _names(files)
    stack = Stack(
        tuple(StackFile(name, hashes[path], counts[hashes[path]]) for name, path in zip(names, files, strict=True)),
        fronts_backs,
    )
    if fronts_backs:
        _check_pairs(stack)
    return stack


def glanced(path: Path) -> tuple[int, str]:
    """In a worker: the file's pages, and what is wrong where none of its first, middle and last page could be read.

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


def _check_pairs(stack: Stack) -> None:
    if len(stack.files) != 2:  # noqa: PLR2004 - fronts and backs
        raise UsageError("--fronts-backs takes exactly two stacks: the fronts, then the backs.")
    fronts, backs = stack.files
    if fronts.pages != backs.pages:
        raise UsageError(
            f"{fronts.name} has {fronts.pages} pages and {backs.name} has {backs.pages}; fronts and backs must be "
            "equally many, so that none goes to another student. Scan the missing side again."
        )


def take_in(workset: WorkSet, stack: Stack, given: Sequence[Path]) -> None:
    """Copy the scans into ``private/stack``; a second run with the same files finds them there.

    Args:
        workset: the set.
        stack: what ``checked`` said of them.
        given: as ``checked`` was given.

    Raises:
        WouldOverwriteError: the set holds another stack already.
    """
    inside = (p for p in workset.stack.glob("*") if p.name.casefold() not in SYSTEM)
    standing = {p.name: p for p in inside if not p.name.startswith(".")}
    wanted = {file.name: file.sha256 for file in stack.files}
    if any(wanted.get(name) != sha256(path) for name, path in standing.items()):
        raise WouldOverwriteError(
            f"{workset.root} holds another stack already; choose a new folder for this one, or run "
            f"`mssw prepare --into {workset.root}` without a stack to go on with the one it has."
        )
    make_folder(workset.stack, private=True)
    note(workset, stack)  # before the copies: a run that is killed between them must not take a part for the whole
    for file, path in zip(stack.files, files_of(given), strict=True):
        if file.name not in standing:
            copied(path, workset.stack / file.name)


def _names(files: Sequence[Path]) -> list[str]:
    """File names as given; a name that comes twice, whatever its capitals, gets its number in front."""
    names = [file.name.lstrip(".") or "stack" for file in files]
    while len({name.casefold() for name in names}) < len(names):
        folded = [name.casefold() for name in names]
        names = [
            name if folded.count(name.casefold()) == 1 else f"{place:02d}-{name}" for place, name in enumerate(names, 1)
        ]
    return names


def copied(file: Path, copy: Path) -> None:
    """Copy whole or not at all, for the owner's eyes only.

    Raises:
        NotWrittenError: it could not be.
    """
    part = copy.with_name(f"{PART}{copy.name}")
    try:
        with file.open("rb") as source, part.open("wb") as target:
            part.chmod(0o600)
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        part.replace(copy)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NotWrittenError(
            f"{file} could not be copied into {copy.parent}: {error.strerror}. Free some space or allow writing there, "
            "then run the same command again."
        ) from None


def check_task_file(workset: WorkSet, path: Path) -> None:
    """Read every page of the blank task within the limits of a stranger's file, unless the set has it already.

    Raises:
        UnreadableError: a page cannot be read, or there are too many for a task.
    """
    refuse_folder(path)
    if not any(sha256(path) == sha256(standing) for standing in _tasks(workset)):
        run_alone(_read_whole, path)


def refuse_folder(path: Path) -> None:
    """Refuse a folder in place of the blank task.

    Raises:
        UnreadableError: it is one.
    """
    if path.is_dir():
        raise UnreadableError(f"{path} is a folder; give the blank task as one file, a PDF or a picture.")


def pages_of_task(workset: WorkSet, given: Path | None) -> int:
    """How many pages the blank task has, the given one or else the set's.

    Raises:
        UsageError: there is none.
    """
    path = given or next(iter(_tasks(workset)), None)
    if path is None:
        raise UsageError("--field says where names stand on the blank task, and there is none; give it with --task.")
    return int(run_alone(count_pages, path))


def _read_whole(path: Path) -> None:
    """In a worker: can each page be read?"""
    for _ in task_pictures(path):
        pass


def task_pictures(path: Path) -> Iterator[Picture]:
    """In a worker: each page of the blank task.

    Raises:
        UnreadableError: a page cannot be read, or there are too many for a task.
    """
    count = count_pages(path)
    if count > MOST_TASK_PAGES:
        raise UnreadableError(
            f"{path.name} has {count} pages, too many for one student's task; "
            "give the blank copy that one student gets."
        )
    for number in range(1, count + 1):
        yield read_page(path, number)


def _tasks(workset: WorkSet) -> list[Path]:
    """The task's file; what Windows or macOS puts beside it does not count."""
    inside = workset.task_given.glob("*")
    return sorted(p for p in inside if p.is_file() and not p.name.startswith(".") and p.name.casefold() not in SYSTEM)


def kept_task(workset: WorkSet, given: Path | None) -> Path | None:
    """The blank task's file in the set, replaced where another one is given."""
    standing = _tasks(workset)
    if given is None:
        return standing[0] if standing else None
    copy = workset.task_given / (given.name.lstrip(".") or "task")
    make_folder(workset.task_given, private=True)
    for other in standing:
        if other.name != copy.name:
            other.unlink()
    if not copy.is_file() or sha256(copy) != sha256(given):
        shutil.rmtree(workset.task_given / "pages", ignore_errors=True)  # another task may have fewer pages
        copied(given, copy)
    return copy
