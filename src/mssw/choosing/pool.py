"""Read the responses that samples are chosen from: those of one set, or of two or three sets of the same task.

``check_same_task`` makes sure that sets have the same task, by comparing their blank tasks page by page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mssw.auditing.pdf_text import PdfTextError, reading
from mssw.choosing.selection import NOT_SURE, Candidate
from mssw.core.shell_words import command_line
from mssw.errors import StepMissingError, UnreadableError, UsageError
from mssw.names.student import fold
from mssw.sorting.kept_sorts import read_sorting
from mssw.sorting.piles import Placing, Sorting
from mssw.vision.blank_page import BlankPage
from mssw.vision.registration import SURE, register_scan
from mssw.workset.decisions import released_responses
from mssw.workset.folder import WorkSet, hash_file
from mssw.workset.prepared_state import read_state
from mssw.workset.sightings import read_page_measures

MOST_SETS = 3

WIDE = 1400  # pixels; enough for print to be matched


@dataclass(frozen=True)
class Pool:
    """The responses of all sets, and which may be chosen.

    Attributes:
        sets: the sets by name; the name is empty if there is only one.
        pages: how many pages each released response has, by id.
        owner: the set's name and the alias of each released response, by id.
        works: the responses that the teacher did not set aside, pile by pile.
        aside: ids of those that she set aside.
    """

    sets: Mapping[str, WorkSet]
    pages: Mapping[str, int]
    owner: Mapping[str, tuple[str, str]]
    works: tuple[Candidate, ...]
    aside: tuple[str, ...]

    @property
    def unsorted(self) -> tuple[str, ...]:
        """Ids of responses without a pile and a level."""
        return tuple(work.id for work in self.works if not work.pile and not work.level)

    def find_id(self, text: str, option: str) -> str:
        """The id of the response that a teacher means by an alias, or by set and alias.

        Raises:
            UsageError: none, several, or one that is set aside. What was typed is not repeated: it may be a name.
        """
        typed = fold(text)
        found = [id_ for id_, (_, alias) in self.owner.items() if typed in {fold(id_), fold(alias)}]
        if not found:
            raise UsageError(
                f"{option}: no released response has that alias; use an alias as printed on a response, for example "
                f"{next(iter(self.owner))}."
            )
        if len(found) > 1:
            raise UsageError(f"{option}: more than one set has that alias; use {' or '.join(found)}.")
        if option == "--lock" and found[0] in self.aside:
            raise UsageError(
                f"--lock: you set {found[0]} aside while sorting; put it back with `mssw sort` before you choose it."
            )
        return found[0]


def read_pool(worksets: Sequence[WorkSet], by: str, lately: Mapping[tuple[Path, str], str]) -> Pool:
    """Read sets and their sortings.

    Args:
        worksets: in the order in which they were given.
        by: the teacher who sorted; empty for the presenting teacher.
        lately: the responses of students who were shown lately, by set's folder and alias.

    Raises:
        StepMissingError: a set is not prepared, or nobody has sorted it yet.
    """
    names = _name_sets(worksets)
    pages: dict[str, int] = {}
    owner: dict[str, tuple[str, str]] = {}
    works: list[Candidate] = []
    aside: list[str] = []
    shown: dict[str, str] = {}  # one pile, though two teachers write it with other capitals
    for name, workset in zip(names, worksets, strict=True):
        released, sorting = released_responses(workset), read_sorting(workset, by)
        _check_sorted(workset, sorting, released, by)
        written = read_ink(workset)
        for alias in _sort_by_pile(sorting, released):
            id_, placing = f"{name}/{alias}" if name else alias, sorting.of(alias)
            pages[id_], owner[id_] = released[alias], (name, alias)
            if placing.aside:
                aside.append(id_)
                continue
            pile = NOT_SURE if placing.unsure else placing.pile
            pile = shown.setdefault(fold(pile), pile)
            again = (workset.root, alias) in lately
            works.append(Candidate(id_, pile, placing.level, name, written.get(alias, ()), shown_lately=again))
    return Pool(dict(zip(names, worksets, strict=True)), pages, owner, tuple(works), tuple(aside))


def _sort_by_pile(sorting: Sorting, released: Mapping[str, int]) -> list[str]:
    """The released responses in the order of the teacher's piles; those in no pile last."""
    place = {pile.name: number for number, pile in enumerate(sorting.piles)}
    return sorted(released, key=lambda alias: (place.get(sorting.of(alias).pile, len(place)), alias))


def _name_sets(worksets: Sequence[WorkSet]) -> list[str]:
    """What each set is called: nothing where it is alone, else its folder, with more of its path where two share it."""
    if len(worksets) == 1:
        return [""]
    parts = [workset.root.resolve().parts for workset in worksets]
    for length in range(1, max(map(len, parts)) + 1):
        names = ["/".join(part[-length:]) for part in parts]
        if max(Counter(names).values()) == 1:
            break
    return names


def _lies_somewhere(placing: Placing) -> bool:
    return bool(placing.pile or placing.unsure or placing.level)


def _check_sorted(workset: WorkSet, sorting: Sorting, released: Mapping[str, int], by: str) -> None:
    if not any(_lies_somewhere(sorting.of(alias)) for alias in released):
        sorter = f" by “{by}”" if by else ""
        command = command_line("mssw", "sort", workset.root, *(("--as", by) if by else ()))
        raise StepMissingError(f"nothing in {workset.root} is sorted{sorter} yet; run `{command}` first, then choose.")


def read_ink(workset: WorkSet) -> dict[str, tuple[float, ...]]:
    """How much is written and drawn on each page of each response, in mm² of ink that is not on the blank task.

    It was measured when the pages were prepared. A response is left out if the findings of one of its pages are gone.
    """
    state = read_state(workset)
    found: dict[str, tuple[float, ...]] = {}
    for work in state.works if state else ():
        try:
            found[work.alias] = tuple(read_page_measures(workset, page).written for page in work.pages)
        except UnreadableError:
            continue
    return found


def check_same_task(one: WorkSet, other: WorkSet) -> None:
    """Make sure that two sets can be looked at together.

    The same file is the same task; else each page must be found on its counterpart, and the other way round, so that a
    task with a question more is not taken for the same.

    Raises:
        UsageError: the tasks differ.
        StepMissingError: a set has no blank task, so that nothing tells.
        UnreadableError: a blank task cannot be read.
    """
    for workset in (one, other):
        if not workset.task.is_file():
            raise StepMissingError(
                f"{workset.root} has no blank task, so mssw cannot tell whether the sets have the same task. Add it "
                f"with `mssw prepare --into {workset.typed} --task TASK`, or choose from each set separately."
            )
    if hash_file(one.task) == hash_file(other.task):
        return
    mine, theirs = _read_task(one.task), _read_task(other.task)
    if len(mine) != len(theirs):
        raise UsageError(
            f"{one.root} and {other.root} have different tasks ({len(mine)} and {len(theirs)} pages); to choose from "
            "sets together, they need the same task."
        )
    for number, (here, there) in enumerate(zip(mine, theirs, strict=True), start=1):
        if not (_is_found_on(here, there) and _is_found_on(there, here)):
            raise UsageError(
                f"{one.root} and {other.root} have different tasks (page {number} of the blank task differs); to "
                "choose from sets together, they need the same task."
            )


def _is_found_on(blank: BlankPage, page: BlankPage) -> bool:
    """Whether the print of a blank page is found on another; an empty one only on an empty one."""
    if blank.is_empty or page.is_empty:
        return blank.is_empty and page.is_empty
    found = register_scan([blank], page.grey)
    return found.matrix is not None and found.score >= SURE


def _read_task(path: Path) -> tuple[BlankPage, ...]:
    try:
        with reading(path.read_bytes()) as pdf:
            return tuple(BlankPage(index + 1, pdf.grey(index, WIDE)) for index in range(len(pdf)))
    except PdfTextError as error:
        raise UnreadableError(f"{path} cannot be read: {error}; run `mssw prepare` again.") from None
