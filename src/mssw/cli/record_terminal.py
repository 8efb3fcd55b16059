"""Writing a record in the terminal: one question for each field. Each row is saved, so you can stop and go on later."""

from __future__ import annotations

from mssw.cli import report
from mssw.cli.asking import QuitError, ask_about_words, ask_or_quit
from mssw.errors import MsswError, UsageError
from mssw.record.kept_record import NAMED, RecordKeeper, parse_place
from mssw.record.record_rows import (
    AGAINST,
    FOR,
    KINDS,
    LONGEST_TEXT,
    QUESTIONS,
    Citation,
    Field,
    Kind,
    RecordRow,
    collapse,
    find_label,
    labelled_rows,
)
from mssw.workset.allowed_names import find_words_in_doubt

_LETTERS = {kind.letter.lower(): kind for kind in KINDS.values()}


def record_in_terminal(keeper: RecordKeeper) -> None:
    """Ask for rows until the person types ``q``."""
    with report.never_quiet():
        _RecordDialogue(keeper).run()


class _RecordDialogue:
    """One sitting."""

    def __init__(self, keeper: RecordKeeper) -> None:
        self.keeper = keeper
        self.kinds = {"c": KINDS["claims"]} if keeper.alone else _LETTERS

    def run(self) -> None:
        """Ask what to do next until the person stops."""
        report.print_line("Each row is saved at once. Type q to stop. Use aliases, never a student's name.")
        try:
            while True:
                self.choose()
        except QuitError:
            report.print_line()
            report.print_line("Stopped. Your rows are saved.")

    def choose(self) -> None:
        """One row added, changed or removed."""
        for label, kind, row in labelled_rows(self.keeper.rows):
            mark = "" if row.cites or not kind.cites or kind.name == "steps" else "   (no evidence yet)"
            report.print_line(f"  {label}  {getattr(row, kind.headline)}{mark}")
        new = ", ".join(f"{letter} {kind.one}" for letter, kind in self.kinds.items())
        answer = ask_or_quit(f"New: {new}. Or a label to change a row, -label to remove it")
        new_kind = self.kinds.get(answer.casefold())
        found = find_label(self.keeper.rows, answer.removeprefix("-"))
        try:
            if new_kind is not None:
                self.add(new_kind)
            elif found is None:
                report.print_line("  Type one of the letters, or a label from the list.")
            elif answer.startswith("-"):
                self.keeper.remove(found[0].name, found[1].uid)
            else:
                self.change(*found)
        except MsswError as error:
            report.print_line(f"  Not saved: {error}")

    def add(self, kind: Kind) -> None:
        """Ask for each field of a new row, then for its evidence."""
        if kind.name == "reflections":
            self.reflect()
            return
        answers = {one.key: self.ask_field(one, needed=one.key == kind.headline) for one in kind.fields}
        self.keeper.add(kind.name, answers, self.ask_places(kind))

    def reflect(self) -> None:
        """Ask one of the questions about the session."""
        answered = {one.question for one in self.keeper.rows.reflections}
        left = [question for question in QUESTIONS.values() if question not in answered]
        for number, question in enumerate(left, start=1):
            report.print_line(f"  {number}  {question}")
        chosen = ask_or_quit("Which question? (number, or your own question)")
        question = left[int(chosen) - 1] if chosen.isdecimal() and 1 <= int(chosen) <= len(left) else chosen
        answer = self.ask_field(KINDS["reflections"].fields[1], needed=True)
        self.keeper.add("reflections", {"question": question, "answer": answer})

    def change(self, kind: Kind, row: RecordRow) -> None:
        """Ask for each field again; Enter keeps what is there. Then ask for more evidence."""
        answers = {}
        for one in kind.fields:
            before = str(getattr(row, one.key))
            report.print_line(f"  now: {before or '–'}")
            answer = self.ask_field(one, needed=False)
            answers[one.key] = before if not answer else ("" if answer == "-" else answer)
        self.keeper.edit(kind.name, row.uid, answers, (*row.cites, *self.ask_places(kind)))

    def ask_field(self, field: Field, *, needed: bool) -> str:
        """An answer that names no student."""
        hint = f" ({', '.join(f'{number} {word}' for number, word in enumerate(field.choices, 1))})"
        while True:
            answer = collapse(ask_or_quit(f"{field.ask}{hint if field.choices else ''}"))
            if self.names_student(answer):
                report.print_line(f"  Not taken: {NAMED}.")
            elif len(answer) > LONGEST_TEXT:
                report.print_line(f"  Not taken: use at most {LONGEST_TEXT} letters.")
            elif answer or not needed:
                return answer

    def names_student(self, text: str) -> bool:
        """Whether a text names a student, or has a word that may, and the person does not say that it is a word."""
        is_sure, doubts = find_words_in_doubt(self.keeper.names, "what you typed", text)
        if not is_sure and doubts and ask_about_words(doubts):
            self.keeper.take_as_words([one.word for one in doubts])
            return False
        return is_sure or bool(doubts)

    def ask_places(self, kind: Kind) -> list[Citation]:
        """The places that a row points to."""
        sides = (FOR, AGAINST) if kind.has_sides else (FOR,)
        return [cite for side in sides for cite in self.ask_side(kind, side)] if kind.cites else []

    def ask_side(self, kind: Kind, side: str) -> list[Citation]:
        """The places on one side."""
        found: list[Citation] = []
        what = f"Evidence {side} it" if kind.has_sides else kind.cites.rstrip("?")
        while True:
            answer = ask_or_quit(f"{what}: alias, page: what you see (Enter when done)")
            if not answer:
                return found
            try:
                cite = parse_place(answer, self.keeper.pages, side=side)
            except UsageError as error:
                report.print_line(f"  Not taken: {error}")
                continue
            if self.names_student(cite.note):
                report.print_line(f"  Not taken: {NAMED}.")
            else:
                found.append(cite)
