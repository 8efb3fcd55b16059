"""The two contents that a page of a packet may have beside plain text: a picture drawn last, or pages on a sheet.

Read by patterns, not by a PDF library: what fits no pattern is neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""

EDGE = 0.51
"""Points by which rounding may move something over an edge."""

_NUMBER = rb"(-?\d+(?:\.\d+)?)"
_MATRIX = rb"\s".join([_NUMBER] * 6)
_UPRIGHT = _NUMBER + rb"\s0\s0\s" + _NUMBER + rb"\s" + _NUMBER + rb"\s" + _NUMBER
PLACED = re.compile(rb"q " + _UPRIGHT + rb" cm /Im0 Do Q\s?")
"""All of the content of a page that is one image: its width, height, left and bottom."""
_LAST = re.compile(rb"q\s" + _UPRIGHT + rb"\scm\s?/Im0 Do\sQ\s*(EMC\s*)?\Z")
_PART = re.compile(rb"q " + _MATRIX + rb" cm (/P\d{1,2}) Do Q\n?")
_SHEET = re.compile(rb"(?:" + _PART.pattern + rb"){1,16}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is drawn last on a page.

    Attributes:
        matrix: its width, height, left and bottom in points.
        before: the content that comes before it.
        marks: how many marks are open around it.
    """

    matrix: tuple[float, float, float, float]
    before: bytes
    marks: int


@dataclass(frozen=True, slots=True)
class Part:
    """A page that is drawn on a sheet: its name among the resources, and what moves it to its place."""

    name: str
    matrix: tuple[float, float, float, float, float, float]

    def where(self, box: Sequence[float]) -> Rectangle:
        """Where a page with that box lies on the sheet."""
        a, b, c, d, e, f = self.matrix
        corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        across = [a * x + c * y + e for x, y in corners]
        up = [b * x + d * y + f for x, y in corners]
        return min(across), min(up), max(across), max(up)


def picture_last(content: bytes) -> Picture | None:
    """The picture that a page's content ends with; None where it ends otherwise."""
    found = _LAST.search(content)
    if found is None:
        return None
    width, height, left, bottom = (float(number) for number in found.groups()[:4])
    return Picture((width, height, left, bottom), content[: found.start()], int(found.group(5) is not None))


def parts_of(content: bytes) -> list[Part]:
    """The pages that a side of a sheet shows, if that is all that it does; else none."""
    if _SHEET.fullmatch(content) is None:
        return []
    found = []
    for match in _PART.finditer(content):
        a, b, c, d, e, f = (float(number) for number in match.groups()[:6])
        found.append(Part(match.group(7).decode("ascii"), (a, b, c, d, e, f)))
    return found


def over_edge(placed: tuple[float, float, float, float], size: tuple[float, float]) -> float:
    """By how many points a picture reaches over the edge of its page."""
    width, height, left, bottom = placed
    return max(-left, -bottom, left + width - size[0], bottom + height - size[1])


def lie_over(places: Sequence[Rectangle], size: tuple[float, float]) -> bool:
    """Whether one of the places lies over another or over the sheet's edge."""
    for at, (left, bottom, right, top) in enumerate(places):
        if max(-left, -bottom, right - size[0], top - size[1]) > EDGE:
            return True
        for other in places[:at]:
            across = min(right, other[2]) - max(left, other[0])
            up = min(top, other[3]) - max(bottom, other[1])
            if min(across, up) > EDGE:
                return True
    return False
