"""A work set's folder: where everything is, how files are written, read and hashed, and who may write at a time.

The rows of a set's JSON files are typed: a row is a ``msgspec.Struct`` or a frozen dataclass, with the keys of the file
as its fields. Keys that a row does not have are ignored, and a field that is ``UNSET`` is left out of the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from filelock import FileLock, Timeout

from mssw.core.shell_words import quote_word
from mssw.errors import StepMissingError, UnreadableError, WouldOverwriteError

PART = ".writing-"  # begins the name of a file until all of it is there
WAITS = 3.0  # seconds for another command that is about to end
PREPARE_AGAIN = "run `mssw prepare` again, which makes it anew."

_MOST_NAMED = 5  # sets in one message
_LONGEST_VERSION = 20  # digits
NEWEST = {"decisions.json": 3}
"""The newest version of each JSON file that this mssw writes, where that is not 1."""

Row = TypeVar("Row")
Kept = TypeVar("Kept", bound="KeptWork")


class NotWrittenError(UnreadableError):
    """The disk is full, or the place may not be written: no fault of what was read."""


class DamagedFileError(UnreadableError):
    """A file that mssw wrote is damaged or missing. What was in it may be made again, or be elsewhere."""


class NewerVersionError(UnreadableError):
    """A file was made by a newer mssw: we may not know what it means, so we leave the whole set alone."""


def not_made(folder: Path, why: str | None) -> NotWrittenError:
    """The error for a folder that cannot be made, or could not be if it were tried."""
    return NotWrittenError(f"{folder} could not be made: {why}. Choose a folder that you may write to.")


def write_bytes(path: Path, data: bytes, *, private: bool) -> None:
    """Write a file whole or not at all: a neighbour first, then one rename.

    Args:
        path: where it goes; its folder is made where it is missing.
        data: all of it.
        private: mode 0600 in a 0700 folder, else 0644 in 0755.

    Raises:
        NotWrittenError: the disk is full, or the place may not be written.
    """
    try:
        make_folder(path.parent, private=private)
        handle, name = tempfile.mkstemp(prefix=PART, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o600 if private else 0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise NotWrittenError(
            f"{path.name} could not be written into {path.parent}: {error.strerror or 'unknown cause'}. "
            "Free some space or allow writing there, then run the same command again."
        ) from None


def copy_together(copies: Sequence[tuple[Path, Path]]) -> None:
    """Copy files to where others may read them: all of them are written, in that order, before any gets its name.

    So a file never takes the place on the disk that another one gave up, which would tell how those were ordered.

    Args:
        copies: each file with where it goes.

    Raises:
        NotWrittenError: the disk is full, or the place may not be written.
    """
    parts: list[tuple[Path, Path]] = []
    try:
        for source, target in copies:
            part = target.with_name(f"{PART}{len(parts):05d}")
            parts.append((part, target))
            with part.open("wb") as file:
                file.write(source.read_bytes())
                file.flush()
                os.fsync(file.fileno())
            part.chmod(0o644)
        for part, target in parts:
            part.replace(target)
    except OSError as error:
        raise NotWrittenError(
            f"{copies[0][1].parent} could not be written: {error.strerror or 'unknown cause'}. Free some space or "
            "allow writing there, then run the same command again."
        ) from None
    finally:
        for part, _ in parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def make_folder(path: Path, *, private: bool) -> None:
    """Make a folder and its parents; a private one is for its owner alone."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o755)


def put_aside(workset: WorkSet, path: Path) -> None:
    """Move a private file out of the way, into ``private/before``: nothing that a person made is deleted.

    Raises:
        NotWrittenError: it may not be moved.
    """
    if not path.is_file():
        return
    try:
        folder = workset.private / "before"
        make_folder(folder, private=True)
        path.replace(folder / f"{path.stem}-{hash_file(path)[:8]}{path.suffix}")
    except OSError as error:
        raise NotWrittenError(
            f"{path} could not be moved: {error.strerror or 'unknown cause'}. Allow writing in {workset.private}, then "
            "run the same command again."
        ) from None


def write_json(path: Path, value: Any, *, private: bool) -> None:
    """Write a value as JSON that reads well and is the same each time."""
    text = json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    write_bytes(path, text.encode(), private=private)


def read_json(path: Path, way_on: str = PREPARE_AGAIN) -> Any:
    """Read JSON that mssw wrote.

    Args:
        path: the file.
        way_on: what to do where it is damaged or missing; it ends the sentence.

    Raises:
        DamagedFileError: it is not JSON any more, or not there.
        NewerVersionError: it was made by a newer mssw.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DamagedFileError(f"{path} is missing; {way_on}") from None
    except OSError:
        raise DamagedFileError(f"{path} is damaged; {way_on}") from None
    return parse_json(path, data, way_on)


def parse_json(path: Path, data: bytes, way_on: str = PREPARE_AGAIN) -> Any:
    """Read JSON that mssw wrote from the bytes of its file.

    Args:
        path: the file, for messages.
        data: all of it.
        way_on: what to do where it is damaged; it ends the sentence.

    Raises:
        DamagedFileError: it is not JSON any more.
        NewerVersionError: it was made by a newer mssw.
    """
    try:
        text = data.decode()
        value = json.loads(text)
        if "\\ud" in text.casefold():
            json.dumps(value, ensure_ascii=False).encode()  # half a character could be written nowhere
    except (ValueError, RecursionError):
        raise DamagedFileError(f"{path} is damaged; {way_on}") from None
    check_version(path, value)
    return value


def check_version(path: Path, value: object) -> None:
    """Refuse what a newer mssw wrote.

    Raises:
        NewerVersionError: its version is higher than ours.
    """
    version = value.get("version") if isinstance(value, dict) else None
    if isinstance(version, str) and version.isdecimal() and len(version) < _LONGEST_VERSION:
        version = int(version)
    if isinstance(version, int | float) and version > NEWEST.get(path.name, 1):
        raise NewerVersionError(f"{path} was made by a newer mssw; install the newest mssw to go on with this set.")


def read_typed(path: Path, kind: type[Row], way_on: str = PREPARE_AGAIN) -> Row:
    """Read a JSON file that mssw wrote.

    Args:
        path: the file.
        kind: what it holds.
        way_on: what to do where it is damaged; it ends the sentence.

    Raises:
        DamagedFileError: it is damaged.
        NewerVersionError: it was made by a newer mssw.
    """
    try:
        return msgspec.convert(read_json(path, way_on), kind)
    except msgspec.ValidationError:  # its text may quote the file, and so a name
        raise DamagedFileError(f"{path} is damaged; {way_on}") from None


def write_typed(path: Path, row: object, *, private: bool) -> None:
    """Write a row as ``write_json`` writes a value."""
    write_json(path, msgspec.to_builtins(row, enc_hook=_plain_number), private=private)


def _plain_number(value: object) -> float:
    """A number of NumPy as Python's own."""
    if isinstance(value, float):
        return float(value)
    raise NotImplementedError


class KeptWork(msgspec.Struct, frozen=True, kw_only=True):
    """What a run worked out and keeps, so that the next one need not. Each file of this kind has its own row.

    Attributes:
        known: a hash of everything that it depends on.
    """

    known: str


def read_kept(path: Path, kind: type[Kept], recipe: str) -> Kept | None:
    """Read what an earlier run kept.

    Args:
        path: the file.
        kind: what it holds.
        recipe: a hash of everything that it depends on now.

    Returns:
        The row; None where there is none, where it is damaged, or where it was worked out from something else.
    """
    try:
        kept = read_typed(path, kind) if path.is_file() else None
    except DamagedFileError:
        return None
    return kept if kept is not None and kept.known == recipe else None


def delete_others(folder: Path, names: Collection[str]) -> None:
    """Delete the files of a folder, if it is there, that are called after none of those names."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stem not in names and not path.is_dir():
            path.unlink(missing_ok=True)


class WorkSet:
    """The folder of one class and one task. Knows names and places, nothing of what is in them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.typed = quote_word(root)  # as it is typed in a command that is shown
        self.settings = root / "set.toml"
        self.intro = root / "intro.md"
        self.private = root / "private"
        self.stack = self.private / "stack"
        self.task_given = self.private / "task"
        self.roster = self.private / "roster.xlsx"
        self.pages = self.private / "pages"
        self.reading = self.private / "reading"
        self.also = self.private / "also.txt"
        self.refused = self.private / "refused-aliases.txt"
        self.batch = self.private / "batch.json"
        self.sheets = self.private / "sheets.json"
        self.sheets_to_print = self.private / "sheets.pdf"
        self.key = self.private / "key.xlsx"
        self.matches = self.private / "matches.json"
        self.decisions = self.private / "decisions.json"
        self.place = self.private / "review.json"
        self.review_sheets = self.private / "review.pdf"
        self.sorts = self.private / "sorts"
        self.sort_memory = self.private / "sort-memory.json"
        self.choice = self.private / "choice.json"
        self.choice_card = self.private / "why-these.pdf"
        self.transcripts = self.private / "transcripts"  # one text file for each response, ALIAS.md
        self.questions = self.private / "questions.json"
        self.checklist = self.private / "checklist.pdf"
        self.speaking_card = self.private / "speaking-card.pdf"
        self.print_slip = self.private / "print-slip.pdf"
        self.record_history = self.private / "record"
        self.slips = self.private / "slips.pdf"
        self.words = self.private / "words.json"  # words that are names of students too, and mean the word
        self.on_covers = self.private / "on-covers.json"  # the names there beside the presenting teachers'
        self.handed_out = self.private / "handed-out.json"
        self.received = self.private / "received.json"  # in a set that came as a zip from somebody else
        self.entries = self.private / "entries.json"  # student work that is not in the stack
        self.state = self.private / "state.json"
        self.shared = root / "shared"
        self.work, self.task = self.shared / "work", self.shared / "task.pdf"
        self.contact_sheet = self.shared / "contact-sheet.pdf"
        self.sort_sheet = self.shared / "sort.xlsx"
        self.sort_cards = self.shared / "sort-cards.pdf"
        self.samples = self.shared / "samples.json"
        self.record = self.shared / "record.json"
        self.record_sheet = self.shared / "record.xlsx"
        self.record_print = self.shared / "record.pdf"
        self.record_reading = self.shared / "record-reading.pdf"
        self.packet = self.shared / "packet.pdf"
        self.manifest = self.shared / "manifest.json"

    @classmethod
    def open(cls, root: Path) -> WorkSet:
        """An existing work set.

        Raises:
            StepMissingError: there is none at that place.
        """
        workset = cls(root)
        if not workset.settings.is_file():
            inside = sorted(path.parent for path in root.glob("*/set.toml")) if root.is_dir() else []
            if inside:
                named = ", ".join(map(quote_word, inside[:_MOST_NAMED])) + (" …" if len(inside) > _MOST_NAMED else "")
                raise StepMissingError(f"{root} is not a work set (it has no set.toml); sets in it: {named}.")
            raise StepMissingError(
                f"{root} is not a work set (it has no set.toml); make one with "
                f"`mssw prepare STACK --task TASK --roster ROSTER --into {quote_word(root)}`."
            )
        return workset

    @classmethod
    def create(cls, root: Path) -> WorkSet:
        """A new work set, or the one that is already there.

        Raises:
            WouldOverwriteError: the folder holds something else.
            NotWrittenError: the folder can't be made.
        """
        workset = cls(root)
        cls.check_place(root)
        try:
            make_folder(root, private=False)
            make_folder(workset.private, private=True)
            workset.private.chmod(0o700)
            make_folder(workset.shared, private=False)
        except OSError as error:
            raise not_made(root, error.strerror) from None
        return workset

    @classmethod
    def check_place(cls, root: Path) -> None:
        """Whether a set may stand at that place.

        Raises:
            WouldOverwriteError: it holds something else.
            UnreadableError: it can't be looked into.
        """
        try:
            if root.exists() and not root.is_dir():
                raise WouldOverwriteError(f"{root} is a file; choose another name for the work set.")
            if root.is_dir() and any(root.iterdir()) and not cls(root).is_ours():
                raise WouldOverwriteError(
                    f"{root} is not empty and not a work set; choose a new folder, so that nothing in it is lost."
                )
        except OSError as error:
            raise UnreadableError(
                f"{root} cannot be looked into: {error.strerror}. Choose a folder of your own."
            ) from None

    def is_ours(self) -> bool:
        """Whether a set is here, or the beginnings of one that was never finished."""
        ours = {"set.toml", "intro.md", "private", "shared"}
        return self.settings.is_file() or {p.name for p in self.root.iterdir()} <= ours

    def packets(self) -> list[Path]:
        """Every file of every printing of the packet: for colleagues, by hand, on other paper, to read."""
        return sorted(self.shared.glob(f"{self.packet.stem}*.pdf"))

    @property
    def is_received(self) -> bool:
        """Whether it came from another teacher, so that its scans, class list and key are not here."""
        return self.received.is_file() and not self.stack.is_dir()

    @property
    def made_up(self) -> Path:
        """What marks a ready set, and says which task it was made of."""
        return self.private / "made-up.txt"

    @property
    def is_ready_made(self) -> bool:
        """Whether it is a ready set: made-up student work, which no scan was ever of."""
        return self.made_up.is_file() and not self.stack.is_dir()

    @property
    def is_final(self) -> bool:
        """Whether there are no scans here, so that what is shared can neither change nor be linked any more.

        Its private part was deleted, it was received from another teacher, or it is a ready set.
        """
        return self.manifest.is_file() and not self.stack.is_dir() and not self.entries.is_file()

    @property
    def final_because(self) -> str:
        """Why a final set has no scans, as a clause."""
        if self.is_received:
            return f"{self.root} was received from another teacher"
        if self.is_ready_made:
            return f"{self.root} is a ready set, which is made up as a whole"
        return f"the private folder of {self.root} was deleted"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the set alone while writing to it; what a killed command left unfinished is swept away first.

        It waits ``WAITS`` seconds: an open page keeps its place for a moment, and a command need not fail for that.

        Raises:
            WouldOverwriteError: another command is at work in it.
            NotWrittenError: the set may not be written.
            NewerVersionError: a newer mssw made one of its files.
        """
        self.check_is_there()
        self.check_versions()
        with self._alone():
            self._sweep()
            yield

    def check_is_free(self) -> None:
        """Check that no other command is at work in the set; nothing is written.

        Raises:
            WouldOverwriteError: another command is at work in it.
            NotWrittenError: the set may not be written.
        """
        if (self.private / ".lock").is_file():
            with self._alone():
                pass

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = FileLock(self.private / ".lock", timeout=WAITS, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise WouldOverwriteError(
                f"another mssw command is at work in {self.root}; wait for it to end, then run this again."
            ) from None
        except OSError as error:
            raise NotWrittenError(
                f"{self.private} could not be written: {error.strerror}. Free some space or allow writing there, then "
                "run the same command again."
            ) from None
        try:
            yield
        finally:
            lock.release()

    def check_is_there(self) -> None:
        """Refuse a set whose folder went away while a page of it was open.

        Raises:
            StepMissingError: it did.
        """
        if not self.root.is_dir():
            raise StepMissingError(
                f"{self.root} is not there any more: it was moved, renamed or deleted. Put it back, or run the same "
                "command with its new place."
            )

    def check_versions(self) -> None:
        """Refuse a set of which a newer mssw made a file, before anything in it is changed.

        Damaged files are for whoever reads them.

        Raises:
            NewerVersionError: there is such a file; the message names it.
        """
        places = (self.private, self.shared)
        for path in sorted(path for place in places for path in place.rglob("*.json")):
            try:
                data = path.read_bytes()
                if b'"version"' in data:
                    check_version(path, json.loads(data))
            except (ValueError, OSError, RecursionError):
                continue

    def _sweep(self) -> None:
        """Delete half-written files that a killed command left behind."""
        for part in self.root.rglob(f"{PART}*"):
            with suppress(OSError):
                part.unlink()


def hash_file(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        UnreadableError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}; check that you may read it.") from None
