"""Where a name can be on a page without a blank, or outside its field.

In goes a filled page. ``writing`` separates it into rules and boxes, typed lines and handwriting; its printed labels
are read. Out come places to cover or to look at: the fields beside labels, on the page as it may have been printed;
else the top of the page; and writing at the head or the foot of a page that is no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mssw.core.page import Box, Mark, MarkKind
from mssw.names.label_words import Asks, asks_for_several, find_label_at_start, split_glued, split_word
from mssw.vision.ink import Grey, Mask
from mssw.vision.label_places import LOWEST_CELL_MM
from mssw.vision.name_field import NameField, find_fields
from mssw.vision.name_trace import trace_name
from mssw.vision.orientation import Place
from mssw.vision.recogniser import ReadWord, read_words
from mssw.vision.writing import (
    Layers,
    Pieces,
    draw_blank,
    find_cells,
    find_ink_beside,
    find_print_on,
    is_typed,
    separate_layers,
)
from mssw.vision.writing_places import TALLEST_BOX_MM

# Labels on a page without a blank

# of the page's height: most labels for names are above or below, so these are read first
READ_ABOVE, READ_BELOW = 0.30, 0.86
MOST_READ = 26  # lines of head and foot
MOST_MORE = 10  # lines elsewhere, where head and foot ask for nothing
SHORT_MM = 60.0  # of a line elsewhere that may be a label
SPACE = 0.5  # of a line's height between two words of a sentence
GAP_MM = 2.6  # between two things that a line asks for; more than a space between printed words
RULE_NEAR_MM, RULE_SHARE = 14.0, 0.6


@dataclass(frozen=True, slots=True)
class Spotted:
    """A label on the page.

    Attributes:
        asks: what for.
        place: of its letters, in pixels.
        alone: whether it asks for a number by itself, as "Student ID" does and "No." does not.
        exact: whether it was read without a wrong letter.
        several: whether it asks for the names of several people.
    """

    asks: Asks
    place: Place
    alone: bool
    exact: bool
    several: bool = False


def spot_labels(page: Layers, more: Sequence[str] = ()) -> list[Spotted]:
    """Find the labels of a page's head and foot; where none asks for a name there, those of the whole page.

    Args:
        page: taken apart.
        more: further labels, as a teacher wrote them.

    Returns:
        Labels for a name, for a number, and for other things. Misread ones only where none was read exactly.
    """
    height = page.grey.shape[0]
    first = [line for line in page.lines if line[1] < READ_ABOVE * height or line[3] > READ_BELOW * height][:MOST_READ]
    found = _read(page, first, more)
    if not _names(found):
        short = SHORT_MM * page.mm
        rest = [line for line in page.lines if line not in first and line[2] - line[0] < short]
        found += _read(page, rest[:MOST_MORE], more)
    exact = any(label.exact for label in _names(found))
    return [label for label in found if label.exact or not exact]


def _names(labels: Sequence[Spotted]) -> list[Spotted]:
    return [label for label in labels if label.asks is not Asks.OTHER]


def _read(page: Layers, lines: Sequence[Place], more: Sequence[str]) -> list[Spotted]:
    return [label for line in lines for label in _labels_on(page, _split_words(page, line), more)]


def _split_words(page: Layers, line: Place) -> list[ReadWord]:
    """Split a line into words, also at leaders and where a label and a name were read as one word."""
    words: list[ReadWord] = []
    for word in read_words(page.grey, line):
        left, top, right, bottom = word.box
        for text, box in split_word(word.text, Box(0, 0, 1, 1)):
            at = left + box.x * (right - left)
            if text == ":" and words:  # French sets a space before it
                words[-1] = ReadWord(f"{words[-1].text}:", words[-1].box)
                continue
            for part in split_glued(text) if text else ["_"]:
                wide = (right - left) * box.w * (len(part) / len(text) if text else 1)
                words.append(ReadWord(part, (round(at), top, round(at + wide), bottom)))
                at += wide
    return words


def _labels_on(page: Layers, words: Sequence[ReadWord], more: Sequence[str]) -> list[Spotted]:
    """The labels of one line: at its beginning, behind a wide gap, or behind another label."""
    found: list[Spotted] = []
    number, begins = 0, True
    while number < len(words):
        label = find_label_at_start(_until_gap(page, words[number:]), more) if begins else None
        if label is None:
            is_end = words[number].text.endswith((":", "_"))
            begins = is_end or _has_gap_after(page, words, number) or _is_glued(words, number)
            number += 1
            continue
        run = words[number : number + label.words]
        after = words[number + label.words :]
        place = _around(page, run)
        sure = run[-1].text.endswith(":") or (bool(after) and after[0].text == "_") or _rule_follows(page, place)
        taken = sure or (number == 0 if label.asks is Asks.OTHER else not _is_sentence(page, run, after))
        if taken and (label.exact or sure):
            alone = label.asks is Asks.NUMBER and label.words > 1
            several = asks_for_several(" ".join(word.text for word in run))
            found.append(Spotted(label.asks, place, alone, label.exact, several))
        number += label.words
        begins = taken or _has_gap_after(page, words, number - 1)
    return found


def _is_glued(words: Sequence[ReadWord], number: int) -> bool:
    """Whether this word and the next were read as one, and cut because the next may be a label."""
    return number + 1 < len(words) and words[number + 1].box[0] == words[number].box[2]


def _has_gap_after(page: Layers, words: Sequence[ReadWord], number: int) -> bool:
    """Whether a wide gap follows a word."""
    if number + 1 >= len(words):
        return True
    one, other = words[number].box, words[number + 1].box
    return other[0] - one[2] > GAP_MM * page.mm


def _until_gap(page: Layers, words: Sequence[ReadWord]) -> list[str]:
    """The words up to the first wide gap, as text."""
    end = next((n for n in range(len(words)) if _has_gap_after(page, words, n)), len(words) - 1)
    return [word.text for word in words[: end + 1]]


def _is_sentence(page: Layers, run: Sequence[ReadWord], after: Sequence[ReadWord]) -> bool:
    """Whether a label is only the beginning of a printed sentence."""
    if not after or run[-1].text.endswith(":") or after[0].text == "_":
        return False
    left, top, right, bottom = run[-1].box
    close = after[0].box[0] - right < SPACE * (bottom - top)
    return close and left < right and is_typed(page.ink, (after[0].box[0], top, after[-1].box[2], bottom))


def _around(page: Layers, run: Sequence[ReadWord]) -> Place:
    """The place of a label's letters, without the paper around them and without rules that touch its box."""
    left, right = run[0].box[0], run[-1].box[2]
    top, bottom = min(word.box[1] for word in run), max(word.box[3] for word in run)
    across = np.flatnonzero(page.ink[top:bottom, left:right].any(axis=0))
    if not len(across):
        return left, top, right, bottom
    left, right = left + int(across[0]), left + int(across[-1]) + 1
    inked = page.ink[top:bottom, left:right].sum(axis=1) > 0
    middle = int(np.average(np.arange(bottom - top), weights=page.ink[top:bottom, left:right].sum(axis=1)))
    first, last = middle, middle
    while first > 0 and inked[max(0, first - 3) : first].any():
        first -= 1
    while last < len(inked) - 1 and inked[last + 1 : last + 4].any():
        last += 1
    return left, top + first, right, top + last + 1


def _rule_follows(page: Layers, place: Place) -> bool:
    """Whether a rule to write on begins behind a label."""
    left, top, right, bottom = place
    tall = bottom - top
    zone = page.rules[max(0, top) : bottom + tall, right + 2 : right + round(RULE_NEAR_MM * page.mm)]
    return bool(zone.size) and left < right and bool((zone.mean(axis=1) > RULE_SHARE).any())


# Places for a name

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
