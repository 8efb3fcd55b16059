"""What a person decided about the pages, and where they left off looking.

``private/decisions.json`` holds the decisions, as ``core.decision`` has them; ``private/review.json`` holds the page
at which the person stopped, so that they come back to it.

Each version of the decisions names the one before by its digest, and the set's seal names the last. So a file that went
missing, was damaged, or is an older copy is never taken for what was decided.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from mssw.core.decision import Decisions
from mssw.core.page import MarkKind
from mssw.errors import UnreadableError
from mssw.workset.folder import NewerVersionError, WorkSet, read_json, read_typed, write_json, write_typed
from mssw.workset.seal import Seal, SealedFile, Stamp, broken, read_seal, write_seal

_BEFORE = "before"
_HOLDS = "what you decided about the pages"


class _DecidedPlace(Struct, frozen=True):
    kind: str = ""


class _DecidedPage(Struct, frozen=True):
    covers: tuple[_DecidedPlace, ...] = ()


class _DecidedResponse(Struct, frozen=True):
    aside: str = ""


class _StateOfBefore(Struct, frozen=True):
    """What the state of a set without a seal tells of decisions."""

    pages: tuple[_DecidedPage, ...] = ()
    works: tuple[_DecidedResponse, ...] = ()

    @property
    def has_decisions(self) -> bool:
        """Whether somebody had decided something."""
        drawn = any(place.kind == MarkKind.HAND for page in self.pages for place in page.covers)
        return drawn or any(response.aside for response in self.works)


def read_decisions(workset: WorkSet) -> Decisions:
    """Read what was decided so far; nothing if nobody has decided anything yet.

    Raises:
        UnreadableError: the file is damaged.
        SealBrokenError: it is missing, damaged or an older one, and the set's seal says so.
        NewerVersionError: a newer mssw made it.
    """
    seal = read_seal(workset)
    if not workset.decisions.is_file():
        if (seal.decisions.count if seal else _has_decided(workset)) > 0:
            raise broken(workset, "private/decisions.json", "is missing", _holds(seal))
        return Decisions()
    try:
        value = read_json(workset.decisions)
        decisions = Decisions.from_json(value)
    except NewerVersionError:
        raise
    except (UnreadableError, KeyError, TypeError, ValueError, AttributeError):
        if seal is not None and seal.decisions.count:
            raise broken(
                workset, "private/decisions.json", "cannot be understood: it is damaged", _holds(seal)
            ) from None
        raise UnreadableError(
            f"{workset.decisions} cannot be understood: it is damaged, or was written by a later mssw. It holds "
            "what you decided: put a copy of it back, from a backup, then run this again."
        ) from None
    if seal is not None and not _is_sealed(workset, seal.decisions, value.get(_BEFORE, "")):
        why = "was changed since you decided, or is an older copy"
        raise broken(workset, "private/decisions.json", why, _holds(seal))
    return decisions


def _holds(seal: Seal | None) -> str:
    count = seal.decisions.count if seal else 0
    return f"what you decided about {count} page{'' if count == 1 else 's'}" if count else _HOLDS


def _has_decided(workset: WorkSet) -> bool:
    try:
        return workset.state.is_file() and read_typed(workset.state, _StateOfBefore).has_decisions
    except NewerVersionError:
        raise
    except UnreadableError:
        return False


def _is_sealed(workset: WorkSet, sealed: SealedFile, before: object) -> bool:
    """Whether the file is the one that the seal names, or the very next: a command was killed before it sealed that."""
    if not sealed.digests:
        return True
    return Stamp(workset).of_bytes(workset.decisions.read_bytes()) in sealed.digests or before in sealed.digests


def keep_decisions(workset: WorkSet, decisions: Decisions) -> None:
    """Write the decisions, and seal them. The caller holds the set's lock."""
    seal, stamp, value = read_seal(workset), Stamp(workset), decisions.to_json()
    if seal is None:
        write_json(workset.decisions, value, private=True)
        return
    if workset.decisions.is_file():
        value |= {_BEFORE: stamp.of_bytes(workset.decisions.read_bytes())}
    write_json(workset.decisions, value, private=True)
    write_seal(workset, replace(seal, decisions=sealed_decisions(workset, decisions)))


def sealed_decisions(workset: WorkSet, decisions: Decisions) -> SealedFile:
    """What is kept of the decisions as they are on disk."""
    if not workset.decisions.is_file():
        return SealedFile()
    digest = Stamp(workset).of_bytes(workset.decisions.read_bytes())
    return SealedFile(len(decisions.pages) + len(decisions.everywhere), (digest,))


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
