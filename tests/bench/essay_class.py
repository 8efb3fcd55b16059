"""Essays of one to five pages in one stack, with no task and a name only where its writer put one.

    python tests/bench/essay_class.py OUT --seed 1 [--students 14]

writes OUT/stack.pdf, roster.csv, truth.json and truth/: for each page of the stack a label image (as real_class.py) and
the page as it was written, at 200 dpi. Half of the names are real ink. Each student has a heading (a block at the left,
a name at the right, a name with a date, `by` under the title, after a printed label) and a habit for the pages that
follow (nothing, a last name with a number, a full name, a number alone).
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import name_texts as texts
import numpy as np
from hands import Hand
from name_pages import Page, Piece
from name_people import Pupil, make_pupils
from real_class import ClassMaker
from real_copier import StackWriter
from real_students import ANSWER, NAME, OTHER, Leaf
from real_tasks import Line, Sheet

WIDE, TALL = 215.9, 279.4
LENGTHS = (1, 2, 2, 3, 3, 4, 5)
HEADINGS = ("block", "right", "dated", "by", "label", "top left")
FOLLOWING = ("nothing", "nothing", "last", "page", "full", "number")
PAPERS = ("plain", "ruled", "margin", "grey rules", "squared")
TITLES = ("My favorite place", "The long way home", "What I learned", "A day without power", "The old bridge")
CLASSES = ("English 7", "Period 3", "Room 12", "7B")
DATES = ("October 12", "Nov. 3", "9/14", "May 2")


@dataclass(frozen=True)
class Habits:
    """How one student heads an essay."""

    length: int
    heading: str
    following: str
    paper: str
    has_name: bool


class QuickHand:
    """A hand that writes a word it has written before in one of three ways, so that a long essay is soon made."""

    def __init__(self, hand: Hand):
        self.hand, self.font = hand, hand.font
        self.kept: dict[tuple[str, int, int], tuple[np.ndarray, int]] = {}

    def write(self, text: str, x_height: float, rng: np.random.Generator) -> tuple[np.ndarray, int]:
        """See ``Hand.write``."""
        key = text, round(x_height), int(rng.integers(3))
        if key not in self.kept:
            self.kept[key] = self.hand.write(text, round(x_height), rng)
        return self.kept[key]


class EssayClass(ClassMaker):
    """Writes, copies and records a class's essays."""

    def __init__(self, out: Path, *, seed: int, students: int):
        self.out, self.tone, self.dpi = out, "grey", 200
        self.rng = np.random.default_rng([seed, 141])
        self.students: list[Pupil] = make_pupils(students, "essay", self.tone, self.rng)
        self.stack = StackWriter(self.tone, self.dpi)
        self.pages: list[dict[str, object]] = []
        for who in self.students:
            who.habits -= {"runs out right", "above", "crosses", "near", "late start"}
            who.hand = QuickHand(who.hand)  # type: ignore[assignment]
        self.habits = {who.number: self.draw_habits(who) for who in self.students}

    def draw_habits(self, who: Pupil) -> Habits:
        """One student's way; every student of the class is another mixture."""
        rng = self.rng
        pick = {name: str(rng.choice(kinds)) for name, kinds in (("h", HEADINGS), ("f", FOLLOWING), ("p", PAPERS))}
        return Habits(int(rng.choice(LENGTHS)), pick["h"], pick["f"], pick["p"], "no name" not in who.habits)

    def paper(self, kind: str) -> Leaf:
        """An empty sheet, blank or ruled as exercise books are."""
        leaf = Leaf(np.full((round(TALL / 25.4 * self.dpi), round(WIDE / 25.4 * self.dpi), 3), 250.0), self.dpi)
        ink = {"grey rules": (185, 185, 185)}.get(kind, (160, 185, 225))
        if kind in {"ruled", "margin", "grey rules"}:
            for y in np.arange(28.0, 270.0, 8.0):
                cv2.line(leaf.rgb, (0, round(leaf.px(y))), (leaf.rgb.shape[1], round(leaf.px(y))), ink, 2)
        if kind == "squared":
            for n in np.arange(5.0, 275.0, 5.0):
                cv2.line(leaf.rgb, (0, round(leaf.px(n))), (leaf.rgb.shape[1], round(leaf.px(n))), ink, 1)
                cv2.line(leaf.rgb, (round(leaf.px(n)), 0), (round(leaf.px(n)), leaf.rgb.shape[0]), ink, 1)
        if kind == "margin":
            cv2.line(leaf.rgb, (round(leaf.px(31)), 0), (round(leaf.px(31)), leaf.rgb.shape[0]), (225, 150, 160), 2)
        return leaf

    def put(self, leaf: Leaf, who: Pupil, text: str, x: float, y: float, label: int) -> float:
        """Writes words from that place on; where they end, in mm."""
        for word in text.split():
            parts = {"FIRST": who.first, "LAST": who.last}
            tall = leaf.px(min(who.x_height, 3.0))
            is_name = word.strip(",") in parts
            image, base = parts[word.strip(",")].write(tall) if is_name else who.hand.write(word, tall, self.rng)
            kind = NAME if is_name else label
            leaf.put(image, leaf.px(x), leaf.px(y) - base, who, kind)
            x += image.shape[1] / leaf.px(1) + self.rng.uniform(2.0, 3.5)
        return x

    def head(self, leaf: Leaf, who: Pupil, number: int, left: float) -> float:
        """What is above the essay on one of its pages; the first baseline of the text, in mm."""
        habits, rng = self.habits[who.number], self.rng
        name = "FIRST LAST" if rng.random() < 0.8 else "LAST, FIRST"
        if number > 1:
            follow = {"last": f"LAST {number}", "page": f"LAST p. {number}", "full": f"FIRST LAST {number}"}
            words = {"nothing": "", "number": str(number), **follow}[habits.following]
            if words and (habits.has_name or habits.following == "number"):
                self.put(leaf, who, words, 140 if len(words) > 3 else 190, 17, OTHER)
            return 36.0
        if not habits.has_name:
            self.put(leaf, who, str(rng.choice(TITLES)), 80, 28, ANSWER)
            return 44.0
        if habits.heading == "block":
            for n, words in enumerate((name, "Ms. Abara", str(rng.choice(CLASSES)), str(rng.choice(DATES)))):
                self.put(leaf, who, words, left, 20 + 8 * n, OTHER)
            self.put(leaf, who, str(rng.choice(TITLES)), 80, 52, ANSWER)
            return 68.0
        if habits.heading == "by":
            self.put(leaf, who, str(rng.choice(TITLES)), 75, 28, ANSWER)
            self.put(leaf, who, f"by {name}", 78, 36, OTHER)
            return 52.0
        if habits.heading == "dated":
            self.put(leaf, who, name, left, 20, OTHER)
            self.put(leaf, who, str(rng.choice(DATES)), 150, 20, OTHER)
        elif habits.heading == "label":
            self.put(leaf, who, f"Name: {name}", left, 20, OTHER)
        else:
            self.put(leaf, who, name, left if habits.heading == "top left" else 135, 20, OTHER)
        self.put(leaf, who, str(rng.choice(TITLES)), 80, 36, ANSWER)
        return 52.0

    def write_page(self, who: Pupil, number: int) -> tuple[Leaf, list[dict[str, object]]]:
        """One page of an essay, as it lies on the desk, and the names in its text."""
        habits, rng = self.habits[who.number], self.rng
        leaf = self.paper(habits.paper)
        left = 35.0 if habits.paper == "margin" else 24.0
        first = self.head(leaf, who, number, left)
        last = 268.0 if number < habits.length else float(rng.uniform(first + 30, 262))
        lines = [Line(left, 196, float(y), 7.0) for y in np.arange(first, last, 8.0)]
        sheet = Sheet(None, answers=lines)  # type: ignore[arg-type]
        page = Page(leaf, sheet, who, self.students, rng)
        sentences: list[list[Piece]] = []
        for _ in range(len(lines) * 2):
            mate = rng.random() < 0.03
            plain = texts.MATES if mate else texts.PLAIN
            sentences.append(page.pieces(str(plain[int(rng.integers(len(plain)))])))
        page.lay(lines, sentences)
        return leaf, [mention.as_json() for mention in page.mentions]

    def run(self) -> None:
        """Makes the whole class: one essay has an empty back, one page is upside down."""
        odd = [int(n) for n in self.rng.permutation(len(self.students))[:2]]
        for place in self.rng.permutation(len(self.students)):
            who = self.students[int(place)]
            length = self.habits[who.number].length
            for number in range(1, length + 1):
                leaf, mentions = self.write_page(who, number)
                fault = "upside down" if who.number == odd[0] and number == length else ""
                self.scan(leaf, who, number, fault)
                frame = cv2.resize(leaf.rgb.astype(np.uint8), self.truth_size(leaf), interpolation=cv2.INTER_AREA)
                cv2.imwrite(str(self.out / "truth" / f"p{len(self.pages):04d}.jpg"), frame[:, :, ::-1])
                self.pages[-1] |= {"mentions": mentions, "is_start": number == 1}
            if who.number == odd[1]:
                self.scan(self.back_of(leaf), None, None, "blank back")
        self.stack.save(str(self.out / "stack.pdf"))
        self.write_roster()
        habits = {str(number): vars(one) for number, one in self.habits.items()}
        truth = {"condition": "essays", "tone": self.tone, "dpi": self.dpi, "pages": self.pages, "habits": habits}
        (self.out / "truth.json").write_text(json.dumps(truth, indent=1), encoding="utf-8")


def make_essays(out: Path, *, seed: int = 1, students: int = 14) -> None:
    """Makes a class of essays."""
    (out / "truth").mkdir(parents=True, exist_ok=True)
    EssayClass(out, seed=seed, students=students).run()


def main() -> None:
    """Reads the options and makes the class."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--students", type=int, default=14)
    make_essays(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
