"""Students with pens: how each writes a name into its field and answers onto the lines, in real ink."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np
from real_ink import Word, doodle, words_by_writer, write_digits, write_word

if TYPE_CHECKING:
    from real_tasks import Line, Sheet

NAME, ANSWER, OTHER, MENTION = 1, 2, 3, 4
FEW = 30  # words of others, for a student who has none left to answer with
SOUND = 5  # letters
INKS = {"blue": (40, 55, 140), "black": (30, 30, 34), "violet": (70, 45, 120)}


@dataclass
class Student:
    """One member of the class: how the name is written, and with what."""

    number: int
    first: Word
    last: Word
    habits: set[str]
    ink: tuple[int, int, int]
    strength: float  # of the pen: 1 a dark pen, 0.35 a faint pencil
    x_height: float  # mm
    spare: list[Word] = field(default_factory=list)


class Leaf:
    """A printed page while it is written on: colours and labels in the blank's frame."""

    def __init__(self, blank: np.ndarray, dpi: float):
        self.rgb = blank.astype(np.float32)
        self.label = np.zeros(blank.shape[:2], np.uint8)
        self.dpi = dpi

    def px(self, mm: float) -> float:
        """Millimetres in pixels."""
        return mm * self.dpi / 25.4

    def put(self, alpha: np.ndarray, x: float, y: float, who: Student, label: int) -> None:
        """Lays ink down with its upper left corner there (pixels); what falls off the paper is gone."""
        x, y = round(x), round(y)
        left, top = max(0, -x), max(0, -y)
        h, w = self.label.shape
        alpha = alpha[top : max(0, h - y), left : max(0, w - x)]
        if not alpha.size:
            return
        here = np.s_[y + top : y + top + alpha.shape[0], x + left : x + left + alpha.shape[1]]
        cover = (alpha * who.strength)[..., None]
        ink = np.array(who.ink, np.float32)
        self.rgb[here] = self.rgb[here] * (1 - cover) + np.minimum(self.rgb[here], ink) * cover
        old = self.label[here]
        self.label[here] = np.where((alpha > 0.4) & ((old == 0) | (label == NAME)), label, old)


def lean(alpha: np.ndarray, baseline: int, degrees: float) -> tuple[np.ndarray, int, int]:
    """A word written uphill: transparency, baseline's row at its left end, columns added on the left."""
    if abs(degrees) < 0.2:
        return alpha, baseline, 0
    h, w = alpha.shape
    more = int(abs(np.sin(np.deg2rad(degrees))) * w) + 4
    turn = cv2.getRotationMatrix2D((0, baseline), degrees, 1)
    turn[:, 2] += (4, more)
    out = cv2.warpAffine(alpha, turn, (w + 8, h + 2 * more), flags=cv2.INTER_CUBIC)
    return np.clip(out, 0, 1), baseline + more, 4


def habits_of_class(count: int, rng: np.random.Generator) -> list[set[str]]:
    """Deals the trouble out to the class: each habit goes to its share of students, some get two."""
    shares = {
        "runs out right": 0.10,
        "uphill": 0.06,
        "gap": 0.14,
        "above": 0.10,
        "crosses": 0.10,
        "small": 0.10,
        "large": 0.10,
        "pencil": 0.15,
        "near": 0.10,
        "first only": 0.12,
        "late start": 0.08,
    }
    dealt: list[set[str]] = [set() for _ in range(count)]
    for habit, share in shares.items():
        for n in rng.permutation(count)[: max(1, round(share * count))]:
            dealt[n].add(habit)
    for n in rng.permutation(count)[:2]:
        dealt[n] = {"no name"}
    for habits in dealt:
        if "small" in habits:
            habits.discard("large")
    return dealt


def make_students(count: int, layout: str, tone: str, rng: np.random.Generator) -> list[Student]:
    """The class: each with a writer's hand; no two names are the same."""
    writers = list(words_by_writer().values())
    order = [int(n) for n in rng.permutation(len(writers))] * (count // len(writers) + 1)
    taken: set[str] = set()
    students = []
    for number, habits in enumerate(habits_of_class(count, rng)):
        if layout == "split":
            habits.discard("first only")
        mine = writers[order[number]]
        deck = [mine[int(n)] for n in rng.permutation(len(mine))]
        long = "runs out right" in habits
        names = [w for w in deck if " " not in w.text and w.text not in taken and (len(w.text) <= 10) != long]
        names += [w for w in deck if w.text not in taken and w not in names]
        first, last = names[:2]
        taken |= {first.text, last.text}
        pencil = "pencil" in habits
        ink = (70, 70, 74) if pencil else INKS[str(rng.choice(list(INKS), p=[0.5, 0.35, 0.15]))]
        faint = rng.uniform(0.35, 0.5) + (0.12 if tone == "bitonal" else 0)  # a copier set to text darkens
        strength = faint if pencil else rng.uniform(0.75, 0.97)
        tall = {"small": 1.7, "large": 3.9}.get(next((h for h in ("small", "large") if h in habits), ""), 2.6)
        spare = [w for w in deck if w not in (first, last)]
        students.append(Student(number, first, last, habits, ink, strength, tall * rng.uniform(0.92, 1.08), spare))
    sounds = set().union(*(list_sounds(name) for name in taken))
    others = [word for words in writers for word in words if not list_sounds(word.text) & sounds]
    for student in students:
        student.spare = [word for word in student.spare if not list_sounds(word.text) & sounds]
        drawn = np.random.default_rng(student.number).permutation(len(others))[:FEW]
        student.spare = student.spare or [others[int(n)] for n in drawn]
    return students


def list_sounds(text: str) -> set[str]:
    """Every five letters in a row, and shorter words whole.

    Names and answers of this class come from one list of places, which often end alike (Ratsgäßchen, Grußgäßchen). An
    answer that shares a sound with a name of the class would be taken for it, as it should be.
    """
    words = re.findall(r"\w{4,}", text.casefold())
    return {word[at : at + SOUND] for word in words for at in range(max(1, len(word) - SOUND + 1))}


def name_pieces(leaf: Leaf, sheet: Sheet, who: Student, gap: float) -> list[tuple[np.ndarray, int]]:
    """The name's words at this student's size: smaller where the field is too short for them."""
    words = [who.first] if "first only" in who.habits else [who.first, who.last]
    spare = 16.0 if "runs out right" in who.habits else -4.0
    tall = who.x_height
    while True:
        pieces = [word.write(leaf.px(tall)) for word in words]
        lengths = [alpha.shape[1] / leaf.px(1) for alpha, _ in pieces]
        need = max(lengths) if len(sheet.names) == 2 else sum(lengths) + gap
        if need < sheet.names[0].x1 - sheet.names[0].x0 + spare or tall < 1.3:
            return pieces
        tall *= 0.92


def write_name(leaf: Leaf, sheet: Sheet, who: Student, rng: np.random.Generator) -> None:
    """Writes the name into its field, as neatly as this student does."""
    fields, habits = sheet.names, who.habits
    apart = len(fields) == 2
    gap = rng.uniform(12, 22) if "gap" in habits else rng.uniform(2, 4)
    pieces = name_pieces(leaf, sheet, who, gap)
    slope = rng.uniform(2.5, 4) if "uphill" in habits else rng.normal(0, 0.5)
    y = fields[0].baseline + rng.normal(-0.4, 0.4)
    y -= rng.uniform(1.5, 3.5) if "above" in habits else 0
    y += rng.uniform(1.0, 2.2) if "crosses" in habits else 0
    groups = [[piece] for piece in pieces] if apart else [pieces]
    for place, group in zip(fields, groups, strict=False):
        length = sum(alpha.shape[1] for alpha, _ in group) / leaf.px(1) + gap * (len(group) - 1)
        late = 0.25 * (place.x1 - place.x0) if "late start" in habits else 0
        x = place.x0 + min(rng.uniform(1, 4) + late, max(0, place.x1 - place.x0 - length))
        if "runs out right" in habits:
            x = max(x, place.x1 + rng.uniform(3, 9 if apart else 16) - length)
        low = y
        for alpha, baseline in group:
            tilted, base, more = lean(alpha, baseline, slope)
            leaf.put(tilted, leaf.px(x) - more, leaf.px(low) - base, who, NAME)
            step = alpha.shape[1] / leaf.px(1) + gap
            x, low = x + step, low - np.tan(np.deg2rad(slope)) * step


def write_line(
    leaf: Leaf, line: Line, who: Student, words: list[Word], rng: np.random.Generator, *, fill: float = 1.0
) -> None:
    """Writes words along a line until that share of it is full; some are struck through, some squeezed in."""
    x, end = line.x0 + rng.uniform(0.5, 3), line.x0 + fill * (line.x1 - line.x0)
    tall = min(who.x_height, line.room / 2.6) * rng.uniform(0.92, 1.05)
    slope = rng.normal(0, 0.4)
    while words:
        alpha, baseline = write_word(words[-1], leaf.px(tall))
        if x + alpha.shape[1] / leaf.px(1) > min(end, line.x1 + 1):
            break
        words.pop()
        tilted, base, more = lean(alpha, baseline, slope)
        y = line.baseline + rng.normal(-0.4, 0.3) - np.tan(np.deg2rad(slope)) * (x - line.x0)
        leaf.put(tilted, leaf.px(x) - more, leaf.px(y) - base, who, ANSWER)
        if rng.random() < 0.04:
            strike = np.zeros(alpha.shape, np.float32)
            middle = baseline - round(leaf.px(tall) / 2)
            cv2.line(strike, (0, middle + 3), (alpha.shape[1], middle - 3), 1.0, max(2, round(leaf.px(0.35))))
            leaf.put(strike, leaf.px(x), leaf.px(y) - baseline, who, ANSWER)
        if rng.random() < 0.03 and words and line.room > 7:
            small, low = write_word(words[-1], leaf.px(1.4))
            leaf.put(small, leaf.px(x), leaf.px(line.baseline - 5.2) - low, who, ANSWER)
        x += alpha.shape[1] / leaf.px(1) + rng.uniform(2, 4.5)


def fill_in(leaf: Leaf, sheet: Sheet, who: Student, rng: np.random.Generator) -> None:
    """Everything that the student writes on this page beside the name."""
    deck = [who.spare[int(n)] for _ in range(4) for n in rng.permutation(len(who.spare))]
    effort = rng.uniform(0.35, 1.0)
    for line in sheet.answers:
        if rng.random() < 0.25 + 0.75 * effort:
            write_line(leaf, line, who, deck, rng, fill=rng.uniform(0.4, 1.0))
    if "near" in who.habits:
        for line in sheet.near:
            write_line(leaf, line, who, deck, rng)
    draw(leaf, sheet, who, rng)
    write_dates(leaf, sheet, who, rng)


def draw(leaf: Leaf, sheet: Sheet, who: Student, rng: np.random.Generator) -> None:
    """Drawings in their boxes, and numbers on a number line."""
    pen = leaf.px(0.4)
    for x0, y0, x1, y1 in sheet.drawings:
        if rng.random() < 0.8:
            drawing = doodle(round(leaf.px(x1 - x0)), round(leaf.px(y1 - y0)), pen, rng)
            leaf.put(drawing, leaf.px(x0), leaf.px(y0), who, ANSWER)
    for line in sheet.numbers:
        for number in ("410", "418", "3/4")[: rng.integers(1, 4)]:
            alpha, baseline = write_digits(number, leaf.px(4), pen, rng)
            x = leaf.px(rng.uniform(line.x0, line.x1 - 8))
            leaf.put(alpha, x, leaf.px(line.baseline) - baseline, who, ANSWER)


def write_dates(leaf: Leaf, sheet: Sheet, who: Student, rng: np.random.Generator) -> None:
    """The date, or the number in the class, where the name has left room: nobody writes over it."""
    for line in sheet.others:
        edges = (line.x0 - 2, line.x1, line.baseline - 7, line.baseline + 2)
        x0, x1, y0, y1 = (round(leaf.px(mm)) for mm in edges)
        taken = (leaf.label[y0:y1, x0:x1] == NAME).any()
        if rng.random() < 0.8 and not taken:
            long = line.x1 - line.x0 > 16
            text = f"{rng.integers(1, 29)}.{rng.integers(1, 13)}." if long else f"{rng.integers(5, 29)}"
            alpha, baseline = write_digits(text, leaf.px(rng.uniform(3.2, 4.6)), leaf.px(0.4), rng)
            x = leaf.px(line.x0 + rng.uniform(0, 2))
            leaf.put(alpha, x, leaf.px(line.baseline) - baseline, who, OTHER)
