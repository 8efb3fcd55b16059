"""The text pages of a packet: what the templates print, and how long each part turns out.

What a packet's cover lists: each part, how much of it there is, and where it starts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mssw.core.imposition import Layout
from mssw.core.packet_plan import TITLES, Part, PlannedSide, Section, first_pages, plan_packet, sections_of
from mssw.core.paper import PAPERS, Frame, frame_of
from mssw.core.wording import counted
from mssw.errors import UnreadableError
from mssw.intro.questions import FACTS, QUESTIONS, paragraphs
from mssw.kit.session import Role
from mssw.packets.contents import unseen_words
from mssw.printing.binding import Bookmark, label_pages
from mssw.printing.reading_file import kept_place
from mssw.printing.typeset import typeset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mssw.packets.contents import Contents
    from mssw.printing.pdf_writer import ScannedPage


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


_ROUNDS = 4
_NOTES_PER_PAGE = 8
_AGENDA_PAGES = 3  # a first guess
_SCANNED = {Part.TASK, Part.SAMPLE}
_PICTURES = "pictures"
_BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Ask:
    """How the pages are to be set.

    Attributes:
        layout: how pages lie on a sheet.
        two_sided: whether its back is printed.
        colleagues: whose names stand on covers, one cover each; an empty one stands on none.
    """

    layout: Layout
    two_sided: bool
    colleagues: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Text:
    """The text pages of all copies, and the plan of one.

    Attributes:
        pdf: as Typst wrote it: the covers, and every other page once.
        plan: the pages of one copy in order.
        scans: by 1-based page of the PDF, the scan that stands on it, and where.
    """

    pdf: bytes = field(repr=False)
    plan: tuple[PlannedSide, ...]
    scans: dict[int, tuple[ScannedPage, Frame]] = field(repr=False)
    labels: dict[str, int]

    def copy(self, cover: int) -> list[int]:
        """The 1-based pages of the PDF that make up a copy with that cover, counted from 0."""
        pages, pictures = [], iter(sorted(self.scans))
        covers = self.labels[Part.COVER] + cover * sum(side.section == self.plan[0].section for side in self.plan)
        for side in self.plan:
            if side.section is None:
                pages.append(self.labels[_BLANK])
            elif side.section.part is Part.COVER:
                pages.append(covers + side.page - 1)
            elif side.section.part in _SCANNED:
                pages.append(next(pictures))
            else:
                pages.append(self.labels[side.section.part] + side.page - 1)
        return pages

    def bookmarks(self, *, blanks: bool) -> list[Bookmark]:
        """The bookmarks of a copy, with its blank pages or without them."""
        marks: list[Bookmark] = []
        shown = [side for side in self.plan if side.section or blanks]
        for page, side in enumerate(shown):
            if side.section is None or side.page != 1:
                continue
            title, alias = TITLES[side.section.part], side.section.alias
            if not alias or not any(mark.title == title for mark in marks):
                marks.append(Bookmark(title, page))
            if alias:
                marks.append(Bookmark(alias, page, deeper=True))
        return marks


def set_text(contents: Contents, scans: Mapping[str, Sequence[ScannedPage]], ask: Ask) -> Text:
    """Set the text pages, and plan the packet around them.

    The cover gives page numbers, which depend on how long the text is. A first guess is nearly always right;
    else the text is set again with the lengths that it turned out to have.

    Args:
        contents: what the packet is made of.
        scans: the pages of each work by its alias, and of the blank task by an empty one.
        ask: how.
    """
    samples = [(one.alias, len(scans[one.alias])) for one in contents.samples]
    lengths = _first_guess(contents)
    for _ in range(_ROUNDS):
        sections = sections_of(samples, lengths | {Part.TASK: len(scans[""])})
        plan = plan_packet(sections, two_sided=ask.two_sided, layout=ask.layout)
        pictures = _pictures(contents, scans, plan, ask)
        values = _values(contents, plan, pictures) | {"colleagues": ask.colleagues, "blank": True}
        paper = contents.settings.paper
        pdf = typeset("packet", values, paper=paper, tagged=False, folder=contents.templates)
        labels = label_pages(pdf)
        _check_labels(labels, [*lengths, _PICTURES, _BLANK], contents)
        turned_out = _lengths(labels, lengths, len(ask.colleagues))
        if turned_out == lengths:
            placed = {labels[_PICTURES] + at: (scan, frame) for at, (scan, frame, _) in enumerate(pictures)}
            return Text(pdf, tuple(plan), placed, labels)
        lengths = turned_out
    raise AssertionError("the cover's length changes with its own page numbers")


def set_reading(
    contents: Contents, scans: Mapping[str, Sequence[ScannedPage]], text: Text, ask: Ask
) -> tuple[bytes, set[str]]:
    """The same pages with tags, each once and under the same numbers, with the scans' places kept.

    Returns:
        The PDF, and what is said in place of its pictures.
    """
    pictures = _pictures(contents, scans, text.plan, ask)
    for number, (_, _, values) in enumerate(pictures):
        values["image"] = list(kept_place(number))
    said = {str(values["alt"]) for _, _, values in pictures} | set(Role)
    values = _values(contents, text.plan, pictures) | {"colleagues": ("",), "blank": False}
    paper, folder = contents.settings.paper, contents.templates
    return typeset("packet", values, paper=paper, accessible=True, folder=folder), said


def _first_guess(contents: Contents) -> dict[Part, int]:
    """How many pages each part of the text will probably have; what has none is not there."""
    notes = -(-len(contents.samples) // _NOTES_PER_PAGE)
    guess = {Part.COVER: 1, Part.INTRODUCTION: 1, Part.NOTES: notes, Part.CHART: 1}
    if contents.session.steps:
        guess[Part.AGENDA] = _AGENDA_PAGES
    if contents.session.norms:
        guess[Part.NORMS] = 1
    return guess


def _check_labels(labels: Mapping[str, int], wanted: Sequence[str], contents: Contents) -> None:
    """Make sure that each part of the text can be told from the next.

    Raises:
        UnreadableError: a school's own template left out a label.
    """
    missing = " and ".join(f"<{label}>" for label in wanted if label not in labels)
    if missing:
        raise UnreadableError(
            f"the template {contents.templates or ''}/packet.typ.j2 lacks {missing} after a heading, by which the part "
            "is found; put it in again, as in mssw's own."
        )


def _lengths(labels: Mapping[str, int], parts: Mapping[Part, int], covers: int) -> dict[Part, int]:
    """How many pages each part turned out to have: up to the next label.

    Raises:
        UnreadableError: one of several covers is longer than the others.
    """
    starts = sorted(labels.values())
    found = {part: min(page for page in starts if page > labels[part]) - labels[part] for part in parts}
    each, rest = divmod(found[Part.COVER], covers)
    if rest:
        raise UnreadableError("a name of --per-teacher makes its cover longer than the others; give it shorter.")
    return found | {Part.COVER: each}


_Picture = tuple["ScannedPage", Frame, dict[str, object]]


def _pictures(
    contents: Contents, scans: Mapping[str, Sequence[ScannedPage]], plan: Sequence[PlannedSide], ask: Ask
) -> list[_Picture]:
    """Each scanned page in order: the scan, where it stands, and what the template prints with it."""
    paper = PAPERS[contents.settings.paper]
    found: list[_Picture] = []
    for side in plan:
        if side.section is None or side.section.part not in _SCANNED:
            continue
        scan = scans[side.section.alias][side.page - 1]
        frame = frame_of(scan.size, paper, staple=_staple(side, ask))
        values: dict[str, object] = {
            "page": frame.page,
            "left": frame.left,
            "top": frame.page[1] - frame.bottom - frame.height,
            "width": frame.width,
            "height": frame.height,
            "number": str(side.number),
            "first": not found,
            "heads": side.page == 1,
            "image": [],
            **_words(side, side.section),
        }
        found.append((scan, frame, values))
    return found


def _staple(side: PlannedSide, ask: Ask) -> str:
    """The upper corner of a page in which the copy is stapled."""
    if ask.layout is not Layout.SINGLE:
        return ""
    return "right" if ask.two_sided and side.number % 2 == 0 else "left"


def _words(side: PlannedSide, section: Section) -> dict[str, object]:
    """What stands below a scan, and what is read aloud in its place."""
    of = f"page {side.page} of {section.pages}"
    if section.part is Part.TASK:
        return {"name": TITLES[Part.TASK], "what": of, "alt": f"The blank task, {of}, as students got it"}
    alt = f"Student work by {section.alias}, {of}, handwritten; names removed"
    return {"name": section.alias, "what": of, "alt": alt}


def _values(contents: Contents, plan: Sequence[PlannedSide], pictures: Sequence[_Picture]) -> dict[str, object]:
    """What ``packet.typ.j2`` prints."""
    settings, first = contents.settings, first_pages(plan)
    return {
        "title": settings.title,
        "grade": settings.grade,
        "session": settings.session,
        "date": settings.date,
        "teachers": ", ".join(settings.presenting_teachers),
        "contents": cover_lines(contents, plan),
        "samples": [{"alias": one.alias, "page": str(first[Part.SAMPLE, one.alias])} for one in contents.samples],
        "unseen": unseen_words(contents),
        "fiction": contents.fiction,
        "first": {part.value: number for (part, alias), number in first.items() if not alias},
        "pictures": [values for _, _, values in pictures],
        "chart": contents.session.chart,
        "agenda": {
            "title": contents.session.title,
            "purpose": contents.session.purpose,
            "steps": contents.session.steps,
        },
        "norms": contents.session.norms,
        "evidence": contents.session.evidence,
        "marks": contents.session.marks,
        "objectives": contents.introduction.objectives,
        "focus": contents.introduction.focus,
        "background": [{"text": one.text, "item": one.item} for one in paragraphs(contents.introduction.background)],
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
