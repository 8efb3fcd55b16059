"""The inputs of ``prepare``: stack, blank task, roster, settings. ``input_checks`` has checked them where they are.

1. **Keep** them in the set: scans and task are copied, and the settings are written.
2. **Read** all that the set now has, also from earlier runs: ``Inputs``, which later stages use and never change.
3. **Undo** what was kept if a later stage ends in an error.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from mssw.core.decision import Decisions
from mssw.core.sheet_code import Sheets
from mssw.errors import MsswError, StepMissingError, UnreadableError, UsageError, WouldOverwriteError
from mssw.formats.scans import Picture, count_pages, read_page
from mssw.intro.questions import intro_text
from mssw.names.student import Roster
from mssw.preparing.blank_task import BlankTask, read_blank
from mssw.preparing.class_places import ClassPlaces
from mssw.preparing.given_scans import SYSTEM_FILES, GivenStack, writable_name
from mssw.preparing.name_reading import SearchTerms
from mssw.preparing.prepare_options import PrepareOptions
from mssw.roster.key_table import KeyEntry
from mssw.roster.roster_file import RosterReport, read_and_report, roster_bytes
from mssw.roster.table import all_spellings
from mssw.roster.words_file import read_words
from mssw.workset.class_list import read_also, read_class_list, read_sealed_key
from mssw.workset.coded_sheets import add_neighbors, keep_sheets, read_sheets
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
from mssw.workset.manifest import read_manifest
from mssw.workset.seal import SealBrokenError, write_seal
from mssw.workset.settings import (
    ALIASES,
    Settings,
    change_settings_text,
    find_misspelled_keys,
    read_settings,
    settings_text,
)
from mssw.workset.sightings import Sighting
from mssw.workset.stack import ORDER, Stack, require_stack, write_stack

MOST_TASK_PAGES = 24
COPIED_AT_ONCE = 1024 * 1024  # bytes
EMPTY_TASK = "{} is empty: nothing is printed on any of its pages; give the blank task."
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


def is_new_task(workset: WorkSet, path: Path) -> bool:
    """Whether the set has no blank task yet, or another one."""
    kept = find_task(workset)
    return kept is None or hash_file(path) != hash_file(kept)


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


# 1. Keep


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
    is_blank = options.task_is_blank if options.task_is_blank or is_other_task else None
    asked = {
        **options.settings,
        "title": options.title or options.settings.get("title"),
        "grade": options.grade or options.settings.get("grade"),
        "task": task.name if task else None,
        "task_is_blank": is_blank,
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


# 2. Read


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
    notes = [*_roster_notes(roster_report), *find_misspelled_keys(workset.settings)]
    inputs = Inputs(
        workset=workset,
        settings=settings,
        stack=stack,
        roster=roster,
        task=task,
        decisions=read_decisions(workset),
        terms=SearchTerms.of(roster, settings.presenting_teachers, read_also(workset), task.words if task else ()),
        refused=_kept_refused(workset),
        sheets=sheets,
        notes=(*notes, NO_ROSTER) if roster is None else tuple(notes),
        roster_report=roster_report,
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


# 3. Undo


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
