"""What a person's decisions change on pages and responses: covers added and taken away, pages moved or marked blank.

The decisions come in as values; ``workset.decisions`` reads and keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mssw.core.decision import WHOLLY, Decisions, PageDecision
from mssw.core.page import Box, Mark, MarkKind
from mssw.core.response import Leaf, Response, move_pages
from mssw.workset.sightings import Sighting, recipe_of

BARED = "a cover was taken away, so it waits to be looked at and approved as it is now"
BARED_NAME = "the cover of its name was taken away, so it waits to be looked at and approved as it is now"
OF_A_NAME = {MarkKind.FIELD, MarkKind.RUNOVER, MarkKind.PLACE}
GONE = "you moved a page to this response, but its other pages are no longer in the stack"


def way_without(base: str, dropped: Sequence[Box]) -> str:
    """The recipe of a page without those covers: another one, since whoever approved the page saw it with them."""
    return recipe_of(base, "without", sorted(box.numbers for box in dropped)) if dropped else base


def apply_to_page(page: Sighting, decisions: Decisions) -> Sighting:
    """Add the covers that a person drew on a page, and take away those that a person took away."""
    decided = decisions.of(page.page.identity)
    dropped = set(decided.drops(page.way))
    drawn = [box for box in decisions.drawn(page.page.identity, page.page.task_page) if box not in dropped]
    covers = (*(mark for mark in page.covers if mark.box not in dropped), *map(Mark.drawn, drawn))
    bared = tuple(mark for mark in page.covers if mark.box in dropped and not _lies_in(mark.box, drawn))
    doubts = page.doubts
    if bared:
        doubts = (*doubts, BARED_NAME if any(mark.kind in OF_A_NAME for mark in bared) else BARED)
    way = way_without(page.way, decided.drops(page.way))
    return replace(page, covers=covers, bared=bared, doubts=doubts, base=page.way, way=way)


def _lies_in(box: Box, others: Sequence[Box]) -> bool:
    return any(box.shared(other) >= WHOLLY for other in others)


def shows_a_name(page: Sighting) -> bool:
    """Whether a person took the cover of a name away: such a page is read again, whoever approved it."""
    return any(mark.kind in OF_A_NAME for mark in page.bared)


def regroup(
    responses: Sequence[Response],
    leaves: Sequence[Leaf],
    identities: Mapping[str, str],
    expected: Sequence[int],
    decisions: Decisions,
) -> list[Response]:
    """Move pages to where a person put them, and take out those that a person marked as blank.

    Args:
        responses: as the order of the stack makes them.
        leaves: all their pages.
        identities: of the pages, by id.
        expected: the task's pages that a response should have; none where there is no task.
        decisions: what was decided.
    """
    places = {identities[leaf.id]: leaf.id for leaf in leaves}
    decided = {leaf.id: decisions.of(identities[leaf.id]) for leaf in leaves}
    moved: dict[str, str | None] = {}
    for page_id, decision in decided.items():
        if decision.joins and not decision.blank:
            moved[page_id] = _anchor(page_id, decided, places)
    responses = move_pages(responses, leaves, moved, expected, GONE) if moved else list(responses)
    blank = {page_id for page_id, decision in decided.items() if decision.blank}
    kept = [replace(one, pages=tuple(page for page in one.pages if page not in blank)) for one in responses]
    return [response for response in kept if response.pages]


def _anchor(page_id: str, decided: Mapping[str, PageDecision], places: Mapping[str, str]) -> str | None:
    """A page of the response that this one ends up in.

    That page stays where the stack has it, or has a response of its own. None if it is not in the stack any more.
    """
    passed = {page_id}
    here = page_id
    while decided[here].joins:
        there = places.get(decided[here].joins)
        if there is None:
            return None
        if there in passed:  # its own, or pages that were put to each other in a ring
            return min(passed) if there != here else here
        passed.add(there)
        here = there
    return here
