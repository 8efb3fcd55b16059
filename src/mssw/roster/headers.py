"""What a column of a class list holds, and which school system the list came from, by its headers.

The headers are data, in ``headers.toml`` with their sources: whole headers in many languages, the words that English
headers are made of, and the headers that one system alone uses. A column whose header is unknown is never kept;
whether it may hold names is found out where the rows are read. The system is for a person to confirm, no more.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from mssw.names.student import fold


class Meaning(StrEnum):
    """What a column holds. The words stand in reports and in the header of the roster that we write."""

    LAST = "Last name"
    FIRST = "First name"
    MIDDLE = "Middle name"
    PREFERRED = "Preferred name"
    WHOLE = "Whole name"
    NUMBER = "Student number"
    EMAIL = "E-mail"
    OTHER = "Other identifiers"
    ROLE = "Role"


NAMES = frozenset({Meaning.LAST, Meaning.FIRST, Meaning.MIDDLE, Meaning.PREFERRED, Meaning.WHOLE})
MAIN_NAMES = frozenset({Meaning.LAST, Meaning.FIRST, Meaning.WHOLE})

_BRACKETS = re.compile(r"\([^)]{0,200}\)|\[[^]]{0,200}\]")  # bounded: a damaged file may be one bracket after the other
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")
_RELATIVES = frozenset(
    {"parent", "parents", "guardian", "mother", "father", "mom", "dad", "mum", "teacher", "contact", "emergency"}
)
_STRONG_NUMBER = frozenset({"id", "ids", "number", "no", "num", "nbr", "nr", "code", "identifier", "identification"})


@dataclass(frozen=True, slots=True)
class _Headers:
    """The data file, ready to look things up.

    Attributes:
        meanings: by key of a whole header.
        ranks: of keys of numbers: the lower, the likelier a teacher knows the class by it.
        counts: keys of headers over numbers that may only count the rows.
        unread: keys of headers that are known and never kept.
        unread_words: words that make a header one of these.
        parts: words that English headers are put together of, by what they say.
        owners: what may be in front of or behind a key, to say that the column is the student's.
        words: of cells, by what they tell.
    """

    meanings: Mapping[str, Meaning]
    ranks: Mapping[str, int]
    counts: frozenset[str]
    unread: frozenset[str]
    unread_words: frozenset[str]
    parts: Mapping[str, frozenset[str]]
    owners: tuple[str, ...]
    words: Mapping[str, frozenset[str]]


@cache
def _headers() -> _Headers:
    data = tomllib.loads(files(__package__).joinpath("headers.toml").read_text(encoding="utf-8"))

    def keys(section: str) -> list[str]:
        return [_plain_key(phrase) for phrases in data[section].values() for phrase in phrases]

    meanings: dict[str, Meaning] = {}
    for meaning in Meaning:
        for key in keys(_SECTIONS[meaning]):
            meanings.setdefault(key, meaning)
    counts = [key for key in keys("count") if key not in meanings]
    meanings |= dict.fromkeys(counts, Meaning.NUMBER)
    numbers = [key for key in (*keys("number"), *counts) if meanings[key] is Meaning.NUMBER]
    return _Headers(
        meanings,
        {key: rank for rank, key in reversed(list(enumerate(numbers)))},
        frozenset(counts),
        frozenset(map(_plain_key, data["unread"]["headers"])),
        frozenset(data["unread"]["words"]),
        {part: frozenset(words) for part, words in data["parts"].items()},
        tuple(sorted(data["owners"]["all"], key=lambda owner: -len(owner))),
        {name: frozenset(some) for name, some in data["words"].items()},
    )


_SECTIONS = {
    Meaning.LAST: "last",
    Meaning.FIRST: "first",
    Meaning.MIDDLE: "middle",
    Meaning.PREFERRED: "preferred",
    Meaning.WHOLE: "whole",
    Meaning.NUMBER: "number",
    Meaning.EMAIL: "email",
    Meaning.OTHER: "other",
    Meaning.ROLE: "role",
}


def meaning_of(header: str) -> Meaning | None:
    """What a column of that header holds; None where it is not known, or is one that is never read.

    >>> meaning_of("Stu Last Name"), meaning_of("Họ và tên đệm"), meaning_of("Guardian Last Name")
    (<Meaning.LAST: 'Last name'>, <Meaning.LAST: 'Last name'>, None)
    """
    known = _headers()
    for key in _keys(header):
        if key in known.meanings:
            return known.meanings[key]
        if key in known.unread:
            return None
    return _put_together(_words(header))


def is_never_read(header: str) -> bool:
    """Whether a header is known to be of something else than the student's names and numbers.

    >>> is_never_read("Mother's First Name"), is_never_read("Lunch status"), is_never_read("Kennung X")
    (True, True, False)
    """
    known = _headers()
    if any(key in known.meanings for key in _keys(header)):
        return False
    return any(key in known.unread for key in _keys(header)) or bool(known.unread_words & set(_words(header)))


@lru_cache(maxsize=8192)
def is_header_word(cell: str) -> bool:
    """Whether a cell can be a header by all of its words, and no part of a name.

    >>> is_header_word("Lunch Status"), is_header_word("Room 4"), is_header_word("Grace")
    (True, False, False)
    """
    known, words = _headers(), _words(cell)
    if meaning_of(cell) is not None or any(key in known.unread for key in _keys(cell)):
        return True
    parts = frozenset().union(*known.parts.values())
    return bool(words) and all(word in known.unread_words or word in parts for word in words)


def is_all_headers(cells: Sequence[str]) -> bool:
    """Whether a row is a header, though none of its columns is of names: each of its cells is known as one.

    >>> is_all_headers(["Grade", "", "Lunch status"]), is_all_headers(["Race", "Ann"])
    (True, False)
    """
    filled = [cell for cell in cells if cell]
    return any(map(is_never_read, filled)) and all(map(is_header_word, filled))


def may_count_rows(header: str) -> bool:
    """Whether numbers under that header may only count the rows: "No.", "#"."""
    known = _headers()
    return not _plain_key(header) or any(key in known.counts for key in _keys(header))


def rank_of_number(header: str) -> int:
    """The lower, the likelier a column of numbers is the one that a teacher knows the class by."""
    known = _headers()
    return min((known.ranks[key] for key in _keys(header) if key in known.ranks), default=len(known.ranks))


def words(name: str) -> frozenset[str]:
    """A list of words in cells, by its name in ``headers.toml``."""
    return _headers().words[name]


def header_key(header: str) -> str:
    """A header without case, accents, spaces and signs, and without a number at its end that only sets it apart."""
    key = _plain_key(header)
    return key if key in _headers().meanings else key.rstrip("0123456789") or key


@lru_cache(maxsize=8192)  # a list is searched for its header from many sides
def _keys(header: str) -> tuple[str, ...]:
    """The keys by which a header may be known: as it stands, without its brackets, its owner, a number behind it."""
    whole = _plain_key(header)
    bare = _plain_key(_BRACKETS.sub(" ", header)) or whole
    keys = dict.fromkeys((whole, bare))
    for owner in _headers().owners if bare else ():
        keys |= dict.fromkeys((bare.removeprefix(owner), bare.removesuffix(owner)))
    keys |= dict.fromkeys((bare.rstrip("0123456789"),))
    return tuple(key for key in keys if key or key in {whole, bare})


def _plain_key(text: str) -> str:
    return "".join(c for c in fold(text.replace("#", " no ")).replace("ı", "i") if c.isalnum())


def _words(header: str) -> list[str]:
    return _WORD.findall(fold(_CAMEL.sub(" ", header.replace("#", " no ").replace("'", ""))).replace("'", ""))


def _put_together(words: Sequence[str]) -> Meaning | None:
    """What an English header says that is put together of known words."""
    known = _headers()
    parts, found = known.parts, set(words)
    is_email = bool(found & {"email", "mail"}) and not found & _RELATIVES
    if is_email or not found or found & known.unread_words:
        return Meaning.EMAIL if is_email else None
    if not found <= frozenset().union(*parts.values()):
        return Meaning.NUMBER if {words[0], words[-1]} & _STRONG_NUMBER else None  # "Aadhaar No"
    has = {part for part, those in parts.items() if found & those}
    if found & _STRONG_NUMBER and not has & {"first", "last", "name", "preferred"}:
        return Meaning.NUMBER
    if {"first", "last"} <= has and "preferred" not in has:
        return Meaning.WHOLE
    for part in (Meaning.PREFERRED, Meaning.FIRST, Meaning.LAST, Meaning.MIDDLE):
        if _SECTIONS[part] in has:
            return part
    return Meaning.WHOLE if found & {"name", "names", "nm"} else None


@dataclass(frozen=True, slots=True)
class Export:
    """How the class list of one system is recognised.

    Attributes:
        system: the system's name.
        all_of: headers that each of its lists has, without case, spaces and signs.
        any_of: of these it has one at least; empty where the others suffice.
        alone: whether it has no further header.
    """

    system: str
    all_of: frozenset[str]
    any_of: frozenset[str] = frozenset()
    alone: bool = False


def _export(system: str, all_of: str, any_of: str = "", *, alone: bool = False) -> Export:
    return Export(system, frozenset(all_of.split()), frozenset(any_of.split()), alone)


# The first that fits is taken, so those with the rarest headers come first.
_EXPORTS = (
    _export("D2L Brightspace", "orgdefinedid", "username lastname firstname endoflineindicator"),
    _export("OneRoster", "sourcedid givenname familyname"),
    _export("Canvas", "student id section", "sisuserid sisloginid"),
    _export("Canvas", "student sisloginid"),
    _export("Skyward", "stulastname stufirstname"),
    _export("Skyward", "alphakey"),
    _export("SIMS", "adno", "legalsurname legalforename surname forename preferredsurname reggroup reg"),
    _export("SIMS", "legalsurname legalforename"),
    _export("Arbor", "arborstudentid"),
    _export("Arbor", "legalfirstname legallastname", "upn preferredfirstname registrationform admissionnumber"),
    _export("Bromcom", "admissionnumber lastname firstname", "tutorgroup upn"),
    _export("Bromcom", "admissionno surname forename", "tutorgroup upn"),
    _export("Aeries", "lastname firstname", "lastnamealias firstnamealias permid stunum"),
    _export("Veracross", "personid lastname firstname"),
    _export("Veracross", "personid", "preferredname fullname"),
    _export("Blackboard", "lastname firstname username lastaccess"),
    _export("Blackboard", "lastname firstname username studentid availability"),
    _export("Schoology", "firstname lastname", "uniqueuserid useruniqueid useruniqid"),
    _export("Moodle", "firstname", "lastdownloadedfromthiscourse"),
    _export("Moodle", "firstname emailaddress institution department"),
    _export("Moodle", "firstname surname emailaddress groups"),
    _export("Microsoft Teams", "firstname lastname emailaddress", "points feedback"),
    _export("Microsoft Teams", "firstname lastname", "sisid userprincipalname"),
    _export("Gradescope", "sid", "role section sections email"),
    _export("Clever", "studentid lastname firstname", "stateid studentemail schoolid frlstatus iepstatus"),
    _export(
        "PowerSchool",
        "studentnumber",
        "statestudentnumber homeroom lastfirst gradelevel dob firstname",
    ),
    _export("Google Classroom", "lastname firstname emailaddress", alone=True),
)
_CAMPUS = "student."
"""Infinite Campus puts the table's name before each header of an ad hoc export."""


def system_of(header: Sequence[str]) -> str:
    """The system that a header looks like; empty where it looks like none that we know.

    >>> system_of(["Last Name", "First Name", "Email Address"])
    'Google Classroom'
    >>> system_of(["Name", "Number"])
    ''
    """
    if sum(cell.strip().casefold().startswith(_CAMPUS) for cell in header) > 1:
        return "Infinite Campus"
    keys = {"".join(c for c in fold(cell.replace("#", " num ")) if c.isalnum()) for cell in header if cell.strip()}
    for export in _EXPORTS:
        fits = export.all_of <= keys and (not export.any_of or export.any_of & keys)
        if fits and not (export.alone and keys - export.all_of):
            return export.system
    return ""
