"""Worker processes and their limits: one thread, so much memory, and no longer life than the process that started them.

A process that Python spawns first runs the caller's main script again, in case the function to call is defined there.
Ours never are. So our workers do not see the main script: else every worker would run a teacher's script once more.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import multiprocessing.context
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_THREAD_LIMIT")

_lock = threading.Lock()


def confine(memory: int) -> None:
    """Set the limits of a new worker: one thread, bounded memory, ^C left to the parent, and an end with the parent.

    Args:
        memory: bytes that it may map, where the system can tell.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()
    one_thread()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limits, macOS not all of them
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no crash dump with a child's name in it
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def one_thread() -> None:
    """Use one thread: pages run side by side in processes, and more threads in each would only slow each other down."""
    for name in _THREADS:
        os.environ[name] = "1"
    import cv2  # noqa: PLC0415

    cv2.setNumThreads(1)


def _end_with_parent() -> None:
    """Wait for the parent to end, however it does, and end too: a worker alone must not write into the set."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


class _Process(multiprocessing.context.SpawnProcess):
    """A process that does not see the main script."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - multiprocessing's own name for it
        with _no_main_script():
            return multiprocessing.context.SpawnProcess._Popen(process_obj)  # noqa: SLF001


class _Context(multiprocessing.context.SpawnContext):
    Process = _Process


def spawn_context() -> multiprocessing.context.SpawnContext:
    """How workers are started: as new processes, on every system, without the caller's script."""
    return _Context()


@contextmanager
def _no_main_script() -> Iterator[None]:
    """Hide where the main script is, for the moment in which a process is started."""
    main = sys.modules["__main__"]
    with _lock:
        kept: dict[str, Any] = {name: main.__dict__[name] for name in ("__spec__", "__file__") if name in main.__dict__}
        main.__spec__ = None
        main.__dict__.pop("__file__", None)
        try:
            yield
        finally:
            main.__dict__.update(kept)
