"""Who wrote which work: the costs of the names that were read, solved for the whole class at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Costs = NDArray[np.float64]

OPEN = 1.6
"""Cost a letter of leaving a work open: a name that reads worse than this says nothing of who wrote it."""

MARGIN = 0.25
"""By how much a match must beat everything that speaks against it. So a name is believed up to OPEN - MARGIN."""

TIE = 0.1
"""Costs nearer than this are the same name: Maria and Maria, where no last name was written."""

GUESSES = 3
WORTH_A_GUESS = 2.2
"""Cost a letter over which nobody would think of that student."""

_NO_EVIDENCE = 4.0  # stands for infinity where costs of several pages are weighed
_CLEAR = 0.2  # added to a page's best cost, so that one perfect page does not silence all others
_NEAREST = 24  # alternatives of a work that are followed when a match is put to the test


@dataclass(frozen=True, slots=True)
class Match:
    """What the names say of one work.

    Attributes:
        work: its index.
        student: index of the student; None where the work stays open.
        margin: by how much the match beats what speaks against it, in cost a letter. Of an open work, by how much the
            best student leads the next; 0 where no name was read.
        guesses: the nearest students, best first, three at most.
    """

    work: int
    student: int | None
    margin: float
    guesses: tuple[int, ...]


def of_one_response(pages: Costs) -> Costs:
    """One row of costs for a work whose name stands on several pages.

    Pages are weighed by how well their best name reads. Where two pages clearly say two students (two works have got
    mixed), no page is preferred: these students cost the same, so that none has a margin.

    Args:
        pages: (pages, students), cost a letter; infinite where there is no evidence.

    Returns:
        (students,), infinite where no page has evidence.
    """
    known = np.isfinite(pages)
    told = pages[known.any(axis=1)]
    if len(told) < 2:
        return told[0] if len(told) else np.full(pages.shape[1], np.inf)
    if contradicts(told):
        row: Costs = told.min(axis=0)
        named = [said for said in map(clearly_says, told) if said is not None]
        row[named] = row[named].max()
        return row
    capped = np.minimum(told, _NO_EVIDENCE)
    weights = 1 / (_CLEAR + capped.min(axis=1))
    row = weights @ capped / weights.sum()
    return np.where(known.any(axis=0), row, np.inf)


def contradicts(pages: Costs) -> bool:
    """Whether two pages (rows, as for ``of_one_work``) each clearly say another student."""
    return len({clearly_says(row) for row in pages} - {None}) > 1


def clearly_says(row: Costs) -> int | None:
    """The one student whom a row of costs says with a margin over every other and over nobody; None if it does not."""
    if not row.size:
        return None
    best = int(row.argmin())
    others = np.delete(row, best)
    beaten = min(OPEN, float(others.min(initial=np.inf)))
    return best if row[best] + MARGIN <= beaten else None


def match(costs: Costs, said: Mapping[int, int | None] | None = None) -> list[Match]:
    """Give works to students, each student to one work at most, and only what is beyond doubt.

    The cheapest assignment of the whole class is found, in which a work may stay open. A pair of it is believed where
    it has a margin in every way: the work's name over other students that are not accounted for, the student's work
    over other works that say her name, and the whole assignment over the best one without that pair. What is believed
    then settles others: of two Marias, the one whose last name stands on another work is no rival any more.

    Args:
        costs: (works, students), cost a letter, 0 or more; infinite where there is no evidence.
        said: by work, the student that a person gave it to, or None to leave it open. It is not asked for again.

    Returns:
        One match for each work, in their order. Those in ``said`` have a margin of 0.
    """
    said = said or {}
    works, students = costs.shape
    capped = np.minimum(np.where(np.isnan(costs), np.inf, costs), OPEN)
    settled = np.array([work in said for work in range(works)], bool)
    taken = np.zeros(students, bool)
    taken[[student for student in said.values() if student is not None]] = True
    pairs = _tested(capped, np.flatnonzero(~settled), np.flatnonzero(~taken))
    believed: dict[int, tuple[int, float]] = {}
    while found := _believable(capped, pairs, settled, taken):
        for work, (student, _) in found.items():
            settled[work], taken[student] = True, True
            del pairs[work]
        believed |= found
    whose = dict(said) | {work: student for work, (student, _) in believed.items()}
    margins = {work: margin for work, (_, margin) in believed.items()} | dict.fromkeys(said, 0.0)
    return [
        Match(work, whose.get(work), margins[work] if work in margins else _lead(row), guesses(row))
        for work, row in enumerate(costs)
    ]


def guesses(row: Costs) -> tuple[int, ...]:
    """The students that come nearest to a name, best first, three at most; none where nothing is near."""
    order = np.argsort(row, kind="stable")[:GUESSES]
    return tuple(int(student) for student in order if row[student] < WORTH_A_GUESS)


def _lead(row: Costs) -> float:
    """By how much the best student of a row leads the next, or nobody."""
    best, *others = np.sort(np.append(np.minimum(row, OPEN), OPEN))
    return float(others[0] - best) if others else 0.0


@dataclass(frozen=True, slots=True)
class _Pair:
    """A work and the student that the cheapest assignment gives it, and what it would cost to forbid the two."""

    student: int
    loss: float


def _tested(capped: Costs, works: NDArray[np.intp], students: NDArray[np.intp]) -> dict[int, _Pair]:
    """The pairs of the cheapest assignment of those works to those students, by work."""
    part = capped[np.ix_(works, students)]
    size = max(part.shape)
    square = np.full((size, size), OPEN)
    square[: part.shape[0], : part.shape[1]] = part
    given: NDArray[np.intp] = linear_sum_assignment(square)[1]
    paid = square[np.arange(size), given]
    real = np.flatnonzero(paid < OPEN)
    losses = _losses(square[:, given], real)
    return {
        int(works[row]): _Pair(int(students[given[row]]), float(loss)) for row, loss in zip(real, losses, strict=True)
    }


def _losses(square: Costs, asked: NDArray[np.intp]) -> Costs:
    """How much dearer the cheapest assignment gets where one of its pairs is forbidden, for each pair asked for.

    Without its student, a work takes another's, which in turn takes a third's, and so on until one takes what the first
    has left. Staying open is a stop on the way that every work may make. The cheapest such round is a shortest path (as
    in Johnson's algorithm: single steps may cost less than nothing, so they are first shifted by potentials).

    Args:
        square: costs at most OPEN; column i is the one that row i has.
        asked: rows.
    """
    size = len(square)
    own = square.diagonal()
    start, end = _steps(square)
    everyone, nowhere = np.arange(size), np.full(size, size)
    costs = np.concatenate([square[start, end] - own[end], np.full(size, OPEN), -own])
    start, end = np.concatenate([start, everyone, nowhere]), np.concatenate([end, nowhere, everyone])
    shift = _potentials(start, end, costs, size + 1)
    # a step that costs nothing at all would be no step in a sparse matrix
    graph = csr_array(
        (np.maximum(costs + shift[start] - shift[end], 0) + 1e-12, (start, end)), shape=(size + 1, size + 1)
    )
    losses = np.empty(len(asked))
    for place, row in enumerate(asked):
        way = dijkstra(graph, indices=np.array([row]), limit=OPEN)[0] + shift - shift[row]
        back = np.append(np.where(square[:, row] < OPEN, square[:, row], np.inf), 0.0)
        back[row] = np.inf  # the pair itself is forbidden
        losses[place] = (way + back).min() - own[row]
    return losses


def _steps(square: Costs) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which works could take which others' students: for each its nearest, as indices of both."""
    size = len(square)
    apart = square + np.diag(np.full(size, np.inf))
    if size <= _NEAREST:
        rows, places = np.nonzero(apart < OPEN)
        return rows, places
    near = np.argpartition(apart, _NEAREST, axis=1)[:, :_NEAREST]
    rows, places = np.nonzero(np.take_along_axis(apart, near, axis=1) < OPEN)
    return rows, near[rows, places]


def _potentials(start: NDArray[np.intp], end: NDArray[np.intp], costs: Costs, size: int) -> Costs:
    """The cheapest way to each node from anywhere (Bellman and Ford): with it, no step costs less than nothing."""
    nearest = np.zeros(size)
    for _ in range(size):
        nearer = nearest.copy()
        np.minimum.at(nearer, end, nearest[start] + costs)
        if np.allclose(nearer, nearest, rtol=0, atol=1e-12):
            break
        nearest = nearer
    return nearest


def _believable(
    capped: Costs, pairs: Mapping[int, _Pair], settled: NDArray[np.bool_], taken: NDArray[np.bool_]
) -> dict[int, tuple[int, float]]:
    """The pairs that nothing speaks against by now, each with its margin."""
    if not pairs:
        return {}
    free = np.where(taken[None, :], np.inf, capped)
    prefers = _preferred(free, settled)
    found = {}
    for work, pair in pairs.items():
        cost = capped[work, pair.student]
        rivals = np.delete(free[work], pair.student).min(initial=OPEN)
        others = prefers == pair.student
        others[work] = False
        claims = capped[others, pair.student].min(initial=np.inf)
        gone = capped[work, taken].min(initial=np.inf)
        margin = float(min(rivals - cost, claims - cost, pair.loss))
        if margin >= MARGIN and cost <= gone + TIE:
            found[work] = (pair.student, margin)
    return found


def _preferred(free: Costs, settled: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each work that is not settled the one student whom its name says rather than any other; else -1."""
    best = free.argmin(axis=1)
    rows = np.arange(len(free))
    cost = free[rows, best]
    others = free.copy()
    others[rows, best] = OPEN
    sure = (others.min(axis=1) > cost + TIE) & ~settled
    return np.where(sure, best, -1)
