"""Zip files from strangers: what is in them, and their files unpacked under names of our own.

A zip may hold anything: paths that lead out of their folder, links, locked files, a few bytes that swell to terabytes.
So no name in it is used as a path, and no more is written than the limits here allow. Runs in a worker.
"""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from mssw.errors import UnreadableError

MOST_FILES = 5000
MOST_BYTES = 4 * 1024**3  # of all files together, unpacked
LARGEST_FILE = 1024**3
MOST_TIMES_SMALLER = 200  # scans and documents pack to a tenth at best
SMALL = 16 * 1024**2  # bytes below which a file may swell as it likes
CHUNK = 1024 * 1024
LOCKED, IN_UTF8 = 0x1, 0x800  # bits of a member's flags: APPNOTE.TXT 4.4.4
_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError)
_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")


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
