"""One teacher's sorting of a class: piles in her own words, levels apart from them, and what is set aside.

The order in which works are shown for sorting: drawn by chance once, and the same ever after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from mssw.core.page import Box


class Level(StrEnum):
    """How much understanding a work shows against the learning objective, as a person judged it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a work that shows what a pile means.

    Attributes:
        alias: of the work.
        page: 1-based page of it.
        box: the place, in fractions of the page.
    """

    alias: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Pile:
    """A way of thinking that a teacher sees in several works.

    Attributes:
        name: in her own words; what tells it from the other piles.
        evidence: where it can be seen; None where she pointed at nothing.
    """

    name: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a teacher put one work.

    Attributes:
        pile: the pile's name; empty where she gave none yet.
        level: None where she gave none yet.
        unsure: whether it lies on the "not sure" pile.
        aside: why it takes no part; empty where it does.
        note: her own words about it.
    """

    pile: str = ""
    level: Level | None = None
    unsure: bool = False
    aside: str = ""
    note: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing is left to say of it: it is set aside, or has a level and a pile (or lies on "not sure")."""
        return bool(self.aside) or ((bool(self.pile) or self.unsure) and self.level is not None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two works side by side, and which of them shows more understanding.

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
        by: the teacher's name or initials; empty for the one who presents.
        objective: the learning objective that levels are judged against.
        piles: in the order in which she made them.
        works: where each work lies, by alias; one that is not in it has not been touched.
        comparisons: pairs that she looked at, in order.
    """

    by: str = ""
    objective: str = ""
    piles: tuple[Pile, ...] = ()
    works: Mapping[str, Placing] = field(default_factory=dict)
    comparisons: tuple[Comparison, ...] = ()

    def of(self, alias: str) -> Placing:
        """Where that work lies; nowhere where nobody put it anywhere."""
        return self.works.get(alias, Placing())

    def placed(self, alias: str, placing: Placing) -> Sorting:
        """The sorting with that work put there."""
        return replace(self, works={**self.works, alias: placing})

    def in_pile(self, name: str) -> tuple[str, ...]:
        """The aliases in that pile, in their own order."""
        return tuple(sorted(alias for alias, placing in self.works.items() if placing.pile == name))

    def to_json(self) -> dict[str, Any]:
        """As it stands in ``private/sorts``."""
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

    Each has a place of its own by the seed, so a work that comes later or goes leaves the others' order as it is.

    Args:
        aliases: in any order.
        seed: kept in ``private/``; another one gives another order.
    """

    def place(alias: str) -> str:
        return hashlib.sha256(f"{seed}\n{alias}".encode()).hexdigest()

    return tuple(sorted(set(aliases), key=lambda alias: (place(alias), alias)))
