"""Zip files: those of strangers unpacked under names of our own, and those with a password locked and unlocked.

A stranger's zip may hold anything: paths that lead out of their folder, links, locked files, a few bytes that swell to
terabytes. So no name in it is used as a path, and no more is written than the limits here allow. Runs in a worker.

A zip of ours with a password (AES-256, as 7-Zip, WinZip and macOS's Keka open them) holds one file. Its salt is random,
so no two are the same. Wraps pyzipper.
"""

from __future__ import annotations

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from mssw.errors import EngineError, UnreadableError

MOST_FILES = 5000
MOST_BYTES = 4 * 1024**3  # of all files together, unpacked
LARGEST_FILE = 1024**3
MOST_TIMES_SMALLER = 200  # scans and documents pack to a tenth at best
SMALL = 16 * 1024**2  # bytes below which a file may swell as it likes
CHUNK = 1024 * 1024
LOCKED, IN_UTF8 = 0x1, 0x800  # bits of a member's flags: APPNOTE.TXT 4.4.4
_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError)
_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")
_DAY = (1980, 1, 1, 0, 0, 0)


def is_zip(path: Path) -> bool:
    """Whether the file begins as a zip does. A document of an office program does so too.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(4) in _SIGNS


def list_zip(path: Path) -> list[str]:
    """List the paths of the files in a zip, with ``/`` between folders, in its own order.

    Raises:
        UnreadableError: it is damaged, locked, too large, or tries to write where it should not.
    """
    with _open(path) as archive:
        return [name for name, _ in _members(path, archive)]


def unpack(path: Path, targets: Mapping[str, Path]) -> None:
    """Write files of a zip.

    Args:
        path: the zip.
        targets: by path in it, the file to write.

    Raises:
        UnreadableError: see ``list_zip``.
    """
    with _open(path) as archive:
        left = MOST_BYTES
        for name, member in _members(path, archive):
            if name in targets:
                left -= _write(path, archive, member, targets[name], min(left, LARGEST_FILE))


@contextmanager
def _open(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _FAULTS:
        raise UnreadableError(
            f"{path.name} is damaged and cannot be unpacked; download it once more, or unpack it yourself and give "
            "the folder."
        ) from None


def _members(path: Path, archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """The files of a zip, each with its path, once all of them are found harmless."""
    found: dict[str, zipfile.ZipInfo] = {}
    if len(archive.filelist) > MOST_FILES:
        raise UnreadableError(
            f"{path.name} holds {len(archive.filelist)} files, more than the {MOST_FILES} that a class hands in; "
            "unpack it yourself and give the folder of one assignment."
        )
    for number, member in enumerate(archive.filelist, 1):
        name = _read_name(member)
        if member.is_dir() or name.endswith("/"):
            continue
        parts = PurePosixPath(name).parts
        is_link = stat.S_IFMT(member.external_attr >> 16) not in {0, stat.S_IFREG}
        if is_link or not parts or name.startswith("/") or ".." in parts or ":" in parts[0] or "\0" in name:
            raise UnreadableError(
                f"{path.name} is no download that mssw opens: its entry {number} leads out of its folder; ask "
                "where the file comes from."
            )
        if member.flag_bits & LOCKED:
            raise UnreadableError(f"{path.name} is locked with a password; unpack it yourself and give the folder.")
        while name in found:  # two files of one name in one folder
            name = f"{name} (again)"
        found[name] = member
    _check_sizes(path, list(found.values()))
    return list(found.items())


def _read_name(member: zipfile.ZipInfo) -> str:
    """The member's path. Some programs write UTF-8 and do not say so, and some write Windows' separators."""
    name = member.orig_filename
    if not member.flag_bits & IN_UTF8:
        with suppress(UnicodeError):  # then it is cp437, the format's own default, as Python has read it
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/").removeprefix("./")


def _check_sizes(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse a zip that says itself that it would fill the disk."""
    sizes = [member.file_size for member in members]
    swollen = [m for m in members if m.file_size > SMALL and m.file_size > MOST_TIMES_SMALLER * m.compress_size]
    if swollen or sum(sizes) > MOST_BYTES or max(sizes, default=0) > LARGEST_FILE:
        raise _too_large(path)


def _too_large(path: Path) -> UnreadableError:
    return UnreadableError(
        f"{path.name} would take more than {MOST_BYTES // 1024**3} GB unpacked, or swells as no scan does; unpack it "
        "yourself and give the folder."
    )


def _write(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, most: int) -> int:
    """Write one member, whatever it says of its size; returns how many bytes it had."""
    written = 0
    with archive.open(member) as source, target.open("wb") as file:
        target.chmod(0o600)
        while data := source.read(CHUNK):
            written += len(data)
            if written > most or (written > SMALL and written > MOST_TIMES_SMALLER * member.compress_size):
                raise _too_large(path)
            file.write(data)
    return written


def is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether a zip needs a password."""
    return any(member.flag_bits & LOCKED for member in archive.filelist)


def lock_zip(name: str, data: bytes, password: str) -> bytes:
    """A zip that holds one file, and opens with that password alone.

    Raises:
        EngineError: it does not open again.
    """
    import pyzipper  # noqa: PLC0415 - most zips have no password

    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=zipfile.ZIP_STORED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        entry = archive.zipinfo_cls(name, _DAY)
        entry.create_system, entry.external_attr = 3, 0o100644 << 16
        archive.writestr(entry, data)
    locked = out.getvalue()
    again = io.BytesIO()
    unlock_zip(io.BytesIO(locked), name, password, again, most=len(data))
    if again.getvalue() != data:
        raise EngineError("the locked zip did not open again with its password, so it was not written.")
    return locked


def unlock_zip(source: BinaryIO | Path, name: str, password: str, target: BinaryIO, *, most: int) -> None:
    """Unlock the one file of a zip.

    Args:
        source: the zip.
        name: of the file that it must hold, and no other.
        password: what it was locked with.
        target: where the file goes.
        most: bytes that it may have.

    Raises:
        UnreadableError: the password is another one, the zip was changed, or it holds something else.
    """
    import pyzipper  # noqa: PLC0415 - most zips have no password

    try:
        with pyzipper.AESZipFile(source) as archive:
            members = archive.infolist()
            is_ours = [one.filename for one in members] == [name] and members[0].compress_type == zipfile.ZIP_STORED
            if not is_ours or members[0].wz_aes_version is None or members[0].file_size > most:
                raise UnreadableError("it was not locked by `mssw share --lock`")
            archive.setpassword(password.encode())
            with archive.open(members[0]) as locked:
                written = 0
                while data := locked.read(CHUNK):
                    written += len(data)
                    if written > most:
                        raise UnreadableError("it is far too large")
                    target.write(data)
    except RuntimeError:  # what pyzipper raises for a wrong password
        raise UnreadableError("the password is not the one it was locked with") from None
    except (pyzipper.BadZipFile, *_FAULTS):
        raise UnreadableError("it is damaged") from None
