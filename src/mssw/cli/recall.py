"""`mssw recall`: what to collect when a name slipped through, and the response goes on hold."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, aliases
from mssw.core.shell_words import command_line
from mssw.errors import UsageError

if TYPE_CHECKING:
    from mssw.exchange.recall_responses import RecallReport


def recall(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="[DIR] [ALIAS]...",
            help="The work set and the aliases; without DIR, the set here that has them.",
            show_default=False,
            autocompletion=aliases,
        ),
    ],
    *,
    everything: Annotated[bool, typer.Option("--all", help="Recall every response of the set.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what was handed out; put nothing on hold.")] = False,
    as_json: AsJson = False,
) -> None:
    """List everything that was handed out with a response, and put it on hold.

    Use it when a name slipped through. You see each packet, kit, sheet and zip that had the response, with its day,
    copies and receivers as far as they were noted, so that you can collect them. The response leaves shared/ at once,
    with the packets that show it, and is on hold. Cover the name in `mssw review` and approve its pages; the next
    packet has the mended one.

    With a set alone, you see all that was handed out of it, and nothing is put on hold.

    For example, one response; then the whole log of a set:

    \b
        mssw recall massive-air Andrea
        mssw recall massive-air
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.exchange.recall_responses import find_set, recall_responses  # noqa: PLC0415 - loads heavy libraries
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    if Path(what[0]).is_dir():
        directory, asked = Path(what[0]), what[1:]
    else:
        directory, asked = find_set(Path(), what), what
    if everything and asked:
        raise UsageError("give either aliases or --all, not both.")
    with report.show_progress(shown=not as_json) as progress:
        done = recall_responses(
            WorkSet.open(directory), asked, everything=everything, dry_run=dry_run, progress=progress
        )
    report.log_event("recall", responses=len(done.aliases), collect=len(done.collect))
    report.print_json(done.as_json(), "recall") if as_json else _print_recall(done, directory, dry_run=dry_run)


def _print_recall(done: "RecallReport", directory: Path, *, dry_run: bool) -> None:
    named = ", ".join(done.aliases) or "this set"
    if not done.collect:
        report.print_line(f"Nothing is noted as handed out with {named}.")
    else:
        head = ["Day", "What", "Files", "Copies", "Who has it", "Responses"]
        rows = [
            [
                one.day or "not noted",
                one.what + ("" if one.pictures else " (alias only)"),
                ", ".join(one.files),
                str(one.copies or "–"),
                ", ".join(one.receivers) or "not noted",
                _shorten(one.aliases),
            ]
            for one in done.collect
        ]
        report.print_table([head, *rows], title=f"To collect, for {named}", asked=True)
    for remark in done.remarks:
        report.print_line(remark)
    if not done.on_hold:
        return
    are = "would be" if dry_run else "is" if len(done.on_hold) == 1 else "are"
    report.print_line(f"{_shorten(done.on_hold)} {are} on hold{'' if dry_run else ' now'}.")
    if done.removed:
        report.print_line(f"Deleted from shared/: {', '.join(done.removed)}.")
    if done.done and (directory / "private" / "state.json").is_file():
        report.print_line(f"Cover the name and approve the pages:  {command_line('mssw', 'review', directory)}")


def _shorten(aliases_of: tuple[str, ...], most: int = 4) -> str:
    more = f" and {len(aliases_of) - most} more" if len(aliases_of) > most else ""
    return ", ".join(aliases_of[:most]) + more
