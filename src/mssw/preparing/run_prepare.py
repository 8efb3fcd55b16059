"""``prepare``, the main job: a stack goes in, covered responses with aliases come out.

``prepare`` below is the way through; each stage takes the inputs and what the stages before it returned. It is safe to
repeat, and to kill at any moment: the next run goes on from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mssw.core.response import FRONTS_NOTE, Response
from mssw.errors import MsswError
from mssw.preparing.aliases import AliasRules, find_same_aliases, give_aliases
from mssw.preparing.blank_task import check_stack_is_written, check_task_is_blank
from mssw.preparing.coded_pages import free_copied_sheets, keep_own_pages
from mssw.preparing.cover_responses import Covered, cover_responses
from mssw.preparing.given_scans import GivenStack
from mssw.preparing.grouping import Grouping, group_pages
from mssw.preparing.input_checks import check_inputs, check_place_is_writable, check_room, roster_columns
from mssw.preparing.inputs import (
    Inputs,
    aliases_of_set,
    all_or_nothing,
    find_task,
    keep_stack,
    refuse_other_stack,
    take_in,
)
from mssw.preparing.learn_places import look_for_class_places
from mssw.preparing.match_responses import hold_for_roster, match_responses, read_matching
from mssw.preparing.matches import MatchCounts
from mssw.preparing.own_blank import with_own_blank
from mssw.preparing.prepare_options import OtherAliases, PrepareOptions, PrepareReport, Progress, quiet
from mssw.preparing.release import release_set
from mssw.preparing.second_look import cover_read_again, keep_read_again
from mssw.preparing.sheet_sides import cover_other_sides, pair_backs, pair_found_backs
from mssw.roster.roster_file import read_roster
from mssw.vision.recogniser import check_models
from mssw.workers import cores, with_crew
from mssw.workset.folder import WorkSet, hash_file
from mssw.workset.sightings import Sighting
from mssw.workset.stack import read_stack, require_stack

MOST_SETS_BESIDE = 60


def prepare(root: Path, options: PrepareOptions, progress: Progress = quiet) -> PrepareReport:
    """Take a class from its stack to released responses.

    Args:
        root: the work set's folder; made if it is not there.
        options: what to do.
        progress: called with each stage, how many pages or responses of it are done, and of how many.

    Raises:
        UnreadableError: an input cannot be read; nothing was released.
        UsageError: the options do not fit together.
        WouldOverwriteError: the folder holds something else.
    """
    given = check_inputs(root, options)
    try:
        _check_set(WorkSet(root), given)
        return _prepare_checked(root, options, given, progress)
    finally:
        if given is not None:
            given.discard()


def _check_set(workset: WorkSet, given: GivenStack | None) -> None:
    """Check that the set can take in what is given, before anything is written.

    Raises:
        MsswError: it has another stack, another command is at work in it, or there is no room.
    """
    check_place_is_writable(workset)
    if given is None:
        return
    refuse_other_stack(workset, given.stack)
    known = {file.sha256 for file in read_stack(workset).files}
    pages = sum(file.pages for file in given.stack.files if file.sha256 not in known)
    check_room(workset, given.paths, pages)


def _prepare_checked(
    root: Path, options: PrepareOptions, given: GivenStack | None, progress: Progress
) -> PrepareReport:
    """Take a class whose inputs are checked from its stack to released responses; see ``prepare``."""
    was_there = root.exists()
    workset = WorkSet.create(root)
    with workset.locked(), all_or_nothing(workset, was_there=was_there):
        inputs = take_in(workset, options, keep_stack(workset, options, given))
        inputs = inputs.with_notes(*(given.notes if given else ()))
        pages = sum(file.pages for file in inputs.stack.files)
        with with_crew(min(options.workers or cores(), max(1, pages))):
            inputs = with_own_blank(inputs, progress, has_new_fields=bool(options.fields))
            inputs, seen = look_for_class_places(inputs, options, progress)
            inputs = inputs.with_notes(*_check_stack(inputs, seen))
            seen = cover_other_sides(inputs, seen, options)
            covering = _cover(inputs, cover_read_again(inputs, seen), options, progress)
            names = {alias: done.names for alias, done in covering.covered.items()}
            if keep_read_again(inputs, seen, covering.responses, names):
                covering = _cover(inputs, cover_read_again(inputs, seen), options, progress)
            report = covering.release()
            return replace(report, roster=inputs.roster_report)


@dataclass(frozen=True)
class _Covering:
    """What ``release_set`` takes: the stack in responses with their aliases, each covered."""

    inputs: Inputs
    grouping: Grouping
    responses: Sequence[Response]
    covered: Mapping[str, Covered]
    matched: MatchCounts | None
    doubt: str

    def release(self) -> PrepareReport:
        """Write what colleagues get beside the responses."""
        return release_set(self.inputs, self.grouping, self.responses, self.covered, self.matched, self.doubt)


def _cover(inputs: Inputs, seen: Mapping[str, Sighting], options: PrepareOptions, progress: Progress) -> _Covering:
    """Group the pages into responses, give each its alias and its student, and cover its pages."""
    workset = inputs.workset
    grouping = _group_stack(inputs, seen)
    kept = find_same_aliases(inputs, grouping.responses, grouping.by_id)
    with options.alias_turn() if options.alias_turn else nullcontext(_aliases_beside(inputs)) as others:
        rules = _alias_rules(inputs, others)
        responses = give_aliases(workset, grouping.responses, grouping.by_id, rules, kept.same)
    inputs = inputs.with_notes(*kept.describe(responses))
    matched = match_responses(inputs, responses, grouping.by_id, kept.find_changed(responses))
    responses = free_copied_sheets(responses, grouping.by_id, read_matching(workset) if matched else None)
    grouping = grouping.with_fates_of(responses)
    responses, doubt = hold_for_roster(inputs, responses, grouping.by_id, matched)
    covered = cover_responses(inputs, responses, grouping.by_id, options, progress)
    return _Covering(inputs, grouping, responses, covered, matched, doubt)


def _alias_rules(inputs: Inputs, others: OtherAliases) -> AliasRules:
    """How this set's aliases are drawn."""
    settings = inputs.settings
    return AliasRules(
        (*inputs.spellings, *settings.presenting_teachers),
        settings.aliases,
        settings.language,
        settings.seed,
        inputs.refused,
        others,
    )


def _aliases_beside(inputs: Inputs) -> OtherAliases:
    """The aliases of the sets beside this one that have the same task: they may well be seen in one session.

    A seed asks for the same aliases each time, whatever is beside the set.
    """
    root, task = inputs.workset.root.resolve(), find_task(inputs.workset)
    if inputs.settings.seed is not None or task is None:
        return OtherAliases()
    ours, found = hash_file(task), set[str]()
    for path in sorted(root.parent.glob("*/set.toml"))[:MOST_SETS_BESIDE]:
        with suppress(MsswError, OSError):  # a set that cannot be read stops no other
            theirs = find_task(WorkSet(path.parent))
            if path.parent != root and theirs is not None and hash_file(theirs) == ours:
                found |= aliases_of_set(path.parent)
    return OtherAliases(elsewhere=frozenset(found))


def _check_stack(inputs: Inputs, seen: Mapping[str, Sighting]) -> tuple[str, ...]:
    """Check that the stack is written on, and that it belongs to the task; what a person should know comes back."""
    pages = list(seen.values())
    check_stack_is_written(pages)
    if inputs.task is None or not inputs.has_printed_task:
        return ()
    own, settings = keep_own_pages(inputs.sheets, pages), inputs.settings
    return check_task_is_blank(settings.task or "the blank task", inputs.task, own, trusted=settings.task_is_blank)


def _group_stack(inputs: Inputs, seen: Mapping[str, Sighting]) -> Grouping:
    """Pair fronts with backs, and group the pages into responses."""
    pages = list(seen.values())
    if inputs.stack.fronts_backs and inputs.sheets is None:  # codes tell which sides belong together
        return pair_backs(inputs, seen)
    grouping = group_pages(inputs, pages)
    if FRONTS_NOTE in grouping.notes and inputs.sheets is None:
        return pair_found_backs(inputs, seen, grouping) or grouping
    return grouping


def plan(root: Path, options: PrepareOptions) -> dict[str, Any]:
    """Check every input and say what ``prepare`` would read; nothing is written.

    Raises:
        MsswError: as ``prepare`` would, for the same inputs.
    """
    workset = WorkSet(root)
    given = check_inputs(root, options)
    try:
        _check_set(workset, given)
        stack = given.stack if given else require_stack(workset)
    finally:
        if given is not None:
            given.discard()
    check_models()
    students = 0
    if options.roster:
        columns = roster_columns(workset, options)
        roster = read_roster(options.roster, options.section, columns=columns, sheet=options.sheet)
        students = len(roster.students)
    elif workset.roster.is_file():
        students = len(read_roster(workset.roster).students)
    return {"files": {file.name: file.pages for file in stack.files}, "students": students}
