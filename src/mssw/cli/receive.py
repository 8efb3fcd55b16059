"""`mssw receive`: makes a set of the zip that a colleague shared."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, NoInput, ZipPasswordFile
from mssw.core.shell_words import command_line
from mssw.core.wording import count_noun

if TYPE_CHECKING:
    from mssw.exchange.receive_set import ReceiveReport


def receive(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="The file from `mssw share`.", show_default=False)],
    *,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            metavar="DIR",
            help="The folder for the set; by default named after the file, in the current folder.",
            show_default=False,
        ),
    ] = None,
    password_file: ZipPasswordFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the file; write nothing.")] = False,
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Make a set of the zip that a colleague shared with you, then print or sort it.

    The file is checked before anything is written: its list, its sizes, the hash of every file, and every byte of the
    zip. Then each file is audited. A file that was changed, packed again or made by something else is refused, and
    nothing of it stays. Give the zip as it came; a browser may unpack it by itself.

    A received set has no scans, class list or key. You can print it, sort it and choose samples; only its own teacher
    can cover a name that was overlooked.

    If the file has a password, you are asked for it. In a script, write it into a file for --password-file, or set
    MSSW_ZIP_PASSWORD.

    For example:

    \b
        mssw receive massive-air.zip
        mssw receive massive-air.zip --into massive-air-lincoln
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.cli.asking import take_zip_password  # noqa: PLC0415
    from mssw.exchange.receive_set import receive_set  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.exchange.share_set import usual_folder  # noqa: PLC0415

    place = into or Path(usual_folder(file))
    done = receive_set(file, place, lambda: take_zip_password(password_file, no_input=no_input), dry_run=dry_run)
    report.log_event("receive", responses=len(done.responses), files=done.files)
    report.print_json(done.as_json(), "receive") if as_json else _print_received(done, place, dry_run=dry_run)


def _print_received(done: "ReceiveReport", place: Path, *, dry_run: bool) -> None:
    state = "would be received into" if dry_run else "is in" if done.written else "was received before, into"
    many = count_noun(len(done.responses), "response")
    report.print_line(f"“{done.title or 'A set without a title'}” {state} {done.set}: {many}, all checked.")
    for remark in done.remarks:
        report.print_line(remark)
    if not dry_run:
        report.print_line(f"To print it:  {command_line('mssw', 'packet', place, '--copies', '8')}")
        report.print_line(f"To sort it:   {command_line('mssw', 'sort', place)}")
