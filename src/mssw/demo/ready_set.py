"""A ready set for a session that nobody brought work to: made up, sorted, chosen, and ready to print.

Its tasks are science for grade 5, which is the demo's own, mathematics for grade 3 and English for grade 8. The words
in ``ready_tasks.toml`` are all ours; from them come the printed page, the places to fill in, the fictional students and
their teacher's introduction.

No child wrote it, and no name was ever on it. So nobody has to look at its pages before they are printed; its manifest
says ``"fiction": true``, and its title and introduction say that it is made up.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from mssw.choosing.choose_samples import ChooseOptions, choose_samples
from mssw.core.page import Box, Fate, Mark, MarkKind, Page, Tone
from mssw.core.paper import PAPERS
from mssw.core.response import Response
from mssw.demo.answers import AnswerLevel, Thinking, made_up, make_speller
from mssw.demo.filled_page import fill
from mssw.demo.handwriting import choose_pen, make_hands
from mssw.demo.people import Child, make_children, make_roster
from mssw.demo.task import (
    GRADE,
    PAGES,
    PITCH,
    TITLE,
    Area,
    AreaKind,
    draw_task_pages,
    place_lines,
    task_areas,
    task_pdf,
)
from mssw.errors import UsageError, WouldOverwriteError
from mssw.formats.images import private_image
from mssw.intro.questions import Introduction, intro_text
from mssw.preparing.aliases import EASY, draw_aliases, names_to_draw
from mssw.preparing.blank_task import read_blank
from mssw.preparing.cover_responses import cover_responses
from mssw.preparing.grouping import Grouping
from mssw.preparing.inputs import Inputs
from mssw.preparing.prepare_options import PrepareOptions, Progress
from mssw.preparing.release import release_set
from mssw.printing.template_files import templates_folder
from mssw.printing.typeset import typeset
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Level, Pile, Placing, Sorting
from mssw.workers import cores, with_crew
from mssw.workset.folder import WorkSet, make_folder, write_bytes
from mssw.workset.manifest import read_manifest, write_manifest
from mssw.workset.settings import Settings, read_settings, settings_text
from mssw.workset.sightings import Sighting

SCIENCE, MATHEMATICS, ENGLISH = "science", "mathematics", "english"
NAMES = (SCIENCE, MATHEMATICS, ENGLISH)
_MADE_UP = "No student wrote these answers. The class is made up, for a session when nobody could bring student work."
_SPARE = 1  # a child of the science class that names a classmate is left out
_FIRST_PROMPT, _TO_LINES, _TO_NEXT = 188.0, 61.0 - 25.2, 18.0  # points on US Letter
_LINE = 25.2


@dataclass(frozen=True, slots=True)
class ReadyTask:
    """A task with the students who did it.

    Attributes:
        name: one of ``NAMES``.
        title: of the task and the set.
        subject: of the task.
        grade: as the set has it.
        pages: of the task.
        areas: the places to fill in, in reading order.
        usual: how many responses a set has unless asked otherwise.
        most: how many there can be with no answer twice; 0 where there is no limit.
        introduction: the teacher's.
        make_pdf: the blank task for a paper.
        make_students: so many students with that seed.
    """

    name: str
    title: str
    subject: str
    grade: str
    pages: int
    areas: tuple[Area, ...]
    usual: int
    most: int
    introduction: Introduction
    make_pdf: Callable[[str], bytes]
    make_students: Callable[[int, int], list[Child]]

    @property
    def name_field(self) -> Area:
        """Where a name goes."""
        return next(place for place in self.areas if place.kind is AreaKind.NAME)


def find_ready_task(name: str) -> ReadyTask:
    """The task of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in NAMES:
        raise UsageError(f"--task must be {', '.join(NAMES[:-1])} or {NAMES[-1]}, not {name}.")
    if name == SCIENCE:
        return ReadyTask(
            *(name, TITLE, "Science", GRADE, PAGES, task_areas(), 18, 0, made_up(), task_pdf, _make_science_class)
        )
    words = _read_words()[name]
    questions = words["question"]
    areas = _lay_out(questions)
    ways = tuple(_read_way(entry, [one["key"] for one in questions]) for entry in words["thinking"])
    return ReadyTask(
        name=name,
        title=words["title"],
        subject=words["subject"],
        grade=words["grade"],
        pages=1,
        areas=areas,
        usual=12,
        most=sum(len(next(iter(way.answers.values()))) for way in ways),
        introduction=_introduce(words),
        make_pdf=functools.partial(_typeset_task, name),
        make_students=functools.partial(_make_class, ways),
    )


def _make_science_class(count: int, seed: int) -> list[Child]:
    """So many who named no classmate."""
    made = make_children(make_roster(seed, count + _SPARE), seed)
    return [replace(child, name="", runs_out=False) for child in made if child.classmate is None][:count]


def _make_class(ways: Sequence[Thinking], count: int, seed: int) -> list[Child]:
    """So many students, each with answers of their own; every way of thinking comes once before one comes twice."""
    rng = np.random.default_rng([seed, 4])
    people, hands = make_roster(seed, count), make_hands(count, rng)
    turns = len(next(iter(ways[0].answers.values())))
    every = [(way, turn) for turn in range(turns) for way in ways][:count]
    children = []
    for place, hand, person in zip(rng.permutation(count), hands, people, strict=True):
        way, turn = every[int(place)]
        speller = make_speller(way.level, rng)
        answers = {question: speller.write(texts[turn], rng) for question, texts in way.answers.items()}
        children.append(Child(person, way, hand, choose_pen(rng), "", "", answers))
    return children


def _lay_out(questions: Sequence[Mapping[str, Any]]) -> tuple[Area, ...]:
    """The places on the page: the name, then ruled lines under each question."""
    areas = [place for place in task_areas() if place.page == 1 and place.kind is AreaKind.NAME]
    prompt = _FIRST_PROMPT
    for one in questions:
        areas.append(place_lines(1, one["key"], prompt, one["lines"]))
        prompt += _TO_LINES + _LINE * one["lines"] + _TO_NEXT
    return tuple(areas)


def _read_way(entry: Mapping[str, Any], questions: Sequence[str]) -> Thinking:
    answers = {question: tuple(entry[question]) for question in questions}
    return Thinking(entry["name"], AnswerLevel(entry["level"]), "", "", "", answers, "")


def _introduce(words: Mapping[str, Any]) -> Introduction:
    first = f"{_MADE_UP}\n\n{words['task']}"
    return Introduction(
        answers=(first, words["directions"], words["before"], words["aim"]),
        facts=tuple(words["facts"]),
        objectives=(words["objective"],),
        focus=(words["focus"],),
    )


def _typeset_task(name: str, paper: str) -> bytes:
    """The blank task as vector PDF with a text layer."""
    words = _read_words()[name]
    asks = {one["key"]: one["ask"] for one in words["question"]}
    areas = [
        {
            "kind": place.kind.value,
            "x": place.box.x,
            "y": place.box.y,
            "w": place.box.w,
            "h": place.box.h,
            "lines": place.lines,
            "prompt": place.prompt,
            "ask": asks.get(place.question, ""),
        }
        for place in _lay_out(words["question"])
    ]
    values = {key: words[key] for key in ("title", "subject", "grade", "story")} | {"areas": areas, "pitch": PITCH}
    return typeset("ruled-task", values, paper=paper, folder=templates_folder() / "fiction")


@functools.cache
def _read_words() -> dict[str, Any]:
    return tomllib.loads(resources.files("mssw.demo").joinpath("ready_tasks.toml").read_text(encoding="utf-8"))


# A set made of such a task

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
