"""The same student keeps one alias in two sets: for work from before and after teaching, or over several tasks.

In: another set's key, and what the pages of this one say of their writers. Out: the alias that each response takes
over. The link between the sets is made here, in memory, from two private keys; ``shared/`` of either set has only the
aliases. A student without a response in the other set gets a new alias.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mssw.core.response import Response
from mssw.core.wording import counted
from mssw.errors import MsswError
from mssw.names.student import Roster, fold
from mssw.preparing.aliases import NO_SAME_ALIASES, SameAliases, kept_aliases
from mssw.preparing.inputs import Inputs, read_other_key
from mssw.preparing.match_responses import find_teacher_entries, match_by_pages, read_matching
from mssw.preparing.matches import MatchedPerson, find_place
from mssw.roster.key_table import KeyEntry
from mssw.sorting.kept_sorts import list_sorts
from mssw.workset.class_list import read_sealed_key
from mssw.workset.folder import WorkSet
from mssw.workset.state import Sighting


@dataclass(frozen=True, slots=True)
class AliasesKept:
    """What is known of the aliases of this set, before new ones are drawn.

    Attributes:
        same: the aliases that come from the other set.
        before: the alias that each response had until now, by response.
        folder: of the other set, as the settings name it; empty without one.
        lost: why the other set could not be read this time; empty if it could.
    """

    same: SameAliases = NO_SAME_ALIASES
    before: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    lost: str = ""

    def find_changed(self, responses: Iterable[Response]) -> dict[str, str]:
        """The alias before, by the alias now, of the responses that changed theirs."""
        pairs = ((one.alias, self.before.get(one.id, one.alias)) for one in responses)
        return {now: before for now, before in pairs if now != before}

    def describe(self, responses: Sequence[Response]) -> tuple[str, ...]:
        """What a teacher should know about it, in sentences that name nobody."""
        if self.lost:
            return (f"the aliases could not be compared with those of {self.folder} this time: {self.lost}",)
        if not self.folder:
            return ()
        taking_part = [one for one in responses if not one.aside]
        kept = sum(self.same.by_response.get(one.id) == one.alias for one in taking_part)
        found = sum(one.id in self.same.by_response for one in taking_part)
        note = (
            f"{kept} of {counted(len(taking_part), 'response')} have the alias that their student has in {self.folder}"
        )
        if found > kept:
            note += (
                f"; {found - kept} could not take it, because the response was sorted or handed out under another "
                "alias, or because the alias is too like a name of this class"
            )
        return (note,)


def find_same_aliases(inputs: Inputs, responses: Sequence[Response], pages: Mapping[str, Sighting]) -> AliasesKept:
    """Find which responses take over an alias from the other set that the settings name.

    Args:
        inputs: settings, class list, codes.
        responses: all of them.
        pages: by id.
    """
    folder, roster = inputs.settings.same_aliases_as, inputs.roster
    if not folder:
        return AliasesKept()
    entries = read_sealed_key(inputs.workset)
    before = kept_aliases(responses, pages, entries)
    if roster is None:
        return AliasesKept(before=before, folder=folder, lost="this set has no class list")
    try:
        theirs = read_other_key(inputs.workset.root / folder)
    except MsswError as error:  # the set was moved, or its key was destroyed: what was given stays
        return AliasesKept(before=before, folder=folder, lost=str(error).rstrip("."))
    known = match_by_pages(
        inputs,
        roster,
        {before.get(one.id, one.id): one for one in responses},
        pages,
        find_teacher_entries(entries, read_matching(inputs.workset), roster),
    )
    there = find_aliases_of_students(theirs, roster)
    found: dict[str, str] = {}
    for one in responses:
        match = known.of(before.get(one.id, one.id))
        place = find_place(roster, match.student) if match and match.student else None
        alias = there.get(place) if place is not None else None
        if alias is not None and alias not in found.values():
            found[one.id] = alias
    taken = frozenset(entry.alias for entry in theirs)
    in_use = frozenset(before.values()) if _are_aliases_in_use(inputs.workset) else frozenset()
    return AliasesKept(SameAliases(found, taken, in_use), before, folder)


def _are_aliases_in_use(workset: WorkSet) -> bool:
    """Whether responses of a set have been sorted, chosen, printed or written about under their aliases."""
    files = (workset.handed_out, workset.samples, workset.choice, workset.record, workset.packet)
    return bool(list_sorts(workset)) or any(path.is_file() for path in files)


def find_aliases_of_students(entries: Iterable[KeyEntry], roster: Roster) -> dict[int, str]:
    """The alias that students of a class list have in another set's key, by their place on the list.

    A student is found by number and name. Where the two lists share no number at all, as when they come from two
    systems, the name alone counts; otherwise two students with one name and two numbers are two students.
    """
    rows = [entry for entry in entries if entry.student]
    numbers = {fold(student.number) for student in roster.students if student.number}
    is_same_system = any(fold(entry.number) in numbers for entry in rows if entry.number)
    found: dict[int, str] = {}
    for entry in sorted(rows, key=lambda one: one.alias):
        place = find_place(roster, MatchedPerson(entry.student, entry.number))
        if place is None:
            continue
        number = roster.students[place].number
        if is_same_system and entry.number and number and fold(entry.number) != fold(number):
            continue
        found.setdefault(place, entry.alias)
    return found
