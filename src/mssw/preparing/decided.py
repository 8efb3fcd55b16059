"""What a person's decisions make of the pages: covers added and taken away, pages moved, marked blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mssw.core.decision import WHOLLY, Decisions, PageDecision
from mssw.core.page import Box, Mark, MarkKind
from mssw.core.response import Leaf, Response, brought_together
from mssw.errors import UnreadableError
from mssw.workset.folder import WorkSet, read_json, write_json
from mssw.workset.state import Sighting, recipe_of

BARED = "a cover was taken away, so it waits to be looked at and approved as it is now"
BARED_NAME = "the cover of its name was taken away, so it waits to be looked at and approved as it is now"
OF_A_NAME = {MarkKind.FIELD, MarkKind.RUNOVER, MarkKind.PLACE}
GONE = "a person put a page into it whose other pages are not in the stack any more"


def read_decisions(workset: WorkSet) -> Decisions:
    """What was decided so far.

    Raises:
        UnreadableError: the file is damaged, or of a later mssw.
    """
    if not workset.decisions.is_file():
        return Decisions()
    try:
        return Decisions.from_json(read_json(workset.decisions))
    except (UnreadableError, KeyError, TypeError, ValueError, AttributeError):
        raise UnreadableError(
            f"{workset.decisions} cannot be understood: it is damaged, or was written by a later mssw. It holds what "
            "you decided: put a copy of it back, or take it away and look at the pages again."
        ) from None


def keep_decisions(workset: WorkSet, decisions: Decisions) -> None:
    """Write them, in a set that is held alone."""
    write_json(workset.decisions, decisions.to_json(), private=True)


def way_without(base: str, dropped: Sequence[Box]) -> str:
    """The recipe of a page from which covers were taken away: whoever let it go before has not seen it so."""
    return recipe_of(base, "without", sorted(box.numbers for box in dropped)) if dropped else base


def as_decided(page: Sighting, decisions: Decisions) -> Sighting:
    """The page with the covers that a person added, and without those that were taken away."""
    said = decisions.of(page.page.identity)
    gone = set(said.drops(page.way))
    drawn = [box for box in decisions.drawn(page.page.identity, page.page.task_page) if box not in gone]
    covers = (*(mark for mark in page.covers if mark.box not in gone), *map(Mark.drawn, drawn))
    bared = tuple(mark for mark in page.covers if mark.box in gone and not _lies_in(mark.box, drawn))
    doubts = page.doubts
    if bared:
        doubts = (*doubts, BARED_NAME if any(mark.kind in OF_A_NAME for mark in bared) else BARED)
    way = way_without(page.way, said.drops(page.way))
    return replace(page, covers=covers, bared=bared, doubts=doubts, base=page.way, way=way)


def _lies_in(box: Box, others: Sequence[Box]) -> bool:
    return any(box.shared(other) >= WHOLLY for other in others)


def shows_a_name(page: Sighting) -> bool:
    """Whether a person took the cover of a name away: such a page is read again, whoever let it go."""
    return any(mark.kind in OF_A_NAME for mark in page.bared)


def regrouped(
    works: Sequence[Response],
    leaves: Sequence[Leaf],
    identities: Mapping[str, str],
    wanted: Sequence[int],
    said: Decisions,
) -> list[Response]:
    """The works with pages where a person put them, and without those that were marked blank.

    Args:
        works: as the stack's order tells.
        leaves: all their pages.
        identities: of the pages, by id.
        wanted: the task's pages that a work should have; none where there is no task.
        said: what was decided.
    """
    places = {identities[leaf.id]: leaf.id for leaf in leaves}
    decisions = {leaf.id: said.of(identities[leaf.id]) for leaf in leaves}
    moved: dict[str, str | None] = {}
    for page_id, decision in decisions.items():
        if decision.joins and not decision.blank:
            moved[page_id] = _anchor(page_id, decisions, places)
    works = brought_together(works, leaves, moved, wanted, GONE) if moved else list(works)
    blank = {page_id for page_id, decision in decisions.items() if decision.blank}
    kept = [replace(work, pages=tuple(page for page in work.pages if page not in blank)) for work in works]
    return [work for work in kept if work.pages]


def _anchor(page_id: str, decisions: Mapping[str, PageDecision], places: Mapping[str, str]) -> str | None:
    """The page in whose work this one ends up: that page stays where the stack has it, or has a work of its own."""
    seen = {page_id}
    here = page_id
    while decisions[here].joins:
        there = places.get(decisions[here].joins)
        if there is None:
            return None
        if there in seen:  # its own, or pages that were put to each other in a ring
            return min(seen) if there != here else here
        seen.add(there)
        here = there
    return here
