"""`mssw slips`: a slip for each student, with the name back and the next step that the team chose."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, CheckOnly, PaperOfSet, Templates, WorkSetFolder
from mssw.core.shell_words import quote_word
from mssw.core.wording import count_noun


def slips(
    directory: WorkSetFolder,
    *,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="Also a slip with lines to write on for students without a next step.")
    ] = False,
    paper: PaperOfSet = None,
    templates: Templates = None,
    dry_run: CheckOnly = False,
    as_json: AsJson = False,
) -> None:
    """Print slips for your students: name, next step, and room to write. Four slips to a page.

    The steps are those that `mssw record` has as chosen, in your words for the student. The names come from the key, so
    the file goes to private/: it is for you alone. A slip never shows a pile or a level; words that would are refused.

    For example:

    \b
        mssw slips massive-air
        mssw slips massive-air --everyone
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.record.student_slips import print_slips  # noqa: PLC0415 - heavy libraries load only when they are used
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    workset = WorkSet.open(directory)
    size = paper.value if paper else None
    done = print_slips(workset, everyone=everyone, paper=size, templates=templates, dry_run=dry_run)
    report.log_event("slips", slips=done.slips, pages=done.pages)
    if as_json:
        report.print_json(asdict(done), "slips")
        return
    count = f"{count_noun(done.slips, 'slip')} on {count_noun(done.pages, 'page')}"
    report.print_line(f"{done.file} {'is' if done.written else 'would be'} ready: {count}. It shows names.")
    if done.without_step and not everyone:
        report.print_line(f"No next step is chosen for {', '.join(done.without_step)}.")
    if done.without_student:
        report.print_line(
            f"The key gives {', '.join(done.without_student)} to nobody yet: "
            f"`mssw key {quote_word(directory)} --assign ALIAS=STUDENT`."
        )
    report.print_line("Print one-sided, at actual size, and cut along the dashed lines.")
