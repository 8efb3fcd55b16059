"""A place on a page that is covered, or that a person should look at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mssw.model.page import Box


class MarkKind(StrEnum):
    """Why the place is covered."""

    FIELD = "name field"
    RUNOVER = "name outside its field"
    HAND = "drawn by a person"


@dataclass(frozen=True, slots=True)
class Mark:
    """One cover on one page.

    Attributes:
        page: the page's id.
        box: the place, in fractions of the registered page.
        kind: why it is covered.
        found_by: what found it, e.g. ``label``, ``ink``, ``teacher``.
        confidence: 0 to 1.
    """

    page: str
    box: Box
    kind: MarkKind
    found_by: str
    confidence: float
