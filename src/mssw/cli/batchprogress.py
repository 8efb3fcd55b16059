"""How far a department has come: a bar for all, and one for each class that is under way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mssw.cli import report

if TYPE_CHECKING:
    from mssw.department.class_rows import Row
    from mssw.department.plan_check import Department

Watch = Callable[[str, str, int, int], None]
Ended = Callable[["Row"], None]
STAGES = report.STAGES | {"packet": "Printing the packet"}


@contextmanager
def watching(department: Department, *, shown: bool) -> Iterator[tuple[Watch, Ended]]:
    """What to tell of each class's stages, and of its end: bars on a terminal, elsewhere a line for each class."""
    if not shown:
        yield (lambda *_: None), (lambda _: None)
    elif sys.stderr.isatty():
        with _bars(department) as told:
            yield told
    else:
        yield (lambda *_: None), (lambda row: report.say(_line(row)))


def _line(row: Row) -> str:
    """A class's end in a line."""
    if not row.pages:
        return f"{row.name}: {row.state}"
    counts = f"{report.count(row.pages.get('scanned', 0), 'page')}, {report.count(row.works, 'work')}"
    held = f", {row.held} held" if row.held else ""
    return f"{row.name}: {row.state}, {counts}{held}, {row.seconds:.0f} s"


@contextmanager
def _bars(department: Department) -> Iterator[tuple[Watch, Ended]]:
    from rich.console import Console  # noqa: PLC0415 - slow to load, and only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    pages = {one.plan.name: one.pages for one in department.classes}
    seen = dict.fromkeys(pages, 0)
    columns = (TextColumn("{task.description:<36}"), BarColumn(36), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True, highlight=False, markup=False)) as bars:
        whole = bars.add_task("Pages read, of all classes", total=sum(pages.values()) or None)
        running: dict[str, Any] = {}

        def watch(name: str, stage: str, done: int, of: int) -> None:
            said = f"  {name}: {STAGES.get(stage, stage)}"
            if name not in running:
                running[name] = bars.add_task(said, total=of or None)
            bars.update(running[name], description=said, completed=done, total=of or None)
            if stage == "find":
                seen[name] = done
                bars.update(whole, completed=sum(seen.values()))

        def ended(row: Row) -> None:
            if row.name in running:
                bars.remove_task(running.pop(row.name))
            seen[row.name] = pages.get(row.name, 0)
            bars.update(whole, completed=sum(seen.values()))
            bars.console.print(_line(row))

        yield watch, ended
