"""Which page of a work comes first is told by the stack, or not at all."""

from __future__ import annotations

import pytest

from mssw.preparing.own_blank import page_order


def test_the_page_that_a_whole_stack_begins_with_is_the_first():
    assert page_order([[1, 0] * 8], 2, {1}) == (1, 0)
    assert page_order([[2, 0, 1] * 8], 3, set()) == (2, 0, 1)


def test_a_name_field_on_the_last_page_of_every_work_tells_a_stack_fed_back_to_front():
    assert page_order([[1, 0] * 8], 2, {0}) == (0, 1)
    assert page_order([[2, 1, 0] * 8], 3, {0}) == (0, 1, 2)


def test_a_stack_that_lacks_its_first_page_begins_in_the_middle_of_a_work():
    assert page_order([[1, *[0, 1] * 8]], 2, {0}) == (0, 1)


@pytest.mark.parametrize("named", [set(), {0, 1}])
def test_where_a_work_begins_is_not_guessed(named):
    assert page_order([[1, *[0, 1] * 8]], 2, named) is None


def test_eaten_and_doubled_pages_do_not_hide_the_order():
    assert page_order([[0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1]], 2, {0}) == (0, 1)


def test_runs_from_all_over_a_large_stack_are_put_together():
    assert page_order([[0, 1, 2], [0, 1, 2], [1, 2, 0], [0, 1, 2]], 3, {0}) == (0, 1, 2)


def test_pages_in_no_order_have_none():
    assert page_order([[0, 0, 1, 1, 0, 0, 1, 1, 1, 0]], 2, {0}) is None
    assert page_order([[0, 1, 2, 1, 0, 2, 0, 1]], 3, {0}) is None


def test_one_page_needs_no_order():
    assert page_order([[0] * 9], 1, set()) == (0,)
