"""Inputs are checked before anything is written, then kept in the set; what is left out comes from the set.

What is given, stack and blank task, is checked where it stands and then copied into the set.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from natsort import natsorted

from mssw.core.sheet_code import Sheets
from mssw.errors import MsswError, StepMissingError, UnreadableError, UsageError, WouldOverwriteError
from mssw.formats.scans import Picture, count_pages, read_page
from mssw.intro.questions import intro_text
from mssw.names.student import Roster
from mssw.preparing.blank_task import parse_field, read_blank
from mssw.preparing.decided import read_decisions
from mssw.preparing.name_reading import SearchTerms
from mssw.preparing.prepare_options import Known, PrepareOptions
from mssw.roster.doubts import Gravity, doubts
from mssw.roster.name_files import read_roster, read_words, roster_bytes, told_columns
from mssw.workers.crew import run_all, run_alone
from mssw.workset.coded_sheets import check_task_of_sheets, keep_sheets, neighbours, read_sheets, with_neighbours
from mssw.workset.folder import PART, NotWrittenError, WorkSet, make_folder, write_bytes
from mssw.workset.manifest import is_made_up
from mssw.workset.settings import Settings, misspelt, read_settings, settings_text, updated
from mssw.workset.stack import ORDER, Stack, StackFile, known_stack, note, sha256

SCANS = {".pdf", ".jpg", ".jpeg", ".jfif", ".avif", ".png", ".tif", ".tiff", ".heic", ".heif", ".webp", ".bmp"}
MOST_TASK_PAGES = 24
GLANCE_DPI = 50.0  # enough to tell whether a page can be read at all
GLANCE_SECONDS = 20.0


SYSTEM = {"thumbs.db", "desktop.ini"}
NOT_READ = {".gif", ".psd", ".raw", ".dng", ".cr2", ".nef", ".zip", ".docx", ".pages", ".svg", ".mov", ".mp4"}


def files_of(given: Sequence[Path]) -> list[Path]:
    """The scan files that are meant: files as given, folders in natural order.

    Raises:
        UnreadableError: one is missing, or a folder holds no scan.
    """
    found: list[Path] = []
    for path in given:
        try:
            if not path.is_dir():
                path.stat()
                found.append(path)
                continue
            everything = [p for p in path.iterdir() if not p.name.startswith(".")]
            inside = [p for p in everything if p.suffix.lower() in SCANS and p.is_file()]
            left = [p.name for p in everything if p.suffix.lower() in NOT_READ or _holds_scans(p)]
        except FileNotFoundError:
            raise UnreadableError(f"{path} is not there; check the name and the folder.") from None
        except OSError as error:
            raise UnreadableError(f"{path} cannot be opened: {error.strerror}; check that you may read it.") from None
        if left:
            raise UnreadableError(
                f"{path} holds {left[0]}, which cannot be taken as a scan, so its pages would be missing; move it out, "
                "or save it as PDF or JPEG."
            )
        if not inside:
            raise UnreadableError(f"{path} holds no scans (PDF, JPEG, PNG, TIFF, HEIC); check the folder.")
        found += natsorted(inside, key=lambda p: (p.name.casefold(), p.name))
    return found


def _holds_scans(path: Path) -> bool:
    return path.is_dir() and any(inner.suffix.lower() in SCANS for inner in path.iterdir())


def check_scans(given: Sequence[Path], known: Stack, *, fronts_backs: bool = False) -> Stack:
    """The stack that is given, once every file of it has been opened and glanced at. Nothing is written.

    Args:
        given: files and folders.
        known: the stack that the set has; files that are in it were glanced at before.
        fronts_backs: whether they are the fronts and the backs of the same sheets.

    Raises:
        UnreadableError: a file is missing, locked, empty, cut off, or no scan.
        UsageError: fronts and backs are not two files of equally many pages.
    """
    files = files_of(given)
    hashes = {path: sha256(path) for path in files}
    counts = {file.sha256: file.pages for file in known.files}
    faults: dict[str, str] = {}
    waiting = {sha: path for path, sha in hashes.items() if sha not in counts}
    for path, result in run_all(glanced, waiting.values(), seconds=GLANCE_SECONDS, named=lambda path: path.name):
        if isinstance(result, MsswError):
            raise result
        counts[hashes[path]], faults[path.name] = result
    if faults and all(faults.values()) and len(faults) == len(set(hashes.values())):
        # where some can be read, the others' pages are held like any damaged page
        raise UnreadableError(next(iter(faults.values())))
    names = _names(files)
    stack = Stack(
        tuple(StackFile(name, hashes[path], counts[hashes[path]]) for name, path in zip(names, files, strict=True)),
        fronts_backs,
    )
    if fronts_backs:
        _check_pairs(stack)
    return stack


def glanced(path: Path) -> tuple[int, str]:
    """In a worker: the file's pages, and what is wrong where none of its first, middle and last page could be read.

    Raises:
        UnreadableError: it can't be opened.
    """
    count = count_pages(path)
    faults = []
    for number in dict.fromkeys((1, (count + 1) // 2, count)):
        try:
            read_page(path, number, most_dpi=GLANCE_DPI)
        except UnreadableError as error:
            faults.append(str(error))
        else:
            return count, ""
    return count, faults[0]


def _check_pairs(stack: Stack) -> None:
    if len(stack.files) != 2:  # noqa: PLR2004 - fronts and backs
        raise UsageError("--fronts-backs takes exactly two stacks: the fronts, then the backs.")
    fronts, backs = stack.files
    if fronts.pages != backs.pages:
        raise UsageError(
            f"{fronts.name} has {fronts.pages} pages and {backs.name} has {backs.pages}; fronts and backs must be "
            "equally many, so that none goes to another student. Scan the missing side again."
        )


def take_in(workset: WorkSet, stack: Stack, given: Sequence[Path]) -> None:
    """Copy the scans into ``private/stack``; a second run with the same files finds them there.

    Args:
        workset: the set.
        stack: what ``checked`` said of them.
        given: as ``checked`` was given.

    Raises:
        WouldOverwriteError: the set holds another stack already.
    """
    inside = (p for p in workset.stack.glob("*") if p.name.casefold() not in SYSTEM)
    standing = {p.name: p for p in inside if not p.name.startswith(".")}
    wanted = {file.name: file.sha256 for file in stack.files}
    if any(wanted.get(name) != sha256(path) for name, path in standing.items()):
        raise WouldOverwriteError(
            f"{workset.root} holds another stack already; choose a new folder for this one, or run "
            f"`mssw prepare --into {workset.root}` without a stack to go on with the one it has."
        )
    make_folder(workset.stack, private=True)
    note(workset, stack)  # before the copies: a run that is killed between them must not take a part for the whole
    for file, path in zip(stack.files, files_of(given), strict=True):
        if file.name not in standing:
            copied(path, workset.stack / file.name)


def _names(files: Sequence[Path]) -> list[str]:
    """File names as given; a name that comes twice, whatever its capitals, gets its number in front."""
    names = [file.name.lstrip(".") or "stack" for file in files]
    while len({name.casefold() for name in names}) < len(names):
        folded = [name.casefold() for name in names]
        names = [
            name if folded.count(name.casefold()) == 1 else f"{place:02d}-{name}" for place, name in enumerate(names, 1)
        ]
    return names


def copied(file: Path, copy: Path) -> None:
    """Copy whole or not at all, for the owner's eyes only.

    Raises:
        NotWrittenError: it could not be.
    """
    part = copy.with_name(f"{PART}{copy.name}")
    try:
        with file.open("rb") as source, part.open("wb") as target:
            part.chmod(0o600)
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        part.replace(copy)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NotWrittenError(
            f"{file} could not be copied into {copy.parent}: {error.strerror}. Free some space or allow writing there, "
            "then run the same command again."
        ) from None


def check_task_file(workset: WorkSet, path: Path) -> None:
    """Read every page of the blank task within the limits of a stranger's file, unless the set has it already.

    Raises:
        UnreadableError: a page cannot be read, or there are too many for a task.
    """
    refuse_folder(path)
    if not any(sha256(path) == sha256(standing) for standing in _tasks(workset)):
        run_alone(_read_whole, path)


def refuse_folder(path: Path) -> None:
    """Refuse a folder in place of the blank task.

    Raises:
        UnreadableError: it is one.
    """
    if path.is_dir():
        raise UnreadableError(f"{path} is a folder; give the blank task as one file, a PDF or a picture.")


def pages_of_task(workset: WorkSet, given: Path | None) -> int:
    """How many pages the blank task has, the given one or else the set's.

    Raises:
        UsageError: there is none.
    """
    path = given or next(iter(_tasks(workset)), None)
    if path is None:
        raise UsageError("--field says where names stand on the blank task, and there is none; give it with --task.")
    return int(run_alone(count_pages, path))


def _read_whole(path: Path) -> None:
    """In a worker: can each page be read?"""
    for _ in task_pictures(path):
        pass


def task_pictures(path: Path) -> Iterator[Picture]:
    """In a worker: each page of the blank task.

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


def _tasks(workset: WorkSet) -> list[Path]:
    """The task's file; what Windows or macOS puts beside it does not count."""
    inside = workset.task_given.glob("*")
    return sorted(p for p in inside if p.is_file() and not p.name.startswith(".") and p.name.casefold() not in SYSTEM)


def kept_task(workset: WorkSet, given: Path | None) -> Path | None:
    """The blank task's file in the set, replaced where another one is given."""
    standing = _tasks(workset)
    if given is None:
        return standing[0] if standing else None
    copy = workset.task_given / (given.name.lstrip(".") or "task")
    make_folder(workset.task_given, private=True)
    for other in standing:
        if other.name != copy.name:
            other.unlink()
    if not copy.is_file() or sha256(copy) != sha256(given):
        shutil.rmtree(workset.task_given / "pages", ignore_errors=True)  # another task may have fewer pages
        copied(given, copy)
    return copy


def check_inputs(root: Path, options: PrepareOptions) -> Stack | None:
    """Look at every input before anything is written, so that a mistake leaves nothing behind.

    Returns:
        The stack that is given; None where the set's own is meant.

    Raises:
        MsswError: one sentence on the first input that will not do.
    """
    workset, sides = WorkSet(root), check_asked(root, options)
    _check_files(workset, options, sides)
    if not options.stacks:
        return None
    stack = check_scans(options.stacks, known_stack(workset), fronts_backs=options.fronts_backs)
    return replace(stack, backs_reversed=options.backs_reversed)


def check_asked(root: Path, options: PrepareOptions) -> int | None:
    """Whether what is asked makes sense for that folder, before any file is opened.

    Returns:
        The pages that a student handed in, where no blank task tells.

    Raises:
        MsswError: it does not.
    """
    WorkSet.check_place(root)
    workset = WorkSet(root)
    if is_made_up(workset):
        raise WouldOverwriteError(f"{root} is a made-up set, to be printed as it is; choose a new folder for a stack.")
    if workset.is_final:
        raise WouldOverwriteError(
            f"the private part of {root} was deleted, so what it shares is final; choose a new folder for a new stack."
        )
    if not options.stacks and not workset.stack.is_dir():
        raise StepMissingError(f"there is no stack yet: give the scans, as in `mssw prepare STACK.pdf --into {root}`.")
    if options.pages_per_student is not None and options.pages_per_student < 1:
        raise UsageError("--pages-per-student must be 1 or more.")
    told_columns(options.columns)
    if options.workers is not None and options.workers < 1:
        raise UsageError("--workers must be 1 or more.")
    settings = read_settings(workset.settings) if workset.settings.is_file() else None
    told = options.pages_per_student or (settings.pages_per_student if settings else None)
    blank = options.task is not None or workset.task_given.is_dir()
    if not blank and not told:
        raise UsageError(
            "give the blank task with --task TASK.pdf, so that names can be found; without one, say how many pages "
            "each student handed in with --pages-per-student N (fewer than eight works then wait for your review)."
        )
    return None if blank else told


def columns_told(workset: WorkSet, options: PrepareOptions) -> tuple[str, ...]:
    """What was said of the class list's columns: now, or else when the set was prepared before."""
    if options.columns or not workset.settings.is_file():
        return tuple(options.columns)
    return read_settings(workset.settings).columns


def _check_files(workset: WorkSet, options: PrepareOptions, sides: int | None) -> None:
    """Look at all that is given but the stack; for ``sides`` see ``check_asked``."""
    if options.roster is not None:
        read_roster(options.roster, options.section, columns=columns_told(workset, options))
    if options.also is not None:
        read_words(options.also)
    if options.task is not None:
        check_task_file(workset, options.task)
        check_task_of_sheets(workset, options.task)
    check_codes(workset, options)
    check_fields(workset, options, sides)


def check_fields(workset: WorkSet, options: PrepareOptions, sides: int | None) -> None:
    """Whether the fields that are given lie on the task; for ``sides`` see ``check_asked``.

    Raises:
        UsageError: one does not.
    """
    for text in options.fields:
        parse_field(text, sides or pages_of_task(workset, options.task))


def check_codes(workset: WorkSet, options: PrepareOptions) -> None:
    """Look at what is said of other sets' coded sheets.

    Raises:
        MsswError: no sheets were printed for the set, or for another that is named.
    """
    if read_sheets(workset) is None and options.codes:
        raise UsageError(
            "codes name the sets of other classes in the stack, and this set has no coded sheets of its own; "
            "give as its folder (into) the set that its sheets were printed for."
        )
    neighbours(options.codes)


def taken_in(workset: WorkSet, options: PrepareOptions, stack: Stack | None) -> Known:
    """Keep the inputs in the set, and read what the set knows already.

    Args:
        workset: the set.
        options: what to do.
        stack: what ``check_inputs`` said of it.
    """
    if stack is not None:
        take_in(workset, stack, options.stacks)
    if options.refused is not None:
        _write_changed(workset.refused, "".join(f"{one}\n" for one in sorted(options.refused)).encode(), private=True)
    if options.also is not None:
        _write_changed(workset.also, ("\n".join(read_words(options.also)) + "\n").encode(), private=True)
    given = kept_task(workset, options.task)
    sheets = _sheets(workset, options)
    settings = _settings(workset, options, given)
    notes = []
    if options.roster is not None:
        read = read_roster(options.roster, options.section, columns=settings.columns)
        _write_changed(workset.roster, roster_bytes(read), private=True)
        notes += _roster_doubts(options.roster, read)
    roster = read_roster(workset.roster) if workset.roster.is_file() else None
    decisions = read_decisions(workset)
    also = read_words(workset.also) if workset.also.is_file() else ()
    wanted = SearchTerms.of(roster, settings.presenting_teachers, also)
    refused = frozenset(workset.refused.read_text("ascii").split()) if workset.refused.is_file() else frozenset()
    known = Known(workset, settings, roster, None, decisions, wanted, refused, sheets)
    if given is not None:
        known.task = read_blank(workset, given, settings.fields, settings.labels, sheets.printed if sheets else ())
        if not known.task.wanted:
            raise UnreadableError(
                f"{given.name} is empty: nothing is printed on any of its pages; give the blank task."
            )
    known.notes += [*notes, *misspelt(workset.settings)]
    if roster is None:
        known.notes.append("no roster was given, so aliases and files could not be held against your students' names")
    return known


def _roster_doubts(path: Path, roster: Roster) -> list[str]:
    """A note where names on the class list look wrong, as they then are not found in the work."""
    if all(remark.gravity is Gravity.NOTE for remark in doubts(list(enumerate(roster.students)))):
        return []
    shown = f"`mssw roster check {path.name}` shows them"
    return [f"some rows of {path.name} look wrong, and a name misspelt there is not found in the work: {shown}"]


def _sheets(workset: WorkSet, options: PrepareOptions) -> Sheets | None:
    """The set's coded sheets, with the other sets that are named now."""
    sheets = read_sheets(workset)
    if sheets is not None and options.codes:
        sheets = with_neighbours(sheets, options.codes)
        keep_sheets(workset, sheets)
    return sheets


def _settings(workset: WorkSet, options: PrepareOptions, task: Path | None) -> Settings:
    """The set's settings, with what was asked for now."""
    said = {
        **options.told,
        "title": options.title or options.told.get("title"),
        "grade": options.grade or options.told.get("grade"),
        "task": task.name if task else None,
        "pages_per_student": options.pages_per_student,
        "fields": tuple(options.fields) or None,
        "columns": tuple(options.columns) or None,
        "seed": options.seed,
        "cover": None if options.cover_likely is None else "likely" if options.cover_likely else "sure",
    }
    changes = {key: value for key, value in said.items() if value is not None}
    title = changes.get("title") or workset.root.resolve().name.replace("-", " ").replace("_", " ").capitalize()
    if workset.settings.is_file():
        text = updated(workset.settings.read_text(encoding="utf-8"), **changes) if changes else ""
        if text:
            _write_changed(workset.settings, text.encode(), private=False)
    else:
        text = settings_text(Settings(**{**changes, "title": title}))
        write_bytes(workset.settings, text.encode(), private=False)
    if not workset.intro.is_file():
        write_bytes(workset.intro, intro_text().encode(), private=False)
    return read_settings(workset.settings)


def _write_changed(path: Path, data: bytes, *, private: bool) -> None:
    """Write a file unless it says the same already."""
    if not path.is_file() or path.read_bytes() != data:
        write_bytes(path, data, private=private)


@contextmanager
def all_or_nothing(workset: WorkSet, *, was_there: bool) -> Iterator[None]:
    """Leave a set's inputs as they were where what is done with them ends in an error; a new set is not left at all.

    Killed or stopped by hand, the set stays as it is: the next run goes on from there.

    Args:
        workset: held alone.
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
        *_files(workset.task_given),
    ]
    before = {path: path.read_bytes() for path in inputs if path.is_file()}
    scans = _files(workset.stack)
    try:
        yield
    except Exception:
        with suppress(OSError, MsswError):  # the first error is the one to tell
            if is_new:
                _take_away(workset, but=before)
                if not was_there:
                    workset.root.rmdir()
            else:
                _put_back(workset, before, scans)
        raise


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.iterdir() if path.is_file()} if folder.is_dir() else set()


def _take_away(workset: WorkSet, but: dict[Path, bytes]) -> None:
    shutil.rmtree(workset.private, ignore_errors=True)
    shutil.rmtree(workset.shared, ignore_errors=True)
    for path in {workset.settings, workset.intro} - set(but):
        path.unlink(missing_ok=True)


def _put_back(workset: WorkSet, before: dict[Path, bytes], scans: set[Path]) -> None:
    for path in (_files(workset.stack) - scans) | (_files(workset.task_given) - set(before)):
        path.unlink(missing_ok=True)
    for path, data in before.items():
        _write_changed(path, data, private=path.is_relative_to(workset.private))
