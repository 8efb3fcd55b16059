"""Many classes, side by side on one crew of workers: one class's failure never stops another.

What is done already: a class that stands as an earlier run left it, of the same plan, is not done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Self

from mssw import __version__
from mssw.core.page import Fate
from mssw.department.class_rows import ClassState, Row, report_bytes, row_of, shown_of, without_names
from mssw.department.plan import ClassPlan, Plan
from mssw.department.plan_check import AT_ONCE, Checked, Department, check_plan
from mssw.errors import MsswError, UsageError
from mssw.names.name_search import NameSearch
from mssw.packets.bind_packet import PacketOptions, PacketReport, bind_packet
from mssw.preparing.inputs import list_scans
from mssw.preparing.prepare_options import PrepareReport, RunPages
from mssw.preparing.run_prepare import prepare
from mssw.workers.crew import Crew, cores, internal_error, run_all, run_alone, share_crew
from mssw.workset.folder import WorkSet, read_json, write_bytes, write_json
from mssw.workset.prepared_state import read_state
from mssw.workset.stack import sha256
from mssw.workset.state import receipt_of, recipe_of, sidecar


def remembered_row(workset: WorkSet, one: ClassPlan, refused: frozenset[str]) -> Row | None:
    """The row that an earlier run gave the class, where neither its plan, nor its files, nor its set changed since.

    Args:
        workset: the class's set.
        one: the class as the plan has it, its stacks and its section settled.
        refused: aliases that may not be given.
    """
    last = last_row(workset)
    with suppress(MsswError, KeyError, TypeError, OSError):  # a file is gone: the class is done again
        if last is not None and read_json(workset.batch)["standing"] == standing(
            workset, one, refused, given_hashes(one)
        ):
            return last
    return None


def last_row(workset: WorkSet) -> Row | None:
    """The row that an earlier run gave the class, whatever was done with it since; None where that cannot be told."""
    with suppress(MsswError, KeyError, TypeError, ValueError):
        return Row.from_json(read_json(workset.batch)["row"])
    return None


def given_hashes(one: ClassPlan) -> list[tuple[str, str]]:
    """Hash the files that are given for a class: name and SHA-256 of each.

    Raises:
        UnreadableError: a file cannot be read.
    """
    options = one.options
    given = list_scans(options.stacks) if options.stacks else []
    given += [path for path in (options.task, options.roster, options.also) if path is not None]
    return [(path.name, sha256(path)) for path in given]


def standing(workset: WorkSet, one: ClassPlan, refused: frozenset[str], given: list[tuple[str, str]]) -> str:
    """A hash of all that the class's outcome depends on, and of the outcome.

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
    said = sorted((key, value) for key, value in words.items() if key != "run_pages")
    return recipe_of(
        __version__,
        given,
        said,
        one.packet,
        sorted(refused),
        _hashes(workset),
    )


def _hashes(workset: WorkSet) -> list[tuple[str, str]]:
    """Everything that a person may have edited or decided, and everything that is shared."""
    own = [workset.settings, workset.intro, workset.key, workset.decisions, workset.also, workset.state]
    files = [*own, *(path for path in workset.shared.rglob("*") if path.is_file())]
    files += [workset.roster, workset.matches, workset.samples, workset.sheets]
    return [(_name(workset, path), sha256(path)) for path in sorted(set(files)) if path.is_file()]


def _name(workset: WorkSet, path: Path) -> str:
    return path.relative_to(workset.root).as_posix()


LOOKS_UP = 0.2  # seconds between two looks at ^C
PACKET_SECONDS = 300.0

Watch = Callable[[str, str, int, int], None]


@dataclass(frozen=True)
class BatchOptions:
    """How a plan is run.

    Attributes:
        workers: processes at a time; None for the number of cores.
        only: the classes to do; none for all.
        retry_held: whether held pages are looked at once more though nothing changed.
        run_pages: who looks at pages and covers works.
    """

    workers: int | None = None
    only: Sequence[str] = ()
    retry_held: bool = False
    run_pages: RunPages = run_all


class Batch:
    """A plan while it is run. As a context, it ends its workers with it.

    Args:
        plan: the classes.
        options: how.
    """

    def __init__(self, plan: Plan, options: BatchOptions) -> None:
        if options.workers is not None and options.workers < 1:
            raise UsageError("--workers must be 1 or more.")
        self.plan, self.options = plan, options
        self._wanted = _wanted(plan, options.only)
        self._crew = Crew(options.workers or cores())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._crew.__exit__(*error[:1])

    def check(self) -> Department:
        """Look at every input of the classes that are to be done, and at all rosters of the plan."""
        found = check_plan(self.plan, self._crew, self._wanted)
        names = NameSearch(found.spellings)
        shown = [replace(one, problems=tuple(shown_of(text, names) for text in one.problems)) for one in found.classes]
        return replace(found, classes=tuple(shown))

    def run(self, department: Department, watch: Watch) -> Iterator[Row]:
        """Do the classes, several at a time.

        Args:
            department: as ``check`` gave it.
            watch: told of each class's stages.

        Yields:
            Each class's row as it ends.
        """
        names = NameSearch(department.spellings)
        threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="class")
        pending: set[Future[Row]] = set()
        try:
            for one in department.classes:
                pending.add(threads.submit(self._one, one, department, watch))
            while pending:  # a wait without end would not hear ^C on every system
                done, pending = wait(pending, LOOKS_UP, FIRST_COMPLETED)
                for future in done:
                    yield without_names(future.result(), names)
        finally:
            if pending:
                self._crew.stop()
            threads.shutdown(cancel_futures=True)

    def _one(self, one: Checked, department: Department, watch: Watch) -> Row:
        """One class, whatever becomes of it."""
        start, name, into = time.monotonic(), one.plan.name, str(one.plan.into)
        if one.problems:
            return Row(name, into, ClassState.FAILED, problems=one.problems)
        try:
            with share_crew(self._crew):
                row = self._done(one, department, watch)
        except MsswError as error:
            row = Row(name, into, ClassState.FAILED, problems=(str(error),))
        except Exception as error:  # noqa: BLE001 - the others go on; a traceback could show a student's name
            row = Row(name, into, ClassState.FAILED, problems=(str(internal_error(error, "this class")),))
        return replace(row, seconds=round(time.monotonic() - start, 1))

    def _done(self, one: Checked, department: Department, watch: Watch) -> Row:
        """One class: prepared, and its packet bound, where it is not as an earlier run left it."""
        workset = WorkSet(one.plan.into)
        known = remembered_row(workset, one.plan, department.refused)
        if known is not None and not (self.options.retry_held and known.held):
            return replace(known, state=ClassState.UNCHANGED)
        if self.options.retry_held:
            _forget_held(workset)
        told = partial(watch, one.plan.name)
        options = replace(one.plan.options, refused=department.refused, run_pages=self.options.run_pages)
        given = given_hashes(one.plan)
        done: PrepareReport = prepare(workset.root, options, told)
        row = row_of(one.plan.name, str(one.plan.into), done)
        if one.plan.packet is not None:
            told("packet", 0, 1)
            row = _with_packet(row, workset.root, one.plan.packet)
        row = without_names(row, NameSearch(department.spellings))  # a later report shows it as it is kept
        kept = {"version": 1, "standing": standing(workset, one.plan, department.refused, given), "row": row.to_json()}
        write_json(workset.batch, kept, private=True)
        return row


def _wanted(plan: Plan, only: Sequence[str]) -> frozenset[str]:
    """The names of the classes to do.

    Raises:
        UsageError: the plan has no such class.
    """
    names = [one.name for one in plan.classes]
    for name in only:
        if name not in names:
            near = get_close_matches(name, names, 1)
            raise UsageError(f"--only {name}: the plan has no such class; it has {', '.join(near or names[:12])}.")
    return frozenset(only or names)


def _with_packet(row: Row, root: Path, options: PacketOptions) -> Row:
    """The row with what became of the packet, which has the same gates as ``mssw packet``."""
    if row.problems:
        return replace(row, problems=(*row.problems, "no packet was printed, until that is settled"))
    try:
        report: PacketReport = run_alone(_bound, root, options, seconds=PACKET_SECONDS)
    except MsswError as error:
        return replace(row, problems=(f"no packet was printed: {error}",))
    return replace(row, packet=report.copies)


def _bound(root: Path, options: PacketOptions) -> PacketReport:
    """In a worker: the packet of a set."""
    return bind_packet(WorkSet.open(root), options)


def _forget_held(workset: WorkSet) -> None:
    """Take away what was seen on held pages, so that they are looked at once more; what is shared stays meanwhile."""
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
    told = [
        done.get(one.name) or last_row(WorkSet(one.into)) or Row(one.name, str(one.into), ClassState.NOT_DONE)
        for one in plan.classes
    ]
    write_bytes(plan.report, report_bytes(told), private=True)
