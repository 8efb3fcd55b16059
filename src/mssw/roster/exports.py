"""Which school system a class list came from, by the headers that it alone uses. For a person to confirm, no more.

``headers.toml`` says where the headers come from.
"""

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
