"""A session with colleagues: its steps on the clock, the cues of its three roles, and the small groups.

The words of a session come from ``kit_words``. ``time_agenda`` puts them on the clock, ``rotate_groups`` changes the
small groups from session to session. Times are in minutes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from mssw.core.wording import PrintWords

#: The length of each of the five sessions, in minutes.
TWO_HOURS = 120
_DAY = 24 * 60
_NOON = 12
_SHORT = 3  # minutes; a part this short needs no warning
_LONG = 15  # minutes; up to this, a warning of one minute is enough
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)

FEWEST_PEOPLE, MOST_PEOPLE = 2, 24
_ROUNDS = 5
_TRIES = 12
_CHANCE = 0x5DEECE66D  # a fixed multiplier: the same groups on every computer and in every version of Python


class Role(StrEnum):
    """The three roles that keep a session going, all at the same time."""

    READER = "Reader"
    TIMEKEEPER = "Timekeeper"
    RECORDER = "Recorder"


class Setting(StrEnum):
    """How people sit together in a part of a step."""

    TOGETHER = "whole group"
    GROUPS = "small groups"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Cue:
    """What somebody in a role does at that moment. A Reader may read the words aloud."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class StepPart:
    """A stretch of a step in one setting.

    Attributes:
        setting: how people sit.
        minutes: how long.
        does: what everybody does, a sentence or an item each.
        cues: for Reader and Recorder; the Timekeeper's follow from the clock.
    """

    setting: Setting
    minutes: int
    does: tuple[str, ...]
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionStep:
    """One numbered step."""

    number: int
    title: str
    parts: tuple[StepPart, ...]

    @property
    def minutes(self) -> int:
        """How long the whole step takes."""
        return sum(part.minutes for part in self.parts)

    def roles(self) -> tuple[Role, ...]:
        """The roles that have a cue in it, in their order."""
        have = {cue.role for part in self.parts for cue in part.cues} | {Role.TIMEKEEPER}
        return tuple(role for role in Role if role in have)


class SheetKind(StrEnum):
    """What is on a sheet. All but the last four are drawn in one fixed way."""

    ANSWER = "answer"
    NOTES = "notes"
    TAKE_HOME = "take-home"
    REFLECTION = "reflection"
    MENTAL_MODELS = "mental-models"
    LEARNING_GAP = "learning-gap"
    NEXT_STEPS = "next-steps"
    TASK_CHANGES = "task-changes"
    MARKS = "marks"
    QUESTIONS = "questions"
    COLUMNS = "columns"
    CHECKS = "checks"


@dataclass(frozen=True, slots=True)
class KitSheet:
    """A chart or form to fill in.

    Attributes:
        kind: how it is drawn.
        each: whether each person gets one; else there is one for the table.
        title: its heading.
        hint: a line below it.
        times: how many of it.
        tasks: tasks side by side, on a sheet of marks.
        rows: of a chart with columns.
        first: what the first column says in each row.
        columns: heading, hint and width of each.
        questions: question, hint and lines to write on.
        checks: boxes to check: a heading and its lines each.
    """

    kind: SheetKind
    each: bool
    title: str = ""
    hint: str = ""
    times: int = 1
    tasks: int = 1
    rows: int = 4
    first: tuple[str, ...] = ()
    columns: tuple[tuple[str, str, float], ...] = ()
    questions: tuple[tuple[str, str, int], ...] = ()
    checks: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting with its agenda.

    Attributes:
        name: ``A`` to ``E``, or the word by which a kit is asked for.
        title: a few words.
        purpose: one sentence.
        aims: what people take away.
        bring: what has to be on the table.
        total: the minutes that its steps should add up to.
        steps: none if the kit is only forms.
        sheets: charts and forms to fill in, in their order.
        has_presenter: whether somebody presents; not where everyone brings something.
        has_roles: whether three people have the roles; not where there may be only two.
    """

    name: str
    title: str
    purpose: str
    aims: tuple[str, ...] = ()
    bring: tuple[str, ...] = ()
    total: int = TWO_HOURS
    steps: tuple[SessionStep, ...] = ()
    sheets: tuple[KitSheet, ...] = ()
    has_presenter: bool = True
    has_roles: bool = True

    @property
    def minutes(self) -> int:
        """The minutes that the steps do add up to."""
        return sum(step.minutes for step in self.steps)

    @property
    def has_groups(self) -> bool:
        """Whether people work in small groups in any step."""
        return any(part.setting is Setting.GROUPS and part.minutes for step in self.steps for part in step.parts)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in the style in which it was given, ``15:30`` or ``3:30 pm``; or time since the start, ``0:35``.

    Attributes:
        minute: of the day, from 0; or since the start.
        style: 24 or 12 hours; 0 for the time since the start.
    """

    minute: int = 0
    style: int = 0

    def after(self, minutes: int) -> Clock:
        """That many minutes later."""
        return replace(self, minute=self.minute + minutes)

    def __str__(self) -> str:
        return self.shown("am", "pm")

    def shown(self, am: str, pm: str) -> str:
        """The time in its own style, with a language's words for the two halves of the day."""
        hour, minute = divmod(self.minute % _DAY, 60)
        if self.style == _NOON:
            return f"{hour % _NOON or _NOON}:{minute:02} {pm if hour >= _NOON else am}"
        return f"{hour}:{minute:02}"


def parse_clock(text: str) -> Clock:
    """Read a time of day as people write it.

    >>> str(parse_clock("15:30").after(45)), str(parse_clock("3.30 pm").after(45)), str(parse_clock("8 AM"))
    ('16:15', '4:15 pm', '8:00 am')

    Raises:
        ValueError: it is not a time of day.
    """
    found = _CLOCK.fullmatch(text.strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (_DAY, 0)
    half = (found[3] or "").lower() if found else ""
    if found is None or minute >= 60 or hour >= 24 or (half and not 1 <= hour <= _NOON):  # noqa: PLR2004 - a clock's
        raise ValueError(f"{text!r} is not a time of day")
    if not half:
        return Clock(hour * 60 + minute, 24)
    return Clock((hour % _NOON + (_NOON if half == "p" else 0)) * 60 + minute, _NOON)


@dataclass(frozen=True, slots=True)
class TimedPart:
    """A part on the clock; see ``StepPart``."""

    setting: Setting
    minutes: int
    begins: str
    ends: str
    does: tuple[str, ...]
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class TimedStep:
    """A step on the clock, with the roles that have a cue in it."""

    number: int
    title: str
    minutes: int
    begins: str
    ends: str
    roles: tuple[Role, ...]
    parts: tuple[TimedPart, ...]


def time_agenda(session: Session, words: PrintWords, start: Clock | None = None) -> tuple[TimedStep, ...]:
    """The steps with their times of day; without a start, with the time since the start (``0:00``).

    Steps and parts of 0 minutes are left out. The others keep their numbers. The Timekeeper's cue says how people sit
    in the part that follows, if that changes.
    """

    def shown(clock: Clock) -> str:
        return clock.shown(words.text("time.am"), words.text("time.pm"))

    now = start or Clock()
    timed: list[TimedStep] = []
    settings = [part.setting for step in session.steps for part in step.parts if part.minutes]
    following: list[Setting | None] = [*settings[1:], None] if settings else []
    for step in session.steps:
        parts: list[TimedPart] = []
        begins = now
        for part in step.parts:
            if part.minutes:
                span = shown(now), shown(now.after(part.minutes))
                parts.append(_time_part(part, span, words, on_the_clock=start is not None, then=following.pop(0)))
                now = now.after(part.minutes)
        if parts:
            roles = replace(step, parts=tuple(part for part in step.parts if part.minutes)).roles()
            timed.append(
                TimedStep(step.number, step.title, step.minutes, shown(begins), shown(now), roles, tuple(parts))
            )
    return tuple(timed)


def _time_part(
    part: StepPart, span: tuple[str, str], words: PrintWords, *, on_the_clock: bool, then: Setting | None
) -> TimedPart:
    begins, ends = span
    text = _cue_timekeeper(part.minutes, ends if on_the_clock else "", words)
    if then not in {None, part.setting}:
        text += f" {words.text(f'timekeeper.to {then}')}"
    cue = Cue(Role.TIMEKEEPER, text)
    return TimedPart(part.setting, part.minutes, begins, ends, part.does, (*part.cues, cue))


def _cue_timekeeper(minutes: int, ends: str, words: PrintWords) -> str:
    """What the Timekeeper does in a part of that length."""
    stop = words.text("timekeeper.stop", time=ends) if ends else words.count("timekeeper.give", minutes)
    if minutes <= _SHORT:
        return f"{stop} {words.text('timekeeper.call')}"
    return f"{stop} {words.text('timekeeper.warn_one' if minutes <= _LONG else 'timekeeper.warn_two')}"


def change_minutes(session: Session, minutes: Mapping[int, tuple[int, ...]], total: int) -> Session:
    """Give parts of the session other times.

    Args:
        session: the session.
        minutes: of each part of a step, by the step's number; other steps keep theirs.
        total: the new total.

    Raises:
        ValueError: a step has another number of parts; callers check this first.
    """
    steps = tuple(
        replace(
            step,
            parts=tuple(
                replace(part, minutes=many)
                for part, many in zip(step.parts, minutes.get(step.number, _part_minutes(step)), strict=True)
            ),
        )
        for step in session.steps
    )
    return replace(session, steps=steps, total=total)


def _part_minutes(step: SessionStep) -> tuple[int, ...]:
    return tuple(part.minutes for part in step.parts)


@dataclass(frozen=True, slots=True)
class Round:
    """One session's groups.

    Attributes:
        groups: each of two or three people, numbered from 1.
        roles: the number of the Reader, the Timekeeper and the Recorder.
    """

    groups: tuple[tuple[int, ...], ...]
    roles: dict[Role, int]


def group_sizes(people: int) -> tuple[int, ...]:
    """The sizes of the groups: threes, and as few pairs as needed.

    >>> group_sizes(3), group_sizes(4), group_sizes(8), group_sizes(10)
    ((3,), (2, 2), (3, 3, 2), (3, 3, 2, 2))
    """
    pairs = -people % 3
    return (3,) * ((people - 2 * pairs) // 3) + (2,) * pairs


def rotate_groups(people: int, rounds: int = _ROUNDS) -> tuple[Round, ...]:
    """Make groups and roles for several sessions, so that few people meet twice.

    Each round starts from several shuffled orders. Two people change places as long as fewer of a group have met
    before. The best result is taken.

    Args:
        people: from ``FEWEST_PEOPLE`` to ``MOST_PEOPLE``.
        rounds: how many sessions.
    """
    if not FEWEST_PEOPLE <= people <= MOST_PEOPLE:
        raise ValueError(f"{people} people")
    met: dict[frozenset[int], int] = {}
    mixed = _Shuffler(people)
    found = []
    for number in range(rounds):
        orders = [list(range(1, people + 1))] if number == 0 else [mixed.order() for _ in range(_TRIES)]
        groups = min((_improve_groups(order, met) for order in orders), key=lambda some: _count_meetings(some, met))
        for group in groups:
            for pair in combinations(group, 2):
                met[frozenset(pair)] = met.get(frozenset(pair), 0) + 1
        # The next three take the roles. If everybody is in a three, shift by one each time round, so that roles change.
        start = 3 * number + (0 if people % 3 else 3 * number // people)
        roles = {role: (start + place) % people + 1 for place, role in enumerate(Role)}
        found.append(Round(tuple(sorted(tuple(sorted(group)) for group in groups)), roles))
    return tuple(found)


def _improve_groups(order: list[int], met: dict[frozenset[int], int]) -> list[list[int]]:
    """Groups in that order, with people swapped as long as that helps."""
    rest = iter(order)
    groups = [[next(rest) for _ in range(size)] for size in group_sizes(len(order))]
    better = True
    while better:
        better = False
        for one, other in combinations(groups, 2):
            for here in range(len(one)):
                for there in range(len(other)):
                    before = _count_meetings((one, other), met)
                    one[here], other[there] = other[there], one[here]
                    if _count_meetings((one, other), met) < before:
                        better = True
                    else:
                        one[here], other[there] = other[there], one[here]
    return groups


def _count_meetings(groups: Sequence[Sequence[int]], met: dict[frozenset[int], int]) -> int:
    """How often people of one group have met; squared, so that a third meeting counts more than two second ones."""
    return sum(met.get(frozenset(pair), 0) ** 2 for group in groups for pair in combinations(group, 2))


class _Shuffler:
    """Shuffled orders of people, one after the other."""

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
