"""Runs a plan: many classes side by side on one crew of workers. A class that fails never stops another.

A checked plan goes in, a row for each class comes out. A class is not prepared again if nothing has changed since an
earlier run: not its plan, its files or its set. Its row of then is kept in the set.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from threading import Event
from typing import Self

from mssw import __version__
from mssw.core.option import options_of
from mssw.core.page import Fate
from mssw.department.class_rows import ClassState, Onward, Row, hide_names, report_bytes, row_of, without_names
from mssw.department.plan import ClassPlan, Plan
from mssw.department.plan_check import AT_ONCE, Checked, Department, check_plan
from mssw.errors import MsswError, UsageError
from mssw.names.name_search import NameSearch
from mssw.next_step import find_next_step
from mssw.packets.bind_packet import bind_packet
from mssw.packets.packet_options import PacketOptions, PacketReport
from mssw.preparing.given_scans import list_given_files
from mssw.preparing.inputs import aliases_of_set
from mssw.preparing.prepare_options import OtherAliases, PrepareReport, RunPages
from mssw.preparing.run_prepare import prepare
from mssw.workers import Crew, cores, internal_error, run_all, run_alone, share_crew
from mssw.workset.allowed_names import take_words
from mssw.workset.folder import WorkSet, hash_file, read_json, write_bytes, write_json
from mssw.workset.prepared_state import read_state
from mssw.workset.sightings import receipt_of, recipe_of, sidecar

INTERRUPT_SECONDS = 0.2  # seconds between two checks for ^C
PACKET_SECONDS = 300.0

WatchStage = Callable[[str, str, int, int], None]


def unchanged_row(workset: WorkSet, one: ClassPlan, refused: frozenset[str]) -> Row | None:
    """The row of an earlier run, if neither the class's plan, nor its files, nor its set has changed since.

    Args:
        workset: the class's set.
        one: the class as the plan has it, its stacks and its section settled.
        refused: aliases that may not be given.
    """
    last = last_row(workset)
    with suppress(MsswError, KeyError, TypeError, OSError):  # a file is gone: the class is done again
        if last is not None and read_json(workset.batch)["standing"] == outcome_hash(
            workset, one, refused, given_hashes(one)
        ):
            return last
    return None


def last_row(workset: WorkSet) -> Row | None:
    """The row of an earlier run, whatever has changed since; None if there is none or it cannot be read."""
    with suppress(MsswError, KeyError, TypeError, ValueError):
        return Row.from_json(read_json(workset.batch)["row"])
    return None


def given_hashes(one: ClassPlan) -> list[tuple[str, str]]:
    """Hash the files that are given for a class: name and SHA-256 of each.

    Raises:
        UnreadableError: a file cannot be read.
    """
    options = one.options
    given = list_given_files(options.stacks)
    given += [path for path in (options.task, options.roster, options.also) if path is not None]
    if options.same_aliases_as is not None and (key := WorkSet(options.same_aliases_as).key).is_file():
        given.append(key)
    return [(path.name, hash_file(path)) for path in given]


def outcome_hash(workset: WorkSet, one: ClassPlan, refused: frozenset[str], given: list[tuple[str, str]]) -> str:
    """A hash of everything that the class's outcome depends on, and of the outcome.

    Args:
        workset: the class's set.
        one: the class as the plan has it.
        refused: aliases that may not be given.
        given: see ``given_hashes``; from before the class was prepared, for a scan that came later is not in its set.

    Raises:
        UnreadableError: a file cannot be read.
    """
    options = one.options
    words = vars(replace(options, stacks=(), task=None, roster=None, also=None, workers=None, refused=None))
    settings = sorted((key, value) for key, value in words.items() if key not in {"run_pages", "alias_turn"})
    return recipe_of(
        __version__,
        given,
        settings,
        one.packet,
        one.words,
        sorted(refused),
        _file_hashes(workset),
    )


def _file_hashes(workset: WorkSet) -> list[tuple[str, str]]:
    """Everything that a person may have edited or decided, and everything that is shared."""
    own = [workset.settings, workset.intro, workset.key, workset.decisions, workset.also, workset.state]
    files = [*own, *(path for path in workset.shared.rglob("*") if path.is_file())]
    files += [workset.roster, workset.matches, workset.samples, workset.sheets]
    return [(_relative_name(workset, path), hash_file(path)) for path in sorted(set(files)) if path.is_file()]


def _relative_name(workset: WorkSet, path: Path) -> str:
    return path.relative_to(workset.root).as_posix()


class AliasTurns:
    """Has the classes of a plan draw their aliases one after the other, so that no two classes share one.

    A class waits only for classes before it in the order in which they are started, so none waits for ever.

    Args:
        classes: of the plan, also those that are not done now.
    """

    def __init__(self, classes: Sequence[ClassPlan]) -> None:
        self._classes = classes
        self._given = {one.into: _read_aliases(one.into) for one in classes}
        self._order: list[Path] = []
        self._has_drawn: dict[Path, Event] = {}
        self._is_over: dict[Path, Event] = {}

    def in_order(self, classes: Sequence[Checked]) -> list[Checked]:
        """The classes in the order in which they draw: the plan's, but that whose aliases another keeps goes first."""
        by_place = {one.plan.into: one for one in classes}
        for one in classes:
            chain = [one.plan.into]
            while (first := by_place[chain[-1]].plan.options.same_aliases_as) in by_place and first not in chain:
                chain.append(first)
            self._order += [into for into in reversed(chain) if into not in self._order]
        self._has_drawn = {into: Event() for into in self._order}
        self._is_over = {into: Event() for into in self._order}
        return [by_place[into] for into in self._order]

    def wait_for_same_aliases(self, one: ClassPlan) -> None:
        """Wait until the class whose aliases this one keeps is prepared, if it is done now."""
        first = one.options.same_aliases_as
        if first in self._is_over:
            self._is_over[first].wait()

    @contextmanager
    def take(self, one: ClassPlan) -> Iterator[OtherAliases]:
        """Hold the turn while a class draws its aliases; what the others have is given."""
        for before in self._order[: self._order.index(one.into)]:
            self._has_drawn[before].wait()
        others = [other for other in self._classes if other.into != one.into]
        found = OtherAliases(
            frozenset().union(*(self._given[other.into] for other in others if _share_session(one, other))),
            frozenset().union(*(self._given[other.into] for other in others)),
        )
        try:
            yield found
        finally:
            self._given[one.into] = _read_aliases(one.into)
            self._has_drawn[one.into].set()

    def end(self, one: ClassPlan) -> None:
        """Note that a class is over, prepared or not."""
        self._has_drawn[one.into].set()
        self._is_over[one.into].set()


def _read_aliases(folder: Path) -> frozenset[str]:
    """The aliases of a set; none where there is none yet, or its key cannot be read."""
    with suppress(MsswError):
        return frozenset(aliases_of_set(folder))
    return frozenset()


def _share_session(one: ClassPlan, other: ClassPlan) -> bool:
    """Whether two classes are for one session, as far as the plan says."""
    ours, theirs = one.options.settings, other.options.settings
    same = all(ours.get(key) == theirs.get(key) for key in ("session", "date"))
    return same and bool(ours.get("session"))


@dataclass(frozen=True)
class BatchOptions:
    """How a plan is run.

    Attributes:
        workers: processes at a time; None for the number of cores.
        only: the classes to do; none for all.
        retry_held: whether pages on hold are looked at again although nothing changed.
        run_pages: runs the work on pages; None for this computer's own workers.
    """

    workers: int | None = None
    only: Sequence[str] = ()
    retry_held: bool = False
    run_pages: RunPages = run_all


class Batch:
    """A plan that is being run. As a context manager, it ends its workers.

    Args:
        plan: the classes.
        options: how.
    """

    def __init__(self, plan: Plan, options: BatchOptions) -> None:
        if options.workers is not None and options.workers < 1:
            raise UsageError("--workers must be 1 or more.")
        self.plan, self.options = plan, options
        self._only = _class_names(plan, options.only)
        self._crew = Crew(options.workers or cores())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._crew.__exit__(*error[:1])

    def check(self) -> Department:
        """Look at every input of the classes that are to be done, and at all rosters of the plan."""
        found = check_plan(self.plan, self._crew, self._only)
        names = NameSearch(found.spellings)
        shown = [
            replace(one, problems=tuple(hide_names(text, names) for text in one.problems)) for one in found.classes
        ]
        return replace(found, classes=tuple(shown))

    def run(self, department: Department, watch: WatchStage) -> Iterator[Row]:
        """Do the classes, several at a time.

        Args:
            department: as ``check`` gave it.
            watch: called with each class's stages.

        Yields:
            Each class's row as it ends.
        """
        names, turns = NameSearch(department.spellings), AliasTurns(self.plan.classes)
        threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="class")
        pending: set[Future[Row]] = set()
        try:
            for one in turns.in_order(department.classes):
                pending.add(threads.submit(self._one, one, department, turns, watch))
            while pending:  # an endless wait would not notice ^C on every system
                done, pending = wait(pending, INTERRUPT_SECONDS, FIRST_COMPLETED)
                for future in done:
                    yield without_names(future.result(), names)
        finally:
            if pending:
                self._crew.stop()
            threads.shutdown(cancel_futures=True)

    def _one(self, one: Checked, department: Department, turns: AliasTurns, watch: WatchStage) -> Row:
        """Prepare one class; a failure becomes a row too."""
        start, name, into = time.monotonic(), one.plan.name, str(one.plan.into)
        try:
            if one.problems:
                return Row(name, into, ClassState.FAILED, problems=one.problems)
            turns.wait_for_same_aliases(one.plan)
            with share_crew(self._crew):
                row = self._done(one, department, turns, watch)
        except MsswError as error:
            row = Row(name, into, ClassState.FAILED, problems=(str(error),))
        except Exception as error:  # noqa: BLE001 - the others go on; a traceback could show a student's name
            row = Row(name, into, ClassState.FAILED, problems=(str(internal_error(error, "this class")),))
        finally:
            turns.end(one.plan)
        return replace(row, seconds=round(time.monotonic() - start, 1))

    def _done(self, one: Checked, department: Department, turns: AliasTurns, watch: WatchStage) -> Row:
        """One class: prepared, and its packet bound, where it is not as an earlier run left it."""
        workset = WorkSet(one.plan.into)
        unchanged = unchanged_row(workset, one.plan, department.refused)
        if unchanged is not None and not (self.options.retry_held and unchanged.held):
            return replace(unchanged, state=ClassState.UNCHANGED)
        if self.options.retry_held:
            _forget_pages_on_hold(workset)
        report_stage = partial(watch, one.plan.name)
        turn = partial(turns.take, one.plan)
        options = replace(
            one.plan.options, refused=department.refused, alias_turn=turn, run_pages=self.options.run_pages
        )
        given = given_hashes(one.plan)
        done: PrepareReport = prepare(workset.root, options, report_stage)
        row = row_of(one.plan.name, str(one.plan.into), done)
        if one.plan.packet is not None:
            report_stage("packet", 0, 1)
            row = _with_packet(row, workset.root, one.plan.packet, one.plan.words)
        row = without_names(row, NameSearch(department.spellings))  # a later report shows it as it is kept
        kept = {
            "version": 1,
            "standing": outcome_hash(workset, one.plan, department.refused, given),
            "row": row.to_json(),
        }
        write_json(workset.batch, kept, private=True)
        return row


def _class_names(plan: Plan, only: Sequence[str]) -> frozenset[str]:
    """The names of the classes to prepare.

    Raises:
        UsageError: the plan has no such class.
    """
    names = [one.name for one in plan.classes]
    for name in only:
        if name not in names:
            near = get_close_matches(name, names, 1)
            raise UsageError(
                f"--only {name}: the plan has no class of that name; it has {', '.join(near or names[:12])}."
            )
    return frozenset(only or names)


def _with_packet(row: Row, root: Path, options: PacketOptions, words: Sequence[str]) -> Row:
    """Print the packet, with the same gates as ``mssw packet``, and add the outcome to the row."""
    if row.problems:
        return replace(row, problems=(*row.problems, "no packet was made until that is cleared"))
    try:
        report: PacketReport = run_alone(_bind_packet, root, options, words, seconds=PACKET_SECONDS)
    except MsswError as error:
        return replace(row, problems=(f"no packet was made: {name_plan_keys(str(error))}",))
    return replace(row, packet=report.copies)


def name_plan_keys(text: str) -> str:
    """A sentence that names options of ``mssw packet``, with what a plan has instead: ``without_held = true``."""
    for one in options_of(PacketOptions).values():
        for flag in one.flags if one.plan_key else ():
            for name in flag.split("/"):
                key = f"{one.plan_key} = true in the plan's packet"
                text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", key, text)
    return re.sub(r"add --words with ([\w ]+)", r"add \1 to words in the plan's packet", text)


def _bind_packet(root: Path, options: PacketOptions, words: Sequence[str]) -> PacketReport:
    """In a worker: the packet of a set."""
    workset = WorkSet.open(root)
    with take_words(workset, words):
        return bind_packet(workset, options)


def _forget_pages_on_hold(workset: WorkSet) -> None:
    """Forget what was seen on pages on hold, so that they are looked at again. What is shared stays meanwhile."""
    state = read_state(workset) if workset.settings.is_file() else None
    if state is None:
        return
    with workset.locked():
        for page in state.pages:
            if page.fate is Fate.HELD:
                with suppress(OSError):
                    sidecar(workset, page.id).unlink()
        for work in state.works:
            if work.held:  # for what the audit found, perhaps
                receipt_of(workset, work.alias).unlink(missing_ok=True)


def write_report(plan: Plan, rows: Sequence[Row]) -> None:
    """Write ``report.xlsx``, the classes in the plan's order; those that were not done now as they were left."""
    done = {row.name: row for row in rows}
    report_rows = [
        done.get(one.name) or last_row(WorkSet(one.into)) or Row(one.name, str(one.into), ClassState.NOT_DONE)
        for one in plan.classes
    ]
    onward = {one.name: _find_onward(WorkSet(one.into)) for one in plan.classes}
    write_bytes(plan.report, report_bytes(report_rows, onward), private=True)


def _find_onward(workset: WorkSet) -> Onward:
    """How far people have come with a class; nothing where its set cannot be read."""
    with suppress(MsswError):
        state = read_state(workset) if workset.settings.is_file() else None
        if state is not None:
            step = find_next_step(workset)
            return Onward(sum(one.seen for one in state.works), step.command if step else "")
    return Onward()
