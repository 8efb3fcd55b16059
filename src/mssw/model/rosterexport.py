"""Which school system a table came from, told by the headers that it alone uses. For a person to confirm, no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mssw.names.student import fold


@dataclass(frozen=True, slots=True)
class Export:
    """How the class list of one system is recognised.

    Attributes:
        system: the system's name.
        all_of: headers that each of its lists has, without case, spaces and signs.
        any_of: of these it has one at least; empty where the others tell.
        alone: whether it has no further header.
    """

    system: str
    all_of: frozenset[str]
    any_of: frozenset[str] = frozenset()
    alone: bool = False


def _export(system: str, all_of: str, any_of: str = "", *, alone: bool = False) -> Export:
    return Export(system, frozenset(all_of.split()), frozenset(any_of.split()), alone)


# The first that fits is taken, so those with the rarest headers stand first.
_EXPORTS = (
    _export("D2L Brightspace", "orgdefinedid", "username lastname firstname endoflineindicator"),
    _export("OneRoster", "sourcedid givenname familyname"),
    _export("Canvas", "student id section", "sisuserid sisloginid"),
    _export("Canvas", "student sisloginid"),
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
    keys = {"".join(c for c in fold(cell) if c.isalnum()) for cell in header if cell.strip()}
    for export in _EXPORTS:
        fits = export.all_of <= keys and (not export.any_of or export.any_of & keys)
        if fits and not (export.alone and keys - export.all_of):
            return export.system
    return ""
