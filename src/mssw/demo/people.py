"""The people of the fictional class: their names, and each child with its thinking, handwriting and pen.

All are invented; any likeness is Faker's. Some children forget to write their name.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

import jellyfish
import numpy as np
from faker import Faker

from mssw.demo.answers import (
    QUESTIONS,
    AnswerLevel,
    chance,
    make_speller,
    names_that_are_words,
    one_of,
    ways_of_thinking,
    written_words,
)
from mssw.demo.handwriting import choose_pen, make_hands
from mssw.names.letters import remove_accents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mssw.demo.answers import Thinking
    from mssw.demo.handwriting import Hand, Pen


# Gone through in turn, so that a class is as mixed as can be.
# fmt: off
_HERITAGES = (
    "en_US", "es_MX", "en_IN", "ig_NG", "fr_FR", "en_US", "pl_PL", "pt_BR", "ja_JP", "tr_TR", "yo_NG",
    "en_US", "es_ES", "zh_CN", "de_DE", "zu_ZA", "hu_HU", "en_IE", "vi_VN", "en_US", "id_ID", "sv_SE",
    "it_IT",
)
_COLUMNS = (
    "Student_Number", "State_StudentNumber", "Last_Name", "First_Name", "Middle_Name", "LastFirst",
    "Grade_Level", "Home_Room", "DOB", "Lunch_Status", "SpEd",
)
# fmt: on
_ROMANISED = frozenset({"ja_JP", "zh_CN"})
_LONGEST = 14
_SHORTEST = 3
_LATIN_1_END = 256
_LONG_NAME = 29
_LETTERS = str.maketrans("łŁđĐıİşŞğĞəƏőŐűŰ", "lLdDiIsSgGeEöÖüÜ")

#: In an answer, the place of the classmate's first name.
CLASSMATE = "{classmate}"

_DATES = ("10/14", "Oct 14", "October 14", "10/14", "Oct. 14th", "10-14")
_WHOLE_NAME, _FIRST_AND_INITIAL = 0.74, 0.87


@dataclass(frozen=True, slots=True)
class FictionalPerson:
    """One invented student. The repr shows nothing of her.

    Attributes:
        first: the given name.
        last: the family name.
        number: the school's student number, six digits.
    """

    first: str = field(repr=False)
    last: str = field(repr=False)
    number: str = field(repr=False)

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


def make_roster(seed: int, count: int) -> list[FictionalPerson]:
    """Invent a class, in the order of its last names.

    No first name comes twice or is like a word of an answer. One student's name is too long for its field.

    Args:
        seed: the same seed gives the same people (with the same version of Faker).
        count: how many, 1 to 60.
    """
    names = _names(seed)
    chosen: list[tuple[str, str]] = []
    for first, last in names:
        taken = {_plain(part) for name in chosen for part in name}
        free = not taken & {_plain(first), _plain(last)} and _plain(first) != _plain(last)
        if free and all(_apart(first, other) for other, _ in chosen):
            chosen.append((first, last))
        if len(chosen) == count:
            break
    longest = max(range(count), key=lambda index: len(" ".join(chosen[index])))
    chosen[longest] = _lengthened(chosen[longest], names)
    rng = np.random.default_rng([seed, 1])
    numbers = 100_000 + rng.choice(900_000, size=count, replace=False)
    people = [FictionalPerson(first, last, str(number)) for (first, last), number in zip(chosen, numbers, strict=True)]
    return sorted(people, key=lambda person: (_plain(person.last), _plain(person.first)))


def roster_csv(people: list[FictionalPerson], seed: int) -> bytes:
    """The roster as PowerSchool exports it, with columns that nobody here has to read (birth date, lunch)."""
    rng = np.random.default_rng([seed, 2])
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(_COLUMNS)
    for person in people:
        born = f"{rng.integers(1, 13):02}/{rng.integers(1, 29):02}/{2014 + rng.integers(2)}"
        state = str(rng.integers(10**9, 10**10))
        last_first = f"{person.last}, {person.first}"
        lunch, sped = one_of(rng, "PPRF"), one_of(rng, "NNNNY")
        rows.writerow([person.number, state, person.last, person.first, "", last_first, "5", "B12", born, lunch, sped])
    return text.getvalue().encode("utf-8-sig")


def _names(seed: int) -> Iterator[tuple[str, str]]:
    """Names without end, the heritages in turn; now and then an American first name with another last one."""
    rng = np.random.default_rng([seed, 0])
    sources = {}
    for index, heritage in enumerate(dict.fromkeys(_HERITAGES)):
        sources[heritage] = Faker(heritage)
        sources[heritage].seed_instance(seed * 1000 + index)
    while True:
        for heritage in _HERITAGES:
            first_from = "en_US" if heritage == "vi_VN" or chance(rng, 0.2) else heritage
            first = _fitting(sources[first_from], "first", romanised=first_from in _ROMANISED)
            last = _fitting(sources[heritage], "last", romanised=heritage in _ROMANISED)
            yield first, last


def _fitting(source: Faker, part: str, *, romanised: bool) -> str:
    """The next name of that source which is one word, in letters of our fonts, and not an everyday word."""
    while True:
        name = getattr(source, f"{part}_romanized_name" if romanised else f"{part}_name")()
        name = _latin(name)
        if name.isalpha() and _SHORTEST <= len(name) <= _LONGEST and not _like_a_word(name):
            return str(name)


def _lengthened(name: tuple[str, str], names: Iterator[tuple[str, str]]) -> tuple[str, str]:
    """The same student with a second last name; of those tried, the one that makes it nearest to too long."""
    first, last = name
    seconds = [second for _, second in islice(names, 40) if second != last]
    lengths = [abs(len(f"{first} {last}-{second}") - _LONG_NAME) for second in seconds]
    return first, f"{last}-{seconds[lengths.index(min(lengths))]}"


def _like_a_word(name: str) -> bool:
    """Whether the name is, or is a slip of the pen away from, a word of an answer; or is an everyday word."""
    plain = _plain(name)
    near = 1 if len(plain) > _SHORTEST else 0
    return plain in names_that_are_words() or any(
        abs(len(word) - len(plain)) <= near and jellyfish.damerau_levenshtein_distance(word, plain) <= near
        for word in written_words()
    )


def _apart(one: str, other: str) -> bool:
    """Whether two first names cannot be taken for each other."""
    one, other = _plain(one), _plain(other)
    return jellyfish.damerau_levenshtein_distance(one, other) > 1 and not (
        one.startswith(other) or other.startswith(one)
    )


def _latin(name: str) -> str:
    """The name in the letters of Latin-1: other accents are left off, as many schools' systems do."""
    composed = unicodedata.normalize("NFC", name).translate(_LETTERS)
    return "".join(c if ord(c) < _LATIN_1_END else unicodedata.normalize("NFKD", c)[0] for c in composed)


def _plain(name: str) -> str:
    return remove_accents(name).casefold()


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

    person: FictionalPerson = field(repr=False)
    thinking: Thinking
    hand: Hand
    pen: Pen
    name: str = field(repr=False)
    date: str
    answers: dict[str, str] = field(repr=False)
    classmate: FictionalPerson | None = field(default=None, repr=False)
    runs_out: bool = False


def make_children(people: list[FictionalPerson], seed: int) -> list[Child]:
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


def _child(person: FictionalPerson, thinking: Thinking, hand: Hand, turn: int, rng: np.random.Generator) -> Child:
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
    rank = {AnswerLevel.MEDIUM: 0, AnswerLevel.LOW: 1, AnswerLevel.HIGH: 2}
    ordered = sorted(ways, key=lambda way: rank[way.level])
    return [ordered[index % len(ordered)] for index in rng.permutation(count)]


def _with_faults(children: list[Child], rng: np.random.Generator) -> list[Child]:
    """Give three different children the three faults that lie with the child and not with the copier."""
    longest = max(range(len(children)), key=lambda index: len(children[index].person.name))
    others = [int(index) for index in rng.permutation(len(children)) if index != longest]
    nameless, naming, named = others[:3]
    children[longest] = replace(children[longest], name=children[longest].person.name, runs_out=True)
    children[nameless] = replace(children[nameless], name="")
    speller = make_speller(children[naming].thinking.level, rng)
    mention = speller.write(children[naming].thinking.mention, rng)
    children[naming] = replace(
        children[naming],
        answers={**children[naming].answers, "friend": mention},
        classmate=children[named].person,
    )
    return children
