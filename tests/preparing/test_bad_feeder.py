"""Whatever the feeder does: each page has one status, no released response mixes students, no page vanishes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import event, given, note
from hypothesis import strategies as st

from mssw.core.decision import Decisions
from mssw.core.page import Box, Fate
from mssw.core.response import Response
from mssw.names.student import Roster
from mssw.preparing.blank_task import BlankTask
from mssw.preparing.grouping import Grouping, group_pages
from mssw.preparing.inputs import Inputs
from mssw.preparing.match_responses import collect_costs, hold_for_roster, match_class
from mssw.vision.name_field import NameField
from mssw.workset.folder import WorkSet
from mssw.workset.settings import Settings
from mssw.workset.stack import Stack, StackFile
from support.bad_feeder import AT_ONE_PLACE, FedStack, fed_stacks, whole_class
from support.examples import examples

NAME = Box(0.1, 0.05, 0.4, 0.05)


@dataclass(frozen=True)
class Prepared:
    """A stack, grouped, with the responses as they would be released or put on hold."""

    stack: FedStack
    grouping: Grouping
    responses: tuple[Response, ...]

    @property
    def released(self) -> list[Response]:
        return [one for one in self.responses if one.released]

    @property
    def shown(self) -> str:
        sides = self.stack.sides
        return "\n".join(
            f"{''.join(f'{chr(65 + sides[page].student)}{sides[page].page} ' for page in one.pages)}: {one.held}"
            for one in self.responses
        )


def prepared(stack: FedStack) -> Prepared:
    """Group a stack and hold it against the class list, as ``prepare`` does."""
    seen = stack.sightings()
    fields = tuple(NameField(page, NAME, "Name", "text", 0.95) for page in range(1, stack.pages + 1))
    task = BlankTask(Path(), ((612.0, 792.0),) * stack.pages, fields, (), "recipe")
    names = dict.fromkeys(page.page.source for page in seen)
    files = tuple(StackFile(name, "", sum(page.page.source == name for page in seen)) for name in names)
    inputs = Inputs(WorkSet(Path()), Settings(), Stack(files), stack.roster, task, Decisions())
    grouping = group_pages(inputs, seen)
    responses = [replace(one, alias=one.id) for one in grouping.responses]
    matching = match_class(stack.roster, _costs(responses, grouping, stack.roster), {}, {})
    responses, _ = hold_for_roster(inputs, responses, grouping.by_id, matching.counts)
    return Prepared(stack, grouping, tuple(responses))


def _costs(responses: list[Response], grouping: Grouping, roster: Roster) -> dict[str, object]:
    return {
        one.alias: collect_costs([grouping.by_id[page].name_costs for page in one.pages], roster) for one in responses
    }


@given(fed_stacks())
@examples(300)
def test_whatever_the_feeder_does_no_response_is_mixed_and_no_page_vanishes(stack):
    done = prepared(stack)
    sides = stack.sides
    note(f"{stack.faults}\n{[[f'{chr(65 + s.student)}{s.page}' for s in file] for file in stack.files]}\n{done.shown}")
    event(", ".join(sorted(set(stack.faults))) or "nothing")

    for response in done.released:
        assert len({sides[page].student for page in response.pages}) == 1
        assert sorted(sides[page].page for page in response.pages) == list(range(1, stack.pages + 1))
        assert not any(sides[page].beside for page in response.pages)

    fates = {page.page.id: page.page for page in done.grouping.pages}
    grouped = Counter(page for response in done.responses for page in response.pages)
    assert list(fates) == list(sides)
    assert max(grouped.values(), default=1) == 1
    for page_id, page in fates.items():
        assert page.fate is not None
        assert (page.fate in {Fate.KEPT, Fate.HELD}) == (page_id in grouped)
        assert page.fate is Fate.KEPT or page.reason
        if page.fate is Fate.SET_ASIDE:  # the same sheet is somewhere else in the stack
            assert any(sides[other].sheet == sides[page_id].sheet for other in grouped)


@given(st.integers(2, 7), st.integers(1, 4), st.sampled_from(sorted(AT_ONE_PLACE)), st.data())
@examples(100)
def test_one_fault_at_one_place_puts_few_responses_on_hold(students, pages, fault, data):
    files = AT_ONE_PLACE[fault](whole_class(students, pages, [1]), data)
    stack = FedStack(tuple(map(tuple, files)), students, pages, (fault,))

    done = prepared(stack)
    note(f"{[f'{chr(65 + s.student)}{s.page}' for s in files[0]]}\n{done.shown}")

    if files[0][0].page == 1:  # else nobody can tell where the order begins
        assert len(done.released) >= students - 3


@given(st.integers(1, 8), st.integers(1, 4))
def test_a_stack_without_a_fault_is_released(students, pages):
    files = whole_class(students, pages, [1])

    done = prepared(FedStack((tuple(files[0]),), students, pages))

    assert len(done.released) == students
    assert done.grouping.notes == ()
