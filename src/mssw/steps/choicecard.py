"""The presenter's card: which samples were chosen and why, on one page that stays in ``private/``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mssw.model.selection import LEVELS, Candidate
from mssw.printing.typeset import typeset
from mssw.steps.choicereport import ChoiceReport

NUMBERS = {1: "this one", 9: "these nine", 10: "these ten", 11: "these eleven", 12: "these twelve"}


def choice_card(
    title: str, report: ChoiceReport, works: Sequence[Candidate], paper: str, folder: Path | None = None
) -> bytes:
    """The card as PDF.

    Args:
        title: of the set.
        report: what was chosen and what was not.
        works: all works that could have been chosen, for the counts.
        paper: ``letter`` or ``a4``.
        folder: of the school's own templates; None where there is none.
    """
    samples = report.samples
    levels = [str(level) for level in LEVELS]
    if any(not work.level for work in works):
        levels.append("")
    piles = list(dict.fromkeys(work.pile for work in works))
    counts = Counter((work.pile, str(work.level or "")) for work in works)
    rows = [
        {
            "pile": pile or "in no pile",
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
        "heading": f"Why {NUMBERS.get(len(samples), f'these {len(samples)}')}",
        "title": title,
        "levels": [level or "no level" for level in levels],
        "rows": rows,
        "samples": [
            {"alias": one.id, "reason": one.sample.reason, "lately": one.lately}
            for one in sorted(samples, key=lambda one: one.id)
        ],
        "others": [{"alias": one.id, "nearest": one.nearest} for one in report.left_out],
    }
    return typeset("choice", values, paper=paper, folder=folder)
