"""`mssw packet`: print-ready packets for colleagues."""

from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.options import AsJson, Paper, WorkSetFolder
from mssw.cli.reminder import remind

if TYPE_CHECKING:
    from mssw.steps.bind import PacketReport


def packet(
    directory: WorkSetFolder,
    *,
    copies: Annotated[
        int, typer.Option(metavar="N", help="How many copies stand in the file, one after the other.")
    ] = 1,
    paper: Annotated[
        Paper | None,
        typer.Option(help="The printer's paper; else what set.toml says.", show_default=False, case_sensitive=False),
    ] = None,
    two_sided: Annotated[
        bool,
        typer.Option("--two-sided/--one-sided", help="Two-sided, each sample starts on a sheet of its own."),
    ] = True,
    all_works: Annotated[
        bool, typer.Option("--all", help="Print every work, whatever was chosen and however many there are.")
    ] = False,
    without_held: Annotated[
        bool, typer.Option("--without-held", help="Print although some works are held; they are left out.")
    ] = False,
    unreviewed: Annotated[
        bool,
        typer.Option("--unreviewed", help="Print although nobody has looked at some works; the cover says so."),
    ] = False,
    session: Annotated[
        str | None,
        typer.Option(metavar="A-E", help="The session, for the cover: a letter or any words.", show_default=False),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The day of the session, for the cover, in any words.", show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be printed; write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make the packet that each colleague will hold.

    It has a cover, the introduction, the blank task, the samples and pages for notes. It is written to
    shared/packet.pdf; your own checklist goes to private/checklist.pdf. Copies share their images, so eight weigh
    hardly more than one. Print at actual size; the file itself asks for both sides.

    Works that no person has looked at are refused, unless you say --unreviewed. With more than 12 works, choose first.

    For example, eight copies for session B:

    \b
        mssw packet massive-air --copies 8 --session B --date "12 March"
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw import library  # noqa: PLC0415 - heavy libraries load only when they are used

    done = library.packet(
        directory,
        copies=copies,
        paper=None if paper is None else "a4" if paper is Paper.A4 else "letter",
        two_sided=two_sided,
        all_works=all_works,
        without_held=without_held,
        unreviewed=unreviewed,
        session=session,
        date=date,
        dry_run=dry_run,
    )
    report.note("packet", copies=done.copies, pages=done.pages, samples=len(done.samples), held=done.held)
    report.give(done.as_json(), "packet") if as_json else report.say(_told(done))
    remind(directory)


def _told(done: "PacketReport") -> str:
    """The report as a person reads it."""
    would = "is" if done.written else "would be"
    turned = "two-sided" if done.two_sided else "one-sided"
    many = "copy" if done.copies == 1 else "copies"
    how = f"{done.copies} {many} of {done.sheets} sheets, {done.paper.capitalize()}, {turned}"
    lines = [
        f"{done.packet} {would} ready: {how}.",
        f"Samples: {', '.join(done.samples)}.",
        *(remark[0].upper() + remark[1:] for remark in done.remarks),
    ]
    if done.unseen:
        lines.append(
            f"No person has yet looked at {len(done.unseen)} of {len(done.samples)} works, and the cover "
            "says so; look at them with `mssw review`."
        )
    if done.unanswered:
        lines.append(f"intro.md does not answer: {', '.join(done.unanswered)}. The packet has lines to write on.")
    if not done.task_pages:
        lines.append("There is no blank task in shared/, so the packet has none.")
    if done.written:
        lines.append("Your own checklist is in private/checklist.pdf. Print at actual size, not fitted to the page.")
    return "\n".join(lines)
