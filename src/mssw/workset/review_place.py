"""``private/review.json``: at which page a person left off looking, so that she comes back to it."""

from __future__ import annotations

from msgspec import Struct

from mssw.errors import UnreadableError
from mssw.workset.folder import NewerVersionError, WorkSet
from mssw.workset.typed_json import read_typed, write_typed


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
