"""What a person decided about the pages, and where they left off looking.

``private/decisions.json`` holds the decisions, as ``core.decision`` has them; ``private/review.json`` holds the page
at which the person stopped, so that they come back to it.
"""

from __future__ import annotations

from msgspec import Struct

from mssw.core.decision import Decisions
from mssw.errors import UnreadableError
from mssw.workset.folder import NewerVersionError, WorkSet, read_json, write_json
from mssw.workset.typed_json import read_typed, write_typed


def read_decisions(workset: WorkSet) -> Decisions:
    """Read what was decided so far; nothing if nobody has decided anything yet.

    Raises:
        UnreadableError: the file is damaged.
        NewerVersionError: a newer mssw made it.
    """
    if not workset.decisions.is_file():
        return Decisions()
    try:
        return Decisions.from_json(read_json(workset.decisions))
    except NewerVersionError:
        raise
    except (UnreadableError, KeyError, TypeError, ValueError, AttributeError):
        raise UnreadableError(
            f"{workset.decisions} cannot be understood: it is damaged, or was written by a later mssw. It holds what "
            "you decided: put a copy of it back, or take it away and look at the pages again."
        ) from None


def keep_decisions(workset: WorkSet, decisions: Decisions) -> None:
    """Write the decisions. The caller holds the set's lock."""
    write_json(workset.decisions, decisions.to_json(), private=True)


class ReviewPlace(Struct, frozen=True, kw_only=True):
    """The page at which a person left off, by its id."""

    version: int = 1
    page: str


def read_review_place(workset: WorkSet) -> str:
    """The page's id; empty where she never began. A damaged file is as good as none.

    Raises:
        NewerVersionError: a newer mssw made it.
    """
    if not workset.place.is_file():
        return ""
    try:
        return read_typed(workset.place, ReviewPlace).page
    except NewerVersionError:
        raise
    except UnreadableError:
        return ""


def keep_review_place(workset: WorkSet, page_id: str) -> None:
    """Remember it. The caller holds the set's lock."""
    write_typed(workset.place, ReviewPlace(page=page_id), private=True)
