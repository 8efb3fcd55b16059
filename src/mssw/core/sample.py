"""A sample as colleagues may see it. It has no field for a student, so that shared code cannot name anyone."""

from __future__ import annotations

from dataclasses import dataclass

#: Fewer samples than this rarely show the ways of thinking in a class.
FEWEST_SAMPLES = 9
#: More responses than this are not printed unless they were chosen, or all are asked for.
MOST_WITHOUT_A_CHOICE = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """A response that was chosen for the packet.

    Attributes:
        alias: the name that it goes by.
        pages: how many pages it has.
        pile: the teacher's own word for the way of thinking; empty where it was not sorted.
        level: high, medium, low; empty where it was not sorted.
        reason: why it was chosen, in one sentence.
        seen: whether a person has looked at each of its pages.
    """

    alias: str
    pages: int
    pile: str = ""
    level: str = ""
    reason: str = ""
    seen: bool = False
