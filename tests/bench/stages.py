"""CPU seconds a page of each stage of `mssw prepare`: its own functions in one process, a watch on each.

This is the one file of the bench that knows the package's inside; when a function moves, say so here.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mssw.files.workset import WorkSet
from mssw.model.mark import Mark
from mssw.model.page import Box, Tone
from mssw.steps import cover, find
from mssw.steps.blank import read_blank

if TYPE_CHECKING:
    from collections.abc import Callable

# module, function, stage
WATCHED = (
    (find, "read_page", "decode"),
    (find, "register", "register"),
    (find, "private_image", "keep the page (private)"),
    (cover, "read_image", "read it again"),
    (cover.painting, "cover", "cover"),
    (cover.painting, "sign", "cover"),
    (cover.painting, "label", "cover"),
    (cover, "encode", "write"),
    (cover, "image_pdf", "write"),
    (cover, "audit_file", "audit"),
    (cover, "audit_pages", "audit"),
)
FIND, RELEASE = "find the name", "thumbnails and the rest"


class Watch:
    """CPU seconds by stage; what happens inside a watched function counts for its stage alone."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(["decode", "register", FIND, "keep the page (private)"], 0.0)
        self._inner = [0.0]

    def timed(self, work: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """The same function, with a watch on it."""

        def run(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            self._inner.append(0.0)
            try:
                return work(*args, **options)
            finally:
                whole = time.process_time() - start
                self.seconds[stage] = self.seconds.get(stage, 0.0) + whole - self._inner.pop()
                self._inner[-1] += whole

        return run


def stage_seconds(made: Path, work_set: Path) -> dict[str, float]:
    """CPU seconds a page by stage, over the pages of one prepared set.

    Args:
        made: the class.
        work_set: what `mssw prepare` made of it.
    """
    watch = Watch()
    before = [(module, name, getattr(module, name)) for module, name, _ in WATCHED]
    for module, name, stage in WATCHED:
        setattr(module, name, watch.timed(getattr(module, name), stage))
    try:
        with tempfile.TemporaryDirectory() as folder:
            task = read_blank(WorkSet.open(work_set), work_set / "private" / "task" / "task.pdf", ())
            found = _find(watch, made / "stack.pdf", task, Path(folder), _state(work_set))
            released = _release(watch, made, work_set, task, Path(folder))
    finally:
        for module, name, function in before:
            setattr(module, name, function)
    early = {"decode", "register", FIND, "keep the page (private)"}
    return {stage: value / (found if stage in early else released) for stage, value in watch.seconds.items()}


def _state(work_set: Path) -> dict[str, Any]:
    """What `prepare` noted of each page and work."""
    return json.loads((work_set / "private" / "state.json").read_text(encoding="utf-8"))


def _find(watch: Watch, stack: Path, task: Any, folder: Path, state: dict[str, Any]) -> int:
    """Looks at every page; the number of pages."""
    look = watch.timed(find.find_names, FIND)
    for page in state["pages"]:
        job = (page["id"], stack, page["number"], folder, task.folder, task.recipe, task.sizes, task.fields, "bench")
        look(find.FindJob(*job))
    return len(state["pages"])


def _release(watch: Watch, made: Path, work_set: Path, task: Any, folder: Path) -> int:
    """Covers and writes every released work; the number of their pages."""
    state = _state(work_set)
    write = watch.timed(cover.write_work, RELEASE)
    tone = Tone(json.loads((made / "truth.json").read_text(encoding="utf-8"))["tone"])
    pages = {page["id"]: page for page in state["pages"]}
    count = 0
    for work in state["works"]:
        if work["held"]:
            continue
        todo = []
        for page in (pages[name] for name in work["pages"]):
            image = work_set / "private" / "pages" / page["image"]
            covers = [Mark.drawn(Box(*one["box"])) for one in page["covers"]]
            signed = next((one.box for one in covers if one.kind == "name field"), None)
            todo.append(cover.PageToCover(image, task.sizes[page["task_page"] - 1], tone, covers, signed))
        target = folder / f"{work['alias']}.pdf"
        write(cover.CoverJob(work["alias"], todo, target, target.with_suffix(".json"), (), "bench"))
        count += len(todo)
    return count
