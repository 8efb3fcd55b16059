"""Options that a command, the library and a plan share.

A dataclass such as ``PrepareOptions`` declares each of them once: a field with its type and default, and in the field's
metadata, by ``option``, what ``--help`` says and how a plan's value is read. The command takes its help from there, the
plan its keys. A value that can only be one of a few words is a ``Choice``, which refuses every other word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from mssw.errors import UsageError


def list_choices(words: Iterable[str]) -> str:
    """Words to choose from, as a sentence lists them.

    >>> list_choices(["letter", "a4"]), list_choices(["single", "two-up", "booklet"])
    ('"letter" or "a4"', '"single", "two-up" or "booklet"')
    """
    *others, last = (f'"{word}"' for word in words)
    return f"{', '.join(others)} or {last}"


class Choice(StrEnum):
    """The words that an option takes. Any other word is refused with a sentence, wherever it comes from."""

    @classmethod
    def _missing_(cls, value: object) -> Self:
        raise UsageError(f"{cls.__name__.lower()} must be {cls.words()}, not {value!r}.")

    @classmethod
    def words(cls) -> str:
        """The words as a sentence lists them.

        >>> class Layout(Choice):
        ...     SINGLE, TWO_UP, BOOKLET = "single", "two-up", "booklet"
        >>> Layout.words()
        '"single", "two-up" or "booklet"'
        """
        return list_choices([one.value for one in cls])

    @classmethod
    def read(cls, value: object) -> Self:
        """The choice that a plan's value names.

        Raises:
            ValueError: the value is none of the choices; the text lists them.
        """
        for one in cls:
            if one == value:
                return one
        raise ValueError(cls.words())


@dataclass(frozen=True, slots=True)
class Option:
    """What is declared of an option beside its name, type and default.

    Attributes:
        help_text: for ``--help``.
        flags: what is typed, where that is not the field's name.
        metavar: for ``--help``; None takes what Typer makes of the type.
        shown_default: what ``--help`` says happens without the option: a text, or whether it shows the default itself.
        plan_key: its key in a plan; empty where a plan has none.
        read: reads a plan's value; a ValueError says what the value must be. A key that ``set.toml`` has too is read
            as there first.
    """

    help_text: str
    flags: tuple[str, ...]
    metavar: str | None
    shown_default: bool | str
    plan_key: str
    read: Callable[[Any], Any]


def as_it_is(value: Any) -> Any:
    """The value of an option that needs no reading."""
    return value


def option(
    help_text: str,
    *flags: str,
    metavar: str | None = None,
    shown_default: bool | str = False,
    plan_key: str = "",
    read: Callable[[Any], Any] = as_it_is,
) -> Mapping[str, Option]:
    """The metadata of a dataclass's field that is an option; see ``Option`` for the arguments."""
    return {"option": Option(help_text, flags, metavar, shown_default, plan_key, read)}


def options_of(kind: type) -> dict[str, Option]:
    """The options that a dataclass declares, by the names of their fields."""
    return {one.name: one.metadata["option"] for one in fields(kind) if "option" in one.metadata}


def read_text(value: object) -> str:
    """A plan's text, without the spaces around it."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError("text in quotes")


def read_texts(value: object, what: str = "a file") -> tuple[str, ...]:
    """A plan's list of texts; a single text is a list of one."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list) and value and all(isinstance(item, str) and item.strip() for item in value):
        return tuple(value)
    raise ValueError(f"{what} in quotes, or a list of them")


def read_flag(value: object) -> bool:
    """A plan's true or false."""
    if isinstance(value, bool):
        return value
    raise ValueError("true or false, without quotes")


def read_number(value: object, most: int) -> int:
    """A plan's number, from 1."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
        return value
    raise ValueError(f"a number from 1 to {most}")
