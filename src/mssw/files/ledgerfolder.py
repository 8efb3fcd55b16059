"""The ledger of shown work: in ``private/`` of the folder that holds the sets, with its own key and lock."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from filelock import FileLock, Timeout

from mssw.errors import UnreadableError
from mssw.files.workset import NotWrittenError, WorkSet, make_folder, read_json, write_bytes, write_json

_KEY_BYTES = 32
_WAIT_SECONDS = 10


class LedgerFolder:
    """Where the ledger of a set stands."""

    def __init__(self, workset: WorkSet) -> None:
        self.above = workset.root.resolve().parent
        self.private = self.above / "private"
        self.ledger = self.private / "ledger.json"
        self.key = self.private / "ledger.key"

    @property
    def is_kept(self) -> bool:
        """Whether there is a ledger yet."""
        return self.ledger.is_file() and self.key.is_file()

    @property
    def is_apart(self) -> bool:
        """Whether the folder above is one that holds sets, and not itself a set with a private folder of its own."""
        return not WorkSet(self.above).settings.is_file()

    def read_key(self) -> bytes:
        """The key of the ledger.

        Raises:
            UnreadableError: it is no key.
        """
        try:
            key = bytes.fromhex(self.key.read_text(encoding="ascii"))
        except (OSError, ValueError):
            key = b""
        if len(key) != _KEY_BYTES:
            raise UnreadableError(f"{self.key} is damaged; delete it and {self.ledger.name} to begin a new ledger.")
        return key

    def read(self) -> Any:
        """What the ledger holds.

        Raises:
            UnreadableError: it is damaged.
        """
        try:
            return read_json(self.ledger)
        except UnreadableError:
            raise UnreadableError(f"{self.ledger} is damaged; delete it to begin a new ledger.") from None

    def write(self, value: Any) -> None:
        """Write the ledger. The caller holds its lock.

        Raises:
            NotWrittenError: the place may not be written.
        """
        write_json(self.ledger, value, private=True)

    @contextmanager
    def locked(self) -> Iterator[bytes]:
        """Hold the ledger alone; its key is drawn where there is none yet.

        Raises:
            NotWrittenError: the place may not be written.
            UnreadableError: the key is damaged, or another command keeps the ledger.
        """
        lock = FileLock(self.private / ".ledger.lock", timeout=_WAIT_SECONDS, mode=0o600)
        try:
            make_folder(self.private, private=True)
            lock.acquire()
        except Timeout:
            raise UnreadableError(f"another mssw command keeps {self.ledger}; run this again.") from None
        except OSError as error:
            raise NotWrittenError(f"{self.private} may not be written: {error.strerror}.") from None
        try:
            if not self.ledger.is_file() and not self.key.is_file():
                write_bytes(self.key, secrets.token_bytes(_KEY_BYTES).hex().encode(), private=True)
            yield self.read_key()
        finally:
            lock.release()
