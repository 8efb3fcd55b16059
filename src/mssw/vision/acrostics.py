"""Find names that are spelt by the first letters of lines below each other: "M - makes kites", "I - …", "A - …".

In go the lines of a page, what they say, and what people are called. Out come the first letters that spell a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from mssw.vision.recogniser import LineReading
from mssw.vision.text_lines import Line

SHORTEST, SHORTEST_APART = 4, 3  # letters of a name; three are enough where each stands apart from its line
SAME_EDGE = 0.8  # heights of a line between the left edges of two lines
FARTHEST = 3.0  # heights of a line from one to the next
STEEPEST = 10.0  # degrees
CHOICES = frozenset("abcde")  # letters of answers below each other: these spell nobody
_FIRST = re.compile(r"\W*([A-Z01])")
_APART = re.compile(r"\W*[A-Z01](?:\s*[-\u2013\u2014.:=)]+\s*|\s+)\w{2}")
_DIGITS = {"0": "o", "1": "i"}


@dataclass(frozen=True, slots=True)
class FirstLetter:
    """A letter of a name that begins a line. Its repr does not show the name.

    Attributes:
        line: index of the line.
        at: index of the letter in its text.
        name: which name it is a part of, from a to z.
    """

    line: int
    at: int
    name: str = field(repr=False)


def find_acrostics(
    lines: Sequence[Line], readings: Sequence[LineReading], called: Collection[str]
) -> list[FirstLetter]:
    """Find the first letters of lines that spell a name from above to below.

    Args:
        lines: of a page.
        readings: what they say, in the same order.
        called: what people are called, as letters from a to z.
    """
    found = []
    for chain in _find_chains(lines, readings):
        starts = [_FIRST.match(readings[n].text) for n in chain]
        letters = "".join(_DIGITS.get(one[1], one[1].casefold()) if one else " " for one in starts)
        apart = [_APART.match(readings[n].text) is not None for n in chain]
        for start, name in _find_names(letters, apart, called):
            for place in range(start, start + len(name)):
                match = starts[place]
                if match is not None:
                    found.append(FirstLetter(chain[place], match.start(1), name))
    return found


def _find_names(letters: str, apart: Sequence[bool], called: Collection[str]) -> Iterator[tuple[int, str]]:
    """The names that the first letters of some lines spell, each with the place of its first one."""
    for name in called:
        if len(name) < SHORTEST_APART or CHOICES.issuperset(name):
            continue
        for start in range(len(letters) - len(name) + 1):
            are_apart = all(apart[start : start + len(name)])
            if letters.startswith(name, start) and (are_apart or len(name) >= SHORTEST):
                yield start, name


def _find_chains(lines: Sequence[Line], readings: Sequence[LineReading]) -> list[list[int]]:
    """Lines that begin below each other, from above to below, as far as the next one is near."""
    chains: list[list[int]] = []
    for n in sorted(range(len(lines)), key=lambda n: lines[n].y):
        if abs(lines[n].angle) > STEEPEST or not readings[n].text.strip():
            continue
        for chain in chains:
            above, line = lines[chain[-1]], lines[n]
            height = max(above.height, line.height)
            if abs(above.left - line.left) < SAME_EDGE * height and height / 3 < line.y - above.y < FARTHEST * height:
                chain.append(n)
                break
        else:
            chains.append([n])
    return [chain for chain in chains if len(chain) >= SHORTEST_APART]
