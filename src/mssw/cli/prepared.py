"""How what ``prepare`` did is told: to a script, and to a person."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mssw.cli import report
from mssw.core.sample import MOST_WITHOUT_A_CHOICE

if TYPE_CHECKING:
    from mssw.prepare.matches import MatchCounts
    from mssw.prepare.options import PrepareReport
    from mssw.vision.name_field import NameField


def plain(done: PrepareReport) -> dict[str, Any]:
    """The report for scripts."""
    return {
        "pages": done.counts,
        "released": list(done.released),
        "held": [{"alias": alias, "reasons": list(reasons)} for alias, reasons in done.held],
        "other_pages": [{"where": where, "fate": fate, "reason": reason} for where, fate, reason in done.other],
        "fields": [
            {"task_page": f.task_page, "label": f.label, "box": list(f.box.numbers), "found_by": f.found_by}
            for f in done.fields
        ],
        "notes": list(done.notes),
        "audited_files": done.audited,
        "named_in_text": done.named,
        "flagged": done.flagged,
        "whose": asdict(done.whose) if done.whose else None,
    }


def log_counts(done: PrepareReport) -> None:
    """The report for the log: numbers alone."""
    report.note("pages", **{fate.replace(" ", "_"): number for fate, number in done.counts.items()})
    report.note(
        "works",
        released=len(done.released),
        held=len(done.held),
        named=done.named,
        flagged=done.flagged,
        audited_files=done.audited,
    )


def show(done: PrepareReport, root: Path) -> None:
    """The report for a person."""
    for line in _fields(done, root):
        report.say(line)
    report.say()
    fates = ("kept", "blank", "set aside", "held")
    report.table(
        [
            ["Pages scanned", "=", "kept", "+ blank", "+ set aside", "+ held"],
            [str(done.counts["scanned"]), "", *(str(done.counts[fate]) for fate in fates)],
        ]
    )
    report.say()
    released = report.count(len(done.released), "work")
    where = root / "shared" / "work"
    if done.released:
        report.say(f"{released} released to {where}, names covered, each under its alias.")
    else:
        report.say("No work is released yet.")
    if done.named or done.flagged:
        report.say(_read(done, root))
    if done.whose:
        report.say(_whose(done.whose, root))
    if done.other:
        report.say()
        report.table([["Page", "is", "because"], *(list(row) for row in done.other)])
    if done.held:
        report.say()
        stays = "is held and stays private" if len(done.held) == 1 else "are held and stay private"
        report.say(f"{report.count(len(done.held), 'work')} {stays}:")
        report.table([["Work", "because"], *([alias, "\n".join(reasons)] for alias, reasons in done.held)])
    for note in done.notes:
        report.say()
        report.say(f"Note: {note}.")
    report.say()
    report.say(f"The audit passed all {done.audited} files in {root / 'shared'}.")
    report.say()
    for line in _next(done, root):
        report.say(line)


def _read(done: PrepareReport, root: Path) -> str:
    """What reading found in the answers."""
    named = f"{report.count(done.named, 'name')} in what students wrote {'is' if done.named == 1 else 'are'} covered"
    if not done.flagged:
        return f"{named}."
    if not done.named:
        places = report.count(done.flagged, "place")
        return f"{places} in what students wrote may name somebody: look at them with `mssw review {root} --list`."
    places = report.count(done.flagged, "more place", "more places")
    return f"{named}; {places} may name somebody: look at them with `mssw review {root} --list`."


def _whose(counts: MatchCounts, root: Path) -> str:
    """How many works are matched to a student; who is told by ``mssw key`` alone."""
    works = counts.matched + counts.open
    said = f"{counts.matched} of {report.count(works, 'work')} {'is' if works == 1 else 'are'} matched to a student"
    if counts.open:
        return f"{said}; {counts.open} {'is' if counts.open == 1 else 'are'} open: `mssw key {root}` shows which."
    if counts.without_work:
        without = report.count(counts.without_work, "student has", "students have")
        return f"{said}; {without} no work: `mssw key {root}` shows who."
    return f"{said}; `mssw key {root}` shows who is who."


def _fields(done: PrepareReport, root: Path) -> list[str]:
    if done.fields:
        return ["Names are covered on:", *map(_field, done.fields)]
    if not (root / "shared" / "task.pdf").is_file():
        return [
            "There is no blank task, so the name's place is proposed page by page: look at each with `mssw review`."
        ]
    if (root / "private" / "sheets.json").is_file():
        return ["The task has no name field, and needs none: codes tell whose each page is."]
    return [
        "No name field was found on the blank task. Say where names are written; at the top right of page 1, say:",
        f"  mssw prepare --into {root} --field 1:0.5,0.03,0.45,0.06",
    ]


def _field(field: NameField) -> str:
    what = f"beside “{field.label}”" if field.label else "where you said"
    place = ",".join(f"{number:.3f}" for number in field.box.numbers)
    return f"  page {field.task_page} of the task, {what} (--field {field.task_page}:{place})"


def _next(done: PrepareReport, root: Path) -> list[str]:
    lines = ["Next:"]
    if done.held:
        lines.append(f"  mssw review {root} --list          what is held, and how to clear it")
    if done.released:
        lines.append(f"  mssw review {root}                 look at every page: some hands no machine can read")
        lines.append(f"  mssw sort {root}                   piles in your own words, and levels")
    without = " --without-held" if done.held else ""
    many = " --all" if len(done.released) > MOST_WITHOUT_A_CHOICE else ""
    if done.released:
        lines.append(f"  mssw packet {root} --copies 8{without}{many}")
    return lines
