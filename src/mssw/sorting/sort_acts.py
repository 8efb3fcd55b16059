"""The acts of sorting that the page and the terminal ask for: each is checked, then made under the set's lock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from mssw.core.page import Box
from mssw.errors import UsageError, WouldOverwriteError
from mssw.names.name_search import NameSearch
from mssw.sorting.kept_sorts import SortChangedError, change_sorting
from mssw.sorting.piles import (
    LONGEST_TEXT,
    PileError,
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
)
from mssw.sorting.sort_values import Comparison, Evidence, Level, Sorting
from mssw.workset.allowed_names import roster_spellings
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import released_responses

Act = Mapping[str, Any]
_WHOLE = 1.001  # the whole page, and a little for rounding
_STALE = "this sort was changed elsewhere since (another tab or command); what you see now is how it stands."


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
        self._names = NameSearch(roster_spellings(workset))

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
            raise UsageError("the page asked for something that makes no sense; load it again.") from None

    def _alias(self, act: Act, key: str = "alias") -> str:
        alias = str(act[key])
        if alias not in self._works:
            raise PileError(f"{alias} is not among the works any more; load the page again")
        return alias

    def _words(self, text: object) -> str:
        """Check words that the teacher typed.

        Raises:
            PileError: they name a student, or are far too many.
        """
        said = collapse_spaces(str(text))
        if len(said) > LONGEST_TEXT:
            raise PileError(f"that is longer than {LONGEST_TEXT} letters")
        if self._names.hits(said):
            raise PileError("a name from the roster stands in it; say it without the name")
        return said

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
            raise PileError("that place does not lie on the page")
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
