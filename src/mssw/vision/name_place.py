"""Where a name can be on a page without a blank or outside its field.

Takes a page, returns places to cover or to look at: the fields beside printed labels, else the top of the page; and
writing at the head or the foot of a page that is no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mssw.core.page import Box, Mark, MarkKind
from mssw.names.label_words import Asks
from mssw.vision.ink import Grey, Mask
from mssw.vision.name_field import LOWEST_CELL_MM, NameField, find_fields
from mssw.vision.name_trace import trace_name
from mssw.vision.orientation import Place
from mssw.vision.printed_labels import Layers, Spotted, draw_blank, find_cells, separate_layers, spot_labels
from mssw.vision.writing import Pieces, find_ink_beside, find_print_on
from mssw.vision.writing_places import TALLEST_BOX_MM

BAND = 0.14  # of the page's height: where students write a name that nothing asks for
LEAST_BAND_MM = 9.0  # less room above the first printed line is too little for a name
PAD_MM = 3.0
BELOW_MM = 14.0  # of a cell under a label's own
ROW_MM = 4.0  # above and below a label: handwriting there is the name, even if it looks typed
FIRST_LINE_MM = 20.0  # a printed line so long is a title or a text, not a page number
UNSURE = 0.2  # how much the top of a page is worth as a place for the name

BY_LABEL = "the name's place was taken from its printed label"
BY_BAND = "no label was found, so the top of the page was proposed"

# Writing that may be a name, at the head or the foot of a page
MOST = 3
HEAD, FOOT = 0.17, 0.88  # of the page's height
EDGE_MM = 4.0  # shadows, holes and the copier's own marks
APART_MM, OVER_MM = 9.0, 1.6  # between two words of a name, and between two lines
LEAST_MM2 = 1.6  # of ink: less is a tick
LEAST_PIECE_MM = 1.2
NARROWEST_MM, WIDEST_MM, TALLEST_MM = 6.0, 125.0, 24.0
ANSWER_RULE_MM = 22.0  # a printed rule at least so long is there to write on
UNDER_MM = 4.5
SPANNED = 0.6  # of a line of writing, at least, is above the rule that it is written on
LIKELY_PAD_MM = 2.0
LARGEST_CELL = 0.25  # of the page; a larger box is its border


@dataclass(frozen=True, slots=True)
class Places:
    """Where to cover a page.

    Attributes:
        covers: the places, in fractions of the upright page.
        doubt: how they were found, in a sentence's words.
        by_label: whether a label led to them.
        own: those of the places that are fields for the student's own name.
    """

    covers: tuple[Mark, ...]
    doubt: str
    by_label: bool
    own: tuple[Box, ...] = ()


def propose_places(
    grey: Grey, dpi: float, lines: Sequence[Place], *, more: Sequence[str] = (), dirt: Mask | None = None
) -> Places:
    """Propose where the name may be on a page.

    Args:
        grey: the page, upright and straight, (height, width) uint8.
        dpi: of it; 150 is what this was measured at.
        lines: where its text is, from the top down; see ``stand_upright``.
        more: further labels for a name, as a teacher wrote them.
        dirt: where the scanner drew streaks of its own, the same shape.

    Raises:
        EngineError: the model that reads is missing or is another.
    """
    page = separate_layers(grey, dpi, lines)
    labels = spot_labels(page, more)
    fields = _find_labelled(page, labels)
    if fields:
        own = tuple(field.box for field in fields if field.holds_name)
        return Places(tuple(_follow_names(page, labels, fields, dirt)), BY_LABEL, by_label=True, own=own)
    return Places(tuple(_band(page)), BY_BAND, by_label=False)


def _find_labelled(page: Layers, labels: Sequence[Spotted]) -> list[NameField]:
    """The fields that the labels ask to fill in."""
    if all(label.asks is Asks.OTHER for label in labels):
        return []
    height, width = page.grey.shape
    words = [(_spell_label(label), Box.from_pixels(*label.place, width, height)) for label in labels]
    return find_fields(1, _rebuild_blank(page, labels), page.dpi, words, "ocr")


def _follow_names(
    page: Layers, labels: Sequence[Spotted], fields: Sequence[NameField], dirt: Mask | None
) -> list[Mark]:
    """The fields as covers, with the ink that runs out of them."""
    printed = find_print_on(_rebuild_blank(page, labels), page.dpi)
    pieces = Pieces(find_ink_beside(page.grey, printed, page.dpi, dirt), page.dpi, printed)
    boxes = [field.box for field in fields]
    covers = [Mark(field.box, MarkKind.FIELD, "ocr", field.confidence) for field in fields]
    for field in fields:
        others = [box for box in boxes if box is not field.box]
        runs = trace_name(pieces, field.box, others).runs
        covers += [Mark(run, MarkKind.RUNOVER, "ink", field.confidence) for run in runs]
    return covers


def _spell_label(label: Spotted) -> str:
    """Write a label in the words that ``find_fields`` knows, whatever its language and however it was read."""
    if label.asks is Asks.NUMBER:
        return "id:" if label.alone else "no:"
    if label.asks is Asks.PERSON:
        return "members:" if label.several else "partner:"
    if label.asks is Asks.NAME:
        return "names:" if label.several else "name:"
    return "date:" if label.asks is Asks.OTHER else f"{label.asks}:"


def _rebuild_blank(page: Layers, labels: Sequence[Spotted]) -> Grey:
    """Rebuild the page as it may have been printed; what is on the line of a label counts as handwriting."""
    names = [label.place for label in labels if label.asks is not Asks.OTHER]
    zones = [*names, *(_row(page, place, labels) for place in names), *_cells(page, names)]
    typed = [line for line in page.typed if not any(_is_within(line, zone) for zone in zones)]
    return draw_blank(page.grey, page.rules, [*typed, *(label.place for label in labels)])


def _row(page: Layers, place: Place, labels: Sequence[Spotted]) -> Place:
    """From a label to the next one on its line, or to the page's edge."""
    _, top, right, bottom = place
    beside = [other.place[0] for other in labels if other.place[0] >= right and _is_level(other.place, place)]
    high = round(ROW_MM * page.mm)
    return right, top - high, min(beside, default=page.grey.shape[1]), bottom + high


def _cells(page: Layers, names: Sequence[Place]) -> list[Place]:
    """The drawn boxes around labels, extended downwards where a label's own box is too low to write in."""
    middles = [((left + right) // 2, (top + bottom) // 2) for left, top, right, bottom in names]
    zones = []
    for cell in find_cells(page.rules, middles, page.dpi):
        if cell is not None and cell[3] - cell[1] < TALLEST_BOX_MM * page.mm:
            left, top, right, bottom = cell
            low = bottom - top < LOWEST_CELL_MM * page.mm
            zones.append((left, top, right, bottom + round(BELOW_MM * page.mm) if low else bottom))
    return zones


def _is_level(one: Place, other: Place) -> bool:
    return min(one[3], other[3]) - max(one[1], other[1]) > 0.3 * min(one[3] - one[1], other[3] - other[1])


def _is_within(line: Place, zone: Place) -> bool:
    """Whether the middle of a line's height lies in a zone, and some of its width does."""
    middle = (line[1] + line[3]) / 2
    return zone[1] < middle < zone[3] and line[0] < zone[2] and line[2] > zone[0]


def _band(page: Layers) -> list[Mark]:
    """The top of the page above the first printed line, or all of it, with the writing beside that line."""
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


@dataclass(frozen=True, slots=True)
class _Cluster:
    """A line of writing: left, top, right, bottom in pixels, and its ink in mm²."""

    left: int
    top: int
    right: int
    bottom: int
    ink: float


def find_likely_places(pieces: Pieces, fields: Sequence[Box], rules: Mask, *, anywhere: bool = False) -> list[Box]:
    """Find lines of writing that may be a name, the likeliest first, three at most.

    Args:
        pieces: the page's new ink.
        fields: name fields; what is in them is found already.
        rules: the page's straight printed rules, of the shape of the ink: writing on them is an answer.
        anywhere: also between head and foot, for a page that asks nothing.

    Returns:
        Boxes in fractions of the page.
    """
    found = []
    for cluster in _clusters(pieces, fields):
        worth = _worth(pieces, cluster, anywhere=anywhere)
        if worth and not _answers(pieces, cluster, rules):
            found.append((worth, cluster))
    found.sort(key=lambda one: (-one[0], one[1].top, one[1].left))
    return [_box(pieces, cluster) for _, cluster in found[:MOST]]


def _clusters(pieces: Pieces, fields: Sequence[Box]) -> list[_Cluster]:
    """Writing joined to lines, without what lies in a name field and without the page's edge."""
    edge = round(EDGE_MM * pieces.mm)
    letters = pieces.tall >= LEAST_PIECE_MM * pieces.mm
    for field in fields:
        letters &= pieces.inside(field.to_pixels(pieces.width, pieces.height)) < 0.5 * pieces.area
    letters &= (pieces.right > edge) & (pieces.left < pieces.width - edge)
    letters &= (pieces.bottom > edge) & (pieces.top < pieces.height - edge)
    letters[0] = False
    ink = letters[pieces.labels]
    across, over = round(APART_MM * pieces.mm) | 1, round(OVER_MM * pieces.mm) | 1
    joined = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((over, across), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    inked = np.bincount(labels[ink], minlength=count) / pieces.mm**2
    return [
        _Cluster(int(x), int(y), int(x + w), int(y + h), float(area))
        for (x, y, w, h, _), area in zip(stats[1:], inked[1:], strict=True)
    ]


def _worth(pieces: Pieces, cluster: _Cluster, *, anywhere: bool) -> float:
    """How much a line of writing looks like a name by its size and place; 0 for one that does not."""
    wide, tall = (cluster.right - cluster.left) / pieces.mm, (cluster.bottom - cluster.top) / pieces.mm
    if cluster.ink < LEAST_MM2 or not NARROWEST_MM <= wide <= WIDEST_MM or tall > min(TALLEST_MM, 1.5 * wide):
        return 0.0
    middle = (cluster.top + cluster.bottom) / 2 / pieces.height
    where = 1.0 if middle < HEAD else 0.7 if middle > FOOT else 0.4 if anywhere else 0.0
    return where * min(1.0, wide / 25) * min(1.0, cluster.ink / 6)


def _answers(pieces: Pieces, cluster: _Cluster, rules: Mask) -> bool:
    """Whether writing stands on a rule or in a box that was printed for an answer."""
    x, y = (cluster.left + cluster.right) // 2, (cluster.top + cluster.bottom) // 2
    [cell] = find_cells(rules, [(x, y)], pieces.mm * 25.4)
    if cell is not None:
        share = (cell[2] - cell[0]) * (cell[3] - cell[1]) / (pieces.width * pieces.height)
        return float(share) < LARGEST_CELL
    under = rules[y : cluster.bottom + round(UNDER_MM * pieces.mm), cluster.left : cluster.right]
    if not under.size or not (under.any(axis=0).mean() > SPANNED):
        return False
    rows = np.flatnonzero(under.mean(axis=1) > 0.3)
    if not len(rows):
        return False
    whole = rules[y + rows[0] : y + rows[-1] + 1].any(axis=0)
    return int(whole.sum()) > ANSWER_RULE_MM * pieces.mm


def _box(pieces: Pieces, cluster: _Cluster) -> Box:
    pad = round(LIKELY_PAD_MM * pieces.mm)
    return Box.from_pixels(
        max(0, cluster.left - pad),
        max(0, cluster.top - pad),
        min(pieces.width, cluster.right + pad),
        min(pieces.height, cluster.bottom + pad),
        pieces.width,
        pieces.height,
    )
