"""A class without a blank task: is it enough of one to make its own, and was that done before?

What is kept is where to look, never what was seen: the pages themselves are made again when somebody needs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from mssw import __version__
from mssw.core.page import Box
from mssw.errors import UnreadableError
from mssw.steps.blank import ANALYSIS_DPI, READING_MEMORY, BlankTask
from mssw.steps.consensus import Made, SheetPlan, make_again, work_out
from mssw.steps.ingest import MOST_TASK_PAGES
from mssw.steps.prepared import Known, Progress
from mssw.vision.common_print import FEWEST
from mssw.vision.name_field import NameField
from mssw.workers.crew import WorkerLostError, run_alone
from mssw.workset.folder import read_json, write_json
from mssw.workset.settings import Settings
from mssw.workset.stack import Stack, StackPage, pages_of, reversed_backs
from mssw.workset.state import recipe_of

BASE_SECONDS, SECONDS_A_PAGE = 60.0, 8.0  # a page takes a third of a second; old machines are slow
KEPT = "blank.json"  # in private/
WORKED_OUT = (
    "no blank task was given, so what is printed was told from what all works have in common; give the blank copy with "
    "--task if names were not found where they stand"
)


def own_blank(known: Known, stack: Stack, progress: Progress) -> BlankTask | None:
    """The blank that a class makes itself; None where there are too few works, or their pages prove none.

    Args:
        known: the class; told in a note what came of it.
        stack: its scans.
        progress: told before and after.

    Raises:
        UsageError: a given field is not on the task.
    """
    each = known.settings.pages_per_student
    pages = pages_of(known.workset, stack)
    if stack.fronts_backs and stack.backs_reversed:
        pages = reversed_backs(pages)
    if each is None or each > MOST_TASK_PAGES or len(pages) < FEWEST * each:
        return None
    recipe = _recipe(stack, each, known.settings)
    path = known.workset.private / KEPT
    made = _read(path, recipe)
    if made is None:
        progress("blank", 0, 1)
        made = _work_out(pages, each, known.settings, in_order=_in_order(stack))
        write_json(path, _kept(made, recipe), private=True)
        progress("blank", 1, 1)
    if made.why:
        known.notes.append(
            f"no blank task was given, and the class's own pages do not tell what is printed: {made.why}; give the "
            "blank copy with --task"
        )
        return None
    known.notes.append(WORKED_OUT)
    sizes = tuple((width / ANALYSIS_DPI * 72, height / ANALYSIS_DPI * 72) for height, width in _shapes(made))
    return BlankTask(None, sizes, made.fields, (), recipe, partial(_sheets, pages, made))


def _shapes(made: Made) -> list[tuple[int, int]]:
    return [plan.shape for plan in made.plans]


def _in_order(stack: Stack) -> bool:
    """Whether the pages come as students handed them in: backs may have been fed either way."""
    return not stack.fronts_backs or stack.backs_reversed is not None


def _recipe(stack: Stack, each: int, settings: Settings) -> str:
    """A hash of all that the blank depends on."""
    files = [(file.name, file.sha256, file.pages) for file in stack.files]
    told = tuple(settings.fields), tuple(settings.labels)
    return recipe_of("own blank", __version__, files, stack.fronts_backs, stack.backs_reversed, each, told)


def _work_out(pages: Sequence[StackPage], each: int, settings: Settings, *, in_order: bool) -> Made:
    work = partial(work_out, in_order=in_order)
    try:
        made = run_alone(
            work, pages, each, settings.fields, settings.labels, seconds=_seconds(pages), memory=READING_MEMORY
        )
    except WorkerLostError:
        return Made("one of them cannot be read")
    return made if isinstance(made, Made) else Made("it could not be worked out")


def _sheets(pages: Sequence[StackPage], made: Made) -> tuple[bytes, ...]:
    """The blank's pages, as they were made just now or made again.

    Raises:
        UnreadableError: the scans cannot be read any more.
    """
    if made.sheets:
        return made.sheets
    again: tuple[bytes, ...] = run_alone(make_again, pages, made.plans, seconds=_seconds(pages), memory=READING_MEMORY)
    return again


def _seconds(pages: Sequence[StackPage]) -> float:
    return BASE_SECONDS + SECONDS_A_PAGE * min(len(pages), 100)


def _kept(made: Made, recipe: str) -> dict[str, Any]:
    """As it stands in ``private/blank.json``: no image."""
    return {
        "version": 1,
        "known": recipe,
        "why": made.why,
        "pages": [{"shape": plan.shape, "places": plan.places, "like": plan.like} for plan in made.plans],
        "fields": [asdict(field) for field in made.fields],
    }


def _read(path: Path, recipe: str) -> Made | None:
    """What an earlier run made of the same scans, but for the pages themselves."""
    if not path.is_file():
        return None
    try:
        value = read_json(path)
        if value["known"] != recipe:
            return None
        plans = tuple(
            SheetPlan(
                (int(page["shape"][0]), int(page["shape"][1])),
                tuple((int(index), tuple(float(x) for x in numbers)) for index, numbers in page["places"]),
                None if page["like"] is None else int(page["like"]),
            )
            for page in value["pages"]
        )
        fields = tuple(NameField(**(field | {"box": Box(**field["box"])})) for field in value["fields"])
        return Made(str(value["why"]), plans, fields)
    except (UnreadableError, KeyError, TypeError, ValueError, IndexError):
        return None
