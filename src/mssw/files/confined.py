"""What a worker process may do: use one thread and so much memory, and live no longer than who started it."""

from __future__ import annotations

import multiprocessing.connection
import os
import signal
import threading
from contextlib import suppress

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_THREAD_LIMIT")


def confine(memory: int) -> None:
    """Run in a new worker: one thread, bounded memory, ^C left to the parent, and no life after the parent's.

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
    """Pages run side by side by process: more threads in each would only be in each other's way."""
    for name in _THREADS:
        os.environ[name] = "1"
    import cv2  # noqa: PLC0415

    cv2.setNumThreads(1)


def _end_with_parent() -> None:
    """Wait for the parent to die, however it does, and die too: nobody else would write into the set."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
