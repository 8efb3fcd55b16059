"""The tasks that ready sets are made of: science for grade 5, mathematics for grade 3, English for grade 8.

In: the words in ``ready_tasks.toml``; the science task is the demo's own. Out: for each task the printed page, the
places to fill in, the fictional students and their teacher's introduction. All words are ours.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

import numpy as np

from mssw.demo.answers import AnswerLevel, Thinking, made_up, make_speller
from mssw.demo.handwriting import choose_pen, make_hands
from mssw.demo.people import Child, make_children, make_roster
from mssw.demo.task import GRADE, PAGES, PITCH, TITLE, Area, AreaKind, place_lines, task_areas, task_pdf
from mssw.errors import UsageError
from mssw.intro.questions import Introduction
from mssw.printing.template_files import templates_folder
from mssw.printing.typeset import typeset

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
