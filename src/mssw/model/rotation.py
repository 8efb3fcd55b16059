"""Small groups that change from session to session, so that each works with as many others as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from mssw.model.session import Role

FEWEST, MOST = 3, 24
_ROUNDS = 5
_TRIES = 12
_CHANCE = 0x5DEECE66D  # a fixed stream of numbers: the same groups on every computer and in every version of Python


@dataclass(frozen=True, slots=True)
class Round:
    """One session's groups.

    Attributes:
        groups: each of two or three, people numbered from 1.
        roles: who is Reader, Timekeeper and Recorder.
    """

    groups: tuple[tuple[int, ...], ...]
    roles: dict[Role, int]


def sizes(people: int) -> tuple[int, ...]:
    """Groups of three, and as few pairs as make it come out.

    >>> sizes(3), sizes(4), sizes(8), sizes(10)
    ((3,), (2, 2), (3, 3, 2), (3, 3, 2, 2))
    """
    pairs = -people % 3
    return (3,) * ((people - 2 * pairs) // 3) + (2,) * pairs


def rotation(people: int, rounds: int = _ROUNDS) -> tuple[Round, ...]:
    """Groups and roles for so many sessions; as few as can be found meet twice.

    Each round begins from several mixed orders, and two people change places as long as that brings fewer old
    acquaintances together; the best is taken.

    Args:
        people: from ``FEWEST`` to ``MOST``.
        rounds: sessions.
    """
    if not FEWEST <= people <= MOST:
        raise ValueError(f"{people} people")
    met: dict[frozenset[int], int] = {}
    mixed = _Mixed(people)
    found = []
    for number in range(rounds):
        orders = [list(range(1, people + 1))] if number == 0 else [mixed.order() for _ in range(_TRIES)]
        groups = min((_settled(order, met) for order in orders), key=lambda some: _cost(some, met))
        for group in groups:
            for pair in combinations(group, 2):
                met[frozenset(pair)] = met.get(frozenset(pair), 0) + 1
        # The next three have a turn; where threes would come round to the same people, one further each time.
        start = 3 * number + (0 if people % 3 else 3 * number // people)
        roles = {role: (start + place) % people + 1 for place, role in enumerate(Role)}
        found.append(Round(tuple(sorted(tuple(sorted(group)) for group in groups)), roles))
    return tuple(found)


def _settled(order: list[int], met: dict[frozenset[int], int]) -> list[list[int]]:
    """Groups from that order, with people changed as long as it helps."""
    rest = iter(order)
    groups = [[next(rest) for _ in range(size)] for size in sizes(len(order))]
    better = True
    while better:
        better = False
        for one, other in combinations(groups, 2):
            for here in range(len(one)):
                for there in range(len(other)):
                    before = _cost((one, other), met)
                    one[here], other[there] = other[there], one[here]
                    if _cost((one, other), met) < before:
                        better = True
                    else:
                        one[here], other[there] = other[there], one[here]
    return groups


def _cost(groups: Sequence[Sequence[int]], met: dict[frozenset[int], int]) -> int:
    """How often those in one group have met, a third time counting more than two second ones."""
    return sum(met.get(frozenset(pair), 0) ** 2 for group in groups for pair in combinations(group, 2))


class _Mixed:
    """People in mixed orders, one after the other."""

    def __init__(self, people: int) -> None:
        self._people = people
        self._state = people

    def order(self) -> list[int]:
        people = list(range(1, self._people + 1))
        for place in range(len(people) - 1, 0, -1):
            self._state = (self._state * _CHANCE + 11) % 2**48
            other = (self._state >> 16) % (place + 1)
            people[place], people[other] = people[other], people[place]
        return people
