"""The order in which works are shown for sorting: drawn by chance once, and the same ever after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def shuffled(aliases: Iterable[str], seed: str) -> tuple[str, ...]:
    """The aliases in an order that their names say nothing about.

    Each has a place of its own by the seed, so a work that comes later or goes leaves the others' order as it is.

    Args:
        aliases: in any order.
        seed: kept in ``private/``; another one gives another order.
    """

    def place(alias: str) -> str:
        return hashlib.sha256(f"{seed}\n{alias}".encode()).hexdigest()

    return tuple(sorted(set(aliases), key=lambda alias: (place(alias), alias)))
