"""What a packet's cover lists: each part, how much of it there is, and where it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mssw.core.packet_plan import TITLES, Part, PlannedSide, Section
from mssw.core.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mssw.steps.contents import Contents

_CHARTED = {
    "mental models": "mental models",
    "learning gap": "learning gaps",
    "next steps": "next steps",
    "task": "what the task can show",
    "task changes": "changes to the task",
}


def cover_lines(contents: Contents, plan: Sequence[PlannedSide]) -> list[dict[str, str]]:
    """The cover's table: each part of the packet once, how much of it there is, and where it starts."""
    parts: dict[Part, tuple[Section, int]] = {}
    works = sum(1 for side in plan if side.section and side.section.part is Part.SAMPLE and side.page == 1)
    for side in plan:
        if side.section and side.section.part is not Part.COVER:
            parts.setdefault(side.section.part, (side.section, side.number))
    lines = []
    for part, (section, number) in parts.items():
        much = {
            Part.SAMPLE: f"{counted(works, 'work')}, each under its alias",
            Part.NOTES: f"{counted(section.pages, 'page')} to write on",
            Part.CHART: f"{_CHARTED[contents.session.chart]}, to write on",
        }.get(part, counted(section.pages, "page"))
        lines.append({"name": TITLES[part], "what": much, "page": str(number)})
    return lines
