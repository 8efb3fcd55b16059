"""The values of ``set.toml``: each is read as a teacher may have typed it, or says what it must be."""

from __future__ import annotations

import datetime as dt
import re

from mssw.core.paper import PAPERS
from mssw.model.columntold import parse_columns

COVER = ("sure", "likely")
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_FIELD = re.compile(r"\s*\d+\s*:\s*[\d.]+(\s*,\s*[\d.]+){3}\s*")


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


def _paper(value: object) -> str:
    if isinstance(value, str) and value.strip().lower() in PAPERS:
        return value.strip().lower()
    raise ValueError('"letter" or "a4"')


def _cover(value: object) -> str:
    if isinstance(value, str) and value.strip().lower() in COVER:
        return value.strip().lower()
    raise ValueError('"sure" or "likely"')


READERS = {
    "title": _text,
    "grade": _text,
    "task": _text,
    "presenting_teachers": _texts,
    "session": _text,
    "date": _text,
    "pages_per_student": _sides,
    "paper": _paper,
    "templates": _text,
    "fields": _name_fields,
    "labels": _texts,
    "cover": _cover,
    "attention": _text,
    "columns": _columns,
    "destroy_key_after": _day,
    "seed": _seed,
}
"""What reads the value of each key; a ``ValueError`` of it ends the sentence that the key must be …"""
