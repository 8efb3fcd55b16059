"""One decision at a time, as a person makes it: checked against what she saw, and on the disk before it is told.

A person shows where the name stands, once for the whole task.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from mssw.core.decision import Aside, Decisions, Everywhere, PageDecision
from mssw.core.page import Box
from mssw.errors import UsageError, WouldOverwriteError
from mssw.preparing.blank_task import read_blank
from mssw.preparing.decided_pages import keep_decisions, read_decisions
from mssw.preparing.inputs import find_task
from mssw.review.seen_pages import SeenPage, row_of, seen_now
from mssw.workset.coded_sheets import read_sheets
from mssw.workset.folder import WorkSet, write_bytes, write_json
from mssw.workset.settings import read_settings, updated

WAITS = 3.0  # seconds for another command that is about to end
STALE = "this page was changed in another window or by another command; it is shown as it is now, nothing was lost."
LONGEST_NOTE = 2000
EDGE = 1.00001  # of the page, which a screen's pixels round over
Asked = Mapping[str, Any]


def decide_page(workset: WorkSet, asked: Asked) -> dict[str, Any]:
    """Take one decision and keep it.

    Args:
        workset: the set.
        asked: ``do`` names the decision, ``page`` the page's id, ``revision`` what of it was seen; more as it needs.

    Returns:
        ``changed``: the rows of all pages that it changed; ``before``: what to give to ``restore`` to undo it.

    Raises:
        UsageError: it makes no sense.
        WouldOverwriteError: the page changed since it was shown, or another command is at work in the set.
    """
    with workset.locked(seconds=WAITS):
        seen = seen_now(workset, read_decisions(workset))
        after = _restored(seen, asked) if asked.get("do") == "restore" else _taken(seen, asked)
        keep_decisions(workset, after)
    return _told(seen, replace(seen, decisions=after))


def keep_place(workset: WorkSet, page_id: str) -> None:
    """Remember at which page the person is, so that she comes back to it.

    Only with the set to ourselves, for whoever gets it sweeps half-written files away. Where another command is at
    work, the place is not worth a word.
    """
    with suppress(WouldOverwriteError), workset.locked(seconds=WAITS):
        if page_id in seen_now(workset, Decisions()).pages:
            write_json(workset.place, {"version": 1, "page": page_id}, private=True)


def _told(before: SeenPage, after: SeenPage) -> dict[str, Any]:
    """What changed, and how to undo it."""
    rules = after.decisions.everywhere != before.decisions.everywhere
    old, new = before.decisions.pages, after.decisions.pages
    decided = [page for page in after.pages if old.get(_identity(after, page)) != new.get(_identity(after, page))]
    undo: dict[str, Any] = {"pages": [{"page": page, "said": before.said(page).to_json()} for page in decided]}
    if rules:
        undo["everywhere"] = before.decisions.to_json()["everywhere"]
    return {"changed": [row_of(after, page) for page in (after.pages if rules else decided)], "before": undo}


def _identity(seen: SeenPage, page_id: str) -> str:
    return str(seen.pages[page_id]["identity"])


def _restored(seen: SeenPage, asked: Asked) -> Decisions:
    """The decisions with what an earlier answer told as ``before``; each page comes with the revision that was seen."""
    decisions = seen.decisions
    try:
        for entry in asked["pages"]:
            _check(seen, str(entry["page"]), entry["revision"])
            decisions = decisions.with_page(_identity(seen, str(entry["page"])), PageDecision.from_json(entry["said"]))
        if "everywhere" in asked:
            rules = [Everywhere(int(rule["task_page"]), box_of(rule["box"])) for rule in asked["everywhere"]]
            decisions = decisions.with_everywhere(rules)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError("that cannot be undone; load the page again.") from None
    return decisions


def _check(seen: SeenPage, page_id: str, revision: object) -> None:
    if page_id not in seen.pages or revision != seen.revision(page_id):
        raise WouldOverwriteError(STALE)


def _taken(seen: SeenPage, asked: Asked) -> Decisions:
    page_id = str(asked.get("page"))
    _check(seen, page_id, asked.get("revision"))
    how = _HOW.get(str(asked.get("do")))
    if how is None:
        raise UsageError("the page asked for something that makes no sense; load it again.")
    return how(seen, page_id, asked)


def _with(seen: SeenPage, page_id: str, **changes: Any) -> Decisions:
    return seen.decisions.with_page(_identity(seen, page_id), replace(seen.said(page_id), **changes))


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


def _approve(seen: SeenPage, page_id: str, asked: Asked) -> Decisions:
    if not seen.pages[page_id]["image"]:
        raise UsageError("this page could not be read, so nobody can look at it: scan its sheet again.")
    return _with(seen, page_id, cleared_as="" if asked.get("undone") else seen.way(page_id))


def _cover(seen: SeenPage, page_id: str, asked: Asked) -> Decisions:
    return _covering(seen, page_id, [box_of(asked.get("box"))])


def _cover_flagged(seen: SeenPage, page_id: str, _: Asked) -> Decisions:
    return _covering(seen, page_id, [Box(*flag["box"]) for flag in seen.pages[page_id]["flags"]])


def _covering(seen: SeenPage, page_id: str, boxes: Iterable[Box]) -> Decisions:
    return _with(seen, page_id, covers=tuple(dict.fromkeys((*seen.said(page_id).covers, *boxes))))


def _drop(seen: SeenPage, page_id: str, asked: Asked) -> Decisions:
    return _with(seen, page_id, **_without(seen, page_id, _known_box(seen, page_id, asked.get("box"))))


def _resize(seen: SeenPage, page_id: str, asked: Asked) -> Decisions:
    changes = _without(seen, page_id, _known_box(seen, page_id, asked.get("box")))
    covers = (*changes.get("covers", seen.said(page_id).covers), box_of(asked.get("to")))
    return _with(seen, page_id, **{**changes, "covers": tuple(dict.fromkeys(covers))})


def _known_box(seen: SeenPage, page_id: str, value: object) -> Box:
    """A cover of the page, which is given to the last digit."""
    page = seen.pages[page_id]
    known = [
        *(Box(*cover["box"]) for cover in page["covers"]),
        *seen.decisions.drawn(page["identity"], page["task_page"]),
    ]
    found = next((box for box in known if isinstance(value, list) and list(box.numbers) == value), None)
    if found is None:
        raise UsageError("there is no such cover on the page; load it again.")
    return found


def _without(seen: SeenPage, page_id: str, box: Box) -> dict[str, Any]:
    """What to change so that the cover is gone. Whoever let the page go saw it covered there, so that ends too."""
    said, base = seen.said(page_id), str(seen.pages[page_id]["base"])
    changes: dict[str, Any] = {"cleared_as": ""}
    if box in said.covers:
        changes["covers"] = tuple(other for other in said.covers if other != box)
    ours = {Box(*cover["box"]) for cover in seen.pages[page_id]["covers"] if cover["kind"] != "drawn by a person"}
    task_page = seen.pages[page_id]["task_page"]
    rules = {rule.box for rule in seen.decisions.everywhere if rule.task_page == task_page}
    if box in ours | rules:
        changes |= {"dropped": tuple(dict.fromkeys((*said.drops(base), box))), "dropped_as": base}
    return changes


def _put_back(seen: SeenPage, page_id: str, asked: Asked) -> Decisions:
    base = str(seen.pages[page_id]["base"])
    rest = tuple(box for box in seen.said(page_id).drops(base) if list(box.numbers) != asked.get("box"))
    return _with(seen, page_id, dropped=rest, dropped_as=base if rest else "")


def _everywhere(seen: SeenPage, page_id: str, asked: Asked) -> Decisions:
    task_page = seen.pages[page_id]["task_page"]
    if task_page is None:
        raise UsageError("this page lies on no page of the task, so nobody can tell where the place is on others.")
    box = box_of(asked.get("box"))
    said = seen.said(page_id)
    covers = tuple(other for other in said.covers if list(other.numbers) != asked.get("box"))
    decisions = _with(seen, page_id, covers=covers)
    return decisions.with_everywhere((*decisions.everywhere, Everywhere(task_page, box)))


def _nowhere(seen: SeenPage, page_id: str, asked: Asked) -> Decisions:
    """Take a place for every page away. Pages that were let go were seen with it, so they wait again."""
    task_page = seen.pages[page_id]["task_page"]
    decisions = seen.decisions
    for other in seen.pages.values():
        said = decisions.of(other["identity"])
        if other["task_page"] == task_page and said.cleared_as:
            decisions = decisions.with_page(other["identity"], replace(said, cleared_as=""))
    gone = [rule for rule in decisions.everywhere if rule.task_page == task_page]
    gone = [rule for rule in gone if list(rule.box.numbers) == asked.get("box")]
    return decisions.with_everywhere(rule for rule in decisions.everywhere if rule not in gone)


def _aside(seen: SeenPage, page_id: str, asked: Asked) -> Decisions:
    """Set the page's whole work aside, or take it back in."""
    try:
        kind = str(Aside(str(asked["kind"]))) if asked.get("kind") else ""
    except ValueError:
        raise UsageError("that is no reason to set a work aside; load the page again.") from None
    note = " ".join(str(asked.get("note", "")).split())[:LONGEST_NOTE] if kind else ""
    decisions = seen.decisions
    for other in _together(seen, page_id):
        said = replace(seen.said(other), aside=kind, note=note if other == page_id else "")
        decisions = decisions.with_page(_identity(seen, other), said)
    return decisions


def _together(seen: SeenPage, page_id: str) -> Sequence[str]:
    work = seen.works.get(page_id)
    return list(work["pages"]) if work else [page_id]


def _turn(seen: SeenPage, page_id: str, asked: Asked) -> Decisions:
    degrees = asked.get("degrees")
    if degrees not in {90, 180, 270}:
        raise UsageError("a page is turned by 90, 180 or 270 degrees.")
    if seen.pages[page_id]["task_page"] is not None:
        raise UsageError("this page lies on the blank task already, so it is upright.")
    return seen.decisions.with_page(_identity(seen, page_id), seen.said(page_id).turned(int(degrees)))


def _blank(seen: SeenPage, page_id: str, asked: Asked) -> Decisions:
    return _with(seen, page_id, blank=bool(asked.get("blank")), cleared_as="")


def _move(seen: SeenPage, page_id: str, asked: Asked) -> Decisions:
    """Put the page into the work of an alias, a new one, or where the stack has it."""
    to = str(asked.get("to", ""))
    if to == "":
        return _with(seen, page_id, joins="")
    if to == "new":
        return _with(seen, page_id, joins=_identity(seen, page_id), blank=False)
    work = next((work for work in seen.state["works"] if work["alias"] == to), None)
    pages = [page for page in work["pages"] if page != page_id] if work else []
    if not pages:
        raise UsageError("there is no such work, or the page is all of it; load the page again.")
    stays = [page for page in pages if not seen.said(page).joins]
    return _with(seen, page_id, joins=_identity(seen, (stays or pages)[0]), blank=False)


_HOW: dict[str, Callable[[SeenPage, str, Asked], Decisions]] = {
    "approve": _approve,
    "cover": _cover,
    "cover flagged": _cover_flagged,
    "drop": _drop,
    "resize": _resize,
    "put back": _put_back,
    "everywhere": _everywhere,
    "nowhere": _nowhere,
    "aside": _aside,
    "turn": _turn,
    "blank": _blank,
    "move": _move,
}


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
    with workset.locked(seconds=WAITS):
        task_page = seen_now(workset, Decisions()).pages.get(page_id, {}).get("task_page")
        given = find_task(workset)
        if task_page is None or given is None:
            raise UsageError("this page lies on no page of the blank task, so no place on it is one on all pages.")
        settings, sheets = read_settings(workset.settings), read_sheets(workset)
        fields = read_blank(workset, given, settings.fields, settings.labels, sheets.printed if sheets else ()).fields
        numbers = [Everywhere(field.task_page, field.box) for field in fields if not field.holds_name]
        if numbers:
            decisions = read_decisions(workset)
            keep_decisions(workset, decisions.with_everywhere((*decisions.everywhere, *numbers)))
    kept = [(field.task_page, field.box) for field in fields if field.holds_name and field.task_page != task_page]
    return tuple(
        f"{page}:{','.join(f'{number:.5f}' for number in place.numbers)}" for page, place in (*kept, (task_page, box))
    )


def name_fields_as_before(workset: WorkSet, fields: tuple[str, ...]) -> None:
    """Write into ``set.toml`` which name fields were given by hand before; none lets them be found again."""
    with workset.locked(seconds=WAITS):
        text = updated(workset.settings.read_text(encoding="utf-8"), fields=fields)
        write_bytes(workset.settings, text.encode(), private=False)
        read_settings(workset.settings)
