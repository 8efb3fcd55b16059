"""`mssw review`: check every page, cover what was missed, release the rest; in a browser, with options, or on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil, floor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.asking import do_with_words
from mssw.cli.command import AsJson, Browser, Words, aliases
from mssw.cli.prepare import prepare_as_json, print_prepare_report
from mssw.core.shell_words import command_line, quote_word
from mssw.core.wording import count_noun
from mssw.errors import ExitCode

if TYPE_CHECKING:
    from mssw.preparing.prepare_options import PrepareReport
    from mssw.web.review_page import Applying
    from mssw.web.site import Site
    from mssw.workset.folder import WorkSet


def review(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="The work set, or a folder of classes.", show_default=False)
    ],
    *,
    listed: Annotated[bool, typer.Option("--list", help="List every page that needs a look; change nothing.")] = False,
    approve: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ALIAS[:PAGE]",
            help="Release this response, or this page of it: you have checked it.",
            show_default=False,
            autocompletion=aliases,
        ),
    ] = None,
    cover: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ALIAS:PAGE:X,Y,W,H",
            help="Cover this place as well, in fractions of the page.",
            show_default=False,
        ),
    ] = None,
    cover_flagged: Annotated[
        list[str] | None,
        typer.Option(
            "--cover-flagged",
            metavar="ALIAS[:PAGE]",
            help="Cover every flagged place of this response, or page, and release it: you have checked it.",
            show_default=False,
            autocompletion=aliases,
        ),
    ] = None,
    set_aside: Annotated[
        list[str] | None,
        typer.Option(
            "--set-aside",
            metavar="ALIAS",
            help="Leave this response out.",
            show_default=False,
            autocompletion=aliases,
        ),
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why you set it aside.")] = "set aside by the teacher",
    words: Words = None,
    paper: Annotated[
        bool, typer.Option("--paper", help="Only write private/review.pdf, with all pages to check on paper.")
    ] = False,
    browser: Browser = True,
    as_json: AsJson = False,
) -> None:
    """Check every page in your browser: approve it, cover a name that was missed, or set a response aside.

    Responses on hold come first, then pages with a place that may be a name. Each decision is saved as you make it, and
    "Done" applies them. Only this computer can open the page. The options below do the same without a browser, and
    apply your decisions at once. The exit code is 1 if responses are still on hold.

    Give a folder of classes, as a department has it, to go through all of them, one after the other in one window.

    For example: in the browser; without it, to list pages, cover a name and release, or cover all flagged places; then
    a whole department:

    \b
        mssw review massive-air
        mssw review massive-air --list
        mssw review massive-air --cover Boaz:2:0.1,0.45,0.2,0.03 --approve Boaz
        mssw review massive-air --cover-flagged Clara
        mssw review department/sets
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.review.apply_decisions import decide, list_responses  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used

    changes = bool(approve or cover or cover_flagged or set_aside)
    if not changes and not paper and not as_json and (classes := _classes_in(directory)):
        _list_each(classes) if listed else _review_each(classes, directory, browser=browser)
        return
    workset = WorkSet.open(directory)
    if paper:
        _write_on_paper(workset)
        return
    if listed or (as_json and not changes):
        rows = list_responses(workset)
        report.print_json({"pages": rows}, "review-list") if as_json else _print_list(rows, directory)
        return
    if not changes:
        _review_in_browser(workset, browser=browser)
        return

    def do() -> PrepareReport:
        with report.show_progress(shown=not as_json) as tell:
            return decide(
                workset, approve or (), cover or (), set_aside or (), reason, tell, flagged=cover_flagged or ()
            )

    done = do_with_words(directory, words or (), do)
    report.print_json(prepare_as_json(done), "prepare") if as_json else print_prepare_report(done, directory)
    if done.held:
        raise typer.Exit(int(ExitCode.FINDINGS))


def _classes_in(directory: Path) -> list[WorkSet]:
    """The sets of a department's folder; none where it is a set itself, or holds none."""
    from mssw.next_step import list_sets  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    return [WorkSet(root) for root in list_sets(directory) if root != directory]


def _list_each(classes: Sequence[WorkSet]) -> None:
    """The pages that need a look, class by class."""
    from mssw.review.apply_decisions import list_responses  # noqa: PLC0415

    for workset in classes:
        typer.echo(f"\n{workset.root}")
        _print_list(list_responses(workset), workset.root)


def _review_each(classes: Sequence[WorkSet], directory: Path, *, browser: bool) -> None:
    """Review the classes in which something is open, one after the other in one window."""
    from mssw.next_step import find_open_steps  # noqa: PLC0415
    from mssw.web.review_page import review_site  # noqa: PLC0415
    from mssw.web.site import serve_each  # noqa: PLC0415

    waiting = [one for one in classes if any(step.step == "review" for step in find_open_steps(one))]
    if not waiting:
        report.print_line(f"Every page of {count_noun(len(classes), 'class', 'classes')} has been checked.")
        return
    again = command_line("mssw", "review", directory)
    running: list[tuple[Path, Applying]] = []

    def open_each() -> Iterator[Site]:
        for number, workset in enumerate(waiting, start=1):
            site, applying = review_site(workset, number=number, of=len(waiting))
            running.append((workset.root, applying))
            yield site

    held = 0
    for done in serve_each(open_each(), browser=browser, say=report.print_line):
        root, applying = running[-1]
        last = applying.wait()
        if not (done and last["report"]):
            report.print_line(f"The page is closed and your decisions are saved. To continue: `{again}`")
            return
        held += _print_done(last["report"], f"{root}: ")
    report.print_line(f"You have been through {count_noun(len(waiting), 'class', 'classes')}.")
    if held:
        raise typer.Exit(int(ExitCode.FINDINGS))


def _write_on_paper(workset: WorkSet) -> None:
    """Write the pages to be looked at on paper."""
    from mssw.review.review_sheets import write_review_sheets  # noqa: PLC0415

    pages = write_review_sheets(workset)
    report.print_line(f"{count_noun(pages, 'page')} to check: {workset.review_sheets}")
    report.print_line(
        "It shows names: print it only for yourself, and shred it afterward. Then enter what you decided:"
    )
    options = "--approve ALIAS:PAGE --cover ALIAS:PAGE:X,Y,W,H --set-aside ALIAS"
    report.print_line(f"  mssw review {quote_word(workset.root)} {options}")


def _review_in_browser(workset: WorkSet, *, browser: bool) -> None:
    """Serve the page until it is done with."""
    from mssw.web.review_page import review_site  # noqa: PLC0415
    from mssw.web.site import serve  # noqa: PLC0415

    site, applying = review_site(workset)
    done = serve(site, browser=browser, say=report.print_line)
    if applying.now()["running"]:
        report.print_line("Waiting until your decisions are applied. Press ^C again to stop.")
    last = applying.wait()
    if done and last["report"]:
        if _print_done(last["report"]):
            raise typer.Exit(int(ExitCode.FINDINGS))
        return
    again = command_line("mssw", "review", workset.root)
    report.print_line(f"The page is closed and your decisions are saved. To continue: `{again}`")


def _print_done(applied: dict[str, Any], before: str = "Done: ") -> int:
    """What was applied; gives how many responses are still on hold."""
    held = len(applied["held"])
    report.print_line(f"{before}{count_noun(applied['released'], 'response')} released, {held} on hold.")
    return held


def _print_list(rows: list[dict[str, Any]], directory: Path) -> None:
    """The pages that need a look, and how to enter a decision."""
    if not rows:
        report.print_line("Every page has been checked.")
        return
    head = ["Response", "status", "page", "image", "flagged", "because"]
    cells = [
        [r["alias"], _state(r["state"]), r["page"], Path(r["image"]).name, _kinds(r["flagged"]), r["reason"]]
        for r in rows
    ]
    report.print_table([head, *cells], asked=True)
    places = [
        [flag["kind"], f"{row['alias']}:{row['page']}:{_numbers(flag['box'])}"]
        for row in rows
        for flag in row["flagged"]
    ]
    if places:
        report.print_line()
        report.print_table([["Flagged", "place, as in --cover"], *places], asked=True)
    report.print_line()
    report.print_line(f"The images are in {directory / 'private' / 'pages'}. When you have checked them:")
    review = f"mssw review {quote_word(directory)}"
    report.print_line(f"  release a page:     {review} --approve ALIAS:PAGE")
    report.print_line(f"  cover a place:      {review} --cover ALIAS:PAGE:X,Y,W,H   (fractions of the page)")
    if places:
        report.print_line(f"  cover all flagged:  {review} --cover-flagged ALIAS:PAGE   (and release)")
    report.print_line(f"  leave it out:       {review} --set-aside ALIAS --reason WHY")


def _state(state: str) -> str:
    """The state of a response as people read it."""
    return {"held": "on hold", "unseen": "not checked"}.get(state, state)


def _kinds(flags: list[dict[str, Any]]) -> str:
    """What is flagged on a page, never what it says: ``2 × name in the text``."""
    counts = Counter(flag["kind"] for flag in flags)
    return ", ".join(kind if count == 1 else f"{count} × {kind}" for kind, count in counts.items())


def _numbers(box: list[float]) -> str:
    """A place as it is typed, rounded outwards to a thousandth of the page."""
    x, y, w, h = box
    left, top = floor(x * 1000), floor(y * 1000)
    right, bottom = min(1000, ceil((x + w) * 1000)), min(1000, ceil((y + h) * 1000))
    return ",".join(f"{part / 1000:g}" for part in (left, top, right - left, bottom - top))
