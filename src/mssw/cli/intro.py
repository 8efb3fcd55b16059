"""`mssw intro`: the four questions, in the terminal, in an editor or from a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.options import AsJson, WorkSetFolder
from mssw.errors import FindingsError, UsageError

if TYPE_CHECKING:
    from mssw.intro.intro_file import IntroEditor
    from mssw.intro.questions import Introduction
    from mssw.intro.standards import Standard

_MOST_FOUND = 25


def intro(
    directory: WorkSetFolder,
    *,
    editor: Annotated[
        bool, typer.Option("--editor", help="Write in your own editor ($VISUAL or $EDITOR) instead of here.")
    ] = False,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Take the answers from a text headed like intro.md, or from what --json gave; - reads stdin.",
            show_default=False,
        ),
    ] = None,
    objective: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="A learning objective: its words, or its code in --standards; repeatable."),
    ] = None,
    standards: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Your standards or objectives, as .csv or .xlsx with columns for code and text.",
            show_default=False,
        ),
    ] = None,
    find: Annotated[
        str | None,
        typer.Option(metavar="WORDS", help="Show the standards that hold these words; change nothing."),
    ] = None,
    focus: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="A question for the group to think about; one or two."),
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A text of what else colleagues need to know.", show_default=False),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Let --from write over answers that differ.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Show what is told now; change nothing.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask; without a file, it shows.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do all but write.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what colleagues should know before they look at the work: the task, its directions, the way there, the aim.

    Then whether it was before or after teaching, alone or together, what could be used and what not; if you like,
    learning objectives, one or two focus questions, and a background sheet. Run it again to see and change what stands
    there: Enter keeps an answer. It goes to intro.md, which you may edit by hand as well. What you leave out becomes a
    line to write on.

    An answer that judges the students is taken, with a kind word: what you noticed is for the session. A student's
    name is not taken.

    For example, here; in your editor; from a file; an objective out of your standards:

    \b
        mssw intro massive-air
        mssw intro massive-air --editor
        mssw intro massive-air --from our-introduction.md
        mssw intro massive-air --standards science.csv --find "particles gas"
        mssw intro massive-air --standards science.csv --objective 5-PS1-1
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.intro.intro_file import IntroEditor  # noqa: PLC0415
    from mssw.intro.standards import read_standards  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - heavy libraries load only when they are used

    known = read_standards(standards) if standards else ()
    if find is not None:
        _find_standards(known, find, as_json=as_json)
        return
    work = IntroEditor(WorkSet.open(directory), dry_run=dry_run)
    given = bool(source or objective or focus or background)
    ways = {"--editor": editor, "--show": show, "a file or a text": given}
    asked = [way for way, is_asked in ways.items() if is_asked]
    if len(asked) > 1 or (editor and no_input):
        raise UsageError(f"{' and '.join(asked if len(asked) > 1 else ['--editor', '--no-input'])} go not together.")
    if given:
        told = _take_given(work, known, source, objective or (), focus or (), background, replaced=replace)
    elif show or no_input:
        told, show = work.now, True
    elif editor:
        told = _take_edited(work)
    else:
        from mssw.cli.intro_terminal import ask_introduction  # noqa: PLC0415

        told = ask_introduction(work, known)
    _print_introduction(work, told, show=show, as_json=as_json)


def _take_given(
    work: IntroEditor,
    known: tuple[Standard, ...],
    source: Path | None,
    objective: tuple[str, ...] | list[str],
    focus: tuple[str, ...] | list[str],
    background: Path | None,
    *,
    replaced: bool,
) -> Introduction:
    """What the options give, taken."""
    from mssw.intro.intro_file import join_introductions, read_given_introduction, read_text, replace_lists  # noqa: PLC0415  # noqa: PLC0415
    from mssw.intro.standards import find_objectives  # noqa: PLC0415

    told = work.now
    if source is not None:
        text = sys.stdin.read() if str(source) == "-" else read_text(source)
        told = join_introductions(told, read_given_introduction(source, text), replaced=replaced)
    objectives = find_objectives(objective, known)
    told = replace_lists(told, objectives, focus, read_text(background) if background else None)
    return work.take(told)


def _take_edited(work: IntroEditor) -> Introduction:
    """What comes back from the person's own editor."""
    from mssw.cli.asking import edit  # noqa: PLC0415
    from mssw.intro.intro_file import read_text  # noqa: PLC0415
    from mssw.intro.questions import intro_text  # noqa: PLC0415

    there = work.workset.intro
    text = read_text(there) if there.is_file() else intro_text()
    draft = work.draft(text)
    if read_text(draft) != text:
        report.print_line(
            f"You go on with what was not taken last time; intro.md itself is as it was. It is in {draft}."
        )
    try:
        edit(draft)
        changed = read_text(draft)
        told = work.take_text(changed)
    except FindingsError as error:
        raise FindingsError(f"{error} What you wrote is kept in {draft}; run this again to go on with it.") from None
    finally:
        if draft.read_bytes() == text.encode():
            draft.unlink()
    draft.unlink(missing_ok=True)
    if changed == text:
        report.print_line(
            "Nothing was changed. An editor that opens a window must be told to wait: EDITOR='code --wait'."
        )
    return told


def _find_standards(known: tuple[Standard, ...], words: str, *, as_json: bool) -> None:
    """The standards that hold the words."""
    from mssw.intro.standards import search_standards  # noqa: PLC0415

    if not known:
        raise UsageError("--find searches a list of standards; say which with --standards FILE.")
    found = search_standards(known, words)
    if as_json:
        report.print_json(
            {"found": [{"code": one.code, "grade": one.grade, "text": one.text} for one in found]}, "standards"
        )
        return
    if found:
        rows = [[one.code, one.grade, one.text] for one in found[:_MOST_FOUND]]
        report.print_table([["Code", "Grade", "Text"], *rows], asked=True)
    report.print_line(f"{report.count_noun(len(found), 'standard')} of {len(known)} found.")


def _print_introduction(work: IntroEditor, told: Introduction, *, show: bool, as_json: bool) -> None:
    """Print the answers, and the remarks on them."""
    from mssw.intro.intro_file import find_remarks  # noqa: PLC0415
    from mssw.intro.intro_file import introduction_json as plain  # noqa: PLC0415
    from mssw.intro.questions import QUESTIONS  # noqa: PLC0415

    thoughts = find_remarks(told)
    report.log_event("intro", answered=told.answered, objectives=len(told.objectives), remarks=len(thoughts))
    if as_json:
        value: dict[str, Any] = plain(told)
        value["remarks"] = [{"where": one.where, "said": one.said, "why": one.why} for one in thoughts]
        report.print_json(value, "intro")
        return
    if show:
        _print_answers(told)
    report.print_line()
    for one in thoughts:
        report.print_line(f"A thought on {one}")
    named = list(dict.fromkeys(heading for heading, text in told.places() if work.names(text)))
    if named:
        report.print_line(
            f"A name from the class list stands under {' and '.join(named)}; nothing is printed until it is out."
        )
    missing = [q.heading for q, answer in zip(QUESTIONS, told.answers, strict=True) if not answer]
    if missing:
        report.print_line(f"Not answered: {', '.join(missing)}. The packet has lines to write on there.")
    else:
        report.print_line("All four questions are answered.")
    report.print_line("Nothing was written." if work.dry_run else f"It stands in {work.workset.intro}.")


def _print_answers(told: Introduction) -> None:
    """Print all answers under their headings."""
    from itertools import groupby  # noqa: PLC0415

    for heading, places in groupby(told.places(), key=lambda place: place[0]):
        texts = [text for _, text in places]
        typer.echo(heading)
        for text in texts:
            for line in (text or "–").splitlines():
                typer.echo(f"    {line}".rstrip())
