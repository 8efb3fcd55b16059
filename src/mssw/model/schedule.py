"""Who brings work to which session, when and where: what fits, and what is good to know about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise

from mssw.names.letters import without_accents

LETTERS = "ABCDE"
#: Sessions whose presenters are settled at the end of session A; to E everybody brings a task of their own.
SETTLED_IN_A = "BCD"
MOST_TEACHERS = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """One session.

    Attributes:
        session: ``A`` to ``E``.
        date: None where still open.
        start: None where still open.
        place: empty where still open.
        teachers: who presents, three at most.
        task: what all of them bring work of; empty where still open.
    """

    session: str
    date: dt.date | None = None
    start: dt.time | None = None
    place: str = ""
    teachers: tuple[str, ...] = ()
    task: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The sessions of a group, in their order, each at most once."""

    title: str = ""
    slots: tuple[Slot, ...] = ()

    def of(self, session: str) -> Slot:
        """A session; an empty one where it is not there."""
        return next((slot for slot in self.slots if slot.session == session), Slot(session))

    def with_slot(self, slot: Slot) -> Schedule:
        """With that session as it is given."""
        others = [one for one in self.slots if one.session != slot.session]
        return replace(self, slots=tuple(sorted([*others, slot], key=lambda one: one.session)))


def added(
    schedule: Schedule, slot: Slot, *, replaced: bool = False
) -> tuple[Schedule, tuple[str, ...], tuple[str, ...]]:
    """The schedule with what is known of a session now.

    Args:
        schedule: as it was.
        slot: what is new; what is empty in it stays as it was. Teachers come to those who are there.
        replaced: whether it may say otherwise than before; teachers then take the place of those who were there.

    Returns:
        The schedule; what makes no sense; what would be lost. It is to be used only where both are empty.
    """
    before = schedule.of(slot.session)
    teachers = (
        slot.teachers
        if replaced and slot.teachers
        else before.teachers
        + tuple(one for one in slot.teachers if plain(one) not in {plain(other) for other in before.teachers})
    )
    wrong = []
    if len(teachers) > MOST_TEACHERS:
        wrong.append(
            f"session {slot.session} would have {len(teachers)} presenting teachers; {MOST_TEACHERS} are the most"
        )
    if slot.task and before.task and plain(slot.task) != plain(before.task) and not replaced:
        wrong.append(
            f"all who present in session {slot.session} bring the same task, and it has “{before.task}” already; "
            "take another session, or agree on one task"
        )
    lost = [
        f"the {name} of session {slot.session} is {old} already"
        for name, old, new in (
            ("date", before.date, slot.date),
            ("start", before.start and f"{before.start:%H:%M}", slot.start and f"{slot.start:%H:%M}"),
            ("place", before.place, slot.place),
        )
        if old and new and old != new and not replaced
    ]
    merged = Slot(
        slot.session,
        slot.date or before.date,
        slot.start or before.start,
        slot.place or before.place,
        teachers,
        slot.task or before.task,
    )
    return schedule.with_slot(merged), tuple(wrong), tuple(lost)


def reminders(schedule: Schedule) -> tuple[str, ...]:
    """What is good to know about a schedule that is right as it stands."""
    told = []
    unsettled = [letter for letter in SETTLED_IN_A if not (schedule.of(letter).teachers and schedule.of(letter).task)]
    if unsettled:
        who = " and ".join((", ".join(unsettled[:-1]), unsettled[-1])) if len(unsettled) > 1 else unsettled[0]
        told.append(f"Who brings work to {who} is settled at the end of session A.")
    alone = [slot.session for slot in schedule.slots if len(slot.teachers) == 1 and slot.session != "E"]
    if alone:
        told.append(
            f"One teacher alone presents in {', '.join(alone)}: a second is a good backup, should one be ill. "
            "Both bring the same task."
        )
    dated = [slot for slot in schedule.slots if slot.date]
    told += [
        f"Session {later.session} is before session {earlier.session}: is that meant?"
        for earlier, later in pairwise(dated)
        if earlier.date and later.date and later.date < earlier.date
    ]
    told += [f"Session {slot.session} is on a {day}." for slot in dated if (day := _weekend(slot))]
    return tuple(told)


def _weekend(slot: Slot) -> str:
    days = {5: "Saturday", 6: "Sunday"}
    return days.get(slot.date.weekday(), "") if slot.date else ""


def plain(text: str) -> str:
    """A text without case, accents, spaces and signs: two that are equal so are meant to be the same."""
    return "".join(c for c in without_accents(text).casefold() if c.isalnum())
