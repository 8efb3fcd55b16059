"""What a person decided about the pages: as it is kept, and which of it is not applied yet.

``private/decisions.json`` holds the decisions, as ``core.decision`` has them; ``private/review.json`` holds the page
at which the person stopped, so that they come back to it.

Each version of the decisions names the one before by its digest, and the set's seal names the last. So a file that went
missing, was damaged, or is an older copy is never taken for what was decided.

``shared/`` shows responses as the last ``prepare`` left them. Whoever prints, shares, sorts or counts them asks here
first which decisions wait, so that a page is never shown without the cover that a person drew on it since. Responses
about which something is decided can be taken out of ``shared/`` at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable

from msgspec import UNSET, Struct
from msgspec.structs import replace

from mssw.core.decision import Decisions
from mssw.core.page import MarkKind
from mssw.errors import StepMissingError, UnreadableError
from mssw.workset.entries import entry_aliases
from mssw.workset.folder import DamagedFileError, WorkSet, parse_json, read_typed, write_json, write_typed
from mssw.workset.manifest import Manifest, read_manifest, remove_prints, write_manifest
from mssw.workset.prepared_state import PreparedPage, PreparedResponse, PreparedState, read_state
from mssw.workset.seal import Seal, SealedFile, Stamp, broken, read_seal, read_under_seal, write_seal
from mssw.workset.settings import Settings, read_settings

_BEFORE = "before"
_HOLDS = "what you decided about the pages"

_MOST_NAMED = 4  # aliases in a sentence


class _DecidedPlace(Struct, frozen=True):
    kind: str = ""


class _DecidedPage(Struct, frozen=True):
    covers: tuple[_DecidedPlace, ...] = ()


class _DecidedResponse(Struct, frozen=True):
    aside: str = ""


class _StateOfBefore(Struct, frozen=True):
    """What the state of a set without a seal tells of decisions."""

    pages: tuple[_DecidedPage, ...] = ()
    works: tuple[_DecidedResponse, ...] = ()

    @property
    def has_decisions(self) -> bool:
        """Whether somebody had decided something."""
        drawn = any(place.kind == MarkKind.HAND for page in self.pages for place in page.covers)
        return drawn or any(response.aside for response in self.works)


def read_decisions(workset: WorkSet) -> Decisions:
    """Read what was decided so far; nothing if nobody has decided anything yet.

    Raises:
        UnreadableError: the file is damaged.
        SealBrokenError: it is missing, damaged or an older one, and the set's seal says so.
        NewerVersionError: a newer mssw made it.
    """
    return read_under_seal(workset, lambda seal: _read_sealed(workset, seal))


def _read_sealed(workset: WorkSet, seal: Seal | None) -> Decisions:
    """Read the decisions to which that seal belongs, or the very next ones."""
    if not workset.decisions.is_file():
        if (seal.decisions.count if seal else _has_decided(workset)) > 0:
            raise broken(workset, "private/decisions.json", "is missing", _holds(seal))
        return Decisions()
    try:
        data = workset.decisions.read_bytes()
        value = parse_json(workset.decisions, data)
        decisions = Decisions.from_json(value)
    except (OSError, DamagedFileError, KeyError, TypeError, ValueError, AttributeError):
        if seal is not None and seal.decisions.count:
            raise broken(
                workset, "private/decisions.json", "cannot be understood: it is damaged", _holds(seal)
            ) from None
        raise UnreadableError(
            f"{workset.decisions} cannot be understood: it is damaged, or was written by a later mssw. It holds "
            "what you decided: put a copy of it back, from a backup, then run this again."
        ) from None
    if seal is not None and not _is_sealed(workset, seal.decisions, data, value.get(_BEFORE, "")):
        why = "was changed since you decided, or is an older copy"
        raise broken(workset, "private/decisions.json", why, _holds(seal))
    return decisions


def _holds(seal: Seal | None) -> str:
    count = seal.decisions.count if seal else 0
    return f"what you decided about {count} page{'' if count == 1 else 's'}" if count else _HOLDS


def _has_decided(workset: WorkSet) -> bool:
    try:
        return workset.state.is_file() and read_typed(workset.state, _StateOfBefore).has_decisions
    except DamagedFileError:
        return False


def _is_sealed(workset: WorkSet, sealed: SealedFile, data: bytes, before: object) -> bool:
    """Whether those bytes are what the seal names, or the very next: a command was killed before it sealed them."""
    if not sealed.digests:
        return True
    return Stamp(workset).of_bytes(data) in sealed.digests or before in sealed.digests


def keep_decisions(workset: WorkSet, decisions: Decisions) -> None:
    """Write the decisions, and seal them. The caller holds the set's lock."""
    seal, stamp, value = read_seal(workset), Stamp(workset), decisions.to_json()
    if seal is None:
        write_json(workset.decisions, value, private=True)
        return
    if workset.decisions.is_file():
        value |= {_BEFORE: stamp.of_bytes(workset.decisions.read_bytes())}
    write_json(workset.decisions, value, private=True)
    write_seal(workset, replace(seal, decisions=sealed_decisions(workset, decisions)))


def sealed_decisions(workset: WorkSet, decisions: Decisions) -> SealedFile:
    """What is kept of the decisions as they are on disk."""
    if not workset.decisions.is_file():
        return SealedFile()
    digest = Stamp(workset).of_bytes(workset.decisions.read_bytes())
    return SealedFile(len(decisions.pages) + len(decisions.everywhere), (digest,))


class ReviewPlace(Struct, frozen=True, kw_only=True):
    """The page at which a person left off, by its id."""

    version: int = 1
    page: str


def read_review_place(workset: WorkSet) -> str:
    """The page's id; empty where she never began. A damaged file is as good as none.

    Raises:
        NewerVersionError: a newer mssw made it.
    """
    if not workset.place.is_file():
        return ""
    try:
        return read_typed(workset.place, ReviewPlace).page
    except DamagedFileError:
        return ""


def keep_review_place(workset: WorkSet, page_id: str) -> None:
    """Remember it. The caller holds the set's lock."""
    write_typed(workset.place, ReviewPlace(page=page_id), private=True)


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
    rules = (settings.fields, settings.labels, settings.cover, settings.pages_per_student)
    return hashlib.sha256(json.dumps(rules).encode()).hexdigest()[:16]


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
