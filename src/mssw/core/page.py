"""A page of the stack: where it came from, its one fate, its encoded pixels, and the places covered on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

BY_CLASS = "class"  # what found a place that no printed line asks for: the class itself, which writes its names there

PageLabel = int | str  # a page's number in its file, or ``5.2`` for the second page of the task on scan 5


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

    def common(self, other: Box) -> Box | None:
        """The part that lies in both; None if they do not meet."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, right - left, bottom - top) if right > left and bottom > top else None

    def turned(self, degrees: int) -> Box:
        """The place on the page when that is turned by so many degrees clockwise, a multiple of 90."""
        box = self
        for _ in range(degrees // 90 % 4):
            box = Box(1 - box.bottom, box.x, box.h, box.w)
        return box

    @classmethod
    def around(cls, boxes: Collection[Box]) -> Box:
        """The smallest box that holds all of those."""
        left, top = min(box.x for box in boxes), min(box.y for box in boxes)
        return cls(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)

    @classmethod
    def from_pixels(cls, left: float, top: float, right: float, bottom: float, width: int, height: int) -> Box:
        """The box of those pixel edges on a page of that size."""
        return cls(left / width, top / height, (right - left) / width, (bottom - top) / height)


@dataclass(frozen=True, slots=True)
class Page:
    """One side of a sheet as it came out of a stack.

    Attributes:
        id: stable within a work set, e.g. ``s01-p0005``: source 1, page 5; ``s01-p0005-2`` for the second page of the
            task on that scan.
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
    def label(self) -> PageLabel:
        """Its number in its file, with its part of the scan where several pages of the task are on it."""
        part = part_of(self.id)
        return f"{self.number}.{part}" if part else self.number

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


def id_of_part(scan: str, part: int) -> str:
    """The id of one of several pages of the task on a scan.

    >>> id_of_part("s01-p0005", 2)
    's01-p0005-2'
    """
    return f"{scan}-{part}"


def scan_of(page_id: str) -> str:
    """The id of the scan that a page is on, which is the page's own where it is alone there.

    >>> scan_of("s01-p0005-2"), scan_of("s01-p0005")
    ('s01-p0005', 's01-p0005')
    """
    return "-".join(page_id.split("-")[:2])


def part_of(page_id: str) -> int:
    """Which of several pages of the task on its scan a page is, from 1; 0 for a page that is alone there.

    >>> part_of("s01-p0005-2"), part_of("s01-p0005")
    (2, 0)
    """
    part = page_id.removeprefix(scan_of(page_id)).removeprefix("-")
    return int(part) if part else 0


def place_in_stack(page_id: str, source: str, number: int) -> str:
    """A page as a person finds it in the stack.

    >>> place_in_stack("s01-p0005-2", "stack.pdf", 5)
    'stack.pdf, page 5, part 2'
    """
    part = part_of(page_id)
    return f"{source}, page {number}" + (f", part {part}" if part else "")


def page_ranges(numbers: Sequence[PageLabel]) -> str:
    """Page numbers as people write them, in the order given; the parts of one scan with a full stop.

    >>> page_ranges([5, 6, 7, 9])
    '5-7,9'
    >>> page_ranges([6, 5])
    '6,5'
    >>> page_ranges(["3.1", "3.2", 4])
    '3.1,3.2,4'
    """
    runs: list[list[PageLabel]] = []
    for number in numbers:
        last = runs[-1][-1] if runs else None
        if isinstance(number, int) and isinstance(last, int) and number == last + 1:
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
    SHOWN = "name that shows through from the other side"


@dataclass(frozen=True, slots=True)
class Mark:
    """One cover on one page.

    Attributes:
        box: the place, in fractions of the registered page.
        kind: why it is covered.
        found_by: what found it: ``text`` or ``ocr`` for a label, ``class`` for where the class writes its names,
            ``ink``, ``reading``, ``teacher``, ``sheets`` for what was printed there.
        confidence: 0 to 1.
    """

    box: Box
    kind: MarkKind
    found_by: str
    confidence: float

    @property
    def is_guess(self) -> bool:
        """Whether nothing but its place on the page speaks for a name there: it may be taken off again."""
        return self.kind is MarkKind.PLACE and self.found_by == "guess"

    @classmethod
    def drawn(cls, box: Box) -> Mark:
        """The cover that a person asked for."""
        return cls(box, MarkKind.HAND, "teacher", 1.0)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Mark:
        """Read a cover back from a page's sidecar."""
        return cls(Box(**value["box"]), MarkKind(value["kind"]), str(value["found_by"]), float(value["confidence"]))
