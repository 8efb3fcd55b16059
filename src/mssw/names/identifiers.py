"""E-mail addresses, phone numbers and student numbers in a line of recognised writing.

Takes the text of a line, returns the places to cover. Signs may be misread, lost or spaced out. Sums, dates and
measurements of an answer are skipped. The patterns are our own: a library of number plans knows which numbers exist,
but not how handwriting is misread, nor that a list of measurements is no phone number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from mssw.core.page import MarkKind
from mssw.names.letters import remove_accents
from mssw.names.student import SHORTEST_NUMBER
from mssw.names.word_lists import EVERYDAY_WORDS

# addresses
_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 80
_SHORTEST_WORD = 3  # letters before an @ that make an address with a word that has no dot
_AT = re.compile(r" ?(?:[@©®]|[(\[{] ?(?:at?|à|ä|arroba) ?[)\]}]) ?", re.IGNORECASE)
_LOCAL = re.compile(r"[\w.+'/|-]+\Z")  # a 1 is read as a stroke
_DOTTED_LOCAL = re.compile(r"[\w+-]+[._-] [\w.+'/|-]+\Z")  # a space was put in after a dot
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

# numbers of students
LONG_ENOUGH = 6
"""Signs from which a number may be written with spaces and one sign be wrong; shorter ones are met by chance."""

_LONGEST_NUMBER = 40  # signs; no school's number has more
_MOST_TOKENS = 4  # that one number may be torn into
_ALIKE = str.maketrans("oildsbzgq|!$", "011058299115")
_TOKEN = re.compile(r"[^\W_]+|[|!$]+")
_DIGITS_IN_IT = re.compile(r"\d[\dOoIl|SBZ]*+")
_JOINTS = frozenset({"", " ", "-", "–", " -", "- ", " - ", "_"})
_DECIMAL_BEFORE = re.compile(r"\d ?[.,]\Z")
_DECIMAL_AFTER = re.compile(r"[.,]\d")
# phone numbers
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15  # digits; no country has more
_MOST_GROUPS = 7  # groups: +33 6 12 34 56 78
_FARTHEST_WORD = 32  # characters from "phone:" to the number
_ABROAD = 10  # digits of a number that begins with + or 00
_NATIONAL = range(9, 13)  # digits of one that begins with 0
_ASKED_FOR = range(9, 13)  # digits of one behind "call" or "my mom's number is", of which one may have got lost
_COUNTED = frozenset({"123456789", "1234567890", "987654321", "9876543210"})
_AMERICAN = re.compile(r"1?[2-9]\d\d[2-9]\d{6}")
_LIKE_DIGITS = str.maketrans("OoDIil|SsZzBbGgq", "0001111552286699")
_LIKE = "0-9OoDIil|SsZzBbGgq"
_GROUP = re.compile(rf"(?<![^\W_])[{_LIKE}]{{1,16}}+(?![^\W_])|(?<!\d)\d{{1,16}}+(?!\d)")
_ALL_MISREAD = re.compile(r"[OIl|SsZB]{2,4}")
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
_ASKED = re.compile(  # right before a number that is surely for calling
    r"\b(?:(?:(?<!\bI )call|ca[1l]l|text|dial|ring)(?: (?:me|us|him|her|mom|dad))?(?: (?:at|on))?"
    r"|(?:mom|mum|dad|phone|cell|home)(?:'?s)? (?:number|no) is) ?\Z",
    re.IGNORECASE,
)
_YEARS = frozenset(map(str, range(1000, 2100)))
_NUMBER_WORD = re.compile(
    r"\b(?:(?:my|his|her|our|mi|su|mon|son|meine?|ihre?) (?:number|no|nr|numero|nummer)"
    r"|(?:number|numero|nummer) (?:is|es|est|ist))\b",
    re.IGNORECASE,
)


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
    listed = _ready(numbers)
    exact: list[tuple[int, int]] = []
    near: list[tuple[int, int]] = []
    for start, end, one, tears in _candidates(text) if listed.sizes else ():
        if len(one) not in listed.sizes or not _stands_alone(text, start, end):
            continue
        digits = sum(map(str.isdecimal, text[start:end]))
        if (
            one in listed.digits
            and 2 * digits >= listed.digits[one]
            and (not tears or _is_whole(text, start, end, one))
        ):
            exact.append((start, end))
        elif not tears and 2 * digits >= len(one) and not one.endswith("000") and _is_nearly(one, listed):
            near.append((start, end))
    return exact + near


@lru_cache(maxsize=4)
def _ready(numbers: tuple[str, ...]) -> _Numbers:
    digits = {
        one: sum(map(str.isdecimal, number))
        for number in numbers
        if SHORTEST_NUMBER <= len(one := _folded(number)) <= _LONGEST_NUMBER and number.casefold() not in EVERYDAY_WORDS
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
            if text[before:begin] not in _JOINTS or len(whole) > _LONGEST_NUMBER:
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


def _is_nearly(one: str, listed: _Numbers) -> bool:
    """Whether one sign makes it one of the long numbers: another, one more or one less."""
    keys = (one, *_without_one(one))
    return any(_one_apart(one, number) for key in keys for number in sorted(listed.nearly.get(key, ())))


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
    is_announced = "+" in text or bool(_PHONE_WORD.search(remove_accents(text)))
    found: list[tuple[int, int]] = []
    for groups, joints in _runs(undated):
        spans = list(_numbers_in(undated, groups, joints, is_announced=is_announced))
        if not spans and len(set(joints)) > 1 and len(groups) <= _MOST_DIGITS:
            spans = list(_numbers_in(undated, *_closed_up(groups, joints), is_announced=is_announced))
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


def _numbers_in(text: str, groups: Sequence[_Group], joints: str, *, is_announced: bool) -> Iterator[tuple[int, int]]:
    """The phone numbers of one run: from each group on, the longest.

    Args:
        text: the line.
        groups: of the run.
        joints: between them.
        is_announced: whether the line has a plus or a word for a phone; if not, part of a list of numbers is no
            phone number.
    """
    first = 0
    while first < len(groups):
        for last in range(min(len(groups), first + _MOST_GROUPS), first, -1):
            inner, outer = joints[first : last - 1], joints[first - 1 : first] + joints[last - 1 : last]
            if _may_be_one(groups[first:last], inner, outer, is_announced=is_announced):
                window = _window(text, groups[first:last], inner, whole=not outer)
                if _is_phone(window):
                    yield _span(text, window.groups[0].start, window.groups[-1].end)
                    first = last - 1
                    break
        first += 1


def _may_be_one(groups: Sequence[_Group], inner: str, outer: str, *, is_announced: bool) -> bool:
    """The quick checks: how many digits there are, and whether more digits are joined to them."""
    listed = bool(outer) and not is_announced and not inner.strip()
    return (
        not listed
        and not outer.strip()
        and _FEWEST_DIGITS <= sum(len(group.digits) for group in groups) <= _MOST_DIGITS
    )


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
    if len(window.groups) == 1 and len(digits) in _ASKED_FOR and digits not in _COUNTED and _ASKED.search(words):
        return True
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
    if len(window.digits) != _FEWEST_DIGITS or window.digits[0] in "01":
        return False
    if window.sizes == (3, 4):
        round_or_year = any(int(group.digits) % 10 == 0 for group in window.groups) or window.digits[3:] in _YEARS
        return named or bool(_CALL.search(window.before)) or (window.joints == "-" and not round_or_year)
    return named and window.sizes == (_FEWEST_DIGITS,)
