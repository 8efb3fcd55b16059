"""A roster's student numbers in a line of recognised writing, where signs may be misread or spaces put in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from mssw.model.everydaywords import EVERYDAY_WORDS
from mssw.model.letters import without_accents
from mssw.model.student import SHORTEST_NUMBER

LONG_ENOUGH = 6
"""Signs from which a number may be written with spaces and one sign be wrong; shorter ones are met by chance."""

_LONGEST = 40  # signs; no school's number has more
_MOST_TOKENS = 4  # that one number may be torn into
_ALIKE = str.maketrans("oildsbzgq|!$", "011058299115")
_TOKEN = re.compile(r"[^\W_]+|[|!$]+")
_DIGITS_IN_IT = re.compile(r"\d[\dOoIl|SBZ]*+")
_JOINTS = frozenset({"", " ", "-", "–", " -", "- ", " - ", "_"})
_DECIMAL_BEFORE = re.compile(r"\d ?[.,]\Z")
_DECIMAL_AFTER = re.compile(r"[.,]\d")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers as they are compared, ready to be looked up.

    Attributes:
        digits: of each number how many of its signs are digits.
        nearly: the long numbers by themselves and by what is left of them without one sign.
        sizes: their lengths, and those of one sign more or less.
    """

    digits: dict[str, int] = field(repr=False)
    nearly: dict[str, set[str]] = field(repr=False)
    sizes: frozenset[int]


def student_numbers(text: str, numbers: tuple[str, ...]) -> list[tuple[int, int]]:
    """Start and end of each student number in a line, exact ones before those with a mistake.

    Args:
        text: one line.
        numbers: the roster's numbers and other identifiers.
    """
    wanted = _ready(numbers)
    exact: list[tuple[int, int]] = []
    near: list[tuple[int, int]] = []
    for start, end, one, tears in _candidates(text) if wanted.sizes else ():
        if len(one) not in wanted.sizes or not _stands_alone(text, start, end):
            continue
        said = sum(map(str.isdecimal, text[start:end]))
        if one in wanted.digits and 2 * said >= wanted.digits[one] and (not tears or _is_whole(text, start, end, one)):
            exact.append((start, end))
        elif not tears and 2 * said >= len(one) and not one.endswith("000") and _is_nearly(one, wanted):
            near.append((start, end))
    return exact + near


@lru_cache(maxsize=4)
def _ready(numbers: tuple[str, ...]) -> _Numbers:
    digits = {
        one: sum(map(str.isdecimal, number))
        for number in numbers
        if SHORTEST_NUMBER <= len(one := _folded(number)) <= _LONGEST and number.casefold() not in EVERYDAY_WORDS
    }
    nearly: dict[str, set[str]] = {}
    for one, count in digits.items():
        if count >= LONG_ENOUGH:
            for key in (one, *_without_one(one)):
                nearly.setdefault(key, set()).add(one)
    return _Numbers(digits, nearly, frozenset(len(one) + more for one in digits for more in (-1, 0, 1)))


def _folded(text: str) -> str:
    """Letters and digits only, and those that are mistaken for each other as one."""
    plain = without_accents(text).casefold()
    return "".join(_TOKEN.findall(plain)).translate(_ALIKE)


def _candidates(text: str) -> Iterator[tuple[int, int, str, int]]:
    """Words, digits inside words, and words put together: start, end, folded signs, and how often it is torn."""
    words = [(match.start(), match.end(), _folded(match.group())) for match in _TOKEN.finditer(text)]
    for index, (start, end, one) in enumerate(words):
        yield start, end, one, 0
        if not one.isdecimal() or not text[start:end].isdecimal():
            for digits in _DIGITS_IN_IT.finditer(text, start, end):
                yield *digits.span(), _folded(digits.group()), 0
        whole, before = one, end
        for tears, (begin, end_of_next, more) in enumerate(words[index + 1 : index + _MOST_TOKENS], 1):
            if text[before:begin] not in _JOINTS or len(whole) > _LONGEST:
                break
            whole, before = whole + more, end_of_next
            yield start, before, whole, tears


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether it is no part of a decimal number."""
    return not _DECIMAL_BEFORE.search(text[max(0, start - 3) : start]) and not _DECIMAL_AFTER.match(text, end)


def _is_whole(text: str, start: int, end: int, one: str) -> bool:
    """Whether what was put together is long enough, and no part of a list of numbers."""
    beside = text[max(0, start - 2) : start].strip()[-1:] + text[end : end + 2].strip()[:1]
    return len(one) >= LONG_ENOUGH and not any(map(str.isdecimal, beside))


def _is_nearly(one: str, wanted: _Numbers) -> bool:
    """Whether one sign makes it one of the long numbers: another, one more or one less."""
    keys = (one, *_without_one(one))
    return any(_one_apart(one, number) for key in keys for number in sorted(wanted.nearly.get(key, ())))


def _without_one(one: str) -> Iterator[str]:
    return (one[:index] + one[index + 1 :] for index in range(len(one)))


def _one_apart(one: str, other: str) -> bool:
    """Whether two strings differ by at most one sign."""
    short, long = sorted((one, other), key=len)
    same = next((index for index, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    rest = short[same + 1 :] if len(short) == len(long) else short[same:]
    return len(long) - len(short) <= 1 and rest == long[same + 1 :]
