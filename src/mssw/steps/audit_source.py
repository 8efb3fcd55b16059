"""What an audit reads: the roster's names, the bytes of a file, and what ``private/`` says of a work set."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mssw.core.page import Box
from mssw.errors import MsswError
from mssw.files.classtables import read_roster
from mssw.files.workset import WorkSet, read_json
from mssw.model.roster import spellings
from mssw.steps.audit_file import LARGEST_FILE, audit_file

if TYPE_CHECKING:
    from mssw.vision.residue import Pixels


@dataclass(frozen=True, slots=True)
class Names:
    """A roster's spellings, and the student of each."""

    spellings: tuple[str, ...] = field(default=(), repr=False)
    students: tuple[int, ...] = ()

    @classmethod
    def of(cls, roster: Path | None, columns: Sequence[str] = ()) -> Names:
        """The names of a roster, see ``read_roster``; none where there is no roster."""
        if roster is None:
            return cls()
        found = [
            (spelling, number)
            for number, student in enumerate(read_roster(roster, columns=columns).students, start=1)
            for spelling in spellings(student)
        ]
        return cls(tuple(spelling for spelling, _ in found), tuple(number for _, number in found))

    def shown(self, name: str) -> str:
        """A file's name as it may be shown: not where it is a student's."""
        found = audit_file(name, b"", self.spellings)
        return found[0].file if found else name


def contents(path: Path) -> tuple[bytes | None, str]:
    """A file's bytes, or None and why not."""
    try:
        told = path.lstat()
        if stat.S_ISLNK(told.st_mode):
            return None, "it is a link, not a file, and may lead anywhere"
        if not stat.S_ISREG(told.st_mode):
            return None, "it is not a file"
        if told.st_size > LARGEST_FILE:
            return None, "it is larger than anything that mssw shares"
        return path.read_bytes(), ""
    except OSError as error:
        return None, f"it cannot be read: {error.strerror or 'unknown cause'}"


def holds_picture(suffix: str, data: bytes) -> bool:
    """Whether a file is a picture, or a PDF that shows one: a picture's own entries are never packed."""
    return suffix.lower() in {".png", ".jpg", ".jpeg"} or re.search(rb"/Subtype\s*/Image\b", data) is not None


def modes(root: Path) -> Iterator[int]:
    """The mode of a folder and of everything in it, links not followed."""
    if not root.is_dir():
        return
    yield root.lstat().st_mode
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            mode = Path(folder, name).lstat().st_mode
            if not stat.S_ISLNK(mode):
                yield mode


def state(workset: WorkSet, part: str) -> list[dict[str, Any]]:
    """A list of ``private/state.json``; empty where there is none."""
    try:
        value = read_json(workset.state).get(part, []) if workset.state.is_file() else []
    except (MsswError, AttributeError):
        return []
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def before(workset: WorkSet, page: dict[str, Any]) -> tuple[Pixels, list[Box]]:
    """A page as it was before covering, and its covers.

    Raises:
        ValueError: the image or a box is damaged.
    """
    import cv2  # noqa: PLC0415 - a packet's audit looks under no cover, and needs no pixels
    import numpy as np  # noqa: PLC0415

    packed = np.frombuffer((workset.pages / Path(str(page["image"])).name).read_bytes(), np.uint8)
    try:
        pixels = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise ValueError("the image is damaged")
    covers = [Box(*(float(number) for number in cover["box"])) for cover in page.get("covers", [])]
    return np.asarray(pixels, np.uint8), covers
