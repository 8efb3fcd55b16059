"""The rows of the sheet on which a class is sorted without a browser.

``read_sheet`` reads a filled sheet in any language that has words for it, with every problem and its cell. What it
gives is in English, as a sort is kept. ``merge_sheet`` brings its changes into the sort, which may have changed
elsewhere since the sheet was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mssw.core.cell_names import cell_name
from mssw.sorting.piles import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_PILES,
    REASONS,
    Level,
    Pile,
    Placing,
    Sorting,
    collapse_spaces,
    is_same_name,
)
from mssw.sorting.sheet_words import ENGLISH, LEVELS, SheetWords, is_level_or_reason, is_same_word, read_initial

FIRST_LINES = 15  # the head is looked for in these, because people put lines above it
COLUMNS = range(len(ENGLISH.head))
ALIAS, WORK, PILE, LEVEL, ASIDE, NOTE = COLUMNS


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a filled sheet.

    Attributes:
        rows: the cells' texts, each row as long as it has content; the first is line 1.
        formulas: cells with a formula, as (line, column) from 1 and 0.
        merged: ranges of merged cells, such as ``C5:C7``.
        piles: the names on the sheet of piles, in order.
        piles_title: the title of that sheet.
    """

    rows: Sequence[Sequence[str]]
    formulas: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[str, ...] = ()
    piles: tuple[str, ...] = ()
    piles_title: str = ENGLISH.piles

    def cell(self, line: int, column: int) -> str:
        """A cell's text, without spaces around it; empty if there is none."""
        row = self.rows[line - 1] if line <= len(self.rows) else ()
        return collapse_spaces(row[column]) if column < len(row) else ""


@dataclass
class _Found:
    """What was read so far, and in which languages: first that of the sheet, then others that are taken too."""

    languages: Sequence[SheetWords]
    problems: list[str] = field(default_factory=list)
    piles: dict[str, str] = field(default_factory=dict)  # the cell in which each name was found first
    lines: dict[str, int] = field(default_factory=dict)
    works: dict[str, Placing] = field(default_factory=dict)

    @property
    def head(self) -> tuple[str, ...]:
        """The headers in the language of the sheet."""
        return self.languages[0].head

    def is_unsure(self, name: str) -> bool:
        """Whether that stands for the "not sure" pile."""
        return any(is_same_name(words.unsure, name) for words in self.languages)


def read_sheet(
    grid: Grid, works: Sequence[str], written: Sequence[str], languages: Sequence[SheetWords] = (ENGLISH,)
) -> tuple[Sorting, dict[str, int], list[str]]:
    """Read a filled sheet.

    Args:
        grid: the sheet.
        works: aliases that are released now.
        written: aliases that were in the sheet when it was written. One that is no longer released is skipped; one
            released since then may be missing.
        languages: in which the sheet may be, that of the set first. Its headers show which it is; words of the set's
            language and English ones are taken in any sheet.

    Returns:
        A sorting with what the sheet says and nothing else, the line of each alias, and all problems. Use the sorting
        only if there are none.
    """
    head, language = _find_head(grid, languages)
    found = _Found(tuple(dict.fromkeys((language, languages[0], ENGLISH))))
    _check_cells(grid, found)
    if not head:
        found.problems.append(f"A2: the header row is missing; it should have {', '.join(found.head)}")
        return Sorting(), {}, found.problems
    _check_head(grid, head, found)
    for name in grid.piles:
        _read_pile(name, f"the sheet “{grid.piles_title}”", found)
    for line in range(head + 1, len(grid.rows) + 1):
        if any(grid.cell(line, column) for column in COLUMNS):
            _read_line(grid, line, set(works), set(written), found)
    due = [alias for alias in works if alias in set(written) or not written]
    found.problems += [
        f"below row {head}: the row of {alias} is missing; please put it back"
        for alias in due
        if alias not in found.lines
    ]
    if len(found.piles) > MOST_PILES:
        found.problems.append(
            f"column C: there are {len(found.piles)} piles, but at most {MOST_PILES} are possible; merge some"
        )
    sorting = Sorting("", _read_objective(grid, head, found), tuple(Pile(name) for name in found.piles), found.works)
    return sorting, found.lines, found.problems


def _find_head(grid: Grid, languages: Sequence[SheetWords]) -> tuple[int, SheetWords]:
    """The line of the head, 0 if there is none, and the language that most of it is in."""
    best, most, language = 0, 0, languages[0]
    for words in dict.fromkeys((*languages, ENGLISH)):
        for line in range(1, min(FIRST_LINES, len(grid.rows)) + 1):
            alike = sum(is_same_word(grid.cell(line, column), words.head[column]) for column in COLUMNS)
            if alike > most:
                best, most, language = line, alike, words
    return (best, language) if most >= len(COLUMNS) // 2 else (0, languages[0])


def _check_head(grid: Grid, head: int, found: _Found) -> None:
    for column, expected in enumerate(found.head):
        cell_text = grid.cell(head, column)
        if not any(is_same_word(cell_text, words.head[column]) for words in found.languages):
            # What was typed over it may be a student's name, so it is not repeated.
            what = "is empty and must be" if not cell_text else "must be"
            found.problems.append(f"{cell_name(head, column)}: the header {what} “{expected}”")


def _check_cells(grid: Grid, found: _Found) -> None:
    for area in grid.merged:
        found.problems.append(f"{area}: these cells are merged; split them, so that each response has its own")
    for line, row in enumerate(grid.rows, start=1):
        for column in range(len(COLUMNS), len(row)):
            if grid.cell(line, column):
                found.problems.append(f"{cell_name(line, column)}: only columns A to F are read; move this to the note")
    for line, column in sorted(grid.formulas):
        found.problems.append(f"{cell_name(line, column)}: this is a formula; please type the words instead")


def _read_objective(grid: Grid, head: int, found: _Found) -> str:
    for line in range(1, head):
        said = grid.cell(line, 0).rstrip(":")
        if any(is_same_word(said, words.objective) for words in found.languages):
            return next((text for column in COLUMNS[1:] if (text := grid.cell(line, column))), "")
    return ""


def _read_line(grid: Grid, line: int, works: set[str], written: set[str], found: _Found) -> None:
    alias = grid.cell(line, ALIAS)
    if not alias:
        found.problems.append(f"{cell_name(line, ALIAS)}: the alias of this row is missing")
    elif alias in found.lines:
        found.problems.append(f"{cell_name(line, ALIAS)}: {alias} is already in A{found.lines[alias]}")
    elif alias not in works and alias not in written:
        # A text that is not an alias may be a student's name, so it is not repeated.
        found.problems.append(f"{cell_name(line, ALIAS)}: no response has this alias")
    else:
        found.lines[alias] = line
    placing = _read_placing(grid, line, found)
    if alias in works and found.lines.get(alias) == line:
        found.works[alias] = placing


def _read_placing(grid: Grid, line: int, found: _Found) -> Placing:
    aside = _read_reason(grid, line, found)
    level = _read_level(grid, line, found)
    note = grid.cell(line, NOTE)
    name = grid.cell(line, PILE)
    if len(note) > LONGEST_TEXT:
        found.problems.append(f"{cell_name(line, NOTE)}: the note is longer than {LONGEST_TEXT} letters")
    if aside == REASONS[-1] and not note:
        found.problems.append(f"{cell_name(line, NOTE)}: add a note that says why the response is set aside")
    if aside and (level or name):
        where = cell_name(line, LEVEL if level else PILE)
        found.problems.append(f"{where}: a response that is set aside has no pile and no level; clear one or the other")
    unsure = found.is_unsure(name)
    pile = "" if unsure else _read_pile(name, cell_name(line, PILE), found)
    return Placing(pile, Level(level) if level else None, unsure, aside, note)


def _read_reason(grid: Grid, line: int, found: _Found) -> str:
    typed = grid.cell(line, ASIDE)
    reason = _find_meaning(typed, REASONS, [words.reasons for words in found.languages])
    if typed and not reason:
        found.problems.append(_ask_for(line, ASIDE, found.languages[0].reasons, found))
    return reason


def _read_level(grid: Grid, line: int, found: _Found) -> str:
    typed = grid.cell(line, LEVEL)
    level = _find_meaning(typed, LEVELS, [words.levels for words in found.languages])
    level = level or read_initial(typed.rstrip("."), found.languages)
    if typed and not level:
        found.problems.append(_ask_for(line, LEVEL, found.languages[0].levels, found))
    return level


def _find_meaning(typed: str, meanings: Sequence[str], languages: Sequence[Sequence[str]]) -> str:
    """What a word means in the first language that has it, whatever its capitals; empty where none has it."""
    pairs = ((word, meaning) for words in languages for word, meaning in zip(words, meanings, strict=True))
    return next((meaning for word, meaning in pairs if is_same_word(word, typed)), "")


def _ask_for(line: int, column: int, words: Sequence[str], found: _Found) -> str:
    # What was typed may be anything, even a student's name, so it is not repeated.
    return f"{cell_name(line, column)}: {found.head[column].casefold()} must be {', '.join(words)} or empty"


def _read_pile(name: str, where: str, found: _Found) -> str:
    name = collapse_spaces(name)
    if not name or found.is_unsure(name):
        return ""
    if len(name) > LONGEST_NAME:
        found.problems.append(f"{where}: the name of a pile can have at most {LONGEST_NAME} letters")
        return ""
    for earlier, first in found.piles.items():
        if earlier != name and is_same_name(earlier, name):
            found.problems.append(
                f"{where}: this pile differs from the one in {first} only in capitals or spaces; write both the same"
            )
            return earlier
    found.piles.setdefault(name, where)
    return name


def is_own_word(column: int, text: str, languages: Iterable[SheetWords]) -> bool:
    """Whether a cell holds one of the sheet's own words in its column, so that it is read as that and names nobody.

    Args:
        column: the cell's, from 0; the header counts in its own column, "not sure" among the piles.
        text: what the cell says.
        languages: the words that the sheet may have.
    """
    for words in languages:
        own = [words.head[column], *((words.unsure,) if column == PILE else ())]
        own += [words.objective] if column == 0 else []
        if any(is_same_word(text.rstrip(":"), word) for word in own):
            return True
    return column in {LEVEL, ASIDE} and is_level_or_reason(text, languages)


def merge_sheet(
    in_sheet: Sorting, lines: Mapping[str, int], base: Sorting, now: Sorting
) -> tuple[Sorting, list[str], list[str]]:
    """Bring a sheet's changes into the sort.

    Args:
        in_sheet: the sorting in the sheet.
        lines: the line of each alias in the sheet.
        base: the sort when the sheet was written.
        now: the sort now; it may have changed elsewhere since then.

    Returns:
        The sort with the changes, the aliases that they are for, and the conflicts: cells that were changed in both.
    """
    works, taken, problems = dict(now.works), [], []
    for alias, placing in in_sheet.works.items():
        before, here = base.of(alias), now.of(alias)
        if placing in (before, here):
            continue
        if here != before:
            problems += [
                (f"{cell_name(lines[alias], column)}: this was changed both here and elsewhere; make both the same")
                for column in _find_differences(placing, here)
            ]
        works[alias] = placing
        taken.append(alias)
    objective = now.objective if in_sheet.objective == base.objective else in_sheet.objective
    return (
        replace(now, objective=objective, works=works, piles=_merge_piles(in_sheet, base, now, works)),
        taken,
        problems,
    )


def _find_differences(one: Placing, other: Placing) -> Iterator[int]:
    if (one.pile, one.unsure) != (other.pile, other.unsure):
        yield PILE
    if one.level != other.level:
        yield LEVEL
    if one.aside != other.aside:
        yield ASIDE
    if one.note != other.note:
        yield NOTE


def _merge_piles(in_sheet: Sorting, base: Sorting, now: Sorting, works: Mapping[str, Placing]) -> tuple[Pile, ...]:
    """The piles of now, with the sheet's new ones, and without those that it removed and no response is on."""
    needed = {placing.pile for placing in works.values() if placing.pile}
    wanted = {pile.name for pile in in_sheet.piles}
    were = {pile.name for pile in base.piles}
    kept = [pile for pile in now.piles if pile.name in needed | wanted or pile.name not in were]
    have = {pile.name for pile in kept}
    new = [pile for pile in in_sheet.piles if pile.name not in have and (pile.name in needed or pile.name not in were)]
    return (*kept, *new)
