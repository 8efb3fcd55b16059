"""The introduction that colleagues read before the student work: its questions, and the text of ``intro.md``.

The presenting teacher answers four questions and a few short facts, without opinion. Objectives, focus questions and a
background sheet can be added. ``intro_text`` writes ``intro.md``; ``read_intro`` reads it back, however a person has
edited it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        heading: what is printed above the answer, short.
        prompt: what to answer.
        first_heading: its heading in the first version, which older files have and which ``--json`` keeps as its key;
            empty if it is the same.
    """

    heading: str
    prompt: str
    first_heading: str = ""

    @property
    def key(self) -> str:
        """Its key in ``mssw intro --json``."""
        return self.first_heading or self.heading


QUESTIONS = (
    Question("The task", "What is the task, and why did you choose it for this class?"),
    Question("The directions", "What directions did students get, on paper and out loud?"),
    Question("Before the task", "What had students done and learned before they did it?", "The way there"),
    Question("The aim", "What should students know or be able to do afterward?"),
)
#: The same questions, as locale files and templates call them.
QUESTION_KEYS = ("task", "directions", "before", "aim")
FACT_KEYS = ("when", "who", "could_use", "could_not_use")
FACTS = (
    Question("When", "before or after the topic was taught?"),
    Question("Who", "each student alone, in pairs, or in groups?"),
    Question("Could use", "notes, books, tools, a calculator, each other …"),
    Question("Could not use", "anything students had to put away"),
)

OBJECTIVES = Question("Objectives", "One per line, in the words of your standards. Levels are about these.")
FOCUS = Question("Focus questions", "One or two questions for the group to think about. You can leave this empty.")
BACKGROUND = Question(
    "Background sheet", "Anything else colleagues need to know about the topic. You can leave this empty."
)
#: More focus questions than this leave no time for any.
MOST_FOCUS = 2

_FACTS_HEADING = "Small facts"
_TITLE = "Introduction"
_HEADINGS = (*(question.heading for question in QUESTIONS), OBJECTIVES.heading, FOCUS.heading, BACKGROUND.heading)
_NOTE = re.compile(r"(?<!\\)<!--(?:.*?-->|[^\n]*)", re.DOTALL)
_HEAD = """\
<!--
Colleagues read this before they look at the student work. Give only the facts. What you noticed can wait,
so that they see the work with fresh eyes. Do not name any student, not even by first name.

Write under each heading. If you leave one empty, the packet has lines to write on. Notes like this are not printed.
-->"""


# Our notes in the first version's intro.md: when such a file is written again, they do not count as a person's own.
_FIRST_NOTES = frozenset(
    (
        (
            "Colleagues read this before they look at the work. Tell the facts alone; what you noticed in the work "
            "can\nwait, so that they see it with fresh eyes. Name no student, not even by a first name.\n\n"
            "Write under each heading. What stays empty is printed as lines to write on. "
            "Notes like this are not printed."
        ),
        "Which task is this, and what made you pick it for this class?",
        "What were students told about it, on paper and aloud?",
        "What had the class done and learned before they met it?",
        "What should a student come away knowing, or able to do?",
        (
            "When: before or after the topic was taught?\n"
            "     Who: each student alone, in pairs, in groups?\n"
            "     Could use: notes, books, tools, a calculator, each other …\n"
            "     Could not use: whatever was put away"
        ),
        "One a line, as your standards word them; levels are judged against them.",
        "One or two that you would like the group to think about; none is fine.",
        "What else colleagues need to know of the topic; none is fine.",
    )
)


@dataclass(frozen=True, slots=True)
class Introduction:
    """The answers, each empty if there is none.

    Attributes:
        answers: one for each question; an empty line separates paragraphs.
        facts: one for each small fact, on one line.
        objectives: what a student should know or be able to do, each on one line.
        focus: questions for the group, each on one line.
        background: paragraphs, separated by an empty line.
    """

    answers: tuple[str, ...] = ("",) * len(QUESTIONS)
    facts: tuple[str, ...] = ("",) * len(FACTS)
    objectives: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    background: str = ""

    @property
    def answered(self) -> int:
        """How many of the four questions have an answer."""
        return sum(bool(answer) for answer in self.answers)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The headings of the questions that have no answer."""
        answers = zip(QUESTIONS, self.answers, strict=True)
        return tuple(question.heading for question, answer in answers if not answer)

    def places(self) -> tuple[tuple[str, str], ...]:
        """Every text as (heading, text), to be searched."""
        return (
            *((question.heading, text) for question, text in zip(QUESTIONS, self.answers, strict=True)),
            *((fact.heading, text) for fact, text in zip(FACTS, self.facts, strict=True)),
            *((OBJECTIVES.heading, text) for text in self.objectives),
            *((FOCUS.heading, text) for text in self.focus),
            (BACKGROUND.heading, self.background),
        )


def intro_text(introduction: Introduction | None = None, notes: Sequence[str] = ()) -> str:
    """The text of ``intro.md``, with those answers or with none.

    Args:
        introduction: the answers.
        notes: the person's own notes, which are not printed; see ``find_own_notes``.
    """
    introduction = introduction or Introduction()
    parts = [f"# {_TITLE}", _HEAD]
    for number, (question, answer) in enumerate(zip(QUESTIONS, introduction.answers, strict=True), start=1):
        parts += [f"## {number}. {question.heading}\n<!-- {question.prompt} -->", _escape(clean_text(answer))]
    lines = [
        f"- {fact.heading}: {_escape(join_lines(value))}".rstrip()
        for fact, value in zip(FACTS, introduction.facts, strict=True)
    ]
    prompts = "\n".join(f"     {fact.heading}: {fact.prompt}" for fact in FACTS).lstrip()
    parts.append(f"## {_FACTS_HEADING}\n<!-- {prompts} -->\n" + "\n".join(lines))
    for part, items in ((OBJECTIVES, introduction.objectives), (FOCUS, introduction.focus)):
        listed = "".join(f"\n- {_escape_notes(line)}" for item in items if (line := join_lines(item)))
        parts.append(f"## {part.heading}\n<!-- {part.prompt} -->{listed}")
    parts += [f"## {BACKGROUND.heading}\n<!-- {BACKGROUND.prompt} -->", _escape(clean_text(introduction.background))]
    parts += [f"<!-- {note} -->" for note in notes]
    return "\n\n".join(parts).rstrip("\n") + "\n"


def read_intro(text: str) -> Introduction:
    """Read the answers in the text of an ``intro.md``, whatever a person did to it.

    Headings may be renumbered, reordered, of another level or doubled. Text above the first heading goes to the first
    question, so that nothing is lost.
    """
    found: dict[str, list[str]] = {heading: [] for heading in _HEADINGS}
    facts: list[list[str]] = [[] for _ in FACTS]
    current = found[QUESTIONS[0].heading]
    in_facts = False
    for line in _drop_notes(clean_text(text)).split("\n"):
        heading = _find_heading(line)
        if heading == _TITLE:
            continue
        if heading is not None:
            in_facts = heading == _FACTS_HEADING
            current = facts[0] if in_facts else found[heading]
            current.append("")
            continue
        fact = _find_fact(line) if in_facts else None
        if fact is not None:
            current = facts[fact]
            line = line.partition(":")[2]  # noqa: PLW2901 - the rest of the line is read like any other
        current.append(_unescape(line))
    return Introduction(
        tuple(clean_text("\n".join(found[question.heading])) for question in QUESTIONS),
        tuple(" ".join(" ".join(lines).split()) for lines in facts),
        _read_list(found[OBJECTIVES.heading]),
        _read_list(found[FOCUS.heading]),
        clean_text("\n".join(found[BACKGROUND.heading])),
    )


def clean_text(text: str) -> str:
    """Give the text plain line ends and at most one empty line in a row, and drop control characters."""
    text = re.sub("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", text.removeprefix("\ufeff"))
    text = re.sub("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]", "", text.replace("\t", " "))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def join_lines(text: str) -> str:
    r"""Put the text on one line.

    >>> join_lines(" a\n  b ")
    'a b'
    """
    return " ".join(clean_text(text).split())


def clean_list(texts: Sequence[str]) -> tuple[str, ...]:
    """The items of a list: each on one line, each once, none empty."""
    return tuple(dict.fromkeys(line for text in texts if (line := join_lines(text))))


def find_own_notes(text: str) -> tuple[str, ...]:
    """The notes in ``intro.md`` that a person added, without their marks."""
    ours = {_strip_note(found[0]) for found in _NOTE.finditer(intro_text())} | _FIRST_NOTES
    theirs = (_strip_note(found[0]) for found in _NOTE.finditer(clean_text(text)))
    return tuple(dict.fromkeys(note for note in theirs if note and note not in ours))


def _strip_note(found: str) -> str:
    return clean_text(found.removeprefix("<!--").removesuffix("-->"))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an answer, or one item of a list."""

    text: str
    item: bool = False


def split_paragraphs(answer: str) -> tuple[Paragraph, ...]:
    """Split an answer as it is printed: lines run on until an empty line, list items are their own paragraphs."""
    found: list[Paragraph] = []
    running = False
    for line in clean_text(answer).split("\n"):
        item = re.match(r"\s*[-*•]\s+(.*)", line)
        if item:
            found.append(Paragraph(item[1].strip(), item=True))
        elif line.strip() and running:
            found[-1] = Paragraph(f"{found[-1].text} {line.strip()}", item=found[-1].item)
        elif line.strip():
            found.append(Paragraph(line.strip()))
        running = bool(line.strip())
    return tuple(found)


def _find_heading(line: str) -> str | None:
    """Our heading that a line is; None for text and for a person's own headings."""
    found = re.fullmatch(r"#{1,6}\s*(?:question\s*)?(?:(\d)\s*[.):]?\s*)?(.*?)\s*#*", line.strip(), re.IGNORECASE)
    if found is None:
        return None
    number, words = int(found[1] or 0), found[2].strip(" .:").casefold()
    for heading in (*_HEADINGS, _FACTS_HEADING, _TITLE):
        if words == heading.casefold():
            return heading
    for question in QUESTIONS:
        if words == question.key.casefold():
            return question.heading
    if not words and 1 <= number <= len(QUESTIONS):
        return QUESTIONS[number - 1].heading
    return None


def _read_list(lines: Sequence[str]) -> tuple[str, ...]:
    """The items of a list: each line is one, with or without a dash; an indented line belongs to the item before."""
    items: list[str] = []
    for line in lines:
        item = re.sub(r"^\s*[-*•](?:\s+|$)", "", line)
        if item == line and line.startswith(" ") and items:
            items[-1] = join_lines(f"{items[-1]} {line}")
        elif item.strip():
            items.append(join_lines(item))
    return clean_list(items)


def _find_fact(line: str) -> int | None:
    """The small fact that a line starts; None if it starts none."""
    label, colon, _ = line.partition(":")
    words = " ".join(label.strip(" -*").split()).casefold()
    labels = [fact.heading.casefold() for fact in FACTS]
    return labels.index(words) if colon and words in labels else None


def _drop_notes(text: str) -> str:
    """The text without notes. A note without an end reaches to the end of its line."""
    return _NOTE.sub("", text)


def _escape(text: str) -> str:
    """Add a backslash wherever the text would read as a heading or a note."""
    return _escape_notes(re.sub(r"(?m)^(\s*)(\\*#)", r"\1\\\2", text))


def _escape_notes(text: str) -> str:
    return re.sub(r"(\\*<!--)", r"\\\1", text)


def _unescape(line: str) -> str:
    line = re.sub(r"^(\s*)\\(\\*#)", r"\1\2", line)
    return re.sub(r"\\(\\*<!--)", r"\1", line)
