"""The sorts in ``private/sorts``: read, and changed under the set's lock so that none is lost.

The page and the terminal ask for acts (``SortActs``): each is checked, then made under the lock.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from mssw.core.page import Box
from mssw.core.shell_words import quote_word
from mssw.errors import FindingsError, StepMissingError, UnreadableError, UsageError, WouldOverwriteError
from mssw.intro.intro_file import read_introduction
from mssw.sorting.piles import (
    LONGEST_TEXT,
    Comparison,
    Evidence,
    Level,
    PileError,
    Sorting,
    add_pile,
    collapse_spaces,
    delete_pile,
    merge_piles,
    put_on_pile,
    record_comparison,
    rename_pile,
    set_aside,
    set_evidence,
    set_level,
    set_note,
    shuffle_aliases,
)
from mssw.workset.allowed_names import (
    WordsInDoubtError,
    check_typed,
    find_typed_names,
    find_words_in_doubt,
    keep_words,
    list_teachers_words,
)
from mssw.workset.chosen_samples import read_sort_of_choice
from mssw.workset.decisions import released_responses
from mssw.workset.folder import DamagedFileError, WorkSet, make_folder, read_json, write_json
from mssw.workset.settings import read_settings
from mssw.workset.sort_memory import OWN, read_memory, write_memory

_LONGEST_NAME = 40


class SortChangedError(Exception):
    """A sort was changed by somebody else since it was read."""


def sort_name(by: str) -> str:
    """The name of the file for a teacher's sort, without suffix.

    >>> sort_name(""), sort_name("M. Rivera"), sort_name("m rivera")
    ('sort', 'm-rivera', 'm-rivera')

    Raises:
        UsageError: the name has no letter.
    """
    if not by:
        return OWN
    plain = unicodedata.normalize("NFKC", by).casefold()
    name = "-".join("".join(c if c.isalnum() else " " for c in plain).split())
    if not name or len(name) > _LONGEST_NAME:
        raise UsageError(f"--as takes a name or initials of at most {_LONGEST_NAME} letters, for example `--as MR`.")
    return name


def sort_path(workset: WorkSet, by: str = "") -> Path:
    """The file for a teacher's sort.

    Raises:
        UsageError: her name has no letter.
    """
    return workset.sorts / f"{sort_name(by)}.json"


def read_sorting(workset: WorkSet, by: str = "") -> Sorting:
    """A teacher's sort; an empty one if she has none yet.

    If it has no learning objective, it gets the presenting teacher's, else those in ``intro.md``: all sorters of a
    class judge its levels against the same.

    Args:
        workset: the set.
        by: her name or initials; empty, or ``sort``, for the presenting teacher.

    Raises:
        UnreadableError: the file is damaged.
        UsageError: her name has no letter.
    """
    sorting = _read_kept(workset, by)
    if sorting.objective:
        return sorting
    shared = "" if sort_name(by) == OWN else _read_kept(workset, "").objective
    return replace(sorting, objective=shared or "; ".join(read_introduction(workset).objectives))


def _read_kept(workset: WorkSet, by: str) -> Sorting:
    path = sort_path(workset, by)
    if not path.is_file():
        return Sorting(by="" if sort_name(by) == OWN else by)
    try:
        return Sorting.from_json(read_json(path))
    except (DamagedFileError, ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableError(
            f"{path} is damaged; put back a copy of it, or rename it to sort anew (the sheet keeps what was read)."
        ) from None


def keep_sorting(workset: WorkSet, sorting: Sorting) -> None:
    """Write a sort to its teacher's file, whole or not at all. The caller holds the set's lock."""
    write_json(sort_path(workset, sorting.by), sorting.to_json(), private=True)


def find_revision(sorting: Sorting) -> str:
    """A short hash of a sort: when the sort changes, so does the hash."""
    content = json.dumps(sorting.to_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def change_sorting(workset: WorkSet, by: str, change: Callable[[Sorting], Sorting], since: str = "") -> Sorting:
    """Read, change and write a sort under the set's lock.

    Args:
        workset: the set.
        by: the teacher; empty for the presenting teacher.
        change: returns the changed sort.
        since: the revision that the change was made for; empty for any.

    Raises:
        SortChangedError: the sort has changed since that revision.
        WouldOverwriteError: another command is at work in the set.
    """
    make_folder(workset.private, private=True)
    with workset.locked():
        sorting = read_sorting(workset, by)
        if since and find_revision(sorting) != since:
            raise SortChangedError
        changed = change(sorting)
        if changed != sorting:
            keep_sorting(workset, changed)
    return changed


def state_objective(workset: WorkSet, by: str, objective: str) -> Sorting:
    """Write the learning objective that levels are judged against.

    Raises:
        FindingsError: it names a student.
    """
    text = " ".join(objective.split())
    advice = "please take it out, then run this again."
    check_typed(find_typed_names(workset), [("the learning objective", text)], advice)
    return change_sorting(workset, by, lambda sorting: replace(sorting, objective=text))


def check_sorter(workset: WorkSet, by: str) -> None:
    """Make sure that a sorter's name is not a student's: files and messages carry it.

    Raises:
        FindingsError: it is one.
    """
    if by and find_typed_names(workset, list_teachers_words(workset)).hits(f"by {by.title() if by.islower() else by}"):
        raise FindingsError(
            "the name in --as may be a student's. Use your initials, or add your name to "
            "presenting_teachers in set.toml."
        )


def read_order(workset: WorkSet, by: str = "", *, dry_run: bool = False) -> tuple[str, ...]:
    """The released responses in the order in which that teacher sees them.

    The order is drawn once and its seed kept in ``private/``. Each teacher has her own, so that no response always
    comes first.
    The caller holds the set's lock, except for a dry run.
    """
    works = released_responses(workset)
    memory = read_memory(workset)
    seed = memory.seed
    if not seed:
        given = read_settings(workset.settings).seed
        seed = secrets.token_hex(16) if given is None else f"set {given}"
        if not dry_run:
            write_memory(workset, memory.with_seed(seed))
    return shuffle_aliases(works, f"{seed}\n{sort_name(by)}")


def list_sorts(workset: WorkSet) -> tuple[str, ...]:
    """The names of all sorts, without suffix."""
    return tuple(sorted(path.stem for path in workset.sorts.glob("*.json"))) if workset.sorts.is_dir() else ()


def require_sorting(workset: WorkSet, by: str) -> Sorting:
    """A teacher's sort that has to exist.

    Raises:
        StepMissingError: it does not; the message names those that do.
    """
    if not sort_path(workset, by).is_file():
        kept = ", ".join(list_sorts(workset)) or "none"
        raise StepMissingError(
            f"there is no sort by “{by}” in {workset.root} yet (there are: {kept}). Start one with "
            f"`mssw sort {workset.typed} --as {quote_word(by)}`."
        )
    return read_sorting(workset, by)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a sort has come. It names responses by alias only.

    Attributes:
        by: the teacher; empty for the presenting teacher.
        objective: what levels are judged against.
        works: how many responses are released.
        piles: how many are in each pile, in the order of the piles.
        unsure: aliases on "not sure".
        levels: how many have each level.
        aside: why each is set aside, by alias.
        without_pile: aliases, without those set aside.
        without_level: the same.
        comparisons: how many pairs were compared.
    """

    by: str
    objective: str
    works: int
    piles: dict[str, int]
    unsure: tuple[str, ...]
    levels: dict[str, int]
    aside: dict[str, str]
    without_pile: tuple[str, ...]
    without_level: tuple[str, ...]
    comparisons: int

    @property
    def done(self) -> bool:
        """Whether every response has a pile and a level, or is set aside."""
        return not (self.without_pile or self.without_level)

    @property
    def finished(self) -> int:
        """How many responses have a pile and a level, or are set aside."""
        return self.works - len({*self.without_pile, *self.without_level})


def count_sorting(workset: WorkSet, sorting: Sorting) -> Tally:
    """Count the piles and levels of the responses that are released now.

    Raises:
        StepMissingError: nothing is released.
    """
    works = released_responses(workset)
    placings = {alias: sorting.of(alias) for alias in works}
    taking_part = {alias: placing for alias, placing in placings.items() if not placing.aside}
    return Tally(
        sorting.by,
        sorting.objective,
        len(works),
        {pile.name: sum(one.pile == pile.name for one in taking_part.values()) for pile in sorting.piles},
        tuple(alias for alias, one in taking_part.items() if one.unsure),
        {str(level): sum(one.level is level for one in taking_part.values()) for level in Level},
        {alias: one.aside for alias, one in placings.items() if one.aside},
        tuple(alias for alias, one in taking_part.items() if not one.pile and not one.unsure),
        tuple(alias for alias, one in taking_part.items() if one.level is None),
        len(sorting.comparisons),
    )


def find_set_aside(workset: WorkSet, chosen: Sequence[str]) -> tuple[str, ...]:
    """Those of the chosen aliases that were set aside in the same teacher's sort after the choice."""
    by = read_sort_of_choice(workset)
    sorting = read_sorting(workset, by)
    return tuple(alias for alias in chosen if sorting.of(alias).aside)


Act = Mapping[str, Any]
_WHOLE = 1.001  # the whole page, and a little for rounding
_STALE = "this sort was changed somewhere else (in another tab or by a command). You now see the latest version."


class SortActs:
    """Makes acts on one teacher's sort. Any thread may call it."""

    def __init__(self, workset: WorkSet, by: str = "") -> None:
        """Read the released responses and the roster.

        Raises:
            StepMissingError: nothing is released.
        """
        self._workset = workset
        self._by = by
        self._works = released_responses(workset)
        self._names = find_typed_names(workset)

    @property
    def works(self) -> Mapping[str, int]:
        """How many pages each released response has, by alias."""
        return self._works

    def do(self, act: Act, since: str = "") -> Sorting:
        """Make an act and write the sort.

        Args:
            act: ``act`` is its name; the other entries are what it needs.
            since: the revision that it was meant for; empty for any.

        Raises:
            UsageError: it cannot be made; the message is for the teacher.
            WouldOverwriteError: the sort has changed since, or another command is using the set.
        """
        return self.change(lambda sorting: self._done(sorting, act), since)

    def change(self, change: Callable[[Sorting], Sorting], since: str = "") -> Sorting:
        """Make any change and write the sort. It raises the same errors as ``do``."""
        try:
            return change_sorting(self._workset, self._by, change, since)
        except SortChangedError:
            raise WouldOverwriteError(_STALE) from None
        except PileError as error:
            raise UsageError(f"{error}.") from None

    def _done(self, sorting: Sorting, act: Act) -> Sorting:
        try:
            make = self._acts[str(act["act"])]
            return make(self, sorting, act)
        except PileError:
            raise
        except (KeyError, TypeError, ValueError):
            raise UsageError("the page asked for something that is not possible; please reload it.") from None

    def _alias(self, act: Act, key: str = "alias") -> str:
        alias = str(act[key])
        if alias not in self._works:
            raise PileError(f"{alias} is no longer among the responses; reload the page")
        return alias

    def _words(self, text: object) -> str:
        """Check words that the teacher typed.

        Raises:
            PileError: they name a student, or are far too many.
        """
        words = collapse_spaces(str(text))
        if len(words) > LONGEST_TEXT:
            raise PileError(f"that is too long; use at most {LONGEST_TEXT} letters")
        is_sure, doubts = find_words_in_doubt(self._names, "what you typed", words)
        if is_sure:
            raise PileError("it includes a name from the class list; please take the name out")
        if doubts:
            raise WordsInDoubtError(doubts)
        return words

    def take_as_words(self, words: Sequence[str]) -> None:
        """Remember that words name no student, as a person said."""
        keep_words(self._workset, words)
        self._names = find_typed_names(self._workset)

    def _add(self, sorting: Sorting, act: Act) -> Sorting:
        name = self._words(act["name"])
        made = add_pile(sorting, name)
        return put_on_pile(made, self._alias(act), name) if act.get("alias") else made

    def _rename(self, sorting: Sorting, act: Act) -> Sorting:
        return rename_pile(sorting, str(act["pile"]), self._words(act["name"]))

    def _merge(self, sorting: Sorting, act: Act) -> Sorting:
        return merge_piles(sorting, str(act["pile"]), str(act["into"]))

    def _delete(self, sorting: Sorting, act: Act) -> Sorting:
        return delete_pile(sorting, str(act["pile"]))

    def _put(self, sorting: Sorting, act: Act) -> Sorting:
        return put_on_pile(sorting, self._alias(act), str(act["pile"]))

    def _level(self, sorting: Sorting, act: Act) -> Sorting:
        return set_level(sorting, self._alias(act), Level(act["level"]) if act["level"] else None)

    def _aside(self, sorting: Sorting, act: Act) -> Sorting:
        return set_aside(sorting, self._alias(act), str(act["reason"]), self._words(act.get("note", "")))

    def _note(self, sorting: Sorting, act: Act) -> Sorting:
        return set_note(sorting, self._alias(act), self._words(act["note"]))

    def _objective(self, sorting: Sorting, act: Act) -> Sorting:
        return replace(sorting, objective=self._words(act["text"]))

    def _point(self, sorting: Sorting, act: Act) -> Sorting:
        if act.get("box") is None:
            return set_evidence(sorting, str(act["pile"]), None)
        alias, page = self._alias(act), int(act["page"])
        if not 1 <= page <= self._works[alias]:
            raise PileError(f"{alias} has no page {page}")
        box = Box(*(round(float(number), 4) for number in act["box"]))
        if not (box.x >= 0 and box.y >= 0 and box.w > 0 and box.h > 0 and box.right <= _WHOLE and box.bottom <= _WHOLE):
            raise PileError("that place is not on the page")
        return set_evidence(sorting, str(act["pile"]), Evidence(alias, page, box))

    def _compare(self, sorting: Sorting, act: Act) -> Sorting:
        pair = Comparison(self._alias(act, "one"), self._alias(act, "other"), str(act["more"]))
        return record_comparison(sorting, pair)

    _acts: ClassVar[Mapping[str, Callable[[SortActs, Sorting, Act], Sorting]]] = {
        "add": _add,
        "rename": _rename,
        "merge": _merge,
        "delete": _delete,
        "put": _put,
        "level": _level,
        "aside": _aside,
        "note": _note,
        "objective": _objective,
        "point": _point,
        "compare": _compare,
    }
