"""The sums over a class, the goals, and the table that is printed."""

from __future__ import annotations

from dataclasses import dataclass, field

GOALS = {"answers_lost_share": 0.005, "held_share": 0.05}


@dataclass
class SetScore:
    """The sums over one class, and what is wrong in words (pages by number, works by alias; never a name)."""

    scanned: int = 0
    released: int = 0
    pages_with_name_left: int = 0
    name_tiles: int = 0
    name_tiles_left: int = 0
    answer_tiles: int = 0
    answer_tiles_lost: int = 0
    held_needlessly: int = 0
    held_rightly: int = 0
    nameless_released: int = 0
    wrong_work: int = 0
    wrongly_matched: int = 0
    worst_drift: float = 0.0
    findings: list[str] = field(default_factory=list)

    @property
    def answers_lost_share(self) -> float:
        """The share of the answers' tiles that cannot be seen any more."""
        return self.answer_tiles_lost / max(self.answer_tiles, 1)

    @property
    def held_share(self) -> float:
        """The share of the scanned pages that are not released though nothing is wrong with them."""
        return self.held_needlessly / max(self.scanned, 1)

    @property
    def missed(self) -> list[str]:
        """The goals that are missed."""
        goals = {
            "a name is left": self.pages_with_name_left > 0,
            "answers are lost": self.answers_lost_share > GOALS["answers_lost_share"],
            "pages are held needlessly": self.held_share > GOALS["held_share"],
            "pages are in the wrong work": self.wrong_work > 0,
            "works are matched to the wrong student": self.wrongly_matched > 0,
            "the numbers do not add up": any("account" in finding for finding in self.findings),
            "nothing was released": self.released == 0,
        }
        return [goal for goal, is_missed in goals.items() if is_missed]

    def as_json(self) -> dict[str, object]:
        """Everything, for a report."""
        shares = {
            "answers_lost_share": self.answers_lost_share,
            "held_share": self.held_share,
            "missed": self.missed,
        }
        return {**self.__dict__, **shares}


HEADS = (
    "class",
    "scanned",
    "released",
    "pages with name left",
    "name tiles left",
    "answers lost",
    "held needlessly",
    "held rightly",
    "wrong work",
    "drift px",
)


def table_row(title: str, score: SetScore) -> list[str]:
    """One class as a row of the table."""
    return [
        title,
        str(score.scanned),
        str(score.released),
        str(score.pages_with_name_left),
        f"{score.name_tiles_left} of {score.name_tiles}",
        f"{score.answer_tiles_lost} of {score.answer_tiles} ({score.answers_lost_share:.2%})",
        f"{score.held_needlessly} ({score.held_share:.1%})",
        str(score.held_rightly),
        str(score.wrong_work),
        f"{score.worst_drift:.1f}",
    ]


def print_table(rows: list[list[str]]) -> None:
    """Prints rows under their heads."""
    widths = [max(len(row[n]) for row in [list(HEADS), *rows]) for n in range(len(HEADS))]
    for row in [list(HEADS), *rows]:
        print(
            "  ".join(
                cell.rjust(width) if n else cell.ljust(width)
                for n, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
        )
