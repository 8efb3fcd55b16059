"""Find the places on a blank page where people write what a label asks for.

In goes a page's layout with one label on it. Out come its places, with how sure each is: the line beside it, above or
below it, its cell in a table, rows of letter boxes, bubbles, or free paper. A label for several names leads to several
lines or cells, as far as nothing else is printed beside them. The label stands left of its line here: other scripts and
turned pages are mirrored or turned before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mssw.names.label_words import Asks, Phrase, asks_for_several, fold_words
from mssw.vision.writing_places import (
    DIGITS,
    MEETING_MM,
    SHORTEST_RULE_MM,
    TALLEST_BOX_MM,
    PrintArea,
    PrintedLayout,
    enclose,
)

UP_MM = 9.0  # tall writing over the rule; measured, see the README of the benchmark
PAD_MM = 3.4
MARGIN_MM = 6.0
BORDER_MM = 0.9
LOWEST_CELL_MM = 8.0  # a lower cell is a table's head, and its field is the cell below
HIGHEST_HEAD_MM, CENTRED_MM = 16.0, 3.0  # a higher cell is no head; how far from its cell's middle a heading may be
ROOMY_CELL_MM = 18.0  # a higher cell has room for more than a name
HINT_MM = 6.0  # under a label: words so near to it are a hint on it, and people write below them
NARROWEST_MM = 18.0  # room for a name beside its label
SHORT_CELL_MM = 40.0  # room in a label's own cell, where an empty cell is beside it
BARE_MM = 25.0  # room beside a label without a rule or a box
FAR_MM = 70.0  # from a label to its rule or box, if nothing is printed between: labels in a column differ in length
TOUCHING = 0.3  # of a label's height: its letters are lower than their box, which may reach over the rule above
CAPTION_MM = 4.0  # from a rule down to a caption in brackets
BELOW_MM = 14.0  # from a label down to its rule
BOXES_BELOW_MM = 9.0  # from a label down to its boxes
NEXT_ROW_MM = 15.0  # from one row of a label to its next
MOST_ROWS = 8
SAME_EDGE_MM = 6.0
ALIKE_MM = 2.0  # between the edges of two rules that are rows of one field
BUBBLES_BELOW_MM = 13.0  # from a label or its boxes down to the bubbles
UNDER_RULE_MM = 1.0
LONG_RULE_MM = 30.0  # a shorter one may belong to words at its left, although a label is under it


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """A place that belongs to a label.

    Attributes:
        area: what is covered.
        confidence: see ``NameField``.
        rule: the line or box in it; None for free paper.
    """

    area: PrintArea
    confidence: float
    rule: PrintArea | None = None


def find_label_places(
    layout: PrintedLayout, label: Phrase, asks: Asks, printed: Sequence[Phrase], *, heads_names: bool
) -> list[LabelPlace]:
    """Every place that belongs to a label, the first of them beside, above or under it.

    Args:
        layout: of the page.
        label: its words.
        asks: what it asks for.
        printed: all phrases of the page.
        heads_names: whether it may head a column with a name in each row.
    """
    several = asks_for_several(label.text)
    left, top, right, bottom = label.box.to_pixels(layout.width, layout.height)
    place = PrintArea(left, top, right, bottom)
    limit = _next_on_line(layout, label, printed, past_fillers=several)
    letters = _letter_row_of(layout, place, limit, asks)
    if letters is not None:
        boxes = _with_border(layout, letters)  # letters are often taller than their boxes
        found = [LabelPlace(_padded(layout, boxes, up=PAD_MM, down=PAD_MM, label=place, limit=boxes.right), 0.95)]
    else:
        found = _writing_places(layout, place, limit, is_caption=label.text.startswith("("))
        rules = _further_places(layout, found, place, limit, printed, several=several, heads_names=heads_names)
        found += rules
        if rules and found[0].rule is None:
            found = rules
    grid = _bubbles_of(layout, place, letters, asks, has_own_place=found[0].rule is not None)
    return [*found, LabelPlace(grid, 0.9, grid)] if grid is not None else found


def _writing_places(layout: PrintedLayout, place: PrintArea, limit: int, *, is_caption: bool) -> list[LabelPlace]:
    """The place that belongs to a label, padded for large writing as far as nothing printed is in the way.

    Where free paper is beside the label and a rule is below it, both may be written on. A caption in brackets belongs
    to the line above it.
    """
    over = _rule_above(layout, place, CAPTION_MM * layout.mm) if is_caption else None
    if over is not None:
        return [_on_rule(layout, over, place, layout.width, 0.9)]
    cell = _cell_of(layout, place, limit)
    if cell is not None:
        return [LabelPlace(cell, 0.95, cell)]
    rule = _rule_beside(layout, place, limit)
    under = _cell_under(layout, place)
    if under is not None and (rule is None or _is_top_of(layout, rule, under)):
        area = _with_border(layout, under)
        return [LabelPlace(area, 0.9, area)]
    if rule is not None:
        return [_on_rule(layout, _cut(rule, max(place.right, rule.left), limit), place, limit, 0.95)]
    rule = _rule_above(layout, place, place.height)
    if rule is not None:
        return [_on_rule(layout, rule, place, layout.width, 0.9)]
    return _free_places(layout, place, limit)


def _is_top_of(layout: PrintedLayout, rule: PrintArea, box: PrintArea) -> bool:
    """Whether a rule is a box's upper side, and no line of its own that runs close above a box."""
    is_near = abs(rule.bottom - box.top) <= 2 * round(BORDER_MM * layout.mm)
    return is_near and rule.left <= box.left + MEETING_MM * layout.mm


def _free_places(layout: PrintedLayout, place: PrintArea, limit: int) -> list[LabelPlace]:
    """The free paper beside a label; the line below it too, where there is one; else the paper below."""
    below = _rule_below(layout, place)
    free = _paper_beside(layout, place, min(limit, below.right) if below else limit)
    if below is not None:
        line = _on_rule(layout, below, place, layout.width, 0.85)
        up_to_label = replace(line, area=replace(line.area, top=min(line.area.top, place.bottom)))
        return [up_to_label, *([LabelPlace(free, 0.85)] if free is not None else [])]
    if free is not None:
        return [LabelPlace(free, 0.7)]
    under = PrintArea(place.left, place.bottom, min(layout.width, place.left + round(90 * layout.mm)), place.bottom + 2)
    return [LabelPlace(_padded(layout, under, up=0, down=UP_MM + PAD_MM, label=place, limit=layout.width), 0.4)]


def _paper_beside(layout: PrintedLayout, place: PrintArea, limit: int) -> PrintArea | None:
    """The free paper beside a label, if there is room for a name."""
    if limit - place.right <= BARE_MM * layout.mm:
        return None
    bare = PrintArea(place.right, place.top, limit, place.bottom)
    return _padded(layout, bare, up=PAD_MM, label=place, limit=limit)


def _cut(rule: PrintArea, left: int, limit: int) -> PrintArea:
    """The part of a rule between two edges."""
    return replace(rule, left=left, right=min(rule.right, limit))


def _on_rule(layout: PrintedLayout, rule: PrintArea, label: PrintArea, limit: int, confidence: float) -> LabelPlace:
    """The place over a rule, as far as nothing is printed beside it."""
    line = replace(rule, top=rule.top - 1, bottom=rule.bottom + 1)
    level = slice(max(0, rule.bottom - label.height), rule.bottom)
    beyond = layout.text[level, rule.right + 2 : limit].any(axis=0)
    limit = rule.right + 2 + int(np.argmax(beyond)) if beyond.any() else limit
    before = np.flatnonzero(layout.text[level, label.right : max(label.right, rule.left - 2)].any(axis=0))
    label = replace(label, right=label.right + int(before[-1]) + 1) if len(before) else label
    return LabelPlace(_padded(layout, line, up=UP_MM, label=label, limit=limit), confidence, rule)


def _further_places(
    layout: PrintedLayout,
    found: Sequence[LabelPlace],
    label: PrintArea,
    limit: int,
    printed: Sequence[Phrase],
    *,
    several: bool,
    heads_names: bool,
) -> list[LabelPlace]:
    """More rules or cells of one label: on its line, and in rows below that have no label of their own."""
    first = found[0].rule
    if first is not None and first.height > 3 * layout.mm:
        is_head = heads_names and first.top >= label.bottom - 2 * BORDER_MM * layout.mm
        cells = _further_cells(layout, label, first, limit) if several or is_head else []
        return [LabelPlace(_with_border(layout, cell), 0.9, cell) for cell in cells]
    rules = _rules_on_line(layout, first, limit) if several and first is not None else []
    rows = _rows_below(layout, first, label, printed, several=several)
    return [_on_rule(layout, rule, label, layout.width if rule in rows else limit, 0.9) for rule in (*rules, *rows)]


def _rules_on_line(layout: PrintedLayout, first: PrintArea, limit: int) -> list[PrintArea]:
    """The rules right of the first one, on its line."""
    level = 1.5 * layout.mm
    return [
        _cut(rule, rule.left, limit)
        for rule in layout.flat
        if abs(rule.bottom - first.bottom) < level + abs(rule.left - first.right) * 0.02
        and rule.left >= first.right - 2
        and min(rule.right, limit) - rule.left >= SHORTEST_RULE_MM * layout.mm
    ]


def _rows_below(
    layout: PrintedLayout, first: PrintArea | None, label: PrintArea, printed: Sequence[Phrase], *, several: bool
) -> list[PrintArea]:
    """The rules in the rows below a label's first one that belong to it too.

    Rows of a label for several names begin near its left edge, or where its first rule does. Those of any other label
    are as long as its first rule and begin right of the label: lines to answer on begin at the margin.
    """
    if first is None and not several:
        return []
    last, rows = (first or label).bottom, list[PrintArea]()
    for rule in sorted(layout.flat, key=lambda rule: rule.top):
        if rule.top <= last + 3 * layout.mm:
            continue
        if rule.top - last > NEXT_ROW_MM * layout.mm or len(rows) >= MOST_ROWS:
            break
        anchor = rows[0] if rows else first
        alike = anchor is not None and all(
            abs(one - other) < ALIKE_MM * layout.mm
            for one, other in ((rule.left, anchor.left), (rule.right, anchor.right))
        )
        begins = (
            anchor is None
            and label.left - SAME_EDGE_MM * layout.mm < rule.left < label.right + SAME_EDGE_MM * layout.mm
        )
        is_row = alike if not several else alike or begins or _is_row_of_list(layout, rule, label, anchor)
        if not is_row or (not several and rule.left < label.right):
            continue
        if _has_words(layout, printed, label, rule, last):
            break
        rows.append(rule)
        last = rule.bottom
    return rows if several or len(rows) <= 2 else []


def _is_row_of_list(layout: PrintedLayout, rule: PrintArea, label: PrintArea, anchor: PrintArea | None) -> bool:
    """Whether a rule begins where a list of names does: at the label's edge or at that of the row above."""
    near = SAME_EDGE_MM * layout.mm
    if anchor is None or rule.width > 1.6 * max(anchor.width, 40 * layout.mm):
        return False
    return abs(rule.left - anchor.left) < near or abs(rule.left - label.left) < near


def _has_words(layout: PrintedLayout, printed: Sequence[Phrase], label: PrintArea, rule: PrintArea, last: int) -> bool:
    """Whether words that are more than a number stand beside a row or above it."""
    for phrase in printed:
        left, top, right, bottom = phrase.box.to_pixels(layout.width, layout.height)
        middle = (top + bottom) / 2
        beside = (
            last < middle < rule.bottom + 2 * layout.mm and left < rule.right and right > label.left - 2 * layout.mm
        )
        if beside and not _is_filler(phrase.text):
            return True
    return False


def _is_filler(text: str) -> bool:
    """Whether a phrase only separates two names: a number, a comma, an "and"."""
    words = fold_words(text)
    return all(len(word) < 2 or word in {"and", "und", "et", "og", "och", "en"} for word in words)


def _further_cells(layout: PrintedLayout, label: PrintArea, first: PrintArea, limit: int) -> list[PrintArea]:
    """The empty cells that go on from the first one of a label for several names: in its row, or below a heading."""
    near = 2.2 * layout.mm
    found: list[PrintArea] = []
    last = first
    while first.top < label.bottom - 2 * BORDER_MM * layout.mm:
        nexts = [
            box
            for box in layout.boxes
            if -near < box.left - last.right < near and _is_level(box, last) and box.left < limit
        ]
        if not nexts:
            return found
        last = nexts[0]
        found.append(last)
    while True:
        nexts = [box for box in layout.boxes if -near < box.top - last.bottom < near and _as_wide(layout, box, last)]
        if not nexts or len(found) > 4 * MOST_ROWS:
            return found
        last = nexts[0]
        found.append(last)


def _is_level(one: PrintArea, other: PrintArea) -> bool:
    """Whether two cells share a row."""
    return min(one.bottom, other.bottom) - max(one.top, other.top) > 0.7 * min(one.height, other.height)


def _letter_row_of(layout: PrintedLayout, place: PrintArea, limit: int, asks: Asks) -> PrintArea | None:
    """The rows of letter boxes beside a label or right below it; for a number, also of a few boxes for its digits."""
    middle = (place.top + place.bottom) / 2
    rows: list[PrintArea] = [*layout.letter_rows, *(layout.digit_rows if asks is Asks.NUMBER else ())]
    beside = [
        row
        for row in rows
        if row.holds_row(middle)
        and -2 <= row.left - place.right < FAR_MM * layout.mm
        and row.left < limit
        and layout.is_free(place.right + 2, row.top + 2, row.left - 2, row.bottom - 2)
    ]
    below = [
        row
        for row in rows
        if -2 <= row.top - place.bottom < BOXES_BELOW_MM * layout.mm
        and row.left - SAME_EDGE_MM * layout.mm < place.left < row.right
        and layout.is_free(max(place.left, row.left), place.bottom + 2, min(place.right, row.right), row.top - 2)
    ]
    if beside:
        return min(beside, key=lambda row: row.left)
    return min(below, key=lambda row: row.top, default=None)


def _bubbles_of(
    layout: PrintedLayout, place: PrintArea, letters: PrintArea | None, asks: Asks, *, has_own_place: bool
) -> PrintArea | None:
    """The bubbles below a label or its letter boxes that spell what is written there, with the paper in between."""
    if letters is None and (asks is not Asks.NUMBER or has_own_place):
        return None
    above = enclose([place, letters]) if letters is not None else place
    near = SAME_EDGE_MM * layout.mm
    for grid, across, down in layout.bubble_grids:
        under = -2 <= grid.top - above.bottom < BUBBLES_BELOW_MM * layout.mm
        in_column = min(grid.right, above.right + near) - max(grid.left, above.left - near) > 0.4 * min(
            grid.width, above.width
        )
        if under and in_column and max(across, down) >= DIGITS and min(across, down) >= 2:
            rim = round(2 * BORDER_MM * layout.mm)
            return PrintArea(grid.left - rim, above.bottom, grid.right + rim, grid.bottom + rim)
    return None


def _next_on_line(
    layout: PrintedLayout, label: Phrase, printed: Sequence[Phrase], *, past_fillers: bool = False
) -> int:
    """The left edge of the next printed words on the label's line, or the page's margin."""
    edge = layout.width - round(MARGIN_MM * layout.mm)
    beside = [
        other.box.x * layout.width
        for other in printed
        if other.box.x >= label.box.right - 1e-6
        and min(other.box.bottom, label.box.bottom) - max(other.box.y, label.box.y)
        > 0.3 * min(other.box.h, label.box.h)
        and not (past_fillers and _is_filler(other.text))
    ]
    return int(min(edge, round(min(beside, default=edge)) - 2))


def _cell_of(layout: PrintedLayout, place: PrintArea, limit: int) -> PrintArea | None:
    """The box or the table's cell that a label belongs to: around it, at its right, or under it in a table.

    A box beside the label is nearer to it than one that is drawn around both; so is a rule, where the box around them
    has room for more than a name.
    """
    at_right = _box_beside(layout, place, limit)
    boxed = layout.enclosing_box(place)
    if boxed is None or (at_right is not None and _holds(boxed, at_right)):
        return _with_border(layout, at_right) if at_right is not None else None
    if _is_roomy(layout, boxed) and _rule_within(layout, boxed, place, limit):
        return None
    step = round(3 * layout.mm)
    middle = (boxed.top + boxed.bottom) // 2
    below = _empty_cell(layout, (boxed.left + boxed.right) // 2, boxed.bottom + step)
    is_head = boxed.height < LOWEST_CELL_MM * layout.mm or _is_heading(layout, boxed, place)
    if is_head and below is not None and _as_wide(layout, below, boxed):
        return _with_border(layout, PrintArea(boxed.left, place.bottom, boxed.right, below.bottom))
    inside = _inside(layout, boxed, place, limit)
    beyond = _empty_cell(layout, boxed.right + step, middle)
    if inside is not None:  # a short label leaves room in its cell, but people write in the empty one beside it
        both = beyond is not None and inside.width < SHORT_CELL_MM * layout.mm
        return replace(inside, right=_with_border(layout, beyond).right) if both and beyond is not None else inside
    beyond = beyond or below
    return _with_border(layout, beyond) if beyond is not None else None


def _is_heading(layout: PrintedLayout, cell: PrintArea, place: PrintArea) -> bool:
    """Whether a label stands in the middle of its cell, as a table's heading does, with no room to write beside it."""
    before, behind = place.left - cell.left, cell.right - place.right
    above, below = place.top - cell.top, cell.bottom - place.bottom
    is_centred = abs(before - behind) < CENTRED_MM * layout.mm and abs(above - below) < CENTRED_MM * layout.mm
    return is_centred and before > CENTRED_MM * layout.mm and cell.height < HIGHEST_HEAD_MM * layout.mm


def _holds(outer: PrintArea, inner: PrintArea) -> bool:
    """Whether one area lies in another."""
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


def _is_roomy(layout: PrintedLayout, cell: PrintArea) -> bool:
    """Whether a cell has room for more than a name."""
    return cell.height > ROOMY_CELL_MM * layout.mm


def _rule_within(layout: PrintedLayout, cell: PrintArea, place: PrintArea, limit: int) -> bool:
    """Whether a rule beside a label in a cell is a line of its own and not the cell's floor."""
    rule = _rule_beside(layout, place, min(limit, cell.right))
    return rule is not None and rule.bottom < cell.bottom - ALIKE_MM * layout.mm


def _box_beside(layout: PrintedLayout, place: PrintArea, limit: int) -> PrintArea | None:
    """The empty box right of a label, however far, if nothing is printed between."""
    middle = (place.top + place.bottom) // 2
    near = _empty_cell(layout, place.right + round(5 * layout.mm), middle)
    if near is not None and -2 <= near.left - place.right < 5 * layout.mm and near.left < limit:
        return near
    skirt = round(ALIKE_MM * layout.mm)  # print that is pale on a dark ground looks as if its rim were printed too
    found = [
        box
        for box in layout.boxes
        if box.holds_row(middle)
        and -2 <= box.left - place.right < FAR_MM * layout.mm
        and box.left < limit
        and box.width >= SHORTEST_RULE_MM * layout.mm
        and layout.is_free(place.right + skirt, place.top, box.left - skirt, place.bottom)
    ]
    box = min(found, key=lambda box: box.left, default=None)
    rule = _rule_beside(layout, place, limit)
    return None if box is None or (rule is not None and rule.right < box.left) else box


def _empty_cell(layout: PrintedLayout, x: int, y: int) -> PrintArea | None:
    """The drawn box around a point, if nothing is printed in it."""
    cell = layout.enclosing_box(PrintArea(x, y, x, y))
    if cell is None or cell.width < SHORTEST_RULE_MM * layout.mm:
        return None
    rim = round(BORDER_MM * layout.mm)
    return cell if layout.is_free(cell.left + rim, cell.top + rim, cell.right - rim, cell.bottom - rim) else None


def _cell_under(layout: PrintedLayout, place: PrintArea) -> PrintArea | None:
    """The empty box that begins right under a label."""
    cell = _empty_cell(layout, place.left + round(4 * layout.mm), place.bottom + round(1.2 * place.height))
    if (
        cell is not None
        and cell.top - place.bottom <= 1.2 * place.height
        and cell.height <= TALLEST_BOX_MM / 2 * layout.mm
    ):
        return cell
    rim = round(BORDER_MM * layout.mm)
    found = [
        box
        for box in layout.boxes
        if -2 <= box.top - place.bottom <= BOXES_BELOW_MM * layout.mm
        and abs(box.left - place.left) < SAME_EDGE_MM * layout.mm
        and NARROWEST_MM * layout.mm <= box.width
        and box.height <= TALLEST_BOX_MM / 2 * layout.mm
        and layout.is_free(place.left, place.bottom + 2, place.right, box.top - 4)
        and layout.is_free(box.left + rim, box.top + rim, box.right - rim, box.bottom - rim)
    ]
    return min(found, key=lambda box: box.top, default=None)


def _as_wide(layout: PrintedLayout, one: PrintArea, other: PrintArea) -> bool:
    """Whether two cells stand in one column."""
    return abs(one.left - other.left) < 2 * layout.mm and abs(one.right - other.right) < 2 * layout.mm


def _with_border(layout: PrintedLayout, box: PrintArea) -> PrintArea:
    """A box with its border, since strokes that touch the border go with it."""
    rim = round(BORDER_MM * layout.mm)
    return PrintArea(box.left - rim, box.top - rim, box.right + rim, box.bottom + 2 * rim)


def _inside(layout: PrintedLayout, box: PrintArea, place: PrintArea, limit: int) -> PrintArea | None:
    """The part of a box to write in: beside the label, or under it too where the label is a small caption."""
    whole = _with_border(layout, box)
    right = whole.right if limit >= box.right else limit
    beside = PrintArea(place.right + 2, whole.top, right, whole.bottom)
    wide_enough = beside.width > NARROWEST_MM * layout.mm
    tall = box.bottom - place.bottom > 6 * layout.mm
    if tall and (not wide_enough or place.top - box.top < 2 * layout.mm):
        # a small caption in the corner: people write under it and beside it; the caption itself is only print
        return _up_to_words(layout, whole, place)
    return _up_to_words(layout, beside, place) if wide_enough else None


def _up_to_words(layout: PrintedLayout, area: PrintArea, label: PrintArea) -> PrintArea:
    """The part of a roomy cell that a label has for itself, from the words above it to the next ones below."""
    if not _is_roomy(layout, area):
        return area
    rim, hint = round(2 * BORDER_MM * layout.mm), round(HINT_MM * layout.mm)
    printed = np.asarray(layout.text[:, area.left + rim : area.right - rim].any(axis=1))
    above = np.flatnonzero(printed[area.top + rim : max(0, label.top - hint)])
    below = np.flatnonzero(printed[label.bottom + hint : area.bottom - rim])
    top = area.top + rim + int(above[-1]) + 1 if len(above) else area.top
    bottom = label.bottom + hint + int(below[0]) if len(below) else area.bottom
    return replace(area, top=top, bottom=bottom)


def _rule_beside(layout: PrintedLayout, place: PrintArea, limit: int) -> PrintArea | None:
    """The rule right of the label, or that runs under the label and beyond it."""
    level = [
        rule
        for rule in layout.flat
        if place.top + 0.2 * place.height <= rule.top <= place.bottom + 0.9 * place.height
        and min(rule.right, limit) - max(rule.left, place.right) >= SHORTEST_RULE_MM * layout.mm
    ]
    near = [rule for rule in level if rule.left <= place.right + 12 * layout.mm]
    far = [
        rule
        for rule in level
        if rule.left <= place.right + FAR_MM * layout.mm
        and layout.is_free(place.right + 2, place.top, rule.left - 2, place.bottom)
    ]
    nearest = min(near, key=lambda rule: (abs(rule.top - place.bottom), rule.left), default=None)
    return nearest or min(far, key=lambda rule: (rule.left, abs(rule.top - place.bottom)), default=None)


def _rule_above(layout: PrintedLayout, place: PrintArea, reach: float) -> PrintArea | None:
    """The rule that has its label under it, so many pixels away at most."""
    found = [
        rule
        for rule in layout.flat
        if -TOUCHING * place.height <= place.top - rule.bottom <= reach
        and rule.left - 3 * layout.mm <= place.left <= rule.right
        and (rule.width >= LONG_RULE_MM * layout.mm or _is_caption_of(layout, place, rule))
    ]
    return max(found, key=lambda rule: rule.top, default=None)


def _is_caption_of(layout: PrintedLayout, place: PrintArea, rule: PrintArea) -> bool:
    """Whether a label under a short rule belongs to it: it is no longer than the rule, and none is left of the rule."""
    before = rule.left - 2 * SAME_EDGE_MM * layout.mm
    return place.right <= rule.right + 3 * layout.mm and layout.is_free(
        before, rule.top - place.height, rule.left - 2, rule.bottom
    )


def _rule_below(layout: PrintedLayout, place: PrintArea) -> PrintArea | None:
    """The rule a line below its label, if it is not the first of many to answer on."""
    found = [
        rule
        for rule in layout.flat
        if place.bottom + 0.9 * place.height < rule.top <= place.bottom + BELOW_MM * layout.mm
        and abs(rule.left - place.left) < SAME_EDGE_MM * layout.mm
        and rule.width >= BARE_MM * layout.mm
        and layout.is_free(max(place.left, rule.left), place.bottom + 2, rule.right, rule.top - 2)
    ]
    rule = min(found, key=lambda rule: rule.top, default=None)
    if rule is None:
        return None
    alike = [
        other
        for other in layout.flat
        if 3 * layout.mm < other.top - rule.top < BELOW_MM * layout.mm
        and abs(other.left - rule.left) < ALIKE_MM * layout.mm
        and abs(other.right - rule.right) < ALIKE_MM * layout.mm
    ]
    return None if alike else rule


def _padded(
    layout: PrintedLayout, area: PrintArea, *, up: float, label: PrintArea, limit: int, down: float = PAD_MM
) -> PrintArea:
    """The area grown by so many millimetres, each side only until something is printed there."""
    step = 1
    left, top, right, bottom = area.left, area.top, area.right, area.bottom
    for _ in range(round(PAD_MM * layout.mm)):
        if left - step > label.right or (left > 0 and left <= label.left):
            left -= step if not layout.text[top:bottom, max(0, left - 2) : left].any() else 0
        if right + 2 < min(layout.width, limit) and not layout.text[top:bottom, right : right + 2].any():
            right += step
    for _ in range(round(up * layout.mm)):
        if top > 2 and not layout.text[top - 2 : top, left:right].any():
            top -= step
    for _ in range(round(down * layout.mm)):
        if bottom + 2 < layout.height and not layout.text[bottom : bottom + 2, left:right].any():
            bottom += step
    return PrintArea(max(0, left), max(0, top), min(layout.width, right), min(layout.height, bottom))


def find_core(layout: PrintedLayout, place: LabelPlace) -> PrintArea | None:
    """The part of a place between the rule of the row above and its own, where other rows are near; else None."""
    area, rule = place.area, place.rule
    if rule is None or rule.height > 3 * layout.mm:
        return None
    rows = [
        other
        for other in layout.flat
        if min(other.right, area.right) - max(other.left, area.left) > 0.3 * area.width
        and abs(other.top - rule.top) > 3 * layout.mm
    ]
    above = [other.bottom for other in rows if area.top < other.top < rule.top]
    below = any(rule.bottom < other.top < rule.bottom + (UP_MM + PAD_MM) * layout.mm for other in rows)
    if not above and not below:
        return None
    bottom = min(area.bottom, rule.bottom + round(UNDER_RULE_MM * layout.mm)) if below else area.bottom
    return PrintArea(area.left, max(above, default=area.top), area.right, bottom)
