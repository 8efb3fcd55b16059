"""A place on a page that is covered, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mssw.model.page import Box


class MarkKind(StrEnum):
    """Why the place is covered."""

    FIELD = "name field"
    RUNOVER = "name outside its field"
    HAND = "drawn by a person"
    TEXT = "name in the text"
    EMAIL = "e-mail address"
    PHONE = "phone number"
    NUMBER = "student number"
    UNREAD = "writing that could not be read"
    PLACE = "place where a name may stand"
    CODE = "code of a sheet"
    STRIP = "strip with a name"


@dataclass(frozen=True, slots=True)
class Mark:
    """One cover on one page.

    Attributes:
        box: the place, in fractions of the registered page.
        kind: why it is covered.
        found_by: what found it: ``text`` or ``ocr`` for a label, ``ink``, ``reading``, ``teacher``, ``sheets`` for what
            was printed there.
        confidence: 0 to 1.
    """

    box: Box
    kind: MarkKind
    found_by: str
    confidence: float

    @classmethod
    def drawn(cls, box: Box) -> Mark:
        """The cover that a person asked for."""
        return cls(box, MarkKind.HAND, "teacher", 1.0)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Mark:
        """Read a cover back from a page's sidecar."""
        return cls(Box(**value["box"]), MarkKind(value["kind"]), str(value["found_by"]), float(value["confidence"]))
