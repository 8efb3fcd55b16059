"""Where one essay ends and the next begins: by names, numbers and hands, and what a person has to say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssw.core.essay_rules import Cut, EssayPage, PageHead, has_same_hand, list_doubts, split_essays

PEN = (120.0, 0.8, 3.2)
MAYA, ZOE, OTHER = 0, 1, 2


def head(*, named=False, number=None, title=False, unread=False, small=False, full=True, pen=PEN):
    return PageHead(named, number, title, unread, small, full, pen)


def page(place, writer=None, *, possible=(), decided=None, document="stack.pdf", **more):
    own = head(**({"named": writer is not None} | more))
    students = frozenset({writer} if writer is not None else possible)
    return EssayPage(f"p{place}", f"stack.pdf, page {place}", own, writer, students, document, decided)


def split(*pages):
    """How the pages are grouped, and the groups that are on hold."""
    essays, boundaries = split_essays(pages)
    doubts = list_doubts(essays, boundaries, "press J")
    return [[one.id for one in essay.pages] for essay in essays], [bool(own) for own in doubts]


def test_a_page_that_names_another_student_begins_a_response():
    pages = page(1, MAYA), page(2, MAYA, number=2), page(3, ZOE, title=True), page(4)
    assert split(*pages) == ([["p1", "p2"], ["p3", "p4"]], [False, False])


def test_a_running_head_that_is_hard_to_read_goes_on_by_its_number():
    pages = page(1, MAYA), page(2, possible=(MAYA, OTHER), named=True, number=2), page(3, number=3)
    assert split(*pages) == ([["p1", "p2", "p3"]], [False])


@pytest.mark.parametrize(
    "second",
    [
        page(2, title=True),  # a title and no name: it may begin an essay
        page(2, unread=True, title=True),
        page(2, pen=(60.0, 0.8, 3.2)),  # another pen
        page(2, number=1),
        page(2, number=4),
        page(2, possible=(MAYA, OTHER), named=True),
        page(2, possible=(OTHER,), named=True),
        page(2, MAYA, number=1),
        page(2, ZOE, number=3),
        page(2, document="next.pdf"),
    ],
)
def test_what_may_be_either_puts_both_responses_on_hold(second):
    groups, on_hold = split(page(1, MAYA), second, page(3, OTHER))
    assert on_hold[:-1] == [True] * (len(groups) - 1)
    assert groups[-1] == ["p3"]


def test_a_page_after_one_that_ends_early_is_not_joined_unseen():
    assert split(page(1, MAYA, full=False), page(2)) == ([["p1", "p2"]], [True])


def test_a_first_page_without_a_name_waits():
    groups, on_hold = split(page(1, title=True), page(2), page(3, ZOE))
    assert groups == [["p1", "p2"], ["p3"]]
    assert on_hold == [True, False]


def test_two_responses_of_one_student_wait_and_so_does_the_one_that_either_may_belong_to():
    assert split(page(1, MAYA), page(2, ZOE), page(3, MAYA))[1] == [True, True, True]
    assert split(page(1, OTHER), page(2, MAYA), page(3, ZOE), page(4, MAYA))[1] == [True, True, True, True]


@pytest.mark.parametrize(
    "again",
    [page(3, MAYA, number=1), page(3, MAYA, document="next.pdf"), page(3, MAYA, decided=Cut.SPLIT)],
    ids=["page 1", "a file of its own", "a person parted them"],
)
def test_a_response_that_surely_begins_with_a_page_keeps_the_one_before_it_out_of_its_doubts(again):
    assert split(page(1, MAYA), page(2, ZOE), again)[1] == [True, False, True]


def titled(place, writer=ZOE, **more):
    """A page that is headed by nothing but a name."""
    one = page(place, writer)
    shape = {"stands_alone": True, "is_one_word": True, "is_centred": True} | more
    return replace(one, head=replace(one.head, **shape))


@pytest.mark.parametrize(
    "title", [{}, {"is_centred": False}, {"is_one_word": False}], ids=["both", "left", "whole name"]
)
def test_a_name_that_stands_as_a_title_may_be_a_chapter_of_the_page_before(title):
    groups, on_hold = split(page(1, MAYA, title=True), titled(2, **title), page(3, OTHER, title=True))

    assert groups == [["p1"], ["p2"], ["p3"]]
    assert on_hold == [True, True, False]


def test_a_name_is_no_title_where_the_class_names_itself_so_or_more_is_at_the_head():
    assert split(titled(1, MAYA), titled(2), titled(3, OTHER))[1] == [False] * 3
    assert split(page(1, MAYA), titled(2, stands_alone=False), page(3, OTHER))[1] == [False] * 3
    assert split(page(1, MAYA), titled(2, number=1), page(3, OTHER))[1] == [False] * 3
    decided = replace(titled(2), decided=Cut.SPLIT)
    assert split(page(1, MAYA), decided, page(3, OTHER))[1] == [False] * 3
    both = titled(2, is_centred=False, is_one_word=False)
    assert split(page(1, MAYA), both, page(3, OTHER))[1] == [False] * 3


def test_what_a_person_decided_is_sure():
    joined = split(page(1, MAYA), page(2, title=True, decided=Cut.JOIN), page(3, ZOE))
    assert joined == ([["p1", "p2"], ["p3"]], [False, False])
    parted, on_hold = split(page(1, MAYA), page(2, decided=Cut.SPLIT), page(3, ZOE))
    assert parted == [["p1"], ["p2"], ["p3"]]
    assert on_hold == [False, True, False]  # the second has no name


def test_a_new_file_never_goes_on_with_the_one_before():
    groups, _ = split(page(1, MAYA), page(2, ZOE, document="next.pdf"), page(3, document="third.pdf"))
    assert groups == [["p1"], ["p2"], ["p3"]]


def test_reasons_say_where_and_why():
    essays, boundaries = split_essays((page(1, MAYA), page(2, title=True)))
    first, second = list_doubts(essays, boundaries, "press J")
    assert first == (
        "stack.pdf, page 2 may belong to it: something short is at its head, and no name was read there; press J",
    )
    assert second[0].startswith("stack.pdf, page 2: something short is at its head")
    assert second[-1].endswith("no name of the class list was read at the head of its first page")


def letter(place, writer=None, *, signed=True, greets=True, **more):
    """A page of a letter; only its signature names the writer."""
    one = page(place, writer, named=False, **({"title": greets} | more))
    return replace(one, head=replace(one.head, greets=greets, signed=signed and writer is not None))


def test_letters_are_split_where_one_greets_and_belong_to_who_signs_them():
    assert split(letter(1, MAYA), letter(2, ZOE), letter(3, OTHER)) == ([["p1"], ["p2"], ["p3"]], [False] * 3)
    two_pages = letter(1), letter(2, MAYA, greets=False), letter(3, ZOE)
    assert split(*two_pages) == ([["p1", "p2"], ["p3"]], [False, False])


@pytest.mark.parametrize("second", [letter(2, greets=False, title=True), letter(2, greets=False), letter(2)])
def test_a_page_that_nobody_signs_waits_and_so_does_the_letter_that_it_may_belong_to(second):
    groups, on_hold = split(letter(1, MAYA), second, letter(3, ZOE))

    assert groups == [["p1"], ["p2"], ["p3"]]
    assert on_hold == [not second.head.greets, True, not second.head.greets]


def test_a_letter_inside_an_essay_or_a_diary_does_not_begin_a_response_for_sure():
    for first in (page(1, MAYA), replace(page(1, MAYA), head=replace(page(1, MAYA).head, greets=True))):
        assert split(first, letter(2))[1][0]


@pytest.mark.parametrize("head", [{"named": True}, {"named": True, "title": True}], ids=["bare", "with a title"])
def test_a_name_of_another_than_who_signs_joins_no_two_letters(head):
    """Nobody is named on such a page for sure."""
    unclear = replace(page(2, **head), head=replace(page(2, **head).head, signed=True))

    groups, on_hold = split(letter(1, MAYA), unclear, letter(3, ZOE))

    assert groups == [["p1"], ["p2"], ["p3"]]
    assert on_hold == [True, True, False]


def test_a_letter_that_two_pages_sign_differently_is_two():
    assert split(letter(1, MAYA), letter(2, MAYA))[1] == [True, True]


def test_too_little_writing_tells_nothing_of_the_hand():
    assert has_same_hand((0.0, 0.0, 0.0), PEN)
    assert not has_same_hand((60.0, 0.8, 3.2), PEN)


@pytest.mark.parametrize(("more", "waits"), [({}, True), ({"small": True}, False), ({"number": 2}, False)])
def test_where_nearly_every_page_names_its_writer_one_that_does_not_waits(more, waits):
    named = [page(place, place) for place in range(1, 6)]
    _, on_hold = split(*named, page(6, **more))
    assert on_hold == [False] * 4 + [waits]
    _, on_hold = split(*named[3:], page(6, **more))
    assert on_hold == [False, False]  # few pages say little
