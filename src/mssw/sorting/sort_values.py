"""One teacher's sorting of a class: piles in her own words, levels, and what is set aside, with its JSON form.

``shuffle_aliases`` gives the order in which responses are shown for sorting: random, and always the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
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
