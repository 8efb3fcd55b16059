"""Pages find their work by their code in any order; without one only where what lies beside them leaves no doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.core.page import Box
from mssw.core.response import Leaf
from mssw.core.sheet_code import LETTERS, Copy, NamePlacement, PageCode, PrintedSide, Sheets, shown
from mssw.preparing.coded_rules import NO_CODE, PLACED, TWICE, doubt_owners, find_owners, group_by_code
from support.fed_stack import OURS, THEIRS, fed, page

codes = st.builds(
    PageCode,
    st.text(LETTERS, min_size=4, max_size=4),
    st.text(LETTERS, min_size=8, max_size=8),
    st.integers(0, 99),
)


def stack(*sides, **more):
    """Pages in feed order; a side is written like ``B2``, or ``b2`` where its code cannot be read."""
    return [page(n, side[0].upper(), int(side[1]), read=side[0].isupper(), **more) for n, side in enumerate(sides, 1)]


def found(pages, *, two_sided=True, sides=2):
    """Whose each page was told to be, as letters; a dot where nothing tells."""
    owners = find_owners(pages, sides=sides, two_sided=two_sided)
    return "".join(owners[one.id][1][0] if one.id in owners else "." for one in pages)


@given(codes)
def test_a_code_is_read_back_as_it_was_written(code):
    assert PageCode.read(code.text) == code
    assert len(code.text) == 20


@pytest.mark.parametrize(
    "text", ["", "MSSW1:", "MSSW1:K7QF9XJ4M2PQ2", "MSSW2:K7QF9XJ4M2PQ02", "MSSW1:K7QF9XJ4M2PA02", "https://example.org"]
)
def test_no_other_text_is_taken_for_a_code(text):
    assert PageCode.read(text) is None


def test_no_code_can_be_a_word_or_be_misread():
    assert not set(LETTERS) & set("AEIOUL01")
    assert shown("9XJ4M2PQ") == "9XJ4 M2PQ"


def test_the_table_is_read_back_as_it_was_written_and_its_repr_names_nobody():
    side = PrintedSide((215.9, 279.4), 0.92, 8.6, 21.0, Box(0.8, 0.1, 0.1, 0.1), Box(0, 0, 1, 0.06))
    bare = PrintedSide((215.9, 279.4), 1.0, 0.0, 0.0, Box(0.8, 0.1, 0.1, 0.1), None)
    copies = (Copy("AAAABBBB", "Ana Lopez", "1001"), Copy("CCCCDDDD"))
    table = Sheets(OURS, "sha", 2, "letter", True, NamePlacement.STRIP, (side, bare), copies, {THEIRS: "5c"})  # noqa: FBT003

    assert Sheets.from_json(table.to_json()) == table
    assert "Ana" not in repr(table)
    assert "1001" not in repr(table)


def test_a_place_on_the_task_is_found_again_on_its_sheet():
    """A page of 200 by 300 mm, printed at half its size, 20 mm from the left and 30 mm from above."""
    side = PrintedSide((200.0, 300.0), 0.5, 20.0, 30.0, Box(0, 0, 0, 0), None)

    found = side.on_sheet(Box(0.2, 0.4, 0.1, 0.2), (200.0, 300.0))

    assert found.numbers == pytest.approx((0.2, 0.3, 0.05, 0.1))


@given(st.permutations("ABCDEFGH"), st.randoms())
def test_every_page_finds_its_work_in_any_order_and_face(students, dice):
    faces = [[f"{student}1", f"{student}2"] for student in students]
    for face in faces:
        if dice.random() < 0.5:
            face.reverse()
    sides = [side for face in faces for side in face]
    dice.shuffle(sides)

    assert found(stack(*sides)) == "".join(side[0] for side in sides)


@given(st.permutations("ABCDEFGH"), st.integers(0, 15))
def test_a_scratched_page_is_of_the_copy_on_the_other_face_of_its_sheet(students, scratched):
    sides = [f"{student}{side}" for student in students for side in (1, 2)]
    sides[scratched] = sides[scratched].lower()

    assert found(stack(*sides)) == "".join(side[0].upper() for side in sides)


def test_a_sheet_with_both_codes_scratched_is_nobodys():
    assert found(stack("A1", "A2", "b1", "b2", "C1", "C2")) == "AA..CC"


def test_without_sheets_whose_faces_lie_together_the_neighbour_tells_nothing():
    assert found(stack("A1", "b2", "C1", "D2", "B1", "A2", "D1", "C2"), two_sided=False) == "A.CDBADC"


def test_one_sided_copies_that_lie_together_tell_of_the_page_between_them():
    assert found(stack("A1", "A2", "A3", "B1", "b2", "B3", "C1", "C2", "C3"), two_sided=False, sides=3) == "AAABBBCCC"
    assert found(stack("A1", "A2", "b1", "B2", "C1", "C2"), two_sided=False) == "AABBCC"


def test_a_page_that_two_copies_lack_is_given_to_neither():
    assert found(stack("A1", "x2", "B1", "C1", "C2", "D1", "D2"), two_sided=False) == "A.BCCDD"


def test_a_page_between_whole_copies_is_given_to_nobody():
    assert found(stack("A1", "A2", "x2", "B1", "B2"), two_sided=False) == "AA.BB"


def test_where_the_feeder_lost_a_side_the_faces_after_it_are_not_mixed():
    """B1 is lost, so from there on pairs are out of step: the page beside C's is not C's."""
    pages = stack("A1", "A2", "B2", "C1", "c2", "D1", "D2", "E1", "E2")

    assert "C" not in found(pages)[5:]
    assert found(pages)[4] in {"C", "."}


@given(st.lists(st.sampled_from("ABCDEF"), min_size=2, max_size=6, unique=True), st.data())
def test_a_page_is_never_given_to_another_student(students, data):
    """Whatever is scratched, and one side lost on the way, wherever it was."""
    sheets = [[f"{student}1", f"{student}2"] for student in students]
    sides = [side for sheet in data.draw(st.permutations(sheets)) for side in sheet]
    scratched = data.draw(st.sets(st.integers(0, len(sides) - 1), max_size=3))
    fed = [side.lower() if place in scratched else side for place, side in enumerate(sides)]
    lost = data.draw(st.integers(0, len(sides)))
    fed = fed[:lost] + fed[lost + 1 :]

    told = found(stack(*fed))

    assert all(letter in {".", side[0].upper()} for letter, side in zip(told, fed, strict=True))


def grouped(pages, *, sides=2, two_sided=True):
    owners = find_owners(pages, sides=sides, two_sided=two_sided)
    doubts = doubt_owners(pages, owners)
    leaves = [Leaf(one.id, one.task_page, f"stack.pdf, page {one.number}", doubts.get(one.id, "")) for one in pages]
    return group_by_code(leaves, owners, tuple(range(1, sides + 1)))


def test_works_come_whole_and_in_order_out_of_a_shuffled_stack():
    sides = ["C2", "A1", "E1", "B2", "D1", "A2", "B1", "D2", "C1", "E2"]

    works = grouped(stack(*sides))

    places = {f"p{number:03d}": side for number, side in enumerate(sides, 1)}
    assert sorted([places[p] for p in work.pages] for work in works) == [[f"{s}1", f"{s}2"] for s in "ABCDE"]
    assert all(work.released for work in works)


def test_a_copy_that_lacks_a_page_waits():
    [work, other] = grouped(stack("A2", "B1", "B2"))

    assert work.held == ("page 1 of the task missing (it holds stack.pdf, page 1): look for the sheet in the stack",)
    assert other.released


def test_a_coded_sheet_that_was_copied_holds_both_works():
    works = grouped(stack("A1", "A2", "A1", "A2", "B1", "B2"))

    assert [work.pages for work in works] == [("p001", "p002"), ("p003", "p004"), ("p005", "p006")]
    assert [work.held for work in works] == [(TWICE,), (TWICE,), ()]


def test_a_sheet_without_codes_is_one_work_that_waits():
    works = grouped(stack("A1", "A2", "b1", "b2", "C1", "C2"))

    assert [work.pages for work in works] == [("p001", "p002"), ("p003", "p004"), ("p005", "p006")]
    assert works[1].held == (f"stack.pdf, page 3: {NO_CODE}", f"stack.pdf, page 4: {NO_CODE}")


def test_a_page_that_was_placed_by_what_lies_beside_it_is_in_its_work_and_waits_for_a_look():
    works = grouped(stack("A1", "A2", "B1", "b2", "C1", "C2"))

    assert [work.pages for work in works] == [("p001", "p002"), ("p003", "p004"), ("p005", "p006")]
    assert [work.held for work in works] == [(), (f"stack.pdf, page 4: {PLACED}",), ()]


def test_two_lost_sides_that_make_one_sheet_of_two_students_release_nothing():
    """A2 and B1 are lost: what is left of both looks like one sheet, and every other sheet is in step."""
    works = grouped(stack("C1", "C2", "a1", "B2", "D1", "D2"))

    assert [work.pages for work in works if work.released] == [("p001", "p002"), ("p005", "p006")]


@given(fed())
def test_no_page_without_a_code_goes_into_a_work_that_is_released(case):
    """Whatever was lost, doubled or scratched: no such page goes unseen, and no two students' pages go together."""
    pages, whose, sides, two_sided = case
    coded = {one.id for one in pages if one.code}

    works = grouped(pages, sides=sides, two_sided=two_sided)

    assert sorted(page for work in works for page in work.pages) == sorted(one.id for one in pages)
    for work in works:
        assert not work.released or set(work.pages) <= coded
        assert len({whose[page] for page in work.pages if page in coded}) <= 1
        for one in set(work.pages) - coded:
            number = int(one[1:])
            assert any(why.startswith(f"stack.pdf, page {number}: its code cannot be read") for why in work.held)


def test_the_faces_of_two_sheets_without_codes_are_two_works():
    works = grouped(stack("b1", "b2", "c1", "c2", "A1", "A2"))

    assert [work.pages for work in works] == [("p001", "p002"), ("p003", "p004"), ("p005", "p006")]
