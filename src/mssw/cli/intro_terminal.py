"""The introduction in the terminal: one question after the other, each answer saved at once."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mssw.cli import report
from mssw.cli.asking import QuitError, ask
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
            "Facts alone: what you noticed in the work can wait until colleagues have looked. Name no student."
        )
        report.print_line(
            "An empty line ends an answer. Enter at once keeps what stands there. Each answer is saved at once."
        )
        report.print_line("On the first line:  b  goes back,  -  empties the answer,  q  ends.")
        parts, at = _parts(), 0
        try:
            while at < len(parts):
                at = max(0, at - 1) if self.part(parts[at]) == "b" else at + 1
        except QuitError:
            report.print_line()
            report.print_line("Ended. All that you said is saved." if not self.work.dry_run else "Ended.")
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
                f"{len(self.standards)} standards to choose from: ? and words search, a number or a code takes.", "  "
            )

    def lines(self, part: _Part) -> tuple[list[str], bool]:
        """The lines of an answer, and whether the person wants to end after it."""
        typed: list[str] = []
        while True:
            line = ask("> ")
            if line is None:
                return typed, True
            said = line.strip()
            if not typed and said.lower() == "q":
                raise QuitError
            if not typed and said in {"b", "-"}:
                return [said], False
            if part.question is OBJECTIVES and self.standards and said.startswith("?"):
                self.search(said[1:])
                continue
            if not said and (not typed or part.many):
                return typed, False
            typed.append(line)
            if not part.many:
                return typed, False

    def search(self, words: str) -> None:
        """Show the standards that hold the words."""
        self.found = search_standards(self.standards, words)[:_MOST_FOUND]
        for number, one in enumerate(self.found, start=1):
            _print_wrapped(str(one), f"  {number}  ")
        if not self.found:
            report.print_line("  No standard holds that.")

    def take(self, part: _Part, lines: list[str]) -> bool:
        """Save an answer; say so where it cannot be taken, and what to think about where it can."""
        from mssw.intro.intro_file import find_remarks  # noqa: PLC0415 - reads files: not for --help
        from mssw.intro.standards import find_objectives  # noqa: PLC0415

        before = find_remarks(self.now)
        try:
            if part.question is OBJECTIVES:
                lines = list(find_objectives([self.meant(line) for line in lines], self.standards))
            self.now = self.work.take(part.changed(self.now, lines))
        except UsageError as error:
            report.print_line(f"  Not taken: {error}")
            return False
        except FindingsError as error:
            kept = self.work.keep("\n".join(lines) + "\n")
            report.print_line(f"  Not taken: {error} What you typed is kept in {kept}.")
            return False
        for remark in find_remarks(self.now):
            if remark not in before:
                _print_wrapped(f"A thought on {remark}", "  ")
                report.print_line("  It is saved as you wrote it; b on the next question comes back to it.")
        return True

    def meant(self, line: str) -> str:
        """An objective: a number stands for what the last search found."""
        said = line.strip()
        if said.isdecimal() and 1 <= int(said) <= len(self.found):
            return str(self.found[int(said) - 1])
        return line


def _parts() -> list[_Part]:
    """Everything that is asked for, in its order."""
    parts = [
        _Part(question, f"{place + 1} of {len(QUESTIONS)}", _answer(place), _with_answer(place))
        for place, question in enumerate(QUESTIONS)
    ]
    parts += [_Part(fact, "", _fact(place), _with_fact(place), many=False) for place, fact in enumerate(FACTS)]
    parts.append(
        _Part(OBJECTIVES, "", lambda now: now.objectives, lambda now, said: replace(now, objectives=_lines_of(said)))
    )
    parts.append(_Part(FOCUS, "", lambda now: now.focus, lambda now, said: replace(now, focus=_lines_of(said))))
    parts.append(
        _Part(
            BACKGROUND,
            "",
            lambda now: now.background.splitlines(),
            lambda now, said: replace(now, background=clean_text("\n".join(said))),
        )
    )
    return parts


def _lines_of(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for text in said for line in map(join_lines, text.splitlines()) if line)


def _answer(place: int) -> Callable[[Introduction], Sequence[str]]:
    return lambda now: now.answers[place].splitlines()


def _with_answer(place: int) -> Callable[[Introduction, Sequence[str]], Introduction]:
    return lambda now, said: replace(now, answers=_with_text(now.answers, place, clean_text("\n".join(said))))


def _fact(place: int) -> Callable[[Introduction], Sequence[str]]:
    return lambda now: [now.facts[place]] if now.facts[place] else []


def _with_fact(place: int) -> Callable[[Introduction, Sequence[str]], Introduction]:
    return lambda now, said: replace(now, facts=_with_text(now.facts, place, join_lines(" ".join(said))))


def _with_text(texts: tuple[str, ...], place: int, text: str) -> tuple[str, ...]:
    return (*texts[:place], text, *texts[place + 1 :])


def _print_wrapped(text: str, before: str) -> None:
    lines = textwrap.wrap(text, _WIDE - len(before)) or [""]
    mark = before if before.strip() == "|" else " " * len(before)
    for number, line in enumerate(lines):
        report.print_line(f"{before if number == 0 else mark}{line}")
