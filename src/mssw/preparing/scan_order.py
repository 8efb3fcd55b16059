"""The order of scans in a folder, by their names: as people and their systems count.

Names come in, the same names come out in order. Systems number in ways that plain sorting gets wrong: the first scan
often has no number (``Scan.jpeg``, ``Scan 1.jpeg``), copies are numbered in brackets (``Image (2).jpg``), numbers
have no leading zeros, endings differ (``.jpg``, ``.JPEG``), and a camera's counter starts again after 9999.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import PurePath

from natsort import natsort_keygen, ns

#: A camera counts up to 9999 (``IMG_9999``) and goes on with 0001; some start at 0000.
LAST_COUNT = 9999
#: The counter started again where so many numbers are missing in between, and hardly any over its end.
WIDE_GAP, SHORT_GAP = 5000, 500

_COUNTED = re.compile(r"(?P<head>.*?[^\d])(?P<count>\d{4})(?P<tail>(?:\D.*)?)", re.DOTALL)
_NUMBERED = re.compile(r"^(?P<name>.*?)(?:[ _-]*\((?P<number>\d+)\)|[ _-]+copy(?:[ _-]+(?P<copy>\d+))?)$")
_APART = re.compile(r"[ _-]+")
_natural = natsort_keygen(alg=ns.INT | ns.UNSIGNED | ns.IGNORECASE)


def order_scans(names: Iterable[str]) -> list[str]:
    """The names of scans in the order in which they were taken, as far as names tell.

    >>> order_scans(["Scan 2.jpeg", "Scan.jpeg", "Scan 10.jpeg", "Scan 1.jpeg"])
    ['Scan.jpeg', 'Scan 1.jpeg', 'Scan 2.jpeg', 'Scan 10.jpeg']
    >>> order_scans(["Image (2).jpg", "Image.jpg", "Image (3).jpg"])
    ['Image.jpg', 'Image (2).jpg', 'Image (3).jpg']
    >>> order_scans(["IMG_0001.JPG", "IMG_9998.JPG", "IMG_9999.JPG", "IMG_0002.JPG"])
    ['IMG_9998.JPG', 'IMG_9999.JPG', 'IMG_0001.JPG', 'IMG_0002.JPG']
    """
    ordered = sorted(names, key=_key)
    counts = [_camera_count(name) for name in ordered]
    return _from_where_counting_began(ordered, counts)


def _key(name: str) -> tuple[object, ...]:
    """Sort by the name without its ending, a name without a number before the same name with one."""
    stem = PurePath(name).stem
    numbered = _NUMBERED.match(stem)
    if numbered is None:
        bare, number = stem, 0
    else:
        bare, number = numbered["name"], int(numbered["number"] or numbered["copy"] or 1)
    return (_natural(_APART.sub(" ", bare).strip()), number, _natural(stem), name)


def _camera_count(name: str) -> tuple[str, int] | None:
    """What stands before a camera's four-digit counter, and the counter; None for a name that has none."""
    found = _COUNTED.fullmatch(PurePath(name).stem)
    return (found["head"].casefold(), int(found["count"])) if found else None


def _from_where_counting_began(ordered: Sequence[str], counts: Sequence[tuple[str, int] | None]) -> list[str]:
    """The names turned so that the photos before the counter's restart come first.

    Only where all names are of one camera and one wide gap divides the numbers: what comes after it was taken first.
    """
    numbers = [count[1] for count in counts if count]
    if len(numbers) < len(ordered) or len({count[0] for count in counts if count}) != 1:
        return list(ordered)
    gaps = [after - before for before, after in pairwise(numbers)]
    over_the_end = LAST_COUNT + 1 - numbers[-1] + numbers[0] if numbers else 0
    if not gaps or max(gaps) < WIDE_GAP or over_the_end > SHORT_GAP:
        return list(ordered)
    start = gaps.index(max(gaps)) + 1
    return [*ordered[start:], *ordered[:start]]
