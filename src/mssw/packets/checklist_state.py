"""Find out what the presenting teacher's checklist says: from a set's files, or from a packet that is being printed."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mssw.core.paper import Layout, usual_flip
from mssw.intro.intro_file import read_introduction
from mssw.packets.checklist import Item, SetState
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.decisions import waiting_responses
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import Manifest, PrintedRun, read_manifest
from mssw.workset.settings import read_settings
from mssw.workset.transcript_files import list_transcript_files

if TYPE_CHECKING:
    from mssw.packets.contents import Contents
    from mssw.packets.print_slip import PrintRun
    from mssw.workset.settings import Settings

Groups = tuple[tuple[str, tuple[Item, ...]], ...]


def as_groups(groups: Groups) -> list[tuple[str, list[dict[str, Any]]]]:
    """The checklist for templates and scripts."""
    return [(heading, [asdict(item) for item in items]) for heading, items in groups]


def state_now(workset: WorkSet, *, audit: bool) -> SetState:
    """What is true of a set.

    Args:
        workset: the set.
        audit: whether every file is audited now, which is slow; an earlier result is never reused.

    Raises:
        StepMissingError: nothing is prepared yet.
        UnreadableError: a file of the set is damaged.
    """
    settings, manifest = read_settings(workset.settings), read_manifest(workset)
    is_seen = {row.alias: row.seen for row in manifest.works}
    chosen = read_chosen(workset)
    samples = [alias for alias in is_seen if chosen is None or alias in chosen]
    task = manifest.file("task.pdf")
    run = PrintedRun(copies=0, sheets=0, paper=settings.paper)
    if manifest.packet and workset.packets():
        run = manifest.packet
    current = run.made_from == _made_from(workset, manifest)
    return SetState(
        samples=len(samples),
        chosen=chosen is not None,
        unseen=() if manifest.is_fiction else tuple(alias for alias in samples if not is_seen[alias]),
        held=manifest.held_works,
        task_pages=task.pages or 0 if task else 0,
        unanswered=read_introduction(workset).unanswered,
        copies=run.copies if current else 0,
        sheets=run.sheets if current else 0,
        paper=run.paper.capitalize(),
        two_sided=run.two_sided,
        edge=run.edge,
        by_hand=run.by_hand,
        folded=run.folded,
        blanks_on_cover=_blanks_on_cover(settings),
        findings=_findings(workset) if audit else None,
        gone=tuple(sorted((chosen or set()) - set(is_seen))),
        outdated=bool(workset.packets()) and not current,
        fiction=manifest.is_fiction,
        waiting=waiting_responses(workset),
        left_out=(run.left_out or ()) if current else (),
    )


def printing_state(contents: Contents, run: PrintRun) -> SetState:
    """What is true of a set while its packet is printed."""
    return SetState(
        samples=len(contents.samples),
        chosen=contents.chosen,
        unseen=contents.unseen,
        held=contents.held,
        task_pages=contents.task_pages,
        unanswered=contents.introduction.unanswered,
        copies=run.copies,
        sheets=run.sheets,
        paper=run.paper.capitalize(),
        two_sided=run.two_sided,
        edge=run.flip or usual_flip(run.layout),
        by_hand=run.by_hand,
        folded=run.layout is Layout.BOOKLET,
        blanks_on_cover=_blanks_on_cover(contents.settings),
        printing=True,
        fiction=contents.fiction,
        left_out=contents.left_out,
    )


def _blanks_on_cover(settings: Settings) -> tuple[str, ...]:
    """What is left blank on the cover, to fill in by hand."""
    return tuple(key for key in ("grade", "session", "date") if not getattr(settings, key))


def printed_run(workset: WorkSet, manifest: Manifest, state: SetState, parts: tuple[str, ...]) -> PrintedRun:
    """What the manifest keeps of a printing, so that you see later whether it is out of date."""
    return PrintedRun(
        copies=state.copies,
        sheets=state.sheets,
        paper=state.paper.lower(),
        two_sided=state.two_sided,
        edge=str(state.edge),
        by_hand=state.by_hand,
        folded=state.folded,
        made_from=_made_from(workset, manifest),
        parts=parts,
        left_out=state.left_out,
    )


def _made_from(workset: WorkSet, manifest: Manifest) -> str:
    """A hash of all that a packet is made of: words, choice, responses and blank task."""
    words = [
        path.read_bytes() if path.is_file() else b"" for path in (workset.intro, workset.settings, workset.samples)
    ]
    words += [path.read_bytes() for path in list_transcript_files(workset)]
    files = sorted(f"{row.path} {row.sha256}" for row in manifest.files)
    scans = [row.encode() for row in files if row.startswith(("work/", "task.pdf"))]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in (*words, *scans))).hexdigest()[:24]


def _findings(workset: WorkSet) -> tuple[str, ...]:
    from mssw.auditing.run_audit import audit_path  # noqa: PLC0415 - only needed if the audit is asked for

    return tuple(str(found) for found in audit_path(workset.root).findings)
