"""The sorts in ``private/sorts``: read, and changed under the set's lock so that none is lost."""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mssw.errors import FindingsError, StepMissingError, UnreadableError, UsageError
from mssw.intro.intro_file import read_introduction
from mssw.names.name_search import NameSearch
from mssw.sorting.sort_values import Level, Sorting, shuffle_aliases
from mssw.workset.allowed_names import drop_teachers_names, roster_spellings
from mssw.workset.chosen_samples import read_sort_of_choice
from mssw.workset.folder import NewerVersionError, WorkSet, make_folder, read_json, write_json
from mssw.workset.manifest import released_responses
from mssw.workset.settings import read_settings
from mssw.workset.sort_memory import OWN, read_memory, write_memory

WAITS = 3.0  # seconds to wait for another command that is about to end
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
        raise UsageError(
            f"--as takes a name or initials with letters, at most {_LONGEST_NAME} of them; for example `--as MR`."
        )
    return name


def sort_path(workset: WorkSet, by: str = "") -> Path:
    """The file for a teacher's sort.

    Raises:
        UsageError: her name has no letter.
    """
    return workset.sorts / f"{sort_name(by)}.json"


def read_sorting(workset: WorkSet, by: str = "") -> Sorting:
    """A teacher's sort; an empty one if she has none yet.

    If it has no learning objective, it gets those in ``intro.md``.

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
    return replace(sorting, objective="; ".join(read_introduction(workset).objectives))


def _read_kept(workset: WorkSet, by: str) -> Sorting:
    path = sort_path(workset, by)
    if not path.is_file():
        return Sorting(by="" if sort_name(by) == OWN else by)
    try:
        return Sorting.from_json(read_json(path))
    except NewerVersionError:
        raise
    except (UnreadableError, ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableError(
            f"{path} is damaged; put back a copy of it, or delete it to sort anew (the sheet keeps what was read)."
        ) from None


def keep_sorting(workset: WorkSet, sorting: Sorting) -> None:
    """Write a sort to its teacher's file, whole or not at all. The caller holds the set's lock."""
    write_json(sort_path(workset, sorting.by), sorting.to_json(), private=True)


def find_revision(sorting: Sorting) -> str:
    """A short hash of a sort: when the sort changes, so does the hash."""
    said = json.dumps(sorting.to_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


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
    with workset.locked(seconds=WAITS):
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
    said = " ".join(objective.split())
    if NameSearch(roster_spellings(workset)).hits(said):
        raise FindingsError(
            "a name from the roster stands in the learning objective; say it without the name, then run this again."
        )
    return change_sorting(workset, by, lambda sorting: replace(sorting, objective=said))


def check_sorter(workset: WorkSet, by: str) -> None:
    """Make sure that a sorter's name is not a student's: files and messages carry it.

    Raises:
        FindingsError: it is one.
    """
    if by and NameSearch(drop_teachers_names(workset, roster_spellings(workset))).hits(by, ordinary=True):
        raise FindingsError(
            "a student may be called what --as says; take your initials, or put your own name into "
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
            f"nobody has sorted {workset.root} as “{by}” yet (kept: {kept}); sort with `mssw sort {workset.root} --as "
            f"{by}`."
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
