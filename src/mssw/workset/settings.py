"""A set's ``set.toml``: text goes in and ``Settings`` come out, or a sentence that says which line to correct.

Each value is read as a teacher may have typed it. A new file is written with comments, and a file is changed without
losing the comments that a teacher put there.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError

from mssw.core.option import list_choices, read_flag
from mssw.core.paper import PAPERS
from mssw.errors import UnreadableError
from mssw.formats.text_files import parse_toml, read_text_file
from mssw.roster.columns import parse_columns
from mssw.workset.folder import check_version

COVER = ("sure", "likely")
ENGLISH = ("us", "uk")
PURPOSES = (
    "thinking",
    "quality",
    "next-steps",
    "task",
    "classes",
)  # of a meeting; `mssw.kit.purpose` knows what follows
ALIASES = ("easy", "world", "numbers")
_ALIAS = re.compile(r"[^\W\d_](?:['’-]?[^\W\d_]){1,24}")  # as the privacy check knows an alias
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_FIELD = re.compile(r"\s*\d+\s*:\s*[\d.]+(\s*,\s*[\d.]+){3}\s*")

ATTENTION = (
    "Stop here and follow your school's own procedure now: tell the person whom it names (a counsellor, the "
    "safeguarding lead, the principal) today, in person, with the original sheet."
)


def _text(value: object) -> str:
    """Text; also a bare number or date, which TOML takes for something else than a teacher meant."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, int | float | dt.date) and not isinstance(value, bool):
        return str(value)
    raise ValueError('text in quotes, like "Massive air"')


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(text for text in (" ".join(item.split()) for item in value) if text)
    raise ValueError('a list of texts, like ["A. Teacher", "B. Teacher"]')


def _name_fields(value: object) -> tuple[str, ...]:
    found = _texts(value) if isinstance(value, str | list) else None
    if found is None or not all(_FIELD.fullmatch(item) for item in found):
        raise ValueError('a list like ["1:0.6,0.05,0.3,0.04"] (page, then left, top, width, height as fractions)')
    return found


def _columns(value: object) -> tuple[str, ...]:
    found = _texts(value)
    try:
        parse_columns(found)
    except ValueError:
        raise ValueError('a list like ["last=Surname", "id=C"] (a column\'s header or its letter)') from None
    return found


def _sides(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise ValueError("a whole number from 1, without quotes")


def _seed(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("a whole number, without quotes")


def _day(value: object) -> dt.date:
    """A day, also where it stands in quotes."""
    if isinstance(value, str):
        value = dt.date.fromisoformat(value.strip()) if _DAY.fullmatch(value.strip()) else value
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value
    raise ValueError("a day like 2030-06-30")


def _aliases(value: object) -> str | tuple[str, ...]:
    """A kind of aliases, or a teacher's own list of names."""
    if isinstance(value, str) and value.strip().lower() in {"", *ALIASES}:
        return value.strip().lower()
    names = _texts(value) if isinstance(value, list) else ()
    if names and len(set(names)) == len(names) and all(_ALIAS.fullmatch(name) for name in names):
        return names
    raise ValueError('"easy", "world" or "numbers", or a list of names, each one word of 2 to 25 letters')


def _read_word(value: object, choices: Collection[str], *, may_be_empty: bool = False) -> str:
    """One of a few words, whatever its case."""
    word = value.strip().lower() if isinstance(value, str) else None
    if word is not None and (word in choices or (may_be_empty and not word)):
        return word
    raise ValueError(list_choices(choices))


READERS: dict[str, Callable[[object], Any]] = {
    "title": _text,
    "grade": _text,
    "subject": _text,
    "school": _text,
    "time": _text,
    "task": _text,
    "task_is_blank": read_flag,
    "presenting_teachers": _texts,
    "purpose": partial(_read_word, choices=PURPOSES, may_be_empty=True),
    "session": _text,
    "date": _text,
    "pages_per_student": _sides,
    "paper": partial(_read_word, choices=PAPERS),
    "english": partial(_read_word, choices=ENGLISH, may_be_empty=True),
    "language": _text,
    "templates": _text,
    "aliases": _aliases,
    "same_aliases_as": _text,
    "fields": _name_fields,
    "labels": _texts,
    "cover": partial(_read_word, choices=COVER),
    "attention": _text,
    "columns": _columns,
    "destroy_key_after": _day,
    "seed": _seed,
}
"""What reads the value of each key; a ``ValueError`` of it ends the sentence that the key must be …"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a teacher says about a set. Nothing here names a student.

    Attributes:
        title: of the set, as it stands on the packet's cover.
        grade: as the school writes it.
        subject: of the task; for ``mssw trends``.
        school: the school's name; for ``mssw trends``.
        time: when students did the task, such as ``before`` or ``after`` teaching; for ``mssw trends``.
        task: the file of the blank task as given; empty where there is none.
        task_is_blank: whether the teacher looked at the task and says that nothing is written on it.
        presenting_teachers: who brings the work to the session.
        purpose: what the meeting is for, one of ``PURPOSES``; empty if nobody said.
        session: a letter A to E or any words; empty where not yet settled.
        date: of the session, in any words; empty where not yet settled.
        pages_per_student: sides that one student hands in; None where the task tells.
        paper: ``letter`` or ``a4``.
        english: ``us`` or ``uk``: spelling, dates and clock; empty takes American on Letter and British on A4.
        language: of the prints, as the name of its file of words, such as ``es``; empty for English.
        templates: a folder of the school's own templates, seen from the set's; empty where ours are used.
        aliases: ``easy``, ``world`` or ``numbers``, or the teacher's own names; empty goes on as before.
        same_aliases_as: another set, seen from this one's folder, in which students have their aliases already.
        fields: name fields given by hand, each ``page:x,y,w,h`` in fractions of the task's page.
        labels: words that ask for a name on this task, where mssw does not know them.
        cover: ``sure`` to cover only sure names in the text, ``likely`` to cover the likely ones too.
        attention: what to do where a student's work needs attention now, as the school's own procedure has it.
        columns: what the columns of the class list hold, where mssw does not see it, each like ``last=Surname``.
        destroy_key_after: the day from which on the teacher is reminded to destroy the key; None for no reminder.
        seed: the aliases' order is drawn from it; None draws it from the system's secure source.
    """

    title: str = ""
    grade: str = ""
    subject: str = ""
    school: str = ""
    time: str = ""
    task: str = ""
    task_is_blank: bool = False
    presenting_teachers: tuple[str, ...] = ()
    purpose: str = ""
    session: str = ""
    date: str = ""
    pages_per_student: int | None = None
    paper: str = "letter"
    english: str = ""
    language: str = ""
    templates: str = ""
    aliases: str | tuple[str, ...] = ""
    same_aliases_as: str = ""
    fields: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    cover: str = COVER[0]
    attention: str = ATTENTION
    columns: tuple[str, ...] = ()
    destroy_key_after: dt.date | None = None
    seed: int | None = None


_COMMENTS = {
    "title": "The title to print on the packet's cover.",
    "grade": 'The grade or class, as your school writes it: "5", "Year 6", "5 and 6".',
    "subject": 'The subject, if you compare classes of several with `mssw trends`: "science".',
    "school": "The school, if you compare classes of several with `mssw trends`.",
    "time": 'When students did the task, for `mssw trends`: "before" or "after" teaching, or any words.',
    "task": "The file of the blank task that you gave to `mssw prepare`.",
    "task_is_blank": (
        "true: you checked the blank task, and nothing is written on it. Set this if mssw thinks it is filled in,\n"
        "# or finds too little of its print on the scans."
    ),
    "presenting_teachers": 'The presenting teachers: ["A. Teacher", "B. Teacher"].',
    "purpose": (
        'What the meeting is for: "thinking", "quality", "next-steps", "task" or "classes". `mssw kit --purpose ask`\n'
        "# says what follows from each."
    ),
    "session": 'The session to print on the cover: "A" to "E", or any words. Empty: a line to write on.',
    "date": 'The date to print on the cover, in any words: "12 March". Empty: a line to write on.',
    "pages_per_student": "How many sides each student hands in. Leave this out if you have a blank task.",
    "paper": 'The paper to print on: "letter" or "a4".',
    "english": 'Your English: "us" or "uk", for spelling, dates and the clock. Empty: US on Letter, UK on A4.',
    "language": 'The language of prints: "es" for Spanish, or one of your own templates. Empty: English.',
    "templates": (
        'A folder with your school\'s own print templates, as a path from this file: "../templates".\n'
        "# `mssw templates export` makes one. Empty: mssw's own."
    ),
    "aliases": (
        'What responses are called: "easy" to say, from all over the "world", "numbers" (Sample 1), or your own\n'
        '# names: ["Rio", "Sol", "Luna"]. Responses that have an alias keep it.'
    ),
    "same_aliases_as": (
        'Another set of the same students, as a path from this file: "../before". Each student keeps the alias from\n'
        "# there. Leave this empty unless colleagues are to follow students from task to task."
    ),
    "fields": (
        'Where students write their names, if mssw gets it wrong: ["1:0.6,0.05,0.3,0.04"] is page 1 of the task,\n'
        "# then left, top, width and height as fractions of the page. Empty: mssw finds them on the blank task."
    ),
    "labels": (
        'Printed words that ask for a name, in a language mssw does not know: ["Jina", "Jina la mwanafunzi"].\n'
        "# mssw knows English, Spanish, French, German, Portuguese and Vietnamese."
    ),
    "cover": (
        'Names in what students wrote: "sure" covers the sure ones and shows you the likely ones\n'
        '# in `mssw review`; "likely" covers both.'
    ),
    "attention": (
        "What `mssw review` shows if student work needs attention now (a disclosure, a threat, a cry for help). Write\n"
        "# who to contact in your school, and how."
    ),
    "columns": (
        'Which columns of the class list hold what, if mssw gets them wrong: ["last=Surname", "first=B"].\n'
        "# Before the =, write first, last, name, middle, preferred, id, email, other, role or skip."
    ),
    "destroy_key_after": "The day when mssw starts reminding you to destroy the key: `mssw key destroy`.",
    "seed": "A number, to draw the same aliases each time. Leave this out for real classes.",
}


# Examples that are written as a comment if nothing is set.
_EXAMPLES = {"pages_per_student": "2", "destroy_key_after": "2030-06-30", "seed": "1"}


def read_settings(path: Path) -> Settings:
    """The settings in a file.

    Raises:
        UnreadableError: it cannot be read, is not TOML, or a value is of the wrong kind; it says where.
    """
    return parse_settings(read_text_file(path, "check that it is there and readable."), str(path))


def parse_settings(text: str, name: str = "set.toml") -> Settings:
    """The settings in a text. Keys that mssw does not know are left in peace.

    Raises:
        UnreadableError: as for ``read_settings``; ``name`` stands in the sentence.
        NewerVersionError: a newer mssw made it.
    """
    given = _read_toml(text, name)
    check_version(Path(name), given)
    values: dict[str, Any] = {}
    for key in (field.name for field in fields(Settings)):
        if key in given:
            try:
                values[key] = READERS[key](given[key])
            except ValueError as error:
                line = _line_of(key, text)
                raise UnreadableError(f"{name}, line {line}: {key} must be {error}; correct that line.") from None
    return Settings(**values)


def find_misspelled_keys(path: Path) -> tuple[str, ...]:
    """What a person may have meant by the keys of a file that mssw does not know, each in a clause."""
    try:
        given = _read_toml(read_text_file(path, ""), path.name)
    except UnreadableError:
        return ()  # whoever reads the settings says so
    known = [field.name for field in fields(Settings)]
    found = ((key, get_close_matches(key, known, 1)) for key in given if key not in known)
    return tuple(
        f"{path.name} has {key}, which mssw does not know; perhaps {near[0]} is meant" for key, near in found if near
    )


def parse_setting(key: str, value: object) -> Any:
    """A value of ``set.toml`` as ``Settings`` has it.

    Raises:
        ValueError: it is of the wrong kind; its text says what it must be.
    """
    return READERS[key](value)


def settings_text(settings: Settings) -> str:
    """A new ``set.toml``, each key under a comment that says what it is for."""
    document = tomlkit.document()
    document.add(tomlkit.comment("The settings of this work set. You can edit them here; your comments stay."))
    text = document.as_string()
    for key, comment in _COMMENTS.items():
        value = getattr(settings, key)
        line = f"# {key} = {_EXAMPLES[key]}" if value is None else _line(key, value)
        text += f"\n# {comment}\n{line}\n"
    return text


def change_settings_text(text: str, **changes: object) -> str:
    """The text of a ``set.toml`` with those keys changed, and all else as it was.

    Args:
        text: the file as it stands.
        changes: new values by key of ``Settings``; None takes the key out.

    Raises:
        UnreadableError: the text is not TOML.
    """
    unknown = set(changes) - set(_COMMENTS)
    if unknown:
        raise TypeError(f"no such settings: {', '.join(sorted(unknown))}")
    document = _document(text, "set.toml")
    for key, value in changes.items():
        if value is None and key in document:
            document.remove(key)
        elif key in document:
            document[key] = list(value) if isinstance(value, tuple) else value
        elif value is not None:
            document = tomlkit.parse(_added(document.as_string(), _line(key, value)))
    return document.as_string()


def _added(text: str, line: str) -> str:
    """The text with that line: where the key stands as a comment, else at its beginning, before any table."""
    key = line.split(" ", 1)[0]
    waiting = re.compile(rf"^#\s*{key}\s*=.*$", re.MULTILINE)
    if waiting.search(text):
        return waiting.sub(lambda _: line, text, count=1)
    return f"{line}\n{text}"


def _read_toml(text: str, name: str) -> dict[str, Any]:
    """The keys and values of a text. tomlkit keeps comments too and takes ten times as long; it says what is wrong.

    Raises:
        UnreadableError: it is not TOML.
    """
    try:
        return parse_toml(text)
    except tomllib.TOMLDecodeError:
        return _document(text, name).unwrap()


def _document(text: str, name: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except ParseError as error:
        what = str(error).rsplit(" at line ", 1)[0].rstrip(".")
        raise UnreadableError(f"{name}, line {error.line}: {what}; correct that line.") from None
    except TOMLKitError as error:  # for example, a key that is there twice
        raise UnreadableError(f"{name} cannot be understood: {error}; correct it.") from None


def _line(key: str, value: object) -> str:
    document = tomlkit.document().append(key, list(value) if isinstance(value, tuple) else value)
    return document.as_string().rstrip("\n")


def _line_of(key: str, text: str) -> int:
    lines = text.splitlines()
    start = re.compile(rf"\s*[\"']?{key}[\"']?\s*=")
    return next((number for number, line in enumerate(lines, start=1) if start.match(line)), 1)
