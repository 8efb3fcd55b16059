"""Choose samples from one set, or from several sets of the same task.

In: the released responses and a teacher's sort of them. Out: ``samples.json`` in ``shared/``, a card for the presenting
teacher in ``private/`` that says on one page what was chosen and why, and a report.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from mssw.choosing.pool import MOST_SETS, Pool, check_same_task, read_pool
from mssw.choosing.selection import (
    LEVELS,
    MOST_PILES,
    Candidate,
    explain_choice,
    find_nearest,
    find_swaps,
    find_unseen,
    name_pile,
    select_samples,
)
from mssw.core.sample import FEWEST_SAMPLES, MOST_WITHOUT_A_CHOICE, Sample
from mssw.core.wording import PrintWords, count_noun
from mssw.errors import FindingsError, UsageError
from mssw.printing.print_words import REFERENCE, read_words, words_of_set
from mssw.printing.template_files import template_folder
from mssw.printing.typeset import typeset
from mssw.sharing import check, share
from mssw.workset.allowed_names import drop_teachers_names, roster_spellings
from mssw.workset.chosen_samples import keep_sort_of_choice
from mssw.workset.folder import WorkSet, make_folder, write_bytes
from mssw.workset.ledger import find_recent_use, remember_use
from mssw.workset.manifest import read_manifest, write_manifest
from mssw.workset.settings import read_settings

MOST_SWAPS = 3  # are listed for a response: a longer list helps nobody choose
Explain = Callable[[PrintWords], dict[str, str]]
"""Why each sample was chosen, by id, in any language."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sample, with what only the teacher may know.

    Attributes:
        id: its alias, or set and alias.
        set: the name of its set; empty if there is only one.
        sample: what ``samples.json`` says of it.
        lately: where a response of the same student was used; empty if none was.
    """

    id: str
    set: str
    sample: Sample
    lately: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A response that was not chosen.

    Attributes:
        id: its alias, or set and alias.
        pile: its pile; empty if it has none.
        level: its level; empty if it has none.
        nearest: the sample nearest to it.
        swaps: the nearest samples that it could replace without losing a pile, level or cell, at most three.
        banned: whether the teacher wanted it out.
    """

    id: str
    pile: str
    level: str
    nearest: str
    swaps: tuple[str, ...]
    banned: bool


@dataclass(frozen=True, slots=True)
class ChoiceReport:
    """What was chosen. It names responses by alias only.

    Attributes:
        written: whether it was written, or only tried.
        samples: in the order of piles and levels.
        left_out: the other responses that could have been chosen.
        cards: the file of each set's card.
        remarks: what the teacher should know, each in a sentence.
    """

    written: bool
    samples: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    cards: tuple[str, ...]
    remarks: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        samples = [
            sample_row(one.sample) | {"set": one.set, "id": one.id, "used_lately": one.lately} for one in self.samples
        ]
        return {**asdict(self), "samples": samples}


def sample_row(sample: Sample) -> dict[str, Any]:
    """A sample's row in ``samples.json``."""
    return {
        "alias": sample.alias,
        "pages": sample.pages,
        "pile": sample.pile,
        "level": sample.level,
        "reason": sample.reason,
    }


def print_card(
    title: str,
    report: ChoiceReport,
    works: Sequence[Candidate],
    reasons: Mapping[str, str],
    words: PrintWords,
    *,
    paper: str,
    folder: Path | None = None,
) -> bytes:
    """The card as PDF.

    Args:
        title: of the set.
        report: what was chosen and what was not.
        works: all responses that could have been chosen, for the counts.
        reasons: why each sample was chosen, by id, in the teacher's language.
        words: of the teacher's language.
        paper: ``letter`` or ``a4``.
        folder: the school's own templates; None if there are none.
    """
    samples = report.samples
    levels = [*map(str, LEVELS), *([""] if any(not work.level for work in works) else [])]
    piles = list(dict.fromkeys(work.pile for work in works))
    counts = Counter((work.pile, str(work.level or "")) for work in works)
    rows = [
        {
            "pile": name_pile(pile, words) or words.text("choice.no_pile"),
            "cells": [
                {
                    "of": counts[pile, level],
                    "aliases": [o.id for o in samples if (o.sample.pile, o.sample.level) == (pile, level)],
                }
                for level in levels
            ],
        }
        for pile in piles
    ]
    values = {
        "heading": _heading(len(samples), words),
        "title": title,
        "levels": [words.text(f"choice.{level}" if level else "choice.no_level") for level in levels],
        "rows": rows,
        "samples": [
            {"alias": one.id, "reason": reasons[one.id], "lately": one.lately}
            for one in sorted(samples, key=lambda one: one.id)
        ],
        "others": [{"alias": one.id, "nearest": one.nearest} for one in report.left_out],
    }
    return typeset("choice", values, paper=paper, folder=folder, words=words)


def _heading(count: int, words: PrintWords) -> str:
    if count == 1:
        return words.text("choice.why_one")
    few = dict(enumerate(words.texts("choice.numbers"), start=FEWEST_SAMPLES))
    return words.text("choice.why", n=few.get(count, str(count)))


@dataclass(frozen=True, slots=True)
class ChooseOptions:
    """The options of ``choose``.

    Attributes:
        count: 9 to 12; None for 12.
        lock: aliases that must be in.
        ban: aliases that must not.
        by: the teacher who sorted; empty for the presenting teacher.
        ledger: whether to remember which students' responses were used.
        dry_run: report what would be chosen, and write nothing.
        templates: a folder of the school's own, for the card; None takes each set's own.
    """

    count: int | None = None
    lock: tuple[str, ...] = ()
    ban: tuple[str, ...] = ()
    by: str = ""
    ledger: bool = True
    dry_run: bool = False
    templates: Path | None = None


def choose_samples(worksets: Sequence[WorkSet], options: ChooseOptions) -> ChoiceReport:
    """Choose from one set, or from two or three sets of the same task together.

    Raises:
        StepMissingError: a set is not prepared or not sorted.
        UsageError: an option makes no sense, or the sets are of different tasks.
        FindingsError: there are more piles than samples can show, or a pile's name names a student.
    """
    if not 1 <= len(worksets) <= MOST_SETS:
        raise UsageError(f"you can choose from at most {MOST_SETS} sets together; leave some out.")
    if options.count is not None and not FEWEST_SAMPLES <= options.count <= MOST_WITHOUT_A_CHOICE:
        raise UsageError(f"--count takes a number from {FEWEST_SAMPLES} to {MOST_WITHOUT_A_CHOICE}.")
    for other in worksets[1:]:
        check_same_task(worksets[0], other)
    with ExitStack() as stack:
        for workset in sorted(worksets, key=lambda one: str(one.root)) if not options.dry_run else ():
            make_folder(workset.private, private=True)  # someone may have deleted it, and the lock is a file in it
            stack.enter_context(workset.locked())
        return _choose(worksets, options)


def _choose(worksets: Sequence[WorkSet], options: ChooseOptions) -> ChoiceReport:
    lately, remarks = find_recent_use(worksets) if options.ledger else ({}, ())
    pool = read_pool(worksets, options.by, lately)
    works = _find_candidates(pool, options)
    count = _check_count(works, options)
    chosen = select_samples(works, count)
    explain = partial(explain_choice, chosen, [work for work in pool.works if work.pile or work.level])
    reasons = explain(read_words(REFERENCE))
    samples = tuple(_describe_sample(pool, work, reasons[work.id], lately) for work in chosen)
    rest = [work for work in works if work not in chosen]
    report = ChoiceReport(
        written=not options.dry_run,
        samples=samples,
        left_out=tuple(_describe_left_out(work, chosen) for work in sorted(rest, key=lambda work: work.id)),
        cards=tuple(str(workset.choice_card) for workset in worksets),
        remarks=(*_remarks(pool, works, chosen, worksets), *remarks),
    )
    files = {workset: _samples_file(report, name) for name, workset in pool.sets.items()}
    _check_words(files)
    if options.dry_run:
        return report
    later = []
    for workset, data in files.items():
        later += _write(workset, data, report, works, explain, options)
    if options.ledger:
        later += remember_use(
            {workset: [one.sample.alias for one in samples if one.set == name] for name, workset in pool.sets.items()}
        )
    return replace(report, remarks=(*report.remarks, *later))


def _find_candidates(pool: Pool, options: ChooseOptions) -> tuple[Candidate, ...]:
    """The responses that are sorted or locked, with the teacher's locks and bans.

    Raises:
        UsageError: a lock or ban makes no sense.
    """
    locked = {pool.find_id(text, "--lock") for text in options.lock}
    banned = {pool.find_id(text, "--ban") for text in options.ban}
    both = sorted(locked & banned)
    if both:
        raise UsageError(f"{' and '.join(both)} cannot be in both --lock and --ban; leave out one of the two.")
    return tuple(
        replace(work, locked=work.id in locked, banned=work.id in banned)
        for work in pool.works
        if work.pile or work.level or work.id in locked
    )


def _check_count(works: Sequence[Candidate], options: ChooseOptions) -> int:
    """How many to choose.

    Raises:
        FindingsError: more piles than samples can show.
        UsageError: locks or piles do not fit into the number.
    """
    if all(work.banned for work in works):
        raise UsageError("--ban leaves out every sorted response; leave out fewer.")
    piles = {work.pile for work in works if work.pile and not work.banned}
    if len(piles) > MOST_PILES:
        raise FindingsError(
            f"there are {len(piles)} piles, and {MOST_PILES} samples cannot show them all; merge similar piles with "
            "`mssw sort`, then choose again."
        )
    count = options.count or MOST_WITHOUT_A_CHOICE
    locked = sum(work.locked for work in works)
    if locked > count:
        raise UsageError(f"--lock includes {locked} responses, but only {count} can be chosen; lock fewer.")
    if len(piles) > count:
        raise UsageError(f"{count} samples cannot show {len(piles)} piles; use --count {len(piles)}, or merge piles.")
    return count


def _describe_sample(pool: Pool, work: Candidate, reason: str, lately: Mapping[tuple[Path, str], str]) -> Chosen:
    name, alias = pool.owner[work.id]
    sample = Sample(alias, pool.pages[work.id], work.pile, str(work.level or ""), reason)
    return Chosen(work.id, name, sample, lately.get((pool.sets[name].root, alias), ""))


def _describe_left_out(work: Candidate, chosen: Sequence[Candidate]) -> LeftOut:
    swaps = tuple(one.id for one in find_swaps(work, chosen)[:MOST_SWAPS])
    return LeftOut(work.id, work.pile, str(work.level or ""), find_nearest(work, chosen).id, swaps, work.banned)


def _remarks(
    pool: Pool, works: Sequence[Candidate], chosen: Sequence[Candidate], worksets: Sequence[WorkSet]
) -> tuple[str, ...]:
    """What a teacher should know about the choice."""
    remarks = []
    free = sum(not work.banned for work in works)
    if free < FEWEST_SAMPLES:
        remarks.append(
            f"Only {count_noun(free, 'response')} can be chosen, so all of them are samples. {FEWEST_SAMPLES} to "
            f"{MOST_WITHOUT_A_CHOICE} would show more ways of thinking."
        )
    elif free == len(chosen):
        remarks.append(f"All {free} responses that can be chosen are samples.")
    lost = find_unseen(works, chosen)
    if lost:
        more = " A higher --count may help." if len(chosen) < MOST_WITHOUT_A_CHOICE and free > len(chosen) else ""
        names = " or ".join(f"“{name}”" for name in lost)
        remarks.append(f"No sample shows {names}: --lock, --ban and the other piles leave no room.{more}")
    left = [id_ for id_ in pool.unsorted if id_ not in {work.id for work in chosen}]
    if left:
        remarks.append(f"Left out, because they are not sorted yet: {', '.join(left)}.")
    if pool.aside:
        remarks.append(f"Left out, because you set them aside while sorting: {', '.join(pool.aside)}.")
    held = sum(read_manifest(workset).held_works for workset in worksets)
    if held:
        remarks.append(f"{count_noun(held, 'response is', 'responses are')} on hold and cannot be chosen.")
    aliases = [alias for _, alias in pool.owner.values()]
    twice = sorted({pool.owner[work.id][1] for work in chosen if aliases.count(pool.owner[work.id][1]) > 1})
    if twice:
        remarks.append(f"More than one set has a response called {', '.join(twice)}; name the set with the alias.")
    return tuple(remarks)


def _samples_file(report: ChoiceReport, name: str) -> bytes:
    """The bytes of a set's ``samples.json``: its samples in the order of aliases."""
    rows = [
        sample_row(one.sample) for one in sorted(report.samples, key=lambda one: one.sample.alias) if one.set == name
    ]
    text = json.dumps({"version": 1, "samples": rows}, indent=1, ensure_ascii=False, sort_keys=True)
    return (text + "\n").encode()


def _check_words(files: Mapping[WorkSet, bytes]) -> None:
    """Make sure that no pile's name names a student of any of the classes.

    Raises:
        FindingsError: one does.
    """
    spellings = tuple(
        dict.fromkeys(one for workset in files for one in drop_teachers_names(workset, roster_spellings(workset)))
    )
    try:
        for data in files.values():
            check("samples.json", data, spellings)
    except FindingsError:
        raise FindingsError(
            "the name of a pile includes a name from the class list; rename the pile in `mssw sort`, then choose again."
        ) from None


def _write(
    workset: WorkSet,
    data: bytes,
    report: ChoiceReport,
    works: Sequence[Candidate],
    explain: Explain,
    options: ChooseOptions,
) -> list[str]:
    """Write a set's samples and its card, and delete a packet that was printed from another choice.

    Returns:
        A remark if a packet was deleted.
    """
    settings = read_settings(workset.settings)
    title = settings.title or workset.root.name
    folder = template_folder(workset, settings, options.templates)
    words = words_of_set(settings, settings.paper, folder)
    if options.by:
        title = words.text("choice.sorted_by", title=title, name=options.by)
    card = print_card(title, report, works, explain(words), words, paper=settings.paper, folder=folder)
    gone = []
    packets = workset.packets()
    if packets and not (workset.samples.is_file() and workset.samples.read_bytes() == data):
        for packet in packets:
            packet.unlink()
        write_manifest(workset, read_manifest(workset).with_files(without={packet.name for packet in packets}))
        gone.append(f"{packets[0]} had other samples and was deleted; make it again with `mssw packet`.")
    keep_sort_of_choice(workset, options.by)
    share(workset, workset.samples.name, data, drop_teachers_names(workset, roster_spellings(workset)))
    write_bytes(workset.choice_card, card, private=True)
    return gone
