"""`mssw review`: look at what is held, cover what was missed, let go what is right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mssw.cli import report
from mssw.cli.prepare import plain, show
from mssw.errors import ExitCode


def review(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The work set.", show_default=False)],
    *,
    listed: Annotated[
        bool, typer.Option("--list", help="List every work with what is to be looked at; change nothing.")
    ] = False,
    approve: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ALIAS[:PAGE]",
            help="You looked at this work (or page of it), and it may go.",
            show_default=False,
        ),
    ] = None,
    cover: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ALIAS:PAGE:X,Y,W,H",
            help="Cover this place too, in fractions of the page.",
            show_default=False,
        ),
    ] = None,
    set_aside: Annotated[
        list[str] | None,
        typer.Option("--set-aside", metavar="ALIAS", help="Leave this work out.", show_default=False),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why it is set aside.")] = "set aside by the teacher",
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON on stdout.")] = False,
) -> None:
    """Clear what is held, page by page, after you have looked at it.

    Look at the page image that the list names (it is in private/), then approve it, cover what names somebody, or set the
    work aside. Each decision is kept with the page's hash, and the set is prepared again.

    For example:

        mssw review massive-air --list

        mssw review massive-air --cover Andrea:2:0.1,0.45,0.2,0.03 --approve Andrea
    """
    from mssw.files.workset import WorkSet  # noqa: PLC0415
    from mssw.steps.review import decide, list_works  # noqa: PLC0415

    workset = WorkSet.open(directory)
    if listed or not (approve or cover or set_aside):
        rows = list_works(workset)
        if as_json:
            report.give(rows)
            return
        report.table(
            [
                ["Work", "is", "page", "look at", "because"],
                *([r["alias"], r["state"], r["page"], r["image"], r["reason"]] for r in rows),
            ]
        )
        report.say()
        report.say(f"A page that may go:     mssw review {directory} --approve ALIAS:PAGE")
        report.say(
            f"A place to cover:       mssw review {directory} --cover ALIAS:PAGE:X,Y,W,H   (fractions of the page)"
        )
        report.say(f"A work to leave out:    mssw review {directory} --set-aside ALIAS --reason WHY")
        return
    with report.progress(shown=not as_json) as tell:
        done = decide(workset, approve or (), cover or (), set_aside or (), reason, tell)
    if as_json:
        report.give(plain(done))
    else:
        show(done, directory)
    if done.held:
        raise typer.Exit(int(ExitCode.FINDINGS))
