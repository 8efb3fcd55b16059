"""The seal of what was decided: it shows when a private file is missing, damaged, or another one than before.

Each finished ``prepare`` and each decision writes it, into ``private/state.json`` and into ``shared/manifest.json``, so
that losing one file of a set never loses the seal too. Whoever reads decisions, class list or key compares them with
the seal. What does not match is refused: covers drawn by hand, responses that were set aside and names that were looked
for must not be forgotten in silence.

The digests are keyed with the scans' own hashes. Who has only ``shared/`` cannot try names or orders against them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from msgspec import UNSET, Struct, UnsetType, convert, to_builtins
from msgspec import ValidationError as RowError
from msgspec.structs import replace

from mssw.errors import StepMissingError, UnreadableError
from mssw.workset.folder import DamagedFileError, WorkSet, read_json, write_json
from mssw.workset.stack import read_stack

Read = TypeVar("Read")

_LETTERS = 24  # of a digest: 96 bits
_LETTERS_OF_A_NAME = 10  # enough to tell a class's spellings apart, and the file stays small


class SealBrokenError(StepMissingError):
    """A private file is not the one that the set was prepared with."""


class SealedFile(Struct, frozen=True, omit_defaults=True):
    """What is kept of one file.

    Attributes:
        count: how much is in it: pages that were decided about, students, responses.
        digests: of what it says. Two where a command was writing it: either is right.
        parts: a digest of each part that must not go missing; in ``private/`` alone.
        by_hand: how many of its rows a person wrote.
    """

    count: int = 0
    digests: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    by_hand: int = 0


class Seal(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was decided, and by which class list, when the set was prepared last.

    Attributes:
        decisions: ``private/decisions.json``.
        names: the spellings that were looked for, of ``private/roster.xlsx`` and of ``private/also.txt``.
        key: ``private/key.xlsx``: which alias has which pages.
        settings: a digest of what ``set.toml`` says of name fields and covers.
        files: the files that were there.
    """

    decisions: SealedFile = SealedFile()
    names: SealedFile = SealedFile()
    key: SealedFile = SealedFile()
    settings: str = ""
    files: tuple[str, ...] = ()

    @property
    def without_parts(self) -> Seal:
        """The seal as it is shared."""
        return replace(self, names=replace(self.names, parts=()))


class Sealed(Struct, frozen=True):
    """The seal as it is in a file with other things."""

    seal: Seal | UnsetType = UNSET


class Stamp:
    """Makes the digests of one set.

    Raises:
        UnreadableError: the note of the set's scans is damaged.
    """

    def __init__(self, workset: WorkSet) -> None:
        stack = read_stack(workset)
        self._key = hashlib.sha256("\n".join(("mssw seal", *(file.sha256 for file in stack.files))).encode()).digest()

    def of_bytes(self, data: bytes, letters: int = _LETTERS) -> str:
        """The digest of a file's bytes."""
        return hmac.new(self._key, data, hashlib.sha256).hexdigest()[:letters]

    def of(self, value: Any) -> str:
        """The digest of a value that JSON can write."""
        return self.of_bytes(json.dumps(value, sort_keys=True).encode())

    def of_names(self, spellings: Iterable[str], students: int) -> SealedFile:
        """What is kept of the names that are looked for."""
        parts = sorted({self.of_bytes(one.encode("utf-8", "surrogatepass"), _LETTERS_OF_A_NAME) for one in spellings})
        return SealedFile(students, (self.of(parts),), tuple(parts))


def read_seal(workset: WorkSet) -> Seal | None:
    """The seal of a set: the state's, or the manifest's where the state is gone.

    None where it was never sealed, or its private part was deleted on purpose.

    Raises:
        SealBrokenError: both files are damaged.
        NewerVersionError: a newer mssw made one of them.
    """
    if workset.is_final:
        return None
    damaged = []
    for path in (workset.state, workset.manifest):
        if path.is_file():
            try:
                found = convert(read_json(path), Sealed).seal
            except (DamagedFileError, RowError):
                damaged.append(path)
                continue
            if found is not UNSET:
                return found
    if len(damaged) > 1:
        raise SealBrokenError(
            f"{' and '.join(map(str, damaged))} are damaged, so nothing tells what was decided about this set: put a "
            f"copy of one of them back. {start_over(workset)}"
        )
    return None


def read_under_seal(workset: WorkSet, read: Callable[[Seal | None], Read]) -> Read:
    """Read a private file and compare it with the set's seal.

    A command or another tab may write both between the two readings: then the file is read again. Only one that does
    not match the seal of this moment is refused.

    Args:
        workset: the set.
        read: reads the file and compares it with a seal.

    Raises:
        SealBrokenError: from ``read``.
        UnreadableError: from ``read``.
    """
    seal = read_seal(workset)
    while True:
        try:
            return read(seal)
        except (SealBrokenError, UnreadableError):
            sealed_since = read_seal(workset)
            if sealed_since == seal:
                raise
            seal = sealed_since


def write_seal(workset: WorkSet, seal: Seal | None) -> None:
    """Put another seal on a set that is prepared; None takes it away. The caller holds the set's lock."""
    for path, private in ((workset.state, True), (workset.manifest, False)):
        if not path.is_file():
            continue
        try:
            value = read_json(path)
        except DamagedFileError:
            continue  # the other one has it
        if not isinstance(value, dict):
            continue
        sealed = {key: one for key, one in value.items() if key != "seal"}
        if seal is not None:
            sealed["seal"] = to_builtins(seal if private else seal.without_parts)
        if sealed != value:
            write_json(path, sealed, private=private)


def start_over(workset: WorkSet) -> str:
    """How to go on without the file, as a sentence."""
    return f"Without a copy, `mssw prepare --into {workset.typed} --start-over` goes on, and forgets what was decided."


def broken(workset: WorkSet, name: str, why: str, holds: str) -> SealBrokenError:
    """The refusal of a private file.

    Args:
        workset: the set.
        name: of the file, relative to the set's folder.
        why: what is wrong with it.
        holds: what would be lost, as a clause.
    """
    return SealBrokenError(
        f"{workset.root / name} {why}. It holds {holds}: put a copy of it back, from a backup, then run this again. "
        f"{start_over(workset)}"
    )
