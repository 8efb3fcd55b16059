"""Sorting in the terminal: one question for each response. Each answer is saved, so you can stop and go on later."""

from __future__ import annotations

from collections.abc import Sequence

from mssw.cli import report
from mssw.cli.asking import QuitError, ask_about_words, ask_or_quit
from mssw.core.wording import count_noun
from mssw.errors import UsageError
from mssw.sorting.kept_sorts import SortActs, read_order, read_sorting
from mssw.sorting.piles import REASONS, UNSURE, Comparison, Level, Sorting, judge_answer, pick_boundary_pairs
from mssw.workset.allowed_names import WordsInDoubtError
from mssw.workset.folder import WorkSet

_LEVELS = {str(level)[0]: level for level in Level}
_SHORTEST_NAME = 2


def sort_in_terminal(workset: WorkSet, by: str) -> None:
    """Ask for piles, then for levels, then for pairs at the boundaries; ``q`` ends at any time."""
    with workset.locked():
        order = read_order(workset, by)
    with report.never_quiet():
        _SortDialogue(workset, by, order).run()


class _SortDialogue:
    """One sitting."""

    def __init__(self, workset: WorkSet, by: str, order: Sequence[str]) -> None:
        self.workset = workset
        self.order = order
        self.acts = SortActs(workset, by)
        self.sorting: Sorting = read_sorting(workset, by)

    def run(self) -> None:
        """Ask until everything is answered, or the person ends it."""
        count = count_noun(len(self.order), "response")
        report.print_line(f"{count}, in random order. Each answer is saved at once.")
        report.print_line("Type q to stop. Run the same command again to continue.")
        try:
            if not self.sorting.objective:
                answer = ask_or_quit("The learning objective that levels are about (Enter for none)")
                self.try_act({"act": "objective", "text": answer})
            self.walk("pile", [alias for alias in self.order if self.open_pile(alias)])
            self.walk("level", [alias for alias in self.order if self.open_level(alias)])
            self.pairs()
        except QuitError:
            report.print_line()
            report.print_line("Stopped. Your answers are saved.")

    def open_pile(self, alias: str) -> bool:
        placing = self.sorting.of(alias)
        return not (placing.aside or placing.pile or placing.unsure)

    def open_level(self, alias: str) -> bool:
        return not self.open_pile(alias) and not self.sorting.of(alias).aside and self.sorting.of(alias).level is None

    def walk(self, what: str, waiting: Sequence[str]) -> None:
        """Ask for the piles, or the levels, of those responses; ``b`` goes one back."""
        at = 0
        while at < len(waiting):
            alias = waiting[at]
            report.print_line()
            report.print_line(f"{what.capitalize()} {at + 1} of {len(waiting)}: {alias}")
            report.print_line(f"  look at {self.workset.work / f'{alias}.pdf'}")
            answer = self.pile(alias) if what == "pile" else self.level(alias)
            at = max(0, at - 1) if answer == "b" else at + 1

    def pile(self, alias: str) -> str:
        """Ask for the pile of a response; returns ``b`` if the person wants to go back."""
        piles = self.sorting.piles
        for number, pile in enumerate(piles, start=1):
            report.print_line(f"  {number}  {pile.name} ({len(self.sorting.in_pile(pile.name))})")
        while True:
            answer = ask_or_quit(
                "Pile number, or a name for a new pile (? not sure, a set aside, n note, s skip, b back)"
            )
            if answer in {"b", "s"}:
                return answer
            if answer == "n":
                self.try_act({"act": "note", "alias": alias, "note": ask_or_quit("Note")})
            elif answer == "a":
                if self.aside(alias):
                    return ""
            elif answer.isdecimal() and not 1 <= int(answer) <= len(piles):
                report.print_line(f"There is no pile {answer}.")
            elif len(answer) < _SHORTEST_NAME and answer != "?" and not answer.isdecimal():
                report.print_line("The name of a new pile needs at least two letters.")
            elif self.try_act(self.placing(alias, answer)):
                return ""

    def placing(self, alias: str, answer: str) -> dict[str, str]:
        """The act that an answer asks for."""
        if answer == "?":
            return {"act": "put", "alias": alias, "pile": UNSURE}
        if answer.isdecimal():
            return {"act": "put", "alias": alias, "pile": self.sorting.piles[int(answer) - 1].name}
        return {"act": "add", "alias": alias, "name": answer}

    def aside(self, alias: str) -> bool:
        """Ask why a response is set aside."""
        for number, reason in enumerate(REASONS, start=1):
            report.print_line(f"  {number}  {reason}")
        answer = ask_or_quit("Why? (number, or Enter to keep it after all)")
        if not answer.isdecimal() or not 1 <= int(answer) <= len(REASONS):
            return False
        note = ask_or_quit("Note (Enter for none)")
        return self.try_act({"act": "aside", "alias": alias, "reason": REASONS[int(answer) - 1], "note": note})

    def level(self, alias: str) -> str:
        """Ask for the level of a response."""
        if self.sorting.objective:
            report.print_line(f"  objective: {self.sorting.objective}")
        while True:
            answer = ask_or_quit("Level: h high, m medium, l low (s skip, b back)").lower()
            if answer in {"b", "s"}:
                return answer
            level = _LEVELS.get(answer[:1]) if answer[:1] == answer or answer in set(map(str, Level)) else None
            if level and self.try_act({"act": "level", "alias": alias, "level": str(level)}):
                return ""

    def pairs(self) -> None:
        """Offer the pairs at the boundaries."""
        pairs = pick_boundary_pairs(self.sorting, self.order)
        if not pairs:
            return
        report.print_line()
        report.print_line(f"Close calls between levels: {count_noun(len(pairs), 'pair')}. Type q to stop.")
        for place, pair in enumerate(pairs, start=1):
            report.print_line()
            report.print_line(f"Pair {place} of {len(pairs)}: which shows more understanding?")
            report.print_line(f"  1  {pair.one}   {self.workset.work / f'{pair.one}.pdf'}")
            report.print_line(f"  2  {pair.other}   {self.workset.work / f'{pair.other}.pdf'}")
            self.compare(pair.one, pair.other)

    def compare(self, one: str, other: str) -> None:
        """Ask for one pair, and say what the answer means for the levels."""
        choices = {"1": one, "2": other, "=": ""}
        answer = ""
        while answer not in {*choices, "s"}:
            answer = ask_or_quit("1 or 2 (= about the same, s skip)")
        if answer == "s":
            return
        comparison = Comparison(one, other, choices[answer])
        self.try_act({"act": "compare", "one": one, "other": other, "more": comparison.more})
        verdict = judge_answer(self.sorting, comparison)
        report.print_line(f"  {verdict.sentence}")
        for number, move in enumerate(verdict.moves, start=1):
            report.print_line(f"  {number}  give {move.alias} the level {move.level}")
        if verdict.moves:
            chosen = ask_or_quit("Change a level? (number, or Enter to leave both)")
            if chosen in {str(number) for number in range(1, len(verdict.moves) + 1)}:
                move = verdict.moves[int(chosen) - 1]
                self.try_act({"act": "level", "alias": move.alias, "level": str(move.level)})

    def try_act(self, act: dict[str, str]) -> bool:
        """Do what the answer asks for; if that is not possible, print why."""
        try:
            self.sorting = self.acts.do(act)
        except WordsInDoubtError as error:
            if not ask_about_words(error.words):
                report.print_line(f"  Not saved: {error}")
                return False
            self.acts.take_as_words([one.word for one in error.words])
            return self.try_act(act)
        except UsageError as error:
            report.print_line(f"  Not saved: {error}")
            return False
        return True
