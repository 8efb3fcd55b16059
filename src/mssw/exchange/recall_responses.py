"""Recall a response when a name slipped through: what to collect, and the response goes on hold.

The set's log of what was handed out goes in, with the files that are in ``shared/`` now. Out comes a list by day, with
copies and receivers as far as they were noted. The response leaves ``shared/`` at once and stays on hold until a person
has covered the name and approved its pages anew; the next packet has the mended one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mssw.core.shell_words import command_line
from mssw.errors import MsswError, StepMissingError, UsageError
from mssw.preparing.prepare_options import PrepareOptions, Progress, quiet
from mssw.preparing.run_prepare import prepare
from mssw.review import acts
from mssw.review.reviewed_set import keep_reviewed, read_reviewed_set
from mssw.workset.decisions import read_decisions, withdraw_responses
from mssw.workset.entries import read_entries
from mssw.workset.folder import WorkSet
from mssw.workset.handed_out import HandedOut, Handing, read_handed_out
from mssw.workset.manifest import read_manifest
from mssw.workset.prepared_state import read_state


@dataclass(frozen=True, slots=True)
class Collected:
    """One thing to collect.

    Attributes:
        day: on which it was made, as ``2030-06-30``; empty where nobody noted it.
        what: ``packet``, ``kit``, ``zip`` and so on.
        files: their names.
        aliases: of the recalled responses in it.
        copies: how many; 0 where it was not printed by mssw.
        receivers: who has it, as far as noted.
        pictures: whether the pages are in it, not the alias alone.
    """

    day: str
    what: str
    files: tuple[str, ...]
    aliases: tuple[str, ...]
    copies: int
    receivers: tuple[str, ...]
    pictures: bool


@dataclass(frozen=True, slots=True)
class RecallReport:
    """What is to be collected, and what was done.

    Attributes:
        aliases: the responses that were asked about.
        collect: what was handed out with them, oldest first.
        on_hold: the responses that are on hold now, or would be.
        removed: the files that left ``shared/`` with them.
        remarks: what the teacher should know, each in a sentence.
        done: whether anything was changed.
    """

    aliases: tuple[str, ...]
    collect: tuple[Collected, ...]
    on_hold: tuple[str, ...]
    removed: tuple[str, ...]
    remarks: tuple[str, ...]
    done: bool

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return asdict(self)


def recall_responses(
    workset: WorkSet,
    aliases: Sequence[str] = (),
    *,
    everything: bool = False,
    dry_run: bool = False,
    progress: Progress = quiet,
) -> RecallReport:
    """List what was handed out, and put responses on hold.

    Args:
        workset: the set.
        aliases: of the responses; none lists what was handed out of the whole set, and puts nothing on hold.
        everything: put all responses on hold.
        dry_run: list only.
        progress: as for ``prepare``.

    Raises:
        UsageError: no response has one of the aliases.
        StepMissingError: nothing is prepared yet.
    """
    known = _aliases(workset)
    if everything and aliases:
        raise UsageError("give either aliases or --all, not both.")
    asked = tuple(sorted(known)) if everything else _find(workset, known, aliases)
    if asked and workset.is_ready_made and not set(asked) <= {one.alias for one in read_entries(workset)}:
        raise UsageError(
            f"{workset.final_because}: no student's name was ever on it. `mssw recall {workset.typed}` lists what was "
            "handed out."
        )
    concerned = asked or tuple(sorted(known))
    collect = (*_noted(workset, concerned), *_in_shared(workset, concerned))
    before = _shared_files(workset)
    if asked and not dry_run:
        _hold(workset, asked, progress)
    removed = tuple(sorted(before - _shared_files(workset))) if asked and not dry_run else ()
    return RecallReport(
        aliases=asked,
        collect=collect,
        on_hold=asked,
        removed=removed,
        remarks=_remarks(workset, asked, collect),
        done=bool(asked) and not dry_run,
    )


def find_set(folder: Path, aliases: Sequence[str]) -> Path:
    """The one set, here or just below, that has a response of each of those aliases.

    Raises:
        UsageError: none has, or several have.
    """
    asked = {alias.casefold() for alias in aliases}
    places = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
    found = []
    for place in places:
        workset = WorkSet(place)
        try:
            if workset.settings.is_file() and asked <= {alias.casefold() for alias in _aliases(workset)}:
                found.append(place)
        except MsswError:  # a damaged set is no answer
            continue
    if not found:
        raise UsageError(
            "no set here has a response of that alias; name the set first, as in `mssw recall massive-air Andrea`."
        )
    if len(found) > 1:
        raise UsageError(
            f"several sets have a response of that alias ({', '.join(str(one) for one in found)}); name the set first."
        )
    return found[0]


def _aliases(workset: WorkSet) -> set[str]:
    """All aliases of a set, also of responses on hold."""
    state = read_state(workset)
    listed = {row.alias for row in read_manifest(workset).works} if workset.manifest.is_file() else set()
    found = listed | ({response.alias for response in state.works} if state else set())
    if not found:
        raise StepMissingError(f"nothing is prepared in {workset.root} yet, so nothing of it can have been handed out.")
    return found


def _find(workset: WorkSet, known: set[str], aliases: Sequence[str]) -> tuple[str, ...]:
    """The aliases as the set has them. What is no alias may be a student's name, and is not said again."""
    by_folded = {alias.casefold(): alias for alias in known}
    found = []
    for number, alias in enumerate(aliases, 1):
        if alias.strip().casefold() not in by_folded:
            which = "that alias" if len(aliases) == 1 else f"alias {number} of those"
            example = command_line("mssw", "recall", workset.root, min(known))
            raise UsageError(f"no response has {which}; give an alias, as in `{example}`.")
        found.append(by_folded[alias.strip().casefold()])
    return tuple(dict.fromkeys(found))


def _noted(workset: WorkSet, aliases: Sequence[str]) -> list[Collected]:
    """What the log has of those responses."""
    rows = [row for row in read_handed_out(workset) if set(row.aliases) & set(aliases)]
    return [_collected(row, aliases) for row in sorted(rows, key=lambda row: row.day)]


def _collected(row: HandedOut, aliases: Sequence[str]) -> Collected:
    mine = tuple(alias for alias in row.aliases if alias in aliases)
    return Collected(row.day, str(row.what), row.files, mine, row.copies, row.receivers, row.pictures)


def _in_shared(workset: WorkSet, aliases: Sequence[str]) -> list[Collected]:
    """What lies in ``shared/`` now and was never noted: it may have been copied from there."""
    noted = {name for row in read_handed_out(workset) for name in row.files}
    kinds = {"packet": Handing.PACKET, "sort-cards": Handing.CARDS, "sort": Handing.SORT_SHEET}
    kinds |= {"record.pdf": Handing.RECORD, "record-reading.pdf": Handing.RECORD}
    found = []
    for name in sorted(_shared_files(workset) - noted):
        kind = next((what for start, what in kinds.items() if name.startswith(start)), None)
        if kind is not None or name == "contact-sheet.pdf":
            what = str(kind) if kind else "contact sheet"
            found.append(Collected("", what, (name,), tuple(aliases), 0, (), pictures=True))
    return found


def _shared_files(workset: WorkSet) -> set[str]:
    if not workset.shared.is_dir():
        return set()
    return {path.relative_to(workset.shared).as_posix() for path in workset.shared.rglob("*") if path.is_file()}


def _hold(workset: WorkSet, aliases: Sequence[str], progress: Progress) -> None:
    """Take the responses out of ``shared/`` at once, and prepare the set again with them on hold."""
    if workset.is_final:
        with workset.locked():
            withdraw_responses(workset, aliases)
        return
    with workset.locked():
        if workset.stack.is_dir():
            reviewed = read_reviewed_set(workset, read_decisions(workset))
            for response in reviewed.state.works:
                if response.alias in aliases:
                    reviewed = acts.recall(reviewed, response.pages[0])
            keep_reviewed(workset, reviewed)
        withdraw_responses(workset, aliases)
    if workset.stack.is_dir():  # a set of entries alone has none
        prepare(workset.root, PrepareOptions(), progress)


def _remarks(workset: WorkSet, aliases: Sequence[str], collect: Sequence[Collected]) -> tuple[str, ...]:
    remarks = []
    if any(one.what == Handing.SHARE for one in collect):
        remarks.append(
            "Ask whoever has a zip to delete it and what they printed from it. They can run `mssw recall` on their set."
        )
    if collect:
        remarks.append("Copies that were made by hand, mailed or photographed are not in this list: ask about them.")
    if aliases and workset.is_final:
        remarks.append(
            "This set has no scans, so its name cannot be covered here. Ask its teacher for a mended file."
            if workset.is_received
            else "The private folder of this set was deleted, so its name cannot be covered any more."
        )
    return tuple(remarks)
