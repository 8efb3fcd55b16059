"""A session with colleagues: its steps, who has a cue in each, how long all takes, and when each part begins.

Times are minutes. Pure: the wording of the sessions stands in ``sessions`` and ``protocols``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

#: What the five sessions take, in minutes.
TWO_HOURS = 120
_DAY = 24 * 60
_NOON = 12
_SHORT = 3  # up to so many minutes nobody needs a warning
_LONG = 15  # up to so many minutes one minute's warning is enough
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)


class Role(StrEnum):
    """The three who keep a session going, all at the same time."""

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
    """What one of the three does at that moment; a Reader's words may be read out as they stand."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a step in one setting.

    Attributes:
        setting: how people sit.
        minutes: how long.
        does: what all do, a sentence or an item each.
        cues: for Reader and Recorder; the Timekeeper's follow from the clock.
    """

    setting: Setting
    minutes: int
    does: tuple[str, ...]
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step."""

    number: int
    title: str
    parts: tuple[Part, ...]

    @property
    def minutes(self) -> int:
        """How long the whole step takes."""
        return sum(part.minutes for part in self.parts)

    def roles(self) -> tuple[Role, ...]:
        """Who has a cue in it, in the order of the roles."""
        have = {cue.role for part in self.parts for cue in part.cues} | {Role.TIMEKEEPER}
        return tuple(role for role in Role if role in have)


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting with its agenda.

    Attributes:
        name: ``A`` to ``E``, or the word by which a kit is asked for.
        title: a few words.
        purpose: what it is for, one sentence.
        aims: what people take away.
        bring: what has to be on the table.
        total: the minutes that its steps add up to.
        steps: none where a kit is only forms.
    """

    name: str
    title: str
    purpose: str
    aims: tuple[str, ...] = ()
    bring: tuple[str, ...] = ()
    total: int = TWO_HOURS
    steps: tuple[Step, ...] = ()

    @property
    def minutes(self) -> int:
        """What the steps add up to."""
        return sum(step.minutes for step in self.steps)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, written as it was given: ``15:30`` or ``3:30 pm``; or the time since the beginning, ``0:35``.

    Attributes:
        minute: of the day, from 0; or since the beginning.
        style: 24 or 12 hours; 0 counts from the beginning.
    """

    minute: int = 0
    style: int = 0

    def after(self, minutes: int) -> Clock:
        """That many minutes later."""
        return replace(self, minute=self.minute + minutes)

    def __str__(self) -> str:
        hour, minute = divmod(self.minute % _DAY, 60)
        if self.style == _NOON:
            half = "pm" if hour >= _NOON else "am"
            return f"{hour % _NOON or _NOON}:{minute:02} {half}"
        return f"{hour}:{minute:02}"


def parsed_clock(text: str) -> Clock:
    """A time of day as people write it.

    >>> str(parsed_clock("15:30").after(45)), str(parsed_clock("3.30 pm").after(45)), str(parsed_clock("8 AM"))
    ('16:15', '4:15 pm', '8:00 am')

    Raises:
        ValueError: it is none.
    """
    found = _CLOCK.fullmatch(text.strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (_DAY, 0)
    half = (found[3] or "").lower() if found else ""
    if found is None or minute >= 60 or hour >= 24 or (half and not 1 <= hour <= _NOON):  # noqa: PLR2004 - a clock's
        raise ValueError(f"{text!r} is no time of day")
    if not half:
        return Clock(hour * 60 + minute, 24)
    return Clock((hour % _NOON + (_NOON if half == "p" else 0)) * 60 + minute, _NOON)


@dataclass(frozen=True, slots=True)
class TimedPart:
    """A part on the clock; see ``Part``."""

    setting: Setting
    minutes: int
    begins: str
    ends: str
    does: tuple[str, ...]
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class TimedStep:
    """A step on the clock; ``roles`` tells who has a cue in it."""

    number: int
    title: str
    minutes: int
    begins: str
    ends: str
    roles: tuple[Role, ...]
    parts: tuple[TimedPart, ...]


def agenda(session: Session, start: Clock | None = None) -> tuple[TimedStep, ...]:
    """The steps with their times of day; without a start, with the time since the beginning (``0:00``).

    Steps and parts of no minutes are left out; the numbers of the others stay.
    """
    now = start or Clock()
    timed: list[TimedStep] = []
    for step in session.steps:
        parts: list[TimedPart] = []
        begins = now
        for part in step.parts:
            if part.minutes:
                parts.append(_timed(part, now, on_the_clock=start is not None))
                now = now.after(part.minutes)
        if parts:
            roles = replace(step, parts=tuple(part for part in step.parts if part.minutes)).roles()
            timed.append(TimedStep(step.number, step.title, step.minutes, str(begins), str(now), roles, tuple(parts)))
    return tuple(timed)


def _timed(part: Part, begins: Clock, *, on_the_clock: bool) -> TimedPart:
    ends = begins.after(part.minutes)
    cue = Cue(Role.TIMEKEEPER, _watch(part.minutes, str(ends) if on_the_clock else ""))
    return TimedPart(part.setting, part.minutes, str(begins), str(ends), part.does, (*part.cues, cue))


def _watch(minutes: int, ends: str) -> str:
    """What a Timekeeper does in a part that takes so long."""
    stop = f"Stop time on the board: {ends}." if ends else f"Stop time on the board: in {minutes} min."
    if minutes <= _SHORT:
        return f"{stop} Then call time."
    warning = "1 minute is" if minutes <= _LONG else "2 minutes are"
    return f"{stop} Say when {warning} left, then call time."


def with_minutes(session: Session, minutes: Mapping[int, tuple[int, ...]], total: int) -> Session:
    """The session with other times.

    Args:
        session: as it stands.
        minutes: of each part of a step, by the step's number; what is not named stays.
        total: what all is to add up to.

    Raises:
        ValueError: a step has another number of parts; callers check before.
    """
    steps = tuple(
        replace(
            step,
            parts=tuple(
                replace(part, minutes=many)
                for part, many in zip(step.parts, minutes.get(step.number, _parts(step)), strict=True)
            ),
        )
        for step in session.steps
    )
    return replace(session, steps=steps, total=total)


def _parts(step: Step) -> tuple[int, ...]:
    return tuple(part.minutes for part in step.parts)
