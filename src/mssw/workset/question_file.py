"""Where the questions are on the task: the places that a person chose, and which page of the task each page is.

The places are kept in ``private/questions.json``. Where nobody chose any, ``printing.answer_pictures`` finds them on
the task.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import Struct

from mssw.core.page import Box
from mssw.core.wording import count_noun
from mssw.errors import UsageError
from mssw.workset.entries import entry_aliases
from mssw.workset.folder import WorkSet, read_typed, write_typed
from mssw.workset.prepared_state import read_state

MOST_QUESTIONS = 40
EDGE = 1.0001  # of the page, which a screen's pixels round over
LEAST = 0.01  # of the page: a smaller place is a slip of the hand


class QuestionPlace(Struct, frozen=True):
    """Where a question is asked and answered on the task.

    Attributes:
        page: of the task, from 1.
        box: left, top, width and height, as fractions of the page.
    """

    page: int
    box: tuple[float, float, float, float]


class KeptQuestions(Struct, frozen=True, kw_only=True):
    """The places that a person chose, in ``private/questions.json``."""

    version: int = 1
    questions: tuple[QuestionPlace, ...] = ()


def is_place(question: QuestionPlace) -> bool:
    """Whether a place lies on a page and can be seen."""
    x, y, w, h = question.box
    return question.page >= 1 and min(x, y) >= 0 and min(w, h) >= LEAST and max(x + w, y + h) <= EDGE


def read_kept_questions(workset: WorkSet) -> tuple[QuestionPlace, ...] | None:
    """The places that a person chose; None where nobody did."""
    if not workset.questions.is_file():
        return None
    kept = read_typed(workset.questions, KeptQuestions, "delete it, and the places are found again.").questions
    return tuple(one for one in kept if is_place(one))


def keep_questions(workset: WorkSet, questions: Sequence[QuestionPlace]) -> None:
    """Keep the places that a person chose; none lets them be found again.

    Raises:
        UsageError: they are no places, or too many.
        NotWrittenError: they cannot be written.
    """
    if len(questions) > MOST_QUESTIONS or not all(map(is_place, questions)):
        raise UsageError(
            f"a question is a place on a page, and there are {count_noun(MOST_QUESTIONS, 'place')} at most."
        )
    with workset.locked():
        if questions:
            write_typed(workset.questions, KeptQuestions(questions=tuple(questions)), private=True)
        else:
            workset.questions.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """A page of a response.

    Attributes:
        task_page: which page of the task it is, from 1; 0 where it is none.
        covers: what is covered on it.
    """

    task_page: int
    covers: tuple[Box, ...] = ()


def find_placed_pages(workset: WorkSet, counts: Mapping[str, int]) -> dict[str, tuple[PlacedPage, ...]]:
    """Which page of the task each page of a response is.

    Without the private state, a response's pages count as the task's, in their order. The page of an entry, such as a
    video, is no page of the task.

    Args:
        workset: the set.
        counts: how many pages each response has, by alias.
    """
    state = read_state(workset)
    found = {}
    entries = entry_aliases(workset)
    for alias, count in counts.items():
        if alias in entries:
            found[alias] = (PlacedPage(0),) * count
            continue
        ids = next((one.pages for one in state.works if one.alias == alias), ()) if state else ()
        pages = [state.page_by_id[page] for page in ids if page in state.page_by_id] if state else []
        placed = tuple(PlacedPage(page.task_page or 0, tuple(mark.place for mark in page.covers)) for page in pages)
        in_order = tuple(PlacedPage(number) for number in range(1, count + 1))
        found[alias] = placed if any(page.task_page for page in placed) and len(placed) == count else in_order
    return found
