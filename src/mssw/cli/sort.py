"""`mssw sort`: piles in your own words, levels apart from them; as a page, a sheet, cards or in the terminal.

The command first, then how it reports each way of sorting.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.options import AsJson, Templates, WorkSetFolder
from mssw.core.paper import Paper
from mssw.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from mssw.sorting.agreement import Agreement, Split
    from mssw.sorting.cards import CardsReport
    from mssw.sorting.kept_sorts import Tally
    from mssw.sorting.sheet_exchange import SheetReport
    from mssw.sorting.sort_values import Placing
    from mssw.workset.folder import WorkSet


IDENTIFIES = "identifies someone"


def sort(
    directory: WorkSetFolder,
    *,
    sheet: Annotated[
        bool,
        typer.Option("--sheet", help="Write shared/sort.xlsx to fill in; where it was filled in, read it first."),
    ] = False,
    read: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Read this filled sheet (.xlsx or .csv).", show_default=False),
    ] = None,
    cards: Annotated[
        bool, typer.Option("--cards", help="Print cards to cut out, and a form, to shared/sort-cards.pdf.")
    ] = False,
    terminal: Annotated[bool, typer.Option("--terminal", help="Ask here, work by work.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Tell how every work is sorted; change nothing.")] = False,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="A B",
            help="Hold two sorts against each other by their names; `sort` is the one without a name.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option("--as", metavar="NAME", help="Sort under this name or initials, apart from others' sorts."),
    ] = "",
    objective: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The learning objective that levels are judged against.", show_default=False),
    ] = None,
    paper: Annotated[
        Paper | None,
        typer.Option(help="Of the cards; else what set.toml says.", show_default=False, case_sensitive=False),
    ] = None,
    templates: Templates = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page, or only say where it is.")
    ] = True,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --sheet, --read and --cards: do all but write.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Sort the works into piles of similar thinking, then give each a level.

    It opens a page in your browser; nothing leaves this computer. The piles are named in your own words, nothing is
    proposed, and a level is given apart from the pile. You see each work with its name covered, in an order drawn by
    chance. All is saved as you do it, in private/sorts.

    For example, the page; the sheet, filled in and read again; a colleague's own sort; what the two split:

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
        raise UsageError(f"{' and '.join(asked)} are two ways; take one at a time.")
    if dry_run and not ways["--sheet"] and not cards:
        raise UsageError("--dry-run goes with --sheet, --read or --cards; on the page and here every act is saved.")
    workset = WorkSet.open(directory)
    check_sorter(workset, by)
    if ways["--sheet"]:
        _exchange_sheet(workset, by, objective, read, dry_run=dry_run, as_json=as_json)
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


def _exchange_sheet(
    workset: WorkSet, by: str, objective: str | None, read: Path | None, *, dry_run: bool, as_json: bool
) -> None:
    from mssw.sorting.sheet_exchange import SheetProblemsError, exchange_sheet  # noqa: PLC0415

    try:
        done = exchange_sheet(workset, by, objective=objective, read=read, dry_run=dry_run)
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
    done = print_cards(workset, by, paper=size, templates=templates, dry_run=dry_run)
    report.print_json(asdict(done), "sort-cards") if as_json else print_cards_report(done)


def _compare_sorts(workset: WorkSet, names: tuple[str, str], *, as_json: bool) -> None:
    from mssw.sorting.agreement import compare  # noqa: PLC0415
    from mssw.sorting.kept_sorts import require_sorting, sort_name  # noqa: PLC0415
    from mssw.sorting.piles import keep_released  # noqa: PLC0415
    from mssw.workset.waiting import released_responses  # noqa: PLC0415

    if sort_name(names[0]) == sort_name(names[1]):
        raise UsageError("--compare takes the names of two different sorts; `sort` is the one without a name.")
    works = released_responses(workset)
    one, other = (keep_released(require_sorting(workset, name), works) for name in names)
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
    told = count_sorting(workset, read_sorting(workset, by))
    report.print_json(asdict(told), "sort") if as_json else print_tally(told, workset.root)


def print_tally(told: Tally, root: Path) -> None:
    """Where a sort stands."""
    if told.piles or told.unsure:
        rows = [[name, str(count)] for name, count in told.piles.items()]
        report.print_table([["Pile", "works"], *rows, *([["not sure", str(len(told.unsure))]] if told.unsure else [])])
    if told.works > len(told.without_level) + len(told.aside):
        report.print_line(f"Levels: {', '.join(f'{level} {count}' for level, count in told.levels.items())}.")
    for alias, reason in told.aside.items():
        report.print_line(f"{alias} is set aside: {reason}.")
        if reason == IDENTIFIES:
            report.print_line(f"  It is still in shared/: `mssw review {root} --set-aside {alias}` takes it out.")
    if told.without_pile:
        report.print_line(
            f"{report.count_noun(len(told.without_pile), 'work')} on no pile yet: {_first_few(told.without_pile)}."
        )
    if told.without_level:
        report.print_line(
            f"{report.count_noun(len(told.without_level), 'work')} without a level yet: "
            f"{_first_few(told.without_level)}."
        )
    if told.done:
        report.print_line(f"All {told.works} works are sorted. Next: mssw choose {root}")


def _first_few(aliases: tuple[str, ...], most: int = 8) -> str:
    return ", ".join(aliases[:most]) + (f" and {len(aliases) - most} more" if len(aliases) > most else "")


def print_sheet_report(done: SheetReport, root: Path) -> None:
    """What became of a sheet."""
    if done.read:
        taken = report.count_noun(len(done.taken), "work")
        report.print_line(f"Read {done.read}: {taken} {'has' if len(done.taken) == 1 else 'have'} something new.")
    if done.kept and done.written:
        report.print_line(f"The sheet as you typed it is kept in {done.kept}.")
    if done.written:
        report.print_line(
            f"{done.sheet} is ready to be filled in, with all that is known. Then run this again: it is read."
        )
    else:
        report.print_line(f"{done.sheet} would be written.")
    print_tally(done.tally, root)


def print_cards_report(done: CardsReport) -> None:
    """What was printed."""
    report.print_line(
        f"{done.cards} {'is' if done.written else 'would be'} ready: a form and "
        f"{report.count_noun(done.sheets, 'sheet')} with {report.count_noun(done.works, 'card')}, "
        f"{done.each} a sheet, {done.paper.capitalize()}."
    )
    report.print_line("Print one-sided, at actual size. What came of it goes into the sheet: `mssw sort DIR --sheet`.")


def print_sort(workset: WorkSet, by: str, *, as_json: bool) -> None:
    """How every work is sorted."""
    from mssw.sorting.kept_sorts import count_sorting, read_sorting  # noqa: PLC0415
    from mssw.workset.waiting import released_responses  # noqa: PLC0415 - reads files: not for --help

    sorting = read_sorting(workset, by)
    placings = {alias: sorting.of(alias) for alias in released_responses(workset)}
    if as_json:
        works = {
            alias: {"pile": p.pile, "unsure": p.unsure, "level": p.level, "aside": p.aside, "note": p.note}
            for alias, p in placings.items()
        }
        report.print_json({"by": sorting.by, "objective": sorting.objective, "works": works}, "sort-list")
        return
    rows = [[alias, _pile_text(one), str(one.level or ""), one.aside, one.note] for alias, one in placings.items()]
    report.print_table([["Work", "pile", "level", "set aside", "note"], *rows], asked=True)
    print_tally(count_sorting(workset, sorting), workset.root)


def _pile_text(placing: Placing) -> str:
    return "not sure" if placing.unsure else placing.pile


def print_agreement(found: Agreement, one: str, other: str) -> None:
    """What two sorts split first, then how far they agree."""
    if not found.works:
        report.print_line("The two have sorted no work in common yet.")
    elif found.split:
        report.print_table([["Talk about", f"{one}", f"{other}"], *map(_split_row, found.split)], asked=True)
    else:
        report.print_line(f"The two put all {len(found.works)} works alike.")
    for aliases, what in ((found.aside, "set aside by only one of you"), (found.missing, "sorted by only one of you")):
        if aliases:
            report.print_line(f"{_first_few(aliases, 30)}: {what}.")
    report.print_line()
    if found.matches:
        rows = [[match.one, match.other, str(len(match.shared))] for match in found.matches]
        report.print_table([[f"Pile of {one}", f"goes with {other}'s", "works in both"], *rows], asked=True)
    for names, whose in ((found.alone_one, one), (found.alone_other, other)):
        if names:
            report.print_line(f"Only {whose} has: {', '.join(names)}.")
    if found.levels:
        kappa = found.levels
        report.print_line(
            f"Levels of {report.count_noun(kappa.works, 'work')}: weighted kappa {kappa.value:.2f} "
            f"(95 % interval {kappa.low:.2f} to {kappa.high:.2f}; 1 is full agreement, 0 is chance)."
        )
    if found.piles is not None:
        report.print_line(f"Piles: adjusted Rand index {found.piles:.2f} (1 is the same piles, 0 is chance).")
    report.print_line("A split is no mistake of either: look at those works together.")


def _split_row(split: Split) -> list[str]:
    return [split.alias, _placing_text(split.one), _placing_text(split.other)]


def _placing_text(placing: Placing) -> str:
    return ", ".join(part for part in (str(placing.level or "no level"), _pile_text(placing) or "no pile") if part)
