"""What a person decided of single pages: covers added, pages cleared, works set aside. Kept with the page's hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mssw.model.page import Box


@dataclass(frozen=True, slots=True)
class PageDecision:
    """What was said of one page.

    Attributes:
        covers: boxes that a person added, in fractions of the registered page.
        cleared_as: the recipe of the page as it was looked at and let go; empty where nobody did. Another recipe
            (another field, another blank task) covers other places, so the page has to be looked at again.
        aside: why the page's work is set aside; empty where it is not.
    """

    covers: tuple[Box, ...] = ()
    cleared_as: str = ""
    aside: str = ""


@dataclass(frozen=True)
class Decisions:
    """All decisions of a set, by the identity of the page: they stay with it wherever it comes in the stack."""

    pages: Mapping[str, PageDecision] = field(default_factory=dict)

    def of(self, identity: str) -> PageDecision:
        """What was said of that page; a decision that says nothing where nobody did."""
        return self.pages.get(identity, PageDecision())

    def cleared(self, identity: str, recipe: str) -> bool:
        """Whether a person looked at that page as it is now and let it go."""
        return bool(recipe) and self.of(identity).cleared_as == recipe

    def with_change(
        self,
        identity: str,
        *,
        covers: Iterable[Box] = (),
        cleared_as: str | None = None,
        aside: str | None = None,
    ) -> Decisions:
        """The decisions with one page's changed: covers are added to those that stand, None leaves what was said."""
        said = self.of(identity)
        new = PageDecision(
            tuple(dict.fromkeys((*said.covers, *covers))),
            said.cleared_as if cleared_as is None else cleared_as,
            said.aside if aside is None else aside,
        )
        return Decisions({**self.pages, identity: new})

    def to_json(self) -> dict[str, Any]:
        """As they stand in ``decisions.json``."""
        return {
            "version": 1,
            "pages": {
                identity: {
                    "covers": [list(box.numbers) for box in said.covers],
                    "cleared_as": said.cleared_as,
                    "aside": said.aside,
                }
                for identity, said in sorted(self.pages.items())
            },
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Decisions:
        """Read them back."""
        pages = {
            identity: PageDecision(_boxes(said["covers"]), str(said["cleared_as"]), str(said["aside"]))
            for identity, said in value["pages"].items()
        }
        return cls(pages)


def _boxes(rows: Iterable[Iterable[float]]) -> tuple[Box, ...]:
    return tuple(Box(*row) for row in rows)
