"""Can the set be written? A run checks it before it writes, and ``--dry-run`` checks the same.

In: the set's folder, and what will be taken in. Out: nothing, or one sentence. Nothing is written.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from mssw.workset.folder import NotWrittenError, WorkSet, not_made

BYTES_A_PAGE = 1_000_000  # a page's image, its reading and its released copy; measured 0.3 to 0.9 MB
MB = 1_000_000


def check_place_is_writable(workset: WorkSet) -> None:
    """Check that the set's folder may be made or written, and that no other command is at work in it.

    Raises:
        NotWrittenError: it may not be written.
        WouldOverwriteError: another command has it.
    """
    for folder in (workset.root, workset.private, workset.shared):
        place = _nearest_folder(folder)
        if not place.is_dir():
            raise not_made(folder, os.strerror(errno.ENOTDIR))
        if not os.access(place, os.W_OK | os.X_OK):
            if place != folder.absolute():
                raise not_made(folder, os.strerror(errno.EACCES))
            raise NotWrittenError(
                f"{place} may not be written to; choose a folder of your own, or allow writing there."
            )
    workset.check_is_free()


def check_room(workset: WorkSet, files: Sequence[Path], pages: int) -> None:
    """Check that the disk has room for copies of the inputs and for the pages that are made of them.

    Args:
        workset: the set; what it has already is not counted again.
        files: what is copied into it.
        pages: how many will be looked at for the first time.

    Raises:
        NotWrittenError: it has not.
    """
    new = [file for file in files if not (workset.stack / file.name).exists()]
    needed = sum(file.stat().st_size for file in new if file.is_file()) + BYTES_A_PAGE * pages
    disk = shutil.disk_usage(_nearest_folder(workset.root))
    if disk.total and disk.free < needed:  # a file system that is no disk has no size
        raise NotWrittenError(
            f"the disk of {workset.root} has {disk.free // MB} MB left, and this class needs about {needed // MB} MB; "
            "free some space, or choose a folder on another disk."
        )


def _nearest_folder(path: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    path = path.absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
