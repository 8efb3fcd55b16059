"""Where no line asks for the name: worksheets without one, ruled paper and letters, and where students then write it.

The task is drawn as in real_tasks.py. `PAPERS` says for each kind how a page is drawn, and `write_own_name` puts the
name where this class puts it: in a corner over the text, into the first sentence, or under a letter as its signature.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pymupdf
from name_people import Pupil
from name_tasks import draw_bare
from real_students import ANSWER, Leaf, write_name
from real_tasks import MM, Line, Sheet

BLUE, RED = (0.55, 0.7, 0.9), (0.92, 0.55, 0.55)
STEP = 8.7  # mm between the rules of wide ruled paper
FIRST_RULE = 30.0
CLOSINGS = ("Sincerely,", "Yours truly,", "Love,", "Your friend,", "Best wishes,", "From,", "Thank you,")
OPENINGS = ("My name is", "Hello, my name is", "Hi! My name is")
TIDY = frozenset({"small", "gap", "first only", "uphill", "pencil", "no name"})


def _rules(page: pymupdf.Page, width: float, height: float) -> list[float]:
    """Draws the rules of writing paper; where they are."""
    levels = [FIRST_RULE + STEP * n for n in range(int((height - FIRST_RULE - 12) / STEP))]
    for level in levels:
        page.draw_line((0, level * MM), (width * MM, level * MM), width=0.6, color=BLUE)
    page.draw_line((30 * MM, 0), (30 * MM, height * MM), width=0.7, color=RED)
    return levels


def draw_ruled() -> tuple[bytes, list[Sheet]]:
    """Letter, one page of ruled paper with a red margin: nothing is printed that could be read."""
    doc = pymupdf.open()
    doc.new_page(width=612, height=792)
    sheet = Sheet(doc[0])
    sheet.answers = [Line(33, 205, level, STEP - 1) for level in _rules(doc[0], 215.9, 279.4)[1:-1]]
    return doc.tobytes(garbage=3, deflate=True, no_new_id=True), [sheet]


def draw_letter() -> tuple[bytes, list[Sheet]]:
    """A4, one page of plain paper: a letter in the student's own hand, and nothing printed at all."""
    doc = pymupdf.open()
    doc.new_page(width=595, height=842)
    sheet = Sheet(doc[0])
    sheet.answers = [Line(22, 190, 30 + 9.5 * n, 8.5) for n in range(22)]
    return doc.tobytes(garbage=3, deflate=True, no_new_id=True), [sheet]


def draw_prompt() -> tuple[bytes, list[Sheet]]:
    """Letter, one page: a title and a question over ruled lines, and nothing that asks for a name."""
    doc = pymupdf.open()
    doc.new_page(width=612, height=792)
    sheet = Sheet(doc[0])
    sheet.text(70, 36, "A letter to a scientist", 17, "hebo")
    sheet.text(19, 46, "Write to a scientist of your choice. Tell what you found out and ask two questions.", 10.5)
    sheet.ruled(19, 196, 60, 22, step=9)
    return doc.tobytes(garbage=3, deflate=True, no_new_id=True), [sheet]


PAPERS: dict[str, Callable[[], tuple[bytes, list[Sheet]]]] = {
    "bare": draw_bare,
    "ruled": draw_ruled,
    "letter": draw_letter,
    "prompt": draw_prompt,
}


def write_own_name(leaf: Leaf, sheet: Sheet, who: Pupil, where: str, rng: np.random.Generator) -> Sheet:
    """Writes the name where this class does.

    Args:
        leaf: the page.
        sheet: where there is room on it.
        who: writes it, if she does not forget.
        where: "corner", "head", "sentence" or "signature".
        rng: chance.

    Returns:
        The page with the room that is left for answers.
    """
    tidy = replace(who, habits=who.habits & TIDY)
    left, right = sheet.answers[0].x0, max(line.x1 for line in sheet.answers)
    if where == "corner":
        x, y = right - rng.uniform(62, 84), rng.uniform(13, 19)
        return _named(leaf, sheet, tidy, Line(x, right, y), rng)
    if where == "head":
        x, y = left + abs(rng.normal(0, 5)), rng.uniform(14, 20)
        return _named(leaf, sheet, tidy, Line(x, x + 85, y), rng)
    if where == "sentence":
        first, *rest = sheet.answers
        end = _write(leaf, OPENINGS[int(rng.integers(len(OPENINGS)))], tidy, left, first.baseline - 0.6, rng)
        return replace(_named(leaf, sheet, tidy, Line(end + 1, end + 85, first.baseline - 0.6), rng), answers=rest)
    return _sign_letter(leaf, sheet, tidy, rng)


def _named(leaf: Leaf, sheet: Sheet, who: Pupil, line: Line, rng: np.random.Generator) -> Sheet:
    if "no name" not in who.habits:
        write_name(leaf, replace(sheet, names=[line]), who, rng)
    return sheet


def _sign_letter(leaf: Leaf, sheet: Sheet, who: Pupil, rng: np.random.Generator) -> Sheet:
    """A greeting, room for the text, and at its end a closing with the signature below."""
    first, *rest = sheet.answers
    _write(leaf, "Dear Ms. Rivera,", who, first.x0, first.baseline - 0.6, rng)
    count = int(rng.integers(7, len(rest) - 3))
    closing, under = rest[count], rest[count + 1 :]
    x = first.x0 + rng.choice([0.0, rng.uniform(40, 75)])
    _write(leaf, CLOSINGS[int(rng.integers(len(CLOSINGS)))], who, x, closing.baseline - 0.6, rng)
    low = under[int(rng.random() < 0.3)]
    x = max(first.x0, x + rng.uniform(-6, 18))
    return replace(_named(leaf, sheet, who, Line(x, x + 80, low.baseline - 0.8), rng), answers=rest[:count])


def _write(leaf: Leaf, text: str, who: Pupil, x: float, y: float, rng: np.random.Generator) -> float:
    """Writes words in the student's hand; where they end, in mm."""
    tall = who.x_height * rng.uniform(0.95, 1.05)
    for word in text.split():
        alpha, base = who.hand.write(word, leaf.px(tall), rng)
        leaf.put(alpha, leaf.px(x), leaf.px(y) - base, who, ANSWER)
        x += alpha.shape[1] / leaf.px(1) + tall * rng.uniform(0.8, 1.1)
    return x
