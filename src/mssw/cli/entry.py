"""`mssw entry`: student work that is not on paper, by reference: a video, a recording, a portfolio."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.asking import do_with_words
from mssw.cli.command import AsJson, NoInput, Words, WorkSetFolder
from mssw.errors import UsageError

if TYPE_CHECKING:
    from mssw.exchange.entry_pages import EntryReport


def entry(
    directory: WorkSetFolder,
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="DESCRIPTION",
            help="What it is, for colleagues who have not seen it; leave it out to list the entries.",
            show_default=False,
        ),
    ] = None,
    *,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="video, audio, portfolio, model or other.", show_default=True)
    ] = "video",
    minutes: Annotated[int, typer.Option(metavar="N", help="How long it takes to look at.", show_default=False)] = 0,
    kept: Annotated[
        str,
        typer.Option(
            metavar="PLACE", help="Where it is kept; it is printed unless it may name a student.", show_default=False
        ),
    ] = "",
    remove: Annotated[
        str, typer.Option(metavar="ALIAS", help="Take an entry away. The thing itself stays where it is.")
    ] = "",
    words: Words = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the entry; write nothing.")] = False,
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Add a video, a portfolio or other student work by reference, with an alias.

    Nothing is copied: the entry says what it is, how long it takes, and where it is kept. Its page is in shared/work
    like a response, so you can sort it, choose it and print it in the packet. A folder that is no set yet becomes one,
    for a class with nothing on paper.

    Faces and voices identify students, and mssw cannot cover them. Show a video only where families have allowed that,
    and watch it together.

    For example, add a video; then list all entries; then take one away:

    \b
        mssw entry massive-air "Two students weigh a balloon and argue" --minutes 4 --kept "school drive, video 12"
        mssw entry massive-air
        mssw entry massive-air --remove Onni
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.exchange import entry_pages  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    if what is not None and remove:
        raise UsageError("give either a description to add or --remove, not both.")
    if what is not None:
        workset = WorkSet(directory)
        WorkSet.check_place(directory)
        add = partial(entry_pages.add_entry, workset, what, kind, minutes=minutes, kept=kept, dry_run=dry_run)
        done = do_with_words(directory, words or (), add, may_ask=not no_input, dry_run=dry_run)
    elif remove:
        done = entry_pages.remove_entry(WorkSet.open(directory), remove, dry_run=dry_run)
    else:
        done = entry_pages.list_entries(WorkSet.open(directory))
    report.log_event("entry", entries=len(done.entries))
    if as_json:
        report.print_json(done.as_json(), "entry")
        return
    _print_entries(done, directory, asked=what is None and not remove)


def _print_entries(done: "EntryReport", directory: Path, *, asked: bool) -> None:
    if asked and done.entries:
        rows = [[one.alias, str(one.kind), str(one.minutes or "–"), one.what, one.kept] for one in done.entries]
        report.print_table([["Alias", "Kind", "Min", "What it is", "Kept (for you alone)"], *rows], asked=True)
    elif asked:
        report.print_line(f"{directory} has no entries yet.")
    if done.added:
        report.print_line(f"{done.added} is added: {directory / 'shared' / 'work' / f'{done.added}.pdf'}.")
    if done.removed:
        report.print_line(f"{done.removed} is {'gone' if done.written else 'the entry that would go'}.")
    for remark in done.remarks:
        report.print_line(remark)
