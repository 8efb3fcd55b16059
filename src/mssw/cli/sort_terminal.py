"""Sorting in the terminal: one question a work, saved with each answer, to be gone on with at any time."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from mssw.cli import report
from mssw.errors import UsageError
from mssw.sorting.boundary import judge_answer, pick_boundary_pairs
from mssw.sorting.kept_sorts import read_order, read_sorting
from mssw.sorting.piles import REASONS, UNSURE
from mssw.sorting.sort_acts import SortActs
from mssw.sorting.sort_values import Comparison, Level, Sorting
from mssw.workset.folder import WorkSet

_LEVELS = {str(level)[0]: level for level in Level}
_SHORTEST_NAME = 2


class _QuitError(Exception):
    """The person wants to end, or there is nothing more to read."""


def sort_in_terminal(workset: WorkSet, by: str) -> None:
    """Ask for piles, then for levels, then for pairs at the boundaries; ``q`` ends at any time."""
    with workset.locked():
        order = read_order(workset, by)
    with report.aloud():
        _Talk(workset, by, order).run()


class _Talk:
    """One sitting."""

    def __init__(self, workset: WorkSet, by: str, order: Sequence[str]) -> None:
        self.workset = workset
        self.order = order
        self.acts = SortActs(workset, by)
        self.sorting: Sorting = read_sorting(workset, by)

    def run(self) -> None:
        """Ask until everything is said, or the person ends it."""
        report.say(f"{len(self.order)} works, in an order drawn by chance. Each answer is saved at once.")
        report.say("q ends; the same command goes on from there.")
        try:
            if not self.sorting.objective:
                said = self.ask("Learning objective that levels are judged against (Enter for none)")
                self.try_act({"act": "objective", "text": said})
            self.walk("pile", [alias for alias in self.order if self.open_pile(alias)])
            self.walk("level", [alias for alias in self.order if self.open_level(alias)])
            self.pairs()
        except _QuitError:
            report.say()
            report.say("Ended. All that you said is saved.")

    def open_pile(self, alias: str) -> bool:
        placing = self.sorting.of(alias)
        return not (placing.aside or placing.pile or placing.unsure)

    def open_level(self, alias: str) -> bool:
        return not self.open_pile(alias) and not self.sorting.of(alias).aside and self.sorting.of(alias).level is None

    def walk(self, what: str, waiting: Sequence[str]) -> None:
        """Ask for the piles, or the levels, of those works; ``b`` goes one back."""
        at = 0
        while at < len(waiting):
            alias = waiting[at]
            report.say()
            report.say(f"{what.capitalize()} {at + 1} of {len(waiting)}: {alias}")
            report.say(f"  look at {self.workset.work / f'{alias}.pdf'}")
            answer = self.pile(alias) if what == "pile" else self.level(alias)
            at = max(0, at - 1) if answer == "b" else at + 1

    def pile(self, alias: str) -> str:
        """Ask for one work's pile; gives ``b`` where the person wants to go back."""
        piles = self.sorting.piles
        for number, pile in enumerate(piles, start=1):
            report.say(f"  {number}  {pile.name} ({len(self.sorting.in_pile(pile.name))})")
        while True:
            said = self.ask("Number of a pile, or a new pile's name (? not sure, a set aside, n note, s skip, b back)")
            if said in {"b", "s"}:
                return said
            if said == "n":
                self.try_act({"act": "note", "alias": alias, "note": self.ask("Note")})
            elif said == "a":
                if self.aside(alias):
                    return ""
            elif said.isdecimal() and not 1 <= int(said) <= len(piles):
                report.say(f"There is no pile {said}.")
            elif len(said) < _SHORTEST_NAME and said != "?" and not said.isdecimal():
                report.say("A new pile's name has at least two letters.")
            elif self.try_act(self.placing(alias, said)):
                return ""

    def placing(self, alias: str, said: str) -> dict[str, str]:
        """The act that an answer asks for."""
        if said == "?":
            return {"act": "put", "alias": alias, "pile": UNSURE}
        if said.isdecimal():
            return {"act": "put", "alias": alias, "pile": self.sorting.piles[int(said) - 1].name}
        return {"act": "add", "alias": alias, "name": said}

    def aside(self, alias: str) -> bool:
        """Ask why a work takes no part."""
        for number, reason in enumerate(REASONS, start=1):
            report.say(f"  {number}  {reason}")
        said = self.ask("Why? (Enter: not set aside after all)")
        if not said.isdecimal() or not 1 <= int(said) <= len(REASONS):
            return False
        note = self.ask("Note (Enter for none)")
        return self.try_act({"act": "aside", "alias": alias, "reason": REASONS[int(said) - 1], "note": note})

    def level(self, alias: str) -> str:
        """Ask for one work's level."""
        if self.sorting.objective:
            report.say(f"  against: {self.sorting.objective}")
        while True:
            said = self.ask("Level: h high, m medium, l low (s skip, b back)").lower()
            if said in {"b", "s"}:
                return said
            level = _LEVELS.get(said[:1]) if said[:1] == said or said in set(map(str, Level)) else None
            if level and self.try_act({"act": "level", "alias": alias, "level": str(level)}):
                return ""

    def pairs(self) -> None:
        """Offer the pairs at the boundaries."""
        pairs = pick_boundary_pairs(self.sorting, self.order)
        if not pairs:
            return
        report.say()
        report.say(f"At the boundaries between levels: {report.count(len(pairs), 'pair')}. q ends.")
        for place, pair in enumerate(pairs, start=1):
            report.say()
            report.say(f"Pair {place} of {len(pairs)}: which shows more understanding?")
            report.say(f"  1  {pair.one}   {self.workset.work / f'{pair.one}.pdf'}")
            report.say(f"  2  {pair.other}   {self.workset.work / f'{pair.other}.pdf'}")
            self.compare(pair.one, pair.other)

    def compare(self, one: str, other: str) -> None:
        """Ask for one pair, and say what the answer means for the levels."""
        choices = {"1": one, "2": other, "=": ""}
        said = ""
        while said not in {*choices, "s"}:
            said = self.ask("1 or 2 (= about the same, s skip)")
        if said == "s":
            return
        answer = Comparison(one, other, choices[said])
        self.try_act({"act": "compare", "one": one, "other": other, "more": answer.more})
        verdict = judge_answer(self.sorting, answer)
        report.say(f"  {verdict.said}")
        for number, move in enumerate(verdict.moves, start=1):
            report.say(f"  {number}  give {move.alias} the level {move.level}")
        if verdict.moves:
            chosen = self.ask("Move one? (number, or Enter to leave both)")
            if chosen in {str(number) for number in range(1, len(verdict.moves) + 1)}:
                move = verdict.moves[int(chosen) - 1]
                self.try_act({"act": "level", "alias": move.alias, "level": str(move.level)})

    def ask(self, question: str) -> str:
        """An answer, without spaces around it."""
        sys.stderr.write(f"{question}: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        said = line.strip()
        if not line or said.lower() == "q":
            raise _QuitError
        return said

    def try_act(self, act: dict[str, str]) -> bool:
        """Make an act; say so where it cannot be made."""
        try:
            self.sorting = self.acts.do(act)
        except UsageError as error:
            report.say(f"  Not taken: {error}")
            return False
        return True
