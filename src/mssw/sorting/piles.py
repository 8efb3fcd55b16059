"""One teacher's sorting of a class: piles in her own words, levels, and what is set aside.

First the values with their JSON form, and the order in which responses are shown: random, and always the same. Then
each act: it takes a sorting and returns the changed one. Last, pairs at the boundaries between levels: which responses
to compare, and whether an answer agrees with the levels.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any

from mssw.core.page import Box


class Level(StrEnum):
    """How much understanding of the learning objective a response shows, as a person judged it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a response that shows what a pile means.

    Attributes:
        alias: the response.
        page: its page, from 1.
        box: the place, in fractions of the page.
    """

    alias: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Pile:
    """A way of thinking that a teacher sees in several responses.

    Attributes:
        name: in her own words; no two piles share one.
        evidence: where it can be seen; None if she marked no place.
    """

    name: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a teacher put one response.

    Attributes:
        pile: the pile's name; empty if it has none yet.
        level: None if it has none yet.
        unsure: whether it is on the "not sure" pile.
        aside: why it is set aside; empty if it is not.
        note: her own words about it.
    """

    pile: str = ""
    level: Level | None = None
    unsure: bool = False
    aside: str = ""
    note: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing is left to do: it is set aside, or has a level and a pile (or is on "not sure")."""
        return bool(self.aside) or ((bool(self.pile) or self.unsure) and self.level is not None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two responses side by side, and which of them shows more understanding.

    Attributes:
        one: an alias.
        other: an alias.
        more: the alias of the one that shows more; empty for "about the same".
    """

    one: str
    other: str
    more: str = ""


@dataclass(frozen=True)
class Sorting:
    """All of one teacher's sorting.

    Attributes:
        by: the teacher's name or initials; empty for the presenting teacher.
        objective: the learning objective that levels are judged against.
        piles: in the order in which she made them.
        works: where each response is, by alias; one that is missing has not been sorted yet.
        comparisons: the pairs that she compared, in order.
    """

    by: str = ""
    objective: str = ""
    piles: tuple[Pile, ...] = ()
    works: Mapping[str, Placing] = field(default_factory=dict)
    comparisons: tuple[Comparison, ...] = ()

    def of(self, alias: str) -> Placing:
        """Where that response is; nowhere if it has not been sorted yet."""
        return self.works.get(alias, Placing())

    def placed(self, alias: str, placing: Placing) -> Sorting:
        """The sorting with that response there."""
        return replace(self, works={**self.works, alias: placing})

    def in_pile(self, name: str) -> tuple[str, ...]:
        """The aliases in that pile, in their own order."""
        return tuple(sorted(alias for alias, placing in self.works.items() if placing.pile == name))

    def to_json(self) -> dict[str, Any]:
        """The JSON for ``private/sorts``."""
        return {
            "version": 1,
            "by": self.by,
            "objective": self.objective,
            "piles": [{"name": pile.name, "evidence": _evidence_row(pile.evidence)} for pile in self.piles],
            "works": {alias: _placing_row(placing) for alias, placing in sorted(self.works.items())},
            "comparisons": [{"one": c.one, "other": c.other, "more": c.more} for c in self.comparisons],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Sorting:
        """Read it back."""
        return cls(
            str(value["by"]),
            str(value["objective"]),
            tuple(Pile(str(pile["name"]), _read_evidence(pile["evidence"])) for pile in value["piles"]),
            dict(_read_placings(value["works"])),
            tuple(Comparison(str(c["one"]), str(c["other"]), str(c["more"])) for c in value["comparisons"]),
        )


def _evidence_row(evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    return {"alias": evidence.alias, "page": evidence.page, "box": list(evidence.box.numbers)}


def _read_evidence(value: Mapping[str, Any] | None) -> Evidence | None:
    return None if value is None else Evidence(str(value["alias"]), int(value["page"]), Box(*value["box"]))


def _placing_row(placing: Placing) -> dict[str, Any]:
    return {
        "pile": placing.pile,
        "level": placing.level and str(placing.level),
        "unsure": placing.unsure,
        "aside": placing.aside,
        "note": placing.note,
    }


def _read_placings(rows: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, Placing]]:
    for alias, row in rows.items():
        level = Level(row["level"]) if row["level"] else None
        yield alias, Placing(str(row["pile"]), level, bool(row["unsure"]), str(row["aside"]), str(row["note"]))


def shuffle_aliases(aliases: Iterable[str], seed: str) -> tuple[str, ...]:
    """The aliases in an order that their names say nothing about.

    The seed gives each alias its place, so the others keep their order when one is added or removed.

    Args:
        aliases: in any order.
        seed: another one gives another order.
    """

    def place(alias: str) -> str:
        return hashlib.sha256(f"{seed}\n{alias}".encode()).hexdigest()

    return tuple(sorted(set(aliases), key=lambda alias: (place(alias), alias)))


# What a teacher does: each function takes a sorting and returns the changed one

UNSURE = "not sure"
"""The name of the pile that is always there. It is not a way of thinking, so it is kept apart from the other piles."""

REASONS = ("illegible", "promotes a stereotype", "identifies someone", "other")
"""Why a response is set aside. The last one needs a note."""

LONGEST_NAME = 80
LONGEST_TEXT = 600
MOST_PILES = 40


class PileError(ValueError):
    """The change cannot be made. The text is a sentence for the teacher, without its full stop."""


def collapse_spaces(text: str) -> str:
    """The text with single spaces, and none at its ends."""
    return " ".join(text.split())


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for capitals and spaces.

    >>> is_same_name("Air is nothing", " air is  Nothing"), is_same_name("air", "airs")
    (True, False)
    """
    return _drop_spaces(one) == _drop_spaces(other)


def _drop_spaces(name: str) -> str:
    return "".join(name.casefold().split())


def find_pile(sorting: Sorting, name: str) -> Pile | None:
    """The pile of that name, whatever its capitals and spaces; None if there is none."""
    return next((pile for pile in sorting.piles if is_same_name(pile.name, name)), None)


def add_pile(sorting: Sorting, name: str) -> Sorting:
    """Add a pile after the others.

    Raises:
        PileError: there is one of that name, or the name cannot be one.
    """
    name = _check_new_name(sorting, name)
    if len(sorting.piles) >= MOST_PILES:
        raise PileError(f"there are already {MOST_PILES} piles; merge some first")
    return replace(sorting, piles=(*sorting.piles, Pile(name)))


def rename_pile(sorting: Sorting, old: str, new: str) -> Sorting:
    """Give a pile another name; its responses stay in it.

    Raises:
        PileError: there is no such pile, or another one has the name.
    """
    pile = _get_pile(sorting, old)
    others = replace(sorting, piles=tuple(one for one in sorting.piles if one != pile))
    name = _check_new_name(others, new)
    piles = tuple(replace(one, name=name) if one == pile else one for one in sorting.piles)
    return replace(sorting, piles=piles, works=_move_responses(sorting, pile.name, name))


def merge_piles(sorting: Sorting, pile: str, into: str) -> Sorting:
    """Move all of one pile to another, and drop the first.

    Raises:
        PileError: one of them does not exist, or both are the same.
    """
    gone, kept = _get_pile(sorting, pile), _get_pile(sorting, into)
    if gone == kept:
        raise PileError("a pile cannot be merged with itself")
    both = replace(kept, evidence=kept.evidence or gone.evidence)
    piles = tuple(both if one == kept else one for one in sorting.piles if one != gone)
    return replace(sorting, piles=piles, works=_move_responses(sorting, gone.name, kept.name))


def delete_pile(sorting: Sorting, name: str) -> Sorting:
    """Drop a pile. Its responses count as not yet sorted, and keep their levels and notes.

    Raises:
        PileError: there is no such pile.
    """
    pile = _get_pile(sorting, name)
    piles = tuple(one for one in sorting.piles if one != pile)
    return replace(sorting, piles=piles, works=_move_responses(sorting, pile.name, ""))


def set_evidence(sorting: Sorting, name: str, evidence: Evidence | None) -> Sorting:
    """Keep the place in a response that shows what the pile means; None removes it.

    Raises:
        PileError: there is no such pile.
    """
    pile = _get_pile(sorting, name)
    piles = tuple(replace(one, evidence=evidence) if one == pile else one for one in sorting.piles)
    return replace(sorting, piles=piles)


def put_on_pile(sorting: Sorting, alias: str, pile: str) -> Sorting:
    """Put a response on a pile, or on none if the name is empty. It is no longer set aside.

    Raises:
        PileError: there is no such pile.
    """
    unsure = is_same_name(pile, UNSURE)
    name = "" if unsure or not pile else _get_pile(sorting, pile).name
    return sorting.placed(alias, replace(sorting.of(alias), pile=name, unsure=unsure, aside=""))


def set_level(sorting: Sorting, alias: str, level: Level | None) -> Sorting:
    """Give a response a level, or take its level back.

    Raises:
        PileError: the response is set aside.
    """
    placing = sorting.of(alias)
    if placing.aside and level is not None:
        raise PileError(f"{alias} is set aside, so it cannot have a level; put it back first")
    return sorting.placed(alias, replace(placing, level=level))


def set_aside(sorting: Sorting, alias: str, reason: str, note: str = "") -> Sorting:
    """Set a response aside: it leaves its pile and loses its level.

    Args:
        sorting: the sorting.
        alias: the response.
        reason: one of ``REASONS``.
        note: her own words; needed for the last reason. If empty, the note stays as it is.

    Raises:
        PileError: the reason is none of them, or the last one has no note.
    """
    if reason not in REASONS:
        raise PileError(f"the reason for setting a response aside must be {', '.join(REASONS[:-1])} or {REASONS[-1]}")
    reason_note = collapse_spaces(note)[:LONGEST_TEXT] or sorting.of(alias).note
    if reason == REASONS[-1] and not reason_note:
        raise PileError(f"add a note that says why you set {alias} aside")
    return sorting.placed(alias, Placing(aside=reason, note=reason_note))


def set_note(sorting: Sorting, alias: str, note: str) -> Sorting:
    """Keep the teacher's own words about a response."""
    return sorting.placed(alias, replace(sorting.of(alias), note=collapse_spaces(note)[:LONGEST_TEXT]))


def record_comparison(sorting: Sorting, comparison: Comparison) -> Sorting:
    """Keep the answer to a pair; it replaces an earlier answer to the same pair."""
    both = {comparison.one, comparison.other}
    if len(both) != 2 or comparison.more not in {"", *both}:  # noqa: PLR2004 - two responses are a pair
        raise PileError("a pair is two responses, and the one that shows more must be one of them")
    others = tuple(one for one in sorting.comparisons if {one.one, one.other} != both)
    return replace(sorting, comparisons=(*others, comparison))


def keep_released(sorting: Sorting, aliases: Iterable[str]) -> Sorting:
    """Drop responses that are no longer released."""
    free = set(aliases)
    return replace(
        sorting,
        works={alias: placing for alias, placing in sorting.works.items() if alias in free},
        comparisons=tuple(one for one in sorting.comparisons if {one.one, one.other} <= free),
        piles=tuple(
            replace(pile, evidence=None) if pile.evidence and pile.evidence.alias not in free else pile
            for pile in sorting.piles
        ),
    )


def _check_new_name(sorting: Sorting, name: str) -> str:
    name = collapse_spaces(name)
    if not name:
        raise PileError("a pile needs a name, in your own words")
    if len(name) > LONGEST_NAME:
        raise PileError(f"the name of a pile can have at most {LONGEST_NAME} letters")
    if is_same_name(name, UNSURE):
        raise PileError(f"there is already a pile “{UNSURE}”")
    if pile := find_pile(sorting, name):
        raise PileError(f"there is already a pile “{pile.name}”")
    return name


def _get_pile(sorting: Sorting, name: str) -> Pile:
    pile = find_pile(sorting, name)
    if pile is None:
        raise PileError(f"the pile “{collapse_spaces(name)}” no longer exists")
    return pile


def _move_responses(sorting: Sorting, old: str, new: str) -> dict[str, Placing]:
    return {
        alias: replace(placing, pile=new) if placing.pile == old else placing
        for alias, placing in sorting.works.items()
    }


# Pairs at the boundaries between levels

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
        sentence: for the teacher.
        moves: what she may do, if they say the opposite.
    """

    agrees: bool
    sentence: str
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
            agrees=True, sentence=("Saved. One of the two has no level, so there is nothing to compare it with.")
        )
    if not answer.more:
        if one is other:
            return Verdict(agrees=True, sentence=f"You see them as about the same, and both are {one}.")
        return Verdict(
            agrees=False,
            sentence=(
                f"You see them as about the same, but {answer.one} is {one} and {answer.other} is {other}. "
                "Nothing was changed."
            ),
            moves=(Move(answer.one, other), Move(answer.other, one)),
        )
    less = answer.other if answer.more == answer.one else answer.one
    more_is, less_is = (one, other) if answer.more == answer.one else (other, one)
    if _HIGHEST[more_is] <= _HIGHEST[less_is]:
        if one is other:
            return Verdict(agrees=True, sentence=f"Both are {one}, so this fits your levels.")
        return Verdict(
            agrees=True, sentence=(f"{answer.more} is {more_is} and {less} is {less_is}, so this fits your levels.")
        )
    return Verdict(
        agrees=False,
        sentence=(
            f"You say that {answer.more} shows more, but {answer.more} is {more_is} and {less} is {less_is}. "
            "Nothing was changed."
        ),
        moves=(Move(answer.more, less_is), Move(less, more_is)),
    )
