"""E-mail addresses, phone numbers and student numbers in a line of recognised writing.

Patterns of our own and no library of number plans: such a one knows which numbers exist, but neither what a reader of
handwriting makes of them nor that a sum, a date or a list of measurements is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mssw.model.emailaddress import email_addresses
from mssw.model.mark import MarkKind
from mssw.model.phonenumber import phone_numbers
from mssw.model.studentnumber import student_numbers


@dataclass(frozen=True, slots=True)
class Identifier:
    """Where something stands by which one can find a person.

    Attributes:
        kind: ``EMAIL``, ``PHONE`` or ``NUMBER``.
        start: offset of its first character in the text.
        end: offset after its last.
    """

    kind: MarkKind
    start: int
    end: int


def identifiers(text: str, numbers: Sequence[str]) -> list[Identifier]:
    """What can be found in a line of text, from left to right; of two that share a character the longer.

    Args:
        text: one line as recognised, with its mistakes: O for 0, l for 1, spaces put in, an @ read as Q.
        numbers: the roster's student numbers and other identifiers; those of fewer than four characters count
            for nothing.
    """
    found: list[Identifier] = []
    addresses = [Identifier(MarkKind.EMAIL, start, end) for start, end in email_addresses(text)]
    others = [Identifier(MarkKind.NUMBER, start, end) for start, end in student_numbers(text, tuple(numbers))]
    others += [Identifier(MarkKind.PHONE, start, end) for start, end in phone_numbers(text)]
    for one in (*addresses, *sorted(others, key=lambda one: one.start - one.end)):
        if all(one.end <= known.start or known.end <= one.start for known in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)
