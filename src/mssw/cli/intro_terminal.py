"""The introduction in the terminal: one question after the other, each answer saved at once."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mssw.cli import report
from mssw.cli.asking import QuitError, ask, ask_about_words
from mssw.errors import FindingsError, UsageError
from mssw.intro.questions import (
    BACKGROUND,
    FACTS,
    FOCUS,
    OBJECTIVES,
    QUESTIONS,
    Introduction,
    Question,
    clean_text,
    join_lines,
)
from mssw.intro.standards import Standard, search_standards

if TYPE_CHECKING:
    from mssw.intro.intro_file import IntroEditor

_WIDE = 88
_MOST_FOUND = 9


@dataclass(frozen=True)
class _Part:
    """One thing that is asked for.

    Attributes:
        question: what is asked.
        head: the text before its heading.
        lines: the lines of it now.
        changed: the introduction with other lines.
        many: whether an answer may have several lines; an empty one ends it.
    """

    question: Question
    head: str
    lines: Callable[[Introduction], Sequence[str]]
    changed: Callable[[Introduction, Sequence[str]], Introduction]
    many: bool = True


def ask_introduction(work: IntroEditor, standards: Sequence[Standard] = ()) -> Introduction:
    """Ask for every part; gives the introduction at the end."""
    with report.never_quiet():
        return _IntroductionDialogue(work, standards).run()


class _IntroductionDialogue:
    """One sitting."""

    def __init__(self, work: IntroEditor, standards: Sequence[Standard]) -> None:
        self.work = work
        self.standards = standards
        self.found: tuple[Standard, ...] = ()
        self.now = work.now

    def run(self) -> Introduction:
        """Ask until everything is answered, or the person ends it."""
        report.print_line(
            "Give facts only, and name no student. What you noticed can wait until colleagues have looked."
        )
        report.print_line(
            "End an answer with an empty line. Press Enter right away to keep it as it is. Each answer is saved."
        )
        report.print_line("On the first line:  b  goes back,  -  clears the answer,  q  stops.")
        parts, at = _parts(), 0
        try:
            while at < len(parts):
                at = max(0, at - 1) if self.part(parts[at]) == "b" else at + 1
        except QuitError:
            report.print_line()
            report.print_line("Stopped. Your answers are saved." if not self.work.dry_run else "Stopped.")
        return self.now

    def part(self, part: _Part) -> str:
        """Ask for one part; gives ``b`` where the person wants to go back."""
        report.print_line()
        report.print_line(f"{part.head}  {part.question.heading}".strip())
        _print_wrapped(part.question.prompt, "  ")
        if part.question is OBJECTIVES:
            self.hint()
        for line in part.lines(self.now):
            _print_wrapped(line, "  | ")
        while True:
            lines, ended = self.lines(part)
            if lines == ["b"]:
                return "b"
            if lines and self.take(part, [] if lines == ["-"] else lines):
                lines = []
            if ended:
                raise QuitError
            if not lines:
                return ""

    def hint(self) -> None:
        """How an objective is found in a list of standards."""
        if self.standards:
            _print_wrapped(
                f"You can choose from {len(self.standards)} standards: type ? and words to search, then a number or "
                "a code to add one.",
                "  ",
            )

    def lines(self, part: _Part) -> tuple[list[str], bool]:
        """The lines of an answer, and whether the person wants to end after it."""
        typed: list[str] = []
        while True:
            line = ask("> ")
            if line is None:
                return typed, True
            answer = line.strip()
            if not typed and answer.lower() == "q":
                raise QuitError
            if not typed and answer in {"b", "-"}:
                return [answer], False
            if part.question is OBJECTIVES and self.standards and answer.startswith("?"):
                self.search(answer[1:])
                continue
            if not answer and (not typed or part.many):
                return typed, False
            typed.append(line)
            if not part.many:
                return typed, False

    def search(self, words: str) -> None:
        """Show the standards that contain the words."""
        self.found = search_standards(self.standards, words)[:_MOST_FOUND]
        for number, one in enumerate(self.found, start=1):
            _print_wrapped(str(one), f"  {number}  ")
        if not self.found:
            report.print_line("  No standard has these words.")

    def take(self, part: _Part, lines: list[str]) -> bool:
        """Save an answer, and print the remarks on it; if it cannot be saved, print why."""
        from mssw.intro.intro_file import find_remarks  # noqa: PLC0415 - reads files: not for --help
        from mssw.intro.standards import find_objectives  # noqa: PLC0415
        from mssw.workset.allowed_names import WordsInDoubtError, take_words  # noqa: PLC0415

        before = find_remarks(self.now)
        try:
            if part.question is OBJECTIVES:
                lines = list(find_objectives([self.meant(line) for line in lines], self.standards))
            self.now = self.work.take(part.changed(self.now, lines))
        except UsageError as error:
            report.print_line(f"  Not saved: {error}")
            return False
        except FindingsError as error:
            if isinstance(error, WordsInDoubtError) and ask_about_words(error.words):
                meant = [one.word for one in error.words]
                with take_words(self.work.workset, meant, dry_run=self.work.dry_run):
                    return self.take(part, lines)
            kept = self.work.keep("\n".join(lines) + "\n")
            report.print_line(f"  Not saved: {error} Your text is kept in {kept}.")
            return False
        for remark in find_remarks(self.now):
            if remark not in before:
                _print_wrapped(str(remark), "  ")
                report.print_line("  It is saved as you wrote it; type b at the next question to change it.")
        return True

    def meant(self, line: str) -> str:
        """An objective: a number stands for what the last search found."""
        number = line.strip()
        if number.isdecimal() and 1 <= int(number) <= len(self.found):
            return str(self.found[int(number) - 1])
        return line


def _parts() -> list[_Part]:
    """Everything that is asked for, in its order."""
    parts = [
        _Part(question, f"{place + 1} of {len(QUESTIONS)}", _answer(place), _with_answer(place))
        for place, question in enumerate(QUESTIONS)
    ]
    parts += [_Part(fact, "", _fact(place), _with_fact(place), many=False) for place, fact in enumerate(FACTS)]
    parts.append(
        _Part(OBJECTIVES, "", lambda now: now.objectives, lambda now, lines: replace(now, objectives=_lines_of(lines)))
    )
    parts.append(_Part(FOCUS, "", lambda now: now.focus, lambda now, lines: replace(now, focus=_lines_of(lines))))
    parts.append(
        _Part(
            BACKGROUND,
            "",
            lambda now: now.background.splitlines(),
            lambda now, lines: replace(now, background=clean_text("\n".join(lines))),
        )
    )
    return parts


def _lines_of(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for text in texts for line in map(join_lines, text.splitlines()) if line)


def _answer(place: int) -> Callable[[Introduction], Sequence[str]]:
    return lambda now: now.answers[place].splitlines()


def _with_answer(place: int) -> Callable[[Introduction, Sequence[str]], Introduction]:
    return lambda now, lines: replace(now, answers=_with_text(now.answers, place, clean_text("\n".join(lines))))


def _fact(place: int) -> Callable[[Introduction], Sequence[str]]:
    return lambda now: [now.facts[place]] if now.facts[place] else []


def _with_fact(place: int) -> Callable[[Introduction, Sequence[str]], Introduction]:
    return lambda now, lines: replace(now, facts=_with_text(now.facts, place, join_lines(" ".join(lines))))


def _with_text(texts: tuple[str, ...], place: int, text: str) -> tuple[str, ...]:
    return (*texts[:place], text, *texts[place + 1 :])


def _print_wrapped(text: str, before: str) -> None:
    lines = textwrap.wrap(text, _WIDE - len(before)) or [""]
    mark = before if before.strip() == "|" else " " * len(before)
    for number, line in enumerate(lines):
        report.print_line(f"{before if number == 0 else mark}{line}")
