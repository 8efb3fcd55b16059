"""How far a set has come, read from its files. It writes nothing and names no student."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from mssw.core.shell_words import command_line
from mssw.core.wording import count_noun
from mssw.errors import MsswError, StepMissingError
from mssw.intro.intro_file import read_introduction
from mssw.intro.questions import QUESTIONS
from mssw.packets.checklist import checklist, still_open
from mssw.packets.checklist_state import as_groups, state_now
from mssw.printing.print_words import REFERENCE, read_words
from mssw.record.kept_record import read_record, read_record_if_whole
from mssw.record.record_rows import KINDS, without_evidence
from mssw.review.reviewed_set import count_looked_at, is_reviewable, read_reviewed_set
from mssw.sorting.kept_sorts import count_sorting, list_sorts, read_sorting
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.decisions import DecisionsWaitError
from mssw.workset.entries import read_entries
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import read_manifest
from mssw.workset.prepared_state import PreparedResponse, read_state
from mssw.workset.settings import read_settings
from mssw.workset.transcript_files import PRINTED, TranscriptState, read_transcripts


@dataclass(frozen=True, slots=True)
class Step:
    """How far one step of a set is.

    Attributes:
        step: its name.
        state: how far it has come, in words.
    """

    step: str
    state: str


@dataclass(frozen=True, slots=True)
class PageStatus:
    """What became of one page of the stack.

    Attributes:
        where: file and page, as a person finds it.
        fate: kept, blank, set aside or held (on hold).
        alias: of its response; empty if it has none.
        task_page: 1-based page of the task; None where it lies on none.
        turn: by how many degrees it was turned upright.
        reason: of the fate.
    """

    where: str
    fate: str
    alias: str
    task_page: int | None
    turn: int
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """How far a set is. It names responses by alias only.

    Attributes:
        title: of the set.
        steps: in their order.
        checklist: the presenter's, a group after the other: its heading, and its items; empty before ``prepare``.
        pages: how many have each fate, and ``scanned`` for all; empty before the first ``prepare`` has ended.
        each_page: every page of the stack.
        destroy_key_after: the day from which on the key is to be destroyed, as ``2030-06-30``; empty without one.
        purpose: what the meeting is for, as in ``set.toml``; empty if nobody said.
        record: how many rows of each kind the team's record has, and the labels of those without evidence.
    """

    title: str
    steps: tuple[Step, ...]
    checklist: tuple[dict[str, Any], ...]
    pages: dict[str, int]
    each_page: tuple[PageStatus, ...]
    destroy_key_after: str = ""
    purpose: str = ""
    record: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return asdict(self)


def read_status(workset: WorkSet, *, audit: bool = False) -> Status:
    """The steps of a set, the counts of its pages, each page with its fate and alias, and the checklist.

    Args:
        workset: the set.
        audit: whether every file is audited now, for the checklist.
    """
    state = read_state(workset)
    pages = state.pages if state else ()
    works = state.works if state else ()
    aliases = {page: work.alias for work in works for page in work.pages}
    counts = Counter(str(page.fate) for page in pages)
    fates = {fate: counts[fate] for fate in ("kept", "blank", "set aside", "held")}
    settings = read_settings(workset.settings)
    steps = _final_steps(workset) if workset.is_final and not works else _steps(workset, works)
    rows = read_record_if_whole(workset)  # its step says where it is damaged
    return Status(
        title=settings.title or workset.root.name,
        steps=tuple(Step(**step) for step in steps),
        checklist=tuple(_checklist(workset, audit=audit)),
        pages={"scanned": len(pages), **fates} if pages else {},
        each_page=tuple(
            PageStatus(
                where=page.where,
                fate=str(page.fate),
                alias=aliases.get(page.id, ""),
                task_page=page.task_page,
                turn=page.turn,
                reason=page.reason,
            )
            for page in pages
        ),
        destroy_key_after=settings.destroy_key_after.isoformat() if settings.destroy_key_after else "",
        purpose=settings.purpose,
        record={kind: len(rows.of(kind)) for kind in KINDS} | {"without_evidence": list(without_evidence(rows))},
    )


def _final_steps(workset: WorkSet) -> list[dict[str, str]]:
    """The steps of a set without scans: it was received, or its private folder is deleted."""
    return _received(workset) if workset.is_received else _destroyed()


def _received(workset: WorkSet) -> list[dict[str, str]]:
    released = len(read_manifest(workset).works)
    received = f"{count_noun(released, 'response')} from another teacher, without scans or key"
    return [{"step": "receive", "state": received}, *_later_steps(workset)]


def _later_steps(workset: WorkSet) -> list[dict[str, str]]:
    """The steps that need no scans."""
    samples = read_chosen(workset)
    chosen = "no samples chosen yet" if samples is None else f"{len(samples)} samples chosen"
    return [
        {"step": "sort", "state": _sorted(workset)},
        {"step": "choose", "state": chosen},
        *_transcribed(workset),
        {"step": "packet", "state": _printed(workset)},
        {"step": "record", "state": _recorded(workset)},
    ]


def _destroyed() -> list[dict[str, str]]:
    return [
        {"step": "prepare", "state": "done; the private folder is deleted, so the shared files are final"},
        {"step": "key", "state": "destroyed: aliases can no longer be traced to students"},
    ]


def _steps(workset: WorkSet, works: Sequence[PreparedResponse]) -> list[dict[str, str]]:
    root = workset.root
    if not works and not workset.stack.is_dir() and (entries := read_entries(workset)):
        return [{"step": "entries", "state": f"{len(entries)} by reference, and no scans"}, *_later_steps(workset)]
    if not works:
        return [{"step": "prepare", "state": f"not finished; run `{command_line('mssw', 'prepare', '--into', root)}`"}]
    held = sum(bool(work.held) for work in works)
    free = sum(work.is_released for work in works)
    seen = sum(work.seen for work in works)
    prepared = f"{count_noun(free, 'response')} released" + (f", {held} on hold" if held else "")
    looked = (
        "not needed: the student work is made up"
        if workset.manifest.is_file() and read_manifest(workset).is_fiction
        else f"{seen} of {count_noun(free + held, 'response')} checked by a person"
        + (f"; `{command_line('mssw', 'review', root)}`" if held else "")
    )
    progress = count_looked_at(read_reviewed_set(workset)) if is_reviewable(workset) else None
    if progress and progress.waiting:
        looked = (
            f"{progress.done} of {count_noun(progress.pages, 'page')} looked at, not applied yet: open "
            f"`{command_line('mssw', 'review', root)}` and press Done"
        )
    samples = read_chosen(workset)
    chosen = "no samples chosen yet" if samples is None else f"{len(samples)} samples chosen"
    answered = read_introduction(workset).answered
    return [
        {"step": "prepare", "state": prepared},
        {"step": "review", "state": looked},
        {"step": "sort", "state": _sorted(workset)},
        {"step": "choose", "state": chosen},
        {"step": "introduction", "state": f"{answered} of {len(QUESTIONS)} questions answered in intro.md"},
        *_transcribed(workset),
        {"step": "packet", "state": _printed(workset)},
        {"step": "checklist", "state": _open(workset)},
        {"step": "record", "state": _recorded(workset)},
    ]


def _transcribed(workset: WorkSet) -> list[dict[str, str]]:
    """How far the typed texts are; no step where nobody began, since most classes have none."""
    if not workset.transcripts.is_dir() or not workset.manifest.is_file():
        return []
    try:
        manifest = read_manifest(workset)
        every = read_transcripts(workset, manifest, [row.alias for row in manifest.works])
    except MsswError as error:  # the other steps are still worth knowing
        return [{"step": "transcripts", "state": str(error)}]
    begun = [one.state for one in every if one.state is not TranscriptState.MISSING]
    if not begun:
        return []
    counts = Counter(begun)
    summary = f"{counts[TranscriptState.TYPED]} of {len(begun)} typed or checked by a person"
    if counts[TranscriptState.PROPOSED]:
        summary += f", {counts[TranscriptState.PROPOSED]} read by software"
    if waiting := sum(state not in PRINTED for state in begun):
        summary += f", {waiting} not printed; `{command_line('mssw', 'transcripts', workset.root)}`"
    return [{"step": "transcripts", "state": summary}]


def _recorded(workset: WorkSet) -> str:
    """What the team has written down, and what still lacks evidence."""
    command = command_line("mssw", "record", workset.root)
    try:
        rows = read_record(workset)
    except MsswError as error:  # the other steps are still worth knowing
        return str(error)
    if rows.is_empty:
        return f"nothing yet; after the session, `{command}`"
    counts = [count_noun(len(rows.of(kind.name)), kind.one) for kind in KINDS.values() if rows.of(kind.name)]
    missing = without_evidence(rows)
    return ", ".join(counts) + (f"; no evidence yet for {', '.join(missing)}" if missing else "")


def _open(workset: WorkSet) -> str:
    """How much the checklist leaves to do; the audit is not run for this alone."""
    if not workset.manifest.is_file():
        return "nothing to check yet"
    left = len(still_open(replace(state_now(workset, audit=False), findings=()), read_words(REFERENCE)))
    point = "point is" if left == 1 else "points are"
    command = command_line("mssw", "status", workset.root, "--checklist")
    return f"{f'{left} {point} open' if left else 'all done'}; `{command}`"


def _checklist(workset: WorkSet, *, audit: bool) -> list[dict[str, Any]]:
    """The presenter's checklist, a group after the other; empty while nothing is prepared."""
    if not workset.manifest.is_file():
        return []
    groups = as_groups(checklist(state_now(workset, audit=audit), read_words(REFERENCE)))
    return [{"heading": heading, "items": items} for heading, items in groups]


def _printed(workset: WorkSet) -> str:
    """Whether the packet for the printer is made, and where it is."""
    files = [path for path in workset.packets() if not path.stem.endswith("-reading")]
    if not files:
        return "not made yet"
    more = f" and {count_noun(len(files) - 1, 'more file')}" if files[1:] else ""
    return f"printed to shared/{files[0].name}{more}"


def _sorted(workset: WorkSet) -> str:
    """How far the sorts have come."""
    names = list_sorts(workset)
    if not names:
        return f"not started; `{command_line('mssw', 'sort', workset.root)}`"
    try:
        counts = {name: count_sorting(workset, read_sorting(workset, name)) for name in names}
    except DecisionsWaitError:
        return "waits until your decisions are applied"
    except StepMissingError:
        return "nothing to sort yet"
    return "; ".join(f"{name}: {one.finished} of {count_noun(one.works, 'response')}" for name, one in counts.items())
