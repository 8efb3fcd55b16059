"""Fronts and backs are told by their pens only where the pens clearly tell."""

from __future__ import annotations

import numpy as np

from mssw.vision.writing import Pen, pairs_fit


def pens(count: int, seed: int) -> list[Pen | None]:
    chance = np.random.default_rng(seed)
    return [
        (float(a), float(b), float(c))
        for a, b, c in zip(*(chance.uniform(0.5, 1, count) for _ in range(3)), strict=True)
    ]


def written_again(pens_: list[Pen | None], seed: int) -> list[Pen | None]:
    chance = np.random.default_rng(seed)
    return [None if pen is None else tuple(value + chance.normal(0, 0.05) for value in pen) for pen in pens_]  # type: ignore[misc]


def test_the_same_pens_in_order_fit_and_turned_round_do_not() -> None:
    fronts = pens(24, 1)
    backs = written_again(fronts, 2)
    assert pairs_fit(fronts, backs)
    assert not pairs_fit(fronts, backs[::-1])


def test_pens_of_other_people_do_not_fit() -> None:
    assert not pairs_fit(pens(24, 1), pens(24, 3))


def test_few_sheets_or_empty_backs_tell_nothing() -> None:
    fronts = pens(24, 1)
    assert not pairs_fit(fronts[:5], written_again(fronts[:5], 2))
    assert not pairs_fit(fronts, [None] * 24)
