"""Find the places on a blank page that are there to be written on: rules, boxes, rows of letter boxes, bubbles.

Takes a blank page with its printed words, returns its ``PrintedLayout``: where its rules and boxes are, where its text
is, and what encloses a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import cv2
import numpy as np

from mssw.core.page import Box
from mssw.names.label_words import split_word
from mssw.vision.ink import Grey, Mask, normalise_ink

LEANS = 0.008  # of a rule's length: a scan is never quite straight
SHORTEST_RULE_MM = 9.0
SHORTEST_WALL_MM = 4.0
SHORTEST_TICK_MM = 1.2
TALLEST_BOX_MM = 45.0
ACROSS = 0.5  # of a field's width: a line for the name
OF_A_LINE = 0.5  # of a row of pixels beside a place: a line is drawn there
TOUCH = 3  # pixels between a stroke and the rule it touches, at most
MEETING_MM = 1.5  # between the end of a line and the line it is drawn up to, at most
CORNER_MM = 6.0  # from the end of a side to the corner of a box with round corners
JOINT_MM = 1.0  # between two pieces of a line that a scan broke
NEAREST = 12  # lines over and under a place that may be the ceiling and the floor around it
OF_LETTERS = 0.7  # of a line that is only a row of letters

# A row of boxes, one for each letter
LETTER_BOX_MM = (3.6, 14.0)  # its width and its height
FEWEST_LETTERS, FEWEST_DIGITS = 5, 2
LETTER_GAP = 2.6  # widths between two of them, where first and last name are apart
IS_BOX = 0.84  # of the rectangle around it that is paper: a circle has less

# A grid of bubbles that spell a number
BUBBLE_MM = (2.2, 6.5)
ROUND = (0.70, 0.86)  # of the rectangle around it that an ellipse fills
FEWEST_BUBBLES = 18
DIGITS = 9  # rows or columns: some grids leave out the zero


@dataclass(frozen=True, slots=True)
class PrintArea:
    """A place in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """From its left to its right edge."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """From its upper to its lower edge."""
        return self.bottom - self.top

    def holds_row(self, y: float) -> bool:
        """Whether it is at that height of the page."""
        return self.top <= y <= self.bottom


def enclose(areas: Sequence[PrintArea]) -> PrintArea:
    """The smallest area around some."""
    return PrintArea(
        min(a.left for a in areas), min(a.top for a in areas), max(a.right for a in areas), max(a.bottom for a in areas)
    )


class PrintedLayout:
    """The print of a blank page, as lines, boxes and the rest.

    Args:
        grey: the page, (height, width) uint8.
        dpi: of it.
        words: its printed words with their places.
    """

    def __init__(self, grey: Grey, dpi: float, words: Sequence[tuple[str, Box]] = ()) -> None:
        self.height, self.width = grey.shape[:2]
        self.mm = dpi / 25.4
        self.ink = _find_print(grey)
        letters = self._letters(words)
        flat = _find_level_lines(self.ink, self.mm)
        self.flat = [a for a in flat if letters[a.top : a.bottom, a.left : a.right].mean() < OF_LETTERS]
        self.upright = _segments(self.ink, round(SHORTEST_WALL_MM * self.mm), across=False)
        self.ticks = self._ticks(letters)
        lines = np.zeros(self.ink.shape, np.uint8)
        for area in (*self.flat, *self.upright, *self.ticks):
            lines[area.top : area.bottom, area.left : area.right] = 1
        self.lines: Mask = np.asarray(cv2.dilate(lines, np.ones((5, 5), np.uint8)) > 0)
        self.text: Mask = self.ink & ~self.lines

    def _letters(self, words: Sequence[tuple[str, Box]]) -> Mask:
        """Where words stand, their leaders left out: small letters in a row look like a dotted line."""
        mask = np.zeros(self.ink.shape, bool)
        for text, box in (piece for word in words for piece in split_word(*word)):
            left, top, right, bottom = box.to_pixels(self.width, self.height)
            mask[top:bottom, left : right if text else left] = True
        return mask

    def _ticks(self, letters: Mask) -> list[PrintArea]:
        """Short upright strokes on a rule, which part it into places for single letters."""
        short = _segments(self.ink & ~letters, max(3, round(SHORTEST_TICK_MM * self.mm)), across=False)
        return [tick for tick in short if any(_stands_on(tick, rule) for rule in self.flat)]

    def is_free(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether no text is printed there."""
        return not self.text[max(0, int(top)) : int(bottom), max(0, int(left)) : int(right)].any()

    @cached_property
    def boxes(self) -> list[PrintArea]:
        """Empty boxes of any size, each with its paper alone, from the top down."""
        closed = cv2.morphologyEx(self.ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(1 - closed, connectivity=4)
        least = LETTER_BOX_MM[0] * self.mm
        return [
            PrintArea(int(x), int(y), int(x + w), int(y + h))
            for x, y, w, h, paper in stats[1:]
            if min(w, h) >= least
            and h <= TALLEST_BOX_MM * self.mm
            and w < 0.97 * self.width
            and paper >= IS_BOX * w * h
        ]

    @cached_property
    def letter_rows(self) -> list[PrintArea]:
        """Rows of boxes, one for each letter; squared paper is none."""
        found = [enclose(row) for row in self._box_rows if len(row) >= FEWEST_LETTERS]
        return [row for row in found if not self._is_squared_paper(row, found)]

    @cached_property
    def digit_rows(self) -> list[PrintArea]:
        """Rows of empty boxes that are too few for the letters of a name, one for each digit of a number."""
        rim = round(SHORTEST_TICK_MM * self.mm)

        def is_empty(box: PrintArea) -> bool:
            return self.is_free(box.left + rim, box.top + rim, box.right - rim, box.bottom - rim)

        rows = [row for row in self._box_rows if FEWEST_DIGITS <= len(row) < FEWEST_LETTERS and all(map(is_empty, row))]
        found = list(map(enclose, rows))
        return [row for row in found if not self._is_squared_paper(row, found)]

    @cached_property
    def _box_rows(self) -> list[list[PrintArea]]:
        """Boxes of the size of letters, by rows."""
        low, high = (side * self.mm for side in LETTER_BOX_MM)
        small = [box for box in self.boxes if low <= box.width <= high and low <= box.height <= high]
        rows: list[list[PrintArea]] = []
        for box in sorted(small, key=lambda box: box.left):
            row = next((row for row in rows if self._continues(row[-1], box)), None)
            if row is None:
                rows.append([box])
            else:
                row.append(box)
        return rows

    @cached_property
    def combs(self) -> list[PrintArea]:
        """Rules with short strokes on them, one between two letters."""
        found = []
        for rule in self.flat:
            teeth = [tick for tick in self.ticks if _stands_on(tick, rule) and tick.height < LETTER_BOX_MM[0] * self.mm]
            if len(teeth) >= FEWEST_LETTERS - 1:
                found.append(enclose([rule, *teeth]))
        return found

    def _continues(self, last: PrintArea, box: PrintArea) -> bool:
        """Whether a box is the next one of a row."""
        same = 1.0 * self.mm
        level = abs(last.top - box.top) < same and abs(last.bottom - box.bottom) < same
        alike = abs(last.width - box.width) < 0.4 * last.width
        gap = box.left - last.right
        if not (level and alike and 0 <= gap <= LETTER_GAP * last.width):
            return False
        return self.is_free(last.right + 3, last.top, box.left - 3, last.bottom)

    def _is_squared_paper(self, row: PrintArea, rows: Sequence[PrintArea]) -> bool:
        """Whether other rows touch a row of boxes from above or below."""
        near = 1.2 * self.mm
        touching = [
            other
            for other in rows
            if other is not row
            and min(other.right, row.right) > max(other.left, row.left)
            and (abs(other.top - row.bottom) < near or abs(row.top - other.bottom) < near)
        ]
        return len(touching) > 1

    @cached_property
    def bubble_grids(self) -> list[tuple[PrintArea, int, int]]:
        """Grids of bubbles, each with how many it has across and down."""
        contours, _ = cv2.findContours(self.ink.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        low, high = (side * self.mm for side in BUBBLE_MM)
        bubbles = []
        for contour in contours:
            x, y, w, h = cv2.boundingRect(contour)
            is_round = ROUND[0] <= cv2.contourArea(contour) / max(1, (w - 1) * (h - 1)) <= ROUND[1]
            if low <= w <= high and low <= h <= high and is_round:
                bubbles.append(PrintArea(x, y, x + w, y + h))
        if len(bubbles) < FEWEST_BUBBLES:
            return []
        usual = float(np.median([bubble.width for bubble in bubbles]))
        reach = round(0.9 * usual)
        mask = np.zeros(self.ink.shape, np.uint8)
        for b in bubbles:
            mask[max(0, b.top - reach) : b.bottom + reach, max(0, b.left - reach) : b.right + reach] = 1
        _, labels, _, _ = cv2.connectedComponentsWithStats(mask)
        groups: dict[int, list[PrintArea]] = {}
        for b in bubbles:
            groups.setdefault(int(labels[b.top, b.left]), []).append(b)
        found = []
        for group in groups.values():
            across = _count_apart([(b.left + b.right) / 2 for b in group], 0.6 * usual)
            down = _count_apart([(b.top + b.bottom) / 2 for b in group], 0.6 * usual)
            if len(group) >= FEWEST_BUBBLES and len(group) >= 0.7 * across * down:
                found.append((enclose(group), across, down))
        return found

    def enclosing_box(self, place: PrintArea) -> PrintArea | None:
        """The inside of the drawn box around a place, if there is one that is not too tall.

        Its walls reach from its ceiling to its floor, and these from wall to wall. So a line to answer on in a frame
        around the page is no floor, for it touches no wall, and a line between two columns closes no box by itself.
        """
        y, x = (place.top + place.bottom) // 2, (place.left + place.right) // 2
        walls = [(a, self._wall_beside(a, place)) for a in self._walls if a.top <= y <= a.bottom]
        floors = [(a, self._floor_along(a, place)) for a in self._floors if a.left <= x <= a.right]
        lefts = sorted((w for w in walls if w[1].right <= place.left + 2), key=lambda w: -w[1].right)
        rights = sorted((w for w in walls if w[1].left >= place.right - 2), key=lambda w: w[1].left)
        tops = sorted((f for f in floors if f[1].bottom <= place.top + 3), key=lambda f: -f[1].bottom)
        bottoms = sorted((f for f in floors if f[1].top >= place.bottom - 3), key=lambda f: f[1].top)
        found: list[PrintArea] = []
        for (ceiling, top), (floor, bottom) in product(tops[:NEAREST], bottoms[:NEAREST]):
            if bottom.top - top.bottom > TALLEST_BOX_MM * self.mm:
                continue
            left = next((at for wall, at in lefts if self._meet(wall, ceiling) and self._meet(wall, floor)), None)
            right = next((at for wall, at in rights if self._meet(wall, ceiling) and self._meet(wall, floor)), None)
            if left is not None and right is not None:
                found.append(PrintArea(left.right, top.bottom, right.left, bottom.top))
        return min(found, key=lambda box: (box.height, box.width), default=None)

    def _floor_along(self, line: PrintArea, place: PrintArea) -> PrintArea:
        """A level line at the height that it has over or under a place: on a scan it leans, and so takes more room."""
        rim = round(SHORTEST_TICK_MM * self.mm)
        rows = self.ink[line.top : line.bottom, max(0, place.left - rim) : place.right + rim].mean(axis=1)
        drawn = np.flatnonzero(rows > OF_A_LINE)
        if not len(drawn):
            return line
        return replace(line, top=line.top + int(drawn[0]), bottom=line.top + int(drawn[-1]) + 1)

    def _wall_beside(self, line: PrintArea, place: PrintArea) -> PrintArea:
        """An upright line where it stands beside a place."""
        rim = round(SHORTEST_TICK_MM * self.mm)
        columns = self.ink[max(0, place.top - rim) : place.bottom + rim, line.left : line.right].mean(axis=0)
        drawn = np.flatnonzero(columns > OF_A_LINE)
        return (
            replace(line, left=line.left + int(drawn[0]), right=line.left + int(drawn[-1]) + 1) if len(drawn) else line
        )

    @cached_property
    def _floors(self) -> list[PrintArea]:
        """The level lines, the pieces of a broken one joined."""
        return _join_pieces(self.flat, JOINT_MM * self.mm)

    @cached_property
    def _walls(self) -> list[PrintArea]:
        """The upright lines, the pieces of a broken one joined."""
        return [_flip(a) for a in _join_pieces([_flip(a) for a in self.upright], JOINT_MM * self.mm)]

    def _meet(self, wall: PrintArea, floor: PrintArea) -> bool:
        """Whether an upright line and a level one touch, nearly meet, or are the ends of a round corner."""
        beside = max(floor.left - wall.right, wall.left - floor.right)
        over = max(floor.top - wall.bottom, wall.top - floor.bottom)
        if max(beside, over) <= MEETING_MM * self.mm:
            return True
        return min(beside, over) > 0 and max(beside, over) <= CORNER_MM * self.mm and self._is_linked(wall, floor)

    def _is_linked(self, wall: PrintArea, floor: PrintArea) -> bool:
        """Whether print leads from the end of an upright line to that of a level one, around their corner."""
        left, right = (wall.left, floor.left) if floor.left > wall.right else (floor.right, wall.right)
        top, bottom = (wall.bottom, floor.bottom) if floor.top > wall.bottom else (floor.top, wall.top)
        rim = 2 * TOUCH
        left, top = max(0, left - rim), max(0, top - rim)
        corner = self.ink[top : bottom + rim, left : right + rim].astype(np.uint8)
        _, pieces = cv2.connectedComponents(corner)
        at_ends = [
            set(pieces[max(0, end.top - top) : end.bottom - top, max(0, end.left - left) : end.right - left].flat) - {0}
            for end in (wall, floor)
        ]
        return not at_ends[0].isdisjoint(at_ends[1])


def find_name_rules(grey: Grey, dpi: float, fields: Sequence[Box]) -> list[Box]:
    """Find the level lines that a blank page prints across some fields, each in fractions of the page.

    Args:
        grey: the page, (height, width) uint8.
        dpi: of it.
        fields: where to look.
    """
    if not fields:
        return []
    height, width = grey.shape[:2]
    found = _find_level_lines(_find_print(grey), dpi / 25.4)
    rules = [Box.from_pixels(area.left, area.top, area.right, area.bottom, width, height) for area in found]
    return [rule for rule in rules if any(_crosses(rule, field) for field in fields)]


def _crosses(rule: Box, field: Box) -> bool:
    """Whether a line runs through most of a field."""
    part = rule.common(field)
    return part is not None and part.w >= ACROSS * field.w


def _find_print(grey: Grey) -> Mask:
    """Where a page is printed on."""
    return np.asarray(normalise_ink(grey, reach=21) > 76)


def _find_level_lines(ink: Mask, mm: float) -> list[PrintArea]:
    """The level lines on a page that are long enough to write on, rows of letters among them."""
    return _segments(ink, round(SHORTEST_RULE_MM * mm), across=True)


def _stands_on(tick: PrintArea, rule: PrintArea) -> bool:
    """Whether an upright stroke touches a rule."""
    return (
        rule.left - TOUCH <= tick.left <= rule.right + TOUCH
        and tick.top - TOUCH <= rule.bottom
        and tick.bottom + TOUCH >= rule.top
    )


def _join_pieces(areas: Sequence[PrintArea], gap: float) -> list[PrintArea]:
    """Level lines, those that go on after a small gap at the same height joined to one."""
    chains: list[list[PrintArea]] = []
    for area in sorted(areas, key=lambda area: area.left):
        chain = next((chain for chain in chains if _goes_on(chain[-1], area, gap)), None)
        if chain is None:
            chains.append([area])
        else:
            chain.append(area)
    return [enclose(chain) for chain in chains]


def _goes_on(piece: PrintArea, other: PrintArea, gap: float) -> bool:
    """Whether a level line goes on in another, as high and not far after it."""
    return 0 <= other.left - piece.right <= gap and piece.top - gap < other.top and other.bottom < piece.bottom + gap


def _flip(area: PrintArea) -> PrintArea:
    """An area with across and down changed over."""
    return PrintArea(area.top, area.left, area.bottom, area.right)


def _count_apart(places: Sequence[float], near: float) -> int:
    """How many places there are, those that are near each other counted once."""
    ordered = sorted(places)
    return sum(1 for n, place in enumerate(ordered) if n == 0 or place - ordered[n - 1] > near)


def _segments(ink: Mask, length: int, *, across: bool) -> list[PrintArea]:
    """Straight thin lines, also dotted and dashed ones."""
    binary = ink.astype(np.uint8)
    bridge = np.ones((1, 9) if across else (9, 1), np.uint8)
    kernel = np.ones((1, length) if across else (length, 1), np.uint8)
    drawn = cv2.morphologyEx(cv2.morphologyEx(binary, cv2.MORPH_CLOSE, bridge), cv2.MORPH_OPEN, kernel)
    _, _, stats, _ = cv2.connectedComponentsWithStats(drawn)
    areas = [PrintArea(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]
    sides = [sorted((a.right - a.left, a.bottom - a.top)) for a in areas]
    return [a for a, (thin, long) in zip(areas, sides, strict=True) if thin <= 7 + LEANS * long]
