"""A page of the stack: where it came from, its one fate, its encoded pixels, and the places covered on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """What becomes of a scanned page. Every page has exactly one."""

    KEPT = "kept"
    BLANK = "blank"
    SET_ASIDE = "set aside"
    HELD = "held"

    @property
    def words(self) -> str:
        """The fate as people read it.

        >>> Fate.HELD.words
        'on hold'
        """
        return "on hold" if self is Fate.HELD else self.value


class Tone(StrEnum):
    """How a page is coloured, and so how it is written again."""

    BITONAL = "bitonal"
    GREY = "grey"
    COLOUR = "colour"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions (0 to 1) of a page's width and height, from its upper left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def numbers(self) -> tuple[float, float, float, float]:
        """x, y, w, h."""
        return self.x, self.y, self.w, self.h

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.h

    def to_pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The box as (left, top, right, bottom) in whole pixels of a page of that size, rounded outwards."""
        left, top = int(self.x * width), int(self.y * height)
        right, bottom = -int(-self.right * width // 1), -int(-self.bottom * height // 1)
        return max(0, left), max(0, top), min(width, right), min(height, bottom)

    def shared(self, other: Box) -> float:
        """How much of this rectangle lies in another, 0 to 1."""
        wide = min(self.right, other.right) - max(self.x, other.x)
        high = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(0.0, wide) * max(0.0, high) / max(1e-12, self.w * self.h)

    def turned(self, degrees: int) -> Box:
        """The place on the page when that is turned by so many degrees clockwise, a multiple of 90."""
        box = self
        for _ in range(degrees // 90 % 4):
            box = Box(1 - box.bottom, box.x, box.h, box.w)
        return box

    @classmethod
    def from_pixels(cls, left: float, top: float, right: float, bottom: float, width: int, height: int) -> Box:
        """The box of those pixel edges on a page of that size."""
        return cls(left / width, top / height, (right - left) / width, (bottom - top) / height)


@dataclass(frozen=True, slots=True)
class Page:
    """One side of a sheet as it came out of a stack.

    Attributes:
        id: stable within a work set, e.g. ``s01-p0005``: source 1, page 5.
        source: the stack's file name as given (private).
        number: 1-based page of that file.
        size: width and height in pixels as decoded.
        dpi: pixels an inch as decoded.
        tone: bitonal, grey or colour.
        sha256: of the decoded pixels.
        task_page: 1-based page of the blank task that it was printed from; None where it matched none.
        turn: degrees clockwise that it was turned by to stand upright.
        fate: what becomes of it; None until grouping decides.
        reason: why, for every fate but kept.
    """

    id: str
    source: str
    number: int
    size: tuple[int, int]
    dpi: float
    tone: Tone
    sha256: str
    task_page: int | None = None
    turn: int = 0
    fate: Fate | None = None
    reason: str = ""

    @property
    def identity(self) -> str:
        """What stays the same wherever the page comes in a stack: its pixels' hash; its id where it has none."""
        return self.sha256 or self.id

    def with_fate(self, fate: Fate, reason: str = "") -> Page:
        """The same page with that fate.

        Raises:
            ValueError: a page that is not kept was given no reason.
        """
        if fate is not Fate.KEPT and not reason:
            raise ValueError(f"a page that is {fate} needs a reason")
        return replace(self, fate=fate, reason=reason)


def page_ranges(numbers: list[int]) -> str:
    """Page numbers as people write them, in the order given.

    >>> page_ranges([5, 6, 7, 9])
    '5-7,9'
    >>> page_ranges([6, 5])
    '6,5'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """The pixels of one page, encoded.

    Attributes:
        data: a JPEG stream for grey and colour; for bitonal a bare CCITT group 4 stream (no TIFF around it)
            in the convention of a fax: *black runs are ink*, most significant bit first, all rows in one
            strip. That is PDF's default (BlackIs1 false). Pillow codes a mode ``1`` image the other way
            round, so invert it before saving it with ``compression="group4"``.
        width: in pixels.
        height: in pixels.
        tone: bitonal, grey or colour.
    """

    data: bytes = field(repr=False)
    width: int
    height: int
    tone: Tone


class MarkKind(StrEnum):
    """Why the place is covered."""

    FIELD = "name field"
    RUNOVER = "name outside its field"
    HAND = "drawn by a person"
    TEXT = "name in the text"
    EMAIL = "e-mail address"
    PHONE = "phone number"
    NUMBER = "student number"
    UNREAD = "writing that could not be read"
    PLACE = "place where a name may stand"
    CODE = "code of a sheet"
    STRIP = "strip with a name"


@dataclass(frozen=True, slots=True)
class Mark:
    """One cover on one page.

    Attributes:
        box: the place, in fractions of the registered page.
        kind: why it is covered.
        found_by: what found it: ``text`` or ``ocr`` for a label, ``ink``, ``reading``, ``teacher``, ``sheets`` for what
            was printed there.
        confidence: 0 to 1.
    """

    box: Box
    kind: MarkKind
    found_by: str
    confidence: float

    @classmethod
    def drawn(cls, box: Box) -> Mark:
        """The cover that a person asked for."""
        return cls(box, MarkKind.HAND, "teacher", 1.0)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Mark:
        """Read a cover back from a page's sidecar."""
        return cls(Box(**value["box"]), MarkKind(value["kind"]), str(value["found_by"]), float(value["confidence"]))
