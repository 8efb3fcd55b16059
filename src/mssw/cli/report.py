"""What commands print: data on stdout, all else on stderr, colour only on a terminal.

Several commands end in the same lines, which are here too: the command that comes next, and a reminder to destroy the
key. Only this reminder looks at the calendar.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mssw.cli.schema import VERSIONS
from mssw.core.shell_words import command_line, quote_word
from mssw.errors import MsswError

if TYPE_CHECKING:
    from mssw.next_step import NextStep

STAGE_TITLES = {
    "blank": "Finding the task",
    "find": "Reading pages",
    "cover": "Covering names",
    "scan": "Making the class",
    "transcripts": "Reading",
}
UNFOLDED_WIDTH = 160  # columns of a table that goes into a file or a pipe, where nothing needs to be folded


@dataclass
class _Output:
    """What this run prints and logs; ``set_output`` sets it."""

    quiet: bool = False
    write: Callable[[dict[str, str | float]], None] | None = None


_output = _Output()


@contextmanager
def set_output(*, quiet: bool, write: Callable[[dict[str, str | float]], None] | None = None) -> Iterator[None]:
    """Set what is printed and logged inside the context.

    Args:
        quiet: whether to leave out messages to the person. Errors, and what was asked for, are printed all the same.
        write: writes an entry of the log; None if there is no log.
    """
    outer = _Output(_output.quiet, _output.write)
    _output.quiet, _output.write = quiet, write
    try:
        yield
    finally:
        _output.quiet, _output.write = outer.quiet, outer.write


@contextmanager
def never_quiet() -> Iterator[None]:
    """Print even with ``--quiet``, while a person is asked: the questions are what the command is for."""
    with set_output(quiet=False, write=_output.write):
        yield


def log_event(event: str, **counts: float) -> None:
    """Write a line into the log, if there is one: only our own words and numbers, never text that was read."""
    if _output.write is not None:
        _output.write({"event": event, **counts})


def print_line(text: str = "") -> None:
    """Print a line for the person, on stderr."""
    if not _output.quiet:
        sys.stderr.write(text + "\n")


def print_json(value: Mapping[str, Any], schema: str, *, in_a_line: bool = False) -> None:
    """Print a report for a script, as JSON on stdout, at once.

    Args:
        value: the report.
        schema: its name in ``schemas``; the version of its shape is added.
        in_a_line: whether to print it on one line, because more reports follow.
    """
    named = {"schema": f"mssw.{schema}/{VERSIONS[schema]}", **value}
    sys.stdout.write(json.dumps(named, indent=None if in_a_line else 1, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def print_table(rows: Sequence[Sequence[str]], title: str = "", *, asked: bool = False) -> None:
    """Print a small table; the first row is its head.

    Args:
        rows: of equally many cells.
        title: a line above it.
        asked: whether the table is what the user asked for; then it goes to stdout, else to stderr.
    """
    if _output.quiet and not asked:
        return
    from rich.console import Console  # noqa: PLC0415 - slow to load, and --json does without
    from rich.table import Table  # noqa: PLC0415

    grid = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 3, 0, 0),
    )
    for place, head in enumerate(rows[0]):
        grid.add_column(head, justify="right" if place and _is_number(rows, place) else "left", overflow="fold")
    for row in rows[1:]:
        grid.add_row(*row)
    stream = sys.stdout if asked else sys.stderr
    console = Console(file=stream, highlight=False, markup=False, width=None if stream.isatty() else UNFOLDED_WIDTH)
    with console.capture() as drawn:
        console.print(grid)
    stream.write("".join(f"{line.rstrip()}\n" for line in drawn.get().splitlines()))


def _is_number(rows: Sequence[Sequence[str]], place: int) -> bool:
    return all(row[place].replace(",", "").isdigit() for row in rows[1:])


class _StageLog:
    """Logs when a stage begins, when it is done, and how long it took."""

    def __init__(self) -> None:
        self.begun: dict[str, float] = {}
        self.ended: set[str] = set()

    def tell(self, stage: str, done: int, of: int) -> None:
        """Take a report of progress, and log it if a stage begins or ends."""
        now = time.monotonic()
        if stage not in self.begun:
            self.begun[stage] = now
            log_event(f"stage {stage}", done=done, of=of)
        if done >= of and stage not in self.ended:
            self.ended.add(stage)
            log_event(f"stage {stage} done", of=of, seconds=round(now - self.begun[stage], 2))


@contextmanager
def show_progress(*, shown: bool = True) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each stage on a terminal, and log each stage; gives what to report progress to."""
    logged = _StageLog()
    if not (shown and sys.stderr.isatty()) or _output.quiet:
        yield logged.tell
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(40),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, of: int) -> None:
            logged.tell(stage, done, of)
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGE_TITLES.get(stage, stage), total=of or None)
            bars.update(tasks[stage], completed=done, total=of or None)

        yield tell


def print_next_step(root: Path, *, reviewed: bool = False) -> None:
    """Print the set's next command so that it can be pasted, and why; nothing where all is done or cannot be read.

    Args:
        root: the set.
        reviewed: whether the review was just closed, so that the step after it is wanted.
    """
    _print_steps([_find_step(root, reviewed=reviewed)])


def print_next_steps(roots: Sequence[Path]) -> None:
    """Print the next command of each set; if all are to be printed, the one command that makes one packet of them."""
    steps = [_find_step(root) for root in roots]
    if len(roots) > 1 and all(step is not None and step.step == "packet" for step in steps):
        command = command_line("mssw", "packet", *roots, "--copies", "8")
        print_line(f"Next:  {command}   (print one packet from the samples of all)")
    else:
        _print_steps(steps)


def _print_steps(steps: Sequence[NextStep | None]) -> None:
    for step in steps:
        if step is not None:
            print_line(f"Next:  {step.command}   ({step.why})")


def _find_step(root: Path, *, reviewed: bool = False) -> NextStep | None:
    from mssw.next_step import find_next_step  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    try:
        return find_next_step(WorkSet(root), reviewed=reviewed)
    except MsswError:  # the command that is asked for next says what is wrong
        return None


def remind_of_key(directory: Path) -> None:
    """Print a reminder to destroy a set's key, if its day has come and the key is still there."""
    from mssw.workset.folder import WorkSet  # noqa: PLC0415
    from mssw.workset.settings import read_settings  # noqa: PLC0415 - heavy libraries load only when they are used

    workset = WorkSet(directory)
    try:
        day = read_settings(workset.settings).destroy_key_after
    except MsswError:  # another command says what is wrong with it
        return
    today = date.today()  # noqa: DTZ011 - the day where the teacher is
    if day is not None and day <= today and workset.private.is_dir():
        print_line()
        here = quote_word(directory)
        print_line(f"You planned to destroy the key of this set on {day}:  mssw key destroy {here}")
        print_line(f"To be reminded later:  mssw key remind {here} {today + timedelta(days=365)}")
