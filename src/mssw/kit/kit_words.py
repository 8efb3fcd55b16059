"""The words and minutes of sessions and kits, in TOML files.

The words are among the templates, and a school may change them. The minutes of one session can be written to a small
file, edited and read again; reading it reports every problem at once, with its line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mssw.core.shell_words import quote_word
from mssw.core.wording import PrintWords
from mssw.errors import UnreadableError
from mssw.formats.text_files import parse_toml, read_text_file
from mssw.kit.session import Cue, KitSheet, Role, Session, SessionStep, Setting, SheetKind, StepPart, change_minutes
from mssw.printing.print_words import REFERENCE, read_words, respell, spelling_of
from mssw.printing.template_files import TemplateFolders, print_templates

#: The kits, in the order in which they are listed.
KITS = ("A", "B", "C", "D", "E", "coassess", "feedback", "task-check", "atlas", "tuning", "cac")
#: The five sessions of the protocol among them.
FIVE = KITS[:5]
#: Sheets to fill in, which are no session: for students, and for a team.
FILL_IN = ("cer", "vision")
_SPOKEN = (Role.READER, Role.RECORDER)  # their cues are words; the Timekeeper's follow from the clock


@dataclass(frozen=True, slots=True)
class SharedWords:
    """The words that all kits share.

    Attributes:
        norms: to start from.
        evidence: questions that lead back to the page.
        marks: criteria of a good task, each a name and what to look for.
        reflection: six questions after a co-assessing meeting.
        roles: what each role does during the whole session.
    """

    norms: tuple[str, ...]
    evidence: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    reflection: tuple[str, ...]
    roles: Mapping[Role, tuple[str, ...]]


def read_session(kit: str, folder: Path | None = None, words: PrintWords | None = None) -> Session:
    """Read the words and the usual times of a kit.

    Args:
        kit: one of ``KITS``.
        folder: the school's own templates, which go before ours; None if there are none.
        words: of the reader's language; None takes American English.

    Raises:
        UnreadableError: the file is missing or has a fault; the message says where.
    """
    given = _open_words(f"session-{kit.lower()}" if kit in FIVE else kit, folder, words)
    return Session(
        kit,
        given.text("title"),
        given.text("purpose"),
        given.texts("aims"),
        given.texts("bring"),
        given.minutes("total"),
        tuple(_read_step(number, step) for number, step in enumerate(given.tables("step"), start=1)),
        tuple(_read_sheet(sheet) for sheet in given.tables("sheet")),
        has_presenter=given.flag("presenter"),
        has_roles=given.flag("roles"),
    )


def read_shared_words(folder: Path | None = None, words: PrintWords | None = None) -> SharedWords:
    """Read norms, prompts, marks of a good task, and what the three roles do.

    Raises:
        UnreadableError: as for ``read_session``.
    """
    given = _open_words("shared-words", folder, words)
    roles = given.table("roles")
    return SharedWords(
        given.texts("norms"),
        given.texts("evidence"),
        given.pairs("marks"),
        given.texts("reflection"),
        {role: roles.texts(role) for role in Role},
    )


def read_words_file(name: str, folder: Path | None = None, language: str = "en") -> Mapping[str, Any]:
    """The words of sheets that are no session: what is in ``kits/NAME.toml``, the school's own first.

    Another language than English has a folder there, such as ``kits/es``.

    Raises:
        UnreadableError: the file is missing or is no TOML.
    """
    words = read_words(REFERENCE if language == "en" else language, folder)
    return _open_words(name, folder, words).values


def _open_words(name: str, folder: Path | None, words: PrintWords | None) -> _Table:
    """Open a file of words in the reader's language: the school's own if it has one, else ours.

    American English is in ``kits/``, another language in a folder of its name there. English of another country may
    have a folder too; else it is the American file in its own spelling.
    """
    words = words or read_words(REFERENCE, folder)
    folders = TemplateFolders(print_templates(), folder)
    languages = [language for language in (words.language, *words.bases) if language != REFERENCE]
    places = [f"kits/{language}/{name}.toml" for language in languages]
    in_english = REFERENCE in {words.language, *words.bases}
    places += [f"kits/{name}.toml"] if in_english else []
    path = next((found for place in places if (found := folders.find(place)) is not None), None)
    if path is None:
        raise UnreadableError(
            f"there is no {places[0]} for the language {words.language}; copy kits/{name}.toml there in your templates "
            "(see `mssw templates export`), and translate it."
        )
    spelling = spelling_of(words, folder) if path.parent.name != words.language else {}
    try:
        return _Table(respell(parse_toml(path.read_text(encoding="utf-8-sig")), spelling), path, "")
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}; check its permissions.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{path} cannot be understood: {error}; please correct it.") from None


def _read_step(number: int, given: _Table) -> SessionStep:
    return SessionStep(number, given.text("title"), tuple(_read_part(part) for part in given.tables("part")))


def _read_part(given: _Table) -> StepPart:
    cues = tuple(Cue(role, given.text(role.lower())) for role in _SPOKEN if role.lower() in given.values)
    return StepPart(given.setting("setting"), given.minutes("minutes"), given.texts("does"), cues)


def _read_sheet(given: _Table) -> KitSheet:
    kind = given.text("kind")
    if kind not in list(SheetKind):
        raise given.fault("kind", " or ".join(f'"{one}"' for one in SheetKind))
    checks = tuple((one.text("title"), one.texts("lines")) for one in given.tables("checks"))
    return KitSheet(
        SheetKind(kind),
        given.text("for") == "each",
        given.text("title"),
        given.text("hint"),
        given.minutes("times") or 1,
        given.minutes("tasks") or 1,
        given.minutes("rows") or 4,
        given.texts("first"),
        given.triples("columns"),
        given.triples("questions"),
        checks,
    )


def _is_triple(item: object) -> bool:
    if not isinstance(item, list) or len(item) != 3:  # noqa: PLR2004 - text, hint, width or lines
        return False
    *texts, size = item
    return all(isinstance(one, str) for one in texts) and isinstance(size, int | float) and size > 0


def _is_pair(item: object) -> bool:
    return isinstance(item, list) and len(item) == 2 and all(isinstance(one, str) for one in item)  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of such a file; its readers check each value. ``where`` names its place in messages."""

    values: Mapping[str, Any]
    path: Path
    where: str

    def text(self, key: str) -> str:
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.fault(key, "text in quotes")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fault(key, "a list of texts in quotes")
        return tuple(value)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(_is_pair(item) for item in value):
            raise self.fault(key, 'a list like [["name", "words"]]')
        return tuple((str(name), str(words)) for name, words in value)

    def triples(self, key: str) -> tuple[tuple[str, str, Any], ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(_is_triple(item) for item in value):
            raise self.fault(key, 'a list like [["words", "hint", 2]]')
        return tuple((str(name), str(hint), size) for name, hint, size in value)

    def flag(self, key: str) -> bool:
        value = self.values.get(key, True)
        if not isinstance(value, bool):
            raise self.fault(key, "true or false, without quotes")
        return value

    def table(self, key: str) -> _Table:
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.fault(key, f"written as [{key}]")
        return _Table(value, self.path, f"{key}, ")

    def minutes(self, key: str) -> int:
        value = self.values.get(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.fault(key, "whole minutes, without quotes")
        return value

    def setting(self, key: str) -> Setting:
        value = self.text(key)
        if value not in list(Setting):
            raise self.fault(key, " or ".join(f'"{setting}"' for setting in Setting))
        return Setting(value)

    def tables(self, key: str) -> list[_Table]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fault(key, f"written as [[{key}]]")
        return [_Table(item, self.path, f"{self.where}{key} {number}, ") for number, item in enumerate(value, start=1)]

    def fault(self, key: str, must_be: str) -> UnreadableError:
        """An error that names the place of a value, and says what it must be."""
        return UnreadableError(f"{self.path}, {self.where}{key} must be {must_be}; please correct that line.")


_KEYS = ("kit", "total", "minutes")
_LONGEST = 480  # minutes of a school day; more is a typing error


def times_text(session: Session) -> str:
    """The text of a times file with the session's minutes."""
    lines = [
        f"# Minutes for {_name_session(session)}. Change the numbers; 0 leaves out a step or a part of it.",
        f"# Then run: mssw kit {session.name} --times THIS_FILE",
        f'kit = "{session.name}"',
        "",
        "# The minutes of all steps together.",
        f"total = {session.total}",
        "",
        "[minutes]",
    ]
    values = {step.number: _format_minutes(step) for step in session.steps}
    width = max(len(f"{number} = {value}") for number, value in values.items())
    for step in session.steps:
        settings = ", ".join(part.setting for part in step.parts)
        lines.append(f"{f'{step.number} = {values[step.number]}':<{width}}  # {step.title}: {settings}")
    return "\n".join(lines) + "\n"


def read_times(path: Path, session: Session) -> Session:
    """Read a times file, and give the session its minutes. A step that is missing in the file keeps its own.

    Raises:
        UnreadableError: the file cannot be read, or has problems; the message has a line for each.
    """
    write_times = f"`mssw kit {quote_word(session.name)} --write-times {quote_word(path.name)}`"
    text = read_text_file(path, f"check the name, or write one with {write_times}.")
    try:
        given = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(f"{path} cannot be understood: {error}; please correct it there.") from None
    return _Reading(path, text, session).session(given)


class _Reading:
    """Reads one times file, and collects its problems with their lines."""

    def __init__(self, path: Path, text: str, session: Session) -> None:
        self._path = path
        self._lines = text.splitlines()
        self._session = session
        self._problems: list[str] = []

    def session(self, given: dict[str, Any]) -> Session:
        for key in given:
            if key not in _KEYS:
                self._report(key, f"{key} does not belong here; use {', '.join(_KEYS)}")
        if given.get("kit", self._session.name) != self._session.name:
            self._report("kit", f'these are the times of kit {given["kit"]!r}, not of "{self._session.name}"')
        total = given.get("total", self._session.total)
        if not _is_minutes(total) or total == 0:
            self._report("total", f"total must be whole minutes from 1 to {_LONGEST}, without quotes")
        minutes = given.get("minutes", {})
        if not isinstance(minutes, dict):
            self._report("minutes", "the steps must come after a line with [minutes]")
            minutes = {}
        steps = {step.number: step for step in self._session.steps}
        taken = {int(key): value for key in minutes if (value := self._minutes(key, minutes[key], steps))}
        if not self._problems:
            timed = change_minutes(self._session, taken, total)
            if timed.minutes == total:
                return timed
            self._report("total", _describe_difference(timed.minutes, total))
        raise UnreadableError("\n".join(self._problems))

    def _minutes(self, key: str, value: object, steps: dict[int, SessionStep]) -> tuple[int, ...]:
        """The minutes of a step's parts; empty if there is a problem."""
        step = steps.get(int(key)) if key.isascii() and key.isdigit() else None
        if step is None:
            self._report(key, f"there is no step {key}; the steps go from 1 to {len(steps)}", table=True)
            return ()
        found = tuple(value) if isinstance(value, list) else (value,)
        if not all(_is_minutes(one) for one in found):
            self._report(
                key,
                f"step {key} must have whole minutes from 0 to {_LONGEST}, like {_format_minutes(step)}",
                table=True,
            )
        elif len(found) != len(step.parts):
            parts = "one part" if len(step.parts) == 1 else f"{len(step.parts)} parts"
            settings = ", ".join(part.setting for part in step.parts)
            self._report(
                key, f"step {key} has {parts} ({settings}), so write it like {_format_minutes(step)}", table=True
            )
        else:
            return found
        return ()

    def _report(self, key: str, what: str, *, table: bool = False) -> None:
        self._problems.append(f"{self._path}, line {self._line(key, table=table)}: {what}; please correct that line.")

    def _line(self, key: str, *, table: bool) -> int:
        """The line of a key; steps are below [minutes]."""
        starts = re.compile(rf"\s*\[?\s*[\"']?{re.escape(key)}[\"']?\s*[=\]]")
        first = next((at for at, line in enumerate(self._lines) if line.strip() == "[minutes]"), 0) if table else 0
        return next((at for at, line in enumerate(self._lines[first:], first + 1) if starts.match(line)), 1)


def _is_minutes(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LONGEST


def _describe_difference(minutes: int, total: int) -> str:
    over = minutes - total
    many = f"{abs(over)} minute{'' if abs(over) == 1 else 's'}"
    what = f"take off {many}" if over > 0 else f"add {many}"
    return f"the steps add up to {minutes} minutes, not {total}: {what}, or change the total"


def _format_minutes(step: SessionStep) -> str:
    minutes = [part.minutes for part in step.parts]
    return str(minutes[0]) if len(minutes) == 1 else str(minutes)


def _name_session(session: Session) -> str:
    return f"session {session.name}" if len(session.name) == 1 else session.title
