"""`mssw intro`: writes the introduction, in the terminal, in an editor or from a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.asking import do_with_words
from mssw.cli.command import AsJson, CheckOnly, Words, WorkSetFolder
from mssw.core.wording import count_noun
from mssw.errors import FindingsError, UsageError

if TYPE_CHECKING:
    from mssw.intro.intro_file import IntroEditor
    from mssw.intro.questions import Introduction
    from mssw.intro.standards import Standard

_MOST_FOUND = 25


def intro(
    directory: WorkSetFolder,
    *,
    editor: Annotated[bool, typer.Option("--editor", help="Write in your own editor ($VISUAL or $EDITOR).")] = False,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Read the answers from a text with the headings of intro.md, or from --json output; - reads stdin.",
            show_default=False,
        ),
    ] = None,
    objective: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT", help="A learning objective: its text, or its code in --standards. Can be repeated."
        ),
    ] = None,
    standards: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Your standards or objectives: a .csv or .xlsx with a column for codes and one for texts.",
            show_default=False,
        ),
    ] = None,
    find: Annotated[
        str | None,
        typer.Option(metavar="WORDS", help="Show the standards with these words; change nothing."),
    ] = None,
    focus: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="A question for the group to think about. You can give two."),
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A text with anything else colleagues need to know.", show_default=False),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Let --from replace different answers.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Show the introduction as it is; change nothing.")] = False,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Never ask questions; without a file, show the introduction.")
    ] = False,
    words: Words = None,
    dry_run: CheckOnly = False,
    as_json: AsJson = False,
) -> None:
    """Introduce the task to colleagues: the task, the directions, what came before it, and the goal.

    You are also asked when and how students worked and what they could use. If you like, add learning objectives, one
    or two focus questions, and background. Run it again to see or change your answers; Enter keeps one. Everything is
    saved in intro.md, which you can also edit yourself. The packet has lines to write on for anything you leave out.

    If an answer judges students, you get a friendly note, since what you noticed is for the session. An answer with a
    student's name is not saved. If a word only may be one, as in "a Rose window", you are asked; a script says so with
    --words Rose.

    For example: here; in your editor; from a file; or with an objective from your standards:

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

    listed = read_standards(standards) if standards else ()
    if find is not None:
        _find_standards(listed, find, as_json=as_json)
        return
    work = IntroEditor(WorkSet.open(directory), dry_run=dry_run)
    given = bool(source or objective or focus or background)
    ways = {"--editor": editor, "--show": show, "a file or a text": given}
    asked = [way for way, is_asked in ways.items() if is_asked]
    if len(asked) > 1 or (editor and no_input):
        raise UsageError(f"{' and '.join(asked if len(asked) > 1 else ['--editor', '--no-input'])} cannot be combined.")

    def take() -> Introduction:
        if given:
            return _take_given(work, listed, source, objective or (), focus or (), background, replaced=replace)
        if show or no_input:
            return work.now
        if editor:
            return _take_edited(work)
        from mssw.cli.intro_terminal import ask_introduction  # noqa: PLC0415

        return ask_introduction(work, listed)

    introduction = do_with_words(directory, words or (), take, may_ask=not no_input, dry_run=dry_run)
    show = show or (no_input and not given)
    _print_introduction(work, introduction, show=show, as_json=as_json)


def _take_given(
    work: IntroEditor,
    listed: tuple[Standard, ...],
    source: Path | None,
    objective: tuple[str, ...] | list[str],
    focus: tuple[str, ...] | list[str],
    background: Path | None,
    *,
    replaced: bool,
) -> Introduction:
    """Save what the options give; returns the introduction then."""
    from mssw.intro.intro_file import join_introductions, read_given_introduction, read_text, replace_lists  # noqa: PLC0415
    from mssw.intro.standards import find_objectives  # noqa: PLC0415

    introduction = work.now
    if source is not None:
        text = sys.stdin.read() if str(source) == "-" else read_text(source)
        introduction = join_introductions(introduction, read_given_introduction(source, text), replaced=replaced)
    objectives = find_objectives(objective, listed)
    background_text = read_text(background) if background else None
    return work.take(replace_lists(introduction, objectives, focus, background_text))


def _take_edited(work: IntroEditor) -> Introduction:
    """Let the person edit a draft in her editor, and save it; returns the introduction then."""
    from mssw.cli.asking import edit  # noqa: PLC0415
    from mssw.intro.intro_file import read_text  # noqa: PLC0415
    from mssw.intro.questions import intro_text  # noqa: PLC0415

    there = work.workset.intro
    text = read_text(there) if there.is_file() else intro_text()
    draft = work.draft(text)
    if read_text(draft) != text:
        report.print_line(
            f"Your editor opens the draft that could not be saved last time ({draft}). intro.md is unchanged."
        )
    try:
        edit(draft)
        changed = read_text(draft)
        introduction = work.take_text(changed)
    except FindingsError as error:
        raise FindingsError(f"{error} Your text is saved in {draft}; run this again to continue with it.") from None
    finally:
        if draft.read_bytes() == text.encode():
            draft.unlink()
    draft.unlink(missing_ok=True)
    if changed == text:
        report.print_line(
            "Nothing was changed. If your editor opens in a window, tell it to wait, as in EDITOR='code --wait'."
        )
    return introduction


def _find_standards(listed: tuple[Standard, ...], words: str, *, as_json: bool) -> None:
    """Print the standards that contain the words."""
    from mssw.intro.standards import search_standards  # noqa: PLC0415

    if not listed:
        raise UsageError("--find searches a list of standards; name the list with --standards FILE.")
    found = search_standards(listed, words)
    if as_json:
        report.print_json(
            {"found": [{"code": one.code, "grade": one.grade, "text": one.text} for one in found]}, "standards"
        )
        return
    if found:
        rows = [[one.code, one.grade, one.text] for one in found[:_MOST_FOUND]]
        report.print_table([["Code", "Grade", "Text"], *rows], asked=True)
    report.print_line(f"{count_noun(len(found), 'standard')} of {len(listed)} found.")


def _print_introduction(work: IntroEditor, introduction: Introduction, *, show: bool, as_json: bool) -> None:
    """Print the answers, and the remarks on them."""
    from mssw.intro.intro_file import find_remarks  # noqa: PLC0415
    from mssw.intro.intro_file import introduction_json as plain  # noqa: PLC0415
    from mssw.intro.questions import QUESTIONS  # noqa: PLC0415

    remarks = find_remarks(introduction)
    report.log_event(
        "intro", answered=introduction.answered, objectives=len(introduction.objectives), remarks=len(remarks)
    )
    if as_json:
        value: dict[str, Any] = plain(introduction)
        value["remarks"] = [{"where": one.where, "said": one.words, "why": one.why} for one in remarks]
        report.print_json(value, "intro")
        return
    if show:
        _print_answers(introduction)
    report.print_line()
    for one in remarks:
        report.print_line(str(one))
    named = list(dict.fromkeys(heading for heading, text in introduction.places() if work.names(text)))
    if named:
        report.print_line(
            f"A name from the class list is in {' and '.join(named)}. Take it out; until then nothing can be printed."
        )
    missing = [q.heading for q, answer in zip(QUESTIONS, introduction.answers, strict=True) if not answer]
    if missing:
        report.print_line(f"Not answered: {', '.join(missing)}. The packet has lines to write on instead.")
    else:
        report.print_line("All four questions are answered.")
    report.print_line("Nothing was written." if work.dry_run else f"Saved in {work.workset.intro}.")


def _print_answers(introduction: Introduction) -> None:
    """Print all answers under their headings."""
    from itertools import groupby  # noqa: PLC0415

    for heading, places in groupby(introduction.places(), key=lambda place: place[0]):
        texts = [text for _, text in places]
        typer.echo(heading)
        for text in texts:
            for line in (text or "–").splitlines():
                typer.echo(f"    {line}".rstrip())
