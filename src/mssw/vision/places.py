"""Where a name stands on a page that no blank is known of: beside its printed label, else at the top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mssw.model.mark import Mark, MarkKind
from mssw.model.misread import Asks
from mssw.model.page import Box
from mssw.vision.fields import LOWEST_CELL_MM, TALLEST_BOX_MM, find_fields
from mssw.vision.ink import Grey, Mask
from mssw.vision.labels import Layers, Spotted, layers_of, spot_labels
from mssw.vision.printed import blank_with, cells_of
from mssw.vision.standing import Place
from mssw.vision.trace import trace_name
from mssw.vision.writing import Pieces, ink_beside, print_on

BAND = 0.14  # of the page's height: where names stand that nothing asks for
LEAST_BAND_MM = 9.0  # a lower one over the first printed line has no room for a name
PAD_MM = 3.0
BELOW_MM = 14.0  # of a cell under a label's own
ROW_MM = 4.0  # over and under a label: handwriting there is the name, however it stands
FIRST_LINE_MM = 20.0  # a printed line so long is a title or a text, not a page number
UNSURE = 0.2  # how much the top of a page is worth as a place for the name

BY_LABEL = "the name's place was taken from its printed label"
BY_BAND = "no label was found, so the top of the page was proposed"


@dataclass(frozen=True, slots=True)
class Places:
    """What is proposed on a page.

    Attributes:
        covers: the places, in fractions of the upright page.
        doubt: how they were found, in a sentence's words.
        by_label: whether a label told.
    """

    covers: tuple[Mark, ...]
    doubt: str
    by_label: bool


def places_without_blank(
    grey: Grey, dpi: float, lines: Sequence[Place], *, more: Sequence[str] = (), dirt: Mask | None = None
) -> Places:
    """Where the name may stand on a page.

    Args:
        grey: the page, upright and straight, (height, width) uint8.
        dpi: of it; 150 is what this was measured at.
        lines: where its text stands, from the top down; see ``standing``.
        more: further labels for a name, as a teacher wrote them.
        dirt: where the scanner drew streaks of its own, the same shape.

    Raises:
        EngineError: the model that reads is missing or is another.
    """
    page = layers_of(grey, dpi, lines)
    labels = spot_labels(page, more)
    covers = _by_labels(page, labels, dirt) if any(label.asks is not Asks.OTHER for label in labels) else []
    if covers:
        return Places(tuple(covers), BY_LABEL, by_label=True)
    return Places(tuple(_band(page)), BY_BAND, by_label=False)


def _by_labels(page: Layers, labels: Sequence[Spotted], dirt: Mask | None) -> list[Mark]:
    """The fields that the labels ask to be filled, and what runs out of them."""
    height, width = page.grey.shape
    guess = _as_printed(page, labels)
    words = [(_said(label), Box.from_pixels(*label.place, width, height)) for label in labels]
    fields = find_fields(1, guess, page.dpi, words, "ocr")
    printed = print_on(guess, page.dpi)
    pieces = Pieces(ink_beside(page.grey, printed, page.dpi, dirt), page.dpi, printed)
    boxes = [field.box for field in fields]
    covers = [Mark(field.box, MarkKind.FIELD, "ocr", field.confidence) for field in fields]
    for field in fields:
        others = [box for box in boxes if box is not field.box]
        runs = trace_name(pieces, field.box, others).runs
        covers += [Mark(run, MarkKind.RUNOVER, "ink", field.confidence) for run in runs]
    return covers


def _said(label: Spotted) -> str:
    """A label as the tables know it, whatever language it is in and however it was read."""
    if label.asks is Asks.NUMBER:
        return "id:" if label.alone else "no:"
    return "name:" if label.asks is Asks.NAME else "date:"


def _as_printed(page: Layers, labels: Sequence[Spotted]) -> Grey:
    """The page as it may have been printed; what stands on the line of a label is taken for handwriting."""
    names = [label.place for label in labels if label.asks is not Asks.OTHER]
    zones = [*names, *(_row(page, place, labels) for place in names), *_cells(page, names)]
    typed = [line for line in page.typed if not any(_meet(line, zone) for zone in zones)]
    return blank_with(page.grey, page.rules, [*typed, *(label.place for label in labels)])


def _row(page: Layers, place: Place, labels: Sequence[Spotted]) -> Place:
    """From a label to the next one on its line, or to the page's edge."""
    _, top, right, bottom = place
    beside = [other.place[0] for other in labels if other.place[0] >= right and _level(other.place, place)]
    high = round(ROW_MM * page.mm)
    return right, top - high, min(beside, default=page.grey.shape[1]), bottom + high


def _cells(page: Layers, names: Sequence[Place]) -> list[Place]:
    """The boxes in which labels stand, with the one below where a label's own is too low to write in."""
    middles = [((left + right) // 2, (top + bottom) // 2) for left, top, right, bottom in names]
    zones = []
    for cell in cells_of(page.rules, middles, page.dpi):
        if cell is not None and cell[3] - cell[1] < TALLEST_BOX_MM * page.mm:
            left, top, right, bottom = cell
            low = bottom - top < LOWEST_CELL_MM * page.mm
            zones.append((left, top, right, bottom + round(BELOW_MM * page.mm) if low else bottom))
    return zones


def _level(one: Place, other: Place) -> bool:
    return min(one[3], other[3]) - max(one[1], other[1]) > 0.3 * min(one[3] - one[1], other[3] - other[1])


def _meet(line: Place, zone: Place) -> bool:
    """Whether the middle of a line's height lies in a zone, and some of its width does."""
    middle = (line[1] + line[3]) / 2
    return zone[1] < middle < zone[3] and line[0] < zone[2] and line[2] > zone[0]


def _band(page: Layers) -> list[Mark]:
    """The top of the page over the first printed line, or all of it, with the writing that stands beside that line."""
    height, width = page.grey.shape
    low = round(BAND * height)
    heads = [line for line in page.typed if line[2] - line[0] > FIRST_LINE_MM * page.mm]
    first = min((line[1] for line in heads), default=low)
    edge = first if LEAST_BAND_MM * page.mm <= first < low else low
    places = [(0, 0, width, edge)]
    pad = round(PAD_MM * page.mm)
    written = [line for line in page.lines if line not in page.typed and edge - pad < line[3] and line[1] < low]
    places += [(left - pad, top - pad, right + pad, bottom + pad) for left, top, right, bottom in written]
    return [Mark(_on_page(place, width, height), MarkKind.PLACE, "guess", UNSURE) for place in places]


def _on_page(place: Place, width: int, height: int) -> Box:
    left, top, right, bottom = place
    return Box.from_pixels(max(0, left), max(0, top), min(width, right), min(height, bottom), width, height)
