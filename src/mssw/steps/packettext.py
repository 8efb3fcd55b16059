"""The text pages of a packet: what the templates print, and how long each part turns out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mssw.errors import UnreadableError
from mssw.files.binding import Side, label_pages
from mssw.files.typeset import typeset
from mssw.model.checklist import counted
from mssw.model.intro import FACTS, QUESTIONS, paragraphs
from mssw.model.packet import Part, PlannedSide, Section, first_pages, plan_packet, sections_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mssw.steps.contents import Contents

_TITLES = {
    Part.INTRODUCTION: "Introduction",
    Part.TASK: "The blank task",
    Part.SAMPLE: "Samples",
    Part.NOTES: "Notes",
}
_LABELS = ("cover", "introduction", "notes", "blank")
_ROUNDS = 4
_NOTES_PER_PAGE = 8


def set_text(
    contents: Contents, samples: Sequence[tuple[str, int]], *, task: int, two_sided: bool
) -> tuple[bytes, list[PlannedSide], dict[str, int]]:
    """Set the text pages, and plan the packet around them.

    The cover gives page numbers, which depend on how long the text is. A first guess is nearly always right;
    else the text is set again with the lengths that it turned out to have.

    Args:
        contents: what the packet is made of.
        samples: alias and number of pages of each.
        task: pages of the blank task.
        two_sided: how it is printed.

    Returns:
        The PDF of the text pages, the plan of one copy, and the page of each label in the PDF.
    """
    lengths = (1, 1, -(-len(samples) // _NOTES_PER_PAGE))
    for _ in range(_ROUNDS):
        cover, intro, notes = lengths
        plan = plan_packet(sections_of(samples, cover=cover, intro=intro, task=task, notes=notes), two_sided=two_sided)
        text = typeset(
            "packet",
            _values(contents, plan),
            paper=contents.settings.paper,
            tagged=False,
            folder=contents.templates,
        )
        at = label_pages(text)
        _check_labels(at, contents)
        lengths = (
            at["introduction"] - at["cover"],
            at["notes"] - at["introduction"],
            at["blank"] - at["notes"],
        )
        if lengths == (cover, intro, notes):
            return text, plan, at
    raise AssertionError("the cover's length changes with its own page numbers")


def _check_labels(at: dict[str, int], contents: Contents) -> None:
    """Make sure that each part of the text can be told from the next.

    Raises:
        UnreadableError: a school's own template left out a label.
    """
    missing = [label for label in _LABELS if label not in at]
    if missing:
        labels = " and ".join(f"<{label}>" for label in missing)
        raise UnreadableError(
            f"the template {contents.templates or ''}/packet.typ.j2 lacks {labels} after a heading, by which the part "
            "is found; put it in again, as in mssw's own."
        )


def side_of(planned: PlannedSide, labels: dict[str, int]) -> Side:
    """What is printed on a planned side."""
    section = planned.section
    if section is None:
        return Side("", labels["blank"])
    if section.part in {Part.TASK, Part.SAMPLE}:
        return Side(source_of(section), planned.page)
    return Side("", labels[section.part] + planned.page - 1)


def source_of(section: Section) -> str:
    """The file below ``shared/`` that a section's page images stand in."""
    return f"work/{section.alias}.pdf" if section.part is Part.SAMPLE else "task.pdf"


def _values(contents: Contents, plan: Sequence[PlannedSide]) -> dict[str, object]:
    """What ``packet.typ.j2`` prints."""
    settings, first = contents.settings, first_pages(plan)
    return {
        "title": settings.title,
        "grade": settings.grade,
        "session": settings.session,
        "date": settings.date,
        "teachers": ", ".join(settings.presenting_teachers),
        "contents": _cover_lines(plan),
        "samples": [{"alias": one.alias, "page": str(first[Part.SAMPLE, one.alias])} for one in contents.samples],
        "unseen": _unseen(contents),
        "first": {part.value: first[part, ""] for part in (Part.INTRODUCTION, Part.NOTES)},
        "facts": [
            {"heading": fact.heading, "value": value}
            for fact, value in zip(FACTS, contents.introduction.facts, strict=True)
        ],
        "questions": [
            {
                "heading": question.heading,
                "prompt": question.prompt,
                "answer": [{"text": one.text, "item": one.item} for one in paragraphs(answer)],
            }
            for question, answer in zip(QUESTIONS, contents.introduction.answers, strict=True)
        ],
    }


def _cover_lines(plan: Sequence[PlannedSide]) -> list[dict[str, str]]:
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
        }.get(part, counted(section.pages, "page"))
        lines.append({"name": _TITLES[part], "what": much, "page": str(number)})
    return lines


def _unseen(contents: Contents) -> str:
    """What the cover says of works that no person has looked at; empty where there are none."""
    unseen, all_of_them = len(contents.unseen), len(contents.samples)
    if not unseen:
        return ""
    if all_of_them == 1:
        which = "The one work has"
    elif unseen == all_of_them:
        which = f"All {unseen} works have"
    else:
        which = f"{unseen} of {all_of_them} works {'has' if unseen == 1 else 'have'}"
    return (
        f"{which} not yet been looked at page by page: a machine covered the names. If you find one, "
        "cover it and tell whoever brought the work."
    )
