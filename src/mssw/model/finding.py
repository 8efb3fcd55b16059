"""What the audit found: a place in a file, and what is wrong there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that keeps a file from being shared.

    Attributes:
        file: the file, relative to what was audited; where the file's own name is a roster name, that name is
            left out.
        page: 1-based page of that file; None where the whole file is meant.
        what: the problem in a few words. It never contains the name that it is about.
    """

    file: str
    page: int | None
    what: str

    def __str__(self) -> str:
        place = self.file if self.page is None else f"{self.file}, page {self.page}"
        return f"{place}: {self.what}"
