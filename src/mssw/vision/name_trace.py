"""Follow the ink of a name out of its field, and find writing close by that may be the rest of it.

Takes the pieces of new ink and a field, returns the boxes that its cover must also take.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.vision.ink import Mask
from mssw.vision.writing import Pieces, keep_words

CORE_MM = 2.4  # width of the outer rim of a cover, which other writing may enter; inside it is the core
GAP_LETTERS = 2.0  # letters' heights between two pieces of one line of writing
FAR_LETTERS = 9.0  # a gap between first and last name, where nothing is printed
HIDDEN_LETTERS = 0.9  # letters' heights that may hide in print where a name runs into it
WIDEST_WORD_MM = 20.0  # of the printed word that it runs into
WORD_GAP_MM = 1.2
RIM_MM = 1.4  # paper that goes with a run
TALLEST_RUN_MM = 15.0
WIDEST_RUN_MM = 110.0
TILE_MM, MOST_SPECKLED = 12.0, 0.003
INK_OF_A_NAME_MM2 = 1.2  # less than the ink of two letters is no name

LINE_MM = (12.0, 1.3)  # wide and tall: printed rules that shifted, and strokes through an empty field
SHIFTED_MM = 1.0  # how far a printed letter may lie beside its place, and what a scan may stray
SHIFTED = 0.9  # of a piece beside printed words
TALLEST_TYPE_MM = 5.0
LARGE_MM2 = 4.0  # of ink in a field: it counts, even if it runs far out of it

Run = tuple[int, int, int, int]  # left, top, right, bottom in pixels
Chosen = NDArray[np.bool_]

# Stray writing near a field
HEAD, FOOT = 0.25, 0.85  # fields beyond these stand at the page's edge, with nothing to answer between
EDGE_MM = 7.0  # shadows, holes and the copier's own marks
REACH_MM = 11.0  # a second line of a name
LONG_EDGE_MM = 40.0  # no word that runs off the page is so long
LEAST_MM2 = 4.0  # less is a dot or a slip of the pen
SMALL_MM = 1.5
LEAST_PIECE = 6  # pixels
SHORT_MM = 18.0  # initials, or a short first name
FULL = 0.85  # of the field's width
WHOLLY = 0.99  # of a piece under covers

OUTWARDS = "something is written between the name field and the edge of the page, perhaps the rest of a name"
UNDER = "something is written right under the name field, perhaps the rest of a name"
STRAYS = frozenset({OUTWARDS, UNDER})
NOT_ITS_OWN = "the writing in the name field seems to belong to the writing beside it"
FAR_OUT = "writing runs from the name field far into the page"
UNCLEAR = frozenset({NOT_ITS_OWN, FAR_OUT})


@dataclass(frozen=True, slots=True)
class InkTrace:
    """What stands in a name field and where it runs to.

    Attributes:
        written: mm² of new ink inside the field.
        runs: places outside the field that belong to the name, in fractions of the page.
        doubt: why the extent of the name is not sure; empty where it is.
    """

    written: float
    runs: tuple[Box, ...]
    doubt: str


def trace_name(pieces: Pieces, field: Box, others: Sequence[Box] = ()) -> InkTrace:
    """Follow the ink of a name out of its field.

    Args:
        pieces: the page's new ink.
        field: the cover's fixed place.
        others: other name fields of the page; what runs into one of them needs no following there.
    """
    area = field.to_pixels(pieces.width, pieces.height)
    inside = pieces.inside(area)
    rim = round(CORE_MM * pieces.mm)
    core = pieces.inside((area[0], area[1] + rim, area[2] - rim // 2, area[3] - rim))
    written = float(inside.sum()) / pieces.mm**2
    if written < INK_OF_A_NAME_MM2:
        return InkTrace(written, (), "")
    name = _pieces_of_the_name(pieces, inside, core)
    if not name.any():
        return InkTrace(written, (), NOT_ITS_OWN)
    chained = _along_the_line(pieces, name, area, ~_in_others(pieces, others))
    taken = name | chained
    taken |= _dots_of(pieces, taken)
    letter = _letter_height(pieces, taken)
    runs = _one_a_side(pieces, _outside(pieces, taken, area) + _into_print(pieces, taken, area), area, letter)
    doubt = _doubt(pieces, runs, area)
    boxes = tuple(_box(pieces, run) for run in runs)
    return InkTrace(written, tuple(b for b in boxes if not any(_within(b, other) for other in others)), doubt)


def measure_written(pieces: Pieces, core: Box) -> float:
    """How much is written in a field, in mm².

    What only reaches into it, what is but a line, and letters of a printed label that shifted count for nothing.

    Args:
        pieces: the page's new ink.
        core: where the field's own writing is.
    """
    inside = pieces.inside(core.to_pixels(pieces.width, pieces.height))
    own = (inside >= 0.3 * pieces.area) | (inside >= LARGE_MM2 * pieces.mm**2)
    wide, tall = (side * pieces.mm for side in LINE_MM)
    is_line = (pieces.right - pieces.left >= wide) & (pieces.tall <= tall)
    counted = own & ~is_line
    counted &= ~_is_shifted_print(pieces, counted)
    return float(inside[counted].sum()) / pieces.mm**2


def measure_speckle(ink: Mask, dpi: float) -> float:
    """How much of the paper is speckled with what looks like ink, 0 to ``MOST_SPECKLED``, as a worn copier does it.

    On half of the page at least nobody writes as a rule, so it is measured there. A page that is full of writing
    counts as speckled no more than that.

    Args:
        ink: the page's new ink.
        dpi: of it.
    """
    side = max(1, round(TILE_MM * dpi / 25.4))
    rows, columns = (max(1, length // side) for length in ink.shape)
    tiles = ink[: rows * side, : columns * side]
    if tiles.size < rows * columns * side * side:
        return 0.0  # smaller than one tile
    shares = tiles.reshape(rows, side, columns, side).mean(axis=(1, 3))
    return min(MOST_SPECKLED, float(np.median(shares)))


def _is_shifted_print(pieces: Pieces, chosen: Chosen) -> Chosen:
    """Pieces that lie beside printed words for the most part, as the label's letters do where a copier shifted them."""
    if not chosen.any():
        return chosen
    reach = 2 * round(SHIFTED_MM * pieces.mm) + 1
    words = keep_words(pieces.print, pieces.mm * 25.4).astype(np.uint8)
    near = cv2.dilate(words, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))) > 0
    beside = np.bincount(pieces.labels[near], minlength=pieces.count)
    return np.asarray(chosen & (pieces.tall <= TALLEST_TYPE_MM * pieces.mm) & (beside >= SHIFTED * pieces.area))


def _pieces_of_the_name(pieces: Pieces, inside: NDArray[np.int64], core: NDArray[np.int64]) -> Chosen:
    """Pieces mostly in the field, or that reach its core: not an answer's tall letter that touches the rim."""
    enough = inside >= 3
    mostly = inside >= 0.3 * pieces.area
    reaches = core >= np.maximum(4, 0.08 * pieces.area)
    return np.asarray(enough & (mostly | reaches))


def _in_others(pieces: Pieces, others: Sequence[Box]) -> Chosen:
    """Pieces that are mostly in other fields, which have covers of their own."""
    found = np.zeros(pieces.count, bool)
    for other in others:
        found |= pieces.inside(other.to_pixels(pieces.width, pieces.height)) > 0.5 * pieces.area
    return found


def _letter_height(pieces: Pieces, name: Chosen) -> float:
    """The usual height of the name's letters, in pixels, within what people write."""
    tall = pieces.tall[name & (pieces.tall >= 1.2 * pieces.mm)]
    usual = float(np.median(tall)) if len(tall) else 4 * pieces.mm
    return float(np.clip(usual, 2.8 * pieces.mm, 9 * pieces.mm))


def _along_the_line(pieces: Pieces, name: Chosen, area: Run, free: Chosen) -> Chosen:
    """Pieces that go on where the name leaves the field, to the right or the left, on its own line."""
    letter = _letter_height(pieces, name)
    chosen = np.zeros(pieces.count, bool)
    for step in (1, -1):
        chosen |= _chain(pieces, name, area, letter, step, free)
    return chosen


def _chain(pieces: Pieces, name: Chosen, area: Run, letter: float, step: int, free: Chosen) -> Chosen:
    chosen = np.zeros(pieces.count, bool)
    head, tail = (pieces.left, pieces.right) if step > 0 else (-pieces.right, -pieces.left)
    edge = area[2] if step > 0 else -area[0]
    end = float(tail[name].max())
    middle = (pieces.top + pieces.bottom) / 2
    while True:
        line = (name | chosen) & (tail > end - 12 * letter) & (pieces.tall > 0.4 * letter)
        if not line.any():
            return chosen
        top, bottom = (
            float(np.percentile(pieces.top[line], 25)),
            float(np.percentile(pieces.bottom[line], 75)),
        )
        slack = 0.6 * letter
        on_the_line = (middle > top - slack) & (middle < bottom + slack) & (pieces.tall < 2.6 * letter)
        beyond = (tail > edge - 0.5 * letter) & ~name & ~chosen
        near = head <= end + GAP_LETTERS * letter
        reach = min(_free_until(pieces, max(end, edge), area, step), end + FAR_LETTERS * letter)
        follows = on_the_line & beyond & free & (near | (head <= reach))
        follows[0] = False
        if not follows.any():
            return chosen
        chosen |= follows
        end = max(end, float(tail[follows].max()))


def _free_until(pieces: Pieces, start: float, area: Run, step: int) -> float:
    """How far the field's line runs on without print from there, in the direction of ``step``.

    Nothing else is asked for there, so writing on the line is the rest of the name, after however wide a gap.
    """
    band = np.any(pieces.print[area[1] : area[3]], axis=0).reshape(-1)
    columns = band if step > 0 else band[::-1]
    first = max(0, round(start) if step > 0 else round(len(columns) + start))
    printed = np.flatnonzero(columns[first:])
    last = first + int(printed[0]) if len(printed) else len(columns)
    return float(last if step > 0 else last - len(columns))


def _dots_of(pieces: Pieces, taken: Chosen) -> Chosen:
    """Dots and accents that stand close over the ink that was taken, and broken ends of strokes under it."""
    near = np.zeros((pieces.height, pieces.width), np.uint8)
    for i in np.flatnonzero(taken):
        pad = round(1.2 * pieces.mm)
        high, low = max(0, pieces.top[i] - 2 * pad), pieces.bottom[i] + pad
        near[high:low, max(0, pieces.left[i] - pad) : pieces.right[i] + pad] = 1
    small = (pieces.tall < 2.2 * pieces.mm) & ((pieces.right - pieces.left) < 3.5 * pieces.mm)
    touched = np.bincount(pieces.labels[near > 0], minlength=pieces.count) > 0
    touched[0] = False
    return np.asarray(small & touched)


def _outside(pieces: Pieces, taken: Chosen, area: Run) -> list[Run]:
    """Boxes around what was taken beyond the field, neighbours joined."""
    left, top, right, bottom = area
    beyond = np.asarray(taken[pieces.labels])
    beyond[top:bottom, left:right] = False
    if not beyond.any():
        return []
    grow = round(RIM_MM * pieces.mm)
    grown = cv2.dilate(beyond.astype(np.uint8), np.ones((2 * grow + 1, 2 * grow + 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(grown)
    return [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]


def _into_print(pieces: Pieces, taken: Chosen, area: Run) -> list[Run]:
    """Where the name runs into a printed word, its last letters may hide in it: that word is covered too."""
    letter = _letter_height(pieces, taken)
    ends = []
    for step in (1, -1):
        end = int(pieces.right[taken].max()) if step > 0 else int(pieces.left[taken].min())
        edge = area[2] if step > 0 else area[0]
        if step * (end - edge) < -0.35 * letter:
            continue
        last = taken & (step * (pieces.right if step > 0 else pieces.left) >= step * end - 1.5 * letter)
        top, bottom = int(pieces.top[last].min()), int(pieces.bottom[last].max())
        top, bottom = max(top, area[1] - round(letter)), min(bottom, area[3] + round(letter))
        reach = _through_print(pieces, (top, bottom), end, step, round(HIDDEN_LETTERS * letter))
        if reach is not None:
            left, right = sorted((end - step * 2, reach))
            ends.append((left, top - 2, right, bottom + 2))
    return ends


def _through_print(pieces: Pieces, band: tuple[int, int], end: int, step: int, hidden: int) -> int | None:
    """Where the printed word ends that begins within ``hidden`` pixels of ``end``; None where none does."""
    printed = np.any(pieces.print[max(0, band[0]) : band[1]], axis=0).reshape(-1)
    gap, most = round(WORD_GAP_MM * pieces.mm), round(WIDEST_WORD_MM * pieces.mm)
    ahead = [x for x in range(end, end + step * (hidden + most), step) if 0 <= x < len(printed) and printed[x]]
    if not ahead or abs(ahead[0] - end) > hidden:
        return None
    reach = ahead[0]
    for x in ahead:
        if abs(x - reach) > gap:
            break
        reach = x
    # what is written over a word's last letter may reach a little beyond it
    reach += step * hidden // 2
    return max(reach, end + hidden) if step > 0 else min(reach, end - hidden)


def _one_a_side(pieces: Pieces, runs: list[Run], area: Run, letter: float) -> list[Run]:
    """What runs out to the right, the left or upwards as one box a side, joined to the field; the rest as it is."""
    into = round(RIM_MM * pieces.mm)
    left, top, right, bottom = area[0] + into, area[1] + into, area[2] - into, area[3] - into
    sides: dict[str, list[Run]] = {"right": [], "left": [], "up": [], "down": []}
    for run in runs:
        if run[0] >= right - 2:
            sides["right"].append((right, *run[1:]))
        elif run[2] <= left + 2:
            sides["left"].append((*run[:2], left, run[3]))
        elif run[3] <= top + 2:
            sides["up"].append((*run[:3], top))
        elif run[1] >= bottom - 2:
            sides["down"].append((run[0], bottom, *run[2:]))
        else:
            sides["down"].append(run)
    joined = [_hull(sides[side]) for side in ("right", "left", "up") if sides[side]]
    return [_with_tails(run, area, letter) for run in joined] + sides["down"]


def _with_tails(run: Run, area: Run, letter: float) -> Run:
    """A run with room for the tails of its letters, which a scan in black and white breaks off; not below the field."""
    return *run[:3], max(run[3], min(area[3], round(run[3] + letter)))


def _hull(runs: Sequence[Run]) -> Run:
    return min(r[0] for r in runs), min(r[1] for r in runs), max(r[2] for r in runs), max(r[3] for r in runs)


def _doubt(pieces: Pieces, runs: Iterable[tuple[int, int, int, int]], area: tuple[int, int, int, int]) -> str:
    for left, top, right, bottom in runs:
        above, below = area[1] - top, bottom - area[3]
        beside = right - left if left >= area[2] or right <= area[0] else area[0] - left + right - area[2]
        if max(above, below) > TALLEST_RUN_MM * pieces.mm or beside > WIDEST_RUN_MM * pieces.mm:
            return FAR_OUT
    return ""


def _box(pieces: Pieces, run: tuple[int, int, int, int]) -> Box:
    left, top, right, bottom = run
    return Box.from_pixels(
        max(0, left),
        max(0, top),
        min(pieces.width, right),
        min(pieces.height, bottom),
        pieces.width,
        pieces.height,
    )


def _within(one: Box, other: Box) -> bool:
    return other.x <= one.x and other.y <= one.y and one.right <= other.right and one.bottom <= other.bottom


def find_stray_writing(
    pieces: Pieces, field: Box, covered: Sequence[Box], *, fields: Sequence[Box] = (), names: Sequence[Box] = ()
) -> tuple[str, ...]:
    """Why writing near a field makes its page doubtful; empty where nothing does.

    Args:
        pieces: the page's new ink.
        field: the cover's fixed place.
        covered: all covers of the page; what they hide is no stray.
        fields: the page's other fields for a name. Beside a second one, a name is short anyway; and what is written
            beside the first of several lines is not between the others and the edge.
        names: further covers, of names that were read there; what lies wholly under covers is no stray.
    """
    pieces = _without(pieces, covered, names) if names else pieces
    area = field.to_pixels(pieces.width, pieces.height)
    edge, reach = round(EDGE_MM * pieces.mm), round(REACH_MM * pieces.mm)
    middle = (field.y + field.bottom) / 2
    found: list[str] = []
    top, bottom = _rows_around(area, [other.to_pixels(pieces.width, pieces.height) for other in fields], reach)
    over, below = (edge, edge, pieces.width - edge, top), (edge, bottom, pieces.width - edge, pieces.height - edge)
    if (middle < HEAD and _written(pieces, over, covered)) or (middle > FOOT and _written(pieces, below, covered)):
        found.append(OUTWARDS)
    under = (area[0], area[3], area[2], min(pieces.height - edge, area[3] + reach))
    room = _room_to_answer(pieces, under)
    if not fields and middle < HEAD and not room and _short_or_full(pieces, area) and _written(pieces, under, covered):
        found.append(UNDER)
    return tuple(found)


def _rows_around(area: Run, fields: Sequence[Run], reach: int) -> tuple[int, int]:
    """Top and bottom of the lines to which a field belongs: those that follow each other closely."""
    top, bottom = area[1], area[3]
    for field in sorted(fields, key=lambda other: abs(other[1] - area[1])):
        if field[1] <= bottom + reach and field[3] >= top - reach:
            top, bottom = min(top, field[1]), max(bottom, field[3])
    return top, bottom


def _without(pieces: Pieces, covered: Sequence[Box], names: Sequence[Box]) -> Pieces:
    """The pieces of a page without those of names that were read and are wholly under covers."""
    hidden, named = (mask_of(boxes, pieces) for boxes in ((*covered, *names), names))
    under, touched = (np.bincount(pieces.labels[mask], minlength=pieces.count) for mask in (hidden, named))
    gone = (under >= WHOLLY * pieces.area) & (touched > 0)
    gone[0] = False
    return Pieces((pieces.labels > 0) & ~gone[pieces.labels], pieces.mm * 25.4, pieces.print)


def mask_of(boxes: Sequence[Box], pieces: Pieces) -> NDArray[np.bool_]:
    """Where some places are on a page."""
    mask = np.zeros((pieces.height, pieces.width), bool)
    for box in boxes:
        left, top, right, bottom = box.to_pixels(pieces.width, pieces.height)
        mask[top:bottom, left:right] = True
    return mask


def _written(pieces: Pieces, zone: Run, covered: Sequence[Box]) -> bool:
    """Whether there is writing with its middle in a zone and not under a cover."""
    x, y = (pieces.left + pieces.right) / 2, (pieces.top + pieces.bottom) / 2
    inside = (x > zone[0]) & (x < zone[2]) & (y > zone[1]) & (y < zone[3]) & (pieces.tall >= SMALL_MM * pieces.mm)
    for box in covered:
        left, top, right, bottom = box.to_pixels(pieces.width, pieces.height)
        inside &= ~((x >= left) & (x <= right) & (y >= top) & (y <= bottom))
    inside[0] = False
    inside &= ~_edges(pieces)
    return float(pieces.area[inside].sum()) >= LEAST_MM2 * pieces.mm**2


def _edges(pieces: Pieces) -> NDArray[np.bool_]:
    """Pieces that are the edge of the sheet: long, and at the border of the page."""
    wide = pieces.right - pieces.left
    at_border = (pieces.left <= 1) | (pieces.top <= 1)
    at_border |= (pieces.right >= pieces.width - 1) | (pieces.bottom >= pieces.height - 1)
    return np.asarray(at_border & (np.maximum(wide, pieces.tall) > LONG_EDGE_MM * pieces.mm))


def _short_or_full(pieces: Pieces, area: Run) -> bool:
    """Whether the field holds so little, or so much, that a name would go on in a second line."""
    inside = pieces.inside(area) >= LEAST_PIECE
    if not inside.any():
        return False
    left, right = int(pieces.left[inside].min()), int(pieces.right[inside].max())
    return right - left < SHORT_MM * pieces.mm or right > area[0] + FULL * (area[2] - area[0])


def _room_to_answer(pieces: Pieces, zone: Run) -> bool:
    """Whether a printed line runs through a zone: something else is asked for there."""
    left, top, right, bottom = zone
    printed = pieces.print[top:bottom, left:right]
    return bool(printed.size) and bool((np.mean(printed, axis=1) > 0.5).any())
