"""Check all inputs of ``prepare`` where they are, before anything is written: a mistake leaves nothing behind.

In: the options, and the set's folder as it is. Out: the stack that is given, or one sentence on the first input that
will not do. ``given_scans`` checks the scans. Three kinds of checks are here: each input by itself and with the
others; options that would change nothing, so that nobody relies on one in vain; and whether the set can be written.
What ``set.toml`` says stays there for the day when it has an effect; only what is asked for now is looked at.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mssw.core.shell_words import quote_word
from mssw.errors import StepMissingError, UnreadableError, UsageError, WouldOverwriteError
from mssw.formats.file_kinds import refuse_pipe
from mssw.formats.scans import count_pages
from mssw.names.student import Roster
from mssw.preparing.blank_task import at_analysis_size, parse_field
from mssw.preparing.given_scans import GivenStack, check_scans, may_be_download
from mssw.preparing.inputs import EMPTY_TASK, find_task, is_new_task, read_other_key, task_pictures
from mssw.preparing.photographed import as_sheet
from mssw.preparing.prepare_options import PrepareOptions
from mssw.roster.roster_file import check_columns, read_roster
from mssw.roster.words_file import read_words
from mssw.vision.blank_page import BlankPage
from mssw.vision.common_print import FEWEST
from mssw.workers import run_alone
from mssw.workset.class_list import ALSO, ROSTER, check_files, check_names, read_also, read_class_list, read_sealed_key
from mssw.workset.coded_sheets import check_task_of_sheets, read_neighbors, read_sheets
from mssw.workset.decisions import read_decisions
from mssw.workset.folder import NotWrittenError, WorkSet, not_made
from mssw.workset.manifest import is_made_up
from mssw.workset.seal import read_seal
from mssw.workset.settings import read_settings
from mssw.workset.stack import Stack, read_stack

LONG_TASK = 6  # pages: a blank task that is longer than all scans together is probably the stack
NO_TASK = (
    "give the blank task with --task TASK.pdf, so that names can be found. Without one, use "
    "--pages-per-student N for the number of pages each student handed in (fewer than eight responses "
    "then wait for your review). For essays of different lengths, give the class list with --roster: the stack is then "
    "split where a page carries a name."
)
NO_BLANK_FOR_FIELD = "--field says where names are written on the blank task, and there is none"
BYTES_A_PAGE = 1_000_000  # a page's image, its reading and its released copy; measured 0.3 to 0.9 MB
MB = 1_000_000


def check_inputs(root: Path, options: PrepareOptions) -> GivenStack | None:
    """Check every input before anything is written.

    Returns:
        The stack that is given; None to go on with the set's own.

    Raises:
        MsswError: one sentence on the first input that will not do.
    """
    workset, pages_each = WorkSet(root), check_request(root, options)
    roster = None
    if options.roster is not None:
        columns = roster_columns(workset, options)
        roster = read_roster(options.roster, options.section, columns=columns, sheet=options.sheet)
    also = () if options.also is None else read_words(options.also)
    if not options.start_over:
        roster = check_seal(workset, roster, also)
    if options.task is not None:
        check_task_file(workset, options.task, options.stacks)
        check_task_of_sheets(workset, options.task)
    check_codes(workset, options)
    check_same_aliases(workset, options)
    check_fields(workset, options, pages_each)
    if not options.stacks:
        _check_without_task(workset, options, read_stack(workset), pages_each)
        return None
    given = check_scans(options.stacks, read_stack(workset), fronts_backs=options.fronts_backs, roster=roster)
    try:
        _check_without_task(workset, options, given.stack, pages_each)
    except UsageError:
        given.discard()
        raise
    return replace(given, stack=replace(given.stack, backs_reversed=options.backs.are_reversed))


def check_request(root: Path, options: PrepareOptions) -> int | None:
    """Check that the options make sense for that folder, before any file is opened.

    Returns:
        How many pages each student handed in, if there is no blank task to tell.

    Raises:
        MsswError: they do not.
    """
    WorkSet.check_place(root)
    workset = WorkSet(root)
    if is_made_up(workset):
        raise WouldOverwriteError(f"{root} is a made-up set, to be printed as it is; choose a new folder for a stack.")
    if workset.is_final:
        raise WouldOverwriteError(
            f"{workset.final_because}, so what it shares is final; choose another folder for a stack."
        )
    if not options.stacks and not workset.stack.is_dir():
        raise StepMissingError(
            f"there is no stack yet: give the scans, as in `mssw prepare STACK.pdf --into {quote_word(root)}`."
        )
    if options.pages_per_student is not None and options.pages_per_student < 1:
        raise UsageError("--pages-per-student must be 1 or more.")
    check_columns(options.columns)
    if options.workers is not None and options.workers < 1:
        raise UsageError("--workers must be 1 or more.")
    settings = read_settings(workset.settings) if workset.settings.is_file() else None
    pages_each = options.pages_per_student or (settings.pages_per_student if settings else None)
    refuse_idle_options(workset, options, has_task=has_task(workset, options))
    if has_task(workset, options):
        return None
    by_student = any(map(may_be_download, options.stacks)) if options.stacks else read_stack(workset).is_by_student
    if not (pages_each or by_student or has_roster(workset, options)):
        raise UsageError(NO_TASK)
    return pages_each


def check_seal(workset: WorkSet, roster: Roster | None, also: Sequence[str]) -> Roster | None:
    """Refuse a set whose private files are not those that it was prepared with: nothing decided may be forgotten.

    Args:
        workset: the set.
        roster: the class list that is given.
        also: the further names that are given.

    Returns:
        The class list that is given, or else the set's own.

    Raises:
        SealBrokenError: one is missing, damaged or another one.
        NewerVersionError: a newer mssw made one.
    """
    workset.check_versions()
    read_decisions(workset)
    given = {name for name, is_given in ((ROSTER, roster), (ALSO, also)) if is_given}
    check_files(workset, given)
    names = roster or read_class_list(workset, also)
    check_names(workset, read_seal(workset), names, also or read_also(workset))
    read_sealed_key(workset)
    return names


def _check_without_task(workset: WorkSet, options: PrepareOptions, stack: Stack, pages_each: int | None) -> None:
    """Check what a class without a blank task needs instead.

    Raises:
        UsageError: nobody can tell where a response ends, or fields were given that nothing can be laid on.
    """
    if has_task(workset, options):
        return
    if not (stack.is_by_student or pages_each or has_roster(workset, options)):
        raise UsageError(NO_TASK)
    refuse_fields_without_blank(options, stack, pages_each)


def has_task(workset: WorkSet, options: PrepareOptions) -> bool:
    """Whether there is a blank task: given now, or kept from before."""
    return options.task is not None or workset.task_given.is_dir()


def has_roster(workset: WorkSet, options: PrepareOptions) -> bool:
    """Whether there is a class list, given now or kept from before: its names can tell where a response begins."""
    return options.roster is not None or workset.roster.is_file()


def roster_columns(workset: WorkSet, options: PrepareOptions) -> tuple[str, ...]:
    """The columns of the roster that a person gave: now, or else when the set was prepared before."""
    if options.columns or not workset.settings.is_file():
        return tuple(options.columns)
    return read_settings(workset.settings).columns


def check_task_file(workset: WorkSet, path: Path, stacks: Sequence[Path] = ()) -> None:
    """Read every page of the blank task within the limits of a stranger's file, unless the set has it already.

    Raises:
        UnreadableError: a page cannot be read, or there are too many for a task.
        UsageError: it seems to be the stack, and the stack to be the task.
    """
    refuse_folder(path)
    if is_new_task(workset, path):
        run_alone(_read_every_page, path, tuple(stacks))


def refuse_folder(path: Path) -> None:
    """Refuse a folder or a pipe in place of the blank task.

    Raises:
        UnreadableError: it is one.
    """
    if path.is_dir():
        raise UnreadableError(f"{path} is a folder; give the blank task as one file, a PDF or a picture.")
    refuse_pipe(path)


def _read_every_page(path: Path, stacks: Sequence[Path]) -> None:
    """Read every page of the blank task, and see whether anything is printed on it. Runs in a worker.

    Raises:
        UnreadableError: a page cannot be read, or nothing is on any of them.
        UsageError: it has many pages, and more than all scans together.
    """
    count, scanned = count_pages(path), 0
    with suppress(UnreadableError):  # a scan that cannot be read is reported where it is taken in
        scanned = sum(map(count_pages, stacks)) if all(stack.is_file() for stack in stacks) else 0
    if count > max(scanned, LONG_TASK) and scanned:
        raise UsageError(
            f"the file after --task has {count} pages and the scans have {scanned}: they seem to be swapped. Give the "
            "scans first, and the blank task after --task."
        )
    empty = [BlankPage(1, at_analysis_size(as_sheet(path, picture))).is_empty for picture in task_pictures(path)]
    if all(empty):
        raise UnreadableError(EMPTY_TASK.format(path.name))


def check_codes(workset: WorkSet, options: PrepareOptions) -> None:
    """Check the other sets with coded sheets that a person named.

    Raises:
        MsswError: no sheets were printed for the set, or for another that is named.
    """
    if read_sheets(workset) is None and options.codes:
        raise UsageError(
            "codes lists the sets of other classes in the stack, but this set has no coded sheets of its "
            "own. Set its folder (into) to the set that its sheets were printed for."
        )
    read_neighbors(options.codes)


def check_fields(workset: WorkSet, options: PrepareOptions, pages_each: int | None) -> None:
    """Check that the name fields that are given lie on the task.

    Args:
        workset: the set.
        options: with the fields.
        pages_each: see ``check_request``.

    Raises:
        UsageError: one does not.
    """
    for text in options.fields:
        parse_field(text, pages_each or _count_task_pages(workset, options.task))


def _count_task_pages(workset: WorkSet, given: Path | None) -> int:
    """Count the pages of the blank task, the given one or else the set's.

    Raises:
        UsageError: there is none.
    """
    path = given or find_task(workset)
    if path is None:
        raise UsageError(
            "--field shows where names are on the blank task, but there is no blank task; give it with --task."
        )
    return int(run_alone(count_pages, path))


def check_same_aliases(workset: WorkSet, options: PrepareOptions) -> None:
    """Check that aliases can be taken over from the set that ``--same-aliases-as`` names.

    Raises:
        UsageError: it is this set, or there is no class list to find the same student by.
        StepMissingError: it has no key, or nobody in it is matched to a response.
        MsswError: its key is missing or damaged.
    """
    folder = options.same_aliases_as
    if folder is None:
        return
    if folder.resolve() == workset.root.resolve():
        raise UsageError("--same-aliases-as names another set, not this one; give the set of the other task.")
    if not has_roster(workset, options):
        raise UsageError("--same-aliases-as finds the same student by the class list; give it too, with --roster.")
    if not any(entry.student for entry in read_other_key(folder)):
        raise StepMissingError(
            f"no response of {folder} is matched to a student yet; match them with `mssw key {quote_word(folder)}`, "
            "then run this again."
        )


# Options that have no effect


def refuse_idle_options(workset: WorkSet, options: PrepareOptions, *, has_task: bool) -> None:
    """Refuse options that have no effect together with the others, or on that set. No file of the inputs is opened.

    Args:
        workset: the set; it may not be there yet.
        options: what is asked for.
        has_task: whether there is a blank task, given now or kept in the set.

    Raises:
        UsageError: one has no effect.
    """
    if options.columns and options.roster is None:
        raise UsageError("--columns says how the class list is read; give the list too, with --roster.")
    if options.sheet and options.roster is None:
        raise UsageError("--sheet says which sheet of the class list is read; give it with --roster.")
    if options.section and options.roster is None:
        raise UsageError("section says which class of a list is meant; give the list too, as roster.")
    if options.pages_per_student is not None and has_task:
        raise UsageError(
            "--pages-per-student is for a class without a blank task, and the task tells how many pages there are; "
            "leave one of the two out."
        )
    if options.task_is_blank and not has_task:
        raise UsageError("--task-is-blank is about the blank task, and there is none; give it with --task.")
    _refuse_idle_backs(workset, options)


def _refuse_idle_backs(workset: WorkSet, options: PrepareOptions) -> None:
    """Refuse an order of the backs where they are not scanned apart, or where codes tell which sides belong together.

    Raises:
        UsageError: it has no effect.
    """
    if options.backs.are_reversed is None:
        return
    apart = options.fronts_backs if options.stacks else read_stack(workset).fronts_backs
    if not apart:
        raise UsageError(
            "--backs sets the order in which backs were scanned, but this stack was not scanned as "
            "fronts and backs. Give the two scans with --fronts-backs FRONTS BACKS, or leave out --backs."
        )
    if read_sheets(workset) is not None:
        raise UsageError("the codes on the sheets tell which sides belong together; leave --backs out.")


def refuse_fields_without_blank(options: PrepareOptions, stack: Stack, pages_each: int | None) -> None:
    """Refuse fields for a class that has no blank task, and too few responses to make one of its own.

    Args:
        options: with the fields.
        stack: the pages that will be looked at.
        pages_each: pages a student; None where each has a file and nobody said how many pages.

    Raises:
        UsageError: the fields would have no effect.
    """
    if not options.fields:
        return
    if pages_each is None or sum(file.pages for file in stack.files) // pages_each < FEWEST:
        raise UsageError(
            f"{NO_BLANK_FOR_FIELD}, nor the {FEWEST} responses from which mssw works one out; give the blank task with "
            "--task, or leave --field out."
        )


# Can the set be written?


def check_place_is_writable(workset: WorkSet) -> None:
    """Check that the set's folder may be made or written, and that no other command is at work in it.

    Raises:
        NotWrittenError: it may not be written.
        WouldOverwriteError: another command has it.
    """
    for folder in (workset.root, workset.private, workset.shared):
        place = _nearest_folder(folder)
        if not place.is_dir():
            raise not_made(folder, os.strerror(errno.ENOTDIR))
        if not os.access(place, os.W_OK | os.X_OK):
            if place != folder.absolute():
                raise not_made(folder, os.strerror(errno.EACCES))
            raise NotWrittenError(
                f"{place} may not be written to; choose a folder of your own, or allow writing there."
            )
    workset.check_is_free()


def check_room(workset: WorkSet, files: Sequence[Path], pages: int) -> None:
    """Check that the disk has room for copies of the inputs and for the pages that are made of them.

    Args:
        workset: the set; what it has already is not counted again.
        files: what is copied into it.
        pages: how many will be looked at for the first time.

    Raises:
        NotWrittenError: it has not.
    """
    new = [file for file in files if not (workset.stack / file.name).exists()]
    needed = sum(file.stat().st_size for file in new if file.is_file()) + BYTES_A_PAGE * pages
    disk = shutil.disk_usage(_nearest_folder(workset.root))
    if disk.total and disk.free < needed:  # a file system that is no disk has no size
        raise NotWrittenError(
            f"the disk of {workset.root} has {disk.free // MB} MB left, and this class needs about {needed // MB} MB; "
            "free some space, or choose a folder on another disk."
        )


def _nearest_folder(path: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    path = path.absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
