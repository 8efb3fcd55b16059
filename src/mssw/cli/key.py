"""`mssw key`: which student is behind an alias. Private, for the class's own teacher.

Without a name it shows the whole key, with a name one row of it. `export` locks it with a password, `remind` sets the
day on which to destroy it, and `destroy` destroys it. The group of these commands is at the end.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from mssw.cli import report
from mssw.cli.command import AsJson, NoInput, WorkSetFolder, aliases, command
from mssw.core.page import page_ranges
from mssw.core.shell_words import quote_word
from mssw.core.wording import count_noun
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
    who: Annotated[
        str | None,
        typer.Argument(
            metavar="WHO",
            help="An alias or a student to look up; leave it out to see everything.",
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
            help="The student behind an alias, by name or number; nothing after the = removes a student.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what --assign would change; write nothing.")] = False,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Never ask questions. (This command asks none; for scripts.)")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look up which student is behind an alias and where the pages are in the stack, or correct it.

    The output names students, so it is for the class's own teacher. The full list also shows which responses are not
    matched (with the most likely students), which students have no response, and which names appear on two responses.
    What you set with --assign stays, even if you prepare the set again, and no alias changes.

    For example, everything; then one alias; then one response matched to a student and another to nobody:

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
    if who is not None and (assigned or dry_run):
        raise typer.BadParameter("give either WHO to look up or --assign, not both.")
    workset = WorkSet.open(directory)
    if who is not None:
        rows = look_up(workset, who)
        if as_json:
            report.print_json({"rows": rows}, "key-rows")
        else:
            report.print_table([list(HEADER), *([row[head] for head in HEADER] for row in rows)], asked=True)
        return
    table = assign(workset, assigned, dry_run=dry_run) if assigned else whole_table(workset)
    report.print_json(_key_as_json(table), "key") if as_json else _print_key(table, directory)
    if assigned and not as_json:
        report.print_line()
        for sentence in table.changes:
            report.print_line(sentence)
        if dry_run:
            report.print_line("Nothing was written.")


def _key_as_json(table: KeyTable) -> dict[str, Any]:
    """The whole table for scripts."""
    responses = table.matching.responses
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
            for work in responses
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
            for work in responses
            if work.student is None
        ],
        "students_without_work": [
            {"student": person.name, "student_id": person.number} for person in table.matching.without_response
        ],
        "two_works": [
            {"student": one.student.name, "student_id": one.student.number, "works": list(one.responses)}
            for one in table.matching.double_claims
        ],
        "changed": list(table.changes),
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
        [alias, student, number, "; ".join(places[alias]), (by or "you") if student else "(not matched)"]
        for alias, student, number, _, _, by in sorted(joined_rows(table.entries))
    ]
    report.print_table([["Alias", "Student", "ID", "Pages", "Matched by"], *rows], asked=True)
    left = [work for work in matching.responses if work.student is None]
    if left and (matching.without_response or any(work.guesses for work in left)):
        cells = [[work.alias, _guesses_text(matching, work.guesses), work.why] for work in left]
        _print_block([["Not matched", "Perhaps by", "because"], *cells])
    if matching.without_response:
        rows = [[one.name, one.number] for one in matching.without_response]
        _print_block([["Student without a response", "ID"], *rows])
    if matching.double_claims:
        cells = [[one.student.name, one.student.number, ", ".join(one.responses)] for one in matching.double_claims]
        _print_block([["Name on two responses", "ID", "Responses"], *cells])
    if left and matching.without_response:
        report.print_line()
        report.print_line(f"To match a response to a student:  mssw key {quote_word(directory)} --assign ALIAS=STUDENT")


def _guesses_text(matching: Matching, guesses: tuple[MatchedPerson, ...]) -> str:
    """The nearest students, best first, each with the responses that they already have."""
    texts = []
    for guess in guesses:
        aliases_of_guess = ", ".join(_aliases_of(matching, guess))
        texts.append(f"{guess.shown}, who has {aliases_of_guess}" if aliases_of_guess else guess.shown)
    return "\n".join(texts)


def _print_block(rows: list[list[str]]) -> None:
    typer.echo()
    report.print_table(rows, asked=True)


def export(
    directory: WorkSetFolder,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.xlsx", help="The file to write, outside shared/.", show_default=False)
    ],
    *,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Lock the file with a password (required).")] = False,
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="Read the password from the first line of stdin, for scripts."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check that the file can be written; write nothing.")
    ] = False,
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Save the key as a workbook with a password, for Excel or LibreOffice.

    You type the password twice; it is never part of the command, where others could read it. Without the password
    nobody can open the file, not even you, so store the two separately. The key in the set stays where it is.

    For example, by hand, then in a script:

    \b
        mssw key export massive-air key-5b.xlsx --encrypt
        mssw key export massive-air key-5b.xlsx --encrypt --password-stdin < password.txt
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.keys.key_care import KeyExport, check_export, export_key  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used

    if not encrypt:
        raise UsageError("a key can only be exported with a password; add --encrypt.")
    workset = WorkSet.open(directory)
    responses = check_export(workset, file)
    if dry_run:
        done = KeyExport(str(file), responses, written=False)
    else:
        done = export_key(workset, file, _ask_password(from_stdin=password_stdin, no_input=no_input))
    report.log_event("key export", works=done.works)
    if as_json:
        report.print_json(done.as_json(), "key-export")
        return
    locked = "locked with your password" if done.written else "which would be locked with a password"
    report.print_line(f"{done.file}: {count_noun(done.works, 'response')}, {locked}.")
    if done.written:
        report.print_line("Store the password separately. Without it, nobody can open the file or recover it.")


def _ask_password(*, from_stdin: bool, no_input: bool) -> str:
    """The password: from standard input, or typed twice without being shown."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if no_input or not sys.stdin.isatty():
        raise UsageError("the password cannot be typed here; pass it on stdin with --password-stdin.")
    typed: str = typer.prompt("Password for the key", hide_input=True, confirmation_prompt="Type it again", err=True)
    return typed


def remind(
    directory: WorkSetFolder,
    day: Annotated[
        str,
        typer.Argument(
            metavar="YYYY-MM-DD|never",
            help="The day when reminders start; `never` turns them off.",
            show_default=False,
        ),
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be saved; write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Choose a day when mssw starts reminding you to destroy the key.

    The day is saved in set.toml as destroy_key_after. From then on `status`, `prepare` and `packet` remind you. Nothing
    is destroyed automatically.

    For example:

    \b
        mssw key remind massive-air 2030-06-30
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.keys.key_care import set_reminder  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used

    try:
        first_day = None if day.casefold() == "never" else date.fromisoformat(day)
    except ValueError:
        raise UsageError("write the day like 2030-06-30, or never.") from None
    workset = WorkSet.open(directory)
    if not dry_run:
        set_reminder(workset, first_day)
    if as_json:
        value = {"destroy_key_after": first_day.isoformat() if first_day else "", "written": not dry_run}
        report.print_json(value, "key-remind")
    elif first_day is None:
        report.print_line("Reminders are off." if not dry_run else "Reminders would be turned off.")
    else:
        report.print_line(f"mssw {'would' if dry_run else 'will'} remind you to destroy the key from {first_day} on.")


def destroy(
    directory: WorkSetFolder,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation; for scripts.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be deleted and what would be left; change nothing.")
    ] = False,
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Destroy the key for good, with everything that could restore it. Aliases can no longer be traced to students.

    This deletes all of private/: key, class list, scans, pages, decisions, sorts and transcripts, and the seed if
    there is one. The shared files stay, but can no longer be changed. You are asked to type the folder's name first. If
    it is interrupted, run it again. At the end, you see what is left elsewhere for you to delete.

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
        raise UsageError("this cannot be confirmed here; add --yes to destroy the key without being asked.")
    typer.echo(f"{_name_files(planned, workset)} will be deleted for good.", err=True)
    if typer.prompt(f"Type {name} to destroy the key", err=True).strip() != name:
        raise UsageError("that is not the folder's name, so nothing was destroyed.")


def _name_files(planned: Destroyed, workset: WorkSet) -> str:
    """How many files, and the transcripts among them, which a person may have typed and want to keep."""
    from mssw.workset.transcript_files import list_transcript_files  # noqa: PLC0415 - heavy libraries

    files = f"{count_noun(planned.files, 'file')} in {workset.private}"
    typed = len(list_transcript_files(workset))
    return f"{files}, with {count_noun(typed, 'transcript file')} that you may want to print first," if typed else files


def _print_destroyed(done: Destroyed, workset: WorkSet) -> None:
    """What is gone and what is left."""
    if not done.files:
        report.print_line(
            f"There is nothing left to destroy in {workset.root}: its aliases cannot be traced to students."
        )
    elif done.done:
        what = "including the key" if done.had_key else "but there was no key"
        report.print_line(f"Deleted {count_noun(done.files, 'file')} in {workset.private}, {what}.")
        report.print_line("The aliases in this set can no longer be traced to students.")
    else:
        report.print_line(f"{_name_files(done, workset)} would be deleted. Nothing was changed.")
    report.print_line()
    report.print_line("What is left:")
    for sentence in done.left:
        report.print_line(f"- {sentence}")


LOOK_UP = "show"


class SetFirst(TyperGroup):
    """Accepts the set before or after the command's word; without such a word it looks the key up."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word first: ``DIR export FILE`` is ``export DIR FILE``, ``DIR`` and ``DIR WHO`` are ``show …``."""
        if args and args[0] not in {*self.commands, "--help", "-h"}:
            swapped = len(args) > 1 and args[1] in self.commands
            args = [args[1], args[0], *args[2:]] if swapped else [LOOK_UP, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=SetFirst,
    help=(
        "Look up which student is behind an alias, export the key with a password, or destroy it.\n\n"
        "You can put the folder first: `mssw key DIR export FILE` is the same as `mssw key export DIR FILE`. To look "
        "up the key, give the folder alone, or the folder and a name: `mssw key DIR`, `mssw key DIR WHO`.\n\n"
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
