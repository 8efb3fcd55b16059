"""Worker processes with limits: what a stranger's file does to one of them ends one page, not the run."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as TooLong
from concurrent.futures import as_completed
from contextlib import suppress
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from mssw.errors import MsswError, UnreadableError

MEMORY = 1024**3  # bytes that one worker may hold
PAGE_SECONDS = 45.0
FILE_SECONDS = 60.0
RECYCLED_AFTER = 200  # pages: what a library leaks goes with its worker

Job = TypeVar("Job")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_THREAD_LIMIT")


def cores() -> int:
    """How many processes to run at a time."""
    with suppress(AttributeError):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def _limit(memory: int) -> None:
    """Run in a new worker: one thread, bounded memory, and ^C left to the parent."""
    for name in _THREADS:
        os.environ[name] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limits, macOS not all of them
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no crash dump with a child's name in it
    import cv2  # noqa: PLC0415

    cv2.setNumThreads(1)


def _pool(workers: int, memory: int) -> Any:
    return ProcessPool(
        max_workers=workers,
        max_tasks=RECYCLED_AFTER,
        initializer=_limit,
        initargs=(memory,),
        context=multiprocessing.get_context("spawn"),
    )


def run_alone(work: Callable[..., Any], *args: Any, seconds: float = FILE_SECONDS, memory: int = MEMORY) -> Any:
    """Call a function in a worker of its own and wait for it.

    Raises:
        MsswError: what the function raised, or an UnreadableError where it took too long or died.
    """
    with _pool(1, memory) as pool:
        future = pool.schedule(work, args=args, timeout=seconds)
        return _result(future)


def run_all(
    work: Callable[[Job], Any],
    jobs: Iterable[Job],
    *,
    workers: int | None = None,
    seconds: float = PAGE_SECONDS,
) -> Iterator[tuple[Job, Any]]:
    """Call a function for each job, several at a time, and give each job with its result as it is done.

    A job that fails gives its MsswError as the result: one bad page does not end the others.
    """
    waiting = list(jobs)
    if not waiting:
        return
    with _pool(min(workers or cores(), len(waiting)), MEMORY) as pool:
        futures = {pool.schedule(work, args=(job,), timeout=seconds): job for job in waiting}
        try:
            for future in as_completed(futures):
                try:
                    yield futures[future], _result(future)
                except MsswError as error:
                    yield futures[future], error
        except BaseException:
            pool.stop()
            raise


def _result(future: Any) -> Any:
    try:
        return future.result()
    except TooLong:
        raise UnreadableError("it took too long to read; scan it again at 300 dpi or less") from None
    except (ProcessExpired, MemoryError):
        raise UnreadableError(
            "it needs more memory than a scanned page can; scan it again at 300 dpi or less"
        ) from None
