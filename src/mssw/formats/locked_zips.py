"""Zip files with a password: AES-256, as 7-Zip, WinZip and macOS's Keka open them. Wraps pyzipper.

A file goes in, a zip with that one file comes out, and the other way round. Its salt is random, so no two are the same.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from mssw.errors import EngineError, UnreadableError

LOCKED = 0x1  # a bit of a member's flags: APPNOTE.TXT 4.4.4
_CHUNK = 2**20
_DAY = (1980, 1, 1, 0, 0, 0)


def is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether a zip needs a password."""
    return any(member.flag_bits & LOCKED for member in archive.filelist)


def lock_bytes(name: str, data: bytes, password: str) -> bytes:
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
    unlock(io.BytesIO(locked), name, password, again, most=len(data))
    if again.getvalue() != data:
        raise EngineError("the locked zip did not open again with its password, so it was not written.")
    return locked


def unlock(source: BinaryIO | Path, name: str, password: str, target: BinaryIO, *, most: int) -> None:
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
                while data := locked.read(_CHUNK):
                    written += len(data)
                    if written > most:
                        raise UnreadableError("it is far too large")
                    target.write(data)
    except RuntimeError:  # what pyzipper raises for a wrong password
        raise UnreadableError("the password is not the one it was locked with") from None
    except (zipfile.BadZipFile, pyzipper.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError):
        raise UnreadableError("it is damaged") from None
