"""Pictures for the screen, made once each and kept in memory up to a budget; the least lately shown goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

BUDGET = 192 * 1024**2  # bytes: some 600 pages as WebP at reading size


class PictureStore:
    """A small memory of encoded pictures. Any thread may ask."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._kept: OrderedDict[Hashable, tuple[bytes, str]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], tuple[bytes, str]]) -> tuple[bytes, str]:
        """The picture of that key with its media type, made where it is not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._size += len(made[0])
            while self._size > self._budget and len(self._kept) > 1:
                _, (data, _) = self._kept.popitem(last=False)
                self._size -= len(data)
        return made
