"""The text pages of a packet: what Typst is given to print, and the plan of a copy around it.

In: the contents and the options. Out: a PDF that holds every page once, which scan goes where on it, and in which
order its pages make up a copy. The same pages with tags, for a screen reader, are set afterwards.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mssw.core.imposition import TITLES, Layout, Part, PlannedSide, Section, first_pages, plan_packet, sections_of
from mssw.core.paper import PAPERS, Frame, frame_of
from mssw.core.wording import counted
from mssw.errors import UnreadableError
from mssw.intro.questions import FACTS, QUESTIONS, split_paragraphs
from mssw.kit.session import Role
from mssw.printing.binding import Bookmark, find_labels
from mssw.printing.reading_file import placeholder_png
from mssw.printing.typeset import typeset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mssw.core.page import EncodedImage
    from mssw.packets.contents import Contents
    from mssw.packets.packet_options import PacketOptions
    from mssw.printing.pdf_writer import ScannedPage


_CHARTED = {
    "mental models": "mental models",
    "learning gap": "learning gaps",
    "next steps": "next steps",
    "task": "what the task can show",
    "task changes": "changes to the task",
}
_ROUNDS = 4
_NOTES_PER_PAGE = 8
_AGENDA_PAGES = 3  # a first guess
_SCANNED = {Part.TASK, Part.SAMPLE}
#: Labels in the template, beside those of the parts.
_PICTURES, _BLANK = "pictures", "blank"

_UNSEEN = "Not checked yet"
_FICTION = (
    "Made up",
    "No student wrote this. It was made for a session when nobody could bring student work. Use the aliases.",
)
_ALIASES = (
    "Names removed, aliases assigned",
    (
        "Handwriting can still show who a student is, so please keep these pages in this group, and use the aliases. "
        "At the end, hand back your copy with your notes in it. The presenting teacher collects and shreds all copies."
    ),
)


@dataclass(frozen=True, slots=True)
class PlacedScan:
    """A scan in the packet: where it is on its page, and what the template prints with it."""

    scan: ScannedPage = field(repr=False)
    frame: Frame
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class TextPages:
    """The text pages of all copies, and the plan of one copy.

    Attributes:
        pdf: the pages from Typst: a cover for each name, and every other page once.
        covers: the name on each cover; empty for the one without a name.
        plan: the pages of one copy in order.
        pictures: the scans, in the order of the plan.
        labels: the first page of each part in the PDF, from 1.
    """

    pdf: bytes = field(repr=False)
    covers: tuple[str, ...]
    plan: tuple[PlannedSide, ...]
    pictures: tuple[PlacedScan, ...]
    labels: dict[str, int]

    @property
    def scans(self) -> dict[int, tuple[EncodedImage, Frame]]:
        """By page of the PDF, from 1: the image on it, and where."""
        return {page: (one.scan.image, one.frame) for page, one in enumerate(self.pictures, self.labels[_PICTURES])}

    def copy(self, name: str) -> list[int]:
        """The pages of the PDF, from 1, that make up the copy with that name on its cover."""
        pages, pictures = [], iter(self.scans)
        cover_pages = sum(side.section == self.plan[0].section for side in self.plan)
        cover = self.labels[Part.COVER] + self.covers.index(name) * cover_pages
        for side in self.plan:
            if side.section is None:
                pages.append(self.labels[_BLANK])
            elif side.section.part is Part.COVER:
                pages.append(cover + side.page - 1)
            elif side.section.part in _SCANNED:
                pages.append(next(pictures))
            else:
                pages.append(self.labels[side.section.part] + side.page - 1)
        return pages

    def bookmarks(self, *, blanks: bool) -> list[Bookmark]:
        """The bookmarks of a copy, counted with its blank pages or without them."""
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


def set_text(contents: Contents, options: PacketOptions, covers: Sequence[str]) -> TextPages:
    """Set the text pages, and plan the packet around them.

    The cover gives page numbers, which depend on how long the text is. A first guess is nearly always right;
    else the text is set again with the lengths that it turned out to have.

    Args:
        contents: what the packet is made of.
        options: how it is printed.
        covers: the name on each cover; an empty one is a cover without a name.

    Raises:
        UnreadableError: a template of the school's own has a fault, or a name is too long for its cover.
    """
    samples = [(one.alias, len(contents.scans[one.alias])) for one in contents.samples]
    lengths = _guess_lengths(contents)
    for _ in range(_ROUNDS):
        sections = sections_of(samples, lengths | {Part.TASK: contents.task_pages})
        plan = plan_packet(sections, two_sided=options.two_sided, layout=options.layout)
        pictures = _place_scans(contents, options, plan)
        values = _values(contents, plan, [one.values for one in pictures]) | {"colleagues": covers, "blank": True}
        pdf = typeset("packet", values, paper=contents.settings.paper, tagged=False, folder=contents.templates)
        labels = find_labels(pdf)
        measured = _measure_parts(contents, labels, lengths, len(covers))
        if measured == lengths:
            if contents.templates is not None:
                _check_protection(contents, pdf, covers, labels[Part.COVER], measured[Part.COVER])
            return TextPages(pdf, tuple(covers), tuple(plan), tuple(pictures), labels)
        lengths = measured
    raise AssertionError("the cover's length changes with its own page numbers")


def set_reading_text(contents: Contents, text: TextPages) -> tuple[bytes, set[str]]:
    """Set the same pages with tags, each once and under the same numbers, with an empty place for each scan.

    Returns:
        The PDF, and the texts that a screen reader says instead of its pictures.
    """
    pictures = [one.values | {"image": list(placeholder_png(number))} for number, one in enumerate(text.pictures)]
    descriptions = {str(picture["alt"]) for picture in pictures} | set(Role)
    values = _values(contents, text.plan, pictures) | {"colleagues": ("",), "blank": False}
    paper, folder = contents.settings.paper, contents.templates
    return typeset("packet", values, paper=paper, accessible=True, folder=folder), descriptions


def _guess_lengths(contents: Contents) -> dict[Part, int]:
    """How many pages each part of the text will probably have. A part that is not printed is left out."""
    notes = -(-len(contents.samples) // _NOTES_PER_PAGE)
    guess = {Part.COVER: 1, Part.INTRODUCTION: 1, Part.NOTES: notes, Part.CHART: 1}
    if contents.session.steps:
        guess[Part.AGENDA] = _AGENDA_PAGES
    if contents.session.norms:
        guess[Part.NORMS] = 1
    return guess


def _measure_parts(
    contents: Contents, labels: Mapping[str, int], parts: Iterable[Part], covers: int
) -> dict[Part, int]:
    """How many pages each part has: from its label to the next one.

    Raises:
        UnreadableError: a template of the school's own left out a label, or a name makes its cover longer than others.
    """
    missing = " and ".join(f"<{label}>" for label in (*parts, _PICTURES, _BLANK) if label not in labels)
    if missing:
        raise UnreadableError(
            f"the template {contents.templates or ''}/packet.typ.j2 needs {missing} after a heading; without it the "
            "part cannot be found. Add it again, as in mssw's own template."
        )
    starts = sorted(labels.values())
    pages = {part: min(page for page in starts if page > labels[part]) - labels[part] for part in parts}
    each, rest = divmod(pages[Part.COVER], covers)
    if rest:
        raise UnreadableError("a name in --per-teacher is too long for its cover; please shorten it.")
    return pages | {Part.COVER: each}


def _place_scans(contents: Contents, options: PacketOptions, plan: Sequence[PlannedSide]) -> list[PlacedScan]:
    """Each scan of the plan, in order, with its place on the page and the values for the template."""
    paper = PAPERS[contents.settings.paper]
    pictures: list[PlacedScan] = []
    for side in plan:
        if side.section is None or side.section.part not in _SCANNED:
            continue
        scan = contents.scans[side.section.alias][side.page - 1]
        frame = frame_of(scan.size, paper, staple=_staple_corner(side, options))
        values: dict[str, object] = {
            "page": frame.page,
            "left": frame.left,
            "top": frame.page[1] - frame.bottom - frame.height,
            "width": frame.width,
            "height": frame.height,
            "number": str(side.number),
            "first": not pictures,
            "heads": side.page == 1,
            "image": [],
            **_caption(side, side.section),
        }
        pictures.append(PlacedScan(scan, frame, values))
    return pictures


def _staple_corner(side: PlannedSide, options: PacketOptions) -> str:
    """The upper corner of the page in which the copy is stapled; empty if it is stapled on the fold or on a sheet."""
    if options.layout is not Layout.SINGLE:
        return ""
    return "right" if options.two_sided and side.number % 2 == 0 else "left"


def _caption(side: PlannedSide, section: Section) -> dict[str, object]:
    """What is printed below a scan, and what a screen reader says instead of it."""
    of = f"page {side.page} of {section.pages}"
    if section.part is Part.TASK:
        return {"name": TITLES[Part.TASK], "what": of, "alt": f"The blank task, {of}, as students got it"}
    alt = f"Student work by {section.alias}, {of}, handwritten; names removed"
    return {"name": section.alias, "what": of, "alt": alt}


def _values(
    contents: Contents, plan: Sequence[PlannedSide], pictures: Sequence[Mapping[str, object]]
) -> dict[str, object]:
    """What ``packet.typ.j2`` prints."""
    settings, first = contents.settings, first_pages(plan)
    return {
        "title": settings.title,
        "grade": settings.grade,
        "session": settings.session,
        "date": settings.date,
        "teachers": ", ".join(settings.presenting_teachers),
        "contents": _list_parts(contents, plan),
        "samples": [{"alias": one.alias, "page": str(first[Part.SAMPLE, one.alias])} for one in contents.samples],
        "protection": [{"heading": heading, "text": text} for heading, text in protective_words(contents)],
        "first": {part.value: number for (part, alias), number in first.items() if not alias},
        "pictures": pictures,
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
        "background": [
            {"text": one.text, "item": one.item} for one in split_paragraphs(contents.introduction.background)
        ],
        "facts": [
            {"heading": fact.heading, "value": value}
            for fact, value in zip(FACTS, contents.introduction.facts, strict=True)
        ],
        "questions": [
            {
                "heading": question.heading,
                "prompt": question.prompt,
                "answer": [{"text": one.text, "item": one.item} for one in split_paragraphs(answer)],
            }
            for question, answer in zip(QUESTIONS, contents.introduction.answers, strict=True)
        ],
    }


def _list_parts(contents: Contents, plan: Sequence[PlannedSide]) -> list[dict[str, str]]:
    """The cover's table: each part of the packet once, how much of it there is, and where it starts."""
    parts: dict[Part, tuple[Section, int]] = {}
    samples = sum(1 for side in plan if side.section and side.section.part is Part.SAMPLE and side.page == 1)
    for side in plan:
        if side.section and side.section.part is not Part.COVER:
            parts.setdefault(side.section.part, (side.section, side.number))
    lines = []
    for part, (section, number) in parts.items():
        much = {
            Part.SAMPLE: f"{counted(samples, 'sample')}, each with an alias",
            Part.NOTES: f"{counted(section.pages, 'page')} to write on",
            Part.CHART: f"{_CHARTED[contents.session.chart]}, to write on",
        }.get(part, counted(section.pages, "page"))
        lines.append({"name": TITLES[part], "what": much, "page": str(number)})
    return lines


def protective_words(contents: Contents) -> list[tuple[str, str]]:
    """What each cover says to protect students, as heading and text. A school's own template cannot drop it."""
    unseen = _warn_unseen(contents)
    return [*([(_UNSEEN, unseen)] if unseen else []), _FICTION if contents.fiction else _ALIASES]


def _check_protection(contents: Contents, pdf: bytes, covers: Sequence[str], first: int, each: int) -> None:
    """Make sure that every cover has the words that protect students, and its colleague's name.

    Args:
        contents: what the packet is made of.
        pdf: the text pages.
        covers: the name on each cover.
        first: the first page of the covers, from 1.
        each: how many pages a cover has.

    Raises:
        UnreadableError: a template of the school's own does not print it.
    """
    from mssw.auditing.pdf_text import reading  # noqa: PLC0415 - only a school's own templates need it

    words = [part for both in protective_words(contents) for part in both]
    with reading(pdf) as pages:
        for place, name in enumerate(covers):
            start = first - 1 + place * each
            printed = _letters(" ".join(pages.text(page) for page in range(start, start + each)))
            lacking = next((one for one in (*words, name) if _letters(one) not in printed), None)
            if lacking is not None:
                what = "the colleague's name" if lacking == name else f"“{lacking}”"
                raise UnreadableError(
                    f"with the templates in {contents.templates}, the cover does not show {what}. It protects "
                    "students, so no packet is printed without it. In packet.typ.j2 keep what comes after the cover's "
                    "block, and in house.typ the parts remark, label-text and known."
                )


def _letters(text: str) -> str:
    """The letters and digits of a text, however it is broken, joined or written."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _warn_unseen(contents: Contents) -> str:
    """What the cover says of responses that no person has looked at; empty if there are none."""
    unseen, all_of_them = len(contents.unseen), len(contents.samples)
    if not unseen:
        return ""
    if all_of_them == 1:
        which = "this sample"
    elif unseen == all_of_them:
        which = f"these {unseen} samples"
    else:
        which = f"{unseen} of these {all_of_them} samples"
    return (
        f"Nobody has checked {which} page by page yet; software covered the names. If you can still read a student's "
        "name, cover it and tell the presenting teacher."
    )
