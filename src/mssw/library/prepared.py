"""From a stack to covered works, and what can be asked about them, from a script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mssw.errors import UsageError
from mssw.library.paths import AnyPath, as_path, as_paths, as_set

if TYPE_CHECKING:
    from mssw.audit.audit import AuditReport
    from mssw.prepare.options import PrepareReport, Progress
    from mssw.roster.key_table import KeyRow
    from mssw.roster.roster_check import RosterCheck
    from mssw.status.set_status import Status


def prepare(
    stack: AnyPath | Sequence[AnyPath] = (),
    *,
    into: AnyPath,
    task: AnyPath | None = None,
    roster: AnyPath | None = None,
    columns: Sequence[str] = (),
    fronts_backs: tuple[AnyPath, AnyPath] | None = None,
    backs_reversed: bool | None = None,
    pages_per_student: int | None = None,
    fields: Sequence[str] = (),
    also: AnyPath | None = None,
    codes: Sequence[AnyPath] = (),
    cover: Literal["sure", "likely"] | None = None,
    seed: int | None = None,
    title: str = "",
    grade: str = "",
    workers: int | None = None,
    progress: Progress | None = None,
) -> PrepareReport:
    """Take a scanned stack to covered, aliased work. Safe to call again: it goes on where it was.

    Args:
        stack: the scans: a file, or several files and folders; left out, those that the set has.
        into: the work set's folder; made where it is not there.
        task: the blank task.
        roster: the class list.
        columns: what its columns hold, as ``last=Surname``; see ``mssw roster check``.
        fronts_backs: instead of ``stack``, two of the same sheets, one of each side.
        backs_reversed: whether the backs run from the last sheet to the first; None where the pages tell.
        pages_per_student: sides that each student handed in, where there is no blank task.
        fields: name fields by hand, each ``page:x,y,w,h`` in fractions of the task's page.
        also: a file of further names to look for, one a line.
        codes: folders of other sets whose coded sheets may lie in the same stack.
        cover: which names in the text are covered; None leaves it as the set has it, at first ``sure``.
        seed: the same aliases each time; for tests, not for real classes.
        title: of the set, for the packet.
        grade: likewise.
        workers: processes at a time; None for one a core.
        progress: told of each stage, how much of it is done, and of how much.

    Raises:
        MsswError: one sentence on what is wrong; nothing is half-written.
    """
    from mssw.prepare.options import PrepareOptions, quiet  # noqa: PLC0415
    from mssw.prepare.prepare import prepare as run  # noqa: PLC0415 - here and below: a script pays for what it uses

    stacks = as_paths(stack)
    if fronts_backs is not None:
        if stacks:
            raise UsageError("give either a stack, or fronts and backs; not both.")
        stacks = as_paths(fronts_backs)
    options = PrepareOptions(
        stacks=stacks,
        task=as_path(task),
        roster=as_path(roster),
        fronts_backs=fronts_backs is not None,
        backs_reversed=backs_reversed,
        pages_per_student=pages_per_student,
        fields=tuple(fields),
        seed=seed,
        title=title,
        grade=grade,
        workers=workers,
        also=as_path(also),
        codes=as_paths(codes),
        cover_likely=None if cover is None else cover == "likely",
        columns=tuple(columns),
    )
    return run(Path(into), options, progress or quiet)


def audit(path: AnyPath, *, roster: AnyPath | None = None, columns: Sequence[str] = ()) -> AuditReport:
    """Look for names and hidden things in what is to be shared. Nothing is written.

    Args:
        path: a work set, a folder or a file.
        roster: whose names to look for; None for a work set's own.
        columns: what its columns hold, as ``last=Surname``.

    Returns:
        What was found, which is no error: ``passed`` tells.

    Raises:
        UnreadableError: there is nothing at that place, or the roster cannot be read.
    """
    from mssw.audit.audit import audit_path  # noqa: PLC0415

    return audit_path(Path(path), as_path(roster), columns)


def status(folder: AnyPath, *, audit: bool = False) -> Status:
    """Where each page and each step of a work set stands, and what is to be done before a session. Names nobody.

    Args:
        folder: the work set.
        audit: whether every file is audited now, for the checklist; else it is left out of it.

    Raises:
        StepMissingError: there is no work set at that place.
    """
    from mssw.status.set_status import read_status  # noqa: PLC0415

    return read_status(as_set(folder), audit=audit)


def key(folder: AnyPath, who: str | None = None) -> tuple[KeyRow, ...]:
    """Whose each work is: for the class's own teacher.

    Args:
        folder: the work set.
        who: an alias, or a student's name or number; None for all.

    Raises:
        StepMissingError: there is no key yet, or it was destroyed.
        UsageError: nobody goes by that.
    """
    from mssw.key.look_up import entries_of, found_entries  # noqa: PLC0415
    from mssw.roster.key_table import KeyRow, joined_rows  # noqa: PLC0415

    workset = as_set(folder)
    entries = entries_of(workset) if who is None else found_entries(workset, who)
    return tuple(KeyRow(*row) for row in joined_rows(entries))


def roster_check(file: AnyPath, *, columns: Sequence[str] = ()) -> RosterCheck:
    """How a class list is read, and all that is wrong with it, by row and without names.

    >>> from mssw import roster_check
    >>> found = roster_check("class.csv")
    >>> found.students, found.is_clean
    (12, True)

    Args:
        file: any export, or a plain list of names.
        columns: what its columns hold, as ``last=Surname``, where that is not seen.

    Raises:
        UnreadableError: it is no table at all.
        UsageError: what is said of the columns cannot be understood.
    """
    from mssw.roster.roster_check import check_roster  # noqa: PLC0415

    return check_roster(Path(file), columns)
