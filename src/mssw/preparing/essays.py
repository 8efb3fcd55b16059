"""A stack of essays without a task: names at the heads of pages are covered, and the stack is split by them.

In: pages with what was read on them. Out: the same pages with the places of names at their heads, and the responses
that they make. A boundary that is uncertain puts the responses on both sides of it on hold. A person can join or
split there in ``mssw review``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mssw.core.essay_rules import MAYBE_TITLE, Boundary, Cut, EssayPage, list_doubts, split_essays
from mssw.core.page import Mark, MarkKind
from mssw.core.response import Leaf, Response, list_faults
from mssw.preparing.blank_task import ANALYSIS_DPI
from mssw.preparing.inputs import Inputs
from mssw.preparing.kept_readings import PageReading
from mssw.preparing.name_reading import SearchTerms, name_letters, name_reader
from mssw.vision.assignment import find_clear_student
from mssw.vision.ink import Grey, Mask
from mssw.vision.own_name_places import find_signature
from mssw.vision.page_head import POSSIBLE, cover_place, read_head
from mssw.workset.prepared_state import NamedBy
from mssw.workset.sightings import Sighting, recipe_of

MAYBE_NAME = "something short is written at its head or foot, and it could not be read as a name or as anything else"
TWO_WRITERS = "the name at its head and its signature are not clearly of one student"
UNSIGNED = "the class names at the head whom a page is for, and its signature was not clearly read"
HINT = "press J on that page in `mssw review` to join or split there"
SURE, UNSURE = "sure", "unsure"

FEWEST_APART, MOST_APART = 3, 0.5  # pages, and share of those with both, on which head and signature name two students


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
    covers += [Mark(box, MarkKind.TEXT, "reading", 0.9) for box in found.addressed]
    doubts: list[str] = []
    nobody = (math.inf,) * terms.students  # and nor does the text of a typed page name the writer at such a head
    costs, is_named, is_signed = found.costs, found.head.named, signature is not None and signature.student is not None
    if signature is not None and (is_signed or is_named):
        at_head = _clear_student(costs)
        agree = at_head is not None and signature.may_be(at_head)
        if is_signed or not agree:
            kind, sure = (MarkKind.FIELD, 0.9) if is_signed else (MarkKind.PLACE, 0.3)
            covers.append(Mark(cover_place(signature.box, written, ANALYSIS_DPI), kind, "reading", sure))
        if not is_named:
            costs, is_named = signature.costs, True
        elif not agree:  # one of them may be whom it is for
            doubts.append(TWO_WRITERS)
            costs = costs if at_head is None else nobody
    costs = nobody if found.head.greets and not is_named else costs
    if found.head.is_unread or (found.words and not is_named):
        # what was read plainly beside a name is a title
        places = found.unread if is_named else (*found.unread, *found.words)
        covers += [Mark(box, MarkKind.PLACE, "reading", 0.3) for box in places]
        doubts.append(MAYBE_NAME)
    return replace(
        sighting,
        covers=tuple(covers),
        doubts=tuple(doubts),
        head=replace(found.head, signed=is_signed),
        name_costs=costs,
        signed_costs=signature.costs if signature is not None and is_signed else (),
        way=recipe_of(sighting.way, "head", covers),
    )


def _clear_student(costs: Sequence[float]) -> int | None:
    return find_clear_student(np.array(costs, np.float64))


def settle_addressees(pages: Sequence[Sighting]) -> list[Sighting]:
    """Settle who wrote the pages of a class that names at the head whom each page is for, as on cards.

    A class does where most of its pages are signed by another student than the one at the head. Then nobody at a head
    is the writer, also where the signature could not be read.

    Args:
        pages: of the stack.
    """
    both = [page for page in pages if page.head is not None and page.head.named and page.signed_costs]
    apart = [page for page in both if TWO_WRITERS in page.doubts and not any(map(math.isfinite, page.name_costs))]
    if len(apart) < FEWEST_APART or len(apart) <= MOST_APART * len(both):
        return list(pages)
    return [_signed_alone(page) for page in pages]


def _signed_alone(page: Sighting) -> Sighting:
    """A page of which only the signature says who wrote it."""
    if page.head is None or not page.head.named:
        return page
    doubts = [doubt for doubt in page.doubts if doubt != TWO_WRITERS]
    doubts += [] if page.signed_costs else [UNSIGNED]
    head = replace(page.head, named=False, greets=True, is_headed=True, goes_on=False)
    by = NamedBy.SIGNATURE if page.signed_costs else NamedBy.NOTHING
    return replace(page, head=head, doubts=tuple(doubts), name_costs=page.signed_costs, named_by=by)


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
    """Note on each page whether the place before it is sure, for the review; a title says nothing of who wrote it."""
    marked = {
        page_id: replace(pages[page_id], boundary=UNSURE if boundary.doubt else SURE)
        for page_id, boundary in boundaries.items()
    }
    titles = {
        page_id: replace(marked[page_id], name_costs=(), named_by=NamedBy.NOTHING)
        for page_id, boundary in boundaries.items()
        if boundary.doubt == MAYBE_TITLE
    }
    return pages | marked | titles
