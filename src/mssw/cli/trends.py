"""`mssw trends`: what is the same in many classes; a table, a workbook, charts, and a page for leaders."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.asking import do_with_words
from mssw.cli.command import AsJson, CheckOnly, NoInput, PrintPaper, Words
from mssw.core.option import Choice
from mssw.core.paper import Paper
from mssw.core.wording import count_noun
from mssw.errors import UsageError

if TYPE_CHECKING:
    from mssw.trends.pile_map import PileMap
    from mssw.trends.suppression import ShownTable
    from mssw.trends.trend_files import LeadersPage, TrendFiles, TrendOutput
    from mssw.trends.trend_sets import ReadSets
    from mssw.trends.trend_tables import TrendGroup, TrendRow


class GroupBy(Choice):
    """What the groups of a table are."""

    CLASS = "class"
    GRADE = "grade"
    SUBJECT = "subject"
    SCHOOL = "school"
    TIME = "time"


class Reader(Choice):
    """Whom the files are for."""

    TEAM = "team"
    LEADERS = "leaders"


def trends(
    directories: Annotated[list[Path], typer.Argument(metavar="DIR...", help="The work sets.", show_default=False)],
    *,
    by: Annotated[
        GroupBy | None,
        typer.Option(
            help="The groups; set.toml says grade, subject, school and time. By default each class, or the grade.",
            show_default=False,
            case_sensitive=False,
        ),
    ] = None,
    piles: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your piles.toml: which piles of different teachers are the same."),
    ] = None,
    propose: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a piles.toml with proposals by wording. Nothing in it counts yet."),
    ] = None,
    reader: Annotated[
        Reader,
        typer.Option("--for", help="For your team, or one page for leaders without any teacher.", case_sensitive=False),
    ] = Reader.TEAM,
    min_cell: Annotated[
        int,
        typer.Option("--min-cell", metavar="N", help="For leaders: show no number about fewer responses than this."),
    ] = 10,
    sorter: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Take the sorts under this name.", show_default=False)
    ] = "",
    into: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the workbook and the PDF into this folder.", show_default=False),
    ] = None,
    paper: PrintPaper = Paper.LETTER,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="LANGUAGE",
            help="Print in us or uk English, or in es (Spanish); by default in the English of the paper.",
            show_default=False,
        ),
    ] = None,
    templates: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Print with your school's own templates, from this folder.", show_default=False
        ),
    ] = None,
    words: Words = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace files that mssw did not make.")] = False,
    dry_run: CheckOnly = False,
    no_input: NoInput = False,
    as_json: AsJson = False,
) -> None:
    """Look across classes: ways of thinking, levels and learning gaps, by class, grade, subject, school or time.

    Piles come from `mssw sort`, gaps from `mssw record`. Every teacher names piles in her own words, and only you can
    say which of them are the same, in piles.toml. With --into, the tables go to trends.xlsx and the charts to
    trends.pdf. Over time, the same students are followed if the keys are there.

    Words that teachers typed are searched for the names of all classes. If one may be a name, you are asked; a script
    says with --words that it is only a word.

    --for leaders is one page: what was seen, on how many responses, what teams will do and ask for. It shows no
    teacher, and no number from which one under --min-cell could be computed.

    For example: propose what may be the same; look by grade; then write a page for leaders:

    \b
        mssw trends class-5a class-5b class-6a --propose piles.toml
        mssw trends class-5a class-5b class-6a --piles piles.toml --by grade --into trends
        mssw trends class-5a class-5b class-6a --piles piles.toml --by grade --for leaders --into trends
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.trends.pile_map import choose_map  # noqa: PLC0415 - heavy libraries load only when used
    from mssw.trends.trend_files import TrendOutput  # noqa: PLC0415
    from mssw.trends.trend_sets import read_sets  # noqa: PLC0415

    output = TrendOutput(into, paper.value, language or "", templates, replace, dry_run) if into else None

    def do() -> None:
        sets = read_sets(directories, sorter)
        if propose is not None:
            _propose(sets, propose, replace=replace, dry_run=dry_run, as_json=as_json)
            return
        mapping = choose_map(sets, piles)
        if mapping.others:
            report.print_line(f"{piles} also has {', '.join(mapping.others)}, which this run does not look at.")
        if piles is not None and not (mapping.thinking or mapping.gaps):
            report.print_line(f"{piles} joins nothing yet: take away the “# ” where you agree.")
        if reader is Reader.LEADERS:
            _for_leaders(sets, by, mapping, min_cell, output, as_json=as_json)
        else:
            _for_team(sets, by, mapping, output, as_json=as_json)

    # only for this run: the sets stay as they are
    do_with_words(directories[0], words or (), do, may_ask=not no_input, dry_run=True)


def _propose(sets: ReadSets, file: Path, *, replace: bool, dry_run: bool, as_json: bool) -> None:
    from mssw.errors import WouldOverwriteError  # noqa: PLC0415
    from mssw.trends.pile_map import propose_map  # noqa: PLC0415
    from mssw.workset.folder import write_bytes  # noqa: PLC0415

    if file.exists() and not (replace and file.is_file()):
        raise WouldOverwriteError(f"{file} already exists, and may have your decisions in it; choose another name.")
    sets.check_words()
    text = propose_map(sets.classes)
    if not dry_run:
        write_bytes(file, text.encode(), private=False)
    if as_json:
        report.print_json({"file": str(file), "written": not dry_run}, "trends-proposals")
        return
    report.print_line(
        f"{file} {'would be written' if dry_run else 'is ready'}. Open it, and take away the “# ” where you agree; "
        "where no wording is alike, write your own. Then run this again with --piles. Nothing is joined by itself."
    )


def _for_team(
    sets: ReadSets, by: GroupBy | None, mapping: PileMap, output: TrendOutput | None, *, as_json: bool
) -> None:
    from mssw.trends.trend_files import find_trends, write_trends  # noqa: PLC0415

    found = find_trends(sets, (by or GroupBy.CLASS).value, mapping)
    files = write_trends(found, sets, output) if output else None
    report.log_event("trends", classes=len(sets.classes), thinking=len(found.thinking), gaps=len(found.gaps))
    if as_json:
        value = asdict(found) | {"files": list(files.files) if files else [], "unsorted": list(sets.unsorted)}
        report.print_json({**value, "written": bool(files and files.written)}, "trends")
        return
    for title, rows in (("Ways of thinking", found.thinking), ("Levels", found.levels), ("Learning gaps", found.gaps)):
        if rows:
            report.print_table(_table(rows, found.groups), title=title, asked=True)
            typer.echo()
    if found.moves:
        moves = [[one.earlier, one.before, one.later, one.after, str(one.students)] for one in found.moves]
        report.print_table([["From", "level", "to", "level", "students"], *moves], title="Same students", asked=True)
    if not mapping.thinking and len(sets.classes) > 1 and found.thinking:
        report.print_line("Piles of different teachers are not joined. To say which are the same: --propose piles.toml")
    if sets.unsorted:
        report.print_line(f"Not sorted yet: {', '.join(sets.unsorted)}.")
    _print_files(files)


def _table(rows: tuple[TrendRow, ...], groups: tuple[TrendGroup, ...]) -> list[list[str]]:
    head = ["", "classes", "responses", *(group.name for group in groups)]
    return [head, *([row.name, str(row.classes), str(row.responses), *map(str, row.by_group)] for row in rows)]


def _for_leaders(
    sets: ReadSets,
    by: GroupBy | None,
    mapping: PileMap,
    min_cell: int,
    output: TrendOutput | None,
    *,
    as_json: bool,
) -> None:
    from mssw.trends.trend_files import make_leaders_page, write_leaders  # noqa: PLC0415

    if output is None and not as_json:
        raise UsageError("--for leaders writes a page; say where with --into DIR.")
    page = make_leaders_page(sets, (by or GroupBy.GRADE).value, mapping, min_cell=min_cell)
    files = write_leaders(page, sets, output) if output else None
    report.log_event("trends leaders", classes=page.classes, responses=page.responses)
    if as_json:
        value = _leaders_json(page) | {"files": list(files.files) if files else []}
        report.print_json({**value, "written": bool(files and files.written)}, "trends-leaders")
        return
    report.print_line(f"{page.responses} responses from {page.classes} classes, by {page.by}.")
    if page.merged:
        report.print_line("Groups that are small, or of one teacher, are shown together.")
    if page.made_up:
        report.print_line("Some of the student work is made up, and the page says so.")
    hidden = sum(table.hidden for table in (*page.tables, *page.gaps))
    if hidden:
        report.print_line(f"{count_noun(hidden, 'number')} kept back, so that none under {min_cell} can be computed.")
    if page.left_out:
        count = count_noun(page.left_out, "next step or request", "next steps or requests")
        report.print_line(f"{count} left out, because of an alias, a class or a teacher in the words.")
    report.print_line("Read the words once more before you pass the page on.")
    _print_files(files)


def _leaders_json(page: LeadersPage) -> dict[str, Any]:
    return {
        "by": page.by,
        "min_cell": page.min_cell,
        "classes": page.classes,
        "responses": page.responses,
        "groups": [{"name": name, "responses": count} for name, count in page.groups],
        "tables": [_shown(table) for table in page.tables],
        "gaps": [_shown(table) for table in page.gaps],
        "looked_at": list(page.looked_at),
        "will_do": list(page.will_do),
        "asks": list(page.asks),
        "left_out": page.left_out,
    }


def _shown(table: ShownTable) -> dict[str, Any]:
    rows = zip(table.rows, table.row_totals, table.counts, strict=True)
    return {
        "title": table.title,
        "rows": [{"name": name, "all": total, "by_group": list(counts)} for name, total, counts in rows],
    }


def _print_files(files: TrendFiles | None) -> None:
    for file in files.files if files else ():
        report.print_line(f"{file} {'is' if files and files.written else 'would be'} ready.")
