"""The children of the fictional class: who thinks what, who writes how, and who forgets its name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from mssw.fiction.answers import QUESTIONS, Level, make_speller, ways_of_thinking
from mssw.fiction.dice import one_of
from mssw.fiction.hand import make_hands
from mssw.fiction.ink import choose_pen

if TYPE_CHECKING:
    from mssw.fiction.answers import Thinking
    from mssw.fiction.hand import Hand
    from mssw.fiction.ink import Pen
    from mssw.fiction.people import Person

#: In an answer, the place of the classmate's first name.
CLASSMATE = "{classmate}"

_DATES = ("10/14", "Oct 14", "October 14", "10/14", "Oct. 14th", "10-14")
_WHOLE_NAME, _FIRST_AND_INITIAL = 0.74, 0.87


@dataclass(frozen=True, slots=True)
class Child:
    """One student at work.

    Attributes:
        person: who it is.
        thinking: how it thinks about air.
        hand: how it writes.
        pen: what it writes with.
        name: what it writes into the name field; empty where it forgets to.
        date: what it writes into the date field.
        answers: its answers by question, with its own spelling.
        classmate: whom it names in an answer.
        runs_out: whether its name does not fit the field.
    """

    person: Person = field(repr=False)
    thinking: Thinking
    hand: Hand
    pen: Pen
    name: str = field(repr=False)
    date: str
    answers: dict[str, str] = field(repr=False)
    classmate: Person | None = field(default=None, repr=False)
    runs_out: bool = False


def make_children(people: list[Person], seed: int) -> list[Child]:
    """One child for each person, in the order of the stack, which is not the roster's.

    One forgets its name, one has a name that runs out of the field, and one names a classmate in an answer.

    Args:
        people: the roster, six or more.
        seed: the same seed gives the same children.
    """
    rng = np.random.default_rng([seed, 3])
    hands = make_hands(len(people), rng)
    thoughts = _thoughts(len(people), rng)
    order = rng.permutation(len(people))
    turns: dict[str, int] = {}
    children = []
    for hand, thinking, index in zip(hands, thoughts, order, strict=True):
        turn = turns[thinking.name] = turns.get(thinking.name, -1) + 1
        children.append(_child(people[index], thinking, hand, turn, rng))
    return _with_faults(children, rng)


def _child(person: Person, thinking: Thinking, hand: Hand, turn: int, rng: np.random.Generator) -> Child:
    """One child; ``turn`` counts those who think alike, so that no two give the same answers."""
    speller = make_speller(thinking.level, rng)
    answers = {}
    for shift, question in enumerate(QUESTIONS):
        choice = thinking.answers[question]
        answers[question] = speller.write(choice[(turn + shift * (turn // len(choice))) % len(choice)], rng)
    how = rng.random()
    name = person.name
    if how > _FIRST_AND_INITIAL:
        name = person.first
    elif how > _WHOLE_NAME:
        name = f"{person.first} {person.last[0]}."
    return Child(person, thinking, hand, choose_pen(rng), name, one_of(rng, _DATES), answers)


def _thoughts(count: int, rng: np.random.Generator) -> list[Thinking]:
    """So many ways of thinking, all about as often, the medium ones first where it does not come out even."""
    ways = ways_of_thinking()
    rank = {Level.MEDIUM: 0, Level.LOW: 1, Level.HIGH: 2}
    ordered = sorted(ways, key=lambda way: rank[way.level])
    return [ordered[index % len(ordered)] for index in rng.permutation(count)]


def _with_faults(children: list[Child], rng: np.random.Generator) -> list[Child]:
    """Give three different children the three faults that lie with the child and not with the copier."""
    longest = max(range(len(children)), key=lambda index: len(children[index].person.name))
    others = [int(index) for index in rng.permutation(len(children)) if index != longest]
    nameless, teller, told = others[:3]
    children[longest] = replace(children[longest], name=children[longest].person.name, runs_out=True)
    children[nameless] = replace(children[nameless], name="")
    speller = make_speller(children[teller].thinking.level, rng)
    mention = speller.write(children[teller].thinking.mention, rng)
    children[teller] = replace(
        children[teller],
        answers={**children[teller].answers, "friend": mention},
        classmate=children[told].person,
    )
    return children
