"""Which column of a roster says what, told by its header. A column that is not known here is never kept.

A person's word on a roster's columns, ``last=Surname`` or ``id=C``: which column holds what, where mssw is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from mssw.core.cell_names import column_letters
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

# Headers without case, accents, spaces and signs. Each must match whole, as "Guardian Last Name" must not.
_HEADERS: dict[Meaning, str] = {
    Meaning.LAST: "lastname last lname surname familyname family sirname lastnames surnames apellido "
    "apellidos apellidopaterno primerapellido apellidomaterno segundoapellido nachname familienname "
    "nomdefamille cognome sobrenome achternaam efternavn efternamn etternavn nazwisko",
    Meaning.FIRST: "firstname first fname givenname given forename firstnames givennames forenames nombres "
    "primernombre vorname prenom prenoms voornaam fornavn fornamn imie primeironome",
    Meaning.MIDDLE: "middlename middle mname middlenames middleinitial mi secondname segundonombre additionalnames",
    Meaning.PREFERRED: "preferredname preferred preferredfirstname preferredfirst preferredgivenname "
    "preferredlastname preferredmiddlename nickname nick goesby knownas commonname chosenname usualname "
    "callname alsoknownas preferredfullname formername maidenname rufname",
    Meaning.WHOLE: "name names student students studentname studentnames fullname lastfirst "
    "lastnamefirstname firstlast firstnamelastname lastfirstmiddle namelastfirst namefirstlast displayname "
    "sortablename pupil pupils pupilname learner learners child nameofstudent namen nom noms nome nombre "
    "nombrecompleto nomcomplet alumno alumna alumnos alumnado estudiante estudiantes eleve eleves schuler "
    "schulerin schulername aluno leerling naam navn namn nameofpupil classlist fullnamelastfirst",
    Meaning.NUMBER: "studentnumber studentno number studentid pupilid pupilnumber idnumber sisuserid sisid "
    "orgdefinedid sid permid localid identifier id userid uid personid lasid sasid ssid upn matrikelnummer "
    "matricula matriculationnumber studentcode localstudentid uniqueid sourcedid stateid statestudentnumber "
    "statestudentid studentstateid sisloginid integrationid",
    Meaning.EMAIL: "email emailaddress mail emails schoolemail correo correoelectronico courriel "
    "adresseemail emailadresse",
    Meaning.OTHER: "username login loginid userlogin usersourcedid otherids otherid otheridentifiers alternateid",
    Meaning.ROLE: "role roles usertype enrollmentrole accounttype",
}
# Headers of columns that are never read: where a row has no others, it is a header, and no student stands in it.
_UNREAD_WORDS = """
    grade gradelevel year yearlevel yeargroup class classname section sectionname homeroom hr period course coursename
    school schoolname teacher dob birthdate birthday dateofbirth age gender sex pronouns race ethnicity raceethnicity
    language homelanguage lunch lunchstatus lunchcode mealstatus freereduced freereducedlunch frl frpl iep sped
    specialed specialeducation disability 504 ell el esl eal send sen fsm pupilpremium phone telephone address guardian
    parent points score status notes comments attendance entrydate exitdate
"""
_UNREAD = frozenset(_UNREAD_WORDS.split())
_KNOWN = {header: meaning for meaning, headers in _HEADERS.items() for header in headers.split()}
# The earlier a header stands above, the likelier it is the number that a teacher knows her students by.
_RANK = {header: rank for rank, header in enumerate(_HEADERS[Meaning.NUMBER].split())}
_OWNERS = ("students", "student", "pupil", "learner", "legal", "user")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_NUMBER = re.compile(r"#?[A-Za-z]{0,3}[-.]?\d[\d.-]{2,}")
_ENOUGH_TO_BE_SORTED = 6  # names: by chance one list in 720 is in order
_SECOND_LAST = frozenset({"apellidomaterno", "segundoapellido"})
_JUST_A_NAME = frozenset({"name", "namen", "nom", "noms", "nome", "nombre", "naam", "navn", "namn"})


def meaning_of(header: str) -> Meaning | None:
    """What a column of that header holds; None where it is not known, and so not read."""
    return _KNOWN.get(_key(header))


def is_all_headers(cells: Sequence[str]) -> bool:
    """Whether a row is a header, though none of its columns is of names: each of its cells is known as one.

    >>> is_all_headers(["Grade", "", "Lunch status"]), is_all_headers(["Race", "Ann"])
    (True, False)
    """
    keys = {_key(cell) for cell in cells if cell}
    return bool(keys & _UNREAD) and keys <= _UNREAD | _KNOWN.keys()


def read_header(cells: Sequence[str]) -> dict[int, Meaning]:
    """Which of a header's columns are read, by index from 0.

    Of several columns with student numbers the likeliest is *the* number and the rest are other identifiers;
    of several with one name (a legal one beside the one in use) the rest are further names. "Name" beside a
    first name is the last name, and the other way round. Empty where no cell is known.
    """
    columns = {index: meaning for index, cell in enumerate(cells) if (meaning := meaning_of(cell))}
    keys = {index: _key(cells[index]) for index in columns}
    found = set(columns.values())
    for index, meaning in columns.items():
        if meaning is Meaning.WHOLE and keys[index] in _JUST_A_NAME:
            if Meaning.FIRST in found and Meaning.LAST not in found:
                columns[index] = Meaning.LAST
            elif Meaning.LAST in found and Meaning.FIRST not in found:
                columns[index] = Meaning.FIRST
    numbers = sorted((_RANK[keys[i]], i) for i, meaning in columns.items() if meaning is Meaning.NUMBER)
    columns |= {index: Meaning.OTHER for _, index in numbers[1:]}
    for name in (Meaning.FIRST, Meaning.LAST, Meaning.MIDDLE):
        same = [i for i, meaning in columns.items() if meaning is name and keys[i] not in _SECOND_LAST]
        in_use = sorted(same, key=lambda i: (fold(cells[i]).startswith("legal"), i))
        columns |= dict.fromkeys(in_use[1:], Meaning.PREFERRED)
    return columns


def guess_columns(rows: Sequence[Sequence[str]]) -> dict[int, Meaning]:
    """Which columns of a list without a header are read, told by what stands in them, by index from 0.

    Numbers are student numbers unless they only count the rows.
    """
    width = max((len(row) for row in rows), default=0)
    columns: dict[int, Meaning] = {}
    names: list[int] = []
    for index in range(width):
        cells = [row[index] for row in rows if index < len(row) and row[index]]
        if _mostly(cells, lambda cell: "@" in cell):
            columns[index] = Meaning.EMAIL
        elif _mostly(cells, lambda cell: bool(_NUMBER.fullmatch(cell))) and not _counts(cells):
            columns[index] = Meaning.OTHER if Meaning.NUMBER in columns.values() else Meaning.NUMBER
        elif _mostly(cells, _like_a_name) and len(cells) <= 2 * len(set(cells)):
            names.append(index)
    if names:
        left = [row[names[0]] for row in rows if names[0] < len(row) and row[names[0]]]
        if len(names) == 1 or _mostly(left, lambda cell: len(cell.replace(",", ", ").split()) > 1):
            columns[names[0]] = Meaning.WHOLE
        else:
            columns |= pair_of_names(rows, names[0], names[1])
    return columns


def pair_of_names(rows: Sequence[Sequence[str]], left: int, right: int) -> dict[int, Meaning]:
    """Which of two columns holds the last names: the left one, unless only the right one is sorted."""
    lefts, rights = ([fold(row[i]) for row in rows if len(row) > max(left, right) and row[i]] for i in (left, right))
    if len(rights) >= _ENOUGH_TO_BE_SORTED and rights == sorted(rights) and lefts != sorted(lefts):
        return {left: Meaning.FIRST, right: Meaning.LAST}
    return {left: Meaning.LAST, right: Meaning.FIRST}


def _mostly(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    return bool(cells) and 2 * sum(test(cell) for cell in cells) > len(cells)


def _counts(cells: Sequence[str]) -> bool:
    """Whether the cells only count the rows: 1, 2, 3."""
    return list(cells) == [str(number) for number in range(1, len(cells) + 1)]


def _like_a_name(cell: str) -> bool:
    return sum(c.isalpha() for c in cell) > (cell.isascii() and 1) and not any(c.isdigit() for c in cell)


def _key(header: str) -> str:
    """A header without its brackets, owner ("student."), case, accents, spaces and signs."""
    text = fold(_BRACKETS.sub(" ", header)) or fold(header)
    key = "".join(c for c in text if c.isalnum())
    if key in _KNOWN:
        return key
    for owner in _OWNERS:
        rest = key.removeprefix(owner)
        if rest != key and rest in _KNOWN:
            return rest
    return key


WORDS = {
    "first": Meaning.FIRST,
    "last": Meaning.LAST,
    "middle": Meaning.MIDDLE,
    "preferred": Meaning.PREFERRED,
    "name": Meaning.WHOLE,
    "id": Meaning.NUMBER,
    "email": Meaning.EMAIL,
    "other": Meaning.OTHER,
    "role": Meaning.ROLE,
    "skip": None,
}
"""What may stand before the =; ``skip`` keeps a column from being read."""
HOW = "say columns as last=Surname,first=B,id=Number: a column's header or its letter"
_PART = re.compile(rf"\s*({'|'.join(WORDS)})\s*=\s*(.*?)\s*(?=,\s*(?:{'|'.join(WORDS)})\s*=|$)", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{1,2}")

Told = tuple[tuple[Meaning | None, str], ...]
"""What each column holds, None for one that is not to be read, and the column's header or letter."""


def parse_columns(texts: Iterable[str]) -> Told:
    """What a person said of the columns. A header may hold commas.

    >>> parse_columns(["last=Name, as in passport,first=B"])
    ((<Meaning.LAST: 'Last name'>, 'Name, as in passport'), (<Meaning.FIRST: 'First name'>, 'B'))

    Raises:
        ValueError: it cannot be understood; its text says how to say it.
    """
    told: list[tuple[Meaning | None, str]] = []
    for text in texts:
        at = 0
        while at < len(text):
            found = _PART.match(text, at)
            if found is None or not found[2]:
                raise ValueError(f"{HOW}; the words before the = are {', '.join(WORDS)}")
            told.append((WORDS[found[1].casefold()], found[2]))
            at = found.end() + 1  # behind the comma
    once = [meaning for meaning, _ in told if meaning in {Meaning.FIRST, Meaning.LAST, Meaning.WHOLE, Meaning.NUMBER}]
    if len(once) != len(set(once)):
        raise ValueError("name, first, last and id can each be one column only")
    return tuple(told)


def told_row(table: Sequence[Sequence[str]], told: Told, within: int) -> int | None:
    """The index of the row that holds every header that was told; None where only letters were, or none does."""
    titles = {fold(title) for _, title in told if not _LETTERS.fullmatch(title)}
    for index, row in enumerate(table[:within]):
        if titles and titles <= {fold(cell) for cell in row}:
            return index
    return None


def settled(columns: Mapping[int, Meaning], header: Sequence[str], told: Told) -> dict[int, Meaning]:
    """The columns that are read, with a person's word before ours.

    Raises:
        ValueError: a column that was told is not there; its text says which ones are.
    """
    given: dict[int, Meaning | None] = {}
    for meaning, title in told:
        place = _place(header, title)
        if place in given:
            raise ValueError(f"column “{title}” was told twice; it can hold one thing only")
        given[place] = meaning
    said = {meaning for meaning in given.values() if meaning is not None}
    if said & {Meaning.FIRST, Meaning.LAST}:
        said.add(Meaning.WHOLE)
    if Meaning.WHOLE in {meaning for meaning, _ in told}:
        said |= {Meaning.FIRST, Meaning.LAST}
    kept = {
        index: Meaning.OTHER if meaning is Meaning.NUMBER and meaning in said else meaning
        for index, meaning in columns.items()
        if index not in given and (meaning not in said or meaning is Meaning.NUMBER)
    }
    result = kept | {index: meaning for index, meaning in given.items() if meaning is not None}
    if not NAMES & set(result.values()):
        raise ValueError("with the columns as told, no column of names is left")
    return dict(sorted(result.items()))


def _place(header: Sequence[str], title: str) -> int:
    """The index of the column of that header or letter."""
    wanted = fold(title)
    for index, cell in enumerate(header):
        if fold(cell) == wanted:
            return index
    at = _index_of(title)
    if at is not None and at < len(header):
        return at
    known = ", ".join(
        f"{column_letters(index)} ({cell})" if cell else column_letters(index) for index, cell in enumerate(header)
    )
    raise ValueError(f"it has no column “{title}”; its columns are {known or 'not to be told apart'}")


def _index_of(letters: str) -> int | None:
    if not _LETTERS.fullmatch(letters):
        return None
    index = 0
    for letter in letters.upper():
        index = 26 * index + ord(letter) - ord("A") + 1
    return index - 1
