"""How far two teachers' sortings of the same responses agree, and which responses they should talk about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import comb, sqrt

from mssw.core.pairing import find_best_pairs
from mssw.sorting.piles import Level, Placing, Sorting, is_same_name

RANKS = {Level.LOW: 0, Level.MEDIUM: 1, Level.HIGH: 2}
WITHIN_95 = 1.959964  # standard errors to each side that hold 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Kappa:
    """Quadratic weighted kappa: agreement beyond chance, where two levels apart weighs four times as much as one.

    Attributes:
        value: 1 for the same everywhere, 0 for what chance alone would give, below 0 for less than that.
        low: lower end of its 95 % interval, not below -1.
        high: upper end, not above 1.
        works: how many responses have a level from both.
    """

    value: float
    low: float
    high: float
    works: int


@dataclass(frozen=True, slots=True)
class PileMatch:
    """A pile of one teacher and the pile of the other that shows the same thinking, judged by the responses in both.

    Attributes:
        one: the first teacher's name of it.
        other: the second's.
        shared: aliases of the responses that are in both.
    """

    one: str
    other: str
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A work that two teachers see differently.

    Attributes:
        alias: of the response.
        one: where the first teacher put it.
        other: where the second did.
        apart: how far: 2 for each level between them, 2 for piles that do not match, 1 where only one was not sure.
    """

    alias: str
    one: Placing
    other: Placing
    apart: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two sortings have in common.

    Attributes:
        works: aliases that both teachers sorted and neither set aside.
        levels: None if fewer than two responses have a level from both, or if a teacher gave only one level.
        piles: adjusted Rand index of the piles: 1 for the same piles, whatever their names, about 0 for chance; None
            if fewer than two responses are in a pile of both.
        matches: the one-to-one matching of piles that puts the most responses into the same pile, the largest first.
        alone_one: piles of the first teacher that match none of the second's, and that only the first has by name.
        alone_other: piles of the second teacher that match none of the first's, and that only the second has by name.
        split: the responses that they see differently, the farthest apart first.
        aside: responses that only one of the two set aside.
        missing: responses that only one of the two has sorted so far.
    """

    works: tuple[str, ...]
    levels: Kappa | None
    piles: float | None
    matches: tuple[PileMatch, ...]
    alone_one: tuple[str, ...]
    alone_other: tuple[str, ...]
    split: tuple[Split, ...]
    aside: tuple[str, ...]
    missing: tuple[str, ...]


def compare(one: Sorting, other: Sorting) -> Agreement:
    """Compare two sortings of the same class. Piles may go by any names."""
    begun = {alias for alias in {*one.works, *other.works} if _begun(one.of(alias)) and _begun(other.of(alias))}
    aside = {alias for alias in begun if bool(one.of(alias).aside) != bool(other.of(alias).aside)}
    works = sorted(alias for alias in begun if not (one.of(alias).aside or other.of(alias).aside))
    pairs = [(one.of(alias), other.of(alias)) for alias in works]
    levels = [(RANKS[a.level], RANKS[b.level]) for a, b in pairs if a.level is not None and b.level is not None]
    piled = {alias: (one.of(alias).pile, other.of(alias).pile) for alias in works if _in_piles(one, other, alias)}
    matches = match_piles(piled)
    same = {(match.one, match.other) for match in matches} | {names for names in piled.values() if is_same_name(*names)}
    both = {pile.name for pile in one.piles if _has_pile(other, pile.name)}
    both |= {pile.name for pile in other.piles if _has_pile(one, pile.name)}
    split = [Split(alias, a, b, _apart(a, b, same)) for alias, (a, b) in zip(works, pairs, strict=True)]
    touched = {alias for sorting in (one, other) for alias in sorting.works if _begun(sorting.of(alias))}
    return Agreement(
        tuple(works),
        weighted_kappa(levels, len(RANKS)),
        adjusted_rand(list(piled.values())) if len(piled) > 1 else None,
        matches,
        tuple(pile.name for pile in one.piles if pile.name not in {match.one for match in matches} | both),
        tuple(pile.name for pile in other.piles if pile.name not in {match.other for match in matches} | both),
        tuple(sorted((entry for entry in split if entry.apart), key=lambda entry: (-entry.apart, entry.alias))),
        tuple(sorted(aside)),
        tuple(sorted(touched - begun)),
    )


def _has_pile(sorting: Sorting, name: str) -> bool:
    """Whether a teacher has a pile of that name, whatever its capitals and spaces."""
    return any(is_same_name(pile.name, name) for pile in sorting.piles)


def _begun(placing: Placing) -> bool:
    return bool(placing.aside or placing.pile or placing.unsure or placing.level)


def _in_piles(one: Sorting, other: Sorting, alias: str) -> bool:
    """Whether both teachers named its thinking; "not sure" is no pile of thinking."""
    return all(placing.pile and not placing.unsure for placing in (one.of(alias), other.of(alias)))


def _apart(a: Placing, b: Placing, same: set[tuple[str, str]]) -> int:
    levels = 0 if a.level is None or b.level is None else 2 * abs(RANKS[a.level] - RANKS[b.level])
    if a.unsure or b.unsure:
        return levels + (a.unsure != b.unsure)
    return levels + (2 if a.pile and b.pile and (a.pile, b.pile) not in same else 0)


def weighted_kappa(pairs: Sequence[tuple[int, int]], categories: int) -> Kappa | None:
    """Cohen's kappa with weights 1 - (i - j)² / (categories - 1)², and its 95 % interval.

    Kappa: Cohen, Psychological Bulletin 70 (1968) 213-220. Standard error for large samples: Fleiss, Cohen & Everitt,
    Psychological Bulletin 72 (1969) 323-327. A class is a small sample: the true interval is rather wider, and where
    two agree on everything the formula has nothing to measure it by and gives a width of 0.

    Args:
        pairs: the two ranks of each response, from 0 up.
        categories: how many ranks there are, at least 2.

    Returns:
        None if chance alone would give full agreement, or there are fewer than two responses.
    """
    n = len(pairs)
    share = {pair: count / n for pair, count in Counter(pairs).items()}
    ones = [sum(part for (a, _), part in share.items() if a == rank) for rank in range(categories)]
    others = [sum(part for (_, b), part in share.items() if b == rank) for rank in range(categories)]

    def weight(a: int, b: int) -> float:
        return 1 - (a - b) ** 2 / (categories - 1) ** 2

    ranks = range(categories)
    of_one = [sum(weight(a, b) * others[b] for b in ranks) for a in ranks]
    of_other = [sum(weight(a, b) * ones[a] for a in ranks) for b in ranks]
    chance = sum(ones[a] * of_one[a] for a in ranks)
    if n < 2 or 1 - chance < 1e-12:  # noqa: PLR2004 - one response shows nothing, and rounding leaves a trace
        return None
    seen = sum(weight(a, b) * part for (a, b), part in share.items())
    kappa = (seen - chance) / (1 - chance)
    spread = sum(part * (weight(a, b) - (of_one[a] + of_other[b]) * (1 - kappa)) ** 2 for (a, b), part in share.items())
    variance = max(0.0, spread - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2)
    reach = WITHIN_95 * sqrt(variance)
    return Kappa(kappa, max(-1.0, kappa - reach), min(1.0, kappa + reach), n)


def adjusted_rand(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """The adjusted Rand index (Hubert & Arabie, Journal of Classification 2 (1985) 193-218).

    Args:
        pairs: for each response the pile of one teacher and the pile of the other.

    Returns:
        1 for the same piles, also where both make one pile of all or a pile of each response; chance gives about 0.
    """
    together = sum(comb(count, 2) for count in Counter(pairs).values())
    one = sum(comb(count, 2) for count in Counter(a for a, _ in pairs).values())
    other = sum(comb(count, 2) for count in Counter(b for _, b in pairs).values())
    every = comb(len(pairs), 2)
    if one == other == together:
        return 1.0
    # all is brought over the number of pairs, so that it is divided once
    return (together * every - one * other) / ((one + other) * every / 2 - one * other)


def match_piles(piled: dict[str, tuple[str, str]]) -> tuple[PileMatch, ...]:
    """Match the piles of two teachers one to one, so that the most responses are in matching piles.

    Args:
        piled: for each alias the pile of one teacher and the pile of the other.

    Returns:
        The matches that share a response, the largest first.
    """
    ones = sorted({a for a, _ in piled.values()})
    others = sorted({b for _, b in piled.values()})
    counts = Counter(piled.values())
    first = len(ones) + 1  # one more work weighs more than any number of equal names, which settle ties
    pairs = find_best_pairs(
        [[counts[a, b] and counts[a, b] * first + is_same_name(a, b) for b in others] for a in ones]
    )
    matches = [
        PileMatch(
            ones[a],
            others[b],
            tuple(sorted(alias for alias, piles in piled.items() if piles == (ones[a], others[b]))),
        )
        for a, b in pairs
    ]
    return tuple(sorted(matches, key=lambda match: (-len(match.shared), match.one)))
