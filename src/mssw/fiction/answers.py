"""What the fictional children think, write and misspell. The words themselves stand in ``answers.toml``."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING, Any

from mssw.fiction.dice import chance, one_of

if TYPE_CHECKING:
    import numpy as np

#: The questions that are answered in writing, in the order of the task.
QUESTIONS = ("why", "where", "friend", "test", "matter")

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_STRUCK = 0.16
_LABELS = (
    "before after air empty nothing wind hard light pressure particles pushes out goes up bump power force "
    "close together full in"
)


class Level(StrEnum):
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
        drawing: what it draws; see ``drawing.py``.
        answers: three answers to each question.
        mention: an answer to ``friend`` with a place for a ``{classmate}``.
    """

    name: str
    level: Level
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
            level=Level(entry["level"]),
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
    """Every word that can stand in a work, in lower case, misspelt ones too."""
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


def make_speller(level: Level, rng: np.random.Generator) -> Speller:
    """A child's spelling. Good thinkers spell badly too, only a little less often."""
    rate = {Level.HIGH: 0.3, Level.MEDIUM: 0.45, Level.LOW: 0.55}[level] * rng.uniform(0.1, 1.4)
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
    return tomllib.loads(resources.files("mssw.fiction").joinpath("answers.toml").read_text(encoding="utf-8"))
