"""A stack of coded sheets as a bad feeder gives it, drawn by hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from mssw.core.sheet_code import PageCode
from mssw.preparing.coded_rules import Coded

OURS, THEIRS = "K7QF", "W2WW"


def copy_of(student):
    return (student * 8)[:8]


def page(number, student, side, *, batch=OURS, read=True, source="stack.pdf"):
    """A page of the stack that is that student's; the code of some cannot be read."""
    code = PageCode(batch, copy_of(student), side) if read else None
    return Coded(f"p{number:03d}", source, number, code, side)


@st.composite
def fed(draw):
    """A stack as it came out of a bad feeder: sides, what a student's copy has of them, whether both were printed on.

    Sheets of two classes in any order or copy by copy, either face up; sides without a code, lost ones, doubled ones.
    """
    sides, two_sided = draw(st.sampled_from([(1, False), (2, True), (2, False), (3, False), (4, True)]))
    copies = draw(st.lists(st.sampled_from("ABCDEFGH"), min_size=1, max_size=7, unique=True))
    by = 2 if two_sided else 1
    sheets = [[(who, n) for n in range(first, first + by)] for who in copies for first in range(1, sides + 1, by)]
    if draw(st.booleans()):
        sheets = draw(st.permutations(sheets))
    sheets = [sheet[::-1] if draw(st.booleans()) else sheet for sheet in sheets]
    row = [side for sheet in sheets for side in sheet]
    place = st.integers(0, max(0, len(row) - 1))
    lost, doubled = draw(st.sets(place, max_size=3)), draw(st.sets(place, max_size=2))
    row = [side for at, side in enumerate(row) for _ in range((at not in lost) * (1 + (at in doubled)))]
    scratched = draw(st.sets(place, max_size=5))
    pages = [
        page(n, who, side, batch=THEIRS if who in "GH" else OURS, read=n - 1 not in scratched)
        for n, (who, side) in enumerate(row, 1)
    ]
    return pages, {one.id: who for one, (who, _) in zip(pages, row, strict=True)}, sides, two_sided
