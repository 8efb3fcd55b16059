"""Sort on paper or in a spreadsheet: write ``shared/sort.xlsx``, and take in what a teacher filled in there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mssw.core.cell_names import cell_name
from mssw.errors import FindingsError, UnreadableError, WouldOverwriteError
from mssw.names.name_search import NameSearch
from mssw.printing.page_pictures import draw_pages, encode_jpeg, join_side_by_side
from mssw.sharing.gate import check, share
from mssw.sorting.kept_sorts import Tally, count_sorting, keep_sorting, read_order, read_sorting, sort_name
from mssw.sorting.piles import collapse_spaces, keep_released
from mssw.sorting.sheet_rows import HEAD, Grid, merge_sheet, read_sheet
from mssw.sorting.sheet_workbook import Thumbnail, make_sort_book, read_grid
from mssw.sorting.sort_values import Sorting
from mssw.workset.allowed_names import beside_teachers, roster_spellings
from mssw.workset.folder import WorkSet, make_folder, write_bytes
from mssw.workset.manifest import read_manifest, released_responses, sealed_response
from mssw.workset.memory import OWN, read_memory, write_memory
from mssw.workset.outdated import kept_sheet

_SHOWN = (270, 150)  # pixels of the sheet in which the pages of a work stand side by side
_SHARPER = 1.8  # pixels of the picture for each of those
_GAP = 6
_QUALITY = 62
_NAMED = "a name from the roster stands here; say it without the name"


class SheetProblemsError(UnreadableError):
    """A filled sheet cannot be taken as it is; nothing was."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count = f"{len(problems)} problems" if len(problems) > 1 else "one problem"
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"{name} has {count}; put it right and run this again. Nothing was taken from it:{lines}")


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What became of a sheet.

    Attributes:
        sheet: the file.
        read: the file that was read; empty where there was nothing new to read.
        taken: aliases whose rows said something new.
        kept: where the sheet as it was typed is kept; empty where nothing was replaced.
        written: whether it was written anew, or only tried.
        tally: where the sort stands now.
    """

    sheet: str
    read: str
    taken: tuple[str, ...]
    kept: str
    written: bool
    tally: Tally


def sheet_path(workset: WorkSet, by: str = "") -> Path:
    """Where a teacher's sheet stands.

    Raises:
        UsageError: her name has no letter.
    """
    name = sort_name(by)
    return workset.sort_sheet if name == OWN else workset.shared / f"sort-{name}.xlsx"


def exchange_sheet(
    workset: WorkSet, by: str = "", *, objective: str | None = None, read: Path | None = None, dry_run: bool = False
) -> SheetReport:
    """Take in a sheet that was filled in, then write it anew with all that is known.

    Args:
        workset: the set.
        by: whose sort; empty for the presenting teacher's.
        objective: the learning objective, where it is stated now.
        read: a filled sheet from elsewhere; else the one in ``shared/`` is read where it was changed.
        dry_run: do all but write.

    Raises:
        SheetProblemsError: the sheet has problems; nothing was taken.
        WouldOverwriteError: another sheet is to be read, but the one in ``shared/`` was changed and not read yet.
        UnreadableError: a file is no table or damaged.
        FindingsError: the teacher's words name a student.
    """
    if not dry_run:
        make_folder(workset.private, private=True)
    with nullcontext() if dry_run else workset.locked():
        return _Exchange(workset, by, dry_run=dry_run).run(objective, read)


class _Exchange:
    """One reading and writing of a sheet."""

    def __init__(self, workset: WorkSet, by: str, *, dry_run: bool) -> None:
        self.workset = workset
        self.by = "" if sort_name(by) == OWN else by
        self.dry_run = dry_run
        self.path = sheet_path(workset, by)
        self.works = released_responses(workset)
        named = roster_spellings(workset)
        self.names = NameSearch(named)
        self.spellings = beside_teachers(workset, named)
        self.memory = read_memory(workset)
        self.record: dict[str, Any] = self.memory.get("sheets", {}).get(sort_name(by), {})

    def run(self, objective: str | None, read: Path | None) -> SheetReport:
        """Read what is new, then write."""
        sorting = read_sorting(self.workset, self.by)
        source = self._source(read)
        taken: Sequence[str] = ()
        if source:
            sorting, taken = self._taken(source, sorting)
        if objective is not None:
            sorting = replace(sorting, objective=collapse_spaces(objective))
        check_words(sorting, self.names)
        order = read_order(self.workset, self.by, dry_run=self.dry_run)
        data = self._book(sorting, order)
        kept = self._keep_typed(source) if source == self.path else ""
        if self.dry_run:
            check(self.path.name, data, self.spellings)
        else:
            keep_sorting(self.workset, sorting)
            share(self.workset, self.path.name, data, self.spellings)
            self._remember(data, sorting)
        told = count_sorting(self.workset, sorting)
        return SheetReport(str(self.path), str(source or ""), tuple(taken), kept, not self.dry_run, told)

    def _source(self, read: Path | None) -> Path | None:
        """The sheet that is to be read; None where there is nothing new."""
        changed = self.path.exists() and _sha256(self.path) != self.record.get("sha256")
        if read is None:
            return self.path if changed else None
        if changed and read.resolve() != self.path.resolve():
            raise WouldOverwriteError(
                f"{self.path} was filled in and is not read yet, and would be overwritten; read it first with "
                f"`mssw sort {self.workset.root} --sheet`, or move it away."
            )
        return self.path if changed else read

    def _taken(self, source: Path, sorting: Sorting) -> tuple[Sorting, Sequence[str]]:
        """The sort with what the sheet says."""
        grid = read_grid(source)
        base = Sorting.from_json(self.record["sorting"]) if "sorting" in self.record else Sorting()
        said, lines, problems = read_sheet(grid, tuple(self.works), tuple(self.record.get("works", ())))
        problems += find_named_cells(grid, self.names, known=set(self.works))
        if not problems:
            merged, taken, problems = merge_sheet(said, lines, base, sorting)
        if problems:
            raise SheetProblemsError(source.name, problems)
        return merged, taken

    def _book(self, sorting: Sorting, order: Sequence[str]) -> bytes:
        manifest = read_manifest(self.workset)
        pictures = {
            alias: draw_thumbnail(sealed_response(self.workset, manifest, alias), f"{alias}.pdf") for alias in order
        }
        return make_sort_book(keep_released(sorting, order), order, pictures)

    def _keep_typed(self, source: Path) -> str:
        """A copy of the sheet as it was typed, in case that something in it was not for us to read."""
        data = source.read_bytes()
        path = kept_sheet(self.workset, source, hashlib.sha256(data).hexdigest())
        if not self.dry_run:
            write_bytes(path, data, private=True)
        return str(path)

    def _remember(self, data: bytes, sorting: Sorting) -> None:
        record = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "works": sorted(self.works),
            "sorting": sorting.to_json(),
        }
        memory = read_memory(self.workset)
        sheets = memory.get("sheets", {}) | {sort_name(self.by): record}
        write_memory(self.workset, memory | {"sheets": sheets})


def draw_thumbnail(data: bytes, name: str) -> Thumbnail:
    """A work's pages side by side, small.

    Args:
        data: its PDF.
        name: of the file, for messages.
    """
    room = (round(_SHOWN[0] * _SHARPER), round(_SHOWN[1] * _SHARPER))
    row = join_side_by_side(draw_pages(data, name, room), round(_GAP * _SHARPER))
    if row.width > room[0]:
        row = row.resize((room[0], max(1, round(row.height * room[0] / row.width))))
    shown = (max(1, round(row.width / _SHARPER)), max(1, round(row.height / _SHARPER)))
    return Thumbnail(encode_jpeg(row, _QUALITY), shown)


def find_named_cells(grid: Grid, names: NameSearch, *, known: set[str]) -> Iterator[str]:
    """The cells in which a student is named, without the name."""
    for line, row in enumerate(grid.rows, start=1):
        for column in range(min(len(row), len(HEAD))):
            text = grid.cell(line, column)
            if text and not (column == 0 and text in known) and names.hits(text):
                yield f"{cell_name(line, column)}: {_NAMED}"
    for place, name in enumerate(grid.piles, start=1):
        if names.hits(name):
            yield f"the sheet “Piles”, name {place}: {_NAMED}"


def find_named_words(sorting: Sorting, names: NameSearch) -> list[str]:
    """The places of a sort at which a student is named, without the name."""
    places = [("the learning objective", sorting.objective)]
    places += [(f"the name of pile {place}", pile.name) for place, pile in enumerate(sorting.piles, start=1)]
    places += [(f"the note on {alias}", placing.note) for alias, placing in sorted(sorting.works.items())]
    return [place for place, text in places if text and names.hits(text)]


def check_words(sorting: Sorting, names: NameSearch) -> None:
    """Refuse words that would carry a student's name into ``shared/``.

    Raises:
        FindingsError: they do; it says where.
    """
    found = find_named_words(sorting, names)
    if found:
        raise FindingsError(
            f"a name from the roster stands in {' and '.join(found)}; say it without the name, then run this again."
        )


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UnreadableError(
            f"{path} could not be read: {error.strerror or 'unknown cause'}. Close it elsewhere, then run this again."
        ) from None
