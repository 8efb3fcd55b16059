"""The inputs of ``prepare``: stack, blank task, roster, settings. They go through four stages.

1. **Check** what is given where it is (``given_scans`` checks the scans). Nothing is written, so a mistake leaves
   nothing behind.
2. **Keep** it in the set: scans and task are copied, and the settings are written.
3. **Read** all that the set now has, also from earlier runs: ``Inputs``, which later stages use and never change.
4. **Undo** what was kept if a later stage ends in an error.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from mssw.core.decision import Decisions
from mssw.core.sheet_code import Sheets
from mssw.core.shell_words import quote_word
from mssw.errors import MsswError, StepMissingError, UnreadableError, UsageError, WouldOverwriteError
from mssw.formats.file_kinds import refuse_pipe
from mssw.formats.scans import Picture, count_pages, read_page
from mssw.intro.questions import intro_text
from mssw.names.student import Roster
from mssw.preparing.blank_task import BlankTask, at_analysis_size, parse_field, read_blank
from mssw.preparing.class_places import ClassPlaces
from mssw.preparing.downloads import (
    SYSTEM_FILES,
    may_be_download,
)
from mssw.preparing.given_scans import GivenStack, check_scans, writable_name
from mssw.preparing.idle_options import refuse_fields_without_blank, refuse_idle_options
from mssw.preparing.name_reading import SearchTerms
from mssw.preparing.photographed import as_sheet
from mssw.preparing.prepare_options import PrepareOptions
from mssw.roster.key_table import KeyEntry
from mssw.roster.roster_file import RosterReport, check_columns, read_and_report, read_roster, roster_bytes
from mssw.roster.table import all_spellings
from mssw.roster.words_file import read_words
from mssw.vision.blank_page import BlankPage
from mssw.workers.crew import run_alone
from mssw.workset.class_list import (
    ALSO,
    ROSTER,
    check_files,
    check_names,
    read_also,
    read_class_list,
    read_sealed_key,
)
from mssw.workset.coded_sheets import add_neighbors, check_task_of_sheets, keep_sheets, read_neighbors, read_sheets
from mssw.workset.decisions import read_decisions
from mssw.workset.folder import (
    PART,
    NewerVersionError,
    NotWrittenError,
    WorkSet,
    hash_file,
    make_folder,
    put_aside,
    write_bytes,
)
from mssw.workset.manifest import is_made_up, read_manifest
from mssw.workset.seal import SealBrokenError, read_seal, write_seal
from mssw.workset.settings import (
    ALIASES,
    Settings,
    change_settings_text,
    find_misspelled_keys,
    read_settings,
    settings_text,
)
from mssw.workset.stack import ORDER, Stack, read_stack, require_stack, write_stack
from mssw.workset.state import Sighting

MOST_TASK_PAGES = 24
LONG_TASK = 6  # pages: a blank task that is longer than all scans together is probably the stack
COPIED_AT_ONCE = 1024 * 1024  # bytes
EMPTY_TASK = "{} is empty: nothing is printed on any of its pages; give the blank task."
NO_TASK = (
    "give the blank task with --task TASK.pdf, so that names can be found. Without one, use "
    "--pages-per-student N for the number of pages each student handed in (fewer than eight responses "
    "then wait for your review). For essays of different lengths, give the class list with --roster: the stack is then "
    "split where a page carries a name."
)
PLAIN_TASK = (
    "nothing but lines is printed on the task, so pages are counted to tell where a response ends, and names are "
    "looked for as if there was no task"
)
NO_ROSTER = "no roster was given, so aliases and files could not be checked for your students' names"


@dataclass(frozen=True)
class Inputs:
    """All that ``prepare`` reads before it looks at the first page.

    Attributes:
        workset: the set's folder, which this command holds alone.
        settings: from ``set.toml``.
        stack: the scans; no file where only a task was given.
        roster: the class list; None where there is none.
        task: the blank task; None where there is none.
        decisions: what a person decided in ``mssw review``.
        terms: names and numbers to look for in what students wrote.
        refused: aliases that are like a student of another class.
        sheets: the coded sheets that were printed for the set; None where there are none.
        notes: what a person should know about the inputs, in sentences.
        roster_report: what was read of the class list that was given now; None where none was.
        places: where the class writes its names without being asked.
        plain_task: a blank task with nothing but lines on it, on which no page can be laid; ``task`` is None then.
    """

    workset: WorkSet
    settings: Settings
    stack: Stack = field(default_factory=lambda: Stack(()))
    roster: Roster | None = None
    task: BlankTask | None = None
    decisions: Decisions = field(default_factory=Decisions)
    terms: SearchTerms = field(default_factory=SearchTerms)
    refused: frozenset[str] = frozenset()
    sheets: Sheets | None = None
    notes: tuple[str, ...] = ()
    roster_report: RosterReport | None = None
    places: ClassPlaces = field(default_factory=ClassPlaces)
    plain_task: BlankTask | None = None

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every spelling of every student."""
        return all_spellings(self.roster) if self.roster else ()

    @property
    def splits_essays(self) -> bool:
        """Whether the stack is split at the pages that carry a name: nothing else tells where a response ends."""
        return (
            self.task is None
            and self.roster is not None
            and self.settings.pages_per_student is None
            and not self.stack.is_by_student
        )

    @property
    def has_printed_task(self) -> bool:
        """Whether the blank task was given, and is not one that the class's own pages made."""
        return self.task is not None and self.task.folder is not None

    def has_approved(self, page: Sighting) -> bool:
        """Whether a person looked at a page with its covers as they are, and approved it."""
        return self.decisions.cleared(page.page.identity, page.way)

    def with_notes(self, *notes: str) -> Inputs:
        """The same inputs with more notes."""
        return replace(self, notes=(*self.notes, *notes))


# 1. Check


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


def is_new_task(workset: WorkSet, path: Path) -> bool:
    """Whether the set has no blank task yet, or another one."""
    kept = find_task(workset)
    return kept is None or hash_file(path) != hash_file(kept)


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


def task_pictures(path: Path) -> Iterator[Picture]:
    """Read the pages of the blank task, one after the other. Runs in a worker.

    Raises:
        UnreadableError: a page cannot be read, or there are too many for a task.
    """
    count = count_pages(path)
    if count > MOST_TASK_PAGES:
        raise UnreadableError(
            f"{path.name} has {count} pages, too many for one student's task; "
            "give the blank copy that one student gets."
        )
    for number in range(1, count + 1):
        yield read_page(path, number)


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


# 2. Keep


def keep_stack(workset: WorkSet, options: PrepareOptions, given: GivenStack | None) -> Stack:
    """Keep the stack that is given; if none is, take the one that the set has, with what the options say of its backs.

    Raises:
        StepMissingError: the set has none.
    """
    if given is not None:
        copy_scans(workset, given)
        given.discard()
        return given.stack
    stack = require_stack(workset)
    if options.backs.are_reversed is not None:
        stack = replace(stack, backs_reversed=options.backs.are_reversed)
        write_stack(workset, stack)
    return stack


def copy_scans(workset: WorkSet, given: GivenStack) -> None:
    """Copy the scans into ``private/stack``; a second run with the same files finds them there.

    Raises:
        UnreadableError: a file changed or went missing since it was checked.
        WouldOverwriteError: the set holds another stack already.
    """
    refuse_other_stack(workset, given.stack)
    files, kept = given.stack.files, {path.name for path in _list_files(workset.stack)}
    make_folder(workset.stack, private=True)
    # Before the copies: a run that is killed between them must not take a part for the whole.
    write_stack(workset, given.stack)
    for file, path in zip(files, given.paths, strict=True):
        if file.name not in kept:
            copy_file(path, workset.stack / file.name, file.sha256)


def refuse_other_stack(workset: WorkSet, stack: Stack) -> None:
    """Refuse to take in a stack where the set holds another one.

    Raises:
        WouldOverwriteError: it does.
    """
    hashes = {file.name: file.sha256 for file in stack.files}
    if any(hashes.get(path.name) != hash_file(path) for path in _list_files(workset.stack)):
        raise WouldOverwriteError(
            f"{workset.root} holds another stack already; choose a new folder for this one, or run "
            f"`mssw prepare --into {workset.typed}` without a stack to go on with the one it has."
        )


def copy_file(file: Path, copy: Path, checked: str) -> None:
    """Copy whole or not at all, for the owner's eyes only: the bytes that are kept are those that were checked.

    Args:
        file: the source.
        copy: where it goes.
        checked: SHA-256 of the file when it was checked.

    Raises:
        UnreadableError: the file changed since, still changes, or is gone.
        NotWrittenError: the copy could not be written.
    """
    part = copy.with_name(f"{PART}{checked[:16]}")  # short, however long the file's own name is
    try:
        with _open_again(file) as source, part.open("wb") as target:
            part.chmod(0o600)
            before, digest = _size_and_time(source), hashlib.sha256()
            while data := source.read(COPIED_AT_ONCE):
                digest.update(data)
                target.write(data)
            target.flush()
            os.fsync(target.fileno())
            if digest.hexdigest() != checked or _size_and_time(source) != before:
                raise UnreadableError(
                    f"{file} changed while it was read, as if it were still being scanned or copied; wait until it is "
                    "complete, then run the same command again."
                )
        part.replace(copy)
    except OSError as error:
        raise NotWrittenError(
            f"{file} could not be copied into {copy.parent}: {error.strerror}. Free some space or allow writing there, "
            "then run the same command again."
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _open_again(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except FileNotFoundError:
        raise UnreadableError(
            f"{file} was there when it was checked and is gone now; put it back, then run the same command again."
        ) from None


def _size_and_time(file: IO[bytes]) -> tuple[int, int]:
    """The size and the time of the last change of an open file."""
    stat = os.fstat(file.fileno())
    return stat.st_size, stat.st_mtime_ns


def find_task(workset: WorkSet) -> Path | None:
    """Find the blank task's file in the set."""
    return next(iter(_list_files(workset.task_given)), None)


def keep_task(workset: WorkSet, given: Path) -> Path:
    """Keep the blank task in the set, where it replaces another one."""
    copy, digest = workset.task_given / writable_name(given.name.lstrip(".") or "task"), hash_file(given)
    make_folder(workset.task_given, private=True)
    for other in _list_files(workset.task_given):
        if other.name != copy.name:
            other.unlink()
    if not copy.is_file() or hash_file(copy) != digest:
        shutil.rmtree(workset.task_given / "pages", ignore_errors=True)  # another task may have fewer pages
        copy_file(given, copy, digest)
    return copy


def _list_files(folder: Path) -> list[Path]:
    """The files that a person put into a folder of the set, and not what Windows or macOS puts beside them."""
    return sorted(
        path
        for path in folder.glob("*")
        if path.is_file() and not path.name.startswith(".") and path.name.casefold() not in SYSTEM_FILES
    )


def _keep_settings(workset: WorkSet, options: PrepareOptions, task: Path | None, *, is_other_task: bool) -> Settings:
    """Write the set's settings with the options of this run. ``task_is_blank`` lapses when another task is given."""
    asked = {
        **options.settings,
        "title": options.title or options.settings.get("title"),
        "grade": options.grade or options.settings.get("grade"),
        "task": task.name if task else None,
        "task_is_blank": True if options.task_is_blank else False if is_other_task else None,
        "pages_per_student": options.pages_per_student,
        "fields": tuple(options.fields) or None,
        "columns": tuple(options.columns) or None,
        "seed": options.seed,
        "aliases": _read_kind(options.aliases),
        "same_aliases_as": name_other_set(workset, options.same_aliases_as) if options.same_aliases_as else None,
        "cover": str(options.cover) if options.cover else None,
    }
    changes = {key: value for key, value in asked.items() if value is not None}
    title = changes.get("title") or workset.root.resolve().name.replace("-", " ").replace("_", " ").capitalize()
    if workset.settings.is_file():
        text = change_settings_text(workset.settings.read_text(encoding="utf-8"), **changes) if changes else ""
        if text:
            _write_changed(workset.settings, text.encode(), private=False)
    else:
        text = settings_text(Settings(**{"aliases": "easy", **changes, "title": title}))
        write_bytes(workset.settings, text.encode(), private=False)
    if not workset.intro.is_file():
        write_bytes(workset.intro, intro_text().encode(), private=False)
    return read_settings(workset.settings)


def _read_kind(kind: str | None) -> object:
    """The kind of aliases that an option asks for.

    Raises:
        UsageError: there is no such kind.
    """
    if kind is not None and kind.strip().lower() not in ALIASES:
        raise UsageError(f"--aliases takes {' or '.join(ALIASES)}, not {kind}; your own names go into set.toml.")
    return None if kind is None else kind.strip().lower()


def name_other_set(workset: WorkSet, folder: Path) -> str:
    """How ``set.toml`` names another set: as a path from its own folder, where there is one."""
    try:
        return Path(os.path.relpath(folder.resolve(), workset.root.resolve())).as_posix()
    except ValueError:  # it is on another drive of Windows
        return folder.resolve().as_posix()


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


def read_other_key(folder: Path) -> tuple[KeyEntry, ...]:
    """The key of the set whose aliases this one takes over.

    Raises:
        StepMissingError: it has none.
        MsswError: it is missing or damaged.
    """
    other = WorkSet(folder)
    entries = read_sealed_key(other)
    if not entries:
        why = f"{other.final_because}, so its key is not there" if other.is_final else f"{folder} has no key"
        raise StepMissingError(f"{why}; give a set that was prepared on this computer, or leave out --same-aliases-as.")
    return entries


def aliases_of_set(folder: Path) -> set[str]:
    """The aliases of another set, also of responses on hold.

    Raises:
        UsageError: it is no set, or nothing is prepared there.
    """
    other = WorkSet(folder)
    aliases = {entry.alias for entry in read_sealed_key(other)} if other.key.is_file() else set()
    if not aliases and other.manifest.is_file():
        aliases = {row.alias for row in read_manifest(other).works}
    if not aliases:
        raise UsageError(f"{folder} has no aliases yet; prepare that set first, or leave out --beside.")
    return aliases


def _keep_sheets(workset: WorkSet, options: PrepareOptions) -> Sheets | None:
    """Read the set's coded sheets, and keep the other sets that are named now with them."""
    sheets = read_sheets(workset)
    if sheets is not None and options.codes:
        sheets = add_neighbors(sheets, options.codes)
        keep_sheets(workset, sheets)
    return sheets


def _write_changed(path: Path, data: bytes, *, private: bool) -> None:
    """Write a file unless it says the same already."""
    if not path.is_file() or path.read_bytes() != data:
        write_bytes(path, data, private=private)


# 3. Read


def _kept_refused(workset: WorkSet) -> frozenset[str]:
    """The aliases that may not be given in a set."""
    lines = workset.refused.read_text("utf-8").splitlines() if workset.refused.is_file() else []
    return frozenset(line for line in lines if line)


def _read_refused(workset: WorkSet, options: PrepareOptions) -> frozenset[str]:
    """The aliases that may not be given now: those like another class's students, and those of the sets beside."""
    refused = _kept_refused(workset) if options.refused is None else options.refused
    return refused.union(*(aliases_of_set(folder) for folder in options.beside))


def take_in(workset: WorkSet, options: PrepareOptions, stack: Stack) -> Inputs:
    """Keep all inputs but the stack in the set, and read what the set has now.

    Args:
        workset: the set.
        options: what to do.
        stack: see ``keep_stack``.
    """
    if options.start_over:
        forget_decisions(workset)
    refused = None if options.refused is None and not options.beside else _read_refused(workset, options)
    if refused is not None:
        _write_changed(workset.refused, "".join(f"{one}\n" for one in sorted(refused)).encode(), private=True)
    if options.also is not None:
        _write_changed(workset.also, ("\n".join(read_words(options.also)) + "\n").encode(), private=True)
    is_other_task = options.task is not None and is_new_task(workset, options.task)
    task_file = keep_task(workset, options.task) if options.task else find_task(workset)
    sheets = _keep_sheets(workset, options)
    settings = _keep_settings(workset, options, task_file, is_other_task=is_other_task)
    roster, roster_report = _read_roster(workset, options, settings)
    task = _read_task(workset, task_file, settings, sheets)
    inputs = Inputs(
        workset,
        settings,
        stack,
        roster,
        task,
        read_decisions(workset),
        SearchTerms.of(roster, settings.presenting_teachers, read_also(workset), task.words if task else ()),
        _kept_refused(workset),
        sheets,
        (
            *_roster_notes(roster_report),
            *find_misspelled_keys(workset.settings),
            *([NO_ROSTER] if roster is None else []),
        ),
        roster_report,
    )
    return _without_plain_task(inputs) if task is not None and task.is_plain and sheets is None else inputs


def _without_plain_task(inputs: Inputs) -> Inputs:
    """The inputs of a class whose task is ruled paper: its pages are looked at as if there was no task."""
    pages = len(inputs.task.expected) if inputs.task else 1
    settings = replace(inputs.settings, pages_per_student=pages)
    return replace(inputs, task=None, plain_task=inputs.task, settings=settings).with_notes(PLAIN_TASK)


def forget_decisions(workset: WorkSet) -> None:
    """Take the seal off a set, and put aside what does not match it: the run then goes on with what is left.

    Nothing is deleted: what was put aside is in ``private/before``.
    """
    checks = (
        (workset.decisions, read_decisions),
        (workset.roster, read_class_list),
        (workset.also, read_also),
        (workset.key, read_sealed_key),
    )
    for path, read in checks:
        try:
            read(workset)
        except NewerVersionError:
            raise
        except (SealBrokenError, UnreadableError):
            put_aside(workset, path)
    put_aside(workset, workset.state)
    write_seal(workset, None)


def _read_roster(
    workset: WorkSet, options: PrepareOptions, settings: Settings
) -> tuple[Roster | None, RosterReport | None]:
    """Keep the roster that is given and read the set's; with what was read of the given one."""
    report = None
    if options.roster is not None:
        given, report = read_and_report(options.roster, options.section, columns=settings.columns, sheet=options.sheet)
        _write_changed(workset.roster, roster_bytes(given), private=True)
    return read_class_list(workset), report


def _roster_notes(report: RosterReport | None) -> list[str]:
    """A note where something on the class list looks wrong."""
    if report is None or not report.doubts:
        return []
    shown = f"`{report.check}` shows them"
    return [f"some rows of {report.file} look wrong, and a name misspelt there is not found on the pages: {shown}"]


def _read_task(workset: WorkSet, file: Path | None, settings: Settings, sheets: Sheets | None) -> BlankTask | None:
    if file is None:
        return None
    task = read_blank(workset, file, settings.fields, settings.labels, sheets.printed if sheets else ())
    if not task.expected:
        raise UnreadableError(EMPTY_TASK.format(file.name))
    return task


# 4. Undo


@contextmanager
def all_or_nothing(workset: WorkSet, *, was_there: bool) -> Iterator[None]:
    """Put a set's inputs back as they were if what is done with them ends in an error; a new set is taken away again.

    A run that is killed or stopped by hand leaves the set as it is: the next run goes on from there.

    Args:
        workset: the set, which this command holds alone.
        was_there: whether its folder was there before.
    """
    is_new = not workset.settings.exists() and not workset.stack.exists()
    inputs = [
        workset.settings,
        workset.intro,
        workset.roster,
        workset.also,
        workset.refused,
        workset.sheets,
        workset.stack / ORDER,
        *_all_files(workset.task_given),
    ]
    before = {path: path.read_bytes() for path in inputs if path.is_file()}
    scans = _all_files(workset.stack)
    try:
        yield
    except Exception:
        with suppress(OSError, MsswError):  # the first error is the one to show
            if is_new:
                _take_away(workset, but=before)
                if not was_there:
                    workset.root.rmdir()
            else:
                _put_back(workset, before, scans)
        raise


def _all_files(folder: Path) -> set[Path]:
    return {path for path in folder.iterdir() if path.is_file()} if folder.is_dir() else set()


def _take_away(workset: WorkSet, but: dict[Path, bytes]) -> None:
    shutil.rmtree(workset.private, ignore_errors=True)
    shutil.rmtree(workset.shared, ignore_errors=True)
    for path in {workset.settings, workset.intro} - set(but):
        path.unlink(missing_ok=True)


def _put_back(workset: WorkSet, before: dict[Path, bytes], scans: set[Path]) -> None:
    for path in (_all_files(workset.stack) - scans) | (_all_files(workset.task_given) - set(before)):
        path.unlink(missing_ok=True)
    for path, data in before.items():
        _write_changed(path, data, private=path.is_relative_to(workset.private))
