"""Find the cells that stand among names and say none by themselves: a name that is a word too, or is hard to read.

A survey of friends, a list of a group and the bars of a graph have a name in each cell. What stands among them is a
name, too, whether it has a capital or not. In go the lines of a page, each with whether it is names alone. Out come the
short lines among at least three of those, each with the share of its column or row that are names.
"""

from __future__ import annotations

from collections.abc import Sequence

from mssw.vision.text_lines import Line

LEAST_NAMED, LEAST_SHARE = 3, 0.5  # cells that are names, and their share of the column or row
SAME_EDGE = 1.0  # heights of a line between the left edges of a column's cells
SAME_LEVEL = 0.5  # the same between the middles of a row's cells
FARTHEST = 4.0  # heights of a line from one cell of a column to the next
WIDEST = 14.0  # heights of a line: a longer one is no cell
STEEPEST = 10.0  # degrees


def find_cells_among_names(lines: Sequence[Line], are_names: Sequence[bool]) -> dict[int, float]:
    """The indices of the lines that stand among names and are none, each with how many of its neighbours are names.

    Args:
        lines: of a page.
        are_names: for each, whether it is names alone.

    Returns:
        For each such line the share of names in its column or row, from ``LEAST_SHARE`` to 1.
    """
    cells = [n for n, line in enumerate(lines) if abs(line.angle) < STEEPEST and line.width < WIDEST * line.height]
    height = sorted(lines[n].height for n in cells)[len(cells) // 2] if cells else 0.0
    found = dict[int, float]()
    for n in (n for n in cells if are_names[n]):
        column = [m for m in cells if abs(_left(lines[m]) - _left(lines[n])) < SAME_EDGE * height]
        row = [m for m in cells if abs(lines[m].y - lines[n].y) < SAME_LEVEL * height]
        for group in (_around(column, n, lines, height), row):
            named = [m for m in group if are_names[m]]
            if len(named) >= max(LEAST_NAMED, LEAST_SHARE * len(group)):
                share = len(named) / len(group)
                found.update((m, max(share, found.get(m, 0.0))) for m in group if not are_names[m])
    return found


def _left(line: Line) -> float:
    return line.x - line.width / 2


def _around(column: Sequence[int], start: int, lines: Sequence[Line], height: float) -> list[int]:
    """The cells of a column from one of them on, up and down, as long as the next one is near."""
    order = sorted(column, key=lambda m: lines[m].y)
    at = order.index(start)
    first, last = at, at
    while first > 0 and lines[order[first]].y - lines[order[first - 1]].y < FARTHEST * height:
        first -= 1
    while last + 1 < len(order) and lines[order[last + 1]].y - lines[order[last]].y < FARTHEST * height:
        last += 1
    return order[first : last + 1]
