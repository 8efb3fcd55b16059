"""`mssw batch`: many classes in one run.

The command first, then what it prints, and its progress: a bar for all classes, and one for each that is running.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, Quiet
from mssw.core.shell_words import command_line, quote_word
from mssw.core.wording import count_noun
from mssw.errors import ExitCode, WouldOverwriteError

if TYPE_CHECKING:
    from mssw.department.class_rows import Row
    from mssw.department.plan_check import Checked, Department
    from mssw.department.run_batch import Batch


WatchStage = Callable[[str, str, int, int], None]
WatchEnd = Callable[["Row"], None]
STAGE_TITLES = report.STAGE_TITLES | {"packet": "Printing the packet"}


def batch(
    plan: Annotated[
        Path | None,
        typer.Argument(metavar="PLAN", help="The plan (a TOML file), or a folder of classes.", show_default=False),
    ] = None,
    *,
    init: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write a plan.toml for the classes in this folder.", show_default=False),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="CLASS", help="Prepare only this class. Can be repeated.", show_default=False),
    ] = None,
    retry_held: Annotated[
        bool, typer.Option("--retry-held", help="Look again at pages that are on hold, even if nothing changed.")
    ] = False,
    executor: Annotated[
        str | None,
        typer.Option(
            metavar="dask://HOST:PORT",
            help="Read the pages on your Dask cluster instead of here.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="How many processes to run at once; by default one per core.", show_default=False
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the plan and every input; write nothing.")] = False,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Never ask questions. (This command asks none; for scripts.)")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Prepare many classes in one run: a whole department, overnight.

    The plan lists each class with its stack, and what all classes share: task, roster, settings. It is checked
    completely before anything starts. Then the classes run side by side, and if one fails, the others continue. It is
    safe to run again: it picks up where it stopped and does nothing twice. No alias resembles the name of any student
    in the plan.

    The report is written to report.xlsx beside the work sets. If stdout is a pipe or a file, it also gets one line of
    JSON for each class. The exit code is 0, or 1 if a class failed or responses are on hold.

    For example, write a plan, check it, run it, and later run one class alone:

    \b
        mssw batch --init department
        mssw batch department/plan.toml --dry-run
        mssw batch department/plan.toml
        mssw batch department/plan.toml --only 5b --retry-held
    """  # noqa: D301 - the backspace keeps an example on its line
    del no_input
    if (plan is None) == (init is None):
        raise typer.BadParameter("give either a PLAN, or --init FOLDER to write one.")
    if init is not None:
        _write_plan(init, dry_run=dry_run)
        return
    from mssw.department.plan import find_plan  # noqa: PLC0415
    from mssw.department.run_batch import Batch, BatchOptions  # noqa: PLC0415 - heavy libraries load only when they are used

    with _page_runner(executor) as run_pages:
        options = BatchOptions(workers, tuple(only or ()), retry_held, **run_pages)
        with Batch(find_plan(plan or Path()), options) as running:
            lines = as_json or not sys.stdout.isatty()
            code = _check_only(running, lines=lines) if dry_run else _run(running, lines=lines, quiet=quiet)
    if code:
        raise typer.Exit(int(code))


def _write_plan(folder: Path, *, dry_run: bool) -> None:
    """Write a plan for the classes in a folder."""
    from mssw.department.plan import (  # noqa: PLC0415
        PLAN,
        find_classes,
        plan_text,
    )
    from mssw.workset.folder import write_bytes  # noqa: PLC0415

    found, path = find_classes(folder), folder / PLAN
    text = plan_text(found)
    if dry_run:
        sys.stdout.write(text)
        return
    if path.exists():
        raise WouldOverwriteError(f"{path} already exists; edit it, or move it away first.")
    write_bytes(path, text.encode(), private=False)
    report.print_line(f"{path} lists {count_noun(len(found.classes), 'class', 'classes')}. Read it, then try:")
    report.print_line(f"  mssw batch {quote_word(path)} --dry-run")
    for one in found.left:
        report.print_line(f"Left out: {one}.")


@contextmanager
def _page_runner(executor: str | None) -> Iterator[dict[str, Any]]:
    """What looks at the pages: this machine, or a cluster if one is given."""
    if executor is None:
        yield {}
        return
    from mssw.department.cluster import connect_cluster  # noqa: PLC0415

    with connect_cluster(executor) as run_pages:
        yield {"run_pages": run_pages}


def _check_only(running: Batch, *, lines: bool) -> ExitCode:
    """Check the plan, and print what would be done."""
    department = running.check()
    for one in department.classes:
        if lines:
            planned = {"class": one.plan.name, "pages": one.pages, "students": one.students}
            report.print_json({**planned, "problems": list(one.problems)}, "batch-plan", in_a_line=True)
    if not lines:
        head = [["Class", "pages", "students", "work set"]]
        rows = [[one.plan.name, str(one.pages), _students(one), str(one.plan.into)] for one in department.classes]
        report.print_table([*head, *rows], asked=True)
    problems = _print_problems(department)
    report.print_line("Nothing was written." if problems else "Everything looks good. Nothing was written.")
    return ExitCode.FINDINGS if problems else ExitCode.DONE


def _students(one: Checked) -> str:
    return str(one.students) if one.students or one.problems else "no class list"


def _print_problems(department: Department) -> int:
    """Print at the start, before hours go by, why some classes cannot be prepared."""
    wrong = [one for one in department.classes if one.problems]
    if wrong:
        report.print_line(f"{count_noun(len(wrong), 'class', 'classes')} cannot be prepared with this plan:")
        for one in wrong:
            for problem in one.problems:
                report.print_line(f"  {problem}")
        report.print_line()
    return len(wrong)


def _run(running: Batch, *, lines: bool, quiet: bool) -> ExitCode:
    """Check, do, and report."""
    from mssw.department.run_batch import write_report  # noqa: PLC0415
    from mssw.workset.folder import NotWrittenError  # noqa: PLC0415

    if not quiet:
        many = count_noun(len(running.plan.classes), "class", "classes")
        report.print_line(f"Checking the plan's {many} …")
    department = running.check()
    _print_problems(department)
    rows: list[Row] = []
    write_report(running.plan, rows)  # if it cannot be written, say so before a night's work
    with show_classes(department, shown=not quiet) as (watch, ended):
        for row in running.run(department, watch):
            rows.append(row)
            ended(row)
            scanned = row.pages.get("scanned", 0)
            report.log_event(
                "class", pages=scanned, works=row.works, released=row.released, held=row.held, seconds=row.seconds
            )
            with suppress(NotWrittenError):  # somebody has it open in Excel: the classes go on
                write_report(running.plan, rows)
            if lines:
                report.print_json(row.to_json(), "batch", in_a_line=True)
    write_report(running.plan, rows)
    if not quiet:
        _print_summary(rows, running)
    return ExitCode.DONE if all(row.is_well for row in rows) else ExitCode.FINDINGS


def _print_summary(rows: Sequence[Row], running: Batch) -> None:
    """Print what became of all classes, and last what a person has to do."""
    order = {one.name: place for place, one in enumerate(running.plan.classes)}
    rows = sorted(rows, key=lambda row: order[row.name])
    report.print_line()
    cells = [
        [row.name, str(row.state), *(str(n) for n in (row.pages.get("scanned", 0), row.works, row.released, row.held))]
        for row in rows
    ]
    report.print_table([["Class", "status", "pages", "responses", "released", "on hold"], *cells])
    held = [row for row in rows if row.held]
    wrong = [row for row in rows if row.problems]
    report.print_line()
    if held:
        count = count_noun(sum(row.held for row in held), "response")
        parents = {Path(row.into).parent for row in held}
        folder = parents.pop() if len(held) > 1 and len(parents) == 1 else Path(held[0].into)
        review = command_line("mssw", "review", folder)
        report.print_line(f"{count} on hold, in {', '.join(row.name for row in held)}. Review with `{review}`.")
    without = [row.name for row in rows if row.pages and row.matched is None]
    if without:
        report.print_line(f"No class list: {', '.join(without)}. No name was looked for in what these students wrote.")
    if wrong:
        report.print_line("Needs your attention:")
        for row in wrong:
            for problem in row.problems:
                report.print_line(f"  {problem}" if f"({row.name})" in problem else f"  {row.name}: {problem}")
    report.print_line(f"The report: {running.plan.report}")


@contextmanager
def show_classes(department: Department, *, shown: bool) -> Iterator[tuple[WatchStage, WatchEnd]]:
    """Show each class's stages and its end: bars on a terminal, elsewhere a line for each class."""
    if not shown:
        yield (lambda *_: None), (lambda _: None)
    elif sys.stderr.isatty():
        with _class_bars(department) as callbacks:
            yield callbacks
    else:
        yield (lambda *_: None), (lambda row: report.print_line(_class_line(row)))


def _class_line(row: Row) -> str:
    """One line about a class that has ended."""
    if not row.pages:
        return f"{row.name}: {row.state}"
    counts = f"{count_noun(row.pages.get('scanned', 0), 'page')}, {count_noun(row.works, 'response')}"
    held = f", {row.held} on hold" if row.held else ""
    return f"{row.name}: {row.state}, {counts}{held}, {row.seconds:.0f} s"


@contextmanager
def _class_bars(department: Department) -> Iterator[tuple[WatchStage, WatchEnd]]:
    from rich.console import Console  # noqa: PLC0415 - slow to load, and only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    pages = {one.plan.name: one.pages for one in department.classes}
    seen = dict.fromkeys(pages, 0)
    columns = (TextColumn("{task.description:<36}"), BarColumn(36), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True, highlight=False, markup=False)) as bars:
        whole = bars.add_task("Pages read, all classes", total=sum(pages.values()) or None)
        running: dict[str, Any] = {}

        def watch(name: str, stage: str, done: int, of: int) -> None:
            title = f"  {name}: {STAGE_TITLES.get(stage, stage)}"
            if name not in running:
                running[name] = bars.add_task(title, total=of or None)
            bars.update(running[name], description=title, completed=done, total=of or None)
            if stage == "find":
                seen[name] = done
                bars.update(whole, completed=sum(seen.values()))

        def ended(row: Row) -> None:
            if row.name in running:
                bars.remove_task(running.pop(row.name))
            seen[row.name] = pages.get(row.name, 0)
            bars.update(whole, completed=sum(seen.values()))
            bars.console.print(_class_line(row))

        yield watch, ended
