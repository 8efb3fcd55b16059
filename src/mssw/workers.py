"""A crew of worker processes with limits: a harmful file can only lose its own page, never the run.

``run_all`` calls a function for many jobs, ``run_alone`` for one. Both use the crew of the thread, if it has one. A
worker has one thread and limited memory, and ends with the process that started it.

A process that Python spawns first runs the caller's main script again, in case the function to call is defined there.
Ours never are. So our workers do not see the main script: else every worker would run a teacher's script once more.
"""

from __future__ import annotations

import math
import multiprocessing
import multiprocessing.connection
import multiprocessing.context
import os
import re
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as TooLong
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from mssw.errors import MsswError, UnreadableError

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


MEMORY = 2 * 1024**3  # bytes that one worker may map; it uses a third of it, most of it for reading
PAGE_SECONDS = 60.0  # of the processor; a page takes two or three
FILE_SECONDS = 45.0
PATIENCE = 10  # times as long by the clock on the wall: others use the processor too, and a network drive may be slow
_HAS_CLOCK = find_spec("resource") is not None  # Windows has none: there the clock on the wall counts alone
RECYCLED_AFTER = 100  # pages: memory that a library leaks goes with its worker
TRIES = 3  # pools, if a worker dies before it has begun its job

Job = TypeVar("Job")


class WorkerLostError(UnreadableError):
    """The worker took too long, or what it was given ended it."""


def cores() -> int:
    """Count the processor cores: so many processes to run at a time."""
    with suppress(AttributeError):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


class Crew:
    """Workers that stay for many jobs, for one caller or for several in threads of their own.

    Args:
        workers: processes at a time.
        memory: bytes that each may map.

    Attributes:
        stopped: whether it was stopped before all was done.
    """

    def __init__(self, workers: int, memory: int = MEMORY) -> None:
        self.size, self.memory = workers, memory
        self._lock = threading.RLock()
        self._given: set[Future[Any]] = set()
        self._beside: set[Crew] = set()
        self.stopped = False
        self._pool: Any = None  # until there is a job

    def _new(self) -> Any:
        pool: Any = ProcessPool(
            max_workers=self.size,
            max_tasks=RECYCLED_AFTER,
            initializer=confine,
            initargs=(self.memory,),
            context=spawn_context(),
        )
        with _hold_interrupts():
            # started here, so that its threads and their children inherit the block, and the parent alone answers ^C
            _ = pool.active
        return pool

    def give(self, work: Callable[..., Any], *args: Any, seconds: float) -> Future[Any]:
        """Put a job at the end of the queue; a pool that broke is replaced first.

        Raises:
            KeyboardInterrupt: the crew was stopped.
        """
        with self._lock:
            if self.stopped:
                raise KeyboardInterrupt
            if self._pool is None or not self._pool.active:
                if self._pool is not None:
                    self._pool.stop()
                    self._pool.join()
                self._pool = self._new()
            wall = seconds * PATIENCE if _HAS_CLOCK else seconds
            future: Future[Any] = self._pool.schedule(_within, args=(seconds, work, *args), timeout=wall)
            self._given.add(future)
        future.add_done_callback(self._given.discard)
        return future

    def each(
        self, work: Callable[[Job], Any], jobs: Iterable[Job], seconds: float, named: Callable[[Job], str]
    ) -> Iterator[tuple[Job, Any]]:
        """Do jobs as ``run_all`` does; those that are not done when the caller leaves are cancelled.

        Raises:
            KeyboardInterrupt: the crew was stopped.
        """
        waiting = list(jobs)
        for tries_left in reversed(range(TRIES)):
            again: list[Job] = []
            futures = {self.give(work, job, seconds=seconds): job for job in waiting}
            done: SimpleQueue[Future[Any]] = SimpleQueue()
            for future in futures:
                future.add_done_callback(done.put)  # cancelled ones too, for which as_completed would wait
            try:
                for _ in range(len(futures)):
                    future = done.get()
                    job = futures.pop(future)
                    if self.stopped:
                        raise KeyboardInterrupt
                    if tries_left and isinstance(future.exception(), BrokenProcessPool):
                        again.append(job)
                        continue
                    try:
                        result = _result(future, named(job))
                    except MsswError as error:
                        result = error
                    yield job, result
            finally:
                for future in futures:
                    future.cancel()
            waiting = again
            if not waiting:
                return

    @contextmanager
    def beside(self, memory: int) -> Iterator[Crew]:
        """Start one more worker, for a job that needs more memory; it is stopped with this crew."""
        with Crew(1, memory) as other:
            self._beside.add(other)
            try:
                if self.stopped:
                    raise KeyboardInterrupt
                yield other
            finally:
                self._beside.discard(other)

    def stop(self) -> None:
        """Stop all jobs; whoever waits for one gets a KeyboardInterrupt, as if ^C had been pressed."""
        with self._lock:
            self.stopped = True
        for other in list(self._beside):
            other.stop()
        for future in list(self._given):
            future.cancel()
        if self._pool is not None:
            self._pool.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Wait for the workers; after an error stop them at once."""
        if kind is not None or self.stopped:
            self.stop()
        elif self._pool is not None:
            self._pool.close()
        if self._pool is not None:
            self._pool.join()


_SHARED: ContextVar[Crew | None] = ContextVar("crew", default=None)


@contextmanager
def share_crew(crew: Crew) -> Iterator[None]:
    """Let ``run_all`` and ``run_alone`` in this thread give their jobs to that crew instead of starting their own."""
    before = _SHARED.set(crew)
    try:
        yield
    finally:
        _SHARED.reset(before)


@contextmanager
def with_crew(workers: int) -> Iterator[None]:
    """Use one crew for all jobs of this thread, started with the first of them, unless the thread has one already."""
    if _SHARED.get() is not None:
        yield
        return
    with Crew(workers) as crew, share_crew(crew):
        yield


def _within(seconds: float, work: Callable[..., Any], *args: Any) -> Any:
    """Call a function in a worker that may use so many seconds of the processor; one that wants more is ended."""
    if _HAS_CLOCK:
        import resource  # noqa: PLC0415 - Windows has none

        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        limit = math.ceil(time.process_time() + seconds)
        limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
        with suppress(ValueError, OSError):  # a system that bears no limit has the clock on the wall
            resource.setrlimit(resource.RLIMIT_CPU, (limit, most))
    return work(*args)


@contextmanager
def _hold_interrupts() -> Iterator[None]:
    """Hold ^C back for a moment, if the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def run_alone(work: Callable[..., Any], *args: Any, seconds: float = FILE_SECONDS, memory: int = MEMORY) -> Any:
    """Call a function in a worker and wait for it.

    Raises:
        MsswError: what the function raised, or a WorkerLostError if it took too long or died; that names the file
            among the arguments.
    """
    file = next((arg.name for arg in args if isinstance(arg, Path)), "")
    crew = _SHARED.get()
    if crew is not None and crew.memory >= memory:
        return _result(crew.give(work, *args, seconds=seconds), file or "the file")
    with crew.beside(memory) if crew else Crew(1, memory) as own:
        return _result(own.give(work, *args, seconds=seconds), file or "the file")


def run_all(
    work: Callable[[Job], Any],
    jobs: Iterable[Job],
    *,
    workers: int | None = None,
    seconds: float = PAGE_SECONDS,
    named: Callable[[Job], str] = lambda _: "it",
) -> Iterator[tuple[Job, Any]]:
    """Call a function for each job, several at a time, and yield each job with its result as it is done.

    The result of a job that fails is its MsswError: one bad page does not end the others.

    Args:
        work: what to do, importable by a worker.
        jobs: what to do it with.
        workers: processes at a time; None for the number of cores.
        seconds: of the processor that one job may take.
        named: names a job in the sentence that says that its worker was lost.
    """
    waiting, crew = list(jobs), _SHARED.get()
    if not waiting:
        return
    if crew is not None:
        yield from crew.each(work, waiting, seconds, named)
        return
    with Crew(min(workers or cores(), len(waiting))) as own:
        yield from own.each(work, waiting, seconds, named)


def _result(future: Any, about: str) -> Any:
    try:
        return future.result()
    except MsswError:
        raise
    except CancelledError:  # only stopping the whole crew cancels a job
        raise KeyboardInterrupt from None
    except (TooLong, ProcessExpired, BrokenProcessPool, MemoryError) as error:
        raise WorkerLostError(f"{about} {_why_lost(error)}") from None
    except Exception as error:  # noqa: BLE001 - a page that we stumble over goes on hold; it does not end the others
        raise internal_error(error, about) from None


def _why_lost(error: BaseException) -> str:
    """What became of a job that was lost, and what to do."""
    if isinstance(error, TooLong) and _HAS_CLOCK:
        return "could not be read in time, because the computer was too busy or a drive did not answer; run this again."
    if isinstance(error, TooLong) or (_HAS_CLOCK and getattr(error, "exitcode", 0) == -signal.SIGXCPU):
        return "took too long to read; scan it again at 300 dpi or less."
    return "cannot be read: it is damaged, or needs more memory than a scan does; scan it again at 300 dpi or less."


def internal_error(error: BaseException, about: str) -> UnreadableError:
    """The error for a mistake in our own code: it says only where, since values in a traceback may name somebody."""
    text = "".join(traceback.format_exception(error))
    found: list[tuple[str, str]] = re.findall(r'mssw[/\\](?:\w+[/\\])*(\w+\.py)", line (\d+)', text)
    where = ":".join(found[-1]) if found else "an unknown place"
    return UnreadableError(f"mssw stumbled over {about} ({type(error).__name__} at {where}): please report this.")


def check_not_stopped() -> None:
    """Check that the crew of this thread was not stopped, for a caller that waits for something else.

    Raises:
        KeyboardInterrupt: it was stopped.
    """
    crew = _SHARED.get()
    if crew is not None and crew.stopped:
        raise KeyboardInterrupt
