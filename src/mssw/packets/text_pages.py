"""The text pages of a packet: what Typst is given to print, and the plan of a copy around it.

In: the contents and the options. Out: a PDF that holds every page once, which scan goes where on it, and in which
order its pages make up a copy. The same pages with tags, for a screen reader, are set afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mssw.core.paper import (
    PAPERS,
    Frame,
    Layout,
    Part,
    PlannedSide,
    Section,
    arrange_sections,
    find_kept,
    first_pages,
    frame_of,
    plan_packet,
    sections_of,
)
from mssw.errors import UnreadableError
from mssw.intro.questions import FACT_KEYS, QUESTION_KEYS, split_paragraphs
from mssw.kit.session import Role
from mssw.printing.binding import Bookmark, find_labels, placeholder_png
from mssw.printing.typeset import typeset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mssw.core.page import EncodedImage
    from mssw.core.wording import PrintWords
    from mssw.intro.questions import Introduction
    from mssw.packets.contents import Contents
    from mssw.packets.packet_options import PacketOptions
    from mssw.printing.pdf_writer import ScannedPage


_ROUNDS = 4
_NOTES_PER_PAGE = 8
_AGENDA_PAGES = 3  # a first guess
_SCANNED = {Part.TASK, Part.SAMPLE}
#: Labels in the template, beside those of the parts.
_PICTURES, _BLANK = "pictures", "blank"


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
        words: of the reader's language.
    """

    pdf: bytes = field(repr=False)
    covers: tuple[str, ...]
    plan: tuple[PlannedSide, ...]
    pictures: tuple[PlacedScan, ...]
    labels: dict[str, int]
    words: PrintWords = field(repr=False)

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
        """The bookmarks of a copy; without blanks, those of the file to read, with the parts in their usual order."""
        marks: list[Bookmark] = []
        shown = [side for side in self.plan if side.section or blanks]
        if not blanks:
            shown.sort(key=lambda side: list(Part).index(side.section.part) if side.section else 0)
        for page, side in enumerate(shown):
            if side.section is None or side.page != 1:
                continue
            title, alias = self.words.text(f"spoken.{side.section.part}"), side.section.alias
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
    lengths, words = _guess_lengths(contents), contents.words
    for _ in range(_ROUNDS):
        sections = arrange_sections(
            sections_of(samples, lengths | {Part.TASK: contents.task_pages}),
            two_sided=options.two_sided,
            layout=options.layout,
        )
        plan = plan_packet(sections, two_sided=options.two_sided, layout=options.layout)
        pictures = _place_scans(contents, options, plan)
        values = _values(contents, options, plan, [one.values for one in pictures])
        values |= {"colleagues": covers, "blank": True}
        pdf = typeset(
            "packet", values, paper=contents.settings.paper, tagged=False, folder=contents.templates, words=words
        )
        labels = find_labels(pdf)
        measured = _measure_parts(contents, labels, lengths, len(covers))
        if measured == lengths:
            if contents.templates is not None:
                protection = protective_words(contents, _first_to_keep(options, plan))
                _check_protection(contents, protection, pdf, covers, (labels[Part.COVER], measured[Part.COVER]))
            return TextPages(pdf, tuple(covers), tuple(plan), tuple(pictures), labels, words)
        lengths = measured
    raise AssertionError("the cover's length changes with its own page numbers")


def set_reading_text(contents: Contents, options: PacketOptions, text: TextPages) -> tuple[bytes, set[str]]:
    """Set the same pages with tags, each once and under the same numbers, with an empty place for each scan.

    Returns:
        The PDF, and the texts that a screen reader says instead of its pictures.
    """
    pictures = [one.values | {"image": list(placeholder_png(number))} for number, one in enumerate(text.pictures)]
    descriptions = {str(picture["alt"]) for picture in pictures}
    descriptions |= {contents.words.text(f"spoken.{role}") for role in Role}
    values = _values(contents, options, text.plan, pictures) | {"colleagues": ("",), "blank": False}
    paper, folder = contents.settings.paper, contents.templates
    pdf = typeset("packet", values, paper=paper, accessible=True, folder=folder, words=contents.words)
    return pdf, descriptions


def _guess_lengths(contents: Contents) -> dict[Part, int]:
    """How many pages each part of the text will probably have. A part that is not printed is left out."""
    notes = -(-len(contents.samples) // _NOTES_PER_PAGE)
    guess = {Part.COVER: 1, Part.INTRODUCTION: 1, Part.NOTES: notes, Part.CHART: 1}
    if contents.transcripts:
        guess[Part.TRANSCRIPTS] = 1
    if contents.session.steps:
        guess[Part.AGENDA] = _AGENDA_PAGES
    if contents.session.norms:
        guess[Part.NORMS] = 1
    return {part: pages for part, pages in guess.items() if part not in contents.left_out}


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
            **_caption(side, side.section, contents.words),
        }
        pictures.append(PlacedScan(scan, frame, values))
    return pictures


def _staple_corner(side: PlannedSide, options: PacketOptions) -> str:
    """The upper corner of the page in which the copy is stapled; empty if it is stapled on the fold or on a sheet."""
    if options.layout is not Layout.SINGLE:
        return ""
    return "right" if options.two_sided and side.number % 2 == 0 else "left"


def _caption(side: PlannedSide, section: Section, words: PrintWords) -> dict[str, object]:
    """What is printed below a scan, and what a screen reader says instead of it."""
    of = words.text("packet.of", page=side.page, pages=section.pages)
    if section.part is Part.TASK:
        alt = words.text("spoken.blank_task", page=side.page, pages=section.pages)
        return {"name": words.text("packet.task"), "what": of, "alt": alt}
    alt = words.text("spoken.work", alias=section.alias, page=side.page, pages=section.pages)
    return {"name": section.alias, "what": of, "alt": alt}


def _values(
    contents: Contents,
    options: PacketOptions,
    plan: Sequence[PlannedSide],
    pictures: Sequence[Mapping[str, object]],
) -> dict[str, object]:
    """What ``packet.typ.j2`` prints."""
    settings, first = contents.settings, first_pages(plan)
    protection = protective_words(contents, _first_to_keep(options, plan))
    return {
        "title": settings.title,
        "grade": contents.words.labeled_grade(settings.grade),
        "session": settings.session,
        "date": settings.date,
        "teachers": ", ".join(settings.presenting_teachers),
        "contents": _list_parts(contents, plan),
        "samples": [{"alias": one.alias, "page": str(first[Part.SAMPLE, one.alias])} for one in contents.samples],
        "protection": [{"heading": heading, "text": text} for heading, text in protection],
        "first": {part.value: number for (part, alias), number in first.items() if not alias},
        "left_out": [part.value for part in contents.left_out],
        "pictures": pictures,
        "transcripts": [
            {"alias": one.alias, "by_software": one.by_software, "paragraphs": _lines_of(one.text)}
            for one in contents.transcripts
        ],
        "chart": contents.session.chart,
        "agenda": {
            "title": contents.session.title,
            "purpose": contents.session.purpose,
            "steps": contents.session.steps,
        },
        "norms": contents.session.norms,
        "evidence": contents.session.evidence,
        "marks": contents.session.marks,
        **introduction_values(contents.introduction, contents.words),
        "introductions": [
            introduction_values(introduction, contents.words) | {"presenter": presenter}
            for presenter, introduction in contents.presenters or (("", contents.introduction),)
        ],
    }


def _lines_of(text: str) -> list[list[str]]:
    """The lines of each paragraph."""
    return [paragraph.splitlines() for paragraph in re.split(r"\n{2,}", text)]


def introduction_values(introduction: Introduction, words: PrintWords) -> dict[str, object]:
    """The introduction as templates print it, its headings in the reader's language."""
    return {
        "objectives": introduction.objectives,
        "focus": introduction.focus,
        "background": _paragraphs(introduction.background),
        "facts": [
            {"heading": words.text(f"questions.{key}"), "value": value}
            for key, value in zip(FACT_KEYS, introduction.facts, strict=True)
        ],
        "questions": [
            {
                "heading": words.find(f"questions.{key}")[0],
                "prompt": words.find(f"questions.{key}")[1],
                "answer": _paragraphs(answer),
            }
            for key, answer in zip(QUESTION_KEYS, introduction.answers, strict=True)
        ],
    }


def _paragraphs(text: str) -> list[dict[str, object]]:
    return [{"text": one.text, "item": one.item} for one in split_paragraphs(text)]


def _list_parts(contents: Contents, plan: Sequence[PlannedSide]) -> list[dict[str, str]]:
    """The cover's table: each part of the packet once, how much of it there is, and where it starts."""
    words = contents.words
    parts: dict[Part, tuple[Section, int]] = {}
    samples = sum(1 for side in plan if side.section and side.section.part is Part.SAMPLE and side.page == 1)
    for side in plan:
        if side.section and side.section.part is not Part.COVER:
            parts.setdefault(side.section.part, (side.section, side.number))
    lines = []
    for part, (section, number) in parts.items():
        if part is Part.SAMPLE:
            much = f"{words.count('count.sample', samples)}, {words.text('packet.sample_much')}"
        elif part is Part.NOTES:
            much = words.count("packet.notes_much", section.pages)
        elif part is Part.CHART:
            chart = words.find(f"charts.{contents.session.chart.replace(' ', '_')}")[2]
            much = words.text("packet.chart_much", chart=chart)
        else:
            much = words.count("count.page", section.pages)
        lines.append({"part": part.value, "name": words.text(f"packet.{part}"), "what": much, "page": str(number)})
    return lines


def _first_to_keep(options: PacketOptions, plan: Sequence[PlannedSide]) -> int:
    """The page from which on colleagues may keep their copy; 0 if they cannot take it apart, or nothing is theirs."""
    return 0 if options.layout is Layout.BOOKLET else find_kept(plan)


def protective_words(contents: Contents, kept: int = 0) -> list[tuple[str, str]]:
    """What each cover says to protect students, as heading and text. A school's own template cannot drop it.

    Args:
        contents: what the packet is made of.
        kept: the page from which on colleagues may keep their copy; 0 if they hand all of it back.
    """
    words, unseen = contents.words, _warn_unseen(contents)
    if contents.fiction:
        last = (words.text("packet.fiction"), words.text("packet.fiction_text"))
    else:
        last = (
            words.text("packet.aliases"),
            words.text("packet.aliases_keep" if kept else "packet.aliases_text", page=kept),
        )
    return [*([(words.text("packet.unseen"), unseen)] if unseen else []), last]


def _check_protection(
    contents: Contents,
    protection: Sequence[tuple[str, str]],
    pdf: bytes,
    covers: Sequence[str],
    place: tuple[int, int],
) -> None:
    """Make sure that every cover has the words that protect students, and its colleague's name.

    Args:
        contents: what the packet is made of.
        protection: the words: heading and text.
        pdf: the text pages.
        covers: the name on each cover.
        place: the first page of the covers, from 1, and how many pages a cover has.

    Raises:
        UnreadableError: a template of the school's own does not print it.
    """
    from mssw.auditing.pdf_text import reading  # noqa: PLC0415 - only a school's own templates need it

    words = [part for both in protection for part in both]
    first, each = place
    with reading(pdf) as pages:
        for number, name in enumerate(covers):
            start = first - 1 + number * each
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
    words = contents.words
    if all_of_them == 1:
        return words.text("packet.unseen_one")
    if unseen == all_of_them:
        return words.text("packet.unseen_all", n=unseen)
    return words.text("packet.unseen_some", n=unseen, all=all_of_them)
