"""New processes that leave the caller's own script alone.

A spawned process first runs the main script again, in case what it is to do stands there. What mssw does in a worker
never does. Without this, a teacher's script of two lines would be run once more by every worker.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_lock = threading.Lock()


class _Process(multiprocessing.context.SpawnProcess):
    """A process that knows of no main script."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - multiprocessing's own name for it
        with _no_main_script():
            return multiprocessing.context.SpawnProcess._Popen(process_obj)  # noqa: SLF001


class _Context(multiprocessing.context.SpawnContext):
    Process = _Process


def spawn_context() -> multiprocessing.context.SpawnContext:
    """How workers are started: anew, on every system, without the caller's script."""
    return _Context()


@contextmanager
def _no_main_script() -> Iterator[None]:
    """For the moment in which a process is started, hide where the main script stands."""
    main = sys.modules["__main__"]
    with _lock:
        kept: dict[str, Any] = {name: main.__dict__[name] for name in ("__spec__", "__file__") if name in main.__dict__}
        main.__spec__ = None
        main.__dict__.pop("__file__", None)
        try:
            yield
        finally:
            main.__dict__.update(kept)
