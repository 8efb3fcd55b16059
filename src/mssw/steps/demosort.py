"""The demo's made-up teacher: sorts the fictional class by what its makers know of each child's thinking."""

from __future__ import annotations

from mssw.fiction.classroom import ClassTruth
from mssw.sorting.kept_sorts import change_sorting
from mssw.sorting.sort import Level, Pile, Placing, Sorting
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import released_works
from mssw.workset.state import read_state

MADE_UP = "Made-up teacher"
"""Under whose name the sort is kept: it is nobody's own, and leaves that of the person who tries the demo empty."""

OBJECTIVE = "that air takes up space and has mass"


def sort_as_made_up_teacher(workset: WorkSet, truth: ClassTruth) -> Sorting:
    """Give each released work a pile and a level, and keep them apart from everybody's own.

    Raises:
        WouldOverwriteError: another command is at work in the set.
    """
    thinks = _thinking_of(workset, truth)
    works = {alias: thinks[alias] for alias in sorted(released_works(workset)) if alias in thinks}
    piles = tuple(Pile(name) for name in dict.fromkeys(pile for pile, _ in works.values()))
    placed = {alias: Placing(pile, Level(level)) for alias, (pile, level) in works.items()}
    sorting = Sorting(by=MADE_UP, objective=OBJECTIVE, piles=piles, works=placed)
    return change_sorting(workset, MADE_UP, lambda _: sorting)


def _thinking_of(workset: WorkSet, truth: ClassTruth) -> dict[str, tuple[str, str]]:
    """The way of thinking and the level of each work, by alias, found by the pages of the stack that it has."""
    students = {student["number"]: (student["thinking"], student["level"]) for student in truth.students}
    numbers = {page.number: page.student for page in truth.pages}
    state = read_state(workset) or {"pages": [], "works": []}
    place = {page["id"]: int(page["number"]) for page in state["pages"]}
    writer = {work["alias"]: numbers.get(place[work["pages"][0]], "") for work in state["works"]}
    return {alias: students[number] for alias, number in writer.items() if number in students}
