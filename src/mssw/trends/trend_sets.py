"""Read what trends need from work sets: piles and levels from a sort, gaps and next steps from the record.

In: the folders of sets. Out: ``ClassFindings``. Students come from the key where it is there. They are only used to
follow the same students from one time to the next, and are in no output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from natsort import natsorted

from mssw.core.shell_words import quote_word
from mssw.errors import FindingsError, MsswError, StepMissingError, UsageError
from mssw.names.student import fold
from mssw.names.typed_names import TypedNames
from mssw.record.kept_record import read_record
from mssw.record.record_rows import ASKS, YES, RecordRows, cited_aliases
from mssw.sorting.kept_sorts import read_sorting, require_sorting
from mssw.trends.trend_tables import NOT_SAID, ClassFindings
from mssw.workset.allowed_names import (
    WordInDoubt,
    WordsInDoubtError,
    drop_teachers_names,
    drop_words_of,
    find_typed_names,
    find_words_in_doubt,
    list_teachers_words,
    roster_spellings,
)
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.class_list import read_sealed_key
from mssw.workset.decisions import released_responses
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import is_made_up, read_manifest
from mssw.workset.settings import read_settings


class NamesOfClasses:
    """The students' names of several classes, to search for in what their teachers typed.

    Args:
        lists: of each class, without the words that its teacher said are words.
    """

    def __init__(self, lists: Sequence[TypedNames]) -> None:
        self._lists = tuple(one for one in lists if one)
        self._found: dict[tuple[str, str], tuple[bool, tuple[WordInDoubt, ...]]] = {}

    def look(self, where: str, text: str) -> tuple[bool, tuple[WordInDoubt, ...]]:
        """Whether a text surely names a student of any class, and the words of it that may.

        Args:
            where: the text's place, as a message names it.
            text: what a teacher typed.
        """
        if (where, text) not in self._found:
            found = [find_words_in_doubt(names, where, text) for names in self._lists]
            doubts = {word: None for _, words in found for word in words}
            self._found[where, text] = (any(is_sure for is_sure, _ in found), tuple(doubts))
        return self._found[where, text]

    def hits(self, text: str) -> bool:
        """Whether a text names a student of any class, or may."""
        is_sure, doubts = self.look("a text", text)
        return is_sure or bool(doubts)

    def check(self, texts: Iterable[tuple[str, str]], advice: str) -> None:
        """Make sure that no text names a student of any class, or may.

        Args:
            texts: each with its place, as a message names it.
            advice: what to do about a name; it ends the sentence.

        Raises:
            FindingsError: one of them does; the message says where.
            WordsInDoubtError: none does for sure, and some may.
        """
        found = [(where, *self.look(where, text)) for where, text in texts]
        sure = dict.fromkeys(where for where, is_sure, _ in found if is_sure)
        if sure:
            raise FindingsError(f"a name from a class list is in {' and '.join(sure)}; {advice}")
        doubts = dict.fromkeys(word for _, _, words in found for word in words)
        if doubts:
            raise WordsInDoubtError(tuple(doubts))


@dataclass(frozen=True, slots=True)
class ReadSets:
    """What was read from sets.

    Attributes:
        classes: in the order of the sets.
        spellings: every spelling of every student, except those of the class's own teachers.
        unsorted: the labels of classes that nobody has sorted.
        names: the students' names, to search for in what teachers typed.
    """

    classes: tuple[ClassFindings, ...]
    spellings: tuple[str, ...]
    unsorted: tuple[str, ...]
    names: NamesOfClasses = field(repr=False)

    def check_words(self) -> None:
        """Make sure that no name of a set, group, pile or learning gap names a student of any of the classes, or may.

        Raises:
            FindingsError: one does; the message says where.
            WordsInDoubtError: none does for sure, and some may.
        """
        texts: list[tuple[str, str]] = []
        teachers = [name for one in self.classes for name in one.teachers]
        for number, one in enumerate(self.classes, start=1):
            words = drop_words_of(teachers, re.split(r"[-_.,/\s]+", one.label))  # a folder may be called after her
            texts.append((f"the folder's name of set {number}", " ".join(words)))
            texts += [(f"“{key}” in set.toml of set {number}", text) for key, text in one.groups.items()]
            piles = dict.fromkeys((*one.named, *filter(None, one.piles.values())))
            texts += [(f"pile {place} of set {number}", pile) for place, pile in enumerate(piles, start=1)]
            texts += [(f"learning gap {place} of set {number}", gap) for place, gap in enumerate(one.gaps, start=1)]
        way_on = "take it out with `mssw sort` or `mssw record`, or in set.toml, or rename the folder"
        self.names.check(texts, f"{way_on}; then run this again.")


def read_sets(folders: Sequence[Path], by: str = "") -> ReadSets:
    """Read all sets.

    Args:
        folders: of the sets; one that is given twice counts once.
        by: whose sort to take; empty for the presenting teacher's.

    Raises:
        StepMissingError: a folder is no set, or no set has a sort or a learning gap.
        UnreadableError: a file is damaged.
    """
    places = list({folder.resolve(): folder for folder in folders}.values())
    if not places:
        raise UsageError("give at least one work set, for example `mssw trends class-5a class-5b`.")
    worksets = [WorkSet.open(folder) for folder in places]
    labels = label_sets(places)
    _refuse_copies(worksets)
    classes = tuple(_read_set(workset, label, by) for workset, label in zip(worksets, labels, strict=True))
    spellings = [one for workset in worksets for one in drop_teachers_names(workset, roster_spellings(workset))]
    if not any(one.gaps or any(one.piles.values()) or any(one.levels.values()) for one in classes):
        raise StepMissingError(
            "none of these sets is sorted, and none has a learning gap in its record. Begin with "
            f"`mssw sort {quote_word(places[0])}` or `mssw record {quote_word(places[0])}`."
        )
    unsorted = tuple(one.label for one in classes if not any(one.piles.values()) and not any(one.levels.values()))
    names = NamesOfClasses([find_typed_names(workset, list_teachers_words(workset)) for workset in worksets])
    return ReadSets(classes, tuple(dict.fromkeys(spellings)), unsorted, names)


def _refuse_copies(worksets: Sequence[WorkSet]) -> None:
    """Refuse a set and its copy: each response would count twice, also for the fewest that leaders see.

    Raises:
        UsageError: two sets hold one response.
    """
    first: dict[str, int] = {}
    for number, workset in enumerate(worksets, start=1):
        files = read_manifest(workset).files if workset.manifest.is_file() else ()
        for row in files:
            if row.path.startswith("work/") and (other := first.setdefault(row.sha256, number)) != number:
                raise UsageError(
                    f"sets {other} and {number} hold the same responses, as a set and its copy do; give one of them."
                )


def label_sets(folders: Sequence[Path]) -> list[str]:
    """What each set is called: its folder, with the one above it where two are called the same."""
    names = [folder.resolve().name for folder in folders]
    return [
        f"{folder.resolve().parent.name}/{name}" if names.count(name) > 1 else name
        for folder, name in zip(folders, names, strict=True)
    ]


def _read_set(workset: WorkSet, label: str, by: str) -> ClassFindings:
    settings, rows = read_settings(workset.settings), read_record(workset)
    sorting = require_sorting(workset, by) if by else read_sorting(workset)
    released = released_responses(workset)
    part = {alias: placing for alias in released if not (placing := sorting.of(alias)).aside}
    gaps = {gap.gap: tuple(alias for alias in cited_aliases(gap) if alias in part) for gap in rows.gaps}
    cited = {alias for aliases in gaps.values() for alias in aliases}
    looked = (read_chosen(workset) or set(part)) | cited if gaps else set()
    return ClassFindings(
        label,
        {one: getattr(settings, one) for one in ("grade", "subject", "school", "time")},
        settings.presenting_teachers,
        {alias: placing.pile for alias, placing in part.items()},
        {alias: str(placing.level or "") for alias, placing in part.items()},
        tuple(pile.name for pile in sorting.piles),
        gaps,
        tuple(alias for alias in part if alias in looked),
        _read_students(workset, part),
        tuple(step.step for step in rows.steps if step.chosen == YES),
        _asks(rows),
        is_made_up(workset),
    )


def _read_students(workset: WorkSet, aliases: Iterable[str]) -> dict[str, str]:
    """Who wrote each response, folded; nobody where there is no key any more."""
    try:
        entries = read_sealed_key(workset)
    except MsswError:
        return {}
    known = {entry.alias: fold(f"{entry.student} {entry.number}") for entry in entries if entry.student}
    return {alias: known[alias] for alias in aliases if alias in known}


def _asks(rows: RecordRows) -> tuple[str, ...]:
    return tuple(one.answer for one in rows.reflections if one.question == ASKS and one.answer)


def order_groups(classes: Sequence[ClassFindings], by: str) -> tuple[str, ...]:
    """The groups in the order in which they are shown: times and classes as given, all others by name.

    Raises:
        UsageError: no set says what its group is.
    """
    found = list(dict.fromkeys(one.group(by) for one in classes))
    if found == [NOT_SAID]:
        raise UsageError(f'no set.toml says its {by}; write it there, for example `{by} = "…"`, then run this again.')
    if by not in {"class", "time"}:
        found = natsorted(found, key=str.casefold)
    return tuple(sorted(found, key=lambda name: name == NOT_SAID))
