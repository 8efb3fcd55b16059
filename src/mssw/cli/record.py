"""`mssw record`: what the team found, on a sheet, in the terminal or from a colleague's file; printed, and taken back.

The command first, then how it reports each way.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.asking import do_with_words
from mssw.cli.command import AsJson, Browser, CheckOnly, NoInput, PaperOfSet, Templates, Words, WorkSetFolder
from mssw.core.option import Choice
from mssw.core.paper import Paper
from mssw.core.shell_words import command_line
from mssw.core.wording import count_noun
from mssw.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from mssw.record.kept_record import Change, RecordKeeper
    from mssw.record.record_rows import RecordRows
    from mssw.workset.folder import WorkSet

_SHOWN = 100  # letters of a headline in a table


class Prefer(Choice):
    """Which words stand where two records differ."""

    HERE = "here"
    FILE = "file"


def record(
    directory: WorkSetFolder,
    *,
    sheet: Annotated[
        bool, typer.Option("--sheet", help="Write shared/record.xlsx to fill in; if you filled it in, read it first.")
    ] = False,
    read: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Read this filled-in record.xlsx, for example typed from charts."),
    ] = None,
    terminal: Annotated[bool, typer.Option("--terminal", help="Write here in the terminal.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Show the record; change nothing.")] = False,
    printed: Annotated[
        bool, typer.Option("--print", help="Print it for the team: shared/record.pdf, and one for a screen reader.")
    ] = False,
    merge: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Bring in another recorder's record.xlsx or JSON; see where you differ."),
    ] = None,
    prefer: Annotated[
        Prefer | None,
        typer.Option(help="Where the two differ, keep these words.", show_default=False, case_sensitive=False),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last change back.")] = False,
    redo: Annotated[bool, typer.Option("--redo", help="Make the change again that you took back.")] = False,
    history: Annotated[bool, typer.Option("--history", help="List all changes.")] = False,
    by: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="Write your own claims before you meet. Only you see them for now."),
    ] = None,
    done: Annotated[bool, typer.Option("--done", help="With --as: your claims are complete.")] = False,
    together: Annotated[
        bool, typer.Option("--together", help="Bring everyone's claims into the record, once all are done.")
    ] = False,
    words: Words = None,
    paper: PaperOfSet = None,
    templates: Templates = None,
    browser: Browser = True,
    dry_run: CheckOnly = False,
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Keep what your team found: claims with evidence, patterns, learning gaps, next steps, and a reflection.

    A page opens in your browser, with the samples beside the form; nothing leaves this computer. Draw a box on a page
    to use that place as evidence. With --no-input or --json, the record is only shown.

    Responses go by their alias. A claim without evidence is kept, and marked. What you type is checked against the
    class list, and a student's name is never repeated. If a word only may be one, as in "a Rose window", you are asked;
    a script says so with --words Rose. Every change can be taken back.

    Before you meet, each of you can write claims alone with --as. Nobody sees the others' claims until all are done.

    For example: on the page; on a sheet; in the terminal; printed for the team; then two colleagues write claims alone:

    \b
        mssw record massive-air
        mssw record massive-air --sheet
        mssw record massive-air --terminal
        mssw record massive-air --print
        mssw record massive-air --as MR --terminal
        mssw record massive-air --as MR --done
        mssw record massive-air --together
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.record.kept_record import RecordKeeper  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    ways = {
        "--sheet": sheet or read is not None,
        "--terminal": terminal,
        "--list": listed,
        "--print": printed,
        "--merge": merge is not None,
        "--undo": undo,
        "--redo": redo,
        "--history": history,
        "--done": done,
        "--together": together,
    }
    asked = [way for way, is_asked in ways.items() if is_asked]
    _check_ways(asked, by=by, prefer=prefer, dry_run=dry_run, no_input=no_input)
    by = by or ""
    workset = WorkSet.open(directory)

    def do() -> None:
        if printed:
            _print(workset, paper, templates, dry_run=dry_run, as_json=as_json)
            return
        keeper = RecordKeeper(workset, by, alone=bool(by), dry_run=dry_run)
        if not keeper.names and not (listed or history):
            report.print_line(
                "There is no class list in private/, so mssw cannot search for names. Check your own words again."
            )
        choice = prefer.value if prefer else ""
        if ways["--sheet"]:
            _exchange(keeper, read, choice, as_json=as_json)
        elif merge is not None:
            _merge(keeper, merge, choice, as_json=as_json)
        elif undo or redo or history:
            _step_back(keeper, undo=undo, redo=redo, as_json=as_json)
        else:
            if not asked and not (no_input or as_json or dry_run):
                _open_page(keeper, browser=browser)
            _write(keeper, terminal=terminal, done=done, together=together)
            _show(keeper, as_json=as_json)

    do_with_words(directory, words or (), do, may_ask=not no_input, dry_run=dry_run)


def _check_ways(asked: list[str], *, by: str | None, prefer: Prefer | None, dry_run: bool, no_input: bool) -> None:
    """Refuse options that do not go together.

    Raises:
        UsageError: they do not.
    """
    if by is not None and not by.strip():
        raise UsageError("--as needs a name, for example `--as MR`.")
    if len(asked) > 1:
        raise UsageError(f"{' and '.join(asked)} cannot be combined; use one at a time.")
    alone = {"--sheet", "--terminal", "--list", "--done"}
    if by and set(asked) - alone:
        raise UsageError(f"{asked[0]} is for the team's record; leave out --as.")
    if "--done" in asked and not by:
        raise UsageError("--done needs your name, for example `--as MR --done`.")
    if prefer and not set(asked) & {"--merge", "--sheet"}:
        raise UsageError("--prefer only works with --merge, --sheet or --read.")
    if "--terminal" in asked and (no_input or dry_run):
        raise UsageError("--terminal asks, and saves at once; leave out --no-input and --dry-run, or use --sheet.")


def _open_page(keeper: RecordKeeper, *, browser: bool) -> None:
    from mssw.web.record_page import record_site  # noqa: PLC0415
    from mssw.web.site import serve  # noqa: PLC0415

    serve(record_site(keeper), browser=browser, say=report.print_line)


def _exchange(keeper: RecordKeeper, read: Path | None, prefer: str, *, as_json: bool) -> None:
    from mssw.record.record_book import RecordProblemsError, exchange_book  # noqa: PLC0415
    from mssw.record.record_rows import rows_to_json  # noqa: PLC0415

    try:
        done = exchange_book(keeper, read=read, prefer=prefer)
    except RecordProblemsError as error:
        if not as_json:
            raise
        report.print_json({"problems": list(error.problems)}, "record-problems")
        raise typer.Exit(int(ExitCode.UNREADABLE)) from None
    _log("sheet", done.rows)
    if as_json:
        value = {"sheet": done.sheet, "read": done.read, "kept": done.kept, "written": done.written}
        report.print_json({**value, "record": rows_to_json(done.rows)}, "record-sheet")
        return
    if done.read:
        report.print_line(f"Read {done.read}.")
    if done.kept and done.written:
        report.print_line(f"Your workbook as you typed it is saved in {done.kept}.")
    report.print_line(
        f"{done.sheet} is ready; the record so far is filled in. Complete it, then run this again."
        if done.written
        else f"{done.sheet} would be written."
    )
    _print_counts(done.rows)


def _print(workset: WorkSet, paper: Paper | None, templates: Path | None, *, dry_run: bool, as_json: bool) -> None:
    from mssw.record.record_print import print_record  # noqa: PLC0415

    done = print_record(workset, paper=paper.value if paper else None, templates=templates, dry_run=dry_run)
    report.log_event("record print", rows=done.rows, pages=done.pages)
    if as_json:
        report.print_json(asdict(done), "record-print")
        return
    pages = count_noun(done.pages, "page")
    report.print_line(f"{done.files[0]} {'is' if done.written else 'would be'} ready: {pages}.")
    report.print_line(f"For a screen or a screen reader: {done.files[1]}")
    _print_open(done.without_evidence)


def _merge(keeper: RecordKeeper, file: Path, prefer: str, *, as_json: bool) -> None:
    from mssw.record.kept_record import merge_file, read_record_json  # noqa: PLC0415
    from mssw.record.record_book import RecordProblemsError, read_record_book  # noqa: PLC0415
    from mssw.record.record_rows import rows_to_json  # noqa: PLC0415

    try:
        if file.suffix.casefold() == ".json":
            there = read_record_json(file)
        else:
            there = read_record_book(file, keeper.pages, keeper.names)
    except RecordProblemsError as error:
        if not as_json:
            raise
        report.print_json({"problems": list(error.problems)}, "record-problems")
        raise typer.Exit(int(ExitCode.UNREADABLE)) from None
    done = merge_file(keeper, there, file.name, prefer=prefer)
    _log("merge", done.rows)
    if as_json:
        differences = [asdict(one) for one in done.differences]
        value = {"file": done.file, "differences": differences, "written": done.written}
        report.print_json({**value, "record": rows_to_json(done.rows)}, "record-merge")
    elif done.differences:
        rows = [[one.label, one.field, one.here, one.there] for one in done.differences]
        report.print_table([["Row", "field", "here", f"in {done.file}"], *rows], asked=True)
        report.print_line("Nothing was taken. Agree on the words, or add --prefer here or --prefer file.")
    else:
        report.print_line(f"{done.file} {'is' if done.written else 'would be'} merged into the record.")
        _print_counts(done.rows)
    if done.differences:
        raise typer.Exit(int(ExitCode.FINDINGS))


def _step_back(keeper: RecordKeeper, *, undo: bool, redo: bool, as_json: bool) -> None:
    from mssw.record.kept_record import read_history  # noqa: PLC0415

    change: Change | None = keeper.undo() if undo else keeper.redo() if redo else None
    now = read_history(keeper.workset)
    if as_json:
        changes = [{"number": one.number, "by": one.by, "what": one.what, "parent": one.parent} for one in now.changes]
        report.print_json({"head": now.head, "changes": changes}, "record-history")
        return
    if change is not None:
        report.print_line(f"{'Taken back' if undo else 'Made again'}: change {change.number}, {change.what}.")
        return
    if not now.changes:
        report.print_line("Nothing was changed yet.")
        return
    shown = {0}
    at = now.head
    while at:
        shown.add(at)
        at = now.changes[at - 1].parent
    rows = [[str(one.number), one.what, one.by, "" if one.number in shown else "taken back"] for one in now.changes]
    report.print_table([["Change", "what", "by", ""], *rows], asked=True)


def _write(keeper: RecordKeeper, *, terminal: bool, done: bool, together: bool) -> None:
    """Write in the terminal, say that a teacher is done, or bring claims together."""
    from mssw.record.kept_record import bring_together, finish_alone  # noqa: PLC0415

    if terminal:
        from mssw.cli.record_terminal import record_in_terminal  # noqa: PLC0415

        record_in_terminal(keeper)
    elif done:
        finish_alone(keeper)
        report.print_line(f"Your claims are complete, {keeper.by}. They are shown when everyone is done.")
    elif together:
        everyone = bring_together(keeper)
        report.print_line(f"The claims of {', '.join(one.by for one in everyone)} are together in the record.")


def _show(keeper: RecordKeeper, *, as_json: bool) -> None:
    from mssw.record.kept_record import list_alone  # noqa: PLC0415
    from mssw.record.record_rows import rows_to_json, without_evidence  # noqa: PLC0415

    rows = keeper.rows
    _log("list", rows)
    alone = [] if keeper.alone else [{"by": one.by, "done": one.done} for one in list_alone(keeper.workset)]
    if as_json:
        value: dict[str, Any] = {"by": keeper.by, "record": rows_to_json(rows)}
        value |= {"without_evidence": list(without_evidence(rows)), "alone": alone}
        report.print_json(value, "record")
        return
    print_rows(rows)
    for one in alone:
        report.print_line(f"{one['by']} {'has written claims' if one['done'] else 'is writing claims'} alone.")
    if rows.is_empty:
        begin = command_line("mssw", "record", keeper.workset.root, *(["--as", keeper.by] if keeper.alone else []))
        nothing = "You have no claims" if keeper.alone else "Nothing is recorded"
        report.print_line(f"{nothing} yet. Write on a sheet or in the terminal:")
        report.print_line(f"  {begin} --sheet")
        report.print_line(f"  {begin} --terminal")


def print_rows(rows: RecordRows) -> None:
    """The record as a table, with the evidence of each row."""
    from mssw.record.record_rows import KINDS, labelled_rows, without_evidence  # noqa: PLC0415

    table = [
        [label, _cut(str(getattr(row, kind.headline))), _evidence(row)]
        for label, kind, row in labelled_rows(rows)
        if kind is not KINDS["reflections"]
    ]
    if table:
        report.print_table([["Row", "what", "evidence"], *table], asked=True)
    for one in rows.reflections:
        typer.echo(f"{one.question}  {one.answer}")
    _print_open(without_evidence(rows))


def _evidence(row: Any) -> str:
    return "; ".join(cite.where + (" (against)" if cite.side == "against" else "") for cite in row.cites)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _print_counts(rows: RecordRows) -> None:
    from mssw.record.record_rows import KINDS, without_evidence  # noqa: PLC0415

    counts = [count_noun(len(rows.of(kind.name)), kind.one) for kind in KINDS.values() if rows.of(kind.name)]
    if counts:
        report.print_line(f"The record has {', '.join(counts)}.")
    _print_open(without_evidence(rows))


def _print_open(labels: tuple[str, ...]) -> None:
    if labels:
        report.print_line(f"No evidence yet: {', '.join(labels)}.")


def _log(what: str, rows: RecordRows) -> None:
    from mssw.record.record_rows import KINDS  # noqa: PLC0415

    report.log_event(f"record {what}", **{kind: len(rows.of(kind)) for kind in KINDS})
