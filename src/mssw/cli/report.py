"""How commands speak: data on stdout, all else on stderr, colour only where a person looks at it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mssw.cli.schemas import VERSIONS

STAGES = {"blank": "Finding the task", "find": "Reading pages", "cover": "Covering names", "scan": "Making the class"}
WIDE = 160  # columns of a table that goes into a file or a pipe, which no window folds


@dataclass
class _Voice:
    """How this run speaks; ``voiced`` sets it."""

    quiet: bool = False
    write: Callable[[dict[str, str | float]], None] | None = None


_voice = _Voice()


@contextmanager
def voiced(*, quiet: bool, write: Callable[[dict[str, str | float]], None] | None = None) -> Iterator[None]:
    """Speak like that for a while.

    Args:
        quiet: whether messages to the person are left out; what was asked for and errors are not.
        write: where the log goes; None without one.
    """
    before = _Voice(_voice.quiet, _voice.write)
    _voice.quiet, _voice.write = quiet, write
    try:
        yield
    finally:
        _voice.quiet, _voice.write = before.quiet, before.write


@contextmanager
def aloud() -> Iterator[None]:
    """Speak even so, while a person is asked: questions and their choices are what the command is for."""
    with voiced(quiet=False, write=_voice.write):
        yield


def note(event: str, **counts: float) -> None:
    """A line in the log, where one is kept: one of our own words and numbers, never a text that was read."""
    if _voice.write is not None:
        _voice.write({"event": event, **counts})


def say(text: str = "") -> None:
    """A line for the person, on stderr."""
    if not _voice.quiet:
        sys.stderr.write(text + "\n")


def give(value: Mapping[str, Any], schema: str, *, in_a_line: bool = False) -> None:
    """A report for a script, as JSON on stdout, at once.

    Args:
        value: the report.
        schema: its name in ``schemas``; the version of its shape is added.
        in_a_line: whether further reports follow, each in its line.
    """
    named = {"schema": f"mssw.{schema}/{VERSIONS[schema]}", **value}
    sys.stdout.write(json.dumps(named, indent=None if in_a_line else 1, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "work"), count(2, "work"), count(0, "copy", "copies")
    ('1 work', '2 works', '0 copies')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def table(rows: Sequence[Sequence[str]], title: str = "", *, asked: bool = False) -> None:
    """A small table; the first row is its head.

    Args:
        rows: of equally many cells.
        title: a line above it.
        asked: whether the table is what the command was asked for, and so goes to stdout; else it goes to stderr.
    """
    if _voice.quiet and not asked:
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
    console = Console(file=stream, highlight=False, markup=False, width=None if stream.isatty() else WIDE)
    with console.capture() as drawn:
        console.print(grid)
    stream.write("".join(f"{line.rstrip()}\n" for line in drawn.get().splitlines()))


def _is_number(rows: Sequence[Sequence[str]], place: int) -> bool:
    return all(row[place].replace(",", "").isdigit() for row in rows[1:])


class _Stages:
    """Writes into the log when a stage begins and when it is done, and how long it took."""

    def __init__(self) -> None:
        self.begun: dict[str, float] = {}
        self.ended: set[str] = set()

    def tell(self, stage: str, done: int, of: int) -> None:
        """Hear of progress."""
        now = time.monotonic()
        if stage not in self.begun:
            self.begun[stage] = now
            note(f"stage {stage}", done=done, of=of)
        if done >= of and stage not in self.ended:
            self.ended.add(stage)
            note(f"stage {stage} done", of=of, seconds=round(now - self.begun[stage], 2))


@contextmanager
def progress(*, shown: bool = True) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage on a terminal, and lines in the log; elsewhere nothing."""
    logged = _Stages()
    if not (shown and sys.stderr.isatty()) or _voice.quiet:
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
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=of or None)
            bars.update(tasks[stage], completed=done, total=of or None)

        yield tell
