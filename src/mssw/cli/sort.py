"""`mssw sort`: piles in your own words, levels apart from them; as a page, a sheet, cards or in the terminal.

The command first, then how it reports each way of sorting.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.asking import do_with_words
from mssw.cli.command import AsJson, Browser, Templates, Words, WorkSetFolder
from mssw.core.paper import Paper
from mssw.core.shell_words import command_line
from mssw.core.wording import count_noun
from mssw.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from mssw.sorting.agreement import Agreement, Split
    from mssw.sorting.cards import CardsReport
    from mssw.sorting.kept_sorts import Tally
    from mssw.sorting.piles import Placing
    from mssw.sorting.sheet_exchange import SheetReport
    from mssw.workset.folder import WorkSet


IDENTIFIES = "identifies someone"


def sort(
    directory: WorkSetFolder,
    *,
    sheet: Annotated[
        bool,
        typer.Option("--sheet", help="Write shared/sort.xlsx to fill in; if you filled it in, read it first."),
    ] = False,
    read: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Read this filled-in sheet (.xlsx or .csv).", show_default=False),
    ] = None,
    cards: Annotated[
        bool, typer.Option("--cards", help="Write cards to cut out, and a form, to shared/sort-cards.pdf.")
    ] = False,
    terminal: Annotated[
        bool, typer.Option("--terminal", help="Sort here in the terminal, one response at a time.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="Show how every response is sorted; change nothing.")] = False,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="A B",
            help="Compare two sorts by name; the one without a name is called `sort`.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            "--as", metavar="NAME", help="Sort under this name or these initials, separately from other people."
        ),
    ] = "",
    objective: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The learning objective that levels are about.", show_default=False),
    ] = None,
    paper: Annotated[
        Paper | None,
        typer.Option(
            help="The paper for the cards; by default what set.toml says.", show_default=False, case_sensitive=False
        ),
    ] = None,
    words: Words = None,
    templates: Templates = None,
    browser: Browser = True,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --sheet, --read or --cards: check everything; write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Sort responses into piles of similar thinking, then give each one a level.

    A page opens in your browser; nothing leaves this computer. You name the piles in your own words, and mssw suggests
    nothing. Piles come first and levels later. The responses come in random order, with names covered. Everything is
    saved as you go, in private/sorts.

    For example: on the page; on a sheet; as a colleague in the terminal; then compare the two sorts:

    \b
        mssw sort massive-air --objective "that air takes up space and has mass"
        mssw sort massive-air --sheet
        mssw sort massive-air --as MR --terminal
        mssw sort massive-air --compare sort MR
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.sorting.kept_sorts import check_sorter, state_objective  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used

    ways = {
        "--sheet": sheet or read is not None,
        "--cards": cards,
        "--terminal": terminal,
        "--list": listed,
        "--compare": compare is not None,
    }
    asked = [way for way, is_asked in ways.items() if is_asked]
    if len(asked) > 1:
        raise UsageError(f"{' and '.join(asked)} cannot be combined; use one at a time.")
    if dry_run and not ways["--sheet"] and not cards:
        raise UsageError(
            "--dry-run only works with --sheet, --read or --cards. On the page and in the terminal, "
            "everything you do is saved at once."
        )
    workset = WorkSet.open(directory)

    def do() -> None:
        check_sorter(workset, by)
        if ways["--sheet"]:
            _exchange_sheet(workset, by, objective, read, templates, dry_run=dry_run, as_json=as_json)
            return
        if compare is not None:
            _compare_sorts(workset, compare, as_json=as_json)
            return
        if objective is not None and not dry_run:
            state_objective(workset, by, objective)
        if cards:
            _print_cards(workset, by, paper, templates, dry_run=dry_run, as_json=as_json)
        elif listed:
            print_sort(workset, by, as_json=as_json)
        else:
            _sort_by_hand(workset, by, terminal=terminal, browser=browser, as_json=as_json)

    do_with_words(directory, words or (), do, dry_run=dry_run)


def _exchange_sheet(
    workset: WorkSet,
    by: str,
    objective: str | None,
    read: Path | None,
    templates: Path | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    from mssw.sorting.sheet_exchange import SheetProblemsError, exchange_sheet  # noqa: PLC0415

    try:
        done = exchange_sheet(workset, by, objective=objective, read=read, templates=templates, dry_run=dry_run)
    except SheetProblemsError as error:
        if not as_json:
            raise
        report.print_json({"problems": list(error.problems)}, "sort-problems")
        raise typer.Exit(int(ExitCode.UNREADABLE)) from None
    report.print_json(asdict(done), "sort-sheet") if as_json else print_sheet_report(done, workset.root)


def _print_cards(
    workset: WorkSet, by: str, paper: Paper | None, templates: Path | None, *, dry_run: bool, as_json: bool
) -> None:
    from mssw.sorting.cards import print_cards  # noqa: PLC0415

    size = paper.value if paper else None
    with report.show_progress(shown=not as_json) as tell:
        done = print_cards(workset, by, paper=size, templates=templates, dry_run=dry_run, tell=tell)
    report.print_json(asdict(done), "sort-cards") if as_json else print_cards_report(done, workset.root, by)


def _compare_sorts(workset: WorkSet, names: tuple[str, str], *, as_json: bool) -> None:
    from mssw.sorting.agreement import compare  # noqa: PLC0415
    from mssw.sorting.kept_sorts import require_sorting, sort_name  # noqa: PLC0415
    from mssw.sorting.piles import keep_released  # noqa: PLC0415
    from mssw.workset.decisions import released_responses  # noqa: PLC0415

    if sort_name(names[0]) == sort_name(names[1]):
        raise UsageError("--compare needs the names of two different sorts; the one without a name is called `sort`.")
    released = released_responses(workset)
    one, other = (keep_released(require_sorting(workset, name), released) for name in names)
    found = compare(one, other)
    report.print_json(asdict(found), "sort-compare") if as_json else print_agreement(found, *names)


def _sort_by_hand(workset: WorkSet, by: str, *, terminal: bool, browser: bool, as_json: bool) -> None:
    from mssw.sorting.kept_sorts import count_sorting, read_sorting  # noqa: PLC0415

    if terminal:
        from mssw.cli.sort_terminal import sort_in_terminal  # noqa: PLC0415

        sort_in_terminal(workset, by)
    else:
        from mssw.web.site import serve  # noqa: PLC0415
        from mssw.web.sort_page import sort_site  # noqa: PLC0415

        serve(sort_site(workset, by), browser=browser, say=report.print_line)
    tally = count_sorting(workset, read_sorting(workset, by))
    report.print_json(asdict(tally), "sort") if as_json else print_tally(tally, workset.root)


def print_tally(tally: Tally, root: Path) -> None:
    """How far a sort has come."""
    if tally.piles or tally.unsure:
        rows = [[name, str(count)] for name, count in tally.piles.items()]
        rows += [["not sure", str(len(tally.unsure))]] if tally.unsure else []
        report.print_table([["Pile", "responses"], *rows])
    if tally.works > len(tally.without_level) + len(tally.aside):
        report.print_line(f"Levels: {', '.join(f'{level} {count}' for level, count in tally.levels.items())}.")
    for alias, reason in tally.aside.items():
        report.print_line(f"{alias} is set aside: {reason}.")
        if reason == IDENTIFIES:
            away = command_line("mssw", "review", root, "--set-aside", alias)
            report.print_line(f"  It is still in shared/. To remove it: `{away}`")
    if tally.without_pile:
        count = count_noun(len(tally.without_pile), "response")
        report.print_line(f"{count} not in a pile yet: {_first_few(tally.without_pile)}.")
    if tally.without_level:
        count = count_noun(len(tally.without_level), "response")
        report.print_line(f"{count} without a level yet: {_first_few(tally.without_level)}.")
    if tally.done:
        report.print_line(f"All {tally.works} responses are sorted.")
        report.print_next_step(root)


def _first_few(aliases: tuple[str, ...], most: int = 8) -> str:
    return ", ".join(aliases[:most]) + (f" and {len(aliases) - most} more" if len(aliases) > most else "")


def print_sheet_report(done: SheetReport, root: Path) -> None:
    """What was read from a sheet, and what was written."""
    if done.read:
        changed = count_noun(len(done.taken), "response")
        report.print_line(f"Read {done.read}: {changed} changed.")
    if done.kept and done.written:
        report.print_line(f"Your sheet as you typed it is saved in {done.kept}.")
    if done.written:
        report.print_line(
            f"{done.sheet} is ready; what you have sorted so far is filled in. Complete it, then run this again."
        )
    else:
        report.print_line(f"{done.sheet} would be written.")
    print_tally(done.tally, root)


def print_cards_report(done: CardsReport, root: Path, by: str) -> None:
    """What was printed."""
    report.print_line(
        f"{done.cards} {'is' if done.written else 'would be'} ready: a form and "
        f"{count_noun(done.sheets, 'sheet')} with {count_noun(done.works, 'card')}, "
        f"{done.each} a sheet, {done.paper.capitalize()}."
    )
    enter = command_line("mssw", "sort", root, "--sheet", *(("--as", by) if by else ()))
    report.print_line(
        f"Print one-sided, at actual size. When you have sorted, enter your piles in the sheet: `{enter}`."
    )


def print_sort(workset: WorkSet, by: str, *, as_json: bool) -> None:
    """How every response is sorted."""
    from mssw.sorting.kept_sorts import count_sorting, read_sorting  # noqa: PLC0415
    from mssw.workset.decisions import released_responses  # noqa: PLC0415 - reads files: not for --help

    sorting = read_sorting(workset, by)
    placings = {alias: sorting.of(alias) for alias in released_responses(workset)}
    if as_json:
        sorted_responses = {
            alias: {"pile": p.pile, "unsure": p.unsure, "level": p.level, "aside": p.aside, "note": p.note}
            for alias, p in placings.items()
        }
        report.print_json({"by": sorting.by, "objective": sorting.objective, "works": sorted_responses}, "sort-list")
        return
    rows = [[alias, _pile_text(one), str(one.level or ""), one.aside, one.note] for alias, one in placings.items()]
    report.print_table([["Response", "pile", "level", "set aside", "note"], *rows], asked=True)
    print_tally(count_sorting(workset, sorting), workset.root)


def _pile_text(placing: Placing) -> str:
    return "not sure" if placing.unsure else placing.pile


def print_agreement(found: Agreement, one: str, other: str) -> None:
    """The responses on which two sorts differ first, then how often they match."""
    if not found.works:
        report.print_line("The two sorts have no responses in common yet.")
    elif found.split:
        report.print_table([["Talk about", f"{one}", f"{other}"], *map(_split_row, found.split)], asked=True)
    else:
        report.print_line(f"The two sorts agree on all {len(found.works)} responses.")
    for aliases, what in ((found.aside, "set aside by only one of you"), (found.missing, "sorted by only one of you")):
        if aliases:
            report.print_line(f"{_first_few(aliases, 30)}: {what}.")
    report.print_line()
    if found.matches:
        rows = [[match.one, match.other, str(len(match.shared))] for match in found.matches]
        report.print_table([[f"Pile of {one}", f"closest pile of {other}", "in both"], *rows], asked=True)
    for names, sorter in ((found.alone_one, one), (found.alone_other, other)):
        if names:
            report.print_line(f"Only {sorter} has: {', '.join(names)}.")
    if found.levels:
        kappa = found.levels
        report.print_line(
            f"Levels of {count_noun(kappa.works, 'response')}: weighted kappa {kappa.value:.2f} "
            f"(95% interval {kappa.low:.2f} to {kappa.high:.2f}; 1 is full agreement, 0 is chance)."
        )
    if found.piles is not None:
        report.print_line(f"Piles: adjusted Rand index {found.piles:.2f} (1 is the same piles, 0 is chance).")
    report.print_line("A difference is not a mistake: look at these responses together.")


def _split_row(split: Split) -> list[str]:
    return [split.alias, _placing_text(split.one), _placing_text(split.other)]


def _placing_text(placing: Placing) -> str:
    return ", ".join(part for part in (str(placing.level or "no level"), _pile_text(placing) or "no pile") if part)
