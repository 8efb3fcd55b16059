"""Where the tasks have no place for the name: a task without a field, and where students then write."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pymupdf
from real_tasks import Line, Sheet

MARGINS = (Line(18, 105, 17.5), Line(112, 196, 19), Line(20, 110, 271.5), Line(108, 196, 272))  # top twice, foot twice


def draw_bare() -> tuple[bytes, list[Sheet]]:
    """Letter, two pages, no name field."""
    doc = pymupdf.open()
    for _ in range(2):
        doc.new_page(width=612, height=792)
    one, two = Sheet(doc[0]), Sheet(doc[1])
    one.text(19, 34, "Floating and sinking", 17, "hebo")
    one.text(19, 42, "Try it with the things on your table, then write down what you saw.", 10.5)
    one.text(19, 55, "1.  Which things float? Why do you think so?")
    one.ruled(24, 194, 65, 5)
    one.text(19, 113, "2.  Fill in the table.")
    one.table([24, 76, 130, 194], [118, 127, 140, 153, 166], ["Thing", "Floats or sinks", "My reason"])
    one.text(19, 178, "3.  What would you tell somebody who thinks that all heavy things sink?")
    one.ruled(24, 194, 188, 4)
    one.text(19, 227, "4.  Draw the glass before and after.")
    one.box(24, 231, 104, 260)
    one.box(114, 231, 194, 260)
    one.drawings = [(24, 231, 104, 260), (114, 231, 194, 260)]
    two.text(19, 22, "5.  A boat of steel floats. How can that be?")
    two.ruled(24, 194, 33, 6)
    two.text(19, 90, "6.  Compare two of your trials.")
    two.table([24, 70, 130, 194], [95, 104, 117, 130, 143], ["What I measured", "First trial", "Second trial"])
    two.text(19, 155, "7.  What are you still not sure about?")
    two.ruled(24, 194, 166, 5, step=10)
    two.box(24, 222, 194, 262)
    two.text(26, 227, "sketch", 9, "heit")
    two.drawings = [(24, 228, 194, 262)]
    return doc.tobytes(garbage=3, deflate=True, no_new_id=True), [one, two]


def with_free_place(sheet: Sheet, rng: np.random.Generator) -> Sheet:
    """The page as if it had a field where this student chose to write the name: at the top more often."""
    place = MARGINS[int(rng.choice(len(MARGINS), p=[0.35, 0.35, 0.15, 0.15]))]
    return replace(sheet, names=[place])
