"""`mssw transcripts`: what responses say, typed, for colleagues who cannot read a hand."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from mssw.cli import report
from mssw.cli.asking import do_with_words
from mssw.cli.command import AsJson, NoInput, ShowOnly, Words, WorkSetFolder, aliases

if TYPE_CHECKING:
    from mssw.preparing.transcribe import TranscriptsReport

_STATES = {
    "missing": "none yet",
    "empty": "nothing typed yet",
    "unconfirmed": "not printed: compare it, then --confirm",
    "changed": "not printed: the response has changed",
    "proposed": "read by software, not checked",
    "typed": "typed or checked by a person",
}


def transcripts(
    directory: WorkSetFolder,
    which: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ALIAS]...",
            help="Which responses; by default the chosen samples.",
            show_default=False,
            autocompletion=aliases,
        ),
    ] = None,
    *,
    propose: Annotated[bool, typer.Option("--propose", help="Let software read those that have no text yet.")] = False,
    blank: Annotated[bool, typer.Option("--blank", help="Write an empty file for each, to type into.")] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Say that you compared the text with the response as it is now.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="With --propose: read again what software read and nobody has checked.")
    ] = False,
    words: Words = None,
    dry_run: ShowOnly = False,
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Type what samples say, for colleagues who cannot read a hand and for screen readers.

    Each transcript is a text file, private/transcripts/ALIAS.md. The packet prints them together after the samples, and
    in packet-reading.pdf a screen reader reads them aloud. With `mssw packet SET --without transcripts` they stay out.

    With --propose, software reads the handwriting. It leaves out […] each word that may be a name, and the packet says
    that nobody has checked it. Correct the files, then run this with --confirm.

    A transcript in which mssw finds a name of the class list is not printed. If a response changes, because a name on
    it was covered, its transcript is not printed until you confirm it again.

    For example, let software read the samples; then confirm two that you corrected:

    \b
        mssw transcripts massive-air --propose
        mssw transcripts massive-air Andrea Boaz --confirm
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.preparing import transcribe  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    options = transcribe.TranscriptOptions(propose, blank, confirm, replace, dry_run)
    workset = WorkSet.open(directory)
    with report.show_progress(shown=propose and not as_json) as progress:
        do = partial(transcribe.do_transcripts, workset, tuple(which or ()), options, progress)
        done = do_with_words(directory, words or (), do, may_ask=not no_input, dry_run=dry_run)
    report.log_event("transcripts", responses=len(done.responses), written=len(done.written))
    report.print_json(done.as_json(), "transcripts") if as_json else _print_transcripts(done, dry_run=dry_run)


def _print_transcripts(done: "TranscriptsReport", *, dry_run: bool) -> None:
    rows = [[one["alias"], _STATES[one["state"]], str(one["words"] or "–")] for one in done.responses]
    report.print_table([["Alias", "Transcript", "Words"], *rows], asked=True)
    if done.written:
        would = "Would be written" if dry_run else "Written"
        report.print_line(f"{would}: {', '.join(done.written)}.")
    for remark in done.remarks:
        report.print_line(remark)
