"""Scores a set made from a stack of essays: boundaries, pages in the wrong response, strokes of names left.

    python tests/bench/score_essays.py CLASS SET [--json]

CLASS is what essay_class.py wrote, SET what `mssw prepare` made of it.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from name_marks import way_onto
from names_table import NameScore, print_names, row_of
from real_students import NAME
from score_covers import KeyRow, Scorer, options_of_a_scorer, tell, true_frame
from score_pages import PageScore


class EssayScorer(Scorer):
    """One stack of essays, and the set made from it."""

    def __init__(self, made: Path, work_set: Path, pictures: Path | None = None):
        super().__init__(made, work_set, pictures)
        self.names = NameScore(self.score, blank=False, has_field=False)
        self.names.pages = sum(page["student"] is not None for page in self.pages.values())

    def blanks_of(self) -> list[np.ndarray]:
        """There is no print."""
        return [np.full((2200, 1700), 255, np.uint8)] * 9

    def laid(self, after: np.ndarray, row: KeyRow, number: int, size: tuple[int, int]) -> np.ndarray:
        """A released page laid on its scan by what is written on it."""
        before = true_frame(self.scan(number), self.pages[number], size)
        way = way_onto(before, after)
        if way is None:
            self.score.findings.append(f"{row.alias}, page {number}: its writing is not found again")
            return cv2.resize(after, size, interpolation=cv2.INTER_AREA)
        return cv2.warpAffine(after, way[:2], size, flags=cv2.INTER_LINEAR, borderValue=255)

    def look_further(self, number: int, found: PageScore, before: np.ndarray, label: np.ndarray) -> None:
        """The scan keeps its own size: nothing else is measured."""

    def check_work(self, row: KeyRow) -> None:
        """Whether a released response is one student's, and matched to that one."""
        students = [self.pages[number]["student"] for number in row.pages if number in self.pages]
        most = max(set(students), key=students.count) if students else None
        strays = sum(student != most for student in students)
        lost = most is not None and sum(page["student"] == most for page in self.pages.values()) != len(students)
        if self.is_released(row) and (strays or lost):
            self.score.wrong_work += max(1, strays)
            self.score.findings.append(f"{row.alias}: released with pages {row.pages}, of students {set(students)}")
        if row.student_id and most is not None and row.student_id != self.id_of(most):
            self.score.wrongly_matched += 1
            self.names.wrong += 1
            self.score.findings.append(f"{row.alias}: matched to the wrong student")
        if most is not None and not strays:
            named = self.truth["habits"][str(most)]["has_name"]
            self.names.legible += named
            self.names.matched += bool(named and row.student_id == self.id_of(most))

    def lacks_name(self, number: int) -> bool:
        """Whether the writer of that page gave no name."""
        return not self.truth["habits"][str(self.pages[number]["student"])]["has_name"]

    def check_held(self) -> None:
        """Which pages were kept back though their writer is named, and which boundaries are right."""
        released = {number for row in self.key if self.is_released(row) for number in row.pages}
        for number, page in sorted(self.pages.items()):
            if page["student"] is None or number in released:
                continue
            if self.lacks_name(number):
                self.score.held_rightly += 1
            else:
                self.score.held_needlessly += 1
        home = {number: row.alias for row in self.key for number in row.pages}
        written = [page["page"] for page in self.pages.values() if page["student"] is not None]
        for one, other in pairwise(written):
            same = self.pages[one]["student"] == self.pages[other]["student"]
            self.names.boundaries += 1
            if (home.get(one) == home.get(other)) == same:
                self.names.boundaries_right += 1
            else:
                habits = self.truth["habits"][str(self.pages[other]["student"])]
                self.score.findings.append(f"page {other}: {'joined' if not same else 'split'} wrongly ({habits})")

    def run(self) -> NameScore:
        """Scores everything."""
        super().run()
        self.names.released_works = sum(self.is_released(row) for row in self.key)
        self.names.findings = self.score.findings
        self.score.findings = []
        return self.names

    def lost_names(self, number: int) -> int:
        """How much of a page's ink is a name, in pixels."""
        label = cv2.imread(str(self.made / "truth" / f"p{number:04d}.png"), cv2.IMREAD_GRAYSCALE)
        return int((label == NAME).sum())


def main() -> int:
    """Reads the options, scores, prints."""
    args = options_of_a_scorer(__doc__).parse_args()
    score = EssayScorer(args.made, args.set, args.pictures).run()
    return tell(score, lambda: print_names([row_of(args.made.name, score)]), as_json=args.json)


if __name__ == "__main__":
    sys.exit(main())
