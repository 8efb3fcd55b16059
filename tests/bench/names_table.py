"""The sums over one condition of the names' benchmark, issue 3's goals, and the table."""

from __future__ import annotations

from dataclasses import dataclass, field

from score_table import SetScore

GOALS = {
    "held": 0.04,  # of pages, needlessly
    "held without a field": 0.15,
    "answers": 0.005,  # of their ink, lost
    "answers when likely": 0.03,
    "sure": 0.90,
    "seen": 0.98,
    "false covers": 0.3,  # a page
    "false flags": 1.5,  # a page
    "matched": 0.95,
    "wrong": 0.005,
    "identifiers": 0.90,
    "proposals": 0.90,
    "boundaries": 0.95,
    "cpu": 2.5,  # seconds a page
    "memory": 700.0,  # MB
    "again": 0.10,  # of the first run's CPU seconds
}


@dataclass
class NameScore:
    """One condition's sums. Shares are of what was planted; names stand in the findings, they are invented.

    Attributes:
        whole: what the covers' benchmark measures.
        blank: whether the blank task was given.
        has_field: whether the task has a name field.
        shows_place: whether the class writes its names at one place without being asked.
        held_limit: pages that may be held needlessly.
        likely: whether likely names were covered too.
        pages: written pages.
        illegible: of those named, how many nobody could read on the scan; they count nowhere else.
        mates: classmates named in the text; sure: covered, and gone where released; seen: covered or flagged.
        decoys: everyday words; covered and flagged ones.
        false_covers: covers of names in the text that hit none.
        false_flags: flags that hit nothing.
        calls: addresses and numbers; seen: covered or flagged.
        legible: students who wrote a name; matched, wrong, left open.
        names_held: pages with a name that were held for want of a field or a blank; proposed: the name was marked.
        released_works: works that colleagues can see.
        boundaries: places between two pages of a stack of essays; right: joined or split as they should be.
        again: CPU seconds of the second run.
        many: whether this is a sum of conditions.
    """

    whole: SetScore = field(default_factory=SetScore)
    blank: bool = True
    has_field: bool = True
    likely: bool = False
    shows_place: bool = False
    held_limit: float = 0.0
    pages: int = 0
    illegible: int = 0
    mates: int = 0
    mates_sure: int = 0
    mates_seen: int = 0
    decoys: int = 0
    decoys_covered: int = 0
    decoys_flagged: int = 0
    false_covers: int = 0
    false_flags: int = 0
    calls: int = 0
    calls_seen: int = 0
    legible: int = 0
    matched: int = 0
    wrong: int = 0
    open: int = 0
    names_held: int = 0
    names_proposed: int = 0
    released_works: int = 0
    boundaries: int = 0
    boundaries_right: int = 0
    one_work: bool = False
    cpu: float = 0.0
    again: float = 0.0
    wall: float = 0.0
    memory: float = 0.0
    many: bool = False
    findings: list[str] = field(default_factory=list)

    @property
    def judged_whole(self) -> bool:
        """Whether pages held and students matched are judged: names have a place, printed or the class's own."""
        return (self.blank and self.has_field) or self.shows_place

    @property
    def held_goal(self) -> float:
        """The share of pages that may be held needlessly."""
        return GOALS["held without a field" if self.shows_place else "held"]

    def short(self, found: int, of: int, goal: str) -> bool:
        """Whether a share misses its goal; in one class a single miss is let pass, in the sum it is not."""
        return of - found > max(0 if self.many else 1, (1 - GOALS[goal]) * of + 1e-9)

    @property
    def missed(self) -> list[str]:
        """The goals that are missed."""
        if self.one_work:
            goals = {
                "one work without a blank was released": self.released_works > 0,
                "the proposal is wrong": self.names_proposed < GOALS["proposals"] * self.names_held,
            }
            return [goal for goal, is_missed in goals.items() if is_missed]
        pages, whole = max(self.pages, 1), self.whole
        lost = GOALS["answers when likely" if self.likely else "answers"]
        held = whole.held_needlessly > max(0 if self.many else 2, self.held_limit)
        goals = {
            "a name is left": whole.pages_with_name_left > 0,
            "answers are lost": whole.answers_lost_share > lost,
            "pages are held needlessly": self.judged_whole and held,
            "nothing was released": self.judged_whole and whole.released == 0,
            "pages are in the wrong work": whole.wrong_work > 0,
            "the numbers do not add up": any("account" in one for one in self.findings),
            "classmates: too few sure": self.short(self.mates_sure, self.mates, "sure"),
            "classmates: too few seen": self.short(self.mates_seen, self.mates, "seen"),
            "too many false covers": not self.likely and self.false_covers / pages > GOALS["false covers"],
            "too many false flags": not self.likely and self.false_flags / pages > GOALS["false flags"],
            "too few matched": self.judged_whole and self.short(self.matched, self.legible, "matched"),
            "matched wrongly": self.wrong > GOALS["wrong"] * max(self.legible, 1),
            "too few addresses and numbers": self.short(self.calls_seen, self.calls, "identifiers"),
            "names without a field: too few proposed": self.short(self.names_proposed, self.names_held, "proposals"),
            "essays: too few boundaries right": self.short(self.boundaries_right, self.boundaries, "boundaries"),
            "too slow": self.cpu / max(whole.scanned, 1) > GOALS["cpu"],
            "too much memory": self.memory > GOALS["memory"],
            "the second run is too slow": self.again > GOALS["again"] * self.cpu,
        }
        return [goal for goal, is_missed in goals.items() if is_missed]

    def as_json(self) -> dict[str, object]:
        """Everything, for a report."""
        return {**self.__dict__, "whole": self.whole.as_json(), "missed": self.missed}


def summed(scores: list[NameScore]) -> NameScore:
    """All conditions as one: of a single work only what is judged of it, without a field not who wrote it."""
    total = NameScore(many=True, likely=any(score.likely for score in scores))
    total.blank = any(score.judged_whole for score in scores)
    total.memory = max((score.memory for score in scores), default=0.0)
    for score in scores:
        for name, value in score.__dict__.items():
            if type(value) in {int, float} and name != "memory" and _counts_in_sum(score, name):
                setattr(total, name, getattr(total, name) + value)
        for name, value in score.whole.__dict__.items():
            if isinstance(value, int) and not score.one_work:
                setattr(total.whole, name, getattr(total.whole, name) + value)
        total.whole.worst_drift = max(total.whole.worst_drift, score.whole.worst_drift)
    return total


def _counts_in_sum(score: NameScore, name: str) -> bool:
    """Whether a condition's number goes into the sum."""
    if score.one_work:
        return name.startswith(("names_", "released"))
    return score.judged_whole or name not in {"legible", "matched", "open"}


HEADS = (
    "condition",
    "pages",
    "released",
    "name left",
    "held needl.",
    "answers lost",
    "mates",
    "sure",
    "+flagged",
    "false cov/p",
    "false flg/p",
    "decoys cov+flg",
    "legible",
    "matched",
    "wrong",
    "open",
    "e-mail.. seen",
    "held: proposed",
    "boundaries",
    "CPU-s/p",
    "2nd run",
    "MB",
    "wall s",
)


def row_of(title: str, score: NameScore) -> list[str]:
    """One condition as a row."""
    whole, pages = score.whole, max(score.pages, 1)
    return [
        title,
        str(whole.scanned),
        str(whole.released),
        str(whole.pages_with_name_left),
        f"{whole.held_needlessly} ({whole.held_share:.1%})",
        f"{whole.answers_lost_share:.2%}",
        f"{score.mates} (+{score.illegible})" if score.illegible else str(score.mates),
        _share(score.mates_sure, score.mates),
        _share(score.mates_seen, score.mates),
        f"{score.false_covers / pages:.2f}",
        f"{score.false_flags / pages:.2f}",
        f"{score.decoys_covered}+{score.decoys_flagged} of {score.decoys}",
        str(score.legible),
        _share(score.matched, score.legible),
        str(score.wrong),
        str(score.open),
        f"{score.calls_seen} of {score.calls}",
        f"{score.names_proposed} of {score.names_held}",
        f"{score.boundaries_right} of {score.boundaries}" if score.boundaries else "-",
        f"{score.cpu / max(whole.scanned, 1):.2f}",
        f"{score.again / score.cpu:.0%}" if score.cpu else "-",
        f"{score.memory:.0f}",
        f"{score.wall:.0f}",
    ]


def _share(part: int, of: int) -> str:
    return f"{part / of:.1%}" if of else "-"


def print_names(rows: list[list[str]]) -> None:
    """Prints rows under their heads."""
    whole = [list(HEADS), *rows]
    widths = [max(len(row[n]) for row in whole) for n in range(len(HEADS))]
    for row in whole:
        cells = zip(row, widths, strict=True)
        print("  ".join(cell.rjust(width) if n else cell.ljust(width) for n, (cell, width) in enumerate(cells)))
