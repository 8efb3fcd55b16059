"""A ready set for a session that nobody brought work to: made up, sorted, chosen, and ready to print.

No child wrote it, and no name was ever on it. So nobody has to look at its pages before they are printed; its manifest
says ``"fiction": true``, and its title and introduction say that it is made up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mssw.choosing.choose_samples import ChooseOptions, choose_samples
from mssw.core.page import Box, Fate, Mark, MarkKind, Page, Tone
from mssw.core.paper import PAPERS
from mssw.core.response import Response
from mssw.demo.filled_page import fill
from mssw.demo.people import Child
from mssw.demo.ready_tasks import SCIENCE, ReadyTask, find_ready_task
from mssw.demo.task import draw_task_pages
from mssw.errors import UsageError, WouldOverwriteError
from mssw.formats.images import private_image
from mssw.intro.questions import intro_text
from mssw.preparing.aliases import EASY, draw_aliases, names_to_draw
from mssw.preparing.blank_task import read_blank
from mssw.preparing.cover_responses import cover_responses
from mssw.preparing.grouping import Grouping
from mssw.preparing.inputs import Inputs
from mssw.preparing.prepare_options import PrepareOptions, Progress
from mssw.preparing.release import release_set
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Level, Pile, Placing, Sorting
from mssw.workers.crew import cores, with_crew
from mssw.workset.folder import WorkSet, make_folder, write_bytes
from mssw.workset.manifest import read_manifest, write_manifest
from mssw.workset.settings import Settings, read_settings, settings_text
from mssw.workset.state import Sighting

_SAYS = "mssw demo --set made this set up. No student wrote it.\n"
_TASK = "Task: "  # begins the line of the marker that says which task it is
_DPI = 200


@dataclass(frozen=True, slots=True)
class ReadySet:
    """What was made.

    Attributes:
        workset: the set's folder.
        works: how many responses there are.
        samples: the aliases that are chosen.
    """

    workset: Path
    works: int
    samples: tuple[str, ...]


def make_ready_set(
    root: Path, *, works: int | None, seed: int, paper: str, progress: Progress, task: str = SCIENCE
) -> ReadySet:
    """Make the set. The same choices give the same bytes; run again, it mends what is missing and keeps your words.

    Args:
        root: a new folder, or one in which this was begun.
        works: how many responses; None for as many as the task usually has.
        seed: another seed gives other responses and aliases.
        paper: ``letter`` or ``a4``.
        progress: called with each stage.
        task: ``science``, ``mathematics`` or ``english``.

    Raises:
        UsageError: there is no such task, or it does not have that many.
        WouldOverwriteError: the folder holds something else.
    """
    ready = find_ready_task(task)
    count = ready.usual if works is None else works
    if ready.most and count > ready.most:
        raise UsageError(f"the {task} set has at most {ready.most} responses; leave --students out, or give fewer.")
    if root.exists() and not (root.is_dir() and (not any(root.iterdir()) or WorkSet(root).made_up.is_file())):
        raise WouldOverwriteError(f"{root} already has other files in it; choose a new folder for the set.")
    workset = WorkSet.create(root)
    if (earlier := _task_of(workset)) not in {"", task}:
        raise WouldOverwriteError(f"{root} has the {earlier} set in it; choose a new folder for the {task} set.")
    write_bytes(workset.made_up, f"{_SAYS}{_TASK}{task}\n".encode(), private=True)
    with workset.locked():
        children = ready.make_students(count, seed)
        aliases = draw_aliases(count, (), seed=seed, names=names_to_draw(EASY))
        inputs = _inputs(workset, ready, seed, paper)
        sightings, done = _pages(workset, ready, children, aliases, seed, progress)
        grouping = Grouping(tuple(sightings), tuple(done))
        with with_crew(cores()):
            covered = cover_responses(inputs, done, grouping.by_id, PrepareOptions(), progress)
            release_set(inputs, grouping, done, covered)
        write_manifest(workset, read_manifest(workset).as_fiction())
        if not workset.sorts.is_dir():
            keep_sorting(workset, _sorting(ready, children, aliases))
    chosen = choose_samples([workset], ChooseOptions(ledger=False))
    return ReadySet(root, count, tuple(one.sample.alias for one in chosen.samples))


def _task_of(workset: WorkSet) -> str:
    """Which task a ready set was made of; empty where none was made. Sets of version 0.1.0 were all science."""
    marker = workset.made_up
    if not marker.is_file():
        return ""
    lines = marker.read_text(encoding="utf-8").splitlines()
    return next((line.removeprefix(_TASK) for line in lines if line.startswith(_TASK)), SCIENCE)


def _inputs(workset: WorkSet, ready: ReadyTask, seed: int, paper: str) -> Inputs:
    """The set's settings, introduction and blank task, as far as they are not there yet."""
    if not workset.settings.is_file():
        settings = Settings(title=f"{ready.title} (a made-up class)", grade=ready.grade, paper=paper, seed=seed)
        write_bytes(workset.settings, settings_text(settings).encode(), private=False)
    if not workset.intro.is_file():
        write_bytes(workset.intro, intro_text(ready.introduction).encode(), private=False)
    given = workset.task_given / "task.pdf"
    write_bytes(given, ready.make_pdf(paper), private=True)
    box = ready.name_field.box
    field = f"1:{box.x:.4f},{box.y:.4f},{box.w:.4f},{box.h:.4f}"
    task = read_blank(workset, given, (field,))
    return Inputs(workset, read_settings(workset.settings), task=task)


def _pages(
    workset: WorkSet,
    ready: ReadyTask,
    children: Sequence[Child],
    aliases: Sequence[str],
    seed: int,
    progress: Progress,
) -> tuple[list[Sighting], list[Response]]:
    """Every page as a child filled it in, kept as a registered page is kept; and the responses that they make."""
    make_folder(workset.pages, private=True)
    paper = read_settings(workset.settings).paper
    blanks = draw_task_pages(ready.make_pdf(paper), _DPI)
    sightings, works = [], []
    for index, (child, alias) in enumerate(zip(children, aliases, strict=True)):
        ids = []
        for page in range(1, ready.pages + 1):
            rng = np.random.default_rng([seed, 9, index, page])
            filled = fill(child, page, blanks[page - 1], _DPI, rng, ready.areas)
            grey = filled.image.mean(axis=2).round().astype(np.uint8)
            sighting = _sighting(grey, ready.name_field.box, ready.pages * index + page, page, paper)
            write_bytes(workset.pages / sighting.image, private_image(grey, Tone.GREY), private=True)
            sightings.append(sighting)
            ids.append(sighting.page.id)
            progress("scan", len(sightings), ready.pages * len(children))
        works.append(Response(tuple(ids), alias=alias))
    return sightings, works


def _sighting(
    grey: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], name: Box, number: int, page: int, paper: str
) -> Sighting:
    """What would have been seen on that page: the name field, covered as in any class, and no name."""
    covers = (Mark(name, MarkKind.FIELD, "teacher", 1.0),) if page == 1 else ()
    digest = hashlib.sha256(grey.tobytes()).hexdigest()
    known = Page(
        id=f"s01-p{number:04}",
        source="made up",
        number=number,
        size=(grey.shape[1], grey.shape[0]),
        dpi=float(_DPI),
        tone=Tone.GREY,
        sha256=digest,
        task_page=page,
        fate=Fate.KEPT,
    )
    return Sighting(known, digest, f"{known.id}.jpg", PAPERS[paper], 1.0, covers=covers, way=digest)


def _sorting(ready: ReadyTask, children: Sequence[Child], aliases: Sequence[str]) -> Sorting:
    """A finished sort: each way of thinking is a pile, and has its level."""
    piles = tuple(Pile(name) for name in dict.fromkeys(child.thinking.name for child in children))
    placed = {
        alias: Placing(child.thinking.name, Level(child.thinking.level.value))
        for child, alias in zip(children, aliases, strict=True)
    }
    return Sorting("", "; ".join(ready.introduction.objectives), piles, placed)
