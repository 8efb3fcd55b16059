"""Runs `mssw` on a disk that fails: at the N-th change below a folder it is full or read-only, or a kill comes.

    python faulty.py full 12 FOLDER packet FOLDER --copies 2

A change is a file opened to be written, a rename, a new folder, a removal or a link. From the N-th on, a full disk
refuses all of them but removals, as a real one does; one that is read-only refuses those too. With `vanish`, the N-th
file that is opened to be read is gone at that moment. With 0 nothing fails, and the count goes to stderr. Python's own
audit events report each change, so no code of mssw knows about this.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_MAKES = {"os.rename", "os.mkdir", "os.link", "os.symlink", "shutil.copyfile", "shutil.move"}
_TAKES = {"os.remove", "os.rmdir"}


class FailingDisk:
    """Counts the changes below a folder, and fails from the given one on."""

    def __init__(self, how: str, at: int, folder: str) -> None:
        self.how, self.at, self.folder, self.count = how, at, os.path.realpath(folder), 0
        self.lost = f"{self.folder}-lost"  # where a file goes that vanishes

    def watch(self, event: str, args: tuple[Any, ...]) -> None:
        """What Python calls before it does something that an audit may want to know."""
        if self.how == "vanish":
            self._lose(event, args)
            return
        if not self._is_change(event, args):
            return
        self.count += 1
        if not self.at or self.count < self.at:
            return
        if self.how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.how == "read-only":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(args[0]))
        if event not in _TAKES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(args[0]))

    def _lose(self, event: str, args: tuple[Any, ...]) -> None:
        """Take away the file that is about to be read, if it is its turn."""
        if event != "open" or not isinstance(args[0], str | bytes) or self._is_change(event, args):
            return
        path = Path(os.path.realpath(os.fsdecode(args[0])))
        if not str(path).startswith(self.folder) or not path.is_file() or path.name == ".lock":
            return
        self.count += 1
        if self.count == self.at:
            path.rename(self.lost)

    def _is_change(self, event: str, args: tuple[Any, ...]) -> bool:
        if event == "open":
            path, mode, flags = args
            changes = any(sign in mode for sign in "wax+") if isinstance(mode, str) else bool(flags & _WRITING)
        else:
            path, changes = (args or ("",))[0], event in _MAKES | _TAKES
        return changes and isinstance(path, str | bytes) and os.path.realpath(os.fsdecode(path)).startswith(self.folder)


_FAILING: list[FailingDisk] = []  # the one that fails now


@cache
def _watch_for_good() -> None:
    """Let Python report its changes: once a process, since an audit hook can never be taken away again."""

    def watch(event: str, args: tuple[Any, ...]) -> None:
        for disk in _FAILING:
            disk.watch(event, args)

    sys.addaudithook(watch)


@contextmanager
def failing(disk: FailingDisk | None) -> Iterator[None]:
    """Let a disk fail in this process until the end of the block; None lets none fail."""
    _watch_for_good()
    _FAILING[:] = [disk] if disk else []
    try:
        yield
    finally:
        _FAILING.clear()


def main() -> None:
    """Run the command that the arguments name."""
    how, at, folder, *words = sys.argv[1:]
    disk = FailingDisk(how, int(at), folder)
    from mssw.cli import main as run  # noqa: PLC0415 - loaded before the disk is watched

    sys.addaudithook(disk.watch)
    sys.argv = ["mssw", *words]
    try:
        run()
    finally:
        if not disk.at:
            sys.stderr.write(f"\nchanges: {disk.count}\n")


if __name__ == "__main__":
    main()
