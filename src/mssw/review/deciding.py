"""The local page's side of review: an act comes in as JSON, is checked against what the person saw, and is kept.

An act is on the disk before the page hears of it. The page can also show where the name stands, for the whole task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from mssw.core.decision import Aside, Decisions, Everywhere, PageDecision
from mssw.core.page import Box
from mssw.errors import UsageError, WouldOverwriteError
from mssw.preparing.blank_task import read_blank
from mssw.preparing.inputs import find_task
from mssw.review import acts
from mssw.review.reviewed_set import ReviewedSet, describe_page, keep_reviewed, read_reviewed_set
from mssw.workset.coded_sheets import read_sheets
from mssw.workset.decisions import keep_review_place, read_decisions
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.settings import change_settings_text, read_settings

CHANGED_ELSEWHERE = (
    "this page was changed in another window or by another command; it is shown as it is now, nothing was lost."
)
LONGEST_NOTE = 2000
EDGE = 1.00001  # of the page, which a screen's pixels round over
Asked = Mapping[str, Any]


def decide_page(workset: WorkSet, asked: Asked) -> dict[str, Any]:
    """Take one decision and keep it.

    Args:
        workset: the set.
        asked: ``do`` names the act, ``page`` the page's id, ``revision`` what of it was seen; more as the act needs.

    Returns:
        ``changed``: the rows of all pages that it changed; ``before``: what to give to ``restore`` to undo it.

    Raises:
        UsageError: it makes no sense.
        WouldOverwriteError: the page changed since it was shown, or another command is at work in the set.
    """
    with workset.locked():
        before = read_reviewed_set(workset, read_decisions(workset))
        after = _restore(before, asked) if asked.get("do") == "restore" else _act(before, asked)
        keep_reviewed(workset, after)
    return _describe_changes(before, after)


def keep_place(workset: WorkSet, page_id: str) -> None:
    """Remember at which page the person is, so that she comes back to it.

    Locking the set deletes half-written files. If another command has the lock, nothing is kept and nothing said:
    losing the place does no harm.
    """
    with suppress(WouldOverwriteError), workset.locked():
        if page_id in read_reviewed_set(workset, Decisions()).pages:
            keep_review_place(workset, page_id)


def _describe_changes(before: ReviewedSet, after: ReviewedSet) -> dict[str, Any]:
    """What changed, and how to undo it."""
    rules = after.decisions.everywhere != before.decisions.everywhere
    decided = [page for page in after.pages if before.decision(page) != after.decision(page)]
    undo: dict[str, Any] = {"pages": [{"page": page, "said": before.decision(page).to_json()} for page in decided]}
    if rules:
        undo["everywhere"] = before.decisions.to_json()["everywhere"]
    return {"changed": [describe_page(after, page) for page in (after.pages if rules else decided)], "before": undo}


def _restore(reviewed: ReviewedSet, asked: Asked) -> ReviewedSet:
    """Undo: the decisions that an earlier answer gave as ``before``, each page with the revision that was seen."""
    decisions = reviewed.decisions
    try:
        for entry in asked["pages"]:
            page_id = str(entry["page"])
            _check_revision(reviewed, page_id, entry["revision"])
            decisions = decisions.with_page(reviewed.pages[page_id].identity, PageDecision.from_json(entry["said"]))
        if "everywhere" in asked:
            rules = [Everywhere(int(rule["task_page"]), box_of(rule["box"])) for rule in asked["everywhere"]]
            decisions = decisions.with_everywhere(rules)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError("that cannot be undone; load the page again.") from None
    return reviewed.with_decisions(decisions)


def _check_revision(reviewed: ReviewedSet, page_id: str, revision: object) -> None:
    if page_id not in reviewed.pages or revision != reviewed.revision(page_id):
        raise WouldOverwriteError(CHANGED_ELSEWHERE)


def _act(reviewed: ReviewedSet, asked: Asked) -> ReviewedSet:
    page_id = str(asked.get("page"))
    _check_revision(reviewed, page_id, asked.get("revision"))
    act = _ACTS.get(str(asked.get("do")))
    if act is None:
        raise UsageError("the page asked for something that makes no sense; load it again.")
    return act(reviewed, page_id, asked)


def box_of(value: object) -> Box:
    """A place on the page.

    Raises:
        UsageError: it is none.
    """
    try:
        x, y, w, h = (round(float(number), 5) for number in value)  # type: ignore[attr-defined] # checked by trying
    except (TypeError, ValueError):
        raise UsageError("a place on a page is four numbers.") from None
    if not (0 <= x < x + w <= EDGE and 0 <= y < y + h <= EDGE):
        raise UsageError("a place on a page lies between 0 and 1.")
    return Box(x, y, min(w, 1 - x), min(h, 1 - y))


def _same_box(value: object) -> Box | None:
    """A place that the page got from us, to the last digit; None where it is no place."""
    try:
        return Box(*value) if isinstance(value, list) else None
    except TypeError:
        return None


def _cover_of_page(reviewed: ReviewedSet, page_id: str, value: object) -> Box:
    """A cover that stands on the page."""
    box = _same_box(value)
    if box is None or box not in {*(mark.place for mark in reviewed.pages[page_id].covers), *reviewed.drawn(page_id)}:
        raise UsageError("there is no such cover on the page; load it again.")
    return box


def _approve(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    """Let the page go, and with it the others of its response that were on screen beside it."""
    act = acts.take_approval_back if asked.get("undone") else acts.approve
    after = act(reviewed, page_id)
    for other, _ in _others(reviewed, asked):
        after = act(after, other)
    return after


def _others(reviewed: ReviewedSet, asked: Asked) -> list[tuple[str, Box | None]]:
    """The further pages of an act, each as it was seen, with its place where the act is about places."""
    rows = asked.get("also", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError("the page asked for something that makes no sense; load it again.")
    for row in rows:
        _check_revision(reviewed, str(row.get("page")), row.get("revision"))
    return [(str(row["page"]), _same_box(row.get("box"))) for row in rows]


def _not_a_name(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    """Keep a flagged place readable, and the same word wherever else it is flagged."""
    after = reviewed
    for other, box in [(page_id, _same_box(asked.get("box"))), *_others(reviewed, asked)]:
        if box is None:
            raise UsageError("a place on a page is four numbers.")
        after = acts.dismiss_flags(after, other, [box])
    return after


def _cover(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    return acts.cover(reviewed, page_id, [box_of(asked.get("box"))])


def _cover_flagged(reviewed: ReviewedSet, page_id: str, _: Asked) -> ReviewedSet:
    return acts.cover_flagged(reviewed, page_id)


def _uncover(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    return acts.uncover(reviewed, page_id, _cover_of_page(reviewed, page_id, asked.get("box")))


def _resize_cover(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    box = _cover_of_page(reviewed, page_id, asked.get("box"))
    return acts.resize_cover(reviewed, page_id, box, box_of(asked.get("to")))


def _put_cover_back(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    return acts.put_cover_back(reviewed, page_id, _same_box(asked.get("box")))


def _cover_everywhere(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    box = asked.get("box")
    return acts.cover_everywhere(reviewed, page_id, box_of(box), instead_of=_same_box(box))


def _uncover_everywhere(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    return acts.uncover_everywhere(reviewed, page_id, _same_box(asked.get("box")))


def _set_aside(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    try:
        kind = str(Aside(str(asked["kind"]))) if asked.get("kind") else ""
    except ValueError:
        raise UsageError("that is not a reason to set a response aside; please reload the page.") from None
    note = " ".join(str(asked.get("note", "")).split())[:LONGEST_NOTE] if kind else ""
    return acts.set_aside(reviewed, page_id, kind, note)


def _turn(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    degrees = asked.get("degrees")
    return acts.turn(reviewed, page_id, degrees if isinstance(degrees, int) else 0)


def _mark_blank(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    return acts.mark_blank(reviewed, page_id, blank=bool(asked.get("blank")))


def _move(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    """Put the page into the response of an alias, a new one, or where the stack has it."""
    to = str(asked.get("to", ""))
    if to == "":
        return acts.leave_in_place(reviewed, page_id)
    if to == "new":
        return acts.move_to_new_response(reviewed, page_id)
    return acts.move_to_response(reviewed, page_id, to)


def _cut(reviewed: ReviewedSet, page_id: str, asked: Asked) -> ReviewedSet:
    return acts.cut_before(reviewed, page_id, str(asked.get("cut", "")))


_ACTS: dict[str, Callable[[ReviewedSet, str, Asked], ReviewedSet]] = {
    "approve": _approve,
    "cover": _cover,
    "cover flagged": _cover_flagged,
    "not a name": _not_a_name,
    "drop": _uncover,
    "resize": _resize_cover,
    "put back": _put_cover_back,
    "everywhere": _cover_everywhere,
    "nowhere": _uncover_everywhere,
    "aside": _set_aside,
    "turn": _turn,
    "blank": _mark_blank,
    "move": _move,
    "cut": _cut,
}
"""What the page calls each act."""


def show_name_field(workset: WorkSet, page_id: str, box: Box) -> tuple[str, ...]:
    """What ``prepare`` is to take for the name fields now that a person showed one.

    The fields of other pages stay. A student's number, which is no name but is covered too, stays covered on every
    page as a place of its own.

    Args:
        workset: the set.
        page_id: the page on which it was shown.
        box: where.

    Raises:
        UsageError: the page lies on no page of a blank task.
    """
    with workset.locked():
        page = read_reviewed_set(workset, Decisions()).pages.get(page_id)
        task_page = page.task_page if page else None
        given = find_task(workset)
        if task_page is None or given is None:
            raise UsageError("this page lies on no page of the blank task, so no place on it is one on all pages.")
        settings, sheets = read_settings(workset.settings), read_sheets(workset)
        fields = read_blank(workset, given, settings.fields, settings.labels, sheets.printed if sheets else ()).fields
        numbers = [Everywhere(field.task_page, field.box) for field in fields if not field.holds_name]
        if numbers:
            decisions = read_decisions(workset)
            everywhere = decisions.with_everywhere((*decisions.everywhere, *numbers))
            keep_reviewed(workset, read_reviewed_set(workset, everywhere))
    kept = [(field.task_page, field.box) for field in fields if field.holds_name and field.task_page != task_page]
    return tuple(
        f"{page}:{','.join(f'{number:.5f}' for number in place.numbers)}" for page, place in (*kept, (task_page, box))
    )


def name_fields_as_before(workset: WorkSet, fields: tuple[str, ...]) -> None:
    """Write into ``set.toml`` which name fields were given by hand before; none lets them be found again."""
    with workset.locked():
        text = change_settings_text(workset.settings.read_text(encoding="utf-8"), fields=fields)
        write_bytes(workset.settings, text.encode(), private=False)
        read_settings(workset.settings)
