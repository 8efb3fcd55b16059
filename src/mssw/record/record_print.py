"""Print the record for the team: ``shared/record.pdf`` for paper, ``shared/record-reading.pdf`` with tags.

In: the record, and the pages of the responses as they passed the audit. Out: text pages with every row and its
evidence, then the places that were drawn, cut out of the pages and numbered. Both files pass the audit before they are
written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import Box, EncodedImage, Tone
from mssw.core.paper import PAPERS, Frame, check_paper
from mssw.core.wording import PrintWords
from mssw.errors import StepMissingError
from mssw.formats.images import encode
from mssw.printing.binding import (
    Bookmark,
    Press,
    bind_copies,
    count_pages,
    find_labels,
    make_reading_file,
    placeholder_png,
)
from mssw.printing.page_pictures import draw_page, shows_colour
from mssw.printing.print_words import words_of_set
from mssw.printing.template_files import label_font_path, template_folder
from mssw.printing.typeset import typeset
from mssw.record.kept_record import check_rows, read_record
from mssw.record.record_rows import (
    AGAINST,
    FOR,
    KINDS,
    QUESTIONS,
    YES,
    Citation,
    RecordRow,
    RecordRows,
    keep_aliases,
    labelled_rows,
    responses_for_step,
    without_evidence,
)
from mssw.sharing import check, share
from mssw.workset.allowed_names import drop_teachers_names, find_typed_names, roster_spellings
from mssw.workset.decisions import released_responses
from mssw.workset.folder import WorkSet, make_folder
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.manifest import read_audited_response, read_manifest
from mssw.workset.settings import Settings, read_settings

_MM = 72 / 25.4
_DPI = 150
_SIDE, _TOP, _BOTTOM = 20 * _MM, 24 * _MM, 20 * _MM
_GAP = 18  # pixels between two places
_LABEL = 30  # pixels of the line above a place
_TALLEST = 0.42  # of the room, for one place
_AROUND = 0.02  # of the page, shown around a place
_QUESTION_KEYS = {question: key for key, question in QUESTIONS.items()}


@dataclass(frozen=True, slots=True)
class PrintedRecord:
    """What was printed.

    Attributes:
        files: for paper, and to read on a screen or aloud.
        pages: of the first.
        rows: how many rows the record has.
        without_evidence: the labels of those to which nobody gave evidence.
        written: whether the files were written, or only tried.
    """

    files: tuple[str, ...]
    pages: int
    rows: int
    without_evidence: tuple[str, ...]
    written: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """A place that was drawn, with the number under which it is printed."""

    number: int
    label: str
    cite: Citation

    def title(self, words: PrintWords) -> str:
        """The line above it."""
        return f"E{self.number} · {self.label} · {_where(self.cite, words)}"


def print_record(
    workset: WorkSet, *, paper: str | None = None, templates: Path | None = None, dry_run: bool = False
) -> PrintedRecord:
    """Print the record for the team.

    Raises:
        StepMissingError: nothing is recorded yet.
        UsageError: the paper is not known.
        FindingsError: a name is in the record.
        UnreadableError: a response is not the file that passed the audit.
    """
    check_paper(paper)
    if not dry_run:
        make_folder(workset.private, private=True)
    with nullcontext() if dry_run else workset.locked():
        settings = read_settings(workset.settings)
        return _print(workset, settings, paper or settings.paper, templates, dry_run=dry_run)


def _print(workset: WorkSet, settings: Settings, paper: str, templates: Path | None, *, dry_run: bool) -> PrintedRecord:
    pages, rows = released_responses(workset), read_record(workset)
    if rows.is_empty:
        raise StepMissingError(f"nothing is recorded in {workset.root} yet; begin with `mssw record {workset.typed}`.")
    check_rows(rows, RecordRows(), find_typed_names(workset), pages, aliases=False)
    rows = keep_aliases(rows, tuple(pages))
    places = [
        _Place(0, label, cite) for label, _, row in labelled_rows(rows) for cite in row.cites if cite.box and cite.page
    ]
    places = [_Place(number, one.label, one.cite) for number, one in enumerate(places, start=1)]
    folder = template_folder(workset, settings, templates)
    words = words_of_set(settings, paper, folder)
    sheets = _draw_sheets(workset, places, paper, words)
    values = _values(settings, rows, places, words)
    files = _bind(values, sheets, paper, folder, words)
    spellings = drop_teachers_names(workset, roster_spellings(workset))
    for path, data in zip((workset.record_print, workset.record_reading), files, strict=True):
        if dry_run:
            check(path.name, data, spellings)
        else:
            share(workset, path.name, data, spellings, pages=count_pages(data))
    if not dry_run:
        _note_aliases(workset, rows)
    return PrintedRecord(
        (str(workset.record_print), str(workset.record_reading)),
        count_pages(files[0]),
        sum(1 for _ in labelled_rows(rows)),
        without_evidence(rows),
        not dry_run,
    )


def _note_aliases(workset: WorkSet, rows: RecordRows) -> None:
    """Note which responses the printed record names, and which it shows, for `mssw recall`."""
    cites = [cite for _, _, row in labelled_rows(rows) for cite in row.cites]
    shown = {cite.alias for cite in cites if cite.box}
    files = [workset.record_print.name, workset.record_reading.name]
    for aliases, pictures in ((shown, True), ({cite.alias for cite in cites} - shown, False)):
        if aliases:
            note_handed_out(workset, Handing.RECORD, sorted(aliases), files=files, pictures=pictures)


def _bind(
    values: Mapping[str, Any],
    sheets: Sequence[tuple[EncodedImage, Frame, str]],
    paper: str,
    folder: Path | None,
    words: PrintWords,
) -> tuple[bytes, bytes]:
    """The file for paper, and the one with tags."""
    pictures = [
        {
            "left": frame.left,
            "top": frame.page[1] - frame.bottom - frame.height,
            "width": frame.width,
            "height": frame.height,
            "alt": alt,
            "image": [],
        }
        for _, frame, alt in sheets
    ]
    text = typeset("record", {**values, "pictures": pictures}, paper=paper, tagged=False, folder=folder, words=words)
    first = find_labels(text)["places"] if sheets else 0
    scans = {first + number: (image, frame) for number, (image, frame, _) in enumerate(sheets)}
    copy = list(range(1, count_pages(text) + 1))
    printed, _ = bind_copies(text, scans, [copy], Press(PAPERS[paper]))
    pictures = [one | {"image": list(placeholder_png(number))} for number, one in enumerate(pictures)]
    shown = {**values, "pictures": pictures}
    tagged = typeset("record", shown, paper=paper, accessible=True, folder=folder, words=words)
    images = [image for image, _, _ in sheets]
    marks = [Bookmark(words.text("spoken.record"), 0)]
    marks += [Bookmark(words.text("spoken.evidence"), first - 1)] if sheets else []
    return printed, make_reading_file(tagged, images, words.text("record.title"), marks, {alt for _, _, alt in sheets})


def _values(settings: Settings, rows: RecordRows, places: Sequence[_Place], words: PrintWords) -> dict[str, Any]:
    """What ``record.typ.j2`` prints."""
    numbers = {(one.label, one.cite): one.number for one in places}
    parts = []
    for kind in KINDS.values():
        labelled = [(label, row) for label, of, row in labelled_rows(rows) if of is kind]
        blocks = [_row_values(label, row, rows, numbers, words) for label, row in labelled]
        if blocks:
            parts.append({"title": words.text(f"record.{kind.name}"), "name": kind.name, "rows": blocks})
    about = " · ".join(
        part
        for part in (
            words.grade(settings.grade),
            words.text("record.session", session=settings.session) if settings.session else "",
            words.date(settings.date),
        )
        if part
    )
    title = settings.title or words.text("common.untitled")
    return {"title": title, "about": about, "parts": parts, "heading": words.text("record.title")}


def _row_values(
    label: str,
    row: RecordRow,
    rows: RecordRows,
    numbers: Mapping[tuple[str, Citation], int],
    words: PrintWords,
) -> dict[str, Any]:
    kind = next(of for name, of, _ in labelled_rows(rows) if name == label)
    values = {one.key: str(getattr(row, one.key)) for one in kind.fields}
    facts = [
        {"name": words.text(f"record.{one.key}"), "text": values[one.key]}
        for one in kind.fields[1:]
        if values[one.key] and one.key not in {"about", "scope", "chosen", "answer"}
    ]
    sides = [(FOR, "evidence_for" if kind.has_sides else "seen"), (AGAINST, "evidence_against")]
    evidence = [
        {
            "name": words.text(f"record.{name}"),
            "places": [_place_text(label, cite, numbers, words) for cite in row.cites if cite.side == side],
        }
        for side, name in sides
    ]
    if kind.name == "steps":
        aliases = ", ".join(responses_for_step(rows, row))  # type: ignore[arg-type]
        evidence = [{"name": words.text("record.responses"), "places": [aliases]}] if aliases else []
    choice = values.get("about") or values.get("scope") or ""
    if values.get("chosen") == YES:
        choice = words.text("record.chosen")
    return {
        "label": label,
        "headline": _in_words("record_questions", _QUESTION_KEYS.get(values[kind.headline], ""), words)
        or values[kind.headline],
        "tag": _in_words("record_choices", choice, words) or choice,
        "by": row.by,
        "answer": values.get("answer", ""),
        "facts": facts,
        "evidence": [one for one in evidence if one["places"]],
        "open": label in without_evidence(rows),
    }


def _in_words(section: str, key: str, words: PrintWords) -> str:
    """What a list of words has for a key; empty where it has nothing."""
    return str(words.table[section].get(key, ""))


def _where(cite: Citation, words: PrintWords) -> str:
    """The place in words: ``Andrea, page 2``."""
    return words.text("record.page", alias=cite.alias, page=cite.page) if cite.page else cite.alias


def _place_text(label: str, cite: Citation, numbers: Mapping[tuple[str, Citation], int], words: PrintWords) -> str:
    number, where = numbers.get((label, cite)), _where(cite, words)
    where = f"{where} (E{number})" if number else where
    return f"{where}: {cite.note}" if cite.note else where


def _draw_sheets(
    workset: WorkSet, places: Sequence[_Place], paper: str, words: PrintWords
) -> list[tuple[EncodedImage, Frame, str]]:
    """The places, cut out and laid on as many pages as they need; each with its frame and what a screen reader says."""
    size = PAPERS[paper]
    room = (size[0] - 2 * _SIDE, size[1] - _TOP - _BOTTOM)
    wide, tall = (round(side / 72 * _DPI) for side in room)
    manifest = read_manifest(workset)
    sheets: list[list[tuple[_Place, Image.Image]]] = []
    used = tall
    for place in places:
        data = read_audited_response(workset, manifest, place.cite.alias)
        picture = _cut_out(data, place.cite, (wide, round(tall * _TALLEST)))
        height = picture.height + _LABEL + _GAP
        if used + height > tall:
            sheets.append([])
            used = 0
        sheets[-1].append((place, picture))
        used += height
    drawn = [_draw_sheet(one, (wide, tall), words) for one in sheets]
    frame = Frame(size, _SIDE, _BOTTOM, *room)
    alts = [words.text("spoken.places", first=one[0][0].number, last=one[-1][0].number) for one in sheets]
    return [(image, frame, alt) for image, alt in zip(drawn, alts, strict=True)]


def _cut_out(data: bytes, cite: Citation, room: tuple[int, int]) -> Image.Image:
    """A place with a little around it, as large as fits, framed."""
    page = draw_page(data, f"{cite.alias}.pdf", cite.page, (2200, 2200))
    x, y, w, h = cite.box
    left, top, right, bottom = Box(x - _AROUND, y - _AROUND, w + 2 * _AROUND, h + 2 * _AROUND).to_pixels(*page.size)
    cut = page.crop((left, top, max(left + 1, right), max(top + 1, bottom)))
    shrink = min(1.0, (room[0] - 2) / cut.width, (room[1] - 2) / cut.height)
    small = cut.resize((max(1, int(cut.width * shrink)), max(1, int(cut.height * shrink))), Image.Resampling.LANCZOS)
    framed = Image.new("RGB", (small.width + 2, small.height + 2), (120, 120, 120))
    framed.paste(small, (1, 1))
    return framed


def _draw_sheet(places: Sequence[tuple[_Place, Image.Image]], size: tuple[int, int], words: PrintWords) -> EncodedImage:
    page = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(label_font_path()), 20)
    y = 0
    for place, picture in places:
        draw.text((0, y), place.title(words), font=font, fill=(20, 20, 20))
        page.paste(picture, (0, y + _LABEL))
        y += picture.height + _LABEL + _GAP
    pixels = np.asarray(page, np.uint8)
    return encode(pixels, Tone.COLOUR if shows_colour(pixels) else Tone.GREY, quality=82)
