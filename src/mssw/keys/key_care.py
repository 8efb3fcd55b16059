"""Care of the key: export it under a password, set a reminder, and destroy it so that no alias leads to a student."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mssw.errors import StepMissingError, UsageError, WouldOverwriteError
from mssw.formats.workbooks import lock_workbook
from mssw.keys.look_up import entries_of
from mssw.workset.class_list import key_bytes
from mssw.workset.folder import NotWrittenError, WorkSet, write_bytes
from mssw.workset.ledger import LedgerFolder
from mssw.workset.settings import change_settings_text, read_settings

SHORTEST_PASSWORD = 12
"""Characters. The file may be kept for years, and anyone who has it can guess for as long as they like."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class KeyExport:
    """What was taken out.

    Attributes:
        file: where to.
        works: how many responses are in it.
        written: whether it was written, or only tried.
    """

    file: str
    works: int
    written: bool

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What is gone, and what is left that a person has to think of.

    Attributes:
        files: how many files of ``private/`` are gone, or would be.
        had_key: whether a key was among them.
        left: what is left, each in a sentence; none of it names a student.
        done: whether it was done, or only tried.
    """

    files: int
    had_key: bool
    left: tuple[str, ...]
    done: bool

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return asdict(self)


def check_export(workset: WorkSet, file: Path) -> int:
    """Whether the key can be exported there, before anybody is asked for a password.

    Returns:
        How many responses the key has.

    Raises:
        StepMissingError: there is no key yet.
        UsageError: the file is no workbook by its name, or would lie in ``shared/``.
        WouldOverwriteError: there is something at that place.
    """
    works = len({entry.alias for entry in entries_of(workset)})
    if file.suffix.casefold() != ".xlsx":
        raise UsageError(f"{file.name} must end in .xlsx, so that Excel can open it.")
    if file.resolve().is_relative_to(workset.shared.resolve()):
        raise UsageError("the key names students, so it cannot go into shared/; choose another folder.")
    if file.exists() or file.is_symlink():
        raise WouldOverwriteError(f"{file} already exists; choose another name, or move it away first.")
    if not file.resolve().parent.is_dir():
        raise UsageError(f"{file.parent} is not a folder; create it first, or choose another one.")
    return works


def export_key(workset: WorkSet, file: Path, password: str) -> KeyExport:
    """Write the key as a workbook that opens with a password alone.

    Raises:
        MsswError: as ``check_export``.
        UsageError: the password is too short.
        NotWrittenError: the place may not be written.
    """
    works = check_export(workset, file)
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(f"the password needs at least {SHORTEST_PASSWORD} characters; a few words make a good one.")
    write_bytes(file, lock_workbook(key_bytes(entries_of(workset)), password), private=True)
    return KeyExport(str(file), works, written=True)


def set_reminder(workset: WorkSet, day: dt.date | None) -> None:
    """Note in ``set.toml`` the day on which the key is to be destroyed; None takes it out.

    Raises:
        StepMissingError: there is nothing left to destroy.
        WouldOverwriteError: another command is at work in the set.
    """
    if not workset.private.is_dir():
        raise StepMissingError(f"{workset.root} no longer has a private folder, so there is nothing to remind you of.")
    with workset.locked():
        _change_settings(workset, destroy_key_after=day)


def plan_destruction(workset: WorkSet) -> Destroyed:
    """What ``destroy_key`` would do; nothing is changed."""
    files = [path for path in _files(workset.private) if path.name != ".lock"]
    return Destroyed(len(files), workset.key.is_file(), _left(workset), done=False)


def destroy_key(workset: WorkSet) -> Destroyed:
    """Delete everything that links a response to its student: all of ``private/``, and the seed of the aliases.

    The scans go first, so that no other command can start over with what is still there; then the key and its copies;
    then the rest. If it is killed, run it again: it continues where it stopped. Each file is overwritten once before
    it is deleted, but many disks keep the old data all the same.

    Raises:
        WouldOverwriteError: another command is at work in the set.
        NotWrittenError: something could not be deleted.
    """
    before = plan_destruction(workset)
    if workset.private.is_dir():
        with workset.locked():
            _forget_seed(workset)
            try:
                _delete_all(workset)
            except OSError as error:
                raise NotWrittenError(
                    f"something in {workset.private} could not be deleted: "
                    f"{error.strerror or 'unknown cause'}. Close any program that uses it, then run this "
                    "again."
                ) from None
        with suppress(OSError):  # an empty folder gives nothing away
            (workset.private / ".lock").unlink(missing_ok=True)
            workset.private.rmdir()
    else:
        _forget_seed(workset)
    return Destroyed(before.files, before.had_key, before.left, done=True)


def _forget_seed(workset: WorkSet) -> None:
    """Without it, the same scans would be given the same aliases again."""
    _change_settings(workset, seed=None, destroy_key_after=None)


def _change_settings(workset: WorkSet, **changes: dt.date | None) -> None:
    before = workset.settings.read_text(encoding="utf-8")
    after = change_settings_text(before, **changes)
    if after != before:
        write_bytes(workset.settings, after.encode(), private=False)


def _delete_all(workset: WorkSet) -> None:
    """Delete what is in ``private/`` but the lock, in an order that leaves a half-destroyed set unusable."""
    gone = workset.private / "gone"
    if workset.stack.exists() and not gone.exists():
        workset.stack.rename(gone)  # from here on no command prepares this set again
    codes = (workset.sheets, workset.sheets_to_print)
    first = (workset.key, workset.matches, *codes, workset.state, workset.roster, workset.decisions)
    for path in first:
        _delete(path)
    rest = list(_files(workset.private))
    for path in rest:
        if path.name != ".lock":
            _delete(path)
    for folder in sorted((p for p in workset.private.rglob("*") if p.is_dir()), key=lambda p: -len(p.parts)):
        folder.rmdir()


def _delete(path: Path) -> None:
    """Overwrite a file once and delete it. What a link points to, or another name shares, is left as it is."""
    with suppress(FileNotFoundError):
        found = path.lstat()
        if path.is_file() and not path.is_symlink() and found.st_nlink == 1:
            with suppress(PermissionError), path.open("r+b") as file:
                for start in range(0, found.st_size, _CHUNK):
                    file.write(secrets.token_bytes(min(_CHUNK, found.st_size - start)))
                file.flush()
                os.fsync(file.fileno())
        path.unlink()


def _files(folder: Path) -> Iterator[Path]:
    """Every file and link below a folder, links not followed."""
    for place, folders, names in os.walk(folder):
        yield from (Path(place, name) for name in names)
        yield from (path for name in folders if (path := Path(place, name)).is_symlink())


def _left(workset: WorkSet) -> tuple[str, ...]:
    """What a person still has to think of."""
    settings = read_settings(workset.settings)
    ledger = LedgerFolder(workset)
    sentences = [
        (
            "The scans and the class list are still where you had them before. Anyone with the scans can see "
            "who wrote what."
        ),
        "Printed keys, review sheets and packets, and exported keys are still where you put them.",
        f"{workset.shared} stays as it is, with aliases and with handwriting that someone may recognize.",
        "There may be copies in backups and in the trash of a synced folder.",
        "On a solid-state drive, deleted data can stay for a while. An encrypted drive protects you from that.",
    ]
    if ledger.is_kept and ledger.is_apart:
        sentences.append(
            f"{ledger.ledger} remembers, without names or aliases, which students were chosen. Delete it "
            f"and {ledger.key.name} if you no longer need it."
        )
    if settings.presenting_teachers:
        sentences.append("set.toml names the presenting teachers.")
    return tuple(sentences)
