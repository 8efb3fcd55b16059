"""The command line's side of review: lists what is to be looked at, reads acts from text, and prepares the set anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mssw.core.decision import Aside
from mssw.core.page import Box
from mssw.errors import UsageError
from mssw.preparing.prepare_options import PrepareOptions, PrepareReport, Progress, quiet
from mssw.preparing.release import REFUSED
from mssw.preparing.run_prepare import prepare
from mssw.review import acts
from mssw.review.reviewed_set import ReviewedSet, keep_reviewed, read_reviewed_set
from mssw.workset.allowed_names import check_typed, find_typed_names
from mssw.workset.decisions import read_decisions
from mssw.workset.folder import WorkSet
from mssw.workset.prepared_state import PreparedResponse, prepared_state

TO_LOOK_AT = ("held", "unseen", "set aside")


def list_responses(workset: WorkSet) -> list[dict[str, Any]]:
    """What is to be looked at, a row a page: responses on hold, those that nobody has seen yet, those set aside.

    Among those that nobody has seen, those with flagged places come first: there a name is likeliest to be left.
    """
    state = prepared_state(workset)
    pages, decisions = state.page_by_id, read_decisions(workset)
    flags = {
        page.id: [f for f in page.flags if f.place not in decisions.of(page.identity).dismissed(page.base)]
        for page in state.pages
    }
    rows = []
    unfinished = [response for response in state.works if _state_of_response(response) in TO_LOOK_AT]
    flagged = {one.alias: any(flags[page] for page in one.pages) for one in unfinished}

    def order(response: PreparedResponse) -> tuple[int, bool, str]:
        word = _state_of_response(response)
        return TO_LOOK_AT.index(word), word == "unseen" and not flagged[response.alias], response.alias

    for response in sorted(unfinished, key=order):
        for number, page_id in enumerate(response.pages, 1):
            page = pages[page_id]
            rows.append(
                {
                    "alias": response.alias,
                    "state": _state_of_response(response),
                    "page": str(number),
                    "image": str(workset.pages / page.image) if page.image else "",
                    "reason": page.reason,
                    "flagged": [flag.to_json() for flag in flags[page_id]],
                }
            )
    return rows


def _state_of_response(response: PreparedResponse) -> str:
    """How far a response has come, in a word."""
    if response.aside:
        return "set aside"
    return "held" if response.held else "seen" if response.seen else "unseen"


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
        UsageError: one of them is not of its form, or names no response of the set.
        FindingsError: the reason names a student.
    """
    prepared_state(workset)
    reason = _checked_reason(workset, reason)
    with workset.locked():
        reviewed = read_reviewed_set(workset, read_decisions(workset))
        _check_aside(reviewed, approve, (*cover, *flagged), aside)
        reviewed = _cover_flagged(reviewed, flagged)
        reviewed = _cover(reviewed, cover)
        reviewed = _approve(reviewed, (*approve, *flagged))
        reviewed = _set_aside(reviewed, aside, reason)
        keep_reviewed(workset, reviewed)
    return prepare(workset.root, PrepareOptions(), progress)


def _checked_reason(workset: WorkSet, reason: str) -> str:
    """Why a response is set aside, in words that a report may repeat beside its alias."""
    words = " ".join(reason.split())
    check_typed(find_typed_names(workset), [("--reason", words)], "please take it out, then run this again.")
    return words or Aside.OTHER.value


def _check_aside(reviewed: ReviewedSet, approve: Sequence[str], touched: Iterable[str], aside: Sequence[str]) -> None:
    """A response that was set aside comes back only when the whole of it is approved.

    Raises:
        UsageError: it would come back by the way, or is asked for and set aside at once.
    """
    responses, out = _by_alias(reviewed), {_alias(text) for text in aside}
    whole = {text.strip().casefold() for text in approve}
    for text in (*approve, *touched):
        alias = _alias(text)
        response = responses.get(alias)
        if response is None:
            continue  # the reader of the text reports it
        if alias in out:
            raise UsageError(f"{response.alias} is asked for and set aside at once; say one of the two.")
        if response.aside and alias not in whole:
            raise UsageError(
                f"{response.alias} is set aside ({response.aside}); take back the whole work with "
                f"--approve {response.alias} once you have looked at all of it, or leave it out."
            )


def _cover_flagged(reviewed: ReviewedSet, flagged: Sequence[str]) -> ReviewedSet:
    """Cover every flagged place of those responses or pages."""
    for text in flagged:
        page_ids = _pages(reviewed, text)
        response = _by_alias(reviewed)[_alias(text)]
        if any(reason.startswith(REFUSED) for reason in response.held):
            raise UsageError(
                f"{response.alias} is on hold because of the check of its finished pages, and that place "
                f"is not flagged. Cover it with --cover {response.alias}:PAGE:x,y,w,h, then --approve it."
            )
        for page_id in page_ids:
            if reviewed.pages[page_id].flags:
                reviewed = acts.cover_flagged(reviewed, page_id)
    return reviewed


def _cover(reviewed: ReviewedSet, places: Sequence[str]) -> ReviewedSet:
    for text in places:
        page_id, box = _place(reviewed, text)
        reviewed = acts.cover(reviewed, page_id, [box])
    return reviewed


def _approve(reviewed: ReviewedSet, approve: Sequence[str]) -> ReviewedSet:
    """Let those pages go, and take their responses back where they were set aside."""
    for text in approve:
        page_ids = _pages(reviewed, text)
        if not all(reviewed.pages[page_id].image for page_id in page_ids):
            raise UsageError(
                "a page of that response could not be read, so nobody can have looked at it; scan its sheet again, "
                "or leave the response out with --set-aside."
            )
        for page_id in page_ids:
            reviewed = acts.approve(reviewed, page_id)
        reviewed = acts.set_aside(reviewed, page_ids[0], "")
    return reviewed


def _set_aside(reviewed: ReviewedSet, aside: Sequence[str], reason: str) -> ReviewedSet:
    """Set whole responses aside."""
    for text in aside:
        reviewed = acts.set_aside(reviewed, _pages(reviewed, text)[0], reason)
    return reviewed


def _alias(text: str) -> str:
    """The alias before the first colon, without regard to capitals."""
    return text.partition(":")[0].strip().casefold()


def _by_alias(reviewed: ReviewedSet) -> dict[str, PreparedResponse]:
    """The responses by alias, without regard to capitals."""
    return {response.alias.casefold(): response for response in reviewed.state.works}


def _pages(reviewed: ReviewedSet, text: str) -> tuple[str, ...]:
    """The page ids in ``ALIAS`` or ``ALIAS:PAGE``."""
    _, colon, number = text.partition(":")
    response = _by_alias(reviewed).get(_alias(text))
    if response is None:
        raise UsageError("no response with scans has that alias; --list shows those that need a look.")
    pages = response.pages
    if not colon:
        return pages
    if not number.isdecimal() or not 1 <= int(number) <= len(pages):
        raise UsageError(f"{response.alias} has pages 1 to {len(pages)}; say which, as in {response.alias}:1.")
    return (pages[int(number) - 1],)


def _place(reviewed: ReviewedSet, text: str) -> tuple[str, Box]:
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
    return _pages(reviewed, where)[0], Box(x, y, w, h)
