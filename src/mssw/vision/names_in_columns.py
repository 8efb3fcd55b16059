"""Find the cells that stand among names and say none by themselves: a name that is a word too, or is hard to read.

A survey of friends, a list of a group and the bars of a graph have a name in each cell. What stands among them is a
name, too, whether it has a capital or not. In go the lines of a page, each with whether it is names alone. Out come the
short lines among at least three of those, each with the share of its column or row that are names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mssw.vision.text_lines import Line

LEAST_NAMED, LEAST_SHARE = 3, 0.5  # neighbours that are names, and their share of the column or row
SAME_EDGE = 1.0  # heights of a line between the left edges of a column's cells
SAME_LEVEL = 0.5  # the same between the middles of a row's cells
FARTHEST = 4.0  # heights of a line from one cell of a column to the next
WIDEST = 14.0  # heights of a line: a longer one is no cell
TURNS, STEEPEST = (0.0, 90.0, -90.0), 10.0  # degrees


def find_cells_among_names(lines: Sequence[Line], are_names: Sequence[bool]) -> dict[int, float]:
    """The indices of the lines that stand among names and are none, each with how many of its neighbours are names.

    Args:
        lines: of a page.
        are_names: for each, whether it is names alone.

    Returns:
        For each such line the share of names among its neighbours in its column, its row, or both, from
        ``LEAST_SHARE`` to 1.
    """
    found = {}
    for group in _by_turn(lines):
        height = sorted(line.height for line in group.values())[len(group) // 2]
        for n in group:
            if are_names[n]:
                continue
            column, row = _find_column(n, group, height), _find_row(n, group, height)
            shares = [_share_of_names(near, are_names) for near in (column, row, column | row)]
            if max(shares) >= LEAST_SHARE:
                found[n] = max(shares)
    return found


def _by_turn(lines: Sequence[Line]) -> list[dict[int, Line]]:
    """The lines that are short enough for a cell: those that are level, those up the page, and those down, as level."""
    groups: dict[float, dict[int, Line]] = {}
    for n, line in enumerate(lines):
        turn = next((turn for turn in TURNS if abs(line.angle - turn) < STEEPEST), None)
        if turn is not None and line.width < WIDEST * line.height:
            x, y = (line.x, line.y) if not turn else (line.y, -line.x) if turn > 0 else (-line.y, line.x)
            groups.setdefault(turn, {})[n] = replace(line, x=x, y=y)
    return list(groups.values())


def _share_of_names(near: set[int], are_names: Sequence[bool]) -> float:
    """How many of the neighbours are names; 0 if too few are to tell."""
    named = sum(are_names[n] for n in near)
    return named / len(near) if named >= LEAST_NAMED else 0.0


def _find_row(cell: int, group: Mapping[int, Line], height: float) -> set[int]:
    """The other cells in the row of one."""
    return {n for n, line in group.items() if n != cell and abs(line.y - group[cell].y) < SAME_LEVEL * height}


def _find_column(cell: int, group: Mapping[int, Line], height: float) -> set[int]:
    """The other cells that begin below or above one, up and down as long as the next one is near."""
    column = [n for n, line in group.items() if abs(line.left - group[cell].left) < SAME_EDGE * height]
    column.sort(key=lambda n: group[n].y)
    first = last = column.index(cell)
    while first > 0 and group[column[first]].y - group[column[first - 1]].y < FARTHEST * height:
        first -= 1
    while last + 1 < len(column) and group[column[last + 1]].y - group[column[last]].y < FARTHEST * height:
        last += 1
    return set(column[first : last + 1]) - {cell}
