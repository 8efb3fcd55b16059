"""How a sort is told: to a script, and to a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mssw.cli import report

if TYPE_CHECKING:
    from mssw.sorting.agreement import Agreement, Split
    from mssw.sorting.cards import CardsReport
    from mssw.sorting.kept_sorts import Tally
    from mssw.sorting.sheet_exchange import SheetReport
    from mssw.sorting.sort import Placing
    from mssw.workset.folder import WorkSet

IDENTIFIES = "identifies someone"


def show_tally(told: Tally, root: Path) -> None:
    """Where a sort stands."""
    if told.piles or told.unsure:
        rows = [[name, str(count)] for name, count in told.piles.items()]
        report.table([["Pile", "works"], *rows, *([["not sure", str(len(told.unsure))]] if told.unsure else [])])
    if told.works > len(told.without_level) + len(told.aside):
        report.say(f"Levels: {', '.join(f'{level} {count}' for level, count in told.levels.items())}.")
    for alias, reason in told.aside.items():
        report.say(f"{alias} is set aside: {reason}.")
        if reason == IDENTIFIES:
            report.say(f"  It is still in shared/: `mssw review {root} --set-aside {alias}` takes it out.")
    if told.without_pile:
        report.say(f"{report.count(len(told.without_pile), 'work')} on no pile yet: {_some(told.without_pile)}.")
    if told.without_level:
        report.say(f"{report.count(len(told.without_level), 'work')} without a level yet: {_some(told.without_level)}.")
    if told.done:
        report.say(f"All {told.works} works are sorted. Next: mssw choose {root}")


def _some(aliases: tuple[str, ...], most: int = 8) -> str:
    return ", ".join(aliases[:most]) + (f" and {len(aliases) - most} more" if len(aliases) > most else "")


def show_sheet(done: SheetReport, root: Path) -> None:
    """What became of a sheet."""
    if done.read:
        taken = report.count(len(done.taken), "work")
        report.say(f"Read {done.read}: {taken} {'has' if len(done.taken) == 1 else 'have'} something new.")
    if done.kept and done.written:
        report.say(f"The sheet as you typed it is kept in {done.kept}.")
    if done.written:
        report.say(f"{done.sheet} is ready to be filled in, with all that is known. Then run this again: it is read.")
    else:
        report.say(f"{done.sheet} would be written.")
    show_tally(done.tally, root)


def show_cards(done: CardsReport) -> None:
    """What was printed."""
    report.say(
        f"{done.cards} {'is' if done.written else 'would be'} ready: a form and {report.count(done.sheets, 'sheet')} "
        f"with {report.count(done.works, 'card')}, {done.each} a sheet, {done.paper.capitalize()}."
    )
    report.say("Print one-sided, at actual size. What came of it goes into the sheet: `mssw sort DIR --sheet`.")


def list_sort(workset: WorkSet, by: str, *, as_json: bool) -> None:
    """How every work is sorted."""
    from mssw.sorting.kept_sorts import read_sorting, tally  # noqa: PLC0415
    from mssw.workset.manifest import released_works  # noqa: PLC0415 - reads files: not for --help

    sorting = read_sorting(workset, by)
    placings = {alias: sorting.of(alias) for alias in released_works(workset)}
    if as_json:
        works = {
            alias: {"pile": p.pile, "unsure": p.unsure, "level": p.level, "aside": p.aside, "note": p.note}
            for alias, p in placings.items()
        }
        report.give({"by": sorting.by, "objective": sorting.objective, "works": works}, "sort-list")
        return
    rows = [[alias, _pile(one), str(one.level or ""), one.aside, one.note] for alias, one in placings.items()]
    report.table([["Work", "pile", "level", "set aside", "note"], *rows], asked=True)
    show_tally(tally(workset, sorting), workset.root)


def _pile(placing: Placing) -> str:
    return "not sure" if placing.unsure else placing.pile


def show_agreement(found: Agreement, one: str, other: str) -> None:
    """What two sorts split first, then how far they agree."""
    if not found.works:
        report.say("The two have sorted no work in common yet.")
    elif found.split:
        report.table([["Talk about", f"{one}", f"{other}"], *map(_split, found.split)], asked=True)
    else:
        report.say(f"The two put all {len(found.works)} works alike.")
    for aliases, what in ((found.aside, "set aside by only one of you"), (found.missing, "sorted by only one of you")):
        if aliases:
            report.say(f"{_some(aliases, 30)}: {what}.")
    report.say()
    if found.matches:
        rows = [[match.one, match.other, str(len(match.shared))] for match in found.matches]
        report.table([[f"Pile of {one}", f"goes with {other}'s", "works in both"], *rows], asked=True)
    for names, whose in ((found.alone_one, one), (found.alone_other, other)):
        if names:
            report.say(f"Only {whose} has: {', '.join(names)}.")
    if found.levels:
        kappa = found.levels
        report.say(
            f"Levels of {report.count(kappa.works, 'work')}: weighted kappa {kappa.value:.2f} "
            f"(95 % interval {kappa.low:.2f} to {kappa.high:.2f}; 1 is full agreement, 0 is chance)."
        )
    if found.piles is not None:
        report.say(f"Piles: adjusted Rand index {found.piles:.2f} (1 is the same piles, 0 is chance).")
    report.say("A split is no mistake of either: look at those works together.")


def _split(split: Split) -> list[str]:
    return [split.alias, _told(split.one), _told(split.other)]


def _told(placing: Placing) -> str:
    return ", ".join(part for part in (str(placing.level or "no level"), _pile(placing) or "no pile") if part)
