"""What a zip with a shared set holds, and its bytes: the same files give the same zip, to the last byte.

A label comes first: every other file with its hash and size, and that the audit passed. Nothing is packed, all times
are one, and there are no comments or extra fields. So a receiver can make the zip again from its files and compare:
any byte that is not as we would write it is found.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec
from msgspec import Struct

from mssw.errors import UnreadableError

LABEL = "share.json"
SETTINGS, INTRO, SHARED = "set.toml", "intro.md", "shared/"
MANIFEST = "shared/manifest.json"
RECORD = "shared/record.json"
LOCKED_AS = "share.zip"  # the only file in a zip with a password: the whole zip, so that not even its list is read
MOST_FILES = 1000
LARGEST_LABEL = 4 * 2**20  # bytes
LARGEST_FILE = 512 * 2**20
MOST_BYTES = 2 * 2**30  # of all files together
_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
_MODE = 0o100644 << 16
_FIXED = {SETTINGS, INTRO, MANIFEST, RECORD, "shared/task.pdf", "shared/contact-sheet.pdf", "shared/samples.json"}
_PACKET = re.compile(r"shared/packet(-[a-z0-9]+)*\.pdf")
_LONGEST_ALIAS = 60
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # names that Windows keeps to itself


class SharedEntry(Struct, frozen=True):
    """A file of the zip: its path there, the SHA-256 of its bytes, and how many they are."""

    path: str
    sha256: str
    size: int


class ShareLabel(Struct, frozen=True, kw_only=True):
    """What the zip says of itself.

    Attributes:
        version: of the zip's form.
        mssw: the version that made it.
        audited: how many files passed the audit of the teacher who shares.
        searched: whether a class list was there to search them for.
        files: all others, in the order of their paths.
    """

    version: int = 1
    mssw: str
    audited: int
    searched: bool
    files: tuple[SharedEntry, ...]

    def to_bytes(self) -> bytes:
        """As the zip has it."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def read_label(data: bytes) -> ShareLabel:
    """The label in a zip.

    Raises:
        UnreadableError: it is none, or of a newer mssw.
    """
    try:
        version = msgspec.json.decode(data, type=dict).get("version")
        label = msgspec.json.decode(data, type=ShareLabel)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise UnreadableError(f"its {LABEL} is damaged") from None
    if version != 1:
        raise UnreadableError("it was made by a newer mssw; install the newest mssw to receive it")
    return label


def is_shared_path(path: str) -> bool:
    """Whether a zip may hold a file of that path: one of ours, below the set, whatever a stranger typed.

    >>> is_shared_path("shared/work/Andrea.pdf"), is_shared_path("shared/work/../../x.pdf"), is_shared_path("key.xlsx")
    (True, False, False)
    """
    if path in _FIXED or _PACKET.fullmatch(path):
        return True
    name = path.removeprefix("shared/work/")
    return name != path and name.endswith(".pdf") and _is_alias(name.removesuffix(".pdf"))


def _is_alias(name: str) -> bool:
    """Whether an alias is letters and figures, with single spaces, hyphens, dots or apostrophes inside."""
    plain = name.replace(" ", "").replace("-", "").replace("'", "").replace("’", "").replace(".", "")
    return (
        0 < len(name) <= _LONGEST_ALIAS
        and name == unicodedata.normalize("NFC", name)
        and name[0].isalnum()
        and name[-1].isalnum()
        and all(unicodedata.category(letter)[0] in "LMN" for letter in plain)
        and ".." not in name
        and not _RESERVED.fullmatch(name)
    )


def write_share(target: BinaryIO, label: ShareLabel, files: Iterable[tuple[str, bytes | Path]]) -> None:
    """Write the zip.

    Args:
        target: where to; it can be searched.
        label: its label.
        files: the others, each with its bytes or where they are, in the label's order.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, given in ((LABEL, label.to_bytes()), *files):
            data = given if isinstance(given, bytes) else given.read_bytes()
            archive.writestr(_entry(path), data)


def share_bytes(label: ShareLabel, files: Iterable[tuple[str, bytes | Path]]) -> bytes:
    """The zip as bytes."""
    out = io.BytesIO()
    write_share(out, label, files)
    return out.getvalue()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _DAY)
    entry.create_system, entry.external_attr = 3, _MODE  # the same on every system
    return entry


def usual_folder(file: Path) -> str:
    """The name for the set's folder if nobody gives one: the zip's, without its ending."""
    return PurePosixPath(file.name).stem or "received"
