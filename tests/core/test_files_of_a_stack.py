"""Where files end, responses end: pages of two students are never joined across the end of a file."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mssw.core.response import (
    FROM_TWO_FILES,
    FRONTS_BY_NAMES_NOTE,
    FRONTS_FIRST,
    FRONTS_NOTE,
    Leaf,
    group_by_count,
    group_by_task,
    part_at_files,
)

TASK = (1, 2)


def files(*of_pages: list[int | None], photos: bool = False) -> list[Leaf]:
    """The pages of several files in order; each file's pages as the pages of the task that they match."""
    return [
        Leaf(
            f"s{place:02d}-p{number:04d}",
            page,
            f"file-{place}.pdf, page {number}",
            "" if page else "it matches no page",
            "" if photos else f"file-{place}.pdf",
        )
        for place, pages in enumerate(of_pages, 1)
        for number, page in enumerate(pages, 1)
    ]


FRONTS_THEN_BACKS = files([1, 1, 1, 2, 2, 2])


def parted(leaves, *, one_name=False, task=TASK):
    leaves = [replace(leaf, writer=0 if one_name else None) for leaf in leaves]
    responses, _ = group_by_task(leaves, task)
    return part_at_files(responses, leaves, task)


def test_a_page_left_over_from_a_file_is_not_joined_with_the_whole_response_before_it():
    responses = parted(files([1, 2], [2], [1, 2]))

    assert [one.pages for one in responses] == [("s01-p0001", "s01-p0002"), ("s02-p0001",), ("s03-p0001", "s03-p0002")]
    assert [one.released for one in responses] == [True, False, True]


def test_two_halves_out_of_two_files_wait_for_a_person():
    [first, second] = parted(files([1], [2], [1, 2]))

    assert first.pages == ("s01-p0001", "s02-p0001")
    assert first.held == (FROM_TWO_FILES,)
    assert second.released


def test_two_halves_with_one_name_belong_together():
    [first, _] = parted(files([1], [2], [1, 2]), one_name=True)

    assert first.released


def test_a_stack_scanned_in_two_files_of_whole_responses_is_as_one():
    assert all(one.released for one in parted(files([1, 2, 1, 2], [1, 2])))


def test_photos_of_one_page_each_are_a_stack_like_any_other():
    responses = parted(files([1], [2], [1], [2], photos=True))

    assert [len(one.pages) for one in responses] == [2, 2]
    assert all(one.released for one in responses)


def test_without_a_task_counting_begins_anew_with_each_file():
    leaves = files([None, None, None], [None, None])

    responses = group_by_count(leaves, 2)

    assert [one.pages for one in responses] == [
        ("s01-p0001", "s01-p0002"),
        ("s01-p0003",),
        ("s02-p0001", "s02-p0002"),
    ]


def test_fronts_before_backs_are_noticed_in_one_stack():
    for pages, task in (([1, 1, 1, 2, 2, 2], (1, 2)), ([1, 3, 1, 3, 4, 2, 4, 2], (1, 2, 3, 4))):
        responses, note = group_by_task(files(pages), task)

        assert note == FRONTS_NOTE
        assert all(FRONTS_FIRST in one.held for one in responses)


def test_a_usual_stack_is_not_taken_for_fronts_and_backs():
    for pages in ([1, 2, 1, 2], [1, 2], [2, 1, 2, 1], [1, 1], [1, 1, 2], [1, 2, 2]):
        assert group_by_task(files(pages), TASK)[1] != FRONTS_NOTE


@given(st.lists(st.lists(st.sampled_from([1, 2, None]), min_size=1, max_size=5), min_size=1, max_size=6))
def test_no_page_is_lost_and_nothing_is_released_out_of_two_files(of_pages):
    leaves = files(*of_pages)
    document = {leaf.id: leaf.document for leaf in leaves}

    responses = parted(leaves)

    assert sorted(page for one in responses for page in one.pages) == sorted(document)
    assert all(len({document[page] for page in one.pages}) == 1 for one in responses if one.released)


def test_fronts_before_backs_with_names_on_both_are_put_together():
    leaves = [
        replace(leaf, writer=who) for leaf, who in zip(files([1, 1, 1, 2, 2, 2]), (0, 1, 2, 2, 1, 0), strict=True)
    ]

    responses, note = group_by_task(leaves, TASK)

    assert note == FRONTS_BY_NAMES_NOTE
    assert [[int(page[-1]) for page in one.pages] for one in responses] == [[1, 6], [2, 5], [3, 4]]
    assert all(one.released for one in responses)


def test_a_front_with_another_students_name_leaves_both_on_hold_and_the_others_free():
    leaves = [
        replace(leaf, writer=who) for leaf, who in zip(files([1, 1, 1, 2, 2, 2]), (0, 1, 1, 0, 1, 2), strict=True)
    ]

    responses, _ = group_by_task(leaves, TASK)

    assert [[int(page[-1]) for page in one.pages] for one in responses if one.released] == [[1, 4]]
