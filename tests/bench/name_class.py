"""Classes whose answers name classmates: each condition of the names' benchmark, with the truth of every pixel.

    python tests/bench/name_class.py OUT --condition top-phone --seed 1 [--students 14]

writes what real_class.py writes, and for each page in truth.json `mentions`: text, kind (classmate, decoy, e-mail,
phone, number), box in pixels at 200 dpi in the blank's frame, student.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from name_forms import draw_form, fill_form
from name_pages import Page
from name_papers import PAPERS, write_own_name
from name_people import Pupil, make_pupils
from name_photo import photograph, save_photo
from name_tasks import draw_bare, with_free_place
from real_class import ClassMaker
from real_students import NAME, Leaf, Student, write_name
from real_tasks import Sheet, draw_task


@dataclass(frozen=True)
class Condition:
    """One kind of class.

    Attributes:
        layout: of the task; "none" has no name field.
        tone: of the scan.
        dpi: of the scan, where it is not the tone's own.
        pencil: whether everybody writes with a faint pencil.
        phone: whether pages are photographed.
        blank: whether the teacher has the blank task.
        students: how many hand work in; 0 for as many as asked.
        bleed: how much of a page shows through on its back: from, to; each student's pen is another.
        bleeds_alone: whether only the name does.
        essays: whether it is a stack of essays; see essay_class.py.
        is_form: whether the layout is one of ``name_forms``.
        where: the class writes its names without being asked: see ``name_papers``; empty where a field or chance tells.
    """

    layout: str
    tone: str = "grey"
    dpi: int | None = None
    pencil: bool = False
    phone: bool = False
    blank: bool = True
    students: int = 0
    bleed: tuple[float, float] = (0.0, 0.0)
    bleeds_alone: bool = False
    essays: bool = False
    where: str = ""
    is_form: bool = False

    @property
    def has_field(self) -> bool:
        """Whether the task has a place for the name."""
        return self.layout != "none" and not self.where


FORMS = ("dutch", "spanish", "french", "vietnamese", "arabic", "landscape", "boxes", "bubbles", "rednote", "crossed")
CONDITIONS = {
    "top-grey": Condition("top"),
    "box-colour": Condition("box", "colour"),
    "foot-bitonal": Condition("foot", "bitonal"),
    "split-grey": Condition("split"),
    "top-pencil": Condition("top", pencil=True),
    "box-150dpi": Condition("box", dpi=150),
    "top-phone": Condition("top", "colour", phone=True),
    "none-grey": Condition("none"),
    "noblank-grey": Condition("top", blank=False, students=12),
    "noblank-one": Condition("box", blank=False, students=1),
    "through-felt": Condition("top", bleed=(0.05, 0.6)),
    "through-name": Condition("box", bleed=(0.05, 0.6), bleeds_alone=True),
    "through-pencil": Condition("top", pencil=True, bleed=(0.05, 0.6)),
    "essays": Condition("none", blank=False, essays=True),
    "noline-grey": Condition("bare", where="corner"),
    "noline-noblank": Condition("bare", where="head", blank=False),
    "ruled-blank": Condition("ruled", "colour", where="corner"),
    "ruled-noblank": Condition("ruled", where="corner", blank=False),
    "letter-noblank": Condition("letter", where="signature", blank=False),
    "letter-prompt": Condition("prompt", "bitonal", where="signature"),
    "sentence-ruled": Condition("ruled", "colour", where="sentence", blank=False),
    **{f"form-{kind}": Condition(kind, "colour" if kind == "rednote" else "grey", is_form=True) for kind in FORMS},
}
ROSTER_OF_ONE = 8  # students on the roster where one work is handed in


class NameClass(ClassMaker):
    """Writes, copies and records a class page by page."""

    def __init__(self, out: Path, condition: str, *, seed: int, students: int):
        self.name, self.kind = condition, CONDITIONS[condition]
        kind = self.kind
        self.mentions: list[list[dict[str, object]]] = []
        self.place: dict[int, Sheet] = {}
        count = max(kind.students or students, ROSTER_OF_ONE)
        super().__init__(out, layout=kind.layout, tone=kind.tone, seed=seed, students=count, dpi=kind.dpi)
        self.everyone: list[Pupil] = list(self.students)
        if kind.students == 1:
            self.students = [next(who for who in self.students if "no name" not in who.habits)]

    def source_of_chance(self, seed: int, layout: str) -> np.random.Generator:
        """Another class for each condition."""
        return np.random.default_rng([seed, 77, list(CONDITIONS).index(self.name), len(layout)])

    def draw(self, layout: str) -> tuple[bytes, list[Sheet]]:
        """The blank task."""
        if self.kind.where:
            return PAPERS[layout]()
        if self.kind.is_form:
            return draw_form(layout)
        return draw_task(layout) if self.kind.has_field else draw_bare()

    def people(self, count: int, layout: str) -> list[Student]:
        """Half of them with real ink for a name."""
        return make_pupils(count, layout, self.tone, self.rng, pencil=self.kind.pencil)

    def trouble(self) -> dict[str, list[tuple[int, int]]]:
        """Without a blank only counting parts the works, so nothing may be lost; photos have no empty backs."""
        faults = super().trouble()
        if len(self.sheets) == 1:
            faults = {"upside down": faults["upside down"][:1], "blank back": [], "duplicate": [], "eaten": []}
        if not self.kind.blank:
            faults |= {"blank back": [], "duplicate": [], "eaten": []}
        if self.kind.students == 1:
            faults["upside down"] = []
        if self.kind.phone:
            faults["blank back"] = []
        return faults

    def fill(self, who: Student, number: int) -> Leaf:
        """One page of one student, as it lies on the desk; where pens bleed, with what shows through of its back."""
        if not self.kind.bleed[1]:
            return self.write_page(who, number)
        if number == 1:
            self.both_sides = [(self.write_page(who, side), self.mentions[-1]) for side in (1, 2)]
            strength = float(self.rng.uniform(*self.kind.bleed))
            inks = [255 - leaf.rgb for leaf, _ in self.both_sides]
            for (leaf, _), (other, _), ink in zip(self.both_sides, self.both_sides[::-1], inks[::-1], strict=True):
                self.bleed(leaf, other, ink, strength)
        leaf, mentions = self.both_sides[number - 1]
        self.mentions.append(mentions)
        return leaf

    def bleed(self, leaf: Leaf, other: Leaf, ink: np.ndarray, strength: float) -> None:
        """Lets the other side of a sheet show through; a name that does is a name on this side too."""
        name = np.ascontiguousarray((other.label == NAME)[:, ::-1])
        through = cv2.GaussianBlur(np.ascontiguousarray(ink[:, ::-1]), (0, 0), 0.006 * self.dpi)
        if self.kind.bleeds_alone:
            near = cv2.dilate(name.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
            through = through * near[..., None]
        leaf.rgb = np.clip(leaf.rgb - strength * through, 0, 255)
        leaf.label = np.where(name & (leaf.label == 0), NAME, leaf.label).astype(leaf.label.dtype)

    def write_page(self, who: Student, number: int) -> Leaf:
        """One page of one student, as it was written."""
        paper = np.array([250, 250, 248]) if self.tone != "colour" else self.rng.uniform((244, 243, 236), (252,) * 3)
        leaf = Leaf(np.maximum(self.blanks[number - 1].astype(np.float32), 28) * (paper / 255), self.dpi)
        sheet = self.sheets[number - 1]
        planted: list[dict[str, object]] = []
        if self.kind.where:
            sheet = write_own_name(leaf, sheet, who, self.kind.where, self.rng) if number == 1 else sheet
        elif self.kind.is_form:
            planted = fill_form(leaf, sheet, who, self.kind.layout, self.rng)
        elif "no name" not in who.habits:
            if sheet.names:
                write_name(leaf, sheet, who, self.rng)
            elif number == 1:
                tidy = replace(who, habits=who.habits & {"small", "gap", "first only", "uphill", "pencil"})
                write_name(leaf, with_free_place(sheet, self.rng), tidy, self.rng)
        page = Page(leaf, sheet, who, self.everyone, self.rng)
        page.write()
        self.mentions.append([*planted, *(mention.as_json() for mention in page.mentions)])
        return leaf

    def scan(self, leaf: Leaf, who: Student | None, number: int | None, fault: str) -> None:
        """Copies a page; its truth says what is planted in it."""
        super().scan(leaf, who, number, fault)
        self.pages[-1]["mentions"] = [] if number is None else self.mentions[-1]

    def copy(self, leaf: Leaf, *, upside_down: bool) -> dict[str, object]:
        """Through the copier, or before a phone."""
        if not self.kind.phone:
            return super().copy(leaf, upside_down=upside_down)
        folder = self.out / "stack"
        folder.mkdir(exist_ok=True)
        view, way = photograph(leaf.rgb, self.rng, upside_down=upside_down)
        file = folder / f"IMG_{len(self.pages) + 1:04d}.jpg"
        return {"file": file.name, "homography": save_photo(file, view, way, self.rng).tolist()}

    def more_truth(self) -> dict[str, object]:
        """The condition, and every student's number on the roster."""
        ids = {str(who.number): who.id for who in self.everyone}
        kind = self.kind
        return {"condition": self.name, "ids": ids, "blank": kind.blank, "field": kind.has_field, "where": kind.where}

    def roster_id(self, who: Student) -> str:
        """A number as schools give it."""
        return who.id

    def write_roster(self) -> None:
        """The whole class, also where one work is handed in."""
        handed_in, self.students = self.students, self.everyone
        super().write_roster()
        self.students = handed_in


def make_name_class(out: Path, condition: str, *, seed: int = 1, students: int = 14) -> None:
    """Makes a class of that condition."""
    (out / "truth").mkdir(parents=True, exist_ok=True)
    NameClass(out, condition, seed=seed, students=students).run()
    if CONDITIONS[condition].phone:
        (out / "stack.pdf").unlink()  # the photos are the stack


def main() -> None:
    """Reads the options and makes the class."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--condition", choices=list(CONDITIONS), default="top-grey")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--students", type=int, default=14, help="at least 8")
    args = parser.parse_args()
    make_name_class(args.out, args.condition, seed=args.seed, students=args.students)


if __name__ == "__main__":
    main()
