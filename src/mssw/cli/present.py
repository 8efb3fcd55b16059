"""`mssw present`: samples on a projector, in a browser or as slides."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, Browser, ShowOnly, WorkSetFolder, aliases
from mssw.core.wording import count_noun
from mssw.errors import UsageError

if TYPE_CHECKING:
    from mssw.presenting.slides import PresentOptions, SlidesReport
    from mssw.workset.folder import WorkSet


def present(
    directory: WorkSetFolder,
    *,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.pdf|FILE.pptx",
            help="Write slides in 16:9 to this file instead: a PDF, or .pptx for PowerPoint.",
            show_default=False,
        ),
    ] = None,
    pair: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ALIAS,ALIAS",
            help="With --to: add slides with these two side by side. Can be repeated.",
            show_default=False,
            autocompletion=aliases,
        ),
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PAGE:X,Y,W,H",
            help="A question is asked and answered here on the task; give all of them. Or drag them on the page.",
            show_default=False,
        ),
    ] = None,
    find_questions: Annotated[
        bool, typer.Option("--find-questions", help="Forget the places you chose, and find them on the task again.")
    ] = False,
    all_works: Annotated[
        bool, typer.Option("--all", help="Show every response, no matter what was chosen or how many there are.")
    ] = False,
    without_held: Annotated[
        bool, typer.Option("--without-held", help="Go on even if some responses are on hold; those are left out.")
    ] = False,
    unreviewed: Annotated[
        bool, typer.Option("--unreviewed", help="Go on even if nobody has checked some responses.")
    ] = False,
    browser: Browser = True,
    dry_run: ShowOnly = False,
    as_json: AsJson = False,
) -> None:
    """Show the samples on a projector, for everybody in the room.

    One sample at a time, two side by side, or all answers to one question: the pages are laid on the blank task, so
    each answer is cut out at the same place. You see aliases, never piles, levels or students. It shows what a packet
    would print, under the same rules, and each file has passed the same privacy check.

    The page opens in your browser; press F for the full screen and ? for all keys. With --to, you get slides as a
    PDF, or as a PowerPoint file for colleagues who meet online: pictures alone, without your name or the time.

    For example, on this computer; then as slides, with two samples compared; then for PowerPoint:

    \b
        mssw present massive-air
        mssw present massive-air --to samples.pdf --pair Boaz,Clara
        mssw present massive-air --to samples.pptx
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.presenting.shown_samples import parse_question  # noqa: PLC0415 - load when they are used
    from mssw.presenting.slides import PresentOptions  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415
    from mssw.workset.question_file import keep_questions  # noqa: PLC0415

    if find_questions and question:
        raise UsageError("--find-questions and --question cannot be combined; choose one.")
    writes = to is not None or dry_run or as_json
    if pair and not writes:
        raise UsageError("--pair is for slides; add --to samples.pdf. In the browser, press 2.")
    workset = WorkSet.open(directory)
    pairs = tuple(_read_pair(one) for one in pair or ())
    places = [parse_question(one) for one in question or ()]
    options = PresentOptions(to, pairs, all_works, without_held, unreviewed, dry_run)
    if (places or find_questions) and not dry_run:
        keep_questions(workset, places)
    if writes:
        _write(workset, options, as_json=as_json)
        return
    _show(workset, options, browser=browser)


def _read_pair(text: str) -> tuple[str, str]:
    """Two aliases with a comma between them."""
    names = [part.strip() for part in text.split(",")]
    if len(names) != 2 or not all(names):  # noqa: PLR2004 - a pair
        raise UsageError(f"--pair {text} is not two aliases with a comma between them, such as --pair Boaz,Clara.")
    return names[0], names[1]


def _write(workset: WorkSet, options: PresentOptions, *, as_json: bool) -> None:
    """Write the slides."""
    from mssw.presenting.slides import write_slides  # noqa: PLC0415

    with report.show_progress(shown=not as_json) as tell:
        done = write_slides(workset, options, tell)
    report.log_event("present", slides=done.slides, samples=len(done.samples))
    report.print_json(asdict(done), "present") if as_json else report.print_line(_report_text(done))


def _report_text(done: SlidesReport) -> str:
    """The report as a person reads it."""
    would = "has" if done.written else "would have"
    lines = [
        f"{done.file} {would} {count_noun(done.slides, 'slide')}.",
        f"Answers are side by side for {count_noun(done.questions, 'question')}.",
        f"Samples: {', '.join(done.samples)}.",
    ]
    if done.unseen:
        lines.append(f"Nobody has checked {len(done.unseen)} of them yet: check with `mssw review`.")
    return "\n".join(lines)


def _show(workset: WorkSet, options: PresentOptions, *, browser: bool) -> None:
    """Serve the page until it is closed."""
    from mssw.presenting.shown_samples import read_shown_samples  # noqa: PLC0415
    from mssw.web.present_page import present_site  # noqa: PLC0415
    from mssw.web.site import serve  # noqa: PLC0415

    shown = read_shown_samples(workset, options.of_packet)
    serve(present_site(workset, shown), browser=browser, say=report.print_line)
