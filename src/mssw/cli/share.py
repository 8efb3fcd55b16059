"""`mssw share`: the shared side of a set as one zip, for another school or the colleague who prints."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, NoInput, Words, WorkSetFolder, ZipPasswordFile
from mssw.core.shell_words import quote_word
from mssw.core.wording import count_noun

if TYPE_CHECKING:
    from mssw.exchange.share_set import ShareReport


def share(
    directory: WorkSetFolder,
    *,
    to: Annotated[
        Path, typer.Option("--to", metavar="FILE.zip", help="The file to write, outside the set.", show_default=False)
    ],
    receiver: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHO",
            help="Who gets the file, for your own log; `mssw recall` lists it.",
            show_default=False,
        ),
    ] = None,
    samples: Annotated[
        bool, typer.Option("--samples", help="Share only the chosen samples, not all responses.")
    ] = False,
    with_packet: Annotated[
        bool,
        typer.Option("--with-packet", help="Put the printed packet in too, for someone who prints without mssw."),
    ] = False,
    without_record: Annotated[
        bool, typer.Option("--without-record", help="Leave out what your team found (`mssw record`).")
    ] = False,
    lock: Annotated[bool, typer.Option("--lock", help="Lock the file with a password (AES-256).")] = False,
    password_file: ZipPasswordFile = None,
    unreviewed: Annotated[
        bool, typer.Option("--unreviewed", help="Share responses that nobody has looked at; their packets say so.")
    ] = False,
    words: Words = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a different file of the same name.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check the set and show what would be shared; write nothing.")
    ] = False,
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Put what colleagues may see into one zip, for another school or the colleague who prints.

    The zip holds the responses, the blank task, the title, the introduction, which samples you chose, and what your
    team recorded. Scans, class list, key, your sorts, piles and levels stay with you. The whole set is audited first.
    It is refused if a decision is not applied yet, or if nobody has looked at a response.

    Your colleague runs `mssw receive FILE.zip`, then prints or sorts the set like one of their own. Without a password,
    the same set gives the same file, byte for byte.

    With --lock you type a password twice; it is never part of the command. In a script, write it into a file for
    --password-file, or set MSSW_ZIP_PASSWORD. Send the password another way than the file. Names are removed, but
    someone may recognize handwriting, so treat the file with care.

    For example:

    \b
        mssw share massive-air --to massive-air.zip
        mssw share massive-air --to for-the-office.zip --samples --lock --receiver "School office"
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw import api as library  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.cli.asking import do_with_words, take_zip_password  # noqa: PLC0415
    from mssw.exchange.share_set import ShareOptions, check_share  # noqa: PLC0415
    from mssw.workset.allowed_names import take_words  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    receivers = tuple(" ".join(one.split()) for one in receiver or ())
    is_locked = lock or password_file is not None
    password = ""
    if is_locked:
        workset = WorkSet.open(directory)
        with take_words(workset, words or (), dry_run=True):  # before a password is asked for
            check_share(workset, ShareOptions(to, receivers=receivers))
        password = take_zip_password(password_file, no_input=no_input, is_new=True) if not dry_run else " " * 12
    do = partial(
        library.share,
        directory,
        to,
        samples=samples,
        with_packet=with_packet,
        without_record=without_record,
        receivers=receivers,
        password=password,
        unreviewed=unreviewed,
        replace=replace,
        dry_run=dry_run,
    )
    done = do_with_words(directory, words or (), do, may_ask=not no_input, dry_run=dry_run)
    report.log_event("share", responses=len(done.responses), files=done.files, bytes=done.bytes)
    report.print_json(done.as_json(), "share") if as_json else _print_shared(done, dry_run=dry_run)


def _print_shared(done: "ShareReport", *, dry_run: bool) -> None:
    state = "would be written" if dry_run else "is ready" if done.written else "is already up to date"
    locked = ", locked with a password" if done.locked else ""
    size = f"{max(done.bytes / 1e6, 0.1):.1f} MB"
    report.print_line(f"{done.file} {state}: {count_noun(len(done.responses), 'response')}, {size}{locked}.")
    for remark in done.remarks:
        report.print_line(remark)
    if not dry_run:
        if done.locked:
            report.print_line("Send the password another way than the file. Without it, nobody can open the file.")
        report.print_line(f"Your colleague opens it with:  mssw receive {quote_word(Path(done.file).name)}")
