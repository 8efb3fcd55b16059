"""A stack of essays without a task: names at the heads of pages are covered, and the stack is split by them.

In: pages with what was read on them. Out: the same pages with the places of names at their heads, and the responses
that they make. A boundary that is uncertain puts the responses on both sides of it on hold. A person can join or
split there in ``mssw review``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mssw.core.essay_rules import Boundary, Cut, EssayPage, list_doubts, split_essays
from mssw.core.page import Mark, MarkKind
from mssw.core.response import Leaf, Response, list_faults
from mssw.preparing.blank_task import ANALYSIS_DPI
from mssw.preparing.inputs import Inputs
from mssw.preparing.name_reading import PageReading, SearchTerms, name_letters, name_reader
from mssw.vision.assignment import find_clear_student
from mssw.vision.ink import Grey, Mask
from mssw.vision.own_name_places import find_signature
from mssw.vision.page_head import POSSIBLE, cover_place, read_head
from mssw.workset.sightings import Sighting, recipe_of

MAYBE_NAME = "something short is written at its head or foot, and it could not be read as a name or as anything else"
TWO_WRITERS = "the name at its head and its signature are not clearly of one student"
HINT = "press J on that page in `mssw review` to join or split there"
SURE, UNSURE = "sure", "unsure"


@dataclass(frozen=True)
class SplitStack:
    """The stack, split into essays.

    Attributes:
        responses: in the order of the stack.
        boundaries: by page, the boundary before it.
        notes: what a person should know of it, in sentences.
    """

    responses: tuple[Response, ...]
    boundaries: Mapping[str, Boundary]
    notes: tuple[str, ...]


def cover_head(sighting: Sighting, reading: PageReading, terms: SearchTerms, flat: Grey, written: Mask) -> Sighting:
    """Cover the names at the head and the foot of a page, and keep what they say of the response.

    Args:
        sighting: of the page, so far.
        reading: its lines.
        terms: the names of the class.
        flat: the page upright and without its ruling, as grey at the resolution of the analysis.
        written: what is written on it, the same shape.
    """
    names = name_letters(terms)
    found = read_head(
        reading.lines, reading.readings, names, terms.spellings, terms.students, flat, written, ANALYSIS_DPI
    )
    signature = find_signature(reading.lines, reading.readings, name_reader(terms), flat.shape, ANALYSIS_DPI)
    covers = [Mark(box, MarkKind.FIELD, "reading", 0.9) for box in found.names]
    doubts: list[str] = []
    costs, is_named = found.costs, found.head.named
    if signature is not None:
        box, signed = signature
        covers.append(Mark(cover_place(box, written, ANALYSIS_DPI), MarkKind.FIELD, "reading", 0.9))
        doubts += [TWO_WRITERS] if is_named and _name_two(costs, signed) else []
        costs, is_named = costs if is_named else signed, True
    if found.head.is_unread or (found.words and not is_named):
        # what was read plainly beside a name is a title
        places = found.unread if is_named else (*found.unread, *found.words)
        covers += [Mark(box, MarkKind.PLACE, "reading", 0.3) for box in places]
        doubts.append(MAYBE_NAME)
    return replace(
        sighting,
        covers=tuple(covers),
        doubts=tuple(doubts),
        head=replace(found.head, signed=signature is not None),
        name_costs=costs,
        way=recipe_of(sighting.way, "head", covers),
    )


def _name_two(at_head: Sequence[float], signed: Sequence[float]) -> bool:
    """Whether the head of a page and its signature name two students."""
    return find_clear_student(np.array(at_head, np.float64)) != find_clear_student(np.array(signed, np.float64))


def split_stack(inputs: Inputs, leaves: Sequence[Leaf], pages: Mapping[str, Sighting]) -> SplitStack:
    """Split a stack at the pages that carry a name.

    Args:
        inputs: the decisions of a person.
        leaves: the pages in the order of the stack, without blank ones.
        pages: by id.
    """
    rows = [_essay_page(inputs, leaf, pages[leaf.id]) for leaf in leaves]
    essays, boundaries = split_essays(rows)
    by_id = {leaf.id: leaf for leaf in leaves}
    responses = []
    for essay, doubts in zip(essays, list_doubts(essays, boundaries, HINT), strict=True):
        group = [by_id[page.id] for page in essay.pages]
        responses.append(Response(tuple(leaf.id for leaf in group), (*doubts, *list_faults(group))))
    unsure = sum(bool(boundary.doubt) for boundary in boundaries.values())
    note = f"no task was given, so the stack was split where a page carries a name: {len(essays)} responses"
    if unsure:
        places = "place is" if unsure == 1 else "places are"
        note += f"; {unsure} {places} not sure, and the responses on both sides are on hold"
    return SplitStack(tuple(responses), boundaries, (note,))


def _essay_page(inputs: Inputs, leaf: Leaf, page: Sighting) -> EssayPage:
    cut = inputs.decisions.of(page.page.identity).cut
    possible = frozenset(place for place, cost in enumerate(page.name_costs) if cost <= POSSIBLE)
    return EssayPage(leaf.id, leaf.where, page.head, leaf.writer, possible, leaf.document, Cut(cut) if cut else None)


def mark_boundaries(pages: dict[str, Sighting], boundaries: Mapping[str, Boundary]) -> dict[str, Sighting]:
    """Note on each page whether the place before it is sure, for the review."""
    marked = {
        page_id: replace(pages[page_id], boundary=UNSURE if boundary.doubt else SURE)
        for page_id, boundary in boundaries.items()
    }
    return pages | marked
