"""Look-ups in the key."""

from __future__ import annotations

from mssw.errors import StepMissingError, UsageError
from mssw.files.spreadsheet import read_key, read_roster
from mssw.files.workset import WorkSet
from mssw.model.key import HEADER, KeyEntry, key_rows
from mssw.model.roster import find_students
from mssw.model.student import fold


def look_up(workset: WorkSet, wanted: str | None) -> list[dict[str, str]]:
    """The key's rows for an alias or a student; all of them where nothing is asked for.

    Raises:
        StepMissingError: there is no key yet.
        UsageError: nobody goes by that.
    """
    if not workset.key.is_file():
        raise StepMissingError(f"{workset.root} has no key yet; run `mssw prepare --into {workset.root}` first.")
    entries = list(read_key(workset.key))
    if wanted is not None:
        entries = _matching(workset, entries, wanted)
    return [dict(zip(HEADER, row, strict=True)) for row in key_rows(entries)[1:]]


def _matching(workset: WorkSet, entries: list[KeyEntry], wanted: str) -> list[KeyEntry]:
    said = fold(wanted)
    found = [entry for entry in entries if said == fold(entry.alias)]
    found = found or [entry for entry in entries if entry.student and said in fold(f"{entry.student} {entry.number}")]
    if found:
        return found
    if workset.roster.is_file() and find_students(read_roster(workset.roster), wanted):
        raise UsageError(
            "that student is on the roster, but nobody has said yet which work is theirs; "
            "`mssw key` without a name lists the pages of each work in the stack."
        )
    raise UsageError("no alias and no student in the key goes by that; `mssw key` without a name lists them all.")
