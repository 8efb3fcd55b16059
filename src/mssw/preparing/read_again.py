"""Names in sentences that only the second look could read: covered on their pages, and kept for the next run.

In: what became of the responses. Out: the places of names that kept one of them back, in ``private/read-again.json``;
and every page with the covers that are kept there. It happens once for a response: what is found after that puts it on
hold. So does a name on a line of its own or beside a name's place, which may be the student's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from msgspec import Struct

from mssw.core.page import Box, Mark, MarkKind
from mssw.core.response import Response
from mssw.errors import MsswError
from mssw.preparing.cover_responses import Covered
from mssw.preparing.inputs import Inputs
from mssw.workset.folder import WorkSet, read_typed, write_typed
from mssw.workset.state import WAY_OF_LOOKING, Sighting, recipe_of

KEPT = "read-again.json"  # in private/
FOUND_BY = "second look"
NEAR = 0.02  # of the page: from a name's place, or from a part of a name that runs out of it
OF_OWN_NAME = {MarkKind.FIELD, MarkKind.RUNOVER, MarkKind.PLACE}


class _KeptPage(Struct, frozen=True):
    """The names that were read on a page once it was covered.

    Attributes:
        recipe: a hash of what it depends on.
        places: of the names.
    """

    recipe: str
    places: tuple[tuple[float, float, float, float], ...]


class _KeptPages(Struct, frozen=True):
    """``private/read-again.json``."""

    pages: tuple[_KeptPage, ...] = ()
    version: int = 1


def cover_read_again(inputs: Inputs, seen: Mapping[str, Sighting]) -> dict[str, Sighting]:
    """Cover on every page the names that only the second look of an earlier run could read.

    Args:
        inputs: the set.
        seen: every page by id.
    """
    kept = {page.recipe: page.places for page in _read_kept(inputs.workset).pages}
    if not kept:
        return dict(seen)
    return {page_id: _with_covers(page, kept.get(_recipe(page), ())) for page_id, page in seen.items()}


def _with_covers(page: Sighting, places: Sequence[tuple[float, float, float, float]]) -> Sighting:
    if not places:
        return page
    more = [Mark(Box(*place), MarkKind.TEXT, FOUND_BY, 0.9) for place in places]
    return replace(page, covers=(*page.covers, *more), way=recipe_of(page.way, "read again", more))


def keep_read_again(
    inputs: Inputs, seen: Mapping[str, Sighting], responses: Sequence[Response], covered: Mapping[str, Covered]
) -> bool:
    """Keep the places of names that are all that keeps responses back; whether there is one to be covered.

    Args:
        inputs: the set.
        seen: every page by id, without the covers of this step.
        responses: all of them, with their aliases.
        covered: what became of those that were to be released, by alias.

    Raises:
        NotWrittenError: the disk is full.
    """
    kept = {page.recipe: page for page in _read_kept(inputs.workset).pages}
    new: dict[str, _KeptPage] = {}
    for response in responses:
        names = covered[response.alias].names if response.alias in covered else ()
        places: dict[str, list[Box]] = {}
        for number, box in names:
            places.setdefault(response.pages[number - 1], []).append(box)
        recipes = [_recipe(seen[page_id]) for page_id in response.pages]
        is_free = all(_is_free(seen[page_id], box) for page_id, boxes in places.items() for box in boxes)
        if is_free and not any(recipe in kept for recipe in recipes):
            for page_id, boxes in places.items():
                recipe = _recipe(seen[page_id])
                new[recipe] = _KeptPage(recipe, tuple(box.numbers for box in boxes))
    if new:
        known = {_recipe(page) for page in seen.values()}
        still = [page for recipe, page in kept.items() if recipe in known]
        rows = sorted((*still, *new.values()), key=lambda page: page.recipe)
        write_typed(inputs.workset.private / KEPT, _KeptPages(tuple(rows)), private=True)
    return bool(new)


def _is_free(page: Sighting, name: Box) -> bool:
    """Whether a name is away from the places where the student writes her own."""
    around = Box(name.x - NEAR, name.y - NEAR, name.w + 2 * NEAR, name.h + 2 * NEAR)
    return not any(around.shared(mark.box) > 0 for mark in page.covers if mark.kind in OF_OWN_NAME)


def _recipe(page: Sighting) -> str:
    return recipe_of(WAY_OF_LOOKING, "read again", page.page.id, page.recipe, page.way)


def _read_kept(workset: WorkSet) -> _KeptPages:
    """What an earlier run found; nothing where it is missing or damaged: then it is found again."""
    path = workset.private / KEPT
    try:
        return read_typed(path, _KeptPages) if path.is_file() else _KeptPages()
    except MsswError:
        return _KeptPages()
