"""``shared/samples.json`` and ``private/choice.json``: which responses were chosen for a session, and by which sort."""

from __future__ import annotations

from msgspec import Struct

from mssw.workset.folder import WorkSet, read_typed, write_typed

CHOOSE_AGAIN = "run `mssw choose` again."


class ChosenAlias(Struct, frozen=True):
    """A chosen response. Its pile, level and reason are in the file too, for people; no command reads them."""

    alias: str


class ChosenSamples(Struct, frozen=True):
    """The responses that were chosen."""

    samples: tuple[ChosenAlias, ...]


class SortOfChoice(Struct, frozen=True, kw_only=True):
    """The teacher by whose sort the samples were chosen; empty for the presenting teacher."""

    version: int = 1
    by: str = ""


def read_chosen(workset: WorkSet) -> set[str] | None:
    """The aliases that were chosen; None if nobody has chosen yet.

    Raises:
        UnreadableError: the file is damaged.
    """
    if not workset.samples.is_file():
        return None
    return {sample.alias for sample in read_typed(workset.samples, ChosenSamples, CHOOSE_AGAIN).samples}


def read_sort_of_choice(workset: WorkSet) -> str:
    """The teacher by whose sort the samples were chosen; empty for the presenting teacher, or if nobody has chosen.

    Raises:
        UnreadableError: the file is damaged.
    """
    return read_typed(workset.choice, SortOfChoice, CHOOSE_AGAIN).by if workset.choice.is_file() else ""


def keep_sort_of_choice(workset: WorkSet, by: str) -> None:
    """Remember it. The caller holds the set's lock."""
    write_typed(workset.choice, SortOfChoice(by=by), private=True)
