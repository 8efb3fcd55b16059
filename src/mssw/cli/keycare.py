"""`mssw key export`, `remind` and `destroy`: the key locked with a password, its last day, and its end."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.options import AsJson, NoInput, WorkSetFolder
from mssw.errors import UsageError

if TYPE_CHECKING:
    from mssw.key.key_care import Destroyed
    from mssw.workset.folder import WorkSet


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
    from mssw.key.key_care import KeyExport, check_export, export_key  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used

    if not encrypt:
        raise UsageError("a key leaves its set only locked with a password; say --encrypt.")
    workset = WorkSet.open(directory)
    works = check_export(workset, file)
    if dry_run:
        done = KeyExport(str(file), works, written=False)
    else:
        done = export_key(workset, file, _password(from_stdin=password_stdin, no_input=no_input))
    report.note("key export", works=done.works)
    if as_json:
        report.give(done.as_json(), "key-export")
        return
    told = "locked with your password" if done.written else "and would be locked with a password"
    report.say(f"{done.file}: {report.count(done.works, 'work')}, {told}.")
    if done.written:
        report.say("Keep the password apart from the file. Nobody can open it without, and nobody can find it out.")


def _password(*, from_stdin: bool, no_input: bool) -> str:
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
    from mssw.key.key_care import set_reminder  # noqa: PLC0415
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
        report.give(value, "key-remind")
    elif wanted is None:
        report.say("You are not reminded any more." if not dry_run else "You would not be reminded any more.")
    else:
        report.say(f"From {wanted} on you {'would be' if dry_run else 'are'} reminded to destroy the key.")


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
    from mssw.key.key_care import destroy_key, plan_destruction  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used

    workset = WorkSet.open(directory)
    planned = plan_destruction(workset)
    if dry_run or not planned.files:
        done = planned if dry_run else destroy_key(workset)
    else:
        if not yes:
            _confirm(workset, planned, no_input=no_input)
        done = destroy_key(workset)
    report.note("key destroy", files=done.files)
    report.give(done.as_json(), "key-destroy") if as_json else _told(done, workset)


def _confirm(workset: WorkSet, planned: Destroyed, *, no_input: bool) -> None:
    """Have the folder's name typed.

    Raises:
        UsageError: nobody is there, or something else was typed.
    """
    name = workset.root.resolve().name
    if no_input or not sys.stdin.isatty():
        raise UsageError("nobody is here to confirm it; say --yes to destroy the key without being asked.")
    typer.echo(f"{report.count(planned.files, 'file')} of {workset.private} will be gone for good.", err=True)
    if typer.prompt(f"Type {name} to destroy the key", err=True).strip() != name:
        raise UsageError("that was not the folder's name, so nothing was destroyed.")


def _told(done: Destroyed, workset: WorkSet) -> None:
    """What is gone and what is left."""
    if not done.files:
        report.say(f"There is nothing left to destroy in {workset.root}: nobody can tell from it whose work is whose.")
    elif done.done:
        what = "the key among them" if done.had_key else "no key was among them"
        report.say(f"Gone: {report.count(done.files, 'file')} of {workset.private}, {what}.")
        report.say("Nobody can tell any more from this set whose work is whose.")
    else:
        report.say(f"Would be gone: {report.count(done.files, 'file')} of {workset.private}. Nothing was changed.")
    report.say()
    report.say("What is left:")
    for sentence in done.left:
        report.say(f"- {sentence}")
