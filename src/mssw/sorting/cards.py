"""Sort on a table: print each response as a card to cut out, and a form to write the result on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import Tone
from mssw.core.paper import EDGE, PAPERS, Frame
from mssw.errors import UsageError
from mssw.formats.images import encode
from mssw.printing.binding import Press, bind_copies
from mssw.printing.page_pictures import draw_pages, shows_colour
from mssw.printing.print_words import choose_language, read_words
from mssw.printing.template_files import label_font_path, template_folder
from mssw.printing.typeset import typeset
from mssw.sharing.gate import check, share
from mssw.sorting.kept_sorts import read_order, read_sorting
from mssw.sorting.sheet_exchange import check_words
from mssw.workset.allowed_names import check_typed, drop_teachers_names, find_typed_names, roster_spellings
from mssw.workset.folder import WorkSet, make_folder
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.manifest import read_audited_response, read_manifest
from mssw.workset.settings import read_settings
from mssw.workset.waiting import released_responses

DPI = 200
_MM = DPI / 25.4
_GRIDS = ((2, 2), (2, 3))  # cards across and down; the second if its pictures are hardly smaller
_HARDLY = 0.93
_PAD_MM = 5.0  # between a card's edge and what is on it
_ALIAS_MM = 9.0
_GAP_MM = 2.0
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
    workset: WorkSet, by: str = "", *, paper: str | None = None, templates: Path | None = None, dry_run: bool = False
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
        return _set_cards(workset, by, paper or settings.paper, folder, dry_run=dry_run)


def _set_cards(workset: WorkSet, by: str, paper: str, folder: Path | None, *, dry_run: bool) -> CardsReport:
    manifest, works = read_manifest(workset), released_responses(workset)
    sorting = read_sorting(workset, by)
    names = find_typed_names(workset)
    check_words(sorting, names)
    title = read_settings(workset.settings).title or "Student work"
    check_typed(names, [("title in set.toml", title)], "please take it out, then run this again.")
    spellings = drop_teachers_names(workset, roster_spellings(workset))
    grid = _choose_grid(max(works.values()), PAPERS[paper])
    drawn = []
    for alias in read_order(workset, by, dry_run=dry_run):
        data = read_audited_response(workset, manifest, alias)
        drawn.append((alias, _draw_strip(draw_pages(data, f"{alias}.pdf", _room(grid, PAPERS[paper])), grid, paper)))
    each = grid[0] * grid[1]
    size = _inner_size(PAPERS[paper])
    sheets = [_draw_sheet(drawn[start : start + each], grid, size) for start in range(0, len(drawn), each)]
    settings = read_settings(workset.settings)
    words = read_words(choose_language(settings.language, settings.english, paper), folder)
    values = {
        "title": title if settings.title else words.text("common.untitled"),
        "objective": sorting.objective,
        "works": [alias for alias, _ in drawn],
        "lines": _FORM_PILES,
    }
    form = typeset("sort-form", values, paper=paper, tagged=False, folder=folder, words=words)
    frame = Frame(PAPERS[paper], EDGE, EDGE, *_inner_size(PAPERS[paper]))
    cards = [encode(np.asarray(one, np.uint8), _find_tone(one), quality=80) for one in sheets]
    scans = {place: (card, frame) for place, card in enumerate(cards, start=2)}
    data, pages = bind_copies(form, scans, [[1, *scans]], Press(PAPERS[paper], two_sided=False))
    if dry_run:
        check(workset.sort_cards.name, data, spellings)
    else:
        share(workset, workset.sort_cards.name, data, spellings, pages=pages)
        aliases = [alias for alias, _ in drawn]
        note_handed_out(workset, Handing.CARDS, aliases, files=[workset.sort_cards.name])
    return CardsReport(str(workset.sort_cards), len(drawn), each, len(sheets), paper, not dry_run)


def _inner_size(points: tuple[float, float]) -> tuple[float, float]:
    """The part of the paper that a printer can print, in points."""
    return points[0] - 2 * EDGE, points[1] - 2 * EDGE


def _room(grid: tuple[int, int], points: tuple[float, float]) -> tuple[int, int]:
    """Width and height in pixels for the pages on one card."""
    inner = _inner_size(points)
    wide = inner[0] / 72 * DPI / grid[0] - 2 * _PAD_MM * _MM
    tall = inner[1] / 72 * DPI / grid[1] - (2 * _PAD_MM + _ALIAS_MM) * _MM
    return int(wide), int(tall)


def _choose_grid(pages: int, points: tuple[float, float]) -> tuple[int, int]:
    """Four cards on a sheet, or six if that many pages side by side are hardly smaller on them."""
    four, six = (_scale(_room(grid, points), pages, points) for grid in _GRIDS)
    return _GRIDS[1] if six >= _HARDLY * four else _GRIDS[0]


def _scale(room: tuple[int, int], pages: int, points: tuple[float, float]) -> float:
    wide = (room[0] - (pages - 1) * _GAP_MM * _MM) / pages
    return min(wide / points[0], room[1] / points[1])


def _draw_strip(pages: Sequence[Image.Image], grid: tuple[int, int], paper: str) -> list[Image.Image]:
    """The pages, all scaled by the same factor so that they fit side by side."""
    room = _room(grid, PAPERS[paper])
    gaps = (len(pages) - 1) * _GAP_MM * _MM
    shrink = min(1.0, (room[0] - gaps) / sum(page.width for page in pages))
    return [
        page.resize((max(1, int(page.width * shrink)), max(1, int(page.height * shrink))), Image.Resampling.LANCZOS)
        for page in pages
    ]


def _draw_sheet(
    cards: Sequence[tuple[str, Sequence[Image.Image]]], grid: tuple[int, int], size: tuple[float, float]
) -> Image.Image:
    page = Image.new("RGB", (round(size[0] / 72 * DPI), round(size[1] / 72 * DPI)), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(label_font_path()), round(5.6 * _MM))
    wide, tall = page.width / grid[0], page.height / grid[1]
    for place, (alias, pictures) in enumerate(cards):
        x, y = place % grid[0] * wide + _PAD_MM * _MM, place // grid[0] * tall + _PAD_MM * _MM
        draw.text((x, y), alias, font=font, fill=(20, 20, 20))
        for picture in pictures:
            corner = (round(x), round(y + _ALIAS_MM * _MM))
            page.paste(picture, corner)
            edge = (*corner, corner[0] + picture.width - 1, corner[1] + picture.height - 1)
            draw.rectangle(edge, outline=(150, 150, 150))
            x += picture.width + _GAP_MM * _MM
    _draw_cut_marks(draw, page.size, grid)
    return page


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
