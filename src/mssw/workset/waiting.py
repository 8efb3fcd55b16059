"""Decisions that are saved but not applied: which responses they change, and what is taken out of ``shared/`` at once.

``shared/`` shows responses as the last ``prepare`` left them. Whoever prints, shares, sorts or counts them asks here
first, so that a page is never shown without the cover that a person drew on it since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable

from msgspec import UNSET
from msgspec.structs import replace

from mssw.core.decision import Decisions
from mssw.errors import StepMissingError, UnreadableError
from mssw.workset.decisions import read_decisions
from mssw.workset.entries import entry_aliases
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import Manifest, read_manifest, remove_prints, write_manifest
from mssw.workset.prepared_state import PreparedPage, PreparedResponse, PreparedState, read_state
from mssw.workset.settings import Settings, read_settings

_MOST_NAMED = 4  # aliases in a sentence


class DecisionsWaitError(StepMissingError):
    """A person decided something that is not applied yet."""


def digest_decided(decisions: Decisions, identity: str, task_page: int | None, base: str) -> str:
    """A digest of what was decided about how a page is shown; approvals and notes do not count."""
    one = decisions.of(identity)
    boxes = sorted(box.numbers for box in decisions.drawn(identity, task_page))
    shown = [boxes, one.aside, sorted(box.numbers for box in one.drops(base)), one.turn, one.joins, one.blank]
    shown += [one.cut] if one.cut else []  # else as early versions wrote it
    shown += ["recalled"] if one.recalled else []  # left out otherwise, as earlier versions had no such word
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]


def digest_settings(settings: Settings) -> str:
    """A digest of what ``set.toml`` says about what is covered."""
    said = (settings.fields, settings.labels, settings.cover, settings.pages_per_student)
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def changed_responses(state: PreparedState, decisions: Decisions) -> set[str]:
    """The aliases of responses that would be shown in another way, or not at all, if the decisions were applied."""
    homes = {page_id: response for response in state.works for page_id in response.pages}
    by_identity = {page.identity: page.id for page in state.pages if page.identity}
    changed: set[str] = set()
    before = ""
    for page in state.pages:
        beside, before = before, page.id if page.id in homes else before
        if not _is_changed(page, decisions, homes.get(page.id)):
            continue
        goes_to = by_identity.get(decisions.of(page.identity).joins, page.id)
        around = (beside,) if page.boundary is not UNSET else ()  # a page may be joined with the one before, or split
        changed |= {homes[one].alias for one in (page.id, goes_to, *around) if one in homes}
    return changed


def _is_changed(page: PreparedPage, decisions: Decisions, home: PreparedResponse | None) -> bool:
    if page.approved is True and not decisions.cleared(page.identity, page.way):
        return True
    if page.decided is not UNSET:
        return page.decided != digest_decided(decisions, page.identity, page.task_page, page.base)
    one = decisions.of(page.identity)  # the state is of an early version: compare what it shows
    covered = {cover.place for cover in page.covers}
    drawn = set(decisions.drawn(page.identity, page.task_page)) - set(one.drops(page.base))
    return bool(drawn - covered) or (home is not None and (one.blank or one.aside != home.aside))


def waiting_responses(workset: WorkSet) -> tuple[str, ...]:
    """The aliases of released responses about which something is decided that is not applied, in their order.

    Raises:
        UnreadableError: a file of the set is damaged.
        SealBrokenError: what was decided is missing.
    """
    return _find_waiting(workset, read_state(workset))


def _find_waiting(workset: WorkSet, state: PreparedState | None) -> tuple[str, ...]:
    if state is None or not workset.manifest.is_file():
        return ()
    released = {response.alias for response in state.works if response.is_released}
    listed = {row.alias for row in read_manifest(workset).works} - entry_aliases(workset)
    changed = changed_responses(state, read_decisions(workset)) & (released | listed)
    if state.seal is UNSET:  # of an early version, which took nothing out at once
        return tuple(sorted(changed & listed))
    return tuple(sorted(changed | (released ^ listed)))


def require_applied(workset: WorkSet) -> None:
    """Refuse to go on where something is decided that ``shared/`` does not show yet.

    Raises:
        DecisionsWaitError: there is; the message says how to apply it.
        UnreadableError: a file of the set is damaged.
        SealBrokenError: what was decided is missing.
    """
    way_on = f"`mssw prepare --into {workset.typed}` applies it; then run this again."
    state = read_state(workset)
    waiting = _find_waiting(workset, state)
    if waiting:
        named = ", ".join(waiting[:_MOST_NAMED])
        more = f" and {len(waiting) - _MOST_NAMED} more" if len(waiting) > _MOST_NAMED else ""
        raise DecisionsWaitError(f"what you decided about {named}{more} is saved, but not applied yet: {way_on}")
    sealed = state.seal if state is not None else UNSET
    if sealed is not UNSET and sealed.settings and sealed.settings != digest_settings(read_settings(workset.settings)):
        raise DecisionsWaitError(
            f"{workset.settings} now says something else about what is covered than when the set was prepared: {way_on}"
        )


def released_responses(workset: WorkSet) -> dict[str, int]:
    """How many pages each response that may be shown has, by alias, in the order of the aliases.

    Raises:
        StepMissingError: nothing is prepared yet, nothing is released, or something is decided that is not applied.
        UnreadableError: the manifest is damaged.
    """
    require_applied(workset)
    works = {row.alias: row.pages for row in read_manifest(workset).works}
    if not works:
        raise StepMissingError(
            f"no response in {workset.root} is released yet; clear what is on hold with `mssw review "
            f"{workset.typed} --list`."
        )
    return dict(sorted(works.items()))


def withdraw_responses(workset: WorkSet, aliases: Iterable[str]) -> None:
    """Take responses out of ``shared/`` at once, with everything that shows them. The caller holds the set's lock.

    The next ``prepare`` makes anew what may be shown then.

    Raises:
        NotWrittenError: the manifest could not be written; the responses are out all the same.
    """
    gone = set(aliases)
    if not gone or not workset.manifest.is_file():
        return
    for alias in gone:
        (workset.work / f"{alias}.pdf").unlink(missing_ok=True)
    workset.contact_sheet.unlink(missing_ok=True)
    try:
        list(remove_prints(workset))
    finally:
        manifest = _manifest_of(workset)
        if manifest is not None:
            write_manifest(workset, _without(manifest, gone, workset))


def _manifest_of(workset: WorkSet) -> Manifest | None:
    try:
        return read_manifest(workset)
    except UnreadableError:  # a damaged one lists nothing that anyone could print
        return None


def _without(manifest: Manifest, gone: Collection[str], workset: WorkSet) -> Manifest:
    works = tuple(row for row in manifest.works if row.alias not in gone)
    missing = {row.path for row in manifest.files if not (workset.shared / row.path).is_file()}
    return replace(manifest, works=works).with_files(without=missing)
