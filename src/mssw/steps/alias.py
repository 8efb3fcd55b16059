"""Aliases for works, and the key that alone says which work is whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mssw.core.response import Work
from mssw.files.likeness import Likeness
from mssw.files.names import chance, draw_aliases
from mssw.roster.key_table import KeyEntry
from mssw.roster.name_files import key_bytes, read_key
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.state import Sighting


def give_aliases(
    workset: WorkSet,
    works: Sequence[Work],
    pages: Mapping[str, Sighting],
    spellings: Sequence[str],
    seed: int | None,
    refused: frozenset[str] = frozenset(),
) -> list[Work]:
    """Each work with its alias: the one that the key has for its pages, or a new one; the key is written first.

    Args:
        workset: holds the key.
        works: all works, also those that are held.
        pages: by id.
        spellings: names that no alias may be like.
        seed: None draws from the system's secure source.
        refused: aliases that are like a student of another class.
    """
    entries = read_key(workset.key) if workset.key.is_file() else ()
    clash = Likeness(spellings)  # a roster that came later may hold a name like an alias that was given before
    kept = _kept(works, pages, entries)
    named = {work: alias for work, alias in kept.items() if alias not in refused and not clash.has_one_like(alias)}
    new = [work for work in works if work.id not in named]
    # the works are shuffled before A, B, C, so that the order of aliases tells nothing of the stack's
    order = sorted(new, key=lambda work: work.id)
    chance(seed).shuffle(order)
    taken = sorted({*named.values(), *(entry.alias for entry in entries)})
    for work, alias in zip(order, draw_aliases(len(order), spellings, taken, seed, refused), strict=True):
        named[work.id] = alias
    aliased = [replace(work, alias=named[work.id]) for work in works]
    data = key_bytes(_entries(aliased, pages, entries, kept))
    if not workset.key.is_file() or workset.key.read_bytes() != data:
        write_bytes(workset.key, data, private=True)
    return aliased


def _kept(works: Sequence[Work], pages: Mapping[str, Sighting], entries: Sequence[KeyEntry]) -> dict[str, str]:
    """The aliases that works have already, by work: that of the first of their pages which the key knows.

    A page that a person brought from another work comes last: its old work keeps the alias.
    """
    known = {(entry.source, number): entry.alias for entry in entries for number in entry.pages}
    named: dict[str, str] = {}
    for brought in (False, True):
        for work in works:
            for page_id in work.pages if work.id not in named else ():
                page = pages[page_id].page
                alias = known.get((page.source, page.number))
                if (page_id in work.brought) is brought and alias is not None and alias not in named.values():
                    named[work.id] = alias
                    break
    return named


def _entries(
    works: Sequence[Work], pages: Mapping[str, Sighting], before: Sequence[KeyEntry], kept: Mapping[str, str]
) -> list[KeyEntry]:
    """The key's rows: one for each work and file that its pages came from, in the order of aliases.

    What was said of a work stays with it, also where it had to be given another alias (``kept`` has the one before).
    """
    told = [entry for entry in before if entry.student or entry.matched_by]
    by_alias = {entry.alias: entry for entry in reversed(told)}  # the first row of a work
    by_row = {(entry.alias, entry.source): entry for entry in told}
    rows = []
    for work in sorted(works, key=lambda work: work.alias):
        was = kept.get(work.id, work.alias)
        sources = list(dict.fromkeys(pages[page_id].page.source for page_id in work.pages))
        for source in sources:
            numbers = [pages[p].page.number for p in work.pages if pages[p].page.source == source]
            known = by_row.get((was, source)) or by_alias.get(was) or KeyEntry(was)
            rows.append(replace(known, alias=work.alias, source=source, pages=tuple(numbers)))
    return rows
