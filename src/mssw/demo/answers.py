"""What the fictional children think, write and misspell, and the introduction that their teacher wrote.

The children's words are in ``answers.toml``. All chance comes from a generator with a seed.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING, Any

from mssw.intro.questions import Introduction

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

#: The questions that are answered in writing, in the order of the task.
QUESTIONS = ("why", "where", "friend", "test", "matter")

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_STRUCK = 0.16
_LABELS = (
    "before after air empty nothing wind hard light pressure particles pushes out goes up bump power force "
    "close together full in"
)


def chance(rng: np.random.Generator, share: float) -> bool:
    """True in that share of all throws, 0 to 1."""
    return bool(rng.random() < share)


def one_of(rng: np.random.Generator, choices: Sequence[str]) -> str:
    """One of them, each as likely as the others."""
    return choices[int(rng.integers(len(choices)))]


class AnswerLevel(StrEnum):
    """How much a child has understood. Known of the fictional class alone."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Thinking:
    """One way of thinking about air.

    Attributes:
        name: what a teacher might call it.
        level: how much it has understood.
        scale: what it circles on page 1: ``A``, ``B`` or ``level``.
        matter: what it circles on page 2: ``yes``, ``no`` or ``unsure``.
        drawing: what it draws; see ``demo.drawing``.
        answers: three answers to each question.
        mention: an answer to ``friend`` with a place for a ``{classmate}``.
    """

    name: str
    level: AnswerLevel
    scale: str
    matter: str
    drawing: str
    answers: dict[str, tuple[str, ...]]
    mention: str


@functools.cache
def ways_of_thinking() -> tuple[Thinking, ...]:
    """All nine ways of thinking, high before low."""
    return tuple(
        Thinking(
            name=entry["name"],
            level=AnswerLevel(entry["level"]),
            scale=entry["circles_scale"],
            matter=entry["circles_matter"],
            drawing=entry["drawing"],
            answers={question: tuple(entry[question]) for question in QUESTIONS},
            mention=entry["mention"][0],
        )
        for entry in _data()["thinking"]
    )


@functools.cache
def written_words() -> frozenset[str]:
    """Every word that a child can write, in lower case, misspelt ones too."""
    texts = [_LABELS, *(slip for slips in _data()["slips"].values() for slip in slips)]
    for thinking in ways_of_thinking():
        texts += [
            thinking.mention.replace("{classmate}", ""),
            *(a for q in QUESTIONS for a in thinking.answers[q]),
        ]
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


@dataclass(frozen=True, slots=True)
class Speller:
    """One child's spelling: the words that it gets wrong, always the same way.

    Attributes:
        slips: right word to wrong word, in lower case.
        capitals: whether sentences begin with a capital and end with a full stop.
    """

    slips: dict[str, str]
    capitals: bool

    def write(self, text: str, rng: np.random.Generator) -> str:
        """The text as this child writes it. A word between tildes is one that it struck out again."""
        struck = False

        def spell(match: re.Match[str]) -> str:
            nonlocal struck
            word = match[0]
            slip = self.slips.get(word.casefold())
            if slip is None:
                return word
            wrong = slip.capitalize() if word[0].isupper() else slip
            if not struck and " " not in wrong and chance(rng, _STRUCK):
                struck = True  # one correction an answer is enough
                return f"~{wrong}~ {word}"
            return wrong

        text = _WORD.sub(spell, text)
        return text if self.capitals else _careless(text)


def make_speller(level: AnswerLevel, rng: np.random.Generator) -> Speller:
    """A child's spelling. Good thinkers spell badly too, only a little less often."""
    rate = {AnswerLevel.HIGH: 0.3, AnswerLevel.MEDIUM: 0.45, AnswerLevel.LOW: 0.55}[level] * rng.uniform(0.1, 1.4)
    slips = {word: one_of(rng, wrongs) for word, wrongs in sorted(_data()["slips"].items()) if chance(rng, rate)}
    return Speller(slips, capitals=chance(rng, 0.7))


def _careless(text: str) -> str:
    """With small letters after full stops, and without the last one. Names keep their capital, as I does."""
    text = re.sub(r"(?<=[.?!] )([A-Z])(?=[a-z])", lambda match: match[0].lower(), text)
    return text.rstrip(".")


@functools.cache
def names_that_are_words() -> frozenset[str]:
    """Names that a reader could take for a word, in lower case; nobody in a fictional class has one."""
    return frozenset(_data()["not_names"].split())


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("mssw.demo").joinpath("answers.toml").read_text(encoding="utf-8"))


_TASK = """\
Massive Air: does a ball weigh more when it is pumped up? We chose it because every student can say and
draw something about air, and what they say shows what they take it to be."""

_DIRECTIONS = """\
Students read the task by themselves and wrote for 25 minutes. They were told that drawings and words
count alike, that spelling does not matter, and that they should write what they think, not what they
believe we want to read. They were asked to finish page 1 before they turned it over."""

_BEFORE = """\
They had weighed solids and liquids, and sorted things into what is matter and what is not. Gases had
been mentioned as the third state, but nothing had been done with them."""

_AIM = """\
That air is matter: it has mass and takes up space although we cannot see it. We hoped that some would
think of air as particles, closer together in the hard ball."""


def introduction() -> Introduction:
    """All four questions answered, and the small facts."""
    return Introduction(
        answers=(_TASK, _DIRECTIONS, _BEFORE, _AIM),
        facts=(
            "before the unit on gases",
            "each student alone",
            "pencil, pens, crayons",
            "books, notes, tablets",
        ),
    )


def made_up() -> Introduction:
    """The same for a set that is printed for a session: it says that no child wrote the work."""
    usual = introduction()
    made_up = (
        "No student wrote these answers. The class is made up, for a session when nobody could bring student work."
    )
    first = f"{made_up}\n\n{_TASK}"
    return replace(
        usual,
        answers=(first, *usual.answers[1:]),
        objectives=("Air is matter: it takes up space and has mass, though nobody sees it.",),
        focus=("What does each of them take air to be?",),
    )
