"""In which order a task's pages come, told by how they follow each other in a stack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

CLEAR = 0.7  # of the pages after a page are the same one; the rest are faults of the feeder


def page_order(runs: Sequence[Sequence[int]], kinds: int, named: Collection[int]) -> tuple[int, ...] | None:
    """The kinds of printed pages of a stack in the order in which a work has them.

    Whatever page the stack begins with is the first, if the stack ends with the last one: it holds whole works. Where
    it does not, a page is missing at one of its ends, and the only page with a name field is taken for the first.
    Pages of two students would be mixed if nobody knew where a work begins, so then there is no answer.

    Args:
        runs: kinds of pages that followed each other in the stack, 0 and up; the first run begins with the stack's
            first page that is of any kind, the last one ends with its last.
        kinds: how many there are.
        named: those with a name field.
    """
    if kinds == 1:
        return (0,)
    after = _successors(runs, kinds)
    if after is None or not runs or not runs[0] or not runs[-1]:
        return None
    first, last = runs[0][0], runs[-1][-1]
    whole = after[last] == first
    only = next(iter(named)) if len(named) == 1 else None
    if whole and only == last and only != first:  # fed back to front
        return tuple(reversed(_round(after, first)))
    if whole:
        return _round(after, first)
    return None if only is None else _round(after, only)


def _successors(runs: Sequence[Sequence[int]], kinds: int) -> dict[int, int] | None:
    """Which kind follows each; None where that is not clear, or they do not go round through all of them."""
    seen = Counter(pair for run in runs for pair in pairwise(run))
    after = {}
    for kind in range(kinds):
        followers = {other: count for (one, other), count in seen.items() if one == kind}
        if not followers:
            return None
        other = max(sorted(followers), key=followers.__getitem__)
        if followers[other] < CLEAR * sum(followers.values()):
            return None
        after[kind] = other
    return after if len(set(_round(after, 0))) == kinds else None


def _round(after: dict[int, int], start: int) -> tuple[int, ...]:
    found = [start]
    while len(found) < len(after):
        found.append(after[found[-1]])
    return tuple(found)
