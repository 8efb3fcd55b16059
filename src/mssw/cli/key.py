"""`mssw key`: who is behind an alias. Private: for the class's own teacher."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.completion import aliases
from mssw.cli.options import AsJson, WorkSetFolder
from mssw.core.page import page_ranges
from mssw.roster.key_table import HEADER, joined_rows

if TYPE_CHECKING:
    from mssw.key.look_up import KeyTable
    from mssw.prepare.matches import Matching, Person


NO_ROW = [""] * len(HEADER)  # of a work whose row a person took out of the key


def key(
    directory: WorkSetFolder,
    wanted: Annotated[
        str | None,
        typer.Argument(
            metavar="WHO",
            help="An alias or a student to look up; all where left out.",
            show_default=False,
            autocompletion=aliases,
        ),
    ] = None,
    *,
    assigned: Annotated[
        list[str] | None,
        typer.Option(
            "--assign",
            metavar="ALIAS=STUDENT",
            help="Whose this work is: a name or a student number; nothing after the = takes it away.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would come of --assign; write nothing.")
    ] = False,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Never ask. (Nothing is asked here; for scripts.)")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look up whose work an alias is, and where it lies in the stack; say it where the name field does not tell.

    What is printed names students: it is for the class's own teacher. The whole table also tells which works are open,
    with the students that come nearest, which students have no work, and which two works say one name. What you say
    with --assign stays, whatever is prepared again later, and no alias changes.

    For example, everything, then one alias, then a work given to a student and another left open:

    \b
        mssw key massive-air
        mssw key massive-air Andrea
        mssw key massive-air --assign "Andrea=Maria Lopez" --assign Boaz=
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.key.look_up import (  # noqa: PLC0415
        assign,
        look_up,
        whole_table,
    )
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used

    del no_input
    if wanted is not None and (assigned or dry_run):
        raise typer.BadParameter("give either WHO to look up or --assign, not both")
    workset = WorkSet.open(directory)
    if wanted is not None:
        rows = look_up(workset, wanted)
        if as_json:
            report.give({"rows": rows}, "key-rows")
        else:
            report.table([list(HEADER), *([row[head] for head in HEADER] for row in rows)], asked=True)
        return
    table = assign(workset, assigned, dry_run=dry_run) if assigned else whole_table(workset)
    report.give(_plain(table), "key") if as_json else _show(table, directory)
    if assigned and not as_json:
        report.say()
        for sentence in table.told:
            report.say(sentence)
        if dry_run:
            report.say("Nothing was written.")


def _plain(table: KeyTable) -> dict[str, Any]:
    """The whole table for scripts."""
    works = table.matching.works
    files: dict[str, list[dict[str, str]]] = {}
    for entry in table.entries:
        files.setdefault(entry.alias, []).append({"file": entry.source, "pages": page_ranges(list(entry.pages))})
    rows = {row[0]: row for row in joined_rows(table.entries)}
    return {
        "works": [
            {
                "alias": work.alias,
                "student": rows.get(work.alias, NO_ROW)[1],
                "student_id": rows.get(work.alias, NO_ROW)[2],
                "pages": files.get(work.alias, []),
                "matched_by": rows.get(work.alias, NO_ROW)[5],
                "state": str(work.state),
            }
            for work in works
        ],
        "open": [
            {
                "alias": work.alias,
                "because": work.why,
                "margin": round(work.margin, 3),
                "guesses": [
                    {"student": guess.name, "student_id": guess.number, "works": list(_works_of(table.matching, guess))}
                    for guess in work.guesses
                ],
            }
            for work in works
            if work.student is None
        ],
        "students_without_work": [
            {"student": person.name, "student_id": person.number} for person in table.matching.without_work
        ],
        "two_works": [
            {"student": one.student.name, "student_id": one.student.number, "works": list(one.works)}
            for one in table.matching.twice
        ],
        "changed": list(table.told),
    }


def _works_of(matching: Matching, person: Person) -> tuple[str, ...]:
    return tuple(work.alias for work in matching.works if work.student == person)


def _show(table: KeyTable, directory: Path) -> None:
    """The whole table for a person."""
    matching = table.matching
    places: dict[str, list[str]] = {}
    for entry in table.entries:
        places.setdefault(entry.alias, []).append(f"{entry.source} {page_ranges(list(entry.pages))}")
    rows = [
        [alias, student, number, "; ".join(places[alias]), (by or "you") if student else "(open)"]
        for alias, student, number, _, _, by in sorted(joined_rows(table.entries))
    ]
    report.table([["Alias", "Student", "ID", "Pages", "Matched by"], *rows], asked=True)
    left = [work for work in matching.works if work.student is None]
    if left and (matching.without_work or any(work.guesses for work in left)):
        cells = [[work.alias, _guesses(matching, work.guesses), work.why] for work in left]
        _block([["Open work", "Perhaps by", "because"], *cells])
    if matching.without_work:
        _block([["Student without work", "ID"], *([one.name, one.number] for one in matching.without_work)])
    if matching.twice:
        cells = [[one.student.name, one.student.number, ", ".join(one.works)] for one in matching.twice]
        _block([["Two works for one student", "ID", "Works"], *cells])
    if left and matching.without_work:
        report.say()
        report.say(f"Say whose a work is:  mssw key {directory} --assign ALIAS=STUDENT")


def _guesses(matching: Matching, guesses: tuple[Person, ...]) -> str:
    """The nearest students, best first, each with the work that she has already."""
    told = []
    for guess in guesses:
        works = ", ".join(_works_of(matching, guess))
        told.append(f"{guess.shown}, who has {works}" if works else guess.shown)
    return "\n".join(told)


def _block(rows: list[list[str]]) -> None:
    typer.echo()
    report.table(rows, asked=True)
