"""A person's decisions on held and unseen work, without a browser: listed, taken, applied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mssw.core.decision import Aside, Decisions, PageDecision
from mssw.core.page import Box
from mssw.errors import FindingsError, UsageError
from mssw.names.name_search import NameSearch
from mssw.preparing.decided_pages import keep_decisions, read_decisions, way_without
from mssw.preparing.prepare_options import PrepareOptions, PrepareReport, Progress, quiet
from mssw.preparing.release import REFUSED
from mssw.preparing.run_prepare import prepare
from mssw.review.seen_pages import identity_of
from mssw.roster.name_files import read_roster
from mssw.roster.table import all_spellings
from mssw.workset.folder import WorkSet
from mssw.workset.state import prepared_state

TO_LOOK_AT = ("held", "unseen", "set aside")


def list_responses(workset: WorkSet) -> list[dict[str, Any]]:
    """What is to be looked at, a row a page: held works, those that nobody has seen yet, those set aside.

    Among those that nobody has seen, works with flagged places come first: there a name is likeliest to be left.
    """
    state = prepared_state(workset)
    pages = {page["id"]: page for page in state["pages"]}
    rows = []
    unfinished = [work for work in state["works"] if _stands(work) in TO_LOOK_AT]
    flagged = {work["alias"]: any(pages[page]["flags"] for page in work["pages"]) for work in unfinished}

    def order(work: dict[str, Any]) -> tuple[int, bool, str]:
        stands = _stands(work)
        return TO_LOOK_AT.index(stands), stands == "unseen" and not flagged[work["alias"]], work["alias"]

    for work in sorted(unfinished, key=order):
        for number, page_id in enumerate(work["pages"], 1):
            page = pages[page_id]
            image = str(workset.pages / page["image"]) if page["image"] else ""
            stands = {"alias": work["alias"], "state": _stands(work), "page": str(number)}
            rows.append({**stands, "image": image, "reason": page["reason"], "flagged": page["flags"]})
    return rows


def _stands(work: dict[str, Any]) -> str:
    """How far a work has come, in a word."""
    if work["aside"]:
        return "set aside"
    return "held" if work["held"] else "seen" if work["seen"] else "unseen"


def decide(
    workset: WorkSet,
    approve: Sequence[str],
    cover: Sequence[str],
    aside: Sequence[str],
    reason: str,
    progress: Progress = quiet,
    *,
    flagged: Sequence[str] = (),
) -> PrepareReport:
    """Take decisions, keep them, and prepare the set again with them.

    Args:
        workset: the set.
        approve: each ``ALIAS`` or ``ALIAS:PAGE``.
        cover: each ``ALIAS:PAGE:x,y,w,h``.
        aside: aliases.
        reason: why those are set aside; it stands in reports, so it names no student.
        progress: as for ``prepare``.
        flagged: each ``ALIAS`` or ``ALIAS:PAGE`` of which every flagged place is covered, and which is then approved.

    Raises:
        UsageError: one of them is not of its form, or names no work of the set.
        FindingsError: the reason names a student.
    """
    state = prepared_state(workset)
    reason = _reason(workset, reason)
    with workset.locked():
        kept = read_decisions(workset)
        _check_aside(state, approve, (*cover, *flagged), aside)
        decisions = _with_flagged(workset, state, kept, flagged)
        decisions = _taken(workset, state, decisions, (*approve, *flagged), cover, aside, reason)
        keep_decisions(workset, decisions)
    return prepare(workset.root, PrepareOptions(), progress)


def _reason(workset: WorkSet, reason: str) -> str:
    """Why a work is set aside, in words that a report may repeat beside its alias."""
    said = " ".join(reason.split())
    if workset.roster.is_file() and NameSearch(all_spellings(read_roster(workset.roster))).hits(said):
        raise FindingsError("a name from the roster stands in --reason; say it without the name, then run this again.")
    return said or Aside.OTHER.value


def _check_aside(state: dict[str, Any], approve: Sequence[str], touched: Sequence[str], aside: Sequence[str]) -> None:
    """A work that was set aside comes back only when that is said of the whole of it.

    Raises:
        UsageError: it would come back by the way, or is asked for and set aside at once.
    """
    works, out = _works(state), {text.partition(":")[0].strip().casefold() for text in aside}
    back = {text.strip().casefold() for text in approve}
    for text in (*approve, *touched):
        alias = text.partition(":")[0].strip().casefold()
        work = works.get(alias)
        if work is None:
            continue  # it is told where it is taken
        if alias in out:
            raise UsageError(f"{work['alias']} is asked for and set aside at once; say one of the two.")
        if work["aside"] and alias not in back:
            raise UsageError(
                f"{work['alias']} is set aside ({work['aside']}); take back the whole work with "
                f"--approve {work['alias']} once you have looked at all of it, or leave it out."
            )


def _with_flagged(workset: WorkSet, state: dict[str, Any], decisions: Decisions, flagged: Sequence[str]) -> Decisions:
    """The decisions with every flagged place of those works or pages covered."""
    works, pages = _works(state), {page["id"]: page for page in state["pages"]}
    for text in flagged:
        page_ids = _pages(text, works)
        work = works[text.partition(":")[0].strip().casefold()]
        if any(reason.startswith(REFUSED) for reason in work["held"]):
            raise UsageError(
                f"{work['alias']} is held for what the check of its finished pages found, which is not flagged; "
                f"cover the place with --cover {work['alias']}:PAGE:x,y,w,h, then --approve it."
            )
        for page_id in page_ids:
            boxes = [Box(*flag["box"]) for flag in pages[page_id]["flags"]]
            if boxes:
                decisions = decisions.with_change(identity_of(workset, pages[page_id]), covers=boxes)
    return decisions


def _works(state: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The works by alias, in whatever capitals it is typed."""
    return {work["alias"].casefold(): work for work in state["works"]}


def _taken(
    workset: WorkSet,
    state: dict[str, Any],
    decisions: Decisions,
    approve: Sequence[str],
    cover: Sequence[str],
    aside: Sequence[str],
    reason: str,
) -> Decisions:
    """The decisions with those that are new."""
    works = _works(state)
    pages = {page["id"]: page for page in state["pages"]}
    for text in cover:
        page_id, box = _place(text, works)
        decisions = decisions.with_change(identity_of(workset, pages[page_id]), covers=(box,))
    unread = {page["id"] for page in state["pages"] if not page["image"]}
    for text in approve:
        for page_id in _pages(text, works):
            if page_id in unread:
                raise UsageError(
                    "a page of that work could not be read, so nobody can have looked at it; scan its sheet again, "
                    "or leave the work out with --set-aside."
                )
            decisions = decisions.with_change(
                identity_of(workset, pages[page_id]),
                cleared_as=_way(decisions.of(identity_of(workset, pages[page_id])), pages[page_id]),
            )
        for page_id in works[text.partition(":")[0].strip().casefold()]["pages"]:
            decisions = decisions.with_change(identity_of(workset, pages[page_id]), aside="")
    for text in aside:
        for page_id in _pages(text, works):
            decisions = decisions.with_change(identity_of(workset, pages[page_id]), aside=reason)
    return decisions


def _way(said: PageDecision, page: dict[str, Any]) -> str:
    """The recipe of the page with the covers that were taken away, also where that is not applied yet."""
    base = str(page.get("base", page["way"]))
    return way_without(base, said.drops(base)) if "base" in page else base


def _pages(text: str, works: dict[str, dict[str, Any]]) -> list[str]:
    """The page ids in ``ALIAS`` or ``ALIAS:PAGE``."""
    alias, colon, number = text.partition(":")
    work = works.get(alias.strip().casefold())
    if work is None:
        raise UsageError("no work goes by that alias; `mssw review DIR --list` names those that are to be looked at.")
    pages: list[str] = work["pages"]
    if not colon:
        return pages
    if not number.isdecimal() or not 1 <= int(number) <= len(pages):
        raise UsageError(f"{work['alias']} has pages 1 to {len(pages)}; say which, as in {work['alias']}:1.")
    return [pages[int(number) - 1]]


def _place(text: str, works: dict[str, dict[str, Any]]) -> tuple[str, Box]:
    """The page id and the box in ``ALIAS:PAGE:x,y,w,h``."""
    where, _, numbers = text.rpartition(":")
    try:
        x, y, w, h = (float(part) for part in numbers.split(","))
    except ValueError:
        raise UsageError(
            "a place to cover is said as ALIAS:PAGE:x,y,w,h; for example Andrea:2:0.1,0.45,0.2,0.03."
        ) from None
    if ":" not in where or not (0 <= x < x + w <= 1 and 0 <= y < y + h <= 1):
        raise UsageError("a place to cover is said as ALIAS:PAGE:x,y,w,h, with fractions of the page from 0 to 1.")
    return _pages(where, works)[0], Box(x, y, w, h)
