"""A class without a blank task makes its own: from what is printed on all of its scans to blank pages with name fields.

In: the inputs. Out: the inputs with a blank task, if the class has enough responses and their pages prove one. The
pages of the blank are never written: they hold ghosts of writing. What is kept is how to make them again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, pairwise

import numpy as np

from mssw.errors import UnreadableError, UsageError
from mssw.formats.images import to_png
from mssw.formats.scans import read_page
from mssw.preparing.blank_task import ANALYSIS_DPI, READING_MEMORY, BlankTask, at_analysis_size, parse_field
from mssw.preparing.input_checks import NO_BLANK_FOR_FIELD
from mssw.preparing.inputs import MOST_TASK_PAGES, Inputs
from mssw.preparing.photographed import as_sheet
from mssw.preparing.prepare_options import Progress
from mssw.vision.blank_page import BlankPage, Sheet
from mssw.vision.common_print import (
    ENOUGH,
    FEWEST,
    Common,
    Lying,
    find_common_print,
    find_shared_print,
    group_like_pages,
    has_same_print,
    place_over,
    read_clean_words,
    rebuild_print,
    remove_specks,
    split_group,
    turn_frame,
)
from mssw.vision.ink import NOTHING_MM2, Grey, measure_strong_ink
from mssw.vision.name_field import NameField, find_fields
from mssw.vision.orientation import find_turns
from mssw.vision.recogniser import read_page_words
from mssw.vision.registration import ACCEPTED, register_on_page
from mssw.workers import WorkerLostError, run_alone
from mssw.workset.folder import KeptWork, read_kept, write_typed
from mssw.workset.settings import Settings
from mssw.workset.sightings import WAY_OF_LOOKING, recipe_of
from mssw.workset.stack import Stack, StackPage, pages_of, reversed_backs

SMALL_CLASS = 18  # responses: all of them are looked at; of a larger class a sample
CLEAR = 0.7  # least share of pages of one kind that the same next kind follows; the rest are faults of the feeder
SHARE_FOUND = 0.7  # of the pages with something on them show a page that was found; else the stack is of another kind
NO_LABEL_MM2 = 2.5  # less ink than the letters of any label: a speck in a field must not make the field smaller
BASE_SECONDS, SECONDS_A_PAGE = 60.0, 8.0  # a page takes a third of a second; old machines are slow
KEPT = "blank.json"  # in private/
WORKED_OUT = (
    "no blank task was given, so mssw worked out the print from what all responses have in common. If it "
    "did not find the place for names, give the blank copy with --task"
)

NOT_WORKED_OUT = "no blank task was given, and the class's own pages do not tell what is printed"

Place = tuple[int, tuple[float, ...]]


@dataclass(frozen=True)
class SheetPlan:
    """How to make one blank page again.

    Attributes:
        shape: height and width at the analysis' resolution.
        places: of each scan that it is made of, its index in the stack (from 0) and the nine numbers of its matrix.
        like: index of the page with which it shares its layout and print; None if there is none.
    """

    shape: tuple[int, int]
    places: tuple[Place, ...]
    like: int | None = None


@dataclass(frozen=True)
class MadeBlank:
    """What the class's scans gave.

    Attributes:
        why: why they gave no blank; empty if they did.
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


class _KeptBlank(KeptWork, frozen=True, kw_only=True):
    """``private/blank.json``: a ``MadeBlank`` without its images."""

    version: int = 1
    why: str
    pages: tuple[SheetPlan, ...]
    fields: tuple[NameField, ...]


@dataclass(frozen=True)
class ScannedSample:
    """The scans that are looked at.

    Attributes:
        scans: the pages, at the analysis' resolution.
        index: of each, its index in the whole stack, from 0.
        empty: indices of the scans on which there is nothing.
        runs: indices of the scans, in runs that follow each other in the stack.
    """

    scans: Sequence[Sheet]
    index: Sequence[int]
    empty: frozenset[int]
    runs: Sequence[Sequence[int]]


def with_own_blank(inputs: Inputs, progress: Progress, *, has_new_fields: bool = False) -> Inputs:
    """Give a class without a blank task the one that it makes itself.

    Nothing changes if it has a task, if it has too few responses, or if its pages prove no blank.

    Args:
        inputs: the class and its scans.
        progress: called before and after.
        has_new_fields: whether the teacher gave name fields just now, which mean nothing without a blank.

    Returns:
        The inputs, with the blank and a note on it.

    Raises:
        UsageError: a given field is not on the task, or there is no blank that it could be on.
    """
    stack, settings = inputs.stack, inputs.settings
    each = settings.pages_per_student
    pages = pages_of(inputs.workset, stack)
    if stack.fronts_backs and stack.backs_reversed:
        pages = reversed_backs(pages)
    if (
        inputs.task is not None
        or inputs.plain_task is not None
        or each is None
        or each > MOST_TASK_PAGES
        or len(pages) < FEWEST * each
    ):
        return inputs
    recipe = _recipe(stack, each, settings)
    made = _make_or_read(inputs, pages, each, recipe, progress)
    if made.why and has_new_fields:
        raise UsageError(
            f"{NO_BLANK_FOR_FIELD}, and the class's own pages do not tell what is printed: {made.why}; give the blank "
            "task with --task, or leave --field out."
        )
    if made.why:
        return inputs.with_notes(f"{NOT_WORKED_OUT}: {made.why}; give the blank copy with --task")
    sizes = tuple(
        (width / ANALYSIS_DPI * 72, height / ANALYSIS_DPI * 72) for height, width in [plan.shape for plan in made.plans]
    )
    task = BlankTask(None, sizes, made.fields, (), recipe, partial(_make_sheets, pages, made))
    return replace(inputs.with_notes(WORKED_OUT), task=task)


def _scans_in_order(stack: Stack) -> bool:
    """Whether the pages come as students handed them in: backs may have been fed either way."""
    return not stack.fronts_backs or stack.backs_reversed is not None


def _recipe(stack: Stack, each: int, settings: Settings) -> str:
    """A hash of all that the blank depends on."""
    files = [(file.name, file.sha256, file.pages) for file in stack.files]
    given = tuple(settings.fields), tuple(settings.labels)
    return recipe_of("own blank", WAY_OF_LOOKING, files, stack.fronts_backs, stack.backs_reversed, each, given)


def _make_or_read(inputs: Inputs, pages: Sequence[StackPage], each: int, recipe: str, progress: Progress) -> MadeBlank:
    """Make the blank, or read back what an earlier run made of the same scans."""
    path = inputs.workset.private / KEPT
    kept = read_kept(path, _KeptBlank, recipe)
    if kept is not None:
        return MadeBlank(kept.why, kept.pages, kept.fields)
    progress("blank", 0, 1)
    made = _make_in_worker(pages, each, inputs.settings, in_order=_scans_in_order(inputs.stack))
    row = _KeptBlank(known=recipe, why=made.why, pages=made.plans, fields=made.fields)
    write_typed(path, row, private=True)
    progress("blank", 1, 1)
    return made


def _make_in_worker(pages: Sequence[StackPage], each: int, settings: Settings, *, in_order: bool) -> MadeBlank:
    work = partial(make_blank, in_order=in_order)
    try:
        made = run_alone(
            work, pages, each, settings.fields, settings.labels, seconds=_seconds(pages), memory=READING_MEMORY
        )
    except WorkerLostError:
        return MadeBlank("one of them cannot be read")
    return made if isinstance(made, MadeBlank) else MadeBlank("it could not be worked out")


def _make_sheets(pages: Sequence[StackPage], made: MadeBlank) -> tuple[bytes, ...]:
    """The blank's pages, as they were made just now, or made again.

    Raises:
        UnreadableError: the scans cannot be read any more.
    """
    if made.sheets:
        return made.sheets
    again: tuple[bytes, ...] = run_alone(make_again, pages, made.plans, seconds=_seconds(pages), memory=READING_MEMORY)
    return again


def _seconds(pages: Sequence[StackPage]) -> float:
    return BASE_SECONDS + SECONDS_A_PAGE * min(len(pages), 100)


# In a worker: from scans to blank pages


def make_blank(
    pages: Sequence[StackPage], each: int, drawn: Sequence[str], labels: Sequence[str] = (), *, in_order: bool
) -> MadeBlank:
    """Make the blank of a class, and prove it. Runs in a worker.

    Args:
        pages: the whole stack, in order.
        each: pages a student.
        drawn: fields that the teacher gave, each ``page:x,y,w,h``.
        labels: further labels for a name, as the teacher wrote them.
        in_order: whether pages of one student follow each other as they are numbered.

    Raises:
        UsageError: a given field is not on the task.
    """
    stack = read_sample(pages, each)
    inked = [n for n in range(len(stack.scans)) if n not in stack.empty]
    if not inked:
        return MadeBlank("its pages are empty")
    backs = round(len(stack.empty) * each / len(stack.scans))  # of one-sided sheets, scanned on both sides
    families = _families(stack.scans, inked, each - backs)
    groups = [group for family in families for group in family]
    if len(groups) != each - backs:
        return MadeBlank(_wrong_count(len(groups), each - backs))
    if not in_order and len(groups) > 2:  # noqa: PLR2004 - a sheet's two sides
        return MadeBlank("nobody said in which order the backs were fed (--backs same or --backs reversed)")
    commons = [_commons(stack.scans, family) for family in families]
    found = [common for family in commons for common in family]
    if len(found) < len(groups):
        return MadeBlank("the scans of the same page are not alike enough to tell what is printed on it")
    like = _same_layout(commons)
    images = _tell_apart([common.image for common in found], like)
    if not images or any(has_same_print(family[0], other[0]) for family, other in combinations(commons, 2)):
        return MadeBlank("two of its pages look the same")
    found = [replace(common, image=image) for common, image in zip(found, images, strict=True)]
    return _put_in_order(stack, groups, found, like, drawn, labels)


def make_again(pages: Sequence[StackPage], plans: Sequence[SheetPlan]) -> tuple[bytes, ...]:
    """Make the same pages once more, to the last byte. Runs in a worker.

    Args:
        pages: as ``make_blank`` got them.
        plans: as ``make_blank`` gave them.
    """
    images = []
    for plan in plans:
        scans = {index: read_scan(pages[index]) for index, _ in plan.places}
        lying = [Lying(index, np.array(numbers).reshape(3, 3), 1.0) for index, numbers in plan.places]
        images.append(rebuild_print(scans, lying, plan.shape, ANALYSIS_DPI))
    return tuple(to_png(image) for image in _tell_apart(images, [plan.like for plan in plans]) or ())


# Which scans are looked at


def read_sample(pages: Sequence[StackPage], each: int) -> ScannedSample:
    """Read the pages of a stack that are looked at; one that cannot be read is left out.

    Args:
        pages: the whole stack, in order.
        each: pages a student.
    """
    scans: list[Sheet] = []
    index: list[int] = []
    empty: set[int] = set()
    runs: list[list[int]] = []
    for run in sample_runs(len(pages), each):
        runs.append([])
        for place in run:
            try:
                grey = read_scan(pages[place])
            except UnreadableError:  # its response will be on hold for it
                continue
            if measure_strong_ink(grey, ANALYSIS_DPI, np.zeros(grey.shape, bool)) < NOTHING_MM2:
                empty.add(len(scans))
            runs[-1].append(len(scans))
            scans.append(Sheet(grey))
            index.append(place)
    return ScannedSample(scans, index, frozenset(empty), runs)


def sample_runs(count: int, each: int) -> list[range]:
    """Choose the pages to look at, as runs that follow each other: all of a class, some of a whole grade."""
    if count <= SMALL_CLASS * max(each, 2):
        return [range(count)]
    starts = [round(place) for place in np.linspace(0, count - each, ENOUGH)]
    return [range(start, start + each) for start in starts]


def read_scan(page: StackPage) -> Grey:
    """Read a scan at the analysis' resolution.

    Raises:
        UnreadableError: it cannot be read.
    """
    return at_analysis_size(as_sheet(page.source, read_page(page.source, page.number)))


# The scans of each printed page, and what they have in common


def _families(scans: Sequence[Sheet], inked: Sequence[int], count: int) -> list[list[list[Lying]]]:
    """Find the scans of each page of the task; if these are too few, pages that share their layout are parted.

    Returns:
        For each layout its pages, for each page its scans.
    """
    families = [[group] for group in group_like_pages(scans, inked) if len(group) >= FEWEST]
    whole: list[list[Lying]] = []  # groups that nothing parts
    while sum(map(len, families)) < count:
        large = [group for family in families for group in family if len(group) >= 2 * FEWEST and group not in whole]
        if not large:
            break
        group = max(large, key=len)
        parts = [part for part in split_group(scans, group) or () if len(part) >= FEWEST]
        if len(parts) > 1:
            family = next(family for family in families if any(one is group for one in family))
            family[:] = [one for one in family if one is not group] + parts
        else:
            whole.append(group)
    return families


def _wrong_count(found: int, expected: int) -> str:
    if found > expected:
        return f"its scans show {found} different printed pages, more than each student handed in"
    return f"{found} of the {expected} pages that each student handed in could be found on {FEWEST} or more scans"


def _commons(scans: Sequence[Sheet], family: Sequence[Sequence[Lying]]) -> list[Common]:
    """Make what is printed on each page of one layout, as far as it is sure, all in one frame."""
    found: list[Common] = []
    for group in family:
        common = find_common_print(scans, group, ANALYSIS_DPI)
        common = common and _upright(common, scans)
        if common is not None and found:
            common = _make_common(scans, place_over(found[0], common), found[0].shape)
        found += [common] if common is not None else []
    return found


def _make_common(scans: Sequence[Sheet], lying: Sequence[Lying], shape: tuple[int, int]) -> Common:
    return Common(
        rebuild_print({one.index: scans[one.index].grey for one in lying}, lying, shape, ANALYSIS_DPI), tuple(lying)
    )


def _upright(common: Common, scans: Sequence[Sheet]) -> Common | None:
    """Turn the common page upright; None if its letters do not tell which way up it is."""
    quarters = find_turns(common.image)
    if quarters is None:
        return None
    if not quarters:
        return common
    shape = common.shape if quarters == 2 else common.shape[::-1]  # noqa: PLR2004 - half a turn
    return _make_common(scans, turn_frame(common, quarters), shape)


def _same_layout(families: Sequence[Sequence[Common]]) -> list[int | None]:
    """For each page the index of the first one with its layout; None for that one."""
    like: list[int | None] = []
    for family in families:
        like += [None, *[len(like)] * (len(family) - 1)] if family else []
    return like


def _tell_apart(images: Sequence[Grey], like: Sequence[int | None]) -> list[Grey] | None:
    """Keep of pages that share their layout only what differs, their words; None if two have the same words."""
    apart = [
        image if other is None else find_shared_print(images[other], image, ANALYSIS_DPI)
        for image, other in zip(images, like, strict=True)
    ]
    whole = [image for image in apart if image is not None]
    return whole if len(whole) == len(images) else None


# The order of the pages, and their name fields


def _put_in_order(
    stack: ScannedSample,
    groups: Sequence[Sequence[Lying]],
    commons: Sequence[Common],
    like: Sequence[int | None],
    drawn: Sequence[str],
    labels: Sequence[str],
) -> MadeBlank:
    """Put the pages into the task's order, with their fields."""
    inked = [n for n in range(len(stack.scans)) if n not in stack.empty]
    kinds = _kinds(stack.scans, groups, commons, inked)
    if len(kinds) < SHARE_FOUND * len(inked):
        return MadeBlank("many of its pages look like none of the others")
    fields = [] if drawn else _fields([common.image for common in commons], labels)
    runs = [part for run in stack.runs for part in _cut_run(run, kinds, stack.empty)]
    order = page_order(runs, len(commons), {n for n, found in enumerate(fields) if found})
    if order is None:
        return MadeBlank("its pages do not show with which page a response begins")
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
    return MadeBlank("", plans, tuple(placed), tuple(to_png(commons[kind].image) for kind in order))


def _kinds(
    scans: Sequence[Sheet], groups: Sequence[Sequence[Lying]], commons: Sequence[Common], inked: Sequence[int]
) -> dict[int, int]:
    """Find which page of the task each scan shows; the odd ones are laid on what the others gave."""
    kinds = {one.index: kind for kind, group in enumerate(groups) for one in group}
    blanks = [BlankPage(kind, common.image) for kind, common in enumerate(commons)]
    for n in inked:
        if n not in kinds:
            best = max((register_on_page(blank, scans[n]) for blank in blanks), key=lambda place: place.score)
            if best.score >= ACCEPTED and best.task_page is not None:
                kinds[n] = best.task_page
    return kinds


def _cut_run(run: Sequence[int], kinds: dict[int, int], empty: frozenset[int]) -> list[list[int]]:
    """Cut a run at pages of no kind, and name the kinds of the others; empty ones count as not there."""
    parts: list[list[int]] = [[]]
    for n in run:
        if n in kinds:
            parts[-1].append(kinds[n])
        elif n not in empty and parts[-1]:
            parts.append([])
    return [part for part in parts if part]


def page_order(runs: Sequence[Sequence[int]], kinds: int, named: Collection[int]) -> tuple[int, ...] | None:
    """Put the kinds of printed pages into the order in which a response has them.

    If the stack ends with the last kind of page, it holds whole responses, and the page that it begins with is the
    first. If not, a page is missing at one of its ends; then the only page with a name field is taken for the first.
    Without one there is no answer: pages of two students would be mixed if nobody knew where a response begins.

    Args:
        runs: kinds of pages that followed each other in the stack, 0 and up; the first run begins with the stack's
            first page that is of any kind, the last one ends with its last.
        kinds: how many there are.
        named: those with a name field.
    """
    if kinds == 1:
        return (0,)
    after = _successors(runs, kinds)
    if after is None or not runs or not runs[0] or not runs[-1]:
        return None
    first, last = runs[0][0], runs[-1][-1]
    whole = after[last] == first
    only = next(iter(named)) if len(named) == 1 else None
    if whole and only == last and only != first:  # fed back to front
        return tuple(reversed(_follow_round(after, first)))
    if whole:
        return _follow_round(after, first)
    return None if only is None else _follow_round(after, only)


def _successors(runs: Sequence[Sequence[int]], kinds: int) -> dict[int, int] | None:
    """Find which kind follows each; None if that is not clear, or if they do not go round through all of them."""
    seen = Counter(pair for run in runs for pair in pairwise(run))
    after = {}
    for kind in range(kinds):
        followers = {other: count for (one, other), count in seen.items() if one == kind}
        if not followers:
            return None
        other = max(sorted(followers), key=followers.__getitem__)
        if followers[other] < CLEAR * sum(followers.values()):
            return None
        after[kind] = other
    return after if len(set(_follow_round(after, 0))) == kinds else None


def _follow_round(after: dict[int, int], start: int) -> tuple[int, ...]:
    found = [start]
    while len(found) < len(after):
        found.append(after[found[-1]])
    return tuple(found)


def _fields(images: Sequence[Grey], labels: Sequence[str]) -> list[list[NameField]]:
    """Find the name fields of each page; if a quick reader finds none at all, a slow one has a look."""
    for words in (partial(read_clean_words, dpi=ANALYSIS_DPI), read_page_words):
        found = []
        for image in images:
            bare = remove_specks(image, ANALYSIS_DPI, NO_LABEL_MM2)
            found.append(find_fields(1, bare, ANALYSIS_DPI, words(image), "ocr", labels))
        if any(found):
            break
    return found


def _plan(common: Common, index: Sequence[int]) -> SheetPlan:
    places = tuple((index[one.index], tuple(float(x) for x in one.matrix.ravel())) for one in common.lying)
    return SheetPlan(common.shape, places)
