"""A log of runs: one line of JSON for each event, with counts and seconds only, so that no name can get into it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from mssw.workset.folder import NotWrittenError


class RunLog:
    """A file that lines are added to. Several commands may write into one."""

    def __init__(self, path: Path) -> None:
        """Open the log.

        Raises:
            NotWrittenError: it may not be written.
        """
        self.path = path
        try:
            self._add("")
        except OSError as error:
            raise NotWrittenError(
                f"the log {path} cannot be written: {error.strerror or 'unknown cause'}. Give --log another file."
            ) from None

    def write(self, facts: Mapping[str, str | float]) -> None:
        """Add a line. A log that cannot be written any more stops no work."""
        with suppress(OSError):
            self._add(json.dumps(facts) + "\n")

    def _add(self, text: str) -> None:
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(text)
