"""``private/decisions.json``: what a person decided about the pages, as ``core.decision`` has it."""

from __future__ import annotations

from mssw.core.decision import Decisions
from mssw.errors import UnreadableError
from mssw.workset.folder import NewerVersionError, WorkSet, read_json, write_json


def read_decisions(workset: WorkSet) -> Decisions:
    """Read what was decided so far; nothing if nobody has decided anything yet.

    Raises:
        UnreadableError: the file is damaged.
        NewerVersionError: a newer mssw made it.
    """
    if not workset.decisions.is_file():
        return Decisions()
    try:
        return Decisions.from_json(read_json(workset.decisions))
    except NewerVersionError:
        raise
    except (UnreadableError, KeyError, TypeError, ValueError, AttributeError):
        raise UnreadableError(
            f"{workset.decisions} cannot be understood: it is damaged, or was written by a later mssw. It holds what "
            "you decided: put a copy of it back, or take it away and look at the pages again."
        ) from None


def keep_decisions(workset: WorkSet, decisions: Decisions) -> None:
    """Write the decisions. The caller holds the set's lock."""
    write_json(workset.decisions, decisions.to_json(), private=True)
