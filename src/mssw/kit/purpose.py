"""Purpose first: what a meeting is for, and which session, samples and kit serve that.

A purpose goes in; a proposal comes out. ``PURPOSES`` has the answers that ``mssw start`` and ``mssw kit --purpose``
offer, and ``propose_meeting`` what follows. The commands come from where the set is known: ``plan_meeting`` in
``next_step.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MeetingPurpose:
    """Something that a team may meet for.

    Attributes:
        name: by which it is asked for.
        title: in a few words, as an answer to "What is the meeting for?".
        session: a letter A to E; empty where it is another kind of meeting.
        kit: the kit to print.
        why: what that meeting does for this purpose, in a sentence.
        samples: which student work to bring, in a sentence.
        also: other kits that help, each with when.
        steps: what is done before the meeting, in order; ``NextStep`` has the names.
    """

    name: str
    title: str
    session: str
    kit: str
    why: str
    samples: str
    also: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]


_WITH_PACKET = ("sort", "choose", "introduction", "packet", "kit")
PURPOSES = (
    MeetingPurpose(
        "thinking",
        "Understand how students think",
        "A",
        "A",
        "Session A asks which idea would explain each answer, right or wrong, before anyone judges it.",
        "Bring 9 to 12 samples: every way of thinking in the class, with high, medium and low levels.",
        (("cac", "for one student's response, with no background at first"), ("atlas", "for two or three responses")),
        _WITH_PACKET,
    ),
    MeetingPurpose(
        "quality",
        "Agree on what good work looks like",
        "",
        "coassess",
        "Each of you sorts and writes claims alone, under your initials (--as). Then you look at where you differ.",
        "Bring the responses that are hard to place: those at the border of two levels.",
        (("tuning", "to look at one piece of student work against its goal"),),
        ("sort", "compare", "kit"),
    ),
    MeetingPurpose(
        "next-steps",
        "Plan next steps for students",
        "C",
        "C",
        "Session C weighs several next steps for one learning gap: what each gains, and what it costs.",
        "Bring 9 to 12 samples with learning gaps that you know, for example from session B.",
        (("B", "first, if nobody has named the learning gaps yet"),),
        _WITH_PACKET,
    ),
    MeetingPurpose(
        "task",
        "Improve a task",
        "D",
        "D",
        "Session D finds out what the task shows and hides, with the student work as evidence; session E changes it.",
        "Bring samples with very different answers to the same task. For session E, everyone brings a task.",
        (("E", "next, to change the task"), ("task-check", "before students see a task")),
        _WITH_PACKET,
    ),
    MeetingPurpose(
        "classes",
        "Look across classes",
        "",
        "coassess",
        "Co-assessing starts from claims about each class, and finds patterns that several classes share.",
        "Each teacher brings 3 or 4 samples of the same task: give `mssw choose` all sets together.",
        (("feedback", "if one of you has a question for the others"), ("cer", "for one routine in several grades")),
        ("sort", "kit", "trends"),
    ),
)
"""The purposes, in the order in which they are asked about."""


def find_purpose(words: str) -> MeetingPurpose | None:
    """The purpose of that name, number or beginning of a name; None if it is none of them.

    >>> find_purpose("2").name, find_purpose("Next").name, find_purpose("grading")
    ('quality', 'next-steps', None)
    """
    asked = words.strip().casefold()
    if asked.isdecimal() and 1 <= int(asked) <= len(PURPOSES):
        return PURPOSES[int(asked) - 1]
    found = [one for one in PURPOSES if asked and (one.name.startswith(asked) or one.title.casefold() == asked)]
    return found[0] if len(found) == 1 else None


def proposal_as_json(purpose: MeetingPurpose, commands: Sequence[str]) -> dict[str, Any]:
    """What is proposed for a meeting, for ``--json``.

    Args:
        purpose: what the meeting is for.
        commands: what to run, in this order; each can be pasted as it is.
    """
    value = asdict(purpose)
    del value["steps"]  # the commands say them
    also = [{"kit": kit, "when": when} for kit, when in purpose.also]
    return {"purpose": value.pop("name"), **value, "also": also, "commands": list(commands)}
