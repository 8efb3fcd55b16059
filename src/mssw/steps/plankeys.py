"""What may stand in a plan: each key with what it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mssw.core.paper import PAPERS
from mssw.packet.bind_packet import MOST_COPIES
from mssw.workset.settings import setting

BACKS = {"auto": None, "same": False, "reversed": True}
Readers = Mapping[str, Callable[[object], Any]]


def _text(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError("text in quotes")


def _texts(value: object, what: str = "a file") -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list) and value and all(isinstance(item, str) and item.strip() for item in value):
        return tuple(value)
    raise ValueError(f"{what} in quotes, or a list of them")


def _names(value: object) -> tuple[str, ...]:
    return _texts(value, "a class of the plan or the folder of a set")


def _backs(value: object) -> bool | None:
    if value in BACKS:
        return BACKS[str(value)]
    raise ValueError('"auto", "same" or "reversed"')


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("true or false, without quotes")


def _copies(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_COPIES:
        return value
    raise ValueError(f"a number from 1 to {MOST_COPIES}")


def _paper(value: object) -> str:
    if isinstance(value, str) and value.lower() in PAPERS:
        return value.lower()
    raise ValueError('"letter" or "a4"')


def _of_set(key: str) -> Callable[[object], Any]:
    return lambda value: setting(key, value)


TOLD = ("title", "grade", "presenting_teachers", "session", "date", "paper", "labels", "attention")
COMMON: Readers = {
    "task": _text,
    "roster": _text,
    "columns": _of_set("columns"),
    "also": _text,
    "backs_order": _backs,
    "pages_per_student": _of_set("pages_per_student"),
    "fields": _of_set("fields"),
    "cover": _of_set("cover"),
    "seed": _of_set("seed"),
    **{key: _of_set(key) for key in TOLD},
}
OWN: Readers = {
    "stack": _texts,
    "fronts": _text,
    "backs": _text,
    "section": _text,
    "codes": _names,
    "into": _text,
    **COMMON,
}
PACKET: Readers = {
    "copies": _copies,
    "paper": _paper,
    "two_sided": _flag,
    "all": _flag,
    "without_held": _flag,
    "unreviewed": _flag,
    "session": _of_set("session"),
    "date": _of_set("date"),
}
WHOLE: Readers = {"sets": _text, "report": _text}
