"""Write trends: ``trends.xlsx`` with every table, ``trends.pdf`` with charts, and ``leaders.pdf``, a page for leaders.

In: the counts. Out: files that name no student: all words are searched for the class lists of the run before anything
is written. The page for leaders has no class and no teacher on it, and no number about fewer responses than the
threshold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mssw.auditing.one_file import audit_file
from mssw.core.paper import check_paper
from mssw.core.wording import PrintWords, count_noun
from mssw.errors import FindingsError, UsageError, WouldOverwriteError
from mssw.formats.workbooks import Cell, is_as_written, workbook_bytes
from mssw.printing.binding import prepare_for_printer
from mssw.printing.print_words import choose_language, read_words
from mssw.printing.typeset import typeset
from mssw.trends.pile_map import PileMap
from mssw.trends.suppression import CountTable, ShownTable, keep_back, merge_small_groups
from mssw.trends.trend_sets import ReadSets, order_groups
from mssw.trends.trend_tables import (
    LEVELS,
    NO_LEVEL,
    NO_PILE,
    WAYS,
    ClassFindings,
    TrendRow,
    Trends,
    count_trends,
    find_same_classes,
    table_of,
)
from mssw.workset.folder import write_bytes

MIN_CELL = 10
OTHER = "other ways of thinking"
AND = " and "
_TITLES = {"Ways of thinking": "leaders.thinking", "Levels": "trends.levels"}
_MOST_IN_A_CHART = 12


@dataclass(frozen=True, slots=True)
class TrendOutput:
    """Where trends are written, and how.

    Attributes:
        folder: for the workbook and the PDF.
        paper: ``letter`` or ``a4``.
        language: of the PDF, such as ``es``; empty for the English of the paper.
        templates: a folder of the school's own; None takes ours.
        replace: overwrite files that mssw did not make.
        dry_run: write nothing.
    """

    folder: Path
    paper: str = "letter"
    language: str = ""
    templates: Path | None = None
    replace: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class TrendFiles:
    """What was written.

    Attributes:
        files: their paths.
        written: whether they were written, or only tried.
    """

    files: tuple[str, ...]
    written: bool


@dataclass(frozen=True, slots=True)
class LeadersPage:
    """What leaders see.

    Attributes:
        by: what the groups are.
        min_cell: the threshold.
        classes: how many classes in all.
        responses: how many responses in all.
        groups: the columns, small groups as one, with the responses of each.
        tables: ways of thinking and levels; None is kept back.
        gaps: for each learning gap, the responses with it and without it.
        looked_at: for each column, the responses that a team talked about; empty without gaps.
        will_do: the next steps that teams chose.
        asks: what teams ask for.
        left_out: how many steps and requests were left out, because they say something about one student or teacher.
        made_up: whether some of the student work is made up.
        merged: whether a column holds several groups, because one is small or of one teacher.
    """

    by: str
    min_cell: int
    classes: int
    responses: int
    groups: tuple[tuple[str, int], ...]
    tables: tuple[ShownTable, ...]
    gaps: tuple[ShownTable, ...]
    looked_at: tuple[int, ...]
    will_do: tuple[str, ...]
    asks: tuple[str, ...]
    left_out: int
    made_up: bool = False
    merged: bool = False


def find_trends(sets: ReadSets, by: str, mapping: PileMap, *, one_teacher: Mapping[str, int] | None = None) -> Trends:
    """Count all trends; ``one_teacher`` as for ``count_trends``.

    Raises:
        UsageError: ``by`` is none of the ways, or no set says what its group is.
        FindingsError: a name of a pile, gap, group or set is a student's; or may be (``WordsInDoubtError``).
    """
    if by not in WAYS:
        raise UsageError(f"--by must be {', '.join(WAYS)}, not {by}.")
    sets.check_words()
    order = order_groups(sets.classes, by)
    return count_trends(sets.classes, by, mapping.thinking, mapping.gaps, order, one_teacher=one_teacher)


def make_leaders_page(sets: ReadSets, by: str, mapping: PileMap, *, min_cell: int = MIN_CELL) -> LeadersPage:
    """Count what leaders may see.

    Args:
        sets: of at least two classes.
        by: the groups; a class is no group, because it is a teacher.
        mapping: the joined names; piles that are not joined are one row.
        min_cell: the fewest responses that a number may be about.

    Raises:
        UsageError: the groups are classes, or the threshold is not at least 2.
        FindingsError: there are too few classes or responses for a page.
    """
    teachers = find_same_classes(sets.classes, by_teacher=True)
    trends, responses = _enough_for_leaders(sets, by, mapping, min_cell, teachers)
    has_gaps = any(len(one.looked_at) for one in sets.classes) and bool(trends.gaps)
    sizes = [(one.responses, one.looked_at) if has_gaps else (one.responses,) for one in trends.groups]
    in_groups = [
        {teachers[one.label] for one in sets.classes if one.group(by) == group.name} for group in trends.groups
    ]
    columns = merge_small_groups([one.name for one in trends.groups], sizes, in_groups, min_cell)
    names = [AND.join(trends.groups[place].name for place in column) for column in columns]
    counts = [sum(trends.groups[place].responses for place in column) for column in columns]
    looked = tuple(sum(trends.groups[place].looked_at for place in column) for column in columns)
    thinking = _join_others(trends.thinking)
    tables = [
        table_of("Ways of thinking", _in_columns(thinking, columns), names),
        table_of("Levels", _in_columns(trends.levels, columns), names),
    ]
    show_gaps = has_gaps and min(looked) >= min_cell
    shared = [row for row in _in_columns(trends.gaps, columns) if row.is_joined and row.classes > 1]
    gaps = [_gap_table(row, names, looked) for row in shared]
    _refuse_personal(sets, [*names, *(row.name for row in (*thinking, *shared))])
    texts = [_safe_texts(sets, [text for one in sets.classes for text in part(one)]) for part in (_steps, _asks)]
    return LeadersPage(
        by,
        min_cell,
        len(set(find_same_classes(sets.classes, by_teacher=False).values())),
        responses,
        tuple(zip(names, counts, strict=True)),
        tuple(keep_back(table, min_cell) for table in tables if table.rows),
        tuple(keep_back(table, min_cell) for table in gaps) if show_gaps else (),
        looked if show_gaps else (),
        texts[0][0],
        texts[1][0],
        texts[0][1] + texts[1][1],
        made_up=any(one.made_up for one in sets.classes),
        merged=any(len(column) > 1 for column in columns),
    )


def _enough_for_leaders(
    sets: ReadSets, by: str, mapping: PileMap, min_cell: int, teachers: Mapping[str, int]
) -> tuple[Trends, int]:
    """The counts, and how many responses there are, if they are enough for a page."""
    if by == "class":
        raise UsageError("leaders see no single class; use --by grade, subject, school or time.")
    if min_cell < 2:  # noqa: PLR2004 - one is a person
        raise UsageError("--min-cell must be at least 2.")
    trends = find_trends(sets, by, mapping, one_teacher=teachers)
    responses = sum(group.responses for group in trends.groups)
    many = len(set(teachers.values()))
    if many < 2 or responses < min_cell:  # noqa: PLR2004 - one teacher would be seen
        raise FindingsError(
            f"these sets have {count_noun(responses, 'response')} from classes of {count_noun(many, 'teacher')}. "
            f"A page for leaders takes classes of at least two teachers, and {min_cell} responses."
        )
    return trends, responses


def _steps(one: ClassFindings) -> tuple[str, ...]:
    return one.will_do


def _asks(one: ClassFindings) -> tuple[str, ...]:
    return one.asks


def _join_others(rows: Sequence[TrendRow]) -> tuple[TrendRow, ...]:
    """Ways of thinking of at least two classes; all others are one row, since a teacher's own words show her."""
    shown = [row for row in rows if row.is_joined and (row.classes > 1 or row.name == NO_PILE)]
    others = [row for row in rows if row not in shown]
    if not others:
        return tuple(shown)
    counts = tuple(map(sum, zip(*(row.by_group for row in others), strict=True)))
    last = [row for row in shown if row.name == NO_PILE]
    shown = [row for row in shown if row.name != NO_PILE]
    return (*shown, TrendRow(OTHER, 0, sum(counts), counts), *last)


def _in_columns(rows: Sequence[TrendRow], columns: Sequence[tuple[int, ...]]) -> tuple[TrendRow, ...]:
    """The rows with the counts of merged groups."""
    return tuple(
        TrendRow(
            row.name,
            row.classes,
            row.responses,
            tuple(sum(row.by_group[place] for place in column) for column in columns),
            row.is_joined,
        )
        for row in rows
    )


def _gap_table(row: TrendRow, names: Sequence[str], looked: Sequence[int]) -> CountTable:
    """A gap as a table of two rows, because who is without it can be counted too."""
    without = tuple(of - count for of, count in zip(looked, row.by_group, strict=True))
    return CountTable(row.name, ("with this gap", "without it"), tuple(names), (row.by_group, without))


def _safe_texts(sets: ReadSets, given: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """The texts that speak of no single response, class or teacher, each once, and how many were left out."""
    texts = list(dict.fromkeys(given))
    kept = tuple(text for text in texts if not _is_personal(sets, text))
    sets.names.check(
        [(f"next step or request {n}", text) for n, text in enumerate(kept, start=1)], "please take it out."
    )
    return kept, len(texts) - len(kept)


def _is_personal(sets: ReadSets, text: str) -> bool:
    """Whether a text has an alias, a teacher's name or a class's name in it, or a student's name."""
    aliases = {alias.casefold() for one in sets.classes for alias in one.piles}
    teachers = {word.casefold().strip(".,") for one in sets.classes for name in one.teachers for word in name.split()}
    words = set(re.findall(r"[^\W_]+", text.casefold()))
    personal = aliases | {word for word in teachers if len(word) > 2}  # noqa: PLR2004 - not initials, Ms or Dr
    plain = " ".join(text.casefold().split())
    named = any(one.label.casefold() in plain for one in sets.classes)
    return bool(personal & words) or named or sets.names.look("a text", text)[0]


def _refuse_personal(sets: ReadSets, headings: Iterable[str]) -> None:
    """Refuse headings that name a class, a teacher or a response.

    Raises:
        FindingsError: one does.
    """
    found = [number for number, text in enumerate(headings, start=1) if _is_personal(sets, text)]
    if found:
        raise FindingsError(
            f"{count_noun(len(found), 'heading')} of a group, a way of thinking or a gap would show leaders a class, a "
            "teacher or a single response. Give it another name in set.toml or piles.toml, then run this again."
        )


def write_trends(trends: Trends, sets: ReadSets, output: TrendOutput) -> TrendFiles:
    """Write ``trends.xlsx`` and ``trends.pdf``.

    Raises:
        WouldOverwriteError: a file that mssw did not make is there.
        FindingsError: a student's name is in them.
    """
    words = _words_of(output)
    pdf = _set_pages("trends", _chart_values(trends, words), words, output)
    return _write({"trends.xlsx": trends_book(trends), "trends.pdf": pdf}, sets, output)


def write_leaders(page: LeadersPage, sets: ReadSets, output: TrendOutput) -> TrendFiles:
    """Write ``leaders.pdf`` and ``leaders.xlsx`` with the same numbers.

    Raises:
        WouldOverwriteError: a file that mssw did not make is there.
        FindingsError: a student's name is in them.
    """
    words = _words_of(output)
    pdf = _set_pages("leaders", _leaders_values(page, words), words, output)
    return _write({"leaders.pdf": pdf, "leaders.xlsx": leaders_book(page)}, sets, output)


def _words_of(output: TrendOutput) -> PrintWords:
    check_paper(output.paper)
    return read_words(choose_language(output.language, "", output.paper), output.templates)


def _set_pages(template: str, values: dict[str, Any], words: PrintWords, output: TrendOutput) -> bytes:
    pdf = typeset(template, values, paper=output.paper, accessible=True, folder=output.templates, words=words)
    return prepare_for_printer(pdf)


def _write(files: Mapping[str, bytes], sets: ReadSets, output: TrendOutput) -> TrendFiles:
    folder = output.folder
    if folder.is_file():
        raise WouldOverwriteError(f"{folder} is a file; name a folder with --into.")
    for name, data in files.items():
        path = folder / name
        before = path.read_bytes() if path.is_file() else b""
        if path.is_dir() or (before and not _is_ours(name, before) and not output.replace):
            raise WouldOverwriteError(
                f"{path} already exists, and mssw did not make it; choose another folder with --into, or add --replace."
            )
        if name.endswith(".xlsx") and (found := audit_file(name, data, sets.spellings)):
            raise FindingsError(f"{name} did not pass its privacy check and was not written: {found[0]}.")
    if not output.dry_run:
        for name, data in files.items():
            write_bytes(folder / name, data, private=False)
    return TrendFiles(tuple(str(folder / name) for name in files), not output.dry_run)


def _is_ours(name: str, data: bytes) -> bool:
    """Whether mssw made a file, and nobody saved it since."""
    return is_as_written(data) if name.endswith(".xlsx") else b"Typst" in data


def trends_book(trends: Trends) -> bytes:
    """Every table as a workbook: counts for each group, totals, and in how many classes."""
    groups: list[list[Cell]] = [[trends.by.capitalize(), "Classes", "Responses", "Talked about"]]
    groups += [[one.name, one.classes, one.responses, one.looked_at] for one in trends.groups]
    sheets = {"Groups": groups}
    for title, found in (("Thinking", trends.thinking), ("Levels", trends.levels), ("Learning gaps", trends.gaps)):
        rows: list[list[Cell]] = [["", "Classes", "Responses", *(group.name for group in trends.groups)]]
        rows += [[row.name, row.classes, row.responses, *row.by_group] for row in found]
        sheets[title] = rows
    if trends.moves:
        moves: list[list[Cell]] = [["From", "To", "Level before", "Level after", "Students"]]
        moves += [[one.earlier, one.later, one.before, one.after, one.students] for one in trends.moves]
        sheets["Same students"] = moves
    return workbook_bytes(sheets)


def leaders_book(page: LeadersPage) -> bytes:
    """The numbers of the page for leaders; a dash is kept back."""
    names = [name for name, _ in page.groups]
    groups: list[list[Cell]] = [[page.by.capitalize(), "Responses"]]
    groups += [[name, count] for name, count in page.groups]
    sheets = {"Groups": groups}
    for table in page.tables:
        rows: list[list[Cell]] = [["", "All", *names]]
        for name, total, counts in zip(table.rows, table.row_totals, table.counts, strict=True):
            rows.append([name, _dash(total), *map(_dash, counts)])
        sheets[table.title] = rows
    if page.gaps:
        gaps: list[list[Cell]] = [["Learning gap", "All", *names]]
        gaps += [[table.title, _dash(table.row_totals[0]), *map(_dash, table.counts[0])] for table in page.gaps]
        sheets["Learning gaps"] = [*gaps, ["responses talked about", sum(page.looked_at), *page.looked_at]]
    return workbook_bytes(sheets)


def _dash(count: int | None) -> Cell:
    return "–" if count is None else count


def name_group(by: str, name: str, words: PrintWords) -> str:
    """A group as people read it: a bare grade gets its word, and ``before`` and ``after`` are translated."""
    if by == "grade":
        return words.grade(name)
    return words.text(f"trends.{name}") if by == "time" and name in {"before", "after"} else name


def _name_row(name: str, words: PrintWords) -> str:
    """A row as people read it: what teachers typed stays, mssw's own words are in the reader's language."""
    ours = {NO_PILE: "no_pile", NO_LEVEL: "no_level", OTHER: "others", **{level: level for level in LEVELS}}
    return words.text(f"trends.{ours[name]}") if name in ours else name


def _name_way(by: str, words: PrintWords) -> str:
    return words.texts("trends.by")[WAYS.index(by)]


def _chart_values(trends: Trends, words: PrintWords) -> dict[str, Any]:
    """What ``trends.typ.j2`` draws."""
    sizes = [group.responses for group in trends.groups]
    looked = [group.looked_at for group in trends.groups]
    charts = [
        _chart(_message(trends, trends.thinking, "own_words", words), trends.thinking, trends, sizes, words),
        _chart(_level_message(trends, words), trends.levels, trends, sizes, words),
        _chart(_message(trends, trends.gaps, "gaps", words), trends.gaps, trends, looked, words),
    ]
    moves = [
        {
            "from": f"{_name_row(one.before, words)} {name_group('time', one.earlier, words)}",
            "to": f"{_name_row(one.after, words)} {name_group('time', one.later, words)}",
            "count": one.students,
        }
        for one in trends.moves
    ]
    groups = [{"name": one.name, "classes": one.classes, "responses": one.responses} for one in trends.groups]
    return {
        "by": trends.by,
        "by_word": _name_way(trends.by, words),
        "charts": [one for one in charts if one["rows"]],
        "moves": moves,
        "groups": groups,
    }


def _message(trends: Trends, rows: Sequence[TrendRow], otherwise: str, words: PrintWords) -> str:
    """What a chart says in a sentence: which row is in the most classes."""
    classes = sum(group.classes for group in trends.groups)
    most = next((row for row in rows if row.name != NO_PILE), None)
    if most is None or not most.is_joined or most.classes < 2:  # noqa: PLR2004 - one class is no trend
        return words.text(f"trends.{otherwise}")
    return words.text("trends.in_classes", name=_name_row(most.name, words), some=most.classes, all=classes)


def _level_message(trends: Trends, words: PrintWords) -> str:
    rows = [row for row in trends.levels if row.name in LEVELS]
    most = max(rows, key=lambda row: row.responses, default=None)
    total = sum(group.responses for group in trends.groups)
    if most is None:
        return words.text("trends.levels")
    level = _name_row(most.name, words)
    return words.text("trends.common_level", level=level, some=most.responses, all=total)


def _chart(
    message: str, rows: Sequence[TrendRow], trends: Trends, sizes: Sequence[int], words: PrintWords
) -> dict[str, Any]:
    """Small multiples: a row for each finding, a bar for each group, each with its count and share."""
    shown = [
        {
            "name": _name_row(row.name, words),
            "classes": row.classes,
            "bars": [
                {"count": count, "of": of, "share": count / of if of else 0}
                for count, of in zip(row.by_group, sizes, strict=True)
            ],
        }
        for row in rows[:_MOST_IN_A_CHART]
    ]
    return {
        "message": message,
        "groups": [name_group(trends.by, group.name, words) for group in trends.groups],
        "rows": shown,
        "more": max(0, len(rows) - _MOST_IN_A_CHART),
    }


def _leaders_values(page: LeadersPage, words: PrintWords) -> dict[str, Any]:
    """What ``leaders.typ.j2`` prints."""
    sizes = [count for _, count in page.groups]
    tables = [_shown_rows(table, sizes, page.responses, range(len(table.rows)), words) for table in page.tables]
    looked = list(page.looked_at)
    gaps = [_shown_rows(table, looked, sum(looked), (0,), words) for table in page.gaps]
    rows = [row | {"name": table["title"]} for table in gaps for row in table["rows"]]
    return {
        "by": page.by,
        "by_word": _name_way(page.by, words),
        "min_cell": page.min_cell,
        "classes": page.classes,
        "responses": page.responses,
        "groups": [{"name": _name_column(page.by, name, words), "responses": count} for name, count in page.groups],
        "tables": [*tables, *([{"title": words.text("trends.gaps"), "rows": rows}] if rows else [])],
        "looked": sum(looked),
        "will_do": list(page.will_do),
        "asks": list(page.asks),
        "made_up": page.made_up,
    }


def _name_column(by: str, name: str, words: PrintWords) -> str:
    """A column of the leaders' page: small groups that are one column are named one after the other."""
    first, *others = name.split(AND)
    named = name_group(by, first, words)
    for other in others:
        named = words.text("leaders.and", one=named, other=other if by == "grade" else name_group(by, other, words))
    return named


def _shown_rows(
    table: ShownTable, sizes: Sequence[int], every: int, places: Iterable[int], words: PrintWords
) -> dict[str, Any]:
    def bar(count: int | None, of: int) -> dict[str, Any]:
        return {"count": -1 if count is None else count, "share": (count or 0) / of if of else 0}

    return {
        "title": words.text(f"{_TITLES[table.title]}") if table.title in _TITLES else table.title,
        "rows": [
            {
                "name": _name_row(table.rows[place], words),
                "all": bar(table.row_totals[place], every),
                "bars": [bar(count, of) for count, of in zip(table.counts[place], sizes, strict=True)],
            }
            for place in places
        ],
    }
