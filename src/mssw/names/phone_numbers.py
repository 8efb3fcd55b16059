"""Find phone numbers in a line of recognised writing, and skip the sums, dates and measurements of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mssw.names.letters import remove_accents

_FEWEST, _MOST = 7, 15  # digits; no country has more
_LONGEST_WINDOW = 7  # groups: +33 6 12 34 56 78
_FARTHEST_WORD = 32  # characters from "phone:" to the number
_ABROAD = 10  # digits of a number that begins with + or 00
_NATIONAL = range(9, 13)  # digits of one that begins with 0
_AMERICAN = re.compile(r"1?[2-9]\d\d[2-9]\d{6}")
_LIKE_DIGITS = str.maketrans("OoDIil|SsZzBbGgq", "0001111552286699")
_LIKE = "0-9OoDIil|SsZzBbGgq"
_GROUP = re.compile(rf"(?<![^\W_])[{_LIKE}]{{1,16}}+(?![^\W_])|(?<!\d)\d{{1,16}}+(?!\d)")
_ALL_MISREAD = re.compile(r"[OIl|SZB]{2,4}")
_JOINT = re.compile(r" ?[-–—.·/()] ?[-–—.·/()]? ?| {1,2}")
_EXTENSION = re.compile(r" ?(?:x|ext\.?) ?\d{1,5}(?!\w)", re.IGNORECASE)
_SUM_AFTER = re.compile(
    r" ?(?:[=×*÷^<>≈%°²³€$£]|\+ ?\d|[.,]\d|[-–—/] ?\d|(?:[kcm]?[mg]|k?[JWN]|km/h|m/s|Hz|ml|[lL]|k?Pa"
    r"|years?|people|dollars|miles|times|cells|stars|atoms|meters|metres|euros?)(?!\w))"
)
_SUM_BEFORE = re.compile(r"(?:[=×*÷^<>≈$€£]|\d ?[x+:/-]|[.,]|\d [.,]) ?\Z")
_DATE = re.compile(
    r"(?<!\d)(?<!\d[./-])(?:\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})|\d{4}([./-])\d{1,2}\2\d{1,2})(?![./-]?\d)"
)
_PLUS = re.compile(r"(?:\A|[^\w)=\s]|[^\d)=\s]\s)\s?\+ ?\(?\Z")
_PHONE_WORD = re.compile(
    r"\b(?:(?:tele)?(?:phone|fone?)|tel[ef]?\b|cell ?phone|(?:my|his|her) (?:cell|mobile)|cell ?[:#]|mobile ?:"
    r"|whats ?app|(?:text|call) (?:me|him|her|us|my|mom|dad)|telefono|movil|(?:mi|su) cel|celular ?:"
    r"|llam[ae]r?(?:me|le|lo|la)"
    r"|portable ?:|appelle[rz]?.(?:moi|la|le)|telefon(?:nummer)?|handy|cellulare|sdt|dien thoai)",
    re.IGNORECASE,
)
_CALL = re.compile(r"\b(?:call|ca.l|text|ring|dial|reach)\b.{0,12}\Z", re.IGNORECASE)
_YEARS = frozenset(map(str, range(1000, 2100)))
_NUMBER_WORD = re.compile(
    r"\b(?:(?:my|his|her|our|mi|su|mon|son|meine?|ihre?) (?:number|no|nr|numero|nummer)"
    r"|(?:number|numero|nummer) (?:is|es|est|ist))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Group:
    digits: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Window:
    """Groups of digits that may be one number.

    Attributes:
        groups: in their order.
        joints: between them, each as its telling sign: ``-``, ``.``, ``/``, ``)`` or a space.
        whole: whether no other digits stand beside them.
        before: the line before.
        after: the line after.
    """

    groups: tuple[_Group, ...]
    joints: str
    whole: bool
    before: str
    after: str

    @property
    def digits(self) -> str:
        return "".join(group.digits for group in self.groups)

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(len(group.digits) for group in self.groups)

    @property
    def spaced(self) -> bool:
        """Whether nothing but spaces joins it, as it does the numbers of a list."""
        return set(self.joints) <= {" "}


def find_phone_numbers(text: str) -> list[tuple[int, int]]:
    """Start and end of each phone number in a line, from left to right."""
    undated = _DATE.sub(lambda date: "#" * len(date.group()), text)
    told = "+" in text or bool(_PHONE_WORD.search(remove_accents(text)))
    found: list[tuple[int, int]] = []
    for groups, joints in _runs(undated):
        spans = list(_numbers_in(undated, groups, joints, told=told))
        if not spans and len(set(joints)) > 1 and len(groups) <= _MOST:
            spans = list(_numbers_in(undated, *_closed_up(groups, joints), told=told))
        found += spans
    return found


def _runs(text: str) -> Iterator[tuple[list[_Group], str]]:
    """Groups of digits with nothing but joints between them, and the joints."""
    groups: list[_Group] = []
    joints = ""
    for match in _GROUP.finditer(text):
        if not _is_number(
            match.group(), text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 2]
        ):
            continue
        group = _Group(match.group().translate(_LIKE_DIGITS), *match.span())
        joint = _JOINT.fullmatch(text, groups[-1].end, group.start) if groups else None
        if groups and not joint:
            yield groups, joints
            groups, joints = [], ""
        if joint:
            joints += next((sign for sign in ")/.-" if sign in joint.group()), "-" if joint.group().strip() else " ")
        groups.append(group)
    if groups:
        yield groups, joints


def _is_number(group: str, before: str, after: str) -> bool:
    """Whether signs that look like digits are some: mostly digits, or beside a hyphen, or with digits on both sides."""
    digits = sum(sign.isdecimal() for sign in group)
    if 2 * digits >= len(group):
        return True
    beside = bool(set(before[-1:] + after[:1]) & set("-()")) or (before[:1].isdecimal() and after[-1:].isdecimal())
    return bool(_ALL_MISREAD.fullmatch(group)) and beside


def _closed_up(groups: Sequence[_Group], joints: str) -> tuple[list[_Group], str]:
    """The run with groups put together that only a space parts, as other signs part the rest."""
    closed = [groups[0]]
    kept = ""
    for group, joint in zip(groups[1:], joints, strict=True):
        if joint == " ":
            closed[-1] = _Group(closed[-1].digits + group.digits, closed[-1].start, group.end)
        else:
            closed.append(group)
            kept += joint
    return closed, kept


def _numbers_in(text: str, groups: Sequence[_Group], joints: str, *, told: bool) -> Iterator[tuple[int, int]]:
    """The phone numbers of one run: from each group on, the longest.

    Args:
        text: the line.
        groups: of the run.
        joints: between them.
        told: whether the line has a plus or a word for a phone; if not, part of a list of numbers is no phone number.
    """
    first = 0
    while first < len(groups):
        for last in range(min(len(groups), first + _LONGEST_WINDOW), first, -1):
            inner, outer = joints[first : last - 1], joints[first - 1 : first] + joints[last - 1 : last]
            if _may_be_one(groups[first:last], inner, outer, told=told):
                window = _window(text, groups[first:last], inner, whole=not outer)
                if _is_phone(window):
                    yield _span(text, window.groups[0].start, window.groups[-1].end)
                    first = last - 1
                    break
        first += 1


def _may_be_one(groups: Sequence[_Group], inner: str, outer: str, *, told: bool) -> bool:
    """What is soon seen: the count of digits, and whether more digits are joined to them."""
    listed = bool(outer) and not told and not inner.strip()
    return not listed and not outer.strip() and _FEWEST <= sum(len(group.digits) for group in groups) <= _MOST


def _window(text: str, groups: Sequence[_Group], joints: str, *, whole: bool) -> _Window:
    start, end = groups[0].start, groups[-1].end
    return _Window(tuple(groups), joints, whole, text[max(0, start - _FARTHEST_WORD) : start], text[end : end + 12])


def _span(text: str, start: int, end: int) -> tuple[int, int]:
    """The number with its plus, brackets and extension."""
    opened = re.search(r"\+? ?\(?\Z", text[max(0, start - 3) : start])
    extension = _EXTENSION.match(text, end)
    return start - (len(opened.group().lstrip()) if opened else 0), extension.end() if extension else end


def _is_phone(window: _Window) -> bool:
    digits = window.digits
    if _is_of_a_sum(window):
        return False
    if _PLUS.search(window.before) and len(digits) >= _ABROAD:
        return True
    words = remove_accents(window.before)
    if _PHONE_WORD.search(words):
        return not all(size == 1 for size in window.sizes)
    if not window.whole and window.spaced and len(window.groups) > 1:
        return False
    return _is_american(window) or _is_national(window) or _is_local(window, named=bool(_NUMBER_WORD.search(words)))


def _is_of_a_sum(window: _Window) -> bool:
    """Whether it is rather a number, a sum, a list or a measurement."""
    values = [int(group.digits) for group in window.groups]
    decimal = window.joints == "." or (window.joints[:1] == "." and len(window.groups[0].digits) == 1)
    steps = {after - before for before, after in pairwise(values)}
    ratios = {after / before for before, after in pairwise(values) if before}
    in_steps = len(values) > 2 and (len(steps) == 1 or len(ratios) == 1)  # noqa: PLR2004 - any two are a step
    return bool(
        _SUM_AFTER.match(window.after)
        or (_SUM_BEFORE.search(window.before) and not _PLUS.search(window.before))
        or decimal
        or in_steps
        or set(window.digits) <= {"0", "1"}
        or len(set(window.digits)) == 1
        or all(value % (10 if len(values) > 1 else 1000) == 0 for value in values)
    )


def _is_american(window: _Window) -> bool:
    """(213) 555-0147, 1-213-555-0147, 213 555 0147, 2135550147."""
    valid = bool(_AMERICAN.fullmatch(window.digits))
    if window.sizes in {(3, 3, 4), (1, 3, 3, 4)}:
        return (valid or not window.spaced) and (len(window.groups) == 3 or window.digits[0] == "1")  # noqa: PLR2004
    counted = "34567" in window.digits  # 12345678910
    return valid and not counted and window.sizes in {(10,), (11,), (3, 7), (6, 4), (1, 10)}


def _is_national(window: _Window) -> bool:
    """06 12 34 56 78, 0176 1234567, 0044 20 7946 0958, 138 1234 5678, (11) 91234-5678, 55-1234-5678."""
    digits, sizes = window.digits, window.sizes
    if re.match(r"00[1-9]", digits):
        return len(digits) >= _ABROAD and sizes[0] > 1
    if re.match(r"0[1-9]", digits):
        listed = len(sizes) > 1 and all(group.digits[0] == "0" for group in window.groups)
        return len(digits) in _NATIONAL and sizes[0] > 1 and not listed
    if sizes == (3, 4, 4):
        return bool(re.match(r"1[3-9]", digits))
    return not window.spaced and sizes in {(2, 5, 4), (2, 4, 4), (3, 2, 2, 2)}


def _is_local(window: _Window, *, named: bool) -> bool:
    """555-0147, which may be a range of years or a difference as well, and after "my number" 5550147."""
    if len(window.digits) != _FEWEST or window.digits[0] in "01":
        return False
    if window.sizes == (3, 4):
        round_or_year = any(int(group.digits) % 10 == 0 for group in window.groups) or window.digits[3:] in _YEARS
        return named or bool(_CALL.search(window.before)) or (window.joints == "-" and not round_or_year)
    return named and window.sizes == (_FEWEST,)
