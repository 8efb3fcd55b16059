"""Without a blank task, a class of eight or more makes its own: from its scans to blank pages with their name fields.

Runs in a worker. The pages never touch the disk: they go back to the caller, who keeps them in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

import numpy as np

from mssw.formats.images import to_png
from mssw.model.pageorder import page_order
from mssw.steps.blank import ANALYSIS_DPI, parse_field
from mssw.steps.sampled import Sample, sampled, scan_of
from mssw.vision.blank_page import BlankPage, Sheet
from mssw.vision.common_print import (
    FEWEST,
    Common,
    Lying,
    clean_words,
    common_page,
    made_of,
    turned_by,
    without_specks,
)
from mssw.vision.ink import Grey
from mssw.vision.like_pages import alike, laid_over, parted, same_print, sharing
from mssw.vision.name_field import NameField, find_fields
from mssw.vision.orientation import turns_needed
from mssw.vision.registration import ACCEPTED, lay
from mssw.vision.text_lines import printed_words
from mssw.workset.stack import StackPage

KNOWN_ONES = 0.7  # of the pages with something on them show a page that was found; else the stack is another one

NO_LABEL_MM2 = 2.5  # less ink than the letters of any label; what stands alone in a field must not make it smaller

Place = tuple[int, tuple[float, ...]]


@dataclass(frozen=True)
class SheetPlan:
    """How to make one blank page again.

    Attributes:
        shape: height and width at the analysis' resolution.
        places: of each scan that it is made of, its index in the stack (from 0) and the nine numbers of its matrix.
        like: index of the page that it shares its layout and print with; None where there is none.
    """

    shape: tuple[int, int]
    places: tuple[Place, ...]
    like: int | None = None


@dataclass(frozen=True)
class Made:
    """What the class's scans gave.

    Attributes:
        why: why they gave no blank; empty where they did.
        plans: how each page of the task is made, in the task's order.
        fields: all name fields.
        sheets: the pages as PNG, for memory alone.
    """

    why: str = ""
    plans: tuple[SheetPlan, ...] = ()
    fields: tuple[NameField, ...] = ()
    sheets: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return f"Made of {len(self.plans)} pages {self.why}"


def work_out(
    pages: Sequence[StackPage], each: int, drawn: Sequence[str], labels: Sequence[str] = (), *, in_order: bool
) -> Made:
    """Make the blank of a class, and prove it.

    Args:
        pages: the whole stack, in order.
        each: pages a student.
        drawn: fields that the teacher gave, each ``page:x,y,w,h``.
        labels: further labels for a name, as the teacher wrote them.
        in_order: whether pages of one student follow each other as they are numbered.

    Raises:
        UsageError: a given field is not on the task.
    """
    stack = sampled(pages, each)
    inked = [n for n in range(len(stack.scans)) if n not in stack.empty]
    if not inked:
        return Made("its pages are empty")
    backs = round(len(stack.empty) * each / len(stack.scans))  # of one-sided sheets, scanned on both sides
    families = _families(stack.scans, inked, each - backs)
    groups = [group for family in families for group in family]
    if len(groups) != each - backs:
        return Made(_other_count(len(groups), each - backs))
    if not in_order and len(groups) > 2:  # noqa: PLR2004 - a sheet's two sides
        return Made("nobody said in which order the backs were fed (--backs same or --backs reversed)")
    commons = [_commons(stack.scans, family) for family in families]
    found = [common for family in commons for common in family]
    if len(found) < len(groups):
        return Made("the scans of the same page are not alike enough to tell what is printed on it")
    like = _like(commons)
    images = _apart([common.image for common in found], like)
    if not images or any(same_print(family[0], other[0]) for family, other in combinations(commons, 2)):
        return Made("two of its pages look the same")
    found = [replace(common, image=image) for common, image in zip(found, images, strict=True)]
    return _in_order(stack, groups, found, like, drawn, labels)


def make_again(pages: Sequence[StackPage], plans: Sequence[SheetPlan]) -> tuple[bytes, ...]:
    """The same pages once more, to the last byte; arguments as ``work_out`` was given and gave."""
    images = []
    for plan in plans:
        scans = {index: scan_of(pages[index]) for index, _ in plan.places}
        lying = [Lying(index, np.array(numbers).reshape(3, 3), 1.0) for index, numbers in plan.places]
        images.append(made_of(scans, lying, plan.shape, ANALYSIS_DPI))
    return tuple(to_png(image) for image in _apart(images, [plan.like for plan in plans]) or ())


def _families(scans: Sequence[Sheet], inked: Sequence[int], wanted: int) -> list[list[list[Lying]]]:
    """The scans of each page of the task; where those are too few, pages that share their layout are parted.

    Returns:
        For each layout its pages, for each page its scans.
    """
    families = [[group] for group in alike(scans, inked) if len(group) >= FEWEST]
    whole: list[list[Lying]] = []  # groups that nothing parts
    while sum(map(len, families)) < wanted:
        large = [group for family in families for group in family if len(group) >= 2 * FEWEST and group not in whole]
        if not large:
            break
        group = max(large, key=len)
        parts = [part for part in parted(scans, group) or () if len(part) >= FEWEST]
        if len(parts) > 1:
            family = next(family for family in families if any(one is group for one in family))
            family[:] = [one for one in family if one is not group] + parts
        else:
            whole.append(group)
    return families


def _commons(scans: Sequence[Sheet], family: Sequence[Sequence[Lying]]) -> list[Common]:
    """What is printed on each page of one layout, as far as it is sure, all in one frame."""
    found: list[Common] = []
    for group in family:
        common = common_page(scans, group, ANALYSIS_DPI)
        common = common and _upright(common, scans)
        if common is not None and found:
            common = _made(scans, laid_over(found[0], common), found[0].shape)
        found += [common] if common is not None else []
    return found


def _made(scans: Sequence[Sheet], lying: Sequence[Lying], shape: tuple[int, int]) -> Common:
    return Common(
        made_of({one.index: scans[one.index].grey for one in lying}, lying, shape, ANALYSIS_DPI), tuple(lying)
    )


def _other_count(found: int, wanted: int) -> str:
    if found > wanted:
        return f"its scans show {found} different printed pages, more than each student handed in"
    return f"{found} of the {wanted} pages that each student handed in could be found on {FEWEST} or more scans"


def _upright(common: Common, scans: Sequence[Sheet]) -> Common | None:
    """The common page turned upright; None where its letters do not tell which way up it is."""
    quarters = turns_needed(common.image)
    if quarters is None:
        return None
    if not quarters:
        return common
    shape = common.shape if quarters == 2 else common.shape[::-1]  # noqa: PLR2004 - half a turn
    return _made(scans, turned_by(common, quarters), shape)


def _like(families: Sequence[Sequence[Common]]) -> list[int | None]:
    """For each page the index of the first one in its layout; None for that one."""
    like: list[int | None] = []
    for family in families:
        like += [None, *[len(like)] * (len(family) - 1)] if family else []
    return like


def _apart(images: Sequence[Grey], like: Sequence[int | None]) -> list[Grey] | None:
    """Pages that share their layout differ in their words alone; None where two have the same words."""
    apart = [
        image if other is None else sharing(images[other], image, ANALYSIS_DPI)
        for image, other in zip(images, like, strict=True)
    ]
    whole = [image for image in apart if image is not None]
    return whole if len(whole) == len(images) else None


def _in_order(
    stack: Sample,
    groups: Sequence[Sequence[Lying]],
    commons: Sequence[Common],
    like: Sequence[int | None],
    drawn: Sequence[str],
    labels: Sequence[str],
) -> Made:
    """The pages in the task's order, with their fields."""
    inked = [n for n in range(len(stack.scans)) if n not in stack.empty]
    kinds = _kinds(stack.scans, groups, commons, inked)
    if len(kinds) < KNOWN_ONES * len(inked):
        return Made("many of its pages look like none of the others")
    fields = [] if drawn else _fields([common.image for common in commons], labels)
    runs = [part for run in stack.runs for part in _parts(run, kinds, stack.empty)]
    order = page_order(runs, len(commons), {n for n, found in enumerate(fields) if found})
    if order is None:
        return Made("its pages do not tell with which page a work begins")
    place = {kind: n for n, kind in enumerate(order)}
    plans = tuple(
        replace(_plan(commons[kind], stack.index), like=None if first is None else place[first])
        for kind in order
        for first in (like[kind],)
    )
    if drawn:
        placed = [parse_field(text, len(plans)) for text in drawn]
    else:
        placed = [replace(field, task_page=n) for n, kind in enumerate(order, 1) for field in fields[kind]]
    return Made("", plans, tuple(placed), tuple(to_png(commons[kind].image) for kind in order))


def _kinds(
    scans: Sequence[Sheet], groups: Sequence[Sequence[Lying]], commons: Sequence[Common], inked: Sequence[int]
) -> dict[int, int]:
    """Which page of the task each scan shows; the odd ones are laid on what the others gave."""
    kinds = {one.index: kind for kind, group in enumerate(groups) for one in group}
    blanks = [BlankPage(kind, common.image) for kind, common in enumerate(commons)]
    for n in inked:
        if n not in kinds:
            best = max((lay(blank, scans[n]) for blank in blanks), key=lambda place: place.score)
            if best.score >= ACCEPTED and best.task_page is not None:
                kinds[n] = best.task_page
    return kinds


def _parts(run: Sequence[int], kinds: dict[int, int], empty: frozenset[int]) -> list[list[int]]:
    """The kinds of a run's pages, cut at pages of no kind; empty ones count as not there."""
    parts: list[list[int]] = [[]]
    for n in run:
        if n in kinds:
            parts[-1].append(kinds[n])
        elif n not in empty and parts[-1]:
            parts.append([])
    return [part for part in parts if part]


def _fields(images: Sequence[Grey], labels: Sequence[str]) -> list[list[NameField]]:
    """The name fields of each page; where a quick reader finds none at all, a slow one has a look."""
    for words in (partial(clean_words, dpi=ANALYSIS_DPI), printed_words):
        found = []
        for image in images:
            bare = without_specks(image, ANALYSIS_DPI, NO_LABEL_MM2)
            found.append(find_fields(1, bare, ANALYSIS_DPI, words(image), "ocr", labels))
        if any(found):
            break
    return found


def _plan(common: Common, index: Sequence[int]) -> SheetPlan:
    places = tuple((index[one.index], tuple(float(x) for x in one.matrix.ravel())) for one in common.lying)
    return SheetPlan(common.shape, places)
