"""What a person can decide about a page or a response. The local page and the command line use the same acts.

Each act takes the set as it was prepared with all decisions so far, and gives it back with one decision more.
Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mssw.core.decision import CUTS, Everywhere, PageDecision
from mssw.core.page import Box, MarkKind
from mssw.errors import UsageError
from mssw.review.reviewed_set import ReviewedSet, find_page_before, open_flags

QUARTER_TURNS = (90, 180, 270)


def approve(reviewed: ReviewedSet, page_id: str) -> ReviewedSet:
    """Approve a page as it looks now. If its recipe changes, it must be looked at again.

    Raises:
        UsageError: the page has no picture, so nobody can have looked at it.
    """
    if not reviewed.pages[page_id].image:
        raise UsageError("this page could not be read, so nobody can look at it: scan its sheet again.")
    return _change(reviewed, page_id, cleared_as=reviewed.recipe(page_id))


def take_approval_back(reviewed: ReviewedSet, page_id: str) -> ReviewedSet:
    """Have the page wait again."""
    return _change(reviewed, page_id, cleared_as="")


def cover(reviewed: ReviewedSet, page_id: str, boxes: Iterable[Box]) -> ReviewedSet:
    """Cover more places of a page."""
    identity = reviewed.pages[page_id].identity
    return reviewed.with_decisions(reviewed.decisions.with_change(identity, covers=boxes))


def cover_flagged(reviewed: ReviewedSet, page_id: str) -> ReviewedSet:
    """Cover every place of a page that may name somebody."""
    return cover(reviewed, page_id, [flag.place for flag in open_flags(reviewed, page_id)])


def dismiss_flags(reviewed: ReviewedSet, page_id: str, boxes: Iterable[Box]) -> ReviewedSet:
    """Keep flagged places of a page readable: they name nobody.

    Raises:
        UsageError: one of them is not flagged.
    """
    base = reviewed.pages[page_id].base
    places = tuple(boxes)
    if not {flag.place for flag in open_flags(reviewed, page_id)}.issuperset(places):
        raise UsageError("that place is not flagged any more; load the page again.")
    dismissed = tuple(dict.fromkeys((*reviewed.decision(page_id).dismissed(base), *places)))
    return _change(reviewed, page_id, not_names=dismissed, not_names_as=base)


def uncover(reviewed: ReviewedSet, page_id: str, box: Box) -> ReviewedSet:
    """Take a cover away. Whoever let the page go saw it covered there, so that ends too."""
    page, decision = reviewed.pages[page_id], reviewed.decision(page_id)
    covers = tuple(other for other in decision.covers if other != box)
    ours = {mark.place for mark in page.covers if mark.kind is not MarkKind.HAND}
    if box not in ours | reviewed.places_for_all(page_id):
        return _change(reviewed, page_id, covers=covers, cleared_as="")
    dropped = tuple(dict.fromkeys((*decision.drops(page.base), box)))
    return _change(reviewed, page_id, covers=covers, cleared_as="", dropped=dropped, dropped_as=page.base)


def resize_cover(reviewed: ReviewedSet, page_id: str, box: Box, to: Box) -> ReviewedSet:
    """Put another cover in the place of one."""
    return cover(uncover(reviewed, page_id, box), page_id, [to])


def put_cover_back(reviewed: ReviewedSet, page_id: str, box: Box | None) -> ReviewedSet:
    """Cover again what was covered before a person took it away."""
    base = reviewed.pages[page_id].base
    rest = tuple(other for other in reviewed.decision(page_id).drops(base) if other != box)
    return _change(reviewed, page_id, dropped=rest, dropped_as=base if rest else "")


def cover_everywhere(reviewed: ReviewedSet, page_id: str, box: Box, *, instead_of: Box | None = None) -> ReviewedSet:
    """Cover a place on every page that was printed from the same page of the task.

    Args:
        reviewed: the set.
        page_id: the page on which it was shown.
        box: the place.
        instead_of: a person's own cover of this page that the place for all takes over.

    Raises:
        UsageError: the page lies on no page of the task.
    """
    task_page = reviewed.pages[page_id].task_page
    if task_page is None:
        raise UsageError("this page lies on no page of the task, so nobody can tell where the place is on others.")
    covers = tuple(other for other in reviewed.decision(page_id).covers if other != instead_of)
    after = _change(reviewed, page_id, covers=covers).decisions
    return reviewed.with_decisions(after.with_everywhere((*after.everywhere, Everywhere(task_page, box))))


def uncover_everywhere(reviewed: ReviewedSet, page_id: str, box: Box | None) -> ReviewedSet:
    """Take a place for every page away. Pages that were let go were seen with it, so they wait again."""
    task_page = reviewed.pages[page_id].task_page
    after = reviewed
    for other, page in reviewed.pages.items():
        if page.task_page == task_page and reviewed.decision(other).cleared_as:
            after = take_approval_back(after, other)
    rules = after.decisions.everywhere
    kept = (rule for rule in rules if (rule.task_page, rule.box) != (task_page, box))
    return after.with_decisions(after.decisions.with_everywhere(kept))


def set_aside(reviewed: ReviewedSet, page_id: str, reason: str, note: str = "") -> ReviewedSet:
    """Set a page's whole response aside.

    Args:
        reviewed: the set.
        page_id: one of its pages.
        reason: in words that may stand in a report; empty takes the response back in.
        note: a person's own words, kept with this page alone.
    """
    after = reviewed
    for other in reviewed.response_pages(page_id):
        after = _change(after, other, aside=reason, note=note if other == page_id else "")
    return after


def recall(reviewed: ReviewedSet, page_id: str) -> ReviewedSet:
    """Put a page's whole response on hold, because a name was seen on it after it was handed out.

    Approving all its pages anew releases it.
    """
    after = reviewed
    for other in reviewed.response_pages(page_id):
        after = _change(after, other, recalled=True, cleared_as="")
    return after


def turn(reviewed: ReviewedSet, page_id: str, degrees: int) -> ReviewedSet:
    """Turn a page clockwise.

    Raises:
        UsageError: it is upright, since it lies on the blank task, or it is not turned by quarters.
    """
    if degrees not in QUARTER_TURNS:
        raise UsageError("a page is turned by 90, 180 or 270 degrees.")
    if reviewed.pages[page_id].task_page is not None:
        raise UsageError("this page lies on the blank task already, so it is upright.")
    return _replace(reviewed, page_id, reviewed.decision(page_id).turned(degrees))


def mark_blank(reviewed: ReviewedSet, page_id: str, *, blank: bool) -> ReviewedSet:
    """Say that nothing is on a page, or that something is."""
    return _change(reviewed, page_id, blank=blank, cleared_as="")


def cut_before(reviewed: ReviewedSet, page_id: str, cut: str) -> ReviewedSet:
    """Say whether a response begins with a page, in a stack that was split at the pages that carry a name.

    Args:
        reviewed: the set.
        page_id: the page.
        cut: ``split`` or ``join``; empty leaves it to what is written on the page.

    Raises:
        UsageError: the stack was not split so, or the page is its first.
    """
    if cut not in CUTS:
        raise UsageError("a page is joined with the one before it, or split from it.")
    if not find_page_before(reviewed, page_id):
        raise UsageError("only a stack without a task is split by the names on its pages; move the page instead.")
    return _change(reviewed, page_id, cut=cut)


def leave_in_place(reviewed: ReviewedSet, page_id: str) -> ReviewedSet:
    """Leave a page in the response in which the stack has it."""
    return _change(reviewed, page_id, joins="")


def move_to_new_response(reviewed: ReviewedSet, page_id: str) -> ReviewedSet:
    """Make a response of its own of a page."""
    return _change(reviewed, page_id, joins=reviewed.pages[page_id].identity, blank=False)


def move_to_response(reviewed: ReviewedSet, page_id: str, alias: str) -> ReviewedSet:
    """Put a page into another response.

    Raises:
        UsageError: there is no such response, or the page is all of it.
    """
    response = next((one for one in reviewed.state.works if one.alias == alias), None)
    pages = [page for page in response.pages if page != page_id] if response else []
    if not pages:
        raise UsageError("there is no such work, or the page is all of it; load the page again.")
    unmoved = [page for page in pages if not reviewed.decision(page).joins]
    anchor = (unmoved or pages)[0]
    return _change(reviewed, page_id, joins=reviewed.pages[anchor].identity, blank=False)


def _change(reviewed: ReviewedSet, page_id: str, **changes: Any) -> ReviewedSet:
    return _replace(reviewed, page_id, replace(reviewed.decision(page_id), **changes))


def _replace(reviewed: ReviewedSet, page_id: str, decision: PageDecision) -> ReviewedSet:
    decisions = reviewed.decisions.with_page(reviewed.pages[page_id].identity, decision)
    return reviewed.with_decisions(decisions)
