"""CPU seconds a page of each stage of `mssw prepare`: its own functions in one process, a watch on each.

This is the one file of the bench that knows the package's inside; when a function moves, say so here.
"""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mssw.preparing import cover_responses as cover
from mssw.preparing import find_names as find
from mssw.preparing import kept_readings as reading
from mssw.preparing import release, run_prepare
from mssw.preparing.prepare_options import PrepareOptions
from mssw.vision.recogniser import Recogniser
from mssw.workers import one_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# where a function is looked up, its name, and its stage; what a stage does inside another counts for itself alone
WATCHED = (
    (find, "read_page", "decode"),
    (find, "register_scan", "register"),
    (reading, "find_written_lines", "find the lines"),
    (find, "read_lines", "keep what was read"),
    (find, "find_terms", "look for names"),
    (find, "private_image", "keep the page (private)"),
    (cover, "read_image", "read it again"),
    (cover.painting, "cover", "cover"),
    (cover.painting, "sign", "cover"),
    (cover.painting, "label", "cover"),
    (cover, "encode", "write"),
    (cover, "image_pdf", "write"),
    (cover, "audit_file", "audit"),
    (cover, "audit_pages", "audit"),
    (cover, "look_again", "second look, but for reading"),
    (run_prepare, "_group_stack", "group (in one process)"),
    (run_prepare, "give_aliases", "aliases (in one process)"),
    (run_prepare, "match_responses", "whose work (in one process)"),
    (release, "draw_contact_sheet", "contact sheet"),
)
FIND, RELEASE, READ, READ_AGAIN = "the rest of a page", "thumbnails and the rest", "read the lines", "read them again"


class Watch:
    """CPU seconds by stage; what happens inside a watched function counts for its stage alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.within = FIND
        self._inner = [0.0]

    def timed(self, work: Callable[..., Any], stage: str | Callable[[], str]) -> Callable[..., Any]:
        """The same function, with a watch on it."""

        def run(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            self._inner.append(0.0)
            try:
                return work(*args, **options)
            finally:
                whole = time.process_time() - start
                name = stage if isinstance(stage, str) else stage()
                self.seconds[name] = self.seconds.get(name, 0.0) + whole - self._inner.pop()
                self._inner[-1] += whole

        return run

    def run_pages(
        self, work: Callable[[Any], Any], jobs: Any, *, workers: int | None = None, seconds: float = 0.0
    ) -> Iterator[tuple[Any, Any]]:
        """Each job in this very process."""
        del workers, seconds
        self.within = FIND if work is find.find_names else RELEASE
        look = self.timed(work, self.within)
        for job in jobs:
            yield job, look(job)


def stage_seconds(made: Path) -> dict[str, float]:
    """CPU seconds a page by stage, over the pages of one class's stack, with one thread as in a worker.

    Args:
        made: the class.
    """
    one_thread()  # for the process that is started: here numpy is loaded, and its second thread waits at full speed
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_stage_seconds, made).result()


def _stage_seconds(made: Path) -> dict[str, float]:
    one_thread()
    watch = Watch()
    watched = [*WATCHED, (Recogniser, "_read", lambda: READ if watch.within == FIND else READ_AGAIN)]
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in watched]
    for owner, name, stage in watched:
        setattr(owner, name, watch.timed(getattr(owner, name), stage))
    watch.seconds.clear()
    try:
        with tempfile.TemporaryDirectory() as folder:
            options = PrepareOptions(
                [made / "stack.pdf"], made / "task.pdf", made / "roster.csv", seed=1, run_pages=watch.run_pages
            )
            done = run_prepare.prepare(Path(folder) / "set", options)
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)
    return {stage: seconds / done.counts["scanned"] for stage, seconds in watch.seconds.items()}
