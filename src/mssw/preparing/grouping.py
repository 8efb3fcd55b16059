"""From pages to responses: blank pages and second scans are set aside, the rest is grouped, each page gets its fate.

In: what was seen on every page, in the order of the stack. Out: the same pages, each with its fate, and the responses
that they make, each with the reasons that keep it on hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, pairwise

from mssw.core.decision import Decisions
from mssw.core.page import Fate, MarkKind, part_of, scan_of
from mssw.core.response import Leaf, Response, group_by_count, group_by_task, list_faults, list_twice, part_at_files
from mssw.formats.images import read_image
from mssw.names.student import Roster
from mssw.preparing.blank_task import ANALYSIS_DPI, BlankTask, blank_pages
from mssw.preparing.class_places import ELSEWHERE, NOT_READ, NOTHING_THERE
from mssw.preparing.coded_pages import WRITTEN_BACK, CodedStack, mask_boxes
from mssw.preparing.decided_pages import apply_to_page, regroup
from mssw.preparing.essays import mark_boundaries, settle_addressees, split_stack
from mssw.preparing.find_names import LITTLE_MM2
from mssw.preparing.inputs import Inputs
from mssw.preparing.match_responses import (
    OTHER_FILE,
    TWO_NAMES,
    Costs,
    collect_costs,
    contradicts,
    find_file_writer,
    find_file_writers,
)
from mssw.vision.assignment import OPEN, find_clear_student, has_two_names
from mssw.vision.blank_page import BlankPage
from mssw.vision.ink import (
    NOTHING_MM2,
    Grey,
    Mask,
    resize_to_shape,
    to_grey,
)
from mssw.vision.name_field import select_own
from mssw.vision.name_trace import INK_OF_A_NAME_MM2
from mssw.vision.same_sheet import Sameness, compare_strokes, is_alike, measure_worst_letter
from mssw.vision.writing import Pen, describe_pen, find_new_ink
from mssw.workset.folder import WorkSet
from mssw.workset.sightings import Sighting, recipe_of

RECALLED = (
    "it was recalled, because a name was seen on it after it was handed out: cover the name, then approve all its pages"
)
EMPTY_FIELD = "the name field is empty, so the name may be somewhere else on the page"
EMPTY_SIDE = "nothing is printed or written on it"
FOR_A_PERSON = {MarkKind.PLACE, MarkKind.UNREAD}
SAME_WRITTEN = "the same is written on it as on {where}: is it one sheet, scanned twice, or two students' answers?"
MUCH_THE_SAME = (
    "nearly the same is written on it as on {where}: is it one sheet, scanned twice, or two students' answers?"
)
SAME_NAME, OTHER_NAME = 0.95, 0.75  # of the letter that fits worst; in between a person has to say
NOT_MATCHED = "it matches no page of the blank task"
SCANNED_ELSEWHERE = (
    "a page was scanned at two places of the stack, as {first} and as {again}, so nobody can tell where it belongs"
)
EARLIER = "the student handed in a later attempt, and that one is taken"
NO_NAME_PAGE = "page {pages} of the task, which asks for the name, is not among its files"
NOT_IN_TEXT = "no name was found in its text, so it is not sure where its writer is named"
NAME_ON_BACK = (
    "it matches no page of the blank task and little is written on it: perhaps the back of a sheet, with a name; "
    "approve its work if it belongs there"
)


@dataclass(frozen=True)
class Grouping:
    """The stack, grouped.

    Attributes:
        pages: every page of the stack in order, each with its fate.
        responses: in the order of the stack, without aliases.
        notes: what a person should know of the order of the stack, in sentences.
    """

    pages: tuple[Sighting, ...]
    responses: tuple[Response, ...]
    notes: tuple[str, ...] = ()

    @property
    def by_id(self) -> dict[str, Sighting]:
        """The pages by their ids."""
        return {page.page.id: page for page in self.pages}

    def with_fates_of(self, responses: Sequence[Response]) -> Grouping:
        """The same grouping with the pages of those responses as their responses are: kept, on hold or set aside."""
        of_page = {page_id: response for response in responses for page_id in response.pages}
        pages = (_with_fate_of(page, of_page[page.page.id]) if page.page.id in of_page else page for page in self.pages)
        return replace(self, pages=tuple(pages))

    def with_notes_before(self, *notes: str) -> Grouping:
        """The same grouping with more notes, which come first."""
        return replace(self, notes=(*notes, *self.notes))


def group_pages(inputs: Inputs, seen: Sequence[Sighting]) -> Grouping:
    """Group the pages of a stack into responses and settle what becomes of each page.

    Args:
        inputs: task, settings, decisions and coded sheets; their set holds the page images, to compare second scans.
        seen: every page, in the order of the stack.
    """
    task, decisions = inputs.task, inputs.decisions
    pages = _cover_likely_names(seen) if inputs.settings.cover == "likely" else list(seen)
    coded = CodedStack.of(inputs.sheets, pages)
    pages = [coded.as_placed(page) for page in pages] if coded else pages
    second_scans, lookalikes = _find_second_scans(inputs, pages)
    pages = [_ask_about_lookalike(page, lookalikes) for page in pages]
    pages = [_settle_alone(inputs, page, second_scans.get(page.page.id), coded) for page in pages]
    pages = settle_addressees(pages) if inputs.splits_essays else pages
    by_id = {page.page.id: apply_to_page(page, decisions) for page in pages}
    leaves = [_leaf_of(inputs, page, coded) for page in by_id.values() if page.page.fate is None]
    split = split_stack(inputs, leaves, by_id) if inputs.splits_essays else None
    responses, notes = (split.responses, split.notes) if split else _cut_stack(inputs, leaves, coded)
    identities = {page.page.id: page.page.identity for page in pages}
    responses = regroup(responses, leaves, identities, task.expected if task else (), decisions)
    if task is None:
        by_id |= _find_blank_sides(by_id, decisions)
        responses = [left for one in responses if (left := _without_blank_sides(one, by_id)).pages]
    responses = _doubt_places_of_doubles(responses, pages, second_scans, is_usual_order=split is not None or not notes)
    undecided = {page.page.id: page for page in pages}
    writers = find_file_writers(inputs.stack, inputs.roster)
    settled = []
    for response in responses:
        together = settle_places([undecided[page_id] for page_id in response.pages], task)
        by_id |= {page.page.id: apply_to_page(page, decisions) for page in together}
        response = _settle_response(inputs, response, by_id, writers, names_expected=coded is None)  # noqa: PLW2901
        settled.append(response)
        by_id |= {page_id: _with_fate_of(by_id[page_id], response) for page_id in response.pages}
    by_id = mark_boundaries(by_id, split.boundaries) if split else by_id
    grouped = {page_id for response in settled for page_id in response.pages}
    settled_pages = tuple(_settle_blank(by_id[page.page.id], grouped) for page in pages)
    return Grouping(settled_pages, tuple(settled), (*_note_on_parts(pages), *notes))


def _note_on_parts(pages: Sequence[Sighting]) -> tuple[str, ...]:
    """Say that scans were split, since the pages of the report are more than those of the files."""
    parts = [page.page.id for page in pages if part_of(page.page.id)]
    scans = len({scan_of(page_id) for page_id in parts})
    if not parts:
        return ()
    some = "1 scan has" if scans == 1 else f"{scans} scans have"
    return (f"{some} more than one page of the task; they were split, and count as {len(parts)} pages",)


def _cut_stack(
    inputs: Inputs, leaves: Sequence[Leaf], coded: CodedStack | None
) -> tuple[Sequence[Response], tuple[str, ...]]:
    """Cut the stack into responses: by codes, files, the task's pages, or counting; with notes on its order."""
    if inputs.stack.is_by_student and coded is None:
        task = inputs.task
        naming = sorted({field.task_page for field in task.fields if field.holds_name}) if task else ()
        return group_by_submission(leaves, task.expected if task else (), naming), ()
    if inputs.task is None:
        return group_by_count(leaves, inputs.settings.pages_per_student or 1), ()
    if coded is not None:
        responses, note = coded.group(leaves, inputs.task.expected), coded.note
    else:
        responses, note = group_by_task(leaves, inputs.task.expected)
        responses = part_at_files(responses, leaves, inputs.task.expected)
    return responses, (note,) if note else ()


def group_by_submission(leaves: Sequence[Leaf], expected: Sequence[int], naming: Sequence[int]) -> list[Response]:
    """Group pages by the submission that they are part of. Students may hand in more pages than others, or fewer.

    Args:
        leaves: the pages in the order of the stack.
        expected: the task's pages; none if there is no task.
        naming: those of the task's pages that ask for a name.
    """
    places = {number: place for place, number in enumerate(expected)}
    responses = []
    for _, document in groupby(leaves, key=lambda leaf: leaf.document):
        group = sorted(document, key=lambda leaf: places.get(leaf.task_page or 0, len(places)))
        numbers = {leaf.task_page for leaf in group}
        on_task = bool(numbers - {None})
        lost = [number for number in naming if on_task and not numbers & set(naming)]
        missing = (NO_NAME_PAGE.format(pages=" or ".join(map(str, lost))),) if lost else ()
        reasons = (*missing, *list_twice(group), *list_faults(group))
        responses.append(Response(tuple(leaf.id for leaf in group), reasons))
    return responses


# Single pages, before they are grouped


def _cover_likely_names(seen: Sequence[Sighting]) -> list[Sighting]:
    """Cover what is likely to name somebody; what could not even be read is still for a person to decide."""
    pages = []
    for page in seen:
        likely = tuple(mark for mark in page.flags if mark.kind not in FOR_A_PERSON)
        rest = tuple(mark for mark in page.flags if mark.kind in FOR_A_PERSON)
        way = recipe_of(page.way, likely) if likely else page.way  # whoever cleared it saw it with these covers
        pages.append(replace(page, covers=(*page.covers, *likely), flags=rest, way=way))
    return pages


def _settle_alone(inputs: Inputs, page: Sighting, earlier_scan: Sighting | None, coded: CodedStack | None) -> Sighting:
    """Settle the fate of a page that does not depend on its neighbors: blank, a second scan, or another set's."""
    if inputs.decisions.of(page.page.identity).joins:  # a person put it into a response
        return page
    if coded is not None and (why := coded.why_set_aside(page)):
        return _with_fate(page, Fate.SET_ASIDE, why)
    if page.page.source in inputs.stack.earlier:
        return _with_fate(page, Fate.SET_ASIDE, EARLIER)
    if earlier_scan is not None:
        return _with_fate(page, Fate.SET_ASIDE, f"the same sheet was scanned before, as {earlier_scan.where}")
    is_empty = page.page.task_page is None and not page.fault and page.ink < NOTHING_MM2
    if is_empty and (inputs.task is not None or inputs.settings.pages_per_student is None):
        return _with_fate(page, Fate.BLANK, EMPTY_SIDE)
    return page


def _find_blank_sides(pages: Mapping[str, Sighting], decisions: Decisions) -> dict[str, Sighting]:
    """Without a task, pages are counted to find where a response ends, and an empty side counts too; then it is blank.

    Returns:
        The empty pages with their fate, by id; without those that a person put into a response.
    """
    empty = (page for page in pages.values() if page.page.fate is None and not page.fault and page.ink < NOTHING_MM2)
    return {
        page.page.id: _with_fate(page, Fate.BLANK, EMPTY_SIDE)
        for page in empty
        if not decisions.of(page.page.identity).joins
    }


def _without_blank_sides(response: Response, pages: Mapping[str, Sighting]) -> Response:
    left = tuple(page_id for page_id in response.pages if pages[page_id].page.fate is not Fate.BLANK)
    return replace(response, pages=left)


def _with_fate(page: Sighting, fate: Fate, reason: str = "") -> Sighting:
    return replace(page, page=page.page.with_fate(fate, reason))


def _leaf_of(inputs: Inputs, page: Sighting, coded: CodedStack | None) -> Leaf:
    """The page as grouping needs it: its place in the task, and why it may not be released as it is."""
    task, fault = inputs.task, page.fault
    number = coded.task_page(page, task.expected) if coded and task else page.page.task_page
    cleared = _is_cleared(inputs, page)
    if not fault and task is not None and page.page.task_page is None and not cleared and not _is_known(inputs, page):
        fault = NAME_ON_BACK if page.ink < LITTLE_MM2 else NOT_MATCHED
        fault = WRITTEN_BACK if coded and coded.is_bare_back(page, task.expected) else fault
    if coded and not inputs.decisions.of(page.page.identity).joins and not cleared:
        fault = "; ".join(filter(None, (fault, coded.doubts.get(page.page.id))))
    document = inputs.stack.documents.get(page.page.source, "")
    scan = scan_of(page.page.id) if part_of(page.page.id) else ""
    return Leaf(page.page.id, number, page.where, fault, document, _find_writer(inputs.roster, page), scan)


def _find_writer(roster: Roster | None, page: Sighting) -> int | None:
    """The student whose name is clearly in a page's name fields: a place in the roster; None if no name tells."""
    rows = collect_costs([page.name_costs], roster) if roster else ()
    return next(map(find_clear_student, rows), None)


def _is_cleared(inputs: Inputs, page: Sighting) -> bool:
    """Whether a person looked at the page and approved it; nobody can have looked at one that could not be read."""
    return not page.fault and inputs.has_approved(page)


def _settle_blank(page: Sighting, grouped: set[str]) -> Sighting:
    """Give the page its fate if a person took it out of its response as blank."""
    if page.page.fate is not None or page.page.id in grouped:
        return page
    return _with_fate(page, Fate.BLANK, "a person marked it as blank")


# Second scans of the same sheet


def _find_second_scans(inputs: Inputs, pages: Sequence[Sighting]) -> tuple[dict[str, Sighting], dict[str, str]]:
    """Find the pages whose sheet was scanned before, and those that only look as if it was.

    Two students may fill in the very same answers. So two pages are one sheet only if all that is written on them is
    the very same strokes, the name too. A back has no name: it is the same sheet if its front, the page before, is.
    Submissions of two students are never one sheet: if the very same picture is in both, a person has to say.

    Returns:
        By id, the earlier scan of the same sheet; and by id, the question where a person has to say.
    """
    found: dict[str, Sighting] = {}
    lookalikes: dict[str, str] = {}
    task, stack = inputs.task, inputs.stack
    if task is None:
        return found, lookalikes
    ink_of = partial(_ink, inputs.workset, task)
    earlier: dict[int, list[Sighting]] = {}
    before = dict(pairwise([page.page.id for page in pages][::-1]))
    are_of_two = partial(_are_of_two_students, _pages_beside(pages), inputs.roster)
    for page in pages:
        number = page.page.task_page
        is_empty = page.written < NOTHING_MM2 and not page.code
        if number is None or is_empty or page.page.source in stack.earlier:
            continue
        for other in earlier.setdefault(number, []):
            if stack.submissions.get(other.page.source) != stack.submissions.get(page.page.source):
                twins = page.page.sha256 == other.page.sha256
                lookalikes |= _ask_about(page, other, SAME_WRITTEN) if twins else {}
                continue
            looks = _look_same(page, other, ink_of)
            if looks is Sameness.OTHER or (looks is Sameness.UNSURE and are_of_two(page, other)):
                continue
            front, other_front = before.get(page.page.id), before.get(other.page.id)
            fronts_are_one = front in found and found[front].page.id == other_front
            same = _is_same_name(page, other, task, inputs.roster, ink_of)
            same = fronts_are_one or None if same is None else same
            if same and looks is Sameness.SAME:
                found[page.page.id] = other
                break
            if same is not False:
                lookalikes |= _ask_about(page, other, SAME_WRITTEN if looks is Sameness.SAME else MUCH_THE_SAME)
        if page.page.id not in found:
            earlier[number].append(page)
    return found, lookalikes


def _pages_beside(pages: Sequence[Sighting]) -> dict[str, list[Sighting]]:
    """By id, each page with those right before and behind it in the stack that go on as the task does: one sheet."""
    found = {page.page.id: [page] for page in pages}
    for page, following in pairwise(pages):
        number, next_number = page.page.task_page, following.page.task_page
        if number is not None and next_number == number + 1:
            found[page.page.id].append(following)
            found[following.page.id].append(page)
    return found


def _are_of_two_students(
    sheets: Mapping[str, Sequence[Sighting]], roster: Roster | None, page: Sighting, other: Sighting
) -> bool:
    """Whether two pages, or the pages of their sheets, each clearly name a student of the class, and not the same."""
    writer, other_writer = (
        next((named for near in sheets[one.page.id] if (named := _find_writer(roster, near)) is not None), None)
        for one in (page, other)
    )
    return writer is not None and other_writer is not None and writer != other_writer


def _ask_about(page: Sighting, other: Sighting, question: str) -> dict[str, str]:
    """The question about two pages that look the same, by their ids."""
    return {one.page.id: question.format(where=two.where) for one, two in ((page, other), (other, page))}


def _look_same(page: Sighting, other: Sighting, ink_of: Callable[[Sighting], Mask]) -> Sameness:
    """Whether the same is written on two pages that were printed from the same page of the task."""
    if page.page.sha256 == other.page.sha256:
        return Sameness.SAME
    if page.code and page.code == other.code:
        little = max(page.written, other.written) < NOTHING_MM2
        return Sameness.SAME if little else compare_strokes(ink_of(page), ink_of(other), ANALYSIS_DPI)
    is_other_copy = page.code and other.code  # however alike
    if is_other_copy or min(page.written, other.written) < NOTHING_MM2 or not is_alike(page.signature, other.signature):
        return Sameness.OTHER
    return compare_strokes(ink_of(page), ink_of(other), ANALYSIS_DPI)


def _is_same_name(
    page: Sighting, other: Sighting, task: BlankTask, roster: Roster | None, ink_of: Callable[[Sighting], Mask]
) -> bool | None:
    """Whether the names on two pages are the very same strokes; None if too little is written there, or in doubt."""
    if page.page.sha256 == other.page.sha256 or (page.code and page.code == other.code):
        return True
    writers = {_find_writer(roster, page), _find_writer(roster, other)} - {None}
    if len(writers) > 1:
        return False
    boxes = [field.box for field in select_own(task.fields) if field.task_page == page.page.task_page]
    ink, other_ink = ink_of(page), ink_of(other)
    name, other_name = ink & mask_boxes(boxes, ink.shape), other_ink & mask_boxes(boxes, other_ink.shape)
    if min(int(name.sum()), int(other_name.sum())) < INK_OF_A_NAME_MM2 * (ANALYSIS_DPI / 25.4) ** 2:
        return None
    fits = measure_worst_letter(name, other_name, ANALYSIS_DPI)
    return None if OTHER_NAME <= fits < SAME_NAME else fits >= SAME_NAME


def _doubt_places_of_doubles(
    responses: Sequence[Response],
    pages: Sequence[Sighting],
    second_scans: Mapping[str, Sighting],
    *,
    is_usual_order: bool,
) -> list[Response]:
    """Put responses on hold whose page was scanned again beside another response: either scan may be out of place.

    The first scan is the one that is used. Where a whole response is scanned again, its pages are side by side again.
    In a stack that had to be put in order, such a page makes the whole order unsure.
    """
    home = {page_id: at for at, one in enumerate(responses) for page_id in one.pages}
    row = [page.page.id for page in pages if page.page.id in home or page.page.id in second_scans]
    homes = [home.get(second_scans[page_id].page.id if page_id in second_scans else page_id) for page_id in row]
    doubts: dict[int, str] = {}
    for place, page_id in enumerate(row):
        own = homes[place]
        if page_id not in second_scans or own is None or len(responses[own].pages) == 1:
            continue
        around = (homes[at] for at in (place - 1, place + 1) if 0 <= at < len(row))
        beside = {at for at in around if at is not None}
        if own not in beside:
            again = next(page.where for page in pages if page.page.id == page_id)
            why = SCANNED_ELSEWHERE.format(first=second_scans[page_id].where, again=again)
            doubts |= dict.fromkeys((own, *beside) if is_usual_order else range(len(responses)), why)
    return [one.but_held(doubts[at]) if at in doubts else one for at, one in enumerate(responses)]


def _ask_about_lookalike(page: Sighting, lookalikes: Mapping[str, str]) -> Sighting:
    """Put a page on hold that looks like a second scan of another, with the question."""
    why = lookalikes.get(page.page.id)
    return replace(page, doubts=(*page.doubts, why)) if why else page


def _ink(workset: WorkSet, task: BlankTask, page: Sighting) -> Mask:
    """The new ink of a page, from its kept image."""
    return find_new_ink(*_read_beside_blank(workset, task, page), ANALYSIS_DPI)


def read_pen(inputs: Inputs, page: Sighting) -> Pen | None:
    """Describe the pen that a page was written with, from its kept image; None for a page that matched no task."""
    if inputs.task is None or page.page.task_page is None:
        return None
    flat, blank = _read_beside_blank(inputs.workset, inputs.task, page)
    return describe_pen(flat, find_new_ink(flat, blank, ANALYSIS_DPI), blank, ANALYSIS_DPI)


def _read_beside_blank(workset: WorkSet, task: BlankTask, page: Sighting) -> tuple[Grey, BlankPage]:
    """A matched page's kept image at the size of the analysis, and the blank page that it lies on."""
    blank = blank_pages(task.sheets, task.recipe)[(page.page.task_page or 1) - 1]
    return resize_to_shape(to_grey(read_image(workset.pages / page.image)), blank.shape), blank


# The pages of one response


def settle_places(pages: Sequence[Sighting], task: BlankTask | None) -> list[Sighting]:
    """Keep proposed places for a name only where they still matter: on a response whose name was not found.

    A name in its field, or beside a printed label, is nowhere else as a rule. So if it was found on one page, writing
    at the head of another is no flag. A guess that covers the top of a page, print and all, then becomes a flag.

    Args:
        pages: of one response.
        task: the blank task; None where there is none.
    """
    if task is None:
        has_label = any(mark.kind is MarkKind.FIELD for page in pages for mark in page.covers)
        return [_flag_guesses(page) if has_label else page for page in pages]
    return [_without_places(page) for page in pages] if _has_name_in_field(pages, task) else list(pages)


def _has_name_in_field(pages: Sequence[Sighting], task: BlankTask) -> bool:
    asked = {field.task_page for field in select_own(task.fields)}
    return any(page.is_named or (page.page.task_page in asked and not page.empty_field) for page in pages)


def _flag_guesses(page: Sighting) -> Sighting:
    """Flag the page's guessed places and cover them no more. Who approved the page before has to look again."""
    guesses = tuple(mark for mark in page.covers if mark.is_guess)
    if not guesses:
        return page
    rest = tuple(mark for mark in page.covers if not mark.is_guess)
    return replace(page, covers=rest, flags=(*page.flags, *guesses), way=recipe_of(page.way, "flagged"))


def _without_places(page: Sighting) -> Sighting:
    return replace(page, flags=tuple(mark for mark in page.flags if mark.kind is not MarkKind.PLACE))


def _settle_response(
    inputs: Inputs,
    response: Response,
    pages: Mapping[str, Sighting],
    writers: Mapping[str, int],
    *,
    names_expected: bool,
) -> Response:
    """Set the response aside if a person said so; else put it on hold for every reason that its pages give.

    Args:
        inputs: task and decisions. What a person approved is no reason any more.
        response: of those pages.
        pages: by id.
        writers: by file of the stack, whom its name means.
        names_expected: whether students write their names, as they do where no code tells who wrote a response.
    """
    together = [pages[page_id] for page_id in response.pages]
    set_aside = [inputs.decisions.of(page.page.identity).aside for page in together]
    if aside := next(filter(None, set_aside), ""):
        return replace(response, held=(), aside=aside)
    open_pages = [page for page in together if not _is_cleared(inputs, page)]
    if not open_pages:
        return _hold_without_picture(replace(response, held=()), together)
    recalled = any(inputs.decisions.of(page.page.identity).recalled for page in together)
    reasons = [RECALLED] if recalled else []
    for page in open_pages:
        reasons += _why_page_waits(inputs, page)
    if names_expected and inputs.roster is not None:
        names = collect_costs([page.name_costs for page in together], inputs.roster)
        reasons += [TWO_NAMES] if has_two_names(names) else []
        writer = find_file_writer(together, writers)
        if contradicts(names, writer):
            reasons.append(OTHER_FILE)
        elif _is_unnamed(inputs, open_pages, names, writer):
            reasons.append(NOT_IN_TEXT)
    if names_expected and inputs.places:
        reasons += [] if _is_named_by_class(together) else [NOT_READ]
    elif names_expected and inputs.task is not None and not select_own(inputs.task.fields):
        reasons.append("no name field was found on the blank task")
    return _hold_without_picture(response.but_held(*reasons), together)


def _why_page_waits(inputs: Inputs, page: Sighting) -> list[str]:
    """Every reason that a page itself gives to put its response on hold."""
    if inputs.task is None and page.head is None and not _is_known(inputs, page) and not page.is_placed:
        reasons = ["; ".join((f"{page.where}: there is no blank task to find the name by", *page.doubts))]
    else:
        reasons = [f"{page.where}: {doubt}" for doubt in page.doubts]
    if page.empty_field and ELSEWHERE not in page.doubts:
        reasons.append(f"{page.where}: {NOTHING_THERE if page.is_placed else EMPTY_FIELD}")
    return reasons


def _is_named_by_class(pages: Sequence[Sighting]) -> bool:
    """Whether a name was read where the class writes its names, or another reason says why there is none."""
    return any(page.is_named or page.empty_field or ELSEWHERE in page.doubts for page in pages)


def _is_known(inputs: Inputs, page: Sighting) -> bool:
    """Whether a page needs no blank task: its text is all there is, searched for the class, and one student's."""
    return page.is_typed and inputs.roster is not None and page.page.source in inputs.stack.submissions


def _is_unnamed(inputs: Inputs, pages: Sequence[Sighting], names: Costs, writer: int | None) -> bool:
    """Whether no name was found where a typed response should name its writer: then it may be anywhere.

    Args:
        inputs: task and stack.
        pages: of the response.
        names: what its pages say of each student.
        writer: whom the names of its files mean.
    """
    if not any(_is_known(inputs, page) for page in pages) or (inputs.task and _has_name_in_field(pages, inputs.task)):
        return False
    return not any(find_clear_student(row) is not None if writer is None else row[writer] < OPEN for row in names)


def _hold_without_picture(response: Response, pages: Sequence[Sighting]) -> Response:
    """Put a response on hold that nothing else holds, if there is no image of one of its pages to cover."""
    lost = [page.where for page in pages if not page.image and not response.held]
    why = "there is no picture of it to show; scan that sheet again, or set the response aside"
    return response.but_held(*(f"{where}: {why}" for where in lost))


def _with_fate_of(page: Sighting, response: Response) -> Sighting:
    """The page with the fate of its response."""
    if response.aside:
        return _with_fate(page, Fate.SET_ASIDE, response.aside)
    if not response.held:
        return _with_fate(page, Fate.KEPT)
    own = [reason for reason in response.held if reason.startswith(f"{page.where}:")]
    reason = own[0].removeprefix(f"{page.where}: ") if own else f"its response is on hold: {response.held[0]}"
    return _with_fate(page, Fate.HELD, reason)
