"""Make coded sheets: a copy of the task for each student, with a code on each side and no name on the response."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from mssw.core.sheet_code import COPY_LENGTH, LETTERS, SET_LENGTH, Copy, NamePlacement, Sheets
from mssw.errors import UsageError, WouldOverwriteError
from mssw.names.student import Roster
from mssw.preparing.aliases import random_source
from mssw.preparing.input_checks import refuse_folder
from mssw.preparing.inputs import all_or_nothing, find_task, take_in
from mssw.preparing.matches import MatchedPerson, find_place
from mssw.preparing.prepare_options import PrepareOptions
from mssw.printing.print_words import choose_language, read_words
from mssw.roster.roster_file import read_roster
from mssw.sheets.sheet_pages import STRIP_MM, lay_out_task, sheets_pdf
from mssw.workers import run_alone
from mssw.workset.coded_sheets import check_same_task, keep_sheets, read_sheets
from mssw.workset.folder import WorkSet, hash_file, write_bytes
from mssw.workset.settings import read_settings
from mssw.workset.stack import Stack

MOST_COPIES = 500


@dataclass(frozen=True)
class SheetsOptions:
    """The options of ``sheets``. What is None is as in the last printing, or as usual.

    Attributes:
        task: the blank task; None for the set's own.
        roster: the class list; None for the set's own.
        sheet: of a workbook of several sheets, the one that is meant; empty for the first with students.
        anonymous: copies without a roster; 0 for none.
        spares: copies beyond the roster, for new students.
        names: where a copy has the student's name.
        two_sided: whether copies are printed on both sides.
        paper: ``letter`` or ``a4``.
        title: of the set.
        grade: of the class.
        language: of what students read on the sheets; None takes the set's.
        seed: for the codes; None is the system's secure source.
        dry_run: do all but write.
    """

    task: Path | None = None
    roster: Path | None = None
    sheet: str = ""
    anonymous: int = 0
    spares: int = 0
    names: NamePlacement | None = None
    two_sided: bool | None = None
    paper: str | None = None
    title: str = ""
    grade: str = ""
    language: str | None = None
    seed: int | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class SheetsReport:
    """What was made. It names nobody.

    Attributes:
        file: what to print.
        written: whether it was written, or only tried.
        students: copies with a student.
        spares: copies without one yet.
        pages: of the file.
        sheets: of paper.
        paper: ``letter`` or ``a4``.
        two_sided: how to print it.
        names: where a copy has the student's name.
        scale: by how much the task was shrunk to make room for the code; 1 if it was not.
        known: copies whose codes were drawn before.
        only_new: whether the file has new students alone, since the others have their sheets.
    """

    file: str
    written: bool
    students: int
    spares: int
    pages: int
    sheets: int
    paper: str
    two_sided: bool
    names: str
    scale: float
    known: int
    only_new: bool = False

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return {name: value for name, value in asdict(self).items() if name != "only_new"}


@dataclass(frozen=True)
class _Plan:
    """What will be printed."""

    before: Sheets | None
    sheets: Sheets
    to_print: tuple[Copy, ...] = field(repr=False)
    known: int

    @property
    def is_of_new_students(self) -> bool:
        """Whether others have their sheets already, and are left out."""
        before = set(self.before.copies) if self.before else set()
        return self.known > 0 and before.isdisjoint(self.to_print)


def make_sheets(root: Path, options: SheetsOptions) -> SheetsReport:
    """Draw the codes, write them to ``private/``, and write the file to print. Codes that were drawn before stay.

    Raises:
        UsageError: the options do not fit together, or leave no room for a code.
        UnreadableError: the task or the roster cannot be read.
        WouldOverwriteError: the folder has something else in it, or sheets of another kind.
    """
    WorkSet.check_place(root)
    plan = _plan_sheets(WorkSet(root), options)
    if options.dry_run:
        return _report(root, plan, _count_sides(plan), written=False)
    was_there = root.exists()
    workset = WorkSet.create(root)
    with workset.locked(), all_or_nothing(workset, was_there=was_there):
        if read_sheets(workset) != plan.before:  # codes that were drawn meanwhile may be printed already
            raise WouldOverwriteError(f"another command is making codes in {root} right now; please run this again.")
        keep_sheets(workset, plan.sheets)
        given = PrepareOptions(
            task=options.task,
            roster=options.roster,
            sheet=options.sheet,
            title=options.title,
            grade=options.grade,
        )
        inputs = take_in(workset, given, Stack(()))
        if inputs.task is None or inputs.task.folder is None:
            raise UsageError("give the blank task: `mssw sheets TASK --roster ROSTER --into DIR`.")
        pictures = (inputs.task.folder / "task.pdf").read_bytes()
        language = inputs.settings.language if options.language is None else options.language
        words = read_words(choose_language(language, inputs.settings.english, plan.sheets.paper))
        has_line = any(field.holds_name for field in inputs.task.fields)
        title = inputs.settings.title
        data = sheets_pdf(plan.sheets, plan.to_print, pictures, title, words, has_name_line=has_line)
        write_bytes(workset.sheets_to_print, data, private=True)
    return _report(root, plan, _count_sides(plan), written=True)


def _plan_sheets(workset: WorkSet, options: SheetsOptions) -> _Plan:
    """Check the options, and plan what to print."""
    if workset.is_final:
        raise WouldOverwriteError(
            f"{workset.final_because}, so its shared files are final; use a new folder for new sheets."
        )
    before = read_sheets(workset)
    if before is None and workset.stack.is_dir():
        raise WouldOverwriteError(f"{workset.root} already has a scanned stack; use a new folder for new sheets.")
    task = options.task or find_task(workset)
    if task is None:
        raise UsageError("give the blank task: `mssw sheets TASK --roster ROSTER --into DIR`.")
    refuse_folder(task)
    if before is not None:
        check_same_task(before, task)
    roster = _read_roster(workset, options)
    if not 0 <= options.spares <= MOST_COPIES or not 0 <= options.anonymous <= MOST_COPIES:
        raise UsageError(f"--blank-copies and --anonymous take a number up to {MOST_COPIES}.")
    sheets = before or _draw_sheets(task, roster, options, workset)
    _check_as_before(sheets, options)
    if roster is not None and sheets.names is NamePlacement.NOWHERE:
        raise WouldOverwriteError(
            f"the sheets in {workset.root} were printed without names; use a new folder for a class with a class list."
        )
    copies, to_print, known = _draw_copies(sheets.copies, roster, options.anonymous or options.spares, options.seed)
    return _Plan(before, replace(sheets, copies=copies), to_print, known)


def _read_roster(workset: WorkSet, options: SheetsOptions) -> Roster | None:
    """The roster; None for anonymous copies."""
    if options.anonymous:
        if options.roster is not None or workset.roster.is_file():
            raise UsageError(
                "give either a class list or --anonymous N, not both; for spare copies, use --blank-copies N."
            )
        return None
    path = options.roster or workset.roster
    if not path.is_file() and options.roster is None:
        raise UsageError("give the class list with --roster ROSTER, or use --anonymous N for N copies without names.")
    return read_roster(path, sheet=options.sheet if options.roster else "")


def _draw_sheets(task: Path, roster: Roster | None, options: SheetsOptions, workset: WorkSet) -> Sheets:
    """New sheets, without copies yet."""
    settings = read_settings(workset.settings) if workset.settings.is_file() else None
    usual = settings.paper if settings else "letter"
    two_sided = options.two_sided is not False
    names = (options.names or NamePlacement.STRIP) if roster else NamePlacement.NOWHERE
    strip = STRIP_MM if names is NamePlacement.STRIP else 0.0
    paper, printed = run_alone(lay_out_task, task, options.paper, usual, strip)
    if not printed:
        raise UsageError(
            f"{task.name} is printed up to its edges, so there is no corner with room for a code of 18 "
            "mm. Use a task with wider margins."
        )
    sides = len(printed) + (len(printed) % 2 if two_sided else 0)
    return Sheets(_draw_code(SET_LENGTH, options.seed, 0), hash_file(task), sides, paper, two_sided, names, printed, ())


def _check_as_before(sheets: Sheets, options: SheetsOptions) -> None:
    """Make sure that all copies are printed alike: else the places of codes and strips would differ."""
    asked = {"names": options.names, "two_sided": options.two_sided, "paper": options.paper}
    for name, value in asked.items():
        if value is not None and sheets.copies and value != getattr(sheets, name):
            raise WouldOverwriteError(
                "this set already has sheets with a different paper, number of sides, or place for the "
                "name. Leave out those options, or use a new folder."
            )


def _draw_copies(
    before: Sequence[Copy], roster: Roster | None, spares: int, seed: int | None
) -> tuple[tuple[Copy, ...], tuple[Copy, ...], int]:
    """A copy for every student in the roster's order, then the spare ones; old copies are used first.

    Where the class list has new students, theirs alone are printed: the others have their sheets.

    Returns:
        All copies; those to print; and how many old ones the class has.
    """
    copies = list(before)
    to_print: list[Copy] = []
    known = 0

    def drawn(student: str = "", number: str = "") -> Copy:
        taken = {copy.code for copy in copies}
        code = _draw_code(COPY_LENGTH, seed, len(copies) + 1)
        while code in taken:
            code = _draw_code(COPY_LENGTH, None, 0)
        copies.append(Copy(code, student, number))
        return copies[-1]

    theirs = {place: copy for copy in reversed(copies) if roster and (place := _find_student(roster, copy)) is not None}
    for place, student in enumerate(roster.students if roster else ()):
        known += place in theirs
        to_print.append(theirs.get(place) or drawn(student.name, student.number))
    free = [copy for copy in copies if not copy.student][:spares]
    known += len(free)
    to_print += [*free, *(drawn() for _ in range(spares - len(free)))]
    new = [copy for copy in to_print if copy not in before]
    if known and any(copy.student for copy in new):
        to_print = new
    if not to_print:
        raise UsageError("there are no students to print sheets for; give a class list, or --anonymous N.")
    return tuple(copies), tuple(to_print), known


def _find_student(roster: Roster, copy: Copy) -> int | None:
    return find_place(roster, MatchedPerson(copy.student, copy.number)) if copy.student else None


def _draw_code(length: int, seed: int | None, step: int) -> str:
    """Draw letters from the system's secure source; in tests from a seed."""
    source = random_source(None if seed is None else seed * 1_000_003 + step)
    return "".join(source.choice(LETTERS) for _ in range(length))


def _count_sides(plan: _Plan) -> int:
    """How many sides one copy has."""
    more = {NamePlacement.SHEET: 2 if plan.sheets.two_sided else 1}.get(plan.sheets.names, 0)
    return plan.sheets.sides + more


def _report(root: Path, plan: _Plan, sides: int, *, written: bool) -> SheetsReport:
    sheets, copies = plan.sheets, len(plan.to_print)
    spares = Counter(bool(copy.student) for copy in plan.to_print)[False]
    return SheetsReport(
        str(WorkSet(root).sheets_to_print),
        written,
        copies - spares,
        spares,
        copies * sides,
        copies * (sides // 2 if sheets.two_sided else sides),
        sheets.paper,
        sheets.two_sided,
        str(sheets.names),
        min(side.scale for side in sheets.printed),
        plan.known,
        plan.is_of_new_students,
    )
