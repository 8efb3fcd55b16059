"""Makes a class's stack with real pen ink, scanned by a copier of our own, with the truth of every pixel.

    python tests/bench/real_class.py OUT --layout top --tone grey --seed 1

writes OUT/stack.pdf, task.pdf, roster.csv, truth.json and truth/pNNNN.png: for each page of the stack a label
image in the blank's frame at 200 dpi (0 nothing, 1 the name, 2 answers, 3 other writing such as the date, 4 names
and numbers planted in the answers).
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pymupdf
from real_copier import StackWriter, feed, scan_page
from real_students import ANSWER, MENTION, NAME, OTHER, Leaf, Student, fill_in, make_students, write_name
from real_tasks import LAYOUTS, Sheet, draw_task

TRUTH_DPI = 200


def faults_of(count: int, nameless: set[int], rng: np.random.Generator) -> dict[str, list[tuple[int, int]]]:
    """Which (student, task page) the feeder spoils, and how."""
    able = [int(n) for n in rng.permutation(count) if int(n) not in nameless]
    return {
        "upside down": [(able[0], 1), (able[1], 2)],
        "blank back": [(able[2], 2)],  # comes after this page
        "duplicate": [(able[3], int(rng.integers(1, 3)))],
        "eaten": [(able[4], 2)],
    }


class ClassMaker:
    """Writes, scans and records a class page by page."""

    def __init__(self, out: Path, *, layout: str, tone: str, seed: int, students: int, dpi: int | None):
        self.rng = self.source_of_chance(seed, layout)
        self.tone, self.dpi, self.out = tone, dpi or (300 if tone == "bitonal" else 200), out
        task, self.sheets = self.draw(layout)
        (out / "task.pdf").write_bytes(task)
        self.students = self.people(students, layout)
        self.faults = self.trouble()
        self.stack = StackWriter(tone, self.dpi)
        self.pages: list[dict[str, object]] = []
        self.blanks = []
        with pymupdf.open(stream=task) as doc:
            for page in doc:
                pix = page.get_pixmap(dpi=self.dpi, colorspace=pymupdf.csRGB)
                self.blanks.append(np.frombuffer(pix.samples, np.uint8).reshape(pix.height, pix.width, 3))

    def source_of_chance(self, seed: int, layout: str) -> np.random.Generator:
        """What draws this class and no other."""
        return np.random.default_rng([seed, list(LAYOUTS).index(layout)])

    def draw(self, layout: str) -> tuple[bytes, list[Sheet]]:
        """The blank task."""
        return draw_task(layout)

    def people(self, count: int, layout: str) -> list[Student]:
        """Who is in the class."""
        return make_students(count, layout, self.tone, self.rng)

    def trouble(self) -> dict[str, list[tuple[int, int]]]:
        """What the feeder spoils."""
        nameless = {s.number for s in self.students if "no name" in s.habits}
        return faults_of(len(self.students), nameless, self.rng)

    def fill(self, who: Student, number: int) -> Leaf:
        """One page of one student, as it lies on the desk."""
        paper = np.array(
            [250, 250, 248] if self.tone != "colour" else self.rng.uniform((244, 243, 236), (252, 252, 252))
        )
        leaf = Leaf(np.maximum(self.blanks[number - 1].astype(np.float32), 28) * (paper / 255), self.dpi)
        sheet = self.sheets[number - 1]
        if sheet.names and "no name" not in who.habits:
            write_name(leaf, sheet, who, self.rng)
        fill_in(leaf, sheet, who, self.rng)
        return leaf

    def scan(self, leaf: Leaf, who: Student | None, number: int | None, fault: str) -> None:
        """Feeds one page through the copier and writes its truth down."""
        way = self.copy(leaf, upside_down=fault == "upside down")
        stack_page = len(self.pages) + 1
        size = self.truth_size(leaf)
        label = np.zeros(size[::-1], np.uint8)
        for kind in (OTHER, ANSWER, MENTION, NAME):
            share = cv2.resize((leaf.label == kind).astype(np.float32), size, interpolation=cv2.INTER_AREA)
            label[share > 0.4] = kind
        cv2.imwrite(str(self.out / "truth" / f"p{stack_page:04d}.png"), label)
        self.pages.append(
            {
                "page": stack_page,
                "student": None if who is None else who.number,
                "task_page": number,
                "turn": 180 if fault == "upside down" else 0,
                "fault": fault,
                "has_name": bool((label == NAME).any()),
                "habits": sorted(who.habits) if who else [],
                "dpi": self.dpi,
                **way,
            }
        )

    def copy(self, leaf: Leaf, *, upside_down: bool) -> dict[str, object]:
        """Adds the page's scan to the stack; the true way from the frame to the scan."""
        way = feed(leaf.label.shape, self.dpi, self.rng, upside_down=upside_down)
        image = scan_page(leaf.rgb, way, self.tone, self.dpi, self.rng)
        self.stack.add(image, int(self.rng.integers(60, 86)))
        return {"matrix": way.matrix.tolist(), "feed": list(way.feed)}

    def truth_size(self, leaf: Leaf) -> tuple[int, int]:
        """Width and height of the label image."""
        h, w = leaf.label.shape
        return round(w * TRUTH_DPI / self.dpi), round(h * TRUTH_DPI / self.dpi)

    def back_of(self, leaf: Leaf) -> Leaf:
        """The empty back of a page; its front shines through a little."""
        back = Leaf(np.full(leaf.rgb.shape, 250, np.float32), self.dpi)
        back.rgb -= 0.05 * (255 - cv2.GaussianBlur(leaf.rgb[:, ::-1], (0, 0), 2))
        return back

    def run(self) -> None:
        """Makes the whole class."""
        faults = self.faults
        for place in self.rng.permutation(len(self.students)):
            who = self.students[int(place)]
            for number in range(1, len(self.sheets) + 1):
                here = (who.number, number)
                if here in faults["eaten"]:
                    continue
                leaf = self.fill(who, number)
                self.scan(leaf, who, number, "upside down" if here in faults["upside down"] else "")
                if here in faults["blank back"]:
                    self.scan(self.back_of(leaf), who, None, "blank back")
                if here in faults["duplicate"]:
                    self.scan(leaf, who, number, "duplicate")
        self.stack.save(str(self.out / "stack.pdf"))
        self.write_roster()
        truth = {
            **self.more_truth(),
            "students": len(self.students),
            "task_pages": len(self.sheets),
            "tone": self.tone,
            "dpi": self.dpi,
            "eaten": faults["eaten"],
            "pages": self.pages,
        }
        (self.out / "truth.json").write_text(json.dumps(truth, indent=1), encoding="utf-8")

    def more_truth(self) -> dict[str, object]:
        """What a class of another kind adds to the truth."""
        return {}

    def roster_id(self, who: Student) -> str:
        """The student's number on the roster."""
        return f"S{who.number:03d}"

    def write_roster(self) -> None:
        """The class list, by last name; the number is the student's in the truth."""
        with (self.out / "roster.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["Student ID", "Last Name", "First Name"])
            rows.writerows(
                sorted(
                    ((self.roster_id(s), s.last.text, s.first.text) for s in self.students),
                    key=lambda r: r[1:],
                )
            )


def make_class(
    out: Path,
    *,
    layout: str = "top",
    tone: str = "grey",
    seed: int = 1,
    students: int = 28,
    dpi: int | None = None,
) -> None:
    """Makes a class; bitonal ones at 300 dpi, others at 200, unless told."""
    (out / "truth").mkdir(parents=True, exist_ok=True)
    ClassMaker(out, layout=layout, tone=tone, seed=seed, students=students, dpi=dpi).run()


def main() -> None:
    """Reads the options and makes the class."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--students", type=int, default=28, help="at least 8")
    parser.add_argument("--layout", choices=list(LAYOUTS), default="top")
    parser.add_argument("--tone", choices=["grey", "colour", "bitonal"], default="grey")
    parser.add_argument("--dpi", type=int, help="200, or 300 where bitonal")
    args = parser.parse_args()
    make_class(**vars(args))


if __name__ == "__main__":
    main()
