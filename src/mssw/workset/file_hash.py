"""The hash by which a file is known: its SHA-256, read a piece at a time."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mssw.errors import UnreadableError


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
