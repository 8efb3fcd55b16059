"""`mssw key`: who is behind an alias. Private: for the class's own teacher.

With a set alone it shows the whole key, with a name one row of it. `export` locks it with a password, `remind` sets the
day on which it is to be destroyed, and `destroy` destroys it. The group of these commands is at the end.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from mssw.cli import report
from mssw.cli.command import command
from mssw.cli.options import AsJson, NoInput, WorkSetFolder, aliases
from mssw.core.page import page_ranges
from mssw.errors import UsageError
from mssw.roster.key_table import HEADER, joined_rows

if TYPE_CHECKING:
    from mssw.keys.key_care import Destroyed
    from mssw.keys.look_up import KeyTable
    from mssw.preparing.matches import MatchedPerson, Matching
    from mssw.workset.folder import WorkSet


EMPTY_ROW = [""] * len(HEADER)  # for a response without a row in the key, because a person deleted it


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
    from mssw.keys.look_up import (  # noqa: PLC0415
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
            report.print_json({"rows": rows}, "key-rows")
        else:
            report.print_table([list(HEADER), *([row[head] for head in HEADER] for row in rows)], asked=True)
        return
    table = assign(workset, assigned, dry_run=dry_run) if assigned else whole_table(workset)
    report.print_json(_key_as_json(table), "key") if as_json else _print_key(table, directory)
    if assigned and not as_json:
        report.print_line()
        for sentence in table.told:
            report.print_line(sentence)
        if dry_run:
            report.print_line("Nothing was written.")


def _key_as_json(table: KeyTable) -> dict[str, Any]:
    """The whole table for scripts."""
    works = table.matching.responses
    files: dict[str, list[dict[str, str]]] = {}
    for entry in table.entries:
        files.setdefault(entry.alias, []).append({"file": entry.source, "pages": page_ranges(list(entry.pages))})
    rows = {row[0]: row for row in joined_rows(table.entries)}
    return {
        "works": [
            {
                "alias": work.alias,
                "student": rows.get(work.alias, EMPTY_ROW)[1],
                "student_id": rows.get(work.alias, EMPTY_ROW)[2],
                "pages": files.get(work.alias, []),
                "matched_by": rows.get(work.alias, EMPTY_ROW)[5],
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
                    {
                        "student": guess.name,
                        "student_id": guess.number,
                        "works": list(_aliases_of(table.matching, guess)),
                    }
                    for guess in work.guesses
                ],
            }
            for work in works
            if work.student is None
        ],
        "students_without_work": [
            {"student": person.name, "student_id": person.number} for person in table.matching.without_response
        ],
        "two_works": [
            {"student": one.student.name, "student_id": one.student.number, "works": list(one.responses)}
            for one in table.matching.double_claims
        ],
        "changed": list(table.told),
    }


def _aliases_of(matching: Matching, person: MatchedPerson) -> tuple[str, ...]:
    return tuple(work.alias for work in matching.responses if work.student == person)


def _print_key(table: KeyTable, directory: Path) -> None:
    """The whole table for a person."""
    matching = table.matching
    places: dict[str, list[str]] = {}
    for entry in table.entries:
        places.setdefault(entry.alias, []).append(f"{entry.source} {page_ranges(list(entry.pages))}")
    rows = [
        [alias, student, number, "; ".join(places[alias]), (by or "you") if student else "(open)"]
        for alias, student, number, _, _, by in sorted(joined_rows(table.entries))
    ]
    report.print_table([["Alias", "Student", "ID", "Pages", "Matched by"], *rows], asked=True)
    left = [work for work in matching.responses if work.student is None]
    if left and (matching.without_response or any(work.guesses for work in left)):
        cells = [[work.alias, _guesses_text(matching, work.guesses), work.why] for work in left]
        _print_block([["Open work", "Perhaps by", "because"], *cells])
    if matching.without_response:
        _print_block([["Student without work", "ID"], *([one.name, one.number] for one in matching.without_response)])
    if matching.double_claims:
        cells = [[one.student.name, one.student.number, ", ".join(one.responses)] for one in matching.double_claims]
        _print_block([["Two works for one student", "ID", "Works"], *cells])
    if left and matching.without_response:
        report.print_line()
        report.print_line(f"Say whose a work is:  mssw key {directory} --assign ALIAS=STUDENT")


def _guesses_text(matching: Matching, guesses: tuple[MatchedPerson, ...]) -> str:
    """The nearest students, best first, each with the responses that they already have."""
    texts = []
    for guess in guesses:
        works = ", ".join(_aliases_of(matching, guess))
        texts.append(f"{guess.shown}, who has {works}" if works else guess.shown)
    return "\n".join(texts)


def _print_block(rows: list[list[str]]) -> None:
    typer.echo()
    report.print_table(rows, asked=True)


def export(
    directory: WorkSetFolder,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Where to; not into shared/.", show_default=False)],
    *,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Lock it with a password. There is no other way.")] = False,
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="Take the password from the first line of standard input; for scripts."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check that it could be written; write nothing.")] = False,
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Take the key out as a workbook that opens in Excel and LibreOffice with a password alone.

    The password is asked for twice, and is never an option, which others could read. Without it nobody can open the
    file, not even you: keep it apart from the file. The key in the set stays.

    For example, by hand, then in a script:

    \b
        mssw key export massive-air key-5b.xlsx --encrypt
        mssw key export massive-air key-5b.xlsx --encrypt --password-stdin < password.txt
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.keys.key_care import KeyExport, check_export, export_key  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used

    if not encrypt:
        raise UsageError("a key leaves its set only locked with a password; say --encrypt.")
    workset = WorkSet.open(directory)
    works = check_export(workset, file)
    if dry_run:
        done = KeyExport(str(file), works, written=False)
    else:
        done = export_key(workset, file, _ask_password(from_stdin=password_stdin, no_input=no_input))
    report.log_event("key export", works=done.works)
    if as_json:
        report.print_json(done.as_json(), "key-export")
        return
    told = "locked with your password" if done.written else "and would be locked with a password"
    report.print_line(f"{done.file}: {report.count_noun(done.works, 'work')}, {told}.")
    if done.written:
        report.print_line(
            "Keep the password apart from the file. Nobody can open it without, and nobody can find it out."
        )


def _ask_password(*, from_stdin: bool, no_input: bool) -> str:
    """The password: from standard input, or typed twice without being shown."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if no_input or not sys.stdin.isatty():
        raise UsageError("nobody is here to type a password; give it on standard input with --password-stdin.")
    typed: str = typer.prompt("Password for the key", hide_input=True, confirmation_prompt="Once more", err=True)
    return typed


def remind(
    directory: WorkSetFolder,
    day: Annotated[
        str,
        typer.Argument(
            metavar="YYYY-MM-DD|never", help="From this day on you are reminded; `never` ends it.", show_default=False
        ),
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be noted; write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Be reminded to destroy the key, by status, prepare and packet, once a day has come.

    The day stands in set.toml as destroy_key_after. Nothing is destroyed by itself.

    For example:

    \b
        mssw key remind massive-air 2030-06-30
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.keys.key_care import set_reminder  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used

    try:
        wanted = None if day.casefold() == "never" else date.fromisoformat(day)
    except ValueError:
        raise UsageError("say the day as in 2030-06-30, or say never.") from None
    workset = WorkSet.open(directory)
    if not dry_run:
        set_reminder(workset, wanted)
    if as_json:
        value = {"destroy_key_after": wanted.isoformat() if wanted else "", "written": not dry_run}
        report.print_json(value, "key-remind")
    elif wanted is None:
        report.print_line("You are not reminded any more." if not dry_run else "You would not be reminded any more.")
    else:
        report.print_line(f"From {wanted} on you {'would be' if dry_run else 'are'} reminded to destroy the key.")


def destroy(
    directory: WorkSetFolder,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go and what would be left.")] = False,
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Destroy the key for good, with all that could bring it back: nobody can tell any more whose work is whose.

    All of private/ goes: key, class list, scans, pages, decisions and sorts; and the seed, if there is one. What is
    shared stays, and cannot be changed any more. You are asked to type the folder's name. Stopped in the middle, run it
    again. It says what is left elsewhere, for you to delete.

    For example:

    \b
        mssw key destroy massive-air --dry-run
        mssw key destroy massive-air
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.keys.key_care import destroy_key, plan_destruction  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used

    workset = WorkSet.open(directory)
    planned = plan_destruction(workset)
    if dry_run or not planned.files:
        done = planned if dry_run else destroy_key(workset)
    else:
        if not yes:
            _confirm_destruction(workset, planned, no_input=no_input)
        done = destroy_key(workset)
    report.log_event("key destroy", files=done.files)
    report.print_json(done.as_json(), "key-destroy") if as_json else _print_destroyed(done, workset)


def _confirm_destruction(workset: WorkSet, planned: Destroyed, *, no_input: bool) -> None:
    """Ask the person to type the folder's name.

    Raises:
        UsageError: nobody is there, or something else was typed.
    """
    name = workset.root.resolve().name
    if no_input or not sys.stdin.isatty():
        raise UsageError("nobody is here to confirm it; say --yes to destroy the key without being asked.")
    typer.echo(f"{report.count_noun(planned.files, 'file')} of {workset.private} will be gone for good.", err=True)
    if typer.prompt(f"Type {name} to destroy the key", err=True).strip() != name:
        raise UsageError("that was not the folder's name, so nothing was destroyed.")


def _print_destroyed(done: Destroyed, workset: WorkSet) -> None:
    """What is gone and what is left."""
    if not done.files:
        report.print_line(
            f"There is nothing left to destroy in {workset.root}: nobody can tell from it whose work is whose."
        )
    elif done.done:
        what = "the key among them" if done.had_key else "no key was among them"
        report.print_line(f"Gone: {report.count_noun(done.files, 'file')} of {workset.private}, {what}.")
        report.print_line("Nobody can tell any more from this set whose work is whose.")
    else:
        report.print_line(
            f"Would be gone: {report.count_noun(done.files, 'file')} of {workset.private}. Nothing was changed."
        )
    report.print_line()
    report.print_line("What is left:")
    for sentence in done.left:
        report.print_line(f"- {sentence}")


LOOK_UP = "show"


class SetFirst(TyperGroup):
    """Takes the set before or after the word that says what to do, and looks up where there is no such word."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word first: ``DIR export FILE`` is ``export DIR FILE``, ``DIR`` and ``DIR WHO`` are ``show …``."""
        if args and args[0] not in {*self.commands, "--help", "-h"}:
            swapped = len(args) > 1 and args[1] in self.commands
            args = [args[1], args[0], *args[2:]] if swapped else [LOOK_UP, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=SetFirst,
    help=(
        "Look up whose work an alias is; take the key out locked; destroy it.\n\n"
        "The folder may stand before the word: `mssw key DIR export FILE` is `mssw key export DIR FILE`. Without a "
        "word the key is shown: `mssw key DIR`, `mssw key DIR WHO`.\n\n"
        "\b\n"
        "    mssw key massive-air\n"
        "    mssw key massive-air Andrea\n"
        '    mssw key massive-air --assign "Andrea=Maria Lopez"\n'
        "    mssw key export massive-air key.xlsx --encrypt\n"
        "    mssw key remind massive-air 2030-06-30\n"
        "    mssw key destroy massive-air"
    ),
    no_args_is_help=True,
    subcommand_metavar="[DIR [WHO] | COMMAND [ARGS]...]",
)
app.command(LOOK_UP)(command(key, "key"))
app.command("export")(command(export, "key export"))
app.command("remind")(command(remind, "key remind"))
app.command("destroy")(command(destroy, "key destroy"))
