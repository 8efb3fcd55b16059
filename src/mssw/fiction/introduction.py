"""What the fictional presenting teacher tells about the task and the class."""

from __future__ import annotations

from dataclasses import replace

from mssw.intro.questions import Introduction

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
            "pencil, pens, colours",
            "books, notes, tablets",
        ),
    )


def made_up() -> Introduction:
    """The same for a set that is printed for a session: it says that no child wrote the work."""
    told = introduction()
    first = f"No child wrote this work: the class is made up, for a session to which nobody could bring any.\n\n{_TASK}"
    return replace(
        told,
        answers=(first, *told.answers[1:]),
        objectives=("Air is matter: it takes up space and has mass, though nobody sees it.",),
        focus=("What does each of them take air to be?",),
    )
