"""Checks every input of a plan before anything starts, and reports the problems of all classes at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from natsort import natsorted

from mssw.core.option import options_of
from mssw.department.plan import ClassPlan, Plan
from mssw.errors import MsswError, UnreadableError
from mssw.preparing.aliases import aliases_like
from mssw.preparing.given_scans import check_scans
from mssw.preparing.input_checks import (
    check_codes,
    check_fields,
    check_place_is_writable,
    check_request,
    check_same_aliases,
    check_task_file,
)
from mssw.preparing.prepare_options import PrepareOptions
from mssw.roster.roster_file import open_roster, read_roster, sheet_like
from mssw.roster.table import all_spellings, section_like, sections_of
from mssw.roster.words_file import read_words
from mssw.workers import Crew, share_crew
from mssw.workset.coded_sheets import check_task_of_sheets
from mssw.workset.folder import WorkSet, hash_file
from mssw.workset.stack import Stack, read_stack

AT_ONCE = 3  # classes that are looked at or worked on side by side: one's serial parts leave no core idle
SHOWN = 12  # sections, in a message


@dataclass(frozen=True)
class Checked:
    """A class once its inputs have been looked at.

    Attributes:
        plan: the class, its stacks and its section settled.
        problems: sentences on what keeps it from being prepared, each with its place in the plan.
        pages: of its stack.
        students: of its roster.
    """

    plan: ClassPlan
    problems: tuple[str, ...] = ()
    pages: int = 0
    students: int = 0


@dataclass(frozen=True)
class Department:
    """A plan that has been checked.

    Attributes:
        classes: in the plan's order.
        refused: aliases that are like a student or teacher of any of them.
        spellings: every spelling of all their students.
    """

    classes: tuple[Checked, ...]
    refused: frozenset[str]
    spellings: tuple[str, ...]


def check_plan(plan: Plan, crew: Crew, only: Collection[str] = ()) -> Department:
    """Look at every input of the classes; nothing is written.

    Args:
        plan: all classes; each one's roster counts for the aliases of all.
        crew: who opens what is given.
        only: names of the classes to look at; none for all.
    """
    rosters = _Rosters()
    checks = [_Check(one, plan, rosters) for one in plan.classes]
    _check_stacks_apart(checks)

    def looked_at(check: _Check) -> Checked:
        with share_crew(crew):
            return check.check()

    threads = ThreadPoolExecutor(AT_ONCE)
    try:
        checked = tuple(threads.map(looked_at, (check for check in checks if not only or check.one.name in only)))
    except BaseException:
        crew.stop()
        raise
    finally:
        threads.shutdown(cancel_futures=True)
    spellings = sorted({spelling for one in plan.classes for spelling in rosters.spellings(one)})
    teachers = {name for one in plan.classes for name in one.options.settings.get("presenting_teachers", ())}
    return Department(checked, aliases_like([*spellings, *sorted(teachers)]), tuple(spellings))


class _Rosters:
    """The rosters of a plan, each read once."""

    def __init__(self) -> None:
        self.opened = cache(open_roster)
        self.roster = cache(read_roster)

    def spellings(self, one: ClassPlan) -> tuple[str, ...]:
        """Every spelling in a class's roster, with all of its sections, or else in the one that its set has kept."""
        for path in (one.options.roster, WorkSet(one.into).roster):
            try:
                if path is not None and path.is_file():
                    is_given = path == one.options.roster
                    columns = tuple(one.options.columns) if is_given else ()
                    sheet = self.sheet_of(one) if is_given else ""
                    return all_spellings(self.roster(path, columns=columns, sheet=sheet))
            except MsswError:
                continue  # the check of its class reports it
        return ()

    def sheet_of(self, one: ClassPlan) -> str:
        """The sheet of the roster that is the class's: the given one, or else the one that goes by its name."""
        if one.options.sheet or one.options.roster is None:
            return one.options.sheet
        return sheet_like(self.opened(one.options.roster).sheets, one.name)


class _Check:
    """One class while it is looked at."""

    def __init__(self, one: ClassPlan, plan: Plan, rosters: _Rosters) -> None:
        self.one, self.plan, self.rosters = one, plan, rosters
        self.problems: list[str] = []
        self.stack = Stack(())
        self._settle_stacks()

    def add_problem(self, key: str, what: object) -> None:
        """Note a problem, with the place of the key that it is about."""
        problem = f"{self.one.place(key)}: {what}"
        if problem not in self.problems:
            self.problems.append(problem)

    def check(self) -> Checked:
        """Look at all of its inputs, one after the other, also where one is found wanting."""
        workset = WorkSet(self.one.into)
        self._settle_section()
        self._drop_idle_defaults(workset)
        options = self.one.options
        if options.also is not None:
            self._try("also", partial(read_words, options.also))
        if options.task is not None:
            self._try("task", partial(check_task_file, workset, options.task))
        elif not options.pages_per_student and not workset.settings.is_file():
            self.add_problem("", f"{self.one.name} needs a task or pages_per_student.")
        if options.task is not None and not self.problems:
            self._try("task", partial(check_task_of_sheets, workset, options.task))
        self._try("codes" if options.codes else "into", partial(check_codes, workset, options))
        if options.stacks:
            self._try("fronts" if options.fronts_backs else "stack", self._look_at_stack)
        if options.same_aliases_as not in {None, *(one.into for one in self.plan.classes)}:
            self._try("same_aliases_as", partial(check_same_aliases, workset, options))
        if not self.problems:
            self._try("into", partial(check_request, self.one.into, options))
            self._try("into", partial(check_place_is_writable, workset))
        if not self.problems:
            sides = None if options.task else options.pages_per_student
            self._try("fields", partial(check_fields, workset, options, sides))
        roster = None
        if options.roster and not self.problems:
            columns = tuple(options.columns)
            roster = self.rosters.roster(options.roster, options.section, columns=columns, sheet=options.sheet)
        pages = sum(file.pages for file in self.stack.files)
        return Checked(self.one, tuple(self.problems), pages, len(roster.students) if roster else 0)

    def _try(self, key: str, look: Callable[[], object]) -> None:
        try:
            look()
        except MsswError as error:
            self.add_problem(key, error)

    def _look_at_stack(self) -> None:
        options = self.one.options
        known = read_stack(WorkSet(self.one.into))
        roster = None
        if options.roster and not self.problems:
            columns = tuple(options.columns)
            roster = self.rosters.roster(options.roster, options.section, columns=columns, sheet=options.sheet)
        given = check_scans(options.stacks, known, fronts_backs=options.fronts_backs, roster=roster)
        given.discard()
        self.stack = given.stack

    def _settle_stacks(self) -> None:
        """The scans that a pattern means, in natural order."""
        found: list[Path] = []
        for path in self.one.stacks:
            if any(sign in path.name for sign in "*?["):
                matching = natsorted(path.parent.glob(path.name), key=lambda one: one.name.casefold())
                if not matching:
                    self.add_problem(
                        "stack", f"no file in {path.parent} matches {path.name}; check the name and the folder."
                    )
                found += matching
            else:
                found.append(path)
        self.one = replace(self.one, options=replace(self.one.options, stacks=tuple(found)))

    def _drop_idle_defaults(self, workset: WorkSet) -> None:
        """Leave out what the plan's defaults say and this class has no use for; what the class itself says stays."""
        options = self.one.options
        has_task = options.task is not None or workset.task_given.is_dir()
        idle = {
            "pages_per_student": has_task,
            "task_is_blank": not has_task,
            "backs_order": not options.fronts_backs,
            "columns": options.roster is None,
            "sheet": options.roster is None,
        }
        declared = options_of(PrepareOptions)
        unused = {
            name for name, one in declared.items() if idle.get(one.plan_key) and one.plan_key in self.one.defaults
        }
        dropped: dict[str, Any] = {one.name: one.default for one in fields(PrepareOptions) if one.name in unused}
        self.one = replace(self.one, options=replace(options, **dropped))

    def _settle_section(self) -> None:
        """Whose rows of a roster for several classes are this class's."""
        options = self.one.options
        roster = options.roster
        if roster is None:
            return
        try:
            options = replace(options, sheet=self.rosters.sheet_of(self.one))
            self.one = replace(self.one, options=options)
            rows = self.rosters.opened(roster, options.sheet).rows
            users = sum(one.options.roster == roster for one in self.plan.classes)
            sections = sections_of(rows)
            if not options.section and users > 1 and sections.columns:
                section = section_like(sections, rows, self.one.name)
                if not section:
                    title, known = sections.columns[0][1], ", ".join(sections.values[:SHOWN])
                    raise UnreadableError(
                        f"no class in {roster.name} matches {self.one.name} (its column {title} has "
                        f'{known}). Name the class, as in section = "{sections.values[0]}".'
                    )
                self.one = replace(self.one, options=replace(options, section=section))
            columns = tuple(options.columns)
            self.rosters.roster(roster, self.one.options.section, columns=columns, sheet=options.sheet)
        except MsswError as error:
            self.add_problem("section" if options.section else "roster", error)


def _check_stacks_apart(checks: Sequence[_Check]) -> None:
    """No scan may be the stack of two classes, nor saved once more for another, but where codes tell them apart."""
    paths = {path.resolve() for check in checks for path in check.one.options.stacks}
    known = dict.fromkeys(paths, "")
    for path in paths:
        with suppress(MsswError):  # the check of its class reports what cannot be read
            known[path] = hash_file(path)
    users: dict[str, list[tuple[_Check, Path]]] = {}
    for check in checks:
        for path in {path.resolve() for path in check.one.options.stacks}:
            users.setdefault(known[path] or str(path), []).append((check, path))
    for check in checks:
        for path in check.one.options.stacks:
            same = users[known[path.resolve()] or str(path.resolve())]
            others = [(other, twin) for other, twin in same if other is not check or twin != path.resolve()]
            unexpected = [(other, twin) for other, twin in others if not _shares_codes(check.one, other.one)]
            if unexpected and any(twin == path.resolve() for _, twin in unexpected):
                check.add_problem(
                    "stack",
                    _shared_stack_problem(path, sorted({other.one.name for other, _ in others} - {check.one.name})),
                )
            elif unexpected:
                check.add_problem(
                    "stack", f"{path.name} is identical to another stack in the plan. Was it saved twice?"
                )


def _shares_codes(one: ClassPlan, other: ClassPlan) -> bool:
    """Whether a class names another one that may have coded sheets in its stack."""
    return other.into.resolve() in {folder.resolve() for folder in one.options.codes}


def _shared_stack_problem(path: Path, others: Sequence[str]) -> str:
    """What is wrong with a scan that other classes have too."""
    names = f'"{others[0]}"' if len(others) == 1 else "[" + ", ".join(f'"{name}"' for name in others) + "]"
    return (
        f"{path.name} is also the stack of another class, but each class needs its own. If all sheets are "
        f"coded, classes can share one: codes = {names}."
    )
