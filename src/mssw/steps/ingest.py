"""The stack as given goes into the set: files in natural order, fronts and backs interleaved, each page with its id."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from natsort import natsorted

from mssw.errors import UnreadableError, UsageError, WouldOverwriteError
from mssw.files.scans import count_pages, read_page
from mssw.files.workers import run_alone
from mssw.files.workset import WorkSet, make_folder, read_json, write_json

SCANS = {".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".heif", ".webp", ".bmp"}


@dataclass(frozen=True)
class StackPage:
    """A page of the stack before it is looked at.

    Attributes:
        id: e.g. ``s01-p0005``.
        source: the file in ``private/stack``.
        number: 1-based page of that file.
    """

    id: str
    source: Path
    number: int


def files_of(given: Sequence[Path]) -> list[Path]:
    """The scan files that are meant: files as given, folders in natural order.

    Raises:
        UnreadableError: one is missing, or a folder holds no scan.
    """
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = natsorted(
                (p for p in path.iterdir() if p.suffix.lower() in SCANS and not p.name.startswith(".") and p.is_file()),
                key=lambda p: p.name.casefold(),
            )
            if not inside:
                raise UnreadableError(f"{path} holds no scans (PDF, JPEG, PNG, TIFF, HEIC); check the folder.")
            found += inside
        elif not path.exists():
            raise UnreadableError(f"{path} is not there; check the name and the folder.")
        else:
            found.append(path)
    return found


def take_in(workset: WorkSet, given: Sequence[Path]) -> list[Path]:
    """Copy the scans into ``private/stack``; a second run with the same files finds them there.

    Returns:
        The copies, in order.

    Raises:
        WouldOverwriteError: the set holds another stack already.
    """
    files = files_of(given)
    names = _names(files)
    standing = {p.name for p in workset.stack.glob("*") if not p.name.startswith(".")}
    if standing - set(names):
        raise WouldOverwriteError(
            f"{workset.root} holds another stack already; choose a new folder for this one, or run "
            f"`mssw prepare --into {workset.root}` without a stack to go on with the one it has."
        )
    make_folder(workset.stack, private=True)
    copies = []
    for file, name in zip(files, names, strict=True):
        copy = workset.stack / name
        if not copy.exists():
            _copied(file, copy)
        elif copy.stat().st_size != file.stat().st_size:
            raise WouldOverwriteError(
                f"{workset.root} holds another {name} already; choose a new folder for this stack."
            )
        copies.append(copy)
    return copies


def _names(files: Sequence[Path]) -> list[str]:
    """File names as given; a name that comes twice gets its number in front."""
    names = [file.name for file in files]
    return [name if names.count(name) == 1 else f"{place:02d}-{name}" for place, name in enumerate(names, 1)]


def _copied(file: Path, copy: Path) -> None:
    """Copy whole or not at all, for the owner's eyes only."""
    part = copy.with_name(f".writing-{copy.name}")
    try:
        with file.open("rb") as source, part.open("wb") as target:
            part.chmod(0o600)
            shutil.copyfileobj(source, target)
        os.replace(part, copy)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UnreadableError(
            f"{file} could not be copied into {copy.parent}: {error.strerror}. Check both places, then run this again."
        ) from None


def pages_of(copies: Sequence[Path], *, fronts_backs: bool = False) -> list[StackPage]:
    """Every page of the stack in the order in which students handed them in.

    Args:
        copies: the files in ``private/stack``.
        fronts_backs: the two files are the fronts and the backs of the same sheets.

    Raises:
        UnreadableError: a file is locked, damaged, empty or no scan.
        UsageError: fronts and backs are not two files of equally many pages.
    """
    counts = [int(run_alone(_count, copy)) for copy in copies]
    files = [
        [StackPage(f"s{place:02d}-p{number:04d}", copy, number) for number in range(1, count + 1)]
        for place, (copy, count) in enumerate(zip(copies, counts, strict=True), 1)
    ]
    if not fronts_backs:
        return [page for file in files for page in file]
    if len(files) != 2:
        raise UsageError("--fronts-backs takes exactly two stacks: the fronts, then the backs.")
    if counts[0] != counts[1]:
        raise UsageError(
            f"{copies[0].name} has {counts[0]} pages and {copies[1].name} has {counts[1]}; fronts and backs must be equally "
            "many, so that none goes to another student. Scan the missing side again."
        )
    return [page for pair in zip_longest(*files) for page in pair]


def _count(path: Path) -> int:
    """In a worker: the file's pages."""
    return count_pages(path)


def reversed_backs(pages: Sequence[StackPage]) -> list[StackPage]:
    """The same fronts and backs with the backs' order turned round: a stack that was flipped over as a whole."""
    fronts, backs = pages[0::2], pages[1::2]
    return [page for pair in zip(fronts, reversed(backs), strict=True) for page in pair]


def checked(path: Path) -> int:
    """In a worker: the file's pages, once its first page has been read."""
    count = count_pages(path)
    read_page(path, 1, most_dpi=50)
    return count


def kept_task(workset: WorkSet, given: Path | None) -> Path | None:
    """The blank task's file in the set, replaced where another one is given."""
    standing = sorted(p for p in workset.task_given.glob("*") if p.is_file() and not p.name.startswith("."))
    if given is None:
        return standing[0] if standing else None
    copy = workset.task_given / given.name
    make_folder(workset.task_given, private=True)
    if not copy.is_file() or copy.read_bytes() != given.read_bytes():
        _copied(given, copy)
    for other in standing:
        if other.name != copy.name:
            other.unlink()
    return copy


@dataclass(frozen=True)
class Order:
    """The order of the stack's files, remembered in ``private/stack/.order.json`` for the next run.

    Attributes:
        files: their names in ``private/stack``.
        fronts_backs: whether they are the fronts and the backs of the same sheets.
    """

    files: tuple[str, ...]
    fronts_backs: bool

    @classmethod
    def remembered(cls, workset: WorkSet, given: Sequence[Path], *, fronts_backs: bool) -> Order:
        """What is given now, or what was given before."""
        path = workset.stack / ".order.json"
        if given:
            order = cls(tuple(_names(files_of(given))), fronts_backs)
            value = {"files": list(order.files), "fronts_backs": fronts_backs}
            if not path.is_file() or read_json(path) != value:
                write_json(path, value, private=True)
            return order
        if path.is_file():
            value = read_json(path)
            return cls(tuple(value["files"]), bool(value["fronts_backs"]))
        names = natsorted(p.name for p in workset.stack.iterdir() if not p.name.startswith("."))
        return cls(tuple(names), fronts_backs=False)
