"""``piles.toml``: which piles, and which learning gaps, of different teachers show the same thing. The user decides.

The file is read and checked here, all its problems at once. ``propose_map`` writes one to begin with: piles that are
worded alike are proposed as comments, and nothing is joined until the user takes a comment sign away.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import tomlkit

from mssw.core.wording import count_noun
from mssw.errors import ListedProblemsError, UnreadableError
from mssw.formats.text_files import parse_toml, read_text_file
from mssw.names.name_search import fold_text
from mssw.trends.trend_sets import NamesOfClasses, ReadSets
from mssw.trends.trend_tables import ClassFindings, PileMapping

THINKING, GAPS = "thinking", "gaps"
_ALIKE, _SPELT_ALIKE = 0.5, 0.78
_SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "from",
        "has",
        "have",
        "in",
        "into",
        "is",
        "it",
        "its",
        "no",
        "not",
        "of",
        "on",
        "or",
        "so",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "to",
        "was",
        "were",
        "what",
        "when",
        "with",
        "does",
        "do",
        "there",
        "because",
    ]
)
_LARGEST = 1_000_000
_HEAD = """\
# Which piles of different teachers show the same way of thinking. You decide; mssw joins nothing by itself.
#
# Give each way of thinking a name, and list the piles under the name of each class:
#
#   [thinking."air is nothing"]
#   class-5a = ["air is nothing"]
#   class-5b = ["there is nothing in the bottle", "empty"]
#
# Learning gaps are joined the same way under [gaps."…"].
"""


class PileMapError(ListedProblemsError):
    """A ``piles.toml`` with problems, which the message lists."""

    advice = "please fix {them}, then run this again"


@dataclass(frozen=True, slots=True)
class PileMap:
    """The joined names.

    Attributes:
        thinking: of piles.
        gaps: of learning gaps.
        others: classes in the file that are not in this run.
    """

    thinking: PileMapping = field(default_factory=dict)
    gaps: PileMapping = field(default_factory=dict)
    others: tuple[str, ...] = ()


def choose_map(sets: ReadSets, piles: Path | None) -> PileMap:
    """The mapping that a person gives, or one that joins nothing.

    The names in the sets are checked first: a fault in the mapping is described by the names of piles.

    Raises:
        FindingsError: a name in the sets is a student's; or may be (``WordsInDoubtError``).
        PileMapError: the mapping has problems.
        UnreadableError: it cannot be read.
    """
    sets.check_words()
    return PileMap() if piles is None else read_pile_map(piles, sets.classes, sets.names)


def read_pile_map(path: Path, classes: Sequence[ClassFindings], names: NamesOfClasses) -> PileMap:
    """Read a mapping.

    Args:
        path: the file.
        classes: whose piles it joins.
        names: the students' names of all classes.

    Raises:
        PileMapError: it has problems; the message lists them, and repeats no student's name.
        WordsInDoubtError: a name that it gives may be a student's.
        UnreadableError: it cannot be read, or is not TOML.
    """
    if path.is_file() and path.stat().st_size > _LARGEST:
        raise UnreadableError(f"{path} is far too large for a list of piles; use a file with only that.")
    try:
        given = parse_toml(read_text_file(path, "check the file's name and folder."))
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(f"{path} cannot be read: {error}; correct that line.") from None
    problems = [f"“{key}” is not a part of this file; use {THINKING} or {GAPS}" for key in given if key not in _PARTS]
    found = {}
    for part, texts_of in _PARTS.items():
        own = {one.label: texts_of(one) for one in classes}
        found[part], wrong = _read_part(part, given.get(part, {}), own, names)
        problems += wrong
    if problems:
        raise PileMapError(path.name, problems)
    joined = [(f"{part}, name {n}", name) for part in _PARTS for n, name in enumerate(given.get(part, {}), start=1)]
    names.check(joined, "please take it out.")
    labels = {one.label for one in classes}
    listed = [label for part in _PARTS for own in given.get(part, {}).values() for label in own]
    others = tuple(label for label in dict.fromkeys(listed) if label not in labels and not names.hits(label))
    return PileMap(found[THINKING], found[GAPS], others)


def _piles_of(one: ClassFindings) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one.named, *(pile for pile in one.piles.values() if pile))))


def _gaps_of(one: ClassFindings) -> tuple[str, ...]:
    return tuple(one.gaps)


_PARTS = {THINKING: _piles_of, GAPS: _gaps_of}


def _read_part(
    part: str, given: Any, own: Mapping[str, Sequence[str]], names: NamesOfClasses
) -> tuple[dict[tuple[str, str], str], list[str]]:
    """The joined names of a part, and its problems."""
    found: dict[tuple[str, str], str] = {}
    problems: list[str] = []
    if not isinstance(given, dict):
        return found, [f'{part} must have a table for each name, like [{part}."air is nothing"]']
    for number, (name, listed) in enumerate(given.items(), start=1):
        where = f"{part}, name {number}"
        if names.look(where, name)[0]:
            problems.append(f"{where}: it includes a name from a class list; please take it out")
        elif not isinstance(listed, dict):
            problems.append(f'{where}: list the piles of each class, like class-5a = ["empty"]')
        else:
            for label, text in listed.items():
                problems += [f"{where}: {one}" for one in _read_class(found, name, label, text, own, names)]
    return found, problems


def _read_class(
    found: dict[tuple[str, str], str],
    name: str,
    label: str,
    listed: Any,
    own: Mapping[str, Sequence[str]],
    names: NamesOfClasses,
) -> Iterator[str]:
    if label not in own:
        return  # one file can serve many runs
    piles = [listed] if isinstance(listed, str) else listed
    if not isinstance(piles, list) or not all(isinstance(pile, str) for pile in piles):
        yield f"{label} must be a list of texts"
        return
    known = {" ".join(pile.casefold().split()): pile for pile in own[label]}
    for pile in piles:
        meant = known.get(" ".join(pile.casefold().split()))
        if meant is None:
            shown = "one of its entries" if names.hits(pile) else f"“{pile}”"
            yield f"{label} has no {shown}; it has {', '.join(f'“{one}”' for one in own[label]) or 'none'}"
        elif found.get((label, meant), name) != name:
            yield f"“{meant}” of {label} is already under “{found[label, meant]}”"
        else:
            found[label, meant] = name


def propose_map(classes: Sequence[ClassFindings]) -> str:
    """The text of a ``piles.toml`` with proposals by wording, each as a comment."""
    text = _HEAD
    for part, of in _PARTS.items():
        every = [(one.label, words) for one in classes for words in of(one)]
        if not every:
            continue
        groups = group_by_wording(every)
        what = "piles" if part == THINKING else "learning gaps"
        count = count_noun(len(groups), "proposal")
        text += f"\n# {count} for {what}, by their wording alone. Take away “# ” where you agree.\n"
        for group in groups:
            text += "\n" + "".join(f"# {line}\n" for line in _block(part, group))
        alone = [one for one in every if not any(one in group for group in groups)]
        if alone:
            text += f"\n# These {what} are like no other in their wording:\n"
            text += "".join(f"#   {label}: {words}\n" for label, words in alone)
    return text


def _block(part: str, group: Sequence[tuple[str, str]]) -> list[str]:
    by_class: dict[str, list[str]] = {}
    for label, text in group:
        by_class.setdefault(label, []).append(text)
    document = tomlkit.document()
    table, inner = tomlkit.table(is_super_table=True), tomlkit.table()
    for label, piles in by_class.items():
        inner.add(label, piles)
    table.add(min((text for _, text in group), key=len), inner)
    document.add(part, table)
    return document.as_string().strip().splitlines()


def group_by_wording(texts: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Texts that are worded alike in at least two classes; in each group, everyone is like everyone else."""
    groups: list[list[tuple[str, str]]] = []
    for one in texts:
        best = max(groups, key=lambda group: min(alike(one[1], other[1]) for other in group), default=None)
        if best is not None and all(is_alike(one[1], other[1]) for other in best):
            best.append(one)
        else:
            groups.append([one])
    return [group for group in groups if len({label for label, _ in group}) > 1]


def is_alike(one: str, other: str) -> bool:
    """Whether two texts are worded alike.

    >>> is_alike("air is nothing", "Air is nothing, it is empty"), is_alike("air is nothing", "heat makes it lighter")
    (True, False)
    """
    return alike(one, other) >= _ALIKE


def alike(one: str, other: str) -> float:
    """How alike two texts are worded, 0 to 1: by the words they share, or by their spelling."""
    first, second = _words_of(one), _words_of(other)
    shared = len(first & second) / max(1, len(first | second))
    spelt = SequenceMatcher(None, fold_text(one), fold_text(other)).ratio()
    return max(shared, spelt if spelt >= _SPELT_ALIKE else 0)


def _words_of(text: str) -> set[str]:
    words = {"".join(filter(str.isalnum, word)) for word in fold_text(text).split()}
    return {word.removesuffix("s") for word in words - _SMALL_WORDS if word}
