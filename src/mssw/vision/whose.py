"""Whose name stands in a field: what each student of the roster would cost as the one who wrote it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mssw.model.spelling import Spelling
from mssw.vision.recogniser import BLANK, Reading
from mssw.vision.spotting import Names, Spot, spots

UNEXPLAINED = 1.2  # cost of a letter of the field that is no part of the name
MOST = 2.6  # cost a letter over which a spelling explains nothing


def costs_of_students(
    readings: Sequence[Reading], names: Names, spellings: Sequence[Spelling], students: int
) -> tuple[float, ...]:
    """The cost of each student, a letter: 0 where the field says that name and nothing else.

    Args:
        readings: the lines that stand in the page's name fields.
        names: the spellings, ready to be looked for.
        spellings: what they are, in the same order.
        students: how many the roster has.

    Returns:
        One cost for each student in the roster's order; infinite where nothing can be read.
    """
    letters = sum(_letters(reading) for reading in readings)
    if not letters:
        return (math.inf,) * students
    found: dict[int, list[tuple[int, Spot]]] = {}
    for line, reading in enumerate(readings):
        for spot in spots(reading, names, MOST):
            for student in spellings[spot.name].students:
                found.setdefault(student, []).append((line, spot))
    nothing = UNEXPLAINED + MOST / 2
    costs = np.full(students, nothing)
    for student, hits in found.items():
        costs[student] = min(nothing, _cost(hits, spellings, letters))
    return tuple(round(float(cost), 3) for cost in costs)


def _letters(reading: Reading) -> int:
    """How many letters the recogniser saw on a line."""
    best = reading.letters.argmax(axis=1)
    return int(np.sum((best < BLANK) & (np.diff(best, prepend=-1) != 0)))


def _cost(hits: Sequence[tuple[int, Spot]], spellings: Sequence[Spelling], letters: int) -> float:
    """The best that a student's spellings, no two of them in one place, explain of the letters."""

    def gain(hit: tuple[int, Spot]) -> float:
        spot = hit[1]
        return (UNEXPLAINED - spot.cost) * len(spellings[spot.name].letters)

    chosen: list[tuple[int, Spot]] = []
    for line, spot in sorted(hits, key=gain, reverse=True):
        apart = all(line != other or spot.last < s.first or spot.first > s.last for other, s in chosen)
        if apart and gain((line, spot)) > 0:
            chosen.append((line, spot))
    explained = sum(len(spellings[spot.name].letters) for _, spot in chosen)
    if not explained:
        return math.inf
    cost = sum(spot.cost * len(spellings[spot.name].letters) for _, spot in chosen)
    return (cost + UNEXPLAINED * max(0, letters - explained)) / max(letters, explained)
