"""`mssw packet`: print-ready packets for colleagues."""

from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.options import AsJson, Templates, WorkSetFolder, declared, sessions
from mssw.cli.reminder import remind
from mssw.core.imposition import Flip
from mssw.core.paper import Paper
from mssw.errors import StepMissingError
from mssw.packets.packet_options import PacketOptions

if TYPE_CHECKING:
    from mssw.packets.packet_options import PacketReport


def packet(
    directory: WorkSetFolder,
    *,
    copies: Annotated[int | None, declared(PacketOptions, "copies")] = None,
    per_teacher: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="A copy for each colleague, the name on its cover: names with commas, or a file, one a line.",
            show_default=False,
        ),
    ] = None,
    separate: Annotated[bool, declared(PacketOptions, "separate")] = False,
    session: Annotated[str | None, declared(PacketOptions, "session", autocompletion=sessions)] = None,
    date: Annotated[str | None, declared(PacketOptions, "date")] = None,
    paper: Annotated[Paper | None, declared(PacketOptions, "paper", case_sensitive=False)] = None,
    name_paper: Annotated[bool, declared(PacketOptions, "name_paper")] = False,
    two_sided: Annotated[bool, declared(PacketOptions, "two_sided")] = True,
    two_up: Annotated[bool, typer.Option("--two-up", help="Two pages side by side on a sheet.")] = False,
    booklet: Annotated[bool, typer.Option("--booklet", help="For folding once across the middle.")] = False,
    flip: Annotated[Flip | None, declared(PacketOptions, "flip", case_sensitive=False)] = None,
    by_hand: Annotated[bool, declared(PacketOptions, "by_hand")] = False,
    evens_last_first: Annotated[bool, declared(PacketOptions, "evens_last_first")] = False,
    grey: Annotated[bool, declared(PacketOptions, "grey")] = False,
    save_ink: Annotated[bool, declared(PacketOptions, "save_ink")] = False,
    all_works: Annotated[bool, declared(PacketOptions, "all_works")] = False,
    without_held: Annotated[bool, declared(PacketOptions, "without_held")] = False,
    unreviewed: Annotated[bool, declared(PacketOptions, "unreviewed")] = False,
    templates: Templates = None,
    dry_run: Annotated[bool, declared(PacketOptions, "dry_run")] = False,
    as_json: AsJson = False,
) -> None:
    """Make the packet that each colleague will hold.

    It has a cover, the introduction, the blank task, the samples, pages for notes and what the session needs. It is
    written to shared/packet.pdf; beside it stands packet-reading.pdf, for a screen or a screen reader. Your own
    checklist goes to private/checklist.pdf, and private/print-slip.pdf says how to print. Copies share their images,
    so eight weigh hardly more than one. Print at actual size; the file itself asks for both sides.

    Works that no person has looked at are refused, unless you say --unreviewed. With more than 12 works, choose first.

    For example, eight copies for session B, or a copy each for three colleagues:

    \b
        mssw packet massive-air --copies 8 --session B --date "12 March"
        mssw packet massive-air --per-teacher "M. Rivera, J. Okafor, L. Tran" --booklet
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw import api as library  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.roster.words_file import colleagues  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    if two_up and booklet:
        raise typer.BadParameter("a sheet is either --two-up or a --booklet; take one of them.")
    try:
        done = library.packet(
            directory,
            copies=copies,
            colleagues=colleagues(per_teacher) if per_teacher is not None else (),
            separate=separate,
            paper=paper.value if paper else None,
            name_paper=name_paper,
            two_sided=two_sided,
            layout="booklet" if booklet else "two-up" if two_up else "single",
            flip=flip.value if flip else None,
            by_hand=by_hand,
            evens_last_first=evens_last_first,
            grey=grey,
            save_ink=save_ink,
            all_works=all_works,
            without_held=without_held,
            unreviewed=unreviewed,
            session=session,
            date=date,
            templates=templates,
            dry_run=dry_run,
        )
    except StepMissingError as error:
        if not WorkSet(directory).settings.is_file():
            raise  # without a set there is no checklist either
        raise StepMissingError(f"{error} All that is open: `mssw status {directory} --checklist`.") from None
    report.log_event("packet", copies=done.copies, pages=done.pages, samples=len(done.samples), held=done.held)
    report.print_json(done.as_json(), "packet") if as_json else report.print_line(_report_text(done))
    remind(directory)


def _report_text(done: "PacketReport") -> str:
    """The report as a person reads it."""
    turned = "two-sided" if done.two_sided else "one-sided"
    shape = {"single": "", "two-up": ", two pages side by side", "booklet": ", to be folded as a booklet"}[done.layout]
    many = "copy" if done.copies == 1 else "copies"
    how = f"{done.copies} {many} of {done.sheets} sheets, {done.paper.capitalize()}, {turned}{shape}"
    would = ("is" if len(done.files) == 1 else "are") if done.written else "would be"
    lines = [
        f"{' and '.join(done.files) if len(done.files) < 3 else _file_range(done.files)} {would} ready: {how}.",  # noqa: PLR2004 - two fit on a line
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
        lines += [
            *([f"To read on a screen: {done.reading}."] if done.reading else []),
            (
                f"Your own checklist is in private/checklist.pdf{_open_points(done)}, and private/print-slip.pdf "
                f"says how to print: at actual size, not fitted to the page, in about {done.minutes} "
                f"minute{'' if done.minutes == 1 else 's'}."
            ),
        ]
    return "\n".join(lines)


def _open_points(report: "PacketReport") -> str:
    """How many points of the checklist are open."""
    count = len(report.open)
    return f", with {count} point{'' if count == 1 else 's'} open" if count else ", with nothing open"


def _file_range(files: tuple[str, ...]) -> str:
    return f"{files[0]} to {files[-1]} ({len(files)} files)"
