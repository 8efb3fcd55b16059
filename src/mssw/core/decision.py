"""What a person decided about single pages, by the page's hash, and about a place on every page of the class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from mssw.core.page import Box

VERSION = 3
_WITHOUT_RECALL = 2  # the version that an earlier mssw reads too: where nothing was recalled, it knows all there is
TURNS = (0, 90, 180, 270)
CUTS = ("", "join", "split")
WHOLLY = 0.999  # of a box inside another, to count as wholly inside: a screen's pixels round off the rest


class Aside(StrEnum):
    """Why a response is set aside, in words that a report may repeat."""

    ILLEGIBLE = "illegible"
    STEREOTYPE = "promotes a stereotype"
    IDENTIFIES = "identifies someone"
    OTHER = "set aside by the teacher"
    NOW = "needs attention now"


@dataclass(frozen=True, slots=True)
class PageDecision:
    """What was decided about one page.

    Attributes:
        covers: boxes that a person added, in fractions of the registered page.
        cleared_as: the recipe under which a person approved the page; empty where nobody did. Another recipe
            (another field, another blank task, a cover taken away) covers other places, so the page has to be looked
            at again.
        aside: why the page's response is set aside; empty if it is not.
        dropped: covers of ours that a person took away, box by box.
        dropped_as: the recipe of the page when they were taken away. Under another recipe they are painted again.
        note: a person's own words on why it is set aside. They may name somebody, so they stay here.
        turn: degrees clockwise by which a person turned the page.
        joins: the identity of a page in the response that this one belongs to; its own for a response of its own;
            empty if the order of the stack decides.
        blank: whether a person marked it as blank.
        cut: ``join`` or ``split`` where a person decided whether a response begins with this page; empty if its head
            decides.
        not_names: flagged places that a person looked at and that name nobody.
        not_names_as: the recipe of the page when that was decided. Under another recipe they are flagged again.
        recalled: whether a name was seen on its response after it was handed out. It stays on hold until a person
            has approved all its pages anew.
    """

    covers: tuple[Box, ...] = ()
    cleared_as: str = ""
    aside: str = ""
    dropped: tuple[Box, ...] = ()
    dropped_as: str = ""
    note: str = field(default="", repr=False)
    turn: int = 0
    joins: str = ""
    blank: bool = False
    not_names: tuple[Box, ...] = ()
    not_names_as: str = ""
    cut: str = ""
    recalled: bool = False

    def drops(self, recipe: str) -> tuple[Box, ...]:
        """The covers that are taken away from a page of that recipe."""
        return self.dropped if recipe and self.dropped_as == recipe else ()

    def dismissed(self, recipe: str) -> tuple[Box, ...]:
        """The flagged places that name nobody, on a page of that recipe."""
        return self.not_names if recipe and self.not_names_as == recipe else ()

    def turned(self, degrees: int) -> PageDecision:
        """The same page turned further clockwise: places turn with it, and it has to be looked at again."""
        covers = tuple(box.turned(degrees) for box in self.covers)
        turn = (self.turn + degrees) % 360
        nothing: tuple[Box, ...] = ()
        return replace(
            self,
            covers=covers,
            turn=turn,
            cleared_as="",
            dropped=nothing,
            dropped_as="",
            not_names=nothing,
            not_names_as="",
        )

    def to_json(self) -> dict[str, Any]:
        """As it is in ``decisions.json``. Empty values are left out, except the three that version 1 always had."""
        value: dict[str, Any] = {
            "covers": [list(box.numbers) for box in self.covers],
            "cleared_as": self.cleared_as,
            "aside": self.aside,
        }
        more = {
            "dropped": [list(box.numbers) for box in self.dropped],
            "dropped_as": self.dropped_as,
            "note": self.note,
            "turn": self.turn,
            "joins": self.joins,
            "blank": self.blank,
            "not_names": [list(box.numbers) for box in self.not_names],
            "not_names_as": self.not_names_as,
            "cut": self.cut,
            "recalled": self.recalled,
        }
        return value | {name: one for name, one in more.items() if one}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PageDecision:
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is not what ``to_json`` wrote.
        """
        turn = int(value.get("turn", 0))
        if turn not in TURNS:
            raise ValueError("a page is turned by quarters")
        cut = str(value.get("cut", ""))
        if cut not in CUTS:
            raise ValueError("a page is joined with the one before, or split from it")
        return cls(
            _boxes(value["covers"]),
            str(value["cleared_as"]),
            str(value["aside"]),
            _boxes(value.get("dropped", ())),
            str(value.get("dropped_as", "")),
            str(value.get("note", "")),
            turn,
            str(value.get("joins", "")),
            bool(value.get("blank", False)),
            _boxes(value.get("not_names", ())),
            str(value.get("not_names_as", "")),
            cut,
            bool(value.get("recalled", False)),
        )


@dataclass(frozen=True, slots=True)
class Everywhere:
    """A place that is covered on every page of the class that was printed from one page of the task.

    Attributes:
        task_page: 1-based page of the blank task.
        box: in fractions of the page.
    """

    task_page: int
    box: Box


@dataclass(frozen=True)
class Decisions:
    """All decisions of a set, by the identity of the page: they stay with it wherever it comes in the stack."""

    pages: Mapping[str, PageDecision] = field(default_factory=dict)
    everywhere: tuple[Everywhere, ...] = ()

    def of(self, identity: str) -> PageDecision:
        """The decision about that page; an empty one where there is none."""
        return self.pages.get(identity, PageDecision())

    def cleared(self, identity: str, recipe: str) -> bool:
        """Whether a person looked at that page as it is now and let it go."""
        return bool(recipe) and self.of(identity).cleared_as == recipe

    def drawn(self, identity: str, task_page: int | None) -> tuple[Box, ...]:
        """What a person wants covered on that page: places on it alone, and places on all pages like it."""
        rules = (rule.box for rule in self.everywhere if rule.task_page == task_page)
        return tuple(dict.fromkeys((*self.of(identity).covers, *rules)))

    @property
    def turns(self) -> dict[str, int]:
        """The pages that a person turned, by identity, with the degrees clockwise."""
        return {identity: decision.turn for identity, decision in self.pages.items() if decision.turn}

    def with_page(self, identity: str, decision: PageDecision) -> Decisions:
        """The decisions with those about one page replaced."""
        return replace(self, pages={**self.pages, identity: decision})

    def with_everywhere(self, rules: Iterable[Everywhere]) -> Decisions:
        """The decisions with other places for every page."""
        return replace(self, everywhere=tuple(dict.fromkeys(rules)))

    def with_change(
        self,
        identity: str,
        *,
        covers: Iterable[Box] = (),
        cleared_as: str | None = None,
        aside: str | None = None,
    ) -> Decisions:
        """The decisions with one page's changed: covers are added to those it has, None leaves a value as it is."""
        decision = self.of(identity)
        new = replace(
            decision,
            covers=tuple(dict.fromkeys((*decision.covers, *covers))),
            cleared_as=decision.cleared_as if cleared_as is None else cleared_as,
            aside=decision.aside if aside is None else aside,
            note=decision.note if aside is None else "",
        )
        return self.with_page(identity, new)

    def to_json(self) -> dict[str, Any]:
        """As they stand in ``decisions.json``."""
        has_recalled = any(decision.recalled for decision in self.pages.values())
        return {
            "version": VERSION if has_recalled else _WITHOUT_RECALL,
            "pages": {identity: decision.to_json() for identity, decision in sorted(self.pages.items())},
            "everywhere": [{"task_page": rule.task_page, "box": list(rule.box.numbers)} for rule in self.everywhere],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Decisions:
        """Read them back, also as version 1 wrote them.

        Raises:
            KeyError, TypeError, ValueError: it is not what ``to_json`` wrote.
        """
        if value["version"] not in {1, _WITHOUT_RECALL, VERSION}:
            raise ValueError("it is of a later version")
        pages = {str(identity): PageDecision.from_json(decision) for identity, decision in value["pages"].items()}
        rules = (Everywhere(int(rule["task_page"]), Box(*rule["box"])) for rule in value.get("everywhere", ()))
        return cls(pages, tuple(rules))


def _boxes(rows: Iterable[Iterable[float]]) -> tuple[Box, ...]:
    return tuple(Box(*map(float, row)) for row in rows)
