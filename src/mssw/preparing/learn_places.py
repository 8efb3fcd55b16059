"""Learn where a class writes its names without being asked, and look at its pages again with these places covered.

Where most pages of a kind have a name at the same place, where a student writes her own, that is the class's own place,
although no printed line asks for it: at the top, under a letter. What was learned is kept in ``private/places.json``,
so that a second run looks at no page. ``class_places`` covers the places on a page.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mssw.core.page import BY_CLASS, Box, MarkKind
from mssw.names.companion_labels import names_a_companion
from mssw.names.label_words import fold_words
from mssw.names.own_name_words import OwnName, OwnNameWay
from mssw.preparing.class_places import AnchoredPlace, ClassPlaces, corner_of, height_mm, width_mm
from mssw.preparing.find_names import SURE_ENOUGH, UNSURE_FIELD
from mssw.preparing.inputs import Inputs
from mssw.preparing.look_at_pages import first_recipes, look_at_pages
from mssw.preparing.own_blank import NOT_WORKED_OUT
from mssw.preparing.prepare_options import CommonPlace, PrepareOptions, Progress
from mssw.vision.assignment import find_clear_student
from mssw.vision.ink import NOTHING_MM2
from mssw.vision.name_field import NameField, select_own
from mssw.workset.folder import KeptWork, read_kept, write_typed
from mssw.workset.sightings import WAY_OF_LOOKING, Sighting, recipe_of
from mssw.workset.stack import pages_of

KEPT_PLACES = "places.json"  # in private/

FEWEST = 4  # pages with a name, or a class shows nothing
MOST_PAGES = 0.5  # of the pages of a kind have a name at the class's places
FEW, SOME_PAGES = 2, 0.08  # pages, and share of them, that make a place of their own beside the usual one
DISTINCT = 0.8  # of the names at a place are of different students: a friend is named by many
AGREE = 0.8  # of the pages with names at two places name one student at both

APART_X_MM, APART_Y_MM = 14.0, 5.0  # between two names at one place
HALF = 0.5  # of a name in a field, or of some pages
PAD_X_MM, PAD_UP_MM, PAD_DOWN_MM = 6.0, 4.0, 2.5

# One place beside the field of a task
COMMON = 0.5  # of the pages have a name there, and of a name lies there
FEWEST_COMMON = 3  # pages
COMMON_BESIDE, COMMON_ABOVE = 0.15, 0.03  # of the page's width and height: how far names may be apart
COMMON_PAD = 0.012  # of the page, around the names that were read


def look_for_class_places(
    inputs: Inputs, options: PrepareOptions, progress: Progress
) -> tuple[Inputs, dict[str, Sighting]]:
    """Look at every page; where the class shows where it writes its names, once more, with these places covered.

    Args:
        inputs: all of them.
        options: who looks at pages.
        progress: called with how many pages are done.

    Returns:
        The inputs with what the class shows, and what was seen on each page; see ``look_at_pages``.
    """
    if not can_learn(inputs):
        return inputs, trust_unsure_fields(inputs, look_at_pages(inputs, options, progress))
    path = inputs.workset.private / KEPT_PLACES
    recipe = learning_recipe(inputs)
    places = read_kept_places(path, recipe)
    if places is None:
        seen = look_at_pages(inputs, options, progress)
        places = learn_places(inputs, seen)
        keep_places(path, places, recipe)
        if not places:
            return inputs, seen
    inputs = with_places(inputs, places)
    return inputs, look_at_pages(inputs, options, progress)


def with_places(inputs: Inputs, places: ClassPlaces) -> Inputs:
    """The inputs with what a class shows: its places are fields of the task, if there is one."""
    if not places:
        return inputs
    task = inputs.task and replace(inputs.task, fields=(*inputs.task.fields, *places.fixed))
    notes = tuple(note for note in inputs.notes if not note.startswith(NOT_WORKED_OUT))  # nor is it needed
    return replace(inputs, places=places, task=task, notes=notes).with_notes(places.sentence)


def trust_unsure_fields(inputs: Inputs, seen: Mapping[str, Sighting]) -> dict[str, Sighting]:
    """Trust a field whose place was only guessed from its label, where the class shows that it writes its names there.

    A page needs it no more if the name of one student was clearly read in its own fields, as on most pages.

    Args:
        inputs: task and class list.
        seen: every page.
    """
    pages = dict(seen)
    if inputs.task is None or inputs.roster is None:
        return pages
    for number in inputs.task.expected:
        fields = [field for field in inputs.task.fields if field.task_page == number]
        unsure = [field for field in fields if field.confidence < SURE_ENOUGH]
        here = [page for page in seen.values() if page.page.task_page == number]
        named = [page for page in here if find_clear_student(np.array(page.name_costs, np.float64)) is not None]
        if unsure and all(field.holds_name for field in unsure) and len(named) >= max(FEWEST, MOST_PAGES * len(here)):
            for page in named:
                doubts = tuple(doubt for doubt in page.doubts if doubt != UNSURE_FIELD)
                pages[page.page.id] = replace(page, doubts=doubts)
    return pages


def find_common_own_place(pages: Iterable[Sighting], task_pages: Sequence[int]) -> CommonPlace | None:
    """Find where most of the class has its own name, beside the fields that are covered; None if that is no one place.

    Args:
        pages: of the class.
        task_pages: the pages of the task to look at, in order.
    """
    seen = list(pages)
    for number in task_pages:
        names = [_names_beside_fields(page) for page in seen if page.page.task_page == number]
        found = find_common_place(names)
        if found is not None:
            return CommonPlace(number, *found, len(names))
    return None


def find_common_place(pages: Sequence[Sequence[Box]]) -> tuple[Box, int] | None:
    """Find the place where most pages have a name.

    Args:
        pages: for each page, where names were read on it, in fractions of the page.

    Returns:
        A box around them with room for tall letters, and on how many pages there is one; None where no place is common.
    """
    best: dict[int, Box] = {}
    for seed in (box for page in pages for box in page):
        around = Box(
            seed.x - COMMON_BESIDE, seed.y - COMMON_ABOVE, seed.w + 2 * COMMON_BESIDE, seed.h + 2 * COMMON_ABOVE
        )
        inside = (max(page, key=lambda box: box.shared(around), default=None) for page in pages)
        near = {n: box for n, box in enumerate(inside) if box is not None and box.shared(around) > COMMON}
        if len(near) > len(best):
            best = near
    if len(best) < FEWEST_COMMON or len(best) < COMMON * len(pages):
        return None
    left, top = min(box.x for box in best.values()), min(box.y for box in best.values())
    right, bottom = max(box.right for box in best.values()), max(box.bottom for box in best.values())
    left, top, right, bottom = (
        max(0.0, left - COMMON_PAD),
        max(0.0, top - COMMON_PAD),
        min(1.0, right + COMMON_PAD),
        min(1.0, bottom + COMMON_PAD),
    )
    return Box(left, top, right - left, bottom - top), len(best)


def _names_beside_fields(page: Sighting) -> list[Box]:
    """Where own names stand alone on a page, and in no field."""
    fields = [mark.box for mark in page.covers if mark.kind is MarkKind.FIELD]
    alone = [name.box for name in page.own_names if name.way is OwnNameWay.ALONE]
    return [box for box in alone if not any(box.shared(field) > HALF for field in fields)]


def can_learn(inputs: Inputs) -> bool:
    """Whether a class may show where it writes its names: it has a class list, and nothing printed asks for them.

    What asks for a friend asks for no name of the student's own. Who reviewed something may hand in the review.
    """
    if inputs.roster is None or inputs.sheets is not None:
        return False
    if inputs.task is not None:
        return all(names_a_companion(fold_words(field.label)) for field in select_own(inputs.task.fields))
    return not inputs.splits_essays and not inputs.stack.is_by_student and not inputs.stack.fronts_backs


def learn_places(inputs: Inputs, seen: Mapping[str, Sighting]) -> ClassPlaces:
    """Learn from what was read where the class writes its names.

    Args:
        inputs: task and settings.
        seen: every page, as it was looked at first.
    """
    kinds: dict[int, list[Sighting]] = defaultdict(list)
    for page in seen.values():
        kind = _kind_of(inputs, page)
        if kind is not None:
            kinds[kind].append(page)
    fixed: list[NameField] = []
    anchored: dict[OwnNameWay, AnchoredPlace] = {}
    named, of = 0, 0
    for kind, pages in sorted(kinds.items()):
        others = [field.box for field in inputs.task.fields if field.task_page == kind] if inputs.task else []
        places = _learn_kind(kind, pages, others)
        fixed += places.fixed
        anchored |= {place.way: _wider(place, anchored.get(place.way)) for place in places.anchored}
        if places:
            named, of = named + places.named[0], of + places.named[1]
    return ClassPlaces(tuple(fixed), tuple(anchored.values()), (named, of))


def _kind_of(inputs: Inputs, page: Sighting) -> int | None:
    """Which page of the task, or of its response, a page is; None for one from which nothing can be learned."""
    if page.fault or page.is_typed or not page.image:
        return None
    if inputs.task is not None:
        return page.page.task_page
    if page.ink < NOTHING_MM2:
        return None
    return (page.page.number - 1) % (inputs.settings.pages_per_student or 1) + 1


@dataclass(frozen=True)
class _Group:
    """Names at one place of the class: with the index of the page that each is on."""

    names: tuple[tuple[int, OwnName], ...]

    @property
    def pages(self) -> dict[int, int]:
        """The student who is named on each page."""
        return {page: name.student for page, name in self.names}

    @property
    def is_distinct(self) -> bool:
        """Whether hardly any student is named on two pages."""
        students = list(self.pages.values())
        return len(set(students)) >= DISTINCT * len(students)

    @property
    def is_low(self) -> bool:
        """Whether nearly all of its names stand in the lower half of their page."""
        low = sum(name.box.y > HALF for _, name in self.names)
        return low >= DISTINCT * len(self.names)

    def agrees_with(self, others: Mapping[int, int]) -> bool:
        """Whether it names the students whom other places name on the same pages."""
        both = [page for page in self.pages if page in others]
        return sum(self.pages[page] == others[page] for page in both) >= AGREE * len(both)

    def mostly_denies(self, others: Mapping[int, int]) -> bool:
        """Whether it names another student than another place does, on most pages of several that have both."""
        both = [page for page in self.pages if page in others]
        return len(both) >= FEW and sum(self.pages[page] != others[page] for page in both) > HALF * len(both)


def _learn_kind(kind: int, pages: Sequence[Sighting], others: Sequence[Box]) -> ClassPlaces:
    """Learn the places on pages of one kind, beside the fields for the names of others."""
    names = [
        (n, name)
        for n, page in enumerate(pages)
        for name in page.own_names
        if not any(name.box.shared(field) > HALF for field in others)
    ]
    groups = [_Group(tuple(group)) for group in _group_by_place(names, pages)]
    for way in (OwnNameWay.LAST, OwnNameWay.AFTER, OwnNameWay.UNDER):
        groups += [_Group(tuple(one for one in names if one[1].way is way))]
    groups = _without_addressees(groups)
    few = max(FEW, math.ceil(SOME_PAGES * len(pages)))
    usual: dict[int, int] = {}
    taken = []
    for group in sorted(groups, key=lambda group: -len(group.pages)):
        if len(group.pages) >= few and group.is_distinct and group.agrees_with(usual):
            taken.append(group)
            usual = {**group.pages, **usual}
    rivals = [group for group in groups if group not in taken and group.is_distinct and group.mostly_denies(usual)]
    if any(len(group.pages) >= max(FEWEST, HALF * len(usual)) for group in rivals):
        return ClassPlaces()  # one of them is a friend's, and nobody can say which
    if (
        len(usual) < max(FEWEST, MOST_PAGES * len(pages))
        or not _Group(
            tuple((page, OwnName(OwnNameWay.ALONE, Box(0, 0, 0, 0), None, who, 0.0)) for page, who in usual.items())
        ).is_distinct
    ):
        return ClassPlaces()
    share = round(len(usual) / len(pages), 3)
    fixed = [_as_field(kind, group, pages, share) for group in taken if group.names[0][1].way is OwnNameWay.ALONE]
    anchored = [_as_anchored(group, pages, share) for group in taken if group.names[0][1].way is not OwnNameWay.ALONE]
    return ClassPlaces(tuple(fixed), tuple(anchored), (len(usual), len(pages)))


def _without_addressees(groups: Sequence[_Group]) -> list[_Group]:
    """The groups without those of pages that others sign: there the class writes whom a letter or a card is for.

    A letter is signed in the lower half of its page. Names that are thanked all over a page, as in a comic, are none.
    """
    under = [group for group in groups if group.names and group.names[0][1].way is OwnNameWay.UNDER]
    signed = [group for group in under if group.is_low]
    others = [group for group in groups if group not in under]
    thanked = [one for one in under if one not in signed and any(one.mostly_denies(group.pages) for group in others)]
    kept = [group for group in groups if group not in thanked]
    return [group for group in kept if group in under or not any(one.mostly_denies(group.pages) for one in signed)]


def _group_by_place(names: Sequence[tuple[int, OwnName]], pages: Sequence[Sighting]) -> list[list[tuple[int, OwnName]]]:
    """Group the names that stand alone by where they are on the page."""
    groups: list[list[tuple[int, OwnName]]] = []
    for page, name in names:
        if name.way is not OwnNameWay.ALONE:
            continue
        near = [group for group in groups if any(_is_near(name.box, other.box, pages[page]) for _, other in group)]
        groups = [group for group in groups if not any(group is one for one in near)]
        groups.append([(page, name), *(one for group in near for one in group)])
    return groups


def _is_near(one: Box, other: Box, page: Sighting) -> bool:
    """Whether two names are at one place."""
    x, y = APART_X_MM / width_mm(page), APART_Y_MM / height_mm(page)
    apart_x = max(one.x, other.x) - min(one.right, other.right)
    apart_y = max(one.y, other.y) - min(one.bottom, other.bottom)
    return apart_x < x and apart_y < y


def _as_field(kind: int, group: _Group, pages: Sequence[Sighting], share: float) -> NameField:
    """The field that holds all names of a group, with some room around them."""
    boxes = [name.box for _, name in group.names]
    page = pages[group.names[0][0]]
    x, up, down = PAD_X_MM / width_mm(page), PAD_UP_MM / height_mm(page), PAD_DOWN_MM / height_mm(page)
    left, top = max(0.0, min(box.x for box in boxes) - x), max(0.0, min(box.y for box in boxes) - up)
    right = min(1.0, max(box.right for box in boxes) + x)
    bottom = min(1.0, max(box.bottom for box in boxes) + down)
    box = Box(*(round(edge, 5) for edge in (left, top, right - left, bottom - top)))
    return NameField(kind, box, "", BY_CLASS, share)


def _as_anchored(group: _Group, pages: Sequence[Sighting], share: float) -> AnchoredPlace:
    """The place beside its words that holds all names of a group, with some room around them."""
    page = pages[group.names[0][0]]
    x, up, down = PAD_X_MM / width_mm(page), PAD_UP_MM / height_mm(page), PAD_DOWN_MM / height_mm(page)
    lefts, tops, rights, bottoms = [], [], [], []
    for _, name in group.names:
        corner = corner_of(name.way, name.anchor or name.box)
        lefts.append(name.box.x - corner[0])
        tops.append(name.box.y - corner[1])
        rights.append(name.box.right - corner[0])
        bottoms.append(name.box.bottom - corner[1])
    is_after = group.names[0][1].way is OwnNameWay.AFTER
    edges = (0.0 if is_after else min(lefts) - x, min(tops) - (0 if is_after else up), max(rights) + x)
    left, top, right = (round(edge, 5) for edge in edges)
    return AnchoredPlace(group.names[0][1].way, left, top, right, round(max(bottoms) + down, 5), share)


def _wider(one: AnchoredPlace, other: AnchoredPlace | None) -> AnchoredPlace:
    """A place that holds both."""
    if other is None:
        return one
    return AnchoredPlace(
        one.way,
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
        max(one.share, other.share),
    )


# What was learned is kept


def learning_recipe(inputs: Inputs) -> str:
    """A hash of all that what is learned depends on."""
    recipes = first_recipes(inputs, pages_of(inputs.workset, inputs.stack))
    return recipe_of("learn places", WAY_OF_LOOKING, recipes, inputs.settings.pages_per_student)


class _KeptPlaces(KeptWork, frozen=True, kw_only=True):
    """``private/places.json``: a ``ClassPlaces``. It names nobody."""

    version: int = 1
    fixed: tuple[NameField, ...]
    anchored: tuple[AnchoredPlace, ...]
    named: tuple[int, int]


def read_kept_places(path: Path, recipe: str) -> ClassPlaces | None:
    """Read what an earlier run learned of the same pages; None if it did not."""
    kept = read_kept(path, _KeptPlaces, recipe)
    return None if kept is None else ClassPlaces(kept.fixed, kept.anchored, kept.named)


def keep_places(path: Path, places: ClassPlaces, recipe: str) -> None:
    """Keep what was learned."""
    row = _KeptPlaces(known=recipe, fixed=places.fixed, anchored=places.anchored, named=places.named)
    write_typed(path, row, private=True)
