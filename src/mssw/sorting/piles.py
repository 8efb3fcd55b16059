"""What a teacher does with responses and piles: each function takes a sorting and returns the changed one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mssw.sorting.sort_values import Comparison, Evidence, Level, Pile, Placing, Sorting

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
    if len(both) != 2 or comparison.more not in {"", *both}:  # noqa: PLR2004 - two works are a pair
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
