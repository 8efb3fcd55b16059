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
from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import EncodedImage, Tone
from mssw.core.paper import EDGE, PAPERS, Frame
from mssw.errors import UsageError
from mssw.formats.images import encode
from mssw.printing.answer_pictures import AnswerColumns, AnswerCutter, choose_layout, paste_answers
from mssw.printing.binding import Press, bind_copies
from mssw.printing.page_pictures import shows_colour
from mssw.printing.print_words import choose_language, read_words
from mssw.printing.template_files import label_font_path, template_folder
from mssw.printing.typeset import typeset
from mssw.sharing.gate import check, share
from mssw.sorting.kept_sorts import read_order, read_sorting
from mssw.sorting.sheet_exchange import check_words
from mssw.workset.allowed_names import check_typed, drop_teachers_names, find_typed_names, roster_spellings
from mssw.workset.folder import WorkSet, make_folder
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.manifest import read_manifest
from mssw.workset.settings import read_settings
from mssw.workset.waiting import released_responses

Tell = Callable[[str, int, int], None]
DPI = 200
SOURCE_DPI = 150  # of the pages that are shrunk onto cards
_MM = DPI / 25.4
_GRIDS = ((2, 3), (2, 2), (1, 3), (1, 2))  # cards across and down; the first on which writing can be read
_READABLE = 0.4  # of its size on the paper
_MOST_OF_THEM = 0.75  # of the responses must be readable: a long one must not make all cards large
_LARGEST = 0.8
_LOOKED_AT = 40  # responses, to choose a grid
_PAD_MM = 4.0  # between a card's edge and what is on it
_ALIAS_MM = 8.0
_GAP_MM = 2.0
_GAP = round(_GAP_MM * _MM)
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
    if paper not in {None, *PAPERS}:
        raise UsageError(f"--paper must be {' or '.join(PAPERS)}, not {paper}.")
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
    cutter = AnswerCutter.of(workset, manifest, works, SOURCE_DPI)
    order = read_order(workset, by, dry_run=dry_run)
    cut: dict[str, list[Image.Image]] = {}
    for number, alias in enumerate(order[:_LOOKED_AT], start=1):
        cut[alias] = cutter.cut(alias)
        tell("Cutting out answers", number, len(order))
    grid = _choose_grid(list(cut.values()), PAPERS[paper])
    each = grid[0] * grid[1]
    cards = [
        _encode_sheet(
            [(alias, cut.pop(alias) if alias in cut else cutter.cut(alias)) for alias in part], grid, PAPERS[paper]
        )
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


def _room(grid: tuple[int, int], points: tuple[float, float]) -> tuple[int, int]:
    """Width and height in pixels for the pages on one card."""
    inner = _inner_size(points)
    wide = inner[0] / 72 * DPI / grid[0] - 2 * _PAD_MM * _MM
    tall = inner[1] / 72 * DPI / grid[1] - (2 * _PAD_MM + _ALIAS_MM) * _MM
    return int(wide), int(tall)


def _choose_grid(responses: Sequence[Sequence[Image.Image]], points: tuple[float, float]) -> tuple[int, int]:
    """As many cards on a sheet as leave the answers of most responses readable."""
    for grid in _GRIDS:
        scales = sorted(_lay_out(answers, grid, points).scale for answers in responses)
        if scales[int((1 - _MOST_OF_THEM) * len(scales))] >= _READABLE * DPI / SOURCE_DPI:
            return grid
    return _GRIDS[-1]


def _lay_out(answers: Sequence[Image.Image], grid: tuple[int, int], points: tuple[float, float]) -> AnswerColumns:
    return choose_layout([answer.size for answer in answers], _room(grid, points), _GAP, _LARGEST * DPI / SOURCE_DPI)


def _encode_sheet(
    cards: Sequence[tuple[str, Sequence[Image.Image]]], grid: tuple[int, int], points: tuple[float, float]
) -> EncodedImage:
    """A sheet of cards, each with its alias and its answers."""
    inner = _inner_size(points)
    page = Image.new("RGB", (round(inner[0] / 72 * DPI), round(inner[1] / 72 * DPI)), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(label_font_path()), round(5.2 * _MM))
    wide, tall = page.width / grid[0], page.height / grid[1]
    for place, (alias, answers) in enumerate(cards):
        x, y = place % grid[0] * wide + _PAD_MM * _MM, place // grid[0] * tall + _PAD_MM * _MM
        draw.text((x, y), alias, font=font, fill=(20, 20, 20))
        paste_answers(page, answers, _lay_out(answers, grid, points), (round(x), round(y + _ALIAS_MM * _MM)), _GAP)
    _draw_cut_marks(draw, page.size, grid)
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
