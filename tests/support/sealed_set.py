"""A released set as `prepare` leaves it, with pages, key, roster and seal, but without scans: made in a moment."""

from __future__ import annotations

from mssw.core.decision import Decisions
from mssw.core.page import Box, Fate, MarkKind
from mssw.roster.key_table import KeyEntry
from mssw.roster.roster_file import read_roster
from mssw.workset.class_list import key_bytes, sealed_files, sealed_key, sealed_names
from mssw.workset.decisions import digest_decided, digest_settings, sealed_decisions
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.manifest import read_manifest, write_manifest
from mssw.workset.prepared_state import MarkedPlace, PreparedPage, PreparedResponse, PreparedState, keep_state
from mssw.workset.seal import Seal, write_seal
from mssw.workset.settings import read_settings
from mssw.workset.stack import Stack, StackFile, write_stack
from support.released_set import released_set

FIELD = Box(0.6, 0.05, 0.3, 0.04)


def sealed_set(root, aliases=("Andrea", "Bo", "Camille"), *, sealed=True, decisions=None) -> WorkSet:
    """Each response has one page; page 1 of the stack is the last alias's."""
    workset = released_set(root, aliases, pages=1)
    decisions = decisions or Decisions()
    write_stack(workset, Stack((StackFile("stack.pdf", "5c" * 32, len(aliases)),)))
    pages = tuple(_page(number, decisions, sealed) for number, _ in enumerate(aliases, 1))
    works = tuple(
        PreparedResponse(alias=alias, pages=(page.id,), seen=True)
        for alias, page in zip(reversed(aliases), pages, strict=True)
    )
    keep_state(workset, PreparedState(pages=pages, works=works))
    entries = [
        KeyEntry(alias, source="stack.pdf", pages=(number,)) for number, alias in enumerate(reversed(aliases), 1)
    ]
    write_bytes(workset.key, key_bytes(sorted(entries, key=lambda one: one.alias)), private=True)
    write_manifest(workset, read_manifest(workset))
    if sealed:
        seal(workset, decisions)
    return workset


def seal(workset, decisions) -> None:
    from mssw.workset.class_list import read_key  # noqa: PLC0415 - the helper's own

    write_seal(
        workset,
        Seal(
            decisions=sealed_decisions(workset, decisions),
            names=sealed_names(workset, read_roster(workset.roster), ()),
            key=sealed_key(workset, read_key(workset.key)),
            settings=digest_settings(read_settings(workset.settings)),
            files=sealed_files(workset),
        ),
    )


def _page(number, decisions, sealed) -> PreparedPage:
    identity = f"hash {number}"
    more = {"decided": digest_decided(decisions, identity, 1, "way"), "approved": decisions.cleared(identity, "way")}
    return PreparedPage(
        id=f"s01-p{number:04d}", source="stack.pdf", number=number, fate=Fate.KEPT, reason="", task_page=1, turn=0,
        score=1.0, image=f"s01-p{number:04d}.jpg", way="way", base="way", identity=identity, points=(612.0, 792.0),
        covers=(MarkedPlace(FIELD.numbers, MarkKind.FIELD),), flags=(), **(more if sealed else {}),
    )  # fmt: skip
