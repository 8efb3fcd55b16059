"""Pairs at the boundaries between levels: which responses to compare, and whether an answer agrees with the levels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mssw.sorting.sort_values import Comparison, Level, Sorting

MOST_PAIRS = 6
"""In one sitting. A few at the boundaries correct most of what a direct sort gets wrong, and nobody tires of them."""

LEVELS = (Level.HIGH, Level.MEDIUM, Level.LOW)
_HIGHEST = {level: place for place, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two responses from either side of a boundary.

    Attributes:
        one: an alias. It may be the upper response or the lower one, so that its place gives nothing away.
        other: the other alias.
    """

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Move:
    """A level that a teacher may give a response after an answer."""

    alias: str
    level: Level


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer agrees with the levels. It moves nothing.

    Attributes:
        agrees: whether the levels say the same as the answer.
        said: a sentence for the teacher.
        moves: what she may do, if they say the opposite.
    """

    agrees: bool
    said: str
    moves: tuple[Move, ...] = ()


def pick_boundary_pairs(sorting: Sorting, order: Sequence[str], most: int = MOST_PAIRS) -> tuple[Pair, ...]:
    """Pick pairs across each boundary that were not compared before.

    Only what the teacher did tells how near a response is to a boundary. Both of a pair are near it that she found
    about the same, or ranked against the levels; so is a response on "not sure", or with a question mark in its note.
    Of the others, those compared least come first, then those that come first in the order shown.

    Args:
        sorting: with levels.
        order: all responses, as they are shown.
        most: the largest number of pairs, shared out evenly over the boundaries.
    """
    by_level = {level: _sort_by_doubt(sorting, order, level) for level in LEVELS}
    there = [level for level in LEVELS if by_level[level]]
    compared = {frozenset((one.one, one.other)) for one in sorting.comparisons}
    used: Counter[str] = Counter()
    found: list[list[Pair]] = [[] for _ in there[1:]]
    going = True
    while going:
        going = False
        for pairs, (upper, lower) in zip(found, pairwise(there), strict=True):
            if sum(map(len, found)) >= most:
                break
            pair = _next_pair(by_level[upper], by_level[lower], compared, used)
            if pair is not None:
                compared.add(frozenset(pair))
                used.update(pair)
                pairs.append(_order_pair(*pair, order))
                going = True
    return tuple(pair for pairs in found for pair in pairs)


def _sort_by_doubt(sorting: Sorting, order: Sequence[str], level: Level) -> list[str]:
    times = Counter(alias for one in sorting.comparisons for alias in (one.one, one.other))
    doubted = {
        alias for one in sorting.comparisons if not judge_answer(sorting, one).agrees for alias in (one.one, one.other)
    }
    places = {alias: place for place, alias in enumerate(order)}

    def far(alias: str) -> tuple[bool, bool, int, int]:
        placing = sorting.of(alias)
        return (alias not in doubted, not (placing.unsure or "?" in placing.note), times[alias], places[alias])

    these = [alias for alias in order if sorting.of(alias).level is level and not sorting.of(alias).aside]
    return sorted(these, key=far)


def _next_pair(
    upper: Sequence[str], lower: Sequence[str], compared: set[frozenset[str]], used: Counter[str]
) -> tuple[str, str] | None:
    """The new pair whose responses were shown least in this sitting; of several, the nearest to the boundary."""
    ranked = [
        (used[one] + used[other], up + down, up, one, other)
        for up, one in enumerate(upper)
        for down, other in enumerate(lower)
        if frozenset((one, other)) not in compared
    ]
    if not ranked:
        return None
    _, _, _, one, other = min(ranked)
    return one, other


def _order_pair(upper: str, lower: str, order: Sequence[str]) -> Pair:
    """The one that is shown first is on the left, whatever its level."""
    return Pair(upper, lower) if order.index(upper) < order.index(lower) else Pair(lower, upper)


def judge_answer(sorting: Sorting, answer: Comparison) -> Verdict:
    """Whether an answer agrees with the levels that both responses have now."""
    one, other = sorting.of(answer.one).level, sorting.of(answer.other).level
    if one is None or other is None:
        return Verdict(
            agrees=True, said=("Saved. One of the two has no level, so there is nothing to compare it with.")
        )
    if not answer.more:
        if one is other:
            return Verdict(agrees=True, said=f"You see them as about the same, and both are {one}.")
        return Verdict(
            agrees=False,
            said=(
                f"You see them as about the same, but {answer.one} is {one} and {answer.other} is {other}. "
                "Nothing was changed."
            ),
            moves=(Move(answer.one, other), Move(answer.other, one)),
        )
    less = answer.other if answer.more == answer.one else answer.one
    more_is, less_is = (one, other) if answer.more == answer.one else (other, one)
    if _HIGHEST[more_is] <= _HIGHEST[less_is]:
        if one is other:
            return Verdict(agrees=True, said=f"Both are {one}, so this fits your levels.")
        return Verdict(
            agrees=True, said=(f"{answer.more} is {more_is} and {less} is {less_is}, so this fits your levels.")
        )
    return Verdict(
        agrees=False,
        said=(
            f"You say that {answer.more} shows more, but {answer.more} is {more_is} and {less} is {less_is}. "
            "Nothing was changed."
        ),
        moves=(Move(answer.more, less_is), Move(less, more_is)),
    )
