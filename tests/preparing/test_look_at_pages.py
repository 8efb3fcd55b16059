"""One flag for each block of lines that could not be read."""

from __future__ import annotations

from mssw.core.page import Box, Mark, MarkKind
from mssw.preparing.look_at_pages import join_unread

NAME = Mark(Box(0.2, 0.31, 0.1, 0.02), MarkKind.TEXT, "reading", 0.6)


def unread(x: float, y: float, w: float = 0.3, h: float = 0.02) -> Mark:
    return Mark(Box(x, y, w, h), MarkKind.UNREAD, "reading", 0.1)


def places(*flags: Mark) -> list[tuple[float, ...]]:
    return [tuple(round(v, 3) for v in flag.box.numbers) for flag in join_unread(flags)]


def test_lines_below_each_other_are_one_block_and_names_stay_as_they_are():
    lines = unread(0.1, 0.3), NAME, unread(0.15, 0.335), unread(0.1, 0.37)

    assert join_unread(lines)[0] == NAME
    assert places(*lines)[1:] == [(0.1, 0.3, 0.35, 0.09)]


def test_pieces_of_a_line_and_the_same_place_twice_are_one_block():
    assert places(unread(0.1, 0.3), unread(0.1, 0.3)) == [(0.1, 0.3, 0.3, 0.02)]
    assert places(unread(0.1, 0.3), unread(0.5, 0.3), unread(0.2, 0.33, w=0.5)) == [(0.1, 0.3, 0.7, 0.05)]


def test_what_stands_apart_is_looked_at_apart():
    apart = unread(0.1, 0.3), unread(0.6, 0.33), unread(0.1, 0.5)

    assert join_unread(apart) == apart
