"""The stack as the set keeps it: its files in order, fronts and backs interleaved, each page with its id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import msgspec

from mssw.errors import StepMissingError, UnreadableError
from mssw.workset.folder import WorkSet, hash_file, read_typed, write_json

ORDER = ".order.json"
_OF_EVERY_FILE = {"name", "sha256", "pages"}  # keys that are written whatever their value


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


@dataclass(frozen=True)
class StackFile:
    """A file of the stack, as noted in ``private/stack``.

    Attributes:
        name: in ``private/stack``.
        sha256: of its bytes.
        pages: how many it has.
        given: its path in the download that it came from; empty where it came from none.
        submission: the number of the submission that it is part of, from 1; 0 where files are not by student.
        student: the words of its given name that name the writer. Private, and only evidence.
        is_earlier: whether the student handed in a later attempt.
    """

    name: str
    sha256: str
    pages: int
    given: str = field(default="", repr=False)
    submission: int = 0
    student: str = field(default="", repr=False)
    is_earlier: bool = False


@dataclass(frozen=True)
class Stack:
    """The files of the stack, in order.

    Attributes:
        files: fronts first where there are backs.
        fronts_backs: whether they are the fronts and the backs of the same sheets; one file has both, one after the
            other.
        backs_reversed: whether the backs run from the last sheet to the first; None if nobody said.
    """

    files: tuple[StackFile, ...]
    fronts_backs: bool = False
    backs_reversed: bool | None = None

    @property
    def is_by_student(self) -> bool:
        """Whether each file is known to be one student's, as in a download of a learning system."""
        return any(file.submission for file in self.files)

    @cached_property
    def submissions(self) -> dict[str, int]:
        """By file, the number of the submission that it is part of; only where files are by student."""
        return {file.name: file.submission for file in self.files if file.submission}

    @cached_property
    def earlier(self) -> frozenset[str]:
        """The files of attempts after which the student handed in another."""
        return frozenset(file.name for file in self.files if file.is_earlier)

    @cached_property
    def documents(self) -> dict[str, str]:
        """By file, the document that it is or is part of, at whose end a response ends.

        That is a student's submission, or a file of several pages. Files without one are left out: photos and scans of
        one page, and all where one file has the other's backs.
        """
        if self.is_by_student:
            return {file.name: f"submission {file.submission}" for file in self.files}
        return {file.name: file.name for file in self.files if file.pages > 1 and not self.fronts_backs}


def write_stack(workset: WorkSet, stack: Stack) -> None:
    """Keep the stack's order for the next run."""
    path = workset.stack / ORDER
    value = {"version": 1, **msgspec.to_builtins(stack)}
    value["files"] = [{key: one[key] for key in one if one[key] or key in _OF_EVERY_FILE} for one in value["files"]]
    if not path.is_file() or _noted(workset) != stack:
        write_json(path, value, private=True)


def read_stack(workset: WorkSet) -> Stack:
    """The stack that an earlier run took in or was about to; an empty one where there is none."""
    return _noted(workset) if (workset.stack / ORDER).is_file() else Stack(())


def require_stack(workset: WorkSet) -> Stack:
    """The stack that an earlier run took in.

    Raises:
        StepMissingError: it took in none, or was stopped while it did.
    """
    stack = read_stack(workset)
    again = f"give the scans again, as in `mssw prepare STACK.pdf --into {workset.typed}`."
    if not stack.files:
        raise StepMissingError(f"there is no stack yet: {again}")
    for file in stack.files:
        copy = workset.stack / file.name
        if not copy.is_file():
            raise StepMissingError(f"{file.name} is not in {workset.stack}: {again}")
        if hash_file(copy) != file.sha256:
            raise UnreadableError(f"{copy} was changed since it was taken in; put the scan back, or make a new set.")
    return stack


def _noted(workset: WorkSet) -> Stack:
    path = workset.stack / ORDER
    return read_typed(path, Stack, "put a copy of it back, or rename it and give the scans again.")


def pages_of(workset: WorkSet, stack: Stack) -> list[StackPage]:
    """Every page of the stack in the order in which students handed them in; fronts with backs as they were fed."""
    files = [
        [
            StackPage(f"s{place:02d}-p{number:04d}", workset.stack / file.name, number)
            for number in range(1, file.pages + 1)
        ]
        for place, file in enumerate(stack.files, 1)
    ]
    if not stack.fronts_backs:
        return [page for file in files for page in file]
    if len(files) == 1:  # all fronts, then all backs, in one file
        half = len(files[0]) // 2
        files = [files[0][:half], files[0][half:]]
    return [page for pair in zip(*files, strict=True) for page in pair]


def reversed_backs(pages: Sequence[StackPage]) -> list[StackPage]:
    """The same fronts and backs with the backs' order turned round: a stack that was flipped over as a whole."""
    fronts, backs = pages[0::2], pages[1::2]
    return [page for pair in zip(fronts, reversed(backs), strict=True) for page in pair]
