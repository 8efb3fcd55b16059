"""`mssw choose`: 9 to 12 samples across piles and levels, each with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, Templates, aliases
from mssw.core.shell_words import quote_word

if TYPE_CHECKING:
    from mssw.choosing.choose_samples import ChoiceReport, Chosen, LeftOut


def choose(
    directories: Annotated[
        list[Path], typer.Argument(metavar="DIR", help="The work set; add more with --sets.", show_default=False)
    ],
    *,
    count: Annotated[
        int | None,
        typer.Option(metavar="9..12", help="How many samples; by default 12.", show_default=False),
    ] = None,
    lock: Annotated[
        list[str] | None,
        typer.Option(
            "--lock",
            metavar="ALIAS",
            help="Include this response.",
            show_default=False,
            autocompletion=aliases,
        ),
    ] = None,
    ban: Annotated[
        list[str] | None,
        typer.Option(
            "--ban",
            metavar="ALIAS",
            help="Leave this response out.",
            show_default=False,
            autocompletion=aliases,
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option("--as", metavar="NAME", help="Use this teacher's sort.", show_default=False),
    ] = "",
    sets: Annotated[
        list[Path] | None,
        typer.Option(
            "--sets",
            metavar="DIR",
            help="Also choose from this set of another class with the same task; at most 12 samples in all.",
            show_default=False,
        ),
    ] = None,
    ledger: Annotated[
        bool,
        typer.Option(
            "--ledger/--no-ledger", help="Remember (without names) which students were chosen, for the next time."
        ),
    ] = True,
    templates: Templates = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be chosen; write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Choose 9 to 12 samples from a sorted class, with a reason for each.

    Every pile and every level is represented, unusual ideas are kept, and no pile dominates. The choice is based on
    your piles and levels; mssw does not judge the work. If several responses share a pile and a level, the amount of
    writing decides which one is typical and which one is most different. For each response that is not chosen, you see
    the sample most like it.

    The choice goes to shared/samples.json, which `mssw packet` uses, and the reasons to private/why-these.pdf. With
    more than 12 piles, the exit code is 1, and you are asked to merge some.

    For example, 12 samples; then 10, with one swapped for another; then from two classes together:

    \b
        mssw choose massive-air
        mssw choose massive-air --count 10 --lock Lior --ban Kai
        mssw choose massive-air --sets massive-air-5c
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw import api as library  # noqa: PLC0415 - heavy libraries load only when they are used

    if len(directories) > 1 and not sets:
        raise typer.BadParameter("give one DIR; to choose from two sets together, put --sets before the second.")
    places = list({path.resolve(): path for path in (*directories, *(sets or ()))}.values())
    if ledger and not dry_run:
        _announce_ledgers(places)
    done = library.choose(
        places,
        count=count,
        lock=lock or (),
        ban=ban or (),
        by=by,
        ledger=ledger,
        templates=templates,
        dry_run=dry_run,
    )
    report.log_event("choose", sets=len(places), samples=len(done.samples), left_out=len(done.left_out))
    report.print_json(done.as_json(), "choose") if as_json else _print_choice(done, places)


def _announce_ledgers(places: list[Path]) -> None:
    """Say where it is remembered who was chosen, before that file is made."""
    from mssw.workset.folder import WorkSet  # noqa: PLC0415
    from mssw.workset.ledger import LedgerFolder  # noqa: PLC0415

    folders = [LedgerFolder(WorkSet(path)) for path in places]
    for path in dict.fromkeys(one.ledger for one in folders if one.is_apart and not one.is_kept):
        report.print_line(f"A new file, {path}, will remember without names which students are chosen.")
        report.print_line("Next time you see who was chosen lately. To leave that out: --no-ledger.")


def _print_choice(done: ChoiceReport, directories: list[Path]) -> None:
    """The choice for a person."""
    head = ["Sample", "Pile", "Level", "Pages", "Why"]
    report.print_table([head, *([_sample_row(one) for one in done.samples])], asked=True)
    if done.left_out:
        typer.echo()
        head = ["Not chosen", "Pile", "Level", "Most like", "Could replace"]
        report.print_table([head, *(_left_out_row(one) for one in done.left_out)], asked=True)
    report.print_line()
    for one in done.samples:
        if one.lately:
            report.print_line(f"{one.id} is by a student who was also chosen in {one.lately}.")
    for remark in done.remarks:
        report.print_line(remark)
    swap = next(((other.id, other.swaps[0]) for other in done.left_out if other.swaps), None)
    if swap:
        sets = "".join(f" --sets {quote_word(path)}" for path in directories[1:])
        report.print_line(
            f"To swap one for another:  mssw choose {quote_word(directories[0])}{sets} --lock {swap[0]} --ban {swap[1]}"
        )
    if not done.written:
        report.print_line("Nothing was written.")
        return
    report.print_line(f"Why these samples, on a page just for you: {done.cards[0]}")
    report.print_next_steps(directories)


def _sample_row(one: Chosen) -> list[str]:
    return [one.id, one.sample.pile, one.sample.level, str(one.sample.pages), one.sample.reason]


def _left_out_row(one: LeftOut) -> list[str]:
    return [one.id, one.pile, one.level, one.nearest, "(you left it out)" if one.banned else ", ".join(one.swaps)]
