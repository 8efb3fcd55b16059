"""The words of sessions and kits: TOML files among the templates, which a school may reword."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mssw.errors import UnreadableError
from mssw.model.session import Cue, Part, Role, Session, Setting, Step
from mssw.printing.templates import TemplateFolders, print_templates

#: The kits, in the order in which they are listed.
KITS = ("A", "B", "C", "D", "E", "coassess", "feedback", "task-check", "atlas", "tuning", "cac")
#: The five sessions of the protocol among them.
FIVE = KITS[:5]
_SPOKEN = (Role.READER, Role.RECORDER)  # whose cues are words; the Timekeeper's come from the clock


@dataclass(frozen=True, slots=True)
class SharedWords:
    """What the kits share.

    Attributes:
        norms: to start from.
        evidence: questions that lead back to the page.
        marks: of a good task, each a name and what to look for.
        reflection: six questions after a co-assessing meeting.
        roles: what each of the three does all along.
    """

    norms: tuple[str, ...]
    evidence: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    reflection: tuple[str, ...]
    roles: Mapping[Role, tuple[str, ...]]


def read_session(kit: str, folder: Path | None = None) -> Session:
    """The words and default times of a kit.

    Args:
        kit: one of ``KITS``.
        folder: where templates are looked for before ours.

    Raises:
        UnreadableError: the file is missing or has a fault; the sentence says where.
    """
    given = _found(f"session-{kit.lower()}" if kit in FIVE else kit, folder)
    return Session(
        kit,
        given.text("title"),
        given.text("purpose"),
        given.texts("aims"),
        given.texts("bring"),
        given.minutes("total"),
        tuple(_step(number, step) for number, step in enumerate(given.tables("step"), start=1)),
    )


def read_shared_words(folder: Path | None = None) -> SharedWords:
    """Norms, prompts, marks of a good task, and what the three roles do.

    Raises:
        UnreadableError: as for ``read_session``.
    """
    given = _found("shared-words", folder)
    roles = given.table("roles")
    return SharedWords(
        given.texts("norms"),
        given.texts("evidence"),
        given.pairs("marks"),
        given.texts("reflection"),
        {role: roles.texts(role) for role in Role},
    )


def _found(name: str, folder: Path | None) -> _Table:
    """A file of words, the school's own before ours."""
    folders = TemplateFolders(print_templates(), folder)
    path = folders.find(f"kits/{name}.toml")
    if path is None:
        raise UnreadableError(f"kits/{name}.toml is missing from {folders.ours}; install mssw again.")
    try:
        return _Table(tomllib.loads(path.read_text(encoding="utf-8-sig")), path, "")
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}; allow reading it.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{path} cannot be understood: {error}; correct it.") from None


def _step(number: int, given: _Table) -> Step:
    return Step(number, given.text("title"), tuple(_part(part) for part in given.tables("part")))


def _part(given: _Table) -> Part:
    cues = tuple(Cue(role, given.text(role.lower())) for role in _SPOKEN if role.lower() in given.values)
    return Part(given.setting("setting"), given.minutes("minutes"), given.texts("does"), cues)


def _is_pair(item: object) -> bool:
    return isinstance(item, list) and len(item) == 2 and all(isinstance(one, str) for one in item)  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of such a file, read with care; ``where`` tells its place in sentences."""

    values: Mapping[str, Any]
    path: Path
    where: str

    def text(self, key: str) -> str:
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self._fault(key, "text in quotes")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._fault(key, "a list of texts in quotes")
        return tuple(value)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(_is_pair(item) for item in value):
            raise self._fault(key, 'a list like [["name", "words"]]')
        return tuple((str(name), str(words)) for name, words in value)

    def table(self, key: str) -> _Table:
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self._fault(key, f"written as [{key}]")
        return _Table(value, self.path, f"{key}, ")

    def minutes(self, key: str) -> int:
        value = self.values.get(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._fault(key, "whole minutes, without quotes")
        return value

    def setting(self, key: str) -> Setting:
        value = self.text(key)
        if value not in list(Setting):
            raise self._fault(key, " or ".join(f'"{setting}"' for setting in Setting))
        return Setting(value)

    def tables(self, key: str) -> list[_Table]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._fault(key, f"written as [[{key}]]")
        return [_Table(item, self.path, f"{self.where}{key} {number}, ") for number, item in enumerate(value, start=1)]

    def _fault(self, key: str, must_be: str) -> UnreadableError:
        return UnreadableError(f"{self.path}, {self.where}{key} must be {must_be}; correct that line.")
