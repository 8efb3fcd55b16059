"""Why a work was chosen, in one sentence that names works by alias only."""

from __future__ import annotations

from collections.abc import Sequence

from mssw.model.selection import NOT_SURE, Candidate, Cell

FEW = 3  # of so many works of a cell one can be typical


def place(work: Candidate) -> str:
    """Where the teacher put a work: ``“air is nothing”, high``."""
    level = f"{work.level}" if work.level else "no level"
    if work.pile:
        return f"“{work.pile}”, {level}"
    return f"no pile, {level}" if work.level else "not sorted"


def reasons(chosen: Sequence[Candidate], works: Sequence[Candidate]) -> dict[str, str]:
    """The reason for each sample, by id.

    Args:
        chosen: in the order in which each cell was filled.
        works: all works that were not set aside, the banned and those left out too.
    """
    told: dict[str, str] = {}
    before: dict[Cell, list[Candidate]] = {}
    for work in chosen:
        earlier = before.setdefault(work.cell, [])
        told[work.id] = _reason(work, earlier, chosen, works)
        earlier.append(work)
    return told


def _reason(
    work: Candidate, earlier: Sequence[Candidate], chosen: Sequence[Candidate], works: Sequence[Candidate]
) -> str:
    alike = [one for one in works if one.cell == work.cell]
    if work.locked:
        told = f"You asked for it ({place(work)})."
    elif work.pile and sum(one.pile == work.pile for one in works) == 1:
        rare = f"The only work in “{work.pile}”: rare thinking is kept."
        told = "The only work that you were not sure about." if work.pile == NOT_SURE else rare
    elif work.level and sum(one.level == work.level for one in works) == 1:
        told = f"The only {work.level} work."
    elif len(alike) == 1:
        told = f"The only {_kind(work, 'work')}."
    else:
        taken = sum(one.cell == work.cell for one in chosen)
        told = _among(f"{len(alike)} {_kind(work, 'works')}", alike, earlier, taken)
    return told


def _among(many: str, alike: Sequence[Candidate], earlier: Sequence[Candidate], taken: int) -> str:
    """Why one of several works of a cell."""
    if taken == len(alike):
        return f"One of the {many}, all of them chosen."
    known = all(one.written for one in alike)
    stood_back = any(one.shown_lately for one in alike)  # then the one chosen need not be the most typical of all
    if not known or stood_back or (not earlier and len(alike) < FEW):
        return f"One of the {many}."
    if not earlier:
        return f"By how much is written, the most typical of the {many}."
    others = " and ".join(one.id for one in earlier)
    return f"Of the {many}, it differs most from {others} in how much is written."


def _kind(work: Candidate, noun: str) -> str:
    """``high works in “air is nothing”``."""
    level = f"{work.level} {noun}" if work.level else f"{noun} without a level"
    return f"{level} in “{work.pile}”" if work.pile else f"{level} in no pile"
