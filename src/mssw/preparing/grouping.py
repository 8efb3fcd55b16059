"""From pages to works: blank pages and doubles are told, the rest is grouped, and every page gets its one fate.

Which proposed places still matter once a work's pages are known: those of a work whose name was not found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from mssw.core.decision import Decisions, PageDecision
from mssw.core.page import Fate, Mark, MarkKind
from mssw.core.response import Leaf, Response, group_by_count, group_by_task
from mssw.core.sheet_code import Sheets
from mssw.formats.images import read_image
from mssw.preparing.blank_task import ANALYSIS_DPI, BlankTask, blank_pages
from mssw.preparing.coded_pages import WRITTEN_BACK, CodedStack
from mssw.preparing.decided import as_decided, regrouped
from mssw.preparing.find_names import LITTLE_MM2
from mssw.vision.blank_page import BlankPage
from mssw.vision.ink import NOTHING_MM2, Grey, Mask, look_alike, same_strokes, sized, to_grey
from mssw.vision.writing import Pen, new_ink, pen_of
from mssw.workset.folder import WorkSet
from mssw.workset.state import Sighting, recipe_of


def places_settled(pages: Sequence[Sighting], task: BlankTask | None) -> list[Sighting]:
    """The pages of one work, with places where a name may stand told only where that is still the question.

    A name that stands in its field, or beside a printed label, stands nowhere else as a rule. So where it was found on
    one page, writing at the head of another is no flag; and the top of a page, which covers what is printed there, is
    flagged and not covered.

    Args:
        pages: of one work.
        task: the blank task; None where there is none.
    """
    if task is None:
        return [_flagged_only(page) if _guessed(page) else page for page in pages] if _labelled(pages) else list(pages)
    return [_without_places(page) for page in pages] if _named(pages, task) else list(pages)


def _labelled(pages: Sequence[Sighting]) -> bool:
    return any(mark.kind is MarkKind.FIELD for page in pages for mark in page.covers)


def _named(pages: Sequence[Sighting], task: BlankTask) -> bool:
    """Whether a page of the work holds a name in its field."""
    asked = {field.task_page for field in task.fields if field.holds_name}
    return any(page.page.task_page in asked and not page.empty_field for page in pages)


def _is_guess(mark: Mark) -> bool:
    return mark.kind is MarkKind.PLACE and mark.found_by == "guess"


def _guessed(page: Sighting) -> bool:
    return any(_is_guess(mark) for mark in page.covers)


def _flagged_only(page: Sighting) -> Sighting:
    """The page with its guessed places flagged. It is another one to look at now."""
    guesses = tuple(mark for mark in page.covers if _is_guess(mark))
    rest = tuple(mark for mark in page.covers if not _is_guess(mark))
    return replace(page, covers=rest, flags=(*page.flags, *guesses), way=recipe_of(page.way, "flagged"))


def _without_places(page: Sighting) -> Sighting:
    return replace(page, flags=tuple(mark for mark in page.flags if mark.kind is not MarkKind.PLACE))


FOR_A_PERSON = {MarkKind.PLACE, MarkKind.UNREAD}
NOT_MATCHED = "it matches no page of the blank task"
NAME_ON_BACK = (
    "it matches no page of the blank task and little is written on it: perhaps the back of a sheet, with a name; "
    "approve its work if it belongs there"
)


@dataclass(frozen=True)
class Grouping:
    """The stack, grouped.

    Attributes:
        pages: every page of the stack in order, each with its fate.
        works: the works in stack order, without aliases.
        note: a sentence where the stack was not in its usual order; else empty.
    """

    pages: tuple[Sighting, ...]
    works: tuple[Response, ...]
    note: str


def group(
    workset: WorkSet,
    seen: Sequence[Sighting],
    task: BlankTask | None,
    pages_each: int | None,
    decisions: Decisions,
    *,
    cover_likely: bool = False,
    sheets: Sheets | None = None,
) -> Grouping:
    """Group the pages of a stack into works and say what becomes of each page.

    Args:
        workset: holds the page images, for comparing doubles.
        seen: every page in the order of the stack.
        task: the blank task; None where there is none.
        pages_each: pages a student, where no task tells.
        decisions: what a person said of single pages.
        cover_likely: whether what is only likely to name somebody is covered too.
        sheets: the set's coded sheets; None where there are none.
    """
    pages = list(_with_likely(seen) if cover_likely else seen)
    coded = CodedStack.of(sheets, pages)
    pages = [coded.as_placed(page) for page in pages] if coded else pages
    doubles = _doubles(workset, pages, task)
    settled = [_alone(page, doubles, task, pages_each, decisions.of(page.page.identity), coded) for page in pages]
    plain = {page.page.id: page for page in settled}
    by_id = {page.page.id: as_decided(page, decisions) for page in settled}
    leaves = [_leaf(page, task, decisions, coded) for page in by_id.values() if page.page.fate is None]
    if coded is not None and task is not None:
        works, note = coded.works(leaves, task.wanted), coded.note
    elif task is not None:
        works, note = group_by_task(leaves, task.wanted)
    else:
        works, note = group_by_count(leaves, pages_each or 1), ""
    identities = {page.page.id: page.page.identity for page in settled}
    works = regrouped(works, leaves, identities, task.wanted if task else (), decisions)
    kept = []
    for work in works:
        together = places_settled([plain[page_id] for page_id in work.pages], task)
        by_id |= {page.page.id: as_decided(page, decisions) for page in together}
        aside = _set_aside(work, by_id, decisions)
        judged = _judged(work, by_id, task, decisions, named=coded is None)
        judged = replace(work, held=(), aside=aside) if aside else judged
        kept.append(judged)
        for page_id in work.pages:
            by_id[page_id] = _fated(by_id[page_id], judged)
    in_works = {page_id for work in kept for page_id in work.pages}
    return Grouping(tuple(_blanked(by_id[page.page.id], in_works) for page in pages), tuple(kept), note)


def _blanked(page: Sighting, in_works: set[str]) -> Sighting:
    """The page with its fate where a person took it out of its work as blank."""
    if page.page.fate is not None or page.page.id in in_works:
        return page
    return _with_fate(page, Fate.BLANK, "a person marked it as blank")


def _with_likely(seen: Sequence[Sighting]) -> list[Sighting]:
    """The pages with what is likely to name somebody covered; what was not even read is still for a person to say."""
    pages = []
    for page in seen:
        likely = tuple(mark for mark in page.flags if mark.kind not in FOR_A_PERSON)
        rest = tuple(mark for mark in page.flags if mark.kind in FOR_A_PERSON)
        way = recipe_of(page.way, likely) if likely else page.way  # whoever cleared it saw it with these covers
        pages.append(replace(page, covers=(*page.covers, *likely), flags=rest, way=way))
    return pages


def _alone(
    page: Sighting,
    doubles: dict[str, Sighting],
    task: BlankTask | None,
    pages_each: int | None,
    said: PageDecision,
    coded: CodedStack | None,
) -> Sighting:
    """The fate of a page that needs no neighbours to tell: blank, a second scan of another, or another set's."""
    if said.joins:  # a person put it into a work
        return page
    if coded is not None and (why := coded.why_no_work(page)):
        return _with_fate(page, Fate.SET_ASIDE, why)
    other = doubles.get(page.page.id)
    if other is not None:
        return _with_fate(page, Fate.SET_ASIDE, f"the same sheet was scanned before, as {other.where}")
    matched = page.page.task_page is not None
    if not matched and not page.fault and page.ink < NOTHING_MM2 and (task is not None or pages_each is None):
        return _with_fate(page, Fate.BLANK, "nothing is printed or written on it")
    return page


def _with_fate(page: Sighting, fate: Fate, reason: str = "") -> Sighting:
    return replace(page, page=page.page.with_fate(fate, reason))


def _doubles(workset: WorkSet, pages: Sequence[Sighting], task: BlankTask | None) -> dict[str, Sighting]:
    """Pages whose sheet was scanned before, each with the earlier scan."""
    found: dict[str, Sighting] = {}
    if task is None:
        return found
    ink_of = partial(_ink, workset, task)
    earlier: dict[int, list[Sighting]] = {}
    for page in pages:
        number = page.page.task_page
        if number is None or (page.written < NOTHING_MM2 and not page.code):
            continue
        for other in earlier.setdefault(number, []):
            if _same_sheet(page, other, ink_of):
                found[page.page.id] = other
                break
        else:
            earlier[number].append(page)
    return found


def _same_sheet(page: Sighting, other: Sighting, ink_of: Callable[[Sighting], Mask]) -> bool:
    """Whether two pages that were printed from the same page of the task are scans of one sheet."""
    if page.page.sha256 == other.page.sha256:
        return True
    if page.code and page.code == other.code:
        little = max(page.written, other.written) < NOTHING_MM2
        return little or same_strokes(ink_of(page), ink_of(other), ANALYSIS_DPI)
    if (page.code and other.code) or min(page.written, other.written) < NOTHING_MM2:
        return False  # two copies, however alike
    return look_alike(page.signature, other.signature) and same_strokes(ink_of(page), ink_of(other), ANALYSIS_DPI)


def written_with(workset: WorkSet, task: BlankTask, page: Sighting) -> Pen | None:
    """With what a page was written; see ``pen_of``."""
    if page.page.task_page is None:
        return None
    flat, blank = _beside_its_blank(workset, task, page)
    return pen_of(flat, new_ink(flat, blank, ANALYSIS_DPI), blank, ANALYSIS_DPI)


def _ink(workset: WorkSet, task: BlankTask, page: Sighting) -> Mask:
    """The new ink of a page, from its kept image."""
    return new_ink(*_beside_its_blank(workset, task, page), ANALYSIS_DPI)


def _beside_its_blank(workset: WorkSet, task: BlankTask, page: Sighting) -> tuple[Grey, BlankPage]:
    """A matched page's kept image at the size of the analysis, and the blank page that it lies on."""
    blank = blank_pages(task.sheets, task.recipe)[(page.page.task_page or 1) - 1]
    return sized(to_grey(read_image(workset.pages / page.image)), blank.shape), blank


def _leaf(page: Sighting, task: BlankTask | None, decisions: Decisions, coded: CodedStack | None) -> Leaf:
    fault = page.fault
    number = coded.task_page(page, task.wanted) if coded and task else page.page.task_page
    if not fault and task is not None and page.page.task_page is None and not _cleared(page, decisions):
        fault = NAME_ON_BACK if page.ink < LITTLE_MM2 else NOT_MATCHED
        fault = WRITTEN_BACK if coded and coded.is_bare_back(page, task.wanted) else fault
    if coded and not decisions.of(page.page.identity).joins and not _cleared(page, decisions):
        fault = "; ".join(filter(None, (fault, coded.doubts.get(page.page.id))))
    return Leaf(page.page.id, number, page.where, fault)


def _cleared(page: Sighting, decisions: Decisions) -> bool:
    """Whether a person looked at the page and let it go; nobody can have looked at one that could not be read."""
    return not page.fault and decisions.cleared(page.page.identity, page.way)


def _judged(
    work: Response, pages: dict[str, Sighting], task: BlankTask | None, decisions: Decisions, *, named: bool
) -> Response:
    """The work with every reason to hold it that its pages give; what a person cleared is no reason any more.

    ``named`` says whether students write a name on their work, as they do where no code tells whose it is.
    """
    open_pages = [page for page in (pages[page_id] for page_id in work.pages) if not _cleared(page, decisions)]
    if not open_pages:
        return replace(work, held=())
    reasons: list[str] = []
    for page in open_pages:
        if task is None:
            reasons.append("; ".join((f"{page.where}: there is no blank task to find the name by", *page.doubts)))
        else:
            reasons += [f"{page.where}: {doubt}" for doubt in page.doubts]
        if page.empty_field:
            reasons.append(f"{page.where}: its name field is empty, so the name may stand elsewhere")
    if named and task is not None and not task.fields:
        reasons.append("no name field was found on the blank task")
    return work.but_held(*reasons)


def _set_aside(work: Response, pages: dict[str, Sighting], decisions: Decisions) -> str:
    """Why a person set the work aside; empty where nobody did."""
    said = [decisions.of(pages[page_id].page.identity).aside for page_id in work.pages]
    return next((reason for reason in said if reason), "")


def _fated(page: Sighting, work: Response) -> Sighting:
    """The page with the fate of its work."""
    if work.aside:
        return _with_fate(page, Fate.SET_ASIDE, work.aside)
    if not work.held:
        return _with_fate(page, Fate.KEPT)
    own = [reason for reason in work.held if reason.startswith(f"{page.where}:")]
    reason = own[0].removeprefix(f"{page.where}: ") if own else f"its work is held: {work.held[0]}"
    return _with_fate(page, Fate.HELD, reason)
