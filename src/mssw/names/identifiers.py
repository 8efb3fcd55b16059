"""E-mail addresses, phone numbers and student numbers in a line of recognised writing.

Takes the line's text, returns the places to cover. Signs may be misread, lost or spaced out. The patterns are our own:
a library of number plans knows which numbers exist, but not how handwriting is misread, nor that a sum, a date or a
list of measurements is no phone number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mssw.core.page import MarkKind
from mssw.names.letters import remove_accents
from mssw.names.phone_numbers import find_phone_numbers
from mssw.names.student import SHORTEST_NUMBER
from mssw.names.word_lists import EVERYDAY_WORDS

_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 80
_SHORTEST_WORD = 3  # letters before an @ that make an address with a word that has no dot
_AT = re.compile(r" ?(?:[@©®]|[(\[{] ?(?:at?|à|ä|arroba) ?[)\]}]) ?", re.IGNORECASE)
_LOCAL = re.compile(r"[\w.+'-]+\Z")
_DOTTED_LOCAL = re.compile(r"[\w+-]+[._-] [\w.+'-]+\Z")  # a space was put in after a dot
# endings of addresses, and how they are read; only the long ones are recognised without their dot
_LONG_ENDING = r"(?:c[o0][mn]|c[o0]rn|[o0]rg|net|edu|g[o0]v|k12)"
_ENDING = (
    rf"(?:{_LONG_ENDING}|nel|edv|inf[o0]|sch[o0]{{2}}l|academy|eu|us|uk|ca|mx|es|de|fr|it|pt|br|pl|ch|at|be|nl|se|dk|no|ie"
    r"|au|nz|in|vn|cn|jp|kr|ph|ru|ua|ar|co|cl|pe|me|io)"
)
_DOT = r" ?(?:[.,·:]|\b(?:dot|punto|punkt|point|ponto)\b)? ?"
_PROVIDER = (
    r"(?:[gq9] ?m ?a ?[il1|!j] ?[l1i|!]?|ya[hn][o0]{2}|h[o0]tma[il1|!]{1,2}|[o0]ut ?[l1i|][o0]{2}[kl]|[il1|]c[l1i|]"
    r"[o0]ud|g[o0]{2}g[l1i]ema[il1|]{1,2}|pr[o0]t[o0]nma[il1|]{1,2}|ymail|gmx|a[o0][l1i])"
)
_SURE_DOMAIN = re.compile(r"(?=[\w.,-]*[^\W\d_])[\w-]{1,40}(?:[.,·][\w-]{2,20}){1,4}")
_LOOSE_DOMAIN = re.compile(
    rf"(?=[^\W\d_])(?:[\w-]{{2,40}}[.,·] ?){{0,3}}[\w-]{{2,40}}?(?:[.,·]{_ENDING}|{_DOT}{_LONG_ENDING})(?!\w)",
    re.IGNORECASE,
)
_WORD_DOMAIN = re.compile(r"[^\W\d_][\w-]{2,40}")
_KNOWN_DOMAIN = re.compile(rf"{_PROVIDER}(?:{_DOT}{_ENDING})?(?!\w)", re.IGNORECASE)
_WITHOUT_AT = re.compile(rf"{_PROVIDER}{_DOT}{_ENDING}(?!\w)", re.IGNORECASE)
_SCHOOL = re.compile(r"[.,]k ?12[.,] ?[a-z]{2}(?:[.,] ?us)?(?!\w)", re.IGNORECASE)
_Q = re.compile(rf"(?<=[a-z\d])Q(?=[a-z\d-]{{2,40}}(?:[.,][a-z\d-]{{2,20}}){{0,3}}[.,]{_ENDING}(?!\w))")
_BEFORE = re.compile(r"([\w.+'-]+)( [aAQeGO&*0]| at| arroba)? ?\Z")
_NO_LOCAL = frozenset(
    """
    at on to from with my the a an in is of or and use used using via open visit see check our his her your it by like
    en de la el un una mi su con por a le les du sur avec mon ma auf bei mit mein von der die das em no na meu com
    """.split()  # noqa: SIM905 - a list of fifty words is read more easily this way
)
_RUN_TOGETHER = re.compile(  # the @ is gone, and a dot or a digit tells it from a page on the web
    r"(?<![\w.])(?=[\w+-]{0,60}[\d.][\w.+-]{0,60}[.,·])[\w.+-]{5,60}[.,·](?:c[o0]m|[o0]rg|net|edu)(?!\w)", re.IGNORECASE
)
_WEB = re.compile(r"(?:www|http|ww)", re.IGNORECASE)

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


def find_email_addresses(text: str) -> list[tuple[int, int]]:
    """Start and end of each address in a line, from left to right."""
    found = sorted({*_with_at(text), *_without_at(text)}, key=lambda span: (span[0], -span[1]))
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _with_at(text: str) -> Iterator[tuple[int, int]]:
    """Addresses with an @, or with what only an @ is read as."""
    for at in _AT.finditer(text):
        before = text[max(0, at.start() - _LONGEST_LOCAL) : at.start()]
        local = _DOTTED_LOCAL.search(before) or _LOCAL.search(before)
        if local:
            words = len(local.group()) >= _SHORTEST_WORD
            if end := _end_of_domain(text, at.end(), close=" " not in at.group(), words=words):
                yield at.start() - len(local.group()), end
    for at in _Q.finditer(text):
        local = _LOCAL.search(text[max(0, at.start() - _LONGEST_LOCAL) : at.start()])
        end = _end_of_domain(text, at.end(), close=True, words=False)
        if local and end:
            yield at.start() - len(local.group()), end


def _end_of_domain(text: str, start: int, *, close: bool, words: bool) -> int:
    """Where the domain ends that begins there; 0 where none does.

    Args:
        text: the line.
        start: offset after the @.
        close: whether no space stands beside the @.
        words: whether a word without a dot is enough.
    """
    end = start + _LONGEST_DOMAIN
    ways = [_LOOSE_DOMAIN, _KNOWN_DOMAIN]
    if close:
        ways += [_SURE_DOMAIN]
    if close and words:
        ways += [_WORD_DOMAIN]
    return max((match.end() for way in ways if (match := way.match(text, start, end))), default=0)


def _without_at(text: str) -> Iterator[tuple[int, int]]:
    """Addresses with an @ that was lost or read as a letter, recognised by a provider's or a school's domain."""
    for whole in _RUN_TOGETHER.finditer(text):
        if not _WEB.match(whole.group()):
            yield whole.span()
    for domain in (*_WITHOUT_AT.finditer(text), *_SCHOOL.finditer(text)):
        first = max(0, domain.start() - _LONGEST_LOCAL)
        local = _BEFORE.search(text[first : domain.start()])
        if not local or _WEB.match(local[1]):
            continue
        alone = local[1].strip(".'-+").casefold() in _NO_LOCAL or len(local[1]) < 2  # noqa: PLR2004 - one is the @
        if not (alone and local.end(1) < domain.start() - first) and len(local[1]) > 1:
            yield first + local.start(), domain.end()


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


def find_student_numbers(text: str, numbers: tuple[str, ...]) -> list[tuple[int, int]]:
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
    plain = remove_accents(text).casefold()
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


def find_identifiers(text: str, numbers: Sequence[str]) -> list[Identifier]:
    """What can be found in a line of text, from left to right; of two that share a character the longer.

    Args:
        text: one line as recognised, with its mistakes: O for 0, l for 1, spaces put in, an @ read as Q.
        numbers: the roster's student numbers and other identifiers; those of fewer than four characters count
            for nothing.
    """
    found: list[Identifier] = []
    addresses = [Identifier(MarkKind.EMAIL, start, end) for start, end in find_email_addresses(text)]
    others = [Identifier(MarkKind.NUMBER, start, end) for start, end in find_student_numbers(text, tuple(numbers))]
    others += [Identifier(MarkKind.PHONE, start, end) for start, end in find_phone_numbers(text)]
    for one in (*addresses, *sorted(others, key=lambda one: one.start - one.end)):
        if all(one.end <= known.start or known.end <= one.start for known in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)
