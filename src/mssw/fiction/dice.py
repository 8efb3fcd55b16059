"""Chance, always from a generator that has a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np


def chance(rng: np.random.Generator, share: float) -> bool:
    """True in that share of all throws, 0 to 1."""
    return bool(rng.random() < share)


def one_of(rng: np.random.Generator, choices: Sequence[str]) -> str:
    """One of them, each as likely as the others."""
    return choices[int(rng.integers(len(choices)))]
