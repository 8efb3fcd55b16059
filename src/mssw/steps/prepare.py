"""The main job: a stack goes in, covered and aliased work comes out. Safe to repeat, and to kill at any moment."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mssw import __version__
from mssw.errors import FindingsError, MsswError, StepMissingError, UnreadableError, UsageError
from mssw.files.settings import Settings, read_settings, settings_text, updated
from mssw.files.spreadsheet import read_roster, roster_bytes
from mssw.files.workers import cores, run_all, run_alone
from mssw.files.workset import WorkSet, make_folder, read_json, write_bytes, write_json
from mssw.model.decision import Decisions
from mssw.model.intro import intro_text
from mssw.model.page import Fate
from mssw.model.roster import Roster, all_spellings
from mssw.model.work import Work
from mssw.steps import ingest
from mssw.steps.alias import give_aliases
from mssw.steps.audit_file import audit_file
from mssw.steps.blank import BlankTask, blank_pages, parse_field, read_blank
from mssw.steps.contactsheet import contact_sheet
from mssw.steps.cover import Covered, CoverJob, PageToCover, write_work
from mssw.steps.find import FindJob, find_names, unreadable
from mssw.steps.group import Grouping, group
from mssw.steps.record import Sighting, recipe_of, write_state
from mssw.vision.blankness import NOTHING_MM2
from mssw.vision.fields import NameField
from mssw.vision.filled import TOO_MUCH, print_by_cell, share_of_its_own
from mssw.vision.writing import INK_OF_A_NAME_MM2

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class PrepareOptions:
    """What a person asks of ``prepare``. What is left out is taken from the set where it was prepared before.

    Attributes:
        stacks: scans: files and folders.
        task: the blank task.
        roster: the class list.
        fronts_backs: the two stacks are the fronts and the backs of the same sheets.
        backs_reversed: whether the backs run from the last sheet to the first; None where the pages tell.
        pages_per_student: where there is no task.
        fields: name fields by hand, each ``page:x,y,w,h``.
        seed: for the aliases; None is the system's secure source.
        title: of the set.
        grade: of the class.
        workers: processes at a time; None for the number of cores.
    """

    stacks: Sequence[Path] = ()
    task: Path | None = None
    roster: Path | None = None
    fronts_backs: bool = False
    backs_reversed: bool | None = None
    pages_per_student: int | None = None
    fields: Sequence[str] = ()
    seed: int | None = None
    title: str = ""
    grade: str = ""
    workers: int | None = None


@dataclass(frozen=True)
class PrepareReport:
    """What came of it, naming nobody.

    Attributes:
        counts: pages by fate, and ``scanned`` for all.
        released: aliases in ``shared/work``.
        held: alias and reasons of each held work.
        other: pages that are blank or set aside: where, fate, reason.
        fields: where names were covered.
        notes: sentences that a person should read.
        audited: how many files the audit passed.
    """

    counts: dict[str, int]
    released: tuple[str, ...]
    held: tuple[tuple[str, tuple[str, ...]], ...]
    other: tuple[tuple[str, str, str], ...]
    fields: tuple[NameField, ...]
    notes: tuple[str, ...]
    audited: int


@dataclass
class _Class:
    """What is known of the class while the steps run."""

    workset: WorkSet
    settings: Settings
    roster: Roster | None
    task: BlankTask | None
    decisions: Decisions
    notes: list[str] = field(default_factory=list)

    @property
    def spellings(self) -> tuple[str, ...]:
        return all_spellings(self.roster) if self.roster else ()


def quiet(_stage: str, _done: int, _of: int) -> None:
    """Progress that nobody sees."""


def prepare(root: Path, options: PrepareOptions, progress: Progress = quiet) -> PrepareReport:
    """Take a class from its stack to released work.

    Args:
        root: the work set's folder; made where it is not there.
        options: what to do.
        progress: told of each stage, how many pages or works are done, and of how many.

    Raises:
        UnreadableError: an input cannot be read; nothing was released.
        UsageError: the options do not fit together.
        WouldOverwriteError: the folder holds something else.
    """
    _check(root, options)
    workset = WorkSet.create(root)
    with workset.locked():
        known = _taken_in(workset, options)
        stack = _stack(workset, options)
        seen = _seen(known, stack, options, progress)
        grouping = _grouped(known, stack, seen, options)
        pages = {page.page.id: page for page in grouping.pages}
        works = give_aliases(workset, grouping.works, pages, _not_like(known), known.settings.seed)
        progress("cover", 0, len(works))
        covered = _written(known, works, pages, options, progress)
        works = [_refused(work, covered.get(work.alias)) for work in works]
        return _finished(known, grouping, pages, works, covered)


def _check(root: Path, options: PrepareOptions) -> None:
    """Look at every input before anything is written, so that a mistake leaves nothing behind."""
    workset = WorkSet(root)
    if not options.stacks and not workset.stack.is_dir():
        raise StepMissingError(f"there is no stack yet: give the scans, as in `mssw prepare STACK.pdf --into {root}`.")
    if options.pages_per_student is not None and options.pages_per_student < 1:
        raise UsageError("--pages-per-student must be 1 or more.")
    for path in (*ingest.files_of(options.stacks), *([options.task] if options.task else [])):
        run_alone(ingest.checked, path)
    if options.roster is not None:
        read_roster(options.roster)
    kept = workset.task_given.is_dir()
    if options.task is None and not kept and options.pages_per_student is None:
        raise UsageError(
            "give the blank task with --task TASK.pdf, so that names can be found; without one, say how many pages each "
            "student handed in with --pages-per-student N (every page then waits for your review)."
        )


def _taken_in(workset: WorkSet, options: PrepareOptions) -> _Class:
    """Keep the inputs in the set, and read what the set knows already."""
    if options.stacks:
        ingest.take_in(workset, options.stacks)
    if options.roster is not None:
        write_bytes(workset.roster, roster_bytes(read_roster(options.roster)), private=True)
    given = ingest.kept_task(workset, options.task)
    settings = _settings(workset, options, given)
    roster = read_roster(workset.roster) if workset.roster.is_file() else None
    decisions = Decisions.from_json(read_json(workset.decisions)) if workset.decisions.is_file() else Decisions()
    known = _Class(workset, settings, roster, None, decisions)
    if given is not None:
        known.task = read_blank(workset, given, settings.fields)
        if not known.task.wanted:
            raise UnreadableError(f"{given.name} is empty: nothing is printed on any of its pages; give the blank task.")
    if roster is None:
        known.notes.append("no roster was given, so aliases and files could not be held against your students' names")
    return known


def _settings(workset: WorkSet, options: PrepareOptions, task: Path | None) -> Settings:
    """The set's settings, with what was asked for now."""
    said = {
        "title": options.title or None,
        "grade": options.grade or None,
        "task": task.name if task else None,
        "pages_per_student": options.pages_per_student,
        "fields": tuple(options.fields) or None,
        "seed": options.seed,
    }
    changes = {key: value for key, value in said.items() if value is not None}
    for text in options.fields:
        parse_field(text, 10_000)
    if workset.settings.is_file():
        text = updated(workset.settings.read_text(encoding="utf-8"), **changes) if changes else ""
        if text and text != workset.settings.read_text(encoding="utf-8"):
            write_bytes(workset.settings, text.encode(), private=False)
    else:
        title = options.title or workset.root.resolve().name.replace("-", " ").replace("_", " ").capitalize()
        text = settings_text(Settings(**{**changes, "title": title}))  # type: ignore[arg-type] # keys are checked above
        write_bytes(workset.settings, text.encode(), private=False)
    if not workset.intro.is_file():
        write_bytes(workset.intro, intro_text().encode(), private=False)
    return read_settings(workset.settings)


def _stack(workset: WorkSet, options: PrepareOptions) -> list[ingest.StackPage]:
    """The pages of the stack, in the order in which they were handed in."""
    order = ingest.Order.remembered(workset, options.stacks, fronts_backs=options.fronts_backs)
    return ingest.pages_of([workset.stack / name for name in order.files], fronts_backs=order.fronts_backs)


def _seen(
    known: _Class, stack: Sequence[ingest.StackPage], options: PrepareOptions, progress: Progress
) -> dict[str, Sighting]:
    """Look at every page, several at a time; what an earlier run saw is taken as it is."""
    make_folder(known.workset.pages, private=True)
    task = known.task
    jobs = [
        FindJob(
            page.id,
            page.source,
            page.number,
            known.workset.pages,
            task.folder if task else None,
            task.recipe if task else "",
            task.sizes if task else (),
            task.fields if task else (),
            recipe_of(__version__, page.id, page.number, _hash(page.source), task.recipe if task else ""),
        )
        for page in stack
    ]
    seen: dict[str, Sighting] = {}
    progress("find", 0, len(jobs))
    for job, result in run_all(find_names, jobs, workers=options.workers or cores()):
        seen[job.page_id] = unreadable(job, str(result)) if isinstance(result, MsswError) else result
        progress("find", len(seen), len(jobs))
    _clear_away(known.workset, set(seen))
    return seen


_hashes: dict[tuple[Path, int], str] = {}


def _hash(path: Path) -> str:
    """The file's hash, taken once a run."""
    key = (path, path.stat().st_mtime_ns)
    if key not in _hashes:
        with path.open("rb") as file:
            _hashes[key] = hashlib.file_digest(file, "sha256").hexdigest()
    return _hashes[key]


def _clear_away(workset: WorkSet, wanted: set[str]) -> None:
    """Take away page images and sidecars of pages that the stack no longer has."""
    for path in workset.pages.iterdir():
        if path.stem not in wanted:
            path.unlink(missing_ok=True)


def _grouped(
    known: _Class, stack: Sequence[ingest.StackPage], seen: dict[str, Sighting], options: PrepareOptions
) -> Grouping:
    """Group the pages; refuse a task that is not the blank task of this stack."""
    if known.task is not None:
        _check_task(known.task, list(seen.values()))

    def grouped(pages: Sequence[ingest.StackPage]) -> Grouping:
        return group(
            known.workset, [seen[p.id] for p in pages], known.task, known.settings.pages_per_student, known.decisions
        )

    order = ingest.Order.remembered(known.workset, options.stacks, fronts_backs=options.fronts_backs)
    if not order.fronts_backs:
        result = grouped(stack)
    else:
        result = _paired(known, grouped, stack, options.backs_reversed)
    if result.note:
        known.notes.append(result.note)
    return result


def _paired(
    known: _Class,
    grouped: Callable[[Sequence[ingest.StackPage]], Grouping],
    stack: Sequence[ingest.StackPage],
    backs_reversed: bool | None,
) -> Grouping:
    """Fronts with their backs, whichever way the backs were fed."""
    straight, turned = (None if backs_reversed else grouped(stack)), None
    if backs_reversed is not False:
        turned = grouped(ingest.reversed_backs(stack))
    if straight is None or turned is None:
        result = straight or turned
        assert result is not None
        return result
    faults = [sum(bool(work.held) for work in one.works) for one in (straight, turned)]
    if faults[0] == faults[1]:
        known.notes.append(
            "the first front was paired with the first back; if the whole stack was turned over before its backs were "
            "scanned, run this again with --backs reversed"
        )
    elif faults[1] < faults[0]:
        known.notes.append("the backs were fed from the last sheet to the first; they were paired that way")
    return turned if faults[1] < faults[0] else straight


def _check_task(task: BlankTask, seen: Sequence[Sighting]) -> None:
    """Refuse a task that matches nothing, or that is a filled copy: its own writing would count as print.

    Raises:
        UnreadableError: it is one of the two.
    """
    name = "the blank task"
    written_on = [page for page in seen if not page.fault and page.ink >= NOTHING_MM2]
    if written_on and not any(page.page.task_page for page in written_on):
        best = max(page.score for page in written_on)
        raise UnreadableError(
            f"no page of the stack matches {name} (at best {best:.0%} of its print is found); check that --task is the blank "
            "copy of this very task."
        )
    blanks = blank_pages(task.folder, task.recipe)
    for blank in blanks:
        pages = [page for page in seen if page.nearest == blank.number]
        own = share_of_its_own([page.lacking for page in pages], print_by_cell(blank.grey, 150.0))
        if own > TOO_MUCH:
            raise UnreadableError(
                f"page {blank.number} of {name} looks like a filled copy: {own:.0%} of its ink is on hardly any page of the "
                "class; give a blank one with --task and run this again."
            )
        alike = [page for page in pages if page.page.task_page and page.written < INK_OF_A_NAME_MM2]
        fields = [field for field in task.fields if field.task_page == blank.number]
        if fields and len(pages) >= 4 and len(alike) > len(pages) / 2:  # noqa: PLR2004
            raise UnreadableError(
                f"most pages differ in nothing from page {blank.number} of {name}, so nothing seems to be written on them; "
                "check that the stack is the students' work and --task the blank copy."
            )


def _not_like(known: _Class) -> tuple[str, ...]:
    """Names that no alias may be like: the students' and the teachers'."""
    return (*known.spellings, *known.settings.presenting_teachers)


def _written(
    known: _Class, works: Sequence[Work], pages: dict[str, Sighting], options: PrepareOptions, progress: Progress
) -> dict[str, Covered]:
    """Write every work that may be released; what may not be is taken out of ``shared/`` first."""
    workset = known.workset
    free = [work for work in works if work.released]
    wanted = {work.alias for work in free}
    make_folder(workset.work, private=False)
    for path in workset.work.iterdir():
        if path.stem not in wanted or path.suffix != ".pdf":
            path.unlink()
    jobs = [_cover_job(known, work, pages) for work in free]
    covered: dict[str, Covered] = {}
    for job, result in run_all(write_work, jobs, workers=options.workers or cores(), seconds=600):
        failed = isinstance(result, MsswError)
        covered[job.alias] = Covered(job.alias, "", len(job.pages), (str(result),)) if failed else result
        progress("cover", len(covered), len(jobs))
    return covered


def _cover_job(known: _Class, work: Work, pages: dict[str, Sighting]) -> CoverJob:
    workset = known.workset
    fields = known.task.fields if known.task else ()
    todo = []
    for page in (pages[page_id] for page_id in work.pages):
        named = [f.box for f in fields if f.task_page == page.page.task_page and f.holds_name]
        todo.append(PageToCover(workset.pages / page.image, page.points, page.page.tone, page.covers, named[0] if named else None))
    recipe = recipe_of(__version__, work.alias, [pages[p].recipe for p in work.pages], [p.covers for p in todo], known.spellings)
    receipt = workset.private / "work" / f"{work.alias}.json"
    return CoverJob(work.alias, todo, workset.work / f"{work.alias}.pdf", receipt, known.spellings, recipe)


def _refused(work: Work, covered: Covered | None) -> Work:
    """A work whose file the audit refused is held for what it found."""
    if covered is None or covered.sha256:
        return work
    return work.but_held(*(f"the audit refused it: {what}" for what in covered.findings))


def _finished(
    known: _Class, grouping: Grouping, pages: dict[str, Sighting], works: Sequence[Work], covered: dict[str, Covered]
) -> PrepareReport:
    """Write task, contact sheet, state and manifest, each audited, and report."""
    workset = known.workset
    for work in works:
        for page_id in work.pages if work.held else ():
            if pages[page_id].page.fate is Fate.KEPT:
                held = pages[page_id].page.with_fate(Fate.HELD, f"its work is held: {work.held[0]}")
                pages[page_id] = replace(pages[page_id], page=held)
    ordered = [pages[page.page.id] for page in grouping.pages]
    released = sorted(work.alias for work in works if work.released)
    files = _common_files(known, released)
    files |= {f"work/{alias}.pdf": (covered[alias].sha256, covered[alias].pages) for alias in released}
    seen = {work.alias for work in works if _was_seen(work, pages, known.decisions)}
    counts = {"scanned": len(ordered)} | {str(fate): 0 for fate in Fate}
    counts |= {"scanned": len(ordered), **{str(f): n for f, n in Counter(p.page.fate for p in ordered).items()}}
    _drop_stale_packet(workset, files)
    write_state(workset, ordered, works, seen)
    held = [work for work in works if work.held]
    write_json(workset.manifest, _manifest(known, files, works, seen, counts), private=False)
    return PrepareReport(
        counts,
        tuple(released),
        tuple((work.alias, work.held) for work in sorted(held, key=lambda w: w.alias)),
        tuple((p.where, str(p.page.fate), p.page.reason) for p in ordered if p.page.fate in {Fate.BLANK, Fate.SET_ASIDE}),
        known.task.fields if known.task else (),
        tuple(known.notes),
        len(files) + 1,
    )


def _was_seen(work: Work, pages: dict[str, Sighting], decisions: Decisions) -> bool:
    return all(decisions.cleared(page_id, pages[page_id].page.sha256) for page_id in work.pages)


def _common_files(known: _Class, released: Sequence[str]) -> dict[str, tuple[str, int]]:
    """The blank task and the contact sheet, audited before they get their names."""
    workset = known.workset
    made: dict[str, tuple[Path, bytes, int]] = {}
    if known.task is not None:
        data = (known.task.folder / "task.pdf").read_bytes()
        made["task.pdf"] = (workset.task, data, len(known.task.sizes))
    if released:
        strips = [(alias, workset.private / "work" / f"{alias}.jpg") for alias in released]
        sheet = contact_sheet(strips, known.settings.paper)
        made["contact-sheet.pdf"] = (workset.contact_sheet, sheet, -(-len(released) // 8))
    else:
        workset.contact_sheet.unlink(missing_ok=True)
    for name, (path, data, _) in made.items():
        found = audit_file(name, data, known.spellings)
        if found:
            raise FindingsError(f"{name} was not written, because the audit refused it: {found[0].what}.")
        write_bytes(path, data, private=False)
    return {name: (hashlib.sha256(data).hexdigest(), count) for name, (_, data, count) in made.items()}


def _manifest(
    known: _Class,
    files: dict[str, tuple[str, int]],
    works: Sequence[Work],
    seen: set[str],
    counts: dict[str, int],
) -> dict[str, object]:
    workset = known.workset
    rows = [{"path": name, "sha256": sha, "pages": count} for name, (sha, count) in sorted(files.items())]
    if workset.packet.is_file():
        rows += [row for row in read_json(workset.manifest)["files"] if row["path"] == "packet.pdf"]
    free = sorted((work for work in works if work.released), key=lambda w: w.alias)
    return {
        "version": 1,
        "mssw": __version__,
        "files": rows,
        "works": [{"alias": w.alias, "pages": len(w.pages), "seen": w.alias in seen} for w in free],
        "held_works": sum(bool(work.held) for work in works),
        "counts": counts,
        "audit": {"passed": True, "files": len(rows)},
    }


def _drop_stale_packet(workset: WorkSet, files: dict[str, tuple[str, int]]) -> None:
    """A packet printed from works that have changed since must not lie about as if it were true."""
    if not workset.packet.is_file():
        return
    before = read_json(workset.manifest) if workset.manifest.is_file() else {"files": []}
    old = {row["path"]: row["sha256"] for row in before["files"] if row["path"] != "packet.pdf"}
    if old != {name: sha for name, (sha, _) in files.items()}:
        workset.packet.unlink()




def plan(root: Path, options: PrepareOptions) -> dict[str, Any]:
    """What ``prepare`` would read, after every input has been checked; nothing is written.

    Raises:
        MsswError: as ``prepare`` would, for the same inputs.
    """
    _check(root, options)
    WorkSet.check_place(root)
    files = {path.name: int(run_alone(ingest.checked, path)) for path in ingest.files_of(options.stacks)}
    students = len(read_roster(options.roster).students) if options.roster else 0
    return {"version": 1, "files": files, "students": students}
