"""Worker processes with limits: what a stranger's file does to one of them ends one page, not the run."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import re
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as TooLong
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from mssw.errors import MsswError, UnreadableError
from mssw.files import spawning

MEMORY = 2 * 1024**3  # bytes that one worker may map; it uses a third of it, most of it for reading
PAGE_SECONDS = 20.0  # a page takes half a second, a hard one three
FILE_SECONDS = 45.0
RECYCLED_AFTER = 200  # pages: what a library leaks goes with its worker
TRIES = 3  # pools, where a worker dies before it has taken up its job

Job = TypeVar("Job")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_THREAD_LIMIT")


class WorkerLostError(UnreadableError):
    """The worker took too long, or died of what it was given."""


def cores() -> int:
    """How many processes to run at a time."""
    with suppress(AttributeError):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def _limit(memory: int) -> None:
    """Run in a new worker: one thread, bounded memory, ^C left to the parent, and no life after the parent's."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    for name in _THREADS:
        os.environ[name] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limits, macOS not all of them
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no crash dump with a child's name in it
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    import cv2  # noqa: PLC0415

    cv2.setNumThreads(1)


def _end_with_parent() -> None:
    """Wait for the parent to die, however it does, and die too: nobody else would write into the set."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _pool(workers: int, memory: int) -> Iterator[Any]:
    """A pool that is waited for when all is well, and ended at once when not."""
    pool: Any = ProcessPool(
        max_workers=workers,
        max_tasks=RECYCLED_AFTER,
        initializer=_limit,
        initargs=(memory,),
        context=spawning.context(),
    )
    try:
        with _interrupts_waiting():
            # started here, so that its threads and their children inherit the block, and the parent alone answers ^C
            _ = pool.active
        yield pool
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.join()


@contextmanager
def _interrupts_waiting() -> Iterator[None]:
    """Hold ^C back for a moment, where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def run_alone(work: Callable[..., Any], *args: Any, seconds: float = FILE_SECONDS, memory: int = MEMORY) -> Any:
    """Call a function in a worker of its own and wait for it.

    Raises:
        MsswError: what the function raised, or a WorkerLostError where it took too long or died; that names the file
            among the arguments.
    """
    file = next((arg.name for arg in args if isinstance(arg, Path)), "")
    with _pool(1, memory) as pool:
        return _result(pool.schedule(work, args=args, timeout=seconds), file or "the file")


def run_all(
    work: Callable[[Job], Any],
    jobs: Iterable[Job],
    *,
    workers: int | None = None,
    seconds: float = PAGE_SECONDS,
    named: Callable[[Job], str] = lambda _: "it",
) -> Iterator[tuple[Job, Any]]:
    """Call a function for each job, several at a time, and give each job with its result as it is done.

    A job that fails gives its MsswError as the result: one bad page does not end the others.

    Args:
        work: what to do, importable by a worker.
        jobs: what to do it with.
        workers: processes at a time; None for the number of cores.
        seconds: that one job may take.
        named: what a job is about, for the sentence that says that its worker was lost.
    """
    waiting = list(jobs)
    for tries_left in reversed(range(TRIES)):
        if not waiting:
            return
        again: list[Job] = []
        with _pool(min(workers or cores(), len(waiting)), MEMORY) as pool:
            futures = {pool.schedule(work, args=(job,), timeout=seconds): job for job in waiting}
            for future in as_completed(futures):
                job = futures[future]
                if tries_left and isinstance(future.exception(), BrokenProcessPool):
                    again.append(job)
                    continue
                try:
                    result = _result(future, named(job))
                except MsswError as error:
                    result = error
                yield job, result
        waiting = again


def _result(future: Any, about: str) -> Any:
    try:
        return future.result()
    except MsswError:
        raise
    except TooLong:
        raise WorkerLostError(f"{about} took too long to read; scan it again at 300 dpi or less.") from None
    except (ProcessExpired, BrokenProcessPool, MemoryError):
        raise WorkerLostError(
            f"{about} cannot be read: it is damaged, or needs more memory than a scan does; "
            "scan it again at 300 dpi or less."
        ) from None
    except Exception as error:  # noqa: BLE001 - a page that we stumble over is held; it does not end the others
        raise UnreadableError(
            f"mssw stumbled over {about} ({type(error).__name__} at {_place(error)}): please report this."
        ) from None


def _place(error: BaseException) -> str:
    """Where in our code a worker failed, from its traceback, which travels as text. Values may name somebody."""
    found: list[tuple[str, str]] = re.findall(r'mssw[/\\](?:\w+[/\\])*(\w+\.py)", line (\d+)', str(error.__cause__))
    return ":".join(found[-1]) if found else "an unknown place"
