"""Which proposed places still matter once a work's pages are known: those of a work whose name was not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mssw.core.page import Mark, MarkKind
from mssw.steps.blank import BlankTask
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
