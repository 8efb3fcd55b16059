"""The end of ``prepare``: task, contact sheet and manifest for colleagues, the state of the set for later commands.

In: what the stages before returned. Out: the files in ``shared/``, each audited before it gets its name, the state of
the set in ``private/``, and the report.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mssw import __version__
from mssw.auditing.one_file import audit_file
from mssw.core.page import Fate, Mark, MarkKind
from mssw.core.response import Response
from mssw.errors import FindingsError, UnreadableError
from mssw.preparing.contact_sheet import draw_contact_sheet
from mssw.preparing.cover_responses import Covered
from mssw.preparing.grouping import Grouping
from mssw.preparing.inputs import Inputs
from mssw.preparing.learn_places import find_common_own_place
from mssw.preparing.matches import MatchCounts
from mssw.preparing.prepare_options import CommonPlace, PrepareReport
from mssw.roster.key_file import read_key
from mssw.workset.class_list import read_also, sealed_files, sealed_key, sealed_names
from mssw.workset.decisions import sealed_decisions
from mssw.workset.entries import list_entry_pages
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.manifest import (
    AuditRecord,
    ListedFile,
    Manifest,
    ReleasedResponse,
    is_made_by_prepare,
    read_manifest,
    remove_outdated_files,
    write_manifest,
)
from mssw.workset.question_file import PlacedPage
from mssw.workset.seal import Seal
from mssw.workset.state import Sighting, write_state
from mssw.workset.waiting import digest_settings

NOT_USED = (Fate.BLANK, Fate.SET_ASIDE)
REFUSED = "the audit refused it"
CLEARED_BY = "draw a cover over the whole place in `mssw review`, or scan the sheet again without what lies on it"
READ = {MarkKind.TEXT, MarkKind.EMAIL, MarkKind.PHONE, MarkKind.NUMBER}
HALF = 0.5  # of a cover: so much of it under a name field's cover, and it is that name


def release_set(
    inputs: Inputs,
    grouping: Grouping,
    responses: Sequence[Response],
    covered: Mapping[str, Covered],
    matched: MatchCounts | None = None,
    roster_doubt: str = "",
) -> PrepareReport:
    """Write task, contact sheet, state and manifest, and report.

    Args:
        inputs: all of them.
        grouping: the stack's pages in order.
        responses: all of them, each with its alias.
        covered: what became of those that were to be released, by alias.
        matched: how many are matched to a student; None without a roster.
        roster_doubt: see ``hold_for_roster``.

    Raises:
        FindingsError: the audit refused the task or the contact sheet.
    """
    workset = inputs.workset
    responses = [_hold_if_refused(response, covered.get(response.alias)) for response in responses]
    pages, placed = _hold_with_responses(grouping.pages, responses), _place_pages(responses, grouping.by_id)
    files = _write_common_files(inputs, placed)
    files |= {f"work/{alias}.pdf": (covered[alias].sha256, covered[alias].pages) for alias in placed}
    approved = {page.page.id for page in pages if inputs.has_approved(page)}
    seen = {response.alias for response in responses if approved.issuperset(response.pages)}
    counts = _count_fates(pages)
    dropped, seal = remove_outdated_files(workset, {name: sha for name, (sha, _) in files.items()}), _seal(inputs)
    write_state(workset, pages, responses, seen, inputs.decisions, seal)
    write_manifest(workset, _manifest(inputs, files, responses, seen, counts, seal))
    on_hold = sorted((one for one in responses if one.held), key=lambda one: one.alias)
    return PrepareReport(
        counts=counts,
        released=tuple(sorted(placed)),
        held=tuple((response.alias, response.held) for response in on_hold),
        other=tuple((one.where, str(one.page.fate), one.page.reason) for one in pages if one.page.fate in NOT_USED),
        fields=inputs.task.fields if inputs.task else (),
        notes=tuple(filter(None, (*inputs.notes, *grouping.notes, *dropped, roster_doubt))),
        audited=len(files),
        named=sum(len(_names_beside_fields(page)) for page in pages),
        flagged=sum(len(page.flags) for page in pages if page.page.id not in approved),
        whose=matched,
        common_place=_propose_field(inputs, pages),
        roster_doubt=roster_doubt,
        shows_places=bool(inputs.places),
    )


def _seal(inputs: Inputs) -> Seal:
    """What was decided, and by which class list."""
    workset = inputs.workset
    return Seal(
        decisions=sealed_decisions(workset, inputs.decisions),
        names=sealed_names(workset, inputs.roster, read_also(workset)),
        key=sealed_key(workset, read_key(workset.key) if workset.key.is_file() else ()),  # a made-up set has no key
        settings=digest_settings(inputs.settings),
        files=sealed_files(workset),
    )


def _propose_field(inputs: Inputs, pages: Sequence[Sighting]) -> CommonPlace | None:
    """The place to propose as a field for a task without one: where most of the class has its own name."""
    if inputs.task is None or inputs.task.fields:
        return None
    return find_common_own_place(pages, inputs.task.expected)


def _hold_if_refused(response: Response, covered: Covered | None) -> Response:
    """Put a response on hold if the audit refused its file."""
    if covered is None or covered.sha256:
        return response
    return response.but_held(*(f"{REFUSED}: {what}; {CLEARED_BY}" for what in covered.findings))


def _hold_with_responses(pages: Sequence[Sighting], responses: Sequence[Response]) -> list[Sighting]:
    """Put on hold the pages of responses that were put on hold after grouping."""
    on_hold = {page_id: response for response in responses if response.held for page_id in response.pages}
    settled = []
    for page in pages:
        response = on_hold.get(page.page.id)
        if response is not None and page.page.fate is Fate.KEPT:
            reason = f"its response is on hold: {response.held[0]}"
            settled.append(replace(page, page=page.page.with_fate(Fate.HELD, reason)))
        else:
            settled.append(page)
    return settled


def _names_beside_fields(page: Sighting) -> list[Mark]:
    """The covers of names that were read in the text, without those that lie on the name field's own cover."""
    fields = [mark.box for mark in page.covers if mark.kind is MarkKind.FIELD]
    read = [mark for mark in page.covers if mark.kind in READ]
    return [mark for mark in read if not any(mark.box.shared(box) > HALF for box in fields)]


def _count_fates(pages: Sequence[Sighting]) -> dict[str, int]:
    """How many pages were scanned, and how many met each fate."""
    fates = Counter(page.page.fate for page in pages)
    return {"scanned": len(pages), **{str(fate): fates[fate] for fate in Fate}}


def _place_pages(responses: Sequence[Response], pages: Mapping[str, Sighting]) -> dict[str, tuple[PlacedPage, ...]]:
    """Which page of the task each page of a released response is, and what is covered on it, by alias."""
    return {
        response.alias: tuple(
            PlacedPage(one.page.task_page or 0, tuple(mark.box for mark in one.covers))
            for one in (pages[page_id] for page_id in response.pages)
        )
        for response in responses
        if response.released
    }


def _write_common_files(inputs: Inputs, placed: Mapping[str, Sequence[PlacedPage]]) -> dict[str, tuple[str, int]]:
    """Write the blank task and the contact sheet, audited before they get their names: hash and pages of each."""
    workset = inputs.workset
    made: dict[str, tuple[Path, bytes, int]] = {}
    task, given = inputs.task or inputs.plain_task, None
    if task is not None and task.folder is not None:
        given = task.folder / "task.pdf"
        made["task.pdf"] = (workset.task, given.read_bytes(), len(task.sizes))
    pages_of_entries = {Path(row.path).stem: (PlacedPage(0),) * (row.pages or 1) for row in list_entry_pages(workset)}
    if shown := {**placed, **pages_of_entries}:
        sheet, count = draw_contact_sheet(workset, inputs.settings, shown, given, inputs.spellings)
        made["contact-sheet.pdf"] = (workset.contact_sheet, sheet, count)
    else:
        workset.contact_sheet.unlink(missing_ok=True)
    for name, (path, data, _) in made.items():
        found = audit_file(name, data, inputs.spellings)
        if found:
            raise FindingsError(f"{name} was not written, because the audit refused it: {found[0].what}.")
        write_bytes(path, data, private=False)
    entries = {row.path: (row.sha256, row.pages or 1) for row in list_entry_pages(workset)}  # they stay as they are
    return entries | {name: (hashlib.sha256(data).hexdigest(), count) for name, (_, data, count) in made.items()}


def _manifest(
    inputs: Inputs,
    files: dict[str, tuple[str, int]],
    responses: Sequence[Response],
    seen: set[str],
    counts: dict[str, int],
    seal: Seal,
) -> Manifest:
    rows = [ReleasedResponse(one.alias, len(one.pages), one.alias in seen) for one in responses if one.released]
    rows += [
        ReleasedResponse(Path(row.path).stem, row.pages or 1, seen=True) for row in list_entry_pages(inputs.workset)
    ]
    manifest = Manifest(
        mssw=__version__,
        files=_files_of_later_steps(inputs.workset),
        works=tuple(sorted(rows, key=lambda row: row.alias)),
        held_works=sum(bool(one.held) for one in responses),
        counts=counts,
        audit=AuditRecord(passed=True, files=len(files)),  # without later steps' files: a second run says the same
        seal=seal.without_parts,
    )
    return manifest.with_files(ListedFile(name, sha, n) for name, (sha, n) in files.items())


def _files_of_later_steps(workset: WorkSet) -> tuple[ListedFile, ...]:
    """The rows of files that later steps made, such as the chosen samples, and that are still there."""
    try:
        before = read_manifest(workset).files if workset.manifest.is_file() else ()
    except UnreadableError:
        return ()  # the manifest is damaged and written again; later steps list their files again
    return tuple(row for row in before if not is_made_by_prepare(row.path) and (workset.shared / row.path).is_file())
