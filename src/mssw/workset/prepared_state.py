"""``private/state.json``: every page of the stack with its fate, and every response. Review, status and audit go by it.

``prepare`` writes it last, when all is known. It is apart from ``sightings`` so that what only reads it, such as a
shell that completes an alias, loads no image library. Nothing in it names a student.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from mssw.core.page import Box, Fate, MarkKind, place_in_stack
from mssw.errors import StepMissingError
from mssw.workset.folder import WorkSet, read_typed, write_typed
from mssw.workset.seal import Seal

VERSION = 1


class NamedBy(StrEnum):
    """What says who wrote a page where the name at its head does not."""

    SIGNATURE = "signature"
    NOTHING = "nothing"


class MarkedPlace(Struct, frozen=True):
    """A place on a page that is covered, or that may name somebody.

    Attributes:
        box: left, top, width and height in fractions of the page.
        kind: why.
    """

    box: tuple[float, float, float, float]
    kind: MarkKind

    @property
    def place(self) -> Box:
        """The place as other code has it."""
        return Box(*self.box)

    def to_json(self) -> dict[str, Any]:
        """For the local page and for ``--json``."""
        return {"box": list(self.box), "kind": str(self.kind)}


class PreparedPage(Struct, frozen=True, kw_only=True):
    """A page of the stack.

    Attributes:
        id: e.g. ``s01-p0005``.
        source: the stack's file.
        number: 1-based page of that file.
        fate: what becomes of it.
        reason: of the fate.
        task_page: 1-based page of the task; None where it lies on none.
        turn: degrees clockwise by which it was turned upright.
        score: of its registration, 0 to 1.
        image: file name in ``private/pages``; empty for a page that could not be read.
        way: the recipe by which it is covered now. An approval counts only for the recipe that was looked at.
        base: the recipe before a person took covers away; empty in sets of early versions.
        identity: under which decisions on the page are kept; empty in sets of early versions.
        points: the page's size in points.
        covers: what is covered.
        flags: what may name somebody and is not covered.
        decided: a digest of what a person decided about it, as it is applied; unset in sets of early versions.
        approved: whether a person had approved it as it is; unset in sets of early versions.
        file: what its file is called where an alias stands too; unset for its own name.
        boundary: ``sure`` or ``unsure``, whether a response begins with it, in a stack that was split at the pages
            that carry a name; unset in others.
        named_by: what says who wrote it, where the class shows that the name at its head does not; unset elsewhere.
    """

    id: str
    source: str
    number: int
    fate: Fate
    reason: str
    task_page: int | None
    turn: int
    score: float
    image: str
    way: str
    base: str = ""
    identity: str = ""
    points: tuple[float, float]
    covers: tuple[MarkedPlace, ...]
    flags: tuple[MarkedPlace, ...]
    decided: str | UnsetType = UNSET
    approved: bool | UnsetType = UNSET
    file: str | UnsetType = UNSET
    boundary: str | UnsetType = UNSET
    named_by: NamedBy | UnsetType = UNSET

    @property
    def where(self) -> str:
        """The page as a person finds it in the stack, in words that may stand beside an alias."""
        return place_in_stack(self.id, self.file or self.source, self.number)


class PreparedResponse(Struct, frozen=True, kw_only=True):
    """A response.

    Attributes:
        alias: the name that it goes by.
        pages: the ids of its pages, in order.
        held: why it is on hold; empty where it is not.
        aside: why it is set aside; empty where it is not.
        seen: whether a person looked at each of its pages as it is now.
    """

    alias: str
    pages: tuple[str, ...]
    held: tuple[str, ...] = ()
    aside: str = ""
    seen: bool = False

    @property
    def is_released(self) -> bool:
        """Whether it may be shown."""
        return not self.held and not self.aside


class PreparedState(Struct, frozen=True, kw_only=True):
    """All pages of a set in the order of the stack, all its responses, and the seal of what was decided."""

    version: int = VERSION
    pages: tuple[PreparedPage, ...]
    works: tuple[PreparedResponse, ...]
    seal: Seal | UnsetType = UNSET

    @property
    def page_by_id(self) -> dict[str, PreparedPage]:
        """The pages by their ids."""
        return {page.id: page for page in self.pages}


def read_state(workset: WorkSet) -> PreparedState | None:
    """The state of a set; None before its first ``prepare`` has ended.

    Raises:
        UnreadableError: the file is damaged.
    """
    return read_typed(workset.state, PreparedState) if workset.state.is_file() else None


def prepared_state(workset: WorkSet) -> PreparedState:
    """The state of a set that is prepared, and can still be changed.

    Raises:
        StepMissingError: it is not, or its private part was deleted.
        UnreadableError: the file is damaged.
    """
    workset.check_is_there()
    state = read_state(workset)
    if state is None and workset.is_final:
        raise StepMissingError(f"{workset.final_because}, so nothing of it can be changed any more.")
    if state is None:
        raise StepMissingError(
            f"nothing is prepared in {workset.root} yet; run `mssw prepare --into {workset.typed}` first."
        )
    return state


def keep_state(workset: WorkSet, state: PreparedState) -> None:
    """Write it. The caller holds the set's lock."""
    write_typed(workset.state, state, private=True)
