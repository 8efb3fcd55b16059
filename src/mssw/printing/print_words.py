"""Read the words of everything that is printed: a TOML file for each language, among the templates.

In: a language, or the English of the paper; and a school's own templates, which go before ours. Out: ``PrintWords``,
complete and checked, so that no print stops half-way for want of a word. A file that is ``based_on`` another says only
what differs, and may list words that it spells differently. A whole table that a school's file lacks is taken from
ours: a file that was exported before there was such a table still prints.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mssw.core.wording import PrintWords, as_pattern, find_values
from mssw.errors import UnreadableError, UsageError
from mssw.formats.text_files import parse_toml
from mssw.printing.template_files import TemplateFolders, print_templates
from mssw.workset.settings import Settings

#: The language that all others are measured by: a file must have the same keys.
REFERENCE = "en-US"
_ENGLISH = {"us": "en-US", "uk": "en-GB"}
_BY_PAPER = {"letter": "us", "a4": "uk"}
_ABOUT_THE_FILE = ("based_on", "spelling")
#: The privacy check allows no other words here, so a school's own file cannot change them.
_SPOKEN = "spoken"
_NAME = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


def choose_language(language: str, english: str, paper: str) -> str:
    """The file of the reader's language.

    Args:
        language: as set.toml or an option has it: ``es``, ``en-GB``, ``us``, ``en``; empty for English.
        english: ``us`` or ``uk``; empty takes American English on Letter and British on A4.
        paper: ``letter`` or ``a4``.

    >>> choose_language("", "", "a4"), choose_language("", "us", "a4"), choose_language("es", "uk", "letter")
    ('en-GB', 'en-US', 'es')
    """
    given = language.strip()
    if given.casefold() in {"", "en", "english"}:
        given = english or _BY_PAPER[paper]
    return _ENGLISH.get(given.casefold(), given)


def words_of_set(settings: Settings, paper: str, folder: Path | None = None) -> PrintWords:
    """Read the words that a set's prints use, as its settings and the paper have it."""
    return read_words(choose_language(settings.language, settings.english, paper), folder)


def read_words(language: str, folder: Path | None = None) -> PrintWords:
    """Read the words of a language.

    Args:
        language: as ``choose_language`` gives it.
        folder: the school's own templates; None if there are none.

    Raises:
        UsageError: there is no such language.
        UnreadableError: a file cannot be read, or lacks a word; the message names the word.
    """
    return _ours(language) if folder is None else _read(language, TemplateFolders(print_templates(), folder))


def list_languages(folder: Path | None = None) -> tuple[str, ...]:
    """Every language that there are words for, ours and the school's own."""
    places = [place / "words" for place in (print_templates(), folder) if place is not None]
    return tuple(sorted({path.stem for place in places if place.is_dir() for path in place.glob("*.toml")}))


@cache
def _ours(language: str) -> PrintWords:
    return _read(language, TemplateFolders(print_templates()))


def _read(language: str, folders: TemplateFolders) -> PrintWords:
    path = folders.find(f"words/{language}.toml") if _NAME.fullmatch(language) else None
    if path is None:
        known = ", ".join(list_languages(folders.first))
        raise UsageError(
            f"there are no words for the language {language}; choose one of {known}, or add words/{language}.toml to "
            "your templates."
        )
    table = _load(path)
    based_on, spelling = table.pop("based_on", ""), table.pop("spelling", {})
    if not isinstance(based_on, str) or not _is_table_of_text(spelling):
        raise UnreadableError(f"{path}: based_on must be the name of a language, and [spelling] a list of words.")
    bases: tuple[str, ...] = ()
    if based_on and based_on != language:
        base = _read(based_on, folders)
        bases = (based_on, *base.bases)
        table = _merge(base.table, table)
        table = {name: respell(part, spelling) if name != _SPOKEN else part for name, part in table.items()}
    reference = _load(print_templates() / "words" / f"{REFERENCE}.toml")
    if not path.is_relative_to(print_templates()):
        names = [name for name, part in reference.items() if isinstance(part, Mapping) and name not in table]
        table |= {name: _our_table(name, language, bases, reference) for name in names}
    _check(table, reference, path)
    return PrintWords(language, table | {_SPOKEN: _our_table(_SPOKEN, language, bases, reference)}, bases)


def _our_table(name: str, language: str, bases: tuple[str, ...], reference: Mapping[str, Any]) -> Any:
    """A table of our own words; for a language of the school's own, the English ones.

    What screen readers say is always from there.
    """
    for one in (language, *bases):
        path = print_templates() / "words" / f"{one}.toml"
        if path.is_file() and name in (ours := _load(path)):
            return ours[name]
    return reference[name]


@cache
def _text_of(path: Path, changed: float) -> str:  # noqa: ARG001 - another version of the file is another text
    return path.read_text(encoding="utf-8-sig")


def _load(path: Path) -> dict[str, Any]:
    try:
        return parse_toml(_text_of(path, path.stat().st_mtime))
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}; check its permissions.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{path} cannot be understood: {error}; please correct it.") from None


def _merge(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(base.get(key), Mapping)
        merged[key] = {**base[key], **value} if both else value
    return merged


def _is_table_of_text(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _check(table: Mapping[str, Any], reference: Mapping[str, Any], path: Path) -> None:
    """Make sure that a file has every word, each of the right kind, and asks for no value that is not there.

    Raises:
        UnreadableError: it has not; the message names the first fault.
    """
    for key, ours in _walk(reference):
        section, _, name = key.rpartition(".")
        found = table.get(section, {}) if section else table
        theirs = found.get(name) if isinstance(found, Mapping) else None
        if key.startswith(f"{_SPOKEN}."):
            continue
        if theirs is None:
            raise UnreadableError(f"{path} has no “{key}”; please add it, as in mssw's own {REFERENCE}.toml.")
        if _shape(theirs) != _shape(ours):
            raise UnreadableError(f"{path}: “{key}” must be {_describe(ours)}; please correct it.")
        unknown = _values_in(theirs) - _values_in(ours)
        if unknown:
            raise UnreadableError(
                f"{path}: “{key}” asks for {{{min(unknown)}}}, which has no value there; please take it out."
            )
    _check_sounds(table.get("before_sounds", {}), path)
    _check_reasons(table.get("reasons", {}), path)


def _check_reasons(reasons: Any, path: Path) -> None:
    """Make sure that each reason is a text with values that its English one has."""
    if not _is_table_of_text(reasons):
        raise UnreadableError(f"{path}: [reasons] must have texts in quotes; please correct it.")
    for english, ours in reasons.items():
        try:
            as_pattern(english)
        except re.error:
            raise UnreadableError(f"{path}: “{english}” has a value twice, or a number for one; correct it.") from None
        if unknown := _values_in(ours) - _values_in(english):
            raise UnreadableError(f"{path}: “{english}” has no {{{min(unknown)}}}; please take it out.")


def _check_sounds(rules: Any, path: Path) -> None:
    """Make sure that each word that changes before a sound has the other word, and a pattern of that sound."""
    try:
        for other, sound in rules.values():
            re.compile(other + sound)
    except (AttributeError, TypeError, ValueError, re.error):
        raise UnreadableError(
            f"{path}: each word in [before_sounds] needs a list of two texts: the word to print instead, and a regular "
            "expression for how the next word starts; please correct it."
        ) from None


def _walk(table: Mapping[str, Any], inside: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _walk(value, f"{inside}{key}.")
        elif key not in _ABOUT_THE_FILE:
            yield f"{inside}{key}", value


def _shape(value: object) -> object:
    """What kind of value it is; lists must have as many items, except lists of whole sentences."""
    if isinstance(value, list):
        return ("list", len(value), tuple(_shape(item) for item in value))
    return type(value).__name__


def _describe(value: object) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}, as in mssw's own file"
    return "a number" if isinstance(value, int) else "text in quotes"


def _values_in(value: object) -> frozenset[str]:
    if isinstance(value, list):
        return frozenset(one for item in value for one in _values_in(item))
    return find_values(value) if isinstance(value, str) else frozenset()


def spelling_of(words: PrintWords, folder: Path | None = None) -> Mapping[str, str]:
    """The words that a language spells differently from the one that it is based on."""
    path = TemplateFolders(print_templates(), folder).find(f"words/{words.language}.toml")
    found = _load(path).get("spelling", {}) if path else {}
    return found if isinstance(found, dict) else {}


def respell(value: Any, spelling: Mapping[str, str]) -> Any:
    """A text, or all texts in a value, with those words spelled differently; capitals stay.

    >>> respell("Analyze the task, then analyze it again.", {"analyze": "analyse"})
    'Analyse the task, then analyse it again.'
    """
    if not spelling:
        return value
    if isinstance(value, str):
        return _pattern(tuple(spelling)).sub(_in_its_case(spelling), value)
    if isinstance(value, Mapping):
        return {key: respell(item, spelling) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(respell(item, spelling) for item in value)
    return value


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def _in_its_case(spelling: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    plain = {word.casefold(): other for word, other in spelling.items()}

    def other(found: re.Match[str]) -> str:
        word = plain[found[0].casefold()]
        if found[0].isupper():
            return word.upper()
        return word[0].upper() + word[1:] if found[0][0].isupper() else word

    return other
