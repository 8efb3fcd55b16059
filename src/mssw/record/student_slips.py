"""Slips for students: the next step that the team chose for each response, with the student's name back on it.

For the presenting teacher alone, so the file goes to ``private/`` and is never shared. In: the record and the key.
 Out: ``private/slips.pdf``, four slips to a page. A slip never shows a pile or a level.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from mssw.core.paper import check_paper
from mssw.errors import FindingsError, StepMissingError
from mssw.printing.binding import count_pages, prepare_for_printer
from mssw.printing.print_words import words_of_set
from mssw.printing.template_files import template_folder
from mssw.printing.typeset import typeset
from mssw.record.kept_record import read_record
from mssw.record.record_rows import YES, NextTeaching, RecordRows, labelled_rows, responses_for_step
from mssw.sorting.kept_sorts import list_sorts, read_sorting
from mssw.workset.class_list import read_sealed_key, refuse_lost_key
from mssw.workset.decisions import released_responses
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.settings import read_settings

EACH = 4
_LEVEL = re.compile(
    r"\b(?:high|medium|low|middle|top|bottom)(?:est|er)?[\s-]+(?:level|group|pile|set|ability|performing|understanding)"
    r"|\blevel\s*(?:is|of|:|=)?\s*(?:high|medium|low)\b",
    re.IGNORECASE,
)
_SHORTEST_PILE = 4  # letters; a shorter name of a pile is in many a sentence


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip for one response. Its repr names no student.

    Attributes:
        alias: of the response.
        student: who wrote it.
        steps: what to do next, each in the words for the student.
    """

    alias: str
    student: str = field(repr=False)
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlipsReport:
    """What was printed.

    Attributes:
        file: where the slips are.
        slips: how many.
        pages: of the file.
        without_step: aliases of responses for which no next step was chosen.
        without_student: aliases with a next step that the key gives to nobody yet.
        written: whether the file was written, or only tried.
    """

    file: str
    slips: int
    pages: int
    without_step: tuple[str, ...]
    without_student: tuple[str, ...]
    written: bool


def print_slips(
    workset: WorkSet,
    *,
    everyone: bool = False,
    paper: str | None = None,
    templates: Path | None = None,
    dry_run: bool = False,
) -> SlipsReport:
    """Print the slips.

    Args:
        workset: the set.
        everyone: also a slip with lines to write on for each student without a next step.
        paper: ``letter`` or ``a4``; None for the set's own.
        templates: the school's own templates.
        dry_run: do all but write.

    Raises:
        StepMissingError: no next step is chosen, or there is no key.
        FindingsError: the words for a student show a pile or a level.
        UsageError: the paper is not known.
    """
    check_paper(paper)
    with nullcontext() if dry_run else workset.locked():
        settings, rows = read_settings(workset.settings), read_record(workset)
        _check_words(workset, rows)
        slips, without_step, without_student = _find_slips(workset, rows, everyone=everyone)
        if not slips:
            raise StepMissingError(
                f"no slip can be printed for {workset.root}: no response has both a chosen next step and a student. "
                f"Mark steps as chosen, and give each its responses, with `mssw record {workset.typed}`."
            )
        size, folder = paper or settings.paper, template_folder(workset, settings, templates)
        words = words_of_set(settings, size, folder)
        values = {
            "title": settings.title or words.text("common.untitled"),
            "slips": [{"name": one.student, "steps": list(one.steps)} for one in slips],
        }
        data = prepare_for_printer(typeset("slips", values, paper=size, folder=folder, words=words), two_sided=False)
        if not dry_run:
            write_bytes(workset.slips, data, private=True)
            aliases = [one.alias for one in slips]
            note_handed_out(workset, Handing.SLIPS, aliases, files=[workset.slips.name], pictures=False)
    return SlipsReport(
        str(workset.slips), len(slips), count_pages(data), without_step, without_student, written=not dry_run
    )


def _find_slips(
    workset: WorkSet, rows: RecordRows, *, everyone: bool
) -> tuple[list[Slip], tuple[str, ...], tuple[str, ...]]:
    """The slips by student, the aliases without a step, and those without a student."""
    refuse_lost_key(workset)
    students = {entry.alias: entry.student for entry in read_sealed_key(workset)}
    if not students:
        raise StepMissingError(
            f"{workset.root} has no key, so no name can be put back. Slips need the key that `mssw prepare` made."
        )
    steps: dict[str, list[str]] = {alias: [] for alias in released_responses(workset)}
    for step in rows.steps:
        for alias in responses_for_step(rows, step) if step.chosen == YES else ():
            if alias in steps:
                steps[alias].append(step.words or step.step)
    printed = {alias: tuple(chosen) for alias, chosen in steps.items() if chosen or everyone}
    slips = [Slip(alias, students[alias], chosen) for alias, chosen in printed.items() if students.get(alias)]
    return (
        sorted(slips, key=lambda one: (one.student.casefold(), one.alias)),
        tuple(alias for alias, chosen in steps.items() if not chosen),
        tuple(alias for alias, chosen in printed.items() if chosen and not students.get(alias)),
    )


def _check_words(workset: WorkSet, rows: RecordRows) -> None:
    """Make sure that no words for a student show where she was sorted.

    Raises:
        FindingsError: they do; the message names the row.
    """
    piles = [pile.name for name in list_sorts(workset) for pile in read_sorting(workset, name).piles]
    shown = [
        label
        for label, _, row in labelled_rows(rows)
        if isinstance(row, NextTeaching) and row.chosen == YES and shows_sorting(row.words or row.step, piles)
    ]
    if shown:
        raise FindingsError(
            f"{', '.join(shown)} would show a student a pile or a level. Write “Words for the student” for it "
            f"without them: `mssw record {workset.typed} --sheet`."
        )


def shows_sorting(words: str, piles: Sequence[str]) -> bool:
    """Whether words for a student name a pile, or a level.

    >>> shows_sorting("Show the low group a model", ()), shows_sorting("Turn the heat down low", ())
    (True, False)
    """
    plain = " ".join(words.casefold().split())
    named = (" ".join(pile.casefold().split()) for pile in piles)
    return bool(_LEVEL.search(words)) or any(len(pile) >= _SHORTEST_PILE and _holds(plain, pile) for pile in named)


def _holds(plain: str, pile: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(pile)}(?!\w)", plain) is not None
