"""Match responses with students by what it cost to read their names, for the whole class at once.

In goes a table of costs, how badly each response's name reads as each student's. Out comes one match for each response:
its student where nothing speaks against it, else the students that come nearest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mssw.core.pairing import measure_best_pairs

Costs = NDArray[np.float64]

OPEN = 1.6
"""Cost a letter of leaving a response open: a name that reads worse than this does not tell who wrote it."""

MARGIN = 0.25
"""By how much a match must beat everything that speaks against it. So a name is believed up to OPEN - MARGIN."""

TIE = 0.1
"""Costs nearer than this are the same name: Maria and Maria, where no last name was written."""

MOST_GUESSES = 3
WORTH_A_GUESS = 2.2
"""Above this cost a letter, nobody would think of that student."""

_NO_EVIDENCE = 4.0  # instead of infinity, where the costs of several pages are averaged
_CLEAR = 0.2  # added to a page's best cost, so that one perfect page does not silence all others


@dataclass(frozen=True, slots=True)
class Match:
    """What the names tell about one response.

    Attributes:
        response: its index.
        student: index of the student; None where the response stays open.
        margin: by how much the match beats what speaks against it, in cost a letter. For an open response, by how much
            the best student leads the next; 0 where no name was read.
        guesses: the nearest students, best first, three at most.
    """

    response: int
    student: int | None
    margin: float
    guesses: tuple[int, ...]


def combine_pages(pages: Costs) -> Costs:
    """Make one row of costs for a response with names on several pages.

    A page counts for more, the better its best name reads. Where two pages clearly name two students (two responses
    got mixed), neither page wins: these students cost the same, so that none of them has a margin.

    Args:
        pages: (pages, students), cost a letter; infinite where there is no evidence.

    Returns:
        (students,), infinite where no page has evidence.
    """
    has_evidence = np.isfinite(pages)
    legible = pages[has_evidence.any(axis=1)]
    if len(legible) < 2:
        return legible[0] if len(legible) else np.full(pages.shape[1], np.inf)
    if has_two_names(legible):
        row: Costs = legible.min(axis=0)
        named = [student for student in map(find_clear_student, legible) if student is not None]
        row[named] = row[named].max()
        return row
    capped = np.minimum(legible, _NO_EVIDENCE)
    weights = 1 / (_CLEAR + capped.min(axis=1))
    row = weights @ capped / weights.sum()
    return np.where(has_evidence.any(axis=0), row, np.inf)


def has_two_names(pages: Costs) -> bool:
    """Whether two pages (rows, as for ``combine_pages``) clearly name two different students."""
    return len({find_clear_student(row) for row in pages} - {None}) > 1


def find_clear_student(row: Costs) -> int | None:
    """Find the one student who beats every other student, and nobody, by the margin; None if there is none."""
    if not row.size:
        return None
    best = int(row.argmin())
    others = np.delete(row, best)
    next_best = min(OPEN, float(others.min(initial=np.inf)))
    return best if row[best] + MARGIN <= next_best else None


def match_names(costs: Costs, by_hand: Mapping[int, int | None] | None = None) -> list[Match]:
    """Match responses with students, each student with one response at most, and only where there is no doubt.

    First the cheapest assignment of the whole class is found, in which a response may stay open. A pair of it is
    believed if it has a margin in three ways: over the other students that this name could mean, over the other
    responses that name this student, and as part of the whole assignment, over the best one without the pair. Each
    pair that is believed can settle others: if one Maria's last name stands on her response, the other Maria has no
    rival any more.

    Args:
        costs: (responses, students), cost a letter, 0 or more; infinite where there is no evidence.
        by_hand: what a person decided: by response, its student, or None to leave it open. These are not matched again.

    Returns:
        One match for each response, in their order. Those decided by hand have a margin of 0.
    """
    by_hand = by_hand or {}
    responses, students = costs.shape
    capped = np.minimum(np.where(np.isnan(costs), np.inf, costs), OPEN)
    is_settled = np.array([response in by_hand for response in range(responses)], bool)
    is_taken = np.zeros(students, bool)
    is_taken[[student for student in by_hand.values() if student is not None]] = True
    pairs = _assign_class(capped, np.flatnonzero(~is_settled), np.flatnonzero(~is_taken))
    student_of = dict(by_hand)
    margins = dict.fromkeys(by_hand, 0.0)
    while believed := _select_believed(capped, pairs, is_settled, is_taken):
        for response, margin in believed.items():
            student = pairs.pop(response).student
            is_settled[response], is_taken[student] = True, True
            student_of[response], margins[response] = student, margin
    return [
        Match(
            response,
            student_of.get(response),
            margins[response] if response in margins else _measure_lead(row),
            rank_guesses(row),
        )
        for response, row in enumerate(costs)
    ]


def rank_guesses(row: Costs) -> tuple[int, ...]:
    """List the students that come nearest to a name, best first, three at most; none where nobody is near."""
    order = np.argsort(row, kind="stable")[:MOST_GUESSES]
    return tuple(int(student) for student in order if row[student] < WORTH_A_GUESS)


def _measure_lead(row: Costs) -> float:
    """By how much the best student of a row leads the next one, or nobody."""
    best, *others = np.sort(np.append(np.minimum(row, OPEN), OPEN))
    return float(others[0] - best) if others else 0.0


@dataclass(frozen=True, slots=True)
class _Pair:
    """The student whom the cheapest assignment gives to a response, and how much dearer it gets without the pair."""

    student: int
    loss: float


def _assign_class(capped: Costs, responses: NDArray[np.intp], students: NDArray[np.intp]) -> dict[int, _Pair]:
    """Find the cheapest assignment of those responses to those students; by response, its pair."""
    worth = OPEN - capped[np.ix_(responses, students)]  # a pair saves what an open response would cost
    return {
        int(responses[row]): _Pair(int(students[column]), loss)
        for (row, column), loss in measure_best_pairs(worth.tolist()).items()
    }


def _select_believed(
    capped: Costs, pairs: Mapping[int, _Pair], is_settled: NDArray[np.bool_], is_taken: NDArray[np.bool_]
) -> dict[int, float]:
    """Select the pairs that nothing speaks against by now, each with its margin."""
    if not pairs:
        return {}
    free = np.where(is_taken[None, :], np.inf, capped)
    preferred = _find_preferred(free, is_settled)
    believed = {}
    for response, pair in pairs.items():
        cost = capped[response, pair.student]
        other_students = np.delete(free[response], pair.student).min(initial=OPEN)
        is_rival = preferred == pair.student
        is_rival[response] = False
        other_responses = capped[is_rival, pair.student].min(initial=np.inf)
        margin = float(min(other_students - cost, other_responses - cost, pair.loss))
        nearest_taken = capped[response, is_taken].min(initial=np.inf)
        if margin >= MARGIN and cost <= nearest_taken + TIE:
            believed[response] = margin
    return believed


def _find_preferred(free: Costs, is_settled: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each response that is not settled, find the one student who fits its name best; -1 where several tie."""
    best = free.argmin(axis=1)
    rows = np.arange(len(free))
    cost = free[rows, best]
    others = free.copy()
    others[rows, best] = OPEN
    is_clear = (others.min(axis=1) > cost + TIE) & ~is_settled
    return np.where(is_clear, best, -1)
