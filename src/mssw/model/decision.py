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
        sha256: of the page as it was looked at: another scan asks again.
        covers: boxes that a person added, in fractions of the registered page.
        cleared: whether the page was looked at and may go.
        aside: why the page's work is set aside; empty where it is not.
    """

    sha256: str
    covers: tuple[Box, ...] = ()
    cleared: bool = False
    aside: str = ""


@dataclass(frozen=True)
class Decisions:
    """All decisions of a set, by page."""

    pages: Mapping[str, PageDecision] = field(default_factory=dict)

    def of(self, page_id: str, sha256: str) -> PageDecision | None:
        """What was said of that page; None where nothing was, or where the page has changed since."""
        said = self.pages.get(page_id)
        return said if said is not None and said.sha256 == sha256 else None

    def cleared(self, page_id: str, sha256: str) -> bool:
        """Whether a person looked at that page and let it go."""
        said = self.of(page_id, sha256)
        return said is not None and said.cleared

    def with_change(
        self,
        page_id: str,
        sha256: str,
        *,
        covers: Iterable[Box] = (),
        cleared: bool | None = None,
        aside: str | None = None,
    ) -> Decisions:
        """The decisions with one page's changed: covers are added to those that stand, None leaves what was said."""
        said = self.of(page_id, sha256) or PageDecision(sha256)
        new = PageDecision(
            sha256,
            tuple(dict.fromkeys((*said.covers, *covers))),
            said.cleared if cleared is None else cleared,
            said.aside if aside is None else aside,
        )
        return Decisions({**self.pages, page_id: new})

    def to_json(self) -> dict[str, Any]:
        """As they stand in ``decisions.json``."""
        return {
            "version": 1,
            "pages": {
                page_id: {
                    "sha256": said.sha256,
                    "covers": [list(box.numbers) for box in said.covers],
                    "cleared": said.cleared,
                    "aside": said.aside,
                }
                for page_id, said in sorted(self.pages.items())
            },
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Decisions:
        """Read them back."""
        pages = {
            page_id: PageDecision(said["sha256"], _boxes(said["covers"]), bool(said["cleared"]), str(said["aside"]))
            for page_id, said in value["pages"].items()
        }
        return cls(pages)


def _boxes(rows: Iterable[Iterable[float]]) -> tuple[Box, ...]:
    return tuple(Box(*row) for row in rows)
