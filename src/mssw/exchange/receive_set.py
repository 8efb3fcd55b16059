"""Receive a set: from a zip that a stranger may have made to a folder that prints and can be sorted.

Everything is checked before anything gets its name: what the zip lists, its sizes, each hash, and the zip's own bytes;
then each file by the audit, as if a thief had made it. The set is built in a folder beside its place and moved there
in one step, so that nothing half-written stays.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from msgspec import Struct

from mssw.auditing.run_audit import audit_path
from mssw.core.shell_words import command_line
from mssw.errors import FindingsError, MsswError, UnreadableError, UsageError, WouldOverwriteError
from mssw.exchange.share_set import (
    LABEL,
    LARGEST_FILE,
    LARGEST_LABEL,
    LOCKED_AS,
    MANIFEST,
    MOST_BYTES,
    MOST_FILES,
    RECORD,
    SHARED,
    ShareLabel,
    is_shared_path,
    read_label,
    write_share,
)
from mssw.formats.zip_files import is_locked, unlock_zip
from mssw.intro.intro_file import read_introduction
from mssw.record.kept_record import is_whole_record, read_record, record_bytes
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.folder import NotWrittenError, WorkSet, hash_file, make_folder, not_made, read_typed, write_typed
from mssw.workset.manifest import read_manifest
from mssw.workset.settings import Settings, read_settings

_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_OF_THE_PLACE = {errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EROFS}  # no fault of the zip
_CHUNK = 2**20
_STAGE = ".receiving-"  # begins the name of the folder in which a set is built
_OLD = 3600  # seconds after which such a folder was left by a killed command
_STAYS = (
    *("task", "task_is_blank", "templates", "same_aliases_as", "fields", "labels", "columns", "destroy_key_after"),
    "seed",
)
AskPassword = Callable[[], str]


class ReceivedFrom(Struct, frozen=True, kw_only=True):
    """``private/received.json``: that the set came as a zip, and which.

    Attributes:
        version: of the file's form.
        sha256: of the set's own zip, without a password.
        mssw: the version that made it.
        searched: whether its teacher had a class list to search for names.
    """

    version: int = 1
    sha256: str
    mssw: str
    searched: bool


@dataclass(frozen=True, slots=True)
class ReceiveReport:
    """What was received, or would be.

    Attributes:
        set: the folder of the set.
        title: of the set.
        responses: the aliases in it.
        files: how many were checked.
        remarks: what the receiver should know, each in a sentence.
        written: whether it was written; it is not where it was received before, or in a dry run.
    """

    set: str
    title: str
    responses: tuple[str, ...]
    files: int
    remarks: tuple[str, ...]
    written: bool

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return asdict(self)


def receive_set(file: Path, into: Path, ask_password: AskPassword, *, dry_run: bool = False) -> ReceiveReport:
    """Check a zip from ``mssw share``, and make a set of it.

    Args:
        file: the zip.
        into: the folder for the set; it may not be there yet, or is empty.
        ask_password: gives the password, if the zip has one.
        dry_run: check it, and write nothing.

    Raises:
        UnreadableError: it is damaged, was changed, or holds what such a zip does not.
        FindingsError: the audit found something in it.
        WouldOverwriteError: there is something else at that place.
    """
    _check_given(file)
    with _stage(into, dry_run=dry_run) as stage:
        plain = _plain_zip(file, stage, ask_password)
        workset = WorkSet(stage / "set")
        try:
            label = _unpack(plain, workset.root, stage)
        except NotWrittenError:
            raise
        except UnreadableError as error:
            raise _refused(file, error) from None
        sha = hash_file(plain)
        is_known = _is_received(into, sha)
        _check_set(file, workset)
        _audit(file, workset)
        report = _report(workset, into, label, written=not (is_known or dry_run))
        if report.written:
            _settle(workset, into, ReceivedFrom(sha256=sha, mssw=label.mssw, searched=label.searched))
    return report


def _refused(file: Path, why: Exception) -> UnreadableError:
    return UnreadableError(
        f"{file.name} was not received: {str(why).rstrip('.')}. Ask for the file again, as `mssw share` wrote it."
    )


def _check_given(file: Path) -> None:
    try:
        entry = file.lstat() if file.is_symlink() else file.stat()
    except OSError as error:
        raise UnreadableError(f"{file} cannot be read: {error.strerror}; check the file's name and folder.") from None
    if file.is_dir():
        raise UsageError(f"{file} is a folder; give the zip itself, before it is unpacked.")
    if not stat.S_ISREG(file.stat().st_mode):
        raise UnreadableError(f"{file} is not a file.")
    if entry.st_size > 2 * MOST_BYTES:
        raise UnreadableError(f"{file.name} was not received: it is far too large for a set.")


@contextmanager
def _stage(into: Path, *, dry_run: bool) -> Iterator[Path]:
    """A private folder beside the set's place, in which it is built; gone afterwards, whatever happens."""
    above = into.resolve().parent
    if not dry_run and not above.is_dir():
        raise UsageError(f"{into.parent} is not a folder; create it first, or choose another one with --into.")
    if not dry_run:
        _sweep(above)
    try:
        place = Path(tempfile.mkdtemp(prefix=_STAGE, dir=None if dry_run else above))
    except OSError as error:
        raise not_made(into, error.strerror) from None
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _sweep(above: Path) -> None:
    """Delete what a killed command left."""
    for left in above.glob(f"{_STAGE}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _OLD:
                shutil.rmtree(left, ignore_errors=True)


def _plain_zip(file: Path, stage: Path, ask_password: AskPassword) -> Path:
    """The zip without its password.

    Raises:
        UnreadableError: it is no zip, or the password is another one.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            locked = is_locked(archive)
    except _FAULTS:
        raise _refused(file, UnreadableError("it is no zip, or is damaged")) from None
    if not locked:
        return file
    plain = stage / LOCKED_AS
    password = ask_password()
    try:
        with plain.open("wb") as target:
            unlock_zip(file, LOCKED_AS, password, target, most=MOST_BYTES)
    except UnreadableError as error:
        if "password" in str(error):
            raise UnreadableError(f"{file.name} was not received: {error}. Try again with the right one.") from None
        raise _refused(file, error) from None
    return plain


def _unpack(plain: Path, root: Path, stage: Path) -> ShareLabel:
    """Write the zip's files into a folder, once its list is found harmless, and compare all of it.

    Raises:
        UnreadableError: anything is not as ``mssw share`` writes it.
    """
    try:
        with zipfile.ZipFile(plain) as archive:
            members = _checked_members(archive)
            label = read_label(_read_member(archive, members[LABEL], LARGEST_LABEL))
            _compare_lists(label, members)
            for entry in label.files:
                target = root / entry.path
                make_folder(target.parent, private=False)
                if _copy_member(archive, members[entry.path], target, entry.size) != entry.sha256:
                    raise UnreadableError("a file in it was changed on the way")
    except _FAULTS as error:
        if getattr(error, "errno", None) in _OF_THE_PLACE:
            raise NotWrittenError(
                f"{stage.parent} could not be written: {getattr(error, 'strerror', '')}. Free some space or allow "
                "writing there, then run the same command again."
            ) from None
        raise UnreadableError("it is damaged") from None
    _compare_bytes(plain, root, label, stage)
    return label


def _checked_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of the zip, by their paths, once the list of them is harmless. No path is used before."""
    if len(archive.filelist) > MOST_FILES:
        raise UnreadableError("it holds more files than any set has")
    members: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for number, member in enumerate(archive.filelist, 1):
        path = member.orig_filename
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind == stat.S_IFLNK or member.is_dir() or kind not in {0, stat.S_IFREG}:
            raise UnreadableError(f"its entry {number} is a link or a folder, not a file")
        if path != LABEL and not is_shared_path(path):
            raise UnreadableError(f"its entry {number} is no file of a shared set, or leads out of its folder")
        if path.casefold() in folded:
            raise UnreadableError(f"its entry {number} is in it twice")
        if member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size:
            raise UnreadableError("it was packed again by another program, or would swell when it is unpacked")
        if member.file_size > LARGEST_FILE:
            raise UnreadableError(f"its entry {number} is far too large")
        folded.add(path.casefold())
        members[path] = member
    if LABEL not in members:
        raise UnreadableError(f"it is no zip from `mssw share`: it has no {LABEL}")
    if sum(member.file_size for member in members.values()) > MOST_BYTES:
        raise UnreadableError("its files are far too large together")
    return members


def _compare_lists(label: ShareLabel, members: dict[str, zipfile.ZipInfo]) -> None:
    """The label names each file of the zip, once, and no other."""
    paths = [entry.path for entry in label.files]
    if sorted(paths) != sorted(members.keys() - {LABEL}):
        raise UnreadableError("it holds a file that its label does not list, or lacks one")
    if any(members[entry.path].file_size != entry.size for entry in label.files):
        raise UnreadableError("a file in it has another size than its label says")


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    if member.file_size > most:
        raise UnreadableError(f"its {LABEL} is far too large")
    with archive.open(member) as file:
        return file.read(most + 1)


def _copy_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, size: int) -> str:
    """Write a file, and no byte more than its label says; gives its SHA-256."""
    digest, left = hashlib.sha256(), size
    with archive.open(member) as source, target.open("xb") as file:
        while data := source.read(min(_CHUNK, left + 1)):
            left -= len(data)
            if left < 0:
                raise UnreadableError("a file in it is larger than its label says")
            digest.update(data)
            file.write(data)
    target.chmod(0o644)
    return digest.hexdigest()


def _compare_bytes(plain: Path, root: Path, label: ShareLabel, stage: Path) -> None:
    """Make the zip again and compare: comments, times, extra fields and bytes between its files are all found."""
    again = stage / "again.zip"
    try:
        with again.open("w+b") as target:
            write_share(target, label, ((entry.path, root / entry.path) for entry in label.files))
        is_same = again.stat().st_size == plain.stat().st_size and hash_file(again) == hash_file(plain)
        again.unlink()
    except OSError as error:
        raise NotWrittenError(f"{stage.parent} may not be written: {error.strerror}.") from None
    if not is_same:
        raise UnreadableError("it was changed since `mssw share` wrote it, or holds something beside its files")


def _check_set(file: Path, workset: WorkSet) -> None:
    """The set in the zip is whole: settings, introduction and manifest can be read and agree with its files.

    Raises:
        UnreadableError: it is not.
    """
    try:
        settings = read_settings(workset.settings)
        read_introduction(workset)
        manifest = read_manifest(workset)
        chosen = read_chosen(workset) or set()
        record = read_record(workset)
    except MsswError:
        raise _refused(file, UnreadableError("its settings, introduction, manifest or record cannot be read")) from None
    there = {path.relative_to(workset.shared).as_posix() for path in workset.shared.rglob("*") if path.is_file()}
    aliases = {row.alias for row in manifest.works}
    files = {row.path for row in manifest.files}
    shown = {name.removeprefix("work/").removesuffix(".pdf") for name in files if name.startswith("work/")}
    if files != there - {MANIFEST.removeprefix(SHARED)} or aliases != shown or not aliases or not chosen <= aliases:
        raise _refused(file, UnreadableError("its manifest and its files do not agree"))
    pages = {row.alias: row.pages for row in manifest.works}
    is_ours = not workset.record.is_file() or workset.record.read_bytes() == record_bytes(record)
    if not (is_ours and is_whole_record(record, pages)):
        raise _refused(file, UnreadableError("its record is not as `mssw record` writes one"))
    usual = Settings()
    if any(getattr(settings, key) != getattr(usual, key) for key in _STAYS):
        raise _refused(file, UnreadableError("its settings hold what never travels, such as a folder for templates"))
    if manifest.held_works or len(aliases) != len(manifest.works):
        raise _refused(file, UnreadableError("its manifest lists what may not be shared"))


def _audit(file: Path, workset: WorkSet) -> None:
    """Audit everything in it, as if it were made to do harm.

    Raises:
        FindingsError: something was found.
    """
    done = audit_path(workset.root)
    if not done.passed:
        raise FindingsError(
            f"{file.name} was not received, because the audit found something in it: "
            f"{'; '.join(map(str, done.findings[:3]))}. Ask the teacher who shared it."
        )


def _is_received(into: Path, sha: str) -> bool:
    """Whether that zip is there already.

    Raises:
        WouldOverwriteError: something else is.
    """
    workset = WorkSet(into)
    try:
        if not into.exists() or (into.is_dir() and not any(into.iterdir())):
            return False
    except OSError as error:
        raise not_made(into, error.strerror) from None
    if into.is_dir() and workset.is_received and workset.manifest.is_file():
        if read_typed(workset.received, ReceivedFrom).sha256 == sha:
            return True
        raise WouldOverwriteError(
            f"{into} holds another set that you received; choose another folder with --into, so that your sorts stay."
        )
    raise WouldOverwriteError(f"{into} already exists; choose another folder with --into.")


def _report(workset: WorkSet, into: Path, label: ShareLabel, *, written: bool) -> ReceiveReport:
    manifest = read_manifest(workset)
    unseen = sum(not row.seen for row in manifest.works)
    remarks = []
    if not label.searched and not manifest.is_fiction:
        remarks.append("It was shared without a class list, so nobody searched it for names: look at it first.")
    if unseen and not manifest.is_fiction:
        remarks.append(f"Nobody has looked at {unseen} of its responses page by page: look for names first.")
    if any(entry.path == RECORD for entry in label.files):
        remarks.append(f"The record of its team is in it: `{command_line('mssw', 'record', into, '--list')}` shows it.")
    return ReceiveReport(
        set=str(into),
        title=read_settings(workset.settings).title,
        responses=tuple(sorted(row.alias for row in manifest.works)),
        files=len(label.files),
        remarks=tuple(remarks),
        written=written,
    )


def _settle(workset: WorkSet, into: Path, received: ReceivedFrom) -> None:
    """Move the set to its place, in one step."""
    try:
        make_folder(workset.private, private=True)
        write_typed(workset.received, received, private=True)
        workset.root.chmod(0o755)
        if into.is_dir():
            into.rmdir()  # it is empty; on Windows no folder may be there
        workset.root.rename(into)
    except OSError as error:
        raise not_made(into, error.strerror) from None
