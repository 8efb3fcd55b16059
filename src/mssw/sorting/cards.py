"""Sort on a table: print each response as a card to cut out, and a form to write the result on.

In: the released responses, and the questions of the task. Out: ``shared/sort-cards.pdf``. A card shows the answers, cut
out of the pages, on white paper and as large as fits; the fewer cards on a sheet, the larger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from mssw.core.page import EncodedImage, Tone
from mssw.core.paper import EDGE, PAPERS, Frame, check_paper
from mssw.formats.images import encode
from mssw.printing.answer_pictures import LOOKED_AT, AnswerSheet, make_cutter
from mssw.printing.binding import Press, bind_copies
from mssw.printing.page_pictures import shows_colour
from mssw.printing.print_words import choose_language, read_words
from mssw.printing.template_files import template_folder
from mssw.printing.typeset import typeset
from mssw.sharing import check, share
from mssw.sorting.kept_sorts import read_order, read_sorting
from mssw.sorting.sheet_exchange import check_words
from mssw.workset.allowed_names import check_typed, drop_teachers_names, find_typed_names, roster_spellings
from mssw.workset.decisions import released_responses
from mssw.workset.folder import WorkSet, make_folder
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.manifest import read_audited_response, read_manifest
from mssw.workset.question_file import find_placed_pages
from mssw.workset.settings import read_settings

Tell = Callable[[str, int, int], None]
DPI = 200
SOURCE_DPI = 150  # of the pages that are shrunk onto cards
_MM = DPI / 25.4
_FORM_PILES = 10


@dataclass(frozen=True, slots=True)
class CardsReport:
    """What was printed.

    Attributes:
        cards: the file.
        works: how many responses have a card.
        each: cards on a sheet.
        sheets: of cards, without the form before them.
        paper: ``letter`` or ``a4``.
        written: whether it was written, or only tried.
    """

    cards: str
    works: int
    each: int
    sheets: int
    paper: str
    written: bool


def print_cards(
    workset: WorkSet,
    by: str = "",
    *,
    paper: str | None = None,
    templates: Path | None = None,
    dry_run: bool = False,
    tell: Tell = lambda *_: None,
) -> CardsReport:
    """Write ``shared/sort-cards.pdf``: a form, then the cards in the order drawn for that teacher.

    Raises:
        UsageError: the paper is not known.
        UnreadableError: a response is not the file that passed the audit.
        FindingsError: the set's title or the learning objective names a student.
    """
    check_paper(paper)
    if not dry_run:
        make_folder(workset.private, private=True)
    with nullcontext() if dry_run else workset.locked():
        settings = read_settings(workset.settings)
        folder = template_folder(workset, settings, templates)
        return _set_cards(workset, by, paper or settings.paper, folder, tell, dry_run=dry_run)


def _set_cards(workset: WorkSet, by: str, paper: str, folder: Path | None, tell: Tell, *, dry_run: bool) -> CardsReport:
    manifest, works = read_manifest(workset), released_responses(workset)
    sorting = read_sorting(workset, by)
    names = find_typed_names(workset)
    check_words(sorting, names)
    title = read_settings(workset.settings).title or "Student work"
    check_typed(names, [("title in set.toml", title)], "please take it out, then run this again.")
    spellings = drop_teachers_names(workset, roster_spellings(workset))
    cutter, placed = make_cutter(workset, manifest, SOURCE_DPI), find_placed_pages(workset, works)
    order = read_order(workset, by, dry_run=dry_run)

    def cut_response(alias: str) -> list[Image.Image]:
        return cutter.cut(read_audited_response(workset, manifest, alias), f"{alias}.pdf", placed[alias])

    cut: dict[str, list[Image.Image]] = {}
    for number, alias in enumerate(order[:LOOKED_AT], start=1):
        cut[alias] = cut_response(alias)
        tell("Cutting out answers", number, len(order))
    sheet = AnswerSheet.of(_inner_size(PAPERS[paper]), DPI, SOURCE_DPI)
    sizes = [[answer.size for answer in answers] for answers in cut.values()]
    grid = sheet.choose_grid(sizes)
    sheet = sheet.place_aliases(order, sizes, grid)
    each = grid[0] * grid[1]
    cards = [
        _encode_sheet(sheet, [(alias, cut.pop(alias) if alias in cut else cut_response(alias)) for alias in part], grid)
        for part in (order[start : start + each] for start in range(0, len(order), each))
    ]
    settings = read_settings(workset.settings)
    words = read_words(choose_language(settings.language, settings.english, paper), folder)
    values = {
        "title": title if settings.title else words.text("common.untitled"),
        "objective": sorting.objective,
        "works": order,
        "lines": _FORM_PILES,
    }
    form = typeset("sort-form", values, paper=paper, tagged=False, folder=folder, words=words)
    frame = Frame(PAPERS[paper], EDGE, EDGE, *_inner_size(PAPERS[paper]))
    scans = {place: (card, frame) for place, card in enumerate(cards, start=2)}
    data, pages = bind_copies(form, scans, [[1, *scans]], Press(PAPERS[paper], two_sided=False))
    if dry_run:
        check(workset.sort_cards.name, data, spellings)
    else:
        share(workset, workset.sort_cards.name, data, spellings, pages=pages)
        note_handed_out(workset, Handing.CARDS, order, files=[workset.sort_cards.name])
    return CardsReport(str(workset.sort_cards), len(order), each, len(cards), paper, not dry_run)


def _inner_size(points: tuple[float, float]) -> tuple[float, float]:
    """The part of the paper that a printer can print, in points."""
    return points[0] - 2 * EDGE, points[1] - 2 * EDGE


def _encode_sheet(
    sheet: AnswerSheet, cards: Sequence[tuple[str, Sequence[Image.Image]]], grid: tuple[int, int]
) -> EncodedImage:
    """A sheet of cards, each with its alias and its answers."""
    page = sheet.draw(cards, grid)
    _draw_cut_marks(ImageDraw.Draw(page), page.size, grid)
    return encode(np.asarray(page, np.uint8), _find_tone(page), quality=80)


def _draw_cut_marks(draw: ImageDraw.ImageDraw, size: tuple[int, int], grid: tuple[int, int]) -> None:
    """Dashes where the scissors go, from edge to edge."""
    dash, gap = round(1.6 * _MM), round(2.4 * _MM)
    for column in range(1, grid[0]):
        x = round(size[0] * column / grid[0])
        for y in range(0, size[1], dash + gap):
            draw.line((x, y, x, y + dash), fill=(110, 110, 110), width=2)
    for row in range(1, grid[1]):
        y = round(size[1] * row / grid[1])
        for x in range(0, size[0], dash + gap):
            draw.line((x, y, x + dash, y), fill=(110, 110, 110), width=2)


def _find_tone(sheet: Image.Image) -> Tone:
    return Tone.COLOUR if shows_colour(np.asarray(sheet, np.uint8)) else Tone.GREY
