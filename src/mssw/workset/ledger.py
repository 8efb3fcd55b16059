"""The ledger: which students' work was shown before, without a list of students or a link between their aliases.

It is in ``private/`` of the folder that holds the sets, with a key and a lock of its own.

A student is written as two keyed hashes, of her name and of her number. The key is random and is kept beside the
ledger. With both and a class list you can ask about a student, which is what the ledger is for; with the ledger alone
you cannot. No alias is written: two sets' aliases are linked only for a moment, on the computer of a teacher who has
the keys of both. Who asks which responses were used lately gets sentences under a set's own aliases.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mssw.errors import MsswError, UnreadableError
from mssw.names.student import fold
from mssw.workset.allowed_names import find_typed_names
from mssw.workset.class_list import read_sealed_key
from mssw.workset.folder import (
    DamagedFileError,
    NotWrittenError,
    WorkSet,
    make_folder,
    read_json,
    write_bytes,
    write_json,
)
from mssw.workset.settings import read_settings

LATELY = 3
"""How many choices back are reported."""

_KEY_BYTES = 32
_WAIT_SECONDS = 10

_AGO = {1: "the last choice before this one", 2: "two choices ago", 3: "three choices ago"}


@dataclass(frozen=True, slots=True)
class LedgerTrace:
    """A student as the ledger knows her.

    Attributes:
        name: keyed hash of her name.
        number: keyed hash of her student number; empty where she has none.
    """

    name: str
    number: str = ""

    def is_same(self, other: LedgerTrace) -> bool:
        """Whether both are one student: by the number where both have one, else by the name."""
        return self.number == other.number if self.number and other.number else self.name == other.name


@dataclass(frozen=True, slots=True)
class Use:
    """One choice of samples.

    Attributes:
        set: keyed hash of the set's folder.
        title: of the set, for the reader.
        session: the same.
        date: the same, in the teacher's words.
        students: those with a chosen response, in the order of their hashes, which says nothing.
    """

    set: str
    title: str = ""
    session: str = ""
    date: str = ""
    students: tuple[LedgerTrace, ...] = field(default=(), repr=False)

    @property
    def shown(self) -> str:
        """The use as a teacher reads it: ``“Massive air” (session B, 12 March)``."""
        session = f"session {self.session}" if len(self.session) == 1 else self.session
        more = ", ".join(part for part in (session, self.date) if part)
        return f"“{self.title or 'a set without a title'}”" + (f" ({more})" if more else "")

    def to_json(self) -> dict[str, Any]:
        """As it stands in the ledger."""
        return {
            "set": self.set,
            "title": self.title,
            "session": self.session,
            "date": self.date,
            "students": [{"name": one.name, "number": one.number} for one in self.students],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Use:
        """Read it back."""
        students = tuple(LedgerTrace(str(one["name"]), str(one["number"])) for one in value["students"])
        set_, title, session, date = (str(value[key]) for key in ("set", "title", "session", "date"))
        return cls(set_, title, session, date, students)


def keyed(key: bytes, kind: str, text: str) -> str:
    """A keyed hash (HMAC-SHA-256, cut to 128 bits) of a text; of one kind, so that a name and a number never meet."""
    return hmac.new(key, f"{kind}\n{text}".encode(), hashlib.sha256).hexdigest()[:32]


def trace(key: bytes, name: str, number: str) -> LedgerTrace:
    """How the ledger writes a student. The order of the parts of a name, capitals and accents do not matter."""
    parts = " ".join(sorted(fold(name.replace(",", " ")).split()))
    return LedgerTrace(keyed(key, "name", parts), keyed(key, "number", fold(number)) if number.strip() else "")


def with_use(uses: Sequence[Use], use: Use) -> tuple[Use, ...]:
    """The ledger with that choice: in the place of the one that the set made before, else at the end."""
    if any(one.set == use.set for one in uses):
        return tuple(use if one.set == use.set else one for one in uses)
    return (*uses, use)


def shown_before(uses: Sequence[Use], sets: Collection[str], student: LedgerTrace) -> tuple[tuple[Use, int], ...]:
    """The last uses before the set's own in which the student's work was shown, each with how many choices ago.

    Args:
        uses: the ledger, oldest first.
        sets: the sets that are being chosen from; their own uses are left out.
        student: the student to look for.
    """
    own = [place for place, use in enumerate(uses) if use.set in sets]
    earlier = [use for use in uses[: own[0] if own else len(uses)] if use.set not in sets][-LATELY:]
    ago = range(len(earlier), 0, -1)
    found = [(use, n) for use, n in zip(earlier, ago, strict=True) if any(map(student.is_same, use.students))]
    return tuple(reversed(found))


class LedgerFolder:
    """Where the ledger of a set stands."""

    def __init__(self, workset: WorkSet) -> None:
        self.above = workset.root.resolve().parent
        self.private = self.above / "private"
        self.ledger = self.private / "ledger.json"
        self.key = self.private / "ledger.key"

    @property
    def is_kept(self) -> bool:
        """Whether there is a ledger yet."""
        return self.ledger.is_file() and self.key.is_file()

    @property
    def is_apart(self) -> bool:
        """Whether the folder above is one that holds sets, and not itself a set with a private folder of its own."""
        return not WorkSet(self.above).settings.is_file()

    def read_key(self) -> bytes:
        """The key of the ledger.

        Raises:
            UnreadableError: it is no key.
        """
        try:
            key = bytes.fromhex(self.key.read_text(encoding="ascii"))
        except (OSError, ValueError):
            key = b""
        if len(key) != _KEY_BYTES:
            raise UnreadableError(
                f"{self.key} is damaged: put a copy of it back, or rename it and {self.ledger.name} to begin a new "
                "ledger."
            )
        return key

    def read(self) -> Any:
        """What the ledger holds.

        Raises:
            UnreadableError: it is damaged.
        """
        try:
            return read_json(self.ledger)
        except DamagedFileError:
            raise UnreadableError(
                f"{self.ledger} is damaged: put a copy of it back, or rename it to begin a new ledger."
            ) from None

    def write(self, value: Any) -> None:
        """Write the ledger. The caller holds its lock.

        Raises:
            NotWrittenError: the place may not be written.
        """
        write_json(self.ledger, value, private=True)

    @contextmanager
    def locked(self) -> Iterator[bytes]:
        """Hold the ledger alone; its key is drawn where there is none yet.

        Raises:
            NotWrittenError: the place may not be written.
            UnreadableError: the key is damaged, or another command keeps the ledger.
        """
        lock = FileLock(self.private / ".ledger.lock", timeout=_WAIT_SECONDS, mode=0o600)
        try:
            make_folder(self.private, private=True)
            lock.acquire()
        except Timeout:
            raise UnreadableError(f"another mssw command keeps {self.ledger}; run this again.") from None
        except OSError as error:
            raise NotWrittenError(f"{self.private} may not be written: {error.strerror}.") from None
        try:
            if not self.ledger.is_file() and not self.key.is_file():
                write_bytes(self.key, secrets.token_bytes(_KEY_BYTES).hex().encode(), private=True)
            yield self.read_key()
        finally:
            lock.release()


def find_recent_use(worksets: Sequence[WorkSet]) -> tuple[dict[tuple[Path, str], str], tuple[str, ...]]:
    """Find the responses of students of whom one was chosen from another set not long ago.

    Args:
        worksets: the sets that are being chosen from; earlier choices from them do not count.

    Returns:
        By set's folder and alias, where the student's response was used: ``“Massive air” (session B), two choices
        ago``; and remarks on what could not be read.
    """
    used: dict[tuple[Path, str], str] = {}
    remarks: list[str] = []
    for workset in worksets:
        folder = LedgerFolder(workset)
        try:
            if not folder.is_kept or not folder.is_apart:
                continue
            key, uses = folder.read_key(), _read_uses(folder)
            own = {_set_trace(key, one) for one in worksets}
            for alias, student in _read_students(workset, key).items():
                found = shown_before(uses, own, student)
                if found:
                    used[workset.root, alias] = " and ".join(f"{use.shown}, {_AGO[ago]}" for use, ago in found)
        except (MsswError, OSError) as error:
            remarks.append(f"mssw cannot tell which students were chosen lately: {error}")
    return used, tuple(dict.fromkeys(remarks))


def remember_use(chosen: Mapping[WorkSet, Sequence[str]]) -> tuple[str, ...]:
    """Write to the ledger which students' responses were chosen. A new choice from a set replaces its last one.

    Args:
        chosen: the chosen aliases of each set.

    Returns:
        Remarks, if no ledger could be kept. The choice is valid without it.
    """
    remarks = []
    for workset, aliases in chosen.items():
        folder = LedgerFolder(workset)
        try:
            if not folder.is_apart:
                remarks.append(f"{folder.above} is itself a work set, so it keeps no record of who was chosen.")
                continue
            begun = not folder.is_kept
            with folder.locked() as key:
                uses = _read_uses(folder) if folder.ledger.is_file() else ()
                students = _read_students(workset, key)
                traces = {students[alias] for alias in aliases if alias in students}
                use = _make_use(workset, key, tuple(sorted(traces, key=lambda one: (one.name, one.number))))
                folder.write({"version": 1, "uses": [one.to_json() for one in with_use(uses, use)]})
            if begun:
                remarks.append(
                    f"{folder.ledger} now remembers, without names or aliases, which students were chosen, so that the "
                    "next choice can be different. To keep no record, add --no-ledger."
                )
        except (MsswError, OSError) as error:
            remarks.append(f"mssw could not record which students were chosen: {error}")
    return tuple(dict.fromkeys(remarks))


def _read_uses(folder: LedgerFolder) -> tuple[Use, ...]:
    try:
        return tuple(Use.from_json(use) for use in folder.read()["uses"])
    except (KeyError, TypeError, AttributeError):
        raise UnreadableError(
            f"{folder.ledger} is damaged: restore a copy, or rename it to start a new record."
        ) from None


def _set_trace(key: bytes, workset: WorkSet) -> str:
    return keyed(key, "set", workset.root.resolve().name)


def _read_students(workset: WorkSet, key: bytes) -> dict[str, LedgerTrace]:
    """Who wrote each response, as the ledger writes it; without responses that have no student in the key."""
    if not workset.key.is_file():
        return {}
    return {e.alias: trace(key, e.student, e.number) for e in read_sealed_key(workset) if e.student}


def _make_use(workset: WorkSet, key: bytes, students: tuple[LedgerTrace, ...]) -> Use:
    """The choice for the ledger, without a title or date that names a student."""
    settings, names = read_settings(workset.settings), find_typed_names(workset)
    title, session, date = (
        "" if names.hits(text) else text for text in (settings.title, settings.session, settings.date)
    )
    return Use(_set_trace(key, workset), title, session, date, students)
