"""`mssw packet`: print-ready packets for colleagues."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.asking import do_with_words
from mssw.cli.command import AsJson, Language, Templates, Words, declared, sessions
from mssw.core.paper import Flip, Paper
from mssw.core.shell_words import quote_word
from mssw.errors import StepMissingError
from mssw.packets.packet_options import PacketOptions

if TYPE_CHECKING:
    from mssw.packets.packet_options import PacketReport


def packet(
    directories: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...",
            help="The work set; or several, if several teachers present the same task in one session.",
            show_default=False,
        ),
    ],
    *,
    copies: Annotated[int | None, declared(PacketOptions, "copies")] = None,
    per_teacher: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="One copy for each colleague, with the name on its cover. Separate names with commas, or give a file.",
            show_default=False,
        ),
    ] = None,
    separate: Annotated[bool, declared(PacketOptions, "separate")] = False,
    session: Annotated[str | None, declared(PacketOptions, "session", autocompletion=sessions)] = None,
    date: Annotated[str | None, declared(PacketOptions, "date")] = None,
    paper: Annotated[Paper | None, declared(PacketOptions, "paper", case_sensitive=False)] = None,
    name_paper: Annotated[bool, declared(PacketOptions, "name_paper")] = False,
    two_sided: Annotated[bool, declared(PacketOptions, "two_sided")] = True,
    two_up: Annotated[bool, typer.Option("--two-up", help="Print two pages side by side on each sheet.")] = False,
    booklet: Annotated[bool, typer.Option("--booklet", help="Print a booklet to fold once across the middle.")] = False,
    flip: Annotated[Flip | None, declared(PacketOptions, "flip", case_sensitive=False)] = None,
    by_hand: Annotated[bool, declared(PacketOptions, "by_hand")] = False,
    evens_last_first: Annotated[bool, declared(PacketOptions, "evens_last_first")] = False,
    grey: Annotated[bool, declared(PacketOptions, "grey")] = False,
    save_ink: Annotated[bool, declared(PacketOptions, "save_ink")] = False,
    full_size: Annotated[bool, declared(PacketOptions, "full_size")] = False,
    all_works: Annotated[bool, declared(PacketOptions, "all_works")] = False,
    without_held: Annotated[bool, declared(PacketOptions, "without_held")] = False,
    unreviewed: Annotated[bool, declared(PacketOptions, "unreviewed")] = False,
    words: Words = None,
    without: Annotated[list[str] | None, declared(PacketOptions, "without")] = None,
    language: Language = None,
    templates: Templates = None,
    dry_run: Annotated[bool, declared(PacketOptions, "dry_run")] = False,
    as_json: AsJson = False,
) -> None:
    """Make the packet that each colleague gets.

    It has a cover, the introduction, the blank task, the samples, pages for notes, and pages for the session. You find
    it in shared/packet.pdf, with packet-reading.pdf beside it for a screen or a screen reader. Your own checklist is
    private/checklist.pdf. Speak from private/speaking-card.pdf when you introduce the task. private/print-slip.pdf
    tells you how to print: at actual size; two-sided is already set in the file. Eight copies make a file hardly
    larger than one.

    Look at every response first, or add --unreviewed. If there are more than 12, choose samples first. With several
    sets, the packet has the samples of all, one introduction each, and goes into the first one's folder.

    For example, eight copies for session B, or one copy each for three colleagues:

    \b
        mssw packet massive-air --copies 8 --session B --date "12 March"
        mssw packet massive-air --per-teacher "M. Rivera, J. Okafor, L. Tran" --booklet
    """  # noqa: D301 - the backspace keeps an example on its line
    directory, *others = directories
    from mssw import api as library  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.roster.words_file import colleagues  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    if two_up and booklet:
        raise typer.BadParameter("--two-up and --booklet cannot be combined; choose one.")
    bind = partial(
        library.packet,
        [directory, *others],
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
        full_size=full_size,
        all_works=all_works,
        without_held=without_held,
        unreviewed=unreviewed,
        session=session,
        date=date,
        without=without or (),
        language=language,
        templates=templates,
        dry_run=dry_run,
    )
    try:
        done = do_with_words(directory, words or (), bind, dry_run=dry_run)
    except StepMissingError as error:
        if not WorkSet(directory).settings.is_file():
            raise  # without a set there is no checklist either
        raise StepMissingError(
            f"{error} To see what is left to do: `mssw status {quote_word(directory)} --checklist`."
        ) from None
    report.log_event("packet", copies=done.copies, pages=done.pages, samples=len(done.samples), held=done.held)
    report.print_json(done.as_json(), "packet") if as_json else report.print_line(_report_text(done))
    report.remind_of_key(directory)


def _report_text(done: "PacketReport") -> str:
    """The report as a person reads it."""
    turned = "two-sided" if done.two_sided else "one-sided"
    shape = {"single": "", "two-up": ", two pages side by side", "booklet": ", to fold as a booklet"}[done.layout]
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
            f"Nobody has checked {len(done.unseen)} of the {len(done.samples)} samples yet, and the cover says so. "
            "Check them with `mssw review`."
        )
    if done.unanswered:
        lines.append(
            f"Not answered in intro.md: {', '.join(done.unanswered)}. The packet has lines to write on instead."
        )
    if not done.task_pages:
        lines.append("The packet has no blank task, because there is none in shared/.")
    if done.written:
        lines += [
            *([f"To read on a screen: {done.reading}."] if done.reading else []),
            (
                f"Your checklist is private/checklist.pdf{_open_points(done)}. For printing, see "
                "private/print-slip.pdf: print at actual size, not fitted to the page. It takes about "
                f"{done.minutes} minute{'' if done.minutes == 1 else 's'}."
            ),
        ]
    return "\n".join(lines)


def _open_points(report: "PacketReport") -> str:
    """How many points of the checklist are open."""
    count = len(report.open)
    return f" ({count} point{'' if count == 1 else 's'} open)" if count else " (all done)"


def _file_range(files: tuple[str, ...]) -> str:
    return f"{files[0]} to {files[-1]} ({len(files)} files)"
