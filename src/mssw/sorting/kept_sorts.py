"""The sorts of a set as kept in ``private/sorts``: read, changed under the set's lock, and never lost."""

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
from mssw.workset.folder import WorkSet, make_folder, read_json, write_json
from mssw.workset.manifest import beside_teachers, released_responses, roster_spellings
from mssw.workset.memory import OWN, read_memory, write_memory
from mssw.workset.settings import read_settings

WAITS = 3.0  # seconds for another command that is about to end
_LONGEST_NAME = 40


class SortChangedError(Exception):
    """A change was made to a sort that has become another one since it was read."""


def sort_name(by: str) -> str:
    """The name of the file of a teacher's sort, without suffix.

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
    """Where a teacher's sort is kept.

    Raises:
        UsageError: her name has no letter.
    """
    return workset.sorts / f"{sort_name(by)}.json"


def read_sorting(workset: WorkSet, by: str = "") -> Sorting:
    """A teacher's sort; an empty one where none is kept.

    Where it states no learning objective, it has those of ``intro.md``.

    Args:
        workset: the set.
        by: her name or initials; empty, or ``sort``, for the one who presents.

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
        return Sorting.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableError(
            f"{path} is damaged; put back a copy of it, or delete it to sort anew (the sheet keeps what was read)."
        ) from None


def keep_sorting(workset: WorkSet, sorting: Sorting) -> None:
    """Keep a sort under its teacher's name, whole or not at all. The caller holds the set's lock."""
    write_json(sort_path(workset, sorting.by), sorting.to_json(), private=True)


def find_revision(sorting: Sorting) -> str:
    """A mark of what a sort says: another content, another mark."""
    said = json.dumps(sorting.to_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def change_sorting(workset: WorkSet, by: str, change: Callable[[Sorting], Sorting], since: str = "") -> Sorting:
    """Read, change and keep a sort while nobody else can.

    Args:
        workset: the set.
        by: whose sort.
        change: gives the sort as it is to be.
        since: the revision that the change was made for; empty takes any.

    Raises:
        StaleError: the sort is not that revision any more.
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
    """Keep the learning objective that levels are judged against.

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
    """Make sure that a sort is not called as a student is: its name stands in files and messages.

    Raises:
        FindingsError: it is.
    """
    if by and NameSearch(beside_teachers(workset, roster_spellings(workset))).hits(by, ordinary=True):
        raise FindingsError(
            "a student may be called what --as says; take your initials, or put your own name into "
            "presenting_teachers in set.toml."
        )


def read_order(workset: WorkSet, by: str = "", *, dry_run: bool = False) -> tuple[str, ...]:
    """The released works in the order in which that teacher sees them: drawn once, then kept.

    The draw is kept in ``private/``; each teacher has an order of her own, so that no work always comes first.
    The caller holds the set's lock, except for a dry run.
    """
    works = released_responses(workset)
    memory = read_memory(workset)
    seed = str(memory.get("seed", ""))
    if not seed:
        given = read_settings(workset.settings).seed
        seed = secrets.token_hex(16) if given is None else f"set {given}"
        if not dry_run:
            write_memory(workset, memory | {"seed": seed})
    return shuffle_aliases(works, f"{seed}\n{sort_name(by)}")


def list_sorts(workset: WorkSet) -> tuple[str, ...]:
    """The names of the sorts that are kept, without suffix."""
    return tuple(sorted(path.stem for path in workset.sorts.glob("*.json"))) if workset.sorts.is_dir() else ()


def require_sorting(workset: WorkSet, by: str) -> Sorting:
    """A teacher's sort that must be there.

    Raises:
        StepMissingError: it is not; the sentence names those that are.
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
    """Where a sort stands. It names works by alias only.

    Attributes:
        by: whose; empty for the one who presents.
        objective: what levels are judged against.
        works: how many are released.
        piles: how many works lie in each, in the order of the piles.
        unsure: aliases on "not sure".
        levels: how many works have each.
        aside: reason by alias.
        without_pile: aliases, set aside ones not among them.
        without_level: likewise.
        comparisons: pairs that were looked at.
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
        """Whether every work has its place."""
        return not (self.without_pile or self.without_level)

    @property
    def finished(self) -> int:
        """How many works have a pile and a level, or are set aside."""
        return self.works - len({*self.without_pile, *self.without_level})


def count_sorting(workset: WorkSet, sorting: Sorting) -> Tally:
    """Count a sort over the works that are released now.

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
    """The chosen aliases that are set aside now in the sorting by which they were chosen."""
    by = str(read_json(workset.choice).get("by", "")) if workset.choice.is_file() else ""
    sorting = read_sorting(workset, by)
    return tuple(alias for alias in chosen if sorting.of(alias).aside)
