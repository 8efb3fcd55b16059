"""Purpose first: what a meeting is for, and which session, samples and kit serve that.

A purpose goes in, with a set if there is one; a proposal comes out, with the commands that do it. ``mssw start`` may
ask the same question: ``PURPOSES`` has the answers, ``propose_meeting`` what follows.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mssw.core.shell_words import command_line


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
        steps: the commands, without ``mssw`` and the set.
    """

    name: str
    title: str
    session: str
    kit: str
    why: str
    samples: str
    also: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, ...], ...]


_DIR = "DIR"
PURPOSES = (
    MeetingPurpose(
        "thinking",
        "Understand how students think",
        "A",
        "A",
        "Session A asks which idea would explain each answer, right or wrong, before anyone judges it.",
        "Bring 9 to 12 samples: every way of thinking in the class, with high, medium and low levels.",
        (("cac", "for one student's response, with no background at first"), ("atlas", "for two or three responses")),
        (("sort", _DIR), ("choose", _DIR), ("packet", _DIR, "--session", "A"), ("kit", "A", "--set", _DIR)),
    ),
    MeetingPurpose(
        "quality",
        "Agree on what good work looks like",
        "",
        "coassess",
        "Each of you judges alone first. Then you compare your claims and levels, and look at where you differ.",
        "Bring the responses that are hard to place: those at the border of two levels.",
        (("tuning", "to look at one piece of student work against its goal"),),
        (
            ("sort", _DIR, "--as", "YOUR-INITIALS"),
            ("sort", _DIR, "--compare", "sort", "YOUR-INITIALS"),
            ("kit", "coassess", "--set", _DIR),
        ),
    ),
    MeetingPurpose(
        "next-steps",
        "Plan next steps for students",
        "C",
        "C",
        "Session C weighs several next steps for one learning gap: what each gains, and what it costs.",
        "Bring 9 to 12 samples with learning gaps that you know, for example from session B.",
        (("B", "first, if nobody has named the learning gaps yet"),),
        (("choose", _DIR), ("packet", _DIR, "--session", "C"), ("kit", "C", "--set", _DIR)),
    ),
    MeetingPurpose(
        "task",
        "Improve a task",
        "D",
        "D",
        "Session D finds out what the task shows and hides, with the student work as evidence; session E changes it.",
        "Bring samples with very different answers to the same task. For session E, everyone brings a task.",
        (("E", "next, to change the task"), ("task-check", "before students see a task")),
        (("choose", _DIR), ("packet", _DIR, "--session", "D"), ("kit", "D", "--set", _DIR), ("kit", "task-check")),
    ),
    MeetingPurpose(
        "classes",
        "Look across classes",
        "",
        "coassess",
        "Co-assessing starts from claims about each class, and finds patterns that several classes share.",
        "Each teacher brings 3 or 4 samples of the same task, chosen over all classes together.",
        (("feedback", "if one of you has a question for the others"), ("cer", "for one routine in several grades")),
        (("choose", _DIR, "ANOTHER-DIR"), ("kit", "coassess", "--set", _DIR), ("trends", _DIR, "ANOTHER-DIR")),
    ),
)
"""The purposes, in the order in which they are asked about."""


@dataclass(frozen=True, slots=True)
class MeetingProposal:
    """What is proposed for a meeting.

    Attributes:
        purpose: its name.
        title: in a few words.
        session: a letter A to E, or empty.
        kit: the kit to print.
        why: what it does for the purpose.
        samples: which student work to bring.
        also: other kits, each with when it helps.
        commands: what to run, in this order; DIR stands for the set where none was given.
    """

    purpose: str
    title: str
    session: str
    kit: str
    why: str
    samples: str
    also: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        value = asdict(self)
        return value | {"also": [{"kit": kit, "when": when} for kit, when in self.also]}


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


def propose_meeting(purpose: MeetingPurpose, workset: Path | None = None) -> MeetingProposal:
    """What to do for that purpose.

    Args:
        purpose: what the meeting is for.
        workset: the set that is brought; None for none yet.
    """
    commands = tuple(
        command_line("mssw", *(str(workset) if word == _DIR and workset else word for word in step))
        for step in purpose.steps
    )
    return MeetingProposal(
        purpose.name,
        purpose.title,
        purpose.session,
        purpose.kit,
        purpose.why,
        purpose.samples,
        purpose.also,
        commands,
    )
